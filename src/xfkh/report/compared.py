"""What changed between two runs as a workbook: by subject, by line, by outcome, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..compare import Change, Comparison, ItemChange, OutcomeChange, Setting, say
from ..compare.changes import OPEN
from ..compare.lines import assessed, counts, first, summed
from ..text import titled
from ..workbook.anchors import TYPE
from ..workbook.book import Book, Sheet, Value
from ..workbook.style import GAP, POINTS

KIND = "对比"
_HEAD = 5
"""The row of the heads."""
_INPUTS = 6
"""So many figures of a line stand in its row; Excel has no rows high enough for a month of raters."""
_TALLEST = 409.0
_GAP = "+#,##0;-#,##0;0"


def compared_bytes(made: Comparison, before: str, after: str) -> bytes:
    """The workbook; ``before`` and ``after``: what the two results are called."""
    stage = "　阶段结果" if any(made.stage) else ""
    book = Book(f"{assessed(made)}　两次结果对比", status=f"{before} → {after}{stage}")
    none = "两次结果的得分、名次、奖惩、状态和复查都没有变化"
    _rows(_begun(book, KIND, made, before, after), [(each.label, each) for each in made.changes], _subject, none)
    items = [(one.label, each) for one in made.changes for each in one.items]
    none = "没有得分或填报数的变动；没有指标的方案、前后有一次没有评的单位，不在这里"
    _rows(_begun(book, "得分变动", made, before, after), items, _item, none)
    outcomes = [(one.label, each) for one in made.changes for each in one.outcomes]
    _rows(_begun(book, "奖惩变动", made, before, after), outcomes, _outcome, "奖惩没有变动")
    if made.settings:
        settings = [(each.kind, each) for each in made.settings]
        _rows(_begun(book, "口径与设置", made, before, after), settings, _setting, "")
    book.stamp({TYPE: KIND})
    return book.finish()


_WIDTHS = {
    KIND: (18, 14, 10, 10, 8, 7, 7, 7, 26, 14, 46),
    "得分变动": (18, 8, 12, 8, 8, 8, 56, 34),
    "奖惩变动": (18, 9, 16, 7, 16, 16, 11, 56),
    "口径与设置": (10, 20, 50, 50),
}
_HEADS = {
    KIND: ("状态", "原总分", "现总分", "增减", "原名次", "现名次", "升降", "奖惩的变化", "复查", "为什么"),
    "得分变动": ("指标", "依据", "原得分", "现得分", "增减", "填报数的变动", "为什么"),
    "奖惩变动": ("种类", "名称", "变化", "原来", "现在", "增减（元）", "为什么"),
    "口径与设置": ("种类", "名称", "前一次", "后一次"),
}


def _begun(book: Book, name: str, made: Comparison, before: str, after: str) -> Sheet:
    """A sheet with its widths, title, what is to be known first, and heads."""
    sheet = book.sheet(name)
    sheet.widths(*_WIDTHS[name])
    told = "；".join([*counts(made), *map(summed, made.sums)]) if made.changes else "没有变化"
    title = "两次结果对比" if name == KIND else f"两次结果对比　{name}"
    about = f"{before} → {after}　方案状态：{made.status}"
    sheet.heading(f"{assessed(made)}　{title}", about, "　".join(first(made)), told)
    who = [] if name == "口径与设置" else ["、".join(made.subjects)]
    sheet.row(_HEAD - 1, [*who, *_HEADS[name]], "head")
    sheet.raw.set_row(_HEAD - 1, 22)
    return sheet


_Row = TypeVar("_Row")


def _rows(
    sheet: Sheet, rows: Sequence[tuple[str, _Row]], write: Callable[[Sheet, int, str, _Row], None], none: str
) -> None:
    """A row each, with whom it is about first; ``none``: what stands there where there is none."""
    for at, (who, each) in enumerate(rows, _HEAD):
        write(sheet, at, who, each)
    if not rows:
        sheet.merge(_HEAD, 0, len(sheet.columns) - 1, none, "cell")
    sheet.raw.freeze_panes(_HEAD, 1)
    sheet.raw.autofilter(_HEAD - 1, 0, _HEAD + max(len(rows), 1) - 1, len(sheet.columns) - 1)
    sheet.print_setup(landscape=True, repeat=(_HEAD - 1, _HEAD - 1))


def _subject(sheet: Sheet, at: int, who: str, change: Change) -> None:
    pair = (change.before, change.after)
    state, awards, review, why = (
        say.arrow(*map(say.state, pair)),
        "；".join(map(say.outcome, change.outcomes)),
        say.arrow(*map(say.reviewed, pair)),
        "\n".join(_why(change)),
    )
    sheet.text(at, 0, who, "cell_strong_wrap")
    sheet.text(at, 1, state, "cell_centre_wrap", **_state_fill(change))
    _pair(sheet, at, 2, [_number(each and each["total"], say.total(each)) for each in pair])
    _gap(sheet, at, 4, change)
    _pair(sheet, at, 5, [_number(each and not each["group"] and each["rank"], say.rank(each)) for each in pair])
    word, fill = _moved(change)
    sheet.text(at, 7, word, "cell_centre", **fill)
    sheet.row(at, [awards, review, why], "cell_wrap", start=8)
    texts = [who, state, *map(say.total, pair), "", *map(say.rank, pair), word, awards, review, why]
    _height(sheet, at, texts)


def _why(change: Change) -> list[str]:
    """The reasons that have no sheet of their own, and where the others stand."""
    lines = say.gains(change)
    total = [f"得分：{lines}（见「得分变动」）"] if lines else []
    quiet = [f"填报数变了、得分没有变：{len(change.items)} 项（见「得分变动」）"] if change.items and not lines else []
    told = [f"{each.about}：{each.text}" for each in change.why]
    return [*told, *total, *quiet] or ["见「奖惩变动」" if change.outcomes else "只是复查进度或阶段变了"]


def _state_fill(change: Change) -> dict[str, str]:
    state = change.after["state"] if change.after else "未报"
    if change.both("state")[0] == state:
        return {}
    return {"fill": "open" if state in OPEN else "warn" if state == "暂定" else "good"}


def _number(value: object, said: str) -> Value:
    """A number where there is one, else what is said instead."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else said


