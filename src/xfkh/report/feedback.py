"""反馈/单位_反馈.xlsx: one unit's own result and that of its persons, from plain data and nothing else.

A worker process writes it, so nothing heavy is imported here; ``notices`` makes the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..kept import Made, check
from ..text import file_name, width
from ..workbook.anchors import TYPE
from ..workbook.book import Book, Sheet, write_whole
from ..workbook.paging import keep_together
from ..workbook.style import GAP, MONEY, POINTS, Theme

Number = int | float
Value = Number | str | None
CHANGED, LOST, WAITING, EARNED, OVERSTATED = "核定改动", "失分", "待核", "加分", "自评不实"
_FILLS = {WAITING: "alarm", OVERSTATED: "alarm", CHANGED: "warn", LOST: "lost", EARNED: "good"}
_LEVELS = {"错误": "alarm", "警告": "warn"}
_KINDS = {"奖励": "good", "荣誉": "good", "处罚": "alarm", "一票否决": "veto", "名单": "warn", "问责": "warn"}
_MET = {"达到": "good", "未达到": "alarm", "待核": "warn"}
_WIDTHS = [7.0, 20, 7, 9, 9, 7, 9, 34, 11, 33]
_NUMBERS = {"money": MONEY, "gap": GAP}
_NUMBER, _TITLE, _OF, _OWN, _POINTS, _GAP, _MARK, _WHY, _CLAUSE, _DATA = range(10)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a subject; ``band`` is the section where it begins one, ``data`` the figures that counted."""

    band: str
    id: str
    title: str
    of: Value
    own: Number | None
    points: Number | None
    marks: tuple[str, ...]
    reason: str
    clause: str
    data: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that counted, where nothing earns points by itself."""

    name: str
    unit: str
    own: Value
    now: Value
    mark: str
    place: str


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that the review changed: where it stood, where the verified one stands, what that did."""

    name: str
    own: Value
    now: Value
    place: str
    cited: str
    effect: str


@dataclass(frozen=True, slots=True)
class Given:
    """One outcome; ``note`` says in words what is still open about it."""

    id: str
    kind: str
    amount: int | None
    clause: str
    because: str
    note: str
    tier: int | None


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding that concerns the unit."""

    level: str
    place: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the head, with what it is."""

    value: Value
    note: str
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The result of one subject; ``name`` is empty for the unit itself. ``words``: what is open, in sentences."""

    name: str
    tiles: tuple[Tile, ...]
    words: tuple[str, ...]
    given: tuple[Given, ...]
    lines: tuple[Line, ...]
    figures: tuple[Figure, ...] = ()
    targets: tuple[tuple[str, str, str], ...] = ()
    settlement: tuple[tuple[str, int], ...] = ()

    @property
    def settled(self) -> bool:
        """Whether there is a total."""
        return not isinstance(self.tiles[0].value, str)


@dataclass(frozen=True, slots=True)
class Notice:
    """All that one unit is told; ``file`` is the name of its workbook."""

    file: str
    unit: str
    title: str
    subtitle: str
    status: str
    theme: Theme
    card: Card
    persons: tuple[Card, ...]
    changes: tuple[Change, ...]
    remarks: tuple[Remark, ...]
    objection: str


def feedback_name(unit: str) -> str:
    return f"{file_name(unit)}_反馈.xlsx"


def write_feedback(job: tuple[Path, str, Notice]) -> Made:
    """Writes one unit's workbook, under its name in a folder, and looks at it."""
    stage, name, notice = job
    # it can be made again at any time: no waiting for the disk, two hundred times
    write_whole(stage / name, feedback_bytes(notice), settle=False)
    return check(stage, name)


def feedback_bytes(notice: Notice) -> bytes:
    """The workbook of a notice. The same notice gives the same bytes."""
    book = Book(f"{notice.title}　反馈", notice.theme, notice.status, inline=True)
    _unit_page(book.sheet("反馈"), notice)
    if notice.persons:
        _persons_page(book.sheet("个人"), notice)
    book.stamp({TYPE: "反馈"})
    return book.finish(checked_later=True)


