"""A scheme written in a workbook: nothing is lost on the way there and back, and each mistake is told on its cell."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from tests import office
from tests import test_legacy as legacy
from tests.rounds import call
from xfkh import cli
from xfkh.findings import Finding, Level, finding
from xfkh.formula import bind, parse
from xfkh.formula.functions import FUNCTIONS
from xfkh.formula.parse import SIGNS, WIDE
from xfkh.model import Example, Scheme, Source
from xfkh.outline import listed, outline
from xfkh.rules import KINDS, vocabulary, wanted
from xfkh.samples import type_in
from xfkh.scheme import Places, SchemeError, builtin_ids, examine, example_text, load, read_text, tables_of, text_of
from xfkh.scheme.book import scheme_book, sheets_of
from xfkh.scheme.columns import HEAD_SAID, HEAD_WORDS, ITEMS, PART_WORDS, SHEETS, SheetOf
from xfkh.scheme.marked import marked
from xfkh.text import lines
from xfkh.trial import examined, tried
from xfkh.workbook.addresses import letters
from xfkh.workbook.style import PLAIN

Sheets = dict[str, list[list[Any]]]
OFFICE = Path(__file__).parent / "offices" / "groups.toml"
"""One with groups, items that do not count, units listed apart."""
SCHEMES = [*builtin_ids(), pytest.param(str(OFFICE), id=OFFICE.stem)]

BASE: Sheets = {
    "方案": [["项目", "内容"], ["编号", "own"], ["名称", "本区办法"], ["版本", "2026.1"], ["状态", "现行"]],
    "大项": [["编号", "名称", "分值", "依据"], ["一", "工作", 10, "一"]],
    "填报项": [
        ["名称", "类型", "计量单位"], ["集访批次", "件数", "批次"], ["台账规范", "是否", ""],
        ["应办件数", "件数", "件"], ["办结件数", "件数", "件"], ["表扬次数", "件数", "次"],
    ],
    "指标": [
        ["编号", "大项", "名称", "分值", "计分方式", "填报项", "每次", "条件", "得分", "依据"],
        ["一1", "一", "集访", 6, "按次扣分", "集访批次", 1.5, "", "", "一(一)"],
        ["一2", "一", "台账和办结", 4, "达标", "", "", '台账规范="是"', 2, "一(二)"],
        ["", "", "", "", "达标", "", "", "办结件数/应办件数>=95%", 2, ""],
    ],
    "加减分": [
        ["编号", "大项", "名称", "分值", "方向", "计分方式", "填报项", "每次", "依据"],
        ["一3", "一", "表扬", 5, "加分", "按次加分", "表扬次数", 2, "二"],
    ],
    "结果运用": [
        ["编号", "类型", "条件", "金额", "依据", "原因"],
        ["一等奖", "奖励", "总分>=9", 1000, "三", "总分不低于9分"],
    ],
    "校验": [["条件", "说明"], ["办结件数<=应办件数", "办结的不会多于应办的"]],
    "用例": [
        ["编号", "填报项", "填", "指标", "应得"], ["照常", "集访批次", 1, "一1", 4.5],
        ["", "台账规范", "是", "一2", 4], ["", "应办件数", 20, "一3+", 5], ["", "办结件数", 19, "总分", 13.5],
        ["", "表扬次数", 3, "", ""],
    ],
}  # fmt: skip


def written(sheets: Sheets, path: Path) -> Path:
    """As a clerk has them: a title above, then the heads, then the rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append([f"{name}（草稿）"])
        for row in rows:
            sheet.append([None if value == "" else value for value in row])
    book.save(path)
    return path


def changed(change: Callable[[Sheets], object]) -> Sheets:
    sheets = {name: [list(row) for row in rows] for name, rows in BASE.items()}
    change(sheets)
    return sheets


def put(sheet: str, row: int, head: str, value: object) -> Callable[[Sheets], object]:
    """One cell, by the row of the sheet's list and the head of its column."""

    def change(sheets: Sheets) -> None:
        rows = sheets[sheet]
        rows[row][rows[0].index(head)] = value

    return change


def said(path: Path) -> list[Finding]:
    return examined(str(path)).findings


def errors(path: Path) -> list[Finding]:
    return [each for each in said(path) if each.level is Level.ERROR]


# --- there and back


@pytest.mark.parametrize("id", SCHEMES)
def test_a_scheme_exported_and_read_again_is_the_same_scheme(id: str, tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    path.write_bytes(scheme_book(tables_of(text_of(id))))
    scheme, findings = load(str(path))
    assert scheme == load(id)[0]
    assert [each.code for each in findings] == [each.code for each in load(id)[1]]


@pytest.mark.parametrize("id", SCHEMES)
def test_text_and_workbook_turn_into_each_other_without_loss(id: str, tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    path.write_bytes(scheme_book(tables_of(text_of(id))))
    text = text_of(str(path))
    assert read_text(text)[0] == load(id)[0]
    again = tmp_path / "又.xlsx"
    again.write_bytes(scheme_book(tables_of(text)))
    assert cells(again) == cells(path)


def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path).worksheets}


def test_a_workbook_with_the_fewest_columns_is_a_whole_scheme(tmp_path: Path) -> None:
    trial = examined(str(written(BASE, tmp_path / "本区.xlsx")))
    assert trial.findings == []
    assert [(each.id, each.low, each.high) for each in trial.spans["单位"]] == [
        ("一1", Fraction(0), Fraction(6)), ("一2", Fraction(0), Fraction(4)),
        ("一3+", Fraction(0), Fraction(5)), ("总分", Fraction(0), Fraction(15)),
    ]  # fmt: skip


def test_the_least_and_most_are_told_of_each_group_where_these_differ(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["scheme", "check", str(OFFICE)]) == 0
    rows = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "县组 区组 部门组" in rows
    assert "二1 制度 0 至 20 0 至 10 0 至 30" in rows
    assert "二2 下访 0 至 20 不考 不考" in rows
    assert "总分 0 至 105 0 至 75 -3 至 75" in rows


def test_of_several_of_which_the_highest_counts_the_most_is_the_highest() -> None:
    text = example_text().replace('title = "受表彰"\npoints = 5', 'title = "受表彰"')
    trial = tried(read_text(text)[0], Places())
    (span,) = (each for each in trial.spans["单位"] if each.id == "五6+")
    assert (span.low, span.high) == (Fraction(0), Fraction(5))


def test_own_sheets_and_columns_behind_a_low_line_are_left_alone(tmp_path: Path) -> None:
    def change(sheets: Sheets) -> None:
        sheets["_草稿"] = [["随便", "写"]]
        for rows in sheets.values():
            rows[0].append("_备注")

    assert errors(written(changed(change), tmp_path / "本区.xlsx")) == []


@pytest.mark.parametrize(
    ("sheet", "head", "alias"),
    [
        ("指标", "分值", "满分"),
        ("指标", "每次", "每次扣分"),
        ("大项", "依据", "条款"),
        ("校验", "说明", "文字"),
        ("用例", "应得", "应得分"),
    ],
)
def test_another_usual_name_of_a_column_is_understood(sheet: str, head: str, alias: str, tmp_path: Path) -> None:
    assert errors(written(changed(put(sheet, 0, head, alias)), tmp_path / "本区.xlsx")) == []


def test_a_formula_typed_with_its_sign_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = written(changed(put("结果运用", 1, "条件", "=总分>=9")), tmp_path / "本区.xlsx")
    assert load(str(path))[0].parts[0].outcomes[0].condition == "总分>=9"


def test_a_number_typed_as_an_id_is_its_text(tmp_path: Path) -> None:
    def change(sheets: Sheets) -> None:
        put("大项", 1, "编号", 1)(sheets)
        for sheet in ("指标", "加减分"):
            for row in sheets[sheet][1:]:
                row[1] = 1 if row[1] else ""

    scheme, _ = load(str(written(changed(change), tmp_path / "本区.xlsx")))
    assert scheme.parts[0].sections[0].id == "1"


def test_an_own_scheme_goes_all_the_way_to_templates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(BASE, tmp_path / "本区.xlsx")
    (tmp_path / "名册.csv").write_text("单位\n甲镇\n乙镇\n", "utf-8")
    out = tmp_path / "发放"
    assert (
        cli.run(["template", str(path), "--roster", str(tmp_path / "名册.csv"), "--year", "2026", "-o", str(out)]) == 0
    )
    assert cli.run(["grade", str(out), "-o", str(tmp_path / "结果"), "--jobs", "1"]) == 1
    record = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    assert (record["scheme"], record["scheme_version"]) == ("own", "2026.1")
    assert "Traceback" not in capsys.readouterr().err


def test_a_fine_by_count_says_its_most_and_nothing_counted_is_no_payment(tmp_path: Path) -> None:
    def change(sheets: Sheets) -> None:
        sheets["结果运用"][0] += ["数量", "单价"]
        sheets["结果运用"][1] += ["", ""]
        sheets["结果运用"].append(
            ["办件奖", "奖励", "总分>=0", "", "四", "按办结率奖励", "MIN(10,INT(办结件数/应办件数*20))", 200]
        )

    path, out = written(changed(change), tmp_path / "本区.xlsx"), tmp_path / "结果"
    scheme = load(str(path))[0]
    assert any("每次 200 元，最多 2000 元" in line for line in outline(scheme))
    (tmp_path / "名册.csv").write_text("单位\n甲镇\n乙镇\n", "utf-8")
    assert call("template", path, "--roster", tmp_path / "名册.csv", "--year", 2026, "-o", tmp_path / "发放") == 0
    form = next((tmp_path / "发放").glob("甲镇*"))
    words = [cell for sheet in load_workbook(form) for row in sheet.values for cell in row]
    assert "每起 200，最多 2000" in words
    answers: dict[str, str | int | float | None] = {"集访批次": 0, "台账规范": "是", "表扬次数": 0}
    for unit, done in (("甲镇", 0), ("乙镇", 20)):
        form = next((tmp_path / "发放").glob(f"{unit}*"))
        form.write_bytes(type_in(form.read_bytes(), {**answers, "应办件数": done, "办结件数": done}))
    call("grade", tmp_path / "发放", "-o", out, "--jobs", 1)
    record = json.loads((out / "results.json").read_text("utf-8"))
    given = {each["unit"]: [one["amount"] for one in each["outcomes"] if one["id"] == "办件奖"]
             for each in record["subjects"]}  # fmt: skip
    assert given == {"甲镇": [0], "乙镇": [2000]}
    paid = [row for row in load_workbook(out / "奖惩.xlsx")["奖励"].values if "办件奖" in row]
    assert [row[1] for row in paid] == ["乙镇"]


