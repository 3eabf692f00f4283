"""The limits of Excel, held on every workbook before it is written: Excel is not there to complain; and what may leave
in a workbook, held on the file as it lies on the disk."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULA, LITERAL, NESTING, SHEET_NAME, PROMPT, TITLE, LIST = 8_192, 255, 64, 31, 255, 32, 255
_NAME = re.compile(r"[A-Za-z_\\\u0080-\uffff][\w.\\?]*")
_CELL_LIKE = re.compile(r"(?i)([a-z]{1,3}\d{1,7}|r\d*c\d*|r|c)")
# fmt: off
ALLOWED = {
    "IF", "IFERROR", "AND", "OR", "NOT", "MIN", "MAX", "ROUND", "INT", "ABS", "SUM", "SUMPRODUCT", "COUNTIF",
    "COUNTIFS", "SUMIFS", "INDEX", "MATCH", "RANK", "COUNT", "COUNTA", "ISNUMBER", "ISTEXT", "ISBLANK", "ISERROR",
    "LEN", "TRIM",
}
# fmt: on
"""The functions that Excel 2010 and WPS share and that we write; nothing else may appear."""
_FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\(")
_CHECKED = re.compile(rb"<f[ />]|<dataValidation|<formula")
"""What a sheet may have that has limits; most of the small workbooks have none of it."""
_RELATIVE = re.compile(r"(?![/\\]|[A-Za-z][A-Za-z0-9+.-]*:).")
_ODD_FORMULA = re.compile("<f [^<>]*=|<f[^<>]*>(=|[+]|@|\\s|＝|＋|－|＠)".encode())
"""A formula of a range or a data table; a text that begins as only a text would."""
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_WHOLE_COLUMN = re.compile(r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![0-9])")


_OURS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core|custom)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(workbook|styles|sharedStrings|theme/theme\d+|charts/chart\d+)\.xml|xl/media/image\d+\.(png|jpe?g)"
    r"|xl/worksheets/(sheet\d+\.xml|_rels/sheet\d+\.xml\.rels)|xl/drawings/(drawing\d+\.xml|_rels/drawing\d+\.xml\.rels)"
)
"""The parts that our own workbooks are made of."""
AUTHOR = "xfkh"
_PEOPLE = {"creator": AUTHOR, "lastModifiedBy": AUTHOR, "Manager": "", "Company": ""}
"""The properties that could name somebody, and all that they may say."""
_RUNNING = re.compile(
    rb"(?i)vbaProject|macroEnabled|macrosheet|activeX|relationships/(control|oleObject|package|connections|queryTable)"
    rb"|ui/extensibility|attachedToolbars|webextension|attachedTemplate"
)
"""What content types and relations say of parts that run, fetch or hold other files."""
_OTHER_PROGRAMS = re.compile(rb"<[^<>]*(ddeLink|oleLink)\b")
_FETCHED_LATER = ("/hyperlink", "/externalLinkPath", "/xlPathMissing", "/externalLinkMissing")
"""What leads out of a workbook only when a person says so."""


def lint(data: bytes) -> list[str]:
    """What Excel 2010 or WPS would refuse, drop or warn of in a workbook, as sentences."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return list(_faults(package.namelist(), package.read))


def _faults(names: Iterable[str], read: Callable[[str], bytes]) -> Iterator[str]:
    yield from (f"外部部件 {name}" for name in names if "externalLink" in name or "vbaProject" in name)
    for name in names:
        if name.endswith(".rels") and _leaves(read(name)):
            yield f"{name} 有外部链接"
    yield from _workbook(read("xl/workbook.xml"))
    for name in names:
        if name.startswith("xl/worksheets/sheet"):
            sheet = read(name)
            if _CHECKED.search(sheet):
                yield from (f"{name}：{fault}" for fault in _sheet(ElementTree.fromstring(sheet)))


def own_faults(data: bytes, links: bool = False) -> list[str]:
    """What may not stand in a workbook of ours, read back from the disk; ``links``: it may name files by relative
    paths."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        faults = [f"不该有的部件 {name}" for name in parts if not _OURS.fullmatch(name)]
        faults += [f"{name} 有链接" for name, part in parts.items() if _external(name, part) and not links]
        faults += [fault for name in ("core", "app") for fault in _people(parts[f"docProps/{name}.xml"])]
        faults += [f"{name} 有数组公式，或文字写成了公式" for name, part in parts.items() if _ODD_FORMULA.search(part)]
        return [*faults, *_faults(parts, parts.__getitem__)]
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ElementTree.ParseError, NotImplementedError) as error:
        return [f"不完整（{type(error).__name__}）"]


def foreign_faults(data: bytes) -> list[str]:
    """What may not leave in a workbook that somebody else made: macros, other files, what starts or asks another
    program. His formulas, links and name stay, for it goes back to him."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        return [f"{name} 有宏、嵌入的文件或外部数据" for name, part in parts.items() if _runs(name, part)]
    except (zipfile.BadZipFile, zlib.error, EOFError, ElementTree.ParseError, NotImplementedError) as error:
        return [f"不完整（{type(error).__name__}）"]


