"""Scheme files: the district scheme holds what its document says, and a faulty file is told all its faults."""

from __future__ import annotations

import hashlib
import re
from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xfkh.findings import Finding, Level
from xfkh.formula import formula, refs
from xfkh.model import PERIODS, Input, InputKind, Item, Origin, OutcomeKind, Scheme
from xfkh.rules import compile_part, vocabulary
from xfkh.scheme import SchemeError, builtin_ids, builtins, check, load, outcome_names, read_text

DISTRICT, NOTES = load("district")
PART = DISTRICT.part("单位")


def item(id: str) -> Item:
    return next(each for each in PART.items if each.id == id)


def words(text: str) -> list[str]:
    return text.split()


# --- the district scheme against its document, written out by hand

POINTS: dict[str, str | None] = {
    **{"一1": "2", "一2": "2", "一3": "2"},
    **{"二1": "6", "二2": "6", "二3": "6", "二4": "6"},
    **{"二1+": "5", "二2+": "3", "二3+": "3", "二4+": "5", "二5+": None},
    **{"三": "8", "四1": "2", "四2": "2"},
    **{"五1": "1", "五2": "1", "五3": "1", "五4": "1"},
    **{"六1": "2", "六1+": "2", "六2": "4", "六3": "4", "六4": "5"},
    **{"七1": "2", "七2": "2"},
    **{"八1": "2", "八2": "1", "八3": "2", "八4": "2", "八5": "2", "八6": "4"},
    **{"九": "4", "十1": "4", "十2": "3"},
    **{"二余": "11", "四余": "2"},
}
HEADINGS = {"一": 6, "二": 35, "三": 8, "四": 6, "五": 4, "六": 15, "七": 4, "八": 13, "九": 4, "十": 7}
READS = {
    "一1": "纳入综合考核",
    "一2": "研究信访工作次数",
    "一3": "领导包案件数",
    "二1": "进京个访批次 进京集访批次",
    "二1+": "进京个访批次 进京集访批次",
    "二2": "赴省个访批次 赴省集访批次",
    "二2+": "赴省集访批次",
    "二3": "赴市集访批次 赴市集访20人以上批次 赴市集访20人以上重复批次",
    "二3+": "赴市集访批次",
    "二4": "来区集访批次 来区集访20人以上批次 来区集访20人以上重复批次 来区异常处置不力次数",
    "二4+": "来区集访10人以上批次",
    "二5+": "化解群访件数",
    "三": "交办老户件数 按期报结老户件数",
    "四1": "信访信息条数",
    "四2": "信息员活动次数",
    "五1": "季度汇总上报",
    "五2": "半年年终总结",
    "五3": "月度分析",
    "五4": "重点对象措施",
    "六1": "台账清楚 台账规范",
    "六1+": "台账评比分 台账规范",
    "六2": "无进京非访和重复访 无进京个访赴省集访 无历史积案和老户 无影响大群体事件",
    "六3": "合理诉求件数 解决到位件数 无理诉求件数 稳控到位件数 困难求助件数 救助到位件数 违法行为件数 依法处置件数",
    "六4": "被列为市重点管理",
    "七1": "到场超时次数",
    "七2": "推诿次数",
    "八1": "应急制度方案",
    "八2": "领导小组工作组",
    "八3": "应急资金万元",
    "八4": "备忘录",
    "八5": "敏感期信息评分",
    "八6": "现场处置评分",
    "九": "无故缺席次数",
    "十1": "来信未按时答复件数",
    "十2": "重复来信件数",
    "二余": "",
    "四余": "",
}
FLAGS = words("""纳入综合考核 季度汇总上报 半年年终总结 月度分析 重点对象措施 台账清楚 台账规范 无进京非访和重复访
无进京个访赴省集访 无历史积案和老户 无影响大群体事件 被列为市重点管理 应急制度方案 领导小组工作组 备忘录""")
COUNTS = words("""研究信访工作次数 领导包案件数 进京个访批次 进京集访批次 赴省个访批次 赴省集访批次 赴市集访批次
赴市集访20人以上批次 赴市集访20人以上重复批次 来区集访批次 来区集访10人以上批次 来区集访20人以上批次
来区集访20人以上重复批次 来区异常处置不力次数 化解群访件数 交办老户件数 按期报结老户件数 信访信息条数 信息员活动次数
合理诉求件数 解决到位件数 无理诉求件数 稳控到位件数 困难求助件数 救助到位件数 违法行为件数 依法处置件数
到场超时次数 推诿次数 无故缺席次数 来信未按时答复件数 重复来信件数 敏感期越级上访次数""")


