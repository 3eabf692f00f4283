"""One workbook → its stamp and its answer cells, found by their ids; nothing of a scheme is known here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from ..workbook.anchors import (
    ANSWER,
    CORNER,
    COVER,
    COVER_UNIT,
    COVER_YEAR,
    FORM,
    HEADS,
    LABEL,
    MATERIALS,
    PER_ROW,
    PERSON_NAME,
    PERSON_NUMBER,
    SLOT,
)
from ..workbook.book import STAMP_SHEET, cell, column
from ..workbook.scan import WINDOW, Mark, Marks, RawCell, ScanError, scan

Grid = list[list[Any]]

_SERIES = re.compile(r"(.+)\[(\d+)\]")


class FormError(Exception):
    """A workbook that cannot be read."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row of a sheet of persons: its number, whether the template offered it, who, and what stands there.
    ``odd``: what stands for a name is no text (a date, an error, a formula without a value)."""

    line: int
    offered: bool
    name: str
    number: str
    cells: dict[str, RawCell]
    odd: bool = False

    @property
    def filled(self) -> bool:
        return any(raw.value not in (None, "") or raw.formula or raw.error for raw in self.cells.values())


@dataclass(frozen=True, slots=True)
class PersonTable:
    """A sheet of persons: ``columns`` gives each input cell its letter, ``labels`` what stands above it; ``twice``:
    input cells that two columns claim; ``names``: the letter of the column of names."""

    sheet: str
    columns: dict[str, str]
    labels: dict[str, str]
    rows: list[PersonRow]
    twice: tuple[str, ...] = ()
    names: str = "A"


@dataclass(slots=True)
class Form:
    """``cells``: input cell name → what stands there and where; ``labels``: row id → the label beside it;
    ``twice``: ids that stand twice in one sheet, with both places; ``copied``: ids that a second sheet answers
    again, with both places and whether the answers agree; ``materials``: item ids with a list of materials;
    ``persons``: the sheets of persons, one unless it was copied."""

    stamp: dict[str, str]
    sheet: str = ""
    cover_unit: str = ""
    cover_year: str = ""
    cells: dict[str, tuple[RawCell, str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    twice: dict[str, tuple[str, str]] = field(default_factory=dict)
    copied: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    materials: set[str] = field(default_factory=set)
    persons: list[PersonTable] = field(default_factory=list)


def read_form(data: bytes) -> Form:
    """Raises FormError where the bytes are no readable workbook; a form without a stamp is a foreign file."""
    try:
        marks, far = scan(data)
        grids = _window(data) if far else _grids(data)
        stamp = _stamp(grids.get(STAMP_SHEET, []))
        form = Form(stamp)
        if stamp:
            _read_cover(form, grids)
            for name, grid in grids.items():
                _read_sheet(form, name, grid, marks.get(name, {}))
    except ScanError as error:
        raise FormError(str(error)) from None
    except Exception as error:  # any of the many exceptions of a broken file is an ordinary refusal
        raise FormError(type(error).__name__) from None
    return form


def _grids(data: bytes) -> dict[str, Grid]:
    """The values of every sheet, by the fast reader."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _window(data: bytes) -> dict[str, Grid]:
    """The same by the careful reader, for a workbook with a stray cell far outside: only a window is read."""
    from openpyxl import load_workbook

    book, grids = load_workbook(BytesIO(data), read_only=True, data_only=True), {}
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=WINDOW[0], max_col=WINDOW[1], values_only=True)
        grids[sheet.title] = [["" if value is None else value for value in row] for row in rows]
    book.close()
    return grids


def _stamp(grid: Grid) -> dict[str, str]:
    return {str(row[0]): _text(row[1]) for row in grid if len(row) > 1 and row[0]}


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _read_cover(form: Form, grids: Mapping[str, Grid]) -> None:
    """The cells beneath the cover's own ids, wherever they moved to."""
    for name in sorted(grids, key=lambda each: each != COVER):
        grid = grids[name]
        heads = [_text(value) for value in grid[0]] if grid else []
        if COVER_UNIT not in heads:
            continue
        for row in grid:
            for label, id in (("填报单位", COVER_UNIT), ("年度", COVER_YEAR)):
                col = heads.index(id) if id in heads else 0
                if col and _text(row[col - 1]) == label:
                    setattr(form, "cover_unit" if id == COVER_UNIT else "cover_year", _text(row[col]))
        return


