"""One workbook → its stamp and its answer cells, found by their ids; nothing of a scheme is known here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from sys import intern

from ..text import clean
from ..workbook.addresses import AREA, corners, letters
from ..workbook.anchors import (
    ANSWER,
    CHECKS,
    CODE,
    CORNER,
    COVER,
    COVER_UNIT,
    COVER_YEAR,
    FORM,
    HEADS,
    LABEL,
    MATERIALS,
    MAXIMUM,
    NOTES,
    NUMBERS,
    PER_ROW,
    PERSON_NAME,
    PERSON_NUMBER,
    PERSON_POINTS,
    PERSONS,
    PERSONS_CORNER,
    SCORE,
    SECTION,
    SLIP_CORNER,
    SLOT,
    STAMP_SHEET,
    TOTAL,
)
from ..workbook.beside import STRUCK
from ..workbook.open import AnySheet, Sheets, read_any
from ..workbook.read import RawCell, ReadError, plain
from .printed import Frame, mark

CONTACT, CATEGORY = "联系电话", "类别"
TITLE, _TITLES = "填报表\u3000", 4
"""What stands before the unit in the title of a sheet; in which rows it may."""
OURS = {FORM, COVER, CHECKS, NOTES, PERSONS, PERSON_POINTS, STAMP_SHEET}
"""The sheets of a template."""
_SERIES = re.compile(r"(.+)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row of a sheet of persons: its number, whether the template offered it, who, and what stands there.
    ``odd``: what stands for a name is no text (a date, an error, a formula), or is struck out."""

    line: int
    offered: bool
    name: str
    number: str
    cells: dict[str, RawCell]
    odd: bool = False

    @property
    def filled(self) -> bool:
        return any(raw.value not in (None, "") or raw.formula or raw.error for raw in self.cells.values())


