"""What the office wrote into a locked 上年 cell counts as it was issued, whatever comes back in it.

The scheme is ``offices/province.toml``: 一1 has 200 to 0 points by how far 本年件次 fell from 上年件次."""

from __future__ import annotations

import csv
import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases_district import PERFECT
from tests.rounds import Round, call, codes, subject
from xfkh.report.facts import FEEDBACK, PROBLEMS, SLIPS
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
    run = Round(tmp_path / "轮", {"甲市": blank, "乙市": COUNTS}, scheme=SCHEME, reviewed=(), lacking=True)
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
    more.write_text("单位,上年件次,前年件次\n乙市,1200,1100\n", "utf-8")
    args = ["--roster", run.roster, "--year", 2025, "--only", "乙市", "--prefill", more, "-o", run.issued]
    assert call("template", SCHEME, *args) == 1, "大前年件次 is wanted too"
    given = read_issue(run.issued / FILE).given
    assert given["甲市"] == before and before["上年件次"].text == "1000"
    assert {cell: kept.text for cell, kept in given["乙市"].items()} == {
        "上年件次": "1200", "前年件次": "1100", "大前年件次": "",
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


def template(run: Round, capsys: pytest.CaptureFixture[str], prefill: dict[str, dict[str, int]]) -> tuple[int, str]:
    """The status and the words of the command, with these figures given ahead."""
    names = list(dict.fromkeys(name for row in prefill.values() for name in row))
    path = run.folder / "另填.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [["单位", *names], *([unit, *(row.get(name, "") for name in names)] for unit, row in prefill.items())]
        )
    capsys.readouterr()
    status = call(
        "template", SCHEME, "--roster", run.roster, "--year", 2025, "--prefill", path, "-o", run.folder / "另"
    )
    return status, capsys.readouterr().out


def test_templates_without_the_figures_of_last_year_say_which_of_whom_and_where_they_go(
    run: Round, capsys: pytest.CaptureFixture[str]
) -> None:
    years = dict.fromkeys(("上年件次", "前年件次", "大前年件次"), 1000)
    assert template(run, capsys, {"甲市": years, "乙市": years})[0] == 0
    status, said = template(run, capsys, {"甲市": years, "乙市": {"上年件次": 1000}})
    assert status == 1
    assert "前年件次、大前年件次（乙市）" in said and "甲市" not in said
    assert "--prefill" in said and FILE in said and GIVEN in said
    status, said = template(run, capsys, {"甲市": {}, "乙市": {}})
    assert status == 1 and "上年件次、前年件次、大前年件次（甲市、乙市）" in said


def bare(folder: Path, *names: str) -> Round:
    """A round in which the office gave neither unit these figures."""
    counts = {name: value for name, value in COUNTS.items() if name not in names}
    return Round(folder, {"甲市": counts, "乙市": counts}, scheme=SCHEME, reviewed=(), lacking=True)


def texts(path: Path, sheet: str) -> str:
    return "\n".join(
        str(each) for row in load_workbook(path)[sheet].iter_rows(values_only=True) for each in row if each is not None
    )


def test_a_figure_of_last_year_that_nobody_gave_is_the_office_s_to_give_and_asked_of_no_unit(tmp_path: Path) -> None:
    run = bare(tmp_path / "轮", "上年件次")
    record = run.grade(status=1)
    assert points(record) is None
    assert "cell-blank" not in codes(record)
    first, second = told(record, "given-missing")
    assert [(each["unit"], each["file"], each["sheet"], each["cell"]) for each in (first, second)] == [
        ("甲市", FILE, GIVEN, "B2"), ("乙市", FILE, GIVEN, "B3"),
    ]  # fmt: skip
    letters = texts(run.results / PROBLEMS, "催报")
    assert letters.count("不用催报") == 2 and "由考核办公室给出" in letters
    assert "请改正" not in letters and "填 0" not in letters
    assert not (run.results / SLIPS).exists()
    page = texts(run.results / FEEDBACK / "甲市_反馈.xlsx", "反馈")
    assert "等考核办公室给上年数" in page
    assert "填写0" not in page and FILE not in page

    book = load_workbook(run.issued / FILE)
    for row in (2, 3):
        assert book[GIVEN].cell(1, 2).value == "上年件次"
        book[GIVEN].cell(row, 2).value = 1000
    book.save(run.issued / FILE)
    record = run.grade(status=1)  # the locked cells came back blank, which is told
    assert points(record) == 180 and "given-missing" not in codes(record)


def test_without_the_list_a_figure_of_last_year_that_is_missing_is_no_unit_s_either(tmp_path: Path) -> None:
    run = bare(tmp_path / "轮", "上年件次")
    shutil.copytree(run.returned, tmp_path / "别处")
    out = tmp_path / "结果"
    call("grade", tmp_path / "别处", "-o", out, "--scheme", SCHEME, "--roster", run.roster)
    record = json.loads((out / "results.json").read_text("utf-8"))
    assert [each["unit"] for each in told(record, "given-missing")] == ["甲市", "乙市"]
    assert all("--issued" in each["mend"] for each in told(record, "given-missing"))
    assert not (out / SLIPS).exists()


def of_the_roster(folder: Path, population: dict[str, dict[str, int]], head: bool = True) -> Round:
    """A round in which 二4 reads 万人口数 of the roster."""
    text = Path(SCHEME).read_text("utf-8")
    text = text[: text.index("case = [")].replace(
        "input = [", 'input = [\n  { name = "万人口数", kind = "数值", origin = "名册", unit = "万人" },', 1
    )
    item = """item = [
  { id = "二4", section = "二", title = "人均", points = 10, clause = "二4", rule = [
    { kind = "公式", formula = "MIN(10,本年件次/MAX(1,万人口数))", text = "每万人1件1分" }] },"""
    scheme = folder.parent / "人口.toml"
    scheme.write_text(text.replace("item = [", item, 1), "utf-8")
    units = {unit: COUNTS | population.get(unit, {}) for unit in UNITS}
    attributes = ("万人口数",) if head else ()
    return Round(folder, units, scheme=str(scheme), reviewed=(), attributes=attributes, lacking=True)


def test_what_the_roster_does_not_say_is_wanted_in_its_cell_and_asked_of_no_unit(tmp_path: Path) -> None:
    run = of_the_roster(tmp_path / "轮", {"甲市": {"万人口数": 100}})
    record = run.grade(status=1)
    assert points(record, "甲市", "二4") == Fraction("8.5") and points(record, "乙市", "二4") is None
    (said,) = told(record, "roster-blank")
    book = load_workbook(run.issued / FILE)
    roster = book["名册"]
    assert (said["unit"], said["file"], said["sheet"]) == ("乙市", FILE, "名册")
    at = roster[said["cell"]]
    assert (roster.cell(at.row, 1).value, roster.cell(1, at.column).value) == ("乙市", "万人口数")
    assert "cell-blank" not in codes(record)
    assert "不用催报" in texts(run.results / PROBLEMS, "催报")
    at.value = 85
    book.save(run.issued / FILE)
    assert points(run.grade(), "乙市", "二4") == 10


def test_a_column_that_the_roster_lacks_is_told_once_of_the_roster(tmp_path: Path) -> None:
    run = of_the_roster(tmp_path / "轮", {}, head=False)
    record = run.grade(status=1)
    assert points(record, "甲市", "二4") is None
    (said,) = told(record, "roster-lacks")
    assert (said["unit"], said["sheet"]) == ("", "名册")
    assert not {"cell-blank", "roster-blank"} & set(codes(record))
    assert texts(run.results / PROBLEMS, "催报").count("不用催报") == 2
