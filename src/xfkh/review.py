"""复查: what a person verified, from review workbooks and flat tables, laid over what the units reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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
    TableError,
    answers_of_tables,
    persons_in,
    raters_in,
    read_tables,
    shown,
)
from .findings import Finding, finding, quoted
from .model import PERSONS, UNITS, Input, InputKind, Part, Source, Subject
from .privacy import masked, personal
from .text import plain_name, some
from .workbook.anchors import PERIOD, REVIEWED, SCHEME, STAMP_SHEET, TYPE, YEAR
from .workbook.open import AnySheet, read_any
from .workbook.package import Package, PackageError

KIND, SUMMARY, LOST = REVIEWED, "概况", "其他核定"
"""What the workbook is, and its pages that are not rows to verify."""
MARK, VALUE, AGAIN, KEEP = "标记", "核定值", "复核", "维持"
REASON, BASIS, BY, DATE, ITEM, LABEL = "理由", "依据", "核定人", "核定日期", "指标", "填报项"
OWN, POINTS, THEN_OWN, THEN_POINTS, THEN_VALUE = "自评值", "系统计算", "当时自评", "当时计算", "当时核定"
WHOSE = "行标"
"""Hidden, left of the value: whose row it is and of which answer, as it was written."""
SEE = "看原表"
"""Stands, as a link, for a figure that could not be read."""
WRITTEN = (VALUE, REASON, BASIS, BY, DATE, AGAIN)
"""What a reviewer writes in a row; all of it is kept."""
_WHO = ("单位", "姓名", "工号")
_HEADS = ("单位", MARK, *WRITTEN)
"""Without these heads a row cannot be read whole."""
_PAGE = re.compile(rf"({UNITS}|{PERSONS}){KIND}\d*|{LOST}")
"""The pages that have such rows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a reviewer wrote in one row of a review workbook. ``label``: what the row calls the answer ``cell``, which
    is empty where the row lost its mark; ``whose``: whose row it was when it was written, where it keeps
    that; ``value``: as it stands in its cell, in the number format ``format``,
    ``fault``: why it says nothing; ``own`` and ``points``: what the row showed when it was written, ``then``: the same
    and the value as they were when the reviewer last saw them, where the row keeps that; ``source``: the cell of the
    value."""

    unit: str
    person: str
    number: str
    cell: str
    label: str
    whose: str
    value: object
    format: str
    fault: str
    note: Note
    again: str
    own: str
    points: str
    then: tuple[str, str, str] | None
    source: Source

    @property
    def who(self) -> Who:
        """Whose cell it is, told apart as people tell names apart."""
        return plain_name(self.unit), plain_name(self.person), plain_name(self.number), self.cell

    @property
    def given(self) -> bool:
        return self.value is not None or bool(self.fault)

    @property
    def written(self) -> tuple[str, ...]:
        """All that the reviewer wrote."""
        return as_text(self.value), self.fault, *self.note[:4], self.again

    @property
    def blank(self) -> bool:
        """Whether the reviewer wrote nothing at all."""
        return not any(self.written)

    @property
    def cleared(self) -> bool:
        """Whether a value stood there when the row was last written, and was taken out."""
        return not self.given and self.then is not None and bool(self.then[2])

    @property
    def seen(self) -> tuple[str, str]:
        """What the unit had reported, and the points that followed, when the reviewer last looked at the row: what it
        shows, unless the value is older than that and nobody has looked again."""
        if self.then is None or self.then[2] != as_text(self.value) or self.again == KEEP:
            return self.own, self.points
        return self.then[:2]


Who = tuple[str, str, str, str]
"""Unit, person, staff number and answer."""


def as_text(value: object) -> str:
    """A value as it is compared: a whole number without its ``.0``."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def read_reviews(paths: Sequence[Path]) -> list[Table]:
    """The review tables of several files: of a review workbook a row an answer, else a row a subject. Raises TableError
    where one cannot be read, is another workbook of ours, or a page of rows lost one of its heads."""
    return [table for path in paths for table in _tables_of(path)]


def _tables_of(path: Path) -> list[Table]:
    tables = read_tables(path, "单位", MARK, VALUE)
    kind = tables[0].stamp.get(TYPE, KIND)
    if kind != KIND:
        raise TableError(f"{path.name} 是本工具写的「{kind}」，不是复查表；请换成复查表，或自己列的核定值")
    rows = [table for table in tables if _long(table) or (TYPE in table.stamp and _PAGE.fullmatch(table.source.sheet))]
    for table in rows:
        if lost := [name for name in _HEADS if name not in table.columns]:
            where = " ".join(part for part in table.source[:2] if part)
            raise TableError(f"{where} 的表头被改动，找不到「{'、'.join(lost)}」；请改回来再用")
    # a review workbook has other pages with units on them, which only inform
    return rows or tables


