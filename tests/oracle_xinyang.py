"""A pencil-and-paper scorer of the scheme `xinyang`, units and persons, kept apart from the product to check it.

Everything here is written straight from the text of the document: integers, Fractions and ifs. It imports
nothing of the product and shares no table with it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

Answer = int | str | Fraction | bool
Answers = Mapping[str, Answer]
Who = tuple[str, str, str]
"""Unit, name, staff number; the number is "" where none is needed to tell two people apart."""

Subject = TypeVar("Subject", bound=Hashable)

HALF = Fraction(1, 2)

# The months in which 按月通报 is looked at, period by period.
MONTHS: dict[str, range] = {
    "全年": range(1, 13),
    "上半年": range(1, 7),
    "下半年": range(7, 13),
    **{f"第{quarter}季度": range(3 * quarter - 2, 3 * quarter + 1) for quarter in range(1, 5)},
    **{f"{month}月": range(month, month + 1) for month in range(1, 13)},
}


@dataclass(frozen=True)
class Scored:
    """What one unit or person has: points line by line, total, place among all, and the lists it stands on."""

    items: dict[str, Fraction]
    total: Fraction
    rank: int
    outcomes: frozenset[str]


def units(answers: Mapping[str, Answers], places: int = 3, period: str = "全年") -> dict[str, Scored]:
    """Score all units together; every unit handed in is assessed. A unit applies unless it says 否."""
    items = {name: _unit_lines(given, period) for name, given in answers.items()}
    applied = {name for name, given in answers.items() if _yes(given, "申报", when_absent=True)}
    at_fault = {
        name
        for name, given in answers.items()
        if _number(given, "失职批评次数") > 0 or _number(given, "虚报办理结果件数") > 0
    }
    return _ranked(items, applied if period == "全年" else set(), places, "先进单位", at_fault)


def persons(answers: Mapping[Who, Answers], places: int = 5, period: str = "全年") -> dict[Who, Scored]:
    """Score all persons of all units together. A person stands for the award only when the unit says 是."""
    items = {who: _person_lines(given, period) for who, given in answers.items()}
    nominated = {who for who, given in answers.items() if _yes(given, "推荐", when_absent=False)}
    at_fault = {who for who, given in answers.items() if _number(given, "失职批评次数") > 0}
    return _ranked(items, nominated if period == "全年" else set(), places, "先进个人", at_fault)


def contradictions(part: str, answers: Answers) -> set[str]:
    """The inputs that become 待核 because the answers cannot all be true; `part` is 单位 or 个人."""
    if part == "单位":
        links = [
            ("回访件数", "办结件数"),
            ("满意件数", "评价件数"),
            ("网评满意票数", "网评总票数"),
            ("按期回复件数", "应回复件数"),
        ]
    elif part == "个人":
        links = [("个人回复件数", "个人应回复件数")]
    else:
        raise ValueError(f"a part is 单位 or 个人, not {part!r}")
    doubtful: set[str] = set()
    for smaller, larger in links:
        if _number(answers, smaller) > _number(answers, larger):
            doubtful |= {smaller, larger}
    for times, points in (("举报投诉扣分次数", "举报投诉扣分合计"), ("失职批评次数", "失职批评扣分合计")):
        count = _number(answers, times)
        if not 5 * count <= _number(answers, points) <= 10 * count:
            doubtful |= {times, points}
    innovation = _number(answers, "创新加分")
    if innovation != 0 and not 5 <= innovation <= 10:
        doubtful.add("创新加分")
    return doubtful


def _number(answers: Answers, name: str) -> Fraction:
    value = answers[name]
    if isinstance(value, (bool, str)):
        raise TypeError(f"{name} holds a number, not {value!r}")
    return Fraction(value)


def _yes(answers: Answers, name: str, when_absent: bool | None = None) -> bool:
    if when_absent is not None and name not in answers:
        return when_absent
    value = answers[name]
    if value == "是" or value is True:
        return True
    if value == "否" or value is False:
        return False
    raise TypeError(f"{name} holds 是 or 否, not {value!r}")


def _two_decimals(points: Fraction) -> Fraction:
    """Round to hundredths, a half going away from zero."""
    hundredths = abs(points) * 100
    whole = hundredths.numerator // hundredths.denominator
    if hundredths - whole >= HALF:
        whole += 1
    return Fraction(-whole if points < 0 else whole, 100)


def _reaches(answers: Answers, done: str, of: str, percent: int) -> bool:
    """The rate done / of is at least so many per cent; where there was nothing to do, it counts as met."""
    if _number(answers, of) == 0:
        return True
    return 100 * _number(answers, done) >= percent * _number(answers, of)


def _months(period: str) -> range:
    if period not in MONTHS:
        raise ValueError(f"not a period: {period!r}")
    return MONTHS[period]


def _unit_lines(answers: Answers, period: str) -> dict[str, Fraction]:
    """一(一) and 一(三)"""
    silent = [month for month in _months(period) if not _yes(answers, f"按月通报[{month}]")]
    lines = {
        "1.1": _number(answers, "纳入重要工作评分"),
        "1.2": _number(answers, "领导批办评分"),
        "2.1": _number(answers, "分管职责评分"),
        "2.2": _number(answers, "人员配备评分"),
        "2.3": _number(answers, "人员素质评分"),
        "2.4": _number(answers, "办理网络评分"),
        "3.1": _number(answers, "制度建设评分"),
        "3.2": _number(answers, "制度落实评分"),
        "4.1": _handling(answers),
        "4.2": Fraction(10 if _reaches(answers, "网评满意票数", "网评总票数", 85) else 0),
        "4.3": _number(answers, "社情上报评分"),
        "4.4": Fraction(5 if _reaches(answers, "按期回复件数", "应回复件数", 100) else 0),
        "4.5": Fraction(0 if silent else 5),
        **_other_lines(answers, period),
        "减3.1-": -5 * _number(answers, "未回复未说明件数"),
        "减3.2-": -10 * _number(answers, "虚报办理结果件数"),
        "减3.3-": Fraction(-5 * len(silent)),
    }
    return {line: _two_decimals(points) for line, points in lines.items()}


def _handling(answers: Answers) -> Fraction:
    """一(一)4(1): concluded, called back, content; 5 points each."""
    points = 0
    if _reaches(answers, "办结件数", "交办件数", 95):
        points += 5
    if _reaches(answers, "回访件数", "办结件数", 100):
        points += 5
    if _reaches(answers, "满意件数", "评价件数", 85):
        points += 5
    return Fraction(points)


def _person_lines(answers: Answers, period: str) -> dict[str, Fraction]:
    """一(二) and 一(三)"""
    _months(period)
    achieved = 0
    if _reaches(answers, "个人办结件数", "个人承办件数", 95):
        achieved += 15
    if _reaches(answers, "个人回复件数", "个人应回复件数", 100):
        achieved += 15
    lines = {
        "1": _number(answers, "政治素质评分"),
        "2": _number(answers, "热爱本职评分"),
        "3": _number(answers, "工作形象评分"),
        "4": _number(answers, "主动上报评分"),
        "5": _number(answers, "工作作风评分"),
        "6": Fraction(achieved),
        "7": Fraction(10 if _number(answers, "举报投诉次数") == 0 else 0),
        "8": _mean_of_raters(answers),
        **_other_lines(answers, period),
    }
    return {line: _two_decimals(points) for line, points in lines.items()}


def _mean_of_raters(answers: Answers) -> Fraction:
    """一(二)8: those who rated share the mean among them; whoever did not rate is not a 0."""
    marks = [_number(answers, name) for name in answers if name.startswith("工作对接评分[")]
    if not marks:
        raise KeyError("工作对接评分")
    return sum(marks, Fraction(0)) / len(marks)


def _other_lines(answers: Answers, period: str) -> dict[str, Fraction]:
    """一(三), what units and persons have alike; 加3 and 加4 are granted once, at the year's end."""
    trained = 6 if _yes(answers, "参加以岗代训") else 0
    innovation = _number(answers, "创新加分")
    at_year_end = period == "全年"
    return {
        "加1+": 2 * _number(answers, "采用信息次数"),
        "加2.1+": 2 * _number(answers, "电话表扬次数"),
        "加2.2+": 3 * _number(answers, "来信表扬次数"),
        "加2.3+": 5 * _number(answers, "热线办或新闻表扬次数"),
        "加3+": Fraction(trained if at_year_end else 0),
        "加4+": innovation if at_year_end else Fraction(0),
        "减1-": -_complained(answers),
        "减2-": -_criticised(answers),
    }


def _complained(answers: Answers) -> Fraction:
    """一(三)2(1): the assessors fix 5 to 10 points each time; what they add up to is deducted."""
    _number(answers, "举报投诉扣分次数")
    return _number(answers, "举报投诉扣分合计")


def _criticised(answers: Answers) -> Fraction:
    """一(三)2(2): likewise"""
    _number(answers, "失职批评次数")
    return _number(answers, "失职批评扣分合计")


def _ranked(
    items: Mapping[Subject, dict[str, Fraction]],
    candidates: set[Subject],
    places: int,
    award: str,
    at_fault: set[Subject],
) -> dict[Subject, Scored]:
    """Places among all; the award for the best of the candidates, counted among the candidates alone."""
    totals = {subject: sum(lines.values(), Fraction(0)) for subject, lines in items.items()}
    scored = {}
    for subject, total in totals.items():
        outcomes: set[str] = set()
        if subject in candidates and 1 + sum(1 for rival in candidates if totals[rival] > total) <= places:
            outcomes.add(award)
        if subject in at_fault:
            outcomes.add("问责")
        rank = 1 + sum(1 for other in totals.values() if other > total)
        scored[subject] = Scored(items[subject], total, rank, frozenset(outcomes))
    return scored
