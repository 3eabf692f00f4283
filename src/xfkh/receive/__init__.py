"""The files that arrived → who answered what: every file and every unit ends in exactly one place."""

from __future__ import annotations

import difflib
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, nan
from types import MappingProxyType

from ..answers import Answers, read_cell, shown
from ..answers.frame import BLANK
from ..answers.grammar import wanted
from ..findings import Finding, Level, finding, quoted
from ..intake import Arrived
from ..intake.form import Form
from ..model import Cell, Fate, Origin, Part, Roster, Source, State, Subject
from ..text import plain_name
from ..workbook.anchors import DIGEST, PERIOD, REPLACES, SCHEME, UNIT, VERSION, YEAR, place
from ..workbook.read import plain
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


SHOWN_WORDS = {"", "复查评定", "待填", "达到", "未达到"}
"""What may stand for a score in a form that nobody touched."""
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
    _alike: dict[Heads, Heads] = field(default_factory=dict)

    @classmethod
    def blank(cls, arrived: list[Arrived], part: Part, roster: Roster) -> Inbox:
        subjects, count = tuple(Subject(part.name, unit.name) for unit in roster.units), len(roster)
        inbox = cls(arrived, Answers.blank(part, subjects), [State.MISSING] * count)
        inbox.materials = [set() for _ in subjects]
        inbox.heads, inbox.shown = [()] * count, [Shown()] * count
        return inbox

    def keep(self, row: int, form: Form, shown: Shown) -> None:
        """What is wanted of an accepted form besides its answers."""
        self.materials[row], self.shown[row], self.states[row] = form.materials, shown, State.ASSESSED
        # the heads of most forms are alike: one object is enough, and is told by its id
        self.heads[row] = self._alike.setdefault(form.heads, form.heads)

    def give_back(self, row: int, each: Arrived, error: Exception) -> Finding:
        """The row as if the return, in which something could not be read, had never been taken."""
        self.answers.values[row], self.answers.states[row], self.answers.files[row] = 0, BLANK, ""
        self.answers.sources = {at: source for at, source in self.answers.sources.items() if at[0] != row}
        self.materials[row], self.heads[row], self.shown[row] = set(), (), Shown()
        self.states[row] = State.REFUSED
        return _failed(each, error)

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
    forms = {each.sha256: each.form for each in arrived if each.form is not None and each.fate is None}
    stamps = Counter(
        Expected(
            form.stamp.get(SCHEME, ""),
            form.stamp.get(VERSION, ""),
            form.stamp.get(DIGEST, ""),
            _year(form),
            form.stamp.get(PERIOD, ""),
        )
        for form in forms.values()
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
    chosen: Mapping[str, str] = MappingProxyType({}),
    declined: Container[str] = (),
) -> tuple[Inbox, list[Finding]]:
    """Gives each readable return to its unit and reads its answers. ``chosen``: files that a person decided for, each
    with the unit that was asked about; ``declined``: those decided against."""
    part, many = parts[0], next((each for each in parts if each.many), None)
    known = Names(roster)
    findings = _declined(arrived, known, declined) + _doubles(arrived, known)
    told = {each.name: _judged(each, parts, known, expected, chosen) for each in _readable(arrived)}
    findings += _superseded(arrived, told)
    claims = dict[str, list[Arrived]]()
    # what was wrong with a return is settled with the mended copy that took its place
    for each in (each for each in arrived if each.name in told and each.fate is not Fate.IGNORED):
        findings += told[each.name]
        if each.fate is None:
            claims.setdefault(each.unit, []).append(each)
    _hint(arrived, known)
    inbox, teams = Inbox.blank(arrived, part, roster), dict[int, Team]()
    for row, unit in enumerate(roster.units):
        mine = _decided(claims.get(unit.name, []), chosen, findings)
        if len(mine) == 1:
            findings += _taken(inbox, row, mine[0], expected.period, teams)
        elif mine:
            findings.append(_held(unit.name, mine, part))
            inbox.states[row] = State.HELD
        else:
            inbox.states[row] = _absent_state(unit.name, arrived)
    if many is not None:
        findings += _read_teams(inbox, many, expected.period, teams)
    return inbox, findings


def _readable(arrived: Iterable[Arrived]) -> list[Arrived]:
    return [each for each in arrived if each.form is not None and each.fate is None]