def test_of_a_scheme_that_names_no_document_nothing_speaks_of_one(tmp_path: Path) -> None:
    assert load("district")[0].cited.endswith("）")
    path, out = written(BASE, tmp_path / "本区.xlsx"), tmp_path / "结果"
    (tmp_path / "名册.csv").write_text("单位\n甲镇\n", "utf-8")
    assert call("template", path, "--roster", tmp_path / "名册.csv", "--year", 2026, "-o", tmp_path / "发放") == 0
    assert call("grade", tmp_path / "发放", "-o", out, "--jobs", 1) == 1
    books = [*out.rglob("*.xlsx"), *(tmp_path / "发放").glob("*.xlsx")]
    assert len(books) >= 4
    texts = [str(cell) for book in books for sheet in load_workbook(book) for row in sheet.values for cell in row]
    said = [*texts, *outline(scheme := load(str(path))[0]), listed(scheme)]
    assert [each for each in said if "（）" in each or "来源：" in each or each.endswith("　")] == []


# --- mistakes


class Mistake(NamedTuple):
    """What is changed, the code of the finding, its sheet and cell, what its message says; ``hides``: others may not
    be seen beside it."""

    change: Callable[[Sheets], object]
    code: str
    place: str
    text: str
    hides: bool = False


def behind_nothing(sheets: Sheets) -> None:
    head, bonus = sheets["加减分"]
    head.append("排在其后")
    bonus.append("一9")


def level_that_is_none(sheets: Sheets) -> None:
    for row, new in zip(sheets["校验"], ("不成立时", "警示"), strict=True):
        row.append(new)


