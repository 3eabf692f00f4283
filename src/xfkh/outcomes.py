"""Scores → outcomes (结果运用): who gets what, why, and what is still pending or to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .findings import Finding, finding
from .formula import Node, refs
from .formula.evaluate import Frame, number, truth
from .formula.exact import Interval, Truth, all_of, any_of, negation
from .formula.say import decimal, say
from .formula.tree import TRUE, Apply, Number, walk
from .model import PERSONS, YEAR, Cell, Outcome, OutcomeKind, Source, State, captioned
from .results import Award, Mask, PartResult, PartScores, Settlement, listed_apart
from .rules import within_group
from .rules.divisors import condition_of
from .scheme import Condition, conditions, targets
from .scheme.conditions import ANY_VETO, RANK, TOTAL, by_place, due, unplaced
from .text import some


@dataclass(frozen=True, slots=True)
class _Among:
    """A place within a group that a condition asks for: the places, who shares each, the group in words."""

    places: Interval
    group: str
    most: int | None
    members: Mask


@dataclass(frozen=True, slots=True)
class _Judged:
    """A condition over all subjects; ``reasons``: each as it now stands and whether it is certain."""

    condition: Condition
    now: Truth
    bounds: Truth
    reasons: tuple[tuple[Truth, Truth], ...]
    zero: dict[str, Mask]
    reasons_zero: tuple[dict[str, Mask], ...]
    among: tuple[_Among, ...]
    count: Interval | None
    share: Interval | None
    share_known: Mask | None

    @property
    def outcome(self) -> Outcome:
        return self.condition.outcome


def outcomes(result: PartScores) -> tuple[PartResult, Mask, list[Finding]]:
    """The outcomes of a part, in the scheme's order within each subject; the subjects with one still pending.

    A subject that is 暂定 is kept out of money outcomes and has others only where they are certain.
    """
    judged, tiers = list[_Judged](), dict[str, list[_Judged]]()
    uncertain = np.zeros(len(result.subjects), dtype=bool)
    awards = list[Award]()
    for condition in conditions(result.scheme, result.part, result.period):
        if not due(result.scheme, condition.outcome, result.period):
            _stand(condition.outcome, _never(result), _never(result), result)
            continue
        each = _judge(condition, result)
        earlier = tiers.setdefault(each.outcome.tier or each.outcome.id, [])
        now, bounds = (
            _first(each.now, [one.now for one in earlier]),
            _first(each.bounds, [one.bounds for one in earlier]),
        )
        earlier.append(each)
        judged.append(each)
        _stand(each.outcome, now, bounds, result)
        uncertain |= ~bounds.known
        awards += _awards(each, now, bounds, result)
    assessed = np.array([state is State.ASSESSED for state in result.states], dtype=bool)
    awards.sort(key=lambda award: award.row)
    met, said = _targets(result)
    made = PartResult(result, awards, met, _settlements(result, awards))
    return made, uncertain & assessed, [*said, *_findings(result)]


def _never(result: PartScores) -> Truth:
    rows = np.zeros(len(result.subjects), dtype=bool)
    return Truth(rows, rows)


def _stand(outcome: Outcome, now: Truth, bounds: Truth, result: PartScores) -> None:
    """Later outcomes may ask for this one, and whether there was any veto."""
    for frame, held in ((result.now, now), (result.bounds, bounds)):
        frame.values.setdefault(outcome.id, held)
        if outcome.kind is OutcomeKind.VETO:
            before = frame.values.get(ANY_VETO)
            frame.values[ANY_VETO] = any_of([before, held]) if isinstance(before, Truth) else held


def _judge(condition: Condition, result: PartScores) -> _Judged:
    punishes = condition.outcome.punishes
    excused, zero = _own(condition.node, result, punishes)
    reasons, empty = [], list[dict[str, Mask]]()
    for node in condition.reasons:
        one, more = _own(node, result, punishes)
        reasons.append((_held(one, result.now), _held(one, result.bounds)))
        empty.append({name: truth(test, result.now).must for name, test in more})
    now, bounds = _held(excused, result.now), _held(excused, result.bounds)
    if any(by_place(each) for each in (condition.count, condition.share) if each is not None):
        # nothing is paid by a total that stands beside the others
        now, bounds = (all_of([held, negation(listed_apart(frame))])
                       for held, frame in ((now, result.now), (bounds, result.bounds)))  # fmt: skip
    if reasons:
        now = all_of([now, any_of([one for one, _ in reasons])])
        bounds = all_of([bounds, any_of([one for _, one in reasons])])
    trees = (condition.node, *condition.reasons)
    count, share = (each and within_group(each, result.part) for each in (condition.count, condition.share))
    return _Judged(
        condition,
        now,
        bounds,
        tuple(reasons),
        {name: truth(test, result.now).must for name, test in zero},
        tuple(empty),
        tuple(each for tree in trees for each in _groups(tree, result)),
        number(count, result.now) if count else None,
        number(share, result.now) if share else None,
        number(share, result.bounds).known if share else None,
    )


def _own(node: Node, result: PartScores, punishes: bool = False) -> tuple[Node, list[tuple[str, Node]]]:
    """A condition in which a rate without a denominator counts as met, and the tests for that; of groups each by
    itself."""
    excused, zero = condition_of(node, punishes)
    return within_group(excused, result.part), [(name, within_group(test, result.part)) for name, test in zero]


def _held(node: Node, frame: Frame) -> Truth:
    """Where a condition holds: of who is listed apart, which has no place among the others, only where it does
    whatever the total and the places are."""
    held, apart = truth(node, frame), listed_apart(frame)
    if not (by_place(node) and apart.may.any()):
        return held
    always = truth(unplaced(node), frame)
    return any_of([all_of([apart, always]), all_of([negation(apart), held])])


def _groups(tree: Node, result: PartScores) -> Iterator[_Among]:
    """The places within groups that a condition compares, highest total first."""
    for node in walk(tree):
        match node:
            case Apply("<=", (Apply("RANK", (_, group)) as place, Number(most))) if group != TRUE:
                members = truth(group, result.now).must & _assessed(result)
                places = number(within_group(place, result.part), result.now)
                yield _Among(places, say(group), int(most), members)


def _assessed(result: PartScores) -> Mask:
    return np.array([state is State.ASSESSED for state in result.states], dtype=bool)


def _first(own: Truth, earlier: list[Truth]) -> Truth:
    """Of a tier only the first that holds is given."""
    return all_of([own, negation(any_of(earlier))]) if earlier else own


def _awards(each: _Judged, now: Truth, bounds: Truth, result: PartScores) -> list[Award]:
    made = []
    shares, settled = _shares(each, now, bounds, result)
    for row, state in enumerate(result.states):
        certain = bool(bounds.must[row])
        if state is State.ASSESSED and now.must[row]:
            pending = not (certain and settled)
        elif state is State.PROVISIONAL and certain and not _is_money(each.outcome):
            pending = False
        else:
            continue
        amount, count, price = _money(each, row, result)
        amount = shares.get(row, amount)
        zero = _rests_on(each, row)
        because = _because(each, row, result, zero)
        made.append(Award(row, each.outcome, because, amount, pending, bool(zero), zero, count, price))
    return made


def _shares(each: _Judged, now: Truth, bounds: Truth, result: PartScores) -> tuple[dict[int, int], bool]:
    """Of a fund, what each of those to whom it is given has of it: whole yuan, by largest remainder, the first of the
    roster where remainders are alike; and whether no open subject could change it."""
    fund = _money(each, 0, result)[0] if each.share is not None and result.states else None
    if each.share is None or fund is None:
        return {}, True
    rows = [row for row in range(len(result.states)) if now.must[row] and result.states[row] is State.ASSESSED]
    weights = {row: max(each.share.low.fraction(row) or Fraction(0), Fraction(0)) for row in rows}
    known = each.share_known is None or all(each.share_known[row] for row in rows)
    return divided(fund, weights), known and not result.more and bool((bounds.must == bounds.may).all())


def divided(fund: int, weights: Mapping[int, Fraction]) -> dict[int, int]:
    """A sum in whole yuan by weights, exactly, by largest remainder; nothing to anybody where no weight is above 0."""
    whole = sum(weights.values(), Fraction(0))
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {row: fund * weight / whole for row, weight in weights.items()}
    shares = {row: int(value) for row, value in exact.items()}
    rest = sorted(weights, key=lambda row: (shares[row] - exact[row], row))
    for row in rest[: fund - sum(shares.values())]:
        shares[row] += 1
    return shares


def _rests_on(each: _Judged, row: int) -> tuple[str, ...]:
    """The denominators that are 0 and without which the outcome would not be given: those of the condition, and
    those of the reasons where every reason that holds has one."""
    own = [name for name, empty in each.zero.items() if empty[row]]
    held = [
        [name for name, empty in masks.items() if empty[row]]
        for masks, (now, _) in zip(each.reasons_zero, each.reasons, strict=True)
        if now.must[row]
    ]
    return tuple(dict.fromkeys([*own, *(name for names in held for name in names if all(held))]))


def _parameter(outcome: Outcome, result: PartScores) -> Fraction | None:
    return next((each.value for each in result.scheme.parameters if each.id == outcome.parameter), None)


def _is_money(outcome: Outcome) -> bool:
    """Whether money goes with it, also where its sum is not settled yet."""
    return outcome.amount is not None or bool(outcome.count) or bool(outcome.parameter)


def _money(each: _Judged, row: int, result: PartScores) -> tuple[int | None, int | None, int | None]:
    """Amount, and where it is counted its count and price; whole yuan."""
    outcome = each.outcome
    if each.count is not None and outcome.price is not None:
        count, price = int(each.count.low.fraction(row) or 0), int(outcome.price)
        return count * price, count, price
    amount = _parameter(outcome, result) if outcome.parameter else outcome.amount
    return (None if amount is None else int(amount)), None, None


def _because(each: _Judged, row: int, result: PartScores, empty: tuple[str, ...]) -> str:
    """The outcome's own words, the reasons that hold, the facts, and what it rests on."""
    condition, said = each.condition, list[str]()
    trees = [condition.node, *(one for one in (condition.count, condition.share) if one is not None)]
    for node, reason, (now, bounds) in zip(condition.reasons, each.outcome.reasons, each.reasons, strict=True):
        if now.must[row]:
            said.append(reason.because + ("" if bounds.must[row] else "（阶段）"))
            trees.append(node)
    names = dict.fromkeys(name for tree in trees for name in refs(tree))
    facts = _telling([pair for name in names if (pair := _fact(name, row, result))])
    facts += [_place(one, row, result) for one in each.among]
    text = "；".join(said or [each.outcome.because]) + (f"（{'，'.join(facts)}）" if facts else "")
    if each.outcome.parameter and _parameter(each.outcome, result) is None:
        text += "；数额未定"
    if condition.share is not None:
        fund = _parameter(each.outcome, result) if each.outcome.parameter else each.outcome.amount
        text += f"；总额{int(fund or 0):,}元按{say(condition.share)}分"
    text += f"；{'、'.join(empty)}为0，视为达到" if empty else ""
    return captioned(text, [result.part])


