"""排名.xlsx without the round before it: answers are scored and written, figures of it changed, and recalculated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import load_workbook

from tests import office
from tests.cases_district import Answer
from tests.parity import ASKED, YEAR, Filled, answers_of, rated, read_csv, roster_of
from xfkh.answers import Answers
from xfkh.model import Origin, Scheme, State
from xfkh.outcomes import outcomes
from xfkh.report.facts import Facts
from xfkh.report.ranking import write_ranking
from xfkh.results import PartScores, Standing
from xfkh.score import score

SHEET, DETAIL, TOTALS = "比较数据", "得分明细", "总表"
Cells = Mapping[str, Mapping[str, Any]]
Edit = tuple[str, str, Any]
"""A unit, an input, what somebody types over it."""


@dataclass(frozen=True)
class Sent:
    """How a unit's return was received, where it is not simply there."""

    state: State = State.ASSESSED
    closed: bool = False


def scored(scheme: Scheme, sets: Sequence[Filled], sent: Mapping[int, Sent] | None = None) -> PartScores:
    """The sets scored as the bureau does; ``sent``: by row, whose return is not simply there."""
    scheme, rows = rated(scheme, sets), [(sent or {}).get(row, Sent()) for row in range(len(sets))]
    part = scheme.parts[0]
    standing = Standing([each.state for each in rows], np.array([each.closed for each in rows], dtype=bool))
    reported, verified = answers_of(part, sets, ASKED), answers_of(part, sets, [Origin.REVIEW])
    nothing = Answers.blank(part, reported.subjects)
    return score(scheme, part, "全年", reported, nothing, verified, standing, roster_of(sets))[0]


def write(scores: PartScores, sets: Sequence[Filled], path: Path) -> Path:
    result, stage = outcomes(scores)[0], bool(scores.open.any())
    units = {str(each): scores.states.count(each) for each in State} | {"合计": len(sets)}
    write_ranking(path, Facts(scores.scheme, roster_of(sets), YEAR, "全年", stage, [result], [], [], {}, units))
    return path


def changed(path: Path, out: Path, edits: Sequence[Edit]) -> Path:
    """The workbook after somebody typed over figures of 比较数据."""
    book = load_workbook(path)
    for unit, name, value in edits:
        sheet = book[SHEET]
        heads = next(row for row in sheet.iter_rows() if row[0].value == "名次")
        col = next(cell.column for cell in heads if cell.value == name)
        sheet.cell(next(cell.row for cell in sheet["B"] if cell.value == unit), col).value = value
    book.save(out)
    return out


def computed(paths: Sequence[Path]) -> list[Cells]:
    found = office.recalculated_texts(paths)
    return [{name: read_csv(text) for name, text in found[path].items()} for path in paths]


def rows_of(cells: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of a table by unit, under the first lines of their heads."""
    lines: dict[int, dict[str, Any]] = {}
    for at, value in cells.items():
        letters = at.rstrip("0123456789")
        lines.setdefault(int(at[len(letters) :]), {})[letters] = value
    head = next(row for row, line in lines.items() if line.get("A") == "名次")
    names = {letters: str(value).replace("\n", " ") for letters, value in lines[head].items()}
    return {str(line["B"]): {names[col]: value for col, value in line.items() if col in names}
            for row, line in lines.items() if row > head + 1 and str(line.get("B", "")).startswith("单位")}  # fmt: skip


def points_of(scores: PartScores, row: int, id: str) -> float | str:
    points = scores.points(row, id) if scores.states[row] in (State.ASSESSED, State.PROVISIONAL) else None
    missing = "待核" if scores.states[row] in (State.ASSESSED, State.PROVISIONAL) else "—"
    return missing if points is None else float(points)


def differences(scores: PartScores, shown: Cells) -> list[str]:
    """Where 得分明细 has other points of an item that is compared than the engine."""
    table, found = rows_of(shown[DETAIL]), list[str]()
    for row, subject in enumerate(scores.subjects):
        for id, rule in scores.rules.items():
            if rule.across:
                there = next(value for head, value in table[subject.unit].items() if head.split(" ")[0] == id)
                wanted = points_of(scores, row, id)
                if there != wanted:
                    found.append(f"{subject.unit} {id}: {there!r}, engine {wanted!r}")
    return found


def with_answer(sets: Sequence[Filled], row: int, name: str, value: Answer | None) -> list[Filled]:
    """The sets with one answer changed, or taken away."""
    answers = {**sets[row].answers, name: value}
    kept = {cell: each for cell, each in answers.items() if each is not None}
    return [Filled(each.sentence, kept) if k == row else each for k, each in enumerate(sets)]


def plain(value: Answer | None) -> Any:
    """An answer as it is typed into a sheet."""
    return float(value) if isinstance(value, Fraction) else value
