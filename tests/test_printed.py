"""What a return prints is compared with what was issued: every changed word, formula and row is told once, and what
programs do when they save, or rows and columns put in between, is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import office
from tests.cases_district import PERFECT
from tests.rounds import Round
from tests.surgery import FORM, Genuine, Xml, formula, number, reworked, words, zipped
from xfkh.intake import arrive, begin
from xfkh.intake.form import form_of, read_form
from xfkh.intake.printed import LIMIT, NOTHING, UNSAID, Print, print_of, terms_of
from xfkh.receive.printed import compared, differences
from xfkh.scheme import load, within
from xfkh.template import FILE, Terms, printed, read_issue, write_blank
from xfkh.template.issue import write_issue
from xfkh.workbook.anchors import ANSWER
from xfkh.workbook.open import read_any
from xfkh.workbook.style import Theme
from xfkh.workers import Workers

TELLING = {"print-changed", "formula-changed", "print-gone", "cell-outside", "label-changed", "title-changed",
           "max-changed", "formula-gone", "score-differs"}  # fmt: skip
UNIT, OTHER = "甲镇", "乙镇"


def read(data: bytes) -> Print:
    sheets = read_any(data)
    return print_of(form_of(sheets), sheets)


def told(record: Mapping[str, Any], unit: str = UNIT) -> list[tuple[str, str, str]]:
    """Code, place and words of what is said of a form's print."""
    found = [each for each in record["findings"] if each["unit"] == unit and each["code"] in TELLING]
    return [(each["code"], f"{each['sheet']}!{each['cell']}", each["message"]) for each in found]


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return Round(tmp_path_factory.mktemp("round"), {UNIT: PERFECT, OTHER: {**PERFECT, "推诿次数": 1}})


def graded(issued: Round, change: bytes) -> Mapping[str, Any]:
    """A run over a return that was changed, and one that was not."""
    path = issued.path(UNIT)
    genuine = path.read_bytes()
    path.write_bytes(change)
    try:
        record = issued.score()
        assert told(record, OTHER) == []
        return record
    finally:
        path.write_bytes(genuine)


ID, PHONE, CARD = "11010519491231002" + "X", "138" + "1234" + "5678", "62220212345" + "67890128"


def test_a_printed_cell_in_which_somebody_wrote_a_number_is_quoted_without_it(issued: Round) -> None:
    """However far into the text it begins: what is shown of the text is cut where it has no number any more."""
    form = genuine(issued)
    hints = [each.place for each in read(form.data).words if each.sheet == FORM and each.head == f"{ANSWER}2"]
    for secret in (ID, PHONE, CARD, f"({PHONE[:3]}){PHONE[3:]}", f"3 {PHONE}"):
        cells = {place: words("问" * k + secret) for k, place in enumerate(hints[:20], 2)}
        record = graded(issued, zipped(form.put(cells)))
        said = [each for each in told(record) if each[0] == "print-changed"]
        assert said and "…" in said[0][2]
        assert not re.search(r"1101051|1381|1234|622202", str(record["findings"])), secret


@pytest.mark.parametrize("secret", [ID, PHONE, CARD, f"五六{PHONE}"])
def test_points_in_whose_place_somebody_wrote_a_number_are_quoted_without_it(issued: Round, secret: str) -> None:
    form = genuine(issued)
    place = next(points for id, _, _, points, _ in read_form(form.data).heads if id[0] == "一")
    for cell in [words(secret)] + [number(f"{ID[:15]}000")] * (secret == ID):
        record = graded(issued, zipped(form.put({place: cell})))
        assert "max-changed" in {code for code, *_ in told(record)}
        assert not re.search(r"110105|1381|622202", str(record["findings"]))


def changed(issued: Round, cells: Mapping[str, Xml], sheet: str = FORM) -> list[tuple[str, str, str]]:
    return told(graded(issued, zipped(genuine(issued).put(cells, sheet))))


def genuine(issued: Round) -> Genuine:
    return Genuine(UNIT, issued.path(UNIT).read_bytes())


def test_a_changed_unit_is_told_with_both_words(issued: Round) -> None:
    row = genuine(issued).row("应急资金万元")
    ((code, place, said),) = changed(issued, {f"E{row}": words("元")})
    assert (code, place) == ("print-changed", f"填报!E{row}")
    assert f"E{row} 现在写的是“元”，发放时是“万元”" in said


