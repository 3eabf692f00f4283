"""Native charts in the house style: horizontal bars, so that names are read straight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .book import Sheet
from .style import BAR_LOST, BAR_OTHER, FONT, GRID, LINE, MUTED, TEXT, WHITE, Theme, tint

BAR, THIN, FRAME = 21, 13, 96
"""Pixels of one bar with its gap, of each of several at one name, and of all that stands around the bars."""
_HIDE_ZERO = "General;-General;;"


class Area(NamedTuple):
    """Cells of a sheet, rows and columns from 0."""

    sheet: str
    row: int
    col: int
    last_row: int
    last_col: int


@dataclass(frozen=True, slots=True)
class Series:
    name: Area
    values: Area
    fill: dict[str, Any]


def tier_shade(theme: Theme, k: int) -> dict[str, Any]:
    """The fill of the k-th tier, darkest first."""
    return {"fill": {"color": tint(theme.accent, min(0.75, 0.38 * k))}}


GREY: dict[str, Any] = {"fill": {"color": BAR_OTHER}}
LOSS: dict[str, Any] = {"fill": {"color": BAR_LOST}}


def bars(
    sheet: Sheet,
    at: tuple[int, int],
    title: str,
    categories: Area,
    series: Sequence[Series],
    size: tuple[int, int],
    single: bool = False,
    from_zero: bool = True,
) -> None:
    """Horizontal bars, the first category on top; ``size`` in pixels. Each figure stands in dark on white at the end of
    its bar; stacked bars have no such place. ``single``: of each category one series alone has a figure, and its name
    says which, so that no legend is needed. Bars are compared by their length, so they begin at 0; ``from_zero`` False:
    some figures are negative."""
    chart = sheet.book.raw.add_chart({"type": "bar"})
    alone = single or len(series) == 1
    for each in series:
        options = {
            **each.fill,
            "name": list(each.name),
            "categories": list(categories),
            "values": list(each.values),
            "border": {"color": WHITE, "width": 0.5},
            "gap": 45,
            "overlap": 100 if single else -5,
            "data_labels": {
                "value": True,
                "position": "outside_end",
                "num_format": _HIDE_ZERO,
                "font": _font(9 if alone else 8),
            },
        }
        chart.add_series(options)
    chart.set_title({"name": title, "name_font": {**_font(12), "bold": True, "color": sheet.book.theme.ink},
                     "overlay": False})  # fmt: skip
    chart.set_y_axis({"reverse": True, "num_font": _font(10), "line": {"color": LINE}, "major_tick_mark": "none",
                      "label_position": "low"})  # fmt: skip
    grid = {"visible": True, "line": {"color": GRID}}
    chart.set_x_axis({"num_font": _font(9, MUTED), "major_gridlines": grid, "line": {"none": True},
                      "num_format": "General", "label_position": "high",
                      **({"min": 0} if from_zero else {})})  # fmt: skip
    chart.set_legend({"none": True} if alone else {"position": "bottom", "font": _font(10)})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": size[0], "height": size[1]})
    chart.show_blanks_as("gap")
    sheet.raw.insert_chart(*at, chart, {"object_position": 1, "y_offset": 3, "description": title})


def height_of(rows: int, bars_each: int = 1) -> int:
    """Pixels that so many categories need, each with so many bars."""
    return FRAME + rows * (BAR if bars_each == 1 else THIN * bars_each + 4)


def _font(size: int, colour: str = TEXT) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": colour}
