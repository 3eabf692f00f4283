"""A template beside the engine: what its sheets show, what the engine says, and where the two differ.

A `Filled` is one unit's answers. `write_forms` writes a workbook for each, `shown_by_office` and `shown_by_doubles`
compute the workbooks, `says` asks the engine, `differences` compares.
"""

from __future__ import annotations

import functools
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, unescape

import numpy as np

from tests import float64, office
from tests.cases_district import Answer
from tests.stored import Content, ExcelError, stored
from xfkh.answers import Answers
from xfkh.findings import Finding
from xfkh.formula.tree import refs
from xfkh.model import PERIODS, Cell, Input, InputKind, Origin, Part, Roster, RosterUnit, Scheme, State, Subject
from xfkh.outcomes import outcomes
from xfkh.results import PartScores, Standing
from xfkh.rules import kinds
from xfkh.rules.lines import Piece
from xfkh.samples import type_in
from xfkh.scheme import targets
from xfkh.score import consistent, score
from xfkh.template import Terms, write_templates
from xfkh.workbook.book import cell as address

FORM, CHECKS = "填报", "检查"
WAITING, BY_REVIEW, FILLED, EMPTY, CONFLICT = "待填", "复查评定", "已填", "未填", "矛盾"
OPTIONAL, NOT_ASKED = "可不填", "不用填"
MET, UNMET = "达到", "未达到"
YEAR = "2025"

#: what stands in a cell once it is computed
Shown = float | str | bool | None
#: sheet name -> cell reference -> what is shown there
Values = Mapping[str, Mapping[str, Shown]]


class Typed(NamedTuple):
    """What a clerk types into a cell, what the form says of it, and the number it stands for, if it is taken."""

    content: str | int | float
    said: str
    value: Answer | None = None


class Filled(NamedTuple):
    """One unit: its answers (a cell not named is blank), contents typed over them, points worked out by hand;
    ``targets``: what is said of a goal, by hand too."""

    sentence: str
    answers: Mapping[str, Answer]
    typed: Mapping[str, Typed] = {}
    by_hand: Mapping[str, str] = {}
    targets: Mapping[str, str] = {}


@dataclass(frozen=True)
class Forms:
    """Forms as they went out and came back filled: one file for each set of answers."""

    scheme: Scheme
    period: str
    sets: tuple[Filled, ...]
    paths: tuple[Path, ...]


# --- filling in ---------------------------------------------------------------------------------


def roster_of(sets: Sequence[Filled]) -> Roster:
    """What is answered in words stands in the roster too."""
    said = [{cell: value for cell, value in filled.answers.items() if isinstance(value, str)} for filled in sets]
    return Roster(tuple(RosterUnit(f"单位{k:03d}", attributes=attributes) for k, attributes in enumerate(said)))


def scaled(each: Input, value: Answer) -> int:
    """An answer as the frame of answers holds it."""
    if each.kind is InputKind.FLAG:
        assert value in ("是", "否"), f"{each.name} holds 是 or 否, not {value!r}"
        return int(value == "是")
    number = Fraction(value) * 10**each.decimals
    assert number.denominator == 1, f"{each.name} has {each.decimals} decimals, not {value!r}"
    return int(number)


def answers_of(part: Part, sets: Sequence[Filled], origins: Iterable[Origin], typed: bool = False) -> Answers:
    """The answers of those origins as a frame, a row a set; typed contents count where they are asked for."""
    wanted = set(origins)
    subjects = [Subject(part.name, unit.name) for unit in roster_of(sets).units]
    answers = Answers.blank(part, subjects)
    for row, filled in enumerate(sets):
        for cell, value in filled.answers.items():
            each = part.input(cell.partition("[")[0])
            if each.origin in wanted:
                answers.put(row, cell, scaled(each, value))
        for cell, content in filled.typed.items() if typed else ():
            each = part.input(cell.partition("[")[0])
            if isinstance(content.content, str) and not content.content.strip():
                answers.put(row, cell, 0, Cell.BLANK)
            elif content.value is None:
                answers.put(row, cell, 0, Cell.REFUSED)
            else:
                answers.put(row, cell, scaled(each, content.value))
    return answers


