"""The house style, held on every workbook that the program writes: what a person sees is whole, in Chinese, on A4."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

import xfkh
from tests.rounds import call, graded_sample
from xfkh.text import width
from xfkh.workbook.lint import lint
from xfkh.workbook.style import FONT, INPUT, LOCKED, PLAIN, fills

SCHEMES = ("district", "xinyang", "liaocheng-1995")
SETTINGS = dict(zip(SCHEMES, ("分值口径=大项", "先进单位名额=5", "表彰奖励金额=500"), strict=True))
SIZES = {8, 9, 10, 11, 12, 14, 16, 18, 20}
COLOURS = {*fills(PLAIN).values(), PLAIN.ink, INPUT, LOCKED, "#FFFFFF"}
ENGLISH = re.compile(r"[A-Za-z]{2,}")
KNOWN = re.compile(
    r"(?i)xfkh|xlsx|csv|xls|pdf|wps|excel|json|--?[a-z-]+|A\d|[A-Z]{1,3}\d+(:[A-Z]{1,3}\d+)?|grade|scheme|district"
    r"|xinyang|liaocheng|jpg|png|[a-z]\d+|toml"
)
FINGERPRINT = re.compile("[0-9a-f]{16,64}")
PADDING = 0.71
"""Five pixels, in columns."""
LINE = 1.22
"""The height of a line of text, as a multiple of its size."""


@dataclass(frozen=True)
class Page:
    """One visible sheet of a workbook, with where it comes from."""

    path: Path
    sheet: Any

    def __str__(self) -> str:
        return f"{self.path.name}「{self.sheet.title}」"

    def wide(self, col: int) -> float:
        """Columns of text that a column holds; 0 when hidden."""
        found = self.sheet.column_dimensions.get(_group(self.sheet, col))
        if found is not None and found.hidden:
            return 0
        return 8.43 if found is None or not found.width else found.width - PADDING

    def high(self, row: int) -> float:
        found = self.sheet.row_dimensions.get(row)
        return 15 if found is None or found.height is None else 0 if found.hidden else found.height

    def last(self) -> int:
        """The last column that is printed."""
        area = str(self.sheet.print_area or "")
        found = re.search(r":\$?([A-Z]+)\$?\d+$", area)
        if not found:
            return int(self.sheet.max_column)
        return next(k for k in range(1, 20_000) if get_column_letter(k) == found[1])

    def merged(self) -> dict[str, Any]:
        return {each.start_cell.coordinate: each for each in self.sheet.merged_cells.ranges}


def _group(sheet: Any, col: int) -> str:
    """openpyxl keeps the width of alike neighbours under the first of them."""
    for letter, each in sheet.column_dimensions.items():
        if each.min and each.min <= col <= each.max:
            return str(letter)
    return get_column_letter(col)


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Everything written for the three samples, blank templates, and a comparison of two runs; of the feedback two a
    scheme."""
    made = list[Path]()
    for scheme in SCHEMES:
        job = graded_sample(scheme, tmp_path_factory.mktemp(scheme) / "样")
        folder = job.out.parent
        assert call("template", scheme, "--blank", "-o", folder / "空白") == 0
        assert call("review", *job.folders, "-o", folder / "核.xlsx", "--jobs", 1) == 1
        made += [folder / "核.xlsx"]
        made += [*sorted(job.out.glob("*.xlsx")), *sorted((job.out / "反馈").glob("*.xlsx"))[:2]]
        made += [folder / "发放" / "发放清单.xlsx", *(folder / "空白").glob("*.xlsx")]
        made += [next(each for each in sorted((folder / "收回").glob("*.xlsx")) if _untouched(each))]
        made += [_compared(folder, job.out, SETTINGS[scheme])]
    return made


def _compared(folder: Path, out: Path, setting: str) -> Path:
    """What the review changed, and a setting."""
    assert call("grade", folder / "收回", "-o", folder / "另一次", "--set", setting) == 1
    assert call("compare", folder / "另一次", out, "-o", folder / "对比.xlsx") == 0
    return folder / "对比.xlsx"


def _untouched(path: Path) -> bool:
    """As xlsxwriter wrote it; a return that a clerk saved again is not our layout any more."""
    with zipfile.ZipFile(path) as package:
        return b"openpyxl" not in package.read("docProps/app.xml")


