"""A workbook's bytes → its sheets, each cell with its value, formula, error and number format."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from ..privacy import APART
from .addresses import SheetError, corners, letters, split
from .beside import FALSE, STRUCK, Beside
from .package import Package as Zip
from .package import PackageError
from .quick import PROLOG, read_sheet
from .relations import links_of, member, resolved
from .sheet import MAINS, SHARED, WINDOW, SheetXml, Written, refuse_doctype
from .texts import decoded, texts_of, unescaped

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?", re.ASCII)
_SMALL = 200_000
SHEETS, STYLES = 100, 64_000
"""How many sheets and cell formats a workbook may have."""


class ReadError(Exception):
    """A workbook that cannot be read; the kind of fault as a word."""


class Garbled(str):
    """What stands where a number should, or under a type that is none: text to look at, and no answer."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RawCell:
    """What stands in a cell: its cached value, the formula's text if there is one, whether it is an error, the code
    of its number format where it is not General (GONE: the file no longer says). ``others``: the number formats that
    a condition may put there (STRUCK: it may strike the cell out); ``marked``: a text of which a part is struck out,
    raised or lowered, with a word at that part; also any value that the cell's own font strikes out."""

    value: object = None
    formula: str = ""
    error: bool = False
    format: str = ""
    others: tuple[str, ...] = ()
    marked: str = ""


GONE = "\0"
"""Stands for a number format that is lost: no file can say it."""


NOTHING = RawCell()


@dataclass(slots=True)
class Shared:
    """What the sheets of a workbook share: texts, the code of each style's number format, the first day of its
    calendar."""

    texts: list[str]
    formats: tuple[str, ...]
    epoch: datetime
    free: frozenset[str] = frozenset()
    """The styles of cells that protection leaves open."""
    overlays: tuple[str, ...] = ()
    """The code of the number format of each format that a condition may put somewhere; STRUCK for one that strikes
    out."""
    struck: frozenset[str] = frozenset()
    """The styles whose font strikes out."""
    marked: Mapping[int, str] = field(default_factory=dict)
    """The texts of which a part is struck out, raised or lowered, with a word at that part."""
    blanks: dict[str, RawCell] = field(default_factory=dict)
    """What stands in a cell that has nothing but its style: in most of them."""
    words: dict[str, str] = field(init=False)
    """The texts, trimmed, by their numbers as cells write them."""

    def __post_init__(self) -> None:
        self.words = {str(k): text.strip() for k, text in enumerate(self.texts)}


