"""复查.xlsx: the workbook of a review team, a row an answer: what was reported, what is verified, what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from ..answers import Note
from ..formula import excel, formula, refs
from ..formula.tree import Node
from ..model import Check, Input, InputKind
from ..results import Figure
from ..review import (
    AGAIN,
    BASIS,
    BY,
    DATE,
    ITEM,
    KEEP,
    KIND,
    LABEL,
    LOST,
    MARK,
    OWN,
    POINTS,
    REASON,
    SEE,
    SUMMARY,
    THEN_OWN,
    THEN_POINTS,
    THEN_VALUE,
    VALUE,
    WHOSE,
    Entry,
    as_text,
    label_of,
    whose,
)
from ..rules import Rule, vocabulary
from ..template.formulas import broken, cell_points
from ..template.prompts import validation
from ..template.values import Live, live_values
from ..workbook.anchors import PERIOD, SCHEME, TYPE, YEAR
from ..workbook.book import Sheet, cell
from ..workbook.style import FAINT
from ..workbook.style import POINTS as POINTS_FORMAT
from . import tasks as t
from .facts import Facts
from .links import MOST, Links
from .tasks import Task, Tasks

FILE = "复查.xlsx"
STATUS, NOW = "状态", "按核定"
DONE, CHANGED, UNSEEN, FREE = "已核定", "已改动", "未核", "可不填"
_LATER = "汇总时算"
_WAITING = "待核"
HEAD = 4
MOST_ROWS, MOST_BREAKS = 4_500, 1_000
"""On a sheet: what our reader takes, less some; Excel takes 1 023 page breaks."""
_WIDTHS = {
    MARK: 4, "单位": 13, "姓名": 9, "工号": 8, STATUS: 8, ITEM: 19, LABEL: 17, OWN: 8, "台账值": 7, WHOSE: 4,
    VALUE: 8, REASON: 20, BASIS: 13, BY: 7, DATE: 10, AGAIN: 6, "满分": 6, POINTS: 7, NOW: 7, "提示": 24,
    "_计入": 4, "_矛盾": 4, "_先看": 4, THEN_OWN: 4, THEN_POINTS: 4, THEN_VALUE: 4,
}  # fmt: skip
_HIDDEN = ("_计入", "_矛盾", "_先看", THEN_OWN, THEN_POINTS, THEN_VALUE)
_PERSONAL = ("姓名", "工号")
_WORDS = {t.AGAIN: "alarm", t.CLASH: "alarm", t.OPEN: "alarm", t.JUDGED: "warn", t.LEDGER: "warn", t.DOUBT: "warn",
          t.ABSENT: "open", CHANGED: "tier2", DONE: "good"}  # fmt: skip
_HOW = (
    "只填浅黄色格子：核定值填核实后的数（与自评一致的也照填），改了数的写理由和依据；“按核定”随填随算",
    "先看“状态”是需复核、矛盾、待核、待评、不符的；可按单位或状态筛选，每个单位另起一页；汇总时用 --review 写上它",
)
_STALE = (
    "“需复核”是核定以后自评数或系统计算变了，或核定值没有被采用：改核定值，或在“复核”一格选“维持”，"
    "下次更新复查表时就不再标"
)


def review_book(facts: Facts, made: Sequence[Tasks]) -> bytes:
    """The workbook. The same arguments give the same bytes."""
    book, links = facts.book(KIND), Links(facts)
    summary = book.sheet(SUMMARY)
    pages = [_Page(book.sheet(f"{each.plain.part.name}{KIND}{k or ''}"), facts, each, links, rows, live)
             for each in made for live in [_live_of(each)] for k, rows in _paged(each)]  # fmt: skip
    for page in pages:
        page.write()
    _summary(summary, facts, pages)
    if any(each.lost for each in made):
        _lost(book.sheet(LOST), [entry for each in made for entry in each.lost])
    book.stamp({TYPE: KIND, SCHEME: facts.scheme.id, YEAR: facts.year, PERIOD: facts.period})
    return book.finish()


class Judged(NamedTuple):
    """The k-th consistency check of a part, and its condition."""

    k: int
    check: Check
    node: Node


def _live_of(made: Tasks) -> Live:
    """What the live points are now."""
    scores = made.plain

    def moves(rule: Rule) -> bool:
        """Whether the points of an item follow from the figures of the row's subject alone."""
        read = [scores.part.input(name.partition("[")[0]) for name in rule.shows]
        return not rule.across and not any(each.optional or each.scores for each in read)

    return live_values(scores.scheme, scores.part, scores.period, made.verified.rules, made.answers, moves)