def read_entries(path: Path) -> list[Entry]:
    """What reviewers wrote in the rows of a review workbook. Raises TableError where it cannot be read, or is none."""
    tables = read_reviews([path])
    if not all(map(_long, tables)):
        raise TableError(f"{path.name} 不是复查表，没有动它；请换一个文件名")
    return [each for table in tables for each in _entries(table)]


def by_row(entries: Iterable[Entry]) -> tuple[dict[Who, Entry], list[Entry]]:
    """The entries by their rows, and those that have none of their own: what says another thing in a row that stands
    twice, and what lost its mark. The first that gives a value has the row."""
    found, rest = dict[Who, Entry](), list[Entry]()
    for each in (each for each in entries if not each.blank):
        first = found.get(each.who)
        if not each.cell:
            rest.append(each)
        elif first is None:
            found[each.who] = each
        elif first.written != each.written:
            later = first.given or not each.given
            found[each.who] = first if later else each
            rest.append(each if later else first)
    return found, rest


def who_of(subject: Subject, cell: str) -> Who:
    """Whose cell it is, as an entry names it."""
    return plain_name(subject.unit), plain_name(subject.person or ""), plain_name(subject.person_id or ""), cell


def matched(entries: Mapping[Who, Entry], subjects: Sequence[Subject]) -> dict[Who, Entry]:
    """The entries by the subjects to whom their values go: who is alone with a name is found where only one side has a
    staff number. What finds nobody, or a row that has its own entry, stays under its own name."""
    directory, numbers = Directory(subjects), dict[tuple[str, str], set[str]]()
    for unit, person, number, _ in entries:
        numbers.setdefault((unit, person), set()).update({number} - {""})
    found = dict[Who, Entry]()
    for who, each in entries.items():
        unit, person, number, cell = who
        row = directory.person(unit, person, number, len(numbers[unit, person]) < 2) if person else None
        own = who if row is None else who_of(subjects[row], cell)
        found[who if own in entries or own in found else own] = each
    return found


def a_row_a_subject(tables: Iterable[Table], parts: Sequence[Part]) -> list[Table]:
    """The tables as flat ones, those of review workbooks with a row a subject."""
    return [_wide(table, parts) if _long(table) else table for table in tables]


def _long(table: Table) -> bool:
    return not {MARK, VALUE}.isdisjoint(table.columns)


def _entries(table: Table) -> Iterable[Entry]:
    kept = {THEN_OWN, THEN_POINTS, THEN_VALUE} <= table.columns.keys()
    for row in table.rows:
        told = [masked(row.text(name)) for name in (REASON, BASIS, BY, DATE)]
        then = (row.text(THEN_OWN), row.text(THEN_POINTS), row.text(THEN_VALUE)) if kept else None
        unit, person, number = (row.text(name) for name in _WHO)
        one = Entry(
            unit, person, number, row.text(MARK), row.text(LABEL), row.text(WHOSE), row.values.get(VALUE),
            row.formats.get(VALUE, ""), row.marks.get(VALUE, ""), Note(*told), row.text(AGAIN),
            row.text(OWN).removeprefix(SEE), row.text(POINTS),
            then if then and any(then) else None, table.at(row, VALUE),
        )  # fmt: skip
        if not one.blank or one.cleared:
            yield replace(one, note=one.note._replace(seen=one.seen[0] if OWN in table.columns else None))


def label_of(each: Input, cell: str) -> str:
    """What a row calls the answer that it is about."""
    if each.kind is InputKind.RATERS:
        return f"{each.name}（第{cell.rpartition('[')[2].rstrip(']')}人）"
    return each.label(cell)


def whose(unit: str, person: str, number: str, cell: str) -> str:
    """What a row keeps of whose it is and of which answer; names are without blanks there."""
    return " ".join(plain_name(each) or "-" for each in (unit, person, number, cell))


def relabelled(entries: Iterable[Entry], parts: Sequence[Part]) -> list[Entry]:
    """A sort of some columns leaves the others behind: what a reviewer saw is what the row is called and whose it says
    it is. Such a value counts for nothing until somebody has looked at it there."""
    names = {label_of(each, cell): cell for part in parts for each in part.inputs for cell in each.cells}
    return [_moved(each, names.get(each.label, each.cell) if each.cell else "") for each in entries]


def _moved(entry: Entry, cell: str) -> Entry:
    """An entry as one of the answer that its row names; why it counts for nothing where the row was another."""
    why = _LEFT if cell != entry.cell else _OTHER if cell and _another(entry) else ""
    return replace(entry, cell=cell, fault=entry.fault or why) if why and entry.given else replace(entry, cell=cell)


def _another(entry: Entry) -> bool:
    """Whether a row says another unit, person or answer than it was written for; a staff number may be gone."""
    now = whose(entry.unit, entry.person, entry.number, entry.cell).split()
    return any(was != own and own != "-" for was, own in zip(entry.whose.split(), now, strict=False))


