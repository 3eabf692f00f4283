"""The kinds of rule: parameters → lines, cap and floor → the one formula tree of an item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from ..formula import FormulaError, Symbol
from ..formula.limits import bounds, check_exact
from ..formula.parse import mentioned
from ..formula.say import decimal
from ..formula.tree import Type, Vocabulary, refs
from ..model import PERSONS, UNITS, YEAR, Check, Input, InputKind, Item, Part, RuleSpec, Scheme, captioned
from . import counts, groups, rates
from .kinds import KINDS, SAID, WHOLE, RuleError, Scope, build, number_of, wanted
from .lines import Line, Piece, Rule, assemble
from .worth import among_own, applied, spared, within_group

assert counts and groups and rates, "their kinds are known by having been loaded"

__all__ = [
    "KINDS",
    "SAID",
    "Doubts",
    "Line",
    "Rule",
    "RuleError",
    "Words",
    "compile_item",
    "compile_part",
    "examine_item",
    "presumed",
    "rule_checks",
    "spared",
    "vocabulary",
    "wanted",
    "within_group",
    "words_of",
]


POINTS_LIMIT = 10**10


def symbol(each: Input, period: str = YEAR) -> Symbol:
    """What an input's name stands for in formulas of a period."""
    type: Type = {InputKind.FLAG: "是否", InputKind.TEXT: "文字"}.get(each.kind, "数")  # type: ignore[assignment]
    return Symbol(type, each.cells_in(period), Fraction(each.minimum), Fraction(each.most), each.decimals, each.options)


def vocabulary(scheme: Scheme, part: Part, period: str = YEAR) -> dict[str, Symbol]:
    """Every name a formula of the part may use: inputs, readings, parameters."""
    names = {each.name: symbol(each, period) for each in part.inputs}
    names |= {each.id: Symbol("文字", constant=each.value) for each in scheme.readings if each.options}
    names |= {each.id: Symbol(constant=each.value) for each in scheme.parameters if each.value is not None}
    return names


class Words(NamedTuple):
    """What the rules of a part may speak of: ``names`` in ``period``, ``whole`` in the year. Made once for all its
    items."""

    part: Part
    period: str
    names: Vocabulary
    whole: Vocabulary


def words_of(scheme: Scheme, part: Part, period: str = YEAR) -> Words:
    whole = vocabulary(scheme, part)
    return Words(part, period, whole if period == YEAR else vocabulary(scheme, part, period), whole)


@dataclass(frozen=True, slots=True)
class Doubts:
    """What was found wrong before rules are looked at: ``fields`` of the item, parameters of each of its rules, the
    ``inputs`` of which something was, and those of which the name was (``misnamed``: what speaks of one cannot be
    read); and the ``heads`` under which each rule has its parameters."""

    fields: frozenset[str] = frozenset()
    params: tuple[frozenset[str], ...] = ()
    inputs: frozenset[str] = frozenset()
    misnamed: frozenset[str] = frozenset()
    heads: tuple[Mapping[str, str], ...] = ()

    def scope(self, scope: Scope, spec: RuleSpec, k: int) -> Scope:
        """The scope of one of the item's rules."""
        doubted = {*(self.params[k] if k < len(self.params) else ()), *(["分值"] if "points" in self.fields else [])}
        texts = {key: str(value) for key, value in spec.params.items()}
        doubted.update(key for key, text in texts.items() if mentioned(self.misnamed, text))
        unsure = {key for key, text in texts.items() if mentioned(self.inputs, text)}
        heads = self.heads[k] if k < len(self.heads) else {}
        return replace(scope, doubted=doubted, unsure=frozenset(unsure), heads=heads, faults=[], asked=[])


class Examined(NamedTuple):
    """An item's rule, none where something is ``wrong`` with it; what is ``asked`` can be so, and is probably not
    meant."""

    rule: Rule | None
    wrong: list[RuleError]
    asked: list[RuleError]


