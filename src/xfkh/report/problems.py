"""问题清单.xlsx: every finding with place and remedy, what to write to whom, every unit's state, every file's fate."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..findings import Finding, Level
from ..model import Source
from ..text import width
from ..workbook.anchors import TYPE
from ..workbook.book import Sheet
from .facts import Facts
from .links import Links, put
from .reminders import closed_units, reminders

GLOBAL = "全局"
"""Stands where a finding concerns no single unit."""
_ORDER = {level: k for k, level in enumerate(Level)}
_LEVELS = {"错误": "alarm", "警告": "warn"}
_STATES = {"未报": "open", "退回": "open", "暂定": "warn", "待定": "warn"}
_FATES = {"退回": "alarm", "待定": "warn"}
_FIRST = 4
_UNIT, _SAID, _MEND = 15.0, 46.0, 34.0
"""Columns of the findings, narrow enough that they print legibly on A4."""
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})(?![0-9])")
_TALLEST = 409.0
"""Excel's limit for the height of a row."""


def write_problems(path: Path, facts: Facts) -> None:
    book, links = facts.book("问题清单"), Links(facts)
    findings = sorted_findings(facts)
    _findings(book.sheet("问题"), facts, findings, links)
    _reminders(book.sheet("催报"), facts)
    _files(book.sheet("文件"), facts, links)
    _units(book.sheet("单位"), facts, findings, links)
    book.stamp({TYPE: "问题清单"})
    book.save(path, checked_later=True)


def sorted_findings(facts: Facts) -> list[Finding]:
    """First what needs a person, then the notes; in both unit by unit, those with errors first, 全局 last."""
    worst = dict[str, int]()
    for each in facts.findings:
        worst[each.unit] = min(worst.get(each.unit, len(_ORDER)), _ORDER[each.level])
    place = {unit.name: k for k, unit in enumerate(facts.roster.units)}

    def key(each: Finding) -> tuple[bool, bool, int, int, str, int, Place]:
        note, unit = each.level is Level.NOTE, each.unit
        at = place.get(unit, len(place))
        return note, not unit, 0 if note else worst[unit], at, unit, _ORDER[each.level], _place(each.source)

    return sorted(facts.findings, key=key)


Place = tuple[str, str, int, int, str, str]


def _place(source: Source) -> Place:
    """Where a fault stands, so that cells sort as they are read: by row, then by column."""
    found = _CELL.match(source.cell)
    letters, line = (found[1], int(found[2])) if found else ("", 0)
    return source.file, source.sheet, line, len(letters), letters, source.cell


def _head(sheet: Sheet, facts: Facts, heads: Sequence[str], *notes: str) -> None:
    """Title and two notes, then the heads."""
    sheet.heading(f"{facts.title}　{sheet.name}", *notes)
    sheet.row(_FIRST - 1, heads, "head")
    sheet.raw.set_row(_FIRST - 1, 22)


def _fill(colours: Mapping[str, str], word: str) -> dict[str, str]:
    return {"fill": colours[word]} if word in colours else {}


def _counts(counts: dict[str, int]) -> str:
    return "，".join(f"{name} {number}" for name, number in counts.items())


def _wide(files: Sequence[str]) -> int:
    """The columns for file names: some programs do not wrap a link."""
    return min(72, max([24, *(width(each) + 2 for each in set(files))]))


def _findings(sheet: Sheet, facts: Facts, findings: Sequence[Finding], links: Links) -> None:
    wide = _wide([each.source.file for each in findings])
    sheet.widths(_UNIT, 6, wide, 9, 9, _SAID, _MEND, 7)
    levels = {str(level): sum(each.level is level for each in findings) for level in Level}
    said = f"{_counts(levels)}。单位：{_counts(facts.units)}。文件：{_counts(facts.files)}。"
    how = (
        "错误和警告要处理，提示只供核对；要处理的在前，按单位排，不属于哪个单位的在后。点有下划线的文件名，打开那一格。"
    )
    heads = ("单位", "级别", "文件", "工作表", "单元格", "问题", "怎样改", "代码")
    _head(sheet, facts, heads, said, how)
    count, at = 0, _FIRST - 1
    for at, each in enumerate(findings, _FIRST):
        source = each.source
        sheet.text(at, 0, each.unit or GLOBAL, "cell_strong_wrap")
        sheet.text(at, 1, each.level, "cell_centre", **_fill(_LEVELS, each.level))
        count = put(sheet, at, 2, links.target(source), source.file, count, wide)
        sheet.row(at, [source.sheet, source.cell, each.message, each.mend, each.number], "cell_wrap", start=3)
        texts = [(each.unit, _UNIT), (source.file, wide), (source.cell, 9), (each.message, _SAID), (each.mend, _MEND)]
        sheet.height(at, texts)
    _finish(sheet, at, len(heads))


