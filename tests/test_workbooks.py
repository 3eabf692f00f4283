"""What we write: text that cannot act, workbooks within the limits of Excel, templates and results as promised."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from xlsxwriter.exceptions import XlsxWriterException

import xfkh
from tests.cases_district import FULL_TOTAL, PERFECT
from tests.rounds import call, table
from xfkh.model import COUNT_LIMIT, Input, InputKind, Origin, Part
from xfkh.scheme import builtin_ids, load
from xfkh.template import FILE as ISSUED
from xfkh.text import CELL_LIMIT, active, clean, file_name, lines, width
from xfkh.workbook.anchors import HEADS
from xfkh.workbook.book import Book, Sheet, WorkbookLimitError, write_whole
from xfkh.workbook.lint import formula_faults, lint
from xfkh.workbook.paging import column_breaks, page_breaks, side_by_side
from xfkh.workbook.style import INPUT

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
# any character at all, lone surrogates and controls too
_CHARACTERS = st.characters(exclude_categories=())
_TEXT = st.text(_CHARACTERS, max_size=40) | st.builds(
    str.__add__,
    st.sampled_from(["=", "+", "-", "@", "\t=", "\r", "\n", "＝", "{=", "'=", " =", "http://", "#"]),
    st.text(),
)


# --- text that leaves the program ---------------------------------------------------------------


@settings(max_examples=300)
@given(_TEXT)
@example("".join(map(chr, range(0x20))) + "\x7f\x85")
@example("\ud800\udfff\ufffe\uffff")
@example(BIDI + ZERO_WIDTH)
def test_clean_text_has_no_control_surrogate_direction_or_zero_width_character(text: str) -> None:
    plain = clean(text)
    kept = {unicodedata.category(each) for each in plain if each != "\n"}
    assert not kept & {"Cc", "Cs"}
    assert not set(plain) & set(BIDI + ZERO_WIDTH + "\ufffe\uffff")
    assert clean(plain) == plain
    plain.encode()


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Sc", "Zs"]), max_size=60))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text", ["字" * 40_000, "x" * 32_768, "𠮷" * 20_000, "a" + "𠮷" * 20_000], ids=lambda text: text[:2]
)
def test_text_is_cut_at_the_length_of_a_cell_as_excel_counts_it(text: str) -> None:
    plain = clean(text)
    assert text.startswith(plain)
    assert CELL_LIMIT - 1 <= len(plain.encode("utf-16-le")) // 2 <= CELL_LIMIT


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_text_that_a_spreadsheet_may_take_for_a_formula_is_known(start: str) -> None:
    assert active(f"{start}1+1")
    assert not active(f"1{start}")


def read_back(data: bytes) -> dict[str, Any]:
    """Reference → cell of the first sheet, as openpyxl gives it."""
    sheet: Any = load_workbook(BytesIO(data)).worksheets[0]
    return {cell.coordinate: cell for row in sheet.iter_rows() for cell in row}


# openpyxl undoes Excel's own escape of such texts by a short cut
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_|x005F_")


@settings(max_examples=60, deadline=None)
@given(st.lists(_TEXT.filter(lambda text: not _ESCAPED.search(text)), min_size=1, max_size=8))
@example(["=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "{=1}", "@SUM(A1)", "-2+3", "+1", "＝1"])
@example(["http://a.cn", "mailto:a@b.cn", "internal:A1", "file:///c:/x", "\\\\server\\share", "ftp://x", "#Sheet!A1"])
@example(["0012", "1e5", "TRUE", "#REF!", "2025-01-01", " 3 ", "nan", "1,234"])
@example(["\u202e=1+1", "\x00=1", "\ud800=1", "\u200b=1+1", "\n", "<a>&\"'", "]]>"])
def test_whatever_is_written_comes_back_as_a_plain_string(texts: list[str]) -> None:
    book = Book("试")
    sheet = book.sheet("表")
    for row, text in enumerate(texts):
        sheet.text(row, 0, text)
        sheet.merge(row, 1, 3, text)
        sheet.put(row, 4, text)
    data = book.finish()
    assert lint(data) == []
    cells = read_back(data)
    for row, text in enumerate(texts, 1):
        for column in "ABE":
            cell, plain = cells.get(f"{column}{row}"), clean(text)
            if not plain:
                assert cell is None or cell.value is None
                continue
            assert cell is not None
            assert (cell.value, cell.data_type, cell.hyperlink) == (plain, "s", None)
            assert not active(plain) or cell.quotePrefix
    with zipfile.ZipFile(BytesIO(data)) as package:
        members = b"".join(map(package.read, package.namelist()))
    assert b"<f>" not in members
    assert b"<hyperlink" not in members


def test_a_text_that_looks_like_an_escape_of_excel_is_escaped() -> None:
    book = Book("试")
    book.sheet("表").text(0, 0, "_x000D_")
    with zipfile.ZipFile(BytesIO(book.finish())) as package:
        assert b"_x005F_x000D_" in package.read("xl/sharedStrings.xml")


@given(st.text(_CHARACTERS))
@example("../../etc/passwd")
@example('a:b*c?"<>|')
@example("...")
def test_a_text_in_a_file_name_is_one_plain_name(text: str) -> None:
    name = file_name(text)
    assert name
    assert name not in (".", "..")
    assert not set(name) & set('\\/:*?"<>|\n\t\0')
    assert name == name.strip(" .") or len(name) == 80
    os.fsencode(name)


def test_a_chinese_character_takes_two_columns() -> None:
    assert width("甲a，") == 5
    assert lines("甲乙丙丁", 4) == 2
    assert lines("甲\n乙", 10) == 2


# --- the limits of Excel ------------------------------------------------------------------------


def book_with(change: Callable[[Book, Sheet], object]) -> Book:
    """A book with one sheet, changed; xlsxwriter may warn, and must not be the only one to notice."""
    book = Book("试")
    sheet = book.sheet("表")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        change(book, sheet)
    return book


def written(change: Callable[[Book, Sheet], object]) -> bytes:
    book = book_with(change)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return book.finish()


def formula(text: str) -> Callable[[Book, Sheet], object]:
    return lambda _, sheet: sheet.formula(0, 0, text, 0)


def validation(**options: Any) -> Callable[[Book, Sheet], object]:
    full = {"validate": "list", "source": ["是", "否"], **options}
    return lambda _, sheet: sheet.validate(0, 0, 0, full)


def give_names(book: Book, sheet: Sheet, *names: str) -> None:
    for row, name in enumerate(names):
        book.name(name, sheet, row, 0)


def nested(depth: int) -> str:
    return "IF(A1," * depth + "1" + ",0)" * depth


LONG_LIST = ["选项" + "x" * 10] * 20

WITHIN: dict[str, Callable[[Book, Sheet], object]] = {
    "a formula of 8192 characters": formula("1" + "+1" * 4_095),
    "a literal of 255 characters": formula(f'"{"字" * 255}"'),
    "many literals that are long together": formula("&".join([f'"{"字" * 200}"'] * 20)),
    "64 levels": formula(nested(64)),
    "many brackets side by side": formula("+".join(["ROUND(1,0)"] * 200)),
    "brackets inside a literal": formula(f'"{"(" * 100}"&"[1]A:A TODAY("'),
    "the functions of Excel 2010": formula('COUNTIFS(A1:A9,1)+SUMIFS(A1:A9,B1:B9,"IFS(")+SUMPRODUCT((A1:A9<>"")*1)'),
    "a prompt of 255 characters": validation(input_message="字" * 255, input_title="字" * 32),
    "a list of 255 characters": validation(source=["x" * 127, "y" * 127]),
    "a sheet name of 31 characters": lambda book, _: book.sheet("字" * 31),
    "a Chinese name": lambda book, sheet: book.name("进京个访批次", sheet, 0, 0),
    "a link within the workbook": lambda _, sheet: sheet.raw.write_url(0, 0, "internal:'表'!A1"),
}

BEYOND: dict[str, Callable[[Book, Sheet], object]] = {
    "a formula of more than 8192 characters": formula("1" + "+1" * 4_096),
    "a formula too long, past the one door": lambda _, sheet: sheet.raw.write_formula(0, 0, "=" + "1" + "+1" * 4_200),
    "a literal of more than 255 characters": formula(f'IF(A1,"{"字" * 256}","")'),
    "a literal made long by doubled quotes": formula(f'"{"字" * 200}{chr(34) * 2 * 60}"'),
    "65 levels": formula(nested(65)),
    "a prompt of more than 255 characters": validation(input_message="字" * 256),
    "an error message of more than 255 characters": validation(error_message="字" * 256),
    "a prompt title of more than 32 characters": validation(input_message="字", input_title="字" * 33),
    "an error title of more than 32 characters": validation(error_message="字", error_title="字" * 33),
    "a list of more than 255 characters": validation(source=LONG_LIST),
    "a name like a cell": lambda book, sheet: book.name("AB12", sheet, 0, 0),
    "a name like a cell in rows and columns": lambda book, sheet: book.name("R1C1", sheet, 0, 0),
    "a name with a space": lambda book, sheet: book.name("进京 个访", sheet, 0, 0),
    "a name with a digit in front": lambda book, sheet: book.name("12月", sheet, 0, 0),
    "a name with brackets": lambda book, sheet: book.name("信访信息条数[1]", sheet, 0, 0),
    "an empty name": lambda book, sheet: book.name("", sheet, 0, 0),
    "a name of more than 255 characters": lambda book, sheet: book.name("字" * 256, sheet, 0, 0),
    "the same name twice": lambda book, sheet: give_names(book, sheet, "甲", "甲"),
    "the same name in other letters": lambda book, sheet: give_names(book, sheet, "Aa_", "aA_"),
    "a sheet name of more than 31 characters": lambda book, _: book.sheet("字" * 32),
    "a sheet name with a slash": lambda book, _: book.sheet("甲/乙"),
    "a sheet name in quotes": lambda book, _: book.sheet("'甲'"),
    "the same sheet name twice": lambda book, _: (book.sheet("A甲"), book.sheet("a甲")),
    "a whole column": formula("SUM(A:A)"),
    "whole columns of another sheet": formula("SUMIFS('表'!$B:$B,'表'!$A:$A,1)"),
    "another workbook": formula("[1]表!A1"),
    "another workbook by its path": formula("'C:\\[年报.xlsx]表'!A1"),
    "a link out of the workbook": lambda _, sheet: sheet.raw.write_url(0, 0, "https://example.com/"),
    "a text outside the grid": lambda _, sheet: sheet.text(2**20, 0, "x"),
    "a column outside the grid": lambda _, sheet: sheet.number(0, 2**14, 1),
    "a text too long, past the one door": lambda _, sheet: sheet._done(sheet.raw.write_string(0, 0, "x" * 40_000)),
    "a conditional format with a late function": lambda _, sheet: sheet.colour(
        (0, 0), (1, 1), {"type": "formula", "criteria": "=XLOOKUP(A1,B1:B2,B1:B2)"}, bg_color="#FFFFFF"
    ),
}  # fmt: skip

LATE = (
    *("LET", "LAMBDA", "XLOOKUP", "IFS", "SWITCH", "MAXIFS", "MINIFS", "TEXTJOIN", "CONCAT", "RANK.EQ", "AGGREGATE"),
    *("INDIRECT", "OFFSET", "CELL", "TODAY", "NOW", "FILTER", "SORT", "UNIQUE", "SEQUENCE"),
)


@pytest.mark.parametrize("kind", WITHIN)
def test_what_excel_takes_is_written_without_complaint(kind: str) -> None:
    assert lint(written(WITHIN[kind])) == []


@pytest.mark.parametrize("kind", BEYOND)
def test_what_excel_would_drop_or_repair_is_an_error(kind: str) -> None:
    with pytest.raises((WorkbookLimitError, XlsxWriterException)):
        written(BEYOND[kind])


@pytest.mark.parametrize("name", LATE)
def test_a_function_that_excel_2010_or_wps_lacks_is_an_error(name: str) -> None:
    for text in (f"{name}(A1)", f"1+{name.lower()}(A1,2)", f"_xlfn.{name}(A1)"):
        with pytest.raises(WorkbookLimitError):
            written(formula(text))


@pytest.mark.parametrize(
    "text", ["SUM(A1:A9)", "MAX(B2:B3)", "A1:B2", "$A$1:$AB$99", 'IF(A1="A:A",1,0)', "COUNTIFS(A1:A2,1)"]
)
def test_an_ordinary_formula_has_no_fault(text: str) -> None:
    assert list(formula_faults(text)) == []


def edited(data: bytes, member: str, change: Callable[[bytes], bytes], **added: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, change(source.read(name)) if name == member else source.read(name))
        for name, content in added.items():
            target.writestr(name, content)
    return out.getvalue()


def swapped(one: bytes, two: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert one in data
        return data.replace(one, two)

    return change


BOOK, SHEET = "xl/workbook.xml", "xl/worksheets/sheet1.xml"
NAMED = WITHIN["a Chinese name"]
FOUND_IN_THE_FILE: dict[str, tuple[Callable[[Book, Sheet], object], str, Callable[[bytes], bytes]]] = {
    "a sheet name too long": (formula("1"), BOOK, swapped('name="表"'.encode(), f'name="{"x" * 32}"'.encode())),
    "a sheet name with a bracket": (formula("1"), BOOK, swapped('name="表"'.encode(), b'name="a[b"')),
    "a name like a cell": (NAMED, BOOK, swapped('name="进京个访批次"'.encode(), b'name="XFD12"')),
    "a name that is no name": (NAMED, BOOK, swapped('name="进京个访批次"'.encode(), b'name="1a"')),
    "a late function": (formula("1"), SHEET, swapped(b"<f>1</f>", b"<f>_xlfn.CONCAT(A1)</f>")),
    "another workbook": (formula("1"), SHEET, swapped(b"<f>1</f>", b"<f>[1]a!A1</f>")),
    "a whole column": (formula("1"), SHEET, swapped(b"<f>1</f>", b"<f>SUM(C:C)</f>")),
    "a long literal": (formula("1"), SHEET, swapped(b"<f>1</f>", b'<f>"' + b"x" * 256 + b'"</f>')),
    "a long formula": (formula("1"), SHEET, swapped(b"<f>1</f>", b"<f>" + b"1+" * 5_000 + b"1</f>")),
    "a deep formula": (formula("1"), SHEET, swapped(b"<f>1</f>", f"<f>{nested(65)}</f>".encode())),
    "a long prompt": (
        validation(input_message="字"), SHEET, swapped('prompt="字"'.encode(), b'prompt="' + b"x" * 256 + b'"'),
    ),
    "a long title": (
        validation(input_message="字", input_title="题"),
        SHEET,
        swapped('promptTitle="题"'.encode(), b'promptTitle="' + b"x" * 33 + b'"'),
    ),
    "a long list": (
        validation(), SHEET, swapped('"是,否"'.encode(), b'"' + b"x," * 130 + b'"'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FOUND_IN_THE_FILE)
def test_the_lint_finds_a_breach_in_a_file_whoever_wrote_it(kind: str) -> None:
    make, member, change = FOUND_IN_THE_FILE[kind]
    data = written(make)
    assert lint(data) == []
    assert lint(edited(data, member, change))


def test_the_lint_finds_parts_that_reach_outside() -> None:
    data = written(formula("1"))
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="x" Target="file:///a.xlsx" TargetMode="External"/></Relationships>'
    )
    for name in ("xl/externalLinks/externalLink1.xml", "xl/vbaProject.bin"):
        assert lint(edited(data, "", bytes, **{name: b"<x/>"}))
    assert lint(edited(data, "", bytes, **{"xl/worksheets/_rels/sheet1.xml.rels": relation}))


# --- whole or not at all ------------------------------------------------------------------------


def fail(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, "no space left")


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace", "os.fdopen"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "结果.xlsx"
    write_whole(path, b"old")
    monkeypatch.setattr(step, fail)
    for target in (path, tmp_path / "新.xlsx"):
        with pytest.raises(OSError, match="no space"):
            write_whole(target, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["结果.xlsx"]


def test_a_book_beyond_a_limit_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    book = book_with(formula("SUM(A:A)"))
    with pytest.raises(WorkbookLimitError):
        book.save(path)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_new_file_is_whole_readable_and_in_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "新" / "深" / "a.bin"
    write_whole(path, b"x" * 10_000)
    assert path.read_bytes() == b"x" * 10_000
    assert [each.name for each in path.parent.iterdir()] == ["a.bin"]


# --- a template ---------------------------------------------------------------------------------

ROSTER = "单位,代码,类别,邮箱,到区时限分钟\n东风街道,D01,街道,,\n陈桥乡,D02,乡,,50\n金沙乡,D03,乡,,30\n"
DUE, RETURN_TO = "2026-01-15", "区信访局办公室"


class Mailing(NamedTuple):
    """One round of templates: 东风街道 is prefilled, the others are empty."""

    folder: Path
    roster: Path
    prefill: Path

    @property
    def out(self) -> Path:
        return self.folder / "发放"

    def arguments(self, out: Path) -> list[object]:
        terms = ["--year", 2025, "--due", DUE, "--return-to", RETURN_TO]
        return ["template", "district", "--roster", self.roster, *terms, "--prefill", self.prefill, "-o", out]

    def path(self, unit: str) -> Path:
        return next(self.out.glob(f"{unit}_*.xlsx"))

    def book(self, unit: str, **options: bool) -> Any:
        return load_workbook(self.path(unit), **options)


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory) -> Mailing:
    folder = tmp_path_factory.mktemp("mailing")
    (folder / "名册.csv").write_text(ROSTER, encoding="utf-8")
    prefill = table(folder / "预填.csv", {"东风街道": PERFECT}, list(PERFECT))
    made = Mailing(folder, folder / "名册.csv", prefill)
    assert call(*made.arguments(made.out)) == 0
    assert call("template", "district", "--blank", "-o", folder / "空白") == 0
    return made


@pytest.fixture(scope="module")
def part() -> Part:
    return load("district")[0].parts[0]


@pytest.fixture(scope="module")
def book(mailing: Mailing) -> Any:
    return mailing.book("东风街道")


def asked(part: Part) -> list[tuple[Input, str]]:
    """The cells that a unit fills."""
    own = (Origin.SELF, Origin.LEDGER, Origin.PREVIOUS)
    return [(each, cell) for each, cell in part.cells("全年") if each.origin in own]


def places(sheet: Any) -> dict[str, str]:
    """Input cell → address, and #item → the address of its list of materials: beside the last answer beneath it."""
    columns = {cell.value: cell.column_letter for cell in sheet[1] if cell.value}
    found: dict[str, str] = {}
    head = ""
    for row in range(2, sheet.max_row + 1):
        id = str(sheet.cell(row, 1).value or "")
        name, _, start = id.partition("[")
        if id.startswith("#"):
            head, found[id] = id, f"{columns['@材料']}{row}"
        elif id and head and not sheet[f"{columns['@材料']}{row}"].protection.locked:
            found[head] = f"{columns['@材料']}{row}"
        if id.startswith("#"):
            continue
        if start:
            found |= {f"{name}[{int(start[:-1]) + k}]": f"{columns[f'@{k + 1}']}{row}" for k in range(6)}
        elif id:
            found[id] = f"{columns['@1']}{row}"
    return found


