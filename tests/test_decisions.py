"""What a person wrote into 处理意见.xlsx is kept, but nobody's number in it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases_district import PERFECT
from tests.rounds import Round, subject
from xfkh.decisions import CLOSE, FILE, WAIVE
from xfkh.findings import CATALOGUE, Level

ID, PHONE = "11010519491231002" + "X", "138" + "1234" + "5678"
REASONS = {
    f"区委定的，电话{PHONE}": "区委定的，电话…",
    f"x {PHONE} {ID}": "x … …",
    int(PHONE): "…",
    float(ID[:15] + "000"): "…",
    "经核实，2025年3件": "经核实，2025年3件",
}


def line(run: Round) -> tuple[Any, Any]:
    """The book, and the line in it that asks whether somebody is waited for."""
    book = load_workbook(run.results / "处理意见.xlsx")
    (row,) = (row for row in book["处理意见"].iter_rows(min_row=4) if row[0].value == CLOSE)
    return book, row


@pytest.mark.parametrize("decision", ["是", "否"])
def test_a_decision_whose_mark_was_cleared_is_not_used_and_told(tmp_path: Path, decision: str) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    run.path("乙镇").unlink()
    run.grade(status=1)
    book, row = line(run)
    row[4].value, row[5].value, row[6].value = decision, "区委定的", None
    book.save(run.results / "处理意见.xlsx")
    record = run.grade(status=1)
    (said,) = (each for each in record["findings"] if each["code"] == "decision-lost")
    assert (said["level"], said["cell"]) == ("警告", row[4].coordinate) and f"“{decision}”" in said["message"]
    assert "closed" not in {each["code"] for each in record["findings"]}


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_written_out_again_without_anybodys_number(tmp_path: Path, reason: object) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    run.path("乙镇").unlink()
    run.grade(status=1)
    book, row = line(run)
    row[4].value, row[5].value = "是", reason
    book.save(run.results / "处理意见.xlsx")
    record = run.grade()
    told = [(each["sheet"], each["cell"]) for each in record["findings"] if each["code"] == "decision-personal"]
    assert line(run)[1][5].value == REASONS[reason]
    assert told == [("处理意见", row[5].coordinate)] * ("…" in REASONS[reason])
    assert "closed" in {each["code"] for each in record["findings"]}, "the decision stands"
    written = (each for each in run.results.rglob("*") if each.suffix in (".xlsx", ".json"))
    for path in (each for each in written if "_另存_" not in each.name):  # the person's own file, kept as it was
        parts = zipfile.ZipFile(path) if path.suffix == ".xlsx" else None
        texts = [parts.read(name).decode() for name in parts.namelist()] if parts else [path.read_text("utf-8")]
        assert not re.search(rf"{PHONE}|{ID[:15]}", "".join(texts)), path


# --- waivers --------------------------------------------------------------------------------------

CLAIM = {**PERFECT, "无历史积案和老户": "是", "交办老户件数": 1, "按期报结老户件数": 1}
"""A claim that one of the counts makes unlikely."""


def doubted(folder: Path) -> Round:
    """甲镇 claims what is unlikely, 乙镇 does not."""
    run = Round(folder, {"甲镇": CLAIM, "乙镇": PERFECT})
    run.grade(status=1)
    return run


def said(record: dict[str, Any], code: str = "implausible") -> dict[str, str]:
    found: dict[str, str]
    (found,) = (each for each in record["findings"] if each["code"] == code)
    return found


def table(run: Round, name: str, sheet: str) -> list[tuple[Any, ...]]:
    """The rows of a sheet of the results, beneath its heads."""
    book: Any = load_workbook(run.results / name)
    return [row for row in book[sheet].iter_rows(min_row=5, values_only=True) if any(row)]


def waivers(run: Round) -> list[tuple[Any, ...]]:
    """Unit, place, what, decision, reason of every waiver that is asked or was decided."""
    return [row[1:6] for row in table(run, "处理意见.xlsx", "处理意见") if row[0] == WAIVE]


def waive(run: Round, decision: str | None, reason: str | None, at: int = 0) -> None:
    """What a person writes beside one of the waivers."""
    book: Any = load_workbook(run.results / "处理意见.xlsx")
    row = [row for row in book["处理意见"].iter_rows(min_row=5) if row[0].value == WAIVE][at]
    row[4].value, row[5].value = decision, reason
    book.save(run.results / "处理意见.xlsx")


def test_a_warning_is_asked_about_with_what_and_where(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    warning = said(run.grade(status=1))
    place = "，".join((warning["file"], warning["sheet"], warning["cell"]))
    assert waivers(run) == [("甲镇", place, warning["message"], None, None)]
    assert (warning["level"], warning["waived"]) == ("警告", "")


def test_a_waived_warning_is_a_note_with_its_reason_and_nobody_is_needed_any_more(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    before = run.grade(status=1)
    waive(run, "是", "已现场核实，区委定的")
    record = run.grade(status=0)
    note = said(record)
    assert (note["level"], note["waived"]) == ("提示", "已现场核实，区委定的")
    assert note["message"] == said(before)["message"] + "（已豁免：已现场核实，区委定的）"
    assert record["subjects"] == before["subjects"], "no points change"


def test_a_waiver_is_printed_in_the_list_of_problems_and_beside_the_ranks(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    waive(run, "是", "已现场核实")
    message = said(run.grade(status=0))["message"]
    (row,) = (row for row in table(run, "问题清单.xlsx", "问题") if row[5] == message)
    assert (row[0], row[1], row[7]) == ("甲镇", "提示", "核02")
    notes = table(run, "排名.xlsx", "说明")
    at = next(k for k, row in enumerate(notes) if row[0] == "豁免（1 条警告）")
    assert notes[at + 1][:3] == ("单位", "警告和理由", "代码")
    assert notes[at + 2][0] == "甲镇" and notes[at + 2][1].endswith(message) and notes[at + 2][2] == "核02"


def test_a_decision_in_a_row_that_a_filter_hides_is_taken_too(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    waive(run, "是", "已现场核实")
    book: Any = load_workbook(run.results / "处理意见.xlsx")
    for row in book["处理意见"].iter_rows(min_row=5):
        book["处理意见"].row_dimensions[row[0].row].hidden = True
    book.save(run.results / "处理意见.xlsx")
    assert said(run.grade(status=0))["waived"] == "已现场核实"


def test_where_nothing_is_waived_no_list_says_so(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    waive(run, "否", "要改")
    assert said(run.grade(status=1))["level"] == "警告"
    assert not any("豁免" in str(value) for row in table(run, "排名.xlsx", "说明") for value in row)


def test_a_waiver_without_a_reason_is_not_taken_and_says_so(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    waive(run, "是", None)
    record = run.grade(status=1)
    assert said(record)["level"] == "警告"
    bare = said(record, "decision-bare")
    assert (bare["unit"], bare["cell"][0]) == ("甲镇", "F") and WAIVE in bare["message"]
    assert waivers(run)[0][3] == "是", "kept, so that only the reason is left to write"


def test_a_waiver_stays_over_runs_also_when_its_warning_is_gone_and_holds_when_it_comes_back(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    as_it_was = run.path("甲镇").read_bytes()
    waive(run, "是", "已现场核实")
    for _ in range(2):
        assert said(run.grade(status=0))["waived"] == "已现场核实"
    run.type_in("甲镇", {"无历史积案和老户": "否"})
    record = run.grade()
    assert "implausible" not in {each["code"] for each in record["findings"]}
    assert [row[3:] for row in waivers(run) if "老户" in row[2]] == [("是", "已现场核实")]
    run.path("甲镇").write_bytes(as_it_was)
    assert said(run.grade(status=0))["waived"] == "已现场核实"


def test_a_waiver_lapses_when_a_count_changes_and_the_warning_says_so(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    first = said(run.grade(status=1))["message"]
    waive(run, "是", "已现场核实")
    run.grade(status=0)
    run.type_in("甲镇", {"交办老户件数": 2, "按期报结老户件数": 2})
    back = said(run.grade(status=1))
    assert (back["level"], back["waived"]) == ("警告", "")
    assert back["message"].endswith(f"（豁免的是“{first}”，现在不同了，豁免不再有效）")
    asked = [row for row in waivers(run) if "老户" in row[2]]
    assert [row[3:] for row in asked] == [(None, None), ("是", "已现场核实")], "asked anew, the old one is kept"
    waive(run, "是", "再次核实", at=[row[2] for row in waivers(run)].index(asked[0][2]))
    now = said(run.grade())
    assert now["waived"] == "再次核实" and "不再有效" not in now["message"]


def test_a_waiver_holds_for_a_copy_under_another_name_that_says_the_same(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    waive(run, "是", "已现场核实")
    path = run.path("甲镇")
    run.type_in("甲镇", {"信访信息条数[1]": 9})
    path.rename(path.with_name("甲镇 修改.xlsx"))
    assert said(run.grade())["waived"] == "已现场核实"


def test_a_waiver_of_what_a_message_does_not_quote_holds_for_that_file_alone(tmp_path: Path) -> None:
    """It says in which cell a number like somebody's stands, never which."""
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    run.grade(status=0)
    clean = run.path("甲镇").read_bytes()

    def note(text: str) -> None:
        book: Any = load_workbook(BytesIO(clean))
        book["填报"]["L9"].value = text
        book.save(run.path("甲镇"))

    note(f"电话{PHONE}")
    run.grade(status=1)
    assert len({row[2] for row in waivers(run)}) == len(waivers(run)) > 0
    for k in range(len(waivers(run))):
        waive(run, "是", "不是个人的号码", k)
    assert said(run.grade(status=0), "personal")["waived"]
    note("电话" + PHONE[:-1] + "9")
    back = said(run.grade(status=1), "personal")
    assert back["level"] == "警告" and back["message"].endswith("（豁免的是原来那份文件，文件换了，豁免不再有效）")


