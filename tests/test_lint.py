"""What may leave in a workbook: every fault is found in the file as it lies on the disk."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from tests.surgery import add_link, zipped
from xfkh.workbook.book import Book
from xfkh.workbook.lint import foreign_faults, formula_faults, own_faults

Change = Callable[[bytes], bytes]
SHEET, CORE, APP = "xl/worksheets/sheet1.xml", "docProps/core.xml", "docProps/app.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def swapped(part: str, old: bytes, new: bytes) -> Change:
    def change(data: bytes) -> bytes:
        parts = parts_of(data)
        assert old in parts[part]
        return zipped(parts | {part: parts[part].replace(old, new, 1)})

    return change


def added(name: str, data: bytes = b"<x/>") -> Change:
    return lambda before: zipped(parts_of(before) | {name: data})


def linked(kind: str, target: str, mode: str = "External", of: str = SHEET) -> Change:
    return lambda data: zipped(add_link(parts_of(data), of, "rId900", f"{OFFICE}/{kind}", target, mode))


def without_sum(data: bytes) -> bytes:
    """One byte of a part other than its sum of bytes says, as a bad disk gives it back."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        each = package.getinfo(CORE)
    sizes = struct.unpack("<HH", data[each.header_offset + 26 : each.header_offset + 30])
    at = each.header_offset + 30 + sum(sizes) + each.compress_size // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def formula(xml: str) -> Change:
    return swapped(SHEET, b"</sheetData>", f'<row r="9999"><c r="A9999">{xml}</c></row></sheetData>'.encode())


OUR_FAULTS: dict[str, Change] = {
    "half of it": lambda data: data[: len(data) // 2],
    "nothing": lambda data: b"",
    "zeros": lambda data: bytes(len(data)),
    "one bit": without_sum,
    "a macro": added("xl/vbaProject.bin"),
    "an embedded file": added("xl/embeddings/oleObject1.bin"),
    "a connection": added("xl/connections.xml"),
    "a control": added("xl/activeX/activeX1.xml"),
    "another workbook": added("xl/externalLinks/externalLink1.xml"),
    "a link to the web": linked("hyperlink", "http://example.com/"),
    "an image elsewhere": linked("image", "file:///c:/a.png"),
    "an author": swapped(CORE, b"<dc:creator>xfkh<", "<dc:creator>王某<".encode()),
    "who saved it": swapped(CORE, b"LastModifiedBy>xfkh<".replace(b"L", b"l"), "lastModifiedBy>王某<".encode()),
    "a company": swapped(APP, b"<Company></Company>", "<Company>某局</Company>".encode()),
    "a foreign function": formula("<f>WEBSERVICE(A1)</f><v>0</v>"),
    "a late function": formula("<f>_xlfn.CONCAT(A1)</f><v>0</v>"),
    "another program": formula("<f>cmd|'/C calc'!A0</f><v>0</v>"),
    "a text as a formula": formula("<f>=1+1</f><v>0</v>"),
    "a full-width text as a formula": formula("<f>＝甲</f><v>0</v>"),
    "an array": formula('<f t="array" ref="A9999">SUM(A1:A2)</f><v>0</v>'),
}
"""What is wrong with a workbook of ours, and how it comes about."""


@pytest.fixture(scope="module")
def ours() -> bytes:
    made = Book("试")
    sheet = made.sheet("表")
    sheet.text(0, 0, "=1+1")
    sheet.formula(1, 0, 'IF(B1>0,"a|b[c","")', "")
    sheet.link(2, 0, "internal:'表'!A1", "到上面")
    return made.finish()


def test_a_workbook_as_we_write_it_may_leave(ours: bytes) -> None:
    assert own_faults(ours) == [] and foreign_faults(ours) == []


@pytest.mark.parametrize("kind", OUR_FAULTS)
def test_every_fault_of_our_own_is_found(kind: str, ours: bytes) -> None:
    assert own_faults(OUR_FAULTS[kind](ours))


@pytest.mark.parametrize(("target", "may"), [("../收回/a.xlsx", True), ("file:///c:/a.xlsx", False), ("//s/a", False)])
def test_only_a_named_workbook_may_name_files_and_only_by_relative_paths(target: str, may: bool, ours: bytes) -> None:
    data = linked("hyperlink", target)(ours)
    assert bool(own_faults(data, links=True)) is not may
    assert own_faults(data)


FOREIGN: dict[str, Change] = {
    "half of it": OUR_FAULTS["half of it"],
    "one bit": without_sum,
    "a macro": OUR_FAULTS["a macro"],
    "a macro under another name": linked("vbaProject", "../printer.bin", "Internal"),
    "a macro sheet": added("xl/macrosheets/sheet1.xml"),
    "a control": OUR_FAULTS["a control"],
    "an embedded file": linked("oleObject", "../x.bin", "Internal"),
    "an embedded workbook": linked("package", "../x.xlsx", "Internal"),
    "data from elsewhere": linked("queryTable", "../queryTables/queryTable1.xml", "Internal"),
    "an image elsewhere": OUR_FAULTS["an image elsewhere"],
    "a type with macros": swapped("[Content_Types].xml", b"</Types>", b'<Default Extension="b" '
                                  b'ContentType="application/vnd.ms-office.vbaProject"/></Types>'),
    "another program": added("xl/externalLinks/externalLink1.xml", b'<x><ddeLink ddeService="cmd"/></x>'),
}  # fmt: skip


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_runs_or_fetches_does_not_leave_with_a_slip(kind: str, ours: bytes) -> None:
    assert foreign_faults(FOREIGN[kind](ours))


def test_a_unit_s_own_formulas_links_and_names_go_back_to_it(ours: bytes) -> None:
    for change in (
        OUR_FAULTS["an author"], OUR_FAULTS["a late function"], OUR_FAULTS["an array"], OUR_FAULTS["a link to the web"],
        added("xl/externalLinks/externalLink1.xml", b"<externalLink><externalBook/></externalLink>"),
        linked("externalLinkPath", "file:///c:/a.xlsx"), added("xl/printerSettings/printerSettings1.bin"),
        added("xl/comments1.xml"),
    ):  # fmt: skip
        assert foreign_faults(change(ours)) == []


def test_a_bar_within_a_text_or_the_name_of_a_sheet_is_no_other_program() -> None:
    assert formula_faults("IF(A1=\"a|b\",'甲|乙'!A1,0)") == ()
    assert formula_faults("cmd|'/C calc'!A0")
