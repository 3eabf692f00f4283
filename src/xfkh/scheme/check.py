"""The checks of a scheme: a list of small functions, each scheme → findings."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..findings import Finding, finding
from ..formula import FormulaError, Symbol, formula
from ..formula.say import decimal
from ..model import Part, Scheme, Source
from ..rules import RuleError, compile_item, vocabulary


def check(scheme: Scheme, source: Source = Source()) -> list[Finding]:
    """Everything that is wrong with a scheme, or worth knowing, all at once."""
    return [each for part in scheme.parts for one in CHECKS for each in one(scheme, part, source)]


def outcome_names(scheme: Scheme, part: Part, period: str = "全年") -> dict[str, Symbol]:
    """What the condition of an outcome may speak of: the inputs, 总分 and 名次."""
    names = vocabulary(scheme, part, period)
    names["总分"] = Symbol(cells=("总分",), low=None, decimals=2)
    names["名次"] = Symbol(cells=("名次",), low=Fraction(1))
    return names


def rules_compile(scheme: Scheme, part: Part, source: Source) -> Iterator[Finding]:
    for item in part.items:
        try:
            compile_item(scheme, part, item)
        except RuleError as error:
            yield finding("scheme-rule", source, item=item.id, why=error.message)


def formulas_bind(scheme: Scheme, part: Part, source: Source) -> Iterator[Finding]:
    names = outcome_names(scheme, part)
    texts = [(f"结果运用 {each.id}", each.condition) for each in part.outcomes]
    texts += [(f"校验 {each.text}", each.condition) for each in part.checks]
    for where, text in texts:
        try:
            formula(text, names, "是否")
        except FormulaError as error:
            why = f"{error.message}（第 {error.position + 1} 个字符）"
            yield finding("scheme-formula", source, where=where, why=why)


def ids_unique(scheme: Scheme, part: Part, source: Source) -> Iterator[Finding]:
    for table, ids in (
        ("指标", [each.id for each in part.items]),
        ("填报项", [each.name for each in part.inputs]),
        ("大项", [each.id for each in part.sections]),
        ("结果运用", [each.id for each in part.outcomes]),
    ):
        for name in sorted({each for each in ids if ids.count(each) > 1}):
            yield finding("scheme-field", source, where=table, field=name, why="出现两次")


def items_have_sections(scheme: Scheme, part: Part, source: Source) -> Iterator[Finding]:
    known = {each.id for each in part.sections}
    readings = {each.id for each in scheme.readings}
    for item in part.items:
        if item.section not in known:
            yield finding(
                "scheme-field", source, where=f"指标 {item.id}", field="section", why=f"没有大项 {item.section}"
            )
        for name in item.shows:
            if name not in {each.name for each in part.inputs}:
                yield finding("scheme-field", source, where=f"指标 {item.id}", field="shows", why=f"没有填报项 {name}")
        for name in item.readings:
            if name not in readings:
                yield finding("scheme-field", source, where=f"指标 {item.id}", field="readings", why=f"没有口径 {name}")


def headings_add_up(scheme: Scheme, part: Part, source: Source) -> Iterator[Finding]:
    """Section headings against their items, bonuses and conditional lines left out."""
    gaps, heads, sums = [], Fraction(0), Fraction(0)
    for section in part.sections:
        own = sum(
            (each.points or Fraction(0) for each in part.items_of(section.id) if _plain(each.id, each.when)),
            Fraction(0),
        )
        heads, sums = heads + section.points, sums + own
        if own != section.points:
            gaps.append(f"{section.id}、{section.title}：标题{decimal(section.points)}，子项{decimal(own)}")
    if not gaps:
        return
    facts = {"heads": decimal(heads), "items": decimal(sums), "gaps": "；".join(gaps)}
    settled = next((each.when[0] for each in part.items if each.when), None)
    if settled:
        yield finding("scheme-sums", source, **facts, reading=settled)
    else:
        yield finding("scheme-sums-open", source, **facts)


def _plain(id: str, when: tuple[str, str] | None) -> bool:
    return when is None and not id.endswith(("+", "-"))


CHECKS = (rules_compile, formulas_bind, ids_unique, items_have_sections, headings_add_up)
