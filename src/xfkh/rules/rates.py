"""The kinds of rule that judge a rate, a number against a benchmark, or a year against others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ..formula import Node
from ..formula.limits import is_whole
from ..formula.say import decimal, say
from ..formula.tree import Apply, Number, both, flag, num, refs, times, total, walk
from ..model import COUNT_LIMIT, PERCENT, PERSONS, UNITS
from . import scales
from .divisors import divisors_of
from .kinds import Band, Bands, Digits, Names, Points, Scope, Share, kind, limits, measure_of, noun_of
from .lines import Line, Piece

FULL, NOUGHT, MEAN, SKIP = "计满分", "计0分", "取均值", "不计入"
NOTHING, ALL = "不扣分", "全扣"
EMPTY = (FULL, NOUGHT, MEAN, SKIP)
"""What an item gives where a rate has no denominator."""
TAKEN = (NOTHING, ALL, MEAN, SKIP)
"""The same of a deduction outside the full marks, where nobody could tell what 计0分 is: nothing lost, or all."""
ABOVE, BELOW = "高于", "低于"
ONE = Number(Fraction(1))
WHOLE, BEGUN, EVEN = "不计", "按一档", "按比例"
"""What counts of a step that is not whole."""


_JUDGED = ("value", "input", "target", "divide", "before", "among")
"""The parameters that say what is judged."""


class _Value(NamedTuple):
    """What is judged: its tree, rounded where the scheme says so, in words, the denominators that may be 0."""

    node: Node
    words: str
    divisors: tuple[Node, ...]

    @property
    def there(self) -> Node:
        """Where no denominator is 0."""
        return both([Apply(">", (each, num(0))) for each in self.divisors])

    def guarded(self, node: Node, instead: Node) -> Node:
        """A number that is asked only where no denominator is 0; IF keeps Excel from dividing by it."""
        for each in self.divisors:
            node = Apply("IF", (Apply("=", (each, num(0))), instead, node))
        return node


def _value(scope: Scope, node: Node, digits: Digits, empty: str, words: str = "") -> _Value:
    divisors = tuple(each for each in divisors_of(node) if not (limits(each, scope.names)[0] or 0) > 0)
    choices = [each for each in (TAKEN if scope.takes else EMPTY) if each != SKIP or not scope.part.many]
    if scope.takes and empty in (FULL, NOUGHT):
        said = f"扣分项写“{empty}”，看不出是不扣还是全扣：分母是0不扣的写“{NOTHING}”，扣到分值的写“{ALL}”"
        scope.refuse(said, "empty")
    elif empty == SKIP and scope.part.many:
        scope.refuse(f"{PERSONS}的指标不能{SKIP}，只有{UNITS}的可以；选{'、'.join(choices)}", "empty")
    elif empty not in ("", *choices):
        scope.refuse(f"「{empty}」不是：{'、'.join(choices)}", "empty")
    elif divisors and not empty:
        said = f"{'、'.join(map(say, divisors))}可能是0，要在「分母为0」里写明怎样计：{'、'.join(choices)}"
        scope.refuse(said, "empty", *_JUDGED)
    elif empty and not divisors:
        scope.refuse("没有可能是0的分母，不用写", "empty", *_JUDGED)
    if digits is not None and digits <= 2 and _in_shares(scope, node):
        rough = {0: "100%", 1: "100%", 2: "97%"}[digits]
        why = f"率先四舍五入到小数{digits}位，97.35% 成了 {rough}；百分数保留两位小数的，写 4"
        scope.ask(why, "digits", *_JUDGED)
    rounded = Apply("ROUND", (node, num(digits))) if digits is not None else node
    return _Value(rounded, words or say(node), divisors)


def _in_shares(scope: Scope, node: Node) -> bool:
    """Whether a number is a rate of which 1 is all, or how much it changed as a share."""
    own = scales.scale(node, scope.part, scope.names)
    return own is not None and own.of in (scales.SHARE, scales.CHANGE)


def _piece(scope: Scope, value: _Value, lines: Sequence[Line], text: str, empty: str, deducts: bool) -> Piece:
    """The lines where there is a denominator, and what stands in for them where there is none."""
    made = [replace(line, count=value.guarded(line.count, num(0))) for line in lines]
    none = "、".join(map(say, value.divisors))
    if value.divisors:
        text += f"；{none}为0的{empty}" if empty != MEAN else f"；{none}为0的，取其他单位这一项的平均分"
    if value.divisors and empty == MEAN:
        made += _averaged(scope, value, made, deducts)
    elif value.divisors and empty != SKIP:
        said = f"{none}为0" if empty == ALL else f"{none}为0，{empty}"
        made.append(Line(said, value.guarded(num(0), num(1)), _worth(scope, empty, deducts)))
    met = empty in (FULL, NOTHING)
    zero = tuple((say(each), Apply("=", (each, num(0)))) for each in value.divisors) if met else ()
    skips = value.divisors if empty == SKIP else ()
    return Piece(tuple(made), text, full=deducts, zero=zero, hint="没有得分" if not deducts else "", skips=skips)


def _worth(scope: Scope, empty: str, deducts: bool) -> Fraction:
    """What an item adds or loses where there is no denominator."""
    if empty != (ALL if scope.takes else NOUGHT if deducts else FULL):
        return Fraction(0)
    return -scope.full_marks() if deducts else scope.full_marks()


def _averaged(scope: Scope, value: _Value, lines: Sequence[Line], deducts: bool) -> list[Line]:
    """What others have on average, where there is no denominator."""
    none = f"{'、'.join(map(say, value.divisors))}为0"
    own = total([times(line.count, -line.each if scope.takes else line.each) for line in lines])
    if scope.takes:
        capped = own if scope.points is None else Apply("MIN", (Number(scope.points), own))
    else:
        capped = _capped(scope, own, deducts)
    mean = value.guarded(num(0), Apply("AVERAGEIF", (capped, value.there)))
    made = [Line(f"{none}，按其他单位平均计", mean, Fraction(-1 if scope.takes else 1), "分")]
    if deducts and not scope.takes:
        made.append(Line(none, value.guarded(num(0), num(1)), -scope.full_marks()))
    return made


def _capped(scope: Scope, node: Node, deducts: bool) -> Node:
    """The points of one unit, as the item will count them."""
    full = Number(scope.full_marks())
    own = Apply("+", (full, node)) if deducts else node
    return Apply("MAX", (num(0), Apply("MIN", (full, own))))


@kind(
    "按率得分",
    "比率乘分值，最多得满分；率写成公式，如 办结件数/应办件数。分母可能是0的，写明是0时怎样计。",
    whole=True,
)
def by_rate(scope: Scope, value: str, digits: Digits = None, empty: str = "") -> Piece:
    """The rate × the item's points; ``digits``: the rate is first rounded to so many decimals."""
    judged = _value(scope, scope.number(value, "value"), digits, empty)
    own = scales.scale(judged.node, scope.part, scope.names)
    if own is not None and own.of == scales.POINTS:
        scope.refuse(f"{judged.words}按百分数填，95 就是 95%；乘分值的率要除以 100，写成 {value}/100", "value", "value")
    elif own is None and _no_rate(scope, judged.node):
        why = f"{judged.words}不像一个率：到 1 就是满分；评 0 至 100 分的除以 100，件数除以应有的件数"
        scope.ask(why, "value", "value")
    full = scope.full_marks()
    text = f"{_by(judged.words)}×{decimal(full)}分计，最多{decimal(full)}分{_rounding(digits)}"
    line = Line(_by(judged.words), _never_negative(judged.node), full)
    return _piece(scope, judged, [line], text, empty, deducts=False)


