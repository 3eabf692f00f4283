"""A pencil-and-paper judge of the scheme `liaocheng-1995` (全年), kept apart from the product to check it.

Everything here is written straight from the text of the document: integers, Fractions and ifs, one unit
after another. It imports nothing of the product and shares no table with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Answer = int | str | Fraction | bool
Answers = Mapping[str, Answer]

COLLECTIVE_VISITS = ("集访到市批次", "集访到地区批次", "集访赴省批次", "集访进京批次")
OTHER_SKIP_LEVEL_VISITS = ("越级非集访到地区批次", "越级非集访赴省批次", "越级非集访进京批次")

# 三(二)3: what is counted, and what each occurrence costs.
FINES = {
    "罚款.集访到市": ("集访到市批次", 200),
    "罚款.集访到地区": ("集访到地区批次", 500),
    "罚款.集访赴省": ("集访赴省批次", 1000),
    "罚款.集访进京": ("集访进京批次", 1500),
    "罚款.越级到地区": ("越级非集访到地区批次", 100),
    "罚款.越级赴省": ("越级非集访赴省批次", 300),
    "罚款.越级进京": ("越级非集访进京批次", 500),
    "罚款.逾期未报": ("逾期两月未报件数", 500),
}

FINDINGS = ("责任查究1", "责任查究2", "责任查究3", "责任查究4", "责任查究5", "责任查究6", "责任查究7")


@dataclass(frozen=True)
class Scored:
    """What one unit comes to: its points and place, what it reached, what follows, what it owes."""

    total: Fraction
    rank: int
    targets: dict[str, bool]
    outcomes: dict[str, int | None]
    counts: dict[str, tuple[int, int]]
    reasons: frozenset[int]
    settlement: dict[str, int]


def liaocheng(
    units: Mapping[str, Answers],
    *,
    praise: int | None = None,
    merit: int | None = None,
    penalty: int | None = None,
) -> dict[str, Scored]:
    """Judge all units together; every unit handed in is assessed.

    The document gives no figure for the reward with a commendation (praise), the reward with a merit citation
    (merit) and the further penalty of a vetoed unit (penalty): without one there is no amount, and no penalty.
    """
    totals = {name: _points(answers, "考评总分") for name, answers in units.items()}
    volumes = {name: _count(answers, "信访总量") for name, answers in units.items()}
    scored = {}
    for name, answers in units.items():
        rank = 1 + sum(1 for other in totals.values() if other > totals[name])
        fewest = all(other >= volumes[name] for other in volumes.values())
        vetoes = _vetoes(answers)
        reasons = _reasons(answers, rank, fewest) if not vetoes else frozenset()
        outcomes: dict[str, int | None] = dict.fromkeys(vetoes)
        outcomes |= _lists(answers, vetoes)
        outcomes |= _honours(answers, reasons, praise, merit)
        counts = _fined(answers)
        outcomes |= {fine: count * price for fine, (count, price) in counts.items()}
        if vetoes and penalty is not None:
            outcomes["否决处罚"] = penalty
        outcomes |= dict.fromkeys(finding for finding in FINDINGS if _yes(answers, finding))
        settlement = _settlement(answers, counts)
        scored[name] = Scored(totals[name], rank, _targets(answers), outcomes, counts, reasons, settlement)
    return scored


def contradictions(answers: Answers) -> set[str]:
    """The inputs that become 待核 because two answers cannot both be true."""
    if _count(answers, "按期查结案件数") > _count(answers, "应查结案件数"):
        return {"按期查结案件数", "应查结案件数"}
    return set()


def warnings(answers: Answers) -> set[str]:
    """Which answers look implausible together, though they may be true.

    总量: more visits counted than matters in all. 逾期: more overdue than were left open.
    后果: a severe consequence of collective visits, of which there was none.
    """
    found: set[str] = set()
    visits = sum(_count(answers, name) for name in (*COLLECTIVE_VISITS, *OTHER_SKIP_LEVEL_VISITS))
    if visits > _count(answers, "信访总量"):
        found.add("总量")
    left_open = _count(answers, "应查结案件数") - _count(answers, "按期查结案件数")
    if _count(answers, "逾期两月未报件数") > left_open:
        found.add("逾期")
    if _yes(answers, "因工作不力造成严重后果") and _none_of(answers, *COLLECTIVE_VISITS):
        found.add("后果")
    return found


def _whole(name: str, value: Answer) -> int:
    if isinstance(value, (bool, str)) or value < 0 or Fraction(value).denominator != 1:
        raise TypeError(f"{name} holds a whole number from 0 up, not {value!r}")
    return int(value)


def _count(answers: Answers, name: str) -> int:
    return _whole(name, answers[name])


def _points(answers: Answers, name: str) -> Fraction:
    value = answers[name]
    if isinstance(value, (bool, str)) or not 0 <= value <= 100 or (Fraction(value) * 100).denominator != 1:
        raise TypeError(f"{name} holds points from 0 to 100 in hundredths, not {value!r}")
    return Fraction(value)


def _yes(answers: Answers, name: str) -> bool:
    """Every 是否 of this scheme may be left out, and is 否 then."""
    value = answers.get(name, "否")
    if value == "是" or value is True:
        return True
    if value == "否" or value is False:
        return False
    raise TypeError(f"{name} holds 是 or 否, not {value!r}")


def _none_of(answers: Answers, *names: str) -> bool:
    return all(_count(answers, name) == 0 for name in names)


def _four_withouts(answers: Answers) -> bool:
    """一1: no visit to Beijing or the province, no collective visit, no old petitioner, no old case."""
    return _none_of(
        answers,
        *COLLECTIVE_VISITS,
        "越级非集访赴省批次",
        "越级非集访进京批次",
        "信访老户数",
        "信访积案数",
    )


def _targets(answers: Answers) -> dict[str, bool]:
    """一1 to 4; where no case was due, none was late."""
    skip_level = ("集访到地区批次", "集访赴省批次", "集访进京批次", *OTHER_SKIP_LEVEL_VISITS)
    return {
        "四无": _four_withouts(answers),
        "无越级上访": _none_of(answers, *skip_level),
        "按期查结": _count(answers, "按期查结案件数") >= _count(answers, "应查结案件数"),
        "考评95分": _points(answers, "考评总分") >= 95,
    }


def _vetoes(answers: Answers) -> list[str]:
    """三(二)1"""
    vetoes = []
    if _count(answers, "集访进京批次") + _count(answers, "集访赴省批次") >= 1:
        vetoes.append("否决1")
    if _count(answers, "集访到地区批次") >= 3:
        vetoes.append("否决2")
    if _count(answers, "集访到市批次") >= 4:
        vetoes.append("否决3")
    if _points(answers, "考评总分") < 60:
        vetoes.append("否决4")
    if _yes(answers, "因工作不力造成严重后果"):
        vetoes.append("否决5")
    return vetoes


def _lists(answers: Answers, vetoes: list[str]) -> dict[str, None]:
    """三(二)1: a veto puts the unit on the list of the following year, last year's veto on this year's."""
    lists: dict[str, None] = {}
    if vetoes:
        lists["重点管理单位"] = None
    if _yes(answers, "上年一票否决"):
        lists["本年重点管理单位"] = None
    return lists


def _reasons(answers: Answers, rank: int, fewest: bool) -> frozenset[int]:
    """三(一)2: any one is enough."""
    reasons = set()
    if _none_of(answers, *COLLECTIVE_VISITS):
        reasons.add(1)
    if rank <= 5:
        reasons.add(2)
    if _four_withouts(answers) and _points(answers, "考评总分") >= 95:
        reasons.add(3)
    if fewest:
        reasons.add(4)
    return frozenset(reasons)


def _honours(
    answers: Answers,
    reasons: frozenset[int],
    praise: int | None,
    merit: int | None,
) -> dict[str, int | None]:
    """三(一)3: commended, and cited for merit when commended last year too."""
    commended_last_year = _yes(answers, "上年通报表彰")
    honours: dict[str, int | None] = {}
    if reasons:
        honours["通报表彰"] = praise
        if commended_last_year:
            honours["记功"] = merit
    return honours


def _fined(answers: Answers) -> dict[str, tuple[int, int]]:
    """三(二)3: how often, and at what price."""
    counts = {fine: (_count(answers, name), price) for fine, (name, price) in FINES.items()}
    return {fine: (count, price) for fine, (count, price) in counts.items() if count > 0}


def _settlement(answers: Answers, counts: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """三(二)3: the fines come off the deposit; what it does not cover is still due."""
    deposit = _whole("保证金", answers.get("保证金", 0))
    fine = sum(count * price for count, price in counts.values())
    from_deposit = fine if fine <= deposit else deposit
    return {"deposit": deposit, "fine": fine, "from_deposit": from_deposit, "due": fine - from_deposit}
