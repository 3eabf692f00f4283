"""A zip in memory (a workbook, an archive), judged by its directory before anything is inflated."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ..text import clean


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a package holds: members, bytes of one part and of all, inflated bytes a packed byte beyond ``free``."""

    members: int = 500
    part: int = 40 * 2**20
    total: int = 80 * 2**20
    ratio: int = 200
    free: int = 2**20


LIMITS = Limits()
_END, _ENTRY, _LOCAL = struct.Struct("<4s4H2LH"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
_END_MARK, _ENTRY_MARK, _LOCAL_MARK, _LOCATOR_MARK = b"PK\5\6", b"PK\1\2", b"PK\3\4", b"PK\6\7"
_LOCATOR_SIZE, _ELSEWHERE = 20, 0xFFFF_FFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _STREAMED, _UTF8 = 0x2041, 0x8, 0x800
_KINDS_OF_FILE = {0, 0x4000, 0x8000}  # none said, folder, file
# an empty, "." or ".." step, a leading slash, a drive
_UNSAFE = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|^[A-Za-z]:")


class PackageError(Exception):
    """A package, or a member of one, that is not safe to read; ``kind`` is one word that says why."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member as the directory has it; ``body``: where its packed bytes start."""

    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int
    body: int
    agrees: bool


class Package:
    """``names`` in the directory's order, a folder's with a slash at its end; ``sizes`` when inflated; ``problems``:
    the members that cannot be read, and why (link, encrypted, method, too-large, damaged).

    Raises PackageError for a package that as a whole is not to be trusted: damaged, split, zip64, junk, too-many,
    too-large, overlap, traversal, duplicate.
    """

    def __init__(self, data: bytes, limits: Limits = LIMITS) -> None:
        start, end, count = _directory(data)
        if count > limits.members:
            raise PackageError("too-many")
        entries = _entries(data, start, end, count)
        _check_places(entries, start)
        self.names = _names(entries)
        self._data, self._entries = data, dict(zip(self.names, entries, strict=True))
        self.sizes = {name: each.size for name, each in self._entries.items()}
        self.problems = {name: kind for name, each in self._entries.items() if (kind := _kind(each, limits))}
        if sum(size for name, size in self.sizes.items() if name not in self.problems) > limits.total:
            raise PackageError("too-large")

    def read(self, name: str) -> bytes:
        """A member's bytes: as many as the directory says, no more are ever inflated, with the checksum it says."""
        if name in self.problems:
            raise PackageError(self.problems[name])
        if name not in self._entries:
            raise PackageError("missing")
        each = self._entries[name]
        packed = self._data[each.body : each.body + each.packed]
        content = packed if each.method == _STORED else _inflated(packed, each.size)
        if len(content) != each.size or zlib.crc32(content) != each.crc:
            raise PackageError("damaged")
        return content


def _inflated(packed: bytes, size: int) -> bytes:
    """One byte more than there should be is asked for, so that the stream's end is reached, or its lie is seen."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = stream.decompress(packed, size + 1)
    except zlib.error:
        raise PackageError("damaged") from None
    if not stream.eof or stream.unused_data:
        raise PackageError("damaged")
    return content


def _directory(data: bytes) -> tuple[int, int, int]:
    """Where the directory starts and ends, and how many members it has."""
    at = data.rfind(_END_MARK)
    if at < 0 or len(data) < at + _END.size:
        raise PackageError("damaged")
    _, disk, _, here, count, size, offset, comment = _END.unpack_from(data, at)
    if offset == _ELSEWHERE or data.startswith(_LOCATOR_MARK, max(0, at - _LOCATOR_SIZE)):
        raise PackageError("zip64")
    if disk or here != count:
        raise PackageError("split")
    before, after = at - size - offset, len(data) - at - _END.size - comment
    # an end that belongs to a package stored within one that was cut off
    cut = before > 0 and data.startswith(_LOCAL_MARK)
    if before < 0 or after < 0 or cut:
        raise PackageError("damaged")
    if before or after:
        raise PackageError("junk")
    return offset, at, count


def _entries(data: bytes, start: int, end: int, count: int) -> list[_Entry]:
    entries, at = [], start
    for _ in range(count):
        if at + _ENTRY.size > end or not data.startswith(_ENTRY_MARK, at):
            raise PackageError("damaged")
        _, _, _, flags, method, _, _, crc, packed, size, named, extra, said, _, _, attributes, offset = (
            _ENTRY.unpack_from(data, at)
        )
        if _ELSEWHERE in (packed, size, offset):
            raise PackageError("zip64")
        if offset + _LOCAL.size > start:
            raise PackageError("damaged")
        raw = data[at + _ENTRY.size : at + _ENTRY.size + named]
        filled = _local_extra(data, offset, raw, flags, method, (crc, packed, size))
        body = offset + _LOCAL.size + named + max(filled, 0)
        entries.append(
            _Entry(raw, flags, method, crc, packed, size, attributes >> 16 & 0xF000, offset, body, filled >= 0)
        )
        at += _ENTRY.size + named + extra + said
    if at != end:
        raise PackageError("damaged")
    return entries


def _local_extra(data: bytes, offset: int, raw: bytes, flags: int, method: int, sizes: tuple[int, int, int]) -> int:
    """How many extra bytes follow the name in a member's own header; -1 where that is not what the directory says.

    Who writes into a pipe knows the sizes only afterwards, or leaves room for very large ones.
    """
    mark, _, own_flags, own_method, _, _, crc, packed, size, named, extra = _LOCAL.unpack_from(data, offset)
    alike = mark == _LOCAL_MARK and named == len(raw) and data.startswith(raw, offset + _LOCAL.size)
    alike = alike and own_method == method and not (own_flags ^ flags) & _ENCRYPTED
    unknown = own_flags & _STREAMED or (crc == sizes[0] and packed == size == _ELSEWHERE)
    return extra if alike and (unknown or (crc, packed, size) == sizes) else -1


def _check_places(entries: list[_Entry], start: int) -> None:
    """Members lie one behind the other, from the first byte on, before the directory."""
    places = sorted((each.offset, each.body + each.packed) for each in entries)
    if (places[0][0] if places else start) > 0:
        raise PackageError("junk")
    for (_, end), (following, _) in pairwise([*places, (start, start)]):
        if end > following:
            raise PackageError("overlap")


def _names(entries: list[_Entry]) -> list[str]:
    """Each member's name, all of them different and below the container."""
    plain = guessed_encoding(each.raw for each in entries if not each.flags & _UTF8)
    names = [_name(each.raw, "utf-8" if each.flags & _UTF8 else plain) for each in entries]
    if any(b"\0" in each.raw for each in entries) or any(_UNSAFE.search(name.removesuffix("/")) for name in names):
        raise PackageError("traversal")
    if len({name.removesuffix("/").casefold() for name in names}) < len(names):
        raise PackageError("duplicate")
    return names


def _name(raw: bytes, encoding: str) -> str:
    """Shown with slashes, and without what nobody can see. A wrong flag on a name in GBK is not believed."""
    try:
        name = raw.decode(encoding)
    except UnicodeDecodeError:
        name = raw.decode("gb18030", "replace")
    name = name.replace("\\", "/")
    return name if name.isascii() and name.isprintable() else clean(name).replace("\n", "")


def guessed_encoding(names: Iterable[bytes]) -> str:
    """Of names that do not say their encoding: UTF-8 (written so by macOS) or gb18030 (by Windows and its archivers).

    One archive has one encoding, so all its names are asked together. Bytes of GBK that happen to be UTF-8 come out as
    Latin, Greek, Arabic (two bytes each, as a GBK character has); to come out as Chinese, three bytes each, rare
    characters would have to follow each other in step. The other way round, every second Chinese name in UTF-8 is
    valid gb18030. So valid UTF-8 with something as far up as Chinese in it is UTF-8, and all else is gb18030.
    """
    raw = b"/".join(names)
    if raw.isascii():
        return "utf-8"
    try:
        return "utf-8" if max(raw.decode()) >= "\u0800" else "gb18030"
    except UnicodeDecodeError:
        return "gb18030"


def _kind(entry: _Entry, limits: Limits) -> str:
    """Why a member cannot be read, as far as the directory says; "" if it can."""
    if entry.mode not in _KINDS_OF_FILE:
        return "link"
    if entry.flags & _ENCRYPTED:
        return "encrypted"
    if entry.method not in (_STORED, _DEFLATED):
        return "method"
    if entry.size > limits.part or entry.size > max(limits.free, limits.ratio * entry.packed):
        return "too-large"
    return "" if entry.agrees else "damaged"


__all__ = ["LIMITS", "Limits", "Package", "PackageError", "guessed_encoding"]
