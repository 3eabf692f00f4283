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
from xfkh.formula.say import decimal
from xfkh.model import YEAR, Input, InputKind, Item, RuleSpec
from xfkh.rules import (
    KINDS,
    Doubts,
    Rule,
    RuleError,
    compile_item,
    compile_part,
    examine_item,
    rule_checks,
    vocabulary,
    wanted,
    words_of,
)
from xfkh.rules.points import counts, points, reason
from xfkh.scheme import read_text

SETTINGS = settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow])

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
  { name = "群评", kind = "多人评分", origin = "复查", maximum = 5, decimals = 1 },
  { name = "他评总分", kind = "数值", origin = "复查", maximum = 120, decimals = 2, scores = true },
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
RATERS = ("众评[1]", "众评[2]", "众评[3]", "群评[1]", "群评[2]")
PART = SCHEME.part("单位").with_raters({"众评": 3, "群评": 2})
WORDS = words_of(SCHEME, PART)

Answers = Mapping[str, Any]
Spec = RuleSpec


def spec(kind: str, **params: Any) -> Spec:
    return RuleSpec(kind, params)


def rule(*specs: Spec, of: str | None = "6", id: str = "一1", period: str = YEAR, annual: bool = False,
         floor: str | None = "0") -> Rule:  # fmt: skip
    full, least = (None if each is None else Fraction(each) for each in (of, floor))
    return compile_item(words_of(SCHEME, PART, period), Item(id, "一", "指标", full, "一", specs, annual, floor=least))


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
    return reason(made, [each.low.fraction(0) for each in counts(made, here)], value)


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
RATES = st.sampled_from(["办结件数/交办件数", "回访件数/应访件数"])
EMPTY = st.sampled_from(["计满分", "计0分"])
CHANGES = "(,-10%]:5；(-10%,0%]:3；(0%,50%):0.335；[50%,):0"
EXAMPLES |= {
    "按率得分": specs_of("按率得分", value=RATES, empty=EMPTY)
    | specs_of("按率得分", value=RATES, empty=EMPTY, digits=st.integers(0, 6)),
    "比例完成": specs_of("比例完成", input=count_names, target=st.just("应访件数"), empty=EMPTY)
    | specs_of("比例完成", input=count_names, target=st.sampled_from(["3", "基准*2"])),
    "每低扣分": specs_of(
        "每低扣分",
        value=RATES,
        base=st.sampled_from(["95%", "100%"]),
        step=st.sampled_from(["1%", "7.5%"]),
        each=st.sampled_from(["0.5", "1"]),
        part=st.sampled_from(["不计", "按一档", "按比例"]),
        side=st.sampled_from(["低于", "高于"]),
        empty=EMPTY,
    ),
    "区间": specs_of(
        "区间",
        value=RATES,
        bands=st.sampled_from(["[95%,):5；[50%,95%):3；(,50%):0", "(50%,100%]:4"]),
        others=st.sampled_from(["0", "1.5"]),
        sign=st.sampled_from(["得", "扣", "加"]),
        empty=EMPTY,
    ),
    "与上年比": specs_of(
        "与上年比",
        input=count_names,
        before=st.just("应访件数"),
        bands=st.just(CHANGES),
        sign=st.sampled_from(["得", "扣"]),
        empty=EMPTY,
    ),
    "与三年均值比": specs_of(
        "与三年均值比",
        input=st.sampled_from(["个访批次", "集访批次"]),
        before=st.just("应访件数、回访件数、迟到次数"),
        bands=st.just(CHANGES),
        empty=EMPTY,
    ),
    "与均值比": specs_of("与均值比", input=count_names, bands=st.just(CHANGES), empty=EMPTY),
    "折算扣分": specs_of(
        "折算扣分",
        input=count_names,
        divide=st.sampled_from(["应访件数", "回访件数"]),
        per=st.sampled_from([1, 100]),
        each=st.sampled_from([1, 2]),
        empty=EMPTY,
    ),
    "分级扣分": specs_of("分级扣分", rungs=st.sampled_from(["个访批次:0.5，集访批次:1/3", "旗:1，迟到次数：0.335"])),
    "就高": specs_of(
        "就高",
        rungs=st.sampled_from(["个访批次:3，集访批次:2，旗:0.335", "旗:1，规范:6"]),
        sign=st.sampled_from(["加", "扣"]),
    ),
    "名次得分": specs_of(
        "名次得分",
        input=st.just("评比分"),
        places=places(),
        others=st.sampled_from([0, "1.5"]),
        order=st.sampled_from(["高", "低"]),
        among=st.sampled_from(["", '规范="是"']),
    ),
    "分组评分": specs_of(
        "分组评分", rungs=st.sampled_from(["众评:40，群评:60", "群评:100"]), mass=st.just("群评"), least=st.just(60)
    ),
    "取自其他方案": specs_of("取自其他方案", input=st.just("他评总分")),
    "其他事项": specs_of("其他事项", input=st.just("他评总分"), sign=st.sampled_from(["加", "扣"])),
    "减半加倍": specs_of(
        "减半加倍",
        condition=st.sampled_from(["旗", "个访批次>2"]),
        times=st.sampled_from([0, "0.5", 2, "1/3"]),
        what=st.sampled_from(["得分", "扣分"]),
    ),
}
BESIDE = {"减半加倍": (spec("按次扣分", input="集访批次", each="0.335"),)}
"""What a kind that cannot stand alone is written beneath."""
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
        "群评[1]": st.integers(0, 50).map(lambda tenths: Fraction(tenths, 10)),
        "他评总分": st.integers(0, 12000).map(lambda cents: Fraction(cents, 100)),
    },
    optional={
        "评比分": st.integers(900, 905).map(lambda tenths: Fraction(tenths, 10)),
        "众评[2]": st.integers(0, 50).map(lambda tenths: Fraction(tenths, 10)),
        "众评[3]": st.integers(0, 50).map(lambda tenths: Fraction(tenths, 10)),
        "群评[2]": st.integers(0, 50).map(lambda tenths: Fraction(tenths, 10)),
    },
)


def test_every_kind_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(KINDS)


def from_lines(made: Rule, here: Frame, row: int) -> Fraction:
    """The points by hand from the lines: what they add and deduct, what halves or doubles it, the cap, the floor."""
    added, deducted, factors = Fraction(0), Fraction(0), {"加分": Fraction(1), "扣分": Fraction(1), "得分": Fraction(1)}
    for line, count in zip(made.lines, counts(made, here), strict=True):
        value = count.low.fraction(row)
        assert value is not None
        moved = value * line.each
        added, deducted = added + max(Fraction(0), moved), deducted - min(Fraction(0), moved)
        if line.times is not None and value:
            factors[line.on] *= line.times
    raw = added * factors["加分"] - deducted * factors["扣分"]
    if made.full:
        raw = max(Fraction(0), (made.points or 0) + raw)
    raw = raw if made.points is None else min(made.points, raw)
    return rounded(raw if made.points is None else min(made.points, raw * factors["得分"]))


@pytest.mark.parametrize("kind", EXAMPLES)
@SETTINGS
@given(st.data())
def test_the_lines_with_cap_and_floor_are_the_points_of_the_tree(kind: str, data: st.DataObject) -> None:
    made = rule(*BESIDE.get(kind, ()), data.draw(EXAMPLES[kind]), of="5")
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
    made = rule(*BESIDE.get(kind, ()), data.draw(EXAMPLES[kind]), of="5")
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


