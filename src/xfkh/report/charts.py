"""图表: totals by tier, loss by section and by line, self against verified; native, live, figures beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from ..model import State
from ..workbook.book import Sheet, cell
from ..workbook.charts import GREY, LOSS, Area, Series, bars, height_of, tier_shade
from ..workbook.style import POINTS, Theme
from .table import LINE, LOST, NO_TIER, Board, runs
from .trial import write_followed_note

MOST = 40
"""How many subjects a chart shows: the first places."""
LINES = 15
WIDTH, DATA, TOP = 710, 11, 4
"""Pixels of a chart; the first column of the figures, to the right of what is printed; the first row."""
SCALE, PAGE, ROW = 70, 67, 20
"""The scale in print (a chart fits A4 even where another font makes columns wider), a page's rows, a row's pixels."""
Value = str | int | Fraction | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures beside the charts: its head, and for each row the formula with its value."""

    head: str
    cells: Sequence[tuple[str, Value]]


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart shows: the names, then a column of figures for each series, with their fills; ``single``: each name
    has a figure in one series alone."""

    title: str
    names: Column
    columns: Sequence[Column]
    fills: Sequence[dict[str, Any]]
    single: bool = False

    @property
    def pixels(self) -> int:
        return height_of(len(self.names.cells), 1 if self.single else len(self.columns))


class Figures:
    """The tables from which the charts are drawn, one beneath another."""

    def __init__(self, sheet: Sheet, row: int, col: int) -> None:
        self.sheet, self.row, self.col = sheet, row, col

    def table(self, title: str, columns: Sequence[Column]) -> list[tuple[Area, Area]]:
        """Writes a table; the areas of each column's head and cells."""
        sheet, top, areas = self.sheet, self.row + 1, list[tuple[Area, Area]]()
        sheet.text(self.row, self.col, title, "strong")
        for col, each in enumerate(columns, self.col):
            sheet.text(top, col, each.head, "head")
            sheet.height(top, [(head.head, 11) for head in columns])
            for at, (text, value) in enumerate(each.cells, top + 1):
                if text:
                    sheet.formula(at, col, text, value, "cell", num_format=POINTS)
                else:
                    sheet.put(at, col, value, "cell")
            end = top + max(1, len(each.cells))
            areas.append((Area(sheet.name, top, col, top, col), Area(sheet.name, top + 1, col, end, col)))
        self.row = top + max(len(each.cells) for each in columns) + 3
        return areas

    def draw(self, picture: Picture, at: tuple[int, int], size: tuple[int, int]) -> None:
        """A table of figures, and its chart at a cell, so many pixels in size."""
        (_, names), *rest = self.table(picture.title, [picture.names, *picture.columns])
        series = [Series(head, values, fill) for (head, values), fill in zip(rest, picture.fills, strict=True)]
        figures = [value for each in picture.columns for _, value in each.cells if isinstance(value, (int, Fraction))]
        zero = min(figures, default=0) >= 0
        bars(self.sheet, at, picture.title, names, series, size, picture.single, zero)


