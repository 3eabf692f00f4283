"""Which lines of a subject changed, and by which figures, of its own or of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ..recorded import Record, label
from ..text import some
from .changes import Given, InputChange, ItemChange, Setting
from .say import arrow, shown, state, value

Pair = tuple[Record | None, Record | None]
"""A subject before and after; None where a run does not have it."""


def item_changes(before: Record | None, after: Record | None, told: Sequence[str] = ()) -> tuple[ItemChange, ...]:
    """The lines that differ where both runs scored the subject: in points, full mark or figures; no reasons yet.
    ``told``: what the later run warns of with its unit."""
    was, now = (each["items"] if each else {} for each in (before, after))
    if not was or not now:
        return ()
    found = (ItemChange(id, was.get(id), now.get(id), _inputs(was.get(id), now.get(id), told))
             for id in dict.fromkeys([*now, *was]) if was.get(id) != now.get(id))  # fmt: skip
    return tuple(each for each in found if each.scored or each.inputs)


def _inputs(before: Record | None, after: Record | None, told: Sequence[str]) -> tuple[InputChange, ...]:
    """The cells whose values differ; a line that only one run has tells none."""
    if before is None or after is None:
        return ()
    was, now = before["sources"], after["sources"]
    return tuple(
        InputChange(_name(cell, was, now), _given(was.get(cell)), _given(now.get(cell)),
                    now.get(cell, {}).get("review") or {}, some([each for each in told if cell in each], "条", 2))
        for cell in dict.fromkeys([*now, *was])
        if was.get(cell, {}).get("value") != now.get(cell, {}).get("value")
    )  # fmt: skip


def _name(cell: str, *sources: Mapping[str, Record]) -> str:
    """A cell as the form calls it."""
    return next((str(each[cell]["label"]) for each in sources if "label" in each.get(cell, {})), cell)


def _given(source: Record | None) -> Given | None:
    if source is None:
        return None
    return Given(source["value"], source["from"], source["file"], source["sheet"], source["cell"], source["self"])


_Place = tuple[str, str, str]
"""Part, group and line."""


@dataclass(slots=True)
class Elsewhere:
    """What changed with others, for lines that compare units: whose figures in a line, and who began or ceased to be
    scored, each by its row."""

    figures: dict[_Place, list[tuple[int, str]]] = field(default_factory=dict)
    scored: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)

    def told(self, row: int, subject: Record, id: str, most: int = 3) -> str:
        """Who of the same part and group may have changed a line of a subject."""
        where = (subject["part"], subject["group"] or "")
        others = chain(self.figures.get((*where, id), ()), self.scored.get(where, ()))
        return some([text for other, text in others if other != row], "个", most)


def elsewhere(pairs: Sequence[Pair], items: Sequence[Sequence[ItemChange]]) -> Elsewhere:
    """``items``: the changed lines of each pair."""
    made = Elsewhere()
    for row, ((before, after), changed) in enumerate(zip(pairs, items, strict=True)):
        one = after or before
        assert one is not None
        where = (one["part"], one["group"] or "")
        for each in (each for each in changed if each.inputs):
            said = "，".join(f"{one.name} {value(one.before)} → {value(one.after)}" for one in each.inputs)
            made.figures.setdefault((*where, each.id), []).append((row, f"{label(one)}（{said}）"))
        if bool(before and before["items"]) != bool(after and after["items"]):
            said = f"{label(one)}（{arrow(state(before), state(after))}）"
            made.scored.setdefault(where, []).append((row, said))
    return made


def explained(
    changed: Iterable[ItemChange], row: int, pair: Pair, settings: Sequence[Setting], others: Elsewhere
) -> tuple[ItemChange, ...]:
    """The same lines, with what is known besides their own figures."""
    also = f"两次的设置也不同（{_set_so(settings)}）" if settings else ""
    return tuple(each._replace(why=also if each.inputs else _why(each, row, pair, settings, others))
                 for each in changed)  # fmt: skip


def _set_so(settings: Sequence[Setting]) -> str:
    return "、".join(each.line() for each in settings)


def _why(change: ItemChange, row: int, pair: Pair, settings: Sequence[Setting], others: Elsewhere) -> str:
    before, after = pair
    assert before is not None and after is not None
    set_so = _set_so(settings)
    if before["group"] != after["group"]:
        return f"改了分组（{shown(before['group'])} → {shown(after['group'])}），各组的指标、权重不同"
    if change.before is None or change.after is None:
        return f"这一项只有{'后' if change.before is None else '前'}一次有" + (f"（{set_so}）" if set_so else "")
    told = others.told(row, after, change.id)
    if set_so and told:
        why = f"可能因两次的设置不同（{set_so}），也可能因别的单位变了（{told}）"
    elif set_so:
        why = f"两次的设置不同（{set_so}）"
    elif told:
        why = f"应是别的单位变了：{told}"
    else:
        why = "从两次的结果里看不出原因，请核对名册和发放清单是不是同一份"
    return f"自己的填报数没有变，{why}；{_reason(change)}"


def _reason(change: ItemChange) -> str:
    was, now = ((each or {}).get("reason", "") for each in (change.before, change.after))
    return f"现在：{now}" if was == now else f"原来：{was}，现在：{now}"
