"""The table of readings (口径), the same on the face of templates and of results."""

from __future__ import annotations

from ..formula.say import decimal
from ..model import Scheme
from .book import Sheet


def write_readings(sheet: Sheet, row: int, scheme: Scheme, columns: float) -> int:
    """Heads, one row a reading and one a parameter from ``row`` on; ``columns`` is the width of the text.

    Returns the last row.
    """
    sheet.row(row, ["口径", "怎样理解", "现用"], "head")
    for reading in scheme.readings:
        row += 1
        said = reading.text + "".join(f"；{key}：{text}" for key, text in reading.options.items())
        sheet.row(row, [reading.id, said, reading.value or "固定"], "cell_wrap")
        sheet.height(row, [(said, columns)])
    for parameter in scheme.parameters:
        row += 1
        value = "没有定" if parameter.value is None else decimal(parameter.value)
        sheet.row(row, [parameter.id, parameter.text, value], "cell_wrap")
        sheet.height(row, [(parameter.text, columns)])
    return row
