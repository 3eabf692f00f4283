"""A workbook's bytes → its sheets, each cell with its value, formula, error and number format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from .package import Package as Zip
from .package import PackageError
from .sheet import (
    DEPTH,
    PROLOG,
    SHARED,
    WINDOW,
    SheetError,
    SheetXml,
    Written,
    corners,
    letters,
    read_sheet,
    refuse_doctype,
    split,
)

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SMALL = 200_000
SHEETS, STYLES = 100, 64_000
"""How many sheets and cell formats a workbook may have."""


class ReadError(Exception):
    """A workbook that cannot be read; the kind of fault as a word."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """What stands in a cell: its cached value, the formula's text if there is one, whether it is an error, the code
    of its number format where it is not General."""

    value: object = None
    formula: str = ""
    error: bool = False
    format: str = ""


NOTHING = RawCell()


@dataclass(slots=True)
class Shared:
    """What the sheets of a workbook share: texts, the code of each style's number format, the first day of its
    calendar."""

    texts: list[str]
    formats: tuple[str, ...]
    epoch: datetime


@dataclass(slots=True)
class Sheet:
    """One sheet, rows and columns counted from 0."""

    name: str
    xml: SheetXml
    shared: Shared
    hidden: bool = False

    def at(self, row: int, col: int) -> RawCell:
        """Raises ReadError where a text is promised that is not there."""
        written = self.xml.cells.get(f"{_LETTERS[col]}{row + 1}") if col < len(_LETTERS) else None
        return NOTHING if written is None else self._raw(written)

    def text(self, row: int, col: int) -> str:
        """The value as trimmed text, a whole number without its ``.0``. Raises ReadError as ``at`` does."""
        written = self.xml.cells.get(f"{_LETTERS[col]}{row + 1}") if col < len(_LETTERS) else None
        return "" if written is None else plain(self._value(written[2], written[5], written[6]))

    @property
    def height(self) -> int:
        """The number of rows down to the last one written."""
        return self.xml.height

    @property
    def far(self) -> bool:
        return self.xml.far

    @property
    def merges(self) -> tuple[str, ...]:
        return self.xml.merges

    def texts(self, row: int, columns: int = WINDOW[1]) -> list[str]:
        """What stands in the first columns of a row, all those of the window if not said."""
        found = map(self.xml.cells.get, [f"{col}{row + 1}" for col in _LETTERS[:columns]])
        return ["" if each is None else plain(self._value(each[2], each[5], each[6])) for each in found]

    def filled(self) -> Iterator[tuple[str, RawCell]]:
        """Every cell in which something stands, with its address."""
        for address, written in self.xml.cells.items():
            if any(written[3:]):
                yield address, self._raw(written)

    def contents(self) -> Iterator[str]:
        """Every text and number of some length, as it is written, but those of the texts that the sheets share."""
        for each in self.xml.cells.values():
            if len(each[5]) > 9 or each[6]:
                yield each[5] or each[6]

    def _raw(self, written: Written) -> RawCell:
        _, style, type, opening, formula, text, inline = written
        value = self._value(type, text, inline)
        code = self._format(style)
        if code and isinstance(value, float) and _is_date(code):
            value = self._date(value)
        text = self._plain(formula) or SHARED if opening else ""
        if self.xml.arrays and self._in_array(written[0]):
            text = SHARED
        return RawCell(value, text, type == "e", code)

    def _in_array(self, address: str) -> bool:
        """Whether an array formula fills a cell and others: only its first cell says so itself."""
        row, col = split(address)
        areas = (corners(each) for each in self.xml.arrays if ":" in each)
        return any(top <= row <= bottom and left <= col <= right for (top, left), (bottom, right) in areas)

    def _format(self, style: str) -> str:
        number = int(style or 0)
        return self.shared.formats[number] if number < len(self.shared.formats) else ""

    def _value(self, type: str, text: str, inline: str) -> Any:
        match type:
            case "s":
                return self._text(text)
            case "str":
                return _decoded(self._plain(text))
            case "inlineStr":
                return _decoded(self._plain(inline))
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return None
        if not text:
            return None
        return float(text) if _NUMBER.fullmatch(text) else self._plain(text)

    def _text(self, index: str) -> str:
        if not index.isascii() or not index.strip().isdigit() or int(index) >= len(self.shared.texts):
            raise ReadError("texts")
        return self.shared.texts[int(index)]

    def _plain(self, text: str) -> str:
        return unescaped(text) if self.xml.escaped else text

    def _date(self, days: float) -> object:
        try:
            return self.shared.epoch + timedelta(days=days)
        except OverflowError:
            return days


_LETTERS = [letters(col + 1) for col in range(WINDOW[1])]


def plain(value: object) -> str:
    """A value as trimmed text, a whole number without its ``.0``, nothing as an empty one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def unescaped(text: str) -> str:
    """Text without the five entities of XML."""
    for entity, sign in _ENTITIES if "&" in text else ():
        text = text.replace(entity, sign)
    return text


