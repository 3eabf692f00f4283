"""The stages in order; read this first.

scheme → template → (mail, a township fills it in) → intake → review → score → outcomes → report
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from .answers import Answers, Directory, answers_of_tables, persons_in, read_roster, read_tables, shown
from .answers.given import as_issued
from .assess import Case, Layers, assess, closed_rows, impacts
from .carry import last_year, read_results, scores_from
from .console import meant, near, nearest
from .decisions import FILE as DECISIONS
from .decisions import Decisions, Question, decisions_bytes, read_decisions, waive
from .findings import Finding, Level, finding
from .intake import SECONDS, Arrived, Reading, arrive, begin
from .kept import (
    HOLD,
    STAGE,
    UNDONE,
    BusyError,
    LastRun,
    Made,
    check,
    drop_stage,
    hold,
    keep_changed,
    keep_lost,
    last_run,
    new_stage,
    open_elsewhere,
    put_in_place,
)
from .mended import unasked
from .model import UNITS, YEAR, Cell, Fate, Origin, Roster, Scheme, Source, State, Subject
from .receive import Expected, Inbox, compared, likely, receive, reprinted, settled
from .remarks import about_reading, by_captions, confirmed, over_reviewed, questions, remarks
from .report.facts import FEEDBACK, MONEY, PROBLEMS, RANKING, RECORD, SLIPS, Facts
from .report.feedback import write_feedback
from .report.mending import Mending, mendings, write_list, write_slip
from .report.money import write_money
from .report.names import captioned
from .report.notices import feedback_files, notices
from .report.problems import write_problems
from .report.ranking import write_ranking
from .report.reviewing import review_book
from .report.tasks import Task, Tasks, tasks
from .results import Impact, PartResult
from .review import (
    Entry,
    a_row_a_subject,
    by_row,
    changed_since,
    matched,
    nothing_verified,
    of_another,
    private_notes,
    read_entries,
    read_reviews,
    relabelled,
    unreported_persons,
    verify,
    with_raters,
    without_value,
    written_beside,
)
from .scheme import SchemeError, in_force, load, read_text, within
from .tamper import alike, tampered
from .template import FILE as ISSUED
from .template import GIVEN, Issue, IssueError, Terms, printed, read_issue
from .text import os_reason, some
from .workbook.book import set_aside, write_whole
from .workbook.style import PLAIN, Theme
from .workers import Workers

Tick = Callable[[str, int, int], None]
FEW, BATCH = 24, 24
"""Fewer feedback workbooks than this are written sooner than a process is started; how many are begun at a time."""


class StartError(Exception):
    """Grading could not start: what is missing and what to do."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)


@dataclass(slots=True)
class Job:
    """What a person asked for: paths and settings, nothing read yet; ``raters``: the least for whom there is room."""

    folders: list[Path]
    out: Path
    issued: Path | None = None
    scheme: str = ""
    roster: Path | None = None
    reviews: list[Path] = field(default_factory=list)
    decisions: Path | None = None
    previous: Path | None = None
    scores_from: Path | None = None
    settings: dict[str, str] = field(default_factory=dict)
    jobs: int = 1
    raters: int = 0


@dataclass(slots=True)
class Graded:
    """Everything a report may say."""

    scheme: Scheme
    roster: Roster
    terms: Terms
    inbox: Inbox
    parts: list[PartResult]
    findings: list[Finding]
    questions: list[Question]
    decisions: Decisions
    case: Case
    impacts: list[Impact] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)

    @property
    def stage(self) -> bool:
        """Whether any subject is still open, so that cross-unit results may change."""
        return any(bool(part.scores.open.any()) for part in self.parts)

    @property
    def needs_person(self) -> bool:
        """Exit status 1: something is open, a warning or an error."""
        states = {state for part in self.parts for state in part.scores.states}
        return states != {State.ASSESSED} or any(each.level is not Level.NOTE for each in self.findings)

    def files(self) -> dict[str, int]:
        counts = {str(fate): sum(each.fate is fate for each in self.inbox.arrived) for fate in Fate}
        return counts | {"合计": len(self.inbox.arrived)}

    def units(self) -> dict[str, int]:
        states = self.parts[0].scores.states
        counts = {str(state): sum(each is state for each in states) for state in State}
        return counts | {"合计": len(self.roster)}

    def closes(self) -> bool:
        """Every file has one fate and every unit one state."""
        return all(sum(counts.values()) == 2 * counts["合计"] for counts in (self.files(), self.units()))


