"""What the tables of 排名.xlsx share: which subjects in which order, who they are, where a subject's points stand.

A subject keeps its key in every table, and formulas look it up by the key: sorting one table never moves a total to
another unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from ..formula import Node, refs
from ..model import CATEGORY, Item, Outcome, OutcomeKind, Section, State
from ..results import Award, PartResult, PartScores
from ..rules import Rule
from ..scheme import last_of
from ..scheme.conditions import APART, CONVERTED, LAST
from ..text import width
from ..workbook.book import Sheet, cell
from ..workbook.paging import side_by_side
from .comparison import EDITED, Comparison
from .facts import Facts
from .names import titled
from .reviewed import Reviewed, reviewed
from .trial import (
    CHANGED,
    HELD,
    NO_VETO,
    NONE,
    OPEN_VETO,
    STALE,
    WAS,
    by_total,
    differs,
    due,
    moved,
    moved_by_others,
    moved_targets,
    unless_empty,
)

FIRST = 5
"""The row of the first subject; full marks stand above it, heads above these."""
NO_TIER = "未入等次"
YES, NO = "是", "否"
GROUP, FULL = "组", "满分"
LOST, LOSERS, LINE, LOSER, PLACE = 2, 3, 4, 5, 6
"""Rows beneath the last subject of the sheet of points: what each line lost and how many lost it; hidden, the line's
name, who lost most of it, its place among the lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the tables: a subject's row in the scores."""

    row: int
    state: State

    @property
    def scored(self) -> bool:
        return self.state in (State.ASSESSED, State.PROVISIONAL)


class Loss(NamedTuple):
    """What a line cost: its place among the lines, how many points in all, the rows that lost them, most first."""

    place: int
    item: Item
    points: Fraction
    rows: list[int]


