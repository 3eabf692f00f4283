"""Scheme and roster → one workbook a unit, ready to mail, and the list of what was issued."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..answers import Answers, with_roster
from ..answers.given import OFFICE, ungiven
from ..answers.measures import measures, remeasured
from ..findings import Finding, finding
from ..intake.form import form_of
from ..intake.printed import Print, print_of
from ..model import Cell, Origin, Part, Roster, RosterUnit, Scheme
from ..rules import Rule, compile_part
from ..scheme import SchemeError, beyond, read_text, within
from ..scheme.compare import restructured
from ..text import distinct_names, file_name, some
from ..workbook.book import Book
from ..workbook.open import read_any
from ..workbook.style import PLAIN, Theme
from .cover import write_cover, write_notes
from .form import CHECK_FIRST, Form
from .formulas import Formulas, compose
from .issue import FILE, GIVEN, Issue, Issued, IssueError, read_issue, write_issue
from .layout import Layout, lay_out
from .persons import Crew, PersonPlan, plan_persons
from .terms import NO_YEAR, Terms, fingerprint, stamp
from .values import Live, live_values, subjects_of

__all__ = [
    "FILE",
    "GIVEN",
    "Issue",
    "IssueError",
    "Issued",
    "Terms",
    "file_names",
    "may_issue",
    "office_findings",
    "printed",
    "read_issue",
    "roster_findings",
    "template_bytes",
    "template_name",
    "write_blank",
    "write_templates",
]

PERSONS = 20
"""How many rows the sheet of persons offers unless asked otherwise."""
BLANK_UNIT = Roster((RosterUnit(""),))


def template_name(scheme: Scheme, terms: Terms, unit: RosterUnit | None) -> str:
    """The file name of a template; the unit's name stands first."""
    if unit is None:
        period = f"_{terms.period}" if terms.period != Terms().period else ""
        return f"{file_name(scheme.title)}_空白模板{period}.xlsx"
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
    theme: Theme = PLAIN
    persons: PersonPlan | None = None


def plan(scheme: Scheme, terms: Terms, theme: Theme = PLAIN) -> Plan:
    scheme = within(scheme, terms.period)
    part, period = scheme.parts[0], terms.period
    rules = compile_part(scheme, part, period)
    layout = lay_out(scheme, part, rules, period)
    formulas = compose(scheme, part, period, rules, layout, CHECK_FIRST)
    many = next((each for each in scheme.parts if each.many), None)
    persons = plan_persons(scheme, many, period, compile_part(scheme, many, period)) if many else None
    return Plan(scheme, part, terms, rules, layout, formulas, theme, persons)


def template_bytes(made: Plan, unit: RosterUnit | None, live: Live, row: int, crew: Crew | None = None) -> bytes:
    """One template, with the unit's persons where the scheme has that part. The same arguments give the same bytes."""
    scheme, terms = made.scheme, made.terms
    title = f"{scheme.title}　{terms.when}　填报表" + (f"　{unit.name}" if unit else "")
    book = Book(title, made.theme, f"方案状态：{scheme.status}")
    write_cover(book, scheme, terms, unit, made.layout.first)
    team = (made.persons, crew) if made.persons is not None and crew is not None else None
    Form(book, made.part, made.layout, made.formulas, live, row, team).write(title, unit)
    write_notes(book, scheme, made.persons if team else None)
    book.stamp(stamp(scheme, terms, unit))
    return book.finish()


