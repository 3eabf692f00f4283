"""奖惩.xlsx: one line a money outcome, with live sums; what is pending or to be confirmed stands apart."""

from __future__ import annotations

from pathlib import Path

from ..model import OutcomeKind
from ..results import Award, PartScores
from ..workbook import Book, Sheet
from ..workbook.anchors import TYPE
from ..workbook.book import cell
from ..workbook.style import ALARM, MONEY, OPEN
from .facts import Facts

PAYABLE, PENDING, CONFIRM = "应付", "阶段", "待确认"
_HEADS = ("序号", "单位", "项目", "依据", "原因", "金额（元）", "状态")
_FIRST = 4


def status(award: Award) -> str:
    """Whether an amount can be paid now."""
    return PENDING if award.pending else CONFIRM if award.confirm else PAYABLE


def write_money(path: Path, facts: Facts) -> None:
    book = Book(f"{facts.title} 奖惩")
    money = [(scores, each) for scores, awards in facts.parts for each in awards if each.amount is not None]
    rewards = [pair for pair in money if pair[1].outcome.kind is not OutcomeKind.FINE]
    fines = [pair for pair in money if pair[1].outcome.kind is OutcomeKind.FINE]
    _lines(book.sheet("奖励"), facts, rewards)
    _by_unit(book.sheet("奖励按单位"), facts, rewards)
    if fines:
        _lines(book.sheet("处罚"), facts, fines)
    book.stamp({TYPE: "奖惩"})
    book.save(path)


def _head(sheet: Sheet, facts: Facts, heads: tuple[str, ...]) -> None:
    sheet.text(0, 0, f"{facts.title}　{sheet.name}", "title")
    sheet.raw.set_row(0, 30)
    sheet.text(1, 0, facts.subtitle, "subtitle")
    sheet.row(_FIRST - 1, heads, "head")


def _lines(sheet: Sheet, facts: Facts, paid: list[tuple[PartScores, Award]]) -> None:
    _head(sheet, facts, _HEADS)
    for at, (scores, each) in enumerate(paid, _FIRST):
        sheet.number(at, 0, at - _FIRST + 1, "cell_centre")
        values = [scores.subjects[each.row].label, each.outcome.id, each.outcome.clause, each.because]
        sheet.row(at, values, "cell_wrap", start=1)
        sheet.number(at, 5, each.amount or 0, "cell", num_format=MONEY)
        sheet.text(at, 6, status(each), "cell_centre")
        sheet.height(at, [(each.because, 56)], least=20)
    last = _FIRST + max(len(paid), 1) - 1
    if not paid:
        sheet.row(_FIRST, ["", "没有奖励", "", "", "", "", ""], "cell")
    at = _sums(sheet, paid, last)
    recipients = f"奖励对象：{facts.scheme.recipients}" if facts.scheme.recipients else ""
    sheet.merge(at + 1, 0, 6, recipients, "wrap")
    sheet.height(at + 1, [(recipients, 130)])
    sheet.merge(
        at + 2,
        0,
        6,
        "“阶段”的金额要等全部单位确定后才付；“待确认”的金额建立在应办件数为0的比率上，确认后才付。",
        "muted_wrap",
    )
    _signatures(sheet, at + 4)
    area = ((_FIRST, 0), (last, 6))
    state = f"${cell(_FIRST, 6)}"
    sheet.colour(*area, {"type": "formula", "criteria": f'={state}="{PENDING}"'}, bg_color=OPEN)
    sheet.colour(*area, {"type": "formula", "criteria": f'={state}="{CONFIRM}"'}, bg_color=ALARM)
    sheet.widths(6, 22, 14, 12, 56, 14, 10)
    sheet.raw.freeze_panes(_FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 1, _FIRST - 1), footer=facts.title)


def _sums(sheet: Sheet, paid: list[tuple[PartScores, Award]], last: int) -> int:
    """Live sums by status; returns the last row used."""
    amounts = f"{cell(_FIRST, 5, fixed=True)}:{cell(last, 5, fixed=True)}"
    states = f"{cell(_FIRST, 6, fixed=True)}:{cell(last, 6, fixed=True)}"
    at = last + 1
    for name in (PAYABLE, PENDING, CONFIRM):
        value = sum(each.amount or 0 for _, each in paid if status(each) == name)
        sheet.merge(at, 0, 4, f"{name}合计", "total")
        sheet.formula(at, 5, f'SUMIFS({amounts},{states},"{name}")', value, "total", num_format=MONEY)
        sheet.text(at, 6, name, "total_centre")
        at += 1
    sheet.merge(at, 0, 4, "总计", "total")
    sheet.formula(at, 5, f"SUM({amounts})", sum(each.amount or 0 for _, each in paid), "total", num_format=MONEY)
    sheet.text(at, 6, "", "total")
    return at


def _signatures(sheet: Sheet, at: int) -> None:
    for col, name in ((1, "制表"), (3, "审核"), (4, "分管领导"), (5, "主要领导")):
        sheet.text(at, col, f"{name}：", "plain")
    sheet.text(at + 2, 1, "日期：", "plain")
    sheet.text(at + 2, 4, "（盖章）", "muted")


def _by_unit(sheet: Sheet, facts: Facts, paid: list[tuple[PartScores, Award]]) -> None:
    _head(sheet, facts, ("序号", "单位", "项目", PAYABLE, PENDING, CONFIRM, "合计"))
    units = list(dict.fromkeys(scores.subjects[each.row].label for scores, each in paid))
    for at, unit in enumerate(units, _FIRST):
        mine = [each for scores, each in paid if scores.subjects[each.row].label == unit]
        sheet.number(at, 0, at - _FIRST + 1, "cell_centre")
        sheet.row(at, [unit, "、".join(each.outcome.id for each in mine)], "cell_wrap", start=1)
        for col, name in enumerate((PAYABLE, PENDING, CONFIRM), 3):
            sheet.number(
                at, col, sum(each.amount or 0 for each in mine if status(each) == name), "cell", num_format=MONEY
            )
        total = sum(each.amount or 0 for each in mine)
        sheet.formula(at, 6, f"SUM({cell(at, 3)}:{cell(at, 5)})", total, "cell_strong", num_format=MONEY)
        sheet.height(at, [("、".join(each.outcome.id for each in mine), 40)], least=20)
    end = _FIRST + max(len(units), 1)
    sheet.merge(end, 0, 2, "合计", "total")
    for col, name in enumerate((PAYABLE, PENDING, CONFIRM, ""), 3):
        value = sum(each.amount or 0 for _, each in paid if name in ("", status(each)))
        sheet.formula(end, col, f"SUM({cell(_FIRST, col)}:{cell(end - 1, col)})", value, "total", num_format=MONEY)
    sheet.widths(6, 22, 40, 14, 14, 14, 14)
    sheet.raw.freeze_panes(_FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 1, _FIRST - 1), footer=facts.title)