@pytest.fixture(scope="module")
def pages(workbooks: list[Path]) -> list[Page]:
    books = [(path, load_workbook(path, data_only=True)) for path in workbooks]
    return [Page(path, sheet) for path, book in books for sheet in book if sheet.sheet_state == "visible"]


def texts(page: Page) -> Iterator[Any]:
    """The cells with text that a person sees."""
    for row in page.sheet.iter_rows():
        for cell in row:
            shown = isinstance(cell.value, str) and cell.value.strip()
            ink = cell.font.color is None or cell.font.color.rgb != "FFFFFFFF" or cell.fill.fgColor.rgb != "00000000"
            if shown and ink and page.high(cell.row) and page.wide(cell.column):
                yield cell


def _room(page: Page, cell: Any, merged: dict[str, Any]) -> float:
    """The columns that a text may take: its own, those merged with it, and empty ones to its right."""
    block = merged.get(cell.coordinate)
    last = block.max_col if block else cell.column
    # a merged cell has the padding of one cell only
    room = sum(page.wide(col) + PADDING for col in range(cell.column, last + 1) if page.wide(col)) - PADDING
    if block is None and not cell.alignment.wrap_text and cell.alignment.horizontal in (None, "general", "left"):
        for col in range(last + 1, max(page.last(), page.sheet.max_column if last > page.last() else 0) + 1):
            if page.sheet.cell(cell.row, col).value not in (None, ""):
                break
            room += page.wide(col)
    return room


def _scaled(cell: Any, text: str) -> float:
    """The columns that one line of text takes at its size; bold is a little wider."""
    return width(text) * (cell.font.sz or 10) / 10 * 0.97


def _height(page: Page, cell: Any, merged: dict[str, Any]) -> float:
    block = merged.get(cell.coordinate)
    return sum(page.high(row) for row in range(cell.row, (block.max_row if block else cell.row) + 1))


