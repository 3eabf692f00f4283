"""A second opinion on emitted formulas: Excel's rules on plain IEEE doubles, without any rounding help.

Spreadsheet programs soften binary noise when they compare, subtract or round; this evaluator does not,
so a formula that only comes out right thanks to that help is found out here. Anything beyond the small
Excel-2010 vocabulary below is an error and not a guess.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from tests.stored import ExcelError, stored

DIV0 = ExcelError("#DIV/0!")
NA = ExcelError("#N/A")
NAME = ExcelError("#NAME?")
NUM = ExcelError("#NUM!")
REF = ExcelError("#REF!")
VALUE = ExcelError("#VALUE!")

Scalar: TypeAlias = float | str | bool | None  # None is a blank cell or an omitted argument
Key: TypeAlias = tuple[str, int, int]  # sheet, row, column


class FormulaError(ValueError):
    """A formula that this evaluator, and so Excel 2010, cannot be trusted with; names the cell."""


class CycleError(FormulaError):
    """A cell that needs its own value."""


class _FaultError(Exception):
    """An error value on its way up to the nearest function or operator."""

    def __init__(self, error: ExcelError) -> None:
        self.error = error


class _PendingError(Exception):
    """A cell whose value is needed first."""

    def __init__(self, key: Key) -> None:
        self.key = key


# --- syntax -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Literal:
    value: Scalar


@dataclass(frozen=True)
class Reference:
    sheet: str | None
    text: str


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Prefix:
    operator: str
    operand: Node


@dataclass(frozen=True)
class Percent:
    operand: Node


@dataclass(frozen=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    name: str
    args: tuple[Node, ...]


Node: TypeAlias = Literal | Reference | Name | Prefix | Percent | Binary | Call

PRECEDENCE = {
    "=": 1,
    "<>": 1,
    "<": 1,
    "<=": 1,
    ">": 1,
    ">=": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
}

_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!]+)!)?"
    r"(?P<text>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+)",
    re.IGNORECASE,
)


class _Parser:
    def __init__(self, formula: str) -> None:
        self.tokens: list[Token] = [item for item in Tokenizer(formula).items if item.type != Token.WSPACE]
        self.at = 0

    def formula(self) -> Node:
        node = self.expression(1)
        if self.peek() is not None:
            raise self.unexpected()
        return node

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, kind: str, subtype: str = "") -> Token | None:
        token = self.peek()
        if token is None or token.type != kind or (subtype and token.subtype != subtype):
            return None
        self.at += 1
        return token

    def unexpected(self) -> ValueError:
        token = self.peek()
        return ValueError("formula ends too early" if token is None else f"unexpected {token.value!r}")

    def expression(self, level: int) -> Node:
        left = self.prefixed()
        while (token := self.peek()) is not None and token.type == Token.OP_IN:
            power = PRECEDENCE.get(token.value)
            if power is None:
                raise self.unexpected()
            if power < level:
                break
            self.at += 1
            left = Binary(token.value, left, self.expression(power + 1))
        return left

    def prefixed(self) -> Node:
        # In Excel the sign binds tighter than the power: -2^2 is 4.
        if token := self.take(Token.OP_PRE):
            return Prefix(token.value, self.prefixed())
        node = self.primary()
        while self.take(Token.OP_POST):
            node = Percent(node)
        return node

    def primary(self) -> Node:
        if token := self.take(Token.OPERAND):
            return _operand(token)
        if self.take(Token.PAREN, Token.OPEN):
            node = self.expression(1)
            if not self.take(Token.PAREN, Token.CLOSE):
                raise self.unexpected()
            return node
        if token := self.take(Token.FUNC, Token.OPEN):
            return self.call(token.value[:-1].upper())
        raise self.unexpected()

    def call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise ValueError(f"function {name} is not in the Excel-2010 vocabulary of these workbooks")
        args = self.arguments()
        _, least, most = FUNCTIONS[name]
        if not least <= len(args) <= most:
            raise ValueError(f"{name} cannot take {len(args)} arguments")
        return Call(name, tuple(args))

    def arguments(self) -> list[Node]:
        if self.take(Token.FUNC, Token.CLOSE):
            return []
        args = [self.argument()]
        while self.take(Token.SEP, Token.ARG):
            args.append(self.argument())
        if not self.take(Token.FUNC, Token.CLOSE):
            raise self.unexpected()
        return args

    def argument(self) -> Node:
        token = self.peek()
        if token is not None and (token.type == Token.SEP or token.subtype == Token.CLOSE):
            return Literal(None)
        return self.expression(1)


def _operand(token: Token) -> Node:
    if token.subtype == Token.NUMBER:
        return Literal(float(token.value))
    if token.subtype == Token.TEXT:
        return Literal(token.value[1:-1].replace('""', '"'))
    if token.subtype == Token.LOGICAL:
        return Literal(token.value.upper() == "TRUE")
    if token.subtype == Token.ERROR:
        return Literal(ExcelError(token.value.upper()))
    match = _REFERENCE.fullmatch(token.value)
    if match is None:
        return Name(token.value)
    sheet = match["sheet"]
    if sheet is not None and sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return Reference(sheet, match["text"])


# --- values -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matrix:
    rows: tuple[tuple[Scalar, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    def flat(self) -> Iterator[Scalar]:
        for row in self.rows:
            yield from row


@dataclass(frozen=True)
class Area:
    """Cells by reference: functions treat what stands in cells otherwise than what is computed."""

    book: Book
    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.bottom - self.top + 1, self.right - self.left + 1

    def matrix(self) -> Matrix:
        columns = range(self.left, self.right + 1)
        rows = range(self.top, self.bottom + 1)
        return Matrix(tuple(tuple(self.book.cell((self.sheet, row, col)) for col in columns) for row in rows))

    def flat(self) -> Iterator[Scalar]:
        return self.matrix().flat()


Value: TypeAlias = Scalar | Matrix | Area

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?(%?)")


def _parse_number(text: str) -> float | None:
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    number = float(text.strip().rstrip("%").replace(",", ""))
    return number / 100 if match[1] else number


def _checked(value: Scalar) -> Scalar:
    if isinstance(value, ExcelError):
        raise _FaultError(value)
    return value


def _number(value: Scalar) -> float:
    value = _checked(value)
    if isinstance(value, str):
        parsed = _parse_number(value)
        if parsed is None:
            raise _FaultError(VALUE)
        return parsed
    return float(value or 0)


def _text(value: Scalar) -> str:
    value = _checked(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, str) else _general(value)


def _general(number: float) -> str:
    """A number joined to text: 15 significant digits, as a spreadsheet shows them."""
    mantissa, _, exponent = f"{number:.14e}".partition("e")
    if number == 0 or -10 < int(exponent) < 15:
        text = f"{float(f'{number:.15g}'):.{max(0, 14 - int(exponent))}f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"
    return f"{mantissa.rstrip('0').rstrip('.')}E{int(exponent):+03d}"


def _truth(value: Scalar) -> bool:
    value = _checked(value)
    if isinstance(value, str):
        if value.upper() not in ("TRUE", "FALSE"):
            raise _FaultError(VALUE)
        return value.upper() == "TRUE"
    return bool(value)


def _is_number(value: Scalar) -> bool:
    return isinstance(value, float)


def _is_text(value: Scalar) -> bool:
    return isinstance(value, str) and not isinstance(value, ExcelError)


def _is_error(value: Scalar) -> bool:
    return isinstance(value, ExcelError)


# --- operators ----------------------------------------------------------------------------------


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise _FaultError(NUM)
    return number


def _divide(left: float, right: float) -> float:
    if right == 0:
        raise _FaultError(DIV0)
    return left / right


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent <= 0:
        raise _FaultError(NUM if exponent == 0 else DIV0)
    try:
        return math.pow(base, exponent)
    except (ValueError, OverflowError):
        raise _FaultError(NUM) from None


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divide,
    "^": _power,
}


def _order(left: Scalar, right: Scalar) -> int:
    """Negative, zero or positive; numbers come before text and text before booleans."""
    left, right = _adapted(_checked(left), right), _adapted(_checked(right), left)
    first, second = _sort_key(left), _sort_key(right)
    return (first > second) - (first < second)


def _adapted(value: Scalar, other: Scalar) -> Scalar:
    if value is not None:
        return value
    if isinstance(other, bool):
        return False
    return "" if isinstance(other, str) else 0.0


def _sort_key(value: Scalar) -> tuple[int, Any]:
    if isinstance(value, bool):
        return 2, value
    return (1, value.lower()) if isinstance(value, str) else (0, value)


COMPARISONS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def _operate(operator: str, left: Scalar, right: Scalar) -> Scalar:
    if operator == "&":
        return _text(left) + _text(right)
    if operator in COMPARISONS:
        return COMPARISONS[operator](_order(left, right))
    return _finite(ARITHMETIC[operator](_number(left), _number(right)))


# --- evaluation of one formula ------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """Where a formula stands, and whether its ranges are taken cell by cell, as in SUMPRODUCT."""

    book: Book
    key: Key
    array: bool = False

    def value(self, node: Node) -> Value:
        match node:
            case Literal():
                return node.value
            case Reference():
                return self.book.area(node, self.key[0])
            case Name():
                return self.book.named(node.name, self)
            case Prefix():
                return self.prefix(node)
            case Percent():
                return self.lift(lambda value: _number(value) / 100, node.operand)
            case Binary():
                return self.lift(lambda left, right: _operate(node.operator, left, right), node.left, node.right)
            case Call():
                return self.call(node)

    def prefix(self, node: Prefix) -> Value:
        if node.operator == "+":
            return self.value(node.operand)
        return self.lift(lambda value: -_number(value), node.operand)

    def call(self, node: Call) -> Value:
        try:
            return FUNCTIONS[node.name][0](self, node.args)
        except _FaultError as fault:
            return fault.error

    def element(self, node: Node) -> Scalar | Matrix:
        """An operand of an operator: one value, or an array where arrays are wanted."""
        value = self.value(node)
        if not isinstance(value, Area):
            return value
        return value.matrix() if self.array and value.shape != (1, 1) else self.intersection(value)

    def intersection(self, area: Area) -> Scalar:
        """The cell of a range that lies in the formula's own row or column."""
        _, row, column = self.key
        height, width = area.shape
        at_row = area.top if height == 1 else row
        at_column = area.left if width == 1 else column
        if not (area.top <= at_row <= area.bottom and area.left <= at_column <= area.right):
            return VALUE
        if height > 1 and width > 1:
            return VALUE
        return self.book.cell((area.sheet, at_row, at_column))

    def scalar(self, node: Node) -> Scalar:
        value = self.element(node)
        if isinstance(value, Matrix):
            raise ValueError("an array where Excel takes one value, short of Ctrl+Shift+Enter")
        return value

    def lift(self, function: Callable[..., Scalar], *nodes: Node) -> Scalar | Matrix:
        """Apply a function of single values, element by element if an argument is an array."""
        values = [self.element(node) for node in nodes]
        shapes = [value.shape for value in values if isinstance(value, Matrix)]
        if not shapes:
            return _guarded(function, *(value for value in values if not isinstance(value, Matrix)))
        height, width = max(shape[0] for shape in shapes), max(shape[1] for shape in shapes)
        return Matrix(
            tuple(
                tuple(_guarded(function, *(_pick(value, row, column) for value in values)) for column in range(width))
                for row in range(height)
            )
        )


