"""Cells of somebody's sheet given another format, whether or not the sheet holds them yet."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable

from .addresses import column
from .book import cell
from .patch import Node, Part, PatchError, parse, with_attributes

Place = tuple[int, int]
"""Row and column, counted from 0."""
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
ROWS, COLUMNS = 1_048_576, 16_384
_MOST = 10_000_000
_WIDE_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f\s")
_WIDTH, _HEIGHT = 64, 20
"""Pixels of a cell of which nothing else is said."""


def place(address: str) -> Place | None:
    """The place of an address; None where a sheet has no such cell."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        return None
    row, col = int(found[2]), column(found[1].upper())
    return (row - 1, col - 1) if row <= ROWS and col <= COLUMNS else None


def area(reference: str) -> tuple[Place, Place] | None:
    """The corners of a block of cells."""
    first, _, last = reference.partition(":")
    corners = place(first), place(last or first)
    return (corners[0], corners[1]) if corners[0] and corners[1] else None


class SheetPart:
    """One sheet's part, parsed down to its rows."""

    def __init__(self, part: Part) -> None:
        self.part, root = part, part.root
        data = root.one("sheetData")
        if root.name != "worksheet" or data is None:
            raise PatchError("工作表")
        self.data = data
        self.rows = dict[int, Node]()
        number = -1
        for row in data.all("row"):
            number = int(row.get("r") or number + 2) - 1
            if self.rows.setdefault(number, row) is not row:
                raise PatchError("重复的行")
        self.order = list(self.rows)
        self.columns = [(int(col.get("min") or 1) - 1, int(col.get("max") or 1) - 1, col) for col in self._all("cols")]
        self.merges = [found for each in self._all("mergeCells") if (found := area(each.get("ref") or ""))]
        formats = root.one("sheetFormatPr")
        self.width = _number(formats, "defaultColWidth", 0) * 7 + 5 if formats and formats.get("defaultColWidth") else 0
        self.height = _number(formats, "defaultRowHeight", 15)

    def _all(self, name: str) -> list[Node]:
        node = self.part.root.one(name)
        return node.children if node else []

    def shown(self, at: Iterable[Place]) -> dict[Place, Place]:
        """Each place → the cell that is seen there: of merged ones the first."""
        seen = {each: each for each in at}
        if len(seen) * len(self.merges) > _MOST:
            raise PatchError("合并的格子太多")
        for (top, left), (bottom, right) in self.merges:
            for row, col in seen:
                if top <= row <= bottom and left <= col <= right:
                    seen[row, col] = (top, left)
        return seen

    def restyle(self, at: Iterable[Place], new: Callable[[Place, int], int]) -> None:
        """Another format for some cells; ``new`` makes it of the cell and the number of the one that it has."""
        by_row = dict[int, list[int]]()
        for row, col in sorted(set(at)):
            by_row.setdefault(row, []).append(col)
        ends = _ends(self.order)
        for row, cols in by_row.items():
            if row in self.rows:
                self._row(row, cols, new)
                continue
            styles = [(col, new((row, col), self._base(None, col))) for col in cols]
            inner = "".join(self._blank(row, col, style) for col, style in styles)
            prefix = self.part.root.prefix
            self._put_row(row, f'<{prefix}row r="{row + 1}">{inner}</{prefix}row>'.encode(), ends)

    def _put_row(self, row: int, new: bytes, ends: list[int]) -> None:
        """A new row before the first that comes after it."""
        k = bisect_right(ends, row)
        if k < len(self.order):
            self.part.insert(self.rows[self.order[k]].start, new)
        else:
            self.part.append(self.data, new)

    def put(self, row: int, col: int, new: bytes) -> None:
        """A whole cell in a row that is there."""
        node = self.rows[row]
        cells = self._cells(node)
        if col in cells:
            self.part.cut(node.start + cells[col].start, node.start + cells[col].end, new)
            return
        after = next((node.start + found.start for each, found in cells.items() if each > col), None)
        if after is None:
            self.part.append(node, new)
        else:
            self.part.insert(after, new)
        if node.get("spans"):
            self.part.set(node, spans=None)

    def style(self, at: Place) -> int:
        """The number of a cell's format."""
        node = self.rows.get(at[0])
        found = self._cells(node).get(at[1]) if node is not None else None
        return int(found.get("s") or 0) if found is not None else self._base(node, at[1])

    def empty(self, at: Place) -> bool:
        """Takes a number out of a cell, with the formula that gave it. Not where the formula is of other cells too:
        then False."""
        row = self.rows.get(at[0])
        found = self._cells(row).get(at[1]) if row is not None else None
        if row is None or found is None:
            return True
        start, end = row.start + found.head, row.start + found.close
        if _WIDE_FORMULA.search(self.part.data, start, end):
            return False
        if found.get("t") in (None, "n", "d"):
            self.part.cut(start, end, b"")
        return True

    def _row(self, row: int, cols: list[int], new: Callable[[Place, int], int]) -> None:
        node = self.rows[row]
        cells = self._cells(node)
        for col in cols:
            if col not in cells:
                self.put(row, col, self._blank(row, col, new((row, col), self._base(node, col))).encode())
                continue
            start, end = node.start + cells[col].start, node.start + cells[col].head
            style = new((row, col), int(cells[col].get("s") or 0))
            self.part.cut(start, end, with_attributes(self.part.data[start:end], {"s": str(style)}))

    def _cells(self, row: Node) -> dict[int, Node]:
        """The cells of a row by their columns, placed from where the row begins."""
        found, col = dict[int, Node](), -1
        for each in parse(self.part.data[row.start : row.end], 1).all("c"):
            said = place(each.get("r") or "")
            col = said[1] if said else col + 1
            found.setdefault(col, each)
        return found

    def _base(self, row: Node | None, col: int) -> int:
        """The format of a cell that is not there: of its row, or else of its column."""
        if row is not None and row.get("customFormat") in ("1", "true"):
            return int(row.get("s") or 0)
        return next((int(each.get("style") or 0) for first, last, each in self.columns if first <= col <= last), 0)

    def _blank(self, row: int, col: int, style: int) -> str:
        return f'<{self.part.root.prefix}c r="{cell(row, col)}" s="{style}"/>'

    def wide(self, col: int) -> int:
        """The width of a column in pixels."""
        for first, last, each in self.columns:
            if first <= col <= last and each.get("hidden") in ("1", "true"):
                return 0
            if first <= col <= last and each.get("width"):
                return round(_number(each, "width", 9) * 7 + 5)
        return round(self.width) or _WIDTH

    def high(self, row: int) -> int:
        """The height of a row in pixels."""
        node = self.rows.get(row)
        if node is not None and node.get("hidden") in ("1", "true"):
            return 0
        return round(_number(node, "ht", self.height) / 0.75) or _HEIGHT


def _ends(order: list[int]) -> list[int]:
    """The numbers of the rows, none below the one before: where rows stand out of order, the new one comes last."""
    ends, most = list[int](), -1
    for number in order:
        most = max(most, number)
        ends.append(most)
    return ends


def _number(node: Node | None, name: str, default: float) -> float:
    try:
        value = float(node.get(name) or default) if node is not None else default
    except ValueError:
        return default
    return value if 0 <= value < 10_000 else default
