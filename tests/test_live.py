"""排名.xlsx as a leader works in it: a changed score moves total, rank and tier, and is told; sorting harms nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, range_boundaries

from tests import office
from tests.cases_district import PERFECT
from tests.rounds import Round, graded_sample

pytestmark = [office.require_office, pytest.mark.slow]
Edit = Callable[[Any], None]


@dataclass(frozen=True)
class Ranking:
    """A graded sample and its 排名.xlsx."""

    path: Path
    record: Mapping[str, Any]

    def after(self, folder: Path, change: Edit) -> Any:
        """The workbook as it stands after a person changed it and the office recalculated it."""
        book = load_workbook(self.path)
        change(book)
        book.save(folder / "改.xlsx")
        return load_workbook(
            office.recalculate([folder / "改.xlsx"], folder / "算")[folder / "改.xlsx"], data_only=True
        )


def graded(scheme: str, folder: Path) -> Ranking:
    job = graded_sample(scheme, folder / "样")
    return Ranking(job.out / "排名.xlsx", json.loads((job.out / "results.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Ranking:
    return graded("district", tmp_path_factory.mktemp("district"))


@pytest.fixture(scope="module")
def liaocheng(tmp_path_factory: pytest.TempPathFactory) -> Ranking:
    return graded("liaocheng-1995", tmp_path_factory.mktemp("liaocheng"))


@pytest.fixture(scope="module")
def xinyang(tmp_path_factory: pytest.TempPathFactory) -> Ranking:
    return graded("xinyang", tmp_path_factory.mktemp("xinyang"))


def table(sheet: Any, first: str = "名次") -> dict[str, dict[str, Any]]:
    """The rows of a table by unit."""
    rows = list(sheet.iter_rows(values_only=True))
    at = next(k for k, row in enumerate(rows) if row[0] == first)
    heads = [str(each).split("\n")[0] for each in rows[at]]
    found = [dict(zip(heads, row, strict=True)) for row in rows[at + 1 :]]
    return {str(row["单位"]): row for row in found if row["单位"]}


def cell_of(sheet: Any, unit: str, item: str) -> Any:
    """The cell of a unit's line in 得分明细."""
    heads = next(row for row in sheet.iter_rows() if row[0].value == "名次")
    col = next(each.column for each in heads if str(each.value).split("\n")[0] == item)
    row = next(each.row for each in sheet["B"] if each.value == unit)
    return sheet.cell(row, col)


def block(sheet: Any, title: str) -> list[list[Any]]:
    """The rows of a small table of 总览, without its heads: what stands in its cells, merged ones once."""
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == title and cell.column in (1, 8))
    half = range(1, 7) if head.column == 1 else range(8, 14)
    found = list[list[Any]]()
    for row in sheet.iter_rows(min_row=head.row + 2, min_col=half[0], max_col=half[-1], values_only=True):
        if row[0] is None:
            return found
        found.append([value for value in row if value is not None])
    return found


def typed(book: Any, totals: Mapping[str, Any]) -> None:
    """Totals typed over in 总表."""
    sheet = book["总表"]
    col = next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == "总分")
    for unit, total in totals.items():
        sheet.cell(next(cell.row for cell in sheet["B"] if cell.value == unit), col).value = total