def test_the_district_scheme_holds_exactly_the_lines_of_the_document() -> None:
    assert {each.id: each.points for each in PART.items} == {
        id: None if points is None else Fraction(points) for id, points in POINTS.items()
    }


@pytest.mark.parametrize("id", POINTS)
def test_a_line_reads_exactly_the_inputs_of_the_document(id: str) -> None:
    rules = compile_part(DISTRICT.with_settings({"分值口径": "大项"}), PART)
    assert {name.partition("[")[0] for name in rules[id].shows} == set(READS[id].split())


def test_every_line_names_its_clause_and_stands_in_a_section() -> None:
    for each in PART.items:
        assert each.clause.startswith("五("), each.id
        assert each.section == each.id[0]
        assert each.title
    assert {each.id: each.points for each in PART.sections} == HEADINGS
    assert all(each.clause for each in PART.sections)
    assert all(each.clause for each in PART.outcomes)


def test_the_inputs_are_of_the_kinds_the_document_asks_for() -> None:
    kinds = {each.name: each.kind for each in PART.inputs}
    assert [name for name, kind in kinds.items() if kind is InputKind.FLAG] == FLAGS
    assert {name for name, kind in kinds.items() if kind is InputKind.COUNT} == set(COUNTS)
    others = {name for name, kind in kinds.items() if kind not in (InputKind.FLAG, InputKind.COUNT)}
    assert others == {"到区时限分钟", "台账评比分", "应急资金万元", "敏感期信息评分", "现场处置评分"}


def test_series_limits_and_givers_are_those_of_the_document() -> None:
    assert {each.name: each.series for each in PART.inputs if each.series} == {"信访信息条数": 12, "信息员活动次数": 4}
    assert PART.input("信访信息条数").cells[11] == "信访信息条数[12]"
    limits = {each.name: each.maximum for each in PART.inputs if each.maximum is not None}
    assert limits == {"台账评比分": 100, "敏感期信息评分": 2, "现场处置评分": 4}
    givers = {each.name: each.origin for each in PART.inputs if each.origin is not Origin.SELF}
    assert givers == {"到区时限分钟": Origin.ROSTER, "台账评比分": Origin.REVIEW, "敏感期越级上访次数": Origin.REVIEW}
    assert {each.name for each in PART.inputs if each.optional} == {"台账评比分", "敏感期越级上访次数"}
    assert PART.input("到区时限分钟").default == "30"


def test_no_input_is_asked_for_in_vain() -> None:
    names = outcome_names(DISTRICT, PART)
    texts = [each.condition for each in PART.outcomes] + [each.condition for each in PART.checks]
    read = {name for text in texts for name in refs(formula(text, names, "是否"))}
    read |= {name for rule in compile_part(DISTRICT, PART).values() for name in rule.shows}
    asked = {each.name for each in PART.inputs if each.origin is not Origin.ROSTER}
    assert asked == {name.partition("[")[0] for name in read} - {"总分", "名次"}


def test_yearly_quotas_and_bonuses_for_a_whole_year_are_yearly_lines() -> None:
    assert [each.id for each in PART.items if each.annual] == ["一2", "一3", "二1+", "二2+", "二3+", "二4+"]