def _paged(made: Tasks) -> Iterator[tuple[int, list[Task]]]:
    """The rows sheet by sheet, numbered from the second on: those of a unit stay together, and each sheet is read
    whole again."""
    units = [list(own) for _, own in groupby(made.rows, lambda each: made.plain.subjects[each.row].unit)]
    page, number = list[Task](), 0
    for own in units:
        if page and len(page) + len(own) > MOST_ROWS:
            yield number, page
            page, number = [], 2 if not number else number + 1
        page += own
    yield number, page


@dataclass
class _Page:
    """The rows of one part, or as many of them as one sheet takes."""

    sheet: Sheet
    facts: Facts
    tasks: Tasks
    links: Links
    rows: list[Task]
    live: Live
    columns: list[str] = field(init=False)
    at: dict[tuple[int, str], int] = field(default_factory=dict)
    firsts: dict[int, int] = field(default_factory=dict)
    entries: dict[tuple[int, str], Entry | None] = field(default_factory=dict)
    linked: int = 0

    def __post_init__(self) -> None:
        scores = self.tasks.plain
        self.columns = [name for name in _WIDTHS if scores.part.many or name not in _PERSONAL]
        for k, each in enumerate(self.rows, HEAD + 1):
            self.firsts.setdefault(each.row, k)
            if each.cell:
                self.at[each.row, each.cell] = k
                self.entries[each.row, each.cell] = each.entry

    @property
    def last(self) -> int:
        return HEAD + max(1, len(self.rows))

    def col(self, name: str) -> int:
        return self.columns.index(name)

    def area(self, name: str) -> str:
        first, last = (cell(row, self.col(name), fixed=True) for row in (HEAD + 1, self.last))
        return f"'{self.sheet.name}'!{first}:{last}"

    def write(self) -> None:
        sheet, tasks = self.sheet, self.tasks
        sheet.widths(*(_WIDTHS[name] for name in self.columns))
        shown = len(self.columns) - len(_HIDDEN) - 1
        who = "个人" if tasks.plain.part.many else "单位"
        sheet.heading(f"{self.facts.title}　{who}复查表", *_HOW, _STALE, first=1, last=shown)
        sheet.row(HEAD, self.columns, "head")
        sheet.raw.set_row(HEAD, 30)
        for k, each in enumerate(self.rows, HEAD + 1):
            self._row(k, each)
        self._finish(shown)

    def _row(self, at: int, task: Task) -> None:
        sheet, scores = self.sheet, self.tasks.plain
        subject = scores.subjects[task.row]
        item = f"{task.item.id} {task.item.title}" if task.item else "结果运用"
        label = label_of(task.input, task.cell) if task.input else "（数见别项）"
        texts = {MARK: task.cell, "单位": subject.unit, "姓名": subject.person or "", "工号": subject.person_id or "",
                 ITEM: item, LABEL: label}  # fmt: skip
        for name, text in texts.items():
            if name in self.columns:
                sheet.text(at, self.col(name), text, "cell_wrap")
        if task.cell:
            sheet.text(at, self.col(WHOSE), whose(texts["单位"], texts["姓名"], texts["工号"], task.cell))
        self._figures(at, task)
        if task.input is not None:
            self._inputs(at, task, task.input)
        else:
            for name in (STATUS, VALUE, REASON, BASIS, BY, DATE, AGAIN):
                sheet.text(at, self.col(name), "", "cell")
        self._points(at, task)
        said = self._notes(at, task)
        entry = task.entry
        rooms = [(item, 19), (label, 17), (said, 24), (subject.unit, 13)]
        rooms += [(entry.note.reason, 20), (entry.note.basis, 13)] if entry else []
        sheet.height(at, [(text, float(room)) for text, room in rooms])

    def _figures(self, at: int, task: Task) -> None:
        """What was reported, with a link to where it stands, and what was counted."""
        sheet, col = self.sheet, self.col(OWN)
        target = self.links.target(task.place) if task.place.cell and task.input and task.input.asked else ""
        if target and task.own is not None and self.linked < MOST:
            self.linked += 1
            sheet.over(at, col, target, task.own, "cell_link", align="center", num_format=POINTS_FORMAT)
        else:
            sheet.put(at, col, "" if task.own is None else task.own, "cell_centre", num_format=POINTS_FORMAT)
        if target and task.own is None and task.unread and self.linked < MOST:
            self.linked += 1
            sheet.link(at, col, target, SEE, "cell_link", align="center")
        sheet.put(at, self.col("台账值"), "" if task.ledger is None else task.ledger, "cell_centre")

    def _inputs(self, at: int, task: Task, each: Input) -> None:
        """What the reviewer writes, and what he has written."""
        sheet, value, note = self.sheet, _value(task.entry), task.entry.note if task.entry else Note()
        form = task.entry.format if task.entry else ""
        sheet.put(at, self.col(VALUE), "" if value is None else value, "input", num_format=form or POINTS_FORMAT)
        clause = f"依据：{task.item.clause}" if task.item else ""
        options = {"validate": "list", "source": list(each.options)} if each.options else validation(each, clause)
        sheet.validate(at, self.col(VALUE), self.col(VALUE), options)
        for name, text in zip((REASON, BASIS, BY, DATE), note, strict=False):
            sheet.text(at, self.col(name), text or "", "input_text")
        again = task.word == t.AGAIN
        sheet.text(at, self.col(AGAIN), "", "input" if again else "cell")
        if again:
            sheet.validate(at, self.col(AGAIN), self.col(AGAIN), {"validate": "list", "source": [KEEP]})
        for name, text in zip((THEN_OWN, THEN_POINTS, THEN_VALUE), (*task.seen, as_text(value)), strict=True):
            sheet.text(at, self.col(name), text if task.verified else "")
        own, given = cell(at, self.col(OWN)), cell(at, self.col(VALUE))
        reported = "" if task.own is None else task.own
        taken = (
            f'IF({given}="",IF({own}="","",{own}),{given})' if task.own is not None else f'IF({given}="","",{given})'
        )
        sheet.formula(at, self.col("_计入"), taken, reported if value is None else value)
        self._status(at, task)

    def _status(self, at: int, task: Task) -> None:
        given, own, again, clash = (cell(at, self.col(name)) for name in (VALUE, OWN, AGAIN, "_矛盾"))
        same = f"{given}={own}" if task.own is not None else "1=0" if task.input and task.input.asked else "1=1"
        text = f'IF({given}="",{self._unseen_text(task)},IF({same},"{DONE}","{CHANGED}"))'
        if task.cell and self._checks(task.cell, closed=True):
            text = f'IF({clash}<>"","{t.CLASH}",{text})'
        if task.word == t.AGAIN:
            text = f'IF(AND({given}<>"",{again}=""),"{t.AGAIN}",{text})'
        self.sheet.formula(at, self.col(STATUS), text, self.status(task), "cell_centre")
        self.sheet.text(at, self.col("_先看"), task.word)

    def _unseen_text(self, task: Task) -> str:
        """The status of a row without a value, as a formula."""
        each = task.input
        if each is None or each.kind is not InputKind.RATERS or task.cell != each.cells[0]:
            return excel.quoted(self._unseen(task))
        others = [self.at[task.row, name] for name in each.cells[1:] if (task.row, name) in self.at]
        blank = ",".join(f'{cell(at, self.col(VALUE))}=""' for at in others) or "1=1"
        return f'IF(AND({blank}),{excel.quoted(t.JUDGED)},"{FREE}")'

    def _unseen(self, task: Task) -> str:
        """What a row without a value is called."""
        each = task.input
        if each is not None and not each.asked:
            if each.kind is InputKind.RATERS:
                # any one of them suffices
                told = any(_value(self.entries.get((task.row, name))) is not None for name in each.cells)
                return FREE if told or task.cell != each.cells[0] else t.JUDGED
            if each.optional and task.word in ("", t.AGAIN, t.JUDGED):
                return FREE
        if task.word == t.CLASH and self._checks(task.cell, closed=True):
            return UNSEEN
        return UNSEEN if task.word in ("", t.AGAIN) else task.word

    def status(self, task: Task) -> str:
        """The status as the formula gives it."""
        value = _value(task.entry)
        if task.word == t.AGAIN and value is not None:
            return t.AGAIN
        if any(self.live.said(each.k, task.row) for each in self._checks(task.cell, closed=True)):
            return t.CLASH
        if value is None:
            return self._unseen(task)
        if task.own is None:
            return CHANGED if task.input is not None and task.input.asked else DONE
        return DONE if value == task.own else CHANGED

    def _where(self, row: int) -> Callable[[str], str]:
        """Where a formula finds what counts of an answer; what is no row stands in the formula itself."""
        answers, part = self.tasks.answers, self.tasks.plain.part

        def where(name: str) -> str:
            if (row, name) in self.at:
                return cell(self.at[row, name], self.col("_计入"))
            each = part.input(name.partition("[")[0])
            if each.options:
                value = self.tasks.plain.value(row, name)
                return excel.quoted(str(value or ""))
            if each.kind is InputKind.FLAG:
                return '"是"' if answers.value(row, name) else '"否"'
            return excel.literal(Fraction(answers.value(row, name), 10**each.decimals))

        return where

    def _points(self, at: int, task: Task) -> None:
        """Full mark and points on the first row of an item, live where they follow from the rows above."""
        sheet = self.sheet
        first = self._first_of(at, task)
        of = self.tasks.verified.of(task.row, task.item.id) if task.item and first else None
        sheet.put(at, self.col("满分"), "" if of is None else of, "cell_centre", num_format=POINTS_FORMAT)
        # each row keeps what its reviewer saw; said once it is enough
        ink = {} if first else {"font_color": FAINT}
        sheet.put(at, self.col(POINTS), _number(task.points), "cell_centre", num_format=POINTS_FORMAT, **ink)
        if task.item is None or not first:
            sheet.text(at, self.col(NOW), "", "cell_centre")
            return
        rule = self.tasks.verified.rules[task.item.id]
        if any(not self._there(task.row, name) for name in rule.reads):
            sheet.text(at, self.col(NOW), _WAITING, "cell_strong_centre")
            return
        if task.item.id in self.live.points:
            got = self.live.points[task.item.id][task.row]
            text = self._live(rule, task.row)
            sheet.formula(at, self.col(NOW), text, _WAITING if got is None else got, "cell_strong_centre",
                          num_format=POINTS_FORMAT)  # fmt: skip
            return
        sheet.text(at, self.col(NOW), _LATER, "cell_centre")

    def _there(self, row: int, name: str) -> bool:
        """Whether an answer has a row here, or is known without."""
        return (row, name) in self.at or bool(self.tasks.answers.known(name)[row])

    def _first_of(self, at: int, task: Task) -> bool:
        before = self.rows[at - HEAD - 2] if at > HEAD + 1 else None
        return before is None or before.row != task.row or before.item is not task.item

    def _live(self, rule: Rule, row: int) -> str:
        part = self.tasks.plain.part
        clashes = {name: [cell(self.at[row, name], self.col("_矛盾"))] for name in rule.reads
                   if (row, name) in self.at and self._checks(name, closed=True)}  # fmt: skip
        text = cell_points(rule, part.input, self._where(row), clashes, _WAITING)
        if rule.asked is None:
            return text
        return f"IF({excel.write(rule.asked, self._where(row))},{text},0)"

    def _checks(self, name: str, closed: bool) -> list[Judged]:
        """Those that take an answer in."""
        return self._judged.get((name, closed), [])

    @cached_property
    def _judged(self) -> dict[tuple[str, bool], list[Judged]]:
        scores, found = self.tasks.plain, dict[tuple[str, bool], list[Judged]]()
        names = vocabulary(scores.scheme, scores.part, scores.period)
        for k, check in enumerate(scores.part.checks):
            node = formula(check.condition, names, "是否")
            for name in refs(node):
                found.setdefault((name, check.closed), []).append(Judged(k, check, node))
        return found

    def _notes(self, at: int, task: Task) -> str:
        """What is wrong in a row: what was found, and what does not go together as it is verified; returns it."""
        sheet, part = self.sheet, self.tasks.plain.part
        closed, mild = (self._checks(task.cell, each) if task.cell else [] for each in (True, False))
        where = self._where(task.row)

        def texts(checks: Sequence[Judged]) -> str:
            return "&".join(broken(each.check, each.node, part.input, where) for each in checks)

        def said(checks: Sequence[Judged]) -> str:
            return "".join(self.live.said(each.k, task.row) for each in checks)

        if closed:
            sheet.formula(at, self.col("_矛盾"), texts(closed), said(closed))
        col, now = self.col("提示"), "；".join(text for text in (said(closed) + said(mild), task.note) if text)
        if not closed and not mild:
            sheet.text(at, col, task.note, "cell_wrap")
            return task.note
        found = cell(at, self.col("_矛盾")) if closed else ""
        parts = [found, texts(mild)] if found and mild else [found or texts(mild)]
        joined = "&".join(parts)
        # what the engine found is told by the live text too, as long as it holds
        note = f"{task.note[:200]}　" if task.note and task.word != t.CLASH else ""
        text = f"{excel.quoted(note)}&{joined}" if note else joined
        shown = note + said(closed) + said(mild)
        sheet.formula(at, col, text, shown, "cell_wrap")
        return now

    def _finish(self, shown: int) -> None:
        sheet, last = self.sheet, self.last
        sheet.hide(0, 0)
        sheet.hide(self.col(WHOSE), self.col(WHOSE))
        sheet.hide(shown + 1, len(self.columns) - 1)
        sheet.colour_words((HEAD + 1, self.col(STATUS)), (last, self.col(STATUS)), _WORDS)
        differs = f"=AND(ISNUMBER({cell(HEAD + 1, self.col(NOW))}),ISNUMBER({cell(HEAD + 1, self.col(POINTS))}),"
        differs += f"{cell(HEAD + 1, self.col(NOW))}<>{cell(HEAD + 1, self.col(POINTS))})"
        test = {"type": "formula", "criteria": differs}
        sheet.colour((HEAD + 1, self.col(NOW)), (last, self.col(NOW)), test, fill="warn", bold=True)
        sheet.raw.autofilter(HEAD, 0, last, shown)
        sheet.raw.freeze_panes(HEAD + 1, self.col(LABEL) + 1)
        sheet.print_setup(landscape=True, repeat=(HEAD, HEAD))
        units = [self.tasks.plain.subjects[each.row].unit for each in self.rows]
        starts = [k for k, unit in enumerate(units) if k and unit != units[k - 1]]
        sheet.raw.set_h_pagebreaks([HEAD + 1 + k for k in starts][:MOST_BREAKS])
        empty = [] if self.tasks.plain.rules else [ITEM, "满分", POINTS, NOW]
        # a page has more room without it
        empty += [] if any(each.ledger is not None for each in self.tasks.rows) else ["台账值"]
        for name in empty:
            sheet.hide(self.col(name), self.col(name))
        sheet.raw.print_area(0, 1, last, shown)
        # only what is not locked can be sorted there, without the rows that it belongs to
        sheet.protect(sort=False)