def test_a_changed_score_moves_total_rank_tier_and_category_and_is_marked(district: Ranking, tmp_path: Path) -> None:
    before = {each["unit"]: each for each in district.record["subjects"]}
    assert before["清河乡"]["total"] == 80 and before["清河乡"]["rank"] == 8

    def change(book: Any) -> None:
        cell = cell_of(book["得分明细"], "清河乡", "二5+")
        cell.value += 20

    book = district.after(tmp_path, change)
    totals, kind = table(book["总表"]), table(book["类别_乡"], "类内名次")
    assert totals["清河乡"]["总分"] == 100 and totals["清河乡"]["等次"] == "一等奖"
    assert totals["清河乡"]["名次"] == 4 and totals["西关街道"]["名次"] == 5
    assert totals["清河乡"]["手工改动"] == "手工改动1格"
    assert {row["手工改动"] or "" for unit, row in totals.items() if unit in before and unit != "清河乡"} == {""}
    assert (kind["清河乡"]["类内名次"], kind["清河乡"]["全体名次"], kind["清河乡"]["总分"]) == (1, 4, 100)
    said = [cell.value for row in book["总览"]["A1:A6"] for cell in row if cell.value]
    assert any(str(text).startswith("手工改动：有1个") for text in said)
    shown = [cell.value for row in book["总览"].iter_rows() for cell in row if cell.value]
    assert "清河乡" in shown, "now among the first five"


