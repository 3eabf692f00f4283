"""The tables of a scheme → a workbook in which an office writes its own: coloured heads with notes, drop-downs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..formula.functions import FUNCTIONS
from ..model import UNITS
from ..rules import KINDS, SAID, wanted
from ..workbook.book import FILE_NAME, Book, Sheet, cell
from ..workbook.paging import side_by_side
from ..workbook.style import LINE, PLAIN, Theme
from .columns import (
    ADDS,
    CASES,
    CHECKS,
    DEDUCTS,
    EXTRAS,
    HEAD,
    HEAD_SAID,
    HEAD_WORDS,
    INPUTS,
    ITEMS,
    MANY,
    OPTIONS,
    OUTCOMES,
    PARAMETER,
    PART_WORDS,
    READINGS,
    RULE_HEADS,
    SECTIONS,
    SERIES,
    TARGET,
    YES,
    Column,
    Form,
    SheetOf,
)

Line = dict[str, Any]
TOP = 3
"""The row of heads, counted from 0."""
_ROOM = 40
"""Empty rows beneath the last one that look and behave as the others."""
_WIDE = 260
"""A sheet with wider columns takes several pages side by side."""
_PAGE = 170
"""The columns that a page has room for, printed legibly."""
_ON_SCREEN = 1
"""Lines between cells that are not printed."""
_TITLES = 2
"""The first columns, that say of what a row is, stand on each of them."""
_SAID_WIDE = 50
_RULES = {name: column for column in ITEMS.columns if column.head in RULE_HEADS for name in column.fields}


def scheme_book(tables: Mapping[str, Any], theme: Theme = PLAIN) -> bytes:
    """The workbook of a scheme's tables; read again it gives the same tables."""
    title = str(tables.get("scheme", {}).get("title", "")) or "新方案"
    book = Book(f"{title}　方案", theme, by_file=True)
    for sheet, lines in sheets_of(tables):
        _write(book, sheet, lines)
    _options(book)
    return book.finish()


def sheets_of(tables: Mapping[str, Any]) -> Iterator[tuple[SheetOf, list[Line]]]:
    """Every sheet with its lines: column head → value."""
    parts = tables.get("part", [])
    yield HEAD, list(_head(tables))
    yield SECTIONS, _of_parts(parts, SECTIONS)
    yield INPUTS, _of_parts(parts, INPUTS)
    yield (
        ITEMS,
        [line for part in parts for line in _items(part, extra=False)]
        + [
            {**_line(ITEMS, row), **_in_part(part), "计分方式": TARGET}
            for part in parts
            for row in part.get("target", [])
        ],
    )
    yield EXTRAS, [line for part in parts for line in _items(part, extra=True)]
    yield OUTCOMES, [line for part in parts for row in part.get("outcome", []) for line in _outcome(part, row)]
    yield CHECKS, [_check(part, row) for part in parts for row in part.get("check", [])]
    yield (
        READINGS,
        [line for row in tables.get("reading", []) for line in _reading(row)]
        + [{**_line(READINGS, row), "类型": PARAMETER} for row in tables.get("parameter", [])],
    )
    yield CASES, [line for part in parts for row in part.get("case", []) for line in _case(part, row)]


def _head(tables: Mapping[str, Any]) -> Iterator[Line]:
    head = tables.get("scheme", {})
    for word, name in HEAD_WORDS.items():
        values = head.get(name, []) if name in MANY else [head.get(name, "")]
        for value in values or [""]:
            yield {"项目": word, "内容": value}
    for part in tables.get("part", []):
        for word, name in PART_WORDS.items():
            value = part.get(name, "")
            yield {"项目": word, "内容": YES if value is True else value or "", **_in_part(part)}


def _in_part(part: Mapping[str, Any]) -> Line:
    return {} if part.get("name") == UNITS else {"部分": part.get("name")}


def _of_parts(parts: Sequence[Mapping[str, Any]], sheet: SheetOf) -> list[Line]:
    return [{**_line(sheet, row), **_in_part(part)} for part in parts for row in part.get(sheet.table, [])]


def _line(sheet: SheetOf, row: Mapping[str, Any]) -> Line:
    return {
        column.head: _said(column, row[name])
        for column in sheet.columns for name in column.fields if name in row and name not in ("rule", "reasons")
    }  # fmt: skip


def _said(column: Column, value: Any) -> Any:
    if isinstance(value, bool):
        return YES if value else ""
    if column.form is Form.SERIES:
        return next((word for word, count in SERIES.items() if count == value), "")
    if isinstance(value, list):
        return ("\n" if "conditions" in column.fields else "、").join(map(str, value))
    return value


