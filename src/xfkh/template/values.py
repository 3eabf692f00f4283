"""The values that stand beside a template's formulas, so that they are true before anything recalculates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..answers import Answers, shown
from ..formula import formula, refs
from ..formula.evaluate import Frame, number, truth
from ..formula.exact import Mask
from ..model import Cell, InputKind, Part, Roster, Scheme, Subject
from ..results import NOT_MINE, UNCOUNTED
from ..rules import Rule, spared, vocabulary
from ..rules.divisors import condition_of
from ..rules.points import points
from ..scheme import beyond, targets
from .formulas import CONFLICT, EMPTY, FILLED, NOT_ASKED, OPTIONAL, cells_of, said_of
from .layout import InputRow


@dataclass(slots=True)
class Live:
    """What the formulas of every subject's template give, a row a subject."""

    answers: Answers
    points: dict[str, list[Fraction | None]]
    broken: list[np.ndarray[tuple[int], np.dtype[np.bool_]]]
    conflicting: dict[str, list[int]]
    targets: dict[str, list[bool | None]]
    spared: dict[str, Mask]
    marks: dict[str, list[Fraction | None]]
    excuses: dict[str, list[tuple[str, Mask]]]

    def answer(self, row: int, name: str) -> int | float | str | None:
        if self.answers.state(row, name) is not Cell.GIVEN:
            return None
        each = self.answers.part.input(name.partition("[")[0])
        return shown(each, self.answers.value(row, name))

    def excuse(self, row: int, id: str) -> str:
        """Whose item it is not, or why it does not count; empty where it does."""
        return next((word for word, mask in self.excuses.get(id, []) if mask[row]), "")

    def total(self, row: int) -> Fraction:
        """The sum of the lines that are decided."""
        return sum((points[row] or Fraction(0) for points in self.points.values()), Fraction(0))

    def said(self, k: int, row: int) -> str:
        """What the k-th check says of a subject; empty where it holds or cannot be judged yet."""
        check = self.answers.part.checks[k]
        return f"{said_of(check)}{check.text}" if self.broken[k][row] else ""

    def status(self, row: int, where: InputRow) -> str:
        states = {self.answers.state(row, name) for name in where.active}
        if all(name in self.spared and self.spared[name][row] for name in where.active):
            return NOT_ASKED
        if states != {Cell.GIVEN}:
            return OPTIONAL if where.input.optional else EMPTY
        clash = any(self.broken[k][row] for name in where.cells for k in self.conflicting.get(name, []))
        return CONFLICT if clash else FILLED


def live_values(
    scheme: Scheme,
    part: Part,
    period: str,
    rules: dict[str, Rule],
    answers: Answers,
    shown: Callable[[Rule], bool] | None = None,
) -> Live:
    """``shown``: whether the points of a line are live, if not those that the template shows."""
    answers = _with_absent(answers)
    free = spared((rule for rule in rules.values() if rule.counted), beyond(scheme, part, period))
    not_asked = {name: truth(node, answers.frame()).must for name, node in free.items()}
    for name, mask in not_asked.items():
        for row in np.flatnonzero(mask):
            answers.put(int(row), name, 0, Cell.ABSENT)
    names, frame = vocabulary(scheme, part, period), answers.frame()
    broken, conflicting = [], dict[str, list[int]]()
    usable = {name: answers.known(name) for name in answers.columns}
    for k, check in enumerate(part.checks):
        cells = cells_of(check, scheme, part, period)
        known = np.logical_and.reduce([answers.given(name) for name in cells])
        broken.append(known & ~truth(formula(check.condition, names, "是否"), frame).may)
        if check.closed:
            for name in cells:
                conflicting.setdefault(name, []).append(k)
                usable[name] = usable[name] & ~broken[k]
    live = {id: rule for id, rule in rules.items() if (shown(rule) if shown else rule.live(part))}
    found = points(live, frame)
    table, whole = dict[str, list[Fraction | None]](), dict[str, Mask]()
    for id, value in found.items():
        ready = np.logical_and.reduce([np.ones(frame.rows, dtype=bool), *(usable[name] for name in rules[id].reads)])
        for test in rules[id].undivided:
            ready = ready & ~truth(test, frame).may
        if rules[id].raters:
            ready = ready & np.logical_or.reduce([answers.given(name) for name in rules[id].reads])
        asked = rules[id].asked
        if asked is not None:
            ready = ready | ~truth(asked, frame).may
        whole[id] = ready
        table[id] = [value.low.fraction(row) if ready[row] else None for row in range(frame.rows)]
    met = dict[str, list[bool | None]]()
    for each, node in targets(scheme, part, period):
        if not usable.keys() >= set(refs(node)):
            met[each.id] = [None] * frame.rows
            continue
        held = truth(condition_of(node)[0], frame)
        ready = np.logical_and.reduce([usable[name] for name in refs(node)])
        met[each.id] = [bool(held.must[row]) if ready[row] else None for row in range(frame.rows)]
    marks = {id: _marks(rule, frame, whole.get(id)) for id, rule in rules.items() if rule.mark is not None}
    excuses = {id: list(_excuses(rule, frame, whole.get(id))) for id, rule in rules.items() if rule.excuses}
    return Live(answers, table, broken, conflicting, met, not_asked, marks, excuses)


def _marks(rule: Rule, frame: Frame, ready: Mask | None) -> list[Fraction | None]:
    """The full mark of each subject: as long as nobody knows better, that of its group, or of the scheme."""
    now, whole = number(rule.worth, frame), number(rule.whole, frame)
    sure = np.zeros(frame.rows, dtype=bool) if ready is None else ready
    return [(now.low if sure[row] else whole.low).fraction(row) if whole.known[row] else rule.of
            for row in range(frame.rows)]  # fmt: skip


def _excuses(rule: Rule, frame: Frame, ready: Mask | None) -> Iterator[tuple[str, Mask]]:
    if rule.asked is not None:
        yield NOT_MINE, ~truth(rule.asked, frame).may
    if ready is not None:
        yield from ((UNCOUNTED, truth(each, frame).must & ready) for each in rule.skips)


def _with_absent(answers: Answers) -> Answers:
    """Optional inputs and raters that are left blank count as absent, as the formulas take them."""
    filled = answers.copy()
    for each in answers.part.inputs:
        for name in each.cells if each.optional or each.kind is InputKind.RATERS else ():
            for row in np.flatnonzero(~answers.given(name)):
                filled.put(int(row), name, 0, Cell.ABSENT)
    return filled


def subjects_of(part: Part, roster: Roster) -> tuple[Subject, ...]:
    return () if part.many else tuple(Subject(part.name, unit.name) for unit in roster.units)
