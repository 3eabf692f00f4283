"""What the figures of a form are of (kind, unit, how often), in one text that travels with it: figures of another
measure are no answers to the same question."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Input, Part
from ..text import clean

_END, _IS = "；", "＝"
_SERIES = {4: "按季", 12: "按月"}


def measures(parts: Sequence[Part]) -> str:
    """Of every input that the units fill in, by its first cell: 应办件数＝件数，件；…"""
    own = (f"{_name(part, each)}{_IS}{_measure(each)}" for part in parts for each in part.inputs if each.asked)
    return clean(_END.join(own))


def remeasured(before: str, after: str) -> list[str]:
    """What inputs of both texts are of otherwise, in words; none where nothing is known."""
    then, now = (_read(text) for text in (before, after))
    return [f"「{name.partition('[')[0]}」原来是“{then[name]}”，现在是“{now[name]}”"
            for name in then if name in now and then[name] != now[name]]  # fmt: skip


def _name(part: Part, each: Input) -> str:
    return f"{part.name}·{each.cells[0]}" if part.many else each.cells[0]


def _measure(each: Input) -> str:
    return "，".join(filter(None, (each.kind, each.unit, _SERIES.get(each.series, ""))))


def _read(text: str) -> dict[str, str]:
    pairs = (each.partition(_IS) for each in text.split(_END))
    return {name: measure for name, _, measure in pairs if name}
