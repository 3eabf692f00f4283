"""总览: at a glance who leads, who is vetoed, who has not returned, where points are lost, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..formula.say import decimal
from ..model import OutcomeKind, State
from ..results import Award, PartResult
from ..text import some
from ..workbook import Sheet
from ..workbook.style import MONEY, POINTS, TIERS
from .charts import Figures, lost_most, tier_counts
from .facts import Facts
from .names import titled
from .table import Board

WIDTH, GUTTER = 11.5, 2
LEFT, RIGHT, COLUMNS = 0, 7, 13
"""The first columns of the two halves, six columns each, and how many columns there are."""
BEST, WORST, LOST = 5, 5, 8
_PIXELS = (6 * 86 - 8, 252)


def _awaited(part: PartResult) -> str:
    """What is still open of a part and takes part: 单位未报2个、暂定1个."""
    scores, noun = part.scores, "人" if part.scores.part.many else "个"
    still = [state for state, gone in zip(scores.states, scores.closed, strict=True) if not gone]
    told = "、".join(f"{each}{still.count(each)}{noun}" for each in _OPEN if each in still)
    return f"{scores.part.name}{told}" if told else ""


Tile = tuple[int, str, str]
"""A figure, the words beneath it, the meaning of its fill."""
_OPEN = (State.MISSING, State.REFUSED, State.HELD, State.PROVISIONAL)
_STANDINGS = {"一票否决": "veto", "未报": "open", "退回": "open", "待定": "warn", "暂定": "warn", "截止不参评": "open"}


def write_overview(sheet: Sheet, facts: Facts, boards: Sequence[Board]) -> None:
    """One A4 page across; what is counted by the totals is live, money is that of the run."""
    sheet.widths(*[WIDTH] * 6, GUTTER, *[WIDTH] * 6, GUTTER, 34, 9)
    sheet.heading(f"{facts.title}　总览", facts.subtitle, last=COLUMNS - 1)
    _Overview(sheet, facts, boards).write()
    sheet.raw.set_first_sheet()
    sheet.raw.activate()
    sheet.print_setup(landscape=True)
    sheet.raw.fit_to_pages(1, 1)


class _Overview:
    def __init__(self, sheet: Sheet, facts: Facts, boards: Sequence[Board]) -> None:
        self.sheet, self.facts, self.boards, self.row = sheet, facts, boards, 2

    def write(self) -> None:
        self._standing()
        self._tiles()
        makers = (self._best, self._open, self._lost)
        self._beside(*(make(board) for make in makers for board in self.boards), self._cost())
        self._charts()

    def _standing(self) -> None:
        """In words whether this is final; and, live, whether somebody changed it by hand."""
        awaited = "；".join(said for part in self.facts.parts if (said := _awaited(part)))
        words = f"阶段结果：{awaited}，名次和跨单位的奖励还可能变化。" if self.facts.stage else "全部已定。"
        self.sheet.merge(self.row, 0, COLUMNS - 1, words, "strong_wrap")
        self.sheet.height(self.row, [(words, 12 * WIDTH)])
        changed = "+".join(f'COUNTIFS({board.total_column("手工改动")},"手工改动*")' for board in self.boards)
        note = "个单位（人）的得分被手工改过，总分、名次、等次已随之重算；奖惩金额没有变，请把改动写进复查表后重新运行"
        self.sheet.raw.merge_range(self.row + 1, 0, self.row + 1, COLUMNS - 1, "", self.sheet.book.format("hand"))
        self.sheet.formula(self.row + 1, 0, f'IF({changed}>0,"手工改动：有"&({changed})&"{note}","")', "", "hand")
        self.sheet.raw.set_row(self.row + 1, 18)
        self.row += 2

    def _tiles(self) -> None:
        """Six figures, each with the words that say what it counts."""
        facts, units = self.facts, self.facts.units
        vetoed = len({(each.scores.part.name, award.row) for each in facts.parts for award in each.awards
                      if award.outcome.kind is OutcomeKind.VETO})  # fmt: skip
        awaited = units["未报"] + units["退回"]
        held = units["暂定"] + units["待定"]
        tiles: list[Tile] = [
            (units["已评"], f"已评（共{units['合计']}个单位）", "good" if units["已评"] == units["合计"] else "pale"),
            (awaited, "未报、退回", "open" if awaited else "pale"),
            (held, "暂定、待定", "warn" if held else "pale"),
        ]
        if any(board.vetoes for board in self.boards):
            tiles.append((vetoed, "一票否决", "veto" if vetoed else "pale"))
        if len(facts.parts) > 1:
            tiles.append(_persons_tile(facts.parts[1]))
        tiles += _money_tiles(facts.parts)
        starts = (0, 2, 4, 7, 9, 11)[: len(tiles)]
        ends = [*(start + 1 for start in starts[:-1]), COLUMNS - 1]
        for first, last, (value, words, fill) in zip(starts, ends, tiles, strict=False):
            self.sheet.raw.merge_range(self.row, first, self.row, last, "", self.sheet.book.format("tile", fill=fill))
            self.sheet.number(self.row, first, value, "tile", fill=fill, num_format=MONEY)
            self.sheet.merge(self.row + 1, first, last, words, "tile_note", fill=fill)
        self.sheet.raw.set_row(self.row, 32)
        self.sheet.raw.set_row(self.row + 1, 18)
        self.row += 3

    def _beside(self, *blocks: _Block | None) -> None:
        """The blocks two by two."""
        wanted = [each for each in blocks if each is not None]
        for k in range(0, len(wanted), 2):
            pair = wanted[k : k + 2]
            ends = [each.write(self.sheet, self.row, place) for each, place in zip(pair, (LEFT, RIGHT), strict=False)]
            self._level(pair)
            self.row = max(ends) + 2

    def _level(self, pair: Sequence[_Block]) -> None:
        """Row heights that fit both blocks."""
        for at in range(max(len(each.rows) for each in pair)):
            texts = [text for each in pair if at < len(each.rows) for text in each.texts(at)]
            self.sheet.height(self.row + 2 + at, texts, least=19)

    def _best(self, board: Board) -> _Block:
        """The first places, live."""
        rows = []
        for place, row in enumerate(board.scores.best(BEST), 1):
            at = {name: f"INDEX({board.total_column(name)},MATCH({place},{board.total_column('次序')},0))"
                  for name in ("名次", *board.who, "总分", *["等次"] * bool(board.tiers))}  # fmt: skip
            cells: list[object] = [
                (at["名次"], board.scores.rank(row)), (board.called_live(at), board.called(row)),
                (at["总分"], board.scores.total(row)),
            ]  # fmt: skip
            rows.append([*cells, (at["等次"], board.tier(row)) if board.tiers else _named(board, row)])
        heads = ["名次", "姓名" if board.many else "单位", "总分", "等次" if board.tiers else "结果"]
        spans = (1, 3, 1, 1) if board.tiers else (1, 2, 1, 2)
        title = "个人名次靠前" if board.many else "名次靠前"
        fills = {each.id: fill for each, fill in zip(board.tiers, TIERS, strict=False)}
        return _Block(title, heads, spans, rows or [["", "还没有已评的", "", ""]], fills)

    def _open(self, board: Board) -> _Block:
        """Who is vetoed, who has not returned, who is provisional: by name."""
        scores, groups = board.scores, dict[str, list[str]]()
        vetoed = (scores.subjects[each.row].label for each in board.result.awards
                  if each.outcome.kind is OutcomeKind.VETO)  # fmt: skip
        groups["一票否决"] = list(dict.fromkeys(vetoed))
        for state in _OPEN:
            groups[str(state)] = [scores.subjects[row].label for row, each in enumerate(scores.states)
                                  if each is state and not scores.closed[row]]  # fmt: skip
        groups["截止不参评"] = [each.label for row, each in enumerate(scores.subjects) if scores.closed[row]]
        noun, who = ("人", "个人") if board.many else ("个", "单位")
        rows = [[word, len(names), some(names, noun, 12)] for word, names in groups.items() if names]
        heads = ["情况", "人数" if board.many else "个数", who]
        return _Block(f"要留意的{who}", heads, (1, 1, 4), rows or [["没有", "", ""]], _STANDINGS)

    def _lost(self, board: Board) -> _Block | None:
        """The lines that cost most points, or how many met the goals."""
        if board.lines:
            noun, who, title = (
                ("人", "人数", "个人失分最多的指标") if board.many else ("个", "单位数", "失分最多的指标")
            )
            rows: list[list[object]] = [
                [f"{item.id} {item.title}", lost, len(losers), some(list(map(board.called, losers)), noun, 2)]
                for _, item, lost, losers in board.losses[:WORST]
            ]
            heads = ["指标", "失分", who, "失分多的"]
            return _Block(title, heads, (2, 1, 1, 2), rows or [["没有失分", "", "", ""]])
        goals = board.scores.part.targets
        rows = [[each.title, *(sum(met is word for met in board.result.targets[each.id]) for word in (True, False))]
                for each in goals]  # fmt: skip
        return _Block("工作目标", ["目标", "达到", "未达到"], (4, 1, 1), rows) if goals else None

    def _cost(self) -> _Block | None:
        """What the outcomes come to, as graded: how many; where there is money, what is settled and what waits."""
        rows: list[list[object]] = []
        for result in self.facts.parts:
            for outcome in result.scores.part.outcomes:
                mine = [each for each in result.awards if each.outcome.id == outcome.id]
                if mine and outcome.kind is not OutcomeKind.VETO:
                    kind = f"（{outcome.kind}）" if outcome.id != outcome.kind else ""
                    sums = _sums(mine) if any(each.amount is not None for each in mine) else ("—", "—")
                    rows.append([f"{titled(outcome.id)}{kind}", len(mine), *sums])
        heads = ["结果（详见 奖惩.xlsx）", "个数", "可定（元）", "阶段、待确认"]
        if not any(isinstance(row[2], int) for row in rows):
            return _Block("结果", heads[:2], (5, 1), [row[:2] for row in rows]) if rows else None
        totals = [sum(row[k] for row in rows if isinstance(row[k], int)) for k in (2, 3)]  # type: ignore[misc]
        return _Block("结果和金额", heads, (3, 1, 1, 1), [*rows, ["金额合计", "", *totals]], money=True)

    def _charts(self) -> None:
        """How many there are of each tier, and where points are lost; their figures stand right of the page."""
        sheet, at = self.sheet, self.row
        pictures = [tier_counts(self.boards[0], sheet.book.theme)]
        pictures += [lost_most(board, sheet.book.theme, LOST) for board in self.boards]
        figures, shown = Figures(sheet, at, COLUMNS + 1), [each for each in pictures if each][:2]
        for col, picture in zip((LEFT, RIGHT), shown, strict=False):
            figures.draw(picture, (at, col), _PIXELS)
        sheet.raw.print_area(0, 0, at + _PIXELS[1] // 20 if shown else at - 1, COLUMNS - 1)


class _Block:
    """A small table: a title, heads that span so many columns each, rows of values or (formula, value)."""

    def __init__(self, title: str, heads: Sequence[str], spans: Sequence[int], rows: Sequence[Sequence[object]],
                 fills: Mapping[str, str] | None = None, money: bool = False) -> None:  # fmt: skip
        self.title, self.heads, self.spans, self.rows = title, heads, spans, rows
        self.fills, self.money = fills or {}, money

    def texts(self, at: int) -> list[tuple[str, float]]:
        """The texts of a row with their columns' width."""
        values = (each[1] if isinstance(each, tuple) else each for each in self.rows[at])
        return [(str(value), span * WIDTH) for value, span in zip(values, self.spans, strict=True)
                if isinstance(value, str)]  # fmt: skip

    def write(self, sheet: Sheet, top: int, start: int) -> int:
        """Returns the last row used."""
        sheet.text(top, start, self.title, "heading")
        sheet.raw.set_row(top, 22)
        starts = [start + sum(self.spans[:k]) for k in range(len(self.spans))]
        for first, span, head in zip(starts, self.spans, self.heads, strict=True):
            sheet.merge(top + 1, first, first + span - 1, head, "head")
        sheet.raw.set_row(top + 1, 20)
        for at, row in enumerate(self.rows, top + 2):
            for first, span, value in zip(starts, self.spans, row, strict=True):
                self._cell(sheet, at, first, first + span - 1, value)
        return top + 1 + len(self.rows)

    def _cell(self, sheet: Sheet, at: int, first: int, last: int, value: object) -> None:
        text, shown = value if isinstance(value, tuple) else ("", value)
        words = isinstance(shown, str) and shown not in ("—", *self.fills)
        style = "cell_wrap" if words else "cell_centre_wrap"
        number = MONEY if self.money else POINTS
        more: dict[str, object] = {"fill": self.fills[shown]} if isinstance(shown, str) and shown in self.fills else {}
        if first != last:
            sheet.raw.merge_range(at, first, at, last, "", sheet.book.format(style, **more))
        if text:
            sheet.formula(at, first, text, shown, style, num_format=number, **more)
        elif isinstance(shown, (int, Fraction)):
            sheet.number(at, first, shown, style, num_format=number, **more)
        else:
            sheet.text(at, first, str(shown), style, **more)


