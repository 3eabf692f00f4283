"""The house style: one palette, one type scale. Pages name what a fill means; a theme changes name, logo, colours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

FONT = "微软雅黑"
TEXT, LINE, MUTED, FAINT = "#222222", "#B8C4D2", "#5F6B78", "#9AA5B1"
INPUT, LOCKED = "#FFF9DB", "#F3F5F7"
HAND = "#A63C00"
"""The ink of what a person changed by hand."""
INPUT_TAB = "#C9A227"
WHITE, GRID = "#FFFFFF", "#E6EBF0"
BAR_OTHER, BAR_LOST = "#B5B5B5", "#C46A21"
"""In charts: what has no tier or is only compared with, and what is lost."""

Format = dict[str, Any]
TITLE, HEADING, BODY, NOTE = 16, 12, 10, 9
"""The type scale, in points."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What an office may change: its name, its logo (bytes of a PNG or JPEG image), the colour of heads and the colour
    from which the tiers are tinted (#RRGGBB)."""

    office: str = ""
    logo: bytes = b""
    ink: str = "#1F3A5F"
    accent: str = "#2F6EA5"

    def fill(self, meaning: str) -> str:
        """The colour of a meaning: blue tints for what is well, orange ones for what needs a person, grey for what is
        open. They differ in lightness too, and a word stands beside each."""
        return fills(self)[meaning]


PLAIN = Theme()


@lru_cache(8)
def fills(theme: Theme) -> dict[str, str]:
    return {
        "none": WHITE,
        "tier1": tint(theme.accent, 0.58),
        "tier2": tint(theme.accent, 0.75),
        "tier3": tint(theme.accent, 0.90),
        "good": tint(theme.accent, 0.82),
        "pale": tint(theme.accent, 0.92),
        "open": "#E4E4E4",
        "lost": "#FCEBDD",
        "warn": "#FADDC4",
        "alarm": "#F2B88F",
        "veto": "#E39A63",
    }


TIERS = ("tier1", "tier2", "tier3")


def tint(colour: str, white: float) -> str:
    """A colour mixed with so much white."""
    parts = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * white):02X}" for part in parts)


def contrast(colour: str, other: str = WHITE) -> float:
    """The contrast of two colours as WCAG 2 defines it, 1 to 21."""
    light, dark = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_BASE: Format = {"font_name": FONT, "font_size": BODY, "valign": "vcenter", "font_color": TEXT}
_CELL: Format = {"border": 1, "border_color": LINE}
_CENTRE: Format = {"align": "center"}
_WRAP: Format = {"text_wrap": True}


@lru_cache(8)
def styles(theme: Theme) -> dict[str, Format]:
    """The named cell formats under a theme."""
    ink, pale, white = {"font_color": theme.ink}, {"bg_color": theme.fill("pale")}, {"font_color": WHITE}
    dark = {"bold": True, "bg_color": theme.ink, **white}
    note, muted = {"font_size": NOTE}, {"font_color": MUTED}
    return {
        "plain": {},
        "wrap": _WRAP,
        "muted": muted,
        "muted_wrap": {**muted, **_WRAP},
        "title": {"font_size": TITLE, "bold": True, **ink},
        "title_centre": {"font_size": 20, "bold": True, **ink, **_CENTRE, **_WRAP},
        "heading": {"font_size": HEADING, "bold": True, **ink},
        "heading_small": {"bold": True, **ink},
        "subtitle": muted,
        "subtitle_centre": {"font_size": HEADING, **muted, **_CENTRE},
        "strong": {"bold": True},
        "strong_wrap": {"bold": True, **_WRAP},
        "head": {**_CELL, **_CENTRE, **_WRAP, **dark},
        "section": {**_CELL, **dark},
        "section_centre": {**_CELL, **_CENTRE, **dark},
        "item": {**_CELL, **_WRAP, "bold": True, **pale},
        "item_centre": {**_CELL, **_CENTRE, "bold": True, **pale},
        "item_note": {**_CELL, **_WRAP, **pale, **note},
        "cell": _CELL,
        "cell_wrap": {**_CELL, **_WRAP},
        "cell_centre": {**_CELL, **_CENTRE},
        "cell_centre_wrap": {**_CELL, **_CENTRE, **_WRAP},
        "cell_strong": {**_CELL, "bold": True},
        "cell_strong_wrap": {**_CELL, **_WRAP, "bold": True},
        "cell_strong_centre": {**_CELL, **_CENTRE, "bold": True},
        "cell_note": {**_CELL, **_WRAP, **note, **muted},
        "link": {"font_color": theme.accent, "underline": 1},
        "cell_link": {**_CELL, **_WRAP, "font_color": theme.accent, "underline": 1},
        "caption": {**_CELL, **_CENTRE, **note, **muted, "bg_color": LOCKED},
        "locked": {**_CELL, **_CENTRE, "bg_color": LOCKED},
        "input": {**_CELL, **_CENTRE, "bg_color": INPUT, "locked": False},
        "input_text": {**_CELL, **_WRAP, "bg_color": INPUT, "locked": False},
        "total": {**_CELL, "bold": True, **pale, "top": 2},
        "total_centre": {**_CELL, **_CENTRE, "bold": True, **pale},
        "tile": {**_CELL, **_CENTRE, "font_size": 18, "bold": True, **ink, **pale},
        "tile_note": {**_CELL, **_CENTRE, **_WRAP, **note, **muted, **pale},
        "hand": {**_WRAP, "bold": True, "font_color": HAND},
        "hidden": {"font_color": WHITE, "font_size": 8},
    }


# 0.## would show a whole number as "5."
POINTS = "General"
MONEY = "#,##0"
GAP = "+General;-General;0"


def zero_says(word: str) -> str:
    """The format of points whose 0 says why an item does not count for a subject."""
    return f'General;-General;"{word}"'


def format_of(theme: Theme, name: str, **more: Any) -> Format:
    """A named format with changes; ``fill`` is a meaning."""
    meaning = more.pop("fill", None)
    made = {**_BASE, **styles(theme)[name], **more}
    return made if meaning is None else {**made, "bg_color": theme.fill(meaning)}
