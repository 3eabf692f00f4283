"""What `scheme check` asks of figures that can be read, and that are probably, or surely, not meant so."""

from __future__ import annotations

import json
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.rounds import Round, opened, subject
from tests.test_scheme_check import mistaken, told
from tests.test_scheme_workbook import Sheets, place, written
from xfkh import cli
from xfkh.answers import RawCell, read_cell
from xfkh.findings import Finding, Level
from xfkh.model import Cell, Input, InputKind, Origin, Part, Scheme
from xfkh.rules import KINDS, compile_item, compile_part, words_of
from xfkh.scheme import SchemeError, read_text
from xfkh.scheme.columns import ITEMS
from xfkh.trial import examined
from xfkh.workbook.addresses import letters

BANDS = "[95%,):10\n[80%,95%):6\n(,80%):0"
"""Those of 二1 of SOUND, the fourth item, of 办结件数/应办件数."""


def put(sheets: Sheets, sheet: str, row: int, **values: Any) -> Sheets:
    """Values into a row, under their heads; a head that is not there yet is added."""
    rows = sheets[sheet]
    for name, value in values.items():
        if name not in rows[0]:
            rows[0].append(name)
            for each in rows[1:]:
                each += [""] * (len(rows[0]) - len(each))
        rows[row][rows[0].index(name)] = value
    return sheets


def item(row: int = 4, **values: Any) -> Sheets:
    """The sound scheme with one item written otherwise."""
    return put(mistaken(), "指标", row, **values)


NO_RULE = dict.fromkeys(["填报项", "每次", "档次", "条件", "公式", "分母为0"], "")


def outcome(**values: Any) -> Sheets:
    """The same with the first outcome written otherwise, and none in a tier."""
    return put(put(mistaken(), "结果运用", 1, 等次组="", **values), "结果运用", 2, 等次组="")


def rule(kind: str, row: int = 4, **values: Any) -> Sheets:
    """The same, where all that its rule held is replaced."""
    return item(row, **{**NO_RULE, "计分方式": kind, **values})


def without_check(sheets: Sheets) -> Sheets:
    """Without what says that 办结件数 are no more than 应办件数."""
    del sheets["校验"][1]
    return sheets


def found(sheets: Sheets, folder: Path) -> list[Finding]:
    return told(written(sheets, folder / "本区.xlsx"))


def only(sheets: Sheets, folder: Path) -> Finding:
    """The one thing that is told."""
    findings = found(sheets, folder)
    assert len(findings) == 1, [each.line() for each in findings]
    assert findings[0].message and findings[0].mend and findings[0].source.cell
    return findings[0]


# --- 95 where 95% is meant


@pytest.mark.parametrize(
    ("bands", "asked"),
    [
        (BANDS, ""),
        ("[1,):10\n(,1):0", ""),
        ("[0.99,):10\n(,0.99):0", ""),
        ("[1.01,):10\n(,1.01):0", "写了 1.01，是否应写 1.01%"),
        ("[95,):10\n[80,95):6\n(,80):0", "写了 95、80，是否应写 95%、80%"),
        ("[95,):10\n(,95):0", "写了 95，是否应写 95%"),
    ],
)
def test_intervals_of_a_share_beyond_one_are_refused_with_the_question_for_a_per_cent(
    bands: str, asked: str, tmp_path: Path
) -> None:
    sheets = item(档次=bands)
    if not asked:
        assert found(sheets, tmp_path) == []
        return
    fault = only(sheets, tmp_path)
    assert (fault.code, fault.level, place(fault)) == ("scheme-rule", Level.ERROR, "指标!H6")
    assert f"办结件数÷应办件数最多是 1（100%）；{asked}" in fault.message


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ("办结件数/应办件数>=95%", ""),
        ("办结件数/应办件数>=1", ""),
        ("办结件数/应办件数>=1.5", "是否应写 1.5%"),
        ("95<=办结件数/应办件数", "是否应写 95%"),
        ("ROUND(办结件数/应办件数,2)>=95", "是否应写 95%"),
        ('AND(台账规范="是",办结件数/应办件数>=90)', "是否应写 90%"),
        ("1-办结件数/应办件数<=5", "是否应写 5%"),
        ("(应办件数-办结件数)/应办件数<=5", "是否应写 5%"),
        ("办结件数/应办件数*100>=95", ""),
        ("办结件数/应办件数*100>=95%", "是否应写 95"),
    ],
)
def test_a_condition_on_a_share_is_asked_for_its_per_cent(condition: str, asked: str, tmp_path: Path) -> None:
    sheets = rule("达标", 条件=condition)
    if not asked:
        assert found(sheets, tmp_path) == []
        return
    fault = only(sheets, tmp_path)
    assert (fault.code, place(fault)) == ("scheme-rule", "指标!I6")
    assert fault.message.endswith(asked)


def test_a_share_of_which_no_check_says_that_it_ends_at_one_is_asked_about_not_refused(tmp_path: Path) -> None:
    fault = only(without_check(item(档次="[95,):10\n(,95):0")), tmp_path)
    assert (fault.code, fault.level, place(fault)) == ("scheme-asked", Level.WARNING, "指标!H6")
    assert "办结件数÷应办件数一般不会超过 1（100%）；写了 95，是否应写 95%" in fault.message
    assert "「确认」里选“原文如此”" in fault.mend


def test_what_was_asked_and_confirmed_is_a_note(tmp_path: Path) -> None:
    sheets = without_check(item(档次="[95,):10\n(,95):0", 确认="原文如此"))
    notes = examined(str(written(sheets, tmp_path / "本区.xlsx"))).findings
    assert [(each.code, each.level, place(each)) for each in notes] == [("scheme-asked-known", Level.NOTE, "指标!H6")]
    assert "已确认原文如此" in notes[0].message


def test_a_confirmation_is_one_word(tmp_path: Path) -> None:
    fault = only(item(确认="对"), tmp_path)
    assert (fault.code, place(fault)) == ("scheme-field", "指标!M6")
    assert "只能是“原文如此”" in fault.message


@pytest.mark.parametrize("value", ["督办次数/应办件数", "集访批次/督办次数"])
def test_of_counts_of_different_things_nothing_is_asked(value: str, tmp_path: Path) -> None:
    assert found(rule("达标", 条件=f"{value}<=2"), tmp_path) == []


RATED = ["满意率", "数值", "", 100, "%"]
"""A rate that is filled in as 95, an input."""


def rated(*more: Any, **values: Any) -> Sheets:
    sheets = rule(*more, **values)
    sheets["填报项"].append(list(RATED))
    return put(sheets, "填报项", len(sheets["填报项"]) - 1, 小数位=1)


@pytest.mark.parametrize(
    ("sheets", "cell", "asked"),
    [
        (rated("达标", 条件="满意率>=95"), "", ""),
        (rated("达标", 条件="满意率>=95%"), "I6", "满意率按百分数填，95 就是 95%；写了 95%，是否应写 95"),
        (rated("区间", 公式="满意率", 档次="[95,):10\n(,95):0"), "", ""),
        (rated("区间", 公式="满意率", 档次="[95%,):10\n(,95%):0"), "H6", "是否应写 95"),
        (rated("按率得分", 公式="满意率"), "J6", "写成 满意率/100"),
        (rated("按率得分", 公式="满意率/100"), "", ""),
        (rated("每低扣分", 公式="满意率", 基准="95", 每次=1), "", ""),
        (rated("每低扣分", 公式="满意率", 基准="95%", 每档="1%", 每次=1), "M6", "是否应写 95"),
        (rated("每低扣分", 公式="满意率/100", 基准="95", 每次=1), "M6", "是否应写 95%"),
        (rated("每低扣分", 公式="满意率/100", 基准="1", 每档="0.01", 每次=1), "", ""),
    ],
)
def test_a_rate_filled_in_as_95_is_held_against_95_and_a_share_against_95_per_cent(
    sheets: Sheets, cell: str, asked: str, tmp_path: Path
) -> None:
    if not asked:
        assert found(sheets, tmp_path) == []
        return
    fault = only(sheets, tmp_path)
    assert (fault.code, place(fault)) == ("scheme-rule", f"指标!{cell}")
    assert fault.message.endswith(asked)


@pytest.mark.parametrize(("limit", "wrong"), [(100, False), (2, False), (1, True)])
def test_a_rate_in_per_cent_that_ends_at_one_is_refused(limit: int, wrong: bool, tmp_path: Path) -> None:
    sheets = rated("达标", 条件="满意率>=1")
    sheets["填报项"][-1][3] = limit
    assert [place(each) for each in found(sheets, tmp_path)] == ["填报项!D13"] * wrong


@pytest.mark.parametrize(
    ("bands", "code", "asked"),
    [
        ("(,-10%]:10\n(-10%,):0", "", ""),
        ("(,-1]:10\n(-1,):0", "", ""),
        ("(,-10]:10\n(-10,):0", "scheme-rule", "写了 -10，是否应写 -10%"),
        ("(,1]:10\n(1,):0", "", ""),
        ("(,1.1]:10\n(1.1,):0", "scheme-asked", "写了 1.1，是否应写 1.1%"),
        ("(,10]:10\n(10,):0", "scheme-asked", "写了 10，是否应写 10%"),
    ],
)
def test_a_change_against_last_year_is_a_share_of_it(bands: str, code: str, asked: str, tmp_path: Path) -> None:
    sheets = rule("与上年比", 填报项="集访批次", 相比="上年集访批次", 档次=bands, 分母为0="计满分")
    sheets["填报项"].append(["上年集访批次", "件数", "上年", "", "批次"])
    assert [each.code for each in found(sheets, tmp_path)] == [code] * bool(code)
    assert all(each.message.endswith(asked) and place(each) == "指标!H6" for each in found(sheets, tmp_path))


