"""得分明细: every line's points, from which the totals are added up; 数据明细 and 工作目标 where no line earns any."""

from __future__ import annotations

from fractions import Fraction

from ..formula import excel
from ..model import Cell, Input, InputKind, State
from ..template.formulas import points_text
from ..workbook import Sheet
from ..workbook.book import cell
from ..workbook.style import ALARM, POINTS, TIERS
from .table import FIRST, Board, Line


def write_points(sheet: Sheet, board: Board) -> None:
    first = 1 + len(board.who)
    heads = ["名次", *board.who, *(f"{item.id}\n{item.title}" for item, _ in board.lines), "合计"]
    board.head(sheet, heads, "改动任何一格得分，总表随之重算；浅红：失分；“待核”：有格子要处理", col=first)
    sheet.raw.set_row(FIRST - 2, 62)
    end = first + len(board.lines) - 1
    sheet.row(FIRST - 1, ["", "满分", *[""] * (first - 2)], "total")
    for col, (item, rule) in enumerate(board.lines, first):
        shown = points_text(rule.of, item.id) if item.extra or rule.of is None else rule.of
        sheet.put(FIRST - 1, col, shown, "total_centre", num_format=POINTS)
    full = sum((rule.of or Fraction(0) for item, rule in board.lines if not item.extra), Fraction(0))
    sheet.number(FIRST - 1, end + 1, full, "total_centre", num_format=POINTS)
    for at, line in enumerate(board.order, FIRST):
        _points_row(sheet, at, line, board, first, end)
    for col, (item, rule) in enumerate(board.lines, first):
        lost = rule.of if not item.extra else Fraction(0) if item.id.endswith("-") else None
        if lost or item.id.endswith("-"):
            test = f"=AND(ISNUMBER({cell(FIRST, col)}),{cell(FIRST, col)}<{excel.literal(lost or Fraction(0))})"
            sheet.colour((FIRST, col), (board.last, col), {"type": "formula", "criteria": test}, bg_color="#F9E0DC")
    area = ((FIRST, first), (board.last, end))
    sheet.colour(*area, {"type": "cell", "criteria": "==", "value": '"待核"'}, bg_color=ALARM, bold=True)
    sheet.widths(6, *board.who_widths(), *[8.5] * len(board.lines), 9)
    _finish(sheet, board, first)


def _points_row(sheet: Sheet, at: int, line: Line, board: Board, first: int, end: int) -> None:
    row, scores = line.row, board.scores
    assessed = line.state is State.ASSESSED
    _rank(sheet, at, line, board)
    board.write_who(sheet, at, 1, row)
    scored = assessed or line.state is State.PROVISIONAL
    for col, (item, _) in enumerate(board.lines, first):
        points = scores.points(row, item.id) if scored else None
        word = "待核" if scored else "—"
        sheet.put(at, col, word if points is None else points, "cell_centre", num_format=POINTS)
    if assessed:
        text, value = f"ROUND(ROUND(SUM({cell(at, first)}:{cell(at, end)}),9),2)", scores.total(row)
        sheet.formula(at, end + 1, text, value, "cell_strong", num_format=POINTS, align="center")
    else:
        sheet.text(at, end + 1, line.state, "cell_centre")


def _rank(sheet: Sheet, at: int, line: Line, board: Board) -> None:
    if line.state is State.ASSESSED and board.scores.rank(line.row) is not None:
        sheet.formula(at, 0, f"{board.totals}!{cell(at, 0)}", board.scores.rank(line.row), "cell_centre")
    else:
        sheet.text(at, 0, "—", "cell_centre")


def _finish(sheet: Sheet, board: Board, first: int) -> None:
    sheet.raw.freeze_panes(FIRST, first)
    sheet.print_setup(landscape=True, repeat=(FIRST - 2, FIRST - 1), footer=board.facts.title)
    sheet.raw.repeat_columns(0, first - 1)
    sheet.raw.fit_to_pages(2, 0)


def write_answers(sheet: Sheet, board: Board) -> None:
    """The figures that count, where they decide without earning points; a verified one shows what was reported."""
    first, scores = 1 + len(board.who), board.scores
    cells = [(each, name) for each, name in scores.part.cells(scores.period) if name in scores.answers.columns]
    heads = ["名次", *board.who, *(each.label(name) for each, name in cells)]
    board.head(sheet, heads, "计入结果的数；“3（自评2）”：核定与自评不同；“（否）”：没有提供，视为否", col=first)
    sheet.raw.set_row(FIRST - 2, 66)
    units = [each.unit or ("是/否" if each.kind is InputKind.FLAG else "") for each, _ in cells]
    sheet.row(FIRST - 1, ["", "计量单位", *[""] * (first - 2), *units], "total_centre")
    for at, line in enumerate(board.order, FIRST):
        _rank(sheet, at, line, board)
        board.write_who(sheet, at, 1, line.row)
        for col, (each, name) in enumerate(cells, first):
            sheet.put(at, col, _answer(board, line, each, name), "cell_centre", num_format=POINTS, text_wrap=True)
    sheet.widths(6, *board.who_widths(), *(22 if each.kind is InputKind.TEXT else 9.5 for each, _ in cells))
    _finish(sheet, board, first)


def _answer(board: Board, line: Line, each: Input, name: str) -> str | int | float:
    scores = board.scores
    value, own = scores.value(line.row, name), scores.value(line.row, name, reported=True)
    if each.kind in (InputKind.TEXT, InputKind.DATE):
        unit = board.facts.roster.get(scores.subjects[line.row].unit)
        return (unit.attributes.get(each.name) if unit else "") or "—"
    if line.state not in (State.ASSESSED, State.PROVISIONAL):
        return "—"
    if value is None:
        absent = scores.answers.state(line.row, name) is Cell.ABSENT
        return (f"（{each.default}）" if each.default else "—") if absent else "待核"
    return value if own is None or own == value else f"{value}（自评{own}）"


def write_targets(sheet: Sheet, board: Board) -> None:
    """Which goals each subject met."""
    targets, first = board.scores.part.targets, 1 + len(board.who)
    board.head(sheet, ["名次", *board.who, *(each.title for each in targets)], "工作目标只看达到没有，不计分", col=0)
    sheet.height(FIRST - 2, [(each.title, 26) for each in targets])
    sheet.row(FIRST - 1, ["", "依据", *[""] * (first - 2), *(each.clause for each in targets)], "total_centre")
    for at, line in enumerate(board.order, FIRST):
        _rank(sheet, at, line, board)
        board.write_who(sheet, at, 1, line.row)
        known = line.state in (State.ASSESSED, State.PROVISIONAL)
        for col, each in enumerate(targets, first):
            met = board.result.targets[each.id][line.row] if known else None
            word = "—" if not known else "待核" if met is None else "达到" if met else "未达到"
            sheet.text(at, col, word, "cell_centre")
    area = ((FIRST, first), (board.last, first + len(targets) - 1))
    for word, colour in (("达到", TIERS[0]), ("未达到", ALARM), ("待核", "#FBE8C8")):
        sheet.colour(*area, {"type": "cell", "criteria": "==", "value": f'"{word}"'}, bg_color=colour)
    sheet.widths(6, *board.who_widths(), *[26] * len(targets))
    _finish(sheet, board, first)
    sheet.raw.fit_to_pages(1, 0)
