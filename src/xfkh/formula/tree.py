"""The formula tree: four kinds of node, and what a name may stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Type = Literal["数", "是否", "文字"]


class FormulaError(ValueError):
    """A formula that cannot stand. ``position`` is the index of the character at fault."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class MismatchError(FormulaError):
    """One that could stand if what it names were of another kind."""


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction
    percent: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    value: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A name. After binding: one cell (``名`` or ``名[k]``) and its type."""

    name: str
    type: Type = "数"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """A function or an operator (written as its sign; ``neg`` is unary minus) over arguments."""

    fn: str
    args: tuple[Node, ...]
    position: int = field(default=0, compare=False)


Node = Number | Text | Ref | Apply


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name stands for: its type, its cells, its limits (None: open) and decimals, ``options`` that a text is one
    of; or a constant; or ``tree``, a condition that has this name."""

    type: Type = "数"
    cells: tuple[str, ...] = ()
    low: Fraction | None = Fraction(0)
    high: Fraction | None = None
    decimals: int = 0
    options: tuple[str, ...] = ()
    constant: Fraction | str | None = None
    tree: Node | None = None


Vocabulary = Mapping[str, Symbol]

ARITHMETIC = {"+", "-", "*", "/", "neg"}
COMPARISONS = {"=", "<>", "<", "<=", ">", ">="}
TRUE, FALSE = Apply("TRUE", ()), Apply("FALSE", ())


def num(value: int | str | Fraction) -> Number:
    return Number(Fraction(value))


def total(terms: tuple[Node, ...] | list[Node]) -> Node:
    """The sum of terms; 0 for none."""
    if not terms:
        return num(0)
    result = terms[0]
    for term in terms[1:]:
        result = Apply("+", (result, term))
    return result


def times(node: Node, factor: Fraction) -> Node:
    return node if factor == 1 else Apply("*", (node, Number(factor)))


def gathered(node: Node, factor: Fraction, terms: dict[Node, Fraction]) -> Fraction:
    """Adds factor × node to the terms of a sum; returns the constant that it brings."""
    match node:
        case Number(value):
            return factor * value
        case Apply("+", (left, right)):
            return gathered(left, factor, terms) + gathered(right, factor, terms)
        case Apply("-", (left, right)):
            return gathered(left, factor, terms) + gathered(right, -factor, terms)
        case Apply("neg", (inner,)):
            return gathered(inner, -factor, terms)
        case Apply("*", (Number(value), inner)) | Apply("*", (inner, Number(value))):
            return gathered(inner, factor * value, terms)
    terms[node] = terms.get(node, Fraction(0)) + factor
    return Fraction(0)


def both(terms: tuple[Node, ...] | list[Node]) -> Node:
    """All of the terms hold."""
    return terms[0] if len(terms) == 1 else Apply("AND", tuple(terms)) if terms else TRUE


def one_of(name: str, option: str, options: tuple[str, ...]) -> Node:
    """Whether a text is one of its options; the last argument is the number that stands for it in a frame."""
    return Apply("IS", (Ref(name, "文字"), Text(option), num(options.index(option) + 1)))


def by_group(node: Apply) -> Node:
    """Of a function across units over one's own group (value, condition, a condition a group): the choice between the
    groups, each with those of its own; who is in none of them goes with the last."""
    value, counted, *members = node.args
    found: Node = Apply(node.fn, (value, both([members[-1], counted])))
    for member in members[-2::-1]:
        found = Apply("IF", (member, Apply(node.fn, (value, both([member, counted]))), found))
    return found


def flag(node: Node) -> Node:
    """1 where it holds, 0 where not."""
    return Apply("IF", (node, num(1), num(0)))


def walk(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Apply):
        for arg in node.args:
            yield from walk(arg)


def refs(node: Node) -> tuple[str, ...]:
    """The names a tree reads, each once, in order of appearance."""
    return tuple(dict.fromkeys(each.name for each in walk(node) if isinstance(each, Ref)))
