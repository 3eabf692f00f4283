"""What is filled in: the names of the inputs, the limits that each kind needs, and whether they count anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from ..console import near
from ..findings import Finding, finding
from ..formula import FormulaError, formula, refs
from ..formula.functions import FUNCTIONS
from ..formula.parse import NAME
from ..model import PERCENT, Input, InputKind, Origin, Part, Scheme
from ..rules import RuleError, compile_item, vocabulary, words_of
from .conditions import ANY_VETO, APART, RANK, TOTAL, conditions, targets, total_of
from .places import Places

TAKEN = (TOTAL, RANK, ANY_VETO, APART, "姓名", "工号", "单位")
"""Names that mean something else in formulas and forms."""
_CELL_LIKE = re.compile(r"(?i)([a-z]{1,3}\d{1,7}|r\d*c\d*|r|c)")
_NAME_LIMIT = 200
_EXCELTAKEN = {
    *FUNCTIONS, "COUNT", "COUNTIF", "SUMIF", "SUMPRODUCT", "IFERROR", "LOOKUP", "VLOOKUP", "INDEX", "MATCH", "MOD",
    "DATE", "YEAR", "MONTH", "DAY", "NOW", "TODAY", "PRINT_AREA", "PRINT_TITLES",
}  # fmt: skip


def names_legal(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Input names are also names in Excel, which does not tell capitals from small letters."""
    seen: dict[str, str] = {}
    for each in part.inputs:
        twin = seen.setdefault(each.name.casefold(), each.name)
        if at.told(part.name, "input", each, "name"):
            continue
        why = _name_fault(each.name) or ("" if twin == each.name else f"与「{twin}」只差大小写，Excel 分不开")
        if why:
            yield at.wrong(part.name, "input", each, "name", why)


def _name_fault(name: str) -> str:
    if not NAME.fullmatch(name):
        return "只能有汉字、字母、数字、下划线和点：不能有空格、括号，不能以数字开头"
    if _CELL_LIKE.fullmatch(name):
        return "不能像单元格地址"
    if name.upper() in _EXCELTAKEN or name.lower().startswith("_xl"):
        return f"{name} 在 Excel 里另有意思，换一个名称"
    if name in TAKEN:
        return f"“{name}”在公式里另有意思，换一个名称"
    return f"太长，最多 {_NAME_LIMIT} 个字" if len(name) > _NAME_LIMIT else ""


