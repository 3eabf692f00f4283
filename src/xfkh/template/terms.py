"""What a round of assessment is issued under."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ..answers.measures import measures
from ..model import RosterUnit, Scheme
from ..workbook.anchors import CODE, DIGEST, MEASURES, PERIOD, RETURN, SCHEME, TYPE, UNIT, VERSION, YEAR


@dataclass(frozen=True, slots=True)
class Terms:
    """Year, period, due date and whom to return to; all empty on a blank template."""

    year: str = ""
    period: str = "全年"
    due: str = ""
    return_to: str = ""

    @property
    def when(self) -> str:
        return f"{self.year}年　{self.period}" if self.year else f"____年　{self.period}"


NO_YEAR = Terms()


def stamp(scheme: Scheme, terms: Terms, unit: RosterUnit | None) -> dict[str, str]:
    """The identity of one template, as it stands in its hidden sheet."""
    return {
        TYPE: RETURN,
        SCHEME: scheme.id,
        VERSION: scheme.version,
        DIGEST: scheme.digest,
        YEAR: terms.year,
        PERIOD: terms.period,
        UNIT: unit.name if unit else "",
        CODE: unit.code if unit else "",
        MEASURES: measures(scheme.parts),
    }


def fingerprint(facts: dict[str, str]) -> str:
    """A short hash of a stamp."""
    return hashlib.sha256("\n".join(f"{key}={value}" for key, value in facts.items()).encode()).hexdigest()[:16]