def write_templates(
    scheme: Scheme,
    roster: Roster,
    terms: Terms,
    out: Path,
    prefill: Sequence[Answers] | None = None,
    only: tuple[str, ...] = (),
    tick: Callable[[str], None] = lambda _: None,
    persons: int = PERSONS,
    theme: Theme = PLAIN,
    kept: list[Path] | None = None,
) -> list[Path]:
    """Writes a template a unit and 发放清单.xlsx; with ``only`` touches no other unit's file and keeps the dates.

    A file in the place of a template that is not as it was issued, because somebody filled it in, is set aside as a
    dated copy first; the copies are added to ``kept``.

    ``prefill``: the answers of each part. ``persons``: how many rows the sheet of persons offers at least.
    Raises IssueError where ``only`` asks for other terms than those of the list that is there, and where the same
    version of the scheme was issued with other questions or points: what was issued under a version stays as it is.
    """
    from ..workbook.book import set_aside, write_whole

    known = _fingerprints(out)
    alike, before = may_issue(out, scheme, terms, only)
    if before is not None:
        terms = replace(terms, due=terms.due or before.terms.due, return_to=terms.return_to or before.terms.return_to)
    made = plan(scheme, terms, theme)
    live = _live(made, prefill[0] if prefill else Answers.blank(made.part, subjects_of(made.part, roster)), roster)
    crews = _crews(made, roster, prefill, persons)
    issued = {each.unit: each for each in before.files} if before else {}
    given = (
        {unit: {cell: kept.text for cell, kept in own.items()} for unit, own in before.given.items()} if before else {}
    )
    names = file_names(scheme, terms, roster)
    paths, copies = list[Path](), [] if kept is None else kept
    for row, unit in enumerate(roster.units):
        if only and unit.name not in only:
            continue
        data = template_bytes(made, unit, live, row, crews.get(unit.name))
        path = out / names[unit.name]
        if path.is_file() and _hash(path.read_bytes()) not in (known.get(path.name), _hash(data)):
            copies.append(set_aside(path))
        write_whole(path, data)
        mark = fingerprint(stamp(scheme, terms, unit))
        issued[unit.name] = Issued(unit.name, path.name, mark, _hash(data))
        given[unit.name] = _given(made.part, terms.period, live, row)
        paths.append(path)
        tick(unit.name)
    print_ = printed(scheme, terms, before)
    terms = before.terms if before else terms
    write_issue(out / FILE, scheme, roster, terms, list(issued.values()), theme, print_, given, alike)
    return paths


def _given(part: Part, period: str, live: Live, row: int) -> dict[str, str]:
    """What the form of a unit says in its locked 上年 cells."""
    told = [(cell, live.answer(row, cell)) for each, cell in part.cells(period) if each.origin is Origin.PREVIOUS]
    return {cell: "" if value is None else str(value) for cell, value in told}


def printed(scheme: Scheme, terms: Terms, issue: Issue | None = None) -> Print:
    """What every template of a round prints: as it was kept when they were issued, else as they would be written."""
    if issue is not None and issue.printed.words:
        return issue.printed
    made = plan(scheme, terms)
    live = _live(made, Answers.blank(made.part, subjects_of(made.part, BLANK_UNIT)), BLANK_UNIT)
    crew = _crews(made, BLANK_UNIT, None, PERSONS).get("")
    sheets = read_any(template_bytes(made, None, live, 0, crew))
    return print_of(form_of(sheets), sheets)


def office_findings(
    scheme: Scheme, roster: Roster, terms: Terms, prefill: Sequence[Answers] | None = None, only: Sequence[str] = ()
) -> list[Finding]:
    """The figures that only the office can give the units, ahead of the returns (上年) or in the roster, that their
    points need and that are not given; ``only``: those of these units."""
    made = plan(scheme, terms)
    read = {cell for rule in made.rules.values() if rule.counted for cell in rule.shows}
    read |= beyond(made.scheme, made.part, terms.period)
    asked = [(each, cell) for each, cell in made.part.cells(terms.period) if cell in read and each.origin in OFFICE
             and not (each.optional or each.options or each.previous)]  # fmt: skip
    if not asked:
        return []
    live = _live(made, prefill[0] if prefill else Answers.blank(made.part, subjects_of(made.part, roster)), roster)
    lacking, findings = dict[tuple[str, ...], list[str]](), list[Finding]()
    for each, cell in asked:
        rows = [row for row, subject in enumerate(live.answers.subjects)
                if live.answers.state(row, cell) is Cell.BLANK and (not only or subject.unit in only)]  # fmt: skip
        if each.origin is Origin.ROSTER:
            findings += [said for row in rows for said in ungiven(live.answers, each, cell, row)]
        elif rows:
            units = tuple(live.answers.subjects[row].unit for row in rows)
            lacking.setdefault(units, []).append(each.label(cell))
    return findings + [
        finding("given-unissued", names=some(names, "个"), units=some(units, "个单位"))
        for units, names in lacking.items()
    ]


def roster_findings(scheme: Scheme, roster: Roster, period: str) -> list[Finding]:
    """What the scheme reads from the roster and does not find there: said before the templates go out."""
    parts = within(scheme, period).parts
    blank = (Answers.blank(part, subjects_of(part, roster) if not part.many else ()) for part in parts)
    return [each for answers in blank for each in with_roster(answers, roster)[1]]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _fingerprints(out: Path) -> dict[str, str]:
    """The files that an earlier call issued here, by name, as they were; none where there is no usable list."""
    try:
        return {each.file: each.sha256 for each in read_issue(out / FILE).files}
    except (IssueError, OSError):
        return {}


