"""Notes of cells (批注) added to a sheet: the part of their texts, the drawing of their boxes, what ties them to it.

Notes that are there stay; those that begin with our sign are ours and give way to the new ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ..text import lines
from .book import cell
from .marks import COLUMNS, Place, SheetPart, place
from .patch import HEAD, MAIN, RELATIONS, Node, Part, Patch, PatchError, text_xml
from .style import FONT, NOTE

SIGN = "【退回】"
AUTHOR = "退回说明"
LONGEST, _ROOM = 4_000, 30_000
"""What we say in a note at most; what a note may hold (Excel takes 32 767 UTF-16 units)."""
_BEFORE = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing",
)  # fmt: skip
"""What stands before the drawing of the notes in a sheet."""
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_SHAPETYPE = (
    '<v:shapetype id="_x0000_t202" {spaces}coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{id}" {spaces}type="#_x0000_t202" '
    'style="position:absolute;margin-left:0;margin-top:0;width:{wide}pt;height:{high}pt;z-index:{id};'
    'visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape>"
)
_BOX, _LINE, _TALLEST = 300, 17, 420
"""The width of a note's box, the height of a line in it and the most it takes, in pixels."""


class Notes:
    """The notes of one sheet."""

    def __init__(self, package: Patch, name: str, sheet: SheetPart) -> None:
        self.package, self.name, self.sheet = package, name, sheet
        found = package.related(name, "comments")
        self.part: Part | None = package.part(found) if found else None
        self.list = self.part.root.one("commentList") if self.part else None
        if self.part and (self.list is None or self.part.root.one("authors") is None):
            raise PatchError("批注")
        comments = self.list.all("comment") if self.list else []
        self.there = {at: each for each in comments if (at := place(each.get("ref") or ""))}

    def ours(self) -> set[Place]:
        """The cells that an earlier slip marked."""
        return {at for at, node in self.there.items() if SIGN in self._text(node)}

    def _text(self, node: Node) -> str:
        return "".join(each.text for each in _all(node, "t"))

    def write(self, texts: Mapping[Place, str]) -> None:
        """These notes instead of our earlier ones; a note of somebody else's goes on with ours."""
        ours, gone, longer = self.ours(), set[Place](), dict[Place, str]()
        new = {at: text for at, text in texts.items() if at not in self.there}
        for at, node in self.there.items():
            text, theirs = texts.get(at, ""), self._text(node).partition(SIGN)[0].strip()
            if at in ours and theirs:
                self._rewrite(node, theirs, text)
            elif at in ours:
                self._remove(node)
                gone.add(at)
                new |= {at: text} if text else {}
            elif text:
                self._extend(node, text)
            if text and at not in gone:
                longer[at] = f"{theirs}\n{text}"
        if new or gone or longer:
            author = self._author() if new else 0
            self._save([self._comment(at, text, author) for at, text in new.items()])
            self._draw(new, longer, gone)

    # --- texts

    def _author(self) -> int:
        if self.part is None:
            return 0
        authors = self.part.root.one("authors")
        assert authors is not None
        known = [each.text for each in authors.all("author")]
        if AUTHOR in known:
            return known.index(AUTHOR)
        tag = f"{authors.prefix}author"
        self.part.append(authors, f"<{tag}>{AUTHOR}</{tag}>".encode())
        return len(known)

    def _comment(self, at: Place, text: str, author: int) -> bytes:
        p = self.list.prefix if self.list else ""
        run = _run(text[:LONGEST], p)
        return f'<{p}comment ref="{cell(*at)}" authorId="{author}"><{p}text>{run}</{p}text></{p}comment>'.encode()

    def _extend(self, node: Node, text: str) -> None:
        """Our text behind somebody else's."""
        part, body = self.part, node.one("text")
        if part is None or body is None:
            raise PatchError("批注")
        room = max(0, min(LONGEST, _ROOM - len(self._text(node))))
        run = _run("\n" + text[:room], node.prefix).encode()
        plain = body.one("t")
        if plain is not None:
            part.replace(plain, f"<{node.prefix}r>".encode() + part.raw(plain) + f"</{node.prefix}r>".encode() + run)
        elif runs := body.all("r"):
            part.insert(runs[-1].end, run)
        else:
            part.append(body, run)

    def _rewrite(self, node: Node, theirs: str, text: str) -> None:
        """Somebody else's text, and behind it what we say now."""
        body = node.one("text")
        if self.part is None or body is None:
            raise PatchError("批注")
        runs = _run(theirs, node.prefix) + (_run("\n" + text[:LONGEST], node.prefix) if text else "")
        self.part.replace(body, f"<{body.tag}>{runs}</{body.tag}>".encode())

    def _remove(self, node: Node) -> None:
        if self.part is not None:
            self.part.replace(node, b"")

    def _save(self, entries: list[bytes]) -> None:
        if self.part is not None and self.list is not None:
            for entry in entries:
                self.part.append(self.list, entry)
        elif entries:
            inner = b"".join(entries).decode()
            made = f'{HEAD}<comments xmlns="{MAIN}"><authors><author>{AUTHOR}</author></authors>'
            name = self.package.free("xl/comments{}.xml")
            self.package.add(name, f"{made}<commentList>{inner}</commentList></comments>".encode(), _COMMENTS)
            self.package.relate(self.name, "comments", name)

    # --- boxes

    def _draw(self, boxes: Mapping[Place, str], longer: Mapping[Place, str], gone: set[Place]) -> None:
        """A box for each new note, a larger one for each that has become longer, and none for those that are gone."""
        tie = self.sheet.part.root.one("legacyDrawing")
        if tie is None:
            # notes without boxes get theirs now: a sheet has one drawing for all of them
            alone = {at: self._text(node) for at, node in self.there.items() if at not in gone}
            self._new_drawing({**alone, **longer, **boxes})
            return
        relation = self.package.relations(self.name).get(tie.get("id") or "")
        if relation is None or not relation.target:
            raise PatchError("批注的图形")
        drawing = self.package.part(relation.target)
        for at, shape, anchor in _boxes(drawing.root):
            if at in gone:
                drawing.replace(shape, b"")
            elif at in longer and anchor and not anchor.empty:
                drawing.cut(anchor.head, anchor.close, self._anchor(at, longer[at]).encode())
        self._add_boxes(drawing, boxes)

    def _add_boxes(self, drawing: Part, boxes: Mapping[Place, str]) -> None:
        if not boxes:
            return
        first = max([1024, *(int(each) for each in re.findall(rb"_x0000_s(\d{1,9})\b", drawing.data))]) + 1
        made = self._shapes(boxes, first, _SPACES + " ")
        if b'"_x0000_t202"' not in drawing.data:
            made = _SHAPETYPE.format(spaces=_SPACES + " ") + made
        drawing.append(drawing.root, made.encode())

    def _new_drawing(self, boxes: Mapping[Place, str]) -> None:
        if not boxes:
            return
        clusters = ",".join(str(k + 1) for k in range(len(boxes) // 1023 + 1))
        head = f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{clusters}"/></o:shapelayout>'
        body = f"<xml {_SPACES}>{head}{_SHAPETYPE.format(spaces='')}{self._shapes(boxes, 1025, '')}</xml>"
        name, part = self.package.free("xl/drawings/vmlDrawing{}.vml"), self.sheet.part
        self.package.default("vml", _VML)
        self.package.put(name, body.encode())
        id = self.package.relate(self.name, "vmlDrawing", name)
        tie = f'<{part.root.prefix}legacyDrawing xmlns:r="{RELATIONS}" r:id="{id}"/>'
        part.insert(part.after(_BEFORE), tie.encode())

    def _shapes(self, boxes: Mapping[Place, str], first: int, spaces: str) -> str:
        made = list[str]()
        for k, (at, text) in enumerate(sorted(boxes.items()), first):
            size = {"wide": _BOX * 0.75, "high": _high(text) * 0.75}
            made.append(_SHAPE.format(id=k, spaces=spaces, anchor=self._anchor(at, text), row=at[0], col=at[1], **size))
        return "".join(made)

    def _anchor(self, at: Place, text: str) -> str:
        """Where a box stands: right of the cell, one row higher, as wide as always and as high as its text."""
        row, col = max(0, at[0] - 1), min(at[1] + 1, COLUMNS - 6)
        right, more = _walk(col, _BOX + 15, self.sheet.wide)
        bottom, rest = _walk(row, _high(text) + 4, self.sheet.high)
        return f"{col}, 15, {row}, 4, {right}, {more}, {bottom}, {rest}"


def _high(text: str) -> int:
    """How many pixels a text takes in a box."""
    return min(_TALLEST, (lines(text, _BOX // 7 - 2) + 1) * _LINE + 6)


def _walk(first: int, length: int, size: Callable[[int], int]) -> tuple[int, int]:
    """The column or row in which a length ends that begins at one, and how far into it."""
    k = first
    while length > size(k) and k < first + 100:
        length -= size(k)
        k += 1
    return k, min(length, size(k))


def _run(text: str, prefix: str) -> str:
    p = prefix
    format = (
        f'<{p}rPr><{p}sz val="{NOTE}"/><{p}color indexed="81"/><{p}rFont val="{FONT}"/><{p}charset val="134"/></{p}rPr>'
    )
    return f'<{p}r>{format}<{p}t xml:space="preserve">{text_xml(text)}</{p}t></{p}r>'


def _all(node: Node, name: str) -> Iterator[Node]:
    """Every element of a name within another, but none within one that is found."""
    for each in node.children:
        if each.name == name:
            yield each
        else:
            yield from _all(each, name)


def _boxes(drawing: Node) -> Iterator[tuple[Place, Node, Node | None]]:
    """The shapes that are notes: the cell of each, the shape, what says where it stands."""
    for shape in _all(drawing, "shape"):
        for data in (each for each in shape.children if each.get("ObjectType") == "Note"):
            row, col = ("".join(each.text.strip() for each in data.all(name)) for name in ("Row", "Column"))
            if row.isdecimal() and col.isdecimal():
                yield (int(row), int(col)), shape, data.one("Anchor")