def _decoded(text: str) -> str:
    """Characters that Excel writes by their number."""
    return _CODED.sub(lambda each: chr(int(each[1], 16)), text) if "_x" in text else text


@dataclass(frozen=True, slots=True)
class Package:
    """``sheets`` by their names, in their order; ``parts``: the names of all parts of the package; ``linked``: whether
    a link leads out of it; whether our properties are there (``marked``), names that point somewhere (``named``),
    styles for every cell (``styled``); how many ``names`` of cells and styles it has."""

    sheets: dict[str, Sheet]
    parts: tuple[str, ...]
    linked: bool
    marked: bool
    named: bool
    styled: bool
    names: int


def read_workbook(data: bytes) -> dict[str, Sheet]:
    """The sheets of an .xlsx workbook by their names, in their order. Raises ReadError as ``read_package`` does."""
    return read_package(data).sheets


def read_package(data: bytes) -> Package:
    """An .xlsx workbook with all that is in it.

    Raises ReadError for a package or a part that is damaged, unsafe, or would be read differently by others.
    """
    try:
        return _package(Zip(data))
    except (PackageError, SheetError) as error:
        raise ReadError(str(error)) from None
    except (KeyError, ValueError, SyntaxError, expat.ExpatError, RecursionError) as error:
        raise ReadError(type(error).__name__) from None


def _package(package: Zip) -> Package:
    for kind in package.problems.values():
        raise ReadError(kind)
    book = _outline(package.read(_BOOK))
    targets = _targets(package.read(_LINKS))
    texts = _texts(package.read(_TEXTS)) if _TEXTS in package.names else []
    formats, styles = _formats(package.read(_STYLES)) if _STYLES in package.names else ((), 0)
    shared, sheets, paths = Shared(texts, formats, book.epoch), dict[str, Sheet](), {_BOOK, _LINKS, _TEXTS, _STYLES}
    for name, relation, hidden in book.sheets:
        target = targets[relation].lstrip("/")
        path = target if target.startswith("xl/") else f"xl/{target}"
        if name in sheets or path in paths:
            raise ReadError("twice")
        sheets[name] = Sheet(name, read_sheet(package.read(path)), shared, hidden)
        paths.add(path)
    linked = marked = False
    for name in package.names:
        if name in paths:
            continue
        data = package.read(name)
        if name.lower().endswith(_XML):
            _undeclared(data)
            if "externalLink" in name and b"ddeLink" in data:
                raise ReadError("dde")
            linked |= b'"External"' in data and name.endswith(".rels")
            marked |= b"xfkh." in data
    used = {cell[1] for sheet in sheets.values() for cell in sheet.xml.cells.values()}
    last = max((int(each or 0) for each in used), default=0)
    return Package(sheets, tuple(package.names), linked, marked, book.named, last < len(formats), book.names + styles)


_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TEXTS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_XML = (".xml", ".rels", ".vml")


@dataclass(frozen=True, slots=True)
class _Outline:
    """The names of the sheets, their relations and whether they are hidden; the first day of the calendar; whether
    cells have names and all lead somewhere, and how many."""

    sheets: tuple[tuple[str, str, bool], ...]
    epoch: datetime
    named: bool
    names: int


