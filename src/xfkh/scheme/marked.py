"""A copy of a scheme workbook in which every finding stands on its cell; the author's own file is never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties

from ..findings import Finding, Level
from ..workbook.style import FONT, PLAIN

TITLE = "检查结果"
_HEADS = ("序号", "级别", "工作表", "格子", "问题", "怎样改")
_WIDTHS = (6, 8, 12, 8, 60, 44)
_FILLS = {Level.ERROR: "alarm", Level.WARNING: "warn", Level.NOTE: "pale"}


def marked(data: bytes, findings: Sequence[Finding]) -> bytes:
    """The workbook with a first sheet that lists the findings with links, and each cell coloured, with a note that
    says what is wrong and how to mend it."""
    book = load_workbook(BytesIO(data))
    for each in findings:
        if each.source.sheet in book.sheetnames and each.source.cell:
            _mark(book[each.source.sheet][each.source.cell], each)
    sheet: Any = book.create_sheet(_free(book.sheetnames), 0)
    book.active = 0
    sheet.append([f"{TITLE}：{_counts(findings)}"])
    sheet.append(["格子涂了颜色，鼠标移上去会说哪里不对。这是副本，请改原来的文件，再检查。"])
    sheet.append([])
    sheet.append(_HEADS)
    for number, each in enumerate(findings, 1):
        sheet.append([number, str(each.level), each.source.sheet, each.source.cell, each.message, each.mend])
        if each.source.sheet in book.sheetnames:
            place = f"#'{each.source.sheet}'!{each.source.cell or 'A1'}"
            sheet.cell(sheet.max_row, 4).hyperlink = place
        sheet.cell(sheet.max_row, 2).fill = _fill(each.level)
    _dress(sheet)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _counts(findings: Sequence[Finding]) -> str:
    counts = [(level, sum(each.level is level for each in findings)) for level in Level]
    return "、".join(f"{level} {count} 条" for level, count in counts if count) or "没有问题"


def _free(names: Sequence[str]) -> str:
    return next(name for k in range(len(names) + 2) if (name := f"_{TITLE}{k or ''}") not in names)


def _fill(level: Level) -> PatternFill:
    colour = PLAIN.fill(_FILLS[level]).removeprefix("#")
    return PatternFill("solid", start_color=colour, end_color=colour)


def _mark(cell: Any, found: Finding) -> None:
    """Further findings of a cell join the first; what its author noted stays."""
    said = f"【{found.level}】{found.message}。{found.mend}"
    before = cell.comment.text if cell.comment is not None else ""
    note = Comment(f"{before}\n{said}" if before else said, "xfkh")
    note.width, note.height = 320, 120
    cell.comment, cell.fill = note, _fill(found.level)


def _dress(sheet: Any) -> None:
    for k, wide in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEF"[k]].width = wide
    for row in sheet.iter_rows():
        for cell in row:
            cell.font = Font(name=FONT, size=16 if cell.row == 1 else 10, bold=cell.row in (1, 4))
            cell.alignment = Alignment(vertical="center", wrap_text=cell.row > 4)
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "4:4"
