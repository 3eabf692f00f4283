"""奖惩.xlsx: a page for each kind of outcome; money a line each, with live sums; what is pending or to be confirmed
stands apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..model import InputKind, Origin, OutcomeKind
from ..results import Award, PartResult
from ..text import width
from ..workbook import Book, Sheet
from ..workbook.anchors import TYPE
from ..workbook.book import cell
from ..workbook.style import ALARM, MONEY, OPEN
from .facts import Facts

PAYABLE, PENDING, CONFIRM = "应付", "阶段", "待确认"
OWED = "应缴"
REWARDS, FINES, SETTLED = "奖励", "处罚", "保证金"
_FIRST = 4
_MONEY_NOTE = "“阶段”的金额要等全部单位确定后才付；“待确认”的金额建立在应办件数为0的比率上，确认后才付。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One award with the part it belongs to."""

    result: PartResult
    award: Award

    @property
    def who(self) -> str:
        return self.result.scores.subjects[self.award.row].label

    @property
    def unit(self) -> str:
        return self.result.scores.subjects[self.award.row].unit

    @property
    def amount(self) -> int:
        return self.award.amount or 0


def status(award: Award) -> str:
    """Whether an amount can be paid now."""
    return PENDING if award.pending else CONFIRM if award.confirm else PAYABLE


def write_money(path: Path, facts: Facts) -> None:
    book = Book(f"{facts.title} 奖惩")
    declared = {each.kind for part in facts.scheme.parts for each in part.outcomes}
    entries = [Entry(result, each) for result in facts.parts for each in result.awards]
    money = [each for each in entries if each.award.amount is not None]
    rewards = [each for each in money if each.award.outcome.kind is not OutcomeKind.FINE]
    fines = [each for each in money if each.award.outcome.kind is OutcomeKind.FINE]
    if OutcomeKind.REWARD in declared or rewards:
        _lines(book.sheet(REWARDS), facts, rewards)
        _by_unit(book.sheet("奖励按单位"), facts, rewards)
    if OutcomeKind.HONOUR in declared:
        _list(book.sheet("荣誉"), facts, _of(entries, OutcomeKind.HONOUR))
    if OutcomeKind.FINE in declared:
        fined = _lines(book.sheet(FINES), facts, fines)
    if any(result.settlements for result in facts.parts):
        _settlement(book.sheet("保证金结算"), facts, fined)
    if OutcomeKind.VETO in declared:
        _vetoes(book.sheet("一票否决"), facts, _of(entries, OutcomeKind.VETO))
    for kind in (OutcomeKind.LIST, OutcomeKind.ACCOUNTABILITY):
        if kind in declared:
            _list(book.sheet(str(kind)), facts, _of(entries, kind))
    if not declared:
        _head(book.sheet("奖惩"), facts, ["本方案没有结果运用"])
    book.stamp({TYPE: "奖惩"})
    book.save(path)


def _of(entries: Sequence[Entry], kind: OutcomeKind) -> list[Entry]:
    """The entries of a kind, outcome by outcome in the scheme's order, within each by rank."""
    mine = [each for each in entries if each.award.outcome.kind is kind]
    order = list(dict.fromkeys(one.id for each in mine for one in each.result.scores.part.outcomes))

    def place(each: Entry) -> tuple[int, int, int]:
        scores, row = each.result.scores, each.award.row
        return order.index(each.award.outcome.id), scores.rank(row) or len(scores.subjects), row

    return sorted(mine, key=place)


def _head(sheet: Sheet, facts: Facts, heads: Sequence[str]) -> None:
    sheet.text(0, 0, f"{facts.title}　{sheet.name}", "title")
    sheet.raw.set_row(0, 30)
    sheet.text(1, 0, facts.subtitle, "subtitle")
    sheet.row(_FIRST - 1, heads, "head")
    sheet.raw.set_row(_FIRST - 1, 22)


def _who_width(entries: Sequence[Entry]) -> float:
    return min(40, max([22, *(width(each.who) + 2 for each in entries)]))


