"""The nouns of an assessment, as frozen dataclasses; every other room speaks in these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

COUNT_LIMIT = 999_999
"""The largest 件数: above it a double ROUND in Excel is no longer exact."""


NUMBER_LIMIT = 1_000_000_000
"""The largest 数值 without a limit of its own."""
PERCENT = ("%", "％")
"""The 计量单位 of numbers that are per cent points: 95 is 95%."""
RATERS_LIMIT = 200
"""The most raters of one input."""
MONEY_LIMIT = 1_000_000_000_000
"""The largest 金额, in yuan."""


class InputKind(StrEnum):
    FLAG = "是否"
    COUNT = "件数"
    NUMBER = "数值"
    MONEY = "金额"
    JUDGED = "评分"
    RATERS = "多人评分"
    DATE = "日期"
    TEXT = "文字"


_MOST = {InputKind.COUNT: COUNT_LIMIT, InputKind.MONEY: MONEY_LIMIT}


class Origin(StrEnum):
    """Who supplies an input."""

    SELF = "自评"
    REVIEW = "复查"
    LEDGER = "台账"
    ROSTER = "名册"
    PREVIOUS = "上年"


class OutcomeKind(StrEnum):
    REWARD = "奖励"
    HONOUR = "荣誉"
    FINE = "处罚"
    VETO = "一票否决"
    LIST = "名单"
    ACCOUNTABILITY = "问责"


class State(StrEnum):
    """What is known of a subject; the last four are open."""

    ASSESSED = "已评"
    PROVISIONAL = "暂定"
    MISSING = "未报"
    REFUSED = "退回"
    HELD = "待定"


class Fate(StrEnum):
    """Where every file found ends."""

    SCORED = "已评"
    HELD = "待定"
    REFUSED = "退回"
    IGNORED = "忽略"


class Cell(StrEnum):
    """What is known of one input cell of one subject."""

    GIVEN = "已填"
    BLANK = "未填"
    REFUSED = "无法识别"
    CONFLICT = "矛盾"
    ABSENT = "未提供"


class Source(NamedTuple):
    """Where a fact stands: file (POSIX path), sheet and cell; parts that do not apply are empty."""

    file: str = ""
    sheet: str = ""
    cell: str = ""


def _periods() -> dict[str, tuple[int, ...]]:
    periods = {"全年": tuple(range(1, 13)), "上半年": tuple(range(1, 7)), "下半年": tuple(range(7, 13))}
    periods |= {f"第{q}季度": tuple(range(3 * q - 2, 3 * q + 1)) for q in range(1, 5)}
    return periods | {f"{month}月": (month,) for month in range(1, 13)}


PERIODS: Mapping[str, tuple[int, ...]] = _periods()
YEAR = "全年"
UNITS, PERSONS = "单位", "个人"
CATEGORY = "类别"
"""The column of the roster that every scheme may ask for."""


@dataclass(frozen=True, slots=True)
class Input:
    """One fact that is filled in (填报项).

    ``series`` is 0, 4 (quarters) or 12 (months). ``decimals`` is how many a value may have, ``maximum``
    its limit (None: open). ``optional`` says in words what holds when nobody gives it, ``default`` is the value
    that then counts. ``raters``: how many values a 多人评分 has this time. ``previous``: the outcome (its id or its
    kind) of last year's result that it repeats; ``scores``: it may be taken from another scheme's totals; ``options``:
    what a 文字 from the roster may say, so that formulas can ask for it.
    """

    name: str
    kind: InputKind
    origin: Origin = Origin.SELF
    unit: str = ""
    series: int = 0
    minimum: int = 0
    maximum: int | None = None
    decimals: int = 0
    optional: str = ""
    default: str = ""
    note: str = ""
    raters: int = 0
    previous: str = ""
    scores: bool = False
    options: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether the unit fills it in."""
        return self.origin in (Origin.SELF, Origin.LEDGER)

    @property
    def measure(self) -> str:
        """What stands above its values: the unit of measure, 是/否; nothing where it has none."""
        return self.unit or ("是/否" if self.kind is InputKind.FLAG else "")

    @property
    def most(self) -> int:
        """The largest value: its own limit, else what Excel still carries exactly."""
        if self.maximum is not None:
            return self.maximum
        return _MOST.get(self.kind, NUMBER_LIMIT)

    @property
    def cells(self) -> tuple[str, ...]:
        """The names of its cells: itself, or 名[1] … 名[n] for a series or for raters."""
        count = max(1, self.raters) if self.kind is InputKind.RATERS else self.series
        return tuple(f"{self.name}[{k}]" for k in range(1, count + 1)) if count else (self.name,)

    def cells_in(self, period: str) -> tuple[str, ...]:
        """The cells that a period judges: its months, or the quarters that lie wholly inside it."""
        if not self.series:
            return self.cells
        months, span = PERIODS[period], 12 // self.series
        return tuple(
            cell
            for k, cell in enumerate(self.cells)
            if all(month in months for month in range(k * span + 1, (k + 1) * span + 1))
        )

    def label(self, cell: str) -> str:
        """What stands beside or above one of its cells."""
        return f"{self.name}{self._caption(int(cell[len(self.name) + 1 : -1]))}" if self.series else self.name

    def captions(self) -> tuple[str, ...]:
        """What stands above the cells of a series: 1月 … or 1季度 …."""
        return tuple(map(self._caption, range(1, self.series + 1)))

    def _caption(self, k: int) -> str:
        return f"{k}月" if self.series == 12 else f"{k}季度"


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One component of an item's rule as it stands in the scheme: a kind and its parameters."""

    kind: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """A scored line (指标). ``points`` is its cap, None where a bonus has none (不封顶).

    ``annual`` lines count in 全年 only; ``when`` is the (reading, value) under which the line exists;
    ``shows``: inputs that stand beneath it in the template though its rule does not read them; ``floor``: what it
    gives at least (保底), None where it may fall below 0 (不封底); ``groups``: those to which it applies (适用), each
    with what its points are multiplied by there; empty: all; ``confirmed``: that what a check asks about
    stands so in the document.
    """

    id: str
    section: str
    title: str
    points: Fraction | None
    clause: str
    rules: tuple[RuleSpec, ...]
    annual: bool = False
    when: tuple[str, str] | None = None
    materials: str = ""
    readings: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    floor: Fraction | None = Fraction(0)
    groups: Mapping[str, Fraction] = field(default_factory=dict)
    confirmed: str = ""

    @property
    def extra(self) -> bool:
        """A bonus or a deduction line, outside the caps."""
        return self.id.endswith(("+", "-"))