def test_a_deleted_score_is_told_as_a_change_by_hand(district: Ranking, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        cell_of(book["得分明细"], "东风街道", "一1").value = None

    totals = table(district.after(tmp_path, change)["总表"])
    assert totals["东风街道"]["手工改动"] == "手工改动1格，缺数" and totals["东风街道"]["总分"] == "待定"


def test_without_a_change_everything_is_as_graded(district: Ranking, tmp_path: Path) -> None:
    totals = table(district.after(tmp_path, lambda book: None)["总表"])
    for each in (one for one in district.record["subjects"] if one["rank"]):
        row = totals[each["unit"]]
        assert (row["名次"], row["总分"], row["手工改动"] or "") == (each["rank"], each["total"], "")


def test_a_total_typed_over_is_told(district: Ranking, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        typed(book, {"松岭乡": 200})

    book = district.after(tmp_path, change)
    assert table(book["总表"])["松岭乡"]["手工改动"] == "手工改动总分"
    assert any(
        str(cell.value).startswith("手工改动：有1个") for row in book["总览"]["A1:A6"] for cell in row if cell.value
    )


def turned(sheet: Any, first: int, last: int) -> None:
    """The rows of a range upside down, as a program sorts: formulas keep the references of their row."""
    rows = range(first, last + 1)
    cells = {row: [cell.value for cell in sheet[row]] for row in rows}
    for row, source in zip(rows, reversed(rows), strict=True):
        for col, value in enumerate(cells[source], 1):
            letter = get_column_letter(col)
            moved = isinstance(value, str) and value.startswith("=")
            text = Translator(value, f"{letter}{source}").translate_formula(f"{letter}{row}") if moved else value
            sheet.cell(row, col).value = text


def test_sorting_a_table_by_its_own_filter_moves_no_total_to_another_unit(district: Ranking, tmp_path: Path) -> None:
    """What the filter takes for the rows is sorted; its first row is that of the arrows."""

    def turn(book: Any) -> None:
        _, first, _, last = range_boundaries(book["总表"].auto_filter.ref)
        turned(book["总表"], int(first or 0) + 1, int(last or 0))
        units = [each.row for each in book["得分明细"]["B"] if each.value in known]
        turned(book["得分明细"], min(units), max(units))

    known = {each["unit"] for each in district.record["subjects"]}
    book = district.after(tmp_path, turn)
    totals, detail = table(book["总表"]), table(book["得分明细"])
    for each in (one for one in district.record["subjects"] if one["rank"]):
        unit = each["unit"]
        assert (totals[unit]["名次"], totals[unit]["总分"]) == (each["rank"], each["total"])
        assert (detail[unit]["名次"], detail[unit]["合计"]) == (each["rank"], each["total"])
        assert (totals[unit]["手工改动"] or "") == ""


def test_the_filter_of_a_table_takes_in_the_subjects_and_nothing_else(district: Ranking) -> None:
    book: Any = load_workbook(district.path)
    for name, top in (("总表", "满分"), ("自评与核定", "合计")):
        sheet = book[name]
        _, first, _, _ = range_boundaries(sheet.auto_filter.ref)
        assert any(str(cell.value).startswith(top) for cell in sheet[first]), name


def test_the_rank_within_a_category_is_right_whatever_the_category_is_called(tmp_path: Path) -> None:
    """No category, which is none to have a rank in; one like a condition, one with a wildcard, figures as text."""
    kinds = ["", "", ">5", ">5", "A*", "AB", "01", "1"]
    units = {f"单位{k}": {**PERFECT, "重复来信件数": k} for k in range(len(kinds))}
    run = Round(tmp_path, units)
    roster = tmp_path / "类.csv"
    roster.write_text("单位,类别\n" + "\n".join(f"单位{k},{kind}" for k, kind in enumerate(kinds)), "utf-8")
    record = run.grade("--roster", roster)
    ranking = Ranking(run.results / "排名.xlsx", record)
    live = table(ranking.after(tmp_path, lambda book: None)["总表"])
    totals = {each["unit"]: each["total"] for each in record["subjects"]}
    for k, kind in enumerate(kinds):
        mine = totals[f"单位{k}"]
        place = 1 + sum(totals[f"单位{n}"] > mine for n, other in enumerate(kinds) if other == kind)
        assert live[f"单位{k}"]["类内名次"] == (place if kind else "—"), (k, kind)


def test_a_tier_that_the_total_alone_does_not_decide_stays_what_the_engine_said(tmp_path: Path) -> None:
    text = resources.files("xfkh").joinpath("schemes/district.toml").read_text("utf-8")
    own = tmp_path / "自有.toml"
    own.write_text(text.replace("condition = '总分>=90'", "condition = '名次<=2'", 1), "utf-8")
    assert own.read_text("utf-8") != text
    run = Round(tmp_path, {f"单位{k}": {**PERFECT, "重复来信件数": k} for k in range(4)}, scheme=str(own))
    record = run.grade("--scheme", own)
    live = Ranking(run.results / "排名.xlsx", record).after(tmp_path, lambda book: None)
    for each in record["subjects"]:
        given = [one["id"] for one in each["outcomes"] if one["id"].endswith("等奖")]
        assert table(live["总表"])[each["unit"]]["等次"] == (given or ["未入等次"])[0]
    assert "等次不随改动变" in str(live["总表"]["A3"].value)


@pytest.mark.parametrize("scheme", ["district", "xinyang"])
def test_the_sums_of_self_against_verified_say_how_many_lines_they_leave_out(
    scheme: str, request: pytest.FixtureRequest
) -> None:
    """Whoever adds up what is shown comes to the sums, but for the lines that the sums say they leave out."""
    sheet: Any = load_workbook(request.getfixturevalue(scheme).path, data_only=True)["自评与核定"]
    rows: list[Any] = list(sheet.iter_rows(values_only=True))
    at = next(k for k, row in enumerate(rows) if str(row[0]).startswith("合计"))
    first = rows[at - 1].index("自评得分")
    shown = [row[first : first + 3] for row in rows[at + 1 :] if row[0]]
    both = [row for row in shown if isinstance(row[0], int | float) and isinstance(row[1], int | float)]
    alone = sum(isinstance(row[0], int | float) or isinstance(row[1], int | float) for row in shown) - len(both)
    assert rows[at][first : first + 3] == tuple(pytest.approx(sum(row[k] for row in both)) for k in range(3))
    assert rows[at][0] == (f"合计（不含缺自评或核定分的{alone}行）" if alone else "合计")
    assert alone or scheme == "district"


# --- what only a run of the program can judge ------------------------------------------------------


def test_outcomes_on_the_overview_never_stand_beside_another_unit(liaocheng: Ranking, tmp_path: Path) -> None:
    before = block(load_workbook(liaocheng.path, data_only=True)["总览"], "名次靠前")
    assert before[0][3] == "通报表彰、记功" and before[1][3].startswith("一票否决：否决3；")
    book = liaocheng.after(tmp_path, lambda book: typed(book, {"汀洲乡": 99, "稻溪镇": 50}))
    found = block(book["总览"], "名次靠前")
    assert [row[:3] for row in found[:2]] == [[1, "汀洲乡", 99], [2, "望澜镇", 96]]
    assert {row[3] for row in found} == {"未按改动重算"}


def test_a_veto_that_the_total_decides_follows_the_total(liaocheng: Ranking, tmp_path: Path) -> None:
    book = liaocheng.after(tmp_path, lambda book: typed(book, {"汀洲乡": 99, "稻溪镇": 50, "槐序乡": 59.99}))
    totals, kind = table(book["总表"]), table(book["类别_乡镇"], "类内名次")
    wanted = {"汀洲乡": "无", "稻溪镇": "否决3、否决4", "槐序乡": "否决4", "望澜镇": "无"}
    assert {unit: totals[unit]["一票否决"] for unit in wanted} == wanted
    assert {unit: kind[unit]["一票否决"] for unit in wanted} == wanted
    overview = book["总览"]
    tile = next(cell for row in overview.iter_rows() for cell in row if cell.value == "一票否决")
    assert overview.cell(tile.row - 1, tile.column).value == 3
    word, count, names = next(row for row in block(overview, "要留意的单位") if row[0] == "一票否决")
    assert (word, count) == ("一票否决", 3) and names == "现在的见「总表」；原为：稻溪镇、汀洲乡、栗坡镇"


def test_a_target_that_the_total_decides_is_not_shown_after_a_trial(liaocheng: Ranking, tmp_path: Path) -> None:
    book = liaocheng.after(tmp_path, lambda book: typed(book, {"汀洲乡": 99}))
    goals = {row[0]: row[1:] for row in block(book["总览"], "工作目标")}
    assert goals["考评总分95分以上"] == ["未重算", "未重算"]
    assert goals["信访案件按期查结率100%"] == [10, 3], "no total changes it"
    assert table(book["工作目标"])["汀洲乡"]["考评总分95分以上"] == "未重算"


def test_words_of_the_run_say_that_they_are_of_before_a_trial(liaocheng: Ranking, tmp_path: Path) -> None:
    before = table(load_workbook(liaocheng.path, data_only=True)["总表"])
    book = liaocheng.after(tmp_path, lambda book: typed(book, {"汀洲乡": 99}))
    for unit, row in table(book["总表"]).items():
        if unit in before and before[unit]["状态"] not in (None, "未报"):
            moved = row["手工改动"] or (row["名次"] != before[unit]["名次"]) or before[unit]["状态"] == "暂定"
            start = "未按改动重算；原为：" if moved else ""
            assert row["结果和备注"] == f"{start}{before[unit]['结果和备注']}", unit
    kind = table(book["类别_乡镇"], "类内名次")
    assert kind["望澜镇"]["结果"] == "未按改动重算；原为：通报表彰、记功"


def test_shortlists_of_units_and_persons_never_move_to_another(xinyang: Ranking, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for item in ("4.1", "4.2", "3.2"):
            cell_of(book["得分明细"], "云川县", item).value = 0

    overview = xinyang.after(tmp_path, change)["总览"]
    assert "云川县" not in [row[1] for row in block(overview, "名次靠前")]
    assert {row[3] for row in block(overview, "名次靠前")} == {"未按改动重算"}
    assert block(overview, "结果") == [["先进单位（名单）", "未重算"], ["问责（单位）", "未重算"],
                                       ["先进个人（名单）", "未重算"], ["问责（个人）", "未重算"]]  # fmt: skip


def test_lost_points_and_tiers_are_the_same_in_the_table_the_chart_and_the_details(
    district: Ranking, tmp_path: Path
) -> None:
    def change(book: Any) -> None:
        sheet = book["得分明细"]
        for address in ("F6", "G6", "L12"):
            sheet[address].value = 0
        for row in range(6, 14):
            sheet.cell(row, cell_of(sheet, "东风街道", "十2").column).value = -30

    book = district.after(tmp_path, change)
    overview, detail = book["总览"], book["得分明细"]
    lost = block(overview, "失分最多的指标")
    assert lost[0][0].startswith("十2 ") and [row[1] for row in lost] == sorted((row[1] for row in lost), reverse=True)
    heads = {str(cell.value).replace("\n", " "): cell.column for cell in detail[4] if cell.value}
    sums, losers = (
        next(row for row in detail.iter_rows() if row[1].value == name) for name in ("失分合计", "失分单位")
    )
    for name, points, count, _ in lost:
        assert (sums[heads[name] - 1].value, losers[heads[name] - 1].value) == (points, count)
    tiers = [row["等次"] for row in table(book["总表"]).values()]
    counts = {row[0].partition("（")[0]: row[1] for row in block(overview, "结果和金额")}
    drawn = {row[14].value: row[15].value for row in overview.iter_rows() if row[14].value}
    for tier in ("一等奖", "二等奖", "三等奖"):
        assert counts[tier] == drawn[tier] == tiers.count(tier)
    assert all(drawn.get(name) == points for name, points, *_ in lost)


def test_money_is_not_shown_once_a_trial_may_have_changed_it(district: Ranking, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        cell_of(book["得分明细"], "东风街道", "一1").value = 0

    overview = district.after(tmp_path, change)["总览"]
    rows = {row[0].partition("（")[0]: row for row in block(overview, "结果和金额")}
    assert rows["一等奖"][2:] == ["未重算", "未重算"] == rows["金额合计"][-2:]
    assert rows["四无"][1:] == ["未重算"] * 3, "one table, one result"
    words = [cell.value for row in overview.iter_rows() for cell in row]
    assert 319000 not in words and "未重算" in words
    assert all(row[3] == "南湖乡等2个单位" or row[1] for row in block(overview, "失分最多的指标"))


def test_a_total_typed_for_an_open_unit_ranks_it_everywhere(district: Ranking, tmp_path: Path) -> None:
    book = district.after(tmp_path, lambda book: typed(book, {"柳林街道": 200, "金沙乡": 10}))
    totals = table(book["总表"])
    assert (totals["柳林街道"]["名次"], totals["柳林街道"]["等次"], totals["东风街道"]["名次"]) == (1, "一等奖", 2)
    assert {totals[unit]["手工改动"] for unit in ("柳林街道", "金沙乡")} == {"手工改动总分"}
    assert block(book["总览"], "名次靠前")[0] == [1, "柳林街道", 200, "一等奖"]
    assert table(book["类别_街道"], "类内名次")["柳林街道"]["类内名次"] == 1
    assert table(book["得分明细"])["柳林街道"]["名次"] == 1


def test_pages_of_the_run_say_so_after_a_trial(district: Ranking, tmp_path: Path) -> None:
    before = district.after(tmp_path, lambda book: None)
    book = district.after(tmp_path, lambda book: typed(book, {"松岭乡": 200}))
    for name in ("自评与核定", "口径影响"):
        assert book[name]["A3"].value == f"得分改过，本页的数没有随之重算。{before[name]['A3'].value}"


@pytest.mark.parametrize("scheme", ["district", "liaocheng", "xinyang"])
def test_every_stored_value_is_what_the_office_computes(
    scheme: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    ranking: Ranking = request.getfixturevalue(scheme)
    stored, live = load_workbook(ranking.path, data_only=True), ranking.after(tmp_path, lambda book: None)
    for sheet in stored:
        for row in sheet.iter_rows():
            for cell in row:
                now = live[sheet.title][cell.coordinate].value
                same = now == (pytest.approx(cell.value) if isinstance(cell.value, int | float) else cell.value)
                assert same or not (now or cell.value), (sheet.title, cell.coordinate)
