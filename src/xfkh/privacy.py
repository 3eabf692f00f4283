"""Identity, mobile and bank-card numbers in what people wrote: that one is there, never which one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from unicodedata import category, decimal, normalize


class Kind(StrEnum):
    ID = "身份证号"
    MOBILE = "手机号"
    CARD = "银行卡号"


# the first two digits of an identity number; 81–83 are residence permits, 91 is abroad
_AREAS = (
    range(11, 16),
    range(21, 24),
    range(31, 38),
    range(41, 47),
    range(50, 55),
    range(61, 66),
    (71, 81, 82, 83, 91),
)
PROVINCES = frozenset(str(code) for area in _AREAS for code in area)
ISSUERS = ("62", "4", "51", "52", "53", "54", "55", "955")
_NOTHING = frozenset[Kind]()
_TOO_LONG = 15
"""Digits of the shortest identity number; no office needs as many to tell its people apart."""
APART = "a"
"""Between texts that are looked at together: no number reaches across a letter."""


def personal(value: object) -> frozenset[Kind]:
    """The kinds of personal number in one cell's value, a text or a number."""
    if isinstance(value, str):
        return frozenset(kind for kind, _, _ in _found(value))
    return _in_number(value) if isinstance(value, int | float) else _NOTHING


def own_number(text: str) -> bool:
    """Whether a text that should be a staff number is a personal one, also in odd groups or with a digit wrong."""
    digits = "".join(str(decimal(char)) for char in text if char.isdecimal())
    return len(digits) >= _TOO_LONG or bool(personal(text) or personal(digits))


def any_personal(texts: Iterable[str]) -> bool:
    """Whether any of the texts has a personal number; the same as asking one by one, but much faster."""
    return any(_found(APART.join(texts)))


def masked(text: str) -> str:
    """The text with … in place of every personal number. A text is cut when it has been masked, never before: half a
    number is not known as one."""
    done, parts = 0, list[str]()
    for start, end in sorted((start, end) for _, start, end in _found(text)):
        if start >= done:
            parts += text[done:start], "…"
        done = max(done, end)
    return "".join(parts) + text[done:]


