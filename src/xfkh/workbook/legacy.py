"""Workbooks saved in older or other formats (.xls and .et in an OLE container, .ods) → sheets as ``read`` gives them.

Strict rather than helpful: what is cut off, says something twice or leads in circles is refused, never mended.
"""

from __future__ import annotations

import struct
from xml.parsers import expat

from .biff import Biff
from .grid import FORMULA, GridSheet, LegacyError
from .ods import ods_sheets
from .ole import Ole
from .package import Package, PackageError


def kind_of_ole(data: bytes) -> str:
    """What an OLE container holds: xls, encrypted, word, ppt, mail, other; or damaged."""
    try:
        container = Ole(data)
        return "encrypted" if container.kind == "xls" and Biff(container.book()).encrypted() else container.kind
    except LegacyError as error:
        return "damaged" if error.kind == "damaged" else "xls"
    except (struct.error, ValueError, IndexError):
        return "damaged"


def read_ole(data: bytes) -> dict[str, GridSheet]:
    """The sheets of an .xls or .et workbook by their names, in their order. Raises LegacyError."""
    try:
        container = Ole(data)
        if container.kind != "xls":
            raise LegacyError(container.kind)
        return Biff(container.book()).sheets()
    except (struct.error, ValueError, IndexError):
        raise LegacyError("damaged") from None


def read_ods(data: bytes) -> dict[str, GridSheet]:
    """The sheets of an .ods workbook by their names, in their order. Raises LegacyError."""
    try:
        return ods_sheets(Package(data))
    except PackageError as error:
        raise LegacyError({"too-large": "large", "encrypted": "encrypted"}.get(error.kind, "damaged")) from None
    except (LookupError, ValueError, expat.ExpatError):  # also of an encoding that nobody knows
        raise LegacyError("damaged") from None


__all__ = ["FORMULA", "GridSheet", "LegacyError", "kind_of_ole", "read_ods", "read_ole"]
