"""奖惩.xlsx: what it comes to, then a page for each kind of outcome; finance and whoever signs work from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..model import InputKind, Origin, OutcomeKind, Part
from ..scheme.conditions import ANY_VETO
from ..workbook.anchors import TYPE
from ..workbook.book import Sheet, cell
from ..workbook.style import MONEY
from .facts import Facts
from .names import titled
from .payments import (
    BY_UNIT,
    CONFIRM,
    FINES,
    FIRST,
    GROUPS,
    PAYABLE,
    PENDING,
    REWARDS,
    SETTLEMENT,
    Entry,
    Live,
    Payments,
    choose,
    unreviewed,
    warn,
    who_width,
    write_by_unit,
    write_heads,
    write_settlement,
    write_signatures,
)
from .reviewed import reviewed

SUMMARY = "汇总"
_SURE = "确定"
_STATES = (_SURE, PENDING, CONFIRM)


@dataclass(frozen=True, slots=True)
class Names:
    """A page of names: the states of its lines, and where these stand."""

    page: str
    states: Sequence[str]
    column: int

    def count(self, state: str = "") -> Live:
        """How many lines there are, or how many of a state; live, for other sheets."""
        col = self.column if state else 0
        first, last = (cell(row, col, fixed=True) for row in (FIRST, FIRST + max(1, len(self.states)) - 1))
        area = f"{self.page}!{first}:{last}"
        if not state:
            return f"COUNT({area})", len(self.states)
        return f'COUNTIFS({area},"{state}")', self.states.count(state)


def write_money(path: Path, facts: Facts) -> None:
    book = facts.book("奖惩")
    declared = {each.kind for part in facts.scheme.parts for each in part.outcomes}
    extents = [(result, reviewed(result.scores)) for result in facts.parts]
    entries = [Entry(result, each, extent[each.row]) for result, extent in extents for each in result.awards]
    money = [each for each in entries if each.award.amount is not None and not each.award.nothing]
    rewards = [each for each in money if each.award.outcome.kind is not OutcomeKind.FINE]
    fines = [each for each in money if each.award.outcome.kind is OutcomeKind.FINE]
    summary = _Summary(book.sheet(SUMMARY), facts)
    if OutcomeKind.REWARD in declared or rewards:
        summary.paid(Payments(book.sheet(REWARDS), facts, rewards))
        write_by_unit(book.sheet(BY_UNIT), summary.pages[-1])
    if OutcomeKind.HONOUR in declared:
        summary.names.append(_list(book.sheet("荣誉"), facts, _of(entries, OutcomeKind.HONOUR)))
    if OutcomeKind.FINE in declared:
        summary.paid(Payments(book.sheet(FINES), facts, fines))
    if any(result.settlements for result in facts.parts):
        summary.settled, summary.left = write_settlement(book.sheet(SETTLEMENT), facts, summary.pages[-1])
    if OutcomeKind.VETO in declared:
        summary.names.append(_vetoes(book.sheet("一票否决"), facts, _of(entries, OutcomeKind.VETO)))
    for kind in (OutcomeKind.LIST, OutcomeKind.ACCOUNTABILITY):
        if kind in declared:
            summary.names.append(_list(book.sheet(str(kind)), facts, _of(entries, kind)))
    summary.write(unreviewed(entries))
    book.stamp({TYPE: "奖惩"})
    book.save(path, checked_later=True)


def _of(entries: Sequence[Entry], kind: OutcomeKind) -> list[Entry]:
    """The entries of a kind, outcome by outcome in the scheme's order, within each by rank."""
    mine = [each for each in entries if each.award.outcome.kind is kind]
    order = list(dict.fromkeys(one.id for each in mine for one in each.result.scores.part.outcomes))

    def place(each: Entry) -> tuple[int, int, int]:
        scores, row = each.result.scores, each.award.row
        return order.index(each.award.outcome.id), scores.rank(row) or len(scores.subjects), row

    return sorted(mine, key=place)