@dataclass(slots=True)
class Sheet:
    """One sheet, rows and columns counted from 0."""

    name: str
    xml: SheetXml
    shared: Shared
    hidden: bool = False
    _texts: dict[str, str] | None = field(default=None, repr=False)
    _kept: list[Written] | None = field(default=None, repr=False)
    _odd: bool | None = field(default=None, repr=False)

    def at(self, row: int, col: int) -> RawCell:
        """Raises ReadError where a text is promised that is not there."""
        written = self.xml.cells.get(f"{_LETTERS[col]}{row + 1}") if col < len(_LETTERS) else None
        return NOTHING if written is None else self._raw(written)

    def text(self, row: int, col: int) -> str:
        """The value as trimmed text, a whole number without its ``.0``. Raises ReadError as ``at`` does."""
        return self._said().get(f"{_LETTERS[col]}{row + 1}", "") if col < len(_LETTERS) else ""

    def _said(self) -> Mapping[str, str]:
        """The text of every cell that has one. Raises ReadError where one is promised that is not there."""
        if self._texts is None:
            words, value = self.shared.words, self._value
            # most cells have a style and nothing else
            self._texts = {
                address: words[text] if type == "s" and text in words else plain(value(type, text, inline))
                for address, _, type, _, _, text, inline in self.xml.cells.values()
                if text or type
            }
        return self._texts

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

    @property
    def beside(self) -> Beside:
        return self.xml.beside

    @property
    def hidden_rows(self) -> Collection[int]:
        return self.xml.hidden_rows

    @property
    def hidden_columns(self) -> Collection[tuple[int, int]]:
        return self.xml.hidden_columns

    @property
    def filtered(self) -> bool:
        return self.xml.filtered

    def texts(self, row: int, columns: int = WINDOW[1]) -> list[str]:
        """What stands in the first columns of a row, all those of the window if not said."""
        said, line = self._said(), str(row + 1)
        return [said.get(col + line, "") for col in _LETTERS[:columns]]

    def filled(self) -> Iterator[tuple[str, RawCell]]:
        """Every cell in which something stands, with its address."""
        for address, written in self.xml.cells.items():
            if any(written[3:]):
                yield address, self._raw(written)

    def loose(self) -> Iterator[str]:
        """The cells in which something stands and which protection leaves open."""
        free = self.shared.free
        return (each[0] for each in self.xml.cells.values() if each[1] in free and any(each[3:]))

    def open(self, addresses: Iterable[str]) -> int:
        """How many of some cells protection leaves open."""
        found = map(self.xml.cells.get, addresses)
        return sum(each is not None and each[1] in self.shared.free for each in found)

    def beyond(self) -> Iterator[tuple[str, RawCell]]:
        """The first cells outside the window in which something stands."""
        return ((each[0], self._raw(each)) for each in self.xml.beyond)

    def places(self) -> Iterable[str]:
        """The addresses of all cells that are written, in which nothing need stand."""
        return self.xml.cells

    def holds(self, address: str) -> bool:
        return any(self.xml.cells[address][3:])

    def counts(self, address: str) -> bool:
        """Whether a number stands there; what a formula gives is known where a program has calculated it."""
        written = self.xml.cells[address]
        return written[2] in ("", "n") and bool(written[5])

    def words(self) -> list[tuple[str, str]]:
        """Every cell in which something stands, with its text, or ``=`` and its formula as the XML has it, as far as it
        is written out. Raises ReadError as ``at`` does."""
        said = self._said()
        return [
            (each[0], f"={each[4]}" if each[3] else said.get(each[0], ""))
            for each in self.xml.cells.values()
            if each[5] or each[3] or each[6]
        ]

    def used(self) -> set[str]:
        """The numbers of the shared texts that stand in its cells."""
        return {each[5] for each in (*self.xml.cells.values(), *self.xml.beyond) if each[2] == "s"}

    def contents(self) -> Iterator[str]:
        """Every text and number of some length, as it is written, but those of the texts that the sheets share."""
        for each in self._long():
            if len(each[5]) > 9 or each[6]:
                yield each[5] or each[6]

    def numbers(self) -> Iterator[float]:
        """Every number of eleven digits or more, however it is written, and a few others."""
        for _, _, type, _, _, text, _ in self._long():
            if (len(text) > 10 or "e" in text or "E" in text) and type in ("", "n") and NUMBER.fullmatch(text):
                yield float(text)

    def _long(self) -> list[Written]:
        """The cells in which more stands than the number of a shared text or a count: mostly none."""
        if self._kept is None:
            self._kept = [each for each in self.xml.cells.values() if len(each[5]) > 3 or each[6]]
        return self._kept

    def _raw(self, written: Written) -> RawCell:
        _, style, type, opening, formula, text, inline = written
        if not (type or opening or text or self.xml.arrays):
            return self._blank(style)
        value = self._value(type, text, inline)
        code = self._format(style)
        if code and isinstance(value, float) and is_date(code):
            value = moment(self.shared.epoch, value)
        text = self._plain(formula) or SHARED if opening else ""
        if self.xml.arrays and self._in_array(written[0]):
            text = SHARED
        if not (self._special() if self._odd is None else self._odd):
            return RawCell(value, text, type == "e", code)
        marked, others = self.xml.marked.get(written[0], ""), self._others(written[0])
        if type == "s" and written[5]:
            marked = self.shared.marked.get(int(written[5]), "")
        marked = marked or struck_out(value, style in self.shared.struck, others)
        return RawCell(value, text, type == "e", code, others, marked)

    def _special(self) -> bool:
        """Whether a condition may show a number otherwise here, or something is struck out."""
        overlaid = bool(self.shared.overlays) or any(own for *_, own in self.xml.beside.overlaid)
        self._odd = overlaid or bool(self.xml.marked or self.shared.marked or self.shared.struck)
        return self._odd

    def _others(self, address: str) -> tuple[str, ...]:
        """The number formats that conditions may put into a cell."""
        place, codes, overlays = split(address), list[str](), self.shared.overlays
        for ranges, numbers, own in self.xml.beside.overlaid:
            found = [overlays[int(each)] for each in numbers if each.isdecimal() and int(each) < len(overlays)]
            if (found := [each for each in (*found, *own) if each]) and any(_within(place, each) for each in ranges):
                codes += found
        return tuple(dict.fromkeys(codes))

    def _blank(self, style: str) -> RawCell:
        found = self.shared.blanks.get(style)
        if found is None:
            found = self.shared.blanks[style] = RawCell(format=self._format(style))
        return found

    def _in_array(self, address: str) -> bool:
        """Whether an array formula fills a cell and others: only its first cell says so itself."""
        row, col = split(address)
        areas = (corners(each) for each in self.xml.arrays if ":" in each)
        return any(top <= row <= bottom and left <= col <= right for (top, left), (bottom, right) in areas)

    def _format(self, style: str) -> str:
        number = int(style or 0)
        return self.shared.formats[number] if number < len(self.shared.formats) else GONE

    def _value(self, type: str, text: str, inline: str) -> Any:
        match type:
            case "s":
                return self._text(text) if text else None
            case "str":
                return decoded(self._plain(text))
            case "inlineStr":
                return decoded(self._plain(inline))
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return None
            case "d":
                return _iso(text)
        if not text:
            return None
        if type in ("", "n") and NUMBER.fullmatch(text.strip()):
            return float(text)
        return Garbled(self._plain(text))

    def _text(self, index: str) -> str:
        if not index.isascii() or not index.strip().isdigit() or int(index) >= len(self.shared.texts):
            raise ReadError("texts")
        return self.shared.texts[int(index)]

    def _plain(self, text: str) -> str:
        return unescaped(text) if self.xml.escaped else text