def test_the_awards_are_those_of_the_document() -> None:
    assert {each.id: each.amount for each in PART.outcomes} == {
        "一等奖": 18000,
        "二等奖": 15000,
        "三等奖": 10000,
        "四无": 10000,
        "四个100%": 15000,
        "敏感期": 3000,
    }
    assert all(each.kind is OutcomeKind.REWARD and each.annual for each in PART.outcomes)
    assert len({each.tier for each in PART.outcomes[:3]}) == 1
    assert [each.condition for each in PART.outcomes[:3]] == ["总分>=90", "总分>=85", "总分>=80"]


PAIRS = {
    ("赴市集访20人以上重复批次", "赴市集访20人以上批次"),
    ("赴市集访20人以上批次", "赴市集访批次"),
    ("来区集访20人以上重复批次", "来区集访20人以上批次"),
    ("来区集访20人以上批次", "来区集访10人以上批次"),
    ("来区集访10人以上批次", "来区集访批次"),
    ("按期报结老户件数", "交办老户件数"),
    ("解决到位件数", "合理诉求件数"),
    ("稳控到位件数", "无理诉求件数"),
    ("救助到位件数", "困难求助件数"),
    ("依法处置件数", "违法行为件数"),
    ("无进京个访赴省集访", "进京个访批次"),
    ("无进京个访赴省集访", "赴省集访批次"),
}


def test_the_closed_contradictions_are_those_of_the_document_and_one_more_is_a_warning() -> None:
    names = vocabulary(DISTRICT, PART)
    found = {each.condition: refs(formula(each.condition, names, "是否")) for each in PART.checks}
    assert {found[each.condition] for each in PART.checks if each.closed} == PAIRS
    assert [found[each.condition] for each in PART.checks if not each.closed] == [("无历史积案和老户", "交办老户件数")]


def test_every_reading_says_itself_and_one_can_be_switched() -> None:
    assert all(each.text for each in DISTRICT.readings)
    assert {each.id: set(each.options) for each in DISTRICT.readings if each.options} == {"分值口径": {"子项", "大项"}}
    assert DISTRICT.settings["分值口径"] == "子项"
    named = {name for each in PART.items for name in each.readings}
    assert named <= set(DISTRICT.settings)
    for id in ("二1", "二2", "二3", "二4", "五1", "六1+", "六3", "八3", "八5", "八6", "十2"):
        assert item(id).readings, f"{id} rests on a reading"


def test_the_scheme_says_what_it_is_and_that_volume_rankings_were_cancelled() -> None:
    assert (DISTRICT.id, DISTRICT.status, DISTRICT.date) == ("district", "示范", "2022-08-04")
    said = "".join(DISTRICT.notes)
    assert all(words in said for words in ("2013", "2014", "《信访工作条例》", "打击报复"))


@pytest.mark.parametrize("period", PERIODS)
def test_the_scheme_compiles_in_every_period(period: str) -> None:
    rules = compile_part(DISTRICT, PART, period)
    assert list(rules) == [each.id for each in DISTRICT.lines(PART)]
    if period != "全年":
        assert rules["一2"].of == 0


# --- headings and items do not add up, and it says so


def sums(scheme: Scheme) -> Fraction:
    lines = [each for each in scheme.lines(scheme.parts[0]) if not each.extra]
    return sum((each.points or Fraction(0) for each in lines), Fraction(0))


def test_the_check_reports_both_sums_and_both_gaps_as_a_note() -> None:
    (note,) = NOTES
    assert (note.code, note.level) == ("scheme-sums", Level.NOTE)
    assert "大项标题合计 102 分，子项合计 89 分" in note.message
    assert "二、控制上访：标题35，子项24" in note.message
    assert "四、信访信息：标题6，子项4" in note.message
    assert note.message.count("标题") == 3
    assert "分值口径" in note.mend


def test_the_reading_decides_between_the_two_sums() -> None:
    assert sums(DISTRICT) == 89
    assert sums(DISTRICT.with_settings({"分值口径": "大项"})) == 102


# --- loading


def test_the_built_in_schemes_load_by_their_ids() -> None:
    assert "district" in builtin_ids()
    assert [each.id for each in builtins()] == builtin_ids()


