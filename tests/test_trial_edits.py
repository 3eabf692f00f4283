"""得分明细 as somebody tries other points in it: only points are taken, what is typed is marked, no gap counts as 0."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests import office
from tests.cases_district import PERFECT
from tests.rounds import Round
from tests.test_live import Ranking, block, cell_of, table, typed
from xfkh.workbook.style import HAND

SCORED = ("district", "xinyang")


@pytest.fixture(scope="module")
def rankings(graded_samples: Mapping[str, Path]) -> Mapping[str, Ranking]:
    return {scheme: Ranking(out / "排名.xlsx", {}) for scheme, out in graded_samples.items()}


def details(ranking: Ranking) -> list[Any]:
    return [sheet for sheet in load_workbook(ranking.path) if sheet.title.endswith("得分明细")]


def first_row(sheet: Any) -> int:
    """The row of the first subject: beneath the heads and the full marks."""
    return int(next(cell.row for cell in sheet["A"] if cell.value == "名次")) + 2


def scores(sheet: Any) -> list[Any]:
    """The cells of points."""
    heads = [str(cell.value).split("\n")[0] for cell in sheet[first_row(sheet) - 2]]
    first, last = max(heads.index(each) for each in heads if each in ("单位", "工号")) + 1, heads.index("合计")
    return [cell for row in sheet.iter_rows(min_row=first_row(sheet)) if row[1].value not in (None, "失分合计")
            if not str(row[1].value).startswith("失分") for cell in row[first:last]]  # fmt: skip


# --- the mark ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCORED)
def test_the_mark_of_a_change_comes_before_every_other_colour_of_its_cells(
    scheme: str, rankings: Mapping[str, Ranking]
) -> None:
    """LibreOffice shows one of several rules over a cell: they stand over the same cells, the mark first."""
    for sheet in details(rankings[scheme]):
        marked = 0
        for area in sheet.conditional_formatting:
            first, *others = sorted(area.rules, key=lambda rule: rule.priority)
            assert "ISNUMBER" in first.formula[0] and first.stopIfTrue, (sheet.title, str(area.sqref))
            font = first.dxf.font
            assert font.b and font.i and font.color.rgb == "FF" + HAND[1:]
            assert first.dxf.border.left.color.rgb == font.color.rgb, "an emptied cell has no ink"
            assert {rule.type for rule in others} <= {"colorScale", "cellIs"}
            assert {(each.min_col, each.max_col) for each in area.sqref.ranges} <= {(k, k) for k in range(1, 99)}
            marked += 1
        assert marked == len({cell.column for cell in scores(sheet)})


@office.require_office
@pytest.mark.slow
def test_the_office_draws_the_mark_over_a_shaded_cell(rankings: Mapping[str, Ranking], tmp_path: Path) -> None:
    """The ink of the mark on the printed page, for a change in a column with a scale, and none without a change."""
    program = str(shutil.which("pdftoppm"))

    def inked(change: Callable[[Any], None], name: str) -> int:
        book = load_workbook(rankings["district"].path)
        change(cell_of(book["得分明细"], "清河乡", "一1"))
        for each in book.sheetnames:
            if each not in ("总览", "总表", "得分明细"):
                book[each].sheet_state = "hidden"
        book.save(tmp_path / f"{name}.xlsx")
        pdf = office.resave(tmp_path / f"{name}.xlsx", tmp_path / name, "pdf")
        subprocess.run([program, "-r", "70", str(pdf), str(pdf.with_suffix(""))], check=True)
        # the two pages before it have words in that ink
        pages = sorted(pdf.parent.glob("*.ppm"))[2:]
        assert pages
        return sum(page.read_bytes().count(bytes.fromhex(HAND[1:])) for page in pages)

    assert inked(lambda cell: None, "前") == 0
    assert inked(lambda cell: setattr(cell, "value", 1), "后") > 0


# --- what a cell takes ------------------------------------------------------------------------------


def limits(sheet: Any, cell: Any) -> Any:
    found = [each for each in sheet.data_validations.dataValidation if cell.coordinate in each.sqref]
    assert len(found) == 1, (sheet.title, cell.coordinate)
    return found[0]


@pytest.mark.parametrize("scheme", SCORED)
def test_every_score_takes_a_number_of_its_item_and_nothing_else(scheme: str, rankings: Mapping[str, Ranking]) -> None:
    for sheet in details(rankings[scheme]):
        for cell in scores(sheet):
            each = limits(sheet, cell)
            assert (each.type, each.errorStyle or "stop", each.operator or "between") == ("decimal", "stop", "between")
            assert each.showErrorMessage and re.fullmatch(r"\S+的得分只能填\S*数。", each.error), each.error
            if isinstance(cell.value, int | float):
                assert float(each.formula1) <= cell.value <= float(each.formula2), cell.coordinate


def test_the_limits_are_nought_and_the_points_of_the_item(rankings: Mapping[str, Ranking]) -> None:
    def range_(scheme: str, unit: str, item: str) -> tuple[float, float]:
        sheet = load_workbook(rankings[scheme].path)["得分明细"]
        each = limits(sheet, cell_of(sheet, unit, item))
        return float(each.formula1), float(each.formula2)

    assert range_("district", "清河乡", "二1") == (0, 6)
    assert range_("district", "清河乡", "二1+") == (0, 5)
    assert range_("district", "清河乡", "二5+") == (0, 1e6), "不封顶"
    assert range_("xinyang", "云川县", "减1-") == (-1e6, 0)


def test_a_total_that_is_typed_takes_a_number_of_its_range(rankings: Mapping[str, Ranking]) -> None:
    sheet: Any = load_workbook(rankings["liaocheng-1995"].path)["总表"]
    heads = next(row for row in sheet.iter_rows() if row[0].value == "名次")
    col = next(cell.column for cell in heads if cell.value == "总分")
    each = limits(sheet, sheet.cell(heads[0].row + 2, col))
    assert (each.type, float(each.formula1), float(each.formula2)) == ("decimal", 0, 100)


# --- what it does -----------------------------------------------------------------------------------


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("value", [None, "缺"])
def test_a_cell_without_a_figure_is_no_nought(
    value: str | None, rankings: Mapping[str, Ranking], tmp_path: Path
) -> None:
    """Neither where it had points nor where it had 0; the unit has no total, and no loss is counted."""
    before = table(load_workbook(rankings["district"].path, data_only=True)["得分明细"])
    assert before["高新开发区"]["一1"] == 0 and before["东风街道"]["一1"] == 2

    def change(book: Any) -> None:
        for unit in ("高新开发区", "东风街道"):
            cell_of(book["得分明细"], unit, "一1").value = value

    book = rankings["district"].after(tmp_path, change)
    totals, detail, kind = table(book["总表"]), table(book["得分明细"]), table(book["类别_开发区"], "类内名次")
    for unit in ("高新开发区", "东风街道"):
        assert (totals[unit]["总分"], totals[unit]["名次"], totals[unit]["等次"]) == ("待定", "—", "—")
        assert totals[unit]["核定减自评"] == "—" and totals[unit]["手工改动"] == "手工改动1格，缺数"
        assert (detail[unit]["合计"], detail[unit]["名次"]) == ("待定", "—")
    assert (kind["高新开发区"]["总分"], kind["高新开发区"]["类内名次"]) == ("待定", "—")
    assert "—" in [text for head, text in kind["高新开发区"].items() if head.startswith("一 ")]
    assert detail["失分合计"]["一1"] == detail["失分单位"]["一1"] == 0
    errors = [(sheet.title, cell.coordinate) for sheet in book for row in sheet.iter_rows() for cell in row
              if str(cell.value).startswith("#")]  # fmt: skip
    assert not errors


@office.require_office
@pytest.mark.slow
def test_points_typed_for_an_open_unit_are_marked_and_count_once_the_row_is_full(
    rankings: Mapping[str, Ranking], tmp_path: Path
) -> None:
    def change(book: Any) -> None:
        cell_of(book["得分明细"], "金沙乡", "一1").value = 2
        cell_of(book["得分明细"], "柳林街道", "二4").value = 6

    book = rankings["district"].after(tmp_path, change)
    totals = table(book["总表"])
    assert (totals["金沙乡"]["总分"], totals["金沙乡"]["手工改动"]) == ("未报", "手工改动1格，缺数")
    open_ = totals["柳林街道"]
    assert (open_["总分"], open_["手工改动"], open_["等次"]) == (104, "手工改动1格", "一等奖")
    assert table(book["得分明细"])["柳林街道"]["合计"] == 104
    assert any(str(row[0]).startswith("手工改动：有2个") for row in book["总览"].values)


@office.require_office
@pytest.mark.slow
def test_only_units_that_a_trial_can_have_moved_are_said_to_be_of_before(
    rankings: Mapping[str, Ranking], tmp_path: Path
) -> None:
    before = table(load_workbook(rankings["district"].path, data_only=True)["总表"])

    def change(book: Any) -> None:
        cell_of(book["得分明细"], "松岭乡", "一1").value = 1

    totals = table(rankings["district"].after(tmp_path, change)["总表"])
    said = {unit: row["结果和备注"] for unit, row in totals.items() if unit in before}
    assert said.pop("松岭乡") == f"未按改动重算；原为：{before['松岭乡']['结果和备注']}"
    assert said == {unit: before[unit]["结果和备注"] for unit in said}


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCORED)
def test_the_overview_withdraws_the_figures_of_every_award_or_of_none(
    scheme: str, rankings: Mapping[str, Ranking], tmp_path: Path
) -> None:
    def change(book: Any) -> None:
        cell = next(each for each in scores(book["得分明细"]) if isinstance(each.value, int) and each.value > 0)
        cell.value = 0

    book = rankings[scheme].after(tmp_path, change)
    overview, title = book["总览"], "结果和金额" if scheme == "district" else "结果"
    tiers = {"一等奖", "二等奖", "三等奖"}
    for name, count, *money in block(overview, title):
        live = str(name).partition("（")[0] in tiers
        assert set(money) <= {"未重算"} and (live or count in ("未重算", "")), name


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["district", "liaocheng-1995"])
def test_a_removed_total_is_no_nought_anywhere_and_a_typed_one_is_told(
    scheme: str, rankings: Mapping[str, Ranking], tmp_path: Path
) -> None:
    before = table(load_workbook(rankings[scheme].path, data_only=True)["总表"])
    gone, other = (unit for unit in list(before) if before[unit]["名次"] in (2, 3))

    def change(book: Any) -> None:
        typed(book, {gone: None, other: 70})

    book = rankings[scheme].after(tmp_path, change)
    totals = table(book["总表"])
    assert (totals[gone]["总分"] or "", totals[gone]["名次"]) == ("", "—")
    kinds = {unit: row for sheet in book if sheet.title.startswith("类别_")
             for unit, row in table(sheet, "类内名次").items()}  # fmt: skip
    assert (kinds[gone]["总分"] or "", kinds[gone]["类内名次"], kinds[gone]["全体名次"]) == ("", "—", "—")
    for unit, row in kinds.items():
        if unit in (gone, other):
            assert row["结果"].startswith("手工改动总分；"), unit
        elif row["类内名次"]:
            assert "手工改动" not in row["结果"], unit
    for sheet in book:
        if sheet.title == "图表" or sheet.title.startswith("类别_"):
            assert str(sheet["A3"].value).startswith("手工改动过，本页已随之重算，改了谁见「总表」"), sheet.title


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["district", "liaocheng-1995"])
def test_the_tile_of_the_money_and_the_table_beneath_it_tell_one_thing(
    scheme: str, rankings: Mapping[str, Ranking], tmp_path: Path
) -> None:
    unit = next(iter(unit for unit, row in table(load_workbook(rankings[scheme].path, data_only=True)["总表"]).items()
                     if row["名次"] == 1))  # fmt: skip

    def tile(book: Any) -> Any:
        rows = list(book["总览"].iter_rows())
        at, word = next((k, cell) for k, row in enumerate(rows) for cell in row
                        if re.match("应[付缴](奖励|罚款)（元）", str(cell.value)))  # fmt: skip
        return rows[at - 1][word.column - 1].value

    assert isinstance(tile(load_workbook(rankings[scheme].path, data_only=True)), int | float)
    book = rankings[scheme].after(tmp_path, lambda book: typed(book, {unit: 70}))
    assert tile(book) == "未重算" == block(book["总览"], "结果和金额")[-1][-1]


def test_a_category_says_what_is_to_be_confirmed_as_the_table_of_totals_does(rankings: Mapping[str, Ranking]) -> None:
    book: Any = load_workbook(rankings["district"].path, data_only=True)
    totals = {unit: row["结果和备注"] for unit, row in table(book["总表"]).items() if row["结果和备注"]}
    waiting = {unit for unit, said in totals.items() if "（待确认）" in said}
    kinds = {unit: row["结果"] for sheet in book if sheet.title.startswith("类别_")
             for unit, row in table(sheet, "类内名次").items() if row["结果"]}  # fmt: skip
    assert waiting and {unit for unit, said in kinds.items() if "（待确认）" in said} == waiting
    assert all(totals[unit].endswith(kinds[unit]) for unit in waiting)


def test_a_long_name_has_the_height_it_needs_in_the_details(tmp_path: Path) -> None:
    long = "虚构市第一经济技术开发区管理委员会信访工作办公室综合科"
    run = Round(tmp_path, {long: PERFECT, "东街": PERFECT})
    run.grade("--review", run.review())
    sheet: Any = load_workbook(run.results / "排名.xlsx")["得分明细"]
    heights = {cell.value: sheet.row_dimensions[cell.row].height for cell in sheet["B"] if cell.value}
    assert heights[long] >= 30 > heights["东街"]
