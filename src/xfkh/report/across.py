"""比较数据: what is compared between subjects, a row each, and the places, means and points that follow from it, live.

The formulas are written from the trees of the rules. Who does not count has a word in place of a figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..formula import Node, excel, refs
from ..formula.evaluate import number, truth
from ..formula.exact import Truth
from ..formula.tree import TRUE, Apply, Number, Ref, walk
from ..model import Cell, Input, InputKind, Item
from ..results import NOT_MINE
from ..rules import Rule
from ..rules.divisors import surely
from ..rules.points import points_text
from ..scheme.conditions import APART
from ..template.formulas import answered, valid
from ..text import width
from ..workbook.book import Sheet, Value, cell
from ..workbook.lint import FORMULA
from ..workbook.style import HAND, zero_says
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

NOT_COUNTED, CLOSED, WAITING = "不参加", "不参评", "待核"
TWO = "0.00"
_OPEN, _NOBODY = "\1", "\2"
_NOTHING, _PAGE = Fraction(0), 180


class _Node:
    """What the run made of a node across subjects, by row. ``whole``: 0 where a subject does not count; ``sure``: all
    that it brings is known; ``value``: None where there is no place or mean for it."""

    def __init__(self, view: Comparison, node: Apply) -> None:
        scores = view.scores
        # awards are given among who is ranked, points among all who take part
        aside = scores.aside
        frame = replace(scores.now, counted=Truth(~aside, ~aside))
        value, condition, *members = node.args
        brings, group = number(value, frame), excel.group_of(node)
        counts = (truth(condition, frame).must & brings.known & ~aside).tolist()
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


class _NodeTexts(NamedTuple):
    """Whether all is there that a subject brings to a node; what it brings, and over what; the place or mean."""

    ready: str
    part: str
    whole: str
    value: str


class _Compared:
    """Writes the sheet of one part."""

    def __init__(self, sheet: Sheet, board: Board, view: Comparison) -> None:
        self.sheet, self.board, self.view, self.scores = sheet, board, view, board.scores
        self.inputs = {name: each for each, name in view.cells}
        self.found = [_Node(view, node) for node in view.nodes]
        self.mine = {item.id: truth(rule.asked or TRUE, self.scores.now).may.tolist() for item, rule in view.lines}
        self.aside = self.scores.aside.tolist()
        self._nodes = dict[tuple[int, bool], _NodeTexts]()
        self._others = dict[tuple[str, bool], str]()
        self._rules_of = dict[tuple[str, str], str]()

    def write(self) -> None:
        sheet, board, view = self.sheet, self.board, self.view
        heads = [self._head(*each) for each in view.shown]
        widths = [max(9.0, *(min(14.0, width(part) + 2) for part in head.split("\n"))) for head in heads]
        sheet.widths(6, *board.who_widths(), *widths)
        note = (
            f"单位之间比的数，和由它算出的名次、平均、得分；可以试改前面的数，「{board.detail}」和「{board.totals}」随之重算，"
            f"改过的格子加框、斜体粗字；“{NOT_COUNTED}”：没有这个数，或不符合参加比的条件"
        )
        # many items stand on several pages side by side, legibly
        first, last = board.beside(sheet, view.end, 1 + int(sum(sheet.columns)) // _PAGE)
        board.head(sheet, ["名次", *board.who, *heads], note, first, last)
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
        sheet.raw.print_area(0, 0, self._rules(board.last + 2, max(first, 1), last), view.end)

    def _head(self, what: str, of: str | int) -> str:
        if what == INPUT:
            each = self.inputs[str(of)]
            return each.label(str(of)) if each.series else str(of)
        return f"{of if what == POINTS else self.view.readers[int(of)][0].id}\n{what}"

    def _unit(self, what: str, of: str | int) -> str:
        if what == INPUT:
            return self.inputs[str(of)].measure
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
        names = view.cells[0][1], view.cells[-1][1]
        now, graded = (":".join(view.here(what, name) for name in names) for what in (INPUT, GRADED))
        self._formula(at, view.at[EDITED, ""], f"SUMPRODUCT({differs(now, graded)}*1)", 0)

    def _answer(self, line: Line, each: Input, name: str) -> Value:
        """What counts; nothing where nothing was given, and a word where a scored subject is open."""
        state = self.scores.answers.state(line.row, name)
        if state is Cell.GIVEN:
            return self.scores.value(line.row, name)
        return WAITING if state is not Cell.ABSENT and line.scored else None

    # --- formulas of one row ----------------------------------------------------------------------

    def _formula(self, at: int, col: int, text: str, value: Value, style: str = "plain", num_format: str = "") -> None:
        more = {"num_format": num_format} if num_format else {}
        self.sheet.formula(at, col, self.view.in_row(text, at), value, style, **more)

    def _text(self, node: Node) -> str:
        return excel.write(self.view.tree(node), self.view.where)

    def _ready(self, scored: bool, names: Iterable[str], *more: str) -> str:
        """Whether these answers are there, as a condition; of who is not scored what is left out is not known."""
        found = [(self.inputs[name], self.view.where(name)) for name in names]
        tests = [(answered if scored else valid)(self._asked(each), address) for each, address in found]
        return f"AND({','.join([*tests, *more])})" if [*tests, *more] else "1=1"

    @staticmethod
    def _asked(each: Input) -> Input:
        return replace(each, optional=each.optional or "没有") if may_lack(each) else each

    def _of_node(self, k: int, scored: bool) -> _NodeTexts:
        """The formulas of a node, written once for all rows."""
        if (k, scored) not in self._nodes:
            node, there = self.view.nodes[k], self.view.here(WHOLE, k)
            part, whole = (self._text(each) for each in excel.brought(node))
            size = f"IF(ISERROR({part}),0,{whole})" if _divides(excel.brought(node)[0]) else whole
            size = f"IF({self._text(surely(node.args[1]))},{size},0)"
            self._nodes[k, scored] = _NodeTexts(
                self._ready(scored, names_of(node)),
                f"IF({there}>0,{part},0)",
                f"IFERROR({size},0)" if _divides(node.args[1]) else size,
                self._value(k, scored, whole),
            )
        return self._nodes[k, scored]

    def _value(self, k: int, scored: bool, whole: str) -> str:
        """The place, 0 for who has nothing to compare, or the mean."""
        view, node = self.view, self.view.nodes[k]
        inner = replace(node, args=tuple(map(view.tree, node.args)))
        text, nothing = excel.over_units(inner, view.where, view.columns_of(k)), f'"{NONE}"'
        if node.fn == "RANK":
            group, nothing = excel.group_of(node), "0"
            more = [f"{whole}>0"] if excel.brought(node)[1] != excel.ONE else []
            text = f"IF({self._ready(scored, [*refs(node.args[0]), *[group] * bool(group)], *more)},{text},0)"
        if node.fn != "RANK" or _divides(node.args[0]):
            text = f"IFERROR({text},{nothing})"
        return self._if_mine(scored, view.readers[k][1], text, nothing)

    def _brings(self, at: int, line: Line, k: int) -> None:
        """Hidden: what a subject brings to a node. What is known of it though an answer is open stands as the run has
        it; who takes part no more brings nothing, whatever stands there."""
        view, found, row, texts = self.view, self.found[k], line.row, self._of_node(k, line.scored)
        given, over = found.part[row], found.whole[row]
        if self.aside[row]:
            self.sheet.row(at, [given, over], "plain", start=view.at[PART, k])
            return
        kept = (given, over) if not found.sure[row] else (_NOTHING, _NOTHING)
        part = f"IF({texts.ready},{texts.part},{excel.literal(kept[0])})" if kept[1] else texts.part
        self._formula(at, view.at[PART, k], part, given)
        self._formula(at, view.at[WHOLE, k], f"IF({texts.ready},{texts.whole},{excel.literal(kept[1])})", over)

    def _place(self, at: int, line: Line, k: int) -> None:
        """Hidden as the trees read it; shown of who counts."""
        place = self.found[k].value[line.row] or _NOTHING
        self._formula(at, self.view.at[RANKED, k], self._of_node(k, line.scored).value, place)
        self._shown(at, line, k, PLACE, self.view.here(RANKED, k), place)

    def _mean(self, at: int, line: Line, k: int) -> None:
        """With what a subject counts, and the mean."""
        view, found, row = self.view, self.found[k], line.row
        mean, size = found.value[row], found.whole[row]
        shown = NONE if mean is None else mean
        self._formula(at, view.at[MEAN, k], self._of_node(k, line.scored).value, shown, "cell_centre", TWO)
        style = FIGURE if isinstance(view.nodes[k].args[0], Ref) else TWO
        counted = f"{view.here(PART, k)}/{view.here(WHOLE, k)}"
        self._shown(at, line, k, BRINGS, counted, found.part[row] / size if size else _NOTHING, style)

    def _shown(self, at: int, line: Line, k: int, what: str, counted: str, value: Fraction, style: str = FIGURE
               ) -> None:  # fmt: skip
        """What a subject has where it counts, else why it does not."""
        view, found, row = self.view, self.found[k], line.row
        if self.aside[row]:
            word = CLOSED if self.scores.closed[row] else APART
            self.sheet.text(at, view.at[what, k], word, "cell_centre")
            return
        waits, (item, rule) = WAITING if line.scored else str(line.state), view.readers[k]
        why = f'IF({self._of_node(k, line.scored).ready},"{NOT_COUNTED}","{waits}")'
        text = f"IF({view.here(WHOLE, k)}>0,{counted},{why})"
        said: Value = value if found.whole[row] else NOT_COUNTED if found.sure[row] else waits
        said = said if self.mine[item.id][row] else NOT_MINE
        text = self._if_mine(line.scored, rule, text, f'"{NOT_MINE}"')
        self._formula(at, view.at[what, k], text, said, "cell_centre", style)

    def _if_mine(self, scored: bool, rule: Rule, text: str, otherwise: str) -> str:
        """A formula for those whose item it is; something else for others, once their group is known."""
        if rule.asked is None:
            return text
        if (rule.id, scored) not in self._others:
            other = self._text(Apply("NOT", (rule.asked,)))
            self._others[rule.id, scored] = self._ready(scored, refs(rule.asked), other)
        return f"IF({self._others[rule.id, scored]},{otherwise},{text})"

    def _points(self, at: int, line: Line, item: Item, rule: Rule) -> None:
        """What an item gives, and hidden what it is out of where that rests on others too."""
        view, points = self.view, self.scores.points(line.row, item.id) if line.scored else None
        shown = (WAITING if line.scored else NONE) if points is None else points
        # without anybody to take a mean of, the points may be certain all the same
        nobody = any(self.found[k].value[line.row] is None for k in view.read[item.id])
        certain = f'"{WAITING}"' if points is None or not nobody else excel.literal(points)
        word = self.scores.uncounted(line.row, item.id) if line.scored else ""
        style = zero_says(word) if word else FIGURE
        self._live(at, POINTS, line, rule, (f'"{WAITING}"', certain), shown, style)
        if view.marked(rule):
            worth = self.board.full_of(line.row, item)
            self._live(at, MARK, line, rule, (excel.literal(worth),) * 2, worth, FIGURE)

    def _live(self, at: int, what: str, line: Line, rule: Rule, otherwise: tuple[str, str], shown: Value, style: str
              ) -> None:  # fmt: skip
        """Points, or what they are out of, once all is known on which they rest; ``otherwise``: what stands there while
        it is not, and where there is nobody to take a mean of. A figure of the run for who is not scored, or where a
        formula would be longer than Excel takes."""
        col, text = self.view.at[what, rule.id], self._of_rule(what, rule)
        for mark, instead in zip((_OPEN, _NOBODY), otherwise, strict=True):
            text = text.replace(mark, instead)
        if line.scored and len(self.view.in_row(text, at)) < FORMULA:
            self._formula(at, col, text, shown, "cell_strong_centre", style)
        else:
            self.sheet.put(at, col, shown, "cell_strong_centre", num_format=style)

    def _of_rule(self, what: str, rule: Rule) -> str:
        """The formula of an item of who is scored, written once for all rows."""
        if (what, rule.id) not in self._rules_of:
            tree = rule.tree if what == POINTS else rule.worth
            text = self._text(tree)
            for test in rule.undivided:
                text = f"IF({self._text(test)},{_OPEN},{text})"
            if _may_fail(tree):
                text = f"IFERROR({text},{_NOBODY})"
            text = f"IF({self._ready(True, rule.reads)},{text},{_OPEN})"
            self._rules_of[what, rule.id] = self._if_mine(True, rule, text, "0")
        return self._rules_of[what, rule.id]

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
        words = {
            WAITING: "warn",
            **dict.fromkeys(("未报", "退回", "待定", NOT_COUNTED, NOT_MINE, CLOSED, APART), "open"),
        }
        for what in view.shown:
            sheet.colour_words((FIRST, view.at[what]), (last, view.at[what]), words)

    def _rules(self, at: int, first: int, last: int) -> int:
        """Beneath the table, within these columns, how each item compares; the last row."""
        sheet, room = self.sheet, sum(self.sheet.columns[first : last + 1])
        for k, (item, rule) in enumerate(self.view.lines):
            text = f"{item.id} {item.title}：{rule.text}"
            sheet.across(at + k, first, last, text, room, "muted", least=18)
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