def _guarded(function: Callable[..., Scalar], *values: Scalar) -> Scalar:
    try:
        return function(*values)
    except _FaultError as fault:
        return fault.error


def _pick(value: Scalar | Matrix, row: int, column: int) -> Scalar:
    if not isinstance(value, Matrix):
        return value
    height, width = value.shape
    row, column = row if height > 1 else 0, column if width > 1 else 0
    return value.rows[row][column] if row < height and column < width else NA


# --- functions ----------------------------------------------------------------------------------

Args: TypeAlias = tuple[Node, ...]
Function: TypeAlias = Callable[[Frame, Args], Value]


def _numbers(frame: Frame, args: Args) -> Iterator[float]:
    """What SUM and its kin add up: of cells only the numbers, of other arguments all."""
    for arg in args:
        value = frame.value(arg)
        if isinstance(value, Area | Matrix):
            yield from (item for item in map(_checked, value.flat()) if isinstance(item, float))
        else:
            yield _number(value)


def _total(numbers: Iterator[float]) -> float:
    # The built-in sum() compensates its rounding errors from Python 3.12 on; a spreadsheet need not.
    total = 0.0
    for number in numbers:
        total += number
    return _finite(total)


def _sum(frame: Frame, args: Args) -> Value:
    return _total(_numbers(frame, args))


