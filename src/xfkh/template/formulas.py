"""The live formulas of a template: the status of each answer, the contradictions, the points and totals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from ..formula import Node, excel, formula, refs
from ..formula.tree import Apply, walk
from ..model import Check, Input, InputKind, Origin, Part, Scheme
from ..results import NOT_MINE, UNCOUNTED
from ..rules import Rule, spared, vocabulary
from ..rules.divisors import condition_of
from ..scheme import beyond, targets
from ..workbook.anchors import CHECKS, FORM
from ..workbook.book import cell
from .layout import InputRow, Layout

FILLED, EMPTY, OPTIONAL, CONFLICT, WAITING = "已填", "未填", "可不填", "矛盾", "待填"
Clashes = dict[str, list[str]]
"""Input cell → the cells that say a closed contradiction it takes part in, as another sheet writes them."""
BY_REVIEW = "复查评定"
MET, UNMET = "达到", "未达到"
NOT_ASKED = "不用填"
"""Of an answer that is not asked of this unit."""
InputOf = Callable[[str], Input]


@dataclass(frozen=True, slots=True)
class Formulas:
    """The texts of all live formulas; the same for every unit. ``points``: by item; ``checks``: in the part's
    order, and ``compared``: the input cells that each of them compares; ``status``: by the row of the answer cells;
    ``targets``: by id, without those left to the review; ``marks`` and ``excuses``: the full mark of an item that is
    not the same for all, and why it does not count."""

    points: dict[str, str]
    checks: list[str]
    compared: list[tuple[str, ...]]
    status: dict[int, str]
    targets: dict[str, str]
    marks: dict[str, str]
    excuses: dict[str, str]


def compose(scheme: Scheme, part: Part, period: str, rules: Mapping[str, Rule], layout: Layout, first: int) -> Formulas:
    """``first`` is the row of 检查 at which the checks begin."""
    clashes: Clashes = {}
    compared = [cells_of(check, scheme, part, period) for check in part.checks]
    for k, check in enumerate(part.checks):
        for name in compared[k] if check.closed else ():
            clashes.setdefault(name, []).append(f"{CHECKS}!{cell(first + k, 2, fixed=True)}")

    free = spared((rule for rule in rules.values() if rule.counted), beyond(scheme, part, period))
    spares = {name: _unasked(node, layout) for name, node in free.items()}

    def there(name: str) -> str:
        return f"{FORM}!{layout.where(name)}"

    return Formulas(
        {id: points(rule, layout, clashes, spares) for id, rule in rules.items() if rule.live(part)},
        [contradiction(check, scheme, part, period, part.input, there) for check in part.checks],
        compared,
        {row.row: status(row, _clashing(row.active, clashes), spares.get(row.active[0], ""))
         for row in layout.inputs if row.editable},
        {
            each.id: target(node, layout, clashes)
            for each, node in targets(scheme, part, period)
            if not by_review(node, part)
        },
        {id: _full_mark(rule, part, layout, clashes, spares) for id, rule in rules.items() if rule.mark is not None},
        {id: _excuse(rule, part, layout, clashes, spares) for id, rule in rules.items() if rule.excuses},
    )  # fmt: skip


def _unasked(node: Node, layout: Layout) -> str:
    """The condition under which cells are not asked, once it is known to which group the unit belongs."""
    known = [f'{layout.where(name)}<>""' for name in refs(node)]
    return f"AND({','.join([*known, excel.write(node, layout.where)])})"


def _full_mark(rule: Rule, part: Part, layout: Layout, clashes: Clashes, spares: Mapping[str, str]) -> str:
    """As long as nobody knows better, that of the unit's group, or of the scheme."""
    whole = text = excel.write(rule.whole, layout.where)
    if rule.skips and rule.live(part):
        now = excel.write(rule.worth, layout.where)
        text = f"IF(AND({','.join(_ready(rule.reads, layout, clashes, spares))}),{now},{whole})"
    unknown = [f'{layout.where(name)}=""' for name in refs(rule.whole)]
    return f"IF({unknown[0]},{excel.literal(rule.of or Fraction(0))},{text})" if unknown else text


def _excuse(rule: Rule, part: Part, layout: Layout, clashes: Clashes, spares: Mapping[str, str]) -> str:
    text = '""'
    if rule.skips and rule.live(part):
        for each in reversed(rule.skips):
            text = f'IF({excel.write(each, layout.where)},"{UNCOUNTED}",{text})'
        text = f'IF(AND({",".join(_ready(rule.reads, layout, clashes, spares))}),{text},"")'
    if rule.asked is not None:
        text = f'IF({_unasked(Apply("NOT", (rule.asked,)), layout)},"{NOT_MINE}",{text})'
    return text


