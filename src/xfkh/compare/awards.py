"""Which outcomes of a subject came, went or stand otherwise, and because of what."""

from __future__ import annotations

from collections.abc import Sequence

from ..recorded import Record
from ..text import some, titled
from .changes import OPEN, OutcomeChange, Setting, Why
from .items import Pair
from .say import arrow, rank, shown, total, yuan

VETO = "一票否决"
_STANDING = ("total", "rank", "state", "group")
_FACTS = ("amount", "count", "price", "pending", "confirm")


def outcome_changes(pair: Pair, settings: Sequence[Setting], opened: Sequence[str]) -> tuple[OutcomeChange, ...]:
    """``opened``: who is open now and was not, so that what hangs on places waits again."""
    was, now = ({one["id"]: one for one in each["outcomes"]} if each else {} for each in pair)
    found = list[OutcomeChange]()
    for id in dict.fromkeys([*now, *was]):
        before, after = was.get(id), now.get(id)
        if before is None and after is not None:
            why = "；".join([_cited(after), *_set_so(pair, settings)])
        elif before is not None and after is None:
            why = _gone(before, pair, [one for one in now.values() if one["id"] not in was], settings)
        elif before is not None and after is not None and _facts(before) != _facts(after):
            why = _otherwise(before, after, settings, opened)
        else:
            continue
        one = after or before
        assert one is not None
        found.append(OutcomeChange(id, one["kind"], before, after, why))
    # a veto decides over the others
    return tuple(sorted(found, key=lambda each: each.kind != VETO))


def _facts(outcome: Record) -> list[object]:
    return [outcome[name] for name in _FACTS]


def _set_so(pair: Pair, settings: Sequence[Setting]) -> list[str]:
    """The settings, where the subject itself stands as it stood and they may have moved an outcome."""
    before, after = pair
    if not settings or before is None or after is None or any(before[name] != after[name] for name in _STANDING):
        return []
    return [f"自己的总分、名次、状态没有变，两次的设置不同（{'、'.join(each.line() for each in settings)}）"]


def _gone(lost: Record, pair: Pair, fresh: Sequence[Record], settings: Sequence[Setting]) -> str:
    """Why an outcome is not given any more; ``fresh``: those that came."""
    before, after = pair
    was = f"原来：{_cited(lost)}"
    if after is None:
        return f"已不在其中；{was}"
    if after["state"] in OPEN or (after["state"] == "暂定" and before and before["state"] == "已评"):
        return f"现在{after['state']}；{was}"
    vetoes = [one for one in fresh if one["kind"] == VETO]
    instead = [one for one in fresh if (one["kind"], one["clause"]) == (lost["kind"], lost["clause"])]
    if vetoes and lost["kind"] not in (VETO, "处罚"):
        told = "；".join(f"{titled(one['id'])}：{one['because']}" for one in vetoes)
        return f"被一票否决（{told}）；{was}"
    if instead:
        instead_of = f"改为 {'、'.join(titled(one['id']) for one in instead)}"
        return "；".join([instead_of, was, *_set_so(pair, settings)])
    facts = [f"{name} {arrow(say(before), say(after))}" for name, say in (("总分", total), ("名次", rank))
             if say(before) != say(after)]  # fmt: skip
    return "；".join([was, "现在不再符合", *facts, *_set_so(pair, settings)])


def _otherwise(before: Record, after: Record, settings: Sequence[Setting], opened: Sequence[str]) -> str:
    """Why an outcome has another amount, or can now be paid, or not any more."""
    told = list[str]()
    if before["count"] != after["count"]:
        told.append(f"数量 {shown(before['count'])} → {shown(after['count'])}")
    if before["price"] != after["price"]:
        told.append(f"单价 {shown(before['price'])} → {shown(after['price'])}")
    if before["amount"] != after["amount"] and (not told or before["price"] != after["price"]):
        told += [each.line() for each in settings if each.kind in ("参数", "方案版本")]
    if before["pending"] != after["pending"]:
        by = f"（{some(opened, '个')}）" if opened else ""
        told.append(f"又有单位未定{by}，还可能变" if after["pending"] else "别的单位不会再改变它")
    if before["confirm"] and not after["confirm"]:
        told.append("已确认" if "确认" in after["because"] else "不再建立在为0的分母上")
    return "；".join([*told, _cited(after)])


def _cited(outcome: Record) -> str:
    """Its reason and its clause."""
    return f"{outcome['because']}（{outcome['clause']}）"


def settlement(before: Record, after: Record) -> list[Why]:
    """What of the deposit and the fines off it is another."""
    was, now = before["settlement"], after["settlement"]
    if was == now:
        return []
    names = (("deposit", "保证金"), ("fine", "罚款"), ("from_deposit", "从保证金扣"), ("due", "应补缴"))
    if was is None or now is None:
        one, word = (now, "现在有结算：") if was is None else (was, "现在没有结算，原来：")
        return [Why("结算", word + "，".join(f"{noun} {yuan(one[name])}" for name, noun in names))]
    told = [f"{noun} {yuan(was[name])} → {yuan(now[name])}" for name, noun in names if was[name] != now[name]]
    return [Why("结算", "，".join(told))]


def targets(before: Record, after: Record) -> list[Why]:
    """Which goals are met now and were not, or the other way."""
    was, now = (each.get("targets", {}) for each in (before, after))
    words = {True: "达到", False: "未达到", None: "待核"}
    told = [f"{id} {words[was[id]]} → {words[now[id]]}" for id in now if id in was and was[id] != now[id]]
    return [Why("工作目标", "，".join(told))] if told else []
