"""The closed grammar of cells, flat tables, rosters and layers of answers."""

from __future__ import annotations

import datetime
import math
import string
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from xfkh.answers import (
    Answers,
    RawCell,
    Reading,
    RosterError,
    TableError,
    answers_of_tables,
    read_cell,
    read_roster,
    read_tables,
    shown,
)
from xfkh.findings import Finding, Level
from xfkh.model import NUMBER_LIMIT, Cell, Input, InputKind, Part, Source, Subject
from xfkh.scheme import load
from xfkh.workbook.read import Garbled

TIMES = Input("推诿次数", InputKind.COUNT, unit="次")
CASES = Input("领导包案件数", InputKind.COUNT, unit="件")
BATCHES = Input("进京个访批次", InputKind.COUNT, unit="批次")
FLAG = Input("备忘录", InputKind.FLAG)
JUDGED = Input("现场处置评分", InputKind.JUDGED, unit="分", maximum=4, decimals=6)
MONEY = Input("应急资金万元", InputKind.NUMBER, unit="万元", decimals=6)
MILLION = 10**6


def given_as(reading: Reading) -> int:
    """The scaled value of a cell that must have one."""
    assert reading.state is Cell.GIVEN, reading
    assert not reading.why
    return reading.value


def refused(reading: Reading) -> str:
    """The reason why a cell has no value; it must be refused."""
    assert reading.state is Cell.REFUSED, reading
    assert reading.why
    assert reading.value == 0
    return reading.why


# --- a count ------------------------------------------------------------------------------------

COUNTS: dict[str, tuple[str, int]] = {
    "plain": ("12", 12),
    "a zero": ("0", 0),
    "full-width digits": ("１２", 12),
    "digits of both widths": ("１2", 12),
    "a Chinese numeral": ("三", 3),
    "a Chinese ten and more": ("十二", 12),
    "a formal Chinese numeral": ("壹拾贰", 12),
    "two as people say it": ("两", 2),
    "tens": ("二十", 20),
    "a hundred with a gap": ("一百零五", 105),
    "a formal hundred": ("叁佰贰拾壹", 321),
    "the item's measure": ("3次", 3),
    "the measure of people": ("3人次", 3),
    "a total with its measure": ("共3次", 3),
    "spaces about the measure": (" 共 3 次 ", 3),
    "a Chinese numeral with its measure": ("三次", 3),
    "full-width digits with the measure": ("１２次", 12),
    "a text with an idle decimal": ("12.0", 12),
    "a full stop behind it": ("12。", 12),
    "a no-break space": ("12\u00a0", 12),
    "zero-width characters": ("\u200b1\u200b2\ufeff", 12),
    "a line break": ("\n12\n", 12),
    "a tab": ("\t12", 12),
    "a full-width space": ("\u300012\u3000", 12),
    "grouped thousands": ("1,234", 1234),
    "the most there can be": ("999,999", 999_999),
}


@pytest.mark.parametrize("text, value", COUNTS.values(), ids=COUNTS)
def test_an_honest_spelling_of_a_count_is_read_as_that_count(text: str, value: int) -> None:
    assert given_as(read_cell(TIMES, RawCell(text))) == value


@pytest.mark.parametrize("name", [name for name in COUNTS if name not in ("plain", "a zero")])
def test_every_normalised_text_leaves_a_note(name: str) -> None:
    text, _ = COUNTS[name]
    assert read_cell(TIMES, RawCell(text)).note


@pytest.mark.parametrize(
    "each, text, value",
    [
        (CASES, "3件", 3), (CASES, "共3件", 3), (CASES, "12件。", 12),
        (BATCHES, "3批次", 3), (BATCHES, "3批", 3), (BATCHES, "三起", 3),
    ],
)  # fmt: skip
def test_each_item_has_measures_of_its_own(each: Input, text: str, value: int) -> None:
    assert given_as(read_cell(each, RawCell(text))) == value


@pytest.mark.parametrize(
    "each, text", [(TIMES, "3件"), (CASES, "3人"), (CASES, "3次"), (BATCHES, "3条"), (TIMES, "3元")]
)
def test_a_measure_of_something_else_is_asked_about(each: Input, text: str) -> None:
    refused(read_cell(each, RawCell(text)))


REFUSED_COUNTS: dict[str, Sequence[str]] = {
    "approximate": ("约5", "5左右", "十几", "几次", "3多", "近20", "20余"),
    "a range or a sum": ("5-8", "5～8", "5至8", "3+2", "=3+2", "２＋３"),
    "a remark": ("（3）", "(3)", "3（含重复）", "3次（含重复）", "3人3次"),
    "two figures": ("12件13件", "12 13", "12、13", "3/4"),
    "a placeholder": ("—", "－", "／", "/", "-", "--", "N/A", "n/a", "同上", "待核实", "详见附件", "暂无", "?"),
    "a negative": ("-1", "－3", "负三", "−2"),
    "a decimal": ("3.5", "0.5", "12.01", ".5", "12.", "半"),
    "a percentage": ("95%", "0.95", "九成"),
    "grouped otherwise": ("1，234", "1 234", "1234,567", "12,34", "1,23", ",123", "1,2345"),
    "what Python would take": ("1e3", "1E5", "1_000", "nan", "NaN", "inf", "-inf", "Infinity", "0x10", "True"),
    "digits that are none": ("٣", "²", "①", "①②", "⑫", "½", "Ⅲ", "१२", "𝟏𝟐"),
    "a letter for a digit": ("l2", "1O", "I2", "o"),
    "an error as text": ("#REF!", "#N/A", "#DIV/0!", "#VALUE!"),
    "too large": ("1E308", "1E999", "12345678901234567890", "1000000", "1,000,000"),
    "a Chinese numeral that has more than one reading": ("一百二", "二〇二五", "一二", "百", "十百", "三千五", "两三"),
    "words": ("有", "是", "若干", "见说明", "nothing"),
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [pytest.param(text, id=f"{kind}: {text}") for kind, texts in REFUSED_COUNTS.items() for text in texts],
)
def test_a_text_that_is_not_one_exact_count_is_asked_about(text: str) -> None:
    refused(read_cell(TIMES, RawCell(text)))
    refused(read_cell(TIMES, RawCell(text), zero_words=True))


