"""The bulletin of samples/热线月通报/办法.md by hand: nothing of the product is used here."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

Answers = Mapping[str, Any]
REVIEWED = ("回访件数", "剔除件数", "满意件数", "基本满意件数", "创新加分合计", "创新次数", "虚报件数", "被通报批评",
            "已整改", "交办拖延天数")  # fmt: skip


class Month(NamedTuple):
    """Points by unit and item (总分 among them), places of those who are ranked, and what follows: by outcome and unit
    the amount, None where it is none."""

    points: dict[str, dict[str, Fraction]]
    places: dict[str, int]
    given: dict[str, dict[str, int | None]]


def decimal(value: object) -> Fraction:
    return Fraction(str(value))


def rounded(value: Fraction, digits: int = 2) -> Fraction:
    size = floor(abs(value) * 10**digits + Fraction(1, 2))
    return Fraction(size if value >= 0 else -size, 10**digits)


def between(value: Fraction, least: int, most: int) -> Fraction:
    return max(Fraction(least), min(Fraction(most), value))


def rate(part: Fraction | int, whole: int) -> Fraction:
    """Two decimals of a per cent."""
    return rounded(Fraction(part) / whole, 4)


def satisfied(unit: Answers) -> Fraction | None:
    asked = unit["回访件数"] - unit["剔除件数"]
    return rate(unit["满意件数"] + unit["基本满意件数"] * decimal("0.6"), asked) if asked > 0 else None


def own(unit: Answers) -> dict[str, Fraction]:
    """What hangs on nobody else."""
    signed, done, asked = unit["应签收件数"], unit["应办结件数"], satisfied(unit)
    late = ceil((decimal("0.97") - rate(unit["按时办结件数"], done)) * 100) if done else 0
    back = floor((rate(unit["退回重办件数"], done) - decimal("0.03")) / decimal("0.005")) if done else 0
    watched = unit["督办件数"]
    kept = sum(unit[each] == "是" for each in ("更新及时", "要素齐全", "联系人在岗", "节假日值守"))
    clean = not unit["超期件数"] and not watched
    bands = [(decimal("0.95"), 20), (decimal("0.9"), 17), (decimal("0.85"), 14), (Fraction(0), 10)]
    return {
        "一1": between(rate(unit["按时签收件数"], signed) * 10, 5, 10) if signed else Fraction(10),
        "一2": between(20 - decimal("0.8") * max(0, late), 10, 20) if done else Fraction(0),
        **({} if asked is None else {"一3": Fraction(next(points for edge, points in bands if asked >= edge))}),
        "二1": between(Fraction(10 - max(0, back)), 0, 10),
        "二2": between(10 - unit["超期件数"] - decimal("2.5") * unit["超期十天以上件数"], 0, 10),
        "二3": between(Fraction(10 - ceil(Fraction(unit["重复来电件数"], 5))), 2, 10),
        "二4": between(8 - ([0, 1, 3, 5][min(watched, 3)] + decimal("0.5") * max(0, watched - 3)), 0, 8),
        "二5": decimal("1.5") * kept,
        "二6": between(6 - decimal("1.5") * max(0, 2 - unit["领导接听次数"]), 0, 6),
        "三1+": min(Fraction(2), unit["省级表扬篇数"] + decimal("0.5") * unit["市级表扬篇数"]),
        "三2+": Fraction(1 if clean else 0),
        "三4+": min(Fraction(3), decimal(unit["创新加分合计"])),
        "三6-": Fraction(-2 * unit["虚报件数"]),
        "三7-": Fraction(0) if unit["被通报批评"] == "否" else Fraction(-3) / (2 if unit["已整改"] == "是" else 1),
        "三8-": -min(Fraction(5), decimal("0.3") * ceil(decimal(unit["交办拖延天数"]))),
    }


def month(units: Mapping[str, Answers]) -> Month:
    points = {name: own(unit) for name, unit in units.items()}
    apart = {name for name, unit in units.items() if not unit["应签收件数"] and not unit["应办结件数"]}
    rates = {name: found for name, unit in units.items() if (found := satisfied(unit)) is not None}
    among = {name: found for name, found in rates.items() if name not in apart}
    mean = [points[name]["一3"] for name in among]
    for name, mine in points.items():
        ahead = sum(each > rates[name] for other, each in among.items() if other != name) if name in rates else 2
        mine["三3+"] = [Fraction(1), Fraction(1, 2), Fraction(0)][min(ahead, 2)]
        mine.setdefault("一3", rounded(sum(mean, Fraction(0)) / len(mean)) if mean else Fraction(0))
        mine["三5-"] = -max(Fraction(0), sum((mine[each] for each in ("三1+", "三2+", "三3+", "三4+")), Fraction(-4)))
        for id, each in mine.items():
            mine[id] = rounded(each)
        basic = sum((each for id, each in mine.items() if not id.startswith("三")), Fraction(0))
        more = sum((each for id, each in mine.items() if id.startswith("三")), Fraction(0))
        mine["总分"] = (basic if units[name]["应办结件数"] else rounded(basic / 80 * 100)) + more
    totals = {name: mine["总分"] for name, mine in points.items() if name not in apart}
    # who is vetoed stands behind all others
    order = {name: (units[name]["虚报件数"] < 2, total) for name, total in totals.items()}
    places = {name: 1 + sum(each > mine for each in order.values()) for name, mine in order.items()}
    return Month(points, places, dict(_given(units, totals, places)))


def _given(units: Mapping[str, Answers], totals: Mapping[str, Fraction],
           places: Mapping[str, int]) -> Iterator[tuple[str, dict[str, int | None]]]:  # fmt: skip
    vetoed = {name for name, unit in units.items() if unit["虚报件数"] >= 2}
    least = {name: 1 + sum(each > place for each in places.values()) for name, place in places.items()}
    yield "否决", dict.fromkeys(vetoed)
    yield "流动红旗", {name: None for name, place in places.items() if place <= 3 and name not in vetoed}
    yield "约谈", dict.fromkeys({name for name, place in least.items() if place <= 3} | vetoed)
    yield "绩效", _shared(20000, {name: total - 80 for name, total in totals.items()
                                if total >= 80 and name not in vetoed})  # fmt: skip
    yield "扣减经费", {name: 200 * min(10, unit["超期件数"]) for name, unit in units.items() if unit["超期件数"]}
    yield "单列名单", dict.fromkeys(units.keys() - totals.keys())


def _shared(fund: int, parts: Mapping[str, Fraction]) -> dict[str, int | None]:
    """By whole yuan; what is left goes to the largest remainders, of two alike to the first."""
    whole = sum(parts.values())
    exact = {name: fund * part / whole for name, part in parts.items()} if whole else {}
    left = fund - sum(map(floor, exact.values())) if exact else 0
    order = sorted(exact, key=lambda name: floor(exact[name]) - exact[name])
    return {name: floor(each) + (name in order[:left]) for name, each in exact.items()}


def units_of(seed: int, count: int) -> dict[str, dict[str, Any]]:
    """Fictional units about the thresholds: on each, just under it, just over it."""
    dice = random.Random(seed)

    def near(whole: int, *edges: str) -> int:
        """A part of it whose per cent, to two decimals, lies about one of the edges."""
        edge = Fraction(dice.choice(edges)) / 100
        return between(floor(whole * edge) + Fraction(dice.choice([-1, 0, 0, 1, 2])), 0, whole).__int__()

    made = dict[str, dict[str, Any]]()
    for k in range(count):
        signed, done = dice.choice([0, 1, 30, 800, 20000]), dice.choice([0, 1, 40, 1000, 20000])
        called = dice.choice([0, 1, 40, 100, 10000])
        dropped = dice.choice([0, 0, 1, called])
        asked = max(0, called - dropped)
        happy = near(asked, "95", "94.995", "90", "85", "84.995", "60", "100")
        late, ideas = dice.choice([0, 0, 1, 2, 9, 10, 11]), dice.choice([0, 0, 1, 2, 3])
        made[f"第{k + 1:02}局"] = {
            "应签收件数": signed, "按时签收件数": near(signed, "100", "50", "49", "97.345", "88.885"),
            "应办结件数": done, "按时办结件数": near(done, "97", "96.995", "96", "85", "84.2", "100"),
            "退回重办件数": near(done, "3", "3.5", "3.495", "8", "0"),
            "超期件数": late, "超期十天以上件数": dice.choice([0, min(1, late), late]),
            "重复来电件数": dice.choice([0, 1, 4, 5, 6, 39, 40, 41]),
            "督办件数": dice.choice([0, 0, 1, 2, 3, 4, 9, 10]),
            **{each: dice.choice("是是否") for each in ("更新及时", "要素齐全", "联系人在岗", "节假日值守")},
            "领导接听次数": dice.choice([0, 1, 2, 3]), "省级表扬篇数": dice.choice([0, 1, 2, 3]),
            "市级表扬篇数": dice.choice([0, 1, 3, 4]),
            "回访件数": called, "剔除件数": min(dropped, called), "满意件数": happy,
            "基本满意件数": dice.choice([0, asked - happy, (asked - happy) // 2]),
            "创新加分合计": dice.choice([ideas * decimal("0.5"), ideas * decimal("1.5"), Fraction(ideas)]),
            "创新次数": ideas, "虚报件数": dice.choice([0, 0, 0, 1, 2]),
            "被通报批评": dice.choice("是否"), "已整改": dice.choice("是否"),
            "交办拖延天数": dice.choice([0, 0, 0.1, 1, 1.1, 16, 16.7, 17]),
        }  # fmt: skip
    return made
