"""A scheme tried out before anybody has filled anything in: its 用例, the least and most of each item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from .answers import Answers, answers_of_tables
from .answers.frame import REFUSED
from .answers.tables import Row, Table
from .console import meant, near, table
from .findings import Finding, Level, finding, quoted
from .formula import formula, parse
from .formula.cases import Ends, between, holds, shares, span
from .formula.evaluate import number, tighten
from .formula.exact import Truth
from .formula.say import decimal, say
from .formula.tree import TRUE, Apply, Node, Number, Ref
from .model import (
    RATERS_LIMIT,
    UNITS,
    YEAR,
    Cell,
    Example,
    Item,
    OutcomeKind,
    Part,
    Roster,
    RosterUnit,
    Scheme,
    Source,
    State,
    Subject,
)
from .outcomes import outcomes
from .results import PartScores, Standing
from .rules import RuleError, examine_item, scales, vocabulary, words_of
from .rules.divisors import condition_of
from .scheme import Places, conditions, examine
from .scheme.check import advice
from .scheme.columns import SHEETS
from .scheme.conditions import ANY_VETO, APART, LAST, TOTAL, apart_of, last_of
from .scheme.costs import Cost, costs
from .scheme.items import asked, doubts
from .scheme.remedies import misfit
from .score import narrow, score
from .template.formulas import cell_points, compose
from .template.layout import lay_out
from .text import some
from .workbook.addresses import letters, split
from .workbook.lint import formula_faults

UNITS_USUAL = 10
"""The number of units for which the money is worked out where none is given."""


class Span(NamedTuple):
    """The least and the most that an item, or the total, can give; None where there is no bound."""

    id: str
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class Trial:
    """All that was found, the cases that came out as they should not included; ``spans``: by part, its items and last
    the total, none where the scheme has errors; ``costs``: by part, its money for so many ``units``, or for one
    person; ``signed``: the ids to which the sign of their direction was added, as written and as they are; ``groups``:
    by part, the spans of each of its groups."""

    scheme: Scheme
    findings: list[Finding]
    spans: dict[str, list[Span]] = field(default_factory=dict)
    costs: dict[str, list[Cost]] = field(default_factory=dict)
    units: int = UNITS_USUAL
    signed: Sequence[tuple[str, str]] = ()
    groups: dict[str, dict[str, list[Span]]] = field(default_factory=dict)


def examined(name: str, units: int = UNITS_USUAL) -> Trial:
    """A scheme checked, and where it has no errors its cases run. Raises SchemeError where it cannot be read."""
    found = examine(name)
    said = [*found.findings, *(advice(found.scheme, found.places) if found.places.whole else ())]
    if found.usable:
        return replace(tried(found.scheme, found.places, said, units), signed=found.places.signed)
    alone: tuple[Finding, ...] = ()
    if found.places.whole:
        alone = (*_misjudged_alone(found.scheme, found.places), *_misnamed_alone(found.scheme, found.places))
    return Trial(found.scheme, _in_order([*said, *alone]), signed=found.places.signed)


def tried(scheme: Scheme, at: Places, said: Sequence[Finding] = (), units: int = UNITS_USUAL) -> Trial:
    """Every case run and compared, what each item can give, and what the outcomes can cost."""
    found, spans, money = [*said], dict[str, list[Span]](), dict[str, list[Cost]]()
    groups = dict[str, dict[str, list[Span]]]()
    for part in scheme.parts:
        scores = _open(scheme, part)
        own = {group: _open(scheme, part, group) for group in part.groups}
        for each in (scores, *own.values()):
            outcomes(each)
        spans[part.name] = list(_spans(scores))
        groups[part.name] = {group: list(_spans(each)) for group, each in own.items()}
        frames = [each.bounds for each in own.values() or [scores]]
        money[part.name] = costs(scheme, part, frames, None if part.many else units)
        found += [*_misjudged(scores, at), *_idle(scores, own, at), *_shared(scores, at)]
        found += [*_fixed(scores, at), *_decided(scores, at), *_unwritable(scores, at)]
        found += [each for case in part.cases for each in _case(scheme, part, case, at)]
    return Trial(scheme, _in_order(found), spans, money, units, groups=groups)


def _unknown_answers(part: Part, count: int = 1, group: str = "") -> Answers:
    """So many subjects of whom nothing is known, but for the group; also what may be left blank may be anything."""
    answers = Answers.blank(part, [_subject(part, f"用例{k or ''}") for k in range(count)])
    answers.states[:] = REFUSED
    for row in range(count if group else 0):
        answers.put(row, part.group, part.groups.index(group) + 1)
    return answers


def lines(trial: Trial) -> list[str]:
    """What a person reads: what is wrong where, then what each item gives."""
    counts = [(level, sum(each.level is level for each in trial.findings)) for level in Level]
    said = "、".join(f"{level} {count} 条" for level, count in counts if count) or "没有问题"
    made = [f"{trial.scheme.title or '方案'}：{said}", *(line for each in trial.findings for line in _told(each))]
    if trial.findings:
        again = "改好存盘，再检查一遍。" if any(each.level is not Level.NOTE for each in trial.findings) else ""
        made += ["", f"{again}括号里的 {trial.findings[0].number} 是代码，《问题代码》里有详细说明。"]
    if trial.signed:
        ids = some([f"{written} 写作 {id}" for written, id in trial.signed], "项")
        made += ["", f"加减分的编号按方向在末尾加“+”“-”，模板、结果和用例里都是这样：{ids}"]
    for part in trial.scheme.parts if trial.spans else ():
        made += ["", f"{part.name}·最少和最多得分：", *(f"  {each}" for each in table(_span_rows(trial, part)))]
        money = [_cost(each, part, trial.units) for each in trial.costs[part.name]]
        made += ["", *money] if money else []
    cases = sum(len(part.cases) for part in trial.scheme.parts)
    wrong = len({each.message for each in trial.findings if each.code.startswith("scheme-case")})
    ran = f"不符 {wrong} 处" if trial.spans else "没有算：先改正错误"
    return [*made, "", f"用例 {cases} 个，{ran}"] if cases else made


def _told(each: Finding) -> list[str]:
    """How bad, where, what; beneath it how to mend it."""
    place = "!".join(filter(None, (each.source.sheet, each.source.cell))) or each.source.file
    return [f"[{each.level}] {place}　{each.message}", f"{'':8}→ {each.mend}（{each.number}）"]


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """What must be mended first; of that, as it stands in the workbook."""
    sheets = [each.name for each in SHEETS]

    def place(each: Finding) -> tuple[int, int, tuple[int, int]]:
        cell = split(each.source.cell) if each.source.cell else (0, 0)
        sheet = sheets.index(each.source.sheet) if each.source.sheet in sheets else -1
        return [*Level].index(each.level), sheet, cell

    return sorted(findings, key=place)


def record(trial: Trial) -> dict[str, Any]:
    """The same for a program."""
    return {
        "scheme": trial.scheme.id,
        "version": trial.scheme.version,
        "findings": [each.as_json() for each in trial.findings],
        "spans": {part: [_span_record(each) for each in spans] for part, spans in trial.spans.items()},
        "groups": {
            part: {group: [_span_record(each) for each in spans] for group, spans in groups.items()}
            for part, groups in trial.groups.items()
        },
        "signed": dict(trial.signed),
        "units": trial.units,
        "costs": {part: [each._asdict() for each in money] for part, money in trial.costs.items()},
    }


def _cost(each: Cost, part: Part, units: int) -> str:
    """One line: what rewards or fines come to, what that rests on, and what is not in it."""
    most = "不封顶" if each.high is None else f"最多 {each.high:,} 元"
    own = f"{'每人' if part.many else f'{units} 个单位'}，最少 {each.low:,} 元，{most}"
    fund = f"共享的{some(each.shared, '项')}一共最多 {each.fund:,} 元，由够条件的人分"
    notes = [f"{some(each.placed_of, '项')}按名次给，一共最多 {each.places:,} 元"] if each.placed_of else []
    notes += [f"{some(each.endless, '项')}的数量没有上限"] if each.endless else []
    notes += [f"{some(each.unsettled, '项')}的金额未定，没有算在内"] if each.unsettled else []
    notes += ["名次并列的另计"] if each.placed else []
    notes += ["不论怎样分到各组"] if part.groups and not part.many else []
    said = own + (f"（{'；'.join(notes)}）" if notes else "")
    told = "；".join([*[said] * (not each.shared or each.high != 0 or bool(notes)), *[fund] * bool(each.shared)])
    return f"{each.kind}金额：{'个人，' if part.many else ''}{told}"


def _span_rows(trial: Trial, part: Part) -> list[tuple[str, ...]]:
    """What each item gives; where the groups of a part differ in any, of each group."""
    titles, spans, groups = (
        {each.id: each.title for each in part.items},
        trial.spans[part.name],
        trial.groups[part.name],
    )
    if all(each == spans for each in groups.values()):
        return [(each.id, titles.get(each.id, ""), _span(each)) for each in spans]
    asked = {each.id: each.groups or groups for each in part.items}
    rows = [(each.id, titles.get(each.id, ""),
             *(_span(own[k]) if group in asked.get(each.id, groups) else "不考" for group, own in groups.items()))
            for k, each in enumerate(spans)]  # fmt: skip
    return [("", "", *groups), *rows]


def _span_record(each: Span) -> dict[str, Any]:
    return {"id": each.id, "low": _number(each.low), "high": _number(each.high)}


def _span(each: Span) -> str:
    low, high = ("不限" if end is None else decimal(end) for end in (each.low, each.high))
    return f"{low} 至 {high}"


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _spans(scores: PartScores) -> Iterator[Span]:
    """What each item and the total can be, nothing known."""
    for id, found in (*scores.ranges.items(), (TOTAL, number(Ref(TOTAL), scores.bounds))):
        yield Span(id, found.low.fraction(0), found.high.fraction(0))


def _subject(part: Part, name: str = "用例") -> Subject:
    return Subject(part.name, name, name, "") if part.many else Subject(part.name, name)


def _misjudged(scores: PartScores, at: Places) -> Iterator[Finding]:
    """Items whose points nobody can get, and deductions that would add."""
    spans = {each.id: each for each in _spans(scores)}
    for each in scores.part.items:
        low, high = spans[each.id][1:] if each.id in spans else (None, None)
        if at.told(scores.part.name, "item", each, "formula"):
            continue
        place = at.at(scores.part.name, "item", each, "points")
        deducts = each.id.endswith("-")
        if deducts and high and each.points and all(line.each <= 0 for line in scores.rules[each.id].lines):
            why = f"这一项是扣分，写了分值就从 {decimal(each.points)} 分扣起，会得正分；把分值空着"
            yield misfit("scheme-rule", place, item=each.id, why=why)
            continue
        if each.id in spans and not each.extra and each.floor is not None and (low is None or low < 0):
            yield from _below_nought(scores, each, low, at)
        if each.id in scores.rules:
            yield from _above_points(scores, each, at)
        rule = scores.rules.get(each.id)
        if rule is not None and rule.plain is not None:
            low, high = _room(rule.plain, scores)
        most = low if deducts else high
        if each.points is not None and most is not None and abs(most) < each.points:
            facts = {"points": decimal(each.points), "most": decimal(abs(most)), "gives": "扣" if deducts else "得"}
            found = finding("scheme-unearned", place, item=each.id, **facts)
            why = found.message.removeprefix(f"指标 {each.id} 的")
            yield finding("scheme-asked-known", place, item=each.id, why=why) if each.confirmed else found


def _above_points(scores: PartScores, item: Item, at: Places) -> Iterator[Finding]:
    """A formula that comes to more than the item is worth: the rest is cut."""
    if item.extra or item.points is None or [spec.kind for spec in item.rules] != ["公式"]:
        return
    count, names = scores.rules[item.id].lines[0].count, vocabulary(scores.scheme, scores.part)
    most = span(count, scores.bounds)[1]
    marks = (scales.scale(each, scores.part, names) for each in _branches(count))
    if most is None and any(each is not None and each.of == scales.POINTS for each in marks):
        most = Fraction(100)
    if most is not None and most > item.points:
        why = f"公式最多可得 {decimal(most)} 分，比分值 {decimal(item.points)} 分还多，多的不算"
        yield asked(scores.part, item, RuleError(why, "formula", 0), at)


def _branches(node: Node) -> Iterator[Node]:
    """What a tree gives in each case of its IF."""
    match node:
        case Apply("IF", (_, yes, no)):
            yield from (each for branch in (yes, no) for each in _branches(branch))
        case _:
            yield node


def _below_nought(scores: PartScores, item: Item, low: Fraction | None, at: Places) -> Iterator[Finding]:
    """A formula is taken as it is written: nothing stops it at 0, as it would what only deducts."""
    scheme, part = scores.scheme, scores.part
    names, formulas = vocabulary(scheme, part), [k for k, spec in enumerate(item.rules) if spec.kind == "公式"]
    counts = [line.count for line in scores.rules[item.id].lines]
    if not formulas or all(scales.never_negative(each, part, names) for each in counts):
        return
    least = "没有下限" if low is None else f"最少 {decimal(low)} 分"
    why = f"可能得负分（{least}）：最低 0 分的，公式写成 MAX(0,…)；可以得负分的，「保底」写“不封底”"
    yield asked(part, item, RuleError(why, "formula", formulas[0]), at)


def _misjudged_alone(scheme: Scheme, at: Places) -> Iterator[Finding]:
    """The same of a scheme with errors: of each item that stands by itself."""
    for part in scheme.parts:
        # a name with a bracket may be that of another's cell
        inputs = tuple({each.name: each for each in part.inputs if "[" not in each.name}.values())
        bare = Part(part.name, part.sections, (), inputs, ())
        words = words_of(scheme, bare.with_raters({each.name: RATERS_LIMIT for each in inputs}))
        in_force = {None, *scheme.settings.items()}
        for item in (each for each in part.items if each.when in in_force):
            if examine_item(words, item, doubts(part, item, at))[0] is not None:
                alone = replace(bare, items=(item,))
                yield from _misjudged(_open(scheme, alone), at)


def _misnamed_alone(scheme: Scheme, at: Places) -> Iterator[Finding]:
    """What of the cases of a scheme with errors can be told without running them."""
    for part in scheme.parts:
        sound = [each for each in part.inputs if each.name and each.name not in at.doubted(part.name)]
        named = replace(part, inputs=tuple({each.name: each for each in sound}.values()))
        for case in part.cases:
            bare, whole = (_with_raters(each, case) for each in (named, part))
            cells = {cell for each in bare.inputs for cell in each.cells}
            yield from _unknown(whole, case, at)
            given = {cell: value for cell, value in case.given.items() if cell in cells}
            yield from _answers(bare, case, given, at)[1]


_EVERYBODY = parse("总分>=0")
"""How it is written that something is for all."""


def _idle(scores: PartScores, groups: Mapping[str, PartScores], at: Places) -> Iterator[Finding]:
    """Outcomes that come to nobody, or to everybody, of whatever group and whatever is filled in, and not only because
    one told before does."""
    own = [replace(each.bounds, values=dict(each.bounds.values)) for each in groups.values() or [scores]]
    for each in conditions(scores.scheme, scores.part):
        node = condition_of(each.node, each.outcome.punishes)[0]
        ways = {holds(node, bounds) for bounds in own}
        for k, reason in enumerate(each.reasons if ways != {False} else ()):
            node = condition_of(reason, each.outcome.punishes)[0]
            if all(holds(node, bounds) is False for bounds in own):
                there = at.at(scores.part.name, "outcome", each.outcome, "condition", k)
                yield finding("scheme-never", there, where=f"结果运用 {each.outcome.id}", span=_totals(scores, groups))
        facts = {"where": f"结果运用 {each.outcome.id}"}
        place = at.at(scores.part.name, "outcome", each.outcome, "condition")
        if ways == {False}:
            yield finding("scheme-never", place, **facts, span=_totals(scores, groups))
        elif ways == {True} and not each.reasons and each.node not in (TRUE, _EVERYBODY):
            yield finding("scheme-always", place, **facts)
        else:
            continue
        names = [each.outcome.id, *([ANY_VETO] if each.outcome.kind is OutcomeKind.VETO else [])]
        for bounds in own:
            bounds.values.update(dict.fromkeys(names, _OPEN))


def _totals(scores: PartScores, groups: Mapping[str, PartScores]) -> str:
    """What the total can be; where the groups differ in it, of each."""
    totals = {group: _span([*_spans(each)][-1]) for group, each in groups.items()}
    if len({*totals.values()}) > 1:
        return "：" + "，".join(f"{group} {each}" for group, each in totals.items())
    return next(iter(totals.values()), _span([*_spans(scores)][-1]))


_OPEN = Truth(np.zeros(1, dtype=bool), np.ones(1, dtype=bool))
"""Of one subject, what may be or not."""
_GIVEN = Truth(np.ones(1, dtype=bool), np.ones(1, dtype=bool))
"""What is, surely."""


def _fixed(scores: PartScores, at: Places) -> Iterator[Finding]:
    """What of the checks, and of who is listed apart or last, does not depend on what is filled in."""
    part, names = scores.part, vocabulary(scores.scheme, scores.part)
    # a check says nothing of itself
    bare = replace(scores.answers.frame(), more=True, anyone=True)
    for each in part.checks:
        held = holds(formula(each.condition, names, "是否"), bare)
        if held is not None:
            broken = "每个单位的这几个数都是待核" if each.closed else "每个单位都要核对"
            facts = {"held": "成立", "then": "什么也查不出"} if held else {"held": "不会成立", "then": broken}
            place = at.at(part.name, "check", each.condition, "condition")
            yield finding("scheme-fixed", place, where=f"校验「{each.text}」的条件", **facts)
    for name, word, node, all_, nobody in (
        ("apart", APART, apart_of(scores.scheme, part), "谁也不排名次", "没有单位会单列"),
        ("last", LAST, last_of(scores.scheme, part), "都排到最后，等于没有写", "没有单位会排到最后"),
    ):
        held = None if node is None else holds(node, scores.bounds)
        if held is not None:
            facts = {"held": "成立", "then": all_} if held else {"held": "不会成立", "then": nobody}
            yield finding("scheme-fixed", at.at(part.name, "part", part.name, name), where=f"「{word}」的条件", **facts)


_CONDITIONS = {"达标": "condition", "清单": "conditions"}
"""The kinds that judge by conditions, and where these stand."""


def _decided(scores: PartScores, at: Places) -> Iterator[Finding]:
    """Conditions of items that everybody meets, or nobody."""
    names = vocabulary(scores.scheme, scores.part)
    for item in (each for each in scores.part.items if each.id in scores.rules):
        for k, spec in enumerate(item.rules):
            param = _CONDITIONS.get(spec.kind)
            given = spec.params.get(param, ()) if param else ()
            for text in [given] if isinstance(given, str) else given:
                held = holds(condition_of(formula(text, names, "是否"))[0], scores.bounds)
                if held is not None and param:
                    why = f"“{text}”怎样填都{'成立' if held else '不会成立'}，核对条件里的数"
                    yield asked(scores.part, item, RuleError(why, param, k), at)


def _unwritable(scores: PartScores, at: Places) -> Iterator[Finding]:
    """Items whose formula no workbook can carry."""
    scheme, part, rules = scores.scheme, scores.part, scores.rules
    written = {} if part.many else compose(scheme, part, YEAR, rules, lay_out(scheme, part, rules, YEAR), 1).points
    for item in (each for each in part.items if each.id in rules):
        rule = rules[item.id]
        if rule.across:
            continue
        text = written.get(item.id) or cell_points(rule, part.input, lambda _: "$AAA$1000", {})
        for fault in formula_faults(text):
            why = f"写进表里的{fault}，Excel 打不开；拆成几个指标，或写短一些"
            piece = max(range(len(item.rules)), key=lambda k: len(str(item.rules[k].params)))
            field = max(item.rules[piece].params, key=lambda name: len(str(item.rules[piece].params[name])))
            yield misfit("scheme-rule", at.at(part.name, "item", item, field, piece), item=item.id, why=why)


def _shared(scores: PartScores, at: Places) -> Iterator[Finding]:
    """Funds of which one to whom they are given may have a share below 0, which counts as none."""
    for each in conditions(scores.scheme, scores.part):
        if each.share is None or each.share == Ref(TOTAL):
            continue
        given = replace(scores.bounds, values=dict(scores.bounds.values))
        tighten([_closed(each.node)], given)
        least = number(each.share, given).low.fraction(0)
        if least is None or least < 0:
            place = at.at(scores.part.name, "outcome", each.outcome, "share")
            facts = {"where": f"结果运用 {each.outcome.id}", "share": say(each.share), "edge": _edge(each.share)}
            yield finding("scheme-share", place, **facts, least="" if least is None else f"，最少 {decimal(least)}")


def _edge(share: Node) -> str:
    """From which total on a share that is the total less a number is not below 0."""
    match share:
        case Apply("-", (Ref(name), Number(less))) if name == TOTAL:
            return f"，如 {TOTAL}>={decimal(less)}"
    return ""


def _closed(node: Node) -> Node:
    """A condition whose thresholds themselves hold too: what it keeps of a number is no less."""
    if isinstance(node, Apply) and node.fn in ("AND", ">", "<"):
        return replace(node, fn={">": ">=", "<": "<="}.get(node.fn, node.fn), args=tuple(map(_closed, node.args)))
    return node


def _open(scheme: Scheme, part: Part, group: str = "") -> PartScores:
    """The scores of whoever there may be, of a group if so said: of each item what the cases that it tells apart
    give."""
    scores = _scored(scheme, part, _unknown_answers(part, group=group), more=True)
    # who lacks what must be given has no score
    scores.bounds.given = {cell: _GIVEN for each in part.inputs for cell in each.cells} | scores.bounds.given
    if not part.total:
        narrow(scores, {id: between(_room(rule.tree, scores)) for id, rule in scores.rules.items()})
    return scores


def _room(tree: Node, scores: PartScores) -> Ends:
    """The least and the most of a tree, of whoever breaks no check that must hold."""
    names = vocabulary(scores.scheme, scores.part)
    checks = [formula(each.condition, names, "是否") for each in scores.part.checks if each.closed]
    return span(*shares(tree, checks, scores.bounds))


def _scored(scheme: Scheme, part: Part, answers: Answers, more: bool = False) -> PartScores:
    return _judged(scheme, part, answers, more)[0]


def _judged(scheme: Scheme, part: Part, answers: Answers, more: bool = False) -> tuple[PartScores, list[Finding]]:
    """The scores, and what answers contradict each other."""
    count = len(answers.subjects)
    standing = Standing([State.ASSESSED] * count, np.zeros(count, dtype=bool), more, anyone=more)
    roster = Roster(tuple(RosterUnit(each.unit) for each in answers.subjects))
    blank = Answers.blank(part, answers.subjects)
    return score(scheme, part, "全年", answers, blank, answers, standing, roster)


def _case(scheme: Scheme, part: Part, case: Example, at: Places) -> Iterator[Finding]:
    """What of one case is not as it should be, each at the cell that says so."""
    part = _with_raters(part, case)
    unknown = list(_unknown(part, case, at))
    if unknown:
        yield from unknown
        return
    answers, said = _answers(part, case, case.given, at)
    yield from said
    scores, clashes = _judged(scheme, part, answers)
    for id, wanted in case.points.items():
        found = scores.total(0) if id == TOTAL else scores.points(0, id)
        if found != wanted:
            place = at.inside(part.name, "case", case, "points", id)
            text = f"待定（{_why_open(scores, id, clashes)}）" if found is None else f"{decimal(found)} 分"
            yield finding("scheme-case", place, id=case.id, name=id, wanted=decimal(wanted), found=text)


def _why_open(scores: PartScores, id: str, clashes: Sequence[Finding]) -> str:
    """Why the points of a case are not known: a check that it breaks, the cells that it leaves blank."""
    rules = scores.rules.values() if id == TOTAL else [scores.rules[id]]
    states = {cell: scores.answers.state(0, cell) for rule in rules for cell in rule.shows}
    if Cell.CONFLICT in states.values():
        return "违反校验：" + "；".join(each.message for each in clashes if each.code == "contradiction")
    blank = [cell for cell, state in states.items() if state not in (Cell.GIVEN, Cell.ABSENT)]
    return f"没有填 {some(blank, '个')}" if blank else "除数为0，或要等各单位都定了"


def _with_raters(part: Part, case: Example) -> Part:
    """The part with room for the marks of all the raters that a case names."""
    counts = dict[str, int]()
    for name, _, index in (cell.rstrip("]").partition("[") for cell in case.given):
        if index.isdecimal():
            counts[name] = min(RATERS_LIMIT, max(int(index), counts.get(name, 0)))
    return part.with_raters(counts)


def _unknown(part: Part, case: Example, at: Places) -> Iterator[Finding]:
    cells = [cell for each in part.inputs for cell in each.cells]
    ids = [*dict.fromkeys(each.id for each in part.items), TOTAL]
    unsigned = {each.id.rstrip("+-") for each in part.items if at.told(part.name, "item", each, "direction")}
    # what is not there may be what has no name of its own
    lost = {
        "given": any("name" in at.fields(part.name, "input", each) for each in part.inputs),
        "points": any("id" in at.fields(part.name, "item", each) for each in part.items),
    }
    elsewhere = {id for (_, _, id), rows in at.rows.items() if "part" in rows[-1].told}
    for inner, names, known in (("given", case.given, cells), ("points", case.points, ids)):
        for name in names:
            sure = not lost[inner] and name.rstrip("+-") not in unsigned and name not in elsewhere
            if name not in known and sure:
                place = at.key(case, inner, name)
                yield finding("scheme-case-name", place, id=case.id, name=quoted(name), hint=meant(near(name, known)))


def _answers(part: Part, case: Example, given: Mapping[str, str], at: Places) -> tuple[Answers, list[Finding]]:
    """The case as a return says it, read by the same grammar."""
    subject = _subject(part)
    who = {"单位": subject.unit, **({"姓名": subject.person} if part.many else {})}
    columns = {name: letters(k) for k, name in enumerate([*who, *given], 1)}
    told = Table(Source(), columns, (Row(1, {**who, **given}),))
    places = {f"{columns[name]}1": at.inside(part.name, "case", case, "given", name) for name in given}
    # a person's row is read beside its unit's
    above = [[Subject(UNITS, subject.unit)]] if part.many else []
    made, said = answers_of_tables([told], [part] * (len(above) + 1), [*above, [subject]])
    return made[-1], [replace(each, source=places.get(each.source.cell, at.source), unit="") for each in said]
