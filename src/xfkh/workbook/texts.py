"""The texts that the sheets of a workbook share, and the letters of its XML."""

from __future__ import annotations

import re
from xml.parsers import expat

from .addresses import SheetError
from .quick import PROLOG
from .sheet import DEPTH, MAINS, Runs, refuse_doctype

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HALF = re.compile("[\ud800-\udfff]")


def unescaped(text: str) -> str:
    """Text without the five entities of XML."""
    for entity, sign in _ENTITIES if "&" in text else ():
        text = text.replace(entity, sign)
    return text


def decoded(text: str) -> str:
    """Characters that Excel writes by their number."""
    return whole(_CODED.sub(lambda each: chr(int(each[1], 16)), text)) if "_x" in text else text


def whole(text: str) -> str:
    """Text whose characters have both their halves: one alone, which nobody can write down, becomes a character that
    is noticed and left out as any control is."""
    if not _HALF.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _HALF.sub("\ufffe", joined)


_UNUSUAL = re.compile(rb"<[!?]|<[^<>\s/]*:")
_PLAIN_TEXTS = re.compile(f'<sst(?: [\\w:]+="[^"<>]*")*? xmlns="(?:{"|".join(map(re.escape, MAINS))})"'.encode())
_ITEM = re.compile(r'<si><t(?: xml:space="preserve")?(?: ?/>|>([^<]*)</t>)</si>')


def texts_of(data: bytes) -> tuple[list[str], dict[int, str]]:
    """The shared texts, and those of them that are marked: by the letter where they are plain, else by the parser."""
    found = _plain_texts(data)
    if found is not None:
        return [decoded(unescaped(each)) if "&" in each or "_x" in each else each for each in found], {}
    texts, marked = _parsed_texts(data)
    return [decoded(each) for each in texts], marked


def _plain_texts(data: bytes) -> list[str] | None:
    start = PROLOG.match(data)
    begin = start.end() if start else 0
    if start is None or not _PLAIN_TEXTS.match(data, begin) or _UNUSUAL.search(data, begin + 1):
        return None
    if data.find(b"\r", begin) >= 0 or b"&#" in data:
        return None
    expat.ParserCreate().Parse(data, True)
    found = _ITEM.findall(data.decode())
    return found if len(found) == data.count(b"<si") else None


def _parsed_texts(data: bytes) -> tuple[list[str], dict[int, str]]:
    """The runs of every text joined, its readings (rPh) left out, and those of which a part is struck out, raised or
    lowered. Raises SheetError for an item of two texts, and for one of another namespace, which others do not read."""
    texts, path, once, runs = list[str](), list[str](), set[int](), list[Runs]()
    # in most books no text is marked; one of another encoding is not searched
    odd = any(each in data for each in (b"strike", b"vertAlign", b"\0"))

    def start(tag: str, facts: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        path.append(name)
        if len(path) > DEPTH:
            raise SheetError("deep")
        if name in _OF_TEXTS and space not in MAINS:
            raise SheetError("foreign")
        if path[-1] == "si":
            texts.append("")
            runs.extend([Runs()] if odd else [])
            return
        if runs:
            runs[-1].start(path[-1], facts)
        if path[-2:] == ["si", "t"]:
            if len(texts) in once:
                raise SheetError("twice")
            once.add(len(texts))

    def data_of(text: str) -> None:
        if path[-1] == "t" and "si" in path and "rPh" not in path:
            texts[-1] += text
            if runs:
                runs[-1].add(text)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, lambda _: path.pop()
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = data_of, refuse_doctype
    parser.buffer_text = True
    parser.Parse(data, True)
    return texts, {k: look for k, each in enumerate(runs) if (look := each.look())}


_OF_TEXTS = {"sst", "si", "r", "t", "rPh"}