_LETTERS = [letters(col + 1) for col in range(WINDOW[1])]


def _iso(text: str) -> object:
    """A day and time as the newer programs may write them."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return Garbled(text)


def plain(value: object) -> str:
    """A value as trimmed text, a whole number without its ``.0``, nothing as an empty one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _within(place: tuple[int, int], area: str) -> bool:
    (top, left), (bottom, right) = corners(area)
    return top <= place[0] <= bottom and left <= place[1] <= right


def struck_out(value: object, own: bool, others: Collection[str]) -> str:
    """What stands in a cell with the word for it where its ``own`` font or that of a condition strikes it out."""
    where = "" if own else "条件格式的" if STRUCK in others else None
    return "" if where is None or plain(value) == "" else f"〔{where}{STRUCK}{plain(value)}〕"


def moment(epoch: datetime, days: float) -> object:
    """A number of days as the moment that it stands for, if there is one."""
    try:
        return epoch + timedelta(days=days)
    except (OverflowError, ValueError):
        return days


@dataclass(frozen=True, slots=True)
class Package:
    """``sheets`` by their names, in their order; ``parts``: the names of all parts of the package; ``linked``: whether
    a link leads out of it; whether our properties and those of every office program are there (``marked``), names that
    point somewhere (``named``), styles for every cell (``styled``); how many ``names`` of cells and styles it has;
    whether it is of the ``strict`` kind; ``said``: what its names of cells and its comments say, with a word for
    where."""

    sheets: dict[str, Sheet]
    parts: tuple[str, ...]
    linked: bool
    marked: bool
    named: bool
    styled: bool
    names: int
    strict: bool = False
    said: tuple[tuple[str, str], ...] = ()


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
    members = _Members(package)
    root = _links("", members.read(links_of("")))
    name = _related(root, "officeDocument")
    outline = members.read(name)
    book, links = _outline(outline), _links(name, members.read(links_of(name)))
    texts, styles = _related(links, "sharedStrings"), _related(links, "styles")
    looks = members.read(styles) if styles else b""
    formats, named, free, overlays, struck = _formats(looks) if styles else _Formats()
    spoken = members.read(texts) if texts else b""
    shared_texts, runs = texts_of(spoken) if texts else ([], {})
    shared = Shared(shared_texts, formats, book.epoch, free, overlays, struck, runs)
    sheets, behind = _sheets(members, book, links, shared)
    linked, marked, around = members.others({target for _, kind, target in links if kind == "externalLink"})
    linked |= _leads_out(root) or _leads_out(links)
    words = [
        ("定义的名称", book.words), ("工作簿的设置", _MARKS.sub("", _spoken(_ATTRIBUTES, outline))),
        ("数字格式或样式名", _spoken(_CODES, looks)), ("注音", _read_aloud(spoken)), *behind, *around,
    ]  # fmt: skip
    marked &= any(name.lower().endswith(_PROPERTIES) for name in package.names)
    styled = _last_style(sheets) < len(formats)
    return Package(
        sheets, tuple(package.names), linked, marked, book.named, styled, book.names + named, book.strict,
        tuple(each for each in words if each[1]),
    )  # fmt: skip


