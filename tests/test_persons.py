"""The persons of a unit: rows of a sheet → subjects told apart, read, verified, ranked; nobody lost, nobody guessed."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from tests import office
from tests.cases_xinyang import PERFECT_PERSON, PERFECT_UNIT
from tests.rounds import Round, Who, call, codes, subject, table
from tests.surgery import Genuine, add_sheet, zipped
from tests.test_privacy import OF_X, PERSON, PHONE, UNION, other_digit, parted
from xfkh.intake.form import read_form

REPORTED = {name: value for name, value in PERFECT_PERSON.items() if not name.startswith("工作对接评分")}
MARKS = {"工作对接评分[1]": 10, "工作对接评分[2]": 8}
Change = Callable[[Any], None]


def team(*names: str, unit: str = "甲局") -> dict[Who, dict[str, Any]]:
    """Persons written 姓名 or 姓名/工号, all with full marks."""
    pairs = [each.partition("/") for each in names]
    return {(unit, name, number): {**REPORTED, **MARKS} for name, _, number in pairs}


def xinyang(folder: Path, *people: str, units: tuple[str, ...] = ("甲局",), rows: int = 6) -> Round:
    own = team(*people)
    return Round(folder, dict.fromkeys(units, PERFECT_UNIT), "全年", "xinyang", own, ("工作对接评分",),
                 options=["--persons", rows])  # fmt: skip


def edit(run: Round, change: Change, unit: str = "甲局") -> None:
    """What a clerk does to the workbook of a unit."""
    path = run.path(unit)
    book = load_workbook(path)
    change(book)
    book.save(path)


def sheet_of(run: Round, unit: str = "甲局") -> tuple[dict[str, str], int]:
    """The columns of the sheet 个人 by input, 姓名 and 工号 with them; the row of its first person."""
    found = read_form(run.path(unit).read_bytes()).persons[0]
    return {**found.columns, "姓名": "C", "工号": "D"}, 7


def typed(run: Round, line: int, **cells: Any) -> Change:
    """Types into a row, counted from the first person's."""
    columns, first = sheet_of(run)

    def change(book: Any) -> None:
        for name, value in cells.items():
            book["个人"][f"{columns[name]}{first + line}"] = value

    return change


