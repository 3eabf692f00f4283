"""The scheme `district` (全年) as cases worked out by hand from the text of the document.

`PERFECT` loses no point and `FULL` says what it earns, line by line. A case changes a few of its answers and
names every line whose points then differ from `FULL`; the lines it does not name stay as they are. A cohort
puts several units side by side. Clauses are those of the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

Answer = int | str | Fraction | bool
Changes = Mapping[str, Answer]


class Case(NamedTuple):
    """One unit alone: what happens, the answers that differ from PERFECT, the lines that differ from FULL."""

    sentence: str
    changes: Changes
    expected: Mapping[str, str]


class Unit(NamedTuple):
    """One unit of a cohort and what it comes to."""

    name: str
    changes: Changes
    ledger_bonus: str
    total: str
    rank: int
    outcomes: Mapping[str, int]
    confirm: frozenset[str] = frozenset()


class Cohort(NamedTuple):
    """Several units assessed together under one reading of 分值口径."""

    sentence: str
    reading: str
    units: tuple[Unit, ...]


class Contradiction(NamedTuple):
    """Answers that cannot all be true, and the inputs that become 待核."""

    sentence: str
    changes: Changes
    doubtful: frozenset[str]


def dec(text: str) -> Fraction:
    """An exact decimal: dec("2.99")."""
    return Fraction(text)


def months(*counts: int) -> dict[str, Answer]:
    """信访信息条数 of January, February …; the months not given keep their 2."""
    return {f"信访信息条数[{month}]": count for month, count in enumerate(counts, start=1)}


def quarters(*counts: int) -> dict[str, Answer]:
    """信息员活动次数 of the first quarter on; the quarters not given keep their 1."""
    return {f"信息员活动次数[{quarter}]": count for quarter, count in enumerate(counts, start=1)}


def beijing(single: int, collective: int) -> dict[str, Answer]:
    """Visits to Beijing; with a single one the unit cannot claim 无进京个访赴省集访."""
    claim = "否" if single else "是"
    return {"进京个访批次": single, "进京集访批次": collective, "无进京个访赴省集访": claim}


def province(single: int, collective: int) -> dict[str, Answer]:
    """Visits to the province; with a collective one the unit cannot claim 无进京个访赴省集访."""
    claim = "否" if collective else "是"
    return {"赴省个访批次": single, "赴省集访批次": collective, "无进京个访赴省集访": claim}


def city(batches: int, large: int = 0, repeated: int = 0) -> dict[str, Answer]:
    """Collective visits to the city: all, those of 20 or more, the repeated ones of those."""
    return {
        "赴市集访批次": batches,
        "赴市集访20人以上批次": large,
        "赴市集访20人以上重复批次": repeated,
    }


def home(batches: int, ten: int = 0, large: int = 0, repeated: int = 0, bad: int = 0) -> dict[str, Answer]:
    """Collective visits to the district: all, of 10 or more, of 20 or more, repeated; badly handled ones."""
    return {
        "来区集访批次": batches,
        "来区集访10人以上批次": ten,
        "来区集访20人以上批次": large,
        "来区集访20人以上重复批次": repeated,
        "来区异常处置不力次数": bad,
    }


PERFECT: dict[str, Answer] = {
    "纳入综合考核": "是",
    "研究信访工作次数": 2,
    "领导包案件数": 2,
    "进京个访批次": 0,
    "进京集访批次": 0,
    "赴省个访批次": 0,
    "赴省集访批次": 0,
    "赴市集访批次": 0,
    "赴市集访20人以上批次": 0,
    "赴市集访20人以上重复批次": 0,
    "来区集访批次": 0,
    "来区集访10人以上批次": 0,
    "来区集访20人以上批次": 0,
    "来区集访20人以上重复批次": 0,
    "来区异常处置不力次数": 0,
    "化解群访件数": 0,
    "交办老户件数": 0,
    "按期报结老户件数": 0,
    **months(2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2),
    **quarters(1, 1, 1, 1),
    "季度汇总上报": "是",
    "半年年终总结": "是",
    "月度分析": "是",
    "重点对象措施": "是",
    "台账清楚": "是",
    "台账规范": "是",
    "无进京非访和重复访": "是",
    "无进京个访赴省集访": "是",
    "无历史积案和老户": "是",
    "无影响大群体事件": "是",
    "合理诉求件数": 100,
    "解决到位件数": 100,
    "无理诉求件数": 7,
    "稳控到位件数": 7,
    "困难求助件数": 12,
    "救助到位件数": 12,
    "违法行为件数": 1,
    "依法处置件数": 1,
    "被列为市重点管理": "否",
    "到场超时次数": 0,
    "推诿次数": 0,
    "应急制度方案": "是",
    "领导小组工作组": "是",
    "应急资金万元": 3,
    "备忘录": "是",
    "敏感期信息评分": 2,
    "现场处置评分": 4,
    "无故缺席次数": 0,
    "来信未按时答复件数": 0,
    "重复来信件数": 0,
}

OPTIONAL = frozenset({"台账评比分", "敏感期越级上访次数"})

# Items 89 (6 + 24 + 8 + 4 + 4 + 15 + 4 + 13 + 4 + 7) and bonuses 16 (5 + 3 + 3 + 5): together 105.
FULL: dict[str, str] = {
    "一1": "2.00",
    "一2": "2.00",
    "一3": "2.00",
    "二1": "6.00",
    "二1+": "5.00",
    "二2": "6.00",
    "二2+": "3.00",
    "二3": "6.00",
    "二3+": "3.00",
    "二4": "6.00",
    "二4+": "5.00",
    "二5+": "0.00",
    "二余": "0.00",
    "三": "8.00",
    "四1": "2.00",
    "四2": "2.00",
    "四余": "0.00",
    "五1": "1.00",
    "五2": "1.00",
    "五3": "1.00",
    "五4": "1.00",
    "六1": "2.00",
    "六1+": "0.00",
    "六2": "4.00",
    "六3": "4.00",
    "六4": "5.00",
    "七1": "2.00",
    "七2": "2.00",
    "八1": "2.00",
    "八2": "1.00",
    "八3": "2.00",
    "八4": "2.00",
    "八5": "2.00",
    "八6": "4.00",
    "九": "4.00",
    "十1": "4.00",
    "十2": "3.00",
}

FULL_TOTAL = "105.00"

# A year in which everything went wrong, and the lines that it still leaves.
WORST: dict[str, Answer] = {
    "纳入综合考核": "否",
    "研究信访工作次数": 0,
    "领导包案件数": 0,
    **beijing(2, 1),
    **province(3, 2),
    **city(6, 6, 6),
    **home(9, 9, 9, 9, 9),
    "无进京个访赴省集访": "否",
    "交办老户件数": 9,
    **months(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    **quarters(0, 0, 0, 0),
    "季度汇总上报": "否",
    "半年年终总结": "否",
    "月度分析": "否",
    "重点对象措施": "否",
    "台账清楚": "否",
    "台账规范": "否",
    "无进京非访和重复访": "否",
    "无历史积案和老户": "否",
    "无影响大群体事件": "否",
    "解决到位件数": 0,
    "稳控到位件数": 0,
    "救助到位件数": 0,
    "依法处置件数": 0,
    "被列为市重点管理": "是",
    "到场超时次数": 5,
    "推诿次数": 5,
    "应急制度方案": "否",
    "领导小组工作组": "否",
    "应急资金万元": 0,
    "备忘录": "否",
    "敏感期信息评分": 0,
    "现场处置评分": 0,
    "无故缺席次数": 9,
    "来信未按时答复件数": 99,
    "重复来信件数": 9,
}

_LEADERSHIP = [
    Case("Nothing goes wrong: every item full, the four bonuses of 二, no ledger bonus", {}, {}),
    Case("一1 信访工作未纳入综合考核: 2 points lost", {"纳入综合考核": "否"}, {"一1": "0.00"}),
    Case("一2 studied once, one short of two: −1", {"研究信访工作次数": 1}, {"一2": "1.00"}),
    Case("一2 never studied: −2", {"研究信访工作次数": 0}, {"一2": "0.00"}),
    Case("一2 studied three times: no more than 2 points", {"研究信访工作次数": 3}, {}),
    Case("一3 one case taken on, one short: −1", {"领导包案件数": 1}, {"一3": "1.00"}),
    Case("一3 no case taken on: −2", {"领导包案件数": 0}, {"一3": "0.00"}),
    Case("一3 twelve cases taken on: no more than 2 points", {"领导包案件数": 12}, {}),
]

_BEIJING = [
    Case(
        "二1 one single visit: −1, the +5 is gone, and 六2 lacks one 无",
        beijing(1, 0),
        {"二1": "5.00", "二1+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二1 two single visits: −4 (not −2)",
        beijing(2, 0),
        {"二1": "2.00", "二1+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二1 three single visits: stays at −4",
        beijing(3, 0),
        {"二1": "2.00", "二1+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二1 nine single visits: still −4",
        beijing(9, 0),
        {"二1": "2.00", "二1+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二1 one collective visit: −6; 六2 speaks of single ones",
        beijing(0, 1),
        {"二1": "0.00", "二1+": "0.00"},
    ),
    Case("二1 two collective visits: −12 stops at −6 (说明六)", beijing(0, 2), {"二1": "0.00", "二1+": "0.00"}),
    Case(
        "二1 one single and one collective visit: −7 stops at −6",
        beijing(1, 1),
        {"二1": "0.00", "二1+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二1 two single and one collective visit: −10 stops at −6",
        beijing(2, 1),
        {"二1": "0.00", "二1+": "0.00", "六2": "3.00"},
    ),
]

_PROVINCE = [
    Case("二2 one single visit: −1; the +3 asks only for no collective one", province(1, 0), {"二2": "5.00"}),
    Case("二2 two single visits: −2, a point a batch below the step", province(2, 0), {"二2": "4.00"}),
    Case("二2 three single visits: −4", province(3, 0), {"二2": "2.00"}),
    Case("二2 four single visits: stays at −4", province(4, 0), {"二2": "2.00"}),
    Case("二2 twenty single visits: still −4", province(20, 0), {"二2": "2.00"}),
    Case(
        "二2 one collective visit: −3, no +3, and 六2 lacks one 无",
        province(0, 1),
        {"二2": "3.00", "二2+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二2 two collective visits: −6",
        province(0, 2),
        {"二2": "0.00", "二2+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二2 three collective visits: −9 stops at −6",
        province(0, 3),
        {"二2": "0.00", "二2+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二2 one single and one collective visit: −1 −3",
        province(1, 1),
        {"二2": "2.00", "二2+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二2 two single and one collective visit: −2 −3",
        province(2, 1),
        {"二2": "1.00", "二2+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二2 three single and one collective visit: −4 −3 stops at −6",
        province(3, 1),
        {"二2": "0.00", "二2+": "0.00", "六2": "3.00"},
    ),
    Case(
        "二1 and 二2 a single visit to Beijing, a collective one to the province: 六2 lacks one 无, not two",
        {**beijing(1, 0), **province(0, 1)},
        {"二1": "5.00", "二1+": "0.00", "二2": "3.00", "二2+": "0.00", "六2": "3.00"},
    ),
]

_CITY = [
    Case("二3 one batch under 20 people: −1, no +3", city(1), {"二3": "5.00", "二3+": "0.00"}),
    Case("二3 five batches under 20: −5", city(5), {"二3": "1.00", "二3+": "0.00"}),
    Case("二3 six batches under 20: −6", city(6), {"二3": "0.00", "二3+": "0.00"}),
    Case("二3 seven batches under 20: −7 stops at −6", city(7), {"二3": "0.00", "二3+": "0.00"}),
    Case("二3 one batch of 20 or more: −2 instead of −1", city(1, 1), {"二3": "4.00", "二3+": "0.00"}),
    Case("二3 one repeated batch of 20 or more: −2 −1", city(1, 1, 1), {"二3": "3.00", "二3+": "0.00"}),
    Case(
        "二3 two batches of 20 or more, the second a repetition: −4 −1",
        city(2, 2, 1),
        {"二3": "1.00", "二3+": "0.00"},
    ),
    Case("二3 two small batches and one large: −2 −2", city(3, 1), {"二3": "2.00", "二3+": "0.00"}),
    Case("二3 a small and a repeated large batch: −1 −3", city(2, 1, 1), {"二3": "2.00", "二3+": "0.00"}),
    Case("二3 a small and two large, one repeated: −1 −4 −1", city(3, 2, 1), {"二3": "0.00", "二3+": "0.00"}),
    Case("二3 three large batches: −6", city(3, 3), {"二3": "0.00", "二3+": "0.00"}),
    Case(
        "二3 three large batches, all repeated: −9 stops at −6",
        city(3, 3, 3),
        {"二3": "0.00", "二3+": "0.00"},
    ),
]

_DISTRICT = [
    Case(
        "二4 one batch under 10 people: −0.5; the +5 asks only for none of 10 or more",
        home(1),
        {"二4": "5.50"},
    ),
    Case("二4 two small batches: −1", home(2), {"二4": "5.00"}),
    Case("二4 eleven small batches: −5.5, and still +5", home(11), {"二4": "0.50"}),
    Case("二4 twelve small batches: −6, and still +5", home(12), {"二4": "0.00"}),
    Case("二4 thirteen small batches: −6.5 stops at −6", home(13), {"二4": "0.00"}),
    Case("二4 one batch of 10 to 19 people: −0.5 and no +5", home(1, 1), {"二4": "5.50", "二4+": "0.00"}),
    Case("二4 three batches, one of 10 to 19: −1.5 and no +5", home(3, 1), {"二4": "4.50", "二4+": "0.00"}),
    Case(
        "二4 one batch of 20 or more: −2 instead of −0.5, no +5",
        home(1, 1, 1),
        {"二4": "4.00", "二4+": "0.00"},
    ),
    Case(
        "二4 one repeated batch of 20 or more: −2 −1",
        home(1, 1, 1, 1),
        {"二4": "3.00", "二4+": "0.00"},
    ),
    Case(
        "二4 two under 10, one of 10 to 19, one of 20 or more: −1 −0.5 −2",
        home(4, 2, 1),
        {"二4": "2.50", "二4+": "0.00"},
    ),
    Case(
        "二4 the same, the largest repeated: −1 −0.5 −2 −1",
        home(4, 2, 1, 1),
        {"二4": "1.50", "二4+": "0.00"},
    ),
    Case(
        "二4 three small and two of 20 or more: −1.5 −4",
        home(5, 2, 2),
        {"二4": "0.50", "二4+": "0.00"},
    ),
    Case("二4 three batches of 20 or more: −6", home(3, 3, 3), {"二4": "0.00", "二4+": "0.00"}),
    Case(
        "二4 three of 20 or more, one repeated: −7 stops at −6",
        home(3, 3, 3, 1),
        {"二4": "0.00", "二4+": "0.00"},
    ),
    Case("二4 one abnormal visit badly handled: −2, the +5 stays", home(0, bad=1), {"二4": "4.00"}),
    Case("二4 two abnormal visits badly handled: −4", home(0, bad=2), {"二4": "2.00"}),
    Case("二4 three abnormal visits badly handled: −6", home(0, bad=3), {"二4": "0.00"}),
    Case("二4 four abnormal visits badly handled: −8 stops at −6", home(0, bad=4), {"二4": "0.00"}),
    Case("二4 one small batch and one visit badly handled: −0.5 −2", home(1, bad=1), {"二4": "3.50"}),
    Case(
        "二4 one repeated batch of 20 or more and one visit badly handled: −2 −1 −2",
        home(1, 1, 1, 1, bad=1),
        {"二4": "1.00", "二4+": "0.00"},
    ),
    Case("二5 one collective matter resolved: +4", {"化解群访件数": 1}, {"二5+": "4.00"}),
    Case("二5 ten resolved: +40, no cap", {"化解群访件数": 10}, {"二5+": "40.00"}),
    Case("二5 sixty resolved: +240, no cap", {"化解群访件数": 60}, {"二5+": "240.00"}),
]

_OLD = [
    Case("三 six handed down, six concluded in time", {"交办老户件数": 6, "按期报结老户件数": 6}, {}),
    Case("三 one handed down and not concluded: −2", {"交办老户件数": 1, "按期报结老户件数": 0}, {"三": "6.00"}),
    Case("三 ten handed down, nine in time: −2", {"交办老户件数": 10, "按期报结老户件数": 9}, {"三": "6.00"}),
    Case("三 ten handed down, seven in time: −6", {"交办老户件数": 10, "按期报结老户件数": 7}, {"三": "2.00"}),
    Case("三 ten handed down, six in time: −8", {"交办老户件数": 10, "按期报结老户件数": 6}, {"三": "0.00"}),
    Case(
        "三 ten handed down, five in time: −10 stops at −8",
        {"交办老户件数": 10, "按期报结老户件数": 5},
        {"三": "0.00"},
    ),
    Case(
        "三 and 六2 one left open, and the unit says it has old petitioners",
        {"交办老户件数": 2, "按期报结老户件数": 1, "无历史积案和老户": "否"},
        {"三": "6.00", "六2": "3.00"},
    ),
]

_INFORMATION = [
    Case("四1 one month with one report: −0.5", months(1), {"四1": "1.50"}),
    Case("四1 one month with none: −1", months(0), {"四1": "1.00"}),
    Case("四1 one month with three: no more than 2 points", months(3), {}),
    Case("四1 four in January do not make up for none in February: −1", months(4, 0), {"四1": "1.00"}),
    Case("四1 three in January, one in February: −0.5", months(3, 1), {"四1": "1.50"}),
    Case("四1 three months with one report: −1.5", months(1, 1, 1), {"四1": "0.50"}),
    Case("四1 four months with one report: −2", months(1, 1, 1, 1), {"四1": "0.00"}),
    Case("四1 five months with one report: −2.5 stops at −2", months(1, 1, 1, 1, 1), {"四1": "0.00"}),
    Case("四1 only December is one short: −0.5", {"信访信息条数[12]": 1}, {"四1": "1.50"}),
    Case(
        "四1 all twenty-four in January: the year's sum is right, eleven months are empty",
        months(24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        {"四1": "0.00"},
    ),
    Case("四2 one quarter without a meeting: −0.5", quarters(0), {"四2": "1.50"}),
    Case("四2 two quarters without: −1", quarters(0, 0), {"四2": "1.00"}),
    Case("四2 four meetings in the first quarter, none later: −1.5", quarters(4, 0, 0, 0), {"四2": "0.50"}),
    Case("四2 no meeting all year: −2", quarters(0, 0, 0, 0), {"四2": "0.00"}),
    Case("四2 two meetings a quarter: no more than 2 points", quarters(2, 2, 2, 2), {}),
    Case("四2 only the fourth quarter is missing: −0.5", {"信息员活动次数[4]": 0}, {"四2": "1.50"}),
]

_REPORTS = [
    Case("五1 no quarterly summary: −1", {"季度汇总上报": "否"}, {"五1": "0.00"}),
    Case("五2 no half-year or year-end report: −1", {"半年年终总结": "否"}, {"五2": "0.00"}),
    Case("五3 no monthly analysis: −1", {"月度分析": "否"}, {"五3": "0.00"}),
    Case("五4 no measures for key petitioners: −1", {"重点对象措施": "否"}, {"五4": "0.00"}),
]

_LEDGER = [
    Case("六1 the ledger is not clear: −1", {"台账清楚": "否"}, {"六1": "1.00"}),
    Case("六1 the ledger is not in order: −1", {"台账规范": "否"}, {"六1": "1.00"}),
    Case("六1 neither: −2", {"台账清楚": "否", "台账规范": "否"}, {"六1": "0.00"}),
    Case("六1 alone in the comparison is first in the district: +2", {"台账评比分": 80}, {"六1+": "2.00"}),
    Case(
        "六1 a ledger that is not in order gets no bonus, however good its mark",
        {"台账评比分": 100, "台账规范": "否"},
        {"六1": "1.00"},
    ),
    Case(
        "六1 a ledger in order but not clear: −1, and the bonus is for a ledger in order",
        {"台账评比分": 80, "台账清楚": "否"},
        {"六1": "1.00", "六1+": "2.00"},
    ),
]

_GRASSROOTS = [
    Case("六2 the first 无 is missing: −1", {"无进京非访和重复访": "否"}, {"六2": "3.00"}),
    Case("六2 the second 无 is missing: −1", {"无进京个访赴省集访": "否"}, {"六2": "3.00"}),
    Case("六2 the third 无 is missing: −1", {"无历史积案和老户": "否"}, {"六2": "3.00"}),
    Case("六2 the fourth 无 is missing: −1", {"无影响大群体事件": "否"}, {"六2": "3.00"}),
    Case(
        "六2 two are missing: −2",
        {"无进京非访和重复访": "否", "无影响大群体事件": "否"},
        {"六2": "2.00"},
    ),
    Case(
        "六2 all four are missing: −4",
        {
            "无进京非访和重复访": "否",
            "无进京个访赴省集访": "否",
            "无历史积案和老户": "否",
            "无影响大群体事件": "否",
        },
        {"六2": "0.00"},
    ),
    Case("六3 99 of 100 reasonable demands met: below 100 %, −1", {"解决到位件数": 99}, {"六3": "3.00"}),
    Case("六3 none of 100 reasonable demands met: still −1", {"解决到位件数": 0}, {"六3": "3.00"}),
    Case("六3 unreasonable demands, one short: −1", {"稳控到位件数": 6}, {"六3": "3.00"}),
    Case("六3 requests for help, one short: −1", {"救助到位件数": 11}, {"六3": "3.00"}),
    Case("六3 unlawful acts, one short: −1", {"依法处置件数": 0}, {"六3": "3.00"}),
    Case(
        "六3 999 998 of 999 999 is not 100 %: −1",
        {"合理诉求件数": 999999, "解决到位件数": 999998},
        {"六3": "3.00"},
    ),
    Case("六3 two pairs short: −2", {"解决到位件数": 99, "依法处置件数": 0}, {"六3": "2.00"}),
    Case(
        "六3 three pairs short: −3",
        {"解决到位件数": 99, "稳控到位件数": 6, "依法处置件数": 0},
        {"六3": "1.00"},
    ),
    Case(
        "六3 all four short: −4",
        {"解决到位件数": 99, "稳控到位件数": 6, "救助到位件数": 11, "依法处置件数": 0},
        {"六3": "0.00"},
    ),
    Case("六3 no reasonable demand at all: counts as met", {"合理诉求件数": 0, "解决到位件数": 0}, {}),
    Case("六3 no unreasonable demand at all: counts as met", {"无理诉求件数": 0, "稳控到位件数": 0}, {}),
    Case("六3 no request for help at all: counts as met", {"困难求助件数": 0, "救助到位件数": 0}, {}),
    Case("六3 no unlawful act at all: counts as met", {"违法行为件数": 0, "依法处置件数": 0}, {}),
    Case(
        "六3 nothing of any kind: all four count as met",
        {
            "合理诉求件数": 0,
            "解决到位件数": 0,
            "无理诉求件数": 0,
            "稳控到位件数": 0,
            "困难求助件数": 0,
            "救助到位件数": 0,
            "违法行为件数": 0,
            "依法处置件数": 0,
        },
        {},
    ),
    Case(
        "六3 one pair empty, another short: −1",
        {"违法行为件数": 0, "依法处置件数": 0, "救助到位件数": 11},
        {"六3": "3.00"},
    ),
    Case("六4 on the city's list of key management: −5", {"被列为市重点管理": "是"}, {"六4": "0.00"}),
]

_SKIP_LEVEL = [
    Case("七1 late once: −2", {"到场超时次数": 1}, {"七1": "0.00"}),
    Case("七1 late twice: −4 stops at −2", {"到场超时次数": 2}, {"七1": "0.00"}),
    Case("七2 shifted off once: −1", {"推诿次数": 1}, {"七2": "1.00"}),
    Case("七2 shifted off twice: −2", {"推诿次数": 2}, {"七2": "0.00"}),
    Case("七2 shifted off three times: −3 stops at −2", {"推诿次数": 3}, {"七2": "0.00"}),
]

_EMERGENCY = [
    Case("八1 no emergency rules and plan: −2", {"应急制度方案": "否"}, {"八1": "0.00"}),
    Case("八2 no leading group and working group: −1", {"领导小组工作组": "否"}, {"八2": "0.00"}),
    Case("八3 no fund at all", {"应急资金万元": 0}, {"八3": "0.00"}),
    Case("八3 29 900 yuan: under 3 (万元)", {"应急资金万元": dec("2.99")}, {"八3": "0.00"}),
    Case("八3 29 999.9 yuan rounds to 3 but is not 3", {"应急资金万元": dec("2.99999")}, {"八3": "0.00"}),
    Case("八3 just over 3", {"应急资金万元": dec("3.01")}, {}),
    Case("八3 at the upper 5", {"应急资金万元": 5}, {}),
    Case("八3 above 5 is no fault", {"应急资金万元": dec("5.01")}, {}),
    Case("八4 no memoranda: −2", {"备忘录": "否"}, {"八4": "0.00"}),
    Case("八5 judged 0", {"敏感期信息评分": 0}, {"八5": "0.00"}),
    Case("八5 judged 1.5", {"敏感期信息评分": dec("1.5")}, {"八5": "1.50"}),
    Case("八5 judged 0.005: a half hundredth goes up", {"敏感期信息评分": dec("0.005")}, {"八5": "0.01"}),
    Case(
        "八5 judged 1.005: up to 1.01 (binary floats and rounding to even say 1.00)",
        {"敏感期信息评分": dec("1.005")},
        {"八5": "1.01"},
    ),
    Case("八5 judged 1.006: up to 1.01", {"敏感期信息评分": dec("1.006")}, {"八5": "1.01"}),
    Case("八5 judged 1.0049: down to 1.00", {"敏感期信息评分": dec("1.0049")}, {"八5": "1.00"}),
    Case("八6 judged 0", {"现场处置评分": 0}, {"八6": "0.00"}),
    Case("八6 judged 3.5", {"现场处置评分": dec("3.5")}, {"八6": "3.50"}),
    Case("八6 judged 0.125: up to 0.13, not to the even 0.12", {"现场处置评分": dec("0.125")}, {"八6": "0.13"}),
    Case("八6 judged 3.995: up to 4.00", {"现场处置评分": dec("3.995")}, {}),
    Case("八6 judged 3.9949: down to 3.99", {"现场处置评分": dec("3.9949")}, {"八6": "3.99"}),
]

_MEETINGS_AND_LETTERS = [
    Case("九 absent once: −1", {"无故缺席次数": 1}, {"九": "3.00"}),
    Case("九 absent three times: −3", {"无故缺席次数": 3}, {"九": "1.00"}),
    Case("九 absent four times: −4", {"无故缺席次数": 4}, {"九": "0.00"}),
    Case("九 absent five times: −5 stops at −4", {"无故缺席次数": 5}, {"九": "0.00"}),
    Case("十1 one letter not answered in time: −0.5", {"来信未按时答复件数": 1}, {"十1": "3.50"}),
    Case("十1 seven letters: −3.5", {"来信未按时答复件数": 7}, {"十1": "0.50"}),
    Case("十1 eight letters: −4", {"来信未按时答复件数": 8}, {"十1": "0.00"}),
    Case("十1 nine letters: −4.5 stops at −4", {"来信未按时答复件数": 9}, {"十1": "0.00"}),
    Case("十2 one repeated letter: −1", {"重复来信件数": 1}, {"十2": "2.00"}),
    Case("十2 two repeated letters: −2", {"重复来信件数": 2}, {"十2": "1.00"}),
    Case("十2 three repeated letters: −3", {"重复来信件数": 3}, {"十2": "0.00"}),
    Case("十2 four repeated letters: −4 stops at −3", {"重复来信件数": 4}, {"十2": "0.00"}),
]

_WHOLE = [
    Case(
        "说明六 everything fails at once: no line falls below 0",
        WORST,
        dict.fromkeys(FULL, "0.00"),
    ),
    Case(
        "说明六 a fault in one item of 二 does not eat into another: Beijing −12, the city untouched",
        {**beijing(0, 2), "化解群访件数": 1},
        {"二1": "0.00", "二1+": "0.00", "二5+": "4.00"},
    ),
]

CASES: list[Case] = [
    *_LEADERSHIP,
    *_BEIJING,
    *_PROVINCE,
    *_CITY,
    *_DISTRICT,
    *_OLD,
    *_INFORMATION,
    *_REPORTS,
    *_LEDGER,
    *_GRASSROOTS,
    *_SKIP_LEVEL,
    *_EMERGENCY,
    *_MEETINGS_AND_LETTERS,
    *_WHOLE,
]

# --- several units together -----------------------------------------------------------------------------

FIRST, SECOND, THIRD = {"一等奖": 18000}, {"二等奖": 15000}, {"三等奖": 10000}
FOUR_WITHOUTS, FOUR_FULL, QUIET = {"四无": 10000}, {"四个100%": 15000}, {"敏感期": 3000}
BOTH = {**FOUR_WITHOUTS, **FOUR_FULL}

# Steps down from 105, none of which touches 六2 or 六3.
DOWN_TO_94: dict[str, Answer] = {"进京集访批次": 1}  # 二1 −6, 二1+ −5
DOWN_TO_90: dict[str, Answer] = {**DOWN_TO_94, "无故缺席次数": 4}  # 九 −4
DOWN_TO_85: dict[str, Answer] = {**DOWN_TO_90, "被列为市重点管理": "是"}  # 六4 −5
DOWN_TO_80: dict[str, Answer] = {**DOWN_TO_85, "重复来信件数": 3, "推诿次数": 2}  # 十2 −3, 七2 −2
DOWN_TO_77: dict[str, Answer] = {**DOWN_TO_80, "领导小组工作组": "否", "备忘录": "否"}  # 八2 −1, 八4 −2
DOWN_TO_72: dict[str, Answer] = {  # 七1 −2, 八1 −2, 五1 −1
    **DOWN_TO_77,
    "到场超时次数": 1,
    "应急制度方案": "否",
    "季度汇总上报": "否",
}
DOWN_TO_67: dict[str, Answer] = {  # 八3 −2, 一1 −2, 五3 −1
    **DOWN_TO_72,
    "应急资金万元": 2,
    "纳入综合考核": "否",
    "月度分析": "否",
}
DOWN_TO_89: dict[str, Answer] = {**DOWN_TO_94, "被列为市重点管理": "是"}  # 六4 −5
LESS_A_HUNDREDTH: dict[str, Answer] = {"现场处置评分": dec("3.99")}
LESS_A_HALF: dict[str, Answer] = {"来信未按时答复件数": 1}


def mark(value: int | str) -> dict[str, Answer]:
    """The reviewers' mark for the ledger."""
    return {"台账评比分": Fraction(value)}


