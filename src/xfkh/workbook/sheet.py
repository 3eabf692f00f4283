"""One sheet's XML → what is written in each of its cells: by the letter where it is as plain as office programs write
it, else by the parser. Both say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import inf
from types import MappingProxyType
from typing import NamedTuple
from xml.parsers import expat

WINDOW = (5_000, 182)
"""Rows and columns (to FZ) that are read; what lies farther out is only noticed."""
SHARED = "共享公式"
STRUCK = "删除线"
DEPTH, CELLS, ROWS, AREA = 60, 1_000_000, 100_000, 200_000
"""How deep elements may be nested, how many cells and rows a sheet may have, how many cells a range may join."""
_PLAIN_SIZE = 4 * 2**20


class SheetError(Exception):
    """A sheet that cannot be read safely, or that readers would not agree on; the kind of fault as a word."""


Written = tuple[str, str, str, str, str, str, str]
"""A cell as the XML has it: its address, number of its style, type, ``<f`` with its attributes where it holds a
formula, the formula's text, its value, and the text that stands in the cell itself."""


Overlay = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""What a condition makes of some ranges: the ranges, the numbers of the formats that it may put there, and number
formats of its own."""


class Beside(NamedTuple):
    """Of a sheet, beside its cells: whether it is protected; ``ruled``: the ranges in which only certain values may be
    typed; ``said``: what stands in the heads and feet of its pages and in the prompts of its cells, with a word for
    where; ``pliable``: whether its protection lets rows or columns be put in or taken out; ``overlaid``: what its
    conditions may show otherwise; ``limits``: which values are taken in some of the ranges (``whole:0:99``,
    ``list:是,否``)."""

    protected: bool = False
    ruled: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    pliable: bool = False
    overlaid: tuple[Overlay, ...] = ()
    limits: tuple[tuple[str, str], ...] = ()


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


def read_sheet(data: bytes) -> SheetXml:
    """Raises ExpatError where it is not well-formed, SheetError where it is not safe to read."""
    found = quick_sheet(data) or careful_sheet(data)
    for each in found.merges:
        check_area(each)
    return found


MAINS = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
"""What the elements of a workbook belong to, of the usual kind and of the strict one; others say nothing of cells."""
# In well-formed XML without comments and CDATA a "<" only opens or closes a tag: what is neither declared, prefixed
# nor oddly placed can be found by the letter.
PROLOG = re.compile(
    r'\ufeff?(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")?\?>\s*)?<(?=[A-Za-z])'
)
# bytes are searched faster than text
_ODD = re.compile(rb"<[!?]|<c[>/\n\t]|<row[>/\n\t]")
_PREFIXED = re.compile(rb":(?:c|row|f|v|is|t|mergeCell|worksheet|sheetData)[\s/>]")
_WRAPPED = re.compile(rb":[A-Za-z_\x80-\xff][^<>\s/=,;:()\"']*[\s/>]")
_BELONGS = re.compile(rb"xmlns\s*=")
_ROOT = re.compile(f'<worksheet(?: [\\w:]+="[^"<>]*")*? xmlns="(?:{"|".join(map(re.escape, MAINS))})"'.encode())
_ODD_SIGNS = (b"\0", b"\r", b"&#", b' t="array"', b' t="dataTable"')
_CELL = re.compile(
    r'<c r="((?:[A-Z]|[A-F][A-Z])(?:[1-9]\d{0,2}|[1-4]\d{3}))"(?: s="(\d+)")?(?: t="(\w+)")?(?: (?:cm|vm|ph)="\d+")*'
    r'(?: ?/>|>(?:(<f(?: [\w:]+="[^"<>]*")*)(?: ?/>|>([^<]*)</f>))?'
    r'(?:<v(?: xml:space="preserve")?(?: ?/>|>([^<]*)</v>))?'
    r'(?:<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)',
    re.ASCII,
)
_ROW = re.compile(r'<row r="([1-9]\d{0,6})"[\s/>]', re.ASCII)
_MERGE = re.compile(r'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})" ?/>', re.ASCII)
_HIDDEN_ROW = re.compile(r'<row r="(\d+)"[^<>]* (?:hidden="(?:1|true)"|ht="(?:[0-3](?:\.\d*)?|\.\d+)")', re.ASCII)
_FLAT = {"ht": re.compile(r"[0-3](?:\.\d*)?|\.\d+"), "width": re.compile(r"0?\.\d+|0\.?")}
"""Less than four points high, or than one character wide: nobody sees what stands there."""
_LOW = re.compile(rb' ht="(?:[0-3]["\.]|\.)')
_COLUMN = re.compile(r"<col [^<>]*>")
_LINK = re.compile(r'<hyperlink [^<>]*ref="([^"]*)"')


def quick_sheet(data: bytes) -> SheetXml | None:
    """A sheet as plain as office programs write it: UTF-8 without comments, CDATA or references by number, every cell
    and row with its place, each once, inside the window, no formula over many cells. None for any other: it takes the
    parser.

    Raises ExpatError: that it is well-formed is still the parser's word, at no call a cell.
    """
    try:
        text = data.decode() if len(data) <= _PLAIN_SIZE else ""
    except UnicodeDecodeError:
        return None
    start = PROLOG.match(text)
    if start is None:
        return None
    begin = len(text[: start.end() - 1].encode())
    if _ODD.search(data, begin) or _PREFIXED.search(data, begin):
        return None
    if not _ROOT.match(data, begin) or len(_BELONGS.findall(data, begin)) > 1:
        return None
    if any(data.find(sign, begin) >= 0 for sign in _ODD_SIGNS):
        return None
    head, tail = text.partition("<sheetData")[0], _after(text)
    body = text[len(head) : len(text) - len(tail)]
    if _WRAPPED.search(data, data.find(b"<sheetData"), data.rfind(b"</sheetData>")) or data.count(b"<sheetData") > 1:
        return None
    found, rows = _CELL.findall(body), list(map(int, _ROW.findall(body)))
    cells = {each[0]: each for each in found}
    merges = _MERGE.findall(tail)
    if len(rows) > ROWS:
        raise SheetError("cells")
    if data.count(b"<") > 6 * len(found) + 2 * len(rows) + _MORE:
        return None
    whole = data.count(b"<c ") == len(found) == len(cells)
    whole = whole and data.count(b"<row ") == len(rows) == len(set(rows))
    if b"<is>" in data and any(each[5] and each[6] for each in found):
        raise SheetError("twice")
    if not whole or data.count(b"<mergeCell ") != len(merges):
        return None
    expat.ParserCreate(namespace_separator=" ").Parse(data, True)
    beside = _beside_all(tail)
    if beside is None:
        return None
    links = _LINK.findall(tail)
    for each in links:
        check_area(each)
    return SheetXml(
        cells, True, False, min(max(rows, default=0), WINDOW[0]), tuple(merges),
        frozenset(map(int, _HIDDEN_ROW.findall(text))) if b' hidden="' in data or _LOW.search(data) else frozenset(),
        tuple(_hidden_columns(head)), beside, bool(links), "<autoFilter" in tail,
    )  # fmt: skip


def _hidden_columns(head: str) -> Iterator[tuple[int, int]]:
    for tag in _COLUMN.findall(head):
        facts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if _unseen(facts, "width"):
            yield _span(facts)


def _unseen(facts: Mapping[str, str], size: str) -> bool:
    return facts.get("hidden") in _TRUE or bool(_FLAT[size].fullmatch(facts.get(size, "-")))


def _span(facts: Mapping[str, str]) -> tuple[int, int]:
    first, last = facts.get("min", ""), facts.get("max", "")
    if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
        raise SheetError("column")
    return int(first), int(last)


_TRUE, FALSE = ("1", "true"), ("0", "false")
_MORE = 3_000
"""How many tags a plain sheet may have besides its cells and rows: more, and something may be nested deep in it."""


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


def _after(text: str) -> str:
    """What follows the cells."""
    end = text.rfind("</sheetData>")
    return text[text.find(">", end if end >= 0 else text.rfind("<sheetData")) + 1 :]


_FEET = re.compile(r"<headerFooter[ >].*?</headerFooter>", re.DOTALL)


def _pieces(tail: str) -> tuple[str, ...]:
    """What the sheets of a round have in common, and the heads and feet of the pages, which name the unit."""
    feet = "".join(_FEET.findall(tail))
    return (f"{feet}</worksheet>", _FEET.sub("", tail)) if feet else (tail,)


def _beside_all(tail: str) -> Beside | None:
    found = [(_beside if len(each) < _SMALL else _beside.__wrapped__)(each) for each in _pieces(tail)]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return None
    # what is more than feet stands in the last piece
    return known[-1]._replace(said=tuple(words for each in known for words in each.said))


_SMALL, _FAR = 200_000, 1_000
_MARGINS = {f"{which}{what}" for which in ("odd", "even", "first") for what in ("Header", "Footer")}
_PROMPTS = ("promptTitle", "prompt", "errorTitle", "error")


# the returns of one round say the same behind their cells
@lru_cache(32)
def _beside(tail: str) -> Beside | None:
    """From what follows the cells in a sheet that is well-formed; None where the cells lie deeper than they should."""
    extras, parser = _Extras(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = extras.start, extras.end
    parser.CharacterDataHandler = extras.data
    try:
        parser.Parse("<worksheet>" + tail, True)
    except expat.ExpatError:
        return None
    return extras.found()


class _Extras:
    """What lies beside the cells, element by element."""

    def __init__(self) -> None:
        self._protected = self._pliable = False
        self._rules, self._overlays = list[_Rule](), list[_Condition]()
        self._inside: _Rule | _Condition | None = None
        self._prompts, self._margins = list[str](), list[str]()
        self._text: list[str] | None = None

    def found(self) -> Beside:
        said = [("页眉页脚", "_".join(self._margins)), ("填写提示", "_".join(self._prompts))]
        ruled = [(area, each.limit()) for each in self._rules if each.refuses for area in each.ranges]
        overlaid = tuple((tuple(each.ranges), tuple(each.numbers), tuple(each.codes)) for each in self._overlays
                         if each.numbers or each.codes)  # fmt: skip
        return Beside(self._protected, tuple(area for area, _ in ruled), tuple(each for each in said if each[1]),
                      self._pliable, overlaid, tuple(each for each in ruled if each[1]))  # fmt: skip

    def start(self, tag: str, facts: Mapping[str, str]) -> None:
        name = _local(tag)
        if name == "sheetProtection":
            self._protected |= facts.get("sheet") in _TRUE
            self._pliable |= any(facts.get(each) in FALSE for each in _GROWTH)
        elif name == "dataValidation":
            self._inside = _Rule(facts.get("sqref", "").split(), facts)
            self._rules.append(self._inside)
            self._prompts += [facts[each] for each in _PROMPTS if each in facts]
        elif name == "conditionalFormatting":
            self._inside = _Condition(facts.get("sqref", "").split(), [], [])
            self._overlays.append(self._inside)
        elif isinstance(self._inside, _Condition) and name in ("cfRule", "numFmt"):
            self._inside.numbers.extend([facts["dxfId"]] if "dxfId" in facts else [])
            self._inside.codes.extend([facts["formatCode"]] if "formatCode" in facts else [])
        elif isinstance(self._inside, _Condition) and name == "strike" and facts.get("val") not in FALSE:
            self._inside.codes.append(STRUCK)
        elif name in _WRITTEN or name in _MARGINS:
            self._text = []

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name in ("dataValidation", "conditionalFormatting"):
            self._inside = None
        elif self._text is not None and (name in _WRITTEN or name in _MARGINS):
            text, self._text = "".join(self._text), None
            if name in _MARGINS:
                self._margins.append(text)
            elif self._inside is not None and name == "sqref":
                self._inside.ranges.extend(text.split())
            elif isinstance(self._inside, _Rule):
                self._inside.bounds.append(text)


class _Condition(NamedTuple):
    """Ranges that a condition formats: the numbers of formats, and the codes of number formats that it holds, STRUCK
    where it strikes out."""

    ranges: list[str]
    numbers: list[str]
    codes: list[str]


class _Rule:
    """What may be typed into some ranges."""

    def __init__(self, ranges: list[str], facts: Mapping[str, str]) -> None:
        self.ranges, self.bounds = ranges, list[str]()
        self._kind, self._operator = facts.get("type", "none"), facts.get("operator", "between")
        told = facts.get("showErrorMessage") in _TRUE and facts.get("errorStyle", "stop") == "stop"
        self.refuses = self._kind != "none" and told

    def limit(self) -> str:
        """The kind of the values and the least and most of them, or all of them; nothing where that depends."""
        bounds = [each.strip() for each in self.bounds if each.strip()]
        if self._kind == "list" and bounds and _LIST.fullmatch(bounds[0]):
            return "list:" + ",".join(each.strip() for each in bounds[0].strip('"').split(","))
        if self._kind not in ("whole", "decimal") or not all(map(_BOUND.fullmatch, bounds)):
            return ""
        low, high = _spans(self._operator, [float(each) for each in bounds])
        return f"{self._kind}:{low:.15g}:{high:.15g}"


def _spans(operator: str, bounds: list[float]) -> tuple[float, float]:
    """Between which values a rule keeps what is typed."""
    first, last = bounds[0] if bounds else -inf, bounds[1] if len(bounds) > 1 else inf
    match operator:
        case "between":
            return first, last
        case "equal":
            return first, first
        case "greaterThan" | "greaterThanOrEqual":
            return first, inf
        case "lessThan" | "lessThanOrEqual":
            return -inf, bounds[0] if bounds else inf
    return -inf, inf


_WRITTEN = ("sqref", "formula1", "formula2", "f")
_GROWTH = ("insertRows", "deleteRows", "insertColumns", "deleteColumns")
_LIST = re.compile(r'"[^"]*"')
_BOUND = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2].rpartition(":")[2]


class _Reader:
    """One pass over a sheet's XML."""

    def __init__(self) -> None:
        self.cells: dict[str, Written] = {}
        self.merges: list[str] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.seen: set[str] = set()
        self.arrays: list[str] = []
        self.extras = _Extras()
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
        elif not inside:
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
        elif name == "col" and _unseen(attributes, "width"):
            self.hidden_columns.append(_span(attributes))

    def _begin_field(self, name: str, attributes: dict[str, str]) -> None:
        """Of a cell: its formula, its value, a text in it (each once) or a run of that text."""
        within = self._path[-2]
        if within in ("f", "v"):
            raise SheetError("nested")
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
        if _unseen(attributes, "ht"):
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
            self.beyond += [cell] if len(self.beyond) < _FAR and any(cell[3:]) else []
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
_FRAME = {"worksheet": 1, "sheetData": 2}
"""How deep the elements stand around the cells."""


def refuse_doctype(*_: object) -> None:
    """The handler for a document type definition: no office program writes one."""
    raise SheetError("doctype")


def split(address: str) -> tuple[int, int]:
    """Row and column of an address, counted from 1. Raises SheetError."""
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", address)
    if not match:
        raise SheetError("address")
    return int(match[2]), column(match[1])


def column(word: str) -> int:
    """The number of a column, counted from 1, by its letters."""
    col = 0
    for letter in word:
        col = col * 26 + ord(letter) - 64
    return col


@lru_cache(4096)
def corners(area: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last cell of a range, rows and columns counted from 1. Raises SheetError."""
    first, _, last = area.replace("$", "").partition(":")
    rows, columns = zip(split(first), split(last or first), strict=True)
    return (min(rows), min(columns)), (max(rows), max(columns))


def check_area(area: str) -> None:
    """Raises SheetError for a range over more cells than anybody joins: programs walk through all of them."""
    (top, left), (bottom, right) = corners(area)
    if (bottom - top + 1) * (right - left + 1) > AREA:
        raise SheetError("area")


def letters(col: int) -> str:
    """The letters of a column counted from 1."""
    found = ""
    while col:
        col, rest = divmod(col - 1, 26)
        found = chr(65 + rest) + found
    return found
