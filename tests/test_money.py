"""奖惩.xlsx as finance works in it: every page that repeats an amount follows the lines; 汇总 says all that is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests import office
from tests.cases_district import PERFECT
from tests.rounds import Round

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
