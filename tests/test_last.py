"""Units that are ranked last whatever their points (排到最后), from the scheme to the workbooks.

The scheme is ``offices/last.toml``: 100 points less one a case that is late; who went to Beijing is vetoed, and all who
are vetoed stand last. All places by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests import office, ranked
from tests.parity import Filled
from tests.rounds import call, table
from tests.test_groups import filled_in
from tests.test_live import cell_of, typed
from tests.test_live import table as shown
from xfkh.compare import compare
from xfkh.compare.lines import lines
from xfkh.findings import Level
from xfkh.formula.exact import Interval
from xfkh.model import State
from xfkh.samples import type_in
from xfkh.scheme import SchemeError, load, read_text

SCHEME = Path(__file__).parent / "offices" / "last.toml"
TEXT = SCHEME.read_text("utf-8").partition("\n[[part.case]]")[0]
"""Without its cases, which name inputs that a test renames."""
COLUMNS = ["超期件数", "进京批次", "应化解件数", "化解件数"]
WHERE = {"甲乡": "东片", "乙乡": "东片", "丙镇": "西片", "丁镇": "西片", "戊镇": "西片", "己镇": "东片", "庚乡": "西片"}
Figures = dict[str, tuple[int, ...]]
UNITS: Figures = {
    "甲乡": (5, 1, 0, 0),
    "乙乡": (10, 0, 0, 0),
    "丙镇": (20, 0, 0, 0),
    "丁镇": (20, 0, 0, 0),
    "戊镇": (0, 2, 0, 0),
    "己镇": (5, 3, 0, 0),
    "庚乡": (50, 0, 10, 1),
}
HONEST = {"甲乡": 95, "乙乡": 90, "丙镇": 80, "丁镇": 80, "戊镇": 100, "己镇": 95, "庚乡": 50}
PLACES = {"乙乡": 1, "丙镇": 2, "丁镇": 2, "戊镇": 4, "甲乡": 5, "己镇": 5, "庚乡": 7}
"""庚乡 solved less than half in the west: vetoed as well, over the year."""
BY_POINTS = {"戊镇": 1, "甲乡": 2, "己镇": 2, "乙乡": 4, "丙镇": 5, "丁镇": 5, "庚乡": 7}
Record = dict[str, dict[str, Any]]


@dataclass
class Office:
    """A round of the scheme in a folder."""

    folder: Path
    text: str = TEXT
    period: str = "全年"
    columns: Sequence[str] = tuple(COLUMNS)

    def __post_init__(self) -> None:
        self.out, self.scheme = self.folder / "结果", self.folder / "s.toml"
        self.scheme.write_text(self.text, "utf-8")

    def issue(self, units: Figures = UNITS, left: Sequence[str] = ()) -> Office:
        """Templates filled in with the figures and returned, but for those of who is ``left`` out."""
        rows = [f"{unit},{unit[-1]},{WHERE[unit]}" for unit in units]
        (self.folder / "名册.csv").write_text("\n".join(["单位,类别,片区", *rows]), "utf-8")
        told = {unit: dict(zip(self.columns, row, strict=True)) for unit, row in units.items()}
        filled = table(self.folder / "预填.csv", told, self.columns)
        assert call("template", self.scheme, "--roster", self.folder / "名册.csv", "--year", 2026, "--prefill", filled,
                    "--period", self.period, "-o", self.folder / "发放") == 0  # fmt: skip
        (self.folder / "收回").mkdir()
        for path in (self.folder / "发放").glob("*_*.xlsx"):
            if not path.name.startswith(tuple(left) or ("-",)):
                shutil.copy(path, self.folder / "收回" / path.name)
        return self

    def form(self, unit: str) -> Path:
        return next((self.folder / "收回").glob(f"{unit}_*.xlsx"))

    def fill(self, unit: str, **figures: int | None) -> None:
        self.form(unit).write_bytes(type_in(self.form(unit).read_bytes(), figures))

    def grade(self) -> Record:
        call("grade", self.folder / "收回", "-o", self.out, "--issued", self.folder / "发放" / "发放清单.xlsx")
        self.record = json.loads((self.out / "results.json").read_text("utf-8"))
        return {each["unit"]: each for each in self.record["subjects"]}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Record]:
    made = Office(tmp_path_factory.mktemp("排到最后")).issue()
    return made, made.grade()


def each(record: Record, name: str) -> dict[str, Any]:
    return {unit: one[name] for unit, one in record.items()}


def awarded(record: Record, id: str) -> set[str]:
    return {unit for unit, one in record.items() if any(award["id"] == id for award in one["outcomes"])}


# --- places


def test_who_is_vetoed_keeps_the_points_and_stands_behind_all_others(graded: tuple[Office, Record]) -> None:
    _, record = graded
    assert each(record, "total") == HONEST
    assert each(record, "rank") == PLACES
    assert each(record, "last") == {unit: unit in ("甲乡", "戊镇", "己镇", "庚乡") for unit in UNITS}
    assert not any(each(record, "pending").values())


def test_without_the_line_places_are_by_points_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    made = Office(tmp_path, TEXT.replace('last = "一票否决"\n', "")).issue()
    record = made.grade()
    assert each(record, "rank") == BY_POINTS
    assert not any("last" in one for one in record.values())
    assert "排到最后" not in {cell.value for row in load_workbook(made.out / "排名.xlsx")["总表"] for cell in row}


def test_outcomes_go_by_the_place_also_the_last_ones(graded: tuple[Office, Record]) -> None:
    """乙乡 has 90 and is the first; 庚乡 is the last, 甲乡 and 己镇 share the place before."""
    _, record = graded
    assert awarded(record, "一等奖") == {"乙乡"}
    assert awarded(record, "末位名单") == {"庚乡", "甲乡", "己镇"}
    told = {unit: next(one["because"] for one in record[unit]["outcomes"] if one["id"] == "末位名单")
            for unit in ("庚乡", "甲乡")}  # fmt: skip
    assert told == {"庚乡": "最后两名（第7名）", "甲乡": "最后两名（第5名，并列2个）"}


def test_an_annual_veto_puts_nobody_last_in_a_shorter_period(tmp_path: Path) -> None:
    record = Office(tmp_path, period="上半年").issue().grade()
    assert each(record, "last") == {unit: unit in ("甲乡", "戊镇", "己镇") for unit in UNITS}
    assert each(record, "rank") == {"乙乡": 1, "丙镇": 2, "丁镇": 2, "庚乡": 4, "戊镇": 5, "甲乡": 6, "己镇": 6}


def test_of_groups_each_has_its_own_last(tmp_path: Path) -> None:
    text = TEXT.replace('last = "一票否决"', 'last = "一票否决"\ngroup = "片区"')
    record = Office(tmp_path, text).issue().grade()
    assert each(record, "rank") == {"乙乡": 1, "甲乡": 2, "己镇": 2, "丙镇": 1, "丁镇": 1, "戊镇": 3, "庚乡": 4}
    assert awarded(record, "末位名单") == {"甲乡", "己镇", "戊镇", "庚乡"}


def test_who_is_listed_apart_has_no_place_and_is_not_the_last(tmp_path: Path) -> None:
    text = TEXT.replace('last = "一票否决"', 'last = "一票否决"\napart = "进京批次>=3"')
    record = Office(tmp_path, text).issue().grade()
    assert (record["己镇"]["rank"], record["己镇"]["last"], record["己镇"]["apart"]) == (None, False, True)
    assert each(record, "rank") == PLACES | {"己镇": None, "庚乡": 6}


def test_a_condition_of_its_own_may_stand_beside_the_vetoes(tmp_path: Path) -> None:
    """A rate over nothing puts nobody last: all but 庚乡 have none to resolve."""
    text = TEXT.replace('last = "一票否决"', "last = 'OR(超期件数>=20,化解件数/应化解件数>=50%)'")
    record = Office(tmp_path, text).issue().grade()
    assert {unit for unit, one in record.items() if one["last"]} == {"丙镇", "丁镇", "庚乡"}


def test_a_veto_over_nothing_puts_last_nobody_as_it_meets_nobody(tmp_path: Path) -> None:
    text = TEXT.replace('AND(应化解件数>0,化解件数/应化解件数<50%,片区="西片")', "化解件数/应化解件数<50%")
    assert text != TEXT
    record = Office(tmp_path, text).issue().grade()
    assert awarded(record, "化解否决") == {"庚乡"}
    vetoed = awarded(record, "化解否决") | awarded(record, "进京否决")
    assert vetoed == {unit for unit, one in record.items() if one["last"]} != {*UNITS}


def test_a_veto_by_one_of_several_reasons_counts(tmp_path: Path) -> None:
    each_of = [("进京批次>=2", "两批"), ("超期件数>=20", "二十件")]
    reasons = f"reasons = [{', '.join(f'{{ condition = {one!r}, because = {why!r} }}' for one, why in each_of)}]\n"
    text = TEXT.replace('condition = "进京批次>0"\n', 'condition = "进京批次>0"\n' + reasons).replace(
        'last = "一票否决"', "last = 'AND(一票否决,超期件数<50)'")  # fmt: skip
    record = Office(tmp_path, text).issue().grade()
    assert {unit for unit, one in record.items() if one["last"]} == {"戊镇", "己镇"}
    assert awarded(record, "化解否决") == {"庚乡"}, "vetoed, and by its 50 late cases not the last by this condition"


def test_a_veto_by_a_place_of_its_own_counts_within_the_group(tmp_path: Path) -> None:
    """Most went from 己镇, and of the west from 戊镇."""
    text = TEXT.replace("进京批次>0", "AND(进京批次>0,RANK(进京批次,TRUE())<=1)")
    (tmp_path / "全体").mkdir()
    record = Office(tmp_path / "全体", text).issue().grade()
    assert {unit for unit, one in record.items() if one["last"]} == {"己镇", "庚乡"}
    (tmp_path / "分组").mkdir()
    record = Office(tmp_path / "分组", text.replace("last =", 'group = "片区"\nlast =')).issue().grade()
    vetoed = awarded(record, "化解否决") | awarded(record, "进京否决")
    assert vetoed == {unit for unit, one in record.items() if one["last"]} == {"己镇", "戊镇", "庚乡"}


def test_names_that_an_office_gives_its_own_things_do_not_matter(tmp_path: Path) -> None:
    text = TEXT.replace("进京批次", "排到最后").replace('id = "进京否决"', 'id = "last"')
    columns = [name.replace("进京批次", "排到最后") for name in COLUMNS]
    record = Office(tmp_path, text, columns=columns).issue().grade()
    assert each(record, "rank") == PLACES
    assert record["戊镇"]["outcomes"][0]["because"].startswith("有进京上访（排到最后2）")


def test_as_long_as_a_unit_is_open_it_may_be_the_last_or_not(tmp_path: Path) -> None:
    """丙镇 may stand anywhere: before 乙乡, or, vetoed, even behind 庚乡."""
    made = Office(tmp_path).issue(left=["丙镇"])
    record = made.grade()
    assert {unit for unit, one in record.items() if one["pending"]} == {*UNITS} - {"丙镇"}
    assert record["丙镇"]["rank"] is None
    assert record["庚乡"]["rank"] == 6


# --- what is said


def test_feedback_explanation_and_totals_say_why_points_do_not_make_the_place(
    graded: tuple[Office, Record], capsys: pytest.CaptureFixture[str]
) -> None:
    made, _ = graded
    capsys.readouterr()
    assert call("explain", made.out, "戊镇") == 0
    assert "戊镇：总分 100，第 4 名（排到最后，不论总分）" in capsys.readouterr().out
    row = shown(load_workbook(made.out / "排名.xlsx", data_only=True)["总表"])
    assert {unit: row[unit]["排到最后"] for unit in UNITS} == {
        unit: "是" if unit in ("甲乡", "戊镇", "己镇", "庚乡") else None for unit in UNITS}  # fmt: skip
    assert row["戊镇"]["结果和备注"].startswith("排到最后，不论总分")
    slip = next(made.out.rglob("*戊镇*.xlsx"))
    said = "\n".join(str(cell.value) for sheet in load_workbook(slip) for line in sheet for cell in line if cell.value)
    assert "排到最后：总分照算，名次排在别的单位后面，不论总分多少。" in said


def test_the_page_of_vetoes_says_what_they_bring(graded: tuple[Office, Record]) -> None:
    made, _ = graded
    said = [str(cell.value) for sheet in load_workbook(made.out / "奖惩.xlsx") for row in sheet for cell in row]
    assert "一票否决的后果：名次排到最后，总分照算" in said


def test_how_places_are_made_is_said_in_the_form_and_beside_the_ranking(graded: tuple[Office, Record]) -> None:
    made, _ = graded
    for path in (made.form("丁镇"), made.out / "排名.xlsx"):
        said = "\n".join(str(row[0]) for row in load_workbook(path)["说明"].iter_rows(values_only=True))
        assert "被一票否决的排到最后：总分照算，名次排在别的单位后面，他们之间按总分排" in said


def test_a_place_that_moved_by_the_veto_is_not_told_as_one_by_points(tmp_path: Path) -> None:
    made = Office(tmp_path).issue()
    made.grade()
    before = made.record
    made.fill("甲乡", 进京批次=0)
    made.grade()
    compared = compare(before, made.record)
    assert "已评（排到最后） → 已评" in "\n".join(lines(compared, "前", "后"))
    found = {change.one["unit"]: dict(change.why) for change in compared.changes}
    assert found["甲乡"]["名次"] == (
        "不再排到最后；自己的总分没有变；因为排到最后变了，现在在后面：乙乡、丙镇、丁镇、戊镇"
    )
    assert found["乙乡"]["名次"] == "自己的总分没有变；因为排到最后变了，现在在前面：甲乡（不再排到最后）"
    back = {change.one["unit"]: dict(change.why) for change in compare(made.record, before).changes}
    assert back["甲乡"]["名次"].startswith("现在排到最后；自己的总分没有变；因为排到最后变了，现在在前面：乙乡、丙镇")
    assert "超过" not in back["甲乡"]["名次"] + back["乙乡"]["名次"]


# --- 排名.xlsx as somebody works in it


def recalculated(made: Office, folder: Path, change: Any) -> Any:
    book = load_workbook(made.out / "排名.xlsx")
    change(book)
    book.save(folder / "改.xlsx")
    return load_workbook(office.recalculate([folder / "改.xlsx"], folder / "算")[folder / "改.xlsx"], data_only=True)


def retyped(book: Any, sheet: str, unit: str, head: str, value: object) -> None:
    cells = next(row for row in book[sheet].iter_rows() if row[0].value == "名次")
    col = next(cell.column for cell in cells if cell.value == head)
    book[sheet].cell(next(cell.row for cell in book[sheet]["B"] if cell.value == unit), col).value = value


def places(book: Any) -> dict[str, Any]:
    return {unit: row["名次"] for unit, row in shown(book["总表"]).items() if unit in UNITS}


@pytest.mark.slow
@office.require_office
def test_the_ranking_recalculates_to_the_same_and_places_follow_an_edited_total(
    graded: tuple[Office, Record], tmp_path: Path
) -> None:
    made, record = graded
    path = made.out / "排名.xlsx"
    now, before = map(filled_in, (office.recalculated_values([path])[path], office.cached_values(path)))
    assert now == before
    assert places(load_workbook(path, data_only=True)) == each(record, "rank")

    def change(book: Any) -> None:
        cell_of(book["得分明细"], "丙镇", "一1").value = 99
        typed(book, {"甲乡": 100})

    book = recalculated(made, tmp_path, change)
    assert places(book) == {"丙镇": 1, "乙乡": 2, "丁镇": 3, "甲乡": 4, "戊镇": 4, "己镇": 6, "庚乡": 7}
    kinds = {unit: row["类内名次"] for name in ("类别_乡", "类别_镇")
             for unit, row in shown(book[name], "类内名次").items() if unit in UNITS}  # fmt: skip
    assert kinds == {"乙乡": 1, "甲乡": 2, "庚乡": 3, "丙镇": 1, "丁镇": 2, "戊镇": 3, "己镇": 4}
    assert kinds == {unit: row["类内名次"] for unit, row in shown(book["总表"]).items() if unit in UNITS}
    best = [
        cell.value for row in book["总览"].iter_rows() for cell in row if cell.value in {*UNITS, "甲乡（排到最后）"}
    ]
    assert best[:4] == ["丙镇", "乙乡", "丁镇", "甲乡（排到最后）"]


@pytest.mark.slow
@office.require_office
def test_whom_a_person_takes_from_the_last_gets_the_place_of_the_points_and_that_is_told(
    graded: tuple[Office, Record], tmp_path: Path
) -> None:
    made, _ = graded
    book = recalculated(made, tmp_path, lambda book: retyped(book, "总表", "戊镇", "排到最后", None))
    assert places(book) == {"戊镇": 1, "乙乡": 2, "丙镇": 3, "丁镇": 3, "甲乡": 5, "己镇": 5, "庚乡": 7}
    assert shown(book["总表"])["戊镇"]["手工改动"] == "手工改动排到最后"
    assert shown(book["总表"])["乙乡"]["手工改动"] in (None, "")


@pytest.mark.slow
@office.require_office
def test_a_trial_of_an_open_unit_has_no_place_until_it_is_said_whether_it_is_last(tmp_path: Path) -> None:
    """丙镇 has not returned; 丁镇 has not said whether it went to Beijing."""
    made = Office(tmp_path).issue(left=["丙镇"])
    made.fill("丁镇", 进京批次=None)
    record = made.grade()
    assert each(record, "rank") == {"乙乡": 1, "戊镇": 2, "甲乡": 3, "己镇": 3, "庚乡": 5, "丙镇": None, "丁镇": None}
    path = made.out / "排名.xlsx"
    now, before = map(filled_in, (office.recalculated_values([path])[path], office.cached_values(path)))
    assert now == before
    words = {unit: row["排到最后"] for unit, row in shown(load_workbook(path)["总表"]).items() if unit in UNITS}
    assert (words["丙镇"], words["丁镇"], words["乙乡"]) == ("—", "待核", None)
    told = places(recalculated(made, tmp_path, lambda book: typed(book, {"丙镇": 99, "丁镇": 99})))
    assert told == each(record, "rank") | {"丙镇": "待核", "丁镇": "待核"}

    def decided(book: Any) -> None:
        typed(book, {"丙镇": 99, "丁镇": 99})
        retyped(book, "总表", "丙镇", "排到最后", "否")
        retyped(book, "总表", "丁镇", "排到最后", "是")

    (tmp_path / "再").mkdir()
    told = places(recalculated(made, tmp_path / "再", decided))
    assert told == {"丙镇": 1, "乙乡": 2, "戊镇": 3, "丁镇": 4, "甲乡": 5, "己镇": 5, "庚乡": 7}


@pytest.mark.slow
@office.require_office
def test_places_within_groups_recalculate_too(tmp_path: Path) -> None:
    made = Office(tmp_path, TEXT.replace('last = "一票否决"', 'last = "一票否决"\ngroup = "片区"')).issue()
    record = made.grade()
    path = made.out / "排名.xlsx"
    now, before = map(filled_in, (office.recalculated_values([path])[path], office.cached_values(path)))
    assert now == before
    assert places(load_workbook(path, data_only=True)) == each(record, "rank")
    book = recalculated(made, tmp_path, lambda book: typed(book, {"丁镇": 10, "己镇": 99}))
    assert places(book) == {"乙乡": 1, "己镇": 2, "甲乡": 3, "丙镇": 1, "丁镇": 2, "戊镇": 3, "庚乡": 4}


COMPARED = """
[[part.item]]
id = "一2+"
section = "一"
title = "化解"
points = 5
clause = "一(二)"
rule = [{ kind = "名次加分", input = "化解件数", places = "1:5, 2:3" }]
"""


@pytest.mark.slow
@office.require_office
def test_no_place_is_shown_once_a_figure_is_changed_that_also_says_who_is_last(tmp_path: Path) -> None:
    text = TEXT.replace('last = "一票否决"', 'last = "化解件数>0"').replace(
        "\n[[part.outcome]]", f"{COMPARED}\n[[part.outcome]]", 1
    )
    made = Office(tmp_path, text).issue()
    assert made.grade()["庚乡"]["rank"] == 7
    path = made.out / "排名.xlsx"
    now, before = map(filled_in, (office.recalculated_values([path])[path], office.cached_values(path)))
    assert now == before
    book = recalculated(made, tmp_path, lambda book: retyped(book, "比较数据", "乙乡", "化解件数", 3))
    assert set(places(book).values()) == {"未重算"}
    assert {row["排到最后"] for unit, row in shown(book["总表"]).items() if unit in UNITS} == {"未重算"}


# --- the scheme


def test_the_line_is_the_same_as_toml_and_in_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "办法.xlsx"
    assert call("scheme", "export", SCHEME, "-o", path) == 0
    cells = {row[0].value: row[1].value for row in load_workbook(path)["方案"].iter_rows()}
    assert cells["排到最后"] == "一票否决"
    assert load(str(path))[0].parts == load(str(SCHEME))[0].parts
    whole = SCHEME.read_text("utf-8")
    (tmp_path / "改.toml").write_text(whole.replace('last = "一票否决"', 'last = "进京批次>0"'), "utf-8")
    capsys.readouterr()
    assert call("scheme", "diff", path, tmp_path / "改.toml") == 0
    assert capsys.readouterr().out.splitlines() == ["方案「排到最后」的内容：一票否决 → 进京批次>0"]


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("总分<60", "不能用总分：写填报项的条件"),
        ("名次>3", "不能用名次：写填报项的条件"),
        ("进京否决", "被否决的都排到最后，写 一票否决"),
        ("末位名单", "不能用结果运用「末位名单」"),
        ("一票否诀", "是否指「一票否决」"),
        ("进京批>0", "是否指「进京批次」"),
        ("进京批次", "公式应得出“成立/不成立”"),
    ],
)
def test_what_it_cannot_rest_on_is_told_on_its_cell(
    last: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("scheme", "export", SCHEME, "-o", tmp_path / "办法.xlsx") == 0
    book = load_workbook(tmp_path / "办法.xlsx")
    cell = next(row[1] for row in book["方案"].iter_rows() if row[0].value == "排到最后")
    cell.value = last
    book.save(tmp_path / "错.xlsx")
    capsys.readouterr()
    assert call("scheme", "check", tmp_path / "错.xlsx", "--json") != 0
    (fault,) = json.loads(capsys.readouterr().out)["findings"]
    assert (fault["sheet"], fault["cell"]) == ("方案", cell.coordinate)
    assert said in fault["message"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("进京批次>0", "总分<60", "「进京否决」要看总分"),
        ("进京批次>0", "RANK(名次,TRUE())<=1", "「进京否决」要看名次"),
        ('AND(应化解件数>0', "AND(一票否决,应化解件数>0", "「化解否决」要看一票否决"),
        ('AND(应化解件数>0', "AND(进京否决,应化解件数>0", "「化解否决」要看进京否决"),
        ('kind = "一票否决"', 'kind = "名单"', "没有一项的类型是一票否决"),
    ],
)  # fmt: skip
def test_a_veto_that_rests_on_places_puts_nobody_last(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(SchemeError) as caught:
        read_text(TEXT.replace(old, new))
    faults = [fault for fault in caught.value.findings if fault.level is Level.ERROR]
    assert [said in fault.message for fault in faults] == [True]


def test_where_an_input_gives_the_total_nobody_is_last_by_it() -> None:
    text = TEXT.replace('last = "一票否决"', 'last = "超期件数>3"\ntotal = "超期件数"')
    item = text[text.index("[[part.item]]") : text.index("[[part.outcome]]")]
    with pytest.raises(SchemeError) as caught:
        read_text(text.replace(item, ""))
    faults = [fault.message for fault in caught.value.findings if fault.level is Level.ERROR]
    assert ["谁排到最后先定，再排名次" in fault and "超期件数" in fault for fault in faults] == [True]


def test_a_veto_that_an_earlier_outcome_of_its_tier_rules_out_puts_nobody_last() -> None:
    fields = {
        "id": "通报",
        "kind": "名单",
        "condition": "进京批次=1",
        "clause": "四",
        "because": "一批",
        "tier": "处理",
    }
    earlier = "\n".join(["[[part.outcome]]", *(f'{name} = "{text}"' for name, text in fields.items()), ""])
    text = TEXT.replace("[[part.outcome]]", f"{earlier}[[part.outcome]]", 1).replace(
        'condition = "进京批次>0"\n', 'condition = "进京批次>0"\ntier = "处理"\n')  # fmt: skip
    with pytest.raises(SchemeError) as caught:
        read_text(text)
    assert ["「进京否决」要看通报" in fault.message for fault in caught.value.findings] == [True]


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("进京批次>=0", "怎样填都成立：都排到最后，等于没有写"),
        ("AND(进京批次>3,进京批次<2)", "没有单位会排到最后"),
        ("一票否决", ""),
    ],
)
def test_who_is_last_whatever_is_filled_in_is_told(last: str, said: str, capsys: pytest.CaptureFixture[str],
                                                   tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / "s.toml").write_text(TEXT.replace('last = "一票否决"', f'last = "{last}"'), "utf-8")
    call("scheme", "check", tmp_path / "s.toml", "--json")
    told = json.loads(capsys.readouterr().out)["findings"]
    assert [one["message"] for one in told if said and said in one["message"]] == [one["message"] for one in told]
    assert bool(told) == bool(said)


def test_what_only_this_line_reads_is_used_and_asked_for(tmp_path: Path) -> None:
    """Nothing else reads 进京批次: a unit that leaves it blank is 暂定."""
    text = TEXT.replace('last = "一票否决"', 'last = "进京批次>0"').replace(
        'condition = "进京批次>0"', 'condition = "超期件数>99"'
    )
    assert not any(one.code == "scheme-unused" for one in read_text(text)[1])
    made = Office(tmp_path, text).issue()
    made.fill("丙镇", 进京批次=None)
    assert made.grade()["丙镇"]["state"] == "暂定"


def test_a_condition_beyond_a_shorter_period_puts_nobody_last_in_it(tmp_path: Path) -> None:
    text = TEXT
    for old, new in (
        ('name = "进京批次"\nkind = "件数"', 'name = "进京批次"\nkind = "件数"\nseries = 12'),
        ('condition = "进京批次>0"', 'condition = "SUM(进京批次)>0"'),
        ('last = "一票否决"', 'last = "进京批次[12]>0"'),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    made = Office(tmp_path, text, "上半年")
    units = {unit: {"超期件数": row[0], **{f"进京批次[{k}]": 1 for k in range(1, 7)}, "应化解件数": 0, "化解件数": 0}
             for unit, row in UNITS.items()}  # fmt: skip
    (tmp_path / "名册.csv").write_text(
        "\n".join(["单位,类别,片区", *(f"{u},{u[-1]},{WHERE[u]}" for u in units)]), "utf-8"
    )
    filled = table(tmp_path / "预填.csv", units, list(units["甲乡"]))
    assert call("template", made.scheme, "--roster", tmp_path / "名册.csv", "--year", 2026, "--prefill", filled,
                "--period", "上半年", "-o", tmp_path / "发放") == 0  # fmt: skip
    shutil.copytree(tmp_path / "发放", tmp_path / "收回")
    record = made.grade()
    assert each(record, "rank") == BY_POINTS


# --- bounds

LATE, WENT = (0, 1, 2, 100), (0, 1)
Open = tuple[int | None, int | None]
"""Late cases and visits to Beijing of a unit, None where that is blank."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from([None, *LATE]), st.sampled_from([None, *WENT])), min_size=1, max_size=5),
       st.booleans())  # fmt: skip
