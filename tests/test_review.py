"""复查: what a person verified is what counts, and nothing that he wrote is ever lost."""

from __future__ import annotations

import json
import shutil
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests import office
from tests.cases_district import PERFECT
from tests.rounds import Round, call, opened, sample_of
from tests.test_groups import Office
from xfkh.template import FILE

PAGE = "单位复查"
UNITS = ("甲镇", "乙镇", "丙镇", "丁镇")


def columns(sheet: Worksheet) -> dict[str, int]:
    heads = next(row for row in sheet.iter_rows(max_row=8) if any(cell.value == "核定值" for cell in row))
    return {str(cell.value): cell.column for cell in heads if cell.value}


Entries = dict[tuple[str, str], dict[str, Any]]


def rows_of(path: Path, page: str = PAGE) -> Entries:
    """The rows of a review workbook as they are stored, by unit (and person) and answer."""
    sheet = load_workbook(path, data_only=True)[page]
    at = columns(sheet)
    found = Entries()
    for k in range(6, sheet.max_row + 1):
        row: dict[str, Any] = {name: sheet.cell(k, col).value for name, col in at.items()}
        who = "/".join(str(row[name]) for name in ("单位", "姓名", "工号") if row.get(name))
        if row["标记"]:
            found[who, row["标记"]] = row
    return found


def verify(path: Path, entries: Entries, page: str = PAGE) -> None:
    """What a reviewer types into the rows, and saves."""
    book = load_workbook(path)
    sheet = book[page]
    at = columns(sheet)
    for k in range(6, sheet.max_row + 1):
        who = "/".join(str(sheet.cell(k, at[name]).value) for name in ("单位", "姓名", "工号")
                       if name in at and sheet.cell(k, at[name]).value)  # fmt: skip
        for name, value in entries.get((who, str(sheet.cell(k, at["标记"]).value)), {}).items():
            cell = sheet.cell(k, at[name])
            assert not cell.protection.locked, f"{name} is not to be filled in"
            cell.value = value
    book.save(path)


class Review(Round):
    def write(self, out: Path, *args: object, status: int | None = None) -> Path:
        found = call("review", self.returned, "-o", out, "--issued", self.issued / FILE, "--jobs", 1, *args)
        if status is not None:
            assert found == status
        return out

    def unit(self, record: dict[str, Any], name: str) -> dict[str, Any]:
        return next(each for each in record["subjects"] if each["unit"] == name)


@pytest.fixture
def run(tmp_path: Path) -> Review:
    return Review(tmp_path, dict.fromkeys(UNITS, PERFECT))


def codes(record: dict[str, Any]) -> list[str]:
    return [each["code"] for each in record["findings"]]


def test_a_row_an_answer_with_what_was_reported_and_a_link_to_its_cell(run: Review) -> None:
    book = run.write(run.folder / "复查.xlsx")
    row = rows_of(book)["甲镇", "赴市集访批次"]
    assert (row["自评值"], row["系统计算"], row["满分"], row["按核定"]) == (0, 6, 6, 6)
    sheet = load_workbook(book)[PAGE]
    at = columns(sheet)
    wanted = ("甲镇", "赴市集访批次")
    cell = next(sheet.cell(k, at["自评值"]) for k in range(6, sheet.max_row + 1)
                if (sheet.cell(k, at["单位"]).value, sheet.cell(k, at["标记"]).value) == wanted)  # fmt: skip
    assert cell.hyperlink is not None
    source = run.unit(run.grade(), "甲镇")["items"]["二3"]["sources"]["赴市集访批次"]
    where = f"{cell.hyperlink.target or ''}#{cell.hyperlink.location or ''}"
    assert Path(source["file"]).name in where and source["cell"] in where


def test_a_verified_figure_is_what_counts_and_says_why_who_and_when(run: Review) -> None:
    book = run.write(run.folder / "复查.xlsx")
    said = {"核定值": 1, "理由": "查登记簿", "依据": "登记簿第3页", "核定人": "一组", "核定日期": "2026-01-20"}
    verify(book, {("甲镇", "赴市集访批次"): said})
    item = run.unit(run.grade("--review", book), "甲镇")["items"]["二3"]
    source = item["sources"]["赴市集访批次"]
    assert (item["points"], item["self_points"]) == (5, 6)
    assert (source["from"], source["value"], source["self"], source["sheet"]) == ("核定", 1, 0, PAGE)
    assert source["review"] == {"reason": "查登记簿", "basis": "登记簿第3页", "by": "一组", "date": "2026-01-20"}
    feedback = load_workbook(run.results / "反馈" / "甲镇_反馈.xlsx")["反馈"]
    words = "".join(str(cell.value) for row in feedback.iter_rows() for cell in row if cell.value)
    assert "理由：查登记簿；依据：登记簿第3页" in words and "一组" not in words, "who verified stays in the office"


