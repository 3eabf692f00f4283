"""The oracle and the values worked out by hand check each other."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.cases_district import (
    CASES,
    COHORTS,
    CONTRADICTIONS,
    FULL,
    FULL_TOTAL,
    OPTIONAL,
    PERFECT,
    Answer,
    Case,
    Changes,
    Cohort,
    Contradiction,
)
from tests.oracle import contradictions, district


def filled(changes: Changes) -> dict[str, Answer]:
    """A full set of answers: PERFECT with some of it changed, and no name misspelt."""
    unknown = set(changes) - set(PERFECT) - OPTIONAL
    assert not unknown, f"not an input of the scheme: {sorted(unknown)}"
    return {**PERFECT, **changes}


def sentence(case: Case | Cohort | Contradiction) -> str:
    return case.sentence


def test_a_perfect_year_earns_what_the_clauses_add_up_to() -> None:
    assert sum(map(Fraction, FULL.values())) == Fraction(FULL_TOTAL)
    base = sum(Fraction(points) for line, points in FULL.items() if not line.endswith("+"))
    assert base == 89


def test_every_line_is_put_to_the_test() -> None:
    changed = {line for case in CASES for line in case.expected}
    assert changed == set(FULL)
    assert len({case.sentence for case in CASES}) == len(CASES)
    assert len({cohort.sentence for cohort in COHORTS}) == len(COHORTS)


@pytest.mark.parametrize("case", CASES, ids=sentence)
def test_one_unit(case: Case) -> None:
    answers = filled(case.changes)
    assert contradictions(answers) == set()
    unit = district({"甲": answers})["甲"]
    by_hand = {line: Fraction(points) for line, points in {**FULL, **case.expected}.items()}
    assert unit.items == by_hand
    assert unit.total == sum(by_hand.values())
    assert unit.rank == 1


@pytest.mark.parametrize("cohort", COHORTS, ids=sentence)
def test_units_together(cohort: Cohort) -> None:
    answers = {unit.name: filled(unit.changes) for unit in cohort.units}
    scored = district(answers, cohort.reading)
    assert len(scored) == len(cohort.units)
    for unit in cohort.units:
        assert contradictions(answers[unit.name]) == set()
        found = scored[unit.name]
        assert found.items["六1+"] == Fraction(unit.ledger_bonus), unit.name
        assert found.total == Fraction(unit.total), unit.name
        assert found.rank == unit.rank, unit.name
        assert found.outcomes == unit.outcomes, unit.name
        assert found.confirm == unit.confirm, unit.name


def test_the_order_in_which_units_come_in_changes_nothing() -> None:
    for cohort in COHORTS:
        answers = {unit.name: filled(unit.changes) for unit in cohort.units}
        backwards = {name: answers[name] for name in reversed(answers)}
        assert district(answers, cohort.reading) == district(backwards, cohort.reading)


def test_the_granted_points_stand_on_lines_of_their_own() -> None:
    by_items = district({"甲": PERFECT})["甲"]
    by_sections = district({"甲": PERFECT}, "大项")["甲"]
    assert by_sections.items == {**by_items.items, "二余": Fraction(11), "四余": Fraction(2)}
    assert by_sections.total - by_items.total == 13


@pytest.mark.parametrize("case", CONTRADICTIONS, ids=sentence)
def test_contradictions(case: Contradiction) -> None:
    assert contradictions(filled(case.changes)) == case.doubtful


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(TypeError):
        district({"甲": filled({"台账清楚": 1})})
    with pytest.raises(TypeError):
        district({"甲": filled({"重复来信件数": "1"})})
    with pytest.raises(ValueError, match="分值口径"):
        district({"甲": PERFECT}, "其他")
