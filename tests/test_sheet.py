"""The cells of a sheet: what is found by the letter is what the parser finds, or is left to the parser."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from xfkh.workbook.addresses import SheetError
from xfkh.workbook.quick import quick_sheet, read_sheet
from xfkh.workbook.read import Shared, Sheet
from xfkh.workbook.sheet import SheetXml, careful_sheet
from xfkh.workbook.texts import unescaped

ROOT = Path(__file__).parents[1]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
MORE = f'{MAIN} xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:xm="urn:excel"'
PLAIN = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def sheet(cells: str, prolog: str = PLAIN) -> bytes:
    return f'{prolog}<worksheet {MORE}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'.encode()


Cells = dict[str, tuple[str, ...]]


def told(found: SheetXml) -> tuple[Cells, tuple[object, ...]]:
    """The cells by their addresses, without XML's entities and the attributes of a formula, and all else that is said
    of a sheet, the ranges of its array formulas too."""
    cells = {}
    for address, (_, style, type_, opening, *texts) in found.cells.items():
        plain = [unescaped(each) if found.escaped else each for each in texts]
        cells[address] = (style, type_, opening[:2], *plain)
    return cells, found[2:]


def outcome(data: bytes, quick: bool) -> tuple[Cells, tuple[object, ...]] | str | None:
    """What one of both ways says: the cells and all else, the name of an exception, or None for declined."""
    try:
        found = quick_sheet(data) if quick else careful_sheet(data)
        return None if found is None else told(found)
    except (ExpatError, SheetError, ValueError) as error:
        return type(error).__name__


def agree(data: bytes) -> None:
    said = outcome(data, quick=True)
    assert said is None or said == outcome(data, quick=False)


# --- sheets of every kind: mostly plain, now and then as no office program writes them ---------------


def rare(usual: list[str], odd: list[str]) -> st.SearchStrategy[str]:
    """Mostly a usual one, so that whole sheets are plain often enough."""
    return st.integers(0, 11).flatmap(lambda k: st.sampled_from(odd if k == 0 else usual))


PLACES = rare(
    [f' r="{col}{row}"' for col in ("A", "Z", "AA", "FZ") for row in (1, 9, 4999)],
    [' r="A١"', ' r="GA1"', ' r="A5000"', ' r="XFD1048576"', ' r="A0"', ' r="a1"', " r='B2'", ' r = "B2"', '  r="B2"',
     "", '\nr="B2"', ' r="$B$2"', ' r="B2" r="B3"', ' r="&#66;2"', ' x:r="B2"'],
)  # fmt: skip
FACTS = rare(
    ["", ' s="12"', ' t="s"', ' s="3" t="str"', ' t="b" cm="1"', ' t="n"'],
    [' t="e"', " t='e'", ' t="&#101;"', ' t = "e"', ' vm="a>b"', ' u="<"', " s=3", ' s="1"t="e"'],
)
TEXTS = rare(
    ["1+2", "SUM(A1:B2)", "IF(A1&gt;=0,&quot;是&quot;,&apos;x&apos;)", "填报!D2&amp;amp;", "a:f ", ""],
    ["&#65;", "&#x4e00;", "a\r\nb", "a\nb", "<!-- c -->1", "<![CDATA[<c r='Z9' t='e'>]]>", "<x/>1", "&eacute;",
     "<?p q?>1", "&lt", "\x01", "<f>2</f>"],
)  # fmt: skip
ARRAYS = [
    '<f t="array" ref="A1:A9">',
    '<f ref="A1:A9" t="array">',
    '<f aca="false" t="array" ref="A1:A9">',
    "<f ref='A1:A9' t='array'>",
    '<f dt2D="1" t="dataTable" ref="A1:A9">',
    '<f\nt="array" ref="A1:A9">',
]
OPENINGS = rare(
    ["<f>", '<f ca="1">', '<f t="shared" ref="A1:A9" si="0">', '<f aca="false">', '<f xml:space="preserve">'],
    ["<x:f>", "<f >", "<f t='array'>", '<f a="1>2">', "<xm:f>", "<f", "<g>", *ARRAYS],
)


@st.composite
def formulas(draw: st.DrawFn) -> str:
    opening = draw(OPENINGS)
    name = opening.strip("<>").split(" ")[0]
    return f"{opening}{draw(TEXTS)}</{name}>"


BODIES = st.one_of(
    formulas(),
    formulas().map(lambda each: f"{each}<v>1</v>"),
    rare(
        ["", "<v>7</v>", '<f t="shared" si="0"/><v>1</v>', '<is><t xml:space="preserve"> t=e </t></is>', "<v/>"],
        [
            "<v>1</v><f>2</f>",
            " <f>1</f>",
            '<is><t> t="e" </t></is>',
            "<f/>",
            '<c r="C3"/><f>1</f>',
            "<v>&bad;</v>",
            "<v>1</v><v>2</v>",
            "<f>1</f><f>2</f>",
            "<v>1<v>2</v></v>",
            "<v>٣</v>",
            "<extLst><f>1</f><v>2</v></extLst>",
        ],
    ),
)


@st.composite
def cells(draw: st.DrawFn) -> str:
    start = f"{draw(rare(['<c'], ['<x:c', '<cc', '<c ']))}{draw(PLACES)}{draw(FACTS)}"
    if draw(st.booleans()):
        return start + draw(rare(["/>"], [" />", ">"]))
    return f"{start}>{draw(BODIES)}</{start[1:].split(' ')[0].strip()}>"


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    odd = ["", "<?xml version='1.0'?>", '<?xml version="1.0" encoding="GBK"?>', '<?xml version="1.1"?>', " ", "\ufeff",
           '<?xml version="1.0" encoding="utf-16"?>', '<!DOCTYPE x [<!ENTITY bad "1">]>', "<!-- c -->"]  # fmt: skip
    prolog = draw(rare([PLAIN, PLAIN.replace("\n", "\r\n"), '<?xml version="1.0"?>', ""], odd))
    rows = rare(['<row r="1">', '<row r="2" spans="1:3" x:d="1">'], ["<row>", '<row r="x">', "<row r='3'>", "<x:row>"])
    body = "".join(
        f"{row}{''.join(draw(st.lists(cells(), max_size=4)))}</{row[1:].split(' ')[0].strip('>')}>"
        for row in draw(st.lists(rows, max_size=3))
    )
    usual = [
        "",
        '<sheetProtection sheet="1"/><autoFilter ref="A1:B2"/>',
        '<dataValidations><dataValidation sqref="A1"><formula1>A1</formula1></dataValidation></dataValidations>',
        '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A1" location="B2"/></hyperlinks>',
    ]
    strange = ["<extLst><xm:f>Sheet!A1</xm:f></extLst>", "<f>1</f>", '<c r="B7"><f>1</f></c>', "<!-- c -->"]
    more = rare(usual, strange)
    text = f"{prolog}<worksheet {MORE}><cols><col min='1'/></cols><sheetData>{body}</sheetData>{draw(more)}</worksheet>"
    return text.encode(draw(st.sampled_from(["utf-8"] * 19 + ["utf-16"])))


@settings(max_examples=400, deadline=None)
@given(sheets())
@example(sheet('<c r="A1"><f>1</f></c><c r="A1"><f>2</f></c>'))
@example(sheet('<c r="A1" t="e"><v>#REF!</v></c><c r="A1"><f>2</f></c>'))
@example(sheet('<c r="A1"><c r="C3"/><f>1</f></c>'))
@example(sheet('<c r="A1"><f aca="false" t="array" ref="A1:A9">1</f></c>'))
@example(sheet('<c r="A1"><f ref="A1:A9" t="array">1</f></c>'))
@example(sheet("", '<!DOCTYPE x [<!ATTLIST c t CDATA "e">]>'))
def test_the_quick_way_finds_what_the_parser_finds(data: bytes) -> None:
    agree(data)


@settings(max_examples=200, deadline=None)
@given(sheets(), st.data())
def test_a_damaged_sheet_ends_as_the_parser_ends_it(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data) - 1))
    gone = draw.draw(st.integers(0, 3))
    put = draw.draw(st.sampled_from([b"", b"<", b">", b'"', b"&", b"\xff", b"\0", b"</c>", b"<c>", b" "]))
    agree(data[:at] + put + data[at + gone :])
    agree(data[:at])


def test_plain_sheets_are_read_by_the_letter() -> None:
    data = sheet(
        '<c r="B7" s="1"><f>IF(A1&lt;2,&quot;a&amp;b&quot;,0)</f><v>1</v></c><c r="FZ4999"><f t="shared" si="0"/></c>'
    )
    found = quick_sheet(data)
    assert found is not None
    assert told(found)[0] == {
        "B7": ("1", "", "<f", 'IF(A1<2,"a&b",0)', "1", ""),
        "FZ4999": ("", "", "<f", "", "", ""),
    }
    agree(data)


@pytest.mark.parametrize("path", sorted(ROOT.glob("templates/**/*.xlsx")), ids=lambda path: path.stem)
def test_our_own_forms_are_plain(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                data = package.read(name)
                assert quick_sheet(data) is not None, name
                agree(data)


def test_a_form_saved_by_another_program_is_plain() -> None:
    book, out = Workbook(), BytesIO()
    form = book["Sheet"]
    form.append([1, "二", "=A1+1", True, None])
    book.save(out)
    with zipfile.ZipFile(out) as package:
        data = package.read("xl/worksheets/sheet1.xml")
    found = quick_sheet(data)
    assert found is not None
    assert found.cells["C1"][3:5] == ("<f", "A1+1")
    assert found.cells["D1"][2] == "b"


@pytest.mark.parametrize(
    ("cells", "read", "far"),
    [
        (
            "<c><v>1</v></c><c><f>A1</f></c>",
            {"A1": ("", "", "", "", "1", ""), "B1": ("", "", "<f", "A1", "", "")},
            False,
        ),
        ('<c r="XFD1048576"><v>1</v></c>', {}, True),
        ("<x:c r='C1'><x:f><![CDATA[A1<2]]></x:f></x:c>", {"C1": ("", "", "<f", "A1<2", "", "")}, False),
        (
            '<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r><rPh sb="0" eb="1"><t>jia</t></rPh></is></c>',
            {"A1": ("", "inlineStr", "", "", "", "甲乙")},
            False,
        ),
    ],
)
def test_what_is_not_plain_is_read_by_the_parser(cells: str, read: Cells, far: bool) -> None:
    assert quick_sheet(sheet(cells)) is None
    found, (lies_far, *_) = told(read_sheet(sheet(cells)))
    assert (found, lies_far) == (read, far)


def test_a_formula_outside_the_cells_marks_none() -> None:
    data = sheet('<c r="A1"/>').replace(b"</sheetData>", b"</sheetData><extLst><xm:f>Sheet!A1</xm:f></extLst>")
    assert [opening for _, _, _, opening, *_ in read_sheet(data).cells.values()] == [""]


@pytest.mark.parametrize(
    "cells", ['<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>', '</row><row r="1">', '<c r="A1"/><c r="A1"><v>1</v></c>']
)
def test_a_cell_or_row_that_stands_twice_is_refused(cells: str) -> None:
    """Row 50: readers do not agree on which one counts."""
    with pytest.raises(SheetError, match="twice"):
        read_sheet(sheet(cells))


@pytest.mark.parametrize(
    "more",
    [
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A1:Z100000"/></hyperlinks>',
    ],
)
def test_a_range_over_the_whole_grid_is_refused(more: str) -> None:
    """Row 94: programs walk through every cell of it."""
    with pytest.raises(SheetError, match="area"):
        read_sheet(sheet('<c r="A1"/>').replace(b"</sheetData>", b"</sheetData>" + more.encode()))


@pytest.mark.parametrize("at", ['t="array" ref="{}"', 'ref="{}" t="array"', 'aca="false" t="array" ref="{}"'])
def test_an_array_formula_over_the_whole_grid_is_refused(at: str) -> None:
    """Row 94."""
    with pytest.raises(SheetError, match="area"):
        read_sheet(sheet(f'<c r="A1"><f {at.format("A1:XFD1048576")}>1</f></c>'))


@pytest.mark.parametrize("area", ["A1:A9", "A9:A1", "$A$1:$A$9"])
@pytest.mark.parametrize("opening", ARRAYS)
def test_what_an_array_formula_fills_is_known_wherever_its_type_is_written(opening: str, area: str) -> None:
    """Row 70: its results stand in their cells as if they were typed."""
    data = sheet(f'<c r="A1">{opening.replace("A1:A9", area)}1</f><v>4</v></c>')
    assert quick_sheet(data) is None
    assert read_sheet(data).arrays == (area,)
    one = Sheet("填报", read_sheet(data), Shared([], (), datetime(1899, 12, 30)))
    assert [one._in_array(each) for each in ("A2", "A9", "A10", "B2")] == [True, True, False, False]


@pytest.mark.parametrize(
    "body",
    ["<v>1</v><v>2</v>", "<f>1</f><f>2</f>", "<v>1</v><x:v>2</x:v>", "<is><t>1</t></is><is><t>2</t></is>",
     "<is><t>1</t><t>2</t></is>", "<v>1</v><f>A1</f><v>2</v>"],
)  # fmt: skip
def test_a_cell_that_says_two_things_is_refused(body: str) -> None:
    """Row 50: joined, they would be a third."""
    with pytest.raises(SheetError, match="twice"):
        read_sheet(sheet(f'<c r="A1">{body}</c>'))


@pytest.mark.parametrize("body", ["<v>1<v>2</v></v>", "<v>1<x/>2</v>", "<f>A1<f>2</f></f>"])
def test_a_value_with_elements_in_it_is_refused(body: str) -> None:
    with pytest.raises(SheetError, match="nested"):
        read_sheet(sheet(f'<c r="A1">{body}</c>'))


def test_what_a_cell_carries_for_other_programs_is_not_its_value() -> None:
    found, _ = told(read_sheet(sheet('<c r="A1"><v>1</v><extLst><ext><xm:f>B1</xm:f><v>2</v></ext></extLst></c>')))
    assert found == {"A1": ("", "", "", "", "1", "")}


@pytest.mark.parametrize("cells", ['<c r="A١"><v>1</v></c>', '<c r="A1"/></row><row r="٢">'])
def test_a_place_in_digits_of_another_script_is_refused(cells: str) -> None:
    with pytest.raises(SheetError, match=r"address|row"):
        read_sheet(sheet(cells))


FOREIGN = 'xmlns:z="urn:z"'
OTHER = 'xmlns="urn:z"'


@pytest.mark.parametrize(
    "cells",
    [f'<c r="A1"><z:v {FOREIGN}>9</z:v></c>', f'<c r="A1"><v {OTHER}>9</v></c>',
     f'<c r="A1"><v>1</v><z:f {FOREIGN}/></c>', f'<c r="A1" t="inlineStr"><is><z:t {FOREIGN}>9</z:t></is></c>',
     f'<c r="A1" t="inlineStr"><is {OTHER}><t>9</t></is></c>',
     f'<c r="A1" {OTHER}><v>9</v></c>', f'<z:c {FOREIGN} r="A1"><v>9</v></z:c>', f'<z:p {FOREIGN}><c r="A1"/></z:p>',
     '<c r="A1"><v xmlns = "urn:z">9</v></c>', f'</row><row r="2" {OTHER}><c r="A2"><v>9</v></c>',
     f'</row><z:row {FOREIGN} r="2"><c r="A2"><v>9</v></c></z:row><row r="3">', f'<c r="A1"><z:extLst {FOREIGN}/></c>'],
)  # fmt: skip
def test_what_belongs_to_something_else_is_refused_among_the_cells(cells: str) -> None:
    """Row 50: some readers take it for the answer, others see a blank cell."""
    assert outcome(sheet(cells), quick=True) in (None, "SheetError")
    with pytest.raises(SheetError, match="foreign"):
        read_sheet(sheet(cells))


@pytest.mark.parametrize(
    ("old", "new"),
    [("<sheetData>", f"<sheetData {OTHER}>"), (f"<worksheet {MORE}", f'<worksheet {MORE.replace(MAIN, OTHER)}'),
     (f"<worksheet {MORE}", "<worksheet"), ("<sheetData>", f"<z:a {FOREIGN}/><sheetData xmlns='urn:z'>"),
     ("</sheetData>", '</sheetData><c r="A9"><v>1</v></c>'), ("</sheetData>", '</sheetData><row r="9"></row>'),
     ("</sheetData>", f"</sheetData><sheetData {OTHER}/>"), ("</sheetData>", '</sheetData><sheetData></sheetData>')],
)  # fmt: skip
def test_a_sheet_whose_cells_belong_to_something_else_or_stand_elsewhere_is_refused(old: str, new: str) -> None:
    data = sheet('<c r="A1"><v>9</v></c>').replace(old.encode(), new.encode())
    data = data.replace(b"xmlns:x=", b"xmlns:y=") if b"urn:excel" not in data else data
    assert outcome(data, quick=True) in (None, "SheetError")
    with pytest.raises(SheetError, match=r"foreign|twice"):
        read_sheet(data)


def test_what_newer_programs_add_around_the_cells_is_no_part_of_them() -> None:
    """Controls stand on rows and columns of their own, in another namespace."""
    tail = (
        f'<controls><z:a {FOREIGN}><anchor><from><z:col hidden="1">1</z:col><z:row>1</z:row></from></anchor></z:a>'
        f'</controls><z:mergeCell {FOREIGN} ref="A1:A2"/><extLst><ext><z:sheetData {FOREIGN}><row r="1"><c r="A1">'
        "<v>3</v></c></row></z:sheetData></ext></extLst>"
    )
    cells = '<c r="A1"><v>1</v><extLst><ext><is><t>7</t></is><c r="A1"/></ext></extLst></c>'
    data = sheet(cells).replace(b"</sheetData>", f"</sheetData>{tail}".encode())
    assert quick_sheet(data) is None
    found, (far, height, merges, _, columns, *_) = told(read_sheet(data))
    assert found == {"A1": ("", "", "", "", "1", "")}
    assert (far, height, merges, columns) == (False, 1, (), ())


def test_strict_sheets_are_read_by_the_letter_too() -> None:
    strict = sheet('<c r="A1"><v>1</v></c>').replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    found = quick_sheet(strict)
    assert found is not None and told(found) == told(careful_sheet(strict))


def test_deep_nesting_is_refused_where_the_parser_reads() -> None:
    """Row 95."""
    with pytest.raises(SheetError, match="deep"):
        read_sheet(sheet("<x:c>" + "<a>" * 1000 + "</a>" * 1000 + "</x:c>"))


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_cut_sheet_is_not_well_formed(cut: int) -> None:
    with pytest.raises(ExpatError):
        read_sheet(sheet('<c r="A1"/>')[:-cut])


def test_a_declared_type_is_refused() -> None:
    with pytest.raises(SheetError):
        read_sheet(b"<!DOCTYPE worksheet>" + sheet('<c r="A1"/>', ""))


# --- a sheet is cut into pieces, and pieces seen before are known ---------------------------------

ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
FEET = "<headerFooter><oddFooter>&amp;L区办</oddFooter></headerFooter>"


def whole(rows: str, tail: str = "", root: str = f"<worksheet {MAIN}>") -> bytes:
    return f"{PLAIN}{root}<sheetData>{rows}</sheetData>{tail}</worksheet>".encode()


@pytest.mark.parametrize(
    "data",
    [
        whole(ROW + "</row>"),
        whole(ROW.removesuffix("</row>")),
        whole(f"<row r='1'><c r='A1'/>{ROW}</row>"),
        whole(ROW, f'<pageSetup a="{FEET}"/>'),
        whole(ROW, f"<pageSetup {FEET} a='1'/>"),
        whole(ROW, "<headerFooter><oddFooter></headerFooter></oddFooter>"),
        whole(ROW, FEET.replace("oddFooter", "x:oddFooter")),
        whole(ROW.replace("<v>", '<v x:y="1">')),
        whole(ROW + '<row r="1"/>'),
        whole(ROW + '<row r="2"><c r="A1"/></row>'),
        whole(ROW + ROW.replace('row r="1"', 'row r="2"')),
        whole(ROW, root="<worksheet>"),
        whole(ROW, root='<worksheet xmlns="urn:other">'),
        whole(f"<x>{ROW}</x>"),
        whole(ROW + "</sheetData><sheetData>"),
    ],
)
def test_pieces_that_make_no_whole_or_another_one_are_left_to_the_parser(data: bytes) -> None:
    assert outcome(whole(ROW), quick=True), "the same row as part of a sound sheet is known"
    assert outcome(data, quick=True) in (None, outcome(data, quick=False))
    assert outcome(data, quick=False) != outcome(whole(ROW), quick=False)


@pytest.mark.parametrize("cell", ["<c r='A1'><x><v>7</v></x></c>", "<x><c r='A1'><v>7</v></c></x>"])
def test_an_element_that_is_none_of_a_sheet_wrapped_round_cells_is_refused(cell: str) -> None:
    assert outcome(whole(f"<row r='1'>{cell}</row>".replace("'", '"')), quick=True) is None
    with pytest.raises(SheetError, match="foreign"):
        careful_sheet(whole(f"<row r='1'>{cell}</row>"))


def test_feet_and_rows_between_others_are_read_alike_by_both_ways() -> None:
    for rows in (ROW, f'<row r="1"/>\n{ROW.replace("1", "2")}', f'{ROW}<row r="7"/>', ""):
        data = whole(rows, f"<mergeCells><mergeCell ref='B1:C1'/></mergeCells>{FEET}")
        assert outcome(data, quick=False) == outcome(data.replace(b"'", b'"'), quick=True)


def test_what_is_done_to_one_sheet_is_not_done_to_another_with_the_same_rows() -> None:
    first, second = read_sheet(whole(ROW)), read_sheet(whole(ROW))
    first.cells.clear()
    assert second.cells and read_sheet(whole(ROW)).cells