def test_nothing_that_was_written_is_lost_when_the_workbook_is_written_again(run: Review) -> None:
    book = run.write(run.folder / "复查.xlsx")
    said = {"核定值": 0, "理由": "无误", "依据": "走访", "核定人": "二组", "核定日期": "2026-01-21"}
    only_a_reason = {"理由": "等对方回函"}
    verify(book, {("乙镇", "赴省集访批次"): said, ("丙镇", "台账规范"): only_a_reason})
    run.write(book)
    again = rows_of(book)
    assert {name: again["乙镇", "赴省集访批次"][name] for name in said} == said
    assert again["乙镇", "赴省集访批次"]["状态"] == "已核定"
    assert again["丙镇", "台账规范"]["理由"] == "等对方回函"
    assert (again["丙镇", "台账规范"]["核定值"] or "") == ""


def test_a_row_whose_reported_figure_changed_since_is_to_be_looked_at_again_until_somebody_did(run: Review) -> None:
    book = run.write(run.folder / "复查.xlsx")
    verify(book, {("甲镇", "赴市集访批次"): {"核定值": 0}, ("甲镇", "赴省个访批次"): {"核定值": 0}})
    run.type_in("甲镇", {"赴市集访批次": 2})
    stale = [each for each in run.grade("--review", book)["findings"] if each["code"] == "review-stale"]
    assert [(each["level"], each["sheet"], each["unit"]) for each in stale] == [("警告", PAGE, "甲镇")]
    run.write(book, status=1)
    first = next(iter(rows_of(book).items()))
    assert first[0] == ("甲镇", "赴市集访批次"), "what is to be looked at again stands first"
    assert (first[1]["状态"], first[1]["核定值"]) == ("需复核", 0) and "自评数由0变为2" in first[1]["提示"]
    assert rows_of(book)["甲镇", "赴省个访批次"]["状态"] == "已核定", "its own figure and points are the same"
    run.write(book)
    assert rows_of(book)["甲镇", "赴市集访批次"]["状态"] == "需复核", "nobody has looked yet"
    verify(book, {("甲镇", "赴市集访批次"): {"复核": "维持"}})
    assert "review-stale" not in codes(run.grade("--review", book))
    run.write(book)
    kept = rows_of(book)["甲镇", "赴市集访批次"]
    assert (kept["状态"], kept["核定值"]) == ("已改动", 0)


def test_another_value_written_into_such_a_row_is_a_look_too(run: Review) -> None:
    book = run.write(run.folder / "复查.xlsx")
    verify(book, {("甲镇", "赴市集访批次"): {"核定值": 0}})
    run.type_in("甲镇", {"赴市集访批次": 2})
    run.write(book)
    verify(book, {("甲镇", "赴市集访批次"): {"核定值": 1}})
    run.write(book)
    assert rows_of(book)["甲镇", "赴市集访批次"]["状态"] == "已改动"
    assert "review-stale" not in codes(run.grade("--review", book))


def test_a_computed_figure_that_changed_since_is_to_be_looked_at_again(run: Review) -> None:
    """The row's own figure is the same, another of the item is not: the points that the reviewer saw are others."""
    book = run.write(run.folder / "复查.xlsx")
    verify(book, {("甲镇", "来区集访批次"): {"核定值": 0}})
    run.type_in("甲镇", {"来区异常处置不力次数": 1})
    run.write(book)
    row = rows_of(book)["甲镇", "来区集访批次"]
    assert row["状态"] == "需复核" and "系统计算由6变为4" in row["提示"]


