"""Two schemes beside each other: what changed, in the words of the scheme workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from . import tables_of
from .book import Line, sheets_of
from .columns import HEAD, SheetOf

_STRUCTURE, _ASKED = ("填报项", "指标", "加减分"), "确认"
"""The sheets that make a template, and what in them only a check of the scheme asks for."""


class Change(NamedTuple):
    """``sheet`` and ``id`` say of what; ``head`` of which of its columns, empty where all of it is new or gone;
    ``before`` and ``after`` are empty where nothing stood there."""

    sheet: str
    id: str
    head: str
    before: str
    after: str

    def line(self) -> str:
        what = f"{self.sheet}「{self.id}」"
        if not self.head:
            return f"删去 {what}" if self.before else f"新增 {what}"
        return f"{what}的{self.head}：{self.before or '（空）'} → {self.after or '（空）'}"

    def as_json(self) -> dict[str, str]:
        return {"sheet": self.sheet, "id": self.id, "head": self.head, "before": self.before, "after": self.after}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """From one scheme's tables to another's, sheet by sheet, in the order of the sheets."""
    for (sheet, old), (_, new) in zip(sheets_of(before), sheets_of(after), strict=True):
        was, now = _groups(sheet, old), _groups(sheet, new)
        for key in was | now:
            yield from _changed(sheet, key, was.get(key, []), now.get(key, []))
        yield from _moved(sheet, was, now)


def restructured(before: str, after: str) -> list[Change]:
    """What of the questions and points of two schemes, given as their TOML, is not the same: what a version that was
    issued may not change."""
    return [each for each in changes(tables_of(before), tables_of(after))
            if each.sheet in _STRUCTURE and each.head != _ASKED]  # fmt: skip


_Key = tuple[str, str]


def _groups(sheet: SheetOf, lines: Sequence[Line]) -> dict[_Key, list[Line]]:
    """The lines by what they are of: one that begins without its key belongs to the one above."""
    head, groups, key = sheet.head_of(sheet.key), dict[_Key, list[Line]](), ("", "")
    for line in lines:
        if line.get(head, "") != "":
            key = (str(line.get("部分", "")), str(line[head]))
        groups.setdefault(key, []).append(line)
    return groups


def _changed(sheet: SheetOf, key: _Key, was: Sequence[Line], now: Sequence[Line]) -> Iterator[Change]:
    name = f"{key[0]}·{key[1]}" if key[0] else key[1]
    if not was or not now:
        if sheet is not HEAD:
            yield Change(sheet.name, name, "", name if was else "", name if now else "")
        return
    for column in sheet.columns:
        before, after = (_text(lines, column.head) for lines in (was, now))
        if before != after:
            yield Change(sheet.name, name, column.head, before, after)


def _moved(sheet: SheetOf, was: Mapping[_Key, object], now: Mapping[_Key, object]) -> Iterator[Change]:
    """Of outcomes that share a tier the first that holds is given: which stands first is part of the scheme."""
    before, after = [key for key in was if key in now], [key for key in now if key in was]
    if sheet.name == ORDERED and before != after:
        first = next(k for k, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1])
        orders = ("、".join(key[1] for key in keys) for keys in (before, after))
        yield Change(sheet.name, after[first][1], "先后", *orders)


ORDERED = "结果运用"
"""The sheet in which the order of the rows counts."""


def _text(lines: Sequence[Line], head: str) -> str:
    """What stands under a head in all lines of one thing."""
    return "；".join(str(line[head]) for line in lines if line.get(head, "") != "")
