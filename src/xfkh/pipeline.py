"""The stages in order; read this first.

scheme → template → (mail, a township fills it in) → intake → review → score → outcomes → report
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from .answers import Answers, Directory, Table, answers_of_tables, persons_in, read_tables, shown, with_roster
from .answers.given import as_issued
from .assess import Case, Layers, assess, closed_rows, impacts
from .carry import last_year, read_results, scores_from
from .decisions import Decisions, Question, waive
from .findings import Finding, Level, finding
from .intake import Arrived, Reading, arrive, begin
from .job import (
    Job,
    StartError,
    decisions_of,
    find_issue,
    known_scheme,
    listed,
    roster_of,
    scheme_of,
    with_settings,
)
from .kept import (
    STAGE,
    last_run,
)
from .mended import unasked
from .model import UNITS, Cell, Fate, Origin, Roster, Scheme, Source, State, Subject
from .receive import Expected, Inbox, compared, receive, reprinted, settled
from .remarks import about_reading, by_captions, confirmed, over_reviewed, questions, remarks
from .report.facts import SLIPS
from .report.names import captioned
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
)
from .scheme import in_force, within
from .tamper import alike, tampered
from .template import GIVEN, Issue, Terms, printed
from .workers import Workers

Tick = Callable[[str, int, int], None]


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
    decisions, findings = decisions_of(job)
    issue = find_issue(job)
    findings += _issue_used(issue)
    known = known_scheme(job, issue)
    arrived, said = arrive(reading, job.own, lambda k, n: tick("读取填报表", k, n))
    findings += said + _own_slips(arrived, job.out)
    workers.load("xfkh.report.feedback")
    tick("计分", 0, 1)
    scheme, expected = scheme_of(known, issue, arrived, job.folders)
    pure = within(scheme, expected.period)
    roster, said = roster_of(job, issue)
    findings += said + in_force(pure, expected.year)
    reviews = _reviews(job, pure, expected)
    tables = a_row_a_subject(reviews, pure.parts)
    issued = replace(pure, parts=with_raters(pure.parts, tables, job.raters))
    scheme = with_settings(issued, job.settings)
    inbox, said = receive(
        arrived, issued.parts, roster, expected, decisions.files("是"), decisions.files("否"), decisions.seen(),
        lambda returns: compared(returns, lambda: printed(pure, _terms(issue, expected), issue), workers),
    )  # fmt: skip
    findings += as_issued(inbox.answers, expected.period, issue.given if issue else {})
    findings = settled(findings + said + _none_returned(job.folders, arrived), inbox)
    layers, said = _layers(job, scheme, expected, inbox, tables)
    findings += said + private_notes(reviews) + without_value(reviews)
    case = Case(issued, expected.period, inbox, layers, closed_rows(inbox, decisions), roster)
    graded = _graded(scheme, case, _terms(issue, expected), decisions, findings)
    tick("计分", 1, 1)
    return graded


def _terms(issue: Issue | None, expected: Expected) -> Terms:
    return issue.terms if issue else Terms(expected.year, expected.period)


def _issue_used(issue: Issue | None) -> list[Finding]:
    if issue is None:
        return []
    path = f"{issue.path.resolve().parent.name}/{issue.path.name}"
    return [finding("issue-used", Source(issue.roster.source.file), path=path)]


def _reviews(job: Job, scheme: Scheme, expected: Expected) -> list[Table]:
    """The review tables. Raises StartError where one was written for another assessment."""
    reviews = read_reviews(job.reviews)
    if other := of_another(reviews, scheme.id, expected.year, expected.period):
        this = f"{scheme.id} {expected.year}年{expected.period}"
        raise StartError(f"{other}，这次考核的是 {this}，没有用它；请换成这次的复查表")
    return reviews


def _layers(
    job: Job, scheme: Scheme, expected: Expected, inbox: Inbox, tables: Sequence[Table]
) -> tuple[list[Layers], list[Finding]]:
    """What is reported, carried over and verified of each part; persons whom only the review names join the inbox."""
    silent = {each.unit for each, state in zip(inbox.answers.subjects, inbox.states, strict=True)
              if state in (State.MISSING, State.REFUSED)}  # fmt: skip
    inbox.add_persons(unreported_persons(tables, inbox.answers.subjects, silent))
    reported = [each for each in (inbox.answers, inbox.persons) if each is not None]
    verified, findings = verify(tables, scheme.parts, [each.subjects for each in reported])
    findings += [each for pair in zip(reported, verified, strict=True) for each in changed_since(*pair)]
    carried, said = _carried(job, scheme, expected, reported, verified, inbox)
    return [Layers(*each) for each in zip(reported, carried, verified, strict=True)], findings + said


def _graded(scheme: Scheme, case: Case, terms: Terms, decisions: Decisions, findings: list[Finding]) -> Graded:
    """Scores and outcomes of what was received, and what they ask of a person; ``findings``: those so far."""
    inbox, parts = case.inbox, case.issued.parts
    results, said = assess(scheme, case)
    findings += tampered(results[0].scores, inbox) + alike(results[0].scores, inbox)
    findings += unasked(scheme, inbox, case.period)
    findings += reprinted(inbox, findings)
    results = [confirmed(each, decisions) for each in results]
    findings = over_reviewed(findings, case) + said + remarks(results, case, decisions)
    findings, waivers = waive([by_captions(each, parts) for each in findings], _marks(inbox.arrived), decisions)
    for file in inbox.arrived:
        file.why = captioned(file.why, parts)
    changed = impacts(scheme, results, case)
    findings += [about_reading(each) for each in changed]
    asked = questions(results, inbox, decisions) + waivers
    return Graded(scheme, case.roster, terms, inbox, results, findings, asked, decisions, case, changed)


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
    graded = grade(replace(job, reviews=[out] if written else []), tick)
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
        own, _ = with_roster(layers.reported, graded.roster)
        answers = own.over(layers.carried).over(layers.verified)
        counted = ledger[k] if ledger else None
        made.append(tasks(before.scores, result.scores, answers, graded.findings, entries, counted))
    made[0].lost += [*entries.values(), *rest]
    return Checklist(graded, made)


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
    return [finding("returns-none", folders=listed(folders), what=what)]


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
