"""The live formulas of a template: the status of each answer, the contradictions, the points and totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..formula import Node, excel, formula, refs
from ..formula.tree import Ref, walk
from ..model import COUNT_LIMIT, Check, Input, InputKind, Part, Scheme
from ..rules import Rule, vocabulary
from ..workbook.anchors import CHECKS, FORM
from ..workbook.book import cell
from .layout import InputRow, Layout

FILLED, EMPTY, CONFLICT, WAITING = "已填", "未填", "矛盾", "待填"
BY_REVIEW = "复查评定"


@dataclass(frozen=True, slots=True)
class Formulas:
    """The texts of all live formulas; the same for every unit. ``points``: by item; ``checks``: in the part's
    order; ``status``: by the row of the answer cells."""

    points: dict[str, str]
    checks: list[str]
    status: dict[int, str]


def compose(scheme: Scheme, part: Part, period: str, rules: Mapping[str, Rule], layout: Layout, first: int) -> Formulas:
    """``first`` is the row of 检查 at which the checks begin."""
    clashes: dict[str, list[str]] = {}
    for k, check in enumerate(part.checks):
        for name in cells_of(check, scheme, part, period) if check.closed else ():
            clashes.setdefault(name, []).append(cell(first + k, 2, fixed=True))
    return Formulas(
        {id: points(rule, layout) for id, rule in rules.items() if rule.live(part)},
        [contradiction(check, scheme, part, period, layout) for check in part.checks],
        {row.row: status(row, _clashing(row, clashes)) for row in layout.inputs if row.editable},
    )


def _clashing(row: InputRow, clashes: Mapping[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(address for name in row.active for address in clashes.get(name, [])))


def status(row: InputRow, conflicts: list[str]) -> str:
    """已填, or what is wrong with the answer cells of a row; ``conflicts`` are cells that name contradictions."""
    clashing = "&".join(f"{CHECKS}!{each}" for each in conflicts)
    good = f'IF({clashing}="","{FILLED}","{CONFLICT}")' if conflicts else f'"{FILLED}"'
    span = row.span()
    if len(row.active) > 1:
        bad = f"SUMPRODUCT(({span}<0)+({span}>{COUNT_LIMIT})+({span}<>INT({span})))"
        text = f"SUMPRODUCT(--ISTEXT({span}))"
        return (
            f'IF(COUNT({span})<{len(row.active)},IF({text}>0,"应填整数","{EMPTY}"),IF({bad}>0,"应填0以上整数",{good}))'
        )
    if row.input.kind is InputKind.FLAG:
        return _guard(span, f'IF(OR({span}="是",{span}="否"),{good},{_empty(span, "应填是或否")})')
    return _guard(
        span,
        f'IF(ISNUMBER({span}),IF({_within(row.input, span)},{good},"{_fault(row.input)}"),{_empty(span, "应填数字")})',
    )


def _guard(span: str, inner: str) -> str:
    return f'IF(ISERROR({span}),"是错误值",{inner})'


def _empty(span: str, otherwise: str) -> str:
    return f'IF(TRIM({span})="","{EMPTY}","{otherwise}")'


def _within(each: Input, span: str) -> str:
    limit = most(each)
    whole = f"{span}=INT({span})" if not each.decimals else f"ABS({span}-ROUND({span},{each.decimals}))<0.000000001"
    return f"AND({span}>={each.minimum},{span}<={limit},{whole})"


def most(each: Input) -> int:
    return each.maximum if each.maximum is not None else COUNT_LIMIT if each.kind is InputKind.COUNT else 10**9


def _fault(each: Input) -> str:
    if each.kind is InputKind.COUNT:
        return "应填0以上整数"
    return f"应在{each.minimum}到{most(each)}之间" if each.maximum is not None else "应填0以上的数"


def contradiction(check: Check, scheme: Scheme, part: Part, period: str, layout: Layout) -> str:
    """The check's sentence where it is broken, else empty; only once all its cells hold something."""
    node = formula(check.condition, vocabulary(scheme, part, period), "是否")
    ready = ",".join(_ready(each, layout) for each in _distinct(node))
    said = ("矛盾：" if check.closed else "请核对：") + check.text
    held = excel.write(node, lambda name: at(layout, name))
    return f'IF(AND({ready}),IF({held},"","{said}"),"")'


def _distinct(node: Node) -> list[Ref]:
    return list({each.name: each for each in walk(node) if isinstance(each, Ref)}.values())


def _ready(each: Ref, layout: Layout) -> str:
    test = "ISTEXT" if each.type == "是否" else "ISNUMBER"
    return f"{test}({at(layout, each.name)})"


def at(layout: Layout, name: str) -> str:
    """An answer cell as another sheet writes it."""
    return f"{FORM}!{layout.where(name)}"


def points(rule: Rule, layout: Layout) -> str:
    """The item's points once everything it needs is there, else 待填."""
    text = excel.write(rule.tree, layout.where)
    rows = dict.fromkeys(layout.row_of(name).status for name in rule.needs)
    if not rows:
        return text
    ready = ",".join(f'{each}="{FILLED}"' for each in rows)
    return f'IF(AND({ready}),{text},"{WAITING}")'


def cells_of(check: Check, scheme: Scheme, part: Part, period: str) -> tuple[str, ...]:
    return refs(formula(check.condition, vocabulary(scheme, part, period), "是否"))
