"""The limits of Excel, held on every workbook before it is written: Excel is not there to complain."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
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
_WHOLE_COLUMN = re.compile(r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![0-9])")


def lint(data: bytes) -> list[str]:
    """What Excel 2010 or WPS would refuse, drop or warn of in a workbook, as sentences."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        names = package.namelist()
        faults = [f"外部部件 {name}" for name in names if "externalLink" in name or "vbaProject" in name]
        for name in names:
            if name.endswith(".rels") and _leaves(package.read(name)):
                faults.append(f"{name} 有外部链接")
        faults += _workbook(ElementTree.fromstring(package.read("xl/workbook.xml")))
        for name in names:
            if name.startswith("xl/worksheets/sheet"):
                sheet = package.read(name)
                if _CHECKED.search(sheet):
                    faults += [f"{name}：{fault}" for fault in _sheet(ElementTree.fromstring(sheet))]
    return faults


def _leaves(rels: bytes) -> bool:
    """Whether anything leads out of the workbook, but a link that a person clicks, to a file by a relative path."""
    return b'TargetMode="External"' in rels and any(
        each.get("TargetMode") == "External"
        and not (each.get("Type", "").endswith("/hyperlink") and _RELATIVE.match(each.get("Target", "")))
        for each in ElementTree.fromstring(rels)
    )


def _workbook(root: ElementTree.Element) -> Iterator[str]:
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


@lru_cache(maxsize=4096)
def formula_faults(text: str) -> tuple[str, ...]:
    """What is wrong with one formula's text; the same formulas stand in every unit's template."""
    return tuple(_formula_faults(text))


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
