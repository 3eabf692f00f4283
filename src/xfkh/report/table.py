"""What the tables of 排名.xlsx share: which subjects in which order, who they are, where the rows begin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..model import Item, Outcome, OutcomeKind, State
from ..results import PartResult, PartScores
from ..rules import Rule
from ..text import width
from ..workbook import Sheet
from .facts import Facts

FIRST = 5
"""The row of the first subject; full marks stand above it, heads above these."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the tables: a subject's row in the scores."""

    row: int
    state: State


@dataclass
class Board:
    """One part's tables."""

    facts: Facts
    result: PartResult

    @property
    def scores(self) -> PartScores:
        return self.result.scores

    @property
    def many(self) -> bool:
        return self.scores.part.many

    @property
    def totals(self) -> str:
        """The sheet of totals."""
        return "个人总表" if self.many else "总表"

    @property
    def detail(self) -> str:
        """The sheet of points, or of answers where nothing earns points by itself."""
        return "个人得分明细" if self.many else "得分明细" if self.lines else "数据明细"

    @cached_property
    def who(self) -> list[str]:
        """The columns that say who a row is."""
        return ["单位", "姓名", "工号"] if self.many else ["单位"]

    @cached_property
    def lines(self) -> list[tuple[Item, Rule]]:
        scores = self.scores
        return [(item, scores.rules[item.id]) for item in scores.scheme.lines(scores.part)]

    @cached_property
    def order(self) -> list[Line]:
        """Assessed subjects by rank, then the open ones in their order."""
        scores = self.scores
        rows = range(len(scores.subjects))
        found = sorted(rows, key=lambda row: (scores.rank(row) is None, scores.rank(row) or 0, row))
        return [Line(row, scores.states[row]) for row in found]

    @property
    def last(self) -> int:
        """The last row of the table, even when nobody is in it."""
        return FIRST + max(1, len(self.order)) - 1

    @cached_property
    def tiers(self) -> list[Outcome]:
        return [each for each in self.scores.part.outcomes if each.tier and self.scores.period == "全年"]

    @cached_property
    def vetoes(self) -> bool:
        return any(each.kind is OutcomeKind.VETO for each in self.scores.part.outcomes)

    def write_who(self, sheet: Sheet, at: int, col: int, row: int) -> None:
        subject = self.scores.subjects[row]
        names = [subject.unit, subject.person or "", subject.person_id or ""][: len(self.who)]
        sheet.row(at, names, "cell_strong", start=col)

    def who_widths(self) -> list[float]:
        subjects = self.scores.subjects
        columns = [[each.unit for each in subjects], [each.person or "" for each in subjects],
                   [each.person_id or "" for each in subjects]]  # fmt: skip
        least = (16, 10, 9)
        return [min(34, max([low, *(width(name) + 2 for name in names)]))
                for low, names in zip(least, columns[: len(self.who)], strict=False)]  # fmt: skip

    def head(self, sheet: Sheet, heads: list[str], note: str, col: int = 0) -> None:
        sheet.text(0, col, f"{self.facts.title}　{sheet.name}", "title")
        sheet.raw.set_row(0, 30)
        sheet.text(1, col, self.facts.subtitle, "subtitle")
        sheet.text(2, col, note, "muted")
        sheet.row(FIRST - 2, heads, "head")
        sheet.raw.set_row(FIRST - 2, 22)
