"""What was received → the scores and outcomes of every part under given readings, and what other readings change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .answers import Answers
from .decisions import Decisions
from .findings import Finding
from .model import Roster, Scheme, State
from .outcomes import outcomes
from .receive import Inbox
from .results import Impact, Mask, PartResult, Place, Standing
from .score import score, zero_rates


@dataclass(frozen=True, slots=True)
class Layers:
    """The answers of one part: reported, carried over from other results, verified."""

    reported: Answers
    carried: Answers
    verified: Answers


@dataclass(frozen=True, slots=True)
class Case:
    """What was received, before any scoring; ``issued`` is the scheme under the readings the templates showed;
    ``layers`` by part, in the scheme's order; ``closed``: the units that no longer take part."""

    issued: Scheme
    period: str
    inbox: Inbox
    layers: list[Layers]
    closed: Mask
    roster: Roster

    def received(self, k: int) -> list[State]:
        """How the subjects of the k-th part were received."""
        return self.inbox.person_states if k else self.inbox.states


def closed_rows(inbox: Inbox, decisions: Decisions) -> Mask:
    """未报单位不参评: units without a usable return for which a person closed collection."""
    closed, out = decisions.closed(), (State.MISSING, State.REFUSED)
    pairs = zip(inbox.answers.subjects, inbox.states, strict=True)
    return np.array([subject.unit in closed and state in out for subject, state in pairs], dtype=bool)


def assess(scheme: Scheme, case: Case) -> tuple[list[PartResult], list[Finding]]:
    """Score and outcomes of every part under the readings of ``scheme``; everything else as it was received."""
    results, findings = list[PartResult](), list[Finding]()
    for k, (part, layers) in enumerate(zip(scheme.parts, case.layers, strict=True)):
        standing = _standing(case, k, results)
        answers = (layers.reported, layers.carried, layers.verified)
        scores, said = score(scheme, part, case.period, *answers, standing, case.roster, case.issued)
        result, uncertain, more = outcomes(scores)
        scores.totals.pending |= uncertain
        results.append(result)
        findings += said + zero_rates(scores) + more
    return results, findings


def _standing(case: Case, k: int, before: Sequence[PartResult]) -> Standing:
    """The units as they were received; persons beside them, of whom units that are still open may bring more."""
    if k == 0:
        return Standing(list(case.inbox.states), case.closed)
    units = before[0].scores
    awaited = [state in (State.MISSING, State.REFUSED, State.HELD) for state in units.states]
    more = bool((np.array(awaited, dtype=bool) & ~units.closed).any())
    subjects = case.layers[k].reported.subjects
    closed = {units.subjects[row].unit for row in np.flatnonzero(case.closed)}
    gone = {units.subjects[row].unit for row in np.flatnonzero(units.closed)}
    return Standing(
        list(case.received(k)),
        np.array([each.unit in closed for each in subjects], dtype=bool),
        more,
        frozenset(row for row, each in enumerate(subjects) if each.unit in gone),
    )


def impacts(scheme: Scheme, results: Sequence[PartResult], case: Case) -> list[Impact]:
    """口径影响: whose rank, tier or money each other value of a reading would change."""
    impacts = []
    for reading in scheme.readings:
        for value in (each for each in reading.options if each != reading.value):
            others, _ = assess(scheme.with_settings({reading.id: value}), case)
            changed = [
                (subject, now, then)
                for result, other in zip(results, others, strict=True)
                for row, subject in enumerate(result.scores.subjects)
                if (now := _place(result, row)) != (then := _place(other, row))
            ]
            moved = tuple(each for each in changed if each[1]._replace(total=None) != each[2]._replace(total=None))
            impacts.append(Impact(reading.id, reading.value, value, moved))
    return impacts


def _place(result: PartResult, row: int) -> Place:
    mine = result.of(row)
    money = sum(award.amount or 0 for award in mine)
    return Place(result.scores.rank(row), result.scores.total(row), tuple(each.outcome.id for each in mine), money)
