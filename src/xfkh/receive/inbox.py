"""What the returns say of the units, and where every file and every unit ended."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..answers import Answers
from ..answers.frame import BLANK
from ..findings import Finding, finding
from ..intake import Arrived
from ..intake.form import Form
from ..intake.printed import Word
from ..model import Fate, Part, Roster, Source, State, Subject
from .persons import joined


class Difference(NamedTuple):
    """One cell: what was printed there (empty: nothing), what stands there now. ``gone``: its whole row is."""

    word: Word
    then: str
    now: str
    gone: bool = False


Changes = Mapping[str, Sequence[Difference]]
"""What returns print otherwise than was issued, by the mark of what they print."""
Heads = tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form shows of its own score, item by item as its heads stand; ``printed``: the mark of what it prints."""

    file: str = ""
    sheet: str = ""
    scores: array[float] = field(default_factory=lambda: array("d"))
    typed: tuple[str, ...] = ()
    printed: str = ""


@dataclass(slots=True)
class Inbox:
    """``arrived``: every file, each with one fate. ``answers``: what the accepted returns say of the units, and
    ``persons`` of their persons. ``states``: per roster unit, 已评 (a return was accepted), 待定, 退回 or 未报;
    ``person_states``: per person, 已评, or 待定 where it is not clear who is meant. ``materials``: per unit, the items
    for which it listed materials; ``heads``: what its form prints of each item (see ``Form``), ``shown``: the
    score that the form shows of each, NaN where it is no number, and the items whose score is no formula any more.
    ``changes``: what the returns print otherwise than was issued. ``earlier``: what stood in the returns of which a
    row's is a mended copy, the first one first, of the unit and of its persons."""

    arrived: list[Arrived]
    answers: Answers
    states: list[State]
    materials: list[set[str]] = field(default_factory=list)
    persons: Answers | None = None
    person_states: list[State] = field(default_factory=list)
    heads: list[Heads] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    earlier: dict[int, list[tuple[Answers, Answers | None]]] = field(default_factory=dict)
    changes: Changes = field(default_factory=dict)
    _alike: dict[Heads, Heads] = field(default_factory=dict)

    @classmethod
    def blank(cls, arrived: list[Arrived], part: Part, roster: Roster) -> Inbox:
        subjects, count = tuple(Subject(part.name, unit.name) for unit in roster.units), len(roster)
        inbox = cls(arrived, Answers.blank(part, subjects), [State.MISSING] * count)
        inbox.materials = [set() for _ in subjects]
        inbox.heads, inbox.shown = [()] * count, [Shown()] * count
        return inbox

    def keep(self, row: int, form: Form, shown: Shown, heads: bool = True) -> None:
        """What is wanted of an accepted form besides its answers; without ``heads`` nothing is compared with it."""
        self.materials[row], self.states[row] = form.materials, State.ASSESSED
        if not heads:
            self.shown[row] = Shown(shown.file, shown.sheet)
            return
        self.shown[row] = shown
        # the heads of most forms are alike: one object is enough, and is told by its id
        self.heads[row] = self._alike.setdefault(form.heads, form.heads)

    def give_back(self, row: int, each: Arrived, error: Exception) -> Finding:
        """The row as if the return, in which something could not be read, had never been taken."""
        self.answers.values[row], self.answers.states[row], self.answers.files[row] = 0, BLANK, ""
        self.answers.sources = {at: source for at, source in self.answers.sources.items() if at[0] != row}
        self.materials[row], self.heads[row], self.shown[row] = set(), (), Shown()
        self.states[row] = State.REFUSED
        return failed(each, error)

    def add_persons(self, subjects: Sequence[Subject]) -> None:
        """Persons of whom no return speaks, only the review."""
        if self.persons is not None and subjects:
            more = Answers.blank(self.persons.part, subjects)
            self.persons = joined(self.persons, more)
            self.person_states += [State.MISSING] * len(subjects)


def failed(each: Arrived, error: Exception) -> Finding:
    """What a return brings about that nobody foresaw costs that return, and not the whole run."""
    facts = {"error": type(error).__name__}
    return each.end(Fate.REFUSED, finding("file-failed", Source(each.name), each.unit, **facts))
