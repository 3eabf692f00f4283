"""The checks of a scheme: a list of small functions, each scheme → findings."""

from __future__ import annotations

import re
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


def readings_stand(scheme: Scheme, part: Part, source: Source) -> Iterator[Finding]:
    """Readings and parameters have names of their own; a value in force is one that is offered."""
    options = {each.id: each.options for each in scheme.readings}
    for each in scheme.readings:
        if each.options and each.value not in each.options:
            why = f"「{each.value}」不在选项里：{'、'.join(each.options)}"
            yield finding("scheme-field", source, where=f"口径 {each.id}", field="value", why=why)
    for item in part.items:
        if item.when and item.when[1] not in options.get(item.when[0], {}):
            yield finding("scheme-field", source, where=f"指标 {item.id}", field="when", why="没有这个口径或选项")
    names = [each.id for each in scheme.readings] + [each.id for each in scheme.parameters]
    spoken = [each.id for each in scheme.readings if each.options] + [each.id for each in scheme.parameters]
    taken = {each.name for each in part.inputs} | set(_WORDS)
    for name in sorted({each for each in names if names.count(each) > 1} | taken.intersection(spoken)):
        yield finding("scheme-field", source, where="口径和参数", field=name, why="出现两次，与别的名称重复")


_WORDS = ("总分", "名次")
_NAME = re.compile(r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_.\u4e00-\u9fff]*")
_CELL_LIKE = re.compile(r"(?i)([a-z]{1,3}\d{1,7}|r\d*c\d*|r|c)")


def names_legal(scheme: Scheme, part: Part, source: Source) -> Iterator[Finding]:
    """Input names are also names in Excel: no space, bracket or leading digit, and not like a cell address."""
    for each in part.inputs:
        if not _NAME.fullmatch(each.name) or _CELL_LIKE.fullmatch(each.name) or each.name in _WORDS:
            why = "不能有空格、括号，不能以数字开头，不能像单元格地址"
            yield finding("scheme-field", source, where=f"填报项 {each.name}", field=each.name, why=why)


CHECKS = (
    rules_compile,
    formulas_bind,
    ids_unique,
    readings_stand,
    names_legal,
    items_have_sections,
    headings_add_up,
)
