"""What is strange about a return and is said of it, though its answers are read: a file that was worked on, or that
carries what no form should."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ..findings import Finding, finding, quoted
from ..model import Source
from ..privacy import APART, any_personal, personal
from ..text import CELL_LIMIT, active, some
from ..workbook.addresses import AREA, SheetError, column, corners, letters
from ..workbook.anchors import CHECKS, COVER, FORM, NOTES, PERSON_POINTS, PERSONS, STAMP_SHEET
from ..workbook.open import AnySheet, Sheets
from ..workbook.read import Package, Sheet
from ..workbook.sheet import WINDOW
from .form import OURS, Form

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
_ORDER = [COVER, FORM, PERSONS, PERSON_POINTS, CHECKS, NOTES]
# a line feed and a tab are typed by people; the rest is not
_CONTROL = re.compile(
    "[\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SIGNS = re.compile(r'&(?:"[^"]*"|\d{1,2}|K[0-9A-F]{6}|.)')
_NUMBER = re.compile(r"[-+－＋]?[\d.,，％%０-９]*")
_SHOWN = 5


def package_oddities(source: Source, book: Package, mended: bool) -> Iterator[Finding]:
    """Of the file: what else it carries, and what of it is gone. A mended copy carries the notes that it went out
    with."""
    if has_macro(book):
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


def has_macro(book: Package) -> bool:
    return any(name.lower().endswith("vbaproject.bin") for name in book.parts)


def _gone(book: Package) -> Iterator[str]:
    if not book.marked:
        yield "属性"
    if not book.named:
        yield "名称"
    if not book.styled:
        yield "样式"


def form_oddities(source: Source, sheets: Sheets, form: Form) -> Iterator[Finding]:
    """Of the sheets: what was added, taken away, renamed, hidden or unprotected."""
    extra = [name for name in sheets if name not in OURS and name not in form.known]
    if extra:
        yield finding("sheet-extra", source, sheets="、".join(quoted(each) for each in extra[:_SHOWN]))
    ours = [name for name in sheets if name in _ORDER]
    if ours != sorted(ours, key=_ORDER.index):
        yield finding("sheet-moved", source)
    if form.sheet and form.sheet != FORM:
        yield finding("sheet-renamed", source, wanted=FORM, found=quoted(form.sheet))
    if any(each.far for each in sheets.values()):
        yield finding("cell-far", source)
    if loosened := list(_loosened(sheets, form)):
        yield finding("form-protect", source, what="；".join(loosened))
    for name in form.spots:
        yield from _handled(source._replace(sheet=name), sheets[name], form)


def _loosened(sheets: Sheets, form: Form) -> Iterator[str]:
    """What no longer keeps people from changing what is not theirs: protection, locked cells, limits of answers."""
    ours = [name for name in sheets if name in OURS or name in form.spots]
    if bare := [name for name in ours if not sheets[name].beside.protected]:
        yield f"{''.join(f'「{quoted(name)}」' for name in bare)}表没有保护"
    if loose := [name for name in ours if sheets[name].beside.protected and sheets[name].beside.pliable]:
        yield f"{''.join(f'「{quoted(name)}」' for name in loose)}表的保护允许增删行列"
    for name in ours:
        # what stands on the cover besides the unit is for its people to fill in
        if loose := _loose(sheets[name], form) if name != COVER else []:
            yield f"「{quoted(name)}」表有格子解除了锁定（{some(loose, '格', _SHOWN)}）"
        if gone := _unruled(sheets[name], form) if name in form.spots else "":
            yield f"「{quoted(name)}」表{gone}的填写限制没有了"


def _loose(sheet: AnySheet, form: Form) -> list[str]:
    """The unlocked cells in which something stands that no unit fills in: no answer, none of its materials, none of a
    person's cells."""
    theirs = {each[1] for each in (*form.typed, *form.active) if each[0] == sheet.name}
    theirs |= _addresses(tuple(form.spots.get(sheet.name, ())))
    columns = {letter for each in form.persons if each.sheet == sheet.name
               for letter in (*each.columns.values(), each.names, each.numbers)}  # fmt: skip
    loose = [each for each in sheet.loose() if each not in theirs]
    return [each for each in loose if each.rstrip("0123456789") not in columns]


def _unruled(sheet: AnySheet, form: Form) -> str:
    """Where answers are no longer limited; rows that were moved may have left their limits behind."""
    columns, count = _ruled(sheet.beside.ruled)
    people = [each for each in form.persons if each.sheet == sheet.name]
    if people:
        bare = [each for each in people[0].columns.values() if column(each) not in columns]
        return f" {'、'.join(bare)} 列" if bare else ""
    missing = sheet.open(_addresses(tuple(form.spots[sheet.name]))) - count
    return f" {missing} 格" if missing > 0 else ""


@lru_cache(32)
def _ruled(ranges: tuple[str, ...]) -> tuple[frozenset[int], int]:
    """The columns, counted from 1, and the number of the cells in some ranges; of all where one is of whole columns or
    rows."""
    try:
        areas = list(map(corners, ranges))
    except SheetError:
        return frozenset(range(1, WINDOW[1] + 1)), AREA
    columns, count = set[int](), 0
    for (top, left), (bottom, right) in areas:
        columns |= {*range(left, min(right, WINDOW[1]) + 1)}
        count += (bottom - top + 1) * (right - left + 1)
    return frozenset(columns), count


