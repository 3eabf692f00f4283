"""What a workbook stores, read straight from the parts of the package: hundreds of workbooks are read in a test run."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeAlias
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class ExcelError(str):
    """An error as a cell value; it equals the text by which it is stored."""


Content: TypeAlias = float | str | bool | None


@dataclass
class Stored:
    """Of each sheet: the value of every cell, the text of every formula (None: of a range or a data table), the places
    of all cells; of the book: its names, without regard to case."""

    values: dict[str, dict[str, Content]] = field(default_factory=dict)
    formulas: dict[str, dict[str, str | None]] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def stored(path: Path) -> Stored:
    with zipfile.ZipFile(path) as package:
        texts, book = _shared_texts(package), ElementTree.fromstring(package.read("xl/workbook.xml"))
        names = {each.attrib["name"].lower(): each.text or "" for each in book.iter(f"{_MAIN}definedName")}
        found = Stored(names=names)
        for name, part in _sheets(package, book):
            _read(found, name, ElementTree.fromstring(package.read(part)), texts)
    return found


def _read(found: Stored, name: str, sheet: ElementTree.Element, texts: Sequence[str]) -> None:
    values, formulas, places = found.values.setdefault(name, {}), found.formulas.setdefault(name, {}), list[str]()
    for cell in sheet.iter(f"{_MAIN}c"):
        reference, formula, value = cell.attrib["r"], cell.find(f"{_MAIN}f"), _value(cell, texts)
        if formula is not None:
            formulas[reference] = None if "t" in formula.attrib else formula.text
            value = "" if value is None and cell.find(f"{_MAIN}v") is not None else value
        if value is not None:
            values[reference] = value
        places.append(reference)
    found.places[name] = places


def _sheets(package: zipfile.ZipFile, book: ElementTree.Element) -> list[tuple[str, str]]:
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {link.attrib["Id"]: link.attrib["Target"] for link in links}
    sheets = [(sheet.attrib["name"], targets[sheet.attrib[_LINK]]) for sheet in book.iter(f"{_MAIN}sheet")]
    return [(name, str(PurePosixPath("/xl", target)).lstrip("/")) for name, target in sheets]


def _shared_texts(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    return [_text(each) for each in ElementTree.fromstring(package.read("xl/sharedStrings.xml")).iter(f"{_MAIN}si")]


def _text(element: ElementTree.Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{_MAIN}t"))


def _value(cell: ElementTree.Element, texts: Sequence[str]) -> Content:
    kind, stands = cell.get("t", "n"), cell.find(f"{_MAIN}v")
    if kind == "inlineStr":
        return _text(cell)
    if stands is None:
        return None
    text = stands.text or ""
    if kind == "s":
        return texts[int(text)]
    if kind == "b":
        return text == "1"
    if kind == "e":
        return ExcelError(text)
    return text if kind == "str" else float(text) if text else None
