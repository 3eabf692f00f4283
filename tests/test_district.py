"""The district scheme end to end: ``template --prefill`` → ``grade --review`` gives what a person computes by hand."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.cases_district import CASES, COHORTS, CONTRADICTIONS, FULL, PERFECT, Case, Cohort
from tests.oracle import Answer, contradictions, district
from tests.rounds import REVIEWED, Round, codes, subject
from xfkh.model import COUNT_LIMIT

CONDITIONAL = {"二余", "四余"}


def points(found: dict[str, Any]) -> dict[str, Fraction]:
    return {id: Fraction(str(item["points"])) for id, item in found["items"].items()}


def unit_level(case: Case) -> bool:
    return not set(REVIEWED).intersection(case.changes)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All hand cases of single units in one round, each a unit of its own."""
    chosen = {f"单位{k:03d}": {**PERFECT, **case.changes} for k, case in enumerate(CASES) if unit_level(case)}
    return Round(tmp_path_factory.mktemp("cases"), chosen).score(status=1)


@pytest.mark.parametrize("k", [k for k, case in enumerate(CASES) if unit_level(case)], ids=lambda k: CASES[k].sentence)
def test_a_unit_gets_the_points_computed_by_hand(k: int, cases: dict[str, Any]) -> None:
    found = subject(cases, f"单位{k:03d}")
    expected = {**FULL, **CASES[k].expected}
    got = points(found)
    for id, wanted in expected.items():
        assert got.get(id, Fraction(0)) == Fraction(wanted), f"{id}: {found['items'][id]['reason']}"
    assert Fraction(str(found["total"])) == sum(map(Fraction, expected.values()))
    assert found["self_total"] == found["total"]


@pytest.mark.parametrize("cohort", COHORTS, ids=lambda cohort: cohort.sentence)
def test_units_rank_and_are_rewarded_as_computed_by_hand(cohort: Cohort, tmp_path: Path) -> None:
    units = {unit.name: {**PERFECT, **unit.changes} for unit in cohort.units}
    run = Round(tmp_path, units)
    record = run.score("--review", run.review(), "--set", f"分值口径={cohort.reading}")
    assert not record["stage"]
    for unit in cohort.units:
        found = subject(record, unit.name)
        assert Fraction(str(found["items"]["六1+"]["points"])) == Fraction(unit.ledger_bonus)
        assert Fraction(str(found["total"])) == Fraction(unit.total)
        assert found["rank"] == unit.rank
        assert {each["id"]: each["amount"] for each in found["outcomes"]} == unit.outcomes
        assert {each["id"] for each in found["outcomes"] if each["confirm"]} == unit.confirm


def random_answers(draw: random.Random) -> dict[str, Answer]:
    """Any values that a unit could honestly report: no closed contradiction among them."""

    def few() -> int:
        return draw.choice([0, 0, 0, 1, 1, 2, 3, draw.randint(0, COUNT_LIMIT)])

    answers: dict[str, Answer] = dict(PERFECT)
    for name, value in PERFECT.items():
        if value in ("是", "否"):
            answers[name] = draw.choice(["是", "是", "否"])
        elif name not in ("应急资金万元", "敏感期信息评分", "现场处置评分"):
            answers[name] = few()
    for whole, *parts in (
        ("赴市集访批次", "赴市集访20人以上批次", "赴市集访20人以上重复批次"),
        ("来区集访批次", "来区集访10人以上批次", "来区集访20人以上批次", "来区集访20人以上重复批次"),
        ("交办老户件数", "按期报结老户件数"),
        ("合理诉求件数", "解决到位件数"),
        ("无理诉求件数", "稳控到位件数"),
        ("困难求助件数", "救助到位件数"),
        ("违法行为件数", "依法处置件数"),
    ):
        most = draw.choice([0, 1, 2, 3, 5, 100, COUNT_LIMIT])
        answers[whole] = most
        for name in parts:
            most = draw.choice([most, draw.randint(0, most)])
            answers[name] = most
    if answers["进京个访批次"] or answers["赴省集访批次"]:
        answers["无进京个访赴省集访"] = "否"
    answers["应急资金万元"] = draw.choice(
        [Fraction(0), Fraction("2.99"), Fraction(3), Fraction("3.000001"), Fraction(80)]
    )
    answers["敏感期信息评分"] = Fraction(draw.randint(0, 2000), 1000)
    answers["现场处置评分"] = Fraction(draw.randint(0, 4000), 1000)
    if draw.random() < 0.8:
        answers["台账评比分"] = draw.choice(
            [Fraction(90), Fraction(95), Fraction("95.5"), Fraction(draw.randint(0, 100))]
        )
    if draw.random() < 0.6:
        answers["敏感期越级上访次数"] = draw.choice([0, 0, 1])
    return answers


