"""Rows of a scheme, from a TOML file or a workbook, → Scheme, with a finding for whatever is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from ..findings import Finding, finding
from ..model import (
    Check,
    Input,
    InputKind,
    Item,
    Origin,
    Outcome,
    OutcomeKind,
    Parameter,
    Part,
    Reading,
    RuleSpec,
    Scheme,
    Section,
    Source,
)

Row = Mapping[str, Any]
Made = TypeVar("Made")


@dataclass(slots=True)
class Builder:
    """Turns rows into nouns; remembers what did not fit."""

    source: Source
    findings: list[Finding] = field(default_factory=list)

    def scheme(self, tables: Row, text: str, digest: str) -> Scheme:
        head = tables.get("scheme", {})
        parts = tuple(self.part(row) for row in tables.get("part", ()))
        return Scheme(
            id=str(head.get("id", "")),
            title=str(head.get("title", "")),
            version=str(head.get("version", "")),
            status=str(head.get("status", "")),
            source=str(head.get("source", "")),
            date=str(head.get("date", "")),
            parts=parts,
            readings=self.rows(tables, "reading", reading),
            parameters=self.rows(tables, "parameter", parameter),
            notes=tuple(head.get("notes", ())),
            recipients=str(head.get("recipients", "")),
            text=text,
            digest=digest,
        )

    def part(self, row: Row) -> Part:
        return Part(
            name=str(row.get("name", "单位")),
            sections=self.rows(row, "section", section),
            items=self.rows(row, "item", item),
            inputs=self.rows(row, "input", input_),
            outcomes=self.rows(row, "outcome", outcome),
            checks=self.rows(row, "check", check),
            zero_words=bool(row.get("zero_words", False)),
        )

    def rows(self, table: Row, name: str, make: Callable[[dict[str, Any]], Made]) -> tuple[Made, ...]:
        made = []
        for k, row in enumerate(table.get(name, ()), 1):
            where = f"{name} {row.get('id') or row.get('name') or k}"
            rest = dict(row)
            try:
                made.append(make(rest))
            except KeyError as error:
                self.wrong(where, str(error.args[0]), "没有填")
            except (ValueError, ZeroDivisionError, TypeError) as error:
                self.wrong(where, str(row), str(error))
            else:
                for key in rest:
                    self.wrong(where, key, "不认识这一项")
        return tuple(made)

    def wrong(self, where: str, name: str, why: str) -> None:
        self.findings.append(finding("scheme-field", self.source, where=where, field=name, why=why))


def _fraction(value: Any) -> Fraction:
    return Fraction(str(value))


def _maybe(value: Any) -> Fraction | None:
    return None if value is None else _fraction(value)


def section(row: dict[str, Any]) -> Section:
    return Section(row.pop("id"), row.pop("title"), _fraction(row.pop("points")), row.pop("clause", ""))


def item(row: dict[str, Any]) -> Item:
    when = row.pop("when", "")
    name, _, value = str(when).partition("=")
    return Item(
        id=row.pop("id"),
        section=row.pop("section", ""),
        title=row.pop("title"),
        points=_maybe(row.pop("points", None)),
        clause=row.pop("clause"),
        rules=tuple(
            RuleSpec(each["kind"], {key: value for key, value in each.items() if key != "kind"})
            for each in row.pop("rule")
        ),
        annual=bool(row.pop("annual", False)),
        when=(name, value) if when else None,
        materials=row.pop("materials", ""),
        readings=tuple(row.pop("readings", ())),
        shows=tuple(row.pop("shows", ())),
    )


def input_(row: dict[str, Any]) -> Input:
    made = Input(
        name=row.pop("name"),
        kind=InputKind(row.pop("kind")),
        origin=Origin(row.pop("origin", "自评")),
        unit=row.pop("unit", ""),
        series=int(row.pop("series", 0)),
        minimum=int(row.pop("minimum", 0)),
        maximum=row.pop("maximum", None),
        decimals=int(row.pop("decimals", 0)),
        optional=row.pop("optional", ""),
        default=str(row.pop("default", "")),
        note=row.pop("note", ""),
    )
    if made.series not in (0, 4, 12):
        raise ValueError("series 只能是 4（按季）或 12（按月）")
    return made


def outcome(row: dict[str, Any]) -> Outcome:
    return Outcome(
        id=row.pop("id"),
        kind=OutcomeKind(row.pop("kind")),
        condition=row.pop("condition"),
        clause=row.pop("clause"),
        because=row.pop("because"),
        amount=_maybe(row.pop("amount", None)),
        tier=row.pop("tier", ""),
        annual=bool(row.pop("annual", False)),
    )


def check(row: dict[str, Any]) -> Check:
    return Check(row.pop("condition"), row.pop("text"), bool(row.pop("closed", True)))


def reading(row: dict[str, Any]) -> Reading:
    return Reading(row.pop("id"), row.pop("text"), str(row.pop("value", "")), row.pop("options", {}))


def parameter(row: dict[str, Any]) -> Parameter:
    return Parameter(row.pop("id"), _maybe(row.pop("value", None)), row.pop("text"))
