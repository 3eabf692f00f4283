"""Groups with items, weights and full marks of their own; items that do not count; units listed apart.

The scheme is ``offices/groups.toml``; all figures by hand. Counties have 100 points, districts and departments 70."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from openpyxl import load_workbook

from tests import float64, office
from tests.rounds import Round, call, opened, table
from tests.test_charts import figures
from tests.test_live import cell_of
from tests.test_live import table as shown
from xfkh.job import Job
from xfkh.pipeline import grade
from xfkh.scheme import SchemeError, read_text

SCHEME = Path(__file__).parent / "offices" / "groups.toml"
YES, NO = True, False
UNITS: dict[str, dict[str, object]] = {
    "甲县": {"应办件数": 10, "办结件数": 9, "下派件数": 0, "退回件数": 1, "有制度": YES, "下访次数": 3, "信息篇数": 5},
    "乙县": {"应办件数": 20, "办结件数": 20, "下派件数": 0, "退回件数": 0, "有制度": YES, "下访次数": 4, "信息篇数": 9},
    "丁区": {"应办件数": 3, "办结件数": 1, "下派件数": 0, "退回件数": 0, "有制度": YES, "信息篇数": 3},
    "戊区": {"应办件数": 0, "办结件数": 0, "下派件数": 2, "退回件数": 5, "有制度": YES, "信息篇数": 4},
    "己局": {"应办件数": 0, "办结件数": 0, "下派件数": 0, "退回件数": 0, "有制度": YES, "信息篇数": 2},
    "庚局": {"应办件数": 3, "办结件数": 3, "下派件数": 3, "退回件数": 0, "有制度": NO, "信息篇数": 2},
    "辛局": {"应办件数": 2, "办结件数": 1, "下派件数": 0, "退回件数": 0, "有制度": YES, "信息篇数": 7},
}  # fmt: skip
GROUPS = {"县": "县组", "区": "区组", "局": "部门组"}
COLUMNS = ["应办件数", "办结件数", "下派件数", "退回件数", "有制度", "下访次数", "信息篇数"]
Record = dict[str, dict[str, Any]]


class Office:
    """A round of the scheme in a folder."""

    heads = "单位,类别"

    def __init__(self, folder: Path, scheme: Path = SCHEME, units: dict[str, dict[str, object]] = UNITS,
                 groups: Mapping[str, str] = MappingProxyType({})) -> None:  # fmt: skip
        self.folder, self.out = folder, folder / "结果"
        rows = [f"{unit},{groups.get(unit, GROUPS[unit[-1]])}" for unit in units]
        (folder / "名册.csv").write_text("\n".join([self.heads, *rows]), "utf-8")
        filled = table(folder / "预填.csv", units, COLUMNS)
        known = {each.partition(",")[0] for each in groups.values()} <= {*GROUPS.values()}
        assert call("template", scheme, "--roster", folder / "名册.csv", "--year", 2026, "--prefill", filled,
                    "-o", folder / "发放") == int(not known)  # fmt: skip
        (folder / "收回").mkdir()
        for path in (folder / "发放").glob("*_*.xlsx"):
            shutil.copy(path, folder / "收回" / path.name)

    def form(self, unit: str) -> Path:
        return next((self.folder / "收回").glob(f"{unit}_*.xlsx"))

    def grade(self) -> Record:
        issued = self.folder / "发放" / "发放清单.xlsx"
        call("grade", self.folder / "收回", "-o", self.out, "--issued", issued)
        self.record = json.loads((self.out / "results.json").read_text("utf-8"))
        return {each["unit"]: each for each in self.record["subjects"]}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Record]:
    made = Office(tmp_path_factory.mktemp("分组"))
    return made, made.grade()


def points(record: Record, unit: str) -> dict[str, float]:
    return {id: each["points"] for id, each in record[unit]["items"].items()}


def of(record: Record, unit: str) -> dict[str, float]:
    return {id: each["of"] for id, each in record[unit]["items"].items()}


def test_each_group_has_its_own_items_weights_and_full_marks(graded: tuple[Office, Record]) -> None:
    _, record = graded
    assert of(record, "甲县") == {"一1": 40, "一2": 20, "一3-": 0, "二1": 20, "二2": 20, "二3+": 5}
    assert of(record, "丁区") == {"一1": 40, "一2": 20, "一3-": 0, "二1": 10, "二2": 0, "二3+": 5}
    assert of(record, "辛局") == {"一1": 40, "一2": 0, "一3-": 3, "二1": 30, "二2": 0, "二3+": 5}
    assert points(record, "甲县") == {"一1": 36, "一2": 18, "一3-": 0, "二1": 20, "二2": 15, "二3+": 3}
    assert points(record, "丁区") == {"一1": 13.33, "一2": 20, "一3-": 0, "二1": 10, "二2": 0, "二3+": 3}
    assert points(record, "庚局") == {"一1": 40, "一2": 0, "一3-": -1.5, "二1": 0, "二2": 0, "二3+": 3}
    assert {unit: each["group"] for unit, each in record.items()} == {unit: GROUPS[unit[-1]] for unit in UNITS}


def test_what_is_no_item_of_a_group_costs_it_nothing_and_is_not_asked(graded: tuple[Office, Record]) -> None:
    _, record = graded
    one = record["丁区"]["items"]["二2"]
    assert (one["reason"], one["state"], one["inputs"]) == ("只考县组", "已评", {"类别": "区组"})
    assert record["丁区"]["state"] == "已评"


def test_a_weighted_item_says_so_in_its_reason(graded: tuple[Office, Record]) -> None:
    _, record = graded
    assert record["丁区"]["items"]["二1"]["reason"] == "有制度为“是”，得20分；权重50%，计10分"
    assert record["甲县"]["items"]["二1"]["reason"] == "有制度为“是”，得20分"


def test_groups_are_ranked_separately_and_their_first_is_the_first(graded: tuple[Office, Record]) -> None:
    _, record = graded
    assert {unit: each["rank"] for unit, each in record.items()} == {
        "甲县": 2, "乙县": 1, "丁区": 2, "戊区": 1, "己局": None, "庚局": 2, "辛局": 1}  # fmt: skip
    best = {unit for unit, each in record.items() if any(one["id"] == "一等奖" for one in each["outcomes"])}
    assert best == {"乙县", "戊区", "辛局"}


def test_the_only_first_of_its_group_is_told_of_no_tie(graded: tuple[Office, Record]) -> None:
    _, record = graded
    assert record["乙县"]["outcomes"][0]["because"] == "本组第一（第1名）"


def test_places_and_bonuses_count_within_the_group(graded: tuple[Office, Record]) -> None:
    """戊区 has fewer than 甲县, and is the first of the districts."""
    _, record = graded
    assert {unit: each["items"]["二3+"]["points"] for unit, each in record.items()} == {
        "甲县": 3, "乙县": 5, "丁区": 3, "戊区": 5, "己局": 3, "庚局": 3, "辛局": 5}  # fmt: skip


def test_where_an_item_does_not_count_the_rest_is_brought_to_the_full_marks_of_the_group(
    graded: tuple[Office, Record],
) -> None:
    """戊区: 一2 10 of 20 (5 sent back), 二1 10 of 10; 20 of 30 are 46.67 of 70, and 5 for its articles."""
    _, record = graded
    one = record["戊区"]
    assert (one["items"]["一1"]["points"], one["items"]["一1"]["of"]) == (0, 0)
    assert one["items"]["一1"]["reason"] == "应办件数为0，不计入"
    assert one["total"] == 51.67
    assert one["conversion"] == "20分÷满分30×70"
    assert "conversion" not in record["丁区"]
    assert record["丁区"]["total"] == 46.33


def test_a_weight_that_does_not_come_out_even_gives_a_full_mark_of_two_decimals_also_for_the_conversion(
    tmp_path: Path,
) -> None:
    """戊区: 二1 is worth 6.67, 10 + 6.67 of 26.67, brought to 66.67, are 41.67; of thirds they would be 41.68."""
    text = SCHEME.read_text("utf-8").replace("区组:50%", "区组:1/3")
    (tmp_path / "s.toml").write_text(text, "utf-8")
    made = Office(tmp_path, tmp_path / "s.toml")
    record = made.grade()
    assert (record["戊区"]["items"]["二1"]["of"], record["戊区"]["items"]["二1"]["points"]) == (6.67, 6.67)
    assert record["戊区"]["items"]["二1"]["reason"] == "有制度为“是”，得20分；权重1/3，计6.67分"
    assert record["戊区"]["conversion"] == "16.67分÷满分26.67×66.67"
    assert record["戊区"]["total"] == 46.67
    assert _form(made.form("戊区"))["#二1"][:2] == (6.67, 6.67)


def test_without_conversion_the_points_stay_as_they_are(tmp_path: Path) -> None:
    plain = tmp_path / "s.toml"
    plain.write_text(SCHEME.read_text("utf-8").replace('shrunk = "折算"', 'shrunk = "不折算"'), "utf-8")
    record = Office(tmp_path, plain).grade()
    assert (record["戊区"]["total"], record["戊区"]["items"]["一1"]["of"]) == (25, 0)


def test_a_unit_without_any_case_is_listed_apart_and_nobody_ranks_behind_it(graded: tuple[Office, Record]) -> None:
    made, record = graded
    one = record["己局"]
    assert (one["apart"], one["state"], one["total"], one["rank"]) == (True, "已评", 73, None)
    assert [each["id"] for each in one["outcomes"]] == ["单列名单"]
    row = shown(load_workbook(made.out / "排名.xlsx", data_only=True)["总表"])["己局"]
    # the 30 that counted are converted to the 70 of its group; 3 are a bonus
    assert (row["名次"], row["总分"], row["满分"]) == ("—", "单列", 70)
    assert row["结果和备注"].startswith("单列，不排名；总分 73；折算：30分÷满分30×70")


def test_facts_still_count_of_who_is_listed_apart(tmp_path: Path) -> None:
    """通报批评 rests on a count, not on points or places."""
    units = {**UNITS, "己局": {**UNITS["己局"], "退回件数": 3}}
    record = Office(tmp_path, units=units).grade()
    assert [each["id"] for each in record["己局"]["outcomes"]] == ["通报批评", "单列名单"]


BY_RANK = """
[[part.outcome]]
id = "信息先进"
kind = "荣誉"
condition = 'AND(有制度="是",RANK(信息篇数,有制度="是")<=1)'
clause = "三(四)"
because = "信息最多"
[[part.outcome]]
id = "高于平均"
kind = "名单"
condition = '信息篇数>AVERAGEIF(信息篇数,有制度="是")'
clause = "三(五)"
because = "信息高于平均"
"""


def by_rank(folder: Path, units: dict[str, dict[str, object]] = UNITS) -> Office:
    text, mark = SCHEME.read_text("utf-8"), "[[part.case]]"
    (folder / "s.toml").write_text(text.replace(mark, f"{BY_RANK}\n{mark}", 1), "utf-8")
    return Office(folder, folder / "s.toml", units)


def given(record: Record, id: str) -> set[str]:
    return {unit for unit, each in record.items() if any(one["id"] == id for one in each["outcomes"])}


def test_a_rank_that_a_condition_works_out_itself_counts_within_the_group(tmp_path: Path) -> None:
    """乙县 has 9, the most of all; 戊区 has 4 and 辛局 7, the most of their groups. The means are 7, 3.5 and 7."""
    record = by_rank(tmp_path).grade()
    assert given(record, "信息先进") == {"乙县", "戊区", "辛局"}
    assert given(record, "高于平均") == {"乙县", "戊区"}
    (one,) = [each for each in record["戊区"]["outcomes"] if each["id"] == "信息先进"]
    assert one["because"] == "信息最多（信息篇数4，本组有制度为“是”的单位中第1名，名额1）"


def test_only_an_open_unit_of_its_own_group_leaves_such_a_rank_open(tmp_path: Path) -> None:
    made = by_rank(tmp_path)
    made.form("甲县").unlink()
    record = made.grade()
    pending = {unit: one["pending"] for unit in ("乙县", "戊区", "辛局") for one in record[unit]["outcomes"]
               if one["id"] == "信息先进"}  # fmt: skip
    assert pending == {"乙县": True, "戊区": False, "辛局": False}


def test_an_open_unit_of_another_group_leaves_a_rank_as_it_is(tmp_path: Path) -> None:
    made = Office(tmp_path)
    made.form("甲县").unlink()
    record = made.grade()
    assert record["乙县"]["pending"]
    assert {unit: record[unit]["pending"] for unit in ("丁区", "戊区", "己局", "庚局", "辛局")} == dict.fromkeys(
        ("丁区", "戊区", "己局", "庚局", "辛局"), False
    )


def test_a_group_that_the_scheme_does_not_know_is_told_and_nothing_is_guessed(tmp_path: Path) -> None:
    record = Office(tmp_path, groups={"丁区": "镇组"}).grade()
    assert record["丁区"]["state"] == "暂定"
    assert record["丁区"]["rank"] is None
    made = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    told = [each["message"] for each in made["findings"] if each["unit"] == "丁区" and each["level"] != "提示"]
    assert any("县组、区组、部门组" in each for each in told), told


def test_what_the_roster_lacks_is_told_of_the_roster_and_not_of_the_return(tmp_path: Path) -> None:
    made = Office(tmp_path, groups={"丁区": ""})
    record = made.grade()
    assert record["丁区"]["state"] == "暂定"
    told = [each for each in made.record["findings"] if "类别" in each["message"] and each["level"] == "错误"]
    assert [(each["message"], each["unit"], each["sheet"]) for each in told] == [
        ("类别：名册里没有写，这个值没有使用", "丁区", "名册")]  # fmt: skip


def test_the_form_shows_each_group_its_own_items(graded: tuple[Office, Record]) -> None:
    """丁区: 二2 is not its item, 二1 is worth 10; 戊区 sees that 一1 does not count."""
    made, record = graded
    rows = {unit: _form(made.form(unit)) for unit in UNITS}
    assert rows["丁区"]["#二2"] == (0, 0, "不考")
    assert rows["丁区"]["下访次数"][2] == "不用填"
    assert rows["丁区"]["#二1"] == (10, 10, "")
    assert rows["丁区"]["#二"] == (10, 10, "")
    assert rows["戊区"]["#一1"] == (0, 0, "不计入")
    assert rows["戊区"]["#一"][:2] == (20, 10)
    for unit, one in rows.items():
        for id, item in record[unit]["items"].items():
            if item["self_points"] is not None:
                assert one[f"#{id}"][1] == item["self_points"], (unit, id)


def _form(path: Path) -> dict[str, tuple[Any, Any, Any]]:
    """Points, score and status of every row of 填报, as plain doubles compute them."""
    values = float64.evaluate(path)["填报"]
    found = {}
    for row in range(5, 60):
        name = values.get(f"A{row}") or f"#{values.get(f'B{row}')}"
        full, score, status = (values.get(f"{col}{row}", "") for col in "JKL")
        found[str(name)] = (_plain(full), score, status or "")
    return found


def test_how_units_are_ranked_is_said_in_the_form_and_beside_the_ranking(graded: tuple[Office, Record]) -> None:
    made, _ = graded
    for path in (made.form("丁区"), made.out / "排名.xlsx"):
        said = "\n".join(str(row[0]) for row in load_workbook(path)["说明"].iter_rows(values_only=True))
        assert "分组排名次：县组、区组、部门组各排各的" in said
        assert "基本分÷计入的满分×本组满分" in said
        assert "应办件数＝0，且下派件数＝0的单列，不排名次" in said


def _plain(value: object) -> object:
    """A full mark as a number, also where it is printed as text."""
    return float(str(value)) if str(value).replace(".", "").isdigit() else value


def filled_in(values: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Any]:
    return {(sheet, at): value for sheet, cells in values.items() for at, value in cells.items() if value != ""}


@pytest.mark.slow
@office.require_office
def test_the_ranking_recalculates_to_the_same_and_follows_a_trial_within_the_group(
    graded: tuple[Office, Record], tmp_path: Path
) -> None:
    made, _ = graded
    path = made.out / "排名.xlsx"
    now, before = map(filled_in, (office.recalculated_values([path])[path], office.cached_values(path)))
    assert now == before
    book = load_workbook(path)
    cell_of(book["得分明细"], "乙县", "一1").value = 10
    cell_of(book["得分明细"], "戊区", "一2").value = 20
    book.save(tmp_path / "改.xlsx")
    saved = office.recalculate([tmp_path / "改.xlsx"], tmp_path / "算")[tmp_path / "改.xlsx"]
    after = shown(load_workbook(saved, data_only=True)["总表"])
    # 30 of 30 are 70
    assert {unit: (row["名次"], row["总分"]) for unit, row in after.items() if row["名次"] is not None} == {
        "甲县": (1, 92), "乙县": (2, 75), "戊区": (1, 75), "丁区": (2, 46.33), "辛局": (1, 55), "庚局": (2, 41.5),
        "己局": ("—", "单列")}  # fmt: skip
    assert after["戊区"]["手工改动"] == "手工改动1格"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('group = "类别"', 'group = "有制度"', "不是列出了选项的填报项，可以是：类别"),
        ('group = "类别"\n', "", "写了适用，「方案」表里的“分组”还没有写按哪个填报项分"),
        ('groups = "县组"\n', 'groups = "县组、镇组"\n', "没有叫「镇组」的组，只有：县组、区组、部门组"),
        ('groups = "县组"\n', 'groups = "县组、县组"\n', "「县组」写了两次"),
        ('groups = "县组"\n', 'groups = "县组:0"\n', "权重要大于0"),
        ('groups = "县组"\n', 'groups = "县组:多"\n', "「多」不是数"),
        ('shrunk = "折算"\n', "", "一1 有不计入的时候，要写明总分怎么办：折算（按满分折算）或不折算"),
        ('shrunk = "折算"\n', 'shrunk = "算了"\n', "只能是折算或不折算"),
        ("AND(应办件数=0,下派件数=0)", "AND(应办件数=0,下派数=0)", "没有叫「下派数」的填报项"),
        ("AND(应办件数=0,下派件数=0)", "类别='乡组'", "「类别」的选项里没有「乡组」，只有：县组、区组、部门组"),
        ('options = ["县组", "区组", "部门组"]', 'options = ["县组", "县组"]', "有的选项写了两次"),
        ('name = "有制度"\nkind', 'name = "有制度"\noptions = ["甲"]\nkind', "只有来源是名册的文字可以列选项"),
    ],
)
def test_what_cannot_stand_is_told(old: str, new: str, said: str) -> None:
    text = SCHEME.read_text("utf-8")
    assert old in text
    with pytest.raises(SchemeError) as caught:
        read_text(text.replace(old, new.replace("'", r"\"") if "类别='" in new else new))
    assert any(said in each.message for each in caught.value.findings), [each.message for each in caught.value.findings]


def test_faults_of_the_head_stand_on_its_cells_and_nothing_that_follows_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("scheme", "export", SCHEME, "-o", tmp_path / "办法.xlsx") == 0
    book = load_workbook(tmp_path / "办法.xlsx")
    cells = {row[0].value: row[1] for row in book["方案"].iter_rows()}
    cells["分组"].value, cells["单列"].value, cells["不计入的满分"].value = "有制度", "没有=0", None
    book.save(tmp_path / "错.xlsx")
    capsys.readouterr()
    assert call("scheme", "check", tmp_path / "错.xlsx", "--json") != 0
    told = json.loads(capsys.readouterr().out)["findings"]
    assert sorted((each["sheet"], each["cell"]) for each in told) == sorted(
        ("方案", cells[name].coordinate) for name in ("分组", "单列", "不计入的满分")
    )


def test_a_blank_form_waits_until_its_group_is_chosen(tmp_path: Path) -> None:
    assert call("template", SCHEME, "--blank", "-o", tmp_path) == 0
    path = next(tmp_path.glob("*.xlsx"))
    rows = _form(path)
    assert rows["#二2"] == (20, "待填", "")
    assert rows["下访次数"][2] == "未填"
    sheet = load_workbook(path)["填报"]
    place = next(row[3] for row in sheet.iter_rows() if row[0].value == "类别")
    assert not place.protection.locked
    assert any(each.formula1 == '"县组,区组,部门组"' for each in sheet.data_validations.dataValidation)


# --- nobody is compared with who is listed apart

RIVALS = (
    opened("bijiao", "同别的单位比")
    + """