@pytest.mark.parametrize(
    ("cell", "sheet"),
    [("B2", FORM), ("K4", FORM), ("B8", FORM), ("D8", FORM), ("E9", FORM), ("A1", "说明"), ("B4", "检查")],
)
def test_any_printed_word_counts(issued: Round, cell: str, sheet: str) -> None:
    ((code, place, said),) = changed(issued, {cell: words("别的")}, sheet)
    assert (code, place) == ("print-changed", f"{sheet}!{cell}") and "“别的”" in said


def test_two_halves_of_a_year_that_change_places_are_told(issued: Round) -> None:
    first, second = (genuine(issued).row(f"信访信息条数[{k}]") for k in (1, 7))
    texts = genuine(issued).texts(FORM)
    cells = {f"C{first}": words(texts[f"C{second}"]), f"C{second}": words(texts[f"C{first}"])}
    for col in "DEFGHI":
        above, below = f"{col}{int(first) - 1}", f"{col}{int(second) - 1}"
        cells |= {above: words(texts[below]), below: words(texts[above])}
    ((code, _, said),) = changed(issued, cells)
    assert code == "print-changed" and said.count("现在写的是") == 5 and said.endswith("等14处")


def test_words_cleared_are_told(issued: Round) -> None:
    ((code, _, said),) = changed(issued, {"E9": Xml("", "")})
    assert code == "print-changed" and "E9 现在是空的" in said


@pytest.mark.parametrize(
    ("cells", "sheet", "what"),
    [
        ({"L9": words("已填")}, FORM, "L9 现在是数或文字"),
        ({"L3": words("已全部填好")}, FORM, "L3 现在是数或文字"),
        ({"C9": words("没有问题")}, "检查", "检查!C9 现在是数或文字"),
        ({"K8": formula("1+1", 2)}, FORM, "K8 现在是另一个公式"),
        ({"K3": formula("99+6", 105)}, FORM, "K3 现在是另一个公式"),
    ],
)
def test_a_formula_is_told_though_it_shows_the_same(
    issued: Round, cells: Mapping[str, Xml], sheet: str, what: str
) -> None:
    ((code, _, said),) = changed(issued, cells, sheet)
    assert code == "formula-changed" and what in said


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"C8": words("别的事项")}, "title-changed"),
        ({"J8": words("20")}, "max-changed"),
        ({"K8": words("2分")}, "formula-gone"),
        ({"K3": formula("1+1", 2)}, "score-differs"),
        ({"C9": words("　别的次数")}, "label-changed"),
    ],
)
def test_what_is_told_already_is_not_told_twice(issued: Round, cells: Mapping[str, Xml], code: str) -> None:
    assert [each[0] for each in changed(issued, cells)] == [code]


def test_notes_beneath_the_form_are_told(issued: Round) -> None:
    ((code, place, _),) = changed(issued, {"C200": words("见附件")})
    assert (code, place) == ("cell-outside", "填报!C200")


def test_no_answer_is_print(issued: Round) -> None:
    sent = genuine(issued)
    answers = {sent.at["推诿次数"]: number(3), sent.remark("推诿次数"): words("会议纪要")}
    assert not {"print-changed", "formula-changed", "cell-outside"} & {each[0] for each in changed(issued, answers)}


def test_an_issue_keeps_the_print_and_a_tool_that_prints_otherwise_accuses_nobody(
    issued: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = read_issue(issued.issued / FILE).printed
    assert kept.words and kept.marks == read(issued.path(UNIT).read_bytes()).marks
    monkeypatch.setattr("xfkh.template.printed.__defaults__", (None,))
    monkeypatch.setattr("xfkh.template.form.NUMBERS", "序")
    assert told(issued.score()) == []


def test_an_issue_without_a_print_is_as_good(issued: Round, tmp_path: Path) -> None:
    issue = read_issue(issued.issued / FILE)
    write_issue(tmp_path / FILE, load("district")[0], issue.roster, issue.terms, list(issue.files))
    assert read_issue(tmp_path / FILE).printed == NOTHING
    data = zipped(genuine(issued).put({"E9": words("月")}))
    path, whole = issued.path(UNIT), issued.path(UNIT).read_bytes()
    try:
        for content, codes in ((whole, []), (data, ["print-changed"])):
            path.write_bytes(content)
            assert [each[0] for each in told(issued.score("--issued", tmp_path / FILE))] == codes
    finally:
        path.write_bytes(whole)


def test_a_blank_template_prints_the_same_whatever_year_is_written_on_it(tmp_path: Path) -> None:
    scheme = within(load("district")[0], "全年")
    ours = printed(scheme, Terms("2025", "全年"))
    assert read(write_blank(scheme, tmp_path).read_bytes()).marks == ours.marks


@pytest.mark.parametrize("scheme", ["district", "xinyang", "liaocheng-1995"])
def test_rows_put_in_between_change_nothing_that_is_printed(scheme: str) -> None:
    """As an office program does it: the references of all formulas follow."""
    ours = printed(within(load(scheme)[0], "全年"), Terms("2025", "全年"))

    def moved(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) + 2 * (int(found[2]) >= 9)}"

    def follow(sheet: str, text: str) -> str:
        if not text.startswith("="):
            return text
        if sheet == FORM:
            text = re.sub(r"(?<![!A-Z:$])(\$?[A-Z]\$?)(\d+)(?![\d(])", moved, text)
            return re.sub(r"(?<=:)(\$?[A-Z]\$?)(\d+)(?![\d(])", moved, text)
        return re.sub(r"(填报!\$?[A-Z]\$?)(\d+)", moved, text)

    there = Print(tuple(
        each._replace(row=each.row + 2 * (each.sheet == FORM and each.row >= 9), text=follow(each.sheet, each.text))
        for each in ours.words
    ))  # fmt: skip
    assert there.marks != ours.marks
    assert list(differences(ours, there)) == []