def beside(sheet: Any, label: str) -> Any:
    """The value to the right of a label."""
    (value,) = (
        sheet.cell(cell.row, cell.column + 1).value for row in sheet.iter_rows() for cell in row if cell.value == label
    )
    return value


def unlocked(sheet: Any) -> set[str]:
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}


def test_a_template_has_its_five_sheets_and_the_mark_is_hidden_for_good(book: Any) -> None:
    assert book.sheetnames == ["封面", "填报", "检查", "说明", "_xfkh"]
    assert [sheet.sheet_state for sheet in book.worksheets] == [*["visible"] * 4, "veryHidden"]
    assert book.active.title == "封面"


def test_the_identity_of_a_template_stands_in_cells_and_again_in_its_properties(book: Any) -> None:
    scheme, _ = load("district")
    stamp = {row[0].value: row[1].value for row in book["_xfkh"].iter_rows()}
    assert stamp["计量"].startswith("纳入综合考核＝是否；研究信访工作次数＝件数，次；领导包案件数＝件数，件；")
    assert {key: value for key, value in stamp.items() if key != "计量"} == {
        "类型": "填报表",
        "方案": "district",
        "方案版本": scheme.version,
        "方案指纹": scheme.digest,
        "年度": "2025",
        "考核期": "全年",
        "单位": "东风街道",
        "代码": "D01",
    }
    assert {each.name: each.value for each in book.custom_doc_props.props} == {
        f"xfkh.{key}": value[:255] for key, value in stamp.items()
    }