def _value(entry: Entry | None) -> Figure:
    """A verified value as it is written again: what said nothing says nothing still, and why."""
    value = entry.value if entry is not None else None
    if entry is not None and entry.fault:
        return f"{as_text(value)}（{entry.fault.partition('，')[0]}）"
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, int | float | str) else as_text(value) or None


def _number(text: str) -> str | Fraction:
    return Fraction(text) if text and text != _WAITING else text


_COUNTED = (
    (DONE, (DONE,)), (CHANGED, (CHANGED,)), (t.AGAIN, (t.AGAIN,)), ("矛盾或待核", (t.CLASH, t.OPEN)),
    (t.JUDGED, (t.JUDGED,)), ("不符或疑问", (t.LEDGER, t.DOUBT)),
)  # fmt: skip
"""The columns of the summary that count rows, and the statuses that each counts."""


def _summary(sheet: Sheet, facts: Facts, pages: Sequence[_Page]) -> None:
    """How far each unit is: live counts, with a link to its rows."""
    heads = ["单位", "交表情况", "应核（项）", *(head for head, _ in _COUNTED), "进度", "到复查表"]
    sheet.widths(18, 10, 10, 9, 9, 9, 11, 9, 11, 10, 12)
    sheet.heading(f"{facts.title}　复查概况", facts.subtitle, _HOW[0], _HOW[1], last=len(heads) - 1)
    top, scores = HEAD + 1, pages[0].tasks.plain
    sheet.row(top, heads, "head")
    sheet.raw.set_row(top, 30)
    told = dict[str, list[str]]()
    for page in pages:
        for each in (each for each in page.rows if each.cell):
            told.setdefault(page.tasks.plain.subjects[each.row].unit, []).append(page.status(each))
    for row, subject in enumerate(scores.subjects):
        at = top + 1 + row
        sheet.text(at, 0, subject.unit, "cell_wrap")
        sheet.text(at, 1, str(scores.states[row]), "cell_centre")
        _counts(sheet, at, told.get(subject.unit, []), pages)
        home = next((page for page in pages if page.tasks is pages[0].tasks and row in page.firsts), None)
        if home is None:
            sheet.text(at, 10, "—", "cell_centre")
        else:
            sheet.link(at, 10, f"internal:'{home.sheet.name}'!{cell(home.firsts[row], 1)}", "打开 →")
        sheet.height(at, [(subject.unit, 18)])
    last = top + len(scores.subjects)
    sheet.colour_words((top + 1, 9), (last, 9), {_LOOK: "alarm", _BEGUN: "warn", _WHOLE: "good"})
    sheet.raw.freeze_panes(top + 1, 1)
    sheet.print_setup(landscape=True, repeat=(top, top))
    sheet.protect()


