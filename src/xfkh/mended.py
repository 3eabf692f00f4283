"""A mended copy against the return that it took the place of: what is answered otherwise though nobody asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from .answers import Answers, shown
from .findings import Finding, Level, finding
from .model import Cell, Input, Scheme, Source
from .receive import Inbox
from .score import consistent

Row = tuple[Answers, int]
"""The answers of one subject in one of the files."""


def unasked(scheme: Scheme, inbox: Inbox, period: str) -> list[Finding]:
    """Every answer of a copy that differs from the first return, and did so before anything was wrong with it."""
    findings = list[Finding]()
    for row, earlier in inbox.earlier.items():
        before = [(units, 0) for units, _ in earlier]
        findings += _changes(scheme, period, [*before, (inbox.answers, row)])
        findings += _of_persons(scheme, period, inbox, row, [each for _, each in earlier if each is not None])
    return findings


def _of_persons(scheme: Scheme, period: str, inbox: Inbox, row: int, earlier: Sequence[Answers]) -> Iterator[Finding]:
    persons, unit = inbox.persons, inbox.answers.subjects[row].unit
    if persons is None or not earlier:
        return
    mine = {each: k for k, each in enumerate(persons.subjects) if each.unit == unit and persons.files[k]}
    for subject, k in mine.items():
        before = [(each, each.subjects.index(subject)) for each in earlier if subject in each.subjects]
        yield from _changes(scheme, period, [*before, (persons, k)])
    # who was not told apart has no line, and was asked about
    if all(each.lines[k] for each in earlier for k in range(len(each.subjects))):
        for subject in sorted({*earlier[0].subjects} ^ {*mine}, key=lambda each: each.own):
            old, new = ("没有", "有") if subject in mine else ("有", "没有")
            place, name = Source(inbox.answers.files[row]), f"个人表里的{subject.own}"
            yield finding("slip-changed", place, unit, name=name, old=old, new=new)


def _changes(scheme: Scheme, period: str, rounds: Sequence[Row]) -> Iterator[Finding]:
    """Of one subject: what differs now, and was changed in a round that did not ask for it."""
    (first, at), (now, row) = rounds[0], rounds[-1]
    cells = [(each, cell) for each, cell in now.part.cells(period) if each.asked]
    found = set[str]()
    for before, after in pairwise(rounds):
        wrong = _wrong(scheme, period, before)
        found |= {cell for each, cell in cells if _said(before, each, cell) != _said(after, each, cell)} - wrong
    subject = now.subjects[row]
    for each, cell in cells:
        old, new = _said((first, at), each, cell), _said((now, row), each, cell)
        if cell in found and old != new:
            name = f"{subject.own}的{cell}" if subject.person else cell
            yield finding("slip-changed", now.source(row, cell), subject.unit, name=name, old=old, new=new)


def _wrong(scheme: Scheme, period: str, one: Row) -> set[str]:
    """The cells of which a return was told: those without an answer, and those that do not go together."""
    answers, row = one
    unfit = {cell for each, cell in answers.part.cells(period) if answers.state(row, cell) is Cell.REFUSED
             or (answers.state(row, cell) is Cell.BLANK and not each.optional)}  # fmt: skip
    told = [each for each in consistent(scheme, answers.part, period, answers)[1] if each.level is not Level.NOTE]
    places = {(each.source.sheet, cell) for each in told for cell in each.source.cell.split("、")}
    sources = {cell: answers.source(row, cell) for _, cell in answers.part.cells(period)}
    return unfit | {cell for cell, place in sources.items() if (place.sheet, place.cell) in places}


def _said(one: Row, each: Input, cell: str) -> str:
    answers, row = one
    match answers.state(row, cell):
        case Cell.GIVEN:
            return str(shown(each, answers.value(row, cell)))
        case Cell.BLANK:
            return "没有填"
    return "看不出是多少"
