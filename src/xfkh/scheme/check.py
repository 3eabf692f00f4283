"""The checks of a scheme: a list of small functions, each scheme → findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

from ..console import meant, near, nearest
from ..findings import Finding, finding
from ..formula import FormulaError, MismatchError, Node, formula, refs
from ..formula.cases import span, unknown
from ..formula.functions import FUNCTIONS
from ..formula.limits import is_whole
from ..formula.parse import NAME, mentioned
from ..formula.say import decimal
from ..formula.tree import Apply, Vocabulary, times
from ..model import (
    PERCENT,
    PERSONS,
    RATERS_LIMIT,
    UNITS,
    Input,
    InputKind,
    Item,
    Origin,
    Outcome,
    OutcomeKind,
    Part,
    Scheme,
    Source,
)
from ..rules import (
    Doubts,
    Rule,
    RuleError,
    Words,
    compile_item,
    examine_item,
    presumed,
    scales,
    vocabulary,
    wanted,
    words_of,
)
from ..rules.kinds import number_of
from ..rules.rates import SKIP
from .awards import amounts_settled, met_by_nothing_told, misplaced, money_has_amount, name_at, text_at, tiers_in_order
from .conditions import (
    ANY_VETO,
    CONVERTED,
    PLAIN,
    RANK,
    TOTAL,
    Faults,
    Where,
    apart_of,
    conditions,
    conjuncts,
    outcome_names,
    targets,
    total_of,
)
from .places import WORDS, Places


def check(scheme: Scheme, at: Places | None = None) -> list[Finding]:
    """Everything that is wrong with a scheme, or worth knowing, all at once, each where it stands."""
    at = at or Places()
    found = [each for part in scheme.parts for one in CHECKS for each in one(scheme, part, at)]
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


def rules_compile(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    yield from _without_points(part, at)
    # as many raters as there may ever be: what passes here is not refused when they have rated
    words = words_of(scheme, part.with_raters({each.name: RATERS_LIMIT for each in part.inputs}))
    for item in part.items:
        rule, faults, doubtful = examine_item(words, item, doubts(part, item, at))
        for error in faults:
            at.tell(part.name, "item", item, error.param, error.piece)
            error = _of_items(error, part)
            homeless = at.told(part.name, "item", item) and "没有叫" in error.message
            if not (homeless or _follows(error.message, part, at)):
                yield finding("scheme-rule", _place(part, item, error, at), item=item.id, why=error.message)
        for error in doubtful:
            yield asked(part, item, error, at)
        if rule and item.extra:
            yield from _contrary(words, item, rule, at)
        # of a formula only the answers decide what it gives
        adds = rule and any(line.each > 0 for line in rule.lines) and all(spec.kind != "公式" for spec in item.rules)
        if item.id.endswith("-") and adds:
            at.tell(part.name, "item", item, "kind", 0)
            place = at.at(part.name, "item", item, "kind", 0)
            yield finding("scheme-rule", place, item=item.id, why=_ADDS)
        takes = rule and rule.full and all(line.each <= 0 for line in rule.lines if line.times is None)
        if item.id.endswith("+") and takes and rule and any(line.each < 0 for line in rule.lines):
            signed = [k for k, spec in enumerate(item.rules) if "sign" in wanted(spec.kind)]
            if signed:
                at.tell(part.name, "item", item, "sign", signed[0])
                place = at.at(part.name, "item", item, "sign", signed[0])
                yield finding("scheme-rule", place, item=item.id, why="这一项是加分，「加或扣」空着就是扣，要选“加”")
                continue
            at.tell(part.name, "item", item, "kind", 0)
            place = at.at(part.name, "item", item, "kind", 0)
            why = "这一项是加分，这样写没有发生反而加满分，发生了不加；按次数、按档加分的，用按次加分或区间"
            yield finding("scheme-rule", place, item=item.id, why=why)


_ADDS = (
    "这一项是扣分，这样写会加分；按次数扣的用按次扣分，按档扣的用区间、「加或扣」选“扣”，是否项用清单；"
    "本来是加分的，「方向」选加分"
)


def _contrary(words: Words, item: Item, rule: Rule, at: Places) -> Iterator[Finding]:
    """A formula gives what it comes to, whatever the direction says: a deduction of more than 0 adds."""
    piece = next((k for k, spec in enumerate(item.rules) if spec.kind == "公式"), None)
    if piece is None:
        return
    part, names, deducts = words.part, words.whole, item.id.endswith("-")
    low, high = span(rule.tree, unknown(names, list(scales.demands(part, names))))
    place, why = at.at(part.name, "item", item, "formula", piece), ""
    if deducts and low is not None and low >= 0 and high != 0:
        why = "这一项是扣分，这样写会加分；扣分的公式要算出负数，写成 -(…)"
    if not deducts and high is not None and high <= 0 and low != 0:
        why = "这一项是加分，这样写会扣分；加分的公式要算出正数，要扣分的「方向」选“扣分”"
    if why:
        at.tell(part.name, "item", item, "formula")
        yield finding("scheme-rule", place, item=item.id, why=why)
    elif deducts and (high is None or high > 0) and not _never_above(rule, part, names):
        why = "这一项是扣分，公式可能算出正数，那样会加分；不加分的，公式写成 MIN(0,…)"
        yield asked(part, item, RuleError(why, "formula", piece), at)


def _never_above(rule: Rule, part: Part, names: Vocabulary) -> bool:
    """Whether each line is surely not above 0, by what 校验 demands."""
    gives = (Apply("neg", (times(line.count, line.each),)) for line in rule.lines)
    return all(scales.never_negative(each, part, names) for each in gives)


def _of_items(error: RuleError, part: Part) -> RuleError:
    """A rule that speaks of points: of other items, of the total."""
    name = next(iter(re.findall("^没有叫「(.*?)」的填报项", error.message)), "")
    if name in {each.id for each in part.items}:
        why = f"「{name}」是指标：公式里不能用别的指标的得分，写它用的填报项"
    elif name in (TOTAL, RANK):
        why = f"「{name}」只能写在结果运用的条件里，指标的计分方式里用不了"
    else:
        return error
    return RuleError(why, error.param, error.piece)


def asked(part: Part, item: Item, error: RuleError, at: Places) -> Finding:
    """What of a rule is probably not meant, unless somebody has said that it is."""
    code = "scheme-asked-known" if item.confirmed else "scheme-asked"
    return finding(code, _place(part, item, error, at), item=item.id, why=error.message)


def _without_points(part: Part, at: Places) -> Iterator[Finding]:
    """Only what adds or deducts outside the full marks may be without an end, or what a formula alone gives."""
    for item in part.items:
        told = at.told(part.name, "item", item, "points", "direction", "id")
        free = item.extra or all(spec.kind == "公式" for spec in item.rules)
        if item.points is None and not free and not told:
            yield at.wrong(part.name, "item", item, "points", "没有填；不封顶的加分、扣分写在「加减分」表里")


def doubts(part: Part, item: Item, at: Places) -> Doubts:
    """What was said of an item and of the inputs of its part already."""
    fields = at.fields(part.name, "item", item) & {"part", "rule", "direction", "points", "floor", "groups"}
    pieces = at.pieces(part.name, "item", item)
    # of an item of which the part is in doubt, all that it names is
    inputs = frozenset(each.name for each in part.inputs) if "part" in fields else at.doubted(part.name)
    told, heads = tuple(frozenset(each.told) for each in pieces), tuple(each.heads for each in pieces)
    return Doubts(fields, told, inputs, at.misnamed(part.name), heads)


def _place(part: Part, item: Item, error: RuleError, at: Places) -> Source:
    if error.param == "分值":
        return at.at(part.name, "item", item, "points")
    return at.at(part.name, "item", item, error.param, error.piece)


def formulas_bind(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    names, faults = vocabulary(scheme, part), Faults()
    for check in part.checks:
        try:
            for each in presumed(part, refs(formula(check.condition, names, "是否"))):
                raise FormulaError(f"「{each.name}」不填算“{each.default}”，只能用于结果运用")
        except FormulaError as error:
            faults.append((Where("check", check.condition), error))
    for name, bind in (("total", total_of), ("apart", apart_of)):
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
        if where.id and not (mistaken or _told(part, where, at) or _follows(fault.message, part, at)):
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
    if why := misplaced(part, where, name):
        return finding("scheme-order", place, where=said, name=name, why=why)
    if name in {each.id for each in scheme.parameters}:
        return finding("scheme-formula", place, where=said, why=f"参数「{name}」还没有取值，公式里用不了")
    return finding("scheme-formula", place, where=said, why=f"{fault.message}（第 {fault.position + 1} 个字符）")


def _follows(message: str, part: Part, at: Places) -> bool:
    """Whether a name is missing only because it could not be read of what part or kind its own row is, or because it
    is not written there as an input's may be."""
    missing = re.search("没有叫「(.*?)」", message)
    if missing and any(f"「{each}」" in message or missing[1] in each for each in at.misnamed(part.name)):
        return True
    for (_, table, id), (*_, row) in at.rows.items():
        name = ANY_VETO if table == "outcome" and "kind" in row.told else id
        if row.told.keys() & {"part", "type", "kind"} and f"没有叫「{name}」" in message:
            return True
    return False


