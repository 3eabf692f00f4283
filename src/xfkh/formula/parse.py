"""Text → tree: a subset of Excel's own syntax over input names, and the binding of names to cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import cache, lru_cache

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args
from lark.exceptions import VisitError

from ..console import meant, near, nearest
from ..text import NARROW
from .functions import FUNCTIONS
from .tree import (
    ARITHMETIC,
    COMPARISONS,
    Apply,
    FormulaError,
    MismatchError,
    Node,
    Number,
    Ref,
    Text,
    Type,
    Vocabulary,
    one_of,
)

NAME = re.compile(r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_.\u4e00-\u9fff]*")
"""What may stand as a name in a formula."""


def mentioned(names: Iterable[str], text: str) -> set[str]:
    """Those of the names of which a text speaks, also such as no formula can name."""
    words = set(NAME.findall(text))
    return {each for each in names if each in words or (each in text and not NAME.fullmatch(each))}


GRAMMAR = r"""
?start: "="? compare
?compare: sum (COMPARISON sum)?
?sum: product | sum SIGN product
?product: unary | product FACTOR unary
?unary: "-" unary -> negative | "+" unary | atom
?atom: NUMBER -> number
     | NUMBER "%" -> percent
     | STRING -> text
     | NAME "(" [compare ("," compare)*] ")" -> call
     | NAME "[" NUMBER "]" -> indexed
     | NAME -> name
     | "(" compare ")"
