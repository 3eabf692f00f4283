"""One sheet's XML → what is written in each of its cells, by the parser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from xml.parsers import expat

from .addresses import SheetError, check_area, letters, split
from .beside import FALSE, STRUCK, Beside, Extras, span, unseen

WINDOW = (5_000, 182)
"""Rows and columns (to FZ) that are read; what lies farther out is only noticed."""
SHARED = "共享公式"
DEPTH, CELLS, ROWS = 60, 1_000_000, 100_000
"""How deep elements may be nested, how many cells and rows a sheet may have."""
MAINS = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
"""What the elements of a workbook belong to, of the usual kind and of the strict one; others say nothing of cells."""
FAR = 1_000
"""How many cells outside the window are kept."""

Written = tuple[str, str, str, str, str, str, str]
"""A cell as the XML has it: its address, number of its style, type, ``<f`` with its attributes where it holds a
formula, the formula's text, its value, and the text that stands in the cell itself."""


class SheetXml(NamedTuple):
    """``cells``: address → what is written there (``escaped``: with XML's entities as they stand); ``far``: whether
    anything lies outside the window; ``height``: the last row in it; ``merges``: ranges; the numbers of the hidden
    rows, the first and last of the hidden columns (those of no height or width among them); what lies ``beside`` the
    cells; whether the sheet has links, is filtered; the ranges of its array formulas; ``beyond``: what stands in the
    first cells outside the window; ``marked``: the texts in cells of which a part is struck out, raised or lowered, by
    their addresses, with a word at that part."""

    cells: dict[str, Written]
    escaped: bool
    far: bool
    height: int
    merges: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    beside: Beside = Beside()
    linked: bool = False
    filtered: bool = False
    arrays: tuple[str, ...] = ()
    beyond: tuple[Written, ...] = ()
    marked: Mapping[str, str] = MappingProxyType({})


def careful_sheet(data: bytes) -> SheetXml:
    """By the parser, cell by cell. Raises ExpatError, and SheetError for a document type definition, a cell or row
    that stands twice, what looks like cells or their values and belongs to something else (readers differ on it), and
    what no form has: deep nesting, a million cells."""
    one = _Reader()
    one.run(data)
    return SheetXml(
        one.cells, False, one.far, one.height, tuple(one.merges), frozenset(one.hidden_rows),
        tuple(one.hidden_columns), one.extras.found(), "hyperlink" in one.seen, "autoFilter" in one.seen,
        tuple(one.arrays), tuple(one.beyond), one.marked,
    )  # fmt: skip


