"""The scheme `liaocheng-1995` (全年) as cases worked out by hand from the text of the document.

`PLAIN` is an ordinary unit. A case changes a few of its answers and is judged beside `BACKGROUND`, six units that
hold the first five places and the smallest 信访总量 between them, so that a unit is commended for either only when
the case says so. A case names everything that follows; of the targets only those that differ from `PLAIN_TARGETS`.
A cohort puts several units side by side, without the background. Clauses are those of the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

Answer = int | str | Fraction | bool
Changes = Mapping[str, Answer]
Outcomes = Mapping[str, int | None]
Counts = Mapping[str, tuple[int, int]]

NO_COUNTS: Counts = {}
AS_PLAIN: Mapping[str, bool] = {}
NONE: frozenset[int] = frozenset()
NO_WARNING: frozenset[str] = frozenset()


class Settlement(NamedTuple):
    """The deposit, the eight fines together, what the deposit pays of them, what is left to pay."""

    deposit: int
    fine: int
    from_deposit: int
    due: int


class Amounts(NamedTuple):
    """The figures that the document leaves open: with a commendation, with a merit citation, for a veto."""

    praise: int | None = None
    merit: int | None = None
    penalty: int | None = None


NOTHING_OWED = Settlement(3000, 0, 0, 0)
NO_AMOUNTS = Amounts()


class Expected(NamedTuple):
    """What one unit comes to: all outcomes and fines, the targets that differ, the rank with the background."""

    outcomes: Outcomes
    reasons: frozenset[int] = NONE
    targets: Mapping[str, bool] = AS_PLAIN
    counts: Counts = NO_COUNTS
    settlement: Settlement = NOTHING_OWED
    rank: int = 6
    warnings: frozenset[str] = NO_WARNING


class Case(NamedTuple):
    """One unit beside the background: what happens, the answers that differ from PLAIN, those left out."""

    sentence: str
    changes: Changes
    expected: Expected
    amounts: Amounts = NO_AMOUNTS
    absent: frozenset[str] = frozenset()


class Unit(NamedTuple):
    """One unit of a cohort and what it comes to."""

    name: str
    changes: Changes
    total: str
    rank: int
    outcomes: Outcomes
    reasons: frozenset[int]
    settlement: Settlement = NOTHING_OWED


class Cohort(NamedTuple):
    """Several units assessed together."""

    sentence: str
    units: tuple[Unit, ...]
    amounts: Amounts = NO_AMOUNTS


class Contradiction(NamedTuple):
    """Answers that cannot all be true, and the inputs that become 待核."""

    sentence: str
    changes: Changes
    doubtful: frozenset[str]


class Warned(NamedTuple):
    """Answers that look implausible together, and which of the three warnings they draw."""

    sentence: str
    changes: Changes
    warnings: frozenset[str]


def dec(text: str) -> Fraction:
    """An exact decimal: dec("59.99")."""
    return Fraction(text)


def because(*reasons: int) -> frozenset[int]:
    """The conditions of 三(一)2 that hold for a commended unit."""
    return frozenset(reasons)


def collective(city: int = 0, prefecture: int = 0, province: int = 0, beijing: int = 0) -> dict[str, Answer]:
    """Collective visits: to the city, the prefecture, the province, Beijing."""
    return {
        "集访到市批次": city,
        "集访到地区批次": prefecture,
        "集访赴省批次": province,
        "集访进京批次": beijing,
    }


def single(prefecture: int = 0, province: int = 0, beijing: int = 0) -> dict[str, Answer]:
    """Skip-level visits that are not collective: to the prefecture, the province, Beijing."""
    return {
        "越级非集访到地区批次": prefecture,
        "越级非集访赴省批次": province,
        "越级非集访进京批次": beijing,
    }


def due_cases(due: int, in_time: int, unreported: int = 0) -> dict[str, Answer]:
    """Cases due, concluded in time, and left two months without a result or an explanation."""
    return {"应查结案件数": due, "按期查结案件数": in_time, "逾期两月未报件数": unreported}


def vetoed(*clauses: int) -> dict[str, int | None]:
    """The clauses of 三(二)1 that veto, and the list of next year's 重点管理单位."""
    return {**{f"否决{clause}": None for clause in clauses}, "重点管理单位": None}


# Which inputs come from where.
REPORTED = (
    "集访到市批次",
    "集访到地区批次",
    "集访赴省批次",
    "集访进京批次",
    "越级非集访到地区批次",
    "越级非集访赴省批次",
    "越级非集访进京批次",
    "应查结案件数",
    "按期查结案件数",
    "逾期两月未报件数",
    "信访总量",
    "信访老户数",
    "信访积案数",
)
REVIEWED = (
    "考评总分",
    "因工作不力造成严重后果",
    "责任查究1",
    "责任查究2",
    "责任查究3",
    "责任查究4",
    "责任查究5",
    "责任查究6",
    "责任查究7",
)
ON_THE_ROSTER = ("保证金", "上级主管部门")
LAST_YEAR = ("上年通报表彰", "上年一票否决")

# An ordinary unit: no visit it would have to answer for, no old case, every case concluded, 80 points.
PLAIN: dict[str, Answer] = {
    **collective(0, 0, 0, 0),
    **single(0, 0, 0),
    **due_cases(20, 20, 0),
    "信访总量": 50,
    "信访老户数": 0,
    "信访积案数": 0,
    "考评总分": 80,
    "保证金": 3000,
    "上级主管部门": "市商业局",
}

# May be left out: 否 then.
OPTIONAL = frozenset({*REVIEWED[1:], *LAST_YEAR})

PLAIN_TARGETS: dict[str, bool] = {"四无": True, "无越级上访": True, "按期查结": True, "考评95分": False}

# Five with the first five places, a sixth with the fewest matters; each had one collective visit to the city, so
# none of them is commended for anything else. With 80 points a unit beside them is sixth.
BACKGROUND: dict[str, dict[str, Answer]] = {
    "甲": {**collective(city=1), "考评总分": 100, "信访总量": 100},
    "乙": {**collective(city=1), "考评总分": dec("99.5"), "信访总量": 100},
    "丙": {**collective(city=1), "考评总分": 99, "信访总量": 100},
    "丁": {**collective(city=1), "考评总分": dec("98.5"), "信访总量": 100},
    "戊": {**collective(city=1), "考评总分": 98, "信访总量": 100},
    "己": {**collective(city=1), "考评总分": 70, "信访总量": 10},
}

COMMENDED: dict[str, int | None] = {"通报表彰": None}
CITED: dict[str, int | None] = {"通报表彰": None, "记功": None}
CITY_FINE: dict[str, int | None] = {"罚款.集访到市": 200}
CITY_COUNT: dict[str, tuple[int, int]] = {"罚款.集访到市": (1, 200)}
CITY_SETTLED = Settlement(3000, 200, 200, 0)

NOT_FOUR: dict[str, bool] = {"四无": False}
SKIPPED: dict[str, bool] = {"无越级上访": False}
NOT_FOUR_SKIPPED: dict[str, bool] = {"四无": False, "无越级上访": False}
LATE: dict[str, bool] = {"按期查结": False}
NINETY_FIVE: dict[str, bool] = {"考评95分": True}
NOT_FOUR_NINETY_FIVE: dict[str, bool] = {"四无": False, "考评95分": True}