def _declined(arrived: Iterable[Arrived], known: Names, declined: Container[str]) -> list[Finding]:
    """What a person decided against counts for nothing, and nothing more is said of it."""
    findings = list[Finding]()
    for each in _readable(arrived):
        if each.sha256 in declined:
            each.unit = known.match(_written(each)) or ""
            findings.append(each.end(Fate.IGNORED, finding("declined", Source(each.name), each.unit)))
            each.said, each.form = [], None
    return findings


def _written(each: Arrived) -> str:
    """The unit as a form names it: the stamp's, or for a blank template the cover's."""
    return (each.form.stamp.get(UNIT, "") or each.form.cover_unit) if each.form else ""


_LOST = {"file-text", "container-empty", "slip-unmended"}
"""Why a file is ignored in which a return was meant to be."""


def _hint(arrived: Iterable[Arrived], known: Names) -> None:
    """Whose a file without a unit seems to be, where it cannot be used."""
    for each in arrived:
        if not each.unit and (each.fate in (Fate.REFUSED, Fate.HELD) or each.code in _LOST):
            each.hint = known.seems(each.base, _written(each))


_COPIED = {"sheet-copied-differs", "persons-copied"}
"""What holds a file as damage of its structure refuses it: no choice would make it usable."""


def settled(findings: Iterable[Finding], inbox: Inbox) -> list[Finding]:
    """What is wrong with a file that cannot be used is only a note once another one of its unit counts."""
    subjects = zip(inbox.answers.subjects, inbox.answers.files, inbox.states, strict=True)
    counts = {subject.unit: file for subject, file, state in subjects if state is State.ASSESSED}
    files = {each.name: each for each in inbox.arrived}
    done = {each.name: each.unit or each.hint for each in inbox.arrived if _done(each, files, counts)}
    return [_noted(each, done[each.source.file], files) if each.source.file in done else each for each in findings]


def _done(each: Arrived, files: Mapping[str, Arrived], counts: Mapping[str, str]) -> bool:
    """Whether nobody waits for a file any more. Who decided for a unit may still be asked whose it is."""
    other = files.get(counts.get(each.unit or each.hint, ""))
    if other is None or other is each:
        return False
    if each.code == "slip-unmended":
        return other.sha256 not in each.replaces.split()
    waits = each.fate is Fate.HELD and bool(each.unit) and each.code not in _COPIED
    return not waits and (each.fate in (Fate.REFUSED, Fate.HELD) or each.code in _LOST)


def _noted(said: Finding, unit: str, files: Mapping[str, Arrived]) -> Finding:
    if said.level is Level.NOTE:
        return said
    mend = "不用处理" if files[said.source.file].unit else f"不用处理；不是{unit}的，请核对"
    return replace(said, level=Level.NOTE, message=f"{said.message}（{unit}已有能用的填报表）", mend=mend)


def _doubles(arrived: Iterable[Arrived], known: Names) -> list[Finding]:
    """Of several files with the same bytes one counts, if it may one whose name speaks of no other unit."""
    alike, findings = dict[str, list[Arrived]](), list[Finding]()
    for each in _readable(arrived):
        alike.setdefault(each.sha256, []).append(each)
    for mine in (each for each in alike.values() if len(each) > 1):
        first = next((each for each in mine if not known.contradicted(each)), mine[0])
        for each in (each for each in mine if each is not first):
            findings.append(each.end(Fate.IGNORED, finding("file-same", Source(each.name), other=first.name)))
            each.said, each.form = [], None
    return findings


def _judged(
    each: Arrived, parts: Sequence[Part], known: Names, expected: Expected, chosen: Mapping[str, str]
) -> list[Finding]:
    """What is said of a return by itself; it has a fate where that is why it cannot count."""
    try:
        said = _misfit(each, expected) or _claim(each, known, chosen) or _hollow(each, parts, expected.period)
    except MemoryError:
        raise
    except Exception as error:
        said = _failed(each, error)
    return [*(replace(one, unit=each.unit) for one in each.said), *([said] if said else [])]


def _failed(each: Arrived, error: Exception) -> Finding:
    """What a return brings about that nobody foresaw costs that return, and not the whole run."""
    facts = {"error": type(error).__name__}
    return each.end(Fate.REFUSED, finding("file-failed", Source(each.name), each.unit, **facts))


def _taken(inbox: Inbox, row: int, each: Arrived, period: str, teams: dict[int, Team]) -> list[Finding]:
    """Reads the return of a unit into its row."""
    form = each.form
    assert form is not None
    try:
        inbox.answers.files[row] = each.name
        findings = _answers(inbox.answers, row, each, inbox.answers.part, period)
        inbox.keep(row, form, _shown(each, form))
    except MemoryError:
        raise
    except Exception as error:
        return [inbox.give_back(row, each, error)]
    if form.persons:
        teams[row] = Team(each.unit, each.name, form.persons[0])
    each.fate, each.form = Fate.SCORED, None
    return findings