@pytest.mark.parametrize("slots", [1, 21, 40])
def test_more_or_fewer_rows_for_persons_are_the_same_print(slots: int, tmp_path: Path) -> None:
    scheme = within(load("xinyang")[0], "全年")
    ours = printed(scheme, Terms("2025", "全年"))
    assert list(differences(ours, read(write_blank(scheme, tmp_path, persons=slots).read_bytes()))) == []


def test_heads_points_and_scores_of_persons_are_print(tmp_path: Path) -> None:
    scheme = within(load("xinyang")[0], "全年")
    blank = write_blank(scheme, tmp_path).read_bytes()
    ours, form = printed(scheme, Terms("2025", "全年")), Genuine("", blank)
    for cell, content in {"E7": number(99), "E9": formula("99", 99), "G5": words("50分"), "G6": words("件")}.items():
        (found,) = differences(ours, read(zipped(form.put({cell: content}, "个人"))))
        assert (found.word.sheet, found.word.place) == ("个人", cell) and found.then
    assert list(differences(ours, read(zipped(form.put({"C7": words("某甲"), "G7": number(3)}, "个人"))))) == []


def test_rows_that_are_gone_are_named(issued: Round) -> None:
    data = genuine(issued).data
    ours = read(data)
    for row, what in ((8, "专题研究"), (5, "领导重视"), (4, "指标/填报项")):
        there = read(reworked(data, lambda book, row=row: book[FORM].delete_rows(row)))  # type: ignore[misc]
        gone = [each for each in differences(ours, there) if each.gone]
        assert [each.then for each in gone] == [what]


@office.require_office
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_the_office_saves_what_was_printed_and_what_was_changed(issued: Round, kind: str, tmp_path: Path) -> None:
    ours = read_issue(issued.issued / FILE).printed
    whole, other = tmp_path / "原样.xlsx", tmp_path / "改动.xlsx"
    whole.write_bytes(genuine(issued).data)
    other.write_bytes(zipped(genuine(issued).put({"E9": words("月"), "K8": number(2)})))
    saved = [path.read_bytes() for path in office.resave_all([whole, other], tmp_path / kind, kind)]
    assert read(saved[0]).marks[1] == ours.marks[1]
    assert list(differences(ours, read(saved[0]))) == []
    assert sorted(each.word.place for each in differences(ours, read(saved[1]))) == ["E9", "K8"]


def test_the_period_on_the_cover_is_that_of_the_round(issued: Round) -> None:
    ((code, place, said),) = changed(issued, {"B3": words("填报表　2025年　上半年")}, "封面")
    assert (code, place) == ("print-changed", "封面!B3") and "上半年" in said and "全年" in said


def test_what_is_asked_for_on_the_cover_is_not_compared(issued: Round) -> None:
    own = {place: words("某某") for place in ("C9", "E9", "C10", "E10", "C11", "E11")}
    assert changed(issued, own, "封面") == []


@pytest.fixture(scope="module")
def termed(tmp_path_factory: pytest.TempPathFactory) -> Round:
    """A round with a day and an office to return to."""
    terms = ("--due", "2026年1月10日", "--return-to", f"区信访局 张三 {PHONE}")
    return Round(tmp_path_factory.mktemp("round"), {UNIT: PERFECT, OTHER: {**PERFECT, "推诿次数": 1}}, options=terms)


