"""A copy of a scheme workbook in which every finding stands on its cell; the author's own file is never rewritten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, time
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from ..findings import Finding, Level
from ..text import lines
from ..workbook.book import Sheet
from ..workbook.style import BODY, FONT, LINE, PLAIN, TEXT, WHITE
from ..workbook.style import TITLE as LARGE

TITLE = "检查结果"
_HEADS = ("序号", "级别", "工作表", "格子", "问题", "怎样改", "代码")
_WIDTHS = (6, 8, 12, 9, 60, 40, 7)
_NARROW, _DIGEST = 20, "xfkh.写出时"
_FILLS = {Level.ERROR: "alarm", Level.WARNING: "warn", Level.NOTE: "pale"}


def marked(data: bytes, findings: Sequence[Finding]) -> bytes:
    """The workbook with a first sheet that lists the findings with links, and each cell coloured, with a note that
    says what is wrong and how to mend it."""
    book: Any = load_workbook(BytesIO(data))
    coloured = set[tuple[str, str]]()
    for each in sorted(findings, key=lambda each: [*Level].index(each.level)):
        place = (each.source.sheet, each.source.cell)
        if each.source.sheet in book.sheetnames and each.source.cell:
            cell = book[each.source.sheet][each.source.cell]
            _note(cell, each)
            if place not in coloured:
                cell.fill = _fill(each.level)
            coloured.add(place)
    sheet: Any = book.create_sheet(_free(book.sheetnames), 0)
    book.active = 0
    sheet.append([f"{TITLE}：{_counts(findings)}"])
    sheet.append(["格子涂了颜色，鼠标移上去会说哪里不对。这是副本，请改原来的文件，再检查。"])
    sheet.append([])
    sheet.append(_HEADS)
    for number, each in enumerate(findings, 1):
        where = each.source.cell or "整张表" * bool(each.source.sheet)
        sheet.append([number, str(each.level), each.source.sheet, where, each.message, each.mend, each.number])
        if each.source.sheet in book.sheetnames:
            _link(sheet.cell(sheet.max_row, 4), each)
        sheet.cell(sheet.max_row, 2).fill = _fill(each.level)
    _dress(sheet)
    if _DIGEST in book.custom_doc_props.names:
        del book.custom_doc_props[_DIGEST]
    book.custom_doc_props.append(StringProperty(name=_DIGEST, value=_digest(book)))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def is_marked(data: bytes) -> bool:
    """Whether bytes are such a copy and say what it said when it was written, whoever opened and saved it since."""
    try:
        book: Any = load_workbook(BytesIO(data))
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        return False
    kept = next((each.value for each in book.custom_doc_props.props if each.name == _DIGEST), "")
    return bool(kept) and kept == _digest(book)


def _digest(book: Any) -> str:
    """Of all that stands in the cells and in their notes."""
    return hashlib.sha256("\n".join(_said(book)).encode("utf-8", "replace")).hexdigest()


def _said(book: Any) -> Iterator[str]:
    for sheet in book.worksheets:
        yield repr(sheet.title)
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.value not in (None, "") or cell.comment is not None:
                note = "".join(cell.comment.text.split()) if cell.comment is not None else ""
                yield f"{cell.coordinate}\t{_plain(cell.value)}\t{note}"


def _plain(value: Any) -> str:
    """A value as every program writes it again: 1 and 1.0 are one number, line ends are one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(float(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return repr("\n".join(str(getattr(value, "text", value) or "").splitlines()))


def _counts(findings: Sequence[Finding]) -> str:
    counts = [(level, sum(each.level is level for each in findings)) for level in Level]
    return "、".join(f"{level} {count} 条" for level, count in counts if count) or "没有问题"


def _free(names: Sequence[str]) -> str:
    return next(name for k in range(len(names) + 2) if (name := f"_{TITLE}{k or ''}") not in names)


def _fill(level: Level) -> PatternFill:
    colour = _rgb(PLAIN.fill(_FILLS[level]))
    return PatternFill("solid", start_color=colour, end_color=colour)


def _link(cell: Any, found: Finding) -> None:
    """To the place of a finding; its words stay what they are."""
    name = found.source.sheet.replace("'", "''")
    to = f"'{name}'!{found.source.cell or 'A1'}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=to, tooltip=f"转到 {found.source.sheet} {cell.value}")


def _note(cell: Any, found: Finding) -> None:
    """Further findings of a cell join the first; what its author noted stays."""
    said = f"【{found.level}】{found.message}。{found.mend}"
    before = cell.comment.text if cell.comment is not None else ""
    note = Comment(f"{before}\n{said}" if before else said, "xfkh")
    note.width, note.height = 320, 24 + 18 * lines(note.text, 44)
    cell.comment = note


def _dress(sheet: Any) -> None:
    for k, wide in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFG"[k]].width = wide
    for row, size in ((1, LARGE), (2, BODY)):
        sheet.cell(row, 1).font = Font(name=FONT, size=size, bold=row == 1)
    sheet.row_dimensions[1].height = 30
    for cells in sheet.iter_rows(min_row=4):
        for cell, wide in zip(cells, _WIDTHS, strict=True):
            _dress_cell(cell, cell.row == 4, cell.row == 4 or wide < _NARROW)
        texts = [(str(cell.value or ""), wide) for cell, wide in zip(cells, _WIDTHS, strict=True)]
        sheet.row_dimensions[cells[0].row].height = Sheet.needed(texts)
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "4:4"


def _dress_cell(cell: Any, head: bool, centred: bool) -> None:
    ink, line = WHITE if head else PLAIN.accent if cell.hyperlink else TEXT, Side(style="thin", color=_rgb(LINE))
    cell.font = Font(name=FONT, size=BODY, bold=head, color=_rgb(ink), u="single" if cell.hyperlink else None)
    cell.border = Border(left=line, right=line, top=line, bottom=line)
    cell.alignment = Alignment(horizontal="center" if centred else None, vertical="center", wrap_text=True)
    if head:
        cell.fill = PatternFill("solid", start_color=_rgb(PLAIN.ink))


def _rgb(colour: str) -> str:
    return colour.removeprefix("#")