ASKED = (Origin.SELF, Origin.LEDGER, Origin.PREVIOUS)


def write_forms(scheme: Scheme, sets: Sequence[Filled], folder: Path, period: str = "全年") -> Forms:
    """Write the form of every set, filled in, below the folder; a sheet of persons has one blank row."""
    prefill = [answers_of(scheme.parts[0], sets, ASKED), *(Answers.blank(part, ()) for part in scheme.parts[1:])]
    paths = write_templates(scheme, roster_of(sets), Terms(YEAR, period), folder, prefill, persons=1)
    for path, filled in zip(paths, sets, strict=True):
        if filled.typed:
            contents = {cell: typed.content for cell, typed in filled.typed.items()}
            path.write_bytes(type_in(path.read_bytes(), contents))
    return Forms(scheme, period, tuple(sets), tuple(paths))


# --- what the workbook shows --------------------------------------------------------------------


def shown_by_office(paths: Sequence[Path], folder: Path) -> dict[Path, Values]:
    """What LibreOffice computes, whatever values the files came with: a sentinel left behind is an error."""
    folder.mkdir(parents=True, exist_ok=True)
    marked = {path: office.with_sentinels(path, folder / f"{number:04d}.xlsx") for number, path in enumerate(paths)}
    said = office.recalculated_texts(list(marked.values()))
    return {path: _computed(path, {name: read_csv(text) for name, text in said[copy].items()})
            for path, copy in marked.items()}  # fmt: skip


def _computed(path: Path, values: dict[str, dict[str, Content]]) -> Values:
    for sheet, references in stored(path).formulas.items():
        for reference in references:
            value = values[sheet].setdefault(reference, "")
            assert value != office.SENTINEL, f"{path.name}: {sheet}!{reference} was not recalculated"
    return values


_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)')
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?(?:E[+-][0-9]+)?)(%?)")
_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:[0-9]+")


def read_csv(text: str) -> dict[str, Content]:
    """The cells of a sheet that are not empty: a number stands in quotes, a text like a number does not."""
    found, row, col = dict[str, Content](), 0, 0
    for each in _FIELD.finditer(text):
        quoted, plain, end = each.groups()
        if quoted is not None:
            number = _NUMBER.fullmatch(quoted)
            percent = 100 if number and number[2] else 1
            found[address(row, col)] = float(number[1]) / percent if number else quoted.replace('""', '"')
        elif plain:
            found[address(row, col)] = ExcelError(plain) if _ERROR.fullmatch(plain) else plain
        row, col = (row, col + 1) if end == "," else (row + 1, 0)
    return found


def shown_by_doubles(path: Path) -> Values:
    """What plain IEEE doubles make of the formulas."""
    return float64.evaluate(path)


def stale(path: Path, values: Values) -> list[str]:
    """The formula cells whose stored value is not what the formula gives."""
    file = stored(path)
    return [
        f"{sheet}!{reference}: stored {file.values[sheet].get(reference)!r}, computed {values[sheet].get(reference)!r}"
        for sheet, references in file.formulas.items()
        for reference in references
        if not alike(file.values[sheet].get(reference), values[sheet].get(reference))
    ]


def miscounting(build: kinds.Build) -> kinds.Build:
    """A kind of rule whose lines give 1 less than they should, each time."""

    @functools.wraps(build)
    def made(*args: Any, **params: Any) -> Piece:
        piece = build(*args, **params)
        lines = (replace(line, each=line.each - 1) if line.times is None else replace(line, times=line.times + 1)
                 for line in piece.lines)  # fmt: skip
        return replace(piece, lines=tuple(lines))

    return made


Change = Callable[[str, str], tuple[str, str]]
"""The text and the stored value of a formula, before and after."""