def test_conditions_of_outcomes_and_checks_are_asked_too(tmp_path: Path) -> None:
    sheets = mistaken()
    sheets["结果运用"][5][2] = "AND(应办件数>0,办结件数/应办件数<=60)"
    fault = only(sheets, tmp_path)
    assert (fault.code, place(fault)) == ("scheme-scale", "结果运用!C7")
    assert "写了 60，是否应写 60%" in fault.message
    sheets["结果运用"][5][2] = "AND(应办件数>0,办结件数/应办件数<=60%)"
    assert found(sheets, tmp_path) == []


@pytest.mark.parametrize(("least", "most", "wrong"), [(2, 3, False), (2, 2, False), (3, 2, True)])
def test_a_limit_below_the_other_is_refused(least: int, most: int, wrong: bool, tmp_path: Path) -> None:
    sheets = put(mistaken(), "填报项", 4, 下限=least, 上限=most)
    assert ("填报项!D6" in map(place, found(sheets, tmp_path))) is wrong


# --- a deduction whose rate has no denominator


def deduction(**values: Any) -> Sheets:
    """The third bonus of the sound scheme, as a deduction by a rate."""
    empty = dict.fromkeys(["基准", "每档", "分母为0"], "")
    rate = {"计分方式": "每低扣分", "填报项": "", "每次": 0.5, "公式": "办结件数/应办件数", "基准": "95%", "每档": "1%"}
    sheets = put(mistaken(), "加减分", 3, **{**empty, "方向": "扣分", "分值": 3, **rate, **values})
    sheets["填报项"].pop()  # 创新个数, which nothing reads now
    return sheets


@pytest.mark.parametrize("points", [3, ""])
@pytest.mark.parametrize(
    ("empty", "asked"),
    [
        ("计0分", "看不出是不扣还是全扣"),
        ("计满分", "看不出是不扣还是全扣"),
        ("", "不扣分、全扣、取均值、不计入"),
        ("不扣分", ""),
    ],
)
def test_of_a_deduction_it_is_said_whether_nothing_or_all_is_taken_without_a_denominator(
    empty: str, asked: str, points: Any, tmp_path: Path
) -> None:
    sheets = deduction(分母为0=empty, 分值=points)
    if not asked:
        assert found(sheets, tmp_path) == []
        return
    fault = only(sheets, tmp_path)
    assert (fault.code, place(fault)) == ("scheme-rule", "加减分!M5")
    assert asked in fault.message


# --- figures that can be read and do not add up


def asks(sheets: Sheets, cell: str, text: str, folder: Path, code: str = "scheme-asked") -> None:
    """One thing is told, on that cell; nothing where no cell is named."""
    if not cell:
        assert found(sheets, folder) == []
        return
    fault = only(sheets, folder)
    assert (fault.code, place(fault)) == (code, cell)
    assert text in fault.message


@pytest.mark.parametrize(
    ("steps", "mode", "asked"),
    [
        ("1:2, 3:3", "", ""),
        ("1:2, 3:2", "", ""),
        ("1:2, 3:1", "", "达到3只扣1分，比达到1扣的2分还少"),
        ("1:2, 3:1", "累加", ""),
        ("3:2, 1:1", "首条", ""),
        ("3:1, 1:2", "首条", "达到3只扣1分，比达到1扣的2分还少"),
        ("1:1, 3:2", "首条", "达到3的，前面的档次已经达到，轮不到这一档"),
        ("1:2, 3:9.99", "", ""),
        ("1:2, 3:10", "", ""),
        ("1:2, 3:10.01", "", "最多扣10.01分，比分值 10 分还多"),
    ],
)
def test_a_ladder_that_takes_less_where_more_happened_or_more_than_there_is_is_asked_about(
    steps: str, mode: str, asked: str, tmp_path: Path
) -> None:
    sheets = rule("阶梯", 填报项="督办次数", 档次=steps, 档次算法=mode)
    findings = [each for each in found(sheets, tmp_path) if each.code != "scheme-unearned"]
    assert [(each.code, place(each)) for each in findings] == [("scheme-asked", "指标!H6")] * bool(asked)
    assert all(asked in each.message for each in findings)


@pytest.mark.parametrize("floor", ["", "不封底"])
def test_what_an_item_without_a_floor_takes_is_not_cut(floor: str, tmp_path: Path) -> None:
    sheets = rule("阶梯", 填报项="督办次数", 档次="1:2, 3:11", 保底=floor)
    asks(sheets, "" if floor else "指标!H6", "最多扣11分", tmp_path)


@pytest.mark.parametrize(
    ("points", "asked"), [((0, 4, 8), ""), ((8, 4, 0), ""), ((4, 4, 0), ""), ((0, 6, 1), "扣 0、6、1 分，时多时少")]
)
def test_intervals_of_a_deduction_go_one_way(points: tuple[int, int, int], asked: str, tmp_path: Path) -> None:
    low, middle, high = points
    sheets = item(档次=f"(,80%):{low}\n[80%,95%):{middle}\n[95%,):{high}", 加或扣="扣")
    findings = [each for each in found(sheets, tmp_path) if each.code != "scheme-unearned"]
    assert [(each.code, place(each)) for each in findings] == [("scheme-asked", "指标!H6")] * bool(asked)
    assert all(asked in each.message for each in findings)


@pytest.mark.parametrize(("points", "over"), [("9.99", False), ("10", False), ("10.01", True)])
@pytest.mark.parametrize(
    ("values", "cell"),
    [
        ({"计分方式": "区间", "公式": "应办件数", "档次": "[3,):{}\n(,3):10"}, "指标!H6"),
        ({"计分方式": "区间", "公式": "应办件数", "档次": "[3,):10", "其余": "{}"}, "指标!H6"),
        ({"计分方式": "名次得分", "填报项": "督办次数", "档次": "1:10, 2:5", "其余": "{}"}, "指标!H6"),
        ({"计分方式": "就高", "档次": "督办次数:10，表扬次数:{}"}, "指标!H6"),
    ],
)
def test_points_above_those_of_the_item_are_asked_about(
    points: str, over: bool, values: dict[str, Any], cell: str, tmp_path: Path
) -> None:
    filled: dict[str, Any] = {name: str(value).replace("{}", points) for name, value in values.items()}
    asks(
        rule(filled.pop("计分方式"), **filled),
        cell if over else "",
        f"最多{'加' if '就高' in values.values() else '得'}10.01分",
        tmp_path,
    )


@pytest.mark.parametrize(
    ("first", "second", "asked"), [(4, 6, ""), (4, 6.01, "合计10.01分，比分值 10 分还多"), (10.01, 1, "最多得10.01分")]
)
def test_conditions_that_together_give_more_than_the_item_are_asked_about(
    first: float, second: float, asked: str, tmp_path: Path
) -> None:
    sheets = rule("达标", 条件='台账规范="是"', 得分=first)
    sheets["指标"].insert(5, [""] * len(sheets["指标"][0]))
    put(sheets, "指标", 5, 计分方式="达标", 条件="督办次数<=2", 得分=second)
    asks(sheets, asked and ("指标!M7" if second > 6 else "指标!M6"), asked, tmp_path)


@pytest.mark.parametrize(
    ("values", "cell", "text"),
    [
        ({"计分方式": "折算扣分", "填报项": "督办次数", "相比": "应办件数", "每次": 1, "每多少": 0,
          "分母为0": "计满分"},
         "指标!N6", "每多少要大于0"),
        ({"计分方式": "缺项扣分", "填报项": "督办次数", "应有数": 0, "每次": 10}, "指标!M6", "应有数要大于0"),
        ({"计分方式": "区间", "公式": "应办件数", "档次": "(,3):10\n[3,3):5\n[3,):0"}, "指标!H6", "这一段里没有数"),
    ],
)  # fmt: skip
def test_nought_where_something_must_be_counted_is_refused(
    values: dict[str, Any], cell: str, text: str, tmp_path: Path
) -> None:
    asks(item(**NO_RULE | values), cell, text, tmp_path, "scheme-rule")


@pytest.mark.parametrize(("quota", "refused"), [(1, False), (0.5, False), (0, True)])
def test_a_quota_is_above_nought(quota: float, refused: bool, tmp_path: Path) -> None:
    sheets = rule("缺项扣分", 填报项="督办次数", 应有数=quota, 每次=20)
    assert ("指标!M6" in map(place, found(sheets, tmp_path))) is refused


def test_a_limit_of_nought_is_refused_and_not_taken_for_none(tmp_path: Path) -> None:
    asks(put(mistaken(), "填报项", 3, 上限=0), "填报项!D5", "写 0 就什么也不能填", tmp_path, "scheme-field")


@pytest.mark.parametrize(("times", "asked"), [("0.5", False), ("0", True)])
def test_times_nought_is_asked_about(times: str, asked: bool, tmp_path: Path) -> None:
    sheets = rule("按次扣分", 填报项="督办次数", 每次=1)
    sheets["指标"].insert(5, [""] * len(sheets["指标"][0]))
    put(sheets, "指标", 5, 计分方式="减半加倍", 条件='台账规范="否"', 乘=times)
    asks(sheets, "指标!M7" if asked else "", "乘 0 就一分得分也没有了", tmp_path)


def test_a_yes_or_no_that_is_counted_is_asked_about(tmp_path: Path) -> None:
    asks(rule("按次扣分", 填报项="台账规范", 每次=10), "指标!F6", "填“是”就扣一次，填“否”不扣", tmp_path)
    asks(put(mistaken(), "加减分", 2, 填报项="台账规范"), "加减分!G4", "填“否”算没有发生，加分", tmp_path)