def _no_rate(scope: Scope, node: Node) -> bool:
    """Whether a number that is multiplied by points is hardly meant as a share: it is divided by nothing, or a mark is
    by less than its maximum."""
    match node:
        case Apply("/", (whole, Number(by))):
            most = limits(whole, scope.names)[1]
            return most is not None and by < most < COUNT_LIMIT
    return not any(isinstance(each, Apply) and each.fn == "/" for each in walk(node))


def _never_negative(node: Node) -> Node:
    """A rate of counts, whose least is 0 also where its denominator is open."""
    return Apply("MAX", (num(0), node))


def _by(words: str) -> str:
    """What points go by; 按时办结件数 says 按 itself."""
    return words if words.startswith("按") else f"按{words}"


def _rounding(digits: Digits) -> str:
    return "" if digits is None else f"（先四舍五入到小数{digits}位）"


@kind("比例完成", "完成数除以目标数，乘分值，最多得满分；目标是一个数，或是另一个填报项。", whole=True)
def by_progress(scope: Scope, input: str, target: str, empty: str = "") -> Piece:
    """done ÷ target × the item's points."""
    full, goal = scope.full_marks(), scope.number(target, "target")
    done = scope.node(input)
    scope.edges(done, [goal] if isinstance(goal, Number) else [], "target", *_JUDGED)
    rate = Apply("/", (done, goal))
    judged = _value(scope, rate, None, empty, words=f"{noun_of(input)}完成目标的比例")
    text = f"{input}÷{say(goal)}×{decimal(full)}分，最多{decimal(full)}分"
    line = Line(_by(judged.words), _never_negative(judged.node), full)
    return _piece(scope, judged, [line], text, empty, deducts=False)


