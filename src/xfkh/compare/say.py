"""How a change is said: the same words on the terminal and in the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..recorded import Record, place
from ..text import some, titled
from .changes import OPEN, Change, Given, InputChange, ItemChange, OutcomeChange

_OPEN, _WAITING = "待核", ("未提供", "待复查")
"""Layers without a value: their names say so."""


def shown(value: Any) -> str:
    """A figure for people; what is not known or not there is a dash."""
    return "—" if value is None else str(value)


def arrow(before: str, after: str) -> str:
    """From → to, or what both are."""
    return before if before == after else f"{before} → {after}"


def signed(value: Decimal) -> str:
    """With its sign: +2, −0.5."""
    return f"{value.normalize():+,f}".replace("-", "−")


def state(subject: Record | None) -> str:
    """The state with what qualifies it."""
    if subject is None:
        return "不在其中"
    marks = [word for name, word in (("pending", "阶段"), ("apart", "单列"), ("last", "排到最后")) if subject.get(name)]
    return str(subject["state"]) + (f"（{'，'.join(marks)}）" if marks else "")


def reviewed(subject: Record | None) -> str:
    """How far the review of a subject has come; nothing of one that is not scored."""
    if subject is None or subject["state"] in OPEN:
        return "—"
    if not subject["reviewed"]:
        return "未复查"
    done, of = (subject.get("review", {}).get(name, 0) for name in ("verified", "of"))
    return "已复查" if done == of else f"部分复查（{done}/{of}）"


def total(subject: Record | None) -> str:
    """The total, or of one that is 暂定 its range."""
    if subject is None or (subject["total"] is None and subject["range"] is None):
        return "—"
    if subject["total"] is not None:
        return str(subject["total"])
    low, high = subject["range"]
    return shown(low) if low == high else f"{shown(low)} 至 {'不封顶' if high is None else high}"


def rank(subject: Record | None) -> str:
    if subject is None or subject["rank"] is None:
        return "—"
    return f"{subject['group'] or ''}{subject['rank']}"


def yuan(amount: int) -> str:
    return f"{amount:,} 元"


def standing(outcome: Record) -> str:
    """Amount and what it waits for."""
    marks = [word for name, word in (("pending", "阶段"), ("confirm", "待确认")) if outcome[name]]
    amount = [yuan(outcome["amount"])] if outcome["amount"] is not None else []
    return "，".join(amount + marks)


def outcome(change: OutcomeChange) -> str:
    """新增 二等奖 15,000 元; 取消 一等奖; 罚款：到市 800 元 → 1,000 元."""
    before, after = change.before, change.after
    if before is not None and after is not None:
        was, now = (standing(each) or "确定" for each in (before, after))
        return f"{titled(change.id)} {was} → {now}"
    one = after or before
    assert one is not None
    said = standing(one)
    return f"{'取消' if after is None else '新增'} {titled(change.id)}{' ' + said if said else ''}"


def given(change: InputChange) -> tuple[str, str]:
    """What an input was and is, each with its layer and place; the place once where both have the same."""
    before, after = change.before, change.after
    alike = before is not None and after is not None and before[1:5] == after[1:5]
    return _given(before, "" if alike else _place(before)), _given(after, _place(after))


def briefly(change: InputChange) -> str:
    """The same in one line, with the place where it stands now, or stood."""
    before, after = change.before, change.after
    here = after if after is not None and _place(after) else before
    layers = [each.layer for each in (before, after) if each is not None and each.layer not in _WAITING]
    told = [" → ".join(dict.fromkeys(layers)), _place(here), change.unused if value(after) == _OPEN else "",
            verdict(change.review)]  # fmt: skip
    return f"{change.name} {value(before)} → {value(after)}（{'，'.join(each for each in told if each)}）"


def value(one: Given | None) -> str:
    if one is None:
        return "没有"
    return str(one.value) if one.value is not None else one.layer if one.layer in _WAITING else _OPEN


def _given(one: Given | None, where: str) -> str:
    told = "：".join(part for part in (one.layer, where) if part) if one and one.layer not in _WAITING else ""
    return value(one) + (f"（{told}）" if told else "")


def _place(one: Given | None) -> str:
    return place(one._asdict()) if one is not None else ""


def cause(change: ItemChange) -> str:
    """How the figures of a line came to be others, by the layers they come from, and what else is known."""
    return "；".join(text for text in dict.fromkeys([*map(_cause, change.inputs), change.why]) if text)


def _cause(change: InputChange) -> str:
    before, after = (each.layer if each and each.layer not in _WAITING else "" for each in change[1:3])
    told = verdict(change.review)
    if after and value(change.after) == _OPEN:
        why = f"没有采用：{change.unused}" if change.unused else "现在待核"
        return f"{why}；{told}" if told else why
    if told:
        return told
    if before == after:
        assert change.before is not None and change.after is not None
        if after == "自评" and change.before.own == change.after.own:
            return "自评数没有改，原来没有采用，现在采用了"
        return {"自评": "单位改了自评数", "核定": "核定值改了"}.get(after, f"{after}改了")
    return f"由{after}给出" if not before else f"{before}的数没有了" if not after else f"{after}的数代替了{before}的"


def verdict(review: Mapping[str, str]) -> str:
    """Why a figure was verified so, by whom and when."""
    heads = (("reason", "理由"), ("basis", "依据"), ("by", "核定人"), ("date", "日期"))
    return "，".join(f"{head}：{review[name]}" for name, head in heads if review.get(name))


def points(item: Record | None) -> str:
    """The points of a line: 待核 where they are open, a dash where it does not exist."""
    return "—" if item is None else "待核" if item["points"] is None else str(item["points"])


def item(change: ItemChange) -> str:
    """One line of one subject: its points and every reason that is known."""
    moved = f"（{signed(change.gap)}）" if change.gap else ""
    told = [*map(briefly, change.inputs), change.why, f"依据 {change.clause}" if change.clause else ""]
    head = f"{change.id}　{arrow(points(change.before), points(change.after))}{moved}{_mark(change)}"
    return f"{head}：{'；'.join(each for each in told if each)}"


def _mark(change: ItemChange) -> str:
    """The full mark, where it is another one."""
    if change.before is None or change.after is None or change.before["of"] == change.after["of"]:
        return ""
    return f"，满分 {shown(change.before['of'])} → {shown(change.after['of'])}"


def gains(change: Change, most: int = 6) -> str:
    """Which lines moved the total, what moved it most first: 二1（−3）、四1（待核 → 1）."""
    moved = sorted((each for each in change.items if each.scored), key=lambda each: -abs(each.gap))
    return some([f"{each.id}（{_gain(each)}）" for each in moved], "项", most)


def _gain(change: ItemChange) -> str:
    if change.gap:
        return signed(change.gap)
    before, after = (points(each) for each in (change.before, change.after))
    return f"{before} → {after}" if before != after else "满分变了"


def reasons(change: Change, items: Sequence[str]) -> list[str]:
    """Why a subject stands otherwise: state and rank, its lines, what follows; each a sentence."""
    last = ("工作目标", "结算")
    first = [f"{each.about}：{each.text}" for each in change.why if each.about not in last]
    rest = [f"{each.about}：{each.text}" for each in change.why if each.about in last]
    return [*first, *items, *(f"{outcome(each)}：{each.why}" for each in change.outcomes), *rest]