def _counts(sheet: Sheet, at: int, statuses: Sequence[str], pages: Sequence[_Page]) -> None:
    """How many rows of a unit there are, of each status how many, and how far it is."""
    free = "+".join(f'COUNTIFS({page.area("单位")},{cell(at, 0)},{page.area(STATUS)},"{FREE}")' for page in pages)
    sheet.formula(at, 2, f"{len(statuses)}-({free})", sum(each != FREE for each in statuses), "cell_centre")
    for col, (_, words) in enumerate(_COUNTED, 3):
        text = "+".join(f'COUNTIFS({page.area("单位")},{cell(at, 0)},{page.area(STATUS)},"{word}")'
                        for page in pages for word in words)  # fmt: skip
        sheet.formula(at, col, text, sum(each in words for each in statuses), "cell_centre")
    sheet.formula(at, 9, _progress_text(at), _progress(statuses), "cell_centre")


_LOOK, _WHOLE, _NONE, _BEGUN = "有要先看的", "已核完", "未开始", "进行中"


def _progress(words: Sequence[str]) -> str:
    """How far a unit is, by the status of its rows."""
    if any(word in (t.AGAIN, t.CLASH, t.OPEN) for word in words):
        return _LOOK
    done = sum(word in (DONE, CHANGED) for word in words)
    return _WHOLE if done == sum(word != FREE for word in words) else _BEGUN if done else _NONE