@kind(
    "每低扣分",
    "比基准每低（或每高）一档扣多少，扣完为止：写明基准、一档是多少；不满一档的不计、按一档或按比例，也要写明。",
)
def below(scope: Scope, value: str, base: Share, each: Points, step: Share = ONE, side: str = BELOW,
          part: str = WHOLE, digits: Digits = None, empty: str = "") -> Piece:  # fmt: skip
    """Every ``step`` by which the value lies ``side`` of the ``base`` deducts ``each``; ``part``: what counts of a step
    that is not whole."""
    if side not in (BELOW, ABOVE):
        scope.refuse(f"只能是{BELOW}或{ABOVE}", "side")
    if part not in (WHOLE, BEGUN, EVEN):
        scope.refuse(f"只能是{WHOLE}、{BEGUN}或{EVEN}", "part")
    if step.value <= 0:
        scope.refuse("一档要大于0", "step")
        step = ONE
    if step.percent and not base.percent:
        size = say(Number(base.value / (1 if base.value <= 1 else 100), True))
        scope.refuse(f"每档写了百分号，基准也要写，写成 {size}", "base", "step")
        base = Number(base.value, True)
    elif base.percent and not step.percent:
        scope.refuse("基准写了百分号，每档也要写，如 1%", "step", "base")
        step = ONE
    judged = _value(scope, scope.number(value, "value"), digits, empty)
    scope.edges(judged.node, [base], "base", *_JUDGED)
    _steps_reached(scope, judged, base, step, side, part)
    measure = "个百分点" if step.percent else _measure(scope, judged.node)
    size = f"{decimal(step.value * (100 if step.percent else 1))}{measure}"
    mark = say(base) if base.percent else f"{say(base)}{'%' if measure == '个百分点' else measure}"
    every = f"每{size}" if measure else f"每{side[:1]}{size}"
    rest = {WHOLE: f"不满{size}的不计", BEGUN: f"不满{size}的按{size}计", EVEN: "按比例计"}.get(part, "")
    text = f"{judged.words}{side}{mark}的，{every}扣{decimal(each)}分，{rest}{_rounding(digits)}"
    steps = _steps(_gap(judged.node, base.value, step.value, side), part)
    line = Line(f"{judged.words}{side}{mark}，", steps, -each, "档")
    return _piece(scope, judged, [line], text, empty, deducts=True)


