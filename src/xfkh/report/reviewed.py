"""How much of each subject the review has verified: one figure of fifty is not yet 已复查."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..answers.frame import ABSENT, GIVEN
from ..model import Input, Origin
from ..results import Mask, PartScores

WHOLE, PARTLY, NOT = "已复查", "部分复查", "未复查"


class Reviewed(NamedTuple):
    """``begun``: the review gave a figure; ``verified`` of ``of`` that it can give."""

    begun: bool
    verified: int
    of: int

    @property
    def kind(self) -> str:
        return NOT if not self.begun else WHOLE if self.verified == self.of else PARTLY

    @property
    def figures(self) -> str:
        return f"核定 {self.verified}/{self.of} 项"

    @property
    def word(self) -> str:
        return f"{self.kind}（{self.figures}）" if self.kind == PARTLY else self.kind


def reviewed(scores: PartScores) -> list[Reviewed]:
    """By row. The roster, other results and what nobody has to give need no review."""
    answers, verified = scores.answers, np.zeros(scores.answers.states.shape, dtype=bool)
    for row, cell in scores.reviewed:
        verified[row, answers.columns[cell]] = True
    verified &= answers.states == GIVEN
    wanted = np.zeros_like(verified)
    for each, cell in scores.part.cells(scores.period):
        col = answers.columns[cell]
        wanted[:, col] = verified[:, col] | _open(each, answers.states[:, col])
    done, of = (verified & wanted).sum(axis=1), wanted.sum(axis=1)
    return [Reviewed(scores.has_review(row), int(done[row]), int(of[row])) for row in range(len(scores.subjects))]


def _open(each: Input, states: np.ndarray[tuple[int], np.dtype[np.int8]]) -> Mask:
    """Where an input that was not verified waits for the review."""
    if not (each.asked or each.origin is Origin.REVIEW):
        return np.zeros(len(states), dtype=bool)
    return np.asarray((states != ABSENT) & ((states != GIVEN) | (not each.scores)))