@pytest.mark.parametrize(
    ("condition", "points"),
    [
        ("办结件数/交办件数>=95%", 6),
        ("IF(交办件数=0,0,办结件数/交办件数)>=95%", 0),
        ("IF(交办件数>0,办结件数/交办件数,0)>=95%", 0),
        ("IF(交办件数>0,办结件数/交办件数,1)>=95%", 6),
        ('IF(旗="是",办结件数/交办件数,0)>=95%', 0),
        ('IF(旗="否",办结件数/交办件数,0)>=95%', 6),
    ],
)
def test_what_the_author_says_of_a_rate_over_nothing_holds_before_the_reading_that_it_is_met(
    condition: str, points: int
) -> None:
    made = rule(spec("达标", condition=condition))
    assert got(made, {"交办件数": 0, "办结件数": 0, "旗": False}) == points


@pytest.mark.parametrize(("a", "b", "points"), [(0, 0, 3), (1, 0, 0), (0, 2, 0)])
def test_the_bonus_for_none_at_all_needs_every_count_to_be_0(a: int, b: int, points: int) -> None:
    made = rule(spec("零发生加分", inputs="个访批次、集访批次"), of="3", id="一1+")
    assert got(made, {"个访批次": a, "集访批次": b}) == points


@pytest.mark.parametrize(("cap", "count", "points"), [(None, 3, 12), (None, 1000, 4000), ("10", 2, 8), ("10", 3, 10)])
def test_each_merit_adds_up_to_the_cap_if_there_is_one(cap: str | None, count: int, points: int) -> None:
    assert got(rule(spec("按次加分", input="办结件数", each=4), of=cap, id="一1+"), {"办结件数": count}) == points


@pytest.mark.parametrize(("done", "asked", "points"), [(1, 0, 1), (1, 2, "2.5"), (2, 1, "2.5"), (0, 1, "1.5")])
def test_several_bonuses_of_one_item_have_its_points_as_their_joint_cap(done: int, asked: int, points: object) -> None:
    made = rule(
        spec("按次加分", input="办结件数", each=1), spec("就高", rungs="交办件数:1.5，个访批次:1"), of="2.5", id="一1+"
    )
    assert got(made, {"办结件数": done, "交办件数": asked, "个访批次": 0}) == Fraction(str(points))


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


# --- rates, benchmarks and other years


def done_of(done: int, asked: int) -> dict[str, int]:
    return {"办结件数": done, "交办件数": asked}


BY_RATE = spec("按率得分", value="办结件数/交办件数", empty="计满分")


@pytest.mark.parametrize(
    ("done", "asked", "points"),
    [(0, 3, "0"), (1, 3, "2"), (2, 7, "1.71"), (999, 1000, "5.99"), (3, 3, "6"), (4, 3, "6"), (0, 0, "6"), (5, 0, "6")],
)
def test_a_rate_earns_its_share_of_the_points_and_no_more_than_all(done: int, asked: int, points: str) -> None:
    assert got(rule(BY_RATE), done_of(done, asked)) == Fraction(points)


def test_a_rate_is_rounded_first_where_the_scheme_says_so() -> None:
    assert got(rule(BY_RATE, of="100"), done_of(2, 3)) == Fraction("66.67")
    two = spec("按率得分", value="办结件数/交办件数", empty="计满分", digits=2)
    assert [got(rule(two, of="100"), done_of(done, 1000)) for done in (664, 665)] == [66, 67]


@pytest.mark.parametrize(
    "made_of",
    [
        spec("按率得分", value="办结件数/交办件数"),
        spec("比例完成", input="办结件数", target="交办件数"),
        spec("每低扣分", value="办结件数/交办件数", base="95%", step="1%", each=1),
        spec("区间", value="办结件数/交办件数", bands="(,50%):1；[50%,):6"),
        spec("与上年比", input="办结件数", before="交办件数", bands="(,0%]:1；(0%,):6"),
        spec("折算扣分", input="办结件数", divide="交办件数", each=1),
    ],
    ids=lambda made_of: made_of.kind,
)
def test_what_a_rate_over_nothing_earns_is_as_the_scheme_states_it(made_of: Spec) -> None:
    full, none = (rule(replace(made_of, params={**made_of.params, "empty": empty})) for empty in ("计满分", "计0分"))
    assert [got(made, done_of(0, 0)) for made in (full, none)] == [6, 0]
    assert zeros(full, done_of(0, 0)) == ["交办件数"]
    assert zeros(full, done_of(0, 1)) == zeros(none, done_of(0, 0)) == []
    assert got(full, done_of(3, 7)) == got(none, done_of(3, 7))


MEAN_OF_OTHERS = spec("按率得分", value="办结件数/交办件数", empty="取均值")


def across(made: Rule, *rows: Answers, settled: bool = False) -> list[tuple[Fraction | None, Fraction | None]]:
    """The bounds of every subject's points, all of them seen together."""
    here = frame(*rows)
    here.settled = settled
    found = number(made.tree, here)
    return [(found.low.fraction(row), found.high.fraction(row)) for row in range(len(rows))]


def span(low: int | None, high: int | None) -> tuple[Fraction | None, Fraction | None]:
    return None if low is None else Fraction(low), None if high is None else Fraction(high)


def exactly(*points: str) -> list[tuple[Fraction, Fraction]]:
    return [(Fraction(each), Fraction(each)) for each in points]


def test_the_mean_of_the_others_stands_in_for_a_rate_over_nothing() -> None:
    made = rule(MEAN_OF_OTHERS)
    assert made.across and not made.live(PART)
    assert across(made, done_of(1, 3), done_of(1, 2), done_of(0, 0)) == exactly("2", "3", "2.5")
    # no unit counts for more than its full marks
    assert across(made, done_of(9, 3), done_of(0, 2), done_of(0, 0), {}) == exactly("6", "0", "3", "3")


def test_the_mean_of_the_others_stands_in_where_points_are_deducted_too() -> None:
    deducting = spec("每低扣分", value="办结件数/交办件数", base="95%", step="1%", each=1, empty="取均值")
    assert across(rule(deducting), done_of(94, 100), done_of(0, 100), {}) == exactly("5", "0", "2.5")


def test_the_mean_of_the_others_waits_for_them() -> None:
    made = rule(MEAN_OF_OTHERS)
    waiting: Answers = {"办结件数": None, "交办件数": 2}
    assert across(made, done_of(1, 2), waiting, {})[2] == span(0, 6)
    assert across(made, done_of(1, 2), waiting, {}, settled=True)[2] == span(3, 3)
    assert across(made, {}, {}) == [span(None, 6)] * 2


@pytest.mark.parametrize(
    ("done", "target", "points"),
    [(0, "30", "0"), (29, "30", "5.8"), (30, "30", "6"), (31, "30", "6"), (1, "基准", "2"), (2, "他评总分*2", "4")],
)
def test_progress_towards_a_target_earns_its_share(done: int, target: str, points: str) -> None:
    empty = {"empty": "计满分"} if "他评" in target else {}
    made = rule(spec("比例完成", input="办结件数", target=target, **empty))
    assert got(made, {"办结件数": done, "他评总分": Fraction("1.5")}) == Fraction(points)


@pytest.mark.parametrize(
    ("part", "points"),
    [
        # 95%, 94.1%, 94%, 93.9%, 89.5%
        ("不计", ["6", "6", "5", "5", "1"]),
        ("按一档", ["6", "5", "5", "4", "0"]),
        ("按比例", ["6", "5.1", "5", "4.9", "0.5"]),
    ],
)
def test_each_step_below_the_benchmark_deducts(part: str, points: list[str]) -> None:
    made = rule(spec("每低扣分", value="办结件数/交办件数", base="95%", step="1%", each=1, part=part, empty="计满分"))
    found = [got(made, done_of(done, 1000)) for done in (950, 941, 940, 939, 895)]
    assert found == [Fraction(each) for each in points]
    assert got(made, done_of(0, 1000)) == 0
    assert got(made, done_of(2000, 1000)) == 6