@pytest.mark.parametrize("typed", ["distrct", "District", "districts"])
def test_an_unknown_id_suggests_the_nearest(typed: str) -> None:
    with pytest.raises(SchemeError, match=f"没有叫「{typed}」的方案，是否指「district」？可用：.*district"):
        load(typed)


def test_an_id_like_no_other_lists_what_there_is() -> None:
    with pytest.raises(SchemeError) as error:
        load("甲乙丙")
    assert "没有叫「甲乙丙」的方案；可用：district" in str(error.value)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SchemeError, match=r"找不到方案文件：没有\.toml"):
        load("没有.toml")


SMALL = """
[scheme]
id = "small"
title = "小方案"
version = "1"
status = "示范"
source = "测试"
date = "2025-01-01"

[[reading]]
id = "分值口径"
text = "标题与子项不符"
value = "子项"
options = { "子项" = "只计子项", "大项" = "计标题" }

[[reading]]
id = "零分母"
text = "视为达到"

[[parameter]]
id = "名额"
value = 3
text = "先进名额"

[[part]]
name = "单位"

[[part.section]]
id = "一"
title = "控制上访"
points = 8

[[part.input]]
name = "集访批次"
kind = "件数"
unit = "批次"

[[part.input]]
name = "台账规范"
kind = "是否"

[[part.item]]
id = "一1"
section = "一"
title = "集访"
points = 6
clause = "一(一)"
readings = ["零分母"]
rule = [{ kind = "按次扣分", input = "集访批次", each = 1.5 }]

[[part.item]]
id = "一2"
section = "一"
title = "台账"
points = 2
clause = "一(二)"
rule = [{ kind = "是否得分", input = "台账规范" }]

[[part.outcome]]
id = "一等奖"
kind = "奖励"
condition = "AND(总分>=6,名次<=名额)"
clause = "二"
because = "总分不低于6分"
amount = 1000

[[part.check]]
condition = "集访批次<=100"
text = "集访太多"
"""


def faults(text: str) -> list[Finding]:
    """What is found wrong with a scheme that cannot be used."""
    with pytest.raises(SchemeError) as error:
        read_text(text)
    return [each for each in error.value.findings if each.level is Level.ERROR]


def changed(*changes: tuple[str, str]) -> str:
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_small_scheme_loads_without_a_word() -> None:
    scheme, findings = read_text(SMALL)
    assert findings == []
    assert [each.id for each in scheme.parts[0].items] == ["一1", "一2"]
    assert scheme.parts[0].items[0].rules[0].params["each"] == pytest.approx(1.5)
    assert [each.cells for each in scheme.parts[0].inputs] == [("集访批次",), ("台账规范",)]
    assert scheme.text == SMALL.strip("\n") + "\n"


def test_decimals_of_a_scheme_are_exact() -> None:
    scheme, _ = read_text(changed(("each = 1.5", "each = 0.1")))
    rule = compile_part(scheme, scheme.parts[0])["一1"]
    assert rule.lines[0].each == Fraction(-1, 10)


def test_a_gap_without_a_reading_for_it_is_a_warning() -> None:
    _, (found,) = read_text(changed(("points = 8", "points = 9.5")))
    assert (found.code, found.level) == ("scheme-sums-open", Level.WARNING)
    assert "大项标题合计 9.5 分，子项合计 8 分（一、控制上访：标题9.5，子项8）" in found.message


def test_bonuses_and_conditional_lines_are_no_part_of_the_heading() -> None:
    bonus = ("一2", "一2+")
    _, (found,) = read_text(changed((f'id = "{bonus[0]}"', f'id = "{bonus[1]}"')))
    assert "子项合计 6 分" in found.message
    conditional = changed(('clause = "一(二)"', 'clause = "一(二)"\nwhen = "分值口径=大项"'))
    scheme, (found,) = read_text(conditional)
    assert (found.code, found.level) == ("scheme-sums", Level.NOTE)
    assert [each.id for each in scheme.lines(scheme.parts[0])] == ["一1"]
    switched = scheme.with_settings({"分值口径": "大项"})
    assert [each.id for each in switched.lines(switched.parts[0])] == ["一1", "一2"]