def _min(frame: Frame, args: Args) -> Value:
    return min(_numbers(frame, args), default=0.0)


def _max(frame: Frame, args: Args) -> Value:
    return max(_numbers(frame, args), default=0.0)


def _sumproduct(frame: Frame, args: Args) -> Value:
    values = [replace(frame, array=True).value(arg) for arg in args]
    matrices = [_matrix(value) for value in values]
    if len({matrix.shape for matrix in matrices}) > 1:
        return VALUE
    return _total(_product(items) for items in zip(*(matrix.flat() for matrix in matrices), strict=True))


def _matrix(value: Value) -> Matrix:
    if isinstance(value, Area):
        return value.matrix()
    return value if isinstance(value, Matrix) else Matrix(((value,),))


def _product(items: Sequence[Scalar]) -> float:
    # Excel takes text and also bare TRUE as 0 here; that is why formulas write --(...).
    product = 1.0
    for item in map(_checked, items):
        product *= item if isinstance(item, float) else 0.0
    return product


def _if(frame: Frame, args: Args) -> Value:
    if _truth(frame.scalar(args[0])):
        return frame.value(args[1])
    return frame.value(args[2]) if len(args) > 2 else False


def _iferror(frame: Frame, args: Args) -> Value:
    value = frame.scalar(args[0])
    return frame.scalar(args[1]) if _is_error(value) else value