@pytest.mark.parametrize("text", [None, "", " ", "   ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\n", "\t \n"])
@pytest.mark.parametrize("each", [TIMES, FLAG, JUDGED, MONEY], ids=lambda each: str(each.kind))
def test_a_blank_is_blank_and_never_a_zero(each: Input, text: str | None) -> None:
    for words in (False, True):
        assert read_cell(each, RawCell(text), words) == Reading(Cell.BLANK)


@pytest.mark.parametrize("text", ["无", "没有", "零", " 无 "])
def test_none_is_zero_where_the_scheme_says_so(text: str) -> None:
    reading = read_cell(TIMES, RawCell(text), zero_words=True)
    assert given_as(reading) == 0
    assert reading.note


@pytest.mark.parametrize("text", ["无", "没有"])
def test_none_is_asked_about_where_the_scheme_does_not_say_so(text: str) -> None:
    refused(read_cell(TIMES, RawCell(text)))


@pytest.mark.parametrize("text", ["无", "没有"])
@pytest.mark.parametrize("each", [FLAG, JUDGED, MONEY], ids=lambda each: str(each.kind))
def test_none_says_nothing_where_no_count_is_asked(each: Input, text: str) -> None:
    refused(read_cell(each, RawCell(text), zero_words=True))


@pytest.mark.parametrize("value, count", [(12, 12), (12.0, 12), (0, 0), (0.0, 0), (999_999, 999_999)])
def test_a_whole_number_needs_no_note(value: float, count: int) -> None:
    assert read_cell(TIMES, RawCell(value)) == Reading(Cell.GIVEN, count)


def test_a_nought_below_nought_is_a_nought_with_a_note() -> None:
    assert read_cell(TIMES, RawCell(-0.0)) == Reading(Cell.GIVEN, 0, "-0")


def test_a_number_a_hair_beside_a_whole_one_is_taken_with_a_note() -> None:
    reading = read_cell(TIMES, RawCell(11.999999999999998))
    assert given_as(reading) == 12
    assert reading.note == "带零头的小数"


@pytest.mark.parametrize(
    "value",
    [3.5, 11.9999, -1, -0.5, 1_000_000, 1e308, 1e16, 10**20, math.nan, math.inf, -math.inf],
)
def test_a_number_that_is_no_count_is_asked_about(value: float) -> None:
    refused(read_cell(TIMES, RawCell(value)))


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        datetime.datetime(2025, 3, 5),
        datetime.date(2025, 3, 5),
        datetime.time(3, 5),
        datetime.timedelta(days=3),
        b"3",
        object(),
    ],
)
@pytest.mark.parametrize("each", [TIMES, FLAG, JUDGED, MONEY], ids=lambda each: str(each.kind))
def test_what_is_neither_number_nor_text_is_asked_about(each: Input, value: object) -> None:
    refused(read_cell(each, RawCell(value)))


@pytest.mark.parametrize("value", [None, "", 3, "#REF!"])
@pytest.mark.parametrize("each", [TIMES, FLAG, JUDGED, MONEY], ids=lambda each: str(each.kind))
def test_an_error_value_is_asked_about(each: Input, value: object) -> None:
    refused(read_cell(each, RawCell(value, error=True)))
    refused(read_cell(each, RawCell(value, "3+2", error=True)))


# --- formulas that a clerk typed ----------------------------------------------------------------


@pytest.mark.parametrize(
    "formula, value",
    [("3+2", 5), ("3+2", 5.0), ("(1+2)*3", 9), ("10-4/2", 8), ("0.1*30", 3), ("0.1*30", 3.0000000000000004), ("7", 7)],
)
def test_plain_arithmetic_that_we_reproduce_is_taken_with_a_note(formula: str, value: float) -> None:
    reading = read_cell(TIMES, RawCell(value, formula))
    assert given_as(reading) == round(value)
    assert formula in reading.note


@pytest.mark.parametrize(
    "formula, value",
    [
        ("3+2", None), ("3+2", ""), ("3+2", "5"), ("3+2", 0), ("3+2", 6), ("3+2", True), ("3+2", math.nan),
        ("3+2", math.inf), ("1/0", 0), ("1/3", 0.33), ("7/2", 3.5), ("3-5", -2), ("10^9", 10**9), ("2*1000000", 2e6),
    ],
)  # fmt: skip
def test_arithmetic_without_its_value_or_with_another_is_asked_about(formula: str, value: object) -> None:
    refused(read_cell(TIMES, RawCell(value, formula)))


@pytest.mark.parametrize(
    "formula",
    [
        "A1", "$D$8+1", "填报!D8", "SUM(D8:D9)", "[1]Sheet1!$A$1", "'[年报.xlsx]一'!A1", "甲.xls!A1", "进京集访批次",
        "COUNTIF(A:A,1)", "NOW()", "RAND()", "VLOOKUP(1,A1:B2,2,0)", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","3")',
        "共享公式", "#REF!", "{3}", '"3"', "TRUE", "",
    ],
)  # fmt: skip
def test_any_other_formula_is_asked_about_whatever_its_value(formula: str) -> None:
    if formula:
        refused(read_cell(TIMES, RawCell(3, formula)))


@pytest.mark.parametrize("formula, value", [("1+0", 1), ("1", 1), ("0", 0), ("3+2", 5)])
def test_a_formula_never_stands_for_yes_or_no(formula: str, value: int) -> None:
    refused(read_cell(FLAG, RawCell(value, formula)))


@pytest.mark.parametrize(
    "formula", ["1" + "+1" * 4_000, "-" * 8_000 + "5", "(" * 4_000 + "5" + ")" * 4_000, "9" * 8_192]
)
def test_the_longest_formula_that_excel_keeps_is_still_only_a_cell(formula: str) -> None:
    assert read_cell(TIMES, RawCell(5, formula)).state in (Cell.GIVEN, Cell.REFUSED)


# --- yes or no, judged points, numbers ----------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["是", " 是 ", "是。", "是\n", "\u200b是", "√", "✓", "✔", "Y", "y", "Ｙ", "yes", "YES"]
)
def test_yes_has_a_closed_list_of_spellings(text: str) -> None:
    reading = read_cell(FLAG, RawCell(text))
    assert given_as(reading) == 1
    assert shown(FLAG, reading.value) == "是"
    assert bool(reading.note) == (text != "是")