def grade(
    job: Job, tick: Tick = lambda *_: None, workers: Workers | None = None, reading: Reading | None = None
) -> Graded:
    """A folder of returns → scores and outcomes. Writes nothing. ``workers``: those to read with, else its own;
    ``reading``: what they have begun.

    Raises StartError, SchemeError, RosterError or TableError where it cannot start.
    """
    if workers is None:
        with Workers(job.jobs) as own_workers:
            return grade(job, tick, own_workers)
    reading = reading or begin(job.folders, workers)
    decisions, findings = _decisions(job)
    issue = find_issue(job)
    if issue is not None:
        findings.append(
            finding(
                "issue-used",
                Source(issue.roster.source.file),
                path=f"{issue.path.resolve().parent.name}/{issue.path.name}",
            )
        )
    own = [path for path in (job.roster, job.issued, job.decisions, *job.reviews) if path]
    own += [Path(job.scheme)] if job.scheme and Path(job.scheme).is_file() else []
    known = _known(job, issue)
    arrived, said = arrive(reading, own, lambda k, n: tick("读取填报表", k, n))
    findings += said + _own_slips(arrived, job.out)
    workers.load("xfkh.report.feedback")
    tick("计分", 0, 1)
    scheme, expected = _scheme(known, issue, arrived, job.folders)
    scheme = pure = within(scheme, expected.period)
    roster, said = _roster(job, issue)
    findings += said + in_force(scheme, expected.year)
    reviews = read_reviews(job.reviews)
    if other := of_another(reviews, scheme.id, expected.year, expected.period):
        this = f"{scheme.id} {expected.year}年{expected.period}"
        raise StartError(f"{other}，这次考核的是 {this}，没有用它；请换成这次的复查表")
    tables = a_row_a_subject(reviews, scheme.parts)
    parts = with_raters(scheme.parts, tables, job.raters)
    issued, scheme = replace(scheme, parts=parts), _with_settings(replace(scheme, parts=parts), job.settings)
    terms = issue.terms if issue else Terms(expected.year, expected.period)
    inbox, said = receive(
        arrived, parts, roster, expected, decisions.files("是"), decisions.files("否"), decisions.seen(),
        lambda returns: compared(returns, lambda: printed(pure, terms, issue), workers),
    )  # fmt: skip
    findings += as_issued(inbox.answers, expected.period, issue.given if issue else {})
    findings = settled(findings + said + _none_returned(job.folders, arrived), inbox)
    silent = {each.unit for each, state in zip(inbox.answers.subjects, inbox.states, strict=True)
              if state in (State.MISSING, State.REFUSED)}  # fmt: skip
    inbox.add_persons(unreported_persons(tables, inbox.answers.subjects, silent))
    reported = [each for each in (inbox.answers, inbox.persons) if each is not None]
    verified, said = verify(tables, parts, [each.subjects for each in reported])
    findings += said + private_notes(reviews) + without_value(reviews)
    findings += [each for pair in zip(reported, verified, strict=True) for each in changed_since(*pair)]
    carried, said = _carried(job, scheme, expected, reported, verified, inbox)
    findings += said
    layers = [Layers(*each) for each in zip(reported, carried, verified, strict=True)]
    case = Case(issued, expected.period, inbox, layers, closed_rows(inbox, decisions), roster)
    results, said = assess(scheme, case)
    findings += tampered(results[0].scores, inbox) + alike(results[0].scores, inbox)
    findings += unasked(scheme, inbox, expected.period)
    findings += reprinted(inbox, findings)
    results = [confirmed(each, decisions) for each in results]
    findings = over_reviewed(findings, case) + said + remarks(results, case, decisions)
    findings, waivers = waive([by_captions(each, parts) for each in findings], _marks(arrived), decisions)
    for file in arrived:
        file.why = captioned(file.why, parts)
    changed = impacts(scheme, results, case)
    findings += [about_reading(each) for each in changed]
    asked = questions(results, inbox, decisions) + waivers
    tick("计分", 1, 1)
    return Graded(scheme, roster, terms, inbox, results, findings, asked, decisions, case, changed)