def _truths(frame: Frame, args: Args) -> list[bool]:
    truths: list[bool] = []
    for arg in args:
        value = frame.value(arg)
        if isinstance(value, Area | Matrix):
            truths += [bool(item) for item in map(_checked, value.flat()) if isinstance(item, bool | float)]
        else:
            truths.append(_truth(value))
    if not truths:
        raise _FaultError(VALUE)
    return truths


def _and(frame: Frame, args: Args) -> Value:
    return all(_truths(frame, args))


def _or(frame: Frame, args: Args) -> Value:
    return any(_truths(frame, args))


def _lifted(function: Callable[..., Scalar]) -> Function:
    return lambda frame, args: frame.lift(function, *args)


def _round(number: Scalar, digits: Scalar) -> float:
    """Half away from zero on the decimal digits of the double, as spreadsheets do: ROUND(1.005,2) is 1.01.

    Noise of earlier arithmetic is not forgiven: ROUND(0.1*0.35,2) is 0.03, only an inner ROUND mends it.
    """
    value, places = _finite(_number(number)), int(_number(digits))
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _trim(value: Scalar) -> str:
    return " ".join(part for part in _text(value).split(" ") if part)


def _length(value: Scalar) -> float:
    return len(_text(value).encode("utf-16-le")) / 2


def _count(frame: Frame, args: Args) -> Value:
    return float(sum(_count_argument(frame.value(arg)) for arg in args))


def _count_argument(value: Value) -> int:
    if isinstance(value, Area | Matrix):
        return sum(map(_is_number, value.flat()))
    if isinstance(value, ExcelError):
        return 0
    return int(not isinstance(value, str) or _parse_number(value) is not None)


