"""Exact numbers over many subjects at once: integers over a denominator, with bounds for what is unknown.

An ``Exact`` is an array of integers over one common denominator (a scaled integer) or, after a division,
over a denominator a row. int64 carries it while the sizes allow; otherwise Python integers do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Mask = NDArray[np.bool_]
_SAFE = 2**62
_FEW = 32
_SIGNS = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "=": np.equal,
          "<>": np.not_equal}  # fmt: skip


def _size(array: Array) -> int:
    # of few rows Python is done before numpy has begun
    return max(map(abs, array.ravel().tolist()), default=0) if array.size <= _FEW else int(np.abs(array).max())


def _fits(*factors: int) -> bool:
    product = 1
    for factor in factors:
        product *= max(factor, 1)
    return product < _SAFE


def _mul(left: Array, right: Array | int) -> Array:
    """left × right without overflow."""
    if isinstance(right, int) and right == 1:
        return left
    size = abs(right) if isinstance(right, int) else _size(right)
    if left.dtype != object and _fits(_size(left), size) and (isinstance(right, int) or right.dtype != object):
        return left * right
    return np.asarray(left.astype(object) * (right if isinstance(right, int) else right.astype(object)))


def _add(left: Array, right: Array) -> Array:
    if left.dtype != object and right.dtype != object and _size(left) + _size(right) < _SAFE:
        return left + right
    return np.asarray(left.astype(object) + right.astype(object))


def _shrink(array: Array) -> Array:
    return array.astype(np.int64) if array.dtype == object and _size(array) < _SAFE else array


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """Rational numbers, a row a subject: ``num / den``; ``den`` > 0; ``inf`` marks rows without a bound."""

    num: Array
    den: int | Array = 1
    inf: Mask | None = None

    def fraction(self, row: int) -> Fraction | None:
        """The number of a row; None where it has no bound."""
        if self.inf is not None and self.inf[row]:
            return None
        den = self.den if isinstance(self.den, int) else int(self.den[row])
        return Fraction(int(self.num[row])) if den == 1 else Fraction(int(self.num[row]), den)

    def listed(self) -> list[list[Any]]:
        """What tells the numbers of the rows apart, a list of each kind: rows that are alike in all have one number."""
        return [each.tolist() for each in (self.num, self.den, self.inf) if isinstance(each, np.ndarray)]

    def infinite(self) -> Mask:
        return self.inf if self.inf is not None else np.zeros(self.num.shape, dtype=bool)


def constant(value: Fraction, rows: int) -> Exact:
    kind = np.int64 if abs(value.numerator) < _SAFE else object
    return Exact(np.full(rows, value.numerator, dtype=kind), value.denominator)


def _or(left: Mask | None, right: Mask | None) -> Mask | None:
    if left is None or right is None:
        return right if left is None else left
    return left | right


def aligned(left: Exact, right: Exact) -> tuple[Array, Array, int | Array]:
    """Both numerators over one denominator."""
    if isinstance(left.den, int) and isinstance(right.den, int):
        den = lcm(left.den, right.den)
        return _mul(left.num, den // left.den), _mul(right.num, den // right.den), den
    a, b = _rows(left), _rows(right)
    return _mul(left.num, b), _mul(right.num, a), _mul(a, b)


def comparable(left: Exact, right: Exact) -> tuple[Array, Array]:
    """Both as numbers that can be compared across rows; fractions where the denominators differ by row."""
    if isinstance(left.den, int) and isinstance(right.den, int):
        return aligned(left, right)[:2]
    return _fractions(left), _fractions(right)


def _fractions(value: Exact) -> Array:
    made = np.empty(len(value.num), dtype=object)
    made[:] = [Fraction(int(num), int(den)) for num, den in zip(value.num, _rows(value), strict=True)]
    return made


def _rows(value: Exact) -> Array:
    return np.full(value.num.shape, value.den) if isinstance(value.den, int) else value.den


def add(left: Exact, right: Exact) -> Exact:
    a, b, den = aligned(left, right)
    return Exact(_add(a, b), den, _or(left.inf, right.inf))


def negate(value: Exact) -> Exact:
    return Exact(-value.num, value.den, value.inf)


def scale(value: Exact, factor: Fraction) -> Exact:
    """value × factor ≥ 0 (an unbounded row stays one unless the factor is 0)."""
    den = _mul(value.den, factor.denominator) if not isinstance(value.den, int) else value.den * factor.denominator
    return Exact(_mul(value.num, factor.numerator), den, None if factor == 0 else value.inf)


def multiply(left: Exact, right: Exact) -> Exact:
    if isinstance(left.den, int) and isinstance(right.den, int):
        return Exact(_mul(left.num, right.num), left.den * right.den)
    return Exact(_mul(left.num, right.num), _mul(_rows(left), _rows(right)))


def divide(left: Exact, right: Exact) -> Exact:
    """left ÷ right, where no row of right is 0."""
    sign = np.sign(right.num).astype(np.int64)
    num = _mul(_mul(left.num, _rows(right)), sign)
    return Exact(num, _mul(_rows(left), np.abs(right.num)))


def less(left: Exact, right: Exact, or_equal: bool) -> Mask:
    """left < right (or ≤), bounds ignored."""
    a, b, _ = aligned(left, right)
    return np.asarray(a <= b if or_equal else a < b).astype(bool)


def where(mask: Mask, yes: Exact, no: Exact) -> Exact:
    a, b, den = aligned(yes, no)
    inf = None
    if yes.inf is not None or no.inf is not None:
        inf = np.where(mask, yes.infinite(), no.infinite())
    return Exact(np.where(mask, a, b), den, inf)


def rounded(value: Exact, digits: int) -> Exact:
    """Half away from zero, as Excel's ROUND."""
    power = 10 ** abs(digits)
    num = _mul(value.num, power) if digits >= 0 else value.num
    den = value.den if digits >= 0 else _times(value.den, power)
    doubled = _mul(num, 2)
    size = _add(np.abs(doubled), np.asarray(den))
    quotient = size // _times(den, 2)
    whole = _shrink(np.asarray(np.where(num < 0, -quotient, quotient)))
    return Exact(whole, power, value.inf) if digits >= 0 else Exact(_mul(whole, power), 1, value.inf)


