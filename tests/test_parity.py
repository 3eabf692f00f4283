"""The live self-scores of a template are the engine's scores: in LibreOffice and in plain doubles.

A family is a scheme as it goes out for a period with many sets of answers, a workbook each. All workbooks of all
families go through LibreOffice in one go, every stored value replaced by a sentinel before.
"""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook

from tests import office
from tests.cases_district import (
    CASES,
    CONTRADICTIONS,
    FULL,
    PERFECT,
    WORST,
    Answer,
    Case,
    Contradiction,
    beijing,
    city,
    dec,
    home,
    months,
    province,
    quarters,
)
from tests.cases_liaocheng import PLAIN, REPORTED, due_cases
from tests.cases_xinyang import PERFECT_UNIT, complaints, handled, silent
from tests.oracle import district
from tests.parity import (
    BY_REVIEW,
    CONFLICT,
    OPTIONAL,
    WAITING,
    Change,
    Filled,
    Forms,
    Said,
    Typed,
    Values,
    alike,
    all_differences,
    differences,
    exactly,
    face,
    miscounting,
    rewrite,
    says,
    scaled,
    shown_by_doubles,
    shown_by_office,
    stale,
    write_forms,
)
from tests.parity_sets import LIAOCHENG, LIAOCHENG_HALF, XINYANG, XINYANG_PERIODS, changed, judged, packed
from tests.stored import stored
from xfkh.answers import read_cell
from xfkh.formula import excel
from xfkh.formula.tree import COMPARISONS, Apply, Node
from xfkh.intake.form import read_form
from xfkh.model import NUMBER_LIMIT, Cell, Scheme
from xfkh.rules import KINDS, compile_part
from xfkh.scheme import SchemeError, load, read_text

DISTRICT = "district"
NOT_LIVE = {"六1+", "二余", "四余"}  # a place among the units; lines of the other reading

# --- district: sets of answers ------------------------------------------------------------------


def filled(sentence: str, *changes: Mapping[str, Answer], **typed: Typed) -> Filled:
    """PERFECT with some of it changed, and contents typed over it."""
    answers = dict(PERFECT)
    for change in changes:
        answers |= change
    return Filled(sentence, answers, typed)


def without(*names: str) -> dict[str, Answer]:
    """PERFECT with these inputs (or single cells of a series) left blank."""
    return {cell: value for cell, value in PERFECT.items() if not {cell, cell.partition("[")[0]} & set(names)}


def live_by_hand(expected: Mapping[str, str]) -> dict[str, str]:
    return {line: text for line, text in {**FULL, **expected}.items() if line not in NOT_LIVE}


PACKED = packed(CASES, PERFECT, FULL, lambda answers: district({"甲": answers})["甲"].items, NOT_LIVE)

ITEM_INPUTS: dict[str, tuple[str, ...]] = {
    "一1": ("纳入综合考核",),
    "一2": ("研究信访工作次数",),
    "一3": ("领导包案件数",),
    "二1": ("进京个访批次", "进京集访批次"),
    "二1+": ("进京个访批次", "进京集访批次"),
    "二2": ("赴省个访批次", "赴省集访批次"),
    "二2+": ("赴省集访批次",),
    "二3": ("赴市集访批次", "赴市集访20人以上批次", "赴市集访20人以上重复批次"),
    "二3+": ("赴市集访批次",),
    "二4": ("来区集访批次", "来区集访20人以上批次", "来区集访20人以上重复批次", "来区异常处置不力次数"),
    "二4+": ("来区集访10人以上批次",),
    "二5+": ("化解群访件数",),
    "三": ("交办老户件数", "按期报结老户件数"),
    "四1": ("信访信息条数",),
    "四2": ("信息员活动次数",),
    "五1": ("季度汇总上报",),
    "五2": ("半年年终总结",),
    "五3": ("月度分析",),
    "五4": ("重点对象措施",),
    "六1": ("台账清楚", "台账规范"),
    "六1+": ("台账规范",),
    "六2": ("无进京非访和重复访", "无进京个访赴省集访", "无历史积案和老户", "无影响大群体事件"),
    "六3": (
        "合理诉求件数", "解决到位件数", "无理诉求件数", "稳控到位件数",
        "困难求助件数", "救助到位件数", "违法行为件数", "依法处置件数",
    ),
    "六4": ("被列为市重点管理",),
    "七1": ("到场超时次数",),
    "七2": ("推诿次数",),
    "八1": ("应急制度方案",),
    "八2": ("领导小组工作组",),
    "八3": ("应急资金万元",),
    "八4": ("备忘录",),
    "八5": ("敏感期信息评分",),
    "八6": ("现场处置评分",),
    "九": ("无故缺席次数",),
    "十1": ("来信未按时答复件数",),
    "十2": ("重复来信件数",),
}  # fmt: skip

PAIRS = (
    ("合理诉求件数", "解决到位件数"),
    ("无理诉求件数", "稳控到位件数"),
    ("困难求助件数", "救助到位件数"),
    ("违法行为件数", "依法处置件数"),
)
FLAGS = [name for name, value in PERFECT.items() if value in ("是", "否")]


def each(name: str, *values: str | int) -> list[Mapping[str, Answer]]:
    """The values of one input, one after the other."""
    return [{name: Fraction(value)} for value in values]


# Around every threshold of every item; the tracks are walked side by side, each at its own length.
TRACKS: list[list[Mapping[str, Answer]]] = [
    each("研究信访工作次数", 1, 2, 3, 0, 999999),
    each("领导包案件数", 3, 1, 2, 0),
    [beijing(single, both) for single in (0, 1, 2, 3, 999999) for both in (0, 1)],
    [province(single, both) for single in (2, 3, 4, 0, 1, 999999) for both in (0, 1, 2, 3)],
    [city(5), city(6), city(7), city(3, 2, 1), city(3, 2), city(999999, 1), city(999999, 999999, 999999)],
    [home(11, 11), home(12), home(13), home(1, 1, 1), home(3, 3, 2, 1), home(3, 2, 2, bad=1)],
    [home(0, bad=2), home(0, bad=3), home(999999, 1), home(999999, 999999, 999999, 999999, 999999)],
    each("化解群访件数", 0, 1, 249999, 999999),
    [
        {"交办老户件数": asked, "按期报结老户件数": done}
        for asked, done in ((4, 1), (4, 0), (5, 0), (999999, 999995), (999999, 999996), (999999, 999999))
    ],
    [months(*counts) for counts in ((1, 1, 1), (1, 1, 1, 1), (0, 1, 1, 1), (999999, 0, 0), (2, 2, 2, 2, 2, 1, 1))],
    [quarters(*counts) for counts in ((0, 1, 2), (0, 0, 0, 999999), (0, 0, 0, 0))],
    [dict.fromkeys(FLAGS[:k] + FLAGS[k + 1 :: 2], "否") for k in range(len(FLAGS))],
    [
        {asked: whole, done: part}
        for whole, part in ((0, 0), (1, 0), (999999, 999998), (999999, 999999))
        for asked, done in PAIRS
    ],
    each("到场超时次数", 0, 1, 2, 999999),
    each("推诿次数", 1, 2, 3, 0, 999999),
    each("应急资金万元", "3", "2.999999", "3.000001", "0.000001", "2.5", "999999999.999999"),
    each("敏感期信息评分", "0.005", "0.004999", "1.115", "1.994999", "1.995", "0.285", "1.999999"),
    each("现场处置评分", "2.675", "2.674999", "3.995", "3.994999", "0.125", "1.005", "2.345", "4"),
    each("无故缺席次数", 3, 4, 5, 999999),
    each("来信未按时答复件数", 1, 7, 8, 9, 999999),
    each("重复来信件数", 2, 3, 4),
]