def ids_unique(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    for table, ids in (
        ("item", [each.id for each in part.items]),
        ("input", [each.name for each in part.inputs]),
        ("section", [each.id for each in part.sections]),
        ("outcome", [each.id for each in part.outcomes]),
        ("target", [each.id for each in part.targets]),
    ):
        for id in sorted({each for each in ids if each and ids.count(each) > 1}):
            yield at.wrong(part.name, table, id, "name" if table == "input" else "id", "出现两次")


def items_have_sections(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    known = {each.id for each in part.sections}
    readings = {id for _, table, id in at.rows if table == "reading"} | {each.id for each in scheme.readings}
    inputs = {each.name for each in part.inputs}
    for item in part.items:
        if item.section not in known and not at.told(part.name, "item", item, "section"):
            why = f"没有大项 {item.section}{_section_meant(item.section, part)}" if item.section else "没有填"
            yield at.wrong(part.name, "item", item, "section", why)
        for name in item.shows:
            if name not in inputs:
                yield at.wrong(part.name, "item", item, "shows", f"没有填报项 {name}{meant(near(name, [*inputs]))}")
        for name in item.readings:
            if name not in readings:
                yield at.wrong(part.name, "item", item, "readings", f"没有口径 {name}{meant(near(name, [*readings]))}")


def _section_meant(word: str, part: Part) -> str:
    """The heading whose id, or whose title, was perhaps meant."""
    ids = [each.id for each in part.sections if each.id]
    titled = [each.id for each in part.sections if each.title and each.title in word]
    return meant(titled[:1]) or (nearest(word, ids) if ids else "")


def headings_add_up(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Section headings against their items, bonuses and conditional lines left out."""
    gaps, heads, sums, open_, first = [], Fraction(0), Fraction(0), list[str](), ""
    unsure = {each.section for each in part.items if at.told(part.name, "item", each, "points", "when", "groups")}
    homeless = {each.section for each in part.items} - {each.id for each in part.sections}
    for section in part.sections:
        if section.id in unsure or at.told(part.name, "section", section, "points"):
            continue
        plain = [each for each in part.items_of(section.id) if _plain(each.id, each.when)]
        of_groups = [sum((_worth(each, group) for each in plain), Fraction(0)) for group in part.groups or ("",)]
        own = section.points if section.points in of_groups else of_groups[0]
        if homeless and own < section.points:
            # an item whose section is not there may well be the one that is missing
            continue
        heads, sums = heads + section.points, sums + own
        if own != section.points:
            first = first or section.id
            gaps.append(f"{section.id}、{section.title}：标题{decimal(section.points)}，子项{decimal(own)}")
            open_ += [] if section.confirmed else [section.id]
    if not gaps:
        return
    facts = {"heads": decimal(heads), "items": decimal(sums), "gaps": "；".join(gaps)}
    place = at.at(part.name, "section", first, "points")
    settled = next((each.when[0] for each in part.items if each.when), None)
    if settled:
        yield finding("scheme-sums", place, **facts, reading=settled)
    elif open_:
        yield finding("scheme-sums-open", at.at(part.name, "section", open_[0], "points"), **facts)
    else:
        yield finding("scheme-sums-known", place, **facts)


def _worth(item: Item, group: str) -> Fraction:
    """The full mark of an item for a group."""
    return (item.points or Fraction(0)) * (item.groups.get(group, Fraction(0)) if item.groups and group else 1)


def _plain(id: str, when: tuple[str, str] | None) -> bool:
    return when is None and not id.endswith(("+", "-"))


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
    taken = {each.name for each in part.inputs} | set(_WORDS)
    for name in sorted({each for each in names if names.count(each) > 1} | taken.intersection(spoken)):
        table = "parameter" if name in {each.id for each in scheme.parameters} else "reading"
        yield at.wrong("", table, name, "id", "出现两次，与别的名称重复")


_WORDS = ("总分", "名次", "一票否决", "单列", "姓名", "工号", "单位")
_CELL_LIKE = re.compile(r"(?i)([a-z]{1,3}\d{1,7}|r\d*c\d*|r|c)")
_NAME_LIMIT = 200
_EXCEL_WORDS = {
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


def outcomes_named(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """What follows may be asked for by later conditions, as 是否: under a name that means nothing else there."""
    inputs = {each.name for each in part.inputs if each.kind is not InputKind.FLAG}
    for each in part.outcomes:
        if each.id in inputs or each.id in _WORDS[:2]:
            why = "与填报项同名" if each.id in inputs else "在公式里另有意思"
            yield at.wrong(part.name, "outcome", each, "id", f"“{each.id}”{why}，换一个编号")


def _name_fault(name: str) -> str:
    if not NAME.fullmatch(name):
        return "只能有汉字、字母、数字、下划线和点：不能有空格、括号，不能以数字开头"
    if _CELL_LIKE.fullmatch(name):
        return "不能像单元格地址"
    if name.upper() in _EXCEL_WORDS or name.lower().startswith("_xl"):
        return f"{name} 在 Excel 里另有意思，换一个名称"
    if name in _WORDS:
        return f"“{name}”在公式里另有意思，换一个名称"
    return f"太长，最多 {_NAME_LIMIT} 个字" if len(name) > _NAME_LIMIT else ""


def outcomes_stand(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """What an outcome names exists; money comes from one place; a reason that another implies is noted."""
    parameters = {id for _, table, id in at.rows if table == "parameter"} | {each.id for each in scheme.parameters}
    for each in part.outcomes:
        yield from _untold(part, "outcome", each, _outcome_faults(each, part, parameters), at)
    money = {each.parameter for each in part.outcomes}
    for one in scheme.parameters:
        if one.id in money and not _whole_yuan(one.value) and not at.told("", "parameter", one, "value"):
            yield at.wrong("", "parameter", one, "value", "这是金额，要写成 0 或正的整元")
    names = outcome_names(scheme, part, faults=[])
    for condition in conditions(scheme, part, faults=[]):
        if condition.count is not None and not is_whole(condition.count, names):
            yield at.wrong(part.name, "outcome", condition.outcome, "count", "数量要是整数")
        if not part.items and not part.total and {TOTAL, RANK}.intersection(condition.reads):
            yield at.wrong(part.name, "outcome", condition.outcome, "condition", "本部分不计分，没有总分和名次")
        sets = [conjuncts(node) for node in condition.reasons]
        for k, (mine, reason) in enumerate(zip(sets, condition.outcome.reasons, strict=True)):
            for j, other in enumerate(condition.outcome.reasons):
                if k != j and sets[j] <= mine:
                    facts = {"where": condition.outcome.id, "reason": reason.because, "other": other.because}
                    yield finding(
                        "scheme-idle", at.at(part.name, "outcome", condition.outcome, "condition", k), **facts
                    )


def _outcome_faults(each: Outcome, part: Part, parameters: set[str]) -> Iterator[tuple[str, ...]]:
    """The field, why it does not fit, and the others on which that rests."""
    if each.parameter and each.parameter not in parameters:
        yield "parameter", f"没有参数 {each.parameter}{meant(near(each.parameter, sorted(parameters)))}"
    if sum([each.amount is not None, bool(each.parameter), bool(each.count)]) > 1:
        yield "amount", "金额只能来自一处"
    if each.share and each.amount is None and not each.parameter:
        yield "share", "分的是哪一笔钱：在金额里写总额，或者写金额参数", "amount", "parameter"
    for name, value in (("amount", each.amount), ("price", each.price)):
        if not _whole_yuan(value):
            yield name, "金额要写成 0 或正的整元"
    if each.settles and not part.deposit:
        yield "settles", "没有保证金：「方案」表的“保证金填报项”还没有写"
    if each.settles and each.kind is not OutcomeKind.FINE:
        yield "settles", "只有处罚可以从保证金里扣", "kind"


def _whole_yuan(value: Fraction | None) -> bool:
    return value is None or (value >= 0 and value.denominator == 1)


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


_NOT_DONE = re.compile(r"排名|名次|末位|末名|最后|倒数|总分|得分|零分|[0０]分|扣.{0,3}分")
_LEFT_ALONE = re.compile(r"不(影响|改变?|涉及)[^，。；、]*")


def veto_only_said(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """What a veto brings is printed as it is written; places and points that it speaks of nobody would see to."""
    found = _NOT_DONE.search(_LEFT_ALONE.sub("", part.veto_effect))
    if found:
        why = (
            f"这一格只印在结果里，写的“{found[0]}”程序不会照办：要排到最后的，在「加减分」写一项扣分，计分方式选公式，"
            "如 IF(进京集访批次>0,-1000,0)；不参加排名的，条件写在「单列」；"
            "不能得奖的，在奖项的条件里写 NOT(一票否决)。"
            "写好后，这里只留不改分数和名次的后果"
        )
        yield at.wrong(part.name, "part", part.name, "veto_effect", why)


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
    if part.many and (part.group or part.apart or part.shrunk):
        yield at.wrong(part.name, "part", part.name, "group", f"分组、单列和不计入只能用于{UNITS}，不能用于{PERSONS}")
    uncounted = [each.id for each in part.items for spec in each.rules if spec.params.get("empty") == SKIP]
    if uncounted and not part.shrunk:
        why = f"{'、'.join(uncounted)} 有不计入的时候，要写明总分怎么办：{CONVERTED}（按满分折算）或{PLAIN}"
        yield at.wrong(part.name, "part", part.name, "shrunk", why)


def inputs_stand(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Each kind has the source and the limits that it needs; a default is an answer."""
    for each in part.inputs:
        yield from _untold(part, "input", each, _input_faults(each), at)
    for each in [one for one in part.inputs if one.scores][1:]:
        why = "一个方案只能有一项取自其他方案（给的是一份结果）；其余的由复查填写，这一格空着"
        yield at.wrong(part.name, "input", each, "scores", why)


def _untold(part: Part, table: str, what: object, faults: Iterator[tuple[str, ...]], at: Places) -> list[Finding]:
    """Of the faults of a row (the field, why, and the others on which that rests) those that do not only follow from
    what was said already."""
    new = [(name, why) for name, why, *on in faults if not at.told(part.name, table, what, name, *on)]
    return [at.wrong(part.name, table, what, name, why) for name, why in new]


_HALVED = "有增有减的分成两项（如 本年、上年），在公式里相减"


def _input_faults(each: Input) -> Iterator[tuple[str, ...]]:
    """The field, why it does not fit, and the others on which that rests."""
    if each.kind is InputKind.RATERS and (each.origin is not Origin.REVIEW or each.maximum is None or each.series):
        yield "kind", "多人评分的来源是复查，要写上限，不能按月按季", "origin", "maximum", "series"
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


_AMOUNTS = ("each", "points", "quota", "least", "most", "over", "others")


def points_positive(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """A deduction is a positive number with a direction."""
    for section in part.sections:
        if section.points < 0:
            yield at.negative(part.name, "section", section, "points")
    for item in part.items:
        if item.points is not None and item.points < 0:
            yield at.negative(part.name, "item", item, "points")
        for k, spec in enumerate(item.rules):
            for name in _AMOUNTS:
                if (number_of(spec.params.get(name)) or 0) < 0:
                    yield at.negative(part.name, "item", item, name, k)


def inputs_used(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """What is asked for counts somewhere."""
    if at.unseen:
        return
    used = {name.partition("[")[0] for name in _read(scheme, part, at)} | {part.deposit}
    if part.apart:
        used |= set(_named(part, part.apart))
    for each in part.inputs:
        idle = each.name not in used and not at.told(part.name, "input", each, "name")
        if idle and each.kind not in (InputKind.TEXT, InputKind.DATE):
            yield finding("scheme-unused", at.at(part.name, "input", each, "name"), name=each.name)


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


CHECKS = (
    # first what others speak of
    inputs_stand,
    readings_stand,
    names_legal,
    rules_compile,
    formulas_bind,
    thresholds_scaled,
    ids_unique,
    outcomes_named,
    outcomes_stand,
    clauses_given,
    tiers_in_order,
    met_by_nothing_told,
    money_has_amount,
    total_from_somewhere,
    veto_only_said,
    groups_stand,
    items_have_sections,
    points_positive,
    headings_add_up,
    inputs_used,
)
