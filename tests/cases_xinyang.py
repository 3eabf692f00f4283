"""The scheme `xinyang`, units and persons, as cases worked out by hand from the text of the document.

`PERFECT_UNIT` and `PERFECT_PERSON` lose no point and have no bonus; `FULL_UNIT` and `FULL_PERSON` say what
they earn, line by line. A case changes a few answers (None takes an answer away) and names every line whose
points then differ; the lines it does not name stay as they are. A cohort puts several side by side. Lines
carry the numbers of the document: 4.1 is the first of 一(一)4, 加2.3 the third sentence of 一(三)1(2).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

Answer = int | str | Fraction | bool
Change = Answer | None
Changes = Mapping[str, Change]
Who = tuple[str, str, str]


class Case(NamedTuple):
    """One alone: what happens, the answers that differ from the perfect ones, the lines that then differ."""

    sentence: str
    changes: Changes
    expected: Mapping[str, str]


class Unit(NamedTuple):
    """One unit of a cohort and what it comes to."""

    name: str
    changes: Changes
    total: str
    rank: int
    outcomes: frozenset[str]


class UnitCohort(NamedTuple):
    """Units assessed together over the year, with so many places for 先进单位."""

    sentence: str
    places: int
    units: tuple[Unit, ...]


class Person(NamedTuple):
    """One person of a cohort (unit, name, staff number) and what it comes to."""

    who: Who
    changes: Changes
    total: str
    rank: int
    outcomes: frozenset[str]


class PersonCohort(NamedTuple):
    """Persons assessed together over the year, with so many places for 先进个人."""

    sentence: str
    places: int
    persons: tuple[Person, ...]


class Contradiction(NamedTuple):
    """Answers of one part that cannot all be true, and the inputs that become 待核."""

    sentence: str
    part: str
    changes: Changes
    doubtful: frozenset[str]


class PeriodCase(NamedTuple):
    """One alone, assessed over a part of the year or the whole of it."""

    sentence: str
    part: str
    period: str
    changes: Changes
    expected: Mapping[str, str]


def dec(text: str) -> Fraction:
    """An exact decimal: dec("2.99")."""
    return Fraction(text)


def handled(asked: int, done: int, called_back: int | None = None) -> dict[str, Change]:
    """Matters handed down, concluded, called back on; as a rule all that were concluded were called back on."""
    return {"交办件数": asked, "办结件数": done, "回访件数": done if called_back is None else called_back}


def answered(asked: int, content: int) -> dict[str, Change]:
    """People who gave an opinion on how they were served, and those of them who were content."""
    return {"评价件数": asked, "满意件数": content}


def votes(cast: int, content: int) -> dict[str, Change]:
    """Votes cast on line, and those of them that were content."""
    return {"网评总票数": cast, "网评满意票数": content}


def replies(due: int, in_time: int) -> dict[str, Change]:
    """Replies that the unit owed, and those of them that came in time."""
    return {"应回复件数": due, "按期回复件数": in_time}


def silent(*months: int) -> dict[str, Change]:
    """The months without a report to the hotline office."""
    return {f"按月通报[{month}]": "否" for month in months}


def unasked(*months: int) -> dict[str, Change]:
    """The months about which nothing is said at all."""
    return {f"按月通报[{month}]": None for month in months}


def complaints(times: int, points: str) -> dict[str, Change]:
    """How often people complained, and what the assessors deduct for it in all."""
    return {"举报投诉扣分次数": times, "举报投诉扣分合计": dec(points)}


def criticism(times: int, points: str) -> dict[str, Change]:
    """How often a failing was criticised, and what the assessors deduct for it in all."""
    return {"失职批评次数": times, "失职批评扣分合计": dec(points)}


def own_cases(asked: int, done: int) -> dict[str, Change]:
    """Matters that the person took on, and those of them that were concluded."""
    return {"个人承办件数": asked, "个人办结件数": done}


def own_replies(due: int, given: int) -> dict[str, Change]:
    """Replies that the person owed, and those that were given."""
    return {"个人应回复件数": due, "个人回复件数": given}


def raters(*marks: str | None) -> dict[str, Change]:
    """The marks of the first rater, the second …; None, or a place not given, did not rate."""
    given: dict[str, Change] = {f"工作对接评分[{rater}]": None for rater in range(1, 4)}
    for rater, mark in enumerate(marks, start=1):
        given[f"工作对接评分[{rater}]"] = None if mark is None else dec(mark)
    return given


def unit_at(importance: str) -> dict[str, Change]:
    """A unit whose total is 90 and what 1.1 is judged to be worth."""
    return {"纳入重要工作评分": dec(importance)}


def person_at(style: str) -> dict[str, Change]:
    """A person whose total is 80 and what 5 is judged to be worth."""
    return {"工作作风评分": dec(style)}


# --- a perfect year --------------------------------------------------------------------------------------

PERFECT_UNIT: dict[str, Answer] = {
    "纳入重要工作评分": 10,
    "领导批办评分": 10,
    "分管职责评分": 4,
    "人员配备评分": 4,
    "人员素质评分": 6,
    "办理网络评分": 6,
    "制度建设评分": 8,
    "制度落实评分": 12,
    "交办件数": 100,  # 96 of 100 concluded, all 96 called back on, 45 of 50 content
    "办结件数": 96,
    "回访件数": 96,
    "评价件数": 50,
    "满意件数": 45,
    "网评总票数": 200,
    "网评满意票数": 180,
    "社情上报评分": 5,
    "应回复件数": 40,
    "按期回复件数": 40,
    "按月通报[1]": "是",
    "按月通报[2]": "是",
    "按月通报[3]": "是",
    "按月通报[4]": "是",
    "按月通报[5]": "是",
    "按月通报[6]": "是",
    "按月通报[7]": "是",
    "按月通报[8]": "是",
    "按月通报[9]": "是",
    "按月通报[10]": "是",
    "按月通报[11]": "是",
    "按月通报[12]": "是",
    "采用信息次数": 0,
    "电话表扬次数": 0,
    "来信表扬次数": 0,
    "热线办或新闻表扬次数": 0,
    "参加以岗代训": "否",
    "创新加分": 0,
    "举报投诉扣分次数": 0,
    "举报投诉扣分合计": 0,
    "失职批评次数": 0,
    "失职批评扣分合计": 0,
    "未回复未说明件数": 0,
    "虚报办理结果件数": 0,
}

OPTIONAL_UNIT = frozenset({"申报"})

# 20 + 20 + 20 + 40 = 100
FULL_UNIT: dict[str, str] = {
    "1.1": "10.00",
    "1.2": "10.00",
    "2.1": "4.00",
    "2.2": "4.00",
    "2.3": "6.00",
    "2.4": "6.00",
    "3.1": "8.00",
    "3.2": "12.00",
    "4.1": "15.00",
    "4.2": "10.00",
    "4.3": "5.00",
    "4.4": "5.00",
    "4.5": "5.00",
    "加1+": "0.00",
    "加2.1+": "0.00",
    "加2.2+": "0.00",
    "加2.3+": "0.00",
    "加3+": "0.00",
    "加4+": "0.00",
    "减1-": "0.00",
    "减2-": "0.00",
    "减3.1-": "0.00",
    "减3.2-": "0.00",
    "减3.3-": "0.00",
}

PERFECT_PERSON: dict[str, Answer] = {
    "政治素质评分": 5,
    "热爱本职评分": 5,
    "工作形象评分": 10,
    "主动上报评分": 10,
    "工作作风评分": 20,
    "个人承办件数": 40,  # 39 of 40 concluded: 97.5 %
    "个人办结件数": 39,
    "个人应回复件数": 30,
    "个人回复件数": 30,
    "举报投诉次数": 0,
    "工作对接评分[1]": 10,
    "工作对接评分[2]": 10,
    "工作对接评分[3]": 10,
    "采用信息次数": 0,
    "电话表扬次数": 0,
    "来信表扬次数": 0,
    "热线办或新闻表扬次数": 0,
    "参加以岗代训": "否",
    "创新加分": 0,
    "举报投诉扣分次数": 0,
    "举报投诉扣分合计": 0,
    "失职批评次数": 0,
    "失职批评扣分合计": 0,
}

OPTIONAL_PERSON = frozenset({"推荐"})

# 5 + 5 + 10 + 10 + 20 + 30 + 10 + 10 = 100
FULL_PERSON: dict[str, str] = {
    "1": "5.00",
    "2": "5.00",
    "3": "10.00",
    "4": "10.00",
    "5": "20.00",
    "6": "30.00",
    "7": "10.00",
    "8": "10.00",
    "加1+": "0.00",
    "加2.1+": "0.00",
    "加2.2+": "0.00",
    "加2.3+": "0.00",
    "加3+": "0.00",
    "加4+": "0.00",
    "减1-": "0.00",
    "减2-": "0.00",
}

# The most that a judged answer may be; no judged answer and no total has more than four decimals.
MOST: dict[str, int] = {
    "纳入重要工作评分": 10,
    "领导批办评分": 10,
    "分管职责评分": 4,
    "人员配备评分": 4,
    "人员素质评分": 6,
    "办理网络评分": 6,
    "制度建设评分": 8,
    "制度落实评分": 12,
    "社情上报评分": 5,
    "政治素质评分": 5,
    "热爱本职评分": 5,
    "工作形象评分": 10,
    "主动上报评分": 10,
    "工作作风评分": 20,
    "工作对接评分": 10,
}

DECIMALS = frozenset({"创新加分", "举报投诉扣分合计", "失职批评扣分合计"})

YEAR = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)

# A year in which everything went wrong: no point, then −30 −20 −20 −30 −60, together −160.
WORST_UNIT: dict[str, Change] = {
    "纳入重要工作评分": 0,
    "领导批办评分": 0,
    "分管职责评分": 0,
    "人员配备评分": 0,
    "人员素质评分": 0,
    "办理网络评分": 0,
    "制度建设评分": 0,
    "制度落实评分": 0,
    **handled(100, 94, 93),
    **answered(50, 42),
    **votes(200, 169),
    "社情上报评分": 0,
    **replies(40, 39),
    **silent(*YEAR),
    **complaints(3, "30"),
    **criticism(2, "20"),
    "未回复未说明件数": 4,
    "虚报办理结果件数": 3,
}

# Likewise: no point, then −22.5 and −10, together −32.5.
WORST_PERSON: dict[str, Change] = {
    "政治素质评分": 0,
    "热爱本职评分": 0,
    "工作形象评分": 0,
    "主动上报评分": 0,
    "工作作风评分": 0,
    **own_cases(40, 37),
    **own_replies(30, 29),
    "举报投诉次数": 3,
    **raters("0", "0", "0"),
    **complaints(3, "22.5"),
    **criticism(1, "10"),
}

# --- units -----------------------------------------------------------------------------------------------

_JUDGED = [
    Case("Nothing goes wrong: every item full, no bonus, no deduction, 100 in all", {}, {}),
    Case("1.1 judged 0", {"纳入重要工作评分": 0}, {"1.1": "0.00"}),
    Case("1.1 judged 7.25: as judged", {"纳入重要工作评分": dec("7.25")}, {"1.1": "7.25"}),
    Case("1.1 judged 3.333: 3.33", {"纳入重要工作评分": dec("3.333")}, {"1.1": "3.33"}),
    Case("1.1 judged 9.995: rounds up to the full 10", {"纳入重要工作评分": dec("9.995")}, {}),
    Case("1.1 judged 9.9949: 9.99", {"纳入重要工作评分": dec("9.9949")}, {"1.1": "9.99"}),
    Case("1.1 judged 0.0049: too little to count", {"纳入重要工作评分": dec("0.0049")}, {"1.1": "0.00"}),
    Case("1.2 judged 0", {"领导批办评分": 0}, {"1.2": "0.00"}),
    Case("1.2 judged 2.005: 2.01, a half goes away from zero", {"领导批办评分": dec("2.005")}, {"1.2": "2.01"}),
    Case("1.2 judged 6.6666: 6.67", {"领导批办评分": dec("6.6666")}, {"1.2": "6.67"}),
    Case("1.2 judged 0.005: 0.01", {"领导批办评分": dec("0.005")}, {"1.2": "0.01"}),
    Case("2.1 judged 0", {"分管职责评分": 0}, {"2.1": "0.00"}),
    Case("2.1 judged 1.115: 1.12", {"分管职责评分": dec("1.115")}, {"2.1": "1.12"}),
    Case("2.1 judged 3.9949: 3.99", {"分管职责评分": dec("3.9949")}, {"2.1": "3.99"}),
    Case("2.2 judged 0", {"人员配备评分": 0}, {"2.2": "0.00"}),
    Case("2.2 judged 1.005: 1.01", {"人员配备评分": dec("1.005")}, {"2.2": "1.01"}),
    Case("2.2 judged 1.0049: 1.00", {"人员配备评分": dec("1.0049")}, {"2.2": "1.00"}),
    Case("2.3 judged 0", {"人员素质评分": 0}, {"2.3": "0.00"}),
    Case("2.3 judged 4.445: 4.45", {"人员素质评分": dec("4.445")}, {"2.3": "4.45"}),
    Case("2.3 judged 4.4449: 4.44, rounded once and not twice", {"人员素质评分": dec("4.4449")}, {"2.3": "4.44"}),
    Case("2.4 judged 0", {"办理网络评分": 0}, {"2.4": "0.00"}),
    Case("2.4 judged 5.5", {"办理网络评分": dec("5.5")}, {"2.4": "5.50"}),
    Case("3.1 judged 0", {"制度建设评分": 0}, {"3.1": "0.00"}),
    Case("3.1 judged 7.125: 7.13, not to the even digit", {"制度建设评分": dec("7.125")}, {"3.1": "7.13"}),
    Case("3.2 judged 0", {"制度落实评分": 0}, {"3.2": "0.00"}),
    Case("3.2 judged 11.375: 11.38", {"制度落实评分": dec("11.375")}, {"3.2": "11.38"}),
    Case("3.2 judged 11.9999: the full 12", {"制度落实评分": dec("11.9999")}, {}),
    Case("4.3 judged 0", {"社情上报评分": 0}, {"4.3": "0.00"}),
    Case("4.3 judged 2.675: 2.68", {"社情上报评分": dec("2.675")}, {"4.3": "2.68"}),
    Case(
        "every judged item at 0: 100 − 10 − 10 − 4 − 4 − 6 − 6 − 8 − 12 − 5 = 35",
        {
            "纳入重要工作评分": 0,
            "领导批办评分": 0,
            "分管职责评分": 0,
            "人员配备评分": 0,
            "人员素质评分": 0,
            "办理网络评分": 0,
            "制度建设评分": 0,
            "制度落实评分": 0,
            "社情上报评分": 0,
        },
        {
            "1.1": "0.00",
            "1.2": "0.00",
            "2.1": "0.00",
            "2.2": "0.00",
            "2.3": "0.00",
            "2.4": "0.00",
            "3.1": "0.00",
            "3.2": "0.00",
            "4.3": "0.00",
        },
    ),
    Case(
        "every judged item at a different mark: each on its own line",
        {
            "纳入重要工作评分": dec("9.1"),
            "领导批办评分": dec("8.2"),
            "分管职责评分": dec("3.3"),
            "人员配备评分": dec("2.4"),
            "人员素质评分": dec("5.5"),
            "办理网络评分": dec("4.6"),
            "制度建设评分": dec("6.7"),
            "制度落实评分": dec("10.8"),
            "社情上报评分": dec("1.9"),
        },
        {
            "1.1": "9.10",
            "1.2": "8.20",
            "2.1": "3.30",
            "2.2": "2.40",
            "2.3": "5.50",
            "2.4": "4.60",
            "3.1": "6.70",
            "3.2": "10.80",
            "4.3": "1.90",
        },
    ),
]

_HANDLING = [
    Case("4.1 concluded 95 of 100: 95 % is enough", handled(100, 95), {}),
    Case("4.1 concluded 94 of 100: one test of three lost", handled(100, 94), {"4.1": "10.00"}),
    Case("4.1 concluded 19 of 20: exactly 95 %", handled(20, 19), {}),
    Case("4.1 concluded 18 of 20: 90 %", handled(20, 18), {"4.1": "10.00"}),
    Case("4.1 concluded 94 of 99: 9 400 is less than 95 × 99 = 9 405", handled(99, 94), {"4.1": "10.00"}),
    Case("4.1 concluded 95 of 99: 9 500 is more than 95 × 99 = 9 405", handled(99, 95), {}),
    Case(
        "4.1 concluded 949 999 of 999 999: 94 999 900 is less than 94 999 905",
        handled(999999, 949999),
        {"4.1": "10.00"},
    ),
    Case("4.1 concluded 950 000 of 999 999: 95 000 000 is more than 94 999 905", handled(999999, 950000), {}),
    Case("4.1 concluded 949 981 of 999 980: 94 998 100 on both sides, 95 %", handled(999980, 949981), {}),
    Case("4.1 concluded 949 980 of 999 980: one short of 95 %", handled(999980, 949980), {"4.1": "10.00"}),
    Case("4.1 one handed down, one concluded", handled(1, 1), {}),
    Case("4.1 one handed down, none concluded: nothing to call back on is met", handled(1, 0), {"4.1": "10.00"}),
    Case("4.1 nothing handed down, nothing concluded: both rates count as met", handled(0, 0), {}),
    Case("4.1 nothing handed down, five carried over and concluded", handled(0, 5), {}),
    Case("4.1 nothing handed down, one of five not called back on", handled(0, 5, 4), {"4.1": "10.00"}),
    Case("4.1 concluded 110 with 100 handed down: carried over from before, met", handled(100, 110), {}),
    Case("4.1 called back on 95 of 96: not 100 %", handled(100, 96, 95), {"4.1": "10.00"}),
    Case("4.1 called back on none of 96", handled(100, 96, 0), {"4.1": "10.00"}),
    Case("4.1 called back on 999 998 of 999 999", handled(999999, 999999, 999998), {"4.1": "10.00"}),
    Case("4.1 called back on 999 999 of 999 999", handled(999999, 999999), {}),
    Case("4.1 called back on 96, where 97 were concluded of 100", handled(100, 97, 96), {"4.1": "10.00"}),
    Case("4.1 content 17 of 20: exactly 85 %", answered(20, 17), {}),
    Case("4.1 content 16 of 20: 80 %", answered(20, 16), {"4.1": "10.00"}),
    Case("4.1 content 84 of 99: 8 400 is less than 85 × 99 = 8 415", answered(99, 84), {"4.1": "10.00"}),
    Case("4.1 content 85 of 99: 8 500 is more than 8 415", answered(99, 85), {}),
    Case("4.1 content 8 499 of 10 000: 84.99 %", answered(10000, 8499), {"4.1": "10.00"}),
    Case("4.1 content 8 500 of 10 000: 85 %", answered(10000, 8500), {}),
    Case(
        "4.1 content 849 999 of 999 999: 84 999 900 is less than 84 999 915",
        answered(999999, 849999),
        {"4.1": "10.00"},
    ),
    Case("4.1 content 850 000 of 999 999: 85 000 000 is more than 84 999 915", answered(999999, 850000), {}),
    Case("4.1 nobody gave an opinion: the rate counts as met", answered(0, 0), {}),
    Case("4.1 the only opinion was bad", answered(1, 0), {"4.1": "10.00"}),
    Case("4.1 the only opinion was good", answered(1, 1), {}),
    Case("4.1 concluded and called back on too few: 5 left", handled(100, 94, 93), {"4.1": "5.00"}),
    Case(
        "4.1 concluded too few, content too few: 5 left",
        {**handled(100, 94), **answered(20, 16)},
        {"4.1": "5.00"},
    ),
    Case(
        "4.1 called back on too few, content too few: 5 left",
        {**handled(100, 96, 95), **answered(20, 16)},
        {"4.1": "5.00"},
    ),
    Case("4.1 all three tests lost", {**handled(100, 94, 93), **answered(20, 16)}, {"4.1": "0.00"}),
    Case("4.1 all three denominators 0: 15", {**handled(0, 0), **answered(0, 0)}, {}),
    Case(
        "4.1 all three just at their edge: 95 of 100, 95 of 95, 17 of 20", {**handled(100, 95), **answered(20, 17)}, {}
    ),
]

_VOTES_AND_REPLIES = [
    Case("4.2 17 of 20 votes: exactly 85 %", votes(20, 17), {}),
    Case("4.2 16 of 20 votes: all 10 points lost", votes(20, 16), {"4.2": "0.00"}),
    Case("4.2 8 499 of 10 000 votes: 84.99 %", votes(10000, 8499), {"4.2": "0.00"}),
    Case("4.2 8 501 of 10 000 votes: 85.01 %", votes(10000, 8501), {}),
    Case("4.2 849 999 of 999 999 votes", votes(999999, 849999), {"4.2": "0.00"}),
    Case("4.2 850 000 of 999 999 votes", votes(999999, 850000), {}),
    Case("4.2 849 983 of 999 980 votes: 84 998 300 on both sides, 85 %", votes(999980, 849983), {}),
    Case("4.2 849 982 of 999 980 votes: one short of 85 %", votes(999980, 849982), {"4.2": "0.00"}),
    Case("4.2 no vote was cast: counts as met", votes(0, 0), {}),
    Case("4.2 one vote, not content", votes(1, 0), {"4.2": "0.00"}),
    Case("4.2 one vote, content", votes(1, 1), {}),
    Case("4.2 all votes content: no more than 10", votes(999999, 999999), {}),
    Case("4.4 one reply of 40 late: all 5 points lost", replies(40, 39), {"4.4": "0.00"}),
    Case("4.4 all of 999 999 replies in time", replies(999999, 999999), {}),
    Case("4.4 one reply of 999 999 late", replies(999999, 999998), {"4.4": "0.00"}),
    Case("4.4 no reply was due: counts as met", replies(0, 0), {}),
    Case("4.4 the only reply due was late", replies(1, 0), {"4.4": "0.00"}),
    Case("4.4 the only reply due was in time", replies(1, 1), {}),
    Case(
        "4.1, 4.2 and 4.4 nothing happened at all, every denominator 0: full points",
        {**handled(0, 0), **answered(0, 0), **votes(0, 0), **replies(0, 0)},
        {},
    ),
    Case(
        "4.1, 4.2 and 4.4 every rate short",
        {**handled(100, 94, 93), **answered(20, 16), **votes(20, 16), **replies(40, 39)},
        {"4.1": "0.00", "4.2": "0.00", "4.4": "0.00"},
    ),
    Case("4.5 and 减3.3 January missing: the 5 points and 5 more", silent(1), {"4.5": "0.00", "减3.3-": "-5.00"}),
    Case("4.5 and 减3.3 June missing", silent(6), {"4.5": "0.00", "减3.3-": "-5.00"}),
    Case("4.5 and 减3.3 December missing", silent(12), {"4.5": "0.00", "减3.3-": "-5.00"}),
    Case("4.5 and 减3.3 two months missing: −5 each", silent(2, 11), {"4.5": "0.00", "减3.3-": "-10.00"}),
    Case(
        "4.5 and 减3.3 eleven months missing: one report does not save the 5 points",
        silent(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12),
        {"4.5": "0.00", "减3.3-": "-55.00"},
    ),
    Case("4.5 and 减3.3 no month reported: 100 − 5 − 60 = 35", silent(*YEAR), {"4.5": "0.00", "减3.3-": "-60.00"}),
]

# The other lines hold for units and persons alike.
_BONUSES = [
    Case("加1 one item of information taken up: +2", {"采用信息次数": 1}, {"加1+": "2.00"}),
    Case("加1 25 items taken up: +50, no cap", {"采用信息次数": 25}, {"加1+": "50.00"}),
    Case("加1 999 999 items taken up: 2 × 999 999", {"采用信息次数": 999999}, {"加1+": "1999998.00"}),
    Case("加2 praised once by telephone: +2", {"电话表扬次数": 1}, {"加2.1+": "2.00"}),
    Case("加2 praised seven times by telephone: 7 × 2", {"电话表扬次数": 7}, {"加2.1+": "14.00"}),
    Case("加2 praised once by letter: +3", {"来信表扬次数": 1}, {"加2.2+": "3.00"}),
    Case("加2 praised 14 times by letter: 14 × 3", {"来信表扬次数": 14}, {"加2.2+": "42.00"}),
    Case("加2 praised once by the hotline office or the press: +5", {"热线办或新闻表扬次数": 1}, {"加2.3+": "5.00"}),
    Case("加2 praised 30 times by the hotline office or the press", {"热线办或新闻表扬次数": 30}, {"加2.3+": "150.00"}),
    Case("加3 trained at the hotline office: +6", {"参加以岗代训": "是"}, {"加3+": "6.00"}),
    Case("加4 innovation, the least: 5", {"创新加分": 5}, {"加4+": "5.00"}),
    Case("加4 innovation, the most: 10", {"创新加分": 10}, {"加4+": "10.00"}),
    Case("加4 innovation, between: 7.5", {"创新加分": dec("7.5")}, {"加4+": "7.50"}),
    Case("加4 innovation 5.005: 5.01", {"创新加分": dec("5.005")}, {"加4+": "5.01"}),
    Case("加4 innovation 9.9949: 9.99", {"创新加分": dec("9.9949")}, {"加4+": "9.99"}),
    Case(
        "加1 to 加4 all bonuses at once: 2 + 4 + 9 + 20 + 6 + 8.5 = 49.5 on top",
        {
            "采用信息次数": 1,
            "电话表扬次数": 2,
            "来信表扬次数": 3,
            "热线办或新闻表扬次数": 4,
            "参加以岗代训": "是",
            "创新加分": dec("8.5"),
        },
        {
            "加1+": "2.00",
            "加2.1+": "4.00",
            "加2.2+": "9.00",
            "加2.3+": "20.00",
            "加3+": "6.00",
            "加4+": "8.50",
        },
    ),
]

_DEDUCTIONS = [
    Case("减1 one complaint, the least: 5 = 5 × 1", complaints(1, "5"), {"减1-": "-5.00"}),
    Case("减1 one complaint, the most: 10 = 10 × 1", complaints(1, "10"), {"减1-": "-10.00"}),
    Case("减1 one complaint, between: 7.5", complaints(1, "7.5"), {"减1-": "-7.50"}),
    Case("减1 two complaints, the least: 10 = 5 × 2", complaints(2, "10"), {"减1-": "-10.00"}),
    Case("减1 two complaints, the most: 20 = 10 × 2", complaints(2, "20"), {"减1-": "-20.00"}),
    Case("减1 two complaints, 5 and 8.25", complaints(2, "13.25"), {"减1-": "-13.25"}),
    Case("减1 one complaint, 5.005: −5.01, a half goes away from zero", complaints(1, "5.005"), {"减1-": "-5.01"}),
    Case("减1 one complaint, 7.1149: −7.11", complaints(1, "7.1149"), {"减1-": "-7.11"}),
    Case("减1 40 complaints at 10 each: −400, no floor", complaints(40, "400"), {"减1-": "-400.00"}),
    Case("减2 one criticism, the least", criticism(1, "5"), {"减2-": "-5.00"}),
    Case("减2 one criticism, the most", criticism(1, "10"), {"减2-": "-10.00"}),
    Case("减2 three criticisms, the least: 15 = 5 × 3", criticism(3, "15"), {"减2-": "-15.00"}),
    Case("减2 three criticisms, the most: 30 = 10 × 3", criticism(3, "30"), {"减2-": "-30.00"}),
    Case("减2 three criticisms, 5, 6.125 and 10: −21.13", criticism(3, "21.125"), {"减2-": "-21.13"}),
    Case("减2 one criticism, 9.9949: −9.99", criticism(1, "9.9949"), {"减2-": "-9.99"}),
    Case(
        "减1 and 减2 side by side: −12.5 and −6",
        {**complaints(2, "12.5"), **criticism(1, "6")},
        {"减1-": "-12.50", "减2-": "-6.00"},
    ),
    Case(
        "加1 and 减1 do not settle against each other",
        {"采用信息次数": 5, **complaints(1, "10")},
        {"加1+": "10.00", "减1-": "-10.00"},
    ),
]

_UNIT_ONLY = [
    Case("减3 one matter neither answered nor explained: −5", {"未回复未说明件数": 1}, {"减3.1-": "-5.00"}),
    Case("减3 21 matters neither answered nor explained: −105", {"未回复未说明件数": 21}, {"减3.1-": "-105.00"}),
    Case("减3 one false report: −10", {"虚报办理结果件数": 1}, {"减3.2-": "-10.00"}),
    Case("减3 three false reports: −30", {"虚报办理结果件数": 3}, {"减3.2-": "-30.00"}),
    Case(
        "4.4 and 减3 two replies missing and unexplained: the 5 points and 5 more for each",
        {**replies(40, 38), "未回复未说明件数": 2},
        {"4.4": "0.00", "减3.1-": "-10.00"},
    ),
    Case(
        "减3 all three of it: −10 −20 −15, and 4.5 is lost",
        {"未回复未说明件数": 2, "虚报办理结果件数": 2, **silent(3, 4, 5)},
        {"4.5": "0.00", "减3.1-": "-10.00", "减3.2-": "-20.00", "减3.3-": "-15.00"},
    ),
    Case(
        "减1 to 减3 all deductions: −5 −7.5 −5 −10 −5, and 4.5 is lost: 62.5 in all",
        {
            **complaints(1, "5"),
            **criticism(1, "7.5"),
            "未回复未说明件数": 1,
            "虚报办理结果件数": 1,
            **silent(8),
        },
        {"4.5": "0.00", "减1-": "-5.00", "减2-": "-7.50", "减3.1-": "-5.00", "减3.2-": "-10.00", "减3.3-": "-5.00"},
    ),
    Case(
        "everything went wrong: 0 − 30 − 20 − 20 − 30 − 60 = −160",
        WORST_UNIT,
        {
            "1.1": "0.00",
            "1.2": "0.00",
            "2.1": "0.00",
            "2.2": "0.00",
            "2.3": "0.00",
            "2.4": "0.00",
            "3.1": "0.00",
            "3.2": "0.00",
            "4.1": "0.00",
            "4.2": "0.00",
            "4.3": "0.00",
            "4.4": "0.00",
            "4.5": "0.00",
            "减1-": "-30.00",
            "减2-": "-20.00",
            "减3.1-": "-20.00",
            "减3.2-": "-30.00",
            "减3.3-": "-60.00",
        },
    ),
    Case("a unit that does not apply has the same points", {"申报": "否"}, {}),
    Case("a unit that says that it applies has the same points", {"申报": "是"}, {}),
]

UNIT_CASES: list[Case] = [
    *_JUDGED,
    *_HANDLING,
    *_VOTES_AND_REPLIES,
    *_BONUSES,
    *_DEDUCTIONS,
    *_UNIT_ONLY,
]

# --- persons ---------------------------------------------------------------------------------------------

_PERSON_JUDGED = [
    Case("Nothing goes wrong: every item full, 100 in all", {}, {}),
    Case("1 judged 0", {"政治素质评分": 0}, {"1": "0.00"}),
    Case("1 judged 3.333: 3.33", {"政治素质评分": dec("3.333")}, {"1": "3.33"}),
    Case("1 judged 2.005: 2.01", {"政治素质评分": dec("2.005")}, {"1": "2.01"}),
    Case("2 judged 0", {"热爱本职评分": 0}, {"2": "0.00"}),
    Case("2 judged 4.995: rounds up to the full 5", {"热爱本职评分": dec("4.995")}, {}),
    Case("2 judged 4.9949: 4.99", {"热爱本职评分": dec("4.9949")}, {"2": "4.99"}),
    Case("3 judged 0", {"工作形象评分": 0}, {"3": "0.00"}),
    Case("3 judged 7.25: as judged", {"工作形象评分": dec("7.25")}, {"3": "7.25"}),
    Case("4 judged 0", {"主动上报评分": 0}, {"4": "0.00"}),
    Case("4 judged 1.115: 1.12", {"主动上报评分": dec("1.115")}, {"4": "1.12"}),
    Case("4 judged 6.6666: 6.67", {"主动上报评分": dec("6.6666")}, {"4": "6.67"}),
    Case("5 judged 0", {"工作作风评分": 0}, {"5": "0.00"}),
    Case("5 judged 12.345: 12.35", {"工作作风评分": dec("12.345")}, {"5": "12.35"}),
    Case("5 judged 19.9949: 19.99", {"工作作风评分": dec("19.9949")}, {"5": "19.99"}),
    Case(
        "1 to 5 at different marks: each on its own line",
        {
            "政治素质评分": dec("4.1"),
            "热爱本职评分": dec("3.2"),
            "工作形象评分": dec("9.3"),
            "主动上报评分": dec("8.4"),
            "工作作风评分": dec("17.5"),
        },
        {"1": "4.10", "2": "3.20", "3": "9.30", "4": "8.40", "5": "17.50"},
    ),
]

_ACHIEVEMENT = [
    Case("6 concluded 19 of 20: exactly 95 %", own_cases(20, 19), {}),
    Case("6 concluded 18 of 20: half of the 30 lost", own_cases(20, 18), {"6": "15.00"}),
    Case("6 concluded 95 of 100: 95 %", own_cases(100, 95), {}),
    Case("6 concluded 94 of 99: 9 400 is less than 9 405", own_cases(99, 94), {"6": "15.00"}),
    Case("6 concluded 95 of 99: 9 500 is more than 9 405", own_cases(99, 95), {}),
    Case("6 concluded 949 999 of 999 999", own_cases(999999, 949999), {"6": "15.00"}),
    Case("6 concluded 950 000 of 999 999", own_cases(999999, 950000), {}),
    Case("6 concluded 949 981 of 999 980: 95 %", own_cases(999980, 949981), {}),
    Case("6 concluded 949 980 of 999 980: one short of 95 %", own_cases(999980, 949980), {"6": "15.00"}),
    Case("6 nothing taken on: counts as met", own_cases(0, 0), {}),
    Case("6 the only matter not concluded", own_cases(1, 0), {"6": "15.00"}),
    Case("6 concluded 12 with 10 taken on: met", own_cases(10, 12), {}),
    Case("6 one reply of 30 not given: the other half lost", own_replies(30, 29), {"6": "15.00"}),
    Case("6 one reply of 999 999 not given", own_replies(999999, 999998), {"6": "15.00"}),
    Case("6 all of 999 999 replies given", own_replies(999999, 999999), {}),
    Case("6 no reply due: counts as met", own_replies(0, 0), {}),
    Case("6 the only reply due not given", own_replies(1, 0), {"6": "15.00"}),
    Case("6 too few concluded, a reply not given: 0", {**own_cases(20, 18), **own_replies(30, 29)}, {"6": "0.00"}),
    Case("6 nothing taken on and no reply due: 30", {**own_cases(0, 0), **own_replies(0, 0)}, {}),
    Case("6 nothing taken on, a reply not given: 15", {**own_cases(0, 0), **own_replies(3, 2)}, {"6": "15.00"}),
    Case("6 no reply due, too few concluded: 15", {**own_cases(20, 18), **own_replies(0, 0)}, {"6": "15.00"}),
    Case("7 one complaint in the year: all 10 points lost", {"举报投诉次数": 1}, {"7": "0.00"}),
    Case("7 five complaints: still no less than 0", {"举报投诉次数": 5}, {"7": "0.00"}),
    Case(
        "7 and 减1 one complaint that also costs points: −10 and −6",
        {"举报投诉次数": 1, **complaints(1, "6")},
        {"7": "0.00", "减1-": "-6.00"},
    ),
]

_RATERS = [
    Case("8 one rater, 7: 7", raters("7"), {"8": "7.00"}),
    Case("8 one rater, 10: 10", raters("10"), {}),
    Case("8 one rater, 0: 0", raters("0"), {"8": "0.00"}),
    Case("8 one rater, 3.333: 3.33", raters("3.333"), {"8": "3.33"}),
    Case("8 one rater, 2.005: 2.01", raters("2.005"), {"8": "2.01"}),
    Case("8 three raters with halves: (9.5 + 8 + 8.5) ÷ 3 = 8.666…", raters("9.5", "8", "8.5"), {"8": "8.67"}),
    Case("8 three raters: (10 + 9 + 9) ÷ 3 = 9.333…", raters("10", "9", "9"), {"8": "9.33"}),
    Case("8 three raters: (10 + 10 + 9) ÷ 3 = 9.666…", raters("10", "10", "9"), {"8": "9.67"}),
    Case("8 two raters: 16.51 ÷ 2 = 8.255, up to 8.26", raters("8.25", "8.26"), {"8": "8.26"}),
    Case(
        "8 two raters: 16.49 ÷ 2 = 8.245, up to 8.25 and not to the even digit", raters("8.24", "8.25"), {"8": "8.25"}
    ),
    Case("8 two raters: 19.99 ÷ 2 = 9.995, up to the full 10", raters("9.99", "10"), {}),
    Case("8 two raters: 19.98 ÷ 2 = 9.99", raters("9.98", "10"), {"8": "9.99"}),
    Case("8 two raters: 0.01 ÷ 2 = 0.005, up to 0.01", raters("0", "0.01"), {"8": "0.01"}),
    Case("8 the second of three did not rate and is no 0: (10 + 8) ÷ 2", raters("10", None, "8"), {"8": "9.00"}),
    Case("8 the first did not rate: (7 + 8) ÷ 2", raters(None, "7", "8"), {"8": "7.50"}),
    Case("8 only the third rated", raters(None, None, "6.5"), {"8": "6.50"}),
    Case("8 a rater who gave 0 counts: (10 + 0 + 10) ÷ 3 = 6.666…", raters("10", "0", "10"), {"8": "6.67"}),
    Case("8 all raters gave 0", raters("0", "0", "0"), {"8": "0.00"}),
    Case("8 four raters: (10 + 9 + 8 + 6) ÷ 4", raters("10", "9", "8", "6"), {"8": "8.25"}),
    Case(
        "8 seven raters: 69 ÷ 7 = 9.857…",
        raters("10", "10", "10", "10", "10", "10", "9"),
        {"8": "9.86"},
    ),
    Case(
        "8 twelve raters, 1 and 10 to 12 among them: (11 × 10 + 4) ÷ 12 = 9.5",
        raters("4", "10", "10", "10", "10", "10", "10", "10", "10", "10", "10", "10"),
        {"8": "9.50"},
    ),
    Case(
        "8 only the first and the fifteenth rated: (8 + 9) ÷ 2",
        {**raters("8"), "工作对接评分[15]": 9},
        {"8": "8.50"},
    ),
    Case(
        "8 the marks are not rounded before the mean: 24.015 ÷ 3 = 8.005, up to 8.01",
        raters("8.004", "8.004", "8.007"),
        {"8": "8.01"},
    ),
    Case("8 the highest and the lowest count too: (0 + 9 + 9 + 10) ÷ 4", raters("0", "9", "9", "10"), {"8": "7.00"}),
    Case("8 three raters, 3.3333 each: 3.33", raters("3.3333", "3.3333", "3.3333"), {"8": "3.33"}),
]

_PERSON_REST = [
    Case(
        "everything went wrong: 0 − 22.5 − 10 = −32.5",
        WORST_PERSON,
        {
            "1": "0.00",
            "2": "0.00",
            "3": "0.00",
            "4": "0.00",
            "5": "0.00",
            "6": "0.00",
            "7": "0.00",
            "8": "0.00",
            "减1-": "-22.50",
            "减2-": "-10.00",
        },
    ),
    Case("a person who is nominated has the same points", {"推荐": "是"}, {}),
    Case("a person whom the unit expressly leaves out has the same points", {"推荐": "否"}, {}),
]

PERSON_CASES: list[Case] = [
    *_PERSON_JUDGED,
    *_ACHIEVEMENT,
    *_RATERS,
    *_BONUSES,
    *_DEDUCTIONS,
    *_PERSON_REST,
]

# --- several together ------------------------------------------------------------------------------------

NONE: frozenset[str] = frozenset()
UNIT_LISTED = frozenset({"先进单位"})
PERSON_LISTED = frozenset({"先进个人"})
AT_FAULT = frozenset({"问责"})

STAYS_OUT: dict[str, Change] = {"申报": "否"}
NOMINATED: dict[str, Change] = {"推荐": "是"}

UNIT_COHORTS: list[UnitCohort] = [
    UnitCohort(
        "先进单位 three places, four units: the first three",
        3,
        (
            Unit("甲", unit_at("7"), "97.00", 4, NONE),
            Unit("乙", unit_at("9"), "99.00", 2, UNIT_LISTED),
            Unit("丙", unit_at("10"), "100.00", 1, UNIT_LISTED),
            Unit("丁", unit_at("8"), "98.00", 3, UNIT_LISTED),
        ),
    ),
    UnitCohort(
        "先进单位 three places and two thirds: both are listed, four in all",
        3,
        (
            Unit("甲", unit_at("8"), "98.00", 3, UNIT_LISTED),
            Unit("乙", unit_at("10"), "100.00", 1, UNIT_LISTED),
            Unit("丙", {"领导批办评分": 8}, "98.00", 3, UNIT_LISTED),
            Unit("丁", unit_at("9"), "99.00", 2, UNIT_LISTED),
            Unit("戊", unit_at("7"), "97.00", 5, NONE),
        ),
    ),
    UnitCohort(
        "先进单位 two places and two seconds: three listed; ranks 1, 2, 2, 4",
        2,
        (
            Unit("甲", unit_at("9"), "99.00", 2, UNIT_LISTED),
            Unit("乙", unit_at("10"), "100.00", 1, UNIT_LISTED),
            Unit("丙", unit_at("9"), "99.00", 2, UNIT_LISTED),
            Unit("丁", unit_at("8"), "98.00", 4, NONE),
        ),
    ),
    UnitCohort(
        "先进单位 three places and two seconds: they fill them, the next is fourth and not listed",
        3,
        (
            Unit("甲", unit_at("9"), "99.00", 2, UNIT_LISTED),
            Unit("乙", unit_at("10"), "100.00", 1, UNIT_LISTED),
            Unit("丙", unit_at("9"), "99.00", 2, UNIT_LISTED),
            Unit("丁", unit_at("8"), "98.00", 4, NONE),
        ),
    ),
    UnitCohort(
        "先进单位 one place and four firsts: all four, the fifth is not",
        1,
        (
            Unit("甲", {}, "100.00", 1, UNIT_LISTED),
            Unit("乙", {}, "100.00", 1, UNIT_LISTED),
            Unit("丙", {}, "100.00", 1, UNIT_LISTED),
            Unit("丁", {}, "100.00", 1, UNIT_LISTED),
            Unit("戊", unit_at("9.99"), "99.99", 5, NONE),
        ),
    ),
    UnitCohort(
        "先进单位 two places: the second and the fourth of all, since the first and the third do not apply",
        2,
        (
            Unit("甲", {**unit_at("10"), **STAYS_OUT}, "100.00", 1, NONE),
            Unit("乙", unit_at("9"), "99.00", 2, UNIT_LISTED),
            Unit("丙", {**unit_at("8"), **STAYS_OUT}, "98.00", 3, NONE),
            Unit("丁", unit_at("7"), "97.00", 4, UNIT_LISTED),
            Unit("戊", unit_at("6"), "96.00", 5, NONE),
        ),
    ),
    UnitCohort(
        "先进单位 one place: who ties for first without applying takes nobody's place",
        1,
        (
            Unit("甲", STAYS_OUT, "100.00", 1, NONE),
            Unit("乙", {"申报": "是"}, "100.00", 1, UNIT_LISTED),
            Unit("丙", unit_at("9"), "99.00", 3, NONE),
        ),
    ),
    UnitCohort(
        "先进单位 an application left blank is one; only 否 stays out",
        3,
        (
            Unit("甲", {}, "100.00", 1, UNIT_LISTED),
            Unit("乙", {"申报": "是"}, "100.00", 1, UNIT_LISTED),
            Unit("丙", STAYS_OUT, "100.00", 1, NONE),
        ),
    ),
    UnitCohort(
        "先进单位 nobody applies: nobody is listed, all have their rank",
        3,
        (
            Unit("甲", {**unit_at("9"), **STAYS_OUT}, "99.00", 2, NONE),
            Unit("乙", STAYS_OUT, "100.00", 1, NONE),
        ),
    ),
    UnitCohort(
        "先进单位 more places than units: all that apply, however few their points",
        10,
        (
            Unit("甲", {**silent(*YEAR), "虚报办理结果件数": 4}, "-5.00", 3, UNIT_LISTED | AT_FAULT),
            Unit("乙", {}, "100.00", 1, UNIT_LISTED),
            Unit("丙", STAYS_OUT, "100.00", 1, NONE),
        ),
    ),
    UnitCohort(
        "ranks go above 100 and below 0: 149.5, 100, 35, −160",
        3,
        (
            Unit("甲", WORST_UNIT, "-160.00", 4, AT_FAULT),
            Unit("乙", silent(*YEAR), "35.00", 3, UNIT_LISTED),
            Unit("丙", {}, "100.00", 2, UNIT_LISTED),
            Unit(
                "丁",
                {
                    "采用信息次数": 1,
                    "电话表扬次数": 2,
                    "来信表扬次数": 3,
                    "热线办或新闻表扬次数": 4,
                    "参加以岗代训": "是",
                    "创新加分": dec("8.5"),
                },
                "149.50",
                1,
                UNIT_LISTED,
            ),
        ),
    ),
    UnitCohort(
        "ranks among negative totals: 100 − 100 = 0, 0 − 0.01 and 100 − 5 − 60 − 100 = −65",
        1,
        (
            Unit("甲", {**criticism(10, "100"), "社情上报评分": dec("4.99")}, "-0.01", 2, AT_FAULT),
            Unit("乙", {**silent(*YEAR), **complaints(10, "100")}, "-65.00", 3, NONE),
            Unit("丙", complaints(10, "100"), "0.00", 1, UNIT_LISTED),
        ),
    ),
    UnitCohort(
        "bonuses count for the rank: 6 for training, three times 2 and twice 3 come to the same",
        1,
        (
            Unit("甲", {"参加以岗代训": "是"}, "106.00", 2, NONE),
            Unit("乙", {"采用信息次数": 3}, "106.00", 2, NONE),
            Unit("丙", {"来信表扬次数": 2}, "106.00", 2, NONE),
            Unit("丁", {"创新加分": dec("6.01")}, "106.01", 1, UNIT_LISTED),
            Unit("戊", {"热线办或新闻表扬次数": 1}, "105.00", 5, NONE),
        ),
    ),
    UnitCohort(
        "the total adds rounded lines: 7.005 twice makes 7.01 + 7.01, 7.004 twice 7.00 + 7.00",
        1,
        (
            Unit("甲", {"纳入重要工作评分": dec("7.004"), "领导批办评分": dec("7.004")}, "94.00", 4, NONE),
            Unit("乙", {"纳入重要工作评分": dec("7.005"), "领导批办评分": dec("7.005")}, "94.02", 1, UNIT_LISTED),
            Unit("丙", {"纳入重要工作评分": dec("7.01"), "领导批办评分": dec("7.01")}, "94.02", 1, UNIT_LISTED),
            Unit("丁", {"纳入重要工作评分": dec("7.0049"), "领导批办评分": dec("7.0149")}, "94.01", 3, NONE),
        ),
    ),
    UnitCohort(
        "totals are exact: 4.1 + 4.2 and 4.3 + 4 tie, whatever the order of adding",
        2,
        (
            Unit("甲", {"纳入重要工作评分": dec("4.1"), "领导批办评分": dec("4.2")}, "88.30", 2, UNIT_LISTED),
            Unit("乙", {"纳入重要工作评分": dec("4.3"), "领导批办评分": 4}, "88.30", 2, UNIT_LISTED),
            Unit("丙", {"制度建设评分": dec("0.1"), "制度落实评分": dec("8.2")}, "88.30", 2, UNIT_LISTED),
            Unit("丁", {"制度建设评分": dec("0.11"), "制度落实评分": dec("8.2")}, "88.31", 1, UNIT_LISTED),
            Unit("戊", {"制度建设评分": dec("0.1"), "制度落实评分": dec("8.19")}, "88.29", 5, NONE),
        ),
    ),
    UnitCohort(
        "问责 for a failing criticised or a result falsified, whether the unit applies or not",
        1,
        (
            Unit("甲", criticism(1, "5"), "95.00", 4, AT_FAULT),
            Unit("乙", {"虚报办理结果件数": 1}, "90.00", 8, AT_FAULT),
            Unit("丙", {**criticism(2, "10"), "虚报办理结果件数": 2, **STAYS_OUT}, "70.00", 10, AT_FAULT),
            Unit("丁", complaints(1, "5"), "95.00", 4, NONE),
            Unit("戊", {"未回复未说明件数": 1}, "95.00", 4, NONE),
            Unit("己", silent(7), "90.00", 8, NONE),
            Unit("庚", {}, "100.00", 2, NONE),
            Unit("辛", {"参加以岗代训": "是"}, "106.00", 1, UNIT_LISTED),
            Unit("壬", replies(40, 39), "95.00", 4, NONE),
            Unit("癸", STAYS_OUT, "100.00", 2, NONE),
        ),
    ),
    UnitCohort(
        "问责 does not keep a unit off the shortlist: 100 + 10 − 5 = 105",
        1,
        (
            Unit("甲", {**criticism(1, "5"), "创新加分": 10}, "105.00", 1, UNIT_LISTED | AT_FAULT),
            Unit("乙", {}, "100.00", 2, NONE),
        ),
    ),
    UnitCohort("a unit by itself", 3, (Unit("甲", {}, "100.00", 1, UNIT_LISTED),)),
]

PERSON_COHORTS: list[PersonCohort] = [
    PersonCohort(
        "先进个人 nobody is nominated: nobody is listed",
        5,
        (
            Person(("甲局", "张伟", ""), {}, "100.00", 1, NONE),
            Person(("甲局", "王芳", ""), person_at("19"), "99.00", 2, NONE),
            Person(("乙局", "李娜", ""), {**person_at("18"), "推荐": "否"}, "98.00", 3, NONE),
        ),
    ),
    PersonCohort(
        "先进个人 five places, two tie for the fifth: six are listed",
        5,
        (
            Person(("甲局", "张伟", ""), {**person_at("16"), **NOMINATED}, "96.00", 5, PERSON_LISTED),
            Person(("甲局", "王芳", ""), {**person_at("20"), **NOMINATED}, "100.00", 1, PERSON_LISTED),
            Person(("甲局", "李娜", ""), {**person_at("15"), **NOMINATED}, "95.00", 7, NONE),
            Person(("乙局", "刘洋", ""), {**person_at("19"), **NOMINATED}, "99.00", 2, PERSON_LISTED),
            Person(("乙局", "陈静", ""), {**person_at("17"), **NOMINATED}, "97.00", 4, PERSON_LISTED),
            Person(("丙局", "杨军", ""), {**person_at("18"), **NOMINATED}, "98.00", 3, PERSON_LISTED),
            Person(("丙局", "赵敏", ""), {"主动上报评分": 6, **NOMINATED}, "96.00", 5, PERSON_LISTED),
        ),
    ),
    PersonCohort(
        "先进个人 one place: the third of all is the best of those nominated",
        1,
        (
            Person(("甲局", "张伟", ""), {}, "100.00", 1, NONE),
            Person(("甲局", "王芳", ""), person_at("19"), "99.00", 2, NONE),
            Person(("乙局", "李娜", ""), {**person_at("18"), **NOMINATED}, "98.00", 3, PERSON_LISTED),
            Person(("乙局", "刘洋", ""), {**person_at("17"), **NOMINATED}, "97.00", 4, NONE),
        ),
    ),
    PersonCohort(
        "先进个人 one place, a tie with someone who is not nominated: listed alone",
        1,
        (
            Person(("甲局", "张伟", ""), {**person_at("19"), "推荐": "否"}, "99.00", 1, NONE),
            Person(("乙局", "王芳", ""), {**person_at("19"), **NOMINATED}, "99.00", 1, PERSON_LISTED),
            Person(("乙局", "李娜", ""), {**person_at("18"), **NOMINATED}, "98.00", 3, NONE),
        ),
    ),
    PersonCohort(
        "先进个人 one place and three firsts: all three",
        1,
        (
            Person(("甲局", "张伟", ""), NOMINATED, "100.00", 1, PERSON_LISTED),
            Person(("乙局", "王芳", ""), NOMINATED, "100.00", 1, PERSON_LISTED),
            Person(("丙局", "李娜", ""), NOMINATED, "100.00", 1, PERSON_LISTED),
            Person(("丁局", "刘洋", ""), {**person_at("19.99"), **NOMINATED}, "99.99", 4, NONE),
        ),
    ),
    PersonCohort(
        "先进个人 more places than are nominated: all of them, and nobody else moves in",
        5,
        (
            Person(("甲局", "张伟", ""), {**person_at("0"), **NOMINATED}, "80.00", 3, PERSON_LISTED),
            Person(("甲局", "王芳", ""), NOMINATED, "100.00", 1, PERSON_LISTED),
            Person(("乙局", "李娜", ""), person_at("10"), "90.00", 2, NONE),
        ),
    ),
    PersonCohort(
        "two of the same name in one unit, told apart by their numbers",
        1,
        (
            Person(("甲局", "王伟", "01"), {**person_at("15"), **NOMINATED}, "95.00", 2, PERSON_LISTED),
            Person(("甲局", "王伟", "02"), {}, "100.00", 1, NONE),
            Person(("甲局", "王伟", "03"), {**person_at("14"), **NOMINATED}, "94.00", 3, NONE),
        ),
    ),
    PersonCohort(
        "two of the same name in two units are two persons, with a number or without",
        2,
        (
            Person(("甲局", "王伟", ""), {**person_at("19"), **NOMINATED}, "99.00", 2, PERSON_LISTED),
            Person(("乙局", "王伟", ""), {**person_at("17"), **NOMINATED}, "97.00", 4, NONE),
            Person(("甲局", "李娜", "7"), {**person_at("18"), **NOMINATED}, "98.00", 3, PERSON_LISTED),
            Person(("乙局", "李娜", "7"), {}, "100.00", 1, NONE),
        ),
    ),
    PersonCohort(
        "8 three raters with 10, 9, 9 tie with one rater's 9.33; 9.334 does too, 9.335 does not",
        1,
        (
            Person(("甲局", "张伟", ""), {**raters("10", "9", "9"), **NOMINATED}, "99.33", 2, NONE),
            Person(("甲局", "王芳", ""), {**raters("9.33"), **NOMINATED}, "99.33", 2, NONE),
            Person(("乙局", "李娜", ""), {**raters("9.334"), **NOMINATED}, "99.33", 2, NONE),
            Person(("乙局", "刘洋", ""), {**raters("9.335"), **NOMINATED}, "99.34", 1, PERSON_LISTED),
        ),
    ),
    PersonCohort(
        "ranks go above 100 and below 0: 106, 100, 65, −32.5",
        2,
        (
            Person(("甲局", "张伟", ""), {**WORST_PERSON, **NOMINATED}, "-32.50", 4, AT_FAULT),
            Person(
                ("甲局", "王芳", ""),
                {**own_cases(20, 18), **own_replies(30, 29), "政治素质评分": 0, **NOMINATED},
                "65.00",
                3,
                PERSON_LISTED,
            ),
            Person(("乙局", "李娜", ""), {}, "100.00", 2, NONE),
            Person(("乙局", "刘洋", ""), {"参加以岗代训": "是", **NOMINATED}, "106.00", 1, PERSON_LISTED),
        ),
    ),
    PersonCohort(
        "问责 for a failing criticised only, nominated or not: 100 − 5, 100 + 5 − 5, 100 − 10 − 5",
        2,
        (
            Person(("甲局", "张伟", ""), criticism(1, "5"), "95.00", 3, AT_FAULT),
            Person(
                ("甲局", "王芳", ""),
                {**criticism(1, "5"), "热线办或新闻表扬次数": 1, **NOMINATED},
                "100.00",
                1,
                PERSON_LISTED | AT_FAULT,
            ),
            Person(
                ("乙局", "李娜", ""),
                {"举报投诉次数": 1, **complaints(1, "5"), **NOMINATED},
                "85.00",
                4,
                PERSON_LISTED,
            ),
            Person(("乙局", "刘洋", ""), {}, "100.00", 1, NONE),
        ),
    ),
    PersonCohort(
        "8 one rater less is no loss: 10 and 8 make 9, with a 0 between them they make 6",
        1,
        (
            Person(("甲局", "张伟", ""), {**raters("10", None, "8"), **NOMINATED}, "99.00", 1, PERSON_LISTED),
            Person(("甲局", "王芳", ""), {**raters("10", "0", "8"), **NOMINATED}, "96.00", 2, NONE),
        ),
    ),
]

# --- answers that cannot all be true ---------------------------------------------------------------------

_BOTH_COMPLAINTS = frozenset({"举报投诉扣分次数", "举报投诉扣分合计"})
_BOTH_CRITICISM = frozenset({"失职批评次数", "失职批评扣分合计"})
_INNOVATION = frozenset({"创新加分"})

CONTRADICTIONS: list[Contradiction] = [
    Contradiction("单位 nothing contradicts", "单位", {}, NONE),
    Contradiction(
        "单位 all links at equality, all bounds at their least",
        "单位",
        {
            **handled(100, 100, 100),
            **answered(7, 7),
            **votes(9, 9),
            **replies(3, 3),
            **complaints(2, "10"),
            **criticism(3, "15"),
            "创新加分": 5,
        },
        NONE,
    ),
    Contradiction(
        "单位 all counts 0, all bounds at their most",
        "单位",
        {
            **handled(0, 0),
            **answered(0, 0),
            **votes(0, 0),
            **replies(0, 0),
            **complaints(2, "20"),
            **criticism(3, "30"),
            "创新加分": 10,
        },
        NONE,
    ),
    Contradiction("单位 called back on 97 of 96", "单位", handled(100, 96, 97), frozenset({"回访件数", "办结件数"})),
    Contradiction("单位 called back on 1 of 0", "单位", handled(0, 0, 1), frozenset({"回访件数", "办结件数"})),
    Contradiction("单位 called back on 95 of 96: short, but possible", "单位", handled(100, 96, 95), NONE),
    Contradiction(
        "单位 more concluded than handed down: carried over, no contradiction", "单位", handled(100, 110), NONE
    ),
    Contradiction("单位 51 content of 50", "单位", answered(50, 51), frozenset({"满意件数", "评价件数"})),
    Contradiction("单位 1 content of 0", "单位", answered(0, 1), frozenset({"满意件数", "评价件数"})),
    Contradiction("单位 more opinions than matters concluded: no contradiction", "单位", answered(500, 450), NONE),
    Contradiction("单位 201 votes content of 200", "单位", votes(200, 201), frozenset({"网评满意票数", "网评总票数"})),
    Contradiction(
        "单位 999 999 votes content of 999 998",
        "单位",
        votes(999998, 999999),
        frozenset({"网评满意票数", "网评总票数"}),
    ),
    Contradiction("单位 41 replies in time of 40", "单位", replies(40, 41), frozenset({"按期回复件数", "应回复件数"})),
    Contradiction(
        "单位 more unexplained than replies missing: no contradiction", "单位", {"未回复未说明件数": 9}, NONE
    ),
    Contradiction("单位 减1 one complaint, 4.9999: too little", "单位", complaints(1, "4.9999"), _BOTH_COMPLAINTS),
    Contradiction("单位 减1 one complaint, 10.0001: too much", "单位", complaints(1, "10.0001"), _BOTH_COMPLAINTS),
    Contradiction("单位 减1 two complaints, 9.99: less than 5 × 2", "单位", complaints(2, "9.99"), _BOTH_COMPLAINTS),
    Contradiction("单位 减1 two complaints, 20.01: more than 10 × 2", "单位", complaints(2, "20.01"), _BOTH_COMPLAINTS),
    Contradiction("单位 减1 a complaint that costs nothing", "单位", complaints(1, "0"), _BOTH_COMPLAINTS),
    Contradiction("单位 减1 points without a complaint", "单位", complaints(0, "0.0001"), _BOTH_COMPLAINTS),
    Contradiction("单位 减2 three criticisms, 14.99: less than 5 × 3", "单位", criticism(3, "14.99"), _BOTH_CRITICISM),
    Contradiction("单位 减2 three criticisms, 30.01: more than 10 × 3", "单位", criticism(3, "30.01"), _BOTH_CRITICISM),
    Contradiction("单位 减2 points without a criticism", "单位", criticism(0, "5"), _BOTH_CRITICISM),
    Contradiction("单位 加4 0.0001: neither 0 nor 5", "单位", {"创新加分": dec("0.0001")}, _INNOVATION),
    Contradiction("单位 加4 4.9999: just under 5", "单位", {"创新加分": dec("4.9999")}, _INNOVATION),
    Contradiction("单位 加4 10.0001: just over 10", "单位", {"创新加分": dec("10.0001")}, _INNOVATION),
    Contradiction("单位 加4 15: two innovations in one year", "单位", {"创新加分": 15}, _INNOVATION),
    Contradiction("单位 加4 5.0001: just above the least", "单位", {"创新加分": dec("5.0001")}, NONE),
    Contradiction(
        "单位 everything at once",
        "单位",
        {
            **handled(1, 2, 3),
            **answered(4, 5),
            **votes(6, 7),
            **replies(8, 9),
            **complaints(1, "11"),
            **criticism(2, "9"),
            "创新加分": 1,
        },
        frozenset({"回访件数", "办结件数", "满意件数", "评价件数", "网评满意票数", "网评总票数"})
        | frozenset({"按期回复件数", "应回复件数"})
        | _BOTH_COMPLAINTS
        | _BOTH_CRITICISM
        | _INNOVATION,
    ),
    Contradiction(
        "单位 减1 at fault, 减2 in order: only the one pair",
        "单位",
        {**complaints(1, "12"), **criticism(1, "7")},
        _BOTH_COMPLAINTS,
    ),
    Contradiction("个人 nothing contradicts", "个人", {}, NONE),
    Contradiction("个人 replies at equality", "个人", own_replies(17, 17), NONE),
    Contradiction(
        "个人 31 replies given of 30", "个人", own_replies(30, 31), frozenset({"个人回复件数", "个人应回复件数"})
    ),
    Contradiction("个人 1 reply given of 0", "个人", own_replies(0, 1), frozenset({"个人回复件数", "个人应回复件数"})),
    Contradiction("个人 more concluded than taken on: not on the list", "个人", own_cases(10, 12), NONE),
    Contradiction("个人 减1 two complaints, 10: at the least", "个人", complaints(2, "10"), NONE),
    Contradiction("个人 减1 two complaints, 9.9999: under it", "个人", complaints(2, "9.9999"), _BOTH_COMPLAINTS),
    Contradiction("个人 减2 two criticisms, 20: at the most", "个人", criticism(2, "20"), NONE),
    Contradiction("个人 减2 two criticisms, 20.0001: over it", "个人", criticism(2, "20.0001"), _BOTH_CRITICISM),
    Contradiction(
        "个人 减1 costs points where 7 counts no complaint: not on the list", "个人", complaints(1, "5"), NONE
    ),
    Contradiction(
        "个人 7 counts complaints that cost nothing under 减1: not on the list", "个人", {"举报投诉次数": 2}, NONE
    ),
    Contradiction("个人 加4 4.99", "个人", {"创新加分": dec("4.99")}, _INNOVATION),
    Contradiction("个人 加4 10.01", "个人", {"创新加分": dec("10.01")}, _INNOVATION),
    Contradiction(
        "个人 everything at once",
        "个人",
        {**own_replies(1, 2), **complaints(0, "1"), **criticism(1, "0"), "创新加分": 20},
        frozenset({"个人回复件数", "个人应回复件数"}) | _BOTH_COMPLAINTS | _BOTH_CRITICISM | _INNOVATION,
    ),
]

# --- parts of the year -----------------------------------------------------------------------------------

_LOST_ONE = {"4.5": "0.00", "减3.3-": "-5.00"}

PERIOD_CASES: list[PeriodCase] = [
    PeriodCase("全年 all bonuses of the year's end count", "单位", "全年", {"创新加分": 5}, {"加4+": "5.00"}),
    PeriodCase("全年 a month missing anywhere counts", "单位", "全年", silent(12), _LOST_ONE),
    PeriodCase("上半年 nothing goes wrong: 100 as over the year", "单位", "上半年", {}, {}),
    PeriodCase("上半年 July missing is no matter of it", "单位", "上半年", silent(7), {}),
    PeriodCase("上半年 June missing is", "单位", "上半年", silent(6), _LOST_ONE),
    PeriodCase("上半年 the other half not yet filled in", "单位", "上半年", unasked(7, 8, 9, 10, 11, 12), {}),
    PeriodCase(
        "上半年 no month of the year: six count, −30",
        "单位",
        "上半年",
        silent(*YEAR),
        {"4.5": "0.00", "减3.3-": "-30.00"},
    ),
    PeriodCase("下半年 June missing is no matter of it", "单位", "下半年", silent(6), {}),
    PeriodCase("下半年 July missing is", "单位", "下半年", silent(7), _LOST_ONE),
    PeriodCase(
        "下半年 October to December missing: −15",
        "单位",
        "下半年",
        silent(1, 10, 11, 12),
        {"4.5": "0.00", "减3.3-": "-15.00"},
    ),
    PeriodCase("第1季度 April missing is no matter of it", "单位", "第1季度", silent(4), {}),
    PeriodCase("第1季度 March missing is", "单位", "第1季度", silent(3), _LOST_ONE),
    PeriodCase("第2季度 only April to June are asked", "单位", "第2季度", unasked(1, 2, 3, 7, 8, 9, 10, 11, 12), {}),
    PeriodCase(
        "第2季度 April and June missing, March and July too: −10",
        "单位",
        "第2季度",
        silent(3, 4, 6, 7),
        {"4.5": "0.00", "减3.3-": "-10.00"},
    ),
    PeriodCase(
        "第3季度 July to September missing: −15",
        "单位",
        "第3季度",
        silent(6, 7, 8, 9, 10),
        {"4.5": "0.00", "减3.3-": "-15.00"},
    ),
    PeriodCase("第4季度 September missing is no matter of it", "单位", "第4季度", silent(9), {}),
    PeriodCase("第4季度 October missing is", "单位", "第4季度", silent(10), _LOST_ONE),
    PeriodCase("1月 only January is looked at", "单位", "1月", silent(*YEAR), _LOST_ONE),
    PeriodCase("1月 eleven other months missing", "单位", "1月", silent(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), {}),
    PeriodCase("2月 January, October, November and December missing", "单位", "2月", silent(1, 10, 11, 12), {}),
    PeriodCase("11月 January missing is not November", "单位", "11月", silent(1), {}),
    PeriodCase("12月 December missing", "单位", "12月", silent(12), _LOST_ONE),
    PeriodCase("上半年 加3 training is granted at the year's end only", "单位", "上半年", {"参加以岗代训": "是"}, {}),
    PeriodCase("下半年 加4 innovation is granted at the year's end only", "单位", "下半年", {"创新加分": 10}, {}),
    PeriodCase("12月 加3 and 加4 not even in December", "单位", "12月", {"参加以岗代训": "是", "创新加分": 7}, {}),
    PeriodCase(
        "第3季度 加1 and 加2 count as they come",
        "单位",
        "第3季度",
        {"采用信息次数": 1, "电话表扬次数": 1, "来信表扬次数": 1, "热线办或新闻表扬次数": 1, "参加以岗代训": "是"},
        {"加1+": "2.00", "加2.1+": "2.00", "加2.2+": "3.00", "加2.3+": "5.00"},
    ),
    PeriodCase(
        "5月 减1 to 减3 count as they come",
        "单位",
        "5月",
        {**complaints(1, "5"), **criticism(1, "6"), "未回复未说明件数": 1, "虚报办理结果件数": 1, **silent(5, 6)},
        {"4.5": "0.00", "减1-": "-5.00", "减2-": "-6.00", "减3.1-": "-5.00", "减3.2-": "-10.00", "减3.3-": "-5.00"},
    ),
    PeriodCase("上半年 4.1 the rates are those of the period", "单位", "上半年", handled(20, 18), {"4.1": "10.00"}),
    PeriodCase("个人 上半年 nothing goes wrong: 100 as over the year", "个人", "上半年", {}, {}),
    PeriodCase(
        "个人 全年 加3 and 加4 count: 6 and 10",
        "个人",
        "全年",
        {"参加以岗代训": "是", "创新加分": 10},
        {"加3+": "6.00", "加4+": "10.00"},
    ),
    PeriodCase("个人 下半年 加3 and 加4 do not count", "个人", "下半年", {"参加以岗代训": "是", "创新加分": 10}, {}),
    PeriodCase("个人 第2季度 7 a complaint within the period", "个人", "第2季度", {"举报投诉次数": 1}, {"7": "0.00"}),
    PeriodCase("个人 3月 8 the raters of the period", "个人", "3月", raters("10", None, "9"), {"8": "9.50"}),
    PeriodCase(
        "个人 第4季度 加1 and 减2 count as they come",
        "个人",
        "第4季度",
        {"采用信息次数": 2, **criticism(1, "5")},
        {"加1+": "4.00", "减2-": "-5.00"},
    ),
]
