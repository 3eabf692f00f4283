"""Answers → points, totals and ranks, each in bounds where a cell or another unit is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce

import numpy as np

from .answers import Answers, RawCell, with_roster
from .answers.frame import BLANK, GIVEN
from .answers.given import OFFICE, ungiven
from .answers.grammar import read_cell, shown, wanted
from .findings import Finding, finding
from .formula import Node, formula, refs
from .formula import exact as x
from .formula.evaluate import Frame, number, rank_with_last, truth
from .formula.exact import Interval, Truth
from .model import Cell, Check, InputKind, Origin, Part, Roster, Scheme, Source, State, Subject
from .results import Column, Mask, PartScores, Standing, Totals, listed_apart
from .rules import Rule, compile_part, spared, vocabulary, within_group
from .rules.points import counts, points
from .scheme import apart_of, beyond, last_of, total_of
from .scheme.conditions import APART, CONVERTED
from .text import some


def score(
    scheme: Scheme,
    part: Part,
    period: str,
    reported: Answers,
    carried: Answers,
    verified: Answers,
    standing: Standing,
    roster: Roster,
    issued: Scheme | None = None,
) -> tuple[PartScores, list[Finding]]:
    """Score one part: the verified figure counts, else what other results hand on, else the self-reported one.

    ``issued`` is the scheme under the readings and parameters of the templates, where they differ.

    Raises RuleError where the scheme does not compile.
    """
    rules = compile_part(scheme, part, period)
    issued_rules = rules if issued is None or _alike(issued, scheme) else compile_part(issued, part, period)
    needed = _needed(scheme, part, rules, period)
    own, findings = with_roster(reported, roster)
    final = _waived(scheme, _raters(own.over(carried).over(verified)), rules, period)
    final, said = consistent(scheme, part, period, _absent(final, _states(final, standing, needed, verified)))
    states = _states(final, standing, needed, verified)
    findings += said + _missing(final, states, needed)
    closed = standing.closed & np.array([state is not State.ASSESSED for state in states], dtype=bool)
    now, bounds = _frames(scheme, part, period, final, closed, standing)
    found, ranges = points(rules, now), points(rules, bounds)
    answered = np.ones(now.rows, dtype=bool)
    group = part.input(part.group) if part.group else None
    result = PartScores(
        scheme=scheme,
        part=part,
        period=period,
        rules=rules,
        issued=issued_rules,
        subjects=final.subjects,
        states=states,
        answers=final,
        reported=reported,
        now=now,
        bounds=bounds,
        closed=closed,
        more=standing.more,
        reviewed=frozenset(verified.sources),
        scores=_table(found, final, rules, now),
        self_scores=_self_scores(issued or scheme, part, period, issued_rules, own, standing),
        ranges=ranges,
        counted={id: counts(rule, now) for id, rule in rules.items()},
        zero={id: _zero(rule, now) for id, rule in rules.items()},
        needed=tuple(needed),
        marks={id: _column(number(rule.mark, now).low, answered) for id, rule in rules.items() if rule.mark},
        excused={id: [(why, truth(node, now).must) for why, node in rule.excuses]
                 for id, rule in rules.items() if rule.excuses},
        wholes=_wholes(rules, now),
        plain={id: [value.low.fraction(row) for row in range(now.rows)]
               for id, rule in rules.items() if rule.plain and (value := number(rule.plain, now))},
        groups=[str(shown(group, final.value(row, group.name))) for row in range(now.rows)] if group else [],
    )  # fmt: skip
    findings += _broken(result)
    _totals(result, found, roster, verified)
    return result, findings


def _frames(
    scheme: Scheme, part: Part, period: str, final: Answers, closed: Mask, standing: Standing
) -> tuple[Frame, Frame]:
    """What trees are evaluated over: the answers as they now stand, and in bounds."""
    names = vocabulary(scheme, part, period)
    checks = [formula(each.condition, names, "是否") for each in part.checks if each.closed]
    now, bounds = final.frame(checks, settled=True), final.frame(checks)
    apart, may_be = _apart(scheme, part, period, now, bounds)
    # who is listed apart has points, and is nobody's rival for them
    now.counted = Truth(~closed & ~apart.must, ~closed & ~apart.must)
    bounds.counted = Truth(~closed & ~may_be.may, ~closed & ~may_be.must)
    bounds.more, bounds.anyone = standing.more, standing.anyone
    return now, bounds


def _zero(rule: Rule, now: Frame) -> list[tuple[str, Mask]]:
    """The denominators that are 0, of those to whom the line applies."""
    counts = np.ones(now.rows, dtype=bool)
    for _, excuse in rule.excuses:
        counts &= ~truth(excuse, now).must
    return [(name, truth(node, now).must & counts) for name, node in rule.zero if rule.counted]


def _wholes(rules: Mapping[str, Rule], frame: Frame) -> dict[str, list[Fraction | None]]:
    """By line, where any is not worth the same to all."""
    if not any(rule.mark for rule in rules.values()):
        return {}
    lines = {id: number(rule.whole, frame).low for id, rule in rules.items() if not rule.extra}
    return {id: [value.fraction(row) for row in range(frame.rows)] for id, value in lines.items()}


def _alike(one: Scheme, other: Scheme) -> bool:
    """Whether two settings of a scheme count alike."""
    return (one.readings, one.parameters) == (other.readings, other.parameters)


def _needed(scheme: Scheme, part: Part, rules: Mapping[str, Rule], period: str) -> list[str]:
    """The cells that must be known before a subject is 已评: what the lines and the outcomes read."""
    read = {cell for rule in rules.values() if rule.counted for cell in rule.shows}
    read |= beyond(scheme, part, period)
    return [cell for _, cell in part.cells(period) if cell in read]


def _waived(scheme: Scheme, answers: Answers, rules: Mapping[str, Rule], period: str) -> Answers:
    """What only lines of other groups read is not asked of a subject: whatever stands there counts for nothing."""
    free = spared((rule for rule in rules.values() if rule.counted), beyond(scheme, answers.part, period))
    if free:
        frame = answers.frame()
        for cell, node in free.items():
            for row in map(int, np.flatnonzero(truth(node, frame).must)):
                answers.put(row, cell, 0, Cell.ABSENT)
    return answers


def _raters(answers: Answers) -> Answers:
    """A rater who gave no mark is no 0 once another did: the marks that are there count."""
    for each in answers.part.inputs:
        if each.kind is InputKind.RATERS:
            blank = np.stack([answers.states[:, answers.columns[cell]] == BLANK for cell in each.cells])
            for k, cell in enumerate(each.cells):
                for row in map(int, np.flatnonzero(blank[k] & ~blank.all(axis=0))):
                    answers.put(row, cell, 0, Cell.ABSENT)
    return answers


def _absent(answers: Answers, states: Sequence[State]) -> Answers:
    """Optional inputs that nobody gave, of subjects that are scored, are known to be absent; their default holds."""
    scored = np.array([state in (State.ASSESSED, State.PROVISIONAL) for state in states], dtype=bool)
    for each in answers.part.inputs:
        default = read_cell(each, RawCell(each.default)).value if each.optional and each.default else 0
        for cell in each.cells if each.optional else ():
            for row in map(int, np.flatnonzero(scored & (answers.states[:, answers.columns[cell]] == BLANK))):
                answers.put(row, cell, default, Cell.ABSENT)
    return answers


def _states(answers: Answers, standing: Standing, needed: Sequence[str], verified: Answers) -> list[State]:
    """已评 where every needed cell is known, without a return only where the review told some; else 暂定, or as it
    was received."""
    whole = np.logical_and.reduce([_settled(answers, cell) for cell in needed]) if needed else np.ones(1, dtype=bool)
    nobody = np.zeros(len(answers.subjects), dtype=bool)
    told = np.logical_or.reduce([nobody, *(verified.given(cell) for cell in needed)])
    states = []
    for row, received in enumerate(standing.states):
        known = bool(whole[row]) if needed else received is State.ASSESSED
        if received is State.ASSESSED:
            states.append(State.ASSESSED if known else State.PROVISIONAL)
        else:
            possible = received is not State.HELD and row not in standing.barred and bool(told[row])
            states.append(State.ASSESSED if known and possible else received)
    return states


def _settled(answers: Answers, cell: str) -> Mask:
    """Rows that need not wait for a cell: it is known, or optional and left blank."""
    if not answers.part.input(cell.partition("[")[0]).optional:
        return answers.known(cell)
    return np.asarray(answers.known(cell) | (answers.states[:, answers.columns[cell]] == BLANK))


def consistent(scheme: Scheme, part: Part, period: str, answers: Answers) -> tuple[Answers, list[Finding]]:
    """Closed contradictions make every cell they name 待核; the others are warnings (spec's closed lists)."""
    names = vocabulary(scheme, part, period)
    findings, broken = [], []
    frame = answers.frame()
    for check in part.checks:
        node = formula(check.condition, names, "是否")
        cells = refs(node)
        known = np.logical_and.reduce([answers.given(cell) for cell in cells])
        for row in map(int, np.flatnonzero(~truth(node, frame).may & known)):
            findings.append(_contradiction(check, cells, answers, row))
            if check.closed:
                broken += [(row, cell) for cell in cells]
    marked = answers.copy() if broken else answers
    for row, cell in broken:
        marked.put(row, cell, 0, Cell.CONFLICT)
    return marked, findings


def _contradiction(check: Check, cells: Sequence[str], answers: Answers, row: int) -> Finding:
    facts = "，".join(
        f"{cell}＝{shown(answers.part.input(cell.partition('[')[0]), answers.value(row, cell))}" for cell in cells
    )
    sources = [answers.source(row, cell) for cell in cells]
    # a verified figure is the one to look at first
    first = next(
        (each for each, cell in zip(sources, cells, strict=True) if (row, cell) in answers.sources), sources[0]
    )
    there = [each.cell for each in sources if each[:2] == first[:2] and each.cell]
    place = Source(first.file, first.sheet, "、".join(there))
    code = "contradiction" if check.closed else "unusual" if check.mild else "implausible"
    subject = answers.subjects[row]
    return finding(code, place, subject.unit, text=f"{_of(subject)}{check.text}", facts=facts)


def _of(subject: Subject) -> str:
    """Whose: empty for a unit, which a finding names by itself."""
    return f"{subject.own}的" if subject.person else ""


def _missing(answers: Answers, states: Sequence[State], needed: Sequence[str]) -> list[Finding]:
    """Blank cells that no review filled, of subjects that are scored; what the review owes is said once a unit, and
    so is what its form, of an earlier version, does not ask; what the office has to give is asked of no unit."""
    findings, owed = list[Finding](), dict[tuple[str, str], list[str]]()
    unasked = dict[tuple[str, str], dict[str, None]]()
    for cell in needed:
        each = answers.part.input(cell.partition("[")[0])
        if each.optional or each.options:  # what the roster lacks is told of the roster
            continue
        for row in map(int, np.flatnonzero(~answers.given(cell))):
            if states[row] is not State.PROVISIONAL or answers.state(row, cell) is not Cell.BLANK:
                continue
            place, subject = answers.source(row, cell), answers.subjects[row]
            if each.origin is Origin.REVIEW:
                owed.setdefault((subject.unit, each.name), []).append(subject.own)
            elif each.origin in OFFICE:
                findings += ungiven(answers, each, cell, row, _of(subject))
            elif answers.unasked(row, cell):
                unasked.setdefault((subject.unit, place.file), {})[each.label(cell)] = None
            elif each.kind is InputKind.FLAG:
                findings.append(finding("cell-blank-flag", place, subject.unit, name=f"{_of(subject)}{cell}"))
            else:
                name = f"{_of(subject)}{cell}"
                findings.append(finding("cell-blank", place, subject.unit, name=name, wanted=wanted(each)))
    for (unit, name), persons in owed.items():
        if answers.part.input(name).kind is InputKind.RATERS:
            name += f"（复查表里一人一列：{name}[1]、{name}[2]……）"
        who = f"{some(list(dict.fromkeys(persons)), '人')}的" if any(persons) else ""
        findings.append(finding("review-missing", Source(), unit, name=f"{who}{name}"))
    for (unit, file), names in unasked.items():
        findings.append(finding("cell-unasked", Source(file), unit, names=some(list(names), "项", _NAMED)))
    return list(dict.fromkeys(findings))


_NAMED = 10
"""How many cells are named that a form does not have."""


def _table(
    found: Mapping[str, Interval], answers: Answers, rules: Mapping[str, Rule], frame: Frame, silent: Mask | None = None
) -> dict[str, Column]:
    """Points in hundredths; open for an item any of whose needed cells is unknown, even if it cannot matter, and in the
    ``silent`` rows."""
    columns = {}
    for id, value in found.items():
        known = value.known if silent is None else value.known & ~silent
        for cell in rules[id].shows if rules[id].counted else ():
            known = known & answers.known(cell)
        for test in rules[id].undivided:
            known = known & ~truth(test, frame).may
        asked = rules[id].asked
        if asked is not None:  # nothing is open in what is not asked of a subject
            known = known | (~truth(asked, frame).may & (True if silent is None else ~silent))
        columns[id] = _column(value.low, known)
    return columns


def _column(value: x.Exact, known: Mask) -> Column:
    return _integers(x.rounded(value, 2).num, known)


def _integers(values: x.Array, known: Mask) -> Column:
    return Column(np.where(known, values, 0).astype(np.int64), known)


def _self_scores(
    scheme: Scheme, part: Part, period: str, rules: Mapping[str, Rule], reported: Answers, standing: Standing
) -> dict[str, Column]:
    """What the template showed: self-reported figures alone, no cross-unit lines, none that the review fills."""
    asked = _waived(scheme, reported.copy(), rules, period)
    marked, _ = consistent(scheme, part, period, _absent(asked, standing.states))
    live = {id: rule for id, rule in rules.items() if rule.live(part)}
    frame = marked.frame()
    silent = np.array([state is not State.ASSESSED for state in standing.states], dtype=bool)
    return _table(points(live, frame), marked, live, frame, silent)


def _totals(result: PartScores, found: Mapping[str, Interval], roster: Roster, verified: Answers) -> None:
    """Totals, their bounds, ranks over the 已评, and what an open unit could still change."""
    total, ranges = _summed(result, found, result.now), _summed(result, result.ranges, result.bounds)
    whole = total_of(result.scheme, result.part, result.period)
    if whole is not None:
        whole = within_group(whole, result.part)
        total, ranges = number(whole, result.now), number(whole, result.bounds)
    assessed = np.array([state is State.ASSESSED for state in result.states], dtype=bool)
    result.now.values["总分"], result.bounds.values["总分"] = total, ranges
    apart, may_be = (listed_apart(frame) for frame in (result.now, result.bounds))
    ranked = Truth(assessed & ~apart.must, assessed & ~apart.must)
    eligible = Truth(assessed & ~may_be.may, (assessed | result.open) & ~may_be.must)
    result.now.counted, result.bounds.counted = ranked, eligible
    last, may_be_last = _last(result)
    places = _places(total, ranked, last, result.groups, settled=True)
    span = _places(ranges, eligible, may_be_last, result.groups, more=result.more)
    result.now.values["名次"], result.bounds.values["名次"] = places, span
    scored = assessed | np.array([state is State.PROVISIONAL for state in result.states], dtype=bool)
    if whole is None and not result.rules:  # nothing earns points: no total, no rank
        assessed, scored = np.zeros_like(assessed), np.zeros_like(scored)
    listed = assessed & ranked.must
    pending = assessed & ~(((span.known & may_be_last.known) | may_be.must) & ranges.known & may_be.known)
    given = verified.states == GIVEN
    result.totals = Totals(
        total=_column(total.low, assessed),
        low=_column(ranges.low, scored & ~ranges.low.infinite()),
        high=_column(ranges.high, scored & ~ranges.high.infinite()),
        rank=_integers(places.low.num, listed),
        rank_in_category=_category_ranks(total, listed, last, result, roster),
        self_total=_self_total(result),
        pending=pending,
        reviewed=given.any(axis=1),
        apart=assessed & apart.must,
        last=listed & last.must,
        may_be_last=may_be_last,
    )


def narrow(result: PartScores, ranges: Mapping[str, Interval]) -> None:
    """Puts in place bounds of the lines that are known better, and those of the total, which follow."""
    result.ranges = dict(ranges)
    result.bounds.values["总分"] = _summed(result, ranges, result.bounds)


def _summed(result: PartScores, points: Mapping[str, Interval], frame: Frame) -> Interval:
    """The sum of the rounded lines; where the full marks of a subject shrink, its points under them are brought to
    the full marks of its group (折算)."""
    zero = x.point(x.constant(Fraction(0), frame.rows))
    if result.part.shrunk != CONVERTED:
        return reduce(x.plus, points.values(), zero)
    lines = [(points[id], rule) for id, rule in result.rules.items()]
    own = reduce(x.plus, (value for value, rule in lines if not rule.extra), zero)
    more = reduce(x.plus, (value for value, rule in lines if rule.extra), zero)
    marks = reduce(x.plus, (number(rule.worth, frame) for _, rule in lines if not rule.extra), zero)
    whole = reduce(x.plus, (number(rule.whole, frame) for _, rule in lines if not rule.extra), zero)
    none = x.compare("=", marks, zero)
    share = x.defined(own, marks) if frame.anyone else x.quotient(own, marks)
    brought = x.choose(none, zero, x.product(share, whole))
    return x.plus(x.round_to(x.smallest(brought, whole), 2), more)


def _apart(scheme: Scheme, part: Part, period: str, *frames: Frame) -> list[Truth]:
    """Who is listed apart, in each of the frames; outcomes may ask for it there."""
    node = apart_of(scheme, part, period)
    for frame in frames:
        nobody = np.zeros(frame.rows, dtype=bool)
        frame.values[APART] = Truth(nobody, nobody) if node is None else truth(node, frame)
    return [listed_apart(frame) for frame in frames]


def _last(result: PartScores) -> tuple[Truth, Truth]:
    """Who is ranked behind all others, the same; no condition may ask for it."""
    node = last_of(result.scheme, result.part, result.period)
    return _both(result, None if node is None else within_group(node, result.part))


def _both(result: PartScores, node: Node | None) -> tuple[Truth, Truth]:
    """Where a condition holds, as it stands and in bounds; nowhere if there is none."""
    nobody = np.zeros(len(result.subjects), dtype=bool)
    if node is None:
        return Truth(nobody, nobody), Truth(nobody, nobody)
    return truth(node, result.now), truth(node, result.bounds)


def _places(value: Interval, eligible: Truth, last: Truth, groups: Sequence[str], settled: bool = False,
            more: bool = False) -> Interval:  # fmt: skip
    """Competition ranks among the eligible rows, of each group by itself."""
    found = rank_with_last(value, eligible, last, settled, more)
    if not groups:
        return found
    own = np.array(groups, dtype=object)
    for each in set(groups):
        mine = own == each
        among = rank_with_last(value, Truth(eligible.must & mine, eligible.may & mine), last, settled, more)
        found = x.choose(Truth(mine, mine), among, found)
    return found


def _self_total(result: PartScores) -> Column:
    """What the unit gave itself, of subjects that are scored."""
    scored = np.array([state in (State.ASSESSED, State.PROVISIONAL) for state in result.states], dtype=bool)
    total, known = np.zeros(len(scored), dtype=np.int64), np.zeros(len(scored), dtype=bool)
    for each in result.self_scores.values():
        total, known = total + np.where(each.known, each.values, 0), known | each.known
    return _integers(total, known & scored)


def _category_ranks(total: Interval, assessed: Mask, last: Truth, result: PartScores, roster: Roster) -> Column:
    """Among those of the same category, and of the same group; who has no category has no such rank."""
    kinds = {unit.name: unit.category for unit in roster.units}
    category = np.array([kinds.get(each.unit, "") for each in result.subjects], dtype=object)
    places = np.zeros(len(category), dtype=np.int64)
    group = np.array(result.groups or [""] * len(category), dtype=object)
    for one, its in {*zip(category, group, strict=True)}:
        among = assessed & (category == one) & (group == its) & (one != "")
        places = np.where(among, rank_with_last(total, Truth(among, among), last, settled=True).low.num, places)
    return _integers(places, assessed & (category != ""))


def _broken(result: PartScores) -> list[Finding]:
    """Items that all their cells do not suffice to decide (a division by 0 in an own formula)."""
    findings = []
    for id, rule in result.rules.items():
        known = np.logical_and.reduce([result.answers.known(cell) for cell in rule.shows] or [np.array(True)])
        for row in np.flatnonzero(~result.scores[id].known & known):
            if result.states[row] is State.ASSESSED:
                result.states[row] = State.PROVISIONAL
                subject = result.subjects[row]
                findings.append(
                    finding("no-points", Source(), subject.unit, item=f"{_of(subject)}{id}", why="除数为 0")
                )
    return findings


def zero_rates(result: PartScores) -> list[Finding]:
    """口径: a rate with denominator 0 counts as met, and is noted."""
    findings = []
    for id, tests in result.zero.items():
        for row, state in enumerate(result.states):
            names = [name for name, mask in tests if mask[row]]
            if names and state is State.ASSESSED:
                subject = result.subjects[row]
                facts = {"item": f"{_of(subject)}{id}", "names": "、".join(names)}
                findings.append(finding("zero-rate", Source(), subject.unit, **facts))
    return findings
