"""Several returns of one unit, one after the other: what a mended copy replaces, and what is settled by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..findings import Finding, Level, finding
from ..intake import Arrived
from ..model import Fate, Source, State
from ..text import plain_name
from ..workbook.anchors import REPLACES
from .identity import LOST
from .inbox import Inbox

COPIED = {"sheet-copied-differs", "persons-copied"}
"""What holds a file as damage of its structure refuses it: no choice would make it usable."""


def settled(findings: Iterable[Finding], inbox: Inbox) -> list[Finding]:
    """What is wrong with a file that cannot be used is only a note once another one of its unit counts."""
    subjects = zip(inbox.answers.subjects, inbox.answers.files, inbox.states, strict=True)
    counts = {subject.unit: file for subject, file, state in subjects if state is State.ASSESSED}
    files = {each.name: each for each in inbox.arrived}
    done = {each.name: each.unit or each.hint for each in inbox.arrived if _done(each, files, counts)}
    return [_noted(each, done[each.source.file], files) if each.source.file in done else each for each in findings]


def _done(each: Arrived, files: Mapping[str, Arrived], counts: Mapping[str, str]) -> bool:
    """Whether nobody waits for a file any more. Who decided for a unit may still be asked whose it is."""
    other = files.get(counts.get(each.unit or each.hint, ""))
    if other is None or other is each:
        return False
    if each.code == "slip-unmended":
        return other.sha256 not in each.replaces.split()
    waits = each.fate is Fate.HELD and bool(each.unit) and each.code not in COPIED
    return not waits and (each.fate in (Fate.REFUSED, Fate.HELD) or each.code in LOST)


def _noted(said: Finding, unit: str, files: Mapping[str, Arrived]) -> Finding:
    if said.level is Level.NOTE:
        return said
    mend = "不用处理" if files[said.source.file].unit else f"不用处理；不是{unit}的，请核对"
    return replace(said, level=Level.NOTE, message=f"{said.message}（{unit}已有能用的填报表）", mend=mend)


def superseded(arrived: Iterable[Arrived], told: Mapping[str, list[Finding]]) -> list[Finding]:
    """A mended copy takes the place of the returns of its unit that it names, the last one first; a copy in which
    nothing was mended counts for nothing."""
    there, findings = dict[str, list[Arrived]](), list[Finding]()
    for each in (each for each in arrived if each.fate is not Fate.IGNORED):
        there.setdefault(each.sha256, []).append(each)
    named = [(each, [old for mark in each.replaces.split() for old in there.get(mark, ())])
             for each in arrived if each.name in told and each.fate is not Fate.IGNORED]  # fmt: skip
    for each, before in named:
        if before and _unmended(before[0], each, told):
            findings.append(each.end(Fate.IGNORED, finding("slip-unmended", Source(each.name), each.unit)))
    for each, before in named:
        for old in before if each.fate is None else ():
            if old.unit and plain_name(old.unit) != plain_name(each.unit):
                findings.append(finding("slip-other", Source(each.name), each.unit, other=old.name, unit=old.unit))
            elif old.fate is not Fate.IGNORED:
                findings.append(finding("slip-used", Source(each.name), each.unit, other=old.name))
                old.fate, old.why = Fate.IGNORED, f"被 {each.name} 取代（退回后改好的）"
    return findings


def replaced(each: Arrived, arrived: Iterable[Arrived]) -> list[Arrived]:
    """The returns of its unit whose place a mended copy took, the first one first."""
    marks = each.replaces.split()[::-1]
    gone = [old for old in arrived if old.form and old.fate is Fate.IGNORED and old.unit == each.unit]
    return [old for mark in marks for old in gone if old.sha256 == mark]


_SAID = (
    "cover_unit", "cover_year", "cells", "labels", "twice", "copied", "merged", "covered", "materials", "typed",
    "persons", "formulas", "active",
)  # fmt: skip
"""All that a form says of its unit; the scores it shows and the sheet of a slip are none of it."""


def _unmended(old: Arrived, new: Arrived, told: Mapping[str, list[Finding]]) -> bool:
    """Whether a copy says just what the return said, and all that was wrong still is: a name may be mended too."""
    if old.form is None or new.form is None:
        return False
    stamps = [{key: value for key, value in form.stamp.items() if key != REPLACES} for form in (old.form, new.form)]
    same = all(getattr(old.form, each) == getattr(new.form, each) for each in _SAID)
    return same and stamps[0] == stamps[1] and _wrong(told[old.name]) <= _wrong(told[new.name])


def _wrong(said: Iterable[Finding]) -> set[tuple[str, str, str, str]]:
    """What is wrong with a return or with a cell of it; what else its file carries is not."""
    return {
        (each.code, each.source.sheet, each.source.cell, each.message)
        for each in said
        if each.level is Level.ERROR or (each.level is Level.WARNING and each.source.cell)
    }
