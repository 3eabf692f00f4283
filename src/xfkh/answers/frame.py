"""Answers of a part: one wide frame of values with a parallel frame of states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..formula.evaluate import Frame, Value, tighten
from ..formula.exact import Exact, Interval, Truth
from ..formula.tree import Node
from ..model import Cell, Input, InputKind, Part, Source, Subject

CODES: dict[Cell, int] = {each: k for k, each in enumerate(Cell)}
GIVEN, BLANK, REFUSED, CONFLICT, ABSENT = (CODES[each] for each in Cell)


@dataclass(slots=True)
class Answers:
    """``values``: subjects × cells, int64, scaled by the input's decimals, 是 = 1 and 否 = 0, 0 where nothing
    is known. ``states``: the same shape, int8 codes of ``Cell``. ``sources``: (row, cell) → where it stands,
    only for cells that stand elsewhere than the subject's own form."""

    part: Part
    subjects: tuple[Subject, ...]
    values: pd.DataFrame
    states: pd.DataFrame
    sources: dict[tuple[int, str], Source] = field(default_factory=dict)

    @classmethod
    def blank(cls, part: Part, subjects: Sequence[Subject]) -> Answers:
        cells = [cell for each in part.inputs for cell in each.cells]
        rows = len(subjects)
        return cls(
            part,
            tuple(subjects),
            pd.DataFrame(np.zeros((rows, len(cells)), dtype=np.int64), columns=cells),
            pd.DataFrame(np.full((rows, len(cells)), BLANK, dtype=np.int8), columns=cells),
        )

    def copy(self) -> Answers:
        return Answers(self.part, self.subjects, self.values.copy(), self.states.copy(), dict(self.sources))

    def put(self, row: int, cell: str, value: int, state: Cell = Cell.GIVEN, source: Source | None = None) -> None:
        column = self.values.columns.get_loc(cell)
        self.values.iat[row, column] = value
        self.states.iat[row, column] = CODES[state]
        if source is not None:
            self.sources[row, cell] = source

    def state(self, row: int, cell: str) -> Cell:
        return tuple(Cell)[int(self.states.at[row, cell])]

    def given(self, cell: str) -> NDArray[np.bool_]:
        return np.asarray(self.states[cell].to_numpy() == GIVEN)

    def over(self, above: Answers) -> Answers:
        """This layer with another laid over it: what is given above counts."""
        taken = above.states.to_numpy() == GIVEN
        values = np.where(taken, above.values.to_numpy(), self.values.to_numpy())
        states = np.where(taken, above.states.to_numpy(), self.states.to_numpy())
        columns = list(self.values.columns)
        return Answers(
            self.part,
            self.subjects,
            pd.DataFrame(values, columns=columns),
            pd.DataFrame(states, columns=columns),
            {**self.sources, **above.sources},
        )

    def frame(self, checks: Sequence[Node] = (), settled: bool = False) -> Frame:
        """The answers as the formula trees read them: unknown cells as bounds, narrowed by the checks."""
        frame = Frame(len(self.subjects), settled=settled)
        for each in self.part.inputs:
            for cell in each.cells:
                frame.values[cell] = self._value(each, cell)
                if each.optional:
                    frame.given[cell] = self._given(cell)
        tighten(list(checks), frame)
        return frame

    def _value(self, each: Input, cell: str) -> Value:
        values: NDArray[Any] = self.values[cell].to_numpy()
        states = self.states[cell].to_numpy()
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
        states = self.states[cell].to_numpy()
        return Truth(states == GIVEN, states != ABSENT)

    def exact(self, row: int, each: Input, cell: str) -> Fraction | None:
        if self.state(row, cell) is not Cell.GIVEN:
            return None
        return Fraction(int(self.values.at[row, cell]), 10**each.decimals)
