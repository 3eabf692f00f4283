"""What a form prints where nobody is to write: titles, headings, hints, units and formulas, told by where they belong
and not by the row in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from ..privacy import masked
from ..workbook.addresses import SheetError, column, corners, letters, split
from ..workbook.anchors import (
    CHECKS,
    COVER,
    COVER_UNIT,
    COVER_YEAR,
    FORM,
    HEADS,
    NOTES,
    PERSON_POINTS,
    PERSONS,
    SCORE,
    SLOT,
    STATUS,
    YEAR,
)
from ..workbook.open import AnySheet, Sheets
from ..workbook.read import Sheet, plain
from ..workbook.texts import unescaped

if TYPE_CHECKING:
    from .form import Form

UNKNOWN = "="
"""A formula that is there and is not written out."""
LIMIT = "限制:"
"""Stands before the id of a column where a word is not a text but says what may be typed into the cell."""


class Frame(NamedTuple):
    """Of a sheet with ids: the row and column in which they stand, the first row of an item, the column of materials
    (-1: none); rows and columns counted from 0."""

    top: int
    left: int
    first: int = 0
    materials: int = -1


class Word(NamedTuple):
    """One cell in which something is printed: its sheet by our name, its place, the ids of its row and column (empty
    where there is none), and the text, or ``=`` and the formula."""

    sheet: str
    row: int
    col: str
    id: str
    head: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.col}{self.row}"


@dataclass(frozen=True)
class Print:
    """Everything that a form prints."""

    words: tuple[Word, ...] = ()

    @cached_property
    def marks(self) -> tuple[str, str]:
        """What tells two prints apart: as .xlsx has it, and as formats that do not write formulas out."""
        sheets = dict.fromkeys(each.sheet for each in self.words)
        top = next((each.row for each in self.words if each.id == COVER_UNIT), 0)
        cells = [(ours, [_marked(each, top) for each in self.words if each.sheet == ours]) for ours in sheets]
        blind = [(ours, [(place, UNKNOWN if text.startswith(UNKNOWN) else text) for place, text in found
                         if not place.startswith(LIMIT)]) for ours, found in cells]  # fmt: skip
        return _joined([_mark(*each) for each in cells]), _joined([_mark(*each) for each in blind])


NOTHING = Print()


def _marked(word: Word, top: int) -> tuple[str, str]:
    """The place and the text of a word; on the cover, above which an office's name may stand, the place beneath the
    row of the unit."""
    if word.sheet == COVER:
        return f"{word.col}{word.row - top}", word.text
    return f"{LIMIT if word.head.startswith(LIMIT) else ''}{word.place}", word.text


def mark(form: Form, sheets: Sheets) -> str:
    """Of what a form prints: equal where everything stands as in another, in the same places."""
    found = [(ours, tuple(_placed(form, ours, sheets[name]))) for ours, name in _sheets(form, sheets)]
    return _joined([(_sheet_mark if len(each[1]) < _SMALL else _sheet_mark.__wrapped__)(*each) for each in found])


def print_of(form: Form, sheets: Sheets) -> Print:
    found = list[Word]()
    for ours, name in _sheets(form, sheets):
        found += _words(form, ours, sheets[name])
    return Print(tuple(found))


_SMALL = 5_000
Cells = tuple[tuple[str, str], ...]
"""Addresses and what is printed there."""


# the returns of one round print the same
@lru_cache(64)
def _sheet_mark(ours: str, cells: Cells) -> str:
    return _mark(ours, _tidied(cells))


def _mark(ours: str, cells: Iterable[tuple[str, str]]) -> str:
    return _joined([ours, *sorted(map("\t".join, cells))])


def _joined(parts: list[str]) -> str:
    return blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _placed(form: Form, ours: str, sheet: AnySheet) -> list[tuple[str, str]]:
    """The printed cells as ``Print.marks`` has them."""
    cells = _raw(form, ours, sheet)
    if ours == COVER:
        top, _ = _unit(sheet)
        return [(f"{place[0]}{int(place[1:]) - top}", text) for place, text in cells]
    if ours == FORM and (limits := sheet.beside.limits):
        cells += _limits(limits, tuple(form.spots[sheet.name]))
    return cells


@lru_cache(16)
def _limits(limits: tuple[tuple[str, str], ...], spots: tuple[tuple[int, int], ...]) -> Cells:
    """What may be typed into each answer."""
    try:
        areas = [(*corners(area), limit) for area, limit in limits]
    except SheetError:
        return ()
    if len(areas) * len(spots) > _MOST_LIMITS:
        return ()
    return tuple((f"{LIMIT}{letters(col + 1)}{row + 1}", limit) for row, col in spots
                 for (top, left), (bottom, right), limit in areas
                 if top <= row + 1 <= bottom and left <= col + 1 <= right)  # fmt: skip


_MOST_LIMITS = 1_000_000


def _sheets(form: Form, sheets: Sheets) -> Iterator[tuple[str, str]]:
    """Our names of the sheets that are looked at, and their own."""
    persons = form.persons[0].sheet if form.persons else ""
    others = {each: each for each in (PERSON_POINTS, CHECKS, NOTES)}
    names = {COVER: form.cover, FORM: form.sheet, PERSONS: persons, **others}
    yield from ((ours, name) for ours, name in names.items() if name in sheets)


def _raw(form: Form, ours: str, sheet: AnySheet) -> list[tuple[str, str]]:
    """The printed cells of one sheet, as they are written, but for the year and the unit in its titles."""
    skip, wanted = frozenset[str](), None
    if ours == COVER:
        return _cover(form, sheet)
    if ours == FORM:
        skip = _asked(form.frames[sheet.name], tuple(form.spots[sheet.name]), sheet.height)
    elif ours == PERSONS:
        wanted = _heads_and_scores(form.frames[sheet.name], sheet)
    elif ours == PERSON_POINTS:
        skip = frozenset(f"A{row}" for row in _slots(sheet))
    cells = [
        (place, _title(form, text) if _TITLE in text else text) for place, text in _written(sheet) if place not in skip
    ]
    if wanted is not None:
        cells = [each for each in cells if each[0] in wanted]
    names = {form.sheet: FORM} | ({form.persons[0].sheet: PERSONS} if form.persons else {})
    renamed = {name: ours for name, ours in names.items() if name != ours}
    return [(place, _our_names(text, renamed)) for place, text in cells] if renamed else cells


_TITLE = "填报表"
_OWN = ("填报单位", "年度", "类别", "代码", "填报人", "审核人", "联系电话", "填报日期")
"""What is asked for on the cover, or written there for each unit: it stands to the right."""
_TERMS = (2, 3)
"""How many rows beneath that of the unit the terms of the round stand: by when to return it, and to whom."""
UNSAID = ("按通知要求", "发放本表的信访工作机构")
"""What stands there on a blank template."""
_WIDE, _HIGH = 16, 30
"""In how many columns and rows the unit is looked for."""
_ABOVE, _ASKED = 3, 7
"""How many rows above that of the unit the title stands (above it may be an office's name), and in how many rows from
it on something is asked for."""


def _cover(form: Form, sheet: AnySheet) -> list[tuple[str, str]]:
    """What every cover of a round prints, from the title down."""
    cells, (top, first), year = _written(sheet), _unit(sheet), form.stamp.get(YEAR, "")
    own = {f"{chr(ord(place[0]) + 1)}{place[1:]}" for place, text in cells if text in _OWN}
    asked = [k for k in range(_ASKED if top else 0) if k not in _TERMS]
    own |= {f"{letters(col)}{top + k}" for col in (first, first + 2) for k in asked}
    found = [(place, text) for place, text in cells
             if place not in own and place[1:].isdecimal() and int(place[1:]) >= top - _ABOVE]  # fmt: skip
    return [(place, text.replace(f"\u3000{year}年\u3000", "\u3000____年\u3000") if year and _TITLE in text else text)
            for place, text in found]  # fmt: skip


def _unit(sheet: AnySheet) -> tuple[int, int]:
    """The row and the column of the cover, counted from 1, in which the unit's name stands, beside it the year; 0
    where neither is asked for."""
    ids = sheet.texts(0, _WIDE)
    asked = [(ids.index(id), label) for id, label in ((COVER_UNIT, _OWN[0]), (COVER_YEAR, _OWN[1])) if id in ids]
    rows = range(min(sheet.height, _HIGH))
    places = (row + 1 for col, label in asked for row in rows if col and sheet.text(row, col - 1) == label)
    return next(places, 0), asked[0][0] + 1 if asked else 0


def _title(form: Form, text: str) -> str:
    title, year = text.partition(f"{_TITLE}\u3000")[0], form.stamp.get(YEAR, "")
    title = title if title == text else title + _TITLE
    return title.replace(f"\u3000{year}年\u3000", "\u3000____年\u3000") if year else title


def _tidied(cells: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Without what programs write each in its own way, and without the numbers of persons: where blanks are gone, one
    may no longer be known."""
    for place, text in cells:
        if said := _formula(unescaped(text)) if text.startswith("=") else "".join(masked(text).split()):
            yield place, said


def _written(sheet: AnySheet) -> list[tuple[str, str]]:
    if isinstance(sheet, Sheet):
        return sheet.words()
    return [(place, UNKNOWN if raw.formula else plain(raw.value)) for place, raw in sheet.filled()]


def _our_names(formula: str, renamed: Mapping[str, str]) -> str:
    """A formula that calls our sheets by our names."""
    if not formula.startswith("="):
        return formula
    formula = unescaped(formula)
    for name, ours in renamed.items():
        formula = formula.replace(f"'{name}'!", f"{ours}!").replace(f"{name}!", f"{ours}!")
    return formula


@lru_cache(16)
def _asked(frame: Frame, spots: tuple[tuple[int, int], ...], height: int) -> frozenset[str]:
    """The cells of a fill-in sheet that are not printed: ids, answers and materials."""
    asked = {f"{letters(col + 1)}{row + 1}" for row, col in spots}
    asked |= {f"{letters(frame.left + 1)}{row + 1}" for row in range(height)}
    asked |= {f"{letters(col)}{frame.top + 1}" for col in range(1, 183)}
    if frame.materials >= 0:
        asked |= {f"{letters(frame.materials + 1)}{row + 1}" for row in range(frame.first, height)}
    return frozenset(asked)


def _heads_and_scores(frame: Frame, sheet: AnySheet) -> frozenset[str]:
    ids = [(row, sheet.text(row, frame.left)) for row in range(frame.top + 1, sheet.height)]
    heads = next((row for row, id in ids if id == HEADS), 0)
    columns = sheet.texts(frame.top)
    last = max((k for k, id in enumerate(columns) if id), default=0)
    counted = tuple(columns.index(each) for each in (SCORE, STATUS) if each in columns)
    return _above_and_within(heads, frame.left, last, tuple(row for row, id in ids if id.startswith(SLOT)), counted)


@lru_cache(64)
def _above_and_within(
    heads: int, left: int, last: int, rows: tuple[int, ...], counted: tuple[int, ...]
) -> frozenset[str]:
    """Of a sheet of persons: what stands above the columns, and what is counted in the rows that are offered."""
    above = {(row, col) for row in range(heads - 2, heads + 1) for col in range(left + 1, last + 1)}
    within = {(row, col) for row in rows for col in counted}
    return frozenset(f"{letters(col + 1)}{row + 1}" for row, col in above | within)


def _words(form: Form, ours: str, sheet: AnySheet) -> Iterator[Word]:
    frame = form.frames.get(sheet.name)
    ids = sheet.texts(frame.top) if frame else []
    slots = _slots(sheet) if ours == PERSON_POINTS else {_unit(sheet)[0]: COVER_UNIT} if ours == COVER else {}
    for place, text in _tidied(_raw(form, ours, sheet)):
        row, col = split(place)
        if not frame or col - 1 <= form.last[sheet.name]:
            id = sheet.text(row - 1, frame.left) if frame else slots.get(row, "")
            yield Word(ours, row, letters(col), id, _head(ids, col), text)
    if frame is None or ours != FORM:
        return
    for place, text in _limits(sheet.beside.limits, tuple(form.spots[sheet.name])):
        row, col = split(place.removeprefix(LIMIT))
        yield Word(ours, row, letters(col), sheet.text(row - 1, frame.left), f"{LIMIT}{_head(ids, col)}", text)


def _slots(sheet: AnySheet) -> dict[int, str]:
    """The rows of persons on the sheet of their points, which are numbered."""
    numbers = ((row + 1, sheet.text(row, 0)) for row in range(sheet.height))
    return {row: f"{SLOT}{number}" for row, number in numbers if number.isascii() and number.isdigit()}


def _head(ids: list[str], col: int) -> str:
    """The id of a column, or the nearest to its left and how far that is."""
    near = next((k for k in range(min(col, len(ids)), 0, -1) if ids[k - 1]), 0)
    return f"{ids[near - 1]}+{col - near}" if near and near < col else ids[near - 1] if near else letters(col)


_QUOTED = re.compile(r'("[^"]*")')
_BLANK = re.compile(r"\s+|_XLFN\.|(?<=[(,])\+(?=[A-Z])")


def _formula(text: str) -> str:
    """A formula without what programs write each in its own way."""
    pieces = _QUOTED.split(text)
    pieces[::2] = [_BLANK.sub("", each.upper()).replace("'", "") for each in pieces[::2]]
    return "".join(pieces)


def terms_of(print_: Print) -> frozenset[tuple[int, str]]:
    """Where on a cover the terms of the round stand: rows and columns."""
    cover = [each for each in print_.words if each.sheet == COVER]
    unit = next((each for each in cover if each.id == COVER_UNIT and each.text == _OWN[0]), None)
    right = letters(column(unit.col) + 1) if unit else ""
    return frozenset((unit.row + k, right) for k in _TERMS) if unit else frozenset()


__all__ = ["LIMIT", "NOTHING", "UNKNOWN", "UNSAID", "Frame", "Print", "Word", "mark", "print_of", "terms_of"]
