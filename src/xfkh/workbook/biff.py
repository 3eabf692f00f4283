"""The records of an .xls workbook (BIFF8, Excel 97 and later, WPS's .et): every value with its formula, its error, its
number format."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from ..privacy import APART
from .beside import Beside
from .grid import EPOCH, EPOCH_1904, FORMULA, SHEETS, GridSheet, LegacyError, area, check_size
from .read import BUILT_IN, RawCell, is_date, moment, plain, struck_out
from .texts import whole

RECORDS = 1_000_000
"""The most of a workbook that are looked at."""
_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x22, 0x85
_SST, _FONT, _XF, _FORMAT, _MERGED = 0xFC, 0x31, 0xE0, 0x41E, 0xE5
_LINED, _NO_FONT = 8, 4
"""The flag of a font that strikes out; the number that no font has."""
_LABEL, _RICH, _LABELSST, _NUMBER_CELL, _RK, _MULRK, _BOOLERR = 0x204, 0xD6, 0xFD, 0x203, 0x27E, 0xBD, 0x205
_FORMULA, _STRING = 0x06, 0x207
_ROW, _COLUMNS, _PROTECT, _FILTER, _RULE, _HEADER, _FOOTER = 0x208, 0x7D, 0x12, 0x9D, 0x1BE, 0x14, 0x15
_CONTINUE = b"\x3c\0"
_OLD_BOF = (0x09, 0x209, 0x409)
_BIFF8 = 0x600


class Biff:
    """The stream of a workbook: first what all sheets share, then each sheet at its place."""

    def __init__(self, stream: bytes) -> None:
        self._stream, self._left = stream, RECORDS
        self._texts = list[str]()
        self._codes, self._styles = dict[str, str](), list[int]()
        self._formats, self._open = list[str](), set[int]()
        self._fonts, self._lined, self._struck = 0, set[int](), set[int]()
        self._epoch = EPOCH
        self._bounds = list[tuple[int, str, bool]]()

    def encrypted(self) -> bool:
        """Everything that follows the record of a password is unreadable."""
        return any(type == _FILEPASS for type, _ in self._records(0))

    def sheets(self) -> dict[str, GridSheet]:
        for type, parts in self._records(0):
            self._shared(type, parts)
        self._formats = [self._format(str(each)) for each in self._styles]
        names, places = {name for _, name, _ in self._bounds}, {at for at, _, _ in self._bounds}
        if not len(names) == len(places) == len(self._bounds):
            raise LegacyError("twice")
        if not 0 < len(names) <= SHEETS:
            raise LegacyError("large" if names else "damaged")
        sheets = dict[str, GridSheet]()
        for at, name, hidden in self._bounds:
            sheets[name] = self._sheet(GridSheet(name, hidden, epoch=self._epoch), at)
            check_size(sheets.values())
        return sheets

    def _records(self, at: int) -> Iterator[tuple[int, list[bytes]]]:
        """Every record from a beginning to its end, each with what continues it; not those of a chart within."""
        self._check_version(at)
        depth = 0
        while True:
            type, body, at = self._record(at)
            parts = [body]
            while self._stream.startswith(_CONTINUE, at):
                _, more, at = self._record(at)
                parts.append(more)
            depth += (type == _BOF) - (type == _EOF)
            if depth == 0:
                return
            if depth == 1:
                yield type, parts

    def _record(self, at: int) -> tuple[int, bytes, int]:
        type, size = struct.unpack_from("<HH", self._stream, at)
        end = at + 4 + size
        self._left -= 1
        if end > len(self._stream):
            raise LegacyError("damaged")
        if self._left < 0:
            raise LegacyError("large")
        return type, self._stream[at + 4 : end], end

    def _check_version(self, at: int) -> None:
        type, _, version = struct.unpack_from("<HHH", self._stream, at)
        if type in _OLD_BOF or (type == _BOF and version < _BIFF8):
            raise LegacyError("old")
        if type != _BOF or version != _BIFF8:
            raise LegacyError("damaged")

    def _shared(self, type: int, parts: list[bytes]) -> None:
        body = parts[0]
        if type == _FILEPASS:
            raise LegacyError("encrypted")
        if type == _DATEMODE:
            self._epoch = EPOCH_1904 if body[0] else EPOCH
        elif type == _XF:
            font, code, locked = struct.unpack_from("<HHB", body)
            self._open |= set() if locked & 1 else {len(self._styles)}
            self._struck |= {len(self._styles)} if font in self._lined else set()
            self._styles.append(code)
        elif type == _FONT:
            self._lined |= {self._fonts} if body[2] & _LINED else set()
            self._fonts += 2 if self._fonts == _NO_FONT - 1 else 1
        elif type == _FORMAT:
            self._codes[str(struct.unpack_from("<H", body)[0])] = _Run(parts, 2).text()
        elif type == _BOUNDSHEET:
            at, state, kind, length, wide = struct.unpack_from("<LBBBB", body)
            if kind == 0:
                self._bounds.append((at, _Run(parts, 8).characters(length, wide), state & 3 != 0))
        elif type == _SST:
            run = _Run(parts, 8)
            self._texts = [run.text() for _ in range(struct.unpack_from("<L", body, 4)[0])]

    def _sheet(self, sheet: GridSheet, at: int) -> GridSheet:
        place, merges, extras = (-1, -1), list[str](), _Extras()
        for type, parts in self._records(at):
            if type in _CELL_TYPES:
                for row, col, style, raw in self._cells(type, parts):
                    sheet.put(row, col, raw)
                    place = (row, col)
                    if style in self._open:
                        sheet.free.add(place)
            elif type == _STRING and sheet.at(*place).formula:
                sheet.cells[place] = replace(sheet.cells[place], value=_Run(parts).text())
            elif type == _MERGED:
                merges += _merges(parts[0])
            else:
                extras.note(sheet, type, parts)
        sheet.merges, sheet.beside = tuple(merges), extras.found()
        return sheet

    def _cells(self, type: int, parts: list[bytes]) -> Iterator[tuple[int, int, int, RawCell]]:
        body = parts[0]
        row, col, style = struct.unpack_from("<HHH", body)
        if type == _MULRK:
            for k in range((len(body) - 6) // 6):
                style, packed = struct.unpack_from("<Hl", body, 4 + 6 * k)
                yield row, col + k, style, self._raw(_unpacked(packed), style)
        elif type == _FORMULA:
            (size,) = struct.unpack_from("<H", body, 20)
            value, error = _result(body[6:14])
            yield row, col, style, self._raw(value, style, _arithmetic(body[22 : 22 + size]), error)
        elif type == _BOOLERR:
            yield row, col, style, self._raw(None if body[7] else bool(body[6]), style, error=bool(body[7]))
        elif type == _LABELSST:
            yield row, col, style, self._raw(self._texts[struct.unpack_from("<L", body, 6)[0]], style)
        elif type == _NUMBER_CELL:
            yield row, col, style, self._raw(struct.unpack_from("<d", body, 6)[0], style)
        elif type == _RK:
            yield row, col, style, self._raw(_unpacked(struct.unpack_from("<l", body, 6)[0]), style)
        else:
            yield row, col, style, self._raw(_Run(parts, 6).text(), style)

    def _format(self, number: str) -> str:
        code = self._codes.get(number, BUILT_IN.get(number, ""))
        return "" if code.lower() == "general" else code

    def _raw(self, value: object, style: int, formula: str = "", error: bool = False) -> RawCell:
        code = self._formats[style] if style < len(self._formats) else ""
        if code and isinstance(value, float) and is_date(code):
            value = moment(self._epoch, value)
        marked = struck_out(value, True, ()) if style in self._struck else ""
        return RawCell(value, formula, error, code, marked=marked)


class _Extras:
    """What lies beside the cells of a sheet, record by record."""

    def __init__(self) -> None:
        self._protected = False
        self._ruled, self._prompts, self._margins = list[str](), list[str](), list[str]()

    def found(self) -> Beside:
        said = [("页眉页脚", APART.join(self._margins)), ("填写提示", APART.join(self._prompts))]
        return Beside(self._protected, tuple(self._ruled), tuple(each for each in said if each[1]))

    def note(self, sheet: GridSheet, type: int, parts: list[bytes]) -> None:
        """A record that nobody needs for the answers: where it is damaged, it says nothing."""
        with suppress(struct.error, LegacyError):
            body = parts[0]
            if type == _ROW:
                row, height, flags = struct.unpack_from("<H4xH4xH", body)
                sheet.hidden_rows |= {row + 1} if flags & 0x20 or not height else set()
            elif type == _COLUMNS:
                first, last, width, _, flags = struct.unpack_from("<5H", body)
                sheet.hidden_columns += [(first + 1, last + 1)] if flags & 1 or not width else []
            elif type == _PROTECT:
                self._protected |= any(body)
            elif type == _FILTER:
                sheet.filtered = True
            elif type in (_HEADER, _FOOTER) and body:
                self._margins.append(_Run(parts).text())
            elif type == _RULE:
                self._rule(_Run(parts))

    def _rule(self, run: _Run) -> None:
        """What may be typed into some cells: the kind, four texts, two formulas, the ranges."""
        (flags,) = struct.unpack("<L", run.take(4))
        self._prompts += [run.text() for _ in range(4)]
        for _ in range(2):
            run.take(struct.unpack("<Hxx", run.take(4))[0])
        (count,) = struct.unpack("<H", run.take(2))
        ranges = [struct.unpack("<4H", run.take(8)) for _ in range(count)]
        if flags & 0xF:
            self._ruled += [area(top, left, bottom, right) for top, bottom, left, right in ranges]


_CELL_TYPES = {_LABEL, _RICH, _LABELSST, _NUMBER_CELL, _RK, _MULRK, _BOOLERR, _FORMULA}


def _unpacked(packed: int) -> float:
    """A number in 30 bits: whole, or the upper part of a double; perhaps of its hundredfold."""
    upper = (packed & 0xFFFF_FFFC) << 32
    value: float = packed >> 2 if packed & 2 else struct.unpack("<d", struct.pack("<Q", upper))[0]
    return value / 100 if packed & 1 else float(value)


def _result(raw: bytes) -> tuple[object, bool]:
    """The value of a formula when it was saved, and whether it is an error; a text follows in its own record."""
    if raw[6:8] != b"\xff\xff":
        return struct.unpack("<d", raw)[0], False
    return {1: bool(raw[2]), 2: None}.get(raw[0], ""), raw[0] == 2


def _merges(body: bytes) -> list[str]:
    (count,) = struct.unpack_from("<H", body)
    found = struct.iter_unpack("<4H", body[2 : 2 + 8 * count])
    return [area(top, left, bottom, right) for top, bottom, left, right in found]


_WHOLE, _DOUBLE, _ATTRIBUTE, _SPACES = 0x1E, 0x1F, 0x19, b"\x40"
_SIGNS = {3: "+", 4: "-", 5: "*", 6: "/", 7: "^"}
_AROUND = {0x12: "+{}", 0x13: "-{}", 0x14: "{}%", 0x15: "({})"}
_LONGEST = 300


def _arithmetic(tokens: bytes) -> str:
    """Typed arithmetic of numbers as it was typed; any other formula is only said to be there."""
    stack, at = list[str](), 0
    while at < len(tokens) <= _LONGEST:
        token, at = tokens[at], at + 1
        if token == _WHOLE:
            stack.append(str(struct.unpack_from("<H", tokens, at)[0]))
            at += 2
        elif token == _DOUBLE:
            stack.append(plain(struct.unpack_from("<d", tokens, at)[0]))
            at += 8
        elif token in _SIGNS and len(stack) > 1:
            last = stack.pop()
            stack[-1] += _SIGNS[token] + last
        elif token in _AROUND and stack:
            stack[-1] = _AROUND[token].format(stack[-1])
        elif token == _ATTRIBUTE and tokens[at : at + 1] == _SPACES:
            at += 3
        else:
            return FORMULA
    return stack[0] if len(stack) == 1 else FORMULA


class _Run:
    """The bytes of a record, read on over what continues it."""

    def __init__(self, parts: list[bytes], at: int = 0) -> None:
        self._parts, self._k, self._at = parts, 0, at

    def text(self) -> str:
        """A text with its length before it; its fonts and its readings are passed over."""
        length, flags = struct.unpack("<HB", self.take(3))
        (fonts,) = struct.unpack("<H", self.take(2)) if flags & 8 else (0,)
        (readings,) = struct.unpack("<L", self.take(4)) if flags & 4 else (0,)
        found = self.characters(length, flags)
        self.take(4 * fonts + readings)
        return found

    def take(self, count: int) -> bytes:
        found = list[bytes]()
        while count:
            if self._at >= len(self._parts[self._k]):
                self._on()
            found.append(self._parts[self._k][self._at : self._at + count])
            self._at, count = self._at + len(found[-1]), count - len(found[-1])
        return b"".join(found)

    def characters(self, length: int, flags: int) -> str:
        """Each part of a record says anew whether its characters take one byte or two."""
        found = list[bytes]()
        while length:
            if self._at >= len(self._parts[self._k]):
                self._on()
                flags = self.take(1)[0]
            size = 1 + (flags & 1)
            raw = self._parts[self._k][self._at : self._at + length * size]
            if len(raw) % size:
                raise LegacyError("damaged")
            self._at, length = self._at + len(raw), length - len(raw) // size
            found.append(raw if size == 2 else raw.decode("latin-1").encode("utf-16-le"))
        return whole(b"".join(found).decode("utf-16-le", "surrogatepass"))

    def _on(self) -> None:
        self._k, self._at = self._k + 1, 0
        if self._k >= len(self._parts):
            raise LegacyError("damaged")
