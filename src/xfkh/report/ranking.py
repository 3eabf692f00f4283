"""排名.xlsx: who stands where, colour-coded by tier, with live totals."""

from __future__ import annotations

from pathlib import Path

from ..workbook import Book
from ..workbook.anchors import TYPE
from ..workbook.readings import write_readings
from .detail import write_answers, write_points, write_targets
from .facts import Facts
from .table import Board
from .totals import write_totals

NOTES = "说明"


def write_ranking(path: Path, facts: Facts) -> None:
    book = Book(f"{facts.title} 排名")
    for result in facts.parts:
        board = Board(facts, result)
        total, detail = book.sheet(board.totals), book.sheet(board.detail)
        if board.lines:
            write_points(detail, board)
        else:
            write_answers(detail, board)
        write_totals(total, board)
        if result.targets:
            write_targets(book.sheet("工作目标"), board)
    _notes(book, facts)
    book.stamp({TYPE: "排名"})
    book.save(path)


def _notes(book: Book, facts: Facts) -> None:
    sheet = book.sheet(NOTES)
    sheet.widths(18, 90, 14)
    sheet.text(0, 0, f"{facts.title}　说明", "title")
    sheet.raw.set_row(0, 30)
    scheme, row = facts.scheme, 2
    about = f"来源：{scheme.source}（{scheme.date}）；版本 {scheme.version}；状态：{scheme.status}"
    for text in (about, *scheme.notes):
        sheet.merge(row, 0, 2, text, "wrap")
        sheet.height(row, [(text, 118)])
        row += 1
    row += 1
    row = write_readings(sheet, row, scheme, 90)
    for each in facts.findings:
        if each.code in ("reading-matters", "reading-idle", "closed", "annual-only"):
            row += 1
            sheet.row(row, ["影响", each.message, ""], "cell_wrap")
            sheet.height(row, [(each.message, 90)])
    row += 2
    count = "，".join(f"{name}{number}" for name, number in facts.units.items())
    sheet.text(row, 0, f"单位：{count}", "muted")
    sheet.print_setup(landscape=False, footer=facts.title)
