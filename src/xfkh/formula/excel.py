"""Tree → the text of an Excel formula that gives the same points in Excel 2010, WPS and LibreOffice.

Floats stand in for exact numbers there, so every ROUND is written ``ROUND(ROUND(e,9),n)``, every INT
``INT(ROUND(e,9))``, a rate is compared by cross-multiplication and anything else as ``ROUND(l-r,9)>=0``.

A node that spans units is written where a sheet has a row for each of them: what a unit brings stands in columns of
its own (``brought``), ``over_units`` writes the node over these, and ``placed`` lets a tree read it there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from .functions import ACROSS_UNITS
from .tree import COMPARISONS, Apply, FormulaError, Node, Number, Ref, Text, walk

Where = Callable[[str], str]
ONE = Number(Fraction(1))


class Columns(NamedTuple):
    """What the units bring to a node that spans them, as ranges over all rows: ``part`` over ``whole``, which is 0
    where a unit does not count; ``group``: the group of each, where units are compared within their own."""

    part: str
    whole: str
    group: str = ""


_LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2}


def write(node: Node, where: Where) -> str:
    """The formula's text without ``=``; ``where`` gives a cell's address.

    Raises FormulaError for a tree that spans units: it has no place in a template.
    """
    if spans_units(node):
        raise FormulaError("跨单位的计算不能写进模板")
    return _write(node, where)


def spans_units(node: Node) -> bool:
    return any(isinstance(each, Apply) and each.fn in ACROSS_UNITS for each in walk(node))


def brought(node: Apply) -> tuple[Node, Node]:
    """What a unit brings to a node that spans units: a number over a whole that is never negative, 1 unless it is a
    rate."""
    return _ratio(node.args[0])


def over_units(node: Apply, where: Where, columns: Columns) -> str:
    """The value of a node that spans units in the row of one unit: its place, highest first, among those that count, or
    their mean (an error where none counts). ``where`` gives the addresses of that row."""
    part, whole, group = columns
    mine = f"({group}={where(group_of(node))})*" if group else ""
    rate = brought(node)[1] != ONE
    if node.fn == "RANK":
        own, size = (_operand(each, 2, where) for each in brought(node))
        ahead = f"{part}*{size}-{own}*{whole}" if rate else f"{part}-{own}"
        return f"SUMPRODUCT({mine}({whole}>0)*(ROUND({ahead},9)>0))+1"
    # in no row divided by 0, also in one that does not count and has 0 over 0
    brings = f"{part}/({whole}+({whole}=0))" if rate else part
    if not mine and not rate:
        return f"SUM({brings})/SUM({whole})"
    return f"SUMPRODUCT({mine}{brings})/SUMPRODUCT({mine}({whole}>0)*1)"


def group_of(node: Apply) -> str:
    """The input that says within which group units are compared; empty where all are."""
    match node.args[2:]:
        case (Apply("IS", (Ref(name), *_)), *_):
            return name
    return ""


def placed(node: Node, names: Mapping[Node, str]) -> Node:
    """The tree with a name for each node that spans units: the cell in which it is written."""
    if node in names:
        return Ref(names[node])
    if not isinstance(node, Apply):
        return node
    return replace(node, args=tuple(placed(each, names) for each in node.args))


def literal(value: Fraction) -> str:
    """A number as Excel writes it; a fraction without a finite decimal form stays a quotient."""
    den = value.denominator
    while den % 2 == 0:
        den //= 2
    while den % 5 == 0:
        den //= 5
    if den != 1:
        return f"({value.numerator}/{value.denominator})"
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    whole = int(abs(value) * 10**digits)
    text = str(whole) if not digits else f"{whole // 10**digits}.{whole % 10**digits:0{digits}d}"
    return f"-{text}" if value < 0 else text


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _write(node: Node, where: Where) -> str:
    match node:
        case Number(value):
            return literal(value)
        case Text(value):
            return quoted(value)
        case Ref(name, type):
            return f'{where(name)}="是"' if type == "是否" else where(name)
        case Apply(fn, args) if fn in COMPARISONS:
            return _comparison(fn, args[0], args[1], where)
        case Apply("neg", (inner,)):
            return f"-{_operand(inner, 3, where)}"
        case Apply(fn, args) if fn in _LEVEL:
            level = _LEVEL[fn]
            return f"{_operand(args[0], level, where)}{fn}{_operand(args[1], level + 1, where)}"
        case Apply("ROUND", (inner, digits)):
            return f"ROUND(ROUND({_write(inner, where)},9),{_write(digits, where)})"
        case Apply("MIN" | "MAX", args):
            # a blank cell counts as 0 in arithmetic, but MIN and MAX would pass it over
            return f"{node.fn}({','.join(_counted(arg, where) for arg in args)})"
        case Apply("AVERAGE", args):
            # of cells themselves those that are blank are left out
            cells = ",".join((_write if isinstance(arg, Ref) else _counted)(arg, where) for arg in args)
            return f"(SUM({cells})/COUNT({cells}))"
        case Apply("TRIMMED", args):
            cells = ",".join(_write(arg, where) for arg in args)
            trimmed = f"(SUM({cells})-MAX({cells})-MIN({cells}))/(COUNT({cells})-2)"
            return f"IF(COUNT({cells})>2,{trimmed},SUM({cells})/COUNT({cells}))"
        case Apply("INT", (inner,)):
            return f"INT(ROUND({_write(inner, where)},9))"
        case Apply("TRUE" | "FALSE", ()):
            return "1=1" if node.fn == "TRUE" else "1=0"
        case Apply("IS", (Ref(name), option, _)):
            return f"{where(name)}={_write(option, where)}"
        case Apply("ISNUMBER", (Ref(name, "是否"),)):
            return f"ISTEXT({where(name)})"
    assert isinstance(node, Apply)
    return f"{node.fn}({','.join(_write(arg, where) for arg in node.args)})"


def _counted(node: Node, where: Where) -> str:
    """A number, also where a blank cell gives it: IF hands on the cell itself."""
    return f"{_write(node, where)}+0" if _is_cell(node) else _write(node, where)


def _is_cell(node: Node) -> bool:
    match node:
        case Apply("IF", (_, yes, no)):
            return _is_cell(yes) or _is_cell(no)
    return isinstance(node, Ref)


def _operand(node: Node, level: int, where: Where) -> str:
    text = _write(node, where)
    own = (
        _LEVEL.get(node.fn, 0 if node.fn in COMPARISONS else 1 if node.fn == "neg" else 9)
        if isinstance(node, Apply)
        else 9
    )
    negative = isinstance(node, Number) and node.value < 0
    return f"({text})" if own < level or negative else text


def _comparison(sign: str, left: Node, right: Node, where: Where) -> str:
    return f"ROUND({_write(gap(left, right), where)},9){sign}0"


def gap(left: Node, right: Node) -> Node:
    """left - right, rates cross-multiplied; its sign decides a comparison."""
    (a, b), (c, d) = _ratio(left), _ratio(right)
    left, right = _product(a, d), _product(c, b)
    return left if right == Number(Fraction(0)) else Apply("-", (left, right))


def _ratio(node: Node) -> tuple[Node, Node]:
    """A node as numerator over denominator (1 unless it is a quotient or a fraction)."""
    match node:
        case Apply("/", (left, right)):
            return left, right
        case Number(value):
            return Number(Fraction(value.numerator)), Number(Fraction(value.denominator))
        case Apply("-", (Apply("/", (left, right)), Number() as less)):
            return Apply("-", (left, _product(less, right))), right
    return node, ONE


def _product(left: Node, right: Node) -> Node:
    return left if right == ONE else right if left == ONE else Apply("*", (left, right))
