"""The kinds of rule over several inputs or several raters, those of other results, and what halves or doubles."""

from __future__ import annotations

from fractions import Fraction

from ..formula import Node
from ..formula.say import decimal, say
from ..formula.tree import Apply, both, flag, num, times, total
from ..model import InputKind, Origin
from .counts import falling, mean_of, place_lines, trimmed_words
from .kinds import Points, Rungs, Scope, Steps, kind, measure_of, noun_of
from .lines import Line, Piece, multiplied


@kind(
    "分级扣分",
    "按规模、级别分别扣：每个填报项每次扣多少，写成 名称:扣分，如 赴市集访批次:1，进京集访批次:4。扣完为止。",
)
def by_level(scope: Scope, rungs: Rungs) -> Piece:
    """Each input deducts its own points each time."""
    lines, words = [], []
    for name, points in rungs:
        measure = measure_of(scope.input(name, "rungs"))
        lines.append(Line(noun_of(name), scope.node(name, "rungs"), -points, measure))
        words.append(f"{noun_of(name)}每{measure}扣{decimal(points)}分")
    return Piece(tuple(lines), "，".join(words), full=True)


@kind(
    "就高",
    "几种情形只按最高的一种加（扣）一次：写成 名称:分，如 国家级表彰:5，省级表彰:3。扣分的，「加或扣」选扣。",
)
def highest(scope: Scope, rungs: Rungs, sign: str = "") -> Piece:
    """The highest of those that occurred, once; of a deduction outside the full marks it deducts where nothing else is
    said."""
    verb = sign or ("扣" if scope.takes else "加")
    if verb not in ("加", "扣"):
        scope.refuse("只能是加或扣", "sign")
    if len(rungs) < 2:
        scope.refuse("就高要有两种以上的情形", "rungs")
    scope.over([points for _, points in rungs], "rungs", verb)
    brings = Fraction(-1 if verb == "扣" else 1)
    lines, before = list[Line](), list[Node]()
    for name, points in sorted(rungs, key=lambda each: -each[1]):
        reached: Node = Apply(">", (scope.node(name, "rungs"), num(0)))
        alone = both([reached, *(Apply("NOT", (each,)) for each in before)])
        lines.append(Line(f"有{noun_of(name)}", flag(alone), points * brings))
        before.append(reached)
    words = "、".join(f"{noun_of(name)}{'扣' if verb == '扣' else ''}{decimal(points)}分" for name, points in rungs)
    text = f"{words}，几种都有的只按最高的一种"
    hint = f"没有{words_of(rungs)}，不{verb}分"
    return Piece(tuple(lines), text, full=verb == "扣", hint=hint, single=True)


def words_of(rungs: Rungs) -> str:
    return "、".join(noun_of(name) for name, _ in rungs)


@kind("名次得分", "各单位比名次，第几名得几分，并列同分；没有写到的名次得“其余”的分。排序写“低”的，数小的在前。")
def points_by_place(scope: Scope, input: str, places: Steps, others: Points = Fraction(0), order: str = "高",
                    among: str = "") -> Piece:  # fmt: skip
    """Points by competition place; every place that is not named gets ``others``."""
    if order not in ("高", "低"):
        scope.refuse("只能是高或低：数大的在前，还是数小的在前", "order")
    if not places or [place for place, _ in places] != list(range(1, len(places) + 1)):
        scope.refuse("名次要从第1名起一名一名写，中间不能缺", "places")
    scope.over([others, *(points for _, points in places)], "places")
    falling(scope, places)
    value = scope.node(input)
    eligible = both([Apply("ISNUMBER", (value,)), *([scope.truth(among, "among")] if among else [])])
    place_of = Apply("RANK", (value if order == "高" else Apply("neg", (value,)), eligible))
    lines = tuple(place_lines(input, places, others, eligible, place_of))
    words = "、".join(f"第{place}名{decimal(points)}分" for place, points in places)
    first = "数大的在前" if order == "高" else "数小的在前"
    who = f"（在{say(scope.truth(among, 'among'))}的单位中）" if among else ""
    text = f"{input}排名{who}{first}：{words}，其余{decimal(others)}分，并列同分"
    return Piece(lines, text, hint="未参加排名，不得分")