class _Reader:
    """One pass over a sheet's XML."""

    def __init__(self) -> None:
        self.cells: dict[str, Written] = {}
        self.merges: list[str] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.seen: set[str] = set()
        self.arrays: list[str] = []
        self.extras = Extras()
        self.far, self.beyond = False, list[Written]()
        self.height = 0
        self._rows: set[int] = set()
        self._path: list[str] = []
        self._main, self._extra = "", 0
        self._row, self._col, self._count = 0, 0, 0
        self._cell: dict[str, str] | None = None
        self._text: list[str] | None = None
        self._once: set[str] = set()
        self.marked, self._runs = dict[str, str](), Runs()

    def run(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.buffer_text = True
        parser.Parse(data, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        self._path.append(name)
        if len(self._path) > DEPTH:
            raise SheetError("deep")
        if len(self._path) == 1:
            self._main = space
        if self._extra or (name == "extLst" and space == self._main):
            # what newer programs add to a cell, a row or a sheet is none of its own
            self._extra += 1
        inside = "sheetData" in self._path[1:2] and not self._extra
        self._check_place(name, space, inside)
        if inside and name == "row":
            self._begin_row(attributes)
        elif inside and name == "c":
            self._begin_cell(attributes)
        elif self._cell is None:
            self._note(name, attributes, space == self._main)
        elif self._extra < 2:
            self._begin_field(name, attributes)

    def _check_place(self, name: str, space: str, inside: bool) -> None:
        """Raises SheetError for what some programs take for cells and others do not."""
        ours = space == self._main and space in MAINS
        if name in _FRAME and not self._extra:
            ours &= len(self._path) == _FRAME[name]
        elif inside:
            ours &= len(self._path) == _INSIDE.get(name, len(self._path))
        else:
            ours = self._extra > 0 or not ours or name not in ("row", "c")
        if not ours:
            raise SheetError("foreign")

    def _note(self, name: str, attributes: dict[str, str], main: bool) -> None:
        self.extras.start(name, attributes)
        if not main:
            return
        if name == "sheetData" and name in self.seen:
            raise SheetError("twice")
        self.seen.add(name)
        if name == "mergeCell":
            self.merges.append(attributes.get("ref", ""))
        elif name == "hyperlink":
            check_area(attributes.get("ref", ""))
        elif name == "col" and unseen(attributes, "width"):
            self.hidden_columns.append(span(attributes))

    def _begin_field(self, name: str, attributes: dict[str, str]) -> None:
        """Of a cell: its formula, its value, a text in it (each once) or a run of that text."""
        within = self._path[-2]
        if within in ("f", "v"):
            raise SheetError("nested")
        if within != "c" and name in ("f", "v", "is"):
            raise SheetError("foreign")
        if within == "c" or (within, name) == ("is", "t"):
            if name in self._once:
                raise SheetError("twice")
            self._once.add(name)
        # the readings of Chinese or Japanese texts stand in rPh, beside the text itself
        self._runs.start(name, attributes)
        run = name == "t" and "is" in self._path and "rPh" not in self._path
        if run or (within == "c" and name in ("f", "v")):
            self._text = []
        if within == "c" and name == "f":
            self._begin_formula(attributes)

    def _begin_formula(self, attributes: dict[str, str]) -> None:
        assert self._cell is not None
        self._cell["opening"] = "<f"
        if attributes.get("t") in ("array", "dataTable"):
            self.arrays.append(attributes.get("ref", ""))
            check_area(attributes.get("ref", ""))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        if number and not re.fullmatch(r"[1-9][0-9]{0,6}", number):
            raise SheetError("row")
        self._row, self._col = int(number) if number else self._row + 1, 0
        if len(self._rows) > ROWS:
            raise SheetError("cells")
        if self._row in self._rows:
            raise SheetError("twice")
        self._rows.add(self._row)
        self.height = max(self.height, min(self._row, WINDOW[0]))
        if unseen(attributes, "ht"):
            self.hidden_rows.add(self._row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._cell is not None or self._count > CELLS:
            raise SheetError("cells")
        if "r" in attributes:
            self._row, self._col = split(attributes["r"])
        else:
            self._row, self._col = max(self._row, 1), self._col + 1
        self._cell, self._once = {"style": attributes.get("s", ""), "type": attributes.get("t", "")}, set()
        self._runs = Runs()

    def _data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
        elif self._cell is None:
            self.extras.data(text)

    def _end(self, tag: str) -> None:
        name = self._path.pop()
        extra, self._extra = self._extra, max(0, self._extra - 1)
        if self._cell is None:
            self.extras.end(name)
            return
        if name == "c" and not extra:
            self._end_cell()
        elif self._text is not None and name in _FIELDS:
            field, text = _FIELDS[name], "".join(self._text)
            self._cell[field] = self._cell.get(field, "") + text
            self._text = None
            if name == "t":
                self._runs.add(text)

    def _end_cell(self) -> None:
        assert self._cell is not None
        fields, self._cell = self._cell, None
        address = f"{letters(self._col)}{self._row}"
        rest = (fields.get(each, "") for each in ("style", "type", "opening", "formula", "value", "inline"))
        style, type, opening, formula, value, inline = rest
        if value and inline:
            raise SheetError("twice")
        cell = (address, style, type, opening, formula, value, inline)
        if self._row >= WINDOW[0] or self._col > WINDOW[1]:
            self.far = True
            self.beyond += [cell] if len(self.beyond) < FAR and any(cell[3:]) else []
            return
        if address in self.cells:
            raise SheetError("twice")
        self.cells[address] = cell
        if look := self._runs.look():
            self.marked[address] = look


class Runs:
    """The runs of one text, as they come: whether a part of it is struck out, raised or lowered."""

    def __init__(self) -> None:
        self.mark, self._pieces, self._marked = "", list[str](), False

    def start(self, name: str, facts: Mapping[str, str]) -> None:
        if name == "r":
            self.mark = ""
        elif name == "strike" and facts.get("val") not in FALSE:
            self.mark = STRUCK
        elif name == "vertAlign":
            self.mark = _RAISED.get(facts.get("val", ""), self.mark)

    def add(self, text: str) -> None:
        marked = bool(self.mark and text.strip())
        self._marked |= marked
        self._pieces.append(f"〔{self.mark}{text}〕" if marked else text)

    def look(self) -> str:
        """The text with a word at each such part; nothing where there is none."""
        return "".join(self._pieces) if self._marked else ""


_RAISED = {"superscript": "上标", "subscript": "下标"}
_FIELDS = {"f": "formula", "v": "value", "t": "inline"}
_FRAME, _INSIDE = {"worksheet": 1, "sheetData": 2}, {"row": 3, "c": 4}
"""How deep the elements stand around the cells, and they themselves."""


def refuse_doctype(*_: object) -> None:
    """The handler for a document type definition: no office program writes one."""
    raise SheetError("doctype")
