"""The sheets of persons beside the engine: what 个人 and 个人得分 show of every row, and what they must show.

A `Person` is one row, a `Crew` the rows of one unit: the prefilled ones first, then those that a clerk typed in.
`write_crews` writes a workbook for each crew, `crew_face` reads what it shows, `crew_differences` compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from openpyxl import load_workbook

from tests.cases_district import Answer
from tests.parity import (
    _REFERENCE,
    BY_REVIEW,
    CHECKS,
    FILLED,
    WAITING,
    YEAR,
    Shown,
    Typed,
    Values,
    alike,
    exactly,
    scaled,
)
from xfkh.answers import Answers
from xfkh.model import PERSONS, Cell, Part, Roster, RosterUnit, Scheme, State, Subject
from xfkh.results import Standing
from xfkh.score import consistent, score
from xfkh.template import Terms, write_templates

SHEET, POINTS = "个人", "个人得分"
NAMELESS, TWINS, CLASH = "请写姓名", "同名，请各写不同的工号", "有矛盾，看「个人得分」右侧"


class Person(NamedTuple):
    """One row: its name and staff number, its answers, contents typed over them, points worked out by hand."""

    name: str | int | None = None
    answers: Mapping[str, Answer] = {}
    number: str | int | None = None
    typed: Mapping[str, Typed] = {}
    by_hand: Mapping[str, str] = {}

    @property
    def named(self) -> bool:
        return bool(str(self.name or "").strip())

    @property
    def blank(self) -> bool:
        return self.name is None and self.number is None and not self.answers and not self.typed


NOBODY = Person()


class Crew(NamedTuple):
    """The persons of one unit: prefilled rows, typed rows beneath them, and how many rows are offered at least."""

    sentence: str
    prefilled: Sequence[Person] = ()
    typed: Sequence[Person] = ()
    offered: int = 20
    period: str = "全年"

    @property
    def slots(self) -> int:
        return max(self.offered, len(self.prefilled))

    @property
    def rows(self) -> list[Person]:
        """A person a slot."""
        people = [*self.prefilled, *self.typed]
        return [*people, *[NOBODY] * (self.slots - len(people))]


# --- filling in ---------------------------------------------------------------------------------


def answers_of_people(part: Part, people: Sequence[Person], unit: str = "甲局") -> Answers:
    """A row a person; what is typed counts."""
    subjects = [Subject(PERSONS, unit, str(each.name or ""), str(each.number or "") or None) for each in people]
    answers = Answers.blank(part, subjects)
    for row, each in enumerate(people):
        for cell, value in each.answers.items():
            answers.put(row, cell, scaled(part.input(cell.partition("[")[0]), value))
        for cell, content in each.typed.items():
            if isinstance(content.content, str) and not content.content.strip():
                answers.put(row, cell, 0, Cell.BLANK)
            elif content.value is None:
                answers.put(row, cell, 0, Cell.REFUSED)
            else:
                answers.put(row, cell, scaled(part.input(cell), content.value))
    return answers


def write_crews(scheme: Scheme, crews: Sequence[Crew], folder: Path) -> list[Path]:
    """Write the workbook of every crew below the folder, filled in; the sheet 填报 stays blank."""
    unit_part, part = scheme.parts
    paths = []
    for number, crew in enumerate(crews):
        roster = Roster((RosterUnit("甲局"),))
        nothing = Answers.blank(unit_part, [Subject(unit_part.name, "甲局")])
        prefill = [nothing, answers_of_people(part, crew.prefilled)]
        terms = Terms(YEAR, crew.period)
        (path,) = write_templates(scheme, roster, terms, folder / str(number), prefill, persons=crew.offered)
        if crew.typed:
            path.write_bytes(_typed(path.read_bytes(), crew))
        paths.append(path)
    return paths


def _typed(data: bytes, crew: Crew) -> bytes:
    """The workbook with the typed rows, as a clerk would have saved it."""
    book = load_workbook(BytesIO(data))
    sheet = book[SHEET]
    columns = {str(cell.value): cell.column_letter for cell in sheet[1] if cell.value}
    lines = {str(cell.value): cell.row for cell in sheet["A"] if str(cell.value).startswith("#行")}
    for slot, person in enumerate(crew.typed, start=len(crew.prefilled) + 1):
        line = lines[f"#行{slot}"]
        contents: dict[str, Answer | float | None] = {"@姓名": person.name, "@工号": person.number}
        contents |= person.answers
        contents |= {cell: content.content for cell, content in person.typed.items()}
        for id, content in contents.items():
            if content is not None:
                sheet[f"{columns[id]}{line}"].value = float(content) if isinstance(content, Fraction) else content
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


# --- what the workbook shows --------------------------------------------------------------------


@dataclass
class RowFace:
    """One person as both sheets show it. ``listed``: the total as 个人 repeats it; ``checks`` in the part's order."""

    status: Shown
    listed: Shown
    name: Shown
    total: Shown
    points: dict[str, Shown]
    checks: list[Shown]