def test_only_the_cells_to_be_filled_are_unlocked(mailing: Mailing, book: Any, part: Part) -> None:
    at = places(book["填报"])
    inputs = {at[cell] for _, cell in asked(part)}
    # evidence is listed where it is asked for or something is filled in, and never beside what the review judges
    materials = {id.removeprefix("#"): address for id, address in at.items() if id.startswith("#")}
    shared = {id for id in materials if id.endswith("+") and id != "二5+"}
    assert unlocked(book["填报"]) == inputs | {materials[id] for id in materials.keys() - shared}
    for name in ("检查", "说明", "_xfkh"):
        assert not unlocked(book[name])
    cover = book["封面"]
    signed = {sheet_right(cover, label) for label in ("填报人", "审核人", "联系电话", "填报日期")}
    assert unlocked(cover) == signed
    blank: Any = load_workbook(next((mailing.folder / "空白").iterdir()))
    filled = {sheet_right(blank["封面"], label) for label in ("填报单位", "年度")}
    assert unlocked(blank["封面"]) == signed | filled
    assert unlocked(blank["填报"]) == unlocked(book["填报"])


def sheet_right(sheet: Any, label: str) -> str:
    (found,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    return str(sheet.cell(found.row, found.column + 1).coordinate)


def test_every_sheet_is_protected_without_a_password_and_widths_and_filters_stay_free(book: Any) -> None:
    for sheet in book.worksheets:
        protection = sheet.protection
        assert protection.sheet
        assert not protection.password
        assert not protection.hashValue
        assert not (protection.formatColumns or protection.formatRows or protection.autoFilter)


def test_every_yes_or_no_has_its_drop_down_and_every_count_its_limits_and_prompt(book: Any, part: Part) -> None:
    sheet, at = book["填报"], places(book["填报"])
    rules = {str(ref): rule for rule in sheet.data_validations.dataValidation for ref in rule.sqref.ranges}
    for each, cell in asked(part):
        rule = rules[at[cell]]
        assert rule.showInputMessage
        assert rule.showErrorMessage
        assert rule.promptTitle == each.name[:32]
        assert rule.prompt
        if each.kind is InputKind.FLAG:
            assert (rule.type, rule.formula1) == ("list", '"是,否"')
            assert not rule.showDropDown, "the attribute hides the arrow"
        elif each.kind is InputKind.COUNT:
            assert (rule.type, rule.operator) in (("whole", None), ("whole", "between"))
            assert (rule.formula1, rule.formula2) == ("0", str(each.maximum or COUNT_LIMIT))
        else:
            assert rule.type == "decimal"


def test_every_prompt_names_the_clause(book: Any, part: Part) -> None:
    sheet, at = book["填报"], places(book["填报"])
    prompts = {str(ref): rule.prompt for rule in sheet.data_validations.dataValidation for ref in rule.sqref.ranges}
    assert not [cell for _, cell in asked(part) if "依据：五(" not in prompts[at[cell]]]


@pytest.fixture(scope="module", params=builtin_ids())
def blank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The blank template of each built-in scheme."""
    folder = tmp_path_factory.mktemp("blank")
    assert call("template", request.param, "--blank", "-o", folder) == 0
    return load_workbook(next(folder.iterdir()))


def test_what_can_be_filled_in_is_yellow_and_nothing_else_is(blank: Any) -> None:
    for sheet in blank.worksheets:
        merged = {cell for area in sheet.merged_cells.ranges for cell in list(area.cells)[1:]}
        for cell in (each for line in sheet.iter_rows() for each in line if (each.row, each.column) not in merged):
            yellow = cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb[2:] == INPUT.lstrip("#")
            assert yellow == (not cell.protection.locked), f"{sheet.title}!{cell.coordinate}"


def test_a_prompt_is_one_or_two_short_lines(blank: Any) -> None:
    for name in {"填报", "个人"} & set(blank.sheetnames):
        prompts = [each.prompt for each in blank[name].data_validations.dataValidation]
        assert all(prompts)
        assert max(map(width, prompts)) <= 100, max(prompts, key=width)


def test_from_every_line_of_the_check_sheet_a_link_leads_to_a_cell_that_is_filled_in(blank: Any) -> None:
    checks, form = blank["检查"], blank["填报"]
    lines = [row for row in range(5, checks.max_row + 1) if checks.cell(row, 2).value]
    assert lines
    for row in lines:
        sheet, _, address = checks.cell(row, 2).hyperlink.location.partition("!")
        assert sheet.strip("'") == "填报"
        if str(checks.cell(row, 3).value).startswith("=填报!"):
            assert not form[address].protection.locked
            assert checks.cell(row, 3).value == f"=填报!L{form[address].row}"


def test_on_a_small_screen_the_form_is_seen_whole_in_width_and_its_head_leaves_room(blank: Any) -> None:
    """1366 × 768 shows some 1300 × 480 pixels of cells at 100 %."""
    for name, least in (("填报", 370), ("个人", 270)):
        if name not in blank.sheetnames:
            continue
        sheet = blank[name]
        frozen: Any = range_boundaries(sheet.freeze_panes)
        column, row = frozen[:2]
        head = sum(each.height or 15 for k, each in sheet.row_dimensions.items() if k < row and not each.hidden)
        assert 480 - head * 96 / 72 >= least
        assert pixels(sheet, 1, 13 if name == "填报" else column - 1) <= (1300 if name == "填报" else 1300 / 2)


def pixels(sheet: Any, first: int, last: int) -> float:
    """How wide the visible columns are."""
    total = 0.0
    for each in sheet.column_dimensions.values():
        shown = range(max(each.min, first), min(each.max, last) + 1)
        total += 0 if each.hidden else len(shown) * (each.width * 7 + 5)
    return total


def test_the_form_prints_on_a4_landscape_one_page_wide_with_repeated_heads(book: Any) -> None:
    for name, orientation in (("封面", "portrait"), ("填报", "landscape"), ("检查", "portrait"), ("说明", "portrait")):
        sheet = book[name]
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.page_setup.orientation == orientation
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        # absent means 1 wide
        assert int(sheet.page_setup.fitToWidth or 1) == 1
        # the cover is one page, whatever a scheme says on it
        high = sheet.page_setup.fitToHeight
        assert (1 if high is None else int(high)) == int(name == "封面")
    form = book["填报"]
    assert form.print_title_rows
    assert book["检查"].print_title_rows
    assert form.print_area
    head = next(cell.row for row in form.iter_rows(max_row=8) for cell in row if cell.value == "编号")
    first, last = (int(each.strip("$")) for each in form.print_title_rows.split(":"))
    assert first <= head <= last


A4_HEIGHT = 595.3 - 1.1 * 72
"""Of a page on its side, in points, between the margins."""


def page_starts(sheet: Any) -> list[int]:
    return [int(each.id) + 1 for each in sheet.row_breaks.brk]


def test_a_page_of_the_form_begins_with_a_head_and_never_ends_with_one(blank: Any) -> None:
    form = blank["填报"]
    across = pixels(form, 1, 13) * 0.75
    room = A4_HEIGHT * max(1.0, across / (841.9 - 0.8 * 72))
    heights = {k: each.height or 15 for k, each in form.row_dimensions.items() if not each.hidden}
    starts = page_starts(form)
    assert starts
    for first, end in zip([2, *starts], [*starts, form.max_row + 1], strict=True):
        heads = 0 if first == 2 else sum(heights[row] for row in (2, 3, 4))
        used = heads + sum(heights.get(row, 15) for row in range(first, end))
        assert used <= room and (used > room * 0.7 or end > form.max_row), (first, end)
        ids = [str(form.cell(row, 1).value or "") for row in (first, end - 1)]
        divides = not ids[0] and form.cell(first, 3).value
        assert first == 2 or divides or ids[0].startswith("#"), form.cell(first, 3).value
        assert ids[1], form.cell(end - 1, 3).value  # not a section or a band
    readers = {form.cell(row, 1).value for row in (first - 1 for first in starts)}
    assert not {each for each in readers if str(each).startswith("#") and asks_beneath(form, str(each))}


def asks_beneath(form: Any, head: str) -> bool:
    """Whether an answer stands right beneath a head."""
    row = next(row for row in range(2, form.max_row + 1) if form.cell(row, 1).value == head) + 1
    captions = not form.cell(row, 1).value and form.cell(row, 4).value and not form.cell(row, 2).value
    return bool(captions) or (bool(form.cell(row, 1).value) and not str(form.cell(row, 1).value).startswith("#"))


def test_pages_break_before_a_start_where_there_is_one_and_anywhere_where_there_is_none() -> None:
    assert page_breaks([10] * 10, [0, 2, 5, 8], room=45) == [2, 5, 8]
    assert page_breaks([10] * 10, [0], room=45) == [4, 8]
    assert page_breaks([10] * 10, range(10), room=50, heads=20) == [5, 8]
    assert page_breaks([10, 99, 10], [0, 1, 2], room=50) == [1, 2]
    assert page_breaks([10] * 4, [0, 2], room=45) == []


@pytest.mark.parametrize("seed", range(40))
def test_a_title_stands_whole_on_the_first_of_several_pages_however_wide_a_program_draws(seed: int) -> None:
    drawn = random.Random(seed)
    widths, pages = [6, 20, *(drawn.choice([8.5, 9, 14, 22]) for _ in range(drawn.randint(12, 40)))], seed % 3 + 2
    sheet = Book("甲").sheet("乙")
    sheet.widths(*widths)
    last = side_by_side(sheet, 2, len(widths) - 1, pages)
    assert sheet.raw.fit_width == pages and 2 <= last < len(widths) - 1
    for wider in (1, 1.2, 1.35):
        drawn_as = [each * 7 * wider + 5 for each in widths]
        # as programs do: the largest scale in per cent at which the pages suffice
        scale = next(each for each in range(100, 1, -1) if len(column_breaks(drawn_as, 2, 104_550 / each)) < pages)
        begins = column_breaks(drawn_as, 2, 104_550 / scale)
        assert not begins or begins[0] > last


def test_what_earns_nothing_in_a_period_is_marked_so_in_words(tmp_path: Path) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text("单位,类别\n甲镇,乡\n", "utf-8")
    assert call("template", "district", "--roster", roster, "--year", 2025, "--period", "上半年", "-o", tmp_path) == 0
    form = load_workbook(next(tmp_path.glob("甲镇_*.xlsx")))["填报"]
    rows = [row for row in range(2, form.max_row + 1) if str(form.cell(row, 1).value).startswith("#")]
    worth = {str(form.cell(row, 1).value): form.cell(row, 10).value for row in rows}
    assert worth["#二1+"] == "不计分"
    assert not {"加0", "0"} & set(worth.values())


def test_the_unit_of_a_persons_figure_stands_whole_on_a_line_of_its_own(blank: Any) -> None:
    if "个人" not in blank.sheetnames:
        return
    sheet = blank["个人"]
    row = next(row for row in range(1, 9) if sheet.cell(row, 1).value == HEADS)
    labels = [str(sheet.cell(row, col).value).split("\n") for col in range(7, sheet.max_column + 1)]
    assert labels and all(len(each) == 2 and re.fullmatch("（.+）", each[1]) for each in labels)


def test_the_heads_stay_in_sight(book: Any) -> None:
    form = book["填报"]
    column, row, *_ = range_boundaries(form.freeze_panes)
    head = next(cell.row for line in form.iter_rows(max_row=8) for cell in line if cell.value == "编号")
    assert row == head + 1
    assert column is not None
    assert column > 1
    assert book["检查"].freeze_panes


def test_every_single_input_has_a_name_that_points_to_its_cell(book: Any, part: Part) -> None:
    at = places(book["填报"])
    expected = {each.name: at[cell] for each, cell in asked(part) if not each.series}
    found = {name: each.attr_text.replace("$", "").rpartition("!")[2] for name, each in book.defined_names.items()}
    assert found == expected
    assert {each.attr_text.rpartition("!")[0].strip("'") for each in book.defined_names.values()} == {"填报"}


def formulas_without_value(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            for cell in ElementTree.fromstring(package.read(name)).iter(f"{MAIN}c"):
                # an empty element is an empty text
                if cell.find(f"{MAIN}f") is not None and cell.find(f"{MAIN}v") is None:
                    yield f"{name}!{cell.get('r')}"


def test_no_formula_is_without_its_value(mailing: Mailing) -> None:
    for path in (*mailing.out.glob("*.xlsx"), *(mailing.folder / "空白").iterdir()):
        assert not list(formulas_without_value(path.read_bytes())), path.name
        assert lint(path.read_bytes()) == []


def test_the_values_beside_the_formulas_are_true_before_anything_recalculates(mailing: Mailing) -> None:
    filled, empty = mailing.book("东风街道", data_only=True), mailing.book("陈桥乡", data_only=True)
    assert beside(filled["填报"], "合计") == float(FULL_TOTAL)
    assert beside(empty["填报"], "暂计") == "待填"
    scores = {
        row[0].value: row[10].value for row in empty["填报"].iter_rows(min_row=2) if str(row[0].value).startswith("#")
    }
    live = {value for id, value in scores.items() if value != "复查评定"}
    assert live == {"待填"}
    assert {cell.value for row in filled["检查"].iter_rows(min_row=5, min_col=3, max_col=3) for cell in row} <= {
        "已填",
        "",
        None,
    }
    assert {cell.value for row in empty["检查"].iter_rows(min_row=5, min_col=3, max_col=3) for cell in row} <= {
        "未填",
        "",
        None,
    }


def test_prefilled_values_stand_in_the_inputs_and_nowhere_else(mailing: Mailing, part: Part) -> None:
    at = places(mailing.book("东风街道")["填报"])
    filled, empty = mailing.book("东风街道")["填报"], mailing.book("陈桥乡")["填报"]
    assert {cell: filled[at[cell]].value for _, cell in asked(part)} == PERFECT
    assert {empty[at[cell]].value for _, cell in asked(part)} == {None}


@pytest.mark.parametrize("unit, minutes", [("东风街道", "30"), ("陈桥乡", "50"), ("金沙乡", "30")])
def test_the_limit_of_a_unit_is_printed_in_its_own_template(mailing: Mailing, unit: str, minutes: str) -> None:
    sheet = mailing.book(unit)["填报"]
    row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == "到区时限分钟")
    assert str(sheet.cell(row, 4).value) == minutes
    assert sheet.cell(row, 4).protection.locked


def test_the_cover_says_for_whom_by_when_and_to_whom(mailing: Mailing) -> None:
    cover = mailing.book("陈桥乡")["封面"]
    assert beside(cover, "填报单位") == "陈桥乡"
    assert beside(cover, "年度") == "2025"
    assert beside(cover, "截止日期") == DUE
    assert beside(cover, "交回给") == RETURN_TO
    assert beside(cover, "类别") == "乡"
    told = " ".join(str(cell.value) for row in cover.iter_rows() for cell in row if cell.value)
    assert "示范" in told
    assert "信访工作条例" in told


def test_the_same_inputs_give_the_same_bytes_also_in_another_process(mailing: Mailing, tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in mailing.out.iterdir()}
    assert call(*mailing.arguments(tmp_path / "再")) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "再").iterdir()} == first
    for seed in ("1", "4242"):
        env = {**os.environ, "PYTHONPATH": str(Path(xfkh.__file__).parents[1]), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-m", "xfkh", *map(str, mailing.arguments(tmp_path / seed))]
        subprocess.run(command, env=env, check=True, capture_output=True, timeout=60)
        assert {path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()} == first


def sent_rows(path: Path) -> dict[str, dict[str, Any]]:
    """Unit → its row of the record of mailing."""
    return {str(row["单位"]): row for row in rows_of(load_workbook(path)["发放清单"], "文件指纹")}


def rows_of(sheet: Any, head: str) -> list[dict[str, Any]]:
    """The rows below the row of heads that has this one, by the heads."""
    lines_ = list(sheet.iter_rows(values_only=True))
    start = next(k for k, line in enumerate(lines_) if head in line)
    found = []
    for line in lines_[start + 1 :]:
        if all(value is None for value in line):
            break
        found.append(dict(zip(map(str, lines_[start]), line, strict=True)))
    return found


def test_the_list_of_what_was_sent_holds_every_file_with_its_hash(mailing: Mailing) -> None:
    rows = sent_rows(mailing.out / ISSUED)
    assert list(rows) == ["东风街道", "陈桥乡", "金沙乡"]
    for unit, row in rows.items():
        path = mailing.path(unit)
        assert (row["文件"], row["文件指纹"]) == (path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def test_only_one_unit_is_sent_anew_and_no_other_file_is_touched(mailing: Mailing, tmp_path: Path) -> None:
    out = tmp_path / "发放"
    assert call(*mailing.arguments(out)) == 0
    (out / "别的.txt").write_text("x", encoding="utf-8")
    for path in out.iterdir():
        os.utime(path, (10**9, 10**9))
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in out.iterdir()}
    changed = [str(each).replace(DUE, "2026-02-01") for each in mailing.arguments(out)]
    assert call(*changed, "--only", "陈桥乡") == 0
    after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in out.iterdir()}
    mine = next(name for name in after if name.startswith("陈桥乡_"))
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {mine, ISSUED}
    assert beside(load_workbook(out / mine)["封面"], "截止日期") == "2026-02-01"
    for row in sent_rows(out / ISSUED).values():
        assert row["文件指纹"] == hashlib.sha256((out / row["文件"]).read_bytes()).hexdigest()


def test_only_for_a_unit_that_is_not_on_the_roster_writes_nothing(mailing: Mailing, tmp_path: Path) -> None:
    assert call(*mailing.arguments(tmp_path / "发放"), "--only", "陈乔乡") == 2
    assert not (tmp_path / "发放").exists()


# --- results ------------------------------------------------------------------------------------


class Results(NamedTuple):
    folder: Path
    record: dict[str, Any]

    def sheet(self, file: str, name: str, values: bool = True) -> Any:
        return load_workbook(self.folder / file, data_only=values)[name]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("demo")
    assert call("demo", "-o", folder) in (0, 1)
    record: dict[str, Any] = json.loads((folder / "结果" / "results.json").read_text("utf-8"))
    return Results(folder / "结果", record)


def subjects(results: Results) -> dict[str, dict[str, Any]]:
    return {each["unit"]: each for each in results.record["subjects"]}


def test_the_sample_has_something_of_everything(results: Results) -> None:
    states = {each["state"] for each in results.record["subjects"]}
    assert {"已评", "暂定", "未报"} <= states
    outcomes = [each for unit in results.record["subjects"] for each in unit["outcomes"]]
    assert any(each["confirm"] for each in outcomes)
    assert any(not each["pending"] and not each["confirm"] for each in outcomes)


def test_each_total_is_the_sum_of_the_units_own_row_of_points(results: Results) -> None:
    totals, cached = results.sheet("排名.xlsx", "总表", values=False), results.sheet("排名.xlsx", "总表")
    detail = results.sheet("排名.xlsx", "得分明细")
    head = next(cell for row in totals.iter_rows() for cell in row if cell.value == "总分")
    seen = set()
    for row in range(head.row + 1, totals.max_row + 1):
        found = subjects(results).get(str(totals.cell(row, 2).value))
        if found is None:
            continue
        seen.add(found["unit"])
        text = totals.cell(row, head.column).value
        if found["state"] != "已评":
            assert cached.cell(row, head.column).value == found["state"]
            assert text == found["state"] or text.endswith(f',"{found["state"]}")')
            continue
        area, keys = r"得分明细!(\$[A-Z]+\$\d+:\$[A-Z]+\$\d+)", r"得分明细!(\$[A-Z]+\$\d+:\$[A-Z]+\$\d+)"
        mine = rf"INDEX\({area},MATCH\(([A-Z]+\d+),{keys},0\),0\)"
        again = r"INDEX\(得分明细!\1,MATCH\(\2,得分明细!\3,0\),0\)"
        whole = rf'=IF\(COUNT\({mine}\)=(\d+),ROUND\(ROUND\(SUM\({again}\),9\),2\),"待定"\)'
        match = re.fullmatch(whole, text)
        assert match and int(match[4]) == len(found["items"]), text
        first, start, last, _ = range_boundaries(match[1])
        marks = [cell.value for (cell,) in detail[match[3].replace("$", "")]]
        assert len(set(marks)) == len(marks), "no key stands twice"
        top = int(start or 0) + marks.index(cached[match[2]].value)
        assert detail.cell(top, 2).value == found["unit"]
        points = [detail.cell(top, col).value for col in range(int(first or 0), int(last or 0) + 1)]
        assert points == [item["points"] for item in found["items"].values()]
        assert round(sum(points), 2) == cached.cell(row, head.column).value == found["total"]
        assert detail.cell(top, int(last or 0) + 1).value == found["total"]
    assert seen == set(subjects(results))


def test_ranks_tiers_and_states_beside_the_totals_are_those_of_the_record(results: Results) -> None:
    rows = {
        row["单位"]: row
        for row in rows_of(results.sheet("排名.xlsx", "总表"), "总分")
        if row["单位"] in subjects(results)
    }
    assert rows.keys() == subjects(results).keys()
    totals = [each["total"] for each in results.record["subjects"] if each["total"] is not None]
    tiers = {"一等奖", "二等奖", "三等奖"}
    for unit, found in subjects(results).items():
        row = rows[unit]
        assert str(row["状态"]).startswith(found["state"])
        assert ("（阶段）" in str(row["状态"])) == found["pending"]
        assert row["类别"] == found["category"]
        if found["state"] != "已评":
            assert (row["名次"], row["等次"]) == ("—", "—")
            continue
        assert row["名次"] == found["rank"] == 1 + sum(total > found["total"] for total in totals)
        mine = tiers & {each["id"] for each in found["outcomes"]}
        assert row["等次"] == (mine.pop() if mine else "未入等次")
        assert row["自评分"] == found["self_total"]
        ranked = found["items"]["六1+"]["points"]  # no unit can report its own place
        assert row["核定减自评"] == pytest.approx(found["total"] - ranked - found["self_total"])


def test_the_units_stand_in_the_order_of_their_ranks(results: Results) -> None:
    ranks = [
        row["名次"] for row in rows_of(results.sheet("排名.xlsx", "总表"), "总分") if row["单位"] in subjects(results)
    ]
    numbers = [rank for rank in ranks if isinstance(rank, int)]
    assert numbers == sorted(numbers)
    assert ranks[: len(numbers)] == numbers


def awards(results: Results) -> list[tuple[str, str, int, str]]:
    """Unit, outcome, amount and status of every award in money."""
    return [
        (
            unit["unit"],
            each["id"],
            each["amount"],
            "阶段" if each["pending"] else "待确认" if each["confirm"] else "应付",
        )
        for unit in results.record["subjects"]
        for each in unit["outcomes"]
        if each["amount"] is not None
    ]


def test_the_list_of_awards_is_that_of_the_record(results: Results) -> None:
    sheet = results.sheet("奖惩.xlsx", "奖励")
    rows = [row for row in rows_of(sheet, "金额（元）") if isinstance(row["序号"], int)]
    # what can be paid stands before what waits
    wanted = sorted(awards(results), key=lambda each: ("应付", "阶段", "待确认").index(each[3]))
    assert [(row["单位"], row["项目"], row["金额（元）"], row["状态"]) for row in rows] == wanted
    assert [row["序号"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["依据"] and row["原因"] for row in rows)


def test_the_live_sums_of_money_are_those_of_the_record(results: Results) -> None:
    sheet, cached = results.sheet("奖惩.xlsx", "奖励", values=False), results.sheet("奖惩.xlsx", "奖励")
    amount = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "金额（元）").column
    lines_: Mapping[str, int] = {
        str(sheet.cell(row, 1).value): row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value
    }
    for status in ("应付", "阶段", "待确认"):
        row = lines_[f"{status}合计"]
        text, expected = sheet.cell(row, amount).value, sum(each[2] for each in awards(results) if each[3] == status)
        match = re.fullmatch(rf'=SUMIFS\((\$F\$\d+:\$F\$\d+),(\$G\$\d+:\$G\$\d+),"{status}"\)', text)
        assert match, text
        sums, states = ([cell for (cell,) in cached[each.replace("$", "")]] for each in match.groups())
        live = sum(one.value for one, other in zip(sums, states, strict=True) if other.value == status)
        assert live == cached.cell(row, amount).value == expected
    total = cached.cell(lines_["总计"], amount).value
    assert total == sum(each[2] for each in awards(results))


def test_the_sums_by_unit_are_those_of_the_record(results: Results) -> None:
    (name,) = (name for name in load_workbook(results.folder / "奖惩.xlsx").sheetnames if "按单位" in name)
    rows = {row["单位"]: row for row in rows_of(results.sheet("奖惩.xlsx", name), "应付") if row["单位"]}
    mine = {unit for unit, *_ in awards(results)}
    assert set(rows) == mine
    for unit in mine:
        for status in ("应付", "阶段", "待确认"):
            assert rows[unit][status] == sum(
                each[2] for each in awards(results) if each[0] == unit and each[3] == status
            )
        assert rows[unit]["合计"] == sum(each[2] for each in awards(results) if each[0] == unit)


def test_the_list_of_problems_holds_every_finding_file_and_unit(results: Results) -> None:
    book = load_workbook(results.folder / "问题清单.xlsx")
    assert book.sheetnames[:4] == ["问题", "催报", "文件", "单位"]

    def text(value: object) -> str:
        return str(value or "")

    shown = sorted(
        (
            text(row["级别"]),
            text(row["单位"]),
            text(row["文件"]),
            text(row["单元格"]),
            text(row["问题"]),
            text(row["怎样改"]),
        )
        for row in rows_of(book["问题"], "怎样改")
    )
    columns = ("level", "unit", "file", "cell", "message", "mend")
    known = [
        tuple(clean(each[key]) or ("全局" if key == "unit" else "") for key in columns)
        for each in results.record["findings"]
    ]
    assert shown == sorted(known)
    files = rows_of(book["文件"], "去向")
    assert {text(row["文件"]): (text(row["去向"]), text(row["单位"])) for row in files} == {
        each["file"]: (each["fate"], text(each["unit"])) for each in results.record["files"]
    }
    units = rows_of(book["单位"], "状态")
    assert {text(row["单位"]): text(row["状态"]) for row in units} == {
        each["unit"]: each["state"] for each in results.record["subjects"]
    }


def test_what_needs_a_person_stands_first_in_the_list_of_problems(results: Results) -> None:
    order = {"错误": 0, "警告": 1, "提示": 2}
    levels = [order[str(row["级别"])] for row in rows_of(results.sheet("问题清单.xlsx", "问题"), "怎样改")]
    assert levels == sorted(levels)


def test_every_workbook_we_write_is_within_limits_named_by_nobody_and_has_all_its_values(results: Results) -> None:
    paths = sorted(results.folder.rglob("*.xlsx"))
    assert {"排名.xlsx", "奖惩.xlsx", "问题清单.xlsx", "处理意见.xlsx"} <= {path.name for path in paths}
    for path in paths:
        data = path.read_bytes()
        assert lint(data) == [], path.name
        assert not list(formulas_without_value(data)), path.name
        properties = load_workbook(BytesIO(data)).properties
        assert properties.creator == "xfkh"
        assert properties.lastModifiedBy in (None, "xfkh")


def test_status_and_readings_stand_on_the_face_of_every_result(results: Results) -> None:
    for file in ("排名.xlsx", "奖惩.xlsx"):
        for sheet in load_workbook(results.folder / file).worksheets:
            if sheet.sheet_state != "visible":
                continue
            told = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
            assert "示范" in told, f"{file} {sheet.title}"


def test_a_second_run_writes_the_same_workbooks(results: Results, tmp_path: Path) -> None:
    returned = results.folder.parent / "收回"
    review = results.folder.parent / "复查.csv"
    runs = []
    for name in ("一", "二"):
        assert call("grade", returned, "-o", tmp_path / name, "--review", review) == 1
        files = [path for path in (tmp_path / name).rglob("*") if path.is_file()]
        runs.append({path.relative_to(tmp_path / name): path.read_bytes() for path in files})
    assert runs[0] == runs[1]


def test_a_blank_template_of_a_quarter_asks_only_for_that_quarter_and_prints_the_terms(tmp_path: Path) -> None:
    args = ["--blank", "--period", "第1季度", "--due", "2026-04-10", "--return-to", "考核办"]
    assert call("template", "district", *args, "-o", tmp_path) == 0
    (path,) = tmp_path.iterdir()
    assert path.name.endswith("_空白模板_第1季度.xlsx")
    book: Any = load_workbook(path)
    cover = "\n".join(str(cell.value) for row in book["封面"] for cell in row if cell.value)
    assert "2026-04-10" in cover and "考核办" in cover and "第1季度" in cover
    whole, roster = tmp_path / "全年", tmp_path / "名册.csv"
    assert call("template", "district", "--blank", "-o", whole) == 0
    assert len(unlocked(book["填报"])) < len(unlocked(load_workbook(next(whole.iterdir()))["填报"]))
    roster.write_text("单位,类别\n甲镇,乡\n", "utf-8")
    issued = ["--roster", roster, "--year", 2026, "--period", "第1季度"]
    assert call("template", "district", *issued, "-o", tmp_path / "发放") in (0, 1)
    assert unlocked(book["填报"]) == unlocked(load_workbook(next((tmp_path / "发放").glob("甲镇_*")))["填报"])