def rewrite(path: Path, out: Path, sheet: str, reference: str, change: Change) -> Path:
    """A copy of a workbook with the formula and the stored value of one cell changed."""
    cell = re.compile(rf'(<c r="{reference}"[^>]*><f>)([^<]*)(</f>)(?:<v>([^<]*)</v>|<v\s*/>)')
    number = list(stored(path).values).index(sheet) + 1

    def again(match: re.Match[str]) -> str:
        text, value = change(unescape(match[2]), match[4] or "")
        return f"{match[1]}{escape(text)}{match[3]}<v>{value}</v>"

    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == f"xl/worksheets/sheet{number}.xml":
                text, changed = cell.subn(again, data.decode("utf-8"))
                assert changed == 1, f"{sheet}!{reference}"
                data = text.encode("utf-8")
            target.writestr(info, data)
    return out


def alike(left: Shown, right: Shown) -> bool:
    """Equal; a plain sum may carry binary noise below the ninth decimal place."""
    if isinstance(left, float) and isinstance(right, float):
        return round(left, 9) == round(right, 9)
    return (type(left) is type(right) and left == right) or _same_text(left, right)


def _same_text(left: Shown, right: Shown) -> bool:
    # an error of the float64 evaluator is a kind of str
    return isinstance(left, str) and isinstance(right, str) and str(left) == str(right)


@dataclass
class Face:
    """A form as its reader sees it. ``listed`` are the statuses as the sheet 检查 repeats them; a form without items
    has no column of points and counts its goals in ``total``; ``beside``: what sections say comes on top of them."""

    items: dict[str, Shown]
    sections: dict[str, Shown]
    label: Shown
    total: Shown
    gaps: Shown
    status: dict[str, Shown]
    contradictions: list[str]
    listed: list[Shown]
    headline: Shown
    targets: dict[str, Shown] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)


GOAL = "#目标:"
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


def face(values: Values) -> Face:
    """Find everything by heads and hidden ids, never by a position."""
    cells: dict[tuple[int, str], Shown] = {}
    for reference, value in values[FORM].items():
        match = _REFERENCE.fullmatch(reference)
        assert match is not None
        cells[int(match[2]), match[1]] = value
    head = next(row for (row, _), value in cells.items() if value in ("自评得分", "自评情况"))
    columns = {str(value): column for (row, column), value in cells.items() if row == head}
    scored = "分值" in columns
    code, score_, status = (columns[name] for name in ("编号", "自评得分" if scored else "自评情况", "检查"))
    label = columns["分值"] if scored else chr(ord(score_) - 1)
    shown = Face({}, {}, cells.get((head - 1, label)), cells.get((head - 1, score_)), None, {}, [], [], None)
    shown.gaps = cells.get((head - 1, status))
    for row in sorted({row for row, _ in cells if row > head}):
        id, number = cells.get((row, "A")), cells.get((row, code))
        if isinstance(id, str) and id.startswith(GOAL):
            assert not number and id not in shown.targets, f"row {row} holds {id} and {number}"
            shown.targets[id.removeprefix(GOAL)] = cells.get((row, score_))
        elif isinstance(id, str) and id.startswith("#"):
            assert id[1:] == number and id[1:] not in shown.items, f"row {row} holds {id} and {number}"
            shown.items[id[1:]] = cells.get((row, score_))
        elif id:
            shown.status[str(id)] = cells.get((row, status), "")
        elif number:
            shown.sections[str(number)] = cells.get((row, score_))
            told = [str(value) for (at, _), value in cells.items() if at == row and "另计" in str(value)]
            shown.beside |= {str(number): text for text in told}
    _read_checks(shown, values[CHECKS])
    return shown


def _read_checks(shown: Face, cells: Mapping[str, Shown]) -> None:
    shown.headline = cells.get("A2")
    head = next(int(reference[1:]) for reference, value in cells.items() if value == "情况")
    for row in range(head + 1, max(int(reference[1:]) for reference in cells) + 1):
        said = cells.get(f"C{row}")
        if not re.fullmatch(r"核\d+", str(cells.get(f"A{row}"))):
            shown.listed.append(said)
        elif said != "":
            shown.contradictions.append(str(said))