@dataclass
class Board:
    """One part's tables."""

    facts: Facts
    result: PartResult

    @property
    def scores(self) -> PartScores:
        return self.result.scores

    @property
    def many(self) -> bool:
        return self.scores.part.many

    @property
    def noun(self) -> str:
        return "人" if self.many else "个单位"

    @property
    def totals(self) -> str:
        """The sheet of totals."""
        return "个人总表" if self.many else "总表"

    @property
    def detail(self) -> str:
        """The sheet of points, or of answers where nothing earns points by itself."""
        return "个人得分明细" if self.many else "得分明细" if self.lines else "数据明细"

    @cached_property
    def comparison(self) -> Comparison | None:
        """The sheet of the figures that are compared; None where no item looks at other subjects."""
        if not any(rule.across for rule in self.scores.rules.values()):
            return None
        name = "个人比较数据" if self.many else "比较数据"
        return Comparison(self.scores, name, 1 + len(self.who), FIRST, self.last)

    @cached_property
    def who(self) -> list[str]:
        """The columns that say who a row is."""
        return ["单位", "姓名", "工号"] if self.many else ["单位"]

    def called(self, row: int) -> str:
        """Who a row is, in one cell: a person with the staff number, written as everywhere."""
        return self.scores.subjects[row].label

    def called_live(self, at: Mapping[str, str]) -> str:
        """The same as a formula over the columns of ``who``."""
        unit, *own = (at[each] for each in self.who)
        return "&".join([unit, *(f'IF({each}="","","/"&{each})' for each in own)])

    @cached_property
    def lines(self) -> list[tuple[Item, Rule]]:
        scores = self.scores
        return [(item, scores.rules[item.id]) for item in scores.scheme.lines(scores.part)]

    @cached_property
    def sections(self) -> list[Section]:
        """The sections that have lines."""
        used = {item.section for item, _ in self.lines}
        return [each for each in self.scores.part.sections if each.id in used]

    def section_points(self, row: int, section: str) -> Fraction:
        """What a subject has of a section; lines that are 待核 count nothing yet."""
        own = (item.id for item, _ in self.lines if item.section == section)
        return sum((self.scores.points(row, id) or Fraction(0) for id in own), Fraction(0))

    @cached_property
    def reviewed(self) -> list[Reviewed]:
        """How much of each row is verified."""
        return reviewed(self.scores)

    @cached_property
    def order(self) -> list[Line]:
        """Assessed subjects by rank, then the open ones in their order."""
        scores = self.scores
        rows = range(len(scores.subjects))
        places = {row: (scores.rank(row) is None, scores.rank(row) or 0, row) for row in rows}
        found = sorted(rows, key=lambda row: (scores.group_place(row), *places[row]))
        return [Line(row, scores.states[row]) for row in found]

    @cached_property
    def places(self) -> dict[int, int]:
        """The rows that have a rank, with their places from the first to the last, ties told apart."""
        return {row: place for place, row in enumerate(self.scores.best(len(self.order)), 1)}

    @property
    def full_shown(self) -> Fraction | str:
        """The full marks where they are the same for all."""
        if not self.varies:
            return self.full or "—"
        alike = {self.out_of(line.row) for line in self.order if line.scored}
        return alike.pop() if len(alike) == 1 else "—"

    def out_of(self, row: int) -> Fraction:
        """The full marks of which a subject has its total: where that is converted, those to which it is."""
        full = self.scores.full(row)
        return self.scores.whole(row) if self.scores.part.shrunk == CONVERTED and full else full

    @property
    def last(self) -> int:
        """The last row of the table, even when nobody is in it."""
        return FIRST + max(1, len(self.order)) - 1

    def full_of(self, row: int, item: Item) -> Fraction:
        """What a line is worth to a subject; nothing for a bonus or a deduction, from which nobody loses."""
        return Fraction(0) if item.extra else self.scores.of(row, item.id) or Fraction(0)

    def most_of(self, item: Item, rule: Rule) -> Fraction | None:
        """The most that a line is worth to anybody."""
        if rule.mark is None or rule.of is None:
            return rule.of
        return max([rule.of, *(self.scores.of(line.row, item.id) or Fraction(0) for line in self.order)])

    def worth_shown(self, item: Item, rule: Rule) -> Fraction | str:
        """What a line is worth, where that is the same for all."""
        worth = {self.full_of(line.row, item) for line in self.order if line.scored} if rule.mark is not None else ()
        return rule.of or Fraction(0) if len(worth) == 0 else worth.pop() if len(worth) == 1 else "各异"

    def worth_of(self, lines: Sequence[Line], items: Sequence[Item]) -> Fraction | str:
        """What some items are worth to some subjects, where that is the same for all of them."""
        if not self.lines:
            return self.full
        whole = {sum((self.full_of(line.row, item) for item in items), Fraction(0)) for line in lines
                 if line.scored or not self.varies}  # fmt: skip
        return whole.pop() if len(whole) == 1 else "各异" if whole else Fraction(0)

    @property
    def full(self) -> Fraction:
        """Full marks, without bonus and deduction lines."""
        part = self.scores.part
        if not self.lines:
            return Fraction(next((each.maximum or 0 for each in part.inputs if each.name == part.total), 0))
        return sum((rule.of or Fraction(0) for item, rule in self.lines if not item.extra), Fraction(0))

    @property
    def full_words(self) -> str:
        """What the full marks leave out: （不含加减分） or nothing."""
        extras = {item.id[-1] for item, _ in self.lines if item.extra}
        return f"（不含{'加' * ('+' in extras)}{'减' * ('-' in extras)}分）" if extras else ""

    @cached_property
    def tiers(self) -> list[Outcome]:
        return [each for each in self.scores.part.outcomes if each.tier and self.scores.period == "全年"]

    def veto_longest(self, line: Line) -> str:
        """The longest that may stand there after a trial."""
        possible = {*self.vetoed(line.row), *self.vetoes_live}
        if self.moved & {each.id for each in self.vetoes} <= set(self.vetoes_live):
            return "、".join(each.id for each in self.vetoes if each.id in possible)
        return WAS + self.veto_word(line)

    def tier_word(self, line: Line) -> str:
        return self.tier(line.row) if self.ranked(line) else NONE

    def tier(self, row: int) -> str:
        tiers = {each.id for each in self.tiers}
        return next((each.outcome.id for each in self.result.of(row) if each.outcome.id in tiers), NO_TIER)

    @cached_property
    def tiers_live(self) -> dict[str, Node]:
        """The tiers with their conditions, where the total alone decides all of them; else none, 等次 is a word."""
        found = by_total(self.scores, self.tiers)
        return found if len(found) == len(self.tiers) else {}

    @cached_property
    def vetoes(self) -> list[Outcome]:
        """All that the scheme can veto for."""
        return [each for each in self.scores.part.outcomes if each.kind is OutcomeKind.VETO]

    @cached_property
    def vetoes_live(self) -> dict[str, Node]:
        """The vetoes that the total alone decides, with their conditions."""
        return by_total(self.scores, [each for each in self.vetoes if due(each, self.scores.period)])

    @cached_property
    def moved(self) -> frozenset[str]:
        """The outcomes that a trial could change."""
        return moved(self.scores)

    @cached_property
    def moved_by_rank(self) -> frozenset[str]:
        """The outcomes that the total of another could change."""
        return moved_by_others(self.scores)

    @cached_property
    def moved_targets(self) -> frozenset[str]:
        """The targets that a trial could change."""
        return moved_targets(self.scores)

    def moved_row(self, at: int, line: Line, outcomes: Iterable[str]) -> str:
        """Whether a trial may have moved what the run said of a row by outcomes: its own points, or its rank where that
        counts. An open one has no rank: any other's total may decide what it can still get."""
        hand, place = (cell(at, self.at[name]) for name in ("手工改动", "名次"))
        if not self.moved_by_rank & {*outcomes}:
            return f'{hand}<>""'
        return f'OR({hand}<>"",{place}<>{self.scores.rank(line.row)})' if self.ranked(line) else CHANGED

    def ranked(self, line: Line) -> bool:
        return line.state is State.ASSESSED and self.scores.total(line.row) is not None and not self.apart(line)

    def apart(self, line: Line) -> bool:
        """Whether a subject is listed apart: it has points and no place."""
        return self.scores.apart(line.row)

    def last_word(self, line: Line) -> str:
        """Whether a subject is ranked behind all others: 是 or nothing, of one that is open also that it is open."""
        if not line.scored:
            return NONE
        held = self.scores.totals.may_be_last
        sure = self.scores.last(line.row) if line.state is State.ASSESSED else bool(held.must[line.row])
        open_ = line.state is State.PROVISIONAL and bool(held.may[line.row])
        return YES if sure else OPEN_VETO if open_ else ""

    @cached_property
    def last_live(self) -> str:
        """How many figures that are compared a person changed, where they also say who is ranked last: the run's words
        do not follow. Empty where they never do."""
        scores = self.scores
        node = last_of(scores.scheme, scores.part, scores.period)
        if node is None or self.comparison is None or not {*refs(node)} & {name for _, name in self.comparison.cells}:
            return ""
        return f"SUM({self.comparison.name}!{self.comparison.span((EDITED, ''))})"

    def ahead(self, total: str, totals: str, alike: Sequence[str] = (), last: tuple[str, str] | None = None) -> str:
        """One more than those that stand before a row, as a formula over its total and all of them: ``alike``: of which
        others; ``last``: where it, and where they, are said to be ranked last, or that this is open: such have no
        place, and take none."""
        if not alike and last is None:
            return f"RANK({total},{totals})"
        before = f"({totals}>{total})"
        if last is None:
            return f"SUMPRODUCT({'*'.join([*alike, f'ISNUMBER({totals})', before])})+1"
        mine, theirs = (f'({each}="{YES}")' for each in last)
        told = [f'({last[1]}<>"{word}")' for word in (OPEN_VETO, NONE)]
        before = f"(({theirs}<{mine})+({theirs}={mine})*{before})"
        count = f"SUMPRODUCT({'*'.join([*alike, f'ISNUMBER({totals})', *told, before])})+1"
        count = f'IF(OR({last[0]}="{OPEN_VETO}",{last[0]}="{NONE}"),"{OPEN_VETO}",{count})'
        return f'IF({self.last_live}>0,"{STALE}",{count})' if self.last_live else count

    def marked(self, row: int) -> str:
        """Who a row is, and that it is ranked last: beside places that its points do not explain."""
        return self.called(row) + (f"（{LAST}）" if self.scores.last(row) else "")

    def marked_live(self, find: Callable[[str], str]) -> str:
        """The same as a formula; ``find``: where it stands in a column of the totals."""
        text = self.called_live({each: find(each) for each in self.who})
        return f'{text}&IF({find(LAST)}="{YES}","（{LAST}）","")' if LAST in self.at else text

    def standing(self, line: Line) -> str:
        """What stands in place of a total that is not ranked."""
        return APART if self.apart(line) else str(line.state)

    @property
    def varies(self) -> bool:
        """Whether full marks are not the same for all."""
        return bool(self.scores.marks)

    @property
    def group_head(self) -> str:
        """The head of the column that says to which group a subject belongs; empty where there are none."""
        part = self.scores.part
        return "" if not part.group else CATEGORY if part.group == CATEGORY else GROUP

    def vetoed(self, row: int) -> list[str]:
        return [each.outcome.id for each in self.result.of(row) if each.outcome.kind is OutcomeKind.VETO]

    def veto_word(self, line: Line) -> str:
        """By which clauses a subject is vetoed."""
        nothing = NO_VETO if line.state is State.ASSESSED else OPEN_VETO if line.scored else NONE
        return "、".join(self.vetoed(line.row)) or nothing

    @cached_property
    def others(self) -> frozenset[str]:
        """The outcomes that are neither a tier nor a veto: these have columns of their own."""
        apart = {each.id for each in (*self.tiers, *self.vetoes)}
        return frozenset(each.id for each in self.scores.part.outcomes if each.id not in apart)

    def other(self, row: int) -> str:
        """What else follows for a subject, in words."""
        mine = (each for each in self.result.of(row) if each.outcome.id in self.others and not each.nothing)
        return "、".join(dict.fromkeys(map(_award_word, mine))) or NONE

    def own_total(self, row: int) -> Fraction | None:
        """The unit's own total; None where its return leaves lines open, or there is none."""
        scores = self.scores
        whole = all(scores.self_points(row, item.id) is not None for item, _ in self.lines if item.id in self.own)
        return scores.self_total(row) if whole else None

    @cached_property
    def own(self) -> frozenset[str]:
        """The lines that a self-score has."""
        return frozenset(self.scores.self_scored)

    def beyond_own(self, row: int) -> Fraction:
        """The points of the lines that no self-score has: those of the review and of ranks."""
        others = (self.scores.points(row, item.id) for item, _ in self.lines if item.id not in self.own)
        return sum((each for each in others if each), Fraction(0))

    @cached_property
    def costs(self) -> list[Loss]:
        """What each line that can lose points cost, the most first; bonus lines lose none."""
        found = []
        for place, (item, rule) in enumerate(self.lines):
            if item.id.endswith("+") or not (item.extra or rule.of):
                continue
            lost = {line.row: full - points for line in self.order if line.scored
                    and (points := self.scores.points(line.row, item.id)) is not None
                    and points < (full := self.full_of(line.row, item))}  # fmt: skip
            rows = sorted(lost, key=lambda row: -lost[row])
            found.append(Loss(place, item, sum(lost.values(), Fraction(0)), rows))
        return sorted(found, key=lambda each: (-each.points, each.place))

    @cached_property
    def losses(self) -> list[Loss]:
        """Where points are lost, the most first."""
        return [each for each in self.costs if each.rows]

    def loser(self, loss: Loss) -> str:
        """Who lost most of a line, and how many lost as much."""
        if not loss.rows:
            return "—"
        lost = [self.full_of(row, loss.item) - (self.scores.points(row, loss.item.id) or 0) for row in loss.rows]
        alike = lost.count(lost[0])
        return self.called(loss.rows[0]) + (f"等{alike}{self.noun}" if alike > 1 else "")

    @property
    def heads(self) -> list[str]:
        """The heads of the sheet of totals; those after 结果和备注 are hidden."""
        units = {each.unit for each in self.scores.subjects}
        kinds = any(unit.category for unit in self.facts.roster.units if unit.name in units)
        # places hold within a group: none is given across groups
        category = ["类内名次"] * (kinds and not self.many and not self.group_head)
        heads = ["名次", *self.who, CATEGORY, *[GROUP] * (self.group_head == GROUP), *category, "状态", "总分"]
        heads += [FULL] * self.varies + [LAST] * bool(self.scores.part.last)
        heads += ["一票否决"] * bool(self.vetoes) + ["等次"] * bool(self.tiers)
        heads += ["自评分", "核定减自评"] if self.lines else []
        heads += ["复查", "手工改动", "结果和备注", "键", "次序", *([] if self.lines else ["原总分"])]
        return [*heads, *["被否决"] * bool(self.vetoes), "结果"]

    @cached_property
    def at(self) -> dict[str, int]:
        """The columns of the sheet of totals."""
        return {name: col for col, name in enumerate(self.heads)}

    @property
    def first(self) -> int:
        """The first column of points in the sheet of points."""
        return 1 + len(self.who)

    @property
    def end(self) -> int:
        """The column of the sum; hidden beyond it: the key, what no self-score has, the points as graded."""
        return self.first + len(self.lines)

    def total_column(self, name: str) -> str:
        """A column of the sheet of totals, for formulas of other sheets."""
        return f"{self.totals}!{_span(self.at[name], self.at[name], self.last)}"

    def of_key(self, name: str, key: str) -> str:
        """What stands in a column of the totals in the row with a key."""
        return unless_empty(f"INDEX({self.total_column(name)},MATCH({key},{self.total_column('键')},0))")

    def lost(self, what: int, place: int) -> str:
        """What stands beneath the sheet of points of the line that lost most, or second most and so on: ``what`` is
        one of the rows LOST, LOSERS, LINE, LOSER."""
        area, order = (self._beneath(each) for each in (what, PLACE))
        return f"INDEX({area},MATCH({place},{order},0))"

    def _beneath(self, row: int) -> str:
        at = self.last + row
        return f"{self.detail}!{cell(at, self.first, fixed=True)}:{cell(at, self.end - 1, fixed=True)}"

    def points_of(self, key: str, first: int, last: int | None = None) -> str:
        """The points from one line to another of the subject with a key; counted from 0, beyond the lines what is
        hidden there."""
        area = f"{self.detail}!{_span(self.first + first, self.first + (first if last is None else last), self.last)}"
        keys = f"{self.detail}!{_span(self.end + 1, self.end + 1, self.last)}"
        return f"INDEX({area},MATCH({key},{keys},0),0)"

    def section_sum(self, key: str, section: str) -> str:
        """The points of a section of the subject with a key; none while one of its cells has no figure."""
        own = [k for k, (item, _) in enumerate(self.lines) if item.section == section]
        cells = ",".join(self.points_of(key, *run) for run in runs(own))
        return f'IF(COUNT({cells})<{len(own)},"{NONE}",ROUND(SUM({cells}),2))'

    def marks_of(self, key: str) -> tuple[str, str]:
        """The full marks of the lines of the subject with a key, and their sum before any did not count; empty where
        no total asks for them."""
        if self.scores.part.shrunk != CONVERTED or not self.varies:
            return "", ""
        size = len(self.lines)
        return self.points_of(key, 2 * size + 3, 3 * size + 2), self.points_of(key, 3 * size + 3)

    def edited(self, now: str, graded: str) -> str:
        """How many of a row's points are not as graded."""
        return f"SUMPRODUCT({differs(now, graded)}*1)"

    @property
    def moved_at(self) -> int:
        """Hidden in the sheet of points, where figures are compared: how many points another figure there moved."""
        size = len(self.lines)
        return self.end + 3 + size + (size + 1 if self.varies else 0)

    def by_hand(self, key: str, now: str, graded: str, total: str) -> str:
        """What a person changed in the row with a key, in words; empty where nothing is changed."""
        count, lack = self.edited(now, graded), f'IF(ISNUMBER({total}),"","，缺数")'
        if self.comparison is None:
            return f'IF({count}>0,"手工改动"&{count}&"格"&{lack},"")'
        moved = self.points_of(key, self.moved_at - self.first)
        typed = f"{count}-{moved}+{self.comparison.of_key((EDITED, ''), key)}"
        return f'IF({typed}>0,"手工改动"&({typed})&"格"&{lack},IF({moved}>0,"比较后变"&{moved}&"格"&{lack},""))'

    def summed(self, line: Line, now: str, graded: str, marks: str = "", whole: str = "") -> str:
        """The total of a row's points: a number only while each of them is one; of an open subject only as a trial.
        ``marks`` and ``whole``: the full marks of its lines, a text for a bonus, and their sum before any did not
        count, where points are brought to it (折算)."""
        total, whole = f"ROUND(ROUND({self._sum(now, marks, whole)},9),2)", f"COUNT({now})={len(self.lines)}"
        if self.ranked(line) or self.apart(line):
            return f'IF({whole},{total},"{HELD}")'
        return f'IF(AND({whole},{self.edited(now, graded)}>0),{total},"{line.state}")'

    def _sum(self, now: str, marks: str, whole: str) -> str:
        if not marks:
            return f"SUM({now})"
        own = f"SUMPRODUCT({now}*ISNUMBER({marks}))"
        return f"IF(SUM({marks})=0,0,ROUND(ROUND({own}*{whole}/SUM({marks}),9),2))+SUM({now})-{own}"

    def at_place(self, name: str, place: int) -> str:
        """What the totals say of the subject at a place, ties told apart; nothing where a trial leaves nobody there."""
        found = f"INDEX({self.total_column(name)},MATCH({place},{self.total_column('次序')},0))"
        return f'IFERROR({unless_empty(found)},"")'

    def write_who(self, sheet: Sheet, at: int, col: int, row: int) -> None:
        subject = self.scores.subjects[row]
        names = [subject.unit, subject.person or "", subject.person_id or ""][: len(self.who)]
        sheet.row(at, names, "cell_strong_wrap", start=col)

    def who_texts(self, sheet: Sheet, col: int, row: int) -> list[tuple[str, float]]:
        """Who a row is, each text with the width that it has from ``col`` on, for the height of the row."""
        subject = self.scores.subjects[row]
        names = (subject.unit, subject.person or "", subject.person_id or "")
        return list(zip(names, sheet.columns[col : col + len(self.who)], strict=False))

    def who_widths(self) -> list[float]:
        subjects = self.scores.subjects
        columns = [[each.unit for each in subjects], [each.person or "" for each in subjects],
                   [each.person_id or "" for each in subjects]]  # fmt: skip
        least = (max(16, width(f"满分{self.full_words}") + 2), 10, 9)
        return [min(34, max([low, *(width(name) + 2 for name in names)]))
                for low, names in zip(least, columns[: len(self.who)], strict=False)]  # fmt: skip

    def beside(self, sheet: Sheet, end: int, pages: int) -> tuple[int, int]:
        """Prints a table up to a column on so many pages side by side at most, who it is on each of them; its widths
        are set before. Returns the columns within which a title or a note stands whole on the first page."""
        sheet.print_setup(landscape=True, repeat=(FIRST - 2, FIRST - 1))
        # the title stands above the first page only; heads and names are repeated on each
        sheet.raw.set_header(f"&L&9{self.facts.title.replace('&', '&&')[:90]}　{sheet.name}")
        last = side_by_side(sheet, self.first, end, pages)
        return self.first if last < end else 0, last

    def head(self, sheet: Sheet, heads: Sequence[str], note: str, first: int = 0, last: int | None = None) -> None:
        """Title, status and heads of a table; its widths are set before."""
        sheet.heading(f"{self.facts.title}　{sheet.name}", self.facts.subtitle, note, first=first, last=last)
        sheet.row(FIRST - 2, heads, "head")
        sheet.raw.set_row(FIRST - 2, 22)


def _award_word(award: Award) -> str:
    count = f"×{award.count}" if award.count is not None else ""
    return titled(award.outcome.id) + count + ("（待确认）" if award.confirm else "")


def state_word(state: State, pending: bool) -> str:
    return f"{state}（阶段）" if pending else str(state)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as stretches without a gap: 1 2 3 7 → (1, 3), (7, 7)."""
    found: list[tuple[int, int]] = []
    for each in numbers:
        if found and found[-1][1] == each - 1:
            found[-1] = (found[-1][0], each)
        else:
            found.append((each, each))
    return found


def _span(first: int, last: int, row: int) -> str:
    return f"{cell(FIRST, first, fixed=True)}:{cell(row, last, fixed=True)}"
