"""Scores → outcomes (结果运用): who gets what, why, and what is still pending or to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .findings import Finding, finding
from .formula import formula, refs
from .formula.evaluate import truth
from .formula.exact import Truth, all_of, any_of, negation
from .formula.say import decimal
from .model import YEAR, Cell, Outcome, State
from .results import Award, Mask, PartScores
from .rules.kinds import condition_of
from .scheme import outcome_names


@dataclass(frozen=True, slots=True)
class _Judged:
    outcome: Outcome
    now: Truth
    bounds: Truth
    zero: dict[str, Mask]
    names: tuple[str, ...]


def outcomes(result: PartScores) -> tuple[list[Award], Mask, list[Finding]]:
    """The outcomes of a part, in the scheme's order within each subject; the subjects with one still pending.

    A subject that is 暂定 is kept out of money outcomes and has others only where they are certain.
    """
    judged = [_judge(each, result) for each in result.part.outcomes if result.period == YEAR or not each.annual]
    tiers: dict[str, list[_Judged]] = {}
    for each in judged:
        tiers.setdefault(each.outcome.tier or each.outcome.id, []).append(each)
    awards, uncertain = [], np.zeros(len(result.subjects), dtype=bool)
    for group in tiers.values():
        for k, each in enumerate(group):
            now = _first(each.now, [other.now for other in group[:k]])
            bounds = _first(each.bounds, [other.bounds for other in group[:k]])
            uncertain |= ~bounds.known
            awards += _awards(each, now, bounds, result)
    assessed = np.array([state is State.ASSESSED for state in result.states], dtype=bool)
    awards.sort(key=lambda award: award.row)
    return awards, uncertain & assessed, _findings(result)


def _judge(each: Outcome, result: PartScores) -> _Judged:
    node = formula(each.condition, outcome_names(result.scheme, result.part, result.period), "是否")
    excused, zero = condition_of(node)
    return _Judged(
        each,
        truth(excused, result.now),
        truth(excused, result.bounds),
        {name: truth(test, result.now).must for name, test in zero},
        refs(node),
    )


def _first(own: Truth, earlier: list[Truth]) -> Truth:
    """Of a tier only the first that holds is given."""
    return all_of([own, negation(any_of(earlier))]) if earlier else own


def _awards(each: _Judged, now: Truth, bounds: Truth, result: PartScores) -> list[Award]:
    made = []
    for row, state in enumerate(result.states):
        certain = bool(bounds.must[row])
        if state is State.ASSESSED and now.must[row]:
            pending = not certain
        elif state is State.PROVISIONAL and certain and each.outcome.amount is None:
            pending = False
        else:
            continue
        amount = None if each.outcome.amount is None else int(each.outcome.amount)
        zero = tuple(name for name, empty in each.zero.items() if empty[row])
        made.append(Award(row, each.outcome, _because(each, row, result, zero), amount, pending, bool(zero), zero))
    return made


def _because(each: _Judged, row: int, result: PartScores, empty: tuple[str, ...]) -> str:
    facts = []
    for name in each.names:
        if name == "总分":
            facts.append(f"总分{decimal(result.total(row) or Fraction(0))}分")
        elif name == "名次":
            facts.append(f"第{result.rank(row)}名")
        elif isinstance(value := result.value(row, name), (int, float)):
            facts.append(f"{name}{value}")
    zero = f"；{'、'.join(empty)}为0，视为达到" if empty else ""
    return each.outcome.because + (f"（{'，'.join(facts)}）" if facts else "") + zero


def _findings(result: PartScores) -> list[Finding]:
    """Optional facts that nobody gave, with the units concerned and what then holds."""
    findings = []
    for each in (each for each in result.part.inputs if each.optional):
        absent = [
            result.subjects[row].label
            for row, state in enumerate(result.states)
            if state is State.ASSESSED and result.answers.state(row, each.cells[0]) is Cell.ABSENT
        ]
        if absent:
            units = "、".join(absent[:5]) + (f"等{len(absent)}个单位" if len(absent) > 5 else "")
            findings.append(finding("optional-missing", name=each.name, units=units, then=each.optional))
    return findings
