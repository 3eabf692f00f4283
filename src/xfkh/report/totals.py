"""总表: rank, total, tier, self against verified, and what follows, one row a subject."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..formula import Node, excel
from ..formula.say import decimal
from ..model import State
from ..scheme.conditions import APART, LAST
from ..workbook.book import Sheet, cell
from ..workbook.style import GAP, POINTS, TIERS
from .names import titled, yuan
from .record import range_text
from .table import FIRST, FULL, GROUP, NO, NO_TIER, YES, Board, Line, state_word
from .trial import NONE, OPEN_VETO, STALE, WAS, differs, frozen, is_vetoed, listed, literal, number_between

_SHORT = {State.MISSING: "还没有交填报表", State.REFUSED: "交来的文件不能用", State.HELD: "等待处理意见"}
_WIDTHS = {"名次": 7, "类别": 10, "类内名次": 10, "状态": 12, "总分": 9, "组": 10, "满分": 8, LAST: 9,
           "一票否决": 13, "等次": 10, "自评分": 9, "核定减自评": 11, "复查": 18, "手工改动": 18,
           "结果和备注": 40, "键": 5, "次序": 5, "原总分": 5, "被否决": 5, "结果": 5}  # fmt: skip


class _Totals:
    """Writes the table of one part."""

    def __init__(self, sheet: Sheet, board: Board) -> None:
        self.sheet, self.board, self.scores, self.at = sheet, board, board.scores, board.at
        self.shown = board.at["结果和备注"]

    def write(self) -> None:
        sheet, board = self.sheet, self.board
        widths = dict(zip(board.who, board.who_widths(), strict=True)) | _WIDTHS
        sheet.widths(*(widths[name] for name in board.heads))
        tiers = "" if not board.tiers else "、等次" if board.tiers_live else "（等次不随改动变）"
        note = (
            f"总分、名次{tiers}随「{board.detail}」自动重算，改过的写在「手工改动」，“缺数”：有格子不是数，没有总分；"
            "“核定减自评”不算由复查和名次决定的指标"
        )
        board.head(sheet, board.heads, note if board.lines else "名次随总分自动重算", last=self.shown)
        self._full_marks()
        for at, line in enumerate(board.order, FIRST):
            self._row(at, line)
        if not board.order:
            sheet.row(FIRST, ["", "没有人" if board.many else "没有单位", *[""] * (self.shown - 1)], "cell")
        least, most = (None, None) if board.lines else (Fraction(0), board.full or None)
        numbers = number_between(least, most, "总分")
        sheet.validate(FIRST, self.at["总分"], self.at["总分"], numbers, down_to=board.last)
        if LAST in self.at:
            words = {"validate": "list", "source": [YES, NO], "error_type": "stop",
                     "error_title": "这格填不了", "error_message": "选“是”或“否”，或者清空。",
                     "input_message": "试改：选“是”排到最后，选“否”或清空按总分排"}  # fmt: skip
            sheet.validate(FIRST, self.at[LAST], self.at[LAST], words, down_to=board.last)
        self._legend(board.last + 2)
        self._colours()
        sheet.hide(self.shown + 1, len(board.heads) - 1)
        sheet.raw.freeze_panes(FIRST, 1 + len(board.who))
        # from the full marks on, so that they and what stands above them are never sorted among the units
        sheet.raw.autofilter(FIRST - 1, 0, board.last, len(board.heads) - 1)
        sheet.print_setup(landscape=True, repeat=(FIRST - 2, FIRST - 1))

    def _full_marks(self) -> None:
        board = self.board
        self.sheet.row(FIRST - 1, ["", f"满分{board.full_words}", *[""] * (self.shown - 1)], "total")
        if FULL in self.at:
            self.sheet.text(FIRST - 1, self.at[FULL], "—", "total_centre")
        whole = board.full_shown
        self.sheet.put(FIRST - 1, self.at["总分"], whole, "total_centre", num_format=POINTS)

    def _row(self, at: int, line: Line) -> None:
        sheet, board, row, scores = self.sheet, self.board, line.row, self.scores
        unit, texts = board.facts.roster.get(scores.subjects[row].unit), list[tuple[str, float]]()
        board.write_who(sheet, at, 1, row)
        sheet.text(at, self.at["类别"], unit.category if unit else "", "cell_centre_wrap")
        sheet.text(at, self.at["状态"], state_word(line.state, scores.pending(row)), "cell_centre")
        if board.group_head == GROUP:
            sheet.text(at, self.at[GROUP], scores.group(row), "cell_centre_wrap")
        if FULL in self.at:
            full = board.out_of(row) if line.scored else "—"
            sheet.put(at, self.at[FULL], full, "cell_centre", num_format=POINTS)
        extent = board.reviewed[row].word
        sheet.text(at, self.at["复查"], extent, "cell_centre_wrap")
        texts.append((extent, _WIDTHS["复查"]))
        if LAST in self.at:
            self._last(at, line)
        if "一票否决" in self.at:
            self._vetoes(at, line)
            texts.append((board.veto_longest(line), _WIDTHS["一票否决"]))
        self._places(at, line)
        if "自评分" in self.at:
            self._self(at, line)
        self._keys(at, line)
        texts += [(self._remark(at, line), _WIDTHS["结果和备注"]), (scores.subjects[row].unit, sheet.columns[1])]
        texts.append((unit.category if unit else "", _WIDTHS["类别"]))
        sheet.height(at, texts, least=20)

    def _places(self, at: int, line: Line) -> None:
        """Total, ranks and tier; an open subject has them as soon as somebody types a total."""
        sheet, board, scores, row, col = self.sheet, self.board, self.scores, line.row, self.at["总分"]
        total, points = cell(at, col), scores.total(row) or Fraction(0)
        column = self._column(col)
        place = f'IF(ISNUMBER({total}),{self._place(at, total, column)},"—")'
        sheet.formula(at, self.at["名次"], place, scores.rank(row) if self.board.ranked(line) else "—", "cell_centre")
        if "类内名次" in self.at:
            self._within(at, line, total, column)
        if board.lines:
            text, shown = self._summed(at, line), points if board.ranked(line) else board.standing(line)
            style = "cell_strong_centre" if board.ranked(line) else "cell_centre"
            sheet.formula(at, col, text, shown, style, num_format=POINTS)
        elif not board.ranked(line):
            sheet.text(at, col, board.standing(line), "cell_centre")
        else:
            sheet.number(at, col, points, "cell_strong_centre", num_format=POINTS)
        if "等次" in self.at:
            self._write_tier(at, line, total)

    def _place(self, at: int, total: str, totals: str) -> str:
        """The rank; among those of the group where there are groups: how many of it stand before it, and one."""
        group = self.board.group_head
        return self._ahead(at, [self.at[group]] if group else [], total, totals)

    def _ahead(self, at: int, kinds: Sequence[int], total: str, totals: str) -> str:
        """One more than those that stand before a row, of its own kind."""
        # no COUNTIFS: an empty category, or one like ">5" or "A*", is not what it would look for
        alike = [f"({self._column(kind)}={cell(at, kind)})" for kind in kinds]
        last = (cell(at, self.at[LAST]), self._column(self.at[LAST])) if LAST in self.at else None
        return self.board.ahead(total, totals, alike, last)

    def _column(self, col: int) -> str:
        return f"{cell(FIRST, col, fixed=True)}:{cell(self.board.last, col, fixed=True)}"

    def _summed(self, at: int, line: Line) -> str:
        """The total as the details make it; a word for who is listed apart."""
        board, key = self.board, cell(at, self.at["键"])
        return literal(APART) if board.apart(line) else board.summed(line, *self._points(at), *board.marks_of(key))

    def _points(self, at: int) -> tuple[str, str]:
        """The points of a row as they stand in the details, and hidden there as graded."""
        board, key, size = self.board, cell(at, self.at["键"]), len(self.board.lines)
        return board.points_of(key, 0, size - 1), board.points_of(key, size + 3, 2 * size + 2)

    def _within(self, at: int, line: Line, total: str, totals: str) -> None:
        """The rank within the category: how many of it stand before it, and one."""
        kind = self.at["类别"]
        place = self.scores.rank_in_category(line.row) if self.board.ranked(line) else None
        text = f'IF(AND(ISNUMBER({total}),{cell(at, kind)}<>""),{self._ahead(at, [kind], total, totals)},"—")'
        self.sheet.formula(at, self.at["类内名次"], text, "—" if place is None else place, "cell_centre")

    def _keys(self, at: int, line: Line) -> None:
        """What other sheets find this row by, its place with ties told apart, and what a person changed."""
        sheet, board = self.sheet, self.board
        sheet.number(at, self.at["键"], line.row + 1)
        place = cell(at, 0)
        before = f"COUNTIF({cell(FIRST, 0, fixed=True)}:{place},{place})"
        ahead = f"{place}-1"
        if board.group_head:
            ahead = f'COUNTIF({cell(FIRST, 0, fixed=True)}:{cell(board.last, 0, fixed=True)},"<"&{place})'
        text = f'IF(ISNUMBER({place}),{ahead}+{before},"")'
        sheet.formula(at, self.at["次序"], text, board.places.get(line.row))
        total = cell(at, self.at["总分"])
        if board.lines:
            as_added = self._summed(at, line)
            cells = board.by_hand(cell(at, self.at["键"]), *self._points(at), total)
        else:
            sheet.put(
                at, self.at["原总分"], self.scores.total(line.row) if board.ranked(line) else board.standing(line)
            )
            as_added, cells = cell(at, self.at["原总分"]), '""'
        if LAST in self.at:
            changed = f"{cell(at, self.at[LAST])}<>{self._last_word(line)}"
            cells = f'IF({changed},"手工改动{LAST}",{cells})'
        typed = f'IF({differs(total, as_added)},"手工改动总分",{cells})'
        sheet.formula(at, self.at["手工改动"], typed, "", "cell_centre")
        self._hidden(at, line)

    def _hidden(self, at: int, line: Line) -> None:
        """What other sheets show of the row: whether it is vetoed, and what else follows."""
        sheet, said = self.sheet, self.board.other(line.row)
        if "被否决" in self.at:
            text, vetoed = f"IF({is_vetoed(cell(at, self.at['一票否决']))},1,0)", self.board.vetoed(line.row)
            sheet.formula(at, self.at["被否决"], text, int(line.scored and bool(vetoed)))
        if line.scored and self.board.others & self.board.moved:
            sheet.formula(at, self.at["结果"], frozen(said, self.board.moved_row(at, line, self.board.others)), said)
        else:
            sheet.text(at, self.at["结果"], said)

    def _self(self, at: int, line: Line) -> None:
        """The unit's own total; where its return left lines open it is only 暂计 and no difference is shown."""
        sheet, scores, own = self.sheet, self.scores, self.scores.self_total(line.row)
        mine, gap, total = self.at["自评分"], self.at["核定减自评"], scores.total(line.row)
        if own is None:
            sheet.text(at, mine, "—", "cell_centre")
            sheet.text(at, gap, "—", "cell_centre")
            return
        if self.board.own_total(line.row) is None:
            sheet.text(at, mine, f"暂计{decimal(own)}", "cell_centre")
            total = None
        else:
            sheet.number(at, mine, own, "cell_centre", num_format=POINTS)
        if total is None or scores.conversion(line.row):
            sheet.text(at, gap, NONE, "cell_centre")
            return
        beyond = self.board.points_of(cell(at, self.at["键"]), len(self.board.lines) + 2)
        now = cell(at, self.at["总分"])
        text = f'IF(ISNUMBER({now}),ROUND({now}-{cell(at, mine)}-SUM({beyond}),2),"{NONE}")'
        value = total - own - self.board.beyond_own(line.row)
        sheet.formula(at, gap, text, value, "cell_centre", num_format=GAP)

    def _write_tier(self, at: int, line: Line, total: str) -> None:
        """等次, the first tier that holds; a word of the run where the total alone does not decide it."""
        tier, live = self.board.tier_word(line), self.board.tiers_live
        if not live and not self.board.ranked(line):
            self.sheet.text(at, self.at["等次"], tier, "cell_centre")
            return
        test = self.board.moved_row(at, line, (each.id for each in self.board.tiers))
        text = f'IF({test},"{STALE}",{literal(tier)})'
        if live:
            text = f'"{NO_TIER}"'
            for id, node in reversed(live.items()):
                text = f"IF({_holds(node, total)},{literal(id)},{text})"
            text = f'IF(ISNUMBER({total}),{text},"—")'
        self.sheet.formula(at, self.at["等次"], text, tier, "cell_centre")

    def _last(self, at: int, line: Line) -> None:
        """Whether a subject is ranked last: a word that a person may change for a trial."""
        col, word = self.at[LAST], self.board.last_word(line)
        if self.board.last_live:
            self.sheet.formula(at, col, self._last_word(line), word, "cell_centre")
        else:
            self.sheet.text(at, col, word, "cell_centre")

    def _last_word(self, line: Line) -> str:
        word = literal(self.board.last_word(line))
        return f'IF({self.board.last_live}>0,"{STALE}",{word})' if self.board.last_live else word

    def _vetoes(self, at: int, line: Line) -> None:
        """By which clauses a subject is vetoed, live where the total decides."""
        board, col, said = self.board, self.at["一票否决"], self.board.veto_word(line)
        live, given, moved = board.vetoes_live, board.vetoed(line.row), board.moved & {each.id for each in board.vetoes}
        if not board.ranked(line) or not moved:
            self.sheet.text(at, col, said, "cell_centre_wrap")
            return
        total = cell(at, self.at["总分"])
        tests = [(each.id, _holds(live[each.id], total) if each.id in live else "") for each in board.vetoes
                 if each.id in live or each.id in given]  # fmt: skip
        text = frozen(said, board.moved_row(at, line, moved))
        if moved <= set(live):
            # a text is more than any number
            sure = "、".join(each for each in given if each not in live) or OPEN_VETO
            text = f"IF(ISNUMBER({total}),{listed(tests)},{literal(sure)})"
        self.sheet.formula(at, col, text, said, "cell_centre_wrap")

    def _remark(self, at: int, line: Line) -> str:
        """结果和备注; the text, as long as it can get: what a trial could change is of the run once there is one."""
        said, board = self._said(line), self.board
        open_ = line.state is State.PROVISIONAL or self.scores.pending(line.row)
        if line.scored and (open_ or board.others & board.moved or self.scores.last(line.row)):
            test = board.moved_row(at, line, board.others)
            text = frozen(said, test) if said else f'IF({test},"{WAS}无","")'
            self.sheet.formula(at, self.shown, text, said, "cell_wrap")
            return WAS + said
        self.sheet.text(at, self.shown, said, "cell_wrap")
        return said

    def _said(self, line: Line) -> str:
        said, scores, (low, high) = list[str](), self.scores, self.scores.range(line.row)
        if line.state is State.PROVISIONAL:
            said.append(f"待核：{'、'.join(scores.waiting(line.row)) or '总分'}；{range_text(low, high)}")
        elif line.state is State.HELD and self.board.many:
            said.append("分不清是谁，看问题清单")
        elif line.state is not State.ASSESSED:
            said.append("已截止，不参评" if scores.closed[line.row] else _SHORT[line.state])
        elif self.board.apart(line):
            total = scores.total(line.row)
            said.append(f"{APART}，不排名" + (f"；总分 {decimal(total)}" if total is not None else ""))
        elif scores.pending(line.row):
            said += [f"{LAST}，不论总分"] * scores.last(line.row)
            span = "" if low == high else f"，{range_text(low, high)}"
            said.append(f"阶段结果：还有单位未定，名次或结果可能变化{span}")
        elif scores.last(line.row):
            said.append(f"{LAST}，不论总分")
        said += [f"折算：{how}"] if (how := scores.conversion(line.row)) else []
        own = self.board.other(line.row)
        return "；".join([*said, *([f"{'另有：' if self.board.tiers else ''}{own}"] if own != NONE else [])])

    def _legend(self, at: int) -> None:
        sheet, col = self.sheet, 1
        sheet.text(at, 0, "图例", "strong")
        marks = [(each.id, f"{each.because}，{yuan(each.amount)}元" if each.amount else each.because, fill)
                 for each, fill in zip(self.board.tiers, TIERS, strict=False)]  # fmt: skip
        marks += [(NO_TIER, "没有达到任何等次", "none")] if self.board.tiers else []
        marks += (
            [(LAST, "写“是”的，不论总分，名次排在别的单位后面；待核的没有名次，可以试改", "none")]
            if LAST in self.at
            else []
        )
        marks += veto_marks(self.board)
        marks.append(("暂定、待定", "还有格子或文件要处理，不排名次", "warn"))
        if not self.board.many:
            marks.append(("未报、退回", "没有可用的填报表，不排名次，也不是0分", "open"))
        for k, (name, text, fill) in enumerate(marks, 1):
            sheet.text(at + k, col, name, "cell_centre", fill=fill)
            sheet.text(at + k, col + 1, text, "plain")

    def _colours(self) -> None:
        sheet, last = self.sheet, self.board.last
        area = ((FIRST, 0), (last, self.at["复查"] - 1))
        state, hand = f"${cell(FIRST, self.at['状态'])}", self.at["手工改动"]
        sheet.colour(
            (FIRST, hand), (last, hand), {"type": "cell", "criteria": "!=", "value": '""'}, fill="alarm", bold=True
        )
        if "一票否决" in self.at:
            test = f"=${cell(FIRST, self.at['被否决'])}=1"
            sheet.colour(*area, {"type": "formula", "criteria": test, "stop_if_true": True}, fill="veto")
        if "等次" in self.at:
            tier = f"${cell(FIRST, self.at['等次'])}"
            for each, fill in zip(self.board.tiers, TIERS, strict=False):
                sheet.colour(*area, {"type": "formula", "criteria": f'={tier}="{each.id}"'}, fill=fill)
        for words, fill in ((("暂定", "待定"), "warn"), (("未报", "退回"), "open")):
            tests = ",".join(f'{state}="{word}"' for word in words)
            sheet.colour(*area, {"type": "formula", "criteria": f"=OR({tests})"}, fill=fill)


def _holds(node: Node, total: str) -> str:
    """The condition of an outcome that the total alone decides."""
    return excel.write(node, lambda _: total)


def veto_marks(board: Board) -> list[tuple[str, str, str]]:
    """Every veto in words, with its clause: name, text, fill."""
    return [(titled(each.id), f"一票否决：{each.because}（{each.clause}）", "veto") for each in board.vetoes]


def write_totals(sheet: Sheet, board: Board) -> None:
    _Totals(sheet, board).write()
