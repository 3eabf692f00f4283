"""总览: at a glance who leads, who is vetoed, who has not returned, where points are lost, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from ..model import Outcome, OutcomeKind, State
from ..results import Award, PartResult
from ..text import some
from ..workbook.book import Sheet, cell
from ..workbook.style import MONEY, POINTS, TIERS
from .charts import Figures, lost_most, tier_counts
from .facts import Facts
from .names import titled, yuan
from .table import LINE, LOSER, LOSERS, LOST, Board, Loss
from .trial import CHANGED, COUNT_AT, STALE, UNJUDGED, literal, withdrawn

WIDTH, GUTTER = 11.5, 2
LEFT, RIGHT, COLUMNS = 0, 7, 13
"""The first columns of the two halves, six columns each, and how many columns there are."""
BEST, WORST, BARS = 5, 5, 8
_PIXELS = (6 * 86 - 8, 252)


def _awaited(part: PartResult) -> str:
    """What is still open of a part and takes part: 单位未报2个、暂定1个."""
    scores, noun = part.scores, "人" if part.scores.part.many else "个"
    still = [state for state, gone in zip(scores.states, scores.closed, strict=True) if not gone]
    told = "、".join(f"{each}{still.count(each)}{noun}" for each in _OPEN if each in still)
    return f"{scores.part.name}{told}" if told else ""


Tile = tuple[object, str, str]
"""A figure or (formula, figure), the words beneath it, the meaning of its fill."""
_OPEN = (State.MISSING, State.REFUSED, State.HELD, State.PROVISIONAL)
_STANDINGS = {"一票否决": "veto", "未报": "open", "退回": "open", "待定": "warn", "暂定": "warn", "截止不参评": "open"}


def write_overview(sheet: Sheet, facts: Facts, boards: Sequence[Board]) -> None:
    """One A4 page across; what the totals decide is live, what only a run can judge is not shown once they changed."""
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
        row, col = COUNT_AT
        self.sheet.text(row, col - 1, "手工改动的单位（人）数", "strong")
        self.sheet.formula(row, col, changed, 0, "cell")
        note = (
            f"个单位（人）的得分被手工改过，{self._following()}已随之重算；"
            "奖惩结果和金额没有重算，请把改动写进复查表后重新运行"
        )
        self.sheet.raw.merge_range(self.row + 1, 0, self.row + 1, COLUMNS - 1, "", self.sheet.book.format("hand"))
        self.sheet.formula(self.row + 1, 0, f'IF({CHANGED},"手工改动：有"&{cell(row, col)}&"{note}","")', "", "hand")
        self.sheet.height(self.row + 1, [(f"手工改动：有1{note}", 12 * WIDTH)])
        self.row += 2

    def _following(self) -> str:
        """What follows a trial besides totals and ranks."""
        boards = self.boards
        live = [("等次", any(each.tiers_live for each in boards)), ("失分", any(each.lines for each in boards)),
                ("由总分定的一票否决", any(each.vetoes_live for each in boards))]  # fmt: skip
        return "、".join(["总分", "名次", *(word for word, there in live if there)])

    def _tiles(self) -> None:
        """Six figures, each with the words that say what it counts."""
        facts, units = self.facts, self.facts.units
        awaited = units["未报"] + units["退回"]
        held = units["暂定"] + units["待定"]
        tiles: list[Tile] = [
            (units["已评"], f"已评（共{units['合计']}个单位）", "good" if units["已评"] == units["合计"] else "pale"),
            (awaited, "未报、退回", "open" if awaited else "pale"),
            (held, "暂定、待定", "warn" if held else "pale"),
        ]
        if able := [board for board in self.boards if board.vetoes]:
            vetoed = sum(map(_vetoed, able))
            texts = "+".join(map(_vetoed_live, able))
            tiles.append(((texts, vetoed), "一票否决", "veto" if vetoed else "pale"))
        if len(facts.parts) > 1:
            tiles.append(_persons_tile(facts.parts[1]))
        tiles += _money_tiles(self.boards, any(map(_is_withdrawn, self._cost_rows()[0])))
        starts = (0, 2, 4, 7, 9, 11)[: len(tiles)]
        ends = [*(start + 1 for start in starts[:-1]), COLUMNS - 1]
        for first, last, (value, words, fill) in zip(starts, ends, tiles, strict=False):
            self.sheet.raw.merge_range(self.row, first, self.row, last, "", self.sheet.book.format("tile", fill=fill))
            _put(self.sheet, self.row, first, value, "tile", num_format=MONEY, fill=fill)
            self.sheet.merge(self.row + 1, first, last, words, "tile_note", fill=fill)
            if "，" in words and isinstance(value, tuple):
                told = (
                    f'{literal(words.partition("，")[0])}&IF({CHANGED},"",{literal("，" + words.partition("，")[2])})'
                )
                self.sheet.formula(self.row + 1, first, told, words, "tile_note", fill=fill)
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
            at = {name: board.at_place(name, place)
                  for name in ("名次", *[board.group_head] * bool(board.group_head), "总分",
                               *["等次"] * bool(board.tiers))}  # fmt: skip
            group = f"{at[board.group_head]}&" if board.group_head else ""
            rank = f"{board.scores.group(row)}{board.scores.rank(row)}" if group else board.scores.rank(row)
            cells: list[object] = [
                (f"{group}{at['名次']}", rank),
                (board.marked_live(partial(board.at_place, place=place)), board.marked(row)),
                (at["总分"], board.scores.total(row)),
            ]  # fmt: skip
            rows.append([*cells, (at["等次"], board.tier(row)) if board.tiers else _follows(board, place, row)])
        heads = ["名次", "姓名" if board.many else "单位", "总分", "等次" if board.tiers else "结果"]
        spans = (1, 3, 1, 1) if board.tiers else (1, 2, 1, 2)
        title = "个人名次靠前" if board.many else "名次靠前"
        fills = {each.id: fill for each, fill in zip(board.tiers, TIERS, strict=False)}
        return _Block(title, heads, spans, rows or [["", "还没有已评的", "", ""]], fills, marked="一票否决")

    def _open(self, board: Board) -> _Block:
        """Who is vetoed, who has not returned, who is provisional: by name."""
        scores, groups = board.scores, dict[str, list[str]]()
        for state in _OPEN:
            groups[str(state)] = [scores.subjects[row].label for row, each in enumerate(scores.states)
                                  if each is state and not scores.closed[row]]  # fmt: skip
        groups["截止不参评"] = [each.label for row, each in enumerate(scores.subjects) if scores.closed[row]]
        noun, who = ("人", "个人") if board.many else ("个", "单位")
        rows: list[list[object]] = [[word, len(names), some(names, noun, 12)]
                                    for word, names in groups.items() if names]  # fmt: skip
        rows = [*_vetoes(board, noun), *rows]
        heads = ["情况", "人数" if board.many else "个数", who]
        return _Block(f"要留意的{who}", heads, (1, 1, 4), rows or [["没有", "", ""]], _STANDINGS)

    def _lost(self, board: Board) -> _Block | None:
        """The lines that cost most points, or how many met the goals."""
        if board.lines:
            who, title = ("人数", "个人失分最多的指标") if board.many else ("单位数", "失分最多的指标")
            rows: list[list[object]] = [
                _cost_of(board, place, loss) for place, loss in enumerate(board.costs[:WORST], 1)
            ]
            heads = ["指标", "失分", who, "失分最多的"]
            return _Block(title, heads, (2, 1, 1, 2), rows)
        goals = board.scores.part.targets
        rows = [[each.title, *(_met(board, each.id, word) for word in (True, False))] for each in goals]
        return _Block("工作目标", ["目标", "达到", "未达到"], (4, 1, 1), rows) if goals else None

    def _cost(self) -> _Block | None:
        """What the outcomes come to: how many; where there is money, what is settled and what waits."""
        rows, kinds = self._cost_rows()
        if not kinds:
            return (
                _Block("结果", ["结果（详见 奖惩.xlsx）", "个数"], (5, 1), [row[:2] for row in rows]) if rows else None
            )
        words = [word for fine, word in ((False, "应付"), (True, "应缴")) if fine in kinds]
        heads = ["结果（详见 奖惩.xlsx）", "个数", f"{'、'.join(words)}（元）", "阶段、待确认"]
        if len(kinds) == 1:
            rows.append(["金额合计", "", *(_added([row[k] for row in rows]) for k in (2, 3))])
        return _Block("结果和金额", heads, (3, 1, 1, 1), rows, money=True)

    def _cost_rows(self) -> tuple[list[list[object]], set[bool]]:
        """A row an outcome; whether some of the money is a fine, and some is not."""
        rows: list[list[object]] = []
        kinds = set[bool]()
        for board in self.boards:
            for outcome in board.scores.part.outcomes:
                mine = [each for each in board.result.awards if each.outcome.id == outcome.id and not each.nothing]
                if outcome.kind is OutcomeKind.VETO or not (mine or outcome.id in board.tiers_live):
                    continue
                sums: Sequence[object] = ("—", "—")
                if any(each.amount is not None for each in mine):
                    kinds.add(outcome.kind is OutcomeKind.FINE)
                    sums = [_of_run(board, outcome, value) for value in _sums(mine)]
                elif _paid(outcome, mine) and outcome.id in board.moved:
                    sums = [(withdrawn('"—"'), "—")] * 2
                rows.append([self._titled(board, outcome), _count(board, outcome, len(mine)), *sums])
        return _all_or_none(rows), kinds

    def _titled(self, board: Board, outcome: Outcome) -> str:
        """An outcome with its kind, and whose it is where several parts have one of that name."""
        same = [each for each in self.boards if any(one.id == outcome.id for one in each.scores.part.outcomes)]
        notes = [str(outcome.kind)] * (outcome.id != outcome.kind) + [board.scores.part.name] * (len(same) > 1)
        return titled(outcome.id) + (f"（{'，'.join(notes)}）" if notes else "")

    def _charts(self) -> None:
        """How many there are of each tier, and where points are lost; their figures stand right of the page."""
        sheet, at = self.sheet, self.row
        pictures = [tier_counts(self.boards[0], sheet.book.theme)]
        pictures += [lost_most(board, sheet.book.theme, BARS) for board in self.boards]
        figures, shown = Figures(sheet, at, COLUMNS + 1), [each for each in pictures if each][:2]
        for col, picture in zip((LEFT, RIGHT), shown, strict=False):
            figures.draw(picture, (at, col), _PIXELS)
        sheet.raw.print_area(0, 0, at + _PIXELS[1] // 20 if shown else at - 1, COLUMNS - 1)


class _Block:
    """A small table: a title, heads that span so many columns each, rows of values or (formula, value); ``marked``:
    with what a cell begins that is coloured as such."""

    def __init__(self, title: str, heads: Sequence[str], spans: Sequence[int], rows: Sequence[Sequence[object]],
                 fills: Mapping[str, str] | None = None, money: bool = False, marked: str = "") -> None:  # fmt: skip
        self.title, self.heads, self.spans, self.rows = title, heads, spans, rows
        self.fills, self.money, self.marked = fills or {}, money, marked

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
        if first != last:
            sheet.raw.merge_range(at, first, at, last, "", sheet.book.format(style))
        if text and self.fills:
            # the colour follows the word
            sheet.colour_words((at, first), (at, last), self.fills)
        if text and self.marked:
            begins = {"type": "formula", "criteria": f'=COUNTIF({cell(at, first, fixed=True)},"{self.marked}*")>0'}
            sheet.colour((at, first), (at, last), begins, fill="veto")
        more = {"fill": self.fills[shown]} if not text and isinstance(shown, str) and shown in self.fills else {}
        _put(sheet, at, first, value, style, num_format=number, **more)


def _put(sheet: Sheet, row: int, col: int, value: object, style: str, **more: Any) -> None:
    """A value, or (formula, value)."""
    if isinstance(value, tuple):
        text, shown = value
        sheet.formula(row, col, text, shown, style, **more)
    elif isinstance(value, (int, Fraction)):
        sheet.number(row, col, value, style, **more)
    else:
        sheet.text(row, col, str(value), style, **more)


def _cost_of(board: Board, place: int, loss: Loss) -> list[object]:
    """A line by what it cost: its name, the points, how many lost them, who most."""
    shown = {LINE: f"{loss.item.id} {loss.item.title}", LOST: loss.points, LOSERS: len(loss.rows),
             LOSER: board.loser(loss)}  # fmt: skip
    return [(board.lost(what, place), value) for what, value in shown.items()]


def _met(board: Board, target: str, word: bool) -> object:
    """How many met a target, or did not."""
    count = sum(met is word for met in board.result.targets[target])
    return (withdrawn(str(count)), count) if target in board.moved_targets else count


def _vetoed(board: Board) -> int:
    return sum(1 for line in board.order if line.scored and board.vetoed(line.row))


def _vetoed_live(board: Board) -> str:
    return f"SUM({board.total_column('被否决')})"


def _vetoes(board: Board, noun: str) -> list[list[object]]:
    """How many are vetoed, live; who, as graded."""
    names = [board.scores.subjects[line.row].label for line in sorted(board.order, key=lambda line: line.row)
             if line.scored and board.vetoed(line.row)]  # fmt: skip
    if not (names or board.vetoes_live):
        return []
    said = some(names, noun, 12) if names else "—"
    live = bool(board.moved & {each.id for each in board.vetoes})
    now = f"现在的见「{board.totals}」；原为："
    shown = (f'IF({CHANGED},"{now}","")&{literal(said)}', said) if live else said
    return [["一票否决", (_vetoed_live(board), len(names)), shown]]


def _follows(board: Board, place: int, row: int) -> tuple[str, str]:
    """Vetoes and what else follows for the subject at a place, where there are no tiers."""
    at = {name: board.at_place(name, place)
          for name in ("一票否决", "被否决", "结果") if name in board.at}  # fmt: skip
    said, vetoes, text = board.other(row), "、".join(board.vetoed(row)), at["结果"]
    if board.others & board.moved:
        text = f'IF({CHANGED},"{UNJUDGED}",{text})'
    if not board.vetoes:
        return text, said
    vetoed = f'IF({at["被否决"]}=1,"一票否决："&{at["一票否决"]}&"；","")'
    return f"{vetoed}&{text}", (f"一票否决：{vetoes}；" if vetoes else "") + said


def _of_run(board: Board, outcome: Outcome, value: int) -> object:
    """A figure of the run, not shown once a trial may have changed it."""
    return (withdrawn(str(value)), value) if outcome.id in board.moved else value


def _count(board: Board, outcome: Outcome, count: int) -> object:
    """How many have an outcome; a tier is counted where its chart counts it."""
    if outcome.id not in board.tiers_live:
        return _of_run(board, outcome, count)
    ranked = sum(board.tier_word(line) == outcome.id for line in board.order)
    return (f'COUNTIFS({board.total_column("等次")},"{outcome.id}")', ranked)


def _all_or_none(rows: list[list[object]]) -> list[list[object]]:
    """Figures of the run beside others that a trial may have moved are not shown then either: who reads the table
    takes it for one result."""
    if not any(map(_is_withdrawn, rows)):
        return rows
    return [[(withdrawn(str(each)), each) if isinstance(each, int) else each for each in row] for row in rows]


def _is_withdrawn(row: Sequence[object]) -> bool:
    return any(isinstance(each, tuple) and STALE in each[0] for each in row)


def _added(values: Sequence[object]) -> object:
    """A sum of figures, of the run where one of them is."""
    total = sum(value for each in values if isinstance(value := each[1] if isinstance(each, tuple) else each, int))
    return (withdrawn(str(total)), total) if any(isinstance(each, tuple) for each in values) else total


def _persons_tile(part: PartResult) -> Tile:
    """How many persons are assessed, apart from the units."""
    states = part.scores.states
    assessed = states.count(State.ASSESSED)
    return assessed, f"个人已评（共{len(states)}人）", "good" if assessed == len(states) else "pale"


def _sums(awards: Sequence[Award]) -> tuple[int, int]:
    """Yuan that are settled, and yuan that wait for the other units or for a confirmation."""
    paid = sum(each.amount or 0 for each in awards if each.payable)
    return paid, sum(each.amount or 0 for each in awards) - paid


def _money_tiles(boards: Sequence[Board], withdraws: bool) -> list[Tile]:
    """Rewards and fines in yuan, each settled and waiting; not shown where the table beneath ``withdraws`` its own."""
    tiles = list[Tile]()
    for fine, word in ((False, "奖励"), (True, "罚款")):
        declared = [(board, each) for board in boards for each in board.scores.part.outcomes
                    if (each.kind is OutcomeKind.FINE) is fine]  # fmt: skip
        mine = [each for board in boards for each in board.result.awards
                if each.amount is not None and (each.outcome.kind is OutcomeKind.FINE) is fine]  # fmt: skip
        if not mine and not any(each.amount is not None or each.price is not None for _, each in declared):
            continue
        paid, waiting = _sums(mine)
        moves = withdraws or any(each.id in board.moved for board, each in declared if _paid(each, mine))
        said = f"{'应缴' if fine else '应付'}{word}（元）" + (f"，另有{yuan(waiting)}元未定" if waiting else "")
        tiles.append(((withdrawn(str(paid)), paid) if moves else paid, said, "pale"))
    return tiles


def _paid(outcome: Outcome, awards: Sequence[Award]) -> bool:
    """Whether money can follow: by its own amount, or by a parameter that has a value, as its awards show."""
    given = any(each.outcome.id == outcome.id for each in awards)
    return given or outcome.amount is not None or outcome.price is not None