class _Lines:
    """A page of money: one line an award; where anything is counted, its count and price stand beside the amount."""

    def __init__(self, sheet: Sheet, facts: Facts, paid: Sequence[Entry]) -> None:
        self.sheet, self.facts, self.paid = sheet, facts, paid
        outcomes = [each for part in facts.scheme.parts for each in part.outcomes]
        fines = sheet.name == FINES
        counted = fines and any(each.count for each in outcomes)
        settles = fines and any(each.settles for each in outcomes)
        self.heads = ["序号", "单位", "项目", "依据", "原因"] + ["数量", "单价（元）"] * counted
        self.heads += ["金额（元）", "状态"] + ["结算"] * settles
        self.at = {name: col for col, name in enumerate(self.heads)}
        self.amount, self.state = self.at["金额（元）"], self.at["状态"]

    def word(self, name: str) -> str:
        """A fine is owed to the office, not paid by it."""
        return OWED if name == PAYABLE and self.sheet.name == FINES else name

    @property
    def last(self) -> int:
        return _FIRST + max(len(self.paid), 1) - 1

    def write(self) -> None:
        sheet, end = self.sheet, len(self.heads) - 1
        _head(sheet, self.facts, self.heads)
        for at, each in enumerate(self.paid, _FIRST):
            self._line(at, each)
        if not self.paid:
            sheet.row(_FIRST, ["", f"没有{sheet.name}", *[""] * (end - 1)], "cell")
        at = self._sums()
        fines = sheet.name == FINES
        recipients = f"奖励对象：{self.facts.scheme.recipients}" if self.facts.scheme.recipients and not fines else ""
        sheet.merge(at + 1, 0, end, recipients, "wrap")
        sheet.height(at + 1, [(recipients, 130)])
        note = _MONEY_NOTE if not fines else "金额＝数量×单价；“阶段”的等全部单位确定后再定。"
        sheet.merge(at + 2, 0, end, note, "muted_wrap")
        _signatures(sheet, at + 4)
        self._finish()

    def _line(self, at: int, each: Entry) -> None:
        sheet, award = self.sheet, each.award
        sheet.number(at, 0, at - _FIRST + 1, "cell_centre")
        sheet.row(at, [each.who, award.outcome.id, award.outcome.clause, award.because], "cell_wrap", start=1)
        if award.count is not None and award.price is not None and "数量" in self.at:
            count, price = self.at["数量"], self.at["单价（元）"]
            sheet.number(at, count, award.count, "cell_centre", num_format=MONEY)
            sheet.number(at, price, award.price, "cell", num_format=MONEY)
            text = f"{cell(at, count)}*{cell(at, price)}"
            sheet.formula(at, self.amount, text, each.amount, "cell", num_format=MONEY)
        else:
            if "数量" in self.at:
                sheet.row(at, ["—", "—"], "cell_centre", start=self.at["数量"])
            sheet.number(at, self.amount, each.amount, "cell", num_format=MONEY)
        sheet.text(at, self.state, self.word(status(award)), "cell_centre")
        if "结算" in self.at:
            sheet.text(at, self.at["结算"], SETTLED if award.outcome.settles else "另缴", "cell_centre")
        sheet.height(at, [(award.because, 56), (award.outcome.id, 18), (award.outcome.clause, 16)], least=20)

    def _sums(self) -> int:
        """Live sums by status; returns the last row used."""
        sheet, last, end = self.sheet, self.last, len(self.heads) - 1
        amounts = f"{cell(_FIRST, self.amount, fixed=True)}:{cell(last, self.amount, fixed=True)}"
        states = f"{cell(_FIRST, self.state, fixed=True)}:{cell(last, self.state, fixed=True)}"
        at = last + 1
        for name in (self.word(PAYABLE), PENDING, CONFIRM):
            value = sum(each.amount for each in self.paid if self.word(status(each.award)) == name)
            sheet.merge(at, 0, self.amount - 1, f"{name}合计", "total")
            text = f'SUMIFS({amounts},{states},"{name}")'
            sheet.formula(at, self.amount, text, value, "total", num_format=MONEY)
            sheet.row(at, [name, *[""] * (end - self.state)], "total_centre", start=self.state)
            at += 1
        sheet.merge(at, 0, self.amount - 1, "总计", "total")
        value = sum(each.amount for each in self.paid)
        sheet.formula(at, self.amount, f"SUM({amounts})", value, "total", num_format=MONEY)
        sheet.row(at, [""] * (end - self.state + 1), "total", start=self.state)
        return at

    def _finish(self) -> None:
        sheet, area = self.sheet, ((_FIRST, 0), (self.last, len(self.heads) - 1))
        state = f"${cell(_FIRST, self.state)}"
        sheet.colour(*area, {"type": "formula", "criteria": f'={state}="{PENDING}"'}, bg_color=OPEN)
        sheet.colour(*area, {"type": "formula", "criteria": f'={state}="{CONFIRM}"'}, bg_color=ALARM)
        widths = {"序号": 6, "单位": _who_width(self.paid), "项目": 18, "依据": 16, "原因": 56, "数量": 8,
                  "单价（元）": 12, "金额（元）": 14, "状态": 10, "结算": 10}  # fmt: skip
        sheet.widths(*(widths[name] for name in self.heads))
        sheet.raw.freeze_panes(_FIRST, 2)
        sheet.print_setup(landscape=True, repeat=(_FIRST - 1, _FIRST - 1), footer=self.facts.title)


