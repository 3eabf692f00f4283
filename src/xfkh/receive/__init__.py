"""The files that arrived → who answered what: every file and every unit ends in exactly one place."""

from __future__ import annotations

import difflib
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import nan

from ..answers import Answers, read_cell, shown
from ..answers.grammar import wanted
from ..findings import Finding, finding
from ..intake import Arrived
from ..intake.form import Form
from ..model import Cell, Fate, Origin, Part, Roster, Source, State, Subject
from ..text import masked, plain_name
from ..workbook.anchors import DIGEST, PERIOD, SCHEME, UNIT, VERSION, YEAR, place
from .persons import Team, joined, read_persons

_CATEGORY_WORDS = {
    "街道",
    "街道办",
    "街道办事处",
    "办事处",
    "乡镇",
    "开发区",
    "管委会",
    "社区",
    "委员会",
    "中心",
    "公司",
}


Heads = tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form shows of its own score, item by item as its heads stand."""

    file: str = ""
    sheet: str = ""
    scores: array[float] = field(default_factory=lambda: array("d"))
    typed: tuple[str, ...] = ()


@dataclass(slots=True)
class Inbox:
    """``arrived``: every file, each with one fate. ``answers``: what the accepted returns say of the units, and
    ``persons`` of their persons. ``states``: per roster unit, 已评 (a return was accepted), 待定, 退回 or 未报;
    ``person_states``: per person, 已评, or 待定 where it is not clear who is meant. ``materials``: per unit, the items
    for which it listed materials; ``heads``: what its form prints of each item (see ``Form``), ``shown``: the
    score that the form shows of each, NaN where it is no number, and the items whose score is no formula any more."""

    arrived: list[Arrived]
    answers: Answers
    states: list[State]
    materials: list[set[str]] = field(default_factory=list)
    persons: Answers | None = None
    person_states: list[State] = field(default_factory=list)
    heads: list[Heads] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)

    def add_persons(self, subjects: Sequence[Subject]) -> None:
        """Persons of whom no return speaks, only the review."""
        if self.persons is not None and subjects:
            more = Answers.blank(self.persons.part, subjects)
            self.persons = joined(self.persons, more)
            self.person_states += [State.MISSING] * len(subjects)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a return must carry to be taken: the scheme with its versions, the year and the period."""

    scheme: str
    version: str
    digest: str
    year: str
    period: str


def likely(arrived: Iterable[Arrived]) -> Expected | None:
    """What most of the returns carry, for a folder without an 发放清单."""
    stamps = Counter(
        Expected(
            each.form.stamp.get(SCHEME, ""),
            each.form.stamp.get(VERSION, ""),
            each.form.stamp.get(DIGEST, ""),
            _year(each.form),
            each.form.stamp.get(PERIOD, ""),
        )
        for each in arrived
        if each.form is not None and each.fate is None
    )
    # a blank that nobody filled in names no year, and must not take it from those that do
    dated = Counter({stamp: count for stamp, count in stamps.items() if stamp.year})
    return (dated or stamps).most_common(1)[0][0] if stamps else None


def _year(form: Form) -> str:
    """The year of the stamp; on a blank template the four digits that stand on its cover."""
    written = unicodedata.normalize("NFKC", form.cover_year)
    found = re.fullmatch(r"(\d{4})年?(度)?", written.strip())
    return form.stamp.get(YEAR, "") or (found[1] if found else "")