# --- what the engine says -----------------------------------------------------------------------


@dataclass
class Said:
    """What the engine says of one set. ``points``: None where an item is not decided. ``live``: the lines
    that the unit's own figures decide, so that a form can show them. ``targets``: what a form must say of a goal."""

    filled: Filled
    points: dict[str, Fraction | None]
    self_points: dict[str, Fraction | None]
    self_total: Fraction | None
    live: list[str]
    sections: dict[str, list[str]]
    status: dict[str, str]
    contradictions: list[str]
    targets: dict[str, str]


def rated(scheme: Scheme, sets: Sequence[Filled]) -> Scheme:
    """The scheme with room for as many raters as the sets name, as a table of the review gives it."""
    part = scheme.parts[0]
    cells = {cell.partition("[") for filled in sets for cell in filled.answers}
    most = {each.name: max((int(k[:-1]) for name, _, k in cells if name == each.name), default=1)
            for each in part.inputs if each.kind is InputKind.RATERS}  # fmt: skip
    return replace(scheme, parts=(part.with_raters(most), *scheme.parts[1:]))


def says(scheme: Scheme, sets: Sequence[Filled], period: str = "全年") -> list[Said]:
    """Score the sets as the bureau does, as units that all sent their form in."""
    scheme = rated(scheme, sets)
    part = scheme.parts[0]
    reported = answers_of(part, sets, ASKED, typed=True)
    verified = answers_of(part, sets, [Origin.REVIEW])
    standing = Standing([State.ASSESSED] * len(sets), np.zeros(len(sets), dtype=bool))
    nothing = Answers.blank(part, reported.subjects)
    scores, _ = score(scheme, part, period, reported, nothing, verified, standing, roster_of(sets))
    met = outcomes(scores)[0].targets
    marked, findings = consistent(scheme, part, period, reported)
    return [_said(scores, met, marked, findings, row, filled) for row, filled in enumerate(sets)]


def _said(
    scores: PartScores,
    met: Mapping[str, list[bool | None]],
    marked: Answers,
    findings: Sequence[Finding],
    row: int,
    filled: Filled,
) -> Said:
    part, rules = scores.part, scores.rules
    lines = scores.scheme.lines(part)
    return Said(
        filled=filled,
        points={id: scores.points(row, id) for id in rules},
        self_points={id: scores.self_points(row, id) for id in rules},
        self_total=scores.self_total(row),
        live=[id for id, rule in rules.items() if rule.live(part)],
        sections={each.id: [item.id for item in lines if item.section == each.id] for each in part.sections},
        status=_status(part, scores.period, marked, row, filled, _of_others(scores, filled)),
        contradictions=_contradictions(part, findings, marked.subjects[row].unit),
        targets=_goals(scores, met, marked, row),
    )


def _of_others(scores: PartScores, filled: Filled) -> set[str]:
    """The cells that only items of other groups read; in schemes whose outcomes read none."""
    lines = [item for item in scores.scheme.lines(scores.part) if scores.rules[item.id].counted]
    mine = [each for each in lines if not each.groups or filled.answers.get(scores.part.group) in each.groups]
    read = {cell for each in mine for cell in scores.rules[each.id].shows}
    return {cell for each in lines for cell in scores.rules[each.id].shows} - read


def _goals(scores: PartScores, met: Mapping[str, list[bool | None]], marked: Answers, row: int) -> dict[str, str]:
    """A goal that reads what the review gives is left to it; any other waits for every figure it reads, also where
    the engine knows already that it is missed."""
    part, said = scores.part, {}
    for each, node in targets(scores.scheme, part, scores.period):
        inputs = {cell: part.input(cell.partition("[")[0]) for cell in refs(node)}
        known = all(
            marked.state(row, cell) is Cell.GIVEN or (one.optional and marked.state(row, cell) is Cell.BLANK)
            for cell, one in inputs.items()
        )
        if any(one.origin is Origin.REVIEW for one in inputs.values()):
            said[each.id] = BY_REVIEW
        elif known:
            assert met[each.id][row] is not None, f"{each.id} is not decided though all its figures are there"
            said[each.id] = MET if met[each.id][row] else UNMET
        else:
            assert not met[each.id][row], f"{each.id} is met before all its figures are there"
            said[each.id] = WAITING
    return said