@pytest.mark.parametrize(
    ("formula", "asked"),
    [
        ("10*办结件数/应办件数", True),
        ("IF(应办件数=0,10,10*办结件数/应办件数)", False),
        ("IF(应办件数>0,10*办结件数/应办件数,10)", False),
        ("IF(应办件数>=1,10*办结件数/应办件数,10)", False),
        ("IF(应办件数>=0,10*办结件数/应办件数,10)", True),
        ("IF(应办件数<>0,10*办结件数/应办件数,10)", False),
        ("IF(应办件数<1,10,10*办结件数/应办件数)", False),
        ("IF(AND(应办件数>0,督办次数=0),10*办结件数/应办件数,10)", False),
        ("IF(OR(应办件数>0,督办次数=0),10*办结件数/应办件数,10)", True),
        ("IF(OR(应办件数=0,督办次数=0),10,10*办结件数/应办件数)", False),
        ("10*办结件数/(应办件数+1)", False),
    ],
)
def test_a_formula_that_divides_by_what_may_be_nought_is_asked_about(formula: str, asked: bool, tmp_path: Path) -> None:
    asks(rule("公式", 公式=formula), "指标!J6" if asked else "", "应办件数可能是0，是0时算不出分", tmp_path)


@pytest.mark.parametrize(
    ("share", "condition", "asked"),
    [
        ("总分", "总分>=70", ""),
        ("总分-70", "总分>=70", ""),
        ("总分-70.01", "总分>=70", "它可能小于 0，最少 -0.01"),
        ("总分-70", "总分>70", ""),
        ("总分-70", "名次<=3", "它可能小于 0，最少 -70"),
        ("集访批次-1", "AND(总分>=70,集访批次>=1)", ""),
        ("集访批次-1", "总分>=70", "它可能小于 0，最少 -1"),
    ],
)
def test_a_fund_shared_by_what_may_be_below_nought_is_told(
    share: str, condition: str, asked: str, tmp_path: Path
) -> None:
    sheets = outcome(按什么分=share, 条件=condition)
    findings = [each for each in found(sheets, tmp_path) if each.code != "scheme-tier"]
    assert [(each.code, place(each)) for each in findings] == [("scheme-share", "结果运用!H3")] * bool(asked)
    assert all(asked in each.message for each in findings)


# --- what a veto brings


def vetoed(effect: str) -> Sheets:
    sheets = mistaken()
    sheets["方案"].append(["一票否决的后果", effect])
    sheets["结果运用"].insert(1, ["否决", "一票否决", "集访批次>=5", "", "", "四", "集访5批次及以上"])
    return sheets


@pytest.mark.parametrize(
    ("effect", "word"),
    [
        ("取消当年各项评先资格；列入下年度重点管理单位", ""),
        ("不影响得分和名次，取消评先资格", ""),
        ("取消评先资格，排名列最后", "排名"),
        ("列全区末位", "末位"),
        ("当年计0分", "0分"),
        ("在年度考核中扣10分", "扣10分"),
    ],
)
def test_an_effect_of_a_veto_that_would_only_be_printed_is_refused_with_how_to_write_it(
    effect: str, word: str, tmp_path: Path
) -> None:
    sheets = vetoed(effect)
    if not word:
        assert found(sheets, tmp_path) == []
        return
    fault = only(sheets, tmp_path)
    assert (fault.code, place(fault)) == ("scheme-field", "方案!B8")
    assert f"写的“{word}”程序不会照办" in fault.message
    assert all(
        way in fault.message for way in ("「排到最后」写 一票否决", "「单列」", "「加减分」写一项扣分", "NOT(一票否决)")
    )


@pytest.mark.parametrize(
    ("effect", "word"),
    [("取消评先资格，排名列最后", ""), ("排在最后，不参加排名", "排名"), ("列末位，扣10分", "扣10分")],
)
def test_what_a_veto_brings_may_say_that_it_is_the_last_place_where_it_is(
    effect: str, word: str, tmp_path: Path
) -> None:
    sheets = vetoed(effect)
    sheets["方案"].append(["排到最后", "一票否决"])
    assert [f"写的“{word}”程序不会照办" in each.message for each in found(sheets, tmp_path)] == [True] * bool(word)


def test_who_is_vetoed_is_last_where_the_scheme_says_so_as_the_refusal_advises(tmp_path: Path) -> None:
    sheets = vetoed("取消评先资格，列最后一名")
    sheets["方案"].append(["排到最后", "一票否决"])
    path = written(sheets, tmp_path / "本区.xlsx")
    assert told(path) == []
    full = {"台账规范": True, "应办件数": 10, "办结件数": 10}
    other = {each[0]: 0 for each in sheets["填报项"][1:] if each[0] not in full and each[1] != "多人评分"}
    poor = {**other, "台账规范": False, "应办件数": 10, "办结件数": 1, "督办次数": 9, "批评次数": 9}
    units = {"甲镇": {**other, **full, "集访批次": 5}, "乙镇": poor, "丙镇": {**other, **full}}
    rounds = Round(tmp_path / "一轮", units, scheme=str(path), reviewed=("群众评分", "代表评分"), year=2026)
    marks = {name: {"群众评分[1]": 5, "代表评分[1]": 5} for name in units}
    record = rounds.score("--review", rounds.review(marks))
    ranks = {name: subject(record, name)["rank"] for name in units}
    assert ranks == {"丙镇": 1, "乙镇": 2, "甲镇": 3}
    assert subject(record, "甲镇")["total"] > subject(record, "乙镇")["total"]
    assert "否决" in [each["id"] for each in subject(record, "甲镇")["outcomes"]]


# --- a boolean in a text file


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("points = 100\n", "points = true\n", "指标 一1 的「points」"),
        ("points = 100 }", "points = false }", "大项 一 的「points」"),
        ("value = 3\n", "value = true\n", "参数 名额 的「value」"),
    ],
)
def test_a_boolean_where_a_number_should_stand_is_an_error_and_not_absent(before: str, after: str, where: str) -> None:
    text = TOML.replace("[[part]]", "[[parameter]]\nid = '名额'\ntext = '几个'\nvalue = 3\n[[part]]", 1)
    assert read_text(text)[0].parameters[0].value == 3
    with pytest.raises(SchemeError) as error:
        read_text(text.replace(before, after, 1))
    assert [each.message for each in error.value.findings] == [f"{where}有误：「{after.split()[2]}」不是数"]


TOML = (
    "[scheme]\nid = 'own'\ntitle = '办法'\nversion = '1'\nstatus = '现行'\n"
    "[[part]]\nname = '单位'\nsection = [{ id = '一', title = '工作', points = 100 }]\n"
    "input = [{ name = '批次', kind = '件数' }]\n"
    "[[part.item]]\nid = '一1'\nsection = '一'\ntitle = '集访'\npoints = 100\nclause = '一'\n"
    "rule = [{ kind = '按次扣分', input = '批次', each = 1 }]\n"
)


# --- the sign of a direction


def test_an_id_to_which_the_sign_of_its_direction_is_added_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = put(put(mistaken(), "加减分", 1, 编号="加1"), "加减分", 2, 编号="加2+")
    sheets["加减分"] = sheets["加减分"][:3]
    path = str(written(sheets, tmp_path / "本区.xlsx"))
    cli.run(["scheme", "check", path])
    assert "加减分的编号按方向在末尾加“+”“-”，模板、结果和用例里都是这样：加1 写作 加1+\n" in capsys.readouterr().out
    cli.run(["scheme", "check", path, "--json"])
    assert json.loads(capsys.readouterr().out)["signed"] == {"加1": "加1+"}


def test_where_every_sign_is_written_nothing_is_said_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = put(mistaken(), "加减分", 1, 编号="加1+")
    sheets["加减分"] = sheets["加减分"][:2]
    cli.run(["scheme", "check", str(written(sheets, tmp_path / "本区.xlsx"))])
    assert "末尾加" not in capsys.readouterr().out


# --- each on its own cell


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"公式"}))
def test_an_item_without_points_is_told_on_the_cell_of_its_points_whatever_its_kind(kind: str, tmp_path: Path) -> None:
    # every column is there: of one that a kind lacks nothing else is told
    sheets = item(4, **{column.head: "" for column in ITEMS.columns if column.head not in mistaken()["指标"][0]})
    put(sheets, "指标", 4, 计分方式=kind, 分值="")
    fault = [each for each in found(sheets, tmp_path) if "「分值」" in each.message]
    assert [(each.code, place(each)) for each in fault] == [("scheme-field", "指标!D6")]


@pytest.mark.parametrize("points", [10, ""])
def test_a_bonus_may_have_no_end(points: Any, tmp_path: Path) -> None:
    assert found(put(mistaken(), "加减分", 1, 分值=points), tmp_path) == []


@pytest.mark.parametrize(
    ("values", "cell", "text"),
    [
        ({"金额": "", "单价": 100}, "结果运用!H3", "写了单价，还要在「数量」里写数什么"),
        ({"金额": "", "数量": "表扬次数"}, "结果运用!H3", "没有填单价"),
        ({"金额": "", "数量": "表扬次数", "单价": 100}, "", ""),
        ({"单价": ""}, "", ""),
    ],
)
def test_a_price_and_a_count_belong_together(values: dict[str, Any], cell: str, text: str, tmp_path: Path) -> None:
    asks(put(mistaken(), "结果运用", 1, **values), cell, text, tmp_path, "scheme-field")