@dataclass(frozen=True, slots=True)
class Section:
    """``confirmed``: that its items do not add up to its points stands so in the document."""

    id: str
    title: str
    points: Fraction
    clause: str = ""
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One of several conditions, any of which suffices for an outcome."""

    condition: str
    because: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from facts and scores (结果运用).

    ``condition`` is a formula over inputs, 总分, 名次, targets and the outcomes before it (一票否决: any veto before
    it); of the outcomes that share a ``tier`` only the first that holds is given; with ``reasons`` one of these
    must hold too. Money is ``amount``, or the ``parameter`` of that name, or ``count`` (a formula) × ``price``; with
    ``share`` (a formula) it is a fund that those to whom it is given divide by it;
    ``settles``: it comes off the deposit; ``needs_amount``: it is not given while its parameter has no value.
    """

    id: str
    kind: OutcomeKind
    condition: str
    clause: str
    because: str
    amount: Fraction | None = None
    tier: str = ""
    annual: bool = False
    reasons: tuple[Reason, ...] = ()
    parameter: str = ""
    count: str = ""
    price: Fraction | None = None
    settles: bool = False
    needs_amount: bool = False
    share: str = ""

    @property
    def punishes(self) -> bool:
        return self.kind in (OutcomeKind.FINE, OutcomeKind.VETO, OutcomeKind.ACCOUNTABILITY)


