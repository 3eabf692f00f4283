"""Sets of answers for the forms of `xinyang` (its units) and `liaocheng-1995`, and how hand cases share a workbook."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Protocol, TypeVar

from tests import cases_liaocheng as liaocheng
from tests import cases_xinyang as xinyang
from tests.cases_district import Answer
from tests.oracle_xinyang import units
from tests.parity import BY_REVIEW, MET, UNMET, Filled, Typed
from xfkh.model import COUNT_LIMIT

Value = Answer | None
Judge = Callable[[dict[str, Answer]], Mapping[str, Fraction]]


class AnyCase(Protocol):
    """A case by hand of any scheme: the answers that differ, the lines that then differ."""

    @property
    def changes(self) -> Mapping[str, Value]: ...

    @property
    def expected(self) -> Mapping[str, str]: ...


One = TypeVar("One", bound=AnyCase)


def changed(perfect: Mapping[str, Value], *changes: Mapping[str, Value]) -> dict[str, Answer]:
    """The answers with some of them changed; None takes one away."""
    answers: dict[str, Value] = dict(perfect)
    for each in changes:
        answers |= each
    assert not any(isinstance(value, bool) for value in answers.values()), "是 or 否, not a truth value"
    return {name: value for name, value in answers.items() if value is not None}


def packed(
    cases: Sequence[One],
    perfect: Mapping[str, Value],
    full: Mapping[str, str],
    judge: Judge,
    not_live: Collection[str] = (),
) -> list[tuple[Filled, list[One]]]:
    """The cases in as few workbooks as will do: cases share one where their lines still come out by hand."""
    packs: list[tuple[dict[str, Value], dict[str, str], list[One]]] = []
    for case in cases:
        for changes, expected, inside in packs:
            if not changes.keys() & case.changes.keys() and not expected.keys() & case.expected.keys():
                together = changed(perfect, changes, case.changes)
                by_hand = {line: Fraction(text) for line, text in {**full, **expected, **case.expected}.items()}
                if judge(together) == by_hand:
                    changes |= case.changes
                    expected |= case.expected
                    inside.append(case)
                    break
        else:
            packs.append((dict(case.changes), dict(case.expected), [case]))
    return [
        (_sheet(number, changed(perfect, changes), {**full, **expected}, not_live), inside)
        for number, (changes, expected, inside) in enumerate(packs, start=1)
    ]


def _sheet(number: int, answers: Mapping[str, Answer], lines: Mapping[str, str], not_live: Collection[str]) -> Filled:
    by_hand = {line: text for line, text in lines.items() if line not in not_live}
    return Filled(f"cases by hand, sheet {number}", answers, {}, by_hand)


def judged(rng: random.Random, most: int) -> Fraction:
    """A decimal of 3 to 6 places, every third one an exact half of a hundredth."""
    places = rng.choice((3, 4, 5, 6))
    if rng.random() < 1 / 3:
        return Fraction(2 * rng.randrange(most * 100) + 1, 200)
    return Fraction(rng.randint(0, most * 10**places), 10**places)


def some(rng: random.Random) -> int:
    """A count: mostly small, sometimes as large as a count may be."""
    return rng.choice((0, 0, 1, 2, 3, 7, rng.randint(0, 99), rng.randint(0, COUNT_LIMIT), COUNT_LIMIT))


def thinned(rng: random.Random, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers with a share of them left blank, each time another."""
    share = rng.random()
    return {cell: value for cell, value in answers.items() if rng.random() > share / 2}


# --- xinyang --------------------------------------------------------------------------------------

PERFECT, PERSON = xinyang.PERFECT_UNIT, xinyang.PERFECT_PERSON
PAIRS = (
    ("回访件数", "办结件数"), ("满意件数", "评价件数"), ("网评满意票数", "网评总票数"),
    ("按期回复件数", "应回复件数"), ("个人回复件数", "个人应回复件数"),
)  # fmt: skip
AT_DISCRETION = (("举报投诉扣分次数", "举报投诉扣分合计"), ("失职批评次数", "失职批评扣分合计"))


def xinyang_lines(period: str) -> Judge:
    return lambda answers: units({"甲": answers}, period=period)["甲"].items


XINYANG_PACKED = packed(xinyang.UNIT_CASES, PERFECT, xinyang.FULL_UNIT, xinyang_lines("全年"))


def _period_sheets(period: str) -> list[Filled]:
    cases = [case for case in xinyang.PERIOD_CASES if (case.part, case.period) == ("单位", period)]
    return [sheet for sheet, _ in packed(cases, PERFECT, xinyang.FULL_UNIT, xinyang_lines(period))]