def _read_teams(inbox: Inbox, many: Part, period: str, teams: Mapping[int, Team]) -> list[Finding]:
    """The persons of all returns. Where that fails, each return is tried alone, and the rest read again."""
    try:
        inbox.persons, inbox.person_states, findings = read_persons(many, period, list(teams.values()))
        return findings
    except MemoryError:
        raise
    except Exception:
        failed = {row: error for row, team in teams.items() if (error := _fault(many, period, team))}
        if not failed:
            raise
    files = {each.name: each for each in inbox.arrived}
    findings = [inbox.give_back(row, files[teams[row].file], error) for row, error in failed.items()]
    return findings + _read_teams(inbox, many, period, {row: teams[row] for row in teams if row not in failed})


def _fault(many: Part, period: str, team: Team) -> Exception | None:
    try:
        read_persons(many, period, [team])
    except MemoryError:
        raise
    except Exception as error:
        return error
    return None


def _absent_state(unit: str, arrived: list[Arrived]) -> State:
    fates = {each.fate for each in arrived if each.unit == unit}
    return State.HELD if Fate.HELD in fates else State.REFUSED if Fate.REFUSED in fates else State.MISSING


def _decided(mine: list[Arrived], chosen: Container[str], findings: list[Finding]) -> list[Arrived]:
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


def _superseded(arrived: Iterable[Arrived], told: Mapping[str, list[Finding]]) -> list[Finding]:
    """A mended copy takes the place of the returns of its unit that it names, the last one first; a copy in which
    nothing was mended counts for nothing."""
    there, findings = dict[str, list[Arrived]](), list[Finding]()
    for each in (each for each in arrived if each.fate is not Fate.IGNORED):
        there.setdefault(each.sha256, []).append(each)
    named = [(each, [old for mark in each.replaces.split() for old in there.get(mark, ())])
             for each in arrived if each.name in told and each.fate is not Fate.IGNORED]  # fmt: skip
    for each, before in named:
        if before and _unmended(before[0], each, told):
            findings.append(each.end(Fate.IGNORED, finding("slip-unmended", Source(each.name), each.unit)))
    for each, before in named:
        for old in before if each.fate is None else ():
            if old.unit and plain_name(old.unit) != plain_name(each.unit):
                findings.append(finding("slip-other", Source(each.name), each.unit, other=old.name, unit=old.unit))
            elif old.fate is not Fate.IGNORED:
                findings.append(finding("slip-used", Source(each.name), each.unit, other=old.name))
                old.fate, old.why = Fate.IGNORED, f"被 {each.name} 取代（退回后改好的）"
    return findings


_SAID = (
    "cover_unit", "cover_year", "cells", "labels", "twice", "copied", "merged", "covered", "materials", "typed",
    "persons",
)  # fmt: skip
"""All that a form says of its unit; the scores it shows and the sheet of a slip are none of it."""


def _unmended(old: Arrived, new: Arrived, told: Mapping[str, list[Finding]]) -> bool:
    """Whether a copy says just what the return said, and all that was wrong still is: a name may be mended too."""
    if old.form is None or new.form is None:
        return False
    stamps = [{key: value for key, value in form.stamp.items() if key != REPLACES} for form in (old.form, new.form)]
    same = all(getattr(old.form, each) == getattr(new.form, each) for each in _SAID)
    return same and stamps[0] == stamps[1] and _wrong(told[old.name]) <= _wrong(told[new.name])


def _wrong(said: Iterable[Finding]) -> set[tuple[str, str, str, str]]:
    """What is wrong with a return or with a cell of it; what else its file carries is not."""
    return {
        (each.code, each.source.sheet, each.source.cell, each.message)
        for each in said
        if each.level is Level.ERROR or (each.level is Level.WARNING and each.source.cell)
    }


def _shown(each: Arrived, form: Form) -> Shown:
    numbers = array("d", (_number(form.shown.get(id, (None, True))[0]) for id, *_ in form.heads))
    typed = tuple(id for id, (value, formula) in form.shown.items() if not formula and _typed(value))
    return Shown(each.name, form.sheet, numbers, typed)


def _typed(value: object) -> bool:
    """Whether somebody wrote what stands for a score; without formulas, a form itself shows only words."""
    return isinstance(value, int | float) or plain(value) not in SHOWN_WORDS


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) else nan
    except OverflowError:
        return inf


