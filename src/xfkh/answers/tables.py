"""Flat tables: a workbook or a CSV with one row of heads, as rows that know where they stand."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path

from ..model import Source
from ..text import os_reason

HEAD_WITHIN = 8


class TableError(Exception):
    """A table that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    values: dict[str, object]

    def text(self, name: str) -> str:
        """The cell as text, trimmed; a whole number without its ``.0``."""
        value = self.values.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` gives each head its column letter; ``source`` the file and sheet."""

    source: Source
    columns: dict[str, str]
    rows: tuple[Row, ...] = field(default=())

    def at(self, row: Row, column: str) -> Source:
        return self.source._replace(cell=f"{self.columns[column]}{row.number}")


def read_table(path: Path, key: str = "单位") -> Table:
    """The table of a file (.xlsx, .xls, .ods or .csv) whose heads include ``key``.

    Raises TableError where the file cannot be read or has no such head.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"打不开 {path}：{os_reason(error)}") from None
    sheets = {"": _csv(data)} if path.suffix.lower() in (".csv", ".txt") else _workbook(data, path)
    for sheet, grid in sheets.items():
        for k, cells in enumerate(grid[:HEAD_WITHIN]):
            heads = [str(each).strip() if each is not None else "" for each in cells]
            if key in heads:
                return _table(Source(path.name, sheet), heads, grid[k + 1 :], k + 2)
    raise TableError(f"{path.name} 里没有「{key}」一列")


def _table(source: Source, heads: list[str], body: list[list[object]], first: int) -> Table:
    columns = {name: _letter(k) for k, name in reversed(list(enumerate(heads))) if name and not name.startswith("_")}
    columns = dict(sorted(columns.items(), key=lambda pair: heads.index(pair[0])))
    rows = [
        Row(number, {name: _value(cells, heads.index(name)) for name in columns})
        for number, cells in enumerate(body, first)
    ]
    filled = tuple(row for row in rows if any(value is not None for value in row.values.values()))
    return Table(source, columns, filled)


def _value(cells: list[object], col: int) -> object:
    value = cells[col] if col < len(cells) else None
    return None if isinstance(value, str) and not value.strip() else value


def _letter(col: int) -> str:
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _csv(data: bytes) -> list[list[object]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    return [list(row) for row in csv.reader(StringIO(text, newline=""))]


def _workbook(data: bytes, path: Path) -> dict[str, list[list[object]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        return {
            name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
            for name in book.sheet_names
        }
    except (CalamineError, OSError, ValueError) as error:
        raise TableError(f"{path.name} 不是可读的工作簿：{type(error).__name__}") from None