@pytest.mark.parametrize(
    ("money", "points"), [("0", 6), ("3", 6), ("4.99", 6), ("5", 5), ("7", 4), ("15", 0), ("99", 0)]
)
def test_each_step_above_the_benchmark_deducts(money: str, points: int) -> None:
    made = rule(spec("每低扣分", value="资金", base=3, step=2, each=1, side="高于"))
    assert got(made, {"资金": Fraction(money)}) == points


BANDS = "[95%,):6；[80%,95%):4；(60%,80%):2.5；[0,60%]:0"


@pytest.mark.parametrize(
    ("done", "points"),
    [(1001, "6"), (950, "6"), (949, "4"), (800, "4"), (799, "2.5"), (601, "2.5"), (600, "0"), (0, "0")],
)
def test_a_rate_earns_the_points_of_the_interval_in_which_it_lies(done: int, points: str) -> None:
    bands = BANDS.replace("[0,", "[0%,")
    made = rule(spec("区间", value="办结件数/交办件数", bands=bands, empty="计满分"))
    assert got(made, done_of(done, 1000)) == Fraction(points)


@pytest.mark.parametrize(
    ("sign", "points"), [("得", [0, 2, 2, 6]), ("扣", [6, 4, 4, 0])]
)  # fmt: skip
def test_intervals_of_a_count_need_not_touch_and_may_deduct(sign: str, points: list[int]) -> None:
    made = rule(spec("区间", value="个访批次", bands="[0,0]:0\n[1,3]:2\n[4,):6", sign=sign))
    assert [got(made, {"个访批次": count}) for count in (0, 1, 3, 4)] == points


def test_what_no_interval_names_gets_the_rest() -> None:
    made = rule(spec("区间", value="资金", bands="(1,2]:6；(3,):4", others="1.5"))
    found = [got(made, {"资金": Fraction(each)}) for each in ("1", "1.01", "2", "2.01", "3", "3.01")]
    assert found == [Fraction(each) for each in ("1.5", "6", "6", "1.5", "1.5", "4")]


YEARS = "(,-10%]:6；(-10%,0%]:4；(0%,10%]:2；(10%,):0"


@pytest.mark.parametrize(
    ("now", "before", "points"),
    [
        (0, 10, 6), (90, 100, 6), (91, 100, 4), (899, 1000, 6), (901, 1000, 4), (10, 10, 4), (1001, 1000, 2),
        (11, 10, 2), (1101, 1000, 0), (999_999, 1, 0), (0, 0, 6), (9, 0, 6),
    ],
)  # fmt: skip
def test_the_change_against_last_year_earns_the_points_of_its_interval(now: int, before: int, points: int) -> None:
    made = rule(spec("与上年比", input="个访批次", before="集访批次", bands=YEARS, empty="计满分"))
    assert got(made, {"个访批次": now, "集访批次": before}) == points


@pytest.mark.parametrize(("now", "points"), [(0, 6), (18, 6), (19, 4), (20, 4), (21, 2), (22, 2), (23, 0)])
def test_the_change_against_three_years_takes_their_mean(now: int, points: int) -> None:
    before = {"集访批次": 10, "迟到次数": 20, "应访件数": 30}
    made = rule(spec("与三年均值比", input="个访批次", before="、".join(before), bands=YEARS, empty="计0分"))
    assert got(made, {"个访批次": now, **before}) == points
    assert got(made, {"个访批次": now, **dict.fromkeys(before, 0)}) == 0


AGAINST_MEAN = spec("与均值比", input="个访批次", bands="(,-20%]:6；(-20%,20%):4；[20%,):0", empty="计满分")


def counted(*numbers: int | None, **more: Any) -> list[Answers]:
    return [{"个访批次": each, **more} for each in numbers]


def test_a_unit_is_compared_with_the_mean_of_all_of_them() -> None:
    assert across(rule(AGAINST_MEAN), *counted(8, 9, 11, 12)) == exactly("6", "4", "4", "0")
    assert across(rule(AGAINST_MEAN), *counted(10)) == exactly("4")
    assert across(rule(AGAINST_MEAN), *counted(0, 0)) == exactly("6", "6")
    twenty_days = spec("与均值比", input="个访批次", bands="(,0%]:6；(0%,20%]:3；(20%,):0", empty="计满分")
    assert across(rule(twenty_days), *counted(10, 12, 14)) == exactly("6", "6", "3")


def test_only_the_units_that_are_meant_make_up_the_mean() -> None:
    made = rule(replace(AGAINST_MEAN, params={**AGAINST_MEAN.params, "among": '规范="是"'}))
    rows = [*counted(8, 12, 规范=True), *counted(999)]
    assert across(made, *rows) == exactly("6", "0", "0")


def test_a_mean_is_certain_only_when_every_unit_is() -> None:
    made, rows = rule(AGAINST_MEAN), counted(8, 12, None)
    assert across(made, *rows)[:2] == [span(0, 6)] * 2
    assert across(made, *rows, settled=True)[:2] == exactly("6", "0")


@pytest.mark.parametrize(
    ("people", "points"), [("0", "6"), ("0.33", "0"), ("0.34", "0.12"), ("4", "5.5"), ("8", "5.75"), ("119.99", "5.98")]
)
def test_a_count_is_brought_to_its_base_before_it_deducts(people: str, points: str) -> None:
    made = rule(spec("折算扣分", input="个访批次", divide="他评总分", each=2, empty="计满分"))
    assert got(made, {"个访批次": 1, "他评总分": Fraction(people)}) == Fraction(points)


def test_a_base_with_decimals_needs_a_limit() -> None:
    error = refused(spec("折算扣分", input="个访批次", divide="资金", each=2, empty="计满分"))
    assert "请给 资金 写上限，写了的改小" in error.message and error.param == "divide"


def test_a_base_may_be_so_many_of_something() -> None:
    made = rule(spec("折算扣分", input="个访批次", divide="交办件数", per=10_000, each=2, empty="计0分"))
    found = [got(made, {"个访批次": count, "交办件数": 40_000}) for count in (0, 1, 11, 12, 13)]
    assert found == [Fraction(each) for each in ("6", "5.5", "0.5", "0", "0")]


# --- several inputs, several raters, what others decided


@pytest.mark.parametrize(
    ("mode", "points"),
    [
        ("取档", ["6", "5", "5", "4", "4"]),
        ("累加", ["6", "5", "5", "3", "3"]),
        ("首条", ["6", "5", "5", "5", "5"]),
    ],
)
def test_of_the_steps_the_highest_counts_or_every_one_or_the_first(mode: str, points: list[str]) -> None:
    made = rule(spec("阶梯", input="个访批次", steps="1:1, 3:2", mode=mode))
    assert [got(made, {"个访批次": count}) for count in (0, 1, 2, 3, 9)] == [Fraction(each) for each in points]


def test_the_first_step_written_counts_whatever_its_size() -> None:
    made = rule(spec("阶梯", input="个访批次", steps="3:4, 1:1", mode="首条"))
    assert [got(made, {"个访批次": count}) for count in (0, 1, 2, 3)] == [6, 5, 5, 2]


@pytest.mark.parametrize(("count", "points"), [(2, "5"), (3, "4"), (4, "3.5"), (11, "0"), (12, "0")])
def test_beyond_the_last_step_each_one_deducts_more(count: int, points: str) -> None:
    made = rule(spec("阶梯", input="个访批次", steps="1:1, 3:2", over="0.5"))
    assert got(made, {"个访批次": count}) == Fraction(points)