# --- one finding for every mistake

# what is changed, the code of the finding ("" for any), what its message says
MISTAKES: dict[str, tuple[tuple[str, str], str, tuple[str, ...]]] = {
    "a rule reads an unknown input": (
        ('input = "集访批次", each', 'input = "集访次数", each'),
        "scheme-rule",
        ("指标 一1", "没有叫「集访次数」的填报项"),
    ),
    "a rule is of an unknown kind": (
        ('"按次扣分"', '"按次扣"'),
        "scheme-rule",
        ("指标 一1", "没有叫「按次扣」的计分方式"),
    ),
    "a rule lacks a parameter": ((", each = 1.5", ""), "scheme-rule", ("指标 一1", "要填「each」")),
    "a rule has an unknown parameter": (("each = 1.5", "each = 1.5, cap = 3"), "scheme-rule", ("不用「cap」",)),
    "a parameter cannot be read": (("each = 1.5", 'each = "一分半"'), "scheme-rule", ("「each」读不懂：一分半",)),
    "a rule needs another kind of input": (
        ('input = "台账规范"', 'input = "集访批次"'),
        "scheme-rule",
        ("指标 一2", "「集访批次」不是是否项"),
    ),
    "an award's formula names what is not there": (
        ("AND(总分>=6,名次<=名额)", "总分>=6+奖励"),
        "scheme-formula",
        ("结果运用 一等奖", "没有叫「奖励」的填报项（第 7 个字符）"),
    ),
    "an award's formula is unfinished": (
        ("AND(总分>=6,名次<=名额)", "AND(总分>=6"),
        "scheme-formula",
        ("结果运用 一等奖", "公式没有写完"),
    ),
    "an award's formula is no condition": (
        ("AND(总分>=6,名次<=名额)", "总分-6"),
        "scheme-formula",
        ("结果运用 一等奖", "“成立/不成立”"),
    ),
    "a check's formula names what is not there": (
        ("集访批次<=100", "集访批次<=个访批次"),
        "scheme-formula",
        ("校验 集访批次<=个访批次", "没有叫「个访批次」的填报项"),
    ),
    "two items have one id": (('id = "一2"', 'id = "一1"'), "scheme-field", ("指标 一1", "「id」", "出现两次")),
    "two inputs have one name": (
        ('name = "台账规范"\nkind = "是否"', 'name = "集访批次"\nkind = "件数"'),
        "scheme-field",
        ("填报项 集访批次", "「name」", "出现两次"),
    ),
    "two sections have one id": (
        ("[[part.section]]", '[[part.section]]\nid = "一"\ntitle = "又一"\npoints = 0\n\n[[part.section]]'),
        "scheme-field",
        ("大项 一", "「id」", "出现两次"),
    ),
    "two readings have one id": (
        ('id = "零分母"', 'id = "分值口径"'),
        "scheme-field",
        ("口径 分值口径", "「id」", "出现两次"),
    ),
    "a parameter is named like an input": (
        ('id = "名额"', 'id = "集访批次"'),
        "scheme-field",
        ("参数 集访批次", "「id」", "出现两次"),
    ),
    "an item lacks its clause": (('clause = "一(一)"\n', ""), "scheme-field", ("指标 一1", "「clause」", "没有填")),
    "an item lacks its rule": (
        ('rule = [{ kind = "是否得分", input = "台账规范" }]', ""),
        "scheme-field",
        ("指标 一2", "「rule」", "没有填"),
    ),
    "an input lacks its kind": (('kind = "件数"\n', ""), "scheme-field", ("填报项 集访批次", "「kind」", "没有填")),
    "an award lacks its reason": (
        ('because = "总分不低于6分"\n', ""),
        "scheme-field",
        ("结果运用 一等奖", "「because」", "没有填"),
    ),
    "an item has an unknown field": (
        ('title = "台账"', 'title = "台账"\nweight = 2'),
        "scheme-field",
        ("指标 一2", "「weight」", "不认识"),
    ),
    "an input has an unknown field": (
        ('unit = "批次"', 'unit = "批次"\nmax = 9'),
        "scheme-field",
        ("填报项 集访批次", "「max」", "不认识"),
    ),
    "the head has an unknown field": (
        ('version = "1"', 'version = "1"\nauthor = "某"'),
        "",
        ("「author」",),
    ),
    "the part has an unknown table": (("[[part.check]]", "[[part.checks]]"), "", ("「checks」",)),
    "the file has an unknown table": (("[[parameter]]", "[[parameters]]"), "", ("「parameters」",)),
    "an item stands in an unknown section": (
        ('section = "一"\ntitle = "台账"', 'section = "二"\ntitle = "台账"'),
        "scheme-field",
        ("指标 一2", "「section」", "没有大项 二"),
    ),
    "an item rests on an unknown reading": (
        ('readings = ["零分母"]', 'readings = ["零分子"]'),
        "scheme-field",
        ("指标 一1", "「readings」", "没有口径 零分子"),
    ),
    "a line exists under an unknown reading": (
        ('clause = "一(二)"', 'clause = "一(二)"\nwhen = "计分口径=大项"'),
        "",
        ("一2", "「when」"),
    ),
    "a line exists under a value that is not offered": (
        ('clause = "一(二)"', 'clause = "一(二)"\nwhen = "分值口径=标题"'),
        "",
        ("一2", "「when」"),
    ),
    "a reading's value is not offered": (('value = "子项"', 'value = "小项"'), "", ("分值口径", "小项")),
    "an input is of an unknown kind": (('kind = "件数"', 'kind = "次数"'), "scheme-field", ("填报项 集访批次", "次数")),
    "an input comes from nowhere": (
        ('kind = "是否"', 'kind = "是否"\norigin = "下级"'),
        "scheme-field",
        ("填报项 台账规范", "下级"),
    ),
    "an award is of an unknown kind": (('kind = "奖励"', 'kind = "奖金"'), "scheme-field", ("结果运用 一等奖", "奖金")),
    "a series is neither monthly nor quarterly": (
        ('unit = "批次"', 'unit = "批次"\nseries = 6'),
        "scheme-field",
        ("填报项 集访批次", "「series」", "只能是 4（按季）或 12（按月）"),
    ),
    "points are no number": (("points = 2\nclause", 'points = "两分"\nclause'), "scheme-field", ("指标 一2", "两分")),
    "an id is written as a number": (('id = "一2"', "id = 1.2"), "", ("id",)),
    "a rule is not in a list": (
        ('rule = [{ kind = "是否得分", input = "台账规范" }]', 'rule = { kind = "是否得分", input = "台账规范" }'),
        "",
        ("指标 一2", "rule"),
    ),
    "a condition is a number": (
        ('kind = "是否得分", input = "台账规范"', 'kind = "清单", conditions = [1], each = 1'),
        "",
        ("指标 一2",),
    ),
}


