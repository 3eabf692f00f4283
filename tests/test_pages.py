"""The pages of the results and forms of `xinyang` and `liaocheng-1995`: what stands there is what results.json says."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from tests.cases_district import PERFECT
from tests.cases_liaocheng import ON_THE_ROSTER, PLAIN
from tests.rounds import Round, call, graded_sample
from xfkh.scheme import load
from xfkh.workbook.lint import lint

Row = dict[str, Any]


@dataclass(frozen=True)
class Graded:
    """A sample, graded: its folder and its record."""

    scheme: str
    folder: Path
    record: Mapping[str, Any]

    def book(self, name: str) -> Any:
        return load_workbook(self.folder / "结果" / name, data_only=True)

    def rows(self, book: str, sheet: str, first: str = "序号") -> list[Row]:
        """The rows beneath the heads, up to the first one that begins with a word or nothing."""
        grid = [list(row) for row in self.book(book)[sheet].iter_rows(values_only=True)]
        at = next(k for k, row in enumerate(grid) if row[0] == first)
        heads = [str(each).replace("\n", " ") for each in grid[at]]
        return [dict(zip(heads, row, strict=True)) for row in grid[at + 1 :]]

    def subjects(self, part: str) -> list[Row]:
        return [each for each in self.record["subjects"] if each["part"] == part]


def graded(scheme: str, folder: Path) -> Graded:
    job = graded_sample(scheme, folder)
    return Graded(scheme, folder, json.loads((job.out / "results.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def xinyang(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    return graded("xinyang", tmp_path_factory.mktemp("xinyang") / "样")


@pytest.fixture(scope="module")
def liaocheng(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    return graded("liaocheng-1995", tmp_path_factory.mktemp("liaocheng") / "样")


@pytest.fixture(params=["xinyang", "liaocheng"])
def sample(request: pytest.FixtureRequest) -> Graded:
    found: Graded = request.getfixturevalue(request.param)
    return found


def numbered(rows: list[Row]) -> list[Row]:
    return [row for row in rows if isinstance(row["序号"], int)]


def given(sample: Graded, *kinds: str) -> list[tuple[Row, Row]]:
    """Every outcome of these kinds with its subject."""
    return [(one, each) for one in sample.record["subjects"] for each in one["outcomes"] if each["kind"] in kinds]


# --- samples: something of everything -------------------------------------------------------------


def test_the_sample_of_xinyang_has_something_of_everything(xinyang: Graded) -> None:
    units, people = xinyang.subjects("单位"), xinyang.subjects("个人")
    assert len(units) >= 12 and {each["state"] for each in units} == {"已评", "暂定", "未报"}
    totals = [each["total"] for each in units if each["total"] is not None]
    assert 100 in totals and max(totals) > 100 and min(totals) < 0
    lists = [each for each in units if any(one["id"] == "先进单位" for one in each["outcomes"])]
    assert len(lists) == 4, "a tie at the last of three places"
    leader = next(each for each in units if each["rank"] == 1)
    assert leader not in lists, "who does not apply is not shortlisted, and keeps the rank"
    assert {each["state"] for each in people} == {"已评", "暂定"}
    names = [(each["unit"], each["person"]) for each in people]
    assert len(set(names)) < len(names), "two of one name in one unit"
    assert len({name for _, name in names}) < len(set(names)), "two of one name in two units"
    counts = {unit["unit"]: sum(each["unit"] == unit["unit"] for each in people) for unit in units}
    assert {0, 1, 6} <= set(counts.values())


def test_the_sample_of_liaocheng_has_something_of_everything(liaocheng: Graded) -> None:
    units = liaocheng.subjects("单位")
    assert len(units) >= 12 and {each["state"] for each in units} == {"已评", "暂定", "未报"}
    ids = {one["id"] for each in units for one in each["outcomes"]}
    assert {"通报表彰", "记功", "重点管理单位", "本年重点管理单位", "否决1", "否决3", "否决4", "否决5"} <= ids
    vetoed = [each for each in units if any(one["kind"] == "一票否决" for one in each["outcomes"])]
    assert any(each["rank"] <= 5 for each in vetoed), "vetoed, and commended but for that"
    assert not any(one["id"] == "通报表彰" for each in vetoed for one in each["outcomes"])
    assert [each["rank"] for each in units].count(5) == 2, "a tie at the fifth place"
    assert any(each["settlement"] and each["settlement"]["due"] > 0 for each in units)
    assert 59.99 in [each["total"] for each in units]


# --- the pages of 奖惩.xlsx -----------------------------------------------------------------------


def test_there_is_a_page_for_each_kind_of_outcome_that_the_scheme_has(xinyang: Graded, liaocheng: Graded) -> None:
    visible = [sheet.title for sheet in xinyang.book("奖惩.xlsx") if sheet.sheet_state == "visible"]
    assert visible == ["汇总", "名单", "问责"]
    visible = [sheet.title for sheet in liaocheng.book("奖惩.xlsx") if sheet.sheet_state == "visible"]
    assert visible == ["汇总", "荣誉", "处罚", "保证金结算", "一票否决", "名单", "问责"]


def test_every_fine_has_a_line_with_its_count_price_and_clause(liaocheng: Graded) -> None:
    lines = numbered(liaocheng.rows("奖惩.xlsx", "处罚"))
    wanted = [(one["unit"], each["id"].replace(".", "："), each["clause"], each["count"], each["price"], each["amount"])
              for one, each in given(liaocheng, "处罚")]  # fmt: skip
    columns = ("单位", "项目", "依据", "数量", "单价（元）", "金额（元）")
    assert [tuple(row[name] for name in columns) for row in lines] == wanted
    assert all(row["数量"] * row["单价（元）"] == row["金额（元）"] for row in lines)
    live = load_workbook(liaocheng.folder / "结果" / "奖惩.xlsx")["处罚"]
    first = next(row[0].row for row in live.iter_rows() if row[0].value == 1)
    assert all(str(live.cell(k, 8).value).startswith("=") for k in range(first, first + len(lines))), "live amounts"


def test_the_sums_of_the_fines_equal_the_lines_and_the_record(liaocheng: Graded) -> None:
    rows = liaocheng.rows("奖惩.xlsx", "处罚")
    total = next(row for row in rows if row["序号"] == "总计")
    assert total["金额（元）"] == sum(each["amount"] for _, each in given(liaocheng, "处罚"))


def test_the_settlement_of_every_assessed_unit_is_that_of_the_record(liaocheng: Graded) -> None:
    rows = numbered(liaocheng.rows("奖惩.xlsx", "保证金结算"))
    wanted = {each["unit"]: each["settlement"] for each in liaocheng.subjects("单位") if each["settlement"]}
    assert [row["单位"] for row in rows] == list(wanted)
    for row in rows:
        paid = wanted[row["单位"]]
        assert (row["保证金（元）"], row["罚款合计（元）"], row["从保证金扣（元）"], row["应补缴（元）"]) == (
            paid["deposit"], paid["fine"], paid["from_deposit"], paid["due"],
        )  # fmt: skip
        assert row["保证金余额（元）"] == paid["deposit"] - paid["from_deposit"] >= 0
    live = load_workbook(liaocheng.folder / "结果" / "奖惩.xlsx")["保证金结算"]
    assert str(live["D5"].value).startswith("=SUMPRODUCT"), "the fine follows the lines of 处罚"


def test_every_vetoed_unit_is_named_with_its_clauses_and_who_else_is_told(liaocheng: Graded) -> None:
    rows = numbered(liaocheng.rows("奖惩.xlsx", "一票否决"))
    wanted: dict[str, list[str]] = {}
    for one, each in given(liaocheng, "一票否决"):
        wanted.setdefault(one["unit"], []).append(each["id"])
    assert {row["单位"]: row["条款"].split("、") for row in rows} == wanted
    assert all(row["否决书送达"].startswith(row["单位"] + "、") for row in rows)


def test_lists_stand_by_place_and_name_persons_with_their_numbers(xinyang: Graded) -> None:
    rows = numbered(xinyang.rows("奖惩.xlsx", "名单"))
    ranks = {("/".join(filter(None, (each["person"], each["person_id"]))) or "—", each["unit"]): each["rank"]
             for each in xinyang.record["subjects"]}  # fmt: skip
    for outcome in ("先进单位", "先进个人"):
        places = [ranks[row["姓名"], row["单位"]] for row in rows if row["项目"] == outcome]
        assert places == sorted(places) and len(places) == len(
            [1 for _, each in given(xinyang, "名单") if each["id"] == outcome]
        )
    tied = [row["原因"] for row in rows if "并列" in row["原因"]]
    assert len(tied) == 4 and all("并列的一并列入" in text for text in tied)


# --- 排名.xlsx ------------------------------------------------------------------------------------


def test_units_and_persons_are_ranked_on_pages_of_their_own(xinyang: Graded) -> None:
    for part, sheet in (("单位", "总表"), ("个人", "个人总表")):
        rows = [row for row in xinyang.rows("排名.xlsx", sheet, "名次") if isinstance(row["名次"], int | float)]
        found = [(row["名次"], row["单位"], row.get("姓名"), row.get("工号"), row["总分"]) for row in rows]
        wanted = [(each["rank"], each["unit"], each["person"], each["person_id"], each["total"])
                  for each in xinyang.subjects(part) if each["rank"]]  # fmt: skip
        assert sorted(found, key=str) == sorted(wanted, key=str)
        assert [row["名次"] for row in rows] == sorted(row["名次"] for row in rows)


def test_the_gap_to_the_self_report_leaves_out_what_only_the_review_knows(xinyang: Graded) -> None:
    rows = {(row["单位"], row["姓名"], row["工号"]): row for row in xinyang.rows("排名.xlsx", "个人总表", "名次")}
    for each in xinyang.subjects("个人"):
        if each["total"] is not None:
            gap = rows[each["unit"], each["person"], each["person_id"]]["核定减自评"]
            own = each["total"] - each["items"]["8"]["points"] - each["self_total"]
            assert gap == "—" or gap == pytest.approx(own, abs=1e-9)


def test_targets_and_vetoes_stand_in_words(liaocheng: Graded) -> None:
    words = {True: "达到", False: "未达到", None: "待核"}
    titles = [each.title for each in load("liaocheng-1995")[0].parts[0].targets]
    goals = {row["单位"]: row for row in liaocheng.rows("排名.xlsx", "工作目标", "名次")}
    totals = {row["单位"]: row for row in liaocheng.rows("排名.xlsx", "总表", "名次")}
    for each in liaocheng.subjects("单位"):
        if each["state"] == "未报":
            assert {goals[each["unit"]][title] for title in titles} == {"—"}
            continue
        assert [goals[each["unit"]][title] for title in titles] == [words[met] for met in each["targets"].values()]
        vetoes = [one["id"] for one in each["outcomes"] if one["kind"] == "一票否决"]
        nothing = "无" if each["state"] == "已评" else "待核"
        assert totals[each["unit"]]["一票否决"] == ("、".join(vetoes) or nothing)


def test_every_veto_is_explained_with_its_clause_wherever_its_code_stands(liaocheng: Graded) -> None:
    vetoes = [each for each in load("liaocheng-1995")[0].parts[0].outcomes if each.kind == "一票否决"]
    wanted = {each.id: f"一票否决：{each.because}（{each.clause}）" for each in vetoes}
    assert len(wanted) == 5
    book = liaocheng.book("排名.xlsx")
    for sheet in ("总表", "类别_乡镇", "类别_办事处"):
        rows = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
        found = {row[k]: row[k + 1] for row in rows for k in range(len(row) - 1) if row[k] in wanted}
        assert wanted.items() <= found.items(), sheet


def test_a_page_of_a_category_colours_who_is_vetoed(liaocheng: Graded) -> None:
    rules = liaocheng.book("排名.xlsx")["类别_乡镇"].conditional_formatting
    fills = {rule.dxf.fill.bgColor.rgb for each in rules for rule in each.rules if "无" in "".join(rule.formula)}
    assert fills == {"FFE39A63"}


def test_a_sum_of_nothing_is_no_row_of_zeros(liaocheng: Graded) -> None:
    (row,) = liaocheng.rows("排名.xlsx", "自评与核定", "单位")[:1]
    assert [row[name] for name in ("单位", "自评得分", "核定得分", "核定减自评")] == ["合计", "—", "—", "—"]


def test_money_in_words_has_separators(tmp_path: Path) -> None:
    sample = graded("district", tmp_path / "样")
    words = [
        str(cell) for sheet in sample.book("排名.xlsx") for row in sheet.values for cell in row if cell is not None
    ]
    assert any("，另有15,000元未定" in each for each in words) and any("18,000元" in each for each in words)
    assert any("35,000→" in each for each in words)
    assert not [each for each in words if re.search(r"\d{4,}(元|→)", each)]
    assert "可定（元）" not in words and "应付（元）" in words


def test_the_figures_that_decide_stand_beside_what_was_reported(liaocheng: Graded) -> None:
    rows = {row["单位"]: row for row in liaocheng.rows("排名.xlsx", "数据明细", "名次")}
    assert rows["榆荫乡"]["信访积案数"] == "0（自评1）"
    assert rows["竹影乡"]["集访到市批次"] == "待核" and set(rows["市建材局"].values()) >= {"—"}


def test_a_unit_is_reviewed_only_when_every_figure_was_verified(sample: Graded) -> None:
    """One figure of fifty is not a review; results.json keeps saying whether there was any."""
    sheets = [("单位", "总表"), *([("个人", "个人总表")] if sample.subjects("个人") else [])]
    for part, sheet in sheets:
        rows = {(row["单位"], row.get("姓名"), row.get("工号")): row["复查"]
                for row in sample.rows("排名.xlsx", sheet, "名次")}  # fmt: skip
        for each in sample.subjects(part):
            verified, of = each["review"]["verified"], each["review"]["of"]
            partly = f"部分复查（核定 {verified}/{of} 项）"
            word = "未复查" if not each["reviewed"] else "已复查" if verified == of else partly
            assert rows[each["unit"], each["person"], each["person_id"]] == word
            assert each["reviewed"] == (verified > 0) and verified <= of
    said = {row["复查"] for row in sample.rows("排名.xlsx", "总表", "名次") if row.get("复查")}
    assert any(each.startswith("部分复查（核定 ") for each in said)


def test_a_unit_of_which_every_figure_was_verified_is_reviewed(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    asked = [cell for each in load("district")[0].parts[0].inputs for cell in each.cells if cell in PERFECT]
    whole: dict[str, Row] = {"甲镇": {cell: PERFECT[cell] for cell in asked}, "乙镇": {"推诿次数": 0}}
    record = run.grade("--review", run.review(whole))
    sheet = load_workbook(run.results / "排名.xlsx")["总表"]
    words = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"已复查", f"部分复查（核定 1/{len(asked)} 项）"} <= words
    assert [each["review"] for each in record["subjects"]] == [
        {"verified": len(asked), "of": len(asked)}, {"verified": 1, "of": len(asked)},
    ]  # fmt: skip


def test_full_marks_say_that_they_leave_out_what_is_extra(xinyang: Graded) -> None:
    for sheet in ("总表", "类别_县区", "得分明细", "个人得分明细"):
        words = [str(cell.value) for row in xinyang.book("排名.xlsx")[sheet].iter_rows(max_row=5) for cell in row]
        assert [each for each in words if each.startswith("满分")] == ["满分（不含加减分）"], sheet


def test_every_printed_page_of_the_details_has_its_title_heads_and_names(sample: Graded) -> None:
    title = load(sample.scheme)[0].title
    for sheet in sample.book("排名.xlsx"):
        if "明细" in sheet.title:
            assert title in sheet.oddHeader.left.text and sheet.title in sheet.oddHeader.left.text
            assert sheet.print_title_rows == "$4:$5" and sheet.print_title_cols.startswith("$A:$")


def test_no_title_or_note_reaches_over_the_first_of_several_printed_pages(sample: Graded) -> None:
    wide = [each for each in sample.book("排名.xlsx") if int(each.page_setup.fitToWidth or 1) > 1]
    assert wide
    for sheet in wide:
        repeated, last = (column_index_from_string(re.findall(r":\$([A-Z]+)", each)[0])
                          for each in (sheet.print_title_cols, sheet.print_area))  # fmt: skip
        title, *notes = [cell for row in sheet.iter_rows(max_row=3) for cell in row if cell.value]
        spans = {each.start_cell.coordinate: each.max_col for each in sheet.merged_cells.ranges}
        assert {cell.column for cell in (title, *notes)} == {repeated + 1}, sheet
        assert all(spans.get(cell.coordinate, 0) < (repeated + last) * 2 / 3 for cell in notes), sheet


def test_the_overview_tells_persons_apart_from_units(xinyang: Graded) -> None:
    words = [str(cell) for row in xinyang.book("排名.xlsx")["总览"].values for cell in row if cell is not None]
    people = xinyang.subjects("个人")
    assert f"个人已评（共{len(people)}人）" in words and {"失分最多的指标", "个人失分最多的指标"} <= set(words)
    assert {"要留意的单位", "要留意的个人"} <= set(words)
    (waiting,) = ["/".join(filter(None, (each["unit"], each["person"], each["person_id"])))
                  for each in people if each["state"] == "暂定"]  # fmt: skip
    assert waiting in words
    assert any(each.startswith("阶段结果：单位未报1个、暂定1个；个人暂定1人，") for each in words)
    (numbered, *_) = [each for each in people if each["rank"] == min(one["rank"] or 99 for one in people
                                                                      if one["person_id"])]  # fmt: skip
    assert f"{numbered['unit']}/{numbered['person']}/{numbered['person_id']}" in words


def test_what_the_review_gave_where_the_return_left_it_open_is_among_the_differences(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    run.type_in("甲镇", {"赴省个访批次": "约2", "重复来信件数": None})
    run.path("乙镇").unlink()
    given = {name: value for name, value in PERFECT.items() if not run.is_reviewed(name)}
    review: dict[str, Row] = {"甲镇": {"赴省个访批次": 2, "重复来信件数": 2}, "乙镇": given}
    record = run.grade("--review", run.review(review))
    assert [each["state"] for each in record["subjects"]] == ["已评", "已评"]
    graded = Graded("district", tmp_path, record)
    rows = graded.rows("排名.xlsx", "自评与核定", "单位")
    columns = ("自评得分", "核定得分", "核定减自评", "填报数的改动")
    found = [(row["单位"], row["指标"].split()[0], *(row[name] for name in columns))
             for row in rows if row["单位"] in run.units]  # fmt: skip
    assert found == [
        ("甲镇", "二2", "待填", 4, "—", "赴省个访批次 无法识别→2"),
        ("甲镇", "十2", "待填", 1, "—", "重复来信件数 未填→2"),
    ]


def test_each_list_has_a_block_to_sign_and_says_when_nobody_is_on_it(xinyang: Graded, tmp_path: Path) -> None:
    for sheet in ("名单", "问责"):
        words = {cell for row in xinyang.book("奖惩.xlsx")[sheet].values for cell in row}
        assert {"制表", "审核", "分管领导", "主要领导"} <= words
    plain = {name: value for name, value in PLAIN.items() if name not in ON_THE_ROSTER}
    run = Round(tmp_path, {"甲镇": {**plain, "集访到市批次": 1}}, scheme="liaocheng-1995", reviewed=("考评总分",))
    run.grade("--review", run.review({"甲镇": {"考评总分": 80}}))
    book = load_workbook(run.results / "奖惩.xlsx")
    for sheet, said in (("名单", "没有列入名单的"), ("问责", "没有列入问责的"), ("一票否决", "没有被一票否决的单位")):
        words = {cell for row in book[sheet].values for cell in row}
        assert {said, "制表"} <= words


def test_no_page_shows_an_outcome_by_its_internal_name(liaocheng: Graded) -> None:
    shown = set[str]()
    for path in (liaocheng.folder / "结果").rglob("*.xlsx"):
        for sheet in load_workbook(path, data_only=True):
            words = [str(cell) for row in sheet.values for cell in row if cell is not None]
            assert [each for each in words if "罚款." in each] == [], f"{path.name} {sheet.title}"
            shown |= {each for each in words if "罚款：" in each}
    assert "罚款：集访到市" in shown


# --- what stands everywhere -----------------------------------------------------------------------


def test_status_and_caution_stand_on_the_face_of_everything(sample: Graded) -> None:
    scheme = load(sample.scheme)[0]
    assert scheme.caution
    for name in ("排名.xlsx", "奖惩.xlsx"):
        for sheet in sample.book(name):
            if sheet.sheet_state == "visible" and sheet.title != "说明":
                face = "".join(str(cell.value or "") for row in sheet.iter_rows(max_row=3) for cell in row)
                assert f"方案状态：{scheme.status}" in face and scheme.caution in face, f"{name} {sheet.title}"
    form = load_workbook(next((sample.folder / "发放").glob("*_*.xlsx")))
    cover = "".join(str(cell.value or "") for row in form["封面"].iter_rows() for cell in row)
    assert f"方案状态：{scheme.status}" in cover and scheme.caution in cover
    notes = "".join(str(cell.value or "") for row in form["说明"].iter_rows() for cell in row)
    assert all(text in notes for text in (*scheme.duties, *scheme.notes))


def test_a_scheme_that_scores_volume_says_so(liaocheng: Graded) -> None:
    for scheme in ("district", "liaocheng-1995"):
        caution = load(scheme)[0].caution
        assert "2013" in caution and "2014" in caution and "数量" in caution
    assert load("liaocheng-1995")[0].status == "历史" == liaocheng.record["status"]


def test_every_workbook_is_within_the_limits_of_excel(sample: Graded) -> None:
    paths = [*(sample.folder / "发放").glob("*.xlsx"), *(sample.folder / "结果").glob("*.xlsx")]
    assert len(paths) >= 16
    assert {str(path): lint(path.read_bytes()) for path in paths} == {str(path): [] for path in paths}


def test_a_second_run_writes_the_same_workbooks(sample: Graded) -> None:
    again, before = sample.folder / "再", sample.folder / "结果"
    assert call("grade", sample.folder / "收回", "-o", again, "--review", sample.folder / "复查.csv") == 1
    for path in (each for each in before.rglob("*") if each.is_file()):
        assert path.read_bytes() == (again / path.relative_to(before)).read_bytes(), path.name


# --- explaining -----------------------------------------------------------------------------------


def explained(sample: Graded, who: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert call("explain", sample.folder / "结果", who) == 0
    return capsys.readouterr().out


def test_a_unit_without_items_is_explained_by_total_targets_outcomes_and_settlement(
    liaocheng: Graded, capsys: pytest.CaptureFixture[str]
) -> None:
    said = explained(liaocheng, "栗坡镇", capsys)
    for words in (
        "总分 68，第 10 名",
        "工作目标　四无　未达到",
        "一票否决　否决1",
        "依据：三(二)1(1)",
        "罚款.集访到市　1,000 元（5×200）",
        "结算　保证金 3,000 元，罚款 6,500 元，从保证金扣 3,000 元，应补缴 3,500 元",
    ):
        assert words in said
    said = explained(liaocheng, "望澜镇", capsys)
    assert "(1)没有到市以上的集体上访" in said and "(2)考评总分列前五名" in said and "(4)" not in said


def test_zero_denominators_stand_beside_the_points_they_decided(
    xinyang: Graded, capsys: pytest.CaptureFixture[str]
) -> None:
    said = explained(xinyang, "市文史馆", capsys)
    assert "网评总票数为0，视为达到" in said
    assert "每期都为“是”" in said and "（扣分）" in said


def test_a_line_that_waits_for_raters_says_so_and_names_no_cell(
    xinyang: Graded, capsys: pytest.CaptureFixture[str]
) -> None:
    said = explained(xinyang, "石桥县/许砚/3002", capsys)
    line = next(each for each in said.split("\n") if each.startswith("8　"))
    assert "待核：还没有人评分，由复查给出" in line
    assert "工作对接评分[1]＝未知（待复查）" in said


def test_the_bars_of_every_chart_begin_at_zero_unless_some_are_negative(xinyang: Graded, liaocheng: Graded) -> None:
    for sample, negative in ((xinyang, True), (liaocheng, False)):
        with zipfile.ZipFile(sample.folder / "结果" / "排名.xlsx") as package:
            charts = [package.read(name) for name in package.namelist() if name.startswith("xl/charts/chart")]
        assert charts and all(b"<c:barChart>" in each for each in charts)
        begun = [b'<c:min val="0"/>' in each for each in charts]
        assert any(begun) and all(begun) is not negative


def test_whoever_signs_is_told_which_lines_rest_on_self_reported_figures(xinyang: Graded, tmp_path: Path) -> None:
    out = xinyang.folder / "未复查"
    assert call("grade", xinyang.folder / "收回", "-o", out) == 1
    page = load_workbook(out / "奖惩.xlsx")
    for name in ("汇总", "问责"):
        head = " ".join(str(cell.value) for row in page[name]["A1:A3"] for cell in row)
        assert "未复查" in head and "不作最终依据" in head, name
    verified = load_workbook(xinyang.folder / "结果" / "奖惩.xlsx")
    mine = {one["unit"] for one, _ in given(xinyang, "名单") if not one["reviewed"] and not one["person"]}
    head = " ".join(str(cell.value) for row in verified["名单"]["A1:A3"] for cell in row)
    assert all(unit in head for unit in mine) and ("未复查" in head) == any(
        not one["reviewed"] for one, _ in given(xinyang, "名单")
    )


def test_the_settlement_says_which_fines_are_not_settled_and_what_its_sums_are_for(liaocheng: Graded) -> None:
    said = " ".join(str(cell) for row in liaocheng.book("奖惩.xlsx")["保证金结算"].values for cell in row if cell)
    assert "只供对照" in said
    waiting = [one["unit"] for one, each in given(liaocheng, "处罚") if each["pending"] or each["confirm"]]
    assert ("还没有定的" in said) == bool(waiting) and all(unit in said for unit in waiting)