@dataclass(slots=True)
class Checklist:
    """What a review team is given: how the run stands with what is verified so far, and the rows to verify."""

    graded: Graded
    tasks: list[Tasks]

    @property
    def lost(self) -> list[Entry]:
        """What reviewers wrote that has no row any more."""
        return [each for made in self.tasks for each in made.lost]

    @property
    def waiting(self) -> list[Task]:
        """The rows that need somebody: nothing is verified there, or what was has changed."""
        return [each for made in self.tasks for each in made.rows if each.waits]


def review(job: Job, out: Path, prefill: Path | None = None, tick: Tick = lambda *_: None) -> Checklist:
    """A folder of returns → what there is to verify, with all that stands in the review workbook ``out`` already.
    Writes nothing.

    Raises what ``grade`` raises, and TableError where ``out`` or ``prefill`` cannot be read.
    """
    written = read_entries(out) if out.is_file() else []
    job.reviews = [out] if written else []
    graded = grade(job, tick)
    case, scheme = graded.case, graded.scheme
    entries, rest = by_row(relabelled(written, scheme.parts))
    entries = matched(entries, [each for layers in case.layers for each in layers.reported.subjects])
    verified = [each.verified for each in case.layers]
    bare = [replace(each, verified=blank) for each, blank in zip(case.layers, nothing_verified(verified), strict=True)]
    plain, _ = assess(scheme, replace(case, layers=bare))
    ledger, said = read_prefill(prefill, scheme, graded.roster)
    graded.findings += said
    made = []
    for k, (layers, before, result) in enumerate(zip(case.layers, plain, graded.parts, strict=True)):
        answers = layers.reported.over(layers.carried).over(layers.verified)
        counted = ledger[k] if ledger else None
        made.append(tasks(before.scores, result.scores, answers, graded.findings, entries, counted))
    made[0].lost += [*entries.values(), *rest]
    return Checklist(graded, made)


def write_review(checklist: Checklist, out: Path, theme: Theme = PLAIN) -> list[Path]:
    """Writes the review workbook, whole or not at all; returns the copies of what would have been lost: words that
    somebody wrote elsewhere in the one that was there. Raises StartError where it is open in another program."""
    if open_elsewhere(out.parent, [out.name]):
        raise StartError(f"{out} 正被别的程序打开或不可写，请先关闭再运行")
    data = review_book(_facts(checklist.graded, out.parent, theme), checklist.tasks)
    try:
        kept = [set_aside(out)] if out.is_file() and written_beside(out.read_bytes()) else []
        write_whole(out, data)
    except OSError as error:
        raise StartError(f"{out} 没有写成（{os_reason(error)}）；原来的没有动") from error
    return kept


def _marks(arrived: Sequence[Arrived]) -> dict[str, str]:
    """The hash of each file by the name that is shown, which two may have."""
    marks = dict[str, str]()
    for each in arrived:
        marks[each.name] = marks.get(each.name, "") + each.sha256
    return marks