def by_review(node: Node, part: Part) -> bool:
    """Whether a condition waits for what the unit does not know."""
    own = {name for each in part.inputs if each.origin is not Origin.REVIEW for name in each.cells}
    return not own.issuperset(refs(node))


def target(node: Node, layout: Layout, clashes: Clashes) -> str:
    """达到 or 未达到, once everything the condition needs is there."""
    held = excel.write(condition_of(node)[0], layout.where)
    return f'IF(AND({",".join(_ready(refs(node), layout, clashes))}),IF({held},"{MET}","{UNMET}"),"{WAITING}")'


def _clashing(names: Iterable[str], clashes: Clashes) -> list[str]:
    return list(dict.fromkeys(address for name in names for address in clashes.get(name, [])))


def status(row: InputRow, conflicts: list[str], spare: str = "") -> str:
    """已填, or what is wrong with the answer cells of a row; ``conflicts`` are cells that name contradictions;
    ``spare``: the condition under which the row is not asked."""
    if spare:
        return f'IF({spare},"{NOT_ASKED}",{status(row, conflicts)})'
    good = f'IF({_joined(conflicts)}="","{FILLED}","{CONFLICT}")' if conflicts else f'"{FILLED}"'
    span, each = row.span(), row.input
    empty = OPTIONAL if each.optional else EMPTY
    if len(row.active) > 1:
        return _series_status(row, good, empty)
    if each.kind is InputKind.FLAG:
        inner = f'IF(OR({span}="是",{span}="否"),{good},{_empty(span, empty, "应填是或否")})'
    else:
        checked = f'IF({_within(each, span)},{good},"{_fault(each)}")'
        inner = f"IF(ISNUMBER({span}),{checked},{_empty(span, empty, '应填数字')})"
    return f'IF(ISERROR({span}),"是错误值",{inner})'


def _series_status(row: InputRow, good: str, empty: str) -> str:
    span = row.span()
    if row.input.kind is InputKind.FLAG:
        filled = f'COUNTIF({span},"是")+COUNTIF({span},"否")'
        return f'IF({filled}={len(row.active)},{good},IF(COUNTA({span})<{len(row.active)},"{empty}","应填是或否"))'
    low, high = f"ISNUMBER({span})*({span}<{row.input.minimum})", f"({span}>{row.input.most})"
    digits = row.input.decimals
    odd = f"({span}<>INT({span}))" if not digits else f"(ABS({span}-ROUND({span},{digits}))>0.0000000004)"
    wrong = f"SUMPRODUCT({low}+{high}+{odd})"
    fault = f'"{_fault(row.input)}"'
    partly = f'IF(IFERROR({wrong},0)>0,{fault},"{empty}")'
    missing = f'IF(SUMPRODUCT(--ISTEXT({span}))>0,"应填数字",{partly})'
    return f"IF(COUNT({span})<{len(row.active)},{missing},IF({wrong}>0,{fault},{good}))"


def _joined(addresses: list[str]) -> str:
    return "&".join(addresses)


def _empty(span: str, empty: str, otherwise: str) -> str:
    return f'IF(TRIM({span})="","{empty}","{otherwise}")'


def _within(each: Input, span: str) -> str:
    whole = f"{span}=INT({span})"
    if each.decimals:
        whole = f"ABS({span}-ROUND({span},{each.decimals}))<=0.0000000004"
    return f"AND({span}>={each.minimum},{span}<={each.most},{whole})"


def _fault(each: Input) -> str:
    if each.kind is InputKind.COUNT:
        return "应填0以上整数"
    return f"应在{each.minimum}到{each.most}之间" if each.maximum is not None else "应填0以上的数"


def valid(each: Input, address: str) -> str:
    """Whether one cell holds an answer, as a condition that no content can turn into an error."""
    if each.options:
        return f"OR({','.join(f'{address}={excel.quoted(name)}' for name in each.options)})"
    if each.kind is InputKind.FLAG:
        return f'IF(ISTEXT({address}),OR({address}="是",{address}="否"),1=0)'
    return f"IF(ISNUMBER({address}),{_within(each, address)},1=0)"


def said_of(check: Check) -> str:
    """What stands before a broken check's text."""
    return "矛盾：" if check.closed else "请核对："


