"""What the outcomes of a part can cost, before anybody has filled anything in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ..formula import Node
from ..formula.evaluate import Frame, number, truth
from ..formula.exact import Exact, Interval, Truth, all_of, any_of, constant, negation, point
from ..formula.tree import TRUE, Apply, Ref, num
from ..model import Outcome, OutcomeKind, Part, Scheme
from ..rules.divisors import condition_of
from .conditions import ANY_VETO, RANK, Condition, conditions


class Cost(NamedTuple):
    """The least and the most that the rewards, or the fines, of a part come to in yuan, None where there is no bound;
    the outcomes whose amount is not settled, those counted without a limit, and whether a tie may cost more."""

    kind: str
    low: int
    high: int | None
    unsettled: tuple[str, ...] = ()
    endless: tuple[str, ...] = ()
    placed: bool = False


_Sums = list[tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class _Award:
    """An outcome over the subjects, from the first place to the last: where its condition holds, where it is given,
    the least and the most that it then brings."""

    condition: Condition
    held: Truth
    given: Truth
    sums: _Sums

    @property
    def outcome(self) -> Outcome:
        return self.condition.outcome


def costs(scheme: Scheme, part: Part, frame: Frame) -> list[Cost]:
    """What the rewards and the fines come to, if the rows of the frame are the subjects from the first place to the
    last: of a tier each has at most one, and no two share a place."""
    awards, made = list(_awards(scheme, part, frame)), list[Cost]()
    for kind, fines in (("奖励", False), ("处罚", True)):
        mine = [each for each in awards if _is_money(each.outcome, fines)]
        if mine:
            tiers = dict.fromkeys(map(_tier, (each.outcome for each in mine)))
            sums = [one for tier in tiers for one in _of_tier(tier, awards, fines)]
            low, high = _total(sums)
            made.append(Cost(kind, low, high, *_notes(scheme, mine)))
    return made


def _is_money(outcome: Outcome, fine: bool) -> bool:
    money = outcome.amount is not None or outcome.parameter or outcome.count
    return bool(money) and (outcome.kind is OutcomeKind.FINE) is fine


def _tier(outcome: Outcome) -> str:
    return outcome.tier or outcome.id


def _notes(scheme: Scheme, mine: Sequence[_Award]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    open_ = {each.id for each in scheme.parameters if each.value is None}
    unsettled = tuple(each.outcome.id for each in mine if each.outcome.parameter in open_)
    endless = tuple(each.outcome.id for each in mine if any(high is None for _, high in each.sums))
    return unsettled, endless, any(_orders(each.condition) for each in mine)


def _total(sums: _Sums) -> tuple[int, int | None]:
    highs = [high for _, high in sums if high is not None]
    return sum(low for low, _ in sums), sum(highs) if len(highs) == len(sums) else None


def _of_tier(tier: str, awards: Sequence[_Award], fines: bool) -> _Sums:
    """What each subject has of a tier: one of those that may be given, or nothing where none surely holds."""
    group = [each for each in awards if _tier(each.outcome) == tier]
    sure, made = any_of([each.held for each in group]).must, []
    for row in range(len(sure)):
        some = [each.sums[row] if _is_money(each.outcome, fines) else (0, 0) for each in group if each.given.may[row]]
        highs = [high for _, high in some if high is not None]
        low = min((low for low, _ in some), default=0) if sure[row] else 0
        made.append((low, max(highs, default=0) if len(highs) == len(some) else None))
    return made


# --- who may be given what

_ANY_RANK = "任一名次"
"""The place in an order of which nothing is known."""


def _awards(scheme: Scheme, part: Part, frame: Frame) -> Iterator[_Award]:
    bound, rows = conditions(scheme, part), frame.rows
    anywhere = Interval(constant(num(1).value, rows), constant(num(rows).value, rows))
    # of several groups each has a first: as many as there are groups, where these are of one size
    last, first = np.arange(1, rows + 1), np.arange(rows) // max(1, len(part.groups)) + 1
    places = Interval(Exact(first), Exact(last)) if part.groups else point(Exact(last))
    frame = replace(frame, values={**frame.values, RANK: places, _ANY_RANK: anywhere})
    tiers = dict[str, list[Truth]]()
    for each in bound:
        orders = set().union(*(_orders(one) for one in bound if _tier(one.outcome) == _tier(each.outcome)))
        held, sums = _held(each, frame, len(orders) == 1), _brings(scheme, each, frame)
        if sums is None:
            held, sums = _nobody(rows), [(0, 0)] * rows
        earlier = tiers.setdefault(_tier(each.outcome), [])
        given = all_of([held, negation(any_of(earlier))]) if earlier else held
        earlier.append(held)
        _stand(each.outcome, given, frame)
        yield _Award(each, held, given, _once(given, sums) if each.share is not None else sums)


def _once(given: Truth, sums: _Sums) -> _Sums:
    """A fund is paid once, whoever shares it."""
    row = int(np.argmax(given.must)) if given.must.any() else int(np.argmax(given.may))
    return [each if k == row else (0, 0) for k, each in enumerate(sums)]


def _nobody(rows: int) -> Truth:
    none = np.zeros(rows, dtype=bool)
    return Truth(none, none)


def _stand(outcome: Outcome, given: Truth, frame: Frame) -> None:
    """Later outcomes may ask for this one, and whether there was any veto."""
    frame.values[outcome.id] = given
    if outcome.kind is OutcomeKind.VETO:
        before = frame.values.get(ANY_VETO)
        frame.values[ANY_VETO] = any_of([before, given]) if isinstance(before, Truth) else given


def _held(each: Condition, frame: Frame, one_order: bool) -> Truth:
    """Where a condition holds; the rows are places of the order it speaks of, where there is only one."""

    def held(tree: Node) -> Truth:
        placed = _placed(tree, RANK if one_order else _ANY_RANK)
        return truth(condition_of(placed, each.outcome.punishes)[0], frame)

    made = held(each.node)
    if each.reasons:
        made = all_of([made, any_of([held(tree) for tree in each.reasons])])
    # whoever is not in the group has no place in it
    if any(isinstance(order, Apply) and order.args[1] != TRUE for order in _orders(each)):
        return Truth(_nobody(frame.rows).must, made.may)
    return made


def _orders(each: Condition) -> set[Node]:
    """The orders of subjects that a condition speaks of; one by 名次 is a single one."""
    return {node for tree in (each.node, *each.reasons) for node in _orders_in(tree)}


def _orders_in(node: Node) -> Iterator[Node]:
    if node == Ref(RANK) or _is_rank(node):
        yield node
    elif isinstance(node, Apply):
        for each in node.args:
            yield from _orders_in(each)


def _is_rank(node: Node) -> bool:
    return isinstance(node, Apply) and node.fn == "RANK"


def _placed(node: Node, place: str) -> Node:
    """The tree with the place of the row for every place that it asks for."""
    if node == Ref(RANK) or _is_rank(node):
        return Ref(place)
    return Apply(node.fn, tuple(_placed(arg, place) for arg in node.args)) if isinstance(node, Apply) else node


def _brings(scheme: Scheme, each: Condition, frame: Frame) -> _Sums | None:
    """What an outcome brings each subject, 0 where that is not settled; None where it is then not given."""
    outcome, value = each.outcome, each.outcome.amount
    if outcome.parameter:
        value = next((one.value for one in scheme.parameters if one.id == outcome.parameter), None)
        if value is None and outcome.needs_amount:
            return None
    if each.count is None or outcome.price is None:
        return [(int(value or 0), int(value or 0))] * frame.rows
    count, price, made = number(each.count, frame), int(outcome.price), _Sums()
    for row in range(frame.rows):
        low, high = count.low.fraction(row), count.high.fraction(row)
        made.append((price * max(0, int(low or 0)), None if high is None else price * max(0, int(high))))
    return made
