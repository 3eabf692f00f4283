"""Where a printed table goes on to the next page: a head is never parted from what stands beneath it, a title stands
whole on one page."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Sequence
from typing import Any

from .book import Sheet

_PAPER = 841.9, 595.3
"""A4 on its side, in points."""
_MARGINS = 0.8 * 72, 1.1 * 72
"""Those of ``Sheet.print_setup``: left and right, top and bottom."""
_SPARE = 0.96
"""Programs draw rows a little higher than they are written."""
_DEFAULT = 15.0


def keep_together(sheet: Sheet, starts: Collection[int], last: int, first: int = 0, heads: Sequence[int] = ()) -> None:
    """Ends the pages of a sheet that is fitted to their width before rows of ``starts`` only, as long as a page has
    one. The columns from ``first`` on are printed; ``heads`` are the rows that every page repeats.
    """
    across = sum(_points(sheet)[first:])
    scale = min(1.0, (_PAPER[0] - _MARGINS[0]) / across)
    room = _SPARE * (_PAPER[1] - _MARGINS[1]) / scale
    heights = [_height(sheet.raw, row) for row in range(last + 1)]
    sheet.raw.set_h_pagebreaks(page_breaks(heights, starts, room, sum(heights[row] for row in heads)))


def side_by_side(sheet: Sheet, before: int, end: int, pages: int) -> int:
    """Prints the columns up to ``end`` as large as they go on so many pages side by side, the first ``before`` on each
    of them; on one where they fit. Returns the last column within which a title stands whole on the first page, how
    wide a program may draw a column: each fills a page before the next one, and has at least so many on the first.
    """
    widths = _points(sheet)[: end + 1]
    pages = 1 if sum(widths) <= _PAPER[0] - _MARGINS[0] else pages
    sheet.raw.fit_to_pages(pages, 0)
    sheet.raw.repeat_columns(0, before - 1)
    rooms = range(int(sum(widths)) + 2)
    begins = column_breaks(widths, before, bisect(rooms, 0, key=lambda room: _fits(widths, before, room, pages)))
    # one less: figures are rounded
    return max(begins[0] - 2, before) if begins else end


def _fits(widths: Sequence[float], before: int, room: float, pages: int) -> bool:
    return len(column_breaks(widths, before, room)) < pages


def column_breaks(widths: Sequence[float], before: int, room: float) -> list[int]:
    """The columns that begin a page; the first ``before`` stand on each."""
    kept = used = sum(widths[:before])
    begins = list[int]()
    for col, wide in enumerate(widths[before:], before):
        if used + wide > room and used > kept:
            begins.append(col)
            used = kept
        used += wide
    return begins


def _points(sheet: Sheet) -> list[float]:
    """How wide the columns are; one of width 0 is not seen."""
    return [(each * 7 + 5) * 0.75 if each else 0.0 for each in sheet.columns]


def _height(raw: Any, row: int) -> float:
    """In points: versions of xlsxwriter keep it in points or in pixels."""
    size, hidden = raw.row_sizes.get(row, (raw.default_row_height, False))
    return 0.0 if hidden else size * _DEFAULT / raw.default_row_height


def page_breaks(heights: Sequence[float], starts: Collection[int], room: float, heads: float = 0) -> list[int]:
    """The rows that begin a page; ``heads`` is what every page but the first repeats."""
    begins, page, start, used = list[int](), 0, 0, 0.0
    for row, height in enumerate(heights):
        start = row if row in starts else start
        used += height
        if used > room and row > page:
            page = start if start > page else row
            begins.append(page)
            used = heads + sum(heights[page : row + 1])
    return begins
