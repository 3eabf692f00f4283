"""The conditions of targets and outcomes, bound to cells: what each may speak of, in the order in which they hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from ..formula import FormulaError, Node, Symbol, formula
from ..formula.tree import TRUE, Apply, Number, both, refs
from ..model import YEAR, Outcome, OutcomeKind, Part, Scheme, Target
from ..rules import vocabulary

TOTAL, RANK = "总分", "名次"
ANY_VETO = str(OutcomeKind.VETO)


class Where(NamedTuple):
    """Where a formula stands: the table and id of what it belongs to, the field, and which of several there."""

    table: str = ""
    id: str = ""
    field: str = "condition"
    piece: int | None = None


Faults = list[tuple[Where, FormulaError]]


@dataclass(frozen=True, slots=True)
class Condition:
    """An outcome's condition, its reasons (any of which must hold too) and what is counted, as trees."""

    outcome: Outcome
    node: Node
    reasons: tuple[Node, ...] = ()
    count: Node | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """The names it reads: cells, 总分, 名次, earlier outcomes."""
        trees = [self.node, *self.reasons, *([self.count] if self.count else [])]
        return tuple(dict.fromkeys(name for tree in trees for name in refs(tree)))


def total_of(scheme: Scheme, part: Part, period: str = YEAR) -> Node | None:
    """The total of a part whose points come from one input, rounded to 2 decimals; None where lines add up to it."""
    if not part.total:
        return None
    return Apply("ROUND", (formula(part.total, vocabulary(scheme, part, period), "数"), Number(Fraction(2))))


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
    return names


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
        if None not in trees and (count is not None or not each.count):
            made.append(_condition(each, [tree for tree in trees if tree is not None], count))
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


def conjuncts(node: Node) -> frozenset[Node]:
    """The conditions that must all hold."""
    if isinstance(node, Apply) and node.fn == "AND":
        return frozenset(each for arg in node.args for each in conjuncts(arg))
    return frozenset([node])


def within(scheme: Scheme, period: str) -> Scheme:
    """The scheme as it can be judged in a period: without the checks, targets and outcomes that read months or
    quarters outside it, and the outcomes that rest on these."""
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
            return part
        part = replace(part, outcomes=tuple(each for each in part.outcomes if each.id in bound))
