"""A flat table of answers (prefill, review): 单位, one column an input name → answers and findings."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from ..findings import Finding, finding
from ..model import Cell, Input, Part, Subject
from ..text import masked
from .frame import Answers
from .grammar import RawCell, read_cell, wanted
from .roster import plain_name
from .tables import Row, Table

_WHO = ("单位", "代码", "类别", "姓名", "工号")


def answers_of_tables(
    tables: Sequence[Table], part: Part, subjects: Sequence[Subject]
) -> tuple[Answers, list[Finding]]:
    """The values of tables for the subjects of a part; an empty cell says nothing.

    What cannot be read is REFUSED; a cell that two rows give differently is in CONFLICT: neither is used.
    """
    answers, findings = Answers.blank(part, subjects), list[Finding]()
    rows = {(plain_name(each.unit), each.person): k for k, each in enumerate(subjects)}
    for table in tables:
        findings += _unknown_columns(table, part)
        cells = [(each, cell) for each in part.inputs for cell in each.cells if cell in table.columns]
        for row in table.rows:
            k = rows.get((plain_name(row.text("单位")), row.text("姓名") or None))
            if k is None:
                name, hint = masked(row.text("单位")), _near(row.text("单位"), subjects)
                findings.append(finding("table-unit", table.at(row, "单位"), name=name, hint=hint))
                continue
            for each, cell in cells:
                findings += _take(answers, k, each, cell, row, table)
    return answers, findings


def _take(answers: Answers, k: int, each: Input, cell: str, row: Row, table: Table) -> list[Finding]:
    """One cell of a table into its place."""
    fault = row.marks.get(cell, "")
    raw = RawCell(row.values.get(cell), error=bool(fault))
    reading = read_cell(each, raw, answers.part.zero_words)
    if reading.state is Cell.BLANK:
        return []
    source, unit = table.at(row, cell), answers.subjects[k].unit
    before = answers.sources.get((k, cell))
    if reading.state is Cell.REFUSED:
        answers.put(k, cell, 0, Cell.REFUSED, source)
        facts = {"name": cell, "why": fault or reading.why, "wanted": wanted(each)}
        return [finding("table-value", source, unit, **facts)]
    if before is None:
        answers.put(k, cell, reading.value, source=source)
    elif answers.state(k, cell) is Cell.GIVEN and answers.value(k, cell) != reading.value:
        answers.put(k, cell, 0, Cell.CONFLICT)
        other = " ".join(part for part in before if part)
        return [finding("review-clash", source, unit, name=cell, other=other)]
    return []


def _unknown_columns(table: Table, part: Part) -> list[Finding]:
    known = [cell for each in part.inputs for cell in each.cells]
    return [
        finding("table-column", table.source._replace(cell=f"{letter}1"), name=name, hint=_hint(name, known))
        for name, letter in table.columns.items()
        if name not in known and name not in _WHO
    ]


def _hint(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.6)
    return f"，是否指「{near[0]}」？" if near else ""


def _near(name: str, subjects: Sequence[Subject]) -> str:
    return _hint(name, [each.unit for each in subjects])