def _steps_reached(scope: Scope, judged: _Value, base: Share, step: Share, side: str, part: str) -> None:
    """Asks of a step that is all of what is judged, or more than it can ever lie off the base."""
    own = scales.scale(judged.node, scope.part, scope.names)
    share = own is not None and own.of == scales.SHARE
    if share and not step.percent and step.value >= 1:
        size = decimal(step.value)
        why = f"{judged.words}最多是 1（100%），一档写了 {size}，就是 {size}00 个百分点；是否应写 {size}%"
        scope.ask(why, "step", "base", *_JUDGED)
        return
    least, most = limits(judged.node, scope.names)
    far = (base.value - least if least is not None else None) if side == BELOW else most
    far = far - base.value if side == ABOVE and far is not None else far
    if far is not None and (far <= 0 or (part == WHOLE and far < step.value)):
        scope.ask("怎样填都不扣：差得最多也不到一档，核对基准和每档", "base", "step", *_JUDGED)


def _measure(scope: Scope, node: Node) -> str:
    """The 计量单位 of a number that is made of inputs of one alone; empty where it has none."""
    if any(isinstance(each, Apply) and each.fn not in _ALIKE for each in walk(node)):
        return ""
    units = {scope.input(name.partition("[")[0]).unit for name in refs(node)}
    unit = units.pop() if len(units) == 1 else ""
    return "个百分点" if unit in PERCENT else unit


_ALIKE = ("+", "-", "neg", "MIN", "MAX", "ABS", "ROUND", "INT", "AVERAGE", "TRIMMED")


def _gap(node: Node, base: Fraction, step: Fraction, side: str) -> Node:
    """How many steps the value lies off; of a rate as one quotient, whose denominator stays small."""
    match node:
        case Apply("/", (left, right)) if not isinstance(right, Number):
            mark, own = times(right, base / step), times(left, 1 / step)
            return Apply("/", (Apply("-", (mark, own) if side == BELOW else (own, mark)), right))
    mark, own = Number(base / step), times(node, 1 / step)
    return Apply("-", (mark, own) if side == BELOW else (own, mark))


def _steps(steps: Node, part: str) -> Node:
    if part == EVEN:
        return Apply("MAX", (num(0), steps))
    if part == WHOLE:
        return Apply("MAX", (num(0), Apply("INT", (steps,))))
    return Apply("MAX", (num(0), Apply("neg", (Apply("INT", (Apply("neg", (steps,)),)),))))


# --- intervals ------------------------------------------------------------------------------------


@kind(
    "区间",
    "数落在哪一段得哪一段的分，一行一段：[90%,95%):8；方括号含端点，圆括号不含，不写就是不限。段与段不能重叠，也不能漏。",
)
def interval(scope: Scope, value: str, bands: Bands, sign: str = "得", others: Points | None = None,
             digits: Digits = None, empty: str = "") -> Piece:  # fmt: skip
    """The points of the interval in which the value lies; ``others``: those of any other value."""
    judged = _value(scope, scope.number(value, "value"), digits, empty)
    return _banded(scope, judged, bands, sign, others, empty, _rounding(digits))


@kind("与上年比", "今年比上年增减的比例落在哪一段得哪一段的分，降写负数，如 (,-10%]:5。上年是0的，写明怎样计。")
def against_last_year(scope: Scope, input: str, before: Names, bands: Bands, sign: str = "得",
                      others: Points | None = None, digits: Digits = None, empty: str = "") -> Piece:  # fmt: skip
    """The change against last year, as a share of last year, in intervals."""
    if len(before) != 1:
        scope.refuse("只写上年的一个填报项", "before")
    return _compared(scope, input, before, "上年", (bands, sign, others, digits, empty))


@kind("与三年均值比", "今年比前三年平均增减的比例落在哪一段得哪一段的分；三年的填报项用顿号隔开。")
def against_three_years(scope: Scope, input: str, before: Names, bands: Bands, sign: str = "得",
                        others: Points | None = None, digits: Digits = None, empty: str = "") -> Piece:  # fmt: skip
    """The change against the mean of three years, in intervals."""
    if len(before) != 3:
        scope.refuse("要写前三年的三个填报项", "before")
    return _compared(scope, input, before, "前三年平均", (bands, sign, others, digits, empty))


