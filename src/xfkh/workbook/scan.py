"""One pass over a workbook's XML for what the fast reader does not show or would not survive."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree
from xml.parsers import expat

INFLATED_LIMIT, WINDOW = 80 * 2**20, (5_000, 200)
SHARED = "共享公式"
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class ScanError(Exception):
    """A workbook that is not safe to read."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell that holds a formula (its text) or an error value."""

    formula: str = ""
    error: bool = False


Marks = dict[tuple[int, int], Mark]


@dataclass(frozen=True, slots=True)
class RawCell:
    """What stands in a cell: its cached value, the formula's text if there is one, whether it is an error."""

    value: object = None
    formula: str = ""
    error: bool = False


def scan(data: bytes) -> tuple[dict[str, Marks], bool]:
    """The formula and error cells of every sheet, which the fast reader does not show; whether a cell lies far
    outside the window, which it would not survive.

    Raises ScanError for a package too large to inflate, a document type definition, or a false count of texts.
    """
    with zipfile.ZipFile(BytesIO(data)) as package:
        if sum(each.file_size for each in package.infolist()) > INFLATED_LIMIT:
            raise ScanError("TooLarge")
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        targets = {each.get("Id"): each.get("Target", "").lstrip("/") for each in links}
        _check_texts(package)
        marks, far = {}, False
        for sheet in book.iter():
            if sheet.tag.endswith("}sheet"):
                target = targets.get(sheet.get(_REL), "")
                path = target if target.startswith("xl/") else f"xl/{target}"
                found, one_far = scan_sheet(package.read(path))
                marks[sheet.get("name", "")] = found
                far |= one_far
    return marks, far


def _check_texts(package: zipfile.ZipFile) -> None:
    """A promise of more shared texts than there can be makes the fast reader abort the whole process."""
    if "xl/sharedStrings.xml" in package.namelist():
        data = package.read("xl/sharedStrings.xml")
        promised = re.search(rb'uniqueCount="(\d+)"', data[:2000])
        if promised and int(promised[1]) > len(data):
            raise ScanError("SharedStrings")


def scan_sheet(data: bytes) -> tuple[Marks, bool]:
    """The same of one sheet's XML: by the letter where it is as plain as office programs write it, else by the parser.

    Raises ExpatError where it is not well-formed.
    """
    quick = quick_scan(data)
    return (quick, False) if quick is not None else careful_scan(data)


# What is neither declared, prefixed, nor oddly placed can be found by the letter: in well-formed XML without comments
# and CDATA a "<" only opens a tag.
_PROLOG = re.compile(
    rb'(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")?\?>\s*)?<[A-Za-z]'
)
_DECLARED = re.compile(rb"<[!?]")
_PREFIXED = re.compile(rb":(?:c|f|row)[\s/>]")
_ODD_CELL = re.compile(rb'<c(?=[\s/>])(?! r="(?:[A-Z]|[A-F][A-Z])(?:[1-9]\d{0,2}|[1-4]\d{3})"(?: [a-z]+="\w*")*/?>)')
_ODD_ROW = re.compile(rb'<row(?=[\s/>])(?! r="\d{1,7}"[\s/>])')
_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"[^<>/]*><f(?: [\w:]+="[^"<>]*")*(?:/>|>([^<]*)</f>)')
_FORMULA_START = re.compile(rb"<f[\s/>]")
_COLUMNS = {(chr(64 + k // 26) + chr(65 + k % 26)).strip("@").encode(): k for k in range(7 * 26)}


def quick_scan(data: bytes) -> Marks | None:
    """The formula cells of a sheet as plain as office programs write it: UTF-8 without comments, CDATA or an error
    value, where every row and cell says its place, inside the window. None for any other: it takes the parser.

    Raises ExpatError: that it is well-formed is still the parser's word, at no call a cell.
    """
    odd = _odd(data)
    formulas = [] if odd else _FORMULA.findall(data)
    if odd or len(formulas) != len(_FORMULA_START.findall(data)):
        return None
    expat.ParserCreate(namespace_separator=" ").Parse(data, True)
    found = {}
    for col, row, body in formulas:
        if b"\r" in body or b"&#" in body:
            return None
        found[int(row) - 1, _COLUMNS[col]] = Mark(_plain(body.decode()) or SHARED)
    return found if len(found) == len(formulas) else None


def _plain(text: str) -> str:
    for entity, sign in _ENTITIES.items() if "&" in text else ():
        text = text.replace(entity, sign)
    return text


def _odd(data: bytes) -> bool:
    start = _PROLOG.match(data)
    if not start or b"\0" in data or b' t="e"' in data or _DECLARED.search(data, start.end()):
        return True
    return any(each.search(data) for each in (_PREFIXED, _ODD_ROW, _ODD_CELL))


def careful_scan(data: bytes) -> tuple[Marks, bool]:
    """By the parser, cell by cell. Raises ExpatError, and ScanError for a document type definition."""
    one = _SheetScan()
    return one.run(data), one.far


class _SheetScan:
    """One pass over a sheet's XML."""

    def __init__(self) -> None:
        self.found: Marks = {}
        self.far = False
        self._at: tuple[int, int] = (0, 0)
        self._inside = False
        self._formula: list[str] | None = None

    def run(self, data: bytes) -> Marks:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._doctype
        parser.buffer_text = True
        parser.Parse(data, True)
        return self.found

    def _doctype(self, *_: object) -> None:
        raise ScanError("Doctype")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self._inside = True
            self._at = _address(attributes.get("r", "")) or (self._at[0], self._at[1] + 1)
            self.far |= self._at[0] >= WINDOW[0] or self._at[1] >= WINDOW[1]
            if attributes.get("t") == "e":
                self.found[self._at] = Mark(error=True)
        elif name == "row":
            number = attributes.get("r")
            self._at = (int(number) - 1 if number else self._at[0] + 1, -1)
        elif name == "f" and self._inside:
            self._formula = []

    def _data(self, text: str) -> None:
        if self._formula is not None:
            self._formula.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self._inside = False
        elif name == "f" and self._formula is not None:
            error = self._at in self.found
            self.found[self._at] = Mark(formula="".join(self._formula) or SHARED, error=error)
            self._formula = None


def _address(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", text)
    if not match:
        return None
    col = 0
    for letter in match[1]:
        col = col * 26 + ord(letter) - 64
    return int(match[2]) - 1, col - 1
