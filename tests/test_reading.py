"""What a workbook's package says: its parts by their relations, its texts and numbers as other programs show them."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.surgery import BOOK, LINKS, OFFICE, STYLES, TEXTS, TYPES, Genuine, Parts, add_link, zipped
from tests.test_legacy import cell, only, texts
from xfkh.intake import open_file
from xfkh.intake.files import Entry
from xfkh.intake.form import read_form
from xfkh.privacy import Kind, personal
from xfkh.workbook.read import ReadError, read_package, read_workbook

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TEMPLATE = next((Path(__file__).parents[1] / "templates").glob("*.xlsx"))
SHEET = "xl/worksheets/sheet1.xml"


def relations(*entries: tuple[str, str, str], base: str = OFFICE) -> bytes:
    """Relations: id, kind, target."""
    body = "".join(f'<Relationship Id="{id}" Type="{base}/{kind}" Target="{to}"/>' for id, kind, to in entries)
    return f'<Relationships xmlns="urn:relationships">{body}</Relationships>'.encode()


def book(cells: str = "", shared: str = "<si><t>是</t></si>") -> Parts:
    """The parts of a small workbook of one sheet; its second style is a date's."""
    named = f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="填报" sheetId="1" r:id="a"/></sheets></workbook>'
    formats = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    return {
        "_rels/.rels": relations(("a", "officeDocument", "xl/workbook.xml")),
        BOOK: named.encode(),
        LINKS: relations(
            ("a", "worksheet", "worksheets/sheet1.xml"),
            ("b", "sharedStrings", "sharedStrings.xml"),
            ("c", "styles", "styles.xml"),
        ),
        TEXTS: f"<sst {MAIN}>{shared}</sst>".encode(),
        STYLES: f"<styleSheet {MAIN}>{formats}</styleSheet>".encode(),
        SHEET: f'<worksheet {MAIN}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'.encode(),
    }


def values(parts: Parts) -> dict[str, object]:
    (sheet,) = read_workbook(zipped(parts)).values()
    return {address: raw.value for address, raw in sheet.filled()}


def word(parts: Parts) -> str:
    """Why a workbook is refused."""
    with pytest.raises(ReadError) as error:
        read_package(zipped(parts))
    return str(error.value)


CELLS = '<c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45</v></c><c r="C1"><v>3</v></c>'


# --- parts by their relations -------------------------------------------------------------------


def moved(parts: Parts, old: str, new: str) -> Parts:
    return {new if name == old else name: data for name, data in parts.items()}


def aimed(parts: Parts, old: str, new: str, of: str = LINKS) -> Parts:
    """Other targets in the relations."""
    assert old.encode() in parts[of]
    return {**parts, of: parts[of].replace(f'Target="{old}'.encode(), f'Target="{new}'.encode())}