_PROPERTIES = ("core.xml", ".psmdcp")
_COMMENTS = ("xl/comments", "xl/threadedcomments/")
_DRAWN = ("xl/drawings/", "xl/charts/", "xl/diagrams/")
_DUMB = ("xl/theme/", "xl/calcchain", "[content_types]")
"""Of all the same for everybody."""
# what people may have written there, however long
_CODES = re.compile(rb'formatCode="([^"]*)"|<cellStyle [^<>]*name="([^"]*)"')
_CONDITIONS = re.compile(
    rb"<(?:\w+:)?(?:formula[12]?|f)>([^<]{11,})<"
    rb'| (?:tooltip|display|location|name|comment|user|val)="([^"]*)"'
)
_READINGS = re.compile(rb"<(?:\w+:)?rPh[ >](.*?)</(?:\w+:)?rPh>()", re.DOTALL)
_ALL = re.compile(rb"""=["']([^"'<>]{11,})["']|>([^<>]{11,})<""")
_ATTRIBUTES = re.compile(rb"""<(?!definedName|sheet )[^<>]*="([^"<>]*\d{11}[^"<>]*)"()""")
_REST = {"xl/tables/": "表格的列名", "xl/pivot": "数据透视表的缓存", "xl/externallinks/": "外部链接的缓存",
         "customxml/": "自定义 XML", "docprops/": "文件属性"}  # fmt: skip
"""Where people's words may lie in parts that nobody here reads, with a word for each."""
_MARKS = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|\b(?=\d*[a-f])[0-9a-f]{16,64}\b")
"""What programs tell things apart by: any number may turn up in it."""
_MOST_SAID = 2 * 2**20
_SHAPES = re.compile(rb'<(?:\w+:)?(?:p|textbox)(?: [^<>]*)?>(.*?)</(?:\w+:)?(?:p|textbox)>| descr="([^"]*)"', re.DOTALL)
_TARGETS = re.compile(rb'Target="([^"]*)"()')
_TAG = re.compile("<[^<>]*>")


def _sheets(
    members: _Members, book: _Outline, links: _Links, shared: Shared
) -> tuple[dict[str, Sheet], list[tuple[str, str]]]:
    """The sheets by their names, and what their conditions and links say, with a word for where."""
    targets = {id: target for id, _, target in links}
    if len(targets) < len(links) or len({name for name, *_ in book.sheets}) < len(book.sheets):
        raise ReadError("twice")
    sheets, said = dict[str, Sheet](), list[tuple[str, str]]()
    for name, id, hidden in book.sheets:
        data = members.read(targets[id])
        sheets[name] = Sheet(name, read_sheet(data), shared, hidden)
        behind = _spoken(_CONDITIONS, _but_feet(data[data.rfind(b"</sheetData>") :]))
        said.append((f"「{name}」表的条件格式、填写限制、链接或模拟方案", behind))
        said.append((f"「{name}」表的注音", _read_aloud(data)))
    return sheets, said