@pytest.mark.parametrize(("quarters", "points"), [((0, 0, 0, 0), "6"), ((1, 1, 0, 0), "5"), ((1, 1, 1, 1), "3.5")])
def test_a_ladder_counts_by_a_formula_where_one_is_written(quarters: tuple[int, ...], points: str) -> None:
    made = rule(spec("阶梯", input="活动次数", steps="1:1, 3:2", over="0.5", count="SUM(活动次数)"))
    answers = {f"活动次数[{k}]": each for k, each in enumerate(quarters, 1)}
    assert got(made, answers) == Fraction(points)
    assert "活动1" in made.text and "[" not in made.text


def test_what_is_counted_over_all_of_a_series_is_said_in_one_word() -> None:
    made = rule(spec("达标", condition="AND(SUM(活动次数)>=4,MIN(活动次数)>=1)"))
    assert made.text == "活动次数合计≥4，且取小（各期活动次数）≥1得6分，否则不得分"
    part_of_it = rule(spec("达标", condition="活动次数[1]+活动次数[2]>=2"))
    assert part_of_it.text == "活动次数1季度＋活动次数2季度≥2得6分，否则不得分"


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({}, "6"), ({"个访批次": 1}, "5.5"), ({"集访批次": 1}, "4"), ({"个访批次": 3, "集访批次": 1}, "2.5"),
        ({"旗": True}, "5"), ({"集访批次": 3}, "0"), ({"集访批次": 4, "旗": True}, "0"),
    ],
)  # fmt: skip
def test_each_level_deducts_its_own_points(answers: Answers, points: str) -> None:
    made = rule(spec("分级扣分", rungs="个访批次:0.5，集访批次:2；旗：1"))
    assert got(made, answers) == Fraction(points)


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({}, "0"), ({"旗": True}, "0.5"), ({"集访批次": 1}, "3"), ({"集访批次": 9, "旗": True}, "3"),
        ({"个访批次": 1, "集访批次": 2}, "5"),
    ],
)  # fmt: skip
def test_of_several_honours_only_the_highest_counts_and_only_once(answers: Answers, points: str) -> None:
    made = rule(spec("就高", rungs="旗:0.5，个访批次:5，集访批次:3"), of=None, id="一1+")
    assert got(made, answers) == Fraction(points)


@pytest.mark.parametrize(
    ("answers", "of", "id", "sign", "points"),
    [
        ({}, None, "一1-", "", "0"), ({"旗": True}, None, "一1-", "", "-0.5"),
        ({"集访批次": 9, "旗": True}, None, "一1-", "扣", "-3"), ({"个访批次": 1}, "4", "一1-", "", "-4"),
        ({}, "4", "一1", "扣", "4"), ({"集访批次": 2}, "4", "一1", "扣", "1"), ({"个访批次": 2}, "4", "一1", "扣", "0"),
    ],
)  # fmt: skip
def test_of_several_faults_only_the_worst_deducts_and_only_once(
    answers: Answers, of: str | None, id: str, sign: str, points: str
) -> None:
    made = rule(spec("就高", rungs="旗:0.5，个访批次:5，集访批次:3", **({"sign": sign} if sign else {})), of=of, id=id)
    assert got(made, answers) == Fraction(points)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([90, 80, 70, 60, 50], ["6", "5", "4", "1", "1"]),
        ([90, 90, 70, 70, 50], ["6", "6", "4", "4", "1"]),
        ([50, None, 90], ["5", "0", "6"]),
        ([None, None], ["0", "0"]),
        ([0, 0], ["6", "6"]),
    ],
)
def test_every_place_has_its_points_and_all_that_tie_share_them(scores: list[int | None], expected: list[str]) -> None:
    made = rule(spec("名次得分", input="评比分", places="1:6, 2:5, 3:4", others=1))
    rows: list[Answers] = [{} if each is None else {"评比分": each} for each in scores]
    assert across(made, *rows) == exactly(*expected)


def test_the_least_comes_first_where_the_scheme_says_so_and_who_is_not_meant_takes_no_place() -> None:
    made = rule(spec("名次得分", input="个访批次", places="1:6, 2:5", others=1, order="低", among='规范="是"'))
    rows = [*counted(3, 4, 4, 5, 规范=True), *counted(0)]
    assert across(made, *rows) == exactly("6", "5", "5", "1", "0")


def test_a_place_is_open_while_a_unit_is() -> None:
    made = rule(spec("名次得分", input="个访批次", places="1:6, 2:5, 3:4", others=1))
    assert across(made, *counted(9, 8, None))[:2] == [span(5, 6), span(4, 5)]


@pytest.mark.parametrize(
    ("many", "few", "points"),
    [
        (["5", "4", "4"], ["3"], "3.53"), (["5"], ["0"], "2"), (["0"], ["5"], "3"), (["5", "5", "5"], ["5", "5"], "5"),
        ([None, "4", "5"], ["3.5", None], "3.9"),
    ],
)  # fmt: skip
def test_the_means_of_the_groups_are_weighed(many: list[str | None], few: list[str | None], points: str) -> None:
    made = rule(spec("分组评分", rungs="众评:40，群评:60", mass="众评", least=40), of="5")
    marks = {"众评": many, "群评": few}
    answers = {f"{name}[{k}]": Fraction(mark) for name, each in marks.items() for k, mark in enumerate(each, 1) if mark}
    assert got(made, answers) == Fraction(points)


def test_a_group_that_nobody_of_has_rated_leaves_the_points_open() -> None:
    made = rule(spec("分组评分", rungs="众评:40，群评:60"), of="5")
    low, high = bounds(made, {"众评[1]": 5})
    assert low is None or low <= 2
    assert high == 5


@pytest.mark.parametrize(("total", "points"), [("0", "0"), ("60", "3"), ("99.95", "5"), ("120", "6")])
def test_the_total_of_another_scheme_is_brought_to_the_points(total: str, points: str) -> None:
    assert got(rule(spec("取自其他方案", input="他评总分")), {"他评总分": Fraction(total)}) == Fraction(points)


@pytest.mark.parametrize(
    ("given", "adds", "deducts"), [("0", "0", "0"), ("5.99", "5.99", "-5.99"), ("6.01", "6", "-6.01")]
)
def test_the_reviewer_says_what_no_other_line_names(given: str, adds: str, deducts: str) -> None:
    answers = {"他评总分": Fraction(given)}
    assert got(rule(spec("其他事项", input="他评总分"), id="一1+"), answers) == Fraction(adds)
    assert got(rule(spec("其他事项", input="他评总分", sign="扣"), of=None, id="一1-"), answers) == Fraction(deducts)


@pytest.mark.parametrize(
    ("times", "what", "points"),
    [
        ("0.5", "得分", ["3", "1.5", "0"]), ("2", "扣分", ["6", "0", "0"]), ("0.5", "扣分", ["6", "4.5", "2"]),
        ("0", "得分", ["0", "0", "0"]),
    ],
)  # fmt: skip
def test_what_an_item_gives_or_what_it_deducts_is_halved_or_doubled(times: str, what: str, points: list[str]) -> None:
    made = rule(spec("按次扣分", input="个访批次", each=1), spec("减半加倍", condition="旗", times=times, what=what))
    counts_of = (0, 3, 8)
    assert [got(made, {"个访批次": count, "旗": True}) for count in counts_of] == [Fraction(each) for each in points]
    assert [got(made, {"个访批次": count}) for count in counts_of] == [6, 3, 0]


@pytest.mark.parametrize(
    ("floor", "points"),
    [("0", ["6", "1", "0", "0"]), ("2.5", ["6", "2.5", "2.5", "2.5"]), (None, ["6", "1", "0", "-1"])],
)
def test_an_item_gives_at_least_its_floor_or_falls_below_0(floor: str | None, points: list[str]) -> None:
    made = rule(spec("按次扣分", input="个访批次", each=1), floor=floor)
    assert [got(made, {"个访批次": count}) for count in (0, 5, 6, 7)] == [Fraction(each) for each in points]


