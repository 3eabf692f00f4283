"""What a form prints and shows against the scheme: changed titles, points and scores are told, never used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import isnan

import numpy as np

from .answers.frame import GIVEN
from .findings import Finding, finding, quoted
from .formula.say import decimal
from .model import Source
from .receive import Heads, Inbox, Shown
from .results import PartScores
from .rules.points import points_text
from .text import some
from .workbook.anchors import SECTION, TOTAL

_NEAR, _FAR = 0.005, 1e6
"""How near a shown score must be; no score is as far from 0 as the other."""
_MOST, _ENOUGH = 5, 5
"""How many are named; how many figures but 0 must agree."""


def tampered(scores: PartScores, inbox: Inbox) -> list[Finding]:
    """Of every unit's form. It must print the points, and show the score from 自评 alone, of the scheme as issued."""
    expected = _expected(scores)
    # the heads of most forms are one and the same object
    told = dict[int, list[tuple[str, str, dict[str, str]]]]()
    findings = []
    for row, (heads, shown) in enumerate(zip(inbox.heads, inbox.shown, strict=True)):
        unit = scores.subjects[row].unit
        changed = told.setdefault(id(heads), list(_printed(heads, expected)))
        for code, place, facts in [*changed, *_shown(scores, row, heads, shown)]:
            findings.append(finding(code, Source(shown.file, shown.sheet, place), unit, **facts))
    return findings


def _expected(scores: PartScores) -> dict[str, tuple[str, str | None]]:
    """Title and points of every item and section, as a form prints them; no points where they are a formula."""
    rules = scores.issued
    varies = {item.id for item in scores.part.items if item.id in rules and rules[item.id].mark is not None}
    lines = [item for item in scores.part.items if item.id in rules]
    expected = dict[str, tuple[str, str | None]]()
    for item in lines:
        expected[item.id] = (item.title, None if item.id in varies else points_text(rules[item.id].of, item.id))
    for section in scores.part.sections:
        own = [rules[item.id].of or Fraction(0) for item in lines if item.section == section.id and not item.extra]
        fixed = not any(item.section == section.id for item in lines if item.id in varies)
        printed = decimal(sum(own, Fraction(0))) if own else ""
        expected[f"{SECTION}{section.id}"] = (section.title, printed if fixed else None)
    return expected


def _shown(scores: PartScores, row: int, heads: Heads, shown: Shown) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Scores that are no formulas any more, and those that are other than ours."""
    typed = [(id, place) for id, _, _, _, place in heads if id in shown.typed]
    if typed:
        yield "formula-gone", typed[0][1], {"items": some([_name(id) for id, _ in typed], "处", _MOST)}
    other = list(_other(scores, row, heads, shown.scores))
    if other:
        yield "score-differs", other[0][0], {"what": "、".join(said for _, said in other[:_MOST])}


def alike(scores: PartScores, inbox: Inbox) -> list[Finding]:
    """Units whose returns say the same throughout, with figures enough that chance is no reason; that nothing was lost
    in several units is no wonder."""
    answers, same = inbox.answers, dict[bytes, list[int]]()
    live = [id for id, rule in scores.issued.items() if rule.live(scores.part) and not id.endswith(("+", "-"))]
    for row, (values, states) in enumerate(zip(answers.values, answers.states, strict=True)):
        if np.count_nonzero(values[states == GIVEN]) >= _ENOUGH:
            same.setdefault(values.tobytes() + states.tobytes(), []).append(row)
    copies = [rows for rows in same.values() if len(rows) > 1]
    copies = [rows for rows in copies if any(scores.self_points(rows[0], id) != scores.issued[id].of for id in live)]
    findings = []
    for rows in copies:
        units = [answers.subjects[row].unit for row in rows]
        # said of each, but not to two hundred that each other's figures are theirs
        for unit, file in (
            [(answers.subjects[row].unit, answers.files[row]) for row in rows] if len(rows) < 10 else [("", "")]
        ):
            facts = {"count": len(rows), "units": some(units, "个", _MOST)}
            findings.append(finding("alike", Source(file), unit, **facts))
    return findings


def _printed(heads: Heads, expected: dict[str, tuple[str, str | None]]) -> Iterator[tuple[str, str, dict[str, str]]]:
    for id, title, points, place, _ in heads:
        wished = expected.get(id)
        if wished is None:
            continue
        if title != wished[0]:
            yield "title-changed", place, {"item": _name(id)}
        if wished[1] is not None and points != wished[1]:
            yield "max-changed", place, {"item": _name(id), "found": quoted(points, 12), "wanted": wished[1]}


def _other(scores: PartScores, row: int, heads: Heads, shown: Sequence[float]) -> Iterator[tuple[str, str]]:
    live = {id for id, rule in scores.issued.items() if rule.live(scores.part)}
    ours = {id: scores.self_points(row, id) for id in live}
    scored = {id for (id, *_), value in zip(heads, shown, strict=True) if not isnan(value)}
    # what a form cannot take yet (３ in full width) it leaves out of its total
    if None not in ours.values() and live <= scored:
        ours[TOTAL] = scores.self_total(row)
    for (id, _, _, _, place), value in zip(heads, shown, strict=True):
        mine = ours.get(id)
        if mine is not None and not isnan(value) and abs(float(mine) - value) > _NEAR:
            shows = f" {decimal(Fraction(repr(round(value, 2))))}" if abs(value) < _FAR else "不是分数"
            yield place, f"{_name(id)} 表里{shows}，应为 {decimal(mine)}"


def _name(id: str) -> str:
    return f"大项{id.removeprefix(SECTION)}" if id.startswith(SECTION) else id