def _telling(facts: list[tuple[str, bool]]) -> list[str]:
    """The facts worth saying: beside those that are not 0, a 0 says nothing; many of them say nothing either."""
    some_happened = any(not zero for _, zero in facts)
    return [text for text, zero in facts if not zero or (not some_happened and len(facts) < 4)]


def _fact(name: str, row: int, result: PartScores) -> tuple[str, bool] | None:
    """A fact in words, and whether it is a count of 0."""
    if name == TOTAL:
        total = result.total(row)
        return None if total is None else (f"总分{decimal(total)}分", False)
    if name == RANK:
        place = result.rank(row)
        mine = result.group(row)
        tied = sum(each == place and result.group(k) == mine for k, each in enumerate(result.totals.rank.listed))
        return None if place is None else (f"第{place}名" + (f"，并列{tied}个" if tied > 1 else ""), False)
    if name not in result.answers.columns:
        return None
    value = result.value(row, name)
    if not isinstance(value, (int, float)):
        return None
    return f"{name}{value}{'' if result.rules else _where(name, row, result)}", value == 0


def _where(name: str, row: int, result: PartScores) -> str:
    """The cell a fact stands in, said where no item says it."""
    source = result.answers.source(row, name)
    place = " ".join(part for part in (source.sheet or source.file, source.cell) if part)
    return f"〔{place}〕" if source.cell else ""