def truthful(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers without the claim that the counts of visits belie."""
    belied = answers["进京个访批次"] or answers["赴省集访批次"]
    return {**answers, "无进京个访赴省集访": "否"} if belied else dict(answers)


def step(number: int) -> Filled:
    one = filled(f"around the thresholds, step {number + 1}", *(track[number % len(track)] for track in TRACKS))
    return one._replace(answers=truthful(one.answers))


THRESHOLDS = [step(number) for number in range(max(map(len, TRACKS)))]


def some(rng: random.Random) -> int:
    """A count: mostly small, sometimes as large as a count may be."""
    return rng.choice((0, 0, 0, 1, 1, 2, 3, rng.randint(0, 12), rng.randint(0, 999), rng.randint(0, 999999), 999999))


def some_year(rng: random.Random) -> dict[str, Answer]:
    """A complete set of answers that do not contradict each other."""
    answers: dict[str, Answer] = {name: rng.choice("是否") for name in FLAGS}
    answers |= {name: some(rng) for name, value in PERFECT.items() if value not in ("是", "否")}
    for chain in (
        ("赴市集访批次", "赴市集访20人以上批次", "赴市集访20人以上重复批次"),
        ("来区集访批次", "来区集访10人以上批次", "来区集访20人以上批次", "来区集访20人以上重复批次"),
        ("交办老户件数", "按期报结老户件数"),
        *PAIRS,
    ):
        for whole, part in itertools.pairwise(chain):
            most = answers[whole]
            assert isinstance(most, int)
            answers[part] = rng.choice((0, most, max(0, most - 1), rng.randint(0, most)))
    answers["应急资金万元"] = rng.choice((judged(rng, 6), Fraction(3), judged(rng, 999999)))
    return truthful(answers | {"敏感期信息评分": judged(rng, 2), "现场处置评分": judged(rng, 4)})


def some_years(count: int) -> Iterator[Filled]:
    rng = random.Random(20250101)
    for number in range(1, count + 1):
        yield Filled(f"a year at random, {number}", some_year(rng))


def half_filled(count: int) -> Iterator[Filled]:
    """Random years, contradictory ones among them, with cells left blank at random."""
    rng = random.Random(20250102)
    for number in range(1, count + 1):
        year = some_year(rng) | {
            "赴市集访20人以上批次": some(rng),
            "解决到位件数": some(rng),
            "进京个访批次": some(rng),
        }
        share = rng.random()
        kept = {cell: value for cell, value in year.items() if rng.random() > share / 2}
        yield Filled(f"half filled at random, {number}", kept)


def blank_lines(lines: Sequence[str]) -> Filled:
    """All the answers of some lines, of different sections, are blank."""
    names = [name for line in lines for name in ITEM_INPUTS[line]]
    return Filled(f"the answers of {'、'.join(lines)} are blank", without(*names))


INCOMPLETE = [
    Filled("only the flags", {name: PERFECT[name] for name in FLAGS}),
    *(blank_lines(list(ITEM_INPUTS)[k::12]) for k in range(12)),
    *(Filled(f"{month}月 is blank", without(f"信访信息条数[{month}]")) for month in (1, 6, 7, 12)),
    Filled("the second quarter is blank", without("信息员活动次数[2]")),
    Filled("a part larger than a whole that is blank", without("赴市集访批次") | {"赴市集访20人以上批次": 3}),
    Filled("a claim without the count that would belie it", without("进京个访批次")),
    *half_filled(8),
]

CONTRADICTORY = [filled(case.sentence, case.changes) for case in CONTRADICTIONS] + [
    filled(
        "everything contradicts everything",
        city(1, 2, 3), home(1, 2, 3, 4), {"交办老户件数": 1, "按期报结老户件数": 2},
        {done: 200 for _, done in PAIRS}, {"进京个访批次": 1, "赴省集访批次": 1},
    ),
]  # fmt: skip

NUMBER, WHOLE, FLAG, MONTHS, AMOUNT = "应填数字", "应填0以上整数", "应填是或否", "应填数字", "应填0以上的数"
TYPED = [
    filled(
        "texts where numbers belong, other words where 是 or 否 belongs",
        推诿次数=Typed("3次", NUMBER), 来信未按时答复件数=Typed("约5", NUMBER), 重复来信件数=Typed(" ", "未填"),
        应急资金万元=Typed("3万元", NUMBER), 敏感期信息评分=Typed("1.5", NUMBER), 无故缺席次数=Typed("５", NUMBER),
        备忘录=Typed("√", FLAG), 台账清楚=Typed("是 ", FLAG), 月度分析=Typed(1, FLAG), 应急制度方案=Typed("  ", "未填"),
        化解群访件数=Typed("无", NUMBER), 被列为市重点管理=Typed("没有", FLAG),
        **{"信访信息条数[3]": Typed("2条", MONTHS), "信息员活动次数[4]": Typed(" ", MONTHS)},
    ),
    filled(
        "numbers that cannot be",
        推诿次数=Typed(-1, WHOLE), 来信未按时答复件数=Typed(2.5, WHOLE), 重复来信件数=Typed(1000000, WHOLE),
        应急资金万元=Typed(-0.5, AMOUNT), 敏感期信息评分=Typed(2.000001, "应在0到2之间"),
        现场处置评分=Typed(1.0000001, "应在0到4之间"), 化解群访件数=Typed(1e300, WHOLE),
        **{"信访信息条数[3]": Typed(-1, WHOLE), "信访信息条数[12]": Typed(2.5, WHOLE)},
        **{"信息员活动次数[1]": Typed(1000000, WHOLE)},
    ),
    filled(
        "formulas that give an error",
        推诿次数=Typed("=1/0", "是错误值"), 备忘录=Typed("=1/0", "是错误值"), 应急资金万元=Typed('=1+"甲"', "是错误值"),
        现场处置评分=Typed("=1/0", "是错误值"), 进京个访批次=Typed("=1/0", "是错误值"),
        **{"信访信息条数[7]": Typed("=1/0", "未填"), "信息员活动次数[2]": Typed("=1/0", "未填")},
    ),
    filled(
        "sums of constants and numbers of another form stand",
        推诿次数=Typed("=3-2", "已填", 1), 应急资金万元=Typed("=1+1.999999", "已填", dec("2.999999")),
        来信未按时答复件数=Typed(3.0, "已填", 3), **{"信访信息条数[3]": Typed("=2-1", "已填", 1)},
    ),
    filled(
        "the noise of a binary sum is no decimal place",
        应急资金万元=Typed(2.9999999999, "已填", 3), 敏感期信息评分=Typed(0.1 + 0.2, "已填", dec("0.3")),
        现场处置评分=Typed(1.1 + 2.2, "已填", dec("3.3")),
    ),
    filled(
        "a fund that the form and the reader of returns take for 3 has the points of 3",
        应急资金万元=Typed(2.9999999997, "已填", 3),
    ),
    filled("half a batch contradicts nothing", 赴市集访20人以上批次=Typed(2.5, WHOLE)),
    filled("less than none contradicts nothing", 交办老户件数=Typed(-1, WHOLE)),
    filled("a million is no count, so it belies no claim", 进京个访批次=Typed(1000000, WHOLE)),
    filled("a text contradicts nothing", 进京个访批次=Typed("1批次", NUMBER), 解决到位件数=Typed("全部", NUMBER)),
    filled("a tick is no claim yet", {"进京个访批次": 1}, 无进京个访赴省集访=Typed("√", FLAG)),
]  # fmt: skip

DISTRICT_SETS = [
    *(sheet for sheet, _ in PACKED),
    *THRESHOLDS,
    *CONTRADICTORY,
    *TYPED,
    Filled("nothing filled in", {}),
    filled("as much money as the reader of returns takes", {"应急资金万元": NUMBER_LIMIT}),
]
AT_LARGE = [*some_years(30), *INCOMPLETE]

SHORT_OF_A_YEAR = {"一2": "0", "一3": "0", "二1+": "0", "二2+": "0", "二3+": "0", "二4+": "0"}
HALF = live_by_hand(SHORT_OF_A_YEAR)
MONTH = live_by_hand({**SHORT_OF_A_YEAR, "四2": "0"})  # no quarter lies wholly in a month
NOTHING_LEFT = dict.fromkeys(HALF, "0")
ALL_YEAR: dict[str, Answer] = {"研究信访工作次数": 0, "领导包案件数": 0, "进京集访批次": 1}

MARCH_ALONE = without("信息员活动次数", *(f"信访信息条数[{k}]" for k in range(1, 13) if k != 3))


def judged_by(by_hand: Mapping[str, str], sentence: str, *changes: Mapping[str, Answer]) -> Filled:
    """PERFECT with changes, and the points that it has in a period."""
    return filled(sentence, *changes)._replace(by_hand=by_hand)


PERIOD_SETS: dict[str, list[Filled]] = {
    "上半年": [
        judged_by(HALF, "nothing goes wrong"),
        judged_by({**NOTHING_LEFT, "四2": "1"}, "everything goes wrong", WORST),
        Filled("nothing filled in", {}),
        judged_by({**HALF, "二1": "0"}, "what counts in a whole year only", ALL_YEAR),
        Filled("一2 and 二1 blank: the one is worth 0, the other waits", without("研究信访工作次数", "进京个访批次")),
        judged_by({**HALF, "四1": "1.5"}, "June one short", {"信访信息条数[6]": 1}),
        judged_by(
            HALF, "July and the third quarter are another period's", {"信访信息条数[7]": 0, "信息员活动次数[3]": 0}
        ),
        Filled("July and the third quarter blank", without("信访信息条数[7]", "信息员活动次数[3]"), {}, HALF),
        Filled("June blank", without("信访信息条数[6]")),
        judged_by(
            {**HALF, "四2": "1.5", "二5+": "8"},
            "the second quarter without a meeting, two matters resolved",
            {"信息员活动次数[2]": 0, "化解群访件数": 2},
        ),
        filled("a contradiction", city(1, 2)),
    ],
    "第1季度": [
        judged_by(HALF, "nothing goes wrong"),
        judged_by({**NOTHING_LEFT, "四2": "1.5"}, "everything goes wrong", WORST),
        Filled("nothing filled in", {}),
        judged_by({**HALF, "四1": "1.5"}, "March one short", {"信访信息条数[3]": 1}),
        Filled("April and the second quarter blank", without("信访信息条数[4]", "信息员活动次数[2]"), {}, HALF),
        Filled("March blank", without("信访信息条数[3]")),
        Filled("the quarter blank", without("信息员活动次数[1]")),
    ],
    "3月": [
        judged_by(MONTH, "nothing goes wrong"),
        judged_by({**NOTHING_LEFT, "四1": "1"}, "everything goes wrong", WORST),
        Filled("nothing filled in", {}),
        judged_by({**MONTH, "四1": "1"}, "March without a report", {"信访信息条数[3]": 0}),
        Filled("all other months and the quarters blank", MARCH_ALONE, {}, MONTH),
        Filled("March blank", without("信访信息条数[3]")),
    ],
}

# --- a small scheme for every kind of rule --------------------------------------------------------

HEAD = """
[scheme]
id = "small"
title = "一种计分方式"
version = "1"
status = "示范"
[[part]]
name = "单位"
"""


@dataclass(frozen=True)
class Small:
    """A scheme of few lines; ``one`` changes its rule in a single number (old text, new text)."""

    inputs: Sequence[str]
    items: Sequence[str]
    sets: Sequence[Filled]
    one: tuple[str, str] = ("", "")
    checks: Sequence[str] = ()
    sections: str = "一二"
    targets: Sequence[str] = ()
    more: str = ""

    @property
    def text(self) -> str:
        sections = [row(id=id, title=id, points=10) for id in self.sections]
        lists = (
            ("section", sections),
            ("input", self.inputs),
            ("item", self.items),
            ("check", self.checks),
            ("target", self.targets),
        )
        return HEAD + self.more + "".join(f"{name} = [{', '.join(rows)}]\n" for name, rows in lists)

    @functools.cached_property
    def scheme(self) -> Scheme:
        return read_text(self.text)[0]

    @functools.cached_property
    def changed(self) -> Scheme:
        """The scheme with the one number changed."""
        old, new = self.one
        assert self.text.count(old) == 1, f"{old!r} stands {self.text.count(old)} times in the scheme"
        return read_text(self.text.replace(old, new))[0]


def row(**values: str | int) -> str:
    """An inline table of TOML."""
    fields = (f"{key} = {value if isinstance(value, int) else repr(value)}" for key, value in values.items())
    return f"{{ {', '.join(fields)} }}"


def flag(name: str, **more: str | int) -> str:
    return row(name=name, kind="是否", **more)


def count(name: str, **more: str | int) -> str:
    return row(name=name, kind="件数", unit="件", **more)


def decimal(name: str, places: int, **more: str | int) -> str:
    return row(name=name, kind="数值", unit="分", decimals=places, **more)


def mark(name: str, most: int, places: int) -> str:
    return row(name=name, kind="评分", unit="分", maximum=most, decimals=places)


def marks(name: str, most: int, places: int) -> str:
    """The marks of several raters."""
    return row(name=name, kind="多人评分", unit="分", origin="复查", maximum=most, decimals=places)


def goal(id: str, condition: str) -> str:
    return row(id=id, title=id, condition=condition, clause="1")


def item(id: str, points: str, *rules: str) -> str:
    """An item of the section that its id begins with; no points: without a cap."""
    cap = f"points = '{points}', " if points else ""
    made = ", ".join(f"{{ {rule} }}" for rule in rules)
    return f"{{ id = '{id}', section = '{id[0]}', title = '{id}', clause = '1', {cap}rule = [{made}] }}"


def formula(text: str) -> str:
    return f"kind = '公式', formula = '{text}'"


def table(names: str, *rows: str) -> tuple[Filled, ...]:
    """Sets of answers as a table: a row a set, — for a blank cell, behind | points worked out by hand."""
    columns = names.split()
    sets = []
    for line in rows:
        figures, _, points = line.partition("|")
        pairs = list(zip(columns, figures.split(), strict=True))
        answers = {name: _answer(text) for name, text in pairs if text != "—"}
        by_hand = dict(each.split("=") for each in points.split())
        sets.append(Filled("，".join(f"{name} {text}" for name, text in pairs), answers, {}, by_hand))
    return tuple(sets)


def _answer(text: str) -> Answer:
    return text if text in ("是", "否") else Fraction(text)


def shortfalls(year: int, months: Sequence[int], quarters: Sequence[int], **by_hand: str) -> Filled:
    """Counts of a year, of its months from January on and of its quarters."""
    answers: dict[str, Answer] = {"会议次数": year}
    answers |= {f"月报条数[{k}]": number for k, number in enumerate(months, 1)}
    answers |= {f"季查次数[{k}]": number for k, number in enumerate(quarters, 1)}
    return Filled(f"会议 {year}，月报 {months}，季查 {quarters}", answers, {}, by_hand)


def met(filled: Filled, said: str) -> Filled:
    """A set with what is said of the goals, by hand: 四无=达到 …"""
    return filled._replace(targets=dict(each.split("=") for each in said.split()))


def rated_by(points: str, *marks: str | None) -> Filled:
    """The marks of the first rater, the second …, None where one did not rate, and the points by hand."""
    answers = {f"对接评分[{k}]": Fraction(mark) for k, mark in enumerate(marks, 1) if mark is not None}
    by_hand = {"一1": points, "二1": "1"} if points else {"二1": "1"}
    return Filled(f"marks {marks}", {**answers, "有制度": "是"}, {}, by_hand)


def grouped(points: str, mass: Sequence[str | None], above: Sequence[str | None]) -> Filled:
    """The marks of two groups of raters, None where one did not rate, and the points by hand."""
    answers: dict[str, Answer] = {"有制度": "是"}
    for name, given in (("群众评分", mass), ("上级评分", above)):
        answers |= {f"{name}[{k}]": Fraction(mark) for k, mark in enumerate(given, 1) if mark is not None}
    return Filled(f"marks {mass}, {above}", answers, {}, {"一1": points, "二1": "1"} if points else {"二1": "1"})


SMALL: dict[str, Small] = {
    "是否得分": Small(
        [flag("有制度"), flag("被通报"), flag("有台账")],
        [
            item("一1", "2", "kind = '是否得分', input = '有制度'"),
            item("一2", "2/3", "kind = '是否得分', input = '被通报', earns = '否'"),
            item("二1", "0.125", "kind = '是否得分', input = '有台账'"),
        ],
        table(
            "有制度 被通报 有台账",
            "是 否 是 | 一1=2 一2=0.67 二1=0.13",
            "否 是 否 | 一1=0 一2=0 二1=0",
            "是 是 —",
            "— — —",
            "否 否 是",
        ),
        ("'0.125'", "'0.135'"),
    ),
    "评审打分": Small(
        [mark("甲评分", 2, 6), mark("乙评分", 10, 3), mark("丙评分", 100, 4)],
        [
            item("一1", "2", "kind = '评审打分', input = '甲评分'"),
            item("一2", "10", "kind = '评审打分', input = '乙评分'"),
            item("二1", "100", "kind = '评审打分', input = '丙评分'"),
        ],
        table(
            "甲评分 乙评分 丙评分",
            "1.005 2.675 64.285 | 一1=1.01 一2=2.68 二1=64.29",
            "0.004999 8.345 99.995 | 一1=0 一2=8.35 二1=100",
            "0.005 1.115 99.9949 | 一1=0.01 一2=1.12 二1=99.99",
            "1.994999 9.994 0.005 | 一1=1.99 一2=9.99 二1=0.01",
            "1.995 9.995 1.255 | 一1=2 一2=10 二1=1.26",
            "0 0.005 100",
            "— 4.35 33.3333",
            "0.285 0.015 99.9999",
        ),
        ("input = '丙评分'", "input = '丙评分' }, { kind = '公式', formula = '0.01'"),
    ),
    "按次扣分": Small(
        [count("甲次数"), count("乙次数"), decimal("丙万元", 3)],
        [
            item(
                "一1",
                "10",
                "kind = '按次扣分', input = '甲次数', each = '1/3'",
                "kind = '按次扣分', input = '乙次数', each = 0.35",
            ),
            item("一2", "100", "kind = '按次扣分', input = '甲次数', each = '1/7', count = '甲次数+2*乙次数'"),
            item("二1", "20/3", "kind = '按次扣分', input = '丙万元', each = '2/3'"),
            item("二2", "1000000", "kind = '按次扣分', input = '甲次数', each = 0.001, count = '甲次数*乙次数'"),
        ],
        table(
            "甲次数 乙次数 丙万元",
            "0 0 0 | 一1=10 一2=100 二1=6.67 二2=1000000",
            "1 0 0.005 | 一1=9.67 一2=99.86 二1=6.66 二2=1000000",
            "2 1 9.999 | 一1=8.98 一2=99.43 二1=0",
            "29 0 10 | 一1=0.33 一2=95.86 二1=0",
            "30 0 10.001 | 一1=0",
            "0 28 3.335 | 一1=0.2",
            "0 29 1.115 | 一1=0",
            "3 25 0.007 | 一1=0.25",
            "699 0 0.015 | 一2=0.14",
            "700 0 0.045 | 一2=0",
            "999999 999999 999999.999",
            "31622 31622 2.675",
            "1234 567 4.447",
            "1 — 1",
        ),
        ("each = '1/7'", "each = '1/8'"),
    ),
    "缺项扣分": Small(
        [count("会议次数"), count("月报条数", series=12), count("季查次数", series=4)],
        [
            item("一1", "2", "kind = '缺项扣分', input = '会议次数', quota = 5, each = '1/3'"),
            item("一2", "5", "kind = '缺项扣分', input = '月报条数', quota = 1.5, each = 0.07"),
            item("二1", "5/3", "kind = '缺项扣分', input = '季查次数', quota = 3, each = '1/6'"),
        ],
        [
            shortfalls(5, (2,) * 12, (3, 3, 3, 3), 一1="2", 一2="5", 二1="1.67"),
            shortfalls(4, (1,) * 12, (2, 3, 4, 999999), 一1="1.67", 一2="4.58", 二1="1.5"),
            shortfalls(0, (0,) * 12, (0, 0, 0, 0), 一1="0.33", 一2="3.74", 二1="0"),
            shortfalls(6, (2, 1, 0, 2, 1, 0, 999999, 1, 0, 2, 1, 0), (2, 2, 2, 2), 一1="2", 一2="4.44", 二1="1"),
            shortfalls(999999, (1, 2) * 6, (1, 0, 1, 0)),
            shortfalls(3, (1,) * 11, (1, 1, 1, 1)),
        ],
        ("quota = 1.5", "quota = 1"),
    ),
    "阶梯": Small(
        [count("个访批次"), count("集访批次"), decimal("超支万元", 6)],
        [
            item("一1", "10", "kind = '阶梯', input = '个访批次', steps = '1:1/3, 3:2/3, 5:7'"),
            item(
                "一2",
                "6",
                "kind = '阶梯', input = '个访批次', steps = '2:4, 4:0.5, 10:5.995'",
                "kind = '按次扣分', input = '集访批次', each = 1.5",
            ),
            item("二1", "3", "kind = '阶梯', input = '超支万元', steps = '1:0.005, 3:2.995'"),
            item(
                "二2", "9", "kind = '阶梯', input = '个访批次', steps = '1:1, 3:0.5, 5:2', mode = '累加', over = '1/3'"
            ),
            item("二3", "8", "kind = '阶梯', input = '个访批次', steps = '5:7, 1:1/3, 3:2', mode = '首条'"),
        ],
        table(
            "个访批次 集访批次 超支万元",
            "0 0 0 | 一1=10 一2=6 二1=3 二2=9 二3=8",
            "1 0 0.999999 | 一1=9.67 一2=6 二1=3 二2=8 二3=7.67",
            "2 1 1 | 一1=9.67 一2=0.5 二1=3",
            "3 0 2.999999 | 一1=9.33 一2=2 二1=3",
            "4 3 3 | 一1=9.33 一2=1 二1=0.01 二2=7.5 二3=7.67",
            "5 0 3.000001 | 一1=3 一2=5.5 二1=0.01 二2=5.5 二3=1",
            "9 4 2 | 一2=0",
            "10 0 999999 | 一1=3 一2=0.01",
            "999999 0 — | 二2=0 二3=1",
            "6 — 1.5 | 二2=5.17 二3=1",
        ),
        ("3:2/3, 5:7", "3:2/3, 5:6"),
    ),
    "清单": Small(
        [flag("有制度"), flag("被通报"), count("交办件数"), count("办结件数"), decimal("经费万元", 6)],
        [
            item(
                "一1",
                "2",
                "kind = '清单', each = '2/3', conditions = ['有制度=\"是\"', '被通报=\"否\"', "
                "'办结件数/交办件数>=95%', '经费万元>=2.675']",
            ),
            item(
                "二1",
                "3",
                "kind = '清单', each = 0.335, conditions = ['OR(有制度=\"是\",交办件数=0)', "
                "'办结件数/交办件数<99.9%', '经费万元*3<>8.025']",
            ),
        ],
        table(
            "有制度 被通报 交办件数 办结件数 经费万元",
            "是 否 20 19 2.675 | 一1=2 二1=2.67",
            "是 否 20 18 2.674999 | 一1=0.67 二1=3",
            "否 是 0 0 2.675001 | 一1=0.67 二1=3",
            "否 否 1000 999 0 | 一1=0.67 二1=2.33",
            "是 是 1000 998 2.675 | 一1=1.33 二1=2.67",
            "是 否 999999 949999 3 | 一1=1.33",
            "是 否 999999 950000 3 | 一1=2",
            "否 否 0 5 9",
            "否 是 1 0 0",
            "是 否 — 5 3",
            "— — — — —",
        ),
        ("each = 0.335", "each = 0.345"),
    ),
    "达标": Small(
        [count("交办件数"), count("办结件数"), count("评价件数"), count("满意件数"), decimal("经费万元", 6)],
        [
            item("一1", "10", "kind = '达标', condition = '办结件数/交办件数>=95%'"),
            item("一2", "5", "kind = '达标', condition = 'AND(办结件数/交办件数>=95%,满意件数/评价件数>=85%)'"),
            item("一3", "3", "kind = '达标', condition = '(办结件数+满意件数)/(交办件数+评价件数)>0.9'"),
            item("二1", "8/3", "kind = '达标', condition = '经费万元>=2.675'"),
            item("二2", "1", "kind = '达标', condition = '经费万元/交办件数>=0.1'"),
            item("二3", "1", "kind = '达标', condition = '办结件数/交办件数>=满意件数/评价件数'"),
        ],
        table(
            "交办件数 办结件数 评价件数 满意件数 经费万元",
            "20 19 20 17 2 | 一1=10 一2=5 一3=0 二1=0 二2=1 二3=1",
            "100 95 100 85 10 | 一1=10 一2=5 一3=0 二1=2.67 二2=1 二3=1",
            "1000 949 1000 850 99.999999 | 一1=0 一2=0 二2=0",
            "1000 950 1000 849 100 | 一1=10 一2=0 二2=1",
            "1000 951 1000 851 100.000001 | 一1=10 一2=5 一3=3",
            "999999 949999 999999 849999 2.674999 | 一1=0 一2=0 二1=0",
            "999999 950000 999999 850000 2.675 | 一1=10 一2=5 一3=3 二1=2.67",
            "0 0 0 0 2.675001 | 一1=10 一2=5 一3=3 二2=1 二3=1",
            "0 3 20 17 0 | 一1=10 一2=5 二1=0",
            "10 1 1 0 1 | 二2=1 二3=1",
            "3 1 999999 333333 0.3 | 二2=1 二3=1",
            "3 1 999998 333333 0.299999 | 二2=0 二3=0",
            "10 9 10 9 1 | 一3=0",
            "10 9 10 10 3 | 一3=3 二3=0",
            "7 7 3 2 —",
        ),
        ("满意件数/评价件数>=85%", "满意件数/评价件数>=85.1%"),
    ),
    "零发生加分": Small(
        [count("甲批次"), count("乙批次"), decimal("丙万元", 6)],
        [
            item("一1+", "5", "kind = '零发生加分', inputs = '甲批次'"),
            item("二1+", "10/3", "kind = '零发生加分', inputs = ['甲批次', '乙批次', '丙万元']"),
        ],
        table(
            "甲批次 乙批次 丙万元",
            "0 0 0 | 一1+=5 二1+=3.33",
            "1 0 0 | 一1+=0 二1+=0",
            "0 1 0 | 一1+=5 二1+=0",
            "0 0 0.000001 | 二1+=0",
            "999999 0 0",
            "0 — 0",
            "— 0 0",
        ),
        ("'10/3'", "'10/4'"),
    ),
    "按次加分": Small(
        [count("甲次数"), count("乙次数"), decimal("丙万元", 3), flag("参加代训")],
        [
            item("一1+", "", "kind = '按次加分', input = '甲次数', each = '1/3'"),
            item(
                "一2+",
                "5",
                "kind = '按次加分', input = '乙次数', each = 0.35",
                "kind = '按次加分', input = '甲次数', each = '1/7'",
            ),
            item("一3+", "3", "kind = '按次加分', input = '乙次数', each = 1"),
            item("二1+", "", "kind = '按次加分', input = '丙万元', each = '2/3'"),
            item("二2+", "", "kind = '按次加分', input = '参加代训', each = 6"),
        ],
        table(
            "甲次数 乙次数 丙万元 参加代训",
            "0 0 0 否 | 一1+=0 一2+=0 一3+=0 二1+=0 二2+=0",
            "1 0 0.007 是 | 一1+=0.33 一2+=0.14 一3+=0 二1+=0 二2+=6",
            "2 1 1.115 否 | 一1+=0.67 一2+=0.64 一3+=1 二1+=0.74 二2+=0",
            "3 3 2.675 是 | 一1+=1 一2+=1.48 一3+=3",
            "0 14 3 是 | 一2+=4.9 一3+=3 二1+=2",
            "0 15 999999.999 是 | 一2+=5 二1+=666666.67",
            "35 0 0.003 否 | 一2+=5",
            "36 4 0.015 否",
            "999999 999999 1 是 | 一1+=333333 一2+=5",
            "999998 2 0.005 是 | 一1+=333332.67",
            "1 2 3 —",
            "— 2 — 是",
        ),
        ("each = 6", "each = 7"),
    ),
    "名次加分": Small(
        [
            decimal("台账评比分", 6, origin="复查", maximum=100, optional="未评比：不加分"),
            flag("台账规范"),
            count("化解件数"),
        ],
        [
            item(
                "一1+",
                "2",
                "kind = '名次加分', input = '台账评比分', places = '1:2, 2:1/3', among = '台账规范=\"是\"'",
            ),
            item("一2+", "3", "kind = '名次加分', input = '化解件数', places = '1:3, 3:2, 4:1'"),
            item("二1", "1", "kind = '是否得分', input = '台账规范'"),
        ],
        # the best ledger is not in order, two share the first place, so there is no second;
        # 999 matters come first, 9 twice second, 8 twice fourth
        table(
            "台账评比分 台账规范 化解件数",
            "96 否 7 | 一1+=0 一2+=0 二1=0",
            "95 是 9 | 一1+=2 一2+=2 二1=1",
            "95.000000 是 9 | 一1+=2 一2+=2 二1=1",
            "94.999999 是 8 | 一1+=0 一2+=1 二1=1",
            "— 是 5 | 一1+=0 一2+=0 二1=1",
            "0 是 999 | 一1+=0 一2+=3 二1=1",
            "3 是 8 | 一1+=0 一2+=1 二1=1",
        ),
        ("3:2, 4:1", "3:2, 4:0.5"),
    ),
    "公式": Small(
        [count("交办件数"), count("办结件数"), decimal("甲分", 3), decimal("乙分", 3), flag("有制度")],
        [
            item("一1", "10", formula("ROUND(办结件数/MAX(1,交办件数)*100,1)*0.1")),
            item("一2", "20", formula("INT(办结件数/7)*0.5+INT((甲分+乙分)*10)*0.01")),
            item("一3", "", formula("甲分*乙分/3")),
            item(
                "一4",
                "10",
                formula(
                    'IF(办结件数>=95%*交办件数,10,IF(AND(有制度="是",办结件数>=0.85*交办件数),6.5,'
                    'IF(NOT(有制度="是"),1/3,2/3)))'
                ),
            ),
            item("二1", "1000", formula("ABS(甲分-乙分)*1/7+MIN(甲分,乙分,2)-MAX(0,乙分-1)/8")),
            item("二2-", "", formula("-甲分*0.1-(交办件数-办结件数)*0.005")),
            item("二3", "2", formula("IF(甲分+乙分<=0.3,2,IF(甲分*3=0.9,1,0))")),
            item("二4", "", formula("甲分*0.1")),
        ],
        table(
            "交办件数 办结件数 甲分 乙分 有制度",
            "0 0 0 0 否 | 一1=0 一2=0 一3=0 一4=10 二1=0 二2-=0 二3=2 二4=0",
            "20 19 0.1 0.2 是 | 一1=9.5 一2=1.03 一3=0.01 一4=10 二1=0.11 二2-=-0.02 二3=2 二4=0.01",
            "100 94 0.35 0.1 是 | 一1=9.4 一4=6.5 二2-=-0.07 二3=0 二4=0.04",
            "100 84 0.3 0.9 否 | 一1=8.4 一4=0.33 二3=1",
            "100 84 0.7 0.1 是 | 一2=6.08 一4=0.67",
            "3 2 1.115 2.675 否 | 一1=6.67",
            "999999 1 999999.999 0.005 是",
            "1 999999 0.001 999999.999 否",
            "7 6 8.345 64.285 是",
            "999999 999998 0.015 0.045 否",
            "6 1 12.005 12.006 是",
            "40 38 2.05 0.55 否",
            "1 — 0.285 1.005 否",
            "— 1 1 1 是",
            "1 1 1 1 —",
        ),
        ("-甲分*0.1-", "-甲分*0.11-"),
    ),
}

SMALL |= {
    "裁量区间": Small(
        [
            count("投诉次数"), decimal("投诉合计", 4), decimal("创新加分", 4),
            count("批评次数"), decimal("批评合计", 3), count("表扬次数"), decimal("表扬合计", 4),
        ],
        [
            item("一1-", "", "kind = '裁量区间', input = '投诉合计', count = '投诉次数', least = 5, most = 10"),
            item("一2", "30", "kind = '裁量区间', input = '批评合计', count = '批评次数', least = 0.5, most = 2.5"),
            item("二1+", "10", "kind = '裁量区间', input = '创新加分', least = 5, most = 10, sign = '加'"),
            item(
                "二2+",
                "",
                "kind = '裁量区间', input = '表扬合计', count = '表扬次数', least = '1/3', most = 2, sign = '加'",
            ),
        ],
        [
            *table(
                "投诉次数 投诉合计 创新加分 批评次数 批评合计 表扬次数 表扬合计",
                "0 0 0 0 0 0 0 | 一1-=0 一2=30 二1+=0 二2+=0",
                "1 5 5 2 1 3 1 | 一1-=-5 一2=29 二1+=5 二2+=1",
                "1 10 10 2 5 3 6 | 一1-=-10 一2=25 二1+=10 二2+=6",
                "1 4.9999 4.9999 2 0.999 3 0.9999",
                "1 10.0001 10.0001 2 5.001 3 6.0001",
                "3 15 7.5 1 2.5 1 0.3334 | 一1-=-15 一2=27.5 二1+=7.5 二2+=0.33",
                "3 30 5.005 1 0.5 1 0.3333 | 一1-=-30 一2=29.5 二1+=5.01",
                "3 14.9999 0.0001 0 0.001 0 0.0001",
                "3 30.0001 9.9949 12 30 2 1.1249 | 一2=0 二1+=9.99 二2+=1.12",
                "0 5 9.995 13 32.5 3 1.125 | 一2=0 二1+=10 二2+=1.13",
                "2 13.255 5.0001 11 27.445 7 2.3333 | 一1-=-13.26 一2=2.56 二1+=5",
                "999999 4999995 0 999999 499999.5 999999 333333 | 一1-=-4999995 一2=0 二2+=333333",
                "999999 9999990 0 999999 2499997.5 999999 1999998 | 一1-=-9999990 一2=0 二2+=1999998",
                "999999 4999994.9999 0 999999 499999.499 999999 332999.9999",
                "999999 9999990.0001 0 999999 2499997.501 999999 1999998.0001",
                "— 5 — 1 — 0 0",
                "1 — 5 — 1 — —",
                "— — — — — — —",
            ),
            Filled(
                "一次",
                {"投诉次数": 1, "投诉合计": 5, "批评次数": 1, "批评合计": 1, "表扬次数": 1, "表扬合计": 1},
                {
                    "投诉合计": Typed("5分", NUMBER),
                    "创新加分": Typed(" ", "未填"),
                    "批评次数": Typed(1.5, WHOLE),
                    "表扬合计": Typed(-1, AMOUNT),
                },
            ),
            Filled(
                "noise of a binary sum at the edge",
                {"投诉次数": 1, "批评次数": 1, "批评合计": 1, "表扬次数": 0, "表扬合计": 0},
                {
                    "投诉合计": Typed(4.9999999998, "已填", 5),
                    "创新加分": Typed(10.0000000003, "已填", 10),
                },
                {"一1-": "-5", "二1+": "10"},
            ),
        ],
        ("most = 10, sign", "most = 9, sign"),
    ),
    "多人评分": Small(
        [marks("对接评分", 10, 4), flag("有制度")],
        [
            item("一1", "10", "kind = '多人评分', input = '对接评分'"),
            item("二1", "1", "kind = '是否得分', input = '有制度'"),
        ],
        [
            rated_by("7", "7"),
            rated_by("0", "0", "0", "0"),
            rated_by("9.33", "10", "9", "9"),
            rated_by("8.26", "8.25", "8.26"),
            rated_by("9", "10", None, "8"),
            rated_by("6.5", None, None, "6.5"),
            rated_by("9.86", *["10"] * 6, "9"),
            rated_by(""),
            Filled("nobody rated and nothing is filled in", {}),
        ],
        ("input = '对接评分'", "input = '对接评分' }, { kind = '公式', formula = '0.01'"),
    ),
}  # fmt: skip

RATE = [count("交办件数"), count("办结件数"), count("回访件数"), count("满意件数")]
SMALL |= {
    "按率得分": Small(
        RATE,
        [
            item("一1", "10", "kind = '按率得分', value = '办结件数/交办件数', empty = '计满分'"),
            item("一2", "15", "kind = '按率得分', value = '满意件数/回访件数', digits = 3, empty = '计0分'"),
            item("二1", "8/3", "kind = '按率得分', value = '办结件数/100'"),
        ],
        table(
            "交办件数 办结件数 回访件数 满意件数",
            "0 0 0 0 | 一1=10 一2=0 二1=0",
            "3 2 3 1 | 一1=6.67 一2=5 二1=0.05",
            "3 4 7 6 | 一1=10 一2=12.86 二1=0.11",
            "200 199 9 5 | 一1=9.95 一2=8.34 二1=2.67",
            "999999 999998 999999 333333 | 一1=10 一2=5 二1=2.67",
            "7 1 1 0 | 一1=1.43 一2=0",
            "0 5 0 3 | 一1=10 一2=0",
            "2 — 3 3 | 一2=15",
            "— 1 — 1",
        ),
        ("'8/3'", "'7/3'"),
    ),
    "比例完成": Small(
        [count("化解件数"), count("目标件数"), decimal("投入万元", 2)],
        [
            item("一1", "10", "kind = '比例完成', input = '化解件数', target = '目标件数', empty = '计满分'"),
            item("二1", "5", "kind = '比例完成', input = '投入万元', target = '30'"),
        ],
        table(
            "化解件数 目标件数 投入万元",
            "0 0 0 | 一1=10 二1=0",
            "3 0 30 | 一1=10 二1=5",
            "0 3 29.99 | 一1=0 二1=5",
            "1 3 29.97 | 一1=3.33 二1=5",
            "2 3 0.03 | 一1=6.67 二1=0.01",
            "3 3 100000 | 一1=10 二1=5",
            "4 3 10 | 一1=10 二1=1.67",
            "999998 999999 1 | 一1=10 二1=0.17",
            "— 3 1 | 二1=0.17",
            "1 — 1",
        ),
        ("target = '30'", "target = '31'"),
    ),
    "每低扣分": Small(
        [*RATE, count("超期天数")],
        [
            item("一1", "10", "kind = '每低扣分', value = '办结件数/交办件数', base = '95%', step = '1%', each = 0.5,"
                 " empty = '计满分'"),
            item("一2", "10", "kind = '每低扣分', value = '满意件数/回访件数', base = '90%', step = '5%', each = '1/3',"
                 " part = '按一档', empty = '计0分'"),
            item("二1", "4", "kind = '每低扣分', value = '满意件数/回访件数', base = '90%', step = '1%', each = 0.25,"
                 " part = '按比例', digits = 4, empty = '计满分'"),
            item("二2", "6", "kind = '每低扣分', value = '超期天数', base = 3, step = 2, each = 1, side = '高于'"),
            item("二3-", "3", "kind = '每低扣分', value = '办结件数/交办件数', base = '95%', step = '1%', each = 0.5,"
                 " empty = '全扣'"),
            item("二4-", "", "kind = '每低扣分', value = '满意件数/回访件数', base = '90%', step = '5%', each = '1/3',"
                 " part = '按比例', empty = '不扣分'"),
        ],
        table(
            "交办件数 办结件数 回访件数 满意件数 超期天数",
            "0 0 0 0 0 | 一1=10 一2=0 二1=4 二2=6 二3-=-3 二4-=0",
            "100 95 100 90 3 | 一1=10 一2=10 二1=4 二2=6 二3-=0 二4-=0",
            "100 94 1000 899 4 | 一1=9.5 一2=9.67 二1=3.98 二2=6 二3-=-0.5 二4-=-0.01",
            "1000 941 100 85 5 | 一1=10 一2=9.67 二1=2.75 二2=5 二3-=0 二4-=-0.33",
            "1000 940 1000 849 6 | 一1=9.5 一2=9.33 二1=2.73 二2=5 二3-=-0.5 二4-=-0.34",
            "3 2 3 2 7 | 一1=-0 一2=8.33 二1=0 二2=4 二3-=-3 二4-=-1.56",
            "999999 949998 999999 899999 15 | 一1=10 一2=9.67 二1=4 二2=0 二3-=0 二4-=0",
            "999999 0 999999 0 999999 | 一1=0 一2=4 二1=0 二2=0 二3-=-3 二4-=-6",
            "5 9 4 7 16 | 一1=10 一2=10 二1=4 二2=0 二3-=0 二4-=0",
            "— 1 2 — 2 | 二2=6",
        ),
        ("step = 2", "step = 3"),
    ),
    "区间": Small(
        [*RATE, count("集访批次")],
        [
            item("一1", "10", "kind = '区间', value = '办结件数/交办件数', empty = '计满分',"
                 " bands = '[95%,):10；[90%,95%):8；(80%,90%):5/2；[0%,80%]:0'"),
            item("一2", "6", "kind = '区间', value = '集访批次', sign = '扣', bands = '[0,0]:0；[1,3]:2；[4,):6'"),
            item("二1", "5", "kind = '区间', value = '满意件数/回访件数', digits = 2, others = '1/3', empty = '计0分',"
                 " bands = '(90%,):5；(60%,70%):3'"),
            item("二2+", "3", "kind = '区间', value = '集访批次*2', sign = '加', bands = '(,1]:3；(1,):0'"),
        ],
        table(
            "交办件数 办结件数 回访件数 满意件数 集访批次",
            "0 0 0 0 0 | 一1=10 一2=6 二1=0 二2+=3",
            "20 19 10 9 1 | 一1=10 一2=4 二1=0.33 二2+=0",
            "1000 949 1000 905 3 | 一1=8 一2=4 二1=5 二2+=0",
            "10 9 1000 904 4 | 一1=8 一2=0 二1=0.33 二2+=0",
            "1000 899 1000 605 2 | 一1=2.5 一2=4 二1=3 二2+=0",
            "1000 801 1000 604 999999 | 一1=2.5 一2=0 二1=0.33 二2+=0",
            "5 4 1000 694 0 | 一1=0 二1=3",
            "999999 799999 1000 695 0 | 一1=0 二1=0.33",
            "999999 949999 3 2 0 | 一1=8 二1=3",
            "1 5 3 5 0 | 一1=10 二1=5",
            "— 5 3 — 1 | 一2=4",
        ),
        ("[90%,95%):8", "[90%,95%):7"),
    ),
    "与上年比": Small(
        [count("本年件数"), count("上年件数", origin="上年"), count("本年批次"), count("上年批次", origin="上年")],
        [
            item("一1", "10", "kind = '与上年比', input = '本年件数', before = '上年件数', empty = '计满分',"
                 " bands = '(,-10%]:10；(-10%,0%]:8；(0%,10%]:4；(10%,):0'"),
            item("二1", "6", "kind = '与上年比', input = '本年批次', before = '上年批次', sign = '扣', empty = '计0分',"
                 " bands = '(20%,50%]:2；(50%,):6', others = 0"),
        ],
        table(
            "本年件数 上年件数 本年批次 上年批次",
            "0 0 0 0 | 一1=10 二1=0",
            "9 10 12 10 | 一1=10 二1=6",
            "901 1000 1201 1000 | 一1=8 二1=4",
            "10 10 3 2 | 一1=8 二1=4",
            "1001 1000 1501 1000 | 一1=4 二1=0",
            "11 10 1 3 | 一1=4 二1=6",
            "1101 1000 0 1 | 一1=0 二1=6",
            "7 0 5 0 | 一1=10 二1=0",
            "999999 1 1 999999 | 一1=0 二1=6",
            "1 — 2 3 | 二1=6",
        ),
        ("(50%,):6", "(50%,):5"),
    ),
    "与三年均值比": Small(
        [count("本年件数"), *(count(f"前{k}年件数", origin="上年") for k in "一二三")],
        [
            item("一1", "10", "kind = '与三年均值比', input = '本年件数',"
                 " before = '前一年件数、前二年件数、前三年件数', empty = '计满分',"
                 " bands = '(,0%]:10；(0%,5%]:5；(5%,):0'"),
            item("二1", "1", "kind = '达标', condition = '本年件数>=0'"),
        ],
        table(
            "本年件数 前一年件数 前二年件数 前三年件数",
            "0 0 0 0 | 一1=10 二1=1",
            "10 10 10 10 | 一1=10",
            "20 20 19 20 | 一1=5",
            "19 20 19 20 | 一1=10",
            "21 20 20 20 | 一1=5",
            "2101 2000 2000 2001 | 一1=0",
            "1 0 0 1 | 一1=0",
            "5 0 0 0 | 一1=10",
            "1 1 — 1",
        ),
        ("(0%,5%]:5", "(0%,5%]:6"),
    ),
    "与均值比": Small(
        [count("本年件数"), flag("参加")],
        [
            item("一1", "10", "kind = '与均值比', input = '本年件数', among = '参加=\"是\"', empty = '计满分',"
                 " bands = '(,-20%]:10；(-20%,20%):6；[20%,):1'"),
            item("二1", "1", "kind = '是否得分', input = '参加'"),
        ],
        # the mean of those that take part is 10
        table(
            "本年件数 参加",
            "8 是 | 一1=10 二1=1",
            "9 是 | 一1=6 二1=1",
            "12 是 | 一1=1 二1=1",
            "11 是 | 一1=6 二1=1",
            "999 否 | 一1=1 二1=0",
            "0 否 | 一1=10 二1=0",
        ),
        ("(-20%,20%):6", "(-20%,20%):5"),
    ),
    "折算扣分": Small(
        [count("重复件数"), decimal("人口", 2, maximum=9999), count("受理件数")],
        [
            item("一1", "10", "kind = '折算扣分', input = '重复件数', divide = '人口', per = 10, each = '1/3',"
                 " empty = '计满分'"),
            item("二1", "5", "kind = '折算扣分', input = '重复件数', divide = '受理件数', each = 20, digits = 3,"
                 " empty = '计0分'"),
        ],
        table(
            "重复件数 人口 受理件数",
            "0 0 0 | 一1=10 二1=0",
            "0 1 1 | 一1=10 二1=5",
            "3 12.34 100 | 一1=9.19 二1=4.4",
            "1 0.33 3 | 一1=0 二1=0",
            "7 999.99 999 | 一1=9.98 二1=4.86",
            "999999 1 999999 | 一1=0 二1=0",
            "5 0 0 | 一1=10 二1=0",
            "— 1 1",
        ),
        ("each = 20", "each = 21"),
    ),
    "分级扣分": Small(
        [count("赴市批次"), count("赴省批次"), count("进京批次"), flag("被通报")],
        [
            item("一1", "10", "kind = '分级扣分', rungs = '赴市批次:0.5，赴省批次:2、进京批次:4；被通报:1'"),
            item("二1", "1", "kind = '分级扣分', rungs = '赴市批次:1/3'"),
        ],
        table(
            "赴市批次 赴省批次 进京批次 被通报",
            "0 0 0 否 | 一1=10 二1=1",
            "1 1 1 是 | 一1=2.5 二1=0.67",
            "3 0 2 否 | 一1=0.5 二1=0",
            "0 0 3 是 | 一1=0 二1=1",
            "999999 999999 999999 是 | 一1=0 二1=0",
            "— 0 0 否",
        ),
        ("进京批次:4", "进京批次:3"),
    ),
    "就高": Small(
        [count("国家表彰次数"), count("省级表彰次数"), flag("市级表彰")],
        [
            item("一1+", "", "kind = '就高', rungs = '国家表彰次数:5，省级表彰次数:3，市级表彰:1/3'"),
            item("一2+", "4", "kind = '就高', rungs = '国家表彰次数:5，省级表彰次数:3'",
                 "kind = '按次加分', input = '省级表彰次数', each = 0.5"),
            item("一3-", "", "kind = '就高', rungs = '国家表彰次数:5，省级表彰次数:3，市级表彰:0.34'",
                 "kind = '减半加倍', condition = '市级表彰', times = 0.5, what = '扣分'"),
            item("二1", "1", "kind = '是否得分', input = '市级表彰'"),
            item("二2", "4", "kind = '就高', rungs = '国家表彰次数:5，省级表彰次数:3', sign = '扣'"),
        ],
        table(
            "国家表彰次数 省级表彰次数 市级表彰",
            "0 0 否 | 一1+=0 一2+=0 一3-=0 二1=0 二2=4",
            "0 0 是 | 一1+=0.33 一2+=0 一3-=-0.17 二1=1 二2=4",
            "0 2 是 | 一1+=3 一2+=4 一3-=-1.5 二2=1",
            "0 1 否 | 一1+=3 一2+=3.5 一3-=-3 二2=1",
            "1 9 是 | 一1+=5 一2+=4",
            "3 0 否 | 一1+=5 一2+=4",
            "— 0 否",
        ),
        ("市级表彰:1/3", "市级表彰:2/3"),
    ),
    "名次得分": Small(
        [decimal("评比分", 2), count("信访件数"), flag("参加")],
        [
            item("一1", "10", "kind = '名次得分', input = '评比分', places = '1:10, 2:8, 3:7', others = 5"),
            item("一2", "5", "kind = '名次得分', input = '信访件数', places = '1:5, 2:2, 3:2', order = '低',"
                 " others = '1/3', among = '参加=\"是\"'"),
            item("二1", "1", "kind = '是否得分', input = '参加'"),
        ],
        table(
            "评比分 信访件数 参加",
            "90 3 是 | 一1=10 一2=2 二1=1",
            "90 1 是 | 一1=10 一2=5 二1=1",
            "89.99 0 否 | 一1=7 一2=0 二1=0",
            "80 3 是 | 一1=5 一2=2 二1=1",
            "10 4 是 | 一1=5 一2=0.33 二1=1",
        ),
        ("2:8, 3:7", "2:8, 3:6.5"),
    ),
    "分组评分": Small(
        [marks("群众评分", 10, 2), marks("上级评分", 10, 2), flag("有制度")],
        [
            item("一1", "10", "kind = '分组评分', rungs = '群众评分:40，上级评分:60', mass = '群众评分', least = 40"),
            item("二1", "1", "kind = '是否得分', input = '有制度'"),
        ],
        [
            grouped("8.4", ("9", "9"), ("8",)),
            grouped("6.4", ("8", "9", None), ("4", "6")),
            grouped("", ("8",), ()),
            grouped("", (), ()),
        ],
        ("mass = '群众评分', least = 40 }", "mass = '群众评分', least = 40 }, { kind = '公式', formula = '0.01' }"),
    ),
    "取自其他方案": Small(
        [decimal("基础分", 2, origin="复查", maximum=150)[:-2] + ", scores = true }", flag("有制度")],
        [
            item("一1", "30", "kind = '取自其他方案', input = '基础分'"),
            item("二1", "1", "kind = '是否得分', input = '有制度'"),
        ],
        table(
            "基础分 有制度",
            "0 是 | 一1=0 二1=1",
            "150 是 | 一1=30",
            "123.45 否 | 一1=24.69 二1=0",
            "0.02 是 | 一1=0",
            "0.03 是 | 一1=0.01",
        ),
        ("'30'", "'31'"),
    ),
    "其他事项": Small(
        [decimal("其他加分", 2, origin="复查"), decimal("其他扣分", 2, origin="复查"), flag("有制度")],
        [
            item("一1+", "5", "kind = '其他事项', input = '其他加分'"),
            item("一2-", "", "kind = '其他事项', input = '其他扣分', sign = '扣'"),
            item("二1", "1", "kind = '是否得分', input = '有制度'"),
        ],
        table(
            "其他加分 其他扣分 有制度",
            "0 0 是 | 一1+=0 一2-=0 二1=1",
            "4.99 0.01 是 | 一1+=4.99 一2-=-0.01",
            "5.01 12.5 否 | 一1+=5 一2-=-12.5 二1=0",
        ),
        ("一1+', section = '一', title = '一1+', clause = '1', points = '5'",
         "一1+', section = '一', title = '一1+', clause = '1', points = '4'"),
    ),
    "减半加倍": Small(
        [count("超期件数"), flag("集体"), flag("被通报"), count("表扬次数")],
        [
            item("一1", "10", "kind = '按次扣分', input = '超期件数', each = '1/3'",
                 "kind = '减半加倍', condition = '集体=\"是\"', times = 2, what = '扣分'"),
            item("一2", "6", "kind = '按次扣分', input = '超期件数', each = 1",
                 "kind = '减半加倍', condition = '被通报=\"是\"', times = 0.5"),
            item("二1+", "", "kind = '按次加分', input = '表扬次数', each = 0.25",
                 "kind = '减半加倍', condition = '被通报=\"是\"', times = 0.5, what = '加分'",
                 "kind = '减半加倍', condition = '超期件数>10', times = 0"),
        ],
        table(
            "超期件数 集体 被通报 表扬次数",
            "0 否 否 0 | 一1=10 一2=6 二1+=0",
            "0 是 是 3 | 一1=10 一2=3 二1+=0.38",
            "4 否 否 3 | 一1=8.67 一2=2 二1+=0.75",
            "4 是 是 1 | 一1=7.33 一2=1 二1+=0.13",
            "10 是 否 7 | 一1=3.33 一2=0 二1+=1.75",
            "11 是 是 8 | 一1=2.67 一2=0 二1+=0",
            "999999 是 是 999999 | 一1=0 一2=0 二1+=0",
            "1 — 否 1 | 一2=5",
        ),
        ("each = 0.25", "each = 0.35"),
    ),
}  # fmt: skip

# --- corners where a form and the engine could go apart -------------------------------------------

FIVES: dict[str, Answer] = {f"月报条数[{k}]": 5 for k in range(1, 13)}
ASKED_AND_DONE = [count("交办件数"), count("办结件数")]
CORNERS: dict[str, Small] = {
    "a quotient with divisor 0": Small(
        ASKED_AND_DONE,
        [
            item("一1", "10", formula("办结件数/交办件数*10")),
            item("二1", "10", "kind = '按次扣分', input = '交办件数', each = 1"),
        ],
        table("交办件数 办结件数", "3 1 | 一1=3.33 二1=7", "0 0 | 二1=10"),
    ),
    "a rate in IF with divisor 0": Small(
        ASKED_AND_DONE,
        [item("一1", "10", formula("IF(办结件数/交办件数>=95%,2,1)"))],
        table("交办件数 办结件数", "20 19 | 一1=2", "20 18 | 一1=1", "0 0"),
        sections="一",
    ),
    "a rate behind the comparison with divisor 0": Small(
        ASKED_AND_DONE,
        [item("一1", "10", "kind = '达标', condition = '95%<=办结件数/交办件数'")],
        table("交办件数 办结件数", "20 19 | 一1=10", "20 18 | 一1=0", "0 0 | 一1=10"),
        sections="一",
    ),
    "a deduction outside the hundred with a most": Small(
        [count("督办次数"), count("甲批次")],
        [
            item("一1-", "5", "kind = '按次扣分', input = '督办次数', each = '2/3'"),
            item("一2-", "3", "kind = '阶梯', input = '甲批次', steps = '1:1, 3:2.5', over = 1"),
            item("二1", "1", "kind = '达标', condition = '督办次数=0'"),
        ],
        table(
            "督办次数 甲批次",
            "0 0 | 一1-=0 一2-=0 二1=1",
            "1 1 | 一1-=-0.67 一2-=-1 二1=0",
            "7 3 | 一1-=-4.67 一2-=-2.5",
            "8 4 | 一1-=-5 一2-=-3",
            "999999 999999 | 一1-=-5 一2-=-3",
            "— 2",
        ),
    ),
    "a floor above nought, and none": Small(
        [count("超期件数"), count("办结件数"), count("交办件数")],
        [
            item("一1", "10", "kind = '按次扣分', input = '超期件数', each = '2/3'")[:-2] + ", floor = 5 }",
            item("一2", "10", "kind = '按次扣分', input = '超期件数', each = 3")[:-2] + ", floor = '不封底' }",
            item("一3", "6", "kind = '按率得分', value = '办结件数/交办件数', empty = '计0分'")[:-2]
            + ", floor = '4/3' }",
            item(
                "二1",
                "4",
                "kind = '按次扣分', input = '超期件数', each = 1",
                "kind = '减半加倍', condition = '超期件数>=2', times = 0.5",
            )[:-2]
            + ", floor = 2 }",
        ],
        table(
            "超期件数 办结件数 交办件数",
            "0 0 0 | 一1=10 一2=10 一3=1.33 二1=4",
            "1 1 5 | 一1=9.33 一2=7 一3=1.33 二1=3",
            "7 2 9 | 一1=5.33 一2=-11 一3=1.33 二1=2",
            "8 3 9 | 一1=5 一2=-14 一3=2 二1=2",
            "999999 9 9 | 一1=5 一2=-2999987 一3=6 二1=2",
            "3 — 9",
        ),
    ),
    "single months of a series": Small(
        [count("月报条数", series=12)],
        [item("一1", "10", formula("月报条数[1]+月报条数[8]"))],
        [
            Filled("all months", FIVES, {}, {"一1": "10"}),
            Filled("the two months alone", {"月报条数[1]": 1, "月报条数[8]": 3}, {}, {"一1": "4"}),
            Filled("one of the two blank", {"月报条数[1]": 1, "月报条数[2]": 3}),
        ],
        sections="一",
    ),
    "a contradiction in one month": Small(
        [count("月报条数", series=12), count("一月件数")],
        [item("一1", "10", formula("月报条数[2]")), item("二1", "10", formula("月报条数[1]+一月件数"))],
        [
            Filled("January agrees", {**FIVES, "一月件数": 5}, {}, {"一1": "5", "二1": "10"}),
            Filled("January contradicts", {**FIVES, "一月件数": 4}, {}, {"一1": "5"}),
        ],
        checks=[row(condition="月报条数[1]<=一月件数", text="一月的月报不能多于件数")],
    ),
    "a year against its months": Small(
        [count("月报条数", series=12), count("全年条数")],
        [item("一1", "10", formula("SUM(月报条数)/12+MIN(月报条数)-MAX(月报条数)/7"))],
        [
            Filled("agrees", {**FIVES, "全年条数": 60}, {}, {"一1": "9.29"}),
            Filled("contradicts", {**FIVES, "全年条数": 59}),
            Filled("no sum given", FIVES, {}, {"一1": "9.29"}),
        ],
        checks=[row(condition="SUM(月报条数)<=全年条数", text="各月合计不能多于全年")],
        sections="一",
    ),
    "an answer that may be left out": Small(
        [count("自愿次数", optional="没有填：按0计")],
        [
            item("一1", "10", "kind = '按次扣分', input = '自愿次数', each = 1"),
            item("二1+", "10", "kind = '按次加分', input = '自愿次数', each = 1"),
        ],
        table("自愿次数", "3 | 一1=7 二1+=3", "— | 一1=10 二1+=0"),
    ),
    "a rate over nothing that an IF of the author's own speaks of": Small(
        [count("交办件数"), count("办结件数"), flag("有任务")],
        [
            item("一1", "10", "kind = '达标', condition = 'IF(交办件数=0,0,办结件数/交办件数)>=50%'"),
            item("一2", "10", "kind = '达标', condition = 'IF(有任务=\"是\",办结件数/交办件数,0)>=50%'"),
            item(
                "二1",
                "10",
                "kind = '清单', each = 4, conditions = ['IF(交办件数>=1,办结件数/交办件数,0)>=50%', "
                "'办结件数/交办件数>=50%']",
            ),
            item("二2", "10", "kind = '达标', condition = 'AND(交办件数>0,办结件数/交办件数>=50%)'"),
        ],
        table(
            "交办件数 办结件数 有任务",
            "0 0 是 | 一1=0 一2=10 二1=6 二2=0",
            "0 0 否 | 一1=0 一2=0 二1=6 二2=0",
            "2 1 是 | 一1=10 一2=10 二1=10 二2=10",
            "2 1 否 | 一1=10 一2=0 二1=10 二2=10",
            "3 1 是 | 一1=0 一2=0 二1=2 二2=0",
        ),
    ),
    "a blank that a choice hands on": Small(
        [flag("有加分"), decimal("加分数", 2, optional="没有填：按0计", maximum=20)],
        [
            item("一1", "10", formula('MIN(10,IF(有加分="是",加分数,3))')),
            item("一2", "10", formula('10-MAX(IF(有加分="是",IF(加分数>15,1,加分数),3),-5)')),
            item("二1", "10", formula('AVERAGE(IF(有加分="是",加分数,4),6)')),
        ],
        table(
            "有加分 加分数",
            "是 — | 一1=0 一2=10 二1=3",
            "是 5 | 一1=5 一2=5 二1=5.5",
            "是 16 | 一1=10 一2=9 二1=10",
            "否 — | 一1=3 一2=7 二1=5",
        ),
    ),
    "a figure from the roster": Small(
        [count("核定次数", origin="名册", default="3"), count("实际次数")],
        [item("一1", "10", formula("核定次数-实际次数"))],
        table("实际次数", "1 | 一1=2", "—"),
        sections="一",
    ),
    "figures from the ledger and from last year": Small(
        [count("台账件数", origin="台账"), count("上年件数", origin="上年")],
        [item("一1", "10", "kind = '达标', condition = '台账件数<上年件数'")],
        table("台账件数 上年件数", "1 2 | 一1=10", "2 2 | 一1=0", "— 2", "2 —"),
        sections="一",
    ),
    "a section without a line": Small(
        [count("甲次数")],
        [item("一1", "10", "kind = '按次扣分', input = '甲次数', each = 1")],
        table("甲次数", "1 | 一1=9"),
    ),
    "a tick where a check asks for 是": Small(
        [flag("有制度"), count("依规件数")],
        [
            item("一1", "2", "kind = '是否得分', input = '有制度'"),
            item("二1", "10", "kind = '按次扣分', input = '依规件数', each = 1"),
        ],
        [
            *table("有制度 依规件数", "是 1 | 一1=2 二1=9", "否 1"),
            Filled("√ 1", {"有制度": "是", "依规件数": 1}, {"有制度": Typed("√", FLAG)}),
        ],
        checks=[row(condition='OR(有制度="是",依规件数=0)', text="没有制度就没有依规办理的")],
    ),
}

MARKS = [f"月评分[{k}]" for k in range(1, 13)]
MONTHS_OPEN = [f"按月通报[{k}]" for k in range(1, 13)]


def monthly(sentence: str, marks: Sequence[str], **by_hand: str) -> Filled:
    """The marks of the months from January on; — is a blank."""
    answers = {name: Fraction(text) for name, text in zip(MARKS, marks, strict=False) if text != "—"}
    return Filled(sentence, answers, {}, by_hand)


def reports(year: str, quarters: str = "是是是是", plan: str = "是", **by_hand: str) -> Filled:
    """是 or 否 month by month, quarter by quarter and once; — is a blank."""
    cells = [*zip(MONTHS_OPEN, year, strict=True)]
    cells += [*zip([f"按季自查[{k}]" for k in range(1, 5)], quarters, strict=True), ("有计划", plan)]
    answers = {name: word for name, word in cells if word != "—"}
    return Filled(f"{year}，{quarters}，{plan}", answers, {}, by_hand)


REPORTS = Small(
    [flag("按月通报", series=12), flag("按季自查", series=4), flag("有计划")],
    [
        item("一1", "5", "kind = '达标', condition = 'AND(按月通报)'"),
        item("一2", "2", "kind = '缺项扣分', input = '按月通报', quota = 1, each = '1/3'"),
        item("二1-", "", "kind = '缺项扣分', input = '按月通报', quota = 1, each = 5"),
        item("二2", "5/3", "kind = '缺项扣分', input = '按季自查', quota = 1, each = '1/6'"),
        item("二3-", "", "kind = '缺项扣分', input = '有计划', quota = 1, each = 0.005"),
    ],
    [
        reports("是" * 12, 一1="5", 一2="2", **{"二1-": "0", "二2": "1.67", "二3-": "0"}),
        reports("否" * 12, "否否否否", "否", 一1="0", 一2="0", **{"二1-": "-60", "二2": "1", "二3-": "-0.01"}),
        reports("否" + "是" * 11, "是否是否", 一1="0", 一2="1.67", **{"二1-": "-5", "二2": "1.33"}),
        reports("是" * 11 + "否", 一1="0", **{"二1-": "-5"}),
        reports("是" * 5 + "否否" + "是" * 5, 一1="0", 一2="1.33", **{"二1-": "-10"}),
        reports("是" * 11 + "—", "是是是—", "—"),
        reports("—" + "是" * 11, "—是是是"),
        reports("否" * 6 + "—" * 6, "否否——"),
        reports("—" * 12, "————", "—"),
        reports("是" * 12)._replace(sentence="√ and a blank", typed={
            "按月通报[2]": Typed("√", "应填是或否"), "按月通报[9]": Typed(" ", "应填是或否"),
            "按季自查[1]": Typed(1, "应填是或否"), "有计划": Typed("有", "应填是或否"),
        }),
        reports("是" * 12)._replace(sentence="formulas that give an error", typed={
            "按月通报[12]": Typed("=1/0", "应填是或否"), "有计划": Typed("=1/0", "是错误值"),
        }),
    ],
)  # fmt: skip
REPORT_PERIODS = {
    "上半年": [
        reports("否" * 12, "否否否否", 一1="0", 一2="0", **{"二1-": "-30", "二2": "1.33"}),
        reports("是" * 6 + "否" * 6, "是是否否", 一1="5", 一2="2", **{"二1-": "0", "二2": "1.67"}),
        reports("是" * 6 + "—" * 6, "是否——", 一1="5", **{"二2": "1.5"}),
        reports("是" * 5 + "—" * 7, "是———"),
    ],
    "3月": [
        # no quarter lies wholly in a month, so that the line of the quarters is worth nothing
        reports("否" * 12, "否否否否", "否", 一1="0", 一2="1.67", **{"二1-": "-5", "二2": "0", "二3-": "-0.01"}),
        reports("——是" + "—" * 9, "————", 一1="5", 一2="2", **{"二1-": "0", "二2": "0"}),
        reports("是是—" + "是" * 9),
    ],
}
VISITS = "甲批次 乙批次 应办件数 办结件数 评议分 有方案"
GOALS = [
    goal("四无", "AND(甲批次=0,乙批次=0)"),
    goal("按期", "办结件数/应办件数=100%"),
    goal("多半", "办结件数/应办件数>0.5"),
    goal("95分", "AND(评议分>=95,甲批次=0)"),
    goal("有方案", '有方案="是"'),
]


def visits(line: str, said: str, names: str = VISITS) -> Filled:
    (filled,) = table(names, line)
    return met(filled, said)


GOAL_INPUTS = [
    count("甲批次"), count("乙批次"), count("应办件数"), count("办结件数"),
    decimal("评议分", 2, origin="复查", maximum=100), flag("有方案", optional="视为没有", default="否"),
]  # fmt: skip
GOAL_SETS = [
    visits("0 0 20 20 95 是", "四无=达到 按期=达到 多半=达到 95分=复查评定 有方案=达到"),
    visits("1 0 20 19 95 否", "四无=未达到 按期=未达到 多半=达到 95分=复查评定 有方案=未达到"),
    visits("0 1 20 10 — —", "四无=未达到 按期=未达到 多半=未达到 95分=复查评定 有方案=未达到"),
    visits("0 0 0 0 94.99 —", "四无=达到 按期=达到 多半=达到 95分=复查评定"),
    visits("0 0 999999 999998 95 是", "按期=未达到 多半=达到"),
    visits("0 0 999999 500000 95 是", "多半=达到"),
    visits("0 0 999998 499999 95 是", "多半=未达到"),
    visits("1 — 20 — 95 —", "四无=待填 按期=待填 多半=待填"),
    visits("— — — — — —", "四无=待填 按期=待填 多半=待填 95分=复查评定 有方案=未达到"),
    visits("0 0 20 21 — 是", "四无=达到 按期=待填 多半=待填"),
    visits("0 0 0 1 — 是", "四无=达到 按期=待填 多半=待填"),
    visits("0 0 20 20 95 是", "四无=待填 按期=待填 有方案=待填")._replace(typed={
        "乙批次": Typed("无", NUMBER), "应办件数": Typed(20.5, WHOLE), "有方案": Typed("√", FLAG),
    }),
]  # fmt: skip
GOAL_CHECK = [row(condition="办结件数<=应办件数", text="办结件数不能多于应办件数")]

CORNERS |= {
    "three conditions that share an item": Small(
        [*ASKED_AND_DONE, count("回访件数"), count("评价件数"), count("满意件数")],
        [
            item(
                "一1",
                "15",
                "kind = '达标', condition = '办结件数/交办件数>=95%', points = 5",
                "kind = '达标', condition = '回访件数/办结件数=100%', points = '10/3'",
                "kind = '达标', condition = '满意件数/评价件数>=85%', points = 5.005",
            ),
            item(
                "二1",
                "6",
                "kind = '达标', condition = '办结件数>0', points = 4",
                "kind = '达标', condition = '评价件数>0', points = 4",
            ),
        ],
        table(
            "交办件数 办结件数 回访件数 评价件数 满意件数",
            "20 19 19 20 17 | 一1=13.34 二1=6",
            "20 18 18 20 17 | 一1=8.34",
            "20 19 18 20 17 | 一1=10.01",
            "20 19 19 20 16 | 一1=8.33",
            "20 18 17 20 17 | 一1=5.01",
            "20 18 17 20 16 | 一1=0",
            "0 0 0 0 0 | 一1=13.34 二1=0",
            "0 5 4 0 0 | 一1=10.01 二1=4",
            "999999 949999 949999 999999 849999 | 一1=3.33 二1=6",
            "999999 950000 949999 999999 850000 | 一1=10.01",
            "20 19 19 20 —",
            "20 19 — 20 17",
            "— 19 19 20 17",
        ),
    ),
    "every month and every quarter a yes": REPORTS,
    "a total below nought": Small(
        [count("甲件数"), count("乙件数"), decimal("丙合计", 4)],
        [
            item("一1-", "", "kind = '按次扣分', input = '甲件数', each = 5"),
            item("一2-", "", "kind = '按次扣分', input = '乙件数', each = '1/3'"),
            item("二1-", "", "kind = '裁量区间', input = '丙合计', count = '乙件数', least = 0, most = 10"),
            item("二2+", "", "kind = '按次加分', input = '甲件数', each = 1"),
        ],
        table(
            "甲件数 乙件数 丙合计",
            "0 0 0 | 一1-=0 一2-=0 二1-=0 二2+=0",
            "1 1 0.005 | 一1-=-5 一2-=-0.33 二1-=-0.01 二2+=1",
            "2 2 0.0049 | 一1-=-10 一2-=-0.67 二1-=0",
            "0 3 28.0051 | 一2-=-1 二1-=-28.01",
            "999999 999999 999999.9999 | 一1-=-4999995 一2-=-333333 二1-=-1000000",
            "3 — 1",
            "— — —",
        ),
    ),
    "a mean of months": Small(
        [decimal("月评分", 2, series=12)],
        [
            item("一1", "10", formula("AVERAGE(月评分)")),
            item("一2", "10", formula("IF(AVERAGE(月评分)>=2.5,10,IF(AVERAGE(月评分)*3=1,5,0))")),
            item("二1", "10", formula("ROUND(AVERAGE(月评分[1],月评分[2],月评分[7]),1)*0.5")),
            item("二2", "10", formula("10-AVERAGE(月评分)/3")),
        ],
        [
            monthly("nothing but 0", ["0"] * 12, 一1="0", 一2="0", 二1="0", 二2="10"),
            monthly("a mean of 0.005", ["0.06"] + ["0"] * 11, 一1="0.01", 一2="0", 二1="0", 二2="10"),
            monthly("a mean just under 0.005", ["0.05"] + ["0"] * 11, 一1="0"),
            monthly("a mean of 1.005", ["1"] * 11 + ["1.06"], 一1="1.01", 二1="0.5"),
            monthly("a mean of 2.675", ["2.67", "2.68"] * 6, 一1="2.68", 一2="10", 二1="1.35"),
            monthly("a mean of 2.5", ["2", "3"] * 6, 一1="2.5", 一2="10"),
            monthly("a mean just under 2.5", ["2", "3"] * 5 + ["2", "2.99"], 一1="2.5", 一2="0"),
            monthly("a third", ["1", "0", "0"] * 4, 一1="0.33", 一2="5", 二1="0.35", 二2="9.89"),
            monthly("as much as there can be", ["1000000000"] * 12, 一1="10", 一2="10", 二1="10"),
            monthly("half of the months", ["3"] * 6),
            monthly("one month blank", ["3"] * 11),
            monthly("the three months of 二1 alone", ["1.1", "1.2", "—", "—", "—", "—", "1.35"], 二1="0.6"),
            Filled("nothing filled in", {}),
        ],
    ),
    "a mean of marks that may be left out": Small(
        [
            decimal("季评分", 3, series=4, maximum=10, optional="没有评的不算"),
            decimal("甲分", 2, optional="没有评的不算"),
            decimal("乙分", 2),
        ],
        [
            item("一1", "10", formula("AVERAGE(季评分)")),
            item("二1", "10", formula("ROUND(AVERAGE(甲分,乙分),2)")),
        ],
        table(
            "季评分[1] 季评分[2] 季评分[3] 季评分[4] 甲分 乙分",
            "8 9 10 9.98 1 1.01 | 一1=9.25 二1=1.01",
            "8 — 10 — — 1.01 | 一1=9 二1=1.01",
            "— — — 0.005 0 3.33 | 一1=0.01 二1=1.67",
            "0 — 0 0.014 — 0 | 一1=0 二1=0",
            "0 — 0 0.015 — 0 | 一1=0.01",
            "10 10 — 9.985 3 —",
            "— — — — 3 —",
            "— — — — — —",
        ),
    ),
    "a mean of which a part is wrong": Small(
        [decimal("季评分", 3, series=4, maximum=10, optional="没有评的不算")],
        [item("一1", "10", formula("AVERAGE(季评分)"))],
        [
            Filled("a text among them", {"季评分[1]": 8}, {"季评分[2]": Typed("9分", NUMBER)}),
            Filled("too much among them", {"季评分[1]": 8}, {"季评分[2]": Typed(11, "应在0到10之间")}),
            Filled(
                "too much, and no blank",
                dict.fromkeys((f"季评分[{k}]" for k in range(1, 5)), 8),
                {"季评分[2]": Typed(11, "应在0到10之间")},
            ),
        ],
        sections="一",
    ),
    "yes and no that may be left out": Small(
        [
            flag("有创新", optional="视为没有", default="否"),
            flag("被通报", optional="视为没有", default="否"),
            flag("按季自查", series=4, optional="视为没有", default="否"),
        ],
        [
            item("一1", "2", "kind = '是否得分', input = '有创新'"),
            item("一2", "2", "kind = '是否得分', input = '被通报', earns = '否'"),
            item("二1+", "", "kind = '按次加分', input = '有创新', each = 6"),
            item("二2", "2", "kind = '清单', each = 1, conditions = ['有创新=\"是\"', '被通报=\"否\"']"),
            item("二3-", "", "kind = '缺项扣分', input = '按季自查', quota = 1, each = 1"),
        ],
        [
            *table(
                "有创新 被通报 按季自查[1] 按季自查[4]",
                "是 是 是 是 | 一1=2 一2=0 二1+=6 二2=1 二3-=-2",
                "否 否 — 是 | 一1=0 一2=2 二1+=0 二2=1 二3-=-3",
                "— — — — | 一1=0 一2=2 二1+=0 二2=1 二3-=-4",
                "是 — 否 否 | 一1=2 一2=2 二1+=6 二2=2 二3-=-4",
            ),
            Filled("√ and a space", {}, {"有创新": Typed("√", FLAG), "被通报": Typed(" ", OPTIONAL)}, {"一2": "2"}),
        ],
    ),
    "goals beside items": Small(
        GOAL_INPUTS,
        [item("一1", "10", "kind = '按次扣分', input = '甲批次', each = 1"), item("二1+", "", formula("办结件数"))],
        GOAL_SETS,
        checks=GOAL_CHECK,
        targets=GOALS,
    ),
    "goals alone": Small(
        GOAL_INPUTS, [], GOAL_SETS, checks=GOAL_CHECK, sections="", targets=GOALS, more="total = '评议分'\n"
    ),
    "goals of single months": Small(
        [flag("按月通报", series=12), count("月报条数", series=12)],
        [item("一1", "10", formula("SUM(月报条数)"))],
        [
            met(Filled("all", {**FIVES, **dict.fromkeys(MONTHS_OPEN, "是")}), "通报=达到 月报=达到 一月=达到"),
            met(Filled("one no", {**FIVES, **dict.fromkeys(MONTHS_OPEN, "是"), "按月通报[7]": "否", "月报条数[1]": 1}),
                "通报=未达到 月报=达到 一月=未达到"),
            met(Filled("a month blank", {"月报条数[1]": 5, "按月通报[1]": "是"}), "通报=待填 月报=待填 一月=达到"),
        ],
        sections="一",
        targets=[
            goal("通报", "AND(按月通报)"), goal("月报", "SUM(月报条数)>=12"),
            goal("一月", 'AND(月报条数[1]>=5,按月通报[1]="是")'),
        ],
    ),
}  # fmt: skip

# --- families -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Family:
    """A scheme, found when it is needed, and the sets of answers its forms are filled with."""

    scheme: Callable[[], Scheme]
    sets: Sequence[Filled]
    period: str = "全年"


@functools.cache
def the_district() -> Scheme:
    return load(DISTRICT)[0]


def by_sections() -> Scheme:
    return the_district().with_settings({"分值口径": "大项"})


BY_SECTIONS = [
    Filled("nothing goes wrong", PERFECT, {}, live_by_hand({}) | {"二余": "11", "四余": "2"}),
    Filled("everything goes wrong", {**PERFECT, **WORST}, {}, NOTHING_LEFT | {"二余": "11", "四余": "2"}),
    Filled("nothing filled in", {}, {}, {"二余": "11", "四余": "2"}),
]


def the_scheme(name: str) -> Callable[[], Scheme]:
    return functools.cache(lambda: load(name)[0])


def small(one: Small) -> Callable[[], Scheme]:
    return lambda: one.scheme


FAMILIES: dict[str, Family] = {
    DISTRICT: Family(the_district, DISTRICT_SETS),
    "district at large": Family(the_district, AT_LARGE),
    "district 大项": Family(by_sections, BY_SECTIONS),
    **{f"district {period}": Family(the_district, sets, period) for period, sets in PERIOD_SETS.items()},
    "xinyang": Family(the_scheme("xinyang"), XINYANG),
    **{f"xinyang {period}": Family(the_scheme("xinyang"), sets, period) for period, sets in XINYANG_PERIODS.items()},
    "liaocheng-1995": Family(the_scheme("liaocheng-1995"), LIAOCHENG),
    "liaocheng-1995 上半年": Family(the_scheme("liaocheng-1995"), LIAOCHENG_HALF, "上半年"),
    **{name: Family(small(one), one.sets) for name, one in (SMALL | CORNERS).items()},
    **{f"every month a yes, {period}": Family(small(REPORTS), sets, period) for period, sets in REPORT_PERIODS.items()},
}


def cases(wanted: Callable[[Filled], bool]) -> list[Any]:
    """Every set as a parameter: its family and its number there; the large family is for long runs."""
    slow = {name: [pytest.mark.slow] if family.sets is AT_LARGE else [] for name, family in FAMILIES.items()}
    return [
        pytest.param(name, number, id=f"{name}: {one.sentence}", marks=slow[name])
        for name, family in FAMILIES.items()
        for number, one in enumerate(family.sets)
        if wanted(one)
    ]


EVERY = cases(lambda _: True)
UNTOUCHED = cases(lambda one: not one.typed)


class Desk:
    """Writes the forms of the families, asks the engine and computes with doubles, each when first wanted and once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._forms: dict[str, Forms] = {}
        self._said: dict[str, list[Said]] = {}
        self._doubles: dict[Path, Values] = {}

    def forms(self, name: str) -> Forms:
        if name not in self._forms:
            family, folder = FAMILIES[name], self.folder / str(list(FAMILIES).index(name))
            self._forms[name] = write_forms(family.scheme(), family.sets, folder, family.period)
        return self._forms[name]

    def said(self, name: str) -> list[Said]:
        if name not in self._said:
            self._said[name] = says(FAMILIES[name].scheme(), FAMILIES[name].sets, FAMILIES[name].period)
        return self._said[name]

    def doubles(self, path: Path) -> Values:
        if path not in self._doubles:
            self._doubles[path] = shown_by_doubles(path)
        return self._doubles[path]

    def all_doubles(self, forms: Forms) -> dict[Path, Values]:
        return {path: self.doubles(path) for path in forms.paths}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("parity"))


