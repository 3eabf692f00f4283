"""An .ods workbook: every value with its formula, its error, and a number format in the words of .xlsx."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from ..privacy import APART
from .beside import STRUCK, Beside
from .grid import DAY, EPOCH, EPOCH_1904, FORMULA, SHEETS, GridSheet, LegacyError, area, check_size
from .package import Package
from .read import NUMBER, RawCell, moment, struck_out
from .sheet import DEPTH, WINDOW, Runs

ELEMENTS = 300_000
"""The most of one part that are looked at."""
_CONTENT, _STYLES, _MANIFEST, _MIMETYPE = "content.xml", "styles.xml", "META-INF/manifest.xml", "mimetype"
_DOCUMENT = b"application/vnd.oasis.opendocument."
_NAMESPACE = re.compile(r"urn:(?:oasis:names:tc:opendocument|org:documentfoundation:names:.*):xmlns:(\w+):1\.0 (.+)")
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|(?:Err|错误)[:：]\d{3}")
_TIME = re.compile(r"(-?)P(?:(\d{1,6})D)?T?(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?", re.ASCII)
_CONDITION = re.compile(r"(?:<=|>=|<>|=|<|>)-?[0-9]{1,15}(?:\.[0-9]{1,20})?(?:E[+-]?[0-9]{1,3})?")
_SKIPPED = {
    "office:annotation", "office:forms", "table:shapes", "table:tracked-changes", "table:dde-links", "table:dde-link",
    "text:note", "text:ruby-text",
}  # fmt: skip
_CELL_NAMES = ("table:table-cell", "table:covered-table-cell")
_MOST_SPACES, _MOST_DIGITS = 100, 30
_AREA = 1_000_000


def ods_sheets(package: Package) -> dict[str, GridSheet]:
    if "encrypted-package" in package.names or b"encryption-data" in package.read(_MANIFEST):
        raise LegacyError("encrypted")
    said = package.read(_MIMETYPE).strip()
    if not said.startswith(_DOCUMENT + b"spreadsheet"):
        kinds = {_DOCUMENT + b"text": "word", _DOCUMENT + b"presentation": "ppt"}
        raise LegacyError(kinds.get(said, "other"))
    for name in package.names:
        if name not in (_CONTENT, _STYLES) and name.lower().endswith((".xml", ".rdf")) and package.sizes[name]:
            _check(package.read(name))
    tables = _Tables()
    if _STYLES in package.names:
        _parse(package.read(_STYLES), tables.styles.start, tables.styles.end, tables.styles.data)
    _parse(package.read(_CONTENT), tables.start, tables.end, tables.data)
    if not tables.sheets:
        raise LegacyError("damaged")
    return tables.sheets


Facts = dict[str, str]


def _check(data: bytes) -> None:
    """Raises LegacyError for a document type definition in a part that nobody here reads: another program might."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(data, True)


def _parse(
    data: bytes, start: Callable[[str, Facts], None], end: Callable[[str], None], text: Callable[[str], None]
) -> None:
    """One pass, elements and attributes under their usual prefixes, whatever the file calls them."""
    depth = count = 0

    def opened(tag: str, attributes: Facts) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEPTH or count > ELEMENTS:
            raise LegacyError("nested" if depth > DEPTH else "large")
        start(_short(tag), {_short(name): value for name, value in attributes.items()})

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(_short(tag))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    parser.Parse(data, True)


def _refuse_doctype(*_: object) -> None:
    raise LegacyError("doctype")


@lru_cache(1000)
def _short(tag: str) -> str:
    known = _NAMESPACE.fullmatch(tag)
    return f"{known[1]}:{known[2]}" if known else tag


def _times(facts: Facts, name: str) -> int:
    """How often something stands there, or over how many cells it reaches."""
    text = facts.get(name, "1")
    if not re.fullmatch(r"[1-9][0-9]{0,6}", text):
        raise LegacyError("damaged")
    return int(text)