def _misfit(each: Arrived, expected: Expected) -> Finding | None:
    """A return of another scheme, version, year or period is not scored by this one's rules."""
    assert each.form is not None
    stamp, source = each.form.stamp, Source(each.name)
    year = _year(each.form)
    if not year:
        each.unit = quoted(stamp.get(UNIT, ""))
        return each.end(Fate.REFUSED, finding("year-blank", source, each.unit))
    pairs = [
        ("stamp-scheme", stamp.get(SCHEME, ""), expected.scheme),
        ("stamp-version", stamp.get(VERSION, ""), expected.version),
        ("stamp-version", stamp.get(DIGEST, ""), expected.digest),
        ("stamp-year", f"{year}年{stamp.get(PERIOD, '')}", f"{expected.year}年{expected.period}"),
    ]
    for code, found, wished in pairs:
        if found != wished:
            each.unit = quoted(stamp.get(UNIT, ""))
            shorter = (found[:12], wished[:12]) if len(found) == 64 else (found, wished)
            return each.end(Fate.REFUSED, finding(code, source, each.unit, found=shorter[0], wanted=shorter[1]))
    cover = each.form.cover_year.strip()
    if cover and year not in unicodedata.normalize("NFKC", cover):
        each.said.append(finding("year-differs", source, cover=quoted(cover), stamp=year))
    return None


def _claim(each: Arrived, known: Names, chosen: Mapping[str, str]) -> Finding | None:
    """Whose return it is: the stamp's unit, or for a blank template the cover's."""
    assert each.form is not None
    source, stamped, cover = Source(each.name), each.form.stamp.get(UNIT, ""), each.form.cover_unit
    if stamped and cover and plain_name(stamped) != plain_name(cover) and each.sha256 not in chosen:
        each.unit = known.match(stamped) or ""
        facts = {"cover": quoted(cover), "stamp": quoted(stamped)}
        return each.end(Fate.HELD, finding("unit-differs", source, each.unit, **facts))
    name = stamped or cover
    if not name:
        return each.end(Fate.REFUSED, finding("unit-blank", source))
    match = known.match(name)
    if match is None and (seems := known.seems(each.base, name)) and chosen.get(each.sha256) == seems:
        match = seems
    if match is not None:
        each.unit = match
        if (named := known.other_in(each.base, match)) and each.sha256 not in chosen:
            return each.end(Fate.HELD, finding("unit-file", source, match, named=named, unit=match))
        if match != name:
            each.said.append(finding("unit-name", source, match, found=quoted(name), name=match))
        return None
    near = known.near(name)
    hint = f"，最像的是：{'、'.join(near)}" if near else ""
    return each.end(Fate.HELD if near else Fate.REFUSED, finding("unit-unknown", source, name=quoted(name), hint=hint))


class Names:
    """The roster's names, to find a unit by its name as somebody wrote it."""

    def __init__(self, roster: Roster) -> None:
        self.all = [unit.name for unit in roster.units]
        self._plain = {plain_name(name): name for name in self.all}
        self._words = {plain_name(unit.category) for unit in roster.units} | _CATEGORY_WORDS

    def named_in(self, file: str) -> str:
        """The one unit that a file's name speaks of."""
        said = plain_name(file)
        found = [full for short, full in self._plain.items() if short in said]
        # 东风街道办 speaks of 东风街道办, not of 东风街道
        longest = [each for each in found if not any(each != other and each in other for other in found)]
        return longest[0] if len(longest) == 1 else ""

    def other_in(self, file: str, own: str) -> str:
        """The one unit that a file's name speaks of, where that is another than the file is of."""
        named, mine = self.named_in(file), plain_name(own)
        return named if named and mine not in plain_name(file) and plain_name(named) != mine else ""

    def near(self, name: str) -> list[str]:
        """The names that are like one that is not on the roster."""
        return difflib.get_close_matches(name, self.all, 3, 0.5)

    def seems(self, file: str, written: str) -> str:
        """The one unit that a file seems to be of by its name and by the unit that stands in it, where these do not
        disagree: for people, never an identity."""
        match = self.match(written)
        near = [match] if match else self.near(written)
        found = {self.named_in(file), near[0] if len(near) == 1 else ""} - {""}
        return found.pop() if len(found) == 1 else ""

    def contradicted(self, each: Arrived) -> bool:
        """Whether a file's name speaks of another unit than its form."""
        assert each.form is not None
        own = self.match(_written(each))
        return own is not None and bool(self.other_in(each.base, own))

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