@dataclass(frozen=True, slots=True)
class Target:
    """A goal (工作目标) that is shown as met or not met and earns no points by itself."""

    id: str
    title: str
    condition: str
    clause: str


@dataclass(frozen=True, slots=True)
class Check:
    """A consistency rule between inputs that must hold. ``closed``: both cells become 待核, else a 警告, or with
    ``mild`` a 提示."""

    condition: str
    text: str
    closed: bool = True
    mild: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """用例: what is filled in, by cell, and the points that must follow, by item or 总分."""

    id: str
    given: Mapping[str, str]
    points: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Reading:
    """口径: a decision the source text leaves open, shown to users and changeable where it has options."""

    id: str
    text: str
    value: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure an office may set without editing the scheme (``--set``)."""

    id: str
    value: Fraction | None
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """What is assessed: 单位, or 个人 (many rows a unit).

    ``total``: the formula of the total in a part without items; ``deposit``: the input from which fines come off;
    ``group``: the input that says to which group a subject belongs, groups are ranked separately; ``apart``: the
    condition under which a subject is listed apart (单列), without a rank; ``last``: the condition under which it is
    ranked behind all others whatever its points (排到最后), over inputs, targets and 一票否决 (any veto of the part);
    ``shrunk``: what becomes of the total where an item does not count (不计入): 折算 or 不折算.
    """

    name: str
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    inputs: tuple[Input, ...]
    outcomes: tuple[Outcome, ...]
    checks: tuple[Check, ...] = ()
    zero_words: bool = False
    """Whether 无, 没有 in a count mean 0."""
    targets: tuple[Target, ...] = ()
    total: str = ""
    deposit: str = ""
    veto_effect: str = ""
    group: str = ""
    apart: str = ""
    last: str = ""
    shrunk: str = ""
    cases: tuple[Example, ...] = ()
    # asked for by every cell of every subject
    _by_name: dict[str, Input] = field(default_factory=dict, init=False, repr=False, compare=False)
    _cells: dict[str, tuple[tuple[Input, str], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self._by_name.update((each.name, each) for each in reversed(self.inputs))

    @property
    def many(self) -> bool:
        """Whether a unit has many rows of it: its persons."""
        return self.name == PERSONS

    def with_raters(self, counts: Mapping[str, int]) -> Part:
        """The part with room for so many raters an input."""
        inputs = tuple(
            replace(each, raters=counts.get(each.name, 0)) if each.kind is InputKind.RATERS else each
            for each in self.inputs
        )
        return replace(self, inputs=inputs)

    def input(self, name: str) -> Input:
        return self._by_name[name]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of its subjects; none where all are ranked together."""
        return self._by_name[self.group].options if self.group in self._by_name else ()

    def cells(self, period: str) -> tuple[tuple[Input, str], ...]:
        if period not in self._cells:
            self._cells[period] = tuple((each, cell) for each in self.inputs for cell in each.cells_in(period))
        return self._cells[period]

    def items_of(self, section: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.section == section)


def captioned(text: str, parts: Iterable[Part]) -> str:
    """A text in which the cells of a series have the captions of the form, and all of them together one word. Raters
    have none: they keep a number."""
    if "[" not in text:
        return text
    series = [each for part in parts for each in part.inputs if each.series and f"{each.name}[" in text]
    # a name that ends another is looked for last
    for each in sorted(series, key=lambda each: -len(each.name)):
        text = text.replace("＋".join(each.cells), f"{each.name}合计").replace(
            "，".join(each.cells), f"各期{each.name}"
        )
        for cell in each.cells:
            text = text.replace(cell, each.label(cell))
    return text


