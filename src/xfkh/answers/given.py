"""What the office itself wrote into a locked cell (上年): it counts as it was issued, whatever a return says there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..findings import Finding, finding
from ..model import Cell, Origin, Source
from ..workbook.read import RawCell
from .frame import Answers
from .grammar import read_cell, shown, wanted


class Kept(NamedTuple):
    """What was issued to a unit in one cell, and where that is kept."""

    text: str
    source: Source


Given = Mapping[str, Mapping[str, Kept]]
"""By unit and cell."""


def as_issued(answers: Answers, period: str, given: Given) -> list[Finding]:
    """Puts what was issued into the answers, in the place of what stands in the returns; says where that is another.
    A unit of which nothing is kept stays as it is."""
    findings = list[Finding]()
    for each, cell in answers.part.cells(period):
        if each.origin is not Origin.PREVIOUS:
            continue
        for row, subject in enumerate(answers.subjects):
            kept = given.get(subject.unit, {}).get(cell)
            if kept is None:
                continue
            place, now = answers.source(row, cell), (answers.value(row, cell), answers.state(row, cell))
            then = read_cell(each, RawCell(kept.text))
            if place.cell and now != (then.value, then.state):
                said = shown(each, now[0]) if now[1] is Cell.GIVEN else "空的或认不出"
                facts = {"name": cell, "found": said, "wanted": kept.text or "空"}
                findings.append(finding("given-changed", place, subject.unit, **facts))
            if then.state is Cell.REFUSED:
                facts = {"name": cell, "why": then.why, "wanted": wanted(each)}
                findings.append(finding("table-value", kept.source, subject.unit, **facts))
            answers.put(row, cell, then.value, then.state, kept.source)
    return findings
