"""What every report is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..findings import Finding
from ..intake import Arrived
from ..model import Roster, Scheme
from ..results import Impact, PartResult
from ..text import distinct_names
from ..workbook.book import Book
from ..workbook.style import PLAIN, Theme
from .feedback import feedback_name
from .record import record, record_of
from .reviewed import Reviewed, reviewed

MONEY, PROBLEMS, RECORD = "奖惩.xlsx", "问题清单.xlsx", "results.json"
FEEDBACK, SLIPS = "反馈", "退回"
_BY_OFFICE = {"alike", "slip-other", "declined"}


def feedback_names(facts: Facts) -> dict[str, str]:
    """Each unit's feedback file; two units whose names a file system cannot tell apart have different ones."""
    return distinct_names([each.unit for each in facts.parts[0].scores.subjects], feedback_name)


@dataclass(frozen=True)
class Facts:
    """``parts``: the scores and outcomes of each part; ``files`` and ``units``: the inventory's sums; ``impacts``: what
    other readings would change; ``due`` and ``return_to``: what the templates said; ``out``: the folder of results."""

    scheme: Scheme
    roster: Roster
    year: str
    period: str
    stage: bool
    parts: Sequence[PartResult]
    arrived: Sequence[Arrived]
    findings: Sequence[Finding]
    files: dict[str, int]
    units: dict[str, int]
    impacts: Sequence[Impact] = ()
    due: str = ""
    return_to: str = ""
    out: Path = Path()
    theme: Theme = PLAIN

    @property
    def title(self) -> str:
        return f"{self.scheme.title}　{self.year}年{self.period}"

    @property
    def status(self) -> str:
        """Of the scheme and of the result, short: at the foot of every page."""
        return f"方案状态：{self.scheme.status}" + ("　阶段结果" if self.stage else "")

    @property
    def subtitle(self) -> str:
        """Office, status, caution and readings, on the face of everything."""
        chosen = "、".join(f"{each.id}＝{each.value}" for each in self.scheme.readings if each.options)
        stage = "　阶段结果：还有单位未定" if self.stage else ""
        caution = f"（{self.scheme.caution}）" if self.scheme.caution else ""
        said = f"方案状态：{self.scheme.status}{caution}　版本 {self.scheme.version}　口径：{chosen or '见说明'}{stage}"
        return f"{self.theme.office}　{said}" if self.theme.office else said

    @property
    def told(self) -> list[Finding]:
        """The findings that a unit may read: what may name other units is the office's own affair."""
        return [each for each in self.findings if each.code not in _BY_OFFICE]

    @cached_property
    def record(self) -> dict[str, Any]:
        """The object of results.json."""
        return record(self)

    def subject(self, part: int, row: int) -> dict[str, Any]:
        """The object of one subject, made when it is first asked for: the first feedback need not wait for the last
        subject."""
        if (part, row) not in self._subjects:
            self._subjects[part, row] = record_of(self.parts[part], row, self, self.reviewed[part][row])
        return self._subjects[part, row]

    @cached_property
    def _subjects(self) -> dict[tuple[int, int], dict[str, Any]]:
        return {}

    @cached_property
    def reviewed(self) -> list[list[Reviewed]]:
        """How much of each part's subjects is verified, by row."""
        return [reviewed(each.scores) for each in self.parts]

    def book(self, kind: str) -> Book:
        """A new workbook of this result."""
        return Book(f"{self.title}　{kind}", self.theme, self.status)