def test_a_floor_is_the_least_that_an_unknown_count_leaves() -> None:
    assert bounds(rule(spec("按次扣分", input="个访批次", each=1), floor="2"), {"个访批次": None}) == span(2, 6)
    assert bounds(rule(spec("按次扣分", input="个访批次", each=1), floor=None), {"个访批次": None}) == span(None, 6)


# --- caps, floors, unknown counts


@pytest.mark.parametrize(
    "pieces",
    [
        [spec("按次扣分", input="交办件数", each=2, count="交办件数-办结件数")],
        [spec("按次扣分", input="个访批次", each=1), spec("公式", formula="办结件数")],
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
    (spec("按次加减", input="个访批次"), "kind", "没有叫「按次加减」的计分方式，是否指「按次"),
    (
        spec("按次扣分", input="个访批次", each=1, 封顶=3),
        "封顶",
        "计分方式「按次扣分」不用「封顶」，把它空着；用得着的是「input」「each」",
    ),
    (spec("按次扣分", input="个访批次"), "each", "计分方式「按次扣分」要填「each」"),
    (spec("达标"), "condition", "计分方式「达标」要填「condition」"),
    (spec("按次扣分", input="个访批次", each="一分"), "each", "「each」读不懂：一分"),
    (spec("按次扣分", input="个访批次", each="1/0"), "each", "「each」读不懂：1/0"),
    (spec("缺项扣分", input="迟到次数", quota="二", each=1), "quota", "「quota」读不懂：二"),
    (spec("阶梯", input="个访批次", steps="1-1"), "steps", "「steps」读不懂：1-1"),
    (spec("阶梯", input="个访批次", steps="一:1"), "steps", "「steps」读不懂：一:1"),
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
    (
        spec("达标", condition="办结件数/交办数>=1"),
        "condition",
        "没有叫「交办数」的填报项，是否指「交办件数」？（第 6 个字符）",
    ),
    (spec("达标", condition="办结件数+"), "condition", "公式没有写完（第 6 个字符）"),
    (spec("清单", conditions=["旗", "个访批次"], each=1), "conditions", "公式应得出“成立/不成立”，这里得出一个数"),
    (
        spec("按次扣分", input="个访批次", each=1, count="个访批次>1"),
        "count",
        "公式应得出一个数，这里得出“成立/不成立”",
    ),
    (spec("名次加分", input="评比分", places="1:2", among="规范规范"), "among", "没有叫「规范规范」的填报项"),
    (spec("公式", formula="个访批次 集访批次"), "formula", "「集」这里读不懂"),
    (spec("阶梯", input="个访批次", steps="1:1", mode="最高"), "mode", "只能是取档、累加或首条"),
    (spec("阶梯", input="个访批次", steps="2:1, 1:4", mode="累加"), "steps", "阶梯的次数要从小到大、不重复"),
    (spec("按率得分", value="办结件数/交办件数"), "empty", "交办件数可能是0，要在「分母为0」里写明怎样计：计满分、"),
    (spec("按率得分", value="办结件数/交办件数", empty="满分"), "empty", "「满分」不是：计满分、计0分、取均值"),
    (spec("按率得分", value="办结件数/100", empty="计满分"), "empty", "没有可能是0的分母，不用写"),
    (spec("按率得分", value="办结件数/100", digits="1.5"), "digits", "「digits」读不懂：1.5"),
    (spec("按率得分", value="办结件数/100", digits=7), "digits", "「digits」读不懂：7"),
    (spec("比例完成", input="办结件数", target="交办件数"), "empty", "交办件数可能是0，要在「分母为0」里写明"),
    (spec("比例完成", input="办结件数", target="交办数"), "target", "没有叫「交办数」的填报项"),
    (spec("每低扣分", value="资金", base=3, each=1, side="少于"), "side", "只能是低于或高于"),
    (spec("每低扣分", value="资金", base=3, each=1, part="不算"), "part", "只能是不计、按一档或按比例"),
    (spec("每低扣分", value="资金", base=3, each=1, step=0), "step", "一档要大于0"),
    (spec("每低扣分", value="资金", base="95%", each=1), "step", "基准写了百分号，每档也要写，如 1%"),
    (spec("每低扣分", value="资金", base=3, each=1, step="1%"), "base", "每档写了百分号，基准也要写，写成 3%"),
    (spec("每低扣分", value="资金", base="九成", each=1), "base", "「base」读不懂：九成"),
    (
        spec("每低扣分", value="办结件数/交办件数", base="95%", step="1%", each=1),
        "empty",
        "交办件数可能是0，要在「分母为0」里写明",
    ),
    (spec("区间", value="个访批次", bands="[0,5]:1；[5,):3"), "bands", "不低于0、不高于5与不低于5重叠"),
    (spec("区间", value="个访批次", bands="[3,):1；[0,9]:3"), "bands", "不低于0、不高于9与不低于3重叠"),
    (
        spec("区间", value="个访批次", bands="[0,5):1；(5,):3"),
        "bands",
        "不低于0、低于5与高于5之间漏了一段，补上，或在「其余」里写明得几分",
    ),
    (spec("区间", value="资金", bands="[0,5]:1；[6,):3"), "bands", "不低于0、不高于5与不低于6之间漏了一段"),
    (spec("区间", value="个访批次", bands="(0,5):1；[5,):3"), "bands", "比高于0、低于5还小的漏了一段"),
    (spec("区间", value="个访批次", bands="[0,5):1；[5,9]:3"), "bands", "比不低于5、不高于9还大的漏了一段"),
    (spec("区间", value="个访批次", bands="[5,0]:1"), "bands", "这一段读不懂：[5,0]:1"),
    (spec("区间", value="个访批次", bands="0-5:1"), "bands", "这一段读不懂：0-5:1"),
    (spec("区间", value="个访批次", bands=""), "bands", "「bands」没有填；写成"),
    (spec("区间", value="个访批次", bands="[0,):1", sign="减"), "sign", "只能是得、加或扣"),
    (spec("区间", value="办结件数/交办件数", bands="[0,):1"), "empty", "交办件数可能是0，要在「分母为0」里写明"),
    (
        spec("与上年比", input="个访批次", before="集访批次、迟到次数", bands="(,):1", empty="计满分"),
        "before",
        "只写上年的一个填报项",
    ),
    (
        spec("与上年比", input="个访批次", before="集访批次", bands="(,0%]:1", empty="计满分"),
        "bands",
        "比不高于0%还大的漏了一段",
    ),
    (
        spec("与上年比", input="个访批次", before="集访批次", bands="(,0%]:1；(0%,):0"),
        "empty",
        "集访批次可能是0，要在「分母为0」里写明",
    ),
    (
        spec("与三年均值比", input="个访批次", before="集访批次", bands="(,):1", empty="计满分"),
        "before",
        "要写前三年的三个填报项",
    ),
    (
        spec("与均值比", input="个访批次", bands="(,):1", among="个访批次", empty="计满分"),
        "among",
        "公式应得出“成立/不成立”",
    ),
    (spec("折算扣分", input="个访批次", divide="交办件数", each=1), "empty", "交办件数可能是0，要在「分母为0」里写明"),
    (spec("分级扣分", rungs="个访批次:1，进京:4"), "rungs", "没有叫「进京」的填报项"),
    (spec("分级扣分", rungs="个访批次1"), "rungs", "「rungs」读不懂：个访批次1"),
    (spec("就高", rungs="个访批次:1"), "rungs", "就高要有两种以上的情形"),
    (spec("名次得分", input="评比分", places="2:1, 1:2"), "places", "名次要从第1名起一名一名写，中间不能缺"),
    (spec("名次得分", input="评比分", places="1:2", order="大"), "order", "只能是高或低：数大的在前，还是数小的在前"),
    (spec("分组评分", rungs="众评:40，群评:50"), "rungs", "权重合计是90，应为100"),
    (spec("分组评分", rungs="众评:40，群评:60", mass="群众", least=40), "mass", "群众组要是权重里的一个"),
    (spec("分组评分", rungs="众评:40，群评:60", least=40), "mass", "群众组要是权重里的一个"),
    (spec("分组评分", rungs="众评:39，群评:61", mass="众评", least=40), "rungs", "众评的权重39低于下限40"),
    (spec("分组评分", rungs="众评:40，群评:60"), "rungs", "「众评」应是上限为 6 的多人评分"),
    (spec("取自其他方案", input="评比分"), "input", "「评比分」应是取自其他方案的数，并写明上限"),
    (spec("其他事项", input="个访批次"), "input", "「个访批次」应由复查给出（来源选“复查”）"),
    (spec("其他事项", input="他评总分", sign="得"), "sign", "只能是加或扣"),
    (spec("减半加倍", condition="旗", times=1), "times", "要乘的数不能是1，也不能是负数"),
    (spec("减半加倍", condition="旗", times="-0.5"), "times", "要乘的数不能是1，也不能是负数"),
    (spec("减半加倍", condition="旗", times=2, what="分"), "what", "只能是得分、扣分或加分"),
    (spec("减半加倍", condition="个访批次", times=2), "condition", "公式应得出“成立/不成立”，这里得出一个数"),
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
    error = refused(spec("公式", formula="1/(交办件数-办结件数)"))
    assert "除数 交办件数-办结件数 可能是负数；写成 MAX(1,交办件数-办结件数)" in error.message
    assert (error.param, error.piece) == ("formula", 0)


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
        (rule(BY_RATE), done_of(1, 2), "按办结件数÷交办件数，得3分"),
        (rule(BY_RATE), done_of(4, 2), "按办结件数÷交办件数，得12分；以分值为限，得6分"),
        (rule(BY_RATE), {}, "交办件数为0，计满分，得6分"),
        (rule(MEAN_OF_OTHERS), done_of(1, 2), "按办结件数÷交办件数，得3分"),
        (
            rule(spec("区间", value="个访批次", bands="[0,3]:6；[4,):2")),
            {"个访批次": 4},
            "个访批次不低于4，得2分",
        ),
        (
            rule(spec("分级扣分", rungs="个访批次:0.5，集访批次:2")),
            {"个访批次": 3, "集访批次": 1},
            "满分6分；个访3批次×0.5分，扣1.5分；集访1批次×2分，扣2分；得2.5分",
        ),
        (
            rule(spec("阶梯", input="个访批次", steps="1:1, 3:2", mode="累加", over="0.5")),
            {"个访批次": 5},
            "满分6分；个访达1批次，扣1分；个访达3批次，再扣2分；个访超过3批次的2批次×0.5分，扣1分；得2分",
        ),
        (
            rule(DEDUCT, spec("减半加倍", condition="旗", times="0.5")),
            {"集访批次": 2, "旗": True},
            "满分6分；集访2批次×1.5分，扣3分；旗为“是”，得分减半；得1.5分",
        ),
        (rule(DEDUCT, floor="2"), {"集访批次": 3}, "满分6分；集访3批次×1.5分，扣4.5分；最低2分，得2分"),
        (rule(DEDUCT, floor=None), {"集访批次": 5}, "满分6分；集访5批次×1.5分，扣7.5分；得-1.5分"),
        (rule(spec("取自其他方案", input="他评总分")), {"他评总分": 60}, "按他评总分，得3分"),
        (rule(spec("其他事项", input="他评总分"), id="一1+"), {"他评总分": 3}, "他评总分3分"),
    ],
)
def test_the_reason_says_what_happened_and_what_it_came_to(made: Rule, answers: Answers, sentence: str) -> None:
    assert why(made, answers) == sentence


