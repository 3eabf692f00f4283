"""复查: verified figures from flat tables, laid over what the units reported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .answers import Answers, answers_of_table, read_table
from .findings import Finding, finding
from .model import Cell, Part, Subject


def read_reviews(paths: Sequence[Path], part: Part, subjects: Sequence[Subject]) -> tuple[Answers, list[Finding]]:
    """The verified answers of several tables; a cell that two of them give differently is used by none.

    Raises TableError where a file cannot be read.
    """
    merged, findings = Answers.blank(part, subjects), list[Finding]()
    for path in paths:
        layer, said = answers_of_table(read_table(path), part, subjects)
        findings += said + _merge(merged, layer)
    return merged, findings


def _merge(merged: Answers, layer: Answers) -> list[Finding]:
    findings = []
    for (row, cell), source in layer.sources.items():
        value = layer.value(row, cell)
        before = merged.sources.get((row, cell))
        if before is None:
            merged.put(row, cell, value, source=source)
        elif value != merged.value(row, cell):
            merged.put(row, cell, 0, Cell.CONFLICT)
            other = "!".join(part for part in before if part)
            findings.append(finding("review-clash", source, merged.subjects[row].unit, name=cell, other=other))
    return findings