def write_charts(sheet: Sheet, boards: Sequence[Board]) -> None:
    """A chart beneath another, each on the width of an A4 page; what a part has nothing for is left out."""
    facts = boards[0].facts
    sheet.widths(*[9.5] * (DATA - 1), 3, 22, *[10] * 20)
    note = "随得分自动重画；右侧是图中数据"
    sheet.heading(f"{facts.title}　{sheet.name}", facts.subtitle, note, last=DATA - 2)
    write_followed_note(sheet, 2, 0, note, "」「".join(each.totals for each in boards))
    figures, at, breaks = Figures(sheet, TOP, DATA), TOP, [0]
    makers = (totals, _sections, lost_most, _gaps)
    for each in (each for board in boards for make in makers if (each := make(board, sheet.book.theme))):
        rows = -(-each.pixels // ROW) + 1
        if at + rows - breaks[-1] > PAGE and at > TOP:
            breaks.append(at)
        figures.draw(each, (at, 0), (WIDTH, each.pixels))
        at += rows
    if at == TOP:
        sheet.text(at, 0, "还没有可画的得分", "muted")
    sheet.print_setup(landscape=False)
    # a chart is never cut by a page: breaks hold with a scale, not with a fit to the page
    sheet.raw.set_print_scale(SCALE)
    sheet.raw.center_horizontally()
    sheet.raw.set_h_pagebreaks(breaks[1:])
    sheet.raw.print_area(0, 0, at, DATA - 2)


def ranked(board: Board, most: int = MOST) -> list[int]:
    """The rows of the first places, of several groups those of one after those of another."""
    found = board.scores.best(most)
    return sorted(found, key=board.scores.group_place) if board.group_head else found


def _title(board: Board, text: str, shown: int) -> str:
    all_ = sum(line.state is State.ASSESSED for line in board.order)
    part = "个人" if board.many else ""
    if board.group_head:
        some = f"，各组靠前的{shown}{board.noun}，共{all_}{board.noun}" if shown < all_ else ""
        return f"{part}{text}（按组排列{some}）"
    return f"{part}{text}" + (f"（前{shown}名，共{all_}{board.noun}）" if shown < all_ else "")


def _found(board: Board, place: int, row: int, name: str) -> str:
    """What the totals say of a bar: of whom is at a place; in groups, where places tell nobody apart, of the row."""
    return board.of_key(name, str(row + 1)) if board.group_head else board.at_place(name, place)


def _names(board: Board, rows: Sequence[int]) -> Column:
    """Who the bars are; in groups with the group and the place in it."""
    cells, scores = [], board.scores
    for place, row in enumerate(rows, 1):
        text = board.marked_live(partial(_found, board, place, row))
        own = board.marked(row)
        if board.group_head:
            group = _found(board, place, row, board.group_head)
            text = f'{group}&{_found(board, place, row, "名次")}&"　"&{text}'
            own = f"{scores.group(row)}{scores.rank(row)}　{own}"
        cells.append((text, own))
    return Column("人" if board.many else "单位", cells)


def totals(board: Board, theme: Theme, most: int = MOST) -> Picture | None:
    """Totals, each tier in its own shade; its word stands beside the name."""
    rows = ranked(board, most)
    if not rows:
        return None
    title, points = _title(board, "总分", len(rows)), [board.scores.total(row) or Fraction(0) for row in rows]
    places = [_found(board, k, row, "总分") for k, row in enumerate(rows, 1)]
    tiers_now = [_found(board, k, row, "等次") for k, row in enumerate(rows, 1)] if board.tiers else []
    if not board.tiers:
        return Picture(title, _names(board, rows), [Column("总分", list(zip(places, points, strict=True)))],
                       [tier_shade(theme, 0)])  # fmt: skip
    tiers, columns = [*(each.id for each in board.tiers), NO_TIER], []
    for tier in tiers:
        texts = [f'IF({now}="{tier}",{place},0)' for now, place in zip(tiers_now, places, strict=True)]
        values = [total if board.tier(row) == tier else Fraction(0) for row, total in zip(rows, points, strict=True)]
        columns.append(Column(tier, list(zip(texts, values, strict=True))))
    fills = [*(tier_shade(theme, k) for k in range(len(tiers) - 1)), GREY]
    said = [
        (f'{text}&"　"&{now}', f"{name}　{board.tier(row)}")
        for row, now, (text, name) in zip(rows, tiers_now, _names(board, rows).cells, strict=True)
    ]
    return Picture(f"{title}与等次", Column("单位和等次", said), columns, fills, single=True)


def _sections(board: Board, _: Theme) -> Picture | None:
    """The points that each section cost; a section of bonuses costs none."""
    costly = {item.section for item, _ in board.lines if not item.id.endswith("+")}
    sections = [each for each in board.sections if each.id in costly]
    if not board.losses or len(sections) < 2:
        return None
    sums = []
    for each in sections:
        own = runs([k for k, (item, _) in enumerate(board.lines) if item.section == each.id])
        cells = ",".join(_lost(board, *run) for run in own)
        lost = sum((loss.points for loss in board.losses if loss.item.section == each.id), Fraction(0))
        sums.append((f"ROUND(SUM({cells}),2)", lost))
    names = Column("大项", [("", f"{each.id} {each.title}") for each in sections])
    return Picture(_of_all(board, "各大项失分"), names, [Column("失分", sums)], [LOSS])


def _lost(board: Board, *run: int) -> str:
    """What the lines from one to another cost, as the table of points sums it up."""
    return f"{board.detail}!{':'.join(cell(board.last + LOST, board.first + k) for k in run)}"


def _of_all(board: Board, text: str) -> str:
    return ("个人" if board.many else "") + f"{text}（各{'人' if board.many else '单位'}合计）"


def lost_most(board: Board, _: Theme, most: int = LINES) -> Picture | None:
    """The lines that cost most points, in the order that the scores have now."""
    found = list(enumerate(board.losses[:most], 1))
    if not found:
        return None
    names = [(board.lost(LINE, k), f"{each.item.id} {each.item.title}") for k, each in found]
    sums = [(board.lost(LOST, k), each.points) for k, each in found]
    return Picture(_of_all(board, "失分最多的指标"), Column("指标", names), [Column("失分", sums)], [LOSS])


def tier_counts(board: Board, theme: Theme) -> Picture | None:
    """How many there are of each tier."""
    if not board.tiers:
        return None
    tiers = [*(each.id for each in board.tiers), NO_TIER]
    ranked_rows = [line.row for line in board.order if board.scores.rank(line.row)]
    counts = [(f'COUNTIFS({board.total_column("等次")},"{tier}")', sum(board.tier(row) == tier for row in ranked_rows))
              for tier in tiers]  # fmt: skip
    names = Column("等次", [("", tier) for tier in tiers])
    return Picture("各等次单位数", names, [Column("单位数", counts)], [tier_shade(theme, 0)])


def _gaps(board: Board, theme: Theme) -> Picture | None:
    """Self-scored and verified totals side by side; what no self-score has is in the verified total alone."""
    rows = ranked(board)
    if not board.lines or not any(board.scores.has_review(row) for row in rows):
        return None
    places = [_found(board, k, row, "自评分") for k, row in enumerate(rows, 1)]
    own = [(f"IF(ISNUMBER({place}),{place},0)", board.own_total(row) or Fraction(0))
           for row, place in zip(rows, places, strict=True)]  # fmt: skip
    final = [(_found(board, k, row, "总分"), board.scores.total(row)) for k, row in enumerate(rows, 1)]
    columns = [Column("自评", own), Column("核定", final)]
    return Picture(_title(board, "自评与核定", len(rows)), _names(board, rows), columns, [GREY, tier_shade(theme, 0)])
