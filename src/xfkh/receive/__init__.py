"""The files that arrived → who answered what: every file and every unit ends in exactly one place."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from math import inf, nan
from types import MappingProxyType

from ..answers import Answers
from ..findings import Finding, finding
from ..intake import Arrived
from ..intake.form import Form
from ..model import Cell, Fate, Part, Roster, Source, State, Subject
from ..text import some
from ..workbook.read import plain
from .cells import hollow, read_answers
from .identity import Expected, Names, claim, doubles, hint, likely, misfit, other_measure, readable, set_aside
from .inbox import Changes, Heads, Inbox, Shown, failed
from .persons import Team, read_persons
from .printed import compared, reprinted, restated, torn
from .rounds import COPIED, replaced, settled, superseded

__all__ = [
    "COPIED",
    "PASSED_OVER",
    "Expected",
    "Heads",
    "Inbox",
    "Shown",
    "compared",
    "likely",
    "receive",
    "reprinted",
    "settled",
]


SHOWN_WORDS = {"", "复查评定", "待填", "达到", "未达到"}
"""What may stand for a score in a form that nobody touched."""


def receive(
    arrived: list[Arrived],
    parts: Sequence[Part],
    roster: Roster,
    expected: Expected,
    chosen: Mapping[str, str] = MappingProxyType({}),
    declined: Container[str] = (),
    seen: Container[str] = (),
    compare: Callable[[Sequence[Arrived]], Changes] = lambda _: {},
) -> tuple[Inbox, list[Finding]]:
    """Gives each readable return to its unit and reads its answers. ``chosen``: files that a person decided for, each
    with the unit that was asked about; ``declined``: those decided against; ``seen``: all that were before that person;
    ``compare``: what returns print with what was issued."""
    part, many = parts[0], next((each for each in parts if each.many), None)
    known = Names(roster)
    findings = set_aside(arrived, known, declined) + doubles(arrived, known)
    told = {each.name: _judged(each, parts, known, expected, chosen) for each in readable(arrived)}
    whole = [each for each in arrived if each.name in told and each.fate is None]
    changes = compare([each for each in whole if not expected.is_reissued(each)])
    for each in whole:
        told[each.name] += filter(None, [torn(each, changes)])
    findings += superseded(arrived, told)
    claims = dict[str, list[Arrived]]()
    # what was wrong with a return is settled with the mended copy that took its place
    for each in (each for each in arrived if each.name in told and each.fate is not Fate.IGNORED):
        findings += told[each.name]
        if each.fate is None:
            claims.setdefault(each.unit, []).append(each)
    hint(arrived, known)
    inbox, teams = Inbox.blank(arrived, part, roster), dict[int, Team]()
    inbox.changes = changes
    for row, unit in enumerate(roster.units):
        mine = _decided(claims.get(unit.name, []), chosen, seen, findings)
        if len(mine) == 1:
            findings += restated(mine[0], unit)
            findings += _taken(inbox, row, mine[0], expected, teams)
            earlier = [_once(each, part, many, expected.period) for each in replaced(mine[0], arrived)]
            if found := list(filter(None, earlier)):
                inbox.earlier[row] = found
        elif mine:
            later = [each for each in mine if each.sha256 not in seen]
            findings.append(_held(unit.name, mine, part, [each for each in mine if each.sha256 in chosen], later))
            inbox.states[row] = State.HELD
        else:
            inbox.states[row] = _absent_state(unit.name, arrived)
    if many is not None:
        findings += _read_teams(inbox, many, expected.period, teams)
    return inbox, findings


def _judged(
    each: Arrived, parts: Sequence[Part], known: Names, expected: Expected, chosen: Mapping[str, str]
) -> list[Finding]:
    """What is said of a return by itself; it has a fate where that is why it cannot count."""
    try:
        said = misfit(each, expected) or claim(each, known, chosen) or other_measure(each, parts, expected)
        said = said or hollow(each, parts, expected.period, expected.is_earlier(each))
    except MemoryError:
        raise
    except Exception as error:
        said = failed(each, error)
    return [*(replace(one, unit=each.unit) for one in each.said), *([said] if said else [])]


def _taken(inbox: Inbox, row: int, each: Arrived, expected: Expected, teams: dict[int, Team]) -> list[Finding]:
    """Reads the return of a unit into its row."""
    form = each.form
    assert form is not None
    try:
        inbox.answers.files[row] = each.name
        findings = read_answers(inbox.answers, row, each, inbox.answers.part, expected.period)
        inbox.keep(row, form, _shown(each, form), heads=not expected.is_earlier(each))
    except MemoryError:
        raise
    except Exception as error:
        return [inbox.give_back(row, each, error)]
    if form.persons:
        teams[row] = Team(each.unit, each.name, form.persons[0])
    each.fate, each.form = Fate.SCORED, None
    return findings


def _once(each: Arrived, part: Part, many: Part | None, period: str) -> tuple[Answers, Answers | None] | None:
    """The answers of a return that a mended copy replaced; nothing where they could not be read."""
    assert each.form is not None
    answers, persons, tables = Answers.blank(part, [Subject(part.name, each.unit)]), None, each.form.persons
    answers.files[0] = each.name
    try:
        read_answers(answers, 0, each, part, period)
        for name in (name for name, (*_, same) in each.form.copied.items() if not same):
            answers.put(0, name, 0, Cell.REFUSED)
        if many is not None and len(tables) == 1:
            persons, _, _ = read_persons(many, period, [Team(each.unit, each.name, tables[0])])
    except MemoryError:
        raise
    except Exception:
        return None
    return answers, persons


def _read_teams(inbox: Inbox, many: Part, period: str, teams: Mapping[int, Team]) -> list[Finding]:
    """The persons of all returns. Where that fails, each return is tried alone, and the rest read again."""
    try:
        inbox.persons, inbox.person_states, findings = read_persons(many, period, list(teams.values()))
        return findings
    except MemoryError:
        raise
    except Exception:
        failed = {row: error for row, team in teams.items() if (error := _fault(many, period, team))}
        if not failed:
            raise
    files = {each.name: each for each in inbox.arrived}
    findings = [inbox.give_back(row, files[teams[row].file], error) for row, error in failed.items()]
    return findings + _read_teams(inbox, many, period, {row: teams[row] for row in teams if row not in failed})


def _fault(many: Part, period: str, team: Team) -> Exception | None:
    try:
        read_persons(many, period, [team])
    except MemoryError:
        raise
    except Exception as error:
        return error
    return None


def _absent_state(unit: str, arrived: list[Arrived]) -> State:
    fates = {each.fate for each in arrived if each.unit == unit}
    return State.HELD if Fate.HELD in fates else State.REFUSED if Fate.REFUSED in fates else State.MISSING


PASSED_OVER = "passed-over"
"""A return of whose unit a person chose another one."""


def _decided(
    mine: list[Arrived], chosen: Container[str], seen: Container[str], findings: list[Finding]
) -> list[Arrived]:
    """One of several returns where a person chose it; the others are superseded, but for one that he never saw."""
    picked = [each for each in mine if each.sha256 in chosen]
    if len(picked) > 1:
        why = f"{picked[0].unit} 选了 {len(picked)} 份，只能选一份"
        findings.append(finding("decision-unknown", Source(), picked[0].unit, what="选用文件", why=why))
    if len(mine) < 2 or len(picked) != 1 or any(each.sha256 not in seen for each in mine):
        return mine
    for each in mine:
        if each is not picked[0]:
            each.fate, each.why = Fate.IGNORED, f"被 {picked[0].name} 取代（处理意见）"
            each.code, each.other = PASSED_OVER, picked[0].name
    return picked


def _shown(each: Arrived, form: Form) -> Shown:
    numbers = array("d", (_number(form.shown.get(id, (None, True))[0]) for id, *_ in form.heads))
    typed = tuple(id for id, (value, formula) in form.shown.items() if not formula and _typed(value))
    return Shown(each.name, form.sheet, numbers, typed, form.printed)


def _typed(value: object) -> bool:
    """Whether somebody wrote what stands for a score; without formulas, a form itself shows only words."""
    return isinstance(value, int | float) or plain(value) not in SHOWN_WORDS


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) else nan
    except OverflowError:
        return inf


def _held(unit: str, mine: list[Arrived], part: Part, picked: list[Arrived], later: list[Arrived]) -> Finding:
    """Several different returns of one unit wait for a person, with the cells in which they differ; ``picked``: what
    he had chosen before the ``later`` ones came."""
    different = []
    for name in (cell for each in part.inputs for cell in each.cells):
        found = {str(each.form.cells[name][0].value) for each in mine if each.form and name in each.form.cells}
        if len(found) > 1:
            different.append(name)
    if len({str([each.form.persons[0].rows if each.form.persons else []]) for each in mine if each.form}) > 1:
        different.append("个人表")
    files = "、".join(each.name for each in mine)
    cells = f"填得不同的地方：{some(different, '处', 10)}" if different else "填的数都相同，只是文件不同，留一份即可"
    facts = {"unit": unit, "count": len(mine), "files": files, "cells": cells}
    said = twice = finding("unit-twice", Source(mine[0].name), unit, **facts)
    if len(picked) == 1 and later:
        facts["files"] = "、".join(each.name for each in later)
        said = finding("unit-later", Source(mine[0].name), unit, picked=picked[0].name, **facts)
    for each in mine:
        # what he had seen already is not what came later
        each.end(Fate.HELD, said if each in later else twice)
    return said
