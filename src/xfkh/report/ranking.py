"""排名.xlsx: who stands where, colour-coded by tier, with live totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ..formula import FormulaError, excel, formula
from ..formula.say import decimal
from ..formula.tree import refs
from ..model import Item, Outcome, Roster, State
from ..results import Award, PartScores
from ..rules import Rule
from ..scheme import outcome_names
from ..text import width
from ..workbook import Book, Sheet
from ..workbook.anchors import TYPE
from ..workbook.book import cell
from ..workbook.readings import write_readings
from ..workbook.style import ALARM, OPEN, POINTS, TIERS
from .facts import Facts
from .record import range_text

TOTALS, DETAIL, NOTES = "总表", "得分明细", "说明"
_FIRST = 5
_HEADS = ("名次", "单位", "类别", "类内名次", "状态", "总分", "等次", "自评分", "核定减自评", "复查", "备注")
RANK, UNIT, CATEGORY, OWN_RANK, STATE, TOTAL, TIER, SELF, GAP, REVIEWED, REMARK = range(len(_HEADS))
_SHORT = {State.MISSING: "还没有交填报表", State.REFUSED: "交来的文件不能用", State.HELD: "等待处理意见"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the tables: a subject's row in the scores."""

    row: int
    state: State


def write_ranking(path: Path, facts: Facts) -> None:
    book = Book(f"{facts.title} 排名")
    for scores, awards in facts.parts:
        lines = _ordered(scores)
        total, detail = book.sheet(TOTALS), book.sheet(DETAIL)
        _detail(detail, scores, facts, lines)
        _totals(total, scores, awards, facts, lines)
    _notes(book, facts)
    book.stamp({TYPE: "排名"})
    book.save(path)


def _ordered(scores: PartScores) -> list[_Line]:
    """Assessed subjects by rank, then the open ones in the roster's order."""
    rows = range(len(scores.subjects))
    order = sorted(rows, key=lambda row: (scores.rank(row) is None, scores.rank(row) or 0, row))
    return [_Line(row, scores.states[row]) for row in order]


def _tiers(scores: PartScores) -> list[Outcome]:
    return [each for each in scores.part.outcomes if each.tier and scores.period == "全年"]


def _totals(sheet: Sheet, scores: PartScores, awards: Sequence[Award], facts: Facts, lines: list[_Line]) -> None:
    _head(sheet, facts, _HEADS, "总分、名次和等次随「得分明细」自动重算")
    full = sum((rule.of or Fraction(0) for item, rule in _pairs(scores) if not item.extra), Fraction(0))
    sheet.row(_FIRST - 1, ["", "满分（不含加分）", *[""] * (len(_HEADS) - 2)], "total")
    sheet.number(_FIRST - 1, TOTAL, full, "total_centre", num_format=POINTS)
    last = _FIRST + len(lines) - 1
    for at, line in enumerate(lines, _FIRST):
        _total_row(sheet, at, line, scores, awards, facts.roster, last)
    _legend(sheet, scores, last + 2)
    _colours(sheet, scores, last)
    names = [scores.subjects[line.row].unit for line in lines]
    sheet.widths(7, max([16, *(width(name) + 2 for name in names)]), 10, 9, 9, 11, 11, 9, 12, 9, 64)
    sheet.raw.freeze_panes(_FIRST, 2)
    sheet.raw.autofilter(_FIRST - 2, 0, last, len(_HEADS) - 1)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 2, _FIRST - 1), footer=facts.title)


def _head(sheet: Sheet, facts: Facts, heads: tuple[str, ...], note: str, col: int = 0) -> None:
    sheet.text(0, col, f"{facts.title}　{sheet.name}", "title")
    sheet.raw.set_row(0, 30)
    sheet.text(1, col, facts.subtitle, "subtitle")
    sheet.text(2, col, note, "muted")
    sheet.row(_FIRST - 2, heads, "head")
    sheet.raw.set_row(_FIRST - 2, 22)


def _pairs(scores: PartScores) -> list[tuple[Item, Rule]]:
    return [(item, scores.rules[item.id]) for item in scores.scheme.lines(scores.part)]


