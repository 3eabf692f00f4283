"""One sheet's XML → what is written in each of its cells: by the letter where it is as plain as office programs write
it, else by the parser. Both say the same.

The returns of one round have most of it in common. A sheet is cut into its rows, the feet of its pages (which name
the unit) and the shell around them; rows and shells that were seen a moment ago are known. What is cut out leaves an
empty element behind: the whole is well-formed where the shell and each of the pieces is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat

from .addresses import SheetError, check_area
from .beside import Beside, Extras, span, unseen
from .sheet import MAINS, ROWS, WINDOW, SheetXml, Written, careful_sheet


def read_sheet(data: bytes) -> SheetXml:
    """Raises ExpatError where it is not well-formed, SheetError where it is not safe to read."""
    found = quick_sheet(data) or careful_sheet(data)
    for each in found.merges:
        check_area(each)
    return found


# In well-formed XML without comments and CDATA a "<" only opens or closes a tag: what is neither declared, prefixed
# nor oddly placed can be found by the letter. Bytes are searched faster than text.
PROLOG = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")?\?>\s*)?'
    rb"(?=<[A-Za-z])"
)
_ODD = re.compile(rb"<[!?]|<c[>/\n\t]|<row[>/\n\t]")
_PREFIXED = re.compile(rb":(?:c|row|f|v|is|t|mergeCell|worksheet|sheetData)[\s/>]")
_WRAPPED = re.compile(rb":[A-Za-z_\x80-\xff][^<>\s/=,;:()\"']*[\s/>]")
_BELONGS = re.compile(rb"xmlns\s*=")
_ROOT = re.compile(rb'<worksheet(?: [\w:]+="[^"<>]*")* ?>')
_MAIN = tuple(f' xmlns="{each}"'.encode() for each in MAINS)
_ODD_SIGNS = (b"\0", b"\r", b"&#", b' t="array"', b' t="dataTable"')
_CELL = re.compile(
    r'<c r="((?:[A-Z]|[A-F][A-Z])(?:[1-9]\d{0,2}|[1-4]\d{3}))"(?: s="(\d+)")?(?: t="(\w+)")?(?: (?:cm|vm|ph)="\d+")*'
    r'(?: ?/>|>(?:(<f(?: [\w:]+="[^"<>]*")*)(?: ?/>|>([^<]*)</f>))?'
    r'(?:<v(?: xml:space="preserve")?(?: ?/>|>([^<]*)</v>))?'
    r'(?:<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)',
    re.ASCII,
)
_BARE = re.compile(r"\s*(?:<row [^<>]*/>\s*)*(?:<row [^<>]*>\s*</row>)?")
"""A row without its cells."""
_ROW = re.compile(r'<row r="([1-9]\d{0,6})"[\s/>]', re.ASCII)
_MERGE = re.compile(r'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})" ?/>', re.ASCII)
_HIDDEN_ROW = re.compile(r'<row r="(\d+)"[^<>]* (?:hidden="(?:1|true)"|ht="(?:[0-3](?:\.\d*)?|\.\d+)")', re.ASCII)
_LOW = re.compile(rb' ht="(?:[0-3]["\.]|\.)')
_COLUMN = re.compile(r"<col [^<>]*>")
_LINK = re.compile(r'<hyperlink [^<>]*ref="([^"]*)"')
_FEET = re.compile(rb"<headerFooter[ >].*?</headerFooter>", re.DOTALL)
_BEGIN, _CELLS, _NO_CELLS, _ROW_END = b"<sheetData>", b"</sheetData>", b"<sheetData/>", b"</row>"
_NO_FEET, _END = b"<headerFooter/>", b"</worksheet>"
_MORE = 3_000
"""How many tags a plain sheet may have besides its rows: more, and something may be nested deep in it."""
_SMALL, _SMALL_ROW = 200_000, 20_000
_PLAIN_SIZE = 4 * 2**20


def quick_sheet(data: bytes) -> SheetXml | None:
    """A sheet as plain as office programs write it: UTF-8 without comments, CDATA or references by number, every cell
    and row with its place, each once, inside the window, no formula over many cells. None for any other: it takes the
    parser.

    Raises SheetError. That each piece is well-formed is still the parser's word, at no call a cell.
    """
    if len(data) > _PLAIN_SIZE:
        return None
    pieces = _cut(data)
    if pieces is None:
        return None
    head, cells, tail, feet = pieces
    shell = (_shell if len(head) + len(tail) < _SMALL else _shell.__wrapped__)(head, tail)
    if shell is None:
        return None
    body, foot = _body(shell.root, cells), _foot(shell.root, feet)
    if body is None or foot is None:
        return None
    height = min(max(body.numbers, default=0), WINDOW[0])
    beside = shell.beside._replace(said=foot.said + shell.beside.said)
    return SheetXml(
        body.cells, True, False, height, shell.merges, frozenset(body.hidden), shell.hidden, beside, shell.linked,
        shell.filtered,
    )  # fmt: skip


def _cut(data: bytes) -> tuple[bytes, bytes, bytes, bytes] | None:
    """What stands before the cells, they themselves, what follows without the feet of pages, and these."""
    start, end = data.find(b"<sheetData"), data.rfind(_CELLS) + len(_CELLS)
    if end < len(_CELLS):
        end = start + len(_NO_CELLS)
    if start < 0 or end <= start or data.count(b"<sheetData") > 1:
        return None
    if not data.startswith((b"<sheetData>", _NO_CELLS), start):
        return None
    tail = data[end:]
    return data[:start], data[start:end], _FEET.sub(_NO_FEET, tail), b"".join(_FEET.findall(tail))


def _plain(data: bytes, start: int = 0) -> bool:
    odd = _ODD.search(data, start) or _PREFIXED.search(data, start)
    return not odd and all(data.find(sign, start) < 0 for sign in _ODD_SIGNS)


def _parsed(data: bytes, extras: Extras | None = None) -> bool:
    """Whether it is well-formed; what it says beside the cells goes to ``extras``."""
    parser = expat.ParserCreate(namespace_separator=" ")
    if extras is not None:
        parser.StartElementHandler, parser.EndElementHandler = extras.start, extras.end
        parser.CharacterDataHandler = extras.data
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return False
    return True


class _Shell(NamedTuple):
    """A sheet without its cells and feet; ``root``: the tag that opens it."""

    root: bytes
    merges: tuple[str, ...]
    hidden: tuple[tuple[int, int], ...]
    beside: Beside
    linked: bool
    filtered: bool


@lru_cache(32)
def _shell(head: bytes, tail: bytes) -> _Shell | None:
    """None where it is not plain, or the cells lie deeper than they should."""
    start = PROLOG.match(head)
    opens = start and _ROOT.match(head, start.end())
    if start is None or opens is None:
        return None
    root, whole = opens[0], head + _NO_CELLS + tail
    if not any(each in root for each in _MAIN) or len(_BELONGS.findall(whole)) > 1:
        return None
    if not _plain(whole, start.end()) or whole.count(b"<") > _MORE or b"<c " in whole or b"<row " in whole:
        return None
    extras = Extras()
    if not (_parsed(whole) and _parsed(root + tail, extras)):
        return None
    text = tail.decode()
    merges, links = _MERGE.findall(text), _LINK.findall(text)
    if whole.count(b"<mergeCell ") != len(merges):
        return None
    for each in links:
        check_area(each)
    hidden = tuple(_hidden_columns(head.decode()))
    return _Shell(root, tuple(merges), hidden, extras.found(), bool(links), "<autoFilter" in text)


def _hidden_columns(head: str) -> Iterator[tuple[int, int]]:
    for tag in _COLUMN.findall(head):
        facts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if unseen(facts, "width"):
            yield span(facts)


def _foot(root: bytes, feet: bytes) -> Beside | None:
    extras = Extras()
    plain = _plain(feet) and not _BELONGS.search(feet) and b"<c " not in feet and b"<row " not in feet
    return extras.found() if plain and _parsed(root + feet + _END, extras) else None


class _Rows(NamedTuple):
    """Some rows: their cells, their numbers, those of the hidden ones."""

    cells: dict[str, Written]
    numbers: tuple[int, ...]
    hidden: tuple[int, ...]


def _body(root: bytes, data: bytes) -> _Rows | None:
    """The rows of a sheet, each piece of it up to the end of a row on its own."""
    cells, numbers, hidden, count = dict[str, Written](), list[int](), list[int](), 0
    *begun, rest = data.removeprefix(_BEGIN).removesuffix(_CELLS).split(_ROW_END) if data != _NO_CELLS else [b""]
    for piece in [*(each + _ROW_END for each in begun), rest]:
        rows = (_rows if len(piece) < _SMALL_ROW else _rows.__wrapped__)(root, piece)
        if rows is None:
            return None
        cells.update(rows.cells)
        numbers += rows.numbers
        hidden += rows.hidden
        count += len(rows.cells)
    if len(numbers) > ROWS:
        raise SheetError("cells")
    unique = len(cells) == count and len(set(numbers)) == len(numbers)
    return _Rows(cells, tuple(numbers), tuple(hidden)) if unique else None


@lru_cache(2_048)
def _rows(root: bytes, data: bytes) -> _Rows | None:
    """A row and any empty ones before it. None where they are not plain."""
    if not _plain(data) or _WRAPPED.search(data) or _BELONGS.search(data) or not _parsed(root + data + _END):
        return None
    text = data.decode()
    found, numbers = _CELL.findall(text), tuple(map(int, _ROW.findall(text)))
    cells = {each[0]: each for each in found}
    if len(found) != len(cells) or data.count(b"<row ") != len(numbers) or not _BARE.fullmatch(_CELL.sub("", text)):
        return None
    if b"<is>" in data and any(each[5] and each[6] for each in found):
        raise SheetError("twice")
    low = b' hidden="' in data or _LOW.search(data)
    return _Rows(cells, numbers, tuple(map(int, _HIDDEN_ROW.findall(text))) if low else ())
