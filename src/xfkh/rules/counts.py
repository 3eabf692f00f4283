"""The kinds of rule that count what happened, ask for conditions, or take what was judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from ..formula import Node
from ..formula.say import decimal, say, typed
from ..formula.tree import Apply, Ref, both, flag, num, refs, total, walk
from ..model import Check, Input, InputKind
from .divisors import condition_of, unguarded
from .kinds import Names, Points, Scope, Steps, kind, limits, measure_of, noun_of, words_of
from .lines import Line, Piece


@kind("是否得分", "填“是”得满分，填“否”不得分；“否”才得分的，得分答案选“否”。", whole=True)
def yes_or_no(scope: Scope, input: str, earns: str = "是") -> Piece:
    """Full marks or none, by one 是否; ``earns`` is the answer that earns them."""
    if scope.input(input).kind is not InputKind.FLAG:
        scope.refuse(f"「{input}」不是是否项", "input", "input")
    full = scope.full_marks()
    held = scope.truth(f'{input}="{earns}"', "earns", "input")
    text = f"{input}填“{earns}”得{decimal(full)}分，否则不得分"
    return Piece((Line(f"{input}为“{earns}”", flag(held), full),), text, hint=f"{input}不为“{earns}”，不得分")


@kind("评审打分", "评多少分就得多少分，从0到分值；填报项是评分，上限等于分值。", whole=True)
def judged(scope: Scope, input: str) -> Piece:
    """The judged number itself, between 0 and its maximum."""
    full = scope.full_marks()
    facts = scope.input(input)
    if facts.maximum != full:
        limited = input if facts.kind is InputKind.JUDGED else ""
        scope.refuse(f"「{input}」的上限应等于指标分值 {decimal(full)}", "input", "input", "分值", limited=limited)
    return Piece((Line(input, scope.node(input), Fraction(1), "分"),), f"按评定分计，0至{decimal(full)}分")


@kind(
    "按次扣分",
    "从分值里扣，每次扣多少，扣完为止；不封顶的扣分写在“加减分”表里，不写分值。几种情形扣得不一样，一行一种。",
)
def per_occurrence(scope: Scope, input: str, each: Points, label: str = "", count: str = "") -> Piece:
    """Each occurrence deducts; ``count`` is a formula where not the input itself is counted."""
    if not count and scope.input(input).kind is InputKind.FLAG:
        scope.ask(f"「{input}」是是否项，填“是”就扣一次，填“否”不扣；填“否”才扣的，用缺项扣分", "input", "input")
    counted = _counted(scope, input, count)
    scope.over([each], "each", "扣")
    measure, name = measure_of(scope.input(input)), label or noun_of(input)
    if count and not label and counted != sum_of(scope, input):
        how, one = f"按“{say(counted)}”计", measure if _counts_alike(counted) else "个"
        lines = (*_made_of(scope, counted), Line(how, counted, -each, one))
        return Piece(lines, f"{how}，每1{one}扣{decimal(each)}分", full=True)
    text = f"{name}每{measure}扣{decimal(each)}分"
    return Piece((Line(name, counted, -each, measure),), text, full=True)


def _counted(scope: Scope, input: str, count: str) -> Node:
    """What is counted: the input, or what a formula says."""
    counted = scope.number(count, "count") if count else scope.node(input)
    _divided(scope, counted, "count", "0")
    return counted


def sum_of(scope: Scope, input: str) -> Node:
    """All of an input: the sum of its cells where it has several."""
    return total([scope.cell(each) for each in scope.input(input).cells_in(scope.period)])


def _counts_alike(node: Node) -> bool:
    """Whether what is counted is still what was filled in: nothing but taken together or from one another."""
    return all(each.fn in ("+", "-", "MAX", "MIN") for each in walk(node) if isinstance(each, Apply))


def _made_of(scope: Scope, node: Node) -> Iterator[Line]:
    """The figures of which a count is made, to be said before it."""
    cells = dict[str, list[str]]()
    for cell in refs(node):
        cells.setdefault(cell.partition("[")[0], []).append(cell)
    for name, mine in cells.items():
        facts = scope.input(name)
        if facts.kind in (InputKind.COUNT, InputKind.NUMBER, InputKind.MONEY):
            label = noun_of(name if len(mine) > 1 else mine[0])
            yield Line(label, total([scope.cell(each) for each in mine]), Fraction(0), measure_of(facts))


@kind("缺项扣分", "应当有几次（件、期），每少一个扣多少，扣完为止；按季、按月填报的逐期看。")
def shortfall(scope: Scope, input: str, quota: Points, each: Points) -> Piece:
    """Below the quota each missing one deducts; a series is judged cell by cell."""
    facts = scope.input(input)
    if facts.kind is InputKind.RATERS:
        scope.refuse(f"「{input}」是多人评分，数不出缺几次；用多人评分", "input", "input")
    if quota <= 0:
        scope.refuse("应有数要大于0，写 0 就从来不缺", "quota")
    measure = measure_of(facts)
    cells = facts.cells_in(scope.period)
    captions = dict(zip(facts.cells, facts.captions() if facts.series else facts.cells, strict=True))
    if facts.kind is InputKind.FLAG:
        return _unticked(scope, facts, {cell: captions[cell] for cell in cells}, quota, each)
    lines = tuple(Line(f"{captions[cell]}少", _missing(scope.cell(cell), quota), -each, measure) for cell in cells)
    every = {0: scope.span, 4: "每季度", 12: "每月"}[facts.series]
    text = f"{noun_of(input)}{every}不少于{decimal(quota)}{measure}，每少1{measure}扣{decimal(each)}分"
    return Piece(lines, text, full=True)


def _unticked(scope: Scope, facts: Input, captions: Mapping[str, str], quota: Fraction, each: Fraction) -> Piece:
    """Every 否 deducts."""
    if quota != 1:
        scope.refuse(f"「{facts.name}」是是否项，应有数只能是 1", "quota", "input")
    lines = tuple(
        Line(f"{facts.name}{caption if facts.series else ''}为“否”", _missing(scope.cell(cell), quota), -each)
        for cell, caption in captions.items()
    )
    every = {0: "", 4: "每季度", 12: "每月"}[facts.series]
    return Piece(lines, f"{facts.name}{every}应为“是”，每少一次扣{decimal(each)}分", full=True)


def _missing(node: Node, quota: Fraction) -> Node:
    return Apply("MAX", (num(0), Apply("-", (num(quota), node))))


HIGHEST, EVERY, FIRST = "取档", "累加", "首条"


@kind(
    "阶梯",
    "达到哪一档扣哪一档的分；档次写 次数:扣分，如 1:1, 2:4。算法：取档（达到的最高一档）、累加（达到的各档相加）、"
    "首条（写在最前的那一档）。超过最后一档的不再多扣，要多扣的写每多一次扣多少。",
)
def ladder(scope: Scope, input: str, steps: Steps, label: str = "", mode: str = HIGHEST,
           over: Points = Fraction(0), count: str = "") -> Piece:  # fmt: skip
    """Steps ``count:points``, of which the highest that is reached deducts its points, or every one, or the first one
    written; ``over``: what each one beyond the last step deducts more; ``count`` is a formula where not the input
    itself is counted."""
    counts = [count for count, _ in steps]
    if mode not in (HIGHEST, EVERY, FIRST):
        scope.refuse(f"只能是{HIGHEST}、{EVERY}或{FIRST}", "mode")
    if not steps or len(set(counts)) < len(counts):
        scope.refuse("阶梯的次数要从小到大、不重复", "steps")
    elif mode != FIRST and counts != sorted(counts):
        scope.refuse("阶梯的次数要从小到大、不重复", "steps", "mode")
    _rising(scope, steps, mode)
    measure, name, node = measure_of(scope.input(input)), label or noun_of(input), _counted(scope, input, count)
    made = list[Line]()
    if count and not label and node != sum_of(scope, input):
        made, name, measure = [*_made_of(scope, node)], f"“{say(node)}”", measure if _counts_alike(node) else "个"
    found = _highest(node, steps, name, measure) if mode == HIGHEST else _each_step(node, steps, name, measure, mode)
    lines, words = found
    if over and counts:
        beyond = Apply("MAX", (num(0), Apply("-", (node, num(max(counts))))))
        lines.append(Line(f"{name}超过{max(counts)}{measure}的", beyond, -over, measure))
        words.append(f"超过{max(counts)}{measure}的每{measure}再扣{decimal(over)}分")
    return Piece((*made, *lines), "，".join(words), full=True)


def _rising(scope: Scope, steps: Steps, mode: str) -> None:
    """Asks of steps that deduct less where more happened, that nobody reaches, or that the full mark cuts."""
    falls = [(one, more) for one, more in pairwise(sorted(steps)) if more[1] < one[1] and mode != EVERY]
    for (less, points), (more, fewer) in falls[:1]:
        why = f"达到{more}只扣{decimal(fewer)}分，比达到{less}扣的{decimal(points)}分还少"
        scope.ask(why, "steps", "mode")
    hidden = [
        count for k, (count, _) in enumerate(steps) if mode == FIRST and any(each <= count for each, _ in steps[:k])
    ]
    if hidden and not falls:
        scope.ask(f"达到{hidden[0]}的，前面的档次已经达到，轮不到这一档；首条要把次数多的写在前面", "steps", "mode")
    scope.over([points for _, points in steps], "steps", "扣")


def _each_step(node: Node, steps: Steps, name: str, measure: str, mode: str) -> tuple[list[Line], list[str]]:
    """Every step that is reached, or the first one written."""
    lines, words, before = list[Line](), list[str](), list[Node]()
    for count, points in steps:
        reached: Node = Apply(">=", (node, num(count)))
        alone = both([reached, *(Apply("NOT", (each,)) for each in before)]) if mode == FIRST else reached
        lines.append(Line(f"{name}达{count}{measure}", flag(alone), -points, again=mode == EVERY and bool(before)))
        again = "再" if lines[-1].again else ""
        words.append(f"{name}{count}{measure}及以上{again}扣{decimal(points)}分")
        before.append(reached)
    return lines, words + (["以先写的为准"] if mode == FIRST else [])


def _highest(node: Node, steps: Steps, name: str, measure: str) -> tuple[list[Line], list[str]]:
    lines, words, before = list[Line](), list[str](), Fraction(0)
    for k, (count, points) in enumerate(steps):
        # increments, so that an unknown count gives the bounds of the whole ladder
        reached = flag(Apply(">=", (node, num(count))))
        lines.append(Line(f"{name}达{count}{measure}", reached, before - points, again=k > 0))
        single = k + 1 < len(steps) and steps[k + 1][0] == count + 1
        words.append(f"{name}{count}{measure}{'' if single else '及以上'}扣{decimal(points)}分")
        before = points
    return lines, words


@kind("清单", "几个条件，每有一个没达到扣多少；条件一行一个。")
def checklist(scope: Scope, conditions: Names, each: Points) -> Piece:
    """Each condition that is not met deducts; a rate with denominator 0 counts as met."""
    lines, zero, wanted, wrong = [], [], list[str](), list[str]()
    twice = next((text for k, text in enumerate(conditions) if text in conditions[:k]), "")
    if twice:
        scope.ask(f"“{twice}”写了两次，没达到就扣两次", "conditions")
    for text in conditions:
        plain = scope.truth(text, "conditions")
        condition, empty = condition_of(plain)
        lines.append(Line(_failed(plain), flag(Apply("NOT", (condition,))), -each))
        zero += empty
        if len(conditions) == 1 or (isinstance(plain, Apply) and _opposite(plain)):
            wrong.append(f"{_failed(plain)}的")
        else:
            wanted.append(words_of(plain))
    said = ("、".join(wanted) + "，缺一项", "、".join(wrong) + ("，每项" if len(wrong) > 1 else "，"))
    text = "；".join(f"{what}扣{decimal(each)}分" for what, some in zip(said, (wanted, wrong), strict=True) if some)
    return Piece(tuple(lines), text, full=True, zero=tuple(zero))


def _failed(condition: Node) -> str:
    """What is so where a condition is not met: of a 是否 its other answer."""
    return _opposite(condition) or f"未达到“{words_of(condition)}”"


def _opposite(condition: Node) -> str:
    """The answer that a 是否 has where a condition over it alone is not met; empty for any other."""
    match condition:
        case Ref(_, "是否"):
            return say(Apply("NOT", (condition,)))
        case Apply("NOT", (Ref(_, "是否") as asked,)):
            return say(asked)
    return ""


@kind("达标", "条件成立得分，不成立不得分；几个条件各得几分的，一行一个，写上得分。")
def threshold(scope: Scope, condition: str, points: Points | None = None) -> Piece:
    """All or nothing: ``points`` (else the item's) where the condition holds; a rate with denominator 0 counts as
    met. Several of them share an item."""
    full = scope.full_marks() if points is None else points
    if points == 0:
        scope.refuse("写 0 就什么也不得；得满分的空着", "points")
    scope.over([full], "points")
    plain = scope.truth(condition, "condition")
    held, zero = condition_of(plain)
    words = say(plain)
    line = Line(f"达到“{words}”", flag(held), full, missed="" if points is None else f"未达到“{words}”")
    return Piece((line,), f"{words}得{decimal(full)}分，否则不得分", zero=tuple(zero), hint=f"未达到“{words}”，不得分")


@kind("零发生加分", "写的填报项都是0，加满分，否则不加；全年才加的，“只全年计”填“是”。", whole=True)
def none_happened(scope: Scope, inputs: Names) -> Piece:
    """The bonus when all the counts are 0."""
    full = scope.full_marks()
    flags = [name for name in inputs if scope.input(name, "inputs").kind is InputKind.FLAG]
    if flags:
        scope.ask(f"「{flags[0]}」是是否项，填“否”算没有发生，加分；填“是”才加的，用是否得分", "inputs", "inputs")
    none = both([Apply("=", (scope.node(name, "inputs"), num(0))) for name in inputs])
    words = "、".join(inputs)
    line = Line(f"{words}{'都' if len(inputs) > 1 else ''}为0", flag(none), full)
    return Piece((line,), f"{words}{scope.span}为0，加{decimal(full)}分", hint="有发生，不加分")


@kind("按次加分", "每次加多少，最多加到分值；不写分值就不封顶。")
def per_merit(scope: Scope, input: str, each: Points) -> Piece:
    """Each occurrence adds; capped by the item's points, 不封顶 where it has none."""
    measure = measure_of(scope.input(input))
    line = Line(noun_of(input), scope.node(input), each, measure)
    return Piece((line,), f"{noun_of(input)}每{measure}加{decimal(each)}分", hint="没有，不加分", capped=True)


@kind("名次加分", "各单位比名次，数大的在前；第几名加几分，并列同加；范围是哪些单位参加比。")
def by_place(scope: Scope, input: str, places: Steps, among: str = "") -> Piece:
    """Points by competition place, highest value first, among the units that meet ``among`` and have a value."""
    if not places or [place for place, _ in places] != sorted({place for place, _ in places if place > 0}):
        scope.refuse("名次要从第1名起由小到大、不重复", "places")
    scope.over([points for _, points in places], "places", "加")
    _left_out(scope, places)
    falling(scope, places)
    value = scope.node(input)
    terms: list[Node] = [Apply("ISNUMBER", (value,))]
    if among:
        terms.append(scope.truth(among, "among"))
    eligible = both(terms)
    place_of = Apply("RANK", (value, eligible))
    words = "、".join(f"{_span(first, last)}加{decimal(points)}分" for first, last, points in _spans(places))
    who = f"（在{say(scope.truth(among, 'among'))}的单位中）" if among else ""
    lines = tuple(place_lines(input, places, None, eligible, place_of))
    return Piece(lines, f"{input}{who}{words}，并列同加", hint="未进入加分名次或未评比，不加分")


def place_lines(input: str, places: Steps, others: Fraction | None, eligible: Node, place_of: Node) -> Iterator[Line]:
    """Increments from the last place up, so that an open rank gives the bounds of the whole scale; ``others``: what
    every place beyond them has, where it is said."""
    if others is not None:
        yield Line(f"{input}在第{places[-1][0] if places else 0}名以后", flag(eligible), others, gives=others)
    before = others
    for first, last, points in reversed(_spans(places)):
        within = flag(both([eligible, Apply("<=", (place_of, num(last)))]))
        more = points - (before or Fraction(0))
        yield Line(f"{input}{_span(first, last)}", within, more, again=before is not None, gives=points)
        before = points


def _spans(places: Steps) -> list[tuple[int, int, Fraction]]:
    """From which place to which each of the points are given: also those left out before the one that is written."""
    starts = [1, *(place + 1 for place, _ in places)]
    return [(first, last, points) for first, (last, points) in zip(starts, places, strict=False)]


def _span(first: int, last: int) -> str:
    return f"第{last}名" if first == last else f"第{first}至{last}名"


def _left_out(scope: Scope, places: Steps) -> None:
    """Asks of places that are not written: they have what the next one has."""
    for first, last, points in _spans(places):
        if first < last:
            who = _span(first, last - 1)
            scope.ask(f"没有写{who}，{who}按第{last}名加{decimal(points)}分；一名一名写就不问", "places")
            return


def falling(scope: Scope, places: Steps) -> None:
    """Asks of a place that brings more than one before it."""
    for (first, points), (second, more) in pairwise(places):
        if more > points:
            why = f"第{second}名{decimal(more)}分，比第{first}名的{decimal(points)}分还多；名次靠前的通常得得多"
            scope.ask(why, "places")
            return


@kind("裁量区间", "每次加（扣）多少由考核人在最少和最多之间定，填报项是定下的合计，计数是次数；不写计数就是一次。")
def discretion(scope: Scope, input: str, least: Points, most: Points, sign: str = "扣", count: str = "") -> Piece:
    """Points at the assessor's discretion, the sum in ``input``: ``least`` to ``most`` for each of ``count``, or
    without one 0 or ``least`` to ``most`` once. A sum outside contradicts the scheme."""
    if not 0 <= least <= most:
        scope.refuse("最少不能大于最多，也不能是负数", "least", *(["most"] if least >= 0 else []))
    if sign not in ("扣", "加"):
        scope.refuse("只能是扣或加", "sign")
    low, high, each = decimal(least), decimal(most), Fraction(-1 if sign == "扣" else 1)
    for name, param in ((input, "input"), (count, "count")):
        if name and scope.input(name, param).kind is InputKind.FLAG:
            scope.refuse(f"「{name}」是是否项，这里要一个数", param, param)
    if count:
        scope.node(count, "count")
        check = Check(f"AND({input}>={least}*{count},{input}<={most}*{count})", f"{input}应为{count}的{low}至{high}倍")
        text = f"{noun_of(count)}每{measure_of(scope.input(count, 'count'))}{sign}{low}至{high}分，按合计{sign}分"
    else:
        scope.over([most], "most", sign)
        check = Check(f"OR({input}=0,AND({input}>={least},{input}<={most}))", f"{input}应为0，或{low}至{high}")
        text = f"一次性{sign}{low}至{high}分，没有填0"
    line = Line(f"{input.removesuffix('合计')}合计" if count else input, scope.node(input), each, "分")
    return Piece(
        (line,), text, full=sign == "扣", hint=f"没有，不{sign}分", checks=(check,), beside=(count,) if count else ()
    )


@kind("多人评分", "几个人各评一个分，取平均；没有评的不算。三人以上的可以去掉一个最高分和一个最低分。", whole=True)
def judged_by_raters(scope: Scope, input: str, trim: str = "") -> Piece:
    """The mean of the raters' marks; who gave none is left out."""
    full, facts = scope.full_marks(), scope.input(input)
    if facts.kind is not InputKind.RATERS or facts.maximum != full:
        most = facts.maximum if facts.kind is InputKind.RATERS else None
        other = f"；按{most}分评的改用按率得分，「公式」写 AVERAGE({input})/{most}" if most else ""
        message, limited = f"「{input}」应是上限为 {decimal(full)} 的多人评分{other}", input if most else ""
        scope.refuse(message, "input", "input", "分值", limited=limited)
    line = Line(f"{input}平均", mean_of(scope, input, trim, "input"), Fraction(1), "分")
    return Piece((line,), f"评分人各评0至{decimal(full)}分，取平均{trimmed_words(trim)}；没有评的不算")


def mean_of(scope: Scope, input: str, trim: str, param: str) -> Node:
    """The mean of the marks that were given, to two decimals; of three or more, if so said, without one highest and
    one lowest."""
    if trim not in ("", "是"):
        scope.refuse("只能填“是”，或者空着", "trim")
    mean = scope.number(f"AVERAGE({input})", param)
    if trim and isinstance(mean, Apply):
        mean = replace(mean, fn="TRIMMED")
    return Apply("ROUND", (mean, num(2)))


def trimmed_words(trim: str) -> str:
    return "（三人以上的去掉一个最高分、一个最低分）" if trim else ""


def _divided(scope: Scope, node: Node, param: str, instead: str) -> None:
    """Asks of what a formula divides by that may be 0."""
    for each in unguarded(node):
        if not (limits(each, scope.names)[0] or 0) > 0:
            why = f"{say(each)}可能是0，是0时算不出分，那个单位是暂定；写成 IF({typed(each)}=0,{instead},原来的公式)"
            scope.ask(why, param, param)


@kind("公式", "上面几种都不合适时，直接写公式，得出分数。")
def by_formula(scope: Scope, formula: str, text: str = "") -> Piece:
    """The way out: any formula over the inputs gives the points."""
    node = scope.number(formula, "formula")
    _divided(scope, node, "formula", "几分")
    return Piece((Line(text or say(node), node, Fraction(1), "分"),), text or f"＝{say(node)}")
