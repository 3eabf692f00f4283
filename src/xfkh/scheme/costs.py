"""What the outcomes of a part can cost, before anybody has filled anything in.

What a subject is paid is one formula, so that of awards of which only one can be given one is counted. It is looked at
for the subjects of every group, and for each place that its conditions tell apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..formula import Node
from ..formula.cases import between, span
from ..formula.evaluate import Frame
from ..formula.exact import Truth
from ..formula.say import say
from ..formula.tree import COMPARISONS, FALSE, TRUE, Apply, Number, Ref, both, num, refs, total, walk
from ..model import Outcome, OutcomeKind, Part, Scheme
from ..rules.divisors import condition_of
from .conditions import ANY_VETO, APART, RANK, Condition, by_place, conditions, unplaced


class Cost(NamedTuple):
    """The least and the most that the rewards, or the fines, of a part come to in yuan, None where there is no bound;
    the outcomes whose amount is not settled, those counted without a limit, and whether a tie may cost more.

    Of one person: what he may have but for a share of a fund; ``shared`` names the funds, which come to no more than
    ``fund``, and ``placed_of`` what only so many have as there are places, which comes to no more than ``places``."""

    kind: str
    low: int
    high: int | None
    unsettled: tuple[str, ...] = ()
    endless: tuple[str, ...] = ()
    placed: bool = False
    shared: tuple[str, ...] = ()
    fund: int = 0
    placed_of: tuple[str, ...] = ()
    places: int = 0


@dataclass(frozen=True, slots=True)
class _Award:
    """An outcome: when its condition holds and what it then brings, in yuan, as trees that name no other outcome."""

    condition: Condition
    held: Node
    given: Node
    brings: Node

    @property
    def outcome(self) -> Outcome:
        return self.condition.outcome

    def is_money(self, fine: bool) -> bool:
        money = self.outcome.amount is not None or self.outcome.parameter or self.outcome.count
        return bool(money) and (self.outcome.kind is OutcomeKind.FINE) is fine


_Ends = tuple[int, int | None]


def costs(scheme: Scheme, part: Part, frames: Sequence[Frame], units: int | None = None) -> list[Cost]:
    """What the rewards and the fines come to for so many subjects, however they are divided among the groups, or (None)
    for one of as many as there may be. A frame stands for any subject of a group; of a tier each has at most one, and
    no two of a group share a place."""
    awards, made = list(_awards(scheme, part)), list[Cost]()
    for kind, fine in (("奖励", False), ("处罚", True)):
        mine = [each for each in awards if each.is_money(fine)]
        if not mine:
            continue
        shared = [each for each in mine if each.condition.share is not None]
        own = [each for each in mine if each.condition.share is None]
        found = Cost(kind, 0, 0, *_notes(scheme, mine, frames))
        fund_low, fund = _funds(shared, frames, units)
        if units is None:
            names = tuple(each.outcome.id for each in shared)
            made.append(_of_one(found._replace(shared=names, fund=fund), awards, own, frames))
        else:
            low, high = _of_all(_trees(awards, own), frames, units)
            made.append(found._replace(low=low + fund_low, high=None if high is None else high + fund))
    return made


def _notes(
    scheme: Scheme, mine: Sequence[_Award], frames: Sequence[Frame]
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    open_ = {each.id for each in scheme.parameters if each.value is None}
    unsettled = tuple(each.outcome.id for each in mine if each.outcome.parameter in open_)
    endless = tuple(each.outcome.id for each in mine
                    if any(_ends([_paid(each)], frame, (1, None))[1] is None for frame in frames))  # fmt: skip
    # a fund comes to no more by a tie
    paid = [each.condition for each in mine if each.condition.share is None]
    return unsettled, endless, any(_orders([each.node, *each.reasons]) for each in paid)


# --- what is given to whom


def _awards(scheme: Scheme, part: Part) -> Iterator[_Award]:
    known, tiers, vetoes = dict[Node, Node](), dict[str, list[Node]](), list[Node]()
    for each in conditions(scheme, part):
        brings = _brings(scheme, each)
        held = FALSE if brings is None else _put(_held(each, bool(part.apart)), known)
        earlier = tiers.setdefault(_tier(each.outcome), [])
        given = both([held, *(Apply("NOT", (one,)) for one in earlier)])
        earlier.append(held)
        # later outcomes may ask for this one, and whether there was any veto
        known[Ref(each.outcome.id, "是否")] = given
        if each.outcome.kind is OutcomeKind.VETO:
            vetoes.append(given)
            known[Ref(ANY_VETO, "是否")] = Apply("OR", tuple(vetoes)) if len(vetoes) > 1 else given
        yield _Award(each, held, given, num(0) if brings is None else brings)


def _tier(outcome: Outcome) -> str:
    return outcome.tier or outcome.id


def _held(each: Condition, apart: bool) -> Node:
    """When an outcome is given but for those before it; to who is listed apart only where totals and places are
    nothing to it."""
    own, *reasons = (_own(tree, each.outcome.punishes, apart) for tree in (each.node, *each.reasons))
    weighed = [tree for tree in (each.count, each.share) if tree is not None]
    above = [Apply(">", (each.share, num(0)))] if each.share is not None else []
    ranked = [_LISTED] if apart and any(map(by_place, weighed)) else []
    any_reason = [Apply("OR", tuple(reasons))] if len(reasons) > 1 else reasons
    return both([own, *any_reason, *ranked, *above])


def _own(tree: Node, punishes: bool, apart: bool) -> Node:
    held = condition_of(tree, punishes)[0]
    # whoever is not in the group has no place in it
    some = [order for order in _orders([held]) if isinstance(order, Apply) and order.args[1] != TRUE]
    placed = both([*(Ref(f"{_AMONG}{say(order)}", "是否") for order in some), held])
    return Apply("IF", (_APART, unplaced(held), placed)) if apart and by_place(held) else placed


_APART = Ref(APART, "是否")
_LISTED = Apply("NOT", (_APART,))


def _brings(scheme: Scheme, each: Condition) -> Node | None:
    """What an outcome brings, 0 where that is not settled; None where it is then not given."""
    outcome, value = each.outcome, each.outcome.amount
    if outcome.parameter:
        value = next((one.value for one in scheme.parameters if one.id == outcome.parameter), None)
        if value is None and outcome.needs_amount:
            return None
    if each.count is None or outcome.price is None:
        return num(int(value or 0))
    whole = Apply("MAX", (num(0), Apply("INT", (each.count,))))
    return Apply("*", (whole, num(int(outcome.price))))


def _put(node: Node, known: Mapping[Node, Node]) -> Node:
    """The tree with what is known in place of its parts."""
    if node in known:
        return known[node]
    return replace(node, args=tuple(_put(arg, known) for arg in node.args)) if isinstance(node, Apply) else node


# --- what that comes to


def _paid(each: _Award) -> Node:
    return Apply("IF", (each.given, each.brings, num(0)))


def _trees(awards: Sequence[_Award], paid: Sequence[_Award]) -> list[Node]:
    """What a subject is paid of each tier: by the first of it that holds, nothing where that is another's."""
    tiers = dict[str, Node]()
    wanted = {_tier(each.outcome) for each in paid}
    for each in reversed(awards):
        tier = _tier(each.outcome)
        if tier in wanted:
            brings = each.brings if each in paid else num(0)
            tiers[tier] = Apply("IF", (each.held, brings, tiers.get(tier, num(0))))
    return list(reversed(tiers.values()))


