"""What the office gives, and no unit can fill in: figures of last year (上年), which count as they were issued,
whatever a return says there, and those of the roster (名册)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..findings import Finding, finding
from ..model import Cell, Input, Origin, Source
from ..workbook.read import RawCell
from .frame import Answers
from .grammar import read_cell, shown, wanted


class Kept(NamedTuple):
    """What was issued to a unit in one cell, and where that is kept."""

    text: str
    source: Source


OFFICE = (Origin.PREVIOUS, Origin.ROSTER)
"""Whose inputs no unit can fill in, and no review is waited for."""
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


def ungiven(answers: Answers, each: Input, cell: str, row: int, whose: str = "") -> list[Finding]:
    """That the office has not given one of its own figures, and where it does; ``whose``: of a person, his name. What
    stands in no column of the roster at all is told of the roster."""
    place, unit = answers.source(row, cell), answers.subjects[row].unit
    if each.origin is Origin.ROSTER:
        return [finding("roster-blank", place, unit, name=each.name)] if place.cell else []
    how = "在 发放清单.xlsx 的「上年数」表里写上，再运行一次"
    if answers.part.many:
        how = "写在复查表里"
    elif each.previous:
        how = "用 --previous 给出上年的结果，或写在复查表里"
    elif place.file == answers.files[row]:
        how = "用 --issued 指明发放清单，或写在复查表里"
    return [finding("given-missing", place, unit, name=f"{whose}{cell}", how=how)]
