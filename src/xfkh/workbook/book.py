"""A workbook being written: text goes through one door, every limit of Excel is an error, the file is whole
or absent."""

from __future__ import annotations

import os
import struct
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellStringTuple, Worksheet

from ..text import active, clean, lines, width
from . import style
from .anchors import STAMP_SHEET
from .lint import lint
from .style import BODY, PLAIN, TITLE, Theme

# a fixed date: the same inputs give the same bytes
_CREATED = datetime(2000, 1, 1)
ASIDE, TEMPORARY = "另存", ".xfkh-"
"""What the name of a copy holds; how the name of a file begins that is being written."""
FILE_NAME = "&F"
"""What a foot of a page has for the name of the file, whatever it is called then."""
LOGO = 36
"""How high a logo stands in the head of a page, in pixels."""
Value = str | int | float | Fraction | None


class WorkbookLimitError(Exception):
    """Something in a workbook passes a limit of Excel; it would be dropped or repaired on opening."""


class _Worksheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose inner loop is short: a run writes hundreds of workbooks. ``inline``: texts stand in their
    cells, not in a table of their own; ``growing``: the rows whose height a program fits anew when they change."""

    inline = False
    growing: frozenset[int] = frozenset()

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[tuple[str, Any]]) -> None:
        if tag == "row" and dict(attributes)["r"] - 1 in self.growing:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # the lint refuses those functions that xlsxwriter would look for in each formula
        return formula.removeprefix("=")

    def _calculate_spans(self) -> None:
        # a hint to readers that none needs
        self.row_spans: dict[int, str] = {}

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        if not self.inline:
            return int(super()._write_string(row, col, string, cell_format))
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellStringTuple(string, cell_format)
        return 0

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = cell.__class__.__name__
        if cell.format is None or kind not in _SIMPLE:
            super()._write_cell(row, col, cell)
            return
        # nothing here needs xlsxwriter's search for characters to escape
        head = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind == "String" and self.inline:
            self.fh.write(head + _inline(cell.string))
        elif kind == "String":
            self.fh.write(f'{head} t="s"><v>{cell.string}</v></c>')
        elif kind == "Number":
            self.fh.write(f"{head}><v>{cell.number:.16G}</v></c>")
        else:
            self.fh.write(f"{head}/>")


_SIMPLE = ("String", "Number", "Blank")


# the workbooks of a run have most of their texts and all of their formats in common
@lru_cache(8_192)
def _inline(text: str) -> str:
    """The rest of a cell whose text stands in it."""
    plain = escape(str(Worksheet._escape_control_characters(text)), quote=False)
    return f' t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>'


@lru_cache(8_192)
def _door(value: str) -> tuple[str, bool]:
    """A text as it may stand in a cell, and whether it begins like a formula."""
    plain = clean(value)
    return plain, bool(plain) and active(plain)


class _Packager(Packager):  # type: ignore[misc]
    """Makes the parts of a workbook and leaves the packing to us; the styles once for all that have the same."""

    known: ClassVar[dict[Any, str]] = {}

    def _create_package(self) -> list[Any]:
        self.parts = super()._create_package()
        return []

    def _write_styles_file(self) -> None:
        key = self.workbook.styled
        if key in self.known:
            self._filename("xl/styles.xml").write(self.known[key])
            return
        super()._write_styles_file()
        if len(self.known) < _STYLES:
            self.known[key] = self.filenames[-1][0].getvalue()


class _Workbook(xlsxwriter.Workbook):  # type: ignore[misc]
    def _get_packager(self) -> _Packager:
        self.made = _Packager()
        return self.made

    def _prepare_format_properties(self) -> None:
        self.styled = (*self.xf_format_indices, self.has_comments, *self.dxf_format_indices)
        if self.styled not in _Packager.known:
            super()._prepare_format_properties()

    def packed(self) -> bytes:
        """The finished file. What is short stays as it is: a stream of its own costs more than it saves."""
        self.close()
        whole = BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
            for text, name, binary in self.made.parts:
                part = text.getvalue() if binary else text.getvalue().encode()
                # a fixed date here too
                info = zipfile.ZipInfo(name)
                info.compress_type = zipfile.ZIP_STORED if len(part) < _SHORT else zipfile.ZIP_DEFLATED
                package.writestr(info, part, compresslevel=_LEVEL)
        return whole.getvalue()


_STYLES, _SHORT, _LEVEL = 64, 1_000, 4


class _Format(Format):  # type: ignore[misc]
    """A format that is put together once, and copied into each workbook."""

    def __init__(self, properties: dict[str, Any]) -> None:
        super().__init__(properties, {}, {})
        self._key = str(super()._get_format_key())

    def _get_format_key(self) -> str:
        return self._key

    def within(self, book: Any) -> _Format:
        """The format for one workbook."""
        own = copy(self)
        own.xf_format_indices, own.dxf_format_indices = book.xf_format_indices, book.dxf_format_indices
        book.formats.append(own)
        return own


@lru_cache(1_024)
def _format(theme: Theme, name: str, more: tuple[tuple[str, Any], ...]) -> _Format:
    return _Format(style.format_of(theme, name, **dict(more)))


class Sheet:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: Book, name: str, sheet: Any) -> None:
        self.book, self.name, self.raw = book, name, sheet
        self.columns: list[float] = []

    def text(self, row: int, col: int, value: str, style: str = "plain", **more: Any) -> None:
        """The one door for text: a string cell, never a formula or a link."""
        plain, begins = _door(value)
        if not plain:
            self._done(self.raw.write_blank(row, col, None, self.book.format(style, **more)))
            return
        if begins:
            more["quote_prefix"] = True
        self._done(self.raw._write_string(row, col, plain, self.book.format(style, **more)))

    def number(self, row: int, col: int, value: int | float | Fraction, style: str = "plain", **more: Any) -> None:
        self._done(self.raw._write_number(row, col, float(value), self.book.format(style, **more)))

    def put(self, row: int, col: int, value: Value, style: str = "plain", **more: Any) -> None:
        """A number as a number, anything else as text."""
        if value is None or isinstance(value, str):
            self.text(row, col, value or "", style, **more)
        else:
            self.number(row, col, value, style, **more)

    def row(self, row: int, values: Sequence[Value], style: str = "cell", start: int = 0, **more: Any) -> None:
        for col, value in enumerate(values, start):
            self.put(row, col, value, style, **more)

    def formula(self, row: int, col: int, text: str, value: Value, style: str = "plain", **more: Any) -> None:
        """A formula with the value that we computed: a program that does not recalculate shows the truth."""
        if len(text) > 8_192:
            raise WorkbookLimitError(f"{self.name}!{cell(row, col)}：公式超过 8192 个字符")
        cached = "" if value is None else value if isinstance(value, str) else float(value)
        self._done(self.raw.write_formula(row, col, "=" + text, self.book.format(style, **more), cached))

    def merge(self, row: int, col: int, last: int, value: str, style: str = "plain", **more: Any) -> None:
        """Text across columns of one row."""
        if last == col:
            self.text(row, col, value, style, **more)
            return
        self._done(self.raw.merge_range(row, col, row, last, "", self.book.format(style, **more)))
        self.text(row, col, value, style, **more)

    def validate(self, row: int, col: int, last: int, options: dict[str, Any], down_to: int | None = None) -> None:
        """On the cells of a row from ``col`` to ``last``, or of all rows ``down_to`` one."""
        self._done(self.raw.data_validation(row, col, row if down_to is None else down_to, last, options))

    def colour(self, first: tuple[int, int], last: tuple[int, int], options: dict[str, Any], **format: Any) -> None:
        """A conditional format; ``format`` is what it lays over the cell, ``fill`` the meaning of its colour."""
        full = {**options, "format": self.book.overlay(**format)}
        self._done(self.raw.conditional_format(*first, *last, full))

    def colour_words(self, first: tuple[int, int], last: tuple[int, int], words: Mapping[str, str]) -> None:
        """Cells coloured by the word that stands in them: word → meaning of the fill."""
        for word, fill in words.items():
            self.colour(first, last, {"type": "cell", "criteria": "==", "value": f'"{word}"'}, fill=fill)

    def link(self, row: int, col: int, target: str, value: str, style: str = "cell_link", **more: Any) -> None:
        """Text that opens a place: ``internal:'单位'!A1``, or ``external:`` with a path relative to this workbook."""
        plain = clean(value)
        self._done(self.raw.write_url(row, col, target, self.book.format(style, **more), plain))

    def over(self, row: int, col: int, target: str, value: Value, style: str = "cell_link", **more: Any) -> None:
        """A link laid over a number, which stays one, or over a text."""
        self.link(row, col, target, "-", style, **more)
        self.put(row, col, value, style, **more)

    def widths(self, *columns: float) -> None:
        self.columns = list(columns)
        for col, each in enumerate(columns):
            self._done(self.raw.set_column(col, col, each))

    def heading(self, title: str, *notes: str, first: int = 0, last: int | None = None) -> None:
        """The quiet head of a page, after its widths are set: the title, then a row for each note, wrapped within the
        columns from ``first`` to ``last``."""
        last = len(self.columns) - 1 if last is None else last
        theme, room = self.book.theme, sum(self.columns[first : last + 1])
        self.logo(0, first, LOGO)
        # a step of indent is about nine pixels wide
        indent = {"indent": min(15, 1 - -_logo_width(theme.logo, LOGO) // 9)} if theme.logo else {}
        self.across(0, first, last, title, room * BODY / TITLE, "title", least=30, line=26, **indent)
        for row, note in enumerate(notes, 1):
            self.across(row, first, last, note, room, "subtitle", least=16)

    def logo(self, row: int, col: int, pixels: int) -> None:
        """The office's logo so high at a cell, where the theme has one."""
        if self.book.theme.logo:
            self.raw.insert_image(row, col, "logo", _logo(self.book.theme.logo, pixels))

    def across(
        self, row: int, first: int, last: int, value: str, room: float, style: str, least: float, line: float = 15,
        **more: Any,
    ) -> None:  # fmt: skip
        """Text over empty columns: in one cell where a line holds it, else merged and wrapped."""
        if width(value) <= room and "\n" not in value:
            self.text(row, first, value, style, **more, text_wrap=False)
            self._done(self.raw.set_row(row, least))
            return
        self.merge(row, first, last, value, style, text_wrap=True, **more)
        self.height(row, [(value, room)], least, line)

    def hide(self, first: int, last: int) -> None:
        """Columns that nobody needs to see."""
        self._done(self.raw.set_column(first, last, None, None, {"hidden": True}))

    def down(self, first: int, last: int, col: int, value: str, style: str = "plain", **more: Any) -> None:
        """Text across rows of one column."""
        self._done(self.raw.merge_range(first, col, last, col, "", self.book.format(style, **more)))
        self.text(first, col, value, style, **more)

    @staticmethod
    def needed(texts: Sequence[tuple[str, float]], least: float = 18, line: float = 15) -> float:
        """The height that wrapped texts need, each with the columns it has."""
        most = max((lines(text, columns - 1) for text, columns in texts), default=1)
        return max(least, most * line + 3)

    def height(self, row: int, texts: Sequence[tuple[str, float]], least: float = 18, line: float = 15) -> None:
        """Row height for wrapped texts, each with the columns it has."""
        self._done(self.raw.set_row(row, self.needed(texts, least, line)))

    def grows(self, row: int, texts: Sequence[tuple[str, float]]) -> None:
        """Row height for texts that a person will change: programs fit it again, which they do not to a height that
        was set, and some do not where there is none."""
        if (high := self.needed(texts, least=0)) > self.needed([]):
            self._done(self.raw.set_row(row, high))
            self.raw.growing |= {row}

    def print_setup(self, landscape: bool, repeat: tuple[int, int] | None = None) -> None:
        """A4, one page wide, repeated titles; whose it is, the status and page numbers at the foot."""
        self.raw.set_paper(9)
        (self.raw.set_landscape if landscape else self.raw.set_portrait)()
        self.raw.fit_to_pages(1, 0)
        self.raw.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        whose, status = (clean(each).replace("&", "&&")[:90] for each in (self.book.footer, self.book.status))
        # one beneath the other: side by side a long name would overprint the status
        left = "\n".join(each for each in (FILE_NAME if self.book.by_file else whose, status) if each)
        self.raw.set_footer(f"&L&8{left}&R&8第 &P 页，共 &N 页")
        if repeat:
            self.raw.repeat_rows(*repeat)

    def protect(self, sort: bool = True) -> None:
        """Locked but for inputs, without a password; widths, heights and filters stay free."""
        free = ("format_columns", "format_rows", "autofilter", "select_locked_cells", "select_unlocked_cells")
        self.raw.protect("", {**dict.fromkeys(free, True), "sort": sort})

    def _done(self, status: Any) -> None:
        if isinstance(status, int) and status < 0:
            raise WorkbookLimitError(f"工作表「{self.name}」有内容超过 Excel 的限制，没有写入")


