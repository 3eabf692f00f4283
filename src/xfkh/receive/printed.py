"""What the returns print against what was issued: changed words, formulas and rows are told, never used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import groupby, islice, zip_longest

from ..findings import Finding, finding, quotable, quoted
from ..intake import SECONDS, Arrived, content
from ..intake.containers import ContainerError
from ..intake.form import CATEGORY, form_of
from ..intake.printed import LIMIT, UNKNOWN, UNSAID, Print, Word, print_of, terms_of
from ..model import Fate, RosterUnit, Source
from ..text import some
from ..workbook.anchors import ANSWER, CODE, COVER, FORM, LABEL, MAXIMUM, SCORE, SLOT, UNIT
from ..workbook.open import read_any
from ..workbook.read import ReadError
from ..workers import Workers
from .inbox import Changes, Difference, Inbox

_SHOWN, _ROOM, _MOST = 5, 20, 1_000
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TOLD = {"label-changed": LABEL, "label-clash": LABEL, "title-changed": LABEL, "max-changed": MAXIMUM,
         "score-differs": SCORE, "formula-gone": SCORE, "cell-merged": "", "cell-outside": ANSWER}  # fmt: skip
"""What other findings say of the cell in a column of their row: of joined cells, all that were emptied; of numbers
among the answers, all of them."""


def compared(returns: Sequence[Arrived], ours: Callable[[], Print], workers: Workers) -> Changes:
    """Every return that does not print what was issued (``ours``) is opened once more, and compared cell by cell."""
    if not returns:
        return {}
    issued = ours()
    # the same changes, made once and handed on, are found once
    first = {each.form.printed: each for each in reversed(returns)
             if each.form is not None and each.form.printed not in issued.marks}  # fmt: skip
    found = workers.map(
        _compared, [(issued, replace(each, form=None)) for each in first.values()], _lost, enough=1, seconds=SECONDS
    )
    return _but_terms(returns, dict(zip(first, found, strict=True)))


def _but_terms(returns: Sequence[Arrived], changes: Changes) -> Changes:
    """Without an 发放清单 nobody knows the terms of a round: what most covers say was written there."""
    said = [each for one in returns for each in changes.get(one.form.printed if one.form else "", ()) if _is_term(each)]
    counts = Counter((each.word.place, each.now) for each in said)
    usual = {what for what, count in counts.items() if count * 2 > len(returns)}
    return {mark: [each for each in found if not (_is_term(each) and (each.word.place, each.now) in usual)]
            for mark, found in changes.items()}  # fmt: skip


def _is_term(each: Difference) -> bool:
    return each.word.sheet == COVER and each.then in UNSAID


def torn(each: Arrived, changes: Changes) -> Finding | None:
    """A form from which printed rows were deleted: it no longer asks what was issued."""
    found = changes.get(each.form.printed, ()) if each.form is not None else ()
    if lost := _lost_rows([one for one in found if one.word.sheet == FORM]):
        facts = {"cells": some([_lost_row(one) for one in lost], "处", _SHOWN)}
        return each.end(Fate.REFUSED, finding("row-lost", Source(each.name, FORM), each.unit, **facts))
    return None


def reprinted(inbox: Inbox, told: Sequence[Finding]) -> list[Finding]:
    """What the returns that count print otherwise. ``told``: what is said already, of the scores too."""
    known, forms = dict[str, set[tuple[str, str]]](), {each.file: each.sheet for each in inbox.shown}
    for each in told:
        if each.code in _TOLD and each.source.sheet == forms.get(each.source.file):
            known.setdefault(each.unit, set()).add((_TOLD[each.code], each.source.cell.lstrip(_LETTERS)))
    findings = list[Finding]()
    for shown, subject in zip(inbox.shown, inbox.answers.subjects, strict=True):
        new = [each for each in inbox.changes.get(shown.printed, ())
               if not _known(each, known.get(subject.unit, set()), shown.typed)]  # fmt: skip
        findings += _said(new, shown.file, subject.unit)
    return findings


def restated(each: Arrived, unit: RosterUnit) -> Iterator[Finding]:
    """What the cover says of its unit otherwise than was written there; on a blank template nothing was."""
    assert each.form is not None
    stamp, facts = each.form.stamp, each.form.facts
    wanted = {CATEGORY: unit.category, CODE: stamp.get(CODE, "")} if stamp.get(UNIT) else {}
    for label, then in wanted.items():
        now, sheet, cell = facts.get(label, (then, "", ""))
        if then and "".join(now.split()) != "".join(then.split()):
            written = f"写的是“{quoted(now, _ROOM)}”" if now else "是空的"
            said = f"{sheet}!{cell}（{label}）现在{written}，应是“{quoted(then)}”"
            yield finding("print-changed", Source(each.name, sheet, cell), each.unit, cells=said)


def _compared(asked: tuple[Print, Arrived]) -> list[Difference]:
    """What a return prints otherwise. One that cannot be opened once more has been read, and is not accused."""
    issued, each = asked
    try:
        sheets = read_any(content(each))
        return list(islice(differences(issued, print_of(form_of(sheets), sheets)), _MOST))
    except (OSError, ContainerError, ReadError):
        return []


def _lost(_: tuple[Print, Arrived]) -> list[Difference]:
    return []


def _known(each: Difference, told: set[tuple[str, str]], typed: Sequence[str]) -> bool:
    """Whether other findings tell it: of labels, points and scores, and numbers among the answers."""
    if each.word.sheet != FORM or each.gone:
        return False
    if (each.word.head, str(each.word.row)) in told:
        return True
    if not each.now:
        return ("", str(each.word.row)) in told
    if each.word.head.startswith(ANSWER) and _is_number(each.now):
        return any(head == ANSWER for head, _ in told)
    return bool(typed) and each.word.head == SCORE and each.then.startswith("=") and not each.now.startswith("=")


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?[\d.]+(?:e[-+]?\d+)?", text))


def _said(changes: Sequence[Difference], file: str, unit: str) -> Iterator[Finding]:
    """One finding for each kind of change."""
    rows = _lost_rows(changes)
    wider = [each for each in changes if each.word.head.startswith(LIMIT)]
    kept = [each for each in changes if not each.gone and not each.word.head.startswith(LIMIT)]
    extra = [each for each in kept if not each.then]
    formulas = [each for each in kept if each.then.startswith("=")]
    words = [each for each in kept if each.then and not each.then.startswith("=")]
    kinds: list[tuple[str, list[Difference], Callable[[Difference], str]]] = [
        ("print-changed", words, _reworded), ("formula-changed", formulas, _recalculated),
        ("print-gone", rows, _lost_row), ("cell-outside", extra, _place),
    ]  # fmt: skip
    if wider:
        what = f"「{FORM}」表的填写限制放宽了（{some([_place(each) for each in wider], '格', _SHOWN)}）"
        yield finding("form-protect", Source(file, FORM), unit, what=what)
    for code, found, say in kinds:
        if found:
            where = Source(file, *(("", "") if found[0].gone else (found[0].word.sheet, found[0].word.place)))
            yield finding(code, where, unit, cells=some([say(each) for each in found], "处", _SHOWN))


def _lost_rows(changes: Sequence[Difference]) -> list[Difference]:
    return list({(each.word.sheet, each.word.row): each for each in reversed(changes) if each.gone}.values())[::-1]


def _place(each: Difference) -> str:
    return each.word.place if each.word.sheet == FORM else f"{each.word.sheet}!{each.word.place}"


def _reworded(each: Difference) -> str:
    now, then = _where_they_part(each.now, each.then)
    return f"{_place(each)} 现在{f'写的是“{now}”' if each.now else '是空的'}，发放时是“{then}”"


def _where_they_part(now: str, then: str) -> tuple[str, str]:
    """Two texts from a little before their first difference on."""
    now, then = "公式" if now.startswith("=") else quotable(now), quotable(then)
    k = next((k for k, pair in enumerate(zip_longest(now, then)) if pair[0] != pair[1]), 0)
    start = max(0, k - 6) if max(len(now), len(then)) > _ROOM else 0
    cut = [("…" if start else "") + each[start : start + _ROOM] + ("…" if len(each) > start + _ROOM else "")
           for each in (now, then)]  # fmt: skip
    return cut[0], cut[1]


def _recalculated(each: Difference) -> str:
    now = "另一个公式" if each.now.startswith("=") else "数或文字" if each.now else "空的"
    return f"{_place(each)} 现在是{now}"


def _lost_row(each: Difference) -> str:
    sheet = "" if each.word.sheet == FORM else f"「{each.word.sheet}」表"
    return f"{sheet}“{quoted(each.then, _ROOM)}”一行"


# --- which row is which, and what a cell was ------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """One printed row: what stands in it by the ids of its columns."""

    id: str
    cells: dict[str, Word]

    @property
    def content(self) -> tuple[tuple[str, str], ...]:
        """Formulas are compared where the rows have been paired: they may speak of other rows."""
        return tuple(sorted((head, UNKNOWN if _is_formula(word) else word.text) for head, word in self.cells.items()))


_Pair = tuple[_Line | None, _Line | None]


def _is_formula(word: Word) -> bool:
    return word.text.startswith(UNKNOWN)


def _lines(print_: Print, sheet: str) -> list[_Line]:
    words = sorted((each for each in print_.words if each.sheet == sheet), key=lambda each: each.row)
    rows = (list(group) for _, group in groupby(words, key=lambda each: each.row))
    return [_Line(row[0].id, {each.head: each for each in row}) for row in rows]


def differences(issued: Print, found: Print) -> Iterator[Difference]:
    then, now = _Places(issued), _Places(found)
    # lists of an earlier program did not keep what the cover prints, or its terms
    kept = {each.sheet for each in issued.words}
    sheets = dict.fromkeys(each.sheet for each in found.words if each.sheet in kept)
    if not terms_of(issued) & {(each.row, each.col) for each in issued.words if each.sheet == COVER}:
        unkept = terms_of(found)
        words = (each for each in found.words if each.sheet != COVER or (each.row, each.col) not in unkept)
        found = Print(tuple(words))
    pairs = [pair for sheet in sheets for pair in _pairs(_lines(issued, sheet), _lines(found, sheet))]
    lost = any(there is None for _, there in pairs)
    for before, after in pairs:
        yield from _of_row(before, after, lambda a, b: lost or then.read(a) == now.read(b))


def _of_row(before: _Line | None, after: _Line | None, alike: Callable[[Word, Word], bool]) -> Iterator[Difference]:
    """``alike``: whether two formulas that are written differently say the same."""
    if after is None:
        assert before is not None
        first = next((each for each in before.cells.values() if not _is_formula(each)), None)
        first = before.cells.get(LABEL) or first or next(iter(before.cells.values()))
        yield Difference(first, first.text, "", gone=True)
        return
    were = before.cells if before is not None else {}
    for head in dict.fromkeys([*after.cells, *were]):
        now, then = after.cells.get(head), were.get(head)
        if head.startswith(LIMIT):
            # rows that were moved may have left their limits behind
            if now is not None and then is not None and now.row == then.row and _wider(now.text, then.text):
                yield Difference(now, then.text, now.text)
        elif then is None:
            assert now is not None
            yield Difference(now, "", now.text)
        elif now is None:
            some_cell = next(iter(after.cells.values()))
            yield Difference(then._replace(row=some_cell.row), then.text, "")
        elif not _same(then, now, alike):
            yield Difference(now, then.text, now.text)


def _wider(now: str, then: str) -> bool:
    """Whether a limit takes what the one that was issued did not."""
    kind, _, said = then.partition(":")
    other, _, says = now.partition(":")
    if kind == "list" or other == "list":
        return kind != other or not {*says.split(",")} <= {*said.split(",")}
    (low, high), (least, most) = (map(float, each.split(":")) for each in (said, says))
    return least < low or most > high or (kind == "whole" and other != kind)


def _same(then: Word, now: Word, alike: Callable[[Word, Word], bool]) -> bool:
    if then.text == now.text:
        return True
    if then.sheet == COVER and now.text in UNSAID:
        return True  # a blank template may be used
    return _is_formula(then) and _is_formula(now) and (now.text == UNKNOWN or alike(then, now))


def _pairs(then: list[_Line], now: list[_Line]) -> list[_Pair]:
    """Rows with an id belong together, those without where they stand before the same one. Rows of persons are alike:
    one that is more than the template had is as its first."""
    known, here = {line.id: line for line in then if line.id}, {line.id for line in now}
    model = known.get(f"{SLOT}1")
    pairs: list[_Pair] = [(known.get(line.id, model if line.id.startswith(SLOT) else None), line)
                          for line in now if line.id]  # fmt: skip
    pairs += [(line, None) for id, line in known.items() if id not in here and not id.startswith(SLOT)]
    before, after = _groups(then), _groups(now)
    loose = [
        pair for id in dict.fromkeys([*before, *after]) for pair in _aligned(before.get(id, []), after.get(id, []))
    ]
    return pairs + _moved(loose)


def _groups(lines: list[_Line]) -> dict[str, list[_Line]]:
    """The rows without an id, by the id of the next row that has one."""
    groups, waiting = dict[str, list[_Line]](), list[_Line]()
    for line in lines:
        if not line.id:
            waiting.append(line)
        elif waiting:
            groups[line.id], waiting = waiting, []
    return groups | ({"": waiting} if waiting else {})


def _aligned(then: list[_Line], now: list[_Line]) -> Iterator[_Pair]:
    contents = [[line.content for line in lines] for lines in (then, now)]
    for _, a, b, c, d in SequenceMatcher(None, contents[0], contents[1], autojunk=False).get_opcodes():
        yield from zip_longest(then[a:b], now[c:d])


def _moved(pairs: list[_Pair]) -> list[_Pair]:
    """A row that went with the row beneath it: it is gone from one place and stands in another, as it was."""
    added = [now for then, now in pairs if then is None and now is not None]
    kept = list[_Pair]()
    for then, now in pairs:
        if then is not None and now is None:
            now = next((each for each in added if each.content == then.content), None)
            added = [each for each in added if each is not now]
        if then is not None:
            kept.append((then, now))
    return kept + [(None, each) for each in added]


_REFERENCE = re.compile(r"(?<![\w.!])(?:(\w+)!)?(\$?)([A-Z]{1,3})(\$?)(\d+)(?::(\$?)([A-Z]{1,3})(\$?)(\d+))?(?![\w(!])")
_QUOTED = re.compile(r'("[^"]*")')


@dataclass
class _Places:
    """What the references of a form's formulas mean: the ids of the rows and columns to which they lead."""

    print: Print
    _rows: dict[str, dict[int, str]] = field(default_factory=dict)
    _heads: dict[str, dict[str, str]] = field(default_factory=dict)
    _slots: dict[str, list[str]] = field(default_factory=dict)

    def read(self, word: Word) -> str:
        """A formula with places that rows and columns put between do not move."""
        pieces = _QUOTED.split(word.text)
        pieces[::2] = [_REFERENCE.sub(lambda found: self._reference(found, word), each) for each in pieces[::2]]
        return "".join(pieces)

    def _reference(self, found: re.Match[str], word: Word) -> str:
        sheet = found[1] or word.sheet
        first = self._cell(sheet, found[3], found[4], int(found[5]), word)
        last = f":{self._cell(sheet, found[7], found[8], int(found[9]), word, -1)}" if found[9] else ""
        return f"{sheet}!{first}{last}"

    def _cell(self, sheet: str, col: str, fixed: str, row: int, word: Word, end: int = 0) -> str:
        if sheet not in self._rows:
            self._look(sheet)
        id = self._rows[sheet].get(row, str(row))
        slots = self._slots[sheet]
        if id == word.id and id.startswith(SLOT) and not fixed:
            id = "·"
        elif slots and id == slots[end]:
            id = "末" if end else "首"
        return f"{self._heads[sheet].get(col, col)}[{id}]"

    def _look(self, sheet: str) -> None:
        words = [each for each in self.print.words if each.sheet == sheet]
        rows, loose = self._rows.setdefault(sheet, {}), list[int]()
        for row, id in sorted({each.row: each.id for each in words}.items()):
            if not id:
                loose.append(row)
                continue
            rows.update({each: f"{id}-{len(loose) - k}" for k, each in enumerate(loose)})
            rows[row], loose = id, []
        self._heads[sheet] = {each.col: each.head for each in words if not each.head.startswith(LIMIT)}
        self._slots[sheet] = [each for each in rows.values() if each.startswith(SLOT)]