def matching(findings: list[Finding], code: str, words: tuple[str, ...]) -> list[Finding]:
    return [each for each in findings if code in ("", each.code) and all(word in each.message for word in words)]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_and_the_scheme_refused(mistake: str) -> None:
    change, code, words = MISTAKES[mistake]
    found = faults(changed(change))
    assert matching(found, code, words), [each.message for each in found]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_explained_in_chinese_with_a_remedy(mistake: str) -> None:
    try:
        findings = read_text(changed(MISTAKES[mistake][0]))[1]
    except SchemeError as error:
        findings = error.findings
    for each in findings:
        assert each.mend
        assert not re.search(r"[A-Za-z_']+ [a-z]+ [a-z]+|Error|Decimal\(|\{'", each.message), each.message


TOGETHER = [
    "an input has an unknown field",
    "an item lacks its clause",
    "a rule needs another kind of input",
    "an award's formula names what is not there",
    "a check's formula names what is not there",
    "two readings have one id",
]
LATER = [
    "a rule reads an unknown input",
    "a rule needs another kind of input",
    "an award's formula names what is not there",
    "a check's formula names what is not there",
    "an item rests on an unknown reading",
    "an item stands in an unknown section",
]
EARLIER = [
    "an input has an unknown field",
    "an item lacks its clause",
    "an item has an unknown field",
    "an award lacks its reason",
    "an input comes from nowhere",
]


