"""Schemes with persons, targets and outcomes that lean on each other; the two documents against their data."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.rounds import Round
from xfkh.findings import Level
from xfkh.formula import Symbol, formula
from xfkh.formula.tree import refs
from xfkh.model import InputKind, Origin, OutcomeKind
from xfkh.scheme import SchemeError, conditions, load, outcome_names, read_text

XINYANG, XINYANG_NOTES = load("xinyang")
LIAOCHENG, LIAOCHENG_NOTES = load("liaocheng-1995")

# --- the two documents, written out by hand

UNIT_POINTS: dict[str, str | None] = {
    **{"1.1": "10", "1.2": "10", "2.1": "4", "2.2": "4", "2.3": "6", "2.4": "6", "3.1": "8", "3.2": "12"},
    **{"4.1": "15", "4.2": "10", "4.3": "5", "4.4": "5", "4.5": "5"},
    **{"加1+": None, "加2.1+": None, "加2.2+": None, "加2.3+": None, "加3+": "6", "加4+": "10"},
    **{"减1-": None, "减2-": None, "减3.1-": None, "减3.2-": None, "减3.3-": None},
}
PERSON_POINTS: dict[str, str | None] = {
    **{"1": "5", "2": "5", "3": "10", "4": "10", "5": "20", "6": "30", "7": "10", "8": "10"},
    **{"加1+": None, "加2.1+": None, "加2.2+": None, "加2.3+": None, "加3+": "6", "加4+": "10"},
    **{"减1-": None, "减2-": None},
}


@pytest.mark.parametrize(("part", "points"), [("单位", UNIT_POINTS), ("个人", PERSON_POINTS)])
def test_the_lines_of_xinyang_and_their_points_are_those_of_the_document(
    part: str, points: dict[str, str | None]
) -> None:
    found = {each.id: each.points for each in XINYANG.part(part).items}
    assert found == {id: None if text is None else Fraction(text) for id, text in points.items()}
    hundred = sum((value for id, value in found.items() if value is not None and id[-1] not in "+-"), Fraction(0))
    assert hundred == sum((each.points for each in XINYANG.part(part).sections), Fraction(0)) == 100


def test_the_bonuses_once_a_year_are_those_of_the_document() -> None:
    for part in XINYANG.parts:
        assert {each.id for each in part.items if each.annual} == {"加3+", "加4+"}


def test_xinyang_leaves_only_the_raters_to_the_review_and_lets_units_pass_over_two_flags() -> None:
    reviewed = {each.name: each.kind for part in XINYANG.parts for each in part.inputs if each.origin is Origin.REVIEW}
    assert reviewed == {"工作对接评分": InputKind.RATERS}
    optional = {each.name: each.default for part in XINYANG.parts for each in part.inputs if each.optional}
    assert optional == {"申报": "是", "推荐": "否"}
    assert {each.id: each.value for each in XINYANG.parameters} == {"先进单位名额": 3, "先进个人名额": 5}


def test_the_prices_of_liaocheng_are_those_of_the_document() -> None:
    prices = {each.id: (each.count, int(each.price or 0)) for each in LIAOCHENG.parts[0].outcomes if each.count}
    assert prices == {
        "罚款.集访到市": ("集访到市批次", 200),
        "罚款.集访到地区": ("集访到地区批次", 500),
        "罚款.集访赴省": ("集访赴省批次", 1000),
        "罚款.集访进京": ("集访进京批次", 1500),
        "罚款.越级到地区": ("越级非集访到地区批次", 100),
        "罚款.越级赴省": ("越级非集访赴省批次", 300),
        "罚款.越级进京": ("越级非集访进京批次", 500),
        "罚款.逾期未报": ("逾期两月未报件数", 500),
    }
    settling = {each.id for each in LIAOCHENG.parts[0].outcomes if each.settles}
    assert settling == set(prices), "only the fines by the piece come off the deposit"


def test_the_outcomes_of_liaocheng_are_of_the_kinds_that_the_document_gives_them() -> None:
    kinds: dict[OutcomeKind, list[str]] = {}
    for each in LIAOCHENG.parts[0].outcomes:
        kinds.setdefault(each.kind, []).append(each.id)
    assert kinds[OutcomeKind.VETO] == [f"否决{k}" for k in range(1, 6)]
    assert kinds[OutcomeKind.LIST] == ["重点管理单位", "本年重点管理单位"]
    assert kinds[OutcomeKind.HONOUR] == ["通报表彰", "记功"]
    assert kinds[OutcomeKind.ACCOUNTABILITY] == [f"责任查究{k}" for k in range(1, 8)]
    assert all(each.value is None for each in LIAOCHENG.parameters), "the text gives no figure"


def test_the_check_notes_that_the_third_condition_is_never_decisive() -> None:
    (note,) = LIAOCHENG_NOTES
    assert (note.code, note.level) == ("scheme-idle", Level.NOTE)
    assert "“(3)" in note.message and "“(1)" in note.message


def test_sections_of_bonuses_and_deductions_are_no_gap() -> None:
    assert XINYANG_NOTES == []


# --- names of conditions


def test_a_target_stands_for_its_whole_condition_also_inside_and() -> None:
    names = outcome_names(LIAOCHENG, LIAOCHENG.parts[0])
    alone = set(refs(formula("四无", names, "是否")))
    both = set(refs(formula("AND(四无,考评总分>=95)", names, "是否")))
    assert len(alone) == 8 and both == {*alone, "考评总分"}
    assert set(refs(formula("OR(四无,考评总分>=95)", names, "是否"))) == both


def test_a_name_for_a_condition_is_no_series() -> None:
    inner = formula("甲=0", {"甲": Symbol(cells=("甲",))}, "是否")
    names = {"甲": Symbol(cells=("甲",)), "目标": Symbol("是否", tree=inner)}
    assert refs(formula("AND(目标)", names, "是否")) == ("甲",)


def test_an_outcome_reads_only_those_before_it() -> None:
    reads = {each.outcome.id: each.reads for each in conditions(LIAOCHENG, LIAOCHENG.parts[0])}
    assert reads["记功"] == ("通报表彰", "上年通报表彰") and "一票否决" in reads["通报表彰"]


# --- mistakes

HEAD = """
[scheme]
id = "small"
title = "小方案"
version = "1"
status = "示范"