def _lines(sheet: Sheet, facts: Facts, paid: Sequence[Entry]) -> _Lines:
    page = _Lines(sheet, facts, paid)
    page.write()
    return page


def _signatures(sheet: Sheet, at: int) -> None:
    for col, name in ((1, "制表"), (3, "审核"), (4, "分管领导"), (5, "主要领导")):
        sheet.text(at, col, f"{name}：", "plain")
    sheet.text(at + 2, 1, "日期：", "plain")
    sheet.text(at + 2, 4, "（盖章）", "muted")


def _by_unit(sheet: Sheet, facts: Facts, paid: Sequence[Entry]) -> None:
    _head(sheet, facts, ("序号", "单位", "项目", PAYABLE, PENDING, CONFIRM, "合计"))
    units = list(dict.fromkeys(each.who for each in paid))
    for at, unit in enumerate(units, _FIRST):
        mine = [each for each in paid if each.who == unit]
        names = "、".join(each.award.outcome.id for each in mine)
        sheet.number(at, 0, at - _FIRST + 1, "cell_centre")
        sheet.row(at, [unit, names], "cell_wrap", start=1)
        for col, name in enumerate((PAYABLE, PENDING, CONFIRM), 3):
            value = sum(each.amount for each in mine if status(each.award) == name)
            sheet.number(at, col, value, "cell", num_format=MONEY)
        total = sum(each.amount for each in mine)
        sheet.formula(at, 6, f"SUM({cell(at, 3)}:{cell(at, 5)})", total, "cell_strong", num_format=MONEY)
        sheet.height(at, [(names, 40)], least=20)
    end = _FIRST + max(len(units), 1)
    sheet.merge(end, 0, 2, "合计", "total")
    for col, name in enumerate((PAYABLE, PENDING, CONFIRM, ""), 3):
        value = sum(each.amount for each in paid if name in ("", status(each.award)))
        sheet.formula(end, col, f"SUM({cell(_FIRST, col)}:{cell(end - 1, col)})", value, "total", num_format=MONEY)
    sheet.widths(6, _who_width(paid), 40, 14, 14, 14, 14)
    sheet.raw.freeze_panes(_FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 1, _FIRST - 1), footer=facts.title)


def _settlement(sheet: Sheet, facts: Facts, page: _Lines) -> None:
    """Deposit, fines off it, what is still due: live, from the lines of 处罚."""
    heads = ("序号", "单位", "保证金", "罚款合计", "从保证金扣", "应补缴", "保证金余额")
    _head(sheet, facts, heads)
    at = _FIRST - 1

    def column(name: str) -> str:
        col = page.at[name]
        return f"{FINES}!{cell(_FIRST, col, fixed=True)}:{cell(page.last, col, fixed=True)}"

    for result in facts.parts:
        for row, each in result.settlements.items():
            at += 1
            sheet.number(at, 0, at - _FIRST + 1, "cell_centre")
            sheet.text(at, 1, result.scores.subjects[row].label, "cell_strong")
            sheet.number(at, 2, each.deposit, "cell", num_format=MONEY)
            fine = f'SUMPRODUCT(({column("单位")}={cell(at, 1)})*({column("结算")}="{SETTLED}"),{column("金额（元）")})'
            for col, text, value in (
                (3, fine, each.fine),
                (4, f"MIN({cell(at, 2)}+0,{cell(at, 3)}+0)", each.from_deposit),
                (5, f"{cell(at, 3)}-{cell(at, 4)}", each.due),
                (6, f"{cell(at, 2)}-{cell(at, 4)}", each.deposit - each.from_deposit),
            ):
                sheet.formula(at, col, text, value, "cell_strong" if col == 5 else "cell", num_format=MONEY)
    last = at
    all_ = [each for result in facts.parts for each in result.settlements.values()]
    sheet.merge(last + 1, 0, 1, "合计", "total")
    totals: list[Callable[..., int]] = [lambda e: e.deposit, lambda e: e.fine, lambda e: e.from_deposit,
                                        lambda e: e.due, lambda e: e.deposit - e.from_deposit]  # fmt: skip
    for col, of in enumerate(totals, 2):
        text = f"SUM({cell(_FIRST, col)}:{cell(last, col)})"
        sheet.formula(last + 1, col, text, sum(map(of, all_)), "total", num_format=MONEY)
    sheet.merge(
        last + 2, 0, 6, "罚款先从保证金里扣，不够的补缴；保证金不记负数。暂定、未报的单位不在内。", "muted_wrap"
    )
    area = ((_FIRST, 0), (last, 6))
    sheet.colour(*area, {"type": "formula", "criteria": f"=${cell(_FIRST, 5)}>0"}, bg_color=ALARM)
    _signatures(sheet, last + 4)
    sheet.widths(6, _who_width(page.paid), 14, 14, 14, 14, 14)
    sheet.raw.freeze_panes(_FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 1, _FIRST - 1), footer=facts.title)


