"""The one closed grammar of answers: a cell → an exact value with a note, or a refusal that says why.

Nothing is guessed and nothing blank is 0. Values are integers scaled by the input's decimals; 是 is 1, 否 0.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from ..findings import quoted
from ..formula import FormulaError, bind, parse
from ..formula.evaluate import Frame, number
from ..formula.say import decimal
from ..formula.tree import Ref, walk
from ..model import PERCENT, Cell, Input, InputKind
from ..text import NARROW
from ..workbook.read import GONE, Garbled, RawCell, plain
from .formats import seen

YES, NO = {"是", "√", "✓", "✔", "☑", "Y", "YES"}, {"否", "×", "✗", "✘", "☒", "N", "NO"}
ZERO_WORDS = {"无", "没有", "零"}
MEASURES = {
    "批次": ("批次", "批", "次", "起"),
    "次": ("次", "人次"),
    "件": ("件", "起"),
    "条": ("条",),
    "分": ("分",),
    "万元": ("万元", "万"),
    "元": ("元",),
    "分钟": ("分钟", "分"),
    "％": ("%",),
}
# and odd spaces
_FOLD: dict[int, int | None] = {**NARROW, **dict.fromkeys((0xA0, 0x202F), 32)}
_FOLD |= dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
LONGEST = 60
"""Characters of an answer; anything longer is no number and not 是 or 否."""
_DIGITS = re.compile(r"[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_NEAR = Fraction(1, 10**9)
# a decimal further off would no longer be lost in the ROUND(…,9) of the template's formulas
_NOISE = Fraction(4, 10**10)


@dataclass(frozen=True, slots=True)
class Reading:
    """``note``: how a value differs from what was written; ``why``: why there is none."""

    state: Cell
    value: int = 0
    note: str = ""
    why: str = ""


def wanted(each: Input) -> str:
    """What an input's cell should hold, in words."""
    if each.kind is InputKind.FLAG:
        return "“是”或“否”"
    if each.options:
        return "、".join(each.options) + "里的一个"
    if each.kind is InputKind.COUNT:
        return "0 或正整数" + (f"，不超过 {each.maximum}" if each.maximum is not None else "")
    limit = f"，在 {each.minimum} 到 {each.maximum} 之间" if each.maximum is not None else "，不小于 0"
    return f"一个数{limit}"


def shown(each: Input, value: int) -> int | float | str:
    """A value as people and results.json see it: 是/否, an integer or a decimal."""
    if each.kind is InputKind.FLAG:
        return "是" if value else "否"
    if each.options:
        return each.options[value - 1] if 0 < value <= len(each.options) else ""
    scale: int = 10**each.decimals
    return value / scale if value % scale else value // scale


def read_cell(each: Input, raw: RawCell, zero_words: bool = False) -> Reading:
    """The reading of a cell as an answer to an input."""
    if raw.marked:
        return _refuse(f"加了删除线，或是上标、下标，看不出算不算数{_marked(raw)}；算数的请去掉这种格式")
    if each.options:
        return _read_option(each, raw)
    if raw.error:
        return _refuse("单元格是错误值")
    if isinstance(raw.value, Garbled):
        return _refuse("文件里这一格存得不合规范，读不出来")
    if len(raw.formula) > LONGEST or (isinstance(raw.value, str) and len(raw.value.strip()) > LONGEST):
        return _refuse("内容太长，不是一个答案")
    if raw.formula:
        return _read_formula(each, raw)
    match raw.value:
        case None:
            return Reading(Cell.BLANK)
        case bool():
            return _refuse(
                "是逻辑值 TRUE/FALSE，不是数" if each.kind is not InputKind.FLAG else "是逻辑值，请写“是”或“否”"
            )
        case datetime() | date() | time() | timedelta():
            return _refuse("成了日期或时间（常见于输入“3-5”）")
        case int() | float():
            return _read_shown(each, raw)
        case str():
            return _read_text(each, raw.value, zero_words)
    return _refuse("内容无法识别")


