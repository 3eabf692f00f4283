"""得分明细: every line's points, from which the totals are added up, shaded by what is lost; 数据明细 and 工作目标
where no line earns any."""

from __future__ import annotations

from fractions import Fraction

from ..model import Cell, Input, InputKind, Item
from ..rules import Rule
from ..rules.points import points_text
from ..scheme.conditions import CONVERTED
from ..workbook.book import Sheet, cell, column
from ..workbook.style import HAND, POINTS, zero_says
from .comparison import MARK
from .comparison import POINTS as POINTED
from .table import FIRST, LINE, LOSER, LOSERS, LOST, PLACE, Board, Line, Loss
from .trial import differs, literal, number_between, unless_empty, withdrawn, write_frozen_note

_PAGES = 2
"""A table of points or figures is printed on so many pages side by side at most."""


def write_points(sheet: Sheet, board: Board) -> None:
    """The sum, and hidden beyond it the key, the points that no self-score has and the points as graded."""
    first, end, size = board.first, board.end, len(board.lines)
    sheet.widths(6, *board.who_widths(), *[8.5] * size, 9)
    heads = ["名次", *board.who, *(f"{item.id}\n{item.title}" for item, _ in board.lines), "合计"]
    note = (
        "底色越深失分越多，空白底没有失分；可以试改得分，总表随之重算，改过的格子加框、斜体粗字；"
        "一行里有一格不是数就没有总分"
    )
    if board.comparison is not None:
        note += f"；{'、'.join(item.id for item, _ in board.comparison.lines)}随「{board.comparison.name}」重算"
    board.head(sheet, heads, note, *board.beside(sheet, end, _PAGES))
    sheet.height(FIRST - 2, [(item.title, 8.5) for item, _ in board.lines], least=62)
    sheet.row(FIRST - 1, ["", f"满分{board.full_words}", *[""] * (first - 2)], "total")
    for col, (item, rule) in enumerate(board.lines, first):
        shown = points_text(rule.of, item.id) if item.extra or rule.of is None else board.worth_shown(item, rule)
        sheet.put(FIRST - 1, col, shown, "total_centre", num_format=POINTS)
    sheet.put(FIRST - 1, end, board.full_shown, "total_centre", num_format=POINTS)
    for at, line in enumerate(board.order, FIRST):
        _points_row(sheet, at, line, board)
    _heat(sheet, board)
    _limit(sheet, board)
    sheet.hide(end + 1, board.moved_at - (board.comparison is None))
    _sums(sheet, board)
    sheet.raw.freeze_panes(FIRST, first)
    sheet.raw.print_area(0, 0, board.last + 3, end)


def _points_row(sheet: Sheet, at: int, line: Line, board: Board) -> None:
    row, scores, first, end = line.row, board.scores, board.first, board.end
    board.write_who(sheet, at, 1, row)
    sheet.height(at, board.who_texts(sheet, 1, row))
    for col, (item, _) in enumerate(board.lines, first):
        points = scores.points(row, item.id) if line.scored else None
        shown = ("待核" if line.scored else "—") if points is None else points
        word = scores.uncounted(row, item.id) if line.scored else ""
        excuse = zero_says(word) if word else POINTS
        if live := _live(at, line, board, item):
            sheet.formula(at, col, live, shown, "cell_centre", num_format=excuse)
        else:
            sheet.put(at, col, shown, "cell_centre", num_format=excuse)
        sheet.put(at, col + len(board.lines) + 3, shown)
    size = len(board.lines)
    marks = _marks(sheet, at, line, board) if board.varies else ("", "")
    now, graded = (f"{cell(at, col)}:{cell(at, col + size - 1)}" for col in (first, first + size + 3))
    numbered = board.ranked(line) or board.apart(line)
    total = scores.total(row) if numbered else str(line.state)
    style = "cell_strong_centre" if numbered else "cell_centre"
    text = board.summed(line, now, graded, *(marks if board.scores.part.shrunk == CONVERTED else ()))
    sheet.formula(at, end, text, total, style, num_format=POINTS)
    sheet.number(at, end + 1, row + 1)
    others = [cell(at, col) for col, (item, _) in enumerate(board.lines, first) if item.id not in board.own]
    sheet.formula(
        at, end + 2, f"SUM({','.join(others)})" if others else "0", board.beyond_own(row) if line.scored else 0
    )
    if board.comparison is not None:
        sheet.formula(at, board.moved_at, _moved(at, line, board), 0)
    _rank(sheet, at, line, board, end + 1)


