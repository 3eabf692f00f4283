"""One workbook → its stamp and its answer cells, found by their ids; nothing of a scheme is known here."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from python_calamine import CalamineWorkbook

from ..answers import RawCell
from ..workbook.anchors import ANSWER, COVER, COVER_UNIT, COVER_YEAR, FORM, LABEL, MATERIALS, PER_ROW
from ..workbook.book import STAMP_SHEET, cell

INFLATED_LIMIT, ROWS, COLUMNS = 80 * 2**20, 20_000, 500
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SERIES = re.compile(r"(.+)\[(\d+)\]")


class FormError(Exception):
    """A workbook that cannot be read."""


@dataclass(slots=True)
class Form:
    """``cells``: input cell name → what stands there and where; ``labels``: row id → the label beside it;
    ``twice``: ids that stand in two places, with both; ``materials``: item ids with a list of materials."""

    stamp: dict[str, str]
    sheet: str = ""
    cover_unit: str = ""
    cover_year: str = ""
    cells: dict[str, tuple[RawCell, str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    twice: dict[str, tuple[str, str]] = field(default_factory=dict)
    materials: set[str] = field(default_factory=set)


def read_form(data: bytes) -> Form:
    """Raises FormError where the bytes are no readable workbook; a form without a stamp is a foreign file."""
    try:
        marks = _scan(data)
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        names = book.sheet_names
        stamp = _stamp(_grid(book, STAMP_SHEET)) if STAMP_SHEET in names else {}
        form = Form(stamp)
        if stamp:
            _read_cover(form, book, names)
            for name in names:
                _read_sheet(form, name, _grid(book, name), marks.get(name, {}))
    except FormError:
        raise
    except Exception as error:  # any of the many exceptions of a broken file is an ordinary refusal
        raise FormError(type(error).__name__) from None
    return form


def _grid(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _stamp(grid: list[list[Any]]) -> dict[str, str]:
    return {str(row[0]): _text(row[1]) for row in grid if len(row) > 1 and row[0]}


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _read_cover(form: Form, book: CalamineWorkbook, names: list[str]) -> None:
    """The cells beneath the cover's own ids, wherever they moved to."""
    for name in sorted(names, key=lambda each: each != COVER):
        grid = _grid(book, name)
        heads = [_text(value) for value in grid[0]] if grid else []
        if COVER_UNIT not in heads:
            continue
        for row in grid:
            for label, id in (("填报单位", COVER_UNIT), ("年度", COVER_YEAR)):
                col = heads.index(id) if id in heads else 0
                if col and _text(row[col - 1]) == label:
                    setattr(form, "cover_unit" if id == COVER_UNIT else "cover_year", _text(row[col]))
        return


def _read_sheet(form: Form, name: str, grid: list[list[Any]], marks: Mapping[tuple[int, int], RawCell]) -> None:
    """Row ids stand in the column that holds ``#xfkh``, column ids in its row."""
    corner = next(
        ((r, c) for r, row in enumerate(grid[:8]) for c, value in enumerate(row[:8]) if value == "#xfkh"), None
    )
    if corner is None:
        return
    form.sheet = form.sheet or name
    top, left = corner
    columns: dict[str, int] = {}
    for col, value in enumerate(grid[top]):
        id = _text(value)
        if id.startswith(ANSWER) and id in columns:
            form.twice[id] = (f"{name}!{cell(top, columns[id])}", f"{name}!{cell(top, col)}")
        columns.setdefault(id, col)
    for row in range(top + 1, len(grid)):
        id = _text(grid[row][left])
        if id.startswith("#"):
            if MATERIALS in columns and _text(grid[row][columns[MATERIALS]]):
                form.materials.add(id[1:])
        elif id:
            _read_row(form, name, id, row, grid[row], columns, marks)


def _read_row(
    form: Form,
    sheet: str,
    id: str,
    row: int,
    values: list[Any],
    columns: Mapping[str, int],
    marks: Mapping[tuple[int, int], RawCell],
) -> None:
    series = _SERIES.fullmatch(id)
    base, start = (series[1], int(series[2])) if series else (id, 0)
    form.labels[id] = _text(values[columns[LABEL]]) if LABEL in columns else ""
    for k in range(PER_ROW if series else 1):
        col = columns.get(f"{ANSWER}{k + 1}")
        if col is None:
            continue
        name, address = f"{base}[{start + k}]" if series else base, f"{sheet}!{cell(row, col)}"
        if name in form.cells:
            form.twice[name] = (form.cells[name][1], address)
            continue
        form.cells[name] = (_raw(values[col] if col < len(values) else "", marks.get((row, col))), address)


def _raw(value: Any, mark: RawCell | None) -> RawCell:
    known = value if isinstance(value, (str, bool, int, float, date, datetime, time, timedelta)) else None
    if mark is None:
        return RawCell(known)
    return RawCell(known, mark.formula, mark.error)


def _scan(data: bytes) -> dict[str, dict[tuple[int, int], RawCell]]:
    """The formula and error cells of every sheet: the fast reader shows neither.

    Raises FormError for a package too large to inflate, a document type definition, or a cell far outside.
    """
    with zipfile.ZipFile(BytesIO(data)) as package:
        if sum(each.file_size for each in package.infolist()) > INFLATED_LIMIT:
            raise FormError("TooLarge")
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        targets = {each.get("Id"): each.get("Target", "").lstrip("/") for each in links}
        marks = {}
        for sheet in book.iter():
            if sheet.tag.endswith("}sheet"):
                target = targets.get(sheet.get(_REL), "")
                path = target if target.startswith("xl/") else f"xl/{target}"
                marks[sheet.get("name", "")] = _SheetScan().run(package.read(path))
    return marks


class _SheetScan:
    """One pass over a sheet's XML."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], RawCell] = {}
        self._at: tuple[int, int] = (0, 0)
        self._formula: list[str] | None = None

    def run(self, data: bytes) -> dict[tuple[int, int], RawCell]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._doctype
        parser.buffer_text = True
        parser.Parse(data, True)
        return self.found

    def _doctype(self, *_: object) -> None:
        raise FormError("Doctype")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self._at = _address(attributes.get("r", "")) or (self._at[0], self._at[1] + 1)
            if self._at[0] >= ROWS or self._at[1] >= COLUMNS:
                raise FormError("FarCell")
            if attributes.get("t") == "e":
                self.found[self._at] = RawCell(error=True)
        elif name == "row":
            number = attributes.get("r")
            self._at = (int(number) - 1 if number else self._at[0] + 1, -1)
        elif name == "f":
            self._formula = []

    def _data(self, text: str) -> None:
        if self._formula is not None:
            self._formula.append(text)

    def _end(self, tag: str) -> None:
        if self._formula is not None and tag.rpartition(" ")[2] == "f":
            error = self._at in self.found
            self.found[self._at] = RawCell(formula="".join(self._formula) or "共享公式", error=error)
            self._formula = None


def _address(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", text)
    if not match:
        return None
    col = 0
    for letter in match[1]:
        col = col * 26 + ord(letter) - 64
    return int(match[2]) - 1, col - 1


__all__ = ["FORM", "Form", "FormError", "read_form"]
