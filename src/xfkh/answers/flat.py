"""A flat table of answers (prefill, review): 单位, one column an input name → answers and findings."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from ..findings import Finding, finding
from ..model import Cell, Part, Subject
from .frame import Answers
from .grammar import RawCell, read_cell, wanted
from .roster import plain_name
from .tables import Table

_WHO = ("单位", "代码", "类别", "姓名", "工号")


def answers_of_table(table: Table, part: Part, subjects: Sequence[Subject]) -> tuple[Answers, list[Finding]]:
    """The values of a table for the subjects of a part; an empty cell says nothing."""
    answers, findings = Answers.blank(part, subjects), _unknown_columns(table, part)
    rows = {(plain_name(each.unit), each.person): k for k, each in enumerate(subjects)}
    cells = [(each, cell) for each in part.inputs for cell in each.cells if cell in table.columns]
    seen = set()
    for row in table.rows:
        key = (plain_name(row.text("单位")), row.text("姓名") or None)
        source = table.at(row, "单位")
        if key not in rows:
            findings += [finding("table-unit", source, name=row.text("单位"), hint=_near(row.text("单位"), subjects))]
            continue
        if key in seen:
            findings.append(finding("table-twice", source, key[0], name=row.text("单位")))
            continue
        seen.add(key)
        for each, cell in cells:
            k = rows[key]
            reading = read_cell(each, RawCell(row.values.get(cell)))
            if reading.state is Cell.GIVEN:
                answers.put(k, cell, reading.value, source=table.at(row, cell))
            elif reading.state is Cell.REFUSED:
                facts = {"name": cell, "why": reading.why, "wanted": wanted(each)}
                findings.append(finding("table-value", table.at(row, cell), subjects[k].unit, **facts))
    return answers, findings


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