_LEDGER_COHORTS = [
    Cohort(
        "六1 three ledgers: first +2, second +1, third nothing",
        "子项",
        (
            Unit("甲", mark(85), "0.00", "105.00", 3, {**FIRST, **BOTH}),
            Unit("乙", mark(95), "2.00", "107.00", 1, {**FIRST, **BOTH}),
            Unit("丙", mark(90), "1.00", "106.00", 2, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "六1 two firsts: both +2, and no second place",
        "子项",
        (
            Unit("甲", mark(95), "2.00", "107.00", 1, {**FIRST, **BOTH}),
            Unit("乙", mark(90), "0.00", "105.00", 3, {**FIRST, **BOTH}),
            Unit("丙", mark(95), "2.00", "107.00", 1, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "六1 two seconds: both +1; ranks 1, 2, 2, 4",
        "子项",
        (
            Unit("甲", mark(90), "1.00", "106.00", 2, {**FIRST, **BOTH}),
            Unit("乙", mark(80), "0.00", "105.00", 4, {**FIRST, **BOTH}),
            Unit("丙", mark(95), "2.00", "107.00", 1, {**FIRST, **BOTH}),
            Unit("丁", mark(90), "1.00", "106.00", 2, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "六1 three firsts: +2 each",
        "子项",
        (
            Unit("甲", mark(70), "2.00", "107.00", 1, {**FIRST, **BOTH}),
            Unit("乙", mark(70), "2.00", "107.00", 1, {**FIRST, **BOTH}),
            Unit("丙", mark(70), "2.00", "107.00", 1, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "六1 the best mark belongs to a ledger that is not in order: the next two are first and second",
        "子项",
        (
            Unit("甲", {**mark(99), "台账规范": "否"}, "0.00", "104.00", 3, {**FIRST, **BOTH}),
            Unit("乙", mark(90), "2.00", "107.00", 1, {**FIRST, **BOTH}),
            Unit("丙", mark(80), "1.00", "106.00", 2, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "六1 a ledger that is not in order takes no place between first and second; an unmarked one has none",
        "子项",
        (
            Unit("甲", mark(95), "2.00", "107.00", 1, {**FIRST, **BOTH}),
            Unit("乙", {**mark(93), "台账规范": "否"}, "0.00", "104.00", 4, {**FIRST, **BOTH}),
            Unit("丙", {**mark(90), "台账清楚": "否"}, "1.00", "105.00", 2, {**FIRST, **BOTH}),
            Unit("丁", {}, "0.00", "105.00", 2, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "六1 marks a hundredth apart do not tie; 95 and 95.00 do",
        "子项",
        (
            Unit("甲", mark("94.99"), "0.00", "105.00", 3, {**FIRST, **BOTH}),
            Unit("乙", mark("95.00"), "2.00", "107.00", 1, {**FIRST, **BOTH}),
            Unit("丙", mark(95), "2.00", "107.00", 1, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "六1 a mark of 0 is a mark, no mark is none",
        "子项",
        (
            Unit("甲", mark(60), "2.00", "107.00", 1, {**FIRST, **BOTH}),
            Unit("乙", mark(0), "1.00", "106.00", 2, {**FIRST, **BOTH}),
            Unit("丙", {}, "0.00", "105.00", 3, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "六1 and 七1 the place in the comparison lifts 89 to 91 and 90, the third stays at 89",
        "子项",
        (
            Unit("甲", {**DOWN_TO_89, **mark(70)}, "1.00", "90.00", 2, {**FIRST, **BOTH}),
            Unit("乙", {**DOWN_TO_89, **mark(60)}, "0.00", "89.00", 3, {**SECOND, **BOTH}),
            Unit("丙", {**DOWN_TO_89, **mark(80)}, "2.00", "91.00", 1, {**FIRST, **BOTH}),
        ),
    ),
]

_TIER_COHORTS = [
    Cohort(
        "七1 around 90: at, a hundredth under, a half under, a hundredth over",
        "子项",
        (
            Unit("甲", DOWN_TO_90, "0.00", "90.00", 2, {**FIRST, **BOTH}),
            Unit("乙", {**DOWN_TO_90, **LESS_A_HUNDREDTH}, "0.00", "89.99", 3, {**SECOND, **BOTH}),
            Unit("丙", {**DOWN_TO_90, **LESS_A_HALF}, "0.00", "89.50", 4, {**SECOND, **BOTH}),
            Unit(
                "丁",
                {**DOWN_TO_90, "无故缺席次数": 3, "现场处置评分": dec("3.01")},
                "0.00",
                "90.01",
                1,
                {**FIRST, **BOTH},
            ),
        ),
    ),
    Cohort(
        "七1 around 85: at, a hundredth under, a half under",
        "子项",
        (
            Unit("甲", {**DOWN_TO_85, **LESS_A_HALF}, "0.00", "84.50", 3, {**THIRD, **BOTH}),
            Unit("乙", DOWN_TO_85, "0.00", "85.00", 1, {**SECOND, **BOTH}),
            Unit("丙", {**DOWN_TO_85, **LESS_A_HUNDREDTH}, "0.00", "84.99", 2, {**THIRD, **BOTH}),
        ),
    ),
    Cohort(
        "七1 around 80: at, a hundredth under, a half under; the special awards do not need a grade",
        "子项",
        (
            Unit("甲", {**DOWN_TO_80, **LESS_A_HUNDREDTH}, "0.00", "79.99", 2, BOTH),
            Unit("乙", {**DOWN_TO_80, **LESS_A_HALF}, "0.00", "79.50", 3, BOTH),
            Unit("丙", DOWN_TO_80, "0.00", "80.00", 1, {**THIRD, **BOTH}),
        ),
    ),
    Cohort(
        "the total adds rounded lines: 1.995 counts 2.00; 1.994 and 3.994 count 1.99 and 3.99, making 89.98",
        "子项",
        (
            Unit("甲", {**DOWN_TO_90, "敏感期信息评分": dec("1.995")}, "0.00", "90.00", 1, {**FIRST, **BOTH}),
            Unit(
                "乙",
                {**DOWN_TO_90, "敏感期信息评分": dec("1.994"), "现场处置评分": dec("3.994")},
                "0.00",
                "89.98",
                2,
                {**SECOND, **BOTH},
            ),
        ),
    ),
    Cohort(
        "七3 one grade only, the highest; each special award comes on top on its own facts",
        "子项",
        (
            Unit("甲", {}, "0.00", "105.00", 1, {"一等奖": 18000, "四无": 10000, "四个100%": 15000}),
            Unit("乙", {"无影响大群体事件": "否"}, "0.00", "104.00", 2, {"一等奖": 18000, "四个100%": 15000}),
            Unit("丙", {"解决到位件数": 99}, "0.00", "104.00", 2, {"一等奖": 18000, "四无": 10000}),
            Unit(
                "丁",
                {"无影响大群体事件": "否", "解决到位件数": 99},
                "0.00",
                "103.00",
                4,
                {"一等奖": 18000},
            ),
        ),
    ),
    Cohort(
        "二5 and 七1 bonuses count towards the grade: 77 and three collective matters resolved make 89",
        "子项",
        (
            Unit("甲", DOWN_TO_77, "0.00", "77.00", 4, BOTH),
            Unit("乙", {**DOWN_TO_77, "化解群访件数": 1}, "0.00", "81.00", 3, {**THIRD, **BOTH}),
            Unit("丙", {**DOWN_TO_77, "化解群访件数": 3}, "0.00", "89.00", 2, {**SECOND, **BOTH}),
            Unit("丁", {**DOWN_TO_77, "化解群访件数": 10}, "0.00", "117.00", 1, {**FIRST, **BOTH}),
        ),
    ),
]

_SPECIAL_COHORTS = [
    Cohort(
        "八7 no skip-level visit in the sensitive time: 3 000 once; one visit or no finding: nothing",
        "子项",
        (
            Unit("甲", {"敏感期越级上访次数": 0}, "0.00", "105.00", 1, {**FIRST, **BOTH, **QUIET}),
            Unit("乙", {"敏感期越级上访次数": 1}, "0.00", "105.00", 1, {**FIRST, **BOTH}),
            Unit("丙", {}, "0.00", "105.00", 1, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "八7 the 3 000 need neither points nor grade",
        "子项",
        (
            Unit("甲", {**WORST, "敏感期越级上访次数": 0}, "0.00", "0.00", 2, QUIET),
            Unit("乙", {**WORST, "敏感期越级上访次数": 2}, "0.00", "0.00", 2, {}),
            Unit("丙", {}, "0.00", "105.00", 1, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "七3 四个100% that rests on an empty denominator is to be confirmed; with a pair short there is none",
        "子项",
        (
            Unit(
                "甲",
                {"违法行为件数": 0, "依法处置件数": 0},
                "0.00",
                "105.00",
                1,
                {**FIRST, **BOTH},
                frozenset({"四个100%"}),
            ),
            Unit(
                "乙",
                {"违法行为件数": 0, "依法处置件数": 0, "救助到位件数": 11},
                "0.00",
                "104.00",
                4,
                {**FIRST, **FOUR_WITHOUTS},
            ),
            Unit("丙", {}, "0.00", "105.00", 1, {**FIRST, **BOTH}),
            Unit(
                "丁",
                {
                    "合理诉求件数": 0,
                    "解决到位件数": 0,
                    "无理诉求件数": 0,
                    "稳控到位件数": 0,
                    "困难求助件数": 0,
                    "救助到位件数": 0,
                    "违法行为件数": 0,
                    "依法处置件数": 0,
                },
                "0.00",
                "105.00",
                1,
                {**FIRST, **BOTH},
                frozenset({"四个100%"}),
            ),
        ),
    ),
    Cohort(
        "七3 all awards at once: 18 000 + 10 000 + 15 000 + 3 000, for a unit by itself",
        "子项",
        (
            Unit(
                "甲",
                {**mark(88), "敏感期越级上访次数": 0},
                "2.00",
                "107.00",
                1,
                {"一等奖": 18000, "四无": 10000, "四个100%": 15000, "敏感期": 3000},
            ),
        ),
    ),
]

_RANK_COHORTS = [
    Cohort(
        "ranks are competition ranks: 1, 2, 2, 4, by whatever way the points were lost",
        "子项",
        (
            Unit("甲", {"来信未按时答复件数": 4}, "0.00", "103.00", 4, {**FIRST, **BOTH}),
            Unit("乙", {"无故缺席次数": 1}, "0.00", "104.00", 2, {**FIRST, **BOTH}),
            Unit("丙", {"推诿次数": 1}, "0.00", "104.00", 2, {**FIRST, **BOTH}),
            Unit("丁", {}, "0.00", "105.00", 1, {**FIRST, **BOTH}),
        ),
    ),
    Cohort(
        "ranks 1, 1, 3, 4, 4: a hundredth separates, halves that add up alike tie",
        "子项",
        (
            Unit("甲", {"来信未按时答复件数": 2}, "0.00", "104.00", 4, {**FIRST, **BOTH}),
            Unit("乙", {"来信未按时答复件数": 1}, "0.00", "104.50", 1, {**FIRST, **BOTH}),
            Unit("丙", {"现场处置评分": dec("3.5")}, "0.00", "104.50", 1, {**FIRST, **BOTH}),
            Unit("丁", {"现场处置评分": dec("3.49")}, "0.00", "104.49", 3, {**FIRST, **BOTH}),
            Unit("戊", {"信访信息条数[5]": 0}, "0.00", "104.00", 4, {**FIRST, **BOTH}),
        ),
    ),
]

_READING_COHORTS = [
    Cohort(
        "分值口径 子项: 118 − 13, and what the other reading would lift",
        "子项",
        (
            Unit("甲", {}, "0.00", "105.00", 1, {**FIRST, **BOTH}),
            Unit("乙", DOWN_TO_77, "0.00", "77.00", 2, BOTH),
            Unit("丙", {**DOWN_TO_77, **LESS_A_HUNDREDTH}, "0.00", "76.99", 3, BOTH),
            Unit("丁", DOWN_TO_72, "0.00", "72.00", 4, BOTH),
            Unit("戊", DOWN_TO_67, "0.00", "67.00", 5, BOTH),
            Unit("己", {**DOWN_TO_67, **LESS_A_HUNDREDTH}, "0.00", "66.99", 6, BOTH),
            Unit("庚", WORST, "0.00", "0.00", 7, {}),
        ),
    ),
    Cohort(
        "分值口径 大项: the same units, 11 + 2 more each: the grades change, the ranks do not",
        "大项",
        (
            Unit("甲", {}, "0.00", "118.00", 1, {**FIRST, **BOTH}),
            Unit("乙", DOWN_TO_77, "0.00", "90.00", 2, {**FIRST, **BOTH}),
            Unit("丙", {**DOWN_TO_77, **LESS_A_HUNDREDTH}, "0.00", "89.99", 3, {**SECOND, **BOTH}),
            Unit("丁", DOWN_TO_72, "0.00", "85.00", 4, {**SECOND, **BOTH}),
            Unit("戊", DOWN_TO_67, "0.00", "80.00", 5, {**THIRD, **BOTH}),
            Unit("己", {**DOWN_TO_67, **LESS_A_HUNDREDTH}, "0.00", "79.99", 6, BOTH),
            Unit("庚", WORST, "0.00", "13.00", 7, {}),
        ),
    ),
    Cohort(
        "分值口径 大项: the granted points do not disturb the places among the ledgers",
        "大项",
        (
            Unit("甲", mark(60), "1.00", "119.00", 2, {**FIRST, **BOTH}),
            Unit("乙", mark(61), "2.00", "120.00", 1, {**FIRST, **BOTH}),
        ),
    ),
]

COHORTS: list[Cohort] = [
    *_LEDGER_COHORTS,
    *_TIER_COHORTS,
    *_SPECIAL_COHORTS,
    *_RANK_COHORTS,
    *_READING_COHORTS,
]

# --- answers that cannot both be true -------------------------------------------------------------------

CONTRADICTIONS: list[Contradiction] = [
    Contradiction("nothing contradicts", {}, frozenset()),
    Contradiction("all links at equality", {**city(2, 2, 2), **home(2, 2, 2, 2)}, frozenset()),
    Contradiction(
        "赴市 more of 20 or more than there were batches",
        city(1, 2, 0),
        frozenset({"赴市集访20人以上批次", "赴市集访批次"}),
    ),
    Contradiction(
        "赴市 more repeated ones than there were of 20 or more; the total itself is not in doubt",
        city(3, 1, 2),
        frozenset({"赴市集访20人以上重复批次", "赴市集访20人以上批次"}),
    ),
    Contradiction(
        "赴市 both links broken",
        city(0, 1, 2),
        frozenset({"赴市集访20人以上重复批次", "赴市集访20人以上批次", "赴市集访批次"}),
    ),
    Contradiction(
        "来区 more of 10 or more than there were batches",
        home(1, 2),
        frozenset({"来区集访10人以上批次", "来区集访批次"}),
    ),
    Contradiction(
        "来区 more of 20 or more than of 10 or more",
        home(5, 1, 2),
        frozenset({"来区集访20人以上批次", "来区集访10人以上批次"}),
    ),
    Contradiction(
        "来区 more repeated ones than there were of 20 or more",
        home(5, 1, 1, 2),
        frozenset({"来区集访20人以上重复批次", "来区集访20人以上批次"}),
    ),
    Contradiction("来区 badly handled visits need no collective visit", home(0, bad=7), frozenset()),
    Contradiction(
        "三 more concluded than were handed down",
        {"交办老户件数": 1, "按期报结老户件数": 2},
        frozenset({"按期报结老户件数", "交办老户件数"}),
    ),
    Contradiction("六3 101 of 100", {"解决到位件数": 101}, frozenset({"合理诉求件数", "解决到位件数"})),
    Contradiction("六3 8 of 7", {"稳控到位件数": 8}, frozenset({"无理诉求件数", "稳控到位件数"})),
    Contradiction("六3 13 of 12", {"救助到位件数": 13}, frozenset({"困难求助件数", "救助到位件数"})),
    Contradiction("六3 1 of 0", {"违法行为件数": 0}, frozenset({"违法行为件数", "依法处置件数"})),
    Contradiction(
        "六2 claims no single visit to Beijing while one is counted",
        {"进京个访批次": 1},
        frozenset({"无进京个访赴省集访", "进京个访批次"}),
    ),
    Contradiction(
        "六2 claims no collective visit to the province while one is counted",
        {"赴省集访批次": 1},
        frozenset({"无进京个访赴省集访", "赴省集访批次"}),
    ),
    Contradiction(
        "六2 both counts speak against the claim",
        {"进京个访批次": 1, "赴省集访批次": 1},
        frozenset({"无进京个访赴省集访", "进京个访批次", "赴省集访批次"}),
    ),
    Contradiction(
        "六2 other visits do not touch the second 无",
        {"进京集访批次": 1, "赴省个访批次": 2},
        frozenset(),
    ),
    Contradiction("六2 old petitioners handed down are no contradiction", {"交办老户件数": 3}, frozenset()),
]