def _read_option(each: Input, raw: RawCell) -> Reading:
    """One of the options, by its place among them."""
    text = plain(raw.value).strip()
    if raw.error or raw.formula or text not in ("", *each.options):
        return _refuse(f"不是{'、'.join(each.options)}里的一个")
    return Reading(Cell.GIVEN, each.options.index(text) + 1) if text else Reading(Cell.BLANK)


def _read_shown(each: Input, raw: RawCell) -> Reading:
    """A number that stands there as it is shown; people have seen only what is shown."""
    value = raw.value
    assert isinstance(value, (int, float))
    if not math.isfinite(value) or value < 0:
        return _read_number(each, value)
    exact, text, times = Fraction(repr(value)), "", 1
    if raw.format == GONE:
        if 0 < value < 1 or _DAYS[0] <= value <= _DAYS[1]:
            return _refuse(f"单元格的格式不见了，看不出 {_plain(exact)} 是数、日期还是百分数")
    elif raw.format:
        text, times = seen(raw.format, value) or ("", 1)
        if _differ(_number_of(_bare(text, each), text, each), exact * times):
            return _refuse(f"显示的数与实际的数不同（实际是 {_plain(exact)}）")
    for code in raw.others:
        other, often = seen(code, value) or ("", 1)
        if often != times or _differ(_number_of(_bare(other, each), other, each), exact * times):
            return _refuse(f"条件格式可能显示成别的数（实际是 {_plain(exact)}）")
    if each.unit in PERCENT and 0 < value <= 1 and not set(PERCENT) & set(text):
        return _refuse(f"看不出是百分之 {value:g} 还是百分之 {value * 100:g}")
    return _accept(each, exact * times, "") if times > 1 else _read_number(each, value)


_DAYS = (20_000, 80_000)
"""Days of this century and the last, as spreadsheets count them: 1954 to 2119."""


def _bare(text: str, each: Input) -> str:
    """A shown number without a plus, and without ￥ where it is no other measure than the input's own."""
    plain = text.translate(_FOLD).strip()
    return plain.removeprefix("+") if each.unit == "万元" else re.sub("^[+¥￥] *", "", plain)


def _differ(one: Fraction | None, other: Fraction) -> bool:
    return one is None or abs(one - other) > _NEAR


def _refuse(why: str) -> Reading:
    return Reading(Cell.REFUSED, why=why)


def _read_formula(each: Input, raw: RawCell) -> Reading:
    """A typed sum like =3+2 stands when our own arithmetic gives the value that the file shows."""
    if raw.value is None or raw.value == "":
        return _refuse("是公式，没有算出值（请打开后保存一次，最好直接填数）")
    number_there = isinstance(raw.value, (int, float)) and not isinstance(raw.value, bool)
    if each.kind is InputKind.FLAG or not number_there or not math.isfinite(raw.value):  # type: ignore[arg-type]
        return _refuse("是公式，不是直接填写的内容")
    try:
        tree = parse(raw.formula)
        if any(isinstance(node, Ref) for node in walk(tree)):
            return _refuse("是引用别处的公式")
        tree = bind(tree, {})
        value = number(tree, Frame(1)).low.fraction(0)
    except (FormulaError, RecursionError):
        return _refuse("是公式，不是直接填写的数")
    if value is None or abs(value - Fraction(repr(float(raw.value)))) > _NEAR:  # type: ignore[arg-type]
        return _refuse("是公式，算出的数与文件里存的不一致")
    reading = _read_shown(each, raw)
    return Reading(reading.state, reading.value, f"={raw.formula}", reading.why)


def _read_number(each: Input, value: int | float) -> Reading:
    if each.kind is InputKind.FLAG:
        return _refuse(f"是数字（{_plain(Fraction(Decimal(repr(value))))}）" if math.isfinite(value) else "是数字")
    if isinstance(value, float) and not math.isfinite(value):
        return _refuse("不是有限的数")
    if value == 0 and math.copysign(1, value) < 0:
        return _accept(each, Fraction(0), "-0")
    whole = isinstance(value, int) or (value.is_integer() and abs(value) < 2**53)
    return _accept(each, Fraction(int(value)) if whole else Fraction(Decimal(repr(value))), "")


