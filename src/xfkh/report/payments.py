"""The pages of money: one line an award, what can be paid apart from what waits, live sums, deposits, signatures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from ..results import Award, PartResult
from ..text import some, width
from ..workbook.book import Sheet, cell
from ..workbook.style import MONEY
from .facts import Facts
from .names import titled
from .reviewed import NOT, PARTLY, Reviewed

PAYABLE, PENDING, CONFIRM = "应付", "阶段", "待确认"
GROUPS = (PAYABLE, PENDING, CONFIRM)
OWED = "应缴"
REWARDS, BY_UNIT, FINES, SETTLEMENT, SETTLED = "奖励", "奖励按单位", "处罚", "保证金结算", "保证金"
_SETTLES = (SETTLED, "另缴")
FIRST = 4
Live = tuple[str, int]
"""A formula and its value."""
_ODD = "行的金额不是数，没有算进合计，请改成元数"
_ONLY_TO_COMPARE = "本方案是历史文件：金额只供对照，不是收缴或发放的依据。"
_NOTES = {
    PENDING: "要等全部单位确定后才定，现在不{verb}",
    CONFIRM: "建立在分母为0的比率上，在 处理意见.xlsx 确认后才{verb}",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One award with the part it belongs to, and how much of its subject the review verified."""

    result: PartResult
    award: Award
    reviewed: Reviewed

    @property
    def who(self) -> str:
        return self.result.scores.subjects[self.award.row].label

    @property
    def unit(self) -> str:
        return self.result.scores.subjects[self.award.row].unit

    @property
    def amount(self) -> int:
        return self.award.amount or 0

    @property
    def group(self) -> str:
        return status(self.award)


def status(award: Award) -> str:
    """Whether an amount can be paid now."""
    return PENDING if award.pending else CONFIRM if award.confirm else PAYABLE


def write_heads(sheet: Sheet, facts: Facts, heads: Sequence[str], *notes: str, unit: str = "") -> None:
    """Title, with the unit of all figures where the heads name none, status and heads; the widths are set before."""
    sheet.heading(f"{facts.title}　{sheet.name}{unit}", facts.subtitle, *notes)
    sheet.row(FIRST - 1, heads, "head")
    sheet.raw.set_row(FIRST - 1, 22)


def unreviewed(entries: Sequence[Entry]) -> str:
    """A warning to whoever signs: whose lines rest on self-reported figures."""
    bare = list(dict.fromkeys(each.who for each in entries if each.reviewed.kind == NOT))
    partly = list(dict.fromkeys(f"{each.who} {each.reviewed.figures}" for each in entries
                                if each.reviewed.kind == PARTLY))  # fmt: skip
    told = [f"{kind}的{len(names)}个（{some(names, '个', 6)}）"
            for kind, names in ((NOT, bare), (PARTLY, partly)) if names]  # fmt: skip
    return f"注意：含{'、'.join(told)}，没有核定的数按自评数计，不作最终依据。" if told else ""


def who_width(entries: Sequence[Entry]) -> float:
    return min(40, max([22, *(width(each.who) + 2 for each in entries)]))


