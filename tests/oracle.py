"""A pencil-and-paper scorer of the scheme `district` (全年), kept apart from the product to check it.

Everything here is written straight from the text of the document: integers, Fractions and ifs, one unit
after another. It imports nothing of the product and shares no table with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Answer = int | str | Fraction | bool
Answers = Mapping[str, Answer]

HALF = Fraction(1, 2)

# The four pairs of 六3: how many there were, how many of them were dealt with.
PAIRS = (
    ("合理诉求件数", "解决到位件数"),
    ("无理诉求件数", "稳控到位件数"),
    ("困难求助件数", "救助到位件数"),
    ("违法行为件数", "依法处置件数"),
)

FOUR_WITHOUTS = ("无进京非访和重复访", "无进京个访赴省集访", "无历史积案和老户", "无影响大群体事件")


@dataclass(frozen=True)
class Scored:
    """What one unit has: points line by line, total, place, and the awards that follow."""

    items: dict[str, Fraction]
    total: Fraction
    rank: int
    outcomes: dict[str, int]
    confirm: frozenset[str]


def district(units: Mapping[str, Answers], reading: str = "子项") -> dict[str, Scored]:
    """Score all units of the district together; every unit handed in is assessed."""
    if reading not in ("子项", "大项"):
        raise ValueError(f"分值口径 is 子项 or 大项, not {reading!r}")
    ledger = _ledger_bonuses(units)
    items = {name: _lines(answers, ledger[name], reading) for name, answers in units.items()}
    totals = {name: sum(lines.values(), Fraction(0)) for name, lines in items.items()}
    scored = {}
    for name, answers in units.items():
        rank = 1 + sum(1 for other in totals.values() if other > totals[name])
        outcomes, confirm = _outcomes(answers, totals[name])
        scored[name] = Scored(items[name], totals[name], rank, outcomes, confirm)
    return scored


def contradictions(answers: Answers) -> set[str]:
    """The inputs that become 待核 because two answers cannot both be true.

    A chain a ≤ b ≤ c is tested link by link. Of the two counts that contradict 无进京个访赴省集访 = 是 only
    one above 0 is in doubt: a count of 0 agrees with the 是.
    """
    doubtful: set[str] = set()
    links = [
        ("赴市集访20人以上重复批次", "赴市集访20人以上批次"),
        ("赴市集访20人以上批次", "赴市集访批次"),
        ("来区集访20人以上重复批次", "来区集访20人以上批次"),
        ("来区集访20人以上批次", "来区集访10人以上批次"),
        ("来区集访10人以上批次", "来区集访批次"),
        ("按期报结老户件数", "交办老户件数"),
    ]
    links += [(done, asked) for asked, done in PAIRS]
    for smaller, larger in links:
        if _number(answers, smaller) > _number(answers, larger):
            doubtful |= {smaller, larger}
    if _yes(answers, "无进京个访赴省集访"):
        for count in ("进京个访批次", "赴省集访批次"):
            if _number(answers, count) > 0:
                doubtful |= {"无进京个访赴省集访", count}
    return doubtful


def _number(answers: Answers, name: str) -> Fraction:
    value = answers[name]
    if isinstance(value, (bool, str)):
        raise TypeError(f"{name} holds a number, not {value!r}")
    return Fraction(value)


def _yes(answers: Answers, name: str) -> bool:
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


def _left(points: int, deducted: Fraction | int) -> Fraction:
    """说明六: what is deducted from an item never exceeds what the item is worth."""
    return Fraction(0) if deducted >= points else points - Fraction(deducted)


def _missing(quota: int, done: Fraction) -> Fraction:
    return quota - done if done < quota else Fraction(0)


def _lines(answers: Answers, ledger_bonus: int, reading: str) -> dict[str, Fraction]:
    lines: dict[str, Fraction] = {}
    lines |= _leadership(answers)
    lines |= _visits_to_beijing(answers)
    lines |= _visits_to_province(answers)
    lines |= _visits_to_city(answers)
    lines |= _visits_to_district(answers)
    lines["二5+"] = 4 * _number(answers, "化解群访件数")
    lines["二余"] = Fraction(11 if reading == "大项" else 0)
    lines["三"] = _old_petitioners(answers)
    lines |= _information(answers)
    lines["四余"] = Fraction(2 if reading == "大项" else 0)
    lines |= _reports(answers)
    lines |= _grassroots(answers)
    lines["六1+"] = Fraction(ledger_bonus)
    lines |= _skip_level(answers)
    lines |= _emergency(answers)
    lines["九"] = _left(4, _number(answers, "无故缺席次数"))
    lines["十1"] = _left(4, HALF * _number(answers, "来信未按时答复件数"))
    lines["十2"] = _left(3, _number(answers, "重复来信件数"))
    return {line: _two_decimals(points) for line, points in lines.items()}


def _full_or_nothing(answers: Answers, name: str, points: int) -> Fraction:
    return Fraction(points if _yes(answers, name) else 0)


def _leadership(answers: Answers) -> dict[str, Fraction]:
    """五(一)"""
    return {
        "一1": _full_or_nothing(answers, "纳入综合考核", 2),
        "一2": _left(2, _missing(2, _number(answers, "研究信访工作次数"))),
        "一3": _left(2, _missing(2, _number(answers, "领导包案件数"))),
    }


def _visits_to_beijing(answers: Answers) -> dict[str, Fraction]:
    """五(二)1: one single visit costs 1, from the second on 4 in all; each collective visit 6."""
    single = _number(answers, "进京个访批次")
    collective = _number(answers, "进京集访批次")
    if single == 0:
        deducted = Fraction(0)
    elif single == 1:
        deducted = Fraction(1)
    else:
        deducted = Fraction(4)
    deducted += 6 * collective
    bonus = 5 if single == 0 and collective == 0 else 0
    return {"二1": _left(6, deducted), "二1+": Fraction(bonus)}


def _visits_to_province(answers: Answers) -> dict[str, Fraction]:
    """五(二)2: one and two single visits cost 1 each, from the third on 4 in all; each collective one 3."""
    single = _number(answers, "赴省个访批次")
    collective = _number(answers, "赴省集访批次")
    deducted = single if single <= 2 else Fraction(4)
    deducted += 3 * collective
    bonus = 3 if collective == 0 else 0
    return {"二2": _left(6, deducted), "二2+": Fraction(bonus)}


def _visits_to_city(answers: Answers) -> dict[str, Fraction]:
    """五(二)3: a batch of 20 or more costs 2 instead of 1, a repeated one of those 1 more."""
    batches = _number(answers, "赴市集访批次")
    large = _number(answers, "赴市集访20人以上批次")
    repeated = _number(answers, "赴市集访20人以上重复批次")
    small = batches - large
    bonus = 3 if batches == 0 else 0
    return {"二3": _left(6, small + 2 * large + repeated), "二3+": Fraction(bonus)}


def _visits_to_district(answers: Answers) -> dict[str, Fraction]:
    """五(二)4: like the city's, with 0.5 for a smaller batch and 2 for a visit handled badly."""
    large = _number(answers, "来区集访20人以上批次")
    small = _number(answers, "来区集访批次") - large
    deducted = HALF * small + 2 * large
    deducted += _number(answers, "来区集访20人以上重复批次")
    deducted += 2 * _number(answers, "来区异常处置不力次数")
    bonus = 5 if _number(answers, "来区集访10人以上批次") == 0 else 0
    return {"二4": _left(6, deducted), "二4+": Fraction(bonus)}