[[parameter]]
id = "奖金"
text = "奖金"
"""
# an inline table of TOML stands on one line
UNIT = """
[[part]]
name = "单位"
total = "总评"
deposit = "押金"
input = [
  { name = "总评", kind = "数值", origin = "复查", maximum = 100, decimals = 2 },
  { name = "押金", kind = "金额", origin = "名册", default = "0" },
  { name = "次数", kind = "件数" },
  { name = "上年", kind = "是否", origin = "上年", previous = "表彰", optional = "视为没有", default = "否" },
]
target = [{ id = "目标甲", title = "没有", condition = "次数=0", clause = "1" }]
outcome = [
  { id = "否决甲", kind = "一票否决", condition = "次数>=3", clause = "2", because = "三次" },
  { id = "表彰", kind = "荣誉", condition = "NOT(一票否决)", clause = "3", because = "表彰", parameter = "奖金", \
reasons = [{ condition = "目标甲", because = "(1)" }, { condition = "名次<=5", because = "(2)" }, \
{ condition = '上年="是"', because = "(3)" }] },
  { id = "罚", kind = "处罚", count = "次数", price = 10, clause = "4", because = "罚", settles = true },
]
"""
SMALL = HEAD + UNIT


def test_the_small_scheme_loads_without_a_word() -> None:
    assert read_text(SMALL)[1] == []


MISTAKES = {
    "persons before units": (('name = "单位"', 'name = "个人"'), "单位在前"),
    "a part of another name": (('name = "单位"', 'name = "科室"'), "只能是 单位"),
    "raters whom the unit asks itself": (
        ('{ name = "次数", kind = "件数" }', '{ name = "次数", kind = "多人评分", maximum = 10 }'),
        "多人评分的来源是复查",
    ),
    "a text that a unit fills in": (
        ('{ name = "次数", kind = "件数" }', '{ name = "次数", kind = "件数" }, { name = "话", kind = "文字" }'),
        "文字和日期只能来自名册",
    ),
    "last year's outcome for a count": (
        ('{ name = "次数", kind = "件数" }', '{ name = "次数", kind = "件数", previous = "表彰" }'),
        "只能用于来源是上年的是否项",
    ),
    "last year's outcome by quarters": (
        ('previous = "表彰",', 'previous = "表彰", series = 4,'),
        "只能用于来源是上年的是否项，不能按月按季",
    ),
    "a deposit of the roster by months": (
        ('origin = "名册", default = "0"', 'origin = "名册", default = "0", series = 12'),
        "名册里一个单位只有一个值",
    ),
    "another scheme's score by quarters": (
        (
            '{ name = "总评", kind',
            '{ name = "转来", kind = "数值", origin = "复查", maximum = 9, scores = true, series = 4 }, '
            '{ name = "总评", kind',
        ),
        "只能用于来源是复查的数值或评分，不能按月按季",
    ),
    "another scheme's score for a count": (
        ('{ name = "次数", kind = "件数" }', '{ name = "次数", kind = "件数", scores = true }'),
        "只能用于来源是复查的数值或评分",
    ),
    "a default that is no answer": (('default = "否"', 'default = "无"'), "只能是“是”或“否”"),
    "a default without a word": (('optional = "视为没有", default = "否"', 'default = "否"'), "还要写明不填时怎样"),
    "a parameter that is not there": (('parameter = "奖金"', 'parameter = "奖品"'), "没有参数 奖品"),
    "money from two places": (('parameter = "奖金"', 'parameter = "奖金", amount = 5'), "金额只能来自一处"),
    "a price that is no whole yuan": (("price = 10", "price = 0.5"), "整元"),
    "a count without a price": ((", price = 10", ""), "没有填"),
    "a fine off a deposit that there is not": (('deposit = "押金"\n', ""), "保证金"),
    "a deposit that is no money": (('deposit = "押金"', 'deposit = "次数"'), "没有这个金额填报项"),
    "a total that names nothing": (('total = "总评"', 'total = "总平"'), "没有叫「总平」的填报项"),
    "an outcome that leans on a later one": (('condition = "次数>=3"', 'condition = "表彰"'), "没有叫「表彰」的填报项"),
    "a veto that leans on vetoes": (('condition = "次数>=3"', 'condition = "一票否决"'), "没有叫「一票否决」"),
    "a target that names nothing": (('condition = "次数=0"', 'condition = "批次=0"'), "工作目标 目标甲"),
    "a reason that is no condition": (('condition = "名次<=5"', 'condition = "名次+5"'), "“成立/不成立”"),
    "two targets of one id": (
        ("target = [", 'target = [{ id = "目标甲", title = "又", condition = "次数=0", clause = "1" }, '),
        "出现两次",
    ),
    "a target that a blank answer would meet": (
        (
            'default = "否" },\n]\ntarget = [',
            'default = "是" },\n]\ntarget = [{ id = "目标乙", title = "乙", '
            'condition = \'上年="是"\', clause = "1" }, ',
        ),
        "只能用于结果运用",
    ),
    "a reward off the deposit": (('id = "罚", kind = "处罚"', 'id = "罚", kind = "奖励"'), "只有处罚可以从保证金里扣"),
    "half a count": (('count = "次数"', 'count = "次数/2"'), "数量要是整数"),
    "a rank where nothing earns points": (('total = "总评"\n', ""), "没有总分和名次"),
    "an unknown word of the part": (('total = "总评"', 'total = "总评"\nsum = 1'), "不认识"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_and_the_scheme_refused(mistake: str) -> None:
    (old, new), words = MISTAKES[mistake]
    assert SMALL.count(old) == 1
    with pytest.raises(SchemeError) as error:
        read_text(SMALL.replace(old, new))
    said = [each.message for each in error.value.findings if each.level is Level.ERROR]
    assert any(words in message for message in said), said


def test_a_flag_that_counts_as_yes_when_blank_may_not_earn_points() -> None:
    flag = 'input = [{ name = "旗", kind = "是否", optional = "视为是", default = "是" }]'
    item = 'item = [{ id = "一", section = "一", title = "甲", points = 2, clause = "1", rule = [RULE] }]'
    text = f'{HEAD}\n[[part]]\nsection = [{{ id = "一", title = "一", points = 2 }}]\n{flag}\n{item}\n'
    with pytest.raises(SchemeError) as error:
        read_text(text.replace("RULE", '{ kind = "是否得分", input = "旗" }'))
    assert "只能用于结果运用" in error.value.findings[0].message
    counted = text.replace("是否", "件数").replace('"视为是", default = "是"', '"视为3", default = "3"')
    with pytest.raises(SchemeError) as error:
        read_text(counted.replace("RULE", '{ kind = "公式", formula = "旗+1" }'))
    assert "不填算“3”" in error.value.findings[0].message
    with pytest.raises(SchemeError) as error:
        read_text(text.replace("RULE", '{ kind = "公式", formula = "2" }') + 'total = "2"\n')
    assert any("总分由指标相加" in each.message for each in error.value.findings)


def test_the_checks_of_discretion_come_with_the_rule_and_stand_after_the_schemes_own() -> None:
    texts = [each.text for each in XINYANG.parts[0].checks]
    assert texts[-3:] == [
        "创新加分应为0，或5至10",
        "举报投诉扣分合计应为举报投诉扣分次数的5至10倍",
        "失职批评扣分合计应为失职批评次数的5至10倍",
    ]
    assert all(each.closed for each in XINYANG.parts[0].checks[-3:])


# --- whole rounds with schemes of one's own


def graded(tmp_path: Path, text: str, answers: dict[str, dict[str, object]], *args: object) -> dict[str, Any]:
    path = tmp_path / "方案.toml"
    path.write_text(text, encoding="utf-8")
    run = Round(tmp_path, answers, scheme=str(path), reviewed=("分",))
    return run.grade("--review", run.review(), *args)


OWN = """
[[part]]
name = "单位"
section = [{ id = "一", title = "一", points = 5 }]
"""


def test_a_unit_that_sent_nothing_is_missing_also_where_every_answer_is_optional(tmp_path: Path) -> None:
    text = f"""{HEAD}{OWN}
