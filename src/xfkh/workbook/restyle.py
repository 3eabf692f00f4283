"""Formats added to a workbook's own ones: none that is there changes, so every cell keeps what it had."""

from __future__ import annotations

import re
from collections.abc import Callable

from .patch import HEAD, MAIN, Node, Part, PatchError, with_attributes

_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_ITEMS = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf"}
_DEFAULTS = {
    "fonts": ['<font><sz val="11"/><name val="Calibri"/></font>'],
    "fills": [f'<fill><patternFill patternType="{kind}"/></fill>' for kind in ("none", "gray125")],
    "borders": ["<border><left/><right/><top/><bottom/><diagonal/></border>"],
    "cellXfs": ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
}
_MOST = 60_000
"""Excel takes 64 000 cell formats."""
EMPTY = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '</cellStyleXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
).encode()


_PLAIN = re.compile(r"General|G/通用格式|@|(?:#,##)?[0#]+(?:\.[0#]+)?(?:_.)*", re.IGNORECASE)
_PLAIN_IDS = {0, 1, 2, 3, 4, 49}
_NUMBER = re.compile(rb"""\s(?:s|style)\s*=\s*["'](\d{1,9})["']""")


def highest(sheet: bytes) -> int:
    """The highest number of a format that a sheet's XML names."""
    return max(map(int, _NUMBER.findall(sheet)), default=0)


class Styles:
    """The part of formats of a workbook, with those that are added."""

    def __init__(self, part: Part, used: int = 0) -> None:
        """``used``: the highest number that a cell of the workbook gives as its format, whether or not it is there."""
        self.part, root = part, part.root
        self.plain = not root.prefix and root.attributes.get("xmlns") == MAIN
        self.lists = {name: root.one(name) for name in _ITEMS}
        self.old = {name: node.all(_ITEMS[name]) if node else [] for name, node in self.lists.items()}
        self.new: dict[str, list[bytes]] = {name: [] for name in _ITEMS}
        codes = root.one("numFmts")
        self.codes = {each.get("numFmtId"): each.get("formatCode") or "" for each in codes.children} if codes else {}
        self.filled: dict[tuple[int, int, bool], int] = {}
        self.solid: dict[str, int] = {}
        for name, node in self.lists.items():
            if not self.old[name]:
                self.new[name] += [self._own(each.encode()) for each in _DEFAULTS[name]]
                if node is not None and node.children:
                    raise PatchError(name)
        # what is added must not become the format of a cell whose own is missing
        while len(self.old["cellXfs"]) + len(self.new["cellXfs"]) <= used:
            self.add("cellXfs", self._format(0))

    def add(self, name: str, item: bytes) -> int:
        """One more font, fill, border or format; returns its number."""
        self.new[name].append(item)
        number = len(self.old[name]) + len(self.new[name]) - 1
        if number > _MOST:
            raise PatchError("格式太多")
        return number

    def fill(self, colour: str) -> int:
        """A solid fill, as #RRGGBB."""
        if colour not in self.solid:
            colours = f'<fgColor rgb="FF{colour[1:]}"/><bgColor indexed="64"/>'
            made = f'<fill><patternFill patternType="solid">{colours}</patternFill></fill>'
            self.solid[colour] = self.add("fills", self._own(made.encode()))
        return self.solid[colour]

    def with_fill(self, style: int, fill: int, general: bool = False) -> int:
        """The same format with another fill; ``general``: its numbers are shown as they are typed."""
        if (style, fill, general) not in self.filled:
            values: dict[str, str | None] = {"fillId": str(fill), "applyFill": "1"}
            if general:
                values |= {"numFmtId": "0", "applyNumberFormat": "1"}
            self.filled[style, fill, general] = self.add("cellXfs", with_attributes(self._format(style), values))
        return self.filled[style, fill, general]

    def takes_numbers(self, style: int) -> bool:
        """Whether a number typed into a cell of a format stays what was typed; into one for texts, its digits do."""
        formats = self.old["cellXfs"]
        number = (formats[style if 0 <= style < len(formats) else 0].get("numFmtId") if formats else "") or "0"
        code = self.codes.get(number)
        return int(number) in _PLAIN_IDS if code is None else bool(_PLAIN.fullmatch(code))

    def unlocked(self, style: int) -> bool:
        """Whether the cells of a format can be typed into on a protected sheet."""
        formats = self.old["cellXfs"]
        said = formats[style].one("protection") if 0 <= style < len(formats) else None
        return said is not None and said.get("locked") in ("0", "false")

    def _format(self, style: int) -> bytes:
        formats = self.old["cellXfs"]
        if not formats:
            return self.new["cellXfs"][0]
        return self.part.raw(formats[style if 0 <= style < len(formats) else 0])

    def take(self, other: bytes) -> Callable[[int], int]:
        """The fonts, fills, borders and formats of one of our own workbooks; returns what its formats are here."""
        theirs = Part(other)
        first = dict[str, int]()
        for name in ("fonts", "fills", "borders"):
            first[name] = len(self.old[name]) + len(self.new[name])
            for item in _items(theirs, name):
                self.add(name, self._own(theirs.raw(item)))
        numbers = [self.add("cellXfs", self._own(self._moved(theirs, xf, first))) for xf in _items(theirs, "cellXfs")]
        return numbers.__getitem__

    def _moved(self, theirs: Part, xf: Node, first: dict[str, int]) -> bytes:
        values: dict[str, str | None] = {
            key: str(first[name] + int(xf.get(key) or 0))
            for key, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
        }
        # nothing is said of named styles where the workbook has none
        values["xfId"] = "0" if self.part.root.one("cellStyleXfs") else None
        return with_attributes(theirs.raw(xf), {**values, "applyFont": "1", "applyFill": "1", "applyBorder": "1"})

    def _own(self, item: bytes) -> bytes:
        """An element of ours in a part that writes its names otherwise."""
        return item if self.plain else with_attributes(item, {"xmlns": MAIN})

    def finish(self) -> None:
        """Everything that was added goes into the part."""
        for name, node in self.lists.items():
            new, root = b"".join(self.new[name]), self.part.root
            count = str(len(self.old[name]) + len(self.new[name]))
            if node is not None and self.new[name]:
                self.part.append(node, new)
                self.part.set(node, count=count)
            elif self.new[name]:
                tag = f"{root.prefix}{name}"
                whole = f'<{tag} count="{count}">'.encode() + new + f"</{tag}>".encode()
                self.part.insert(self.part.after(_ORDER[: _ORDER.index(name)]), whole)


def _items(part: Part, name: str) -> list[Node]:
    node = part.root.one(name)
    return node.all(_ITEMS[name]) if node else []
