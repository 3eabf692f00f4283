"""How the sheets 个人 and 个人得分 look where a scheme asks little of a person, and says much of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from tests.rounds import Round
from xfkh.text import width

SCHEME = """
[scheme]
id = "few"
title = "包案考核"
version = "1"
status = "示范"
source = "测试用的虚构办法"
date = "2026-01-01"

[[part]]
name = "单位"
section = [{ id = "一", title = "一", points = 10, clause = "一" }]
input = [{ name = "上访件数", kind = "件数", unit = "件" }]
item = [{ id = "一1", section = "一", title = "上访", points = 10, clause = "一", rule = [
  { kind = "按次扣分", each = 1, input = "上访件数" }] }]

[[part]]
name = "个人"
section = [{ id = "二", title = "二", points = 10, clause = "二" }]
input = [{ name = "包案件数", kind = "件数" }, { name = "化解件数", kind = "件数", unit = "件" },
         { name = "走访", kind = "是否" }]
item = [{ id = "二1", section = "二", title = "包案", points = 10, clause = "二", rule = [
  { kind = "公式", formula = "MIN(10,化解件数*2+包案件数)+IF(走访,0,0)", text = "每化解1件2分" }] }]

[[part.check]]
condition = "化解件数<=包案件数"
closed = false
text = "化解的件数多于包案的件数，是不是有上年结转的案件没有算在包案里"
"""


def form(folder: Path) -> Path:
    scheme = folder / "包案.toml"
    scheme.write_text(SCHEME, "utf-8")
    people = {("甲镇", "张三", ""): {"包案件数": 1, "化解件数": 3, "走访": True}}
    return Round(folder / "轮", {"甲镇": {"上访件数": 0}}, scheme=str(scheme), persons=people, reviewed=()).path("甲镇")


def test_a_column_says_its_unit_or_yes_and_no_and_nothing_where_there_is_neither(tmp_path: Path) -> None:
    sheet = load_workbook(form(tmp_path))["个人"]
    heads = {sheet.cell(1, col).value: sheet.cell(6, col).value for col in range(7, 10)}
    assert heads == {"包案件数": "包案件数", "化解件数": "化解件数\n（件）", "走访": "走访\n（是/否）"}


def test_what_a_check_says_has_room_in_every_row(tmp_path: Path) -> None:
    sheet: Any = load_workbook(form(tmp_path))["个人得分"]
    col = next(cell.column for cell in sheet[3] if str(cell.value).startswith("核1"))
    room = sheet.column_dimensions[get_column_letter(col)].width - 1
    said = "请核对：化解的件数多于包案的件数，是不是有上年结转的案件没有算在包案里"
    assert width(said) > room, "else this tests nothing"
    for row in range(5, sheet.max_row + 1):
        assert (sheet.row_dimensions[row].height or 15) >= 13 * -(-width(said) // int(room))


def test_the_hint_above_few_columns_is_printed_whole(tmp_path: Path) -> None:
    sheet: Any = load_workbook(form(tmp_path))["个人"]
    (hint,) = (cell for cell in sheet[2] if str(cell.value).startswith("一行一人"))
    last: Any = range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))[2]
    room = sum(sheet.column_dimensions[get_column_letter(col)].width for col in range(hint.column, last + 1))
    assert room >= width(str(hint.value))
