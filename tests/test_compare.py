"""Two runs beside each other: whatever differs is told, and why; what does not differ is not."""

from __future__ import annotations

import copy
import io
import json
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases_district import PERFECT
from tests.cases_liaocheng import PLAIN
from tests.rounds import Round, call
from tests.test_groups import Office
from tests.test_liaocheng import issued
from tests.test_persons import edit, typed, xinyang
from xfkh.compare import Change, CompareError, Comparison, compare
from xfkh.compare.lines import lines
from xfkh.compare.ranks import Ranks
from xfkh.compare.say import cause, outcome, reasons
from xfkh.samples import type_in
from xfkh.scheme import load
from xfkh.text import width

Record = dict[str, Any]
Run = Callable[..., str]
TWO = {"甲镇": PERFECT, "乙镇": PERFECT}
NEAR: dict[str, Any] = {
    **PERFECT, "纳入综合考核": "否", "研究信访工作次数": 0, "领导包案件数": 0, "无故缺席次数": 9, "应急制度方案": "否",
    "领导小组工作组": "否",
}  # fmt: skip
"""92 of the 105 points of PERFECT: 2 + 2 + 2 + 4 + 2 + 1 are lost."""


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command and returns what it printed; the exit status is asserted."""

    def run(*args: object, status: int = 0) -> str:
        capsys.readouterr()
        assert call("compare", *args) == status
        captured = capsys.readouterr()
        return captured.err if status == 2 else captured.out

    return run


def reviewed(run: Round, name: str, rows: Mapping[str, Mapping[str, Any]]) -> Path:
    """Another review, which does not overwrite the first."""
    path = run.review(rows)
    return path.rename(path.with_name(name))


def of(made: Comparison, label: str) -> Change:
    (found,) = (each for each in made.changes if each.label == label)
    return found


def why(change: Change, about: str) -> str:
    return "；".join(each.text for each in change.why if each.about == about)


# what is the same


def test_where_nothing_changed_one_sentence_says_so(tmp_path: Path, said: Run) -> None:
    run = Round(tmp_path, TWO)
    run.grade(status=0)
    shutil.copytree(run.results, tmp_path / "旧")
    told = said(tmp_path / "旧", run.results)
    assert told.count("\n") == 1 and "没有变化" in told
    assert json.loads(said(tmp_path / "旧", run.results, "--json"))["same"] is True
    said(tmp_path / "旧", run.results, "-o", tmp_path / "对比.xlsx")
    assert "没有变化" in str(load_workbook(tmp_path / "对比.xlsx")["对比"]["A6"].value)


def test_a_result_beside_itself_is_the_same_in_every_sample(graded_samples: Mapping[str, Path]) -> None:
    for path in graded_samples.values():
        record = json.loads((path / "results.json").read_text("utf-8"))
        made = compare(record, copy.deepcopy(record))
        assert made.same and len(lines(made, "甲", "乙")) == 1


# what cannot be compared


@pytest.mark.parametrize(("name", "value", "noun"), [("scheme", "xinyang", "方案"), ("year", 2024, "年度")])
def test_another_scheme_or_year_is_refused(tmp_path: Path, said: Run, name: str, value: object, noun: str) -> None:
    run = Round(tmp_path, TWO)
    record = run.grade(status=0)
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "results.json").write_text(json.dumps(record | {name: value}), "utf-8")
    told = said(run.results, tmp_path / "别的", "-o", tmp_path / "对比.xlsx", status=2)
    assert f"两次结果的{noun}不同（{record[name]}、{value}）" in told
    assert not (tmp_path / "对比.xlsx").exists()
    with pytest.raises(CompareError):
        compare(record, record | {name: value})


def test_what_is_no_result_is_refused(tmp_path: Path, said: Run) -> None:
    run = Round(tmp_path, TWO)
    run.grade(status=0)
    assert "没有 results.json" in said(run.results, run.returned, status=2)
    assert "找不到" in said(run.results, tmp_path / "没有", status=2)
    assert "不是 xfkh 的结果" in said(run.results, run.roster, status=2)
    (tmp_path / "缺").mkdir()
    (tmp_path / "缺" / "results.json").write_text('{"scheme": "district", "subjects": []}', "utf-8")
    assert "不是 xfkh 的结果" in said(tmp_path / "缺", run.results, status=2)


def test_results_that_were_not_written_whole_are_compared_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Round(tmp_path, TWO)
    run.grade(status=0)
    (run.results / "结果没有写完，请重新运行.txt").touch()
    assert call("compare", run.results, run.results) == 0
    assert "新旧混在一起" in capsys.readouterr().err


def test_a_comparison_is_headed_by_the_title_of_the_scheme_also_of_an_own_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, made = Round(tmp_path, TWO), tmp_path / "对比.xlsx"
    run.grade(status=0)
    capsys.readouterr()
    record = run.results / "results.json"
    record.write_text(record.read_text("utf-8").replace('"scheme": "district"', '"scheme": "haizhou"'), "utf-8")
    other = tmp_path / "自评" / "results.json"
    other.parent.mkdir()
    other.write_text(re.sub(r'"rank": \d+', '"rank": 9', record.read_text("utf-8")), "utf-8")
    for after, head in ((run.results, f"{load('district')[0].title}　2025年全年"), (other.parent, "2025年全年考核")):
        before = other.parent if after == run.results else run.results
        assert call("compare", before, after, "-o", made) == 0
        told = capsys.readouterr().out.split("\n")
        assert told[0] == f"{head}　两次结果对比" and f"{before} → {after}" in told[1]
        sheets: Any = load_workbook(made)
        assert {str(sheet["A1"].value).partition("　两次结果对比")[0] for sheet in sheets} >= {head}
        words = [str(cell) for sheet in sheets for row in sheet.values for cell in row]
        assert not [each for each in words if "haizhou" in each or "--json" in each]


def test_another_version_period_reading_or_parameter_is_said_first_and_compared(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    before = run.score()
    after = run.score("--set", "分值口径=大项") | {"tool_version": "9", "period": "上半年"}
    made = compare(before, after)
    told = lines(made, "前", "后")[2]
    assert told.startswith("注意：两次的设置不同") and "程序版本" in told and "考核期 全年 → 上半年" in told
    assert "口径“分值口径” 子项 → 大项" in told
    assert of(made, "甲镇").gap > 0
    lone = [each for each in of(made, "甲镇").items if each.gap]
    assert lone and all("口径“分值口径” 子项 → 大项" in each.why for each in lone)


# figures


def test_a_verified_figure_is_told_from_layer_to_layer_with_its_cell_and_clause(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    before, after = run.score(), run.score("--review", run.review({"甲镇": {"来信未按时答复件数": 3}}))
    made = compare(before, after)
    change = of(made, "甲镇")
    (item,) = (each for each in change.items if each.id == "十1")
    (figure,) = item.inputs
    assert (float(item.gap), item.clause, item.why) == (-1.5, "五(十)1", "")
    assert figure.before is not None and figure.after is not None
    assert figure.before[:2] == (0, "自评") and figure.before.file == run.path("甲镇").name
    assert figure.after == (3, "核定", "复查.csv", "", "B2", 0)
    assert figure.before.sheet == "填报" and figure.before.cell.startswith("D")
    told = "\n".join(lines(made, "前", "后"))
    assert "十1　4 → 2.5（−1.5）：来信未按时答复件数 0 → 3（自评 → 核定，复查.csv B2）；依据 五(十)1" in told
    assert [each.label for each in made.changes] == ["甲镇"], "who was level with it is first as before"


def test_the_reason_of_a_verified_figure_stands_with_it(tmp_path: Path, said: Run) -> None:
    run = Round(tmp_path, TWO)
    before = run.score()
    after = run.score("--review", run.review({"甲镇": {"来信未按时答复件数": 3}}))
    (mine,) = (each for each in after["subjects"] if each["unit"] == "甲镇")
    review = {"reason": "台账有3件", "basis": "信访系统", "by": "王某", "date": "2026-01-08"}
    mine["items"]["十1"]["sources"]["来信未按时答复件数"]["review"] = review
    for name, record in (("前", before), ("后", after)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_text(json.dumps(record), "utf-8")
    told = "理由：台账有3件，依据：信访系统，核定人：王某，日期：2026-01-08"
    assert told in said(tmp_path / "前", tmp_path / "后", "-o", tmp_path / "对比.xlsx")
    found = json.loads(said(tmp_path / "前", tmp_path / "后", "--json"))
    (item,) = (each for one in found["subjects"] for each in one["items"] if one["unit"] == "甲镇")
    assert item["inputs"][0]["review"] == review and item["points"] == [4, 2.5]
    assert told in {cell.value for row in load_workbook(tmp_path / "对比.xlsx")["得分变动"] for cell in row}


def test_a_figure_that_a_contradiction_of_the_review_holds_is_not_said_to_be_changed_by_the_unit(
    tmp_path: Path,
) -> None:
    run = Round(tmp_path, TWO)
    before = run.score()
    after = run.score("--review", run.review({"甲镇": {"进京个访批次": 1}}))
    made = compare(before, after)
    told = {one.name: (item, one) for item in of(made, "甲镇").items for one in item.inputs}
    item, held = told["无进京个访赴省集访"]
    assert held.before is not None and held.after is not None and held.after.value is None
    assert "单位改了" not in cause(item) and "没有采用" in cause(item) and "进京个访批次＝1" in cause(item)
    back = {item.id: cause(item) for item in of(compare(after, before), "甲镇").items}
    assert "单位改了" not in back[item.id] and "现在采用了" in back[item.id]


def test_a_figure_on_which_two_reviews_differ_names_both_cells(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    reviews = [reviewed(run, f"{k}组.csv", {"甲镇": {"来信未按时答复件数": k}}) for k in (1, 2)]
    made = compare(run.score(), run.score("--review", reviews[0], "--review", reviews[1]))
    (item,) = (each for each in of(made, "甲镇").items if each.id == "十1")
    assert "1组.csv" in cause(item) and "两个都没有采用" in cause(item)
    assert "两个都没有采用" in "\n".join(lines(made, "前", "后"))


def test_a_figure_that_costs_nothing_is_told_only_where_all_is_asked_for(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    made = compare(run.score(), run.score("--review", run.review({"甲镇": {"研究信访工作次数": 9}})))
    assert not of(made, "甲镇").scored
    short, whole = ("\n".join(lines(made, "前", "后", whole)) for whole in (False, True))
    assert "研究信访工作次数 2 → 9" in whole and "研究信访工作次数" not in short
    assert "另有 1 个也有变化，加 -v 全部列出：甲镇" in short
    assert "复查：未复查 → 部分复查（" in whole


def test_a_line_that_compares_units_names_whose_figure_changed_it(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    marks = {"甲镇": {"台账评比分": 90}, "乙镇": {"台账评比分": 80}}
    before = run.score("--review", run.review(marks))
    after = run.score("--review", run.review(marks | {"乙镇": {"台账评比分": 95}}))
    (item,) = of(compare(before, after), "甲镇").items
    assert (item.id, item.inputs, float(item.gap)) == ("六1+", (), -1)
    assert "自己的填报数没有变" in item.why and "乙镇（台账评比分 80 → 95）" in item.why


# thresholds and money


def test_a_threshold_just_lost_and_just_reached_are_told_with_the_tier_that_came_instead(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": NEAR, "乙镇": PERFECT})
    at, under = (run.score("--review", run.review({"甲镇": {"来信未按时答复件数": k}})) for k in (4, 5))
    assert [each["subjects"][0]["total"] for each in (at, under)] == [90, 89.5]
    made = compare(at, under)
    told = {each.id: each for each in of(made, "甲镇").outcomes}
    assert outcome(told["一等奖"]) == "取消 一等奖 18,000 元" and outcome(told["二等奖"]) == "新增 二等奖 15,000 元"
    assert told["一等奖"].why == "改为 二等奖；原来：总分不低于90分（总分90分）（七1）"
    assert "总分不低于85分（总分89.5分）" in told["二等奖"].why
    paid = {each.name: (each.before, each.after) for each in made.sums}["奖励应付"]
    assert paid[1] - paid[0] == -3_000
    back = {each.id: each for each in of(compare(under, at), "甲镇").outcomes}
    assert outcome(back["一等奖"]).startswith("新增") and back["二等奖"].why.startswith("改为 一等奖")


def test_an_award_that_is_lost_without_another_says_which_condition_no_longer_holds(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    made = compare(run.score(), run.score("--review", run.review({"甲镇": {"解决到位件数": 99}})))
    (lost,) = of(made, "甲镇").outcomes
    assert lost.id == "四个100%" and lost.why.startswith("原来：四项办理率都达到100%")
    assert "现在不再符合" in lost.why


def test_a_confirmed_award_is_payable_because_a_person_confirmed_it(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": {**PERFECT, "违法行为件数": 0, "依法处置件数": 0}})
    before = run.grade()
    path = run.results / "处理意见.xlsx"
    book = load_workbook(path)
    for row in book["处理意见"].iter_rows(min_row=5):
        if row[0].value == "确认奖励":
            row[4].value, row[5].value = "是", "经核实"
    book.save(path)
    made = compare(before, run.grade())
    (award,) = of(made, "甲镇").outcomes
    assert outcome(award) == "四个100% 15,000 元，待确认 → 15,000 元" and award.why.startswith("已确认；")
    sums = {each.name: (each.before, each.after) for each in made.sums}
    assert sums["奖励应付"][1] - sums["奖励应付"][0] == 15_000
    assert sums["奖励待定（阶段、待确认）"] == (15_000, 0)


def test_a_veto_that_came_tells_what_it_takes_away_and_the_fine_moves_the_settlement(tmp_path: Path) -> None:
    best = {**PLAIN, "考评总分": 97}
    run = issued(tmp_path, {"甲镇": best, "乙镇": {**PLAIN, "考评总分": 90}})
    before = run.score("--review", run.review())
    run.type_in("甲镇", {"集访到市批次": 4, "信访总量": 100})
    after = run.score("--review", run.review())
    change = of(compare(before, after), "甲镇")
    told = {each.id: each for each in change.outcomes}
    assert next(iter(told)) == "否决3", "a veto stands first"
    assert told["通报表彰"].after is None and told["通报表彰"].why.startswith("被一票否决（否决3：到市集体上访4次以上")
    fine = told["罚款.集访到市"].after
    assert fine is not None and outcome(told["罚款.集访到市"]) == f"新增 罚款：集访到市 {fine['amount']:,} 元"
    assert why(change, "结算").startswith("罚款 0 元 → 800 元") and "四无 达到 → 未达到" in why(change, "工作目标")


def test_the_amount_of_a_counted_fine_is_told_with_its_count(tmp_path: Path) -> None:
    run = issued(tmp_path, {"甲镇": {**PLAIN, "集访到市批次": 1, "信访总量": 100}})
    before = run.score("--review", run.review())
    run.type_in("甲镇", {"集访到市批次": 2})
    (fine,) = of(compare(before, run.score("--review", run.review())), "甲镇").outcomes
    assert outcome(fine) == "罚款：集访到市 200 元 → 400 元" and fine.why.startswith("数量 1 → 2；")


def test_a_parameter_that_gives_an_amount_is_named_with_it(tmp_path: Path) -> None:
    run = issued(tmp_path, {"甲镇": {**PLAIN, "考评总分": 97}})
    review = run.review()
    made = compare(run.score("--review", review), run.score("--review", review, "--set", "表彰奖励金额=500"))
    (award,) = (each for each in of(made, "甲镇").outcomes if each.id == "通报表彰")
    assert outcome(award) == "通报表彰 确定 → 500 元" and "参数“表彰奖励金额” — → 500" in award.why


def test_a_price_that_changed_with_the_count_is_told_too(tmp_path: Path) -> None:
    run = issued(tmp_path, {"甲镇": {**PLAIN, "集访到市批次": 1, "信访总量": 100}})
    before = run.score("--review", run.review())
    run.type_in("甲镇", {"集访到市批次": 2})
    after = run.score("--review", run.review()) | {"scheme_version": "9"}
    (fine,) = (each for each in after["subjects"][0]["outcomes"] if each["count"])
    fine |= {"price": 300, "amount": 600}
    (told,) = of(compare(before, after), "甲镇").outcomes
    assert outcome(told) == "罚款：集访到市 200 元 → 600 元"
    assert told.why.startswith("数量 1 → 2；单价 200 → 300；方案版本 ")


@pytest.mark.parametrize("lost", [True, False])
def test_an_outcome_that_only_the_settings_can_have_moved_names_them(tmp_path: Path, lost: bool) -> None:
    run = Round(tmp_path, TWO)
    whole = run.score()
    less = copy.deepcopy(whole) | {"scheme_version": "9"}
    mine = next(each for each in less["subjects"] if each["unit"] == "甲镇")
    mine["outcomes"] = [each for each in mine["outcomes"] if each["id"] != "四个100%"]
    made = compare(whole, less) if lost else compare(less, whole)
    (told,) = of(made, "甲镇").outcomes
    assert told.id == "四个100%" and "两次的设置不同（方案版本 " in told.why


def test_a_line_whose_figures_and_settings_changed_says_both(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    before = run.score()
    after = run.score("--review", run.review({"甲镇": {"来信未按时答复件数": 3}}), "--set", "分值口径=大项")
    (item,) = (each for each in of(compare(before, after), "甲镇").items if each.id == "十1")
    assert item.inputs and "两次的设置也不同（口径“分值口径” 子项 → 大项）" in item.why
    assert cause(item).endswith(item.why) and cause(item) != item.why


# ranks


def test_a_unit_overtaken_without_a_change_of_its_own_is_told_by_whom(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": {**PERFECT, "来信未按时答复件数": 1}, "乙镇": {**PERFECT, "来信未按时答复件数": 2}})
    made = compare(run.score(), run.score("--review", run.review({"乙镇": {"来信未按时答复件数": 0}})))
    assert why(of(made, "甲镇"), "名次") == "自己的总分没有变；被超过：乙镇（104 → 105）"
    assert not of(made, "甲镇").items
    assert why(of(made, "乙镇"), "名次") == "自己的总分 104 → 105（+1）；超过了：甲镇"


def test_units_that_become_level_or_part_are_not_said_to_have_passed(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": {**PERFECT, "来信未按时答复件数": 1}, "乙镇": PERFECT})
    behind, level = run.score(), run.score("--review", run.review({"乙镇": {"来信未按时答复件数": 1}}))
    assert why(of(compare(behind, level), "甲镇"), "名次") == "自己的总分没有变；现在并列：乙镇（105 → 104.5）"
    told = why(of(compare(level, behind), "甲镇"), "名次")
    assert told == "自己的总分没有变；原来并列、现在在前面：乙镇（104.5 → 105）"


def test_a_late_return_tells_its_file_and_whom_it_pushes_back(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": {**PERFECT, "来信未按时答复件数": 1}, "乙镇": PERFECT})
    late = run.path("乙镇").read_bytes()
    name = run.path("乙镇").name
    run.path("乙镇").unlink()
    before = run.score()
    (run.returned / name).write_bytes(late)
    made = compare(before, run.score())
    assert why(of(made, "乙镇"), "状态") == f"未报 → 已评，收到 {name}"
    assert why(of(made, "乙镇"), "名次") == "进入排名"
    moved = why(of(made, "甲镇"), "名次")
    assert moved == "自己的总分没有变；新进入排名、排在前面：乙镇（未报 → 已评）"
    assert made.stage == (True, False) and "前一次是阶段结果" in "\n".join(lines(made, "前", "后"))
    assert made.changes[0].label == "乙镇", "whose money moved most stands first"


def test_a_second_version_takes_a_unit_out_of_the_ranking_and_lets_others_move_up(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": {**PERFECT, "来信未按时答复件数": 1}, "乙镇": PERFECT})
    before = run.score()
    run.type_in("乙镇", {"来信未按时答复件数": 4})
    (run.returned / "又一份.xlsx").write_bytes(next(run.issued.glob("乙镇_*")).read_bytes())
    made = compare(before, run.score())
    state = why(of(made, "乙镇"), "状态")
    assert state.startswith("已评 → 待定，") and "又一份.xlsx" in state
    assert why(of(made, "乙镇"), "名次") == "不再排名"
    gone = {each.id: each.why for each in of(made, "乙镇").outcomes}
    assert gone["一等奖"].startswith("现在待定；原来：")
    assert "原来在前面、现在不在其中：乙镇（已评 → 待定）" in why(of(made, "甲镇"), "名次")


def test_a_cell_that_cannot_be_read_any_more_makes_a_unit_open_and_names_the_line(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    before = run.score()
    run.type_in("甲镇", {"来信未按时答复件数": "约3"})
    made = compare(before, run.score())
    assert why(of(made, "甲镇"), "状态") == "已评 → 暂定，十1 现在待核"
    (item,) = of(made, "甲镇").items
    assert [each.name for each in item.inputs] == ["来信未按时答复件数"] and item.inputs[0].after.value is None  # type: ignore[union-attr]
    assert "来信未按时答复件数 0 → 待核" in "\n".join(lines(made, "前", "后"))
    assert "乙镇" not in {each.label for each in made.changes}


def test_closing_collection_is_said_at_the_head(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    run.path("乙镇").unlink()
    before = run.grade(status=1)
    path = run.results / "处理意见.xlsx"
    book = load_workbook(path)
    for row in book["处理意见"].iter_rows(min_row=5):
        if row[0].value == "截止收报":
            row[4].value, row[5].value = "是", "已过期限"
    book.save(path)
    made = compare(before, run.grade())
    assert made.notes == ("已截止收报（已过期限）：乙镇 不参评",)
    assert "已截止收报" in "\n".join(lines(made, "前", "后"))


def test_another_group_gives_another_place_and_other_points(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.grade()
    before = office.record
    roster = tmp_path / "另一份名册.csv"
    roster.write_text((tmp_path / "名册.csv").read_text("utf-8").replace("庚局,部门组", "庚局,区组"), "utf-8")
    shutil.rmtree(office.out)
    issued = ("--issued", tmp_path / "发放" / "发放清单.xlsx")
    call("grade", tmp_path / "收回", "-o", office.out, *issued, "--roster", roster)
    made = compare(before, json.loads((office.out / "results.json").read_text("utf-8")))
    change = of(made, "庚局")
    assert why(change, "分组") == "部门组 → 区组"
    (figure,) = (each.inputs[0] for each in change.items if each.id == "二1")
    assert figure.before is not None and figure.before[:3] == ("部门组", "名册", "发放清单.xlsx")
    assert figure.after is not None and figure.after[:3] == ("区组", "名册", "另一份名册.csv")
    others = [why(each, "名次") for each in made.changes if each.label != "庚局"]
    assert any("庚局（部门组 → 区组）" in text for text in others)


def test_a_unit_that_is_not_listed_apart_any_more_enters_the_ranking(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.grade()
    before = office.record
    office.form("己局").write_bytes(type_in(office.form("己局").read_bytes(), {"下派件数": 1}))
    office.grade()
    made = compare(before, office.record)
    change = of(made, "己局")
    assert why(change, "名次") == "进入排名，原来单列"
    assert "已评（单列） → 已评" in "\n".join(lines(made, "前", "后"))
    back = of(compare(office.record, before), "己局")
    assert why(back, "名次") == "不再排名，现在单列"


def test_a_total_that_is_brought_to_another_full_mark_says_how(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.grade()
    before = office.record
    office.form("丁区").write_bytes(
        type_in(office.form("丁区").read_bytes(), {"应办件数": 0, "办结件数": 0, "下派件数": 1})
    )
    office.grade()
    change = of(compare(before, office.record), "丁区")
    assert change.gap != sum(each.gap for each in change.items)
    assert why(change, "总分").startswith("折算 — → ")


def test_every_rank_that_moved_is_told_in_every_sample(graded_samples: Mapping[str, Path], tmp_path: Path) -> None:
    for scheme, out in graded_samples.items():
        folder = out.parent
        call("grade", folder / "收回", "-o", tmp_path / scheme)
        records = [json.loads((each / "results.json").read_text("utf-8")) for each in (tmp_path / scheme, out)]
        for pair in (records, records[::-1]):
            made = compare(*pair)
            assert made.changes
            for change in made.changes:
                assert bool(why(change, "名次")) == change.differs("rank"), change.label
                assert all(each.why for each in change.outcomes)
                assert all(each.inputs or each.why for each in change.items)
                assert reasons(change, []) or change.items or not change.scored


def test_who_stands_before_whom_adds_up_to_the_places_that_were_moved() -> None:
    """Each way in which one can be passed, at once: passed, level, entered, fell behind, left."""
    made = {
        "passed": (88, 95),
        "entered": (None, 96),
        "fell": (97, 80),
        "left": (98, None),
        "level": (99, 90),
        "me": (90, 90),
    }

    def places(k: int) -> dict[str, int | None]:
        totals = {name: pair[k] for name, pair in made.items()}
        return {name: None if mine is None else 1 + sum(each is not None and each > mine for each in totals.values())
                for name, mine in totals.items()}  # fmt: skip

    def subject(name: str, k: int) -> Record:
        total, rank = made[name][k], places(k)[name]
        state = "未报" if total is None else "已评"
        return {"unit": name, "person": None, "person_id": None, "group": None, "rank": rank, "state": state,
                "total": total, "range": None}  # fmt: skip

    told = Ranks([(subject(name, 0), subject(name, 1)) for name in made]).why(len(made) - 1)
    assert told == (
        "自己的总分没有变；被超过：passed（88 → 95）；新进入排名、排在前面：entered（未报 → 已评）；"
        "落到后面：fell（97 → 80）；现在并列：level（99 → 90）；原来在前面、现在不在其中：left（已评 → 未报）"
    )


# persons and subjects that come and go


def test_a_person_added_and_one_gone_are_told_by_name_and_number(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三/001", "张三/002")
    before = run.score("--review", run.review())
    edit(run, typed(run, 1, 工号="003"))
    made = compare(before, run.score("--review", run.review()))
    new, gone = of(made, "甲局/张三/003"), of(made, "甲局/张三/002")
    assert (
        new.before is None
        and why(new, "新增").startswith("上一次的结果里没有")
        and run.path("甲局").name in why(new, "新增")
    )
    assert gone.after is None and why(gone, "减少") == "这一次的结果里没有了"
    assert "甲局/张三/001" not in {each.label for each in made.changes if each.items}


def test_a_unit_added_to_the_roster_is_told(tmp_path: Path) -> None:
    few, many = Round(tmp_path / "少", {"甲镇": PERFECT}), Round(tmp_path / "多", TWO)
    made = compare(few.score(), many.score())
    assert of(made, "乙镇").before is None and made.subjects == {"单位": 2}
    assert of(compare(many.score(), few.score()), "乙镇").after is None


# the command


@pytest.fixture(scope="module")
def two_runs(graded_samples: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sample without and with its review."""
    out = tmp_path_factory.mktemp("对比") / "复查前"
    assert call("grade", graded_samples["xinyang"].parent / "收回", "-o", out) == 1
    return out, graded_samples["xinyang"]


