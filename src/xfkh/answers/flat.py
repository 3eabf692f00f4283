"""A flat table of answers (prefill, review): 单位 (and 姓名, 工号), one column an input name → answers and findings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..findings import Finding, finding, quoted
from ..model import RATERS_LIMIT, Cell, Input, InputKind, Part, Source, Subject
from ..privacy import own_number, personal
from ..text import plain_name
from ..workbook.read import RawCell
from .frame import Answers, Note
from .grammar import read_cell, wanted
from .tables import WHO, Row, Table
from .who import Directory, person

NAME, NUMBER = "姓名", "工号"
_RATER = re.compile(r"(.+)\[(\d{1,3})\]")


def raters_in(tables: Sequence[Table], part: Part) -> dict[str, int]:
    """How many raters the columns of the tables have room for, by input."""
    wished, found = {each.name for each in part.inputs if each.kind is InputKind.RATERS}, dict[str, int]()
    for column in (column for table in tables for column in table.columns):
        match = _RATER.fullmatch(column)
        if match and match[1] in wished and 0 < int(match[2]) <= RATERS_LIMIT:
            found[match[1]] = max(found.get(match[1], 0), int(match[2]))
    return found


def persons_in(tables: Sequence[Table], units: Directory, subjects: Sequence[Subject]) -> list[Subject]:
    """The persons that rows of the tables speak of, each once, in their order; rows of unknown units are left out.

    A row without a number is of the one person whom the other tables number, where they agree on one and its own
    table numbers none of that name.
    """
    claimed, found = _numbers(tables), dict[Subject, None]()
    for table in tables:
        here = _numbers([table])
        for each in table.rows:
            row = units.unit(each.text("单位"))
            if row is None or not each.text(NAME) or _unclear(each):
                continue
            numbers = claimed[_who(each)]
            shared = next(iter(numbers)) if len(numbers) == 1 and not here[_who(each)] else ""
            found[person(subjects[row].unit, each.text(NAME), each.text(NUMBER) or shared)] = None
    return list(found)


def _who(row: Row) -> tuple[str, str]:
    return plain_name(row.text("单位")), plain_name(row.text(NAME))


def _numbers(tables: Sequence[Table]) -> dict[tuple[str, str], set[str]]:
    """The staff numbers under which the tables speak of each name of a unit."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in (row for table in tables for row in table.rows):
        own = found.setdefault(_who(row), set())
        own |= {plain_name(row.text(NUMBER))} - {""}
    return found


def _unclear(row: Row) -> tuple[str, str] | None:
    """The column that leaves open whom a row is of, and why; nothing where that is clear."""
    for column in ("单位", NAME, NUMBER):
        if column in row.marks:
            return column, row.marks[column]
    if row.text(NUMBER) and not row.text(NAME):
        return NAME, "有工号，没有姓名"
    if personal(row.text(NAME)):
        return NAME, _PERSONAL
    return (NUMBER, _PERSONAL) if own_number(row.text(NUMBER)) else None


_PERSONAL = "像手机号、身份证号或银行卡号"


@dataclass(slots=True)
class _Layer:
    """One part being filled: its answers, where its subjects are found, its cells."""

    answers: Answers
    directory: Directory
    cells: dict[str, Input]


def answers_of_tables(
    tables: Sequence[Table], parts: Sequence[Part], subjects: Sequence[Sequence[Subject]]
) -> tuple[list[Answers], list[Finding]]:
    """The values of tables for the subjects of each part; an empty cell says nothing.

    A row with a 姓名 is a person's, any other its unit's. What cannot be read is REFUSED; a cell that two rows give
    differently is in CONFLICT: neither is used.
    """
    layers = [
        _Layer(Answers.blank(part, own), Directory(own), {cell: each for each in part.inputs for cell in each.cells})
        for part, own in zip(parts, subjects, strict=True)
    ]
    findings, claimed = list[Finding](), _numbers(tables)
    for table in tables:
        findings += _unknown_columns(table, layers)
        if table.nameless:
            findings.append(finding("table-nameless", table.source._replace(cell=table.nameless)))
        here, seen = _numbers([table]), set[tuple[str, ...]]()
        for row in table.rows:
            findings += _take_row(layers, row, table, claimed[_who(row)], here[_who(row)])
            own = (*_who(row), plain_name(row.text(NUMBER)))
            if row.text(NAME) and own in seen:
                findings.append(finding("table-again", table.at(row, NAME), row.text("单位"), name=quoted(own[1])))
            seen.add(own)
    return [layer.answers for layer in layers], findings