def _live(at: int, line: Line, board: Board, item: Item) -> str:
    """The points that follow from what is compared, as a formula; empty where a subject's own figures decide."""
    if board.comparison is None or not board.scores.rules[item.id].across or not line.scored:
        return ""
    return unless_empty(board.comparison.of_key((POINTED, item.id), f"${cell(at, board.end + 1)}"))


def _moved(at: int, line: Line, board: Board) -> str:
    """How many points are not as graded for another figure was compared, and not because somebody typed over them."""
    found = list[str]()
    for col, (item, _) in enumerate(board.lines, board.first):
        if live := _live(at, line, board, item):
            now, graded = cell(at, col), cell(at, col + len(board.lines) + 3)
            found.append(f"({now}={live})*{differs(now, graded)}")
    return "+".join(found) or "0"


def _marks(sheet: Sheet, at: int, line: Line, board: Board) -> tuple[str, str]:
    """Hidden: what each line is worth to a subject, a text for a bonus, and all of it before any did not count."""
    begin, size = board.end + 3 + len(board.lines), len(board.lines)
    view = board.comparison
    for col, (item, rule) in enumerate(board.lines, begin):
        worth = "—" if item.extra else board.full_of(line.row, item)
        if view is not None and line.scored and not item.extra and rule.across and view.marked(rule):
            sheet.formula(at, col, view.of_key((MARK, item.id), f"${cell(at, board.end + 1)}"), worth)
        else:
            sheet.put(at, col, worth)
    sheet.number(at, begin + size, board.scores.whole(line.row))
    return f"{cell(at, begin)}:{cell(at, begin + size - 1)}", cell(at, begin + size)


def _heat(sheet: Sheet, board: Board) -> None:
    """Each line shaded from full marks to none; what a person changed in another ink and a frame, before all else:
    of several rules over one cell an office may show the first alone."""
    first, last = board.first, board.last
    ink = {"bold": True, "italic": True, "font_color": HAND, "border": 1, "border_color": HAND}
    for col, (item, rule) in enumerate(board.lines, first):
        now, graded = cell(FIRST, col), cell(FIRST, col + len(board.lines) + 3)
        test = {"type": "formula", "criteria": f"={differs(now, graded)}", "stop_if_true": True}
        sheet.colour((FIRST, col), (last, col), test, **ink)
        sheet.colour_words((FIRST, col), (last, col), {"待核": "warn"})
        if rule.mark is not None and not item.extra:
            _shades(sheet, board, col)
            continue
        worst, best = _span(board, item, rule)
        if worst < best:
            options = {"type": "2_color_scale", "min_type": "num", "max_type": "num", "min_value": float(worst),
                       "max_value": float(best), "min_color": sheet.book.theme.fill("alarm"),
                       "max_color": sheet.book.theme.fill("none")}  # fmt: skip
            sheet.raw.conditional_format(FIRST, col, last, col, options)


def _shades(sheet: Sheet, board: Board, col: int) -> None:
    """Of a line that is not worth the same to all: shaded by what is lost of one's own full mark."""
    now, mark = cell(FIRST, col), cell(FIRST, col + 2 * len(board.lines) + 3)
    for test, fill in ((f"AND({now}=0,{mark}=0)", "open"), (f"{now}*2<={mark}", "alarm"), (f"{now}<{mark}", "warn")):
        criteria = {"type": "formula", "criteria": f"=AND(ISNUMBER({now}),{test})", "stop_if_true": True}
        sheet.colour((FIRST, col), (board.last, col), criteria, fill=fill)


def _limit(sheet: Sheet, board: Board) -> None:
    """What may be typed over the points of each line: what its rule can give, and whatever it gave."""
    for col, (item, rule) in enumerate(board.lines, board.first):
        least, most = _least(item, rule), Fraction(0) if item.id.endswith("-") else board.most_of(item, rule)
        given = [points for line in board.order if (points := board.scores.points(line.row, item.id)) is not None]
        least = None if least is None else min([least, *given])
        most = None if most is None else max([most, *given])
        sheet.validate(FIRST, col, col, number_between(least, most, f"{item.id}的得分"), down_to=board.last)


