"""复查: verified figures from flat tables, laid over what the units reported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .answers import Answers, Directory, Table, answers_of_tables, persons_in, raters_in, read_tables
from .findings import Finding
from .model import Part, Subject


def read_reviews(paths: Sequence[Path]) -> list[Table]:
    """The review tables of several files. Raises TableError where one cannot be read."""
    return [table for path in paths for table in read_tables(path)]


def with_raters(parts: Sequence[Part], tables: Sequence[Table]) -> tuple[Part, ...]:
    """The parts with room for as many raters as the tables have columns."""
    return tuple(part.with_raters(raters_in(tables, part)) for part in parts)


def verify(
    tables: Sequence[Table], parts: Sequence[Part], subjects: Sequence[Sequence[Subject]]
) -> tuple[list[Answers], list[Finding]]:
    """The verified answers of each part; a cell that two rows give differently is used by none."""
    return answers_of_tables(tables, parts, subjects)


def unreported_persons(tables: Sequence[Table], units: Sequence[Subject], silent: set[str]) -> list[Subject]:
    """The persons whom the review names in units that handed nothing in."""
    return [each for each in persons_in(tables, Directory(units), units) if each.unit in silent]
