"""退回: the unit's own workbook comes back marked, and nothing else in it has changed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import warnings
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xlsxwriter
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from tests.office import require_office, resave, to_pictures
from tests.rounds import call, sample_of
from xfkh import publish
from xfkh.intake import Arrived
from xfkh.report import mending
from xfkh.report.mending import Mending, write_slip
from xfkh.slips import MOST, Fault, Slip, SlipError, mark, plain_slip, slip_name
from xfkh.workbook.lint import lint
from xfkh.workbook.patch import Part, PatchError, parse, with_attributes
from xfkh.workbook.read import ReadError, read_workbook
from xfkh.workbook.style import INPUT, PLAIN
from xfkh.workers import Workers

RETURNED = Path(__file__).parents[1] / "samples" / "district" / "收回"
ORANGE = "FF" + PLAIN.fill("alarm")[1:]
KEPT = ("number_format", "border", "alignment", "protection", "font")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f6"
    "45400000000049454e44ae426082"
)


def wrong(cell: str, sheet: str = "填报", what: str = "写的不是数字", level: str = "错误") -> Fault:
    return Fault(sheet, cell, level, what, "只填整数，没有发生的填 0")


def slip(*faults: Fault, data: bytes = b"", due: str = "2026-01-20") -> Slip:
    digest = hashlib.sha256(data).hexdigest()
    return Slip("东风街道", "区信访工作目标管理考核", "2025年　全年", "考核办公室", due, faults, digest)


def marked(data: bytes, *faults: Fault) -> bytes:
    """Marked twice, to the same bytes."""
    made = mark(data, slip(*faults, data=data))
    assert made == mark(data, slip(*faults, data=data))
    return made


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    return packed({name: change(name, part) for name, part in members(data).items()})


def opened(data: bytes) -> Any:
    with warnings.catch_warnings():
        # the barest workbooks name no default format, the richest hold what openpyxl does not know
        warnings.filterwarnings("ignore", "Workbook contains no|.* extension is not supported")
        return load_workbook(BytesIO(data))


def values(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def stamped(data: bytes) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in values(data)["_xfkh"]}


def fill(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb) if cell.fill.fill_type == "solid" else ""


def kept(cell: Any, name: str) -> Any:
    """A part of a cell's format, out of the wrapper that openpyxl puts around it."""
    part = getattr(cell, name)
    return getattr(part, "_StyleProxy__target", part)


@pytest.fixture(scope="module")
def issued() -> bytes:
    """A return as xlsxwriter wrote it."""
    return next(RETURNED.glob("东风街道_*.xlsx")).read_bytes()


@pytest.fixture(scope="module")
def saved(issued: bytes) -> bytes:
    """The same, saved again by openpyxl."""
    out = BytesIO()
    opened(issued).save(out)
    return out.getvalue()


# --- genuine returns ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["issued", "saved"])
def test_wrong_cells_are_marked_and_nothing_else_changes(kind: str, request: pytest.FixtureRequest) -> None:
    data: bytes = request.getfixturevalue(kind)
    made = marked(data, wrong("D14"), wrong("D27", what="少了一半"))
    before, after = opened(data), opened(made)
    assert after.sheetnames == ["退回说明", *before.sheetnames]
    for sheet in before:
        twin = after[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                other = twin[cell.coordinate]
                assert other.value == cell.value
                assert all(kept(other, each) == kept(cell, each) for each in KEPT), cell.coordinate
                asked = sheet.title == "填报" and cell.coordinate in ("D14", "D27")
                assert fill(other) == (ORANGE if asked else fill(cell))
        assert twin.sheet_state == sheet.sheet_state
        assert twin.protection.sheet == sheet.protection.sheet
        assert len(twin.data_validations.dataValidation) == len(sheet.data_validations.dataValidation)
        assert list(map(str, twin.conditional_formatting)) == list(map(str, sheet.conditional_formatting))
    note = after["填报"]["D27"].comment.text
    assert note == "【退回】第2条 错误：少了一半\n怎样改：只填整数，没有发生的填 0"


@pytest.mark.parametrize("kind", ["issued", "saved"])
def test_cached_values_stay(kind: str, request: pytest.FixtureRequest) -> None:
    data: bytes = request.getfixturevalue(kind)
    before, after = values(data), values(marked(data, wrong("D14")))
    del before["_xfkh"], after["_xfkh"], after["退回说明"]
    assert after == before
    if kind == "issued":
        assert before["填报"][2][10] == "已全部填好" or any("已填" in map(str, row) for row in before["填报"])


def test_bytes_change_only_where_they_must(issued: bytes) -> None:
    before, after = members(issued), members(marked(issued, wrong("D14")))
    assert next(iter(after)) == "[Content_Types].xml"
    assert [name for name in after if name in before] == list(before)
    touched = {name for name in before if before[name] != after[name]}
    form, stamp = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet5.xml"
    books = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert touched == {*books, form, stamp, "docProps/custom.xml", "xl/worksheets/sheet1.xml"}
    back = re.sub(rb"<legacyDrawing [^>]*/>", b"", after[form])
    pattern = rb'(<c r="D14" s=")\d+"'
    assert re.sub(pattern, rb"\1", back) == re.sub(pattern, rb"\1", before[form])
    # of the cover only this: it is not chosen any more beside the list
    assert after["xl/worksheets/sheet1.xml"] == before["xl/worksheets/sheet1.xml"].replace(b' tabSelected="1"', b"")


def test_every_part_is_declared_and_every_relation_leads_somewhere(issued: bytes) -> None:
    parts = members(marked(issued, wrong("D14"), wrong("C5", "封面")))
    types = parts["[Content_Types].xml"].decode()
    assert types.count('Extension="vml"') == 1
    for name in parts:
        if name != "[Content_Types].xml":
            assert types.count(f'PartName="/{name}"') + name.endswith((".rels", ".vml")) == 1, name
    for name, data in parts.items():
        if name.endswith((".xml", ".rels", ".vml")):
            parse(data)
        for target in re.findall(rb' Target="([^"]+)"', data) if name.endswith(".rels") else ():
            folder = Path(name).parent.parent
            found = (Path("/") / folder / target.decode()).resolve().relative_to("/").as_posix()
            assert found in parts, (name, target)


def test_the_hash_of_the_replaced_file_is_in_cells_and_properties(issued: bytes) -> None:
    made, digest = marked(issued, wrong("D14")), hashlib.sha256(issued).hexdigest()
    assert stamped(made) == {**stamped(issued), "替换": digest}
    assert opened(made).custom_doc_props["xfkh.替换"].value == digest
    assert opened(made).custom_doc_props["xfkh.单位"].value == "东风街道"


def test_the_list_says_what_is_wrong_where_and_how_to_send_it_back(issued: bytes) -> None:
    faults = (wrong("D14"), wrong("", "", "封面没有写单位"), Fault("填报", "D27", "提示", "与上月相同", "请核对"))
    sheet = opened(marked(issued, *faults))["退回说明"]
    rows = [[cell.value for cell in row[1:7]] for row in sheet.iter_rows()]
    said = "\n".join(str(value) for row in rows for value in row if value)
    for each in (
        "东风街道",
        "区信访工作目标管理考核",
        "2025年　全年",
        "2026-01-20",
        "考核办公室",
        "不要另用旧表",
        "保存",
    ):
        assert each in said
    heads = rows.index(["序号", "工作表", "格子", "级别", "问题", "怎样改"])
    assert rows[heads + 1 :] == [
        [1, "填报", "D14", "错误", "写的不是数字", "只填整数，没有发生的填 0"],
        [2, "整个文件", "—", "错误", "封面没有写单位", "只填整数，没有发生的填 0"],
        [3, "填报", "D27", "提示", "与上月相同", "请核对"],
    ]
    links = {cell.hyperlink.ref: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"D{heads + 2}": "'填报'!D14", f"D{heads + 4}": "'填报'!D27"}
    assert int(sheet.page_setup.paperSize) == 9 and sheet.oddFooter.right.text == "第 &P 页，共 &N 页"
    assert sheet.print_title_rows == f"${heads + 1}:${heads + 1}"
    assert sheet.print_area == f"'退回说明'!$B$1:$G${heads + 4}"


def test_where_no_cell_is_marked_the_list_speaks_of_no_colour(issued: bytes) -> None:
    def said(fault: Fault) -> str:
        sheet = opened(marked(issued, fault))["退回说明"]
        return "".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)

    assert "橙色" in said(wrong("D14")) and "橙色" not in said(wrong(""))