@pytest.mark.parametrize("reading", ["子项", "大项"])
def test_any_values_give_what_the_oracle_computes(reading: str, tmp_path: Path) -> None:
    draw = random.Random(20250701)
    units = {f"单位{k:03d}": random_answers(draw) for k in range(90)}
    assert not any(contradictions(answers) for answers in units.values())
    run = Round(tmp_path, units)
    record = run.score("--review", run.review(), "--set", f"分值口径={reading}")
    for name, expected in district(units, reading).items():
        found = subject(record, name)
        got = points(found)
        assert {id: got.get(id, Fraction(0)) for id in expected.items} == expected.items, name
        assert Fraction(str(found["total"])) == expected.total
        assert found["rank"] == expected.rank
        assert {each["id"]: each["amount"] for each in found["outcomes"]} == expected.outcomes
        assert {each["id"] for each in found["outcomes"] if each["confirm"]} == expected.confirm
        assert found["range"] == [found["total"], found["total"]]


@pytest.mark.parametrize("case", CONTRADICTIONS, ids=lambda case: case.sentence)
def test_a_closed_contradiction_puts_exactly_its_cells_in_doubt(case: Any, tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": {**PERFECT, **case.changes}})
    found = subject(run.score(), "甲镇")
    doubtful = {name for item in found["items"].values() for name, value in item["inputs"].items() if value is None}
    assert doubtful - set(REVIEWED) == set(case.doubtful)
    waiting = {id for id, item in found["items"].items() if item["state"] == "待核"}
    reads = {id for id, item in found["items"].items() if set(item["inputs"]) & set(case.doubtful)}
    assert waiting == reads
    assert found["state"] == ("暂定" if case.doubtful else "已评")


def test_the_other_reading_adds_exactly_13_in_two_lines(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": {**PERFECT, "备忘录": "否"}})
    narrow, wide = run.score(), run.score("--set", "分值口径=大项")
    for unit in ("甲镇", "乙镇"):
        before, after = subject(narrow, unit), subject(wide, unit)
        assert after["total"] - before["total"] == 13
        added = {id: item["points"] for id, item in after["items"].items() if id not in before["items"]}
        assert added == {"二余": 11, "四余": 2}
        assert sum(item["of"] for id, item in before["items"].items() if not id.endswith("+")) == 89
        assert sum(item["of"] for id, item in after["items"].items() if not id.endswith("+")) == 102


class TestOpenUnits:
    """一个单位没定下来时：自己暂定，别人照常，可能变的标明阶段。"""

    @pytest.fixture
    def run(self, tmp_path: Path) -> Round:
        units: dict[str, dict[str, Answer]] = {name: dict(PERFECT) for name in ("甲镇", "乙镇", "丙镇", "丁镇")}
        units["乙镇"]["备忘录"] = "否"
        units["丙镇"]["台账规范"] = "否"
        return Round(tmp_path, units)

    def test_one_unreadable_cell_makes_a_range_and_nothing_else(self, run: Round) -> None:
        before = run.score(status=0)
        run.type_in("乙镇", {"进京个访批次": "约3"})
        after = run.score(status=1)
        found = subject(after, "乙镇")
        # 二1 is between 6-4 and 6 points, 二1+ 0 or 5; all other lines give 105-11-2 = 92
        assert (found["state"], found["total"], found["rank"], found["range"]) == ("暂定", None, None, [94, 103])
        assert found["items"]["二1"]["points"] is None and found["items"]["二1"]["state"] == "待核"
        assert found["items"]["二2"]["points"] == 6
        assert found["outcomes"] == []
        for unit in ("甲镇", "丙镇", "丁镇"):
            own = subject(after, unit)
            assert points(own) == points(subject(before, unit))
            assert own["state"] == "已评"
        wrong = next(each for each in after["findings"] if each["code"] == "cell-wrong")
        assert wrong["unit"] == "乙镇" and wrong["sheet"] == "填报" and wrong["cell"].startswith("D")

    def test_an_uncapped_bonus_has_no_upper_bound(self, run: Round) -> None:
        run.type_in("乙镇", {"化解群访件数": "若干"})
        assert subject(run.score(), "乙镇")["range"] == [103, None]

    def test_a_part_known_bounds_its_whole(self, run: Round) -> None:
        run.type_in("乙镇", {"来区集访批次": "多批", "来区集访10人以上批次": 2, "来区集访20人以上批次": 1})
        # at least 2 batches, one of them large: at least 0.5 + 2 deducted; no bonus for 10 or more
        assert subject(run.score(), "乙镇")["range"] == [103 - 6 - 5, 103 - 2.5 - 5]

    def test_a_blank_is_never_a_zero(self, run: Round) -> None:
        run.type_in("乙镇", {"重复来信件数": None})
        record = run.score()
        found = subject(record, "乙镇")
        assert found["state"] == "暂定" and found["items"]["十2"]["points"] is None
        assert "cell-blank" in codes(record, "乙镇")
        assert found["range"] == [100, 103]

    def test_a_missing_unit_is_not_received_and_what_it_could_change_is_pending(self, run: Round) -> None:
        run.path("丁镇").unlink()
        review = run.review({"甲镇": {"台账评比分": 90}, "乙镇": {"台账评比分": 80}})
        record = run.score("--review", review, status=1)
        assert record["stage"] is True
        missing = subject(record, "丁镇")
        assert (missing["state"], missing["total"], missing["items"], missing["outcomes"]) == ("未报", None, {}, [])
        first = subject(record, "甲镇")
        # 丁镇 could still win the ledger contest: first place now, second at worst
        assert first["items"]["六1+"]["points"] == 2 and first["range"] == [106, 107] and first["pending"]
        assert subject(record, "乙镇")["range"] == [103, 104]
        tier = next(each for each in first["outcomes"] if each["id"] == "一等奖")
        assert tier["pending"] is False
        assert record["inventory"]["units"] == {"已评": 3, "暂定": 0, "未报": 1, "退回": 0, "待定": 0, "合计": 4}

    def test_a_tier_that_an_open_unit_could_take_away_is_pending(self, tmp_path: Path) -> None:
        lost = {"备忘录": "否", "应急制度方案": "否", "被列为市重点管理": "是", "无故缺席次数": 4, "领导包案件数": 0}
        edge: dict[str, Answer] = {**PERFECT, **lost}  # type: ignore[dict-item]
        run = Round(tmp_path, {"甲镇": edge, "乙镇": PERFECT})
        run.path("乙镇").unlink()
        review = run.review({"甲镇": {"台账评比分": 90}})
        found = subject(run.score("--review", review), "甲镇")
        assert found["total"] == 105 - 15 + 2 and found["range"] == [91, 92]
        assert next(each for each in found["outcomes"] if each["id"] == "一等奖")["pending"] is False
        edge["推诿次数"] = 2
        run = Round(tmp_path / "二", {"甲镇": edge, "乙镇": PERFECT})
        run.path("乙镇").unlink()
        found = subject(run.score("--review", run.review({"甲镇": {"台账评比分": 90}})), "甲镇")
        assert found["total"] == 90 and found["range"] == [89, 90]
        assert next(each for each in found["outcomes"] if each["id"] == "一等奖")["pending"] is True

    def test_a_unit_without_a_return_but_wholly_verified_is_scored(self, run: Round) -> None:
        run.path("丁镇").unlink()
        record = run.score("--review", run.review({"丁镇": {**PERFECT, "推诿次数": 1}}), status=0)
        found = subject(record, "丁镇")
        assert (found["state"], found["total"], found["self_total"]) == ("已评", 104, None)
        assert "unit-unreported" in codes(record, "丁镇")

    def test_the_verified_figure_counts_and_the_difference_stays_visible(self, run: Round) -> None:
        record = run.score("--review", run.review({"甲镇": {"进京个访批次": 1, "无进京个访赴省集访": "否"}}))
        found = subject(record, "甲镇")
        item = found["items"]["二1"]
        assert (item["points"], item["self_points"]) == (5, 6)
        source = item["sources"]["进京个访批次"]
        assert (source["from"], source["value"], source["self"], source["file"], source["cell"]) == (
            "核定", 1, 0, "复查.csv", "B2",
        )  # fmt: skip
        assert found["self_total"] == 105 and found["total"] == 105 - 1 - 5 - 1 and found["reviewed"]

    def test_verified_values_are_checked_again_and_the_review_is_cited(self, run: Round) -> None:
        record = run.score("--review", run.review({"甲镇": {"进京个访批次": 1}}))
        said = next(each for each in record["findings"] if each["code"] == "contradiction")
        assert (said["file"], said["unit"]) == ("复查.csv", "甲镇") and "B2" in said["cell"]
        assert subject(record, "甲镇")["state"] == "暂定"


class TestSettled:
    """有人定了的事：不再当作问题，也不再改变别的。"""

    def test_a_cell_that_the_review_replaced_is_only_a_note(self, tmp_path: Path) -> None:
        run = Round(tmp_path, {"甲镇": PERFECT})
        run.type_in("甲镇", {"重复来信件数": "约3"})
        assert subject(run.score(status=1), "甲镇")["state"] == "暂定"
        record = run.score("--review", run.review({"甲镇": {"重复来信件数": 1}}), status=0)
        said = next(each for each in record["findings"] if each["code"] == "cell-wrong")
        assert said["level"] == "提示" and "已由核定值代替" in said["message"]
        assert subject(record, "甲镇")["total"] == 104

    def test_an_unreadable_verified_value_never_falls_back_to_the_reported_one(self, tmp_path: Path) -> None:
        run = Round(tmp_path, {"甲镇": PERFECT})
        found = subject(run.score("--review", run.review({"甲镇": {"重复来信件数": "约2"}}), status=1), "甲镇")
        assert (found["state"], found["items"]["十2"]["points"]) == ("暂定", None)
        assert found["items"]["十2"]["sources"]["重复来信件数"]["from"] == "核定"

    @pytest.mark.parametrize(
        ("answer", "confirm", "words"), [("是", False, "已由处理意见确认"), ("否", True, "不予确认")]
    )
    def test_an_award_on_a_zero_denominator_follows_the_decision(
        self, answer: str, confirm: bool, words: str, tmp_path: Path
    ) -> None:
        from openpyxl import load_workbook

        run = Round(tmp_path, {"甲镇": {**PERFECT, "违法行为件数": 0, "依法处置件数": 0}})
        assert "confirm" in codes(run.grade())
        path = run.results / "处理意见.xlsx"
        book = load_workbook(path)
        sheet: Any = book["处理意见"]
        row = next(cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value == "确认奖励")
        sheet.cell(row, 5).value = answer
        book.save(path)
        record = run.grade()
        award = next(each for each in subject(record, "甲镇")["outcomes"] if each["id"] == "四个100%")
        assert award["confirm"] is confirm and words in award["because"]
        assert "confirm" not in codes(record)


class TestPeriods:
    """短于全年：系列只看本期的月份，全年的定额和加分只显示进度。"""

    def test_a_half_year_judges_its_own_months(self, tmp_path: Path) -> None:
        own = {
            name: value for name, value in PERFECT.items() if name not in {f"信访信息条数[{k}]" for k in range(7, 13)}
        }
        own["信访信息条数[6]"] = 0
        own["研究信访工作次数"] = 1
        found = subject(Round(tmp_path, {"甲镇": own}, "上半年").score(status=0), "甲镇")
        assert found["items"]["四1"]["points"] == 1
        assert (found["items"]["一2"]["points"], found["items"]["一2"]["of"]) == (0, 0)
        assert "进度" in found["items"]["一2"]["reason"] and found["items"]["二1+"]["points"] == 0
        assert found["items"]["二5+"]["points"] == 0 and found["outcomes"] == []
        assert found["total"] == 105 - 16 - 4 - 1
