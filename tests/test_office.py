"""What LibreOffice makes of our workbooks: its returns score as before, live results recalculate to the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import office
from tests.rounds import call, graded_sample, subject
from xfkh.scheme import builtin_ids
from xfkh.template import FILE

pytestmark = [office.require_office, pytest.mark.slow]


@pytest.fixture(scope="module", params=builtin_ids())
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The filled sample of a scheme, graded."""
    out = tmp_path_factory.mktemp("sample") / "示范"
    graded_sample(request.param, out)
    return out


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "示范"
    assert call("demo", "-o", out) == 0
    return out


def scored(folder: Path) -> Mapping[str, Any]:
    record: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
    return record


def test_returns_saved_by_libreoffice_score_as_before(sample: Path, tmp_path: Path) -> None:
    before = scored(sample / "结果")
    returned = tmp_path / "收回"
    returned.mkdir()
    office.resave_all(sorted((sample / "收回").iterdir()), returned)
    review = ["--review", sample / "复查.csv", "--issued", sample / "发放" / FILE]
    assert call("grade", returned, "-o", tmp_path / "结果", *review) == 1
    after = scored(tmp_path / "结果")
    for one in before["subjects"]:
        other = subject(after, one["unit"], one["person"], one["person_id"] or "")
        keys = ("state", "total", "range", "rank", "self_total", "outcomes", "pending", "settlement")
        assert {key: one[key] for key in keys} == {key: other[key] for key in keys}
        points = {id: (item["points"], item["state"], item["inputs"]) for id, item in one["items"].items()}
        assert points == {id: (item["points"], item["state"], item["inputs"]) for id, item in other["items"].items()}
    wrong = [each for each in after["findings"] if each["level"] != "提示"]
    assert [each["code"] for each in wrong] == [each["code"] for each in before["findings"] if each["level"] != "提示"]


@pytest.mark.parametrize("name", ["排名.xlsx", "奖惩.xlsx"])
def test_live_results_recalculate_to_the_values_we_wrote(name: str, sample: Path) -> None:
    path = sample / "结果" / name
    written: Mapping[str, Mapping[str, Any]] = office.cached_values(path)
    live = office.recalculated_values([path])[path]
    for sheet, cells in written.items():
        for at, value in cells.items():
            again: Any = live[sheet].get(at)
            number = isinstance(value, int | float) and isinstance(again, int | float)
            same = abs(value - again) < 1e-9 if number else value == again
            assert same, f"{sheet}!{at}: {value!r}, {again!r}"


def test_a_leader_who_changes_a_score_sees_the_total_rank_and_tier_change(demo: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book: Any = load_workbook(demo / "结果" / "排名.xlsx")
    detail, total = book["得分明细"], book["总表"]
    heads = {str(cell.value).split("\n")[0]: cell.column for cell in detail[4]}
    row = next(cells[0].row for cells in total.iter_rows() if cells[1].value == "东风街道")
    detail.cell(row, heads["二5+"]).value = 0
    detail.cell(row, heads["六4"]).value = 0
    detail.cell(row, heads["二1"]).value = 0
    detail.cell(row, heads["二2"]).value = 0
    path = tmp_path / "排名.xlsx"
    book.save(path)
    live = office.recalculated_values([path])[path]["总表"]
    # 115 - 8 - 5 - 6 - 6 = 90 is still 一等奖; four units are above, two beside it
    assert (live[f"F{row}"], live[f"G{row}"], live[f"A{row}"]) == (90, "一等奖", 5)
