"""Where each thing of a scheme stands: in a workbook its cell, in a TOML file the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..findings import Finding, finding
from ..model import Source
from .remedies import misfit


class Row(dict[str, Any]):
    """A row of a table: of one that stands in a workbook the head and the cell of each field. ``told``: the fields of
    which it has been said what is wrong, each with what stands there where that could not be read; ``written``: the id
    as it stands there, where its sign was added to it."""

    def __init__(self, source: Source, given: Mapping[str, Any] = MappingProxyType({})) -> None:
        super().__init__(given)
        self.source = source
        self.heads: dict[str, str] = {}
        self.places: dict[str, Source] = {}
        self.told: dict[str, str] = {}
        self.keys_at: dict[str, Source] = {}
        self.written = ""

    @property
    def inner(self) -> list[Row]:
        """The rows that belong to it: the rules of an item, the reasons of an outcome."""
        found = self.get("rule", self.get("reasons", []))
        return [each for each in found if isinstance(each, Row)] if isinstance(found, list) else []

    @property
    def doubtful(self) -> bool:
        return bool(self.told) or any(each.doubtful for each in self.inner)

    @property
    def text(self) -> str:
        """All that stands in it, also where it could not be read."""
        return f"{dict(self)}{list(self.told.values())}" + "".join(each.text for each in self.inner)

    def put(self, name: str, value: Any, head: str, place: Source) -> None:
        self[name], self.heads[name], self.places[name] = value, head, place

    def expect(self, name: str, head: str, place: Source) -> None:
        """Where a field that is not given would stand."""
        self.heads.setdefault(name, head)
        self.places.setdefault(name, place)

    def at(self, name: str) -> Source:
        """The cell of a field, else that of the row."""
        return self.places.get(name, self.source)


UNSEEN = "?"
"""What is told of a field that stands in a column nobody knows, or in a cell with an error."""
WORDS: Mapping[str, str] = {
    "item": "指标", "input": "填报项", "section": "大项", "outcome": "结果运用", "target": "工作目标", "check": "校验",
    "reading": "口径", "parameter": "参数", "case": "用例", "part": "部分", "scheme": "方案",
}  # fmt: skip
"""What a table holds, in words."""


_NAMING = frozenset({
    "input", "inputs", "value", "formula", "count", "divide", "target", "before", "condition", "conditions", "among",
    "rungs", "mass", "shows", "share", "apart", "last", "total", "deposit", "group",
})  # fmt: skip
"""The fields in which inputs are named."""
_SPEAKING = ("item", "target", "outcome", "check", "part")


@dataclass(slots=True)
class Places:
    """``rows``: (part, table, id) → the rows that say so, more than one where an id stands twice. What is asked for is
    named by its id, or given itself: its own row, also where another has the same id. ``whole``: nothing is missing on
    which all rests."""

    source: Source = Source()
    rows: dict[tuple[str, str, str], list[Row]] = field(default_factory=dict)
    owners: dict[int, tuple[object, Row]] = field(default_factory=dict)
    whole: bool = True

    def note(self, part: str, table: str, row: Row) -> None:
        key = str(row.get("name" if table in ("input", "part") else "id") or row.get("condition") or "")
        # there is but one scheme
        self.rows.setdefault((part, table, "" if table == "scheme" else key), []).append(row)

    @property
    def signed(self) -> list[tuple[str, str]]:
        """The ids of bonuses and deductions as they are written and, with the sign of their direction, as they are."""
        items = (row for (_, table, _), rows in self.rows.items() if table == "item" for row in rows)
        return [(row.written, str(row["id"])) for row in items if row.written]

    def own(self, made: object, row: Row) -> None:
        """That this was made of this row."""
        self.owners[id(made)] = made, row

    def told(self, part: str, table: str, what: object, *names: str) -> bool:
        """Whether it has been said what is wrong with one of these fields, or to which part they belong: nothing that
        rests on them is to be said."""
        row = self._row(part, table, what)
        return row is not None and any(name in row.told for name in (*names, "part"))

    @property
    def unseen(self) -> bool:
        """Whether there are cells of which nothing at all could be read."""
        rows = [each for found in self.rows.values() for row in found for each in (row, *row.inner)]
        return any(UNSEEN in row.told.values() for row in rows)

    def naming(self) -> Iterator[tuple[str, str]]:
        """The fields in which inputs are named and something is wrong, each with what stands there."""
        speaking = (rows for (_, table, _), rows in self.rows.items() if table in _SPEAKING)
        for row in (each for rows in speaking for each in rows):
            for each in (row, *row.inner):
                yield from ((name, f"{each.get(name, '')}{each.told[name]}") for name in each.told.keys() & _NAMING)

    def pieces(self, part: str, table: str, what: object) -> list[Row]:
        """The rules of an item, the reasons of an outcome."""
        row = self._row(part, table, what)
        return row.inner if row is not None else []

    def fields(self, part: str, table: str, what: object) -> frozenset[str]:
        """The fields of a row of which it has been said what is wrong."""
        row = self._row(part, table, what)
        return frozenset(row.told if row is not None else ())

    def doubted(self, part: str) -> frozenset[str]:
        """The inputs of which more than the name is in doubt."""
        found = ((where, row) for where, rows in self.rows.items() for row in rows)
        return frozenset(
            id for (mine, table, id), row in found if (mine, table) == (part, "input") and row.told.keys() - {"name"}
        )

    def misnamed(self, part: str) -> frozenset[str]:
        """The inputs of which the name itself is wrong."""
        found = ((where, row) for where, rows in self.rows.items() for row in rows)
        return frozenset(
            id for (mine, table, id), row in found if (mine, table) == (part, "input") and id and "name" in row.told
        )

    def untold(self, part: str, table: str, what: object, faults: Iterable[tuple[str, ...]]) -> list[Finding]:
        """Of the faults of a row (the field, why, and the others on which that rests) those that do not only follow
        from what was said already."""
        new = [(name, why) for name, why, *on in faults if not self.told(part, table, what, name, *on)]
        return [self.wrong(part, table, what, name, why) for name, why in new]

    def wrong(self, part: str, table: str, what: object, name: str, why: str) -> Finding:
        """A field of something that does not fit: said with its place and under its head, and known as told."""
        self.tell(part, table, what, name)
        row = self._row(part, table, what)
        where = f"{WORDS[table]} {_called(what)}".rstrip()
        head = row.heads.get(name, name) if row is not None else name
        return misfit("scheme-field", self.at(part, table, what, name), where=where, field=head, why=why)

    def negative(self, part: str, table: str, what: object, name: str, piece: int | None = None) -> Finding:
        self.tell(part, table, what, name, piece)
        place, head = self.at(part, table, what, name, piece), self.heads(part, table, what, piece).get(name, name)
        return finding("scheme-negative", place, where=f"{WORDS[table]} {_called(what)}", field=head)

    def heads(self, part: str, table: str, what: object, piece: int | None = None) -> Mapping[str, str]:
        """The heads under which the fields stand, none in a file; ``piece``: of one of the rules of an item."""
        owner = self._owner(part, table, what, piece)
        return owner.heads if owner is not None else {}

    def tell(self, part: str, table: str, what: object, name: str, piece: int | None = None) -> None:
        """Keeps that it is now said what is wrong with a field."""
        owner = self._owner(part, table, what, piece)
        if owner is not None:
            owner.told.setdefault(name, "")

    def _owner(self, part: str, table: str, what: object, piece: int | None) -> Row | None:
        pieces = self.pieces(part, table, what)
        return pieces[piece] if piece is not None and piece < len(pieces) else self._row(part, table, what)

    def at(self, part: str, table: str, what: object, name: str = "", piece: int | None = None) -> Source:
        """The cell of a field; ``piece``: of one of the rules of an item, one of the reasons of an outcome."""
        row = self._row(part, table, what)
        if row is None:
            return self.source
        pieces = self.pieces(part, table, what)
        if piece is None or piece >= len(pieces):
            return row.at(name)
        return pieces[piece].places.get(name) or pieces[piece].at("kind")

    def key(self, what: object, field: str, name: str) -> Source:
        """The cell in which one name itself stands of a field that is a table."""
        row = self._row("", "", what)
        inner = row.get(field) if row is not None else None
        return inner.keys_at.get(name, inner.at(name)) if isinstance(inner, Row) else self.source

    def inside(self, part: str, table: str, what: object, field: str, name: str) -> Source:
        """The cell of one name in a field that is a table itself."""
        row = self._row(part, table, what)
        inner = row.get(field) if row is not None else None
        return inner.at(name) if isinstance(inner, Row) else self.at(part, table, what)

    def _row(self, part: str, table: str, what: object) -> Row | None:
        if not isinstance(what, str):
            return self.owners[id(what)][1] if id(what) in self.owners else None
        found = self.rows.get((part, table, what)) or self.rows.get(("", table, what))
        return found[-1] if found else None


def _called(what: object) -> str:
    return what if isinstance(what, str) else str(getattr(what, "id", "") or getattr(what, "name", ""))


__all__ = ["UNSEEN", "WORDS", "Places", "Row"]