def _named(board: Board, row: int) -> str:
    """What follows for a subject, where there are no tiers."""
    return "、".join(dict.fromkeys(titled(each.outcome.id) for each in board.result.of(row))) or "—"


def _persons_tile(part: PartResult) -> Tile:
    """How many persons are assessed, apart from the units."""
    states = part.scores.states
    assessed = states.count(State.ASSESSED)
    return assessed, f"个人已评（共{len(states)}人）", "good" if assessed == len(states) else "pale"


def _sums(awards: Sequence[Award]) -> tuple[int, int]:
    """Yuan that are settled, and yuan that wait for the other units or for a confirmation."""
    paid = sum(each.amount or 0 for each in awards if each.payable)
    return paid, sum(each.amount or 0 for each in awards) - paid


def _money_tiles(parts: Sequence[PartResult]) -> list[Tile]:
    """Rewards and fines in yuan, each settled and waiting."""
    tiles = []
    for fine, word in ((False, "奖励"), (True, "罚款")):
        kinds = {
            each.kind is OutcomeKind.FINE
            for part in parts
            for each in part.scores.part.outcomes
            if each.amount is not None or each.price is not None
        }
        mine = [each for part in parts for each in part.awards
                if each.amount is not None and (each.outcome.kind is OutcomeKind.FINE) is fine]  # fmt: skip
        if fine not in kinds and not mine:
            continue
        paid, waiting = _sums(mine)
        said = f"{'应缴' if fine else '应付'}{word}（元）" + (
            f"，另有{decimal(Fraction(waiting))}元未定" if waiting else ""
        )
        tiles.append((paid, said, "pale"))
    return tiles