def _reminders(sheet: Sheet, facts: Facts) -> None:
    sheet.widths(18, 12, 24, 26, 96)
    made, closed = reminders(facts), closed_units(facts)
    said = f"{len(made)} 个单位还没有定。“文字”一格可以复制到邮件或公文里。"
    gone = f"已截止收报、不再催的：{'、'.join(closed)}。" if closed else "没有截止收报的单位。"
    heads = ("单位", "状态", "邮箱", "主题", "文字")
    _head(sheet, facts, heads, said, gone)
    at = _FIRST - 1
    for at, each in enumerate(made, _FIRST):
        sheet.text(at, 0, each.unit, "cell_strong_wrap")
        sheet.text(at, 1, each.state, "cell_centre_wrap", **_fill(_STATES, each.state[:2]))
        sheet.row(at, [each.email or "名册没有邮箱", each.subject, each.text], "cell_wrap", start=2)
        texts = [(each.unit, 18.0), (each.state, 12), (each.email, 24), (each.subject, 26), (each.text, 96)]
        sheet.raw.set_row(at, min(_TALLEST, sheet.needed(texts)))
    _finish(sheet, at, len(heads))


def _units(sheet: Sheet, facts: Facts, findings: Sequence[Finding], links: Links) -> None:
    scores, files = facts.parts[0].scores, _files_of_units(facts)
    wide = _wide(list(files.values()))
    sheet.widths(24, 12, 9, wide, 7, 7, 7, 14)
    heads = ("单位", "类别", "状态", "文件", *map(str, Level), "第一个问题")
    _head(sheet, facts, heads, f"{_counts(facts.units)}。每个单位只有一个状态。")
    counts = Counter((each.unit, each.level) for each in findings)
    first = {each.unit: at for at, each in reversed(list(enumerate(findings, _FIRST + 1)))}
    count, at = 0, _FIRST - 1
    for at, unit in enumerate(facts.roster.units, _FIRST):
        state, file = str(scores.states[at - _FIRST]), files.get(unit.name, "")
        sheet.text(at, 0, unit.name, "cell_strong_wrap")
        sheet.text(at, 1, unit.category, "cell_centre_wrap")
        sheet.text(at, 2, state, "cell_centre", **_fill(_STATES, state))
        count = put(sheet, at, 3, links.target(Source(file)), file or "—", count, wide)
        sheet.row(at, [counts[unit.name, level] for level in Level], "cell_centre", start=4)
        where = f"internal:'问题'!A{first[unit.name]}" if unit.name in first else ""
        count = put(sheet, at, 7, where, f"第 {first[unit.name]} 行" if where else "—", count)
        sheet.height(at, [(unit.name, 24), (file, wide)])
    _finish(sheet, at, len(heads))


def _files_of_units(facts: Facts) -> dict[str, str]:
    """Unit → the file that counts, or the first of those that do not."""
    files, scores = dict[str, str](), facts.parts[0].scores
    for each in facts.arrived:
        files.setdefault(each.unit, each.name)
    taken = zip(scores.subjects, scores.answers.files, strict=True)
    return files | {subject.unit: file for subject, file in taken if file}


def _files(sheet: Sheet, facts: Facts, links: Links) -> None:
    wide = _wide([each.name for each in facts.arrived])
    sheet.widths(wide, 9, 22, 70)
    heads = ("文件", "去向", "单位", "原因")
    _head(sheet, facts, heads, f"{_counts(facts.files)}。每个文件只有一个去向。")
    count, at = 0, _FIRST - 1
    for at, each in enumerate(facts.arrived, _FIRST):
        fate = str(each.fate)
        count = put(sheet, at, 0, links.target(Source(each.name)), each.name, count, wide)
        sheet.text(at, 1, fate, "cell_centre", **_fill(_FATES, fate))
        sheet.row(at, [each.unit, each.why], "cell_wrap", start=2)
        sheet.height(at, [(each.name, wide), (each.unit, 22), (each.why, 70)])
    _finish(sheet, at, len(heads))


def _finish(sheet: Sheet, last: int, columns: int) -> None:
    sheet.raw.freeze_panes(_FIRST, 1)
    sheet.raw.autofilter(_FIRST - 1, 0, max(last, _FIRST), columns - 1)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 1, _FIRST - 1))