def _runs(name: str, part: bytes) -> bool:
    if _RUNNING.search(name.encode()):
        return True
    if name.lower().endswith(".rels"):
        out = (each.get("Type", "") for each in ElementTree.fromstring(part) if each.get("TargetMode") == "External")
        return bool(_RUNNING.search(part)) or not all(kind.endswith(_FETCHED_LATER) for kind in out)
    if name == "[Content_Types].xml":
        return bool(_RUNNING.search(part))
    return "externallink" in name.lower() and bool(_OTHER_PROGRAMS.search(part))


def _external(name: str, part: bytes) -> bool:
    return name.endswith(".rels") and b'TargetMode="External"' in part


# the workbooks of a run have such parts in common
@lru_cache(64)
def _people(part: bytes) -> list[str]:
    said = ((each.tag.rpartition("}")[2], each.text or "") for each in ElementTree.fromstring(part))
    return [f"属性 {name} 不该写 {text}" for name, text in said if text not in ("", _PEOPLE.get(name, text))]


def _leaves(rels: bytes) -> bool:
    """Whether anything leads out of the workbook, but a link that a person clicks, to a file by a relative path."""
    return b'TargetMode="External"' in rels and any(
        each.get("TargetMode") == "External"
        and not (each.get("Type", "").endswith("/hyperlink") and _RELATIVE.match(each.get("Target", "")))
        for each in ElementTree.fromstring(rels)
    )


@lru_cache(64)
def _workbook(part: bytes) -> list[str]:
    return list(_names(ElementTree.fromstring(part)))


def _names(root: ElementTree.Element) -> Iterator[str]:
    sheets = [each.get("name", "") for each in root.iter(f"{_MAIN}sheet")]
    for name in sheets:
        if len(name) > SHEET_NAME or re.search(r"[\[\]:*?/\\]", name) or name.startswith("'") or name.endswith("'"):
            yield f"工作表名不合法：{name}"
    if len({name.lower() for name in sheets}) != len(sheets):
        yield "工作表重名"
    defined = [each for each in root.iter(f"{_MAIN}definedName") if not each.get("name", "").startswith("_xlnm.")]
    keys = [(each.get("name", "").lower(), each.get("localSheetId")) for each in defined]
    if len(set(keys)) != len(keys):
        yield "名称重复"
    for name, _ in keys:
        if not _NAME.fullmatch(name) or _CELL_LIKE.fullmatch(name) or len(name) > 255:
            yield f"名称不合法：{name}"


def _sheet(root: ElementTree.Element) -> Iterator[str]:
    for each in root.iter(f"{_MAIN}f"):
        yield from formula_faults(each.text or "")
    for each in root.iter(f"{_MAIN}dataValidation"):
        if len(each.get("prompt", "")) > PROMPT or len(each.get("error", "")) > PROMPT:
            yield "数据有效性的提示超过 255 个字符"
        if len(each.get("promptTitle", "")) > TITLE or len(each.get("errorTitle", "")) > TITLE:
            yield "数据有效性的标题超过 32 个字符"
        for formula in each:
            text = (formula.text or "").removeprefix('"').removesuffix('"')
            if len(text) > LIST:
                yield "数据有效性的公式或列表超过 255 个字符"
    for each in root.iter(f"{_MAIN}formula"):
        # "text containing" of a conditional format is a SEARCH
        yield from formula_faults((each.text or "").replace("SEARCH(", "LEN("))


def formula_faults(text: str) -> tuple[str, ...]:
    """What is wrong with one formula's text."""
    # most formulas are those of the row above with another number, which decides nothing but the length
    return tuple(_formula_faults(text)) if _shape_has_faults(_ROWS.sub(_as_long, text)) else ()


_ROWS = re.compile(r"(?<=[A-Z])[1-9]\d*\b")


def _as_long(number: re.Match[str]) -> str:
    return "1" * len(number[0])


@lru_cache(maxsize=4096)
def _shape_has_faults(text: str) -> bool:
    return any(True for _ in _formula_faults(text))


def _formula_faults(text: str) -> Iterator[str]:
    if len(text) > FORMULA:
        yield "公式超过 8192 个字符"
    if any(len(each) > LITERAL for each in re.findall(r'"((?:[^"]|"")*)"', text)):
        yield "公式里的文字超过 255 个字符"
    bare = re.sub(r'"(?:[^"]|"")*"', '""', text)
    depth = deepest = 0
    for each in bare:
        depth += (each == "(") - (each == ")")
        deepest = max(deepest, depth)
    if deepest > NESTING:
        yield "公式嵌套超过 64 层"
    for name in dict.fromkeys(_FUNCTION.findall(bare)):
        if name.upper() not in ALLOWED:
            yield f"公式用了 Excel 2010 或 WPS 没有或不稳定的函数：{name}"
    if _WHOLE_COLUMN.search(bare):
        yield "公式引用了整列"
    if "[" in bare:
        yield "公式引用了别的工作簿"
    if "|" in _QUOTED.sub("", bare):
        yield "公式引用了别的程序"
