"""What is to be mended in a return goes back to its unit: findings → 退回/, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..findings import Finding, Level
from ..intake import Arrived, content
from ..intake.containers import ContainerError
from ..model import Fate
from ..slips import Fault, Slip, SlipError, mark, plain_slip, slip_name
from ..text import distinct_names
from ..workbook.book import write_whole
from ..workbook.lint import foreign_faults
from .facts import SLIPS, Facts

_ROUNDS = 20
_BY_OFFICE = {"unit-twice", "unit-unknown"}
"""What holds a file and is for the office to decide."""


@dataclass(frozen=True, slots=True)
class Mending:
    """One return that goes back: the name of its slip, the file, what to say."""

    name: str
    arrived: Arrived
    slip: Slip


def mendings(facts: Facts) -> Iterator[Mending]:
    """Every return in which something is wrong that its unit can mend, in the order of the files."""
    said = dict[str, list[Finding]]()
    for one in facts.findings:
        if one.source.file and one.level is not Level.NOTE and one.code not in _BY_OFFICE:
            said.setdefault(one.source.file, []).append(one)
    wrong = [
        each
        for each in facts.arrived
        if each.fate is not Fate.IGNORED and any(one.level is Level.ERROR for one in said.get(each.name, ()))
    ]
    names = distinct_names([each.name for each in wrong], slip_name)
    for each in wrong:
        yield Mending(f"{SLIPS}/{names[each.name]}", each, _slip(facts, each, said[each.name]))


def _slip(facts: Facts, each: Arrived, said: list[Finding]) -> Slip:
    faults = [Fault(one.source.sheet, one.source.cell, str(one.level), one.message, one.mend) for one in said]
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
    )


def write_slip(job: tuple[Path, Mending]) -> None:
    """The unit's own workbook with what is wrong marked; only the list where that cannot be done, or where something
    in it runs or holds other files: what comes from the office is trusted."""
    folder, each = job
    try:
        data = mark(content(each.arrived), each.slip)
        if foreign_faults(data):
            data = plain_slip(each.slip)
    except (SlipError, OSError, ContainerError):
        data = plain_slip(each.slip)
    write_whole(folder / each.name, data, settle=False)
