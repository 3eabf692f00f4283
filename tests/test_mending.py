"""退回/: what is wrong goes back in the unit's own workbook, and the mended copy closes exactly that."""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases_district import PERFECT
from tests.rounds import Round, call, subject
from xfkh.samples import type_in

Record = dict[str, Any]
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
    assert slip.name == run.path("甲镇").stem + "_退回.xlsx"
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
    assert again.name == "甲镇改好_退回.xlsx"
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


def test_a_file_that_cannot_be_marked_goes_back_as_a_list(run: Round) -> None:
    path = run.path("乙镇")
    path.write_bytes(path.read_bytes()[:-400])
    run.grade(status=1)
    slip = next(each for each in slips(run) if each.name.startswith("乙镇"))
    book = load_workbook(slip)
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"] == ["退回说明"]


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
    slip = next(each for each in slips(run) if each.name.startswith("乙镇"))
    mark = {row[0].value: row[1].value for row in load_workbook(slip)["_xfkh"].iter_rows()}["替换"]
    copy, out = load_workbook(BytesIO(whole)), BytesIO()
    copy["_xfkh"].append(["替换", mark])
    copy.save(out)
    (run.returned / "乙镇改好.xlsx").write_bytes(out.getvalue())
    after = run.grade(status=1)
    assert subject(after, "乙镇")["state"] == "已评"
    assert fates(after)[path.name][0] == "忽略"
    assert not [each for each in after["findings"] if each["file"] == path.name]