def _none_returned(folders: Sequence[Path], arrived: Sequence[Arrived]) -> list[Finding]:
    """Said where no file is a return that somebody filled in, or could be one, or was declined as one by a person."""
    blank = sum(each.code == "form-blank" for each in arrived)
    if any(each.fate is not Fate.IGNORED or each.code == "declined" for each in arrived if each.code != "form-blank"):
        return []
    count = f"{len(arrived)} 个文件，" + (f"{blank} 份填报表是空白的" if blank else "都不是")
    what = count if arrived else "一个文件也没有"
    return [finding("returns-none", folders=_listed(folders), what=what)]


def _listed(folders: Sequence[Path]) -> str:
    return "、".join(map(str, folders))


def _known(job: Job, issue: Issue | None) -> Scheme | None:
    """The scheme as it was issued, or the one asked for."""
    if issue and not job.scheme:
        return read_text(issue.scheme_text, Source(ISSUED))[0]
    return load(job.scheme)[0] if job.scheme else None


def _carried(
    job: Job, scheme: Scheme, expected: Expected, reported: Sequence[Answers], verified: Sequence[Answers], inbox: Inbox
) -> tuple[list[Answers], list[Finding]]:
    """What last year's result and another scheme's say of each part. Raises StartError where that is not asked for."""
    year, period = expected.year, expected.period
    previous = read_results(job.previous) if job.previous else None
    scores = read_results(job.scores_from) if job.scores_from else None
    if scores is not None and not any(each.scores for part in scheme.parts for each in part.inputs):
        raise StartError(f"方案「{scheme.title}」没有取自其他方案的分数，不用 --scores-from")
    carried, findings = [], list[Finding]()
    for own, above, states in zip(reported, verified, (inbox.states, inbox.person_states), strict=False):
        before, said = last_year(previous, scheme.id, year, own.part, own.subjects)
        totals, more = scores_from(scores, year, period, own.part, own.subjects)
        silent = {each.unit for each, state in zip(own.subjects, states, strict=True) if state is not State.ASSESSED}
        told = {above.subjects[row].unit for each in own.part.inputs if each.scores
                for row in np.flatnonzero(above.given(each.name))}  # fmt: skip
        more = [each for each in more if each.unit not in silent | told]
        carried.append(before.over(totals))
        findings += said + more + _previous_told(own, before)
    return carried, findings


def _previous_told(reported: Answers, before: Answers) -> list[Finding]:
    """Where a return says what only last year's result can know."""
    findings = []
    previous = {cell: each for each in reported.part.inputs if each.origin is Origin.PREVIOUS for cell in each.cells}
    for cell, each in previous.items():
        for row in map(int, np.flatnonzero(reported.given(cell))):
            unit, place = reported.subjects[row].unit, reported.source(row, cell)
            said = shown(each, reported.value(row, cell))
            if before.state(row, cell) is Cell.GIVEN:
                if before.value(row, cell) != reported.value(row, cell):
                    known = shown(each, before.value(row, cell))
                    findings.append(finding("previous-differs", place, unit, name=cell, found=said, wanted=known))
            elif place.sheet != GIVEN:
                findings.append(finding("previous-own", place, unit, name=cell))
    return findings


def read_prefill(path: Path | None, scheme: Scheme, roster: Roster) -> tuple[list[Answers] | None, list[Finding]]:
    """The answers of a prefill table for the units of a roster and the persons it names. Raises TableError."""
    if path is None:
        return None, []
    tables = read_tables(path)
    units = tuple(Subject(UNITS, unit.name) for unit in roster.units)
    subjects = [units, tuple(persons_in(tables, Directory(units), units))][: len(scheme.parts)]
    return answers_of_tables(tables, with_raters(scheme.parts, tables), subjects)