def _items(part: Mapping[str, Any], extra: bool) -> Iterator[Line]:
    items = part.get("item", [])
    for k, row in enumerate(items):
        if str(row.get("id", "")).endswith(("+", "-")) is not extra:
            continue
        rules = [{_RULES[name].head: _said(_RULES[name], value) for name, value in rule.items() if name in _RULES}
                 for rule in row.get("rule", [])]  # fmt: skip
        own = {head: value for head, value in _line(ITEMS, row).items() if head not in RULE_HEADS}
        if extra:
            own |= {"方向": ADDS if row["id"].endswith("+") else DEDUCTS} | _behind(items, k)
        yield {**own, **_in_part(part), **(rules[0] if rules else {})}
        yield from rules[1:]


def _behind(items: Sequence[Mapping[str, Any]], k: int) -> Line:
    """Where a bonus is printed, unless that is where it comes by itself."""
    section = items[k].get("section")
    last = k + 1 == len(items) or all(each.get("section") != section or _extra(each) for each in items[k + 1 :])
    first = k > 0 and items[k - 1].get("section") == section
    return {} if last and first else {"排在其后": items[k - 1].get("id", "")} if k else {}


def _extra(row: Mapping[str, Any]) -> bool:
    return str(row.get("id", "")).endswith(("+", "-"))


def _outcome(part: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Line]:
    yield {**_line(OUTCOMES, row), **_in_part(part)}
    for each in row.get("reasons", []):
        yield _line(OUTCOMES, each)


def _check(part: Mapping[str, Any], row: Mapping[str, Any]) -> Line:
    level = "提示" if row.get("mild") else "警告" if row.get("closed") is False else ""
    return {**_line(CHECKS, row), **_in_part(part), **({"不成立时": level} if level else {})}


def _reading(row: Mapping[str, Any]) -> Iterator[Line]:
    yield _line(READINGS, row)
    for option, said in row.get("options", {}).items():
        yield {"选项": option, "选项说明": said}


def _case(part: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Line]:
    given, points = list(row.get("given", {}).items()), list(row.get("points", {}).items())
    for k in range(max(1, len(given), len(points))):
        line: Line = {"编号": row.get("id", ""), **_in_part(part)} if k == 0 else {}
        line |= {"填报项": given[k][0], "填": given[k][1]} if k < len(given) else {}
        yield line | ({"指标": points[k][0], "应得": points[k][1]} if k < len(points) else {})


# --- how it looks
def _write(book: Book, wanted: SheetOf, lines: Sequence[Line]) -> None:
    """Rows grow with what is written in them. Those that hold something have lines around their cells, so that empty
    ones are not printed."""
    sheet = book.sheet(wanted.name, tab=book.theme.ink)
    sheet.widths(*(each.width for each in wanted.columns))
    # on the screen they show where there is room to write
    sheet.raw.hide_gridlines(_ON_SCREEN)
    sheet.print_setup(landscape=True, repeat=(TOP, TOP))
    if sum(sheet.columns) > _WIDE:
        _paged(sheet, wanted, lines)
    else:
        sheet.heading(wanted.name, wanted.said)
    for col, column in enumerate(wanted.columns):
        sheet.text(TOP, col, column.head, "head")
        sheet.raw.write_comment(TOP, col, column.note, {"author": "xfkh", "font_name": "微软雅黑", "font_size": 9})
    sheet.raw.set_row(TOP, 22)
    last, end = TOP + len(lines) + _ROOM, len(wanted.columns) - 1
    for row in range(TOP + 1, last + 1):
        line = lines[row - TOP - 1] if row - TOP - 1 < len(lines) else {}
        for col, column in enumerate(wanted.columns):
            _put(sheet, row, col, column, line.get(column.head, ""))
        sheet.grows(row, [(str(line.get(each.head, "")), each.width) for each in wanted.columns])
    written = {"type": "formula", "criteria": f"=COUNTA(${cell(TOP + 1, 0)}:${cell(TOP + 1, end)})>0"}
    sheet.colour((TOP + 1, 0), (last, end), written, border=1, border_color=LINE)
    for col, column in enumerate(wanted.columns):
        if column.choices or column.form is Form.YES:
            _choices(sheet, col, column, last)
    named = [k for k, each in enumerate(wanted.columns) if each.head in ("名称", "编号")]
    sheet.raw.freeze_panes(TOP + 1, max(named, default=-1) + 1 if named and named[-1] < 4 else 0)
    if wanted is HEAD:
        _explained(sheet, lines)