def test_the_columns_stand_beneath_each_other_and_nothing_is_coloured_when_piped(
    two_runs: tuple[Path, Path], said: Run
) -> None:
    told = said(*two_runs)
    assert "\x1b" not in told
    rows = told.split("\n")
    start = next(k for k, row in enumerate(rows) if row.startswith("个人  "))
    table = rows[start : rows.index("", start)]
    at = width(table[0][: table[0].index("名次")])
    assert len(table) == 11 and all("  " in row for row in table)
    for row in table[1:]:
        cut = next(k for k in range(len(row)) if width(row[:k]) >= at)
        assert row[cut - 2 : cut] == "  " and row[cut] in "—123456789", row


def test_all_is_listed_where_it_is_asked_for_and_the_first_otherwise(two_runs: tuple[Path, Path], said: Run) -> None:
    short, whole = said(*two_runs), said(*two_runs, "-v")
    assert "加 -v 全部列出" in short and "加 -v" not in whole
    record = json.loads(said(*two_runs, "--json"))
    for each in record["subjects"]:
        label = "/".join(filter(None, (each["unit"], each["person"], each["person_id"])))
        assert f"\n{label}  " in whole and f"\n  {label}\n" in whole
        assert all(f"    {item['id']}　" in whole for item in each["items"])
    assert short.count("\n") < whole.count("\n") / 2


