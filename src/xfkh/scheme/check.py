"""The checks of a scheme: a list of small functions, each scheme → findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ..findings import Finding, finding
from ..formula import FormulaError, MismatchError, Node, formula, refs
from ..formula.parse import mentioned
from ..model import PERSONS, UNITS, InputKind, Part, Scheme
from ..rules import presumed, scales, vocabulary
from ..rules.rates import SKIP
from .awards import (
    amounts_settled,
    last_stands,
    misplaced,
    money_has_amount,
    name_at,
    outcomes_named,
    outcomes_stand,
    text_at,
    tiers_in_order,
    tiers_shared,
    veto_only_said,
)
from .conditions import (
    CONVERTED,
    PLAIN,
    TOTAL,
    Faults,
    Where,
    apart_of,
    conditions,
    last_of,
    last_said,
    outcome_names,
    targets,
    total_of,
)
from .inputs import TAKEN, inputs_stand, inputs_used, names_legal
from .items import (
    elsewhere,
    follows,
    headings_add_up,
    items_have_sections,
    points_positive,
    rules_compile,
    sections_shared,
)
from .places import WORDS, Places
from .remedies import misfit


def check(scheme: Scheme, at: Places | None = None) -> list[Finding]:
    """Everything that is wrong with a scheme, or worth knowing, all at once, each where it stands."""
    at = at or Places()
    found = [each for one in CHECKS for part in scheme.parts for each in one(scheme, part, at)]
    return [*parts_named(scheme, at), *versions_stand(scheme, at), *found]


def advice(scheme: Scheme, at: Places) -> list[Finding]:
    """What only whoever writes a scheme asks: it may well be meant so, and is not said again at every use."""
    return list(amounts_settled(scheme, at))


def parts_named(scheme: Scheme, at: Places) -> Iterator[Finding]:
    """单位 comes first; 个人 may follow."""
    names = [part.name for part in scheme.parts]
    if names not in ([], [UNITS], [UNITS, PERSONS]):
        why = f"只能是 {UNITS}，或 {UNITS} 和 {PERSONS}（{UNITS}在前）"
        yield at.wrong("", "part", "", "name", why)


def versions_stand(scheme: Scheme, at: Places) -> Iterator[Finding]:
    """Only other versions are earlier ones: of its own, a return must stand on the very text that was issued."""
    if scheme.version in scheme.accepts:
        yield at.wrong("", "scheme", "", "accepts", f"{scheme.version} 是方案现在的版本，这里只写旧版本")
    if scheme.until and scheme.until < scheme.effective:
        yield at.wrong("", "scheme", "", "until", f"早于施行日期 {scheme.effective}")


def formulas_bind(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    names, faults = vocabulary(scheme, part), Faults()
    for check in part.checks:
        try:
            for each in presumed(part, refs(formula(check.condition, names, "是否"))):
                raise FormulaError(f"「{each.name}」不填算“{each.default}”，只能用于结果运用")
        except FormulaError as error:
            faults.append((Where("check", check.condition), error))
    for name, bind in (("total", total_of), ("apart", apart_of), ("last", last_of)):
        try:
            bind(scheme, part)
        except FormulaError as error:
            faults.append((Where("part", part.name, name), error))
    for target, node in targets(scheme, part, faults=faults):
        for each in presumed(part, refs(node)):
            why = f"「{each.name}」不填算“{each.default}”，只能用于结果运用"
            faults.append((Where("target", target.id), FormulaError(why)))
    conditions(scheme, part, faults=faults)
    doubted, misnamed = at.doubted(part.name), at.misnamed(part.name)
    for where, fault in faults:
        text = text_at(part, where)
        mistaken = mentioned(misnamed, text) or (isinstance(fault, MismatchError) and mentioned(doubted, text))
        # of a row without its number that is said first
        if where.id and not (mistaken or _told(part, where, at) or follows(fault.message, part, at)):
            at.tell(part.name, *where)
            yield _formula_fault(scheme, part, where, fault, at)


def thresholds_scaled(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Outside the rules, of which their own kinds say it: what is compared with 95 where only 95% can be meant."""
    names = outcome_names(scheme, part, faults=[])
    for where, node in _trees(scheme, part):
        for each in dict.fromkeys(scales.doubts(node, part, names)):
            place, said = at.at(part.name, *where), f"{WORDS[where.table]} {where.id}"
            yield finding("scheme-scale", place, where=said, why=each.why)


def _trees(scheme: Scheme, part: Part) -> Iterator[tuple[Where, Node]]:
    """Every condition that is none of a rule, and where it stands."""
    names = vocabulary(scheme, part)
    for check in part.checks:
        with suppress(FormulaError):
            yield Where("check", check.condition), formula(check.condition, names, "是否")
    yield from ((Where("target", each.id), node) for each, node in targets(scheme, part, faults=[]))
    if part.last:
        with suppress(FormulaError):
            yield Where("part", part.name, "last"), last_said(scheme, part)
    for each in conditions(scheme, part, faults=[]):
        yield Where("outcome", each.outcome.id), each.node
        for k, node in enumerate(each.reasons):
            yield Where("outcome", each.outcome.id, piece=k), node


def _told(part: Part, where: Where, at: Places) -> bool:
    """Whether it has been said what is wrong with the cell in which a formula ought to stand."""
    if where.piece is None:
        return at.told(part.name, where.table, where.id, where.field)
    return where.field in at.pieces(part.name, where.table, where.id)[where.piece].told