def _paged(sheet: Sheet, wanted: SheetOf, lines: Sequence[Line]) -> None:
    """Of a sheet with many columns those that no row uses are folded away, one click from being there; the rest goes on
    several pages, the id and the title on each of them, the head of the sheet on the first."""
    used = {head for line in lines for head, value in line.items() if value != ""}
    idle = [each.head not in used and k >= _TITLES for k, each in enumerate(wanted.columns)]
    for col, wide in enumerate(sheet.columns):
        folded = {"level": 1, "hidden": True} if idle[col] else {}
        end = {"collapsed": True} if col and idle[col - 1] and not idle[col] else {}
        sheet.raw.set_column(col, col, wide, None, {**folded, **end})
    if idle[-1]:
        # the mark that unfolds stands behind the last one
        sheet.raw.set_column(len(idle), len(idle), None, None, {"collapsed": True})
    sheet.columns = [0 if hidden else wide for wide, hidden in zip(sheet.columns, idle, strict=True)]
    pages = -(-sum(sheet.columns[_TITLES:]) // (_PAGE - sum(sheet.columns[:_TITLES])))
    last = side_by_side(sheet, _TITLES, len(idle) - 1, int(pages))
    note = ["没有用到的列收起来了：点列标上方的 + 号展开。"] * any(idle)
    first = next((k for k in range(_TITLES, len(idle)) if not idle[k]), 0)
    sheet.heading(wanted.name, wanted.said, *note, first=first, last=last)
    sheet.raw.set_header(f"&L&9{FILE_NAME}　&A")


def _explained(sheet: Sheet, lines: Sequence[Line]) -> None:
    """What each line of the sheet is for, in a column that is not read."""
    col = len(HEAD.columns)
    sheet.widths(*(each.width for each in HEAD.columns), _SAID_WIDE)
    sheet.text(TOP, col, "_怎样填", "head")
    for row, line in enumerate(lines, TOP + 1):
        said = HEAD_SAID[line["项目"]]
        sheet.text(row, col, said, "cell_note")
        sheet.grows(row, [(str(line["内容"]), HEAD.columns[1].width), (said, _SAID_WIDE)])


def _put(sheet: Sheet, row: int, col: int, column: Column, value: Any) -> None:
    style: dict[str, Any] = {} if column.width > 9 else {"align": "center"}
    if column.form not in (Form.NUMBER, Form.WHOLE):
        # as text, so that 4.10 stays 4.10
        sheet.text(row, col, str(value), "wrap", num_format="@", **style)
    elif value == "":
        sheet.text(row, col, "", "wrap", **style)
    else:
        sheet.number(row, col, float(value), "wrap", **style)


def _choices(sheet: Sheet, col: int, column: Column, last: int) -> None:
    source: Any = list(column.choices) or [YES]
    if sum(map(len, source)) + len(source) > 255:
        source = f"={OPTIONS}!$A${_KINDS_AT + 1}:$A${_KINDS_AT + len(source)}"
    options = {"validate": "list", "source": source, "error_type": "warning"}
    sheet.validate(TOP + 1, col, col, options, down_to=last)


_KINDS_AT = TOP + 1


def _options(book: Book) -> None:
    """What each kind of rule needs."""
    sheet = book.sheet(OPTIONS)
    sheet.widths(14, 44, 60)
    sheet.heading(OPTIONS, "计分方式有哪些，每种要填哪几列。本表只供查看，改了也不起作用。")
    sheet.row(TOP, ["计分方式", "要填的列", "怎样算"], "head")
    for row, name in enumerate((*KINDS, TARGET), TOP + 1):
        heads = [_RULES[each].head for each in wanted(name)] or ["条件"]
        values = [name, "、".join(dict.fromkeys(heads)), SAID.get(name, "只看达到没有，不计分；条件写在“条件”一栏。")]
        sheet.row(row, values, "cell_wrap")
        sheet.height(row, list(zip(values, (14, 44, 60), strict=True)))
    top = TOP + len(KINDS) + 4
    sheet.text(top - 1, 0, "公式里能用的函数，写法与 Excel 一样", "heading")
    sheet.row(top, ["函数", "例", "做什么"], "head")
    for row, (name, each) in enumerate(FUNCTIONS.items(), top + 1):
        sheet.row(row, [name, each.example, each.said], "cell_wrap")
    sheet.print_setup(landscape=True, repeat=(TOP, TOP))
