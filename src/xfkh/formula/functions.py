"""The closed list of functions a formula may use; all exist in Excel 2010 and WPS."""

from __future__ import annotations

from dataclasses import dataclass

from .tree import Type


@dataclass(frozen=True, slots=True)
class Function:
    """``takes``: the argument types, the last one repeating; ``spreads``: a series stands for its cells; ``said`` and
    ``example``: for those who write formulas."""

    takes: tuple[Type, ...]
    gives: Type
    least: int
    most: int | None
    said: str
    example: str
    spreads: bool = False


FUNCTIONS: dict[str, Function] = {
    "IF": Function(("是否", "数", "数"), "数", 3, 3, "条件成立得前一个，不成立得后一个", "IF(办结件数=0,15,10)"),
    "AND": Function(("是否",), "是否", 1, None, "几个条件都成立", 'AND(办结件数>=10,台账齐全="是")', spreads=True),
    "OR": Function(("是否",), "是否", 1, None, "几个条件有一个成立", 'OR(超期件数>0,被通报="是")', spreads=True),
    "NOT": Function(("是否",), "是否", 1, 1, "条件不成立", 'NOT(被通报="是")'),
    "SUM": Function(
        ("数",), "数", 1, None, "加起来；按月、按季填的，写名称就是各期合计", "SUM(研究次数)", spreads=True
    ),
    "MIN": Function(("数",), "数", 1, None, "几个数里最小的；用来封顶", "MIN(10,化解积案件数*2)", spreads=True),
    "MAX": Function(("数",), "数", 1, None, "几个数里最大的；用来保底", "MAX(0,10-超期件数)", spreads=True),
    "AVERAGE": Function(("数",), "数", 1, None, "平均；没有评的、不填的不算在内", "AVERAGE(代表评分)", spreads=True),
    "ROUND": Function(("数", "数"), "数", 2, 2, "四舍五入到几位小数", "ROUND(满意件数/办结件数,4)"),
    "INT": Function(("数",), "数", 1, 1, "往小里取整，3.9 得 3", "INT(集访批次/3)"),
    "ABS": Function(("数",), "数", 1, 1, "不分正负，取大小", "ABS(来访批次-上年来访批次)"),
    "ISNUMBER": Function(("数",), "是否", 1, 1, "这个数给了没有", "ISNUMBER(万人口数)"),
    "TRUE": Function(("是否",), "是否", 0, 0, "总是成立", "RANK(宣传篇数,TRUE())"),
    "FALSE": Function(("是否",), "是否", 0, 0, "总是不成立", "OR(FALSE(),超期件数=0)"),
    "RANK": Function(
        ("数", "是否"), "数", 2, 2, "在条件成立的单位里排第几名，数大的在前，并列同名次", "RANK(宣传篇数,宣传篇数>0)"
    ),
    "AVERAGEIF": Function(("数", "是否"), "数", 2, 2, "条件成立的单位的平均数", "AVERAGEIF(来访批次,来访批次>0)"),
}
"""RANK(value, condition) is the competition rank, highest first, among the subjects that meet the
condition, AVERAGEIF(value, condition) the mean of their values; both span units, so they are computed by the bureau
and never written into a template. A rule that looks at a unit's own group alone puts the conditions of the groups
behind these two arguments. AVERAGE is the mean of the values that are given, optional ones left out."""

ACROSS_UNITS = {"RANK", "AVERAGEIF"}
