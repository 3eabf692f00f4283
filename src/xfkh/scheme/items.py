"""The items of a scheme: their rules, their points, and the headings under which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from ..console import meant, near, nearest
from ..findings import Finding, finding
from ..formula.cases import span, unknown
from ..formula.say import decimal
from ..formula.tree import Apply, Vocabulary, times
from ..model import RATERS_LIMIT, Item, Part, Scheme, Source
from ..rules import Doubts, Rule, RuleError, Words, examine_item, scales, wanted, words_of
from ..rules.kinds import number_of
from .conditions import ANY_VETO, RANK, TOTAL
from .places import Places
from .remedies import misfit


def rules_compile(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    yield from _without_points(part, at)
    # as many raters as there may ever be: what passes here is not refused when they have rated
    words = words_of(scheme, part.with_raters({each.name: RATERS_LIMIT for each in part.inputs}))
    foreign = set[str]()
    for item in part.items:
        rule, faults, doubtful = examine_item(words, item, doubts(part, item, at))
        for error in faults:
            at.tell(part.name, "item", item, error.param, error.piece)
            homeless = at.told(part.name, "item", item) and "没有叫" in error.message
            name = next(iter(re.findall("^没有叫「(.*?)」的填报项", error.message)), "")
            error = _of_items(error, name, scheme, part)
            known = name in foreign
            foreign |= {name} if elsewhere(scheme, part, name) else set()
            if not (homeless or known or follows(error.message, part, at)):
                yield misfit("scheme-rule", _place(part, item, error, at), item=item.id, why=error.message)
        for error in doubtful:
            yield asked(part, item, error, at)
        if rule and item.extra:
            yield from _contrary(words, item, rule, at)
            yield from _against(part, item, rule, at)


def _against(part: Part, item: Item, rule: Rule, at: Places) -> Iterator[Finding]:
    """A deduction of which a line adds; a bonus that is full where nothing happens, and only taken from."""
    param, piece, why = "kind", 0, ""
    gives = [line.each for line in rule.lines]
    # of a formula only the answers decide what it gives
    if item.id.endswith("-") and any(each > 0 for each in gives) and all(spec.kind != "公式" for spec in item.rules):
        why = _ADDS
    takes = rule.full and all(line.each <= 0 for line in rule.lines if line.times is None)
    if item.id.endswith("+") and takes and any(each < 0 for each in gives):
        signed = [k for k, spec in enumerate(item.rules) if "sign" in wanted(spec.kind)]
        param, piece, why = ("sign", signed[0], _SIGN_EMPTY) if signed else ("kind", 0, _TAKES)
    if why:
        at.tell(part.name, "item", item, param, piece)
        yield misfit("scheme-rule", at.at(part.name, "item", item, param, piece), item=item.id, why=why)


_SIGN_EMPTY = "这一项是加分，「加或扣」空着就是扣，要选“加”"
_TAKES = "这一项是加分，这样写没有发生反而加满分，发生了不加；按次数、按档加分的，用按次加分或区间"
_ADDS = (
    "这一项是扣分，这样写会加分；按次数扣的用按次扣分，按档扣的用区间、「加或扣」选“扣”，几样只扣最重的用就高，是否项用清单；"
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
        yield misfit("scheme-rule", place, item=item.id, why=why)
    elif deducts and (high is None or high > 0) and not _never_above(rule, part, names):
        why = "这一项是扣分，公式可能算出正数，那样会加分；不加分的，公式写成 MIN(0,…)"
        yield asked(part, item, RuleError(why, "formula", piece), at)


def _never_above(rule: Rule, part: Part, names: Vocabulary) -> bool:
    """Whether each line is surely not above 0, by what 校验 demands."""
    gives = (Apply("neg", (times(line.count, line.each),)) for line in rule.lines)
    return all(scales.never_negative(each, part, names) for each in gives)


def elsewhere(scheme: Scheme, part: Part, name: str) -> str:
    """Why an input that is another part's cannot be spoken of; empty where there is none of this name."""
    other = next((one.name for one in scheme.parts if any(each.name == name for each in one.inputs)), "")
    if other in ("", part.name):
        return ""
    mine = f"应是{part.name}的，在「填报项」表这一行的「部分」写{part.name}"
    return f"「{name}」是{other}的填报项，{part.name}的里面用不了；{mine}"


def _of_items(error: RuleError, name: str, scheme: Scheme, part: Part) -> RuleError:
    """A rule that speaks of points (of other items, of the total), or of another part's inputs."""
    if other := elsewhere(scheme, part, name):
        why = other
    elif name in {each.id for each in part.items}:
        why = f"「{name}」是指标：公式里不能用别的指标的得分，写它用的填报项"
    elif name in (TOTAL, RANK):
        why = f"「{name}」只能写在结果运用的条件里，指标的计分方式里用不了"
    else:
        return error
    return RuleError(why, error.param, error.piece, error.limited)


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
    if error.limited and any(each.name == error.limited for each in part.inputs):
        return at.at(part.name, "input", error.limited, "maximum")
    if error.param == "分值":
        return at.at(part.name, "item", item, "points")
    return at.at(part.name, "item", item, error.param, error.piece)


def follows(message: str, part: Part, at: Places) -> bool:
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


def items_have_sections(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    known = {each.id for each in part.sections}
    readings = {id for _, table, id in at.rows if table == "reading"} | {each.id for each in scheme.readings}
    inputs = {each.name for each in part.inputs}
    # a heading whose id is another's, or is not there, may be the one that is missing
    lost = {each.section for each in part.items if each.section} - known
    spare = len(part.sections) - len(known - {""})
    for item in part.items:
        if item.section in lost and len(lost) <= spare:
            continue
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
    ids = list(dict.fromkeys(each.id for each in part.sections if each.id))
    titled = [each.id for each in part.sections if each.title and each.title in word]
    return meant(titled[:1]) or (nearest(word, ids) if ids else "")


def sections_shared(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """An item under a heading of the other part: told once, of the heading if all its items are, else of the item."""
    for other in (one for one in scheme.parts if one is not part):
        own = {each.id for each in part.sections}
        theirs = {each.id: each for each in other.sections if each.id and each.id not in own}
        for item in part.items:
            section = theirs.get(item.section)
            if section is None or at.told(part.name, "item", item, "section"):
                continue
            # what such an item names may be its own part's or the other's
            at.tell(part.name, "item", item, "part")
            if any(each.section == section.id for each in other.items):
                why = f"{section.id} 是{other.name}的大项，这一行的「部分」是{part.name}；改「部分」，或改大项"
                yield at.wrong(part.name, "item", item, "section", why)
            elif not at.told(other.name, "section", section):
                why = f"这个大项的指标都是{part.name}的；「部分」写{part.name}"
                yield at.wrong(other.name, "section", section, "part", why)


def headings_add_up(scheme: Scheme, part: Part, at: Places) -> Iterator[Finding]:
    """Section headings against their items, bonuses and conditional lines left out."""
    gaps, heads, sums, open_, first = [], Fraction(0), Fraction(0), list[str](), ""
    unsure = {each.section for each in part.items if at.told(part.name, "item", each, "points", "when", "groups")}
    unsure |= {each.section for one in scheme.parts if one is not part for each in one.items
               if at.told(one.name, "item", each, "section")}  # fmt: skip
    ids = [each.id for each in part.sections]
    unsure |= {id for id in ids if ids.count(id) > 1}
    if part.group in at.doubted(part.name):
        return
    homeless = {each.section for each in part.items} - {*ids}
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