@pytest.mark.parametrize("text", ["否", "否。", "　否", "×", "✗", "N", "n", "no", "ＮＯ"])
def test_no_has_a_closed_list_of_spellings(text: str) -> None:
    reading = read_cell(FLAG, RawCell(text))
    assert given_as(reading) == 0
    assert shown(FLAG, reading.value) == "否"
    assert bool(reading.note) == (text != "否")


@pytest.mark.parametrize(
    "value",
    [
        "是否",
        "是的",
        "不是",
        "有",
        "无",
        "对",
        "已完成",
        "1",
        "0",
        "是/否",
        "基本是",
        "x",
        "T",
        "TRUE",
        "√×",
        1,
        0,
        1.0,
    ],
)
def test_anything_else_is_neither_yes_nor_no(value: object) -> None:
    refused(read_cell(FLAG, RawCell(value)))


@pytest.mark.parametrize("text", ["是的", "有", "对", "不是", "x", "v", "○", "√×", "是/否", "没有", "1", "TRUE"])
def test_what_stands_for_yes_or_no_is_quoted(text: str) -> None:
    assert f"“{text}”" in read_cell(FLAG, RawCell(text)).why


@pytest.mark.parametrize("text", ["张三", "王有对", "Wang", "有13800138000", "对" * 7])
def test_what_may_be_somebodys_own_is_not_quoted_for_yes_or_no(text: str) -> None:
    assert "“是”也不是“否”" in (why := read_cell(FLAG, RawCell(text)).why) and text not in why


@pytest.mark.parametrize("each", [TIMES, FLAG, JUDGED, MONEY], ids=lambda each: str(each.kind))
@pytest.mark.parametrize("value", ["3", "是", "1,234"])
def test_what_stands_where_a_number_should_is_no_answer(each: Input, value: str) -> None:
    refused(reading := read_cell(each, RawCell(Garbled(value))))
    assert "不合规范" in reading.why


@pytest.mark.parametrize(
    "value, points",
    [(3.5, "3.5"), ("3.5", "3.5"), ("３．５", "3.5"), ("3.5分", "3.5"), ("四", "4"), (4, "4"), (0, "0"),
     (2.123456, "2.123456"), (0.1 + 0.2, "0.3"), (4.0000000000000001, "4")],
)  # fmt: skip
def test_judged_points_keep_their_decimals_exactly(value: object, points: str) -> None:
    assert given_as(read_cell(JUDGED, RawCell(value))) == Fraction(points) * MILLION


@pytest.mark.parametrize("value", [4.5, "4.5", 4.000001, -0.5, "-1", "3.5/4", "满分", "3.1234567", 100, "4分5", "良"])
def test_judged_points_outside_the_scale_are_asked_about(value: object) -> None:
    refused(read_cell(JUDGED, RawCell(value)))


@pytest.mark.parametrize(
    "value, amount",
    [(3, "3"), (2.99, "2.99"), ("2.99", "2.99"), ("3万元", "3"), ("3.5万", "3.5"), ("1,234.5", "1234.5"),
     ("三万元", "3"), (0.1, "0.1"), (1e-6, "0.000001")],
)  # fmt: skip
def test_a_number_is_read_to_its_last_decimal(value: object, amount: str) -> None:
    assert given_as(read_cell(MONEY, RawCell(value))) == Fraction(amount) * MILLION


@pytest.mark.parametrize(
    "value", ["30000元", "3-5", "3～5万元", "约3", "3万5", "95%", -3, "-3", math.nan, 1e300, "1e3", "￥3", 2.1234567]
)
def test_a_number_of_other_measure_or_form_is_asked_about(value: object) -> None:
    refused(read_cell(MONEY, RawCell(value)))


@given(st.floats() | st.integers())
@example(1e22)
@example(5e-324)
def test_any_number_is_either_taken_as_it_is_or_refused(value: float) -> None:
    reading = read_cell(TIMES, RawCell(value))
    count = round(value) if math.isfinite(value) else -1
    near = math.isfinite(value) and abs(Fraction(repr(value)) - count) <= Fraction(1, 10**9)
    if near and 0 <= count <= 999_999:
        assert given_as(reading) == count
    else:
        refused(reading)


@given(st.fractions(0, 10**6).map(lambda value: Fraction(round(value * MILLION), MILLION)))
def test_a_decimal_of_six_places_survives_the_float_it_is_stored_as(value: Fraction) -> None:
    assert given_as(read_cell(MONEY, RawCell(float(value)))) == value * MILLION


# --- numbers as their formats show them ---------------------------------------------------------

RATE = Input("办结率", InputKind.NUMBER, unit="%", maximum=100, decimals=2)
HONEST = [
    "0", "#", "0.00", "0.0?", "0.##", "#,##0", "000", "??0", "@", "General", "0;@", "0_ ", "0* ", "* 0", "_ * #,##0_ ",
    '0"件"', "0\\件", "0件", 'General"件"', 'G/通用格式"件"', '"共"0"件"', '"共 "0 "件"', '0"起"', "#,##0_);(#,##0)",
    "+0;-0;0", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "￥0", "[$¥-804]#,##0.00",
    "[Red]0", "[红色]0", "[颜色 3]0;[蓝色]-0", "[Color10]0", "[$-804]0", "[$-F400]0",
    "[DBNum1]0", "[DBNum1][$-804]General",
    '[DBNum2][$-804]General"件"', "[Red][<60]0;0", "[<60][红色]0;[蓝色]0", '[>=10000]0.0,"万";0', '[=0]"无";0',
    '0;0;"零"', '[=4]"14";0', "[>2]0;[<1]0;0",
]  # fmt: skip
OTHERWISE = [
    '[>5]0;0"0"', '[=4]0;"1"0', '[=3]"30";0', "[<5]0,;0", "[<=3]0%;0", '[<>4]"1"0;0', "[>5]0;[>4]0", '[>5]0;0;0"0"',
    "[<5;0", "[=]0", "[?]0", "0*0", "*10", "0*-", "*-0", "0 0", "0_ 0", '0" "0', "0\\ 0", '0"分"0', '0"件"0',
    '0"."0', '0"-"0', '0"0"', '"1"0', "\\10", "-0", '"-"0', "(0)", '"（"0"）"', "0,", "0.0,", '0.0,"千"', "0%", '0"%"',
    "0.00E+00", "# ?/?",
    "0/10", "[h]", "[$1-804]0", "[$3]0", '0"万"', '0"元"', '0"次"', '"约"0', '0"多"', '0"余"', '"第"0', ";;;", '""',
    '"三十"',
    '"无"', "$0", ">0", "~0", "1 0", "0E0",
]  # fmt: skip


