"""Addresses of cells and ranges, as a sheet's XML has them."""

from __future__ import annotations

import re
from functools import lru_cache

AREA = 200_000
"""How many cells a range may join."""


class SheetError(Exception):
    """A sheet that cannot be read safely, or that readers would not agree on; the kind of fault as a word."""


def split(address: str) -> tuple[int, int]:
    """Row and column of an address, counted from 1. Raises SheetError."""
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", address)
    if not match:
        raise SheetError("address")
    return int(match[2]), column(match[1])


def column(word: str) -> int:
    """The number of a column, counted from 1, by its letters."""
    col = 0
    for letter in word:
        col = col * 26 + ord(letter) - 64
    return col


@lru_cache(4096)
def corners(area: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last cell of a range, rows and columns counted from 1. Raises SheetError."""
    first, _, last = area.replace("$", "").partition(":")
    rows, columns = zip(split(first), split(last or first), strict=True)
    return (min(rows), min(columns)), (max(rows), max(columns))


def check_area(area: str) -> None:
    """Raises SheetError for a range over more cells than anybody joins: programs walk through all of them."""
    (top, left), (bottom, right) = corners(area)
    if (bottom - top + 1) * (right - left + 1) > AREA:
        raise SheetError("area")


def letters(col: int) -> str:
    """The letters of a column counted from 1."""
    found = ""
    while col:
        col, rest = divmod(col - 1, 26)
        found = chr(65 + rest) + found
    return found