class _Styles:
    """The code of the number format of each style of cells; the styles of sheets that are hidden, of rows and columns
    that have no height or width, of texts that are struck out, raised or lowered; what the pages say above and
    below."""

    def __init__(self) -> None:
        self.hidden, self.flat = set[str](), set[str]()
        self.margins, self._margin = list[str](), False
        self._open = dict[str, bool]()
        self._formats, self._parents = dict[str, str](), dict[str, str]()
        self._codes, self._others = dict[str, str](), dict[str, list[tuple[str, str]]]()
        self._style, self._cells, self._number = "", False, ""
        self._overlays = dict[str, list[str]]()
        self._lined = dict[str, bool]()
        self.marks = dict[str, str]()
        self._code = list[str]()
        self._literal, self._percent = "", False

    def code(self, style: str) -> str:
        """Of a style or the one it comes from; the codes for certain values stand before the one for all others."""
        for _ in range(DEPTH):
            if style not in self._parents:
                break
            if style in self._formats:
                return self._sections(self._formats[style])
            style = self._parents[style]
        return ""

    def others(self, style: str) -> tuple[str, ...]:
        """The codes that a condition may put in the place of a style's own."""
        overlays = self._overlays.get(style, ())
        found = [self._sections(self._formats[each]) for each in overlays if each in self._formats]
        found += [STRUCK for each in overlays if self.struck(each)]
        return tuple(each for each in found if each)

    def struck(self, style: str) -> bool:
        """Whether the font of a style of cells strikes out."""
        for _ in range(DEPTH if self._lined else 0):
            if style in self._lined or style not in self._parents:
                break
            style = self._parents[style]
        return self._lined.get(style, False)

    def free(self, style: str) -> bool:
        """Whether protection leaves the cells of a style open."""
        for _ in range(DEPTH):
            if style in self._open or style not in self._parents:
                break
            style = self._parents[style]
        return self._open.get(style, False)

    def _sections(self, name: str) -> str:
        own, others = self._codes.get(name, ""), self._others.get(name, [])[:3]
        if not others:
            return "" if own == "General" else own
        return ";".join([*(f"[{condition}]{self._codes.get(each, 'General')}" for condition, each in others), own])

    def start(self, name: str, facts: Facts) -> None:
        if name in ("style:style", "style:default-style"):
            self._style, self._cells = facts.get("style:name", ""), facts.get("style:family") == "table-cell"
            if not self._cells:
                return
            self._parents[self._style] = facts.get("style:parent-style-name", "")
            if "style:data-style-name" in facts:
                self._formats[self._style] = facts["style:data-style-name"]
        elif name == "style:table-properties" and facts.get("table:display") == "false":
            self.hidden.add(self._style)
        elif name == "style:table-cell-properties" and "style:cell-protect" in facts:
            self._open[self._style] = facts["style:cell-protect"] in ("none", "formula-hidden")
        elif name in _SIZES and _flat(name, facts.get(_SIZES[name], "")):
            self.flat.add(self._style)
        elif name in _MARGINS:
            self._margin = True
        elif name.startswith("datastyle:") and name.endswith("-style"):
            self._number, self._code, self._percent = facts.get("style:name", ""), [], "percentage" in name
        elif name == "style:map" and self._number:
            condition = facts.get("style:condition", "").replace(" ", "").removeprefix("value()").replace("!=", "<>")
            condition = condition if _CONDITION.fullmatch(condition) else "?"
            self._others.setdefault(self._number, []).append((condition, facts.get("style:apply-style-name", "")))
        elif name == "style:map":
            self._overlays.setdefault(self._style, []).append(facts.get("style:apply-style-name", ""))
        elif name == "style:text-properties":
            if self._cells and any(each in facts for each in _LINES):
                self._lined[self._style] = _mark(facts) == STRUCK
            elif mark := _mark(facts):
                self.marks[self._style] = mark
        elif name in _LITERALS:
            self._literal = name
        elif name == "datastyle:number":
            self._code.append(_digits(facts))
        elif name in _PARTS:
            self._code.append(_PARTS[name])

    def end(self, name: str) -> None:
        self._literal, self._margin = "", self._margin and name not in _MARGINS
        if name.startswith("datastyle:") and name.endswith("-style"):
            self._codes[self._number], self._number = "".join(self._code), ""

    def data(self, text: str) -> None:
        if self._literal:
            self._code.append("%" if self._percent and text == "%" else _LITERALS[self._literal].format(text))
        elif self._margin:
            self.margins.append(text)


_SIZES = {"style:table-row-properties": "style:row-height", "style:table-column-properties": "style:column-width"}
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)(in|cm|mm|pt|pc)", re.ASCII)
_POINTS = {"in": 72, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1, "pc": 12}
_SEEN = 0.01