class Book:
    """A workbook in memory. ``save`` lints it, writes it beside its place and renames it.

    ``title`` and ``status`` (of the scheme, of the result) stand at the foot of every page. ``inline``: sooner written,
    for a small book without charts. ``by_file``: the foot says the name of the file instead, for a workbook that
    somebody makes his own.
    """

    def __init__(
        self, title: str, theme: Theme = PLAIN, status: str = "", inline: bool = False, by_file: bool = False
    ) -> None:
        self.title, self.theme, self.status, self._inline, self.by_file = title, theme, status, inline, by_file
        self.raw = _Workbook(
            BytesIO(),
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )
        self.raw.set_properties({"title": clean(title), "author": "xfkh", "created": _CREATED})
        self.raw.set_calc_mode("auto")
        self._formats: dict[Any, Any] = {}

    @property
    def footer(self) -> str:
        return f"{self.theme.office}　{self.title}" if self.theme.office else self.title

    def format(self, name: str, **more: Any) -> Any:
        key = (name, *more.items()) if more else name
        if key not in self._formats:
            self._formats[key] = _format(self.theme, name, tuple(more.items())).within(self.raw)
        return self._formats[key]

    def overlay(self, **format: Any) -> Any:
        """A format without a base, for what is laid over a cell."""
        if "fill" in format:
            format["bg_color"] = self.theme.fill(format.pop("fill"))
        key = ("", *sorted(format.items()))
        if key not in self._formats:
            self._formats[key] = self.raw.add_format(format)
        return self._formats[key]

    def sheet(self, name: str, tab: str | None = None) -> Sheet:
        sheet = self.raw.add_worksheet(name, _Worksheet)
        sheet.inline = self._inline
        sheet.hide_gridlines(2)
        if tab:
            sheet.set_tab_color(tab)
        return Sheet(self, name, sheet)

    def name(self, name: str, sheet: Sheet, row: int, col: int) -> None:
        """A defined name for people; formulas use addresses."""
        if self.raw.define_name(name, f"='{sheet.name}'!{cell(row, col, fixed=True)}") < 0:
            raise WorkbookLimitError(f"「{name[:40]}」不能用作 Excel 的名称")

    def stamp(self, facts: dict[str, str]) -> None:
        """The identity of the workbook, in the cells of a hidden sheet and again as document properties."""
        sheet = self.sheet(STAMP_SHEET)
        for row, (key, value) in enumerate(facts.items()):
            sheet.text(row, 0, key)
            sheet.text(row, 1, value)
            self.raw.set_custom_property(f"xfkh.{key}", clean(value)[:255] or "-", "text")
        sheet.raw.very_hidden()
        sheet.protect()

    def finish(self, checked_later: bool = False) -> bytes:
        """The finished workbook. Raises WorkbookLimitError when Excel would not take it whole, unless that is checked
        where it lies on the disk."""
        data = self.raw.packed()
        faults = [] if checked_later else lint(data)
        if faults:
            raise WorkbookLimitError("；".join(faults[:5]))
        return data

    def save(self, path: Path, checked_later: bool = False) -> bytes:
        data = self.finish(checked_later)
        write_whole(path, data)
        return data