input = [{{ name = "次数", kind = "件数", optional = "视为没有" }}]
item = [{{ id = "一", section = "一", title = "一", points = 5, clause = "1", rule = [{{ kind = "按次扣分", input = "次数", each = 1 }}] }}]
"""  # noqa: E501
    path = tmp_path / "方案.toml"
    path.write_text(text, encoding="utf-8")
    run = Round(tmp_path, {"甲镇": {"次数": 1}, "乙镇": {"次数": 2}}, scheme=str(path), reviewed=("分",))
    run.path("乙镇").unlink()
    record = run.grade(status=1)
    assert [(each["state"], each["total"]) for each in record["subjects"]] == [("已评", 4), ("未报", None)]


MONTHLY = f"""{HEAD}{OWN}
input = [{{ name = "信息", kind = "件数", unit = "条", series = 12 }}]
item = [{{ id = "一", section = "一", title = "一", points = 5, clause = "1", rule = [{{ kind = "缺项扣分", input = "信息", quota = 1, each = 1 }}] }}]
check = [{{ condition = "信息[12]>=信息[1]", text = "十二月不少于一月" }}]
target = [{{ id = "年末", title = "年末", condition = "信息[12]>=1", clause = "1" }}, {{ id = "年初", title = "年初", condition = "信息[1]>=1", clause = "1" }}]
outcome = [{{ id = "好", kind = "荣誉", condition = "年末", clause = "1", because = "年末有" }}, {{ id = "更好", kind = "荣誉", condition = "好", clause = "1", because = "好" }}, {{ id = "满", kind = "荣誉", condition = "总分>=5", clause = "1", because = "满分" }}]
"""  # noqa: E501


def test_what_reads_a_month_outside_the_period_waits_for_the_year(tmp_path: Path) -> None:
    path = tmp_path / "方案.toml"
    path.write_text(MONTHLY, encoding="utf-8")
    answers = {"甲镇": {f"信息[{k}]": 1 for k in range(1, 7)}}
    run = Round(tmp_path / "半", answers, "上半年", str(path), reviewed=())
    (found,) = run.grade(status=0)["subjects"]
    assert found["targets"] == {"年初": True} and [each["id"] for each in found["outcomes"]] == ["满"]
    whole = Round(tmp_path / "全", {"甲镇": {f"信息[{k}]": 1 for k in range(1, 13)}}, scheme=str(path), reviewed=())
    (found,) = whole.grade(status=0)["subjects"]
    assert found["targets"] == {"年末": True, "年初": True}
    assert [each["id"] for each in found["outcomes"]] == ["好", "更好", "满"]


def test_where_nothing_earns_points_nobody_has_a_total_or_a_rank(tmp_path: Path) -> None:
    text = f"""{HEAD}