def test_the_list_alone_is_open_and_chosen(issued: bytes) -> None:
    def second(name: str, part: bytes) -> bytes:
        if name == "xl/workbook.xml":
            return part.replace(b"<workbookView ", b'<workbookView activeTab="1" firstSheet="1" ')
        return part.replace(b"<sheetView ", b'<sheetView tabSelected="1" ') if name.endswith("sheet2.xml") else part

    book = opened(marked(changed(issued, second), wrong("D14")))
    assert book.active.title == "退回说明" and book.views[0].firstSheet in (None, 0)
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["退回说明"]


def test_names_of_single_sheets_stay_with_them(issued: bytes) -> None:
    before, after = opened(issued), opened(marked(issued, wrong("D14")))
    assert before["填报"].print_title_rows == "$2:$4"
    for sheet in before:
        assert after[sheet.title].print_title_rows == sheet.print_title_rows
        assert after[sheet.title].print_area == sheet.print_area
    assert {name: each.attr_text for name, each in after.defined_names.items()} == {
        name: each.attr_text for name, each in before.defined_names.items()
    }


# --- marks ----------------------------------------------------------------------------------------


def test_two_faults_of_a_cell_share_its_note(issued: bytes) -> None:
    made = opened(marked(issued, wrong("D14", what="甲"), wrong("$D$14", what="乙", level="警告"), wrong("D14、D27")))
    assert made["填报"]["D14"].comment.text == (
        "【退回】第1条 错误：甲\n怎样改：只填整数，没有发生的填 0\n第2条 警告：乙\n怎样改：只填整数，没有发生的填 0\n"
        "第3条 错误：写的不是数字\n怎样改：只填整数，没有发生的填 0"
    )
    assert fill(made["填报"]["D27"]) == ORANGE and "第3条" in made["填报"]["D27"].comment.text


def test_of_merged_cells_the_first_is_marked(issued: bytes) -> None:
    sheet = opened(issued)["填报"]
    block = next(each for each in sheet.merged_cells.ranges if each.max_col > each.min_col)
    inside = sheet.cell(block.max_row, block.max_col).coordinate
    made = opened(marked(issued, wrong(inside)))["填报"]
    assert fill(made[block.start_cell.coordinate]) == ORANGE and made[block.start_cell.coordinate].comment