def _old_petitioners(answers: Answers) -> Fraction:
    """五(三)"""
    open_cases = _number(answers, "交办老户件数") - _number(answers, "按期报结老户件数")
    return _left(8, 2 * open_cases) if open_cases > 0 else Fraction(8)


def _information(answers: Answers) -> dict[str, Fraction]:
    """五(四): two reports a month and one meeting a quarter; nothing is carried over."""
    reports_missing = Fraction(0)
    for month in range(1, 13):
        reports_missing += _missing(2, _number(answers, f"信访信息条数[{month}]"))
    meetings_missing = Fraction(0)
    for quarter in range(1, 5):
        meetings_missing += _missing(1, _number(answers, f"信息员活动次数[{quarter}]"))
    return {"四1": _left(2, HALF * reports_missing), "四2": _left(2, HALF * meetings_missing)}


def _reports(answers: Answers) -> dict[str, Fraction]:
    """五(五)"""
    return {
        "五1": _full_or_nothing(answers, "季度汇总上报", 1),
        "五2": _full_or_nothing(answers, "半年年终总结", 1),
        "五3": _full_or_nothing(answers, "月度分析", 1),
        "五4": _full_or_nothing(answers, "重点对象措施", 1),
    }


def _grassroots(answers: Answers) -> dict[str, Fraction]:
    """五(六), without the bonus for the best ledgers"""
    ledger_faults = [name for name in ("台账清楚", "台账规范") if not _yes(answers, name)]
    lacking = [name for name in FOUR_WITHOUTS if not _yes(answers, name)]
    short = [asked for asked, done in PAIRS if not _all_done(answers, asked, done)]
    return {
        "六1": _left(2, len(ledger_faults)),
        "六2": _left(4, len(lacking)),
        "六3": _left(4, len(short)),
        "六4": Fraction(0 if _yes(answers, "被列为市重点管理") else 5),
    }