@pytest.mark.parametrize(
    ("place", "then"), [("C7", "2026-01-10"), ("C8", "区信访局张三…"), ("C6", "乡"), ("E6", "000")]
)
@pytest.mark.parametrize("now", ["别的", ""])
def test_what_was_written_on_the_cover_for_the_unit_or_the_round_is_told(
    termed: Round, place: str, then: str, now: str
) -> None:
    cell = read_form(genuine(termed).data).facts
    assert {label: text for label, (text, *_) in cell.items()} == {"类别": "乡", "代码": "000"}
    ((code, where, said),) = changed(termed, {place: words(now)}, "封面")
    assert (code, where) == ("print-changed", f"封面!{place}")
    assert f"“{then}”" in said and (f"现在写的是“{now}”" if now else "现在是空的") in said and PHONE not in said


def test_a_blank_template_need_not_say_the_terms(termed: Round, tmp_path: Path) -> None:
    """Nor is anything said of its unit where an office has no list of what it sent."""
    scheme = within(load("district")[0], "全年")
    blank = read(write_blank(scheme, tmp_path).read_bytes())
    whole = read(genuine(termed).data)
    assert {(each.col, each.text) for each in blank.words if each.sheet == "封面" and each.text in UNSAID} == {
        ("C", text) for text in UNSAID}  # fmt: skip
    assert list(differences(whole, blank)) == []
    made = printed(scheme, Terms("2025", "全年"))
    assert [each.word.place for each in differences(made, whole)] == ["C7", "C8"]


def test_without_a_list_the_terms_are_what_most_covers_say(termed: Round, tmp_path: Path) -> None:
    for unit, kept in ((UNIT, False), (OTHER, True)):
        (tmp_path / f"{unit}.xlsx").write_bytes(data := termed.path(unit).read_bytes())
        if not kept:
            other = Genuine(unit, data).put({"C7": words("2027-01-01")}, "封面")
            (tmp_path / f"{unit}改.xlsx").write_bytes(zipped(other))
    scheme = within(load("district")[0], "全年")
    made = printed(scheme, Terms("2025", "全年"))
    found = {}
    with Workers(1) as workers:
        arrived, _ = arrive(begin([tmp_path], workers), ())
        changes = compared(arrived, lambda: made, workers)
        for each in arrived:
            assert each.form is not None
            found[each.name] = [one.word.place for one in changes[each.form.printed]]
    assert found == {f"{UNIT}.xlsx": [], f"{OTHER}.xlsx": [], f"{UNIT}改.xlsx": ["C7"]}


def test_terms_that_were_left_to_the_usual_words_are_told_too(issued: Round) -> None:
    assert [place for _, place, _ in changed(issued, {"C8": words("别处")}, "封面")] == ["封面!C8"]


def test_a_list_that_did_not_keep_the_terms_accuses_nobody(termed: Round) -> None:
    whole = read(genuine(termed).data)
    older = Print(
        tuple(each for each in whole.words if each.sheet != "封面" or (each.row, each.col) not in terms_of(whole))
    )
    assert len(older.words) == len(whole.words) - 2 and list(differences(older, whole)) == []


def test_an_office_named_on_the_cover_moves_what_is_printed_there(tmp_path: Path) -> None:
    scheme = within(load("district")[0], "全年")
    ours = printed(scheme, Terms("2025", "全年"))
    themed = write_blank(scheme, tmp_path, theme=Theme(office="某某区信访局")).read_bytes()
    assert read(themed).marks == ours.marks and list(differences(ours, read(themed))) == []
    (found,) = differences(ours, read(zipped(Genuine("", themed).put({"B8": words("别的")}, "封面"))))
    assert (found.word.sheet, found.word.place, found.then) == ("封面", "B8", "截止日期")


def test_a_list_that_did_not_keep_the_cover_and_the_limits_accuses_nobody(issued: Round) -> None:
    whole = read(genuine(issued).data)
    older = Print(tuple(each for each in whole.words if each.sheet != "封面" and not each.head.startswith(LIMIT)))
    assert len(older.words) < len(whole.words) and list(differences(older, whole)) == []


def test_only_wider_limits_are_told(issued: Round) -> None:
    ours, form = read(genuine(issued).data), genuine(issued)
    for old, new, wider in (("999999", "99999", False), ("999999", "9999999", True), ('"是,否"', '"否,是"', False),
                            ('"是,否"', '"是,否,无"', True)):  # fmt: skip
        there = read(zipped(form.sub(FORM, f"<formula([12])>{old}<", rf"<formula\1>{new}<")))
        known = [each.place for each in ours.words if each.head.startswith(LIMIT) and old.strip('"') in each.text]
        assert there.marks != ours.marks and known
        assert [each.word.place for each in differences(ours, there)] == (known if wider else [])