[[part]]
name = "单位"
apart = '新组建="是"'
section = [{ id = "一", title = "比", points = 50, clause = "一" }]
input = [
  { name = "新组建", kind = "是否", origin = "名册" }, { name = "受理", kind = "件数" },
  { name = "应回访", kind = "件数" }, { name = "回访", kind = "件数" },
]
item = [
  { id = "一1", section = "一", title = "名次得分", points = 10, clause = "一", rule = [
    { kind = "名次得分", input = "受理", places = "1:10, 2:8, 3:6", others = 4 }] },
  { id = "一2", section = "一", title = "均值", points = 10, clause = "一", rule = [
    { kind = "与均值比", input = "受理", bands = "(,0%]:10；(0%,50%]:5；(50%,):0", empty = "计满分" }] },
  { id = "一3", section = "一", title = "取均值", points = 10, clause = "一", rule = [
    { kind = "按率得分", value = "回访/应回访", empty = "取均值" }] },
  { id = "一4", section = "一", title = "公式名次", points = 10, clause = "一", rule = [
    { kind = "公式", formula = "10-RANK(受理,TRUE())" }] },
  { id = "一5", section = "一", title = "公式平均", points = 10, clause = "一", rule = [
    { kind = "公式", formula = "IF(受理<=AVERAGEIF(受理,TRUE()),10,0)" }] },
  { id = "一6+", section = "一", title = "名次加分", points = 3, clause = "一", rule = [
    { kind = "名次加分", input = "受理", places = "1:3, 2:2, 3:1" }] },
]
outcome = [
  { id = "通报", kind = "问责", condition = "OR(RANK(-总分,TRUE())<=1,受理>=300)", clause = "二", because = "末位" },
  { id = "不奖", kind = "名单", condition = "NOT(总分>=99)", clause = "二", because = "不到99分" },
]
"""
)
NEW: dict[str, dict[str, object]] = {
    "甲": {"新组建": NO, "受理": 100, "应回访": 10, "回访": 5},
    "乙": {"新组建": NO, "受理": 60, "应回访": 0, "回访": 0},
    "丙": {"新组建": NO, "受理": 40, "应回访": 10, "回访": 10},
    "新": {"新组建": YES, "受理": 300, "应回访": 10, "回访": 10},
}  # fmt: skip


def rivals(folder: Path) -> Round:
    scheme = folder / "比.toml"
    scheme.write_text(RIVALS, "utf-8")
    return Round(folder / "轮", NEW, scheme=str(scheme), reviewed=(), attributes=("新组建",))


def test_who_is_listed_apart_is_nobodys_rival_in_items_either(tmp_path: Path) -> None:
    """The mean of the others is 66.67; 乙, without a denominator, has the mean of 甲 and 丙."""
    record = rivals(tmp_path).score()
    found = {each["unit"]: {id: one["points"] for id, one in each["items"].items()} for each in record["subjects"]}
    assert found["甲"] == {"一1": 10, "一2": 5, "一3": 5, "一4": 9, "一5": 0, "一6+": 3}
    assert found["乙"] == {"一1": 8, "一2": 10, "一3": 7.5, "一4": 8, "一5": 10, "一6+": 2}
    assert found["丙"] == {"一1": 6, "一2": 10, "一3": 10, "一4": 7, "一5": 10, "一6+": 1}
    # its own points are those of the place that it would have
    assert found["新"] == {"一1": 10, "一2": 0, "一3": 10, "一4": 9, "一5": 0, "一6+": 3}


def test_who_is_listed_apart_has_what_holds_whatever_the_places_are(tmp_path: Path) -> None:
    record = rivals(tmp_path).score()
    given = {each["unit"]: [one["id"] for one in each["outcomes"]] for each in record["subjects"]}
    assert given == {"甲": ["通报", "不奖"], "乙": ["不奖"], "丙": ["不奖"], "新": ["通报"]}


@office.require_office
def test_the_ranking_recalculated_compares_nobody_with_who_is_listed_apart(tmp_path: Path) -> None:
    made = rivals(tmp_path)
    record = {each["unit"]: each for each in made.grade()["subjects"]}
    copy = office.with_sentinels(made.results / "排名.xlsx", tmp_path / "重算.xlsx")
    book = load_workbook(office.recalculate([copy], tmp_path / "存")[copy], data_only=True)
    rows = shown(book["得分明细"])
    for unit, each in record.items():
        assert {id: rows[unit][id] for id in each["items"]} == {id: one["points"] for id, one in each["items"].items()}
    row = next(row for row in book["比较数据"].iter_rows(values_only=True) if row[1] == "新")
    assert row.count("单列") == 5, "six items, of which 一1 and 一6+ read the same place"


class Mixed(Office):
    """The same where the groups are no 类别: of two categories one has units of all groups."""

    heads = "单位,组别,类别"

    def __init__(self, folder: Path) -> None:
        scheme = folder / "另分组.toml"
        text = SCHEME.read_text("utf-8").replace('group = "类别"', 'group = "组别"')
        scheme.write_text(text.replace('name = "类别"', 'name = "组别"'), "utf-8")
        units = {**UNITS, "丙县": UNITS["甲县"]}
        kinds = {unit: f"{GROUPS[unit[-1]]},{'新区' if unit == '丙县' else '老区'}" for unit in units}
        super().__init__(folder, scheme, units, kinds)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mixed, Record]:
    made = Mixed(tmp_path_factory.mktemp("另分组"))
    return made, made.grade()


def test_where_groups_are_no_categories_no_page_gives_a_place_across_groups(mixed: tuple[Mixed, Record]) -> None:
    made, record = mixed
    book = load_workbook(made.out / "排名.xlsx", data_only=True)
    totals = shown(book["总表"])
    assert "类内名次" not in totals["甲县"] and totals["甲县"]["组"] == "县组"
    rows = shown(book["类别_老区"], "组内名次")
    assert {(row["组"], row["组内名次"]): unit for unit, row in rows.items() if row["组内名次"] not in (None, "—")} == {
        (record[unit]["group"], record[unit]["rank"]): unit for unit in rows if record.get(unit, {}).get("rank")
    }
    assert not {"类内名次", "全体名次"} & set(rows["甲县"])
    assert "类内名次" not in str(list(load_workbook(made.out / "反馈" / "甲县_反馈.xlsx")["反馈"].values))


def test_the_place_in_a_category_counts_those_of_the_group_alone(mixed: tuple[Mixed, Record]) -> None:
    made, _ = mixed
    job = Job([made.folder / "收回"], made.out, issued=made.folder / "发放" / "发放清单.xlsx", jobs=1)
    scores = grade(job).parts[0].scores
    found = {each.unit: (scores.rank(row), scores.rank_in_category(row)) for row, each in enumerate(scores.subjects)}
    assert found["丙县"] == (found["甲县"][0], 1), "alone in its category, and as good as 甲县"
    assert {found["甲县"][1], found["乙县"][1]} == {1, 2}
    assert all(place == own for unit, (place, own) in found.items() if unit[-1] != "县")


def test_where_a_group_is_a_category_its_page_gives_one_place(graded: tuple[Office, Record]) -> None:
    made, record = graded
    rows = shown(load_workbook(made.out / "排名.xlsx", data_only=True)["类别_县组"], "类内名次")
    assert "全体名次" not in rows["甲县"]
    assert {unit: row["类内名次"] for unit, row in rows.items() if unit in UNITS} == {
        unit: record[unit]["rank"] for unit in ("甲县", "乙县")
    }


def test_the_bars_of_groups_stand_group_by_group_and_say_whose_place_it_is(mixed: tuple[Mixed, Record]) -> None:
    made, record = mixed
    sheet = load_workbook(made.out / "排名.xlsx", data_only=True)["图表"]
    (_, *bars) = figures(sheet, "总分（按组排列")
    groups = ("县组", "区组", "部门组")
    ranked = sorted((each for each in record.values() if each["rank"]),
                    key=lambda each: (groups.index(each["group"]), each["rank"]))  # fmt: skip
    assert [tuple(bar) for bar in bars] == [
        (f"{each['group']}{each['rank']}　{each['unit']}", each["total"]) for each in ranked
    ]


def test_the_points_say_whether_an_item_is_not_asked_or_has_nothing_to_count(graded: tuple[Office, Record]) -> None:
    made, _ = graded
    sheet = load_workbook(made.out / "排名.xlsx")["得分明细"]
    assert cell_of(sheet, "戊区", "一1").number_format.endswith('"不计入"')
    assert cell_of(sheet, "丁区", "二2").number_format.endswith('"不考"')
    assert cell_of(sheet, "甲县", "二2").number_format == "General"
    page = load_workbook(made.out / "反馈" / "丁区_反馈.xlsx")["反馈"]
    assert "不考" in next(row for row in page.iter_rows(values_only=True) if row[0] == "二2")