def test_the_json_can_be_read_from_any_console(two_runs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="gbk")
    monkeypatch.setattr(sys, "stdout", stream)
    assert call("compare", *two_runs, "--json") == 0
    stream.flush()
    data = stream.buffer.getvalue()
    assert data.isascii()
    found = json.loads(data)
    assert found["scheme"] == "xinyang" and {each["part"] for each in found["subjects"]} == {"单位", "个人"}


def test_the_workbook_says_what_the_json_says(two_runs: tuple[Path, Path], tmp_path: Path, said: Run) -> None:
    out = tmp_path / "对比.xlsx"
    record = json.loads(said(*two_runs, "--json", "-o", out))
    book = load_workbook(out)
    assert book.sheetnames[:3] == ["对比", "得分变动", "奖惩变动"]
    subjects, items, awards = (list(book[name].iter_rows(min_row=6, values_only=True)) for name in book.sheetnames[:3])
    labels = ["/".join(filter(None, (each["unit"], each["person"], each["person_id"]))) for each in record["subjects"]]
    assert [row[0] for row in subjects] == labels
    for row, each in zip(subjects, record["subjects"], strict=True):
        before, after = each.get("total", [None, None])
        assert before is None or row[2] == before
        assert after is None or row[3] == after
        assert None in (before, after) or abs(row[4] - (after - before)) < 1e-9
    told = [
        (label, item["id"]) for label, each in zip(labels, record["subjects"], strict=True) for item in each["items"]
    ]
    assert [row[:2] for row in items] == told
    given = [
        (label, one["kind"]) for label, each in zip(labels, record["subjects"], strict=True) for one in each["outcomes"]
    ]
    assert [row[:2] for row in awards] == given


