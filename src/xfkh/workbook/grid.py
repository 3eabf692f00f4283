"""A sheet as a table of its filled cells: what the readers of older and other formats make, as ``read`` gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .addresses import letters, split
from .beside import Beside
from .read import NOTHING, RawCell, plain
from .sheet import WINDOW

CELLS, SHEETS, MERGES, FAR = 200_000, 500, 50_000, 1_000
"""The most of a workbook that is read; a form has a few thousand cells."""
FORMULA = "公式"
"""Stands for a formula that is there and is not written out."""
EPOCH, EPOCH_1904, DAY = datetime(1899, 12, 30), datetime(1904, 1, 1), timedelta(days=1)


class LegacyError(Exception):
    """A workbook that is not read; ``kind`` is one word that says why: damaged, twice, nested, large, doctype,
    encrypted, old (before Excel 97), word, ppt, mail, other."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(slots=True)
class GridSheet:
    """One sheet, rows and columns counted from 0: the cells inside the window in which something stands; ``far``:
    whether anything stands outside; ``height``: the rows down to the last filled one; ``free``: the filled cells that
    protection leaves open; the numbers of hidden rows, the first and last of hidden columns, what lies beside the
    cells, as of any sheet."""

    name: str
    hidden: bool = False
    cells: dict[tuple[int, int], RawCell] = field(default_factory=dict)
    far: bool = False
    height: int = 0
    merges: tuple[str, ...] = ()
    epoch: datetime = EPOCH
    free: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    filtered: bool = False
    beside: Beside = field(default_factory=Beside)
    _away: dict[str, RawCell] = field(default_factory=dict, repr=False)

    def at(self, row: int, col: int) -> RawCell:
        return self.cells.get((row, col), NOTHING)

    def text(self, row: int, col: int) -> str:
        """The value as trimmed text, a whole number without its ``.0``, a date as the number of its day."""
        value = self.at(row, col).value
        return plain((value - self.epoch) / DAY if isinstance(value, datetime) else value)

    def texts(self, row: int, columns: int = WINDOW[1]) -> list[str]:
        """What stands in the first columns of a row, all those of the window if not said."""
        return [self.text(row, col) for col in range(columns)]

    def filled(self) -> Iterator[tuple[str, RawCell]]:
        """Every cell in which something stands, with its address."""
        for (row, col), raw in self.cells.items():
            yield _address(row, col), raw

    def loose(self) -> Iterator[str]:
        """The filled cells that protection leaves open."""
        return (_address(*each) for each in sorted(self.free))

    def open(self, addresses: Iterable[str]) -> int:
        """How many of some cells protection leaves open."""
        return len({*addresses}.intersection(self.loose()))

    def beyond(self) -> Iterator[tuple[str, RawCell]]:
        """The first cells outside the window in which something stands."""
        return iter(self._away.items())

    def places(self) -> Iterable[str]:
        return (_address(*each) for each in self.cells)

    def holds(self, address: str) -> bool:
        return True

    def counts(self, address: str) -> bool:
        """Whether a number stands there; some programs leave a 0 where a formula gives a text."""
        row, col = split(address)
        raw = self.at(row - 1, col - 1)
        return isinstance(raw.value, float) and raw.formula != FORMULA

    def contents(self) -> Iterator[str]:
        """Every value as text."""
        return (str(raw.value) for raw in self.cells.values() if raw.value is not None)

    def numbers(self) -> Iterator[float]:
        """Every number."""
        return (raw.value for raw in self.cells.values() if isinstance(raw.value, float))

    def put(self, row: int, col: int, raw: RawCell) -> None:
        """Raises LegacyError where something stands already: readers would not agree on what."""
        if row >= WINDOW[0] or col >= WINDOW[1]:
            self.far = True
            if len(self._away) < FAR:
                self._away[_address(row, col)] = raw
            return
        if (row, col) in self.cells:
            raise LegacyError("twice")
        if len(self.cells) >= CELLS:
            raise LegacyError("large")
        self.cells[row, col] = raw
        self.height = max(self.height, row + 1)


def _address(row: int, col: int) -> str:
    return f"{letters(col + 1)}{row + 1}"


def check_size(sheets: Iterable[GridSheet]) -> None:
    """Raises LegacyError where a workbook's sheets hold more than any form."""
    if sum(len(each.cells) for each in sheets) > CELLS or any(len(each.merges) > MERGES for each in sheets):
        raise LegacyError("large")


def area(top: int, left: int, bottom: int, right: int) -> str:
    """The reference of a block of cells."""
    return f"{letters(left + 1)}{top + 1}:{letters(right + 1)}{bottom + 1}"
