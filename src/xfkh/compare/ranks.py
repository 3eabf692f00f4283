"""Why a rank moved: who passed whom, who came into the ranking, who left it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..recorded import Record, label
from .changes import gap
from .items import Pair
from .say import arrow, signed, state, total

FIRST = 5
"""So many are named."""
_NOWHERE = np.iinfo(np.int64).max
"""The rank of who has none: behind all."""


class Ranks:
    """The places of one part in both runs; groups are ranked apart."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.pairs = pairs
        self._groups: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._last: np.ndarray | None = None

    def why(self, row: int) -> str:
        """Why the rank of a subject is another one; empty where it is not."""
        before, after = self.pairs[row]
        was, now = (each["rank"] if each else None for each in (before, after))
        if before is None or after is None:
            return ""
        if was is None or now is None:
            return "" if was == now else _entered(before, after)
        if before["group"] != after["group"]:
            return f"改在{after['group'] or '全体'}里排名（原来在{before['group'] or '全体'}）"
        return "" if was == now else f"{_own(before, after)}；{'；'.join(self._moved(row, was, now))}"

    def _moved(self, row: int, was: int, now: int) -> list[str]:
        """By whom: all that stand before a subject now and did not, or did and do not."""
        before, after = self.pairs[row]
        first, second = self._places(after)
        fresh, lost = (second < now) & (first >= was), (first < was) & (second >= now)
        by_last, there = self._by_last(row), (first < _NOWHERE) & (second < _NOWHERE)
        behind, before_it = lost & by_last & there & (second > now), fresh & by_last & there
        rose = before is not None and after is not None and gap(before["total"], after["total"]) > 0
        parts = (
            ("因为排到最后变了，现在在前面：", before_it),
            ("被超过：", fresh & (was < first) & (first < _NOWHERE) & ~before_it),
            ("原来并列、现在在前面：", fresh & (first == was) & ~before_it),
            ("新进入排名、排在前面：", fresh & (first == _NOWHERE)),
            ("因为排到最后变了，现在在后面：", behind),
            ("超过了：" if rose else "落到后面：", lost & (now < second) & (second < _NOWHERE) & ~behind),
            ("现在并列：", lost & (second == now)),
            ("原来在前面、现在不在其中：", lost & (second == _NOWHERE)),
        )
        return [f"{head}{self._named(rows)}" for head, mask in parts if len(rows := np.flatnonzero(mask))]

    def _by_last(self, row: int) -> np.ndarray:
        """With whom a subject changed places because one of them is, or was, ranked last and the other not."""
        if self._last is None:
            self._last = np.array([[bool(each and each.get("last")) for each in pair] for pair in self.pairs])
        return np.asarray((self._last != self._last[row]).any(axis=1))

    def _places(self, subject: Record | None) -> tuple[np.ndarray, np.ndarray]:
        """The ranks of all in a subject's group, before and after."""
        group = (subject or {}).get("group") or ""
        if group not in self._groups:
            first, second = (np.array([_rank(each[k], group) for each in self.pairs]) for k in (0, 1))
            self._groups[group] = first, second
        return self._groups[group]

    def _named(self, rows: np.ndarray) -> str:
        """The first of them; the words are made for no more: in a long table many pass many."""
        names = "、".join(_told(*self.pairs[row]) for row in rows[:FIRST])
        return names + (f"等{len(rows)}个" if len(rows) > FIRST else "")


def _rank(subject: Record | None, group: str) -> int:
    ranked = subject is not None and subject["rank"] is not None and (subject["group"] or "") == group
    return int(subject["rank"]) if ranked and subject is not None else _NOWHERE


def _own(before: Record, after: Record) -> str:
    moved, last = gap(before["total"], after["total"]), _moved_last(before, after)
    told = f"自己的总分 {arrow(total(before), total(after))}（{signed(moved)}）" if moved else "自己的总分没有变"
    return f"{last}；{told}" if last else told


def _moved_last(before: Record, after: Record) -> str:
    """That a subject is ranked last now, or is no more; empty where that did not change."""
    was, now = bool(before.get("last")), bool(after.get("last"))
    return "" if was == now else "现在排到最后" if now else "不再排到最后"


def _told(before: Record | None, after: Record | None) -> str:
    """Who it is, and what changed with it."""
    one = after or before
    assert one is not None
    if before is not None and after is not None and before["group"] != after["group"]:
        return f"{label(one)}（{before['group'] or '全体'} → {after['group'] or '全体'}）"
    if before is None or after is None or before["rank"] is None or after["rank"] is None:
        return f"{label(one)}（{arrow(state(before), state(after))}）"
    told = [_moved_last(before, after), arrow(total(before), total(after)) * (before["total"] != after["total"])]
    said = "，".join(filter(None, told))
    return f"{label(one)}（{said}）" if said else label(one)


def _entered(before: Record, after: Record) -> str:
    """That a subject came into the ranking, or left it; why, where its state does not say it."""
    came = before["rank"] is None
    head, other = ("进入排名", before) if came else ("不再排名", after)
    return f"{head}，{'原来' if came else '现在'}单列" if other.get("apart") else head