def _live(made: Plan, answers: Answers, roster: Roster) -> Live:
    return live_values(made.scheme, made.part, made.terms.period, made.rules, with_roster(answers, roster)[0])


def _crews(made: Plan, roster: Roster, prefill: Sequence[Answers] | None, slots: int) -> dict[str, Crew]:
    """The persons of each unit: the prefilled ones, and spare rows."""
    many = made.persons
    if many is None:
        return {}
    answers = prefill[1] if prefill and len(prefill) > 1 else Answers.blank(many.part, ())
    live = live_values(made.scheme, many.part, made.terms.period, many.rules, answers)
    rows: dict[str, list[int]] = {unit.name: [] for unit in roster.units}
    for row, subject in enumerate(answers.subjects):
        rows[subject.unit].append(row)
    return {unit: Crew(live, own, max(slots, len(own))) for unit, own in rows.items()}


def file_names(scheme: Scheme, terms: Terms, roster: Roster) -> dict[str, str]:
    """Unit → file name; two names that a file system cannot tell apart get a number."""
    units = (unit.name for unit in roster.units)
    return distinct_names(units, lambda name: template_name(scheme, terms, RosterUnit(name)))


def may_issue(
    out: Path, scheme: Scheme, terms: Terms, only: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], Issue | None]:
    """The digests whose templates still count, and with ``only`` what was issued here. Raises IssueError as
    ``write_templates`` does, before anything is written."""
    return _alike(out, scheme, terms), _issued_before(out, scheme, terms) if only else None


def _alike(out: Path, scheme: Scheme, terms: Terms) -> tuple[str, ...]:
    """The digests under which the same version was issued here with the same questions and points, in other words or
    with other outcomes: those templates still count. Raises IssueError where questions or points are others, and
    where an earlier version is still taken whose figures would mean something else now."""
    try:
        before = read_issue(out / FILE)
        old = read_text(before.scheme_text)[0]
    except (IssueError, SchemeError, OSError):
        return ()
    then, now = (old.id, old.version, before.terms.when), (scheme.id, scheme.version, terms.when)
    if then != now:
        if old.id == scheme.id and old.version in scheme.accepts:
            _refuse_another_measure(old, scheme)
        return ()
    alike = tuple(each for each in dict.fromkeys([before.digest, *before.alike]) if each != scheme.digest)
    found = [each.line() for each in restructured(before.scheme_text, scheme.text)] if before.digest in alike else []
    if found:
        raise IssueError(
            f"版本 {scheme.version} 的模板已经发放过（{out / FILE}），现在的内容与那时不同：{some(found, '处', 3)}。"
            "请给方案换一个版本号，旧模板还收的，把旧版本号写进「可收的旧版本」；还没有发出去的，先移走这个文件夹"
        )
    return alike


def _refuse_another_measure(old: Scheme, scheme: Scheme) -> None:
    """The figures on the templates of an earlier version count as they stand: what they are of must be the same."""
    if found := remeasured(measures(old.parts), measures(scheme.parts)):
        raise IssueError(
            f"版本 {old.version} 的旧表还收，填报项的意思却变了：{some(found, '处', 3)}。旧表上的数会照原样计。"
            "请给这个填报项换一个名称（旧表上就没有它），或从「可收的旧版本」里删去这个版本"
        )


def _issued_before(out: Path, scheme: Scheme, terms: Terms) -> Issue | None:
    """What an earlier call issued here. Raises IssueError where it was issued under other terms."""
    if not (out / FILE).is_file():
        return None
    before = read_issue(out / FILE)
    now, then = (scheme.digest, terms.year, terms.period), (before.digest, before.terms.year, before.terms.period)
    if now != then:
        raise IssueError(f"{out / FILE} 是 {then[1]}年{then[2]}、另一版方案发放的，不能只补发一份；请写到另一个文件夹")
    return before


def write_blank(
    scheme: Scheme, out: Path, persons: int = PERSONS, theme: Theme = PLAIN, terms: Terms = NO_YEAR
) -> Path:
    """The template without unit and year, which are then filled in on its cover."""
    from ..workbook.book import write_whole

    made = plan(scheme, terms, theme)
    live = _live(made, Answers.blank(made.part, subjects_of(made.part, BLANK_UNIT)), BLANK_UNIT)
    path = out / template_name(scheme, terms, None)
    write_whole(path, template_bytes(made, None, live, 0, _crews(made, BLANK_UNIT, None, persons).get("")))
    return path