def _flat(name: str, size: str) -> bool:
    """Whether nobody sees a column or, less than four points high, a row."""
    found = _LENGTH.fullmatch(size)
    return found is not None and float(found[1]) * _POINTS[found[2]] < (4 if "row" in name else _SEEN)


def _mark(facts: Facts) -> str:
    """How a text of some style is set apart from what counts."""
    if any(facts.get(each, "none") != "none" for each in _LINES):
        return STRUCK
    place = facts.get("style:text-position", "").partition(" ")[0]
    return "" if place.strip("0%") == "" else "下标" if place.startswith(("sub", "-")) else "上标"


_LINES = ("style:text-line-through-style", "style:text-line-through-type")
_MARGINS = {f"style:{what}{which}" for what in ("header", "footer") for which in ("", "-left", "-first")}
_LITERALS = {
    "datastyle:text": '"{}"', "datastyle:currency-symbol": '"{}"', "datastyle:fill-character": "*{}",
    "datastyle:embedded-text": '"{}"0',  # digits follow
}  # fmt: skip
_PARTS = {
    "datastyle:year": "yyyy", "datastyle:month": "m", "datastyle:day": "d", "datastyle:hours": "h",
    "datastyle:minutes": "m", "datastyle:seconds": "s", "datastyle:day-of-week": "d", "datastyle:week-of-year": "d",
    "datastyle:quarter": "m", "datastyle:scientific-number": "0.00E+00", "datastyle:fraction": "# ?/?",
    "datastyle:text-content": "@",
}  # fmt: skip