def _contradictions(part: Part, findings: Sequence[Finding], unit: str) -> list[str]:
    said = []
    for check in part.checks:
        mark = "矛盾：" if check.closed else "请核对："
        code = "contradiction" if check.closed else "unusual" if check.mild else "implausible"
        if any(each.code == code and each.unit == unit and check.text in each.message for each in findings):
            said.append(mark + check.text)
    return said


def _status(part: Part, period: str, marked: Answers, row: int, filled: Filled, others: set[str]) -> dict[str, str]:
    """What the form must say of each row of answers; a row holds an input, or six cells of a series. ``others``: what
    only items of other groups read."""
    said = {}
    for each in part.inputs:
        active = [cell for k, cell in enumerate(each.cells) if _judged(each, k, period)]
        for start in range(0, len(each.cells), 6):
            cells = [cell for cell in each.cells[start : start + 6] if cell in active]
            if cells and each.asked:
                states = {marked.state(row, cell) for cell in cells}
                wrong = [filled.typed[cell].said for cell in cells if cell in filled.typed]
                wrong = [word for word in wrong if word != FILLED]
                empty = OPTIONAL if each.optional else EMPTY
                blank = empty if states - {Cell.GIVEN, Cell.CONFLICT} else ""
                if others.issuperset(cells):
                    said[each.cells[start]] = NOT_ASKED
                    continue
                said[each.cells[start]] = next(iter(wrong), blank or (CONFLICT if Cell.CONFLICT in states else FILLED))
    return said


def _judged(each: Input, index: int, period: str) -> bool:
    """Whether a cell of an input lies wholly in the period."""
    if not each.series:
        return True
    span = 12 // each.series
    return set(range(index * span + 1, (index + 1) * span + 1)) <= set(PERIODS[period])


# --- the comparison -----------------------------------------------------------------------------


def differences(said: Said, shown: Face) -> list[str]:
    """Everything in which a form and the engine do not agree."""
    parts = (_items, _goals_shown, _sums, _statuses, _by_hand)
    return [difference for part in parts for difference in part(said, shown)]


def exactly(value: Shown) -> Fraction | None:
    """The decimal number that a cell shows; None where it shows none."""
    return Fraction(repr(value)) if isinstance(value, float) else None


def _items(said: Said, shown: Face) -> list[str]:
    if list(shown.items) != list(said.points):
        return [f"lines {list(shown.items)}, not {list(said.points)}"]
    found = []
    for id, points in said.points.items():
        value = shown.items[id]
        if id not in said.live:
            right = value == BY_REVIEW
        else:
            right = value == WAITING if points is None else exactly(value) == points
            if said.self_points[id] != points:
                found.append(f"{id}: the bureau counts {points}, of the self-report alone {said.self_points[id]}")
        if not right:
            found.append(f"{id}: the form shows {value!r}, the engine says {points}")
    return found


def _goals_shown(said: Said, shown: Face) -> list[str]:
    if list(shown.targets) != list(said.targets):
        return [f"goals {list(shown.targets)}, not {list(said.targets)}"]
    return [
        f"{id}: the form shows {shown.targets[id]!r}, the engine says {word}"
        for id, word in said.targets.items()
        if shown.targets[id] != word
    ]


