"""What the office wrote into a locked 上年 cell counts as it was issued, whatever comes back in it.

The scheme is ``offices/province.toml``: 一1 has 200 to 0 points by how far 本年件次 fell from 上年件次."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases_district import PERFECT
from tests.rounds import Round, call, codes, subject
from xfkh.template import FILE, GIVEN, read_issue

SCHEME = str(Path(__file__).parent / "offices" / "province.toml")
COUNTS = {"本年件次": 850, "上年件次": 1000, "前年件次": 1000, "大前年件次": 1000, "应受理件数": 10, "及时受理件数": 10,
          "评价件数": 10, "满意件数": 10, "化解件数": 10, "化解任务件数": 10}  # fmt: skip
UNITS = {"甲市": COUNTS, "乙市": COUNTS}


@pytest.fixture
def run(tmp_path: Path) -> Round:
    return Round(tmp_path / "轮", UNITS, scheme=SCHEME, reviewed=())


def points(record: dict[str, Any], unit: str = "甲市", id: str = "一1") -> Fraction | None:
    value = subject(record, unit)["items"][id]["points"]
    return None if value is None else Fraction(str(value))


def told(record: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [each for each in record["findings"] if each["code"] == code]


def test_a_locked_figure_that_comes_back_as_it_was_issued_counts_and_nothing_is_said(run: Round) -> None:
    record = run.grade()
    assert points(record) == 180
    assert not {"given-changed", "previous-own"} & set(codes(record))


@pytest.mark.parametrize("typed", [2000, "2000", None, "很多"])
def test_a_locked_figure_that_a_unit_changed_or_cleared_counts_as_it_was_issued_and_is_told(
    run: Round, typed: object
) -> None:
    run.type_in("甲市", {"上年件次": typed})
    record = run.grade(status=1)
    assert points(record) == 180
    (said,) = told(record, "given-changed")
    assert (said["unit"], said["file"]) == ("甲市", run.path("甲市").name)
    assert said["cell"]
    assert "上年件次" in said["message"] and "1000" in said["message"]
    assert ("2000" in said["message"]) == (typed in (2000, "2000"))


def test_the_figure_of_a_locked_cell_cites_the_list_of_what_was_issued(run: Round) -> None:
    place = subject(run.grade(), "甲市")["items"]["一1"]["sources"]["上年件次"]
    assert (place["file"], place["sheet"]) == (FILE, GIVEN)
    book = load_workbook(run.issued / FILE)
    assert book[GIVEN][place["cell"]].value == "1000"


def test_a_figure_that_nobody_issued_is_not_taken_from_a_locked_cell(tmp_path: Path) -> None:
    blank = {name: value for name, value in COUNTS.items() if name != "上年件次"}
    run = Round(tmp_path / "轮", {"甲市": blank, "乙市": COUNTS}, scheme=SCHEME, reviewed=())
    run.type_in("甲市", {"上年件次": 2000})
    record = run.grade(status=1)
    assert points(record) is None and points(record, "乙市") == 180
    assert [each["unit"] for each in told(record, "given-changed")] == ["甲市"]


def test_what_a_person_corrects_in_the_list_counts(run: Round) -> None:
    book = load_workbook(run.issued / FILE)
    book[GIVEN]["B2"] = 1100
    book.save(run.issued / FILE)
    record = run.grade(status=1)
    assert points(record) == 200
    assert [each["unit"] for each in told(record, "given-changed")] == ["甲市"]


def test_what_cannot_be_read_in_the_list_is_open_and_told_on_its_cell(run: Round) -> None:
    book = load_workbook(run.issued / FILE)
    book[GIVEN]["B2"] = "一千左右"
    book.save(run.issued / FILE)
    record = run.grade(status=1)
    assert points(record) is None
    (said,) = told(record, "table-value")
    assert (said["file"], said["sheet"], said["cell"]) == (FILE, GIVEN, "B2")


def test_without_the_list_the_form_counts_and_that_nobody_checked_it_is_said(run: Round, tmp_path: Path) -> None:
    shutil.copytree(run.returned, tmp_path / "别处")
    out = tmp_path / "结果"
    call("grade", tmp_path / "别处", "-o", out, "--scheme", SCHEME, "--roster", run.roster)
    record = json.loads((out / "results.json").read_text("utf-8"))
    assert points(record) == 180
    assert "previous-own" in codes(record)


def test_a_template_that_is_issued_again_leaves_what_was_issued_to_the_others(run: Round) -> None:
    before = read_issue(run.issued / FILE).given["甲市"]
    more = run.folder / "再发.csv"
    more.write_text("单位,上年件次\n乙市,1200\n", "utf-8")
    args = ["--roster", run.roster, "--year", 2025, "--only", "乙市", "--prefill", more, "-o", run.issued]
    assert call("template", SCHEME, *args) == 0
    given = read_issue(run.issued / FILE).given
    assert given["甲市"] == before and before["上年件次"].text == "1000"
    assert {cell: kept.text for cell, kept in given["乙市"].items()} == {
        "上年件次": "1200", "前年件次": "", "大前年件次": "",
    }  # fmt: skip


def test_a_scheme_without_such_figures_has_no_such_sheet(tmp_path: Path) -> None:
    run = Round(tmp_path / "轮", {"甲镇": PERFECT})
    assert GIVEN not in load_workbook(run.issued / FILE).sheetnames
    assert read_issue(run.issued / FILE).given == {}


@pytest.mark.parametrize("series", [4, 12])
def test_figures_of_last_year_by_quarter_or_month_stand_locked_in_the_form_and_count_as_issued(
    tmp_path: Path, series: int
) -> None:
    text = Path(SCHEME).read_text("utf-8")
    text = text[: text.index("case = [")]
    text = text.replace(
        "input = [", f'input = [\n  {{ name = "各期", kind = "件数", origin = "上年", series = {series} }},', 1
    )
    text = text.replace(
        "item = [",
        """item = [
  { id = "二4", section = "二", title = "各期", points = 10, clause = "二4", rule = [
    { kind = "公式", formula = "MIN(10,SUM(各期)/120)", text = "每120件1分" }] },""",
        1,
    )
    scheme = tmp_path / "按期.toml"
    scheme.write_text(text, "utf-8")
    cells = [f"各期[{k}]" for k in range(1, series + 1)]
    counts = COUNTS | dict.fromkeys(cells, 1080 // series)
    run = Round(tmp_path / "轮", {"甲市": counts, "乙市": counts}, scheme=str(scheme), reviewed=())
    assert points(run.grade(), id="二4") == 9
    run.type_in("甲市", {cells[-1]: 900})
    record = run.grade(status=1)
    assert points(record, id="二4") == 9
    message = told(record, "given-changed")[0]["message"]
    assert "各期" in message and "900" in message