def inputs_stand(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Each kind has the source and the limits that it needs; a default is an answer."""
    for each in part.inputs:
        yield from at.untold(part.name, "input", each, _input_faults(each))
    for each in [one for one in part.inputs if one.scores][1:]:
        why = "一个方案只能有一项取自其他方案（给的是一份结果）；其余的由复查填写，这一格空着"
        yield at.wrong(part.name, "input", each, "scores", why)


_HALVED = "有增有减的分成两项（如 本年、上年），在公式里相减"


def _input_faults(each: Input) -> Iterator[tuple[str, ...]]:
    """The field, why it does not fit, and the others on which that rests."""
    if each.kind is InputKind.RATERS and (each.origin is not Origin.REVIEW or each.maximum is None or each.series):
        yield "kind", "多人评分的来源是复查，要写上限，不能按月按季", "origin", "maximum", "series"
    if each.kind is InputKind.COUNT and each.decimals:
        yield "decimals", "件数是整数；有小数的，类型选数值", "kind"
    if each.minimum < 0:
        yield "minimum", f"负数填不进去，哪里都只收 0 和正数；{_HALVED}", "kind"
    if each.maximum is not None and each.maximum < each.minimum:
        yield "maximum", f"比下限 {each.minimum} 还小", "minimum"
    if each.unit in PERCENT and each.maximum is not None and each.maximum <= 1:
        yield "maximum", "计量单位是 % 的，95 就是 95%；上限写 100", "unit"
    if each.kind in (InputKind.TEXT, InputKind.DATE) and each.origin is not Origin.ROSTER:
        yield "kind", "文字和日期只能来自名册", "origin"
    if each.series and each.origin is Origin.ROSTER:
        yield "series", "名册里一个单位只有一个值，不能按月按季", "origin"
    if each.previous and (each.origin is not Origin.PREVIOUS or each.kind is not InputKind.FLAG or each.series):
        yield "previous", "只能用于来源是上年的是否项，不能按月按季", "origin", "kind", "series"
    numbers = InputKind.NUMBER, InputKind.JUDGED
    if each.scores and (each.origin is not Origin.REVIEW or each.kind not in numbers or each.series):
        yield "scores", "只能用于来源是复查的数值或评分，不能按月按季", "origin", "kind", "series"
    if each.default and each.options and each.default not in each.options:
        yield "default", f"不在选项里：{'、'.join(each.options)}", "options"
    if each.default and each.kind is InputKind.FLAG and each.default not in ("是", "否"):
        yield "default", "只能是“是”或“否”", "kind"
    if each.default and each.kind is not InputKind.TEXT and each.origin is not Origin.ROSTER and not each.optional:
        yield "default", "写了默认值的，还要写明不填时怎样", "kind", "origin", "optional"


def inputs_used(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """What is asked for counts somewhere; not said while a line is wrong of which nobody knows what it would name:
    nobody is told to delete what he needs."""
    if at.unseen or any(_vague(scheme, part, *each) for each in at.naming()):
        return
    used = {name.partition("[")[0] for name in _read(scheme, part, at)} | {part.deposit}
    for text in (part.apart, part.last):
        used |= set(_named(part, text))
    for each in part.inputs:
        idle = each.name not in used and not at.told(part.name, "input", each, "name")
        if idle and each.kind not in (InputKind.TEXT, InputKind.DATE):
            yield finding("scheme-unused", at.at(part.name, "input", each, "name"), name=each.name)


def _vague(scheme: Scheme, part: Part, field: str, text: str) -> bool:
    """Whether what is wrong with a field may be the name of an input: of those that are compared one is missing, one
    of several stands twice, there is none, or there is one that nobody knows."""
    inputs = [each.name for each in part.inputs]
    ids = [[each.id for each in part.outcomes], [each.id for each in part.targets]]
    others = {*TAKEN, *FUNCTIONS, *ids[0], *ids[1], *(each.id for each in scheme.parameters)}
    words = [word for word in NAME.findall(re.sub('["“][^"“”]*["”]', "", text)) if word not in others]
    twice = field in ("inputs", "rungs", "conditions") and len({*words}) < len(words)
    strange = any(word not in inputs and not near(word, inputs) for word in words)
    return field == "before" or twice or strange or not text.strip()


def _read(scheme: Scheme, part: Part, at: Places) -> Iterator[str]:
    """The names that anything in a part reads, as far as it can be understood."""
    words = words_of(scheme, part.with_raters({each.name: 1 for each in part.inputs}))
    names = vocabulary(scheme, part)
    yield from (name for text in _unread(scheme, part, at) for name in _named(part, text))
    for item in part.items:
        yield from item.shows
        with suppress(RuleError):
            yield from compile_item(words, item).shows
        for spec in item.rules:
            for name, value in spec.params.items():
                yield from _named(part, str(value)) if name not in ("label", "text") else ()
    for check in part.checks:
        try:
            yield from refs(formula(check.condition, names, "是否"))
        except FormulaError:
            yield from _named(part, check.condition)
    with suppress(FormulaError):
        total = total_of(scheme, part)
        yield from refs(total) if total is not None else ()
    for _, node in targets(scheme, part, faults=[]):
        yield from refs(node)
    for condition in conditions(scheme, part, faults=[]):
        yield from condition.reads


def _unread(scheme: Scheme, part: Part, at: Places) -> Iterator[str]:
    """The texts of what could not be read or bound: what they name is not called unused for that."""
    yield from (row.text for (_, table, _), rows in at.rows.items() if table != "input" for row in rows if row.doubtful)
    bound = {id(each.outcome) for each in conditions(scheme, part, faults=[])}
    for each in part.outcomes:
        if id(each) not in bound:
            yield from (each.condition, each.count, each.share, *(reason.condition for reason in each.reasons))
    met = {id(each) for each, _ in targets(scheme, part, faults=[])}
    yield from (each.condition for each in part.targets if id(each) not in met)


def _named(part: Part, text: str) -> Iterator[str]:
    """The inputs that a text names; for a name that there is not, the one that was perhaps meant."""
    known = [each.name for each in part.inputs]
    for word in set(NAME.findall(text)) - FUNCTIONS.keys():
        yield from [word] if word in known else near(word, known)