def _vetoes(sheet: Sheet, facts: Facts, given: Sequence[Entry]) -> None:
    """Who is vetoed by which clauses, what that takes away, and to whom the 否决书 goes."""
    _head(sheet, facts, ("序号", "单位", "条款", "依据", "原因", "否决书送达", "状态"))
    units = list(dict.fromkeys((each.who, each.unit) for each in sorted(given, key=lambda each: each.award.row)))
    for at, (who, unit) in enumerate(units, _FIRST):
        mine = [each.award for each in given if each.who == who]
        why = "；".join(each.because for each in mine)
        sheet.number(at, 0, at - _FIRST + 1, "cell_centre")
        clauses = "、".join(each.outcome.clause for each in mine)
        texts = [
            unit,
            "、".join(each.outcome.id for each in mine),
            clauses,
            why,
            "、".join([unit, *_above(facts, unit)]),
        ]
        sheet.row(at, texts, "cell_wrap", start=1)
        sheet.text(at, 6, "阶段" if any(each.pending for each in mine) else "确定", "cell_centre")
        sheet.height(at, list(zip(texts, (22, 16, 24, 56, 30), strict=True)), least=20)
    if not units:
        sheet.row(_FIRST, ["", "没有", "", "", "", "", ""], "cell")
    end = _FIRST + max(1, len(units))
    effect = "；".join(part.veto_effect for part in facts.scheme.parts if part.veto_effect)
    sheet.merge(end, 0, 6, f"一票否决的后果：{effect}" if effect else "", "muted_wrap")
    sheet.height(end, [(effect, 150)])
    sheet.widths(6, 22, 16, 24, 56, 30, 9)
    sheet.raw.freeze_panes(_FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 1, _FIRST - 1), footer=facts.title)


def _above(facts: Facts, unit: str) -> list[str]:
    """Whom else a unit's veto goes to: the departments that the roster names."""
    inputs = [each for part in facts.scheme.parts for each in part.inputs]
    names = [each.name for each in inputs if each.origin is Origin.ROSTER and each.kind is InputKind.TEXT]
    known = facts.roster.get(unit)
    return [text for name in names if known and (text := known.attributes.get(name, ""))]


def _list(sheet: Sheet, facts: Facts, given: Sequence[Entry]) -> None:
    """A page of names: one line an award, outcome by outcome."""
    _head(sheet, facts, ("序号", "项目", "单位", "姓名", "依据", "原因", "状态"))
    for at, each in enumerate(given, _FIRST):
        subject, award = each.result.scores.subjects[each.award.row], each.award
        sheet.number(at, 0, at - _FIRST + 1, "cell_centre")
        person = "／".join(part for part in (subject.person, subject.person_id) if part) or "—"
        texts = [award.outcome.id, subject.unit, person, award.outcome.clause, award.because]
        sheet.row(at, texts, "cell_wrap", start=1)
        word = "阶段" if award.pending else "待确认" if award.confirm else "确定"
        sheet.text(at, 6, word, "cell_centre")
        sheet.height(at, list(zip(texts, (20, 22, 16, 16, 62), strict=True)), least=20)
    if not given:
        sheet.row(_FIRST, ["", "没有", "", "", "", "", ""], "cell")
    last = _FIRST + max(1, len(given)) - 1
    state = f"${cell(_FIRST, 6)}"
    sheet.colour((_FIRST, 0), (last, 6), {"type": "formula", "criteria": f'={state}="阶段"'}, bg_color=OPEN)
    sheet.widths(6, 20, 22, 16, 16, 62, 9)
    sheet.raw.freeze_panes(_FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 1, _FIRST - 1), footer=facts.title)
