"""Where everything stands on the fill-in sheet: one walk over the scheme gives rows with their addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ..formula import Node, refs
from ..model import Input, Item, Origin, Part, Scheme, Section, Target
from ..rules import Rule
from ..scheme import targets
from ..workbook.anchors import PER_ROW
from ..workbook.book import cell

ID, CODE, LABEL, ANSWER, POINTS, SCORE, STATUS, MATERIALS = 0, 1, 2, 3, 9, 10, 11, 12
LAST_ANSWER = ANSWER + PER_ROW - 1
TITLE_ROW, TOTAL_ROW, HEAD_ROW, FIRST_ROW = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class SectionRow:
    row: int
    section: Section


@dataclass(frozen=True, slots=True)
class BandRow:
    """A band that only divides."""

    row: int
    title: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    row: int
    target: Target
    node: Node


@dataclass(frozen=True, slots=True)
class ItemRow:
    row: int
    item: Item
    rule: Rule


@dataclass(frozen=True, slots=True)
class InputRow:
    """A row of answer cells of one input; ``active`` are those that the period judges, in cell order."""

    row: int
    input: Input
    cells: tuple[str, ...]
    active: tuple[str, ...]

    @property
    def editable(self) -> bool:
        return self.input.asked

    @property
    def captioned(self) -> bool:
        """A series has a row of captions above its answer cells."""
        return bool(self.input.series)

    @property
    def status(self) -> str:
        return cell(self.row, STATUS)

    def address(self, name: str) -> str:
        return cell(self.row, ANSWER + self.cells.index(name))

    def span(self) -> str:
        return f"{self.address(self.active[0])}:{self.address(self.active[-1])}"


@dataclass
class Layout:
    """The rows of the fill-in sheet in order, and the lookups that formulas need."""

    sections: list[SectionRow] = field(default_factory=list)
    items: list[ItemRow] = field(default_factory=list)
    inputs: list[InputRow] = field(default_factory=list)
    bands: list[BandRow] = field(default_factory=list)
    targets: list[TargetRow] = field(default_factory=list)
    last: int = FIRST_ROW

    def where(self, name: str) -> str:
        """The address of an input cell."""
        return self.row_of(name).address(name)

    def row_of(self, name: str) -> InputRow:
        return self.by_cell[name]

    @property
    def first(self) -> str:
        """The address of the first answer cell that the unit fills."""
        return next((each.address(each.active[0]) for each in self.inputs if each.editable), cell(FIRST_ROW, ANSWER))

    def last_answer(self, row: int) -> int | None:
        """The last row that the unit fills beneath the head of an item or a target, before the next head."""
        heads: list[SectionRow | BandRow | ItemRow | TargetRow] = [*self.sections, *self.bands]
        heads += [*self.items, *self.targets]
        until = min((each.row for each in heads if each.row > row), default=self.last)
        return max((each.row for each in self.inputs if each.editable and row < each.row < until), default=None)

    @property
    def starts(self) -> set[int]:
        """The rows before which a page may end: a section or a band goes with what it heads, and that with its
        answers."""
        bands = {each.row for each in self.sections} | {each.row for each in self.bands}
        heads = {each.row for each in self.items} | {each.row for each in self.targets}
        return bands | {row for row in heads if row - 1 not in bands}

    @cached_property
    def by_cell(self) -> dict[str, InputRow]:
        return {name: each for each in self.inputs for name in each.cells}


def lay_out(scheme: Scheme, part: Part, rules: dict[str, Rule], period: str) -> Layout:
    """Targets, then section by section, item by item; each input stands beneath the first that reads it."""
    layout, row, placed = Layout(), FIRST_ROW, set[str]()
    lines = scheme.lines(part)

    def place_those(read: set[str], row: int) -> int:
        for each in part.inputs:
            if each.name not in placed and (each.name in read or read.intersection(each.cells)):
                placed.add(each.name)
                row = _place(layout, each, period, row)
        return row

    choices = {each.name for each in part.inputs if each.options}
    if choices:
        layout.bands.append(BandRow(row, "本单位"))
        row = place_those(choices, row + 1)
    goals = targets(scheme, part, period)
    if goals:
        layout.bands.append(BandRow(row, "工作目标"))
        row += 1
    for target, node in goals:
        layout.targets.append(TargetRow(row, target, node))
        row = place_those(set(refs(node)), row + 1)
    for section in part.sections:
        layout.sections.append(SectionRow(row, section))
        row += 1
        for item in (each for each in lines if each.section == section.id):
            rule = rules[item.id]
            layout.items.append(ItemRow(row, item, rule))
            row = place_those({*item.shows, *rule.shows}, row + 1)
    rest = {each.name for each in part.inputs if each.name not in placed and each.origin is not Origin.REVIEW}
    if rest:
        layout.bands.append(BandRow(row, "其他填报项"))
        row = place_those(rest, row + 1)
    layout.last = row
    return layout


def _place(layout: Layout, each: Input, period: str, row: int) -> int:
    active = set(each.cells_in(period))
    for start in range(0, len(each.cells), PER_ROW):
        cells = each.cells[start : start + PER_ROW]
        if not active.intersection(cells):
            continue
        row += bool(each.series)
        layout.inputs.append(InputRow(row, each, cells, tuple(name for name in cells if name in active)))
        row += 1
    return row