_Scale = tuple[Bands, str, Fraction | None, Digits, str]


def _compared(scope: Scope, input: str, before: Names, name: str, scale: _Scale) -> Piece:
    bands, sign, others, digits, empty = scale
    twice = next((each for k, each in enumerate(before) if each in (input, *before[:k])), "")
    if twice:
        scope.refuse(f"「{twice}」写了两次：自己比自己，总是一样；写往年的填报项", "before", "input")
    mean = Apply("/", (total([scope.node(each, "before") for each in before]), num(len(before))))
    past: Node = mean if len(before) > 1 else scope.node(before[0], "before")
    change = Apply("-", (Apply("/", (scope.node(input), past)), num(1)))
    judged = _value(scope, change, digits, empty, words=f"{noun_of(input)}比{name}增减")
    return _banded(scope, judged, bands, sign, others, empty, _rounding(digits))


@kind("与均值比", "本单位比各单位平均增减的比例落在哪一段得哪一段的分；平均是0的，写明怎样计。要等各单位都定了才能定。")
def against_mean(scope: Scope, input: str, bands: Bands, sign: str = "得", others: Points | None = None,
                 digits: Digits = None, empty: str = "", among: str = "") -> Piece:  # fmt: skip
    """The difference from the mean of the units that meet ``among``, as a share of it, in intervals."""
    if empty == MEAN:
        scope.refuse(f"各单位平均是0的，写{'或'.join((TAKEN if scope.takes else EMPTY)[:2])}", "empty")
    own = scope.node(input)
    who: list[Node] = [Apply("ISNUMBER", (own,))] + ([scope.truth(among, "among")] if among else [])
    mean = Apply("AVERAGEIF", (own, both(who)))
    change = Apply("-", (Apply("/", (own, mean)), num(1)))
    judged = _value(scope, change, digits, empty, words=f"{noun_of(input)}比各单位平均增减")
    made = _banded(scope, judged, bands, sign, others, empty, _rounding(digits))
    # who gave nothing is no unit with nought
    given = Apply("ISNUMBER", (own,))
    lines = tuple(replace(line, count=Apply("IF", (given, line.count, num(0)))) for line in made.lines)
    return replace(made, lines=lines, hint=f"没有提供{input}，不比")


def _banded(scope: Scope, judged: _Value, bands: Bands, sign: str, others: Fraction | None, empty: str,
            rounding: str) -> Piece:  # fmt: skip
    if sign not in ("得", "加", "扣"):
        scope.refuse("只能是得、加或扣", "sign")
    ordered = _in_order(scope, bands)
    edges = [_edge(band, each) for band in bands for each in (band.low, band.high) if each is not None]
    scope.edges(judged.node, edges, "bands", *_JUDGED)
    if others is None:
        _without_gaps(scope, judged, ordered)
    _one_direction(scope, ordered, sign)
    scope.over([*(band.points for band in bands), others or Fraction(0)], "bands", sign)
    each = -1 if sign == "扣" else 1
    rest = others or Fraction(0)
    lines = [Line(f"{judged.words}{band.words}" + ("" if band.points else f"，{sign}0分"),
                  flag(_within(judged.node, band)), each * band.points)
             for band in bands if band.points or sign != "扣"]  # fmt: skip
    if rest:
        outside = both([Apply("NOT", (_within(judged.node, band),)) for band in bands])
        lines.append(Line(f"{judged.words}在各段以外", flag(outside), each * rest))
    words = "，".join(f"{band.words}{sign}{decimal(band.points)}分" for band in bands)
    words += f"，其余{sign}{decimal(rest)}分" if others is not None else ""
    return _piece(scope, judged, lines, f"{judged.words}：{words}{rounding}", empty, deducts=sign == "扣")