@dataclass(frozen=True, slots=True)
class PersonTable:
    """A sheet of persons: ``columns`` gives each input cell its letter, ``labels`` what stands above it; ``twice``:
    input cells that two columns claim; ``names`` and ``numbers``: the letters of the columns of names and of staff
    numbers; ``merged`` and ``covered``: the cells of its rows that were joined with others, as of a ``Form``, by their
    addresses."""

    sheet: str
    columns: dict[str, str]
    labels: dict[str, str]
    rows: list[PersonRow]
    twice: tuple[str, ...] = ()
    names: str = "A"
    numbers: str = "B"
    merged: dict[str, str] = field(default_factory=dict)
    covered: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Form:
    """``cells``: input cell name → what stands there and where; ``labels``: row id → the label beside it;
    ``twice``: ids that stand twice in one sheet, with both places; ``copied``: ids that a second sheet answers
    again, with both places and whether the answers agree; ``materials``: item ids with a list of materials;
    ``persons``: the sheets of persons, one unless it was copied. ``heads``: what the form prints of each item,
    section and the total: id, title, points, the cells of points and score; ``shown``: the score that it shows and
    whether by a formula. ``merged``: answers whose cell was
    joined with others, with the range; ``covered``: those that lie beneath another cell. ``known``: the sheets that
    are ours; of each fill-in sheet ``spots``: the places of its answers, and ``last``: its last column with an id;
    ``typed``: what people wrote in words, with sheet and cell; ``active``: where a formula stands among the materials;
    ``formulas``: what the cover asks for and has as a formula or an error, with sheet and cell; ``cover``: the sheet
    with the unit's name; ``facts``: what else it says of the unit (类别, 代码), with sheet and cell; ``contact``: where
    it asks for a phone; ``frames``: where a sheet's ids stand; ``printed``:
    the mark of all that is printed on it; ``titles``: the units in the titles of its sheets, with sheet
    and cell; ``gone``: which of our sheets that nobody fills are there no more."""

    stamp: dict[str, str]
    sheet: str = ""
    cover: str = ""
    cover_unit: str = ""
    cover_year: str = ""
    cells: dict[str, tuple[RawCell, str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    twice: dict[str, tuple[str, str]] = field(default_factory=dict)
    copied: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    materials: set[str] = field(default_factory=set)
    persons: list[PersonTable] = field(default_factory=list)
    heads: tuple[tuple[str, str, str, str, str], ...] = ()
    shown: dict[str, tuple[object, bool]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    covered: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    spots: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    typed: list[tuple[str, str, str]] = field(default_factory=list)
    formulas: dict[str, tuple[str, str]] = field(default_factory=dict)
    active: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    contact: tuple[str, str] = ("", "")
    frames: dict[str, Frame] = field(default_factory=dict)
    printed: str = ""
    gone: tuple[str, ...] = ()
    titles: tuple[tuple[str, str, str], ...] = ()


def read_form(data: bytes) -> Form:
    """Raises ReadError where the bytes are no readable workbook; a form without a stamp is a foreign file."""
    return form_of(read_any(data))


def form_of(sheets: Sheets) -> Form:
    """Raises ReadError where a cell holds a text that is not in the file."""
    form = Form(_stamp(sheets.get(STAMP_SHEET)))
    if form.stamp:
        _read_cover(form, sheets)
        for sheet in sheets.values():
            _read_sheet(form, sheet)
        form.printed, form.gone = mark(form, sheets), _gone(form, sheets)
        _share(form)
    return form


_ALIKE = ("labels", "heads", "spots", "last", "frames")
_latest: dict[str, object] = {}


def _share(form: Form) -> None:
    """What a round's returns have in the same places they hold in common, and it travels once for all of them."""
    for name in _ALIKE:
        if (same := getattr(form, name)) == _latest.get(name):
            same = _latest[name]
        _latest[name] = same
        setattr(form, name, same)


def _gone(form: Form, sheets: Sheets) -> tuple[str, ...]:
    """A sheet of a strange name may be one of ours by another."""
    asked = (CHECKS, NOTES, PERSON_POINTS) if form.persons else (CHECKS, NOTES)
    gone = tuple(name for name in asked if name not in sheets)
    return gone if len(gone) > sum(name not in OURS and name not in form.known for name in sheets) else ()


def _stamp(sheet: AnySheet | None) -> dict[str, str]:
    """What stands beside each word of it, without what nobody sees: it is asked for by its letters and shown."""
    rows = range(sheet.height) if sheet else ()
    return {sheet.text(row, 0): clean(sheet.text(row, 1)) for row in rows if sheet and sheet.text(row, 0)}


def _read_cover(form: Form, sheets: Sheets) -> None:
    """The cells beneath the cover's own ids, wherever they moved to."""
    for name in sorted(sheets, key=lambda each: each != COVER):
        sheet = sheets[name]
        heads = _ids(sheet, 0)
        if COVER_UNIT not in heads:
            continue
        for row in range(sheet.height):
            for label, id in (("填报单位", COVER_UNIT), ("年度", COVER_YEAR)):
                col = heads.get(id, 0)
                if col and sheet.text(row, col - 1) == label:
                    setattr(form, "cover_unit" if id == COVER_UNIT else "cover_year", sheet.text(row, col))
                    if (raw := sheet.at(row, col)).formula or raw.error:
                        form.formulas[label] = (name, f"{letters(col + 1)}{row + 1}")
            for label, id in ((CATEGORY, COVER_UNIT), (CODE, COVER_YEAR)):
                col = heads.get(id, 0)
                if col and sheet.text(row, col - 1) == label:
                    form.facts.setdefault(label, (sheet.text(row, col), name, f"{letters(col + 1)}{row + 1}"))
            if sheet.text(row, heads[COVER_UNIT] - 1) == CONTACT:
                form.contact = (name, f"{letters(heads[COVER_UNIT] + 1)}{row + 1}")
        form.known.add(name)
        form.cover = name
        return


def _ids(sheet: AnySheet, row: int) -> dict[str, int]:
    """What stands in a row of ids, each with its first column."""
    texts = sheet.texts(row)
    return {id: texts.index(id) for id in texts if id}


def _read_sheet(form: Form, sheet: AnySheet) -> None:
    """Row ids stand in the column that holds ``#xfkh``, column ids in its row."""
    place = _corner(sheet)
    if place is None:
        return
    id, top, left = place
    form.known.add(sheet.name)
    form.frames[sheet.name] = Frame(top, left)
    form.titles += tuple(_titles(sheet))
    if id == PERSONS_CORNER:
        form.persons += _read_persons(form, sheet, top, left)
    elif id == CORNER:
        _read_fill_in(form, sheet, top, left)


def _titles(sheet: AnySheet) -> Iterator[tuple[str, str, str]]:
    for row in range(_TITLES):
        for col, text in enumerate(sheet.texts(row, 3)):
            if unit := text.partition(TITLE)[2].strip():
                yield unit, sheet.name, f"{letters(col + 1)}{row + 1}"


def _read_fill_in(form: Form, sheet: AnySheet, top: int, left: int) -> None:
    form.sheet = form.sheet or sheet.name
    columns = _ids(sheet, top)
    spots = form.spots[sheet.name] = {}
    form.last[sheet.name] = max(columns.values())
    for col, id in enumerate(sheet.texts(top)):
        if id.startswith(ANSWER) and columns[id] != col:
            form.twice[id] = (_place(sheet, top, columns[id]), _place(sheet, top, col))
    head = ""
    for row in range(top + 1, sheet.height):
        id = sheet.text(row, left)
        if id.startswith("#"):
            if not head:
                form.frames[sheet.name] = Frame(top, left, row, columns.get(MATERIALS, -1))
            head = id[1:]
            _read_head(form, sheet, head, row, columns)
        elif id:
            _read_row(form, sheet, id, row, columns, spots)
        elif id := _sum(form, sheet, row, columns):
            _read_head(form, sheet, id, row, columns)
        # what stands beside an item's answers is its evidence, as what stands beside the item
        if head and MATERIALS in columns:
            _read_materials(form, sheet, head, row, columns[MATERIALS])
    _note_merges(form, sheet, spots)


def _read_materials(form: Form, sheet: AnySheet, head: str, row: int, col: int) -> None:
    raw = sheet.at(row, col)
    if raw.formula or plain(raw.value):
        form.materials.add(head)
        address = f"{letters(col + 1)}{row + 1}"
        if raw.formula:
            form.active.append((sheet.name, address))
        else:
            form.typed.append((sheet.name, address, str(raw.value)))


def _sum(form: Form, sheet: AnySheet, row: int, columns: Mapping[str, int]) -> str:
    """The section, or the total, whose sum stands in a row without an id."""
    if not {LABEL, MAXIMUM, SCORE} <= columns.keys() or sheet.at(row, columns[SCORE]).value is None:
        return ""
    number = sheet.text(row, columns[LABEL] - 1) if columns[LABEL] else ""
    if number == NUMBERS:
        return ""
    # above the items there is no section, whatever stands beside the total
    if not form.heads or sheet.text(row, columns[MAXIMUM]) in ("合计", "暂计"):
        return TOTAL
    return f"{SECTION}{number}" if number else ""


def _read_head(form: Form, sheet: AnySheet, id: str, row: int, columns: Mapping[str, int]) -> None:
    """What the form prints of an item, and the score that it shows."""
    if not {LABEL, MAXIMUM, SCORE} <= columns.keys():
        return
    points, score = (f"{letters(columns[each] + 1)}{row + 1}" for each in (MAXIMUM, SCORE))
    form.heads += ((id, sheet.text(row, columns[LABEL]), sheet.text(row, columns[MAXIMUM]), points, score),)
    raw = sheet.at(row, columns[SCORE])
    form.shown[id] = (raw.value, bool(raw.formula))


def _note_merges(form: Form, sheet: AnySheet, spots: Mapping[tuple[int, int], str]) -> None:
    """An answer keeps what stands in it only where it is the first cell of those that were joined."""
    for row, col, area, first in _joined(sheet, {row for row, _ in spots}):
        if name := spots.get((row, col)):
            (form.merged if first else form.covered)[name] = area


def _joined(sheet: AnySheet, rows: Set[int]) -> Iterator[tuple[int, int, str, bool]]:
    """Every cell in some rows that was joined with others, with the range, and whether it is the first of it."""
    areas = [(area, *corners(area)) for area in sheet.merges]
    if sum(max(0, bottom - top + 1) * max(0, right - left + 1) for _, (top, left), (bottom, right) in areas) > AREA:
        raise ReadError("area")
    for area, (top, left), (bottom, right) in areas:
        for row in range(top - 1, bottom):
            for col in range(left - 1, right) if row in rows else ():
                yield row, col, area, (row, col) == (top - 1, left - 1)


def _place(sheet: AnySheet, row: int, col: int) -> str:
    return f"{sheet.name}!{letters(col + 1)}{row + 1}"


def _corner(sheet: AnySheet) -> tuple[str, int, int] | None:
    """Which kind of sheet this is, and where its ids begin."""
    for row in range(8):
        for col, id in enumerate(sheet.texts(row, 8)):
            if id in (CORNER, PERSONS_CORNER, SLIP_CORNER):
                return id, row, col
    return None


def _read_persons(form: Form, sheet: AnySheet, top: int, left: int) -> list[PersonTable]:
    """The rows beneath the heads in which anything stands, whether or not the template offered them."""
    ids = _ids(sheet, top)
    heads = next((row for row in range(top + 1, sheet.height) if sheet.text(row, left) == HEADS), None)
    if heads is None or PERSON_NAME not in ids or PERSON_NUMBER not in ids:
        return []
    asked = {id: col for id, col in ids.items() if id[0] not in "@#"}
    all_ids = sheet.texts(top)
    rows = []
    for row in range(heads + 1, sheet.height):
        name = sheet.at(row, ids[PERSON_NAME])
        one = PersonRow(
            row + 1,
            sheet.text(row, left).startswith(SLOT),
            plain(name.value),
            sheet.text(row, ids[PERSON_NUMBER]),
            {id: sheet.at(row, col) for id, col in asked.items()},
            _odd(name),
        )
        if one.name or one.number or one.filled or one.odd:
            rows.append(one)
    form.last[sheet.name] = max(ids.values())
    form.spots[sheet.name] = {(one.line - 1, col): id for one in rows for id, col in asked.items()}
    labels = {id: sheet.text(heads, col) for id, col in asked.items()}
    twice = tuple(id for id in asked if all_ids.count(id) > 1)
    columns = {id: letters(col + 1) for id, col in asked.items()}
    names, numbers = (letters(ids[each] + 1) for each in (PERSON_NAME, PERSON_NUMBER))
    table = PersonTable(sheet.name, columns, labels, rows, twice, names, numbers)
    theirs, lines = {*columns.values(), names, numbers}, {one.line for one in rows}
    for row, col, area, first in _joined(sheet, {line - 1 for line in lines}):
        if (letter := letters(col + 1)) in theirs:
            (table.merged if first else table.covered)[f"{letter}{row + 1}"] = area
    return [table]


def _odd(raw: RawCell) -> bool:
    """Whether a cell holds something, and no text or number that could be a name; one struck out is none any more."""
    if isinstance(raw.value, bool | date | datetime):
        return True
    return raw.error or bool(raw.formula) or STRUCK in raw.marked


def _read_row(
    form: Form, sheet: AnySheet, id: str, row: int, columns: Mapping[str, int], spots: dict[tuple[int, int], str]
) -> None:
    series = _SERIES.fullmatch(id)
    base, start = (series[1], int(series[2])) if series else (id, 0)
    form.labels[id] = sheet.text(row, columns[LABEL]) if LABEL in columns else ""
    for k in range(PER_ROW if series else 1):
        col = columns.get(f"{ANSWER}{k + 1}")
        if col is None:
            continue
        name, address = intern(f"{base}[{start + k}]" if series else base), intern(_place(sheet, row, col))
        raw = sheet.at(row, col)
        spots[row, col] = name
        if isinstance(raw.value, str):
            form.typed.append((sheet.name, address.rpartition("!")[2], raw.value))
        if name not in form.cells:
            form.cells[name] = (raw, address)
        elif form.cells[name][1].rpartition("!")[0] == sheet.name:
            form.twice[name] = (form.cells[name][1], address)
        else:
            form.copied[name] = (form.cells[name][1], address, form.cells[name][0] == raw)


__all__ = ["FORM", "Form", "PersonRow", "PersonTable", "form_of", "read_form"]
