"""What is strange about a return and is said of it, though its answers are read: a file that was worked on, or that
carries what no form should."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ..findings import Finding, finding, quoted
from ..model import Source
from ..privacy import any_personal, personal
from ..text import CELL_LIMIT, active, some
from ..workbook.anchors import CHECKS, COVER, FORM, NOTES, PERSON_POINTS, PERSONS
from ..workbook.book import STAMP_SHEET
from ..workbook.open import Sheets
from ..workbook.read import Package, Sheet
from ..workbook.sheet import WINDOW, SheetXml, Written, letters
from .form import Form

_FOREIGN = {
    "xl/externalLinks/": "外部链接",
    "xl/embeddings/": "嵌入的对象",
    "xl/activeX/": "控件",
    "xl/ctrlProps/": "控件",
    "xl/connections.xml": "数据连接",
    "xl/queryTables/": "数据查询",
    "xl/revisions/": "修订记录",
}
_COMMENTS = ("xl/comments", "xl/threadedComments", "xl/persons")
_NAMES = 2_000
_OURS = {FORM, COVER, CHECKS, NOTES, PERSONS, PERSON_POINTS, STAMP_SHEET}
_ORDER = [COVER, FORM, PERSONS, PERSON_POINTS, CHECKS, NOTES]
# a line feed and a tab are typed by people; the rest is not
_CONTROL = re.compile(
    "[\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_NUMBER = re.compile(r"[-+－＋]?[\d.,，％%０-９]*")
_SHOWN = 5


def package_oddities(source: Source, book: Package, mended: bool) -> Iterator[Finding]:
    """Of the file: what else it carries, and what of it is gone. A mended copy carries the notes that it went out
    with."""
    if any(name.lower().endswith("vbaproject.bin") for name in book.parts):
        yield finding("file-macro", source)
    what = dict.fromkeys(word for name in book.parts for start, word in _FOREIGN.items() if name.startswith(start))
    if book.linked:
        what["通向别处的链接"] = None
    if not mended and any(name.startswith(_COMMENTS) for name in book.parts):
        what["批注"] = None
    if what:
        yield finding("file-foreign", source, what="、".join(what))
    if gone := list(_gone(book)):
        yield finding("file-stripped", source, what="、".join(gone))
    if book.names > _NAMES:
        yield finding("file-bloated", source, count=book.names)


def _gone(book: Package) -> Iterator[str]:
    if not book.marked:
        yield "属性"
    if not book.named:
        yield "名称"
    if not book.styled:
        yield "样式"


def form_oddities(source: Source, sheets: Sheets, form: Form) -> Iterator[Finding]:
    """Of the sheets: what was added, taken away, renamed, hidden or unprotected."""
    extra = [name for name in sheets if name not in _OURS and name not in form.known]
    if extra:
        yield finding("sheet-extra", source, sheets="、".join(quoted(each) for each in extra[:_SHOWN]))
    gone = [name for name in (COVER, CHECKS, NOTES) if name not in sheets]
    if gone and not extra:
        yield finding("sheet-gone", source, sheets="、".join(gone))
    ours = [name for name in sheets if name in _ORDER]
    if ours != sorted(ours, key=_ORDER.index):
        yield finding("sheet-moved", source)
    if form.sheet and form.sheet != FORM:
        yield finding("sheet-renamed", source, wanted=FORM, found=quoted(form.sheet))
    if any(each.far for each in sheets.values()):
        yield finding("cell-far", source)
    for name in form.spots:
        sheet = sheets[name]
        if isinstance(sheet, Sheet):
            yield from _handled(source._replace(sheet=name), sheet, form)


def _handled(source: Source, sheet: Sheet, form: Form) -> Iterator[Finding]:
    """Of one fill-in sheet."""
    xml, spots = sheet.xml, form.spots[source.sheet]
    if not (xml.protected and xml.validated):
        yield finding("form-protect", source, sheet=source.sheet)
    if sheet.hidden or xml.hidden_rows or xml.hidden_columns or xml.filtered:
        rows = sorted({row for row, _ in spots if row + 1 in xml.hidden_rows})
        columns = sorted({col for _, col in spots if any(a <= col + 1 <= b for a, b in xml.hidden_columns)})
        hidden = [f"第 {row + 1} 行" for row in rows] + [f"{letters(col + 1)} 列" for col in columns]
        hidden += ["用了筛选"] if xml.filtered else []
        if hidden or sheet.hidden:
            yield finding("form-hidden", source, what=some(hidden, "处", _SHOWN) or "整张表")
    places = f" {' '.join(xml.cells)}"
    outside = [each for each in _beyond(form.last[source.sheet]).findall(places) if any(xml.cells[each][3:])]
    outside += list(_beside(xml, spots, places))
    if outside:
        where = source._replace(cell=outside[0])
        yield finding("cell-outside", where, cells=some(outside, "格", _SHOWN))


def _beside(xml: SheetXml, spots: Mapping[tuple[int, int], str], places: str) -> Iterator[str]:
    """Numbers in the columns of answers where none is asked for: there stand words, units and captions."""
    asked = _addresses(tuple(spots))
    found = _within(frozenset(col for _, col in spots)).findall(places)
    odd = {each for each in set(found) - asked if _number(xml.cells[each])}
    yield from (each for each in found if each in odd)


def _number(written: Written) -> bool:
    return written[2] in ("", "n") and bool(written[4] or written[5])


# the forms of a scheme have their answers in the same places
@lru_cache(8)
def _addresses(spots: tuple[tuple[int, int], ...]) -> frozenset[str]:
    return frozenset(f"{letters(col + 1)}{row + 1}" for row, col in spots)


@lru_cache(8)
def _within(columns: frozenset[int]) -> re.Pattern[str]:
    """Finds the addresses of some columns."""
    return re.compile(rf" ((?:{'|'.join(letters(col + 1) for col in columns)})\d+)(?= |$)")


@lru_cache(8)
def _beyond(last: int) -> re.Pattern[str]:
    """Finds the addresses of the columns to the right of one."""
    right = [letters(col + 1) for col in range(last + 1, WINDOW[1])]
    if last < 25:
        right = [each for each in right if len(each) == 1] + ["[A-Z]{2}"]
    return re.compile(rf" ((?:{'|'.join(right)})\d+)(?= |$)")


def text_oddities(source: Source, sheets: Sheets, form: Form) -> Iterator[Finding]:
    """Of the texts that somebody typed: personal numbers (said by their places alone), what a program might take for
    a formula, control characters, and more than a cell can hold."""
    numbers = (number for each in sheets.values() for number in each.numbers())
    if any_personal(_contents(sheets)) or any(map(personal, numbers)):
        yield from _personal(source, sheets, form)
    places = dict[str, list[Source]]()
    for sheet_name, address, text in form.typed:
        for code in _text_faults(text):
            places.setdefault(code, []).append(source._replace(sheet=sheet_name, cell=address))
    for code, found in places.items():
        yield finding(code, found[0], cells=some([each.cell for each in found], "格", _SHOWN))


def _contents(sheets: Sheets) -> Iterator[str]:
    """All texts and longer numbers; those that an .xlsx workbook shares, once."""
    shared = next((each.shared.texts for each in sheets.values() if isinstance(each, Sheet)), [])
    yield from shared
    for each in sheets.values():
        yield from each.contents()


def _text_faults(text: str) -> Iterator[str]:
    if _CONTROL.search(text):
        yield "text-control"
    if active(text.lstrip(" ").removeprefix("{")) and not _NUMBER.fullmatch(text.strip()):
        yield "text-active"
    if len(text) > CELL_LIMIT:
        yield "text-long"


def _personal(source: Source, sheets: Sheets, form: Form) -> Iterator[Finding]:
    """A phone number where the cover asks for one is none."""
    for name, sheet in sheets.items():
        found = dict[str, list[str]]()
        for address, raw in sheet.filled() if name != STAMP_SHEET else ():
            kinds = personal(raw.value)
            if kinds and (name, address) != form.contact:
                found.setdefault("、".join(sorted(kinds)), []).append(address)
        for kinds_found, cells in found.items():
            where = source._replace(sheet=name, cell=cells[0])
            yield finding("personal", where, kinds=kinds_found, cells=some(cells, "格", _SHOWN))
