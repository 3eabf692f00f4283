"""The nouns of a comparison: what changed, from what to what, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from ..recorded import Record, label

OPEN = ("未报", "退回", "待定")
"""The states of a subject of whom nothing is scored."""
FINE = "处罚"


class Given(NamedTuple):
    """What an input cell held in a run: the value (None where there was none to count with), the layer that it came
    from (自评, 核定 …), the file, sheet and cell where it stands, and what the unit itself reported."""

    value: int | float | str | None
    layer: str
    file: str
    sheet: str
    cell: str
    own: int | float | str | None


class InputChange(NamedTuple):
    """One input of one item; None where the run had no such cell. ``review``: reason, basis, by and date of the
    verified figure, where the later run says them. ``unused``: what the later run says of a figure that it does not
    count with."""

    name: str
    before: Given | None
    after: Given | None
    review: Mapping[str, str]
    unused: str = ""


class ItemChange(NamedTuple):
    """One line of one subject; ``before`` and ``after`` as results.json has them, None where the line did not exist.
    ``why``: what else than its own figures changed it, or may have; empty where these say it."""

    id: str
    before: Record | None
    after: Record | None
    inputs: tuple[InputChange, ...]
    why: str = ""

    @property
    def clause(self) -> str:
        return str((self.after or self.before or {}).get("clause", ""))

    @property
    def points(self) -> tuple[Any, Any]:
        """Before and after; None where they were open, or the line did not exist."""
        return tuple(each and each["points"] for each in (self.before, self.after))  # type: ignore[return-value]

    @property
    def known(self) -> bool:
        """Whether the points are known in both runs; a line that does not exist has none."""
        return all(each is None or each["points"] is not None for each in (self.before, self.after))

    @property
    def gap(self) -> Decimal:
        """By how much the points changed, as far as that is known; what was not there counts as 0."""
        return gap(*self.points) if self.known else Decimal(0)

    @property
    def scored(self) -> bool:
        """Whether it is worth another number of points, or not known any more, or known at last."""
        return _worth(self.before) != _worth(self.after)


def _worth(item: Record | None) -> tuple[Any, ...]:
    return () if item is None else (item["points"], item["of"], item["state"])


class OutcomeChange(NamedTuple):
    """An outcome that came (no ``before``), went (no ``after``), or has another amount or standing."""

    id: str
    kind: str
    before: Record | None
    after: Record | None
    why: str

    @property
    def gap(self) -> Decimal:
        """By how much its amount changed, in yuan; one that is not given is 0."""
        was, now = (each["amount"] if each else None for each in (self.before, self.after))
        return gap(was, now)


class Why(NamedTuple):
    """A sentence and what it is about: 状态, 总分, 名次 …"""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One subject in both runs, as results.json has it; None where it was not there. ``outcomes`` are told by their own
    reasons, ``items`` by theirs; ``why`` tells the rest."""

    before: Record | None
    after: Record | None
    items: tuple[ItemChange, ...] = ()
    outcomes: tuple[OutcomeChange, ...] = ()
    why: tuple[Why, ...] = ()

    @property
    def one(self) -> Record:
        """The subject as it is now, or was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def label(self) -> str:
        return label(self.one)

    def both(self, name: str) -> tuple[Any, Any]:
        """A fact before and after."""
        return tuple(each and each.get(name) for each in (self.before, self.after))  # type: ignore[return-value]

    def differs(self, *names: str) -> bool:
        return any(before != after for before, after in map(self.both, names))

    @property
    def grave(self) -> bool:
        """Whether the rank, what follows from it, or the state is another."""
        there = self.before is None or self.after is None
        return there or bool(self.outcomes) or self.differs("state", "rank", "group", "settlement")

    @property
    def scored(self) -> bool:
        """Whether it is a matter of points at least; the rest are figures that decide nothing, and the review."""
        return self.grave or self.differs("total", "range") or any(each.scored for each in self.items)

    @property
    def gap(self) -> Decimal:
        return gap(*self.both("total"))

    @property
    def money(self) -> Decimal:
        """How much money moved, whichever way."""
        return sum((abs(one.gap) for one in self.outcomes), Decimal(0))

    @property
    def weight(self) -> tuple[bool, bool, Decimal, int, Decimal]:
        """What sorts first is the most important: rank, money and state before points, much before little."""
        was, now = self.both("rank")
        moved = abs(was - now) if was and now else 0
        return not self.grave, not self.scored, -self.money, -moved, -abs(self.gap)


class Setting(NamedTuple):
    """What both runs have of their own and whole results hang on: a reading, a parameter, the version."""

    kind: str
    name: str
    before: str
    after: str

    def line(self) -> str:
        return f"{self.kind}{f'“{self.name}”' if self.name else ''} {self.before} → {self.after}"


class Sum(NamedTuple):
    """An amount over all subjects, in whole yuan."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two runs of one scheme and year.

    ``changes``: the subjects that differ, part by part, the most important first; ``subjects``: how many there are in
    all, by part; ``status``: of the scheme; ``stage``: whether each run left anybody open; ``notes``: what is to be
    known first; ``title``: what the scheme is called, where that is known.
    """

    scheme: str
    year: str
    period: str
    status: str
    stage: tuple[bool, bool]
    settings: tuple[Setting, ...]
    sums: tuple[Sum, ...]
    subjects: Mapping[str, int]
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    title: str = ""

    @property
    def same(self) -> bool:
        return not (self.changes or self.settings or self.notes)

    def of(self, part: str) -> Iterator[Change]:
        return (each for each in self.changes if each.one["part"] == part)


def gap(before: float | None, after: float | None) -> Decimal:
    """After minus before, exactly; what is not known, or not there, counts as 0."""
    was, now = (Decimal(str(each)) if each is not None else Decimal(0) for each in (before, after))
    return now - was
