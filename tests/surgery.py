"""Hands that damage workbooks: cells, parts, and the bytes of the package itself.

Nothing here asks the program under test how a workbook is read.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cached_property
from io import BytesIO
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from openpyxl import load_workbook

Parts = dict[str, bytes]
COVER, FORM, STAMP = "封面", "填报", "_xfkh"
TYPES, BOOK, LINKS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES, TEXTS, CUSTOM = "xl/styles.xml", "xl/sharedStrings.xml", "docProps/custom.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NS = f"{{{MAIN}}}"


# --- cells --------------------------------------------------------------------------------------


class Xml(NamedTuple):
    """What stands in a cell, as the file holds it: attributes and body of its element."""

    attributes: str
    body: str


def number(value: object) -> Xml:
    return Xml("", f"<v>{value}</v>")


def words(value: str) -> Xml:
    return Xml(' t="inlineStr"', f'<is><t xml:space="preserve">{escape(value)}</t></is>')


def formula(value: str, cached: object = None) -> Xml:
    return Xml("", f"<f>{escape(value)}</f>" + ("" if cached is None else f"<v>{cached}</v>"))


def error(value: str) -> Xml:
    return Xml(' t="e"', f"<v>{escape(value)}</v>")


NOTHING = Xml("", "")


def put(sheet: bytes, cells: Mapping[str, Xml]) -> bytes:
    """The sheet with other contents in some cells; a cell that is not there joins the end of its row, a row the
    end of the sheet. Every other byte stays."""
    content = sheet.decode()
    for ref, (attributes, body) in cells.items():
        there = re.search(rf'<c r="{ref}"((?: s="\d+")?)(?: t="\w+")?(?:/>|>.*?</c>)', content, re.S)
        kept = there[1] if there and " s=" not in attributes else ""
        new = f'<c r="{ref}"{kept}{attributes}>{body}</c>'
        start, end = there.span() if there else (0, 0)
        content = content[:start] + new + content[end:] if there else _joined(content, ref, new)
    return content.encode()


def _joined(content: str, ref: str, cell: str) -> str:
    row = ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    there = re.search(rf'<row r="{row}"(?:[^>]*[^/])?>.*?(?=</row>)', content, re.S)
    if there:
        return content[: there.end()] + cell + content[there.end() :]
    return content.replace("</sheetData>", f'<row r="{row}">{cell}</row></sheetData>')


def column(k: int) -> str:
    """The letters of the k-th column, counted from 0."""
    return (column(k // 26 - 1) if k >= 26 else "") + chr(65 + k % 26)


# --- a return -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Genuine:
    """One return in order. ``mates``: further genuine returns of the same round by unit; ``issue``: the 发放清单."""

    unit: str
    data: bytes
    mates: Mapping[str, bytes] = field(default_factory=dict)
    issue: bytes = b""

    @cached_property
    def parts(self) -> Parts:
        with zipfile.ZipFile(BytesIO(self.data)) as package:
            return {name: package.read(name) for name in package.namelist()}

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Sheet name → part."""
        links = {each.get("Id"): each.get("Target", "") for each in ElementTree.fromstring(self.parts[LINKS])}
        sheets = ElementTree.fromstring(self.parts[BOOK]).iter(f"{_NS}sheet")
        return {each.get("name", ""): f"xl/{links[each.get(f'{{{OFFICE}}}id')]}" for each in sheets}

    def texts(self, sheet: str) -> dict[str, str]:
        """Address → the text that stands there, of every cell that holds one."""
        shared = ["".join(each.itertext()) for each in ElementTree.fromstring(self.parts[TEXTS])]
        cells = ElementTree.fromstring(self.parts[self.sheets[sheet]]).iter(f"{_NS}c")
        return {each.get("r", ""): shared[int(each.findtext(f"{_NS}v", "0"))] for each in cells if each.get("t") == "s"}

    @cached_property
    def at(self) -> dict[str, str]:
        """Input cell → its address in 填报, by the ids that stand in column A and row 1."""
        texts, found = self.texts(FORM), dict[str, str]()
        columns = {id: ref.rstrip("1") for ref, id in texts.items() if re.fullmatch(r"@\d", id)}
        for ref, id in texts.items():
            name, _, start = id.partition("[")
            if not re.fullmatch(r"A\d+", ref) or id.startswith("#"):
                continue
            for k in range(6 if start else 1):
                found[f"{name}[{int(start[:-1]) + k}]" if start else name] = f"{columns[f'@{k + 1}']}{ref[1:]}"
        return found

    def beside(self, sheet: str, label: str) -> str:
        """The address to the right of a label."""
        (ref,) = (ref for ref, text in self.texts(sheet).items() if text == label)
        return chr(ord(ref[0]) + 1) + ref[1:]

    def row(self, name: str) -> str:
        return self.at[name].lstrip("ABCDEFGHI")

    def remark(self, name: str) -> str:
        """The address of the list of materials beside an input."""
        return f"M{self.row(name)}"

    # the return with something changed

    def edit(self, part: str, change: Callable[[bytes], bytes]) -> Parts:
        """All parts, one of them changed; a change that changes nothing is a mistake of the corpus."""
        name = self.sheets.get(part, part)
        new = change(self.parts[name])
        assert new != self.parts[name], f"{part} is as it was"
        return {**self.parts, name: new}

    def sub(self, part: str, pattern: str, new: str, count: int = 0) -> Parts:
        return self.edit(part, lambda data: re.sub(pattern, new, data.decode(), count=count, flags=re.S).encode())

    def put(self, cells: Mapping[str, Xml], sheet: str = FORM) -> Parts:
        return self.edit(sheet, lambda data: put(data, cells))

    def answer(self, name: str, content: Xml) -> Parts:
        return self.put({self.at[name]: content})

    def of(self, stamped: str, cover: str) -> Parts:
        """The same return stamped for a unit, with a unit written on its cover."""
        parts = self.put({self.beside(STAMP, "单位"): words(stamped)}, STAMP)
        return parts | _only(self.put({self.beside(COVER, "填报单位"): words(cover)}, COVER), self.sheets[COVER])

    def stamped(self, key: str, value: str) -> Parts:
        return self.put({self.beside(STAMP, key): words(value)}, STAMP)


