"""奖惩.xlsx: what it comes to, then a page for each kind of outcome; finance and whoever signs work from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..model import InputKind, Origin, OutcomeKind
from ..workbook import Sheet
from ..workbook.anchors import TYPE
from ..workbook.book import cell
from ..workbook.style import MONEY
from .facts import Facts
from .names import titled
from .payments import (
    FINES,
    FIRST,
    GROUPS,
    PENDING,
    REWARDS,
    Entry,
    Payments,
    unreviewed,
    who_width,
    write_by_unit,
    write_heads,
    write_settlement,
    write_signatures,
)
from .reviewed import reviewed

SUMMARY = "汇总"
_SURE = "确定"


def write_money(path: Path, facts: Facts) -> None:
    book = facts.book("奖惩")
    declared = {each.kind for part in facts.scheme.parts for each in part.outcomes}
    extents = [(result, reviewed(result.scores)) for result in facts.parts]
    entries = [Entry(result, each, extent[each.row]) for result, extent in extents for each in result.awards]
    money = [each for each in entries if each.award.amount is not None]
    rewards = [each for each in money if each.award.outcome.kind is not OutcomeKind.FINE]
    fines = [each for each in money if each.award.outcome.kind is OutcomeKind.FINE]
    summary, pages = book.sheet(SUMMARY), list[Payments]()
    if OutcomeKind.REWARD in declared or rewards:
        pages.append(Payments(book.sheet(REWARDS), facts, rewards))
        pages[-1].write()
        write_by_unit(book.sheet("奖励按单位"), facts, rewards)
    if OutcomeKind.HONOUR in declared:
        _list(book.sheet("荣誉"), facts, _of(entries, OutcomeKind.HONOUR))
    if OutcomeKind.FINE in declared:
        pages.append(Payments(book.sheet(FINES), facts, fines))
        pages[-1].write()
    if any(result.settlements for result in facts.parts):
        write_settlement(book.sheet("保证金结算"), facts, pages[-1])
    if OutcomeKind.VETO in declared:
        _vetoes(book.sheet("一票否决"), facts, _of(entries, OutcomeKind.VETO))
    for kind in (OutcomeKind.LIST, OutcomeKind.ACCOUNTABILITY):
        if kind in declared:
            _list(book.sheet(str(kind)), facts, _of(entries, kind))
    _summary(summary, facts, pages, entries)
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


def _summary(sheet: Sheet, facts: Facts, pages: Sequence[Payments], entries: Sequence[Entry]) -> None:
    """What is payable, what waits, live from the pages; how many names stand on each list."""
    heads = ("类别", "件数", "应付或应缴（元）", "阶段（元）", "待确认（元）", "合计（元）")
    sheet.widths(18, 10, 20, 18, 18, 18)
    write_heads(sheet, facts, heads, "点类别可到那一页；金额随那一页的明细自动合计。" + unreviewed(entries))
    at = FIRST - 1
    for page in pages:
        at += 1
        sheet.link(at, 0, f"internal:'{page.sheet.name}'!A1", page.sheet.name)
        sheet.number(at, 1, len(page.paid), "cell_centre")
        for col, group in enumerate(GROUPS, 2):
            sheet.formula(at, col, page.sum_cell(group), page.sum(group), "cell", num_format=MONEY)
        total = sum(map(page.sum, GROUPS))
        sheet.formula(at, 5, f"SUM({cell(at, 2)}:{cell(at, 4)})", total, "cell_strong", num_format=MONEY)
    for kind in (OutcomeKind.HONOUR, OutcomeKind.VETO, OutcomeKind.LIST, OutcomeKind.ACCOUNTABILITY):
        mine = _of(entries, kind)
        if any(each.kind is kind for part in facts.scheme.parts for each in part.outcomes):
            at += 1
            sheet.link(at, 0, f"internal:'{kind}'!A1", str(kind))
            sheet.number(at, 1, len(mine), "cell_centre")
            waiting = sum(each.award.pending for each in mine)
            words = f"其中{waiting}件是阶段结果" if waiting else ("都已确定" if mine else "没有")
            sheet.merge(at, 2, 5, words, "cell")
    if at < FIRST:
        sheet.merge(FIRST, 0, 5, "本方案没有结果运用", "cell")
        at = FIRST
    if facts.scheme.recipients:
        at += 2
        text = f"奖励对象：{facts.scheme.recipients}"
        sheet.merge(at, 0, 5, text, "wrap")
        sheet.height(at, [(text, 102)])
    if pages:
        write_signatures(sheet, at + 2)
    sheet.print_setup(landscape=False)


def _finish(sheet: Sheet, at: int) -> None:
    """A block to sign in from a row on; whoever signs a list signs its page."""
    write_signatures(sheet, at)
    sheet.raw.freeze_panes(FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(FIRST - 1, FIRST - 1))


def _state(entry: Entry) -> str:
    return "阶段" if entry.award.pending else "待确认" if entry.award.confirm else _SURE


def _vetoes(sheet: Sheet, facts: Facts, given: Sequence[Entry]) -> None:
    """Who is vetoed by which clauses, what that takes away, and to whom the 否决书 goes."""
    sheet.widths(6, who_width(given), 16, 24, 56, 30, 9)
    write_heads(sheet, facts, ("序号", "单位", "条款", "依据", "原因", "否决书送达", "状态"))
    units = list(dict.fromkeys((each.who, each.unit) for each in sorted(given, key=lambda each: each.award.row)))
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
        sheet.text(at, 6, "阶段" if any(each.award.pending for each in mine) else _SURE, "cell_centre")
        sheet.height(at, list(zip(texts, sheet.columns[1:], strict=False)), least=20)
    if not units:
        sheet.merge(FIRST, 0, 6, "没有被一票否决的单位", "cell")
    end = FIRST + max(1, len(units))
    effect = "；".join(part.veto_effect for part in facts.scheme.parts if part.veto_effect)
    sheet.merge(end, 0, 6, f"一票否决的后果：{effect}" if effect else "", "muted_wrap")
    sheet.height(end, [(effect, 150)])
    _finish(sheet, end + 2)


def _above(facts: Facts, unit: str) -> list[str]:
    """Whom else a unit's veto goes to: the departments that the roster names."""
    inputs = [each for part in facts.scheme.parts for each in part.inputs]
    names = [each.name for each in inputs if each.origin is Origin.ROSTER and each.kind is InputKind.TEXT]
    known = facts.roster.get(unit)
    return [text for name in names if known and (text := known.attributes.get(name, ""))]


