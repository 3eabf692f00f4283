"""The conditions of targets and outcomes, bound to cells: what each may speak of, in the order in which they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from ..formula import FormulaError, Node, Symbol, formula, parse
from ..formula.excel import spans_units
from ..formula.say import say
from ..formula.tree import COMPARISONS, FALSE, TRUE, Apply, Number, both, refs
from ..model import YEAR, Outcome, OutcomeKind, Part, Scheme, Target, captioned
from ..rules import vocabulary
from ..rules.divisors import condition_of, met_within

TOTAL, RANK, APART, LAST = "总分", "名次", "单列", "排到最后"
ANY_VETO = str(OutcomeKind.VETO)
CONVERTED, PLAIN = "折算", "不折算"
"""What becomes of the total where an item does not count: brought to the full marks of the group, or left."""


class Where(NamedTuple):
    """Where a formula stands: the table and id of what it belongs to, the field, and which of several there."""

    table: str = ""
    id: str = ""
    field: str = "condition"
    piece: int | None = None


Faults = list[tuple[Where, FormulaError]]


def most_of(outcome: Outcome) -> Fraction | None:
    """The most that an outcome by count comes to, where its count is the lesser of something and a number."""
    node = parse(outcome.count) if outcome.count else None
    if outcome.price is None or not isinstance(node, Apply) or node.fn != "MIN":
        return None
    limits = [each.value for each in node.args if isinstance(each, Number)]
    return min(limits) * outcome.price if limits else None


@dataclass(frozen=True, slots=True)
class Condition:
    """An outcome's condition, its reasons (any of which must hold too), what is counted and by what a fund is shared,
    as trees."""

    outcome: Outcome
    node: Node
    reasons: tuple[Node, ...] = ()
    count: Node | None = None
    share: Node | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """The names it reads: cells, 总分, 名次, earlier outcomes."""
        trees = [self.node, *self.reasons, *(each for each in (self.count, self.share) if each is not None)]
        return tuple(dict.fromkeys(name for tree in trees for name in refs(tree)))


def total_of(scheme: Scheme, part: Part, period: str = YEAR) -> Node | None:
    """The total of a part whose points come from one input, rounded to 2 decimals; None where lines add up to it."""
    if not part.total:
        return None
    return Apply("ROUND", (formula(part.total, vocabulary(scheme, part, period), "数"), Number(Fraction(2))))


def apart_of(scheme: Scheme, part: Part, period: str = YEAR) -> Node | None:
    """The condition under which a subject is listed apart; None where nobody is."""
    return formula(part.apart, vocabulary(scheme, part, period), "是否") if part.apart else None


def last_of(scheme: Scheme, part: Part, period: str = YEAR) -> Node | None:
    """The condition under which a subject is ranked behind all others, whatever its points; None where nobody is. A
    rate without a denominator puts nobody there (口径), as it punishes nobody.

    Raises FormulaError, also where it rests on what is known only once there are places.
    """
    if not part.last:
        return None
    vetoes = [each for each in conditions(scheme, part, period, []) if each.outcome.kind is OutcomeKind.VETO]
    met = tuple(_met(each) for each in vetoes if due(scheme, each.outcome, period))
    node = _last(scheme, part, period, Symbol("是否", tree=Apply("OR", met) if met else FALSE))
    if ANY_VETO in refs(last_said(scheme, part, period)):
        _decided_first(scheme, part, period, vetoes)
    late = _late(scheme, part, period).intersection(refs(node))
    if late:
        raise FormulaError(f"谁排到最后先定，再排名次：不能用总分、名次，也不能用看它们的（{'、'.join(sorted(late))}）")
    return condition_of(node, punishes=True)[0]


def last_said(scheme: Scheme, part: Part, period: str = YEAR) -> Node:
    """The same as its author wrote it, 一票否决 as a name. Raises FormulaError."""
    return _last(scheme, part, period, Symbol("是否", cells=(ANY_VETO,)))


def _last(scheme: Scheme, part: Part, period: str, veto: Symbol) -> Node:
    named = {each.id: Symbol("是否", tree=node) for each, node in targets(scheme, part, period, [])}
    return formula(part.last, {**named, **vocabulary(scheme, part, period), ANY_VETO: veto}, "是否")


def _met(veto: Condition) -> Node:
    """When a veto holds: its condition and, where it has reasons, any of them."""
    return condition_of(both([veto.node, *([Apply("OR", veto.reasons)] if veto.reasons else [])]), punishes=True)[0]


def _decided_first(scheme: Scheme, part: Part, period: str, vetoes: Sequence[Condition]) -> None:
    """Raises FormulaError for a veto that can be told only after the places, or after another outcome."""
    known = {*vocabulary(scheme, part, period), *(each.id for each in part.targets)}
    others = {ANY_VETO, *(each.id for each in part.outcomes)} - known
    late = _late(scheme, part, period)
    for each in vetoes:
        ids = [one.id for one in part.outcomes[: part.outcomes.index(each.outcome)]
               if each.outcome.tier and one.tier == each.outcome.tier and one.kind is not OutcomeKind.VETO]  # fmt: skip
        rests = [*(name for name in each.reads if name in late | others), *ids]
        if rests:
            why = f"「{each.outcome.id}」要看{'、'.join(dict.fromkeys(rests))}，排名次以前还不知道："
            how = "不写 一票否决，改写只看填报项的条件，几个的用 OR 连起来"
            raise FormulaError(f"一票否决里的{why}{how}", max(0, part.last.find(ANY_VETO)))


def due(scheme: Scheme, outcome: Outcome, period: str) -> bool:
    """Whether an outcome can be given at all: in this period, and with the amount that it needs."""
    if outcome.annual and period != YEAR:
        return False
    return not outcome.needs_amount or any(
        each.id == outcome.parameter and each.value is not None for each in scheme.parameters
    )


def _late(scheme: Scheme, part: Part, period: str) -> set[str]:
    """What is there only with the places: these, the total, and the input that gives it."""
    whole = None
    with suppress(FormulaError):  # said of the total itself
        whole = total_of(scheme, part, period)
    return {TOTAL, RANK, *(refs(whole) if whole is not None else ())}


def standings(scheme: Scheme) -> list[str]:
    """Who is ranked with whom, what becomes of the total where an item does not count, who is listed apart or last."""
    said = list[str]()
    for part in scheme.parts:
        if part.groups:
            said.append(f"分组排名次：{'、'.join(part.groups)}各排各的，名次加分也在本组里比")
        if part.shrunk == CONVERTED:
            said.append("有指标不计入的，基本分÷计入的满分×本组满分，取两位小数；加减分不折算。填报表上的合计没有折算")
        elif part.shrunk:
            said.append("有指标不计入的，满分相应减少，总分不折算")
        node = apart_of(scheme, part)
        said += [] if node is None else [f"{captioned(say(node), [part])}的单列，不排名次，不按总分和名次奖惩"]
        if part.last:
            others = "本组别的单位" if part.groups else "别的单位"
            who = captioned(say(last_said(scheme, part)), [part]).replace(f"{ANY_VETO}为“是”", f"被{ANY_VETO}")
            said.append(f"{who}的排到最后：总分照算，名次排在{others}后面，他们之间按总分排")
    return said


def targets(scheme: Scheme, part: Part, period: str = YEAR, faults: Faults | None = None) -> list[tuple[Target, Node]]:
    """The targets with their conditions; a fault is raised, or gathered in ``faults``."""
    names, made = _base(scheme, part, period), []
    for each in part.targets:
        node = _bound(Where("target", each.id), each.condition, names, faults)
        made += [] if node is None else [(each, node)]
    return made


def outcome_names(scheme: Scheme, part: Part, period: str = YEAR, faults: Faults | None = None) -> dict[str, Symbol]:
    """What the condition of an outcome may speak of: the inputs, 总分, 名次 and the targets."""
    named = {each.id: Symbol("是否", tree=node) for each, node in targets(scheme, part, period, faults)}
    return {**named, **_base(scheme, part, period)}


def _base(scheme: Scheme, part: Part, period: str) -> dict[str, Symbol]:
    names = vocabulary(scheme, part, period)
    names[TOTAL] = Symbol(cells=(TOTAL,), low=None, decimals=2)
    names[RANK] = Symbol(cells=(RANK,), low=Fraction(1))
    if part.apart:
        names[APART] = Symbol("是否", cells=(APART,))
    return names


def beyond(scheme: Scheme, part: Part, period: str = YEAR) -> set[str]:
    """The cells that something reads which is no line: the total, targets, outcomes, groups, who is listed apart
    or last."""
    trees = [node for _, node in targets(scheme, part, period)]
    of_part = (bind(scheme, part, period) for bind in (total_of, apart_of, last_of))
    trees += [each for each in of_part if each is not None]
    read = {name for tree in trees for name in refs(tree)}
    for each in conditions(scheme, part, period):
        if period == YEAR or not each.outcome.annual:
            read.update(each.reads)
    return read | ({part.group} if part.group else set())


def conditions(scheme: Scheme, part: Part, period: str = YEAR, faults: Faults | None = None) -> list[Condition]:
    """The conditions in the scheme's order; each may also name the outcomes before it, and 一票否决.

    Raises FormulaError, or gathers the faults where a list for them is given.
    """
    names, made = outcome_names(scheme, part, period, []), []
    for each in part.outcomes:
        where = Where("outcome", each.id)
        trees = [_bound(where, each.condition, names, faults)] if each.condition else []
        for k, one in enumerate(each.reasons):
            trees.append(_bound(where._replace(piece=k), one.condition, names, faults))
        count = _bound(where._replace(field="count"), each.count, names, faults, "数") if each.count else None
        share = _bound(where._replace(field="share"), each.share, names, faults, "数") if each.share else None
        count = count and met_within(count)
        if None not in trees and (count is not None or not each.count) and (share is not None or not each.share):
            made.append(replace(_condition(each, [tree for tree in trees if tree is not None], count), share=share))
        names.setdefault(each.id, Symbol("是否", cells=(each.id,)))
        if each.kind is OutcomeKind.VETO:
            names.setdefault(ANY_VETO, Symbol("是否", cells=(ANY_VETO,)))
    return made


def _condition(each: Outcome, trees: list[Node], count: Node | None) -> Condition:
    own = trees[: bool(each.condition)]
    happened = [] if count is None else [Apply(">", (count, Number(Fraction(0))))]
    return Condition(each, both([*own, *happened]) if own or happened else TRUE, tuple(trees[len(own) :]), count)


def _bound(where: Where, text: str, names: dict[str, Symbol], faults: Faults | None, type: str = "是否") -> Node | None:
    try:
        return formula(text, names, type)  # type: ignore[arg-type]
    except FormulaError as error:
        if faults is None:
            raise
        faults.append((where, error))
        return None


def by_place(node: Node) -> bool:
    """Whether a tree rests on the total or on a place among others."""
    return bool({TOTAL, RANK} & set(refs(node))) or spans_units(node)


def unplaced(node: Node) -> Node:
    """When a condition holds whatever the total and the places are: every comparison of them turns out either way."""
    return both([_decided(node, turns) for turns in (TRUE, FALSE)])


def _decided(node: Node, turns: Node) -> Node:
    match node:
        case Apply(fn, _) if fn in COMPARISONS:
            return turns if by_place(node) else node
        case Apply(_, args):
            return replace(node, args=tuple(_decided(each, turns) for each in args))
    return node


def conjuncts(node: Node) -> frozenset[Node]:
    """The conditions that must all hold."""
    if isinstance(node, Apply) and node.fn == "AND":
        return frozenset(each for arg in node.args for each in conjuncts(arg))
    return frozenset([node])


def within(scheme: Scheme, period: str) -> Scheme:
    """The scheme as it can be judged in a period: without the checks, targets and outcomes that read months or
    quarters outside it, and the outcomes that rest on these; nobody is listed apart, or last, by such either."""
    if period == YEAR:
        return scheme
    return replace(scheme, parts=tuple(_part_within(scheme, part, period) for part in scheme.parts))


def _part_within(scheme: Scheme, part: Part, period: str) -> Part:
    names = vocabulary(scheme, part, period)
    checks = tuple(each for each in part.checks if _bound(Where(), each.condition, names, []) is not None)
    kept = {each.id for each, _ in targets(scheme, part, period, [])}
    part = replace(part, checks=checks, targets=tuple(each for each in part.targets if each.id in kept))
    while True:
        bound = {each.outcome.id for each in conditions(scheme, part, period, [])}
        if len(bound) == len(part.outcomes):
            break
        part = replace(part, outcomes=tuple(each for each in part.outcomes if each.id in bound))
    part = part if _binds(apart_of, scheme, part, period) else replace(part, apart="")
    return part if _binds(last_of, scheme, part, period) else replace(part, last="")


def _binds(bind: Callable[[Scheme, Part, str], Node | None], scheme: Scheme, part: Part, period: str) -> bool:
    try:
        bind(scheme, part, period)
    except FormulaError:
        return False
    return True
