"""Schemes and answers at random, valid by the way they are made: every kind of rule, with parameters of all sizes.

They are drawn from a `random.Random`: hypothesis gives one whose choices it can shrink, a seed gives the same scheme
each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import NamedTuple

from tests.cases_district import Answer
from tests.parity import Filled
from xfkh.model import Scheme
from xfkh.scheme import SchemeError, read_text

HEAD = """
[scheme]
id = "random"
title = "随机方案"
version = "1"
status = "示范"
[[part]]
name = "单位"
group = "组别"
shrunk = "折算"
section = [{ id = "一", title = "一", points = 10 }, { id = "二", title = "二", points = 10 }]
"""
COUNTS = ("甲件数", "乙件数", "丙件数", "丁件数")
AMOUNTS = ("金万元", "银万元")
FLAGS = ("有制度", "被通报")
MONTHS, QUARTERS = "月报条数", "季查次数"
BEFORE = ("前一年件数", "前二年件数", "前三年件数")
GROUP, GROUPS = "组别", ("甲组", "乙组", "丙组")
MARK, RATED, RATED_TOO, OTHER = "现场评分", "群众评分", "上级评分", "其他分"
FULL = 10
"""The points of every item, so that marks fit each of them."""

Kind = Callable[[Random], str]


class Made(NamedTuple):
    text: str
    scheme: Scheme
    sets: list[Filled]


def inputs() -> str:
    rows = [f"{{ name = '{name}', kind = '件数', unit = '件', maximum = 60 }}" for name in COUNTS]
    rows += [f"{{ name = '{name}', kind = '数值', unit = '万元', decimals = 2, maximum = 90 }}" for name in AMOUNTS]
    rows += [f"{{ name = '{name}', kind = '是否' }}" for name in FLAGS]
    rows += [f"{{ name = '{MONTHS}', kind = '件数', unit = '条', series = 12, maximum = 9 }}"]
    rows += [f"{{ name = '{QUARTERS}', kind = '件数', unit = '次', series = 4, maximum = 9 }}"]
    rows += [f"{{ name = '{MARK}', kind = '评分', maximum = {FULL}, decimals = 3 }}"]
    rows += [f"{{ name = '{name}', kind = '多人评分', origin = '复查', maximum = {FULL}, decimals = 1 }}"
             for name in (RATED, RATED_TOO)]  # fmt: skip
    rows += [f"{{ name = '{OTHER}', kind = '数值', origin = '复查', decimals = 2, maximum = 50, scores = true }}"]
    rows += [f"{{ name = '{name}', kind = '件数', unit = '件', origin = '上年', maximum = 60 }}" for name in BEFORE]
    rows += [f"{{ name = '{GROUP}', kind = '文字', origin = '名册', options = {list(GROUPS)} }}"]
    return f"input = [{', '.join(rows)}]\n"


def _each(by: Random) -> str:
    return by.choice(["1", "0.5", "0.25", "2", "'1/3'", "'2/3'", "0.05", "3", "'1/7'", "10"])


def _share(by: Random) -> Fraction:
    return Fraction(by.randint(0, 40), by.choice([1, 2, 4])) * 5


def _rate(by: Random) -> str:
    left, right = by.choice(COUNTS), by.choice(COUNTS)
    return by.choice([f"{left}/{right}", f"({left}+{by.choice(COUNTS)})/{right}", f"{left}/({right}+1)"])


def _empty(by: Random, rate: str) -> str:
    """Of a rate whose denominator can be 0, what then counts."""
    return "" if rate.endswith("+1)") else f", empty = '{by.choice(['计满分', '计0分', '不计入', '取均值'])}'"


def _condition(by: Random) -> str:
    sign = by.choice([">=", ">", "<=", "<", "=", "<>"])
    return by.choice([
        f"{by.choice(COUNTS)}{sign}{by.randint(0, 20)}",
        f"{_rate(by)}{sign}{by.randint(0, 100)}%",
        f'{by.choice(FLAGS)}="{by.choice("是否")}"',
        f'AND({by.choice(COUNTS)}{sign}{by.choice(COUNTS)},{by.choice(FLAGS)}="是")',
        f"SUM({MONTHS}){sign}{by.randint(0, 60)}",
        f'OR({GROUP}="{by.choice(GROUPS)}",{by.choice(COUNTS)}{sign}{by.randint(0, 20)})',
        f"OR({by.choice(AMOUNTS)}*3{sign}{by.randint(0, 90)}.15,NOT({by.choice(COUNTS)}=0))",
    ])  # fmt: skip


def _bands(by: Random, percent: bool, least: int = 0) -> str:
    """Intervals without a gap, from the lowest up, whose edges belong to the one or the other."""
    edges = sorted({by.randint(1, 99) - (100 if least else 0) * by.randint(0, 1) for _ in range(by.randint(1, 4))})
    made, before, open_ = list[str](), "", "("
    for edge in edges:
        closed = by.choice("])")
        text = f"{edge}%" if percent else str(edge)
        made.append(f"{open_}{before},{text}{closed}:{_points(by)}")
        before, open_ = text, "(" if closed == "]" else "["
    made.append(f"{open_}{before},):{_points(by)}")
    by.shuffle(made)
    return "；".join(made)


def _points(by: Random) -> str:
    return by.choice(["0", "1", "2.5", "10", "1/3", "7", "0.05"])


def _steps(by: Random) -> list[str]:
    counts = sorted({by.randint(1, 30) for _ in range(by.randint(1, 4))})
    return [f"{count}:{_points(by)}" for count in counts]


def _ladder(by: Random) -> str:
    steps, mode = _steps(by), by.choice(["取档", "累加", "首条"])
    if mode == "首条":
        by.shuffle(steps)
    over = by.choice(["", f", over = {_each(by)}"])
    return f"kind = '阶梯', input = '{by.choice(COUNTS)}', steps = '{', '.join(steps)}', mode = '{mode}'{over}"


def _below(by: Random) -> str:
    part, side = by.choice(["不计", "按一档", "按比例"]), by.choice(["低于", "高于"])
    if by.random() < 0.5:
        value = by.choice([*COUNTS, f"SUM({QUARTERS})", by.choice(AMOUNTS)])
        size = f"base = {by.randint(0, 30)}, step = {by.choice(['1', '2', '5'])}"
    else:
        rate = _rate(by)
        value, size = rate, f"base = '{by.randint(0, 100)}%', step = '{by.choice(['1%', '5%', '10%'])}'"
        size += _empty(by, rate) + by.choice(["", ", digits = 3"])
    return f"kind = '每低扣分', value = '{value}', {size}, each = {_each(by)}, part = '{part}', side = '{side}'"


def _interval(by: Random) -> str:
    sign = by.choice(["得", "扣"])
    if by.random() < 0.5:
        return f"kind = '区间', value = '{by.choice(COUNTS)}', sign = '{sign}', bands = '{_bands(by, False)}'"
    rate = _rate(by)
    more = _empty(by, rate) + by.choice(["", ", digits = 2"])
    return f"kind = '区间', value = '{rate}', sign = '{sign}', bands = '{_bands(by, True)}'{more}"


def _change(by: Random) -> str:
    three = by.random() < 0.5
    kind, before = ("与三年均值比", "、".join(BEFORE)) if three else ("与上年比", by.choice(BEFORE))
    empty = f"empty = '{by.choice(['计满分', '计0分', '不计入'])}'"
    return (f"kind = '{kind}', input = '{by.choice(COUNTS)}', before = '{before}', {empty}, "
            f"bands = '{_bands(by, True, -100)}', sign = '{by.choice(['得', '扣'])}'")  # fmt: skip


def _against_mean(by: Random) -> str:
    more = by.choice(["", ", digits = 3", f", among = '{_condition(by)}'"])
    empty = f"empty = '{by.choice(['计满分', '计0分', '不计入'])}'"
    return (f"kind = '与均值比', input = '{by.choice(COUNTS + AMOUNTS)}', {empty}, sign = '{by.choice(['得', '扣'])}', "
            f"bands = '{_bands(by, True, -100)}'{more}")  # fmt: skip


def _among(by: Random) -> str:
    return by.choice(["", f", among = '{_condition(by)}'"])


def _formula(by: Random) -> str:
    text = by.choice([
        f"IF({_condition(by)},{by.randint(0, 9)},{by.randint(0, 9)}.25)",
        f"MIN({by.choice(COUNTS)},{by.choice(AMOUNTS)})*0.3-MAX({by.choice(COUNTS)},2)/7",
        f"ROUND(SUM({QUARTERS})/3,1)+INT({by.choice(AMOUNTS)}/4)",
        f"ABS({by.choice(AMOUNTS)}-{by.choice(COUNTS)})*0.125+AVERAGE({QUARTERS})",
        f"IF(RANK({_rate(by)},丁件数>0)<=3,5,1)+IF({by.choice(COUNTS)}>AVERAGEIF({by.choice(COUNTS)},{_condition(by)}),1,0)",
    ])  # fmt: skip
    return f"kind = '公式', formula = '{text}'"


def _weighted(by: Random) -> str:
    weight = by.randint(1, 99)
    return f"kind = '分组评分', rungs = '{RATED}:{weight}, {RATED_TOO}:{100 - weight}'"


def _by_rate(by: Random) -> str:
    rate = _rate(by)
    return f"kind = '按率得分', value = '{rate}'{_empty(by, rate)}"


EARNING: dict[str, Kind] = {
    "是否得分": lambda by: f"kind = '是否得分', input = '{by.choice(FLAGS)}', earns = '{by.choice('是否')}'",
    "评审打分": lambda _: f"kind = '评审打分', input = '{MARK}'",
    "达标": lambda by: f"kind = '达标', condition = '{_condition(by)}', points = {_each(by)}",
    "多人评分": lambda _: f"kind = '多人评分', input = '{RATED}'",
    "分组评分": _weighted,
    "取自其他方案": lambda _: f"kind = '取自其他方案', input = '{OTHER}'",
    "按率得分": _by_rate,
    "比例完成": lambda by: f"kind = '比例完成', input = '{by.choice(COUNTS)}', target = '{by.randint(1, 60)}'",
    "公式": _formula,
}
DEDUCTING: dict[str, Kind] = {
    "按次扣分": lambda by: f"kind = '按次扣分', input = '{by.choice(COUNTS + AMOUNTS)}', each = {_each(by)}",
    "缺项扣分": lambda by: f"kind = '缺项扣分', input = '{by.choice([MONTHS, QUARTERS, *COUNTS])}', "
                       f"quota = {by.randint(1, 9)}, each = {_each(by)}",
    "阶梯": _ladder,
    "清单": lambda by: f"kind = '清单', each = {_each(by)}, conditions = "
                     f"[{', '.join(repr(_condition(by)) for _ in range(by.randint(1, 3)))}]",
    "分级扣分": lambda by: f"kind = '分级扣分', rungs = '{by.choice(COUNTS)}:{_points(by)}, 被通报:{_points(by)}'",
    "每低扣分": _below,
    "折算扣分": lambda by: f"kind = '折算扣分', input = '{by.choice(COUNTS)}', divide = '丁件数', "
                       f"per = {by.choice([1, 10])}, each = {_each(by)}, empty = '{by.choice(['计满分', '计0分'])}'",
}  # fmt: skip
EITHER: dict[str, Kind] = {"区间": _interval, "与上年比": _change, "与三年均值比": _change,
                           "与均值比": _against_mean}  # fmt: skip
BONUS: dict[str, Kind] = {
    "零发生加分": lambda by: f"kind = '零发生加分', inputs = ['{by.choice(COUNTS)}', '{by.choice(AMOUNTS)}']",
    "按次加分": lambda by: f"kind = '按次加分', input = '{by.choice(COUNTS + FLAGS)}', each = {_each(by)}",
    "就高": lambda by: f"kind = '就高', rungs = '甲件数:{_points(by)}, 乙件数:{_points(by)}, 有制度:{_points(by)}'",
    "名次加分": lambda by: f"kind = '名次加分', input = '{by.choice(COUNTS)}', places = '1:3, 2:1'{_among(by)}",
    "名次得分": lambda by: f"kind = '名次得分', input = '{by.choice(COUNTS)}', places = '1:9, 2:5', others = 1, "
                       f"order = '{by.choice('高低')}'{_among(by)}",
    "其他事项": lambda _: f"kind = '其他事项', input = '{OTHER}'",
}  # fmt: skip
FACTOR = "减半加倍"
DRAWN = {*EARNING, *DEDUCTING, *EITHER, *BONUS, FACTOR}


def _factor(by: Random, what: str) -> str:
    times = by.choice([0.5, 2, 0, "'1/3'"])
    return f"kind = '{FACTOR}', condition = '{_condition(by)}', times = {times}, what = '{by.choice(['得分', what])}'"


def _item(by: Random, number: int) -> str:
    family = by.choice([EARNING, DEDUCTING, DEDUCTING, EITHER, BONUS])
    first = family[by.choice(list(family))](by)
    rules = [first]
    if family is DEDUCTING and by.random() < 0.4:
        rules.append(DEDUCTING[by.choice(list(DEDUCTING))](by))
    if by.random() < 0.2 and "评分" not in first:
        rules.append(_factor(by, "扣分" if family is DEDUCTING else "加分"))
    more = by.choice(["", "", f", floor = {by.randint(1, 6)}"]) if family is not BONUS else ""
    more += _groups(by)
    id = f"{'一' if number % 2 else '二'}{number}{'+' if family is BONUS else ''}"
    made = ", ".join(f"{{ {rule} }}" for rule in rules)
    facts = f"id = '{id}', section = '{id[0]}', title = '第{number}项', clause = '1', points = {FULL}{more}"
    return f"{{ {facts}, rule = [{made}] }}"


def _groups(by: Random) -> str:
    """Whose item it is, sometimes with weights."""
    if by.random() < 0.6:
        return ""
    weights = by.choice([("",), ("",), (":50%", ":1.5", ":20%", "")])
    names = by.sample(GROUPS, by.randint(1, len(GROUPS)))
    return f", groups = '{'、'.join(name + by.choice(weights) for name in names)}'"


def _answers(by: Random) -> dict[str, Answer]:
    """Small numbers more often than large ones: there the thresholds are."""
    made: dict[str, Answer] = {name: by.choice([0, 1, 2, 3, 10, 19, 20, by.randint(0, 60)]) for name in COUNTS + BEFORE}
    made |= {name: Fraction(by.choice([0, 5, 100, 4005, by.randint(0, 9000)]), 100) for name in AMOUNTS}
    made |= {name: by.choice("是否") for name in FLAGS}
    made |= {f"{MONTHS}[{k}]": by.choice([0, 1, 2, 9]) for k in range(1, 13)}
    made |= {f"{QUARTERS}[{k}]": by.choice([0, 1, 2, 9]) for k in range(1, 5)}
    made |= {MARK: Fraction(by.randint(0, 10_000), 1000), OTHER: Fraction(by.randint(0, 5000), 100)}
    made |= {f"{name}[{k}]": Fraction(by.randint(0, 100), 10)
             for name in (RATED, RATED_TOO) for k in range(1, by.randint(1, 3) + 1)}  # fmt: skip
    made |= {GROUP: by.choice(GROUPS)}
    if by.random() < 0.3:
        made.pop(by.choice(COUNTS + FLAGS))
    return made


def draw(by: Random, items: int = 6, sets: int = 3) -> Made | None:
    """None where the combined denominators would pass what Excel carries, or nothing is there to be multiplied: such a
    scheme is refused, not miscounted."""
    drawn = sorted(_item(by, number) for number in range(1, items + 1))
    text = HEAD + inputs() + f"item = [{', '.join(drawn)}]\n"
    try:
        scheme, _ = read_text(text)
    except SchemeError as error:
        messages: Sequence[str] = [each.message for each in error.findings if each.level == "错误"]
        refused = ("除数相乘超过一千万", "乘不到", "没有可以乘的分")
        assert messages and all(any(why in each for why in refused) for each in messages), (messages, text)
        return None
    return Made(text, scheme, [Filled(f"{k}", _answers(by)) for k in range(sets)])
