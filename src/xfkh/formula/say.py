"""Tree → a Chinese sentence part, as it stands in notes and explanations."""

from __future__ import annotations

from fractions import Fraction

from .functions import ACROSS_UNITS
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
    """The tree in words; brackets wherever the words alone could be read otherwise."""
    match node:
        case Number(value, percent):
            return f"{decimal(value * 100)}%" if percent else decimal(value)
        case Text(value):
            return f"“{value}”"
        case Ref(name, type):
            return f"{name}为“是”" if type == "是否" else name
        case Apply("IS", (Ref(name), text, _)):
            return f"{name}为{say(text)}"
        case Apply("NOT", (Apply("IS", (Ref(name), text, _)),)):
            return f"{name}不是{say(text)}"
        case Apply("NOT", (Ref(name, "是否"),)):
            return f"{name}为“否”"
        case Apply("NOT", (inner,)):
            return f"并非（{say(inner)}）"
        case Apply("AND", args) if whole := _every(args):
            return f"{whole}每期都为“是”"
        case Apply("AND" | "OR", args):
            return ("，且" if node.fn == "AND" else "，或").join(_clause(arg) for arg in args)
        case Apply("TRUE" | "FALSE", _):
            return "总是成立" if node.fn == "TRUE" else "总不成立"
        case Apply("ISNUMBER", (inner,)):
            return f"已提供{say(inner)}"
        case Apply("neg", (Apply("INT", (inner,)),)) if (upwards := _negated(inner)) is not None:
            return f"向上取整（{say(upwards)}）"
        case Apply("neg", (inner,)):
            return f"－{_operand(inner, 3)}"
        case Apply(fn, (left, right)) if fn in _SIGNS:
            level = _LEVEL.get(fn, 0)
            return f"{_operand(left, level)}{_SIGNS[fn]}{_operand(right, level + (fn in '-/'))}"
        case Apply("IF", (condition, yes, no)):
            return f"（{say(condition)}时{say(yes)}，否则{say(no)}）"
        case Apply(fn, (value, counted, _, *_)) if fn in ACROSS_UNITS:
            return f"本组{_NAMES[fn].removeprefix('各单位')}（{say(value)}，{say(counted)}）"
    assert isinstance(node, Apply)
    return f"{_NAMES.get(node.fn, node.fn)}（{'，'.join(say(arg) for arg in node.args)}）"


def _negated(node: Node) -> Node | None:
    """What stands behind a minus, also one before the first of its factors."""
    match node:
        case Apply("neg", (inner,)):
            return inner
        case Apply("*" | "/" as fn, (left, right)) if (first := _negated(left)) is not None:
            return Apply(fn, (first, right))
    return None


def typed(node: Node, level: int = 0) -> str:
    """The tree as its author types it."""
    match node:
        case Text(value):
            return f'"{value}"'
        case Ref(name, "是否"):
            return f'{name}="是"'
        case Apply("NOT", (Ref(name, "是否"),)):
            return f'{name}="否"'
        case Apply("IS", (Ref(name), text, _)):
            return f"{name}={typed(text)}"
        case Apply("neg", (inner,)):
            return f"-{typed(inner, 3)}"
        case Apply(fn, (left, right)) if fn in _SIGNS:
            own = _LEVEL.get(fn, 0)
            written = f"{typed(left, own)}{fn}{typed(right, own + (fn in '-/'))}"
            return f"({written})" if own < level else written
        case Apply(fn, args):
            return f"{fn}({','.join(map(typed, args))})"
    return say(node)


_NAMES = {
    "MIN": "取小",
    "MAX": "取大",
    "ROUND": "四舍五入",
    "INT": "取整",
    "ABS": "绝对值",
    "AVERAGE": "平均",
    "TRIMMED": "去掉一个最高一个最低的平均",
    "RANK": "名次",
    "AVERAGEIF": "各单位平均",
}
_LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3}


def _every(args: tuple[Node, ...]) -> str:
    """The series of which these are several cells, all 是; empty for anything else."""
    names = {arg.name.partition("[")[0] for arg in args if isinstance(arg, Ref) and "[" in arg.name}
    return names.pop() if len(names) == 1 < len(args) and all(isinstance(arg, Ref) for arg in args) else ""


def _operand(node: Node, level: int) -> str:
    own = _LEVEL.get(node.fn, 0 if node.fn in _SIGNS else 9) if isinstance(node, Apply) else 9
    return f"（{say(node)}）" if own < level or (own == level == 3) else say(node)


def _clause(node: Node) -> str:
    return f"（{say(node)}）" if isinstance(node, Apply) and node.fn in ("AND", "OR") else say(node)
