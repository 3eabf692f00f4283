"""The charts of 排名.xlsx: figures that are read, no colour without its word, and bars that follow the scores."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from tests import office
from xfkh.workbook.style import contrast

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def charts(path: Path) -> Iterator[ElementTree.Element]:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/charts/chart"):
                yield ElementTree.fromstring(package.read(name))


def figures(sheet: Any, title: str) -> list[list[Any]]:
    """The rows of the table beside the charts with a title, its heads first."""
    at = next(
        cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(title) and cell.column > 9
    )
    rows = sheet.iter_rows(min_row=at.row + 1, min_col=at.column, values_only=True)
    found = []
    for row in rows:
        if row[0] is None:
            break
        found.append([each for each in row if each is not None])
    return found


def test_every_figure_stands_dark_on_white_at_the_end_of_its_bar(graded_samples: Mapping[str, Path]) -> None:
    for scheme, out in graded_samples.items():
        for chart in charts(out / "排名.xlsx"):
            assert [each.get("val") for each in chart.iter(f"{C}grouping")] == ["clustered"], scheme
            series = list(chart.iter(f"{C}ser"))
            labels = [each.find(f"{C}dLbls") for each in series]
            for each in labels:
                assert each is not None
                # bars that are not stacked have their figures at the end, unless another place is written
                place = each.find(f"{C}dLblPos")
                assert place is None or place.get("val") == "outEnd"
                (colour,) = {one.get("val") for one in each.iter(f"{A}srgbClr")}
                assert colour and contrast(f"#{colour}") >= 7


def test_no_chart_tells_more_than_two_things_by_colour_alone(graded_samples: Mapping[str, Path]) -> None:
    for out in graded_samples.values():
        for chart in charts(out / "排名.xlsx"):
            legend = chart.find(f".//{C}legend")
            assert len(list(chart.iter(f"{C}ser"))) <= 2 or legend is None
    record = json.loads((graded_samples["district"] / "results.json").read_text("utf-8"))
    tiers = {each["unit"]: [one["id"] for one in each["outcomes"] if one["id"].endswith("等奖")]
             for each in record["subjects"] if each["rank"]}  # fmt: skip
    sheet = load_workbook(graded_samples["district"] / "排名.xlsx", data_only=True)["图表"]
    heads, *rows = figures(sheet, "总分与等次")
    assert heads[0] == "单位和等次" and len(rows) == len(tiers)
    for name, *values in rows:
        unit, word = str(name).split("　")
        assert word == (tiers[unit] or ["未入等次"])[0]
        assert [head for head, value in zip(heads[1:], values, strict=True) if value] == [word]


def test_the_sections_lose_what_their_lines_lose(graded_samples: Mapping[str, Path]) -> None:
    for scheme in ("district", "xinyang"):
        book = load_workbook(graded_samples[scheme] / "排名.xlsx", data_only=True)
        total = next(row for row in book["得分明细"].values if row[1] == "失分合计")
        heads = next(row for row in book["得分明细"].values if row[0] == "名次")
        (_, *rows) = figures(book["图表"], "各大项失分")
        lost = sum(each for each, head in zip(total, heads, strict=False)
                   if isinstance(each, int | float) and re.match(r"\S+\n", str(head)))  # fmt: skip
        assert sum(row[1] for row in rows) == pytest.approx(lost) and lost > 0


@office.require_office
@pytest.mark.slow
def test_the_bars_of_loss_follow_a_changed_score_and_stay_in_order(
    graded_samples: Mapping[str, Path], tmp_path: Path
) -> None:
    book: Any = load_workbook(graded_samples["district"] / "排名.xlsx")
    detail = book["得分明细"]
    heads = next(row for row in detail.iter_rows() if row[0].value == "名次")
    col = next(each.column for each in heads if str(each.value).startswith("一1\n"))
    units = [row for row in range(heads[0].row + 2, detail.max_row) if isinstance(detail.cell(row, col).value, int)]
    for row in units:
        detail.cell(row, col).value = -40
    book.save(tmp_path / "改.xlsx")
    path = office.recalculate([tmp_path / "改.xlsx"], tmp_path / "算")[tmp_path / "改.xlsx"]
    live = load_workbook(path, data_only=True)["图表"]
    (_, *lines), (_, *sections) = figures(live, "失分最多的指标"), figures(live, "各大项失分")
    assert str(lines[0][0]).startswith("一1 ") and lines[0][1] > 40 * len(units)
    assert [each[1] for each in lines] == sorted((each[1] for each in lines), reverse=True)
    assert max(sections, key=lambda each: each[1])[0].startswith("一 ")
