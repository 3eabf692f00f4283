"""复查: what a person verified, from review workbooks and flat tables, laid over what the units reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .answers import (
    HEAD_WITHIN,
    Answers,
    Directory,
    Note,
    Row,
    Table,
    answers_of_tables,
    persons_in,
    raters_in,
    read_tables,
    shown,
)
from .findings import Finding, finding, quoted
from .model import Part, Source, Subject
from .privacy import masked, personal
from .text import plain_name
from .workbook.anchors import STAMP_SHEET
from .workbook.open import read_any

MARK, VALUE, AGAIN, KEEP = "标记", "核定值", "复核", "维持"
REASON, BASIS, BY, DATE = "理由", "依据", "核定人", "核定日期"
OWN, POINTS, THEN_OWN, THEN_POINTS, THEN_VALUE = "自评值", "系统计算", "当时自评", "当时计算", "当时核定"
WRITTEN = (VALUE, REASON, BASIS, BY, DATE, AGAIN)
"""What a reviewer writes in a row; all of it is kept."""
_WHO = ("单位", "姓名", "工号")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a reviewer wrote in one row of a review workbook. ``value``: as it stands in the cell, ``fault``: why it
    says nothing; ``own`` and ``points``: what the row showed when it was written, ``then``: the same and the value as
    they were when the reviewer last saw them, where the row keeps that; ``source``: the cell of the value."""

    unit: str
    person: str
    number: str
    cell: str
    value: object
    fault: str
    note: Note
    again: str
    own: str
    points: str
    then: tuple[str, str, str] | None
    source: Source

    @property
    def who(self) -> tuple[str, str, str, str]:
        """Whose cell it is, told apart as people tell names apart."""
        return plain_name(self.unit), plain_name(self.person), plain_name(self.number), self.cell

    @property
    def given(self) -> bool:
        return self.value is not None or bool(self.fault)

    @property
    def blank(self) -> bool:
        """Whether the reviewer wrote nothing at all."""
        return not (self.given or any(self.note[:4]) or self.again)

    @property
    def seen(self) -> tuple[str, str]:
        """What the unit had reported, and the points that followed, when the reviewer last looked at the row: what it
        shows, unless the value is older than that and nobody has looked again."""
        if self.then is None or self.then[2] != as_text(self.value) or self.again == KEEP:
            return self.own, self.points
        return self.then[:2]