class Payments:
    """A page of money: a block for what is payable, then blocks for what waits; where anything is counted, its count
    and price stand beside the amount."""

    def __init__(self, sheet: Sheet, facts: Facts, paid: Sequence[Entry]) -> None:
        self.sheet, self.facts = sheet, facts
        self.paid = [each for group in GROUPS for each in paid if each.group == group]
        outcomes = [each for part in facts.scheme.parts for each in part.outcomes]
        self.fines = sheet.name == FINES
        counted = self.fines and any(each.count for each in outcomes)
        settles = self.fines and any(each.settles for each in outcomes)
        self.heads = ["序号", "单位", "项目", "依据", "原因"] + ["数量", "单价（元）"] * counted
        self.heads += ["金额（元）", "状态"] + ["结算"] * settles
        self.at = {name: col for col, name in enumerate(self.heads)}
        self.amount, self.state = self.at["金额（元）"], self.at["状态"]
        self.groups = [each for each in GROUPS if each == PAYABLE or self._of(each)]
        self.last = FIRST + len(self.groups) + sum(max(1, len(self._of(each))) for each in self.groups) - 1

    def _of(self, group: str) -> list[Entry]:
        return [each for each in self.paid if each.group == group]

    def word(self, group: str) -> str:
        """A fine is owed to the office, not paid by it."""
        return OWED if group == PAYABLE and self.fines else group

    def sum(self, group: str) -> int:
        return sum(each.amount for each in self._of(group))

    @property
    def total(self) -> int:
        return sum(each.amount for each in self.paid)

    def column(self, name: str) -> str:
        """A column of the lines, for formulas of other sheets."""
        first, last = (cell(row, self.at[name], fixed=True) for row in (FIRST, self.last))
        return f"{self.sheet.name}!{first}:{last}"

    def count(self) -> Live:
        """How many lines there are, live, for other sheets."""
        return f"COUNT({self.column('序号')})", len(self.paid)

    @property
    def odd(self) -> str:
        """How many lines have no figure for an amount, live: no sum knows them."""
        return f"(COUNT({self.column('序号')})-COUNT({self.column('金额（元）')}))"

    def sum_of(self, group: str = "") -> Live:
        """The sum of a group, or of all lines, live, for other sheets."""
        below = GROUPS.index(group) if group else len(GROUPS)
        return f"{self.sheet.name}!{cell(self.last + 1 + below, self.amount)}", self.sum(group) if group else self.total

    def write(self) -> None:
        sheet, end = self.sheet, len(self.heads) - 1
        widths = {"序号": 6, "单位": who_width(self.paid), "项目": 18, "依据": 16, "原因": 56, "数量": 8,
                  "单价（元）": 12, "金额（元）": 14, "状态": 10, "结算": 10}  # fmt: skip
        sheet.widths(*(widths[name] for name in self.heads))
        write_heads(sheet, self.facts, self.heads, ("金额＝数量×单价。" if self.fines else "") + unreviewed(self.paid))
        at, number = FIRST, 0
        for group in self.groups:
            self._band(at, group)
            mine = self._of(group)
            for each in mine:
                at, number = at + 1, number + 1
                self._line(at, number, each)
            if not mine:
                at += 1
                sheet.row(at, ["", f"没有{sheet.name}", *[""] * (end - 1)], "cell")
            at += 1
        at = self._sums() + 1
        for text in self._notes():
            sheet.merge(at, 0, end, text, "wrap")
            sheet.height(at, [(text, sum(sheet.columns))])
            at += 1
        write_signatures(sheet, at + 1)
        sheet.raw.freeze_panes(FIRST, 2)
        sheet.print_setup(landscape=True, repeat=(FIRST - 1, FIRST - 1))

    def _band(self, at: int, group: str) -> None:
        note = _NOTES.get(group, "").format(verb="缴" if self.fines else "付")
        fill = {PENDING: "open", CONFIRM: "warn"}.get(group, "good")
        words = f"{self.word(group)}{'：' if note else ''}{note}"
        self.sheet.merge(at, 0, len(self.heads) - 1, words, "item", fill=fill)

    def _line(self, at: int, number: int, each: Entry) -> None:
        sheet, award = self.sheet, each.award
        sheet.number(at, 0, number, "cell_centre")
        texts = [each.who, titled(award.outcome.id), award.outcome.clause, award.because]
        sheet.row(at, texts, "cell_wrap", start=1)
        if award.count is not None and award.price is not None and "数量" in self.at:
            count, price = self.at["数量"], self.at["单价（元）"]
            sheet.number(at, count, award.count, "cell_centre", num_format=MONEY)
            sheet.number(at, price, award.price, "cell", num_format=MONEY)
            text = f'IF(COUNT({cell(at, count)}:{cell(at, price)})=2,{cell(at, count)}*{cell(at, price)},"缺数")'
            sheet.formula(at, self.amount, text, each.amount, "cell", num_format=MONEY)
            whole(sheet, at, count, "数量", "0或正整数")
            whole(sheet, at, price, "单价")
        else:
            if "数量" in self.at:
                sheet.row(at, ["—", "—"], "cell_centre", start=self.at["数量"])
            sheet.number(at, self.amount, each.amount, "cell", num_format=MONEY)
        whole(sheet, at, self.amount, "金额")
        sheet.text(at, self.state, self.word(each.group), "cell_centre")
        choose(sheet, at, self.state, [self.word(group) for group in GROUPS])
        if "结算" in self.at:
            choose(sheet, at, self.at["结算"], _SETTLES)
            sheet.text(at, self.at["结算"], _SETTLES[not award.outcome.settles], "cell_centre")
        sheet.height(at, list(zip(texts, sheet.columns[1:], strict=False)), least=20)

    def _sums(self) -> int:
        """Live sums by status; returns the last row used."""
        sheet, last, end = self.sheet, self.last, len(self.heads) - 1
        amounts = f"{cell(FIRST, self.amount, fixed=True)}:{cell(last, self.amount, fixed=True)}"
        states = f"{cell(FIRST, self.state, fixed=True)}:{cell(last, self.state, fixed=True)}"
        at = last + 1
        for group in GROUPS:
            name = self.word(group)
            sheet.merge(at, 0, self.amount - 1, f"{name}合计", "total")
            text = f'SUMIFS({amounts},{states},"{name}")'
            sheet.formula(at, self.amount, text, self.sum(group), "total", num_format=MONEY)
            sheet.row(at, [name, *[""] * (end - self.state)], "total_centre", start=self.state)
            at += 1
        sheet.merge(at, 0, self.amount - 1, "总计", "total")
        sheet.formula(at, self.amount, f"SUM({amounts})", self.total, "total", num_format=MONEY)
        sheet.row(at, [""] * (end - self.state + 1), "total", start=self.state)
        sums = f"SUM({cell(last + 1, self.amount)}:{cell(at - 1, self.amount)})"
        words = "、".join(self.word(group) for group in GROUPS)
        strays = f"有的行状态不是{words}，不在任何一项合计里，请改"
        warn(sheet, at + 1, end, sums, cell(at, self.amount), strays, odd=self.odd)
        return at + 1

    def _notes(self) -> list[str]:
        scheme = self.facts.scheme
        notes = [f"奖励对象：{scheme.recipients}"] if scheme.recipients and not self.fines else []
        if scheme.status == "历史":
            notes.append(_ONLY_TO_COMPARE)
        return notes