@pytest.mark.parametrize("word", ["编号", "名称", "版本", "状态"])
def test_what_the_scheme_itself_lacks_is_told_on_its_cell_or_beneath_the_last_line(word: str, tmp_path: Path) -> None:
    sheets = mistaken()
    row = next(k for k, line in enumerate(sheets["方案"]) if line[0] == word)
    sheets["方案"][row][1] = ""
    asks(sheets, f"方案!B{row + 2}", f"「{word}」有误：没有填", tmp_path, "scheme-field")
    del sheets["方案"][row]
    asks(sheets, "方案!A7", f"「{word}」有误：没有填", tmp_path, "scheme-field")


@pytest.mark.parametrize(
    ("done", "text"),
    [("3", ""), ("4", "违反校验：办结的不会多于应办的（办结件数＝4，应办件数＝3）"), ("", "没有填 办结件数")],
)
def test_a_case_that_breaks_a_check_or_leaves_a_blank_says_which(done: str, text: str, tmp_path: Path) -> None:
    sheets = mistaken()
    given = ["", "办结件数", done, "", ""] if done else ["", "集访批次", 0, "", ""]
    sheets["用例"] = [sheets["用例"][0], ["多办", "应办件数", 3, "二1", 10], given]
    asks(sheets, text and "用例!E3", text, tmp_path, "scheme-case")


KEYED = ["方案", "大项", "填报项", "指标", "加减分", "结果运用", "校验", "口径", "用例"]


@pytest.mark.parametrize("name", ["编码", "序号", "哪个"])
@pytest.mark.parametrize("sheet", KEYED)
def test_a_misspelt_first_head_is_one_finding(sheet: str, name: str, tmp_path: Path) -> None:
    sheets = mistaken()
    sheets[sheet][0][0] = name
    asks(sheets, f"{sheet}!A2", f"不认识列名「{name}」", tmp_path, "scheme-head")


@pytest.mark.parametrize("sheet", KEYED)
def test_a_first_column_that_is_not_there_is_one_finding(sheet: str, tmp_path: Path) -> None:
    sheets = mistaken()
    sheets[sheet] = [row[1:] for row in sheets[sheet]]
    head = mistaken()[sheet][0][0]
    asks(sheets, f"{sheet}!A2", f"没有「{head}」这一列", tmp_path, "scheme-head-lost")


@pytest.mark.parametrize("sheet", ["方案", "大项", "填报项", "指标"])
def test_a_sheet_that_must_be_there_is_one_finding(sheet: str, tmp_path: Path) -> None:
    sheets = mistaken()
    del sheets[sheet]
    (fault,) = found(sheets, tmp_path)
    assert (fault.code, fault.message) == ("scheme-sheet-lost", f"没有工作表「{sheet}」")


@pytest.mark.parametrize("sheet", ["结果运用", "校验", "用例"])
def test_other_sheets_need_not_be_there(sheet: str, tmp_path: Path) -> None:
    sheets = mistaken()
    del sheets[sheet]
    assert [each for each in found(sheets, tmp_path) if each.level is Level.ERROR] == []


# --- full-width forms


@pytest.mark.parametrize(
    ("sheets", "plain"),
    [
        (item(档次="［９５％，）：１０\n［８０％，９５％）：６\n（，８０％）：０"), item()),
        (rule("达标", 条件="办结件数÷应办件数＞＝９５％"), rule("达标", 条件="办结件数/应办件数>=95%")),
        (rule("公式", 公式="ＭＩＮ（１０，督办次数×０．５）"), rule("公式", 公式="MIN(10,督办次数*0.5)")),
        (rule("阶梯", 填报项="督办次数", 档次="１：２；３：１０"), rule("阶梯", 填报项="督办次数", 档次="1:2, 3:10")),
        (item(1, 分值="１０", 每次="１．５"), item(1, 分值="10", 每次="1.5")),
    ],
)
def test_full_width_forms_are_taken_for_the_plain_ones(sheets: Sheets, plain: Sheets, tmp_path: Path) -> None:
    assert found(sheets, tmp_path) == []
    one, other = (examined(str(written(each, tmp_path / "本区.xlsx"))).scheme.parts[0] for each in (sheets, plain))
    assert [compile_item_of(one, k) for k in range(8)] == [compile_item_of(other, k) for k in range(8)]


def compile_item_of(part: Part, k: int) -> Any:
    scheme = Scheme("own", "", "", "", "", "", (part,))
    crowded = part.with_raters({each.name: 2 for each in part.inputs})
    return compile_item(words_of(scheme, crowded), part.items[k]).tree


@pytest.mark.parametrize(
    ("written_as", "day"),
    [
        ("2026/1/1", "2026-01-01"),
        ("2026.01.01", "2026-01-01"),
        ("２０２６年１月１日", "2026-01-01"),
        ("2026-12-31", "2026-12-31"),
        ("2026/13/1", ""),
        ("2026/2/29", ""),
        ("1/1/2026", ""),
        ("2026年", ""),
    ],
)
def test_a_day_is_taken_as_it_is_usually_written_and_no_other_is(written_as: str, day: str, tmp_path: Path) -> None:
    sheets = mistaken()
    sheets["方案"][5][1] = written_as
    trial = examined(str(written(sheets, tmp_path / "本区.xlsx")))
    assert trial.scheme.effective == day
    assert [place(each) for each in trial.findings] == ["方案!B7"] * (not day)


def test_what_stands_in_quotes_stays_as_it_is(tmp_path: Path) -> None:
    sheets = put(mistaken(), "结果运用", 4, 条件='AND(类别＝"县（市）组"，集访批次=0)')
    put(sheets, "填报项", 1, 选项="")
    sheets["填报项"].append(["类别", "文字", "名册", "", "", "县（市）组、部门组"])
    assert found(sheets, tmp_path) == []


# --- whom a line concerns

GROUPED = (
    "[scheme]\nid = 'own'\ntitle = '办法'\nversion = '1'\nstatus = '现行'\n"
    "[[part]]\nname = '单位'\ngroup = '组别'\nsection = [{ id = '一', title = '工作', points = 16 }]\n"
    "input = [{ name = '组别', kind = '文字', origin = '名册', options = ['县组', '部门组'] },\n"
    "  { name = '常住人口', kind = '数值', unit = '万人', decimals = 1, maximum = 999 },\n"
    "  { name = '集访批次', kind = '件数' }, { name = '有制度', kind = '是否' }]\n"
    "[[part.item]]\nid = '一1'\nsection = '一'\ntitle = '集访'\npoints = 6\nclause = '一'\ngroups = '县组'\n"
    "rule = [{ kind = '折算扣分', input = '集访批次', divide = '常住人口', each = 1, empty = '计满分' }]\n"
    "[[part.item]]\nid = '一2'\nsection = '一'\ntitle = '制度'\npoints = 10\nclause = '一'\n"
    "rule = [{ kind = '是否得分', input = '有制度' }]\n"
)


def test_of_a_line_for_other_groups_nobody_is_told_that_its_denominator_is_nought(tmp_path: Path) -> None:
    (tmp_path / "办法.toml").write_text(GROUPED, "utf-8")
    units = {
        "甲县": {"组别": "县组", "常住人口": 0, "集访批次": 0, "有制度": True},
        "乙县": {"组别": "县组", "常住人口": 3, "集访批次": 6, "有制度": True},
        "丙局": {"组别": "部门组", "常住人口": 0, "集访批次": 0, "有制度": True},
    }
    rounds = Round(tmp_path / "一轮", units, scheme=str(tmp_path / "办法.toml"), reviewed=(), attributes=("组别",))
    record = rounds.score()
    assert [subject(record, name)["total"] for name in units] == [16, 14, 10]
    assert [each["unit"] for each in record["findings"] if each["code"] == "zero-rate"] == ["甲县"]
    assert "视为达到" in subject(record, "甲县")["items"]["一1"]["reason"]
    assert "视为达到" not in subject(record, "丙局")["items"]["一1"]["reason"]


# --- a shorter period

MONTHLY = (
    TOML.replace("points = 100 }]", "points = 130 }]")
    + "[[part.item]]\nid = '一2'\nsection = '一'\ntitle = '研究'\npoints = 30\nclause = '一'\n"
    "rule = [{ kind = '缺项扣分', input = '批次', quota = 4, each = 1 }]\n"
    "[[part.item]]\nid = '一3+'\nsection = '一'\ntitle = '无集访'\npoints = 3\nclause = '一'\nannual = false\n"
    "rule = [{ kind = '零发生加分', inputs = '批次' }]\n"
)


@pytest.mark.parametrize(
    ("period", "annual", "words"),
    [("全年", "false", "全年"), ("3月", "false", "本期"), ("上半年", "false", "本期"), ("3月", "true", "全年")],
)
def test_a_shorter_period_speaks_of_what_it_asks_for(period: str, annual: str, words: str) -> None:
    scheme, _ = read_text(MONTHLY.replace("annual = false", f"annual = {annual}"))
    rules = compile_part(scheme, scheme.parts[0], period)
    assert rules["一3+"].text == f"批次{words}为0，加3分"
    assert rules["一3+"].counted is (annual == "false")
    assert rules["一2"].text.startswith(f"批次{'全年' if period == '全年' else '本期'}不少于4次")


@pytest.mark.parametrize("formula", ["IF(1>1,10,集访批次/应办件数)", "IF(2=2,1,2)*集访批次/应办件数"])
def test_a_condition_between_two_figures_guards_nothing(formula: str, tmp_path: Path) -> None:
    asks(rule("公式", 公式=formula), "指标!J6", "应办件数可能是0", tmp_path)


@pytest.mark.parametrize(
    ("test", "asked"),
    [
        ("集访批次-督办次数<=0", ""), ("集访批次-督办次数<1", ""), ("MAX(0,集访批次-督办次数)=0", ""),
        ("集访批次-督办次数=0", "可能是0"), ("督办次数<=0", "可能是0"),
    ],
)  # fmt: skip
def test_what_is_guarded_from_being_negative_is_guarded_from_being_nought_beneath_max(
    test: str, asked: str, tmp_path: Path
) -> None:
    formula = f"IF({test},10,MIN(6,应办件数/MAX(0,集访批次-督办次数)))"
    asks(rule("公式", 公式=formula), asked and "指标!J6", asked, tmp_path)


