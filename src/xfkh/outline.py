"""A scheme as a person or a program may look it up: what it asks, what it gives, and what can be set."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .console import table
from .formula.say import decimal
from .model import Input, InputKind, Item, Origin, Outcome, Parameter, Part, Reading, Scheme
from .scheme.conditions import most_of

Record = dict[str, Any]
_GIVER = {
    Origin.SELF: "单位填",
    Origin.REVIEW: "复查给出",
    Origin.LEDGER: "单位填（台账有数）",
    Origin.ROSTER: "名册给出",
    Origin.PREVIOUS: "上年结果给出",
}


def entry(scheme: Scheme) -> Record:
    """What tells a scheme from others."""
    return {
        "id": scheme.id,
        "title": scheme.title,
        "version": scheme.version,
        "status": scheme.status,
        "parts": [part.name for part in scheme.parts],
        "source": scheme.source,
        "date": scheme.date,
    }


def listed(scheme: Scheme) -> str:
    """The same as one line of a list."""
    parts = "、".join(part.name for part in scheme.parts)
    return "　".join(each for each in (scheme.id, scheme.title, scheme.status, parts, scheme.cited) if each)


def outline(scheme: Scheme) -> list[str]:
    """The lines for a terminal."""
    lines = [f"{scheme.title}　{scheme.id}　版本 {scheme.version}　方案状态：{scheme.status}"]
    lines += [f"来源：{scheme.cited}"] if scheme.cited else []
    lines += [f"注意：{scheme.caution}"] if scheme.caution else []
    for part in scheme.parts:
        lines += _items(scheme, part)
        lines += _block(f"{part.name}·填报项（{len(part.inputs)} 个）", table([_input(each) for each in part.inputs]))
        targets = [(each.id, each.title, _clause(each.clause)) for each in part.targets]
        lines += _block(f"{part.name}·工作目标", table(targets))
        lines += _block(f"{part.name}·奖惩", table([_outcome(each) for each in part.outcomes]))
    lines += _block("口径（写明“可选”的能换：--set 口径=值）", [_reading(each) for each in scheme.readings])
    return lines + _block("参数（可以改：--set 参数=数）", table([_parameter(each) for each in scheme.parameters]))


def _block(head: str, rows: Sequence[str]) -> list[str]:
    return ["", f"{head}：", *(f"  {each}" for each in rows)] if rows else []


def _clause(text: str) -> str:
    return f"依据：{text}" if text else ""


def _items(scheme: Scheme, part: Part) -> list[str]:
    """The items under their sections; those of other readings say under which they count."""
    if not part.items:
        return _block(f"{part.name}·指标", [f"没有指标，总分取「{part.total}」" if part.total else "没有指标"])
    heads = {each.id: f"{each.id}　{each.title}　{_points(each.points)}".rstrip() for each in part.sections}
    rows, done = list[str](), set[str]()
    for item, line in zip(part.items, table([_item(each) for each in part.items]), strict=True):
        if item.section in heads.keys() - done:
            rows.append(heads[item.section])
            done.add(item.section)
        rows.append(f"  {line}")
    full = sum((each.points or Fraction(0) for each in scheme.lines(part) if not each.extra), Fraction(0))
    return _block(f"{part.name}·指标（满分 {decimal(full)}，加分减分另计）", rows)


def _points(points: Fraction) -> str:
    return f"{decimal(points)}分" if points else ""


def _item(each: Item) -> tuple[str, ...]:
    points = _points(each.points) if each.points is not None else "扣分" if each.id.endswith("-") else "不封顶"
    limits = [f"口径“{'＝'.join(each.when)}”才有"] if each.when else []
    limits += ["全年才计"] if each.annual else []
    return each.id, each.title, points, _clause(each.clause), "，".join(limits)


def _input(each: Input) -> tuple[str, ...]:
    kind = f"{each.kind}（{each.unit}）" if each.unit else str(each.kind)
    cells = {4: "，每季一格", 12: "，每月一格"}.get(each.series, "")
    cells = "，一人一列" if each.kind is InputKind.RATERS else cells
    return each.name, kind + cells, _GIVER[each.origin], f"没有给出：{each.optional}" if each.optional else ""


def _outcome(each: Outcome) -> tuple[str, ...]:
    amount = f"{'共 ' if each.share else ''}{decimal(each.amount)} 元" if each.amount is not None else ""
    most = f"，最多 {decimal(limit)} 元" if (limit := most_of(each)) is not None else ""
    amount = f"每次 {decimal(each.price)} 元{most}" if each.price is not None else amount
    amount = f"参数「{each.parameter}」" if each.parameter else amount
    reasons = "；".join(reason.because for reason in each.reasons)
    because = "：".join(part for part in (each.because, reasons) if part)
    return each.id, str(each.kind), amount, f"{because}　{_clause(each.clause)}"


def _reading(each: Reading) -> str:
    options = "；".join(f"{value}（{text}）" for value, text in each.options.items())
    value = f"＝{each.value}" if each.value else ""
    return f"{each.id}{value}　{each.text}{'　可选：' + options if options else ''}"


def _parameter(each: Parameter) -> tuple[str, ...]:
    return each.id, "没有设" if each.value is None else f"＝{decimal(each.value)}", each.text


def record(scheme: Scheme) -> Record:
    """The same for a program."""
    return entry(scheme) | {
        "caution": scheme.caution,
        "parts": [_part_record(each) for each in scheme.parts],
        "readings": [
            {"id": each.id, "text": each.text, "value": each.value, "options": dict(each.options)}
            for each in scheme.readings
        ],
        "parameters": [{"id": each.id, "text": each.text, "value": _number(each.value)} for each in scheme.parameters],
    }


def _part_record(part: Part) -> Record:
    return {
        "name": part.name,
        "total": part.total or None,
        "sections": [
            {"id": each.id, "title": each.title, "points": _number(each.points), "clause": each.clause}
            for each in part.sections
        ],
        "items": [_item_record(each) for each in part.items],
        "inputs": [_input_record(each) for each in part.inputs],
        "targets": [{"id": each.id, "title": each.title, "clause": each.clause} for each in part.targets],
        "outcomes": [_outcome_record(each) for each in part.outcomes],
    }


def _item_record(each: Item) -> Record:
    return {
        "id": each.id,
        "section": each.section,
        "title": each.title,
        "points": _number(each.points),
        "clause": each.clause,
        "annual": each.annual,
        "when": dict([each.when]) if each.when else None,
    }


def _input_record(each: Input) -> Record:
    return {
        "name": each.name,
        "kind": str(each.kind),
        "origin": str(each.origin),
        "unit": each.unit,
        "series": each.series,
        "maximum": each.maximum,
        "optional": each.optional or None,
    }


def _outcome_record(each: Outcome) -> Record:
    return {
        "id": each.id,
        "kind": str(each.kind),
        "amount": _number(each.amount),
        "price": _number(each.price),
        "parameter": each.parameter or None,
        "because": each.because,
        "reasons": [reason.because for reason in each.reasons],
        "clause": each.clause,
    }


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)
