"""A comparison as other programs read it."""

from __future__ import annotations

from typing import Any

from ..recorded import Record
from .changes import Change, Comparison, Given, ItemChange, OutcomeChange

_FACTS = ("state", "pending", "reviewed", "review", "group", "total", "range", "rank", "settlement", "targets", "apart",
          "last")  # fmt: skip
_ITEM = ("points", "of", "state", "reason")
_OUTCOME = ("amount", "count", "price", "pending", "confirm", "because")


def as_json(made: Comparison) -> dict[str, Any]:
    """Everything that a comparison says; each fact as [before, after], null where a run has none."""
    return {
        "scheme": made.scheme,
        "year": made.year,
        "period": made.period,
        "same": made.same,
        "stage": list(made.stage),
        "settings": [each._asdict() for each in made.settings],
        "notes": list(made.notes),
        "sums": [each._asdict() for each in made.sums],
        "subjects": [_subject(each) for each in made.changes],
    }


def _subject(change: Change) -> dict[str, Any]:
    one = change.one
    return {
        **{name: one[name] for name in ("part", "unit", "person", "person_id")},
        **{name: list(change.both(name)) for name in _FACTS if change.both(name) != (None, None)},
        "items": [_item(each) for each in change.items],
        "outcomes": [_outcome(each) for each in change.outcomes],
        "why": [each._asdict() for each in change.why],
    }


def _item(change: ItemChange) -> dict[str, Any]:
    inputs = [
        {"input": each.name, "before": _given(each.before), "after": _given(each.after)}
        | ({"review": dict(each.review)} if each.review else {})
        for each in change.inputs
    ]
    both = {name: [_of(each, name) for each in (change.before, change.after)] for name in _ITEM}
    return {"id": change.id, "clause": change.clause, **both, "inputs": inputs, "why": change.why}


def _outcome(change: OutcomeChange) -> dict[str, Any]:
    facts = ({name: each[name] for name in _OUTCOME} if each else None for each in (change.before, change.after))
    return {
        "id": change.id,
        "kind": change.kind,
        **dict(zip(("before", "after"), facts, strict=True)),
        "why": change.why,
    }


def _of(item: Record | None, name: str) -> Any:
    return None if item is None else item[name]


def _given(one: Given | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"value": one.value, "from": one.layer, "file": one.file, "sheet": one.sheet, "cell": one.cell}