def test_the_reason_of_a_place_names_it() -> None:
    made = rule(spec("名次加分", input="评比分", places="1:2, 2:1"), of="2", id="一1+")
    others = [{"评比分": 80}, {"评比分": 70}]
    assert why(made, {"评比分": 90}, *others) == "评比分第1名，加2分"
    assert why(made, {"评比分": 75}, *others) == "评比分第2名，加1分"
    assert why(made, {"评比分": 60}, *others) == "未进入加分名次或未评比，不加分，得0分"


def test_the_reason_of_a_place_says_what_the_place_brings() -> None:
    made = rule(spec("名次得分", input="评比分", places="1:6, 2:4, 3:4", others=1))
    field = [{"评比分": each} for each in (90, 80, 70, 60, 50)]

    def said(k: int) -> str:
        return why(made, field[k], *field[:k], *field[k + 1 :])

    assert [said(k) for k in range(4)] == [
        "评比分第1名，得6分", "评比分第2名，得4分", "评比分第3名，得4分", "评比分在第3名以后，得1分",
    ]  # fmt: skip
    assert why(made, {}, *field) == "未参加排名，得0分"
    nothing = rule(spec("名次得分", input="评比分", places="1:6"))
    assert why(nothing, {"评比分": 40}, *field) == "评比分在第1名以后，得0分"
    twice = rule(
        spec("名次加分", input="评比分", places="1:2, 3:1"), spec("名次加分", input="评比分", places="1:1"), id="一1+"
    )
    assert why(twice, field[0], *field[1:]) == "评比分第1名，加2分；评比分第1名，加1分；得3分"
    assert why(twice, field[1], *field[:1], *field[2:]) == "评比分第2至3名，加1分"


@pytest.mark.parametrize(
    ("made", "text", "answers", "sentence"),
    [
        (
            rule(spec("按次扣分", input="交办件数", each=1, count="-INT(-交办件数/5)"), floor="2"),
            "按“向上取整（交办件数÷5）”计，每1个扣1分；最低2分",
            {"交办件数": 7},
            "满分6分；交办7件；按“向上取整（交办件数÷5）”计2个×1分，扣2分；得4分",
        ),
        (
            rule(spec("按次扣分", input="批评次数", each=2, count="MAX(0,批评次数-3)"), of=None, id="一1-"),
            "按“取大（0，批评次数－3）”计，每1次扣2分",
            {"批评次数": 4},
            "批评4次；按“取大（0，批评次数－3）”计1次×2分，扣2分；共扣2分",
        ),
        (
            rule(spec("按次扣分", input="批评次数", each=2, count="MAX(0,批评次数-3)"), of=None, id="一1-"),
            "按“取大（0，批评次数－3）”计，每1次扣2分",
            {"批评次数": 2},
            "批评2次；不扣分",
        ),
        (
            rule(spec("按次扣分", input="交办件数", each=1, count="交办件数-办结件数", label="未办结的")),
            "未办结的每件扣1分；扣完为止",
            {"交办件数": 4, "办结件数": 3},
            "满分6分；未办结的1件×1分，扣1分；得5分",
        ),
        (
            rule(spec("按次扣分", input="信息条数", each=1, count="SUM(信息条数)")),
            "信息每条扣1分；扣完为止",
            {"信息条数[2]": 2},
            "满分6分；信息2条×1分，扣2分；得4分",
        ),
    ],
)
def test_what_is_counted_is_said_as_the_formula_counts_it(
    made: Rule, text: str, answers: Answers, sentence: str
) -> None:
    assert made.text == text
    assert why(made, answers) == sentence