@pytest.mark.parametrize(
    "mistakes", [EARLIER, LATER, TOGETHER], ids=["all in fields", "all in rules and formulas", "of every sort"]
)
def test_many_mistakes_in_one_file_are_all_told_at_once(mistakes: list[str]) -> None:
    found = faults(changed(*(MISTAKES[each][0] for each in mistakes)))
    for each in mistakes:
        _, code, words = MISTAKES[each]
        assert matching(found, code, words), f"{each}: {[one.message for one in found]}"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(LATER), min_size=1, unique=True))
def test_any_few_of_the_mistakes_are_all_told_at_once(mistakes: list[str]) -> None:
    if {"a rule needs another kind of input", "an item stands in an unknown section"} <= set(mistakes):
        mistakes = [each for each in mistakes if each != "a rule needs another kind of input"]
    found = faults(changed(*(MISTAKES[each][0] for each in mistakes)))
    assert len(found) == len(mistakes)
    for each in mistakes:
        _, code, words = MISTAKES[each]
        assert len(matching(found, code, words)) == 1


@pytest.mark.parametrize("name", ["AB12", "R1C1", "20人台账", "台账 规范", "台账(规范)", "台账[1]"])
def test_a_name_that_excel_could_not_take_is_refused(name: str) -> None:
    found = faults(SMALL.replace('"台账规范"', f'"{name}"'))
    assert any(f"填报项 {name}" in each.message or f"「{name}」" in each.message for each in found)


@pytest.mark.parametrize("text", ["[scheme", "id = ", "甲 = 1", "[scheme]\nid = 'a'\nid = 'b'"])
def test_what_is_no_toml_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SchemeError, match="不是有效的 TOML"):
        read_text(text)


def test_a_file_that_is_no_scheme_is_told_in_chinese_what_it_should_be(tmp_path: Path) -> None:
    """Of the parser's English sentence only the place is told."""
    said = {}
    for name, data in {
        "名册.csv": "单位,代码\n东街,001\n".encode(),
        "名册二.csv": "单位,代码\n".encode("gbk"),
        "坏.toml": b"[scheme]\nid = \n",
        "没完.toml": b'id = """a',
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SchemeError) as error:
            load(str(tmp_path / name))
        said[name] = str(error.value)
        assert not re.search(r"[a-z]{3,}", said[name].replace(".toml", "").replace(".csv", "").replace(".xlsx", ""))
    for name in ("名册.csv", "名册二.csv"):
        assert said[name] == f"{name} 不是方案文件：方案应当是 .xlsx 工作簿或 .toml 文件"
    assert said["坏.toml"].startswith("坏.toml 第 2 行第 6 列起不是有效的 TOML：请检查")
    assert said["没完.toml"].startswith("没完.toml 末尾不是有效的 TOML：请检查")


@pytest.mark.parametrize("text", ["", "[scheme]\nid = 'a'\ntitle = '甲'", SMALL.replace('id = "small"\n', "")])
def test_a_file_without_a_head_or_a_part_is_no_scheme(text: str) -> None:
    with pytest.raises(SchemeError):
        read_text(text)


# --- settings


def test_settings_change_readings_and_parameters_in_a_copy() -> None:
    scheme, _ = read_text(SMALL)
    other = scheme.with_settings({"分值口径": "大项", "名额": "5"})
    assert other.settings["分值口径"] == "大项"
    assert other.parameters[0].value == 5
    assert scheme.settings["分值口径"] == "子项"
    assert scheme.parameters[0].value == 3
    assert scheme.with_settings({}) == scheme
    assert scheme.with_settings({"分值口径": "子项"}) == scheme


def test_a_parameter_may_be_a_fraction() -> None:
    scheme, _ = read_text(SMALL)
    assert scheme.with_settings({"名额": "0.2"}).parameters[0].value == Fraction(1, 5)