def _logo(image: bytes, pixels: int) -> dict[str, Any]:
    """How to insert a logo so high."""
    height = image_size(image)[1]
    return {"image_data": BytesIO(image), "x_scale": pixels / height, "y_scale": pixels / height,
            "x_offset": 2, "y_offset": 2, "object_position": 1, "description": "标志"}  # fmt: skip


def _logo_width(image: bytes, pixels: int) -> int:
    """How wide a logo is that stands so high."""
    wide, high = image_size(image)
    return round(wide * pixels / high)


def image_size(image: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG image, as a sheet shows it. Raises ValueError for anything else."""
    from xlsxwriter.exceptions import UnsupportedImageFormat
    from xlsxwriter.image import Image

    try:
        read: Any = Image(BytesIO(image))
    except (UnsupportedImageFormat, OSError, ValueError, IndexError, TypeError, struct.error) as error:
        raise ValueError(str(error)) from None
    return round(read._width * 96 / read._x_dpi), round(read._height * 96 / read._y_dpi)


def cell(row: int, col: int, fixed: bool = False) -> str:
    """The address of a cell, rows and columns counted from 0."""
    return str(xl_rowcol_to_cell(row, col, row_abs=fixed, col_abs=fixed))


def column(col: int) -> str:
    """The letters of a column counted from 0."""
    return str(xl_col_to_name(col))


def set_aside(path: Path) -> Path:
    """A copy of a file that is to be written again, beside it, under the time it was saved."""
    data, when = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y%m%d-%H%M%S")
    copy, k = path.with_name(f"{path.stem}_{ASIDE}_{when}{path.suffix}"), 2
    while copy.exists() and copy.read_bytes() != data:
        copy, k = path.with_name(f"{path.stem}_{ASIDE}_{when}_{k}{path.suffix}"), k + 1
    write_whole(copy, data)
    return copy


def write_whole(path: Path, data: bytes, settle: bool = True) -> None:
    """Write a file so that it is either the old one or all of the new one; ``settle``: after a power cut too, which
    takes time for each file. An OSError names the file itself."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, data, settle)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _write_whole(path: Path, data: bytes, settle: bool) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            if settle:
                stream.flush()
                os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
