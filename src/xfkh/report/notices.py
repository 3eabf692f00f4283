"""Results → what each unit is told of its own result, as plain data for ``feedback``. Nobody else's scores or names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any

from ..answers import Note
from ..answers.given import OFFICE
from ..findings import Finding, Level
from ..model import Cell, Input, InputKind, OutcomeKind, Part, Section, Source, State
from ..results import Award, PartResult, PartScores
from ..rules.points import points_text
from ..scheme.conditions import APART, LAST
from .facts import Facts, feedback_names
from .feedback import (
    CHANGED,
    EARNED,
    LOST,
    OVERSTATED,
    WAITING,
    Card,
    Change,
    Figure,
    Given,
    Line,
    Notice,
    Remark,
    Tile,
    Value,
)  # fmt: skip
from .names import titled
from .record import number, origin, range_text
from .reviewed import NOT, PARTLY

_TOLD = "格核构人承果"
"""The chapters of the catalogue that a unit is told of; the others are the office's own affairs."""
_ORDER = list(Level)
_SCORED = (State.ASSESSED, State.PROVISIONAL)
_BY_OFFICE = {"materials": "请备好材料，复查时核对；不影响得分", "given-missing": "等考核办公室给上年数，不用填"}
Record = dict[str, Any]


@dataclass
class _Part:
    """A part with what is looked up again and again."""

    facts: Facts
    number: int
    rows: dict[str, list[int]] = field(default_factory=dict)
    changed: dict[int, list[str]] = field(default_factory=dict)
    above: dict[int, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scores = self.result.scores
        for row, subject in enumerate(scores.subjects):
            self.rows.setdefault(subject.unit, []).append(row)
        place = {cell: k for k, cell in enumerate(scores.answers.columns)}
        for row, cell in sorted(scores.reviewed, key=lambda each: (each[0], place.get(each[1], 0))):
            if scores.altered(row, cell):
                self.changed.setdefault(row, []).append(cell)
        self.units = {each.name: each for each in self.facts.roster.units}
        ranked = [row for row in range(len(scores.subjects)) if scores.rank(row) is not None]
        self.ranked = Counter(scores.group(row) for row in ranked)
        self.peers = Counter(self.category(scores.subjects[row].unit) for row in ranked)
        self.reviewed = self.facts.reviewed[self.number]
        self.live = scores.self_scored

    @property
    def result(self) -> PartResult:
        return self.facts.parts[self.number]

    @property
    def scores(self) -> PartScores:
        return self.result.scores

    def record(self, row: int) -> Record:
        """What results.json says of a subject."""
        return self.facts.subject(self.number, row)

    def overstated(self, row: int) -> list[str]:
        if row not in self.above:
            self.above[row] = self.scores.overstated(row)
        return self.above[row]

    def category(self, unit: str) -> str:
        return self.units[unit].category if unit in self.units else ""


def feedback_files(facts: Facts) -> list[str]:
    """The files of the units that are told something, in the order of the roster."""
    scores, files = facts.parts[0].scores, feedback_names(facts)
    return [
        files[subject.unit] for subject, state in zip(scores.subjects, scores.states, strict=True) if state in _SCORED
    ]


def notices(facts: Facts) -> Iterator[Notice]:
    """What every unit that is 已评 or 暂定 is told, in the order of the roster, one after another."""
    parts = [_Part(facts, number) for number in range(len(facts.parts))]
    units = [each.unit for each in parts[0].scores.subjects]
    files, found = feedback_names(facts), dict[str, list[Finding]]()
    for each in facts.told:
        found.setdefault(each.unit, []).append(each)
    told = [row for row, state in enumerate(parts[0].scores.states) if state in _SCORED]
    for row in told:
        yield _notice(facts, parts, row, files[units[row]], found.get(units[row], []))


def _notice(facts: Facts, parts: Sequence[_Part], row: int, file: str, findings: Sequence[Finding]) -> Notice:
    unit = parts[0].scores.subjects[row].unit
    rows = [(part, each) for part in parts[1:] for each in part.rows.get(unit, [])]
    persons = [(part, each) for part, each in rows if part.scores.states[each] in _SCORED]
    changes = [change for part, each in [(parts[0], row), *persons] for change in _changes(part, each)]
    return Notice(
        file,
        unit,
        facts.title,
        facts.subtitle,
        facts.status,
        facts.theme,
        _card(parts[0], row),
        tuple(_card(part, each) for part, each in persons),
        tuple(changes),
        tuple(_remarks(findings, parts[0].scores.answers.files[row])),
        _objection(facts),
    )


def _objection(facts: Facts) -> str:
    whom = facts.return_to or facts.theme.office or "考核办公室"
    return (
        f"对得分、核定的数或奖惩有异议的，请在通知的期限内向{whom}书面提出，写明指标编号或填报项、认为应当是多少、理由，"
        "附上证明材料。期限以通知为准。"
    )


def _card(part: _Part, row: int) -> Card:
    scores, record = part.scores, part.record(row)
    subject = scores.subjects[row]
    name = "　".join(each for each in (subject.person, subject.person_id and f"工号 {subject.person_id}") if each)
    return Card(
        name,
        tuple(_tiles(part, row)),
        tuple(_words(part, row)),
        tuple(_given(part, row, each) for each in part.result.of(row)),
        tuple(_lines(part, row)),
        () if record["items"] else tuple(_figures(part, row)),
        tuple(_targets(part, row)),
        _settlement(part, row),
    )


def _tiles(part: _Part, row: int) -> Iterator[Tile]:
    scores, record = part.scores, part.record(row)
    how = f"（折算：{record['conversion']}）" if "conversion" in record else ""
    yield Tile(record["state"] if record["total"] is None else record["total"], f"总分{how}")
    if scores.rules:
        yield Tile(record["self_total"], "自评得分合计" + ("（暂计）" if _own_open(part, row) else ""))
        yield Tile(_gap(part, row), "核定减自评（不算由复查和名次决定的指标）", gap=True)
    stage = "阶段" if record["pending"] else ""
    if scores.apart(row):
        yield Tile(APART, "不排名")
    else:
        group, noun = scores.group(row), "人" if scores.part.many else "个单位"
        last = f"，{LAST}" if scores.last(row) else ""
        yield Tile(record["rank"], f"{stage}{group}名次（{part.ranked[group]} {noun}{last}）")
    if record["category"] and not scores.part.many and not scores.part.group:
        yield Tile(scores.rank_in_category(row), f"{stage}类内名次（{record['category']}"
                   f" {part.peers[part.category(scores.subjects[row].unit)]} 个单位）")  # fmt: skip
    tiers = [each for each in scores.part.outcomes if each.tier and scores.period == "全年"]
    if tiers:
        mine = next((each.outcome.id for each in part.result.of(row) if each.outcome in tiers), "未入等次")
        yield Tile(mine if record["total"] is not None else "待定", f"{stage}等次")
    elif not scores.part.many:
        extent = part.reviewed[row].word
        yield Tile(record["state"], f"{extent}，{stage}结果" if stage else extent)


def _own_open(part: _Part, row: int) -> bool:
    """Whether the unit's own figures leave lines open."""
    return any(part.scores.self_points(row, id) is None for id in part.live)


def _gap(part: _Part, row: int) -> int | float | None:
    """Verified less self-assessed over the lines that a unit's own figures decide."""
    pairs = [(part.scores.points(row, id), part.scores.self_points(row, id)) for id in part.live]
    gaps = [after - before for after, before in pairs if after is not None and before is not None]
    return number(sum(gaps, Fraction(0))) if len(gaps) == len(pairs) else None


def _words(part: _Part, row: int) -> Iterator[str]:
    """What is open, in sentences."""
    scores, record, (low, high) = part.scores, part.record(row), part.scores.range(row)
    if scores.states[row] is State.PROVISIONAL:
        open_ = "、".join(scores.waiting(row)) or "总分"
        wait = "由复查给出的数等复查" + "，上年数和名册上的数等考核办公室给" * bool(scores.lacking(row) & {*OFFICE})
        yield f"暂定：{open_} 还不能定，不排名次；{range_text(low, high)}。填报有误的请改好重报，{wait}。"
    elif record["pending"] and not scores.part.many:
        span = "" if low == high else f"，{range_text(low, high)}"
        yield f"阶段结果：还有单位没有定，名次、加分和奖惩可能变化{span}。"
    if scores.last(row):
        yield f"{LAST}：总分照算，名次排在{'本组' if scores.part.groups else ''}别的单位后面，不论总分多少。"
    extent = part.reviewed[row]
    if extent.kind == NOT:
        yield "还没有复查，按自评数计；复查后以核定数为准。"
    elif extent.kind == PARTLY:
        yield f"{extent.word}：没有核定的数按自评数计。"


def _given(part: _Part, row: int, award: Award) -> Given:
    tiers = [each.id for each in part.scores.part.outcomes if each.tier]
    at = tiers.index(award.outcome.id) + 1 if award.outcome.id in tiers else None
    notes = ["阶段：还有单位没有定，可能变化"] * award.pending
    notes += [f"待确认：建立在{'、'.join(award.zero)}为0的比率上，确认后才{_verb(award)}"] * award.confirm
    if award.count is not None and award.price is not None:
        notes.append(f"{award.count} × {award.price:,} 元")
    outcome = award.outcome
    return Given(
        titled(outcome.id), str(outcome.kind), award.amount, outcome.clause, award.because, "；".join(notes),
        at if at is not None and at <= 3 else None,
    )  # fmt: skip


def _verb(award: Award) -> str:
    return "算" if award.amount is None else "缴" if award.outcome.kind is OutcomeKind.FINE else "付"


def _settlement(part: _Part, row: int) -> tuple[tuple[str, int], ...]:
    each = part.result.settlements.get(row)
    if each is None:
        return ()
    left = each.deposit - each.from_deposit
    return (("保证金", each.deposit), ("罚款合计", each.fine), ("从保证金扣", each.from_deposit),
            ("应补缴", each.due), ("保证金余额", left))  # fmt: skip


def _targets(part: _Part, row: int) -> Iterator[tuple[str, str, str]]:
    for each in part.scores.part.targets:
        met = part.result.targets[each.id][row]
        yield each.title, "待核" if met is None else "达到" if met else "未达到", each.clause


# --- its items and figures ------------------------------------------------------------------------


def _lines(part: _Part, row: int) -> Iterator[Line]:
    scores, record, band = part.scores, part.record(row), ""
    sections = {each.id: each for each in scores.part.sections}
    for item in scores.scheme.lines(scores.part):
        each, rule = record["items"][item.id], scores.rules[item.id]
        begins = _band(sections[item.section], scores.part) if item.section != band else ""
        band = item.section
        shown = points_text(rule.of, item.id) if item.extra or not rule.of else each["of"]
        shown = scores.uncounted(row, item.id) or shown
        yield Line(
            begins,
            item.id,
            item.title,
            shown,
            each["self_points"],
            each["points"],
            tuple(_marks(part, row, each, item.id)),
            each["reason"],
            each["clause"],
            _data(scores, row, list(each["inputs"])),
        )


def _band(section: Section, part: Part) -> str:
    """The heading of a section; none where its one item says the same."""
    if [each.title for each in part.items_of(section.id)] == [section.title]:
        return ""
    return section.title if section.title.startswith(section.id) else f"{section.id}　{section.title}"


def _marks(part: _Part, row: int, each: Record, id: str) -> Iterator[str]:
    if each["points"] is None:
        yield WAITING
    elif each["points"] < 0 or (not id.endswith(("+", "-")) and each["of"] is not None and each["points"] < each["of"]):
        yield LOST
    elif id.endswith("+") and each["points"] > 0:
        yield EARNED
    if set(part.changed.get(row, ())).intersection(each["inputs"]):
        yield CHANGED
    if id in part.overstated(row):
        yield OVERSTATED


def _data(scores: PartScores, row: int, cells: Sequence[str]) -> str:
    """The figures behind an item: a series as one, with the caption of each cell."""
    return "；".join(_series(scores, row, each, list(own)) for each, own in groupby(cells, scores.input_of))


def _series(scores: PartScores, row: int, each: Input, cells: Sequence[str]) -> str:
    words = [_figure(scores, row, cell) for cell in cells]
    if each.kind is InputKind.RATERS and not any(scores.value(row, cell) is not None for cell in cells):
        return f"{each.name}：还没有人评分"
    if len(cells) == 1:
        return f"{each.label(cells[0])}＝{words[0]}"
    if len(set(words)) == 1:
        return f"{each.name}：各期均为{words[0]}" if each.series else f"{each.name}：{len(cells)}人均为{words[0]}"
    captions = dict(zip(each.cells, each.captions(), strict=True)) if each.series else {}
    return f"{each.name}：" + "、".join(captions.get(cell, "") + word for cell, word in zip(cells, words, strict=True))


def _figure(scores: PartScores, row: int, cell: str) -> str:
    """One figure, and the unit's own where the review changed it."""
    said = _text(scores, row, cell)
    if not scores.altered(row, cell):
        return said
    own = scores.value(row, cell, reported=True)
    blank = "旧表没有" if scores.reported.unasked(row, cell) else "未填"
    return f"{said}（自评{blank if own is None else own}）"


def _text(scores: PartScores, row: int, cell: str) -> str:
    value, each = scores.value(row, cell), scores.input_of(cell)
    if value is not None:
        return str(value)
    state, own = scores.answers.state(row, cell), scores.value(row, cell, reported=True)
    if state is Cell.ABSENT and each.default:
        return f"{each.default}（未提供）"
    if own is not None and state in (Cell.CONFLICT, Cell.REFUSED):
        return f"{own}（{'核定值' if scores.verified(row, cell) else ''}{state}）"
    return "待复查" if origin(scores, row, cell) == "待复查" else scores.answers.standing(row, cell)


def _figures(part: _Part, row: int) -> Iterator[Figure]:
    """Every figure of a part that has no items."""
    scores, unit = part.scores, part.units[part.scores.subjects[row].unit]
    changed, mine = set(part.changed.get(row, ())), scores.reported.files[row]
    for each, cell in scores.part.cells(scores.period):
        kind = each.measure
        if each.kind in (InputKind.TEXT, InputKind.DATE):
            yield Figure(each.name, kind, None, unit.attributes.get(each.name) or "—", "", "名册")
            continue
        value, layer = scores.value(row, cell), origin(scores, row, cell)
        open_ = scores.answers.state(row, cell) not in (Cell.GIVEN, Cell.ABSENT)
        mark = WAITING if open_ else CHANGED if cell in changed else ""
        own: Value = scores.value(row, cell, reported=True) if each.asked else None
        presumed = each.default if layer == "未提供" else ""
        shown = (presumed or _text(scores, row, cell)) if value is None else value
        place = "" if layer in ("待复查", "未提供") else _place(scores.answers.source(row, cell), mine)
        yield Figure(each.label(cell), kind, own, shown, mark, "：".join(part for part in (layer, place) if part))


def _place(source: Source, own: str = "") -> str:
    """``sheet!cell`` of the unit's own file, of any other with its name."""
    spot = "!".join(each for each in (source.sheet, source.cell) if each)
    return spot if source.file == own else " ".join(each for each in (source.file.rpartition("/")[2], spot) if each)


def _changes(part: _Part, row: int) -> Iterator[Change]:
    scores, record = part.scores, part.record(row)
    own, who = scores.reported.files[row], scores.subjects[row].own
    for cell in part.changed.get(row, []):
        items = [(id, each) for id, each in record["items"].items() if cell in each["inputs"]]
        effect = "；".join(_effect(id, each["self_points"], each["points"]) for id, each in items)
        mine, before = scores.reported.source(row, cell), scores.value(row, cell, reported=True)
        label = scores.input_of(cell).label(cell)
        yield Change(
            f"{who}　{label}" if who else label,
            scores.reported.standing(row, cell)
            if before is None and scores.reported.state(row, cell) is Cell.BLANK
            else before,
            scores.value(row, cell),
            _place(mine, own) if mine.cell else "",
            f"核定：{_place(scores.answers.source(row, cell))}{_why(scores.answers.notes.get((row, cell)))}",
            effect or "不直接计分，用于结果运用",
        )


def _why(note: Note | None) -> str:
    """What the reviewer wrote beside the figure; who it was stays in the office."""
    words = (("理由", note.reason), ("依据", note.basis)) if note else ()
    return "".join(f"；{name}：{text}" for name, text in words if text)


def _effect(id: str, before: int | float | None, after: int | float | None) -> str:
    if after is None:
        return f"{id}：待核"
    if before is None or before == after:
        return f"{id}：{'得' if before is None else '仍得'}{after}分"
    return f"{id}：{before}分→{after}分（{round(after - before, 2):+g}）"


def _remarks(findings: Sequence[Finding], own: str) -> list[Remark]:
    """The findings that a unit can understand and mend, what needs it first."""
    told = [each for each in findings if each.number[0] in _TOLD]
    told.sort(key=lambda each: _ORDER.index(each.level))
    return [Remark(str(each.level), _spot(each, own), each.message, _mend(each)) for each in told]


def _spot(each: Finding, own: str) -> str:
    """Where something stands; nowhere where it stands in a table that only the office has."""
    return "" if each.code == "given-missing" else _place(each.source, own)


def _mend(each: Finding) -> str:
    """The remedy as the unit sees it: the program's options and pages are not its affair."""
    office = "由考核办公室处理" if each.number[0] in "承果" and not each.waived else each.mend
    return _BY_OFFICE.get(each.code, office)