def receive(
    arrived: list[Arrived],
    parts: Sequence[Part],
    roster: Roster,
    expected: Expected,
    chosen: frozenset[str] = frozenset(),
) -> tuple[Inbox, list[Finding]]:
    """Gives each readable return to its unit and reads its answers; ``chosen``: files a person decided for."""
    part, many = parts[0], next((each for each in parts if each.many), None)
    findings: list[Finding] = []
    claims: dict[str, list[Arrived]] = {}
    known = Names(roster)
    for each in (each for each in arrived if each.form is not None and each.fate is None):
        said = _misfit(each, expected) or _claim(each, known, chosen, findings) or _hollow(each, parts, expected.period)
        findings += [replace(one, unit=each.unit) for one in each.said]
        if said is not None:
            findings.append(said)
        elif each.unit:
            claims.setdefault(each.unit, []).append(each)
    claims = {unit: _superseded(mine, arrived, findings) for unit, mine in claims.items()}
    # what was wrong with a return is settled with the mended copy that took its place
    gone = {each.name for each in arrived if each.form is not None and each.fate is Fate.IGNORED}
    findings = [each for each in findings if each.source.file not in gone or each.code == "slip-unmended"]
    subjects = tuple(Subject(part.name, unit.name) for unit in roster.units)
    alike_heads = dict[Heads, Heads]()
    inbox = Inbox(arrived, Answers.blank(part, subjects), [])
    teams = list[Team]()
    for row, unit in enumerate(roster.units):
        mine = _decided(claims.get(unit.name, []), chosen, findings)
        inbox.materials.append(mine[0].form.materials if len(mine) == 1 and mine[0].form else set())
        form = mine[0].form if len(mine) == 1 else None
        inbox.heads.append(alike_heads.setdefault(form.heads, form.heads) if form else ())
        inbox.shown.append(_shown(mine[0], form) if form else Shown())
        if len(mine) == 1:
            inbox.answers.files[row] = mine[0].name
            findings += _answers(inbox.answers, row, mine[0], part, expected.period)
            if many is not None and mine[0].form is not None:
                teams.append(Team(unit.name, mine[0].name, mine[0].form.persons[0]))
            mine[0].fate, mine[0].form = Fate.SCORED, None
            inbox.states.append(State.ASSESSED)
        elif mine:
            findings.append(_held(unit.name, mine, part))
            inbox.states.append(State.HELD)
        else:
            inbox.states.append(_absent_state(unit.name, arrived))
    if many is not None:
        inbox.persons, inbox.person_states, said_of = read_persons(many, expected.period, teams)
        findings += said_of
    return inbox, findings


def _absent_state(unit: str, arrived: list[Arrived]) -> State:
    fates = {each.fate for each in arrived if each.unit == unit}
    return State.HELD if Fate.HELD in fates else State.REFUSED if Fate.REFUSED in fates else State.MISSING


def _decided(mine: list[Arrived], chosen: frozenset[str], findings: list[Finding]) -> list[Arrived]:
    """One of several returns where a person chose it; the others are superseded."""
    picked = [each for each in mine if each.sha256 in chosen]
    if len(picked) > 1:
        why = f"{picked[0].unit} 选了 {len(picked)} 份，只能选一份"
        findings.append(finding("decision-unknown", Source(), picked[0].unit, what="选用文件", why=why))
    if len(mine) < 2 or len(picked) != 1:
        return mine
    for each in mine:
        if each is not picked[0]:
            each.fate, each.why = Fate.IGNORED, f"被 {picked[0].name} 取代（处理意见）"
    return picked


def _superseded(mine: list[Arrived], arrived: list[Arrived], findings: list[Finding]) -> list[Arrived]:
    """The returns of a unit without those whose mended copy is here too; a copy in which nothing was mended counts
    for nothing."""
    for each in [each for each in mine if each.replaces]:
        for old in [old for old in arrived if old.sha256 in each.replaces.split() and old.fate is not Fate.IGNORED]:
            said = finding("slip-used", Source(each.name), each.unit, other=old.name)
            if old.form is not None and each.form is not None and _same(old.form, each.form):
                said = finding("slip-unmended", Source(each.name), each.unit)
                each.end(Fate.IGNORED, said)
            else:
                old.fate, old.why = Fate.IGNORED, f"被 {each.name} 取代（退回后改好的）"
            findings.append(said)
    return [each for each in mine if each.fate is None]


def _same(one: Form, other: Form) -> bool:
    """Whether two forms give the same answers."""
    answers = [{name: raw for name, (raw, _) in form.cells.items()} for form in (one, other)]
    rows = [
        [(row.name, row.number, row.cells) for table in form.persons for row in table.rows] for form in (one, other)
    ]
    return answers[0] == answers[1] and rows[0] == rows[1]


def _shown(each: Arrived, form: Form) -> Shown:
    values = [form.shown.get(id, (None, True))[0] for id, *_ in form.heads]
    numbers = array("d", (float(value) if isinstance(value, (int, float)) else nan for value in values))
    typed = tuple(id for id, (value, formula) in form.shown.items() if isinstance(value, float) and not formula)
    return Shown(each.name, form.sheet, numbers, typed)