def test_the_reason_of_a_list_says_what_was_so() -> None:
    made = rule(spec("清单", conditions=['旗="否"'], each=3), of="3", id="一1-")
    assert why(made, {"旗": True}) == "旗为“是”，扣3分；最多扣3分；共扣3分"
    assert (
        why(rule(spec("清单", conditions=["旗", "规范"], each=1)), {"旗": True}) == "满分6分；规范为“否”，扣1分；得5分"
    )


def test_steps_are_said_in_the_unit_of_what_is_judged() -> None:
    made = rule(spec("每低扣分", value="批评次数", base=1, each=2, side="高于"))
    assert why(made, {"批评次数": 3}) == "满分6分；批评次数高于1次，2档×2分，扣4分；得2分"


def test_a_formula_that_takes_says_what_it_takes() -> None:
    made = rule(spec("公式", formula="IF(批评次数>=2,-10,0)", text="批评两次的"), of=None, id="一1-")
    assert why(made, {}) == "没有扣分"
    assert why(made, {"批评次数": 2}) == "批评两次的，扣10分"


def test_points_do_not_run_into_those_that_an_author_wrote() -> None:
    made = rule(spec("公式", formula="IF(批评次数=0,2,1)", text="没有的2分，其他1分"))
    assert why(made, {}) == "没有的2分，其他1分：2分"


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
        (rule(BY_RATE), "按办结件数÷交办件数×6分计，最多6分；交办件数为0的计满分"),
        (
            rule(MEAN_OF_OTHERS),
            "按办结件数÷交办件数×6分计，最多6分；交办件数为0的，取其他单位这一项的平均分",
        ),
        (
            rule(spec("每低扣分", value="办结件数/交办件数", base="95%", step="1%", each="0.5", empty="计0分")),
            "办结件数÷交办件数低于95%的，每1个百分点扣0.5分，不满1个百分点的不计；交办件数为0的计0分；扣完为止",
        ),
        (
            rule(spec("每低扣分", value="批评次数", base=0, each="0.3", side="高于", part="按一档")),
            "批评次数高于0次的，每1次扣0.3分，不满1次的按1次计；扣完为止",
        ),
        (
            rule(spec("每低扣分", value="应访件数-回访件数", base=2, step=2, each=1, side="高于")),
            "应访件数－回访件数高于2件的，每2件扣1分，不满2件的不计；扣完为止",
        ),
        (
            rule(spec("每低扣分", value="评比分", base=90, each=2, part="按一档")),
            "评比分低于90的，每低1扣2分，不满1的按1计；扣完为止",
        ),
        (
            rule(spec("每低扣分", value="评比分/现场评分", base=90, each=2, empty="计满分")),
            "评比分÷现场评分低于90的，每低1扣2分，不满1的不计；现场评分为0的计满分；扣完为止",
        ),
        (
            rule(spec("区间", value="资金", bands="[3,):6；[0,3):2", others=0)),
            "资金：不低于3得6分，不低于0、低于3得2分，其余得0分",
        ),
        (rule(spec("分级扣分", rungs="个访批次:0.5，旗:2")), "个访每批次扣0.5分，旗每次扣2分；扣完为止"),
        (rule(DEDUCT, floor="2"), "集访每批次扣1.5分；最低2分"),
        (rule(DEDUCT, floor=None), "集访每批次扣1.5分；不封底"),
        (
            rule(DEDUCT, spec("减半加倍", condition="旗", times=2, what="扣分")),
            "集访每批次扣1.5分；旗为“是”的，扣分加倍；扣完为止",
        ),
        (rule(spec("其他事项", input="他评总分"), id="一1+"), "由复查加分，写明理由，最多6分"),
        (rule(spec("清单", conditions=['旗="否"'], each=3), of="3", id="一1-"), "旗为“是”的，扣3分；最多扣3分"),
        (
            rule(spec("清单", conditions=["旗"], each=2), spec("清单", conditions=["交办件数>1"], each=1)),
            "旗为“否”的，扣2分；未达到“交办件数＞1”的，扣1分；扣完为止",
        ),
        (
            rule(spec("清单", conditions=["规范", "交办件数>1", '旗="否"'], each=1)),
            "规范、交办件数＞1，缺一项扣1分；旗为“是”的，扣1分；扣完为止",
        ),
        (rule(spec("其他事项", input="他评总分", sign="扣"), id="一1-"), "由复查扣分，写明理由；最多扣6分"),
        (rule(spec("其他事项", input="他评总分", sign="扣"), of=None, id="一1-"), "由复查扣分，写明理由，不封顶"),
        (rule(spec("其他事项", input="他评总分", sign="扣")), "由复查扣分，写明理由；扣完为止"),
        (
            rule(MERIT, spec("按次加分", input="批评次数", each=1), of="5", id="一1+"),
            "办结每件加4分；批评每次加1分；合计最多5分",
        ),
        (
            rule(MERIT, spec("按次加分", input="批评次数", each=1), of=None, id="一1+"),
            "办结每件加4分；批评每次加1分；不封顶",
        ),
        (
            rule(spec("名次加分", input="评比分", places="1:2, 3:1"), of="2", id="一1+"),
            "评比分第1名加2分、第2至3名加1分，并列同加",
        ),
    ],
)
def test_every_rule_says_itself_in_words(made: Rule, text: str) -> None:
    assert made.text == text


def test_a_cell_of_a_series_is_called_as_the_form_labels_it() -> None:
    made = rule(spec("达标", condition="AND(活动次数[1]>=1,信息条数[12]>0)"))
    assert made.text == "活动次数1季度≥1，且信息条数12月＞0得6分，否则不得分"
    made = rule(spec("公式", formula="众评[1]+活动次数[2]"))
    assert made.text == "＝众评[1]＋活动次数2季度", "the raters have no captions"


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


_MULTIPLY = "这一项没有{0}，乘不到；乘整项得分的，这里写“得分”；只乘{0}的，{0}用{1}等计分方式写，不用公式"


@pytest.mark.parametrize(
    ("specs", "id", "of", "floor", "why"),
    [
        (
            (DEDUCT, spec("减半加倍", condition="旗", times=2, what="加分")),
            "一1", "6", "0", _MULTIPLY.format("加分", "按次加分、名次加分、就高"),
        ),
        (
            (spec("按次加分", input="个访批次", each=1), spec("减半加倍", condition="旗", times=2, what="扣分")),
            "一1+", "6", "0", _MULTIPLY.format("扣分", "按次扣分、区间、清单"),
        ),
        ((DEDUCT,), "一1-", "6", "2", "扣分项没有保底，最多扣多少写在分值里"),
        ((DEDUCT,), "一1", "6", "6.01", "保底比分值还多"),
    ],
)  # fmt: skip
def test_what_would_have_nothing_to_work_on_is_refused(
    specs: Sequence[Spec], id: str, of: str, floor: str, why: str
) -> None:
    with pytest.raises(RuleError) as error:
        rule(*specs, of=of, id=id, floor=floor)
    assert error.value.message == why


def test_a_floor_as_high_as_the_points_stands_and_a_month_without_lines_is_not_accused() -> None:
    assert got(rule(DEDUCT, floor="6"), {"集访批次": 9}) == 6
    halved = spec("减半加倍", condition="旗", times="0.5", what="扣分")
    assert rule(spec("缺项扣分", input="活动次数", quota=1, each=1), halved, period="1月").counted is False


# --- everything that is wrong with a rule at once