def as_text(value: object) -> str:
    """A value as it is compared: a whole number without its ``.0``."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def read_reviews(paths: Sequence[Path]) -> list[Table]:
    """The review tables of several files, those of review workbooks with a row a subject. Raises TableError where one
    cannot be read."""
    return [table for path in paths for table in _tables_of(path)]


def _tables_of(path: Path) -> list[Table]:
    tables = read_tables(path)
    # a review workbook has other pages with units on them, which only inform
    return [_wide(table) for table in tables if _long(table)] or tables


def read_entries(path: Path) -> list[Entry]:
    """What reviewers wrote in the rows of a review workbook. Raises TableError where it cannot be read."""
    return [each for table in read_tables(path) if _long(table) for each in _entries(table)]


def _long(table: Table) -> bool:
    return {MARK, VALUE} <= table.columns.keys()


def _entries(table: Table) -> Iterable[Entry]:
    kept = {THEN_OWN, THEN_POINTS, THEN_VALUE} <= table.columns.keys()
    for row in table.rows:
        told = [masked(row.text(name)) for name in (REASON, BASIS, BY, DATE)]
        then = (row.text(THEN_OWN), row.text(THEN_POINTS), row.text(THEN_VALUE)) if kept else None
        unit, person, number = (row.text(name) for name in _WHO)
        one = Entry(
            unit, person, number, row.text(MARK), row.values.get(VALUE), row.marks.get(VALUE, ""), Note(*told),
            row.text(AGAIN), row.text(OWN), row.text(POINTS), then if then and any(then) else None,
            table.at(row, VALUE),
        )  # fmt: skip
        if one.cell and not one.blank:
            yield replace(one, note=one.note._replace(seen=one.seen[0] if OWN in table.columns else None))


def _wide(table: Table) -> Table:
    """A row a subject, as a flat table has it; each value still says where it stands."""
    rows = dict[tuple[str, str, str], Row]()
    columns = {name: table.columns[name] for name in _WHO if name in table.columns}
    for each in _entries(table):
        if not each.given:
            continue
        at = int(each.source.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        who: dict[str, object] = dict(zip(_WHO, (each.unit, each.person, each.number), strict=True))
        row = rows.setdefault(each.who[:3], Row(at, dict(who)))
        if each.cell in row.values and as_text(row.values[each.cell]) != as_text(each.value):
            # a row that stands there twice is another row, and the two are compared
            row = rows.setdefault((*each.who[:2], f"{each.who[2]}\0{at}"), Row(at, dict(who)))
        columns[each.cell] = table.columns[VALUE]
        row.values[each.cell], row.lines[each.cell], row.notes[each.cell] = each.value, at, each.note
        if each.fault:
            row.marks[each.cell] = each.fault
    return Table(table.source, columns, tuple(rows.values()))


def written_beside(data: bytes) -> bool:
    """Whether somebody wrote into a review workbook where it has no place for that: on a sheet of his own, or beside
    the columns of one."""
    sheets = {name: sheet for name, sheet in read_any(data).items() if name != STAMP_SHEET}
    for sheet in sheets.values():
        heads = next((row for row in range(HEAD_WITHIN) if "单位" in sheet.texts(row)), None)
        if heads is None:
            return True
        width = max(col for col, text in enumerate(sheet.texts(heads)) if text)
        if any(any(sheet.texts(row)[width + 1 :]) for row in range(sheet.height)):
            return True
    return False


def with_raters(parts: Sequence[Part], tables: Sequence[Table], least: int = 0) -> tuple[Part, ...]:
    """The parts with room for as many raters as the tables have columns, for so many at ``least``."""
    found = (raters_in(tables, part) for part in parts)
    return tuple(
        part.with_raters({each.name: max(least, raters.get(each.name, 0)) for each in part.inputs})
        for part, raters in zip(parts, found, strict=True)
    )


def verify(
    tables: Sequence[Table], parts: Sequence[Part], subjects: Sequence[Sequence[Subject]]
) -> tuple[list[Answers], list[Finding]]:
    """The verified answers of each part; a cell that two rows give differently is used by none."""
    return answers_of_tables(tables, parts, subjects)


def changed_since(reported: Answers, verified: Answers) -> list[Finding]:
    """Where a unit's own figure is no longer the one that the reviewer saw: what he verified still counts."""
    findings = []
    for (row, cell), note in verified.notes.items():
        each, subject = reported.part.input(cell.partition("[")[0]), reported.subjects[row]
        now = as_text(shown(each, reported.value(row, cell))) if reported.given(cell)[row] else ""
        if note.seen is None or now == note.seen:
            continue
        place = verified.source(row, cell)
        facts = {"name": f"{subject.person}的{cell}" if subject.person else cell, "then": quoted(note.seen) or "没有填",
                 "now": now or "没有填"}  # fmt: skip
        findings.append(finding("review-stale", place, subject.unit, **facts))
    return findings


def private_notes(paths: Sequence[Path]) -> list[Finding]:
    """Personal numbers in what reviewers wrote beside the values, by their places."""
    findings = []
    for table in (table for path in paths for table in read_tables(path) if _long(table)):
        for row in table.rows:
            for name in (REASON, BASIS, BY):
                if kinds := "、".join(sorted(personal(row.values.get(name)))):
                    place = table.at(row, name)
                    findings.append(finding("review-personal", place, masked(row.text("单位")), name=name, kinds=kinds))
    return findings


def unreported_persons(tables: Sequence[Table], units: Sequence[Subject], silent: set[str]) -> list[Subject]:
    """The persons whom the review names in units that handed nothing in."""
    return [each for each in persons_in(tables, Directory(units), units) if each.unit in silent]


def nothing_verified(verified: Sequence[Answers]) -> list[Answers]:
    """The same layers as if no review had been."""
    return [replace(each, values=np.zeros_like(each.values), states=Answers.blank(each.part, each.subjects).states,
                    sources={}, notes={}) for each in verified]  # fmt: skip
