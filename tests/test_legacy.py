"""Returns saved as .xls or .ods say what they said as .xlsx, or are refused with a word; nothing else comes out."""

from __future__ import annotations

import random
import struct
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from datetime import time as clock
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula
from python_calamine import CalamineWorkbook

from tests import office
from xfkh.workbook.grid import CELLS
from xfkh.workbook.legacy import FORMULA, GridSheet, LegacyError, kind_of_ole, read_ods, read_ole
from xfkh.workbook.ods import ELEMENTS
from xfkh.workbook.open import read_any
from xfkh.workbook.read import NOTHING, RawCell
from xfkh.workbook.sheet import WINDOW

ROOT = Path(__file__).parents[1]
Sheets = dict[str, GridSheet]
PATIENCE = 2.0
"""Seconds of work within which every file, however damaged, has been judged."""


def kind_of(read: Callable[[bytes], Sheets], data: bytes) -> str:
    """The word of a refusal; "" where the file is read. Any other exception, and a long wait, fails the test."""
    begun = time.process_time()
    try:
        read(data)
        return ""
    except LegacyError as error:
        return error.kind
    finally:
        assert time.process_time() - begun < PATIENCE


# --- an .xls, record by record -----------------------------------------------------------------------

BOOK, SHEET = 5, 0x10


def record(type: int, body: bytes = b"", *more: bytes) -> bytes:
    """A record and those that continue it."""
    return b"".join(
        struct.pack("<HH", kind, len(each)) + each for kind, each in [(type, body), *((0x3C, each) for each in more)]
    )


def bof(kind: int, version: int = 0x600) -> bytes:
    return record(0x809, struct.pack("<HHHHLL", version, kind, 0, 0, 0, 0))


EOF = record(0x0A)