def contradiction(check: Check, scheme: Scheme, part: Part, period: str, input_of: InputOf, where: excel.Where) -> str:
    """The check's sentence where it is broken, else empty; only once all its cells hold answers."""
    node = formula(check.condition, vocabulary(scheme, part, period), "是否")
    return '""' if by_review(node, part) else broken(check, node, input_of, where)


def broken(check: Check, node: Node, input_of: InputOf, where: excel.Where) -> str:
    """The same of a check whose condition is ``node``, for those who know what the review gives too."""
    ready = ",".join(valid(input_of(_base(name)), where(name)) for name in refs(node))
    return f'IF(AND({ready}),IF({excel.write(node, where)},"","{said_of(check)}{check.text}"),"")'


def _base(name: str) -> str:
    return name.partition("[")[0]


def _guarded(rule: Rule, where: excel.Where, waiting: str = WAITING) -> str:
    """The points; 待填 where a denominator is 0 or nothing is there to average."""
    text = excel.write(rule.tree, where)
    for test in rule.undivided:
        text = f'IF({excel.write(test, where)},"{waiting}",{text})'
    averages = any(isinstance(each, Apply) and each.fn in ("AVERAGE", "TRIMMED") for each in walk(rule.tree))
    return f'IFERROR({text},"{waiting}")' if averages else text


def points(rule: Rule, layout: Layout, clashes: Clashes, spares: Mapping[str, str]) -> str:
    """The item's points once everything it needs is there and no denominator is 0, else 待填."""
    ready, text = _ready(rule.reads, layout, clashes, spares), _guarded(rule, layout.where)
    if ready:
        text = f'IF(AND({",".join(ready)}),{text},"{WAITING}")'
    if rule.asked is None:
        return text
    return f"IF({_unasked(Apply('NOT', (rule.asked,)), layout)},0,{text})"


def counted(cells: Sequence[str], word: str, rounded: bool = False) -> str:
    """What has points so far, summed; the word where nothing has."""
    if not cells:
        return f'"{word}"'
    each = ",".join(cells)
    total = f"ROUND(ROUND(SUM({each}),9),2)" if rounded else f"SUM({each})"
    return f'IF(COUNT({each})=0,"{word}",{total})'


def kind_of(extras: Sequence[str]) -> str:
    """What lines beyond the full mark are called."""
    signs = {id[-1] for id in extras}
    return {"+": "加分", "-": "扣分"}[signs.pop()] if len(signs) == 1 else "加减分"


def cell_points(rule: Rule, input_of: InputOf, where: excel.Where, clashes: Clashes, waiting: str = WAITING) -> str:
    """The same where every cell answers for itself: one row a subject, or one an answer."""
    read, text = rule.reads, _guarded(rule, where, waiting)
    ready = [answered(input_of(_base(name)), where(name)) for name in read]
    conflicts = _clashing(read, clashes)
    ready += [f'{_joined(conflicts)}=""'] if conflicts else []
    return f'IF(AND({",".join(ready)}),{text},"{waiting}")' if ready else text


def answered(each: Input, address: str) -> str:
    """Whether one cell holds an answer, or is left blank where it may be."""
    if not each.optional and each.kind is not InputKind.RATERS:
        return valid(each, address)
    return f'IF(ISERROR({address}),1=0,IF(TRIM({address})="",1=1,{valid(each, address)}))'


def _ready(
    read: Iterable[str], layout: Layout, clashes: Clashes, spares: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """A row that is needed whole answers through its status; single cells of a series for themselves."""
    tests = []
    for row in dict.fromkeys(layout.row_of(name) for name in read):
        mine = [name for name in row.active if name in read]
        if row.editable and len(mine) == len(row.active):
            words = [FILLED, *[OPTIONAL] * bool(row.input.optional), *[NOT_ASKED] * (mine[0] in spares)]
            fine = [f'{row.status}="{word}"' for word in words]
            tests.append(fine[0] if len(fine) == 1 else f"OR({','.join(fine)})")
            continue
        tests += [valid(row.input, row.address(name)) for name in mine]
        conflicts = _clashing(mine, clashes)
        tests += [f'{_joined(conflicts)}=""'] if conflicts else []
    return tests


def cells_of(check: Check, scheme: Scheme, part: Part, period: str) -> tuple[str, ...]:
    return refs(formula(check.condition, vocabulary(scheme, part, period), "是否"))