def contradictory(part: str, perfect: Mapping[str, Value]) -> Iterator[tuple[str, dict[str, Answer], frozenset[str]]]:
    """The contradictions of a part, several in one set of answers, with all the cells that become doubtful."""
    packs: list[tuple[dict[str, Value], frozenset[str], list[str]]] = []
    for case in (case for case in xinyang.CONTRADICTIONS if case.part == part):
        for k, (changes, doubtful, inside) in enumerate(packs):
            if not changes.keys() & case.changes.keys() and case.changes:
                packs[k] = ({**changes, **case.changes}, doubtful | case.doubtful, [*inside, case.sentence])
                break
        else:
            packs.append((dict(case.changes), case.doubtful, [case.sentence]))
    for changes, doubtful, inside in packs:
        yield "；".join(inside), changed(perfect, changes), doubtful


XINYANG_CONTRADICTIONS = list(contradictory("单位", PERFECT))


def any_year(rng: random.Random, perfect: Mapping[str, Value], consistent: bool = True) -> dict[str, Answer]:
    """Any answers of a unit or of a person; unless they are to be consistent, contradictory ones among them."""
    answers: dict[str, Answer] = {}
    for name, value in perfect.items():
        if value in ("是", "否"):
            answers[name] = rng.choice("是是是否")
        elif name in xinyang.MOST:
            answers[name] = judged(rng, xinyang.MOST[name])
        else:
            answers[name] = some(rng)
    for part, whole in PAIRS:
        if whole in answers and (consistent or rng.random() < 0.5):
            whole_number = int(Fraction(answers[whole]))
            short = whole_number * 17 // 20
            answers[part] = rng.choice((whole_number, max(0, whole_number - 1), short, min(whole_number, short + 1)))
    for times, total in AT_DISCRETION:
        answers[times] = number = rng.choice((0, 0, 1, 2, 7, COUNT_LIMIT))
        least, most = Fraction(5 * number), Fraction(10 * number)
        edges = [least, most, Fraction(rng.randint(50000 * number, 100000 * number), 10000)]
        outside = [] if consistent else [least + most + 1, most + Fraction(1, 10000)]
        answers[total] = rng.choice([*edges, *outside])
    grants = [Fraction(0), Fraction(5), Fraction(10), Fraction(rng.randint(50000, 100000), 10000)]
    grants += [] if consistent else [Fraction("4.9999"), Fraction("10.0001")]
    answers["创新加分"] = rng.choice(grants)
    if rng.random() < 0.6:
        answers["申报" if "交办件数" in answers else "推荐"] = rng.choice("是否")
    return answers


def _xinyang_at_random() -> Iterator[Filled]:
    rng = random.Random(20191221)
    for number in range(1, 8):
        yield Filled(f"a year at random, {number}", any_year(rng, PERFECT))
    for number in range(1, 5):
        yield Filled(f"anything at random, {number}", any_year(rng, PERFECT, consistent=False))
    for number in range(1, 7):
        yield Filled(f"half filled at random, {number}", thinned(rng, any_year(rng, PERFECT, number % 2 == 0)))


WHOLE, AMOUNT, NUMBER, FLAG = "应填0以上整数", "应填0以上的数", "应填数字", "应填是或否"
XINYANG: list[Filled] = [
    *(sheet for sheet, _ in XINYANG_PACKED),
    *(Filled(sentence, answers) for sentence, answers, _ in XINYANG_CONTRADICTIONS),
    *_xinyang_at_random(),
    Filled("nothing filled in", {}),
    Filled("the worst year", changed(PERFECT, xinyang.WORST_UNIT)),
    Filled(
        "odd contents",
        changed(PERFECT),
        {
            "纳入重要工作评分": Typed(10.0000001, "应在0到10之间"), "分管职责评分": Typed("4分", NUMBER),
            "交办件数": Typed(99.5, WHOLE), "回访件数": Typed("全部", NUMBER), "满意件数": Typed(" ", "未填"),
            "网评总票数": Typed("=1/0", "是错误值"), "按月通报[7]": Typed("√", FLAG),
            "参加以岗代训": Typed("有", FLAG), "创新加分": Typed(4.99999, AMOUNT),
            "举报投诉扣分合计": Typed("无", NUMBER), "申报": Typed("申报", FLAG),
        },
    ),
    Filled(
        "the noise of a binary sum, and a blank in letters",
        changed(PERFECT, {"举报投诉扣分次数": 1, "失职批评次数": 3}),
        {
            "创新加分": Typed(4.9999999999, "已填", 5), "举报投诉扣分合计": Typed(10.0000000003, "已填", 10),
            "失职批评扣分合计": Typed("=4.9+5+5.1", "已填", 15), "申报": Typed("  ", "可不填"),
            "制度建设评分": Typed(1.1 + 2.2, "已填", Fraction("3.3")),
        },
        {"加4+": "5", "减1-": "-10", "减2-": "-15", "3.1": "3.3"},
    ),
]  # fmt: skip
XINYANG_PERIODS: dict[str, list[Filled]] = {
    period: _period_sheets(period)
    for period in dict.fromkeys(case.period for case in xinyang.PERIOD_CASES if case.part == "单位")
    if period != "全年"
}
XINYANG_PERIODS["上半年"] += [
    Filled("nothing filled in", {}),
    Filled("June blank", changed(PERFECT, xinyang.unasked(6))),
    Filled("a contradiction", changed(PERFECT, xinyang.complaints(1, "4.9999"), {"创新加分": 3})),
    Filled("the worst half", changed(PERFECT, xinyang.WORST_UNIT)),
]
XINYANG_PERIODS["3月"] = [
    Filled("March alone", changed(PERFECT, xinyang.unasked(1, 2, *range(4, 13))), {}, {"4.5": "5", "减3.3-": "0"}),
    Filled("March missing", changed(PERFECT, xinyang.silent(3)), {}, {"4.5": "0", "减3.3-": "-5"}),
    Filled("March blank", changed(PERFECT, xinyang.unasked(3))),
]

