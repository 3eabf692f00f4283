"""What other results hand on: last year's awards and vetoes, another scheme's totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from .answers import Answers, RawCell, read_cell
from .findings import Finding, finding
from .model import YEAR, Cell, Input, Part, Source, State, Subject
from .recorded import Key, ResultsError, key_of, read_record
from .text import some


class CarryError(Exception):
    """Results that cannot be carried over: why."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A results.json: what it is of, and its subjects by part, unit, person and staff number."""

    path: Path
    scheme: str
    year: int
    period: str
    subjects: Mapping[Key, Mapping[str, Any]]

    @property
    def source(self) -> Source:
        return Source(f"{self.path.resolve().parent.name}/{self.path.name}")


def read_results(path: Path) -> Earlier:
    """The results of a folder, or of its results.json. Raises ResultsError."""
    path = path / "results.json" if path.is_dir() else path
    record = read_record(path, "scheme", "year", "period")
    subjects = {key_of(each): each for each in record["subjects"]}
    try:
        return Earlier(path, str(record["scheme"]), int(record["year"]), str(record["period"]), subjects)
    except (ValueError, TypeError):
        raise ResultsError(f"{path} 没有写明是哪一年的结果") from None


def last_year(
    earlier: Earlier | None, scheme: str, year: str, part: Part, subjects: Sequence[Subject]
) -> tuple[Answers, list[Finding]]:
    """The 上年 inputs of a part from last year's outcomes. Raises CarryError for results of another scheme."""
    answers, findings = Answers.blank(part, subjects), list[Finding]()
    wished = [each for each in part.inputs if each.previous]
    if earlier is None or not wished:
        return answers, findings
    if earlier.scheme != scheme:
        raise CarryError(f"--previous 给的是方案「{earlier.scheme}」的结果，不是「{scheme}」的")
    if earlier.period != YEAR:
        raise CarryError(f"--previous 给的是 {earlier.year} 年{earlier.period}的结果，年度的表彰和否决要看全年的结果")
    if year.isdigit() and earlier.year != int(year) - 1:
        findings.append(finding("previous-year", earlier.source, found=earlier.year, wanted=int(year) - 1))
    for row, subject in enumerate(subjects):
        findings += _awarded(answers, row, subject, wished, earlier)
    return answers, findings


def _awarded(
    answers: Answers, row: int, subject: Subject, wished: Sequence[Input], earlier: Earlier
) -> Iterator[Finding]:
    """Whether last year's result gave a subject the outcomes; what was open there says nothing."""
    found = earlier.subjects.get(key_of(subject._asdict()))
    if found is None or found["state"] != State.ASSESSED:
        state = "不在其中" if found is None else f"是{found['state']}"
        yield finding("previous-open", earlier.source, subject.unit, state=state)
        return
    for each in wished:
        given = [one for one in found["outcomes"] if each.previous in (one["id"], one["kind"])]
        if given and all(one["pending"] for one in given):
            yield finding("previous-open", earlier.source, subject.unit, state=f"的{given[0]['id']}还是阶段结果")
        else:
            answers.put(row, each.name, int(bool(given)), source=earlier.source)


def scores_from(
    earlier: Earlier | None, year: str, period: str, part: Part, subjects: Sequence[Subject]
) -> tuple[Answers, list[Finding]]:
    """The inputs that may come from another scheme's totals of the same time. Raises CarryError for another time."""
    answers, findings = Answers.blank(part, subjects), list[Finding]()
    wished = [each for each in part.inputs if each.scores]
    if earlier is None or not wished:
        return answers, findings
    if (str(earlier.year), earlier.period) != (year, period):
        when = f"{earlier.year} 年{earlier.period}"
        raise CarryError(f"--scores-from 给的是{when}的结果，本次考核的是 {year} 年{period}")
    unreviewed = list[str]()
    for row, subject in enumerate(subjects):
        found = earlier.subjects.get(key_of(subject._asdict()))
        why = _unusable(found)
        if found is None or why:
            findings.append(finding("scores-missing", earlier.source, subject.unit, why=why))
            continue
        for each in wished:
            total = Fraction(str(found["total"]))
            reading = read_cell(each, RawCell(float(total)))
            if reading.state is Cell.GIVEN:
                answers.put(row, each.name, reading.value, source=earlier.source)
                unreviewed += [] if found["reviewed"] else [subject.label]
            else:
                why = f"总分 {found['total']} 不能用作{each.name}：{reading.why}"
                findings.append(finding("scores-missing", earlier.source, subject.unit, why=why))
    if unreviewed:
        findings.append(finding("scores-unreviewed", earlier.source, units=some(unreviewed, "个单位")))
    return answers, findings


def _unusable(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "不在那份结果里"
    if found["total"] is None:
        return f"在那份结果里是{found['state']}，没有总分"
    return "" if found["range"] == [found["total"]] * 2 else "在那份结果里还是阶段分数，可能变化"
