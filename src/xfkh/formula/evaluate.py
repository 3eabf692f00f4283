"""Tree → value, over all subjects at once, exactly, with bounds where a cell is unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

import numpy as np

from . import exact
from .exact import Exact, Interval, Mask, Truth
from .functions import ACROSS_UNITS
from .tree import COMPARISONS, Apply, FormulaError, Node, Number, Ref, by_group, gathered, refs, walk

Value = Interval | Truth


@dataclass(slots=True)
class Frame:
    """What the trees are evaluated over: a value a cell name, for ``rows`` subjects.

    ``given`` says of optional cells whether a value stands there; of ``anyone`` also of others. ``settled``:
    cross-unit functions count only subjects whose standing is certain (the result as it now stands); otherwise they
    give bounds. ``counted``: the rows that cross-unit functions surely and possibly look at (None: all). ``more``:
    further subjects may still come, so that no rank is certain; ``anyone``: the rows stand for whoever there may be,
    so that none who comes can have less or more than they; of what is divided by 0 nothing is said then.
    """

    rows: int
    values: dict[str, Value] = field(default_factory=dict)
    given: dict[str, Truth] = field(default_factory=dict)
    settled: bool = False
    counted: Truth | None = None
    more: bool = False
    anyone: bool = False


def number(node: Node, frame: Frame) -> Interval:
    value = evaluate(node, frame)
    if not isinstance(value, Interval):
        raise FormulaError("这里应当是一个数")
    return value


def truth(node: Node, frame: Frame) -> Truth:
    value = evaluate(node, frame)
    if not isinstance(value, Truth):
        raise FormulaError("这里应当是一个条件")
    return value


def evaluate(node: Node, frame: Frame) -> Value:
    """The value of a bound tree; each row between its bounds, a point where all it reads is known."""
    match node:
        case Number(value):
            return exact.point(exact.constant(value, frame.rows))
        case Ref(name):
            return frame.values[name]
        case Apply("IS", (Ref(name), _, code)):
            return exact.compare("=", number(Ref(name), frame), number(code, frame))
        case Apply("+" | "-" | "neg" | "*", _):
            return _linear(node, frame)
        case Apply(fn, (_, _, _, *_)) if fn in ACROSS_UNITS:
            return evaluate(by_group(node), frame)
        case Apply(fn, args) if fn in COMPARISONS:
            return exact.compare(fn, number(args[0], frame), number(args[1], frame))
        case Apply(fn, args):
            return _call(fn, args, frame)
    raise FormulaError("这里不能用文字")


def _call(fn: str, args: tuple[Node, ...], frame: Frame) -> Value:
    match fn:
        case "TRUE" | "FALSE":
            rows = np.full(frame.rows, fn == "TRUE")
            return Truth(rows, rows)
        case "AND" | "OR":
            combine = exact.all_of if fn == "AND" else exact.any_of
            return combine([truth(arg, frame) for arg in args])
        case "NOT":
            return exact.negation(truth(args[0], frame))
        case "IF":
            return _if(args, frame)
        case "MIN" | "MAX":
            return reduce(exact.smallest if fn == "MIN" else exact.largest, [number(arg, frame) for arg in args])
        case "/":
            # of whoever there may be, by 0 there is nothing that could be less
            divided = exact.defined if frame.anyone else exact.quotient
            return divided(number(args[0], frame), number(args[1], frame))
        case "ROUND":
            return exact.round_to(number(args[0], frame), _digits(args[1]))
        case "INT":
            return exact.whole(number(args[0], frame))
        case "ABS":
            return exact.absolute(number(args[0], frame))
        case "AVERAGE" | "TRIMMED":
            return _average(args, frame, fn == "TRIMMED")
        case "ISNUMBER":
            return _given(args[0], frame)
        case "RANK":
            return rank(number(args[0], frame), counted(truth(args[1], frame), frame), frame.settled, frame.more)
        case "AVERAGEIF":
            more = frame.more and not frame.anyone
            return mean(number(args[0], frame), counted(truth(args[1], frame), frame), frame.settled, more)
    raise FormulaError(f"没有叫「{fn}」的函数")


def counted(eligible: Truth, frame: Frame) -> Truth:
    """Those of the eligible rows that a cross-unit function looks at."""
    return eligible if frame.counted is None else exact.all_of([eligible, frame.counted])


def _average(args: tuple[Node, ...], frame: Frame, trimmed: bool = False) -> Interval:
    """The mean of the values that are given; between the least and the most where one is unknown, without bounds
    where there is none. ``trimmed``: where more than two are given, without one highest and one lowest."""
    values = [number(arg, frame) for arg in args]
    there = [_given(arg, frame) for arg in args]
    zero = exact.constant(Fraction(0), frame.rows)
    sums, count = zero, np.zeros(frame.rows, dtype=np.int64)
    low, high, decided = values[0].low, values[0].high, np.ones(frame.rows, dtype=bool)
    for value, given in zip(values, there, strict=True):
        sums = exact.add(sums, exact.where(given.must, value.low, zero))
        count = count + given.must
        decided &= given.known & (value.known | ~given.must)
        hull = exact.choose(Truth(np.zeros(frame.rows, bool), np.ones(frame.rows, bool)), value, Interval(low, high))
        low, high = exact.where(given.may, hull.low, low), exact.where(given.may, hull.high, high)
    if trimmed:
        sums, count = _without_extremes(sums, count, values, there)
    mean = exact.divide(sums, exact.Exact(np.maximum(count, 1)))
    none = decided & (count == 0)
    if (decided & ~none).all():
        return exact.point(mean)
    low, high = exact.where(decided, mean, low), exact.where(decided, mean, high)
    return Interval(Exact(low.num, low.den, low.infinite() | none), Exact(high.num, high.den, high.infinite() | none))


def _without_extremes(sums: Exact, count: exact.Array, values: list[Interval], there: list[Truth]
                      ) -> tuple[Exact, exact.Array]:  # fmt: skip
    """Sum and count without the highest and the lowest of more than two; rows in which all is known."""
    most = least = values[0].low
    seen = np.zeros(len(count), dtype=bool)
    for value, given in zip(values, there, strict=True):
        most = exact.where(given.must & (~seen | exact.less(most, value.low, True)), value.low, most)
        least = exact.where(given.must & (~seen | exact.less(value.low, least, True)), value.low, least)
        seen = seen | given.must
    many = count > 2
    return exact.where(many, exact.add(sums, exact.negate(exact.add(most, least))), sums), count - 2 * many


def _digits(node: Node) -> int:
    if not isinstance(node, Number) or node.value.denominator != 1:
        raise FormulaError("ROUND 的位数要写成一个整数")
    return int(node.value)


def _if(args: tuple[Node, ...], frame: Frame) -> Value:
    condition, yes, no = truth(args[0], frame), evaluate(args[1], frame), evaluate(args[2], frame)
    if isinstance(yes, Interval) and isinstance(no, Interval):
        return exact.choose(condition, yes, no)
    if isinstance(yes, Truth) and isinstance(no, Truth):
        return exact.choose_truth(condition, yes, no)
    raise FormulaError("IF 的两个结果必须是同一种")


def _given(node: Node, frame: Frame) -> Truth:
    if isinstance(node, Ref) and node.name in frame.given:
        return frame.given[node.name]
    if frame.anyone and {*refs(node)} <= {*frame.given} and not any(_divides(each) for each in walk(node)):
        return exact.all_of([frame.given[name] for name in refs(node)])
    rows = number(node, frame).known
    return Truth(rows, np.ones(frame.rows, dtype=bool))


def _divides(node: Node) -> bool:
    return isinstance(node, Apply) and node.fn == "/"


def _linear(node: Node, frame: Frame) -> Interval:
    """Sums are gathered by term first, so that ``a - b + 2*b`` has the bounds of ``a + b``."""
    terms: dict[Node, Fraction] = {}
    start = gathered(node, Fraction(1), terms)
    result = exact.point(exact.constant(start, frame.rows))
    for term, factor in terms.items():
        if factor:
            result = exact.plus(result, exact.scaled(_term(term, frame), factor))
    return result


def _term(node: Node, frame: Frame) -> Interval:
    if isinstance(node, Apply) and node.fn == "*":
        return exact.product(number(node.args[0], frame), number(node.args[1], frame))
    return number(node, frame)


def rank(value: Interval, eligible: Truth, settled: bool = False, more: bool = False) -> Interval:
    """Competition rank, highest first, of every row among the eligible rows.

    ``settled`` counts only rows that are surely eligible with a known value: the rank as it now stands.
    Otherwise each rank lies between those surely ahead and those that may be ahead; with ``more`` to come, any
    number may be.
    """
    if settled:
        sure = eligible.must & value.known
        return exact.point(Exact(_ahead(value.low, value.low, sure, False) + 1))
    ahead_low = _ahead(value.low, value.high, eligible.must, False)
    if more:
        return Interval(Exact(ahead_low + 1), Exact(ahead_low + 1, 1, np.ones(len(ahead_low), dtype=bool)))
    # a row whose own most lies above its own least would count itself as ahead
    itself = np.asarray(eligible.may & ~value.known).astype(np.int64)
    ahead_high = _ahead(value.high, value.low, eligible.may, True) - itself
    if np.array_equal(ahead_low, ahead_high):
        return exact.point(Exact(ahead_low + 1))
    return Interval(Exact(ahead_low + 1), Exact(ahead_high + 1))


def rank_with_last(value: Interval, eligible: Truth, last: Truth, settled: bool = False, more: bool = False
                   ) -> Interval:  # fmt: skip
    """The same where those for whom ``last`` holds stand behind all others, among themselves by their values."""
    if not last.may.any():
        return rank(value, eligible, settled, more)
    if settled:
        last, eligible = Truth(last.must, last.must), Truth(eligible.must & value.known, eligible.must & value.known)
    front = Truth(eligible.must & ~last.may, eligible.may & ~last.must)
    back = Truth(eligible.must & last.may, eligible.may & last.must)
    among, behind = rank(value, front, settled, more), rank(value, back, settled, more)
    # who may be last stands, then, behind all that surely, or possibly, are not; never behind itself
    low = np.where(last.must, behind.low.num + int(front.must.sum()), among.low.num)
    if more:
        return Interval(Exact(low), Exact(low, 1, np.ones(len(low), dtype=bool)))
    ahead = int(front.may.sum()) - front.may.astype(np.int64)
    high = np.where(last.may, behind.high.num + ahead, among.high.num)
    return exact.point(Exact(low)) if np.array_equal(low, high) else Interval(Exact(low), Exact(high))


def mean(value: Interval, eligible: Truth, settled: bool = False, more: bool = False) -> Interval:
    """The mean of the eligible rows, the same for every row.

    ``settled`` counts only rows that are surely eligible with a known value: the mean as it now stands. Otherwise it
    lies between the least and the most that any of them may have; with ``more`` to come, or nobody to take it of, it is
    without bounds.
    """
    count = len(eligible.must)
    sure = eligible.must & value.known
    if settled or (not more and bool((sure == eligible.may).all())):
        found = [value.low.fraction(row) for row in map(int, np.flatnonzero(sure))]
        told = [each for each in found if each is not None]
        return exact.point(exact.constant(sum(told, Fraction(0)) / len(told), count)) if told else _boundless(count)
    rows = list(map(int, np.flatnonzero(eligible.may)))
    lows, highs = ([side.fraction(row) for row in rows] for side in (value.low, value.high))
    least = [each for each in lows if each is not None]
    most = [each for each in highs if each is not None]
    if more or len(least) < len(rows) or len(most) < len(rows):
        return _boundless(count)
    return Interval(exact.constant(min(least), count), exact.constant(max(most), count))


def _boundless(rows: int) -> Interval:
    endless = np.ones(rows, dtype=bool)
    zero = exact.constant(Fraction(0), rows)
    return Interval(Exact(zero.num, zero.den, endless), Exact(zero.num, zero.den, endless))


def _ahead(theirs: Exact, mine: Exact, counted: Mask, at_most: bool) -> exact.Array:
    """How many counted rows stand above each row: surely, or (``at_most``) possibly."""
    a, b = exact.comparable(theirs, mine)
    endless = theirs.infinite()
    rows = np.sort(a[counted & ~endless])
    above = len(rows) - np.searchsorted(rows, b, side="right")
    if not at_most:
        return np.where(mine.infinite(), 0, above).astype(np.int64)
    above = above + int((counted & endless).sum())
    return np.where(mine.infinite(), int(counted.sum()), above).astype(np.int64)


def tighten(checks: list[Node], frame: Frame) -> None:
    """Narrow unknown cells by the scheme's closed comparisons between them (a part is at most its whole)."""
    for _ in range(2):
        for check in checks:
            for left, right in at_most(check):
                _narrow(left, right, frame)


def at_most(check: Node) -> list[tuple[Node, Node]]:
    """What a check says is no more than what."""
    match check:
        case Apply("<=", (left, right)) | Apply(">=", (right, left)):
            return [(left, right)]
        case Apply("AND", args):
            return [pair for arg in args for pair in at_most(arg)]
    return []


def _narrow(left: Node, right: Node, frame: Frame) -> None:
    least, most = number(left, frame), number(right, frame)
    if isinstance(left, Ref) and least.low is not least.high:
        high = exact.smallest(least, Interval(most.high, most.high)).high
        frame.values[left.name] = _sane(Interval(least.low, high), least)
    if isinstance(right, Ref) and most.low is not most.high:
        low = exact.largest(most, Interval(least.low, least.low)).low
        frame.values[right.name] = _sane(Interval(low, most.high), most)


def _sane(narrowed: Interval, before: Interval) -> Interval:
    """The narrowed bounds, but where nothing is left between them (another cell must be wrong)."""
    left = exact.compare("<=", Interval(narrowed.low, narrowed.low), Interval(narrowed.high, narrowed.high)).may
    return Interval(exact.where(left, narrowed.low, before.low), exact.where(left, narrowed.high, before.high))