PER_HEAD = {"kind": "折算扣分", "填报项": "集访批次", "相比": "万人口", "每次": 2, "分母为0": "计满分"}


@pytest.mark.parametrize(
    ("values", "cell", "text"),
    [
        ({"kind": "公式", "公式": "IF(应办件数=0,10,100*办结件数/应办件数)"}, "指标!J6", "最多可得 100 分，比分值"),
        ({"kind": "公式", "公式": "IF(应办件数=0,10,10*办结件数/应办件数)"}, "", ""),
        ({"kind": "公式", "公式": 'IF(台账规范="是",12,3)'}, "指标!J6", "最多可得 12 分"),
        ({"kind": "按次扣分", "填报项": "集访批次", "每次": 100}, "指标!G6", "最多扣100分，比分值 10 分还多"),
        ({"kind": "按次扣分", "填报项": "集访批次", "每次": 10}, "", ""),
        ({**PER_HEAD, "每多少": 10000}, "指标!R6", "已经是万"),
        ({**PER_HEAD, "每多少": 1}, "", ""),
    ],
)  # fmt: skip
def test_figures_of_another_size_than_the_item_are_asked_about(
    values: dict[str, Any], cell: str, text: str, tmp_path: Path
) -> None:
    sheets = rule(**values)
    if "相比" in values:
        sheets["填报项"].append(["万人口", "件数", "", "万人", ""])
        head = sheets["填报项"][0]
        sheets["填报项"][-1] = [
            "万人" if each == "计量单位" else {"名称": "万人口", "类型": "件数"}.get(each, "") for each in head
        ]
        cell = cell and f"指标!{letters(sheets['指标'][0].index('每多少') + 1)}6"
    asks(sheets, cell, text, tmp_path)


@pytest.mark.parametrize(("before", "text"), [("集访批次", "自己比自己"), ("督办次数、督办次数、创新个数", "写了两次")])
def test_what_is_compared_with_itself_is_refused(before: str, text: str, tmp_path: Path) -> None:
    kind = "与三年均值比" if "、" in before else "与上年比"
    sheets = rule(kind, 填报项="集访批次", 相比=before, 档次="(,0%]:10", 其余=0, 分母为0="计满分")
    findings = [each for each in found(sheets, tmp_path) if each.code == "scheme-rule"]
    assert [text in each.message for each in findings] == [True]


# --- a rate over nothing, in what punishes


OVER_NOTHING = (
    opened("kong", "没有发生的不罚")
    + """
[[part]]
name = "单位"
section = [{ id = "一", title = "办理", points = 10, clause = "一" }]
input = [{ name = "到镇批次", kind = "件数" }, { name = "重复批次", kind = "件数" }]
item = [{ id = "一1", section = "一", title = "重复率", points = 10, clause = "一1", rule = [
  { kind = "达标", condition = "IF(到镇批次=0,0,重复批次/到镇批次)>=50%" }] }]
outcome = [
  { id = "否决", kind = "一票否决", condition = "IF(到镇批次=0,0,重复批次/到镇批次)>=50%", \
clause = "二1", because = "重复" },
  { id = "先进", kind = "奖励", condition = "NOT(一票否决)", amount = 500, clause = "二2", because = "没有否决" },
  { id = "到位奖", kind = "奖励", condition = "重复批次/到镇批次<=10%", amount = 100, clause = "二3", because = "少" },
]
"""
)


def test_who_had_no_case_is_punished_for_no_rate_of_which_the_scheme_says_what_it_is_then(tmp_path: Path) -> None:
    scheme = tmp_path / "没有发生.toml"
    scheme.write_text(OVER_NOTHING, "utf-8")
    units = {"东镇": {"到镇批次": 0, "重复批次": 0}, "西镇": {"到镇批次": 2, "重复批次": 1}}
    record = Round(tmp_path / "轮", units, scheme=str(scheme), reviewed=()).grade()
    got = {name: {each["id"] for each in subject(record, name)["outcomes"]} for name in units}
    assert got == {"东镇": {"先进", "到位奖"}, "西镇": {"否决"}}
    assert [subject(record, name)["items"]["一1"]["points"] for name in units] == [0, 10]


def test_a_fine_for_each_target_counts_those_that_were_missed_and_none_that_nothing_stands_on(tmp_path: Path) -> None:
    """东镇 missed 零越级; its 办结 rests on 0 of 0."""
    before, _, _ = OVER_NOTHING.partition("outcome = [")
    facts = 'clause = "二", because = "没有达到", count = "IF(少重复,0,1)+IF(零越级,0,1)", price = 500'
    text = f"""{before.replace('{ name = "重复批次", kind = "件数" }', MORE)}
outcome = [{{ id = "甲", kind = "处罚", condition = "NOT(AND(少重复,零越级))", {facts} }}]
target = [
  {{ id = "少重复", title = "少重复", condition = "重复批次/到镇批次<50%", clause = "一" }},
  {{ id = "零越级", title = "零越级", condition = "越级批次=0", clause = "一" }},
]
"""
    scheme = tmp_path / "目标.toml"
    scheme.write_text(text, "utf-8")
    rows = {"东镇": (0, 0, 2), "西镇": (2, 1, 2), "南镇": (0, 0, 0), "北镇": (2, 1, 0)}
    units = {unit: dict(zip(("到镇批次", "重复批次", "越级批次"), row, strict=True)) for unit, row in rows.items()}
    record = Round(tmp_path / "轮", units, scheme=str(scheme), reviewed=()).score()
    given = {unit: [each["amount"] for each in subject(record, unit)["outcomes"]] for unit in units}
    assert given == {"东镇": [500], "西镇": [1000], "南镇": [], "北镇": [500]}


MORE = '{ name = "重复批次", kind = "件数" }, { name = "越级批次", kind = "件数" }'


@pytest.mark.parametrize(
    ("kind", "condition", "met"),
    [
        ("处罚", "重复批次/到镇批次>=50%", {"西镇"}),
        ("问责", "NOT(重复批次/到镇批次<50%)", {"西镇"}),
        ("一票否决", "OR(重复批次/到镇批次>=50%,重复批次>3)", {"西镇"}),
        ("处罚", "NOT(少重复)", {"西镇"}),
        ("处罚", "AND(重复批次/到镇批次<60%,总分>=0)", {"西镇"}),
        ("荣誉", "NOT(重复批次/到镇批次>=50%)", {"东镇"}),
        ("荣誉", "重复批次/到镇批次<60%", {"东镇", "西镇"}),
        ("名单", "重复批次/到镇批次>=50%", {"东镇", "西镇"}),
    ],
)
def test_a_rate_over_nothing_counts_for_the_unit_whatever_stands_on_it(
    kind: str, condition: str, met: set[str], tmp_path: Path
) -> None:
    """It is met where that brings something, and punishes nobody; what is given for it is to be confirmed."""
    before, _, _ = OVER_NOTHING.partition("outcome = [")
    money = ", amount = 100" if kind == "处罚" else ""
    facts = f'kind = "{kind}", condition = "{condition}", clause = "二", because = "率"{money}'
    outcome = f"""outcome = [{{ id = "甲", {facts} }}]
[[part.target]]
id = "少重复"
title = "少重复"
condition = "重复批次/到镇批次<50%"
clause = "一"
"""
    scheme = tmp_path / "没有发生.toml"
    scheme.write_text(before + outcome, "utf-8")
    assert examined(str(scheme)).findings == []
    units = {"东镇": {"到镇批次": 0, "重复批次": 0}, "西镇": {"到镇批次": 2, "重复批次": 1}}
    record = Round(tmp_path / "轮", units, scheme=str(scheme), reviewed=()).score()
    given = {name: subject(record, name)["outcomes"] for name in units}
    assert {name for name, found in given.items() if found} == met
    assert [each["confirm"] for each in given["东镇"]] == [True] * ("东镇" in met)
    assert not any(each["confirm"] for each in given["西镇"])


# --- points that are not what the row says


def two(kind: str, folder: Path, first: dict[str, Any], second: dict[str, Any]) -> list[Finding]:
    """What is told of an item of two rules of a kind."""
    sheets = rule(kind, **first)
    sheets["指标"].insert(5, [""] * len(sheets["指标"][0]))
    return found(put(sheets, "指标", 5, 计分方式=kind, **second), folder)


@pytest.mark.parametrize(
    ("kind", "first", "second", "cell"),
    [
        ("达标", {"条件": '台账规范="是"'}, {"条件": "督办次数<=2"}, "指标!M7"),
        ("达标", {"条件": '台账规范="是"', "得分": 4}, {"条件": "督办次数<=2", "得分": ""}, "指标!M7"),
        ("是否得分", {"填报项": "台账规范"}, {"填报项": "台账规范"}, "指标!E7"),
        ("达标", {"条件": '台账规范="是"', "得分": 4}, {"条件": "督办次数<=2", "得分": 6}, ""),
    ],
)
def test_of_several_rules_that_each_give_the_full_mark_any_one_suffices_which_is_asked(
    kind: str, first: dict[str, Any], second: dict[str, Any], cell: str, tmp_path: Path
) -> None:
    if kind == "达标":
        first, second = ({"得分": "", **each} for each in (first, second))
    findings = two(kind, tmp_path, first, second)
    assert [(each.code, place(each)) for each in findings] == ([("scheme-asked", cell)] if cell else [])
    assert all("成立一个就得满分" in each.message and "AND" in each.message for each in findings)