def _counta(frame: Frame, args: Args) -> Value:
    values = [frame.value(arg) for arg in args]
    return float(sum(_counta_argument(value) for value in values))


def _counta_argument(value: Value) -> int:
    if isinstance(value, Area | Matrix):
        return sum(item is not None for item in value.flat())
    return 1


# Criteria of COUNTIF and SUMIFS

Test: TypeAlias = Callable[[Scalar], bool]
_CRITERION = re.compile(r"(<>|<=|>=|<|>|=)?(.*)", re.DOTALL)


def _criterion(criterion: Scalar) -> Test:
    if not isinstance(criterion, str) or isinstance(criterion, ExcelError):
        return _equals(0.0 if criterion is None else criterion)
    match = _CRITERION.fullmatch(criterion)
    assert match is not None  # the pattern takes any text
    operator, operand = match[1], _typed(match[2])
    if operator in (None, "=", "<>"):
        equals = _equals(operand) if operand != "" else _blank(operator)
        return (lambda value: not equals(value)) if operator == "<>" else equals
    return lambda value: _comparable(value, operand) and COMPARISONS[operator](_order(value, operand))


def _typed(text: str) -> Scalar:
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    if text.upper() in (DIV0, NA, NAME, NUM, REF, VALUE):
        return ExcelError(text.upper())
    number = _parse_number(text)
    return text if number is None else number


def _comparable(value: Scalar, operand: Scalar) -> bool:
    return type(value) is type(operand) and not _is_error(value)


def _blank(operator: str | None) -> Test:
    # "" also matches a formula's empty text, "=" and "<>" ask for truly blank cells.
    return lambda value: value is None or (operator is None and value == "")


def _equals(operand: Scalar) -> Test:
    if isinstance(operand, float):
        return lambda value: _as_number(value) == operand
    if isinstance(operand, str) and not isinstance(operand, ExcelError):
        pattern = _wildcard(operand)
        return lambda value: isinstance(value, str) and _is_text(value) and bool(pattern.fullmatch(value))
    return lambda value: type(value) is type(operand) and value == operand


def _as_number(value: Scalar) -> float | None:
    """To a criterion, text that reads as a number equals that number; a boolean never does."""
    if isinstance(value, str):
        return _parse_number(value)
    return value if isinstance(value, float) else None


def _wildcard(text: str) -> re.Pattern[str]:
    parts = re.findall(r"~[*?~]|.", text, re.DOTALL)
    special = {"*": ".*", "?": "."}
    pattern = "".join(special.get(part) or re.escape(part[-1]) for part in parts)
    return re.compile(pattern, re.DOTALL | re.IGNORECASE)


def _area(frame: Frame, node: Node) -> Area:
    value = frame.value(node)
    if isinstance(value, Area):
        return value
    if isinstance(value, ExcelError):
        raise _FaultError(value)
    raise ValueError("a computed value where Excel takes a range only")


def _countif(frame: Frame, args: Args) -> Value:
    cells = list(_area(frame, args[0]).flat())
    return frame.lift(lambda criterion: float(sum(map(_criterion(criterion), cells))), args[1])


def _matches(frame: Frame, args: Args) -> list[bool]:
    """Cell by cell, whether all the pairs of range and criterion hold."""
    if len(args) % 2:
        raise ValueError("criteria must come in pairs of range and criterion")
    areas = [_area(frame, arg) for arg in args[::2]]
    if len({area.shape for area in areas}) > 1:
        raise _FaultError(VALUE)
    tests = [_criterion(frame.scalar(arg)) for arg in args[1::2]]
    columns = [list(map(test, area.flat())) for test, area in zip(tests, areas, strict=True)]
    return [all(row) for row in zip(*columns, strict=True)]


def _countifs(frame: Frame, args: Args) -> Value:
    return float(sum(_matches(frame, args)))


