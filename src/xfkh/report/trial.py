"""What a trial by hand moves in 排名.xlsx, and what the pages say of what only a run of the program can judge again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from fractions import Fraction
from typing import Any

from ..formula import FormulaError, Node, formula
from ..formula.excel import spans_units
from ..formula.say import decimal
from ..formula.tree import refs
from ..model import YEAR, Outcome, OutcomeKind, State
from ..results import PartScores
from ..scheme import conditions, outcome_names, targets, total_of
from ..scheme.conditions import ANY_VETO, RANK, TOTAL
from ..text import clean
from ..workbook.book import Sheet

OVERVIEW = "总览"
COUNT_AT = (2, 15)
"""Where 总览 counts the subjects that were changed by hand, beside what is printed."""
CHANGED = f"{OVERVIEW}!$P$3>0"
WAS, UNJUDGED, STALE = "未按改动重算；原为：", "未按改动重算", "未重算"
"""Before words of the run, in place of them, and in place of a figure of the run, once a score was changed."""
NO_VETO, OPEN_VETO, NONE, HELD = "无", "待核", "—", str(State.HELD)
_CHUNK = 120
_ANY = 1e6
"""A limit where there is none."""


def literal(text: str) -> str:
    """A text within a formula, in pieces that Excel takes."""
    plain = clean(text)
    pieces = [plain[k : k + _CHUNK].replace('"', '""') for k in range(0, len(plain), _CHUNK)] or [""]
    return "&".join(f'"{each}"' for each in pieces)


def frozen(text: str, test: str = CHANGED) -> str:
    """Words of the run as a formula: once a trial may have moved them they say that they are of before."""
    return f'IF({test},"{WAS}","")&{literal(text)}'


def withdrawn(value: str) -> str:
    """A figure of the run as a formula: once a score was changed it is not shown."""
    return f'IF({CHANGED},"{STALE}",{value})'


def unless_empty(text: str) -> str:
    """What a formula looks up; of a cell that a person emptied nothing, and not 0."""
    return f'IF({text}="","",{text})'


def write_followed_note(sheet: Sheet, row: int, col: int, note: str, page: str) -> None:
    """The note in the head of a page that follows a trial."""
    text = f'IF({CHANGED},"手工改动过，本页已随之重算，改了谁见「{page}」；","")&{literal(note)}'
    sheet.formula(row, col, text, note, "subtitle")


def write_frozen_note(sheet: Sheet, row: int, col: int, note: str) -> None:
    """The note in the head of a page whose figures are those of the run."""
    text = f'IF({CHANGED},"得分改过，本页的数没有随之重算。","")&{literal(note)}'
    sheet.formula(row, col, text, note, "subtitle")


def differs(now: str, graded: str) -> str:
    """Whether a cell, or each of several, is not as graded; an empty cell, which equals 0, is not."""
    return f"(({now}<>{graded})+(ISNUMBER({now})<>ISNUMBER({graded}))>0)"


def number_between(least: Fraction | None, most: Fraction | None, what: str) -> dict[str, Any]:
    """A validation that takes a number within these limits and nothing else."""
    low, high = (-_ANY if least is None else float(least)), (_ANY if most is None else float(most))
    words = [f"不小于{decimal(least)}"] if least is not None else []
    words += [f"不大于{decimal(most)}"] if most is not None else []
    return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high, "ignore_blank": False,
            "error_type": "stop", "error_title": "这格填不了",
            "error_message": f"{what}只能填{'、'.join(words)}{'的' * bool(words)}数。"}  # fmt: skip


def is_vetoed(veto: str) -> str:
    """Whether a cell of 一票否决 names a veto, as a formula."""
    words = ("", NONE, NO_VETO, OPEN_VETO, WAS + NO_VETO)
    return f"AND({','.join(f'{veto}<>{literal(each)}' for each in words)})"


def moved(scores: PartScores) -> frozenset[str]:
    """The outcomes that another total or rank could change, by themselves or through an outcome before them."""
    return _reached(scores, _standing(scores), frozenset())


def moved_by_others(scores: PartScores) -> frozenset[str]:
    """Those that the total of another could change: by the rank, or by a formula over all."""
    return _reached(scores, {RANK}, _standing(scores) | moved(scores))


def _reached(scores: PartScores, names: Set[str], compared: Set[str]) -> frozenset[str]:
    """The outcomes that read one of the names, or a formula over all in which one is ``compared``."""
    reached, found = {*names}, set[str]()
    for each in conditions(scores.scheme, scores.part, scores.period):
        across = compared & {*each.reads} and any(
            map(spans_units, (each.node, *each.reasons, *(one for one in (each.count, each.share) if one)))
        )
        if due(each.outcome, scores.period) and (across or reached & {*each.reads, each.outcome.tier}):
            found.add(each.outcome.id)
            reached |= {each.outcome.id, *filter(None, [each.outcome.tier])}
            reached |= {ANY_VETO} if each.outcome.kind is OutcomeKind.VETO else set()
    return frozenset(found)


def moved_targets(scores: PartScores) -> frozenset[str]:
    """The targets that another total could change."""
    names = _standing(scores)
    found = targets(scores.scheme, scores.part, scores.period)
    return frozenset(target.id for target, node in found if names & {*refs(node)})


def _standing(scores: PartScores) -> set[str]:
    """What conditions call the total and the rank; the total may be an input."""
    whole = total_of(scores.scheme, scores.part, scores.period)
    return {TOTAL, RANK, *(refs(whole) if whole else ())}


def by_total(scores: PartScores, outcomes: Iterable[Outcome]) -> dict[str, Node]:
    """Those of the outcomes that the total alone decides, with their conditions: a formula can follow a trial."""
    names, found = outcome_names(scores.scheme, scores.part, scores.period), dict[str, Node]()
    for each in outcomes:
        try:
            node = formula(each.condition, names, "是否")
        except FormulaError:
            continue
        if not each.reasons and refs(node) == (TOTAL,):
            found[each.id] = node
    return found


def due(outcome: Outcome, period: str) -> bool:
    """Whether an outcome is given in a period at all."""
    return period == YEAR or not outcome.annual


def listed(vetoes: Sequence[tuple[str, str]]) -> str:
    """Vetoes as a formula, 、 between them: each with the test on which it rests, no test where it is certain."""
    tests, certain, texts = list[str](), False, list[str]()
    for id, test in vetoes:
        before = '"、"&' if certain else f'IF(OR({",".join(tests)}),"、","")&' if tests else ""
        texts.append(f'IF({test},{before}{literal(id)},"")' if test else f"{before}{literal(id)}")
        certain, tests = certain or not test, [*tests, *[test] * bool(test)]
    said = "&".join(texts)
    return said if certain else f'IF(OR({",".join(tests)}),{said},"{NO_VETO}")'
