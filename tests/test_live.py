"""排名.xlsx as a leader works in it: a changed score moves total, rank and tier, and is told; sorting harms nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, range_boundaries

from tests import office
from tests.cases_district import PERFECT
from tests.rounds import Round, call
from xfkh.samples import make_sample

pytestmark = [office.require_office, pytest.mark.slow]
Edit = Callable[[Any], None]


@dataclass(frozen=True)
class Ranking:
    """A graded sample and its 排名.xlsx."""

    path: Path
    record: Mapping[str, Any]

    def after(self, folder: Path, change: Edit) -> Any:
        """The workbook as it stands after a person changed it and the office recalculated it."""
        book = load_workbook(self.path)
        change(book)
        book.save(folder / "改.xlsx")
        return load_workbook(
            office.recalculate([folder / "改.xlsx"], folder / "算")[folder / "改.xlsx"], data_only=True
        )


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Ranking:
    job = make_sample("district", tmp_path_factory.mktemp("district") / "样")
    assert call("grade", *job.folders, "-o", job.out, "--review", *job.reviews) == 1
    return Ranking(job.out / "排名.xlsx", json.loads((job.out / "results.json").read_text("utf-8")))


def table(sheet: Any, first: str = "名次") -> dict[str, dict[str, Any]]:
    """The rows of a table by unit."""
    rows = list(sheet.iter_rows(values_only=True))
    at = next(k for k, row in enumerate(rows) if row[0] == first)
    heads = [str(each).split("\n")[0] for each in rows[at]]
    found = [dict(zip(heads, row, strict=True)) for row in rows[at + 1 :]]
    return {str(row["单位"]): row for row in found if row["单位"]}


def cell_of(sheet: Any, unit: str, item: str) -> Any:
    """The cell of a unit's line in 得分明细."""
    heads = next(row for row in sheet.iter_rows() if row[0].value == "名次")
    col = next(each.column for each in heads if str(each.value).split("\n")[0] == item)
    row = next(each.row for each in sheet["B"] if each.value == unit)
    return sheet.cell(row, col)


def test_a_changed_score_moves_total_rank_tier_and_category_and_is_marked(district: Ranking, tmp_path: Path) -> None:
    before = {each["unit"]: each for each in district.record["subjects"]}
    assert before["清河乡"]["total"] == 80 and before["清河乡"]["rank"] == 8

    def change(book: Any) -> None:
        cell = cell_of(book["得分明细"], "清河乡", "二5+")
        cell.value += 20

    book = district.after(tmp_path, change)
    totals, kind = table(book["总表"]), table(book["类别_乡"], "类内名次")
    assert totals["清河乡"]["总分"] == 100 and totals["清河乡"]["等次"] == "一等奖"
    assert totals["清河乡"]["名次"] == 4 and totals["西关街道"]["名次"] == 5
    assert totals["清河乡"]["手工改动"] == "手工改动1格"
    assert {row["手工改动"] or "" for unit, row in totals.items() if unit in before and unit != "清河乡"} == {""}
    assert (kind["清河乡"]["类内名次"], kind["清河乡"]["全体名次"], kind["清河乡"]["总分"]) == (1, 4, 100)
    said = [cell.value for row in book["总览"]["A1:A6"] for cell in row if cell.value]
    assert any(str(text).startswith("手工改动：有1个") for text in said)
    shown = [cell.value for row in book["总览"].iter_rows() for cell in row if cell.value]
    assert "清河乡" in shown, "now among the first five"


