"""发放清单.xlsx: what was issued (scheme, roster, terms, each file's fingerprint), kept so that a later upgrade or
an edited roster changes nothing silently."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from ..answers.given import Given, Kept
from ..intake.printed import NOTHING, Print, Word
from ..model import Roster, RosterUnit, Scheme, Source
from ..text import width
from ..workbook.anchors import DIGEST, PERIOD, SCHEME, STAMP_SHEET, TYPE, VERSION, YEAR
from ..workbook.book import Book, cell
from ..workbook.style import PLAIN, Theme
from .terms import Terms

FILE = "发放清单.xlsx"
LIST, ROSTER, TEXT, PRINTED, GIVEN = "发放清单", "名册", "方案", "印样", "上年数"
_OWN = ("单位", "代码", "类别", "邮箱")
_WIDTHS = (28, 10, 12, 26, 60, 20, 62)
_DUE, _RETURN_TO, _ALIKE = "截止日期", "交回给", "同结构的方案指纹"


@dataclass(frozen=True, slots=True)
class Issued:
    """One template: its unit, file name, stamp and the SHA-256 of its bytes (empty: not issued yet)."""

    unit: str
    file: str
    stamp: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Issue:
    """What an 发放清单 says; ``given``: what was written into the locked 上年 cells, by unit and cell (empty where no
    unit has one, or in a list that does not keep it); ``alike``: the digests of what was issued before in its place,
    with the same questions and points."""

    scheme_text: str
    digest: str
    roster: Roster
    terms: Terms
    files: tuple[Issued, ...]
    path: Path
    printed: Print = NOTHING
    given: Given = field(default_factory=dict)
    alike: tuple[str, ...] = ()


def write_issue(
    path: Path,
    scheme: Scheme,
    roster: Roster,
    terms: Terms,
    files: list[Issued],
    theme: Theme = PLAIN,
    printed: Print = NOTHING,
    given: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    alike: Sequence[str] = (),
) -> None:
    """``printed``: what every file prints; ``given``: what was written into the locked 上年 cells, by unit and cell;
    ``alike``: see ``Issue``."""
    book = Book(f"{scheme.title}　{terms.when}　发放清单", theme, f"方案状态：{scheme.status}")
    _list(book, scheme, roster, terms, {each.unit: each for each in files})
    _roster(book, roster)
    if any(given.values()):
        _given(book, given)
    sheet = book.sheet(TEXT)
    sheet.widths(120)
    for row, line in enumerate(scheme.text.split("\n")):
        sheet.text(row, 0, line)
    sheet.raw.hide()
    _printed(book, printed)
    book.stamp(
        {
            TYPE: LIST,
            SCHEME: scheme.id,
            VERSION: scheme.version,
            DIGEST: scheme.digest,
            YEAR: terms.year,
            PERIOD: terms.period,
            _DUE: terms.due,
            _RETURN_TO: terms.return_to,
            _ALIKE: " ".join(alike),
        }
    )
    book.save(path)


def _list(book: Book, scheme: Scheme, roster: Roster, terms: Terms, files: Mapping[str, Issued]) -> None:
    sheet = book.sheet(LIST, tab=book.theme.ink)
    sheet.widths(*_WIDTHS)
    sheet.heading(book.title, last=4)
    to = f"　　交回给：{terms.return_to}" if terms.return_to else ""
    sheet.text(1, 0, f"截止日期：{terms.due or '按通知要求'}{to}", "heading")
    sheet.raw.set_row(1, 22)
    count = f"共 {len(roster)} 个单位，已发放 {sum(unit.name in files for unit in roster.units)} 份"
    sheet.text(2, 0, f"{count}；方案版本 {scheme.version}。保留本文件：汇总时按发放时的方案和名册计分。", "muted")
    sheet.row(4, ["单位", "代码", "类别", "邮箱", "文件", "标记", "文件指纹"], "head")
    sheet.raw.set_row(4, 20)
    for row, unit in enumerate(roster.units, 5):
        issued = files.get(unit.name)
        own = [unit.name, unit.code, unit.category, unit.email, issued.file if issued else "（未发放）"]
        sheet.row(row, own, "cell_wrap")
        sheet.row(row, (issued.stamp, issued.sha256) if issued else ("", ""), "cell_note", start=len(own))
        sheet.height(row, list(zip(own, _WIDTHS, strict=False)))
    sheet.raw.freeze_panes(5, 1)
    sheet.print_setup(landscape=True, repeat=(4, 4))
    # marks and fingerprints are for the program
    sheet.raw.print_area(0, 0, 4 + len(roster), 4)


def _roster(book: Book, roster: Roster) -> None:
    sheet = book.sheet(ROSTER)
    extra = list(dict.fromkeys(key for unit in roster.units for key in unit.attributes))
    widths = [24, 10, 12, 24, *[max(14, width(key) + 2) for key in extra]]
    sheet.row(0, [*_OWN, *extra], "head")
    sheet.raw.set_row(0, 20)
    for row, unit in enumerate(roster.units, 1):
        own = [unit.name, unit.code, unit.category, unit.email]
        values = [*own, *(unit.attributes.get(key, "") for key in extra)]
        sheet.row(row, values, "cell_wrap")
        sheet.height(row, list(zip(values, widths, strict=True)))
    sheet.widths(*widths)
    sheet.raw.freeze_panes(1, 1)
    sheet.print_setup(landscape=sum(widths) > 100, repeat=(0, 0))


def _given(book: Book, given: Mapping[str, Mapping[str, str]]) -> None:
    """A person may correct a figure here: what stands here counts."""
    sheet = book.sheet(GIVEN)
    cells = list(dict.fromkeys(each for own in given.values() for each in own))
    widths = [24, *[max(12, width(each) + 2) for each in cells]]
    sheet.widths(*widths)
    sheet.row(0, ["单位", *cells], "head")
    sheet.raw.set_row(0, 20)
    for row, (unit, own) in enumerate(given.items(), 1):
        sheet.row(row, [unit], "cell_wrap")
        sheet.row(row, [own.get(each, "") for each in cells], "cell_centre", start=1)
        sheet.height(row, [(unit, widths[0])])
    sheet.raw.freeze_panes(1, 1)
    sheet.print_setup(landscape=sum(widths) > 100, repeat=(0, 0))


def _printed(book: Book, printed: Print) -> None:
    sheet = book.sheet(PRINTED)
    sheet.row(0, Word._fields)
    for row, word in enumerate(printed.words, 1):
        for col, value in enumerate(word):
            sheet.text(row, col, str(value))
    sheet.raw.hide()


class IssueError(Exception):
    """An 发放清单 that cannot be used."""


def read_issue(path: Path) -> Issue:
    """What was issued. Raises IssueError where the file is none or was changed."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
        grid = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
        facts = {str(row[0]): str(row[1]) for row in grid[STAMP_SHEET]}
        lines = [str(row[0]) if row else "" for row in grid[TEXT]]
        listed, words = grid[LIST], grid.get(PRINTED, [])[1:]
        printed = Print(tuple(_word(*map(str, row)) for row in words))
    except (CalamineError, OSError, KeyError, IndexError, ValueError, TypeError):
        raise IssueError(f"{path.name} 不是发放清单，读不出发放记录") from None
    # a trailing line break is an empty last row, which a spreadsheet does not keep
    text = "\n".join(lines).rstrip("\n") + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    if digest != facts.get(DIGEST):
        raise IssueError(f"{path.name} 里的方案被改动过，与发放时不一致")
    source = Source(path.name, ROSTER)
    units = _units(grid[ROSTER], source)
    files = tuple(
        Issued(str(row[0]), str(row[4]), str(row[5]), str(row[6])) for row in listed[5:] if len(row) > 6 and row[6]
    )
    terms = Terms(facts.get(YEAR, ""), facts.get(PERIOD, ""), facts.get(_DUE, ""), facts.get(_RETURN_TO, ""))
    given, alike = _kept(grid.get(GIVEN, []), path.name), tuple(facts.get(_ALIKE, "").split())
    return Issue(text, digest, Roster(units, source), terms, files, path, printed, given, alike)


def _kept(grid: Sequence[Sequence[object]], file: str) -> Given:
    heads = [str(each).strip() for each in grid[0]] if grid else []
    return {
        str(values[0]).strip(): {
            head: Kept(f"{value:.15g}" if isinstance(value, float) else str(value), Source(file, GIVEN, cell(row, col)))
            for col, (head, value) in enumerate(zip(heads, values, strict=False))
            if col
        }
        for row, values in enumerate(grid[1:], 1)
    }


def _word(sheet: str, row: str, col: str, id: str, head: str, text: str) -> Word:
    return Word(sheet, int(row), col, id, head, text)


def _units(grid: Sequence[Sequence[object]], source: Source) -> tuple[RosterUnit, ...]:
    heads = [str(each) for each in grid[0]]
    made = []
    for at, row in enumerate(grid[1:], 1):
        places = {head: source._replace(cell=cell(at, col)) for col, head in enumerate(heads)}
        values = {head: str(value).strip() for head, value in zip(heads, row, strict=False)}
        name, code, category, email = (values.pop(key, "") for key in _OWN)
        made.append(RosterUnit(name, code, category, email, values, places))
    return tuple(made)