def _read_text(each: Input, text: str, zero_words: bool) -> Reading:
    plain = text.translate(_FOLD).strip()
    if not plain:
        return Reading(Cell.BLANK)
    if each.kind is InputKind.FLAG:
        return _read_flag(text, plain)
    value = _number_of(plain.removesuffix("。"), text, each)
    if value is None and zero_words and each.kind is InputKind.COUNT and plain.removesuffix("。") in ZERO_WORDS:
        value = Fraction(0)
    if value is not None and each.unit in PERCENT and 0 < value <= 1 and "%" not in plain:
        return _refuse("看不出是百分之几还是小数，请写成如 95 或 95%")
    if value is not None:
        return _accept(each, value, quoted(text.strip(), 20))
    return _refuse(_why_not(plain))


def _read_flag(text: str, plain: str) -> Reading:
    word = plain.rstrip("。").upper()
    if word in YES or word in NO:
        return Reading(Cell.GIVEN, int(word in YES), "" if text in ("是", "否") else text)
    return _refuse(f"既不是“是”也不是“否”{_quote_of_flag(plain)}")


def _number_of(plain: str, text: str, each: Input) -> Fraction | None:
    """A whole text as a number, with the input's own measure word; None where it is not one."""
    body = plain.removeprefix("共").strip()
    for measure in sorted(MEASURES.get(each.unit, (each.unit,)), key=len, reverse=True):
        if measure and body.endswith(measure):
            body = body.removesuffix(measure).strip()
            break
    if _DIGITS.fullmatch(body):
        return Fraction(body)
    if _GROUPED.fullmatch(body) and "，" not in text:
        return Fraction(body.replace(",", ""))
    return _chinese(body)