@pytest.mark.parametrize("code", HONEST)
def test_a_format_that_shows_the_number_itself_changes_nothing(code: str) -> None:
    assert read_cell(CASES, RawCell(3, format=code)) == Reading(Cell.GIVEN, 3)
    assert read_cell(CASES, RawCell(3.0, format=code)) == Reading(Cell.GIVEN, 3)


@pytest.mark.parametrize("code", OTHERWISE)
def test_a_format_that_shows_another_number_is_asked_about(code: str) -> None:
    """Row 76: people have seen only what is shown."""
    refused(read_cell(CASES, RawCell(3, format=code)))
    refused(read_cell(CASES, RawCell(3.0, format=code)))


@pytest.mark.parametrize(
    ("code", "value"), [("0", 3.4), ("0.0", 2.96), ("#", 0), ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ', 0), ("0;;", 0),
                        ('[>=1000]0"0";0.0', 2.96), ("0.00", 1.005)],
)  # fmt: skip
def test_a_format_that_rounds_or_hides_the_number_is_asked_about(code: str, value: float) -> None:
    refused(read_cell(MONEY, RawCell(value, format=code)))


@pytest.mark.parametrize("code", ["￥0", "[$¥-804]0", '0"元"'])
def test_a_format_that_shows_yuan_is_asked_about_where_ten_thousands_are_counted(code: str) -> None:
    refused(read_cell(MONEY, RawCell(3, format=code)))
    assert given_as(read_cell(MONEY, RawCell(3, format='0.00"万元"'))) == 3 * MILLION


@pytest.mark.parametrize(
    ("value", "code", "rate"),
    [(0.95, "0%", 95), (0.954, "0.0%", Fraction("95.4")), (95, '0"%"', 95), (0.5, '0.0"%"', Fraction("0.5")),
     (95, "0", 95), (1, "0%", 100), (0, "0%", 0), (0.954, "0%", None), (0.95, '0"%"', None),
     (0.95, "0.00", None), (1, "0", None),
     (0.95, "[<1]0.0;0%", None), (0.95, "0%%", None), (1.5, "0%", None)],
)  # fmt: skip
def test_a_rate_is_what_its_cell_shows(value: float, code: str, rate: Fraction | None) -> None:
    """Row 58."""
    for unit in ("%", "％"):
        reading = read_cell(replace(RATE, unit=unit), RawCell(value, format=code))
        assert (reading.value if reading.state is Cell.GIVEN else None) == (rate if rate is None else rate * 100)


@pytest.mark.parametrize("unit", ["%", "％"])
@pytest.mark.parametrize("text", ["95%", "９５％", "95 %", "95"])
def test_a_rate_may_be_written_with_its_sign(text: str, unit: str) -> None:
    assert given_as(read_cell(replace(RATE, unit=unit), RawCell(text))) == 9500


def test_the_result_of_a_sum_stands_as_it_is_shown() -> None:
    assert given_as(read_cell(TIMES, RawCell(5, "3+2", format="0.0"))) == 5
    refused(read_cell(TIMES, RawCell(5, "3+2", format='0"0"')))
    refused(read_cell(RATE, RawCell(0.95, "95/100")))
    assert given_as(read_cell(RATE, RawCell(0.95, "95/100", format="0%"))) == 9500


@given(st.text(st.sampled_from('0#?.,;"\\_*[]%@ <>=-1358E/hy件共约DBNum$Red'), max_size=14), st.integers(0, 9999))
@settings(max_examples=500)
def test_no_format_makes_a_cell_another_number(code: str, value: int) -> None:
    reading = read_cell(CASES, RawCell(value, format=code))
    assert reading.state is Cell.REFUSED or reading.value == value


# --- any text at all ----------------------------------------------------------------------------

_SIMPLE = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟两〇", "一二三四五六七八九十百千二零")
_FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


def spelled(number: int) -> str:
    """A number below 10 000 as it is written out in full."""
    if number == 0:
        return "零"
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += "零一二三四五六七八九"[digit] + name
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")


@cache
def readings() -> dict[str, int]:
    """Every numeral without its 零 marks; those that only differ by them say the same number or are no numeral."""
    table: dict[str, int] = {}
    for number in range(10_000):
        text = spelled(number)
        table[text.replace("零", "") or "零"] = number
        if 10 <= number < 20:
            table[text[1:]] = number
    return table


def test_every_chinese_numeral_below_ten_thousand_is_read_as_its_number() -> None:
    wrong = [
        (text, number)
        for number in range(10_000)
        for text in (spelled(number), spelled(number).translate(_FORMAL))
        if read_cell(TIMES, RawCell(text)).value != number
    ]
    assert not wrong


