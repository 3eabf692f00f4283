"""What can be said of a tree before any answer is known: that Excel can carry it exactly."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor, lcm

from . import excel
from .say import typed
from .tree import COMPARISONS, Apply, FormulaError, Node, Number, Ref, Symbol, Vocabulary, refs, walk

DENOMINATOR_LIMIT = 10**7
"""The double ROUND equals exact rounding only below it."""


def check_exact(node: Node, names: Vocabulary) -> None:
    """Raises FormulaError where the combined denominators under a ROUND, an INT or a comparison could pass the
    limit, or a divisor be negative."""
    _within(node, names)
    for each in walk(node):
        if isinstance(each, Apply) and each.fn == "/":
            _divisor(each, each.args[1], names)
        elif isinstance(each, Apply) and each.fn in ("ROUND", "INT"):
            _within(each.args[0], names)
        elif isinstance(each, Apply) and each.fn in COMPARISONS:
            _within(excel.gap(*each.args), names)


def _within(node: Node, names: Vocabulary) -> None:
    if denominator(node, names) >= DENOMINATOR_LIMIT:
        divisors = [each.args[1] for each in walk(node) if isinstance(each, Apply) and each.fn == "/"]
        named = dict.fromkeys(name for each in divisors for name in refs(each))
        mend = f"请给 {'、'.join(named)} 写上限，写了的改小，或者" if named else "请"
        raise FormulaError(f"除数相乘超过一千万，Excel 的四舍五入不再可靠；{mend}把公式拆开、先用 ROUND 取整")


def denominator(node: Node, names: Vocabulary) -> int:
    """The largest denominator a tree can have."""
    match node:
        case Number(value):
            return value.denominator
        case Ref(name):
            return int(10 ** _symbol(name, names).decimals)
        case Apply("*", args):
            return denominator(args[0], names) * denominator(args[1], names)
        case Apply("/", (left, right)):
            return denominator(left, names) * _divisor(node, right, names)
        case Apply("AVERAGE" | "TRIMMED", args):
            return _joined(args, names) * len(args)
        case Apply("ROUND", (_, Number(digits))):
            return int(10 ** max(0, int(digits)))
        case Apply("IF", (_, *branches)):
            return _joined(tuple(branches), names)
        case Apply(fn, args) if fn in ("+", "-", "neg", "MIN", "MAX", "ABS"):
            return _joined(args, names)
    return 1


def is_whole(node: Node, names: Vocabulary) -> bool:
    """Whether a tree gives whole numbers alone; what units have on average seldom is one."""
    try:
        return denominator(node, names) == 1 and not _averages(node)
    except FormulaError:
        return False


def _averages(node: Node) -> bool:
    match node:
        case Apply("AVERAGEIF", _):
            return True
        case Apply(fn, _) if fn in ("ROUND", "INT", "RANK") or fn in COMPARISONS:
            return False
        case Apply(_, args):
            return any(map(_averages, args))
    return False


def _joined(args: tuple[Node, ...], names: Vocabulary) -> int:
    """One denominator for all: their least common multiple, or the product where data divides."""
    result = 1
    for arg in args:
        own = denominator(arg, names)
        result = result * own if _divides_by_data(arg) else lcm(result, own)
    return result


def _divisor(node: Apply, right: Node, names: Vocabulary) -> int:
    if isinstance(right, Number):
        if right.value <= 0:
            raise FormulaError("除数是 0" if not right.value else "除数是负数", node.position)
        return abs(right.value.numerator)
    low, high = bounds(right, names)
    if low is None or low < 0:
        own = typed(right)
        how = f"写成 MAX(1,{own})；会是 0、0 又要另外计的，写成 MAX(0,{own})，再写明是 0 时怎样计"
        raise FormulaError(f"除数 {own} 可能是负数；{how}", node.position)
    size = high if high is not None else Fraction(10**6)
    return max(1, int(size * denominator(right, names)))


def _divides_by_data(node: Node) -> bool:
    match node:
        case Apply("/", (_, Number())):
            return False
        case Apply("/", _) | Apply("AVERAGE" | "TRIMMED", _):
            return True
        case Apply(fn, _) if fn in ("ROUND", "INT") or fn in COMPARISONS:
            return False
        case Apply(_, args):
            return any(_divides_by_data(arg) for arg in args)
    return False


Ends = tuple[Fraction | None, Fraction | None]


def bounds(node: Node, names: Vocabulary) -> Ends:
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
        case Apply("-", (left, right)):
            (a, _), (_, d) = bounds(left, names), bounds(right, names)
            return None if a is None or d is None else a - d, None
        case Apply("/", (left, right)):
            (a, _), (c, d) = bounds(left, names), bounds(right, names)
            if a is None or c is None or a < 0 or c < 0:
                return None, None
            return a / d if d else Fraction(0), None
        case Apply("AVERAGEIF", (inner, *_)):
            return bounds(inner, names)
        case Apply("INT", (inner,)):
            return _each(lambda value: Fraction(floor(value)), bounds(inner, names))
        case Apply("ROUND", (inner, Number(digits))):
            return _each(lambda value: _rounded(value, digits), bounds(inner, names))
        case Apply("AVERAGE" | "TRIMMED", args):
            pairs = [bounds(arg, names) for arg in args]
            lows, highs = [low for low, _ in pairs if low is not None], [high for _, high in pairs if high is not None]
            both = len(lows) == len(highs) == len(pairs)
            return (min(lows), max(highs)) if both else (None, None)
        case Apply("IF", (_, yes, no)):
            (a, _), (c, _) = bounds(yes, names), bounds(no, names)
            return None if a is None or c is None else min(a, c), None
        case Apply("MAX", args):
            lows = [low for low, _ in (bounds(arg, names) for arg in args) if low is not None]
            return (max(lows) if lows else None), None
    return None, None


def _each(change: Callable[[Fraction], Fraction], ends: Ends) -> Ends:
    """What a rising function makes of both ends."""
    low, high = ends
    return None if low is None else change(low), None if high is None else change(high)


def _rounded(value: Fraction, digits: Fraction) -> Fraction:
    """Half away from zero."""
    power = Fraction(10) ** int(digits)
    size = floor(abs(value) * power + Fraction(1, 2)) / power
    return size if value >= 0 else -size


def _symbol(name: str, names: Vocabulary) -> Symbol:
    return names[name.partition("[")[0]]