def _place(one: _Among, row: int, result: PartScores) -> str:
    """The place within the group, with the tie that lets more in than there are places."""
    place = one.places.low.fraction(row)
    if place is None:
        return ""
    mine = [k for k in range(len(one.members)) if one.members[k] and result.group(k) == result.group(row)]
    alike = sum(one.places.low.fraction(k) == place for k in mine)
    who = "人" if result.part.name == PERSONS else "个单位"
    tie = f"，并列{alike}{who}" if alike > 1 else ""
    over = one.most is not None and place + alike - 1 > one.most
    end = "，并列的一并列入" if over and tie else ""
    own = "本组" if result.part.groups else ""
    return f"{own}{one.group}的{who.removeprefix('个')}中第{place}名{tie}，名额{one.most}{end}"


def _targets(result: PartScores) -> tuple[dict[str, list[bool | None]], list[Finding]]:
    """Each target met or not by row, None where that is not known; rates on a denominator 0 are noted."""
    met, findings = dict[str, list[bool | None]](), list[Finding]()
    for each, node in targets(result.scheme, result.part, result.period):
        excused, zero = _own(node, result)
        held = truth(excused, result.bounds)
        met[each.id] = [bool(held.must[row]) if held.known[row] else None for row in range(len(result.states))]
        for row, state in enumerate(result.states):
            names = [name for name, test in zero if truth(test, result.now).must[row]]
            if names and state is State.ASSESSED:
                subject = result.subjects[row]
                facts = {"item": f"工作目标“{each.title}”", "names": "、".join(names)}
                findings.append(finding("zero-rate", Source(), subject.unit, **facts))
    return met, findings