def wide(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def cell(type: int, row: int, col: int, body: bytes, style: int = 0) -> bytes:
    return record(type, struct.pack("<HHH", row, col, style) + body)


def number(row: int, col: int, value: float, style: int = 0) -> bytes:
    return cell(0x203, row, col, struct.pack("<d", value), style)


def formula(row: int, col: int, result: bytes, tokens: bytes) -> bytes:
    return cell(0x06, row, col, result + struct.pack("<HLH", 0, 0, len(tokens)) + tokens)


def xls(
    *cells: bytes, shared: bytes = b"", styles: Sequence[int] = (0,), sheets: Mapping[str, int] | None = None
) -> bytes:
    """The stream of a workbook; its sheets (name → hidden or not) all hold the same cells."""
    names = sheets or {"填报": 0}
    begin = bof(BOOK) + b"".join(record(0xE0, struct.pack("<HH16x", 0, each)) for each in styles) + shared
    one = bof(SHEET) + b"".join(cells) + EOF
    ends = len(EOF) + sum(12 + 2 * len(name) for name in names)
    bounds, at = b"", len(begin) + ends
    for name, hidden in names.items():
        bounds += record(0x85, struct.pack("<LBBBB", at, hidden, 0, len(name), 1) + name.encode("utf-16-le"))
        at += len(one)
    return begin + bounds + EOF + one * len(names)


def ole(streams: Mapping[str, bytes], embedded: Mapping[str, bytes] | None = None, small: bool = False) -> bytes:
    """A container; ``embedded``: streams of a storage within it; ``small``: streams packed into sectors of 64 bytes."""
    body, follows = list[bytes](), list[int]()

    def put(data: bytes) -> int:
        data += bytes(-len(data) % 512)
        count, first = len(data) // 512, len(body)
        body.extend(data[512 * k : 512 * k + 512] for k in range(count))
        follows.extend([*range(first + 1, first + count), 0xFFFFFFFE])
        return first

    def entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le")
        ends = struct.pack("<HBBLLL36xLL4x", len(raw) + 2, kind, 1, 0xFFFFFFFF, right, child, start, size)
        return raw.ljust(64, b"\0") + ends

    table, minis = list[int](), b""
    parts = [(name, data, False) for name, data in streams.items()]
    parts += [(name, data, True) for name, data in (embedded or {}).items()]
    entries, outer = list[bytes](), len(streams) + bool(embedded)
    for k, (name, data, inner) in enumerate(parts):
        right = k + 2 if k + 1 < len(streams) else outer if not inner and embedded else 0xFFFFFFFF
        if small:
            count = -(-len(data) // 64)
            start = len(table)
            table += [*range(start + 1, start + count), 0xFFFFFFFE]
            minis += data + bytes(-len(data) % 64)
        else:
            data += bytes(max(0, 4096 - len(data)))
            start = put(data)
        if inner and len(entries) == len(streams):
            entries.append(entry("ObjectPool", 1, len(entries) + 2, 0xFFFFFFFF, 0, 0))
        entries.append(entry(name, 2, 0xFFFFFFFF, right, start, len(data)))
    mini_body = put(minis) if small else 0xFFFFFFFE
    mini_table = put(struct.pack(f"<{len(table)}L", *table).ljust(512, b"\xff")) if small else 0xFFFFFFFE
    directory = put(b"".join([entry("Root Entry", 5, 1, 0xFFFFFFFF, mini_body, len(minis)), *entries]))
    tables = -(-(len(body) + 2 + len(body) // 127) // 128)
    own = range(len(body), len(body) + tables)
    follows += [0xFFFFFFFD] * tables
    fat = struct.pack(f"<{len(follows)}L", *follows).ljust(512 * tables, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9L", 0, tables, directory, 0, 4096, mini_table, 1, 0xFFFFFFFE, 0)
    head += struct.pack("<109L", *own, *[0xFFFFFFFF] * (109 - tables))
    return head + b"".join(body) + fat


def read_stream(stream: bytes) -> Sheets:
    return read_ole(ole({"Workbook": stream}))


def only(*cells: bytes, **others: Any) -> GridSheet:
    """The one sheet that holds these cells."""
    (sheet,) = read_stream(xls(*cells, **others)).values()
    return sheet


def values(sheet: GridSheet) -> dict[str, object]:
    return {address: raw.value for address, raw in sheet.filled()}


def texts(*parts: bytes, count: int) -> bytes:
    return record(0xFC, struct.pack("<LL", count, count) + parts[0], *parts[1:])


def test_every_record_of_a_number_gives_its_value() -> None:
    packed = [
        (7 << 2 | 2),
        (1250 << 2 | 3),
        ((-3 & 0x3FFFFFFF) << 2 | 2),
        struct.unpack("<Q", struct.pack("<d", 1.5))[0] >> 32,
    ]
    body = struct.pack("<HH", 1, 2) + b"".join(struct.pack("<HL", 0, each) for each in packed) + struct.pack("<H", 5)
    sheet = only(
        number(0, 0, 0.1),
        cell(0x27E, 0, 1, struct.pack("<L", packed[1])),
        record(0xBD, body),
        cell(0x201, 5, 5, b""),
        record(0xBE, struct.pack("<HHHHH", 6, 0, 0, 0, 1)),
    )
    assert values(sheet) == {"A1": 0.1, "B1": 12.5, "C2": 7.0, "D2": 12.5, "E2": -3.0, "F2": 1.5}
    assert sheet.height == 2 and not sheet.far and sheet.at(9, 9) is NOTHING
    assert all(type(each) is float for each in values(sheet).values())


def test_a_text_goes_on_in_the_next_record_in_characters_of_another_width() -> None:
    long = struct.pack("<HB", 6, 1) + "甲乙".encode("utf-16-le")
    rich = struct.pack("<HBHL", 2, 13, 1, 6) + "丙丁".encode("utf-16-le")
    table = texts(
        long, b"\0abc", b"\1" + "丙".encode("utf-16-le") + rich, bytes(4) + b"\1\2\3", b"\4\5\6" + wide("末"), count=3
    )
    sheet = only(*(cell(0xFD, k, 0, struct.pack("<L", k)) for k in range(3)), shared=table)
    assert values(sheet) == {"A1": "甲乙abc丙", "A2": "丙丁", "A3": "末"}


def test_texts_in_the_cells_themselves_are_read() -> None:
    sheet = only(cell(0x204, 0, 0, wide("甲")), cell(0xD6, 0, 1, wide("乙") + bytes(2)))
    assert values(sheet) == {"A1": "甲", "B1": "乙"}


@pytest.mark.parametrize("count", [4, 2**32 - 1])
def test_a_text_that_is_promised_and_not_there_is_damage(count: int) -> None:
    """Row 53."""
    assert kind_of(read_stream, xls(shared=texts(wide("甲"), count=count))) == "damaged"
    missing = xls(cell(0xFD, 0, 0, struct.pack("<L", 1)), shared=texts(wide("甲"), count=1))
    assert kind_of(read_stream, missing) == "damaged"


def test_booleans_and_errors_are_told_from_numbers() -> None:
    """Rows 69 and 74."""
    sheet = only(cell(0x205, 0, 0, b"\1\0"), cell(0x205, 0, 1, b"\0\0"), cell(0x205, 0, 2, b"\x2a\1"))
    assert sheet.at(0, 0) == RawCell(True) and sheet.at(0, 1) == RawCell(False)
    assert sheet.at(0, 2) == RawCell(None, error=True)


THREE_AND_TWO = b"\x1e\3\0\x1e\2\0\3"
OTHER_CELL = b"\x44\0\0\0\0"


@pytest.mark.parametrize(
    ("result", "tokens", "expected"),
    [
        (struct.pack("<d", 5), THREE_AND_TWO, RawCell(5.0, "3+2")),
        (
            struct.pack("<d", -2),
            b"\x1f" + struct.pack("<d", 0.5) + b"\x1e\4\0\5\x15\x13\x14",
            RawCell(-2.0, "-(0.5*4)%"),
        ),
        (struct.pack("<d", 7), OTHER_CELL, RawCell(7.0, FORMULA)),
        (struct.pack("<d", 7), b"\1\0\0\0\0", RawCell(7.0, FORMULA)),
        (struct.pack("<d", 7), b"", RawCell(7.0, FORMULA)),
        (struct.pack("<d", 7), b"\x1e\1\0" * 2, RawCell(7.0, FORMULA)),
        (struct.pack("<d", 7), b"\x1e\1\0" + b"\x14" * 9000, RawCell(7.0, FORMULA)),
        (b"\1\0\1\0\0\0\xff\xff", OTHER_CELL, RawCell(True, FORMULA)),
        (b"\2\0\x07\0\0\0\xff\xff", OTHER_CELL, RawCell(None, FORMULA, error=True)),
        (b"\3\0\0\0\0\0\xff\xff", OTHER_CELL, RawCell("", FORMULA)),
        (b"\0\0\0\0\0\0\xff\xff", OTHER_CELL, RawCell("", FORMULA)),
    ],
)
def test_a_formula_is_never_taken_for_a_typed_value(result: bytes, tokens: bytes, expected: RawCell) -> None:
    """Rows 70 and 71: typed arithmetic as it was typed, any other formula as a formula."""
    assert only(formula(1, 1, result, tokens)).at(1, 1) == expected


def test_the_text_of_a_formula_follows_it() -> None:
    shared = record(0x4BC, bytes(12))
    sheet = only(
        formula(0, 0, b"\0\0\0\0\0\0\xff\xff", OTHER_CELL), shared, record(0x207, wide("待填")), number(1, 0, 1)
    )
    assert sheet.at(0, 0) == RawCell("待填", FORMULA)


@pytest.mark.parametrize(("mac", "day"), [(0, 45721), (1, 45721 - 1462)])
def test_a_date_is_the_same_day_in_both_calendars(mac: int, day: int) -> None:
    """Rows 51 and 64."""
    shared = record(0x22, struct.pack("<H", mac)) + record(0x41E, struct.pack("<H", 164) + wide('yyyy"年"m"月"'))
    sheet = only(number(0, 0, day, 1), number(0, 1, day, 2), number(0, 2, day), shared=shared, styles=(0, 14, 164))
    assert sheet.at(0, 0) == RawCell(datetime(2025, 3, 5), format="yyyy-m-d")
    assert sheet.at(0, 1) == RawCell(datetime(2025, 3, 5), format='yyyy"年"m"月"')
    assert sheet.at(0, 2) == RawCell(float(day)) and sheet.texts(0, 3) == [str(day)] * 3


def test_the_number_format_stands_beside_the_value() -> None:
    """Rows 58 and 76."""
    shared = record(0x41E, struct.pack("<H", 164) + wide('0"0"')) + record(
        0x41E, struct.pack("<H", 165) + wide("GENERAL")
    )
    sheet = only(*(number(0, k, 0.95, k) for k in range(5)), shared=shared, styles=(0, 9, 164, 165))
    assert [sheet.at(0, k).format for k in range(5)] == ["", "0%", '0"0"', "", ""]


def test_what_is_not_a_finite_moment_stays_a_number() -> None:
    sheet = only(*(number(0, k, value, 0) for k, value in enumerate((1e308, float("inf"), -1e9))), styles=(14,))
    assert [sheet.at(0, k).value for k in range(3)] == [1e308, float("inf"), -1e9]
    assert isinstance(only(number(0, 0, float("nan")), styles=(14,)).at(0, 0).value, float)


def test_sheets_keep_their_order_and_say_whether_they_are_hidden() -> None:
    sheets = read_stream(xls(number(0, 0, 1), sheets={"填报": 0, "藏": 1, "_xfkh": 2}))
    assert [(each.name, each.hidden) for each in sheets.values()] == [("填报", False), ("藏", True), ("_xfkh", True)]


def test_merged_cells_are_known() -> None:
    assert only(record(0xE5, struct.pack("<9H", 2, 0, 1, 2, 3, 4, 4, 0, 0))).merges == ("C1:D2", "A5:A5")


def test_a_cell_far_outside_is_only_noticed() -> None:
    """Row 92."""
    assert not only(number(WINDOW[0] - 1, WINDOW[1] - 1, 1)).far
    for row, col in ((WINDOW[0], 0), (0, WINDOW[1]), (65535, 255)):
        sheet = only(number(row, col, 1), number(0, 0, 2))
        assert sheet.far and values(sheet) == {"A1": 2.0} and sheet.height == 1


def test_hidden_rows_and_columns_of_an_xls_are_known() -> None:
    """Row 42: also those of no height or width."""
    rows = [(1, 300, 0x120), (4, 0, 0x100), (6, 300, 0x100)]
    heights = [record(0x208, struct.pack("<8H", at, 0, 9, height, 0, 0, flags, 15)) for at, height, flags in rows]
    widths = [
        record(0x7D, struct.pack("<5H", *each)) for each in ((0, 1, 900, 0, 1), (3, 3, 0, 0, 0), (5, 5, 900, 0, 0))
    ]
    sheet = only(*heights, *widths, number(0, 0, 1))
    assert sheet.hidden_rows == {2, 5} and sheet.hidden_columns == [(1, 2), (4, 4)] and not sheet.filtered
    assert only(record(0x9D, struct.pack("<H", 3))).filtered


def rule(kind: int, prompt: str, *area: int) -> bytes:
    """What may be typed into some cells, with a formula of three bytes."""
    formulas = struct.pack("<Hxx3xHxx", 3, 0)
    return record(0x1BE, struct.pack("<L", kind) + wide("题") + wide("\0") * 2 + wide(prompt) + formulas
                  + struct.pack("<H4H", 1, *area))  # fmt: skip


def test_what_lies_beside_the_cells_of_an_xls_is_known() -> None:
    """Row 43: protection, limits and locked cells; rows 101 and 103: what the pages and prompts say."""
    assert not only(number(0, 0, 1)).beside.protected and not only(record(0x12, b"\0\0")).beside.protected
    rules = rule(1, "填整数", 4, 6, 3, 3), rule(0, "写材料", 8, 8, 9, 9)
    sheet = only(record(0x12, b"\1\0"), record(0x14, wide("页眉")), *rules, number(0, 0, 1))
    assert sheet.beside.protected and sheet.beside.ruled == ("D5:D7",)
    assert [(where, text.replace("\0", "")) for where, text in sheet.beside.said] == [
        ("页眉页脚", "页眉"), ("填写提示", "题aaa填整数a题aaa写材料")]  # fmt: skip
    assert list(sheet.loose()) == ["A1"]  # no bit of its style says that it is locked
    assert sheet.open(["A1", "D5"]) == 1


def test_a_rule_that_is_cut_says_nothing_and_costs_no_answer() -> None:
    sheet = only(record(0x1BE, b"\1\0\0\0\5"), record(0x208, b"\1"), record(0x7D, b""), number(0, 0, 1))
    assert values(sheet) == {"A1": 1.0} and sheet.beside.ruled == () and not sheet.hidden_rows


def test_a_cell_that_stands_twice_is_refused() -> None:
    """Row 50."""
    assert kind_of(read_stream, xls(number(0, 0, 1), number(0, 0, 1))) == "twice"


def test_two_sheets_in_one_place_or_of_one_name_are_refused() -> None:
    data = xls(number(0, 0, 1), sheets={"甲": 0, "乙": 0})
    assert kind_of(read_stream, data.replace("乙".encode("utf-16-le"), "甲".encode("utf-16-le"))) == "twice"
    first = data.index(b"\x85\0")
    second = data.index(b"\x85\0", first + 1)
    assert kind_of(read_stream, data[: second + 4] + data[first + 4 : first + 8] + data[second + 8 :]) == "twice"


def test_a_chart_within_a_sheet_is_passed_over() -> None:
    sheet = only(number(0, 0, 1), bof(0x20) + number(0, 0, 9) + EOF, number(1, 0, 2))
    assert values(sheet) == {"A1": 1.0, "A2": 2.0}


def test_more_cells_than_any_form_has_are_refused() -> None:
    row = b"".join(struct.pack("<HL", 0, 2) for _ in range(WINDOW[1]))
    rows = [record(0xBD, struct.pack("<HH", k, 0) + row + b"\0\0") for k in range(CELLS // WINDOW[1] + 1)]
    assert kind_of(read_stream, xls(*rows[:-2])) == ""
    assert kind_of(read_stream, xls(*rows)) == "large"
    assert kind_of(read_stream, xls(*rows[: len(rows) // 2], sheets={"甲": 0, "乙": 0, "丙": 0})) == "large"


def test_a_million_empty_records_are_refused() -> None:
    assert kind_of(read_stream, xls(record(0x01) * 1_000_000)) == "large"


def test_a_password_is_seen_and_nothing_behind_it_is_read() -> None:
    """Row 7."""
    locked = ole({"Workbook": bof(BOOK) + record(0x2F, bytes(54)) + b"\xff" * 4000})
    assert kind_of_ole(locked) == "encrypted" and kind_of(read_ole, locked) == "encrypted"
    package = ole({"EncryptionInfo": b"", "EncryptedPackage": b"\x7a" * 5000})
    assert kind_of_ole(package) == "encrypted" and kind_of(read_ole, package) == "encrypted"


@pytest.mark.parametrize(
    ("stream", "kind"),
    [("WordDocument", "word"), ("PowerPoint Document", "ppt"), ("__properties_version1.0", "mail"), ("别的", "other")],
)
def test_other_documents_are_told_by_what_they_hold(stream: str, kind: str) -> None:
    """Row 10; a workbook embedded in a document does not make it one."""
    data = ole({stream: b""}, embedded={"Workbook": xls(number(0, 0, 1))})
    assert kind_of_ole(data) == kind and kind_of(read_ole, data) == kind


def test_a_workbook_with_a_document_embedded_is_a_workbook() -> None:
    data = ole({"SummaryInformation": b"", "Workbook": xls(number(0, 0, 1))}, embedded={"WordDocument": b""})
    assert kind_of_ole(data) == "xls" and values(read_ole(data)["填报"]) == {"A1": 1.0}


def test_a_small_workbook_lies_in_small_sectors() -> None:
    data = ole({"x": b"1", "Workbook": xls(number(0, 0, 1))}, small=True)
    assert values(read_ole(data)["填报"]) == {"A1": 1.0}


def test_workbooks_from_before_excel_97_are_old() -> None:
    for stream in (bof(BOOK, 0x500) + EOF, record(0x409, bytes(6)) + EOF):
        data = ole({"Book": stream})
        assert kind_of_ole(data) == "xls" and kind_of(read_ole, data) == "old"


def test_a_circle_of_sectors_or_entries_is_damage() -> None:
    whole = ole({"Workbook": xls(number(0, 0, 1)), "x": b""})
    table = len(whole) - 512
    assert kind_of(read_ole, whole[:table] + struct.pack("<L", 0) + whole[table + 4 :]) == "damaged"
    assert kind_of(read_ole, whole[:table] + struct.pack("<2L", 1, 0) + whole[table + 8 :]) == "damaged"
    entry = whole.index("Workbook".encode("utf-16-le"))
    assert kind_of(read_ole, whole[: entry + 68] + struct.pack("<L", 1) + whole[entry + 72 :]) == "damaged"


def test_what_is_no_container_is_damage() -> None:
    for data in (
        b"",
        bytes(5000),
        bytes.fromhex("d0cf11e0a1b11ae1"),
        ole({"Workbook": b""}),
        ole({"Workbook": xls()})[:-1],
    ):
        assert kind_of_ole(data) == "damaged" and kind_of(read_ole, data) == "damaged"


PLAIN_XLS = ole({
    "Workbook": xls(
        cell(0xFD, 0, 0, struct.pack("<L", 0)), number(1, 0, 45721, 1), cell(0x205, 2, 0, b"\1\0"),
        formula(3, 0, struct.pack("<d", 5), THREE_AND_TWO), formula(4, 0, b"\0\0\0\0\0\0\xff\xff", OTHER_CELL),
        record(0x207, wide("甲")), record(0xE5, struct.pack("<5H", 1, 0, 1, 2, 3)),
        shared=texts(wide("甲乙"), b"\1" + wide("丙"), count=2), styles=(0, 14), sheets={"填报": 0, "藏": 1},
    )
})  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(PLAIN_XLS) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_bytes_flipped_anywhere_in_an_xls_give_a_workbook_or_a_word(flips: list[tuple[int, int]]) -> None:
    data = bytearray(PLAIN_XLS)
    for at, value in flips:
        data[at] = value
    kind_of(read_ole, bytes(data))
    assert kind_of_ole(bytes(data))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_any_stream_gives_a_workbook_or_a_word(stream: bytes) -> None:
    assert kind_of(read_stream, stream) != "" or stream
    kind_of(read_stream, bof(BOOK) + stream + EOF)
    kind_of(read_stream, xls(stream))


def test_an_xls_cut_anywhere_is_refused() -> None:
    """Row 8."""
    assert {kind_of(read_ole, PLAIN_XLS[:at]) for at in range(0, len(PLAIN_XLS), 7)} == {"damaged"}


# --- an .ods, element by element ---------------------------------------------------------------------

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in [
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
        ("draw", "drawing"), ("manifest", "manifest"),
    ]
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip
PREFIX = '<?xml version="1.0" encoding="UTF-8"?>'
TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def content(tables: str, styles: str = "", before: str = PREFIX) -> str:
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    return f"{before}<office:document-content {NAMES}>{automatic}{body}</office:document-content>"


def ods(tables: str, type: str = TYPE, manifest: str = "", **others: str) -> bytes:
    members = {
        "mimetype": type,
        "content.xml": others.pop("whole", "") or content(tables, others.pop("styles", "")),
        "META-INF/manifest.xml": f"{PREFIX}<manifest:manifest {NAMES}>{manifest}</manifest:manifest>",
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in (members | {name.replace("_", "."): text for name, text in others.items()}).items():
            package.writestr(name, text)
    return out.getvalue()


def table(rows: str, facts: str = 'table:name="填报"') -> str:
    return f"<table:table {facts}>{rows}</table:table>"


def row(*cells: str, facts: str = "") -> str:
    return f"<table:table-row {facts}>{''.join(cells)}</table:table-row>"


def of(kind: str, value: str, text: str = "", facts: str = "") -> str:
    name = {"string": "string", "boolean": "boolean", "date": "date", "time": "time"}.get(kind, "")
    said = f'office:{name}-value="{value}"' if name else f'office:value="{value}"'
    said = "" if kind == "string" and not value else said
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell office:value-type="{kind}" {said} {facts}>{shown}</table:table-cell>'


def sheet_of(tables: str, **others: str) -> GridSheet:
    (sheet,) = read_ods(ods(tables, **others)).values()
    return sheet


@pytest.mark.parametrize("turned", [False, True])
def test_an_ods_that_was_packed_anew_is_read_as_one(turned: bool) -> None:
    """Its kind no longer stands at the beginning in plain letters, or stands at the end."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(ods(table(row(of("float", "3")))))) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in sorted(old.namelist(), reverse=not turned):
            new.writestr(name, old.read(name))
    (sheet,) = read_any(out.getvalue()).values()
    assert sheet.at(0, 0).value == 3


def test_every_type_of_value_in_an_ods_is_read() -> None:
    sheet = sheet_of(
        table(
            row(of("float", "3"), of("percentage", "0.95"), of("currency", "1.5"), of("boolean", "true"))
            + row(of("date", "2025-03-05"), of("date", "2025-03-05T12:30:00"), of("time", "PT12H30M15S"))
            + row(
                of("string", "", "甲"),
                of("string", "乙", "丙"),
                "<table:table-cell><text:p>丁</text:p></table:table-cell>",
            )
            + row(of("float", "NaN"), of("float", "1_000"), of("date", "明天"), of("string", ""), of("time", "早上"))
        )
    )
    assert [sheet.at(0, k) for k in range(4)] == [RawCell(3.0), RawCell(0.95, format="0%"), RawCell(1.5), RawCell(True)]
    moments = [datetime(2025, 3, 5), datetime(2025, 3, 5, 12, 30), datetime(1899, 12, 30, 12, 30, 15)]
    assert [sheet.at(1, k).value for k in range(3)] == moments
    assert sheet.texts(2, 4) == ["甲", "乙", "丁", ""]
    assert sheet.texts(3, 5) == ["NaN", "1_000", "明天", "", "早上"] and (3, 3) not in sheet.cells


def test_paragraphs_spaces_and_tabs_are_kept_and_notes_are_not() -> None:
    """Row 75."""
    note = "<office:annotation><text:p>批注</text:p></office:annotation>"
    shape = "<draw:frame><draw:text-box><text:p>图形</text:p></draw:text-box></draw:frame>"
    ruby = "<text:ruby><text:ruby-base>丙</text:ruby-base><text:ruby-text>bing</text:ruby-text></text:ruby>"
    body = f'<text:p>甲<text:s text:c="2"/><text:span>乙<text:tab/></text:span></text:p><text:p>{ruby}丁</text:p>'
    rows = row(f'<table:table-cell office:value-type="string">{note}{shape}{body}</table:table-cell>')
    sheet = sheet_of(table(f"<table:shapes>{shape}</table:shapes>{rows}"))
    assert values(sheet) == {"A1": "甲  乙\t\n丙丁"}


def test_formulas_and_errors_in_an_ods_are_seen() -> None:
    """Rows 69 to 71."""
    typed, other = 'table:formula="of:=3+2"', 'table:formula="of:=[.B2]*2"'
    wrong = 'calcext:value-type="error" table:formula="of:=1/0"'
    cells = (
        of("float", "5", "5", typed), of("float", "4", "4", other), of("string", "", "#DIV/0!", wrong),
        of("float", "0", "#REF!", other), of("string", "", "Err:502", other), of("string", "", "#REF!"),
        of("float", "5", "5", 'table:formula=""'), '<table:table-cell table:formula="of:=1"/>',
    )  # fmt: skip
    sheet = sheet_of(table(row(*cells)))
    assert [sheet.at(0, k) for k in range(8)] == [
        RawCell(5.0, "3+2"), RawCell(4.0, "[.B2]*2"), RawCell(None, "1/0", True), RawCell(None, "[.B2]*2", True),
        RawCell(None, "[.B2]*2", True), RawCell("#REF!"), RawCell(5.0), RawCell(None, "1"),
    ]  # fmt: skip


def test_the_results_of_a_formula_over_many_cells_are_formulas() -> None:
    spans = 'table:number-matrix-columns-spanned="2" table:number-matrix-rows-spanned="2"'
    first = of("float", "1", "1", f'table:formula="of:=[.D1:.E2]" {spans}')
    sheet = sheet_of(table(row(first, of("float", "2"), of("float", "9")) + row(of("float", "3"), of("float", "4"))))
    assert [bool(sheet.at(*at).formula) for at in ((0, 0), (0, 1), (1, 0), (1, 1), (0, 2))] == [True] * 4 + [False]
    grid = 'table:number-matrix-columns-spanned="1024" table:number-matrix-rows-spanned="1048576"'
    cells = (of("float", "1", "1", f'table:formula="of:=1" {grid}') for _ in range(2))
    assert kind_of(read_ods, ods(table(row(*cells)))) == "large"


def test_the_number_formats_of_styles_are_written_as_excel_would() -> None:
    """Rows 58 and 76."""
    styles = (
        '<number:number-style style:name="N1"><number:number number:decimal-places="0"/><number:text>0</number:text>'
        '</number:number-style><number:percentage-style style:name="N2"><number:number number:decimal-places="2"/>'
        '<number:text>%</number:text></number:percentage-style><number:number-style style:name="N3">'
        '<number:number number:decimal-places="1" number:grouping="true" number:display-factor="1000"/>'
        '</number:number-style><number:number-style style:name="N4"><number:number number:min-integer-digits="1"/>'
        '</number:number-style><number:number-style style:name="N5"><number:text>多</number:text>'
        '<style:map style:condition="value()&lt;3" style:apply-style-name="N1"/></number:number-style>'
        '<number:number-style style:name="N6"><number:number number:decimal-places="0"><number:embedded-text '
        'number:position="1">-</number:embedded-text></number:number></number:number-style><number:number-style '
        'style:name="N7"><number:fill-character>0</number:fill-character><number:number number:decimal-places="0"/>'
        '<style:map style:condition="is-true()" style:apply-style-name="N4"/></number:number-style>'
    )
    styles += "".join(
        f'<style:style style:family="table-cell" style:name="c{k}" style:data-style-name="N{k}"/>' for k in range(1, 8)
    )
    styles += '<style:style style:family="table-cell" style:name="child" style:parent-style-name="c2"/>'
    named = [
        of("float", "3", facts=f'table:style-name="{each}"')
        for each in ("c1", "c2", "c3", "c4", "c5", "child", "c6", "c7")
    ]
    columns = '<table:table-column table:number-columns-repeated="8"/>'
    columns += '<table:table-column table:default-cell-style-name="c1"/>'
    rows = row(*named, of("float", "3")) + row(of("float", "3"), facts='table:default-cell-style-name="c3"')
    sheet = sheet_of(table(columns + rows), styles=styles)
    formats = ['0"0"', "0.00%", "#,##0.0,", "", '[<3]0"0";"多"', "0.00%", '0"-"0', "[?]General;*00", '0"0"']
    assert [sheet.at(0, k).format for k in range(9)] == formats and sheet.at(1, 0).format == "#,##0.0,"


def test_the_calendar_of_1904_counts_for_times() -> None:
    """Row 51."""
    calendar = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    sheet = sheet_of(calendar + table(row(of("time", "PT12H00M00S"), of("date", "2025-03-05"))))
    assert sheet.at(0, 0).value == datetime(1904, 1, 1, 12) and sheet.text(0, 1) == str(45721 - 1462)


def test_hidden_sheets_and_merged_cells_of_an_ods_are_known() -> None:
    styles = '<style:style style:name="ta"><style:table-properties table:display="false"/></style:style>'
    spans = 'table:number-columns-spanned="2" table:number-rows-spanned="2"'
    rows = row(of("float", "1"), of("float", "2", facts=spans), "<table:covered-table-cell/>", of("float", "3"))
    sheet = sheet_of(table(rows, 'table:name="藏" table:style-name="ta"'), styles=styles)
    assert sheet.hidden and sheet.merges == ("B1:C2",) and values(sheet) == {"A1": 1.0, "B1": 2.0, "D1": 3.0}


def test_what_was_hidden_or_unlocked_in_an_ods_is_known() -> None:
    """Rows 42, 43, 101 and 103."""
    styles = (
        '<style:style style:name="ro" style:family="table-row"><style:table-row-properties style:row-height="0cm"/>'
        '</style:style><style:style style:name="ce" style:family="table-cell"><style:table-cell-properties'
        ' style:cell-protect="none"/></style:style><style:style style:name="ce2" style:family="table-cell"'
        ' style:parent-style-name="ce"/>'
    )
    rules = (
        '<table:content-validations><table:content-validation table:name="v1" table:condition="of:x">'
        '<table:help-message table:title="题"><text:p>填整数</text:p></table:help-message></table:content-validation>'
        '<table:content-validation table:name="v2"><table:help-message><text:p>写材料</text:p></table:help-message>'
        "</table:content-validation></table:content-validations>"
    )
    asked = '<table:table-cell table:content-validation-name="v{}" table:number-columns-repeated="2"/>'
    rows = [
        '<table:table-column table:number-columns-repeated="3"/><table:table-column table:visibility="collapse"/>',
        row(of("float", "1", facts='table:style-name="ce2"'), asked.format(1), asked.format(2)),
        row(of("float", "2"), facts='table:visibility="filter" table:number-rows-repeated="2"'),
        row(of("float", "3"), facts='table:style-name="ro"'),
    ]
    sheet = sheet_of(rules + table("".join(rows), 'table:name="填报" table:protected="true"'), styles=styles)
    assert sheet.hidden_rows == {2, 3, 4} and sheet.hidden_columns == [(4, 4)]
    assert sheet.beside[:3] == (True, ("B1:C1",), (("填写提示", "题a填整数a写材料"),))
    assert list(sheet.loose()) == ["A1"] and values(sheet) == {"A1": 1.0, "A2": 2.0, "A3": 2.0, "A4": 3.0}
    assert not sheet_of(table(row(of("float", "1")))).beside.protected


def test_a_part_of_a_text_that_is_struck_out_or_raised_in_an_ods_is_known() -> None:
    """Row 75."""
    facts = {"line": 'style:text-line-through-style="solid"', "lined": 'style:text-line-through-type="single"',
             "up": 'style:text-position="super 58%"', "down": 'style:text-position="-33% 58%"',
             "plain": 'style:text-line-through-type="none" style:text-position="0% 100%"'}  # fmt: skip
    styles = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {each}/></style:style>'
        for name, each in facts.items()
    )
    texts = [f'<text:span text:style-name="{name}">1</text:span>2' for name in facts]
    sheet = sheet_of(table(row(*(of("string", "", each) for each in texts))), styles=styles)
    looks = [sheet.at(0, col).marked for col in range(len(facts))]
    assert looks == ["〔删除线1〕2", "〔删除线1〕2", "〔上标1〕2", "〔下标1〕2", ""]
    assert {sheet.text(0, col) for col in range(len(facts))} == {"12"}


def test_a_cell_that_its_own_font_strikes_out_in_an_ods_is_known() -> None:
    """Row 75: by its style or the one it comes from, or by a condition's."""
    line = 'style:text-line-through-style="{}"'
    facts = {"own": ("", line.format("solid")), "heir": ("own", 'style:font-name="A"'),
             "mended": ("own", line.format("none")), "plain": ("", "")}  # fmt: skip
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="{parent}">'
        f"<style:text-properties {each}/></style:style>"
        for name, (parent, each) in facts.items()
    )
    styles += (
        '<style:style style:name="if" style:family="table-cell"><style:map style:condition="value()&gt;0"'
        ' style:apply-style-name="own"/></style:style>'
    )
    cells = [of("float", "3", facts=f'table:style-name="{name}"') for name in (*facts, "if")]
    blank = '<table:table-cell table:style-name="own"/>'
    sheet = sheet_of(table(row(*cells, of("string", "是", facts='table:style-name="own"'), blank)), styles=styles)
    looks = [sheet.at(0, col).marked for col in range(7)]
    assert looks == ["〔删除线3〕", "〔删除线3〕", "", "", "〔条件格式的删除线3〕", "〔删除线是〕", ""]
    assert sheet.at(0, 6) == NOTHING


def test_a_cell_that_its_own_font_strikes_out_in_an_xls_is_known() -> None:
    """The fifth font has the number five: no font has four."""
    fonts = b"".join(record(0x31, struct.pack("<HH", 200, flags)) for flags in (0, 0, 0, 8, 0, 8))
    formats = b"".join(record(0xE0, struct.pack("<HH16x", font, 0)) for font in (0, 3, 5, 6))
    cells = [number(0, col, 3.0, style) for col, style in enumerate((1, 2, 3, 4))]
    (sheet,) = read_ole(ole({"Workbook": xls(*cells, shared=fonts + formats)})).values()
    assert [sheet.at(0, col).marked for col in range(4)] == ["", "〔删除线3〕", "", "〔删除线3〕"]


def struck_out(book: Any) -> None:
    for place, value in (("A1", 3), ("A2", "是"), ("A3", None)):
        book["Sheet"][place] = value
        book["Sheet"][place].font = Font(strike=True)
    book["Sheet"]["A4"] = 3


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_what_is_struck_out_is_so_in_every_format(kind: str, tmp_path: Path) -> None:
    book = Workbook()
    struck_out(book)
    book.save(tmp_path / "book.xlsx")
    (saved,) = office.resave_all([tmp_path / "book.xlsx"], tmp_path / kind, kind)
    for data in (saved.read_bytes(), (tmp_path / "book.xlsx").read_bytes()):
        (sheet,) = read_any(data).values()
        assert [sheet.at(line, 0).marked for line in range(4)] == ["〔删除线3〕", "〔删除线是〕", "", ""]


def test_a_number_format_that_a_condition_puts_into_an_ods_is_known() -> None:
    """Row 76."""
    styles = (
        '<number:number-style style:name="N1"><number:text>30</number:text></number:number-style>'
        '<style:style style:name="c1" style:family="table-cell" style:data-style-name="N1"/>'
        '<style:style style:name="ce" style:family="table-cell">'
        '<style:map style:condition="is-true-formula(1)" style:apply-style-name="c1"/></style:style>'
    )
    sheet = sheet_of(table(row(of("float", "3", facts='table:style-name="ce"'), of("float", "3"))), styles=styles)
    assert (sheet.at(0, 0).others, sheet.at(0, 1).others) == (('"30"',), ())


def test_low_rows_loose_protection_and_idle_rules_of_an_ods_are_known() -> None:
    """Rows 42 and 43."""
    heights = {"1pt": True, "0.0102in": True, "1.4mm": True, "0.3cm": False, "4pt": False}
    styles = "".join(f'<style:style style:name="r{k}" style:family="table-row"><style:table-row-properties '
                     f'style:row-height="{each}"/></style:style>' for k, each in enumerate(heights))  # fmt: skip
    rows = "".join(row(of("float", "1"), facts=f'table:style-name="r{k}"') for k in range(len(heights)))
    low = {k for k, each in enumerate(heights.values(), 1) if each}
    assert sheet_of(table(rows), styles=styles).hidden_rows == low

    rule = (
        '<table:content-validations><table:content-validation table:name="v1" table:condition="of:x">'
        "<table:error-message {}/></table:content-validation></table:content-validations>"
    )
    cell = row('<table:table-cell table:content-validation-name="v1"/>')
    told = {'table:display="true" table:message-type="stop"': ("A1:A1",), 'table:display="true"': ("A1:A1",),
            'table:display="false"': (), 'table:display="true" table:message-type="warning"': ()}  # fmt: skip
    for facts, ruled in told.items():
        assert sheet_of(rule.format(facts) + table(cell)).beside.ruled == ruled
    urn = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"
    for facts, pliable in (('loext:insert-rows="true"', True), ('loext:select-protected-cells="true"', False)):
        grants = f'<loext:table-protection xmlns:loext="{urn}" {facts}/>'
        found = sheet_of(table(grants + cell, 'table:name="填报" table:protected="true"')).beside
        assert (found.protected, found.pliable) == (True, pliable)


def test_a_million_repeated_rows_are_not_expanded() -> None:
    """Rows 88 and 92."""
    empty = row(
        "<table:table-cell table:number-columns-repeated='16384'/>", facts='table:number-rows-repeated="1048575"'
    )
    sheet = sheet_of(table(row(of("float", "1")) + empty))
    assert values(sheet) == {"A1": 1.0} and not sheet.far and sheet.height == 1
    sheet = sheet_of(table(row(of("float", "1"), facts='table:number-rows-repeated="1048575"') + row(of("float", "2"))))
    assert sheet.far and len(sheet.cells) == sheet.height == WINDOW[0]
    wide_row = of("float", "1", facts='table:number-columns-repeated="16384"')
    assert sheet_of(table(row(wide_row))).far
    assert kind_of(read_ods, ods(table(row(wide_row, facts='table:number-rows-repeated="1048576"')))) == "large"
    assert kind_of(read_ods, ods(table(row(wide_row) * 3000))) == "large"


@pytest.mark.parametrize("times", ["0", "-1", "1e3", "99999999", "٣", ""])
def test_an_impossible_repetition_is_damage(times: str) -> None:
    assert (
        kind_of(read_ods, ods(table(row(of("float", "1"), facts=f'table:number-rows-repeated="{times}"')))) == "damaged"
    )


def test_more_elements_than_any_form_has_are_refused() -> None:
    assert kind_of(read_ods, ods(table(row() * (ELEMENTS - 10)))) == ""
    assert kind_of(read_ods, ods(table(row() * ELEMENTS))) == "large"


def test_what_is_repeated_outside_the_window_costs_nothing() -> None:
    far = '<table:table-cell table:number-columns-repeated="200"/>' + of("float", "1") * 20_000
    begun = time.process_time()
    sheet = sheet_of(table(row(of("float", "2"), far, facts='table:number-rows-repeated="5000"')))
    assert time.process_time() - begun < PATIENCE
    assert sheet.far and len(sheet.cells) == WINDOW[0]
    columns = '<table:table-column table:number-columns-repeated="9999999"/>' * 1000
    spans = 'table:number-matrix-columns-spanned="2"'
    assert kind_of(read_ods, ods(table(columns + row(of("float", "1", facts=spans) * 50_000)))) == ""


def test_spaces_do_not_multiply_without_end() -> None:
    sheet = sheet_of(table(row(of("string", "", '甲<text:s text:c="9999999"/>乙' * 50))))
    assert len(sheet.text(0, 0)) < 10_000


def test_a_document_type_definition_in_any_part_is_refused() -> None:
    """Row 90."""
    lol = f'{PREFIX}<!DOCTYPE x [<!ENTITY a "b">]>'
    assert kind_of(read_ods, ods("", whole=content(table(row()), before=lol))) == "doctype"
    assert kind_of(read_ods, ods(table(row()), settings_xml=f"{lol}<x/>")) == "doctype"
    assert kind_of(read_ods, ods(table(row()), styles_xml=f"{lol}<x/>")) == "doctype"


def test_an_ods_with_a_password_is_encrypted() -> None:
    """Row 7."""
    locked = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    assert kind_of(read_ods, ods("", whole="\x7f\x01", manifest=locked)) == "encrypted"
    out = BytesIO(ods(""))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("encrypted-package", b"\x7f")
    assert kind_of(read_ods, out.getvalue()) == "encrypted"


@pytest.mark.parametrize(("last", "kind"), [("text", "word"), ("presentation", "ppt"), ("graphics", "other")])
def test_other_open_documents_are_told_by_their_type(last: str, kind: str) -> None:
    assert kind_of(read_ods, ods(table(row()), type=f"application/vnd.oasis.opendocument.{last}")) == kind


def test_what_an_ods_says_twice_nests_or_leaves_out_is_refused() -> None:
    assert kind_of(read_ods, ods(table(row()) * 2)) == "twice"
    assert kind_of(read_ods, ods(table(row(f"<table:table-cell>{table(row())}</table:table-cell>")))) == "nested"
    assert kind_of(read_ods, ods(table(row("<text:span>" * 70 + "</text:span>" * 70)))) == "nested"
    assert kind_of(read_ods, ods(table(row("<table:table-cell><table:table-cell/></table:table-cell>")))) == "nested"
    assert kind_of(read_ods, ods("")) == "damaged"
    assert kind_of(read_ods, ods("", whole="<x>")) == "damaged"
    assert kind_of(read_ods, b"PK") == "damaged"


def test_a_sheet_fetched_from_another_file_is_left_out() -> None:
    """Row 96."""
    fetched = table("<table:table-source/>" + row(of("float", "9")), 'table:name="外"')
    assert list(read_ods(ods(fetched + table(row(of("float", "1")))))) == ["填报"]


PLAIN_ODS = ods(table(row(of("float", "1"), of("string", "", "甲")) + row(of("date", "2025-03-05"))))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.characters(codec="utf-8")), min_size=1, max_size=4))
def test_characters_changed_anywhere_in_an_ods_give_a_workbook_or_a_word(changes: list[tuple[int, str]]) -> None:
    text = content(table(row(of("float", "1"), of("string", "", "甲")) + row(of("date", "2025-03-05"))))
    for at, sign in changes:
        at %= len(text)
        text = text[:at] + sign + text[at + 1 :]
    kind_of(read_ods, ods("", whole=text))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(PLAIN_ODS) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_bytes_flipped_anywhere_in_an_ods_give_a_workbook_or_a_word(flips: list[tuple[int, int]]) -> None:
    data = bytearray(PLAIN_ODS)
    for at, value in flips:
        data[at] = value
    kind_of(read_ods, bytes(data))


def test_an_ods_cut_anywhere_is_refused() -> None:
    """Row 8."""
    assert {kind_of(read_ods, PLAIN_ODS[:at]) for at in range(0, len(PLAIN_ODS), 7)} == {"damaged"}


# --- what LibreOffice saves --------------------------------------------------------------------------

FILES = {"xls": read_ole, "ods": read_ods}
RETURNS = 3
"""Filled returns of each scheme."""


def odd_workbook(path: Path, mac: bool) -> Path:
    """What people type into answer cells beside numbers and words."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "填报"
    if mac:
        book.epoch = CALENDAR_MAC_1904
    typed = {
        "A1": True, "A2": "=1/0", "A3": "=3+2", "A4": "=(1.5+2)*-4%", "A5": "=A3*2", "A6": date(2025, 3, 5),
        "A7": datetime(2025, 3, 5, 12, 0), "A8": 0.95, "A9": 3, "A10": 3000, "A11": clock(12, 0),
        "A12": " 甲\n 乙  丙 ", "A13": "12", "A14": "😀𠀀中" * 9, "A15": "长" * 20_000, "A16": -0.5,
        "A17": 123456789.25, "A18": 1e300,
        "A19": ArrayFormula("A19:A21", "=B1:B3*2"), "B1": 1, "B2": 2, "B3": 3, "C1": "并", "IV60000": "远",
        "A22": '=A12&"乙"',
    }  # fmt: skip
    for address, value in typed.items():
        sheet[address] = value
    for address, code in {"A8": "0.00%", "A9": '0"0"', "A10": "0,"}.items():
        sheet[address].number_format = code
    sheet["A13"].comment = Comment("批注里的字", "某人")
    sheet.merge_cells("C1:D2")
    hidden = book.create_sheet("藏")
    hidden.sheet_state, hidden["B2"] = "hidden", 1
    book.save(path)
    return path


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """Kind of file → name → what LibreOffice made of the workbook."""
    folder = tmp_path_factory.mktemp("saved")
    sources = [odd_workbook(folder / f"odd{mac:d}.xlsx", mac) for mac in (False, True)]
    for scheme in ("district", "xinyang"):
        for k, path in enumerate(sorted((ROOT / "samples" / scheme / "收回").glob("*.xlsx"))[:RETURNS]):
            sources.append(folder / f"{scheme}{k}.xlsx")
            sources[-1].write_bytes(path.read_bytes())
    found = {"xlsx": {path.stem: path.read_bytes() for path in sources}}
    for kind in FILES:
        made = office.resave_all(sources, folder, kind)
        found[kind] = {path.stem: path.read_bytes() for path in made}
    return found


def written(data: bytes) -> Iterator[tuple[str, int, int, object, bool]]:
    """What stands in an .xlsx by another reader: sheet, place, value, whether it is a formula."""
    for sheet in load_workbook(BytesIO(data)).worksheets:
        for line in sheet.iter_rows():
            for each in line:
                if each.value is not None:
                    yield sheet.title, each.row - 1, each.column - 1, each.value, each.data_type == "f"


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["district", "xinyang"])
@pytest.mark.parametrize("kind", FILES)
def test_a_genuine_return_says_the_same_in_another_format(
    saved: dict[str, dict[str, bytes]], kind: str, scheme: str
) -> None:
    """Rows 2 and 21: every id, label and answer stands where it stood, every formula is a formula."""
    for k in range(RETURNS):
        sheets = FILES[kind](saved[kind][f"{scheme}{k}"])
        places = set[tuple[str, int, int]]()
        for name, at, col, value, is_formula in written(saved["xlsx"][f"{scheme}{k}"]):
            raw = sheets[name].at(at, col)
            places.add((name, at, col))
            assert bool(raw.formula) == is_formula and not raw.error
            assert is_formula or raw.value == value, (name, at, col)
        assert len(places) > 300
        assert places == {(each.name, *at) for each in sheets.values() for at in each.cells}
        assert [each.hidden for each in sheets.values()] == [name == "_xfkh" for name in sheets]
        assert not any(each.far for each in sheets.values())


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("kind", FILES)
def test_another_reader_sees_the_same_values(saved: dict[str, dict[str, bytes]], kind: str) -> None:
    for name, data in saved[kind].items():
        if name.startswith("odd"):
            continue
        book, sheets = CalamineWorkbook.from_filelike(BytesIO(data)), FILES[kind](data)
        assert book.sheet_names == list(sheets)
        for sheet in sheets.values():
            grid = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            theirs = {(k, j): value for k, line in enumerate(grid) for j, value in enumerate(line) if value != ""}
            assert theirs == {at: raw.value for at, raw in sheet.cells.items() if raw.value not in ("", None)}


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("mac", [False, True])
@pytest.mark.parametrize("kind", FILES)
def test_what_was_typed_oddly_is_still_odd(saved: dict[str, dict[str, bytes]], kind: str, mac: bool) -> None:
    """Rows 51, 58, 64, 69 to 71, 74, 76 and 92."""
    sheets = FILES[kind](saved[kind][f"odd{mac:d}"])
    sheet, hidden = sheets["填报"], sheets["藏"]
    at = {f"A{k + 1}": sheet.at(k, 0) for k in range(22)}
    assert at["A1"].value is True and at["A2"].error and at["A2"].formula
    assert (at["A3"].value, at["A3"].formula) == (5.0, "3+2")
    assert at["A4"].formula == "(1.5+2)*-4%" and at["A4"].value == pytest.approx(-0.14)
    assert all(at[each].formula for each in ("A5", "A19", "A20", "A21", "A22"))
    assert [at[each].value for each in ("A6", "A7")] == [datetime(2025, 3, 5), datetime(2025, 3, 5, 12)]
    assert at["A11"].value == datetime(1904 if mac else 1899, 1 if mac else 12, 1 if mac else 30, 12)
    assert [at[f"A{k}"].value for k in (8, 9, 10, 16, 17, 18)] == [0.95, 3.0, 3000.0, -0.5, 123456789.25, 1e300]
    assert at["A8"].format == "0.00%" and at["A10"].format == "0," and at["A9"].format in ('0"0"', "0\\0")
    assert [at[f"A{k}"].value for k in (12, 13, 14, 15)] == [" 甲\n 乙  丙 ", "12", "😀𠀀中" * 9, "长" * 20_000]
    assert sheet.far and sheet.merges == ("C1:D2",) and not sheet.hidden
    assert hidden.hidden and values(hidden) == {"B2": 1.0}


@office.require_office
@pytest.mark.slow
@pytest.mark.parametrize("kind", FILES)
def test_a_return_cut_or_flipped_anywhere_gives_a_workbook_or_a_word(
    saved: dict[str, dict[str, bytes]], kind: str
) -> None:
    """Row 8."""
    data, read, dice = saved[kind]["district0"], FILES[kind], random.Random(kind)
    assert {kind_of(read, data[:at]) for at in range(0, len(data), len(data) // 97)} == {"damaged"}
    assert kind_of(read, data[:-1]) == "damaged"
    for _ in range(150):
        flipped = bytearray(data)
        for _ in range(dice.choice((1, 3, 30))):
            flipped[dice.randrange(len(data))] = dice.randrange(256)
        kind_of(read, bytes(flipped))
