"""The roster (单位名册): a table → units with their attributes."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from ..findings import Finding, finding
from ..model import CATEGORY, Cell, Input, InputKind, Origin, Roster, RosterUnit
from ..text import plain_name
from ..workbook.read import RawCell
from .frame import Answers
from .grammar import read_cell, wanted
from .tables import Table, read_tables

_OWN = ("单位", "代码", "类别", "邮箱")


class RosterError(Exception):
    """A roster that cannot be used; ``findings`` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("；".join(each.message for each in findings))
        self.findings = findings


def read_roster(path: Path) -> Roster:
    """The roster of a file, all its sheets together. Raises RosterError, or TableError where it is unreadable."""
    return roster_of(read_tables(path))


def roster_of(tables: Sequence[Table]) -> Roster:
    units, seen, findings = [], set[str](), list[Finding]()
    for table, row in ((each, row) for each in tables for row in each.rows):
        name = row.text("单位")
        for column, fault in row.marks.items():
            findings.append(finding("roster-cell", table.at(row, column), name=column, why=fault))
        if not name:
            findings.append(finding("roster-unnamed", table.at(row, "单位")))
            continue
        if plain_name(name) in seen:
            findings.append(finding("roster-twice", table.at(row, "单位"), name=name))
        seen.add(plain_name(name))
        extra = {key: row.text(key) for key in table.columns if key not in _OWN}
        places = {key: table.at(row, key) for key in table.columns}
        units.append(RosterUnit(name, row.text("代码"), row.text("类别"), row.text("邮箱"), extra, places))
    if not units:
        findings.append(finding("roster-empty", tables[0].source))
    if findings:
        raise RosterError(findings)
    return Roster(tuple(units), tables[0].source)


def with_roster(answers: Answers, roster: Roster) -> tuple[Answers, list[Finding]]:
    """The answers with the roster's attributes, or the scheme's defaults, in their cells."""
    texts = (InputKind.TEXT, InputKind.DATE)
    read = [each for each in answers.part.inputs if each.origin is Origin.ROSTER]
    wished = [each for each in read if each.options or each.kind not in texts]
    if not wished:
        return answers, []
    filled, findings = answers.copy(), list[Finding]()
    for each in wished:
        findings += _column_missing(each, roster)
        for row, subject in enumerate(answers.subjects):
            unit = roster.get(subject.unit)
            text = (unit.attribute(each.name) if unit else "") or each.default
            reading = read_cell(each, RawCell(text))
            place = unit.places.get(each.name, roster.source) if unit else roster.source
            filled.put(row, each.name, reading.value, reading.state, place)
            if reading.state is Cell.REFUSED or (each.options and reading.state is Cell.BLANK):
                why = reading.why or "名册里没有写"
                facts = {"name": each.name, "why": why, "wanted": wanted(each)}
                findings.append(finding("table-value", place, subject.unit, **facts))
    return filled, findings


def _column_missing(each: Input, roster: Roster) -> list[Finding]:
    """A roster without the column that an input reads: the default holds for all, or nothing is known of any; a similar
    head is named."""
    heads = list(dict.fromkeys(key for unit in roster.units for key in unit.attributes))
    if each.name in (CATEGORY, *heads) or not len(roster):
        return []
    near = difflib.get_close_matches(each.name, heads, 1, 0.6)
    if near:
        return [finding("roster-column-near", roster.source, name=each.name, near=near[0], value=each.default or "空")]
    if not (each.default or each.optional or each.options):
        return [finding("roster-lacks", roster.source, name=each.name)]
    return [finding("roster-column", roster.source, name=each.name, value=each.default or "空")]
