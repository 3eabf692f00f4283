"""Two results of one scheme and year beside each other: what changed, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ..findings import Level
from ..recorded import Record, key_of
from .awards import outcome_changes, settlement, targets
from .changes import (
    FINE,
    Change,
    Comparison,
    Given,
    InputChange,
    ItemChange,
    OutcomeChange,
    Setting,
    Sum,
    Why,
    gap,
)
from .items import Pair, elsewhere, explained, item_changes
from .ranks import Ranks
from .say import arrow, reviewed, shown, signed, state, total
from .states import Files, closed

__all__ = [
    "NEEDED",
    "OF_EACH",
    "Change",
    "CompareError",
    "Comparison",
    "Given",
    "InputChange",
    "ItemChange",
    "OutcomeChange",
    "Setting",
    "Sum",
    "Why",
    "compare",
]

NEEDED = (
    "scheme", "scheme_version", "tool_version", "year", "period", "status", "stage", "readings", "params", "files",
    "findings",
)  # fmt: skip
"""What a record must hold besides its subjects."""
OF_EACH = ("state", "pending", "reviewed", "group", "total", "range", "rank", "items", "outcomes", "settlement")
"""What it must say of each of them."""


class CompareError(Exception):
    """Two results that have nothing to compare: why."""


def compare(before: Record, after: Record) -> Comparison:
    """What changed from one results.json to another. Raises CompareError where scheme or year differ."""
    for name, noun in (("scheme", "方案"), ("year", "年度")):
        if before[name] != after[name]:
            found = f"{before[name]}、{after[name]}"
            raise CompareError(f"两次结果的{noun}不同（{found}），不能对比；请选同一方案、同一年度的两次结果")
    settings, pairs = tuple(_settings(before, after)), _pairs(before, after)
    changes = [each for part in pairs.values() for each in _sorted(_changes(part, before, after, settings))]
    return Comparison(
        str(before["scheme"]),
        str(before["year"]),
        str(after["period"]),
        str(after["status"]),
        (before["stage"], after["stage"]),
        settings,
        tuple(_sums(before, after)),
        {name: len(part) for name, part in pairs.items()},
        tuple(changes),
        tuple(closed(before, after)),
    )


def _settings(before: Record, after: Record) -> Iterator[Setting]:
    """What of a whole run is another: version, period, readings, parameters."""
    for name, kind in (("scheme_version", "方案版本"), ("tool_version", "程序版本"), ("period", "考核期")):
        if before[name] != after[name]:
            yield Setting(kind, "", str(before[name]), str(after[name]))
    was, now = ({each["id"]: each["value"] or each["text"] for each in one["readings"]} for one in (before, after))
    for id in dict.fromkeys([*was, *now]):
        if was.get(id) != now.get(id):
            yield Setting("口径", id, was.get(id, "没有"), now.get(id, "没有"))
    for id in dict.fromkeys([*before["params"], *after["params"]]):
        first, second = (shown(each["params"].get(id)) for each in (before, after))
        if first != second:
            yield Setting("参数", id, first, second)


def _pairs(before: Record, after: Record) -> dict[str, list[Pair]]:
    """The subjects of each part, in the order of the later run, those that are gone at the end."""
    was, now = ({key_of(each): each for each in one["subjects"]} for one in (before, after))
    made = dict[str, list[Pair]]()
    for key in dict.fromkeys([*now, *was]):
        made.setdefault(key[0], []).append((was.get(key), now.get(key)))
    return made


def _changes(pairs: Sequence[Pair], before: Record, after: Record, settings: Sequence[Setting]) -> Iterator[Change]:
    """Every subject of one part, changed or not."""
    told = _told(after)
    found = [item_changes(*pair, told.get(str((pair[1] or {}).get("unit")), [])) for pair in pairs]
    others, ranks, files, opened = elsewhere(pairs, found), Ranks(pairs), Files(before, after), _opened(pairs)
    for row, (pair, changed) in enumerate(zip(pairs, found, strict=True)):
        items = explained(changed, row, pair, settings, others)
        why = tuple(_why(pair, items, files, ranks.why(row)))
        yield Change(*pair, items, outcome_changes(pair, settings, opened), why)


def _told(record: Record) -> dict[str, list[str]]:
    """What a run warns of, by unit."""
    found = dict[str, list[str]]()
    for each in record["findings"]:
        if each["level"] != Level.NOTE:
            found.setdefault(each["unit"], []).append(each["message"])
    return found


def _sorted(changes: Iterable[Change]) -> list[Change]:
    """Those of whom there is something to say, the most important first."""
    return sorted(filter(_changed, changes), key=lambda each: each.weight)


def _why(pair: Pair, items: Sequence[ItemChange], files: Files, moved: str) -> Iterator[Why]:
    """What is to be said of a subject besides its lines and outcomes."""
    before, after = pair
    if before is None or after is None:
        if after is not None:
            yield Why("新增", "；".join(["上一次的结果里没有", *files.of_new(after)]))
        else:
            yield Why("减少", "这一次的结果里没有了")
        return
    yield from files.why(before, after, items)
    if before["group"] != after["group"]:
        yield Why("分组", arrow(before["group"] or "—", after["group"] or "—"))
    yield from _total(before, after, items)
    if moved:
        yield Why("名次", moved)
    yield from targets(before, after)
    yield from settlement(before, after)


def _total(before: Record, after: Record, items: Sequence[ItemChange]) -> Iterator[Why]:
    """What moved a total besides its lines."""
    if before["total"] is None or after["total"] is None:
        return
    rest = gap(before["total"], after["total"]) - sum(each.gap for each in items)
    how = [each.get("conversion") for each in (before, after)]
    if rest and any(how):
        yield Why("总分", f"折算 {arrow(shown(how[0]), shown(how[1]))}")
    elif rest and not after["items"]:
        moved = f"{total(before)} → {total(after)}（{signed(rest)}）"
        yield Why("总分", f"{moved}，本方案没有指标，总分由复查或别的结果给出")
    elif rest:
        yield Why("总分", f"各项得分之外还差 {signed(rest)} 分，从两次的结果里看不出原因")


def _opened(pairs: Sequence[Pair]) -> list[str]:
    """Who is open now and was not."""
    return [after["unit"] for before, after in pairs
            if after and after["state"] != "已评" and (before is None or before["state"] == "已评")]  # fmt: skip


def _changed(change: Change) -> bool:
    """Whether anything at all is to be said of a subject."""
    before, after = change.before, change.after
    return bool(
        change.scored
        or change.items
        or change.why
        or state(before) != state(after)
        or reviewed(before) != reviewed(after)
    )


def _sums(before: Record, after: Record) -> Iterator[Sum]:
    """What is paid and owed in all, as far as it is settled; what neither run has is left out."""
    names = ("奖励应付", "奖励待定（阶段、待确认）", "处罚应缴", "保证金扣缴", "应补缴")
    was, now = _amounts(before), _amounts(after)
    yield from (Sum(name, was[name], now[name]) for name in names if was[name] or now[name])


def _amounts(record: Record) -> Counter[str]:
    made = Counter[str]()
    for subject in record["subjects"]:
        for each in subject["outcomes"]:
            waits = each["pending"] or each["confirm"]
            word = "处罚应缴" if each["kind"] == FINE else "奖励待定（阶段、待确认）" if waits else "奖励应付"
            made[word] += each["amount"] or 0
        paid = subject["settlement"] or {"from_deposit": 0, "due": 0}
        made["保证金扣缴"] += paid["from_deposit"]
        made["应补缴"] += paid["due"]
    return made