class _Page:
    """A page that is written downwards; its tables share ten columns, each cell of a table spans one or more."""

    def __init__(self, sheet: Sheet, lines: Sequence[Line]) -> None:
        self.sheet, self.at = sheet, 0
        self.starts, self._headed = set[int](), False
        self.widths = list(_WIDTHS)
        self.widths[_NUMBER] = _room([each.id for each in lines], 7, 14)
        self.widths[_CLAUSE] = _room([each.clause for each in lines], 11, 22)
        sheet.widths(*self.widths)

    def head(self, title: str, *notes: str) -> None:
        self.sheet.heading(title, *notes)
        self.at = len(notes) + 1

    def _begin(self, heads: bool = False) -> None:
        """A page may end before what begins here, but for what the last rows head."""
        if not self._headed:
            self.starts.add(self.at)
        self._headed = heads

    def heading(self, text: str) -> None:
        self._begin(heads=True)
        self.sheet.text(self.at + 1, 0, text, "heading")
        self.sheet.raw.set_row(self.at + 1, 22)
        self.at += 2

    def said(self, text: str, style: str = "wrap") -> None:
        self._begin()
        self.sheet.across(self.at, 0, _DATA, text, sum(self.widths), style, least=18)
        self.at += 1

    def band(self, text: str) -> None:
        """The name of what follows, in one cell: a merged row would cost as much as a row of figures."""
        self._begin(heads=True)
        self.sheet.text(self.at, 0, text, "heading_small")
        self.sheet.raw.set_row(self.at, 20)
        self.at += 1

    def row(
        self,
        spans: Sequence[int],
        values: Sequence[Value],
        styles: Sequence[str],
        fills: Sequence[str],
        heads: bool = False,
    ) -> None:
        """One row of a table: ``spans`` are the first columns of its cells."""
        self._begin(heads)
        texts = []
        for k, (first, value, style) in enumerate(zip(spans, values, styles, strict=True)):
            last = (spans[k + 1] if k + 1 < len(spans) else _DATA + 1) - 1
            self._cell(first, last, value, style, fills[k] if fills else "")
            room = self.widths[first] if first == last else sum(self.widths[first : last + 1])
            if isinstance(value, str) and (len(value) * 2 >= room or "\n" in value):
                texts.append((value, room))
        self.sheet.height(self.at, texts, least=20)
        self.at += 1

    def _cell(self, first: int, last: int, value: Value, style: str, fill: str) -> None:
        more = {"fill": fill} if fill else {}
        if style in _NUMBERS:
            more |= {"num_format": _NUMBERS[style]}
            style = "cell_centre"
        shown = "—" if value is None else value
        if last > first:
            self.sheet.merge(self.at, first, last, shown if isinstance(shown, str) else "", style, **more)
        if not isinstance(shown, str):
            self.sheet.number(self.at, first, shown, style, **more)
        elif last == first:
            self.sheet.text(self.at, first, shown, style, **more)

    def table(self, spans: Sequence[int], heads: Sequence[str]) -> None:
        self.row(spans, heads, ["head"] * len(spans), (), heads=True)

    def finish(self, repeat: int | None = None) -> None:
        self.sheet.print_setup(landscape=True, repeat=None if repeat is None else (repeat, repeat))
        keep_together(self.sheet, self.starts, self.at - 1, heads=[] if repeat is None else [repeat])


def _room(texts: Sequence[str], least: int, most: int) -> int:
    """The columns that short texts need."""
    return min(most, max([least, *(width(each) + 2 for each in texts)]))


