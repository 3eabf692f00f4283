"""The table of readings (口径), the same on the face of templates and of results."""

from __future__ import annotations

from ..model import Scheme
from .book import Sheet


def write_readings(sheet: Sheet, row: int, scheme: Scheme, columns: float) -> int:
    """Heads and one row a reading from ``row`` on; ``columns`` is the width of the text. Returns the last row."""
    sheet.row(row, ["口径", "怎样理解", "现用"], "head")
    for reading in scheme.readings:
        row += 1
        said = reading.text + "".join(f"；{key}：{text}" for key, text in reading.options.items())
        sheet.row(row, [reading.id, said, reading.value or "固定"], "cell_wrap")
        sheet.height(row, [(said, columns)])
    return row