def _take_row(layers: Sequence[_Layer], row: Row, table: Table, claimed: set[str], here: set[str]) -> list[Finding]:
    """One row into its part; ``claimed`` and ``here``: the staff numbers of its name in all tables and in this one."""
    unit, name, unclear = row.text("单位"), row.text(NAME), _unclear(row)
    if unclear:
        return [finding("table-who", table.at(row, unclear[0]), name=unclear[0], why=unclear[1])]
    k = layers[0].directory.unit(unit)
    if k is None:
        hint = _hint(unit, layers[0].directory.names)
        return [finding("table-unit", table.at(row, "单位"), name=quoted(unit), hint=hint)]
    layer = layers[1] if name and len(layers) > 1 else layers[0]
    findings = list[Finding]()
    if name:
        one = len(claimed) < 2
        found = layer.directory.person(unit, name, row.text(NUMBER), one) if layer is not layers[0] else None
        if found is None:
            return [_stranger(layers, unit, row, table)]
        k, alike = found, layer.directory.alike(unit, name)
        if len(alike) > 1 and not row.text(NUMBER) and not here:
            findings.append(finding("table-bare", table.at(row, NAME), unit, name=quoted(name)))
    for cell in table.columns:
        if cell in layer.cells:
            findings += _take(layer.answers, k, layer.cells[cell], cell, row, table)
        elif cell not in WHO and any(cell in other.cells for other in layers) and row.values.get(cell) is not None:
            who = "个人" if name else "单位"
            findings.append(finding("table-part", table.at(row, cell), unit, name=cell, who=who))
    return findings


def _stranger(layers: Sequence[_Layer], unit: str, row: Row, table: Table) -> Finding:
    """A person whom no accepted return names, or whose number does not tell who of several is meant."""
    place, name = table.at(row, NAME), quoted(row.text(NAME))
    if len(layers) < 2:
        return finding("table-persons", place, unit, name=name)
    directory = layers[1].directory
    alike = directory.alike(unit, row.text(NAME))
    if alike:
        numbers = "、".join(each or "（空）" for each in alike)
        given = quoted(row.text(NUMBER)) or "没有写"
        return finding("table-number", place, unit, name=name, numbers=numbers, given=given)
    own = [each.removeprefix(f"{unit}/") for each in directory.names if each.startswith(f"{unit}/")]
    return finding("table-person", place, unit, name=name, hint=_hint(row.text(NAME), own))


def _take(answers: Answers, k: int, each: Input, cell: str, row: Row, table: Table) -> list[Finding]:
    """One cell of a table into its place."""
    fault = row.marks.get(cell, "")
    raw = RawCell(row.values.get(cell), error=bool(fault), format=row.formats.get(cell, ""))
    reading = read_cell(each, raw, answers.part.zero_words)
    if reading.state is Cell.BLANK:
        return []
    subject, source = answers.subjects[k], table.at(row, cell)
    name = f"{subject.person}的{cell}" if subject.person else cell
    before = answers.sources.get((k, cell))
    if reading.state is Cell.REFUSED:
        answers.put(k, cell, 0, Cell.REFUSED, source)
        facts = {"name": name, "why": fault or reading.why, "wanted": wanted(each)}
        return [finding("table-value", source, subject.unit, **facts)]
    if before is None:
        answers.put(k, cell, reading.value, source=source)
    elif answers.state(k, cell) is not Cell.GIVEN:
        return []
    elif answers.value(k, cell) != reading.value:
        answers.put(k, cell, 0, Cell.CONFLICT)
        other = " ".join(part for part in before if part)
        return [finding("review-clash", source, subject.unit, name=name, other=other)]
    if cell in row.notes and not answers.notes.get((k, cell), Note()).said:
        # who gave the same value first may have written nothing beside it
        answers.notes[k, cell] = row.notes[cell]
    return []


def _unknown_columns(table: Table, layers: Sequence[_Layer]) -> list[Finding]:
    known = list(dict.fromkeys(cell for layer in layers for cell in layer.cells))
    strange = [name for name in table.columns if name not in known and name not in WHO]
    return [finding("table-column", _first(table, name), name=name, hint=_hint(name, known)) for name in strange]


def _first(table: Table, column: str) -> Source:
    """Where a column is named: its head, or the first row of its own."""
    own = (table.at(row, column) for row in table.rows if column in row.lines)
    return next(own, table.source._replace(cell=f"{table.columns[column]}{table.head}"))


def _hint(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.6)
    return f"，是否指「{near[0]}」？" if near else ""
