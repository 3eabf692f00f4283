"""Further looks at the totals: a sheet a 类别, self against verified, what other readings would change (口径影响)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from ..formula.say import decimal
from ..model import CATEGORY, Cell
from ..results import Impact, PartScores, Place
from ..rules import Rule
from ..scheme.conditions import LAST
from ..text import clean, width
from ..workbook.book import Book, Sheet, cell
from ..workbook.style import GAP, POINTS, TIERS
from .facts import Facts
from .feedback import OVERSTATED
from .names import lower, titled, yuan
from .record import origin
from .reviewed import PARTLY, WHOLE
from .table import FIRST, GROUP, Board, Line, state_word
from .totals import veto_marks
from .trial import WAS, is_vetoed, write_followed_note, write_frozen_note

CATEGORIES = 20
"""Beyond so many categories there is no sheet for each: 总表 can be filtered by 类别."""
UNSORTED = "未分类"
_BY_HAND = "手工改动"
_SAID = 30
"""Columns for what follows from a result, so that a category prints legibly on one page across."""


def categories(board: Board) -> dict[str, list[Line]]:
    """The units of each category, the best first; empty where the roster has none, or too many."""
    found: dict[str, list[Line]] = {}
    for line in board.order:
        unit = board.facts.roster.get(board.scores.subjects[line.row].unit)
        found.setdefault((unit.category if unit else "") or UNSORTED, []).append(line)
    return found if found.keys() != {UNSORTED} and len(found) <= CATEGORIES else {}


def write_categories(book: Book, board: Board) -> None:
    """A sheet a category: its own ranks, live from 总表, and the points of the sections."""
    taken = {sheet.name.casefold() for sheet in book.raw.worksheets()}
    for name, lines in categories(board).items():
        _Category(book.sheet(sheet_name(f"类别_{name}", taken)), board, lines).write()


def sheet_name(wished: str, taken: set[str]) -> str:
    """A legal name for a sheet that no other has."""
    plain = re.sub(r"[\[\]:*?/\\']", "", clean(wished))[:28] or "表"
    name, k = plain, 2
    while name.casefold() in taken:
        name, k = f"{plain}{k}", k + 1
    taken.add(name.casefold())
    return name


class _Category:
    """The table of one category."""

    def __init__(self, sheet: Sheet, board: Board, lines: Sequence[Line]) -> None:
        self.sheet, self.board, self.lines, self.scores = sheet, board, lines, board.scores
        # places hold within a group: where a category is none itself, they are shown with the group
        front = {"": ["类内名次", "全体名次"], CATEGORY: ["类内名次"]}.get(board.group_head, ["组内名次", GROUP])
        own = [*front, *board.who, "状态", "总分"]
        own += [LAST] * bool(board.scores.part.last) + ["一票否决"] * bool(board.vetoes) + ["等次"] * bool(board.tiers)
        self.heads = [*own, *(f"{each.id} {each.title}" for each in board.sections), "结果"]
        self.who, self.first, self.key, self.last = len(front), len(own), len(self.heads), FIRST + len(lines) - 1
        self.state, self.total = own.index("状态"), own.index("总分")
        self.at = {head: col for col, head in enumerate(own) if head in (LAST, "一票否决", "等次")}

    def write(self) -> None:
        sheet, board = self.sheet, self.board
        sections = [9] * len(board.sections)
        front = [7, max([7, *(width(each) + 2 for each in board.scores.groups)]) if GROUP in self.heads else 7]
        sheet.widths(*front[: self.who], *board.who_widths(), 12, 9, *[10] * len(self.at), *sections, _SAID, 5)
        note = f"共{len(self.lines)}{board.noun}；随总表自动重算"
        board.head(sheet, self.heads, note, last=self.key - 1)
        write_followed_note(sheet, 2, 0, note, board.totals)
        sheet.height(FIRST - 2, list(zip(self.heads, sheet.columns, strict=False)), least=22)
        self._full_marks()
        for at, line in enumerate(self.lines, FIRST):
            self._who(at, line)
            self._places(at, line)
            self._points(at, line.row)
        self._finish(self._legend())

    def _full_marks(self) -> None:
        sheet, board = self.sheet, self.board
        texts = [*[""] * self.who, f"满分{board.full_words}", *[""] * (self.key - self.who - 1)]
        sheet.row(FIRST - 1, texts, "total_centre")
        items = [item for item, _ in board.lines if not item.extra]
        sheet.put(FIRST - 1, self.total, board.worth_of(self.lines, items) or "—", "total_centre", num_format=POINTS)
        for col, each in enumerate(board.sections, self.first):
            full = board.worth_of(self.lines, [item for item in items if item.section == each.id])
            sheet.put(FIRST - 1, col, full or "—", "total_centre", num_format=POINTS)

    def _who(self, at: int, line: Line) -> None:
        self.board.write_who(self.sheet, at, self.who, line.row)
        self.sheet.text(at, self.state, state_word(line.state, self.scores.pending(line.row)), "cell_centre")
        self.sheet.number(at, self.key, line.row + 1)
        said, mine = self.board.other(line.row), f"${cell(at, self.key)}"
        hand = self.board.of_key("手工改动", mine)
        text = f'{hand}&IF({hand}="","","；")&{self.board.of_key("结果", mine)}'
        self.sheet.formula(at, self.key - 1, text, said, "cell_wrap")
        texts = [
            (f"{_BY_HAND}总分；{WAS}{said}", float(_SAID)),
            (self.board.veto_longest(line), 10.0),
            (self.scores.subjects[line.row].unit, self.sheet.columns[self.who]),
        ]
        self.sheet.height(at, texts, least=20)

    def _places(self, at: int, line: Line) -> None:
        """What the totals say of a unit, and its place among those of the category; of its group where there are
        groups."""
        sheet, board, scores, row, mine = self.sheet, self.board, self.scores, line.row, f"${cell(at, self.key)}"
        ranked, total = board.ranked(line), cell(at, self.total)
        last = (cell(at, self.at[LAST]), self._column(self.at[LAST])) if LAST in self.at else None
        ahead = board.ahead(total, self._column(self.total), last=last)
        place, whole = f'IF(ISNUMBER({total}),{ahead},"—")', board.of_key("名次", mine)
        own, rank = (scores.rank_in_category(row), scores.rank(row)) if ranked else ("—", "—")
        if GROUP in self.heads:
            sheet.formula(at, 0, whole, rank, "cell_strong_centre")
            sheet.text(at, 1, scores.group(row), "cell_centre_wrap")
        else:
            sheet.formula(at, 0, place, own, "cell_strong_centre")
        if "全体名次" in self.heads:
            sheet.formula(at, 1, whole, rank, "cell_centre")
        shown = scores.total(row) if ranked else board.standing(line)
        text = board.of_key("总分", mine)
        sheet.formula(at, self.total, text, shown, "cell_strong_centre", num_format=POINTS)
        for head, col in self.at.items():
            said = {"等次": board.tier_word, LAST: board.last_word}.get(head, board.veto_word)(line)
            sheet.formula(at, col, board.of_key(head, mine), said, "cell_centre_wrap")

    def _column(self, col: int) -> str:
        return f"{cell(FIRST, col, fixed=True)}:{cell(self.last, col, fixed=True)}"

    def _points(self, at: int, row: int) -> None:
        """The points of the sections; none of a unit that is open."""
        sheet, board, mine = self.sheet, self.board, f"${cell(at, self.key)}"
        for col, each in enumerate(board.sections, self.first):
            if self.scores.total(row) is None:
                sheet.text(at, col, "—", "cell_centre")
                continue
            text, got = board.section_sum(mine, each.id), board.section_points(row, each.id)
            sheet.formula(at, col, text, got, "cell_centre", num_format=POINTS)

    def _legend(self) -> int:
        """Every veto in words; the last row."""
        at = self.last + 1
        for at, (name, text, fill) in enumerate(veto_marks(self.board), self.last + 2):
            self.sheet.text(at, self.who, name, "cell_centre", fill=fill)
            self.sheet.text(at, self.who + 1, text)
        return at

    def _finish(self, end: int) -> None:
        sheet, board = self.sheet, self.board
        if "一票否决" in self.at:
            veto = f"${cell(FIRST, self.at['一票否决'])}"
            test: dict[str, object] = {"type": "formula", "criteria": f"={is_vetoed(veto)}", "stop_if_true": True}
            sheet.colour((FIRST, 0), (self.last, self.first - 1), test, fill="veto")
        if board.tiers:
            tier = self.at["等次"]
            words = {each.id: fill for each, fill in zip(board.tiers, TIERS, strict=False)}
            sheet.colour_words((FIRST, tier), (self.last, tier), words)
        words = {"暂定": "warn", "待定": "warn", "未报": "open", "退回": "open"}
        sheet.colour_words((FIRST, self.state), (self.last, self.total), words)
        said = self.key - 1
        hand = f'=COUNTIF({cell(FIRST, said)},"{_BY_HAND}*")>0'
        sheet.colour((FIRST, said), (self.last, said), {"type": "formula", "criteria": hand}, fill="alarm")
        sheet.hide(self.key, self.key)
        sheet.raw.freeze_panes(FIRST, self.who + len(board.who))
        sheet.print_setup(landscape=True, repeat=(FIRST - 2, FIRST - 1))
        sheet.raw.print_area(0, 0, end, self.key - 1)


def write_gaps(sheet: Sheet, boards: Sequence[Board]) -> None:
    """Where verified and self-reported differ: the points of each line, and which figures were changed."""
    scored = any(board.lines for board in boards)
    many = any(board.many for board in boards)
    heads = [
        "单位",
        *["姓名"] * many,
        "指标" if scored else "填报项",
        "自评得分",
        "核定得分",
        "核定减自评",
        "标记",
        "填报数的改动",
        "为什么",
    ]
    sheet.widths(*[18, *[12] * many, 24, 10, 10, 12, 10, 44, 52])
    note = f"{_extent(boards)}{_overstated(boards)}"
    boards[0].head(sheet, heads, note)
    write_frozen_note(sheet, 2, 0, note)
    found = [(board, line, each) for board in boards for line in board.order if line.scored
             for each in _differences(board, line)]  # fmt: skip
    for at, (board, line, each) in enumerate(found, FIRST):
        _gap(sheet, at, board, line, each, many)
    if not found:
        sheet.row(FIRST, ["没有不同", *[""] * (len(heads) - 1)], "cell")
    last = FIRST + max(1, len(found)) - 1
    _gap_sums(sheet, last, len(heads), 2 + many, [each for _, _, each in found])
    sheet.raw.freeze_panes(FIRST, 1 + many)
    sheet.raw.autofilter(FIRST - 1, 0, last, len(heads) - 1)
    sheet.print_setup(landscape=True, repeat=(FIRST - 2, FIRST - 1))


def _extent(boards: Sequence[Board]) -> str:
    """How many were reviewed, in whole or in part."""
    kinds = Counter(board.reviewed[line.row].kind for board in boards for line in board.order)
    told = "、".join(f"{kind}{kinds[kind]}个" for kind in (WHOLE, PARTLY) if kinds[kind])
    return f"{told}；只列自评与核定不同的" if told else "还没有复查：按自评数计，没有可比的核定值"


def _overstated(boards: Sequence[Board]) -> str:
    """How many lines are marked, and what the mark says."""
    count = sum(len(board.scores.overstated(line.row)) for board in boards for line in board.order if line.scored)
    gap = lower(boards[0].facts.scheme.tolerance)
    return f"；“{OVERSTATED}”{count}项：复查改了填报数，{gap}" if count else ""


Difference = tuple[str, Fraction | str | None, Fraction | None, str, str, str]


def _differences(board: Board, line: Line) -> list[Difference]:
    """Title, self points, points, mark, changed figures and reason of each line that the review changed."""
    scores, row, found = board.scores, line.row, list[Difference]()
    above = scores.overstated(row)
    told = set[str]()
    for item, rule in board.lines:
        own, points = scores.self_points(row, item.id), scores.points(row, item.id)
        changes = [text for name in rule.shows if (text := _change(scores, row, name))]
        told.update(rule.shows)
        live = item.id in board.own
        known = own is not None or bool(scores.reported.files[row])
        if changes or (live and known and points is not None and own != points):
            shown = (_unknown(scores, row, rule) if own is None and known else own) if live else None
            why = scores.reason(row, item.id)
            mark = OVERSTATED if item.id in above else ""
            found.append((f"{item.id} {item.title}", shown, points, mark, "；".join(changes), why))
    for each, name in scores.part.cells(scores.period):
        if name not in told and name in scores.answers.columns and (text := _change(scores, row, name)):
            why = "不直接计分" if board.lines else "核定值计入结果"
            found.append((each.label(name), None, None, "", text, why))
    return found


def _unknown(scores: PartScores, row: int, rule: Rule) -> str:
    """Why a return had no points of its own in a line, as its form said it."""
    states = {scores.reported.state(row, cell) for cell in rule.shows}
    return "待填" if states & {Cell.BLANK, Cell.REFUSED} else "待核"


def _change(scores: PartScores, row: int, name: str) -> str:
    """A figure that the review changed, or gave where the return left it open: 名 3→2, 名 未填→2; empty where it did
    neither."""
    own, value = scores.value(row, name, reported=True), scores.value(row, name)
    if own == value or origin(scores, row, name) != "核定":
        return ""
    each, file = scores.input_of(name), scores.reported.files[row]
    if own is None and not (each.asked and file and value != each.default):
        return ""
    before = scores.reported.standing(row, name) if own is None else own
    label = each.label(name) if each.series else name
    return f"{label} {before}→{'待核' if value is None else value}"


def _gap(sheet: Sheet, at: int, board: Board, line: Line, found: Difference, many: bool) -> None:
    title, own, points, mark, changes, why = found
    subject = board.scores.subjects[line.row]
    who = [subject.unit, *[subject.own or "（单位）"] * many]
    sheet.row(at, [*who, title], "cell_wrap")
    first = len(who) + 1
    sheet.put(at, first, "—" if own is None else own, "cell_centre", num_format=POINTS)
    sheet.put(at, first + 1, "—" if points is None else points, "cell_centre", num_format=POINTS)
    if not isinstance(own, Fraction) or points is None:
        sheet.text(at, first + 2, "—", "cell_centre")
    else:
        text = f"ROUND({cell(at, first + 1)}-{cell(at, first)},2)"
        sheet.formula(at, first + 2, text, points - own, "cell_strong_centre", num_format=GAP)
    sheet.text(at, first + 3, mark, "cell_centre", **({"fill": "alarm"} if mark else {}))
    sheet.row(at, [changes, why], "cell_wrap", start=first + 4)
    texts = [*who, title, "", "", "", mark, changes, why]
    sheet.height(at, list(zip(texts, sheet.columns, strict=True)))


def _gap_sums(sheet: Sheet, last: int, columns: int, first: int, found: Sequence[Difference]) -> None:
    """Above the table: the points that the self-scores and the review give to what differs."""
    pairs = [(own, points) for _, own, points, *_ in found if isinstance(own, Fraction) and points is not None]
    alone = sum(isinstance(own, Fraction) or points is not None for _, own, points, *_ in found) - len(pairs)
    # a line with one of the two figures shows it, and a reader would add it
    sheet.row(
        FIRST - 1, [f"合计（不含缺自评或核定分的{alone}行）" if alone else "合计", *[""] * (columns - 1)], "total"
    )
    own, verified = sum((each for each, _ in pairs), Fraction(0)), sum((each for _, each in pairs), Fraction(0))
    gap = f"{cell(FIRST, first + 2)}:{cell(last, first + 2)}"
    if not pairs:
        sheet.row(FIRST - 1, ["—"] * 3, "total_centre", start=first)
        return
    for col, value in ((first, own), (first + 1, verified)):
        area = f"{cell(FIRST, col)}:{cell(last, col)}"
        # only what has both figures, so that the three sums agree
        text = f'SUMIFS({area},{gap},"<>—")'
        sheet.formula(FIRST - 1, col, text, value, "total_centre", num_format=POINTS)
    sheet.formula(FIRST - 1, first + 2, f"SUM({gap})", verified - own, "total_centre", num_format=GAP)


def write_impacts(sheet: Sheet, facts: Facts, impacts: Sequence[Impact]) -> None:
    """Whose rank, tier or money each other value of a reading would change."""
    heads = ["口径", "现用", "改为", "单位", "名次", "总分", "等次和结果", "金额（元）", "金额增减"]
    sheet.widths(14, 12, 12, 22, 12, 16, 52, 20, 12)
    note = "原文没有说死的地方，换一种理解会改变谁的名次、等次或金额。用 --set 口径=值 换。"
    sheet.heading(f"{facts.title}　口径影响", facts.subtitle, note)
    write_frozen_note(sheet, 2, 0, note)
    sheet.row(FIRST - 2, heads, "head")
    at = FIRST - 2
    for each in impacts:
        for subject, now, then in each.changed:
            at += 1
            rank, total = _arrow(now.rank, then.rank), _arrow(_points(now), _points(then))
            given = _arrow(*("、".join(map(titled, place.outcomes)) or "无" for place in (now, then)))
            texts = [
                each.reading,
                each.now,
                each.value,
                subject.label,
                rank,
                total,
                given,
                _arrow(*map(yuan, (now.money, then.money))),
            ]
            sheet.row(at, texts, "cell_wrap")
            sheet.number(at, 8, then.money - now.money, "cell_strong_centre", num_format="+#,##0;-#,##0;0")
            sheet.height(at, list(zip(texts, sheet.columns, strict=False)))
        if not each.changed:
            at += 1
            sheet.row(at, [each.reading, each.now, each.value, "没有单位受影响", *[""] * 5], "cell_wrap")
    if not impacts:
        at += 1
        sheet.merge(at, 0, 8, "本方案没有可换的口径", "cell")
    sheet.raw.freeze_panes(FIRST - 1, 4)
    sheet.print_setup(landscape=True, repeat=(FIRST - 2, FIRST - 2))


def _points(place: Place) -> str | None:
    return None if place.total is None else decimal(place.total)


def _arrow(now: object, then: object) -> str:
    """现→改, or the one value that stays."""
    before, after = ("—" if each is None else str(each) for each in (now, then))
    return before if before == after else f"{before}→{after}"