# --- liaocheng-1995 -------------------------------------------------------------------------------

PLAIN = liaocheng.PLAIN
OWN = (*liaocheng.REPORTED, "考评总分")


def goals(differing: Mapping[str, bool]) -> dict[str, str]:
    """What a form says of the goals; the points are the review's."""
    met = {**liaocheng.PLAIN_TARGETS, **differing}
    return {id: BY_REVIEW if id == "考评95分" else MET if held else UNMET for id, held in met.items()}


def _liaocheng_cases() -> Iterator[Filled]:
    """Cases that differ in nothing a unit reports share a workbook."""
    seen: dict[tuple[Answer, ...], Filled] = {}
    for case in liaocheng.CASES:
        answers = {name: value for name, value in changed(PLAIN, case.changes).items() if name in OWN}
        answers |= {name: value for name, value in changed(case.changes).items() if name in liaocheng.REVIEWED}
        key = tuple(answers[name] for name in liaocheng.REPORTED)
        said = goals(case.expected.targets)
        if key in seen:
            assert seen[key].targets == said, f"{case.sentence}: other goals than {seen[key].sentence}"
        else:
            seen[key] = Filled(case.sentence, answers, {}, {}, said)
    yield from seen.values()


def _liaocheng_at_random() -> Iterator[Filled]:
    rng = random.Random(19950521)
    for number in range(1, 13):
        answers: dict[str, Answer] = {name: rng.choice((0, 0, 0, 0, some(rng))) for name in liaocheng.REPORTED}
        due = some(rng)
        answers["应查结案件数"], answers["按期查结案件数"] = due, rng.choice((due, due, max(0, due - 1), some(rng)))
        answers["信访总量"] = some(rng)
        if number > 8:
            answers = thinned(rng, answers)
        yield Filled(f"a year at random, {number}", answers)


def _own(*changes: Mapping[str, Value]) -> dict[str, Answer]:
    return {name: value for name, value in changed(PLAIN, *changes).items() if name in OWN}


LIAOCHENG: list[Filled] = [
    *_liaocheng_cases(),
    *(Filled(case.sentence, _own(case.changes)) for case in liaocheng.CONTRADICTIONS),
    *(Filled(case.sentence, _own(case.changes)) for case in liaocheng.WARNINGS if case.warnings - {"后果"}),
    *_liaocheng_at_random(),
    *(
        Filled(f"{left} is blank", {name: value for name, value in _own().items() if name != left})
        for left in ("集访赴省批次", "越级非集访到地区批次", "按期查结案件数", "信访总量", "信访积案数")
    ),
    Filled("nothing filled in", {}, {}, {}, {"四无": "待填", "无越级上访": "待填", "按期查结": "待填"}),
    Filled(
        "odd contents",
        _own(),
        {
            "集访到市批次": Typed("无", NUMBER), "越级非集访到地区批次": Typed(-1, WHOLE),
            "应查结案件数": Typed("=1/0", "是错误值"), "信访总量": Typed(1.5, WHOLE), "信访老户数": Typed(" ", "未填"),
        },
        {},
        {"四无": "待填", "无越级上访": "待填", "按期查结": "待填"},
    ),
]  # fmt: skip
LIAOCHENG_HALF = [
    Filled("an ordinary half", _own(), {}, {}, goals({})),
    Filled("visits and late cases", _own(liaocheng.collective(1, 1, 1, 1), liaocheng.due_cases(20, 19)), {}, {},
           goals({"四无": False, "无越级上访": False, "按期查结": False})),
    Filled("nothing filled in", {}),
]  # fmt: skip