def test_a_condition_worth_nought_is_refused_and_not_worth_the_full_mark(tmp_path: Path) -> None:
    asks(rule("达标", 条件='台账规范="是"', 得分=0), "指标!M6", "写 0 就什么也不得", tmp_path, "scheme-rule")


@pytest.mark.parametrize("minus", ["-", "－", "−"])
@pytest.mark.parametrize(
    "rule",
    [
        "kind = '按次扣分', input = '集访批次', each = '{}2'",
        "kind = '阶梯', input = '集访批次', steps = '1:2', over = '{}1'",
        "kind = '区间', value = '集访批次', bands = '[5,):10', others = '{}3'",
    ],
)
def test_whatever_sign_of_minus_stands_before_points_they_are_refused(rule: str, minus: str) -> None:
    assert codes(item_text(rule.format(minus))) == ["scheme-negative"]


def codes(text: str) -> list[str]:
    """What is wrong or asked of a TOML text."""
    try:
        findings = read_text(text)[1]
    except SchemeError as error:
        findings = error.findings
    return [each.code for each in findings if each.level is not Level.NOTE]


def item_text(rule: str, more: str = "", id: str = "一1", head: str = "") -> str:
    """A scheme of one item of 10 points, with what its part has more."""
    return f"""
[scheme]
id = "own"
title = "本区办法"
version = "1"
status = "现行"
{head}
[[part]]
name = "单位"
section = [{{ id = "一", title = "一", points = 10, confirmed = "原文如此" }}]
input = [
  {{ name = "集访批次", kind = "件数" }},
  {{ name = "扣分合计", kind = "数值", decimals = 2 }},
  {{ name = "有制度", kind = "是否" }},
]
{more}
[[part.item]]
id = "{id}"
section = "一"
title = "甲"
points = 10
clause = "一"
shows = ["集访批次", "扣分合计", "有制度"]
rule = [{{ {rule} }}]
"""


@pytest.mark.parametrize(
    ("places", "asked"),
    [
        ("1:3, 2:1", ""),
        ("1:3, 3:1", "没有写第2名，第2名按第3名加1分"),
        ("3:2", "没有写第1至2名，第1至2名按第3名加2分"),
        ("1:1, 2:3", "第2名3分，比第1名的1分还多"),
    ],
)
def test_places_that_are_left_out_or_rise_are_asked_about(places: str, asked: str, tmp_path: Path) -> None:
    sheets = put(mistaken(), "加减分", 1, 计分方式="名次加分", 每次="", 分值=3, 档次=places)
    findings = [each for each in found(sheets, tmp_path) if each.code != "scheme-unearned"]
    assert [(each.code, place(each)) for each in findings] == [("scheme-asked", "加减分!K3")] * bool(asked)
    assert all(asked in each.message for each in findings)


def test_a_place_between_two_that_are_written_has_in_words_what_it_has_in_points() -> None:
    scheme, _ = read_text(item_text("kind = '名次加分', input = '集访批次', places = '2:3, 5:1'", id="一1+"))
    text = compile_item(words_of(scheme, scheme.parts[0]), scheme.parts[0].items[0]).text
    assert "第1至2名加3分、第3至5名加1分" in text


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ("应办件数", True),
        ("AVERAGE(群众评分)", True),
        ("AVERAGE(群众评分)/5", True),
        ("AVERAGE(群众评分)/10", False),
        ("办结件数/应办件数", False),
    ],
)
def test_what_stands_for_a_rate_and_is_none_is_asked_about(value: str, asked: bool, tmp_path: Path) -> None:
    empty = "计满分" if value.endswith("应办件数") and "/" in value else ""
    sheets = rule("按率得分", 公式=value, 分母为0=empty)
    asks(sheets, "指标!J6" if asked else "", "到 1 就是满分", tmp_path)


@pytest.mark.parametrize(("target", "wrong"), [("95", False), ("95%", True)])
def test_the_goal_of_a_rate_filled_in_as_95_is_written_so_too(target: str, wrong: bool, tmp_path: Path) -> None:
    sheets = rule("比例完成", 填报项="批评次数", 相比=target)
    put(sheets, "填报项", 6, 类型="数值", 计量单位="%", 上限=100, 小数位=1)
    put(sheets, "指标", 5, 档次="[0,1]:10\n(1,4]:5\n(4,):0")
    asks(sheets, "指标!M6" if wrong else "", "95 就是 95%", tmp_path, "scheme-rule")


@pytest.mark.parametrize(
    ("value", "values", "asked"),
    [
        ("办结件数/应办件数", {"基准": "0.95", "每档": "0.01"}, ""),
        ("办结件数/应办件数", {"基准": "0.95"}, "一档写了 1，就是 100 个百分点"),
        ("办结件数/应办件数", {"基准": "1", "不满一档": "按比例"}, "一档写了 1，就是 100 个百分点"),
        ("办结件数/应办件数", {"基准": "95%", "每档": "96%"}, "怎样填都不扣"),
        ("督办次数", {"基准": "0"}, "怎样填都不扣"),
        ("督办次数", {"基准": "5", "每档": "6"}, "怎样填都不扣"),
        ("督办次数", {"基准": "5", "每档": "6", "不满一档": "按一档"}, ""),
        ("督办次数", {"基准": "5", "每档": "6", "高低": "高于"}, ""),
        ("创新个数", {"基准": "2", "高低": "高于"}, "怎样填都不扣"),
    ],
)
def test_steps_that_nobody_can_lie_off_are_asked_about(
    value: str, values: dict[str, Any], asked: str, tmp_path: Path
) -> None:
    sheets = rule("每低扣分", 公式=value, 每次=20, **values, 分母为0="计满分" if "/" in value else "")
    put(sheets, "填报项", 4, 上限=999)
    findings = [each for each in found(sheets, tmp_path) if each.code != "scheme-unused"]
    assert [(each.code, each.source.sheet) for each in findings] == [("scheme-asked", "指标")] * bool(asked)
    assert all(asked in each.message for each in findings)


@pytest.mark.parametrize(
    ("formula", "floor", "least"),
    [
        ("10-督办次数*2", "", "不限"),
        ("4-创新个数*3", "", "-2 分"),
        ("4-创新个数*3", "不封底", ""),
        ("4-创新个数*3", "1", ""),
        ("MAX(0,10-督办次数*2)", "", ""),
        ("应办件数-办结件数", "", ""),
    ],
)
def test_a_formula_that_may_fall_below_nought_is_asked_about(
    formula: str, floor: str, least: str, tmp_path: Path
) -> None:
    sheets = rule("公式", 公式=formula, 保底=floor, 分值=4 if "4-" in formula else 10)
    sheets["大项"][2][2] = 34 if "4-" in formula else 40
    sheets["结果运用"][1][2], sheets["结果运用"][2][2] = "总分>=60", "总分>=50"
    least = "没有下限" if least == "不限" else least and f"最少 {least}"
    asks(sheets, "指标!J6" if least else "", least, tmp_path)


def test_a_weight_of_50_that_is_hardly_50_times_is_asked_about() -> None:
    grouped = item_text("kind = '按次扣分', input = '集访批次', each = 1").replace(
        "input = [",
        'group = "类"\ninput = [ { name = "类", kind = "文字", origin = "名册", options = ["甲组", "乙组"] },',
    )
    for weight, asked in (("50%", False), ("1.5", False), ("50", True)):
        text = grouped.replace("clause", f"groups = '甲组:{weight}、乙组'\nclause", 1)
        assert codes(text) == ["scheme-asked"] * asked, weight


# --- what the check passed and nothing could count


@pytest.mark.parametrize(
    ("rule", "param"), [("input = '有制度'", "有制度"), ("input = '扣分合计', count = '有制度'", "有制度")]
)
def test_a_sum_at_discretion_and_its_count_are_numbers(rule: str, param: str) -> None:
    text = item_text(f"kind = '裁量区间', {rule}, least = 1, most = 2", id="一1-")
    with pytest.raises(SchemeError) as caught:
        read_text(text)
    found = [each for each in caught.value.findings if each.level is Level.ERROR]
    assert [each.code for each in found] == ["scheme-rule"]
    assert f"「{param}」是是否项" in found[0].message


@pytest.mark.parametrize(
    ("count", "whole"),
    [
        ("MAX(0,INT(总分-90))", True),
        ("MAX(0,4-名次)", True),
        ("总分-90", False),
        ("MAX(0,总分-90)", False),
        ("AVERAGEIF(集访批次,TRUE())", False),
        ("INT(AVERAGEIF(集访批次,TRUE()))", True),
        ("集访批次/(集访批次-3)", False),
    ],
)
def test_what_is_paid_for_is_counted_in_whole_numbers(count: str, whole: bool) -> None:
    paid = f"outcome = [{{ id = '奖', kind = '奖励', clause = '二', because = '多', count = '{count}', price = 100 }}]"
    assert codes(item_text("kind = '是否得分', input = '有制度'", paid)) == ["scheme-field"] * (not whole)


def test_a_mean_of_units_lies_between_whole_numbers_too() -> None:
    banded = "kind = '区间', value = 'AVERAGEIF(集访批次,TRUE())', bands = '[0,1]:5;[2,):10'"
    assert codes(item_text(banded)) == ["scheme-rule"]
    assert codes(item_text(banded.replace("[2", "(1"))) == []


@pytest.mark.parametrize(("value", "wrong"), [("2000", False), ("0", False), ("2000.5", True), ("-1", True)])
def test_a_parameter_that_is_money_is_whole_yuan(value: str, wrong: bool) -> None:
    paid = "outcome = [{ id = '奖', kind = '奖励', condition = '总分>5', clause = '二', because = '多',"
    paid += " parameter = '额' }]"
    head = f"[[parameter]]\nid = '额'\nvalue = {value}\ntext = '奖金'"
    assert codes(item_text("kind = '是否得分', input = '有制度'", paid, head=head)) == ["scheme-field"] * wrong