def _only(parts: Parts, name: str) -> Parts:
    return {name: parts[name]}


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return pack([Member(name, data, method) for name, data in parts.items()])


def reworked(data: bytes, change: Callable[[Any], object], merged: bool = False) -> bytes:
    """Opened, changed and saved by another program, one that keeps no cached values (nor the merged cells: moving
    rows and columns under them confuses it)."""
    if not merged:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        data = zipped({k: re.sub(rb"<mergeCells.*?</mergeCells>", b"", v, flags=re.S) for k, v in parts.items()})
    book, out = load_workbook(BytesIO(data)), BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def row_of(sheet: Any, id: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == id)


def swap(sheet: Any, one: str, two: str, columns: Sequence[int]) -> None:
    first, second = row_of(sheet, one), row_of(sheet, two)
    for col in columns:
        a, b = sheet.cell(first, col), sheet.cell(second, col)
        a.value, b.value = b.value, a.value


def copy_row(sheet: Any, id: str) -> None:
    row, last = row_of(sheet, id), sheet.max_row + 1
    for col in range(1, 14):
        sheet.cell(last, col, sheet.cell(row, col).value)


# --- parts --------------------------------------------------------------------------------------


def add_part(parts: Mapping[str, bytes], name: str, data: bytes, kind: str = "") -> Parts:
    """One part more, with its content type where one is given."""
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>' if kind else "</Types>"
    return {**parts, TYPES: parts[TYPES].replace(b"</Types>", override.encode()), name: data}


def add_link(parts: Mapping[str, bytes], of: str, id: str, kind: str, target: str, mode: str = "") -> Parts:
    """One relationship more of a part; ``kind`` is the last word of its type."""
    folder, _, file = of.rpartition("/")
    name = f"{folder}/_rels/{file}.rels"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    empty = (
        f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    external = f' TargetMode="{mode}"' if mode else ""
    new = f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{escape(target)}"{external}/></Relationships>'
    return {**parts, name: parts.get(name, empty.encode()).replace(b"</Relationships>", new.encode())}


def add_sheet(parts: Mapping[str, bytes], name: str, xml: bytes, k: int = 90, first: bool = False) -> Parts:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    more = add_part(parts, f"xl/worksheets/sheet{k}.xml", xml, kind)
    more = add_link(more, BOOK, f"rId{k}", "worksheet", f"worksheets/sheet{k}.xml")
    entry = f'<sheet name="{escape(name)}" sheetId="{k}" r:id="rId{k}"/>'
    old, new = ("<sheets>", f"<sheets>{entry}") if first else ("</sheets>", f"{entry}</sheets>")
    return {**more, BOOK: more[BOOK].replace(old.encode(), new.encode())}


def sheet_of(cells: Mapping[str, Xml]) -> bytes:
    empty = f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}"><sheetData></sheetData></worksheet>'
    return put(empty.encode(), cells)


