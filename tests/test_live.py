"""排名.xlsx as a leader works in it: a changed score moves total, rank and tier, and is told; sorting harms nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tests import office
from tests.rounds import call
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


def test_sorting_a_table_moves_no_total_to_another_unit(district: Ranking, tmp_path: Path) -> None:
    """Excel sorts formulas with the references of their row: both tables are turned upside down here."""
    from openpyxl.formula.translate import Translator

    def turn(book: Any) -> None:
        for name in ("总表", "得分明细"):
            sheet = book[name]
            rows = [each.row for each in sheet["B"] if each.value in known]
            cells = {row: [cell.value for cell in sheet[row]] for row in rows}
            for row, source in zip(rows, reversed(rows), strict=True):
                for col, value in enumerate(cells[source], 1):
                    letter = get_column_letter(col)
                    moved = isinstance(value, str) and value.startswith("=")
                    text = (
                        Translator(value, f"{letter}{source}").translate_formula(f"{letter}{row}") if moved else value
                    )
                    sheet.cell(row, col).value = text

    known = {each["unit"] for each in district.record["subjects"]}
    book = district.after(tmp_path, turn)
    totals, detail = table(book["总表"]), table(book["得分明细"])
    for each in (one for one in district.record["subjects"] if one["rank"]):
        unit = each["unit"]
        assert (totals[unit]["名次"], totals[unit]["总分"]) == (each["rank"], each["total"])
        assert (detail[unit]["名次"], detail[unit]["合计"]) == (each["rank"], each["total"])
        assert (totals[unit]["手工改动"] or "") == ""
