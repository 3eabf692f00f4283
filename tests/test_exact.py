"""Exact evaluation against Fractions: known answers give the very number, unknown ones bounds that hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import floor
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xfkh.formula import FormulaError, Node, exact
from xfkh.formula.evaluate import Frame, evaluate, number, rank, rank_with_last, tighten, truth
from xfkh.formula.exact import Exact, Interval, Truth, point
from xfkh.formula.tree import COMPARISONS, FALSE, TRUE, Apply, Number, Ref, num

CELLS = ("甲", "乙", "丙")
FLAGS = ("旗", "帜")
SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Worth = Fraction | bool


class UndefinedError(ArithmeticError):
    """A division that the evaluation leaves without bounds."""


# --- the oracle: one subject, Fractions


def half_away(value: Fraction, digits: int) -> Fraction:
    size = floor(abs(value) * Fraction(10) ** digits + Fraction(1, 2))
    return (-size if value < 0 else size) / Fraction(10) ** digits


def worth(node: Node, cells: Mapping[str, Worth]) -> Worth:
    """What a tree is worth for one subject. Raises UndefinedError where a division by 0 decides."""
    match node:
        case Number(value):
            return value
        case Ref(name):
            return cells[name]
        case Apply("IF", (condition, yes, no)):
            return worth(yes if worth(condition, cells) else no, cells)
        case Apply("TRUE" | "FALSE", _):
            return node.fn == "TRUE"
        case Apply("AND", args):
            return all(worths(args, cells))
        case Apply("OR", args):
            return any(worths(args, cells))
        case Apply("NOT", (inner,)):
            return not worth(inner, cells)
        case Apply(fn, args):
            return arithmetic(fn, [Fraction(each) for each in worths(args, cells)])
    raise AssertionError(node)


def worths(nodes: Sequence[Node], cells: Mapping[str, Worth]) -> list[Worth]:
    return [worth(node, cells) for node in nodes]


def arithmetic(fn: str, args: list[Fraction]) -> Worth:
    if fn == "/":
        if args[1] == 0:
            raise UndefinedError
        return args[0] / args[1]
    if fn == "ROUND":
        return half_away(args[0], int(args[1]))
    if fn in COMPARISONS:
        left, right = args
        return {
            "=": left == right,
            "<>": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }[fn]
    if fn in ("MIN", "MAX"):
        return (min if fn == "MIN" else max)(args)
    if fn == "neg":
        return -args[0]
    if fn == "ABS":
        return abs(args[0])
    if fn == "INT":
        return Fraction(floor(args[0]))
    left, right = args
    return left + right if fn == "+" else left - right if fn == "-" else left * right


def divides_badly(node: Node, cells: Mapping[str, Worth]) -> bool:
    """Whether any divisor that counts is 0 or less: such a quotient has no bounds."""
    match node:
        case Apply("IF", (condition, yes, no)):
            branch = yes if worth(condition, cells) else no
            return divides_badly(condition, cells) or divides_badly(branch, cells)
        case Apply(fn, args):
            if any(divides_badly(arg, cells) for arg in args):
                return True
            return fn == "/" and Fraction(worth(args[1], cells)) <= 0
    return False


# --- random trees, and random answers for them


def apply(fn: str, *args: Node) -> Node:
    return Apply(fn, args)


def several(fn: str, args: list[Node]) -> Node:
    return Apply(fn, tuple(args))


numbers: st.SearchStrategy[Node] = st.deferred(lambda: number_leaves | number_trees)
truths: st.SearchStrategy[Node] = st.deferred(lambda: truth_leaves | truth_trees)
FIGURES = ["0", "1", "2", "3", "7", "10", "-1", "-5", "1/2", "1/3", "-3/4", "0.05", "95/100"]
number_leaves: st.SearchStrategy[Node] = st.sampled_from([*map(Ref, CELLS), *map(num, FIGURES)])
truth_leaves: st.SearchStrategy[Node] = st.sampled_from([*(Ref(name, "是否") for name in FLAGS), TRUE, FALSE])
number_trees: st.SearchStrategy[Node] = st.one_of(
    st.builds(apply, st.sampled_from("+-*/"), numbers, numbers),
    st.builds(apply, st.sampled_from("+-*"), numbers, numbers),
    st.builds(several, st.sampled_from(["MIN", "MAX"]), st.lists(numbers, min_size=1, max_size=3)),
    st.builds(apply, st.sampled_from(["neg", "INT", "ABS"]), numbers),
    st.builds(apply, st.just("ROUND"), numbers, st.integers(-2, 4).map(num)),
    st.builds(apply, st.just("IF"), truths, numbers, numbers),
)
truth_trees: st.SearchStrategy[Node] = st.one_of(
    st.builds(apply, st.sampled_from(sorted(COMPARISONS)), numbers, numbers),
    st.builds(several, st.sampled_from(["AND", "OR"]), st.lists(truths, min_size=1, max_size=3)),
    st.builds(apply, st.just("NOT"), truths),
    st.builds(apply, st.just("IF"), truths, truths, truths),
)


# one step deep, where a wrong bound cannot hide in a wider one
near_leaves = number_leaves | st.builds(apply, st.sampled_from("+-"), number_leaves, number_leaves)
shallow_numbers = st.builds(apply, st.sampled_from(["*", "/", "/", "MIN", "MAX"]), near_leaves, near_leaves)
shallow_truths = st.builds(apply, st.sampled_from(sorted(COMPARISONS)), near_leaves, near_leaves)


class Span(NamedTuple):
    """What is known of a number: its least and most in steps; None where open."""

    low: int | None
    high: int | None


class Column(NamedTuple):
    """One cell of all subjects, in steps of 1/den."""

    den: int
    spans: list[Span]

    def value(self) -> Interval:
        low = Exact(steps([span.low for span in self.spans]), self.den, mask([span.low for span in self.spans]))
        if all(span.low is not None and span.low == span.high for span in self.spans):
            return point(low)
        high = Exact(steps([span.high for span in self.spans]), self.den, mask([span.high for span in self.spans]))
        return Interval(low, high)


def steps(values: Sequence[int | None]) -> exact.Array:
    """As the answers hold them: int64 where that suffices."""
    plain = [0 if value is None else value for value in values]
    return np.array(plain, dtype=np.int64 if all(abs(value) < 2**62 for value in plain) else object)


def mask(values: Sequence[int | None]) -> exact.Mask | None:
    open_rows = np.array([value is None for value in values], dtype=bool)
    return open_rows if open_rows.any() else None


small = st.integers(-12, 12)
counts = st.integers(0, 999_999)
huge = (
    st.integers(-(10**18), 10**18) | st.integers(-(10**30), 10**30) | st.sampled_from([2**62 - 1, 2**62, 2**63, 2**64])
)
dens = st.sampled_from([1, 1, 1, 10, 100, 10**6])


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """A known number, or bounds of which either may be open."""
    low = draw(small | counts)
    kind = draw(st.sampled_from(["known", "closed", "closed", "above", "below", "open"]))
    if kind == "known":
        return Span(low, low)
    high = low + draw(st.integers(0, 30))
    return Span(None if kind in ("below", "open") else low, None if kind in ("above", "open") else high)


def known_columns(rows: int, values: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Column]]:
    column = st.builds(
        Column, dens, st.lists(values.map(lambda value: Span(value, value)), min_size=rows, max_size=rows)
    )
    return st.fixed_dictionaries(dict.fromkeys(CELLS, column))


def open_columns(rows: int) -> st.SearchStrategy[dict[str, Column]]:
    column = st.builds(Column, dens, st.lists(spans(), min_size=rows, max_size=rows))
    return st.fixed_dictionaries(dict.fromkeys(CELLS, column))


FlagStates = dict[str, list[bool | None]]


def flag_states(rows: int, states: Sequence[bool | None]) -> st.SearchStrategy[FlagStates]:
    column = st.lists(st.sampled_from(states), min_size=rows, max_size=rows)
    return st.fixed_dictionaries(dict.fromkeys(FLAGS, column))


def frame_of(columns: Mapping[str, Column], flags: FlagStates, rows: int) -> Frame:
    frame = Frame(rows, {name: column.value() for name, column in columns.items()})
    for name, states in flags.items():
        frame.values[name] = Truth(
            np.array([state is True for state in states]), np.array([state is not False for state in states])
        )
    return frame


def row_of(columns: Mapping[str, Column], flags: FlagStates, row: int) -> dict[str, Worth]:
    cells: dict[str, Worth] = {}
    for name, column in columns.items():
        low = column.spans[row].low
        assert low is not None
        cells[name] = Fraction(low, column.den)
    return cells | {name: bool(states[row]) for name, states in flags.items()}


def completion(data: st.DataObject, columns: Mapping[str, Column], flags: FlagStates, row: int) -> dict[str, Worth]:
    """One way in which the unknown cells of a subject may turn out."""
    cells: dict[str, Worth] = {}
    for name, column in columns.items():
        cells[name] = Fraction(data.draw(within(column.spans[row]), label=name), column.den)
    for name, states in flags.items():
        state = states[row]
        cells[name] = data.draw(st.booleans(), label=name) if state is None else state
    return cells


def within(span: Span) -> st.SearchStrategy[int]:
    low, high = span
    if low is not None and high is not None:
        return st.sampled_from([low, high]) | st.integers(low, high)
    if low is not None:
        return st.integers(low, low + 20) | st.sampled_from([low, low + 10**9])
    if high is not None:
        return st.integers(high - 20, high) | st.sampled_from([high, high - 10**9])
    return st.integers(-20, 20) | st.sampled_from([10**9, -(10**9)])


def assert_holds(value: Fraction, bounds: Interval, row: int) -> None:
    low, high = bounds.low.fraction(row), bounds.high.fraction(row)
    assert low is None or low <= value, f"{value} lies below {low}"
    assert high is None or value <= high, f"{value} lies above {high}"


def integers(*values: int) -> Interval:
    return point(Exact(np.array(values, dtype=np.int64)))


def between(low: int, high: int | None) -> Interval:
    return Column(1, [Span(low, high)]).value()


def one(node: Node, **cells: Interval) -> tuple[object, object]:
    """The bounds of a tree for a single subject."""
    found = number(node, Frame(1, dict(cells)))
    return found.low.fraction(0), found.high.fraction(0)


# --- known answers


def assert_exact(node: Node, columns: Mapping[str, Column], flags: FlagStates, rows: int) -> None:
    found = evaluate(node, frame_of(columns, flags, rows))
    for row in range(rows):
        cells = row_of(columns, flags, row)
        try:
            expected = worth(node, cells)
            if divides_badly(node, cells):
                continue
        except UndefinedError:
            continue
        if isinstance(found, Interval):
            assert found.low.fraction(row) == found.high.fraction(row) == expected
            assert found.known[row]
        else:
            assert bool(found.must[row]) is bool(found.may[row]) is expected


@SETTINGS
@given(numbers, known_columns(3, small | counts), flag_states(3, [True, False]))
def test_known_answers_give_the_very_number(node: Node, columns: dict[str, Column], flags: FlagStates) -> None:
    assert_exact(node, columns, flags, 3)


@SETTINGS
@given(truths, known_columns(3, small | counts), flag_states(3, [True, False]))
def test_known_answers_decide_every_condition(node: Node, columns: dict[str, Column], flags: FlagStates) -> None:
    assert_exact(node, columns, flags, 3)


@SETTINGS
@given(numbers | truths, known_columns(2, huge), flag_states(2, [True, False]))
def test_numbers_beyond_64_bits_stay_exact(node: Node, columns: dict[str, Column], flags: FlagStates) -> None:
    assert_exact(node, columns, flags, 2)


def test_a_product_that_overflows_64_bits_is_exact() -> None:
    big = 10**12 + 1
    power: Node = Ref("甲")
    for _ in range(4):
        power = apply("*", power, Ref("甲"))
    assert one(power, 甲=integers(big)) == (big**5, big**5)
    assert one(apply("-", power, power), 甲=integers(big)) == (0, 0)
    assert one(apply("/", apply("+", power, num(1)), power), 甲=integers(big))[0] == Fraction(big**5 + 1, big**5)


def test_whole_numbers_of_a_tiny_fraction_are_0_and_minus_1() -> None:
    tiny = apply("*", Ref("甲"), num(Fraction(1, 10**40)))
    assert one(apply("INT", tiny), 甲=integers(5)) == (0, 0)
    assert one(apply("INT", tiny), 甲=integers(-5)) == (-1, -1)
    assert one(apply("ROUND", tiny, num(2)), 甲=integers(5)) == (0, 0)


def test_an_empty_cohort_is_evaluated_to_nothing() -> None:
    frame = Frame(0, {"甲": integers(), "乙": integers()})
    node = apply("ROUND", apply("/", Ref("甲"), apply("MAX", Ref("乙"), num(1))), num(2))
    assert len(number(node, frame).low.num) == 0
    assert len(number(apply("RANK", Ref("甲"), TRUE), frame).low.num) == 0


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.675", 2, "2.68"),
        ("-2.675", 2, "-2.68"),
        ("1.005", 2, "1.01"),
        ("-1.005", 2, "-1.01"),
        ("1.00499999999999999999", 2, "1"),
        ("-1.00499999999999999999", 2, "-1"),
        ("0.004999", 2, "0"),
        ("15", -1, "20"),
        ("-15", -1, "-20"),
        ("14.999", -1, "10"),
        ("150", -2, "200"),
        ("1/3", 3, "0.333"),
        ("-2/3", 3, "-0.667"),
        ("123456789012345678.5", 0, "123456789012345679"),
    ],
)
def test_rounding_is_half_away_from_zero(value: str, digits: int, expected: str) -> None:
    assert one(apply("ROUND", num(value), num(digits)))[0] == Fraction(expected)


@pytest.mark.parametrize(("value", "expected"), [("2.9", 2), ("-2.1", -3), ("-2", -2), ("0", 0), ("-1/3", -1)])
def test_int_goes_down_also_below_zero(value: str, expected: int) -> None:
    assert one(apply("INT", num(value)))[0] == expected


def test_round_refuses_digits_that_are_not_a_whole_number() -> None:
    for digits in (Ref("甲"), num("1/2")):
        with pytest.raises(FormulaError, match="位数"):
            one(apply("ROUND", Ref("甲"), digits), 甲=integers(1))


# --- unknown answers


@SETTINGS
@given(st.data(), numbers | shallow_numbers, open_columns(2), flag_states(2, [True, False, None]))
def test_every_completion_of_a_number_lies_within_its_bounds(
    data: st.DataObject, node: Node, columns: dict[str, Column], flags: FlagStates
) -> None:
    found = number(node, frame_of(columns, flags, 2))
    for row in (0, 1, 0, 1):
        try:
            value = Fraction(worth(node, completion(data, columns, flags, row)))
        except UndefinedError:
            continue
        assert_holds(value, found, row)


@SETTINGS
@given(st.data(), truths | shallow_truths, open_columns(2), flag_states(2, [True, False, None]))
def test_every_completion_of_a_condition_agrees_with_must_and_may(
    data: st.DataObject, node: Node, columns: dict[str, Column], flags: FlagStates
) -> None:
    found = truth(node, frame_of(columns, flags, 2))
    for row in (0, 1, 0, 1):
        try:
            held = worth(node, completion(data, columns, flags, row))
        except UndefinedError:
            continue
        assert held or not found.must[row]
        assert found.may[row] or not held


@SETTINGS
@given(numbers, open_columns(3), flag_states(3, [True, False, None]))
def test_a_subject_whose_cells_are_known_is_a_point_whatever_the_others_are(
    node: Node, columns: dict[str, Column], flags: FlagStates
) -> None:
    for column in columns.values():
        low = next((span.low for span in column.spans if span.low is not None), 1)
        column.spans[1] = Span(low, low)
    for states in flags.values():
        states[1] = bool(states[1])
    cells = row_of(columns, flags, 1)
    try:
        expected = worth(node, cells)
        if divides_badly(node, cells):
            return
    except UndefinedError:
        return
    found = number(node, frame_of(columns, flags, 3))
    assert found.known[1]
    assert found.low.fraction(1) == found.high.fraction(1) == expected


# --- tight where it is promised


@st.composite
def sums(draw: st.DrawFn) -> tuple[Node, dict[str, Fraction], Fraction]:
    """A sum written in any order and grouping, with the factor of each cell and the constant it comes to."""
    factors = dict.fromkeys(CELLS, Fraction(0))
    constant = Fraction(0)
    tree: Node = num(0)
    for _ in range(draw(st.integers(1, 7))):
        name = draw(st.sampled_from([*CELLS, ""]))
        factor = draw(st.sampled_from(["1", "1", "2", "-1", "1/2", "-3", "0"]).map(Fraction))
        minus = draw(st.booleans())
        leaf: Node = Ref(name) if name else num(1)
        pair = (num(factor), leaf) if draw(st.booleans()) else (leaf, num(factor))
        term = leaf if factor == 1 else apply("neg", leaf) if factor == -1 else Apply("*", pair)
        tree = apply("-" if minus else "+", tree, term)
        signed = -factor if minus else factor
        if name:
            factors[name] += signed
        else:
            constant += signed
        if draw(st.integers(0, 4)) == 0:
            tree, constant = apply("neg", tree), -constant
            factors = {each: -value for each, value in factors.items()}
    return tree, factors, constant


def span_of(
    factors: Mapping[str, Fraction], constant: Fraction, columns: Mapping[str, Column]
) -> list[Fraction | None]:
    """The least and the most of a sum gathered by term."""
    found: list[Fraction | None] = [constant, constant]
    for name, factor in factors.items():
        ends = columns[name].spans[0] if factor > 0 else columns[name].spans[0][::-1]
        for k, end in enumerate(ends if factor else ()):
            before = found[k]
            found[k] = None if end is None or before is None else before + factor * Fraction(end, columns[name].den)
    return found


@SETTINGS
@given(sums(), open_columns(1))
def test_a_sum_has_exactly_the_bounds_of_its_gathered_terms(
    made: tuple[Node, dict[str, Fraction], Fraction], columns: dict[str, Column]
) -> None:
    tree, factors, constant = made
    found = number(tree, frame_of(columns, {}, 1))
    assert [found.low.fraction(0), found.high.fraction(0)] == span_of(factors, constant, columns)


def test_a_minus_b_plus_twice_b_has_the_bounds_of_a_plus_b() -> None:
    node = apply("+", apply("-", Ref("甲"), Ref("乙")), apply("*", num(2), Ref("乙")))
    assert one(node, 甲=between(1, 4), 乙=between(0, 10)) == (1, 14)
    assert one(node, 甲=between(1, 4), 乙=between(0, None)) == (1, None)


def test_a_thing_minus_itself_is_0_even_if_nothing_is_known_of_it() -> None:
    rate = apply("/", Ref("甲"), Ref("乙"))
    assert one(apply("-", rate, rate), 甲=between(0, None), 乙=between(0, None)) == (0, 0)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (apply("MIN", num(6), Ref("甲")), (0, 6)),
        (apply("MAX", num(6), Ref("甲")), (6, None)),
        (apply("MAX", num(0), apply("-", num(6), Ref("甲"))), (0, 6)),
        (apply("ROUND", apply("*", Ref("乙"), num("0.335")), num(2)), (0, Fraction("3.35"))),
        (apply("INT", apply("/", Ref("乙"), num(3))), (0, 3)),
        (apply("*", Ref("甲"), Ref("乙")), (0, None)),
        (apply("*", apply("+", Ref("甲"), num(2)), apply("+", Ref("乙"), num(3))), (6, None)),
        (apply("*", Ref("乙"), apply("-", Ref("乙"), num(3))), (-30, 70)),
        (apply("/", num(10), apply("+", Ref("甲"), num(2))), (0, 5)),
        (apply("/", num(-10), apply("+", Ref("甲"), num(2))), (-5, 0)),
        (apply("/", num(-10), apply("+", Ref("乙"), num(2))), (-5, Fraction(-10, 12))),
        (apply("/", Ref("乙"), apply("+", Ref("甲"), num(1))), (0, 10)),
        (apply("IF", apply(">=", Ref("乙"), num(11)), num(1), num(2)), (2, 2)),
        (apply("IF", apply(">=", Ref("乙"), num(10)), num(1), num(2)), (1, 2)),
    ],
)
def test_an_unknown_count_bounds_what_is_made_of_it(node: Node, expected: tuple[Fraction, Fraction]) -> None:
    assert one(node, 甲=between(0, None), 乙=between(0, 10)) == expected


@pytest.mark.parametrize(
    ("sign", "limit", "decided"),
    [
        ("<=", 10, True),
        ("<=", 9, None),
        ("<=", -1, False),
        ("<", 11, True),
        ("<", 0, False),
        (">=", 0, True),
        (">=", 10, None),
        (">", 10, False),
        ("=", 11, False),
        ("=", 10, None),
        ("<>", 11, True),
        ("<>", 0, None),
    ],
)
def test_an_unknown_count_decides_a_comparison_only_where_it_cannot_be_otherwise(
    sign: str, limit: int, decided: bool | None
) -> None:
    found = truth(apply(sign, Ref("乙"), num(limit)), Frame(1, {"乙": between(0, 10)}))
    assert (bool(found.must[0]), bool(found.may[0])) == (decided is True, decided is not False)


@pytest.mark.parametrize("sign", sorted(COMPARISONS))
def test_a_count_without_an_upper_bound_leaves_a_comparison_open(sign: str) -> None:
    for node in (apply(sign, Ref("甲"), num(5)), apply(sign, num(5), Ref("甲"))):
        found = truth(node, Frame(1, {"甲": between(0, None)}))
        assert (found.must[0], found.may[0]) == (False, True)


# --- division


@pytest.mark.parametrize("divisor", [between(0, 0), between(0, 5), between(0, None), between(-3, 3), between(-3, -1)])
@pytest.mark.parametrize("divided", [between(0, 0), between(1, 4), between(1, None), between(-2, 2)])
def test_a_quotient_by_what_may_be_0_or_less_has_no_bounds(divided: Interval, divisor: Interval) -> None:
    assert one(apply("/", Ref("甲"), Ref("乙")), 甲=divided, 乙=divisor) == (None, None)


def test_a_division_by_0_leaves_the_other_subjects_exact() -> None:
    found = number(apply("/", Ref("甲"), Ref("乙")), Frame(3, {"甲": integers(1, 2, 3), "乙": integers(4, 0, 9)}))
    assert [found.low.fraction(row) for row in range(3)] == [Fraction(1, 4), None, Fraction(1, 3)]
    assert found.known.tolist() == [True, False, True]


def test_a_division_by_0_behind_a_condition_does_no_harm() -> None:
    guarded = apply("IF", apply("=", Ref("乙"), num(0)), num(100), apply("/", Ref("甲"), Ref("乙")))
    found = number(guarded, Frame(2, {"甲": integers(1, 3), "乙": integers(0, 4)}))
    assert [found.low.fraction(row) for row in range(2)] == [100, Fraction(3, 4)]
    assert found.known.all()


def test_a_comparison_with_an_undefined_rate_is_open() -> None:
    rate = apply(">=", apply("/", Ref("甲"), Ref("乙")), num("0.95"))
    found = truth(rate, Frame(1, {"甲": integers(0), "乙": integers(0)}))
    assert (found.must.tolist(), found.may.tolist()) == ([False], [True])


# --- ranks

Standing = tuple[Span, str]
standings = st.lists(st.tuples(spans(), st.sampled_from(["in", "in", "out", "open"])), min_size=1, max_size=6)


def competition(values: Sequence[Fraction], eligible: Sequence[bool]) -> list[int]:
    return [1 + sum(e and other > own for other, e in zip(values, eligible, strict=True)) for own in values]


def eligibility(rows: Sequence[Standing]) -> Truth:
    return Truth(np.array([how == "in" for _, how in rows]), np.array([how != "out" for _, how in rows]))


@SETTINGS
@given(st.data(), standings)
def test_the_rank_of_every_completion_lies_within_its_bounds(data: st.DataObject, rows: list[Standing]) -> None:
    found = rank(Column(1, [span for span, _ in rows]).value(), eligibility(rows))
    for _ in range(3):
        values = [Fraction(data.draw(within(span))) for span, _ in rows]
        chosen = [how == "in" or (how == "open" and data.draw(st.booleans())) for _, how in rows]
        for row, place in enumerate(competition(values, chosen)):
            assert_holds(Fraction(place), found, row)


def competition_with_last(values: Sequence[Fraction], eligible: Sequence[bool], last: Sequence[bool]) -> list[int]:
    keys = [(not behind, value) for behind, value in zip(last, values, strict=True)]
    return [1 + sum(e and other > own for other, e in zip(keys, eligible, strict=True)) for own in keys]


LASTS = ["no", "no", "last", "may be"]


@SETTINGS
@given(st.data(), standings)
def test_the_rank_of_every_completion_lies_within_its_bounds_where_some_may_be_last(
    data: st.DataObject, rows: list[Standing]
) -> None:
    said = [data.draw(st.sampled_from(LASTS)) for _ in rows]
    last = Truth(np.array([each == "last" for each in said]), np.array([each != "no" for each in said]))
    found = rank_with_last(Column(1, [span for span, _ in rows]).value(), eligibility(rows), last)
    for _ in range(3):
        values = [Fraction(data.draw(within(span))) for span, _ in rows]
        chosen = [how == "in" or (how == "open" and data.draw(st.booleans())) for _, how in rows]
        behind = [each == "last" or (each == "may be" and data.draw(st.booleans())) for each in said]
        for row, place in enumerate(competition_with_last(values, chosen, behind)):
            assert_holds(Fraction(place), found, row)


@SETTINGS
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from(["in", "open"]), st.sampled_from(LASTS)),
        min_size=1,
        max_size=4,
    )
)
def test_no_rank_with_last_ones_is_left_wider_than_all_completions_make_it(
    rows: list[tuple[int, int, str, str]],
) -> None:
    """Every completion of a few rows: values, who takes part, who is last."""
    ways = [
        [
            (Fraction(value), there, behind)
            for value in {low, low + width}
            for there in ((True,) if how == "in" else (True, False))
            for behind in ({"no": (False,), "last": (True,), "may be": (True, False)}[said])
        ]
        for low, width, how, said in rows
    ]
    seen = [set[int]() for _ in rows]
    for chosen in product(*ways):
        values, there, behind = zip(*chosen, strict=True)
        for row, place in enumerate(competition_with_last(values, there, behind)):
            seen[row].add(place)
    standing = [(Span(low, low + width), how) for low, width, how, _ in rows]
    last = Truth(np.array([said == "last" for *_, said in rows]), np.array([said != "no" for *_, said in rows]))
    found = rank_with_last(Column(1, [span for span, _ in standing]).value(), eligibility(standing), last)
    for row, places in enumerate(seen):
        bounds = (found.low.fraction(row), found.high.fraction(row))
        assert bounds == (Fraction(min(places)), Fraction(max(places)))


@SETTINGS
@given(st.lists(st.tuples(small, st.booleans(), st.booleans()), min_size=1, max_size=8))
def test_a_settled_rank_puts_the_last_behind_all_others(rows: list[tuple[int, bool, bool]]) -> None:
    there, behind = (np.array([row[k] for row in rows]) for k in (1, 2))
    found = rank_with_last(
        integers(*(row[0] for row in rows)), Truth(there, there), Truth(behind, behind), settled=True
    )
    expected = competition_with_last([Fraction(row[0]) for row in rows], there.tolist(), behind.tolist())
    assert [int(place) for place in found.low.num] == expected


@SETTINGS
@given(st.data(), standings)
def test_with_more_to_come_a_rank_has_no_upper_bound_and_the_same_least(
    data: st.DataObject, rows: list[Standing]
) -> None:
    said = [data.draw(st.sampled_from(LASTS)) for _ in rows]
    last = Truth(np.array([each == "last" for each in said]), np.array([each != "no" for each in said]))
    value, who = Column(1, [span for span, _ in rows]).value(), eligibility(rows)
    found, alone = (rank_with_last(value, who, last, more=more) for more in (True, False))
    assert found.high.infinite().all()
    assert found.low.num.tolist() == alone.low.num.tolist()


@SETTINGS
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.sampled_from(["in", "out", "open"])), min_size=1))
def test_no_rank_is_left_wider_than_the_others_make_it(rows: list[tuple[int, int, str]]) -> None:
    standing = [(Span(low, low + width), how) for low, width, how in rows]
    found = rank(Column(1, [span for span, _ in standing]).value(), eligibility(standing))
    for row, (low, width, _) in enumerate(rows):
        others = [each for k, each in enumerate(rows) if k != row]
        ahead = sum(how == "in" and other > low + width for other, _, how in others)
        behind = sum(how != "out" and other + more > low for other, more, how in others)
        assert (found.low.fraction(row), found.high.fraction(row)) == (Fraction(1 + ahead), Fraction(1 + behind))


def test_a_lone_subject_is_first_whatever_it_gets() -> None:
    frame = Frame(1, {"甲": between(0, None)})
    assert number(apply("RANK", Ref("甲"), TRUE), frame).known.all()


@SETTINGS
@given(standings)
def test_a_settled_rank_counts_only_those_whose_standing_is_sure(rows: list[Standing]) -> None:
    found = rank(Column(1, [span for span, _ in rows]).value(), eligibility(rows), settled=True)
    sure = [Fraction(span.low) for span, how in rows if how == "in" and span.low is not None and span.low == span.high]
    for row, (span, how) in enumerate(rows):
        if how == "in" and span.low is not None and span.low == span.high:
            assert found.low.fraction(row) == found.high.fraction(row) == 1 + sum(other > span.low for other in sure)


@SETTINGS
@given(st.lists(small, min_size=1, max_size=8))
def test_the_ranks_of_known_values_are_competition_ranks(values: list[int]) -> None:
    everyone = np.ones(len(values), dtype=bool)
    found = rank(integers(*values), Truth(everyone, everyone))
    expected = competition([Fraction(value) for value in values], [True] * len(values))
    assert found.low.num.tolist() == found.high.num.tolist() == expected


def test_ties_share_a_rank_and_leave_a_gap() -> None:
    found = number(apply("RANK", Ref("甲"), TRUE), Frame(4, {"甲": integers(90, 80, 90, 70)}))
    assert found.low.num.tolist() == [1, 3, 1, 4]


def test_only_those_who_meet_the_condition_stand_in_the_way() -> None:
    frame = Frame(
        3, {"甲": integers(9, 8, 7), "旗": Truth(np.array([False, True, True]), np.array([False, True, True]))}
    )
    found = number(apply("RANK", Ref("甲"), Ref("旗", "是否")), frame)
    assert found.low.num.tolist()[1:] == [1, 2]


def test_subjects_that_are_not_counted_do_not_push_anyone_down() -> None:
    frame = Frame(3, {"甲": integers(9, 8, 7)}, counted=Truth(*[np.array([False, True, True])] * 2))
    assert number(apply("RANK", Ref("甲"), TRUE), frame).low.num.tolist()[1:] == [1, 2]


@SETTINGS
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=1, max_size=6))
@example([(1, 2), (3, 10)])
def test_rates_are_ranked_by_their_value_whatever_their_denominators(rates: list[tuple[int, int]]) -> None:
    above, below = zip(*rates, strict=True)
    frame = Frame(len(rates), {"甲": integers(*above), "乙": integers(*below)})
    found = number(apply("RANK", apply("/", Ref("甲"), Ref("乙")), TRUE), frame)
    expected = competition([Fraction(a, b) for a, b in rates], [True] * len(rates))
    assert found.low.num.tolist() == expected


# --- closed checks narrow what is unknown


class Closed(NamedTuple):
    """A check between cells as a tree and as a test of whole numbers."""

    node: Node
    holds: Callable[[int, int, int], bool]


def at_most(left: str, right: str) -> Node:
    return apply("<=", Ref(left), Ref(right))


CLOSED = [
    Closed(at_most("甲", "乙"), lambda a, b, c: a <= b),
    Closed(at_most("乙", "丙"), lambda a, b, c: b <= c),
    Closed(apply(">=", Ref("甲"), Ref("丙")), lambda a, b, c: a >= c),
    Closed(apply("AND", at_most("甲", "乙"), at_most("乙", "丙")), lambda a, b, c: a <= b <= c),
    Closed(apply("<=", apply("+", Ref("甲"), Ref("乙")), Ref("丙")), lambda a, b, c: a + b <= c),
    Closed(apply("<=", Ref("甲"), apply("*", num(2), Ref("乙"))), lambda a, b, c: a <= 2 * b),
    Closed(apply("<=", Ref("甲"), num(5)), lambda a, b, c: a <= 5),
    Closed(apply("<", Ref("甲"), Ref("乙")), lambda a, b, c: a < b),
    Closed(
        apply("NOT", apply("AND", apply(">", Ref("甲"), num(0)), apply(">", Ref("乙"), num(0)))),
        lambda a, b, c: not (a > 0 and b > 0),
    ),
    Closed(apply("OR", at_most("甲", "乙"), at_most("乙", "甲")), lambda a, b, c: True),
]
Row = tuple[int, int, int]


@st.composite
def around(draw: st.DrawFn, value: int) -> Span:
    """What may be known of a number that will turn out to be ``value``."""
    below = draw(st.sampled_from([0, 0, 1, 5, None]))
    above = draw(st.sampled_from([0, 0, 1, 5, None]))
    return Span(None if below is None else value - below, None if above is None else value + above)


@SETTINGS
@given(
    st.data(),
    st.lists(st.tuples(small, small, small), min_size=1, max_size=3),
    st.lists(st.sampled_from(CLOSED), max_size=4),
)
def test_tightening_keeps_every_completion_that_satisfies_the_checks(
    data: st.DataObject, rows: list[Row], checks: list[Closed]
) -> None:
    columns = {name: Column(1, [data.draw(around(row[k])) for row in rows]) for k, name in enumerate(CELLS)}
    frame = frame_of(columns, {}, len(rows))
    before = dict(frame.values)
    tighten([check.node for check in checks], frame)
    for row, values in enumerate(rows):
        for name, value in zip(CELLS, values, strict=True):
            narrowed, wide = frame.values[name], before[name]
            assert isinstance(narrowed, Interval) and isinstance(wide, Interval)
            if all(check.holds(*values) for check in checks):
                assert_holds(Fraction(value), narrowed, row)
            if wide.known[row]:
                assert narrowed.low.fraction(row) == narrowed.high.fraction(row) == wide.low.fraction(row)


def narrowed(checks: list[Node], **cells: Interval) -> dict[str, tuple[object, object]]:
    frame = Frame(1, dict(cells))
    tighten(checks, frame)
    found: dict[str, tuple[object, object]] = {}
    for name, value in frame.values.items():
        assert isinstance(value, Interval)
        found[name] = (value.low.fraction(0), value.high.fraction(0))
    return found


def test_an_unknown_part_is_at_most_its_known_whole_and_the_other_way_round() -> None:
    checks = [at_most("甲", "乙"), at_most("乙", "丙")]
    found = narrowed(checks, 甲=between(0, None), 乙=between(0, None), 丙=between(3, 3))
    assert found == {"甲": (0, 3), "乙": (0, 3), "丙": (3, 3)}
    found = narrowed(checks, 甲=between(2, 2), 乙=between(0, None), 丙=between(0, None))
    assert found == {"甲": (2, 2), "乙": (2, None), "丙": (2, None)}


def test_a_contradiction_leaves_the_bounds_as_they_were() -> None:
    found = narrowed([at_most("甲", "乙")], 甲=between(5, 9), 乙=between(3, 3))
    assert found == {"甲": (5, 9), "乙": (3, 3)}