@dataclass
class CrewFace:
    rows: list[RowFace] = field(default_factory=list)
    message: Shown = None
    headline: Shown = None
    full: dict[str, Shown] = field(default_factory=dict)


def _grid(cells: Mapping[str, Shown]) -> dict[tuple[int, str], Shown]:
    found = {}
    for reference, value in cells.items():
        match = _REFERENCE.fullmatch(reference)
        assert match is not None
        found[int(match[2]), match[1]] = value
    return found


def crew_face(values: Values) -> CrewFace:
    """Find everything by heads and hidden ids, never by a position."""
    form, own = _grid(values[SHEET]), _grid(values[POINTS])
    ids = {str(value): column for (row, column), value in form.items() if row == 1}
    head = next(row for (row, _), value in own.items() if value == "序号")
    heads = {column: str(value).partition("\n")[0] for (row, column), value in own.items() if row == head}
    column = {name: letter for letter, name in heads.items()}
    lines = [name for name in heads.values() if name not in ("序号", "姓名", "合计") and not name.startswith("核")]
    checks = [name for name in heads.values() if name.startswith("核")]
    theirs = {value: row for (row, letter), value in own.items() if letter == column["序号"] and row > head}
    shown = CrewFace(headline=values[CHECKS].get("A2"))
    shown.message = next(value for (row, letter), value in form.items() if row == 3 and letter == "B")
    shown.full = {line: own.get((head + 1, column[line])) for line in ["合计", *lines]}
    slots = [(row, str(value)) for (row, letter), value in form.items() if letter == "A" and row > 1]
    for row, id in sorted(each for each in slots if each[1].startswith("#行")):
        assert id == f"#行{len(shown.rows) + 1}", f"row {row} holds {id}"
        at = theirs[float(len(shown.rows) + 1)]
        shown.rows.append(
            RowFace(
                form.get((row, ids["@检查"])),
                form.get((row, ids["@得分"])),
                own.get((at, column["姓名"])),
                own.get((at, column["合计"])),
                {line: own.get((at, column[line])) for line in lines},
                [own.get((at, column[check])) for check in checks],
            )
        )
    assert len(theirs) == len(shown.rows), "as many rows of points as of persons"
    return shown


# --- what the engine says -----------------------------------------------------------------------


@dataclass
class PersonSaid:
    """What the engine says of one row: its points (None: not decided), and in words what the sheet must say."""

    person: Person
    points: dict[str, Fraction | None]
    checks: list[str]
    status: str


@dataclass
class CrewSaid:
    crew: Crew
    rows: list[PersonSaid]
    live: list[str]
    full: Fraction


def crew_says(scheme: Scheme, crew: Crew) -> CrewSaid:
    """Score every row as the bureau does, also one of several of the same name."""
    part, people = scheme.part(PERSONS), crew.rows
    unit = Roster((RosterUnit("甲局"),))
    reported = answers_of_people(part, people)
    nothing = Answers.blank(part, reported.subjects)
    standing = Standing([State.ASSESSED] * len(people), np.zeros(len(people), dtype=bool))
    scores, _ = score(scheme, part, crew.period, reported, nothing, nothing.copy(), standing, unit)
    live = [id for id, rule in scores.rules.items() if rule.live(part)]
    rows = []
    for row, person in enumerate(people):
        points = {id: scores.points(row, id) for id in scores.rules}
        assert all(scores.self_points(row, id) == points[id] for id in live)
        alone = answers_of_people(part, [person], unit="独")
        broken = [check.text for check in part.checks if _breaks(scheme, part, crew.period, alone, check.text)]
        checks = [_sentence(check.closed, check.text) if check.text in broken else "" for check in part.checks]
        rows.append(PersonSaid(person, points, checks, _status(part, crew, person, reported, row, checks)))
    whole = sum((rule.of or Fraction(0) for rule in scores.rules.values() if not rule.id.endswith(("+", "-"))),
                Fraction(0))  # fmt: skip
    return CrewSaid(crew, rows, live, whole)


