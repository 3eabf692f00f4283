"""What a tree can give while nothing is known, told apart by the cases that its own conditions make.

Bounds of a sum take its terms one by one, so that of two conditions of which only one can hold both may. Where a tree
asks on which side of some numbers a value lies, each stretch between these numbers is a case of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import NamedTuple

import numpy as np

from . import exact
from .evaluate import Frame, Value, at_most, number, tighten, truth
from .exact import Exact, Interval, Truth
from .tree import COMPARISONS, FALSE, TRUE, Apply, Node, Number, Ref, Vocabulary, gathered, walk

CASES = 128
"""So many together at most; where there were more, each condition is looked at by itself."""

Ends = tuple[Fraction | None, Fraction | None]
"""The least and the most, None where there is no bound."""


def unknown(names: Vocabulary, checks: Sequence[Node] = ()) -> Frame:
    """One subject of whom only the limits of what may be filled in are known, and what the checks demand."""
    frame = Frame(1, more=True, anyone=True)
    for symbol in names.values():
        values: Value = Truth(np.zeros(1, bool), np.ones(1, bool))
        if symbol.type != "是否":
            options = Fraction(1), Fraction(len(symbol.options))
            values = between(options if symbol.options else (symbol.low, symbol.high))
        frame.values.update(dict.fromkeys(symbol.cells, values))
    tighten(list(checks), frame)
    return frame


def span(node: Node, frame: Frame) -> Ends:
    """The least and the most that a number can be; of the first row."""
    lows, highs = list[Fraction](), list[Fraction]()
    for cases in _splits(node, frame):
        ends = [_ends(number(each, own)) for each, own in cases]
        least, most = ([end for end in side if end is not None] for side in zip(*ends, strict=True))
        lows += [min(least)] if len(least) == len(ends) else []
        highs += [max(most)] if len(most) == len(ends) else []
    return max(lows, default=None), min(highs, default=None)


def holds(node: Node, frame: Frame) -> bool | None:
    """Whether a condition always holds, or never does; None where that depends. Of the first row."""
    for cases in _splits(node, frame):
        found = [truth(each, own) for each, own in cases]
        if all(each.must[0] for each in found):
            return True
        if not any(each.may[0] for each in found):
            return False
    return None


def shares(node: Node, checks: Sequence[Node], frame: Frame) -> tuple[Node, Frame]:
    """The tree with one number between 0 and 1 for every rate of what the checks say is at most its whole, so that
    what is made of one, as its distance from a mark, has no more room than it has."""
    parts = [(part, whole) for check in checks for part, whole in at_most(check) if _ends(number(part, frame))[0] == 0]
    values = dict[str, Value]()

    def put(node: Node) -> Node:
        if not isinstance(node, Apply):
            return node
        for part, whole in parts:
            found = _made_of(node.args[0], part, whole) if node.fn == "/" and node.args[1] == whole else None
            if found is not None:
                name = f"{_RATE}{parts.index((part, whole))}"
                values[name] = between((Fraction(0), Fraction(1)))
                return Apply("+", (Apply("*", (Ref(name), Number(found[0]))), Number(found[1])))
        return replace(node, args=tuple(map(put, node.args)))

    made = put(node)
    return made, replace(frame, values={**frame.values, **values})


_RATE = "比率 "


def _made_of(node: Node, part: Node, whole: Node) -> tuple[Fraction, Fraction] | None:
    """How many times a part and its whole a sum is, where it is nothing else."""
    sums, parts, wholes = dict[Node, Fraction](), dict[Node, Fraction](), dict[Node, Fraction]()
    starts = [gathered(each, Fraction(1), terms) for each, terms in ((node, sums), (part, parts), (whole, wholes))]
    alone, rest = parts.keys() - wholes.keys(), wholes.keys() - parts.keys()
    if any(starts) or not alone or not rest:
        return None
    one, other = min(alone, key=str), min(rest, key=str)
    times = sums.get(one, Fraction(0)) / parts[one], sums.get(other, Fraction(0)) / wholes[other]
    names = {*sums, *parts, *wholes}
    made = {name: times[0] * parts.get(name, 0) + times[1] * wholes.get(name, 0) for name in names}
    return times if all(sums.get(name, 0) == made[name] for name in names) else None


def between(ends: Ends) -> Interval:
    """What lies between two ends, for one subject."""
    return Interval(*map(_end, ends))


def _ends(value: Interval) -> Ends:
    return value.low.fraction(0), value.high.fraction(0)


def _end(value: Fraction | None) -> Exact:
    if value is None:
        return Exact(np.zeros(1, np.int64), 1, np.ones(1, bool))
    return exact.constant(value, 1)


# --- the cases

_Settled = dict[Node, Node]
"""Conditions, each with how it turns out."""


class _Case(NamedTuple):
    settled: _Settled
    cell: str = ""
    within: Ends = (None, None)
    """Between what a cell then lies."""


def _splits(node: Node, frame: Frame) -> Iterator[list[tuple[Node, Frame]]]:
    """Ways to tell cases apart, each of which leaves none out; the last is no way at all."""
    ways = [cases for cases in (*_by_edges(node, frame), *_by_answers(node, frame)) if cases]
    if len(ways) > 1 and prod(map(len, ways)) <= CASES:
        yield [_case(node, frame, each) for each in product(*ways)]
    else:
        yield from ([_case(node, frame, (each,)) for each in cases] for cases in ways)
    yield [(node, frame)]


def _case(node: Node, frame: Frame, cases: Sequence[_Case]) -> tuple[Node, Frame]:
    settled = {each: turns for case in cases for each, turns in case.settled.items()}
    own = replace(frame, values=dict(frame.values))
    for case in cases:
        if case.cell:
            low, high = case.within
            before = number(Ref(case.cell), own)
            most = exact.smallest(before, Interval(_end(high), _end(high))).high if high is not None else before.high
            least = exact.largest(before, Interval(_end(low), _end(low))).low if low is not None else before.low
            own.values[case.cell] = Interval(least, most)
    return _with(node, settled), own


def _by_edges(node: Node, frame: Frame) -> Iterator[list[_Case]]:
    """Of every value that is compared with numbers: it is one of these, or lies between two of them."""
    compared = dict[Node, dict[Node, tuple[str, Fraction]]]()
    for each in walk(node):
        match each:
            case Apply(fn, (Number(), Number())):
                continue
            case Apply(fn, (value, Number(edge))) if fn in COMPARISONS:
                compared.setdefault(value, {})[each] = fn, edge
            case Apply(fn, (Number(edge), value)) if fn in COMPARISONS:
                compared.setdefault(value, {})[each] = _MIRRORED[fn], edge
    for value, conditions in compared.items():
        edges = sorted({edge for _, edge in conditions.values()})
        least, most = _ends(number(value, frame))
        stretches: list[Ends] = [(each, each) for each in edges]
        stretches += pairwise([None, *edges, None])
        cell = value.name if isinstance(value, Ref) else ""
        yield [_Case({each: _turns(fn, edge, stretch) for each, (fn, edge) in conditions.items()}, cell, stretch)
               for stretch in stretches if _reaches(stretch, least, most)]  # fmt: skip


_MIRRORED = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "=": "=", "<>": "<>"}


def _reaches(stretch: Ends, least: Fraction | None, most: Fraction | None) -> bool:
    """Whether a value between the bounds can lie in a stretch, whose ends belong to it only where it is one point."""
    low, high = stretch
    point = low is not None and low == high
    below = most is not None and low is not None and (most < low if point else most <= low)
    above = least is not None and high is not None and (least > high if point else least >= high)
    return not below and not above


def _turns(fn: str, edge: Fraction, stretch: Ends) -> Node:
    """How a comparison with an edge turns out in a stretch."""
    low, high = stretch
    same = low == high == edge
    above = not same and low is not None and low >= edge
    held = {"=": same, "<>": not same, ">": above, ">=": above or same, "<": not (above or same), "<=": not above}[fn]
    return TRUE if held else FALSE


def _by_answers(node: Node, frame: Frame) -> Iterator[list[_Case]]:
    """Of everything that is answered by 是 or 否, or was given or not: either; of a group: one of those named, or none
    of them."""
    groups, either = dict[Node, list[Node]](), dict[Node, None]()
    for each in walk(node):
        match each:
            case Apply("IS", (who, *_)):
                groups.setdefault(who, []).append(each)
            case Apply("ISNUMBER", _) | Ref(_, "是否"):
                either[each] = None
    for each in either:
        yield [_Case({each: turns}) for turns in _ways(each, frame)]
    for named in groups.values():
        members = list(dict.fromkeys(each for each in named if TRUE in _ways(each, frame)))
        rest = all(FALSE in _ways(each, frame) for each in members)
        yield [_Case({each: TRUE if each == one else FALSE for each in named}) for one in [*members, *[None] * rest]]


def _ways(condition: Node, frame: Frame) -> list[Node]:
    found = truth(condition, frame)
    return [*[TRUE] * bool(found.may[0]), *[FALSE] * (not found.must[0])]


def _with(node: Node, settled: _Settled) -> Node:
    """The tree where some conditions have turned out, without what then does not matter."""
    if node in settled:
        return settled[node]
    match node:
        case Apply("IF", (test, yes, no)):
            test = _with(test, settled)
            if test in (TRUE, FALSE):
                return _with(yes if test == TRUE else no, settled)
            return replace(node, args=(test, _with(yes, settled), _with(no, settled)))
        case Apply("AND" | "OR" as fn, args):
            made = [_with(each, settled) for each in args]
            ends, idle = (FALSE, TRUE) if fn == "AND" else (TRUE, FALSE)
            if ends in made:
                return ends
            left = tuple(each for each in made if each != idle)
            return replace(node, args=left) if left else idle
        case Apply("ISNUMBER", _):
            return node
        case Apply(_, args):
            return replace(node, args=tuple(_with(each, settled) for each in args))
    return node
