"""What `scheme check` tells: twenty mistakes at once, the order of outcomes, names, and what the awards can cost."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.test_scheme_workbook import Sheets, place, written
from xfkh import cli
from xfkh.findings import CATALOGUE, Finding, Level
from xfkh.rules import KINDS
from xfkh.scheme import builtin_ids, read_text
from xfkh.scheme.costs import Cost
from xfkh.scheme.remedies import REMEDIES
from xfkh.trial import examined, tried

SOUND: Sheets = {
    "方案": [
        ["项目", "内容"], ["编号", "own"], ["名称", "本区办法"], ["版本", "2026.1"], ["状态", "现行"],
        ["施行日期", "2026-01-01"],
    ],
    "大项": [["编号", "名称", "分值", "依据"], ["一", "工作", 30, "一"], ["二", "质量", 40, "二"],
        ["三", "其他", 10, "三"]],
    "填报项": [
        ["名称", "类型", "来源", "上限", "计量单位"],
        ["集访批次", "件数", "", "", "批次"], ["台账规范", "是否", "", "", ""], ["督办次数", "件数", "", "", "次"],
        ["应办件数", "件数", "", "", "件"], ["办结件数", "件数", "", "", "件"], ["批评次数", "件数", "", "", "次"],
        ["群众评分", "多人评分", "复查", 10, ""], ["代表评分", "多人评分", "复查", 10, ""],
        ["表扬次数", "件数", "", "", "次"], ["创新个数", "件数", "", 2, "个"],
    ],
    "指标": [
        ["编号", "大项", "名称", "分值", "计分方式", "填报项", "每次", "档次", "条件", "公式", "分母为0", "依据"],
        ["一1", "一", "集访", 10, "按次扣分", "集访批次", 1.5, "", "", "", "", "一(一)"],
        ["一2", "一", "台账", 10, "达标", "", "", "", '台账规范="是"', "", "", "一(二)"],
        ["一3", "一", "督办", 10, "按次扣分", "督办次数", 2, "", "", "", "", "一(三)"],
        ["二1", "二", "办结", 10, "区间", "", "", "[95%,):10\n[80%,95%):6\n(,80%):0", "", "办结件数/应办件数",
         "计满分", "二(一)"],
        ["二2", "二", "批评", 10, "区间", "", "", "[0,1]:10\n[2,4]:5\n[5,):0", "", "批评次数", "", "二(二)"],
        ["二3", "二", "评议", 10, "分组评分", "", "", "群众评分:60，代表评分:40", "", "", "", "二(三)"],
        ["二4", "二", "规范", 10, "是否得分", "台账规范", "", "", "", "", "", "二(四)"],
        ["三1", "三", "其他", 10, "是否得分", "台账规范", "", "", "", "", "", "三(一)"],
    ],
    "加减分": [
        ["编号", "大项", "名称", "分值", "方向", "计分方式", "填报项", "每次", "公式", "依据"],
        ["一4", "一", "表扬", 5, "加分", "按次加分", "表扬次数", 2, "", "三"],
        ["一5", "一", "少集访", 3, "加分", "零发生加分", "集访批次", "", "", "三"],
        ["二5", "二", "创新", 2, "加分", "按次加分", "创新个数", 1, "", "三"],
    ],
    "结果运用": [
        ["编号", "类型", "条件", "金额", "等次组", "依据", "原因"],
        ["一等奖", "奖励", "总分>=70", 5000, "等次", "四", "总分不低于70分"],
        ["二等奖", "奖励", "总分>=60", 3000, "等次", "四", "总分不低于60分"],
        ["表彰", "荣誉", "名次<=名额", "", "", "四", "名次在前"],
        ["记功", "荣誉", "AND(表彰,集访批次=0)", "", "", "四", "受表彰，又没有集访"],
        ["通报", "处罚", "集访批次>=5", 1000, "", "四", "集访5批次及以上"],
    ],
    "校验": [
        ["条件", "说明", "不成立时"], ["办结件数<=应办件数", "办结的不会多于应办的", ""],
        ["批评次数<=99", "批评的次数太多", "提示"],
    ],
    "口径": [["编号", "类型", "说明", "取值"], ["名额", "参数", "表彰几个单位", 3]],
    "用例": [["编号", "填报项", "填", "指标", "应得"], ["照常", "集访批次", 1, "一1", 8.5]],
}  # fmt: skip


class Mistake(NamedTuple):
    """What is put where, and the code, the place and the words of the one finding that must follow."""

    sheet: str
    row: int
    changes: dict[str, Any]
    code: str
    place: str
    text: str

    def make(self, sheets: Sheets) -> None:
        rows = sheets[self.sheet]
        if self.row == len(rows):
            rows.append([""] * len(rows[0]))
        for head, value in self.changes.items():
            rows[self.row][rows[0].index(head)] = value


TWENTY = {
    "a day that is none": Mistake(
        "方案", 5, {"内容": "2026-13-01"}, "scheme-field", "方案!B7", "「2026-13-01」不是日期"
    ),
    "a heading that its items do not make up": Mistake(
        "大项", 3, {"分值": 35}, "scheme-sums-open", "大项!C5", "三、其他：标题35，子项10"
    ),
    "a misspelt type": Mistake("填报项", 3, {"类型": "次数"}, "scheme-field", "填报项!B5", "是否指「件数」"),
    "an input that nothing reads": Mistake(
        "填报项", 11, {"名称": "初信件数", "类型": "件数"}, "scheme-unused", "填报项!A13", "「初信件数」没有用到"
    ),
    "a name like a cell": Mistake(
        "填报项", 9, {"名称": "AB12"}, "scheme-field", "填报项!A11", "不能像单元格地址"
    ),
    "an unknown input": Mistake(
        "指标", 1, {"填报项": "集访次数"}, "scheme-rule", "指标!F3", "没有叫「集访次数」的填报项"
    ),
    "a misspelt kind of rule": Mistake("指标", 2, {"计分方式": "达成"}, "scheme-rule", "指标!E4", "没有叫「达成」"),
    "negative points": Mistake("指标", 3, {"分值": -10}, "scheme-negative", "指标!D5", "指标 一3 的「分值」是负数"),
    "intervals that overlap": Mistake(
        "指标", 4, {"档次": "[95%,):10\n[80%,95%]:6\n(,80%):0"}, "scheme-rule", "指标!H6", "重叠"
    ),
    "a gap between intervals": Mistake(
        "指标", 5, {"档次": "[0,1]:10\n[3,4]:5\n[5,):0"}, "scheme-rule", "指标!H7", "之间漏了一段"
    ),
    "weights that are not 100": Mistake(
        "指标", 6, {"档次": "群众评分:60，代表评分:30"}, "scheme-rule", "指标!H8", "权重合计是90，应为100"
    ),
    "an item without a clause": Mistake("指标", 7, {"依据": ""}, "scheme-field", "指标!L9", "「依据」有误：没有填"),
    "an id that stands twice": Mistake("加减分", 2, {"编号": "一4"}, "scheme-field", "加减分!A4", "出现两次"),
    "a bonus whose cap never binds": Mistake(
        "加减分", 3, {"分值": 5}, "scheme-unearned", "加减分!D5", "分值是 5 分，但最多只能得 2 分"
    ),
    "a tier out of order": Mistake(
        "结果运用", 2, {"条件": "总分>=75"}, "scheme-tier", "结果运用!C4", "排在前面的「一等奖」必定先成立"
    ),
    "a condition that leans on a later one": Mistake(
        "结果运用", 3, {"条件": "AND(名次<=名额,通报)"}, "scheme-order", "结果运用!C5", "结果运用「通报」排在后面"
    ),
    "a fine without an amount": Mistake(
        "结果运用", 5, {"金额": ""}, "scheme-moneyless", "结果运用!D7", "通报 是处罚，没有写多少钱"
    ),
    "a formula that breaks off": Mistake("校验", 1, {"条件": "办结件数<="}, "scheme-formula", "校验!A3", "没有写完"),
    "a word that its column does not have": Mistake(
        "校验", 2, {"不成立时": "警示"}, "scheme-cell", "校验!C4", "只能是待核、警告、提示，是否指「警告」"
    ),
    "a parameter that is no number": Mistake("口径", 1, {"取值": "三个"}, "scheme-field", "口径!D3", "「三个」不是数"),
}  # fmt: skip
ALONE = {
    "a threshold that nobody reaches": Mistake(
        "结果运用", 1, {"条件": "总分>=90.01"}, "scheme-never", "结果运用!C3", "怎样填都不会成立（总分0 至 90）"
    ),
    "a case that comes out otherwise": Mistake(
        "用例", 1, {"应得": 9}, "scheme-case", "用例!E3", "应得 9 分，算出来是 8.5 分"
    ),
    "a deduction whose cap never binds": Mistake(
        "加减分", 3, {"方向": "扣分", "计分方式": "公式", "填报项": "", "每次": "", "公式": "0-创新个数", "分值": 5},
        "scheme-unearned", "加减分!D5", "分值是 5 分，但最多只能扣 2 分",
    ),
    "a deduction whose most is never reached": Mistake(
        "加减分", 3, {"方向": "扣分", "计分方式": "按次扣分", "分值": 5}, "scheme-unearned", "加减分!D5", "最多只能扣"
    ),
    "words for the points of a section": Mistake(
        "大项", 3, {"分值": "十分"}, "scheme-cell", "大项!C5", "要写成数"
    ),
    "an outcome without a clause": Mistake("结果运用", 5, {"依据": ""}, "scheme-field", "结果运用!F7", "没有填"),
    "an outcome that leans on itself": Mistake(
        "结果运用", 4, {"条件": "AND(表彰,记功)"}, "scheme-order", "结果运用!C6", "结果运用「记功」就是它自己"
    ),
    "two outcomes that lean on each other": Mistake(
        "结果运用", 3, {"条件": "AND(名次<=名额,记功)"}, "scheme-order", "结果运用!C5", "两个互相引用"
    ),
    "a veto before any": Mistake(
        "结果运用", 4, {"条件": "AND(表彰,一票否决)"}, "scheme-order", "结果运用!C6", "没有一项是一票否决"
    ),
    "a parameter without a value, in a condition": Mistake(
        "口径", 1, {"取值": ""}, "scheme-formula", "结果运用!C5", "参数「名额」还没有取值"
    ),
}  # fmt: skip


def mistaken(*mistakes: Mistake) -> Sheets:
    sheets = {name: [list(row) for row in rows] for name, rows in SOUND.items()}
    if any(each.changes.get("名称") == "AB12" for each in mistakes):
        # renamed wherever it stands
        sheets["加减分"][1][6] = "AB12"
    for each in mistakes:
        each.make(sheets)
    return sheets


def told(path: Path) -> list[Finding]:
    return [each for each in examined(str(path)).findings if each.level is not Level.NOTE]


def said(findings: list[Finding]) -> list[str]:
    return sorted(f"{each.code} {place(each)}" for each in findings)


def test_the_scheme_without_mistakes_has_none(tmp_path: Path) -> None:
    assert examined(str(written(SOUND, tmp_path / "本区.xlsx"))).findings == []


@pytest.mark.parametrize("name", [*TWENTY, *ALONE])
def test_a_mistake_gives_one_finding_on_its_cell(name: str, tmp_path: Path) -> None:
    one = {**TWENTY, **ALONE}[name]
    (found,) = told(written(mistaken(one), tmp_path / "本区.xlsx"))
    assert (found.code, place(found)) == (one.code, one.place)
    assert one.text in found.message
    assert found.mend and found.number.startswith("方")


def test_twenty_mistakes_are_twenty_findings_in_one_pass(tmp_path: Path) -> None:
    assert len(TWENTY) == 20
    assert {each.sheet for each in TWENTY.values()} == set(SOUND) - {"用例"}
    found = told(written(mistaken(*TWENTY.values()), tmp_path / "本区.xlsx"))
    assert said(found) == sorted(f"{each.code} {each.place}" for each in TWENTY.values())
    for one in TWENTY.values():
        assert any(one.text in each.message for each in found if place(each) == one.place), one


class Spoilt(NamedTuple):
    """What is put into one row, and what of it must be told on which cells, and nothing else."""

    sheet: str
    row: int
    changes: dict[str, Any]
    told: dict[str, str]


MORE: dict[str, list[str]] = {
    "大项": ["确认"], "填报项": ["按期", "小数位", "默认值"], "指标": ["部分", "口径", "保底", "适用"],
    "加减分": ["保底"], "结果运用": ["数量", "单价", "金额参数", "从保证金扣"],
}  # fmt: skip
"""Columns beside those of SOUND."""
SPOILT = [
    Spoilt("方案", 5, {"内容": "2026-13-01"}, {"B7": "不是日期"}),
    Spoilt("方案", 6, {"项目": "失效日期", "内容": "明年"}, {"B8": "不是日期"}),
    Spoilt("大项", 3, {"分值": "十分", "确认": "对"}, {"C5": "要写成数", "E5": "只能是“原文如此”"}),
    Spoilt(
        "填报项", 3, {"类型": "次数", "来源": "自己", "上限": "十次", "按期": "按周", "小数位": "两位"},
        {"B5": "没有「次数」", "C5": "没有「自己」", "D5": "要写成数", "F5": "只能是按季或按月", "G5": "要写成数"},
    ),
    Spoilt(
        "填报项", 7, {"类型": "评分员", "来源": "复核"}, {"B9": "没有「评分员」", "C9": "没有「复核」"},
    ),
    Spoilt(
        "指标", 1,
        {"大项": "九", "分值": "十", "计分方式": "按次扣", "填报项": "集访次数", "依据": "", "口径": "甲"},
        {"B3": "没有大项 九", "D3": "要写成数", "E3": "没有叫「按次扣」的计分方式", "F3": "没有叫「集访次数」的填报项",
         "L3": "没有填", "N3": "没有口径 甲"},
    ),
    Spoilt(
        "指标", 3, {"填报项": "督办次", "每次": "两分", "依据": "", "保底": "五", "适用": "县组:x"},
        {"F5": "没有叫「督办次」的填报项", "G5": "要写成数", "L5": "没有填", "O5": "「五」不是数", "P5": "「x」不是数"},
    ),
    Spoilt(
        "指标", 4, {"档次": "[95%,):10\n[80%,95%]:6\n(,80%):0", "分母为0": "随便", "部分": "村"},
        {"H6": "重叠", "K6": "「随便」不是", "M6": "只能是单位、个人"},
    ),
    Spoilt("指标", 6, {"档次": "群众评分:60，代表评分:30", "依据": ""}, {"H8": "权重合计是90", "L8": "没有填"}),
    Spoilt(
        "加减分", 1, {"分值": "五", "方向": "减分", "填报项": "表扬", "每次": "两", "依据": ""},
        {"D3": "要写成数", "E3": "只能是加分、扣分", "G3": "没有叫「表扬」的填报项", "H3": "要写成数", "J3": "没有填"},
    ),
    Spoilt(
        "加减分", 3, {"填报项": "创新", "每次": -1, "依据": "", "保底": 3},
        {"G5": "没有叫「创新」的填报项", "H5": "是负数", "J5": "没有填", "K5": "保底比分值还多"},
    ),
    Spoilt(
        "结果运用", 1, {"类型": "奖品", "条件": "总成绩>=70", "金额": 0.5, "依据": "", "原因": ""},
        {"B3": "没有「奖品」", "C3": "没有叫「总成绩」的填报项", "D3": "整元", "F3": "没有填", "G3": "没有填"},
    ),
    Spoilt(
        "结果运用", 2, {"数量": "表扬次", "单价": "十元", "金额参数": "奖金", "从保证金扣": "要"},
        {"D4": "金额只能来自一处", "H4": "没有叫「表扬次」的填报项", "I4": "要写成数", "J4": "没有参数 奖金",
         "K4": "只能填“是”"},
    ),
    Spoilt(
        "结果运用", 3, {"类型": "荣耀", "条件": "AND(名次<=名额,通报)"},
        {"B5": "没有「荣耀」", "C5": "结果运用「通报」排在后面"},
    ),
    Spoilt(
        "校验", 1, {"条件": "办结件数<=", "说明": "", "不成立时": "警示"},
        {"A3": "没有写完", "B3": "没有填", "C3": "只能是待核、警告、提示"},
    ),
    Spoilt("口径", 1, {"说明": "", "取值": "三个"}, {"C3": "没有填", "D3": "「三个」不是数"}),
    Spoilt(
        "用例", 1, {"填": "约3次", "指标": "一8", "应得": "八分"}, {"C3": "约数", "D3": "「一8」", "E3": "要写成数"},
    ),
    Spoilt(
        "用例", 2, {"填报项": "没有", "填": "3", "指标": "二8"}, {"B4": "「没有」", "D4": "「二8」", "E4": "没有填"},
    ),
]  # fmt: skip


def spoilt(*rows: Spoilt) -> Sheets:
    sheets = {name: [[*row, *([""] * len(MORE.get(name, [])))] for row in rows] for name, rows in SOUND.items()}
    for name, heads in MORE.items():
        sheets[name][0][len(SOUND[name][0]) :] = heads
    for each in rows:
        Mistake(each.sheet, each.row, each.changes, "", "", "").make(sheets)
    return sheets


def test_every_fault_of_every_row_is_told_in_one_pass_each_on_its_own_cell(tmp_path: Path) -> None:
    wanted = {f"{row.sheet}!{cell}": text for row in SPOILT for cell, text in row.told.items()}
    assert len(wanted) == 59
    found = told(written(spoilt(*SPOILT), tmp_path / "本区.xlsx"))
    assert sorted(map(place, found)) == sorted(wanted)
    for each in found:
        assert wanted[place(each)] in each.message, each.line()


@pytest.mark.parametrize("row", SPOILT, ids=lambda row: f"{row.sheet}{row.row}")
def test_of_a_spoilt_row_nothing_is_told_that_only_follows_from_it(row: Spoilt, tmp_path: Path) -> None:
    found = told(written(spoilt(row), tmp_path / "本区.xlsx"))
    assert sorted(map(place, found)) == sorted(f"{row.sheet}!{cell}" for cell in row.told), [
        each.line() for each in found
    ]


FOLLOWING: dict[str, tuple[Callable[[Sheets], object], str]] = {
    "a head nobody knows": (lambda sheets: head(sheets, "指标", "填报项", "哪一个数"), "指标!F2"),
    "a misspelt head": (lambda sheets: head(sheets, "填报项", "类型", "类形"), "填报项!B2"),
    "a misspelt sheet": (lambda sheets: sheets.update({"填报": sheets.pop("填报项")}), "填报!"),
    "a misspelt line of the head": (lambda sheets: cell(sheets, "方案", 2, 0, "名秤"), "方案!A4"),
    "an item without its id": (lambda sheets: cell(sheets, "指标", 3, 0, ""), "指标!A5"),
    "a first item without its id": (lambda sheets: cell(sheets, "指标", 1, 0, ""), "指标!A3"),
    "an id given twice": (lambda sheets: cell(sheets, "指标", 2, 0, "一1"), "指标!A4"),
    "an input whose limit is no number": (lambda sheets: cell(sheets, "填报项", 7, 3, "十"), "填报项!D9"),
    "an input of another kind": (lambda sheets: cell(sheets, "填报项", 2, 1, "是不是"), "填报项!B4"),
    "a parameter of no kind": (lambda sheets: cell(sheets, "口径", 1, 1, "数"), "口径!B3"),
    "an item of no section": (lambda sheets: cell(sheets, "指标", 1, 1, "七"), "指标!B3"),
}


def head(sheets: Sheets, sheet: str, before: str, after: str) -> None:
    cell(sheets, sheet, 0, sheets[sheet][0].index(before), after)


def cell(sheets: Sheets, sheet: str, row: int, col: int, value: object) -> None:
    sheets[sheet][row][col] = value


@pytest.mark.parametrize("name", FOLLOWING)
def test_what_rests_on_a_fault_is_not_told_beside_it(name: str, tmp_path: Path) -> None:
    change, wanted = FOLLOWING[name]
    sheets = mistaken()
    change(sheets)
    found = told(written(sheets, tmp_path / "本区.xlsx"))
    assert [place(each) for each in found] == [wanted], [each.line() for each in found]


def test_of_two_rows_with_one_id_each_has_its_own_faults(tmp_path: Path) -> None:
    sheets = mistaken()
    cell(sheets, "指标", 2, 0, "一1")
    cell(sheets, "指标", 1, 5, "集访次数")
    cell(sheets, "指标", 2, 8, "台账规")
    found = told(written(sheets, tmp_path / "本区.xlsx"))
    assert sorted(map(place, found)) == ["指标!A4", "指标!F3", "指标!I4"]


def test_a_row_of_a_text_file_has_all_its_faults_told() -> None:
    text = tier("kind = 1\nprice = 'x'").replace("kind = '荣誉'\n", "").replace("clause = '一'\nbecause", "because", 1)
    found = tried_or_told(text.replace("each = 1 }", "each = 'x' }").replace("input = '批次'", "input = '批'"))
    assert sorted(each.message for each in found) == sorted([
        "结果运用 1等 的「kind」有误：要写成文字（加引号）",
        "结果运用 1等 的「condition」有误：没有填",
        "结果运用 1等 的「clause」有误：没有填",
        "结果运用 1等 的「price」有误：「x」不是数",
        "指标 一1 的计分方式有误：没有叫「批」的填报项，是否指「批次」？",
        "指标 一1 的计分方式有误：「each」读不懂：x；写一个数",
    ])  # fmt: skip


_CELLS = st.sampled_from([
    "", "甲", "是", "无", "-1", -1, 0, 1.5, True, "=1+", "[1,2]:3", "1:2", "甲:2", "集访批次", "群众评分:50", "SUM(",
    "总分>=1",
])  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_the_cells_is_read_and_told(data: st.DataObject, tmp_path: Path) -> None:
    sheets = spoilt()
    kinds = st.sampled_from([*KINDS, "甲"])
    for name in data.draw(st.lists(st.sampled_from(sorted(sheets)), min_size=1, max_size=12)):
        rows = sheets[name]
        row = data.draw(st.integers(1, len(rows) - 1))
        col = data.draw(st.integers(0, len(rows[0]) - 1))
        rows[row][col] = data.draw(kinds if rows[0][col] == "计分方式" else _CELLS)
    found = examined(str(written(sheets, tmp_path / "本区.xlsx"))).findings
    assert all(each.message and each.source.sheet for each in found if each.level is Level.ERROR)


def test_what_errors_hide_is_told_once_they_are_mended(tmp_path: Path) -> None:
    late = [ALONE["a threshold that nobody reaches"], ALONE["a case that comes out otherwise"]]
    hidden = told(written(mistaken(*late, TWENTY["an unknown input"]), tmp_path / "先.xlsx"))
    assert said(hidden) == ["scheme-rule 指标!F3"]
    found = told(written(mistaken(*late), tmp_path / "后.xlsx"))
    assert said(found) == ["scheme-case 用例!E3", "scheme-never 结果运用!C3"]


# --- the order of a tier


def tier(*conditions: str) -> str:
    """A scheme whose outcomes of one tier have these conditions."""
    own = "tier = '等次'\n" if len(conditions) > 1 else ""
    rows = [
        f"[[part.outcome]]\nid = '{k}等'\nkind = '荣誉'\n{own}clause = '一'\nbecause = '够格'\n{each}\n"
        for k, each in enumerate(conditions, 1)
    ]
    return _scheme(*rows)


def _scheme(*rows: str, more: str = "") -> str:
    return (
        "[scheme]\nid = 'own'\ntitle = '办法'\nversion = '1'\nstatus = '现行'\n"
        f"{more}"
        "[[part]]\nname = '单位'\nsection = [{ id = '一', title = '工作', points = 100 }]\n"
        "input = [{ name = '批次', kind = '件数' }, { name = '件数', kind = '件数', maximum = 9 },"
        " { name = '申报', kind = '是否' }]\n"
        "[[part.item]]\nid = '一1'\nsection = '一'\ntitle = '集访'\npoints = 100\nclause = '一'\n"
        "shows = ['批次', '件数', '申报']\nrule = [{ kind = '按次扣分', input = '批次', each = 1 }]\n" + "".join(rows)
    )


def when(condition: str, more: str = "") -> str:
    return f"condition = '{condition}'\n{more}"


@pytest.mark.parametrize(
    ("first", "later", "never"),
    [
        ("总分>=85", "总分>=95", True),
        ("总分>=85", "总分>=85", True),
        ("总分>=85", "总分>85", True),
        ("85<=总分", "总分>=95", True),
        ("总分>=85", "总分=95", True),
        ("名次<=3", "名次<=1", True),
        ("名次<=3", "名次=2", True),
        ("总分>=85", "AND(总分>=95,批次=0)", True),
        ("AND(总分>=85,批次=0)", "AND(批次=0,总分>=95)", True),
        ("总分>85", "总分>=85", False),
        ("总分>=95", "总分>=85", False),
        ("名次<=1", "名次<=3", False),
        ("总分>=85", "名次<=3", False),
        ("AND(总分>=85,批次=0)", "总分>=95", False),
        ("OR(总分>=85,批次=0)", "总分>=95", False),
        ("总分<=85", "总分>=95", False),
    ],
)
def test_a_tier_is_out_of_order_where_an_earlier_one_holds_whenever_a_later_does(
    first: str, later: str, never: bool
) -> None:
    found = [each for each in read_text(tier(when(first), when(later)))[1] if each.code == "scheme-tier"]
    assert len(found) == never
    assert all("结果运用 2等 永远给不到" in each.message and "「1等」" in each.message for each in found)


@pytest.mark.parametrize(
    "first",
    [
        # an outcome of the year does not stand before one of the half-year
        when("总分>=85", "annual = true"),
        # one that waits for its amount is not given
        when("总分>=85", "parameter = '奖金'\nneeds_amount = true"),
        # a further condition must hold too
        when("总分>=85", "reasons = [{ condition = '批次=0', because = '没有集访' }]"),
    ],
)
def test_a_tier_is_not_called_out_of_order_where_the_first_may_not_be_given(first: str) -> None:
    text = tier(first, when("总分>=95")).replace("[[part]]", "[[parameter]]\nid = '奖金'\ntext = '元'\n[[part]]", 1)
    assert [each for each in read_text(text)[1] if each.code == "scheme-tier"] == []


# --- names


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("R1C1", "单元格地址"),
        ("r2c", "单元格地址"),
        ("RC", "单元格地址"),
        ("C", "单元格地址"),
        ("xfd1", "单元格地址"),
        ("TRUE", "另有意思"),
        ("False", "另有意思"),
        ("SUM", "另有意思"),
        ("if", "另有意思"),
        ("COUNTIF", "另有意思"),
        ("_xlfn", "另有意思"),
        ("总分", "另有意思"),
        ("3月", "不能以数字开头"),
        ("集访 批次", "不能有空格"),
        ("集访(批次)", "括号"),
        ("批" * 201, "最多 200 个字"),
    ],
)
def test_a_name_that_excel_would_misread_is_refused(name: str, why: str, tmp_path: Path) -> None:
    sheets = mistaken()
    sheets["填报项"].append([name, "件数", "", "", ""])
    found = [each for each in told(written(sheets, tmp_path / "本区.xlsx")) if each.code == "scheme-field"]
    assert [place(each) for each in found] == ["填报项!A13"]
    assert why in found[0].message


@pytest.mark.parametrize("name", ["R1C1件", "SUM2次数", "真", "A", "ABCD1", "第1季度.件", "批" * 200])
def test_a_name_that_only_resembles_such_is_taken(name: str, tmp_path: Path) -> None:
    sheets = mistaken()
    sheets["填报项"].append([name, "件数", "", "", ""])
    found = told(written(sheets, tmp_path / "本区.xlsx"))
    assert [each.code for each in found] == ["scheme-unused"]


def test_two_names_that_differ_in_capitals_alone_are_one_to_excel(tmp_path: Path) -> None:
    sheets = mistaken()
    sheets["填报项"] += [["Abc件", "件数", "", "", ""], ["aBC件", "件数", "", "", ""]]
    found = [each for each in told(written(sheets, tmp_path / "本区.xlsx")) if each.code == "scheme-field"]
    assert [place(each) for each in found] == ["填报项!A14"]
    assert "与「Abc件」只差大小写" in found[0].message


# --- what a clause, an amount, a parameter lacks


@pytest.mark.parametrize("table", ["item", "outcome"])
def test_an_empty_clause_of_a_text_file_is_one_that_is_missing(table: str) -> None:
    before, mark, after = tier(when("总分>=85")).partition(f"[[part.{table}]]")
    text = before + mark + after.replace("clause = '一'", "clause = ' '", 1)
    found = tried_or_told(text)
    assert [each.code for each in found] == ["scheme-field"]
    assert "「clause」有误：没有填" in found[0].message


def tried_or_told(text: str) -> list[Finding]:
    from xfkh.scheme import SchemeError

    try:
        return read_text(text)[1]
    except SchemeError as error:
        return error.findings


def test_an_amount_that_waits_for_its_parameter_is_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = mistaken()
    sheets["结果运用"][0].append("金额参数")
    for row in sheets["结果运用"][1:]:
        row.append("奖金" if row[0] == "表彰" else "")
    sheets["口径"].append(["奖金", "参数", "还没有定", ""])
    path = written(sheets, tmp_path / "本区.xlsx")
    (found,) = examined(str(path)).findings
    assert (found.code, found.level, place(found)) == ("scheme-unsettled", Level.NOTE, "口径!D4")
    assert cli.run(["scheme", "check", str(path)]) == 0
    assert "表彰的金额未定，没有算在内" in capsys.readouterr().out


# --- what the awards cost


def award(id: str, condition: str = "", more: str = "", kind: str = "奖励") -> str:
    condition = f"condition = '{condition}'\n" if condition else ""
    return f"[[part.outcome]]\nid = '{id}'\nkind = '{kind}'\nclause = '一'\nbecause = '够格'\n{condition}{more}\n"


def money(*awards: str, units: int = 10, more: str = "") -> list[Cost]:
    from xfkh.scheme import Places

    scheme, _ = read_text(_scheme(*awards, more=more))
    return tried(scheme, Places(), units=units).costs["单位"]


def reward(low: int, high: int | None, **more: Any) -> Cost:
    return Cost("奖励", low, high, **more)


AWARDS: dict[str, tuple[list[str], list[Cost]]] = {
    "nothing": ([], []),
    "an honour costs nothing": ([award("甲", "总分>=90", kind="荣誉")], []),
    "whoever passes a threshold": ([award("甲", "总分>=90", "amount = 100")], [reward(0, 1000)]),
    "everybody": ([award("甲", "总分>=0", "amount = 100")], [reward(1000, 1000)]),
    "nobody": ([award("甲", "总分>=101", "amount = 100")], [reward(0, 0)]),
    "the first three": ([award("甲", "名次<=3", "amount = 100")], [reward(300, 300, placed=True)]),
    "the first three that reach so much": (
        [award("甲", "AND(名次<=3,总分>=90)", "amount = 100")], [reward(0, 300, placed=True)],
    ),
    "the first three, then the next five": (
        [award("甲", "名次<=3", "amount = 100\ntier = '奖'"), award("乙", "名次<=8", "amount = 10\ntier = '奖'")],
        [reward(350, 350, placed=True)],
    ),
    "more places than units": ([award("甲", "名次<=30", "amount = 100")], [reward(1000, 1000, placed=True)]),
    "one of a tier": (
        [award("甲", "总分>=90", "amount = 100\ntier = '奖'"), award("乙", "总分>=80", "amount = 50\ntier = '奖'")],
        [reward(0, 1000)],
    ),
    "a tier that somebody always has": (
        [award("甲", "总分>=90", "amount = 100\ntier = '奖'"), award("乙", "总分>=0", "amount = 50\ntier = '奖'")],
        [reward(500, 1000)],
    ),
    "two that can both be given": (
        [award("甲", "总分>=90", "amount = 100"), award("乙", "总分>=80", "amount = 50")], [reward(0, 1500)],
    ),
    "places within a group": (
        [award("甲", 'RANK(总分,申报="是")<=2', "amount = 100")], [reward(0, 200, placed=True)],
    ),
    "the last two": ([award("甲", "RANK(-总分,TRUE())<=2", "amount = 100")], [reward(200, 200, placed=True)]),
    "the last two by place": ([award("甲", "RANK(名次,TRUE())<=2", "amount = 100")], [reward(200, 200, placed=True)]),
    "either of two orders": (
        [award("甲", "OR(名次<=2,RANK(-批次,TRUE())<=1)", "amount = 100")], [reward(0, 1000, placed=True)],
    ),
    "a count without a limit": (
        [award("甲", more="count = '批次'\nprice = 20")], [reward(0, None, endless=("甲",))],
    ),
    "a count with a limit": ([award("甲", more="count = '件数'\nprice = 20")], [reward(0, 1800)]),
    "a parameter without a value": (
        [award("甲", "总分>=90", "parameter = '未定'")], [reward(0, 0, unsettled=("甲",))],
    ),
    "a parameter with a value": ([award("甲", "总分>=90", "parameter = '已定'")], [reward(0, 700)]),
    "fines apart": (
        [award("甲", "总分>=90", "amount = 100"), award("罚", "批次>=5", "amount = 30", kind="处罚")],
        [reward(0, 1000), Cost("处罚", 0, 300)],
    ),
    "what a veto takes away": (
        [award("否", "批次>=0", kind="一票否决"), award("甲", "NOT(一票否决)", "amount = 100")], [reward(0, 0)],
    ),
    "for those who have another": (
        [award("甲", "名次<=2", kind="荣誉"), award("乙", "AND(甲,批次=0)", "amount = 100")], [reward(0, 200)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AWARDS)
def test_what_ten_units_cost_at_least_and_at_most(name: str) -> None:
    awards, wanted = AWARDS[name]
    parameters = "[[parameter]]\nid = '未定'\ntext = '元'\n[[parameter]]\nid = '已定'\ntext = '元'\nvalue = 70\n"
    assert money(*awards, more=parameters) == wanted


def test_the_money_is_worked_out_for_the_units_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(written(SOUND, tmp_path / "本区.xlsx"))
    assert cli.run(["scheme", "check", path]) == 0
    out = capsys.readouterr().out
    assert "奖励金额：10 个单位，最少 0 元，最多 50,000 元\n" in out
    assert "处罚金额：10 个单位，最少 0 元，最多 10,000 元\n" in out
    assert cli.run(["scheme", "check", path, "--units", "25", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["units"] == 25
    assert [(each["kind"], each["low"], each["high"]) for each in found["costs"]["单位"]] == [
        ("奖励", 0, 125_000), ("处罚", 0, 25_000),
    ]  # fmt: skip


@pytest.mark.parametrize("units", ["0", "-3", "5001"])
def test_a_number_of_units_that_cannot_be_is_refused(units: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["scheme", "check", "district", "--units", units]) == 2
    assert f"--units 要在 1 到 5000 之间；写的是 {units}" in capsys.readouterr().err


def test_of_persons_the_money_of_one_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "办法.toml"
    persons = (
        "[[part]]\nname = '个人'\nsection = [{ id = '一', title = '工作', points = 5 }]\n"
        "input = [{ name = '表扬', kind = '件数' }]\n"
        "[[part.item]]\nid = '一1'\nsection = '一'\ntitle = '表扬'\npoints = 5\nclause = '一'\n"
        "rule = [{ kind = '按次加分', input = '表扬', each = 1 }]\n" + award("甲", "总分>=3", "amount = 800")
    )
    path.write_text(_scheme() + persons, "utf-8")
    assert cli.run(["scheme", "check", str(path)]) == 0
    assert "奖励金额：个人，每人，最少 0 元，最多 800 元" in capsys.readouterr().out


CHECKED: dict[str, Callable[[Path], str]] = {
    **{id: lambda _, id=id: id for id in builtin_ids()},  # type: ignore[misc]
    "new": lambda folder: _new(folder / "我的方案.xlsx"),
}


def _new(path: Path) -> str:
    assert cli.run(["scheme", "new", "-o", str(path)]) == 0
    return str(path)


@pytest.mark.parametrize("name", CHECKED)
def test_what_comes_with_the_program_has_nothing_to_mend(name: str, tmp_path: Path) -> None:
    found = examined(CHECKED[name](tmp_path)).findings
    assert [each for each in found if each.level is not Level.NOTE] == []


def test_every_remedy_mends_something_that_is_said() -> None:
    """A reason that is worded anew must not lose its remedy unseen."""
    said = set[str]()
    for path in (Path(__file__).parents[1] / "src" / "xfkh").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if path.name != "remedies.py" else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value)
            if isinstance(node, ast.JoinedStr):
                said.add("".join(str(each.value) if isinstance(each, ast.Constant) else "甲" for each in node.values))
    assert [pattern for pattern, _ in REMEDIES if not any(re.search(pattern, text) for text in said)] == []


def test_what_can_be_wrong_with_a_scheme_is_told_with_its_remedy() -> None:
    for code in ("scheme-tier", "scheme-moneyless", "scheme-unsettled", "scheme-order"):
        assert CATALOGUE[code].number.startswith("方") and CATALOGUE[code].mend


def test_a_bonus_that_starts_from_full_marks_and_deducts_is_refused_on_the_cell_of_its_kind(tmp_path: Path) -> None:
    """Who had nothing to be praised for would have all the praise."""
    sheets = spoilt()
    rows = sheets["加减分"]
    at = {name: rows[0].index(name) for name in ("方向", "计分方式", "分值")}
    wanted = ("加分", "按次加分")
    bonus = next(k for k, row in enumerate(rows) if (row[at["方向"]], row[at["计分方式"]]) == wanted)
    rows[bonus][at["计分方式"]] = "按次扣分"
    found = examined(str(written(sheets, tmp_path / "本区.xlsx"))).findings
    assert any("没有发生反而加满分" in each.message and each.source.sheet == "加减分" for each in found)


@pytest.mark.parametrize("name", ["总分", "名次"])
def test_an_outcome_under_a_name_that_formulas_use_otherwise_is_refused(name: str, tmp_path: Path) -> None:
    sheets = spoilt()
    rows = sheets["结果运用"]
    rows[1][rows[0].index("编号")] = name
    found = examined(str(written(sheets, tmp_path / "本区.xlsx"))).findings
    assert any(each.source.sheet == "结果运用" and f"“{name}”" in each.message for each in found)