def _list(sheet: Sheet, facts: Facts, given: Sequence[Entry]) -> None:
    """A page of names: one line an award, outcome by outcome."""
    sheet.widths(6, 20, 22, 16, 16, 62, 9)
    write_heads(sheet, facts, ("序号", "项目", "单位", "姓名", "依据", "原因", "状态"), unreviewed(given))
    for at, each in enumerate(given, FIRST):
        subject, award = each.result.scores.subjects[each.award.row], each.award
        person = "／".join(part for part in (subject.person, subject.person_id) if part) or "—"
        texts = [titled(award.outcome.id), subject.unit, person, award.outcome.clause, award.because]
        sheet.number(at, 0, at - FIRST + 1, "cell_centre")
        sheet.row(at, texts, "cell_wrap", start=1)
        sheet.text(at, 6, _state(each), "cell_centre")
        sheet.height(at, list(zip(texts, sheet.columns[1:], strict=False)), least=20)
    if not given:
        sheet.merge(FIRST, 0, 6, f"没有列入{sheet.name}的", "cell")
    last, state = FIRST + max(1, len(given)) - 1, f"${cell(FIRST, 6)}"
    sheet.colour((FIRST, 0), (last, 6), {"type": "formula", "criteria": f'={state}="{PENDING}"'}, fill="open")
    _finish(sheet, last + 2)