# --- is it worth a look? One pass over the bytes of UTF-8, which may say yes too often but never no.
_LETTERS = bytes([*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", *range(0xE4, 0xEA)])  # E4–E9: Chinese
_DIGITS = bytes([*b"0123456789", *range(0x90, 0x9A)])  # 90–99: how a full-width digit ends
_RARE = bytes([*range(0xD8, 0xE2), *range(0xEA, 0xEF), 0xF0])  # how digits of other scripts begin
_TABLE = bytes(0x61 if byte in _LETTERS else 0x30 for byte in range(256))
_SKIPPED = bytes(byte for byte in range(256) if byte not in _LETTERS + _DIGITS + _RARE)
_SHORTEST = b"0" * 11


def _suspect(text: str) -> bool:
    """Whether eleven digits may follow one another with no letter between."""
    return _SHORTEST in text.encode("utf-8", "surrogatepass").translate(_TABLE, _SKIPPED)


# --- the text as the search sees it
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Me", "Mn"})


@lru_cache(4096)
def _seen(char: str) -> str:
    """A plain digit, X, blank, line feed or hyphen for each that looks like one; nothing for what nobody sees."""
    kind = category(char)
    if kind == "Nd":
        return str(decimal(char))
    if kind == "Zs" or char == "\t":
        return " "
    if char.isspace():
        return "\n"
    if kind in _UNSEEN:
        return ""
    if kind == "Pd" or char == "−":
        return "-"
    return "X" if normalize("NFKC", char) in ("X", "x") else char


@lru_cache(4096)
def _spelt(char: str) -> str:
    """The same where numbers are spelt out: other digits are none of theirs."""
    seen = _NUMERALS.get(char) or _seen(char)
    return APART if seen.isdigit() and char not in _NUMERALS else seen


_NUMERALS = {char: str(digit) for digit, chars in enumerate(
    ("零〇○", "一壹幺", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for char in chars}  # fmt: skip
_ANY = "".join(_NUMERALS)
_RARE_ONES = ("壹", "幺")
# how a mobile number and the year in an identity number begin; one letter first is searched fastest
_BEGUN = re.compile(f"一[三四五六七八九][{_ANY}]"), re.compile("二[零〇○]")
_RUN = re.compile(rf"[{_ANY}](?:[\W_]{{0,3}}[{_ANY}]){{10}}")


def _suspect_spelt(text: str) -> bool:
    """Whether eleven Chinese numerals may follow one another."""
    begun = any(each.search(text) for each in _BEGUN) or any(each in text for each in _RARE_ONES)
    return begun and _RUN.search(text) is not None


def _found(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Each personal number: its kind, where it starts and where it ends."""
    if _suspect(text):
        for piece in _PIECE.finditer(text):
            if _suspect(piece[0]):
                yield from _matches(piece[0], piece.start(), _seen, _SHAPES)
    if _suspect_spelt(text):
        yield from _matches(text, 0, _spelt, _SPELT)


# no number reaches across a letter; X ends one
_PIECE = re.compile("[^A-WYZa-wyz]{11,}")


def _matches(
    text: str, before: int, look: Callable[[str], str], shapes: Iterable[_Shape]
) -> Iterator[tuple[Kind, int, int]]:
    """``before``: how much stands before the text, in what is searched."""
    seen = [*map(look, text)]
    places = [before + place for place, char in enumerate(seen) if char]
    plain = "".join(seen)
    for kind, shape, right in shapes:
        for match in shape.finditer(plain):
            if right(re.sub("[^0-9X]", "", match[1])):
                yield kind, places[match.start(1)], places[match.end(1) - 1] + 1


# --- what makes digits a personal number
def _day(digits: str) -> bool:
    if not digits.startswith(("19", "20")):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _like_id(digits: str) -> bool:
    """Begins as an identity number does: province, county, day of birth."""
    return digits[:2] in PROVINCES and _day(digits[6:14])


def _id(digits: str) -> bool:
    """The check digit of ISO 7064 MOD 11-2 (GB 11643)."""
    if not _like_id(digits):
        return False
    total = 0
    for digit in digits[:17]:
        total = (total + int(digit)) * 2 % 11
    return digits[17] == "0123456789X"[(1 - total) % 11]


def _old_id(digits: str) -> bool:
    return digits[:2] in PROVINCES and _day("19" + digits[6:12])


def _issued(digits: str) -> bool:
    """Begins as a bank card does, and not as an identity or case number with a slip in it."""
    slipped = len(digits) in (17, 18) and digits[:2] in PROVINCES and digits[6:8] in ("19", "20")
    return digits.startswith(ISSUERS) and not slipped and not _like_id(digits)


def _card(digits: str) -> bool:
    """The check digit of bank cards (Luhn)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return _issued(digits) and (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _mobile(digits: str) -> bool:
    return True  # the shape says it all


def _no_day(digits: str) -> bool:
    """138（20250315） is a count and a day."""
    return not _day(digits[-8:])


def _shape(digits: str, end: str = r"(?!\d)") -> re.Pattern[str]:
    """Digits that stand alone, wherever they start: looked at ahead, as two candidates may overlap."""
    return re.compile(rf"(?<!\d)(?<!(?<!\d)0\.)(?=({digits}){end})")


def _groups(gap: str, *counts: int) -> str:
    return gap.join(rf"\d{{{count}}}" for count in counts)


_Shape = tuple[Kind, re.Pattern[str], Callable[[str], bool]]


def _grouped(gap: str) -> Iterator[_Shape]:
    """The numbers that people write in groups, with a gap between any two of them."""
    yield Kind.ID, _shape(_groups(gap, 6, 6, 3)), _old_id
    for counts in ((4, 4, 4, 4), *((4, 4, 4, 4, more) for more in (1, 2, 3))):
        yield Kind.CARD, _shape(_groups(gap, *counts)), _card
    yield Kind.MOBILE, _shape(rf"(?:(?:00)?86{_GAP})?1[3-9]{_groups(gap, 1, 4, 4)}"), _mobile


_GAP = "[ -]{0,3}"
_SIGNS = r" _\-、，。．·・•：；／,.:;/|()（）"
_SHAPES: tuple[_Shape, ...] = (
    # the check digit tells: whatever signs are between
    (Kind.ID, _shape(r"(?:\d[\W_]{0,3}){17}(?:\d(?!\d)|X)", ""), _id),
    (Kind.MOBILE, _shape(rf"1[3-9]\d[ -]{{0,2}}[()（）]{_GAP}\d{{4}}{_GAP}\d{{4}}"), _no_day),
    *_grouped(_GAP),
    # a list may well have these signs: not within a group, and not lines
    *_grouped(f"[{_SIGNS}]{{1,3}}"),
    # digit by digit, or in three lines: where more digits stand beside it, it is a list
    (Kind.MOBILE, re.compile(r"(?<!\d)(?<!\d )(?=(1 [3-9](?: \d){9})(?! ?\d))"), _mobile),
    (Kind.MOBILE, re.compile(r"(?<!\d)(?<!\d\n)(?=(1[3-9]\d\n\d{4}\n\d{4})(?!\n?\d))"), _mobile),
)
# names end in numerals (张三), so one more may touch it; nobody writes eleven of them by chance
_SPELT: tuple[_Shape, ...] = (
    (Kind.ID, re.compile(r"(?=((?:\d[\W_]{0,3}){17}[\dX]))"), _id),
    (Kind.MOBILE, re.compile(rf"(?<!\d\d)(?=(1[3-9]{_groups(_GAP, 1, 4, 4)})(?!\d\d))"), _mobile),
)


def _in_number(value: int | float) -> frozenset[Kind]:
    """What a number is that was typed into a cell of numbers; past 15 digits a spreadsheet forgets the last ones."""
    if not 10**10 <= value < 10**19 or value != int(value):
        return _NOTHING
    digits = str(int(Decimal(float.__repr__(value)))) if isinstance(value, float) else str(value)
    if len(digits) <= 15 or not (isinstance(value, float) or digits.endswith("0" * (len(digits) - 15))):
        return personal(digits)
    if len(digits) == 18 and _like_id(digits):
        return frozenset({Kind.ID})
    return frozenset({Kind.CARD}) if len(digits) in (16, 19) and _issued(digits) else _NOTHING
