"""主题: a small table gives every workbook the office's name, its logo and its colours."""

from __future__ import annotations

import re
from pathlib import Path

from .answers import TableError, read_tables
from .findings import quoted
from .text import os_reason, some
from .workbook.book import image_size
from .workbook.style import PLAIN, Theme, contrast

KEY, VALUE = "项目", "内容"
NAME, LOGO, INK, ACCENT = "名称", "标志", "主色", "辅色"
NAMED = {"藏青": "#1F3A5F", "中国红": "#9E1B22", "墨绿": "#1E5B4F", "深紫": "#4B2E6B", "蓝": "#2F6EA5",
         "青": "#1D7A85", "棕": "#7A4B21", "黑": "#222222"}  # fmt: skip
LOGO_LIMIT = 2 * 2**20


def read_theme(path: Path) -> Theme:
    """The theme of a table with the columns 项目 and 内容; what it does not name stays as it is.

    项目 is 名称, 标志 (an image file beside the table), 主色 or 辅色. Raises TableError: where, what, how to mend.
    """
    table = read_tables(path, key=KEY)[0]
    if VALUE not in table.columns:
        raise TableError(f"{path.name} 里没有「{VALUE}」一列；主题表写两列：{KEY}、{VALUE}")
    said = dict[str, str]()
    for row in table.rows:
        name, value = row.text(KEY), row.text(VALUE)
        where = f"{path.name} {table.at(row, KEY).cell}"
        if name not in (NAME, LOGO, INK, ACCENT):
            raise TableError(f"{where}：主题没有「{name}」这一项，只有{some((NAME, LOGO, INK, ACCENT), '项')}")
        if name in said:
            raise TableError(f"{where}：「{name}」写了两次，只留一行")
        said[name] = value
    return Theme(
        said.get(NAME, ""),
        _logo(path, said.get(LOGO, "")),
        _colour(path, INK, said.get(INK, ""), PLAIN.ink),
        _colour(path, ACCENT, said.get(ACCENT, ""), PLAIN.accent),
    )


def _colour(table: Path, name: str, text: str, default: str) -> str:
    """A colour dark enough for white text on it."""
    if not text:
        return default
    colour = NAMED.get(text, text if text.startswith("#") else f"#{text}").upper()
    if not re.fullmatch("#[0-9A-F]{6}", colour):
        known = some(list(NAMED), "种", 9)
        raise TableError(f"{table.name} 的「{name}」写的是“{quoted(text, 20)}”；请写{known}，或 #1F3A5F 这样的色号")
    if contrast(colour) < 4.5:
        raise TableError(
            f"{table.name} 的「{name}」{text} 太浅，白字看不清；请换深一些的颜色，如{some(list(NAMED), '种', 3)}"
        )
    return colour


def _logo(table: Path, name: str) -> bytes:
    if not name:
        return b""
    path = table.parent / name
    try:
        image = path.read_bytes()
        if len(image) > LOGO_LIMIT:
            raise TableError(f"标志图片 {name} 超过 2 MB；请缩小后再用")
        wide, high = image_size(image)
    except OSError as error:
        raise TableError(f"标志图片 {path} 打不开：{os_reason(error)}；图片和主题表放在一个文件夹，写文件名") from None
    except ValueError:
        raise TableError(f"标志图片 {name} 不是 PNG 或 JPEG 图片；请另存为 .png") from None
    if not 0 < wide <= 8 * high:
        raise TableError(f"标志图片 {name} 太扁（{wide}×{high}）；请用接近方形的标志")
    return image