def _read_aloud(data: bytes) -> str:
    """The readings that stand beside Chinese texts."""
    return _spoken(_READINGS, data) if b"rPh" in data else ""


def _last_style(sheets: Mapping[str, Sheet]) -> int:
    used = {cell[1] for sheet in sheets.values() for cell in sheet.xml.cells.values()} - {""}
    if not all(each.isascii() and each.isdigit() for each in used):
        raise ReadError("style")
    return max(map(int, used), default=0)


class _Members:
    """The members of a package: each is read for one thing, under a name in any case."""

    def __init__(self, package: Zip) -> None:
        self._package, self._read = package, set[str]()
        self._names = {name.casefold(): name for name in package.names}

    def read(self, name: str) -> bytes:
        """Raises PackageError where there is none, ReadError where it was read already."""
        found = member(self._names, name) or name
        if found in self._read:
            raise ReadError("twice")
        self._read.add(found)
        return self._package.read(found)

    def others(self, books: set[str]) -> tuple[bool, bool, list[tuple[str, str]]]:
        """Of what was not read, ``books`` (linked ones) among it: whether a link leads out of the package, whether
        our properties are there, what comments, shapes and links say, with a word for where. Raises ReadError for a
        link to a running program."""
        linked = marked = False
        said = dict.fromkeys(("批注", "文本框或图形", "链接", *_REST.values(), "别的部件"), "")
        wanted = {member(self._names, name) for name in books}
        for name in self._package.names:
            if name in self._read:
                continue
            data = self._package.read(name)
            small = len(data) <= _SMALL
            if name.lower().endswith(".rels"):
                out = _leads_out((_links if small else _links.__wrapped__)("", data))
                said["链接"] += APART + unquote(_spoken(_TARGETS, data)) if out else ""
                linked |= out
            elif name.lower().endswith(".vml") and name not in wanted:
                _check_drawing(data)
                said["文本框或图形"] += APART + _spoken(_SHAPES, data)
            elif name.lower().endswith(".xml") or name in wanted:
                if (_glance if small else _glance.__wrapped__)(data):
                    raise ReadError("dde")
                marked |= b"xfkh." in data
                if name.lower().startswith(_COMMENTS):
                    said["批注"] += APART.join(["", *_words(data, ("comment", "threadedComment"))])
                elif name.lower().startswith(_DRAWN):
                    said["文本框或图形"] += APART + _spoken(_SHAPES, data)
                elif not name.lower().startswith(_DUMB):
                    place = next((word for start, word in _REST.items() if name.lower().startswith(start)), "别的部件")
                    said[place] += APART + _MARKS.sub("", _spoken(_ALL, data[:_MOST_SAID]))
        return linked, marked, list(said.items())


_OFFICE = re.compile(
    r"http://(?:schemas\.openxmlformats\.org/officeDocument/2006|purl\.oclc\.org/ooxml/officeDocument)"
    r"/relationships/(\w+)"
)


@dataclass(frozen=True, slots=True)
class _Outline:
    """The names of the sheets, their relations and whether they are hidden; the first day of the calendar; whether
    cells have names and all lead somewhere, and how many; what these names and what they stand for say; whether the
    workbook is of the strict kind."""

    sheets: tuple[tuple[str, str, bool], ...]
    epoch: datetime
    named: bool
    names: int
    words: str
    strict: bool


