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
        rose = before is not None and after is not None and gap(before["total"], after["total"]) > 0
        parts = (
            ("被超过：", fresh & (was < first) & (first < _NOWHERE)),
            ("原来并列、现在在前面：", fresh & (first == was)),
            ("新进入排名、排在前面：", fresh & (first == _NOWHERE)),
            ("超过了：" if rose else "落到后面：", lost & (now < second) & (second < _NOWHERE)),
            ("现在并列：", lost & (second == now)),
            ("原来在前面、现在不在其中：", lost & (second == _NOWHERE)),
        )
        return [f"{head}{self._named(rows)}" for head, mask in parts if len(rows := np.flatnonzero(mask))]

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
    moved = gap(before["total"], after["total"])
    return f"自己的总分 {arrow(total(before), total(after))}（{signed(moved)}）" if moved else "自己的总分没有变"


def _told(before: Record | None, after: Record | None) -> str:
    """Who it is, and what changed with it."""
    one = after or before
    assert one is not None
    if before is not None and after is not None and before["group"] != after["group"]:
        return f"{label(one)}（{before['group'] or '全体'} → {after['group'] or '全体'}）"
    if before is None or after is None or before["rank"] is None or after["rank"] is None:
        return f"{label(one)}（{arrow(state(before), state(after))}）"
    return f"{label(one)}（{arrow(total(before), total(after))}）" if before["total"] != after["total"] else label(one)


def _entered(before: Record, after: Record) -> str:
    """That a subject came into the ranking, or left it; why, where its state does not say it."""
    came = before["rank"] is None
    head, other = ("进入排名", before) if came else ("不再排名", after)
    return f"{head}，{'原来' if came else '现在'}单列" if other.get("apart") else head
