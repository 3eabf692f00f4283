"""总表: rank, total, tier, self against verified, and what follows, one row a subject."""

from __future__ import annotations

from fractions import Fraction

from ..formula import FormulaError, excel, formula
from ..formula.say import decimal
from ..formula.tree import refs
from ..model import OutcomeKind, State
from ..scheme import outcome_names
from ..workbook import Sheet
from ..workbook.book import cell
from ..workbook.style import ALARM, OPEN, POINTS, TIERS, VETOED
from .record import range_text
from .table import FIRST, Board, Line

_SHORT = {State.MISSING: "还没有交填报表", State.REFUSED: "交来的文件不能用", State.HELD: "等待处理意见"}
_WIDTHS = {"名次": 7, "类别": 10, "类内名次": 9, "状态": 11, "总分": 11, "一票否决": 16, "等次": 11, "自评分": 10,
           "核定减自评": 12, "复查": 9, "结果和备注": 64}  # fmt: skip
_GAP = "+General;-General;0"


class _Totals:
    """Writes the table of one part; ``at`` gives each head its column."""

    def __init__(self, sheet: Sheet, board: Board) -> None:
        self.sheet, self.board, self.scores = sheet, board, board.scores
        heads = ["名次", *board.who, "类别", *([] if board.many else ["类内名次"]), "状态", "总分"]
        heads += ["一票否决"] * board.vetoes + ["等次"] * bool(board.tiers)
        heads += ["自评分", "核定减自评"] if board.lines else []
        self.heads = [*heads, "复查", "结果和备注"]
        self.at = {name: col for col, name in enumerate(self.heads)}

    def write(self) -> None:
        sheet, board = self.sheet, self.board
        live = "总分、名次和等次" if board.tiers else "总分和名次"
        note = f"{live}随「{board.detail}」自动重算；“核定减自评”不算由复查和名次决定的指标"
        board.head(sheet, self.heads, note if board.lines else "名次随总分自动重算")
        self._full_marks()
        for at, line in enumerate(board.order, FIRST):
            self._row(at, line)
        if not board.order:
            sheet.row(FIRST, ["", "没有人" if board.many else "没有单位", *[""] * (len(self.heads) - 2)], "cell")
        self._legend(board.last + 2)
        self._colours()
        widths = dict(zip(board.who, board.who_widths(), strict=True)) | _WIDTHS
        sheet.widths(*(widths[name] for name in self.heads))
        sheet.raw.freeze_panes(FIRST, 1 + len(board.who))
        sheet.raw.autofilter(FIRST - 2, 0, board.last, len(self.heads) - 1)
        sheet.print_setup(landscape=True, repeat=(FIRST - 2, FIRST - 1), footer=board.facts.title)

    def _full_marks(self) -> None:
        board = self.board
        part = self.scores.part
        extras = {each.id[-1] for each in part.items if each.extra}
        words = f"（不含{'加' * ('+' in extras)}{'减' * ('-' in extras)}分）" if extras else ""
        self.sheet.row(FIRST - 1, ["", f"满分{words}", *[""] * (len(self.heads) - 2)], "total")
        full = sum((rule.of or Fraction(0) for item, rule in board.lines if not item.extra), Fraction(0))
        if not board.lines:
            full = Fraction(next((each.maximum or 0 for each in part.inputs if each.name == part.total), 0))
        self.sheet.put(FIRST - 1, self.at["总分"], full or "—", "total_centre", num_format=POINTS)

    def _row(self, at: int, line: Line) -> None:
        sheet, row, scores = self.sheet, line.row, self.scores
        unit, texts = self.board.facts.roster.get(scores.subjects[row].unit), list[tuple[str, float]]()
        self.board.write_who(sheet, at, 1, row)
        sheet.text(at, self.at["类别"], unit.category if unit else "", "cell_centre")
        sheet.text(at, self.at["状态"], _state_word(line.state, scores.pending(row)), "cell_centre")
        sheet.text(at, self.at["复查"], "已复查" if scores.has_review(row) else "未复查", "cell_centre")
        if "一票否决" in self.at:
            vetoes = self._vetoes(line) if _scored(line) else "—"
            sheet.text(at, self.at["一票否决"], vetoes, "cell_centre", text_wrap=True)
            texts.append((vetoes, _WIDTHS["一票否决"]))
        if line.state is State.ASSESSED and scores.total(row) is not None:
            self._assessed(at, row)
        else:
            for name in ("名次", "类内名次", "等次"):
                if name in self.at:
                    sheet.text(at, self.at[name], "—", "cell_centre")
            sheet.text(at, self.at["总分"], line.state, "cell_centre")
        if "自评分" in self.at:
            self._self(at, line)
        remark = self._remark(line)
        sheet.text(at, self.at["结果和备注"], remark, "cell_wrap")
        sheet.height(at, [*texts, (remark, _WIDTHS["结果和备注"])], least=20)

    def _assessed(self, at: int, row: int) -> None:
        sheet, board, scores, col = self.sheet, self.board, self.scores, self.at["总分"]
        total, points = cell(at, col), scores.total(row) or Fraction(0)
        column = f"{cell(FIRST, col, fixed=True)}:{cell(board.last, col, fixed=True)}"
        sheet.formula(at, self.at["名次"], f"RANK({total},{column})", scores.rank(row), "cell_centre")
        if "类内名次" in self.at:
            sheet.put(at, self.at["类内名次"], scores.rank(row, "rank_in_category"), "cell_centre")
        if board.lines:
            first = 1 + len(board.who)
            span = f"{board.detail}!{cell(at, first)}:{cell(at, first + len(board.lines) - 1)}"
            text = f"ROUND(ROUND(SUM({span}),9),2)"
            sheet.formula(at, col, text, points, "cell_strong", num_format=POINTS, align="center")
        else:
            sheet.number(at, col, points, "cell_strong", num_format=POINTS, align="center")
        if "等次" in self.at:
            sheet.formula(at, self.at["等次"], self._tier_formula(total), self._tier(row), "cell_centre")

    def _self(self, at: int, line: Line) -> None:
        """The unit's own total; where its return left lines open it is only 暂计 and no difference is shown."""
        sheet, scores, own = self.sheet, self.scores, self.scores.self_total(line.row)
        mine, gap, total = self.at["自评分"], self.at["核定减自评"], scores.total(line.row)
        if own is None:
            sheet.text(at, mine, "—", "cell_centre")
            sheet.text(at, gap, "—", "cell_centre")
            return
        live = [id for id, rule in scores.rules.items() if rule.live(scores.part)]
        if any(scores.self_points(line.row, id) is None for id in live):
            sheet.text(at, mine, f"暂计{decimal(own)}", "cell_centre")
            total = None
        else:
            sheet.number(at, mine, own, "cell_centre", num_format=POINTS)
        if total is None:
            sheet.text(at, gap, "—", "cell_centre")
        else:
            others = [k for k, (_, rule) in enumerate(self.board.lines) if not rule.live(scores.part)]
            first = 1 + len(self.board.who)
            cells = "".join(f"-{self.board.detail}!{cell(at, first + k)}" for k in others)
            points = [scores.points(line.row, self.board.lines[k][0].id) or Fraction(0) for k in others]
            text = f"ROUND({cell(at, self.at['总分'])}-{cell(at, mine)}{cells},2)"
            value = total - own - sum(points, Fraction(0))
            sheet.formula(at, gap, text, value, "cell_centre", num_format=_GAP)

    def _tier_formula(self, total: str) -> str:
        """等次 by the total alone; the first tier that holds."""
        names, text = outcome_names(self.scores.scheme, self.scores.part, self.scores.period), '"未入等次"'
        for each in reversed(self.board.tiers):
            try:
                node = formula(each.condition, names, "是否")
            except FormulaError:
                continue
            if refs(node) == ("总分",):
                text = f'IF({excel.write(node, lambda _: total)},"{each.id}",{text})'
        return text

    def _tier(self, row: int) -> str:
        tiers = {each.id for each in self.board.tiers}
        return next((each.outcome.id for each in self.board.result.of(row) if each.outcome.id in tiers), "未入等次")

    def _vetoes(self, line: Line) -> str:
        mine = self.board.result.of(line.row)
        given = [each.outcome.id for each in mine if each.outcome.kind is OutcomeKind.VETO]
        return "、".join(given) or ("无" if line.state is State.ASSESSED else "待核")

    def _remark(self, line: Line) -> str:
        said, scores, (low, high) = list[str](), self.scores, self.scores.range(line.row)
        if line.state is State.PROVISIONAL:
            said.append(f"待核：{'、'.join(scores.waiting(line.row)) or '总分'}；{range_text(low, high)}")
        elif line.state is State.HELD and self.board.many:
            said.append("分不清是谁，看问题清单")
        elif line.state is not State.ASSESSED:
            said.append("已截止，不参评" if scores.closed[line.row] else _SHORT[line.state])
        elif scores.pending(line.row):
            span = "" if low == high else f"，{range_text(low, high)}"
            said.append(f"阶段结果：还有单位未定，名次或结果可能变化{span}")
        shown = {each.id for each in self.board.tiers}
        shown |= {each.id for each in scores.part.outcomes if each.kind is OutcomeKind.VETO}
        own = [_award_word(each.outcome.id, each.confirm, each.count) for each in self.board.result.of(line.row)
               if each.outcome.id not in shown]  # fmt: skip
        return "；".join([*said, *([f"{'另有：' if self.board.tiers else ''}{'、'.join(own)}"] if own else [])])

    def _legend(self, at: int) -> None:
        sheet, col = self.sheet, 1
        sheet.text(at, 0, "图例", "strong")
        marks = [(each.id, f"{each.because}，{decimal(each.amount)}元" if each.amount else each.because, colour)
                 for each, colour in zip(self.board.tiers, TIERS, strict=False)]  # fmt: skip
        marks += [("未入等次", "没有达到任何等次", "#FFFFFF")] if self.board.tiers else []
        marks += [("一票否决", "条款见该列，年度不表彰", VETOED)] if self.board.vetoes else []
        marks.append(("暂定、待定", "还有格子或文件要处理，不排名次", ALARM))
        if not self.board.many:
            marks.append(("未报、退回", "没有可用的填报表，不排名次，也不是0分", OPEN))
        for k, (name, text, colour) in enumerate(marks, 1):
            sheet.text(at + k, col, name, "cell_centre", bg_color=colour)
            sheet.text(at + k, col + 1, text, "plain")

    def _colours(self) -> None:
        sheet, last = self.sheet, self.board.last
        area = ((FIRST, 0), (last, self.at["复查"] - 1))
        state = f"${cell(FIRST, self.at['状态'])}"
        if "等次" in self.at:
            tier = f"${cell(FIRST, self.at['等次'])}"
            for each, colour in zip(self.board.tiers, TIERS, strict=False):
                sheet.colour(*area, {"type": "formula", "criteria": f'={tier}="{each.id}"'}, bg_color=colour)
        if "一票否决" in self.at:
            veto = f"${cell(FIRST, self.at['一票否决'])}"
            test = f'=AND({veto}<>"无",{veto}<>"—",{veto}<>"待核")'
            sheet.colour(*area, {"type": "formula", "criteria": test}, bg_color=VETOED)
        for words, colour in ((("暂定", "待定"), ALARM), (("未报", "退回"), OPEN)):
            tests = ",".join(f'{state}="{word}"' for word in words)
            sheet.colour(*area, {"type": "formula", "criteria": f"=OR({tests})"}, bg_color=colour)


def _scored(line: Line) -> bool:
    return line.state in (State.ASSESSED, State.PROVISIONAL)


def _award_word(id: str, confirm: bool, count: int | None) -> str:
    return id + (f"×{count}" if count is not None else "") + ("（待确认）" if confirm else "")


def _state_word(state: State, pending: bool) -> str:
    return f"{state}（阶段）" if pending else str(state)


def write_totals(sheet: Sheet, board: Board) -> None:
    _Totals(sheet, board).write()