@pytest.fixture(scope="module")
def office_shows(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Values]:
    paths = [path for name in FAMILIES for path in desk.forms(name).paths]
    return shown_by_office(paths, tmp_path_factory.mktemp("office"))


# --- the live scores are the engine's -------------------------------------------------------------


@pytest.mark.parametrize(("family", "number"), EVERY)
def test_plain_doubles_show_what_the_engine_says(desk: Desk, family: str, number: int) -> None:
    path = desk.forms(family).paths[number]
    assert differences(desk.said(family)[number], face(desk.doubles(path))) == []


@pytest.mark.slow
@office.require_office
@pytest.mark.parametrize(("family", "number"), EVERY)
def test_libreoffice_shows_what_the_engine_says(
    desk: Desk, office_shows: dict[Path, Values], family: str, number: int
) -> None:
    path = desk.forms(family).paths[number]
    assert differences(desk.said(family)[number], face(office_shows[path])) == []


@pytest.mark.parametrize(("family", "number"), UNTOUCHED)
def test_the_values_stored_with_the_formulas_are_what_doubles_compute(desk: Desk, family: str, number: int) -> None:
    path = desk.forms(family).paths[number]
    assert stale(path, desk.doubles(path)) == []


@pytest.mark.slow
@office.require_office
@pytest.mark.parametrize(("family", "number"), UNTOUCHED)
def test_the_values_stored_with_the_formulas_are_what_libreoffice_computes(
    desk: Desk, office_shows: dict[Path, Values], family: str, number: int
) -> None:
    path = desk.forms(family).paths[number]
    assert stale(path, office_shows[path]) == []


