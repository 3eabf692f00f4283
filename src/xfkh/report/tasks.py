"""What there is to verify: one row an answer, those that need a person first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..answers import Answers, shown
from ..findings import Finding, Level
from ..formula.say import decimal
from ..model import Cell, Input, InputKind, Item, Origin, Source, State, Subject
from ..results import Figure, PartScores
from ..review import Entry, Who, as_text, who_of
from .names import captioned

AGAIN, CLASH, OPEN, JUDGED, LEDGER, DOUBT, ABSENT = "需复核", "矛盾", "待核", "待评", "不符", "疑问", "未报"
ORDER = (AGAIN, CLASH, OPEN, JUDGED, LEDGER, DOUBT, "", ABSENT)
"""Why somebody should look at a row, the most pressing first; last what nobody handed in."""


@dataclass(frozen=True, slots=True)
class Task:
    """One row: an answer (``cell``) of a subject beneath the first item that reads it, or an item whose answers stand
    elsewhere (no ``cell``). ``own``: what the unit reported and ``place`` where; ``ledger``: what was counted;
    ``points``: by the engine from reported figures; ``word``: why somebody should look; ``note``: what is wrong there;
    ``seen``: the figure and the points that the reviewer saw who wrote ``entry``; ``unread``: something stands at
    ``place`` that could not be read."""

    row: int
    item: Item | None
    input: Input | None
    cell: str
    own: Figure = None
    place: Source = Source()
    ledger: Figure = None
    points: str = ""
    word: str = ""
    note: str = ""
    entry: Entry | None = None
    seen: tuple[str, str] = ("", "")
    unread: bool = False

    @property
    def verified(self) -> bool:
        return self.entry is not None and self.entry.given

    @property
    def waits(self) -> bool:
        """Whether somebody should look before anything else is looked at."""
        return self.word in (AGAIN, CLASH) or (self.word in _PRESSING and not self.verified)


_PRESSING = (OPEN, JUDGED, LEDGER, DOUBT)


@dataclass(slots=True)
class Tasks:
    """The rows of one part in the order of the work. ``plain``: the scores as if nothing were verified; ``answers``:
    what counts now, before contradictions take anything out; ``lost``: what reviewers wrote that belongs to no row."""

    plain: PartScores
    verified: PartScores
    answers: Answers
    rows: list[Task] = field(default_factory=list)
    lost: list[Entry] = field(default_factory=list)


def tasks(
    plain: PartScores,
    verified: PartScores,
    answers: Answers,
    findings: Sequence[Finding],
    entries: dict[Who, Entry],
    ledger: Answers | None,
) -> Tasks:
    """The rows of a part; ``entries`` that found their row are taken out of them."""
    counted = {subject: row for row, subject in enumerate(ledger.subjects)} if ledger is not None else {}
    maker = _Maker(
        plain, verified, _placed(plain), answers, _said(findings), _unread(findings), entries, ledger, counted
    )
    made = Tasks(plain, verified, answers)
    blocks = [block for row in range(len(plain.subjects)) if (block := maker.block(row))]
    units = dict[str, int]()
    for block in blocks:
        unit = plain.subjects[block[0].row].unit
        units[unit] = min(_need(block), units.get(unit, _need(block)))
    order = sorted(units, key=units.__getitem__)
    # the persons of a unit stay together
    for block in sorted(blocks, key=lambda rows: (order.index(plain.subjects[rows[0].row].unit), _need(rows))):
        made.rows += block
    return made


def _need(rows: Sequence[Task]) -> int:
    """How pressing the most pressing of some rows is."""
    return min(ORDER.index(each.word) for each in rows)


def _placed(scores: PartScores) -> list[tuple[Item | None, list[tuple[Input, str]]]]:
    """Item by item, each answer beneath the first that reads it; last what only outcomes read."""
    asked = [(each, cell) for each, cell in scores.part.cells(scores.period)
             if each.origin is not Origin.ROSTER and each.kind not in (InputKind.TEXT, InputKind.DATE)]  # fmt: skip
    found, placed = list[tuple[Item | None, list[tuple[Input, str]]]](), set[str]()
    for item in scores.scheme.lines(scores.part):
        shows = {*scores.rules[item.id].shows, *item.shows}
        own = [(each, cell) for each, cell in asked if cell not in placed and shows & {cell, each.name}]
        placed |= {cell for _, cell in own}
        if own or scores.rules[item.id].shows:
            found.append((item, own))
    rest = [(each, cell) for each, cell in asked if cell not in placed]
    return [*found, (None, rest)] if rest else found


_GRAVE = (Level.ERROR, Level.WARNING, Level.NOTE)


def _said(findings: Sequence[Finding]) -> dict[Source, Finding]:
    """The gravest finding of each cell."""
    found = dict[Source, Finding]()
    for each in sorted(findings, key=lambda each: _GRAVE.index(each.level)):
        if each.source.cell:
            found.setdefault(each.source, each)
    return found


def _unread(findings: Sequence[Finding]) -> dict[Source, str]:
    """Why a value in a table could not be read, by its cell."""
    return {each.source: each.message for each in findings if each.code == "table-value"}


@dataclass(slots=True)
class _Maker:
    scores: PartScores
    verified: PartScores
    placed: list[tuple[Item | None, list[tuple[Input, str]]]]
    answers: Answers
    said: Mapping[Source, Finding]
    unread: Mapping[Source, str]
    entries: dict[Who, Entry]
    ledger: Answers | None
    counted: Mapping[Subject, int]

    def block(self, row: int) -> list[Task]:
        """The rows of a subject, items with something pressing first; the answers of an item stay together."""
        groups = [group for item, cells in self.placed if (group := list(self._group(row, item, cells)))]
        return [each for group in sorted(groups, key=_need) for each in group]

    def _group(self, row: int, item: Item | None, cells: Sequence[tuple[Input, str]]) -> Iterator[Task]:
        scores = self.scores
        if item and not item.extra and scores.excuse(row, item.id) and not scores.of(row, item.id):
            return
        points = self._points(row, item)
        if not cells:
            yield Task(row, item, None, "", points=points)
        for each, cell in cells:
            absent = scores.answers.state(row, cell) is Cell.ABSENT
            if not absent or each.optional or each.kind is InputKind.RATERS:
                yield self._task(row, item, each, cell, points)

    def _points(self, row: int, item: Item | None) -> str:
        """Computed points as they are kept and compared."""
        if item is None or self.scores.states[row] not in (State.ASSESSED, State.PROVISIONAL):
            return ""
        points = self.scores.points(row, item.id)
        return "待核" if points is None else decimal(points)

    def _task(self, row: int, item: Item | None, each: Input, cell: str, points: str) -> Task:
        scores, subject = self.scores, self.scores.subjects[row]
        own = scores.value(row, cell, reported=each.asked)
        ledger = self._counted(subject, each, cell)
        word, note = self._look(row, each, cell, own, ledger)
        entry = self.entries.pop(who_of(subject, cell), None)
        mine = as_text(own), points
        seen = entry.seen if entry is not None and entry.given else mine
        if again := [text for text in (_moved(seen, mine), self._unused(row, cell, entry)) if text]:
            word, note = AGAIN, "；".join([*again, *[note] * bool(note)])
        place = scores.reported.source(row, cell)
        unread = scores.reported.state(row, cell) is Cell.REFUSED
        return Task(row, item, each, cell, own, place, ledger, points, word, note, entry, seen, unread)

    def _unused(self, row: int, cell: str, entry: Entry | None) -> str:
        """Why the verified value of a row counts for nothing."""
        if entry is None or not entry.given:
            return ""
        if self.answers.state(row, cell) is Cell.CONFLICT:
            return "同一格另有不同的核定值，都没有采用，只留一个"
        return self.unread.get(entry.source, "")

    def _counted(self, subject: Subject, each: Input, cell: str) -> Figure:
        row = self.counted.get(subject)
        if self.ledger is None or row is None or not each.asked or cell not in self.ledger.columns:
            return None
        return shown(each, self.ledger.value(row, cell)) if self.ledger.given(cell)[row] else None

    def _look(self, row: int, each: Input, cell: str, own: Figure, ledger: Figure) -> tuple[str, str]:
        """Why somebody should look at a row, and what is wrong there."""
        scores, place = self.scores, self.scores.reported.source(row, cell)
        state, about = scores.answers.state(row, cell), self.said.get(place) if place.cell else None
        note = captioned(about.message, [scores.part]) if about else ""
        if each.asked and scores.states[row] in (State.MISSING, State.REFUSED, State.HELD):
            return ABSENT, f"这个{'人' if scores.part.many else '单位'}{scores.states[row]}"
        if self.verified.answers.state(row, cell) is Cell.CONFLICT:
            return CLASH, note
        if each.kind is InputKind.RATERS:
            # any one of them suffices
            wanted = cell == each.cells[0] and all(scores.value(row, one) is None for one in each.cells)
            return (JUDGED if wanted else ""), each.note
        if state in (Cell.REFUSED, Cell.BLANK):
            bare = "旧版本的填报表上没有" if scores.reported.unasked(row, cell) else "没有填"
            return (OPEN, note or bare) if each.asked else (JUDGED, note or each.note)
        if not each.asked:
            blank = f"不填：{each.optional}" if each.optional and own is None else ""
            return "", "；".join(text for text in (note or each.note, blank) if text)
        if ledger is not None and ledger != own:
            return LEDGER, "；".join(text for text in (f"台账数是{ledger}", note) if text)
        return (DOUBT if about and about.level is not Level.NOTE else ""), note


def _moved(seen: tuple[str, str], mine: tuple[str, str]) -> str:
    """What is no longer as the reviewer saw it; empty where all is."""
    if seen == mine:
        return ""
    pairs = [
        (name, then, now) for name, then, now in zip(("自评数", "系统计算"), seen, mine, strict=True) if then != now
    ]
    return "核定以后" + "，".join(f"{name}由{then or '没有'}变为{now or '没有'}" for name, then, now in pairs)