def _sumifs(frame: Frame, args: Args) -> Value:
    area = _area(frame, args[0])
    if _area(frame, args[1]).shape != area.shape:
        return VALUE
    chosen = (cell for cell, hit in zip(area.flat(), _matches(frame, args[1:]), strict=True) if hit)
    return _total(cell for cell in map(_checked, chosen) if isinstance(cell, float))


def _index(frame: Frame, args: Args) -> Value:
    area = _area(frame, args[0])
    height, width = area.shape
    row = int(_number(frame.scalar(args[1])))
    column = int(_number(frame.scalar(args[2]))) if len(args) > 2 else 0
    if len(args) == 2 and height == 1:
        row, column = 1, row
    if row < 0 or column < 0:
        return VALUE
    if row > height or column > width:
        return REF
    return _part(area, row, column)


def _part(area: Area, row: int, column: int) -> Area:
    """One cell of the area, or a whole column or row where the other number is 0."""
    if row:
        area = replace(area, top=area.top + row - 1, bottom=area.top + row - 1)
    if column:
        area = replace(area, left=area.left + column - 1, right=area.left + column - 1)
    return area


def _match(frame: Frame, args: Args) -> Value:
    if len(args) < 3 or _number(frame.scalar(args[2])) != 0:
        raise ValueError("MATCH is used for exact matches only: its third argument must be 0")
    area = _area(frame, args[1])
    if min(area.shape) > 1:
        return NA
    cells = list(area.flat())
    return frame.lift(lambda wanted: _position(_checked(wanted), cells), args[0])


def _position(wanted: Scalar, cells: Sequence[Scalar]) -> Scalar:
    matches = _wildcard(wanted).fullmatch if isinstance(wanted, str) else None
    for place, cell in enumerate(cells, start=1):
        if matches and isinstance(cell, str) and _is_text(cell) and matches(cell):
            return float(place)
        if not matches and type(cell) is type(wanted or 0.0) and cell == (wanted or 0.0):
            return float(place)
    return NA


def _rank(frame: Frame, args: Args) -> Value:
    field = [cell for cell in map(_checked, _area(frame, args[1]).flat()) if isinstance(cell, float)]
    ascending = len(args) > 2 and _number(frame.scalar(args[2])) != 0
    return frame.lift(lambda number: _place(_number(number), field, ascending), args[0])


def _place(number: float, field: Sequence[float], ascending: bool) -> float:
    if number not in field:
        raise _FaultError(NA)
    return 1.0 + sum(other < number if ascending else other > number for other in field)


MANY = 255

#: name -> implementation, fewest and most arguments
FUNCTIONS: dict[str, tuple[Function, int, int]] = {
    "ABS": (_lifted(lambda value: abs(_number(value))), 1, 1),
    "AND": (_and, 1, MANY),
    "COUNT": (_count, 1, MANY),
    "COUNTA": (_counta, 1, MANY),
    "COUNTIF": (_countif, 2, 2),
    "COUNTIFS": (_countifs, 2, MANY),
    "IF": (_if, 2, 3),
    "IFERROR": (_iferror, 2, 2),
    "INDEX": (_index, 2, 3),
    "INT": (_lifted(lambda value: float(math.floor(_number(value)))), 1, 1),
    "ISBLANK": (_lifted(lambda value: value is None), 1, 1),
    "ISERROR": (_lifted(_is_error), 1, 1),
    "ISNUMBER": (_lifted(_is_number), 1, 1),
    "ISTEXT": (_lifted(_is_text), 1, 1),
    "LEN": (_lifted(_length), 1, 1),
    "MATCH": (_match, 2, 3),
    "MAX": (_max, 1, MANY),
    "MIN": (_min, 1, MANY),
    "NOT": (_lifted(lambda value: not _truth(value)), 1, 1),
    "OR": (_or, 1, MANY),
    "RANK": (_rank, 2, 3),
    "ROUND": (_lifted(_round), 2, 2),
    "SUM": (_sum, 1, MANY),
    "SUMIFS": (_sumifs, 3, MANY),
    "SUMPRODUCT": (_sumproduct, 1, MANY),
    "TRIM": (_lifted(_trim), 1, 1),
}