@pytest.mark.parametrize(("word", "wrong"), [("是", False), ("否", False), ("对", True)])
def test_whether_words_are_nought_is_yes_or_no(word: str, wrong: bool, tmp_path: Path) -> None:
    sheets = mistaken()
    sheets["方案"].append(["件数写“无”算0", word])
    asks(sheets, "方案!B8" if wrong else "", "只能填“是”", tmp_path, "scheme-field")
    written_as = {"是": "true", "否": "false"}.get(word, f'"{word}"')
    text = item_text("kind = '是否得分', input = '有制度'", f"zero_words = {written_as}")
    assert codes(text) == ["scheme-field"] * wrong


def test_the_total_of_a_series_needs_no_other_name() -> None:
    text = item_text("kind = '按次扣分', input = '集访批次', each = 1, count = 'SUM(集访批次)'")
    assert (
        codes(text) == codes(text.replace("'集访批次', kind = '件数'", "'集访批次', kind = '件数', series = 4")) == []
    )


def test_more_at_discretion_than_the_points_of_the_item_is_asked_about() -> None:
    for most, asked in ((10, False), (10.5, True)):
        text = item_text(f"kind = '裁量区间', input = '扣分合计', least = 1, most = {most}", id="一1-")
        assert codes(text) == ["scheme-asked"] * asked


@pytest.mark.parametrize("head", ["相比", "编号", "依据", "公式"])
def test_a_fraction_that_a_spreadsheet_made_a_date_is_refused(head: str, tmp_path: Path) -> None:
    sheets = rule("比例完成", 填报项="督办次数", 相比="5")
    put(sheets, "指标", 4, **{head: datetime(2026, 3, 5)})
    findings = [each for each in found(sheets, tmp_path) if each.code == "scheme-cell"]
    assert [place(each)[-1] for each in findings] == ["6"]
    assert "单元格是日期" in findings[0].message


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ("总分>=90", ""),
        ("总分>=90%", "总分不是比率；写了 90%，是否应写 90"),
        ("AND(总分>=60,名次<=20%)", "名次不是比率；写了 20%，是否应写 20"),
        ("督办次数+批评次数<=5%", "督办次数＋批评次数不是比率；写了 5%，是否应写 5"),
        ("办结件数>=90%*应办件数", ""),
    ],
)
def test_a_total_or_a_count_held_against_a_per_cent_is_asked_about(condition: str, asked: str, tmp_path: Path) -> None:
    sheets = outcome(条件=condition)
    findings = [each for each in found(sheets, tmp_path) if each.code not in ("scheme-tier", "scheme-never")]
    assert [(each.code, place(each)) for each in findings] == [("scheme-scale", "结果运用!C3")] * bool(asked)
    assert all(asked in each.message for each in findings)


@pytest.mark.parametrize(
    ("kind", "values", "asked"),
    [
        ("区间", {"公式": "督办次数", "档次": "[0,3%]:10\n(3%,):0"}, "督办次数不是比率"),
        ("每低扣分", {"公式": "督办次数", "基准": "3%", "每档": "1%", "高低": "高于", "每次": 1}, "督办次数不是比率"),
        ("达标", {"条件": "督办次数<=300%"}, "督办次数不是比率"),
    ],
)
def test_a_count_judged_by_a_per_cent_is_asked_about(
    kind: str, values: dict[str, Any], asked: str, tmp_path: Path
) -> None:
    findings = found(rule(kind, **values), tmp_path)
    assert [each.code for each in findings] == ["scheme-asked"]
    assert asked in findings[0].message


# --- what a formula beyond the full marks gives


@pytest.mark.parametrize(
    ("way", "formula", "code", "asked"),
    [
        ("扣分", "创新个数*2", "scheme-rule", "这样写会加分；扣分的公式要算出负数"),
        ("扣分", "IF(集访批次>0,2,0)", "scheme-rule", "这样写会加分"),
        ("扣分", "3", "scheme-rule", "这样写会加分"),
        ("扣分", "-创新个数", "", ""),
        ("扣分", "-(应办件数-办结件数)", "", ""),
        ("扣分", "IF(集访批次>2,2-集访批次,0)", "", ""),
        ("扣分", "2-集访批次", "scheme-asked", "写成 MIN(0,…)"),
        ("扣分", "MIN(0,2-集访批次)", "", ""),
        ("加分", "-创新个数", "scheme-rule", "这样写会扣分；加分的公式要算出正数"),
        ("加分", "IF(集访批次>0,-2,0)", "scheme-rule", "这样写会扣分"),
        ("加分", "创新个数", "", ""),
        ("加分", "2-集访批次", "", ""),
    ],
)
def test_a_formula_that_goes_against_its_direction_is_told(
    way: str, formula: str, code: str, asked: str, tmp_path: Path
) -> None:
    sheets = put(mistaken(), "加减分", 3, 方向=way, 计分方式="公式", 填报项="", 每次="", 公式=formula, 分值="")
    findings = [each for each in found(sheets, tmp_path) if each.code != "scheme-unused"]
    assert [(each.code, place(each)) for each in findings] == [(code, "加减分!I5")] * bool(code)
    assert all(asked in each.message for each in findings)


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("MIN(0,AVERAGE(评议分)-8)", ""),
        ("AVERAGE(评议分)", "scheme-rule"),
        ("AVERAGE(评议分)-8", "scheme-asked"),
    ],
)
def test_a_formula_over_the_marks_of_raters_is_told_like_any_other(formula: str, code: str, tmp_path: Path) -> None:
    sheets = put(mistaken(), "加减分", 3, 方向="扣分", 计分方式="公式", 填报项="", 每次="", 公式=formula, 分值="")
    sheets["填报项"].append(["评议分", "多人评分", "复查", 10, "分"])
    findings = [each for each in found(sheets, tmp_path) if each.code != "scheme-unused"]
    assert [(each.code, place(each)) for each in findings] == [(code, "加减分!I5")] * bool(code)


def test_one_result_gives_its_total_to_one_input_alone(tmp_path: Path) -> None:
    sheets = mistaken()
    sheets["填报项"] += [[name, "数值", "复查", 100, "分"] for name in ("热线得分", "平安得分")]
    for row in (11, 12):
        put(sheets, "填报项", row, 小数位=2, 取自其他方案="是")
    sheets["加减分"].append(["一9", "一", "别的", "", "加分", "公式", "", "", "热线得分+平安得分", "四"])
    asks(sheets, "填报项!G14", "只能有一项取自其他方案", tmp_path, "scheme-field")
    put(sheets, "填报项", 12, 取自其他方案="")
    assert found(sheets, tmp_path) == []


@pytest.mark.parametrize("origin", ["自评", "复查", "名册", "台账", "上年"])
@pytest.mark.parametrize("least", [-1, 0, 1])
def test_a_limit_that_nobody_could_hand_in_is_refused_whoever_gives_the_figure(
    origin: str, least: int, tmp_path: Path
) -> None:
    taken = read_cell(Input("数", InputKind.NUMBER, Origin(origin), minimum=least), RawCell(least)).state is Cell.GIVEN
    assert taken is (least >= 0)
    sheets = mistaken()
    sheets["填报项"].append(["增减数", "数值", origin, 100, "件"])
    put(sheets, "填报项", len(sheets["填报项"]) - 1, 下限=least)
    sheets["加减分"].append(["一9", "一", "别的", "", "加分", "公式", "", "", "增减数", "四"])
    findings = found(sheets, tmp_path)
    assert [(each.code, place(each)) for each in findings] == [("scheme-field", "填报项!F13")] * (not taken)
    assert all("分成两项" in each.message for each in findings)


# --- what does not depend on anything


def spans_of(sheets: Sheets, folder: Path, id: str) -> tuple[Any, Any]:
    spans = {each.id: each for each in examined(str(written(sheets, folder / "本区.xlsx"))).spans["单位"]}
    return spans[id].low, spans[id].high


@pytest.mark.parametrize(
    ("values", "least", "most"),
    [
        ({"计分方式": "区间", "公式": "督办次数", "档次": "[0,3):5\n[3,):1"}, 1, 5),
        ({"计分方式": "区间", "公式": "督办次数", "档次": "[0,3):5\n[3,6):1\n[6,):4"}, 1, 5),
        ({"计分方式": "区间", "公式": "督办次数", "档次": "[0,3):5", "其余": 2}, 2, 5),
        ({"计分方式": "名次得分", "填报项": "督办次数", "档次": "1:4, 2:6", "其余": 3}, 3, 6),
        ({"计分方式": "公式", "公式": "MIN(10,督办次数/应办件数*10)"}, 0, 10),
        ({"计分方式": "公式", "公式": "IF(应办件数=0,0,MIN(10,10*督办次数/应办件数))"}, 0, 10),
        ({"计分方式": "公式", "公式": "IF(督办次数>5,督办次数-5,0)"}, 0, 10),
    ],
)
def test_the_least_and_the_most_of_an_item_are_those_of_its_cases(
    values: dict[str, Any], least: int, most: int, tmp_path: Path
) -> None:
    filled = dict(values)
    assert spans_of(rule(filled.pop("计分方式"), **filled), tmp_path, "二1") == (least, most)


def test_a_place_that_brings_less_than_a_later_one_takes_nothing(tmp_path: Path) -> None:
    sheets = put(mistaken(), "加减分", 1, 计分方式="名次加分", 每次="", 分值=3, 档次="1:1, 2:3")
    assert spans_of(sheets, tmp_path, "一4+") == (0, 3)