def cut(page: Page) -> list[str]:
    """The texts that do not fit where they stand."""
    merged, found = page.merged(), list[str]()
    for cell in texts(page):
        room, size = _room(page, cell, merged), (cell.font.sz or 10)
        parts = str(cell.value).split("\n")
        if cell.alignment.wrap_text:
            rows = sum(max(1, -(-int(_scaled(cell, part)) // max(1, int(room)))) for part in parts)
            fits = rows * size * LINE <= _height(page, cell, merged) + 2
        else:
            fits = _scaled(cell, str(cell.value)) <= room + 1
        if not fits:
            found.append(f"{page} {cell.coordinate}: {str(cell.value)[:40]}")
    return found


def test_no_text_is_cut_in_any_workbook(pages: list[Page]) -> None:
    assert [each for page in pages for each in cut(page)] == []


def test_every_page_prints_on_a4_with_its_title_status_and_page_numbers_at_the_foot(pages: list[Page]) -> None:
    for page in pages:
        setup, foot = page.sheet.page_setup, page.sheet.oddFooter
        assert int(setup.paperSize) == 9, page
        assert str(foot.right.text) in ("第 &P 页，共 &N 页", "第 &[Page] 页，共 &N 页"), page
        assert page.sheet.sheet_properties.pageSetUpPr is not None or int(setup.scale or 100) < 100, page
        assert foot.left.text and len(foot.left.text) > 4, page


def test_tables_longer_than_a_page_repeat_their_heads(pages: list[Page]) -> None:
    for page in pages:
        if page.sheet.max_row > 60 and page.sheet.title not in ("图表", "说明", "封面", "反馈", "个人"):
            assert page.sheet.print_title_rows, page


def test_there_is_one_font_and_one_scale_of_sizes(pages: list[Page]) -> None:
    for page in pages:
        for cell in texts(page):
            assert (cell.font.name, int(cell.font.sz) in SIZES) == (FONT, True), (str(page), cell.coordinate)


def test_every_fill_is_of_the_palette(pages: list[Page]) -> None:
    for page in pages:
        for row in page.sheet.iter_rows():
            for cell in row:
                if cell.fill.fill_type == "solid":
                    assert f"#{cell.fill.fgColor.rgb[2:]}" in COLOURS, (str(page), cell.coordinate)


def test_a_filled_cell_says_in_words_or_figures_what_its_colour_means(pages: list[Page]) -> None:
    meanings = {
        fills(PLAIN)[name] for name in ("tier1", "tier2", "tier3", "good", "open", "lost", "warn", "alarm", "veto")
    }
    for page in pages:
        inside = {cell for each in page.sheet.merged_cells.ranges for row in each.cells for cell in [row]}
        starts = {(each.min_row, each.min_col) for each in page.sheet.merged_cells.ranges}
        for row in page.sheet.iter_rows():
            for cell in row:
                coloured = cell.fill.fill_type == "solid" and f"#{cell.fill.fgColor.rgb[2:]}" in meanings
                place = (cell.row, cell.column)
                if coloured and (place not in inside or place in starts):
                    assert cell.value not in (None, ""), (str(page), cell.coordinate)


def test_every_rule_that_colours_cells_goes_by_a_word_that_stands_there(pages: list[Page]) -> None:
    """A colour scale goes by figures, and its page says what a darker shade means."""
    for page in pages:
        shown = " ".join(str(cell.value) for cell in texts(page))
        for area in page.sheet.conditional_formatting:
            for rule in area.rules:
                if rule.type == "colorScale":
                    assert "底色越深" in shown, page
                elif rule.dxf is not None and rule.dxf.fill is not None:
                    test = " ".join(map(str, rule.formula))
                    spoken = re.search(r'"|ISERROR|LEN\(TRIM', test) or rule.type in (
                        "notContainsBlanks",
                        "containsText",
                    )
                    figures = re.search(r"<>|[<>]=?\s*0?|=1", test)
                    assert spoken or figures, (str(page), test)


def test_nothing_a_person_reads_is_english(pages: list[Page]) -> None:
    for page in pages:
        for cell in texts(page):
            if FINGERPRINT.fullmatch(str(cell.value)):
                continue
            plain = KNOWN.sub("", str(cell.value))
            assert not ENGLISH.search(plain), (str(page), cell.coordinate, cell.value)


def test_no_workbook_links_outside_but_the_list_of_problems_and_the_review_to_the_returns(
    workbooks: list[Path],
) -> None:
    for path in workbooks:
        with zipfile.ZipFile(path) as package:
            assert not any(name.startswith("xl/externalLinks") for name in package.namelist()), path
            for name in (each for each in package.namelist() if each.endswith(".rels")):
                for found in re.findall(rb'<Relationship [^>]*TargetMode="External"[^>]*>', package.read(name)):
                    target = re.search(rb'Target="([^"]*)"', found)
                    assert path.name in ("问题清单.xlsx", "核.xlsx") and target, (path, found)
                    assert not re.match(rb"(?i)[a-z][a-z0-9+.-]*:|/|\\\\", target[1]), (path, target[1])


def test_every_workbook_is_within_the_limits_of_excel(workbooks: list[Path]) -> None:
    for path in workbooks:
        assert lint(path.read_bytes()) == [], path


def test_every_colour_is_named_in_one_place() -> None:
    """An office changes them there; a page that wrote its own would keep it. The notes have the yellow of Excel's."""
    source = Path(xfkh.__file__).parent
    own = {"style.py", "theme.py", "notes.py"}
    found = [path.name for path in source.rglob("*.py") if path.name not in own
             and re.search(r"""["']#[0-9A-Fa-f]{6}["']""", path.read_text("utf-8"))]  # fmt: skip
    assert not found


def test_the_check_finds_a_cut_text(tmp_path: Path) -> None:
    """The test above can fail: a text too long for its column, a wrapped one too high for its row."""
    from xfkh.workbook.book import Book

    book = Book("试")
    sheet = book.sheet("页")
    sheet.widths(6, 6, 10)
    sheet.text(0, 0, "太长的一句话", "cell")
    sheet.text(0, 1, "挡住", "cell")
    sheet.text(1, 2, "折成三行的一句很长的话在一行里", "cell_wrap")
    sheet.text(2, 0, "可以", "cell")
    book.save(tmp_path / "试.xlsx")
    page = Page(tmp_path / "试.xlsx", load_workbook(tmp_path / "试.xlsx")["页"])
    assert [each.split(":")[0][-2:] for each in cut(page)] == ["A1", "C2"]
