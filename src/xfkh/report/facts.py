"""What every report is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..findings import Finding
from ..intake import Arrived
from ..model import Roster, Scheme
from ..results import PartResult

RANKING, MONEY, PROBLEMS, RECORD = "排名.xlsx", "奖惩.xlsx", "问题清单.xlsx", "results.json"


@dataclass(frozen=True, slots=True)
class Facts:
    """``parts``: the scores and outcomes of each part; ``files`` and ``units``: the inventory's sums."""

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

    @property
    def title(self) -> str:
        return f"{self.scheme.title}　{self.year}年{self.period}"

    @property
    def subtitle(self) -> str:
        """Status, caution and readings, on the face of everything."""
        chosen = "、".join(f"{each.id}＝{each.value}" for each in self.scheme.readings if each.options)
        stage = "　阶段结果：还有单位未定" if self.stage else ""
        caution = f"（{self.scheme.caution}）" if self.scheme.caution else ""
        return f"方案状态：{self.scheme.status}{caution}　版本 {self.scheme.version}　口径：{chosen or '见说明'}{stage}"
