"""The kinds of rule: parameters → lines → points, within the item's cap and floor, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xfkh.formula import formula
from xfkh.formula.evaluate import Frame, number, truth
from xfkh.formula.exact import Exact, Interval, Truth, point
from xfkh.model import YEAR, Input, InputKind, Item, RuleSpec
from xfkh.rules import KINDS, Rule, RuleError, compile_item, compile_part, rule_checks, vocabulary
from xfkh.rules.points import counts, points, reason
from xfkh.scheme import read_text

SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TOML = """
[scheme]
id = "small"
title = "小方案"
version = "1"
status = "示范"
source = "测试"
date = "2025-01-01"

[[parameter]]
id = "基准"
value = 3
text = "达标的基准"

[[part]]
name = "单位"
section = [{ id = "一", title = "大项", points = 2 }]
input = [
  { name = "旗", kind = "是否" },
  { name = "规范", kind = "是否" },
  { name = "个访批次", kind = "件数", unit = "批次" },
  { name = "集访批次", kind = "件数", unit = "批次" },
  { name = "迟到次数", kind = "件数" },
  { name = "交办件数", kind = "件数", unit = "件" },
  { name = "办结件数", kind = "件数", unit = "件" },
  { name = "应访件数", kind = "件数", unit = "件" },
  { name = "回访件数", kind = "件数", unit = "件" },
  { name = "信息条数", kind = "件数", unit = "条", series = 12 },
  { name = "活动次数", kind = "件数", unit = "次", series = 4 },
  { name = "月报", kind = "是否", series = 12 },
  { name = "资金", kind = "数值", unit = "万元", decimals = 2 },
  { name = "现场评分", kind = "评分", maximum = 5, decimals = 2 },
  { name = "评比分", kind = "数值", origin = "复查", maximum = 100, decimals = 1, optional = "未评比：不加分" },
  { name = "说明", kind = "文字", origin = "名册" },
  { name = "批评次数", kind = "件数", unit = "次" },
  { name = "批评合计", kind = "数值", unit = "分", decimals = 2 },
  { name = "众评", kind = "多人评分", origin = "复查", maximum = 5, decimals = 1 },
]

[[part.item]]
id = "一2"
section = "一"
title = "乙"
points = 1
clause = "一2"
rule = [{ kind = "是否得分", input = "旗" }]