def examine_item(words: Words, item: Item, doubts: Doubts) -> Examined:
    """An item's rule, and everything that is wrong with it, each at its parameter; ``words`` are those of the year.
    What only follows from what is in doubt is not told, and there is no rule that rests on it."""
    part, whole = words.part, _scope(words.part, words.whole, YEAR, item)
    scopes = [doubts.scope(whole, spec, k) for k, spec in enumerate(item.rules)]
    for k, (spec, scope) in enumerate(zip(item.rules, scopes, strict=True)):
        _tried(spec, scope, k)
    faults = [each for scope in scopes for each in scope.faults]
    asked = [each for scope in scopes for each in scope.asked]
    asked += [] if asked or any("points" in each for each in (doubts.fields, *doubts.params)) else _sum_over(item)
    faults += [] if doubts.fields & {"points", "floor"} else _floor_faults(item)
    faults += [] if "groups" in doubts.fields or part.group in doubts.inputs else _group_faults(part, item)
    asked += [] if asked or "groups" in doubts.fields else _heavy(item)
    ungrouped = bool(item.groups) and part.group in doubts.inputs
    if faults or doubts.fields or ungrouped or any(scope.doubted or scope.unsure for scope in scopes):
        return Examined(None, faults, asked)
    try:
        return Examined(compile_item(words, item), [], asked)
    except RuleError as error:
        return Examined(None, [error], asked)


def _scope(part: Part, names: Vocabulary, period: str, item: Item) -> Scope:
    span = YEAR if period == YEAR or item.annual else "本期"
    takes, endless = item.id.endswith("-"), item.floor is None
    return Scope(part, names, period, item.points, takes=takes, endless=endless, span=span)


def compile_item(words: Words, item: Item) -> Rule:
    """An item's rule in a period. Raises RuleError."""
    part, period = words.part, words.period
    pieces, judged = _pieces(words, item, period)
    for error in (*_group_faults(part, item), *_floor_faults(item)):
        raise error
    group = part.input(part.group) if part.groups else None
    if group is not None:
        pieces = [among_own(each, group, item.groups or group.options) for each in pieces]
    counted = period == YEAR or (judged and not item.annual)
    optional = {cell for each in part.inputs if each.optional for cell in each.cells}
    marks = {cell for each in part.inputs if each.kind is InputKind.RATERS for cell in each.cells}
    read = {name for piece in pieces for line in piece.lines for name in refs(line.count)}
    raters = bool(read) and read <= marks
    if period == YEAR:
        # a shorter one may leave a piece without lines
        _one_way(item, pieces)
    rule = assemble(item.id, item.points, pieces, optional, counted, raters, item.floor)
    rule = applied(rule, group, item.groups, tuple(each for piece in pieces for each in piece.skips))
    rule = replace(rule, text=captioned(rule.text, [part]),
                   excuses=tuple((captioned(why, [part]), node) for why, node in rule.excuses))  # fmt: skip
    try:
        check_exact(rule.tree, words.whole)
        _, most = bounds(rule.tree, words.whole)
        if most is not None and most > POINTS_LIMIT:
            raise FormulaError("这一项的分数可能大到没有意义，请检查公式")
    except FormulaError as error:
        raise _unfit(error, item, pieces, words.whole) from None
    for each in presumed(part, rule.shows):
        raise RuleError(f"「{each.name}」不填算“{each.default}”，只能用于结果运用，不能计分")
    return rule


def _unfit(error: FormulaError, item: Item, pieces: list[Piece], names: Vocabulary) -> RuleError:
    """What Excel could not carry, at the formula that brings it; of several together at the item."""
    for k, piece in enumerate(pieces):
        try:
            for line in piece.lines:
                check_exact(line.count, names)
        except FormulaError as own:
            params = item.rules[k].params
            made = RuleError(own.message, next((name for name in _WRITTEN_AS_FORMULA if name in params), ""))
            made.piece = k
            return made
    return RuleError(error.message)


_WRITTEN_AS_FORMULA = ("formula", "value", "count", "divide", "target", "condition", "conditions", "before")
"""The parameters in which an author can divide."""


def _group_faults(part: Part, item: Item) -> list[RuleError]:
    """Groups that an item is for, and that are not there."""
    if part.many and item.groups:
        return [RuleError(f"{PERSONS}的指标不分组，只有{UNITS}的可以写适用；空着", "groups")]
    if not part.group and item.groups:
        return [RuleError("写了适用，「方案」表里的“分组”还没有写按哪个填报项分", "groups")]
    # of what is no list of groups it is said itself
    unknown = [name for name in item.groups if part.groups and name not in part.groups]
    return [RuleError(f"没有叫「{name}」的组，只有：{'、'.join(part.groups)}", "groups") for name in unknown[:1]]


def _heavy(item: Item) -> list[RuleError]:
    """Asks of a weight that was probably written in per cent points."""
    heavy = [(name, decimal(weight)) for name, weight in item.groups.items() if weight >= HEAVY]
    return [
        RuleError(f"{name}的权重写了 {size}，就是 {size} 倍；是否应写 {size}%", "groups") for name, size in heavy[:1]
    ]


HEAVY = 5


