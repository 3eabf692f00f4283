"""The scheme `liaocheng-1995` end to end: ``template --prefill`` → ``grade --review`` gives what a person decides."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.cases_liaocheng import (
    BACKGROUND,
    CASES,
    COHORTS,
    CONTRADICTIONS,
    LAST_YEAR,
    NO_AMOUNTS,
    ON_THE_ROSTER,
    PLAIN,
    PLAIN_TARGETS,
    REPORTED,
    REVIEWED,
    WARNINGS,
    Amounts,
    Case,
    Cohort,
    Contradiction,
    Warned,
)
from tests.oracle_liaocheng import Answer, contradictions, liaocheng
from tests.rounds import Round, call, codes, subject
from xfkh.template import FILE

SCHEME = "liaocheng-1995"
OUTSIDE = (*REVIEWED, *LAST_YEAR)
KINDS = {
    "否决": "一票否决",
    "重点管理单位": "名单",
    "本年重点管理单位": "名单",
    "通报表彰": "荣誉",
    "记功": "荣誉",
    "罚款": "处罚",
    "否决处罚": "处罚",
    "责任查究": "问责",
}
WARNING_TEXT = {"总量": "多于信访总量", "逾期": "逾期未报件数多于", "后果": "认定了严重后果"}


def issued(folder: Path, units: Mapping[str, Mapping[str, Answer]], *options: object, year: int = 2025) -> Round:
    return Round(folder, units, scheme=SCHEME, reviewed=OUTSIDE, attributes=ON_THE_ROSTER, options=options, year=year)


def judged(folder: Path, units: Mapping[str, Mapping[str, Answer]], amounts: Amounts = NO_AMOUNTS) -> dict[str, Any]:
    run = issued(folder, units)
    return run.score("--review", run.review(), *settings(amounts))


def settings(amounts: Amounts) -> list[object]:
    names = ("表彰奖励金额", "记功奖励金额", "否决处罚金额")
    pairs = [f"{name}={value}" for name, value in zip(names, amounts, strict=True) if value is not None]
    return [word for pair in pairs for word in ("--set", pair)]


def outcomes(found: Mapping[str, Any]) -> dict[str, int | None]:
    return {each["id"]: each["amount"] for each in found["outcomes"]}


def counts(found: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {each["id"]: (each["count"], each["price"]) for each in found["outcomes"] if each["count"] is not None}


def reasons(found: Mapping[str, Any]) -> frozenset[int]:
    """The numbers of the conditions that the commendation names."""
    because = next((each["because"] for each in found["outcomes"] if each["id"] == "通报表彰"), "")
    return frozenset(number for number in range(1, 5) if f"({number})" in because)


def around(case: Case) -> dict[str, dict[str, Answer]]:
    """The case's unit 庚 beside the background."""
    own = {name: value for name, value in {**PLAIN, **case.changes}.items() if name not in case.absent}
    return {**{name: {**PLAIN, **changes} for name, changes in BACKGROUND.items()}, "庚": own}


def all_verified(folder: Path, units: Mapping[str, Mapping[str, Answer]], amounts: Amounts) -> dict[str, Any]:
    """The same result from the review alone: no unit sends anything in, every figure is verified."""
    first = next(iter(units))
    run = issued(folder, units, "--only", first)
    run.path(first).unlink()
    facts = {
        name: {key: value for key, value in row.items() if key not in ON_THE_ROSTER} for name, row in units.items()
    }
    return run.score("--review", run.review(facts), *settings(amounts))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_a_unit_gets_what_a_person_decides(case: Case, tmp_path: Path) -> None:
    record = all_verified(tmp_path, around(case), case.amounts)
    found, wanted = subject(record, "庚"), case.expected
    assert found["state"] == "已评" and found["items"] == {}
    assert outcomes(found) == dict(wanted.outcomes)
    assert counts(found) == dict(wanted.counts)
    assert reasons(found) == wanted.reasons
    assert found["targets"] == {**PLAIN_TARGETS, **wanted.targets}
    assert found["settlement"] == wanted.settlement._asdict()
    assert found["rank"] == wanted.rank
    assert not any(each["pending"] or each["confirm"] for each in found["outcomes"])
    kinds = {each["id"].rstrip("1234567").partition(".")[0]: each["kind"] for each in found["outcomes"]}
    assert kinds.items() <= KINDS.items()