def test_a_number_in_the_reason_of_a_waiver_is_shown_nowhere(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    waive(run, "是", f"问过经办人{PHONE}")
    record = run.grade(status=1)
    assert said(record)["waived"] == "问过经办人…" and said(record, "decision-personal")["unit"] == "甲镇"
    for path in run.results.rglob("*"):
        if path.suffix in (".xlsx", ".json") and "_另存_" not in path.name:
            parts = zipfile.ZipFile(path) if path.suffix == ".xlsx" else None
            texts = [parts.read(name).decode() for name in parts.namelist()] if parts else [path.read_text("utf-8")]
            assert PHONE not in "".join(texts), path


def test_what_decides_most_stands_before_the_waivers(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": CLAIM, "乙镇": PERFECT, "丙镇": CLAIM})
    run.path("乙镇").unlink()
    run.grade(status=1)
    assert [row[0] for row in table(run, "处理意见.xlsx", "处理意见")] == [CLOSE, WAIVE, WAIVE]
    waive(run, "是", "核实了")
    book, row = line(run)
    row[4].value, row[5].value = "是", "区委定的"
    book.save(run.results / "处理意见.xlsx")
    run.grade(status=1)
    assert [row[0] for row in table(run, "处理意见.xlsx", "处理意见")] == [CLOSE, WAIVE, WAIVE], "also when only kept"


def test_waivers_are_no_decision_that_somebody_waits_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    doubted(tmp_path)
    told = capsys.readouterr().out
    assert "等人决定" not in told and "1 条警告，核对无误的可以在" in told


def test_a_warning_without_a_waiver_has_a_place_of_its_own_where_it_is_settled() -> None:
    """The scheme, the closing of collection, the choice among files, 处理意见 and 复查 themselves, what is issued."""
    bare = {code: each for code, each in CATALOGUE.items() if each.level is Level.WARNING and each.waiver is None}
    own = {code for code in bare if code.startswith(("scheme-", "decision-", "review-"))}
    assert bare.keys() - own == {"returns-none", "unit-missing", "person-missing", "closed-late", "given-unissued"}
    assert not any(each.waiver for each in CATALOGUE.values() if each.level is not Level.WARNING)


def add(run: Round, **cells: str) -> None:
    """A row that a person adds by hand."""
    path = run.results / "处理意见.xlsx"
    book = load_workbook(path)
    sheet = book["处理意见"]
    heads = {str(each.value): k for k, each in enumerate(next(sheet.iter_rows(min_row=4, max_row=4)), 1)}
    last = sheet.max_row + 1
    for name, value in cells.items():
        sheet.cell(last, heads[name]).value = value
    book.save(path)


def test_a_waiver_without_a_mark_waives_nothing_at_all(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    run.type_in("乙镇", {"领导包案件数": "约3"})
    before = {(each["code"], each["level"]) for each in run.grade(status=1)["findings"]}
    assert ("cell-wrong", "错误") in before
    for reason in ("都看过了", "没有问题"):
        add(run, 事项=WAIVE, 决定="是", 理由=reason)
    record = run.grade(status=1)
    after = {(each["code"], each["level"]) for each in record["findings"]}
    assert after - before == {("decision-lost", "警告")} and not before - after
    assert not any(each.get("waived") for each in record["findings"])
    rows = load_workbook(run.results / "处理意见.xlsx")["处理意见"].iter_rows(min_row=5, values_only=True)
    assert {row[5] for row in rows if row[4]} == {"都看过了", "没有问题"}, "both words stand there still"


def test_two_rows_that_decide_one_matter_differently_decide_nothing_and_are_told(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    run.path("乙镇").unlink()
    run.grade(status=1)
    book, row = line(run)
    row[4].value, row[5].value = "否", "再等一等"
    book.save(run.results / "处理意见.xlsx")
    add(run, 事项=CLOSE, 决定="是", 理由="区委定的", 标记=row[6].value)
    record = run.grade(status=1)
    (said,) = (each for each in record["findings"] if each["code"] == "decision-unknown")
    assert "同一件事有两行" in said["message"]
    assert "closed" not in {each["code"] for each in record["findings"]}


def test_a_waiver_of_a_verified_figure_holds_wherever_the_row_of_the_review_comes_to_stand(tmp_path: Path) -> None:
    """The review is sorted anew whenever it is written, and a second team's copy has another name."""
    run = Round(tmp_path, {"甲镇": {**PERFECT, "交办老户件数": 0, "按期报结老户件数": 0}, "乙镇": PERFECT})
    claim = {"无历史积案和老户": "是", "交办老户件数": 1, "按期报结老户件数": 1}
    first = run.review({"甲镇": claim, "乙镇": {"推诿次数": 0}}).rename(run.folder / "一组.csv")
    warned = said(run.grade("--review", first, status=1))
    assert warned["file"] == "一组.csv"
    waive(run, "是", "已现场核实")
    again = run.review({"乙镇": {"推诿次数": 0}, "甲镇": claim}).rename(run.folder / "二组.csv")
    moved = said(run.grade("--review", again))
    assert (moved["file"], moved["level"]) == ("二组.csv", "提示") and moved["cell"] != warned["cell"]
    assert len(waivers(run)) == 1
    claim["按期报结老户件数"] = 2
    claim["交办老户件数"] = 2
    other = run.review({"乙镇": {"推诿次数": 0}, "甲镇": claim}).rename(run.folder / "三组.csv")
    changed = said(run.grade("--review", other))
    assert changed["level"] == "警告" and "豁免不再有效" in changed["message"]


def test_a_decision_that_is_a_formula_without_a_value_decides_nothing_and_is_told(tmp_path: Path) -> None:
    run = doubted(tmp_path)
    waive(run, '="是"', "已现场核实")
    record = run.grade(status=1)
    assert said(record)["level"] == "警告"
    assert "公式没有算出值" in said(record, "decision-unknown")["message"]


def test_what_rests_on_nothing_is_confirmed_as_what_it_is_and_no_fine_does(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "offices" / "province.toml").read_text("utf-8")
    both = """
[[part.outcome]]
id = "少办的罚"
kind = "处罚"
condition = "及时受理件数/应受理件数<100%"
clause = "五"
because = "没有全部及时"
amount = 500
[[part.outcome]]
id = "全办的表扬"
kind = "荣誉"
condition = "及时受理件数/应受理件数>=100%"
clause = "五"
because = "全部及时"
"""
    scheme = tmp_path / "罚.toml"
    scheme.write_text(text + both, "utf-8")
    own = {"本年件次": 850, "上年件次": 1000, "前年件次": 1000, "大前年件次": 1000, "应受理件数": 0, "及时受理件数": 0,
           "评价件数": 10, "满意件数": 10, "化解件数": 10, "化解任务件数": 10}  # fmt: skip
    run = Round(tmp_path / "轮", {"甲市": own}, scheme=str(scheme), reviewed=())
    (said,) = (each["message"] for each in run.grade()["findings"] if each["code"] == "confirm")
    assert said.endswith("列入待确认，确认后才算")
    path = run.results / FILE
    book: Any = load_workbook(path)
    (row,) = (row for row in book["处理意见"].iter_rows() if str(row[0].value).startswith("确认"))
    assert row[0].value == "确认荣誉"
    row[4].value = "是"
    book.save(path)
    (award,) = subject(run.grade(), "甲市")["outcomes"]
    assert not award["confirm"] and "已由处理意见确认" in award["because"]