def _read_sheet(form: Form, name: str, grid: Grid, marks: Marks) -> None:
    """Row ids stand in the column that holds ``#xfkh``, column ids in its row."""
    corner = _find(grid, CORNER)
    if corner is None:
        if persons := _find(grid, f"{CORNER}:个人"):
            form.persons += _read_persons(name, grid, marks, *persons)
        return
    form.sheet = form.sheet or name
    top, left = corner
    columns: dict[str, int] = {}
    for col, value in enumerate(grid[top]):
        id = _text(value)
        if id.startswith(ANSWER) and id in columns:
            form.twice[id] = (f"{name}!{cell(top, columns[id])}", f"{name}!{cell(top, col)}")
        columns.setdefault(id, col)
    head = ""
    for row in range(top + 1, len(grid)):
        id = _text(grid[row][left])
        if id.startswith("#"):
            head = id[1:]
        elif id:
            _read_row(form, name, id, row, grid[row], columns, marks)
        # what stands beside an item's answers is its evidence, as what stands beside the item
        if head and MATERIALS in columns and _text(grid[row][columns[MATERIALS]]):
            form.materials.add(head)


def _find(grid: Grid, id: str) -> tuple[int, int] | None:
    return next(((r, c) for r, row in enumerate(grid[:8]) for c, value in enumerate(row[:8]) if value == id), None)


def _read_persons(sheet: str, grid: Grid, marks: Marks, top: int, left: int) -> list[PersonTable]:
    """The rows beneath the heads in which anything stands, whether or not the template offered them."""
    ids = {_text(value): col for col, value in reversed(list(enumerate(grid[top]))) if _text(value)}
    heads = next((row for row in range(top + 1, len(grid)) if _text(grid[row][left]) == HEADS), None)
    if heads is None or PERSON_NAME not in ids or PERSON_NUMBER not in ids:
        return []
    asked = {id: col for id, col in ids.items() if id[0] not in "@#"}
    all_ids = [_text(value) for value in grid[top]]
    rows = []
    for row in range(heads + 1, len(grid)):
        values = grid[row]
        cells = {id: _raw(values[col] if col < len(values) else "", marks.get((row, col))) for id, col in asked.items()}
        one = PersonRow(
            row + 1,
            _text(values[left]).startswith(SLOT),
            _text(values[ids[PERSON_NAME]]),
            _text(values[ids[PERSON_NUMBER]]),
            cells,
            _odd(values[ids[PERSON_NAME]], marks.get((row, ids[PERSON_NAME]))),
        )
        if one.name or one.number or one.filled or one.odd:
            rows.append(one)
    labels = {id: _text(grid[heads][col]) for id, col in asked.items()}
    twice = tuple(id for id in asked if all_ids.count(id) > 1)
    letters = {id: column(col) for id, col in asked.items()}
    return [PersonTable(sheet, letters, labels, rows, twice, column(ids[PERSON_NAME]))]


def _odd(value: Any, mark: Mark | None) -> bool:
    """Whether a cell holds something, and no text or number that could be a name."""
    return (
        not isinstance(value, str | int | float) or isinstance(value, bool) or (mark is not None and not _text(value))
    )


def _read_row(
    form: Form,
    sheet: str,
    id: str,
    row: int,
    values: list[Any],
    columns: Mapping[str, int],
    marks: Marks,
) -> None:
    series = _SERIES.fullmatch(id)
    base, start = (series[1], int(series[2])) if series else (id, 0)
    form.labels[id] = _text(values[columns[LABEL]]) if LABEL in columns else ""
    for k in range(PER_ROW if series else 1):
        col = columns.get(f"{ANSWER}{k + 1}")
        if col is None:
            continue
        name, address = f"{base}[{start + k}]" if series else base, f"{sheet}!{cell(row, col)}"
        raw = _raw(values[col] if col < len(values) else "", marks.get((row, col)))
        if name not in form.cells:
            form.cells[name] = (raw, address)
        elif form.cells[name][1].rpartition("!")[0] == sheet:
            form.twice[name] = (form.cells[name][1], address)
        else:
            form.copied[name] = (form.cells[name][1], address, form.cells[name][0] == raw)


def _raw(value: Any, mark: Mark | None) -> RawCell:
    known = value if isinstance(value, (str, bool, int, float, date, datetime, time, timedelta)) else None
    if mark is None:
        return RawCell(known)
    return RawCell(known, mark.formula, mark.error)


__all__ = ["FORM", "Form", "FormError", "PersonRow", "PersonTable", "read_form"]