def choose(sheet: Sheet, at: int, col: int, words: Sequence[str]) -> None:
    """A cell takes one of these words and nothing else: sums go by it."""
    sheet.validate(at, col, col, {"validate": "list", "source": list(words), "ignore_blank": False,
                                  "error_type": "stop", "error_title": "这格填不了",
                                  "error_message": f"只能选{'、'.join(words)}：各项合计按这一格算。"})  # fmt: skip


def whole(sheet: Sheet, at: int, col: int, name: str, takes: str = "元数，0或正整数") -> None:
    """A cell takes a whole number from 0 on and nothing else: sums leave a text out."""
    sheet.validate(at, col, col, {"validate": "integer", "criteria": ">=", "value": 0, "ignore_blank": False,
                                  "error_type": "stop", "error_title": "这格填不了",
                                  "error_message": f"{name}只能填{takes}，不写单位。"})  # fmt: skip


def warn(sheet: Sheet, at: int, last: int, sums: str, total: str, words: str, unit: str = "元", odd: str = "") -> None:
    """A row that says, live, that the sums are not all that the lines come to, and how much they leave out; and how
    many lines are ``odd``: without a figure for their amount."""
    text = f'IF({total}={sums},"","注意：{words}（"&({total}-{sums})&"{unit}）。")'
    if odd:
        text += f'&IF({odd}=0,"","注意：有"&{odd}&"{_ODD}。")'
    sheet.raw.merge_range(at, 0, at, last, "", sheet.book.format("hand"))
    sheet.formula(at, 0, text, "", "hand")
    longest = f"注意：{words}（1,000,000{unit}）。" + (f"注意：有100{_ODD}。" if odd else "")
    sheet.height(at, [(longest, sum(sheet.columns[: last + 1]))])