def _floor_faults(item: Item) -> list[RuleError]:
    if not item.floor:
        return []
    if item.id.endswith("-"):
        return [RuleError("扣分项没有保底，最多扣多少写在分值里", "floor")]
    return [RuleError("保底比分值还多", "floor")] if item.points is not None and item.floor > item.points else []


def _sum_over(item: Item) -> list[RuleError]:
    """What several rules together give and the item's points cut."""
    given = [(k, number_of(spec.params.get("points"))) for k, spec in enumerate(item.rules)
             if spec.kind == "达标" or spec.kind in WHOLE]  # fmt: skip
    if item.points is None or item.points < 0 or len(given) < 2:
        return []
    most = sum((item.points if points is None else points for _, points in given), Fraction(0))
    if most <= item.points:
        return []
    last = given[-1][0]
    why = f"各个条件合计{decimal(most)}分，比分值 {decimal(item.points)} 分还多，多的不算"
    if any(points is None for _, points in given):
        why += "；没有写得分的都按满分算，成立一个就得满分：各得几分的写明得分，都要成立才得分的，用 AND 写成一个条件"
    return [RuleError(why, "points" if item.rules[last].kind == "达标" else "kind", last)]


def _one_way(item: Item, pieces: list[Piece]) -> None:
    """An item starts from its full marks or from nought. Raises RuleError where its rules do not agree on it, or one of
    them has nothing to work on."""
    lines = [line for piece in pieces for line in piece.lines]
    if lines and all(line.times is not None for line in lines):
        raise RuleError("只有减半加倍，没有可以乘的分；接在别的计分方式下面写", "kind")
    signs = {"加分": any(line.each > 0 for line in lines), "扣分": any(line.each < 0 for line in lines)}
    for k, piece in enumerate(pieces):
        on = next((line.on for line in piece.lines if line.times is not None), "")
        if not signs.get(on, True):
            by = "按次扣分、区间、清单" if on == "扣分" else "按次加分、名次加分、就高"
            how = f"乘整项得分的，这里写“得分”；只乘{on}的，{on}用{by}等计分方式写，不用公式"
            raise RuleError(f"这一项没有{on}，乘不到；{how}", "what", k)
    for k, piece in enumerate(pieces if any(each.full for each in pieces) else []):
        if not piece.full and item.rules[k].kind != "公式" and any(line.each > 0 for line in piece.lines):
            raise RuleError("得分的和扣分的计分方式不能写在同一个指标里：一个从0分加起，一个从满分扣起", "kind", k)


def presumed(part: Part, cells: Iterable[str]) -> list[Input]:
    """Those of the cells' inputs that count as something when blank: Excel would take them for 否 or 0."""
    read = {cell.partition("[")[0] for cell in cells}
    return [each for each in part.inputs if each.optional and each.default not in ("", "否", "0") and each.name in read]


def rule_checks(scheme: Scheme, part: Part) -> tuple[Check, ...]:
    """The consistency checks that follow from the rules' own limits, in the items' order. Raises RuleError."""
    words = words_of(scheme, part)
    pieces = [piece for item in part.items for piece in _pieces(words, item, YEAR)[0]]
    return tuple(dict.fromkeys(check for piece in pieces for check in piece.checks))


def _pieces(words: Words, item: Item, period: str) -> tuple[list[Piece], bool]:
    """The pieces of an item's rule, and whether the period holds anything for it to judge."""
    scope = _scope(words.part, words.whole if period == YEAR else words.names, period, item)
    try:
        pieces = [_built(spec, scope, k) for k, spec in enumerate(item.rules)]
    except RuleError:
        if period == YEAR:
            raise
        # a rule that reads months outside the period stands for the year and waits for it
        return _pieces(words, item, YEAR)[0], False
    return pieces, any(line.times is None for piece in pieces for line in piece.lines)


def _built(spec: RuleSpec, scope: Scope, k: int) -> Piece:
    """One piece of a rule. Raises RuleError."""
    own = replace(scope, doubted=set(), faults=[], asked=[])
    piece = _tried(spec, own, k)
    for error in own.faults:
        raise error
    return piece


def _tried(spec: RuleSpec, scope: Scope, k: int) -> Piece:
    piece = build(spec.kind, spec.params, scope)
    for error in (*scope.faults, *scope.asked):
        error.piece = k
    return piece


def compile_part(scheme: Scheme, part: Part, period: str = YEAR) -> dict[str, Rule]:
    """The rules of the lines that exist under the readings in force, in the scheme's order."""
    words = words_of(scheme, part, period)
    return {item.id: compile_item(words, item) for item in scheme.lines(part)}
