"""What an item is worth to whom: the groups it is for (适用), their weights, where it does not count (不计入)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from ..formula.excel import spans_units
from ..formula.functions import ACROSS_UNITS
from ..formula.say import decimal, say
from ..formula.tree import Apply, Node, Number, num, one_of, refs
from ..model import Input, Part
from .lines import Piece, Rule


def applied(rule: Rule, group: Input | None, weights: Mapping[str, Fraction], skips: tuple[Node, ...]) -> Rule:
    """A rule as it counts for subjects of some groups alone, weighted, and for none without one of the denominators
    ``skips``: there it gives 0 points of a full mark of 0."""
    excuses = tuple((f"{say(each)}为0，不计入", Apply("=", (each, num(0)))) for each in skips)
    tree, mark = rule.tree, Number(rule.points or Fraction(0))
    worth: Node = mark
    said, own, asked, plain = rule.text, tuple[str, ...](), None, None
    if group is not None and weights:
        members = [one_of(group.name, name, group.options) for name in weights]
        member = members[0] if len(members) == 1 else Apply("OR", tuple(members))
        if set(weights) != set(group.options):
            asked = member
            excuses = ((f"只考{'、'.join(weights)}", Apply("NOT", (member,))), *excuses)
        if set(weights.values()) != {Fraction(1)}:
            factor = _by_group(members, list(weights.values()))
            plain = tree
            # both to two decimals: what is shown as a full mark is what points are brought to
            tree, worth = (Apply("ROUND", (Apply("*", (each, factor)), num(2))) for each in (tree, mark))
        said = f"{said}；{_words(weights)}"
        own = (group.name,)
    rule = replace(rule, text=said, needs=(*own, *rule.needs), shows=(*own, *rule.shows))
    if not rule.counted or (not excuses and tree is rule.tree and worth is mark):
        return rule
    nominal = worth if asked is None else Apply("IF", (asked, worth, num(0)))
    for _, excuse in reversed(excuses):
        tree, worth = (Apply("IF", (excuse, num(0), each)) for each in (tree, worth))
    across = rule.across or spans_units(tree)  # whether it counts may rest on others where its points do not
    return replace(rule, tree=tree, mark=worth, nominal=nominal, excuses=excuses, asked=asked, plain=plain,
                   across=across)  # fmt: skip


def spared(rules: Iterable[Rule], kept: Iterable[str]) -> dict[str, Node]:
    """The cells that only some subjects are asked for, each with the condition under which it is not asked; ``kept``:
    cells that something else reads."""
    readers = dict[str, list[Node | None]]()
    for rule in rules:
        for name in rule.shows:
            readers.setdefault(name, []).append(rule.asked)
    found = dict[str, Node]()
    for name in readers.keys() - set(kept):
        asked = tuple(dict.fromkeys(each for each in readers[name] if each is not None))
        if None not in readers[name] and not any(name in refs(each) for each in asked):
            found[name] = Apply("NOT", (asked[0] if len(asked) == 1 else Apply("OR", asked),))
    return found


def _by_group(members: list[Node], weights: list[Fraction]) -> Node:
    factor: Node = Number(weights[-1])
    for member, weight in zip(members[-2::-1], weights[-2::-1], strict=True):
        factor = Apply("IF", (member, Number(weight), factor))
    return factor


def among_own(piece: Piece, group: Input, names: Iterable[str]) -> Piece:
    """The same where places and means are those of a subject's own group, of the groups named."""
    members = [one_of(group.name, name, group.options) for name in names]
    lines = tuple(replace(line, count=_among(line.count, members)) for line in piece.lines)
    zero = tuple((name, _among(node, members)) for name, node in piece.zero)
    skips = tuple(_among(node, members) for node in piece.skips)
    across = lines != piece.lines and piece.text
    text = f"{piece.text}（在本组里比）" if across else piece.text
    return replace(piece, lines=lines, zero=zero, skips=skips, text=text)


def within_group(node: Node, part: Part) -> Node:
    """Any other tree where places and means are those of a subject's own group, if the part has groups."""
    if not part.groups:
        return node
    group = part.input(part.group)
    return _among(node, [one_of(group.name, name, group.options) for name in group.options])


def _among(node: Node, members: list[Node]) -> Node:
    if not isinstance(node, Apply):
        return node
    made = replace(node, args=tuple(_among(each, members) for each in node.args))
    return replace(made, args=(*made.args, *members)) if node.fn in ACROSS_UNITS else made


def _words(weights: Mapping[str, Fraction]) -> str:
    if set(weights.values()) == {Fraction(1)}:
        return f"只考{'、'.join(weights)}"
    return "权重：" + "，".join(f"{name}{weight_text(weight)}" for name, weight in weights.items())


def weight_text(weight: Fraction) -> str:
    """50%, and 1/3 where no per cent comes out even."""
    percent = decimal(weight * 100)
    return decimal(weight) if "/" in percent else f"{percent}%"
