"""Flat tables: a workbook or a CSV with one row of heads, as rows that know where they stand."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from io import StringIO
from pathlib import Path

from ..model import Source
from ..text import os_reason, plain_name
from ..workbook.addresses import corners, letters
from ..workbook.anchors import STAMP_SHEET
from ..workbook.open import AnySheet, read_any
from ..workbook.read import GONE, RawCell, ReadError
from .frame import Note

HEAD_WITHIN = 8
WHO = ("单位", "代码", "类别", "邮箱", "姓名", "工号")


class TableError(Exception):
    """A table that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """``marks``: the columns whose cell says nothing that could be used, and why; ``formats``: the columns whose number
    is shown in a format of its own, and its code. Of a subject whose values stand one beneath the other, ``lines``:
    where each of them stands, ``notes``: what is written beside it."""

    number: int
    values: dict[str, object]
    marks: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The cell as text, trimmed; a whole number without its ``.0``, a day without its midnight."""
        value = self.values.get(name)
        if isinstance(value, datetime) and value.time() == time():
            value = value.date()
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` gives each head its column letter; ``source`` the file and sheet; ``head``: the row of the heads;
    ``stamp``: what a workbook of ours says of itself; ``nameless``: the first cell that holds something in a column
    without a head."""

    source: Source
    columns: dict[str, str]
    rows: tuple[Row, ...] = ()
    head: int = 1
    stamp: Mapping[str, str] = field(default_factory=dict)
    nameless: str = ""

    def at(self, row: Row, column: str) -> Source:
        return self.source._replace(cell=f"{self.columns[column]}{row.lines.get(column, row.number)}")


Grid = list[list[RawCell]]


def read_tables(path: Path, key: str = "单位", *others: str) -> list[Table]:
    """The tables of a file (.xlsx, .xls, .ods or .csv): every sheet whose heads include ``key`` or one of ``others``.

    Raises TableError where the file cannot be read, has no such head, or has a head twice.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"打不开 {path}：{os_reason(error)}") from None
    plain = path.suffix.lower() in (".csv", ".txt")
    grids = {"": _csv(data, path)} if plain else _workbook(data, path)
    stamp = {str(row[0].value): str(row[1].value) for row in grids.pop(STAMP_SHEET, []) if len(row) > 1}
    tables = []
    for sheet, grid in grids.items():
        for k, cells in enumerate(grid[:HEAD_WITHIN]):
            heads = [_head(each.value) for each in cells]
            if not {key, *others}.isdisjoint(heads):
                tables.append(_table(Source(path.name, sheet), heads, grid, k + 1, stamp))
                break
    if not tables:
        raise TableError(f"{path.name} 里没有「{key}」一列")
    return tables


def _table(source: Source, heads: list[str], grid: Grid, first: int, stamp: Mapping[str, str]) -> Table:
    named = [name for name in heads if name and not name.startswith("_")]
    for name in named:
        if named.count(name) > 1:
            raise TableError(f"{source.file} {source.sheet} 有两列都叫「{name}」，不知道用哪一列；请删去或改名")
    columns = {name: heads.index(name) for name in named}
    rows = []
    for number in range(first, len(grid)):
        cells = {name: grid[number][col] for name, col in columns.items() if col < len(grid[number])}
        values = {name: _value(cells[name]) if name in cells else None for name in columns}
        faults = {name: fault for name, each in cells.items() if (fault := _fault(each))}
        formats = {name: each.format for name, each in cells.items() if each.format and each.format != GONE}
        if any(value is not None for value in values.values()) or faults:
            rows.append(Row(number + 1, values, faults, formats=formats))
    nameless = (f"{letters(col + 1)}{number + 1}" for number in range(first, len(grid))
                for col, each in enumerate(grid[number])
                if (col >= len(heads) or not heads[col]) and _value(each) is not None)  # fmt: skip
    lettered = {name: letters(col + 1) for name, col in columns.items()}
    return Table(source, lettered, tuple(rows), first, stamp, next(nameless, ""))


def _head(value: object) -> str:
    """A head as it was meant: those that say who a row is of are found whatever spaces fill them."""
    text = str(value).strip() if value is not None else ""
    return plain_name(text) if plain_name(text) in WHO else text


def _value(raw: RawCell) -> object:
    return None if isinstance(raw.value, str) and not raw.value.strip() else raw.value


def _fault(raw: RawCell) -> str:
    """Why a cell in which something stands says nothing: an error value, or a formula that nobody calculated."""
    if raw is _JOINED:
        return "与旁边的格子合并了，看不出算哪一格的"
    if raw.error:
        return "单元格是错误值"
    if raw.marked:
        return "加了删除线，或是上标、下标，看不出算不算数"
    return "公式没有算出值，请打开后保存再用" if raw.formula and _value(raw) is None else ""


def _csv(data: bytes, path: Path) -> Grid:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    try:
        return [[RawCell(each) for each in row] for row in csv.reader(StringIO(text, newline=""))]
    except csv.Error:
        raise TableError(f"{path.name} 不是可读的 CSV") from None


def _workbook(data: bytes, path: Path) -> dict[str, Grid]:
    """The cells of every sheet."""
    try:
        sheets = read_any(data)
        if any(each.far for each in sheets.values()):
            raise TableError(f"{path.name} 在很远的地方有多余的内容，请删去空白行列后另存")
        return {name: _grid(each) for name, each in sheets.items()}
    except ReadError:
        raise TableError(f"{path.name} 不是可读的工作簿，请用 WPS 或 Excel 打开、另存为 .xlsx") from None


_JOINED = RawCell(error=True)
"""Stands where a cell was joined to another: what the other holds is not said of it."""


def _grid(sheet: AnySheet) -> Grid:
    """The columns over which a head may stand, down to the last row."""
    heads = [sheet.texts(row) for row in range(HEAD_WITHIN)]
    width = max((col + 1 for texts in heads for col, text in enumerate(texts) if text), default=0)
    grid = [[sheet.at(row, col) for col in range(width)] for row in range(sheet.height)]
    for (top, left), (bottom, right) in map(corners, sheet.merges):
        rows, columns = range(top - 1, min(bottom, len(grid))), range(left - 1, min(right, width))
        covered = [(row, col) for row in rows for col in columns]
        if covered and _value(grid[top - 1][left - 1]) is not None:
            for row, col in covered[1:]:
                grid[row][col] = _JOINED
    return grid