@dataclass(frozen=True, slots=True)
class Scheme:
    """One assessment document (考核方案). ``text`` is its TOML form, ``digest`` the hash of that text.

    ``caution`` stands on the face of every result; ``duties`` are shown to the units and not scored; ``accepts``: the
    earlier versions on whose templates a return is still taken; ``effective`` and ``until``: its first and last day, as
    ISO dates; ``tolerance``: by more points than that verified points must lie below self-scored ones to be listed
    (自评不实).
    """

    id: str
    title: str
    version: str
    status: str
    source: str
    date: str
    parts: tuple[Part, ...]
    readings: tuple[Reading, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    notes: tuple[str, ...] = ()
    recipients: str = ""
    caution: str = ""
    duties: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    effective: str = ""
    until: str = ""
    tolerance: Fraction = Fraction(0)
    text: str = field(default="", repr=False, compare=False)
    digest: str = field(default="", repr=False, compare=False)

    @property
    def cited(self) -> str:
        """The document and its date, as far as they are known."""
        return f"{self.source}（{self.date}）" if self.source and self.date else self.source or self.date

    @property
    def settings(self) -> dict[str, str]:
        """The readings in force."""
        return {reading.id: reading.value for reading in self.readings}

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def lines(self, part: Part) -> tuple[Item, ...]:
        """The items that exist under the readings in force."""
        settings = self.settings
        return tuple(item for item in part.items if item.when is None or settings[item.when[0]] == item.when[1])

    def with_settings(self, changes: Mapping[str, str]) -> Scheme:
        """The scheme under other readings and parameters.

        Raises KeyError for an unknown name and ValueError for a value that is not offered.
        """
        known = {each.id for each in self.readings} | {each.id for each in self.parameters}
        money = {each.parameter for part in self.parts for each in part.outcomes}
        for name in changes:
            if name not in known:
                raise KeyError(name)
        return replace(
            self,
            readings=tuple(_reading_set(each, changes) for each in self.readings),
            parameters=tuple(_parameter_set(each, changes, each.id in money) for each in self.parameters),
        )


def _reading_set(reading: Reading, changes: Mapping[str, str]) -> Reading:
    value = changes.get(reading.id, reading.value)
    if value != reading.value and value not in reading.options:
        raise ValueError(f"{reading.id} 只能是：{'、'.join(reading.options) or '（不可更改）'}")
    return replace(reading, value=value)


def _parameter_set(parameter: Parameter, changes: Mapping[str, str], money: bool) -> Parameter:
    if parameter.id not in changes:
        return parameter
    try:
        value = Fraction(changes[parameter.id])
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{parameter.id} 应当是数字") from None
    if money and (value < 0 or value.denominator != 1):
        raise ValueError(f"{parameter.id} 是金额，要写成 0 或正的整元")
    if value < 0:
        raise ValueError(f"{parameter.id} 不能是负数")
    return replace(parameter, value=value)


class Subject(NamedTuple):
    """Who is scored: a unit, or a person of a unit."""

    part: str
    unit: str
    person: str | None = None
    person_id: str | None = None

    @property
    def label(self) -> str:
        return "/".join(each for each in (self.unit, self.own) if each)

    @property
    def own(self) -> str:
        """The person within the unit, with the staff number; empty for the unit itself."""
        return "/".join(each for each in (self.person, self.person_id) if each)


@dataclass(frozen=True, slots=True)
class RosterUnit:
    """One row of the roster (单位名册); ``attributes`` are its further columns as text, ``places``: where each of
    its columns stands."""

    name: str
    code: str = ""
    category: str = ""
    email: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)

    def attribute(self, name: str) -> str:
        """What stands in a column of the roster; empty where nothing does."""
        return self.category if name == CATEGORY else self.attributes.get(name, "")


@dataclass(frozen=True, slots=True)
class Roster:
    units: tuple[RosterUnit, ...]
    source: Source = Source()
    _by_name: dict[str, RosterUnit] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_name.update((unit.name, unit) for unit in reversed(self.units))

    def __len__(self) -> int:
        return len(self.units)

    def get(self, name: str) -> RosterUnit | None:
        return self._by_name.get(name)