@pytest.mark.parametrize("cohort", COHORTS, ids=lambda cohort: cohort.sentence)
def test_units_are_ranked_and_commended_as_a_person_decides(cohort: Cohort, tmp_path: Path) -> None:
    record = judged(tmp_path, {unit.name: {**PLAIN, **unit.changes} for unit in cohort.units}, cohort.amounts)
    for unit in cohort.units:
        found = subject(record, unit.name)
        assert Fraction(str(found["total"])) == Fraction(unit.total)
        assert found["rank"] == unit.rank
        assert outcomes(found) == dict(unit.outcomes), unit.name
        assert reasons(found) == unit.reasons, unit.name
        assert found["settlement"] == unit.settlement._asdict()


@pytest.mark.parametrize("case", CONTRADICTIONS, ids=lambda case: case.sentence)
def test_a_closed_contradiction_makes_the_unit_provisional(case: Contradiction, tmp_path: Path) -> None:
    record = judged(tmp_path, {"甲镇": {**PLAIN, **case.changes}})
    found = subject(record, "甲镇")
    assert found["state"] == ("暂定" if case.doubtful else "已评")
    said = [each["message"] for each in record["findings"] if each["code"] == "contradiction"]
    assert bool(said) == bool(case.doubtful)
    assert all(name in said[0] for name in case.doubtful)
    if case.doubtful:
        assert (found["total"], found["rank"], found["settlement"]) == (None, None, None)
        assert found["targets"]["按期查结"] is None
        assert not any(each["amount"] is not None for each in found["outcomes"])


@pytest.mark.parametrize("case", WARNINGS, ids=lambda case: case.sentence)
def test_what_is_implausible_is_a_warning_and_changes_nothing(case: Warned, tmp_path: Path) -> None:
    record = judged(tmp_path, {"甲镇": {**PLAIN, **case.changes}})
    assert subject(record, "甲镇")["state"] == "已评"
    said = [each["message"] for each in record["findings"] if each["code"] == "implausible"]
    assert {key for key, text in WARNING_TEXT.items() if any(text in message for message in said)} == case.warnings
    assert len(said) == len(case.warnings)


def random_answers(draw: random.Random) -> dict[str, Answer]:
    """Any year of a unit; most of them without a collective visit, scores close to each threshold."""
    answers: dict[str, Answer] = dict(PLAIN)
    for name in REPORTED:
        answers[name] = draw.choice([0, 0, 0, 0, 0, 1, 2, 3, 4, draw.randint(0, 30)])
    answers["信访总量"] = draw.choice([10, 11, 12, draw.randint(0, 999)])
    answers["应查结案件数"] = due = draw.choice([0, 1, 20, draw.randint(0, 99)])
    answers["按期查结案件数"] = draw.choice([due, draw.randint(0, due)])
    totals: list[Answer] = [Fraction("59.99"), 60, 94, Fraction("94.99"), 95, draw.randint(0, 100)]
    answers["考评总分"] = draw.choice(totals)
    answers["保证金"] = draw.choice([0, 500, 3000, 20_000])
    for name in (*REVIEWED[1:], *LAST_YEAR):
        answers[name] = draw.choice(["是", "否", "否", "否"])
    return answers


@pytest.mark.parametrize("amounts", [Amounts(), Amounts(500, 800, 2000)])
def test_any_values_give_what_the_oracle_decides(amounts: Amounts, tmp_path: Path) -> None:
    draw = random.Random(19950520)
    units = {f"单位{k:03d}": random_answers(draw) for k in range(120)}
    assert not any(contradictions(answers) for answers in units.values())
    record = judged(tmp_path, units, amounts)
    for name, wanted in liaocheng(units, **amounts._asdict()).items():
        found = subject(record, name)
        assert Fraction(str(found["total"])) == wanted.total
        assert found["rank"] == wanted.rank
        assert outcomes(found) == wanted.outcomes, name
        assert counts(found) == wanted.counts
        assert reasons(found) == wanted.reasons
        assert found["targets"] == wanted.targets
        assert found["settlement"] == wanted.settlement


