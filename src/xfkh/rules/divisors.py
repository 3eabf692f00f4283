"""What a tree divides by, and what holds where that is 0."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from ..formula.say import say
from ..formula.tree import COMPARISONS, FALSE, TRUE, Apply, Node, Number, Ref, both, num, refs, walk


def unguarded(node: Node) -> tuple[Node, ...]:
    """The data denominators that no IF keeps from being 0: ``IF(denominator=0,…)``, ``IF(denominator>0,…)``."""
    return tuple(dict.fromkeys(divisor for divisor, _ in _divisions(node, ())))


def undivided(node: Node) -> list[tuple[Node, Node]]:
    """The same, and when a tree does divide by one that is 0."""
    found = dict[Node, dict[Node, None]]()
    for divisor, path in _divisions(node, ()):
        own = [test if holds else Apply("NOT", (test,)) for test, holds in path]
        found.setdefault(divisor, {})[both([*own, Apply("=", (divisor, num(0)))])] = None
    ways = ((divisor, tuple(tests)) for divisor, tests in found.items())
    return [(divisor, tests[0] if len(tests) == 1 else Apply("OR", tests)) for divisor, tests in ways]


def _divisions(node: Node, path: tuple[tuple[Node, bool], ...]) -> Iterator[tuple[Node, tuple[tuple[Node, bool], ...]]]:
    """Each of them, with the tests of IF that lead to it and how they must turn out."""
    match node:
        case Apply("IF", (test, yes, no)):
            yield from _divisions(test, path)
            yield from _divisions(yes, (*path, (test, True)))
            yield from _divisions(no, (*path, (test, False)))
        case Apply(fn, args):
            if fn == "/" and refs(args[1]) and not any(args[1] in _not_nought(*each) for each in path):
                yield args[1], path
            for each in args:
                yield from _divisions(each, path)


def _not_nought(condition: Node, holds: bool) -> list[Node]:
    """What is surely not 0 where a condition holds, or does not."""
    match condition:
        case Apply("NOT", (inner,)):
            return _not_nought(inner, not holds)
        case Apply(fn, args) if fn == ("AND" if holds else "OR"):
            return [each for arg in args for each in _not_nought(arg, holds)]
        case Apply(fn, (Number(edge), what)) if fn in _TURNED and not isinstance(what, Number):
            return _not_nought(Apply(_TURNED[fn], (what, Number(edge))), holds)
        case Apply(fn, (what, Number(edge))) if fn in _TURNED and edge >= 0:
            # what of comparisons with 0, and of those with more, leaves 0 out
            if fn not in (_OUT if holds else _IN)[edge > 0]:
                return []
            # what is above 0 is not 0 either where MAX keeps it from being below
            above = [num(0), what] if edge or fn in (">", "<=") else []
            return [what, *(Apply("MAX", pair) for pair in permutations(above, 2))]
    return []


_OUT, _IN = ((">", "<>"), (">", ">=", "=")), (("=", "<="), ("<", "<="))
_TURNED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def surely(node: Node, holds: bool = True) -> Node:
    """A condition that holds only where it surely does (``holds`` False: where it may): nothing is certain of what is
    divided by 0."""
    match node:
        case Apply(fn, args) if fn in COMPARISONS and (divisors := unguarded(node)):
            zero = [Apply("=", (each, num(0))) for each in divisors]
            if holds:
                return Apply("AND", (*(Apply("NOT", (each,)) for each in zero), node))
            return Apply("OR", (*zero, node))
        case Apply("NOT", (inner,)):
            return Apply("NOT", (surely(inner, not holds),))
        case Apply("AND" | "OR", args):
            return Apply(node.fn, tuple(surely(each, holds) for each in args))
    return node


def condition_of(node: Node, punishes: bool = False) -> tuple[Node, list[tuple[str, Node]]]:
    """A condition in which a rate whose denominator is 0 counts as met (口径), and the tests for that: it then holds,
    one that punishes does not; what an IF of the author's own does not divide by 0 is no such rate."""
    tests = [] if punishes else [(say(divisor), test) for divisor, test in undivided(node)]
    return _excused(node, not punishes), tests


def met_within(node: Node) -> Node:
    """A number in which every comparison of a rate without a denominator counts as met, whatever hangs on it."""
    return _excused(node, True)


def divisors_of(node: Node) -> list[Node]:
    """The denominators that hang on data."""
    found = [each.args[1] for each in walk(node) if isinstance(each, Apply) and each.fn == "/"]
    return list(dict.fromkeys(divisor for divisor in found if not _is_number(divisor)))


def _excused(node: Node, holds: bool) -> Node:
    """Every comparison of a rate without a denominator turns out in the subject's favour: it ``holds``, or behind a
    NOT does not. IF keeps Excel from dividing by 0."""
    match node:
        case Apply(fn, _) if fn in COMPARISONS:
            excused: Node = node
            for _, test in undivided(node):
                excused = Apply("IF", (test, TRUE if holds else FALSE, excused))
            return excused
        case Apply("NOT", (inner,)):
            return Apply("NOT", (_excused(inner, not holds),))
        case Apply(fn, args):
            return Apply(fn, tuple(_excused(arg, holds) for arg in args))
    return node


def _is_number(node: Node) -> bool:
    return not any(isinstance(each, Ref) for each in walk(node))