def _unit_page(sheet: Sheet, notice: Notice) -> None:
    card, page = notice.card, _Page(sheet, notice.card.lines)
    page.head(f"{notice.unit}　考核结果反馈", notice.title, notice.subtitle)
    _tiles(page, card)
    for each in card.words:
        page.said(each, "strong_wrap")
    _given(page, card)
    _settlement(page, card)
    _targets(page, card)
    _changes(page, notice)
    _remarks(page, notice)
    page.heading("异议")
    page.said(notice.objection)
    # the long table comes last: its heads stand on each page that it goes on to, and above no other table
    if card.lines or card.figures:
        page.heading("各项得分" if card.lines else "计入结果的数")
        head = page.at
        (_scores if card.lines else _figures)(page, card)
        page.finish(repeat=head)
    else:
        page.finish()


def _persons_page(sheet: Sheet, notice: Notice) -> None:
    page = _Page(sheet, [line for card in notice.persons for line in card.lines])
    page.head(f"{notice.unit}　个人考核结果反馈", notice.title, notice.subtitle)
    page.at += 1
    head = page.at
    _heads(page)
    sheet.raw.freeze_panes(page.at, 0)
    for card in notice.persons:
        figures = "　".join(f"{each.note}：{_plain(each)}" for each in card.tiles if each.value is not None)
        page.row([0], [f"{card.name}　　{figures}"], ["section"], (), heads=True)
        for text in (*card.words, *map(_sentence, card.given)):
            page.row([0], [text], ["cell_strong_wrap"], (), heads=True)
        _lines(page, card)
    page.finish(repeat=head)


def _plain(tile: Tile) -> str:
    return f"{tile.value:+g}" if tile.gap and isinstance(tile.value, (int, float)) and tile.value else str(tile.value)


def _sentence(given: Given) -> str:
    note = f"。{given.note}" if given.note else ""
    return f"{given.kind}：{given.id}（{given.clause}）：{given.because}{note}"


def _tiles(page: _Page, card: Card) -> None:
    """The figures of the head, side by side."""
    sheet, at, notes = page.sheet, page.at + 1, []
    for tile, (first, last) in zip(card.tiles, ((0, 1), (2, 4), (5, 6), (7, 7), (8, 8), (9, 9)), strict=False):
        sheet.merge(at, first, last, "", "tile")
        sheet.put(at, first, "—" if tile.value is None else tile.value, "tile", num_format=GAP if tile.gap else POINTS)
        sheet.merge(at + 1, first, last, tile.note, "tile_note")
        notes.append((tile.note, sum(page.widths[first : last + 1])))
    sheet.raw.set_row(at, 34)
    sheet.height(at + 1, notes, line=13)
    page.at = at + 3


def _given(page: _Page, card: Card) -> None:
    page.heading("结果运用")
    spans = [_NUMBER, _OF, _POINTS, _MARK, _CLAUSE, _DATA]
    if not card.given:
        page.said("没有列入奖惩的事项。" if card.settled else "总分定了以后再定。", "muted_wrap")
        return
    page.table(spans, ["项目", "种类", "金额（元）", "原因", "依据", "说明"])
    for each in card.given:
        fill = f"tier{each.tier}" if each.tier else _KINDS.get(each.kind, "")
        values = [each.id, each.kind, each.amount, each.because, each.clause, each.note]
        styles = ["cell_strong_wrap", "cell_centre", "money", *["cell_wrap"] * 3]
        page.row(spans, values, styles, [fill, fill, "", "", "", ""])


def _settlement(page: _Page, card: Card) -> None:
    if not card.settlement:
        return
    page.heading("保证金结算（元）")
    spans = [_NUMBER, _OF, _POINTS, _MARK, _CLAUSE]
    page.table(spans, [name for name, _ in card.settlement])
    page.row(spans, [amount for _, amount in card.settlement], ["money"] * len(spans), ())


