"""What is to be mended in a return goes back to its unit: findings → 退回/, file by file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..findings import Finding, Level
from ..intake import Arrived, content
from ..intake.containers import ContainerError
from ..kept import Made, check
from ..model import Fate
from ..slips import Fault, Slip, SlipError, mark, plain_slip, slip_name
from ..text import distinct
from ..workbook.book import write_whole
from ..workbook.lint import foreign_faults
from .facts import SLIPS, Facts

_ROUNDS = 20
BY_OFFICE = {"unit-twice", "unit-later", "unit-title", "unit-unknown", "unit-file", "unit-differs", "file-failed",
             "closed-late", "slip-changed", "given-missing", "cell-unasked"}  # fmt: skip
"""What is for the office to decide or to ask: no change to the file would mend it."""
_ANEW = {"stamp-missing", "stamp-scheme", "stamp-version", "stamp-year", "stamp-measure", "stamp-content", "input-lost",
         "labels-lost", "label-clash", "persons-lost", "cover-lost", "row-lost", "sheet-gone"}  # fmt: skip
"""What only the issued template mends."""
_RETYPED = {"cell-wrong", "cell-blank", "cell-blank-flag"}
_TO_UNIT = (("请对方", "请"), ("请单位", "请"), ("，或用发放的模板重新填报", ""))
"""The catalogue speaks to the office, a slip to the unit."""


@dataclass(frozen=True, slots=True)
class Mending:
    """One return that goes back: the name of its slip, the file, what to say."""

    name: str
    arrived: Arrived
    slip: Slip


def mendings(facts: Facts) -> Iterator[Mending]:
    """Every return in which something is wrong that its unit can mend, in the order of the files; none where it is
    not settled whose a file is."""
    said, units = dict[str, list[Finding]](), {each.name for each in facts.roster.units}
    for one in facts.told:
        if one.source.file and one.level is not Level.NOTE and one.code not in BY_OFFICE:
            said.setdefault(one.source.file, []).append(one)
    wrong = [
        each
        for each in facts.arrived
        if each.unit in units and each.fate is not Fate.IGNORED and each.code not in BY_OFFICE
        and any(one.level is Level.ERROR for one in said.get(each.name, ()))
    ]  # fmt: skip
    for each, name in zip(wrong, distinct([each.unit for each in wrong], slip_name), strict=True):
        yield Mending(f"{SLIPS}/{name}", each, _slip(facts, each, said[each.name]))


def to_unit(mend: str) -> str:
    """How to mend something, said to the unit itself."""
    for office, unit in _TO_UNIT:
        mend = mend.replace(office, unit)
    return mend


def _fault(one: Finding) -> Fault:
    place, retype = one.source, one.code in _RETYPED
    return Fault(place.sheet, place.cell, str(one.level), one.message, to_unit(one.mend), retype)


def _slip(facts: Facts, each: Arrived, said: list[Finding]) -> Slip:
    faults = [_fault(one) for one in said]
    faults.sort(key=lambda fault: fault.level != str(Level.ERROR))
    whom = facts.return_to or facts.theme.office
    return Slip(
        each.unit,
        facts.scheme.title,
        f"{facts.year}年　{facts.period}",
        whom,
        facts.due,
        tuple(faults),
        # of a copy that was mended before, what it replaced too: that may still lie in the folder
        " ".join([each.sha256, *each.replaces.split()][:_ROUNDS]),
        any(one.code in _ANEW for one in said),
    )


def write_slip(job: tuple[Path, Mending]) -> Made:
    """The unit's own workbook with what is wrong marked; only the list where that cannot be done."""
    stage, each = job
    return _made(stage, each.name, _marked(each) or plain_slip(each.slip))


def write_list(job: tuple[Path, Mending]) -> Made:
    """Only the list."""
    stage, each = job
    return _made(stage, each.name, plain_slip(each.slip))


def _made(stage: Path, name: str, data: bytes) -> Made:
    write_whole(stage / name, data, settle=False)
    return check(stage, name)


def _marked(each: Mending) -> bytes | None:
    """None where it cannot or must not be done: where the file was not read, or is another by now; where it is not to
    be used again; and where something in it runs or holds other files: what comes from the office is trusted."""
    if not each.arrived.sha256 or each.slip.anew:
        return None
    try:
        data = content(each.arrived)
        if hashlib.sha256(data).hexdigest() != each.arrived.sha256:
            return None
        made = mark(data, each.slip)
    except (SlipError, OSError, ContainerError, MemoryError):
        return None
    return None if foreign_faults(made) else made
