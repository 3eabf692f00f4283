"""How an input is found again in a returned workbook: by ids that stand in locked cells, never by position.

In a fill-in sheet column A holds a row's id (the input's name; ``名[k]`` where the row holds the cells of a
series from k on) and row 1 holds the ids of the columns (``@1`` …: the first, second … answer cell). In the sheet of
a part with many rows a unit (个人) column A holds the ids of the rows that the template offers, and row 1 the input
cells themselves.
"""

from __future__ import annotations

from functools import lru_cache

FORM, COVER, CHECKS, NOTES = "填报", "封面", "检查", "说明"
PERSONS, PERSON_POINTS = "个人", "个人得分"
CORNER, HEADS, SLOT = "#xfkh", "#名称", "#行"
PERSONS_CORNER, SLIP_CORNER = f"{CORNER}:{PERSONS}", f"{CORNER}:退回"
PERSON_NAME, PERSON_NUMBER = "@姓名", "@工号"
ANSWER, MATERIALS, LABEL, SCORE, STATUS = "@", "@材料", "@名称", "@得分", "@检查"
MAXIMUM = "@分值"
NUMBERS = "编号"
"""What stands above the numbers of the items."""
TOTAL, SECTION = "合计", "大项:"
"""How the total and, before its own id, a section are told apart from items."""
PER_ROW = 6
"""How many cells of a series stand in one row."""

STAMP_SHEET = "_xfkh"
TYPE, SCHEME, VERSION, DIGEST, YEAR, PERIOD, UNIT, CODE = (
    "类型", "方案", "方案版本", "方案指纹", "年度", "考核期", "单位", "代码",
)  # fmt: skip
RETURN, REPLACES, MEASURES = "填报表", "替换", "计量"
REVIEWED = "复查"
KINDS = {RETURN, "排名", "奖惩", "问题清单", "处理意见", "反馈", "退回说明", "发放清单", REVIEWED, "对比"}
"""What our own workbooks are."""
COVER_UNIT, COVER_YEAR = "#单位", "#年度"


def answer(k: int) -> str:
    """The id of the column of a row's k-th answer cell, counted from 1."""
    return f"{ANSWER}{k}"


@lru_cache(4_096)
def place(cell: str) -> tuple[str, str]:
    """The row id and column id of an input cell: ``名`` → (名, @1); ``名[8]`` → (名[7], @2)."""
    name, bracket, index = cell.partition("[")
    if not bracket:
        return name, answer(1)
    k = int(index[:-1]) - 1
    return f"{name}[{k // PER_ROW * PER_ROW + 1}]", answer(k % PER_ROW + 1)
