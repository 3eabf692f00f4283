"""The scheme `xinyang` end to end: ``template --prefill`` → ``grade --review`` gives what a person computes by hand."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.cases_xinyang import (
    CONTRADICTIONS,
    DECIMALS,
    FULL_PERSON,
    FULL_UNIT,
    MOST,
    PERFECT_PERSON,
    PERFECT_UNIT,
    PERIOD_CASES,
    PERSON_CASES,
    PERSON_COHORTS,
    UNIT_CASES,
    UNIT_COHORTS,
    PersonCohort,
    UnitCohort,
)
from tests.oracle_xinyang import Answer, Who, contradictions, persons, units
from tests.rounds import Round, subject
from xfkh.model import COUNT_LIMIT

REVIEWED = ("工作对接评分",)


def xinyang(
    folder: Path, units: Mapping[str, Any], people: Mapping[Who, Any] | None = None, period: str = "全年"
) -> Round:
    return Round(folder, units, period, "xinyang", people, REVIEWED, options=["--persons", 1])


def changed(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Answer]:
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def points(found: Mapping[str, Any]) -> dict[str, Fraction]:
    return {id: Fraction(str(item["points"])) for id, item in found["items"].items()}


def assert_scored(found: Mapping[str, Any], full: Mapping[str, str], expected: Mapping[str, str]) -> None:
    wanted = {**full, **expected}
    got = points(found)
    assert list(got) == list(wanted)
    for id, text in wanted.items():
        assert got[id] == Fraction(text), f"{id}: {found['items'][id]['reason']}"
    assert Fraction(str(found["total"])) == sum(map(Fraction, wanted.values()))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All hand cases of units and of persons in one round; twenty persons a unit."""
    offices = {f"单位{k:03d}": changed(PERFECT_UNIT, case.changes) for k, case in enumerate(UNIT_CASES)}
    people = {
        (f"单位{k // 20:03d}", f"人员{k:03d}", ""): changed(PERFECT_PERSON, case.changes)
        for k, case in enumerate(PERSON_CASES)
    }
    run = xinyang(tmp_path_factory.mktemp("cases"), offices, people)
    return run.score("--review", run.review())


@pytest.mark.parametrize("k", range(len(UNIT_CASES)), ids=lambda k: UNIT_CASES[k].sentence)
def test_a_unit_gets_the_points_computed_by_hand(k: int, cases: dict[str, Any]) -> None:
    found = subject(cases, f"单位{k:03d}")
    assert_scored(found, FULL_UNIT, UNIT_CASES[k].expected)
    assert found["self_total"] == found["total"]


@pytest.mark.parametrize("k", range(len(PERSON_CASES)), ids=lambda k: PERSON_CASES[k].sentence)
def test_a_person_gets_the_points_computed_by_hand(k: int, cases: dict[str, Any]) -> None:
    found = subject(cases, f"单位{k // 20:03d}", f"人员{k:03d}")
    assert_scored(found, FULL_PERSON, PERSON_CASES[k].expected)
    assert found["part"] == "个人"
    # what the template showed: without the line that the raters fill
    assert Fraction(str(found["self_total"])) == Fraction(str(found["total"])) - points(found)["8"]


@pytest.mark.parametrize("cohort", UNIT_COHORTS, ids=lambda cohort: cohort.sentence)
def test_units_rank_and_are_shortlisted_as_computed_by_hand(cohort: UnitCohort, tmp_path: Path) -> None:
    offices = {unit.name: changed(PERFECT_UNIT, unit.changes) for unit in cohort.units}
    record = xinyang(tmp_path, offices).score("--set", f"先进单位名额={cohort.places}")
    for unit in cohort.units:
        found = subject(record, unit.name)
        assert Fraction(str(found["total"])) == Fraction(unit.total)
        assert found["rank"] == unit.rank
        assert {each["id"] for each in found["outcomes"]} == unit.outcomes
        assert all(each["amount"] is None and not each["pending"] for each in found["outcomes"])


@pytest.mark.parametrize("cohort", PERSON_COHORTS, ids=lambda cohort: cohort.sentence)
def test_persons_rank_and_are_shortlisted_as_computed_by_hand(cohort: PersonCohort, tmp_path: Path) -> None:
    people = {person.who: changed(PERFECT_PERSON, person.changes) for person in cohort.persons}
    offices = {unit: PERFECT_UNIT for unit, _, _ in people}
    run = xinyang(tmp_path, offices, people)
    record = run.score("--review", run.review(), "--set", f"先进个人名额={cohort.places}")
    for person in cohort.persons:
        found = subject(record, *person.who)
        assert Fraction(str(found["total"])) == Fraction(person.total)
        assert found["rank"] == person.rank
        assert {each["id"] for each in found["outcomes"]} == person.outcomes


