"""The sheets of persons in returns → one subject a person, told apart by name and, where needed, staff number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..answers import Answers, person, read_cell, shown
from ..answers.grammar import wanted
from ..findings import Finding, finding, quoted
from ..intake.form import PersonRow, PersonTable
from ..model import YEAR, Cell, Input, InputKind, Part, Source, State, Subject
from ..privacy import own_number, personal
from ..text import clean
from .cells import swallowed

NAME_LIMIT = 30
_DIGITS = 7
"""So many make a telephone number; nobody's name has them."""
__all__ = ["Team", "joined", "read_persons"]


@dataclass(frozen=True, slots=True)
class Team:
    """The persons of one accepted return."""

    unit: str
    file: str
    table: PersonTable

    def doubtful(self, part: Part, period: str) -> frozenset[str]:
        """The cells of the columns above which another input's name stands."""
        names = {each.label(cell) for each, cell in part.cells(YEAR) if each.kind is not InputKind.RATERS}
        return frozenset(
            cell
            for each, cell in _asked(part, period)
            if cell in self.table.columns and (label := _label(self.table, cell)) != each.label(cell) and label in names
        )

    def place(self, cell: str) -> Source:
        return Source(self.file, self.table.sheet, cell)


@dataclass(frozen=True, slots=True)
class _Person:
    """A subject with its row; without one where it is not clear who is meant."""

    subject: Subject
    team: Team
    row: PersonRow | None


def read_persons(part: Part, period: str, teams: Sequence[Team]) -> tuple[Answers, list[State], list[Finding]]:
    """The answers of all persons; a wholly blank row is nobody, a started one is judged.

    Who cannot be told apart, or has no name, is 待定: present, and not scored.
    """
    findings, people = list[Finding](), list[_Person]()
    for team in teams:
        people += _people(team, findings)
    answers = Answers.blank(part, [each.subject for each in people])
    doubtful = {team.unit: team.doubtful(part, period) for team in teams}
    for team in teams:
        findings += _labels(team, part, period, doubtful[team.unit])
    for k, each in enumerate(people):
        answers.files[k] = each.team.file
        if each.row is not None:
            answers.lines[k] = str(each.row.line)
            findings += _read_row(answers, k, each.team, each.row, period, doubtful[each.team.unit])
    states = [State.HELD if each.row is None else State.ASSESSED for each in people]
    return answers, states, findings


def _people(team: Team, findings: list[Finding]) -> Iterator[_Person]:
    rows: dict[Subject, list[PersonRow]] = {}
    for row in team.table.rows:
        place = team.place(f"{team.table.names}{row.line}")
        if not row.offered and not (row.name and row.filled):
            findings.append(finding("person-stray", place, team.unit, line=row.line))
            continue
        if not row.offered:
            findings.append(finding("person-added", place, team.unit, line=row.line))
        for code, column in _faults(row, team.table):
            findings.append(finding(code, team.place(f"{column}{row.line}"), team.unit, line=row.line))
        findings += _joined_names(team, row)
        rows.setdefault(_subject(team, row), []).append(row)
    for subject, mine in rows.items():
        if len(mine) > 1:
            cells = "、".join(f"第{row.line}行" for row in mine)
            places = team.place("、".join(f"{team.table.names}{row.line}" for row in mine))
            facts = {"name": subject.own, "count": len(mine), "cells": cells}
            findings.append(finding("person-twice", places, team.unit, **facts))
        yield _Person(subject, team, mine[0] if len(mine) == 1 and not _faults(mine[0], team.table) else None)


def _faults(row: PersonRow, table: PersonTable) -> list[tuple[str, str]]:
    """What is wrong with how a row says whose it is: the finding's code and the column."""
    faults = [("person-covered", each) for each in (table.names, table.numbers) if f"{each}{row.line}" in table.covered]
    if faults:
        return faults
    if not row.name and not row.odd:
        faults.append(("person-unnamed", table.names))
    elif row.odd or not _plausible(row.name):
        faults.append(("person-name", table.names))
    if own_number(row.number):
        faults.append(("person-number", table.numbers))
    return faults