def test_the_place_of_every_completion_lies_within_its_bounds_and_what_is_settled_stays(
    rows: list[Open], grouped: bool
) -> None:
    scheme = read_text(TEXT.replace("last =", 'group = "片区"\nlast =') if grouped else TEXT)[0]
    found = ranked.scored(scheme, [_filled(k, row) for k, row in enumerate(rows)])
    bounds = found.bounds.values["名次"]
    assert isinstance(bounds, Interval)
    open_ = [(k, j) for k, row in enumerate(rows) for j, value in enumerate(row) if value is None]
    for values in islice(product(*((LATE, WENT)[j] for _, j in open_)), 60):
        told = dict(zip(open_, values, strict=True))
        whole = [tuple(told.get((k, j), value) for j, value in enumerate(row)) for k, row in enumerate(rows)]
        then = ranked.scored(scheme, [_filled(k, row) for k, row in enumerate(whole)])
        for row in range(len(rows)):
            place = then.rank(row)
            low, high = (side.fraction(row) for side in (bounds.low, bounds.high))
            assert place is not None and low is not None and low <= place and (high is None or place <= high)
            assert then.last(row) == (whole[row][1] == 1)
            if found.states[row] is State.ASSESSED and not found.pending(row):
                assert (found.rank(row), found.last(row)) == (place, then.last(row))


def _filled(row: int, given: Sequence[int | None]) -> Filled:
    told = {"超期件数": given[0], "进京批次": given[1], "应化解件数": 0, "化解件数": 0}
    return Filled("", {name: value for name, value in told.items() if value is not None} | {
        "片区": ("东片", "西片")[row % 2]})  # fmt: skip