# --- what the sets cover --------------------------------------------------------------------------


def sheet_of(case: Case) -> int:
    return next(number for number, (_, inside) in enumerate(PACKED) if case in inside)


def case_sentence(case: Case | Contradiction) -> str:
    return case.sentence


@pytest.mark.parametrize("case", CASES, ids=case_sentence)
def test_the_form_shows_the_points_of_a_case_worked_out_by_hand(desk: Desk, case: Case) -> None:
    forms, number = desk.forms(DISTRICT), sheet_of(case)
    filled_in = forms.sets[number].answers
    assert {cell: filled_in[cell] for cell in case.changes} == dict(case.changes)
    shown = face(desk.doubles(forms.paths[number]))
    by_hand = {line: Fraction(text) for line, text in case.expected.items() if line not in NOT_LIVE}
    assert {line: exactly(shown.items[line]) for line in by_hand} == by_hand


@pytest.mark.slow
@office.require_office
@pytest.mark.parametrize("case", CASES, ids=case_sentence)
def test_libreoffice_shows_the_points_of_a_case_worked_out_by_hand(
    desk: Desk, office_shows: dict[Path, Values], case: Case
) -> None:
    shown = face(office_shows[desk.forms(DISTRICT).paths[sheet_of(case)]])
    by_hand = {line: Fraction(text) for line, text in case.expected.items() if line not in NOT_LIVE}
    assert {line: exactly(shown.items[line]) for line in by_hand} == by_hand


