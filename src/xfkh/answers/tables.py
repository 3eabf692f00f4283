"""Flat tables: a workbook or a CSV with one row of heads, as rows that know where they stand."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from xml.parsers import expat

from ..model import Source
from ..text import os_reason, plain_name
from ..workbook.scan import Mark, Marks, ScanError, scan

HEAD_WITHIN = 8
WHO = ("单位", "代码", "类别", "邮箱", "姓名", "工号")


class TableError(Exception):
    """A table that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """``marks``: the columns that hold an error value or a formula without a value, and which."""

    number: int
    values: dict[str, object]
    marks: dict[str, str] = field(default_factory=dict)

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
    rows: tuple[Row, ...] = ()

    def at(self, row: Row, column: str) -> Source:
        return self.source._replace(cell=f"{self.columns[column]}{row.number}")


Grid = list[list[object]]


def read_tables(path: Path, key: str = "单位") -> list[Table]:
    """The tables of a file (.xlsx, .xls, .ods or .csv): every sheet whose heads include ``key``.

    Raises TableError where the file cannot be read, has no such head, or has a head twice.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"打不开 {path}：{os_reason(error)}") from None
    plain = path.suffix.lower() in (".csv", ".txt")
    sheets, marks = ({"": _csv(data, path)}, {}) if plain else _workbook(data, path)
    tables = []
    for sheet, grid in sheets.items():
        for k, cells in enumerate(grid[:HEAD_WITHIN]):
            heads = [_head(each) for each in cells]
            if key in heads:
                tables.append(_table(Source(path.name, sheet), heads, grid, k + 1, marks.get(sheet, {})))
                break
    if not tables:
        raise TableError(f"{path.name} 里没有「{key}」一列")
    return tables


def _table(source: Source, heads: list[str], grid: Grid, first: int, marks: Marks) -> Table:
    named = [name for name in heads if name and not name.startswith("_")]
    for name in named:
        if named.count(name) > 1:
            raise TableError(f"{source.file} {source.sheet} 有两列都叫「{name}」，不知道用哪一列；请删去或改名")
    columns = {name: heads.index(name) for name in named}
    rows = []
    for number in range(first, len(grid)):
        values = {name: _value(grid[number], col) for name, col in columns.items()}
        faults = {
            name: _fault(marks[number, col], values[name]) for name, col in columns.items() if (number, col) in marks
        }
        if any(value is not None for value in values.values()) or any(faults.values()):
            rows.append(Row(number + 1, values, {name: fault for name, fault in faults.items() if fault}))
    return Table(source, {name: _letter(col) for name, col in columns.items()}, tuple(rows))


def _head(value: object) -> str:
    """A head as it was meant: those that say who a row is of are found whatever spaces fill them."""
    text = str(value).strip() if value is not None else ""
    return plain_name(text) if plain_name(text) in WHO else text


def _value(cells: list[object], col: int) -> object:
    value = cells[col] if col < len(cells) else None
    return None if isinstance(value, str) and not value.strip() else value


def _fault(mark: Mark, value: object) -> str:
    """Why a marked cell says nothing: an error value, or a formula that nobody calculated."""
    if mark.error:
        return "单元格是错误值"
    return "公式没有算出值，请打开后保存再用" if value is None else ""


def _letter(col: int) -> str:
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _csv(data: bytes, path: Path) -> Grid:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    try:
        return [list(row) for row in csv.reader(StringIO(text, newline=""))]
    except csv.Error:
        raise TableError(f"{path.name} 不是可读的 CSV") from None


def _workbook(data: bytes, path: Path) -> tuple[dict[str, Grid], dict[str, Marks]]:
    """The values of every sheet, and its formula and error cells where the format shows them (.xlsx)."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        marks, far = scan(data) if data.startswith(b"PK") and b"xl/workbook.xml" in data else ({}, False)
        if far:
            raise TableError(f"{path.name} 在很远的地方有多余的内容，请删去空白行列后另存")
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        grids: dict[str, Grid] = {
            name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
            for name in book.sheet_names
        }
    except TableError:
        raise
    except (CalamineError, ScanError, OSError, ValueError, KeyError, SyntaxError, expat.ExpatError):
        raise TableError(f"{path.name} 不是可读的工作簿，请用 WPS 或 Excel 打开、另存为 .xlsx") from None
    return grids, marks