def _of_one(found: Cost, awards: Sequence[_Award], own: Sequence[_Award], frames: Sequence[Frame]) -> Cost:
    """Of one person at any place; of what goes by place also what comes of all the places together."""
    ends = [_ends(_trees(awards, own), frame, (1, None)) for frame in frames]
    highs = [high for _, high in ends]
    placed = [each for each in own if _is_limited(each, frames)]
    places = sum(_up_to_last(_trees(awards, placed), frame) for frame in frames) if placed else 0
    return found._replace(
        low=min(low for low, _ in ends),
        high=None if None in highs else max(high for high in highs if high is not None),
        placed_of=tuple(each.outcome.id for each in placed),
        places=places,
    )


def _is_limited(each: _Award, frames: Sequence[Frame]) -> bool:
    """Whether nobody has an outcome beyond some place, and somebody has it before."""
    trees = [_paid(each)]
    if len(_orders(trees)) != 1:
        return False
    last = _stretches(trees, None)[-1]
    return all(_ends(trees, frame, last)[1] == 0 for frame in frames)


def _up_to_last(trees: Sequence[Node], frame: Frame) -> int:
    """The most that all places together bring, where the last stretch brings nothing."""
    made = 0
    for cluster in _clusters(trees):
        for first, last in _stretches(cluster, None)[:-1]:
            made += (_ends(cluster, frame, (first, last))[1] or 0) * ((last or first) - first + 1)
    return made


def _funds(shared: Sequence[_Award], frames: Sequence[Frame], units: int | None) -> tuple[int, int]:
    """A fund is paid once, whoever shares it."""
    low = high = 0
    for each in shared:
        trees = [_paid(each)]
        first = [_ends(trees, frame, _stretches(trees, units)[0])[0] for frame in frames]
        low += min(first)
        high += max(_ends(trees, frame, stretch)[1] or 0 for frame in frames for stretch in _stretches(trees, units))
    return low, high


_Sums = npt.NDArray[Any]


def _of_all(trees: Sequence[Node], frames: Sequence[Frame], units: int) -> _Ends:
    """The least and the most of so many subjects, over all ways to divide them among the groups."""
    sums = [_by_number(trees, frame, units) for frame in frames]
    low = reduce(lambda a, b: _divided(a, b, np.minimum), (low for low, _ in sums))
    highs = [high for _, high in sums if high is not None]
    if len(highs) < len(sums):
        return int(low[-1]), None
    return int(low[-1]), int(reduce(lambda a, b: _divided(a, b, np.maximum), highs)[-1])