COMPARISON: ">=" | "<=" | "<>" | ">" | "<" | "=" | "≥" | "≤" | "≠"
SIGN: "+" | "-"
FACTOR: "*" | "/"
NUMBER: /[0-9]+(\.[0-9]+)?/
STRING: /"([^"]|"")*"/
NAME: /[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_.\u4e00-\u9fff]*/
%ignore /[ \t\r\n\u00a0\u2000-\u200d\u3000\ufeff]+/
"""

WIDE = dict(zip("（），、＝＞＜＋－＊／％“”【】［］×÷−", '(),,=><+-*/%""[][]*/-', strict=True))
SIGNS = {"≥": ">=", "≤": "<=", "≠": "<>"}
"""What is typed in Chinese, and what it is taken for."""
_PLAIN: dict[int, int | str] = {**NARROW, **{ord(wide): plain for wide, plain in WIDE.items()}}
_TEXT = re.compile('["“”＂]([^"“”＂]*)["“”＂]?')


def _narrow(text: str) -> str:
    """The formula in plain signs, one for one, so that positions stay true; what stands in quotes stays as it is."""
    made, at = "", 0
    for found in _TEXT.finditer(text):
        closing = '"' * (len(found[0]) - len(found[1]) - 1)
        made += f'{text[at : found.start()].translate(_PLAIN)}"{found[1]}{closing}'
        at = found.end()
    return made + text[at:].translate(_PLAIN)


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    def __init__(self, written: str) -> None:
        super().__init__()
        self._written = written

    def number(self, token: Token) -> Node:
        return Number(Fraction(str(token)))

    def percent(self, token: Token) -> Node:
        return Number(Fraction(str(token)) / 100, percent=True)

    def text(self, token: Token) -> Node:
        # as it was written: a name of the roster may have wide brackets
        first = token.start_pos or 0
        return Text(self._written[first + 1 : first + len(token) - 1].replace('""', '"'), first)

    def name(self, token: Token) -> Node:
        return Ref(str(token), position=token.start_pos or 0)

    def indexed(self, token: Token, index: Token) -> Node:
        return Ref(f"{token}[{index}]", position=token.start_pos or 0)

    def negative(self, node: Node) -> Node:
        return Apply("neg", (node,))

    def call(self, token: Token, *args: Node | None) -> Node:
        return Apply(str(token).upper(), tuple(arg for arg in args if arg is not None), token.start_pos or 0)

    def _binary(self, left: Node, sign: Token, right: Node) -> Node:
        return Apply(SIGNS.get(sign, str(sign)), (left, right), sign.start_pos or 0)

    compare = sum = product = _binary


@cache
def _grammar() -> Lark:
    return Lark(GRAMMAR, parser="lalr", propagate_positions=False)


@lru_cache(4096)
def parse(text: str) -> Node:
    """The tree of a formula, names not yet bound.

    Raises FormulaError with the position of the character that does not fit.
    """
    plain = _narrow(text)
    try:
        tree = _Builder(text).transform(_grammar().parse(plain))
    except UnexpectedInput as error:
        ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        position = len(plain) if ended or error.pos_in_stream is None else error.pos_in_stream
        if not 0 <= position < len(plain):
            raise FormulaError("公式没有写完", len(plain)) from None
        raise FormulaError(f"「{plain[position]}」这里读不懂{_how(plain, position)}", position) from None
    except (VisitError, RecursionError):
        raise FormulaError("公式太长，或括号套得太深；写短一些，相加的写成 SUM(…)") from None
    if not isinstance(tree, (Number, Text, Ref, Apply)):
        raise FormulaError("公式没有写完")
    return tree


def _how(text: str, position: int) -> str:
    """What to write instead, where the sign that cannot be read says what was meant."""
    sign, before = text[position], text[:position].rstrip()
    if sign in "<>=≥≤≠":
        if before[-1:] in ("=", "!"):
            return "；写成 =、>=、<= 或 <>"
        return "；不能连着比，1<甲<3 写成 AND(1<甲,甲<3)"
    if before[-1:].isdigit() and re.match("[分元件次人批个]", sign):
        return "；数后面不写单位"
    return next((f"；{how}" for signs, how in _HOW.items() if sign in signs), "")


_HOW = {
    ";；": "几个参数之间用逗号隔开",
    "‘’'": '文字写在双引号里，如 ="是"',
    "$:!": "公式里不能写单元格地址，写填报项的名称",
    "。": "小数点写 .",
    "%": "百分号只能跟在数的后面",
    "^": "乘方写成几个数相乘",
}


def bind(node: Node, names: Vocabulary) -> Node:
    """The tree with every name bound: series spread into cells, constants put in, types checked.

    Raises FormulaError for an unknown name or function, a wrong number of arguments or a wrong type.
    """
    return _bind(node, names)[0]


def formula(text: str, names: Vocabulary, type: Type) -> Node:
    """Parse and bind a formula that must give the type asked for."""
    try:
        node, found = _bind(parse(text), names)
    except RecursionError:
        raise FormulaError("公式太长，或括号套得太深；写短一些，相加的写成 SUM(…)") from None
    if found != type:
        raise MismatchError(f"公式应得出{_SAY[type]}，这里得出{_SAY[found]}")
    return node


_SAY = {"数": "一个数", "是否": "“成立/不成立”", "文字": "文字"}


def _bind(node: Node, names: Vocabulary) -> tuple[Node, Type]:
    match node:
        case Number():
            return node, "数"
        case Text():
            return node, "文字"
        case Ref():
            return _bind_name(node, names)
        case Apply(fn, _) if fn in ARITHMETIC:
            return Apply(fn, _all(node, names, "数"), node.position), "数"
        case Apply(fn, _) if fn in COMPARISONS:
            return _bind_comparison(node, names), "是否"
    return _bind_call(node, names)


def _bind_name(node: Ref, names: Vocabulary) -> tuple[Node, Type]:
    base = node.name.partition("[")[0]
    symbol = names.get(base)
    if symbol is None:
        raise FormulaError(f"没有叫「{base}」的填报项{_instead(base, names)}", node.position)
    if symbol.tree is not None:
        return symbol.tree, symbol.type
    if isinstance(symbol.constant, str):
        return Text(symbol.constant, node.position), "文字"
    if symbol.constant is not None:
        return Number(symbol.constant), "数"
    if node.name not in symbol.cells:
        if node.name == base:
            several = f"按月或按季填报，请写 SUM({base}) 或 {base}[1]"
            if len(symbol.cells) not in (4, 12):
                several = f"由几个人评，请写 AVERAGE({base})"
            raise MismatchError(f"「{base}」{several}", node.position)
        raise MismatchError(f"「{base}」没有第 {node.name.partition('[')[2][:-1]} 格", node.position)
    return Ref(node.name, symbol.type, node.position), symbol.type


def _instead(name: str, names: Vocabulary) -> str:
    """What is meant by a name that there is not."""
    if name in ("是", "否"):
        return f'；文字写在引号里，如 ="{name}"'
    if name.upper() in FUNCTIONS:
        return f"；函数后面要写括号：{name.upper()}()"
    if re.fullmatch("[A-Za-z]{1,3}[0-9]+|[Rr][0-9]+[Cc][0-9]+", name):
        return "；公式里不能写单元格地址，写填报项的名称"
    return meant(near(name, list(names)))


def _all(node: Apply, names: Vocabulary, wanted: Type) -> tuple[Node, ...]:
    return tuple(_typed(arg, names, wanted, node) for arg in node.args)


def _typed(arg: Node, names: Vocabulary, wanted: Type, parent: Apply) -> Node:
    bound, found = _bind(arg, names)
    if found != wanted:
        position = arg.position if isinstance(arg, (Ref, Text, Apply)) else parent.position
        raise MismatchError(
            f"「{'-' if parent.fn == 'neg' else parent.fn}」这里要{_SAY[wanted]}，给的是{_SAY[found]}", position
        )
    return bound


def _bind_comparison(node: Apply, names: Vocabulary) -> Node:
    left, right = (_bind(arg, names) for arg in node.args)
    if left[1] == right[1] == "文字" and node.fn in ("=", "<>"):
        return _option_equals(left[0], right[0], node, names)
    if {left[1], right[1]} == {"是否", "文字"} and node.fn in ("=", "<>"):
        return _flag_equals(left, right, node)
    if left[1] != "数" or right[1] != "数":
        raise MismatchError('只有数能比大小；是否项写作 名="是"', node.position)
    return Apply(node.fn, (left[0], right[0]), node.position)


def _flag_equals(left: tuple[Node, Type], right: tuple[Node, Type], node: Apply) -> Node:
    value, text = (left[0], right[0]) if left[1] == "是否" else (right[0], left[0])
    if not isinstance(text, Text) or text.value not in ("是", "否"):
        raise MismatchError('是否项只能与 "是" 或 "否" 相比', node.position)
    wanted = (text.value == "是") == (node.fn == "=")
    return value if wanted else Apply("NOT", (value,), node.position)


def _option_equals(left: Node, right: Node, node: Apply, names: Vocabulary) -> Node:
    name, text = (left, right) if isinstance(left, Ref) else (right, left)
    if not isinstance(name, Ref) or not isinstance(text, Text):
        raise MismatchError('只有列出了选项的填报项能与文字相比，如 类别="街道"', node.position)
    options = names[name.name].options
    if text.value not in options:
        known = f"「{name.name}」的选项里没有「{text.value}」，只有：{'、'.join(options)}"
        raise MismatchError(known if options else f"「{name.name}」没有列出选项，不能与文字相比", text.position)
    held = one_of(name.name, text.value, options)
    return held if node.fn == "=" else Apply("NOT", (held,), node.position)


_OTHERWISE = {
    **dict.fromkeys(("ROUNDUP", "CEILING"), "；不足一个按一个计的，写成 -INT(-数)"),
    **dict.fromkeys(("ROUNDDOWN", "FLOOR", "TRUNC"), "；不足一个不计的，写成 INT(数)"),
    **dict.fromkeys(("IFERROR", "ISERROR"), "；怕除以0的，写成 IF(分母=0,…,…)"),
    **dict.fromkeys(("COUNTIF", "SUMIF", "SUMPRODUCT"), "；各个条件写成 IF(…,1,0)，再相加"),
    "IFS": "；写成 IF 里再写 IF",
}
"""How to say what other functions of Excel give."""


def _bind_call(node: Apply, names: Vocabulary) -> tuple[Node, Type]:
    function = FUNCTIONS.get(node.fn)
    if function is None:
        instead = _OTHERWISE.get(node.fn, "") or nearest(node.fn, list(FUNCTIONS))
        raise FormulaError(f"没有叫「{node.fn}」的函数{instead}", node.position)
    args = _spread(node, names) if function.spreads else node.args
    if len(args) < function.least or (function.most is not None and len(args) > function.most):
        wanted = f"{function.least} 个" if function.most == function.least else f"至少 {function.least} 个"
        why = f"「{node.fn}」的参数个数不对：要 {wanted}，写了 {len(args)} 个；写成 {function.example} 这样"
        raise FormulaError(why, node.position)
    if node.fn == "IF":
        return _bind_if(node, names)
    bound = tuple(
        _typed(arg, names, function.takes[min(k, len(function.takes) - 1)], node) for k, arg in enumerate(args)
    )
    if node.fn == "SUM":
        return _sum(bound), "数"
    if node.fn == "ROUND":
        return Apply("ROUND", (bound[0], _whole(bound[1], node)), node.position), "数"
    return Apply(node.fn, bound, node.position), function.gives


def _whole(digits: Node, node: Apply) -> Node:
    """The digits of a ROUND, as one literal."""
    if isinstance(digits, Apply) and digits.fn == "neg" and isinstance(digits.args[0], Number):
        digits = Number(-digits.args[0].value)
    if not isinstance(digits, Number) or digits.value.denominator != 1:
        raise FormulaError("ROUND 的位数要写成一个整数", node.position)
    return digits


def _sum(args: tuple[Node, ...]) -> Node:
    result = args[0]
    for arg in args[1:]:
        result = Apply("+", (result, arg))
    return result


def _bind_if(node: Apply, names: Vocabulary) -> tuple[Node, Type]:
    condition = _typed(node.args[0], names, "是否", node)
    (yes, type_yes), (no, type_no) = (_bind(arg, names) for arg in node.args[1:])
    if type_yes != type_no:
        raise MismatchError("IF 的两个结果必须是同一种", node.position)
    return Apply("IF", (condition, yes, no), node.position), type_yes


def _spread(node: Apply, names: Vocabulary) -> tuple[Node, ...]:
    """A series named inside SUM, MIN, MAX, AND or OR stands for all its cells."""
    args: list[Node] = []
    for arg in node.args:
        symbol = names.get(arg.name) if isinstance(arg, Ref) else None
        series = symbol is not None and symbol.constant is None and symbol.tree is None
        if isinstance(arg, Ref) and symbol and series and arg.name not in symbol.cells:
            args += [Ref(cell, position=arg.position) for cell in symbol.cells]
        else:
            args.append(arg)
    return tuple(args)
