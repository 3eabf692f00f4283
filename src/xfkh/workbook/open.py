"""The sheets of a workbook of any kind that office programs save: .xlsx, .xls, .et, .ods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol

from .beside import Beside
from .package import Package, PackageError
from .read import RawCell, ReadError, read_workbook

OLE = b"\xd0\xcf\x11\xe0"


class AnySheet(Protocol):
    """One sheet, rows and columns counted from 0; ``far``: something lies outside the window that is read, the first of
    it in ``beyond``. The hidden rows and columns are counted from 1; ``beside``: what lies beside the cells;
    ``places``: all cells that ``holds`` and ``counts`` (whether a number stands there) may be asked of; ``loose``: the
    filled cells that protection leaves open; ``open``: how many of some it does."""

    name: str
    hidden: bool

    @property
    def merges(self) -> tuple[str, ...]: ...

    @property
    def far(self) -> bool: ...
    @property
    def hidden_rows(self) -> Collection[int]: ...
    @property
    def hidden_columns(self) -> Collection[tuple[int, int]]: ...
    @property
    def filtered(self) -> bool: ...
    @property
    def beside(self) -> Beside: ...
    @property
    def height(self) -> int: ...
    def at(self, row: int, col: int) -> RawCell: ...
    def text(self, row: int, col: int) -> str: ...
    def texts(self, row: int, columns: int = ...) -> list[str]: ...
    def filled(self) -> Iterator[tuple[str, RawCell]]: ...
    def loose(self) -> Iterator[str]: ...
    def open(self, addresses: Iterable[str]) -> int: ...
    def beyond(self) -> Iterator[tuple[str, RawCell]]: ...
    def places(self) -> Iterable[str]: ...
    def holds(self, address: str) -> bool: ...
    def counts(self, address: str) -> bool: ...
    def contents(self) -> Iterator[str]: ...
    def numbers(self) -> Iterator[float]: ...


Sheets = Mapping[str, AnySheet]


def read_any(data: bytes) -> Sheets:
    """By what the bytes are, not by a name. Raises ReadError."""
    if data.startswith(b"PK") and not _is_ods(data):
        return read_workbook(data)
    if not data.startswith((OLE, b"PK")):
        raise ReadError("other")
    from .legacy import LegacyError, read_ods, read_ole

    try:
        return read_ole(data) if data.startswith(OLE) else read_ods(data)
    except LegacyError as error:
        raise ReadError("deep" if error.kind == "nested" else error.kind) from None


def is_xlsx(data: bytes) -> bool:
    """Whether bytes are a workbook of the kind that is written here."""
    return data.startswith(b"PK") and not _is_ods(data)


def _is_ods(data: bytes) -> bool:
    """What it is stands at its beginning, unless somebody packed it anew."""
    if b"opendocument" in data[:200]:
        return True
    try:
        return {"mimetype", "content.xml"} <= set(Package(data).names)
    except PackageError:
        return False