def _plausible(name: str) -> bool:
    """Whether a text has a name's length, and no number of a telephone, an identity card or a bank card."""
    return len(clean(name)) <= NAME_LIMIT and sum(map(str.isdecimal, name)) < _DIGITS and not personal(name)


def _subject(team: Team, row: PersonRow) -> Subject:
    """A person by name and number; by the place alone where these do not serve or are nobody else's business."""
    said = list(dict.fromkeys(_FAULTS[code] for code, _ in _faults(row, team.table)))
    name = f"（第{row.line}行{'、'.join(said)}）" if said else clean(row.name)
    unseen = f"{team.table.numbers}{row.line}" in team.table.covered or own_number(row.number)
    return person(team.unit, name, "" if unseen else clean(row.number))


_FAULTS = {"person-unnamed": "未写姓名", "person-name": "姓名有误", "person-number": "工号有误",
           "person-covered": "姓名或工号被盖住"}  # fmt: skip


def _joined_names(team: Team, row: PersonRow) -> Iterator[Finding]:
    """A name or a number that stands in the first of some joined cells."""
    for letter, what in ((team.table.names, "姓名"), (team.table.numbers, "工号")):
        if area := team.table.merged.get(cell := f"{letter}{row.line}"):
            yield finding("cell-merged", team.place(cell), team.unit, name=f"第{row.line}行的{what}", range=area)


def _labels(team: Team, part: Part, period: str, doubtful: frozenset[str]) -> Iterator[Finding]:
    """What stands above a column is its input's name; another input's name there puts the column in doubt."""
    for each, cell in _asked(part, period):
        label, address = _label(team.table, cell), team.table.columns.get(cell, "")
        if address and label != each.label(cell):
            code = "label-clash" if cell in doubtful else "label-changed"
            yield finding(code, team.place(address), team.unit, name=cell, label=quoted(label))


def _asked(part: Part, period: str) -> Iterator[tuple[Input, str]]:
    return ((each, cell) for each, cell in part.cells(period) if each.asked)


def _label(table: PersonTable, cell: str) -> str:
    return table.labels.get(cell, "").partition("（")[0].partition("\n")[0].strip()


def _read_row(
    answers: Answers, k: int, team: Team, row: PersonRow, period: str, doubtful: frozenset[str]
) -> Iterator[Finding]:
    """The cells of one person; every normalisation and every refusal is said."""
    part, who = answers.part, answers.subjects[k].own
    for each, cell in _asked(part, period):
        letter = team.table.columns.get(cell)
        if letter is None:
            answers.sources[k, cell] = Source(team.file)
            continue
        source = team.place(f"{letter}{row.line}")
        usual = answers.home.setdefault(cell, (team.table.sheet, letter)) == (team.table.sheet, letter)
        if cell in doubtful:
            answers.put(k, cell, 0, Cell.REFUSED, source)
            continue
        raw, name = row.cells[cell], f"{who}的{cell}"
        if area := team.table.covered.get(source.cell):
            answers.put(k, cell, 0, Cell.REFUSED, source)
            yield finding("cell-wrong", source, team.unit, name=name, why=swallowed(area), wanted=wanted(each))
            continue
        if area := team.table.merged.get(source.cell):
            yield finding("cell-merged", source, team.unit, name=name, range=area)
        reading = read_cell(each, raw, part.zero_words)
        answers.put(k, cell, reading.value, reading.state, None if usual else source)
        if reading.state is Cell.REFUSED:
            yield finding("cell-wrong", source, team.unit, name=name, why=reading.why, wanted=wanted(each))
        elif reading.note:
            code = "cell-formula-read" if raw.formula else "cell-read"
            value = shown(each, reading.value)
            yield finding(code, source, team.unit, name=name, found=reading.note, value=value)


def joined(first: Answers, second: Answers) -> Answers:
    """The subjects of both, the first ones first; both of one part."""
    count = len(first.subjects)
    return replace(
        first,
        subjects=first.subjects + second.subjects,
        values=np.concatenate([first.values, second.values]),
        states=np.concatenate([first.states, second.states]),
        files=first.files + second.files,
        lines=first.lines + second.lines,
        home={**second.home, **first.home},
        sources={**first.sources, **{(row + count, cell): each for (row, cell), each in second.sources.items()}},
    )
