"""A comparison on the terminal: what moved, in a table, and beneath it why."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..console import table
from ..model import PERSONS
from ..scheme import title_of
from ..text import some
from . import say
from .changes import Change, Comparison, Sum

FIRST, REASONS = 10, 4
"""So many subjects of a part, and so many reasons of each, where not all are asked for."""
_HEADS = ("状态", "总分", "名次", "奖惩")


def lines(made: Comparison, before: str, after: str, whole: bool = False) -> list[str]:
    """``before`` and ``after``: what the results are called; ``whole``: all subjects and all their lines."""
    if made.same:
        return [f"两次结果相同：{before} 和 {after} 的得分、名次、奖惩、状态和复查都没有变化"]
    head = click.style(f"{assessed(made)}　两次结果对比", bold=True)
    said = [head, f"{before} → {after}　方案状态：{made.status}", *first(made)]
    if not made.changes:
        return [*said, "得分、名次、奖惩、状态和复查都没有变化"]
    said += ["", *counts(made), *map(summed, made.sums)]
    for part in made.subjects:
        said += _part(part, list(made.of(part)), whole)
    return said


def assessed(made: Comparison) -> str:
    """What was assessed, and of which time."""
    title = made.title or title_of(made.scheme)
    return f"{title}　{made.year}年{made.period}" if title else f"{made.year}年{made.period}考核"


def first(made: Comparison) -> list[str]:
    """What has to be known before any figure is compared."""
    set_so = [each.line() for each in made.settings]
    notes = [f"注意：两次的设置不同，得分、名次可能因此不同：{'；'.join(set_so)}"] if set_so else []
    if any(made.stage):
        which = "两次都" if all(made.stage) else "前一次" if made.stage[0] else "后一次"
        notes.append(f"{which}是阶段结果：还有单位未定，名次和奖惩可能变化")
    return [*notes, *made.notes]


def counts(made: Comparison) -> list[str]:
    """How many of each part changed, and how many of those gravely."""
    told = list[str]()
    for part, all_ in made.subjects.items():
        mine = list(made.of(part))
        noun, grave = _noun(part), sum(each.grave for each in mine)
        told.append(f"{part} {all_} {noun}：{len(mine)} {noun}有变化，其中名次、奖惩或状态变了的 {grave} {noun}")
    return told


def summed(one: Sum) -> str:
    if one.before == one.after:
        return f"{one.name} {one.after:,} 元，没有变"
    gap = one.after - one.before
    return f"{one.name} {one.before:,} → {one.after:,} 元（{'+' if gap > 0 else '−'}{abs(gap):,}）"


def row(change: Change) -> list[str]:
    """State, total, rank and outcomes of a subject, each as it was and is."""
    pair = (change.before, change.after)
    moved = f"（{say.signed(change.gap)}）" if change.gap and None not in change.both("total") else ""
    state, total, rank = (say.arrow(*map(word, pair)) for word in (say.state, say.total, say.rank))
    return [state, total + moved, rank, some([say.outcome(each) for each in change.outcomes], "项", 2)]


def _part(part: str, changes: Sequence[Change], whole: bool) -> list[str]:
    # those that matter stand first
    many = len(changes) if whole else min(FIRST, sum(each.scored for each in changes))
    shown = changes[:many]
    if not changes:
        return []
    head, *body = table([(part, *_HEADS), *((each.label, *row(each)) for each in shown)])
    said = ["", click.style(head, bold=True), *body, "", click.style("为什么", bold=True)] if shown else []
    for each in shown:
        said += [f"  {each.label}", *(f"    {line}" for line in _reasons(each, whole))]
    rest = [each.label for each in changes[many:]]
    more = f"另有 {len(rest)} {_noun(part)}也有变化，加 -v 全部列出：{some(rest, '个')}"
    return [*said, "", more] if rest else said


def _noun(part: str) -> str:
    return "人" if part == PERSONS else "个"


def _reasons(change: Change, whole: bool) -> list[str]:
    """What decides first: state and rank, then lines by what they are worth, then outcomes."""
    items = sorted((each for each in change.items if whole or each.scored), key=lambda each: -abs(each.gap))
    told = say.reasons(change, list(map(say.item, items)))
    pair = (change.before, change.after)
    if whole and say.reviewed(change.before) != say.reviewed(change.after):
        told.append(f"复查：{say.arrow(*map(say.reviewed, pair))}")
    if whole or len(told) <= REASONS:
        return told or [f"复查：{say.arrow(*map(say.reviewed, pair))}"]
    return [*told[:REASONS], f"……另有 {len(told) - REASONS} 条，加 -v 全部列出"]
