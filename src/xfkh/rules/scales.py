"""On which scale a value stands: a share (at most 1) or per cent points (at most 100); thresholds of the other one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from ..formula import FormulaError, Node, Vocabulary, formula
from ..formula.limits import bounds
from ..formula.say import decimal, say
from ..formula.tree import COMPARISONS, Apply, Number, Ref, gathered, refs, walk
from ..model import PERCENT, Input, InputKind, Origin, Part

SHARE, POINTS, CHANGE = Fraction(1), Fraction(100), Fraction(0)
"""A share, per cent points, and how much more or less than something else, as a share of it."""


class Scale(NamedTuple):
    """``sure``: nothing that may be filled in lies outside; else it only looks so (件数 of 件数 of one kind)."""

    of: Fraction
    sure: bool


class Doubt(NamedTuple):
    """Why a threshold is probably not meant as it stands; ``sure``: no value could ever make it mean anything."""

    why: str
    sure: bool


def scale(node: Node, part: Part, names: Vocabulary) -> Scale | None:
    """The scale on which a number stands; None where nothing says so."""
    match node:
        case Ref(name):
            return _of_input(part, name)
        case Apply("/", (Apply("*", (left, Number(factor)) | (Number(factor), left)), right)) if factor == 100:
            return _in_points(_of_quotient(left, right, part, names))
        case Apply("/", (left, right)):
            return _of_quotient(left, right, part, names)
        case Apply("*", (inner, Number(factor)) | (Number(factor), inner)) if factor == 100:
            return _in_points(scale(inner, part, names))
        case Apply("-", (Apply("/", (_, right)), Number(one))) if one == 1 and not isinstance(right, Number):
            return Scale(CHANGE, False)
        case Apply("-", (Number(whole), inner)):
            own = scale(inner, part, names)
            return own if own and own.of == whole else None
        case Apply("ROUND", (inner, _)):
            return scale(inner, part, names)
    return None


def _in_points(share: Scale | None) -> Scale | None:
    """A share times 100."""
    return Scale(POINTS, share.sure) if share and share.of == SHARE else None


def doubt(node: Node, edges: Sequence[Number], part: Part, names: Vocabulary) -> Doubt | None:
    """Whether a value is compared with thresholds that are written on another scale."""
    beyond = [each.value for each in edges if not each.percent and abs(each.value) > 1]
    if not beyond and (_quotient(node) or not any(each.percent and each.value for each in edges)):
        # what it stands on need not be found out
        return None
    own, shares = scale(node, part, names), [decimal(each.value * 100) for each in edges if each.percent and each.value]
    plain = f"写了 {_listed(shares, '%')}，是否应写 {_listed(shares)}"
    if own is None:
        return Doubt(f"{say(node)}不是比率；{plain}", False) if shares and _no_share(node, part) else None
    if own.of == POINTS:
        return Doubt(f"{say(node)}按百分数填，95 就是 95%；{plain}", own.sure) if shares else None
    odd = [decimal(each) for each in beyond]
    asked = f"写了 {_listed(odd)}，是否应写 {_listed(odd, '%')}"
    if not odd:
        return None
    if own.of == CHANGE:
        return Doubt(f"增减的比例按小数算，1 是 100%；{asked}", any(each < -1 for each in beyond))
    most = "最多是 1（100%）" if own.sure else "一般不会超过 1（100%）"
    return Doubt(f"{say(node)}{most}；{asked}", own.sure)


def _no_share(node: Node, part: Part) -> bool:
    """Whether it is a total, a place, or made of whole numbers alone."""
    match node:
        case Ref(name):
            each = _input(part, name)
            return each is None or not each.decimals
        case Apply("+" | "-", args):
            return all(_no_share(arg, part) for arg in args)
    return False


def _quotient(node: Node) -> bool:
    """Of counts, which is never in per cent points."""
    return isinstance(node, Apply) and node.fn == "/" and not isinstance(node.args[1], Number)


def _listed(values: Sequence[str], sign: str = "") -> str:
    return "、".join(f"{each}{sign}" for each in dict.fromkeys(values))


def doubts(tree: Node, part: Part, names: Vocabulary) -> Iterator[Doubt]:
    """Every comparison of a tree whose threshold is on another scale."""
    for each in walk(tree):
        match each:
            case Apply(fn, (Number() as edge, value) | (value, Number() as edge)) if fn in COMPARISONS:
                found = doubt(value, [edge], part, names)
                yield from [found] if found else []


def _input(part: Part, name: str) -> Input | None:
    """The input of a cell; none of what is computed."""
    return next((each for each in part.inputs if each.name == name.partition("[")[0]), None)


def _of_input(part: Part, name: str) -> Scale | None:
    each = _input(part, name)
    if each is None:
        return None
    if each.unit in PERCENT:
        return Scale(POINTS, True)
    return Scale(SHARE, True) if each.decimals and each.maximum is not None and each.maximum <= 1 else None


def _of_quotient(left: Node, right: Node, part: Part, names: Vocabulary) -> Scale | None:
    if isinstance(right, Number):
        own = scale(left, part, names)
        return Scale(SHARE, own.sure) if own and own.of == right.value == 100 else None
    if _at_most(left, right, part, names):
        return Scale(SHARE, True)
    return Scale(SHARE, False) if _alike(left, right, part) else None


def _at_most(left: Node, right: Node, part: Part, names: Vocabulary) -> bool:
    """Whether one number can never pass another, by what they are made of and what 校验 demands."""
    if _never_negative(_gap(left, right), names):
        return True
    return any(_never_negative(_less(_gap(left, right), _gap(*demanded)), names) for demanded in _demanded(part, names))


def never_negative(node: Node, part: Part, names: Vocabulary) -> bool:
    """Whether a number is surely not below 0, by what it is made of and what 校验 demands."""
    low, _ = bounds(node, names)
    return (low is not None and low >= 0) or _at_most(Number(Fraction(0)), node, part, names)


Terms = dict[Node, Fraction]


def _gap(left: Node, right: Node) -> Terms:
    """``right`` - ``left``, gathered by term; of what is no term the number 1."""
    terms: Terms = {}
    start = gathered(right, Fraction(1), terms) + gathered(left, Fraction(-1), terms)
    return {**terms, Number(Fraction(1)): start}


def _less(terms: Terms, others: Terms) -> Terms:
    return {each: terms.get(each, Fraction(0)) - others.get(each, Fraction(0)) for each in terms | others}


def _never_negative(terms: Terms, names: Vocabulary) -> bool:
    least = {each: bounds(each, names)[0] for each, factor in terms.items() if factor}
    return all(terms[each] > 0 and low is not None and low >= 0 for each, low in least.items())


def demands(part: Part, names: Vocabulary) -> Iterator[Node]:
    """The conditions of the checks that close a cell, as far as they can be read."""
    for check in part.checks:
        with suppress(FormulaError):
            if check.closed:
                yield formula(check.condition, names, "是否")


def _demanded(part: Part, names: Vocabulary) -> Iterator[tuple[Node, Node]]:
    """What the checks that close a cell hold below what."""
    for each in demands(part, names):
        yield from _below(each)


def _below(node: Node) -> Iterator[tuple[Node, Node]]:
    match node:
        case Apply("<=" | "<" | "=", (left, right)) | Apply(">=" | ">", (right, left)):
            yield left, right
        case Apply("AND", args):
            for each in args:
                yield from _below(each)


def _alike(left: Node, right: Node, part: Part) -> bool:
    """Whether counts of one kind are divided: 件 by 件 of the same year."""
    found = [[_input(part, name) for name in refs(each)] for each in (left, right)]
    counts = [each for side in found for each in side]
    if not all(found) or any(each is None or not _counted(each) for each in counts):
        return False
    units = {each.unit or _noun(each.name) for each in counts if each is not None}
    return len(units) == 1 or len({_noun(each.name) for each in counts if each is not None}) == 1


def _counted(each: Input) -> bool:
    return each.kind is InputKind.COUNT and each.origin is not Origin.PREVIOUS


def _noun(name: str) -> str:
    """件数 of 办结件数."""
    return name[-2:]