def _divided(one: _Sums, other: _Sums, best: Callable[..., Any]) -> _Sums:
    """What two groups together come to, by the number of subjects of both."""
    return np.array(
        [best.reduce(one[: n + 1] + other[n::-1]) for n in range(len(one))],  # type: ignore[attr-defined]
        dtype=one.dtype,
    )


def _by_number(trees: Sequence[Node], frame: Frame, units: int) -> tuple[_Sums, _Sums | None]:
    """What the first of a group come to at least and at most, by how many it has, from none on."""
    lows, highs, endless = [0] * units, [0] * units, False
    for cluster in _clusters(trees):
        for first, last in _stretches(cluster, units):
            low, high = _ends(cluster, frame, (first, last))
            endless |= high is None
            for place in range(first - 1, last or units):
                lows[place] += low
                highs[place] += high or 0
    return _added(lows), None if endless else _added(highs)


def _added(values: list[int]) -> _Sums:
    # of sums beyond what 64 bits hold Python keeps the digits
    kind = object if sum(values) > _LARGEST else np.int64
    return np.concatenate([np.zeros(1, kind), np.cumsum(np.array(values, kind))])


_LARGEST = 2**60


# --- places

_PLACE, _ANY_PLACE = "所在名次", "任一名次 "
"""The place of a subject in the order that trees speak of; before one of several orders: in that."""
_AMONG = "列入 "
"""Before an order of some only: whether a subject is in it."""
_ALONE = 30
"""So many places each by itself, where conditions do not compare them with numbers only."""


def _orders(trees: Iterable[Node]) -> set[Node]:
    """The orders of subjects that trees speak of; one by 名次 is a single one."""
    return {node for tree in trees for node in _orders_in(tree)}


def _orders_in(node: Node) -> Iterator[Node]:
    if node == Ref(RANK) or _is_rank(node):
        yield node
    elif isinstance(node, Apply):
        for each in node.args:
            yield from _orders_in(each)


def _is_rank(node: Node) -> bool:
    return isinstance(node, Apply) and node.fn == "RANK"


def _clusters(trees: Sequence[Node]) -> list[list[Node]]:
    """The trees that speak of one order together, with those that speak of none."""
    made, unplaced_ = dict[Node, list[Node]](), list[Node]()
    mixed = list[list[Node]]()
    for tree in trees:
        match [*_orders([tree])]:
            case []:
                unplaced_.append(tree)
            case [order]:
                made.setdefault(order, []).append(tree)
            case _:
                mixed.append([tree])
    if not unplaced_:
        return [*made.values(), *mixed]
    home = Ref(RANK) if Ref(RANK) in made else next(iter(made), Ref(RANK))
    made.setdefault(home, []).extend(unplaced_)
    return [*made.values(), *mixed]


def _placed(trees: Sequence[Node]) -> Node:
    """The sum of trees with the subject's place for what each of them asks for."""
    orders = _orders(trees)
    alone = len(orders) == 1
    # a place in one order says nothing of that in another
    places = {order: Ref(_PLACE if alone else f"{_ANY_PLACE}{say(order)}") for order in orders}
    return _put(total(list(trees)), places)


def _stretches(trees: Sequence[Node], units: int | None) -> list[tuple[int, int | None]]:
    """The places that conditions tell apart: from which to which, of so many; the last without an end where there may
    be any number."""
    tree, starts = _placed(trees), {1}
    uses = sum(node == Ref(_PLACE) for node in walk(tree))
    for node in walk(tree):
        match node:
            case Apply(fn, (Ref(name), Number(edge)) | (Number(edge), Ref(name))) if fn in COMPARISONS:
                if name == _PLACE:
                    starts |= {ceil(edge), floor(edge) + 1}
                    uses -= 1
    if uses:
        starts |= set(range(1, _ALONE + 2))
    ordered: list[int | None] = [*sorted(each for each in starts if 1 <= each <= (units or each)), None]
    return [(first, units if after is None else after - 1) for first, after in pairwise(ordered) if first is not None]


def _ends(trees: Sequence[Node], frame: Frame, places: tuple[int, int | None]) -> _Ends:
    """The least and the most, in yuan, that trees together come to for a subject at one of some places."""
    tree, (first, last) = _placed(trees), places
    names = refs(tree)
    anywhere = {name: between((Fraction(1), None)) for name in names if name.startswith(_ANY_PLACE)}
    among = {name: _OPEN for name in names if name.startswith(_AMONG)}
    place = between((Fraction(first), None if last is None else Fraction(last)))
    own = replace(frame, values={**frame.values, **anywhere, **among, _PLACE: place})
    low, high = span(tree, own)
    return int(low or 0), None if high is None else int(high)


_OPEN = Truth(np.zeros(1, dtype=bool), np.ones(1, dtype=bool))