MISTAKES: dict[str, Mistake] = {
    "a misspelt sheet": Mistake(
        lambda sheets: sheets.update({"填报": sheets.pop("填报项")}), "scheme-sheet", "填报!", "是否指「填报项」", True
    ),
    "a misspelt head": Mistake(
        put("指标", 0, "计分方式", "记分方式"), "scheme-head", "指标!E2", "是否指「计分方式」", True
    ),
    "no heads": Mistake(
        lambda sheets: sheets.update({"校验": [["甲"]]}), "scheme-heads", "校验!", "前 8 行里没有列名", True
    ),
    "a head twice": Mistake(
        lambda sheets: sheets["大项"][0].append("分值"), "scheme-head-twice", "大项!E2", "「分值」有两列"
    ),
    "a row without its id": Mistake(
        lambda sheets: sheets["指标"].append(["", "一"]), "scheme-lonely", "指标!B6", "没有写「编号」"
    ),
    "words for points": Mistake(put("指标", 1, "分值", "六分"), "scheme-cell", "指标!D3", "要写成数", True),
    "a formula for points": Mistake(put("指标", 1, "分值", "=3+3"), "scheme-cell", "指标!D3", "单元格是公式", True),
    "an unknown line of the head": Mistake(
        put("方案", 1, "项目", "编码"), "scheme-word", "方案!A3", "是否指「编号」", True
    ),
    "a bonus behind nothing": Mistake(behind_nothing, "scheme-after", "加减分!J3", "「一9」不存在"),
    "an unknown input": Mistake(
        put("指标", 1, "填报项", "集访次数"), "scheme-rule", "指标!F3", "没有叫「集访次数」的填报项"
    ),
    "an unknown kind of rule": Mistake(
        put("指标", 1, "计分方式", "按次扣"), "scheme-rule", "指标!E3", "没有叫「按次扣」的计分方式", True
    ),
    "a fault in a further rule": Mistake(
        put("指标", 3, "条件", "办结件数/应办数>=95%"),
        "scheme-rule",
        "指标!H5",
        "没有叫「应办数」的填报项，是否指「应办件数」？（第 6 个字符）",
    ),
    "an unknown section": Mistake(put("指标", 1, "大项", "二"), "scheme-field", "指标!B3", "没有大项 二"),
    "an id twice": Mistake(put("指标", 2, "编号", "一1"), "scheme-field", "指标!A4", "出现两次", True),
    "no clause": Mistake(put("指标", 1, "依据", ""), "scheme-field", "指标!J3", "「依据」有误：没有填", True),
    "a name that Excel misreads": Mistake(
        put("填报项", 5, "名称", "AB12"), "scheme-field", "填报项!A7", "不能像单元格地址"
    ),
    "an unknown type": Mistake(
        put("填报项", 4, "类型", "次数"), "scheme-field", "填报项!B6", "没有「次数」，是否指「件数」"
    ),
    "a wrong condition": Mistake(
        put("结果运用", 1, "条件", "总成绩>=9"), "scheme-formula", "结果运用!C3", "没有叫「总成绩」的填报项"
    ),
    "a wrong check": Mistake(put("校验", 1, "条件", "应办件数<="), "scheme-formula", "校验!A3", "公式没有写完", True),
    "half a yuan": Mistake(put("结果运用", 1, "金额", 0.5), "scheme-field", "结果运用!D3", "整元"),
    "a case that comes out otherwise": Mistake(
        put("用例", 1, "应得", 5), "scheme-case", "用例!E3", "应得 5 分，算出来是 4.5 分", True
    ),
    "a first row without its id": Mistake(
        put("指标", 1, "编号", ""), "scheme-lonely", "指标!A3", "没有写「编号」", True
    ),
    "a direction that is none": Mistake(
        put("加减分", 1, "方向", "减分"), "scheme-cell", "加减分!E3", "只能是加分、扣分", True
    ),
    "no direction": Mistake(put("加减分", 1, "方向", ""), "scheme-cell", "加减分!E3", "没有填", True),
    "a direction against the sign": Mistake(
        put("加减分", 1, "编号", "一3-"), "scheme-cell", "加减分!E3", "与编号 一3- 末尾的“-”不一致", True
    ),
    "a deduction that would add": Mistake(
        put("加减分", 1, "方向", "扣分"), "scheme-rule", "加减分!F3", "这一项是扣分，这样写会加分", True
    ),
    "a number that only programs write": Mistake(
        put("指标", 1, "每次", "1_5"), "scheme-cell", "指标!G3", "要写成数", True
    ),
    "no number at all": Mistake(put("指标", 1, "分值", "nan"), "scheme-cell", "指标!D3", "要写成数", True),
    "a level that is none": Mistake(
        level_that_is_none,
        "scheme-cell",
        "校验!C3",
        "只能是待核、警告、提示，是否指「警告」",
        True,
    ),
    "a negative deduction": Mistake(
        put("指标", 1, "每次", -1.5), "scheme-negative", "指标!G3", "指标 一1 的「每次」是负数"
    ),
    "negative points": Mistake(put("大项", 1, "分值", -10), "scheme-negative", "大项!C3", "大项 一 的「分值」是负数"),
    "an input that nothing reads": Mistake(
        lambda sheets: sheets["填报项"].append(["初信件数", "件数", "件"]),
        "scheme-unused",
        "填报项!A8",
        "「初信件数」没有用到",
        True,
    ),
    "points that nobody can get": Mistake(
        put("指标", 2, "分值", 5), "scheme-unearned", "指标!D4", "分值是 5 分，但最多只能得 4 分", True
    ),
    "a threshold above every total": Mistake(
        put("结果运用", 1, "条件", "总分>=15.01"), "scheme-never", "结果运用!C3", "总分0 至 15", True
    ),
    "a condition that always holds": Mistake(
        put("结果运用", 1, "条件", "总分>=-1"), "scheme-always", "结果运用!C3", "怎样填都成立", True
    ),
    "a heading that its items do not make up": Mistake(
        put("大项", 1, "分值", 12), "scheme-sums-open", "大项!C3", "标题12，子项10", True
    ),
    "a case of an unknown item": Mistake(
        put("用例", 1, "指标", "一8"), "scheme-case-name", "用例!D3", "不认识「一8」", True
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_on_its_cell(name: str, tmp_path: Path) -> None:
    one = MISTAKES[name]
    found = [each for each in said(written(changed(one.change), tmp_path / "本区.xlsx")) if each.code == one.code]
    assert [place(each) for each in found] == [one.place], [each.line() for each in found]
    assert one.text in found[0].message


@pytest.mark.parametrize(
    ("sheet", "head"),
    [
        ("大项", "分值"), ("填报项", "类型"), ("指标", "分值"), ("指标", "大项"), ("指标", "计分方式"),
        ("指标", "依据"), ("指标", "每次"), ("指标", "条件"), ("加减分", "方向"), ("加减分", "每次"),
        ("结果运用", "条件"), ("结果运用", "依据"), ("校验", "说明"), ("用例", "填"), ("用例", "应得"),
    ],
)  # fmt: skip
def test_a_column_that_rows_need_is_missed_once(sheet: str, head: str, tmp_path: Path) -> None:
    def drop(sheets: Sheets) -> None:
        column = sheets[sheet][0].index(head)
        sheets[sheet] = [row[:column] + row[column + 1 :] for row in sheets[sheet]]

    (found,) = said(written(changed(drop), tmp_path / "本区.xlsx"))
    assert (found.code, place(found)) == ("scheme-head-lost", f"{sheet}!A2")
    assert f"「{head}」" in found.message


def test_a_sheet_that_the_others_speak_of_is_missed_once_also_where_the_total_may_come_from_elsewhere(
    tmp_path: Path,
) -> None:
    for name in ("大项", "指标", "加减分"):
        sheets = changed(lambda sheets, name=name: sheets.pop(name))  # type: ignore[misc]
        sheets["方案"].append(["总分取自", ""])
        (found,) = said(written(sheets, tmp_path / f"{name}.xlsx"))
        assert (found.code, found.source.sheet) == ("scheme-sheet-lost", name)


@pytest.mark.parametrize("sheet", ["大项", "指标"])
def test_heads_too_far_down_are_one_finding(sheet: str, tmp_path: Path) -> None:
    sheets = changed(lambda sheets: sheets.update({sheet: [[""]] * 8 + sheets[sheet]}))
    (found,) = said(written(sheets, tmp_path / "本区.xlsx"))
    assert (found.code, found.source.sheet) == ("scheme-heads", sheet)


@pytest.mark.parametrize(
    ("sheet", "row", "code", "cell"),
    [
        ("指标", ["", "", "合计", 10], "scheme-sum-row", "指标!C6"),
        ("指标", ["合 计", "", "", 10], "scheme-sum-row", "指标!A6"),
        ("大项", ["", "总计：", 10], "scheme-sum-row", "大项!B4"),
        ("大项", ["合计", "", "=SUM(C3:C3)"], "scheme-sum-row", "大项!A4"),
        ("指标", ["注：本表由张三编制"], "scheme-note-row", "指标!A6"),
        ("指标", ["", "", "注：本表由张三编制"], "scheme-note-row", "指标!C6"),
        ("结果运用", ["注：奖金年底兑现"], "scheme-note-row", "结果运用!A4"),
    ],
)  # fmt: skip
def test_a_row_that_is_none_of_its_table_is_one_finding(
    sheet: str, row: list[Any], code: str, cell: str, tmp_path: Path
) -> None:
    (found,) = said(written(changed(lambda sheets: sheets[sheet].append(row)), tmp_path / "本区.xlsx"))
    assert (found.code, place(found)) == (code, cell)


@pytest.mark.parametrize("name", ["办结 件数", "办结件数（件）", "3办结件数", "SUM", "总分"])
@pytest.mark.parametrize("throughout", [True, False], ids=["throughout", "in its own row"])
def test_an_input_with_a_name_that_cannot_be_is_one_finding_also_where_others_speak_of_it(
    name: str, throughout: bool, tmp_path: Path
) -> None:
    def rename(sheets: Sheets) -> None:
        for sheet, rows in sheets.items():
            if throughout or sheet == "填报项":
                sheets[sheet] = [[str(cell).replace("办结件数", name) if isinstance(cell, str) else cell
                                  for cell in row] for row in rows]  # fmt: skip

    like = name not in ("SUM", "总分")
    found = said(written(changed(rename), tmp_path / "本区.xlsx"))
    assert (found[0].code, place(found[0])) == ("scheme-field", "填报项!A6")
    # a name that is like none of the input's own is missed wherever it stands
    assert len(found) == 1 or not (throughout or like)


@pytest.mark.parametrize("word", ["按季", "季度", "每季度", "每月", "按月", "月"])
def test_quarters_and_months_are_understood_as_clerks_say_them(word: str, tmp_path: Path) -> None:
    sheets = changed(lambda sheets: sheets["填报项"][0].append("按期"))
    sheets["填报项"][5].append(word)
    sheets["加减分"] = [
        ["编号", "大项", "名称", "分值", "方向", "计分方式", "公式", "依据"],
        ["一3", "一", "表扬", 5, "加分", "公式", "SUM(表扬次数)*2", "二"],
    ]
    sheets["用例"][5][1] = "表扬次数[1]"
    sheets["用例"] += [["", f"表扬次数[{k}]", 0, "", ""] for k in range(2, 5 if "季" in word else 13)]
    path = written(sheets, tmp_path / "本区.xlsx")
    assert said(path) == []
    (part,) = load(str(path))[0].parts
    assert next(each.series for each in part.inputs if each.name == "表扬次数") == (4 if "季" in word else 12)


@pytest.mark.parametrize(
    ("award", "cells"),
    [("NOT(一票否决)", ["结果运用!C3"]), ("AND(总分>=16,NOT(一票否决))", ["结果运用!C3", "结果运用!C4"])],
)
def test_what_only_a_veto_decides_that_meets_everybody_is_not_told_again(
    award: str, cells: list[str], tmp_path: Path
) -> None:
    def veto(sheets: Sheets) -> None:
        heads, first = sheets["结果运用"]
        sheets["结果运用"] = [
            heads,
            ["否决", "一票否决", "集访批次>=0", "", "三", "集访"],
            [*first[:2], award, *first[3:]],
        ]

    found = said(written(changed(veto), tmp_path / "本区.xlsx"))
    assert [place(each) for each in found] == cells


def dressed(path: Path, dress: Callable[[Any], object]) -> list[Finding]:
    """What is said of the scheme once somebody worked on it in Excel."""
    book = load_workbook(written(BASE, path))
    dress(book)
    book.save(path)
    return said(path)


NAMES = {
    "a kind of rule": (
        put("指标", 1, "计分方式", "按次扣份"), "指标!E3", "没有叫「按次扣份」的计分方式，是否指「按次扣分」？"
    ),
    "an input of a rule": (
        put("指标", 1, "填报项", "集访批"), "指标!F3", "没有叫「集访批」的填报项，是否指「集访批次」？"
    ),
    "an input of a condition": (
        put("指标", 3, "条件", "办结件/应办件数>=95%"), "指标!H5", "没有叫「办结件」的填报项，是否指「办结件数」？"
    ),
    "an input of a check": (put("校验", 1, "条件", "办结件<=应办件数"), "校验!A3", "是否指「办结件数」？"),
    "a word of an award": (put("结果运用", 1, "条件", "总份>=9"), "结果运用!C3", "是否指「总分」？"),
    "a type": (put("填报项", 1, "类型", "件"), "填报项!B3", "没有「件」，是否指「件数」？"),
    "a type like none": (put("填报项", 1, "类型", "多少"), "填报项!B3", "没有「多少」；可用：是否、件数"),
    "a heading by its title": (put("指标", 1, "大项", "一、工作"), "指标!B3", "没有大项 一、工作，是否指「一」？"),
    "no heading": (put("指标", 1, "大项", ""), "指标!B3", "「大项」有误：没有填"),
    "a function": (put("结果运用", 1, "条件", "AN(总分>=9)"), "结果运用!C3", "没有叫「AN」的函数，是否指「AND」？"),
    "another item": (put("结果运用", 1, "条件", "AND(总分>=9,一1>0)"), "结果运用!C3", "没有叫「一1」"),
    "another item in a rule": (put("指标", 2, "条件", "一1>=3"), "指标!H4", "公式里不能用别的指标的得分"),
    "the total in a rule": (put("指标", 2, "条件", "总分>=3"), "指标!H4", "只能写在结果运用的条件里"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_misspelt_name_is_answered_with_what_was_perhaps_meant(name: str, tmp_path: Path) -> None:
    change, cell, text = NAMES[name]
    (found,) = errors(written(changed(change), tmp_path / "本区.xlsx"))
    assert (place(found), text in found.message) == (cell, True), found.message


def test_an_award_that_is_for_all_as_its_remedy_has_it_is_not_asked_about(tmp_path: Path) -> None:
    assert said(written(changed(put("结果运用", 1, "条件", "总分>=0")), tmp_path / "本区.xlsx")) == []


def test_a_heading_that_is_confirmed_has_its_place(tmp_path: Path) -> None:
    sheets = changed(put("大项", 1, "分值", 12))
    for row, value in zip(sheets["大项"], ("确认", "原文如此"), strict=True):
        row.append(value)
    (found,) = said(written(sheets, tmp_path / "本区.xlsx"))
    assert (found.code, place(found)) == ("scheme-sums-known", "大项!C3")


def test_a_bonus_at_discretion_that_would_deduct_is_told_where_the_sign_is_chosen(tmp_path: Path) -> None:
    sheets = changed(lambda sheets: sheets["加减分"][0].extend(["最少", "最多", "加或扣"]))
    sheets["加减分"][1][5:] = ["裁量区间", "表扬次数", "", "二", 1, 3, ""]
    del sheets["用例"]
    (found,) = said(written(sheets, tmp_path / "本区.xlsx"))
    assert (place(found), "要选“加”" in found.message) == ("加减分!L3", True)
    sheets["加减分"][1][-1] = "加"
    assert errors(written(sheets, tmp_path / "本区.xlsx")) == []


def test_an_empty_sheet_is_left_alone(tmp_path: Path) -> None:
    assert dressed(tmp_path / "本区.xlsx", lambda book: book.create_sheet("Sheet1")) == []


@pytest.mark.parametrize("column", ["B", "D", "J"])
def test_a_column_that_is_merged_over_rows_is_one_finding(column: str, tmp_path: Path) -> None:
    (found,) = dressed(tmp_path / "本区.xlsx", lambda book: book["指标"].merge_cells(f"{column}3:{column}4"))
    assert (found.code, place(found)) == ("scheme-merged", f"指标!{column}3")


def test_cells_merged_over_the_rules_of_one_item_are_left_alone(tmp_path: Path) -> None:
    assert dressed(tmp_path / "本区.xlsx", lambda book: book["指标"].merge_cells("A4:A5")) == []


def test_what_is_struck_out_or_hidden_counts_and_is_told_once(tmp_path: Path) -> None:
    def strike(book: Any) -> None:
        for cell in book["指标"][3]:
            cell.font = Font(strike=True)
        book["指标"]["D4"].font = Font(strike=True)
        for row in (3, 4, 6):
            book["填报项"].row_dimensions[row].hidden = True

    found = dressed(tmp_path / "本区.xlsx", strike)
    assert [(each.level, place(each), each.message) for each in found] == [
        (Level.WARNING, "填报项!A3", "第 3 至 4 行隐藏了，仍然算"),
        (Level.WARNING, "填报项!A6", "第 6 行隐藏了，仍然算"),
        (Level.WARNING, "指标!A3", "这一行划了删除线，仍然算"),
        (Level.WARNING, "指标!D4", "这一格划了删除线，仍然算"),
    ]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "code", "text"),
    [
        ("指标", "A3", "一1\n一4", "scheme-cell", "一格里写了两行"),
        ("填报项", "A3", "集访批次\n个访批次", "scheme-cell", "一格里写了两行"),
        ("指标", "A3", datetime(2026, 1, 1), "scheme-cell", "单元格是日期；先把单元格设成文本"),
        ("指标", "D3", datetime(2026, 1, 6), "scheme-cell", "单元格是日期；先把单元格设成数值"),
        ("指标", "D3", "6分", "scheme-cell", "只写 6"),
        ("结果运用", "D3", "0.5万元", "scheme-cell", "只写 5000"),
        ("指标", "G3", "1\n0.5", "scheme-cell", "一格只写一个"),
        ("指标", "G3", "50%", "scheme-cell", "50% 是 0.5"),
    ],
)  # fmt: skip
def test_what_does_not_fit_into_a_cell_is_told_with_what_to_write(
    sheet: str, cell: str, value: object, code: str, text: str, tmp_path: Path
) -> None:
    found = dressed(tmp_path / "本区.xlsx", lambda book: book[sheet].__setitem__(cell, value))
    assert [(each.code, place(each)) for each in found if "用例" not in place(each)] == [(code, f"{sheet}!{cell}")]
    assert text in found[0].message


@pytest.mark.parametrize("value", ["2百元", "3千", "1亿", "5‰", "10个百分点", "2分以内", "5万以下"])
def test_where_it_is_not_sure_how_much_a_number_is_no_number_is_told_to_be_written(value: str, tmp_path: Path) -> None:
    found = dressed(tmp_path / "本区.xlsx", lambda book: book["结果运用"].__setitem__("D3", value))
    assert [(each.code, place(each)) for each in found] == [("scheme-cell", "结果运用!D3")]
    assert "只写" not in found[0].message and "要写成数" in found[0].message


@pytest.mark.parametrize(("sheet", "column"), [("指标", 9), ("结果运用", 4), ("填报项", 3), ("指标", 1)])
def test_a_column_without_a_head_is_told_once_and_nothing_that_follows(sheet: str, column: int, tmp_path: Path) -> None:
    def unname(book: Any) -> None:
        book[sheet].cell(2, column).value = None

    (found,) = dressed(tmp_path / "本区.xlsx", unname)
    head = "scheme-head-lost" if column == 1 else "scheme-headless"
    assert (found.code, place(found)) == (head, f"{sheet}!{letters(column)}2")


def test_a_remark_beside_the_table_is_told_unless_its_head_says_that_it_is_one(tmp_path: Path) -> None:
    def remark(book: Any) -> None:
        book["指标"]["M4"] = "去年是 5 分"

    def headed(book: Any) -> None:
        remark(book)
        book["指标"]["M2"] = "_备注"

    (found,) = dressed(tmp_path / "本区.xlsx", remark)
    assert (found.code, place(found)) == ("scheme-headless", "指标!M2")
    assert dressed(tmp_path / "又.xlsx", headed) == []


def test_characters_that_nobody_sees_change_nothing(tmp_path: Path) -> None:
    def hide(sheets: Sheets) -> None:
        sheets["填报项"][1][0] = "\u200b集访批次\ufeff"
        sheets["指标"][0][5] = "填报项\u200b"
        sheets["指标"][3][7] = "办结件数\u00a0/\u200b应办件数>=95%"

    assert said(written(changed(hide), tmp_path / "本区.xlsx")) == []


@pytest.mark.parametrize("word", ["版本", "名称", "编号"])
def test_a_line_of_the_scheme_that_stands_twice_is_told(word: str, tmp_path: Path) -> None:
    (found,) = said(written(changed(lambda sheets: sheets["方案"].append([word, "别的"])), tmp_path / "本区.xlsx"))
    assert (found.code, place(found)) == ("scheme-word-twice", "方案!A7")


def test_a_version_that_is_a_number_is_told(tmp_path: Path) -> None:
    (found,) = said(written(changed(put("方案", 3, "内容", 2026.1)), tmp_path / "本区.xlsx"))
    assert (found.code, place(found)) == ("scheme-number-id", "方案!B5")


@pytest.mark.parametrize(("tier", "hint"), [("等次", ""), ("等级组", "是否指「等次组」")])
def test_what_stands_alone_in_a_tier_is_told(tier: str, hint: str, tmp_path: Path) -> None:
    def group(sheets: Sheets) -> None:
        heads, first = sheets["结果运用"]
        others = [["二等奖", "奖励", "总分>=8", 500, "三", "8分"], ["三等奖", "奖励", "总分>=7", 300, "三", "7分"]]
        sheets["结果运用"] = [[*heads, "等次组"], [*first, tier],
                          *([*each, "等次组" if hint else ""] for each in others)]  # fmt: skip

    (found,) = said(written(changed(group), tmp_path / "本区.xlsx"))
    assert (found.code, place(found)) == ("scheme-tier-alone", "结果运用!G3")
    assert hint in found.message


def test_a_number_with_decimals_for_an_id_is_told(tmp_path: Path) -> None:
    sheets = changed(lambda sheets: sheets.pop("用例"))
    sheets["指标"][1][0] = 4.1
    (found,) = said(written(sheets, tmp_path / "本区.xlsx"))
    assert (found.code, found.level, place(found)) == ("scheme-number-id", Level.WARNING, "指标!A3")


@pytest.mark.parametrize("old", ["2025.1、2025.2", "2025.1，2025.2", "2025.1\n2025.2"])
def test_several_earlier_versions_may_stand_in_one_cell(old: str, tmp_path: Path) -> None:
    sheets = changed(lambda sheets: sheets["方案"].append(["可收的旧版本", old]))
    assert load(str(written(sheets, tmp_path / "本区.xlsx")))[0].accepts == ("2025.1", "2025.2")


def test_steps_may_stand_one_beneath_the_other(tmp_path: Path) -> None:
    sheets = changed(lambda sheets: sheets["指标"][0].append("档次"))
    sheets["指标"][1][4:] = ["阶梯", "集访批次", "", "", "", "一(一)", "1:1\n2:3,\n4:6"]
    del sheets["用例"]
    trial = examined(str(written(sheets, tmp_path / "本区.xlsx")))
    assert trial.findings == []
    assert trial.scheme.parts[0].items[0].rules[0].params["steps"] == "1:1，2:3，4:6"


def place(found: Finding) -> str:
    return f"{found.source.sheet}!{found.source.cell}"


def test_many_mistakes_are_told_in_one_pass_each_on_its_own_cell(tmp_path: Path) -> None:
    made = [each for each in MISTAKES.values() if not each.hides]
    assert len(made) > 8

    def change(sheets: Sheets) -> None:
        for each in made:
            each.change(sheets)

    found = {(each.code, place(each)) for each in said(written(changed(change), tmp_path / "本区.xlsx"))}
    assert {(each.code, each.place) for each in made} <= found


def test_a_heading_that_does_not_add_up_can_be_confirmed_as_the_document_has_it(tmp_path: Path) -> None:
    def change(sheets: Sheets) -> None:
        put("大项", 1, "分值", 12)(sheets)
        sheets["大项"][0].append("确认")
        sheets["大项"][1].append("原文如此")

    (one,) = said(written(changed(change), tmp_path / "本区.xlsx"))
    assert (one.code, one.level) == ("scheme-sums-known", Level.NOTE)


def test_a_reading_and_a_parameter_of_one_wording_are_both_kept(tmp_path: Path) -> None:
    def change(sheets: Sheets) -> None:
        sheets["口径"] = [
            ["编号", "类型", "说明", "取值"],
            ["名额", "口径", "同样的话", ""],
            ["名额", "参数", "同样的话", ""],
        ]

    # the name that stands twice is told; neither of the two is lost over it
    scheme = examine(str(written(changed(change), tmp_path / "本区.xlsx"))).scheme
    assert ([each.id for each in scheme.readings], [each.id for each in scheme.parameters]) == (["名额"], ["名额"])


def test_a_threshold_that_the_highest_total_just_reaches_is_none(tmp_path: Path) -> None:
    assert said(written(changed(put("结果运用", 1, "条件", "总分>=15")), tmp_path / "本区.xlsx")) == []


def test_cases_are_not_called_right_where_errors_kept_them_from_being_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(changed(put("指标", 1, "填报项", "集访次数")), tmp_path / "本区.xlsx")
    assert cli.run(["scheme", "check", str(path)]) == 1
    out = capsys.readouterr().out
    assert "用例 1 个，没有算：先改正错误" in out and "不符" not in out


def test_an_answer_of_a_case_that_cannot_be_read_is_told_on_its_cell(tmp_path: Path) -> None:
    found = said(written(changed(put("用例", 1, "填", "约3次")), tmp_path / "本区.xlsx"))
    assert ("用例!C3", Level.ERROR) in {(place(each), each.level) for each in found}, [each.line() for each in found]


def test_the_authors_file_is_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(changed(put("指标", 1, "分值", "六分")), tmp_path / "本区.xlsx")
    before = path.read_bytes()
    assert cli.run(["scheme", "check", str(path)]) == 1
    assert path.read_bytes() == before
    assert "[错误] 指标!D3　「分值」写的是「六分」：要写成数\n        → 改这一格（方12）\n" in capsys.readouterr().out


def test_what_was_found_is_said_by_level_and_as_it_stands_in_the_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(sheets: Sheets) -> None:
        for name in ("half a yuan", "an unknown input", "negative points"):
            MISTAKES[name].change(sheets)
        put("结果运用", 1, "编号", 4.1)(sheets)
        put("指标", 3, "条件", "")(sheets)

    cli.run(["scheme", "check", str(written(changed(change), tmp_path / "本区.xlsx"))])
    out = capsys.readouterr().out
    heads = re.findall(r"^\[(\S+)\] (\S+)", out, re.MULTILINE)
    assert heads == [("错误", "大项!C3"), ("错误", "指标!F3"), ("错误", "指标!H5"), ("错误", "结果运用!D3"),
                     ("警告", "结果运用!A3")]  # fmt: skip
    assert out.count("→") == len(re.findall(r"（方\d\d）$", out, re.MULTILINE)) == len(heads)
    assert "改好存盘，再检查一遍。括号里的 方21 是代码" in out


def test_the_findings_stand_on_the_cells_of_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(sheets: Sheets) -> None:
        put("指标", 1, "分值", "六分")(sheets)
        put("指标", 3, "条件", "办结件数/应办数>=95%")(sheets)

    path, copy = written(changed(change), tmp_path / "本区.xlsx"), tmp_path / "标出 问题.xlsx"
    before = path.read_bytes()
    assert cli.run(["scheme", "check", str(path), "-o", str(copy)]) == 1
    assert path.read_bytes() == before
    book = load_workbook(copy)
    listed = [row[:4] for row in book.worksheets[0].iter_rows(min_row=5, values_only=True)]
    assert listed == [(1, "错误", "指标", "D3"), (2, "错误", "指标", "H5")]
    for cell, text in (("D3", "要写成数"), ("H5", "没有叫「应办数」的填报项")):
        note = book["指标"][cell].comment
        assert note is not None and text in note.text
        assert book["指标"][cell].fill.start_color.rgb == "00" + PLAIN.fill("alarm").removeprefix("#")
    # the list is a sheet of notes: the copy, mended, is a scheme again
    assert [each.code for each in said(copy)] == [each.code for each in said(path)]
    assert cli.run(["scheme", "check", str(path), "-o", str(copy)]) == 1
    capsys.readouterr()
    before = path.read_bytes()
    assert cli.run(["scheme", "check", str(path), "-o", str(path)]) == 2
    assert "已经有了" in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize("place", [("指标", "D3"), ("填报项", "K9"), ("", "E8")])
@pytest.mark.parametrize("by", ["", "张三"])
def test_a_copy_in_which_somebody_wrote_is_not_written_over(
    place: tuple[str, str], by: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever the program that saved it says saved it."""
    path, copy = written(changed(put("指标", 1, "分值", "六分")), tmp_path / "本区.xlsx"), tmp_path / "标出.xlsx"
    assert cli.run(["scheme", "check", str(path), "-o", str(copy)]) == 1
    book = load_workbook(copy)
    (book[place[0]] if place[0] else book.worksheets[0])[place[1]] = "改过"
    book.properties.lastModifiedBy = by or book.properties.lastModifiedBy
    book.save(copy)
    before = copy.read_bytes()
    capsys.readouterr()
    assert cli.run(["scheme", "check", str(path), "-o", str(copy)]) == 2
    said = capsys.readouterr().err
    assert "已经有了" in said and "写出以后改过" in said
    assert copy.read_bytes() == before


def test_a_copy_that_was_only_opened_and_saved_is_written_anew(tmp_path: Path) -> None:
    path, copy = written(changed(put("指标", 1, "分值", "六分")), tmp_path / "本区.xlsx"), tmp_path / "标出.xlsx"
    assert cli.run(["scheme", "check", str(path), "-o", str(copy)]) == 1
    book = load_workbook(copy)
    book.properties.lastModifiedBy = "张三"
    book.save(copy)
    assert cli.run(["scheme", "check", str(path), "-o", str(copy)]) == 1
    # a copy of the copy knows what it says itself
    other = tmp_path / "再标.xlsx"
    for _ in range(2):
        assert cli.run(["scheme", "check", str(copy), "-o", str(other)]) == 1


@office.require_office
def test_a_copy_saved_by_another_program_is_known_by_what_it_says(tmp_path: Path) -> None:
    path, copy = written(changed(put("指标", 1, "分值", "六分")), tmp_path / "本区.xlsx"), tmp_path / "标出.xlsx"
    assert cli.run(["scheme", "check", str(path), "-o", str(copy)]) == 1
    saved = office.recalculate([copy], tmp_path / "存过")[copy]
    assert saved.read_bytes() != copy.read_bytes()
    assert cli.run(["scheme", "check", str(path), "-o", str(saved)]) == 1
    book = load_workbook(copy)
    book["指标"]["D3"] = 6
    book.save(copy)
    saved = office.recalculate([copy], tmp_path / "改过")[copy]
    assert cli.run(["scheme", "check", str(path), "-o", str(saved)]) == 2


def _rows_of(rows: list[list[Any]]) -> str:
    return "".join(legacy.row(*(legacy.of("string", "", escape(str(each))) for each in cells)) for cells in rows)


def test_a_copy_is_written_of_a_workbook_into_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(BASE, tmp_path / "本区.xlsx")
    for name in ("标出.pdf", "标出.xls"):
        assert cli.run(["scheme", "check", str(path), "-o", str(tmp_path / name)]) == 2
        assert "副本要写成 .xlsx 文件" in capsys.readouterr().err
        assert not (tmp_path / name).exists()
    old = tmp_path / "旧.ods"
    old.write_bytes(
        legacy.ods("".join(legacy.table(_rows_of(rows), f'table:name="{name}"') for name, rows in BASE.items()))
    )
    assert cli.run(["scheme", "check", str(old), "-o", str(tmp_path / "标出.xlsx")]) == 2
    assert "另存为 .xlsx" in capsys.readouterr().err


def test_the_list_of_findings_can_be_read_and_leads_to_the_cells(tmp_path: Path) -> None:
    place, sheet = Source("本区.xlsx", "指标", "D3"), Source("本区.xlsx", "指标")
    long = "很长的一句话，" * 30
    found = [finding("scheme-unearned", place, item="一1", points=6, gives="得", most=5),
             finding("scheme-cell", place, head="分值", found="六分", why=long),
             finding("scheme-heads", sheet, heads="编号")]  # fmt: skip
    path = tmp_path / "标出.xlsx"
    path.write_bytes(marked(written(BASE, tmp_path / "本区.xlsx").read_bytes(), found))
    book = load_workbook(path)
    listed, cell = book.worksheets[0], book["指标"]["D3"]
    assert [each.value for each in listed["D"][4:]] == ["D3", "D3", "整张表"]
    assert [each.hyperlink.location for each in listed["D"][4:]] == ["'指标'!D3", "'指标'!D3", "'指标'!A1"]
    # both are said, and it looks like the worse of the two
    assert cell.fill.start_color.rgb == "00" + PLAIN.fill("alarm").removeprefix("#")
    assert "分值是 6 分" in cell.comment.text and "六分" in cell.comment.text
    wide = listed.column_dimensions["E"].width
    assert listed.row_dimensions[6].height >= 14 * lines(found[1].message, wide) > listed.row_dimensions[5].height


@pytest.mark.parametrize("id", builtin_ids())
def test_a_built_in_scheme_checks_clean(id: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["scheme", "check", id]) == 0
    assert "总分" in capsys.readouterr().out


def test_json_names_sheet_and_cell_of_every_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(changed(put("指标", 1, "填报项", "集访次数")), tmp_path / "本区.xlsx")
    assert cli.run(["scheme", "check", str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    places = {(one["code"], one["sheet"], one["cell"]) for one in found["findings"]}
    assert places == {("scheme-rule", "指标", "F3")}


@pytest.mark.parametrize("suffix", [".xlsx", ".toml"])
def test_export_writes_what_can_be_used_at_once_and_overwrites_nothing(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"我的 方案{suffix}"
    assert cli.run(["scheme", "export", "district", "-o", str(path)]) == 0
    assert load(str(path))[0] == load("district")[0]
    assert cli.run(["scheme", "export", "district", "-o", str(path)]) == 2
    assert "已经有了" in capsys.readouterr().err


def test_another_kind_of_workbook_is_no_scheme(tmp_path: Path) -> None:
    path = written({"成绩": [["姓名"], ["某"]]}, tmp_path / "成绩.xlsx")
    with pytest.raises(SchemeError):
        load(str(path))
    assert any(each.code == "scheme-sheet" for each in examine(str(path)).findings)


# --- in the words of the sheets


ENGLISH = re.compile(r"[A-Za-z_]{2,}")
_USUAL = {*FUNCTIONS, "Excel", "example", "set"}


def example_sheets() -> Sheets:
    made = sheets_of(tables_of(example_text()))
    return {one.name: [[each.head for each in one.columns],
                       *([line.get(each.head, "") for each in one.columns] for line in lines)]
            for one, lines in made}  # fmt: skip


def spoilt(k: int, junk: object) -> Sheets:
    """The example with something in place of the k-th parameter of every rule; its one rule that takes fewer gets a
    parameter that it does not know."""
    sheets = example_sheets()
    for name in ("指标", "加减分"):
        heads, *rows = sheets[name]
        for row in rows:
            kind = row[heads.index("计分方式")]
            known = [each.head for each in ITEMS.columns if wanted(kind).keys() & {*each.fields}]
            if kind in KINDS:
                row[heads.index(known[k] if k < len(known) else "乘")] = junk
    return sheets


def without(row: int) -> Sheets:
    """The example whose sheets have nothing but the key in one row."""
    sheets = example_sheets()
    for one in SHEETS:
        heads, *rows = sheets[one.name]
        key = heads.index(one.head_of(one.key))
        for cells in rows[row - 1 : row]:
            cells[:] = [each if col == key else "" for col, each in enumerate(cells)]
    return sheets


def foreign_words(found: Sequence[Finding], *own: str) -> set[str]:
    said = "".join(f"{each.message}{each.mend.replace('xfkh scheme check', '')}" for each in found)
    return {*ENGLISH.findall(said)} - _USUAL - {*own}


@pytest.mark.parametrize("junk", ["乱", "", -1, "9:x"])
@pytest.mark.parametrize("k", range(7))
def test_whatever_is_wrong_with_a_rule_is_said_under_the_heads_of_the_sheet(
    k: int, junk: object, tmp_path: Path
) -> None:
    found = examine(str(written(spoilt(k, junk), tmp_path / "本区.xlsx"))).findings
    assert foreign_words(found, "x") == set(), [each.line() for each in found]
    assert all(each.source.sheet and each.source.cell for each in found), [each.line() for each in found]
    assert len(found) > 10 or k > 1


@pytest.mark.parametrize("row", range(1, 6))
def test_whatever_is_missing_in_a_row_is_said_under_its_head(row: int, tmp_path: Path) -> None:
    found = examine(str(written(without(row), tmp_path / "本区.xlsx"))).findings
    assert foreign_words(found) == set(), [each.line() for each in found]
    assert all(each.source.sheet and each.source.cell for each in found), [each.line() for each in found]
    assert len(found) > 5


@pytest.mark.parametrize("junk", ["乱", -1, True])
@pytest.mark.parametrize("one", SHEETS, ids=[each.name for each in SHEETS])
def test_whatever_stands_in_any_column_is_spoken_of_under_its_head_and_on_its_cell(
    one: SheetOf, junk: object, tmp_path: Path
) -> None:
    for column in one.columns:
        sheets = changed(lambda sheets: sheets.update({"口径": [["编号", "说明", "取值"], ["名额", "几名", "三"]]}))
        heads, *rows = sheets[one.name]
        if column.head not in heads:
            heads.append(column.head)
        for row in rows:
            row.extend([""] * (len(heads) - len(row)))
            row[heads.index(column.head)] = junk
        found = said(written(sheets, tmp_path / "本区.xlsx"))
        assert foreign_words(found, "TRUE") == set(), [each.line() for each in found]
        assert all(each.source.sheet and each.source.cell for each in found), [each.line() for each in found]


@pytest.mark.parametrize(
    ("sheet", "row", "head", "value", "at", "message"),
    [
        ("口径", 1, "选项", "3", "口径!E3", "参数 名额 的「选项」有误：参数不用这一列，空着"),
        ("指标", 4, "分值", 5, "指标!D6", "工作目标 目标一 的「分值」有误：工作目标不用这一列，空着"),
    ],
)
def test_a_column_that_a_row_has_no_use_for_is_named_as_the_author_knows_it(
    sheet: str, row: int, head: str, value: object, at: str, message: str, tmp_path: Path
) -> None:
    def change(sheets: Sheets) -> None:
        sheets["口径"] = [["编号", "类型", "说明", "取值", "选项"], ["名额", "参数", "几名", "3", ""]]
        sheets["指标"].append(["目标一", "", "零超期", "", "工作目标", "", "", "集访批次=0", "", "四"])

    sheets = changed(change)
    put(sheet, row, head, value)(sheets)
    found = errors(written(sheets, tmp_path / "本区.xlsx"))
    assert [(place(each), each.message) for each in found] == [(at, message)]


def test_yes_may_be_what_a_spreadsheet_calls_true(tmp_path: Path) -> None:
    sheets = example_sheets()
    heads, *rows = sheets["填报项"]
    for row in rows:
        row[heads.index("取自其他方案")] = {"是": True}.get(row[heads.index("取自其他方案")], "")
    assert errors(written(sheets, tmp_path / "本区.xlsx")) == []


def persons_too(sheets: Sheets) -> None:
    """A part for persons beside that of the units."""
    rows: dict[str, dict[str, object]] = {
        "大项": {"编号": "甲", "名称": "个人", "分值": 5, "依据": "五"},
        "填报项": {"名称": "出勤次数", "类型": "件数", "计量单位": "次"},
        "指标": {"编号": "甲1", "名称": "出勤", "分值": 5, "大项": "甲", "计分方式": "按次扣分", "填报项": "出勤次数",
                 "每次": 1, "依据": "五"},
    }  # fmt: skip
    for name, row in rows.items():
        heads = sheets[name][0]
        heads += [each for each in ("大项", "适用", "公式", "分母为0", "部分") if name == "指标" and each not in heads]
        heads += ["部分"] if "部分" not in heads else []
        sheets[name] = [each + [""] * (len(heads) - len(each)) for each in sheets[name]]
        sheets[name].append([{**row, "部分": "个人"}.get(head, "") for head in heads])
    sheets["大项"][-1][2] = 10
    sheets["指标"].append([{"甲1": "甲2"}.get(each, each) for each in sheets["指标"][-1]])


@pytest.mark.parametrize(
    ("changes", "at", "text"),
    [
        ([("指标", 4, "适用", "县组")], "指标!K6", "个人的指标不分组"),
        (
            [("指标", 4, "计分方式", "按率得分"), ("指标", 4, "每次", ""), ("指标", 4, "填报项", ""),
             ("指标", 4, "公式", "1/出勤次数"), ("指标", 4, "分母为0", "不计入")],
            "指标!M6", "个人的指标不能不计入",
        ),
        ([("指标", 5, "部分", "")], "指标!B7", "甲 是个人的大项，这一行的「部分」是单位"),
        ([("大项", 2, "部分", "")], "大项!E4", "这个大项的指标都是个人的；「部分」写个人"),
        ([("填报项", 6, "部分", "")], "指标!F6", "「出勤次数」是单位的填报项，个人的里面用不了"),
    ],
)  # fmt: skip
def test_what_is_amiss_between_units_and_persons_is_said_once_where_it_is(
    changes: list[tuple[str, int, str, object]], at: str, text: str, tmp_path: Path
) -> None:
    sheets = changed(persons_too)
    assert said(written(sheets, tmp_path / "好.xlsx")) == []
    for one in changes:
        put(*one)(sheets)
    (found,) = said(written(sheets, tmp_path / "本区.xlsx"))
    assert place(found) == at and text in found.message, found.line()


def test_the_part_filled_down_beside_and_beneath_the_rows_is_no_content(tmp_path: Path) -> None:
    sheets = changed(persons_too)
    heads, *rows = sheets["指标"]
    for row in rows[:3]:
        row[heads.index("部分")] = "单位"
    sheets["指标"] += [["" for _ in heads[1:]] + ["个人"] for _ in range(3)]
    sheets["指标"].insert(3, [{"计分方式": "清单", "条件": '台账规范="是"', "每次": 1, "部分": "单位"}.get(each, "")
                             for each in heads])  # fmt: skip
    assert not [each for each in said(written(sheets, tmp_path / "本区.xlsx")) if each.code == "scheme-lonely"]


def test_the_heads_repeated_among_the_rows_are_no_row(tmp_path: Path) -> None:
    sheets = changed(lambda sheets: sheets["指标"].insert(2, list(sheets["指标"][0])))
    assert said(written(sheets, tmp_path / "本区.xlsx")) == []


def test_headings_filled_with_one_id_are_one_finding(tmp_path: Path) -> None:
    def change(sheets: Sheets) -> None:
        sheets["大项"] += [["一", "其二", 4, "二"], ["一", "其三", 5, "三"]]
        sheets["指标"][2][1], sheets["加减分"][1][sheets["加减分"][0].index("大项")] = "二", "三"

    (found,) = said(written(changed(change), tmp_path / "本区.xlsx"))
    assert (found.source.sheet, found.message) == ("大项", "大项 一 的「编号」有误：出现两次")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (put("指标", 1, "填报项", ""), False),
        (put("指标", 1, "填报项", "收到的信"), False),
        (put("结果运用", 1, "条件", "总成绩>=9"), False),
        # of what is wrong with these the names are known
        (put("指标", 2, "条件", '台账规范="对"'), True),
        (put("校验", 1, "条件", "办结件数<="), True),
        (put("指标", 1, "计分方式", "按次扣"), True),
    ],
)
def test_nobody_is_told_to_delete_an_input_while_a_line_that_may_name_it_is_wrong(
    change: Callable[[Sheets], object], told: bool, tmp_path: Path
) -> None:
    sheets = changed(lambda sheets: sheets["填报项"].append(["初信件数", "件数", "件"]))
    assert [each.code for each in said(written(sheets, tmp_path / "好.xlsx"))] == ["scheme-unused"]
    change(sheets)
    found = [place(each) for each in said(written(sheets, tmp_path / "本区.xlsx")) if each.code == "scheme-unused"]
    assert found == ["填报项!A8"] * told


@pytest.mark.parametrize("option", ["县组/区组", "县组 区组", "县组／区组", "县组|区组"])
def test_options_that_were_parted_otherwise_are_told_where_they_stand(option: str, tmp_path: Path) -> None:
    sheets = {
        name: rows_of(text) for name, text in re.findall(r"^「(\S+)」表：\n\n((?:\|.*\n)+)", GROUPS, re.MULTILINE)
    }
    put("填报项", 1, "选项", option)(sheets)
    (found,) = said(written(sheets, tmp_path / "本区.xlsx"))
    assert place(found) == "填报项!D3" and "几个选项用顿号隔开" in found.message


def test_an_answer_or_a_result_twice_in_one_case_is_told_on_its_cell(tmp_path: Path) -> None:
    for head, value in (("填报项", "集访批次"), ("指标", "一1")):
        (found,) = errors(written(changed(put("用例", 2, head, value)), tmp_path / "本区.xlsx"))
        assert place(found) in ("用例!B4", "用例!D4") and "这个用例里写了两次" in found.message


@pytest.mark.parametrize(("after", "text"), [("一3+", "就是它自己"), ("一4+", "写在它的下面"), ("一9", "不存在")])
def test_why_a_bonus_cannot_be_printed_behind_another_is_said_as_it_is(after: str, text: str, tmp_path: Path) -> None:
    def change(sheets: Sheets) -> None:
        heads, bonus = sheets["加减分"]
        heads.append("排在其后")
        sheets["加减分"] += [[{0: "一4+"}.get(k, each) for k, each in enumerate(bonus)] + [""]]
        bonus.append(after)

    found = [each for each in said(written(changed(change), tmp_path / "本区.xlsx")) if each.code == "scheme-after"]
    assert [text in each.message for each in found] == [True]


def test_a_mark_that_may_not_be_as_high_as_its_item_is_told_at_its_limit(tmp_path: Path) -> None:
    sheets = example_sheets()
    heads, *rows = sheets["填报项"]
    k = next(k for k, row in enumerate(rows, 1) if row[0] == "现场评分")
    put("填报项", k, "上限", 8)(sheets)
    del sheets["用例"]
    found = errors(written(sheets, tmp_path / "本区.xlsx"))
    assert [place(each) for each in found] == [f"填报项!{chr(65 + heads.index('上限'))}{k + 2}"]


@pytest.mark.parametrize(
    ("change", "how"),
    [
        (put("指标", 1, "依据", ""), "在这一格填上「依据」"),
        (put("指标", 2, "编号", "一1"), "留下一个；是另一个的，改成不同的编号"),
        (put("指标", 1, "填报项", "车辆数"), "写「填报项」表里有的名称；还没有的，在「填报项」表里补一行"),
        (put("指标", 1, "填报项", "集访次数"), "是的，改成「集访批次」；不是的，核对这一格"),
        (put("指标", 1, "计分方式", "是否得分"), "照上面说的改这一格"),
        (put("校验", 1, "条件", "应办件数<="), "把公式写完：看括号是否成对，末尾是否少了数或名称"),
        (put("结果运用", 1, "金额", 0.5), "写整数，单位元，如 5000"),
    ],
)
def test_a_remedy_says_what_to_write(change: Callable[[Sheets], object], how: str, tmp_path: Path) -> None:
    found = said(written(changed(change), tmp_path / "本区.xlsx"))
    assert how in {each.mend for each in found}, [each.line() for each in found]


@pytest.mark.parametrize("name", ["空.xlsx", "空.toml", "空"])
def test_an_empty_file_is_called_empty(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\n" * (name == "空.toml"))
    with pytest.raises(SchemeError, match="是空的"):
        examine(str(tmp_path / name))


def test_a_line_that_the_sheet_of_the_scheme_lacks_is_named_and_has_a_place(tmp_path: Path) -> None:
    for word in ("编号", "名称", "版本", "状态"):
        sheets = changed(lambda sheets, word=word: sheets.update(  # type: ignore[misc]
            {"方案": [row for row in sheets["方案"] if row[0] != word]}))  # fmt: skip
        (found,) = errors(written(sheets, tmp_path / "本区.xlsx"))
        assert (place(found), found.message) == ("方案!A6", f"方案 的「{word}」有误：没有填")


def test_the_words_of_the_author_stay_as_they_are_in_a_message(tmp_path: Path) -> None:
    (found,) = errors(written(changed(put("指标", 1, "填报项", "each")), tmp_path / "本区.xlsx"))
    assert "没有叫「each」的填报项" in found.message


# --- how the workbook helps


def test_every_head_has_a_note_and_every_choice_a_drop_down(tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    path.write_bytes(scheme_book(tables_of(text_of("district"))))
    book = load_workbook(path)
    for one in SHEETS:
        sheet = book[one.name]
        heads = {cell.value: cell for cell in sheet[4]}
        for column in one.columns:
            note = heads[column.head].comment
            assert note is not None and note.text.strip() == column.note
        lists = {next(iter(each.sqref.ranges)).min_col for each in sheet.data_validations.dataValidation}
        assert {heads[each.head].column for each in one.columns if each.choices} <= lists


def test_every_line_of_the_sheet_of_the_scheme_is_explained_beside_it(tmp_path: Path) -> None:
    assert [*HEAD_SAID] == [*HEAD_WORDS, *PART_WORDS]
    path = tmp_path / "方案.xlsx"
    path.write_bytes(scheme_book(tables_of(text_of("xinyang"))))
    heads, *rows = load_workbook(path)["方案"].iter_rows(min_row=4, values_only=True)
    told = {row[0]: row[heads.index("_怎样填")] for row in rows if row[0]}
    assert told == HEAD_SAID


@pytest.mark.parametrize("id", ["district", str(OFFICE)])
def test_columns_that_no_row_uses_are_folded_away_and_the_others_fit_on_their_pages(id: str, tmp_path: Path) -> None:
    tables, path = tables_of(text_of(id)), tmp_path / "方案.xlsx"
    path.write_bytes(scheme_book(tables))
    book = load_workbook(path)
    for one, rows in sheets_of(tables):
        if one.name not in ("指标", "加减分"):
            continue
        sheet, used = book[one.name], {head for row in rows for head, value in row.items() if value != ""}
        widths, folded = _columns(sheet)
        shown = [k for k in range(len(one.columns)) if k not in folded]
        assert {one.columns[k].head for k in shown} - {"编号", "名称"} == used - {"编号", "名称"}
        titles, rest = (sum(widths[k] for k in shown if first <= k < last) for first, last in ((0, 2), (2, 99)))
        # absent means 1 wide
        assert titles + rest / int(sheet.page_setup.fitToWidth or 1) <= 180
        assert (sheet.print_title_cols, sheet.page_setup.fitToHeight) == ("$A:$B", 0)
        head = [cell for row in sheet.iter_rows(max_row=3) for cell in row if cell.value]
        assert min(cell.column for cell in head) > 2, "what pages repeat cuts no title"


def test_rows_grow_with_what_the_author_writes_and_empty_ones_are_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    path.write_bytes(scheme_book(tables_of(example_text())))
    with zipfile.ZipFile(path) as package:
        for name in (each for each in package.namelist() if each.startswith("xl/worksheets/sheet")):
            if name != f"xl/worksheets/sheet{len(SHEETS) + 1}.xml":
                rows = re.findall(rb'<row r="(\d+)"([^>]*)>', package.read(name))
                assert [int(row) for row, more in rows if b"customHeight" in more][4:] == [], name
                assert len(rows) > 40, "there is room to write"
    book = load_workbook(path)
    sheet: Any = book["指标"]
    widths, _ = _columns(sheet)
    for cells in sheet.iter_rows(min_row=5):
        texts = [(str(cell.value), widths[cell.column - 1]) for cell in cells if cell.value]
        high = max((lines(text, wide - 1) for text, wide in texts), default=1)
        assert high == 1 or sheet.row_dimensions[cells[0].row].height >= 14 * high
    for one in SHEETS:
        assert not book[one.name].print_area
        assert {cell.border.left.style for cell in list(book[one.name].rows)[-1][: len(one.columns)]} == {None}


def test_the_foot_of_every_page_says_the_name_of_the_file_whatever_its_author_calls_it(tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    path.write_bytes(scheme_book(tables_of(example_text())))
    sheets: Any = load_workbook(path)
    assert {sheet.oddFooter.left.text for sheet in sheets} <= {"&F", "&[File]"}


def _columns(sheet: Any) -> tuple[dict[int, float], set[int]]:
    """The widths of the columns of a sheet, and those that are hidden."""
    widths, folded = dict[int, float](), set[int]()
    for each in sheet.column_dimensions.values():
        for col in range(each.min - 1, each.max):
            widths[col] = each.width
            folded |= {col} if each.hidden else set()
    return widths, folded


def test_what_is_written_in_a_column_that_was_folded_away_counts(tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    path.write_bytes(scheme_book(tables_of(text_of("district"))))
    book = load_workbook(path)
    col = [cell.value for cell in book["指标"][4]].index("保底")
    assert col in _columns(book["指标"])[1]
    book["指标"].cell(5, col + 1).value = 1
    book.save(path)
    assert load(str(path))[0].parts[0].items[0].floor == 1


# --- two schemes beside each other


def test_what_changed_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(sheets: Sheets) -> None:
        put("方案", 3, "内容", "2027.1")(sheets)
        put("指标", 1, "每次", 2)(sheets)
        put("指标", 3, "条件", "办结件数/应办件数>=90%")(sheets)
        sheets["填报项"].append(["初信件数", "件数", "件"])
        put("指标", 2, "依据", "一(三)")(sheets)
        sheets["校验"].pop()

    before = written(BASE, tmp_path / "去年.xlsx")
    after = written(changed(change), tmp_path / "今年.xlsx")
    assert cli.run(["scheme", "diff", str(before), str(after)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "方案「版本」的内容：2026.1 → 2027.1",
        "新增 填报项「初信件数」",
        "指标「一1」的每次：1.5 → 2",
        '指标「一2」的条件：台账规范="是"；办结件数/应办件数>=95% → 台账规范="是"；办结件数/应办件数>=90%',
        "指标「一2」的依据：一(二) → 一(三)",
        "删去 校验「办结件数<=应办件数」",
    ]


def test_what_changed_of_groups_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = OFFICE.read_text("utf-8")
    for before, after in (
        ('"部门组"]', '"部门组", "园区组"]'),
        ('shrunk = "折算"', 'shrunk = "不折算"'),
        ("AND(应办件数=0,下派件数=0)", "应办件数=0"),
        ('empty = "不计入"', 'empty = "计满分"'),
        ("区组:50%", "区组:60%"),
        ('groups = "部门组"\n', ""),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    (tmp_path / "今年.toml").write_text(text, "utf-8")
    assert cli.run(["scheme", "diff", str(OFFICE), str(tmp_path / "今年.toml")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "方案「单列」的内容：AND(应办件数=0,下派件数=0) → 应办件数=0",
        "方案「不计入的满分」的内容：折算 → 不折算",
        "填报项「类别」的选项：县组、区组、部门组 → 县组、区组、部门组、园区组",
        "指标「一1」的分母为0：不计入 → 计满分",
        "指标「二1」的适用：县组:100%、区组:50%、部门组:150% → 县组:100%、区组:60%、部门组:150%",
        "加减分「一3-」的适用：部门组 → （空）",
    ]


def test_the_input_by_which_units_are_grouped_is_said_where_it_is_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = OFFICE.read_text("utf-8").replace('name = "类别"', 'name = "片区"').replace('"类别" =', '"片区" =')
    (tmp_path / "今年.toml").write_text(other.replace('group = "类别"', 'group = "片区"'), "utf-8")
    assert cli.run(["scheme", "diff", str(OFFICE), str(tmp_path / "今年.toml")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:3] == ["方案「分组」的内容：类别 → 片区", "删去 填报项「类别」", "新增 填报项「片区」"]


@pytest.mark.parametrize("id", SCHEMES)
def test_a_scheme_and_its_workbook_do_not_differ(id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "方案.xlsx"
    assert cli.run(["scheme", "export", id, "-o", str(path)]) == 0
    capsys.readouterr()
    assert cli.run(["scheme", "diff", id, str(path)]) == 0
    assert capsys.readouterr().out == "没有不同\n"


# --- the example


def test_the_example_uses_every_kind_of_rule_and_checks_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "我的方案.xlsx"
    assert cli.run(["scheme", "new", "-o", str(path)]) == 0
    assert cli.run(["scheme", "check", str(path)]) == 0
    assert "用例 2 个，不符 0 处" in capsys.readouterr().out
    scheme, findings = load(str(path))
    assert findings == []
    assert {rule.kind for item in scheme.parts[0].items for rule in item.rules} == set(KINDS)


def test_the_sheet_of_options_explains_every_kind_of_rule_and_every_function(tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    path.write_bytes(scheme_book(tables_of(example_text())))
    listed = {row[0].value: row[2].value for row in load_workbook(path)["选项"].iter_rows()}
    assert all(listed[name] for name in (*KINDS, *FUNCTIONS))


# --- the manual page

MANUAL = (Path(__file__).parents[1] / "docs" / "编写方案.md").read_text("utf-8")
GROUPS = MANUAL.partition("\n## 分组、不计入和单列\n")[2].partition("\n## ")[0]
"""The chapter that has a scheme of its own."""
Worked = list[tuple[str, str, str]]


def worked(text: str) -> Worked:
    return re.findall(r"^- (\S+)　→　(\S+) 得 (\S+) 分$", text, re.MULTILINE)


WORKED = worked(MANUAL.replace(GROUPS, ""))


def comes_out(scheme: Scheme, base: Mapping[str, str], filled: str, item: str, points: str) -> list[Finding]:
    """What is found where an example of the manual stands as a 用例 of a scheme; ``base``: what it does not say."""
    given = {**base, **dict(each.split("=") for each in filled.split("，"))}
    (part,), case = scheme.parts, Example("手册", given, {item: Fraction(points)})
    return tried(replace(scheme, parts=(replace(part, cases=(case,)),)), Places()).findings


@pytest.mark.parametrize(("filled", "item", "points"), WORKED)
def test_the_worked_examples_of_the_manual_come_out_as_written(filled: str, item: str, points: str) -> None:
    scheme, _ = read_text(example_text())
    assert comes_out(scheme, scheme.parts[0].cases[0].given, filled, item, points) == []


def test_the_manual_speaks_of_every_column_and_every_line_of_the_sheets() -> None:
    heads = {each.head for one in SHEETS for each in one.columns} | {*HEAD_WORDS, *PART_WORDS}
    assert {each for each in heads if each not in MANUAL} == set()


def test_the_readings_in_the_manual_can_be_written_and_switched(tmp_path: Path) -> None:
    table = MANUAL.partition("#### 口径可以换的\n")[2]
    rows = rows_of(re.findall(r"(?:^\|.*\n)+", table, re.MULTILINE)[0].strip())

    def change(sheets: Sheets) -> None:
        sheets["口径"] = rows
        sheets["填报项"].append(["重复件数", "件数", "件"])
        sheets["指标"][0] += ["公式", "适用口径", "口径"]
        sheets["指标"] += [
            ["一4", "一", "重复", 3, "按次扣分", "重复件数", 1, "", "", "四", "", "重复件=算", "重复件"],
            ["一5", "一", "重复", 3, "公式", "", "", "", "", "四", "3", "重复件=不算", "重复件"],
            ["零超期", "", "没有集访", "", "工作目标", "", "", "集访批次=0", "", "五"],
        ]
        sheets["结果运用"].append(["二等奖", "荣誉", "AND(总分>=9,零超期)", "", "三", "没有集访"])

    sheets = changed(change)
    del sheets["用例"]
    path = written(sheets, tmp_path / "本区.xlsx")
    assert errors(path) == []
    (reading,) = load(str(path))[0].readings
    assert (reading.value, list(reading.options)) == ("不算", ["算", "不算"])


def rows_of(text: str) -> list[list[str]]:
    """A table of the manual, heads first."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    return [rows[0], *rows[2:]]


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scheme of the chapter on groups, its tables written into a workbook as they stand there."""
    sheets = {
        name: rows_of(text) for name, text in re.findall(r"^「(\S+)」表：\n\n((?:\|.*\n)+)", GROUPS, re.MULTILINE)
    }
    return written(sheets, tmp_path_factory.mktemp("手册") / "分组.xlsx")


def test_the_scheme_in_the_manual_checks_clean(grouped: Path) -> None:
    assert said(grouped) == []


@pytest.mark.parametrize(("filled", "item", "points"), worked(GROUPS))
def test_the_worked_examples_of_groups_come_out_as_written(filled: str, item: str, points: str, grouped: Path) -> None:
    assert comes_out(load(str(grouped))[0], {}, filled, item, points) == []


def test_the_results_in_the_manual_are_those_of_a_round(grouped: Path, tmp_path: Path) -> None:
    """From the roster to the totals; what the manual leaves blank is not filled in."""
    heads, *rows = rows_of(GROUPS[GROUPS.rindex("### ") :].partition("\n\n")[2].strip())
    for name, columns in (("名册", heads[:3]), ("预填", heads[:1] + heads[3:8])):
        at = [heads.index(each) for each in columns]
        lines = [",".join(columns), *(",".join(row[k] for k in at) for row in rows)]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), "utf-8")
    issued, out = tmp_path / "发放", tmp_path / "结果"
    assert call("template", grouped, "--roster", tmp_path / "名册.csv", "--year", 2026, "--prefill",
                tmp_path / "预填.csv", "-o", issued) == 0  # fmt: skip
    assert call("grade", issued, "-o", out) == 0
    record = json.loads((out / "results.json").read_text("utf-8"))
    found = []
    for each in record["subjects"]:
        full = sum(one["of"] for id, one in each["items"].items() if not id.endswith("+"))
        given = "、".join(one["id"] for one in each["outcomes"])
        found.append([each["unit"], f"{each['total']:g}", f"{full:g}", str(each["rank"] or "—"), given])
    assert found == [row[:1] + row[8:] for row in rows]


def chapter(title: str) -> list[list[str]]:
    """The table of a part of the manual, without its heads."""
    text = MANUAL.partition(f"\n#### {title}\n")[2]
    return rows_of(re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)[0].strip())[1:]


def test_the_manual_lists_the_functions_as_the_program_has_them_and_each_example_can_be_written() -> None:
    told = [[name, each.said, f"`{each.example}`"] for name, each in FUNCTIONS.items()]
    assert chapter("能用的函数") == told
    scheme, _ = read_text(example_text())
    names = vocabulary(scheme, scheme.parts[0])
    assert all(f"{name}(" in each.example and bind(parse(each.example), names) for name, each in FUNCTIONS.items())


def test_the_manual_lists_the_chinese_signs_that_are_understood() -> None:
    rows = [[cell.strip("`").split() for cell in row] for row in chapter("认得的中文符号")]
    assert {pair for row in rows for pair in zip(*row, strict=True)} == {*WIDE.items(), *SIGNS.items()}
    assert parse("（甲＋乙）／丙≥９５％".replace("９５", "95")) == parse("(甲+乙)/丙>=95%")
    assert parse("甲×１２÷３") == parse("甲*12/3") and parse("甲=“（１）×”") == parse('甲="（１）×"')


@pytest.mark.parametrize(("wanted", "kind", "head", "text"), chapter("按月、按季填的用哪种方式"))
def test_what_the_manual_says_of_months_and_quarters_can_be_written(
    wanted: str, kind: str, head: str, text: str, tmp_path: Path
) -> None:
    sheets = example_sheets()
    usual = {"编号": "三9", "大项": "三", "名称": wanted, "分值": 8, "依据": "三", "计分方式": kind}
    needed: dict[str, dict[str, object]] = {
        "缺项扣分": {"应有数": 1, "每次": 2}, "按次扣分": {"填报项": "研究次数", "每次": 1}, "清单": {"每次": 8},
        "区间": {"档次": "[4,):8；[0,4):0"}, "阶梯": {"填报项": "研究次数", "档次": "1:1, 4:8"},
    }  # fmt: skip
    row = {**usual, **needed.get(kind, {}), head: text.strip("`")}
    sheets["指标"].append([row.get(each, "") for each in sheets["指标"][0]])
    del sheets["用例"]
    assert errors(written(sheets, tmp_path / "方案.xlsx")) == []


def test_marks_out_of_a_hundred_count_for_an_item_of_fifty_as_the_manual_says(tmp_path: Path) -> None:
    (formula,) = re.findall(r"「公式」写 `(AVERAGE\S+)`", MANUAL)

    def change(sheets: Sheets) -> None:
        sheets["填报项"][0] += ["来源", "上限"]
        sheets["填报项"].append(["评议分", "多人评分", "分", "复查", 100])
        sheets["大项"][1][2] = 60
        sheets["指标"][0].append("公式")
        sheets["指标"].append(["一4", "一", "评议", 50, "按率得分", "", "", "", "", "一(四)", formula])
        sheets["用例"] = [sheets["用例"][0], ["评议", "评议分[1]", 90, "一4", 42.5], ["", "评议分[2]", 80, "", ""],
                        ["一人没有评", "评议分[1]", 90, "一4", 42.5], ["", "评议分[3]", 80, "", ""]]  # fmt: skip

    assert said(written(changed(change), tmp_path / "本区.xlsx")) == []


def test_of_raters_who_mark_out_of_another_number_it_is_said_how_to_write_it(tmp_path: Path) -> None:
    sheets = example_sheets()
    heads, *rows = sheets["填报项"]
    next(row for row in rows if row[0] == "代表评分")[heads.index("上限")] = 100
    (found,) = errors(written(sheets, tmp_path / "方案.xlsx"))
    assert "「公式」写 AVERAGE(代表评分)/100" in found.message


def test_the_manual_has_an_example_of_every_kind_of_rule() -> None:
    scheme, _ = read_text(example_text())
    kinds = {item.id: {rule.kind for rule in item.rules} for item in scheme.parts[0].items}
    assert set().union(*(kinds[item] for _, item, _ in WORKED)) == set(KINDS)
    assert all(kind in MANUAL for kind in KINDS)
