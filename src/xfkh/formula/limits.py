"""What can be said of a tree before any answer is known: that Excel can carry it exactly."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from .tree import COMPARISONS, Apply, FormulaError, Node, Number, Ref, Symbol, Vocabulary

DENOMINATOR_LIMIT = 10**7
"""The double ROUND equals exact rounding only below it."""


def check_exact(node: Node, names: Vocabulary) -> None:
    """Raises FormulaError where the combined denominators could pass the limit or a divisor be negative."""
    if denominator(node, names) >= DENOMINATOR_LIMIT:
        raise FormulaError("除数相乘超过一千万，Excel 的四舍五入不再可靠；请拆开或先取整")


def denominator(node: Node, names: Vocabulary) -> int:
    """The largest denominator a tree can have."""
    match node:
        case Number(value):
            return value.denominator
        case Ref(name):
            return int(10 ** _symbol(name, names).decimals)
        case Apply("+" | "-", (left, right)):
            a, b = denominator(left, names), denominator(right, names)
            return a * b if _divides_by_data(left) or _divides_by_data(right) else lcm(a, b)
        case Apply("*", args):
            return denominator(args[0], names) * denominator(args[1], names)
        case Apply("/", (left, right)):
            low, high = bounds(right, names)
            if low is None or low < 0:
                raise FormulaError("除数可能是负数", node.position)
            size = high if high is not None else Fraction(10**6)
            return denominator(left, names) * max(1, int(size * denominator(right, names)))
        case Apply("ROUND", (inner, Number(digits))):
            denominator(inner, names)
            return int(10 ** max(0, int(digits)))
        case Apply(fn, args) if fn in COMPARISONS or fn in ("AND", "OR", "NOT", "INT", "ISNUMBER", "RANK"):
            for arg in args:
                denominator(arg, names)
            return 1
        case Apply(_, args):
            return max((denominator(arg, names) for arg in args), default=1)
    return 1


def _divides_by_data(node: Node) -> bool:
    match node:
        case Apply("/", (_, Number())):
            return False
        case Apply("/", _):
            return True
        case Apply("ROUND" | "INT", _):
            return False
        case Apply(_, args):
            return any(_divides_by_data(arg) for arg in args)
    return False


def bounds(node: Node, names: Vocabulary) -> tuple[Fraction | None, Fraction | None]:
    """A rough least and most of a sum, a product or a cell; None where open."""
    match node:
        case Number(value):
            return value, value
        case Ref(name):
            symbol = _symbol(name, names)
            return symbol.low, symbol.high
        case Apply("+" | "*", (left, right)):
            (a, b), (c, d) = bounds(left, names), bounds(right, names)
            if a is None or c is None or a < 0 or c < 0:
                return None, None
            low = a + c if node.fn == "+" else a * c
            if b is None or d is None:
                return low, None
            return low, b + d if node.fn == "+" else b * d
        case Apply("ROUND" | "INT", (inner, *_)):
            return bounds(inner, names)
        case Apply("MAX", args):
            lows = [low for low, _ in (bounds(arg, names) for arg in args) if low is not None]
            return (max(lows) if lows else None), None
    return None, None


def _symbol(name: str, names: Vocabulary) -> Symbol:
    return names[name.partition("[")[0]]