def _one_direction(scope: Scope, ordered: Bands, sign: str) -> None:
    """Asks of deductions that neither rise nor fall all the way."""
    points = [band.points for band in ordered]
    if sign == "扣" and points not in (sorted(points), sorted(points, reverse=True)):
        listed = "、".join(map(decimal, points))
        scope.ask(f"从小到大各段扣 {listed} 分，时多时少；通常数越大扣得越多，或越少", "bands")


def _within(value: Node, band: Band) -> Node:
    terms = list[Node]()
    if band.low is not None:
        terms.append(Apply(">=" if band.with_low else ">", (value, _edge(band, band.low))))
    if band.high is not None:
        terms.append(Apply("<=" if band.with_high else "<", (value, _edge(band, band.high))))
    return both(terms)


def _edge(band: Band, value: Fraction) -> Number:
    return Number(value, band.percent)


def _in_order(scope: Scope, bands: Bands) -> Bands:
    """From the lowest up; refused where two overlap."""
    ordered = sorted(bands, key=lambda each: (each.low is not None, each.low or 0, not each.with_low))
    for lower, upper in pairwise(ordered):
        if _reach(lower, upper) > 0:
            scope.refuse(f"{lower.words}与{upper.words}重叠", "bands")
    return ordered


def _reach(lower: Band, upper: Band) -> int:
    """Of two neighbours: 1 where they overlap, -1 where something lies between them, else 0."""
    if lower.high is None or upper.low is None:
        return 1
    if lower.high != upper.low:
        return 1 if lower.high > upper.low else -1
    return lower.with_high + upper.with_low - 1


def _without_gaps(scope: Scope, judged: _Value, ordered: Bands) -> None:
    """Refused where a value that can be is in no interval."""
    whole = is_whole(judged.node, scope.names)
    for lower, upper in pairwise(ordered):
        between = whole and lower.last + 1 == upper.first
        if _reach(lower, upper) < 0 and not between:
            scope.refuse(f"{lower.words}与{upper.words}之间漏了一段，补上，或在「其余」里写明得几分", "bands", *_JUDGED)
    least, most = limits(judged.node, scope.names)
    low, high = ordered[0], ordered[-1]
    if low.low is not None and (least is None or least < low.low or (least == low.low and not low.with_low)):
        scope.refuse(f"比{low.words}还小的漏了一段，补上，或在「其余」里写明得几分", "bands", *_JUDGED)
    if high.high is not None and (most is None or most > high.high or (most == high.high and not high.with_high)):
        scope.refuse(f"比{high.words}还大的漏了一段，补上，或在「其余」里写明得几分", "bands", *_JUDGED)


TEN_THOUSAND = 10_000


@kind("折算扣分", "先折算再扣：填报项除以基数（人口、办件数、下属单位数），乘“每多少”，每1扣多少，扣完为止。")
def per_base(scope: Scope, input: str, divide: str, each: Points, per: Points = Fraction(1), digits: Digits = None,
             empty: str = "") -> Piece:  # fmt: skip
    """input ÷ divide × per, each one of which deducts: per 10 000 people, per case, per sub-unit."""
    base = scope.number(divide, "divide")
    if per <= 0:
        scope.refuse("每多少要大于0，写 0 就从来不扣", "per")
    rate = Apply("/", (times(scope.node(input), per), base))
    judged = _value(scope, rate, digits, empty, words=f"{noun_of(input)}折算")
    units = {scope.input(name.partition("[")[0]).unit for name in refs(base)}
    if per >= TEN_THOUSAND and any(each.startswith("万") for each in units):
        size = decimal(per)
        scope.ask(f"{say(base)}的计量单位已经是万，每多少再写 {size} 就是每{size}万；每万人的写 1", "per")
    measure = measure_of(scope.input(input))
    every = f"每{decimal(per)}" if per != 1 else "每"
    text = f"{input}按{every}{say(base)}折算，每{measure}扣{decimal(each)}分{_rounding(digits)}"
    line = Line(f"{noun_of(input)}{every}{say(base)}", judged.node, -each, measure)
    return _piece(scope, judged, [line], text, empty, deducts=True)