def write(
    graded: Graded, out: Path, tick: Tick = lambda *_: None, workers: Workers | None = None, theme: Theme = PLAIN
) -> list[Path]:
    """Writes the result files, each whole or not at all, results.json last; returns what was written.

    A result that a person changed since the last run stays as a dated copy (``graded.kept``); the feedback of a unit
    that has no result any more is removed. Raises StartError before anything is written when a file is open elsewhere,
    another run is writing there, the inventory does not close, or no return at all would replace some; with the old
    results still there when one of the new ones is not as it should be or cannot be written.
    """
    if not graded.closes():
        raise StartError(f"清点不平，没有写排名（程序错误，请反馈）：文件 {graded.files()}，单位 {graded.units()}")
    _refuse_emptier(graded, out)
    if workers is None:
        with Workers() as own:
            return write(graded, out, tick, own, theme)
    facts = _facts(graded, out, theme)
    refuse_locked(out)
    try:
        with hold(out):
            try:
                return _write(graded, facts, last_run(out), tick, workers)
            finally:
                # who still writes would make the stage anew
                workers.cancel()
                drop_stage(out / STAGE)
    except BusyError:
        raise StartError(f"另一次运行正在往 {out} 写结果，这一次没有写。请等它写完，再重新运行") from None
    except OSError as error:
        raise StartError(_unwritten(error, out)) from error


def _refuse_emptier(graded: Graded, out: Path) -> None:
    """Raises StartError where a folder without any return would take the place of a result that was made of some."""
    said = next((each.message for each in graded.findings if each.code == "returns-none"), "")
    if said and _made_of_returns(out):
        raise StartError(
            f"{said}，{out} 里原来的结果没有动。是不是写错了文件夹？"
            f"确实一份也没有的，用 -o 写到另一个文件夹，或先把 {out} 移走"
        )


def _made_of_returns(out: Path) -> bool:
    """Whether a result lies there that does not itself say it was made of none."""
    try:
        found = json.loads((out / RECORD).read_text("utf-8"))["findings"]
        return all(each["code"] != "returns-none" for each in found)
    except (OSError, ValueError, KeyError, TypeError):
        return any((out / name).exists() for name in (RANKING, MONEY, PROBLEMS, RECORD))


def _write(graded: Graded, facts: Facts, before: LastRun, tick: Tick, workers: Workers) -> list[Path]:
    """Makes everything aside, looks at it once more, and puts it in place."""
    out = before.out
    told, slips = [f"{FEEDBACK}/{name}" for name in feedback_files(facts)], list(mendings(facts))
    asked = [DECISIONS] if graded.questions or graded.decisions.taken else []
    names = [*told, *(each.name for each in slips), RANKING, MONEY, PROBLEMS, *asked, RECORD]
    stage, made = new_stage(out), list[Made]()
    writing = chain(_feedback(facts, stage, workers), _slips(slips, stage, workers))
    steps: list[tuple[str, Callable[[Path, Facts], None]]] = [
        (RANKING, write_ranking), (MONEY, write_money), (PROBLEMS, write_problems),
    ]  # fmt: skip
    count = len(steps) + len(told) + len(slips)
    for k, (name, step) in enumerate(steps):
        tick("写结果", k, count)
        step(stage / name, facts)
        # while the processes write the others
        made.append(check(stage, name, linked=name == PROBLEMS))
    record = json.dumps(facts.record, ensure_ascii=False).encode()
    for k, each in enumerate(writing, len(steps) + 1):
        tick("写结果", k, count)
        made.append(each)
    write_whole(stage / RECORD, record)
    if asked:
        write_whole(stage / DECISIONS, decisions_bytes(graded.questions, graded.decisions, facts.book("处理意见")))
    made += [check(stage, name) for name in (*asked, RECORD)]
    if wrong := [fault for each in made for fault in each.wrong]:
        raise StartError(f"写出的文件没有通过检查，原来的结果没有动（程序错误，请反馈）：{some(wrong, '处')}")
    graded.kept = keep_changed(before, _hand_written(before, names))
    if asked and before.changed(DECISIONS):
        graded.kept += keep_lost(out / DECISIONS, (stage / DECISIONS).read_bytes())
    marks = {each.name: each.mark for each in made}
    put_in_place(before, stage, {name: marks[name] for name in names})
    folders = [folder for folder, there in ((FEEDBACK, told), (SLIPS, slips)) if there]
    return [out / name for name in (RANKING, MONEY, PROBLEMS, RECORD, *asked, *folders)]


