"""What can be wrong with outcomes among themselves: their order, their tiers, their money."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ..findings import Finding, finding
from ..formula import FormulaError, Node, parse, refs
from ..formula.parse import NAME
from ..formula.say import say
from ..formula.tree import TRUE, Apply, Number
from ..model import Outcome, OutcomeKind, Part, Scheme
from ..rules.lines import met_by_nothing
from .conditions import ANY_VETO, Condition, Where, conditions, conjuncts
from .places import WORDS, Places

MONEY = (OutcomeKind.REWARD, OutcomeKind.FINE)
"""The kinds of outcome that are money by their name."""


# --- what comes before what


def name_at(part: Part, where: Where, fault: FormulaError) -> str:
    """The name at which a condition of an outcome or a target fails; empty where it is no name."""
    found = NAME.match(text_at(part, where), fault.position)
    return found[0] if found else ""


def text_at(part: Part, where: Where) -> str:
    """The formula that stands there."""
    if where.table == "check":
        return where.id
    if where.table == "part":
        return str(getattr(part, where.field))
    if where.table == "target":
        return next((each.condition for each in part.targets if each.id == where.id), "")
    outcome = next((each for each in part.outcomes if each.id == where.id), None)
    if outcome is None:
        return ""
    if where.piece is not None:
        return outcome.reasons[where.piece].condition
    return {"count": outcome.count, "share": outcome.share}.get(where.field, outcome.condition)


def misplaced(part: Part, where: Where, name: str) -> str:
    """Why a condition may not speak of what there is under this name; empty where there is nothing."""
    ids = [each.id for each in part.outcomes]
    if where.table == "target":
        known = {*ids, *(each.id for each in part.targets)}
        return "工作目标的条件里不能用别的工作目标和结果运用" if name in known else ""
    if where.table != "outcome":
        return ""
    if name == where.id:
        return f"结果运用「{name}」就是它自己"
    if name == ANY_VETO:
        return "排在它前面的结果运用，没有一项是一票否决"
    if name not in ids:
        return ""
    if where.id in _speaks_of(part.outcomes[ids.index(name)]):
        return f"结果运用「{name}」排在后面，它的条件又用到这一项，两个互相引用"
    return f"结果运用「{name}」排在后面"


def _speaks_of(outcome: Outcome) -> set[str]:
    """The names in the conditions of an outcome, as far as they can be read."""
    made = set[str]()
    for text in (outcome.condition, outcome.count, outcome.share, *(each.condition for each in outcome.reasons)):
        try:
            made.update(refs(parse(text)) if text else ())
        except FormulaError:
            continue
    return made


# --- tiers


def tiers_in_order(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Of a tier only the first that holds is given: one that holds only where an earlier one does never is."""
    bound = conditions(scheme, part, faults=[])
    for k, later in enumerate(bound):
        tier = later.outcome.tier
        before = [j for j, each in enumerate(bound[:k]) if tier and each.outcome.tier == tier]
        covering = next((bound[j] for j in before if _covers(bound[j], later, bound[j:k])), None)
        if covering:
            place = at.at(part.name, "outcome", later.outcome, "condition")
            facts = {"where": f"{WORDS['outcome']} {later.outcome.id}", "other": covering.outcome.id}
            yield finding("scheme-tier", place, **facts)


def _covers(first: Condition, later: Condition, between: list[Condition]) -> bool:
    """Whether the first surely holds wherever the later does, and is given then."""
    one, two = first.outcome, later.outcome
    if first.reasons or one.needs_amount or (one.annual and not two.annual):
        return False
    # what 一票否决 means may have changed on the way
    if ANY_VETO in later.reads and any(each.outcome.kind is OutcomeKind.VETO for each in between):
        return False
    known = conjuncts(later.node)
    wanted = conjuncts(first.node) - {TRUE}
    return all(each in known or any(_implies(own, each) for own in known) for each in wanted)


class _Bound(NamedTuple):
    """``what`` lies above (``sign`` 1) or below (-1) a number, or on it unless ``strict``."""

    what: Node
    sign: int
    edge: Fraction
    strict: bool


_MIRRORED = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "=": "="}
_SIGNS = {">=": (1,), ">": (1,), "<=": (-1,), "<": (-1,), "=": (1, -1)}


def _bounds(node: Node) -> list[_Bound]:
    """A comparison with a number, as the bounds that it sets."""
    match node:
        case Apply(fn, (Number(edge), what)) if fn in _MIRRORED and not isinstance(what, Number):
            fn = _MIRRORED[fn]
        case Apply(fn, (what, Number(edge))) if fn in _SIGNS:
            pass
        case _:
            return []
    return [_Bound(what, sign, edge, fn in ("<", ">")) for sign in _SIGNS[fn]]


def _implies(own: Node, wanted: Node) -> bool:
    """Whether one threshold lies within another of the same thing."""
    known, asked = _bounds(own), _bounds(wanted)
    return bool(asked) and all(any(_within(each, one) for each in known) for one in asked)


def _within(own: _Bound, wanted: _Bound) -> bool:
    if (own.what, own.sign) != (wanted.what, wanted.sign):
        return False
    if own.edge == wanted.edge:
        return own.strict or not wanted.strict
    return (own.edge - wanted.edge) * own.sign > 0


# --- what did not happen


HARSH = {OutcomeKind.FINE: "受处罚", OutcomeKind.VETO: "被一票否决", OutcomeKind.ACCOUNTABILITY: "被问责"}
"""What becomes of whom a condition of these kinds meets."""


def met_by_nothing_told(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """A rate over nothing counts as met: of what punishes, nobody means that."""
    for each in (each for each in conditions(scheme, part, faults=[]) if each.outcome.kind in HARSH):
        told = list[Node]()
        for piece, reason in enumerate([TRUE, *each.reasons], -1):
            terms = [*conjuncts(each.node), *conjuncts(reason)]
            names = "、".join(say(one) for one in met_by_nothing(terms) if one not in told)
            told += met_by_nothing(terms)
            if names:
                place = at.at(part.name, "outcome", each.outcome, "condition", piece if piece >= 0 else None)
                where, what = f"{WORDS['outcome']} {each.outcome.id}", HARSH[each.outcome.kind]
                yield finding("scheme-nothing", place, where=where, names=names, what=what)


# --- money


def money_has_amount(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """A reward or a fine says how much, or by what it is counted; 0 is no money."""
    for each in part.outcomes:
        told = at.told(part.name, "outcome", each, "kind", "amount", "parameter", "count", "price")
        paid = each.amount or each.parameter or (each.count and each.price != 0)
        if each.kind in MONEY and not paid and not told:
            place = at.at(part.name, "outcome", each, "amount")
            yield finding("scheme-moneyless", place, where=f"{WORDS['outcome']} {each.id}", kind=each.kind)


def amounts_settled(scheme: Scheme, at: Places) -> Iterator[Finding]:
    """Whose money waits for a parameter that has no value yet; a note, for that may be meant."""
    for each in scheme.parameters:
        waiting = [one.id for part in scheme.parts for one in part.outcomes if one.parameter == each.id]
        if waiting and each.value is None:
            place = at.at("", "parameter", each, "value")
            yield finding("scheme-unsettled", place, name=each.id, outcomes="、".join(waiting))
