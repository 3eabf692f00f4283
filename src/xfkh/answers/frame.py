"""Answers of a part: one wide array of values with a parallel array of states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..findings import quoted
from ..formula.evaluate import Frame, Value, tighten
from ..formula.exact import Exact, Interval, Truth
from ..formula.tree import Node
from ..model import Cell, Input, InputKind, Part, Source, Subject

CODES: dict[Cell, int] = {each: k for k, each in enumerate(Cell)}
_CELLS = tuple(Cell)
GIVEN, BLANK, REFUSED, CONFLICT, ABSENT = (CODES[each] for each in Cell)

_sheet = lru_cache(1000)(quoted)


class Note(NamedTuple):
    """What a reviewer wrote beside a verified value: why, resting on what, who and when. ``seen``: what the unit had
    reported then, as text; None where that was not written down."""

    reason: str = ""
    basis: str = ""
    by: str = ""
    date: str = ""
    seen: str | None = None

    @property
    def said(self) -> dict[str, str]:
        """What is written there, by the names that results.json has."""
        found = {"reason": self.reason, "basis": self.basis, "by": self.by, "date": self.date}
        return {name: text for name, text in found.items() if text}


@dataclass(slots=True)
class Answers:
    """What is known of the cells of a part.

    ``values``: subjects × cells (``columns``: cell → column), int64, scaled by the input's decimals, 是 = 1 and
    否 = 0, 0 where nothing is known. ``states``: the same shape, int8 codes of ``Cell``. A cell stands in its
    row's file (``files``) at its usual place (``home``: cell → sheet, address; of a part of many rows a sheet, the
    column alone, and ``lines`` gives the row), unless ``sources`` says otherwise: the file alone where the form has no
    such cell. ``notes``: what stands beside verified values.
    """

    part: Part
    subjects: tuple[Subject, ...]
    columns: dict[str, int]
    values: NDArray[np.int64]
    states: NDArray[np.int8]
    files: list[str] = field(default_factory=list)
    home: dict[str, tuple[str, str]] = field(default_factory=dict)
    sources: dict[tuple[int, str], Source] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    notes: dict[tuple[int, str], Note] = field(default_factory=dict)

    @classmethod
    def blank(cls, part: Part, subjects: Sequence[Subject]) -> Answers:
        cells = {cell: k for k, cell in enumerate(cell for each in part.inputs for cell in each.cells)}
        rows = len(subjects)
        return cls(
            part,
            tuple(subjects),
            cells,
            np.zeros((rows, len(cells)), dtype=np.int64),
            np.full((rows, len(cells)), BLANK, dtype=np.int8),
            [""] * rows,
            lines=[""] * rows,
        )

    def copy(self) -> Answers:
        return replace(self, values=self.values.copy(), states=self.states.copy(), sources=dict(self.sources))

    def source(self, row: int, cell: str) -> Source:
        """Where a cell stands, as it may be said; its file alone where it was never seen."""
        if (row, cell) in self.sources:
            place = self.sources[row, cell]
            return place._replace(sheet=_sheet(place.sheet))
        sheet, address = self.home.get(cell, ("", "")) if self.files[row] else ("", "")
        return Source(self.files[row], _sheet(sheet), f"{address}{self.lines[row]}" if address else "")

    def unasked(self, row: int, cell: str) -> bool:
        """Whether the row's own form, of an earlier version of the scheme, does not have a cell."""
        place = self.sources.get((row, cell))
        return place is not None and place == Source(self.files[row]) and bool(place.file)

    def standing(self, row: int, cell: str) -> str:
        """What a cell is, in words."""
        state = self.state(row, cell)
        return "旧表没有" if state is Cell.BLANK and self.unasked(row, cell) else str(state)

    def put(self, row: int, cell: str, value: int, state: Cell = Cell.GIVEN, source: Source | None = None) -> None:
        self.values[row, self.columns[cell]] = value
        self.states[row, self.columns[cell]] = CODES[state]
        if source is not None:
            self.sources[row, cell] = source

    def value(self, row: int, cell: str) -> int:
        """The scaled integer of a cell; 0 where nothing is known."""
        return int(self.values[row, self.columns[cell]])

    def state(self, row: int, cell: str) -> Cell:
        return _CELLS[int(self.states[row, self.columns[cell]])]

    def given(self, cell: str) -> NDArray[np.bool_]:
        return np.asarray(self.states[:, self.columns[cell]] == GIVEN)

    def known(self, cell: str) -> NDArray[np.bool_]:
        """Rows in which nothing is left to ask: a value stands there, or surely none."""
        states = self.states[:, self.columns[cell]]
        return np.asarray((states == GIVEN) | (states == ABSENT))

    def over(self, above: Answers) -> Answers:
        """This layer with another laid over it: what stands above counts, also what could not be read there."""
        taken = above.states != BLANK
        return replace(
            self,
            values=np.where(taken, above.values, self.values),
            states=np.where(taken, above.states, self.states),
            sources={**self.sources, **above.sources},
            notes={**self.notes, **above.notes},
        )

    def frame(self, checks: Sequence[Node] = (), settled: bool = False) -> Frame:
        """The answers as the formula trees read them: unknown cells as bounds, narrowed by the checks."""
        frame = Frame(len(self.subjects), settled=settled)
        for each in self.part.inputs:
            for cell in each.cells:
                frame.values[cell] = self._value(each, cell)
                if each.optional or each.kind is InputKind.RATERS:
                    frame.given[cell] = self._given(cell)
        tighten(list(checks), frame)
        return frame

    def _value(self, each: Input, cell: str) -> Value:
        values = self.values[:, self.columns[cell]]
        states = self.states[:, self.columns[cell]]
        known = (states == GIVEN) | (states == ABSENT)
        if each.kind is InputKind.FLAG:
            yes = values == 1
            return Truth(known & yes, ~known | yes)
        den = 10**each.decimals
        low = Exact(np.where(known, values, each.minimum * den), den)
        if known.all():
            return Interval(low, low)
        most = each.maximum
        if most is None:
            return Interval(low, Exact(low.num, den, ~known))
        return Interval(low, Exact(np.where(known, values, most * den), den))

    def _given(self, cell: str) -> Truth:
        states = self.states[:, self.columns[cell]]
        return Truth(states == GIVEN, states != ABSENT)
