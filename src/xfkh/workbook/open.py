"""The sheets of a workbook of any kind that office programs save: .xlsx, .xls, .et, .ods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from .read import RawCell, ReadError, read_workbook

OLE = b"\xd0\xcf\x11\xe0"


class AnySheet(Protocol):
    """One sheet, rows and columns counted from 0; ``far``: something lies outside the window that is read."""

    name: str
    hidden: bool

    @property
    def merges(self) -> tuple[str, ...]: ...

    @property
    def far(self) -> bool: ...
    @property
    def height(self) -> int: ...
    def at(self, row: int, col: int) -> RawCell: ...
    def text(self, row: int, col: int) -> str: ...
    def texts(self, row: int, columns: int = ...) -> list[str]: ...
    def filled(self) -> Iterator[tuple[str, RawCell]]: ...
    def contents(self) -> Iterator[str]: ...
    def numbers(self) -> Iterator[float]: ...


Sheets = Mapping[str, AnySheet]


def read_any(data: bytes) -> Sheets:
    """By what the bytes are, not by a name. Raises ReadError."""
    if data.startswith(b"PK") and b"opendocument" not in data[:200]:
        return read_workbook(data)
    if not data.startswith((OLE, b"PK")):
        raise ReadError("other")
    from .legacy import LegacyError, read_ods, read_ole

    try:
        return read_ole(data) if data.startswith(OLE) else read_ods(data)
    except LegacyError as error:
        raise ReadError("deep" if error.kind == "nested" else error.kind) from None