# --- last year's result, another scheme's totals -------------------------------------------------


def without(names: tuple[str, ...]) -> dict[str, Answer]:
    return {name: value for name, value in PLAIN.items() if name not in names}


@pytest.fixture
def last_year(tmp_path: Path) -> Path:
    """The results of 2024: 甲镇 commended, 乙镇 vetoed, 丙镇 neither, 丁镇 not reported."""
    low: dict[str, Answer] = {"集访到市批次": 1, "信访总量": 500, "考评总分": 70}
    better = {f"优{k}": {**PLAIN, "考评总分": 90} for k in range(5)}
    units = {"甲镇": PLAIN, "乙镇": {**PLAIN, "集访进京批次": 1}, "丙镇": {**PLAIN, **low}, "丁镇": PLAIN, **better}
    run = issued(tmp_path / "上年", units, year=2024)
    run.path("丁镇").unlink()
    run.review()
    review = {name: row for name, row in units.items() if name != "丁镇"}
    run.grade("--review", run.review({name: {"考评总分": row["考评总分"]} for name, row in review.items()}))
    return run.results


@pytest.mark.parametrize("given", ["", "results.json"])
def test_last_year_comes_from_the_results_folder_or_its_results_json(
    given: str, last_year: Path, tmp_path: Path
) -> None:
    units = {name: without(LAST_YEAR) for name in ("甲镇", "乙镇", "丙镇", "丁镇", "新镇")}
    run = issued(tmp_path / "今年", units)
    record = run.grade("--review", run.review(), "--previous", last_year / given)
    given_to = {name: set(outcomes(subject(record, name))) for name in units}
    assert given_to == {
        "甲镇": {"通报表彰", "记功"},
        "乙镇": {"通报表彰", "本年重点管理单位"},
        "丙镇": {"通报表彰"},
        "丁镇": {"通报表彰"},
        "新镇": {"通报表彰"},
    }
    said = {each["unit"]: each["message"] for each in record["findings"] if each["code"] == "previous-open"}
    assert set(said) == {"丁镇", "新镇"} and "未报" in said["丁镇"] and "不在其中" in said["新镇"]


def test_the_review_has_the_last_word_on_last_year(last_year: Path, tmp_path: Path) -> None:
    run = issued(tmp_path / "今年", {"甲镇": {**PLAIN, "上年通报表彰": "否"}})
    record = run.grade("--review", run.review(), "--previous", last_year)
    assert "记功" not in outcomes(subject(record, "甲镇"))


def test_results_of_another_year_are_used_and_warned_of(last_year: Path, tmp_path: Path) -> None:
    run = issued(tmp_path / "今年", {"甲镇": without(LAST_YEAR)}, year=2026)
    record = run.grade("--review", run.review(), "--previous", last_year, status=1)
    assert "记功" in outcomes(subject(record, "甲镇"))
    assert "previous-year" in codes(record)


@pytest.mark.parametrize("what", ["missing", "broken", "of another scheme"])
def test_results_that_cannot_be_carried_over_stop_the_run(
    what: str, last_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = issued(tmp_path / "今年", {"甲镇": PLAIN})
    path = last_year / "results.json"
    if what == "missing":
        path.unlink()
    elif what == "broken":
        path.write_text("{", "utf-8")
    else:
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"scheme": "district"}), "utf-8")
    args = ["--issued", run.issued / FILE, "--previous", last_year]
    assert call("grade", run.returned, "-o", run.results, *args) == 2
    assert capsys.readouterr().err.startswith("错误：")
    assert not (run.results / "results.json").exists()


def district_results(folder: Path, changes: Mapping[str, Mapping[str, Any]]) -> Path:
    from tests.cases_district import PERFECT

    other = Round(folder, {unit: {**PERFECT, **own} for unit, own in changes.items()})
    other.grade("--review", other.review())
    return other.results