def write_signatures(sheet: Sheet, at: int) -> None:
    """A block to sign in, over the width of the table."""
    last = len(sheet.columns) - 1
    cuts = _cuts(sheet.columns, 4)
    for (first, end), name in zip(cuts, ("制表", "审核", "分管领导", "主要领导"), strict=True):
        sheet.merge(at, first, end, name, "caption")
        sheet.merge(at + 1, first, end, "", "cell")
    sheet.raw.set_row(at + 1, 42)
    sheet.merge(at + 2, 0, last, "日期：　　　　年　　月　　日　　　　　　　　（盖章）", "cell")
    sheet.raw.set_row(at + 2, 30)


def _cuts(columns: Sequence[float], pieces: int) -> list[tuple[int, int]]:
    """Neighbouring columns in pieces, the narrowest of which is as wide as can be: a hand signs in each."""
    whole = [(0, *inner, len(columns)) for inner in combinations(range(1, len(columns)), pieces - 1)]
    best = max(whole, key=lambda edges: min(sum(columns[a:b]) for a, b in pairwise(edges)))
    return [(first, end - 1) for first, end in pairwise(best)]


def write_by_unit(sheet: Sheet, page: Payments) -> None:
    """What each unit is paid: live, from the lines of 奖励."""
    sheet.widths(6, who_width(page.paid), 40, 14, 14, 14, 14)
    note = f"金额随「{page.sheet.name}」的明细自动合计。"
    write_heads(sheet, page.facts, ("序号", "单位", "项目", *GROUPS, "合计"), note, unit="（元）")
    mine: dict[str, list[Entry]] = {}
    for each in page.paid:
        mine.setdefault(each.who, []).append(each)
    for at, (unit, entries) in enumerate(mine.items(), FIRST):
        names = "、".join(titled(each.award.outcome.id) for each in entries)
        sheet.number(at, 0, at - FIRST + 1, "cell_centre")
        sheet.row(at, [unit, names], "cell_wrap", start=1)
        for col, group in enumerate((*GROUPS, ""), 3):
            value = sum(each.amount for each in entries if group in ("", each.group))
            tests = {"单位": f"${cell(at, 1)}", **({"状态": f'"{group}"'} if group else {})}
            style = "cell" if group else "cell_strong"
            sheet.formula(at, col, sum_where(page, tests), value, style, num_format=MONEY)
        sheet.height(at, [(names, 40), (unit, sheet.columns[1])], least=20)
    if not mine:
        sheet.row(FIRST, ["", f"没有{page.sheet.name}", *[""] * 5], "cell")
    last = FIRST + max(len(mine), 1)
    _sums_by_unit(sheet, page, last)
    write_signatures(sheet, last + 3)
    sheet.raw.freeze_panes(FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(FIRST - 1, FIRST - 1))


def sum_where(page: Payments, tests: Mapping[str, str | Sequence[str]]) -> str:
    """The sum of the lines in which columns have values, or one of several. Not SUMIFS: it would take a name for a
    pattern."""
    found = "*".join(_is(page.column(name), value) for name, value in tests.items())
    # a single condition is no number yet
    return f"SUMPRODUCT({found if len(tests) > 1 else found + '*1'},{page.column('金额（元）')})"


def _is(area: str, value: str | Sequence[str]) -> str:
    values = [value] if isinstance(value, str) else value
    tests = "+".join(f"({area}={each})" for each in values)
    return tests if len(values) == 1 else f"({tests})"


def _sums_by_unit(sheet: Sheet, page: Payments, at: int) -> None:
    """The sums of the units; and, live, whether they are all that the lines come to."""
    sheet.merge(at, 0, 2, "合计", "total")
    for col, group in enumerate((*GROUPS, ""), 3):
        value = page.sum(group) if group else page.total
        sheet.formula(at, col, f"SUM({cell(FIRST, col)}:{cell(at - 1, col)})", value, "total", num_format=MONEY)
    said = f"与「{page.sheet.name}」总计不一致：那一页有一行的单位或状态被改成了本页没有的。"
    total, parts = cell(at, 6), f"SUM({cell(at, 3)}:{cell(at, 5)})"
    sheet.raw.merge_range(at + 1, 0, at + 1, 6, "", sheet.book.format("hand"))
    sheet.formula(at + 1, 0, f'IF(AND({total}={page.sum_of()[0]},{total}={parts}),"","{said}")', "", "hand")


