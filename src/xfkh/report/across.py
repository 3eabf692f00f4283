"""比较数据: what is compared between subjects, a row each, and the places, means and points that follow from it, live.

The formulas are written from the trees of the rules. Who does not count has a word in place of a figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from ..formula import Node, excel, refs
from ..formula.evaluate import number, truth
from ..formula.exact import Truth
from ..formula.tree import Apply, Number, Ref, num, walk
from ..model import Cell, Input, InputKind, Item
from ..rules import Rule
from ..rules.lines import surely
from ..rules.points import points_text
from ..template.formulas import answered, valid
from ..text import width
from ..workbook.book import Sheet, Value, cell
from ..workbook.lint import FORMULA
from ..workbook.style import EXCUSED, HAND
from ..workbook.style import POINTS as FIGURE
from .comparison import (
    BRINGS,
    EDITED,
    GRADED,
    INPUT,
    KEY,
    MARK,
    MEAN,
    PART,
    PLACE,
    POINTS,
    RANKED,
    WHOLE,
    Comparison,
    may_lack,
)
from .table import FIRST, Board, Line
from .trial import NONE, differs, number_between

NOT_COUNTED, NOT_MINE, CLOSED, WAITING = "不参加", "不考", "不参评", "待核"
TWO = "0.00"
_NOTHING, _PAGE = Fraction(0), 180


class _Node:
    """What the run made of a node across subjects, by row. ``whole``: 0 where a subject does not count; ``sure``: all
    that it brings is known; ``value``: None where there is no place or mean for it."""

    def __init__(self, view: Comparison, node: Apply) -> None:
        scores = view.scores
        # awards are given among who is ranked, points among all who take part
        frame = replace(scores.now, counted=Truth(~scores.closed, ~scores.closed))
        value, condition, *members = node.args
        brings, group = number(value, frame), excel.group_of(node)
        counts = (truth(condition, frame).must & brings.known & ~scores.closed).tolist()
        # who is in none of the groups is not asked, and meets nobody
        mine = truth(Apply("OR", tuple(members)), frame).may if members else np.ones(len(counts), dtype=bool)
        over, parts, wholes = number(node, frame).low, *(number(each, frame).low for each in excel.brought(node))
        own, placed = view.there(refs(value)), view.there([group] if group else [])
        self.sure = view.there(names_of(node))
        self.part, self.whole, self.value = list[Fraction](), list[Fraction](), list[Fraction | None]()
        for row, counted in enumerate(counts):
            part, whole, plain = (each.fraction(row) or _NOTHING for each in (parts, wholes, brings.low))
            part, whole = (part, whole) if self.sure[row] else (plain, Fraction(1))
            counted = counted and (self.sure[row] or mine[row])
            self.part.append(part if counted else _NOTHING)
            self.whole.append(whole if counted else _NOTHING)
            there = (
                placed[row] and mine[row] and (node.fn != "RANK" or (own[row] and brings.low.fraction(row) is not None))
            )
            self.value.append(over.fraction(row) if there else None)


def names_of(node: Apply) -> tuple[str, ...]:
    """The answers that say whether a subject counts and with what, but for its group."""
    return refs(Apply("", node.args[:2]))


class _Compared:
    """Writes the sheet of one part."""

    def __init__(self, sheet: Sheet, board: Board, view: Comparison) -> None:
        self.sheet, self.board, self.view, self.scores = sheet, board, view, board.scores
        self.inputs = {name: each for each, name in view.cells}
        self.found = [_Node(view, node) for node in view.nodes]

    def write(self) -> None:
        sheet, board, view = self.sheet, self.board, self.view
        heads = [self._head(*each) for each in view.shown]
        widths = [max(9.0, *(min(14.0, width(part) + 2) for part in head.split("\n"))) for head in heads]
        sheet.widths(6, *board.who_widths(), *widths)
        note = (
            f"单位之间比的数，和由它算出的名次、平均、得分；可以试改前面的数，「{board.detail}」和「{board.totals}」随之重算，"
            f"改过的格子加框、斜体粗字；“{NOT_COUNTED}”：没有这个数，或不符合参加比的条件"
        )
        board.head(sheet, ["名次", *board.who, *heads], note)
        sheet.height(FIRST - 2, list(zip(heads, widths, strict=True)), least=34)
        sheet.row(FIRST - 1, ["", "计量单位和分值", *[""] * (len(board.who) - 1)], "total")
        sheet.row(FIRST - 1, [self._unit(*each) for each in view.shown], "total_centre", start=view.before)
        for at, line in enumerate(board.order, FIRST):
            self._row(at, line)
        self._limits()
        self._marks()
        sheet.hide(view.end + 1, view.end + len(view.hidden))
        sheet.raw.freeze_panes(FIRST, view.before)
        sheet.raw.autofilter(FIRST - 1, 0, board.last, view.end + len(view.hidden))
        sheet.print_setup(landscape=True, repeat=(FIRST - 2, FIRST - 1))
        sheet.raw.repeat_columns(0, view.before - 1)
        # many items stand on several pages side by side, legibly
        sheet.raw.fit_to_pages(1 + int(sum(sheet.columns)) // _PAGE, 0)
        sheet.raw.print_area(0, 0, self._rules(board.last + 2), view.end)

    def _head(self, what: str, of: str | int) -> str:
        if what == INPUT:
            each = self.inputs[str(of)]
            return each.label(str(of)) if each.series else str(of)
        return f"{of if what == POINTS else self.view.readers[int(of)][0].id}\n{what}"

    def _unit(self, what: str, of: str | int) -> str:
        if what == INPUT:
            each = self.inputs[str(of)]
            return each.unit or ("是/否" if each.kind is InputKind.FLAG else "")
        rules = {item.id: rule for item, rule in self.view.lines}
        return points_text(rules[str(of)].of, str(of)) if what == POINTS else ""

    def _row(self, at: int, line: Line) -> None:
        sheet, board, view, key = self.sheet, self.board, self.view, self.view.at[KEY, ""]
        place, mine = self.scores.rank(line.row), f"${cell(at, key)}"
        sheet.formula(at, 0, board.of_key("名次", mine), NONE if place is None else place, "cell_centre")
        board.write_who(sheet, at, 1, line.row)
        sheet.height(at, board.who_texts(sheet, 1, line.row))
        sheet.number(at, key, line.row + 1)
        for each, name in view.cells:
            value = self._answer(line, each, name)
            sheet.put(at, view.at[INPUT, name], value, "cell_centre_wrap", num_format=FIGURE)
            sheet.put(at, view.at[GRADED, name], value)
        for k, node in enumerate(view.nodes):
            self._brings(at, line, k)
            (self._place if node.fn == "RANK" else self._mean)(at, line, k)
        for item, rule in view.lines:
            self._points(at, line, item, rule)
        now, graded = (view.row(at, [(what, name) for _, name in view.cells]) for what in (INPUT, GRADED))
        edited = differs(f"{now[0]}:{now[-1]}", f"{graded[0]}:{graded[-1]}")
        sheet.formula(at, view.at[EDITED, ""], f"SUMPRODUCT({edited}*1)", 0)

    def _answer(self, line: Line, each: Input, name: str) -> Value:
        """What counts; nothing where nothing was given, and a word where a scored subject is open."""
        state = self.scores.answers.state(line.row, name)
        if state is Cell.GIVEN:
            return self.scores.value(line.row, name)
        return WAITING if state is not Cell.ABSENT and line.scored else None

    # --- formulas of one row ----------------------------------------------------------------------

    def _text(self, node: Node, at: int) -> str:
        return excel.write(self.view.tree(node), lambda name: self.view.where(at, name))

    def _ready(self, line: Line, names: Iterable[str], at: int, *more: str) -> str:
        """Whether these answers are there, as a condition; of who is not scored what is left out is not known."""
        found = [(self.inputs[name], self.view.where(at, name)) for name in names]
        tests = [(answered if line.scored else valid)(self._asked(each), address) for each, address in found]
        return f"AND({','.join([*tests, *more])})" if [*tests, *more] else "1=1"

    @staticmethod
    def _asked(each: Input) -> Input:
        return replace(each, optional=each.optional or "没有") if may_lack(each) else each

    def _brings(self, at: int, line: Line, k: int) -> None:
        """Hidden: what a subject brings to a node. What is known of it though an answer is open stands as the run has
        it; who takes part no more brings nothing, whatever stands there."""
        view, found, row, node = self.view, self.found[k], line.row, self.view.nodes[k]
        part, whole = excel.brought(node)
        given, over = found.part[row], found.whole[row]
        if self.scores.closed[row]:
            self.sheet.row(at, [given, over], "plain", start=view.at[PART, k])
            return
        kept = (given, over) if not found.sure[row] else (_NOTHING, _NOTHING)
        ready, there = self._ready(line, names_of(node), at), cell(at, view.at[WHOLE, k])
        size = self._text(whole, at)
        if _divides(part):
            size = f"IF(ISERROR({self._text(part, at)}),0,{size})"
        taken = f"IF({there}>0,{self._text(part, at)},0)"
        if kept[1]:
            taken = f"IF({ready},{taken},{excel.literal(kept[0])})"
        size = f"IF({self._text(surely(node.args[1]), at)},{size},0)"
        size = f"IFERROR({size},0)" if _divides(node.args[1]) else size
        text = f"IF({ready},{size},{excel.literal(kept[1])})"
        self.sheet.formula(at, view.at[PART, k], taken, given)
        self.sheet.formula(at, view.at[WHOLE, k], text, over)

    def _over(self, at: int, k: int) -> str:
        node = self.view.nodes[k]
        inner = replace(node, args=tuple(map(self.view.tree, node.args)))
        return excel.over_units(inner, lambda name: self.view.where(at, name), self.view.columns_of(k))

    def _place(self, at: int, line: Line, k: int) -> None:
        """Hidden as the trees read it, 0 for who has nothing to compare; shown of who counts."""
        view, node, found = self.view, self.view.nodes[k], self.found[k]
        group, whole = excel.group_of(node), excel.brought(node)[1]
        more = [f"{self._text(whole, at)}>0"] if whole != excel.ONE else []
        ready = self._ready(line, [*refs(node.args[0]), *[group] * bool(group)], at, *more)
        text = f"IF({ready},{self._over(at, k)},0)"
        text = f"IFERROR({text},0)" if _divides(node.args[0]) else text
        text = self._if_mine(line, view.readers[k][1], at, text, "0")
        place = found.value[line.row] or _NOTHING
        self.sheet.formula(at, view.at[RANKED, k], text, place)
        self._shown(at, line, k, PLACE, cell(at, view.at[RANKED, k]), place)

    def _mean(self, at: int, line: Line, k: int) -> None:
        """With what a subject counts, and the mean."""
        view, found, row = self.view, self.found[k], line.row
        mean, (part, whole) = found.value[row], view.row(at, [(PART, k), (WHOLE, k)])
        text = f'IFERROR({self._over(at, k)},"{NONE}")'
        text = self._if_mine(line, view.readers[k][1], at, text, f'"{NONE}"')
        shown = NONE if mean is None else mean
        self.sheet.formula(at, view.at[MEAN, k], text, shown, "cell_centre", num_format=TWO)
        size = found.whole[row]
        style = FIGURE if isinstance(view.nodes[k].args[0], Ref) else TWO
        self._shown(at, line, k, BRINGS, f"{part}/{whole}", found.part[row] / size if size else _NOTHING, style)

    def _shown(
        self, at: int, line: Line, k: int, what: str, counted: str, value: Fraction, style: str = FIGURE
    ) -> None:
        """What a subject has where it counts, else why it does not."""
        view, found, row, node = self.view, self.found[k], line.row, self.view.nodes[k]
        if self.scores.closed[row]:
            self.sheet.text(at, view.at[what, k], CLOSED, "cell_centre")
            return
        waits = WAITING if line.scored else str(line.state)
        why = f'IF({self._ready(line, names_of(node), at)},"{NOT_COUNTED}","{waits}")'
        text = f"IF({cell(at, view.at[WHOLE, k])}>0,{counted},{why})"
        said: Value = value if found.whole[row] else NOT_COUNTED if found.sure[row] else waits
        rule = view.readers[k][1]
        text = self._if_mine(line, rule, at, text, f'"{NOT_MINE}"')
        said = NOT_MINE if self._is_not_mine(line, rule) else said
        self.sheet.formula(at, view.at[what, k], text, said, "cell_centre", num_format=style)

    def _if_mine(self, line: Line, rule: Rule, at: int, text: str, otherwise: str) -> str:
        """A formula for those whose item it is; something else for others, once their group is known."""
        if rule.asked is None:
            return text
        other = self._text(Apply("NOT", (rule.asked,)), at)
        return f"IF({self._ready(line, refs(rule.asked), at, other)},{otherwise},{text})"

    def _is_not_mine(self, line: Line, rule: Rule) -> bool:
        return rule.asked is not None and not truth(rule.asked, self.scores.now).may[line.row]

    def _points(self, at: int, line: Line, item: Item, rule: Rule) -> None:
        view, points = self.view, self.scores.points(line.row, item.id) if line.scored else None
        shown = (WAITING if line.scored else NONE) if points is None else points
        excused = line.scored and self.scores.excuse(line.row, item.id)
        style = EXCUSED if excused else FIGURE
        self._live(at, view.at[POINTS, item.id], line, rule, rule.tree, f'"{WAITING}"', shown, style)
        if view.marked(rule):
            worth = self.board.full_of(line.row, item)
            self._live(at, view.at[MARK, item.id], line, rule, rule.worth, excel.literal(worth), worth, FIGURE)

    def _live(self, at: int, col: int, line: Line, rule: Rule, tree: Node, otherwise: str, shown: Value, style: str
              ) -> None:  # fmt: skip
        """Points, or what they are out of, once all is known on which they rest; a figure of the run for who is not
        scored, or where a formula would be longer than Excel takes."""
        text = self._text(tree, at)
        for each in rule.divisors:
            text = f"IF({self._text(Apply('=', (each, num(0))), at)},{otherwise},{text})"
        if _may_fail(tree):
            # without anybody to take a mean of, the points may be certain all the same
            nobody = any(self.found[k].value[line.row] is None for k in self.view.read[rule.id])
            text = f"IFERROR({text},{excel.literal(shown) if nobody and isinstance(shown, Fraction) else otherwise})"
        text = f"IF({self._ready(line, rule.reads, at)},{text},{otherwise})"
        text = self._if_mine(line, rule, at, text, "0")
        if line.scored and len(text) < FORMULA:
            self.sheet.formula(at, col, text, shown, "cell_strong_centre", num_format=style)
        else:
            self.sheet.put(at, col, shown, "cell_strong_centre", num_format=style)

    # --- the whole table --------------------------------------------------------------------------

    def _limits(self) -> None:
        """What may be typed over the figures that are compared."""
        for each, name in self.view.cells:
            options = number_between(Fraction(each.minimum), Fraction(each.most), name)
            if each.kind is InputKind.FLAG or each.options:
                words = list(each.options) or ["是", "否"]
                options = {"validate": "list", "source": words, "error_type": "stop", "error_title": "这格填不了",
                           "error_message": "只能选下拉里的。"}  # fmt: skip
                if sum(map(len, words)) + len(words) > 255:
                    continue
            options["ignore_blank"] = True
            col = self.view.at[INPUT, name]
            self.sheet.validate(FIRST, col, col, options, down_to=self.board.last)

    def _marks(self) -> None:
        """What a person changed in another ink and a frame, as in the sheet of points; words of who does not count."""
        sheet, view, last = self.sheet, self.view, self.board.last
        ink = {"bold": True, "italic": True, "font_color": HAND, "border": 1, "border_color": HAND}
        for _, name in view.cells:
            col = view.at[INPUT, name]
            test = differs(cell(FIRST, col), cell(FIRST, view.at[GRADED, name]))
            options = {"type": "formula", "criteria": f"={test}", "stop_if_true": True}
            sheet.colour((FIRST, col), (last, col), options, **ink)
        words = {WAITING: "warn", **dict.fromkeys(("未报", "退回", "待定", NOT_COUNTED, NOT_MINE, CLOSED), "open")}
        for what in view.shown:
            sheet.colour_words((FIRST, view.at[what]), (last, view.at[what]), words)

    def _rules(self, at: int) -> int:
        """Beneath the table how each item compares; the last row."""
        sheet, room = self.sheet, sum(self.sheet.columns[1:])
        for k, (item, rule) in enumerate(self.view.lines):
            text = f"{item.id} {item.title}：{rule.text}"
            sheet.across(at + k, 1, self.view.end, text, room, "muted", least=18)
        return at + len(self.view.lines) - 1


def _divides(node: Node) -> bool:
    """Whether a value may not be there because data divides."""
    return any(isinstance(each, Apply) and (each.fn in ("AVERAGE", "TRIMMED", "AVERAGEIF")
               or (each.fn == "/" and not isinstance(each.args[1], Number))) for each in walk(node))  # fmt: skip


def _may_fail(node: Node) -> bool:
    """Whether there may be nobody to take a mean of."""
    return any(isinstance(each, Apply) and each.fn in ("AVERAGE", "TRIMMED", "AVERAGEIF") for each in walk(node))


def write_compared(sheet: Sheet, board: Board) -> None:
    assert board.comparison is not None
    _Compared(sheet, board, board.comparison).write()