def test_a_threshold_that_the_intervals_keep_out_of_reach_is_told(tmp_path: Path) -> None:
    sheets = rule("区间", 公式="督办次数", 档次="[0,3):5\n[3,):1")
    put(sheets, "结果运用", 1, 条件="总分>=75.01")  # 70 + 5 + 3 + 2 of 80 + 10
    codes = [(each.code, place(each)) for each in found(sheets, tmp_path)]
    assert ("scheme-unearned", "指标!D6") in codes
    assert spans_of(sheets, tmp_path, "总分") == (1, 85)
    put(sheets, "结果运用", 1, 条件="总分>=85.01")
    assert ("scheme-never", "结果运用!C3") in [(each.code, place(each)) for each in found(sheets, tmp_path)]


def test_full_marks_that_are_not_reached_may_be_confirmed(tmp_path: Path) -> None:
    sheets = rule("区间", 公式="督办次数", 档次="[0,3):5\n[3,):1", 确认="原文如此")
    notes = examined(str(written(sheets, tmp_path / "本区.xlsx"))).findings
    assert [(each.code, place(each)) for each in notes] == [("scheme-asked-known", "指标!D6")]
    assert "但最多只能得 5 分；已确认原文如此" in notes[0].message


def test_a_weight_below_all_is_no_mark_out_of_reach(tmp_path: Path) -> None:
    path = tmp_path / "分组.toml"
    path.write_text(GROUPED.replace("groups = '县组'", "groups = '县组:80%、部门组:50%'"), "utf-8")
    trial = examined(str(path))
    assert "scheme-unearned" not in [each.code for each in trial.findings]
    spans: dict[str, Any] = {each.id: (each.low, each.high) for each in trial.spans["单位"]}
    assert (spans["一1"], spans["总分"]) == ((0, Fraction(24, 5)), (0, Fraction(74, 5)))


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("AND(总分>=60,总分<70)", ""),
        ("AND(总分>=70,总分<60)", "scheme-never"),
        ("AND(集访批次>5,集访批次<3)", "scheme-never"),
        ("OR(集访批次>5,集访批次<=5)", "scheme-always"),
        ("OR(集访批次>5,督办次数<=5)", ""),
        ('AND(台账规范="是",台账规范="否")', "scheme-never"),
    ],
)
def test_a_condition_of_an_outcome_whose_thresholds_exclude_each_other_is_told(
    condition: str, code: str, tmp_path: Path
) -> None:
    sheets = outcome(条件=condition)
    findings = [each for each in found(sheets, tmp_path) if each.code != "scheme-tier"]
    assert [(each.code, place(each)) for each in findings] == [(code, "结果运用!C3")] * bool(code)


@pytest.mark.parametrize(
    ("condition", "closed", "asked"),
    [
        ("督办次数<=99", "", ""),
        ("AND(督办次数>5,督办次数<3)", "", "每个单位的这几个数都是待核"),
        ("AND(督办次数>5,督办次数<3)", "提示", "每个单位都要核对"),
        ("创新个数<=2", "", "什么也查不出"),
        ("督办次数>=0", "提示", "什么也查不出"),
    ],
)
def test_a_check_that_always_or_never_holds_is_told(condition: str, closed: str, asked: str, tmp_path: Path) -> None:
    sheets = mistaken()
    sheets["校验"].append([condition, "督办的次数", closed])
    asks(sheets, asked and "校验!A5", asked, tmp_path, "scheme-fixed")


@pytest.mark.parametrize(
    ("apart", "asked"),
    [("集访批次>=5", ""), ("集访批次>=0", "谁也不排名次"), ("AND(集访批次>3,集访批次<2)", "没有单位会单列")],
)
def test_who_is_listed_apart_whatever_is_filled_in_is_told(apart: str, asked: str, tmp_path: Path) -> None:
    sheets = mistaken()
    sheets["方案"].append(["单列", apart])
    findings = [each for each in found(sheets, tmp_path) if each.code != "scheme-never"]
    assert [(each.code, place(each)) for each in findings] == [("scheme-fixed", "方案!B8")] * bool(asked)
    assert all(asked in each.message for each in findings)


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ("应办件数>=0", "“应办件数>=0”怎样填都成立"),
        ("AND(应办件数>5,应办件数<3)", "怎样填都不会成立"),
        ("办结件数/办结件数>=95%", "办结件数除以它自己，总是 1"),
        ("应办件数>=1", ""),
        ("办结件数/应办件数>=95%", ""),
    ],
)
def test_a_condition_of_an_item_that_decides_nothing_is_asked_about(condition: str, asked: str, tmp_path: Path) -> None:
    findings = [each for each in found(rule("达标", 条件=condition), tmp_path) if each.code != "scheme-unearned"]
    assert [(each.code, place(each)) for each in findings] == [("scheme-asked", "指标!I6")] * bool(asked)
    assert all(asked in each.message for each in findings)


@pytest.mark.parametrize(("second", "asked"), [('台账规范="是"', True), ("督办次数<=3", False)])
def test_a_list_that_has_a_condition_twice_is_asked_about(second: str, asked: bool, tmp_path: Path) -> None:
    sheets = rule("清单", 条件=f'台账规范="是"\n{second}', 每次=5)
    asks(sheets, "指标!I6" if asked else "", "写了两次", tmp_path)


@pytest.mark.parametrize(
    ("values", "told_"),
    [({"金额": 5000}, False), ({"金额": 0}, True), ({"金额": "", "数量": "表扬次数", "单价": 0}, True)],
)
def test_a_reward_of_nought_has_no_amount(values: dict[str, Any], told_: bool, tmp_path: Path) -> None:
    codes = [each.code for each in found(put(mistaken(), "结果运用", 1, **values), tmp_path)]
    assert codes == ["scheme-moneyless"] * told_


def test_a_group_that_no_item_is_for_is_refused() -> None:
    alone = GROUPED.replace("title = '制度'", "groups = '县组'\ntitle = '制度'")
    assert codes(GROUPED) == []
    assert codes(alone) == ["scheme-field"]


# --- figures of a rate


@pytest.mark.parametrize(
    ("value", "digits", "asked"),
    [
        ("办结件数/应办件数", 4, ""),
        ("办结件数/应办件数", 3, ""),
        ("办结件数/应办件数", 2, "97.35% 成了 97%；百分数保留两位小数的，写 4"),
        ("办结件数/应办件数", 0, "97.35% 成了 100%"),
        ("督办次数/应办件数", 2, ""),
    ],
)
def test_a_rate_rounded_to_whole_per_cent_is_asked_about(value: str, digits: int, asked: str, tmp_path: Path) -> None:
    sheets = item(公式=value, 率的小数=digits, 档次="[95%,):10\n[80%,95%):6\n(,80%):0")
    asks(sheets, "指标!M6" if asked else "", asked, tmp_path)


def test_a_rate_times_100_is_no_share(tmp_path: Path) -> None:
    sheets = rule("按率得分", 公式="100*办结件数/应办件数", 分母为0="计满分")
    asks(sheets, "指标!J6", "乘分值的率要除以 100", tmp_path, "scheme-rule")


@pytest.mark.parametrize(
    ("count", "asked"),
    [
        ("IF(AND(应办件数>0,督办次数/应办件数>=50%),1,0)", True),
        ("IF(应办件数=0,0,IF(督办次数/应办件数>=50%,1,0))", False),
    ],
)
def test_what_is_counted_by_a_quotient_that_may_be_over_nothing_is_asked_about(
    count: str, asked: bool, tmp_path: Path
) -> None:
    sheets = rule("按次扣分", 填报项="督办次数", 每次=10, 计数=count, 称呼="督办率过半")
    asks(sheets, "指标!M6" if asked else "", "应办件数可能是0", tmp_path)


# --- what no workbook can carry


@pytest.mark.parametrize(("depth", "wrong"), [(40, False), (62, True)])
def test_a_formula_that_a_form_would_nest_too_deep_is_refused(depth: int, wrong: bool, tmp_path: Path) -> None:
    nested = "".join(f"IF(督办次数<{k},{k % 10}," for k in range(1, depth + 1)) + "10" + ")" * depth
    findings = [each for each in found(rule("公式", 公式=nested), tmp_path) if each.level is Level.ERROR]
    assert [(each.code, place(each)) for each in findings] == [("scheme-rule", "指标!J6")] * wrong
    assert all("嵌套超过 64 层" in each.message for each in findings)


@pytest.mark.parametrize(("steps", "wrong"), [(20, False), (99, True)])
def test_intervals_that_make_too_long_a_formula_are_refused(steps: int, wrong: bool, tmp_path: Path) -> None:
    bands = "\n".join(f"[{k}%,{k + 1}%):{k / 10}" for k in range(steps)) + f"\n[{steps}%,):10"
    sheets = item(档次=bands, 分母为0="计满分", 公式="ROUND((办结件数+批评次数)/(应办件数+批评次数),4)")
    findings = [each for each in found(sheets, tmp_path) if each.level is Level.ERROR]
    assert [(each.code, place(each)) for each in findings] == [("scheme-rule", "指标!H6")] * wrong
    assert all("超过 8192 个字符" in each.message for each in findings)


@pytest.mark.parametrize(("share", "edge"), [("总分-70.01", "，如 总分>=70.01"), ("集访批次-1", "不会小于 0；")])
def test_the_advice_on_a_share_names_its_own_edge(share: str, edge: str, tmp_path: Path) -> None:
    sheets = outcome(按什么分=share, 条件="名次<=3")
    fault = next(each for each in found(sheets, tmp_path) if each.code == "scheme-share")
    assert edge in fault.mend