def _all_done(answers: Answers, asked: str, done: str) -> bool:
    """100 %; where nothing was asked, nothing was left undone."""
    return _number(answers, done) >= _number(answers, asked)


def _ledger_bonuses(units: Mapping[str, Answers]) -> dict[str, int]:
    """五(六)1(2): 2 and 1 points for the first and the second place among the ledgers that are in order.

    Two firsts leave no second place; a unit without a mark takes no part.
    """
    marks = {
        name: _number(answers, "台账评比分")
        for name, answers in units.items()
        if "台账评比分" in answers and _yes(answers, "台账规范")
    }
    bonuses = {}
    for name in units:
        bonuses[name] = 0
        if name in marks:
            better = sum(1 for mark in marks.values() if mark > marks[name])
            if better == 0:
                bonuses[name] = 2
            elif better == 1:
                bonuses[name] = 1
    return bonuses


def _skip_level(answers: Answers) -> dict[str, Fraction]:
    """五(七)"""
    return {
        "七1": _left(2, 2 * _number(answers, "到场超时次数")),
        "七2": _left(2, _number(answers, "推诿次数")),
    }


def _emergency(answers: Answers) -> dict[str, Fraction]:
    """五(八)1 to 6"""
    return {
        "八1": _full_or_nothing(answers, "应急制度方案", 2),
        "八2": _full_or_nothing(answers, "领导小组工作组", 1),
        "八3": Fraction(2 if _number(answers, "应急资金万元") >= 3 else 0),
        "八4": _full_or_nothing(answers, "备忘录", 2),
        "八5": _number(answers, "敏感期信息评分"),
        "八6": _number(answers, "现场处置评分"),
    }


def _outcomes(answers: Answers, total: Fraction) -> tuple[dict[str, int], frozenset[str]]:
    """七1, 七3 and 五(八)7: one grade at most, the special awards on top of it."""
    outcomes: dict[str, int] = {}
    confirm: set[str] = set()
    if total >= 90:
        outcomes["一等奖"] = 18000
    elif total >= 85:
        outcomes["二等奖"] = 15000
    elif total >= 80:
        outcomes["三等奖"] = 10000
    if all(_yes(answers, name) for name in FOUR_WITHOUTS):
        outcomes["四无"] = 10000
    if all(_all_done(answers, asked, done) for asked, done in PAIRS):
        outcomes["四个100%"] = 15000
        if any(_number(answers, asked) == 0 for asked, _ in PAIRS):
            confirm.add("四个100%")
    if "敏感期越级上访次数" in answers and _number(answers, "敏感期越级上访次数") == 0:
        outcomes["敏感期"] = 3000
    return outcomes, frozenset(confirm)