LEGAL: dict[str, Callable[[Parts], Parts]] = {
    "the styles": lambda p: aimed(moved(p, STYLES, "xl/styles1.xml"), "styles.xml", "styles1.xml"),
    "the texts": lambda p: aimed(moved(p, TEXTS, "xl/SharedStrings.xml"), "sharedStrings.xml", "SharedStrings.xml"),
    "the texts, named in another case": lambda p: moved(p, TEXTS, "xl/SharedStrings.xml"),
    "the texts, named in bytes": lambda p: aimed(moved(p, TEXTS, "xl/文 a"), "sharedStrings.xml", "%E6%96%87%20a"),
    "a sheet, from its own folder": lambda p: aimed(p, "worksheets/", "./worksheets/"),
    "a sheet, by way of another folder": lambda p: aimed(p, "worksheets/", "../xl/x/../worksheets/"),
    "a sheet, with backslashes": lambda p: aimed(p, "worksheets/", "worksheets\\"),
    "a sheet, from the root": lambda p: aimed(aimed(p, "worksheets/", "/tables/"), "/tables/", "/xl/worksheets/"),
    "the workbook": lambda p: aimed(
        moved(moved(p, BOOK, "xl/workbook22.xml"), LINKS, "xl/_rels/workbook22.xml.rels"),
        "xl/workbook.xml", "xl/workbook22.xml", "_rels/.rels"),
    "the workbook, at the root": lambda p: aimed(
        {**moved(moved(p, BOOK, "book.xml"), LINKS, "_rels/book.xml.rels"),
         "_rels/book.xml.rels": p[LINKS].replace(b'Target="', b'Target="xl/')},
        "xl/workbook.xml", "/book.xml", "_rels/.rels"),
    "all relations of the strict kind": lambda p: {
        name: data.replace(OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, data in p.items()},
}  # fmt: skip


@pytest.mark.parametrize("change", LEGAL.values(), ids=LEGAL.keys())
def test_a_part_is_where_its_relation_says_whatever_it_is_called(change: Callable[[Parts], Parts]) -> None:
    there = values(book(CELLS))
    assert [str(each)[:10] for each in there.values()] == ["是", "1900-02-13", "3.0"]
    assert values(change(book(CELLS))) == there


@pytest.mark.parametrize("change", [each for name, each in LEGAL.items() if "root" not in name and "bytes" not in name])
def test_a_legal_package_is_a_return_like_any_other(tmp_path: Path, change: Callable[[Parts], Parts]) -> None:
    genuine = Genuine("", TEMPLATE.read_bytes()).parts
    parts = change(genuine)
    if BOOK not in parts:
        parts[TYPES] = parts[TYPES].replace(b"/xl/workbook.xml", b"/xl/workbook22.xml")
    (tmp_path / "a.xlsx").write_bytes(zipped(genuine))
    (tmp_path / "b.xlsx").write_bytes(zipped(parts))
    one, other = (open_file(Entry("东风街道.xlsx", tmp_path / name))[0] for name in ("a.xlsx", "b.xlsx"))
    assert one.form is not None and one.form == other.form
    assert [each.message for each in one.said] == [each.message for each in other.said]


def test_a_part_that_no_relation_names_says_nothing() -> None:
    """An old part may lie beside the one that counts."""
    parts = aimed(book(CELLS), "sharedStrings.xml", "sharedStrings1.xml")
    parts["xl/sharedStrings1.xml"] = parts[TEXTS].replace("是".encode(), "否".encode())
    assert values(parts)["A1"] == "否"


def test_a_relation_that_is_no_office_programs_own_names_nothing() -> None:
    parts = book('<c r="C1"><v>3</v></c>')
    (more,) = re.findall(rb"<Relationship .*?/>", relations(("z", "sharedStrings", "x.xml"), base="urn:other"))
    parts[LINKS] = parts[LINKS].replace(b"</Relationships>", more + b"</Relationships>")
    assert values({**parts, "xl/x.xml": b"<a/>"}) == {"C1": 3.0}


@pytest.mark.parametrize("name", [SHEET, TEXTS, STYLES, BOOK, LINKS, "_rels/.rels"])
def test_a_workbook_without_a_part_that_it_names_is_refused(name: str) -> None:
    assert word({key: data for key, data in book(CELLS).items() if key != name}) == "missing"


@pytest.mark.parametrize("kind", ["sharedStrings", "styles"])
def test_two_parts_for_one_thing_are_refused_as_programs_differ_on_them(kind: str) -> None:
    parts = add_link(book(CELLS), BOOK, "z", kind, f"{kind}2.xml")
    assert word({**parts, f"xl/{kind}2.xml": parts[f"xl/{kind}.xml"]}) == "twice"


def test_two_relations_of_one_id_are_refused() -> None:
    assert word(add_link(book(CELLS), BOOK, "a", "worksheet", "worksheets/sheet2.xml")) == "twice"


# --- what leads out of it -----------------------------------------------------------------------

HYPERLINK = relations(("r", "hyperlink", "file:///x")).replace(
    b'Target="file:///x"', b"Target='x' TargetMode='External'"
)
DDE = '<externalLink><x:ddeLink xmlns:x="urn:x"/></externalLink>'


@pytest.mark.parametrize(
    "data",
    [
        HYPERLINK,
        HYPERLINK.replace(b"'External'", b'"External"'),
        HYPERLINK.replace(b"'External'", b"'&#69;xternal'"),
        HYPERLINK.decode().encode("utf-16"),
    ],
)
def test_a_link_out_of_the_package_is_seen_however_it_is_written(data: bytes) -> None:
    parts = book(CELLS)
    assert not read_package(zipped(parts)).linked
    assert read_package(zipped({**parts, "xl/worksheets/_rels/sheet1.xml.rels": data})).linked


@pytest.mark.parametrize(
    "data", [DDE.encode(), DDE.encode("utf-16"), f"<?xml version='1.0'?>{DDE}".encode("utf-16-le")]
)
@pytest.mark.parametrize("name", ["xl/externalLinks/externalLink1.xml", "xl/x.bin"])
def test_a_link_to_a_running_program_is_seen_however_it_is_written(data: bytes, name: str) -> None:
    parts = add_link(book(CELLS), BOOK, "z", "externalLink", name.removeprefix("xl/"))
    assert word({**parts, name: data}) == "dde"


def test_the_word_for_such_a_link_in_a_text_is_none() -> None:
    parts = {**book(CELLS), "docProps/app.xml": b"<a>ddeLink &lt;ddeLink/></a>"}
    assert not read_package(zipped(parts)).linked


# --- texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("_xD842__xDFB7_野家", "𠮷野家"),
        ("安_xD800_棠", "安\ufffe棠"),
        ("_xDFB7__xD842_", "\ufffe\ufffe"),
        ("_xD800__xD842__xDFB7_", "\ufffe𠮷"),
        ("_x005F_xD800_", "_xD800_"),
    ],
)
def test_a_character_by_its_number_has_both_its_halves(written: str, read: str) -> None:
    """Half a character cannot be written down: whoever tries fails."""
    inline = f'<c r="A1" t="inlineStr"><is><t>{written}</t></is></c><c r="B1" t="str"><v>{written}</v></c>'
    found = values(book(f'{inline}<c r="C1" t="s"><v>0</v></c>', f"<si><t>{written}</t></si>"))
    assert list(found.values()) == [read] * 3
    rich = values(book('<c r="A1" t="s"><v>0</v></c>', f"<si><r><t>{written}</t></r></si>"))
    assert list(rich.values()) == [read]
    read.encode()