def _pair(sheet: Sheet, at: int, col: int, values: Sequence[Value]) -> None:
    for k, each in enumerate(values):
        sheet.put(at, col + k, each, "cell_centre_wrap", num_format=POINTS)


def _gap(sheet: Sheet, at: int, col: int, change: Change) -> None:
    """By how much the total rose or fell; the sign stands beside the colour."""
    if None in change.both("total"):
        sheet.text(at, col, "—", "cell_centre")
        return
    _signed(sheet, at, col, float(change.gap))


def _signed(sheet: Sheet, at: int, col: int, gap: float, form: str = GAP) -> None:
    fill = {"fill": "good" if gap > 0 else "lost"} if gap else {}
    sheet.number(at, col, gap, "cell_strong_centre", num_format=form, **fill)


def _moved(change: Change) -> tuple[str, dict[str, str]]:
    """Up, down, in or out of the ranking, with its colour."""
    was, now = change.both("rank")
    if was == now or change.differs("group"):
        return ("改组" if change.differs("group") and was and now else "—"), {}
    if was is None or now is None:
        return ("进入", {"fill": "good"}) if was is None else ("退出", {"fill": "open"})
    return (f"升 {was - now}", {"fill": "good"}) if now < was else (f"降 {now - was}", {"fill": "lost"})


def _item(sheet: Sheet, at: int, who: str, change: ItemChange) -> None:
    told = [" → ".join(part for part in say.given(each)) for each in change.inputs[:_INPUTS]]
    told = [f"{each.name}：{text}" for each, text in zip(change.inputs, told, strict=False)]
    if len(change.inputs) > _INPUTS:
        told.append(f"……等 {len(change.inputs)} 格")
    figures, why = "\n".join(told) or "没有变", say.cause(change)
    sheet.text(at, 0, who, "cell_strong_wrap")
    sheet.row(at, [change.id, change.clause], "cell_wrap", start=1)
    _pair(sheet, at, 3, [_number(each and each["points"], say.points(each)) for each in (change.before, change.after)])
    if not change.known:
        sheet.text(at, 5, "—", "cell_centre")
    else:
        _signed(sheet, at, 5, float(change.gap))
    sheet.row(at, [figures, why], "cell_wrap", start=6)
    _height(sheet, at, [who, change.id, change.clause, "", "", "", figures, why])


def _outcome(sheet: Sheet, at: int, who: str, change: OutcomeChange) -> None:
    word = "新增" if change.before is None else "取消" if change.after is None else "改变"
    was, now = ("—" if each is None else say.standing(each) or "确定" for each in (change.before, change.after))
    name = titled(change.id)
    sheet.text(at, 0, who, "cell_strong_wrap")
    sheet.row(at, [change.kind, name], "cell_wrap", start=1)
    sheet.row(at, [word, was, now], "cell_centre_wrap", start=3)
    sheet.number(at, 6, int(change.gap), "cell_strong_centre", num_format=_GAP)
    sheet.text(at, 7, change.why, "cell_wrap")
    _height(sheet, at, [who, change.kind, name, word, was, now, "", change.why])


def _setting(sheet: Sheet, at: int, kind: str, change: Setting) -> None:
    row = [kind, change.name or "—", change.before, change.after]
    sheet.row(at, row, "cell_wrap")
    _height(sheet, at, row)


def _height(sheet: Sheet, at: int, texts: Sequence[str]) -> None:
    pairs = list(zip(texts, sheet.columns, strict=True))
    sheet.raw.set_row(at, min(_TALLEST, sheet.needed(pairs, least=20)))
