"""比较数据 in 排名.xlsx: points that rest on other units are formulas and say what the engine says, in a trial too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from tests import office
from tests.parity import Filled, shown_by_doubles, shown_by_office, stale, write_forms
from tests.ranked import (
    DETAIL,
    SHEET,
    TOTALS,
    Sent,
    changed,
    computed,
    differences,
    rows_of,
    scored,
    with_answer,
    write,
)
from tests.test_live import cell_of
from xfkh.model import Scheme, State
from xfkh.results import PartScores
from xfkh.rules import compile_part
from xfkh.scheme import read_text

HEAD = """
[scheme]
id = "bijiao"
title = "比较考核"
version = "1"
status = "示范"
[[part]]
name = "单位"
shrunk = "折算"
{group}
section = [{{ id = "一", title = "一", points = 50 }}]
input = [
  {{ name = '信息篇数', kind = '件数', unit = '篇', maximum = 99 }},
  {{ name = '评比分', kind = '数值', decimals = 2, maximum = 100, optional = '未评比：不参加' }},
  {{ name = '参加评比', kind = '是否' }},
  {{ name = '应办件数', kind = '件数', unit = '件', maximum = 99 }},
  {{ name = '办结件数', kind = '件数', unit = '件', maximum = 99 }},
  {{ name = '信访件数', kind = '件数', unit = '件', maximum = 99 }},{inputs}
]
item = [
"""
PLACED = "kind = '名次加分', input = '评比分', places = '1:2, 2:1', among = '参加评比=\"是\"'"
BY_PLACE = "kind = '名次得分', input = '信息篇数', places = '1:10, 2:8, 3:6', others = 1"
FEWEST = "kind = '名次得分', input = '信访件数', places = '1:5, 2:3', order = '低', others = '1/3'"
AGAINST = "kind = '与均值比', input = '信访件数', bands = '(,-20%]:10；(-20%,20%):6；[20%,):1', empty = '计满分'"
SHRUNK = "kind = '与均值比', input = '信访件数', bands = '(,0%]:2；(0%,):0', sign = '扣', empty = '不计入'"
MEAN = "kind = '按率得分', value = '办结件数/应办件数', empty = '取均值'"
OWN = (
    "kind = '公式', formula = 'IF(应办件数=0,2,IF(RANK(办结件数/应办件数,应办件数>0)<=2,5,"
    'MIN(3,AVERAGEIF(信访件数,参加评比="是"))))\''
)
TAKEN = "kind = '每低扣分', value = '办结件数/应办件数', base = '95%', step = '10%', each = '1/3', empty = '取均值'"
RULES = {
    "一1+": PLACED,
    "一2": BY_PLACE,
    "一3": FEWEST,
    "一4": AGAINST,
    "一5": MEAN,
    "一6": OWN,
    "一7": SHRUNK,
    "一8-": TAKEN,
}
GROUPS = {"甲组": "一1+ 一2 一3 一4 一5 一6 一7 一8-", "乙组": "一1+ 一2 一4 一5 一7 一8-"}
NAMES = ("信息篇数", "评比分", "参加评比", "应办件数", "办结件数", "信访件数")
ROWS = """
30 90 是 10 9 10
30 90.5 是 3 1 8
12 90.5 是 0 0 12
11 99 否 3 2 0
11 — 是 6 4 10
0 0 是 0 0 40
7 88 是 9 6 20
? 70 是 5 5 10
3 60 是 4 ? 2
5 99.99 是 7 7 3
50 100 是 1 1 0
"""
GROUP = ["甲组", "甲组", "甲组", "甲组", "乙组", "乙组", "乙组", "甲组", "甲组", "乙组", "甲组"]
SENT = {9: Sent(closed=True), 10: Sent(State.MISSING)}
"""单位009 has not given 信息篇数 in time and takes part no more; 单位010 has not reported."""


def scheme(grouped: bool = False, **other: str) -> Scheme:
    head = HEAD.format(
        group="group = '组别'" if grouped else "",
        inputs="\n  { name = '组别', kind = '文字', origin = '名册', options = ['甲组', '乙组'] }," if grouped else "",
    )
    items = list[str]()
    for id, rule in {**RULES, **other}.items():
        whose = [name for name, own in GROUPS.items() if id in own.split()]
        more = f", groups = '{'、'.join(whose)}'" if grouped and len(whose) < len(GROUPS) else ""
        worth = 2 if id.endswith("+") else 5 if id in ("一3", "一6") else 10
        items.append(f"{{ id = '{id}', section = '一', title = '项', clause = '1', points = {worth}{more}, "
                     f"rule = [{{ {rule} }}] }}")  # fmt: skip
    return read_text(head + ",\n".join(items) + "\n]\n")[0]


def sets(grouped: bool = False) -> list[Filled]:
    found = list[Filled]()
    for k, line in enumerate(ROWS.strip().splitlines()):
        values = dict(zip(NAMES, line.split(), strict=True))
        answers: dict[str, Any] = {
            name: value if value in ("是", "否") else Fraction(value)
            for name, value in values.items()
            if value not in "—?"
        }
        if k == 9:
            del answers["信息篇数"]
        if k == 10:
            answers = {}
        found.append(Filled(str(k), {**answers, **({"组别": GROUP[k]} if grouped else {})}))
    return found


class Case:
    def __init__(self, folder: Path, grouped: bool) -> None:
        self.grouped, self.scheme, self.sets = grouped, scheme(grouped), sets(grouped)
        self.scores = scored(self.scheme, self.sets, SENT)
        self.path = write(self.scores, self.sets, folder / "排名.xlsx")

    def again(self, edits: Sequence[tuple[int, str, Any]]) -> PartScores:
        """The engine's scores of the changed answers."""
        now = self.sets
        for row, name, value in edits:
            now = with_answer(now, row, name, value)
        return scored(self.scheme, now, SENT)


@pytest.fixture(scope="module", params=[False, True], ids=["all together", "in groups"])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(tmp_path_factory.mktemp("比较"), request.param)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(tmp_path_factory.mktemp("比较"), False)


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(tmp_path_factory.mktemp("比较"), True)


def points(scores: PartScores, id: str) -> list[float | None]:
    found = [scores.points(row, id) for row in range(len(scores.subjects))]
    return list(map(_plain, found))


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


# --- what is right ------------------------------------------------------------------------------


def test_the_sets_have_what_is_to_be_proven(together: Case, groups: Case) -> None:
    """Worked out by hand: ties, who does not take part, an open unit, a denominator of 0, groups."""
    made = together.scores
    assert [str(state) for state in made.states] == ["已评"] * 7 + ["暂定"] * 3 + ["未报"]
    assert points(made, "一1+")[:6] == [0, 2, 2, 0, 0, 0], "90.5 twice; 99 takes no part"
    assert points(made, "一2")[:7] == [10, 10, 6, 1, 1, 1, 1], "30 twice, so there is no second"
    # of nine units that take part still: 10 8 12 0 10 40 20 10 2 are 112
    assert points(made, "一4")[:7] == [6, 10, 6, 10, 6, 1, 1]
    # 9, 3.33…, 6.67, 6.67, 6.67 and 10 of six units
    assert points(made, "一5")[2] == points(made, "一5")[5] == 7.06
    grouped = groups.scores
    assert points(grouped, "一2")[4:7] == [10, 6, 8]
    assert points(grouped, "一3")[4:7] == [0, 0, 0], "no item of theirs"


def test_plain_doubles_compute_what_is_stored(case: Case) -> None:
    assert stale(case.path, shown_by_doubles(case.path)) == []


@pytest.mark.slow
@office.require_office
def test_libreoffice_computes_what_is_stored_and_shows_the_points_of_the_engine(case: Case, tmp_path: Path) -> None:
    shown = shown_by_office([case.path], tmp_path)[case.path]
    assert stale(case.path, shown) == []
    assert differences(case.scores, shown) == []


def test_an_engine_with_other_points_is_found_out(case: Case) -> None:
    """The test above can fail, for every kind."""
    shown = shown_by_doubles(case.path)
    others = {
        "一1+": PLACED.replace("1:2", "1:1.5"), "一2": BY_PLACE.replace("3:6", "3:5"),
        "一3": FEWEST.replace("1:5", "1:4"),
        "一4": AGAINST.replace("(-20%,20%):6", "(-20%,20%):5"), "一5": MEAN.replace("件数/应", "件数/2/应"),
        "一6": OWN.replace("<=2", "<=1"), "一7": SHRUNK.replace("]:2", "]:3"),
        "一8-": TAKEN.replace("'1/3'", "'1/7'"),
    }  # fmt: skip
    assert set(others) == set(RULES)
    for id, rule in others.items():
        wrong = differences(scored(scheme(case.grouped, **{id: rule}), case.sets, SENT), shown)
        assert wrong and all(f" {id}: " in each for each in wrong), id


# --- a trial --------------------------------------------------------------------------------------

EDITS: dict[str, list[tuple[int, str, Any]]] = {
    "the first falls behind": [(1, "评比分", 10)],
    "one takes part": [(3, "参加评比", "是")],
    "one has a figure for the first time": [(4, "评比分", 95)],
    "a figure is taken away": [(2, "评比分", None)],
    "one overtakes two that tied": [(6, "信息篇数", 31)],
    "the mean moves": [(5, "信访件数", 0)],
    "who had nothing to do had something": [(2, "应办件数", 2), (2, "办结件数", 1)],
    "nobody had anything to do": [(row, "应办件数", 0) for row in range(9)],
    "nobody has a case": [(row, "信访件数", 0) for row in range(9)],
    "an open unit is settled": [(7, "信息篇数", 29)],
    "all are alike": [(row, name, 4) for row in range(9) for name in ("信息篇数", "信访件数", "办结件数", "应办件数")],
    "somebody who takes part no more does better": [(9, "评比分", 100)],
}  # fmt: skip


@pytest.mark.slow
@office.require_office
def test_a_changed_figure_moves_the_points_of_all_as_the_engine_does(case: Case, tmp_path: Path) -> None:
    paths = [changed(case.path, tmp_path / f"{k}.xlsx", [(f"单位{row:03d}", name, value) for row, name, value in edits])
             for k, edits in enumerate(EDITS.values())]  # fmt: skip
    following = 0
    for (said, edits), shown in zip(EDITS.items(), computed(paths), strict=True):
        again = case.again(edits)
        assert differences(again, shown) == [], said
        moved = {each.partition(" ")[0] for each in differences(case.scores, shown)}
        others = moved - {f"单位{row:03d}" for row, *_ in edits}
        following += bool(others)
        totals = rows_of(shown[TOTALS])
        for row, subject in enumerate(again.subjects[:7]):
            if (rank := again.rank(row)) is not None:
                mine = totals[subject.unit]
                assert (mine["总分"], mine["名次"]) == (_plain(again.total(row)), rank), said
    assert following >= 6, "points of others move too"


@pytest.mark.slow
@office.require_office
def test_a_change_is_told_where_it_was_made_and_where_it_moved_points(together: Case, tmp_path: Path) -> None:
    path = changed(together.path, tmp_path / "一.xlsx", [("单位001", "评比分", 10)])
    book = load_workbook(path)
    cell_of(book[DETAIL], "单位002", "一1+").value = 0.5  # typed over what has been moved
    cell_of(book[DETAIL], "单位003", "一2").value = 3
    book.save(tmp_path / "二.xlsx")
    plain, typed = computed([path, tmp_path / "二.xlsx"])
    hand = {unit: row.get("手工改动", "") for unit, row in rows_of(plain[TOTALS]).items()}
    # 单位002 had the first place with it, and has it still; 单位000 has become second
    assert hand == {**dict.fromkeys(hand, ""), "单位001": "手工改动1格", "单位000": "比较后变1格"}
    hand = {unit: row.get("手工改动", "") for unit, row in rows_of(typed[TOTALS]).items()}
    assert {unit: text for unit, text in hand.items() if text} == {
        "单位001": "手工改动1格", "单位000": "比较后变1格", "单位002": "手工改动1格", "单位003": "手工改动1格",
    }  # fmt: skip
    assert any(str(value).startswith("手工改动：有3个") for value in typed["总览"].values())


@pytest.mark.slow
@office.require_office
def test_a_figure_that_is_taken_away_where_one_is_needed_leaves_no_points_and_no_total(
    together: Case, tmp_path: Path
) -> None:
    (shown,) = computed([changed(together.path, tmp_path / "空.xlsx", [("单位000", "信息篇数", None)])])
    row = rows_of(shown[TOTALS])["单位000"]
    assert (row["总分"], row["名次"], row["手工改动"]) == ("待定", "—", "手工改动1格，缺数")
    assert rows_of(shown[DETAIL])["单位000"]["一2 项"] == "待核"
    assert rows_of(shown[DETAIL])["单位002"]["一2 项"] == 8, "one less stands before it"
    assert not [value for cells in shown.values() for value in cells.values() if str(value).startswith("#")]


@pytest.mark.parametrize("grouped", [False, True])
def test_whether_an_item_counts_may_wait_for_others_also_where_its_points_would_be_the_same(
    grouped: bool, tmp_path: Path
) -> None:
    """Its form can be written, and shows no points of it."""
    plain = SHRUNK.replace("(,0%]:2；(0%,):0", "(,):0")
    made = scheme(grouped, **{"一7": plain})
    assert compile_part(made, made.parts[0])["一7"].across
    assert write_forms(made, sets(grouped)[:1], tmp_path).paths


# --- what a person sees -----------------------------------------------------------------------------


def test_what_is_said_around_the_table_stands_whole_on_the_first_printed_page(together: Case) -> None:
    sheet: Any = load_workbook(together.path)["比较数据"]
    assert int(sheet.page_setup.fitToWidth) == 2
    repeated = column_index_from_string(sheet.print_title_cols.split(":$")[1])
    spans = {each.start_cell.coordinate: each for each in sheet.merged_cells.ranges}
    said = [cell for row in sheet.iter_rows() for cell in row
            if isinstance(cell.value, str) and (cell.row < 4 or cell.value.startswith("一1+ "))]  # fmt: skip
    assert len(said) > 3 and {cell.column for cell in said} == {repeated + 1}
    assert all(cell.coordinate not in spans or spans[cell.coordinate].max_col < sheet.max_column / 2 for cell in said)


def test_nobody_without_a_category_has_a_rank_within_one(groups: Case) -> None:
    heads = [cell.value for cell in load_workbook(groups.path)[TOTALS][4]]
    assert "组" in heads and "类内名次" not in heads
    assert not any(groups.scores.rank_in_category(row) for row in range(len(groups.scores.subjects)))


def test_who_does_not_count_has_a_word_for_it(together: Case, groups: Case) -> None:
    def word(made: Case, unit: int, head: str) -> Any:
        return rows_of(shown_by_doubles(made.path)[SHEET])[f"单位{unit:03d}"][head]

    assert [word(together, unit, "一1+ 名次") for unit in (1, 3, 4, 9, 10)] == [1, "不参加", "不参加", "不参评", "未报"]
    assert [word(together, unit, "一2 名次") for unit in (0, 7)] == [1, "待核"]
    assert [word(together, unit, "一5 计入平均") for unit in (0, 2, 8)] == [9, "不参加", "待核"]
    assert [word(groups, unit, "一3 名次") for unit in (1, 4)] == [3, "不考"]


def test_every_figure_takes_an_answer_of_its_kind_and_nothing_else(together: Case) -> None:
    sheet = load_workbook(together.path)[SHEET]
    heads = next(row for row in sheet.iter_rows() if row[0].value == "名次")
    for name in NAMES:
        cell = sheet.cell(int(heads[0].row or 0) + 2, next(each.column for each in heads if each.value == name))
        (rule,) = (each for each in sheet.data_validations.dataValidation if cell.coordinate in each.sqref)
        assert (rule.type, rule.errorStyle or "stop") == ("list" if name == "参加评比" else "decimal", "stop")


def test_what_is_changed_is_marked_as_in_the_sheet_of_points(together: Case) -> None:
    sheet = load_workbook(together.path)[SHEET]
    marked = {str(each.sqref)[0] for each in sheet.conditional_formatting
              if each.rules[0].stopIfTrue and each.rules[0].dxf.font.i}  # fmt: skip
    assert marked == set("CDEFGH")


def test_there_is_no_such_sheet_where_every_unit_decides_for_itself(graded_samples: Mapping[str, Path]) -> None:
    sheets = {name: load_workbook(out / "排名.xlsx").sheetnames for name, out in graded_samples.items()}
    assert {name for name, found in sheets.items() if SHEET in found} == {"district"}