def _times(den: int | Array, factor: int) -> int | Array:
    return den * factor if isinstance(den, int) else _mul(den, factor)


def floor(value: Exact) -> Exact:
    return Exact(_shrink(np.asarray(value.num // value.den)), 1, value.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """The least and the most a number can be; the same object twice where everything is known."""

    low: Exact
    high: Exact

    @property
    def known(self) -> Mask:
        """Rows in which the number is a single point."""
        if self.low is self.high:
            return np.ones(self.low.num.shape, dtype=bool)
        same = less(self.low, self.high, True) & less(self.high, self.low, True)
        return same & ~self.low.infinite() & ~self.high.infinite()


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Whether a condition must hold, and whether it may."""

    must: Mask
    may: Mask

    @property
    def known(self) -> Mask:
        return np.asarray(self.must == self.may)


def point(value: Exact) -> Interval:
    return Interval(value, value)


def _lift(operation: Callable[..., Exact], *values: Interval) -> Interval:
    """A rising function of its arguments, on both bounds."""
    low = operation(*(value.low for value in values))
    if all(value.low is value.high for value in values):
        return Interval(low, low)
    return Interval(low, operation(*(value.high for value in values)))


def plus(left: Interval, right: Interval) -> Interval:
    return _lift(add, left, right)


def minus(value: Interval) -> Interval:
    high = negate(value.low)
    return Interval(high if value.low is value.high else negate(value.high), high)


def scaled(value: Interval, factor: Fraction) -> Interval:
    if factor < 0:
        return minus(scaled(value, -factor))
    return _lift(lambda bound: scale(bound, factor), value)


def round_to(value: Interval, digits: int) -> Interval:
    return _lift(lambda bound: rounded(bound, digits), value)


def whole(value: Interval) -> Interval:
    return _lift(floor, value)


def smallest(left: Interval, right: Interval) -> Interval:
    low = _pick(left.low, right.low, True, False)
    known = left.low is left.high and right.low is right.high
    return Interval(low, low if known else _pick(left.high, right.high, True, True))


def largest(left: Interval, right: Interval) -> Interval:
    return minus(smallest(minus(left), minus(right)))


def _pick(left: Exact, right: Exact, smaller: bool, finite: bool) -> Exact:
    """The smaller (or larger) of two bounds; ``finite``: an unbounded one gives way to the other."""
    take_left = less(left, right, True) if smaller else less(right, left, True)
    if left.inf is None and right.inf is None:
        return where(take_left, left, right)
    a, b = left.infinite(), right.infinite()
    if finite:
        return where((take_left | b) & ~(a & ~b), left, right)
    return where((take_left | a) & ~(b & ~a), left, right)


def product(left: Interval, right: Interval) -> Interval:
    if left.low is left.high and right.low is right.high:
        value = multiply(left.low, right.low)
        return Interval(value, value)
    corners = [multiply(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    low = high = corners[0]
    for corner in corners[1:]:
        low = where(less(corner, low, True), corner, low)
        high = where(less(high, corner, True), corner, high)
    open_rows = left.low.infinite() | left.high.infinite() | right.low.infinite() | right.high.infinite()
    if not open_rows.any():
        return Interval(low, high)
    rising = _not_below(left) & _not_below(right)
    low = where(open_rows & rising, corners[0], low)
    made = Interval(Exact(low.num, low.den, open_rows & ~rising), Exact(high.num, high.den, open_rows))
    for open_, factor in ((left, right), (right, left)):
        # by what is finite and not below 0 each end stays on its side
        own = open_rows & _not_below(factor) & ~factor.high.infinite()
        low, high = _farther(open_.low, factor, True), _farther(open_.high, factor, False)
        made = Interval(where(own, low, made.low), where(own, high, made.high))
    return made


def _not_below(value: Interval) -> Mask:
    """Rows in which a number is surely not below 0."""
    return less(constant(Fraction(0), len(value.low.num)), value.low, True) & ~value.low.infinite()


def _farther(end: Exact, factor: Interval, lowest: bool) -> Exact:
    """An end times the least or the most of a factor, whichever lies farther out."""
    one, other = (
        Exact(made.num, made.den, end.inf) for made in (multiply(end, factor.low), multiply(end, factor.high))
    )
    return _pick(one, other, lowest, False)


def quotient(left: Interval, right: Interval) -> Interval:
    """left ÷ right; without bounds where the divisor may be 0 or less."""
    rows = len(left.low.num)
    zero, one = constant(Fraction(0), rows), constant(Fraction(1), rows)
    broken = less(right.low, zero, True) | right.low.infinite()
    if left.low is left.high and right.low is right.high and not broken.any():
        value = divide(left.low, right.low)
        return Interval(value, value)
    least, most = where(broken, one, right.low), where(broken, one, right.high)
    endless = most.infinite()
    most = Exact(np.where(endless, 1, most.num), most.den)
    low = where(less(zero, left.low, True), divide(left.low, most), divide(left.low, least))
    low = where(endless & less(zero, left.low, True), zero, low)
    high = where(less(zero, left.high, True), divide(left.high, least), divide(left.high, most))
    high = where(endless & ~less(zero, left.high, True), zero, high)
    return Interval(
        Exact(low.num, low.den, broken | left.low.infinite()), Exact(high.num, high.den, broken | left.high.infinite())
    )


def defined(left: Interval, right: Interval) -> Interval:
    """The same of quotients of which none is by 0: not below 0 where neither number is."""
    found, zero = quotient(left, right), constant(Fraction(0), len(left.low.num))
    positive = _not_below(left) & _not_below(right) & found.low.infinite()
    return Interval(where(positive, zero, found.low), found.high) if positive.any() else found


def absolute(value: Interval) -> Interval:
    return largest(value, minus(value))


def compare(sign: str, left: Interval, right: Interval) -> Truth:
    if _sure(left) and _sure(right):
        a, b, _ = aligned(left.low, right.low)
        found = np.asarray(_SIGNS[sign](a, b)).astype(bool)
        return Truth(found, found)
    if sign in ("<", ">="):
        at_least = compare("<=", right, left)
        return at_least if sign == ">=" else negation(at_least)
    if sign == ">":
        return negation(compare("<=", left, right))
    bounded = ~(left.high.infinite() | right.low.infinite())
    must = less(left.high, right.low, True) & bounded
    may = less(left.low, right.high, True) | left.low.infinite() | right.high.infinite()
    if sign == "<=":
        return Truth(must, may)
    other = compare("<=", right, left)
    equal = Truth(must & other.must, may & other.may)
    return equal if sign == "=" else negation(equal)


def _sure(value: Interval) -> bool:
    """Whether it is one number in every row."""
    return value.low is value.high and value.low.inf is None


def negation(truth: Truth) -> Truth:
    return Truth(~truth.may, ~truth.must)


def all_of(terms: list[Truth]) -> Truth:
    return Truth(
        np.logical_and.reduce([term.must for term in terms]), np.logical_and.reduce([term.may for term in terms])
    )


def any_of(terms: list[Truth]) -> Truth:
    return Truth(
        np.logical_or.reduce([term.must for term in terms]), np.logical_or.reduce([term.may for term in terms])
    )


def choose(condition: Truth, yes: Interval, no: Interval) -> Interval:
    """IF: one branch where the condition is known, else all that either branch may give."""
    if condition.known.all():
        low = where(condition.must, yes.low, no.low)
        both_known = yes.low is yes.high and no.low is no.high
        return Interval(low, low if both_known else where(condition.must, yes.high, no.high))
    hull_low, hull_high = _pick(yes.low, no.low, True, False), _pick(yes.high, no.high, False, False)
    sure_no = ~condition.may
    low = where(condition.must, yes.low, where(sure_no, no.low, hull_low))
    return Interval(low, where(condition.must, yes.high, where(sure_no, no.high, hull_high)))


def choose_truth(condition: Truth, yes: Truth, no: Truth) -> Truth:
    return any_of([all_of([condition, yes]), all_of([negation(condition), no])])
