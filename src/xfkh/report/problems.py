"""问题清单.xlsx: every finding with its place and remedy, every file with its fate, every unit with its state."""

from __future__ import annotations

from pathlib import Path

from ..findings import Finding, Level
from ..workbook import Book, Sheet
from ..workbook.anchors import TYPE
from ..workbook.book import cell
from ..workbook.style import ALARM, OPEN
from .facts import Facts

_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}
_FIRST = 4


def write_problems(path: Path, facts: Facts) -> None:
    book = Book(f"{facts.title} 问题清单")
    _findings(book.sheet("问题"), facts)
    _files(book.sheet("文件"), facts)
    _units(book.sheet("单位"), facts)
    book.stamp({TYPE: "问题清单"})
    book.save(path)


def _head(sheet: Sheet, facts: Facts, heads: tuple[str, ...], note: str) -> None:
    sheet.text(0, 0, f"{facts.title}　{sheet.name}", "title")
    sheet.raw.set_row(0, 30)
    sheet.text(1, 0, note, "subtitle")
    sheet.row(_FIRST - 1, heads, "head")


def sorted_findings(findings: list[Finding]) -> list[Finding]:
    """What needs a person first, by unit."""
    return sorted(findings, key=lambda each: (_ORDER[each.level], each.unit, each.source))


def _findings(sheet: Sheet, facts: Facts) -> None:
    counts = "，".join(f"{level}{sum(each.level is level for each in facts.findings)}条" for level in Level)
    heads = ("级别", "单位", "文件", "工作表", "单元格", "问题", "怎样改", "代码")
    _head(sheet, facts, heads, f"{counts}。错误和警告要处理，提示只供核对。")
    at = _FIRST - 1
    for at, each in enumerate(sorted_findings(list(facts.findings)), _FIRST):
        source = each.source
        values = [each.level, each.unit, source.file, source.sheet, source.cell, each.message, each.mend, each.number]
        sheet.row(at, values, "cell_wrap")
        sheet.height(at, [(each.message, 60), (each.mend, 40), (source.file, 34), (source.cell, 10)])
    sheet.widths(8, 18, 34, 10, 10, 60, 40, 8)
    area = ((_FIRST, 0), (max(at, _FIRST), 0))
    sheet.colour(*area, {"type": "cell", "criteria": "==", "value": f'"{Level.ERROR}"'}, bg_color=ALARM, bold=True)
    sheet.colour(*area, {"type": "cell", "criteria": "==", "value": f'"{Level.WARNING}"'}, bg_color="#FBE8C8")
    _finish(sheet, facts, at, 7)


def _files(sheet: Sheet, facts: Facts) -> None:
    counts = "，".join(f"{name}{number}" for name, number in facts.files.items())
    _head(sheet, facts, ("文件", "去向", "单位", "原因"), f"文件：{counts}。每个文件只有一个去向。")
    at = _FIRST - 1
    for at, each in enumerate(facts.arrived, _FIRST):
        sheet.row(at, [each.name, str(each.fate), each.unit, each.why], "cell_wrap")
        sheet.height(at, [(each.name, 54), (each.why, 60)])
    sheet.widths(54, 9, 22, 60)
    area = ((_FIRST, 1), (max(at, _FIRST), 1))
    sheet.colour(*area, {"type": "cell", "criteria": "==", "value": '"退回"'}, bg_color=ALARM, bold=True)
    sheet.colour(*area, {"type": "cell", "criteria": "==", "value": '"待定"'}, bg_color="#FBE8C8")
    _finish(sheet, facts, at, 3)


def _units(sheet: Sheet, facts: Facts) -> None:
    counts = "，".join(f"{name}{number}" for name, number in facts.units.items())
    _head(
        sheet,
        facts,
        ("单位", "类别", "状态", "文件", "错误", "警告", "提示"),
        f"单位：{counts}。每个单位只有一个状态。",
    )
    scores, at = facts.parts[0].scores, _FIRST - 1
    for at, unit in enumerate(facts.roster.units, _FIRST):
        row = at - _FIRST
        mine = [sum(each.unit == unit.name and each.level is level for each in facts.findings) for level in Level]
        file = scores.answers.files[row] or "—"
        sheet.row(at, [unit.name, unit.category, str(scores.states[row]), file, *mine], "cell_wrap")
        sheet.height(at, [(file, 54)])
    sheet.widths(24, 12, 9, 54, 7, 7, 7)
    area = ((_FIRST, 2), (max(at, _FIRST), 2))
    first = cell(_FIRST, 2)
    sheet.colour(*area, {"type": "formula", "criteria": f'=OR({first}="未报",{first}="退回")'}, bg_color=OPEN)
    sheet.colour(*area, {"type": "formula", "criteria": f'=OR({first}="暂定",{first}="待定")'}, bg_color=ALARM)
    _finish(sheet, facts, at, 6)


def _finish(sheet: Sheet, facts: Facts, last: int, columns: int) -> None:
    sheet.raw.freeze_panes(_FIRST, 0)
    sheet.raw.autofilter(_FIRST - 1, 0, max(last, _FIRST), columns)
    sheet.print_setup(landscape=True, repeat=(_FIRST - 1, _FIRST - 1), footer=facts.title)