_IGNORED = dict.fromkeys(
    map(ord, " \u3000\u00a0\u202f\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u200b\u200c\u200d\u2060\ufeff")
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def digits_say(text: str, measures: Sequence[str]) -> Fraction | None:
    """What a text's digits say, by rules of the test's own; None where they say no single number."""
    plain = text.translate(_IGNORED).translate(_WIDE).removesuffix("。").removeprefix("共")
    for measure in measures:
        if plain.endswith(measure):
            plain = plain.removesuffix(measure)
            break
    if plain and set(plain) <= set(string.digits + ".,") and plain[0] in string.digits and plain[-1] in string.digits:
        return Fraction(plain.replace(",", "")) if plain.count(".") <= 1 and len(plain) < 4_000 else None
    found = readings().get(plain.translate(_SIMPLE).replace("零", "") or "零")
    return None if found is None or not plain else Fraction(found)


_PIECES = st.sampled_from(
    [
        *"0123456789０１９.,，-+ \u3000\u200b\n。共约（）()%/=eE",
        *"零〇一二两三十拾百千壹贰万",
        "人次",
        "次",
        "件",
        "批",
        "无",
        "是",
    ]
)
_ANY_TEXT = st.text() | st.lists(_PIECES, max_size=8).map("".join) | st.text(alphabet="零一二三十百千", max_size=9)


@settings(max_examples=600)
@given(_ANY_TEXT, st.booleans())
@example("9" * 5_000, False)
@example("9" * 400 + ".0000000001", False)
@example("\ud800", False)
@example("1" * 40_000 + "次", True)
def test_any_text_gives_a_refusal_a_blank_or_exactly_what_its_digits_say(text: str, words: bool) -> None:
    reading = read_cell(TIMES, RawCell(text), words)
    if reading.state is Cell.GIVEN:
        said = Fraction(0) if words and text.translate(_IGNORED).rstrip("。") in ("无", "没有", "零") else None
        said = digits_say(text, ("人次", "次")) if said is None else said
        assert said == reading.value, text
    elif reading.state is Cell.BLANK:
        assert not text.translate(_IGNORED)
        assert reading.value == 0
    else:
        refused(reading)


@settings(max_examples=300)
@given(_ANY_TEXT)
@example("9" * 5_000)
def test_any_text_is_a_number_only_within_the_limits_of_its_input(text: str) -> None:
    for each, most in ((JUDGED, 4 * MILLION), (MONEY, NUMBER_LIMIT * MILLION), (FLAG, 1)):
        reading = read_cell(each, RawCell(text))
        assert 0 <= reading.value <= most
        assert (reading.state is Cell.REFUSED) == bool(reading.why)


@settings(max_examples=300)
@given(
    st.text() | st.text(alphabet='0123456789.+-*/()^%,ABIFSUM "=<>', max_size=30),
    st.none() | st.floats() | st.integers(-100, 100) | st.text(max_size=3) | st.booleans(),
)
@example("ROUND(5,99999)", 5)
@example("1/0+5", 5)
def test_any_formula_gives_a_value_that_its_file_confirms_or_a_refusal(formula: str, value: object) -> None:
    reading = read_cell(TIMES, RawCell(value, formula)) if formula else Reading(Cell.REFUSED, why="-")
    if reading.state is Cell.GIVEN:
        assert isinstance(value, (int, float))
        assert abs(reading.value - value) < 1e-6
    else:
        refused(reading)


# --- what a refusal may say ---------------------------------------------------------------------

_ID = st.from_regex(r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9])[0-9]{3}[0-9X]", fullmatch=True)
_PHONE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
_NAME = st.builds(
    str.__add__,
    st.sampled_from("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗欧阳诸葛余"),
    st.text(alphabet="伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建国华文志", min_size=1, max_size=2),
)
_AROUND = st.sampled_from(["", "约", "3", "3次", "见", "#", " ", "（3）", "-", "5-8", "a", "。"])
_KINDS = st.sampled_from([TIMES, CASES, FLAG, JUDGED, MONEY])


@settings(max_examples=300)
@given(_KINDS, _AROUND, _ID | _PHONE | _NAME, _AROUND)
@example(TIMES, "", "余超", "")
@example(TIMES, "", "13800138000", "")
@example(TIMES, "", "110105194912310021", "")
@example(FLAG, "", "13800138000", "")
def test_a_refusal_never_quotes_a_name_an_identity_number_or_a_telephone_number(
    each: Input, before: str, secret: str, behind: str
) -> None:
    for text in (f"{before}{secret}{behind}", f"{before} {secret} {behind}"):
        reading = read_cell(each, RawCell(text))
        assert secret not in reading.why


@given(_KINDS, _ID.filter(str.isdigit) | _PHONE)
@example(TIMES, "13800138000")
def test_a_refusal_never_quotes_such_a_number_from_a_number_cell(each: Input, secret: str) -> None:
    for value in (int(secret), float(secret), -int(secret), int(secret) + 0.5):
        why = read_cell(each, RawCell(value)).why.replace(str(NUMBER_LIMIT), "")
        assert secret not in why
        assert not any(len(run) >= 11 for run in "".join(c if c.isdigit() else " " for c in why).split())


@given(_KINDS, _PHONE)
def test_a_refusal_never_quotes_such_a_number_from_a_formula(each: Input, secret: str) -> None:
    assert secret not in read_cell(each, RawCell(float(secret), f"{secret}+0")).why


@pytest.mark.parametrize(
    "text",
    ["第3次", "廿三", "十几", "三十多", "20余", "½", "①", "Ⅲ", "2025年", "30000元", "3月5日", "nan", "NaN", "inf",
     "True", "负三", "一百二", "1，234", "-1"],
)  # fmt: skip
def test_a_refusal_quotes_what_can_only_be_a_figure(text: str) -> None:
    assert f"“{text.translate(str.maketrans('，', ','))}”" in refused(read_cell(TIMES, RawCell(text)))


@pytest.mark.parametrize(
    "text",
    [
        "三点五",
        "不足3",
        "共计3次",
        "计3次",
        "俩",
        "没",
        "暂无",
        "未发生",
        "O",
        "o",
        "3 次（附）",
        "0.3亿",
        "无（见附件）",
        "待核",
        "无次",
        "空",
        "3（叁）",
        "叁（3）",
    ],
)
def test_a_refusal_quotes_what_people_say_for_a_number(text: str) -> None:
    assert f"“{text.translate(str.maketrans('（）', '()'))}”" in refused(read_cell(TIMES, RawCell(text)))


@pytest.mark.parametrize("text", ["达到", "未达到", "真", "shi", "是（见附件）", "OK", "已完成", "基本完成"])
def test_a_refusal_quotes_what_people_say_for_yes_and_no(text: str) -> None:
    assert f"“{text.translate(str.maketrans('（）', '()'))}”" in refused(read_cell(FLAG, RawCell(text)))


@pytest.mark.parametrize("text", ["无。", "没有。", "零。"])
def test_a_word_for_nought_may_end_in_a_stop(text: str) -> None:
    reading = read_cell(TIMES, RawCell(text), zero_words=True)
    assert (reading.state, reading.value, reading.note) == (Cell.GIVEN, 0, text)
    assert text == "零。" or refused(read_cell(TIMES, RawCell(text)))