def _targets(page: _Page, card: Card) -> None:
    if not card.targets:
        return
    page.heading("工作目标（只看达到没有，不计分）")
    spans = [_NUMBER, _CLAUSE, _DATA]
    page.table(spans, ["目标", "达到没有", "依据"])
    for title, met, clause in card.targets:
        page.row(spans, [title, met, clause], ["cell_wrap", "cell_centre", "cell_wrap"], ["", _MET.get(met, ""), ""])


def _scores(page: _Page, card: Card) -> None:
    _heads(page)
    _lines(page, card)


def _heads(page: _Page) -> None:
    page.table(
        range(10),
        ["编号", "指标", "满分", "自评得分", "核定得分", "差", "标记", "为什么", "依据", "计入的数（自评数）"],
    )


_LINE = ["cell_centre", "cell_wrap", "cell_centre", "cell_centre", "cell_strong_centre", "gap", "cell_centre_wrap",
         "cell_wrap", "cell_centre_wrap", "cell_wrap"]  # fmt: skip


def _lines(page: _Page, card: Card) -> None:
    """One row an item, in the bands of the sections; the difference is verified less self-assessed."""
    for each in card.lines:
        if each.band:
            page.band(each.band)
        gap = None if each.own is None or each.points is None else round(each.points - each.own, 2)
        points = WAITING if each.points is None else each.points
        values = [each.id, each.title, each.of, each.own, points, gap, "\n".join(each.marks), each.reason]
        fill = next((_FILLS[mark] for mark in _FILLS if mark in each.marks), "")
        page.row(range(10), [*values, each.clause, each.data], _LINE, ["", "", "", "", fill, "", fill, "", "", ""])


def _figures(page: _Page, card: Card) -> None:
    spans = [_NUMBER, _OF, _OWN, _POINTS, _GAP, _MARK, _WHY]
    page.table(spans, ["填报项", "计量单位", "自评数", "核定数", "差", "标记", "出处"])
    for each in card.figures:
        gap = each.now - each.own if isinstance(each.now, (int, float)) and isinstance(each.own, (int, float)) else None
        values = [each.name, each.unit, each.own, each.now, gap, each.mark, each.place]
        styles = ["cell_wrap", *["cell_centre_wrap"] * 3, "gap", "cell_centre_wrap", "cell_wrap"]
        fill = _FILLS.get(each.mark, "")
        page.row(spans, values, styles, ["", "", "", fill, "", fill, ""])


def _changes(page: _Page, notice: Notice) -> None:
    page.heading("复查改动的数")
    if not notice.changes:
        page.said("复查没有改动本单位填报的数。", "muted_wrap")
        return
    spans = [_NUMBER, _OF, _POINTS, _MARK, _WHY, _DATA]
    page.table(spans, ["填报项", "自评数", "核定数", "差", "对得分的影响", "自评数所在的格子；核定数的出处"])
    for each in notice.changes:
        gap = each.now - each.own if isinstance(each.now, (int, float)) and isinstance(each.own, (int, float)) else None
        places = "；".join(place for place in (each.place, each.cited) if place)
        styles = ["cell_wrap", "cell_centre_wrap", "cell_centre_wrap", "gap", "cell_wrap", "cell_wrap"]
        fills = ["", "", _FILLS[CHANGED], "", "", ""]
        page.row(spans, [each.name, each.own, each.now, gap, each.effect, places], styles, fills)


def _remarks(page: _Page, notice: Notice) -> None:
    page.heading("填报表里发现的问题")
    if not notice.remarks:
        page.said("没有发现问题。", "muted_wrap")
        return
    spans = [_NUMBER, _TITLE, _OF, _CLAUSE]
    page.table(spans, ["级别", "格子", "问题", "怎样改"])
    for each in notice.remarks:
        values = [each.level, each.place, each.what, each.mend]
        styles = ["cell_centre", "cell_wrap", "cell_wrap", "cell_wrap"]
        page.row(spans, values, styles, [_LEVELS.get(each.level, ""), "", "", ""])