def persons(record: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {"/".join(filter(None, (each["person"], each["person_id"]))): each
            for each in record["subjects"] if each["part"] == "个人"}  # fmt: skip


def review(run: Round, rows: Mapping[Who, Mapping[str, Any]]) -> Path:
    return table(run.folder / "另一份复查.csv", {}, list(MARKS), rows)


@pytest.mark.parametrize(("count", "rows"), [(0, 20), (1, 20), (20, 20), (45, 20), (45, 60), (3, 0)])
def test_any_number_of_persons_works(count: int, rows: int, tmp_path: Path) -> None:
    run = xinyang(tmp_path, *(f"人员{k:02d}" for k in range(count)), rows=rows)
    offered = load_workbook(run.path("甲局"))["个人"]
    slots = [cell.value for cell in offered["A"] if str(cell.value).startswith("#行")]
    assert len(slots) == max(count, rows)
    record = run.score(*(["--review", run.review()] if count else []), status=0)
    found = persons(record)
    assert len(found) == count and all(each["total"] == 99 and each["rank"] == 1 for each in found.values())


def test_two_of_one_name_are_told_apart_by_their_numbers_and_across_units_by_the_unit(tmp_path: Path) -> None:
    people = {**team("张三/001", "张三/002"), **team("张三", unit="乙局")}
    people["甲局", "张三", "002"] = {**REPORTED, "工作对接评分[1]": 4}
    run = Round(tmp_path, dict.fromkeys(("甲局", "乙局"), PERFECT_UNIT), "全年", "xinyang", people, ("工作对接评分",))
    record = run.score("--review", run.review(), status=0)
    totals = {(each["unit"], each["person_id"]): each["total"] for each in record["subjects"] if each["person"]}
    assert totals == {("甲局", "001"): 99, ("甲局", "002"): 94, ("乙局", None): 99}


@pytest.mark.parametrize("written", ["张 三", "张　三", " 张三 ", "张\u200b三"])
def test_spaces_that_fill_a_name_do_not_make_another_person(written: str, tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", "李四")
    edit(run, typed(run, 0, 姓名=written))
    assert set(persons(run.score("--review", run.review()))) == {"张三", "李四"}


def test_a_number_typed_as_a_number_is_the_same_number(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三/7", "张三/8")
    edit(run, typed(run, 0, 工号=7))
    assert set(persons(run.score("--review", run.review()))) == {"张三/7", "张三/8"}


def test_a_blank_row_between_persons_is_nobody(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    edit(run, typed(run, 3, 姓名="李四", **REPORTED))
    found = persons(run.score("--review", review(run, team("张三", "李四"))))
    assert set(found) == {"张三", "李四"} and found["李四"]["total"] == 99


def test_a_started_row_is_judged_and_says_what_is_missing(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    edit(run, typed(run, 1, 姓名="李四", 举报投诉次数=0))
    record = run.score("--review", run.review(), status=1)
    found = persons(record)["李四"]
    assert (found["state"], found["total"], found["rank"]) == ("暂定", None, None)
    assert found["items"]["7"]["points"] == 10 and found["items"]["1"]["state"] == "待核"
    missing = next(each for each in record["findings"] if "李四的政治素质评分" in each["message"])
    assert (missing["sheet"], missing["cell"]) == ("个人", f"{sheet_of(run)[0]['政治素质评分']}8")
    assert persons(record)["张三"]["state"] == "已评"


def test_figures_without_a_name_are_nobodys_points_and_are_not_lost(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    edit(run, typed(run, 2, **REPORTED))
    record = run.score("--review", run.review(), status=1)
    unnamed = next(each for name, each in persons(record).items() if "未写姓名" in name)
    assert (unnamed["state"], unnamed["total"], unnamed["items"], unnamed["outcomes"]) == ("待定", None, {}, [])
    assert "person-unnamed" in codes(record, "甲局")
    # who it is may still stand above 张三
    assert record["stage"] and persons(record)["张三"]["pending"]


@pytest.mark.parametrize(
    ("names", "numbers"), [(("张三", "张三"), ("", "")), (("张三", "张三"), ("7", "7")), (("张三", "张 三"), ("", ""))]
)
def test_two_rows_that_nothing_tells_apart_are_held(
    names: tuple[str, str], numbers: tuple[str, str], tmp_path: Path
) -> None:
    run = xinyang(tmp_path, "王五")
    for line, (name, number) in enumerate(zip(names, numbers, strict=True), 1):
        edit(run, typed(run, line, 姓名=name, 工号=number or None, **REPORTED))
    record = run.score("--review", run.review(), status=1)
    held = next(each for name, each in persons(record).items() if name.startswith("张三"))
    assert held["state"] == "待定" and len(persons(record)) == 2
    said = next(each["message"] for each in record["findings"] if each["code"] == "person-twice")
    place = next(each["cell"] for each in record["findings"] if each["code"] == "person-twice")
    assert place == "C8、C9", "both names, in the column that is seen"
    assert "第8行、第9行" in said


def test_a_row_below_those_offered_is_read_and_said(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", rows=1)
    edit(run, typed(run, 1, 姓名="李四", **REPORTED))
    record = run.score("--review", review(run, team("张三", "李四")), status=1)
    assert persons(record)["李四"]["total"] == 99 and "person-added" in codes(record)


@pytest.mark.parametrize("cells", [{"姓名": "填表人：王某"}, {"采用信息次数": 12}])
def test_a_remark_or_a_sum_below_the_rows_is_no_person_and_is_said(cells: dict[str, Any], tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", rows=1)
    edit(run, typed(run, 2, **cells))
    record = run.grade("--review", run.review(), status=1)
    assert set(persons(record)) == {"张三"} and "person-stray" in codes(record)
    assert "王某" not in (run.results / "results.json").read_text("utf-8")


def lost(book: Any) -> None:
    del book["个人"]


def headless(book: Any) -> None:
    book["个人"].delete_rows(6)


def columnless(book: Any) -> None:
    book["个人"].delete_cols(9)


@pytest.mark.parametrize("change", [lost, headless, columnless])
def test_without_its_sheet_of_persons_a_return_is_sent_back(change: Change, tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", units=("甲局", "乙局"))
    edit(run, change)
    record = run.score(status=1)
    assert subject(record, "甲局")["state"] == "退回" and "persons-lost" in codes(record, "甲局")
    assert subject(record, "乙局")["state"] == "已评"


def test_a_copied_sheet_of_persons_with_the_same_rows_counts_once_and_is_told(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    path = run.path("甲局")
    form = Genuine("甲局", path.read_bytes())
    path.write_bytes(zipped(add_sheet(form.parts, "个人 (2)", form.parts[form.sheets["个人"]])))
    record = run.score("--review", run.review())
    assert set(persons(record)) == {"张三"}
    (said,) = (each for each in record["findings"] if each["code"] == "sheet-copied")
    assert said["level"] == "警告" and said["sheet"] == "个人 (2)" and "「个人」" in said["message"]


def joined(data: bytes, *areas: str) -> bytes:
    """Cells of the sheet of persons joined as WPS does it: what stood in those beneath the first stays in the file."""
    form = Genuine("", data)
    more = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    change = ("</mergeCells>", f"{more}</mergeCells>")
    if b"<mergeCells" not in form.parts[form.sheets["个人"]]:
        change = ("<(conditionalFormatting|dataValidations) ?", rf"<mergeCells>{more}</mergeCells>\g<0>")
    return zipped(form.sub("个人", *change, count=1))


def joining(run: Round, *areas: str) -> Mapping[str, Any]:
    path = run.path("甲局")
    path.write_bytes(joined(path.read_bytes(), *areas))
    return run.score("--review", run.review())


def said_of(record: Mapping[str, Any], *wanted: str) -> set[tuple[str, str]]:
    return {(each["code"], each["cell"]) for each in record["findings"] if each["code"] in wanted}


SWALLOWED = ("cell-wrong", "cell-merged", "person-covered")


def test_of_joined_answers_the_first_counts_and_those_beneath_it_are_asked(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", "李四")
    column = sheet_of(run)[0]["举报投诉次数"]
    record = joining(run, f"{column}7:{column}8")
    found = persons(record)
    assert found["张三"]["total"] == 99 and found["李四"]["items"]["7"]["state"] == "待核"
    assert (found["李四"]["state"], found["李四"]["total"]) == ("暂定", None)
    assert said_of(record, *SWALLOWED) == {("cell-merged", f"{column}7"), ("cell-wrong", f"{column}8")}
    wrong = next(each["message"] for each in record["findings"] if each["code"] == "cell-wrong")
    assert wrong == f"李四的举报投诉次数：与旁边的格子合并（{column}7:{column}8），填的内容被盖住了"


def test_an_answer_beneath_its_left_neighbour_is_asked(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    column = sheet_of(run)[0]["举报投诉次数"]
    left = chr(ord(column) - 1)
    record = joining(run, f"{left}7:{column}7")
    assert ("cell-wrong", f"{column}7") in said_of(record, *SWALLOWED)
    assert persons(record)["张三"]["items"]["7"]["state"] == "待核"


@pytest.mark.parametrize(
    ("area", "seen", "covered"),
    [("C7:C8", {("cell-merged", "C7")}, "C8"), ("D7:D8", {("cell-merged", "D7")}, "D8"),
     ("B7:C7", set(), "C7"), ("C7:D7", {("cell-merged", "C7")}, "D7")],
)  # fmt: skip
def test_a_person_whose_name_or_number_lies_beneath_another_cell_is_held(
    area: str, seen: set[tuple[str, str]], covered: str, tmp_path: Path
) -> None:
    run = xinyang(tmp_path, "张三/001", "李四/002")
    record = joining(run, area)
    assert said_of(record, *SWALLOWED) == {*seen, ("person-covered", covered)}
    held = {name for name, each in persons(record).items() if each["state"] == "待定"}
    number = f"/00{int(covered[1:]) - 6}" if covered[0] == "C" else ""
    assert held == {f"(第{covered[1:]}行姓名或工号被盖住){number}"}
    assert sum(each["state"] == "已评" for each in persons(record).values()) == 1


def test_joined_heads_and_rows_of_nobody_are_not_told(tmp_path: Path) -> None:
    record = joining(xinyang(tmp_path, "张三"), "C9:C10", "G11:H11")
    assert not said_of(record, *SWALLOWED)


def test_what_a_font_strikes_out_is_no_answer_and_no_name(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", "李四", "王五")
    column = sheet_of(run)[0]["举报投诉次数"]

    def change(book: Any) -> None:
        for place in (f"{column}7", "C8"):
            book["个人"][place].font = Font(strike=True)

    edit(run, change)
    record = run.score("--review", run.review(), status=1)
    wrong = {("cell-wrong", f"{column}7"), ("person-name", "C8")}
    assert said_of(record, "cell-wrong", "person-name") == wrong
    assert {name: each["state"] for name, each in persons(record).items()} == {
        "张三": "暂定", "(第8行姓名有误)": "待定", "王五": "已评"}  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_joined_answers_are_told_in_every_format(kind: str, tmp_path: Path) -> None:
    run = xinyang(tmp_path / "甲", "张三", "李四")
    column = sheet_of(run)[0]["举报投诉次数"]
    path = tmp_path / "joined.xlsx"
    path.write_bytes(joined(run.path("甲局").read_bytes(), f"{column}7:{column}8", "C7:C8"))
    (saved,) = office.resave_all([path], tmp_path / kind, kind)
    table = read_form(saved.read_bytes()).persons[0]
    assert table.merged == {f"{column}7": f"{column}7:{column}8", "C7": "C7:C8"}
    assert table.covered == {f"{column}8": f"{column}7:{column}8", "C8": "C7:C8"}


def test_a_copied_sheet_that_was_filled_further_waits_for_a_person(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")

    def change(book: Any) -> None:
        book.copy_worksheet(book["个人"])["C8"] = "李四"

    edit(run, change)
    record = run.score(status=1)
    assert subject(record, "甲局")["state"] == "待定" and "persons-copied" in codes(record)
    assert persons(record) == {}


def test_a_column_under_another_inputs_name_is_not_read(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    column = sheet_of(run)[0]["个人承办件数"]
    edit(run, lambda book: book["个人"].__setitem__(f"{column}6", "个人办结件数（件）"))
    record = run.score("--review", run.review(), status=1)
    found = persons(record)["张三"]
    assert found["items"]["6"]["state"] == "待核" and found["items"]["7"]["points"] == 10
    assert "label-clash" in codes(record, "甲局")


def test_what_was_typed_oddly_is_noted_with_the_persons_name_and_cell(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", "李四")
    edit(run, typed(run, 0, 采用信息次数="２次"))
    edit(run, typed(run, 1, 采用信息次数="约2次"))
    record = run.score("--review", run.review(), status=1)
    assert persons(record)["张三"]["items"]["加1+"]["points"] == 4
    source = persons(record)["张三"]["items"]["加1+"]["sources"]["采用信息次数"]
    assert source["sheet"] == "个人" and source["cell"].endswith("7")
    wrong = next(each for each in record["findings"] if each["code"] == "cell-wrong")
    assert wrong["message"].startswith("李四的采用信息次数") and wrong["cell"].endswith("8")


# --- the review -----------------------------------------------------------------------------------


def test_a_reviewer_who_misspells_a_name_is_told_whom_he_may_mean(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "欧阳明月")
    record = run.score("--review", review(run, team("欧阳明目")), status=1)
    said = next(each for each in record["findings"] if each["code"] == "table-person")
    assert "欧阳明月" in said["message"] and set(persons(record)) == {"欧阳明月"}
    assert persons(record)["欧阳明月"]["state"] == "暂定"


@pytest.mark.parametrize(
    ("asked", "met"), [("张三/001", True), ("张三", True), ("张三/009", False)], ids=["number", "no number", "other"]
)
def test_one_who_is_alone_with_a_name_is_found_without_a_number_but_not_under_another(
    asked: str, met: bool, tmp_path: Path
) -> None:
    run = xinyang(tmp_path, "张三/001")
    record = run.score("--review", review(run, team(asked)))
    assert (persons(record)["张三/001"]["state"] == "已评") is met
    assert ("table-number" in codes(record)) is not met


def test_of_two_with_one_name_the_review_must_say_which(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三/001", "张三/002")
    record = run.score("--review", review(run, team("张三")), status=1)
    assert {each["state"] for each in persons(record).values()} == {"暂定"} and "table-number" in codes(record)


def test_a_figure_of_the_other_part_is_not_used_and_said(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    rows: dict[Who, dict[str, Any]] = {("甲局", "", ""): {"工作对接评分[1]": 3}, **team("张三")}
    record = run.score("--review", review(run, rows), status=1)
    assert "table-part" in codes(record) and persons(record)["张三"]["total"] == 99


def test_a_verified_figure_of_a_person_counts_and_names_the_reviews_cell(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    path = table(
        tmp_path / "核.csv", {}, [*MARKS, "举报投诉次数"], {("甲局", "张三", ""): {**MARKS, "举报投诉次数": 1}}
    )
    found = persons(run.score("--review", path))["张三"]
    source = found["items"]["7"]["sources"]["举报投诉次数"]
    assert (found["total"], source["from"], source["self"], source["file"]) == (89, "核定", 0, "核.csv")
    assert found["self_total"] == 90


def test_persons_of_a_unit_that_sent_nothing_are_assessed_by_the_review_alone(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", units=("甲局", "乙局"))
    run.path("甲局").unlink()
    rows: dict[Who, Any] = {("甲局", "", ""): PERFECT_UNIT, **team("张三")}
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    record = run.score("--review", table(tmp_path / "全.csv", {}, names, rows))
    assert subject(record, "甲局")["state"] == "已评"
    assert persons(record)["张三"]["state"] == "已评" and not record["stage"]


def test_without_any_mark_the_line_waits_and_is_owed_once_a_unit(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", "李四")
    record = run.score(status=1)
    assert {each["state"] for each in persons(record).values()} == {"暂定"}
    found = persons(record)["张三"]
    assert found["items"]["8"]["state"] == "待核" and found["range"] == [90, 100]
    owed = [each["message"] for each in record["findings"] if each["code"] == "review-missing"]
    assert len(owed) == 1 and "张三、李四" in owed[0]


# --- open units, closing, explaining ---------------------------------------------------------------


def test_while_a_unit_is_open_every_person_is_pending_until_collection_is_closed(tmp_path: Path) -> None:
    people = {who: {**row, "推荐": "是"} for who, row in team("张三").items()}
    run = Round(tmp_path, dict.fromkeys(("甲局", "乙局"), PERFECT_UNIT), "全年", "xinyang", people, ("工作对接评分",))
    run.path("乙局").unlink()
    record = run.grade("--review", run.review(), status=1)
    found = persons(record)["张三"]
    assert found["pending"] and record["stage"] and found["rank"] == 1
    assert [(each["id"], each["pending"]) for each in found["outcomes"]] == [("先进个人", True)]
    close(run)
    record = run.grade("--review", run.review())
    found = persons(record)["张三"]
    assert not found["pending"] and [each["pending"] for each in found["outcomes"]] == [False]


def test_a_person_is_explained_by_unit_name_and_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = xinyang(tmp_path, "张三/001", "张三/002", "李四")
    run.grade("--review", run.review())
    capsys.readouterr()
    assert call("explain", run.results, "甲局/李四") == 0
    said = capsys.readouterr().out
    assert (
        "甲局/李四：总分 99，第 1 名" in said and "工作对接评分平均9分" in said and "工作对接评分[2]＝8（核定" in said
    )
    assert call("explain", run.results, "甲局/张三") == 2
    assert "请写明工号" in capsys.readouterr().err
    assert call("explain", run.results, "甲局/张三/002", "8") == 0


def test_a_full_sheet_says_what_to_do(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", "李四", rows=2)
    book = load_workbook(run.path("甲局"), data_only=True)
    assert "请发放单位给行数更多的表" in book["个人"]["B3"].value


def test_a_second_version_that_differs_only_in_its_persons_is_held(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    shutil.copy(run.path("甲局"), run.returned / "甲局改.xlsx")
    edit(run, typed(run, 0, 采用信息次数=9))
    record = run.score(status=1)
    assert subject(record, "甲局")["state"] == "待定"
    said = next(each["message"] for each in record["findings"] if each["code"] == "unit-twice")
    assert "个人表" in said


# --- rows that do not say whose they are


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    "row", [["甲局", '=VLOOKUP("x",A1:B2,2)', None, 50], ["甲局", None, "007", 50], ["甲局", "#N/A", None, 50]]
)
def test_a_row_that_lost_its_name_is_not_laid_over_the_unit(row: list[Any], tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    path = workbook(tmp_path / "核.xlsx", [["单位", "姓名", "工号", "采用信息次数"], row])
    record = run.score("--review", path, status=1)
    assert subject(record, "甲局")["total"] == 100
    assert {"table-who", "table-person"} & set(codes(record))


def test_a_head_filled_with_spaces_is_still_that_head(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    path = workbook(tmp_path / "核.xlsx", [["单 位", "姓　名", "采用信息次数"], ["甲局", "张三", 5]])
    record = run.score("--review", path)
    assert subject(record, "甲局")["total"] == 100 and persons(record)["张三"]["items"]["加1+"]["points"] == 10


def test_two_numbers_are_not_both_the_one_person_without_a_number(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    rows: dict[Who, Any] = {("甲局", "张三", "01"): {"采用信息次数": 3}, ("甲局", "张三", "02"): {"电话表扬次数": 4}}
    path = table(tmp_path / "核.csv", {}, ["采用信息次数", "电话表扬次数"], rows)
    record = run.score("--review", path, status=1)
    assert codes(record, "甲局").count("table-number") == 2
    assert (
        persons(record)["张三"]["items"]["加1+"]["points"] == persons(record)["张三"]["items"]["加2.1+"]["points"] == 0
    )


def test_a_row_without_a_number_is_the_unnumbered_ones_of_several_and_said(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", "张三/01")
    record = run.score("--review", review(run, team("张三", "张三/01")), status=0)
    assert {each["state"] for each in persons(record).values()} == {"已评"}, "one table that tells both apart"
    bare = table(tmp_path / "分.csv", {}, list(MARKS), team("张三"))
    numbered = table(tmp_path / "又.csv", {}, list(MARKS), team("张三/01"))
    record = run.score("--review", bare, "--review", numbered, status=1)
    assert {each["state"] for each in persons(record).values()} == {"已评"} and "table-bare" in codes(record)


def test_a_name_and_its_number_on_two_tables_are_one_person(tmp_path: Path) -> None:
    run = xinyang(tmp_path, units=("甲局", "乙局"))
    run.path("甲局").unlink()
    names = list(dict.fromkeys([*PERFECT_UNIT, *REPORTED]))
    figures = table(tmp_path / "数.csv", {"甲局": PERFECT_UNIT}, names, {("甲局", "王五", "9"): REPORTED})
    marks = table(tmp_path / "分.csv", {}, list(MARKS), {("甲局", "王五", ""): MARKS})
    record = run.score("--review", figures, "--review", marks)
    assert {name: each["state"] for name, each in persons(record).items()} == {"王五/9": "已评"}


@pytest.mark.parametrize(
    ("name", "code"),
    [("=NA()", "person-name"), (True, "person-name"), (datetime(2025, 3, 5), "person-name"),
     ("王五13800138000", "person-name"), ("长" * 31, "person-name")],
)  # fmt: skip
def test_what_is_no_name_is_held_and_not_repeated(name: Any, code: str, tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    edit(run, typed(run, 2, 姓名=name, **REPORTED))
    record = run.grade("--review", run.review(), status=1)
    held = [each for each in persons(record).values() if each["state"] == "待定"]
    assert len(held) == 1 and code in codes(record, "甲局")
    assert "13800138000" not in (run.results / "results.json").read_text("utf-8")


def told(run: Round) -> str:
    """All that a run wrote, but for what goes back to the unit itself."""
    paths = [path for path in run.results.rglob("*") if path.is_file() and path.parent.name != "退回"]
    books = [zipfile.ZipFile(path) for path in paths if path.suffix == ".xlsx"]
    members = [book.read(name) for book in books for name in book.namelist()]
    return b"".join([*members, *(path.read_bytes() for path in paths if path.suffix != ".xlsx")]).decode()


@pytest.mark.parametrize(
    "cells",
    [{"工号": PHONE}, {"工号": int(PHONE)}, {"工号": PERSON}, {"工号": f"{PERSON[:-1]}{other_digit(PERSON[-1])}"},
     {"工号": OF_X}, {"工号": UNION}, {"工号": parted(PHONE, 3, 7, by=".")}, {"姓名": f"王五{PHONE}"},
     {"姓名": f"王五{parted(PHONE, 3, 7, by='—')}"}, {"姓名": f"王五{parted(PHONE, 3, 7, by='、')}"}],
)  # fmt: skip
def test_whoever_goes_by_a_personal_number_is_held_and_named_by_the_place_alone(
    cells: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = xinyang(tmp_path, "张三")
    edit(run, typed(run, 2, **{"姓名": "王五", **REPORTED, **cells}))
    record = run.grade("--review", run.review(), status=1)
    held = {name: each["person_id"] for name, each in persons(record).items() if each["state"] == "待定"}
    column = next(iter(cells))
    assert held == {f"(第9行{column}有误)": None} and persons(record)["张三"]["state"] == "已评"
    said = next(each for each in record["findings"] if each["code"] in ("person-name", "person-number"))
    assert said["cell"] == f"{sheet_of(run)[0][column]}9"
    assert str(cells[column]) not in capsys.readouterr().out + told(run)


def test_a_row_of_a_review_that_goes_by_a_personal_number_is_not_used_and_not_repeated(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", units=("甲局", "乙局"))
    run.path("乙局").unlink()
    rows: dict[Who, Any] = {("乙局", "王五", PHONE): MARKS, ("乙局", f"赵六{PHONE}", ""): MARKS, **team("张三")}
    record = run.grade("--review", review(run, rows), status=1)
    assert set(persons(record)) == {"张三"} and codes(record).count("table-who") == 2
    assert PHONE not in told(run)


def number_for_names(book: Any) -> None:
    for name in ("填报", "个人"):
        book[name].title = PHONE + name


def test_a_sheet_that_is_named_by_a_personal_number_is_not_repeated(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    edit(run, typed(run, 0, 采用信息次数="约3"))
    edit(run, number_for_names)
    record = run.grade("--review", run.review(), status=1)
    assert persons(record)["张三"]["state"] == "暂定" and "sheet-renamed" in codes(record)
    assert PHONE not in told(run)


def test_a_row_with_nothing_but_a_broken_name_is_not_overlooked(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    edit(run, typed(run, 2, 姓名="=NA()"))
    assert "person-name" in codes(run.score("--review", run.review(), status=1))


# --- persons of units that sent nothing


def silent_unit(folder: Path, row: Mapping[str, Any]) -> tuple[Round, Path]:
    """甲局 sent nothing and is verified whole; of its person 王五 the review gives some."""
    run = Round(folder, dict.fromkeys(("甲局", "乙局"), PERFECT_UNIT), "全年", "xinyang", team("赵六", unit="乙局"),
                ("工作对接评分",))  # fmt: skip
    run.path("甲局").unlink()
    names = list(dict.fromkeys([*PERFECT_UNIT, *REPORTED, *MARKS]))
    people: dict[Who, Any] = {("甲局", "王五", ""): row, ("乙局", "赵六", ""): MARKS}
    return run, table(folder / "全.csv", {"甲局": PERFECT_UNIT}, names, people)


def test_a_person_of_whom_only_the_review_knows_something_is_open_said_and_closed(tmp_path: Path) -> None:
    run, path = silent_unit(tmp_path, MARKS)
    record = run.grade("--review", path, status=1)
    assert persons(record)["王五"]["state"] == "未报" and "person-missing" in codes(record, "甲局")
    assert persons(record)["赵六"]["pending"]
    close(run)
    record = run.grade("--review", path)
    assert persons(record)["王五"]["state"] == "未报" and not persons(record)["赵六"]["pending"]


def close(run: Round) -> None:
    book: Any = load_workbook(run.results / "处理意见.xlsx")
    row = next(row for row in book.active.iter_rows(min_row=5) if row[0].value == "截止收报")
    row[4].value, row[5].value = "是", "不再等"
    book.save(run.results / "处理意见.xlsx")


def test_persons_of_a_unit_that_no_longer_takes_part_take_no_part(tmp_path: Path) -> None:
    people = team("赵六", unit="乙局")
    run = Round(tmp_path, dict.fromkeys(("甲局", "乙局"), PERFECT_UNIT), "全年", "xinyang", people, ("工作对接评分",))
    run.path("甲局").unlink()
    rows: dict[Who, Any] = {("甲局", "王五", ""): {**REPORTED, **MARKS, "推荐": "是"}, ("乙局", "赵六", ""): MARKS}
    path = table(tmp_path / "全.csv", {}, [*REPORTED, *MARKS, "推荐"], rows)
    assert persons(run.grade("--review", path, status=1))["王五"]["state"] == "已评"
    close(run)
    record = run.grade("--review", path)
    assert subject(record, "甲局")["state"] == "未报" and persons(record)["王五"]["state"] == "未报"
    assert persons(record)["赵六"]["rank"] == 1 and not persons(record)["赵六"]["pending"]


def test_two_rows_of_one_table_under_one_name_are_one_person_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[list[Any]] = [
        ["单位", "姓名", "采用信息次数", "电话表扬次数"],
        ["甲局", "张伟", 1, None],
        ["甲局", "张伟", None, 2],
    ]
    prefill = workbook(tmp_path / "预填.xlsx", rows)
    (tmp_path / "名册.csv").write_text("单位\n甲局\n", encoding="utf-8")
    args = ["--roster", tmp_path / "名册.csv", "--year", 2025, "--prefill", prefill, "-o", tmp_path / "发放"]
    assert call("template", "xinyang", *args) == 1
    assert "「张伟」在这张表里不止一行" in capsys.readouterr().out


def test_the_number_of_places_is_not_negative(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = xinyang(tmp_path, "张三")
    args = ["--issued", run.issued / "发放清单.xlsx", "--set", "先进个人名额=-1"]
    assert call("grade", run.returned, "-o", run.results, *args) == 2
    assert "先进个人名额" in capsys.readouterr().err
