"""What stands in a cell of a scheme workbook, as its column asks for it."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..console import meant, near
from ..text import NARROW
from ..workbook.read import NUMBER, RawCell, plain
from .columns import SERIES, SERIES_ALSO, YES, Column, Form


class CellError(ValueError):
    """A cell that does not hold what its column asks for."""


def value_of(column: Column, raw: RawCell) -> Any:
    """What stands in a cell, as the field asks for it. Raises CellError."""
    if raw.error:
        raise CellError("单元格是错误值，请重新填写")
    if raw.formula:
        if column.form is Form.FORMULA:
            return raw.formula
        raise CellError("单元格是公式，请改成数或文字")
    counts = column.form in (Form.NUMBER, Form.WHOLE)
    if isinstance(raw.value, datetime):
        if column.field != "value" and (column.form in _NO_DAY or column.head == "档次"):
            # 3/5, which would be read as 2026-03-05: 2026 less 3 less 5
            kind = "时间" if _is_time(raw.value) else "日期"
            raise CellError(f"单元格是{kind}；先把单元格设成{'数值' if counts else '文本'}，再重新填写")
        return raw.value.date().isoformat()
    if counts:
        return _number(raw.value, column.form is Form.WHOLE)
    text = _percent(raw) or (_yes(raw.value) if isinstance(raw.value, bool) else plain(raw.value))
    if (column.field in _CLOSED or column.head == "部分") and text not in column.choices:
        raise CellError(f"只能是{'、'.join(column.choices)}{meant(near(text, column.choices))}")
    match column.form:
        case Form.YES:
            if text not in (YES, "否"):
                raise CellError("只能填“是”，或者空着")
            return text == YES
        case Form.SERIES:
            word = SERIES_ALSO.get(text, text)
            if word not in SERIES:
                raise CellError(f"只能是{'或'.join(SERIES)}，或者空着")
            return SERIES[word]
        case Form.LIST:
            return listed(text)
    if column.field == "condition" and "\n" in text:
        return [each.strip() for each in text.split("\n") if each.strip()]
    return text


def _yes(value: bool) -> str:
    """What a spreadsheet calls TRUE."""
    return YES if value else "否"


def _percent(raw: RawCell) -> str:
    """What somebody typed as 95%, which Excel keeps as 0.95."""
    if not isinstance(raw.value, float) or not raw.format.endswith("%"):
        return ""
    return f"{plain(float(round(Decimal(repr(raw.value)) * 100, 9)))}%"


def listed(text: str) -> list[str]:
    """What stands in a cell one after the other."""
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    return [each.strip() for each in text.split("、") if each.strip()]


def _is_time(value: datetime) -> bool:
    """Excel counts the hours of no day from the first one that it knows."""
    return value.year < 1901


def seen(value: object) -> str:
    """A value as it is shown, as far as that can be known."""
    if isinstance(value, datetime):
        return f"{value.hour}:{value.minute:02}" if _is_time(value) else value.date().isoformat()
    return str(value).upper() if isinstance(value, bool) else plain(value)


_NO_DAY = (Form.ID, Form.FORMULA, Form.LIST, Form.NUMBER, Form.WHOLE)
_CLOSED = ("direction", "level", "type", "earns")
"""The fields of which nobody later asks whether what they say is one of the choices."""


def _number(value: object, whole: bool) -> int | Decimal:
    if isinstance(value, str):
        value = _typed(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellError("要写成数")
    if float(value).is_integer():
        return int(value)
    if whole:
        raise CellError("要写成整数")
    return Decimal(repr(float(value)))


def figure(text: str) -> int | Decimal | str:
    """What is no number stays as it is: who makes the scheme of it says so."""
    try:
        return _number(text, whole=False)
    except CellError:
        return text


def _typed(text: str) -> float:
    narrow = text.translate(NARROW).strip()
    if not NUMBER.fullmatch(narrow):
        raise CellError(f"要写成数{_only(narrow)}")
    return float(narrow)


_UNITS = "分|元|块|圆|件|件次|次|批|批次|人|人次|个|名|篇|条|项|期|户|天|日|周|月|年"
_MEASURED = re.compile(rf"[-－—]?(\d+(?:\.\d+)?)\s*(万?)\s*(?:{_UNITS})?", re.ASCII)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]", re.ASCII)


def _only(text: str) -> str:
    """What of a number with its unit is to be written: of 5分 only 5."""
    share, found = _SHARE.fullmatch(text), _MEASURED.fullmatch(text)
    if share:
        return f"；这一列不写百分号，{text} 是 {plain(float(Decimal(share[1]) / 100))}"
    if found is None:
        return "；一格只写一个" if "\n" in text else ""
    return f"，只写 {plain(float(Decimal(found[1]) * (10_000 if found[2] else 1)))}"