def test_the_score_may_come_from_another_schemes_result(tmp_path: Path) -> None:
    worse = {"进京集访批次": 1, "赴省集访批次": 2, "无进京个访赴省集访": "否", "应急制度方案": "否"}
    results = district_results(tmp_path / "别的", {"甲镇": worse, "乙镇": {}, "丙镇": worse})
    totals = {
        each["unit"]: each["total"] for each in json.loads((results / "results.json").read_text("utf-8"))["subjects"]
    }
    assert totals["甲镇"] < 100 < totals["乙镇"]
    run = issued(tmp_path / "本", {unit: without(OUTSIDE) for unit in ("甲镇", "乙镇", "丙镇", "丁镇")})
    record = run.grade("--scores-from", results, "--review", run.review({"丙镇": {"考评总分": 77}}))
    assert subject(record, "甲镇")["total"] == totals["甲镇"]
    assert subject(record, "丙镇")["total"] == 77  # the review has the last word
    assert not any(each["code"] == "scores-missing" and each["unit"] == "丙镇" for each in record["findings"])
    for unit, why in (("乙镇", "大于上限 100"), ("丁镇", "不在那份结果里")):
        assert subject(record, unit)["state"] == "暂定" and subject(record, unit)["range"] == [0, 100]
        assert any(each["code"] == "scores-missing" and each["unit"] == unit and why in each["message"]
                   for each in record["findings"])  # fmt: skip


def test_a_scheme_with_points_of_its_own_takes_no_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = district_results(tmp_path / "别的", {"甲镇": {}})
    found = call("grade", tmp_path / "别的" / "收回", "-o", tmp_path / "结果", "--scores-from", results)
    assert found == 2 and "--scores-from" in capsys.readouterr().err


def test_before_the_review_every_unit_is_provisional_between_0_and_100(tmp_path: Path) -> None:
    run = issued(tmp_path, {"甲镇": PLAIN, "乙镇": {**PLAIN, "集访进京批次": 1}})
    record = run.grade(status=1)
    for unit, certain in (("甲镇", set()), ("乙镇", {"否决1", "重点管理单位"})):
        found = subject(record, unit)
        assert (found["state"], found["total"], found["range"]) == ("暂定", None, [0, 100])
        # what the counts alone decide is certain; money waits
        assert certain <= set(outcomes(found)) and found["settlement"] is None
        assert not any(each["amount"] for each in found["outcomes"])


def test_no_yearly_outcome_in_a_shorter_period_and_accountability_all_the_same(tmp_path: Path) -> None:
    unit = {**PLAIN, "集访进京批次": 2, "责任查究7": "是"}
    run = Round(tmp_path, {"甲镇": unit}, "上半年", SCHEME, reviewed=OUTSIDE, attributes=ON_THE_ROSTER)
    found = subject(run.score("--review", run.review()), "甲镇")
    assert outcomes(found) == {"责任查究7": None} and found["settlement"] is None
    assert found["targets"]["四无"] is False


def altered(path: Path, **facts: Any) -> Path:
    """A results.json that says something else of itself."""
    path = path / "results.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | facts), "utf-8")
    return path