def _breaks(scheme: Scheme, part: Part, period: str, alone: Answers, text: str) -> bool:
    _, findings = consistent(scheme, part, period, alone)
    return any(text in each.message for each in findings)


def _sentence(closed: bool, text: str) -> str:
    return ("矛盾：" if closed else "请核对：") + text


def _status(part: Part, crew: Crew, person: Person, reported: Answers, row: int, checks: Sequence[str]) -> str:
    """The first thing that is wrong with a row, as the sheet 个人 must say it."""
    if person.blank:
        return ""
    if not person.named:
        return NAMELESS
    if sum((each.name, each.number) == (person.name, person.number) for each in crew.rows) > 1:
        return TWINS
    asked = [(each, cell) for each, cell in part.cells(crew.period) if each.asked]
    fine = {True: (Cell.GIVEN, Cell.BLANK), False: (Cell.GIVEN,)}
    open_ = sum(reported.state(row, cell) not in fine[bool(each.optional)] for each, cell in asked)
    if open_:
        return f"还有{open_}格待填或有误"
    return CLASH if any(said.startswith("矛盾：") for said in checks) else FILLED


# --- the comparison -----------------------------------------------------------------------------


def crew_differences(said: CrewSaid, shown: CrewFace) -> list[str]:
    """Everything in which the sheets of persons and the engine do not agree."""
    crew = said.crew
    if len(shown.rows) != crew.slots:
        return [f"{len(shown.rows)} rows, not {crew.slots}"]
    found = []
    for number, (one, row) in enumerate(zip(said.rows, shown.rows, strict=True), start=1):
        found += [f"row {number} ({one.person.name}): {each}" for each in _row(one, row, said.live)]
    names = sum(each.name is not None for each in crew.rows)
    full = f"{crew.slots}行已填满：还有人没填的，请发放单位给行数更多的表，不要自己加行"
    message = full if names >= crew.slots else f"已填{names}人，还可填{crew.slots - names}人"
    if shown.message != message:
        found.append(f"message: {shown.message!r}, not {message}")
    waiting = sum(one.status not in ("", FILLED) for one in said.rows)
    tail = f"；个人表还有{waiting}人待填" if waiting else ""
    if not str(shown.headline).endswith(f"处待填{tail}"):
        found.append(f"headline: {shown.headline!r}, not …处待填{tail}")
    if exactly(shown.full["合计"]) != said.full:
        found.append(f"full marks: {shown.full['合计']!r}, not {said.full}")
    return found


def _row(one: PersonSaid, shown: RowFace, live: Sequence[str]) -> Iterator[str]:
    person = one.person
    if (shown.status or "") != one.status:
        yield f"status {shown.status!r}, not {one.status!r}"
    if shown.checks != one.checks:
        yield f"checks {shown.checks}, not {one.checks}"
    if list(shown.points) != list(one.points):
        yield f"lines {list(shown.points)}, not {list(one.points)}"
        return
    if not person.named:
        seen = [shown.name, shown.total, shown.listed, *shown.points.values()]
        if any(each != "" for each in seen):
            yield f"a row without a name shows {seen}"
        return
    name = float(person.name) if isinstance(person.name, int) else person.name
    if shown.name != name:
        yield f"name {shown.name!r}"
    for id, points in one.points.items():
        value = shown.points[id]
        if id not in live:
            right = value == BY_REVIEW
        else:
            right = value == WAITING if points is None else exactly(value) == points
        if not right:
            yield f"{id}: the sheet shows {value!r}, the engine says {points}"
    total = sum((one.points[id] or Fraction(0) for id in live), Fraction(0))
    if exactly(shown.total) != total or not alike(shown.total, shown.listed):
        yield f"total: the sheets show {shown.total!r} and {shown.listed!r}, the engine says {total}"
    for id, text in person.by_hand.items():
        if id in live and exactly(shown.points[id]) != Fraction(text):
            yield f"{id}: by hand {text}, the sheet shows {shown.points[id]!r}"
