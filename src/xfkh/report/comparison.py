"""What 比较数据 holds, and where: the figures by which units are compared, what each brings to a place or a mean, and
the points that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..formula import Node, excel, refs
from ..formula.functions import ACROSS_UNITS
from ..formula.tree import Apply, walk
from ..model import Input, InputKind, Item, State
from ..results import Mask, PartScores
from ..rules import Rule
from ..workbook.book import cell, column

INPUT, BRINGS, PLACE, MEAN, POINTS = "数", "计入平均", "名次", "平均", "得分"
KEY, EDITED, PART, WHOLE, RANKED, MARK, GRADED = "键", "改动", "分子", "分母", "位次", "满分", "原数"
_ROW = "\0"
Column = tuple[str, str | int]
"""What a column holds: one of the words above, and of which input, item or node."""


@dataclass
class Comparison:
    """The columns of the sheet ``name``: ``before`` of them say who; subjects stand from row ``first`` to ``last``."""

    scores: PartScores
    name: str
    before: int
    first: int
    last: int

    @cached_property
    def lines(self) -> list[tuple[Item, Rule]]:
        """The items whose points depend on other subjects."""
        rules = self.scores.rules
        return [(item, rules[item.id]) for item in self.scores.scheme.lines(self.scores.part) if rules[item.id].across]

    @cached_property
    def nodes(self) -> list[Apply]:
        """The places and means that these items read; what stands within another before it."""
        found = dict[Apply, None]()
        for _, rule in self.lines:
            for node in reversed(list(walk(rule.tree))):
                if isinstance(node, Apply) and node.fn in ACROSS_UNITS:
                    found.setdefault(node)
        return list(found)

    @cached_property
    def cells(self) -> list[tuple[Input, str]]:
        """The answers that these items read."""
        read = {name for _, rule in self.lines for name in (*rule.shows, *refs(rule.tree))}
        scores = self.scores
        return [(each, name) for each, name in scores.part.cells(scores.period) if name in read]

    @cached_property
    def read(self) -> dict[str, list[int]]:
        """By item, the nodes that it reads."""
        trees = {item.id: {*walk(rule.tree)} for item, rule in self.lines}
        return {id: [k for k, node in enumerate(self.nodes) if node in tree] for id, tree in trees.items()}

    @cached_property
    def readers(self) -> list[tuple[Item, Rule]]:
        """By node, the first item that reads it: with its points the node is shown."""
        return [next(line for line in self.lines if k in self.read[line[0].id]) for k in range(len(self.nodes))]

    @cached_property
    def shown(self) -> list[Column]:
        """The columns that a person sees, but for who it is."""
        found: list[Column] = [(INPUT, name) for _, name in self.cells]
        for item, _ in self.lines:
            for k in (each for each, line in enumerate(self.readers) if line[0] is item):
                found += [(PLACE, k)] if self.nodes[k].fn == "RANK" else [(BRINGS, k), (MEAN, k)]
            found.append((POINTS, item.id))
        return found

    @cached_property
    def hidden(self) -> list[Column]:
        found: list[Column] = [(KEY, ""), (EDITED, "")]
        for k, node in enumerate(self.nodes):
            found += [(PART, k), (WHOLE, k), *[(RANKED, k)] * (node.fn == "RANK")]
        found += [(MARK, item.id) for item, rule in self.lines if self.marked(rule)]
        return [*found, *((GRADED, name) for _, name in self.cells)]

    @staticmethod
    def marked(rule: Rule) -> bool:
        """Whether what a line is worth depends on what is compared."""
        return rule.mark is not None and bool(rule.skips)

    @cached_property
    def at(self) -> dict[Column, int]:
        return {each: col for col, each in enumerate([*self.shown, *self.hidden], self.before)}

    @property
    def end(self) -> int:
        """The last column that a person sees."""
        return self.before + len(self.shown) - 1

    def span(self, place: Column) -> str:
        return f"{cell(self.first, self.at[place], fixed=True)}:{cell(self.last, self.at[place], fixed=True)}"

    def of_key(self, place: Column, key: str) -> str:
        """What stands in a column in the row of the subject with a key, for other sheets."""
        there, keys = (f"{self.name}!{self.span(each)}" for each in (place, (KEY, "")))
        return f"INDEX({there},MATCH({key},{keys},0))"

    def here(self, *place: str | int) -> str:
        """The cell of a column in one's own row, which is put in by ``in_row``."""
        what, of = place
        return f"{column(self.at[str(what), of])}{_ROW}"

    @staticmethod
    def in_row(text: str, at: int) -> str:
        """The formula of one row: all have the same but for its number."""
        return text.replace(_ROW, str(at + 1))

    def where(self, name: str) -> str:
        """The cell of a name in one's own row: an answer, or a node by the name that ``tree`` gives it."""
        if name.startswith("@"):
            k = int(name[1:])
            return self.here(RANKED if self.nodes[k].fn == "RANK" else MEAN, k)
        return self.here(INPUT, name)

    def tree(self, node: Node) -> Node:
        """The tree with the cells of its nodes."""
        return excel.placed(node, self._names)

    @cached_property
    def _names(self) -> dict[Node, str]:
        return {node: f"@{k}" for k, node in enumerate(self.nodes)}

    def columns_of(self, k: int) -> excel.Columns:
        group = excel.group_of(self.nodes[k])
        return excel.Columns(self.span((PART, k)), self.span((WHOLE, k)), self.span((INPUT, group)) if group else "")

    def there(self, names: Iterable[str]) -> list[bool]:
        """By row, whether these answers are there, or are none though all is known that could be said of them."""
        found = np.ones(len(self.scores.subjects), dtype=bool)
        for name in names:
            answers, each = self.scores.answers, self.scores.input_of(name)
            found &= answers.given(name) | (answers.known(name) & self.scored if may_lack(each) else False)
        return [bool(each) for each in found]

    @cached_property
    def scored(self) -> Mask:
        return np.array([state in (State.ASSESSED, State.PROVISIONAL) for state in self.scores.states], dtype=bool)


def may_lack(each: Input) -> bool:
    """Whether an answer may be left out: of several raters none must have given a mark."""
    return bool(each.optional) or each.kind is InputKind.RATERS
