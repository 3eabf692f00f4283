"""Links from a result to the very cell of a file that came in: relative to the folder of results, or none."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote

from ..model import Source
from ..privacy import personal
from ..text import width
from ..workbook.book import Sheet
from .facts import Facts

MOST, LONGEST = 60_000, 2_000
"""Excel takes 65 530 links a sheet, of 2 079 characters each; a hostile return may name its sheet at any length."""
# what Excel, WPS or LibreOffice would read as something else than a part of a name
_UNSAFE = re.compile(r'[%#?"<>|*:\\^`{}]')
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]*")
_SHRUNK = 1.4
"""A name so many times wider than its column is still legible in smaller letters."""


class Links:
    """The files of a result as link targets."""

    def __init__(self, facts: Facts) -> None:
        self.out = facts.out
        self.paths = {each.name: each.path for each in facts.arrived}
        self.known: dict[str, str] = {}

    def target(self, source: Source) -> str:
        """The target of a link to a cell, or to the file where no cell is named; empty where none is safe."""
        if source.file not in self.paths:
            return ""
        if source.file not in self.known:
            self.known[source.file] = _relative(self.paths[source.file], self.out)
        path, cell = self.known[source.file], _CELL.match(source.cell)
        if not path or not source.sheet or not cell:
            return path
        sheet = source.sheet.replace("'", "''")
        return f"{path}#'{sheet}'!{cell[0]}"


def _relative(path: Path, out: Path) -> str:
    """``external:`` and the path from the folder of results; empty for another drive, or a name that is not safe or
    has somebody's number in it."""
    try:
        relative = Path(os.path.relpath(path, out)).as_posix()
    except ValueError:
        return ""
    safe = relative.isprintable() and not _UNSAFE.search(relative) and not personal(relative)
    safe = safe and len(quote(relative)) < LONGEST
    return f"external:{relative}" if safe else ""


def put(sheet: Sheet, row: int, col: int, target: str, text: str, count: int, columns: float = 60) -> int:
    """A cell with a link where there is a target and room for one more; returns how many links there are now. Not every
    office wraps a link: one wider than its ``columns`` is shrunk, and one that would be too small is text."""
    wide = (width(text) + 2) / columns
    if not target or len(quote(target)) > LONGEST or count >= MOST or not text or wide > _SHRUNK:
        sheet.text(row, col, text, "cell_wrap")
        return count
    sheet.link(row, col, target, text, text_wrap=wide <= 1, shrink=wide > 1)
    return count + 1