@pytest.mark.parametrize("case", CONTRADICTIONS, ids=case_sentence)
def test_the_form_marks_the_answers_that_contradict_each_other(desk: Desk, case: Contradiction) -> None:
    number = next(k for k, one in enumerate(DISTRICT_SETS) if one.sentence == case.sentence)
    shown = face(desk.doubles(desk.forms(DISTRICT).paths[number]))
    assert {id for id, word in shown.status.items() if word == CONFLICT} == case.doubtful


def test_every_kind_of_rule_has_a_small_scheme() -> None:
    assert set(SMALL) == set(KINDS), "a kind of rule without a proof that its form agrees with the engine"
    for kind, one in SMALL.items():
        assert any(spec.kind == kind for item in one.scheme.parts[0].items for spec in item.rules), kind


def test_every_line_of_the_district_has_its_answers_left_blank_once() -> None:
    needs = {id: rule.needs for id, rule in compile_part(the_district(), the_district().parts[0]).items()}
    inputs = {id: {cell.partition("[")[0] for cell in cells} for id, cells in needs.items()}
    assert inputs == {id: set(names) for id, names in ITEM_INPUTS.items()}


def test_every_check_of_the_district_is_broken_once(desk: Desk) -> None:
    said = {sentence for one in desk.said(DISTRICT) for sentence in one.contradictions}
    assert {sentence.partition("：")[2] for sentence in said} == {each.text for each in the_district().parts[0].checks}