def _least(item: Item, rule: Rule) -> Fraction | None:
    """The fewest points that a line gives; None where it has no floor."""
    if rule.full or item.id.endswith("-"):
        return None if item.id.endswith("-") and not rule.floor else rule.floor
    return rule.floor or Fraction(0)


def _span(board: Board, item: Item, rule: Rule) -> tuple[Fraction, Fraction]:
    """The points that are shaded darkest and not at all: 0 and full marks; for deductions the worst and 0."""
    if not item.extra:
        return Fraction(0), board.most_of(item, rule) or Fraction(0)
    if not item.id.endswith("-"):
        return Fraction(0), Fraction(0)
    rows = range(len(board.scores.subjects))
    return min((board.scores.points(row, item.id) or Fraction(0) for row in rows), default=Fraction(0)), Fraction(0)


def _sums(sheet: Sheet, board: Board) -> None:
    """Beneath the table: how many points each line lost, and how many subjects lost them."""
    at, found = board.last + LOST, {each.place: each for each in board.costs}
    sheet.row(at, ["", "失分合计", *[""] * (board.first - 2)], "total")
    sheet.row(at + 1, ["", "失分人数" if board.many else "失分单位", *[""] * (board.first - 2)], "total")
    for k, (item, rule) in enumerate(board.lines):
        col, full = board.first + k, Fraction(0) if item.extra else rule.of or Fraction(0)
        area = f"{cell(FIRST, col)}:{cell(board.last, col)}"
        loss = found.get(k)
        if loss is None:
            sheet.row(at, ["—"], "total_centre", start=col)
            sheet.row(at + 1, ["—"], "total_centre", start=col)
            continue
        limit = f'"<"&{cell(FIRST - 1, col)}' if not item.extra else '"<0"'
        whole, losers = f"{cell(FIRST - 1, col)}*COUNT({area})" if full else "0", f"COUNTIF({area},{limit})"
        if rule.mark is not None and not item.extra:
            mark = col + 2 * len(board.lines) + 3
            worth = f"{cell(FIRST, mark)}:{cell(board.last, mark)}"
            whole, losers = f"SUMPRODUCT(ISNUMBER({area})*{worth})", f"SUMPRODUCT(ISNUMBER({area})*({area}<{worth}))"
        text = f"ROUND({whole}-SUM({area}),2)"
        sheet.formula(at, col, text, loss.points, "total_centre", num_format=POINTS)
        sheet.formula(at + 1, col, losers, len(loss.rows), "total_centre")
        _most(sheet, board, loss, col)
    total = sum((each.points for each in found.values()), Fraction(0))
    span = f"{cell(at, board.first)}:{cell(at, board.end - 1)}"
    sheet.formula(at, board.end, f"SUM({span})", total, "total_centre", num_format=POINTS)
    sheet.text(at + 1, board.end, "", "total_centre")
    for row in (LINE, LOSER, PLACE):
        sheet.raw.set_row(board.last + row, 14, None, {"hidden": True})


def _most(sheet: Sheet, board: Board, loss: Loss, col: int) -> None:
    """Hidden: the line's name, who lost most of it, and its place by loss, ties told apart."""
    first, last, item = board.first, board.last, loss.item
    sheet.text(last + LINE, col, f"{item.id} {item.title}")
    area = f"{cell(FIRST, col, fixed=True)}:{cell(last, col, fixed=True)}"
    who = {name: f"INDEX({cell(FIRST, k, fixed=True)}:{cell(last, k, fixed=True)},MATCH(MIN({area}),{area},0))"
           for k, name in enumerate(board.who, 1)}  # fmt: skip
    others = f'IF(COUNTIF({area},MIN({area}))>1,"等"&COUNTIF({area},MIN({area}))&"{board.noun}","")'
    text = f'IF({cell(last + LOSERS, col)}=0,"—",{board.called_live(who)}&{others})'
    if board.scores.rules[item.id].mark is not None:  # the fewest points are not the most lost
        text = withdrawn(literal(board.loser(loss)))
    sheet.formula(last + LOSER, col, text, board.loser(loss))
    lost, begin, end = (cell(last + LOST, k, fixed=True) for k in (col, first, board.end - 1))
    ties = f"COUNTIF({begin}:{lost},{lost})-1"
    sheet.formula(last + PLACE, col, f"RANK({lost},{begin}:{end})+{ties}", board.costs.index(loss) + 1)