_CHINESE_DIGITS = {each: k for k, row in enumerate(
    ("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for each in row}  # fmt: skip
_CHINESE_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def _chinese(text: str) -> Fraction | None:
    """A whole text as a Chinese numeral below 10 000."""
    total, digit, last_unit, seen_zero = 0, -1, 10_000, False
    for k, each in enumerate(text):
        if each in _CHINESE_UNITS:
            unit = _CHINESE_UNITS[each]
            if unit >= last_unit or (digit < 1 and not (k == 0 and unit == 10)):
                return None
            total, digit, last_unit, seen_zero = total + max(digit, 1) * unit, -1, unit, False
        elif each in _CHINESE_DIGITS:
            if digit >= 0:
                return None
            value = _CHINESE_DIGITS[each]
            if value == 0 and (k or len(text) > 1):
                if seen_zero or k == 0:
                    return None
                seen_zero = True
            else:
                digit = value
        else:
            return None
    if not text or (seen_zero and digit < 0) or (digit >= 0 and last_unit > 10 and total and not seen_zero):
        return None
    return Fraction(total + max(digit, 0))


def _accept(each: Input, value: Fraction, note: str) -> Reading:
    """A number within the input's limits and decimals."""
    scaled = value * 10**each.decimals if each.decimals else value
    nearest = scaled.numerator
    if scaled.denominator != 1:
        nearest = round(scaled)
        if abs(scaled - nearest) > (_NEAR if not each.decimals else _NOISE) * 10**each.decimals:
            fault = "不是整数" if not each.decimals else f"小数超过 {each.decimals} 位"
            return _refuse(f"{fault}（{_plain(value)}）")
        note = note or _plain(value).replace(_LONG, "带零头的小数")
    if nearest < 0 or nearest < each.minimum * 10**each.decimals:
        return _refuse(f"是负数（{_plain(value)}）" if value < 0 else f"小于 {each.minimum}（{_plain(value)}）")
    if nearest > each.most * 10**each.decimals:
        return _refuse(f"大于上限 {each.most}（{_plain(value)}）")
    return Reading(Cell.GIVEN, nearest, note)


def _plain(value: Fraction) -> str:
    text = decimal(value) if value.denominator == 1 or value * 10**9 % 1 == 0 else repr(float(value))
    return text if sum(each.isdigit() for each in text) <= 9 else _LONG


_LONG = "位数太多"


_PHRASES = {"—", "——", "-", "--", "/", "N/A", "NA", "同上", "待核实", "详见附件", "见附件", "无", "没有"}
_WORDS = {"nan", "inf", "+inf", "-inf", "infinity", "true", "false", "null", "none"}
_NUMERALS = set("零〇一二三四五六七八九十百千两俩仨廿卅几半壹贰叁肆伍陆柒捌玖拾佰仟")
_HARMLESS = _NUMERALS | set(
    "约左右多余近以上下至到含重复共合总累计个件次批条人起第年月日元万亿负点不足满超过未附见详另"
)
_YES_OR_NO = set("是否有无对错不没的了未已")
_SURNAMES = set("左余万元计满过伍陆")
_SAYING = re.compile(
    r"(?:未达到|达到|已完成|未完成|完成|未发生|没发生|不存在|未开展|已开展|未涉及|不涉及|待核|待定|暂无|暂缺|没有|没|无|有|是|否|对|错|真|假"
    r"|未填|空|空白|次|件|不详|不清楚|已有|尚无|全部|部分|基本|见附件|附件|附表|附|见表|[^\w\s]|[0-9] ?){1,6}"
)
"""Words with which people answer otherwise than they are asked to, and which make nobody's name."""
_SPELT = {"shi", "fou", "you", "wu", "mei", "yes", "no", "ok", "yi", "er", "san"}


def _quote(plain: str) -> str:
    """The text itself, only where it cannot be a person's name, number or address."""
    digits = sum(each.isnumeric() or each in _NUMERALS for each in plain)
    safe = all(each in _HARMLESS or each.isascii() or not each.isalpha() for each in plain)
    named = plain[:1] in _SURNAMES and not re.search("[0-9]", plain)
    figure = 0 < digits <= 8 and safe and not named
    word = plain in _PHRASES or plain.casefold() in _WORDS | _SPELT or (len(plain) == 1 and plain.isascii())
    saying = digits <= 8 and _SAYING.fullmatch(plain)
    said = len(plain) <= 12 and plain.isprintable() and (figure or word or saying)
    return f"（写的是“{quoted(plain)}”）" if said else ""


def _marked(raw: RawCell) -> str:
    """What stands there with its marks, where it may be quoted itself."""
    safe = _quote(plain(raw.value))
    return f"（写的是“{raw.marked.strip()}”）" if safe or raw.value in YES | NO else ""


def _quote_of_flag(plain: str) -> str:
    """Words that somebody may take for yes or no, and signs, can be nobody's name."""
    safe = all(each in _YES_OR_NO or not each.isalnum() for each in plain) or (len(plain) <= 2 and plain.isascii())
    return f"（写的是“{quoted(plain)}”）" if safe and len(plain) <= 6 and plain.isprintable() else _quote(plain)


def _why_not(plain: str) -> str:
    if plain in _PHRASES:
        return f"看不出是 0 还是没有填{_quote(plain)}"
    if plain.startswith("#"):
        return f"是错误值的文字{_quote(plain)}"
    if any(word in plain for word in ("约", "左右", "多", "几", "余", "近")):
        return f"是约数，不是准数{_quote(plain)}"
    if re.search(r"[0-9]\s*[-~～至到+]\s*[0-9]", plain):
        return f"是一个范围或算式，不是一个数{_quote(plain)}"
    if re.search(r"[0-9]", plain) and re.search(r"[A-Za-z]", plain):
        return f"数字里混有字母{_quote(plain)}"
    return f"不是一个数{_quote(plain)}"