def test_a_workbook_in_which_somebody_wrote_is_kept_and_one_as_it_was_written_is_not(
    two_runs: tuple[Path, Path], tmp_path: Path, said: Run
) -> None:
    out = tmp_path / "对比.xlsx"
    said(*two_runs, "-o", out)
    assert "另存" not in said(*two_runs, "-o", out)
    assert [path.name for path in tmp_path.iterdir()] == ["对比.xlsx"]
    book = load_workbook(out)
    book["对比"]["M8"] = "已报主任"
    book.save(out)
    told = said(*two_runs, "-o", out)
    (copy,) = tmp_path.glob("对比_另存_*.xlsx")
    assert copy.name in told and load_workbook(copy)["对比"]["M8"].value == "已报主任"
    assert load_workbook(out)["对比"]["M8"].value is None


def test_a_workbook_that_is_open_or_no_workbook_is_said_before_work(
    two_runs: tuple[Path, Path], tmp_path: Path, said: Run
) -> None:
    assert "要写成 .xlsx 文件" in said(*two_runs, "-o", tmp_path / "对比.csv", status=2)
    said(*two_runs, "-o", tmp_path / "对比.xlsx")
    (tmp_path / ".~lock.对比.xlsx#").touch()
    assert "正打开着" in said(*two_runs, "-o", tmp_path / "对比.xlsx", status=2)


def test_a_comparison_that_lies_among_the_returns_is_ignored(tmp_path: Path) -> None:
    run = Round(tmp_path, TWO)
    run.grade(status=0)
    assert call("compare", run.results, run.results, "-o", run.returned / "对比.xlsx") == 0
    (found,) = (each for each in run.grade(status=0)["files"] if each["file"] == "对比.xlsx")
    assert found["fate"] == "忽略" and "对比" in found["why"]
