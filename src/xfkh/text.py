"""The one way text leaves the program, and how wide it is: nothing written can act as a formula, link or control."""

from __future__ import annotations

import errno
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

CELL_LIMIT = 32_767
_WIDE = frozenset("WFA")
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# zero-width and bidirectional marks, controls but the line feed, lone surrogates
_HIDDEN = re.compile(
    "[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
)


NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 32}
"""Full-width forms of signs, digits and letters, and the plain ones; nothing else (² and ① are not digits)."""


def clean(text: str) -> str:
    """Text without control, surrogate, bidirectional and zero-width characters, cut at Excel's length."""
    return _cut(visible(text))


def visible(text: str) -> str:
    """Text without the characters that nobody sees or that move what is seen."""
    return _HIDDEN.sub("", text)


def _cut(text: str) -> str:
    """Cut where Excel would: it counts UTF-16 units, two for a rare character."""
    if len(text) * 2 <= CELL_LIMIT or len(text) + sum(each > "\uffff" for each in text) <= CELL_LIMIT:
        return text
    return text.encode("utf-16-le")[: CELL_LIMIT * 2].decode("utf-16-le", "ignore")


def active(text: str) -> bool:
    """Text that a spreadsheet might take for a formula: it is written with a quote prefix."""
    return text.startswith(_ACTIVE)


def width(text: str) -> int:
    """Columns a text takes: two for an east-Asian character."""
    return _width_of_short(text) if len(text) <= 120 else _width(text)


def _width(text: str) -> int:
    return len(text) + sum(map(_WIDE.__contains__, map(unicodedata.east_asian_width, text)))


# the same labels and reasons come again and again
_width_of_short = lru_cache(10_000)(_width)


def lines(text: str, columns: float) -> int:
    """How many lines a text needs when wrapped in so many columns."""
    return sum(max(1, -(-width(line) // max(1, int(columns)))) for line in text.split("\n"))


_REASONS = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限，或正被别的程序打开",
    errno.EPERM: "没有权限，或正被别的程序打开",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EFBIG: "文件超过系统允许的大小",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EROFS: "磁盘是只读的",
    errno.EEXIST: "已有同名的文件",
}


def os_reason(error: OSError) -> str:
    """Why the system refused, in Chinese."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno}")


def plain_name(text: str) -> str:
    """A name without differences that nobody sees: width, spaces, zero-width characters."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(each for each in normal if not each.isspace() and unicodedata.category(each) not in ("Cf", "Cc"))


def titled(outcome: str) -> str:
    """An outcome as people read it: 罚款：到市 for 罚款.到市."""
    return outcome.replace(".", "：")


def some(names: Sequence[str], noun: str, most: int = 5) -> str:
    """The first of many names, and how many there are."""
    return "、".join(names[:most]) + (f"等{len(names)}{noun}" if len(names) > most else "")


def file_name(text: str) -> str:
    """A text as part of a file name, on every system."""
    plain = re.sub(r'[\\/:*?"<>|\n\t]', "_", clean(text)).strip(" .")
    return plain[:80] or "未命名"


def distinct_names(units: Iterable[str], named: Callable[[str], str]) -> dict[str, str]:
    """Unit → the file name that ``named`` gives it, each another."""
    listed = list(units)
    return dict(zip(listed, distinct(listed, named), strict=True))


def distinct(units: Iterable[str], named: Callable[[str], str]) -> list[str]:
    """The file names that ``named`` gives units; those that a file system cannot tell apart get a number."""
    names, taken = list[str](), set[str]()
    for unit in units:
        name, k = named(unit), 2
        while name.casefold() in taken:
            name, k = named(f"{file_name(unit)[:70]}_{k}"), k + 1
        taken.add(name.casefold())
        names.append(name)
    return names