def test_teams_with_other_units_merge_and_entries_that_differ_are_held_and_listed(run: Review) -> None:
    one, two, three = (run.write(run.folder / f"{name}.xlsx") for name in ("一组", "二组", "三组"))
    verify(one, {("甲镇", "赴市集访批次"): {"核定值": 1}, ("丙镇", "领导包案件数"): {"核定值": 1}})
    verify(two, {("乙镇", "赴市集访批次"): {"核定值": 0}, ("丙镇", "领导包案件数"): {"核定值": 2}})
    verify(three, {("丁镇", "研究信访工作次数"): {"核定值": 1}, ("甲镇", "赴市集访批次"): {"核定值": 1}})
    record = run.grade("--review", one, "--review", two, "--review", three, status=1)
    clash = [each for each in record["findings"] if each["code"] == "review-clash"]
    assert [each["unit"] for each in clash] == ["丙镇"]
    assert clash[0]["file"] == "二组.xlsx" and "一组.xlsx" in clash[0]["message"]
    points = {name: run.unit(record, name)["items"] for name in UNITS}
    assert points["甲镇"]["二3"]["points"] == 5 and points["丁镇"]["一2"]["points"] == 1
    assert points["丙镇"]["一3"]["state"] == "待核" and run.unit(record, "丙镇")["state"] == "暂定"


def test_a_late_return_after_the_review_and_a_changed_one_are_all_that_a_second_review_shows(tmp_path: Path) -> None:
    run = Review(tmp_path, dict.fromkeys(UNITS, PERFECT))
    late = run.path("丁镇")
    shutil.move(late, tmp_path / late.name)
    book = run.write(tmp_path / "复查.xlsx")
    before: Entries = {("甲镇", "赴市集访批次"): {"核定值": 1}, ("乙镇", "来信未按时答复件数"): {"核定值": 0},
              ("丁镇", "无故缺席次数"): {"核定值": 1, "理由": "按签到簿"}}  # fmt: skip
    verify(book, before)
    first = run.grade("--review", book)
    assert (run.unit(first, "丁镇")["state"], run.unit(first, "甲镇")["rank"]) == ("未报", 3)
    shutil.copytree(run.results, tmp_path / "上次")
    shutil.move(tmp_path / late.name, late)
    run.type_in("乙镇", {"来信未按时答复件数": 4})
    run.write(book, status=1)
    rows = rows_of(book)
    assert {key for key, row in rows.items() if row["状态"] == "需复核"} == {
        ("乙镇", "来信未按时答复件数"),
        ("丁镇", "无故缺席次数"),
    }
    assert {key: row["核定值"] for key, row in rows.items() if row["核定值"] not in (None, "")} == {
        key: each["核定值"] for key, each in before.items()
    }
    second = run.grade("--review", book)
    assert sorted(each["unit"] for each in second["findings"] if each["code"] == "review-stale") == ["丁镇", "乙镇"]
    assert run.unit(second, "丁镇")["items"]["九"]["points"] == 3


def test_what_has_no_row_any_more_is_kept_on_a_page_of_its_own_and_told(run: Review) -> None:
    book = run.write(run.folder / "复查.xlsx")
    verify(book, {("丁镇", "赴市集访批次"): {"核定值": 1, "理由": "查实"}})
    fewer = run.folder / "新名册.csv"
    fewer.write_text("\n".join(run.roster.read_text("utf-8").splitlines()[:-1]), "utf-8")
    for _ in range(2):
        run.write(book, "--roster", fewer)
        kept = [[cell.value for cell in row][:6] for row in load_workbook(book)["其他核定"].iter_rows(min_row=5)]
        assert kept == [["赴市集访批次", "丁镇", None, None, 1, "查实"]]
    assert "table-unit" in codes(run.grade("--review", book, "--roster", fewer))
    run.write(book)
    assert rows_of(book)["丁镇", "赴市集访批次"]["核定值"] == 1, "with the unit its entry is back in its row"


def test_a_cell_that_cannot_be_read_stands_first_and_a_contradiction_before_it(run: Review) -> None:
    run.type_in("丙镇", {"领导包案件数": "约3"})
    run.type_in("乙镇", {"按期报结老户件数": 9, "交办老户件数": 1})
    book = run.write(run.folder / "复查.xlsx", status=1)
    rows = rows_of(book)
    words = [row["状态"] for row in rows.values() if row["状态"] not in ("未核", "可不填")]
    assert words[:3] == ["矛盾", "矛盾", "待核"]
    units = list(dict.fromkeys(unit for unit, _ in rows))
    assert units == ["乙镇", "丙镇", "甲镇", "丁镇"]
    assert "约3" in rows["丙镇", "领导包案件数"]["提示"]
    assert rows["丙镇", "领导包案件数"]["系统计算"] == "待核"