_VETO_COLLECTIVE = [
    Case(
        "三(二)1(1) one collective visit to Beijing: vetoed",
        collective(beijing=1),
        Expected(
            {**vetoed(1), "罚款.集访进京": 1500},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访进京": (1, 1500)},
            settlement=Settlement(3000, 1500, 1500, 0),
        ),
    ),
    Case(
        "三(二)1(1) two collective visits to Beijing: vetoed once; the fines use up the deposit",
        collective(beijing=2),
        Expected(
            {**vetoed(1), "罚款.集访进京": 3000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访进京": (2, 1500)},
            settlement=Settlement(3000, 3000, 3000, 0),
        ),
    ),
    Case(
        "三(二)1(1) one collective visit to the province: vetoed",
        collective(province=1),
        Expected(
            {**vetoed(1), "罚款.集访赴省": 1000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访赴省": (1, 1000)},
            settlement=Settlement(3000, 1000, 1000, 0),
        ),
    ),
    Case(
        "三(二)1(1) two collective visits to the province: vetoed once",
        collective(province=2),
        Expected(
            {**vetoed(1), "罚款.集访赴省": 2000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访赴省": (2, 1000)},
            settlement=Settlement(3000, 2000, 2000, 0),
        ),
    ),
    Case(
        "三(二)1(1) a collective visit to each of the two: one clause, two fines",
        collective(province=1, beijing=1),
        Expected(
            {**vetoed(1), "罚款.集访赴省": 1000, "罚款.集访进京": 1500},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访赴省": (1, 1000), "罚款.集访进京": (1, 1500)},
            settlement=Settlement(3000, 2500, 2500, 0),
        ),
    ),
    Case(
        "三(二)1(1) nine visits each to Beijing and the province, none collective: fined, not vetoed, commended",
        single(province=9, beijing=9),
        Expected(
            {**COMMENDED, "罚款.越级赴省": 2700, "罚款.越级进京": 4500},
            because(1),
            NOT_FOUR_SKIPPED,
            {"罚款.越级赴省": (9, 300), "罚款.越级进京": (9, 500)},
            Settlement(3000, 7200, 3000, 4200),
        ),
    ),
    Case(
        "三(二)1(2) two collective visits to the prefecture: not vetoed, not commended either",
        collective(prefecture=2),
        Expected(
            {"罚款.集访到地区": 1000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到地区": (2, 500)},
            settlement=Settlement(3000, 1000, 1000, 0),
        ),
    ),
    Case(
        "三(二)1(2) three collective visits to the prefecture: vetoed",
        collective(prefecture=3),
        Expected(
            {**vetoed(2), "罚款.集访到地区": 1500},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到地区": (3, 500)},
            settlement=Settlement(3000, 1500, 1500, 0),
        ),
    ),
    Case(
        "三(二)1(2) four collective visits to the prefecture: vetoed; (3) speaks of the city",
        collective(prefecture=4),
        Expected(
            {**vetoed(2), "罚款.集访到地区": 2000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到地区": (4, 500)},
            settlement=Settlement(3000, 2000, 2000, 0),
        ),
    ),
    Case(
        "三(二)1(3) three collective visits to the city: not vetoed",
        collective(city=3),
        Expected(
            {"罚款.集访到市": 600},
            targets=NOT_FOUR,
            counts={"罚款.集访到市": (3, 200)},
            settlement=Settlement(3000, 600, 600, 0),
        ),
    ),
    Case(
        "三(二)1(3) four collective visits to the city: vetoed, and still no skip-level visit",
        collective(city=4),
        Expected(
            {**vetoed(3), "罚款.集访到市": 800},
            targets=NOT_FOUR,
            counts={"罚款.集访到市": (4, 200)},
            settlement=Settlement(3000, 800, 800, 0),
        ),
    ),
    Case(
        "三(二)1(3) five collective visits to the city: vetoed",
        collective(city=5),
        Expected(
            {**vetoed(3), "罚款.集访到市": 1000},
            targets=NOT_FOUR,
            counts={"罚款.集访到市": (5, 200)},
            settlement=Settlement(3000, 1000, 1000, 0),
        ),
    ),
    Case(
        "三(二)1(2) and (3) two to the prefecture and three to the city: five are not added up, no veto",
        collective(city=3, prefecture=2),
        Expected(
            {"罚款.集访到市": 600, "罚款.集访到地区": 1000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到市": (3, 200), "罚款.集访到地区": (2, 500)},
            settlement=Settlement(3000, 1600, 1600, 0),
        ),
    ),
    Case(
        "三(二)1(2) and (3) two to the prefecture and four to the city: only (3) vetoes",
        collective(city=4, prefecture=2),
        Expected(
            {**vetoed(3), "罚款.集访到市": 800, "罚款.集访到地区": 1000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到市": (4, 200), "罚款.集访到地区": (2, 500)},
            settlement=Settlement(3000, 1800, 1800, 0),
        ),
    ),
    Case(
        "三(二)1(2) and (3) three to the prefecture and three to the city: only (2) vetoes",
        collective(city=3, prefecture=3),
        Expected(
            {**vetoed(2), "罚款.集访到市": 600, "罚款.集访到地区": 1500},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到市": (3, 200), "罚款.集访到地区": (3, 500)},
            settlement=Settlement(3000, 2100, 2100, 0),
        ),
    ),
    Case(
        "三(二)1(2) nine visits to the prefecture that are not collective: no veto, and 四无 stands",
        single(prefecture=9),
        Expected(
            {**COMMENDED, "罚款.越级到地区": 900},
            because(1),
            SKIPPED,
            {"罚款.越级到地区": (9, 100)},
            Settlement(3000, 900, 900, 0),
        ),
    ),
]

_VETO_POINTS = [
    Case("三(二)1(4) 60 points: not below 60", {"考评总分": 60}, Expected(COMMENDED, because(1), rank=7)),
    Case(
        "三(二)1(4) 59.99 points: vetoed, though no collective visit took place",
        {"考评总分": dec("59.99")},
        Expected(vetoed(4), rank=7),
    ),
    Case(
        "三(二)1(4) 60.01 points: not below 60",
        {"考评总分": dec("60.01")},
        Expected(COMMENDED, because(1), rank=7),
    ),
    Case("三(二)1(4) 59 points: vetoed", {"考评总分": 59}, Expected(vetoed(4), rank=7)),
    Case("三(二)1(4) 0 points are points: vetoed", {"考评总分": 0}, Expected(vetoed(4), rank=7)),
]

_VETO_CONSEQUENCE = [
    Case(
        "三(二)1(5) a severe consequence of one collective visit to the city: vetoed",
        {**collective(city=1), "因工作不力造成严重后果": "是"},
        Expected({**vetoed(5), **CITY_FINE}, targets=NOT_FOUR, counts=CITY_COUNT, settlement=CITY_SETTLED),
    ),
    Case(
        "三(二)1(5) a severe consequence found without any collective visit: vetoed all the same, and asked about",
        {"因工作不力造成严重后果": "是"},
        Expected(vetoed(5), warnings=frozenset({"后果"})),
    ),
    Case(
        "三(二)1(5) found that there was none",
        {"因工作不力造成严重后果": "否"},
        Expected(COMMENDED, because(1)),
    ),
]

_VETO_SEVERAL = [
    Case(
        "三(二)1 by points and for a severe consequence: two clauses, one list",
        {**collective(city=1), "考评总分": dec("59.99"), "因工作不力造成严重后果": "是"},
        Expected(
            {**vetoed(4, 5), **CITY_FINE},
            targets=NOT_FOUR,
            counts=CITY_COUNT,
            settlement=CITY_SETTLED,
            rank=7,
        ),
    ),
    Case(
        "三(二)1 by Beijing and the prefecture at once",
        collective(prefecture=3, beijing=1),
        Expected(
            {**vetoed(1, 2), "罚款.集访到地区": 1500, "罚款.集访进京": 1500},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到地区": (3, 500), "罚款.集访进京": (1, 1500)},
            settlement=Settlement(3000, 3000, 3000, 0),
        ),
    ),
    Case(
        "三(二)1 by all five clauses at once: 800 + 1 500 + 1 000 + 1 500",
        {**collective(4, 3, 1, 1), "考评总分": dec("59.99"), "因工作不力造成严重后果": "是"},
        Expected(
            {
                **vetoed(1, 2, 3, 4, 5),
                "罚款.集访到市": 800,
                "罚款.集访到地区": 1500,
                "罚款.集访赴省": 1000,
                "罚款.集访进京": 1500,
            },
            targets=NOT_FOUR_SKIPPED,
            counts={
                "罚款.集访到市": (4, 200),
                "罚款.集访到地区": (3, 500),
                "罚款.集访赴省": (1, 1000),
                "罚款.集访进京": (1, 1500),
            },
            settlement=Settlement(3000, 4800, 3000, 1800),
            rank=7,
        ),
    ),
    Case(
        "三(二)1 just under all five: 3 to the city, 2 to the prefecture, 60 points, no consequence",
        {**collective(3, 2), "考评总分": 60, "因工作不力造成严重后果": "否"},
        Expected(
            {"罚款.集访到市": 600, "罚款.集访到地区": 1000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到市": (3, 200), "罚款.集访到地区": (2, 500)},
            settlement=Settlement(3000, 1600, 1600, 0),
            rank=7,
        ),
    ),
]

_VETO_BEATS_HONOUR = [
    Case(
        "三(二)2 all four conditions hold, last year's commendation too: the veto takes both honours",
        {"考评总分": 100, "信访总量": 9, "因工作不力造成严重后果": "是", "上年通报表彰": "是"},
        Expected(vetoed(5), targets=NINETY_FIVE, rank=1, warnings=frozenset({"后果"})),
    ),
    Case(
        "三(二)2 first by points, vetoed for Beijing: no honour, and the place stays",
        {**collective(beijing=1), "考评总分": 100},
        Expected(
            {**vetoed(1), "罚款.集访进京": 1500},
            targets={"四无": False, "无越级上访": False, "考评95分": True},
            counts={"罚款.集访进京": (1, 1500)},
            settlement=Settlement(3000, 1500, 1500, 0),
            rank=1,
        ),
    ),
    Case(
        "三(二)2 the fewest matters, vetoed for the prefecture: no honour",
        {**collective(prefecture=3), "信访总量": 5},
        Expected(
            {**vetoed(2), "罚款.集访到地区": 1500},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到地区": (3, 500)},
            settlement=Settlement(3000, 1500, 1500, 0),
        ),
    ),
    Case(
        "三(二)2 fifth and the fewest matters, vetoed for the city, commended last year: no honour",
        {**collective(city=4), "考评总分": 98, "信访总量": 10, "上年通报表彰": "是"},
        Expected(
            {**vetoed(3), "罚款.集访到市": 800},
            targets=NOT_FOUR_NINETY_FIVE,
            counts={"罚款.集访到市": (4, 200)},
            settlement=Settlement(3000, 800, 800, 0),
            rank=5,
        ),
    ),
]

_COMMENDED_FOR_NO_COLLECTIVE = [
    Case(
        "三(一)2(1) an ordinary year without a collective visit: commended, though sixth and with 50 matters",
        {},
        Expected(COMMENDED, because(1)),
    ),
    Case(
        "三(一)2(1) one collective visit to the city is one too many",
        collective(city=1),
        Expected(CITY_FINE, targets=NOT_FOUR, counts=CITY_COUNT, settlement=CITY_SETTLED),
    ),
    Case(
        "三(一)2(1) one collective visit to the prefecture is one too many",
        collective(prefecture=1),
        Expected(
            {"罚款.集访到地区": 500},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到地区": (1, 500)},
            settlement=Settlement(3000, 500, 500, 0),
        ),
    ),
]

_COMMENDED_FOR_PLACE = [
    Case(
        "三(一)2(2) 98 points: fifth with another, commended for the place alone",
        {**collective(city=1), "考评总分": 98},
        Expected({**COMMENDED, **CITY_FINE}, because(2), NOT_FOUR_NINETY_FIVE, CITY_COUNT, CITY_SETTLED, rank=5),
    ),
    Case(
        "三(一)2(2) 98.01 points: fifth by a hundredth",
        {**collective(city=1), "考评总分": dec("98.01")},
        Expected({**COMMENDED, **CITY_FINE}, because(2), NOT_FOUR_NINETY_FIVE, CITY_COUNT, CITY_SETTLED, rank=5),
    ),
    Case(
        "三(一)2(2) 97.99 points: sixth by a hundredth, not commended",
        {**collective(city=1), "考评总分": dec("97.99")},
        Expected(CITY_FINE, NONE, NOT_FOUR_NINETY_FIVE, CITY_COUNT, CITY_SETTLED),
    ),
    Case(
        "三(一)2(2) 99.99 points: second",
        {**collective(city=1), "考评总分": dec("99.99")},
        Expected({**COMMENDED, **CITY_FINE}, because(2), NOT_FOUR_NINETY_FIVE, CITY_COUNT, CITY_SETTLED, rank=2),
    ),
    Case(
        "三(一)2(2) 99.50 points are 99.5: second with another",
        {**collective(city=1), "考评总分": dec("99.50")},
        Expected({**COMMENDED, **CITY_FINE}, because(2), NOT_FOUR_NINETY_FIVE, CITY_COUNT, CITY_SETTLED, rank=2),
    ),
    Case(
        "三(一)2(2) 100 points: first with another",
        {**collective(city=1), "考评总分": 100},
        Expected({**COMMENDED, **CITY_FINE}, because(2), NOT_FOUR_NINETY_FIVE, CITY_COUNT, CITY_SETTLED, rank=1),
    ),
    Case(
        "三(一)2(2) among the first five with every case late: commended for the place all the same",
        {**collective(city=2), **due_cases(10, 0, 0), "考评总分": 98},
        Expected(
            {**COMMENDED, "罚款.集访到市": 400},
            because(2),
            {"四无": False, "按期查结": False, "考评95分": True},
            {"罚款.集访到市": (2, 200)},
            Settlement(3000, 400, 400, 0),
            rank=5,
        ),
    ),
]

_COMMENDED_FOR_FOUR_WITHOUTS = [
    Case(
        "三(一)2(3) 四无 and 95 points: (3) holds, and (1) with it",
        {"考评总分": 95},
        Expected(COMMENDED, because(1, 3), NINETY_FIVE),
    ),
    Case(
        "三(一)2(3) 四无 and 94.99 points: only (1)",
        {"考评总分": dec("94.99")},
        Expected(COMMENDED, because(1)),
    ),
    Case(
        "三(一)2(3) 四无 and 95.01 points: (1) and (3)",
        {"考评总分": dec("95.01")},
        Expected(COMMENDED, because(1, 3), NINETY_FIVE),
    ),
    Case(
        "三(一)2(3) 95 points and a collective visit: without (1) there is no (3) either",
        {**collective(city=1), "考评总分": 95},
        Expected(CITY_FINE, NONE, NOT_FOUR_NINETY_FIVE, CITY_COUNT, CITY_SETTLED),
    ),
    Case(
        "三(一)2(3) 95 points and one visit to the province: 四无 fails, (1) remains",
        {**single(province=1), "考评总分": 95},
        Expected(
            {**COMMENDED, "罚款.越级赴省": 300},
            because(1),
            {"四无": False, "无越级上访": False, "考评95分": True},
            {"罚款.越级赴省": (1, 300)},
            Settlement(3000, 300, 300, 0),
        ),
    ),
    Case(
        "三(一)2(3) 95 points and one visit to Beijing: 四无 fails, (1) remains",
        {**single(beijing=1), "考评总分": 95},
        Expected(
            {**COMMENDED, "罚款.越级进京": 500},
            because(1),
            {"四无": False, "无越级上访": False, "考评95分": True},
            {"罚款.越级进京": (1, 500)},
            Settlement(3000, 500, 500, 0),
        ),
    ),
    Case(
        "三(一)2(3) 95 points and one visit to the prefecture: 四无 stands, (1) and (3)",
        {**single(prefecture=1), "考评总分": 95},
        Expected(
            {**COMMENDED, "罚款.越级到地区": 100},
            because(1, 3),
            {"无越级上访": False, "考评95分": True},
            {"罚款.越级到地区": (1, 100)},
            Settlement(3000, 100, 100, 0),
        ),
    ),
    Case(
        "三(一)2(3) 95 points and one old petitioner: 四无 fails, (1) remains",
        {"信访老户数": 1, "考评总分": 95},
        Expected(COMMENDED, because(1), NOT_FOUR_NINETY_FIVE),
    ),
    Case(
        "三(一)2(3) 95 points and one old case: 四无 fails, (1) remains",
        {"信访积案数": 1, "考评总分": 95},
        Expected(COMMENDED, because(1), NOT_FOUR_NINETY_FIVE),
    ),
]

_COMMENDED_FOR_FEWEST = [
    Case(
        "三(一)2(4) 10 matters: the fewest, shared with another",
        {**collective(city=1), "信访总量": 10},
        Expected({**COMMENDED, **CITY_FINE}, because(4), NOT_FOUR, CITY_COUNT, CITY_SETTLED),
    ),
    Case(
        "三(一)2(4) 9 matters: the fewest",
        {**collective(city=1), "信访总量": 9},
        Expected({**COMMENDED, **CITY_FINE}, because(4), NOT_FOUR, CITY_COUNT, CITY_SETTLED),
    ),
    Case(
        "三(一)2(4) 11 matters: one more than the fewest",
        {**collective(city=1), "信访总量": 11},
        Expected(CITY_FINE, NONE, NOT_FOUR, CITY_COUNT, CITY_SETTLED),
    ),
    Case("三(一)2(4) no matter at all: the fewest", {"信访总量": 0}, Expected(COMMENDED, because(1, 4))),
    Case(
        "三(一)2(4) the fewest matters with 60 points: commended, though seventh",
        {**collective(city=1), "信访总量": 10, "考评总分": 60},
        Expected({**COMMENDED, **CITY_FINE}, because(4), NOT_FOUR, CITY_COUNT, CITY_SETTLED, rank=7),
    ),
]

_COMMENDED_FOR_SEVERAL = [
    Case(
        "三(一)2 fifth without a visit: (1), (2) and (3), one commendation",
        {"考评总分": 98},
        Expected(COMMENDED, because(1, 2, 3), NINETY_FIVE, rank=5),
    ),
    Case(
        "三(一)2 fifth with an old case: (1) and (2)",
        {"考评总分": 98, "信访积案数": 1},
        Expected(COMMENDED, because(1, 2), NOT_FOUR_NINETY_FIVE, rank=5),
    ),
    Case(
        "三(一)2 fifth and the fewest matters after a visit to the city: (2) and (4)",
        {**collective(city=1), "考评总分": 98, "信访总量": 10},
        Expected({**COMMENDED, **CITY_FINE}, because(2, 4), NOT_FOUR_NINETY_FIVE, CITY_COUNT, CITY_SETTLED, rank=5),
    ),
    Case(
        "三(一)2 四无, 95 points and the fewest matters: (1), (3) and (4)",
        {"考评总分": 95, "信访总量": 10},
        Expected(COMMENDED, because(1, 3, 4), NINETY_FIVE),
    ),
    Case(
        "三(一)2 all four conditions: still one commendation",
        {"考评总分": 100, "信访总量": 9},
        Expected(COMMENDED, because(1, 2, 3, 4), NINETY_FIVE, rank=1),
    ),
]

_MERIT = [
    Case(
        "三(一)3(2) commended this year and last: cited for merit",
        {"上年通报表彰": "是"},
        Expected(CITED, because(1)),
    ),
    Case("三(一)3(2) not commended last year: no citation", {"上年通报表彰": "否"}, Expected(COMMENDED, because(1))),
    Case(
        "三(一)3(2) commended last year, not this year: no citation",
        {**collective(city=1), "上年通报表彰": "是"},
        Expected(CITY_FINE, NONE, NOT_FOUR, CITY_COUNT, CITY_SETTLED),
    ),
    Case(
        "三(一)3(2) commended last year, vetoed this year: no citation",
        {"考评总分": 59, "上年通报表彰": "是"},
        Expected(vetoed(4), rank=7),
    ),
    Case(
        "三(一)3(2) commended last year and this year for the fewest matters: cited, whatever the ground",
        {**collective(city=1), "信访总量": 10, "上年通报表彰": "是"},
        Expected({**CITED, **CITY_FINE}, because(4), NOT_FOUR, CITY_COUNT, CITY_SETTLED),
    ),
]

_KEY_MANAGEMENT = [
    Case(
        "三(二)1 vetoed last year: on this year's list, and commended this year all the same",
        {"上年一票否决": "是"},
        Expected({**COMMENDED, "本年重点管理单位": None}, because(1)),
    ),
    Case("三(二)1 not vetoed last year: on no list", {"上年一票否决": "否"}, Expected(COMMENDED, because(1))),
    Case(
        "三(二)1 vetoed last year, neither vetoed nor commended this year: this year's list only",
        {**collective(city=3), "上年一票否决": "是"},
        Expected(
            {"本年重点管理单位": None, "罚款.集访到市": 600},
            targets=NOT_FOUR,
            counts={"罚款.集访到市": (3, 200)},
            settlement=Settlement(3000, 600, 600, 0),
        ),
    ),
    Case(
        "三(二)1 vetoed last year and this: on this year's list and on the next",
        {**collective(city=4), "上年一票否决": "是"},
        Expected(
            {**vetoed(3), "本年重点管理单位": None, "罚款.集访到市": 800},
            targets=NOT_FOUR,
            counts={"罚款.集访到市": (4, 200)},
            settlement=Settlement(3000, 800, 800, 0),
        ),
    ),
]

_FINES = [
    Case(
        "三(二)3(1) two collective visits to the city: 400",
        collective(city=2),
        Expected(
            {"罚款.集访到市": 400},
            targets=NOT_FOUR,
            counts={"罚款.集访到市": (2, 200)},
            settlement=Settlement(3000, 400, 400, 0),
        ),
    ),
    Case(
        "三(二)3(1) ten collective visits to the prefecture: 5 000",
        collective(prefecture=10),
        Expected(
            {**vetoed(2), "罚款.集访到地区": 5000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访到地区": (10, 500)},
            settlement=Settlement(3000, 5000, 3000, 2000),
        ),
    ),
    Case(
        "三(二)3(1) seven collective visits to the province: 7 000",
        collective(province=7),
        Expected(
            {**vetoed(1), "罚款.集访赴省": 7000},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访赴省": (7, 1000)},
            settlement=Settlement(3000, 7000, 3000, 4000),
        ),
    ),
    Case(
        "三(二)3(1) eleven collective visits to Beijing: 16 500",
        collective(beijing=11),
        Expected(
            {**vetoed(1), "罚款.集访进京": 16500},
            targets=NOT_FOUR_SKIPPED,
            counts={"罚款.集访进京": (11, 1500)},
            settlement=Settlement(3000, 16500, 3000, 13500),
        ),
    ),
    Case(
        "三(二)3(1) one skip-level visit to the prefecture: 100, and commended",
        single(prefecture=1),
        Expected(
            {**COMMENDED, "罚款.越级到地区": 100},
            because(1),
            SKIPPED,
            {"罚款.越级到地区": (1, 100)},
            Settlement(3000, 100, 100, 0),
        ),
    ),
    Case(
        "三(二)3(1) thirteen skip-level visits to the prefecture: 1 300",
        single(prefecture=13),
        Expected(
            {**COMMENDED, "罚款.越级到地区": 1300},
            because(1),
            SKIPPED,
            {"罚款.越级到地区": (13, 100)},
            Settlement(3000, 1300, 1300, 0),
        ),
    ),
    Case(
        "三(二)3(1) one skip-level visit to the province: 300",
        single(province=1),
        Expected(
            {**COMMENDED, "罚款.越级赴省": 300},
            because(1),
            NOT_FOUR_SKIPPED,
            {"罚款.越级赴省": (1, 300)},
            Settlement(3000, 300, 300, 0),
        ),
    ),
    Case(
        "三(二)3(1) eleven skip-level visits to the province: 3 300",
        single(province=11),
        Expected(
            {**COMMENDED, "罚款.越级赴省": 3300},
            because(1),
            NOT_FOUR_SKIPPED,
            {"罚款.越级赴省": (11, 300)},
            Settlement(3000, 3300, 3000, 300),
        ),
    ),
    Case(
        "三(二)3(1) one skip-level visit to Beijing: 500, no veto",
        single(beijing=1),
        Expected(
            {**COMMENDED, "罚款.越级进京": 500},
            because(1),
            NOT_FOUR_SKIPPED,
            {"罚款.越级进京": (1, 500)},
            Settlement(3000, 500, 500, 0),
        ),
    ),
    Case(
        "三(二)3(1) four skip-level visits to Beijing: 2 000, no veto",
        single(beijing=4),
        Expected(
            {**COMMENDED, "罚款.越级进京": 2000},
            because(1),
            NOT_FOUR_SKIPPED,
            {"罚款.越级进京": (4, 500)},
            Settlement(3000, 2000, 2000, 0),
        ),
    ),
    Case(
        "三(二)3(2) one case two months without a word: 500, and commended",
        due_cases(20, 19, 1),
        Expected(
            {**COMMENDED, "罚款.逾期未报": 500},
            because(1),
            LATE,
            {"罚款.逾期未报": (1, 500)},
            Settlement(3000, 500, 500, 0),
        ),
    ),
    Case(
        "三(二)3(2) eight cases two months without a word: 4 000",
        due_cases(20, 12, 8),
        Expected(
            {**COMMENDED, "罚款.逾期未报": 4000},
            because(1),
            LATE,
            {"罚款.逾期未报": (8, 500)},
            Settlement(3000, 4000, 3000, 1000),
        ),
    ),
    Case(
        "三(二)3(2) eight cases late, each explained: no fine",
        due_cases(20, 12, 0),
        Expected(COMMENDED, because(1), LATE),
    ),
    Case(
        "三(二)3 one of each of the eight: 200 + 500 + 1 000 + 1 500 + 100 + 300 + 500 + 500",
        {**collective(1, 1, 1, 1), **single(1, 1, 1), **due_cases(20, 19, 1)},
        Expected(
            {
                **vetoed(1),
                "罚款.集访到市": 200,
                "罚款.集访到地区": 500,
                "罚款.集访赴省": 1000,
                "罚款.集访进京": 1500,
                "罚款.越级到地区": 100,
                "罚款.越级赴省": 300,
                "罚款.越级进京": 500,
                "罚款.逾期未报": 500,
            },
            targets={"四无": False, "无越级上访": False, "按期查结": False},
            counts={
                "罚款.集访到市": (1, 200),
                "罚款.集访到地区": (1, 500),
                "罚款.集访赴省": (1, 1000),
                "罚款.集访进京": (1, 1500),
                "罚款.越级到地区": (1, 100),
                "罚款.越级赴省": (1, 300),
                "罚款.越级进京": (1, 500),
                "罚款.逾期未报": (1, 500),
            },
            settlement=Settlement(3000, 4600, 3000, 1600),
        ),
    ),
    Case(
        "三(二)3 2, 3, 4, 5, 6, 7, 8 and 9 of the eight: 400 + 1 500 + 4 000 + 7 500 + 600 + 2 100 + 4 000 + 4 500",
        {**collective(2, 3, 4, 5), **single(6, 7, 8), **due_cases(20, 11, 9)},
        Expected(
            {
                **vetoed(1, 2),
                "罚款.集访到市": 400,
                "罚款.集访到地区": 1500,
                "罚款.集访赴省": 4000,
                "罚款.集访进京": 7500,
                "罚款.越级到地区": 600,
                "罚款.越级赴省": 2100,
                "罚款.越级进京": 4000,
                "罚款.逾期未报": 4500,
            },
            targets={"四无": False, "无越级上访": False, "按期查结": False},
            counts={
                "罚款.集访到市": (2, 200),
                "罚款.集访到地区": (3, 500),
                "罚款.集访赴省": (4, 1000),
                "罚款.集访进京": (5, 1500),
                "罚款.越级到地区": (6, 100),
                "罚款.越级赴省": (7, 300),
                "罚款.越级进京": (8, 500),
                "罚款.逾期未报": (9, 500),
            },
            settlement=Settlement(3000, 24600, 3000, 21600),
        ),
    ),
]

# Ten skip-level visits to Beijing, 5 000 yuan, without a veto.
_FIVE_THOUSAND: dict[str, Answer] = single(beijing=10)


def _five_thousand_less(deposit: int, from_deposit: int, due: int) -> Expected:
    return Expected(
        {**COMMENDED, "罚款.越级进京": 5000},
        because(1),
        NOT_FOUR_SKIPPED,
        {"罚款.越级进京": (10, 500)},
        Settlement(deposit, 5000, from_deposit, due),
    )


_DEPOSIT = [
    Case(
        "三(二)3 fines of 5 000, a deposit of 3 000: 2 000 due", _FIVE_THOUSAND, _five_thousand_less(3000, 3000, 2000)
    ),
    Case(
        "三(二)3 fines of 5 000, a deposit of 5 000: used up, nothing due",
        {**_FIVE_THOUSAND, "保证金": 5000},
        _five_thousand_less(5000, 5000, 0),
    ),
    Case(
        "三(二)3 fines of 5 000, a deposit of 4 999: 1 due",
        {**_FIVE_THOUSAND, "保证金": 4999},
        _five_thousand_less(4999, 4999, 1),
    ),
    Case(
        "三(二)3 fines of 5 000, a deposit of 5 001: 5 000 of it, nothing due",
        {**_FIVE_THOUSAND, "保证金": 5001},
        _five_thousand_less(5001, 5000, 0),
    ),
    Case(
        "三(二)3 fines of 5 000, a deposit of 1 yuan: 4 999 due",
        {**_FIVE_THOUSAND, "保证金": 1},
        _five_thousand_less(1, 1, 4999),
    ),
    Case(
        "三(二)3 fines of 5 000, a deposit of 0: all of it due",
        {**_FIVE_THOUSAND, "保证金": 0},
        _five_thousand_less(0, 0, 5000),
    ),
    Case(
        "三(二)3 fines of 5 000, no deposit on the roster: 0, all of it due",
        _FIVE_THOUSAND,
        _five_thousand_less(0, 0, 5000),
        absent=frozenset({"保证金"}),
    ),
    Case(
        "三(二)3 no fine and no deposit: nothing to settle",
        {},
        Expected(COMMENDED, because(1), settlement=Settlement(0, 0, 0, 0)),
        absent=frozenset({"保证金"}),
    ),
    Case(
        "三(二)3 no fine: the deposit is untouched",
        {"保证金": 8000},
        Expected(COMMENDED, because(1), settlement=Settlement(8000, 0, 0, 0)),
    ),
]

_TARGETS = [
    Case("一1 one old petitioner: 四无 is missed", {"信访老户数": 1}, Expected(COMMENDED, because(1), NOT_FOUR)),
    Case("一1 one old case: 四无 is missed", {"信访积案数": 1}, Expected(COMMENDED, because(1), NOT_FOUR)),
    Case(
        "一1 both old petitioners and old cases: 四无 is missed",
        {"信访老户数": 3, "信访积案数": 2},
        Expected(COMMENDED, because(1), NOT_FOUR),
    ),
    Case(
        "一2 a visit to each of the three levels, none collective: skip-level visits",
        single(1, 1, 1),
        Expected(
            {**COMMENDED, "罚款.越级到地区": 100, "罚款.越级赴省": 300, "罚款.越级进京": 500},
            because(1),
            NOT_FOUR_SKIPPED,
            {"罚款.越级到地区": (1, 100), "罚款.越级赴省": (1, 300), "罚款.越级进京": (1, 500)},
            Settlement(3000, 900, 900, 0),
        ),
    ),
    Case("一3 no case due: counts as 100 %", due_cases(0, 0), Expected(COMMENDED, because(1))),
    Case("一3 one case due, one in time: 100 %", due_cases(1, 1), Expected(COMMENDED, because(1))),
    Case("一3 one case due, none in time: missed", due_cases(1, 0), Expected(COMMENDED, because(1), LATE)),
    Case("一3 100 of 100 in time: 100 %", due_cases(100, 100), Expected(COMMENDED, because(1))),
    Case("一3 99 of 100 in time: missed", due_cases(100, 99), Expected(COMMENDED, because(1), LATE)),
    Case(
        "一3 999 998 of 999 999 in time: missed, though it shows as 100.00 %",
        due_cases(999999, 999998),
        Expected(COMMENDED, because(1), LATE),
    ),
    Case("一3 999 999 of 999 999 in time: 100 %", due_cases(999999, 999999), Expected(COMMENDED, because(1))),
    Case(
        "一 no target is reached, and no honour",
        {**collective(prefecture=1), **due_cases(20, 19), "信访老户数": 1, "信访积案数": 1},
        Expected(
            {"罚款.集访到地区": 500},
            NONE,
            {"四无": False, "无越级上访": False, "按期查结": False},
            {"罚款.集访到地区": (1, 500)},
            Settlement(3000, 500, 500, 0),
        ),
    ),
]

_ACCOUNTABILITY = [
    Case(
        "四1 refused or delayed what was its to accept: accountable, and commended all the same",
        {"责任查究1": "是"},
        Expected({**COMMENDED, "责任查究1": None}, because(1)),
    ),
    Case(
        "四2 a grave collective visit through neglect: accountable",
        {"责任查究2": "是"},
        Expected({**COMMENDED, "责任查究2": None}, because(1)),
    ),
    Case(
        "四3 a collective visit handled slowly or unfairly and repeated: accountable",
        {"责任查究3": "是"},
        Expected({**COMMENDED, "责任查究3": None}, because(1)),
    ),
    Case(
        "四4 over the time limit without a word, or the answer not signed: accountable, and not fined for that",
        {"责任查究4": "是"},
        Expected({**COMMENDED, "责任查究4": None}, because(1)),
    ),
    Case(
        "四5 a superior's decision not carried out: accountable",
        {"责任查究5": "是"},
        Expected({**COMMENDED, "责任查究5": None}, because(1)),
    ),
    Case(
        "四6 favours, bribes, a complaint leaked: accountable",
        {"责任查究6": "是"},
        Expected({**COMMENDED, "责任查究6": None}, because(1)),
    ),
    Case(
        "四7 retaliation against a petitioner: accountable",
        {"责任查究7": "是"},
        Expected({**COMMENDED, "责任查究7": None}, because(1)),
    ),
    Case(
        "四 all seven at once, in a vetoed unit",
        {
            **collective(province=1),
            "责任查究1": "是",
            "责任查究2": "是",
            "责任查究3": "是",
            "责任查究4": "是",
            "责任查究5": "是",
            "责任查究6": "是",
            "责任查究7": "是",
        },
        Expected(
            {
                **vetoed(1),
                "罚款.集访赴省": 1000,
                "责任查究1": None,
                "责任查究2": None,
                "责任查究3": None,
                "责任查究4": None,
                "责任查究5": None,
                "责任查究6": None,
                "责任查究7": None,
            },
            NONE,
            NOT_FOUR_SKIPPED,
            {"罚款.集访赴省": (1, 1000)},
            Settlement(3000, 1000, 1000, 0),
        ),
    ),
    Case(
        "四 all seven looked into, none found",
        {
            "责任查究1": "否",
            "责任查究2": "否",
            "责任查究3": "否",
            "责任查究4": "否",
            "责任查究5": "否",
            "责任查究6": "否",
            "责任查究7": "否",
        },
        Expected(COMMENDED, because(1)),
    ),
    Case(
        "四 the first and the last found, the others looked into",
        {"责任查究1": "是", "责任查究2": "否", "责任查究6": "否", "责任查究7": "是"},
        Expected({**COMMENDED, "责任查究1": None, "责任查究7": None}, because(1)),
    ),
]

_AMOUNTS = [
    Case(
        "三(一)3(1) a reward of 2 000 goes with the commendation",
        {},
        Expected({"通报表彰": 2000}, because(1)),
        Amounts(praise=2000),
    ),
    Case(
        "三(一)3 2 000 with the commendation and 3 000 with the citation",
        {"上年通报表彰": "是"},
        Expected({"通报表彰": 2000, "记功": 3000}, because(1)),
        Amounts(praise=2000, merit=3000),
    ),
    Case(
        "三(一)3(2) 3 000 with the citation, no figure for the commendation",
        {"上年通报表彰": "是"},
        Expected({"通报表彰": None, "记功": 3000}, because(1)),
        Amounts(merit=3000),
    ),
    Case(
        "三(一)3(1) four conditions: the reward is paid once",
        {"考评总分": 100, "信访总量": 9},
        Expected({"通报表彰": 2000}, because(1, 2, 3, 4), NINETY_FIVE, rank=1),
        Amounts(praise=2000),
    ),
    Case(
        "三(一)3 rewards are set, the unit is not commended: none",
        {**collective(city=1), "上年通报表彰": "是"},
        Expected(CITY_FINE, NONE, NOT_FOUR, CITY_COUNT, CITY_SETTLED),
        Amounts(2000, 3000, 5000),
    ),
    Case(
        "三(二)2 a penalty of 5 000 for a vetoed unit; it does not come off the deposit",
        collective(beijing=1),
        Expected(
            {**vetoed(1), "否决处罚": 5000, "罚款.集访进京": 1500},
            NONE,
            NOT_FOUR_SKIPPED,
            {"罚款.集访进京": (1, 1500)},
            Settlement(3000, 1500, 1500, 0),
        ),
        Amounts(penalty=5000),
    ),
    Case(
        "三(二)2 vetoed by points alone: the penalty, no fine, the deposit untouched",
        {"考评总分": dec("59.99")},
        Expected({**vetoed(4), "否决处罚": 5000}, rank=7),
        Amounts(penalty=5000),
    ),
    Case(
        "三(二)2 vetoed by two clauses: one penalty",
        {**collective(city=4), "考评总分": 59},
        Expected(
            {**vetoed(3, 4), "否决处罚": 5000, "罚款.集访到市": 800},
            NONE,
            NOT_FOUR,
            {"罚款.集访到市": (4, 200)},
            Settlement(3000, 800, 800, 0),
            rank=7,
        ),
        Amounts(penalty=5000),
    ),
    Case(
        "三(二)2 a penalty is set, the unit is not vetoed: none",
        {},
        Expected(COMMENDED, because(1)),
        Amounts(penalty=5000),
    ),
    Case(
        "三(二)2 vetoed last year only: no penalty this year",
        {"上年一票否决": "是"},
        Expected({**COMMENDED, "本年重点管理单位": None}, because(1)),
        Amounts(penalty=5000),
    ),
    Case(
        "三(二)2 all three set, vetoed this year, commended last: the penalty only",
        {"考评总分": 59, "上年通报表彰": "是"},
        Expected({**vetoed(4), "否决处罚": 5000}, rank=7),
        Amounts(2000, 3000, 5000),
    ),
]

_BIG = [
    Case(
        "三(二)3 999 999 collective visits to the city: 199 999 800",
        {**collective(city=999999), "信访总量": 999999},
        Expected(
            {**vetoed(3), "罚款.集访到市": 199999800},
            NONE,
            NOT_FOUR,
            {"罚款.集访到市": (999999, 200)},
            Settlement(3000, 199999800, 3000, 199996800),
        ),
    ),
    Case(
        "三(二)3 999 999 collective visits to Beijing over a deposit of 2 000 000 000",
        {**collective(beijing=999999), "信访总量": 999999, "保证金": 2000000000},
        Expected(
            {**vetoed(1), "罚款.集访进京": 1499998500},
            NONE,
            NOT_FOUR_SKIPPED,
            {"罚款.集访进京": (999999, 1500)},
            Settlement(2000000000, 1499998500, 1499998500, 0),
        ),
    ),
    Case(
        "三(二)3 999 999 of each of the eight: 4 600 000 000 less 4 600",
        {
            **collective(999999, 999999, 999999, 999999),
            **single(999999, 999999, 999999),
            **due_cases(999999, 0, 999999),
            "信访总量": 999999,
        },
        Expected(
            {
                **vetoed(1, 2, 3),
                "罚款.集访到市": 199999800,
                "罚款.集访到地区": 499999500,
                "罚款.集访赴省": 999999000,
                "罚款.集访进京": 1499998500,
                "罚款.越级到地区": 99999900,
                "罚款.越级赴省": 299999700,
                "罚款.越级进京": 499999500,
                "罚款.逾期未报": 499999500,
            },
            NONE,
            {"四无": False, "无越级上访": False, "按期查结": False},
            {
                "罚款.集访到市": (999999, 200),
                "罚款.集访到地区": (999999, 500),
                "罚款.集访赴省": (999999, 1000),
                "罚款.集访进京": (999999, 1500),
                "罚款.越级到地区": (999999, 100),
                "罚款.越级赴省": (999999, 300),
                "罚款.越级进京": (999999, 500),
                "罚款.逾期未报": (999999, 500),
            },
            Settlement(3000, 4599995400, 3000, 4599992400),
            warnings=frozenset({"总量"}),
        ),
    ),
    Case(
        "三(一)2(1) 999 999 matters, old petitioners and old cases, no collective visit: commended",
        {"信访总量": 999999, "信访老户数": 999999, "信访积案数": 999999},
        Expected(COMMENDED, because(1), NOT_FOUR),
    ),
]

CASES: list[Case] = [
    *_VETO_COLLECTIVE,
    *_VETO_POINTS,
    *_VETO_CONSEQUENCE,
    *_VETO_SEVERAL,
    *_VETO_BEATS_HONOUR,
    *_COMMENDED_FOR_NO_COLLECTIVE,
    *_COMMENDED_FOR_PLACE,
    *_COMMENDED_FOR_FOUR_WITHOUTS,
    *_COMMENDED_FOR_FEWEST,
    *_COMMENDED_FOR_SEVERAL,
    *_MERIT,
    *_KEY_MANAGEMENT,
    *_FINES,
    *_DEPOSIT,
    *_TARGETS,
    *_ACCOUNTABILITY,
    *_AMOUNTS,
    *_BIG,
]

# --- several units together -----------------------------------------------------------------------------


def marks(points: str, matters: int = 50) -> dict[str, Answer]:
    """考评总分 and 信访总量, after one collective visit to the city: commended for nothing else."""
    return {**collective(city=1), "考评总分": Fraction(points), "信访总量": matters}


def praised(name: str, points: str, rank: int, *reasons: int, matters: int = 50) -> Unit:
    """A unit with one collective visit to the city that is commended."""
    outcomes = {**COMMENDED, **CITY_FINE}
    return Unit(name, marks(points, matters), points, rank, outcomes, frozenset(reasons), CITY_SETTLED)


def passed_over(name: str, points: str, rank: int, matters: int = 50) -> Unit:
    """A unit with one collective visit to the city that is not commended."""
    return Unit(name, marks(points, matters), points, rank, CITY_FINE, NONE, CITY_SETTLED)


def barred(name: str, points: str, rank: int, matters: int = 50) -> Unit:
    """A unit with one collective visit to the city, vetoed because it had a severe consequence."""
    changes: dict[str, Answer] = {**marks(points, matters), "因工作不力造成严重后果": "是"}
    return Unit(name, changes, points, rank, {**vetoed(5), **CITY_FINE}, NONE, CITY_SETTLED)


_PLACE_COHORTS = [
    Cohort(
        "三(一)2(2) six different totals: the first five, not the sixth, in whatever order they come",
        (
            passed_over("甲", "94.00", 6),
            praised("乙", "97.00", 3, 2),
            praised("丙", "99.00", 1, 2, 4, matters=10),
            praised("丁", "95.00", 5, 2),
            praised("戊", "98.00", 2, 2),
            praised("己", "96.00", 4, 2),
        ),
    ),
    Cohort(
        "三(一)2(2) two tie at the fifth place: both; the next is seventh",
        (
            praised("甲", "99.00", 1, 2, 4, matters=10),
            praised("乙", "98.00", 2, 2),
            praised("丙", "97.00", 3, 2),
            praised("丁", "96.00", 4, 2),
            praised("戊", "95.00", 5, 2),
            praised("己", "95.00", 5, 2),
            passed_over("庚", "94.99", 7),
        ),
    ),
    Cohort(
        "三(一)2(2) four tie at the fifth place: all four; the next is ninth",
        (
            passed_over("甲", "70.00", 9),
            praised("乙", "71.00", 5, 2),
            praised("丙", "71.00", 5, 2),
            praised("丁", "71.00", 5, 2),
            praised("戊", "71.00", 5, 2),
            praised("己", "72.00", 4, 2),
            praised("庚", "73.00", 3, 2),
            praised("辛", "74.00", 2, 2),
            praised("壬", "75.00", 1, 2, 4, matters=10),
        ),
    ),
    Cohort(
        "三(一)2(2) two tie at the fourth place: the next is sixth and not commended",
        (
            praised("甲", "99.00", 1, 2, 4, matters=10),
            praised("乙", "98.00", 2, 2),
            praised("丙", "97.00", 3, 2),
            praised("丁", "96.00", 4, 2),
            praised("戊", "96.00", 4, 2),
            passed_over("己", "95.99", 6),
        ),
    ),
    Cohort(
        "三(一)2(2) six tie at the first place: all six; the next is seventh",
        (
            praised("甲", "100.00", 1, 2, 4, matters=10),
            praised("乙", "100.00", 1, 2),
            praised("丙", "100.00", 1, 2),
            praised("丁", "100.00", 1, 2),
            praised("戊", "100.00", 1, 2),
            praised("己", "100.00", 1, 2),
            passed_over("庚", "99.99", 7),
        ),
    ),
    Cohort(
        "三(一)2(2) fewer than five units: each is among the first five, even with 60 points",
        (
            praised("甲", "60.00", 3, 2),
            praised("乙", "61.00", 2, 2, 4, matters=10),
            praised("丙", "90.00", 1, 2),
        ),
    ),
    Cohort(
        "三(一)2(2) and (4) a unit by itself is first and has the fewest matters",
        (praised("甲", "60.00", 1, 2, 4, matters=999999),),
    ),
    Cohort("三(二)2 a unit by itself, first, with the fewest matters, vetoed", (barred("甲", "100.00", 1),)),
]

_NOBODY_MOVES_UP_COHORTS = [
    Cohort(
        "三(二)2 the first is vetoed: it keeps its place, and the sixth does not move up",
        (
            barred("甲", "99.00", 1),
            praised("乙", "98.00", 2, 2),
            praised("丙", "97.00", 3, 2),
            praised("丁", "96.00", 4, 2),
            praised("戊", "95.00", 5, 2),
            passed_over("己", "94.00", 6),
            praised("庚", "93.00", 7, 4, matters=10),
        ),
    ),
    Cohort(
        "三(二)2 all of the first five are vetoed: nobody is commended for a place",
        (
            barred("甲", "99.00", 1),
            barred("乙", "98.00", 2),
            barred("丙", "97.00", 3),
            barred("丁", "96.00", 4),
            barred("戊", "96.00", 4),
            passed_over("己", "95.00", 6),
            praised("庚", "60.00", 7, 4, matters=10),
        ),
    ),
    Cohort(
        "三(二)2 one of two at the fifth place is vetoed: the other is commended, the seventh not",
        (
            praised("甲", "99.00", 1, 2, 4, matters=10),
            praised("乙", "98.00", 2, 2),
            praised("丙", "97.00", 3, 2),
            praised("丁", "96.00", 4, 2),
            barred("戊", "95.00", 5),
            praised("己", "95.00", 5, 2),
            passed_over("庚", "94.00", 7),
        ),
    ),
    Cohort(
        "三(二)2 a vetoed unit has the fewest matters: the second fewest is not the fewest",
        (
            praised("甲", "99.00", 1, 2),
            praised("乙", "98.00", 2, 2),
            praised("丙", "97.00", 3, 2),
            praised("丁", "96.00", 4, 2),
            praised("戊", "95.00", 5, 2),
            passed_over("己", "94.00", 6, matters=10),
            barred("庚", "93.00", 7, matters=9),
        ),
    ),
    Cohort(
        "三(二)2 a vetoed unit shares the fewest matters: the other is commended",
        (
            praised("甲", "99.00", 1, 2),
            praised("乙", "98.00", 2, 2),
            praised("丙", "97.00", 3, 2),
            praised("丁", "96.00", 4, 2),
            praised("戊", "95.00", 5, 2),
            praised("己", "94.00", 6, 4, matters=9),
            barred("庚", "93.00", 7, matters=9),
        ),
    ),
    Cohort(
        "三(二)2 all are vetoed: nobody is commended",
        (
            barred("甲", "99.00", 1),
            barred("乙", "98.00", 2),
            barred("丙", "98.00", 2, matters=10),
        ),
    ),
    Cohort(
        "三(二)1(4) vetoed by points: the units below 60 are ranked with the others",
        (
            Unit("甲", {"考评总分": dec("59.99"), "信访总量": 10}, "59.99", 3, vetoed(4), NONE),
            praised("乙", "60.00", 2, 2),
            Unit("丙", {"考评总分": 0}, "0.00", 5, vetoed(4), NONE),
            Unit("丁", {"考评总分": 59}, "59.00", 4, vetoed(4), NONE),
            praised("戊", "60.01", 1, 2),
        ),
    ),
]

_FEWEST_COHORTS = [
    Cohort(
        "三(一)2(4) two share the fewest matters: both",
        (
            praised("甲", "99.00", 1, 2),
            praised("乙", "98.00", 2, 2),
            praised("丙", "97.00", 3, 2),
            praised("丁", "96.00", 4, 2),
            praised("戊", "95.00", 5, 2, 4, matters=12),
            praised("己", "94.00", 6, 4, matters=12),
            passed_over("庚", "93.00", 7, matters=13),
        ),
    ),
    Cohort(
        "三(一)2(4) all have the same number of matters: all are commended",
        (
            praised("甲", "99.00", 1, 2, 4),
            praised("乙", "98.00", 2, 2, 4),
            praised("丙", "97.00", 3, 2, 4),
            praised("丁", "96.00", 4, 2, 4),
            praised("戊", "95.00", 5, 2, 4),
            praised("己", "94.00", 6, 4),
            praised("庚", "60.00", 7, 4),
        ),
    ),
    Cohort(
        "三(一)2(4) no matter at all in two units, one in a third",
        (
            praised("甲", "99.00", 1, 2),
            praised("乙", "98.00", 2, 2),
            praised("丙", "97.00", 3, 2),
            praised("丁", "96.00", 4, 2),
            praised("戊", "95.00", 5, 2),
            Unit("己", {"考评总分": 94, "信访总量": 0}, "94.00", 6, COMMENDED, because(1, 4)),
            Unit("庚", {"考评总分": 93, "信访总量": 0}, "93.00", 7, COMMENDED, because(1, 4)),
            passed_over("辛", "92.00", 8, matters=1),
        ),
    ),
]

_HONOUR_COHORTS = [
    Cohort(
        "三(一)2(3) never alone: with 四无 and 95 points (1) holds too, and without 四无 it does not hold",
        (
            praised("甲", "100.00", 1, 2),
            praised("乙", "100.00", 1, 2),
            praised("丙", "100.00", 1, 2),
            praised("丁", "100.00", 1, 2),
            praised("戊", "100.00", 1, 2, 4, matters=10),
            Unit("己", {"考评总分": 95}, "95.00", 6, COMMENDED, because(1, 3)),
            Unit("庚", {"考评总分": 95, "信访老户数": 1}, "95.00", 6, COMMENDED, because(1)),
            passed_over("辛", "95.00", 6),
            Unit("壬", {"考评总分": dec("94.99")}, "94.99", 9, COMMENDED, because(1)),
        ),
    ),
    Cohort(
        "三(一)3(2) last year's commendation: cited when commended again, not when passed over or vetoed",
        (
            praised("甲", "99.00", 1, 2),
            Unit(
                "乙",
                {**marks("98.00"), "上年通报表彰": "是"},
                "98.00",
                2,
                {**CITED, **CITY_FINE},
                because(2),
                CITY_SETTLED,
            ),
            praised("丙", "97.00", 3, 2, 4, matters=10),
            Unit(
                "丁",
                {**marks("96.00"), "上年通报表彰": "是", "因工作不力造成严重后果": "是"},
                "96.00",
                4,
                {**vetoed(5), **CITY_FINE},
                NONE,
                CITY_SETTLED,
            ),
            Unit(
                "戊",
                {**marks("95.00"), "上年通报表彰": "否"},
                "95.00",
                5,
                {**COMMENDED, **CITY_FINE},
                because(2),
                CITY_SETTLED,
            ),
            Unit(
                "己",
                {**marks("94.00"), "上年通报表彰": "是"},
                "94.00",
                6,
                CITY_FINE,
                NONE,
                CITY_SETTLED,
            ),
            Unit("庚", {"考评总分": 93, "上年通报表彰": "是"}, "93.00", 7, CITED, because(1)),
        ),
    ),
    Cohort(
        "三(一)3 and 三(二)2 amounts: 1 200 to each commended, 2 500 to each cited, 800 from each vetoed",
        (
            Unit("甲", {"信访总量": 10}, "80.00", 1, {"通报表彰": 1200}, because(1, 2, 4)),
            Unit(
                "乙",
                {"考评总分": 79, "上年通报表彰": "是"},
                "79.00",
                2,
                {"通报表彰": 1200, "记功": 2500},
                because(1, 2),
            ),
            Unit(
                "丙",
                {**collective(province=1), "考评总分": 78, "上年通报表彰": "是", "保证金": 900},
                "78.00",
                3,
                {**vetoed(1), "否决处罚": 800, "罚款.集访赴省": 1000},
                NONE,
                Settlement(900, 1000, 900, 100),
            ),
            Unit(
                "丁",
                {"考评总分": 59, "保证金": 900},
                "59.00",
                4,
                {**vetoed(4), "否决处罚": 800},
                NONE,
                Settlement(900, 0, 0, 0),
            ),
        ),
        Amounts(1200, 2500, 800),
    ),
]

_LIST_AND_MONEY_COHORTS = [
    Cohort(
        "三(二)1 the lists of this year and the next: neither, one, the other, both",
        (
            Unit("甲", {"信访总量": 10}, "80.00", 1, COMMENDED, because(1, 2, 4)),
            Unit(
                "乙",
                {"上年一票否决": "是"},
                "80.00",
                1,
                {**COMMENDED, "本年重点管理单位": None},
                because(1, 2),
            ),
            Unit("丙", {"考评总分": 59, "上年一票否决": "否"}, "59.00", 3, vetoed(4), NONE),
            Unit(
                "丁",
                {"考评总分": 59, "上年一票否决": "是"},
                "59.00",
                3,
                {**vetoed(4), "本年重点管理单位": None},
                NONE,
            ),
        ),
    ),
    Cohort(
        "三(二)3 the same fines over different deposits: one unit's deposit pays nothing for another",
        (
            Unit(
                "甲",
                {**collective(prefecture=1), **single(beijing=1), "考评总分": 83, "保证金": 100000},
                "83.00",
                1,
                {**COMMENDED, "罚款.集访到地区": 500, "罚款.越级进京": 500},
                because(2, 4),
                Settlement(100000, 1000, 1000, 0),
            ),
            Unit(
                "乙",
                {**collective(prefecture=1), **single(beijing=1), "考评总分": 82, "保证金": 1000},
                "82.00",
                2,
                {**COMMENDED, "罚款.集访到地区": 500, "罚款.越级进京": 500},
                because(2, 4),
                Settlement(1000, 1000, 1000, 0),
            ),
            Unit(
                "丙",
                {**collective(prefecture=1), **single(beijing=1), "考评总分": 81, "保证金": 999},
                "81.00",
                3,
                {**COMMENDED, "罚款.集访到地区": 500, "罚款.越级进京": 500},
                because(2, 4),
                Settlement(999, 1000, 999, 1),
            ),
            Unit(
                "丁",
                {**collective(prefecture=1), **single(beijing=1), "考评总分": 80, "保证金": 0},
                "80.00",
                4,
                {**COMMENDED, "罚款.集访到地区": 500, "罚款.越级进京": 500},
                because(2, 4),
                Settlement(0, 1000, 0, 1000),
            ),
        ),
    ),
]

COHORTS: list[Cohort] = [
    *_PLACE_COHORTS,
    *_NOBODY_MOVES_UP_COHORTS,
    *_FEWEST_COHORTS,
    *_HONOUR_COHORTS,
    *_LIST_AND_MONEY_COHORTS,
]

# --- answers that cannot both be true -------------------------------------------------------------------

_BOTH = frozenset({"按期查结案件数", "应查结案件数"})

CONTRADICTIONS: list[Contradiction] = [
    Contradiction("an ordinary unit does not contradict itself", {}, frozenset()),
    Contradiction("20 due, 19 in time", due_cases(20, 19), frozenset()),
    Contradiction("20 due, 21 in time", due_cases(20, 21), _BOTH),
    Contradiction("none due, none in time", due_cases(0, 0), frozenset()),
    Contradiction("none due, one in time", due_cases(0, 1), _BOTH),
    Contradiction("999 999 due, all in time", due_cases(999999, 999999), frozenset()),
    Contradiction("999 998 due, 999 999 in time", due_cases(999998, 999999), _BOTH),
    Contradiction(
        "what only looks implausible is no contradiction: 27 visits, no matter, one overdue, a consequence",
        {**single(9, 9, 9), **due_cases(20, 20, 1), "信访总量": 0, "因工作不力造成严重后果": "是"},
        frozenset(),
    ),
]

# --- answers that look implausible together -------------------------------------------------------------

_TOO_MANY_VISITS, _TOO_MANY_OVERDUE = frozenset({"总量"}), frozenset({"逾期"})
_CONSEQUENCE_OF_NOTHING = frozenset({"后果"})

WARNINGS: list[Warned] = [
    Warned("an ordinary unit is not asked about", {}, NO_WARNING),
    Warned("总量 no visit, no matter", {"信访总量": 0}, NO_WARNING),
    Warned(
        "总量 ten visits of each kind, 70 matters",
        {**collective(10, 10, 10, 10), **single(10, 10, 10), "信访总量": 70},
        NO_WARNING,
    ),
    Warned(
        "总量 ten visits of each kind, 69 matters",
        {**collective(10, 10, 10, 10), **single(10, 10, 10), "信访总量": 69},
        _TOO_MANY_VISITS,
    ),
    Warned("总量 a collective visit to the city, no matter", {**collective(city=1), "信访总量": 0}, _TOO_MANY_VISITS),
    Warned(
        "总量 a collective visit to the prefecture, no matter",
        {**collective(prefecture=1), "信访总量": 0},
        _TOO_MANY_VISITS,
    ),
    Warned(
        "总量 a collective visit to the province, no matter",
        {**collective(province=1), "信访总量": 0},
        _TOO_MANY_VISITS,
    ),
    Warned("总量 a collective visit to Beijing, no matter", {**collective(beijing=1), "信访总量": 0}, _TOO_MANY_VISITS),
    Warned(
        "总量 a single visit to the prefecture, no matter", {**single(prefecture=1), "信访总量": 0}, _TOO_MANY_VISITS
    ),
    Warned("总量 a single visit to the province, no matter", {**single(province=1), "信访总量": 0}, _TOO_MANY_VISITS),
    Warned("总量 a single visit to Beijing, no matter", {**single(beijing=1), "信访总量": 0}, _TOO_MANY_VISITS),
    Warned("总量 one visit, one matter", {**single(beijing=1), "信访总量": 1}, NO_WARNING),
    Warned(
        "总量 old petitioners and old cases are no visits",
        {"信访总量": 0, "信访老户数": 5, "信访积案数": 5},
        NO_WARNING,
    ),
    Warned("逾期 two open, two overdue", due_cases(20, 18, 2), NO_WARNING),
    Warned("逾期 two open, three overdue", due_cases(20, 18, 3), _TOO_MANY_OVERDUE),
    Warned("逾期 two open, one overdue", due_cases(20, 18, 1), NO_WARNING),
    Warned("逾期 none open, one overdue", due_cases(20, 20, 1), _TOO_MANY_OVERDUE),
    Warned("逾期 none due, none overdue", due_cases(0, 0, 0), NO_WARNING),
    Warned("逾期 none due, one overdue", due_cases(0, 0, 1), _TOO_MANY_OVERDUE),
    Warned("后果 without any visit", {"因工作不力造成严重后果": "是"}, _CONSEQUENCE_OF_NOTHING),
    Warned(
        "后果 with skip-level visits that are not collective",
        {**single(1, 1, 1), "因工作不力造成严重后果": "是"},
        _CONSEQUENCE_OF_NOTHING,
    ),
    Warned(
        "后果 with a collective visit to the city", {**collective(city=1), "因工作不力造成严重后果": "是"}, NO_WARNING
    ),
    Warned(
        "后果 with a collective visit to the prefecture",
        {**collective(prefecture=1), "因工作不力造成严重后果": "是"},
        NO_WARNING,
    ),
    Warned(
        "后果 with a collective visit to the province",
        {**collective(province=1), "因工作不力造成严重后果": "是"},
        NO_WARNING,
    ),
    Warned(
        "后果 with a collective visit to Beijing", {**collective(beijing=1), "因工作不力造成严重后果": "是"}, NO_WARNING
    ),
    Warned("后果 none found, no visit", {"因工作不力造成严重后果": "否"}, NO_WARNING),
    Warned(
        "all three at once",
        {**single(prefecture=1), **due_cases(5, 5, 1), "信访总量": 0, "因工作不力造成严重后果": "是"},
        frozenset({"总量", "逾期", "后果"}),
    ),
]