def _digits(facts: Facts) -> str:
    """The part of a code for a number: so many digits, so many thousands left out."""
    factor, decimals = facts.get("datastyle:display-factor", "1"), facts.get("datastyle:decimal-places", "")
    left_out = "" if factor == "1" else "," * max(1, (len(factor) - 1) // 3)
    if not decimals.isdigit():
        return "0" + left_out if left_out else "General"
    whole = "#" if facts.get("datastyle:min-integer-digits") == "0" else "0"
    whole = "#,##" + whole if facts.get("datastyle:grouping") == "true" else whole
    return whole + ("." + "0" * min(int(decimals), _MOST_DIGITS) if int(decimals) else "") + left_out


class _Tables:
    """One pass over the content: the sheets and what stands in their cells."""

    def __init__(self) -> None:
        self.sheets = dict[str, GridSheet]()
        self.styles = _Styles()
        self._path = list[str]()
        self._body = False
        self._skipped = 0
        self._epoch = EPOCH
        self._sheet: GridSheet | None = None
        self._row = self._col = self._rows = 0
        self._columns, self._row_style = list[str](), ""
        self._filled, self._far_column = list[tuple[int, int, RawCell, bool]](), False
        self._cell: Facts | None = None
        self._text: list[str] = []
        self._merges, self._arrays, self._area = list[str](), list[tuple[int, int, int, int]](), 0
        self._rules, self._rule = dict[str, tuple[bool, list[str]]](), ""
        self._ruled, self._prompted, self._protected = list[str](), dict[str, None](), False
        self._pliable, self._runs, self._spans = False, Runs(), list[str]()

    def start(self, name: str, facts: Facts) -> None:
        self._path.append(name)
        self._body |= name == "office:spreadsheet"
        if not self._body:
            self.styles.start(name, facts)
        elif self._skipped or name in _SKIPPED or name.startswith("drawing:"):
            self._skipped += 1
        elif name == "table:null-date":
            self._epoch = EPOCH_1904 if facts.get("table:date-value", "").startswith("1904") else EPOCH
        elif name == "table:table":
            self._begin_sheet(facts)
        elif self._sheet is None:
            self._begin_rule(name, facts)
        elif name == "loext:table-protection":
            self._pliable |= any(facts.get(f"loext:{each}") == "true" for each in _GROWTH)
        elif name == "table:table-source":
            # what was fetched from another file is not what somebody handed in
            del self.sheets[self._sheet.name]
            self._sheet = None
        elif name == "table:table-column":
            times = _times(facts, "table:number-columns-repeated")
            if self._unseen(facts):
                self._sheet.hidden_columns.append((len(self._columns) + 1, len(self._columns) + times))
            self._columns += [facts.get("table:default-cell-style-name", "")] * min(
                times, WINDOW[1] - len(self._columns)
            )
        elif self._cell is not None and name in (*_CELL_NAMES, "table:table-row"):
            raise LegacyError("nested")
        elif name == "table:table-row":
            self._rows, self._col = _times(facts, "table:number-rows-repeated"), 0
            self._row_style = facts.get("table:default-cell-style-name", "")
            self._filled, self._far_column = [], False
            if self._unseen(facts):
                self._sheet.hidden_rows.update(range(self._row + 1, min(self._row + self._rows, WINDOW[0]) + 1))
        elif name in _CELL_NAMES:
            self._cell, self._text, self._runs, self._spans = facts, [], Runs(), []
        elif self._cell is not None:
            self._begin_text(name, facts)

    def end(self, name: str) -> None:
        self._path.pop()
        if not self._body:
            self.styles.end(name)
        elif self._skipped:
            self._skipped -= 1
        elif self._sheet is None:
            self._rule = "" if name == "table:content-validation" else self._rule
        elif name in _CELL_NAMES:
            self._end_cell()
        elif name == "text:span" and self._spans:
            self._spans.pop()
        elif name == "table:table-row":
            self._end_row()
        elif name == "table:table":
            self._end_sheet()

    def data(self, text: str) -> None:
        if not self._body:
            self.styles.data(text)
        elif self._cell is not None and not self._skipped and "text:p" in self._path:
            self._text.append(text)
            self._runs.mark = next((mark for each in self._spans[::-1] if (mark := self.styles.marks.get(each))), "")
            self._runs.add(text)
        elif self._rule:
            self._rules[self._rule][1].append(text)

    def _unseen(self, facts: Facts) -> bool:
        """Whether a row or column is hidden, filtered away or flat."""
        return facts.get("table:visibility", "visible") != "visible" or (
            facts.get("table:style-name", "") in self.styles.flat
        )

    def _begin_rule(self, name: str, facts: Facts) -> None:
        """What may be typed into some cells, before the sheets: whether anything is refused, and what is said of it."""
        if name == "table:content-validation":
            self._rule = facts.get("table:name", "")
            self._rules[self._rule] = ("table:condition" in facts, [])
        elif self._rule and name == "table:error-message" and _idle(facts):
            self._rules[self._rule] = (False, self._rules[self._rule][1])
        if self._rule and "table:title" in facts:
            self._rules[self._rule][1].append(facts["table:title"])

    def _begin_text(self, name: str, facts: Facts) -> None:
        if name == "text:p" and self._text:
            self._text.append("\n")
        elif name == "text:span":
            self._spans.append(facts.get("text:style-name", ""))
        elif name == "text:s":
            self._text.append(" " * min(_times(facts, "text:c"), _MOST_SPACES))
        elif name in ("text:tab", "text:line-break"):
            self._text.append("\t" if name == "text:tab" else "\n")

    def _begin_sheet(self, facts: Facts) -> None:
        name = facts.get("table:name", "")
        if self._path[-2:-1] != ["office:spreadsheet"]:
            raise LegacyError("nested")
        if name in self.sheets:
            raise LegacyError("twice")
        if len(self.sheets) >= SHEETS:
            raise LegacyError("large")
        self._sheet = GridSheet(name, facts.get("table:style-name", "") in self.styles.hidden, epoch=self._epoch)
        self.sheets[name] = self._sheet
        self._row, self._columns, self._merges, self._arrays = 0, [], [], []
        self._ruled, self._prompted, self._protected = [], {}, facts.get("table:protected") == "true"
        self._pliable = False

    def _end_sheet(self) -> None:
        assert self._sheet is not None
        for top, left, rows, columns in self._arrays:
            self._spread(self._sheet, range(top, top + rows), range(left, left + columns))
        self._sheet.merges = tuple(self._merges)
        margins = self.styles.margins if len(self.sheets) == 1 else []  # of all pages
        prompts = [text for name in self._prompted for text in self._rules[name][1]]
        said = (("页眉页脚", APART.join(margins)), ("填写提示", APART.join(prompts)))
        told = tuple(each for each in said if each[1])
        self._sheet.beside = Beside(self._protected, tuple(self._ruled), told, self._pliable)
        self._sheet = None
        check_size(self.sheets.values())

    def _spread(self, sheet: GridSheet, rows: range, columns: range) -> None:
        """A formula over many cells stands in its first one only: the others hold its results."""
        for row in rows:
            for col in columns:
                raw = sheet.cells.get((row, col))
                if raw is not None and not raw.formula:
                    sheet.cells[row, col] = replace(raw, formula=FORMULA)

    def _end_row(self) -> None:
        assert self._sheet is not None
        self._sheet.far |= self._far_column or bool(self._filled and self._row + self._rows > WINDOW[0])
        for first, times, raw, free in self._filled:
            columns = range(first, min(first + times, WINDOW[1]))
            # of what lies outside the window no row is walked through
            for row in range(self._row, min(self._row + self._rows, WINDOW[0])) if columns else ():
                for col in columns:
                    self._sheet.put(row, col, raw)
                    if free:
                        self._sheet.free.add((row, col))
            if self._row >= WINDOW[0] or first >= WINDOW[1]:
                self._sheet.put(self._row, first, raw)
        self._row += self._rows

    def _end_cell(self) -> None:
        assert self._cell is not None
        facts, self._cell = self._cell, None
        raw, times = self._raw(facts, "".join(self._text)), _times(facts, "table:number-columns-repeated")
        if raw.value not in (None, "") or raw.formula or raw.error:
            self._far_column |= self._col + times > WINDOW[1]
            self._filled.append((self._col, times, raw, self.styles.free(self._style(facts))))
        rule, ruled = facts.get("table:content-validation-name", ""), self._rules
        if rule in ruled and self._row < WINDOW[0] and self._col < WINDOW[1]:
            self._prompted[rule] = None
            last = min(self._row + self._rows, WINDOW[0]) - 1, min(self._col + times, WINDOW[1]) - 1
            self._ruled += [area(self._row, self._col, *last)] if ruled[rule][0] else []
        down, right = _times(facts, "table:number-rows-spanned"), _times(facts, "table:number-columns-spanned")
        if down > 1 or right > 1:
            self._merges.append(area(self._row, self._col, self._row + down - 1, self._col + right - 1))
        self._array(facts)
        self._col += times

    def _array(self, facts: Facts) -> None:
        down = min(_times(facts, "table:number-matrix-rows-spanned"), WINDOW[0])
        right = min(_times(facts, "table:number-matrix-columns-spanned"), WINDOW[1])
        if down * right > 1:
            self._arrays.append((self._row, self._col, down, right))
            self._area += down * right
            if self._area > _AREA:
                raise LegacyError("large")

    def _raw(self, facts: Facts, text: str) -> RawCell:
        kind = facts.get("office:value-type", "")
        formula = facts.get("table:formula", "")
        if formula:
            formula = formula.partition("=")[2] or FORMULA
        error = facts.get("calcext:value-type") == "error" or bool(formula and _ERROR.fullmatch(text.strip()))
        value, style = None if error else _value(kind, facts, text, self._epoch), self._style(facts)
        code = self.styles.code(style) or _USUAL.get(kind, "")
        others = self.styles.others(style)
        marked = self._runs.look() or struck_out(value, self.styles.struck(style), others)
        return RawCell(value, formula, error, code, others, marked)

    def _style(self, facts: Facts) -> str:
        by_column = self._columns[self._col] if self._col < len(self._columns) else ""
        return facts.get("table:style-name") or self._row_style or by_column


_GROWTH = ("insert-rows", "delete-rows", "insert-columns", "delete-columns")


def _idle(facts: Facts) -> bool:
    """Whether a wrong value is told of at most, and taken."""
    return facts.get("table:display") != "true" or facts.get("table:message-type", "stop") != "stop"


_USUAL = {"percentage": "0%", "date": "yyyy-m-d", "time": "h:mm:ss"}


def _value(kind: str, facts: Facts, text: str, epoch: datetime) -> object:
    match kind:
        case "float" | "percentage" | "currency":
            said = facts.get("office:value", "")
            return float(said) if NUMBER.fullmatch(said) else said
        case "date":
            return _date(facts.get("office:date-value", ""))
        case "time":
            return _duration(facts.get("office:time-value", ""), epoch)
        case "boolean":
            return facts.get("office:boolean-value") == "true"
        case "string":
            return facts.get("office:string-value") or text
    return text or None


def _date(text: str) -> object:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text


def _duration(text: str, epoch: datetime) -> object:
    found: Any = _TIME.fullmatch(text)
    if not found:
        return text
    days, hours, minutes, seconds = (float(each or 0) for each in found.groups()[1:])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return moment(epoch, (-length if found[1] else length) / DAY)