_VALUES: dict[str, list[Any]] = {
    "str": [
        "旗",
        "评比分",
        "众评",
        "没有的",
        "办结件数/交办件数",
        "迟到次数",
        "旗=",
        "",
        "扣",
        "低于",
        "计满分",
        "是",
        "月报",
    ],
    "Names": ["旗", "没有的、迟到次数", "", '旗="是"', "迟到次数、个访批次、集访批次"],
    "Points": [1, -1, "x", "0.5", 0],
    "Points | None": [1, "x"],
    "Share": ["95%", "x", 3, 0, "-1"],
    "Digits": [2, "x", 9],
    "Steps": ["1:1, 2:4", "2:4, 1:1", "x", "", "1:1, 1:2", "3:1"],
    "Rungs": ["众评:60，群评:40", "众评:60", "没有的:1，旗:2", "x", "", "众评:-1"],
    "Bands": ["[90%,):5\n(,90%):0", "[1,2]:3", "x", "[1,3]:3;[2,4]:1", ""],
}


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    kind = draw(st.sampled_from([*KINDS, "没有的方式"]))
    params = {
        key: draw(st.sampled_from(_VALUES[str(each.annotation)]))
        for key, each in wanted(kind).items() if draw(st.integers(0, 9)) < 8
    }  # fmt: skip
    return spec(kind, **params, **({"多余": 1} if draw(st.integers(0, 9)) == 0 else {}))


def item_of(made_of: Sequence[Spec], of: str | None) -> Item:
    return Item("一1", "一", "指标", None if of is None else Fraction(of), "一", tuple(made_of))


@given(st.lists(specs(), min_size=1, max_size=2), st.sampled_from(["6", "5", None]))
@settings(SETTINGS, max_examples=300)
def test_a_rule_has_faults_exactly_where_it_is_refused_and_the_first_is_among_them(
    made_of: list[Spec], of: str | None
) -> None:
    item = item_of(made_of, of)
    made, faults, _ = examine_item(WORDS, item, Doubts())
    try:
        assert compile_item(WORDS, item) == made
        assert faults == []
    except RuleError as error:
        assert (error.message, error.param, error.piece) in [(each.message, each.param, each.piece) for each in faults]
        assert made is None


@given(st.lists(specs(), min_size=1, max_size=2), st.sampled_from(["6", None]), st.data())
@settings(SETTINGS, max_examples=300)
def test_what_is_in_doubt_adds_no_fault_and_takes_none_from_the_parameters_beside_it(
    made_of: list[Spec], of: str | None, data: st.DataObject
) -> None:
    item = item_of(made_of, of)
    told = [(each.message, each.param, each.piece) for each in examine_item(WORDS, item, Doubts())[1]]
    keys = [sorted(wanted(each.kind)) for each in made_of]
    params = tuple(frozenset(data.draw(st.lists(st.sampled_from(each)))) if each else frozenset() for each in keys)
    made, faults, _ = examine_item(WORDS, item, Doubts(frozenset(["points"]), params, frozenset(["旗", "众评"])))
    assert made is None
    assert all(each.piece is None or each.param not in params[each.piece] for each in faults)
    unknown = {each for each in told if "没有叫「没有的」的填报项" in each[0] and each[1] not in params[each[2] or 0]}
    assert unknown <= {(each.message, each.param, each.piece) for each in faults}


@pytest.mark.parametrize(
    ("made_of", "told"),
    [
        (spec("按次扣分", input="没有的", each="x"), {"input", "each"}),
        (spec("按次扣分"), {"input", "each"}),
        (spec("阶梯", input="没有的", steps="2:1, 1:2", mode="别的", over="x"), {"input", "mode", "over"}),
        (spec("阶梯", input="没有的", steps="1:1, 1:2", mode="别的"), {"input", "mode", "steps"}),
        (spec("区间", value="没有的/交办件数", bands="[1,3]:3;[2,4]:1", sign="乘", digits=9),
         {"value", "bands", "sign", "digits"}),
        # what a formula that cannot be read divides by nobody knows
        (spec("按率得分", value="没有的/交办件数"), {"value"}),
        (spec("每低扣分", value="办结件数/交办件数", base="95%", each="x", step=1, side="旁边", part="多少"),
         {"each", "step", "side", "part", "empty"}),
        (spec("分组评分", rungs="众评:60，群评:30", mass="没有的", least="x", trim="要"),
         {"rungs", "mass", "least", "trim"}),
        (spec("裁量区间", input="没有的", least=3, most="x", sign="乘", count="没有"),
         {"input", "most", "sign", "count"}),
        (spec("名次得分", input="旗", places="2:1", order="中", among="没有的"), {"places", "order", "among"}),
        (spec("与三年均值比", input="没有的", before="旗", bands="x", empty="无"),
         {"input", "before", "bands", "empty"}),
    ],
)  # fmt: skip
def test_every_parameter_at_fault_is_told_and_none_that_only_follows(made_of: Spec, told: set[str]) -> None:
    faults = examine_item(WORDS, item_of([made_of], "5"), Doubts())[1]
    assert sorted(each.param for each in faults) == sorted(told), [each.message for each in faults]


# --- a deduction outside the full marks whose rate has no denominator


def outside(empty: str, of: str | None = "3") -> Rule:
    """每低扣分 as a deduction of at most so much, of whose 应访件数 there may be none."""
    made = spec("每低扣分", value="回访件数/应访件数", base="95%", step="1%", each="0.5", empty=empty)
    return rule(made, of=of, id="一3-")


NONE_DUE: Answers = {"应访件数": 0, "回访件数": 0}


@pytest.mark.parametrize("empty", ["计0分", "计满分"])
def test_of_a_deduction_nobody_can_tell_what_marks_without_a_denominator_are(empty: str) -> None:
    with pytest.raises(RuleError, match=r"看不出是不扣还是全扣.*不扣分.*全扣"):
        outside(empty)


@pytest.mark.parametrize("empty", ["不扣分", "全扣"])
def test_what_is_said_of_a_deduction_is_refused_of_an_item_that_has_marks(empty: str) -> None:
    with pytest.raises(RuleError, match=f"「{empty}」不是"):
        rule(spec("按率得分", value="回访件数/应访件数", empty=empty))


def test_nothing_or_all_of_a_deduction_is_taken_where_there_is_no_denominator_and_the_reason_agrees() -> None:
    assert got(outside("不扣分"), NONE_DUE) == 0
    assert why(outside("不扣分"), NONE_DUE) == "应访件数为0，不扣分"
    assert got(outside("全扣"), NONE_DUE) == -3
    assert why(outside("全扣"), NONE_DUE) == "应访件数为0，扣3分；最多扣3分；共扣3分"
    for empty in ("不扣分", "全扣"):
        assert got(outside(empty), {"应访件数": 100, "回访件数": 93}) == -1
        assert got(outside(empty), {"应访件数": 100, "回访件数": 95}) == 0


def test_a_deduction_without_a_limit_may_take_nothing_and_cannot_take_all() -> None:
    assert got(outside("不扣分", None), NONE_DUE) == 0
    with pytest.raises(RuleError, match="要求指标有分值"):
        outside("全扣", None)


@pytest.mark.parametrize(("of", "taken"), [("3", Fraction(2)), (None, Fraction("2.5"))])
def test_a_deduction_without_a_denominator_may_be_that_of_the_others_on_average(
    of: str | None, taken: Fraction
) -> None:
    others = [{"应访件数": 100, "回访件数": each} for each in (93, 87)]
    here = frame(NONE_DUE, *others)
    here.settled = True
    found = number(outside("取均值", of).tree, here)
    assert [found.low.fraction(row) for row in range(3)] == [-taken, -1, -(Fraction(3) if of else Fraction(4))]
    sentence = why(outside("取均值", of), NONE_DUE, *others)
    assert sentence == f"应访件数为0，按其他单位平均计{decimal(taken)}分，扣{decimal(taken)}分"