def _handled(source: Source, sheet: AnySheet, form: Form) -> Iterator[Finding]:
    """Of one fill-in sheet."""
    spots = form.spots[source.sheet]
    if sheet.hidden or sheet.hidden_rows or sheet.hidden_columns or sheet.filtered:
        rows = sorted({row for row, _ in spots if row + 1 in sheet.hidden_rows})
        columns = sorted({col for _, col in spots if any(a <= col + 1 <= b for a, b in sheet.hidden_columns)})
        hidden = [f"第 {row + 1} 行" for row in rows] + [f"{letters(col + 1)} 列" for col in columns]
        hidden += ["用了筛选"] if sheet.filtered else []
        if hidden or sheet.hidden:
            yield finding("form-hidden", source, what=some(hidden, "处", _SHOWN) or "整张表")
    places = f" {' '.join(sheet.places())}"
    outside = [each for each in _beyond(form.last[source.sheet]).findall(places) if sheet.holds(each)]
    outside += list(_beside(sheet, spots, places))
    if outside:
        where = source._replace(cell=outside[0])
        yield finding("cell-outside", where, cells=some(outside, "格", _SHOWN))


def _beside(sheet: AnySheet, spots: Mapping[tuple[int, int], str], places: str) -> Iterator[str]:
    """Numbers in the columns of answers where none is asked for: there stand words, units and captions."""
    asked = _addresses(tuple(spots))
    found = _within(frozenset(col for _, col in spots)).findall(places)
    odd = {each for each in set(found) - asked if sheet.counts(each)}
    yield from (each for each in found if each in odd)


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


def text_oddities(
    source: Source, sheets: Sheets, form: Form, said: Sequence[tuple[str, str]] = ()
) -> Iterator[Finding]:
    """Of the texts that somebody typed: personal numbers (said by their places alone), what a program might take for
    a formula, control characters, and more than a cell can hold. ``said``: what stands elsewhere in the file, with a
    word for where."""
    numbers = (number for each in sheets.values() for number in each.numbers())
    if any_personal(_contents(sheets)) or any(map(personal, numbers)):
        yield from _personal(source, sheets, form)
    around = [(source._replace(sheet=name), *each) for name, sheet in sheets.items() for each in _around(name, sheet)]
    yield from _behind([*around, *((source, *each) for each in said)])
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


def _around(name: str, sheet: AnySheet) -> Iterator[tuple[str, object]]:
    """What a sheet says outside the cells that are read, with a word for where."""
    yield "工作表名", name
    for where, said in sheet.beside.said:
        # a foot has signs for its three parts and its fonts, which stand between no digits on paper
        yield where, APART.join((said, _SIGNS.sub("", said))) if "&" in said else said
    for address, raw in sheet.beyond() if sheet.far else ():
        yield address, raw.value


def _behind(said: Sequence[tuple[Source, str, object]]) -> Iterator[Finding]:
    texts = (each if isinstance(each, str) else "" for *_, each in said)
    if any_personal(texts) or any(personal(each) for *_, each in said if not isinstance(each, str)):
        for source, where, each in said:
            if kinds := personal(each):
                yield finding("personal", source, kinds="、".join(sorted(kinds)), cells=where)


def _text_faults(text: str) -> Iterator[str]:
    if _CONTROL.search(text):
        yield "text-control"
    if active(text.lstrip(" ").removeprefix("{")) and not _NUMBER.fullmatch(text.strip()):
        yield "text-active"
    if len(text) > CELL_LIMIT:
        yield "text-long"


_HASH = re.compile(r"\b(?=\d*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{64})\b")


def _unhashed(value: object) -> object:
    """What the stamp says, but the hashes in which any number may turn up."""
    return _HASH.sub("", value) if isinstance(value, str) else value


def _personal(source: Source, sheets: Sheets, form: Form) -> Iterator[Finding]:
    """A phone number where the cover asks for one is none."""
    for name, sheet in sheets.items():
        found = dict[str, list[str]]()
        for address, raw in sheet.filled():
            kinds = personal(_unhashed(raw.value) if name == STAMP_SHEET else raw.value)
            if kinds and (name, address) != form.contact:
                found.setdefault("、".join(sorted(kinds)), []).append(address)
        for kinds_found, cells in found.items():
            where = source._replace(sheet=name, cell=cells[0])
            yield finding("personal", where, kinds=kinds_found, cells=some(cells, "格", _SHOWN))
    if left := {kind for text in _left_over(sheets) for kind in personal(text)}:
        yield finding("personal", source, kinds="、".join(sorted(left)), cells="文件里已经没有格子用的文字")


def _left_over(sheets: Sheets) -> Iterator[str]:
    """The shared texts of an .xlsx workbook that stand in no cell any more."""
    ours = [each for each in sheets.values() if isinstance(each, Sheet)]
    used = set[str]().union(*(each.used() for each in ours))
    return (text for k, text in enumerate(ours[0].shared.texts if ours else ()) if str(k) not in used)
