"""退回/: what is wrong goes back in the unit's own workbook, and the mended copy closes exactly that."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases_district import PERFECT
from tests.rounds import Round, call, subject
from xfkh.findings import CATALOGUE
from xfkh.intake.form import read_form
from xfkh.report.mending import BY_OFFICE, to_unit
from xfkh.samples import type_in

Record = dict[str, Any]
ABOUT_NO_RETURN = BY_OFFICE | {"file-lock", "file-empty", "unit-missing"}
WRONG = {"推诿次数": "约2次", "研究信访工作次数": None}


@pytest.fixture
def run(tmp_path: Path) -> Round:
    """Three units; the first wrote one cell that cannot be read and left one blank."""
    made = Round(tmp_path, dict.fromkeys(("甲镇", "乙镇", "丙镇"), PERFECT))
    made.type_in("甲镇", WRONG)
    return made


def slips(run: Round) -> list[Path]:
    return sorted((run.results / "退回").glob("*.xlsx"))


def fates(record: Record) -> dict[str, tuple[str, str]]:
    return {each["file"]: (each["fate"], each["why"]) for each in record["files"]}


def said(record: Record, unit: str) -> set[tuple[str, str]]:
    return {(each["code"], each["cell"]) for each in record["findings"]
            if each["unit"] == unit and each["level"] == "错误"}  # fmt: skip


def mended(slip: bytes, **cells: Any) -> bytes:
    return type_in(slip, cells)


def test_each_return_with_an_error_goes_back_with_the_cells_that_are_wrong(run: Round) -> None:
    record = run.grade(status=1)
    (slip,) = slips(run)
    assert slip.name == "甲镇_退回.xlsx"
    book = load_workbook(slip)
    first = book.worksheets[0]
    words = "\n".join(str(cell.value) for row in first.iter_rows() for cell in row if cell.value is not None)
    wrong = {cell for _, cell in said(record, "甲镇")}
    assert first.title == "退回说明" and wrong
    for cell in wrong:
        assert cell in words
        assert book["填报"][cell].comment is not None
        assert book["填报"][cell].fill.start_color.rgb[2:] not in ("FFF9DB", "000000")
    assert subject(record, "甲镇")["state"] == "暂定"


def test_what_is_in_order_or_for_the_office_to_decide_does_not_go_back(run: Round) -> None:
    run.type_in("甲镇", PERFECT)
    run.type_in("乙镇", {"推诿次数": 3})
    shutil.copy(run.issued / run.path("乙镇").name, run.returned / "乙镇又一份.xlsx")
    record = run.grade(status=1)
    assert subject(record, "乙镇")["state"] == "待定"
    assert not slips(run)


def test_the_mended_copy_supersedes_what_it_came_from_and_closes_exactly_its_findings(run: Round) -> None:
    before = run.grade(status=1)
    (slip,) = slips(run)
    (run.returned / "甲镇改好.xlsx").write_bytes(mended(slip.read_bytes(), 推诿次数=2))
    after = run.grade(status=1)
    old, new = said(before, "甲镇"), said(after, "甲镇")
    assert len(old) == 2 and new < old and len(new) == 1
    fate = fates(after)
    assert fate[run.path("甲镇").name][0] == "忽略" and "取代" in fate[run.path("甲镇").name][1]
    assert fate["甲镇改好.xlsx"][0] == "已评"
    (again,) = slips(run)
    assert again.name == "甲镇_退回.xlsx"
    (run.returned / "甲镇再改.xlsx").write_bytes(mended(again.read_bytes(), 研究信访工作次数=2))
    done = run.grade()
    assert subject(done, "甲镇")["state"] == "已评"
    assert not said(done, "甲镇")
    assert not slips(run)
    points = {id: each["points"] for id, each in subject(done, "甲镇")["items"].items()}
    others = {id: each["points"] for id, each in subject(done, "乙镇")["items"].items()}
    assert [id for id in points if points[id] != others[id]] == ["七2"]


def test_a_second_mended_copy_that_overwrites_the_first_still_supersedes_the_original(run: Round) -> None:
    run.grade(status=1)
    (slip,) = slips(run)
    target = run.returned / "甲镇改好.xlsx"
    target.write_bytes(mended(slip.read_bytes(), 推诿次数=2))
    run.grade(status=1)
    (again,) = slips(run)
    target.write_bytes(mended(again.read_bytes(), 研究信访工作次数=2))
    done = run.grade()
    assert subject(done, "甲镇")["state"] == "已评"
    assert fates(done)[run.path("甲镇").name][0] == "忽略"


def test_a_slip_that_comes_back_as_it_went_out_is_said_so(run: Round) -> None:
    run.grade(status=1)
    (slip,) = slips(run)
    shutil.copy(slip, run.returned / "甲镇交回.xlsx")
    record = run.grade(status=1)
    assert "slip-unmended" in {each["code"] for each in record["findings"] if each["file"] == "甲镇交回.xlsx"}
    assert fates(record)["甲镇交回.xlsx"][0] == "忽略"
    assert subject(record, "甲镇")["state"] == "暂定"


def test_a_slip_saved_again_without_a_mend_is_said_so_too(run: Round) -> None:
    run.grade(status=1)
    (slip,) = slips(run)
    load_workbook(slip).save(run.returned / "甲镇另存.xlsx")
    record = run.grade(status=1)
    assert "slip-unmended" in {each["code"] for each in record["findings"] if each["unit"] == "甲镇"}
    assert subject(record, "甲镇")["state"] == "暂定"


def test_slips_that_lie_in_results_within_the_folder_are_nobodys_return(run: Round) -> None:
    out = run.returned / "结果"
    for _ in range(2):
        assert call("grade", run.returned, "-o", out, "--issued", run.issued / "发放清单.xlsx", "--jobs", 1) == 1
    assert list((out / "退回").glob("*.xlsx"))


def words_of(slip: Path) -> str:
    sheet = load_workbook(slip).worksheets[0]
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def is_list(slip: Path) -> bool:
    shown = [sheet.title for sheet in load_workbook(slip).worksheets if sheet.sheet_state == "visible"]
    return shown == ["退回说明"]


def test_a_file_that_cannot_be_marked_goes_back_as_a_list(run: Round) -> None:
    path = run.path("甲镇")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", b"1")
    record = run.grade(status=1)
    assert "file-macro" in {each["code"] for each in record["findings"]}
    (slip,) = slips(run)
    assert slip.name == "甲镇_退回.xlsx" and is_list(slip)
    assert "请说明来由" in words_of(slip) and "对方" not in words_of(slip)


def cut_short(run: Round) -> None:
    path = run.path("甲镇")
    path.write_bytes(path.read_bytes()[:-400])


def with_another_cover(run: Round) -> None:
    path = run.path("甲镇")
    book = load_workbook(path)
    cover = book["封面"]
    at = next(cell for row in cover.iter_rows() for cell in row if cell.value == "甲镇")
    at.value = "乙镇"
    book.save(path)


def with_another_name(run: Round) -> None:
    run.path("乙镇").unlink()
    path = run.path("甲镇")
    path.rename(path.with_name("乙镇.xlsx"))


def with_a_stranger(run: Round) -> None:
    restamped(run.path("甲镇"), "单位", "火星")


@pytest.mark.parametrize("change", [cut_short, with_another_cover, with_another_name, with_a_stranger])
def test_where_it_is_not_settled_whose_a_file_is_nothing_goes_back(run: Round, change: Callable[[Round], None]) -> None:
    change(run)
    record = run.grade(status=1)
    assert {"退回", "待定"} & {fate for fate, _ in fates(record).values()}
    assert not slips(run)


def restamped(path: Path, key: str, value: str) -> None:
    book = load_workbook(path)
    for row in book["_xfkh"].iter_rows():
        if row[0].value == key:
            row[1].value = value
    book.save(path)


def without_a_row(path: Path) -> None:
    book = load_workbook(path)
    form = book["填报"]
    form.delete_rows(next(cell.row for cell in form["A"] if cell.value == "推诿次数"))
    book.save(path)


@pytest.mark.parametrize("change", [lambda path: restamped(path, "年度", "2024"), without_a_row])
def test_what_only_another_template_mends_goes_back_as_a_list_that_asks_for_it(
    run: Round, change: Callable[[Path], None]
) -> None:
    run.type_in("甲镇", PERFECT)
    change(run.path("乙镇"))
    run.grade(status=1)
    (slip,) = slips(run)
    assert slip.name == "乙镇_退回.xlsx" and is_list(slip)
    said = words_of(slip)
    assert "请用本次发放给本单位的填报表" in said and "不要另用旧表" not in said and "乙镇" in said
    shutil.copy(run.issued / run.path("乙镇").name, run.path("乙镇"))
    run.type_in("乙镇", PERFECT)
    assert subject(run.grade(), "乙镇")["state"] == "已评"


def test_two_slips_of_a_unit_have_numbers(run: Round) -> None:
    shutil.copy(run.path("甲镇"), run.returned / "甲镇旧.xlsx")
    restamped(run.returned / "甲镇旧.xlsx", "年度", "2024")
    without_a_row(run.path("甲镇"))
    run.grade(status=1)
    assert [each.name for each in slips(run)] == ["甲镇_2_退回.xlsx", "甲镇_退回.xlsx"]


# a number and the format in which it stands wrong
ODD = [(datetime(2025, 3, 5), 'm"月"d"日"'), (0.03, "0%"), (2, '0"0"')]


@pytest.mark.parametrize(("value", "code"), ODD)
def test_an_answer_of_another_format_is_mended_by_typing_it(run: Round, value: Any, code: str) -> None:
    """Sent back unmended it is no answer either: the days of a date are many times of anything."""
    run.type_in("甲镇", PERFECT)
    path = run.path("甲镇")
    book, at = load_workbook(path), read_form(path.read_bytes()).cells["推诿次数"][1].rpartition("!")[2]
    book["填报"][at].value, book["填报"][at].number_format = value, code
    book.save(path)
    assert ("cell-wrong", at) in said(run.grade(status=1), "甲镇")
    (slip,) = slips(run)
    back = run.returned / "甲镇改好.xlsx"
    shutil.copy(slip, back)
    assert at in {cell for _, cell in said(run.grade(status=1), "甲镇")}
    back.unlink()
    run.grade(status=1)
    (slip,) = slips(run)
    book = load_workbook(slip)
    # what a program does with a typed 3: it keeps the format of the cell
    assert book["填报"][at].number_format == "General"
    back.write_bytes(mended(slip.read_bytes(), 推诿次数=3))
    done = run.grade()
    assert subject(done, "甲镇")["state"] == "已评" and not said(done, "甲镇")
    assert not slips(run)


def test_what_a_slip_says_is_said_to_the_unit() -> None:
    codes = [code for code, each in CATALOGUE.items() if each.number[0] in "文属人构格核私" and each.level != "提示"]
    words = ("对方", "处理意见", "请单位", "该单位", "移出文件夹", "或用发放的模板")
    spoken = {code: to_unit(CATALOGUE[code].mend) for code in codes if code not in ABOUT_NO_RETURN}
    assert not {code: mend for code, mend in spoken.items() if any(each in mend for each in words)}
    assert to_unit(CATALOGUE["file-stripped"].mend) == "请用 WPS 或 Excel 打开、另存为 .xlsx 后重发"


def test_a_return_in_an_archive_goes_back_too(run: Round) -> None:
    path, packed = run.path("甲镇"), BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("甲镇.xlsx", path.read_bytes())
    path.unlink()
    (run.returned / "一批.zip").write_bytes(packed.getvalue())
    record = run.grade(status=1)
    assert fates(record)["一批.zip!甲镇.xlsx"][0] == "已评"
    (slip,) = slips(run)
    assert slip.name == "甲镇_退回.xlsx"
    assert "填报" in load_workbook(slip).sheetnames
    (run.returned / "改好.xlsx").write_bytes(mended(slip.read_bytes(), 推诿次数=2, 研究信访工作次数=2))
    assert subject(run.grade(), "甲镇")["state"] == "已评"


def test_what_was_wrong_with_the_whole_return_is_settled_by_its_mended_copy(run: Round) -> None:
    """Not only cells: a form that lost a sheet and was refused for a deleted row leaves nothing behind."""
    path = run.path("乙镇")
    whole, book = path.read_bytes(), load_workbook(path)
    form = book["填报"]
    row = next(cell.row for cell in form["A"] if cell.value == "推诿次数")
    form.delete_rows(row)
    del book["说明"]
    book.save(path)
    before = run.grade(status=1)
    assert subject(before, "乙镇")["state"] == "退回"
    mark = sha256(path.read_bytes()).hexdigest()
    copy, out = load_workbook(BytesIO(whole)), BytesIO()
    copy["_xfkh"].append(["替换", mark])
    copy.save(out)
    (run.returned / "乙镇改好.xlsx").write_bytes(out.getvalue())
    after = run.grade(status=1)
    assert subject(after, "乙镇")["state"] == "已评"
    assert fates(after)[path.name][0] == "忽略"
    assert not [each for each in after["findings"] if each["file"] == path.name]


# --- what a mended copy changes besides -----------------------------------------------------------


def told(record: Record, code: str = "slip-changed") -> list[tuple[str, str]]:
    return [(each["unit"], each["message"]) for each in record["findings"] if each["code"] == code]


def test_an_answer_that_was_not_asked_about_and_changed_all_the_same_is_told(run: Round) -> None:
    run.grade(status=1)
    (slip,) = slips(run)
    copy = mended(slip.read_bytes(), 推诿次数=2, 研究信访工作次数=2, 领导包案件数=3)
    (run.returned / "甲镇改好.xlsx").write_bytes(copy)
    record = run.grade(status=1)
    ((unit, message),) = told(record)
    assert unit == "甲镇" and "领导包案件数" in message and "现在是“3”" in message
    (found,) = (each for each in record["findings"] if each["code"] == "slip-changed")
    form = read_form(copy)
    assert (found["level"], found["file"]) == ("警告", "甲镇改好.xlsx")
    assert f"{found['sheet']}!{found['cell']}" == form.cells["领导包案件数"][1]
    assert subject(record, "甲镇")["state"] == "已评" and not slips(run)


def test_what_goes_together_with_a_wrong_answer_may_be_mended_too(tmp_path: Path) -> None:
    run = Round(tmp_path, dict.fromkeys(("甲镇", "乙镇"), PERFECT))
    run.type_in("甲镇", {"合理诉求件数": 3, "解决到位件数": 5})
    record = run.grade(status=1)
    assert told(record, "contradiction")
    (slip,) = slips(run)
    (run.returned / "甲镇改好.xlsx").write_bytes(mended(slip.read_bytes(), 合理诉求件数=4, 解决到位件数=4))
    assert not told(run.grade(status=0))


def test_what_was_changed_in_one_round_stays_told_in_the_next_until_it_is_as_it_was(run: Round) -> None:
    run.grade(status=1)
    target = run.returned / "甲镇1.xlsx"
    target.write_bytes(mended(slips(run)[0].read_bytes(), 推诿次数=2, 领导包案件数=3))
    assert len(told(run.grade(status=1))) == 1
    (again,) = slips(run)
    second = again.read_bytes()
    assert "领导包案件数" not in words_of(again)
    third = run.returned / "甲镇2.xlsx"
    third.write_bytes(mended(second, 研究信访工作次数=2))
    assert [name for name, _ in told(run.grade(status=1))] == ["甲镇"]
    before = read_form((run.issued / run.path("乙镇").name).read_bytes()).cells["领导包案件数"][0].value
    third.write_bytes(mended(second, 研究信访工作次数=2, 领导包案件数=before))
    assert not told(run.grade(status=0))


def test_a_review_decides_what_was_changed_without_being_asked(run: Round) -> None:
    run.grade(status=1)
    copy = mended(slips(run)[0].read_bytes(), 推诿次数=2, 研究信访工作次数=2, 领导包案件数=3)
    (run.returned / "甲镇改好.xlsx").write_bytes(copy)
    review = run.review({"甲镇": {"领导包案件数": 1}})
    record = run.grade("--review", review)
    (found,) = (each for each in record["findings"] if each["code"] == "slip-changed")
    assert found["level"] == "提示" and "已由核定值代替" in found["message"]