_ROOM = {errno.ENOSPC: "腾出空间", errno.EDQUOT: "腾出空间", errno.EFBIG: "放宽文件大小的限制，或换一个能写的文件夹"}


def _unwritten(error: OSError, out: Path) -> str:
    """What could not be written, why, and how the old results are."""
    path = Path(error.filename2 or error.filename or out)
    path = Path(*(part for part in path.parts if part not in (STAGE, HOLD)))
    mixed = (out / UNDONE).exists()
    now = "结果文件夹里可能新旧混在一起" if mixed else "原来的结果没有动"
    mend = _ROOM.get(error.errno or 0, "关闭打开它的程序，或换一个能写的文件夹")
    return f"结果没有写完：{path}（{os_reason(error)}）。{now}。请{mend}，再重新运行"


def _hand_written(before: LastRun, names: Sequence[str]) -> list[str]:
    """What a person may have changed of what is written again or removed; the decisions are carried over instead."""
    return [name for name in dict.fromkeys([*before.files, *before.begun, *names]) if name != DECISIONS]


def _own_slips(arrived: Sequence[Arrived], out: Path) -> list[Finding]:
    """Slips as we wrote them that still lie in the results are nobody's return; one that came back is."""
    last, findings, home = last_run(out), list[Finding](), out.resolve()
    written = {mark for each in (last.files, last.begun) for name, mark in each.items() if name.startswith(f"{SLIPS}/")}
    for each in (each for each in arrived if each.fate is None):
        if STAGE in each.path.parts or (each.sha256 in written and home in each.path.resolve().parents):
            own = finding("file-own", Source(each.name), what="本工具写的退回件")
            findings.append(each.end(Fate.IGNORED, own))
            each.form, each.said = None, []
    return findings


def _feedback(facts: Facts, stage: Path, workers: Workers) -> Iterator[Made]:
    """Every unit's feedback; the processes write the first ones while the next are put together."""
    told, begun = notices(facts), list[Iterator[Made]]()
    while some_ := [(stage, f"{FEEDBACK}/{each.file}", each) for each in islice(told, BATCH)]:
        # where processes are at work already, they take the last few too
        begun.append(workers.map(write_feedback, some_, enough=1 if begun else FEW))
    return chain.from_iterable(begun)


def _slips(asked: Sequence[Mending], stage: Path, workers: Workers) -> Iterator[Made]:
    """Every slip, begun when nothing else is being done: one that never ends takes its processes with it."""
    yield from workers.map(write_slip, [(stage, each) for each in asked], write_list, enough=1, seconds=SECONDS)


def _facts(graded: Graded, out: Path = Path(), theme: Theme = PLAIN) -> Facts:
    return Facts(
        graded.scheme,
        graded.roster,
        graded.terms.year,
        graded.terms.period,
        graded.stage,
        graded.parts,
        graded.inbox.arrived,
        graded.findings,
        graded.files(),
        graded.units(),
        graded.impacts,
        graded.terms.due,
        graded.terms.return_to,
        out,
        theme,
    )


def as_record(graded: Graded) -> dict[str, Any]:
    """The object of results.json."""
    return _facts(graded).record


def refuse_locked(out: Path) -> None:
    """Raises StartError for a result that is open in another program, before any work."""
    names = dict.fromkeys([RANKING, MONEY, PROBLEMS, RECORD, DECISIONS, *last_run(out).files])
    held = open_elsewhere(out, names)
    if held:
        said = some([str(path) for path in held], "个文件", 3)
        raise StartError(
            f"{said} 正被别的程序打开或不可写，请先关闭再运行；没有打开的，删去旁边的临时锁文件（~$ 或 .~lock 开头）"
        )


