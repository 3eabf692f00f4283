"""The rows of one sheet of a scheme workbook, beneath its heads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..console import meant, near
from ..findings import Finding, finding, quoted
from ..model import Source
from ..text import visible
from ..workbook.addresses import corners, letters, split
from ..workbook.beside import STRUCK
from ..workbook.open import AnySheet
from ..workbook.read import RawCell, plain
from .columns import HEAD_WITHIN, Column, SheetOf


@dataclass(slots=True)
class Line:
    """A row of a sheet: the cells in which something stands, by column, and where; ``places``: of every head;
    ``lost``: the columns that may stand under a head that nobody knows (``unknown``), or of which the cell is merged
    with one above."""

    cells: list[tuple[Column, RawCell, Source]]
    source: Source
    places: dict[str, Source]
    lost: frozenset[str] = frozenset()

    unknown: frozenset[str] = frozenset()

    def given(self, name: str) -> bool:
        return any(name in column.fields for column, *_ in self.cells)

    def says(self, name: str) -> str:
        """What stands there, as text."""
        return next((plain(raw.value) for column, raw, _ in self.cells if name in column.fields), "")

    def at(self, name: str) -> Source:
        return next((place for column, _, place in self.cells if name in column.fields), self.source)

    def key_at(self, sheet: SheetOf) -> Source:
        return self.places.get(sheet.head_of(sheet.key), self.source)


@dataclass(slots=True)
class Grid:
    """A sheet and what of it did not fit; ``whole``: all is there that others rest on; ``top``: where its heads
    begin."""

    sheet: AnySheet
    wanted: SheetOf
    source: Source
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True
    top: Source = Source()

    def lines(self) -> Iterator[Line]:
        """The rows in which something stands."""
        top, columns, lost = self._heads()
        merges, told, hidden = _merges(self.sheet, top, columns), set[str](), list[Source]()
        for row in range(top + 1, self.sheet.height):
            places = {column.head: self._at(row, col) for col, column in columns.items()}
            found = [(column, _seen(self.sheet.at(row, col)), places[column.head]) for col, column in columns.items()]
            cells = [each for each in found if each[1].error or each[1].formula or plain(each[1].value)]
            if not cells or _heads_again(cells):
                continue
            line = Line(cells, next(iter(places.values())), places, lost, lost)
            if row + 1 in self.sheet.hidden_rows:
                hidden.append(line.key_at(self.wanted))
            self._struck(line)
            named = line.given(self.wanted.key)
            within = {area: head for area, (head, rows) in merges.items() if row in rows and named}
            for area in (each for each in within if each not in told):
                place = self.source._replace(cell=area.partition(":")[0])
                self._say("scheme-merged", place, head=within[area], area=area)
            told |= within.keys()
            yield replace(line, lost=lost | {*within.values()})
        self._hidden(hidden)

    def _at(self, row: int, column: int) -> Source:
        return self.source._replace(cell=f"{letters(column + 1)}{row + 1}")

    def _say(self, code: str, source: Source, **facts: str) -> None:
        self.findings.append(finding(code, source, **facts))

    def _struck(self, line: Line) -> None:
        """What somebody crossed out counts all the same: a row once, of another row each cell."""
        struck = [column for column, raw, _ in line.cells if STRUCK in raw.marked]
        if len(struck) == len(line.cells) or any(self.wanted.key in column.fields for column in struck):
            self._say("scheme-struck", line.key_at(self.wanted), what="这一行")
            return
        for column in struck:
            self._say("scheme-struck", line.places[column.head], what="这一格")

    def _hidden(self, places: Sequence[Source]) -> None:
        """Rows that nobody sees count too; those one beneath the other are told once."""
        rows = [split(each.cell)[0] for each in places]
        for k, place in enumerate(places):
            if k and rows[k - 1] == rows[k] - 1:
                continue
            last = k
            while last + 1 < len(rows) and rows[last + 1] == rows[last] + 1:
                last += 1
            what = f"第 {rows[k]} 行" if last == k else f"第 {rows[k]} 至 {rows[last]} 行"
            self._say("scheme-hidden", place, what=what)

    def _heads(self) -> tuple[int, dict[int, Column], frozenset[str]]:
        """The row of heads (the one that has most of them), the column of each, and those that may be lost behind a
        head that nobody knows. A misspelt one is read as what it was perhaps meant to be."""
        wanted, rows = (
            self.wanted,
            [[visible(each).strip() for each in self.sheet.texts(row)] for row in range(HEAD_WITHIN)],
        )
        # a title alone in its row may be one of the heads by chance
        heads = {each.head for each in wanted.columns}
        counts = [len(_known(wanted, row)) if sum(map(bool, row)) > 1 or heads & {*row} else 0 for row in rows]
        top = counts.index(max(counts))
        if not counts[top]:
            return self._lost("scheme-heads", self.source, heads="、".join(each.head for each in wanted.columns[:5]))
        self.top = self._at(top, 0)
        found, unknown = self._columns(top, rows[top])
        key = wanted.head_of(wanted.key)
        if wanted.column(key) not in found.values():
            return self._lost("scheme-head-lost", self.top, name=key)
        unknown |= self._headless(top, rows[top])
        lost = {each.head for each in wanted.columns if each not in found.values()} if unknown else ()
        return top, found, frozenset(lost)

    def _columns(self, top: int, heads: Sequence[str]) -> tuple[dict[int, Column], bool]:
        """The columns by the heads in a row, and whether there is a head of which nothing can be made."""
        found, unknown, strange = dict[int, Column](), False, _key_among(self.wanted, heads)
        for col, head in enumerate(heads):
            if head.startswith("_") or not head:
                continue
            column = self.wanted.column(head)
            if column is None:
                left = [each.head for each in self.wanted.columns if each.head not in heads]
                perhaps = [self.wanted.head_of(self.wanted.key)] if head == strange else near(head, left)
                hint = meant(perhaps) or "；不用的列名前加下划线"
                self._say("scheme-head", self._at(top, col), found=quoted(head), hint=hint)
                unknown |= len(perhaps) != 1
                column = self.wanted.column(perhaps[0]) if len(perhaps) == 1 else None
                if column is not None and column not in found.values():
                    found[col] = column
            elif column in found.values():
                self._say("scheme-head-twice", self._at(top, col), head=column.head)
            else:
                found[col] = column
        return found, unknown

    def _headless(self, top: int, heads: Sequence[str]) -> bool:
        """Whether something stands beneath a cell in which there is no head: nothing of it can be read."""
        cells = (split(address) for address, raw in self.sheet.filled() if raw.error or raw.formula or plain(raw.value))
        named = {col for col, head in enumerate(heads, 1) if head}
        columns = sorted({col for row, col in cells if row > top + 1 and col not in named})
        for col in columns:
            self._say("scheme-headless", self._at(top, col - 1))
        return bool(columns)

    def _lost(self, code: str, place: Source, **facts: str) -> tuple[int, dict[int, Column], frozenset[str]]:
        """No row of the sheet can be read."""
        self._say(code, place, **facts)
        self.whole = False
        return self.sheet.height, {}, frozenset()


def _seen(raw: RawCell) -> RawCell:
    """A cell without the characters that nobody sees: what was copied from a page may be full of them."""
    text = visible(raw.value) if isinstance(raw.value, str) else raw.value
    return raw if text == raw.value else replace(raw, value=text)


def _heads_again(cells: Sequence[tuple[Column, RawCell, Source]]) -> bool:
    """Whether a row is that of the heads once more, as some repeat it for every page."""
    return len(cells) > 1 and all(plain(raw.value) in (column.head, *column.aliases) for column, raw, _ in cells)


def _known(wanted: SheetOf, heads: Iterable[str]) -> list[Column]:
    """The columns whose heads stand in a row."""
    return [column for head in heads if head and (column := wanted.column(head))]


def _merges(sheet: AnySheet, top: int, columns: Mapping[int, Column]) -> dict[str, tuple[str, range]]:
    """The merged ranges beneath the heads that reach over several rows, each with the head of its column and the rows,
    counted from 0, in which nothing of it stands."""
    found = {area: corners(area) for area in sheet.merges}
    return {
        area: (columns[left - 1].head, range(first, last))
        for area, ((first, left), (last, _)) in found.items()
        if first > top + 1 and last > first and left - 1 in columns
    }


def _key_among(wanted: SheetOf, heads: Sequence[str]) -> str:
    """The head that is taken for that of the column by which rows are told apart, where it stands nowhere: one that is
    like it, else the first that is like none."""
    key = wanted.head_of(wanted.key)
    if any(column.head == key for head in heads if (column := wanted.column(head))):
        return ""
    left = [each.head for each in wanted.columns if each.head not in heads]
    strange = {head: near(head, left) for head in heads if head and head[0] != "_" and wanted.column(head) is None}
    alike = [head for head, perhaps in strange.items() if key in perhaps]
    return next(iter([*alike, *(head for head, perhaps in strange.items() if not perhaps)]), "")