def test_a_deleted_score_is_told_as_a_change_by_hand(district: Ranking, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        cell_of(book["得分明细"], "东风街道", "一1").value = None

    totals = table(district.after(tmp_path, change)["总表"])
    assert totals["东风街道"]["手工改动"] == "手工改动1格" and totals["东风街道"]["总分"] == 113


def test_without_a_change_everything_is_as_graded(district: Ranking, tmp_path: Path) -> None:
    totals = table(district.after(tmp_path, lambda book: None)["总表"])
    for each in (one for one in district.record["subjects"] if one["rank"]):
        row = totals[each["unit"]]
        assert (row["名次"], row["总分"], row["手工改动"] or "") == (each["rank"], each["total"], "")


def test_a_total_typed_over_is_told(district: Ranking, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["总表"]
        col = next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == "总分")
        sheet.cell(next(cell.row for cell in sheet["B"] if cell.value == "松岭乡"), col).value = 200

    book = district.after(tmp_path, change)
    assert table(book["总表"])["松岭乡"]["手工改动"] == "手工改动总分"
    assert any(
        str(cell.value).startswith("手工改动：有1个") for row in book["总览"]["A1:A6"] for cell in row if cell.value
    )


def turned(sheet: Any, first: int, last: int) -> None:
    """The rows of a range upside down, as a program sorts: formulas keep the references of their row."""
    rows = range(first, last + 1)
    cells = {row: [cell.value for cell in sheet[row]] for row in rows}
    for row, source in zip(rows, reversed(rows), strict=True):
        for col, value in enumerate(cells[source], 1):
            letter = get_column_letter(col)
            moved = isinstance(value, str) and value.startswith("=")
            text = Translator(value, f"{letter}{source}").translate_formula(f"{letter}{row}") if moved else value
            sheet.cell(row, col).value = text


def test_sorting_a_table_by_its_own_filter_moves_no_total_to_another_unit(district: Ranking, tmp_path: Path) -> None:
    """What the filter takes for the rows is sorted; its first row is that of the arrows."""

    def turn(book: Any) -> None:
        _, first, _, last = range_boundaries(book["总表"].auto_filter.ref)
        turned(book["总表"], int(first or 0) + 1, int(last or 0))
        units = [each.row for each in book["得分明细"]["B"] if each.value in known]
        turned(book["得分明细"], min(units), max(units))

    known = {each["unit"] for each in district.record["subjects"]}
    book = district.after(tmp_path, turn)
    totals, detail = table(book["总表"]), table(book["得分明细"])
    for each in (one for one in district.record["subjects"] if one["rank"]):
        unit = each["unit"]
        assert (totals[unit]["名次"], totals[unit]["总分"]) == (each["rank"], each["total"])
        assert (detail[unit]["名次"], detail[unit]["合计"]) == (each["rank"], each["total"])
        assert (totals[unit]["手工改动"] or "") == ""


def test_the_filter_of_a_table_takes_in_the_subjects_and_nothing_else(district: Ranking) -> None:
    book: Any = load_workbook(district.path)
    for name, top in (("总表", "满分"), ("自评与核定", "合计")):
        sheet = book[name]
        _, first, _, _ = range_boundaries(sheet.auto_filter.ref)
        assert any(str(cell.value).startswith(top) for cell in sheet[first]), name


def test_the_rank_within_a_category_is_right_whatever_the_category_is_called(tmp_path: Path) -> None:
    """No category, one like a condition, one with a wildcard, figures as text."""
    kinds = ["", "", ">5", ">5", "A*", "AB", "01", "1"]
    units = {f"单位{k}": {**PERFECT, "重复来信件数": k} for k in range(len(kinds))}
    run = Round(tmp_path, units)
    roster = tmp_path / "类.csv"
    roster.write_text("单位,类别\n" + "\n".join(f"单位{k},{kind}" for k, kind in enumerate(kinds)), "utf-8")
    record = run.grade("--roster", roster)
    ranking = Ranking(run.results / "排名.xlsx", record)
    live = table(ranking.after(tmp_path, lambda book: None)["总表"])
    totals = {each["unit"]: each["total"] for each in record["subjects"]}
    for k, kind in enumerate(kinds):
        mine = totals[f"单位{k}"]
        place = 1 + sum(totals[f"单位{n}"] > mine for n, other in enumerate(kinds) if other == kind)
        assert live[f"单位{k}"]["类内名次"] == place, (k, kind)


def test_a_tier_that_the_total_alone_does_not_decide_stays_what_the_engine_said(tmp_path: Path) -> None:
    text = resources.files("xfkh").joinpath("schemes/district.toml").read_text("utf-8")
    own = tmp_path / "自有.toml"
    own.write_text(text.replace("condition = '总分>=90'", "condition = '名次<=2'", 1), "utf-8")
    assert own.read_text("utf-8") != text
    run = Round(tmp_path, {f"单位{k}": {**PERFECT, "重复来信件数": k} for k in range(4)}, scheme=str(own))
    record = run.grade("--scheme", own)
    live = Ranking(run.results / "排名.xlsx", record).after(tmp_path, lambda book: None)
    for each in record["subjects"]:
        given = [one["id"] for one in each["outcomes"] if one["id"].endswith("等奖")]
        assert table(live["总表"])[each["unit"]]["等次"] == (given or ["未入等次"])[0]
    assert "等次不随改动变" in str(live["总表"]["A3"].value)