def _misfit(each: Arrived, expected: Expected) -> Finding | None:
    """A return of another scheme, version, year or period is not scored by this one's rules."""
    assert each.form is not None
    stamp, source = each.form.stamp, Source(each.name)
    year = _year(each.form)
    if not year:
        return each.end(Fate.REFUSED, finding("year-blank", source, stamp.get(UNIT, "")))
    pairs = [
        ("stamp-scheme", stamp.get(SCHEME, ""), expected.scheme),
        ("stamp-version", stamp.get(VERSION, ""), expected.version),
        ("stamp-version", stamp.get(DIGEST, ""), expected.digest),
        ("stamp-year", f"{year}年{stamp.get(PERIOD, '')}", f"{expected.year}年{expected.period}"),
    ]
    for code, found, wished in pairs:
        if found != wished:
            each.unit = stamp.get(UNIT, "")
            shorter = (found[:12], wished[:12]) if len(found) == 64 else (found, wished)
            return each.end(Fate.REFUSED, finding(code, source, each.unit, found=shorter[0], wanted=shorter[1]))
    return None


def _claim(each: Arrived, known: Names, chosen: frozenset[str], findings: list[Finding]) -> Finding | None:
    """Whose return it is: the stamp's unit, or for a blank template the cover's."""
    assert each.form is not None
    source, stamped, cover = Source(each.name), each.form.stamp.get(UNIT, ""), each.form.cover_unit
    if stamped and cover and plain_name(stamped) != plain_name(cover) and each.sha256 not in chosen:
        each.unit = known.match(stamped) or ""
        facts = {"cover": masked(cover), "stamp": stamped}
        return each.end(Fate.HELD, finding("unit-differs", source, each.unit, **facts))
    name = stamped or cover
    if not name:
        return each.end(Fate.REFUSED, finding("unit-blank", source))
    match = known.match(name)
    if match is not None:
        each.unit = match
        if (named := known.other_in(each.name, match)) and each.sha256 not in chosen:
            return each.end(Fate.HELD, finding("unit-file", source, match, named=named, unit=match))
        if match != name:
            findings.append(finding("unit-name", source, match, found=masked(name), name=match))
        return None
    near = difflib.get_close_matches(name, known.all, 3, 0.5)
    hint = f"，最像的是：{'、'.join(near)}" if near else ""
    return each.end(Fate.HELD if near else Fate.REFUSED, finding("unit-unknown", source, name=masked(name), hint=hint))


class Names:
    """The roster's names, to find a unit by its name as somebody wrote it."""

    def __init__(self, roster: Roster) -> None:
        self.all = [unit.name for unit in roster.units]
        self._plain = {plain_name(name): name for name in self.all}
        self._words = {plain_name(unit.category) for unit in roster.units} | _CATEGORY_WORDS

    def other_in(self, file: str, own: str) -> str:
        """The one unit that a file's name speaks of, where that is another than the file is of."""
        said = plain_name(file.rpartition("/")[2].rpartition("!")[2])
        found = [full for short, full in self._plain.items() if short in said]
        # 东风街道办 speaks of 东风街道办, not of 东风街道
        longest = [each for each in found if not any(each != other and each in other for other in found)]
        mine = plain_name(own)
        return longest[0] if len(longest) == 1 and mine not in said and plain_name(longest[0]) != mine else ""

    def match(self, name: str) -> str | None:
        """The same name but for width and spaces, or a short form that ends only one name; never a mere likeness."""
        plain = plain_name(name)
        if plain in self._plain:
            return self._plain[plain]
        if len(plain) < 2 or plain in self._words:
            return None
        ending = [full for short, full in self._plain.items() if short.endswith(plain)]
        return ending[0] if len(ending) == 1 else None


def _asked(part: Part, period: str) -> list[str]:
    """The cells that a unit fills."""
    return [cell for each, cell in part.cells(period) if each.asked]


def _hollow(each: Arrived, parts: Sequence[Part], period: str) -> Finding | None:
    """A form whose structure was changed, or on which nothing was filled in."""
    assert each.form is not None
    form, source = each.form, Source(each.name, each.form.sheet)
    part, asked = parts[0], _asked(parts[0], period)
    known = {each.name for each in part.inputs}
    lost = _persons_lost(each, part, parts[1], period) if len(parts) > 1 else None
    if lost is not None:
        return lost
    for name, (first, second) in form.twice.items():
        facts = {"name": name, "first": first, "second": second}
        return each.end(Fate.REFUSED, finding("input-twice", source, each.unit, **facts))
    for name, (first, second, same) in form.copied.items():
        if not same:
            facts = {"name": name, "first": first, "second": second}
            return each.end(Fate.HELD, finding("sheet-copied-differs", source, each.unit, **facts))
    for name in asked:
        if name not in form.cells:
            return each.end(Fate.REFUSED, finding("input-lost", source, each.unit, name=name))
    wrong = [name for name in asked if form.labels.get(place(name)[0], "").partition("（")[0].strip() not in known]
    if len(wrong) * 2 > len(asked):
        return each.end(Fate.REFUSED, finding("labels-lost", source, each.unit))
    empty = all(form.cells[name][0].value in (None, "") and not form.cells[name][0].formula for name in asked)
    if empty and not any(table.rows for table in form.persons):
        return each.end(Fate.REFUSED, finding("form-blank", source, each.unit))
    return None