def _sums(said: Said, shown: Face) -> list[str]:
    if not said.points:
        words = f"{sum(word == MET for word in said.targets.values())}项"
        pair = (shown.label, shown.total)
        return [] if pair == (MET, words) else [f"total: the form shows {pair}, not {(MET, words)}"]
    sections = {id: _so_far(said, _full(own) or own) for id, own in said.sections.items()}
    found = [
        f"section {id}: the form shows {shown.sections.get(id)!r}, the engine says {points}"
        for id, points in sections.items()
        if not (shown.sections.get(id) == points if isinstance(points, str) else alike(shown.sections.get(id), points))
    ]
    extras = {id: told for id, own in said.sections.items() if (told := _on_top(own))}
    if shown.beside != extras:
        found.append(f"on top of the sections: the form says {shown.beside}, not {extras}")
    total = sum((said.points[id] or Fraction(0) for id in said.live), Fraction(0))
    so_far = _so_far(said, list(said.points))
    if (shown.total != so_far) if isinstance(so_far, str) else (exactly(shown.total) != total):
        found.append(f"total: the form shows {shown.total!r}, the engine says {so_far}")
    if said.self_total is not None and said.self_total != total:
        found.append(f"total: the lines make {total}, the engine says {said.self_total}")
    label = "暂计" if any(said.points[id] is None for id in said.live) else "合计"
    if shown.label != label:
        found.append(f"label: {shown.label!r}, not {label}")
    return found


def _full(own: Sequence[str]) -> list[str]:
    """The lines that make up the full mark."""
    return [id for id in own if id[-1] not in "+-"]


def _so_far(said: Said, own: Sequence[str]) -> float | str:
    """What a form counts of some lines: a number where any of them has points, else a word."""
    known = [points for id in own if id in said.live and (points := said.points[id]) is not None]
    if known:
        return float(sum(known, Fraction(0)))
    return WAITING if set(own) & set(said.live) else BY_REVIEW if own else ""


def _on_top(own: Sequence[str]) -> str:
    """What a form says of the lines outside a section's full mark."""
    extras = [id for id in own if id not in _full(own)]
    if not extras or not _full(own):
        return ""
    signs = {id[-1] for id in extras}
    return "加减分另计" if len(signs) == 2 else "加分另计" if "+" in signs else "扣分另计"


def _statuses(said: Said, shown: Face) -> list[str]:
    found = [
        f"{id}: the form says {shown.status.get(id)!r}, not {said.status.get(id)!r}"
        for id in dict.fromkeys([*said.status, *shown.status])
        if shown.status.get(id) != said.status.get(id, "")  # what the unit does not fill has no status
    ]
    gaps = sum(word not in ("", FILLED, OPTIONAL, NOT_ASKED) for word in said.status.values())
    words = f"还有{gaps}处待填" if gaps else "已全部填好"
    if (shown.gaps, shown.headline) != (words, words):
        found.append(f"gaps: {shown.gaps!r} and {shown.headline!r}, not {words}")
    if shown.contradictions != said.contradictions:
        found.append(f"contradictions: {shown.contradictions}, not {said.contradictions}")
    listed = [word for word in shown.status.values() if word != ""]
    if shown.listed != listed:
        found.append(f"{CHECKS} lists {shown.listed}, {FORM} says {listed}")
    return found


def _by_hand(said: Said, shown: Face) -> list[str]:
    found = []
    for id, text in said.filled.by_hand.items():
        points = Fraction(text)
        if said.points[id] != points:
            found.append(f"{id}: by hand {text}, the engine says {said.points[id]}")
        if id in said.live and exactly(shown.items[id]) != points:
            found.append(f"{id}: by hand {text}, the form shows {shown.items[id]!r}")
    for id, word in said.filled.targets.items():
        if (said.targets[id], shown.targets[id]) != (word, word):
            found.append(f"{id}: by hand {word}, said {said.targets[id]}, the form shows {shown.targets[id]!r}")
    return found


def all_differences(forms: Forms, shown: Mapping[Path, Values], scheme: Scheme | None = None) -> list[str]:
    """The differences of all the forms; with ``scheme`` the engine goes by another one than the forms."""
    said = says(scheme or forms.scheme, forms.sets, forms.period)
    return [
        f"{one.filled.sentence}: {difference}"
        for one, path in zip(said, forms.paths, strict=True)
        for difference in differences(one, face(shown[path]))
    ]
