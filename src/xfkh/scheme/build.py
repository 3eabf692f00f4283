"""Rows of a scheme, from a TOML file or a workbook, → Scheme, with a finding for whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from ..console import near, nearest
from ..findings import Finding
from ..model import (
    Check,
    Example,
    Input,
    InputKind,
    Item,
    Origin,
    Outcome,
    OutcomeKind,
    Parameter,
    Part,
    Reading,
    Reason,
    RuleSpec,
    Scheme,
    Section,
    Source,
    Target,
)
from ..rules.kinds import number_of
from ..text import NARROW
from .columns import AS_WRITTEN
from .places import WORDS, Places, Row
from .remedies import misfit

Made = TypeVar("Made")
Choice = TypeVar("Choice", bound=StrEnum)
_TABLES = {"section", "item", "input", "outcome", "check", "target", "case"}


class Fault(NamedTuple):
    """A field of a row that does not fit, and why."""

    row: Row
    name: str
    why: str


class Fields:
    """One row being read: each field is taken once; what is left at the end nobody knows. What does not fit is noted,
    and something that would fit stands in for it, so that the rest of the row is read too."""

    def __init__(self, row: Row, faults: list[Fault] | None = None) -> None:
        self.row, self.rest = row, dict(row)
        self.faults = [] if faults is None else faults

    def wrong(self, name: str, why: str) -> None:
        if name not in self.row.told:
            self.row.told[name] = ""
            self.faults.append(Fault(self.row, name, why))

    def sound(self, *names: str) -> bool:
        return not any(name in self.row.told for name in names)

    def text(self, name: str, default: str | None = None) -> str:
        value = self._take(name, default)
        if value is not None and not isinstance(value, str):
            self.wrong(name, "要写成文字（加引号）")
        return value if isinstance(value, str) else default or ""

    def number(self, name: str, instead: Fraction | None = None) -> Fraction | None:
        """A number, or None where the field is absent; ``instead`` stands in for one that is wrong."""
        value = self.rest.pop(name, None)
        found = number_of(value)
        if value is not None and found is None:
            self.wrong(name, f"「{str(value).lower() if isinstance(value, bool) else value}」不是数")
        return found if self.sound(name) else instead

    def needed_number(self, name: str) -> Fraction:
        value = self.number(name)
        if value is None:
            self.wrong(name, "没有填")
        return value or Fraction(0)

    def whole(self, name: str, default: int | None) -> int | None:
        value = self.rest.pop(name, default)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            self.wrong(name, "要写成整数")
            return default
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.rest.pop(name, default)
        if not isinstance(value, bool):
            self.wrong(name, "只能填“是”，或者空着" if self.row.places else "只能是 true 或 false")
        return value is True

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.rest.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.wrong(name, "要写成文字的列表")
            return ()
        return tuple(value)

    def choice(self, name: str, kinds: type[Choice], default: str | None, instead: Choice) -> Choice:
        value = self.text(name, default)
        try:
            return kinds(value)
        except ValueError:
            self.wrong(name, f"没有「{value}」{nearest(value, list(kinds))}")
        return kinds(next(iter(near(value, list(kinds))), instead))

    def rows(self, name: str) -> list[Fields]:
        value = self._take(name, None)
        if value is not None and (not isinstance(value, list) or not all(isinstance(each, Row) for each in value)):
            self.wrong(name, "要写成表的列表 [ {…}, … ]")
            value = None
        return [Fields(each, self.faults) for each in value or []]

    def mapping(self, name: str) -> Row:
        value = self.rest.pop(name, {})
        if not isinstance(value, Mapping):
            self.wrong(name, "要写成 名称 = 值 的表")
            value = {}
        return value if isinstance(value, Row) else Row(self.row.source, value)

    def table(self, name: str) -> dict[str, str]:
        value = self.rest.pop(name, {})
        if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value.values()):
            self.wrong(name, '要写成 选项 = "说明" 的表')
            return {}
        return dict(value)

    def _take(self, name: str, default: Any) -> Any:
        value = self.rest.pop(name, default)
        if value is None:
            self.wrong(name, "没有填")
        return value


@dataclass(slots=True)
class Builder:
    """Turns rows into nouns; remembers what did not fit."""

    source: Source
    findings: list[Finding] = field(default_factory=list)
    places: Places = field(default_factory=Places)

    def __post_init__(self) -> None:
        self.places.source = self.source

    def scheme(self, tables: Mapping[str, Any], text: str, digest: str) -> Scheme:
        head = tables.get("scheme", {})
        head = self.placed(head if isinstance(head, Mapping) else {})
        made = self.one("方案", head, scheme)
        self.places.note("", "scheme", head)
        for name in set(tables) - {"scheme", "part", "reading", "parameter"}:
            self.wrong("文件", name, "不认识这张表")
        parts = tuple(self.part(row) for row in self.tables(tables, "part"))
        return Scheme(
            **made,
            parts=parts,
            readings=self.rows(tables, "reading", reading),
            parameters=self.rows(tables, "parameter", parameter),
            text=text,
            digest=digest,
        )

    def part(self, row: Row) -> Part:
        plain = {key: value for key, value in row.items() if key not in _TABLES}
        self.places.note(str(row.get("name", "单位")), "part", row)
        name, zero_words = str(plain.pop("name", "单位")), plain.pop("zero_words", False)
        if not isinstance(zero_words, bool):
            why = "只能填“是”或“否”，或者空着" if row.places else "要写 true 或 false"
            self.wrong(f"部分 {name}", "zero_words", why, row)
        texts = {key: str(plain.pop(key, "")) for key in _PART_TEXTS}
        for key in plain:
            self.wrong(f"部分 {name}", key, "不认识这一项")
        return Part(
            name=name,
            sections=self.rows(row, "section", section, name),
            items=self.rows(row, "item", item, name),
            inputs=self.rows(row, "input", input_, name),
            outcomes=self.rows(row, "outcome", outcome, name),
            checks=self.rows(row, "check", check, name),
            zero_words=zero_words is True,
            targets=self.rows(row, "target", target, name),
            cases=self.rows(row, "case", case, name),
            **texts,
        )

    def rows(
        self, tables: Mapping[str, Any], name: str, make: Callable[[Fields], Made], part: str = ""
    ) -> tuple[Made, ...]:
        made = []
        for k, row in enumerate(self.tables(tables, name), 1):
            self.places.note(part, name, row)
            made.append(self.one(f"{WORDS[name]} {row.get('id') or row.get('name') or k}", row, make))
            self.places.own(made[-1], row)
        return tuple(made)

    def tables(self, tables: Mapping[str, Any], name: str) -> list[Row]:
        found = tables.get(name, [])
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            self.wrong("文件", name, f"要写成 [[{name}]]")
            return []
        return [self.placed(row) for row in found]

    def placed(self, row: Mapping[str, Any]) -> Row:
        """A row of a file, of which no cell is known."""
        if isinstance(row, Row):
            return row
        made = Row(self.source, row)
        for name in ("rule", "reasons"):
            inner = row.get(name)
            if isinstance(inner, list) and all(isinstance(each, Mapping) for each in inner):
                made[name] = [self.placed(each) for each in inner]
        return made

    def one(self, where: str, row: Row, make: Callable[[Fields], Made]) -> Made:
        """What a row says; where a field does not fit, with something that stands in for it."""
        fields = Fields(row)
        made = make(fields)
        for fault in fields.faults:
            self.wrong(where, fault.name, fault.why, fault.row)
        for key in fields.rest:
            self.wrong(where, key, f"{where.split()[0]}不用这一列，空着" if row.places else "不认识这一项", row)
        return made

    def wrong(self, where: str, name: str, why: str, row: Row | None = None) -> None:
        row = Row(self.source) if row is None else row
        facts = {"where": where, "field": row.heads.get(name, name), "why": why}
        self.findings.append(misfit("scheme-field", row.at(name), **facts))


_PART_TEXTS = ("total", "deposit", "veto_effect", "group", "apart", "last", "shrunk")


def scheme(row: Fields) -> dict[str, Any]:
    """The head: the fields of Scheme that are no tables."""
    return {
        "id": row.text("id"),
        "title": row.text("title"),
        "version": row.text("version"),
        "status": row.text("status"),
        "source": row.text("source", ""),
        "date": row.text("date", ""),
        "notes": row.texts("notes"),
        "recipients": row.text("recipients", ""),
        "caution": row.text("caution", ""),
        "duties": row.texts("duties"),
        "accepts": row.texts("accepts"),
        "effective": _day(row, "effective"),
        "until": _day(row, "until"),
        "tolerance": _tolerance(row),
    }


def _tolerance(row: Fields) -> Fraction:
    value = row.number("tolerance") or Fraction(0)
    if value < 0:
        row.wrong("tolerance", "不能小于0；写几分，如 0.5，不填就是0")
    return max(value, Fraction(0))


_DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")


def _day(row: Fields, name: str) -> str:
    text = row.text(name, "")
    written = _DAY.fullmatch(text.translate(NARROW))
    try:
        return text and date(*map(int, written.groups() if written else ())).isoformat()
    except (TypeError, ValueError):
        row.wrong(name, f"「{text}」不是日期，写成 2026-01-01 这样")
    return ""


def section(row: Fields) -> Section:
    points, clause = row.needed_number("points"), row.text("clause", "")
    return Section(row.text("id"), row.text("title"), points, clause, _confirmed(row))


def _confirmed(row: Fields) -> str:
    """Whether an office says of what a check asks that the document has it so."""
    confirmed = row.text("confirmed", "")
    if confirmed not in ("", AS_WRITTEN):
        row.wrong("confirmed", f"只能是“{AS_WRITTEN}”，或者空着")
    return confirmed


def item(row: Fields) -> Item:
    when = row.text("when", "")
    name, _, value = when.partition("=")
    return Item(
        id=row.text("id"),
        section=row.text("section", ""),
        title=row.text("title"),
        points=row.number("points"),
        clause=row.text("clause"),
        rules=tuple(rule(each) for each in row.rows("rule")),
        annual=row.flag("annual"),
        when=(name.strip(), value.strip()) if when else None,
        materials=row.text("materials", ""),
        readings=row.texts("readings"),
        shows=row.texts("shows"),
        floor=_floor(row),
        groups=_groups(row),
        confirmed=_confirmed(row),
    )


UNBOUNDED = "不封底"


def _floor(row: Fields) -> Fraction | None:
    """What an item gives at least: 0 where nothing is said."""
    if row.rest.get("floor") == UNBOUNDED:
        del row.rest["floor"]
        return None
    return row.number("floor") or Fraction(0)


def _groups(row: Fields) -> dict[str, Fraction]:
    """The groups that an item applies to, each with its weight: 县组、区组 or 县组:30%、区组:20%."""
    found = dict[str, Fraction]()
    for each in filter(None, re.split(r"[、,;\s]+", row.text("groups", "").translate(NARROW))):
        name, _, weight = each.partition(":")
        share = number_of(weight.removesuffix("%") or "1")
        if share is None:
            row.wrong("groups", f"「{weight}」不是数；写成 县组、区组，或 县组:30%、区组:20%")
        elif share <= 0 or name in found:
            row.wrong("groups", f"「{name}」写了两次" if name in found else "权重要大于0")
        else:
            found[name] = share / (100 if weight.endswith("%") else 1)
    return found


def rule(row: Fields) -> RuleSpec:
    return RuleSpec(row.text("kind"), row.rest)


def input_(row: Fields) -> Input:
    series = row.whole("series", 0) or 0
    if series not in (0, 4, 12):
        row.wrong("series", "只能是 4（按季）或 12（按月）")
        series = 0
    kind = row.choice("kind", InputKind, None, InputKind.COUNT)
    origin, options = row.choice("origin", Origin, Origin.SELF, Origin.SELF), row.texts("options")
    if options and row.sound("kind", "origin") and (kind is not InputKind.TEXT or origin is not Origin.ROSTER):
        row.wrong("options", "只有来源是名册的文字可以列选项")
    if len(options) == 1 and re.search(r"\S[\s/／|｜]+\S", options[0]):
        row.wrong("options", f"只读出一个选项「{options[0]}」；几个选项用顿号隔开，如 县组、区组")
    if row.rest.get("maximum") == 0 and row.rest.get("maximum") is not False:
        row.wrong("maximum", "写 0 就什么也不能填；不限的空着")
    if len(set(options)) < len(options):
        row.wrong("options", "有的选项写了两次")
    return Input(
        name=row.text("name"),
        kind=kind,
        origin=origin,
        unit=row.text("unit", ""),
        series=series,
        minimum=row.whole("minimum", 0) or (1 if options else 0),
        maximum=row.whole("maximum", None) or (len(options) or None),
        decimals=_decimals(row),
        optional=row.text("optional", ""),
        default=row.text("default", ""),
        note=row.text("note", ""),
        previous=row.text("previous", ""),
        scores=row.flag("scores"),
        options=options,
    )


def _decimals(row: Fields) -> int:
    found = row.whole("decimals", 0) or 0
    if not 0 <= found <= MOST_DECIMALS:
        row.wrong("decimals", f"小数位数写 0 到 {MOST_DECIMALS}")
    return found if row.sound("decimals") else 0


MOST_DECIMALS = 6


def outcome(row: Fields) -> Outcome:
    reasons = tuple(reason(each) for each in (row.rows("reasons") if "reasons" in row.rest else []))
    count = row.text("count", "")
    return Outcome(
        id=row.text("id"),
        kind=row.choice("kind", OutcomeKind, None, OutcomeKind.HONOUR),
        condition=row.text("condition", "" if reasons or count else None),
        clause=row.text("clause"),
        because=row.text("because"),
        amount=row.number("amount"),
        tier=row.text("tier", ""),
        annual=row.flag("annual"),
        reasons=reasons,
        parameter=row.text("parameter", ""),
        count=count,
        price=_price(row, count),
        settles=row.flag("settles"),
        needs_amount=row.flag("needs_amount"),
        share=row.text("share", ""),
    )


def _price(row: Fields, count: str) -> Fraction | None:
    """What one of what is counted costs: both are there, or neither."""
    price = row.number("price")
    if count and price is None:
        row.wrong(
            "count" if row.row.places and row.row.at("price") == row.row.source else "price", "按数量计钱的，没有填单价"
        )
    if price is not None and not count:
        row.wrong("price", "写了单价，还要在「数量」里写数什么；固定的金额写在「金额」里")
    return price


def reason(row: Fields) -> Reason:
    return Reason(row.text("condition"), row.text("because"))


def target(row: Fields) -> Target:
    return Target(row.text("id"), row.text("title"), row.text("condition"), row.text("clause"))


def check(row: Fields) -> Check:
    return Check(row.text("condition"), row.text("text"), row.flag("closed", True), row.flag("mild"))


def case(row: Fields) -> Example:
    expected, points = Fields(row.mapping("points"), row.faults), dict[str, Fraction]()
    for id, value in {**expected.row.told, **expected.row}.items():
        if value == "":
            expected.wrong(id, "没有填")
        points[id] = expected.needed_number(id)
    id, given = row.text("id"), row.mapping("given")
    return Example(id, {cell: str(value) for cell, value in given.items()}, points)


def reading(row: Fields) -> Reading:
    return Reading(row.text("id"), row.text("text"), row.text("value", ""), row.table("options"))


def parameter(row: Fields) -> Parameter:
    return Parameter(row.text("id"), row.number("value", instead=Fraction(1)), row.text("text"))
