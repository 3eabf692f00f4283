"""The closed list of functions a formula may use; all exist in Excel 2010 and WPS."""

from __future__ import annotations

from dataclasses import dataclass

from .tree import Type


@dataclass(frozen=True, slots=True)
class Function:
    """``takes``: the argument types, the last one repeating; ``spreads``: a series stands for its cells."""

    takes: tuple[Type, ...]
    gives: Type
    least: int
    most: int | None
    spreads: bool = False


FUNCTIONS: dict[str, Function] = {
    "IF": Function(("是否", "数", "数"), "数", 3, 3),
    "AND": Function(("是否",), "是否", 1, None, spreads=True),
    "OR": Function(("是否",), "是否", 1, None, spreads=True),
    "NOT": Function(("是否",), "是否", 1, 1),
    "SUM": Function(("数",), "数", 1, None, spreads=True),
    "MIN": Function(("数",), "数", 1, None, spreads=True),
    "MAX": Function(("数",), "数", 1, None, spreads=True),
    "AVERAGE": Function(("数",), "数", 1, None, spreads=True),
    "ROUND": Function(("数", "数"), "数", 2, 2),
    "INT": Function(("数",), "数", 1, 1),
    "ABS": Function(("数",), "数", 1, 1),
    "ISNUMBER": Function(("数",), "是否", 1, 1),
    "TRUE": Function(("是否",), "是否", 0, 0),
    "FALSE": Function(("是否",), "是否", 0, 0),
    "RANK": Function(("数", "是否"), "数", 2, 2),
    "AVERAGEIF": Function(("数", "是否"), "数", 2, 2),
}
"""RANK(value, condition) is the competition rank, highest first, among the subjects that meet the
condition, AVERAGEIF(value, condition) the mean of their values; both span units, so they are computed by the bureau
and never written into a template. A rule that looks at a unit's own group alone puts the conditions of the groups
behind these two arguments. AVERAGE is the mean of the values that are given, optional ones left out."""

ACROSS_UNITS = {"RANK", "AVERAGEIF"}