def _settled(page: Payments) -> tuple[dict[str, str | Sequence[str]], list[str]]:
    """Which lines of 处罚 come off a deposit, as conditions of their columns and as words of 状态: those that are owed.
    What the run found not certain it settled too; these states count then, and the page says so."""
    groups = {each.group for each in page.paid if each.award.outcome.settles} | {PAYABLE}
    words = [page.word(each) for each in GROUPS if each in groups]
    return {"结算": f'"{SETTLED}"', "状态": [f'"{each}"' for each in words]}, words


def write_settlement(sheet: Sheet, facts: Facts, page: Payments) -> tuple[list[Live], tuple[str, str, str]]:
    """Deposit, fines off it, what is still due: live, from the lines of 处罚. Returns for other sheets how many units
    there are, and the sums; and what ``warn`` tells of fines that are not settled."""
    heads = ("序号", "单位", "保证金（元）", "罚款合计（元）", "从保证金扣（元）", "应补缴（元）", "保证金余额（元）")
    owed, words = _settled(page)
    sheet.widths(6, who_width(page.paid), 16, 16, 16, 16, 16)
    write_heads(sheet, facts, heads)
    at = FIRST - 1
    for result in facts.parts:
        for row, each in result.settlements.items():
            at += 1
            sheet.number(at, 0, at - FIRST + 1, "cell_centre")
            sheet.text(at, 1, result.scores.subjects[row].label, "cell_strong")
            sheet.number(at, 2, each.deposit, "cell", num_format=MONEY)
            whole(sheet, at, 2, "保证金")
            fine = sum_where(page, {"单位": f"${cell(at, 1)}", **owed})
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
    found: list[Live] = [(f"COUNT({SETTLEMENT}!{cell(FIRST, 0)}:{cell(last, 0)})", len(all_))]
    for col, of in enumerate(totals, 2):
        text = f"SUM({cell(FIRST, col)}:{cell(last, col)})"
        sheet.formula(last + 1, col, text, sum(map(of, all_)), "total", num_format=MONEY)
        found.append((f"{SETTLEMENT}!{cell(last + 1, col)}", sum(map(of, all_))))
    note = (
        f"罚款合计只算「{page.sheet.name}」里结算选“{SETTLED}”、状态是{'、'.join(words)}的行；"
        "先从保证金里扣，不够的补缴（橙色）；保证金不记负数。暂定、未报的单位不在内。"
    )
    waiting = [each for each in page.paid if each.award.outcome.settles and each.group != PAYABLE]
    if waiting:
        names = some(list(dict.fromkeys(each.who for each in waiting)), "个", 6)
        note += f"其中{names}的罚款含还没有定的（{'、'.join(words[1:])}），先按已定的算，定了以后再结算。"
    note += _ONLY_TO_COMPARE if facts.scheme.status == "历史" else ""
    sheet.merge(last + 2, 0, 6, note, "muted_wrap")
    sheet.height(last + 2, [(note, sum(sheet.columns))])
    area = ((FIRST, 0), (last, 6))
    sheet.colour(*area, {"type": "formula", "criteria": f"=${cell(FIRST, 5)}>0"}, fill="warn")
    told = f"有的罚款状态不是{'、'.join(words)}，没有结算"
    left = (sum_where(page, owed), sum_where(page, {"结算": owed["结算"]}), told)
    warn(sheet, last + 3, 6, *left, odd=page.odd)
    write_signatures(sheet, last + 5)
    sheet.raw.freeze_panes(FIRST, 2)
    sheet.print_setup(landscape=True, repeat=(FIRST - 1, FIRST - 1))
    return found, left