class _Summary:
    """汇总: what the pages come to, live, a table for each kind of page; only what a scheme has, and only groups and
    states that somebody is in."""

    def __init__(self, sheet: Sheet, facts: Facts) -> None:
        self.sheet, self.facts, self.at = sheet, facts, FIRST - 1
        self.pages, self.names, self.settled = list[Payments](), list[Names](), list[Live]()
        self.left = ("0", "0", "")

    def paid(self, page: Payments) -> None:
        """Writes a page of money and takes it up."""
        page.write()
        self.pages.append(page)

    def write(self, note: str) -> None:
        groups = [each for each in GROUPS if each == PAYABLE or any(page.sum(each) for page in self.pages)]
        states = [each for each in _STATES if each == _SURE or any(each in names.states for names in self.names)]
        words = {PAYABLE: "、".join(page.word(PAYABLE) for page in self.pages)}
        tables: list[tuple[list[str], list[tuple[str, list[Live]]]]] = [
            (["类别", "件数", *(f"{words.get(each, each)}（元）" for each in groups), "合计（元）"],
             [(page.sheet.name, [page.count(), *map(page.sum_of, groups), page.sum_of()]) for page in self.pages]),
            (["结算", "单位数", "罚款合计（元）", "从保证金扣（元）", "应补缴（元）", "保证金余额（元）"],
             [(SETTLEMENT, [self.settled[0], *self.settled[2:]])] if self.settled else []),
            (["类别", "件数", *states], [(each.page, [each.count(), *map(each.count, states)]) for each in self.names]),
        ]  # fmt: skip
        tables = [(heads, rows) for heads, rows in tables if rows]
        last = max([3, *(len(heads) - 1 for heads, _ in tables)])
        self.sheet.widths(18, 14, *[72 // (last - 1)] * (last - 1))
        told = "点名称可到那一页；件数、金额随那一页的明细自动合计。" + note
        self.sheet.heading(f"{self.facts.title}　{SUMMARY}", self.facts.subtitle, told)
        for heads, rows in tables:
            self._table(heads, rows)
        self._end(last)

    def _table(self, heads: Sequence[str], rows: Sequence[tuple[str, list[Live]]]) -> None:
        sheet, style = self.sheet, "cell" if heads[-1].endswith("（元）") else "cell_centre"
        sheet.row(self.at, heads, "head")
        sheet.raw.set_row(self.at, 22)
        for at, (page, (count, *cells)) in enumerate(rows, self.at + 1):
            sheet.link(at, 0, f"internal:'{page}'!A1", page)
            sheet.formula(at, 1, *count, "cell_centre")
            for col, (text, value) in enumerate(cells, 2):
                sheet.formula(at, col, text, value, style, num_format=MONEY)
            sheet.raw.set_row(at, 20)
        self._strays(heads, len(rows))
        self.at += len(rows) + 2

    def _strays(self, heads: Sequence[str], rows: int) -> None:
        """Beneath the table, live: yuan that stand in none of its columns, or lines that do."""
        at, end = self.at + rows + 1, len(self.sheet.columns) - 1
        words = "有的行状态改成了上面没有的，{}里有、各列里没有"
        if heads[0] == "结算":
            warn(self.sheet, at, end, *self.left)
        elif heads[-1] == "合计（元）":
            states, whole = self._sum(2, len(heads) - 2, rows), self._sum(len(heads) - 1, len(heads) - 1, rows)
            odd = f"({'+'.join(page.odd for page in self.pages)})"
            warn(self.sheet, at, end, states, whole, words.format("合计"), odd=odd)
        else:
            states, whole = self._sum(2, len(heads) - 1, rows), self._sum(1, 1, rows)
            warn(self.sheet, at, end, states, whole, words.format("件数"), "件")

    def _sum(self, first: int, last: int, rows: int) -> str:
        """Over the rows of a table, from one column to another."""
        return f"SUM({cell(self.at + 1, first)}:{cell(self.at + rows, last)})"

    def _end(self, last: int) -> None:
        sheet, facts = self.sheet, self.facts
        if not (self.pages or self.names):
            sheet.merge(FIRST, 0, last, "本方案没有结果运用", "cell")
            self.at = FIRST + 2
        if facts.scheme.recipients:
            text = f"奖励对象：{facts.scheme.recipients}"
            sheet.merge(self.at, 0, last, text, "wrap")
            sheet.height(self.at, [(text, sum(sheet.columns))])
            self.at += 2
        if self.pages:
            write_signatures(sheet, self.at)
        sheet.print_setup(landscape=False)


def _finish(sheet: Sheet, at: int) -> None:
    """A block to sign in from a row on; whoever signs a list signs its page."""
    write_signatures(sheet, at)
    sheet.raw.freeze_panes(FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(FIRST - 1, FIRST - 1))


def _state(entry: Entry) -> str:
    return PENDING if entry.award.pending else CONFIRM if entry.award.confirm else _SURE


def _vetoes(sheet: Sheet, facts: Facts, given: Sequence[Entry]) -> Names:
    """Who is vetoed by which clauses, what that takes away, and to whom the 否决书 goes."""
    sheet.widths(6, who_width(given), 16, 24, 56, 30, 9)
    write_heads(sheet, facts, ("序号", "单位", "条款", "依据", "原因", "否决书送达", "状态"), unreviewed(given))
    units = list(dict.fromkeys((each.who, each.unit) for each in sorted(given, key=lambda each: each.award.row)))
    states = list[str]()
    for at, (who, unit) in enumerate(units, FIRST):
        mine = [each for each in given if each.who == who]
        outcomes = [each.award.outcome for each in mine]
        texts = [
            unit,
            "、".join(titled(each.id) for each in outcomes),
            "、".join(each.clause for each in outcomes),
            "；".join(each.award.because for each in mine),
            "、".join([unit, *_above(facts, unit)]),
        ]
        sheet.number(at, 0, at - FIRST + 1, "cell_centre")
        sheet.row(at, texts, "cell_wrap", start=1)
        states.append(PENDING if any(each.award.pending for each in mine) else _SURE)
        sheet.text(at, 6, states[-1], "cell_centre")
        choose(sheet, at, 6, _STATES)
        sheet.height(at, list(zip(texts, sheet.columns[1:], strict=False)), least=20)
    if not units:
        sheet.merge(FIRST, 0, 6, "没有被一票否决的单位", "cell")
    end = FIRST + max(1, len(units))
    effect = "；".join(filter(None, map(_effect, facts.scheme.parts)))
    sheet.merge(end, 0, 6, f"一票否决的后果：{effect}" if effect else "", "muted_wrap")
    sheet.height(end, [(effect, 150)])
    _finish(sheet, end + 2)
    return Names(sheet.name, states, 6)


def _effect(part: Part) -> str:
    """What a veto brings: what the scheme says of it, and that whoever is vetoed is ranked last, if it counts so."""
    last = "名次排到最后，总分照算" if part.last.strip() == ANY_VETO and "最后" not in part.veto_effect else ""
    return "；".join(filter(None, [part.veto_effect, last]))


def _above(facts: Facts, unit: str) -> list[str]:
    """Whom else a unit's veto goes to: the departments that the roster names."""
    inputs = [each for part in facts.scheme.parts for each in part.inputs]
    names = [each.name for each in inputs if each.origin is Origin.ROSTER and each.kind is InputKind.TEXT]
    known = facts.roster.get(unit)
    return [text for name in names if known and (text := known.attributes.get(name, ""))]


def _list(sheet: Sheet, facts: Facts, given: Sequence[Entry]) -> Names:
    """A page of names: one line an award, outcome by outcome."""
    sheet.widths(6, 20, 22, 16, 16, 62, 9)
    write_heads(sheet, facts, ("序号", "项目", "单位", "姓名", "依据", "原因", "状态"), unreviewed(given))
    for at, each in enumerate(given, FIRST):
        subject, award = each.result.scores.subjects[each.award.row], each.award
        person = subject.own or "—"
        texts = [titled(award.outcome.id), subject.unit, person, award.outcome.clause, award.because]
        sheet.number(at, 0, at - FIRST + 1, "cell_centre")
        sheet.row(at, texts, "cell_wrap", start=1)
        sheet.text(at, 6, _state(each), "cell_centre")
        choose(sheet, at, 6, _STATES)
        sheet.height(at, list(zip(texts, sheet.columns[1:], strict=False)), least=20)
    if not given:
        sheet.merge(FIRST, 0, 6, f"没有列入{sheet.name}的", "cell")
    last, state = FIRST + max(1, len(given)) - 1, f"${cell(FIRST, 6)}"
    sheet.colour((FIRST, 0), (last, 6), {"type": "formula", "criteria": f'={state}="{PENDING}"'}, fill="open")
    _finish(sheet, last + 2)
    return Names(sheet.name, [_state(each) for each in given], 6)