def _decisions(job: Job) -> tuple[Decisions, list[Finding]]:
    path = job.decisions or job.out / DECISIONS
    return read_decisions(path) if path.is_file() else (Decisions(), [])


def find_issue(job: Job) -> Issue | None:
    """The 发放清单 named, or the one in a folder, beside it, or in a folder beside it.

    Raises StartError where the one found is unusable or it is not clear which one counts.
    """
    path = job.issued or next((found for folder in job.folders if (found := _issue_near(folder, job))), None)
    if path is None:
        return None
    try:
        return read_issue(path)
    except IssueError as error:
        raise StartError(f"{error}。请用原来的发放清单；没有了就移走它，用 --scheme 和 --roster 指定") from None


def _issue_near(folder: Path, job: Job) -> Path | None:
    folder = folder.resolve()
    for path in (folder / ISSUED, folder.parent / ISSUED):
        if path.is_file():
            return path
    if job.scheme and job.roster:
        return None
    found = sorted(folder.parent.glob(f"*/{ISSUED}"))
    if len(found) > 1:
        raise StartError(f"旁边有 {len(found)} 份发放清单（{'、'.join(map(str, found))}），请用 --issued 指定一份")
    return found[0] if found else None


def _scheme(
    known: Scheme | None, issue: Issue | None, arrived: list[Arrived], folders: Sequence[Path]
) -> tuple[Scheme, Expected]:
    """The scheme that is known, else the built-in one that the stamps name."""
    guess = likely(arrived)
    year, period = (
        (issue.terms.year, issue.terms.period) if issue else (guess.year, guess.period) if guess else ("", YEAR)
    )
    if known is None and guess is None:
        raise StartError(
            f"{_listed(folders)} 里没有填报表，也没有发放清单，不知道按哪个方案计分。"
            "是不是写错了文件夹？没有写错的，用 --scheme 指定方案"
        )
    scheme = known or load(guess.scheme if guess else "")[0]
    return scheme, Expected(scheme.id, scheme.version, scheme.digest, year, period, scheme.accepts)


def _roster(job: Job, issue: Issue | None) -> tuple[Roster, list[Finding]]:
    if job.roster is None:
        if issue is None:
            raise StartError("没有名册，不知道该有哪些单位。请用 --roster 指定名册，或把 发放清单.xlsx 放进文件夹")
        return issue.roster, []
    roster = read_roster(job.roster)
    return roster, _roster_changes(roster, issue.roster) if issue else []


def _roster_changes(now: Roster, before: Roster) -> list[Finding]:
    old, new = {unit.name: unit for unit in before.units}, {unit.name: unit for unit in now.units}
    parts = [("增加", new.keys() - old.keys()), ("减少", old.keys() - new.keys())]
    parts.append(("属性改变", {name for name in old.keys() & new.keys() if old[name] != new[name]}))
    what = "；".join(f"{verb}{'、'.join(sorted(names))}" for verb, names in parts if names)
    return [finding("roster-differs", now.source, what=what)] if what else []


def _with_settings(scheme: Scheme, settings: Mapping[str, str]) -> Scheme:
    try:
        return scheme.with_settings(settings)
    except KeyError as error:
        known = [each.id for each in scheme.readings if each.options] + [each.id for each in scheme.parameters]
        hint = nearest(error.args[0], known) if known else "；本方案没有可以改的"
        raise StartError(f"--set 没有叫「{error.args[0]}」的口径或参数{hint}") from None
    except ValueError as error:
        raise StartError(f"--set {error}{_meant_value(scheme, settings)}") from None


def _meant_value(scheme: Scheme, settings: Mapping[str, str]) -> str:
    """The option of a reading that a value which is none may have meant."""
    wrong = [each for each in scheme.readings if settings.get(each.id, each.value) not in (each.value, *each.options)]
    return meant(near(settings[wrong[0].id], list(wrong[0].options))) if wrong else ""


__all__ = ["Graded", "Job", "PartResult", "SchemeError", "StartError", "find_issue", "grade"]