def _rank(sheet: Sheet, at: int, line: Line, board: Board, key: int) -> None:
    place, text = board.scores.rank(line.row), board.of_key("名次", f"${column(key)}{at + 1}")
    sheet.formula(at, 0, text, "—" if place is None else place, "cell_centre")


def write_answers(sheet: Sheet, board: Board) -> None:
    """The figures that count, where they decide without earning points; a verified one shows what was reported."""
    first, scores = board.first, board.scores
    cells = [(each, name) for each, name in scores.part.cells(scores.period) if name in scores.answers.columns]
    key = first + len(cells)
    sheet.widths(6, *board.who_widths(), *(22 if each.kind is InputKind.TEXT else 9.5 for each, _ in cells), 5)
    heads = ["名次", *board.who, *(each.label(name) for each, name in cells)]
    note = "计入结果的数；“3（自评2）”：核定与自评不同；“（否）”：没有提供，视为否"
    start, last = board.beside(sheet, key - 1, _PAGES)
    board.head(sheet, heads, note, start, last)
    write_frozen_note(sheet, 2, start, note)
    sheet.height(FIRST - 2, [(each.label(name), sheet.columns[first + k]) for k, (each, name) in enumerate(cells)])
    units = [each.measure for each, _ in cells]
    sheet.row(FIRST - 1, ["", "计量单位", *[""] * (first - 2), *units], "total_centre")
    for at, line in enumerate(board.order, FIRST):
        _rank(sheet, at, line, board, key)
        board.write_who(sheet, at, 1, line.row)
        shown = [_answer(board, line, each, name) for each, name in cells]
        sheet.row(at, shown, "cell_centre_wrap", start=first, num_format=POINTS)
        texts = [(str(text), sheet.columns[first + k]) for k, text in enumerate(shown)]
        sheet.height(at, [*board.who_texts(sheet, 1, line.row), *texts])
        sheet.number(at, key, line.row + 1)
    sheet.hide(key, key)
    sheet.raw.freeze_panes(FIRST, first)
    sheet.raw.print_area(0, 0, board.last, key - 1)


def _answer(board: Board, line: Line, each: Input, name: str) -> str | int | float:
    scores = board.scores
    value, own = scores.value(line.row, name), scores.value(line.row, name, reported=True)
    if each.kind in (InputKind.TEXT, InputKind.DATE):
        unit = board.facts.roster.get(scores.subjects[line.row].unit)
        return (unit.attributes.get(each.name) if unit else "") or "—"
    if not line.scored:
        return "—"
    if value is None:
        absent = scores.answers.state(line.row, name) is Cell.ABSENT
        return (f"（{each.default}）" if each.default else "—") if absent else "待核"
    return value if own is None or own == value else f"{value}（自评{own}）"


def write_targets(sheet: Sheet, board: Board) -> None:
    """Which goals each subject met."""
    targets, first = board.scores.part.targets, board.first
    key = first + len(targets)
    sheet.widths(6, *board.who_widths(), *[26] * len(targets), 5)
    heads = ["名次", *board.who, *(each.title for each in targets)]
    board.head(sheet, heads, "工作目标只看达到没有，不计分", *board.beside(sheet, key - 1, 1))
    sheet.height(FIRST - 2, [(each.title, 26) for each in targets])
    sheet.row(FIRST - 1, ["", "依据", *[""] * (first - 2), *(each.clause for each in targets)], "total_centre")
    for at, line in enumerate(board.order, FIRST):
        _rank(sheet, at, line, board, key)
        board.write_who(sheet, at, 1, line.row)
        sheet.height(at, board.who_texts(sheet, 1, line.row))
        for col, each in enumerate(targets, first):
            met = board.result.targets[each.id][line.row] if line.scored else None
            word = "—" if not line.scored else "待核" if met is None else "达到" if met else "未达到"
            if line.scored and each.id in board.moved_targets:
                sheet.formula(at, col, withdrawn(literal(word)), word, "cell_centre")
            else:
                sheet.text(at, col, word, "cell_centre")
        sheet.number(at, key, line.row + 1)
    words = {"达到": "good", "未达到": "warn", "待核": "open"}
    sheet.colour_words((FIRST, first), (board.last, key - 1), words)
    sheet.hide(key, key)
    sheet.raw.freeze_panes(FIRST, first)
    sheet.raw.print_area(0, 0, board.last, key - 1)