def _persons_lost(each: Arrived, part: Part, many: Part, period: str) -> Finding | None:
    """The sheet of persons is gone, lost a column, or was copied and then filled differently."""
    assert each.form is not None
    tables, sheet = each.form.persons, many.name
    asked = _asked(many, period)
    if not tables or any(name not in tables[0].columns for name in asked):
        return each.end(Fate.REFUSED, finding("persons-lost", Source(each.name), each.unit, sheet=sheet))
    if tables[0].twice:
        facts = {"name": tables[0].twice[0], "first": tables[0].sheet, "second": tables[0].sheet}
        return each.end(Fate.REFUSED, finding("input-twice", Source(each.name, sheet), each.unit, **facts))
    if any(table.rows != tables[0].rows for table in tables[1:]):
        facts = {"sheet": sheet, "first": tables[0].sheet, "second": tables[1].sheet}
        return each.end(Fate.HELD, finding("persons-copied", Source(each.name), each.unit, **facts))
    return None


def _held(unit: str, mine: list[Arrived], part: Part) -> Finding:
    """Several different returns of one unit wait for a person, with the cells in which they differ."""
    different = []
    for name in (cell for each in part.inputs for cell in each.cells):
        found = {str(each.form.cells[name][0].value) for each in mine if each.form and name in each.form.cells}
        if len(found) > 1:
            different.append(name)
    if len({str([each.form.persons[0].rows if each.form.persons else []]) for each in mine if each.form}) > 1:
        different.append("个人表")
    files = "、".join(each.name for each in mine)
    cells = (
        "、".join(different[:10]) + (f"等{len(different)}处" if len(different) > 10 else "")
        or "填报内容相同，留一份即可"
    )
    said = finding("unit-twice", Source(mine[0].name), unit, unit=unit, count=len(mine), files=files, cells=cells)
    for each in mine:
        each.end(Fate.HELD, said)
    return said


def _copied(each: Arrived) -> list[Finding]:
    """A copied sheet with the same answers is said once."""
    assert each.form is not None
    for first, second, _ in each.form.copied.values():
        sheets = [place.rpartition("!")[0] for place in (first, second)]
        return [finding("sheet-copied", Source(each.name, sheets[1]), each.unit, first=sheets[0], second=sheets[1])]
    return []


def _answers(answers: Answers, row: int, each: Arrived, part: Part, period: str) -> list[Finding]:
    """Reads the cells of one return into its row; says every normalisation and every refusal."""
    assert each.form is not None
    findings = _copied(each)
    names = {input.name for input in part.inputs}
    for entry, name in part.cells(period):
        raw, address = each.form.cells.get(name, (None, ""))
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
            why = f"与旁边的格子合并（{each.form.covered[name]}），填的内容被盖住了"
            findings.append(finding("cell-wrong", source, each.unit, name=name, why=why, wanted=wanted(entry)))
            answers.put(row, name, 0, Cell.REFUSED, source)
            continue
        if name in each.form.merged:
            findings.append(finding("cell-merged", source, each.unit, name=name, range=each.form.merged[name]))
        reading = read_cell(entry, raw, part.zero_words)
        usual = answers.home.setdefault(name, (sheet, at)) == (sheet, at)
        answers.put(row, name, reading.value, reading.state, None if usual else source)
        if reading.state is Cell.REFUSED:
            facts = {"name": name, "why": reading.why, "wanted": wanted(entry)}
            findings.append(finding("cell-wrong", source, each.unit, **facts))
        elif reading.note:
            code = "cell-formula-read" if raw.formula else "cell-read"
            value = shown(entry, reading.value)
            findings.append(finding(code, source, each.unit, name=name, found=reading.note, value=value))
    return findings
