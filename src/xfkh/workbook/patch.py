"""A workbook's package changed in place: bytes are spliced into its parts, everything else stays as it was.

Whoever saved the workbook chose prefixes, order and part names; so elements are found by the parser, with their places
in the bytes, and only what changes is written.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from xml.parsers import expat

from .relations import links_of, member, resolved

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = "[Content_Types].xml"
_TAG = re.compile(rb"""<[^\s/>]+((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_XSTRING = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class PatchError(Exception):
    """A package that is not what it should be, or cannot be changed safely."""


def text_xml(text: str) -> str:
    """Text as the content of an element of a workbook."""
    return escape(_XSTRING.sub("_x005F_", text), quote=False)


def attribute_xml(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;").replace("\n", "&#10;")


# --- elements with their places -------------------------------------------------------------------


@dataclass(slots=True)
class Node:
    """An element and where it stands: ``start`` to ``end`` with its tags, ``head`` to ``close`` without them."""

    tag: str
    attributes: dict[str, str]
    start: int
    head: int
    empty: bool
    close: int = 0
    end: int = 0
    text: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """What names of the same vocabulary begin with."""
        return self.tag[: self.tag.index(":") + 1] if ":" in self.tag else ""

    @property
    def name(self) -> str:
        return self.tag.rpartition(":")[2]

    def get(self, name: str) -> str | None:
        """An attribute, whatever its prefix."""
        plain = self.attributes.get(name)
        if plain is not None:
            return plain
        return next((value for key, value in self.attributes.items() if key.endswith(f":{name}")), None)

    def all(self, name: str) -> list[Node]:
        wanted = self.prefix + name
        return [each for each in self.children if each.tag == wanted]

    def one(self, name: str) -> Node | None:
        return next(iter(self.all(name)), None)


def parse(data: bytes, depth: int = 50) -> Node:
    """The elements of a part down to ``depth``. Raises PatchError for a document type definition, ExpatError where the
    part is not well-formed."""
    return _Tree(data, depth).root


class _Tree:
    def __init__(self, data: bytes, depth: int) -> None:
        self.data, self.depth = data, depth
        self.stack: list[Node | None] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.CharacterDataHandler, self.parser.buffer_text = self._text, True
        self.parser.Parse(data, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.stack) > self.depth:
            self.stack.append(None)
            return
        start = self.parser.CurrentByteIndex
        found = _TAG.match(self.data, start)
        if found is None:
            raise PatchError("标签")
        node = Node(tag, attributes, start, found.end(), bool(found[2]))
        if self.stack and (parent := self.stack[-1]) is not None:
            parent.children.append(node)
        elif not self.stack:
            self.root = node
        self.stack.append(node)

    def _end(self, _: str) -> None:
        node = self.stack.pop()
        if node is not None and node.empty:
            node.close = node.end = node.head
        elif node is not None:
            node.close = self.parser.CurrentByteIndex
            node.end = self.data.index(b">", node.close) + 1

    def _text(self, text: str) -> None:
        node = self.stack[-1]
        if node is not None:
            node.text += text

    def _doctype(self, *_: object) -> None:
        raise PatchError("DTD")


def with_attributes(tag: bytes, values: dict[str, str | None]) -> bytes:
    """A start tag, or an element that begins with it, with other attributes; None takes one away."""
    found = _TAG.match(tag)
    if found is None:
        raise PatchError("标签")
    kept, rest = list[bytes](), dict(values)
    for each in _ATTRIBUTE.finditer(tag, found.start(1), found.end(1)):
        name = each[1].decode()
        if name not in rest:
            kept.append(each[0])
        elif (value := rest.pop(name)) is not None:
            kept.append(f' {name}="{attribute_xml(value)}"'.encode())
    kept += [f' {name}="{attribute_xml(value)}"'.encode() for name, value in rest.items() if value is not None]
    return tag[: found.start(1)] + b"".join(kept) + tag[found.end(1) :]


class Part:
    """One XML part and the changes to it."""

    def __init__(self, data: bytes, depth: int = 50) -> None:
        self.data = _utf8(data)
        self.root = parse(self.data, depth)
        self._cuts: list[tuple[int, int, bytes]] = []
        self._tails: dict[int, tuple[Node, list[bytes]]] = {}
        self._heads: dict[int, tuple[Node, dict[str, str | None]]] = {}

    def raw(self, node: Node) -> bytes:
        return self.data[node.start : node.end]

    def cut(self, start: int, end: int, new: bytes) -> None:
        self._cuts.append((start, end, new))

    def replace(self, node: Node, new: bytes) -> None:
        self.cut(node.start, node.end, new)

    def insert(self, place: int, new: bytes) -> None:
        if self.root.empty:
            self.append(self.root, new)
        else:
            self.cut(place, place, new)

    def set(self, node: Node, **values: str | None) -> None:
        """Attributes of an element; None takes one away."""
        self._heads.setdefault(node.start, (node, {}))[1].update(values)

    def append(self, node: Node, new: bytes) -> None:
        """Behind the last child."""
        self._tails.setdefault(node.start, (node, []))[1].append(new)

    def after(self, names: Sequence[str]) -> int:
        """The place for a child of the root that stands behind all of these."""
        before = [each.end for each in self.root.children if each.name in names and each.prefix == self.root.prefix]
        return max(before, default=self.root.head)

    @property
    def changed(self) -> bool:
        return bool(self._cuts or self._tails or self._heads)

    def result(self) -> bytes:
        """The part with its changes. Raises PatchError where two of them meet."""
        if not self.changed:
            return self.data
        cuts = [*self._cuts, *self._tags()]
        out, at = list[bytes](), 0
        for start, end, new in sorted(cuts, key=lambda cut: cut[:2]):
            if start < at:
                raise PatchError("重叠的改动")
            out += [self.data[at:start], new]
            at = end
        made = b"".join([*out, self.data[at:]])
        expat.ParserCreate().Parse(made, True)
        return made

    def _tags(self) -> Iterator[tuple[int, int, bytes]]:
        opened = {start for start, (node, _) in self._tails.items() if node.empty}
        for start in sorted(opened | self._heads.keys()):
            node, values = self._heads.get(start) or (self._tails[start][0], {})
            tag = with_attributes(self.data[start : node.head], values)
            if start in opened:
                inner = b"".join(self._tails[start][1])
                tag = tag.rstrip(b"/> \t\r\n") + b">" + inner + f"</{node.tag}>".encode()
            yield start, node.head, tag
        for node, new in self._tails.values():
            if not node.empty:
                yield node.close, node.close, b"".join(new)


def _utf8(data: bytes) -> bytes:
    """The same document in UTF-8, where bytes can be spliced in. Raises PatchError for other encodings."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return (HEAD + _DECLARATION.sub("", data.decode("utf-16"))).encode()
    said = re.match(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""", data)
    if said and said[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise PatchError("编码")
    return data


# --- the package ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str
    target: str
    node: Node


class Patch:
    """The members of a workbook's package; parts are changed where they are, new ones come last."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = [name for name in package.namelist() if not name.endswith("/")]
            self._names = {name.casefold(): name for name in names}
            if len(self._names) != len(names):
                raise PatchError("重名的部件")
            self.members = {name: package.read(name) for name in names}
        self._parts: dict[str, Part] = {}
        self._defaults = set[str]()
        self.types = self.part(TYPES)

    def find(self, name: str) -> str | None:
        """A member by its name in any case."""
        return member(self._names, name)

    def part(self, name: str, depth: int = 50) -> Part:
        if name not in self._parts:
            self._parts[name] = Part(self.members[name], depth)
        return self._parts[name]

    def add(self, name: str, data: bytes, content_type: str) -> None:
        """A new part. Raises PatchError where there is one of that name."""
        self.put(name, data)
        root = self.types.root
        entry = f'<{root.prefix}Override PartName="/{attribute_xml(name)}" ContentType="{content_type}"/>'
        self.types.append(root, entry.encode())

    def put(self, name: str, data: bytes) -> None:
        """A new member whose type is that of its extension."""
        if self.find(name):
            raise PatchError(name)
        self.members[name] = data
        self._names[name.casefold()] = name

    def default(self, extension: str, content_type: str) -> None:
        """The content type of an extension, unless it has one."""
        root = self.types.root
        known = {(each.get("Extension") or "").lower() for each in root.all("Default")}
        if extension not in known | self._defaults:
            self._defaults.add(extension)
            entry = f'<{root.prefix}Default Extension="{extension}" ContentType="{content_type}"/>'
            self.types.insert(root.head, entry.encode())

    def drop(self, name: str) -> None:
        """A part away, with its relations and its content type."""
        for each in (name, links_of(name)):
            if found := self.find(each):
                del self.members[found], self._names[found.casefold()]
                self._parts.pop(found, None)
        for entry in self.types.root.all("Override"):
            if (entry.get("PartName") or "").lstrip("/").casefold() == name.casefold():
                self.types.replace(entry, b"")

    def content_type(self, name: str) -> str:
        root = self.types.root
        for entry in root.all("Override"):
            if (entry.get("PartName") or "").lstrip("/").casefold() == name.casefold():
                return entry.get("ContentType") or ""
        return ""

    def free(self, pattern: str, first: int = 1) -> str:
        """A name that no part has, from a pattern with a place for a number."""
        k = first
        while self.find(pattern.format(k)):
            k += 1
        return pattern.format(k)

    def relations(self, name: str) -> dict[str, Relation]:
        """What a part is related to inside the package, by id; targets as names of members."""
        rels, found = self.find(links_of(name)), dict[str, Relation]()
        for each in self.part(rels).root.all("Relationship") if rels else ():
            if (each.get("TargetMode") or "Internal") == "Internal":
                target = resolved(name, each.get("Target") or "")
                kind = (each.get("Type") or "").rpartition("/")[2]
                found[each.get("Id") or ""] = Relation(kind, self.find(target) or "", each)
        return found

    def related(self, name: str, kind: str) -> str:
        """The member that a part is related to in some way; empty where there is none."""
        return next((each.target for each in self.relations(name).values() if each.kind == kind and each.target), "")

    def relate(self, name: str, kind: str, target: str) -> str:
        """A new relation; returns its id."""
        rels = self.find(links_of(name))
        if rels is None:
            rels = links_of(name)
            self.members[rels] = f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships"></Relationships>'.encode()
            self._names[rels.casefold()] = rels
            self.default("rels", "application/vnd.openxmlformats-package.relationships+xml")
        part = self.part(rels)
        id = _free_id(part)
        path = posixpath.relpath(target, posixpath.dirname(name) or ".")
        kind = kind if ":" in kind else f"{RELATIONS}/{kind}"
        entry = f'<{part.root.prefix}Relationship Id="{id}" Type="{kind}" Target="{attribute_xml(path)}"/>'
        part.append(part.root, entry.encode())
        return id

    def discard(self, name: str, relation: Relation) -> None:
        """A relation of a part away, and what it leads to."""
        if rels := self.find(links_of(name)):
            self.part(rels).replace(relation.node, b"")
        if relation.target:
            self.drop(relation.target)

    def finish(self) -> bytes:
        """The package: the content types first, then everything in its order."""
        order, out = sorted(self.members, key=lambda name: name != TYPES), BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name in order:
                part = self._parts.get(name)
                data = part.result() if part is not None and part.changed else self.members[name]
                package.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def _free_id(part: Part) -> str:
    """An id that no relation has, nor one just added."""
    taken = {each.get("Id") or "" for each in part.root.children}
    k = len(taken) + 1 + sum(len(new) for _, new in part._tails.values())
    while f"rId{k}" in taken:
        k += 1
    return f"rId{k}"