def test_a_figure_of_the_ledger_that_differs_is_shown_beside_the_reported_one(run: Review) -> None:
    ledger = run.folder / "台账.csv"
    ledger.write_text("单位,赴市集访批次,赴省个访批次\n甲镇,2,0\n", "utf-8")
    rows = rows_of(run.write(run.folder / "复查.xlsx", "--prefill", ledger, status=1))
    row = rows["甲镇", "赴市集访批次"]
    assert (row["状态"], row["自评值"], row["台账值"]) == ("不符", 0, 2) and "台账数是2" in row["提示"]
    assert rows["甲镇", "赴省个访批次"]["状态"] == "未核"


def test_what_somebody_wrote_beside_the_table_is_set_aside_before_it_is_written_again(run: Review) -> None:
    book = run.write(run.folder / "复查.xlsx")
    run.write(book)
    assert not list(run.folder.glob("复查_另存_*")), "as long as nobody wrote anywhere else there is no copy"
    own = load_workbook(book)
    own.create_sheet("会议记录")["A1"] = "下周再核"
    own.save(book)
    run.write(book)
    (copy,) = run.folder.glob("复查_另存_*.xlsx")
    assert load_workbook(copy)["会议记录"]["A1"].value == "下周再核"


def test_a_review_workbook_among_the_returns_is_no_return(run: Review) -> None:
    book = run.write(run.returned / "复查.xlsx")
    verify(book, {("甲镇", "赴市集访批次"): {"核定值": 1}})
    for args in ((), ("--review", book)):
        record = run.grade(*args)
        fate = next(each for each in record["files"] if each["file"] == "复查.xlsx")
        assert fate["fate"] == "忽略"
    assert run.unit(record, "甲镇")["items"]["二3"]["points"] == 5


def test_a_personal_number_beside_a_value_is_masked_everywhere_and_told(run: Review) -> None:
    book, phone = run.write(run.folder / "复查.xlsx"), "138" + "1234" + "5678"
    verify(book, {("甲镇", "赴市集访批次"): {"核定值": 1, "理由": f"电话{phone}核实"}})
    record = run.grade("--review", book)
    assert [each["sheet"] for each in record["findings"] if each["code"] == "review-personal"] == [PAGE]
    assert phone not in json.dumps(record, ensure_ascii=False)
    run.write(book)
    assert rows_of(book)["甲镇", "赴市集访批次"]["理由"] == "电话…核实"


@pytest.mark.parametrize("entry", ["约2", -1, 1.5, "是"])
def test_a_verified_value_that_is_none_is_used_by_nobody_and_named_by_its_cell(run: Review, entry: object) -> None:
    book = run.write(run.folder / "复查.xlsx")
    verify(book, {("甲镇", "赴市集访批次"): {"核定值": entry}})
    record = run.grade("--review", book, status=1)
    (said,) = (each for each in record["findings"] if each["code"] == "table-value")
    assert (said["file"], said["sheet"]) == ("复查.xlsx", PAGE) and said["cell"]
    assert run.unit(record, "甲镇")["items"]["二3"]["state"] == "待核"


@office.require_office
@pytest.mark.slow
def test_points_follow_a_verified_figure_in_place(run: Review) -> None:
    """Recalculated by LibreOffice, every row that is live gives what the engine gives for the verified figures."""
    run.type_in("丙镇", {"领导包案件数": "约3"})
    book = run.write(run.folder / "复查.xlsx")
    entries: Entries = {("甲镇", "赴市集访批次"): {"核定值": 3}, ("甲镇", "纳入综合考核"): {"核定值": "否"},
               ("乙镇", "按期报结老户件数"): {"核定值": 9}, ("丙镇", "领导包案件数"): {"核定值": 1},
               ("丁镇", "信访信息条数[3]"): {"核定值": 0}}  # fmt: skip
    verify(book, entries)
    record = run.grade("--review", book)
    (recalculated,) = office.recalculate([book], run.folder / "算").values()
    found = rows_of(recalculated)
    items = {(unit, id): each["points"] for unit in UNITS for id, each in run.unit(record, unit)["items"].items()}
    told = {(unit, row["指标"].split()[0]): row["按核定"] for (unit, _), row in found.items()
            if row["按核定"] not in (None, "")}  # fmt: skip
    assert len(told) > 100
    later = {key for key, points in told.items() if points == "汇总时算"}
    assert {id for _, id in later} == {"六1+"}, "what compares units waits for all of them"
    for key in later:
        del told[key]
    for key, points in told.items():
        wanted = items[key] if items[key] is not None else "待核"
        assert points == wanted, key
    assert (told["甲镇", "二3"], told["甲镇", "一1"], told["丁镇", "四1"]) == (3, 0, 1)
    assert found["乙镇", "按期报结老户件数"]["按核定"] == "待核" or told["乙镇", "三"] == "待核"
    assert "矛盾" in found["乙镇", "按期报结老户件数"]["提示"]
    changed = dict.fromkeys(entries, "已改动") | {("乙镇", "按期报结老户件数"): "矛盾"}
    assert {key: found[key]["状态"] for key in entries} == changed


