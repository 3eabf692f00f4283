"""The container of older office files: streams in a file of sectors, each sector with a word on which one follows."""

from __future__ import annotations

import struct
from typing import NamedTuple

from .grid import LegacyError

_KINDS = {
    "encryptedpackage": "encrypted", "workbook": "xls", "book": "xls", "worddocument": "word",
    "powerpoint document": "ppt", "__properties_version1.0": "mail",
}  # fmt: skip
_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST, _FREE, _NOBODY = 0xFFFF_FFFE, 0xFFFF_FFFF, 0xFFFF_FFFF
_ENTRY, _ENTRY_SIZE, _SMALL_SIZE, _NAMED_IN_HEADER = struct.Struct("<64sHBxLLL36xLL4x"), 128, 64, 109
_STREAM, _ROOT = 2, 5
_SPARE = 8


class _Entry(NamedTuple):
    name: bytes
    length: int
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class Ole:
    """``kind``: what the container holds (xls, encrypted, word, ppt, mail, other).

    Raises LegacyError, struct.error, IndexError where it is damaged, also where a chain of sectors leads in a circle.
    """

    def __init__(self, data: bytes) -> None:
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if not data.startswith(_MAGIC) or shift not in (9, 12) or 1 << small_shift != _SMALL_SIZE:
            raise LegacyError("damaged")
        self._data, self._size = data, 1 << shift
        self._count = len(data) // self._size - 1
        self._next = self._table(self._table_sectors())
        if any(each != _FREE for each in self._next[self._count :]):
            raise LegacyError("damaged")  # the tail is cut off
        (first,), (self._cutoff, self._small) = struct.unpack_from("<L", data, 48), struct.unpack_from("<LL", data, 56)
        self._directory = self._joined(first)
        self._root = self._entry(0)
        self._entries = self._topmost()
        self.kind = next((kind for name, kind in _KINDS.items() if name in self._entries), "other")

    def book(self) -> bytes:
        """The stream of the workbook."""
        entry = self._entries.get("workbook") or self._entries["book"]
        if entry.kind != _STREAM or entry.size > len(self._data):
            raise LegacyError("damaged")
        found = self._joined(entry.start) if entry.size >= self._cutoff else self._of_small(entry.start)
        if len(found) < entry.size:
            raise LegacyError("damaged")
        return found[: entry.size]

    def _of_small(self, start: int) -> bytes:
        """A small stream: its sectors lie in the stream of the root."""
        body, table = self._joined(self._root.start), self._table(_chain(self._small, self._next))
        return b"".join(body[k * _SMALL_SIZE : (k + 1) * _SMALL_SIZE] for k in _chain(start, table))

    def _topmost(self) -> dict[str, _Entry]:
        """The entries beneath the root by their names; what lies deeper belongs to something embedded."""
        if self._root.kind != _ROOT:
            raise LegacyError("damaged")
        found, waiting, seen = dict[str, _Entry](), [self._root.child], set[int]()
        while waiting:
            number = waiting.pop()
            if number == _NOBODY:
                continue
            if number in seen:
                raise LegacyError("damaged")
            seen.add(number)
            entry = self._entry(number)
            found[entry.name[: max(0, entry.length - 2)].decode("utf-16-le", "replace").lower()] = entry
            waiting += [entry.left, entry.right]
        return found

    def _entry(self, number: int) -> _Entry:
        return _Entry(*_ENTRY.unpack_from(self._directory, number * _ENTRY_SIZE))

    def _sector(self, number: int) -> bytes:
        if number >= self._count:
            raise LegacyError("damaged")
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _joined(self, start: int) -> bytes:
        return b"".join(map(self._sector, _chain(start, self._next)))

    def _table_sectors(self) -> list[int]:
        """Where the table of followers lies: not many more sectors than a file of this size needs."""
        (said,), (more,) = struct.unpack_from("<L", self._data, 44), struct.unpack_from("<L", self._data, 68)
        per = self._size // 4
        if said > 2 * self._count // per + _SPARE:
            raise LegacyError("damaged")
        numbers = list(struct.unpack_from(f"<{_NAMED_IN_HEADER}L", self._data, 76))
        while len(numbers) < said:
            *some, more = struct.unpack(f"<{per}L", self._sector(more))
            numbers += some
        return numbers[:said]

    def _table(self, sectors: list[int]) -> tuple[int, ...]:
        raw = b"".join(map(self._sector, sectors))
        return struct.unpack(f"<{len(raw) // 4}L", raw)


def _chain(start: int, following: tuple[int, ...]) -> list[int]:
    """The sectors from one to the last; more than there are would be a circle."""
    found = list[int]()
    while start != _LAST:
        if start >= len(following) or len(found) >= len(following):
            raise LegacyError("damaged")
        found.append(start)
        start = following[start]
    return found