def _total_row(
    sheet: Sheet, at: int, line: _Line, scores: PartScores, awards: Sequence[Award], roster: Roster, last: int
) -> None:
    row, subject = line.row, scores.subjects[line.row]
    unit = roster.get(subject.unit)
    sheet.text(at, UNIT, subject.label, "cell_strong")
    sheet.text(at, CATEGORY, unit.category if unit else "", "cell_centre")
    sheet.text(at, STATE, _state_word(line.state, scores.pending(row)), "cell_centre")
    sheet.text(at, REVIEWED, "已复查" if scores.has_review(row) else "未复查", "cell_centre")
    if line.state is State.ASSESSED:
        total = cell(at, TOTAL)
        column = f"{cell(_FIRST, TOTAL, fixed=True)}:{cell(last, TOTAL, fixed=True)}"
        first, end = f"{DETAIL}!{cell(at, 2)}", cell(at, 1 + len(scores.rules))
        points = scores.total(row) or Fraction(0)
        sheet.formula(at, RANK, f"RANK({total},{column})", scores.rank(row), "cell_centre")
        sheet.put(at, OWN_RANK, scores.rank(row, "rank_in_category"), "cell_centre")
        sheet.formula(
            at, TOTAL, f"ROUND(ROUND(SUM({first}:{end}),9),2)", points, "cell_strong", num_format=POINTS, align="center"
        )
        sheet.formula(at, TIER, _tier_formula(scores, total), _tier(row, awards, scores), "cell_centre")
    else:
        for col in (RANK, OWN_RANK, TIER):
            sheet.text(at, col, "—", "cell_centre")
        sheet.text(at, TOTAL, line.state, "cell_centre")
    own = scores.self_total(row)
    if own is None:
        sheet.text(at, SELF, "—", "cell_centre")
        sheet.text(at, GAP, "—", "cell_centre")
    else:
        _self(sheet, at, line, own, scores)
    remark = _remark(line, scores, awards)
    sheet.text(at, REMARK, remark, "cell_wrap")
    sheet.height(at, [(remark, 64)], least=20)


def _self(sheet: Sheet, at: int, line: _Line, own: Fraction, scores: PartScores) -> None:
    """The unit's own total; where its return left lines open it is only 暂计 and no difference is shown."""
    live = [id for id, rule in scores.rules.items() if rule.live(scores.part)]
    if any(scores.self_points(line.row, id) is None for id in live):
        sheet.text(at, SELF, f"暂计{decimal(own)}", "cell_centre")
        sheet.text(at, GAP, "—", "cell_centre")
    else:
        sheet.number(at, SELF, own, "cell_centre", num_format=POINTS)
        _gap(sheet, at, line, own, scores)


def _gap(sheet: Sheet, at: int, line: _Line, own: Fraction, scores: PartScores) -> None:
    total = scores.total(line.row)
    if total is None:
        sheet.text(at, GAP, "—", "cell_centre")
    else:
        text = f"ROUND({cell(at, TOTAL)}-{cell(at, SELF)},2)"
        sheet.formula(at, GAP, text, total - own, "cell_centre", num_format="+0.##;-0.##;0")


def _state_word(state: State, pending: bool) -> str:
    return f"{state}（阶段）" if pending else str(state)


def _tier_formula(scores: PartScores, total: str) -> str:
    """等次 by the total alone; the first tier that holds."""
    names, text = outcome_names(scores.scheme, scores.part, scores.period), '"未入等次"'
    for each in reversed(_tiers(scores)):
        try:
            node = formula(each.condition, names, "是否")
        except FormulaError:
            continue
        if refs(node) == ("总分",):
            text = f'IF({excel.write(node, lambda _: total)},"{each.id}",{text})'
    return text


def _tier(row: int, awards: Sequence[Award], scores: PartScores) -> str:
    tiers = {each.id for each in _tiers(scores)}
    return next((each.outcome.id for each in awards if each.row == row and each.outcome.id in tiers), "未入等次")


def _remark(line: _Line, scores: PartScores, awards: Sequence[Award]) -> str:
    said, (low, high) = list[str](), scores.range(line.row)
    if line.state is State.PROVISIONAL:
        waiting = [id for id in scores.rules if scores.points(line.row, id) is None]
        said.append(f"待核：{'、'.join(waiting)}；总分在 {range_text(low, high)} 之间")
    elif line.state is not State.ASSESSED:
        said.append("已截止，不参评" if scores.closed[line.row] else _SHORT[line.state])
    elif scores.pending(line.row):
        span = "" if low == high else f"，总分在 {range_text(low, high)} 之间"
        said.append(f"阶段结果：还有单位未定，名次或奖励可能变化{span}")
    tiers = {each.id for each in _tiers(scores)}
    own = [each.outcome.id + ("（待确认）" if each.confirm else "") for each in awards
           if each.row == line.row and each.outcome.id not in tiers]  # fmt: skip
    return "；".join([*said, *(["另有：" + "、".join(own)] if own else [])])


def _legend(sheet: Sheet, scores: PartScores, at: int) -> None:
    sheet.text(at, 0, "图例", "strong")
    marks = [(each.id, f"{each.because}，{decimal(each.amount)}元" if each.amount else each.because, colour)
             for each, colour in zip(_tiers(scores), TIERS, strict=False)]  # fmt: skip
    marks += [("未入等次", "没有达到任何等次", "#FFFFFF"), ("暂定、待定", "还有格子或文件要处理，不排名次", ALARM)]
    marks.append(("未报、退回", "没有可用的填报表，不排名次，也不是0分", OPEN))
    for k, (name, text, colour) in enumerate(marks, 1):
        sheet.text(at + k, UNIT, name, "cell_centre", bg_color=colour)
        sheet.text(at + k, CATEGORY, text, "plain")


