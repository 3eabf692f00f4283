"""results.json: the whole result, as other programs read it (the contract of the project's design)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..formula.say import decimal
from ..model import Cell, Item, Origin, Source, State
from ..results import Award, PartResult, PartScores, Settlement
from ..rules import Rule
from .reviewed import Reviewed

if TYPE_CHECKING:
    from .facts import Facts


def record(facts: Facts) -> dict[str, Any]:
    """The object of results.json."""
    scheme = facts.scheme
    return {
        "scheme": scheme.id,
        "scheme_version": scheme.version,
        "tool_version": __version__,
        "year": int(facts.year) if facts.year.isdigit() else facts.year,
        "period": facts.period,
        "status": scheme.status,
        "stage": facts.stage,
        "readings": [{"id": each.id, "value": each.value, "text": each.text} for each in scheme.readings],
        "params": {each.id: number(each.value) for each in scheme.parameters},
        "subjects": [
            facts.subject(k, row) for k, result in enumerate(facts.parts) for row in range(len(result.scores.subjects))
        ],
        "files": [
            {
                "file": each.name,
                "sha256": each.sha256,
                "fate": str(each.fate),
                "unit": each.unit or None,
                "why": each.why,
            }
            for each in facts.arrived
        ],
        "inventory": {"files": facts.files, "units": facts.units},
        "findings": [each.as_json() for each in facts.findings],
    }


def number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def record_of(result: PartResult, row: int, facts: Facts, extent: Reviewed) -> dict[str, Any]:
    """The object of one subject in results.json."""
    scores, subject = result.scores, result.scores.subjects[row]
    unit = facts.roster.get(subject.unit)
    state = scores.states[row]
    scored = state in (State.ASSESSED, State.PROVISIONAL)
    made: dict[str, Any] = {
        "part": subject.part,
        "unit": subject.unit,
        "person": subject.person,
        "person_id": subject.person_id,
        "category": (unit.category if unit else "") or None,
        "group": scores.group(row) or None,
        "state": str(state),
        "reviewed": scores.has_review(row),
        "review": {"verified": extent.verified, "of": extent.of},
        "pending": scores.pending(row),
        "total": number(scores.total(row)),
        "range": [number(each) for each in scores.range(row)] if scored else None,
        "rank": scores.rank(row),
        "self_total": number(scores.self_total(row)),
        "items": {item.id: _item(scores, row, item) for item in scores.scheme.lines(scores.part)} if scored else {},
        "outcomes": [_outcome(each) for each in result.of(row)] if scored else [],
        "settlement": _settlement(result.settlements.get(row)),
    }
    if scores.conversion(row):
        made["conversion"] = scores.conversion(row)
    if scores.part.apart:
        made["apart"] = scores.apart(row)
    if scores.part.last:
        made["last"] = scores.last(row)
    if result.targets:
        made["targets"] = {id: held[row] for id, held in result.targets.items()} if scored else {}
    return made


def _settlement(each: Settlement | None) -> dict[str, int] | None:
    if each is None:
        return None
    return {"deposit": each.deposit, "fine": each.fine, "from_deposit": each.from_deposit, "due": each.due}


def _item(scores: PartScores, row: int, item: Item) -> dict[str, Any]:
    rule, points = scores.rules[item.id], scores.points(row, item.id)
    sources = {cell: _source(scores, row, cell) for cell in _told(scores, row, rule)}
    return {
        "points": number(points),
        "of": number(scores.of(row, item.id)),
        "state": "待核" if points is None else "已评",
        "self_points": number(scores.self_points(row, item.id)),
        "reason": scores.reason(row, item.id),
        "clause": item.clause,
        "inputs": {cell: each["value"] for cell, each in sources.items()},
        "sources": sources,
    }


def _told(scores: PartScores, row: int, rule: Rule) -> Sequence[str]:
    """The cells an item is explained by; of raters only those who gave a mark."""
    if rule.asked is not None and scores.excuse(row, rule.id) and not scores.of(row, rule.id):
        return [cell for cell in rule.shows if scores.answers.state(row, cell) is not Cell.ABSENT]
    if not rule.raters:
        return rule.shows
    return [cell for cell in rule.shows if scores.answers.state(row, cell) is not Cell.ABSENT]


def _source(scores: PartScores, row: int, cell: str) -> dict[str, Any]:
    layer = origin(scores, row, cell)
    place = Source() if layer == "待复查" else scores.answers.source(row, cell)
    each = scores.input_of(cell)
    note = scores.answers.notes.get((row, cell))
    return {
        **({"label": each.label(cell)} if each.series else {}),
        "from": layer,
        "value": scores.value(row, cell),
        "self": scores.value(row, cell, reported=True),
        "file": place.file,
        "sheet": place.sheet,
        "cell": place.cell,
        **({"review": note.said} if note and note.said and layer == "核定" else {}),
    }


def origin(scores: PartScores, row: int, cell: str) -> str:
    """Which layer a value comes from."""
    state, each = scores.answers.state(row, cell), scores.input_of(cell)
    if state is Cell.ABSENT:
        return "未提供"
    if scores.verified(row, cell):
        return "核定"
    if each.origin is Origin.ROSTER:
        return "名册"
    if each.scores and state is Cell.GIVEN:
        return "其他方案"
    if each.origin is Origin.REVIEW:
        return "核定" if state is Cell.GIVEN else "待复查"
    return "上年" if each.origin is Origin.PREVIOUS else "自评"


def _outcome(award: Award) -> dict[str, Any]:
    outcome = award.outcome
    return {
        "id": outcome.id,
        "kind": str(outcome.kind),
        "amount": award.amount,
        "count": award.count,
        "price": award.price,
        "pending": award.pending,
        "confirm": award.confirm,
        "clause": outcome.clause,
        "because": award.because,
    }


def range_text(low: Fraction | None, high: Fraction | None) -> str:
    """Where a total lies, in words."""
    if low is None:
        return "总分还没有范围" if high is None else f"总分不高于 {decimal(high)}"
    if low == high:
        return f"总分 {decimal(low)}"
    return f"总分不低于 {decimal(low)}" if high is None else f"总分在 {decimal(low)} 至 {decimal(high)} 之间"