[[part]]
name = "单位"
input = [{{ name = "次数", kind = "件数" }}]
outcome = [{{ id = "约谈", kind = "问责", condition = "次数>=3", clause = "1", because = "三次" }}]
"""
    record = graded(tmp_path, text, {"甲镇": {"次数": 3}, "乙镇": {"次数": 2}})
    assert [(each["state"], each["total"], each["rank"]) for each in record["subjects"]] == [("已评", None, None)] * 2
    assert [[one["id"] for one in each["outcomes"]] for each in record["subjects"]] == [["约谈"], []]


@pytest.mark.parametrize(("marks", "confirm"), [(91, False), (50, True)])
def test_an_award_rests_on_a_zero_denominator_only_where_no_other_reason_holds(
    marks: int, confirm: bool, tmp_path: Path
) -> None:
    text = f"""{HEAD}{OWN}
input = [{{ name = "分", kind = "数值", origin = "复查", maximum = 100 }}, {{ name = "应办", kind = "件数" }}, {{ name = "办结", kind = "件数" }}]
item = [{{ id = "一", section = "一", title = "一", points = 5, clause = "1", rule = [{{ kind = "公式", formula = "5" }}] }}]
outcome = [{{ id = "奖", kind = "奖励", amount = 100, clause = "1", because = "奖", reasons = [{{ condition = "分>=90", because = "高分" }}, {{ condition = "办结/应办>=100%", because = "办结" }}] }}]
"""  # noqa: E501
    record = graded(tmp_path, text, {"甲镇": {"分": marks, "应办": 0, "办结": 0}})
    ((award,),) = [each["outcomes"] for each in record["subjects"]]
    assert award["confirm"] is confirm


def test_more_raters_than_the_arithmetic_carries_are_refused_before_anything_is_issued() -> None:
    text = f"""{HEAD}{OWN.replace("points = 5", "points = 10")}
input = [{{ name = "众评", kind = "多人评分", origin = "复查", maximum = 10, decimals = 6 }}]
item = [{{ id = "一", section = "一", title = "一", points = 10, clause = "1", rule = [{{ kind = "多人评分", input = "众评" }}] }}]
"""  # noqa: E501
    with pytest.raises(SchemeError) as error:
        read_text(text)
    assert "除数相乘超过一千万" in error.value.findings[0].message
    read_text(text.replace("decimals = 6", "decimals = 4"))
