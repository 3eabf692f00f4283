"""复查: verified figures from flat tables, laid over what the units reported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .answers import Answers, answers_of_tables, read_tables
from .findings import Finding
from .model import Part, Subject


def read_reviews(paths: Sequence[Path], part: Part, subjects: Sequence[Subject]) -> tuple[Answers, list[Finding]]:
    """The verified answers of several tables together; a cell that two of them give differently is used by none.

    Raises TableError where a file cannot be read.
    """
    return answers_of_tables([table for path in paths for table in read_tables(path)], part, subjects)
