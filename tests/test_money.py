"""奖惩.xlsx as finance works in it: every page that repeats an amount follows the lines; 汇总 says all that is due."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests import office
from tests.cases_district import PERFECT
from tests.rounds import Round, call, sample_of
from xfkh.job import Job
from xfkh.pipeline import grade
from xfkh.publish import facts_of
from xfkh.report.money import write_money

Book = Any


@pytest.fixture(scope="module")
def samples(graded_samples: Mapping[str, Path]) -> Mapping[str, Path]:
    """The 奖惩.xlsx of each sample."""
    return {scheme: out / "奖惩.xlsx" for scheme, out in graded_samples.items()}


def after(path: Path, folder: Path, change: Callable[[Book], None]) -> Book:
    """The workbook as it stands after a person changed it and the office recalculated it."""
    book = load_workbook(path)
    change(book)
    book.save(folder / "改.xlsx")
    return load_workbook(office.recalculate([folder / "改.xlsx"], folder / "算")[folder / "改.xlsx"], data_only=True)


def tables(sheet: Any) -> list[tuple[list[str], list[list[Any]]]]:
    """The tables of 汇总: the heads, and the rows beneath them."""
    found: list[tuple[list[str], list[list[Any]]]] = []
    for row in sheet.iter_rows(values_only=True):
        values = [each for each in row if each is not None]
        if values[:2] in (["类别", "件数"], ["结算", "单位数"]):
            found.append((values, []))
        elif found and len(values) == len(found[-1][0]) and isinstance(values[1], int | float):
            found[-1][1].append(values)
    return found


def row_of(sheet: Any, first: str, col: int = 1) -> list[Any]:
    """The row in which a word stands."""
    return next([cell.value for cell in row] for row in sheet.iter_rows() if row[col - 1].value == first)


def sums(book: Book) -> tuple[int, int, int]:
    """What the rewards come to on each of the three pages."""
    by_unit = sum(row[6] for row in book["奖励按单位"].iter_rows(values_only=True) if isinstance(row[0], int))
    assert by_unit == row_of(book["奖励按单位"], "合计")[6]
    return row_of(book["奖励"], "总计")[5], by_unit, tables(book["汇总"])[0][1][0][-1]


@office.require_office
@pytest.mark.slow
def test_all_pages_agree_after_a_reward_is_changed_or_put_off(samples: Mapping[str, Path], tmp_path: Path) -> None:
    before = load_workbook(samples["district"], data_only=True)
    first, second = ([cell.value for cell in before["奖励"][row]] for row in (6, 7))

    def change(book: Book) -> None:
        book["奖励"]["F6"].value += 2_000
        book["奖励"]["G7"].value = "待确认"

    book = after(samples["district"], tmp_path, change)
    assert sums(book) == (sums(before)[0] + 2_000,) * 3
    was, now = (row_of(each["奖励按单位"], str(first[1]), 2) for each in (before, book))
    moved = second[5] if second[1] == first[1] else 0
    assert now[3:] == [was[3] + 2_000 - moved, was[4], was[5] + moved, was[6] + 2_000]
    heads, (row,) = tables(book["汇总"])[0]
    assert row[heads.index("待确认（元）")] == row_of(book["奖励"], "待确认合计")[5] >= second[5]
    assert not [row[0] for row in book["奖励按单位"].values if "总计不一致" in str(row[0])]


@office.require_office
@pytest.mark.slow
def test_a_line_that_no_unit_has_any_more_is_told(samples: Mapping[str, Path], tmp_path: Path) -> None:
    def change(book: Book) -> None:
        book["奖励"]["B6"].value = "不在名册的镇"

    book = after(samples["district"], tmp_path, change)
    assert [row[0] for row in book["奖励按单位"].values if "与「奖励」总计不一致" in str(row[0])]


@office.require_office
@pytest.mark.slow
def test_the_sums_of_a_unit_are_its_own_whatever_it_is_called(tmp_path: Path) -> None:
    run = Round(tmp_path, dict.fromkeys(("A*", "AB", "A？", ">5"), PERFECT))
    run.grade("--review", run.review())
    book = after(run.results / "奖惩.xlsx", tmp_path, lambda book: None)
    lines = [row for row in book["奖励"].iter_rows(values_only=True) if isinstance(row[0], int)]
    units = [row for row in book["奖励按单位"].iter_rows(values_only=True) if isinstance(row[0], int)]
    assert len(units) == 4
    for row in units:
        assert row[6] == sum(line[5] for line in lines if line[1] == row[1]) > 0


@office.require_office
@pytest.mark.slow
def test_the_settlement_stands_on_the_summary_and_follows_the_fines(
    samples: Mapping[str, Path], tmp_path: Path
) -> None:
    before = load_workbook(samples["liaocheng-1995"])
    link = next(row[0].hyperlink for row in before["汇总"].iter_rows() if row[0].value == "保证金结算")
    assert link is not None and link.location == "'保证金结算'!A1"

    def change(book: Book) -> None:
        book["处罚"]["F6"].value += 100

    found = []
    for name, edit in (("前", lambda book: None), ("后", change)):
        (tmp_path / name).mkdir()
        book = after(samples["liaocheng-1995"], tmp_path / name, edit)
        heads, (row,) = next(each for each in tables(book["汇总"]) if each[0][0] == "结算")
        assert heads[2:] == ["罚款合计（元）", "从保证金扣（元）", "应补缴（元）", "保证金余额（元）"]
        total = row_of(book["保证金结算"], "合计")
        assert row[1:] == [sum(isinstance(each[0].value, int) for each in book["保证金结算"].iter_rows()), *total[3:]]
        found.append((row[2], row[3] + row[4], tables(book["汇总"])[0][1][0][-1]))
    price = before["处罚"]["G6"].value
    assert found[1] == tuple(each + 100 * price for each in found[0])


def test_the_summary_has_no_column_without_an_entry_and_counts_the_lines_of_each_page(
    samples: Mapping[str, Path],
) -> None:
    for scheme, path in samples.items():
        book = load_workbook(path, data_only=True)
        for heads, rows in tables(book["汇总"]):
            assert rows, f"{scheme} {heads}"
            for col, head in enumerate(heads):
                empty = head not in ("应付（元）", "应缴（元）", "确定") and not any(row[col] for row in rows)
                assert not empty, f"{scheme} {head}"
            for row in rows:
                numbered = sum(isinstance(each[0], int) for each in book[row[0]].values)
                assert row[1] == numbered, f"{scheme} {row[0]}"
    words = [heads for heads, _ in tables(load_workbook(samples["xinyang"], data_only=True)["汇总"])]
    assert not [head for heads in words for head in heads if "元" in head]


def choices(sheet: Any, coordinate: str) -> list[str]:
    """What a cell takes, and nothing else."""
    (each,) = [one for one in sheet.data_validations.dataValidation if coordinate in one.sqref]
    assert (each.type, each.errorStyle or "stop", each.showErrorMessage) == ("list", "stop", True)
    assert each.error
    return str(each.formula1).strip('"').split(",")


def test_what_decides_a_sum_is_chosen_from_its_words(samples: Mapping[str, Path]) -> None:
    """状态 and 结算, in every line of every page."""
    owed = {"处罚": ["应缴", "阶段", "待确认"], "奖励": ["应付", "阶段", "待确认"]}
    seen = set[str]()
    for path in samples.values():
        for sheet in load_workbook(path):
            heads = [str(cell.value) for cell in sheet[4]]
            for row in (row for row in sheet.iter_rows(min_row=5) if isinstance(row[0].value, int)):
                for name in {"状态", "结算"} & {*heads}:
                    cell = row[heads.index(name)]
                    words = ["保证金", "另缴"] if name == "结算" else owed.get(sheet.title, ["确定", "阶段", "待确认"])
                    assert choices(sheet, cell.coordinate) == words and cell.value in words, (sheet.title, name)
                    seen.add(f"{sheet.title}{name}")
    assert {"奖励状态", "处罚状态", "处罚结算", "一票否决状态", "名单状态"} <= seen


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("page", ["奖励", "处罚"])
def test_a_state_that_no_sum_knows_is_told_with_its_yuan(
    page: str, samples: Mapping[str, Path], tmp_path: Path
) -> None:
    scheme = "district" if page == "奖励" else "liaocheng-1995"

    def told(book: Book, name: str) -> list[str]:
        return [str(row[0]) for row in book[name].values if str(row[0]).startswith("注意：有的行状态")]

    def change(book: Book) -> None:
        heads = [cell.value for cell in book[page][4]]
        book[page].cell(6, heads.index("状态") + 1).value = "不发了"

    before = load_workbook(samples[scheme], data_only=True)
    amount = before[page].cell(6, [cell.value for cell in before[page][4]].index("金额（元）") + 1).value
    assert isinstance(amount, int | float) and amount > 0 and not (told(before, page) or told(before, "汇总"))
    book = after(samples[scheme], tmp_path, change)
    for name in (page, "汇总"):
        (said,) = told(book, name)
        assert said.endswith(f"（{amount:g}元）。")


def test_a_group_that_the_summary_has_no_column_for_is_told(samples: Mapping[str, Path]) -> None:
    """汇总 has only the columns that somebody is in; its warning compares what it shows with its own sum."""
    for scheme in ("district", "liaocheng-1995"):
        book: Any = load_workbook(samples[scheme])
        (formula,) = [row[0] for row in book["汇总"].values if "合计里有、各列里没有" in str(row[0])]
        heads, rows = tables(load_workbook(samples[scheme], data_only=True)["汇总"])[0]
        last = "ABCDEFGH"[len(heads) - 1]
        assert f"SUM({last}5:{last}{4 + len(rows)})=SUM(C5:" in formula


def warned(book: Book, name: str) -> str:
    """What a page warns of, live, beneath its tables."""
    rows = book[name].iter_rows(min_row=5, values_only=True)
    return "".join(str(row[0]) for row in rows if str(row[0]).startswith("注意："))


def lines_of(sheet: Any) -> list[dict[str, Any]]:
    """The numbered rows beneath the heads."""
    heads = [cell.value for cell in sheet[4]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.values if isinstance(row[0], int)]


def settled(book: Book) -> dict[str, int]:
    return {row["单位"]: row["罚款合计（元）"] for row in lines_of(book["保证金结算"])}


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("state", ["阶段", "待确认"])
def test_only_fines_that_are_owed_are_settled_and_the_others_are_told(
    state: str, samples: Mapping[str, Path], tmp_path: Path
) -> None:
    before = load_workbook(samples["liaocheng-1995"], data_only=True)
    first, total = lines_of(before["处罚"])[0], row_of(before["保证金结算"], "合计")
    assert not warned(before, "保证金结算") and warned(before, "汇总") == ""

    def change(book: Book) -> None:
        heads = [cell.value for cell in book["处罚"][4]]
        book["处罚"].cell(6, heads.index("状态") + 1).value = state

    book = after(samples["liaocheng-1995"], tmp_path, change)
    wanted = settled(before) | {first["单位"]: settled(before)[first["单位"]] - first["金额（元）"]}
    assert settled(book) == wanted and sum(wanted.values()) == row_of(book["保证金结算"], "合计")[3]
    _, (row,) = next(each for each in tables(book["汇总"]) if each[0][0] == "结算")
    assert row[2:] == row_of(book["保证金结算"], "合计")[3:] and row[2] == total[3] - first["金额（元）"]
    for name in ("保证金结算", "汇总"):
        assert f"有的罚款状态不是应缴，没有结算（{first['金额（元）']:g}元）。" in warned(book, name), name


@office.require_office
@pytest.mark.slow
def test_what_the_run_found_uncertain_is_settled_as_the_record_has_it_and_told(tmp_path: Path) -> None:
    job = sample_of("liaocheng-1995", tmp_path / "样")
    facts = facts_of(grade(Job(job.folders, tmp_path / "结果", reviews=job.reviews)), tmp_path / "结果")
    part = facts.parts[0]
    waiting = next(each for each in part.awards if each.outcome.settles and each.row in part.settlements)
    part.awards[part.awards.index(waiting)] = replace(waiting, pending=True)
    write_money(tmp_path / "奖惩.xlsx", facts)
    book = after(tmp_path / "奖惩.xlsx", tmp_path, lambda book: None)
    assert settled(book) == {
        part.scores.subjects[row].label: each.fine for row, each in part.settlements.items()
    }  # fmt: skip
    unit = part.scores.subjects[waiting.row].label
    said = " ".join(str(row[0]) for row in book["保证金结算"].values)
    assert "状态是应缴、阶段的行" in said and f"其中{unit}的罚款含还没有定的（阶段），先按已定的算" in said


@office.require_office
@pytest.mark.slow
def test_a_name_put_off_is_counted_or_told(samples: Mapping[str, Path], tmp_path: Path) -> None:
    """荣誉, 一票否决, 名单 and 问责: what stands in no column of 汇总 is told with its number."""

    def change(book: Book) -> None:
        for name in ("一票否决", "名单"):
            book[name]["G5"].value = "待确认"

    before = load_workbook(samples["liaocheng-1995"], data_only=True)
    assert "件数里有" not in warned(before, "汇总")
    book = after(samples["liaocheng-1995"], tmp_path, change)
    rows = tables(book["汇总"])[-1][1]
    missing = sum(row[1] - sum(row[2:]) for row in rows)
    assert missing == 2 and "件数里有、各列里没有（2件）。" in warned(book, "汇总")


def test_money_takes_whole_yuan_and_nothing_else(samples: Mapping[str, Path]) -> None:
    wanted = {"奖励": ["金额（元）"], "处罚": ["数量", "单价（元）", "金额（元）"], "保证金结算": ["保证金（元）"]}
    seen = set[str]()
    for path in samples.values():
        for sheet in load_workbook(path):
            heads = [cell.value for cell in sheet[4]]
            for row in (row for row in sheet.iter_rows(min_row=5) if isinstance(row[0].value, int)):
                for name in wanted.get(sheet.title, []):
                    cell = row[heads.index(name)]
                    (each,) = [one for one in sheet.data_validations.dataValidation if cell.coordinate in one.sqref]
                    rule = (each.type, each.operator, each.formula1, each.errorStyle or "stop", each.showErrorMessage)
                    assert rule == ("whole", "greaterThanOrEqual", "0", "stop", True), cell.coordinate
                    seen.add(sheet.title + name)
    assert seen == {page + name for page, names in wanted.items() for name in names}


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("page", ["奖励", "处罚"])
def test_an_amount_that_is_no_figure_is_told_and_breaks_no_sum(
    page: str, samples: Mapping[str, Path], tmp_path: Path
) -> None:
    scheme, name = ("district", "金额（元）") if page == "奖励" else ("liaocheng-1995", "数量")
    before = load_workbook(samples[scheme], data_only=True)
    amount = lines_of(before[page])[0]["金额（元）"]

    def change(book: Book) -> None:
        heads = [cell.value for cell in book[page][4]]
        book[page].cell(6, heads.index(name) + 1).value = "两万"

    book = after(samples[scheme], tmp_path, change)
    col = [cell.value for cell in book[page][4]].index("金额（元）")
    assert row_of(book[page], "总计")[col] == row_of(before[page], "总计")[col] - amount
    for each in (page, "汇总"):
        assert "有1行的金额不是数，没有算进合计" in warned(book, each) and not warned(before, each)
    assert tables(book["汇总"])[0][1][0][1] == tables(before["汇总"])[0][1][0][1], "the line is still there"


def test_every_page_of_money_says_yuan(samples: Mapping[str, Path]) -> None:
    pages = [sheet for path in samples.values() for sheet in load_workbook(path)
             if sheet.title in ("奖励", "奖励按单位", "处罚", "保证金结算")]  # fmt: skip
    assert len(pages) >= 4
    for sheet in pages:
        formats = {cell.column for row in sheet.iter_rows(min_row=5) for cell in row if cell.number_format == "#,##0"}
        heads = {str(cell.value) for cell in sheet[4] if cell.column in formats}
        named = "（元）" in str(sheet["A1"].value) or all("元" in head or head == "数量" for head in heads)
        assert heads and named, sheet.title


def test_every_page_of_names_says_whose_figures_were_not_verified(samples: Mapping[str, Path]) -> None:
    book = load_workbook(samples["liaocheng-1995"])
    for name in ("荣誉", "处罚", "一票否决", "名单", "问责"):
        assert "没有核定的数按自评数计，不作最终依据" in str(book[name]["A3"].value), name


def test_yuan_are_written_in_one_way_wherever_they_stand(
    graded_samples: Mapping[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """With separators: in the questions of 处理意见.xlsx and in what explain says."""
    book: Any = load_workbook(graded_samples["district"] / "处理意见.xlsx", data_only=True)
    asked = [str(cell.value) for row in book["处理意见"].iter_rows() for cell in row if cell.value]
    assert any("四个100% 15,000元" in text for text in asked)
    capsys.readouterr()
    for scheme, unit in (("district", "东风街道"), ("liaocheng-1995", "稻溪镇")):
        assert call("explain", graded_samples[scheme], unit) == 0
        said = capsys.readouterr().out
        assert re.search(r"\d,\d{3} 元", said) and not re.search(r"\d{4} ?元", said)


def test_a_person_is_written_in_one_way_on_every_page(graded_samples: Mapping[str, Path]) -> None:
    """单位/姓名/工号, as problems and the terminal name them."""
    out = graded_samples["xinyang"]
    ranking: Any = load_workbook(out / "排名.xlsx", data_only=True)
    people = {"/".join(filter(None, row[1:4])) for row in ranking["个人总表"].iter_rows(min_row=6, values_only=True)
              if row[1] and row[2] and row[0]}  # fmt: skip
    assert len(people) > 5
    told = {str(cell.value) for name in ("总览", "图表") for row in ranking[name].iter_rows() for cell in row}
    assert len(people & told) >= 5
    spaced = {each.replace("/", " ") for each in people}
    assert not spaced & told
    money: Any = load_workbook(out / "奖惩.xlsx")
    lists = {row[3] for row in money["名单"].iter_rows(min_row=5, values_only=True)
             if isinstance(row[0], int) and row[3] != "—"}  # fmt: skip
    assert lists and lists <= {each.partition("/")[2] for each in people}