def _colours(sheet: Sheet, scores: PartScores, last: int) -> None:
    area = ((_FIRST, RANK), (last, TIER))
    tier, state = f"${cell(_FIRST, TIER)}", f"${cell(_FIRST, STATE)}"
    for each, colour in zip(_tiers(scores), TIERS, strict=False):
        sheet.colour(*area, {"type": "formula", "criteria": f'={tier}="{each.id}"'}, bg_color=colour)
    for words, colour in ((("暂定", "待定"), ALARM), (("未报", "退回"), OPEN)):
        tests = ",".join(f'{state}="{word}"' for word in words)
        sheet.colour(*area, {"type": "formula", "criteria": f"=OR({tests})"}, bg_color=colour)


def _detail(sheet: Sheet, scores: PartScores, facts: Facts, lines: list[_Line]) -> None:
    pairs = _pairs(scores)
    heads = ("名次", "单位", *(f"{item.id}\n{item.title}" for item, _ in pairs), "合计")
    _head(sheet, facts, heads, "改动任何一格得分，总表随之重算；浅红：失分；“待核”：有格子要处理", col=2)
    sheet.raw.set_row(_FIRST - 2, 62)
    end = 1 + len(pairs)
    sheet.row(_FIRST - 1, ["", "满分"], "total")
    for col, (item, rule) in enumerate(pairs, 2):
        text = "不封顶" if rule.of is None else f"加{decimal(rule.of)}" if item.extra else rule.of
        sheet.put(_FIRST - 1, col, text, "total_centre", num_format=POINTS)
    full = sum((rule.of or Fraction(0) for item, rule in pairs if not item.extra), Fraction(0))
    sheet.number(_FIRST - 1, end + 1, full, "total_centre", num_format=POINTS)
    for at, line in enumerate(lines, _FIRST):
        _detail_row(sheet, at, line, scores, end)
    last = _FIRST + len(lines) - 1
    for col, (item, rule) in enumerate(pairs, 2):
        if not item.extra and rule.of:
            test = f"=AND(ISNUMBER({cell(_FIRST, col)}),{cell(_FIRST, col)}<{excel.literal(rule.of)})"
            sheet.colour((_FIRST, col), (last, col), {"type": "formula", "criteria": test}, bg_color="#F9E0DC")
    area = ((_FIRST, 2), (last, end))
    sheet.colour(*area, {"type": "cell", "criteria": "==", "value": '"待核"'}, bg_color=ALARM, bold=True)
    names = [scores.subjects[line.row].unit for line in lines]
    sheet.widths(6, max([14, *(width(name) + 2 for name in names)]), *[8.5] * len(pairs), 9)
    sheet.raw.freeze_panes(_FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 2, _FIRST - 1), footer=facts.title)
    sheet.raw.repeat_columns(0, 1)
    sheet.raw.fit_to_pages(2, 0)


def _detail_row(sheet: Sheet, at: int, line: _Line, scores: PartScores, end: int) -> None:
    row = line.row
    assessed = line.state is State.ASSESSED
    if assessed:
        sheet.formula(at, 0, f"{TOTALS}!{cell(at, RANK)}", scores.rank(row), "cell_centre")
    else:
        sheet.text(at, 0, "—", "cell_centre")
    sheet.text(at, 1, scores.subjects[row].label, "cell_strong")
    scored = assessed or line.state is State.PROVISIONAL
    for col, id in enumerate(scores.rules, 2):
        points = scores.points(row, id) if scored else None
        word = "待核" if scored else "—"
        sheet.put(at, col, word if points is None else points, "cell_centre", num_format=POINTS)
    if assessed:
        text, value = f"ROUND(ROUND(SUM({cell(at, 2)}:{cell(at, end)}),9),2)", scores.total(row)
        sheet.formula(at, end + 1, text, value, "cell_strong", num_format=POINTS, align="center")
    else:
        sheet.text(at, end + 1, line.state, "cell_centre")


def _notes(book: Book, facts: Facts) -> None:
    sheet = book.sheet(NOTES)
    sheet.widths(18, 90, 14)
    sheet.text(0, 0, f"{facts.title}　说明", "title")
    sheet.raw.set_row(0, 30)
    scheme, row = facts.scheme, 2
    about = f"来源：{scheme.source}（{scheme.date}）；版本 {scheme.version}；状态：{scheme.status}"
    for text in (about, *scheme.notes):
        sheet.merge(row, 0, 2, text, "wrap")
        sheet.height(row, [(text, 118)])
        row += 1
    row += 1
    row = write_readings(sheet, row, scheme, 90)
    for each in facts.findings:
        if each.code in ("reading-matters", "reading-idle", "closed", "annual-only"):
            row += 1
            sheet.row(row, ["影响", each.message, ""], "cell_wrap")
            sheet.height(row, [(each.message, 90)])
    row += 2
    count = "，".join(f"{name}{number}" for name, number in facts.units.items())
    sheet.text(row, 0, f"单位：{count}", "muted")
    sheet.print_setup(landscape=False, footer=facts.title)