@pytest.mark.parametrize(
    ("raw", "said"),
    [(RawCell(3.0, marked="〔删除线3〕"), "（写的是“〔删除线3〕”）"),
     (RawCell("是", marked="〔删除线是〕"), "（写的是“〔删除线是〕”）"),
     (RawCell("王五", marked="〔删除线王五〕"), "）"), (RawCell(13800138000.0, marked="〔删除线13800138000〕"), "）")],
)  # fmt: skip
def test_what_a_font_strikes_out_is_refused_and_quoted_where_it_may_be(raw: RawCell, said: str) -> None:
    for each in (TIMES, FLAG, JUDGED, MONEY):
        why = refused(read_cell(each, raw))
        assert "加了删除线" in why and (said in why if said != "）" else "写的是" not in why)


@pytest.mark.parametrize(
    "text",
    [
        "计三",
        "满一",
        "过三",
        "有真一一",
        "Wang",
        "li",
        "万一",
        "余三",
        "元千",
        "左十",
        "王五",
        "陆一",
        "张三3",
        "一二三四五六七八九十一",
    ],
)
def test_a_refusal_never_quotes_what_may_be_a_name_or_a_number_of_somebody(text: str) -> None:
    assert "写的是" not in refused(read_cell(TIMES, RawCell(text)))


def test_a_refusal_is_short_however_long_the_text() -> None:
    for text in ("约" * 40_000, "x" * 40_000, "#" + "9" * 3_000):
        assert len(refused(read_cell(TIMES, RawCell(text)))) < 80


# --- flat tables --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def part() -> Part:
    return load("district")[0].parts[0]


@pytest.fixture(scope="module")
def subjects() -> tuple[Subject, ...]:
    return tuple(Subject("单位", name) for name in ("东风街道", "陈桥乡", "清河乡"))


Grid = Sequence[Sequence[Any]]

TABLE: Grid = (
    ("单位", "备注", "进京个访批次", "备忘录", "应急资金万元", "信访信息条数[1]", "信访信息条数[12]"),
    ("东风街道", "", "0", "是", "3.5", "2", ""),
    ("陈桥乡", "", "", "否", "", "", "7"),
)