_LEFT = "行首隐藏的标记是别的项的，像是排序时没有选全列"
_OTHER = "这一行原来是别的单位、人或项的，像是排序时没有选全列"


def _wide(table: Table, parts: Sequence[Part]) -> Table:
    """A row a subject, as a flat table has it; each value still says where it stands."""
    rows = dict[tuple[str, str, str], Row]()
    columns = {name: table.columns[name] for name in _WHO if name in table.columns}
    for each in relabelled(_entries(table), parts):
        if not each.given or not each.cell:
            continue
        at = int(each.source.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        who: dict[str, object] = dict(zip(_WHO, (each.unit, each.person, each.number), strict=True))
        row = rows.setdefault(each.who[:3], Row(at, dict(who)))
        if each.cell in row.values and as_text(row.values[each.cell]) != as_text(each.value):
            # a row that stands there twice is another row, and the two are compared
            row = rows.setdefault((*each.who[:2], f"{each.who[2]}\0{at}"), Row(at, dict(who)))
        columns[each.cell] = table.columns[VALUE]
        row.values[each.cell], row.lines[each.cell], row.notes[each.cell] = each.value, at, each.note
        row.formats[each.cell] = each.format
        if each.fault:
            row.marks[each.cell] = each.fault
    return replace(table, columns=columns, rows=tuple(rows.values()))


def of_another(tables: Iterable[Table], scheme: str, year: str, period: str) -> str:
    """Which review workbook was written for another scheme, year or period, and for which; empty where none was."""
    for table in tables:
        if YEAR in table.stamp:
            found = tuple(table.stamp.get(name, "") for name in (SCHEME, YEAR, PERIOD))
            if found != (scheme, year, period):
                return f"{table.source.file} 是方案 {found[0]} {found[1]}年{found[2]}的复查表"
    return ""


def written_beside(data: bytes) -> bool:
    """Whether somebody wrote into a review workbook where it has no place for that: on a sheet of his own, beside the
    columns of one or beneath its rows, or in a comment."""
    sheets = {name: sheet for name, sheet in read_any(data).items() if name != STAMP_SHEET}
    return any(_beside(sheet, name == SUMMARY) for name, sheet in sheets.items()) or _commented(data)


def _beside(sheet: AnySheet, summary: bool) -> bool:
    top = next((row for row in range(HEAD_WITHIN) if "单位" in sheet.texts(row)), None)
    heads = sheet.texts(top) if top is not None else []
    if top is None or not (summary or MARK in heads):
        return True
    width = max(col for col, text in enumerate(heads) if text) + 1
    told = [col for col, text in enumerate(heads) if text in (MARK, ITEM, LABEL, *WRITTEN)]
    for row in range(sheet.height):
        texts = sheet.texts(row)
        if any(texts[width:]) or (row > top and told and any(texts) and not any(texts[col] for col in told)):
            return True
    return False


def _commented(data: bytes) -> bool:
    try:
        return any("comments" in name.casefold() for name in Package(data).names)
    except PackageError:
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


def private_notes(tables: Iterable[Table]) -> list[Finding]:
    """Personal numbers in what reviewers wrote beside the values, by their places."""
    findings = []
    for table in filter(_long, tables):
        for row in table.rows:
            for name in (REASON, BASIS, BY):
                if kinds := "、".join(sorted(personal(row.values.get(name)))):
                    place = table.at(row, name)
                    findings.append(finding("review-personal", place, masked(row.text("单位")), name=name, kinds=kinds))
    return findings


def without_value(tables: Iterable[Table]) -> list[Finding]:
    """What reviewers wrote that verifies nothing: rows that lost their mark, one by one; words without a value, and
    values that were taken out again, once a unit."""
    findings, bare = list[Finding](), dict[str, list[Entry]]()
    for each in (each for table in filter(_long, tables) for each in _entries(table)):
        if not each.cell:
            what = quoted(each.label) or "这一行"
            findings.append(finding("review-unmarked", each.source, masked(each.unit), what=what))
        elif each.cleared or (not each.given and (any(each.note[:2]) or each.again)):
            bare.setdefault(each.unit, []).append(each)
    for unit, own in bare.items():
        names = [f"{each.person}的{each.cell}" if each.person else each.cell for each in own]
        findings.append(finding("review-bare", own[0].source, masked(unit), names=masked(some(names, "项"))))
    return findings


def unreported_persons(tables: Sequence[Table], units: Sequence[Subject], silent: set[str]) -> list[Subject]:
    """The persons whom the review names in units that handed nothing in."""
    return [each for each in persons_in(tables, Directory(units), units) if each.unit in silent]


def nothing_verified(verified: Sequence[Answers]) -> list[Answers]:
    """The same layers as if no review had been."""
    return [replace(each, values=np.zeros_like(each.values), states=Answers.blank(each.part, each.subjects).states,
                    sources={}, notes={}) for each in verified]  # fmt: skip