@pytest.mark.parametrize("one", TYPED, ids=lambda one: one.sentence)
def test_what_the_form_takes_the_reader_of_returns_takes_for_the_same_number(desk: Desk, one: Filled) -> None:
    path = desk.forms(DISTRICT).paths[DISTRICT_SETS.index(one)]
    form, computed = read_form(path.read_bytes()), desk.doubles(path)
    for name, typed in one.typed.items():
        raw, place = form.cells[name]
        sheet, _, address = place.rpartition("!")
        input = the_district().parts[0].input(name.partition("[")[0])
        reading = read_cell(input, replace(raw, value=computed[sheet][address]) if raw.formula else raw)
        if typed.value is not None:
            assert (reading.state, reading.value) == (Cell.GIVEN, scaled(input, typed.value)), name


def test_only_a_place_and_the_marks_of_raters_are_left_to_the_review(desk: Desk) -> None:
    for name, review in ((DISTRICT, {"六1+"}), ("名次加分", {"一1+", "一2+"}), ("多人评分", {"一1"})):
        shown = face(desk.doubles(desk.forms(name).paths[0]))
        assert {id for id, value in shown.items.items() if value == BY_REVIEW} == review


def test_a_blank_form_waits_for_every_line_and_shows_no_nought(desk: Desk) -> None:
    number = next(k for k, one in enumerate(DISTRICT_SETS) if not one.answers)
    shown = face(desk.doubles(desk.forms(DISTRICT).paths[number]))
    assert set(shown.items.values()) == {WAITING, BY_REVIEW}
    assert (shown.label, shown.total) == ("暂计", WAITING)
    assert set(shown.sections.values()) == {WAITING}
    assert shown.beside == {"二": "加分另计", "六": "加分另计"}


