"""What a result asks of a person: how each subject stands, what waits for others, what has to be decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from .assess import Case
from .decisions import CHOOSE, CLOSE, CONFIRM, Decisions, Question
from .findings import Finding, Level, finding
from .formula.say import decimal
from .intake import Arrived
from .model import Cell, Fate, Part, Source, State
from .receive import COPIED, PASSED_OVER, Inbox
from .report.names import captioned, lower
from .results import Award, Impact, PartResult, Place
from .text import some


def remarks(results: Sequence[PartResult], case: Case, decisions: Decisions) -> list[Finding]:
    """What is said of every part's subjects besides their points."""
    return [
        said
        for each in results
        for part in (_unconfirmed(each, decisions), _received(each, case, decisions), _overstated(each), _pending(each),
                     _periods(each))
        for said in part
    ]  # fmt: skip


def confirmed(result: PartResult, decisions: Decisions) -> PartResult:
    """Awards that a person confirmed become payable; those declined stay out, and both say so."""
    awards = []
    for award in result.awards:
        said = _decided(result, award, decisions) if award.confirm else ""
        word = {"是": "（已由处理意见确认）", "否": "（处理意见：不予确认）"}.get(said, "")
        awards.append(replace(award, confirm=award.confirm and said != "是", because=award.because + word))
    return replace(result, awards=awards)


def _unconfirmed(result: PartResult, decisions: Decisions) -> list[Finding]:
    return [
        finding(
            "confirm",
            Source(),
            result.scores.subjects[award.row].unit,
            outcome=award.outcome.id,
            names="、".join(award.zero),
            then=_until_confirmed(award),
        )
        for award in result.awards
        if award.confirm and not _decided(result, award, decisions)
    ]


def _until_confirmed(award: Award) -> str:
    return "确认后才算" if award.amount is None else "暂不计入应付"


def _decided(result: PartResult, award: Award, decisions: Decisions) -> str:
    return decisions.decision(CONFIRM[award.outcome.kind], _award_key(result, award))


def _award_key(result: PartResult, award: Award) -> str:
    """A confirmation holds for the very denominators that were 0."""
    return "|".join((result.scores.subjects[award.row].label, award.outcome.id, *award.zero))


def over_reviewed(findings: list[Finding], case: Case) -> list[Finding]:
    """What was wrong with a cell is only a note once a verified figure stands in its place."""
    places = {
        each.reported.source(row, cell)
        for each in case.layers
        for row, cell in each.verified.sources
        if each.verified.state(row, cell) is Cell.GIVEN
    }
    return [
        replace(each, level=Level.NOTE, message=f"{each.message}（已由核定值代替）", mend="不用处理")
        if each.code in ("cell-wrong", "label-clash", "slip-changed") and each.source in places
        else each
        for each in findings
    ]


def by_captions(each: Finding, parts: Sequence[Part]) -> Finding:
    """Cells by the captions of the form; where a table is concerned by the heads of its columns."""
    if each.number[0] == "表" or each.code.startswith("review-") or "[" not in each.message:
        return each
    return replace(each, message=captioned(each.message, parts))


def _received(result: PartResult, case: Case, decisions: Decisions) -> list[Finding]:
    """What each subject's standing asks of a person."""
    scores, findings, inbox = result.scores, list[Finding](), case.inbox
    if scores.part.many:
        return _persons_received(result, case)
    closed = scores.closed
    for row, state in enumerate(scores.states):
        unit = scores.subjects[row].unit
        if state is State.MISSING and not closed[row]:
            findings.append(finding("unit-missing", Source(), unit))
        elif state is State.REFUSED and not closed[row]:
            findings.append(finding("unit-refused", Source(), unit))
        elif inbox.states[row] is not State.ASSESSED and state is State.ASSESSED:
            findings.append(finding("unit-unreported", Source(), unit))
        if state in (State.ASSESSED, State.PROVISIONAL):
            findings += _about(result, row, inbox)
    for each in _late(inbox, decisions):
        reason = decisions.closed()[each.unit]
        findings.append(finding("closed-late", Source(each.name), each.unit, reason=reason))
    gone = [scores.subjects[row].unit for row in np.flatnonzero(closed)]
    if gone:
        reasons = dict.fromkeys(decisions.closed()[unit] for unit in gone)
        findings.append(finding("closed", reason="、".join(reasons), units="、".join(gone)))
    return findings


def _late(inbox: Inbox, decisions: Decisions) -> list[Arrived]:
    """Returns that came after collection was closed for their units, of which nobody decided yet whether they count."""
    return [each for each in inbox.arrived if each.fate is Fate.SCORED and each.unit in decisions.closed()
            and not decisions.decision(CHOOSE, each.sha256)]  # fmt: skip


def _about(result: PartResult, row: int, inbox: Inbox) -> list[Finding]:
    scores, findings = result.scores, list[Finding]()
    unit = scores.subjects[row].unit
    if not scores.has_review(row):
        findings.append(finding("unreviewed", Source(scores.answers.files[row]), unit))
    if inbox.states[row] is State.ASSESSED:
        lines = scores.scheme.lines(scores.part)
        bare = [each.id for each in lines if each.materials and each.id not in inbox.materials[row]]
        earned = [id for id in bare if (scores.points(row, id) or 0) > 0]
        if earned:
            source = Source(scores.answers.files[row])
            findings.append(finding("materials", source, unit, items="、".join(earned)))
    return findings


