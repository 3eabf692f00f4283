"""The cells of one return: whether the form is whole, and what is answered in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..answers import Answers, RawCell, read_cell, shown
from ..answers.grammar import Reading, wanted
from ..findings import Finding, finding
from ..intake import Arrived
from ..model import Cell, Fate, Input, Origin, Part, Source
from ..workbook.anchors import place


def asked_cells(part: Part, period: str) -> list[str]:
    """The cells that a unit fills."""
    return [cell for each, cell in part.cells(period) if each.asked]


def hollow(each: Arrived, parts: Sequence[Part], period: str, earlier: bool = False) -> Finding | None:
    """A form whose structure was changed, or on which nothing was filled in. On one of an ``earlier`` version what was
    not asked yet is blank."""
    assert each.form is not None
    form, source = each.form, Source(each.name, each.form.sheet)
    part, asked = parts[0], asked_cells(parts[0], period)
    known = {each.name for each in part.inputs}
    if not form.cover:
        return each.end(Fate.REFUSED, finding("cover-lost", Source(each.name), each.unit))
    lost = _persons_lost(each, parts[1], period, earlier) if len(parts) > 1 else None
    if lost is not None:
        return lost
    if form.gone:
        return each.end(Fate.REFUSED, finding("sheet-gone", source, each.unit, sheets="、".join(form.gone)))
    for name, (first, second) in form.twice.items():
        facts = {"name": name, "first": first, "second": second}
        return each.end(Fate.REFUSED, finding("input-twice", source, each.unit, **facts))
    for name, (first, second, same) in form.copied.items():
        if not same:
            facts = {"name": name, "first": first, "second": second}
            return each.end(Fate.HELD, finding("sheet-copied-differs", source, each.unit, **facts))
    if earlier:
        asked = [name for name in asked if name in form.cells]
    for name in asked or asked_cells(part, period):
        if name not in form.cells:
            return each.end(Fate.REFUSED, finding("input-lost", source, each.unit, name=name))
    wrong = [name for name in asked if form.labels.get(place(name)[0], "").partition("（")[0].strip() not in known]
    if len(wrong) * 2 > len(asked):
        return each.end(Fate.REFUSED, finding("labels-lost", source, each.unit))
    empty = all(form.cells[name][0].value in (None, "") and not form.cells[name][0].formula for name in asked)
    if empty and not any(table.rows for table in form.persons):
        return each.end(Fate.REFUSED, finding("form-blank", source, each.unit))
    return None


def _persons_lost(each: Arrived, many: Part, period: str, earlier: bool) -> Finding | None:
    """The sheet of persons is gone, lost a column, or was copied and then filled differently."""
    assert each.form is not None
    tables, sheet = each.form.persons, many.name
    asked = asked_cells(many, period)
    if not tables or (not earlier and any(name not in tables[0].columns for name in asked)):
        return each.end(Fate.REFUSED, finding("persons-lost", Source(each.name), each.unit, sheet=sheet))
    if tables[0].twice:
        facts = {"name": tables[0].twice[0], "first": tables[0].sheet, "second": tables[0].sheet}
        return each.end(Fate.REFUSED, finding("input-twice", Source(each.name, sheet), each.unit, **facts))
    if any(table.rows != tables[0].rows for table in tables[1:]):
        facts = {"sheet": sheet, "first": tables[0].sheet, "second": tables[1].sheet}
        return each.end(Fate.HELD, finding("persons-copied", Source(each.name), each.unit, **facts))
    return None


def _copied(each: Arrived) -> list[Finding]:
    """A copied sheet with the same answers, of the unit or of its persons, is said once."""
    assert each.form is not None
    answers = [tuple(place.rpartition("!")[0] for place in places) for *places, _ in each.form.copied.values()]
    persons = [(each.form.persons[0].sheet, table.sheet) for table in each.form.persons[1:]]
    pairs = dict.fromkeys((*answers[:1], *persons[:1]))
    return [finding("sheet-copied", Source(each.name, second), each.unit, first=first, second=second)
            for first, second in pairs]  # fmt: skip


def swallowed(area: str) -> str:
    """Why there is no answer in a cell that lies beneath another one."""
    return f"与旁边的格子合并（{area}），填的内容被盖住了"


_LARGE = 10_000
"""So many 万元 are a hundred million yuan: somebody may have written yuan."""


@lru_cache(16_384)
def _read(entry: Input, _: str, raw: RawCell, zero_words: bool) -> Reading:
    """The same content in the same input reads the same; 1, 1.0 and a tick are not the same content."""
    return read_cell(entry, raw, zero_words)


def read_answers(answers: Answers, row: int, each: Arrived, part: Part, period: str) -> list[Finding]:
    """Reads the cells of one return into its row; says every normalisation and every refusal."""
    assert each.form is not None
    findings = _copied(each)
    for place_ in each.form.active:
        findings.append(finding("text-formula", Source(each.name, *place_), each.unit))
    names = {input.name for input in part.inputs}
    for entry, name in part.cells(period):
        raw, address = each.form.cells.get(name, (None, ""))
        if raw is None:
            # where it stands in the forms of others something else stands in this one
            answers.sources[row, name] = Source(each.name)
        if raw is None or entry.origin in (Origin.ROSTER, Origin.REVIEW):
            continue
        sheet, _, at = address.rpartition("!")
        source = Source(each.name, sheet, at)
        label = each.form.labels.get(place(name)[0], "").partition("（")[0].strip()
        if label != entry.name and label in names:
            findings.append(finding("label-clash", source, each.unit, name=name, label=label))
            answers.put(row, name, 0, Cell.REFUSED, source)
            continue
        if label != entry.name:
            findings.append(finding("label-changed", source, each.unit, name=name))
        if name in each.form.covered:
            why = swallowed(each.form.covered[name])
            findings.append(finding("cell-wrong", source, each.unit, name=name, why=why, wanted=wanted(entry)))
            answers.put(row, name, 0, Cell.REFUSED, source)
            continue
        if name in each.form.merged:
            findings.append(finding("cell-merged", source, each.unit, name=name, range=each.form.merged[name]))
        # 0, -0 and no are equal, and not the same content
        kind = type(raw.value).__name__ if raw.value else repr(raw.value)
        reading = _read(entry, kind, raw, part.zero_words)
        usual = answers.home.setdefault(name, (sheet, at)) == (sheet, at)
        answers.put(row, name, reading.value, reading.state, None if usual else source)
        if reading.state is Cell.REFUSED:
            facts = {"name": name, "why": reading.why, "wanted": wanted(entry)}
            findings.append(finding("cell-wrong", source, each.unit, **facts))
        elif reading.note:
            code = "cell-formula-read" if raw.formula else "cell-read"
            value = shown(entry, reading.value)
            findings.append(finding(code, source, each.unit, name=name, found=reading.note, value=value))
        if entry.unit == "万元" and reading.value >= _LARGE * 10**entry.decimals:
            value = reading.value / 10**entry.decimals
            facts = {"name": name, "value": f"{value:g}", "more": f"{value / _LARGE:g}"}
            findings.append(finding("amount-large", source, each.unit, **facts))
    return findings
