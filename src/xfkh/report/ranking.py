"""排名.xlsx: who stands where and why, from a glance to every single point, with live totals."""

from __future__ import annotations

from pathlib import Path

from ..scheme import standings
from ..workbook.anchors import TYPE
from ..workbook.book import Book, Sheet
from ..workbook.readings import write_readings
from .across import write_compared
from .charts import write_charts
from .detail import write_answers, write_points, write_targets
from .facts import Facts
from .overview import write_overview
from .problems import GLOBAL, sorted_findings
from .table import Board
from .totals import write_totals
from .trial import CHANGED, OVERVIEW, STALE
from .views import write_categories, write_gaps, write_impacts

NOTES = "说明"


def write_ranking(path: Path, facts: Facts) -> None:
    book, boards = facts.book("排名"), [Board(facts, result) for result in facts.parts]
    write_overview(book.sheet(OVERVIEW), facts, boards)
    for board in boards:
        write_totals(book.sheet(board.totals), board)
    write_charts(book.sheet("图表"), boards)
    write_categories(book, boards[0])
    for board in boards:
        (write_points if board.lines else write_answers)(book.sheet(board.detail), board)
        if board.comparison is not None:
            write_compared(book.sheet(board.comparison.name), board)
        if board.result.targets:
            write_targets(book.sheet("工作目标"), board)
    write_gaps(book.sheet("自评与核定"), boards)
    write_impacts(book.sheet("口径影响"), facts, facts.impacts)
    _notes(book, facts)
    book.stamp({TYPE: "排名"})
    book.save(path, checked_later=True)


def _waivers(sheet: Sheet, row: int, facts: Facts) -> int:
    """Every warning that a person waived, with where and why; returns the last row used."""
    found = [each for each in sorted_findings(facts) if each.waived]
    if not found:
        return row
    sheet.text(row + 2, 0, f"豁免（{len(found)} 条警告）", "heading")
    sheet.row(row + 3, ["单位", "警告和理由", "代码"], "head")
    for at, each in enumerate(found, row + 4):
        place = "，".join(part for part in each.source if part)
        said = f"{place}：{each.message}" if place else each.message
        sheet.row(at, [each.unit or GLOBAL, said, each.number], "cell_wrap")
        sheet.height(at, [(each.unit, 18), (said, 90)])
    return row + 3 + len(found)


def _notes(book: Book, facts: Facts) -> None:
    sheet, scheme, row = book.sheet(NOTES), facts.scheme, 3
    sheet.widths(18, 90, 14)
    sheet.heading(f"{facts.title}　说明", facts.subtitle)
    source = f"来源：{scheme.cited}；" if scheme.cited else ""
    about = f"{source}版本 {scheme.version}；状态：{scheme.status}"
    for text in (about, *standings(scheme), *scheme.notes):
        sheet.merge(row, 0, 2, text, "wrap")
        sheet.height(row, [(text, 120)])
        row += 1
    row = write_readings(sheet, row + 1, scheme, 90)
    for each in facts.findings:
        if each.code in ("reading-matters", "reading-idle", "closed", "annual-only"):
            row += 1
            sheet.row(row, ["", each.message, ""], "cell_wrap")
            sheet.formula(row, 0, f'"影响"&IF({CHANGED},"（{STALE}）","")', "影响", "cell_wrap")
            sheet.height(row, [(each.message, 90)])
    row = _waivers(sheet, row, facts)
    row += 2
    count = "，".join(f"{name}{number}" for name, number in facts.units.items())
    sheet.text(row, 0, f"单位：{count}", "muted")
    sheet.print_setup(landscape=False)