# the returns of one round share these parts, byte for byte: what was read once is known
@lru_cache(32)
def _outline(data: bytes) -> _Outline:
    sheets, early, names = list[tuple[str, str, bool]](), False, list[str]()
    for tag, facts in _own_tags(data, MAINS):
        if tag == "sheet":
            hidden = facts.get("state", "visible") != "visible"
            relation = next((value for key, value in facts.items() if key.endswith(" id")), "")
            sheets.append((facts.get("name", ""), relation, hidden))
        elif tag == "workbookPr":
            early = facts.get("date1904", "0") in ("1", "true")
        elif tag == "definedName":
            names += facts.get("name", ""), facts.get("comment", "")
    if not 0 < len(sheets) <= SHEETS:
        raise ReadError("sheets" if sheets else "sheetless")
    epoch = datetime(1904, 1, 1) if early else datetime(1899, 12, 30)
    words = APART.join([*filter(None, names), *_words(data, ("definedName",))])
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main" in data
    return _Outline(tuple(sheets), epoch, bool(names) and b"#REF!" not in data, len(names) // 2, words, strict)


_Links = tuple[tuple[str, str, str], ...]
"""The relations of a part: their ids, their kinds, what they lead to; nothing where that is not in the package."""


@lru_cache(64)
def _links(name: str, data: bytes) -> _Links:
    return tuple(_link(name, facts) for tag, facts in _own_tags(data) if tag == "Relationship")


def _link(name: str, facts: Mapping[str, str]) -> tuple[str, str, str]:
    kind, inside = _OFFICE.fullmatch(facts.get("Type", "")), facts.get("TargetMode", "Internal") == "Internal"
    target = resolved(name, facts.get("Target", "")) if inside else ""
    return facts.get("Id", ""), kind[1] if kind else "", target


def _related(links: _Links, kind: str) -> str:
    """The one part of a kind that another leads to; nothing where there is none. Raises ReadError for two."""
    found = [target for _, each, target in links if each == kind]
    if len(found) > 1:
        raise ReadError("twice")
    return found[0] if found else ""


def _leads_out(links: _Links) -> bool:
    return not all(target for *_, target in links)


class _Formats(NamedTuple):
    """The code of every style's number format, nothing for General; how many named styles there are; the styles of
    cells that protection leaves open; the code that each format of a condition has, nothing where it has none, STRUCK
    where it strikes out; the styles whose font does."""

    codes: tuple[str, ...] = ()
    named: int = 0
    free: frozenset[str] = frozenset()
    overlays: tuple[str, ...] = ()
    struck: frozenset[str] = frozenset()


@lru_cache(32)
def _formats(data: bytes) -> _Formats:
    codes, found, section, named = dict[str, str](), list[str](), "", 0
    free, overlays, fonts, struck = set[str](), list[str](), list[bool](), set[str]()
    for tag, facts in _tags(data):
        if tag in ("numFmts", "fonts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            section = tag
        elif tag == "font" and section == "fonts":
            fonts.append(False)
        elif tag == "strike" and facts.get("val") not in FALSE:
            if section == "fonts" and fonts:
                fonts[-1] = True
            elif section == "dxfs" and overlays:
                overlays[-1] = STRUCK
        elif tag == "numFmt" and section == "dxfs" and overlays:
            overlays[-1] = overlays[-1] or facts.get("formatCode", "") or BUILT_IN.get(facts.get("numFmtId", ""), "")
        elif tag == "numFmt":
            codes[facts.get("numFmtId", "")] = facts.get("formatCode", "")
        elif tag == "dxf":
            overlays.append("")
        elif tag == "xf" and section == "cellXfs":
            number = facts.get("numFmtId", "0")
            found.append(codes.get(number, BUILT_IN.get(number, GONE if _is_own(number) else "")))
            font = facts.get("fontId", "0")
            if font.isdecimal() and int(font) < len(fonts) and fonts[int(font)]:
                struck.add(str(len(found) - 1))
        elif tag == "protection" and section == "cellXfs" and facts.get("locked") in ("0", "false"):
            free.add(str(len(found) - 1))
        named += tag == "cellStyle"
    if len(found) > STYLES:
        raise ReadError("styles")
    for each in (free, struck):
        each |= {""} if "0" in each else set()
    formats = tuple("" if each.lower() == "general" else each for each in found)
    return _Formats(formats, named, frozenset(free), tuple(overlays) if any(overlays) else (), frozenset(struck))


def _is_own(number: str) -> bool:
    """Whether a number format is one that its workbook must describe."""
    return number.isdecimal() and int(number) >= 164


BUILT_IN = {
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "11": "0.00E+00", "12": "# ?/?",
    "13": "# ??/??", "37": "#,##0", "38": "#,##0", "39": "#,##0.00", "40": "#,##0.00", "48": "##0.0E+0", "49": "@",
    **{str(number): "yyyy-m-d" for number in (*range(14, 18), 22, *range(27, 37), *range(50, 59))},
    **{str(number): "h:mm:ss" for number in (18, 19, 20, 21, 45, 46, 47)},
}  # fmt: skip
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@lru_cache(512)
def is_date(code: str) -> bool:
    return bool(re.search(r"[ymdhs]|[年月日时分秒]", _LITERAL.sub("", code).lower())) or "[h" in code.lower()


def _tags(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every tag with its attributes, names without their namespace."""
    return [(tag.rpartition(" ")[2], facts) for tag, facts in _all_tags(data)]


def _own_tags(data: bytes, spaces: Collection[str] = ()) -> list[tuple[str, dict[str, str]]]:
    """The same, only those that belong to what the first one belongs to: one of some namespaces, where they are
    named. Raises SheetError where it does not: other programs read nothing of it."""
    found = _all_tags(data)
    own = found[0][0].rpartition(" ")[0]
    if spaces and own not in spaces:
        raise SheetError("foreign")
    return [(name, facts) for tag, facts in found for space, _, name in [tag.rpartition(" ")] if space == own]


def _all_tags(data: bytes) -> list[tuple[str, dict[str, str]]]:
    _check(data)
    found = list[tuple[str, dict[str, str]]]()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, facts: found.append((tag, facts))
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(data, True)
    return found


def _words(data: bytes, tags: Collection[str]) -> list[str]:
    """What stands from each element of some names (without their namespace) to the next."""
    found = list[str]()

    def start(tag: str, _: object) -> None:
        found.extend([""] if tag.rpartition(" ")[2] in tags else [])

    def text(more: str) -> None:
        if found:
            found[-1] += more

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.Parse(data, True)
    return found


def _but_feet(tail: bytes) -> bytes:
    """What follows the cells, without the feet of the pages, which name the unit."""
    before, _, rest = tail.partition(b"<headerFooter")
    return before + rest.partition(b"</headerFooter>")[2]


def _spoken(pieces: re.Pattern[bytes], data: bytes) -> str:
    """What some pieces of a part say, without tags between their words."""
    return (_said if len(data) <= _SMALL else _said.__wrapped__)(pieces, data)


# the returns of one round say the same there
@lru_cache(64)
def _said(pieces: re.Pattern[bytes], data: bytes) -> str:
    found = b"\0".join(one or other for one, other in pieces.findall(data)).decode("utf-8", "replace")
    return unescaped(_TAG.sub("", found)).replace("\0", APART)


@lru_cache(64)
def _glance(data: bytes) -> bool:
    """Whether a part that nobody here reads links to a running program. Raises SheetError for a document type
    definition: another program might read it."""
    _check(data)
    plain = PROLOG.match(data) and b"ddeLink" not in data
    return not plain and any(tag == "ddeLink" for tag, _ in _tags(data))


def _check(data: bytes) -> None:
    if _DEEP.search(data):
        raise SheetError("deep")
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(data, True)


def _check_drawing(data: bytes) -> None:
    """A drawing of the older kind, in which Excel itself leaves tags open: where the root has begun, no document type
    definition can follow, and nobody here reads further."""
    begun = set[bool]()
    if _DEEP.search(data):
        raise SheetError("deep")
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: begun.add(True)
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        if not begun:
            raise


_DEEP = re.compile(rb"(?:</[^<>]*>\s*){60}")
