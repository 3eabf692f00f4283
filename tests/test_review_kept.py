"""复查: no entry of a person is lost, none counts that nobody could read, and none is taken from the wrong place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.cases_district import PERFECT
from tests.rounds import call, sample_of
from tests.test_review import PAGE, UNITS, Review, columns, rows_of, verify
from xfkh.samples import type_in

CELL = "赴市集访批次"
MINE = ("甲镇", CELL)
LOST = "其他核定"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """A round with a review workbook that nobody wrote in yet."""
    run = Review(tmp_path_factory.mktemp("复查"), dict.fromkeys(UNITS, PERFECT))
    run.write(run.folder / "复查.xlsx")
    return run


@pytest.fixture
def run(first: Review, tmp_path: Path) -> Review:
    """A copy of it."""
    folder = shutil.copytree(first.folder, tmp_path / "复查")
    own = object.__new__(Review)
    vars(own).update(vars(first), folder=folder, roster=folder / "名册.csv")
    own.issued, own.returned, own.results = (folder / name for name in ("发放", "收回", "结果"))
    return own


def book_of(run: Review) -> Path:
    return run.folder / "复查.xlsx"


@contextmanager
def opened(path: Path, page: str = PAGE) -> Iterator[Worksheet]:
    """A page of a review workbook, in the hands of somebody who took the protection off."""
    book = load_workbook(path)
    yield book[page]
    book.save(path)


def at(sheet: Worksheet, unit: str, name: str, mark: str = CELL) -> Any:
    """A cell of the row of a unit."""
    heads = columns(sheet)
    row = next(k for k in range(6, sheet.max_row + 1)
               if (sheet.cell(k, heads["单位"]).value, sheet.cell(k, heads["标记"]).value) == (unit, mark))  # fmt: skip
    return sheet.cell(row, heads[name])


def add(sheet: Worksheet, **cells: Any) -> int:
    """A row beneath all others."""
    heads, last = columns(sheet), sheet.max_row + 1
    for name, value in cells.items():
        sheet.cell(last, heads[name]).value = value
    return last


def item(run: Review, record: Mapping[str, Any], unit: str = "甲镇") -> tuple[str, Any]:
    found = run.unit(dict(record), unit)["items"]["二3"]
    return found["state"], found["points"]


def told(record: Mapping[str, Any], code: str) -> list[dict[str, Any]]:
    return [each for each in record["findings"] if each["code"] == code]


def flat(run: Review, *rows: list[object], formats: Mapping[str, str] | None = None, joined: str = "") -> Path:
    """A flat table of verified values."""
    book, path = Workbook(), run.folder / "平表.xlsx"
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for place, code in (formats or {}).items():
        sheet[place].number_format = code
    if joined:
        sheet.merge_cells(joined)
    book.save(path)
    return path


# --- what says nothing goes on saying nothing -------------------------------------------------------


def test_a_value_that_said_nothing_says_nothing_after_the_workbook_was_written_again(run: Review) -> None:
    book = book_of(run)
    with opened(book) as sheet:
        struck = at(sheet, "甲镇", "核定值")
        struck.value, struck.font = 2, Font(strike=True)
        error = at(sheet, "乙镇", "核定值")
        error.value, error.data_type = "#N/A", "e"
        at(sheet, "丙镇", "核定值").value = "=1+1"
        at(sheet, "丁镇", "核定值").value = True
    for again in (False, True):
        if again:
            run.write(book)
        record = run.grade("--review", book, status=1)
        assert {unit: item(run, record, unit) for unit in UNITS} == dict.fromkeys(UNITS, ("待核", None))
        assert len(told(record, "table-value")) == len(UNITS)
    rows = rows_of(book)
    assert [rows[unit, CELL]["核定值"] for unit in UNITS] == [
        "2（加了删除线）", "（单元格是错误值）", "（公式没有算出值）", "TRUE",
    ]  # fmt: skip
    for unit in UNITS:
        row = rows[unit, CELL]
        assert row["状态"] == "需复核" and "这个值没有使用" in row["提示"], "the row says it too"


# --- no entry is lost -------------------------------------------------------------------------------


def test_a_row_that_stands_twice_keeps_both_entries_and_they_stay_held(run: Review) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": 2, "理由": "查登记簿"}})
    with opened(book) as sheet:
        add(sheet, 标记=CELL, 单位="甲镇", 核定值=3, 理由="查台账")
    for _ in range(2):
        assert len(told(run.grade("--review", book, status=1), "review-clash")) == 1
        run.write(book)
        row = rows_of(book)[MINE]
        assert (row["核定值"], row["理由"]) == (2, "查登记簿") and "不同的核定值" in row["提示"]
        assert row["状态"] == "需复核" and next(iter(rows_of(book))) == MINE, "somebody should look"
        (other,) = load_workbook(book)[LOST].iter_rows(min_row=5, values_only=True)
        assert (other[0], other[1], other[4], other[5]) == (CELL, "甲镇", 3, "查台账")


def test_words_alone_in_a_row_that_stands_twice_take_no_value_away(run: Review) -> None:
    book = book_of(run)
    verify(book, {MINE: {"理由": "先看看"}})
    with opened(book) as sheet:
        add(sheet, 标记=CELL, 单位="甲镇", 核定值=3)
        add(sheet, 标记=CELL, 单位="甲镇", 理由="又看了")
    run.write(book)
    assert rows_of(book)[MINE]["核定值"] == 3
    assert {row[5] for row in load_workbook(book)[LOST].iter_rows(min_row=5, values_only=True)} == {"先看看", "又看了"}


def test_a_row_without_its_mark_is_told_and_kept(run: Review) -> None:
    book = book_of(run)
    with opened(book) as sheet:
        last = add(sheet, 单位="甲镇", 填报项=CELL, 核定值=3, 理由="补录")
    (said,) = told(run.grade("--review", book, status=1), "review-unmarked")
    assert (said["level"], said["cell"], said["unit"]) == ("错误", f"I{last}", "甲镇") and CELL in said["message"]
    for _ in range(2):
        run.write(book)
        (kept,) = load_workbook(book)[LOST].iter_rows(min_row=5, values_only=True)
        assert (kept[0], kept[1], kept[4], kept[5], kept[10]) == (None, "甲镇", 3, "补录", CELL)


@pytest.mark.parametrize("head", ["核定值", "理由", "单位", "标记"])
def test_a_page_that_lost_a_head_is_not_passed_over(run: Review, head: str, capsys: pytest.CaptureFixture[str]) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": 2}})
    with opened(book) as sheet:
        sheet.cell(5, columns(sheet)[head]).value = f"{head}（改）"
    before = book.read_bytes()
    capsys.readouterr()
    run.write(book, status=2)
    assert f"找不到「{head}」" in capsys.readouterr().err and book.read_bytes() == before
    assert call("grade", run.returned, "-o", run.results, "--review", book) == 2


def test_a_flat_table_is_not_overwritten_with_a_review_workbook(run: Review) -> None:
    path = flat(run, ["单位", CELL], ["甲镇", 3])
    before = path.read_bytes()
    run.write(path, status=2)
    assert path.read_bytes() == before


def test_a_sheet_with_units_words_beneath_the_rows_and_a_comment_are_set_aside(run: Review) -> None:
    book = book_of(run)

    def own_sheet() -> None:
        own = load_workbook(book)
        for row in (["单位", "意见"], ["甲镇", "下周再核"]):
            (own["会议"] if "会议" in own.sheetnames else own.create_sheet("会议")).append(row)
        own.save(book)

    def beneath() -> None:
        with opened(book) as sheet:
            add(sheet, 单位="复查组长：张某")

    def comment() -> None:
        with opened(book) as sheet:
            at(sheet, "甲镇", "核定值").comment = Comment("看过原件", "张某")

    for count, wrote in enumerate((own_sheet, beneath, comment), 1):
        wrote()
        written = book.read_bytes()
        run.write(book)
        copies = list(run.folder.glob("复查_另存_*.xlsx"))
        assert len(copies) == count and written in [each.read_bytes() for each in copies], wrote
    run.write(book)
    assert len(list(run.folder.glob("复查_另存_*.xlsx"))) == 3


# --- what was written and verifies nothing ----------------------------------------------------------


def test_words_without_a_value_and_a_value_taken_out_again_are_told_once_a_unit(run: Review) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": 2}})
    run.write(book)
    verify(book, {MINE: {"核定值": None}, ("甲镇", "推诿次数"): {"理由": "等回函"},
                  ("乙镇", CELL): {"依据": "来访登记"}, ("丙镇", CELL): {"核定人": "一组"}})  # fmt: skip
    said = told(run.grade("--review", book, status=1), "review-bare")
    assert {each["unit"] for each in said} == {"甲镇", "乙镇"} and {each["level"] for each in said} == {"警告"}
    mine = next(each for each in said if each["unit"] == "甲镇")
    assert CELL in mine["message"] and "推诿次数" in mine["message"] and mine["cell"].startswith("I")


# --- not from the wrong place -----------------------------------------------------------------------


def test_a_review_workbook_of_another_year_is_refused(run: Review, capsys: pytest.CaptureFixture[str]) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": 2}})
    next_year = Review(run.folder / "下一年", dict.fromkeys(UNITS, PERFECT), year=2026)
    capsys.readouterr()
    assert call("grade", next_year.returned, "-o", next_year.results, "--review", book) == 2
    said = capsys.readouterr().err
    assert "2025年全年" in said and "2026年全年" in said
    before = book.read_bytes()
    next_year.write(book, status=2)
    assert book.read_bytes() == before


def test_another_workbook_of_ours_is_no_review(run: Review, capsys: pytest.CaptureFixture[str]) -> None:
    run.grade()
    capsys.readouterr()
    assert call("grade", run.returned, "-o", run.results, "--review", run.results / "排名.xlsx") == 2
    assert "不是复查表" in capsys.readouterr().err


@pytest.mark.parametrize("mark", [f"{CELL}数", "推诿次数"])
def test_a_mark_that_is_not_that_of_the_answer_in_its_row_holds_the_value(run: Review, mark: str) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": 2}})
    with opened(book) as sheet:
        row = at(sheet, "甲镇", "标记")
        row.value = mark
    record = run.grade("--review", book, status=1)
    (said,) = told(record, "table-value")
    assert said["cell"] == f"I{row.row}" and said["message"].startswith(f"{CELL}：") and "标记" in said["message"]
    assert item(run, record, "甲镇") == ("待核", None)


@pytest.mark.parametrize("left", ["标记", "单位"])
def test_a_sort_of_some_columns_moves_no_value_to_another_answer_or_unit_and_the_next_review_shows_it_held(
    run: Review, left: str
) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": 2, "理由": "查收文簿"}})
    with opened(book) as sheet:
        row = at(sheet, "甲镇", "标记").row
        other = row + 1 if left == "标记" else at(sheet, "乙镇", "标记").row
        for col in range(columns(sheet)[left] + 1, sheet.max_column + 1):
            mine, his = sheet.cell(row, col), sheet.cell(other, col)
            mine.value, his.value = his.value, mine.value
    unit = "甲镇" if left == "标记" else "乙镇"
    for _ in range(2):
        record = run.grade("--review", book, status=1)
        assert item(run, record, unit) == ("待核", None)
        run.write(book)
        kept = rows_of(book)[unit, CELL]
        assert kept["状态"] == "需复核" and kept["理由"] == "查收文簿" and str(kept["核定值"]).startswith("2（")


def test_a_unit_that_was_written_over_another_does_not_get_what_was_verified_for_that_one(run: Review) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": 2}})
    with opened(book) as sheet:
        row = at(sheet, "甲镇", "单位")
        row.value = "乙镇"
    record = run.grade("--review", book, status=1)
    (said,) = told(record, "table-value")
    assert "原来是别的单位" in said["message"] and said["cell"].endswith(str(row.row))
    assert item(run, record, "乙镇") == ("待核", None)


def test_the_rows_of_a_protected_review_cannot_be_sorted_apart(run: Review) -> None:
    with opened(book_of(run)) as sheet:
        assert sheet.protection.sheet and sheet.protection.sort and not sheet.protection.autoFilter


def test_a_joined_cell_verifies_nothing_of_the_row_that_it_covers(run: Review) -> None:
    path = flat(run, ["单位", CELL], ["甲镇", 2], ["乙镇", None], joined="B2:B3")
    record = run.grade("--review", path, status=1)
    assert [each["cell"] for each in told(record, "table-value")] == ["B3"]
    assert item(run, record, "甲镇") == ("已评", 4) and item(run, record, "乙镇") == ("待核", None)
    path = flat(run, ["单位", CELL, "推诿次数"], ["甲镇", 2, None], [None, None, 1], joined="A2:A3")
    (said,) = told(run.grade("--review", path, status=1), "table-who")
    assert said["cell"] == "A3" and "合并" in said["message"]


def test_a_number_counts_only_as_it_is_shown(run: Review) -> None:
    """90 % is no 0.9, and a shown 89 no 88.6."""
    rows: list[list[object]] = [["单位", "台账评比分"], ["甲镇", 0.9], ["乙镇", 88.6], ["丙镇", 88.6]]
    path = flat(run, *rows, formats={"B2": "0%", "B3": "0", "B4": "0.0"})
    record = run.grade("--review", path, status=1)
    assert [each["cell"] for each in told(record, "table-value")] == ["B2", "B3"]
    book = book_of(run)
    with opened(book) as sheet:
        score = at(sheet, "甲镇", "核定值", "台账评比分")
        score.value, score.number_format = 0.9, "0%"
    run.write(book)
    assert len(told(run.grade("--review", book, status=1), "table-value")) == 1, "written again it is still 90 %"


def test_values_in_a_column_without_a_head_are_told(run: Review) -> None:
    path = flat(run, ["单位", None, "推诿次数"], ["甲镇", 2, 0], ["乙镇", 3, 0])
    (said,) = told(run.grade("--review", path, status=1), "table-nameless")
    assert (said["level"], said["cell"]) == ("警告", "B2")
    assert not told(run.grade("--review", book_of(run)), "table-nameless")


def test_who_gave_the_same_value_with_a_reason_is_kept_whoever_comes_first(run: Review) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": 2, "理由": "查登记簿", "核定日期": datetime(2026, 1, 20)}})
    path = flat(run, ["单位", CELL], ["甲镇", 2])
    record = run.grade("--review", path, "--review", book)
    source = run.unit(record, "甲镇")["items"]["二3"]["sources"][CELL]
    assert source["review"] == {"reason": "查登记簿", "date": "2026-01-20"}, "a day has no midnight"


def test_the_return_that_a_person_chose_is_the_one_to_verify(run: Review) -> None:
    form = run.path("甲镇")
    (form.parent / "甲镇_又一份.xlsx").write_bytes(type_in(form.read_bytes(), {CELL: 1}))
    run.grade(status=1)
    path = run.results / "处理意见.xlsx"
    decided = load_workbook(path)
    for row in decided["处理意见"].iter_rows(min_row=5):
        if row[0].value == "选用文件":
            row[4].value = "是" if "又一份" in str(row[2].value) else "否"
    decided.save(path)
    book = book_of(run)
    run.write(book)
    assert rows_of(book)[MINE]["状态"] == "未报"
    run.write(book, "--decisions", path)
    assert (rows_of(book)[MINE]["状态"], rows_of(book)[MINE]["自评值"]) == ("未核", 1)


def test_an_entry_without_a_staff_number_stands_in_the_row_of_whom_it_counts_for(tmp_path: Path) -> None:
    sample_of("xinyang", tmp_path)
    book, who, mark = tmp_path / "核.xlsx", "南浦区/罗一川/2011", "工作对接评分[1]"
    args = ("review", tmp_path / "收回", "-o", book, "--jobs", 1)
    call(*args)
    verify(book, {(who, mark): {"核定值": 8}}, "个人复查")
    with opened(book, "个人复查") as sheet:
        heads = columns(sheet)
        for row in sheet.iter_rows(min_row=6):
            if row[heads["核定值"] - 1].value == 8:
                row[heads["工号"] - 1].value = None
    call(*args)
    assert rows_of(book, "个人复查")[who, mark]["核定值"] == 8
    assert LOST not in load_workbook(book).sheetnames


def test_a_review_that_lies_among_the_returns_is_told_to_count_for_nothing(run: Review) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": 2}})
    shutil.copy(book, run.returned / "复查.xlsx")
    record = run.grade(status=1)
    (said,) = told(record, "file-review")
    assert (said["level"], said["file"]) == ("警告", "复查.xlsx") and "--review" in said["mend"]
    assert not told(run.grade("--review", run.returned / "复查.xlsx"), "file-review")


def test_what_is_wrong_in_the_table_of_the_ledger_is_said_when_the_review_is_written(
    run: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = run.folder / "台账.csv"
    ledger.write_text(f"单位,{CELL}\n甲镇,1\n别处镇,3\n", "utf-8")
    capsys.readouterr()
    run.write(run.folder / "另一本.xlsx", "--prefill", ledger)
    assert "台账.csv，A3：「别处镇」不在名册上" in capsys.readouterr().out


def test_nobody_is_told_to_send_a_return_back_for_what_is_wrong_in_the_review(
    run: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    book = book_of(run)
    verify(book, {MINE: {"核定值": "约3"}})
    capsys.readouterr()
    run.grade("--review", book, status=1)
    out = capsys.readouterr().out
    assert "约3" in out and "退回/" not in out