@pytest.mark.parametrize("option", ["--previous", "--scores-from"])
def test_results_of_half_a_year_are_not_taken_for_a_years(
    option: str, last_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = issued(tmp_path / "今年", {"甲镇": PLAIN})
    path = altered(last_year, period="上半年", year=2024 if option == "--previous" else 2025)
    assert call("grade", run.returned, "-o", run.results, "--issued", run.issued / FILE, option, path) == 2
    assert "上半年" in capsys.readouterr().err


def test_scores_of_another_year_are_not_taken(
    last_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = issued(tmp_path / "今年", {"甲镇": PLAIN})
    assert (
        call("grade", run.returned, "-o", run.results, "--issued", run.issued / FILE, "--scores-from", last_year) == 2
    )
    assert "2024" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["1999.9", "-500"])
def test_an_amount_is_whole_yuan_and_not_negative(
    value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = issued(tmp_path, {"甲镇": PLAIN})
    args = ["--issued", run.issued / FILE, "--set", f"否决处罚金额={value}"]
    assert call("grade", run.returned, "-o", run.results, *args) == 2
    assert "整元" in capsys.readouterr().err


def test_a_verified_deposit_counts_above_the_rosters(tmp_path: Path) -> None:
    run = issued(tmp_path, {"甲镇": {**PLAIN, "保证金": 3000, "集访到市批次": 3}})
    record = run.score("--review", run.review({"甲镇": {"保证金": 200, "考评总分": 80}}))
    assert subject(record, "甲镇")["settlement"] == {"deposit": 200, "fine": 600, "from_deposit": 200, "due": 400}


@pytest.mark.parametrize("content", ["=1000*3", "#REF!"])
def test_a_roster_cell_without_a_figure_is_no_nought(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import Workbook

    book: Any = Workbook()
    for row in (["单位", "保证金"], ["甲镇", content]):
        book.active.append(row)
    if content.startswith("#"):
        book.active["B2"].data_type = "e"
    book.save(tmp_path / "名册.xlsx")
    args = ["--roster", tmp_path / "名册.xlsx", "--year", 2025, "-o", tmp_path / "发放"]
    assert call("template", SCHEME, *args) == 2
    said = capsys.readouterr().err
    assert "保证金" in said and "B2" in said


@pytest.mark.parametrize(("head", "code"), [("保证金（元）", "roster-column-near"), ("备注", "roster-column")])
def test_a_roster_without_the_column_says_what_then_holds(head: str, code: str, tmp_path: Path) -> None:
    unit = {name: value for name, value in PLAIN.items() if name not in ON_THE_ROSTER}
    run = Round(tmp_path, {"甲镇": unit}, scheme=SCHEME, reviewed=OUTSIDE)
    run.roster.write_text(f"单位,类别,{head}\n甲镇,乡,1\n", encoding="utf-8")
    review = run.review({"甲镇": {"考评总分": 80}})
    assert code in codes(run.score("--review", review, "--roster", run.roster))


@pytest.mark.parametrize(("head", "status"), [("保证金（元）", 1), ("备注", 0)])
def test_a_roster_without_the_column_is_told_before_the_templates_go_out(
    head: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text(f"单位,类别,{head}\n甲镇,乡,1\n", encoding="utf-8")
    args = ("template", SCHEME, "--roster", roster, "--year", 2025, "-o", tmp_path / "发放")
    assert call(*args) == status
    assert capsys.readouterr().out.count("名册没有「保证金」一列") == 1
    assert call(*args, "--json") == status
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert found["code"] == ("roster-column-near" if status else "roster-column")
    assert call(*args, "-v") == status
    assert capsys.readouterr().out.count("名册没有「保证金」一列") == 1


@pytest.mark.parametrize("amounts", [NO_AMOUNTS, Amounts(500, 800, 2000)])
def test_a_provisional_unit_has_no_commendation_whether_or_not_its_reward_is_settled(
    amounts: Amounts, tmp_path: Path
) -> None:
    run = issued(tmp_path, {"甲镇": {**PLAIN, "上年通报表彰": "是"}})
    run.type_in("甲镇", {"信访总量": "约90"})
    found = subject(run.score("--review", run.review(), *settings(amounts), status=1), "甲镇")
    assert (found["state"], found["outcomes"], found["settlement"]) == ("暂定", [], None)


def test_the_facts_of_an_outcome_name_the_cell_they_stand_in(tmp_path: Path) -> None:
    run = issued(tmp_path, {"甲镇": {**PLAIN, "集访进京批次": 2}})
    found = subject(run.score("--review", run.review()), "甲镇")
    veto = next(each["because"] for each in found["outcomes"] if each["id"] == "否决1")
    assert "集访进京批次2〔填报 D" in veto


def test_what_was_set_stands_in_the_notes(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    run = issued(tmp_path, {"甲镇": PLAIN})
    run.grade("--review", run.review(), *settings(Amounts(500)))
    rows = list(load_workbook(run.results / "排名.xlsx")["说明"].values)
    told = {row[0]: row[2] for row in rows if row[0]}
    assert (told["表彰奖励金额"], told["记功奖励金额"]) == ("500", "没有定")