def test_beside_the_full_mark_of_a_section_stands_what_counts_towards_it_alone(desk: Desk) -> None:
    number = next(k for k, one in enumerate(DISTRICT_SETS) if dict(one.answers) == PERFECT)
    shown = face(desk.doubles(desk.forms(DISTRICT).paths[number]))
    assert (shown.sections["二"], shown.beside["二"]) == (24.0, "加分另计")


# --- periods shorter than the year ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "months", "quarters"),
    [
        ("全年", range(1, 13), range(1, 5)),
        ("上半年", range(1, 7), (1, 2)),
        ("第1季度", (1, 2, 3), (1,)),
        ("3月", (3,), ()),
    ],
)
def test_cells_outside_the_period_are_locked_and_empty(
    desk: Desk, period: str, months: Sequence[int], quarters: Sequence[int]
) -> None:
    path = desk.forms(DISTRICT if period == "全年" else f"district {period}").paths[0]
    book = load_workbook(path)
    asked = set()
    for name, (_, place) in read_form(path.read_bytes()).cells.items():
        sheet, _, address = place.rpartition("!")
        cell = book[sheet][address]
        if "[" in name:
            assert (cell.value is None) == cell.protection.locked, name
            asked |= set() if cell.protection.locked else {name}
    assert asked == {f"信访信息条数[{k}]" for k in months} | {f"信息员活动次数[{k}]" for k in quarters}


@pytest.mark.parametrize("period", list(PERIOD_SETS))
def test_lines_of_the_year_are_shown_as_worth_nothing_in_a_shorter_period(desk: Desk, period: str) -> None:
    for path in desk.forms(f"district {period}").paths:
        shown = face(desk.doubles(path))
        assert {shown.items[line] for line in SHORT_OF_A_YEAR} == {0.0}


@pytest.mark.parametrize("text", ["SUM(季查次数)", "10-SUM(季查次数)/4"])
def test_a_formula_over_quarters_can_be_written_for_a_month(tmp_path: Path, text: str) -> None:
    small = Small(
        [count("季查次数", series=4)], [item("一1", "10", formula(text))], [Filled("nothing", {})], sections="一"
    )
    forms = write_forms(small.scheme, small.sets, tmp_path, "3月")
    assert all_differences(forms, {path: shown_by_doubles(path) for path in forms.paths}) == []


