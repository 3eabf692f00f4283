"""Tree → a Chinese sentence part, as it stands in notes and explanations."""

from __future__ import annotations

from fractions import Fraction

from .tree import Apply, Node, Number, Ref, Text

_SIGNS = {"=": "＝", "<>": "≠", "<": "＜", "<=": "≤", ">": "＞", ">=": "≥", "+": "＋", "-": "－", "*": "×", "/": "÷"}


def decimal(value: Fraction) -> str:
    """A number for people: 4, 0.5, 1/3."""
    if value.denominator == 1:
        return str(value.numerator)
    for digits in range(1, 10):
        if (value * 10**digits).denominator == 1:
            return f"{float(value):.{digits}f}"
    return f"{value.numerator}/{value.denominator}"


def say(node: Node) -> str:
    """The tree in words."""
    match node:
        case Number(value, percent):
            return f"{decimal(value * 100)}%" if percent else decimal(value)
        case Text(value):
            return f"“{value}”"
        case Ref(name, type):
            return f"{name}为“是”" if type == "是否" else name
        case Apply("NOT", (Ref(name, "是否"),)):
            return f"{name}为“否”"
        case Apply("NOT", (inner,)):
            return f"并非（{say(inner)}）"
        case Apply("AND", args):
            return "，且".join(say(arg) for arg in args)
        case Apply("OR", args):
            return "，或".join(say(arg) for arg in args)
        case Apply("ISNUMBER", (inner,)):
            return f"已提供{say(inner)}"
        case Apply("neg", (inner,)):
            return f"－{say(inner)}"
        case Apply(fn, (left, right)) if fn in _SIGNS:
            return f"{_inner(left)}{_SIGNS[fn]}{_inner(right)}"
        case Apply("IF", (condition, yes, no)):
            return f"（{say(condition)}时{say(yes)}，否则{say(no)}）"
    assert isinstance(node, Apply)
    names = {"MIN": "取小", "MAX": "取大", "ROUND": "四舍五入", "INT": "取整", "ABS": "绝对值", "RANK": "名次"}
    return f"{names.get(node.fn, node.fn)}（{'，'.join(say(arg) for arg in node.args)}）"


def _inner(node: Node) -> str:
    return f"（{say(node)}）" if isinstance(node, Apply) and node.fn in ("+", "-") else say(node)