def test_cells_and_rows_that_the_file_does_not_hold_are_marked(issued: bytes) -> None:
    def cut(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet2.xml"):
            return part
        part = re.sub(rb'<c r="D14"[^>]*?(?:/>|>.*?</c>)', b"", part)
        return re.sub(rb'<row r="27".*?</row>', b"", part)

    data = changed(issued, cut)
    made = opened(marked(data, wrong("D14"), wrong("D27"), wrong("M27"), wrong("ZZ2000"), wrong("B27")))["填报"]
    for at in ("D14", "D27", "M27", "B27", "ZZ2000"):
        assert fill(made[at]) == ORANGE and made[at].comment, at
    rows = re.findall(rb'<row r="(\d+)"', members(marked(data, wrong("D27"), wrong("D14")))["xl/worksheets/sheet2.xml"])
    assert rows == sorted(rows, key=int)


@pytest.mark.parametrize("at", ["", "D0", "XFE1", "A1048577", "第3行", "D7!", "A" * 50_000])
def test_what_is_no_cell_is_listed_only(issued: bytes, at: str) -> None:
    made = opened(marked(issued, wrong(at), wrong("D14", "没有这个表"), wrong("A1", "_xfkh")))
    assert not any(cell.comment for sheet in made for row in sheet.iter_rows() for cell in row)
    assert "写的不是数字" in {cell.value for cell in made["退回说明"]["F"]}


def test_hostile_texts_are_text(issued: bytes) -> None:
    bad = "=1+1]]><x>&amp;\u202e\x00\ud800_x000D_'\"" + "长" * 40_000
    sheet = Fault("填报'&<\n", "D14", bad, bad, bad)
    made = marked(issued, sheet, Fault("填报", "D14", bad, bad, bad))
    assert lint(made) == []
    book = opened(made)
    assert len(book["填报"]["D14"].comment.text) < 32_767
    listed = [row[5] for row in values(made)["退回说明"] if str(row[5]).startswith("=1+1]]><x>&amp;_x000D_'\"长")]
    assert len(listed) == 2 and all(cell.data_type != "f" for row in book["退回说明"].iter_rows() for cell in row)


def test_a_flood_of_faults_is_cut(issued: bytes) -> None:
    data = issued
    made = mark(data, slip(*(wrong(f"D{k % 9_000 + 5}") for k in range(70_000)), data=data))
    book = opened(made)
    texts = [str(row[1].value) for row in book["退回说明"].iter_rows() if row[1].value]
    assert texts[-1] == f"还有 {70_000 - MOST} 处没有列出；先改好上面这些再发回。"
    assert sum(cell.comment is not None for row in book["填报"].iter_rows() for cell in row) == MOST


def formatted(data: bytes, **cells: tuple[Any, str]) -> bytes:
    """Answers of other number formats, as the unit's program saved them."""
    book, out = opened(data), BytesIO()
    for at, (value, code) in cells.items():
        book["填报"][at].value, book["填报"][at].number_format = value, code
    book.save(out)
    return out.getvalue()


def retyped(cell: str) -> Fault:
    return replace(wrong(cell), retype=True)


ODD = {"D14": (datetime(2025, 3, 5), 'm"月"d"日"'), "D16": (0.03, "0%"), "D18": (3, '0"0"'), "D20": (None, "yyyy-m-d"),
       "D27": ("约5", "0.00%")}  # fmt: skip
PLAINLY = {"D14": (3.5, "0.0"), "D16": (3, "#,##0"), "D18": ("007", "@"), "D20": (3, "0_ ")}


def test_an_answer_that_is_to_be_typed_anew_takes_a_plain_number(issued: bytes) -> None:
    data = formatted(issued, **ODD)
    sheet, before = opened(marked(data, *map(retyped, ODD)))["填报"], opened(data)["填报"]
    for at in ODD:
        assert sheet[at].number_format == "General" and fill(sheet[at]) == ORANGE
        assert sheet[at].comment.text.endswith("这一格的格式已改回常规，直接填写就行。")
        assert sheet[at].value == (before[at].value if at == "D27" else None)
        assert all(kept(sheet[at], each) == kept(before[at], each) for each in KEPT[1:])


def test_plain_formats_and_those_of_texts_stay_with_what_they_hold(issued: bytes) -> None:
    data = formatted(issued, **PLAINLY)
    sheet = opened(marked(data, *map(retyped, PLAINLY)))["填报"]
    assert {at: (sheet[at].value, sheet[at].number_format) for at in PLAINLY} == PLAINLY


def test_what_is_marked_for_another_reason_keeps_format_and_number(issued: bytes) -> None:
    sheet = opened(marked(formatted(issued, D14=(0.95, "0%")), wrong("D14")))["填报"]
    assert (sheet["D14"].value, sheet["D14"].number_format) == (0.95, "0%")


def test_a_formula_goes_with_its_number_unless_other_cells_live_on_it() -> None:
    xfs = style_sheet("<cellXfs><xf/><xf numFmtId='14'/></cellXfs>")
    cells = (
        '<c r="A1" s="1"><f>B9</f><v>45721</v></c>'
        '<c r="B1" s="1"><f t="shared" ref="B1:B2" si="0">C1</f><v>45721</v></c>'
    )
    data = bare(f'<sheetData><row r="1">{cells}</row></sheetData>', "", xfs)
    sheet = opened(marked(data, retyped("A1"), retyped("B1")))["填报"]
    assert (sheet["A1"].value, sheet["A1"].number_format) == (None, "General")
    assert (sheet["B1"].value, sheet["B1"].number_format) == ("=C1", "mm-dd-yy")


# --- what else a workbook holds ---------------------------------------------------------------------


def rich(comments: bool = True) -> bytes:
    """A workbook with what openpyxl would lose: pictures, a chart, a text box, newer conditional formats, notes."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("填报")
    sheet.set_column(3, 3, 20, book.add_format({"num_format": "0.0", "border": 1, "locked": False}))
    sheet.write("A1", "甲")
    sheet.write_formula("B1", "=LEN(A1)", None, 1)
    sheet.write_row("A5", [1, 2, 3])
    sheet.conditional_format("A5:C5", {"type": "data_bar", "data_bar_2010": True})
    sheet.insert_image("F2", "一.png", {"image_data": BytesIO(PNG)})
    sheet.insert_textbox("F9", "文本框")
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=填报!$A$5:$C$5"})
    sheet.insert_chart("F20", chart)
    if comments:
        sheet.write_comment("A1", "单位自己的批注", {"author": "某人"})
        sheet.write_comment("C5", "另一条")
    stamp = book.add_worksheet("_xfkh")
    stamp.write_row(0, 0, ["类型", "填报表"])
    stamp.hide()
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("comments", [True, False])
def test_pictures_charts_and_newer_formats_stay(comments: bool) -> None:
    data = rich(comments)
    before, after = members(data), members(marked(data, wrong("B9")))
    for name in before:
        if name.startswith(("xl/media", "xl/charts", "xl/drawings/drawing", "xl/drawings/_rels", "xl/theme")):
            assert after[name] == before[name], name
    sheet = after["xl/worksheets/sheet1.xml"]
    assert re.search(rb"<extLst>.*x14:conditionalFormatting.*</extLst>", sheet, re.DOTALL)
    order = re.findall(rb"<(pageMargins|drawing|legacyDrawing|extLst)\b", sheet)
    assert order[-4:] == [b"pageMargins", b"drawing", b"legacyDrawing", b"extLst"]


def test_notes_that_were_there_stay_and_ours_go_on() -> None:
    data = rich()
    made = marked(data, wrong("A1"), wrong("D9"))
    sheet = opened(made)["填报"]
    assert sheet["A1"].comment.text.startswith("单位自己的批注\n【退回】第1条")
    assert sheet["A1"].comment.author == "某人" and sheet["C5"].comment.text == "另一条"
    assert sheet["D9"].comment.text.startswith("【退回】第2条")
    assert sheet["D9"].number_format == "0.0" and sheet["D9"].protection.locked is False and fill(sheet["D9"]) == ORANGE
    drawing = members(made)["xl/drawings/vmlDrawing1.vml"]
    assert drawing.count(b"</v:shape>") == 3
    ids = re.findall(rb'id="(_x0000_s\d+)"', drawing)
    assert len(set(ids)) == 3


def test_notes_without_boxes_get_them(issued: bytes) -> None:
    def boxless(name: str, part: bytes) -> bytes:
        return re.sub(rb"<legacyDrawing [^>]*/>", b"", part) if name.endswith("sheet1.xml") else part

    parts = members(marked(changed(rich(), boxless), wrong("D9")))
    assert parts["xl/drawings/vmlDrawing2.vml"].count(b"</v:shape>") == 3


def test_other_shapes_of_a_drawing_outlive_our_boxes() -> None:
    """One that closes itself, one within another."""
    theirs = (
        b'<v:group><v:shape id="one"><x:ClientData ObjectType="Pict"><x:Row>8</x:Row><x:Column>1</x:Column>'
        b'</x:ClientData></v:shape></v:group><v:shape id="two" />'
    )

    def drawn(name: str, part: bytes) -> bytes:
        return part.replace(b"</xml>", theirs + b"</xml>") if name.endswith(".vml") else part

    first = marked(changed(rich(), drawn), wrong("B9"), wrong("C5"))
    second = marked(first, wrong("D9"))
    for made in (first, second):
        assert theirs in members(made)["xl/drawings/vmlDrawing1.vml"]
    root = parse(members(second)["xl/drawings/vmlDrawing1.vml"])
    rows = [
        (row.text, col.text)
        for shape in root.children
        for data in shape.children
        if data.get("ObjectType") == "Note" and (row := data.one("Row")) and (col := data.one("Column"))
    ]
    assert sorted(rows) == [("0", "0"), ("4", "2"), ("8", "3")]


def test_a_drawing_of_very_many_shapes_takes_no_time() -> None:
    def drawn(name: str, part: bytes) -> bytes:
        many = b"<v:shape />" * 40_000
        return part.replace(b"<v:shapetype", many + b"<v:shapetype", 1) if name.endswith(".vml") else part

    data, begun = changed(rich(), drawn), time.process_time()
    made = mark(data, slip(wrong("D9"), data=data))
    assert time.process_time() - begun < 10
    assert opened(made)["填报"]["D9"].comment.text.startswith("【退回】第1条")


OPEN = b"<v:textbox><div>one<br>two</div></v:textbox>"


def opened_tag(name: str, part: bytes) -> bytes:
    return part.replace(b"</xml>", OPEN + b"</xml>") if name.endswith(".vml") else part


def test_a_drawing_with_an_open_tag_is_no_reason_to_refuse_a_return_and_gets_no_marks() -> None:
    data = changed(rich(), opened_tag)
    assert list(read_workbook(data)) == ["填报", "_xfkh"]
    with pytest.raises(SlipError):
        mark(data, slip(wrong("D9"), data=data))


@pytest.mark.parametrize("change", [lambda _, part: part, opened_tag])
@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_drawing_with_a_document_type_is_refused_open_tags_or_not(
    code: str, change: Callable[[str, bytes], bytes]
) -> None:
    def typed(name: str, part: bytes) -> bytes:
        return (b'<!DOCTYPE xml [<!ENTITY a "b">]>' + part).decode().encode(code) if name.endswith(".vml") else part

    with pytest.raises(ReadError, match="doctype"):
        read_workbook(changed(changed(rich(), change), typed))


def test_a_drawing_that_never_begins_is_damaged() -> None:
    with pytest.raises(ReadError):
        read_workbook(changed(rich(), lambda name, part: b"<" + part if name.endswith(".vml") else part))


def test_a_text_of_very_many_entities_takes_no_time() -> None:
    count, begun = 600_000, time.process_time()
    assert parse(b"<t>" + b"&lt;&#20013;" * count + b"</t>").text == "<中" * count
    assert time.process_time() - begun < 10


def test_a_note_that_is_written_as_raw_text_is_read_as_one() -> None:
    def raw(name: str, part: bytes) -> bytes:
        return part.replace("另一条".encode(), "<![CDATA[另一条 <t <t]]>".encode()) if "comments" in name else part

    book = opened(marked(marked(changed(rich(), raw), wrong("C5")), wrong("A1")))
    assert book["填报"]["C5"].comment.text == "另一条 <t <t"


# --- what is not marked is as it was ----------------------------------------------------------------


def full() -> bytes:
    """A workbook that holds nearly all that a sheet can hold."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet, other = book.add_worksheet("填报"), book.add_worksheet("附表")
    free = book.add_format({"locked": False, "num_format": "0.00%", "border": 2, "bg_color": "#FFFF00", "indent": 1})
    sheet.set_column(1, 4, 14, free)
    sheet.set_row(6, 30, book.add_format({"italic": True}), {"hidden": True, "level": 1})
    for k in range(3, 12):
        sheet.write_row(k, 0, [f"第{k}项", k, k / 3, "文"], free)
    sheet.write_formula("E4", "=SUM(B4:B12)", free, 63)
    sheet.write_array_formula("F4:F6", "{=B4:B6*2}", free, 6)
    sheet.write_rich_string("A2", "一", book.add_format({"bold": True}), "二")
    sheet.merge_range("A14:D15", "并", free)
    sheet.data_validation("B4:B9", {"validate": "integer", "criteria": ">=", "value": 0, "input_message": "整数"})
    sheet.data_validation("D4:D9", {"validate": "list", "source": ["是", "否"]})
    sheet.conditional_format("B4:B9", {"type": "cell", "criteria": ">", "value": 5, "format": book.add_format()})
    sheet.conditional_format("C4:C9", {"type": "3_color_scale"})
    sheet.conditional_format("C4:C9", {"type": "data_bar", "data_bar_2010": True})
    sheet.protect("", {"format_columns": True, "sort": True})
    sheet.unprotect_range("H1:H9", "区域")
    sheet.autofilter("A3:D12")
    sheet.freeze_panes(3, 1)
    sheet.set_header("&C表头")
    sheet.set_h_pagebreaks([9])
    sheet.write_url("A1", "internal:附表!A1", string="去附表")
    sheet.insert_button("J2", {"caption": "甲"})
    sheet.write_comment("D5", "单位自己的批注")
    sheet.ignore_errors({"number_stored_as_text": "A1:D9"})
    other.add_table("A1:B3", {"data": [["甲", 1], ["乙", 2]]})
    other.write_comment("B2", "另一张表的批注")
    other.very_hidden()
    book.define_name("总数", "=填报!$B$4:$B$9")
    book.define_name("附表!局部", "=附表!$A$1")
    stamp = book.add_worksheet("_xfkh")
    stamp.write_row(0, 0, ["类型", "填报表"])
    stamp.hide()
    book.close()
    return out.getvalue()


MARKED = ("B14", "D14", "C120", "G27", "D27")
FORMATS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
WHOLE = re.compile(r"xl/(theme|tables|media|charts|drawings/(drawing|_rels)|sharedStrings|ctrlProps)")


def plain(part: bytes, cells: Collection[str] = ()) -> str:
    """A sheet without what a slip may change: the format of marked cells, their notes' drawing, what is chosen."""
    root = ElementTree.fromstring(part)
    for row in root.iter(f"{{{MAIN}}}row"):
        row.attrib.pop("spans", None)
        for each in list(row):
            if each.get("r") in cells and not list(each):
                row.remove(each)
            elif each.get("r") in cells:
                each.attrib.pop("s", None)
    for data in root.iter(f"{{{MAIN}}}sheetData"):
        for row in list(data):
            if not list(row) and row.attrib.keys() <= {"r"}:
                data.remove(row)
    for view in root.iter(f"{{{MAIN}}}sheetView"):
        view.attrib.pop("tabSelected", None)
    for each in root.findall(f"{{{MAIN}}}legacyDrawing"):
        root.remove(each)
    return ElementTree.canonicalize(ElementTree.tostring(root))


def in_order(data: bytes) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The sheets of a workbook with their states by their parts, and its names with the sheets that they belong to."""
    parts = members(data)
    links = {each.get("Id"): each.get("Target") for each in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])}
    root = ElementTree.fromstring(parts["xl/workbook.xml"])
    found = list(root.iter(f"{{{MAIN}}}sheet"))
    sheets = [f"{each.get('name')} {each.get('sheetId')} {each.get('state')}" for each in found]
    targets = [str(links[each.get(f"{{{RELATIONS}}}id")]).removeprefix("/xl/") for each in found]
    names = [
        (each.get("name", ""), each.text or "", sheets[int(place)] if (place := each.get("localSheetId")) else "")
        for each in root.iter(f"{{{MAIN}}}definedName")
    ]
    return dict(zip(targets, sheets, strict=True)), names


def is_untouched(data: bytes, made: bytes, marked: Collection[str]) -> None:
    """Part by part: all that was there is there still, but for the cells that are marked on the sheet 填报."""
    before, after = members(data), members(made)
    assert before.keys() <= after.keys()
    (sheets, names), (sheets_now, names_now) = in_order(data), in_order(made)
    assert sheets.items() <= sheets_now.items()
    assert [each for each in names_now if not each[2].startswith("退回说明")] == names
    for target, sheet in sheets.items():
        cells = marked if sheet.startswith("填报 ") else ()
        if not sheet.startswith("_xfkh "):
            assert plain(after[f"xl/{target}"], cells) == plain(before[f"xl/{target}"], cells), sheet
    styles, styles_now = (ElementTree.fromstring(each["xl/styles.xml"]) for each in (before, after))
    for name in FORMATS:
        old, new = (
            [ElementTree.tostring(item) for each in root.findall(f"{{{MAIN}}}{name}") for item in each]
            for root in (styles, styles_now)
        )
        assert new[: len(old)] == old, name
    assert all(after[name] == each for name, each in before.items() if WHOLE.match(name))
    assert any(WHOLE.match(name) for name in before)


@pytest.mark.parametrize("kind", ["issued", "saved", "full"])
def test_rules_formats_merges_names_and_protection_stay_part_by_part(kind: str, request: pytest.FixtureRequest) -> None:
    data = full() if kind == "full" else request.getfixturevalue(kind)
    merged = opened(data)["填报"].merged_cells.ranges
    seen = {next((str(block.start_cell.coordinate) for block in merged if at in block), at) for at in MARKED}
    first = marked(data, *map(wrong, MARKED))
    is_untouched(data, first, seen)
    assert {
        cell.coordinate for row in opened(first)["填报"].iter_rows() for cell in row if fill(cell) == ORANGE
    } == seen


# --- one that goes wrong ----------------------------------------------------------------------------


class Deadly(str):
    """A text that ends every process to which it is sent."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (3,)


def asked(path: Path, data: bytes, title: str = "考核") -> Mending:
    said = replace(slip(wrong("D14"), data=data), title=title)
    arrived = Arrived(path.name, path, sha256=hashlib.sha256(data).hexdigest())
    return Mending(f"退回/{path.stem}_退回.xlsx", arrived, said)


def is_list(path: Path) -> bool:
    """Whether a slip is the list alone."""
    return "填报" not in load_workbook(path).sheetnames


def test_a_slip_that_never_ends_or_kills_its_process_costs_its_own_marks_only(
    issued: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "SECONDS", 3)
    os.mkfifo(tmp_path / "管.xlsx")
    (tmp_path / "好.xlsx").write_bytes(issued)
    (tmp_path / "亡.xlsx").write_bytes(issued)
    asks = [
        asked(tmp_path / "管.xlsx", issued),
        asked(tmp_path / "好.xlsx", issued),
        asked(tmp_path / "亡.xlsx", issued, Deadly("考核")),
    ]
    with Workers(2) as workers:
        assert len(list(publish._slips(asks, tmp_path, workers))) == 3
    assert [is_list(tmp_path / each.name) for each in asks] == [True, False, True]


def test_a_return_that_is_exchanged_after_it_was_read_gets_no_marks_of_the_old_one(
    issued: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "东风街道.xlsx"
    path.write_bytes(issued)
    each = asked(path, issued)
    write_slip((tmp_path, each))
    assert not is_list(tmp_path / each.name)
    path.write_bytes(next(RETURNED.glob("北苑街道_*.xlsx")).read_bytes())
    write_slip((tmp_path, each))
    assert is_list(tmp_path / each.name)


def test_a_file_that_could_not_be_read_is_not_read_for_its_slip_either(
    issued: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = asked(tmp_path / "坏.xlsx", issued)
    each.arrived.sha256 = ""
    monkeypatch.setattr(mending, "content", lambda _: pytest.fail("read"))
    write_slip((tmp_path, each))
    assert is_list(tmp_path / each.name)


def test_what_a_file_s_name_alone_can_mend_sends_nothing_back(tmp_path: Path) -> None:
    sample_of("district", tmp_path)
    for path in (tmp_path / "收回").iterdir():
        path.unlink()
    (tmp_path / "收回" / "北苑街道.xlsx").write_bytes(next(RETURNED.glob("西关街道_*")).read_bytes())
    assert call("grade", tmp_path / "收回", "-o", tmp_path / "结果") == 1
    found = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))["findings"]
    (said,) = [each for each in found if each["code"] == "unit-file"]
    assert "改文件名" in said["mend"] and not (tmp_path / "结果" / "退回").exists()


# --- the second round -------------------------------------------------------------------------------


def typed(data: bytes, at: str, value: object) -> bytes:
    """A cell changed and the workbook saved by the unit's program."""
    book, out = opened(data), BytesIO()
    book["填报"][at] = value
    book.save(out)
    return out.getvalue()


def test_a_second_round_marks_anew(issued: bytes) -> None:
    first = marked(issued, wrong("D14"), wrong("D27"))
    back = typed(first, "D14", 1)
    second = marked(back, wrong("D27"), wrong("D16"))
    assert stamped(second) == {**stamped(issued), "替换": hashlib.sha256(back).hexdigest()}
    assert opened(second).custom_doc_props["xfkh.替换"].value == hashlib.sha256(back).hexdigest()
    before, book = opened(issued), opened(second)
    assert book.sheetnames == ["退回说明", *before.sheetnames]
    sheet = book["填报"]
    assert fill(sheet["D14"]) == "FF" + INPUT[1:] and sheet["D14"].comment is None
    assert [sheet[at].comment.text[:7] for at in ("D27", "D16")] == ["【退回】第1条", "【退回】第2条"]
    assert fill(sheet["D27"]) == fill(sheet["D16"]) == ORANGE
    assert [cell.value for cell in book["退回说明"]["D"] if cell.value][-2:] == ["D27", "D16"]
    assert book["填报"].print_title_rows == before["填报"].print_title_rows
    names = list(re.findall(rb'<definedName [^>]*localSheetId="0"[^>]*>', members(second)["xl/workbook.xml"]))
    assert len(names) == 2


def test_the_old_list_gives_way_wherever_it_stands_and_a_namesake_stays(issued: bytes) -> None:
    book, out = opened(marked(issued, wrong("D14"))), BytesIO()
    book.move_sheet("退回说明", 3)
    book["退回说明"].title = "旧的"
    book.create_sheet("退回说明")["A1"] = "单位自己的表"
    book.save(out)
    made = opened(marked(out.getvalue(), wrong("D14")))
    assert made.sheetnames == ["退回说明2", "封面", "填报", "检查", "说明", "_xfkh", "退回说明"]
    assert made["填报"].print_title_rows == "$2:$4"


def test_a_unit_s_own_words_in_a_note_outlive_ours() -> None:
    first = marked(rich(), wrong("A1"), wrong("C5"))
    second = opened(marked(first, wrong("C5", what="还不对")))["填报"]
    assert second["A1"].comment.text == "单位自己的批注"
    text = second["C5"].comment.text
    assert text.startswith("另一条\n【退回】第1条 错误：还不对") and text.count("【退回】") == 1


# --- packages of other hands ------------------------------------------------------------------------


TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">{{more}}'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.{{main}}"/>'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/worksheets/a.xml" ContentType="{SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/b.xml" ContentType="{SHEET}.worksheet+xml"/></Types>'
)
STAMP = '<row><c t="inlineStr"><is><t>类型</t></is></c><c t="inlineStr"><is><t>填报表</t></is></c></row>'


