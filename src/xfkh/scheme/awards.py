"""What can be wrong with outcomes, among themselves (their order, their tiers, their money) and each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ..console import meant, near
from ..findings import Finding, finding
from ..formula import FormulaError, Node, parse, refs
from ..formula.limits import is_whole
from ..formula.parse import NAME
from ..formula.tree import TRUE, Apply, Number
from ..model import InputKind, Outcome, OutcomeKind, Part, Scheme
from .conditions import ANY_VETO, RANK, TOTAL, Condition, Where, conditions, conjuncts, outcome_names
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
    if where.table == "part":
        return _too_late(part, name) if where.field == "last" else ""
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


def _too_late(part: Part, name: str) -> str:
    """Why nobody is ranked last by what there is under this name."""
    if name in (TOTAL, RANK):
        return f"谁排到最后先定，再排名次，不能用{name}：写填报项的条件，如 进京集访批次>0"
    if name in {each.id for each in part.outcomes}:
        return f"不能用结果运用「{name}」：被否决的都排到最后，写 一票否决；只有这一项的，把它的条件写在这里"
    return ""


def last_stands(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Who is vetoed can be ranked last only where somebody can be vetoed; points make places."""
    vetoes = any(each.kind is OutcomeKind.VETO for each in part.outcomes)
    doubted = at.unseen or any(at.told(part.name, "outcome", each, "kind") for each in part.outcomes)
    if ANY_VETO in NAME.findall(part.last) and not vetoes and not doubted:
        yield at.wrong(part.name, "part", part.name, "last", "「结果运用」里没有一项的类型是一票否决")
    elif part.last and not part.items and not part.total:
        yield at.wrong(part.name, "part", part.name, "last", "本部分不计分，没有名次")


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


def tiers_shared(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """A tier is of several, of which one is given: what stands alone in one is probably misspelt."""
    tiers = [each.tier for each in part.outcomes if each.tier]
    for each in part.outcomes:
        if each.tier and tiers.count(each.tier) == 1 and not at.told(part.name, "outcome", each, "tier"):
            hint = meant(near(each.tier, sorted(set(tiers) - {each.tier})))
            place, where = at.at(part.name, "outcome", each, "tier"), f"{WORDS['outcome']} {each.id}"
            yield finding("scheme-tier-alone", place, where=where, tier=each.tier, hint=hint)


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


# --- each by itself


def outcomes_named(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """What follows may be asked for by later conditions, as 是否: under a name that means nothing else there."""
    inputs = {each.name for each in part.inputs if each.kind is not InputKind.FLAG}
    for each in part.outcomes:
        if each.id in inputs or each.id in (TOTAL, RANK):
            why = "与填报项同名" if each.id in inputs else "在公式里另有意思"
            yield at.wrong(part.name, "outcome", each, "id", f"“{each.id}”{why}，换一个编号")


def outcomes_stand(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """What an outcome names exists; money comes from one place; a reason that another implies is noted."""
    parameters = {id for _, table, id in at.rows if table == "parameter"} | {each.id for each in scheme.parameters}
    for each in part.outcomes:
        yield from at.untold(part.name, "outcome", each, _outcome_faults(each, part, parameters))
    money = {each.parameter for each in part.outcomes}
    for one in scheme.parameters:
        if one.id in money and not _whole_yuan(one.value) and not at.told("", "parameter", one, "value"):
            yield at.wrong("", "parameter", one, "value", "这是金额，要写成 0 或正的整元")
    names = outcome_names(scheme, part, faults=[])
    for condition in conditions(scheme, part, faults=[]):
        if condition.count is not None and not is_whole(condition.count, names):
            yield at.wrong(part.name, "outcome", condition.outcome, "count", "数量要是整数")
        if not part.items and not part.total and {TOTAL, RANK}.intersection(condition.reads):
            yield at.wrong(part.name, "outcome", condition.outcome, "condition", "本部分不计分，没有总分和名次")
        sets = [conjuncts(node) for node in condition.reasons]
        for k, (mine, reason) in enumerate(zip(sets, condition.outcome.reasons, strict=True)):
            for j, other in enumerate(condition.outcome.reasons):
                if k != j and sets[j] <= mine:
                    facts = {"where": condition.outcome.id, "reason": reason.because, "other": other.because}
                    yield finding(
                        "scheme-idle", at.at(part.name, "outcome", condition.outcome, "condition", k), **facts
                    )


def _outcome_faults(each: Outcome, part: Part, parameters: set[str]) -> Iterator[tuple[str, ...]]:
    """The field, why it does not fit, and the others on which that rests."""
    if each.parameter and each.parameter not in parameters:
        yield "parameter", f"没有参数 {each.parameter}{meant(near(each.parameter, sorted(parameters)))}"
    if sum([each.amount is not None, bool(each.parameter), bool(each.count)]) > 1:
        yield "amount", "金额只能来自一处"
    if each.share and each.amount is None and not each.parameter:
        yield "share", "分的是哪一笔钱：在金额里写总额，或者写金额参数", "amount", "parameter"
    for name, value in (("amount", each.amount), ("price", each.price)):
        if not _whole_yuan(value):
            yield name, "金额要写成 0 或正的整元"
    if each.settles and not part.deposit:
        yield "settles", "没有保证金：「方案」表的“保证金填报项”还没有写"
    if each.settles and each.kind is not OutcomeKind.FINE:
        yield "settles", "只有处罚可以从保证金里扣", "kind"


def _whole_yuan(value: Fraction | None) -> bool:
    return value is None or (value >= 0 and value.denominator == 1)


_NOT_DONE = re.compile(r"排名|名次|末位|末名|最后|倒数|总分|得分|零分|[0０]分|扣.{0,3}分")
_LEFT_ALONE = re.compile(r"不(影响|改变?|涉及)[^，。；、]*")
_PUT_LAST = re.compile(r"[^，。；、]*(末位|末名|最后|倒数)[^，。；、]*")


def veto_only_said(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """What a veto brings is printed as it is written; places and points that it speaks of nobody would see to."""
    text = _LEFT_ALONE.sub("", part.veto_effect)
    if ANY_VETO in NAME.findall(part.last):
        text = _PUT_LAST.sub("", text)
    found = _NOT_DONE.search(text)
    if found:
        why = (
            f"这一格只印在结果里，写的“{found[0]}”程序不会照办：要排到最后的，在「排到最后」写 一票否决，总分照算；"
            "不参加排名的，条件写在「单列」；扣分的，在「加减分」写一项扣分；"
            "不能得奖的，在奖项的条件里写 NOT(一票否决)。"
            "写好后，这里只留不改分数和名次的后果"
        )
        yield at.wrong(part.name, "part", part.name, "veto_effect", why)