# the returns of one round share these parts, byte for byte: what was read once is known
@lru_cache(32)
def _outline(data: bytes) -> _Outline:
    sheets, early, names = list[tuple[str, str, bool]](), False, 0
    for tag, facts in _tags(data):
        if tag == "sheet":
            hidden = facts.get("state", "visible") != "visible"
            relation = next((value for key, value in facts.items() if key.endswith(" id")), "")
            sheets.append((facts.get("name", ""), relation, hidden))
        elif tag == "workbookPr":
            early = facts.get("date1904", "0") in ("1", "true")
        names += tag == "definedName"
    if not 0 < len(sheets) <= SHEETS:
        raise ReadError("sheets")
    epoch = datetime(1904, 1, 1) if early else datetime(1899, 12, 30)
    return _Outline(tuple(sheets), epoch, names > 0 and b"#REF!" not in data, names)


@lru_cache(32)
def _targets(data: bytes) -> dict[str, str]:
    return {facts.get("Id", ""): facts.get("Target", "") for tag, facts in _tags(data) if tag == "Relationship"}


@lru_cache(32)
def _formats(data: bytes) -> tuple[tuple[str, ...], int]:
    """The code of every style's number format, nothing for General; how many named styles there are."""
    codes, found, inside, named = dict[str, str](), list[str](), False, 0
    for tag, facts in _tags(data):
        if tag == "numFmt":
            codes[facts.get("numFmtId", "")] = facts.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            number = facts.get("numFmtId", "0")
            found.append(codes.get(number, _BUILT_IN.get(number, "")))
        named += tag == "cellStyle"
    if len(found) > STYLES:
        raise ReadError("styles")
    return tuple("" if each.lower() == "general" else each for each in found), named


_BUILT_IN = {
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "11": "0.00E+00", "12": "# ?/?",
    "13": "# ??/??", "37": "#,##0", "38": "#,##0", "39": "#,##0.00", "40": "#,##0.00", "48": "##0.0E+0", "49": "@",
    **{str(number): "yyyy-m-d" for number in (*range(14, 18), 22, *range(27, 37), *range(50, 59))},
    **{str(number): "h:mm:ss" for number in (18, 19, 20, 21, 45, 46, 47)},
}  # fmt: skip
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@lru_cache(512)
def _is_date(code: str) -> bool:
    return bool(re.search(r"[ymdhs]|[年月日时分秒]", _LITERAL.sub("", code).lower())) or "[h" in code.lower()


def _tags(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every tag with its attributes, names without their namespace."""
    _check(data)
    found = list[tuple[str, dict[str, str]]]()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, facts: found.append((tag.rpartition(" ")[2], facts))
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(data, True)
    return found


_UNUSUAL = re.compile(r"<[!?]|<\w+:|[\r\ufffd]")
_ITEM = re.compile(r'<si><t(?: xml:space="preserve")?(?: ?/>|>([^<]*)</t>)</si>')


def _texts(data: bytes) -> list[str]:
    """The shared texts: by the letter where they are plain, else by the parser."""
    text = data.decode("utf-8", "replace")
    start = PROLOG.match(text)
    if start and not _UNUSUAL.search(text, start.end()) and "&#" not in text:
        found = _ITEM.findall(text)
        if len(found) == text.count("<si"):
            expat.ParserCreate().Parse(data, True)
            return [_decoded(unescaped(each)) if "&" in each or "_x" in each else each for each in found]
    return [_decoded(each) for each in _parsed_texts(data)]


def _parsed_texts(data: bytes) -> list[str]:
    """The runs of every text joined, its readings (rPh) left out."""
    texts, path = list[str](), list[str]()

    def start(tag: str, _: object) -> None:
        path.append(tag.rpartition(" ")[2])
        if len(path) > DEPTH:
            raise SheetError("deep")
        if path[-1] == "si":
            texts.append("")

    def data_of(text: str) -> None:
        if path[-1] == "t" and "si" in path and "rPh" not in path:
            texts[-1] += text

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, lambda _: path.pop()
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = data_of, refuse_doctype
    parser.buffer_text = True
    parser.Parse(data, True)
    return texts


def _undeclared(data: bytes) -> None:
    """Raises SheetError for a document type definition in a part that nobody here reads: another program might."""
    if len(data) > _SMALL:
        _check(data)
    else:
        _check_once(data)


def _check(data: bytes) -> None:
    if _DEEP.search(data):
        raise SheetError("deep")
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(data, True)


_DEEP = re.compile(rb"(?:</[^<>]*>\s*){60}")
_check_once = lru_cache(64)(_check)