@pytest.mark.parametrize("name", ["分值", "集访批次", "", "一等奖"])
def test_settings_of_an_unknown_name_are_refused(name: str) -> None:
    scheme, _ = read_text(SMALL)
    with pytest.raises(KeyError) as error:
        scheme.with_settings({name: "子项"})
    assert error.value.args == (name,)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("分值口径", "小项", "分值口径 只能是：子项、大项"),
        ("分值口径", "", "分值口径 只能是：子项、大项"),
        ("零分母", "不视为达到", "零分母 只能是：（不可更改）"),
        ("名额", "三", "名额 应当是数字"),
        ("名额", "", "名额 应当是数字"),
        ("名额", "1/0", "名额 应当是数字"),
    ],
)
def test_settings_of_a_value_that_is_not_offered_are_refused(name: str, value: str, message: str) -> None:
    scheme, _ = read_text(SMALL)
    with pytest.raises(ValueError, match=re.escape(message)):
        scheme.with_settings({name: value})


def test_a_scheme_is_checked_again_under_other_settings() -> None:
    scheme, _ = read_text(SMALL)
    assert check(scheme.with_settings({"分值口径": "大项", "名额": "1"})) == []


# --- the digest


def test_the_digest_is_the_hash_of_the_text_and_the_same_every_time() -> None:
    text = (resources.files("xfkh") / "schemes" / "district.toml").read_text("utf-8").replace("\r\n", "\n")
    assert DISTRICT.digest == hashlib.sha256(text.encode()).hexdigest() == load("district")[0].digest
    assert DISTRICT.text == text


def test_the_digest_does_not_depend_on_the_line_ends() -> None:
    there, _ = read_text(SMALL.replace("\n", "\r\n"))
    here, _ = read_text(SMALL)
    assert there.digest == here.digest
    assert there == here


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 99))
def test_another_figure_gives_another_digest(points: int) -> None:
    here, there = read_text(SMALL)[0], read_text(changed(("amount = 1000", f"amount = {points}")))[0]
    assert there.digest != here.digest


def test_the_text_of_a_scheme_gives_the_same_scheme_again() -> None:
    again, notes = read_text(DISTRICT.text)
    assert again == DISTRICT
    assert again.digest == DISTRICT.digest
    assert [each.message for each in notes] == [each.message for each in NOTES]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_scheme_file_loads_with_and_without_a_mark_of_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "我的方案.toml"
    path.write_bytes(SMALL.replace("\n", "\r\n").encode(encoding))
    scheme, _ = load(str(path))
    assert scheme.digest == read_text(SMALL)[0].digest


def test_a_scheme_file_in_another_encoding_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "我的方案.toml"
    path.write_bytes(SMALL.encode("gb18030"))
    try:
        load(str(path))
    except SchemeError as error:
        assert "我的方案.toml" in str(error)


def test_the_file_at_fault_is_named(tmp_path: Path) -> None:
    path = tmp_path / "我的方案.toml"
    path.write_text(changed(('"按次扣分"', '"按次扣"')), encoding="utf-8")
    with pytest.raises(SchemeError, match=r"我的方案\.toml 有错误") as error:
        load(str(path))
    assert [each.source.file for each in error.value.findings] == ["我的方案.toml"]


# --- what an input stands for


@pytest.mark.parametrize(
    ("series", "period", "cells"),
    [
        (0, "1月", 1),
        (12, "全年", 12),
        (12, "上半年", 6),
        (12, "第3季度", 3),
        (12, "12月", 1),
        (4, "全年", 4),
        (4, "下半年", 2),
        (4, "第2季度", 1),
        (4, "5月", 0),
    ],
)
def test_an_input_has_the_cells_of_the_period(series: int, period: str, cells: int) -> None:
    made = Input("次数", InputKind.COUNT, series=series)
    assert len(made.cells_in(period)) == cells
    assert set(made.cells_in(period)) <= set(made.cells)
    assert len(made.captions()) == series
