"""The oracle of `xinyang` and the values worked out by hand check each other."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from tests.cases_xinyang import (
    CONTRADICTIONS,
    DECIMALS,
    FULL_PERSON,
    FULL_UNIT,
    MOST,
    OPTIONAL_PERSON,
    OPTIONAL_UNIT,
    PERFECT_PERSON,
    PERFECT_UNIT,
    PERIOD_CASES,
    PERSON_CASES,
    PERSON_COHORTS,
    UNIT_CASES,
    UNIT_COHORTS,
    WORST_PERSON,
    WORST_UNIT,
    Answer,
    Case,
    Changes,
    Contradiction,
    PeriodCase,
    PersonCohort,
    UnitCohort,
    dec,
    person_at,
    raters,
    silent,
    unit_at,
)
from tests.oracle_xinyang import MONTHS, Scored, contradictions, persons, units

YES_OR_NO = re.compile(r"参加以岗代训|申报|推荐|按月通报\[([1-9]|1[0-2])\]")
RATER = re.compile(r"(工作对接评分)\[[1-9][0-9]*\]")
SHORTER = [period for period in MONTHS if period != "全年"]


def filled(part: str, changes: Changes) -> dict[str, Answer]:
    """A full set of answers: the perfect ones with some changed, no name misspelt and no value out of its kind."""
    perfect, optional = (PERFECT_UNIT, OPTIONAL_UNIT) if part == "单位" else (PERFECT_PERSON, OPTIONAL_PERSON)
    answers = dict(perfect)
    for name, value in changes.items():
        known = name in perfect or name in optional or (part == "个人" and RATER.fullmatch(name))
        assert known, f"not an input of the part {part}: {name}"
        if value is None:
            answers.pop(name, None)
        else:
            _assert_of_its_kind(name, value)
            answers[name] = value
    return answers


def _assert_of_its_kind(name: str, value: Answer) -> None:
    if YES_OR_NO.fullmatch(name):
        assert value in ("是", "否"), name
        return
    assert isinstance(value, (int, Fraction)) and not isinstance(value, bool), name
    rater = RATER.fullmatch(name)
    kind = rater.group(1) if rater else name
    if kind in MOST:
        assert 0 <= value <= MOST[kind], name
    if kind in MOST or kind in DECIMALS:
        assert value >= 0 and (10000 * Fraction(value)).denominator == 1, name
    else:
        assert isinstance(value, int) and 0 <= value <= 999999, name


def alone(part: str, answers: dict[str, Answer], period: str = "全年") -> Scored:
    if part == "单位":
        return units({"甲": answers}, period=period)["甲"]
    return persons({("甲局", "张伟", ""): answers}, period=period)["甲局", "张伟", ""]


def assert_by_hand(found: Scored, full: dict[str, str], case: Case | PeriodCase) -> None:
    for line, points in case.expected.items():
        assert Fraction(points) != Fraction(full[line]), f"{line} is named and does not differ"
    by_hand = {line: Fraction(points) for line, points in {**full, **case.expected}.items()}
    assert found.items == by_hand
    assert found.total == sum(by_hand.values())
    assert found.rank == 1


def sentence(case: Case | UnitCohort | PersonCohort | Contradiction | PeriodCase) -> str:
    return case.sentence


def test_a_perfect_year_earns_a_hundred() -> None:
    assert sum(map(Fraction, FULL_UNIT.values())) == 100
    assert sum(map(Fraction, FULL_PERSON.values())) == 100
    for name, value in (PERFECT_UNIT | PERFECT_PERSON).items():
        _assert_of_its_kind(name, value)


def test_every_line_is_put_to_the_test() -> None:
    assert {line for case in UNIT_CASES for line in case.expected} == set(FULL_UNIT)
    assert {line for case in PERSON_CASES for line in case.expected} == set(FULL_PERSON)
    assert {line for line in FULL_UNIT if line[0] in "加减"} > {line for line in FULL_PERSON if line[0] in "加减"}


def test_every_input_is_put_to_the_test() -> None:
    assert {name for case in UNIT_CASES for name in case.changes} == set(PERFECT_UNIT) | OPTIONAL_UNIT
    assert {name for case in PERSON_CASES for name in case.changes} >= set(PERFECT_PERSON) | OPTIONAL_PERSON
    cited = {(case.part, name) for case in CONTRADICTIONS for name in case.doubtful}
    assert len([name for part, name in cited if part == "单位"]) == 13
    assert len([name for part, name in cited if part == "个人"]) == 7


def test_no_sentence_is_used_twice() -> None:
    for sentences in (
        [case.sentence for case in UNIT_CASES],
        [case.sentence for case in PERSON_CASES],
        [cohort.sentence for cohort in UNIT_COHORTS] + [cohort.sentence for cohort in PERSON_COHORTS],
        [case.sentence for case in CONTRADICTIONS],
        [case.sentence for case in PERIOD_CASES],
    ):
        assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("case", UNIT_CASES, ids=sentence)
def test_one_unit(case: Case) -> None:
    answers = filled("单位", case.changes)
    assert contradictions("单位", answers) == set()
    assert_by_hand(alone("单位", answers), FULL_UNIT, case)


@pytest.mark.parametrize("case", PERSON_CASES, ids=sentence)
def test_one_person(case: Case) -> None:
    answers = filled("个人", case.changes)
    assert contradictions("个人", answers) == set()
    assert_by_hand(alone("个人", answers), FULL_PERSON, case)


@pytest.mark.parametrize("case", PERIOD_CASES, ids=sentence)
def test_one_period(case: PeriodCase) -> None:
    full = FULL_UNIT if case.part == "单位" else FULL_PERSON
    answers = filled(case.part, case.changes)
    assert contradictions(case.part, answers) == set()
    assert_by_hand(alone(case.part, answers, case.period), full, case)


@pytest.mark.parametrize("cohort", UNIT_COHORTS, ids=sentence)
def test_units_together(cohort: UnitCohort) -> None:
    answers = {unit.name: filled("单位", unit.changes) for unit in cohort.units}
    scored = units(answers, cohort.places)
    assert len(scored) == len(cohort.units)
    for unit in cohort.units:
        assert contradictions("单位", answers[unit.name]) == set()
        found = scored[unit.name]
        assert found.total == Fraction(unit.total), unit.name
        assert found.rank == unit.rank, unit.name
        assert found.outcomes == unit.outcomes, unit.name


@pytest.mark.parametrize("cohort", PERSON_COHORTS, ids=sentence)
def test_persons_together(cohort: PersonCohort) -> None:
    answers = {person.who: filled("个人", person.changes) for person in cohort.persons}
    scored = persons(answers, cohort.places)
    assert len(scored) == len(cohort.persons)
    for person in cohort.persons:
        assert contradictions("个人", answers[person.who]) == set()
        found = scored[person.who]
        assert found.total == Fraction(person.total), person.who
        assert found.rank == person.rank, person.who
        assert found.outcomes == person.outcomes, person.who


def test_the_order_in_which_they_come_in_changes_nothing() -> None:
    for cohort in UNIT_COHORTS:
        answers = {unit.name: filled("单位", unit.changes) for unit in cohort.units}
        backwards = {name: answers[name] for name in reversed(answers)}
        assert units(answers, cohort.places) == units(backwards, cohort.places)
    for group in PERSON_COHORTS:
        people = {person.who: filled("个人", person.changes) for person in group.persons}
        reverse = {who: people[who] for who in reversed(people)}
        assert persons(people, group.places) == persons(reverse, group.places)


def test_three_units_and_five_persons_where_the_plan_says_nothing() -> None:
    offices = units({str(points): filled("单位", unit_at(str(points))) for points in range(8)})
    listed = {name for name, found in offices.items() if "先进单位" in found.outcomes}
    assert listed == {"7", "6", "5"}
    people = persons(
        {("甲局", str(points), ""): filled("个人", {**person_at(str(points)), "推荐": "是"}) for points in range(12)}
    )
    chosen = {who[1] for who, found in people.items() if "先进个人" in found.outcomes}
    assert chosen == {"11", "10", "9", "8", "7"}


@pytest.mark.parametrize("period", SHORTER)
def test_the_shortlists_wait_for_the_years_end_and_accountability_does_not(period: str) -> None:
    offices = units({"甲": filled("单位", {}), "乙": filled("单位", WORST_UNIT)}, 3, period)
    assert {name: found.outcomes for name, found in offices.items()} == {"甲": frozenset(), "乙": frozenset({"问责"})}
    best, worst = ("甲局", "张伟", ""), ("乙局", "王芳", "")
    people = persons({best: filled("个人", {"推荐": "是"}), worst: filled("个人", WORST_PERSON)}, 5, period)
    assert people[best].outcomes == frozenset()
    assert people[worst].outcomes == {"问责"}
    assert (people[best].rank, people[worst].rank) == (1, 2)


@pytest.mark.parametrize("period", MONTHS)
def test_a_period_asks_for_its_own_months_and_no_other(period: str) -> None:
    own = {month for month in range(1, 13) if alone("单位", filled("单位", silent(month)), period).total < 100}
    for month in range(1, 13):
        answers = filled("单位", {f"按月通报[{month}]": None})
        if month in own:
            with pytest.raises(KeyError):
                units({"甲": answers}, period=period)
        else:
            assert alone("单位", answers, period).total == 100
    lengths = {"全年": 12, "上半年": 6, "下半年": 6}
    assert len(own) == lengths.get(period, 3 if period.endswith("季度") else 1)


def test_the_halves_the_quarters_and_the_months_each_make_up_the_year() -> None:
    for periods in (
        ["上半年", "下半年"],
        ["第1季度", "第2季度", "第3季度", "第4季度"],
        [f"{month}月" for month in range(1, 13)],
    ):
        assert [month for period in periods for month in MONTHS[period]] == list(range(1, 13))
    assert len(MONTHS) == 1 + 2 + 4 + 12


@pytest.mark.parametrize("case", CONTRADICTIONS, ids=sentence)
def test_contradictions(case: Contradiction) -> None:
    assert contradictions(case.part, filled(case.part, case.changes)) == case.doubtful


@pytest.mark.parametrize("name", PERFECT_UNIT)
def test_a_unit_answers_everything(name: str) -> None:
    with pytest.raises(KeyError):
        units({"甲": filled("单位", {name: None})})


@pytest.mark.parametrize("name", [name for name in PERFECT_PERSON if not RATER.fullmatch(name)])
def test_a_person_answers_everything(name: str) -> None:
    with pytest.raises(KeyError):
        alone("个人", filled("个人", {name: None}))


def test_without_any_rater_there_is_no_mean() -> None:
    with pytest.raises(KeyError, match="工作对接评分"):
        alone("个人", filled("个人", raters()))


def test_what_cannot_be_read_is_refused() -> None:
    wrong_units: list[dict[str, Answer]] = [
        {"纳入重要工作评分": "10"},
        {"交办件数": True},
        {"按月通报[3]": 1},
        {"参加以岗代训": ""},
        {"申报": 0},
    ]
    for wrong in wrong_units:
        with pytest.raises(TypeError):
            alone("单位", {**PERFECT_UNIT, **wrong})
    wrong_persons: list[dict[str, Answer]] = [
        {"工作对接评分[2]": "缺席"},
        {"举报投诉次数": "0"},
        {"推荐": dec("1")},
    ]
    for wrong in wrong_persons:
        with pytest.raises(TypeError):
            alone("个人", {**PERFECT_PERSON, **wrong})
    with pytest.raises(ValueError, match="period"):
        alone("单位", PERFECT_UNIT, "第5季度")
    with pytest.raises(ValueError, match="period"):
        alone("个人", PERFECT_PERSON, "13月")
    with pytest.raises(ValueError, match="part"):
        contradictions("部门", PERFECT_UNIT)