@office.require_office
@pytest.mark.slow
def test_what_is_stored_is_what_the_formulas_give(run: Review) -> None:
    run.type_in("丙镇", {"领导包案件数": "约3"})
    run.path("丁镇").unlink()
    book = run.write(run.folder / "复查.xlsx")
    verify(book, {("甲镇", "赴市集访批次"): {"核定值": 3}, ("乙镇", "按期报结老户件数"): {"核定值": 9}})
    run.type_in("甲镇", {"赴市集访批次": 1})
    run.write(book)
    (recalculated,) = office.recalculate([book], run.folder / "算").values()
    for page in load_workbook(book).sheetnames:
        pair = [load_workbook(each, data_only=True)[page] for each in (book, recalculated)]
        for one, other in zip(*(sheet.iter_rows() for sheet in pair), strict=False):
            for left, right in zip(one, other, strict=False):
                assert (left.value or "") == (right.value or ""), f"{page}!{left.coordinate}"


def test_rows_of_many_units_go_on_on_further_sheets_and_all_are_read_again(
    run: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xfkh.report.reviewing.MOST_ROWS", 150)
    book = run.write(run.folder / "复查.xlsx")
    assert load_workbook(book).sheetnames == ["概况", PAGE, f"{PAGE}2", "_xfkh"]
    verify(book, {("丙镇", "赴市集访批次"): {"核定值": 1}}, f"{PAGE}2")
    assert run.unit(run.grade("--review", book), "丙镇")["items"]["二3"]["points"] == 5
    run.write(book)
    assert rows_of(book, f"{PAGE}2")["丙镇", "赴市集访批次"]["核定值"] == 1


# --- persons, raters, groups, a scheme without items ---------------------------------------------


@pytest.fixture(scope="module")
def hotline(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of the sample with persons, and its review workbook."""
    folder = tmp_path_factory.mktemp("热线")
    sample_of("xinyang", folder)
    book = folder / "核.xlsx"
    assert call("review", folder / "收回", "-o", book, "--jobs", 1, "--raters", 3) == 1
    return folder, book


def test_the_persons_of_a_unit_stand_together_each_with_room_for_so_many_raters(hotline: tuple[Path, Path]) -> None:
    rows = rows_of(hotline[1], "个人复查")
    units = [row["单位"] for row in rows.values()]
    assert len(list(groupby(units))) == len(set(units))
    marks = [cell for who, cell in rows if who == "南浦区/罗一川/2011" and cell.startswith("工作对接评分")]
    assert marks == [f"工作对接评分[{k}]" for k in (1, 2, 3)]


def test_marks_of_raters_are_averaged_and_an_absent_one_is_no_zero(hotline: tuple[Path, Path], tmp_path: Path) -> None:
    folder, book = hotline
    mine = Path(shutil.copy(book, tmp_path / "核.xlsx"))
    who = "南浦区/罗一川/2011"
    verify(mine, {(who, "工作对接评分[1]"): {"核定值": 8}, (who, "工作对接评分[3]"): {"核定值": 9}}, "个人复查")
    args = (folder / "收回", "-o", tmp_path / "结果", "--review", mine)
    assert call("grade", *args) == 1
    record = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    person = next(each for each in record["subjects"] if each["person"] == "罗一川")
    assert person["items"]["8"]["points"] == 8.5


@office.require_office
@pytest.mark.slow
def test_stored_figures_of_persons_are_what_the_formulas_give(hotline: tuple[Path, Path], tmp_path: Path) -> None:
    folder, book = hotline
    mine = Path(shutil.copy(book, tmp_path / "核.xlsx"))
    who = "南浦区/罗一川/2011"
    marks: Entries = {(who, f"工作对接评分[{k}]"): {"核定值": 7 + k} for k in (1, 2)}
    verify(mine, {**marks, (who, "举报投诉扣分次数"): {"核定值": 1}}, "个人复查")
    assert call("review", folder / "收回", "-o", mine, "--issued", folder / "发放" / FILE, "--jobs", 1) == 1
    (recalculated,) = office.recalculate([mine], tmp_path / "算").values()
    said = rows_of(mine, "个人复查")
    assert said[who, "工作对接评分[1]"]["按核定"] == 8.5
    assert "矛盾" in said[who, "举报投诉扣分次数"]["提示"], "one occurrence costs 5 to 10, not 0"
    again = rows_of(recalculated, "个人复查")
    for key, row in said.items():
        for name in ("状态", "按核定", "提示"):
            assert (row[name] or "") == (again[key][name] or ""), (key, name)


def test_a_scheme_without_items_has_rows_for_what_decides_and_says_what_holds_when_nothing_is_given(
    tmp_path: Path,
) -> None:
    sample_of("liaocheng-1995", tmp_path)
    book = tmp_path / "核.xlsx"
    assert call("review", tmp_path / "收回", "-o", book, "--jobs", 1) == 1
    rows = rows_of(book)
    assert rows["竹影乡", "考评总分"]["状态"] == "待评"
    assert "不填" in rows["竹影乡", "因工作不力造成严重后果"]["提示"]
    sheet = load_workbook(book)[PAGE]
    # openpyxl has columns of the same kind as one
    spans = [(each.min or 0, each.max or 0) for each in sheet.column_dimensions.values() if each.hidden]
    hidden = {k for first, last in spans for k in range(first, last + 1)}
    assert {columns(sheet)[name] for name in ("指标", "满分", "系统计算", "按核定")} <= hidden


@office.require_office
@pytest.mark.slow
def test_of_groups_only_what_is_asked_has_a_row_and_points_weigh_as_in_the_group(tmp_path: Path) -> None:
    made = Office(tmp_path)
    book = tmp_path / "核.xlsx"
    call("review", tmp_path / "收回", "-o", book, "--jobs", 1)
    rows = rows_of(book)
    assert ("甲县", "下访次数") in rows and ("丁区", "下访次数") not in rows
    verify(book, {("甲县", "办结件数"): {"核定值": 8}, ("丁区", "办结件数"): {"核定值": 2}})
    issued = tmp_path / "发放" / FILE
    call("grade", tmp_path / "收回", "-o", made.out, "--issued", issued, "--review", book)
    record = json.loads((made.out / "results.json").read_text("utf-8"))
    items = {each["unit"]: each["items"] for each in record["subjects"]}
    (recalculated,) = office.recalculate([book], tmp_path / "算").values()
    told = 0
    for (unit, _), row in rows_of(recalculated).items():
        if row["按核定"] not in (None, "", "汇总时算"):
            points = items[unit][row["指标"].split()[0]]["points"]
            assert row["按核定"] == ("待核" if points is None else points), (unit, row["指标"])
            told += 1
    assert told > 20


POPULATION = (
    opened("renkou", "按人口的扣分")
    + """
[[part]]
name = "单位"
section = [{ id = "一", title = "秩序", points = 30, clause = "一" }]
input = [
  { name = "万人口数", kind = "数值", origin = "名册", decimals = 2, maximum = 999 },
  { name = "下访应有数", kind = "件数", origin = "名册" },
  { name = "走访批次", kind = "件数" },
  { name = "下访次数", kind = "件数" },
]
item = [
  { id = "一1", section = "一", title = "走访", points = 10, clause = "一1", rule = [
    { kind = "折算扣分", input = "走访批次", divide = "万人口数", each = 2, empty = "计满分" }] },
  { id = "一2", section = "一", title = "人口", points = 10, clause = "一2", rule = [
    { kind = "公式", formula = "MIN(10,万人口数*2)", text = "每万人2分" }] },
  { id = "一3", section = "一", title = "下访", points = 10, clause = "一3", rule = [
    { kind = "比例完成", input = "下访次数", target = "下访应有数", empty = "计满分" }] },
]
"""
)


@office.require_office
@pytest.mark.slow
def test_points_in_place_rest_on_what_the_roster_says_and_wait_where_it_says_nothing(tmp_path: Path) -> None:
    scheme = tmp_path / "人口.toml"
    scheme.write_text(POPULATION, "utf-8")
    base = {"走访批次": 2, "下访次数": 3}
    units: dict[str, dict[str, Any]] = {
        "甲县": {**base, "万人口数": 4, "下访应有数": 6},
        "乙县": {**base, "万人口数": "", "下访应有数": 0},
    }
    run = Review(tmp_path / "轮", units, scheme=str(scheme), reviewed=(), attributes=("万人口数", "下访应有数"),
                 lacking=True)  # fmt: skip
    book = run.write(tmp_path / "复查.xlsx")
    verify(book, {("甲县", "走访批次"): {"核定值": 4}})
    record = run.grade("--review", book)
    (recalculated,) = office.recalculate([book], tmp_path / "算").values()
    sheet = load_workbook(recalculated, data_only=True)[PAGE]
    at, shown = columns(sheet), dict[tuple[str, str], Any]()
    for row in sheet.iter_rows(min_row=6, values_only=True):
        shown.setdefault((str(row[at["单位"] - 1]), str(row[at["指标"] - 1]).split()[0]), row[at["按核定"] - 1])
    for unit in units:
        for id, item in run.unit(record, unit)["items"].items():
            assert shown[unit, id] == ("待核" if item["points"] is None else item["points"]), (unit, id)
    assert {shown["甲县", id] for id in ("一1", "一2", "一3")} == {8, 5}


def progress(book: Path) -> dict[str, tuple[Any, Any]]:
    """Of each unit on 概况, how many answers are to be verified, and how far it is."""
    sheet = load_workbook(book, data_only=True)["概况"]
    heads = next(row for row in sheet.iter_rows(values_only=True) if "进度" in row)
    of, far = heads.index("应核（项）"), heads.index("进度")
    return {str(row[0]): (row[of], row[far]) for row in sheet.iter_rows(values_only=True) if row[0] in UNITS}


def test_a_contradiction_that_a_reviewer_makes_is_in_the_status_on_the_summary_and_first_in_the_order(
    run: Review,
) -> None:
    book = run.write(run.folder / "复查.xlsx")
    verify(book, {("丙镇", "按期报结老户件数"): {"核定值": 9}, ("丙镇", "交办老户件数"): {"核定值": 1}})
    said = run.write(book, status=1)
    rows = rows_of(said)
    assert next(iter(rows))[0] == "丙镇"
    assert {rows["丙镇", name]["状态"] for name in ("按期报结老户件数", "交办老户件数")} == {"矛盾"}
    assert progress(book)["丙镇"][1] == "有要先看的"
    verify(book, {("丙镇", "交办老户件数"): {"核定值": 9}})
    assert rows_of(run.write(book))["丙镇", "按期报结老户件数"]["状态"] == "已改动"


def test_a_unit_is_done_when_all_is_verified_that_must_be(run: Review) -> None:
    book = run.write(run.folder / "复查.xlsx")
    rows = {key: row for key, row in rows_of(book).items() if key[0] == "甲镇"}
    free = {mark for (_, mark), row in rows.items() if row["状态"] == "可不填"}
    assert free == {"台账评比分", "敏感期越级上访次数"}
    verify(book, {key: {"核定值": row["自评值"]} for key, row in rows.items() if key[1] not in free})
    run.write(book)
    assert progress(book)["甲镇"] == (len(rows) - 2, "已核完") and progress(book)["乙镇"][1] == "未开始"
    verify(book, {("甲镇", "台账评比分"): {"核定值": 90}})
    run.write(book)
    assert progress(book)["甲镇"] == (len(rows) - 1, "已核完")


def test_what_could_not_be_read_has_a_link_to_where_it_stands_and_asks_for_no_second_look(run: Review) -> None:
    run.type_in("丙镇", {"领导包案件数": "约3"})
    book = run.write(run.folder / "复查.xlsx", status=1)
    verify(book, {("丙镇", "领导包案件数"): {"核定值": 3}})
    run.write(book)
    row = rows_of(book)["丙镇", "领导包案件数"]
    assert (row["自评值"], row["状态"]) == ("看原表", "已改动")
    sheet = load_workbook(book)[PAGE]
    link = next(cell.hyperlink for line in sheet for cell in line if cell.value == "看原表")
    assert link is not None and "填报" in str(link.location or link.target)