def _settlements(result: PartScores, awards: list[Award]) -> dict[int, Settlement]:
    """What the fines of each assessed subject do to its deposit."""
    settling = [each for each in result.part.outcomes if each.settles and (result.period == YEAR or not each.annual)]
    if not result.part.deposit or not settling:
        return {}
    fines = dict.fromkeys(map(int, np.flatnonzero(_assessed(result))), 0)
    for award in awards:
        if award.outcome.settles and award.amount is not None and award.row in fines:
            fines[award.row] += award.amount
    deposit = result.part.deposit
    known = result.answers.known(deposit)
    return {row: Settlement(result.answers.value(row, deposit), fine) for row, fine in fines.items() if known[row]}


def _findings(result: PartScores) -> list[Finding]:
    """Optional facts that the office did not give, with the units concerned and what then holds."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for each in (each for each in result.part.inputs if each.optional and not each.asked):
        absent = tuple(
            result.subjects[row].label
            for row, state in enumerate(result.states)
            if state is State.ASSESSED and result.answers.state(row, each.cells[0]) is Cell.ABSENT
        )
        if absent:
            alike.setdefault((each.optional, absent), []).append(each.name)
    noun = "人" if result.part.name == PERSONS else "个单位"
    return [
        finding("optional-missing", name="、".join(names), units=some(absent, noun), then=then)
        for (then, absent), names in alike.items()
    ]
