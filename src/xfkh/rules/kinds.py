"""The kinds of rule (计分方式): each turns its parameters into lines.

A kind is a function from a scope and named parameters to a Piece; the parameters' annotations say how the
text of a scheme is read. To add one, write the function; nothing else knows the list.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

from ..console import meant, near, nearest
from ..formula import FormulaError, MismatchError, Node, Vocabulary, bind, formula, parse
from ..formula.limits import bounds
from ..formula.say import decimal, say
from ..formula.tree import TRUE, Apply, Number, Ref, flag, num, walk
from ..model import YEAR, Input, InputKind, Origin, Part
from ..text import NARROW
from . import scales
from .lines import Piece

Names = list[str]
Points = Fraction
Steps = list[tuple[int, Fraction]]
Rungs = list[tuple[str, Fraction]]
"""Names, each with its points."""
Share = Number
"""A number, or a per cent."""
Digits = int | None


@dataclass(frozen=True, slots=True)
class Band:
    """An interval with its points; None: open to that side."""

    low: Fraction | None
    high: Fraction | None
    with_low: bool
    with_high: bool
    percent: bool
    points: Fraction

    @property
    def words(self) -> str:
        low = "" if self.low is None else f"{'不低于' if self.with_low else '高于'}{self._edge(self.low)}"
        high = "" if self.high is None else f"{'不高于' if self.with_high else '低于'}{self._edge(self.high)}"
        if self.low is not None and self.low == self.high:
            return f"等于{self._edge(self.low)}"
        return "、".join(each for each in (low, high) if each) or "不论多少"

    def _edge(self, value: Fraction) -> str:
        return say(Number(value, self.percent))

    @property
    def first(self) -> int:
        """The least whole number in it."""
        low = self.low or Fraction(0)
        return ceil(low) if self.with_low else floor(low) + 1

    @property
    def last(self) -> int:
        """The greatest whole number in it."""
        high = self.high or Fraction(0)
        return floor(high) if self.with_high else ceil(high) - 1


Bands = list[Band]


class RuleError(ValueError):
    """A rule that cannot stand: what is wrong, in Chinese; ``param`` names the parameter at fault, ``piece`` says of
    which of an item's rules; ``limited``: the input of which the 上限 is at fault."""

    def __init__(self, message: str, param: str = "", piece: int | None = None, limited: str = "") -> None:
        super().__init__(message)
        self.message, self.param, self.piece, self.limited = message, param, piece, limited


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule may speak of: the part's inputs in a period, as names, and the item's points; and what was found
    wrong with it.

    ``doubted``: the parameters of which something was said already (分值: the item's points); ``unsure``: those that
    name an input of which something was. ``asked``: what can be so, and is probably not meant. ``takes``: the item is a
    deduction outside the full marks; ``endless``: it may fall below nought (不封底); ``span``: what it judges;
    ``heads``: under which heads its author has the parameters.
    """

    part: Part
    names: Vocabulary
    period: str
    points: Fraction | None
    doubted: set[str] = field(default_factory=set)
    unsure: frozenset[str] = frozenset()
    heads: Mapping[str, str] = field(default_factory=dict)
    faults: list[RuleError] = field(default_factory=list)
    asked: list[RuleError] = field(default_factory=list)
    takes: bool = False
    endless: bool = False
    span: str = YEAR

    def called(self, param: str) -> str:
        """A parameter as its author knows it: by its head, in a file by its name."""
        return f"「{self.heads.get(param, param)}」"

    def refuse(self, message: str, param: str, *rests_on: str, limited: str = "") -> None:
        """Notes what is wrong with a parameter, for its kind to go on, unless it only follows from what was said
        already. ``rests_on``: the other parameters on which it rests; the same one where it rests on the facts of the
        input that it names; ``limited``: the input of which the 上限 is wrong."""
        if not self.doubted.intersection((param, *rests_on)) and not self.unsure.intersection(rests_on):
            self.faults.append(RuleError(message, param, limited=limited))
        self.doubted.add(param)

    def ask(self, message: str, param: str, *rests_on: str) -> None:
        """Notes what may be meant so, and probably is not; nothing of what is in doubt itself."""
        if not self.doubted.intersection((param, *rests_on)) and not self.unsure.intersection(rests_on):
            self.asked.append(RuleError(message, param))

    def weigh(self, found: Iterable[scales.Doubt], param: str, *rests_on: str) -> None:
        """Refuses a threshold on a scale that its value can never reach, asks of one that it hardly can."""
        for each in dict.fromkeys(found):
            (self.refuse if each.sure else self.ask)(each.why, param, param, *rests_on)

    def over(self, points: Iterable[Fraction], param: str, verb: str = "得") -> None:
        """Asks of points that the item's own cut."""
        most = max(points, default=Fraction(0))
        if self.points is not None and 0 <= self.points < most and not (verb == "扣" and self.endless):
            self.ask(f"最多{verb}{decimal(most)}分，比分值 {decimal(self.points)} 分还多，多的不算", param, "分值")

    def edges(self, value: Node, edges: Sequence[Number], param: str, *rests_on: str) -> None:
        """Weighs the thresholds that a parameter sets for a value."""
        found = scales.doubt(value, edges, self.part, self.names)
        self.weigh([found] if found else [], param, *rests_on)

    def input(self, name: str, param: str = "input") -> Input:
        found = next((each for each in self.part.inputs if each.name == name), None)
        if found is None:
            hint = meant(near(name, [each.name for each in self.part.inputs]))
            self.refuse(f"没有叫「{name}」的填报项{hint}", param)
        return found or Input(name, InputKind.COUNT, Origin.SELF)

    def node(self, name: str, param: str = "input") -> Node:
        """The input as a tree; 是否 counts 1 for 是."""
        if self.input(name, param).series:
            how = f"按次扣分、阶梯在「计数」里写 SUM({name})，别的用公式"
            self.refuse(f"「{name}」按月或按季填报，这种计分方式要一个单独的数：{how}", param, param)
        return self.cell(name, param)

    def cell(self, cell: str, param: str = "input") -> Node:
        """One cell of an input as a tree."""
        if self.input(cell.partition("[")[0], param).kind in (InputKind.TEXT, InputKind.DATE):
            self.refuse(f"「{cell}」不是数，不能计分", param, param)
        bound = self._formula(lambda: bind(parse(cell), self.names), num(1), param)
        return flag(bound) if isinstance(bound, Ref) and bound.type == "是否" else bound

    def number(self, text: str, param: str) -> Node:
        return self._formula(lambda: formula(text, self.names, "数"), num(1), param)

    def truth(self, text: str, param: str, *rests_on: str) -> Node:
        return self._formula(lambda: formula(text, self.names, "是否"), TRUE, param, *rests_on)

    def _formula(self, make: Callable[[], Node], instead: Node, param: str, *rests_on: str) -> Node:
        try:
            made = make()
        except FormulaError as error:
            facts = (param,) if isinstance(error, MismatchError) else ()
            self.refuse(f"{error.message}（第 {error.position + 1} 个字符）", param, *facts, *rests_on)
            return instead
        self.weigh(scales.doubts(made, self.part, self.names), param, *rests_on)
        alike = next((say(each.args[0]) for each in walk(made) if isinstance(each, Apply) and each.fn == "/"
                      and each.args[0] == each.args[1]), "")  # fmt: skip
        if alike:
            self.ask(f"{alike}除以它自己，总是 1", param, param)
        return made

    def full_marks(self) -> Fraction:
        if self.points is None:
            self.refuse("这种计分方式要求指标有分值", "分值")
        return Fraction(1) if self.points is None else self.points


Build = Callable[..., Piece]
KINDS: dict[str, Build] = {}
SAID: dict[str, str] = {}
"""Of every kind, how it counts, for those who write schemes."""
WHOLE = set[str]()
"""The kinds of which each gives up to the item's whole points by itself."""


def kind(name: str, said: str, whole: bool = False) -> Callable[[Build], Build]:
    def register(build: Build) -> Build:
        KINDS[name], SAID[name] = build, said
        WHOLE.update([name] if whole else [])
        return build

    return register


def wanted(name: str) -> dict[str, inspect.Parameter]:
    """The parameters of a kind, by name; none where there is no such kind."""
    if name not in KINDS:
        return {}
    return {key: each for key, each in inspect.signature(KINDS[name]).parameters.items() if key != "scope"}


def build(name: str, params: Mapping[str, Any], scope: Scope) -> Piece:
    """One piece of a rule; what is wrong with it is noted in the scope, and something stands in for it."""
    if name not in KINDS:
        scope.refuse(f"没有叫「{name}」的计分方式{nearest(name, list(KINDS))}", "kind")
        for each in filter(None, _split(str(params.get("input", "")))):
            # whatever is counted, it must be there
            scope.input(each)
        return Piece((), "")
    takes = wanted(name)
    for key in params:
        if key not in takes:
            used = "".join(map(scope.called, takes))
            scope.refuse(f"计分方式「{name}」不用{scope.called(key)}，把它空着；用得着的是{used}", key)
    if number_of(params.get("each")) == 0:
        scope.ask("每次是 0 分，有多少次都一样", "each")
    return KINDS[name](scope, **{key: _given(name, key, each, params, scope) for key, each in takes.items()})


def _given(name: str, key: str, takes: inspect.Parameter, params: Mapping[str, Any], scope: Scope) -> Any:
    """The value of a parameter, or what stands in for one that is wrong."""
    missing = takes.default is inspect.Parameter.empty
    if key not in params and not missing and key not in scope.doubted:
        return takes.default
    try:
        if key in params:
            return _read(str(takes.annotation), params[key], key, scope.called(key))
        scope.refuse(f"计分方式「{name}」要填{scope.called(key)}", key)
    except RuleError as error:
        scope.refuse(error.message, key)
    return _STAND_INS.get(str(takes.annotation), "" if missing else takes.default)


_FIGURES = {**NARROW, ord("−"): ord("-")}


def _read(annotation: str, value: Any, key: str, called: str) -> Any:
    """A parameter as its annotation asks for it. Raises RuleError."""
    figures = str(value).translate(_FIGURES)
    try:
        match annotation:
            case "Names":
                names = value if isinstance(value, list) else [each for each in _split(str(value)) if each]
                if not names or not all(isinstance(each, str) for each in names):
                    raise ValueError
                return names
            case "Points" | "Points | None":
                return Fraction(figures)
            case "Digits":
                return _whole(figures)
            case "Share":
                return _share(figures)
            case "Steps":
                return [(int(count), points) for count, points in _pairs(figures, key)]
            case "Rungs":
                rungs = _pairs(figures, key)
                if not rungs or len(dict(rungs)) < len(rungs):
                    raise RuleError("一项也没有" if not rungs else "同一个填报项写了两次", key)
                return rungs
            case "Bands":
                return [_band(each) for each in _rows(figures)]
    except RuleError:
        raise
    except (ValueError, ZeroDivisionError):
        said = f"读不懂：{value}" if str(value).strip() else "没有填"
        raise RuleError(f"{called}{said}；{_WRITTEN[annotation]}", key) from None
    return str(value)


def number_of(value: object) -> Fraction | None:
    """What is written as a number; None where it is none."""
    try:
        return Fraction(str(value).translate(_FIGURES))
    except (ValueError, ZeroDivisionError):
        return None


_WRITTEN: Mapping[str, str] = {
    "Names": "写填报项的名称，几个用顿号隔开",
    "Points": "写一个数",
    "Points | None": "写一个数",
    "Digits": "写 0 到 6 的整数",
    "Share": "写一个数或百分数，如 5 或 95%",
    "Steps": "写成 1:2, 2:5 这样，冒号前面是整数，后面是分",
    "Rungs": "写成 名称:数 这样，几个用顿号隔开",
    "Bands": "写成 [90%,95%):8 这样，一行一段",
}
"""How a parameter is written, by its annotation."""


def _split(text: str) -> list[str]:
    for mark in "，、；;":
        text = text.replace(mark, ",")
    return [each.strip() for each in text.replace("：", ":").split(",")]


def _pairs(text: str, key: str) -> list[tuple[str, Fraction]]:
    pairs = [each.split(":") for each in _split(text) if each]
    made = [(name.strip(), Fraction(points)) for name, points in pairs]
    if any(points < 0 for _, points in made):
        raise RuleError(f"分数写正数，是加是扣由计分方式决定：{text}", key)
    return made


def _whole(text: str) -> int:
    value = Fraction(text)
    if value.denominator != 1 or not 0 <= value <= 6:
        raise ValueError
    return int(value)


def _share(text: str) -> Number:
    plain = text.strip()
    return Number(Fraction(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1), plain.endswith("%"))


def _rows(text: str) -> list[str]:
    """The intervals: a line each, or behind a bracket with its points a semicolon."""
    found = [each.strip() for each in re.split(r"[;；\n]", text) if each.strip()]
    if not found:
        raise ValueError
    return found


_BAND = re.compile(r"([\[(（【])\s*([^,，]*?)\s*[,，]\s*([^,，]*?)\s*([\])）】])\s*[:：]\s*(\S+)")


_CLOSED = ("[]", "【】", "[】", "【]")


def _band(text: str) -> Band:
    found, unclear = (
        _BAND.fullmatch(text),
        RuleError(f"这一段读不懂：{text}；写成 [90%,95%):8 这样，分数写正数", "bands"),
    )
    if found is None:
        raise unclear
    opening, first, last, closing, points = found.groups()
    try:
        low, high = (_share(each) if each else None for each in (first, last))
        given = Fraction(points)
    except (ValueError, ZeroDivisionError):
        raise unclear from None
    if given < 0 or (low is not None and high is not None and not _ordered(low, high)):
        raise unclear
    if low is not None and high is not None and low.value == high.value and (opening + closing) not in _CLOSED:
        raise RuleError(f"这一段里没有数：{text}；只有一个数的写成 [3,3]:5", "bands")
    return Band(
        low.value if low else None, high.value if high else None, opening in "[【", closing in "]】",
        any(each is not None and each.percent for each in (low, high)), given,
    )  # fmt: skip


def _ordered(low: Number, high: Number) -> bool:
    """0 is the same with and without a sign of per cent."""
    alike = low.percent == high.percent or not (low.value and high.value)
    return alike and low.value <= high.value


_STAND_INS: Mapping[str, Any] = {
    "Names": [""],
    "Points": Fraction(1),
    "Points | None": Fraction(1),
    "Share": num(1),
    "Steps": [(1, Fraction(1))],
    "Rungs": [],
    "Bands": [Band(None, None, False, False, False, Fraction(0))],
}


def limits(node: Node, names: Vocabulary) -> tuple[Fraction | None, Fraction | None]:
    """The least and most that a number can be, None where open."""
    try:
        return bounds(node, names)
    except FormulaError:
        return None, None


def measure_of(each: Input) -> str:
    return each.unit or "次"


def noun_of(name: str) -> str:
    """The thing counted, without the word that says it is a count."""
    for ending in ("批次", "次数", "件数", "条数"):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    return name


def words_of(node: Node) -> str:
    """A condition in words; a bare 是否 is its own name."""
    return node.name if isinstance(node, Ref) else say(node)
