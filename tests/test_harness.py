"""The test support itself: what it promises must hold before anything is judged by it."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from tests import float64, office
from tests.parity import read_csv

MAIN = "填报"
SHEET_XML = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</worksheet>'


def write_stale(path: Path) -> Path:
    """A workbook all of whose cached values are wrong, one of each type, also on a hidden sheet."""
    book = xlsxwriter.Workbook(path)
    sheet, hidden = book.add_worksheet(MAIN), book.add_worksheet("My Sheet")
    hidden.hide()
    sheet.write("A1", 1)
    sheet.write_string("A2", "=not a formula", book.add_format({"bold": True}))
    sheet.write_formula("B1", "=A1+1", None, 99)
    sheet.write_formula("B2", '=IF(A1<2,"<少>","多")', book.add_format({"italic": True}), "多")
    sheet.write_formula("B3", "=A1>0", None, False)
    sheet.write_formula("B4", "=1/0", None, "#N/A")
    sheet.write_formula("B5", '=IF(A1=1,"","x")', None, "x")
    sheet.write_formula("B6", "=A1*3", None, "")
    sheet.write_formula("B7", "=Z9", None, 5)
    sheet.write_array_formula("B8", "{=SUM(A1:A1*4)}", None, 99)
    hidden.write_formula("A1", f"={MAIN}!B1*10", None, 99)
    book.close()
    return path


STALE_CONSTANTS = {"A1": 1, "A2": "=not a formula"}
STALE_COMPUTED = {
    "B1": 2,
    "B2": "<少>",
    "B3": True,
    "B4": "#DIV/0!",
    "B5": "",
    "B6": 3,
    "B7": 0,
    "B8": 4,
}


def write_formulas(path: Path, formulas: Sequence[str]) -> Path:
    """Formulas in column K of a sheet with numbers, text, blanks, a boolean and an error."""
    book = xlsxwriter.Workbook(path)
    sheet, other = book.add_worksheet(MAIN), book.add_worksheet("My Sheet")
    cells: dict[str, Any] = {"A1": 1, "A2": 2, "A3": "甲", "A5": True, "A6": -3.5, "A7": "=1/0", "A8": "2"}
    cells |= {"B1": 0, "B2": 1, "B3": 5}
    cells |= {"C1": "待核", "C2": "待定", "C3": " 待核 ", "C4": "abc", "C5": '=""', "C6": "a*c"}
    cells |= {"D1": 1, "E1": -2, "F1": 3.5, "G1": "x", "I1": 4}
    cells |= {"D2": 2, "E2": 3, "F2": 3, "G2": 4, "D3": 5, "E3": 9, "F3": 1}
    for ref, value in cells.items():
        sheet.write(ref, value)
    other.write("A1", 21)
    other.write("B2", 0.5)
    for row, formula in enumerate(formulas):
        sheet.write_formula(row, 10, f"={formula}")
    book.close()
    return path


def column_k(values: Mapping[str, Mapping[str, Any]], formulas: Sequence[str]) -> dict[str, Any]:
    return {formula: values[MAIN][f"K{row}"] for row, formula in enumerate(formulas, start=1)}


def ieee(tmp_path: Path, formula: str) -> Any:
    path = write_formulas(tmp_path / "book.xlsx", [formula])
    return column_k(float64.evaluate(path), [formula])[formula]


# --- LibreOffice --------------------------------------------------------------------------------


@office.require_office
def test_stale_cached_values_are_recalculated(tmp_path: Path) -> None:
    path = write_stale(tmp_path / "一.xlsx")
    assert office.cached_values(path)[MAIN]["B1"] == 99
    saved = office.recalculate([path], tmp_path / "out")[path]
    assert office.cached_values(saved)[MAIN] == STALE_CONSTANTS | STALE_COMPUTED


@office.require_office
def test_values_cover_all_sheets_and_types(tmp_path: Path) -> None:
    path = write_stale(tmp_path / "一.xlsx")
    values = office.recalculated_values([path])[path]
    assert values == {MAIN: STALE_CONSTANTS | STALE_COMPUTED, "My Sheet": {"A1": 20}}
    assert values[MAIN]["B3"] is True


@office.require_office
def test_values_read_from_csv_are_of_their_types_and_whole_whatever_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "一.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("表-1")
    for col, (formula, shown) in enumerate([("=2/3", "0.#"), ("=2/3", "0%"), ("=-1E20/4", "General"), ("=1/0", "0")]):
        sheet.write_formula(0, col, formula, book.add_format({"num_format": shown}))
    for col, text in enumerate(["2", "a,1", '"2"', "一\n二", "2\n"]):
        sheet.write_string(1, col, text)
    sheet.write_formula(2, 0, '=""')
    book.close()
    values = read_csv(office.recalculated_texts([path])[path]["表-1"])
    assert values == {"A1": pytest.approx(2 / 3, abs=1e-14), "B1": pytest.approx(2 / 3, abs=1e-14), "C1": -2.5e19,
                      "D1": "#DIV/0!", "A2": "2", "B2": "a,1", "C2": '"2"', "D2": "一\n二", "E2": "2\n"}  # fmt: skip


@office.require_office
def test_office_without_the_setting_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The very trap the harness is for: by default LibreOffice passes cached values on.
    monkeypatch.setattr(office, "ALWAYS_RECALCULATE", {"OOXMLRecalcMode": 1})
    path = write_stale(tmp_path / "一.xlsx")
    with pytest.raises(AssertionError, match=rf"一\.xlsx: {MAIN}!B1 was not recalculated"):
        office.recalculated_values([path])


def test_sentinel_left_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "recalculate", lambda paths, out, timeout: {path: path for path in paths})
    path = write_stale(tmp_path / "一.xlsx")
    with pytest.raises(AssertionError, match=rf"一\.xlsx: {MAIN}!B1 was not recalculated"):
        office.recalculated_values([path])


def test_lost_formula_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty.xlsx"
    xlsxwriter.Workbook(empty).close()
    monkeypatch.setattr(office, "recalculate", lambda paths, out, timeout: dict.fromkeys(paths, empty))
    path = write_stale(tmp_path / "一.xlsx")
    with pytest.raises(AssertionError, match=f"{MAIN}!B1 has no value"):
        office.recalculated_values([path])


def test_sentinels_replace_cached_values_only(tmp_path: Path) -> None:
    path = write_stale(tmp_path / "a.xlsx")
    marked = office.with_sentinels(path, tmp_path / "b.xlsx")
    values = office.cached_values(marked)
    assert values[MAIN] == STALE_CONSTANTS | dict.fromkeys(STALE_COMPUTED, office.SENTINEL)
    assert values["My Sheet"] == {"A1": office.SENTINEL}
    assert office.formula_cells(marked) == office.formula_cells(path)
    assert load_workbook(marked)[MAIN]["B2"].value == '=IF(A1<2,"<少>","多")'
    assert load_workbook(marked)[MAIN]["B2"].font.italic


def test_sentinels_leave_other_parts_alone(tmp_path: Path) -> None:
    path = write_stale(tmp_path / "a.xlsx")
    marked = office.with_sentinels(path, tmp_path / "b.xlsx")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(marked) as after:
        assert before.namelist() == after.namelist()
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}


def test_sentinels_refuse_what_they_do_not_understand() -> None:
    odd = SHEET_XML % b'<c r="A1"><f>1</f><v>1</v><extLst/></c>'
    with pytest.raises(AssertionError, match="1 formula cells, but 0 recognised"):
        office._sheet_with_sentinels(odd, "book")


def test_sentinels_give_a_value_to_a_formula_without_one() -> None:
    bare = SHEET_XML % b'<c r="A1" t="str" s="2"><f>B1</f></c><c r="B1" s="3"/>'
    marked = SHEET_XML % b'<c r="A1" s="2"><f>B1</f><v>987654321</v></c><c r="B1" s="3"/>'
    assert office._sheet_with_sentinels(bare, "book") == marked


@office.require_office
def test_equal_names_do_not_collide_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "CHUNK", 2)
    paths = []
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths.append(write_formulas(folder / "同名.xlsx", [f"A1*{number}"]))
    values = office.recalculated_values([*paths, paths[0]])
    assert [values[path][MAIN]["K1"] for path in paths] == [0, 1, 2]


@office.require_office
def test_missing_output_is_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"this is no workbook")
    with pytest.raises(office.OfficeError, match=r"wrote no xlsx for .*broken\.xlsx"):
        office.recalculate([broken], tmp_path / "out")


@office.require_office
def test_a_hung_office_is_ended(tmp_path: Path) -> None:
    path = write_stale(tmp_path / "a.xlsx")
    with pytest.raises(office.OfficeError, match=r"did not finish within 0\.05 s"):
        office.recalculate([path], tmp_path / "out", timeout=0.05)


@office.require_office
def test_pictures_are_one_for_each_page_in_order(tmp_path: Path) -> None:
    path = tmp_path / "页.xlsx"
    book = xlsxwriter.Workbook(path)
    for number in range(11):
        book.add_worksheet().write(0, 0, number)
    book.close()
    pictures = office.to_pictures(path, tmp_path / "out")
    assert [picture.name for picture in pictures] == [f"页-page-{number:02d}.png" for number in range(1, 12)]
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)


@office.require_office
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_resaved_files_can_be_read(tmp_path: Path, kind: str) -> None:
    path = write_stale(tmp_path / "a.xlsx")
    saved = office.resave(path, tmp_path / "out", kind)
    assert saved == tmp_path / "out" / f"a.{kind}"
    book = CalamineWorkbook.from_path(saved)
    assert book.sheet_names == [MAIN, "My Sheet"]
    assert book.get_sheet_by_name(MAIN).to_python()[0][0] == 1


def test_resaving_never_overwrites_the_source(tmp_path: Path) -> None:
    path = write_stale(tmp_path / "a.xlsx")
    with pytest.raises(ValueError, match="overwrite"):
        office.resave(path, tmp_path)


@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 failed")])
def test_absent_office_skips_or_fails(tmp_path: Path, required: str, outcome: str) -> None:
    test = tmp_path / "test_absent.py"
    test.write_text(
        "from pathlib import Path\nfrom tests import office\n\n"
        "@office.require_office\ndef test_it():\n    office.recalculated_values([])\n"
        "    office.recalculate([Path(__file__)], Path(__file__).parent / 'out')\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(tmp_path), "-rs"]
    environment = {"PATH": "", "PYTHONPATH": str(Path(__file__).parents[1]), "XFKH_REQUIRE_OFFICE": required}
    run = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(test)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert outcome in run.stdout
    assert "LibreOffice (soffice) is n" in run.stdout


# --- plain doubles against LibreOffice ----------------------------------------------------------

# Each formula once; what the two see differently, and rightly so, is tested further down.
AGREED = """
A1+A2*2
-A1^2
2^3^2
2^-1
50%+A1
10-4-3
A3&"x"&A1&A4
0.1+0.2&""
A3="甲"
"abc"="ABC"
A4=0
A4=""
A4=A9
A3>A1
1<"0"
A3+1
" 12 "+1
""+1
TRUE+TRUE
A7+1
IF(A1>0,"是","否")
IF(A1>100,1)
IF(A1,,5)
IF(A3,1,2)
IF(TRUE,1,1/0)
IFERROR(A3+1,-1)
IFERROR(A4,7)
A4
AND(A1:A5)
AND(B1:B3,TRUE)
OR(A1>9,A5)
OR(1/0,TRUE)
NOT(A4)
MIN(A1:A6)
MAX(A3:A4)
MAX(A1:A7)
ROUND(-2.5,0)
ROUND(1250,-2)
ROUND(1.234,2)
INT(-1.5)
ABS(A6)
SUM(A1:A4)
SUM("x")
SUM(A:A)
SUMPRODUCT(D1:I1)
SUMPRODUCT((D2:F3<0)+(D2:F3/2<>INT(D2:F3/2)))
SUMPRODUCT((D1:I1<0)+(D1:I1<>INT(D1:I1)))
SUMPRODUCT(--ISNUMBER(D1:I1))
SUMPRODUCT(--(D1:I1>1))
SUMPRODUCT(--ISBLANK(D1:I1))
SUMPRODUCT(--(D2:D4=F2:I2))
SUMPRODUCT(D1:F1,D2:F2)
SUMPRODUCT(D1:F1,D2:E2)
SUMPRODUCT(--(TRIM(C1:C9)="待核"))
SUMPRODUCT(1/COUNTIF(D2:F2,D2:F2))
SUMPRODUCT(--ISERROR(MATCH(C1:C4,C3:C6,0)))
SUMPRODUCT(ROUND(ABS(D2:F3)/3,1))
COUNTIF(C1:C9,"待核")
COUNTIF(C1:C9,"待*")
COUNTIF(C1:C9,"?核")
COUNTIF(C1:C9,"<>待核")
COUNTIF(C1:C9,"")
COUNTIF(C1:C9,"=")
COUNTIF(C1:C9,"<>")
COUNTIF(C1:C9,"a~*c")
COUNTIF(B1:B9,">0")
COUNTIF(A1:A9,"<>2")
COUNTIF(A1:A9,A3)
COUNTIF(A1:A9,"#DIV/0!")
COUNTIFS(A1:A9,">0",C1:C9,"待*")
COUNTIFS(A1:A9,">0",C1:C8,"待*")
SUMIFS(A1:A6,C1:C6,"待*")
SUMIFS(A1:A6,A1:A6,"<0")
SUMIFS(A1:A9,C1:C9," 待核 ",A1:A9,"甲")
INDEX(A1:A3,2)
INDEX(D1:F1,3)
INDEX(D2:F3,2,3)
SUM(INDEX(D2:F3,0,2))
ISBLANK(INDEX(A1:A6,4))
INDEX(C1:C9,MATCH(2,A1:A9,0))
MATCH("待*",C1:C9,0)
MATCH("无此",C1:C9,0)
RANK(A2,A1:A6)
RANK(A1,A1:A6,1)
RANK(3,D2:F3)
COUNT(C1:F3)
COUNTA(C1:C9)
ISNUMBER(A3)
ISTEXT(A4)
ISBLANK(C5)
ISERROR(A7)
ISERROR(NoSuchName)
LEN(A3&"ab")
LEN(A4)
TRIM("  a   b ")
'My Sheet'!A1*2
SUM('My Sheet'!$A$1:$B$2)
填报!A1+1
A1:A300+0
D1:I1*2
#N/A
NoSuchName+1
10^400
""".strip().splitlines()


def agree(left: Any, right: Any) -> bool:
    if isinstance(left, bool | str) or isinstance(right, bool | str):
        return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)
    return bool(left == pytest.approx(right, rel=1e-12, abs=1e-12))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    path = write_formulas(tmp_path_factory.mktemp("agreed") / "book.xlsx", AGREED)
    theirs = office.recalculated_values([path])[path]
    return column_k(theirs, AGREED), column_k(float64.evaluate(path), AGREED)


@office.require_office
@pytest.mark.parametrize("formula", AGREED)
def test_doubles_and_office_agree(formula: str, both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    theirs, ours = both
    assert agree(theirs[formula], ours[formula]), f"{formula}: {theirs[formula]!r}, {ours[formula]!r}"


# What binary noise does to formulas: (formula, plain doubles, LibreOffice).
NOISE: list[tuple[str, Any, Any]] = [
    ("ROUND(1.005,2)", 1.01, 1.01),
    ("ROUND(0.1*0.35,2)", 0.03, 0.04),
    ("ROUND(ROUND(0.1*0.35,9),2)", 0.04, 0.04),
    ("ROUND(0.285*100,2)", 28.5, 28.5),
    ("ROUND(1.1*1.1*100,0)", 121.0, 121),
    ("0.1+0.2=0.3", False, True),
    ("INT((0.1+0.7)*10)", 7.0, 8),
    ("0.1+0.2-0.3=0", False, True),
]


@pytest.mark.parametrize(("formula", "plain", "_office"), NOISE)
def test_doubles_are_not_helped_along(tmp_path: Path, formula: str, plain: Any, _office: Any) -> None:
    assert ieee(tmp_path, formula) == plain


@office.require_office
def test_office_helps_along(tmp_path: Path) -> None:
    formulas = [formula for formula, _, _ in NOISE]
    path = write_formulas(tmp_path / "book.xlsx", formulas)
    values = column_k(office.recalculated_values([path])[path], formulas)
    assert values == {formula: helped for formula, _, helped in NOISE}


# --- plain doubles after Excel, where LibreOffice goes its own way ------------------------------


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("A1&A5", "1TRUE"),
        ("TRUE>A3", True),
        ("ISNUMBER(A5)", False),
        ("SUM(A1:A6)", -0.5),
        ("SUM(A5)", 0.0),
        ('SUM(A1,TRUE,"3")', 5.0),
        ("SUMPRODUCT(D1:F1>1)", 0.0),
        ('AND("TRUE",1)', True),
        ("COUNT(A1:A9)", 3.0),
        ("COUNTIF(A1:A9,2)", 2.0),
        ("COUNTIF(A1:A9,TRUE)", 1.0),
        ("INDEX(A1:A3,9)", "#REF!"),
        ("RANK(77,A1:A6)", "#N/A"),
        ("0^0", "#NUM!"),
        ("--TRUE", 1.0),
        ('LEN("😀")', 2.0),
        ('1E-12&""', "1E-12"),
        ('123456789012345678&""', "1.23456789012346E+17"),
    ],
)
def test_excel_has_the_last_word(tmp_path: Path, formula: str, value: Any) -> None:
    assert agree(ieee(tmp_path, formula), value)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("IF(FALSE,VLOOKUP(1,A1:B3,2),1)", r"填报!K1: function VLOOKUP is not in"),
        ("_xlfn.IFS(A1>0,1)", r"function _XLFN\.IFS is not in"),
        ("ROUND(1.5)", "ROUND cannot take 1 arguments"),
        ("IF(1,2,3,4)", "IF cannot take 4 arguments"),
        ("MATCH(1,A1:A3)", "exact"),
        ("MATCH(1,A1:A3,1)", "exact"),
        ("SUMPRODUCT(IF(A1:A3>0,1,0))", r"Ctrl\+Shift\+Enter"),
        ("COUNTIF(A1&A2,1)", "range only"),
        ("COUNTIFS(A1:A2,1,B1:B2)", "pairs"),
        ("SUM(A1:A3 A2:A5)", "unexpected 'A2:A5'"),
        ("无此表!A1", "no sheet '无此表'"),
        ("K1+1", r"填报!K1: the formula needs its own value"),
    ],
)
def test_formulas_beyond_trust_raise(tmp_path: Path, formula: str, message: str) -> None:
    with pytest.raises(float64.FormulaError, match=message):
        ieee(tmp_path, formula)


def test_cycle_through_another_sheet(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("甲").write_formula("A1", "=SUM(乙!A1:A3)")
    book.add_worksheet("乙").write_formula("A2", "=IF(甲!A1>0,1,2)")
    book.close()
    with pytest.raises(float64.CycleError, match="甲!A1"):
        float64.evaluate(path)


def test_array_formulas_raise(tmp_path: Path) -> None:
    with pytest.raises(float64.FormulaError, match=f"{MAIN}!B8: array formulas"):
        float64.evaluate(write_stale(tmp_path / "book.xlsx"))


def test_long_chains_against_the_reading_order(tmp_path: Path) -> None:
    path, length = tmp_path / "book.xlsx", 3000
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(MAIN)
    for row in range(1, length):
        sheet.write_formula(f"A{row}", f"=IF(A{row + 1}>0,A{row + 1}+1,0)")
    sheet.write(f"A{length}", 1)
    book.close()
    assert float64.evaluate(path)[MAIN]["A1"] == length


def test_names_dates_and_constants(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("It's")
    sheet.write_datetime("A1", datetime.datetime(2024, 1, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write("A2", "文")
    sheet.write("A3", True)
    sheet.write_formula("B1", "='It''s'!A1+满分")
    book.define_name("满分", "='It''s'!$C$1")
    sheet.write("C1", 100)
    book.close()
    expected = {"It's": {"A1": 45292.0, "A2": "文", "A3": True, "B1": 45392.0, "C1": 100.0}}
    assert float64.evaluate(path) == expected
