"""The oracle of `liaocheng-1995` and the values worked out by hand check each other."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.cases_liaocheng import (
    BACKGROUND,
    CASES,
    COHORTS,
    CONTRADICTIONS,
    LAST_YEAR,
    ON_THE_ROSTER,
    OPTIONAL,
    PLAIN,
    PLAIN_TARGETS,
    REPORTED,
    REVIEWED,
    WARNINGS,
    Answer,
    Case,
    Changes,
    Cohort,
    Contradiction,
    Warned,
)
from tests.oracle_liaocheng import Scored, contradictions, liaocheng, warnings

# Every outcome of the scheme; beside them the four conditions of 三(一)2 and the four targets of 一.
OUTCOMES = {
    "否决1",
    "否决2",
    "否决3",
    "否决4",
    "否决5",
    "重点管理单位",
    "本年重点管理单位",
    "通报表彰",
    "记功",
    "罚款.集访到市",
    "罚款.集访到地区",
    "罚款.集访赴省",
    "罚款.集访进京",
    "罚款.越级到地区",
    "罚款.越级赴省",
    "罚款.越级进京",
    "罚款.逾期未报",
    "否决处罚",
    "责任查究1",
    "责任查究2",
    "责任查究3",
    "责任查究4",
    "责任查究5",
    "责任查究6",
    "责任查究7",
}


def filled(changes: Changes) -> dict[str, Answer]:
    """A full set of answers: PLAIN with some of it changed, and no name misspelt."""
    unknown = set(changes) - set(PLAIN) - OPTIONAL
    assert not unknown, f"not an input of the scheme: {sorted(unknown)}"
    return {**PLAIN, **changes}


def left_out(case: Case) -> dict[str, Answer]:
    """The answers of a case, without those that it leaves out."""
    return {name: value for name, value in filled(case.changes).items() if name not in case.absent}


def beside_the_background(case: Case) -> dict[str, Scored]:
    units = {name: filled(changes) for name, changes in BACKGROUND.items()}
    return liaocheng({**units, "庚": left_out(case)}, **case.amounts._asdict())


def together(cohort: Cohort) -> dict[str, Scored]:
    units = {unit.name: filled(unit.changes) for unit in cohort.units}
    assert len(units) == len(cohort.units)
    return liaocheng(units, **cohort.amounts._asdict())


def sentence(case: Case | Cohort | Contradiction | Warned) -> str:
    return case.sentence


def test_the_sentences_are_all_different() -> None:
    for cases in (CASES, COHORTS, CONTRADICTIONS, WARNINGS):
        assert len({case.sentence for case in cases}) == len(cases)


def test_every_input_comes_from_one_place() -> None:
    inputs = [*REPORTED, *REVIEWED, *ON_THE_ROSTER, *LAST_YEAR]
    assert len(set(inputs)) == len(inputs) == 26
    assert set(inputs) == set(PLAIN) | OPTIONAL
    assert not set(PLAIN) & OPTIONAL


def test_every_outcome_is_put_to_the_test_both_ways() -> None:
    given = [set(case.expected.outcomes) for case in CASES]
    assert set().union(*given) == OUTCOMES
    assert set.intersection(*given) == set()
    priced = {fine for case in CASES for fine in case.expected.counts}
    assert priced == {outcome for outcome in OUTCOMES if outcome.startswith("罚款.")}


def test_every_reason_is_put_to_the_test_both_ways() -> None:
    commended = [case.expected.reasons for case in CASES if "通报表彰" in case.expected.outcomes]
    assert frozenset().union(*commended) == {1, 2, 3, 4}
    assert frozenset.intersection(*commended) == set()
    assert {frozenset({1}), frozenset({2}), frozenset({4})} <= set(commended)
    assert frozenset({3}) not in commended


def test_every_target_is_put_to_the_test_both_ways() -> None:
    reached = [{**PLAIN_TARGETS, **case.expected.targets} for case in CASES]
    for target in PLAIN_TARGETS:
        assert {targets[target] for targets in reached} == {True, False}, target


def test_the_background_holds_the_first_five_places_and_the_fewest_matters() -> None:
    background = liaocheng({name: filled(changes) for name, changes in BACKGROUND.items()})
    assert [unit.rank for unit in background.values()] == [1, 2, 3, 4, 5, 6]
    reasons = [unit.reasons for unit in background.values()]
    assert reasons == [{2}, {2}, {2}, {2}, {2}, {4}]


@pytest.mark.parametrize("case", CASES, ids=sentence)
def test_the_figures_of_a_case_agree_with_each_other(case: Case) -> None:
    expected = case.expected
    fines = {outcome: amount for outcome, amount in expected.outcomes.items() if outcome.startswith("罚款.")}
    assert fines == {fine: count * price for fine, (count, price) in expected.counts.items()}
    assert expected.settlement.fine == sum(count * price for count, price in expected.counts.values())
    assert expected.settlement.from_deposit == min(expected.settlement.deposit, expected.settlement.fine)
    assert expected.settlement.due == expected.settlement.fine - expected.settlement.from_deposit
    assert ("通报表彰" in expected.outcomes) == bool(expected.reasons)
    assert set(expected.targets) <= set(PLAIN_TARGETS)


@pytest.mark.parametrize("case", CASES, ids=sentence)
def test_one_unit(case: Case) -> None:
    answers = left_out(case)
    assert contradictions(answers) == set()
    assert warnings(answers) == case.expected.warnings
    unit = beside_the_background(case)["庚"]
    assert unit.total == answers["考评总分"]
    assert unit.rank == case.expected.rank
    assert unit.targets == {**PLAIN_TARGETS, **case.expected.targets}
    assert list(unit.targets) == list(PLAIN_TARGETS)
    assert unit.outcomes == case.expected.outcomes
    assert unit.counts == case.expected.counts
    assert unit.reasons == case.expected.reasons
    assert unit.settlement == case.expected.settlement._asdict()


@pytest.mark.parametrize("cohort", COHORTS, ids=sentence)
def test_units_together(cohort: Cohort) -> None:
    scored = together(cohort)
    assert len(scored) == len(cohort.units)
    for unit in cohort.units:
        assert contradictions(filled(unit.changes)) == set()
        assert warnings(filled(unit.changes)) == set()
        found = scored[unit.name]
        assert found.total == Fraction(unit.total), unit.name
        assert found.rank == unit.rank, unit.name
        assert found.outcomes == unit.outcomes, unit.name
        assert found.reasons == unit.reasons, unit.name
        assert found.settlement == unit.settlement._asdict(), unit.name


def test_the_order_in_which_units_come_in_changes_nothing() -> None:
    for cohort in COHORTS:
        backwards = cohort._replace(units=cohort.units[::-1])
        assert together(cohort) == together(backwards)


def test_a_condition_that_is_never_decisive() -> None:
    """三(一)2(3) asks for 四无, which no unit with a collective visit has: (1) always holds beside it."""
    units = [beside_the_background(case)["庚"] for case in CASES]
    units += [unit for cohort in COHORTS for unit in together(cohort).values()]
    assert all(1 in unit.reasons for unit in units if 3 in unit.reasons)


def test_a_vetoed_unit_has_no_honour_and_is_listed() -> None:
    for case in CASES:
        unit = beside_the_background(case)["庚"]
        vetoed = any(f"否决{clause}" in unit.outcomes for clause in range(1, 6))
        assert vetoed == ("重点管理单位" in unit.outcomes)
        assert not vetoed or not {"通报表彰", "记功"} & set(unit.outcomes)


def test_no_units_no_results() -> None:
    assert liaocheng({}) == {}


@pytest.mark.parametrize("case", CONTRADICTIONS, ids=sentence)
def test_contradictions(case: Contradiction) -> None:
    assert contradictions(filled(case.changes)) == case.doubtful


@pytest.mark.parametrize("case", WARNINGS, ids=sentence)
def test_warnings(case: Warned) -> None:
    answers = filled(case.changes)
    assert contradictions(answers) == set()
    assert warnings(answers) == case.warnings


@pytest.mark.parametrize("name", [*REPORTED, "考评总分"])
def test_what_is_missing_is_refused(name: str) -> None:
    answers = {other: value for other, value in PLAIN.items() if other != name}
    with pytest.raises(KeyError, match=name):
        liaocheng({"甲": answers})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("集访到市批次", "1"),
        ("集访到市批次", True),
        ("集访到市批次", -1),
        ("信访总量", Fraction(1, 2)),
        ("保证金", "三千"),
        ("保证金", -1),
        ("考评总分", "80"),
        ("考评总分", Fraction("100.01")),
        ("考评总分", Fraction("-0.01")),
        ("考评总分", Fraction("59.999")),
        ("因工作不力造成严重后果", 1),
        ("责任查究7", "有"),
        ("上年通报表彰", ""),
        ("上年一票否决", 0),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, value: Answer) -> None:
    with pytest.raises(TypeError, match=name):
        liaocheng({"甲": filled({name: value})})