# --- the workbook -------------------------------------------------------------------------------


class Book:
    """The cells of a workbook, with the values computed so far."""

    def __init__(self, path: Path) -> None:
        book = stored(path)
        self.names = book.names
        self.formulas: dict[Key, Node] = {}
        self.values: dict[Key, Scalar] = {}
        self.extents: dict[str, tuple[int, int]] = {}
        for sheet, places in book.places.items():
            corners = [coordinate_to_tuple(each) for each in places]
            rows, columns = zip(*corners, strict=True) if corners else ((1,), (1,))
            self.extents[sheet] = (max(rows), max(columns))
            values, formulas = book.values[sheet], book.formulas[sheet]
            for reference, (row, column) in zip(places, corners, strict=True):
                self.load((sheet, row, column), reference, values, formulas)

    def load(self, key: Key, reference: str, values: Mapping[str, Scalar], formulas: Mapping[str, str | None]) -> None:
        if reference in formulas:
            self.formulas[key] = _located(key, lambda: _parse(formulas[reference]))
        elif reference in values:
            self.values[key] = values[reference]

    def cell(self, key: Key) -> Scalar:
        if key in self.formulas and key not in self.values:
            raise _PendingError(key)
        return self.values.get(key)

    def area(self, reference: Reference, own_sheet: str) -> Area:
        sheet = own_sheet if reference.sheet is None else reference.sheet
        if sheet not in self.extents:
            raise ValueError(f"there is no sheet {sheet!r}")
        left, top, right, bottom = range_boundaries(reference.text.upper())
        # All ranges without end stop at the same cell, so that criteria ranges keep equal shapes.
        last_row = max(rows for rows, _ in self.extents.values())
        last_column = max(columns for _, columns in self.extents.values())
        return Area(self, sheet, top or 1, left or 1, bottom or last_row, right or last_column)

    def named(self, name: str, frame: Frame) -> Value:
        text = self.names.get(name.lower())
        return NAME if text is None else frame.value(_parse(text))

    def settle(self, key: Key) -> None:
        """Compute a cell and before it those it needs; a stack, as chains outgrow Python's own."""
        stack = [key]
        while stack:
            try:
                self.values[stack[-1]] = _located(stack[-1], lambda: self.compute(stack[-1]))
                stack.pop()
            except _PendingError as pending:
                if pending.key in stack:
                    raise CycleError(f"{_where(pending.key)}: the formula needs its own value") from None
                stack.append(pending.key)

    def compute(self, key: Key) -> Scalar:
        value = Frame(self, key).scalar(self.formulas[key])
        return 0.0 if value is None else value


def _parse(formula: str | None) -> Node:
    if formula is None:
        raise ValueError("array formulas and data tables are not supported")
    return _parsed("=" + formula)


@functools.lru_cache(4096)
def _parsed(formula: str) -> Node:
    # the forms of a family have their formulas in common
    return _Parser(formula).formula()


def _where(key: Key) -> str:
    sheet, row, column = key
    return f"{sheet}!{get_column_letter(column)}{row}"


def _located(key: Key, action: Callable[[], Any]) -> Any:
    try:
        return action()
    except FormulaError:
        raise
    except ValueError as error:
        raise FormulaError(f"{_where(key)}: {error}") from error


def evaluate(path: Path) -> dict[str, dict[str, Scalar]]:
    """Every cell that is not blank: constants as they stand, formulas as plain doubles compute them."""
    book = Book(path)
    for key in book.formulas:
        if key not in book.values:
            book.settle(key)
    result: dict[str, dict[str, Scalar]] = {sheet: {} for sheet in book.extents}
    for (sheet, row, column), value in sorted(book.values.items(), key=lambda item: item[0]):
        result[sheet][f"{get_column_letter(column)}{row}"] = value
    return result
