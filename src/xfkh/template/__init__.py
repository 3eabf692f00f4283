"""Scheme and roster → one workbook a unit, ready to mail, and the list of what was issued."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from ..answers import Answers
from ..model import Part, Roster, RosterUnit, Scheme
from ..rules import Rule, compile_part
from ..text import file_name
from ..workbook import Book
from .cover import write_cover, write_notes
from .form import Form
from .issue import FILE, Issue, Issued, IssueError, read_issue, write_issue
from .layout import lay_out
from .terms import Terms, fingerprint, stamp
from .values import Live, live_values, subjects_of

__all__ = [
    "FILE",
    "Issue",
    "IssueError",
    "Issued",
    "Terms",
    "read_issue",
    "template_bytes",
    "template_name",
    "write_blank",
    "write_templates",
]

BLANK_UNIT = Roster((RosterUnit(""),))


def template_name(scheme: Scheme, terms: Terms, unit: RosterUnit | None) -> str:
    """The file name of a template; the unit's name stands first."""
    if unit is None:
        return f"{file_name(scheme.title)}_空白模板.xlsx"
    return f"{file_name(unit.name)}_{file_name(scheme.title)}_{terms.year}年{terms.period}.xlsx"


def template_bytes(
    scheme: Scheme, part: Part, rules: dict[str, Rule], terms: Terms, unit: RosterUnit | None, live: Live, row: int
) -> bytes:
    """One template. The same arguments give the same bytes."""
    title = f"{scheme.title}　{terms.when}　填报表" + (f"　{unit.name}" if unit else "")
    book = Book(title)
    write_cover(book, scheme, terms, unit)
    layout = lay_out(scheme, part, rules, terms.period)
    Form(book, scheme, part, terms.period, layout, live, row).write(title, unit)
    write_notes(book, scheme, part, terms)
    book.stamp(stamp(scheme, terms, unit))
    return book.finish()


def write_templates(
    scheme: Scheme,
    roster: Roster,
    terms: Terms,
    out: Path,
    prefill: Answers | None = None,
    only: tuple[str, ...] = (),
    tick: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Writes a template a unit and 发放清单.xlsx; with ``only`` touches no other unit's file."""
    from ..workbook.book import write_whole

    part = scheme.parts[0]
    rules = compile_part(scheme, part, terms.period)
    answers = prefill or Answers.blank(part, subjects_of(part, roster))
    live = live_values(scheme, part, terms.period, rules, answers)
    issued = {each.unit: each for each in _issued_before(out)} if only else {}
    paths = []
    for row, unit in enumerate(roster.units):
        if only and unit.name not in only:
            continue
        data = template_bytes(scheme, part, rules, terms, unit, live, row)
        path = out / template_name(scheme, terms, unit)
        write_whole(path, data)
        mark = fingerprint(stamp(scheme, terms, unit))
        issued[unit.name] = Issued(unit.name, path.name, mark, hashlib.sha256(data).hexdigest())
        paths.append(path)
        tick(unit.name)
    write_issue(out / FILE, scheme, roster, terms, list(issued.values()))
    return paths


def _issued_before(out: Path) -> tuple[Issued, ...]:
    try:
        return read_issue(out / FILE).files
    except IssueError:
        return ()


def write_blank(scheme: Scheme, out: Path) -> Path:
    """The template without unit and year, which are then filled in on its cover."""
    from ..workbook.book import write_whole

    part, terms = scheme.parts[0], Terms()
    rules = compile_part(scheme, part, terms.period)
    live = live_values(scheme, part, terms.period, rules, Answers.blank(part, subjects_of(part, BLANK_UNIT)))
    path = out / template_name(scheme, terms, None)
    write_whole(path, template_bytes(scheme, part, rules, terms, None, live, 0))
    return path