# --- what a spreadsheet cannot carry exactly ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        # 10000/999999 + 994998/999998 lies 1E-14 below 1.005, 894736/999999 + 605251/999980 1E-12 below 1.5
        ("甲件数/MAX(1,乙件数)+丙件数/MAX(1,丁件数)", "10000 999999 994998 999998"),
        ("IF(甲件数/MAX(1,乙件数)+丙件数/MAX(1,丁件数)>=1.5,10,0)", "894736 999999 605251 999980"),
    ],
)
def test_a_sum_of_rates_is_shown_exactly_or_refused(tmp_path: Path, text: str, figures: str) -> None:
    names = ("甲件数", "乙件数", "丙件数", "丁件数")
    small = Small([count(name) for name in names], [item("一1", "10", formula(text))], table(" ".join(names), figures))
    small = replace(small, sections="一")
    try:
        scheme = small.scheme
    except SchemeError:
        return
    forms = write_forms(scheme, small.sets, tmp_path)
    assert all_differences(forms, {path: shown_by_doubles(path) for path in forms.paths}) == []


# --- the proof can fail ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_engine_that_counts_a_kind_wrongly_is_found_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    forms = desk.forms(kind)
    shown = desk.all_doubles(forms)
    assert all_differences(forms, shown) == []
    monkeypatch.setitem(KINDS, kind, miscounting(KINDS[kind]))
    assert all_differences(forms, shown) != []


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_engine_with_one_other_number_than_the_form_is_found_out(desk: Desk, kind: str) -> None:
    forms = desk.forms(kind)
    assert all_differences(forms, desk.all_doubles(forms), SMALL[kind].changed) != []


@pytest.mark.slow
@office.require_office
@pytest.mark.parametrize("kind", list(KINDS))
def test_an_engine_with_one_other_number_than_the_form_is_found_out_by_libreoffice(
    desk: Desk, office_shows: dict[Path, Values], kind: str
) -> None:
    assert all_differences(desk.forms(kind), office_shows, SMALL[kind].changed) != []


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("阶梯", {"二1", "二2"}),
        ("缺项扣分", {"一2", "一3", "四1", "四2"}),
        ("零发生加分", {"二1+", "二2+", "二3+", "二4+"}),
        ("清单", {"六1", "六2", "六3"}),
        ("达标", {"八3"}),
        ("按次加分", {"二5+"}),
        # a single time already costs all of 二1 and 七1, so that they do not show it
        ("按次扣分", {"二2", "二3", "二4", "三", "七2", "九", "十1", "十2"}),
    ],
)
def test_a_kind_counted_wrongly_in_the_district_is_found_in_its_own_lines(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, lines: set[str]
) -> None:
    forms, few = desk.forms(DISTRICT), len(PACKED)
    forms = replace(forms, sets=forms.sets[:few], paths=forms.paths[:few])
    shown = desk.all_doubles(forms)
    assert all_differences(forms, shown) == []
    monkeypatch.setitem(KINDS, kind, miscounting(KINDS[kind]))
    found = all_differences(forms, shown)
    assert {line for line in FULL if any(f": {line}: the form shows" in each for each in found)} == lines


def without_inner_round(node: Node, where: excel.Where) -> str | None:
    match node:
        case Apply("ROUND", (inner, digits)):
            return f"ROUND({excel._write(inner, where)},{excel._write(digits, where)})"
    return None


def without_round_in_int(node: Node, where: excel.Where) -> str | None:
    match node:
        case Apply("INT", (inner,)):
            return f"INT({excel._write(inner, where)})"
    return None


def with_bare_comparisons(node: Node, where: excel.Where) -> str | None:
    match node:
        case Apply(sign, (left, right)) if sign in COMPARISONS:
            return f"({excel._write(left, where)}){sign}({excel._write(right, where)})"
    return None


@pytest.mark.parametrize("careless", [without_inner_round, without_round_in_int, with_bare_comparisons])
def test_a_form_written_without_care_for_binary_noise_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, careless: Callable[[Node, excel.Where], str | None]
) -> None:
    write = excel._write
    monkeypatch.setattr(excel, "_write", lambda node, where: careless(node, where) or write(node, where))
    forms = write_forms(SMALL["公式"].scheme, SMALL["公式"].sets, tmp_path)
    assert all_differences(forms, {path: shown_by_doubles(path) for path in forms.paths}) != []


class Slip(NamedTuple):
    """One formula of a form written wrongly: of an item's points, an input's status or a check."""

    where: str
    old: str
    new: str
    changes: Mapping[str, Answer | None]


SLIPS = [
    Slip("#三", "MIN(8,8-", "MIN(9,9-", {}),
    Slip("#三", ")*2", ")*3", {"交办老户件数": 2, "按期报结老户件数": 1}),
    Slip("#二1", ")*3", ")*4", beijing(2, 0)),
    Slip("#二1", '"待填"', "0", without("进京个访批次")),
    Slip("#二2", "-2,9)>=0", "-2,9)>0", province(2, 0)),
    Slip("#二4", "*0.5", "*0.49", home(1)),
    Slip("#二5+", "*4", "*5", {"化解群访件数": 1}),
    Slip("#六3", "=0,1=1,", "=0,1=0,", {"违法行为件数": 0, "依法处置件数": 0}),
    Slip("#八3", ">=0", ">0", {}),
    Slip("#八5", "9),2)", "9),1)", {"敏感期信息评分": dec("1.25")}),
    Slip("推诿次数", "<=999999", "<=99", {"推诿次数": 100}),
    Slip("备忘录", "已填", "已 填", {}),
    Slip("核2", "<=0", "<0", city(2, 2)),
    Slip("核2", '""', '"好"', {}),
]


def slip_sentence(slip: Slip) -> str:
    return f"{slip.where} {slip.old} as {slip.new}"


def place_of(path: Path, where: str) -> tuple[str, str]:
    """The sheet and cell of an item's points, an input's status or a check's sentence."""
    for sheet, values in stored(path).values.items():
        for reference, value in values.items():
            if value == where and reference[0] == "A":
                column = {"核": "C", "#": "K"}.get(where[0], "L")
                return sheet, column + reference[1:]
    raise AssertionError(f"no {where} in {path.name}")


def rewritten(path: Path, out: Path, where: str, change: Change) -> Path:
    return rewrite(path, out, *place_of(path, where), change)


def slipped(slip: Slip) -> Change:
    def change(text: str, value: str) -> tuple[str, str]:
        assert slip.old in text, text
        return text.replace(slip.old, slip.new), value

    return change


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Forms:
    sets = [Filled(slip_sentence(slip), _slip_answers(slip)) for slip in SLIPS]
    return write_forms(the_district(), sets, tmp_path_factory.mktemp("sound"))


def _slip_answers(slip: Slip) -> Mapping[str, Answer]:
    return changed({} if len(slip.changes) > len(PERFECT) // 2 else PERFECT, slip.changes)


@pytest.fixture(scope="module")
def unsound(sound: Forms, tmp_path_factory: pytest.TempPathFactory) -> Forms:
    folder = tmp_path_factory.mktemp("unsound")
    paths = tuple(
        rewritten(path, folder / path.name, slip.where, slipped(slip))
        for slip, path in zip(SLIPS, sound.paths, strict=True)
    )
    return replace(sound, paths=paths)


@pytest.mark.parametrize("number", range(len(SLIPS)), ids=map(slip_sentence, SLIPS))
def test_one_formula_written_wrongly_is_found_out(sound: Forms, unsound: Forms, number: int) -> None:
    said = says(sound.scheme, sound.sets)[number]
    assert differences(said, face(shown_by_doubles(sound.paths[number]))) == []
    assert differences(said, face(shown_by_doubles(unsound.paths[number]))) != []


@pytest.mark.slow
@office.require_office
def test_one_formula_written_wrongly_is_found_out_by_libreoffice(unsound: Forms, tmp_path: Path) -> None:
    shown = shown_by_office(unsound.paths, tmp_path)
    said = says(unsound.scheme, unsound.sets)
    missed = [
        one.filled.sentence
        for one, path in zip(said, unsound.paths, strict=True)
        if not differences(one, face(shown[path]))
    ]
    assert missed == []


@pytest.mark.slow
@office.require_office
def test_a_stored_value_that_is_not_true_is_found_out_and_misleads_nobody(sound: Forms, tmp_path: Path) -> None:
    def untrue(text: str, value: str) -> tuple[str, str]:
        return text, "4.5" if value != "4.5" else "5.5"

    path = rewritten(sound.paths[0], tmp_path / "untrue.xlsx", "#三", untrue)
    said = says(sound.scheme, sound.sets)[0]
    for shown in (shown_by_office([path], tmp_path / "office")[path], shown_by_doubles(path)):
        assert differences(said, face(shown)) == []
        assert len(stale(path, shown)) == 1
        assert stale(sound.paths[0], shown) == []


ELSEWHERE = [
    ("xinyang", Slip("#4.1", "19*", "18*", handled(20, 18))),
    ("xinyang", Slip("#4.1", "*5", "*4", {})),
    ("xinyang", Slip("#4.5", '="是"', '<>""', silent(3))),
    ("xinyang", Slip("#加4+", "已填", "矛盾", {"创新加分": 3})),
    ("xinyang", Slip("#减1-", "-", "+", complaints(1, "5"))),
    ("xinyang", Slip("#减3.3-", "*5", "*4", silent(12))),
    ("xinyang", Slip("核7", ">=0", ">0", complaints(1, "5"))),
    ("xinyang", Slip("申报", "可不填", "未填", {})),
    ("xinyang", Slip("按月通报[7]", '"是"', '"√"', {})),
    ("liaocheng-1995", Slip("#目标:四无", "达到", "未达到", {})),
    ("liaocheng-1995", Slip("#目标:四无", '"待填"', '"未达到"', {"信访积案数": None})),
    ("liaocheng-1995", Slip("#目标:按期查结", "=0", "<=0", due_cases(20, 19))),
    ("liaocheng-1995", Slip("#目标:无越级上访", '"已填"', '"矛盾"', {})),
]
BASES = {"xinyang": PERFECT_UNIT, "liaocheng-1995": {name: PLAIN[name] for name in REPORTED}}


@pytest.mark.parametrize(
    ("name", "slip"), ELSEWHERE, ids=lambda one: one if isinstance(one, str) else slip_sentence(one)
)
def test_one_formula_of_another_scheme_written_wrongly_is_found_out(tmp_path: Path, name: str, slip: Slip) -> None:
    one = Filled(slip_sentence(slip), changed(BASES[name], slip.changes))
    forms = write_forms(FAMILIES[name].scheme(), [one], tmp_path)
    wrong = rewritten(forms.paths[0], tmp_path / "wrong.xlsx", slip.where, slipped(slip))
    said = says(forms.scheme, forms.sets)[0]
    assert differences(said, face(shown_by_doubles(forms.paths[0]))) == []
    assert differences(said, face(shown_by_doubles(wrong))) != []


@pytest.fixture(scope="module")
def half_known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Said, Values]:
    one = Filled("one blank, one with a half", {**without("推诿次数"), "敏感期信息评分": dec("1.005")})
    forms = write_forms(the_district(), [one], tmp_path_factory.mktemp("half"))
    return says(forms.scheme, forms.sets)[0], shown_by_doubles(forms.paths[0])


@pytest.mark.parametrize(
    "change",
    [
        {"items": {"七2": 0.0}},
        {"items": {"七2": None}},
        {"items": {"七2": ""}},
        {"items": {"八5": 1.0}},
        {"items": {"八5": "1.01"}},
        {"items": {"八5": 1.0099999999999998}},
        {"items": {"六1+": 0.0}},
        {"items": {"六1+": WAITING}},
        {"items": {"九": WAITING}},
        {"items": {"九": True}},
        {"items": {"余": 1.0}},
        {"sections": {"九": 3.0}},
        {"sections": {"二": 40.0}},
        {"beside": {"二": "加分"}},
        {"beside": {"一": "加分另计"}},
        {"status": {"推诿次数": "已填"}},
        {"status": {"备忘录": "未填"}},
        {"status": {"备忘录": ""}},
        {"status": {"无此项": "已填"}},
        {"label": "合计"},
        {"total": 102.0},
        {"total": "102.01"},
        {"gaps": "还有2处待填"},
        {"headline": "已全部填好"},
        {"contradictions": ["矛盾：赴市20人以上批次不能多于集访批次"]},
        {"listed": ["已填"]},
    ],
    ids=str,
)
def test_the_comparison_overlooks_nothing(half_known: tuple[Said, Values], change: dict[str, Any]) -> None:
    said, shown = half_known[0], face(half_known[1])
    assert differences(said, shown) == []
    for name, value in change.items():
        before = getattr(shown, name)
        setattr(shown, name, {**before, **value} if isinstance(before, dict) else value)
    assert differences(said, shown) != []


@pytest.mark.parametrize("family", ["goals beside items", "goals alone"])
@pytest.mark.parametrize(
    "change",
    [
        {"四无": "未达到"},
        {"四无": True},
        {"按期": WAITING},
        {"95分": "达到"},
        {"95分": WAITING},
        {"多半": None},
        {"余": "达到"},
    ],
    ids=str,
)
def test_the_comparison_overlooks_no_goal(desk: Desk, family: str, change: dict[str, Any]) -> None:
    said, shown = desk.said(family)[0], face(desk.doubles(desk.forms(family).paths[0]))
    assert differences(said, shown) == []
    shown.targets |= change
    assert differences(said, shown) != []


@pytest.mark.parametrize("change", [{"label": "合计"}, {"total": "3项"}, {"total": 4.0}], ids=str)
def test_the_comparison_counts_the_goals_where_there_are_no_items(desk: Desk, change: dict[str, Any]) -> None:
    said, shown = desk.said("goals alone")[0], face(desk.doubles(desk.forms("goals alone").paths[0]))
    assert (shown.label, shown.total) == ("达到", "4项")
    for name, value in change.items():
        setattr(shown, name, value)
    assert differences(said, shown) != []


def test_alike_forgives_only_the_noise_of_a_sum() -> None:
    assert alike(1.1 + 2.2, 3.3)
    assert not alike(3.3, 3.300000001)
    assert not alike(1.0, True)
    assert not alike(1.0, "1")
    assert not alike(0.0, "")
    assert not alike("", None)
