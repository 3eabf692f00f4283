"""Where each thing of a scheme stands: in a workbook its cell, in a TOML file the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..findings import Finding, finding
from ..model import Source


class Row(dict[str, Any]):
    """A row of a table that stands in a workbook: the head and the cell of each field."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.heads: dict[str, str] = {}
        self.places: dict[str, Source] = {}

    def put(self, name: str, value: Any, head: str, place: Source) -> None:
        self[name], self.heads[name], self.places[name] = value, head, place

    def expect(self, name: str, head: str, place: Source) -> None:
        """Where a field that is not given would stand."""
        self.heads.setdefault(name, head)
        self.places.setdefault(name, place)

    def at(self, name: str) -> Source:
        """The cell of a field, else that of the row."""
        return self.places.get(name, self.source)


WORDS: Mapping[str, str] = {
    "item": "指标", "input": "填报项", "section": "大项", "outcome": "结果运用", "target": "工作目标", "check": "校验",
    "reading": "口径", "parameter": "参数", "case": "用例", "part": "部分", "scheme": "方案",
}  # fmt: skip
"""What a table holds, in words."""


@dataclass(slots=True)
class Places:
    """``rows``: (part, table, id) → the rows that say so, more than one where an id stands twice."""

    source: Source = Source()
    rows: dict[tuple[str, str, str], list[Row]] = field(default_factory=dict)

    def note(self, part: str, table: str, row: Mapping[str, Any]) -> None:
        if isinstance(row, Row):
            key = str(row.get("name" if table in ("input", "part") else "id") or row.get("condition") or "")
            self.rows.setdefault((part, table, key), []).append(row)

    def wrong(self, part: str, table: str, id: str, name: str, why: str) -> Finding:
        """A field of something that does not fit: said with its place and under its head."""
        row = self._row(part, table, id)
        where = f"{WORDS[table]} {id}".rstrip()
        head = row.heads.get(name, name) if row is not None else name
        return finding("scheme-field", self.at(part, table, id, name), where=where, field=head, why=why)

    def negative(self, part: str, table: str, id: str, name: str, piece: int | None = None) -> Finding:
        row = self._row(part, table, id)
        pieces: list[Row] = row.get("rule", []) if row is not None else []
        owner = pieces[piece] if piece is not None and piece < len(pieces) else row
        head = owner.heads.get(name, name) if isinstance(owner, Row) else name
        place = self.at(part, table, id, name, piece)
        return finding("scheme-negative", place, where=f"{WORDS[table]} {id}", field=head)

    def at(self, part: str, table: str, id: str, name: str = "", piece: int | None = None) -> Source:
        """The cell of a field; ``piece``: of one of the rules of an item, one of the reasons of an outcome."""
        row = self._row(part, table, id)
        if row is None:
            return self.source
        pieces: list[Row] = row.get("rule", row.get("reasons", []))
        if piece is None or piece >= len(pieces):
            return row.at(name)
        return pieces[piece].places.get(name) or pieces[piece].at("kind")

    def inside(self, part: str, table: str, id: str, field: str, name: str) -> Source:
        """The cell of one name in a field that is a table itself."""
        row = self._row(part, table, id)
        inner = row.get(field) if row is not None else None
        return inner.at(name) if isinstance(inner, Row) else self.at(part, table, id)

    def _row(self, part: str, table: str, id: str) -> Row | None:
        found = self.rows.get((part, table, id)) or self.rows.get(("", table, id))
        return found[-1] if found else None


__all__ = ["WORDS", "Places", "Row"]