def csv_file(path: Path, grid: Grid, encoding: str = "utf-8") -> Path:
    rows = (",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) for row in grid)
    path.write_bytes(("\r\n".join(rows) + "\r\n").encode(encoding))
    return path


def xlsx_file(path: Path, grid: Grid, before: int = 0) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row, cells in enumerate(grid, 1 + before):
        for col, value in enumerate(cells, 1):
            if value != "":
                sheet.cell(row, col, value)
    book.save(path)
    return path


def table_said(path: Path, part: Part, subjects: Sequence[Subject]) -> tuple[Answers, list[Finding]]:
    (answers,), findings = answers_of_tables(read_tables(path), [part], [subjects])
    return answers, findings


def given_values(answers: Answers) -> dict[tuple[int, str], int]:
    """All that is given: (row, cell) → scaled value."""
    return {
        (row, cell): answers.value(row, cell)
        for row in range(len(answers.subjects))
        for each in answers.part.inputs
        for cell in each.cells
        if answers.state(row, cell) is Cell.GIVEN
    }


SAID = {
    (0, "进京个访批次"): 0,
    (0, "备忘录"): 1,
    (0, "应急资金万元"): 3_500_000,
    (0, "信访信息条数[1]"): 2,
    (1, "备忘录"): 0,
    (1, "信访信息条数[12]"): 7,
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_offices_write(
    tmp_path: Path, part: Part, subjects: tuple[Subject, ...], encoding: str
) -> None:
    answers, _ = table_said(csv_file(tmp_path / "预填.csv", TABLE, encoding), part, subjects)
    assert given_values(answers) == SAID


@pytest.mark.parametrize("before", [0, 3])
def test_a_workbook_says_the_same_as_a_csv_also_below_a_title(
    tmp_path: Path, part: Part, subjects: tuple[Subject, ...], before: int
) -> None:
    grid = [TABLE[0], ("东风街道", "", 0, "是", 3.5, 2, ""), ("陈桥乡", "", "", "否", "", "", 7)]
    answers, _ = table_said(xlsx_file(tmp_path / "预填.xlsx", grid, before), part, subjects)
    assert given_values(answers) == SAID
    assert answers.source(1, "备忘录") == Source("预填.xlsx", "Sheet", f"D{3 + before}")


def test_an_empty_cell_of_a_table_says_nothing(tmp_path: Path, part: Part, subjects: tuple[Subject, ...]) -> None:
    answers, findings = table_said(csv_file(tmp_path / "a.csv", TABLE), part, subjects)
    assert answers.state(1, "进京个访批次") is Cell.BLANK
    assert answers.state(2, "备忘录") is Cell.BLANK
    assert [each.code for each in findings] == ["table-column"]


def test_an_unknown_column_is_named_with_the_one_that_may_be_meant(
    tmp_path: Path, part: Part, subjects: tuple[Subject, ...]
) -> None:
    grid = [("单位", "进京个访次数", "姓名", "天气"), ("东风街道", "3", "", "晴")]
    answers, findings = table_said(csv_file(tmp_path / "a.csv", grid), part, subjects)
    assert not given_values(answers)
    meant, strange = findings
    assert {meant.code, strange.code} == {"table-column"}
    assert "是否指「进京个访批次」" in meant.message
    assert meant.source == Source("a.csv", "", "B1")
    assert "天气" in strange.message
    assert "是否指" not in strange.message
    assert strange.source.cell == "D1"


def test_an_unknown_unit_is_named_and_its_row_is_used_by_nobody(
    tmp_path: Path, part: Part, subjects: tuple[Subject, ...]
) -> None:
    grid = [("单位", "进京个访批次"), ("东凤街道", "3"), ("火星", "4"), ("陈桥乡", "5")]
    answers, findings = table_said(csv_file(tmp_path / "a.csv", grid), part, subjects)
    assert given_values(answers) == {(1, "进京个访批次"): 5}
    assert [(each.code, each.level, each.source.cell) for each in findings] == [
        ("table-unit", Level.ERROR, "A2"),
        ("table-unit", Level.ERROR, "A3"),
    ]
    assert "是否指「东风街道」" in findings[0].message
    assert "是否指" not in findings[1].message


def test_a_unit_is_found_whatever_the_width_of_its_letters_and_spaces(
    tmp_path: Path, part: Part, subjects: tuple[Subject, ...]
) -> None:
    grid = [("单位", "进京个访批次"), (" 东风\u200b街道", "1"), ("陈　桥乡", "2")]
    answers, findings = table_said(csv_file(tmp_path / "a.csv", grid), part, subjects)
    assert given_values(answers) == {(0, "进京个访批次"): 1, (1, "进京个访批次"): 2}
    assert not findings


def test_two_rows_of_one_unit_add_up_where_they_agree_and_cancel_out_where_they_do_not(
    tmp_path: Path, part: Part, subjects: tuple[Subject, ...]
) -> None:
    grid = [
        ("单位", "进京个访批次", "推诿次数", "备忘录"),
        ("东风街道", "1", "2", ""),
        ("陈桥乡", "2", "", ""),
        ("东风 街道", "9", "2", "是"),
    ]
    answers, findings = table_said(csv_file(tmp_path / "a.csv", grid), part, subjects)
    assert given_values(answers) == {(0, "推诿次数"): 2, (0, "备忘录"): 1, (1, "进京个访批次"): 2}
    assert answers.state(0, "进京个访批次") is Cell.CONFLICT
    assert [(each.level, each.source.cell, each.unit) for each in findings] == [(Level.ERROR, "B4", "东风街道")]
    assert "B2" in findings[0].message


def test_the_sheets_of_a_workbook_are_one_table(tmp_path: Path, part: Part, subjects: tuple[Subject, ...]) -> None:
    book = Workbook()
    for name, rows in (("一组", ("东风街道", 1)), ("说明", ()), ("二组", ("陈桥乡", 2))):
        sheet: Any = book.create_sheet(name)
        for row in (("单位", "推诿次数"), rows) if rows else (("随便写的",),):
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    answers, findings = table_said(tmp_path / "a.xlsx", part, subjects)
    assert given_values(answers) == {(0, "推诿次数"): 1, (1, "推诿次数"): 2}
    assert not findings
    assert answers.source(1, "推诿次数") == Source("a.xlsx", "二组", "B2")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [("单位", "推诿次数", "推诿次数"), ("东风街道", "1", "2")])
    with pytest.raises(TableError, match="推诿次数"):
        read_tables(path)


def test_a_bad_value_costs_only_its_own_cell(tmp_path: Path, part: Part, subjects: tuple[Subject, ...]) -> None:
    grid = [
        ("单位", "进京个访批次", "备忘录", "现场处置评分"),
        ("东风街道", "约3", "可能", "5"),
        ("陈桥乡", "2", "是", "4"),
    ]
    answers, findings = table_said(csv_file(tmp_path / "a.csv", grid), part, subjects)
    assert given_values(answers) == {(1, "进京个访批次"): 2, (1, "备忘录"): 1, (1, "现场处置评分"): 4 * MILLION}
    assert {(each.code, each.level, each.source.cell, each.unit) for each in findings} == {
        ("table-value", Level.ERROR, f"{column}2", "东风街道") for column in "BCD"
    }


def test_a_bad_value_is_not_blank_zero_or_false_in_a_workbook_either(
    tmp_path: Path, part: Part, subjects: tuple[Subject, ...]
) -> None:
    grid = [("单位", "进京个访批次", "赴省个访批次", "备忘录"), ("东风街道", datetime.date(2025, 3, 5), True, False)]
    answers, findings = table_said(xlsx_file(tmp_path / "a.xlsx", grid), part, subjects)
    assert not given_values(answers)
    assert [each.code for each in findings] == ["table-value"] * 3


@pytest.mark.parametrize("value", ["#REF!", "#N/A", "=1/0", "=B3+1"])
def test_an_error_value_or_a_formula_without_value_in_a_table_is_not_passed_over(
    tmp_path: Path, part: Part, subjects: tuple[Subject, ...], value: str
) -> None:
    grid = [("单位", "进京个访批次", "备忘录"), ("东风街道", value, "是")]
    answers, findings = table_said(xlsx_file(tmp_path / "a.xlsx", grid), part, subjects)
    assert given_values(answers) == {(0, "备忘录"): 1}
    assert [each.source.cell for each in findings] == ["B2"]


def test_none_is_zero_in_a_table_too_where_the_scheme_says_so(
    tmp_path: Path, part: Part, subjects: tuple[Subject, ...]
) -> None:
    assert part.zero_words
    grid = [("单位", "进京个访批次"), ("东风街道", "无")]
    answers, _ = table_said(csv_file(tmp_path / "a.csv", grid), part, subjects)
    assert given_values(answers) == {(0, "进京个访批次"): 0}


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_table_without_the_column_of_units_is_refused_by_name(tmp_path: Path, name: str) -> None:
    grid = [("名称", "进京个访批次"), ("东风街道", "1")]
    path = (csv_file if name.endswith("csv") else xlsx_file)(tmp_path / name, grid)
    with pytest.raises(TableError, match="单位"):
        read_tables(path)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 cut", b"%PDF-1.4", bytes(range(256)) * 8, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.xls", "a.ods", "a"])
