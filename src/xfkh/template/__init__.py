"""Scheme and roster → one workbook a unit, ready to mail, and the list of what was issued."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..answers import Answers, with_roster
from ..model import Part, Roster, RosterUnit, Scheme
from ..rules import Rule, compile_part
from ..text import file_name
from ..workbook import Book
from .cover import write_cover, write_notes
from .form import CHECK_FIRST, Form
from .formulas import Formulas, compose
from .issue import FILE, Issue, Issued, IssueError, read_issue, write_issue
from .layout import Layout, lay_out
from .terms import Terms, fingerprint, stamp
from .values import Live, live_values, subjects_of

__all__ = [
    "FILE",
    "Issue",
    "IssueError",
    "Issued",
    "Terms",
    "file_names",
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


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same in every template of a round: the layout and the formulas."""

    scheme: Scheme
    part: Part
    terms: Terms
    rules: dict[str, Rule]
    layout: Layout
    formulas: Formulas


def plan(scheme: Scheme, terms: Terms) -> Plan:
    part = scheme.parts[0]
    rules = compile_part(scheme, part, terms.period)
    layout = lay_out(scheme, part, rules, terms.period)
    return Plan(scheme, part, terms, rules, layout, compose(scheme, part, terms.period, rules, layout, CHECK_FIRST))


def template_bytes(made: Plan, unit: RosterUnit | None, live: Live, row: int) -> bytes:
    """One template. The same arguments give the same bytes."""
    scheme, terms = made.scheme, made.terms
    title = f"{scheme.title}　{terms.when}　填报表" + (f"　{unit.name}" if unit else "")
    book = Book(title)
    write_cover(book, scheme, terms, unit)
    Form(book, made.part, made.layout, made.formulas, live, row).write(title, unit)
    write_notes(book, scheme, made.part, terms)
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
    """Writes a template a unit and 发放清单.xlsx; with ``only`` touches no other unit's file and keeps the dates.

    Raises IssueError where ``only`` asks for other terms than those of the list that is there.
    """
    from ..workbook.book import write_whole

    before = _issued_before(out, scheme, terms) if only else None
    if before is not None:
        terms = replace(terms, due=terms.due or before.terms.due, return_to=terms.return_to or before.terms.return_to)
    made = plan(scheme, terms)
    answers, _ = with_roster(prefill or Answers.blank(made.part, subjects_of(made.part, roster)), roster)
    live = _live(made, answers)
    issued = {each.unit: each for each in before.files} if before else {}
    names = file_names(scheme, terms, roster)
    paths = []
    for row, unit in enumerate(roster.units):
        if only and unit.name not in only:
            continue
        data = template_bytes(made, unit, live, row)
        path = out / names[unit.name]
        write_whole(path, data)
        mark = fingerprint(stamp(scheme, terms, unit))
        issued[unit.name] = Issued(unit.name, path.name, mark, hashlib.sha256(data).hexdigest())
        paths.append(path)
        tick(unit.name)
    write_issue(out / FILE, scheme, roster, before.terms if before else terms, list(issued.values()))
    return paths


def _live(made: Plan, answers: Answers) -> Live:
    return live_values(made.scheme, made.part, made.terms.period, made.rules, answers)


def file_names(scheme: Scheme, terms: Terms, roster: Roster) -> dict[str, str]:
    """Unit → file name; two names that a file system cannot tell apart get a number."""
    names, taken = {}, set[str]()
    for unit in roster.units:
        name, k = template_name(scheme, terms, unit), 2
        while name.casefold() in taken:
            name, k = template_name(scheme, terms, replace(unit, name=f"{unit.name}_{k}")), k + 1
        taken.add(name.casefold())
        names[unit.name] = name
    return names


def _issued_before(out: Path, scheme: Scheme, terms: Terms) -> Issue | None:
    """What an earlier call issued here. Raises IssueError where it was issued under other terms."""
    if not (out / FILE).is_file():
        return None
    before = read_issue(out / FILE)
    now, then = (scheme.digest, terms.year, terms.period), (before.digest, before.terms.year, before.terms.period)
    if now != then:
        raise IssueError(f"{out / FILE} 是 {then[1]}年{then[2]}、另一版方案发放的，不能只补发一份；请写到另一个文件夹")
    return before


def write_blank(scheme: Scheme, out: Path) -> Path:
    """The template without unit and year, which are then filled in on its cover."""
    from ..workbook.book import write_whole

    terms = Terms()
    made = plan(scheme, terms)
    live = _live(made, with_roster(Answers.blank(made.part, subjects_of(made.part, BLANK_UNIT)), BLANK_UNIT)[0])
    path = out / template_name(scheme, terms, None)
    write_whole(path, template_bytes(made, None, live, 0))
    return path