def relations(*entries: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Target="{target}" Id="i{k}" Type="{RELATIONS}/{kind}"/>'
        for k, (kind, target) in enumerate(entries)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def bare(
    sheet: str,
    p: str = "",
    styles: str = "",
    main: str = "sheet.main+xml",
    space: str = MAIN,
    book: str = "",
    root: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """The least package that is a workbook, as some program might write it: no views, absolute targets, no places."""
    ns = f'xmlns:{p[:-1]}="{space}"' if p else f'xmlns="{space}"'
    sheets = "".join(
        f'<{p}sheet name="{name}" sheetId="{9 - k}" q:id="i{k}"/>' for k, name in enumerate(("填报", "_xfkh"))
    )
    more = f'<Override PartName="/xl/styles.xml" ContentType="{SHEET}.styles+xml"/>' if styles else ""
    links = [("worksheet", "/xl/worksheets/a.xml"), ("worksheet", "worksheets/b.xml")]
    workbook = f'<{p}workbook {ns} xmlns:q="{RELATIONS}"><{p}sheets>{sheets}</{p}sheets>{book}</{p}workbook>'
    stamp = re.sub(r"<(/?)", rf"<\g<1>{p}", STAMP)
    parts = {
        "_rels/.rels": relations(("officeDocument", "/xl/workbook.xml"), *root),
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": relations(*links, *([("styles", "styles.xml")] if styles else [])),
        "xl/worksheets/a.xml": f"<{p}worksheet {ns}>{sheet}</{p}worksheet>",
        "xl/worksheets/b.xml": f"<{p}worksheet {ns}><{p}sheetData>{stamp}</{p}sheetData></{p}worksheet>",
        "[Content_Types].xml": TYPES.format(main=main, more=more),
    }
    return packed({**parts, **({"xl/styles.xml": styles} if styles else {})})


def style_sheet(inner: str, p: str = "") -> str:
    return f'<{p}styleSheet xmlns{":" if p else ""}{p[:-1]}="{MAIN}">{inner}</{p}styleSheet>'


BARE = {
    "no styles at all": bare('<sheetData><row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>3</v></c></row></sheetData>'),
    "no places": bare("<sheetData><row/><row><c><v>1</v></c></row></sheetData>"),
    "an empty sheet": bare("<sheetData/>"),
    "an empty row": bare('<sheetData><row r="2"/><row r="7"/></sheetData>'),
    "prefixes": bare(
        '<x:sheetData><x:row r="2"><x:c r="A2" s="1"><x:v>1</x:v></x:c></x:row></x:sheetData>',
        "x:",
        style_sheet('<x:cellXfs count="2"><x:xf/><x:xf numFmtId="2"/></x:cellXfs>', "x:"),
    ),
    "a format that is not there": bare('<sheetData><row><c r="B1" s="7"/></row></sheetData>', "", style_sheet("")),
    "a format where there are none": bare('<sheetData><row s="9"><c r="B1" s="7"/></row></sheetData>'),
    "styles without lists": bare("<sheetData/>", "", style_sheet('<cellStyles count="0"/>')),
    "styles that say nothing": bare("<sheetData/>", "", f'<styleSheet xmlns="{MAIN}"/>'),
    "a name in no order": bare("<sheetData/>", book='<definedNames><definedName name="甲" localSheetId="1">1</definedName></definedNames>'),  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("name", BARE)
def test_the_barest_workbooks_are_marked(name: str) -> None:
    data = BARE[name]
    made = marked(data, wrong("B2"), wrong("A1"), wrong("C9"))
    book = opened(made)
    assert book.sheetnames == ["退回说明", "填报", "_xfkh"]
    for at in ("B2", "A1", "C9"):
        assert fill(book["填报"][at]) == ORANGE and book["填报"][at].comment, at
    assert values(data)["填报"] == values(made)["填报"]
    assert sum(fill(cell) == ORANGE for row in book["填报"].iter_rows() for cell in row) == 3
    assert stamped(made)["替换"] == hashlib.sha256(data).hexdigest()


def test_what_a_cell_inherits_is_kept() -> None:
    xfs = "".join(f'<xf numFmtId="{k}" fontId="0" fillId="0" borderId="0"/>' for k in (0, 2, 10))
    rows = '<sheetData><row r="2" s="2" customFormat="1"><c r="A2"/></row></sheetData>'
    data = bare(f'<cols><col min="2" max="4" style="1"/></cols>{rows}', "", style_sheet(f"<cellXfs>{xfs}</cellXfs>"))
    sheet = opened(marked(data, wrong("B2"), wrong("B3"), wrong("E3")))["填报"]
    assert [sheet[at].number_format for at in ("B2", "B3", "E3")] == ["0.00%", "0.00", "General"]


def test_a_cell_far_outside_costs_nothing(issued: bytes) -> None:
    """Such a cell would have another reader walk the whole grid; so the bytes are looked at."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = changed(issued, lambda name, part: part.replace(b"</sheetData>", far) if "sheet2" in name else part)
    sheet = members(marked(data, wrong("D14"), wrong("XFD1048575")))["xl/worksheets/sheet2.xml"]
    last = re.findall(rb'<row r="104857\d"><c r="(\w+)"(?: s="\d+")?(?:/>|>)', sheet)
    assert last == [b"XFD1048575", b"XFD1048576"] and far in sheet


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_are_understood(issued: bytes, encoding: str) -> None:
    def recoded(name: str, part: bytes) -> bytes:
        if name not in ("xl/styles.xml", "docProps/custom.xml", "[Content_Types].xml"):
            return part
        return part.decode().replace("UTF-8", encoding.upper().removesuffix("-SIG")).encode(encoding)

    made = opened(marked(changed(issued, recoded), wrong("D14")))
    assert fill(made["填报"]["D14"]) == ORANGE


def test_a_chain_of_calculation_is_left_to_the_program(issued: bytes) -> None:
    parts = members(issued)
    entry = f'<Override PartName="/xl/calcChain.xml" ContentType="{SHEET}.calcChain+xml"/></Types>'
    link = f'<Relationship Id="c" Type="{RELATIONS}/calcChain" Target="calcChain.xml"/></Relationships>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", entry.encode())
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", link.encode())
    parts["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="K3" i="2"/></calcChain>'.encode()
    made = members(marked(packed(parts), wrong("D14")))
    assert not any("calcChain" in name or b"calcChain" in data for name, data in made.items())


ROW = "<sheetData><row><c><v>1</v></c></row></sheetData>"
UNSAFE: dict[str, Callable[[bytes], bytes]] = {
    "no package": lambda data: b"PK\x03\x04" + data[:400],
    "nothing": lambda data: b"",
    "cut short": lambda data: data[: len(data) // 2],
    "no stamp": lambda data: changed(data, lambda _, part: part.replace(b'"_xfkh"', b'"xfkh"')),
    "macros": lambda _: bare(ROW, main="macroEnabled.main+xml"),
    "a template": lambda _: bare(ROW, main="template.main+xml"),
    "strict": lambda _: bare(ROW, space="http://purl.oclc.org/ooxml/spreadsheetml/main"),
    "signed": lambda _: bare(ROW, root=(("digital-signature/origin", "/xl/workbook.xml"),)),
    "no rows": lambda _: bare("<sheetViews/>"),
    "a row twice": lambda _: bare('<sheetData><row r="1"/><row r="1"/></sheetData>'),
    "a document type": lambda data: changed(
        data,
        lambda name, part: part.replace(b"<styleSheet", b"<!DOCTYPE a><styleSheet") if "styles" in name else part,
    ),
    "styles that are no XML": lambda data: changed(data, lambda name, part: part[:-9] if "styles" in name else part),
    "far too many formats": lambda _: bare(ROW, "", style_sheet(f"<cellXfs>{'<xf/>' * 64_001}</cellXfs>")),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_what_cannot_be_marked_safely_is_not(issued: bytes, name: str) -> None:
    data = UNSAFE[name](issued)
    with pytest.raises(SlipError):
        mark(data, slip(wrong("A1"), wrong("D14"), data=data))


def test_the_bare_package_of_these_cases_is_sound() -> None:
    assert opened(marked(bare(ROW), wrong("A1"), wrong("D14"))).sheetnames == ["退回说明", "填报", "_xfkh"]


# --- the list alone, and names --------------------------------------------------------------------


@pytest.mark.parametrize("own", [True, False])
def test_no_text_of_the_list_is_cut(issued: bytes, own: bool) -> None:
    from tests.test_house_style import Page, cut

    long = "“按期办结件数”比“应办结件数”还多，两个数里至少有一个不对，请对照台账逐件核对以后再填。" * 3
    faults = (wrong("D14、D27、D16、D18、D20"), wrong("D14", what=long), Fault("", "", "错误", long, long))
    asked = replace(slip(*faults, data=issued), unit="某某开发区管理委员会" * 6, title="考核办法" * 30, return_to=long)
    made = mark(issued, asked) if own else plain_slip(asked)
    assert cut(Page(Path("表.xlsx"), opened(made)["退回说明"])) == []


def test_a_file_that_cannot_be_marked_gets_the_list_alone() -> None:
    made = plain_slip(slip(wrong("D14"), Fault("", "", "错误", "是旧版 .xls", "另存为 .xlsx"), due=""))
    assert made == plain_slip(slip(wrong("D14"), Fault("", "", "错误", "是旧版 .xls", "另存为 .xlsx"), due=""))
    assert lint(made) == [] and stamped(made)["类型"] == "退回说明"
    sheet = opened(made)["退回说明"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "是旧版 .xls" in texts and "截止日期" not in texts
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [
        ("东风街道", "东风街道_退回.xlsx"),
        ("区委/办公室", "区委_办公室_退回.xlsx"),
        ("=1+1\n", "=1+1__退回.xlsx"),
        ("", "未命名_退回.xlsx"),
    ],
)
def test_a_slip_is_named_after_its_unit(unit: str, wanted: str) -> None:
    assert slip_name(unit) == wanted


def test_a_list_alone_for_what_must_be_filled_in_anew_says_to_use_the_issued_template() -> None:
    asked = replace(slip(Fault("填报", "", "错误", "找不到填报项", "请用发放的模板重新填报")), anew=True)
    sheet = opened(plain_slip(asked))["退回说明"]
    text = "".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "本次发放给本单位的填报表" in text and "不要在它上面改" in text
    assert not any(each in text for each in ("不要另用旧表", "在原来的填报表里改", "就把这一份"))


# --- the splicing itself ----------------------------------------------------------------------------


def test_attributes_are_set_where_they_stand() -> None:
    tag = b"""<c  r = 'D1' t="a>s='1'" s="3" />"""
    assert with_attributes(tag, {"s": "4"}) == b"""<c  r = 'D1' t="a>s='1'" s="4" />"""
    assert with_attributes(b"<c/>", {"s": '"&'}) == b'<c s="&quot;&amp;"/>'
    assert with_attributes(tag, {"r": None, "s": None}) == b"""<c t="a>s='1'" />"""


def test_changes_that_meet_are_refused() -> None:
    part = Part(b"<a><b><c/></b></a>")
    part.replace(part.root.children[0], b"<d/>")
    part.replace(part.root.children[0].children[0], b"<e/>")
    with pytest.raises(PatchError):
        part.result()


# --- by the eye of an office program ----------------------------------------------------------------


@require_office
@pytest.mark.slow
def test_libreoffice_opens_it_and_a_return_it_saved_is_marked(issued: bytes, tmp_path: Path) -> None:
    source = tmp_path / "填.xlsx"
    source.write_bytes(issued)
    returned = resave(source, tmp_path / "回").read_bytes()
    first = marked(returned, wrong("D14"), wrong("D27"))
    before, after = values(returned), values(first)
    assert all(after[name] == before[name] for name in before if name != "_xfkh")
    is_untouched(returned, first, {"D14", "D27"})
    assert opened(first)["填报"].print_title_rows == "$2:$4"
    slip_file = tmp_path / "填_退回.xlsx"
    slip_file.write_bytes(first)
    again = resave(slip_file, tmp_path / "再").read_bytes()
    book = opened(again)
    assert book.active.title == "退回说明" and fill(book["填报"]["D14"]) == ORANGE
    assert "第1条" in book["填报"]["D14"].comment.text and stamped(again)["替换"] == stamped(first)["替换"]
    second = opened(marked(again, wrong("D27")))
    assert second.sheetnames == ["退回说明", "封面", "填报", "检查", "说明", "_xfkh"]
    assert fill(second["填报"]["D14"]) == "FF" + INPUT[1:] and second["填报"]["D14"].comment is None
    assert "第1条" in second["填报"]["D27"].comment.text
    assert to_pictures(slip_file, tmp_path / "图")