def _overstated(result: PartResult) -> list[Finding]:
    """Self-scores that the review took down by more than the scheme bears with, said once a unit."""
    scores, found = result.scores, dict[str, list[tuple[int, str]]]()
    for row, subject in enumerate(scores.subjects):
        for id in scores.overstated(row):
            found.setdefault(subject.unit, []).append((row, id))

    def shown(row: int, id: str) -> str:
        own, points = (decimal(each or Fraction(0)) for each in (scores.self_points(row, id), scores.points(row, id)))
        return f"{scores.subjects[row].own} {id} 自评{own}分，核定{points}分".lstrip()

    gap = lower(scores.scheme.tolerance)
    return [finding("overstated", Source(scores.reported.files[lines[0][0]]), unit, gap=gap,
                    items="；".join(shown(*each) for each in lines)) for unit, lines in found.items()]  # fmt: skip


def _pending(result: PartResult) -> list[Finding]:
    """Whose rank, bonus or outcome may still change, said once."""
    scores = result.scores
    waiting = [each.label for row, each in enumerate(scores.subjects) if scores.pending(row)]
    what = "个人的名次和入选名单" if scores.part.many else "名次或跨单位的加分、奖励"
    units = some(waiting, "人" if scores.part.many else "个单位")
    return [finding("pending", what=what, units=units)] if waiting else []


def _persons_received(result: PartResult, case: Case) -> list[Finding]:
    """The persons' standing, said once a unit."""
    scores, findings = result.scores, list[Finding]()
    bare, missing = dict[str, list[int]](), dict[str, list[int]]()
    for row, state in enumerate(scores.states):
        unit = scores.subjects[row].unit
        if state in (State.ASSESSED, State.PROVISIONAL) and not scores.has_review(row):
            bare.setdefault(unit, []).append(row)
        elif state is State.MISSING and not scores.closed[row]:
            missing.setdefault(unit, []).append(row)

    def people(rows: Sequence[int]) -> str:
        return some([scores.subjects[row].own for row in rows], "人")

    findings += [finding("person-missing", Source(), unit, names=people(rows)) for unit, rows in missing.items()]
    for unit, rows in bare.items():
        names = people(rows)
        place = Source(scores.answers.files[rows[0]])
        findings.append(finding("persons-unreviewed", place, unit, count=len(rows), names=names))
    return findings


def _periods(result: PartResult) -> list[Finding]:
    part = "个人" if result.scores.part.many else ""
    idle = [f"{part}{id}" for id, rule in result.scores.rules.items() if not rule.counted]
    return [finding("annual-only", items="、".join(idle))] if idle else []


def about_reading(impact: Impact) -> Finding:
    facts = {"reading": impact.reading, "value": impact.value}
    given = [(subject, now, then) for subject, now, then in impact.changed
             if (now.outcomes, now.money) != (then.outcomes, then.money)]  # fmt: skip
    units = [f"{subject.label}（{_given(now)}→{_given(then)}）" for subject, now, then in given]
    ranks = len(impact.changed) - len(given)
    said = "、".join([*units, *([f"另有{ranks}个只是名次变" if units else f"{ranks}个名次变"] if ranks else [])])
    return finding("reading-matters", units=said, **facts) if said else finding("reading-idle", **facts)


def _given(place: Place) -> str:
    return f"{'、'.join(place.outcomes) or '无'} {place.money:,}元"


def questions(results: Sequence[PartResult], inbox: Inbox, decisions: Decisions) -> list[Question]:
    """What a person has to decide: closing collection, awards on a zero denominator, second versions."""
    scores, questions = results[0].scores, list[Question]()
    alone = {result.scores.subjects[row].unit for result in results[1:]
             for row, state in enumerate(result.scores.states) if state is State.MISSING}  # fmt: skip
    waiting = [scores.subjects[row].unit for row, state in enumerate(inbox.states)
               if state in (State.MISSING, State.REFUSED)
               and (scores.states[row] is not State.ASSESSED or scores.subjects[row].unit in alone)]  # fmt: skip
    waiting = [unit for unit in waiting if unit not in decisions.closed()]
    if waiting:
        text = f"截止后这些单位不参评，名次和奖励按已交单位定：{'、'.join(waiting)}"
        questions.append(Question(CLOSE, "", f"{len(waiting)} 个未交单位", text, "、".join(waiting)))
    for result, award in ((each, award) for each in results for award in each.awards):
        if award.zero:
            key = _award_key(result, award)
            unit = result.scores.subjects[award.row].label
            matter = CONFIRM[award.outcome.kind]
            questions.append(Question(matter, unit, f"{award.outcome.id}{_yuan(award)}", award.because, key))
    counted = {each.unit for each, state in zip(inbox.answers.subjects, inbox.states, strict=True)
               if state is State.ASSESSED}  # fmt: skip
    for each in inbox.arrived:
        if each.fate is Fate.HELD and each.unit and each.code not in COPIED:
            text = f"{each.why}；选“是”作为「{each.unit}」的填报表，选“否”不用"
            questions.append(Question(CHOOSE, each.unit, each.name, text, each.sha256))
        elif each.fate is Fate.HELD and each.hint and each.hint not in counted:
            text = f"{each.why}；选“是”作为「{each.hint}」的填报表，选“否”不用"
            questions.append(Question(CHOOSE, each.hint, each.name, text, each.sha256))
    for each in (each for each in inbox.arrived if each.code == PASSED_OVER):
        text = f"「{each.unit}」已选用 {each.other}，这一份不用；要改用这一份，这里写“是”，那一份改写“否”"
        questions.append(Question(CHOOSE, each.unit, each.name, text, each.sha256, settled=True))
    for each in _late(inbox, decisions):
        text = "截止收报以后交来的：选“是”计入，选“否”不计入（没有决定以前先按计入）"
        questions.append(Question(CHOOSE, each.unit, each.name, text, each.sha256))
    return questions


def _yuan(award: Award) -> str:
    return "" if award.amount is None else f" {award.amount:,}元"
