"""What the later stages hand on: the scores of a part and the outcomes that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .answers import Answers, shown
from .formula.evaluate import Frame
from .formula.exact import Interval, Truth
from .formula.say import decimal
from .model import Cell, Input, Origin, Outcome, Part, Scheme, State, Subject, captioned
from .rules import Rule
from .rules.points import reason
from .rules.worth import weight_text
from .scheme.conditions import APART, CONVERTED

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]
NOT_MINE, UNCOUNTED = "不考", "不计入"
"""Of an item that its group is not asked for; of one that has nothing to count for a subject."""
Figure = int | float | str | None


@dataclass(frozen=True)
class Column:
    """One whole number a subject (points in hundredths), as int64; not ``known`` where it is open."""

    values: NDArray[np.int64]
    known: Mask

    @cached_property
    def listed(self) -> list[int | None]:
        """The numbers, None where they are not known."""
        pairs = zip(self.values.tolist(), self.known.tolist(), strict=True)
        return [value if known else None for value, known in pairs]

    def count(self, value: int | None) -> int:
        """How many subjects have a number."""
        return int((self.known & (self.values == value)).sum()) if value is not None else 0


@dataclass(slots=True)
class Totals:
    """Where the subjects stand: totals and their bounds in hundredths, ranks, what may still change; ``apart``: who is
    surely listed apart, ``last``: who is surely ranked behind all others, ``may_be_last``: of all, in bounds."""

    total: Column
    low: Column
    high: Column
    rank: Column
    rank_in_category: Column
    self_total: Column
    pending: Mask
    reviewed: Mask
    apart: Mask
    last: Mask
    may_be_last: Truth


@dataclass(slots=True)
class Standing:
    """What is known of the subjects before any scoring: how each was received, who no longer takes part; ``more``:
    further subjects may still come, from units that have not reported; ``anyone``: the subjects stand for whoever
    there may be; ``barred``: rows that no review can admit."""

    states: list[State]
    closed: Mask
    more: bool = False
    barred: frozenset[int] = frozenset()
    anyone: bool = False


@dataclass(slots=True)
class PartScores:
    """The scores of one part.

    ``scores``: by line, the points as they now stand, not known where an item is 待核; ``self_scores``: those that
    the template showed, of the lines that it could show; ``issued``: the rules as it was issued. ``zero``: by line, the
    denominators that may be 0 and where they are; ``needed``: the cells that must be known. ``now`` and ``bounds`` are
    the frames that outcomes read. ``marks``: the full marks of the lines that are not worth the same to all, and
    ``excused``: why such a line does not count, and where; ``wholes``: of all lines but bonuses, their full marks by
    row before anything did not count, where any varies; ``plain``: points before they were weighted; ``groups``: of
    every subject, empty where there are none.
    """

    scheme: Scheme
    part: Part
    period: str
    rules: dict[str, Rule]
    issued: dict[str, Rule]
    subjects: tuple[Subject, ...]
    states: list[State]
    answers: Answers
    reported: Answers
    now: Frame
    bounds: Frame
    closed: Mask
    more: bool
    reviewed: frozenset[tuple[int, str]]
    scores: dict[str, Column]
    self_scores: dict[str, Column]
    ranges: dict[str, Interval]
    counted: dict[str, list[Interval]]
    zero: dict[str, list[tuple[str, Mask]]]
    needed: tuple[str, ...]
    marks: dict[str, Column] = field(default_factory=dict)
    excused: dict[str, list[tuple[str, Mask]]] = field(default_factory=dict)
    wholes: dict[str, list[Fraction | None]] = field(default_factory=dict)
    plain: dict[str, list[Fraction | None]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    totals: Totals = field(init=False)
    _inputs: dict[str, Input] = field(default_factory=dict, repr=False)
    _figures: dict[tuple[str, bool], list[Figure]] = field(default_factory=dict, repr=False)
    _reasons: dict[tuple[int, str], str] = field(default_factory=dict, repr=False)
    _counts: dict[str, list[list[Any]]] = field(default_factory=dict, repr=False)
    _sentences: dict[tuple[object, ...], str] = field(default_factory=dict, repr=False)
    _lower: list[list[str]] | None = field(default=None, repr=False)

    @property
    def self_scored(self) -> tuple[str, ...]:
        """The lines of this result of which a template, as it was issued, showed the points live."""
        return tuple(id for id, rule in self.issued.items() if id in self.rules and rule.live(self.part))

    def points(self, row: int, id: str) -> Fraction | None:
        return _points(self.scores[id].listed[row])

    def of(self, row: int, id: str) -> Fraction | None:
        """The full mark of a line for a subject; None for a bonus without one."""
        return _points(self.marks[id].listed[row]) if id in self.marks else self.rules[id].of

    def excuse(self, row: int, id: str) -> str:
        """Why a line does not count for a subject; empty where it does."""
        if id not in self.excused:
            return ""
        return next((why for why, mask in self.excused[id] if mask[row]), "")

    def uncounted(self, row: int, id: str) -> str:
        """The word for a line that does not count for a subject; empty where it does."""
        masks = [mask[row] for _, mask in self.excused.get(id, ())]
        if not any(masks):
            return ""
        return NOT_MINE if masks[0] and self.rules[id].asked is not None else UNCOUNTED

    def group(self, row: int) -> str:
        return self.groups[row] if self.groups else ""

    def group_place(self, row: int) -> int:
        """Where its group stands among the groups."""
        known = self.part.groups
        return known.index(self.group(row)) if self.group(row) in known else len(known)

    @property
    def aside(self) -> Mask:
        """The rows with which nobody is compared: closed, or listed apart."""
        return self.closed | listed_apart(self.now).must

    def apart(self, row: int) -> bool:
        """Whether a subject is listed apart (单列), without a rank."""
        return bool(self.totals.apart[row])

    def last(self, row: int) -> bool:
        """Whether a subject has its place behind all others, whatever its points (排到最后)."""
        return bool(self.totals.last[row])

    def whole(self, row: int) -> Fraction:
        """The same before any line did not count."""
        return sum((each[row] or Fraction(0) for each in self.wholes.values()), Fraction(0))

    def full(self, row: int) -> Fraction:
        """All the full marks of a subject, without bonus and deduction lines."""
        lines = (id for id, rule in self.rules.items() if not rule.extra)
        return sum((self.of(row, id) or Fraction(0) for id in lines), Fraction(0))

    def self_points(self, row: int, id: str) -> Fraction | None:
        return _points(self.self_scores[id].listed[row]) if id in self.self_scores else None

    def total(self, row: int) -> Fraction | None:
        return _points(self.totals.total.listed[row])

    def self_total(self, row: int) -> Fraction | None:
        return _points(self.totals.self_total.listed[row])

    def range(self, row: int) -> tuple[Fraction | None, Fraction | None]:
        """The least and the most the total can be; None where there is no bound."""
        return _points(self.totals.low.listed[row]), _points(self.totals.high.listed[row])

    def rank(self, row: int) -> int | None:
        """The competition rank."""
        return self.totals.rank.listed[row]

    def rank_in_category(self, row: int) -> int | None:
        return self.totals.rank_in_category.listed[row]

    def pending(self, row: int) -> bool:
        return bool(self.totals.pending[row])

    def has_review(self, row: int) -> bool:
        return bool(self.totals.reviewed[row])

    def best(self, count: int) -> list[int]:
        """The rows of the first places, best first; of several groups the first of each, then the second of each."""
        ranked = [(rank, self.group_place(row), row) for row, rank in enumerate(self.totals.rank.listed) if rank]
        return [row for *_, row in sorted(ranked)[:count]]

    def frame(self) -> pd.DataFrame:
        """One row a subject: unit, person, person_id, state, total, low, high, rank, rank_in_category, self_total,
        pending, reviewed, then a column a line; points as hundredths (Int64), NA where they are open."""
        import pandas as pd  # late: no command needs it, and it takes longer to load than a year to score

        def whole(column: Column) -> object:
            return pd.arrays.IntegerArray(column.values, ~column.known)

        who = {each: [getattr(subject, each) for subject in self.subjects] for each in ("unit", "person", "person_id")}
        names = ("total", "low", "high", "rank", "rank_in_category", "self_total")
        totals = {each: whole(getattr(self.totals, each)) for each in names}
        marks = {each: getattr(self.totals, each) for each in ("pending", "reviewed")}
        lines = {id: whole(column) for id, column in self.scores.items()}
        return pd.DataFrame({**who, "state": list(map(str, self.states)), **totals, **marks, **lines})

    def reason(self, row: int, id: str) -> str:
        """Why a line has its points, as one sentence."""
        if (row, id) not in self._reasons:
            self._reasons[row, id] = captioned(self._reason(row, id), [self.part])
        return self._reasons[row, id]

    def _reason(self, row: int, id: str) -> str:
        got, excuse = self.points(row, id), self.excuse(row, id)
        if got is not None and excuse:
            return excuse
        if got is None:
            states = {cell: self.answers.state(row, cell) for cell in self.rules[id].shows}
            open_ = (cell for cell, state in states.items() if state not in (Cell.GIVEN, Cell.ABSENT))
            missing = [f"{cell}{self.answers.standing(row, cell)}" for cell in open_]
            if self.rules[id].raters and set(states.values()) == {Cell.BLANK}:
                missing = ["还没有人评分，由复查给出"]
            return f"待核：{'、'.join(missing) or '除数为0'}"
        empty = [name for name, mask in self.zero[id] if mask[row]]
        said = self._weighed(row, id, got) or self._sentence(row, id, got)
        return said + (f"（{'、'.join(empty)}为0，视为达到）" if empty else "")

    def _sentence(self, row: int, id: str, got: Fraction) -> str:
        """Made once for all that have the same counts and points."""
        if id not in self._counts:
            self._counts[id] = [column for each in self.counted[id] for column in each.low.listed()]
        key = id, got.numerator, got.denominator, *[column[row] for column in self._counts[id]]
        if key not in self._sentences:
            values = [each.low.fraction(row) for each in self.counted[id]]
            self._sentences[key] = reason(self.rules[id], values, got)
        return self._sentences[key]

    def _weighed(self, row: int, id: str, got: Fraction) -> str:
        """Why a line has its points where these are weighted; empty where nothing is."""
        if id not in self.plain:
            return ""
        groups = next(item.groups for item in self.part.items if item.id == id)
        weight = groups.get(self.group(row), Fraction(1))
        if weight == 1:
            return ""
        said = self._sentence(row, id, self.plain[id][row] or Fraction(0))
        return f"{said}；权重{weight_text(weight)}，计{decimal(got)}分"

    def conversion(self, row: int) -> str:
        """How the points of a subject were brought to the full marks of its group (折算); empty where they were not."""
        if self.part.shrunk != CONVERTED or self.total(row) is None:
            return ""
        full, whole = self.full(row), self.whole(row)
        if full == whole:
            return ""
        lines = (id for id, rule in self.rules.items() if not rule.extra)
        own = sum((self.points(row, id) or Fraction(0) for id in lines), Fraction(0))
        return f"{decimal(own)}分÷满分{decimal(full)}×{decimal(whole)}" if full else "没有计入的指标，不折算"

    def waiting(self, row: int) -> list[str]:
        """What keeps a subject 暂定: its open lines, or where nothing earns points its open cells."""
        if self.rules:
            return [id for id in self.rules if self.points(row, id) is None]
        open_ = [cell for cell in self.needed if not self.answers.known(cell)[row]]
        return list(dict.fromkeys(self.input_of(cell).name for cell in open_))

    def lacking(self, row: int) -> set[Origin]:
        """From whom the blank cells are wanted that keep a subject 暂定."""
        blank = (cell for cell in self.needed if self.answers.state(row, cell) is Cell.BLANK)
        return {each.origin for each in map(self.input_of, blank) if not each.optional}

    def value(self, row: int, cell: str, reported: bool = False) -> Figure:
        """A figure as people see it; None where none is given."""
        key = cell, reported
        if key not in self._figures:
            # asked for by every report, for every subject
            answers, each = self.reported if reported else self.answers, self.input_of(cell)
            values = answers.values[:, answers.columns[cell]].tolist()
            given = answers.given(cell).tolist()
            self._figures[key] = [shown(each, value) if there else None
                                  for value, there in zip(values, given, strict=True)]  # fmt: skip
        return self._figures[key][row]

    def verified(self, row: int, cell: str) -> bool:
        """Whether a reviewer's figure counts here."""
        return (row, cell) in self.reviewed

    def altered(self, row: int, cell: str) -> bool:
        """Whether a reviewer gave another figure than the unit, of what the unit was asked for."""
        value = self.value(row, cell)
        differs = value is not None and value != self.value(row, cell, reported=True)
        return differs and self.verified(row, cell) and self.input_of(cell).asked

    def overstated(self, row: int) -> list[str]:
        """The lines of which a reviewer altered a figure and the points lie below those that the template showed by
        more than the scheme bears with (自评不实)."""
        if self._lower is None:
            self._lower = self._lower_points()
        return [id for id in self._lower[row] if any(self.altered(row, cell) for cell in self.rules[id].shows)]

    def _lower_points(self) -> list[list[str]]:
        """By row, the lines whose points lie so far below."""
        found, most = [list[str]() for _ in self.subjects], floor(self.scheme.tolerance * 100)
        for id in self.self_scored:
            own, now = self.self_scores[id], self.scores[id]
            for row in np.flatnonzero(own.known & now.known & (own.values - now.values > most)):
                found[row].append(id)
        return found

    def input_of(self, cell: str) -> Input:
        if cell not in self._inputs:
            self._inputs[cell] = self.part.input(cell.partition("[")[0])
        return self._inputs[cell]

    @property
    def open(self) -> Mask:
        """The rows that are still open and still take part."""
        return np.array([state is not State.ASSESSED for state in self.states], dtype=bool) & ~self.closed