@kind(
    "分组评分",
    "几组评分人各取平均，再按权重合成，如 群众评分:40，上级评分:60；权重合计100。规定了群众权重下限的写明。",
    whole=True,
)
def judged_by_groups(scope: Scope, rungs: Rungs, mass: str = "", least: Points = Fraction(0), trim: str = "") -> Piece:
    """The mean of each group of raters, weighted; the weight of ``mass`` is at least ``least``."""
    full, weights = scope.full_marks(), dict(rungs)
    if (mass or least) and mass not in weights:
        scope.refuse("群众组要是权重里的一个", "mass", "rungs", *([] if mass else ["least"]))
    if sum(weights.values()) != 100 or len(weights) < len(rungs):
        scope.refuse(f"权重合计是{decimal(sum((each for _, each in rungs), Fraction(0)))}，应为100", "rungs")
    if 0 < least <= 1 and sum(weights.values()) > 1:
        size = decimal(least * 100)
        scope.refuse(f"下限写了 {decimal(least)}，权重合计是100；是 {size}% 的写 {size}，不写百分号", "least")
    elif mass in weights and weights[mass] < least:
        scope.refuse(f"{mass}的权重{decimal(weights[mass])}低于下限{decimal(least)}", "rungs", "least")
    means = list[Node]()
    for name, weight in rungs:
        facts = scope.input(name, "rungs")
        if facts.kind is not InputKind.RATERS or facts.maximum != full:
            scope.refuse(f"「{name}」应是上限为 {decimal(full)} 的多人评分", "rungs", "rungs", "分值")
        means.append(times(mean_of(scope, name, trim, "rungs"), weight / 100))
    words = "、".join(f"{name}占{decimal(weight)}%" for name, weight in rungs)
    line = Line("各组平均按权重合成", total(means), Fraction(1), "分")
    return Piece((line,), f"{words}，各组取平均（两位小数）{trimmed_words(trim)}；没有评的不算")


@kind("取自其他方案", "取另一个方案的总分，按分值折算；填报项的“取自其他方案”填“是”，写明上限。", whole=True)
def from_other_scheme(scope: Scope, input: str) -> Piece:
    """The total of another scheme, brought to the item's points."""
    full, facts = scope.full_marks(), scope.input(input)
    if not facts.scores or not facts.maximum:
        scope.refuse(f"「{input}」应是取自其他方案的数，并写明上限", "input", "input")
    each = full / (facts.maximum or 1)
    text = f"按{input}计" if each == 1 else f"{input}÷{facts.maximum}×{decimal(full)}分"
    return Piece((Line(f"按{input}", scope.node(input), each),), text, hint=f"{input}为0，不得分")


@kind("其他事项", "事先列不尽的：复查的人写给多少分，理由写在复查意见里；加还是扣要写明，最多是分值。")
def open_line(scope: Scope, input: str, sign: str = "加") -> Piece:
    """Points that the reviewer gives for what no other line names."""
    if sign not in ("加", "扣"):
        scope.refuse("只能是加或扣", "sign")
    if scope.input(input).origin is not Origin.REVIEW:
        scope.refuse(f"「{input}」应由复查给出（来源选“复查”）", "input", "input")
    line = Line(input, scope.node(input), Fraction(1 if sign == "加" else -1), "分")
    text = f"由复查{sign}分，写明理由"
    return Piece((line,), text, full=sign == "扣", hint=f"没有，不{sign}分", capped=True)


@kind(
    "减半加倍",
    "条件成立时，乘一个数，如 0.5（减半）、2（加倍）：乘这一项的得分，还是只乘扣（加）的分。接在别的计分方式下面写。",
)
def factor(scope: Scope, condition: str, times: Points, what: str = "") -> Piece:
    """What the item gives, or what its lines add or deduct, times a number where the condition holds."""
    if times < 0 or times == 1:
        scope.refuse("要乘的数不能是1，也不能是负数", "times")
    if not times:
        scope.ask(f"乘 0 就一分{what or '得分'}也没有了；减半写 0.5，加倍写 2", "times")
    if times > 1 and not what:
        scope.ask("没有写乘什么，就是整项得分加倍；只把扣的（加的）分加倍的，「乘什么」选扣分（加分）", "what")
    what = what or "得分"
    if what not in ("得分", "扣分", "加分"):
        scope.refuse("只能是得分、扣分或加分", "what")
    held = scope.truth(condition, "condition")
    line = Line(say(held), flag(held), Fraction(0), times=times, on=what)
    return Piece((line,), f"{say(held)}的，{what}{multiplied(times)}")