def _progress_text(at: int) -> str:
    """The same as a formula over the counts of a row."""
    of, done, changed, again, open_ = (cell(at, col) for col in (2, 3, 4, 5, 6))
    verified = f'IF({done}+{changed}={of},"{_WHOLE}",IF({done}+{changed}=0,"{_NONE}","{_BEGUN}"))'
    return f'IF({again}+{open_}>0,"{_LOOK}",{verified})'


def _lost(sheet: Sheet, entries: Sequence[Entry]) -> None:
    """What was verified and has no row of its own: nothing that a person wrote is dropped."""
    heads = [MARK, "单位", "姓名", "工号", VALUE, REASON, BASIS, BY, DATE, AGAIN, LABEL]
    sheet.widths(22, 16, 10, 10, 10, 30, 20, 9, 11, 7, 18)
    why = "名册、名单或方案变了，行首的标记没有了，或同一行写了两次；保留在这里，用不着的可以删去"
    sheet.heading("没有对应行的核定", why, last=len(heads) - 1)
    sheet.row(3, heads, "head")
    for at, each in enumerate(entries, 4):
        sheet.row(at, [each.cell, each.unit, each.person, each.number], "cell_wrap")
        sheet.put(at, 4, _value(each), "input", num_format=each.format or POINTS_FORMAT)
        sheet.row(at, [*each.note[:4], each.again], "input_text", start=5)
        sheet.text(at, 10, each.label, "cell_wrap")
        sheet.height(at, [(each.note.reason, 30), (each.note.basis, 20), (each.cell, 22), (each.label, 18)])
    sheet.raw.freeze_panes(4, 0)
    sheet.print_setup(landscape=True, repeat=(3, 3))
    sheet.protect()