def listed_apart(frame: Frame) -> Truth:
    """Which subjects of a frame are listed apart (单列)."""
    held = frame.values[APART]
    assert isinstance(held, Truth)
    return held


@lru_cache(65_536)
def _points(hundredths: int | None) -> Fraction | None:
    return None if hundredths is None else Fraction(hundredths, 100)


@dataclass(frozen=True, slots=True)
class Award:
    """One outcome of one subject (``row``). ``amount`` in whole yuan, None where there is no money; where it is
    counted, ``count`` × ``price``. ``zero``: the denominators that are 0 and on which it rests."""

    row: int
    outcome: Outcome
    because: str
    amount: int | None
    pending: bool
    confirm: bool
    zero: tuple[str, ...] = ()
    count: int | None = None
    price: int | None = None

    @property
    def payable(self) -> bool:
        return self.amount is not None and not self.pending and not self.confirm

    @property
    def nothing(self) -> bool:
        """Whether what is counted comes to 0 yuan, and nobody who is open can change that: no payment."""
        return self.amount == 0 and not self.pending


@dataclass(frozen=True, slots=True)
class Settlement:
    """What fines do to a deposit, in whole yuan; never a negative balance."""

    deposit: int
    fine: int

    @property
    def from_deposit(self) -> int:
        return min(self.deposit, self.fine)

    @property
    def due(self) -> int:
        """What the deposit does not cover (应补缴)."""
        return self.fine - self.from_deposit


class Place(NamedTuple):
    """Where a subject stands: what another reading may change. ``money`` in whole yuan."""

    rank: int | None
    total: Fraction | None
    outcomes: tuple[str, ...]
    money: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What another value of a reading (口径) would change: the subjects whose rank, outcomes or money differ."""

    reading: str
    now: str
    value: str
    changed: tuple[tuple[Subject, Place, Place], ...]


@dataclass(slots=True)
class PartResult:
    """The scores and outcomes of one part; ``targets``: a target's id → met or not by row, None where unknown;
    ``settlements`` by row."""

    scores: PartScores
    awards: list[Award]
    targets: dict[str, list[bool | None]] = field(default_factory=dict)
    settlements: dict[int, Settlement] = field(default_factory=dict)

    def of(self, row: int) -> list[Award]:
        """The awards of a subject, in the scheme's order."""
        if not self._by_row:
            for award in self.awards:
                self._by_row.setdefault(award.row, []).append(award)
        return self._by_row.get(row, [])

    _by_row: dict[int, list[Award]] = field(default_factory=dict, repr=False, init=False)