@pytest.mark.parametrize("odd", ["_xD800_", "_xFFFE_", "_x0007_", "\u200b"])
def test_what_nobody_sees_in_a_stamp_is_not_part_of_it(odd: str) -> None:
    genuine = Genuine("", TEMPLATE.read_bytes())
    stamp = read_form(genuine.data).stamp
    assert read_form(zipped(genuine.stamped("年度", stamp["年度"] + odd))).stamp == stamp


@pytest.mark.parametrize("units", ["\ud800", "甲\udfb7", "\udfb7\ud842"])
def test_half_a_character_in_an_xls_is_none_either(units: str) -> None:
    raw = struct.pack("<HB", len(units), 1) + units.encode("utf-16-le", "surrogatepass")
    sheet = only(cell(0xFD, 0, 0, struct.pack("<L", 0)), cell(0x204, 1, 0, raw), shared=texts(raw, count=1))
    for each in (sheet.at(0, 0).value, sheet.at(1, 0).value):
        assert each == re.sub("[\ud800-\udfff]", "\ufffe", units)


def test_an_item_of_two_texts_is_refused_as_joined_they_would_be_a_third() -> None:
    assert word(book('<c r="A1" t="s"><v>0</v></c>', "<si><t>1</t><t>2</t></si>")) == "twice"