def add_format(parts: Mapping[str, bytes], code: str) -> tuple[Parts, int]:
    """A cell style with a number format of its own, and its index."""
    text = parts[STYLES].decode()
    count = int(re.search(r'<cellXfs count="(\d+)"', text)[1])  # type: ignore[index]
    fmt = f'<numFmt numFmtId="190" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
    if "<numFmts" in text:
        text = re.sub(r'<numFmts count="\d+">', lambda found: found[0] + fmt, text)
    else:
        text = re.sub(r"<styleSheet[^>]*>", lambda found: f'{found[0]}<numFmts count="1">{fmt}</numFmts>', text)
    style = '<xf numFmtId="190" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    text = text.replace("</cellXfs>", style).replace(f'<cellXfs count="{count}"', f'<cellXfs count="{count + 1}"')
    return {**parts, STYLES: text.encode()}, count


# --- the bytes of a package ---------------------------------------------------------------------


@dataclass(frozen=True)
class Member:
    """One member of a zip, and every lie that may be told of it. ``name`` as bytes is written as it is; ``packed``
    stands for the compressed bytes; ``size``, ``crc`` and ``offset`` are what the directory claims."""

    name: str | bytes
    data: bytes = b""
    method: int = zipfile.ZIP_DEFLATED
    flags: int = 0
    attributes: int = 0
    packed: bytes | None = None
    size: int | None = None
    crc: int | None = None
    offset: int | None = None
    streamed: bool = False


def pack(members: Iterable[Member], before: bytes = b"", after: bytes = b"", comment: bytes = b"") -> bytes:
    """A zip written byte by byte."""
    body, directory, count = BytesIO(), BytesIO(), 0
    for each in members:
        name = each.name if isinstance(each.name, bytes) else each.name.encode()
        utf8 = 0x800 if isinstance(each.name, str) and not each.name.isascii() else 0
        flags = each.flags | utf8 | (8 if each.streamed else 0)
        packed = each.packed if each.packed is not None else _compressed(each.data, each.method)
        crc = zlib.crc32(each.data) if each.crc is None else each.crc
        size = len(each.data) if each.size is None else each.size
        facts = struct.pack("<III", crc, len(packed), size)
        start = body.tell() if each.offset is None else each.offset
        head = struct.pack("<HHHHH", 20, flags, each.method, 0, 33)
        local = bytes(12) if each.streamed else facts
        body.write(b"PK\3\4" + head + local + struct.pack("<HH", len(name), 0) + name + packed)
        body.write(b"PK\7\10" + facts if each.streamed else b"")
        directory.write(b"PK\1\2" + struct.pack("<H", 0x0314) + head + facts)
        directory.write(struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, each.attributes, start) + name)
        count += 1
    tail = struct.pack("<HHHHIIH", 0, 0, count, count, directory.tell(), body.tell(), len(comment))
    return before + body.getvalue() + directory.getvalue() + b"PK\5\6" + tail + comment + after


def _compressed(data: bytes, method: int) -> bytes:
    if method != zipfile.ZIP_DEFLATED:
        return data
    # what is huge is only filler
    engine = zlib.compressobj(1 if len(data) > 1_000_000 else 6, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush()


def members(parts: Mapping[str, bytes], **of_last: Any) -> list[Member]:
    """The parts as members; ``of_last``: what is odd about the last one."""
    *most, (name, data) = parts.items()
    return [*(Member(*each) for each in most), Member(name, data, **of_last)]


def compound(streams: Sequence[str], content: bytes = b"") -> bytes:
    """An OLE compound file with streams of these names (one sector of names, 4 KB of content each)."""
    size, data = 8, (content + bytes(4096))[:4096]
    chains = [1 << 32, (1 << 32) - 2]
    fat = [0xFFFFFFFD, 2, 0xFFFFFFFE]
    for k in range(len(streams)):
        first = 3 + k * size
        fat += [*range(first + 1, first + size), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))
    entries = [_entry("Root Entry", 5, 1, chains[1], 0)]
    entries += [_entry(name, 2, k + 2 if k + 1 < len(streams) else 0xFFFFFFFF, 3 + k * size, 4096)
                for k, name in enumerate(streams)]  # fmt: skip
    names = b"".join(entries).ljust(1024, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * 108 * 4
    return head + struct.pack("<128I", *fat) + names + data * len(streams)


def _entry(name: str, kind: int, link: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    left, right, child = (none, none, link) if kind == 5 else (none, link, none)
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    return head + struct.pack("<III", left, right, child) + bytes(36) + struct.pack("<IQ", start & none, size)


def mail(attachments: Mapping[str, bytes], charset: str = "utf-8") -> bytes:
    """A letter with attachments, as a mail program saves it."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "zhang@example.cn", "office@example.cn", "填报表"
    letter["Date"] = "Mon, 05 Jan 2026 09:00:00 +0800"
    letter.set_content("请查收。", charset=charset)
    for name, data in attachments.items():
        letter.add_attachment(data, maintype="application", subtype="octet-stream", filename=(charset, "", name))
    return letter.as_bytes()