[[part.item]]
id = "一1"
section = "一"
title = "甲"
points = 1
clause = "一1"
rule = [{ kind = "达标", condition = "规范" }]
"""
SCHEME, _ = read_text(TOML)
RATERS = ("众评[1]", "众评[2]", "众评[3]")
PART = SCHEME.part("单位").with_raters({"众评": 3})

Answers = Mapping[str, Any]
Spec = RuleSpec


def spec(kind: str, **params: Any) -> Spec:
    return RuleSpec(kind, params)


def rule(*specs: Spec, of: str | None = "6", id: str = "一1", period: str = YEAR, annual: bool = False) -> Rule:
    full = None if of is None else Fraction(of)
    return compile_item(SCHEME, PART, Item(id, "一", "指标", full, "一", specs, annual), period)


def cell_value(each: Input, given: list[Any]) -> Interval | Truth:
    """Known answers; None is unknown."""
    if each.kind is InputKind.FLAG:
        return Truth(np.array([value is True for value in given]), np.array([value is not False for value in given]))
    den = 10**each.decimals
    low = Exact(np.array([int(Fraction(value or 0) * den) for value in given], dtype=np.int64), den)
    open_rows = np.array([value is None for value in given])
    if not open_rows.any():
        return point(low)
    if each.maximum is None:
        return Interval(low, Exact(low.num, den, open_rows))
    return Interval(low, Exact(np.where(open_rows, each.maximum * den, low.num), den))


def frame(*rows: Answers) -> Frame:
    """What the subjects answered; what is not named is 0 or 否. An optional 评比分 not named is absent."""
    made = Frame(len(rows))
    for each in PART.inputs:
        usual: Any = False if each.kind is InputKind.FLAG else 0
        for cell in each.cells:
            made.values[cell] = cell_value(each, [row.get(cell, usual) for row in rows])
    known = np.array(["评比分" in row for row in rows])
    made.given["评比分"] = Truth(known, known)
    for cell in RATERS:  # a rater who is not named gave no mark; None is a mark that cannot be read
        there = np.array([cell in row for row in rows])
        made.given[cell] = Truth(there, there)
    return made


def got(made: Rule, answers: Answers) -> Fraction | None:
    """The points of one subject, all of whose answers are known."""
    low, high = bounds(made, answers)
    assert low == high
    return low


def bounds(made: Rule, answers: Answers) -> tuple[Fraction | None, Fraction | None]:
    found = number(made.tree, frame(answers))
    return found.low.fraction(0), found.high.fraction(0)


def why(made: Rule, answers: Answers, *others: Answers) -> str:
    """The sentence that a subject is told."""
    here = frame(answers, *others)
    here.settled = True
    value = number(made.tree, here).low.fraction(0)
    assert value is not None
    return reason(made, counts(made, here), value, 0)


def rounded(value: Fraction) -> Fraction:
    size = Fraction(floor(abs(value) * 100 + Fraction(1, 2)), 100)
    return -size if value < 0 else size


# --- random rules of every kind

small = st.integers(0, 8)
some_points = st.sampled_from(["0.5", "1", "1.5", "2", "0.335", "1/3", "4"])
COUNTS = ["个访批次", "集访批次", "迟到次数", "交办件数", "办结件数"]
count_names = st.sampled_from(COUNTS)
CONDITIONS = [
    '旗="是"',
    '规范="否"',
    "个访批次=0",
    "资金>=基准",
    "办结件数/交办件数>=95%",
    "回访件数/应访件数>=100%",
    "AND(旗,集访批次<=2)",
]


@st.composite
def steps(draw: st.DrawFn) -> str:
    reached = sorted(draw(st.sets(st.integers(1, 6), min_size=1, max_size=3)))
    return "，".join(f"{count}：{draw(st.integers(1, 6))}" for count in reached)


@st.composite
def places(draw: st.DrawFn) -> str:
    last = draw(st.integers(1, 3))
    marks = sorted(draw(st.sets(st.integers(1, 9), min_size=last, max_size=last)), reverse=True)
    return ", ".join(f"{place}:{mark}" for place, mark in enumerate(marks, 1))


def specs_of(kind: str, **params: st.SearchStrategy[Any]) -> st.SearchStrategy[Spec]:
    return st.fixed_dictionaries(params).map(lambda drawn: RuleSpec(kind, drawn))


EXAMPLES: dict[str, st.SearchStrategy[Spec]] = {
    "是否得分": specs_of("是否得分", input=st.just("旗"), earns=st.sampled_from(["是", "否"])),
    "评审打分": specs_of("评审打分", input=st.just("现场评分")),
    "按次扣分": specs_of("按次扣分", input=count_names, each=some_points),
    "缺项扣分": specs_of(
        "缺项扣分", input=st.sampled_from([*COUNTS, "信息条数", "活动次数"]), quota=st.integers(1, 4), each=some_points
    ),
    "阶梯": specs_of("阶梯", input=count_names, steps=steps()),
    "清单": specs_of(
        "清单", conditions=st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=4), each=some_points
    ),
    "达标": specs_of("达标", condition=st.sampled_from(CONDITIONS)),
    "零发生加分": specs_of(
        "零发生加分", inputs=st.lists(count_names, min_size=1, max_size=3, unique=True).map("、".join)
    ),
    "按次加分": specs_of("按次加分", input=count_names, each=some_points),
    "名次加分": specs_of(
        "名次加分", input=st.just("评比分"), places=places(), among=st.sampled_from(["", '规范="是"'])
    ),
    "公式": specs_of(
        "公式", formula=st.sampled_from(["11", "个访批次/2-1", "MIN(集访批次,3)*0.7", "MAX(信息条数)-资金"])
    ),
}
EXAMPLES["裁量区间"] = specs_of(
    "裁量区间",
    input=st.just("批评合计"),
    count=st.sampled_from(["", "批评次数"]),
    least=st.just(5),
    most=st.just(10),
    sign=st.sampled_from(["扣", "加"]),
)
EXAMPLES["多人评分"] = specs_of("多人评分", input=st.just("众评"))
DEDUCTING = ["按次扣分", "缺项扣分", "阶梯", "清单"]
MONTHS = [f"信息条数[{month}]" for month in range(1, 13)]
QUARTERS = [f"活动次数[{quarter}]" for quarter in range(1, 5)]
answer_rows: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        **dict.fromkeys([*COUNTS, "应访件数", "回访件数", *MONTHS, *QUARTERS], small),
        **{name: st.booleans() for name in ["旗", "规范"]},
        "资金": st.integers(0, 600).map(lambda cents: Fraction(cents, 100)),
        "现场评分": st.integers(0, 500).map(lambda cents: Fraction(cents, 100)),
        "批评合计": st.integers(0, 3000).map(lambda cents: Fraction(cents, 100)),
        "批评次数": small,
        "众评[1]": st.integers(0, 50).map(lambda tenths: Fraction(tenths, 10)),
    },
    optional={
        "评比分": st.integers(900, 905).map(lambda tenths: Fraction(tenths, 10)),
        "众评[2]": st.integers(0, 50).map(lambda tenths: Fraction(tenths, 10)),
        "众评[3]": st.integers(0, 50).map(lambda tenths: Fraction(tenths, 10)),
    },
)


def test_every_kind_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(KINDS)


def from_lines(made: Rule, here: Frame, row: int) -> Fraction:
    """The points by hand from the lines: their sum, the floor, the cap, two decimals."""
    raw = Fraction(0)
    for line, count in zip(made.lines, counts(made, here), strict=True):
        value = count.low.fraction(row)
        assert value is not None
        raw += value * line.each
    if made.full:
        return rounded(max(Fraction(0), (made.points or 0) + raw))
    return rounded(raw if made.points is None else min(made.points, raw))


@pytest.mark.parametrize("kind", EXAMPLES)
@SETTINGS
@given(st.data())
def test_the_lines_with_cap_and_floor_are_the_points_of_the_tree(kind: str, data: st.DataObject) -> None:
    made = rule(data.draw(EXAMPLES[kind]), of="5")
    rows = data.draw(st.lists(answer_rows, min_size=1, max_size=3))
    here = frame(*rows)
    found = points({made.id: made}, here)[made.id]
    for row in range(len(rows)):
        assert found.low.fraction(row) == found.high.fraction(row) == from_lines(made, here, row)


@SETTINGS
@given(st.data(), st.lists(st.sampled_from(DEDUCTING), min_size=2, max_size=3), answer_rows)
def test_the_pieces_of_an_item_share_one_full_mark_and_one_floor(
    data: st.DataObject, kinds: list[str], answers: dict[str, Any]
) -> None:
    pieces = [data.draw(EXAMPLES[kind]) for kind in kinds]
    made, here = rule(*pieces), frame(answers)
    losses = sum((Fraction(6000) - (got(rule(each, of="6000"), answers) or 0) for each in pieces), Fraction(0))
    value = got(made, answers)
    assert value == from_lines(made, here, 0)
    # each piece alone is rounded to 2 decimals once
    assert value is not None
    assert abs(value - max(Fraction(0), 6 - losses)) <= Fraction(len(pieces), 100)


@pytest.mark.parametrize("kind", EXAMPLES)
@SETTINGS
@given(st.data())
def test_an_item_with_unknown_answers_is_bounded_by_what_they_may_be(kind: str, data: st.DataObject) -> None:
    made = rule(data.draw(EXAMPLES[kind]), of="5")
    full = data.draw(answer_rows)
    open_cells = data.draw(st.sets(st.sampled_from([*made.needs, "旗"])))
    low, high = bounds(made, {**full, **dict.fromkeys(open_cells)})
    value = got(made, full)
    assert value is not None
    assert low is None or low <= value
    assert high is None or value <= high


# --- each kind, by hand


@pytest.mark.parametrize(
    ("earns", "answer", "points"), [("是", True, 6), ("是", False, 0), ("否", True, 0), ("否", False, 6)]
)
def test_yes_or_no_earns_all_or_nothing(earns: str, answer: bool, points: int) -> None:
    assert got(rule(spec("是否得分", input="旗", earns=earns)), {"旗": answer}) == points


@pytest.mark.parametrize("given", ["0", "3.25", "5"])
def test_judged_points_count_as_they_are(given: str) -> None:
    assert got(rule(spec("评审打分", input="现场评分"), of="5"), {"现场评分": Fraction(given)}) == Fraction(given)


@pytest.mark.parametrize(("count", "points"), [(0, "6"), (1, "4.5"), (3, "1.5"), (4, "0"), (5, "0"), (999_999, "0")])
def test_each_occurrence_deducts_down_to_0(count: int, points: str) -> None:
    assert got(rule(spec("按次扣分", input="集访批次", each="1.5")), {"集访批次": count}) == Fraction(points)


def test_what_is_counted_may_be_a_formula() -> None:
    made = rule(spec("按次扣分", input="交办件数", each=2, count="交办件数-办结件数", label="未办结"), of="8")
    assert got(made, {"交办件数": 5, "办结件数": 3}) == 4
    assert made.lines[0].label == "未办结"


@pytest.mark.parametrize(("count", "points"), [(0, 4), (1, 5), (2, 6), (9, 6)])
def test_each_missing_one_below_the_quota_deducts_and_a_surplus_earns_nothing(count: int, points: int) -> None:
    assert got(rule(spec("缺项扣分", input="迟到次数", quota=2, each=1)), {"迟到次数": count}) == points


def test_a_series_is_judged_month_by_month_and_a_good_month_does_not_make_up_for_a_bad_one() -> None:
    made = rule(spec("缺项扣分", input="信息条数", quota=2, each="0.5"))
    months = {**dict.fromkeys(MONTHS, 2), "信息条数[1]": 9, "信息条数[2]": 0, "信息条数[3]": 1}
    assert got(made, months) == Fraction("4.5")


@pytest.mark.parametrize(("count", "points"), [(0, 6), (1, 5), (2, 2), (3, 2), (999_999, 2)])
def test_a_ladder_deducts_the_highest_step_reached_also_beyond_the_last(count: int, points: int) -> None:
    assert got(rule(spec("阶梯", input="个访批次", steps="1:1, 2:4")), {"个访批次": count}) == points


@pytest.mark.parametrize(("count", "points"), [(0, 6), (1, 6), (2, 5), (4, 5), (5, 3), (9, 3), (10, 0), (11, 0)])
def test_between_two_steps_the_lower_one_holds(count: int, points: int) -> None:
    assert got(rule(spec("阶梯", input="个访批次", steps="2:1，5:3；10:6")), {"个访批次": count}) == points


def test_a_ladder_and_single_deductions_add_up_to_at_most_the_item() -> None:
    made = rule(spec("阶梯", input="个访批次", steps="1:1, 2:4"), spec("按次扣分", input="集访批次", each=6))
    assert got(made, {"个访批次": 1}) == 5
    assert got(made, {"个访批次": 2, "集访批次": 3}) == 0


def test_each_condition_of_a_checklist_that_is_not_met_deducts() -> None:
    made = rule(spec("清单", conditions=['旗="是"', '规范="是"', "个访批次=0"], each=1), of="4")
    assert got(made, {"旗": True, "规范": True}) == 4
    assert got(made, {"旗": True, "规范": False, "个访批次": 1}) == 2


@pytest.mark.parametrize(("done", "points"), [(94, 0), (95, 6), (100, 6)])
def test_a_rate_reaches_its_threshold_exactly(done: int, points: int) -> None:
    made = rule(spec("达标", condition="办结件数/交办件数>=95%"))
    assert got(made, {"交办件数": 100, "办结件数": done}) == points


@pytest.mark.parametrize(("a", "b", "points"), [(0, 0, 3), (1, 0, 0), (0, 2, 0)])
def test_the_bonus_for_none_at_all_needs_every_count_to_be_0(a: int, b: int, points: int) -> None:
    made = rule(spec("零发生加分", inputs="个访批次、集访批次"), of="3", id="一1+")
    assert got(made, {"个访批次": a, "集访批次": b}) == points


@pytest.mark.parametrize(("cap", "count", "points"), [(None, 3, 12), (None, 1000, 4000), ("10", 2, 8), ("10", 3, 10)])
def test_each_merit_adds_up_to_the_cap_if_there_is_one(cap: str | None, count: int, points: int) -> None:
    assert got(rule(spec("按次加分", input="办结件数", each=4), of=cap, id="一1+"), {"办结件数": count}) == points


PLACES = spec("名次加分", input="评比分", places="1:2, 2:1", among='规范="是"')


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([90, 80, 70], [2, 1, 0]),
        ([90, 90, 70], [2, 2, 0]),
        ([90, 80, 80], [2, 1, 1]),
        ([70, 80, 90], [0, 1, 2]),
        ([0, 0, 0], [2, 2, 2]),
        ([90, None, 70], [2, 0, 1]),
        ([None, None, None], [0, 0, 0]),
    ],
)
def test_a_place_earns_its_bonus_and_all_that_tie_share_it(scores: list[int | None], expected: list[int]) -> None:
    rows = [{"规范": True} | ({} if score is None else {"评比分": score}) for score in scores]
    found = number(rule(PLACES, of="2", id="一1+").tree, frame(*rows))
    assert [found.low.fraction(row) for row in range(3)] == expected
    assert found.known.all()


def test_only_units_that_meet_the_condition_take_a_place() -> None:
    rows = [{"规范": False, "评比分": 99}, {"规范": True, "评比分": 90}, {"规范": True, "评比分": 80}]
    found = number(rule(PLACES, of="2", id="一1+").tree, frame(*rows))
    assert [found.low.fraction(row) for row in range(3)] == [0, 2, 1]


def test_a_formula_gives_the_points_and_may_read_parameters() -> None:
    made = rule(spec("公式", formula="MIN(资金,基准)*2/3"))
    assert got(made, {"资金": Fraction("1.25")}) == Fraction("0.83")
    assert got(made, {"资金": 50}) == 2


# --- caps, floors, unknown counts


@pytest.mark.parametrize(
    "pieces",
    [
        [spec("按次扣分", input="交办件数", each=2, count="交办件数-办结件数")],
        [spec("按次扣分", input="个访批次", each=1), spec("按次加分", input="办结件数", each=1)],
    ],
    ids=["a count below 0", "a merit beside deductions"],
)
def test_no_item_gives_more_than_its_points(pieces: Sequence[Spec]) -> None:
    value = got(rule(*pieces), {"办结件数": 4})
    assert value is not None and value <= 6


@pytest.mark.parametrize(
    ("made_of", "loss"),
    [
        (spec("按次扣分", input="个访批次", each=5), 10),
        (spec("缺项扣分", input="迟到次数", quota=1, each=5), 5),
        (spec("阶梯", input="个访批次", steps="1:1, 2:4"), 4),
        (spec("清单", conditions=["旗", "规范"], each=5), 10),
    ],
    ids=DEDUCTING,
)
def test_a_deduction_without_a_full_mark_deducts_or_is_refused_but_is_never_lost(made_of: Spec, loss: int) -> None:
    try:
        made = rule(made_of, of=None, id="减1-")
    except RuleError:
        return
    assert got(made, {"个访批次": 2}) == -loss


@pytest.mark.parametrize(
    ("made_of", "unknown", "expected"),
    [
        (spec("阶梯", input="个访批次", steps="1:1, 2:4"), "个访批次", (2, 6)),
        (spec("按次扣分", input="个访批次", each=1), "个访批次", (0, 6)),
        (spec("缺项扣分", input="迟到次数", quota=2, each=1), "迟到次数", (4, 6)),
        (spec("按次加分", input="个访批次", each=4), "个访批次", (0, 6)),
        (spec("零发生加分", inputs="个访批次"), "个访批次", (0, 6)),
        (spec("是否得分", input="旗"), "旗", (0, 6)),
        (spec("清单", conditions=['旗="是"', '规范="是"'], each=1), "旗", (4, 5)),
    ],
)
def test_an_unknown_answer_leaves_the_range_of_its_rule(made_of: Spec, unknown: str, expected: tuple[int, int]) -> None:
    found: tuple[object, object] = bounds(rule(made_of), {unknown: None})
    assert found == expected


def test_an_uncapped_bonus_with_an_unknown_count_has_no_upper_bound() -> None:
    found: tuple[object, object] = bounds(rule(spec("按次加分", input="个访批次", each=4), of=None), {"个访批次": None})
    assert found == (0, None)


def test_a_cell_that_is_not_needed_is_not_asked_for() -> None:
    made = rule(PLACES, of="2", id="一1+")
    assert made.needs == ("规范",)
    assert set(made.shows) == {"规范", "评比分"}
    assert made.across
    assert not made.live(PART)
    assert rule(spec("阶梯", input="个访批次", steps="1:1")).needs == ("个访批次",)
    assert rule(spec("阶梯", input="个访批次", steps="1:1")).live(PART)


# --- rates over nothing


def zeros(made: Rule, answers: Answers) -> list[str]:
    here = frame(answers)
    return [name for name, node in made.zero if truth(node, here).must[0]]


@pytest.mark.parametrize(
    ("condition", "divisor"),
    [
        ("办结件数/交办件数>=95%", "交办件数"),
        ("办结件数/交办件数<=5%", "交办件数"),
        ("办结件数/(交办件数+应访件数)=100%", "交办件数＋应访件数"),
        ("AND(旗,办结件数/交办件数>=95%)", "交办件数"),
        ("95%<=办结件数/交办件数", "交办件数"),
        ("办结件数/交办件数*100>=95", "交办件数"),
        ("ROUND(办结件数/交办件数,2)>=95%", "交办件数"),
    ],
)
def test_a_rate_with_nothing_to_do_counts_as_met_and_is_reported(condition: str, divisor: str) -> None:
    made = rule(spec("达标", condition=condition))
    assert zeros(made, {"旗": True}) == [divisor]
    assert got(made, {"旗": True}) == 6


def test_each_empty_rate_of_a_checklist_is_met_and_named() -> None:
    rates = ["办结件数/交办件数>=100%", "回访件数/应访件数>=100%", "个访批次/3>=100%"]
    made = rule(spec("清单", conditions=rates, each=1), of="3")
    assert got(made, {"应访件数": 2, "回访件数": 1, "个访批次": 3}) == 2
    assert zeros(made, {"应访件数": 2}) == ["交办件数"]
    assert zeros(made, {}) == ["交办件数", "应访件数"]
    assert zeros(made, {"应访件数": 2, "交办件数": 1}) == []


def test_a_rate_between_two_rates_is_met_only_where_a_divisor_is_0() -> None:
    made = rule(spec("达标", condition="办结件数/交办件数>=回访件数/应访件数"))
    assert got(made, {"办结件数": 1, "交办件数": 2, "回访件数": 1, "应访件数": 3}) == 6
    assert got(made, {"办结件数": 1, "交办件数": 3, "回访件数": 1, "应访件数": 2}) == 0
    assert got(made, {"回访件数": 1, "应访件数": 2}) == 6
    assert got(made, {"办结件数": 1, "交办件数": 3}) == 6


# --- refusing


def refused(made_of: Spec, of: str | None = "6") -> RuleError:
    with pytest.raises(RuleError) as error:
        rule(made_of, of=of)
    return error.value


FAULTS = [
    (spec("按次加减", input="个访批次"), "kind", "没有叫「按次加减」的计分方式；可用：是否得分、"),
    (
        spec("按次扣分", input="个访批次", each=1, 封顶=3),
        "封顶",
        "计分方式「按次扣分」没有参数「封顶」；可用：input、each、",
    ),
    (spec("按次扣分", input="个访批次"), "each", "计分方式「按次扣分」缺少参数「each」"),
    (spec("达标"), "condition", "计分方式「达标」缺少参数「condition」"),
    (spec("按次扣分", input="个访批次", each="一分"), "each", "参数「each」读不懂：一分"),
    (spec("按次扣分", input="个访批次", each="1/0"), "each", "参数「each」读不懂：1/0"),
    (spec("缺项扣分", input="迟到次数", quota="二", each=1), "quota", "参数「quota」读不懂：二"),
    (spec("阶梯", input="个访批次", steps="1-1"), "steps", "参数「steps」读不懂：1-1"),
    (spec("阶梯", input="个访批次", steps="一:1"), "steps", "参数「steps」读不懂：一:1"),
    (spec("阶梯", input="个访批次", steps="2:1, 1:4"), "steps", "阶梯的次数要从小到大、不重复"),
    (spec("阶梯", input="个访批次", steps="1:1, 1:4"), "steps", "阶梯的次数要从小到大、不重复"),
    (spec("阶梯", input="个访批次", steps=""), "steps", "阶梯的次数要从小到大、不重复"),
    (spec("是否得分", input="个访批次"), "input", "「个访批次」不是是否项"),
    (spec("评审打分", input="现场评分"), "input", "「现场评分」的上限应等于指标分值 6"),
    (spec("评审打分", input="个访批次"), "input", "「个访批次」的上限应等于指标分值 6"),
    (spec("是否得分", input="旗旗"), "input", "没有叫「旗旗」的填报项"),
    (spec("零发生加分", inputs="个访批次，进京"), "inputs", "没有叫「进京」的填报项"),
    (spec("按次扣分", input="信息条数", each=1), "input", "「信息条数」按月或按季填报"),
    (spec("是否得分", input="旗", earns="对"), "earns", "是否项只能与"),
    (spec("达标", condition="办结件数/交办数>=1"), "condition", "没有叫「交办数」的填报项（第 6 个字符）"),
    (spec("达标", condition="办结件数+"), "condition", "公式没有写完（第 6 个字符）"),
    (spec("清单", conditions=["旗", "个访批次"], each=1), "conditions", "公式应得出“成立/不成立”，这里得出一个数"),
    (
        spec("按次扣分", input="个访批次", each=1, count="个访批次>1"),
        "count",
        "公式应得出一个数，这里得出“成立/不成立”",
    ),
    (spec("名次加分", input="评比分", places="1:2", among="规范规范"), "among", "没有叫「规范规范」的填报项"),
    (spec("公式", formula="个访批次 集访批次"), "formula", "第 6 个字符「集」处读不懂"),
]


@pytest.mark.parametrize(("made_of", "message"), [(made_of, message) for made_of, _, message in FAULTS])
def test_a_rule_that_cannot_stand_says_why_in_chinese(made_of: Spec, message: str) -> None:
    assert refused(made_of).message.startswith(message)


@pytest.mark.parametrize(("made_of", "param"), [(made_of, param) for made_of, param, _ in FAULTS])
def test_a_rule_that_cannot_stand_names_the_parameter_at_fault(made_of: Spec, param: str) -> None:
    assert refused(made_of).param == param


def test_all_or_nothing_needs_points() -> None:
    assert refused(spec("是否得分", input="旗"), of=None).param == "分值"
    assert refused(spec("达标", condition="旗"), of=None).message == "这种计分方式要求指标有分值"


@pytest.mark.parametrize(
    "made_of",
    [
        spec("按次扣分", input="说明", each=1),
        spec("按次加分", input="说明", each=1),
        spec("缺项扣分", input="说明", quota=1, each=1),
        spec("阶梯", input="说明", steps="1:1"),
        spec("零发生加分", inputs="说明"),
        spec("名次加分", input="说明", places="1:1"),
    ],
    ids=lambda made_of: made_of.kind,
)
def test_a_text_cannot_be_counted(made_of: Spec) -> None:
    assert "说明" in refused(made_of).message


@pytest.mark.parametrize(
    "made_of",
    [
        spec("按次扣分", input="旗", each=1),
        spec("按次加分", input="旗", each=1),
        spec("缺项扣分", input="旗", quota=1, each=1),
        spec("缺项扣分", input="月报", quota=1, each=1),
        spec("阶梯", input="旗", steps="1:1"),
        spec("零发生加分", inputs="旗"),
    ],
    ids=lambda made_of: f"{made_of.kind} {made_of.params.get('input', '')}",
)
def test_a_yes_counts_as_one_or_is_refused_before_anything_is_scored(made_of: Spec) -> None:
    try:
        made = rule(made_of, of="20")
    except RuleError:
        return
    yes = {"旗": True, **{f"月报[{month}]": True for month in range(1, 13)}}
    one = {"按次扣分": 19, "按次加分": 1, "缺项扣分": 20, "阶梯": 19, "零发生加分": 0}
    assert got(made, yes) == one[made_of.kind]
    none = {"按次扣分": 20, "按次加分": 0, "缺项扣分": 8 if made_of.params.get("input") == "月报" else 19}
    assert got(made, {}) == {**none, "阶梯": 20, "零发生加分": 20}[made_of.kind]


def test_places_in_any_order_mean_the_same_or_are_refused() -> None:
    try:
        made = rule(spec("名次加分", input="评比分", places="2:1, 1:2"), of="2", id="一1+")
    except RuleError:
        return
    found = number(made.tree, frame({"评比分": 90}, {"评比分": 80}, {"评比分": 70}))
    assert [found.low.fraction(row) for row in range(3)] == [2, 1, 0]


def test_a_formula_that_excel_could_not_carry_exactly_is_refused() -> None:
    assert "除数相乘超过一千万" in refused(spec("公式", formula="办结件数/交办件数+回访件数/应访件数")).message


def test_a_divisor_that_may_be_negative_is_refused() -> None:
    assert "除数可能是负数" in refused(spec("公式", formula="1/(交办件数-办结件数)")).message


def test_digits_that_are_no_whole_number_are_refused() -> None:
    assert "位数" in refused(spec("公式", formula="ROUND(个访批次/3,集访批次)")).message


# --- reasons

DEDUCT = spec("按次扣分", input="集访批次", each="1.5")
LADDER = spec("阶梯", input="个访批次", steps="1:1, 2:4")
RATE = spec("达标", condition="办结件数/交办件数>=95%")
MONTHLY = spec("缺项扣分", input="信息条数", quota=2, each="0.5")
MERIT = spec("按次加分", input="办结件数", each=4)
NONE_AT_ALL = spec("零发生加分", inputs="个访批次, 集访批次")
TWO_A_MONTH = dict.fromkeys(MONTHS, 2)


@pytest.mark.parametrize(
    ("made", "answers", "sentence"),
    [
        (rule(spec("是否得分", input="旗"), of="2"), {"旗": True}, "旗为“是”，得2分"),
        (rule(spec("是否得分", input="旗"), of="2"), {}, "旗不为“是”，得0分"),
        (rule(spec("是否得分", input="旗", earns="否"), of="2"), {"旗": True}, "旗不为“否”，得0分"),
        (rule(DEDUCT), {}, "满分6分，没有扣分，得6分"),
        (rule(DEDUCT), {"集访批次": 2}, "满分6分；集访2批次×1.5分，扣3分；得3分"),
        (rule(DEDUCT), {"集访批次": 4}, "满分6分；集访4批次×1.5分，扣6分；得0分"),
        (rule(DEDUCT), {"集访批次": 5}, "满分6分；集访5批次×1.5分，扣7.5分；扣完为止，得0分"),
        (rule(LADDER), {"个访批次": 1}, "满分6分；个访达1批次，扣1分；得5分"),
        (rule(LADDER), {"个访批次": 7}, "满分6分；个访达1批次，扣1分；个访达2批次，再扣3分；得2分"),
        (
            rule(LADDER, spec("按次扣分", input="集访批次", each=6)),
            {"个访批次": 1, "集访批次": 1},
            "满分6分；个访达1批次，扣1分；集访1批次×6分，扣6分；扣完为止，得0分",
        ),
        (
            rule(MONTHLY, of="2"),
            {**TWO_A_MONTH, "信息条数[3]": 1, "信息条数[11]": 0},
            "满分2分；3月少1条×0.5分，扣0.5分；11月少2条×0.5分，扣1分；得0.5分",
        ),
        (
            rule(spec("缺项扣分", input="迟到次数", quota=2, each=1), of="2"),
            {"迟到次数": 1},
            "满分2分；迟到次数少1次×1分，扣1分；得1分",
        ),
        (
            rule(spec("清单", conditions=['旗="是"', "办结件数/交办件数>=100%"], each=1), of="2"),
            {"旗": True, "交办件数": 2, "办结件数": 1},
            "满分2分；未达到“办结件数÷交办件数≥100%”，扣1分；得1分",
        ),
        (rule(RATE), {"交办件数": 20, "办结件数": 19}, "达到“办结件数÷交办件数≥95%”，得6分"),
        (rule(RATE), {"交办件数": 20, "办结件数": 18}, "未达到“办结件数÷交办件数≥95%”，得0分"),
        (rule(spec("评审打分", input="现场评分"), of="5"), {"现场评分": Fraction("3.5")}, "现场评分3.5分"),
        (rule(NONE_AT_ALL, of="5", id="一1+"), {}, "个访批次、集访批次都为0，加5分"),
        (rule(NONE_AT_ALL, of="5", id="一1+"), {"个访批次": 1}, "有发生，不加分，得0分"),
        (rule(MERIT, of=None, id="一1+"), {"办结件数": 2}, "办结2件×4分，加8分"),
        (rule(MERIT, of=None, id="一1+"), {}, "没有，不加分，得0分"),
        (rule(MERIT, of="5", id="一1+"), {"办结件数": 2}, "办结2件×4分，加8分；以分值为限，得5分"),
        (rule(spec("公式", formula="11", text="全体计入"), of="11"), {}, "全体计入11分"),
    ],
)
def test_the_reason_says_what_happened_and_what_it_came_to(made: Rule, answers: Answers, sentence: str) -> None:
    assert why(made, answers) == sentence


def test_the_reason_of_a_place_names_it() -> None:
    made = rule(spec("名次加分", input="评比分", places="1:2, 2:1"), of="2", id="一1+")
    others = [{"评比分": 80}, {"评比分": 70}]
    assert why(made, {"评比分": 90}, *others) == "评比分前2名，加1分；评比分第1名，再加1分；得2分"
    assert why(made, {"评比分": 75}, *others) == "评比分前2名，加1分"
    assert why(made, {"评比分": 60}, *others) == "未进入加分名次或未评比，不加分，得0分"


def test_rounding_to_two_decimals_is_not_called_a_floor() -> None:
    assert why(rule(spec("按次扣分", input="集访批次", each="0.335")), {"集访批次": 1}) == (
        "满分6分；集访1批次×0.335分，扣0.335分；得5.67分"
    )


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (rule(spec("是否得分", input="旗")), "旗填“是”得6分，否则不得分"),
        (rule(DEDUCT), "集访每批次扣1.5分；扣完为止"),
        (rule(LADDER), "个访1批次扣1分，个访2批次及以上扣4分；扣完为止"),
        (
            rule(spec("阶梯", input="个访批次", steps="2:1, 5:3")),
            "个访2批次及以上扣1分，个访5批次及以上扣3分；扣完为止",
        ),
        (rule(MONTHLY), "信息每月不少于2条，每少1条扣0.5分；扣完为止"),
        (rule(spec("清单", conditions=["旗", "规范"], each=1)), "旗、规范，缺一项扣1分；扣完为止"),
        (rule(RATE), "办结件数÷交办件数≥95%得6分，否则不得分"),
        (rule(NONE_AT_ALL, of="5"), "个访批次、集访批次全年为0，加5分"),
        (rule(MERIT, of=None), "办结每件加4分，不封顶"),
        (rule(MERIT, of="8"), "办结每件加4分，最多8分"),
        (rule(PLACES, of="2"), "评比分（在规范为“是”的单位中）第1名加2分、第2名加1分，并列同加"),
        (rule(spec("评审打分", input="现场评分"), of="5"), "按评定分计，0至5分"),
        (rule(spec("公式", formula="个访批次*2")), "＝个访批次×2"),
    ],
)
def test_every_rule_says_itself_in_words(made: Rule, text: str) -> None:
    assert made.text == text


# --- periods


@pytest.mark.parametrize(
    ("period", "points"),
    [
        ("全年", "4.5"),
        ("上半年", "4.5"),
        ("下半年", "6"),
        ("第1季度", "4.5"),
        ("第2季度", "6"),
        ("2月", "5"),
        ("3月", "5.5"),
    ],
)
def test_a_series_is_judged_on_the_months_of_the_period(period: str, points: str) -> None:
    made = rule(MONTHLY, period=period)
    assert got(made, {**TWO_A_MONTH, "信息条数[2]": 0, "信息条数[3]": 1}) == Fraction(points)


def test_a_yearly_line_shows_its_progress_in_a_shorter_period_and_counts_nothing() -> None:
    made = rule(spec("缺项扣分", input="迟到次数", quota=2, each=1), period="上半年", annual=True)
    assert not made.counted
    assert made.of == 0
    assert made.needs == ()
    assert got(made, {"迟到次数": 1}) == 0
    assert got(made, {"迟到次数": 9}) == 0
    assert why(made, {"迟到次数": 1}) == "全年指标，本期只显示进度，不计分：迟到次数少1次×1分，扣1分"
    assert why(made, {"迟到次数": 2}) == "全年指标，本期只显示进度，不计分"
    assert rule(spec("缺项扣分", input="迟到次数", quota=2, each=1), annual=True).counted


def test_a_line_without_a_cell_in_the_period_is_not_counted() -> None:
    made = rule(spec("缺项扣分", input="活动次数", quota=1, each=1), period="1月")
    assert (made.counted, made.lines) == (False, ())
    assert rule(spec("缺项扣分", input="活动次数", quota=1, each=1), period="第1季度").counted


@pytest.mark.parametrize(("formula", "period"), [("SUM(活动次数)", "1月"), ("活动次数[1]", "下半年")])
def test_a_formula_over_cells_that_the_period_lacks_does_not_stop_the_scheme(formula: str, period: str) -> None:
    rule(spec("公式", formula=formula), period=period)


def test_a_part_is_compiled_line_by_line_in_the_order_of_the_scheme() -> None:
    assert list(compile_part(SCHEME, PART)) == ["一2", "一1"]


# --- discretion, raters, several tests in one item, months that are 是 or 否


def test_discretion_deducts_the_sum_without_a_floor() -> None:
    made = rule(spec("裁量区间", input="批评合计", count="批评次数", least=5, most=10), of=None, id="减1-")
    assert got(made, {"批评合计": Fraction("12.5"), "批评次数": 2}) == Fraction("-12.5")
    assert why(made, {"批评合计": Fraction("12.5"), "批评次数": 2}) == "批评合计12.5分，扣12.5分"
    assert why(made, {}) == "没有发生，不扣分"


def test_discretion_reads_its_count_though_only_the_sum_has_points() -> None:
    made = rule(spec("裁量区间", input="批评合计", count="批评次数", least=5, most=10), of=None, id="减1-")
    assert made.shows == made.reads == ("批评合计", "批评次数")


@pytest.mark.parametrize(
    ("count", "total", "holds"),
    [
        (0, "0", True), (0, "0.01", False), (1, "4.99", False), (1, "5", True), (1, "10", True), (1, "10.01", False),
        (3, "14.99", False), (3, "15", True), (3, "30", True), (3, "30.01", False),
    ],
)  # fmt: skip
def test_the_sum_of_discretion_lies_between_so_many_times_the_bounds(count: int, total: str, holds: bool) -> None:
    check = derived(spec("裁量区间", input="批评合计", count="批评次数", least=5, most=10))
    assert held(check, {"批评合计": Fraction(total), "批评次数": count}) is holds


@pytest.mark.parametrize(
    ("total", "holds"), [("0", True), ("0.01", False), ("4.99", False), ("5", True), ("10", True), ("10.01", False)]
)
def test_discretion_once_is_nought_or_between_its_bounds(total: str, holds: bool) -> None:
    check = derived(spec("裁量区间", input="批评合计", least=5, most=10, sign="加"))
    assert held(check, {"批评合计": Fraction(total)}) is holds


def derived(one: RuleSpec) -> str:
    """The check that follows from a rule."""
    part = replace(PART, items=(Item("减1-", "一", "指标", None, "一", (one,)),))
    (check,) = rule_checks(SCHEME, part)
    assert check.closed
    return check.condition


def held(condition: str, answers: Answers) -> bool:
    found = truth(formula(condition, vocabulary(SCHEME, PART), "是否"), frame(answers))
    assert found.known.all()
    return bool(found.must[0])


@pytest.mark.parametrize(
    ("marks", "mean"),
    [
        (["4"], "4"), (["5", "4", "4"], "4.33"), (["5", "5", "4"], "4.67"), (["4.5", "3", "3.5"], "3.67"),
        ([None, "4", "5"], "4.5"), (["0", "5"], "2.5"), (["4.1", "4.2", "4.2"], "4.17"),
    ],
)  # fmt: skip
def test_the_mean_of_those_who_gave_a_mark_an_absent_rater_is_no_nought(marks: list[str | None], mean: str) -> None:
    made = rule(spec("多人评分", input="众评"), of="5")
    answers = {f"众评[{k}]": Fraction(mark) for k, mark in enumerate(marks, 1) if mark is not None}
    assert got(made, answers) == Fraction(mean)
    assert why(made, answers).startswith(f"众评平均{float(mean):g}分")


def test_without_any_rater_the_mean_is_unknown_and_not_nought() -> None:
    assert bounds(rule(spec("多人评分", input="众评"), of="5"), {}) == (None, Fraction(5))


def test_a_mark_that_cannot_be_read_leaves_the_mean_open() -> None:
    low, high = bounds(rule(spec("多人评分", input="众评"), of="5"), {"众评[1]": Fraction(4), "众评[2]": None})
    assert low is not None and high is not None and low <= 4 <= high and low < high


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        (spec("裁量区间", input="批评合计", least=10, most=5), "least"),
        (spec("裁量区间", input="批评合计", least=5, most=10, sign="减"), "sign"),
        (spec("裁量区间", input="批评合计", least=5, most=10, count="没有"), "count"),
        (spec("多人评分", input="现场评分"), "input"),
        (spec("缺项扣分", input="月报", quota=2, each=1), "quota"),
    ],
)
def test_the_new_kinds_refuse_what_they_cannot_judge(wrong: RuleSpec, param: str) -> None:
    assert refused(wrong).param == param


def test_several_tests_share_an_item_each_all_or_nothing() -> None:
    three = [spec("达标", condition=text, points=2)
             for text in ("办结件数/交办件数>=95%", "回访件数/应访件数=100%", "个访批次=0")]  # fmt: skip
    made = rule(*three, of="6")
    answers = {"办结件数": 95, "交办件数": 100, "回访件数": 9, "应访件数": 10, "个访批次": 0}
    assert got(made, answers) == 4
    said = why(made, answers)
    assert said.count("，得2分") == 2 and "未达到“回访件数÷应访件数＝100%”" in said and said.endswith("合计得4分")
    assert got(made, {**answers, "应访件数": 0, "回访件数": 0}) == 6


def test_every_month_of_no_deducts_and_is_named() -> None:
    made = rule(spec("缺项扣分", input="月报", quota=1, each=5), of=None, id="减1-")
    months = {f"月报[{k}]": k not in (2, 7) for k in range(1, 13)}
    assert got(made, months) == -10
    assert why(made, months) == "月报2月为“否”，扣5分；月报7月为“否”，扣5分；共扣10分"
    half = rule(spec("缺项扣分", input="月报", quota=1, each=5), of=None, id="减1-", period="上半年")
    assert got(half, months) == -5