@pytest.mark.parametrize(
    "shared",
    ['<si><z:t xmlns:z="urn:z">9</z:t></si>', '<si><t xmlns="urn:z">9</t></si>', '<si xmlns="urn:z"><t>9</t></si>',
     '<si><t>1</t><z:rPh xmlns:z="urn:z"><t>9</t></z:rPh></si>'],
)  # fmt: skip
def test_a_text_of_another_namespace_is_refused(shared: str) -> None:
    """Row 50: other programs read nothing there."""
    assert word(book('<c r="A1" t="s"><v>0</v></c>', shared)) == "foreign"


@pytest.mark.parametrize("part", [TEXTS, BOOK, SHEET])
def test_a_part_of_another_namespace_is_refused(part: str) -> None:
    parts = book('<c r="A1" t="s"><v>0</v></c>')
    assert word({**parts, part: parts[part].replace(MAIN.encode(), b'xmlns="urn:z"')}) == "foreign"
    assert word({**parts, part: parts[part].replace(MAIN.encode(), b"")}) == "foreign"


def test_sheets_and_relations_of_another_namespace_are_none() -> None:
    parts = book(CELLS)
    more = parts[BOOK].replace(b"</sheets>", b'<z:sheet xmlns:z="urn:z" name="x" r:id="a"/></sheets>')
    link = b'<z:Relationship xmlns:z="urn:z" Id="a" Type="x" Target="y"/></Relationships>'
    links = parts[LINKS].replace(b"</Relationships>", link)
    assert values({**parts, BOOK: more, LINKS: links}) == values(parts)


def test_what_newer_programs_say_of_a_workbook_is_not_its_calendar() -> None:
    new = (
        b'<workbookPr date1904="1"/><sheets>',
        b'</sheets><extLst><ext><x:workbookPr xmlns:x="urn:x" chartTrackingRefBase="1"/></ext></extLst>',
    )
    parts = book('<c r="A1" s="1"><v>45</v></c>')
    early = parts[BOOK].replace(b"<sheets>", new[0]).replace(b"</sheets>", new[1])
    assert values({**parts, BOOK: early}) == {"A1": datetime(1904, 2, 15)}


def test_a_text_cell_without_a_text_is_blank() -> None:
    sheet = read_workbook(zipped(book('<c r="A1" t="s"/><c r="B1" t="s"></c><c r="C1" t="s"><v/></c>')))["填报"]
    assert [sheet.at(0, col).value for col in range(3)] == [None] * 3
    assert sheet.texts(0, 3) == [""] * 3


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["٣", "３", "1٣", "1e٣", "৩.5"])
def test_digits_of_other_scripts_are_no_number(written: str) -> None:
    """Row 67: whether they are is for the grammar of answers to say."""
    assert values(book(f'<c r="A1"><v>{written}</v></c>')) == {"A1": written}


@pytest.mark.parametrize("style", ["٣", "-1", "x", "1_0"])
def test_a_style_that_is_no_number_is_refused(style: str) -> None:
    assert word(book(f'<c r="A1" s="{style}"><v>1</v></c>')) == "style"


PHONE = "138" + "0013" + "8000"


@pytest.mark.parametrize(
    "written",
    [
        PHONE,
        f"{PHONE}.0",
        f"1.{PHONE[1:]}E10",
        f"1.{PHONE[1:]}e+10",
        f"1.{PHONE[1:]}E+010",
        f"{PHONE[:-3]}e3",
        "1.38001E10",
    ],
)
def test_a_phone_number_that_is_stored_as_a_number_is_found_however_it_is_written(written: str) -> None:
    """Row 103."""
    sheet = read_workbook(zipped(book(f'<c r="A1"><v>7</v></c><c r="B1"><v>{written}</v></c>')))["填报"]
    assert {kind for each in sheet.numbers() for kind in personal(each)} == {Kind.MOBILE}


def test_short_numbers_and_texts_are_no_long_numbers() -> None:
    cells = '<c r="A1"><v>45</v></c><c r="B1" t="s"><v>0</v></c><c r="C1" t="str"><v>e</v></c><c r="D1"><v>e</v></c>'
    assert list(read_workbook(zipped(book(cells)))["填报"].numbers()) == []