@pytest.fixture(scope="module")
def contradicting(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """By part, a round in which every case is a unit of its own, or the only person of one."""
    mine = {part: {f"第{k:02d}局": case.changes for k, case in enumerate(CONTRADICTIONS) if case.part == part}
            for part in ("单位", "个人")}  # fmt: skip
    offices = {unit: changed(PERFECT_UNIT, changes) for unit, changes in mine["单位"].items()}
    people = {(unit, "张三", ""): changed(PERFECT_PERSON, changes) for unit, changes in mine["个人"].items()}
    crews = xinyang(tmp_path_factory.mktemp("persons"), dict.fromkeys(mine["个人"], PERFECT_UNIT), people)
    units = xinyang(tmp_path_factory.mktemp("units"), offices)
    return {"单位": units.score(), "个人": crews.score("--review", crews.review())}


@pytest.mark.parametrize("k", range(len(CONTRADICTIONS)), ids=lambda k: CONTRADICTIONS[k].sentence)
def test_a_closed_contradiction_puts_exactly_its_cells_in_doubt(
    k: int, contradicting: dict[str, dict[str, Any]]
) -> None:
    case, unit = CONTRADICTIONS[k], f"第{k:02d}局"
    record = contradicting[case.part]
    found = subject(record, unit, None if case.part == "单位" else "张三")
    doubtful = {name for item in found["items"].values() for name, value in item["inputs"].items() if value is None}
    assert doubtful == set(case.doubtful)
    findings = (each for each in record["findings"] if each["unit"] == unit)
    said = [each["message"] for each in findings if each["code"] == "contradiction"]
    assert all(any(name in message for message in said) for name in case.doubtful)
    assert bool(said) == bool(case.doubtful)
    assert found["state"] == ("暂定" if case.doubtful else "已评")


@pytest.mark.parametrize("period", sorted({case.period for case in PERIOD_CASES}))
def test_a_period_is_judged_on_its_own_months(period: str, tmp_path: Path) -> None:
    chosen = [(k, case) for k, case in enumerate(PERIOD_CASES) if case.period == period]
    offices = {f"单位{k}": PERFECT_UNIT for k, _ in chosen} | {
        f"单位{k}": changed(PERFECT_UNIT, case.changes) for k, case in chosen if case.part == "单位"
    }
    people = {
        (f"单位{k}", "张三", ""): changed(PERFECT_PERSON, case.changes) for k, case in chosen if case.part == "个人"
    }
    run = xinyang(tmp_path, offices, people, period)
    record = run.score("--review", run.review())
    for k, case in chosen:
        unit = case.part == "单位"
        found = subject(record, f"单位{k}", None if unit else "张三")
        assert_scored(found, FULL_UNIT if unit else FULL_PERSON, case.expected)
        if period != "全年":
            assert found["items"]["加3+"]["of"] == 0 and "本期只显示进度" in found["items"]["加3+"]["reason"]
            assert not any(each["id"].startswith("先进") for each in found["outcomes"])


def some(draw: random.Random) -> int:
    return draw.choice([0, 0, 0, 1, 2, 3, draw.randint(0, 99), draw.randint(0, COUNT_LIMIT)])


def random_answers(draw: random.Random, perfect: Mapping[str, Answer]) -> dict[str, Answer]:
    """Any values that could honestly be reported: no closed contradiction among them."""
    answers: dict[str, Answer] = {}
    for name, value in perfect.items():
        if value in ("是", "否"):
            answers[name] = draw.choice(["是", "是", "是", "否"])
        elif name in MOST:
            answers[name] = Fraction(draw.randint(0, int(MOST[name]) * 10**4), 10**4)
        elif name in DECIMALS or name.startswith("工作对接评分"):
            answers[name] = Fraction(draw.randint(0, 20), 2)
        else:
            answers[name] = some(draw)
    if draw.random() < 0.3:
        answers.pop("工作对接评分[2]", None)
    for part, whole in (("回访件数", "办结件数"), ("满意件数", "评价件数"), ("网评满意票数", "网评总票数"),
                        ("按期回复件数", "应回复件数"), ("个人回复件数", "个人应回复件数")):  # fmt: skip
        if part in answers:
            most = int(answers[whole])
            answers[part] = draw.choice([most, draw.randint(0, most), most * 17 // 20])
    for times, total in (("举报投诉扣分次数", "举报投诉扣分合计"), ("失职批评次数", "失职批评扣分合计")):
        answers[times] = count = draw.choice([0, 0, 1, 2, 7])
        answers[total] = Fraction(draw.randint(500 * count, 1000 * count), 100)
    answers["创新加分"] = draw.choice([Fraction(0), Fraction(5), Fraction(10), Fraction(draw.randint(50, 100), 10)])
    if draw.random() < 0.6:
        answers["申报" if "交办件数" in answers else "推荐"] = draw.choice(["是", "否"])
    return answers


@pytest.mark.parametrize("period", ["全年", "上半年"])
def test_any_values_give_what_the_oracle_computes(period: str, tmp_path: Path) -> None:
    draw = random.Random(20191220)
    offices = {f"单位{k:03d}": random_answers(draw, PERFECT_UNIT) for k in range(60)}
    people = {
        (f"单位{k % 40:03d}", f"人员{k % 30:02d}", "" if k < 60 else str(k)): random_answers(draw, PERFECT_PERSON)
        for k in range(120)
    }
    assert not any(contradictions("单位", answers) for answers in offices.values())
    assert not any(contradictions("个人", answers) for answers in people.values())
    run = xinyang(tmp_path, offices, people, period)
    record = run.score("--review", run.review(), "--set", "先进单位名额=7", "--set", "先进个人名额=11")
    wanted: dict[tuple[str, ...], Any] = {(name,): each for name, each in units(offices, 7, period).items()}
    wanted |= dict(persons(people, 11, period).items())
    assert len(record["subjects"]) == len(wanted)
    for who, expected in wanted.items():
        found = subject(record, *who)
        assert points(found) == expected.items, who
        assert Fraction(str(found["total"])) == expected.total
        assert found["rank"] == expected.rank
        assert {each["id"] for each in found["outcomes"]} == expected.outcomes
