"""One pass over a workbook's XML for what the fast reader does not show or would not survive."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree
from xml.parsers import expat

INFLATED_LIMIT, WINDOW = 80 * 2**20, (5_000, 200)
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class ScanError(Exception):
    """A workbook that is not safe to read."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell that holds a formula (its text) or an error value."""

    formula: str = ""
    error: bool = False


Marks = dict[tuple[int, int], Mark]


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
                one = _SheetScan()
                marks[sheet.get("name", "")] = one.run(package.read(path))
                far |= one.far
    return marks, far


def _check_texts(package: zipfile.ZipFile) -> None:
    """A promise of more shared texts than there can be makes the fast reader abort the whole process."""
    if "xl/sharedStrings.xml" in package.namelist():
        data = package.read("xl/sharedStrings.xml")
        promised = re.search(rb'uniqueCount="(\d+)"', data[:2000])
        if promised and int(promised[1]) > len(data):
            raise ScanError("SharedStrings")


class _SheetScan:
    """One pass over a sheet's XML."""

    def __init__(self) -> None:
        self.found: Marks = {}
        self.far = False
        self._at: tuple[int, int] = (0, 0)
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
            self._at = _address(attributes.get("r", "")) or (self._at[0], self._at[1] + 1)
            self.far |= self._at[0] >= WINDOW[0] or self._at[1] >= WINDOW[1]
            if attributes.get("t") == "e":
                self.found[self._at] = Mark(error=True)
        elif name == "row":
            number = attributes.get("r")
            self._at = (int(number) - 1 if number else self._at[0] + 1, -1)
        elif name == "f":
            self._formula = []

    def _data(self, text: str) -> None:
        if self._formula is not None:
            self._formula.append(text)

    def _end(self, tag: str) -> None:
        if self._formula is not None and tag.rpartition(" ")[2] == "f":
            error = self._at in self.found
            self.found[self._at] = Mark(formula="".join(self._formula) or "共享公式", error=error)
            self._formula = None


def _address(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", text)
    if not match:
        return None
    col = 0
    for letter in match[1]:
        col = col * 26 + ord(letter) - 64
    return int(match[2]) - 1, col - 1