def test_what_is_no_table_is_refused_with_the_name_of_the_file(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(TableError, match=name):
        read_tables(tmp_path / name)


def test_a_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        read_tables(tmp_path / "没有.csv")
    with pytest.raises(TableError):
        read_tables(tmp_path)


# --- rosters ------------------------------------------------------------------------------------

ROSTER: Grid = (
    ("单位", "代码", "类别", "邮箱", "到区时限分钟"),
    ("东风街道", "001", "街道", "a@b.cn", "30"),
    ("", "", "", "", ""),
    (" 陈桥乡 ", "002", "乡", "", "50"),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roster_keeps_its_attributes_as_text(tmp_path: Path, encoding: str) -> None:
    roster = read_roster(csv_file(tmp_path / "名册.csv", ROSTER, encoding))
    assert [(unit.name, unit.code, unit.category, unit.email) for unit in roster.units] == [
        ("东风街道", "001", "街道", "a@b.cn"),
        ("陈桥乡", "002", "乡", ""),
    ]
    assert [unit.attributes["到区时限分钟"] for unit in roster.units] == ["30", "50"]


def test_a_roster_workbook_shows_whole_numbers_without_a_decimal_point(tmp_path: Path) -> None:
    grid = [ROSTER[0], ("东风街道", 1, "街道", "", 50.0)]
    (unit,) = read_roster(xlsx_file(tmp_path / "名册.xlsx", grid)).units
    assert (unit.code, unit.attributes["到区时限分钟"]) == ("1", "50")


@pytest.mark.parametrize("again", ["东风街道", "东风 街道", "东风\u200b街道", " 东风街道　"])
def test_a_unit_that_stands_twice_on_the_roster_is_an_error_that_names_the_row(tmp_path: Path, again: str) -> None:
    path = csv_file(tmp_path / "名册.csv", [("单位", "类别"), ("东风街道", "街道"), ("陈桥乡", "乡"), (again, "街道")])
    with pytest.raises(RosterError) as caught:
        read_roster(path)
    (found,) = caught.value.findings
    assert (found.code, found.source.cell) == ("roster-twice", "A4")


@pytest.mark.parametrize("rows", [(), (("", "街道"),), (("  ", "街道"), ("\u3000", ""))])
def test_a_roster_without_units_is_an_error(tmp_path: Path, rows: Grid) -> None:
    with pytest.raises(RosterError) as caught:
        read_roster(csv_file(tmp_path / "名册.csv", [("单位", "类别"), *rows]))
    assert "roster-empty" in [each.code for each in caught.value.findings]


def test_a_row_of_the_roster_without_a_name_is_an_error_that_names_the_row(tmp_path: Path) -> None:
    with pytest.raises(RosterError) as caught:
        read_roster(csv_file(tmp_path / "名册.csv", [("单位", "类别"), ("东风街道", "街道"), ("", "乡")]))
    assert [each.source.cell for each in caught.value.findings] == ["A3"]


def test_a_roster_without_the_column_of_units_is_an_error(tmp_path: Path) -> None:
    with pytest.raises((RosterError, TableError), match="单位"):
        read_roster(csv_file(tmp_path / "名册.csv", [("名称",), ("东风街道",)]))


# --- layers -------------------------------------------------------------------------------------


def layer(part: Part, subjects: Sequence[Subject], cells: Mapping[tuple[int, str], tuple[int, Cell]]) -> Answers:
    answers = Answers.blank(part, subjects)
    for (row, cell), (value, state) in cells.items():
        answers.put(row, cell, value, state, Source("某表", "", f"{cell}{row}"))
    return answers


def test_what_is_given_above_counts_and_a_blank_above_says_nothing(part: Part, subjects: tuple[Subject, ...]) -> None:
    below = layer(part, subjects, {(0, "进京个访批次"): (3, Cell.GIVEN), (0, "推诿次数"): (1, Cell.GIVEN)})
    above = layer(part, subjects, {(0, "进京个访批次"): (5, Cell.GIVEN), (1, "推诿次数"): (2, Cell.GIVEN)})
    assert given_values(below.over(above)) == {(0, "进京个访批次"): 5, (0, "推诿次数"): 1, (1, "推诿次数"): 2}


@pytest.mark.parametrize("state", [Cell.BLANK, Cell.REFUSED])
def test_a_verified_figure_mends_what_the_unit_left_out_or_spoiled(
    part: Part, subjects: tuple[Subject, ...], state: Cell
) -> None:
    below = layer(part, subjects, {(0, "推诿次数"): (0, state)})
    above = layer(part, subjects, {(0, "推诿次数"): (2, Cell.GIVEN)})
    assert given_values(below.over(above)) == {(0, "推诿次数"): 2}


@pytest.mark.parametrize("state", [Cell.CONFLICT, Cell.REFUSED])
def test_a_conflict_or_an_unreadable_figure_above_hides_what_lies_below(
    part: Part, subjects: tuple[Subject, ...], state: Cell
) -> None:
    below = layer(part, subjects, {(0, "推诿次数"): (1, Cell.GIVEN)})
    both = below.over(layer(part, subjects, {(0, "推诿次数"): (0, state)}))
    assert (both.state(0, "推诿次数"), both.value(0, "推诿次数")) == (state, 0)


def test_a_figure_brings_its_source_with_it(part: Part, subjects: tuple[Subject, ...]) -> None:
    below = layer(part, subjects, {(0, "推诿次数"): (1, Cell.GIVEN), (0, "无故缺席次数"): (1, Cell.GIVEN)})
    above = layer(part, subjects, {(0, "推诿次数"): (2, Cell.GIVEN)})
    above.sources[0, "推诿次数"] = Source("复查.csv", "", "B2")
    both = below.over(above)
    assert both.source(0, "推诿次数") == Source("复查.csv", "", "B2")
    assert both.source(0, "无故缺席次数").file == "某表"


def test_laying_one_layer_over_another_changes_neither(part: Part, subjects: tuple[Subject, ...]) -> None:
    below = layer(part, subjects, {(0, "推诿次数"): (1, Cell.GIVEN)})
    above = layer(part, subjects, {(0, "推诿次数"): (2, Cell.GIVEN)})
    both = below.over(above)
    both.put(0, "推诿次数", 9)
    both.put(2, "备忘录", 1)
    assert given_values(below) == {(0, "推诿次数"): 1}
    assert given_values(above) == {(0, "推诿次数"): 2}


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_over_is_decided_cell_by_cell(part: Part, subjects: tuple[Subject, ...], data: st.DataObject) -> None:
    cells = [(row, cell) for row in range(3) for cell in ("推诿次数", "备忘录", "信访信息条数[3]")]
    fact = st.tuples(st.integers(1, 9), st.sampled_from([Cell.GIVEN, Cell.BLANK, Cell.REFUSED, Cell.CONFLICT]))
    one, two = (data.draw(st.dictionaries(st.sampled_from(cells), fact)) for _ in "ab")
    both = layer(part, subjects, one).over(layer(part, subjects, two))
    for at in cells:
        upper = two.get(at, (0, Cell.BLANK))
        value, state = upper if upper[1] is not Cell.BLANK else one.get(at, (0, Cell.BLANK))
        assert (both.value(*at), both.state(*at)) == (value, state)
