"""The house style: named cell formats, one set of colours."""

from __future__ import annotations

from typing import Any

FONT = "微软雅黑"
INK, PALE, LINE, MUTED = "#1F3A5F", "#E8EEF5", "#B8C4D2", "#6B7785"
INPUT, LOCKED = "#FFF9DB", "#F3F5F7"
TIERS = ("#CFE8D5", "#DCE9F7", "#FBE8C8")
OPEN, ALARM, VETOED = "#ECECEC", "#F6D5D0", "#E8A79D"

Format = dict[str, Any]

_BASE: Format = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "font_color": "#222222"}
_CELL: Format = {"border": 1, "border_color": LINE}
_CENTRE: Format = {"align": "center"}
_WRAP: Format = {"text_wrap": True}

STYLES: dict[str, Format] = {
    "plain": {},
    "wrap": _WRAP,
    "muted": {"font_color": MUTED},
    "muted_wrap": {"font_color": MUTED, **_WRAP},
    "title": {"font_size": 18, "bold": True, "font_color": INK},
    "title_centre": {"font_size": 20, "bold": True, "font_color": INK, **_CENTRE, **_WRAP},
    "subtitle": {"font_size": 11, "font_color": MUTED},
    "subtitle_centre": {"font_size": 12, "font_color": MUTED, **_CENTRE},
    "strong": {"bold": True},
    "strong_wrap": {"bold": True, **_WRAP},
    "head": {**_CELL, **_CENTRE, **_WRAP, "bold": True, "bg_color": INK, "font_color": "#FFFFFF"},
    "section": {**_CELL, "bold": True, "bg_color": INK, "font_color": "#FFFFFF"},
    "section_centre": {**_CELL, **_CENTRE, "bold": True, "bg_color": INK, "font_color": "#FFFFFF"},
    "item": {**_CELL, **_WRAP, "bold": True, "bg_color": PALE},
    "item_centre": {**_CELL, **_CENTRE, "bold": True, "bg_color": PALE},
    "item_note": {**_CELL, **_WRAP, "bg_color": PALE, "font_size": 9},
    "cell": _CELL,
    "cell_wrap": {**_CELL, **_WRAP},
    "cell_centre": {**_CELL, **_CENTRE},
    "cell_strong": {**_CELL, "bold": True},
    "cell_note": {**_CELL, **_WRAP, "font_size": 9, "font_color": MUTED},
    "caption": {**_CELL, **_CENTRE, "font_size": 9, "font_color": MUTED, "bg_color": LOCKED},
    "locked": {**_CELL, **_CENTRE, "bg_color": LOCKED},
    "input": {**_CELL, **_CENTRE, "bg_color": INPUT, "locked": False},
    "input_text": {**_CELL, **_WRAP, "bg_color": INPUT, "locked": False},
    "total": {**_CELL, "bold": True, "bg_color": PALE, "top": 2},
    "total_centre": {**_CELL, **_CENTRE, "bold": True, "bg_color": PALE},
    "hidden": {"font_color": "#FFFFFF", "font_size": 8},
}
# 0.## would show a whole number as "5."
POINTS = "General"
MONEY = "#,##0"


def format_of(name: str, **more: Any) -> Format:
    return {**_BASE, **STYLES[name], **more}
