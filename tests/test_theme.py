"""A theme gives the workbooks the office's name, logo and colours; what cannot be read well is refused in words."""

from __future__ import annotations

import struct
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.rounds import call, sample_of
from xfkh.answers import TableError
from xfkh.theme import read_theme
from xfkh.workbook.style import PLAIN, contrast, fills, tint


def png(wide: int, high: int) -> bytes:
    """A plain picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x1e\x5b\x4f" * wide for _ in range(high))
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    (tmp_path / "标志.png").write_bytes(png(40, 40))
    path = tmp_path / "主题.csv"
    path.write_text("项目,内容\n名称,青山区联席办\n标志,标志.png\n主色,墨绿\n辅色,#1D7A85\n", "utf-8")
    return path


def test_the_table_is_read(theme: Path) -> None:
    read = read_theme(theme)
    assert (read.office, read.ink, read.accent, len(read.logo) > 50) == ("青山区联席办", "#1E5B4F", "#1D7A85", True)


def test_what_it_does_not_name_stays(tmp_path: Path) -> None:
    (tmp_path / "主题.csv").write_text("项目,内容\n名称,某办\n主色,\n", "gb18030")
    read = read_theme(tmp_path / "主题.csv")
    assert (read.office, read.ink, read.accent, read.logo) == ("某办", PLAIN.ink, PLAIN.accent, b"")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("颜色,红", "没有「颜色」这一项"),
        ("主色,大红", "请写藏青"),
        ("主色,#FFEE00", "太浅"),
        ("主色,藏青\n主色,青", "写了两次"),
        ("标志,没有.png", "打不开"),
        ("标志,字.txt", "不是 PNG 或 JPEG"),
        ("标志,扁.png", "太扁"),
    ],
)
def test_a_slip_is_told_with_its_remedy(tmp_path: Path, rows: str, said: str) -> None:
    (tmp_path / "字.txt").write_text("不是图片")
    (tmp_path / "扁.png").write_bytes(png(100, 2))
    path = tmp_path / "主题.csv"
    path.write_text(f"项目,内容\n{rows}\n", "utf-8")
    with pytest.raises(TableError, match=said):
        read_theme(path)


def test_every_workbook_carries_the_name_the_logo_and_the_colours(theme: Path, tmp_path: Path) -> None:
    job = sample_of("district", tmp_path / "样")
    assert call("grade", *job.folders, "-o", job.out, "--theme", theme) == 1
    roster = tmp_path / "样" / "名册.csv"
    issued = tmp_path / "发"
    assert call("template", "district", "--roster", roster, "--year", "2025", "--theme", theme, "-o", issued) == 0
    books = [job.out / "排名.xlsx", job.out / "奖惩.xlsx", job.out / "问题清单.xlsx",
             job.out / "反馈" / "东风街道_反馈.xlsx", next(issued.glob("东风街道*"))]  # fmt: skip
    for path in books:
        with zipfile.ZipFile(path) as package:
            assert any(name.startswith("xl/media/") for name in package.namelist()), path
            styles = package.read("xl/styles.xml").decode()
            assert "FF1E5B4F" in styles and "FF1F3A5F" not in styles, path
        book: Any = load_workbook(path)
        sheets = [sheet for sheet in book if sheet.sheet_state == "visible"]
        assert all("青山区联席办" in str(sheet.oddFooter.left.text) for sheet in sheets), path


def test_a_themed_template_is_the_same_return(theme: Path, tmp_path: Path) -> None:
    """Colours and logo change nothing of what is read."""
    job = sample_of("district", tmp_path / "样")
    roster, prefill = tmp_path / "样" / "名册.csv", tmp_path / "样" / "自评.csv"
    out = tmp_path / "发"
    assert call("template", "district", "--roster", roster, "--year", "2025", "--prefill", prefill, "--theme", theme,
                "-o", out) == 0  # fmt: skip
    assert call("grade", out, "-o", tmp_path / "果") in (0, 1)
    assert "东风街道" in (tmp_path / "果" / "results.json").read_text("utf-8")
    assert not (job.out / "results.json").exists()


def test_the_fills_differ_in_lightness_so_that_they_read_in_grey(theme: Path) -> None:
    for each in (PLAIN, read_theme(theme)):
        colours = fills(each)
        tiers = [contrast(colours[name]) for name in ("tier1", "tier2", "tier3")]
        assert tiers == sorted(tiers, reverse=True) and all(a / b > 1.12 for a, b in pairwise(tiers))
        warnings = [contrast(colours[name]) for name in ("veto", "alarm", "warn")]
        assert warnings == sorted(warnings, reverse=True)
        assert all(contrast("#222222", colour) > 4.5 for colour in colours.values()), "black text stays readable"
    assert tint("#000000", 1) == "#FFFFFF" and round(contrast("#000000"), 1) == 21.0
