"""Native charts in the house style: horizontal bars, so that names are read straight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .book import Sheet
from .style import FONT, LINE, MUTED, Theme, tint

BAR, FRAME = 21, 92
"""Pixels of one bar with its gap, and of all that stands around the bars."""
_HIDE_ZERO = "General;-General;;"
_ORANGE = "#C46A21"


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


def shade(theme: Theme, k: int) -> dict[str, Any]:
    """The k-th of many fills: neighbours differ in lightness, so that they stay apart in grey print; the second round
    is hatched."""
    solid = (theme.ink, tint(_ORANGE, 0.6), theme.accent, tint(theme.accent, 0.78), _ORANGE, "#DADADA", "#6E6E6E",
             tint(_ORANGE, 0.8), tint(theme.accent, 0.35), "#F0F0F0")  # fmt: skip
    colour = solid[k % len(solid)]
    if k < len(solid):
        return {"fill": {"color": colour}}
    return {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": colour, "bg_color": "#FFFFFF"}}


def tier_shade(theme: Theme, k: int) -> dict[str, Any]:
    """The fill of the k-th tier, darkest first."""
    return {"fill": {"color": tint(theme.accent, min(0.75, 0.38 * k))}}


GREY: dict[str, Any] = {"fill": {"color": "#B5B5B5"}}
LOSS: dict[str, Any] = {"fill": {"color": _ORANGE}}


def bars(
    sheet: Sheet,
    at: tuple[int, int],
    title: str,
    categories: Area,
    series: Sequence[Series],
    size: tuple[int, int],
    stacked: bool = False,
    labels: bool = True,
    from_zero: bool = True,
) -> None:
    """Horizontal bars, the first category on top; ``size`` in pixels. Bars are compared by their length, so they begin
    at 0; ``from_zero`` False: some figures are negative."""
    chart = sheet.book.raw.add_chart({"type": "bar", **({"subtype": "stacked"} if stacked else {})})
    for each in series:
        options = {
            **each.fill,
            "name": list(each.name),
            "categories": list(categories),
            "values": list(each.values),
            "border": {"color": "#FFFFFF", "width": 0.5},
            "gap": 45,
            "overlap": 100 if stacked else -5,
        }
        if labels:
            options["data_labels"] = {"value": True, "num_format": _HIDE_ZERO, "font": _font(8)}
        chart.add_series(options)
    chart.set_title({"name": title, "name_font": {**_font(11), "bold": True, "color": sheet.book.theme.ink},
                     "overlay": False})  # fmt: skip
    chart.set_y_axis({"reverse": True, "num_font": _font(9), "line": {"color": LINE}, "major_tick_mark": "none",
                      "label_position": "low"})  # fmt: skip
    grid = {"visible": True, "line": {"color": "#E6EBF0"}}
    chart.set_x_axis({"num_font": _font(8, MUTED), "major_gridlines": grid, "line": {"none": True},
                      "num_format": "General", "label_position": "high",
                      **({"min": 0} if from_zero else {})})  # fmt: skip
    chart.set_legend({"none": True} if len(series) == 1 else {"position": "bottom", "font": _font(9)})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": size[0], "height": size[1]})
    chart.show_blanks_as("gap")
    sheet.raw.insert_chart(*at, chart, {"object_position": 1, "y_offset": 3, "description": title})


def height_of(rows: int, bars_each: int = 1) -> int:
    """Pixels that so many categories need, each with so many bars."""
    return FRAME + rows * (BAR if bars_each == 1 else 15 * bars_each + 4)


def _font(size: int, colour: str = "#222222") -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": colour}