def _formula_fault(scheme: Scheme, part: Part, where: Where, fault: FormulaError, at: Places) -> Finding:
    """A formula that does not bind; a name that is known but not there yet is told as what it is."""
    place, said = at.at(part.name, *where), f"{WORDS[where.table]} {where.id}"
    name = name_at(part, where, fault) if fault.message.startswith("没有叫") else ""
    if why := elsewhere(scheme, part, name):
        return misfit("scheme-formula", place, where=said, why=why)
    why = misplaced(part, where, name)
    if why and where.table == "part":
        return at.wrong(part.name, *where[:2], where.field, why)
    if why:
        return finding("scheme-order", place, where=said, name=name, why=why)
    if name in {each.id for each in scheme.parameters}:
        return misfit("scheme-formula", place, where=said, why=f"参数「{name}」还没有取值，公式里用不了")
    return misfit("scheme-formula", place, where=said, why=f"{fault.message}（第 {fault.position + 1} 个字符）")


def ids_unique(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    for table, ids in (
        ("item", [each.id for each in part.items]),
        ("input", [each.name for each in part.inputs]),
        ("section", [each.id for each in part.sections]),
        ("outcome", [each.id for each in part.outcomes]),
        ("target", [each.id for each in part.targets]),
    ):
        if table == "item" and TOTAL in ids:
            yield at.wrong(part.name, "item", TOTAL, "id", f"“{TOTAL}”在公式和用例里另有意思，换一个编号")
        for id in sorted({each for each in ids if each and ids.count(each) > 1}):
            yield at.wrong(part.name, table, id, "name" if table == "input" else "id", "出现两次")


def readings_stand(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Readings and parameters have names of their own; a value in force is one that is offered."""
    options = {each.id: each.options for each in scheme.readings}
    for each in scheme.readings:
        if each.options and each.value not in each.options and not at.told("", "reading", each, "value", "options"):
            why = f"「{each.value}」不在选项里：{'、'.join(each.options)}"
            yield at.wrong("", "reading", each, "value", why)
    for item in part.items:
        unread = item.when and at.told("", "reading", item.when[0], "options", "type")
        if item.when and not unread and item.when[1] not in options.get(item.when[0], {}):
            yield at.wrong(part.name, "item", item, "when", "没有这个口径或选项")
    names = [each.id for each in scheme.readings] + [each.id for each in scheme.parameters]
    spoken = [each.id for each in scheme.readings if each.options] + [each.id for each in scheme.parameters]
    taken = {each.name for each in part.inputs} | set(TAKEN)
    for name in sorted({each for each in names if names.count(each) > 1} | taken.intersection(spoken)):
        table = "parameter" if name in {each.id for each in scheme.parameters} else "reading"
        yield at.wrong("", table, name, "id", "出现两次，与别的名称重复")


def clauses_given(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """What earns or costs points or money says by which clause, also in a text file."""
    for table, made in (("item", part.items), ("outcome", part.outcomes), ("target", part.targets)):
        for each in made:
            if not each.clause.strip() and not at.told(part.name, table, each, "clause"):
                yield at.wrong(part.name, table, each, "clause", "没有填")


def total_from_somewhere(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """A part has items or one formula for its total; a deposit is an amount of money."""
    if part.total and part.items:
        yield at.wrong(part.name, "part", part.name, "total", "已有指标，总分由指标相加")
    if part.deposit and part.deposit not in {each.name for each in part.inputs if each.kind is InputKind.MONEY}:
        yield at.wrong(part.name, "part", part.name, "deposit", "没有这个金额填报项")


def groups_stand(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Groups are the options of an input of the roster; where an item may not count, it is said what becomes of the
    total."""
    choices = [each.name for each in part.inputs if each.options]
    if part.group and part.group not in choices:
        why = f"「{part.group}」不是列出了选项的填报项" + (f"，可以是：{'、'.join(choices)}" if choices else "")
        yield at.wrong(part.name, "part", part.name, "group", why)
    bare = [name for name in part.groups if part.items and all(each.groups and name not in each.groups
                                                               for each in part.items)]  # fmt: skip
    if bare and not any(at.told(part.name, "item", each, "groups") for each in part.items):
        why = f"{'、'.join(bare)}一个指标也没有：每个指标的「适用」都没有写这一组"
        yield at.wrong(part.name, "part", part.name, "group", why)
    if part.shrunk not in ("", CONVERTED, PLAIN):
        yield at.wrong(part.name, "part", part.name, "shrunk", f"只能是{CONVERTED}或{PLAIN}")
    for name in ("group", "apart", "shrunk", "last") if part.many else ():
        if getattr(part, name):
            yield at.wrong(part.name, "part", part.name, name, f"只用于{UNITS}，不能用于{PERSONS}；删去这一行")
    uncounted = [each.id for each in part.items for spec in each.rules if spec.params.get("empty") == SKIP]
    if uncounted and not part.shrunk and not part.many:
        why = f"{'、'.join(uncounted)} 有不计入的时候，要写明总分怎么办：{CONVERTED}（按满分折算）或{PLAIN}"
        yield at.wrong(part.name, "part", part.name, "shrunk", why)


CHECKS = (
    # first what others speak of
    inputs_stand,
    readings_stand,
    names_legal,
    sections_shared,
    rules_compile,
    formulas_bind,
    thresholds_scaled,
    ids_unique,
    outcomes_named,
    outcomes_stand,
    clauses_given,
    tiers_in_order,
    tiers_shared,
    money_has_amount,
    total_from_somewhere,
    veto_only_said,
    last_stands,
    groups_stand,
    items_have_sections,
    points_positive,
    headings_add_up,
    inputs_used,
)
