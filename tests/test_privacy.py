"""Personal numbers in texts. Each is put together while the tests run, so that none stands in the repository."""

from __future__ import annotations

import datetime
import re
import sys
import time

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.test_floors import SOURCE
from xfkh.findings import finding, quotable, quoted
from xfkh.model import Source
from xfkh.privacy import ISSUERS, PROVINCES, Kind, any_personal, masked, own_number, personal

ID, MOBILE, CARD = ({kind} for kind in (Kind.ID, Kind.MOBILE, Kind.CARD))
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FULL = str.maketrans("0123456789Xx-", "０１２３４５６７８９Ｘｘ－")
TEMPLATES = sorted((SOURCE.parents[1] / "templates").glob("*.xlsx"))


def check_of(front: str) -> str:
    """The check digit as the standard's table of weights gives it."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(front, WEIGHTS, strict=True)) % 11]


def new_id(front: str) -> str:
    return front + check_of(front)


def luhn(front: str) -> str:
    """The one last digit that makes the sum a multiple of ten."""
    digits = [int(digit) for digit in reversed(front)]
    total = sum(digits[1::2]) + sum(2 * digit - 9 * (digit > 4) for digit in digits[::2])
    return front + str(-total % 10)


def front_of(day: str, serial: int = 12, province: str = "41") -> str:
    return f"{province}{'01' * 2}{day}{serial:03}"


def with_check(wanted: str, province: str = "41") -> str:
    """An identity number that ends as wanted."""
    return next(
        each for k in range(100, 1000) if (each := new_id(front_of("1987" + "0605", k, province))).endswith(wanted)
    )


def other_digit(digit: str) -> str:
    return str((int(digit) + 1) % 10) if digit.isdigit() else "0"


PERSON = new_id(front_of("1990" + "0307"))
OF_X = with_check("X")
OLD = f"{'41' + '0' * 3 + '1'}{'75' + '1231'}{'00' + '7'}"
PHONE = "13" + "8" + "0012" + "3456"
UNION = luhn("62" + "17" * 2 + "0" * 6 + "123")
LONG = luhn("62" + "28" + "48" * 2 + "0" * 6 + "1234")
VISA = luhn("4" + "0" * 11 + "123")
MASTER = luhn("5" + "3" + "0" * 10 + "123")


def parted(number: str, *ends: int, by: str = " ") -> str:
    """A number in groups."""
    return by.join(number[a:b] for a, b in zip((0, *ends), (*ends, len(number)), strict=True))


def spelt(number: str, numerals: str = "〇一二三四五六七八九") -> str:
    return number.translate({48 + k: char for k, char in enumerate(numerals)})


def spots(text: str, kinds: set[Kind]) -> None:
    """Both questions and the mask agree about a text."""
    assert personal(text) == kinds
    assert any_personal(["共3件", text, "2025年"]) == bool(kinds)
    assert (masked(text) == text) == (not kinds)
    assert not personal(masked(text))


FOUND = {
    "an identity number": (PERSON, ID),
    "one that ends in X": (OF_X, ID),
    "one that ends in a small x": (OF_X.lower(), ID),
    "one of full-width digits": (PERSON.translate(FULL), ID),
    "one of full-width digits and X": (OF_X.translate(FULL), ID),
    "one of full-width digits and small x": (OF_X.lower().translate(FULL), ID),
    "one with a Roman ten": (OF_X[:-1] + "Ⅹ", ID),
    "one in groups with spaces": (parted(PERSON, 6, 14), ID),
    "one in groups with ideographic spaces": (parted(PERSON, 6, 14, by="\u3000"), ID),
    "one in groups with no-break spaces": (parted(PERSON, 6, 14, by="\u00a0"), ID),
    "one in groups with hyphens": (parted(PERSON, 6, 14, by="-"), ID),
    "one in groups with full-width hyphens": (parted(PERSON, 6, 14, by="－"), ID),
    "one in groups with dashes and spaces": (parted(PERSON, 6, 14, by=" – "), ID),
    "one in groups with minus signs": (parted(PERSON, 6, 14, by="−"), ID),
    "one in groups with Chinese commas": (parted(PERSON, 6, 14, by="，"), ID),
    "one in groups with enumeration commas": (parted(PERSON, 6, 10, 12, 14, by="、"), ID),
    "one in groups with dots": (parted(PERSON, 6, 14, by="·"), ID),
    "one in groups with stops": (parted(PERSON, 6, 10, 12, 14, by="."), ID),
    "one in groups with strokes": (parted(PERSON, 6, 10, 12, 14, by="/"), ID),
    "one in groups with low lines": (parted(PERSON, 6, 14, by="_"), ID),
    "one in groups with other signs": (f"{PERSON[:6]}*{PERSON[6:14]}~{PERSON[14:]}", ID),
    "one in two lines": (parted(PERSON, 14, by="\n"), ID),
    "one with a blank between any two digits": (" ".join(PERSON), ID),
    "one with zero-width marks": ("\u200b\u200d\u2060\ufeff\u00ad".join(PERSON), ID),
    "one with combining marks": ("\u0332".join(PERSON), ID),
    "one with tabs": (parted(PERSON, 6, 14, by="\t"), ID),
    "one with broken characters": (parted(PERSON, 6, by="\ud800"), ID),
    "one of Arabic digits": (PERSON.translate({48 + k: 0x660 + k for k in range(10)}), ID),
    "one of mathematical digits": (PERSON.translate({48 + k: 0x1D7CE + k for k in range(10)}), ID),
    "one glued into Chinese": (f"张某{PERSON}来访", ID),
    "one glued into letters": (f"ID{PERSON}ab", ID),
    "one that ends in X, glued into letters": (f"No{OF_X}abc", ID),
    "one that ends in X, glued into a mobile number": (OF_X + PHONE, ID | MOBILE),
    "one in brackets": (f"（{PERSON}）", ID),
    "one after a serial number": (f"1 {PERSON}", ID),
    "one after a serial number and a stop": (f"1.{PERSON}", ID),
    "one before a number": (f"{PERSON} 2", ID),
    "one between numbers": (f"2025 3 {PERSON} 12 7", ID),
    "one born in the last year but one of the century": (new_id(front_of("2098" + "1231")), ID),
    "one born on a leap day": (new_id(front_of("2000" + "0229")), ID),
    "one of Gansu, whose code is a bank card's too": (with_check("7", "62"), ID),
    "an old identity number": (OLD, ID),
    "an old identity number in groups": (parted(OLD, 6, 12), ID),
    "an old identity number in a sentence": (f"身份证{OLD}，已核", ID),
    "a mobile number": (PHONE, MOBILE),
    "a mobile number in a sentence": (f"联系电话{PHONE}张某", MOBILE),
    "a mobile number between letters": (f"tel{PHONE}x", MOBILE),
    "a mobile number with +86": (f"+86{PHONE}", MOBILE),
    "a mobile number with +86 and a blank": (f"+86 {PHONE}", MOBILE),
    "a mobile number with (+86)": (f"(+86){PHONE}", MOBILE),
    "a mobile number with 86": (f"86{PHONE}", MOBILE),
    "a mobile number with 0086": (f"0086-{PHONE}", MOBILE),
    "a mobile number in groups": (parted(PHONE, 3, 7), MOBILE),
    "a mobile number in groups with hyphens": (parted(PHONE, 3, 7, by="-"), MOBILE),
    "a mobile number of full-width digits in groups": (parted(PHONE, 3, 7, by="-").translate(FULL), MOBILE),
    "a mobile number in groups with tabs": (parted(PHONE, 3, 7, by="\t"), MOBILE),
    "a mobile number in groups with dashes": (parted(PHONE, 3, 7, by="—"), MOBILE),
    "a mobile number in groups with stops": (parted(PHONE, 3, 7, by="."), MOBILE),
    "a mobile number in groups with full-width stops": (parted(PHONE, 3, 7, by="．").translate(FULL), MOBILE),
    "a mobile number in groups with dots": (parted(PHONE, 3, 7, by="·"), MOBILE),
    "a mobile number in groups with strokes": (parted(PHONE, 3, 7, by="/"), MOBILE),
    "a mobile number in groups with enumeration commas": (parted(PHONE, 3, 7, by="、"), MOBILE),
    "a mobile number in groups with Chinese commas": (parted(PHONE, 3, 7, by="，"), MOBILE),
    "a mobile number in groups with commas and spaces": (parted(PHONE, 3, 7, by=", "), MOBILE),
    "a mobile number of which a group is in brackets": (f"({PHONE[:3]}){PHONE[3:7]}.{PHONE[7:]}", MOBILE),
    "a mobile number whose first group is in brackets": (f"({PHONE[:3]}){PHONE[3:]}", MOBILE),
    "a mobile number whose first group is in full-width brackets": (f"（{PHONE[:3]}） {PHONE[3:]}", MOBILE),
    "a mobile number whose rest is in brackets": (f"{PHONE[:3]}（{PHONE[3:7]} {PHONE[7:]}）", MOBILE),
    "a mobile number in groups with low lines": (parted(PHONE, 3, 7, by="_"), MOBILE),
    "a mobile number with 86 in groups with dashes": (f"+86-{parted(PHONE, 3, 7, by='—')}", MOBILE),
    "a mobile number with zero-width marks": ("\u200b".join(PHONE), MOBILE),
    "a mobile number after a serial number": (f"3.{PHONE}", MOBILE),
    "a mobile number that became a decimal": (f"{PHONE}.0", MOBILE),
    "two mobile numbers": (f"{PHONE}/{PHONE}", MOBILE),
    "a mobile number after a landline": (f"0376-6000000 {PHONE}", MOBILE),
    "an identity number and a mobile number": (f"{PERSON} {PHONE}", ID | MOBILE),
    "a mobile number and an identity number": (f"{PHONE},{PERSON}", ID | MOBILE),
    "a bank card of 16 digits": (UNION, CARD),
    "a bank card of 19 digits": (LONG, CARD),
    "a bank card of 17 digits": (luhn("62" + "0" * 13 + "7"), CARD),
    "a bank card of 18 digits": (luhn("62" + "9" * 14 + "7"), CARD),
    "a bank card in groups": (parted(UNION, 4, 8, 12), CARD),
    "a long bank card in groups": (parted(LONG, 4, 8, 12, 16), CARD),
    "a long bank card in groups with hyphens": (parted(LONG, 4, 8, 12, 16, by="-"), CARD),
    "a bank card in groups with enumeration commas": (parted(UNION, 4, 8, 12, by="、"), CARD),
    "a bank card in groups with stops": (parted(UNION, 4, 8, 12, by="."), CARD),
    "a long bank card in groups with dots": (parted(LONG, 4, 8, 12, 16, by="·"), CARD),
    "an old identity number in groups with stops": (parted(OLD, 6, 12, by="."), ID),
    "a bank card before a number": (f"{parted(UNION, 4, 8, 12)} 12", CARD),
    "a bank card that begins with 4": (f"卡号{VISA}", CARD),
    "a bank card that begins with 5": (f"卡号{MASTER}。", CARD),
    "all three": (f"{PERSON}，{PHONE}，{UNION}", ID | MOBILE | CARD),
    "a mobile number with a blank between any two digits": (f"电话 {' '.join(PHONE)}", MOBILE),
    "a mobile number in three lines": (parted(PHONE, 3, 7, by="\n"), MOBILE),
    "a mobile number spelt out": (spelt(PHONE), MOBILE),
    "one spelt out with other noughts": (spelt(PHONE).replace("〇", "零"), MOBILE),
    "one spelt out with round noughts": (spelt(PHONE).replace("〇", "○"), MOBILE),
    "one spelt out as it is read aloud": (spelt(PHONE).replace("一", "幺"), MOBILE),
    "one spelt out in formal numerals": (spelt(PHONE, "零壹贰叁肆伍陆柒捌玖"), MOBILE),
    "one spelt out in groups": (spelt(parted(PHONE, 3, 7, by="-")), MOBILE),
    "one spelt out right after a name": (f"张三{spelt(PHONE)}", MOBILE),
    "one spelt out beside other digits": (f"2025年1月3{spelt(PHONE)}12", MOBILE),
    "an identity number spelt out": (f"证件号{spelt(PERSON)}", ID),
    "one spelt out that ends in X": (spelt(OF_X), ID),
    "one spelt out in groups that ends in a small x": (spelt(parted(OF_X.lower(), 6, 14)), ID),
    "a number in digits right after a name": (f"张三{PHONE}", MOBILE),
}


@pytest.mark.parametrize(("text", "kinds"), FOUND.values(), ids=FOUND)
def test_it_finds(text: str, kinds: set[Kind]) -> None:
    spots(text, kinds)


def in_years(years: str, rest: str = "0605") -> str:
    return new_id(front_of(years + rest))


INNOCENT = {
    "nothing": "",
    "words": "按期办结，群众满意",
    "a year": "2025年",
    "a date": "20250101",
    "dates": "2025-01-01至2025-12-31，2024/1/1—2024/12/31",
    "a time": "2025-01-01 12:30:45",
    "a time without marks": "20250101123045",
    "a time with milliseconds": "20250101123045678",
    "document numbers": "〔2025〕123号、聊发〔1995〕34号、信办〔2025〕第1300号",
    "a postal code": "邮编464000",
    "amounts": "1,234,567.89元，13,812,345,678元",
    "an amount with many digits": "62,170,000,000,123,456",
    "an amount of full-width digits": "１，３８１，２３４，５６７",
    "landlines": "0376-6000000、010-60000000、(0635)8000000、03766000000、12345、12389",
    "a landline with +86": "+86-376-6000000",
    "years in a list": "2019、2020、2021、2022、2023、2024、2025",
    "counts in a list": "12 30 45 8 0 3 17 22 9 130 4 5 6 7 88",
    "counts in lines": "150\n2000\n3000\n4000",
    "counts in lines beneath another": "7\n150\n2000\n3000",
    "counts in lines of other lengths": "150\n200\n3000",
    "years spelt out": "二〇一九、二〇二〇、二〇二一年，一九九五年〇三月",
    "amounts spelt out": "壹仟叁佰捌拾万零壹佰元整，一千三百八十万",
    "numbers of chapters": "一、三、八、〇、一、三、八、〇、一、三、八",
    "eleven numerals that no mobile number begins with": spelt("12" + PHONE[2:]),
    "ten numerals": spelt(PHONE[:-1]),
    "an identity number spelt out with a wrong check digit": spelt(PERSON[:-1] + other_digit(PERSON[-1])),
    "a phone half in digits": PHONE[:3] + "一二三四五六七八"[:4],
    "counts in a list, each a digit of a mobile number": "、".join(PHONE),
    "counts in a list, each with a blank": " ".join(PHONE + "7"),
    "counts in a list after another, each with a blank": " ".join("2" + PHONE),
    "counts in a list, of two and three digits": "13、800、1380、013",
    "counts in a list, as long as a mobile number": "、".join((PHONE[:2], PHONE[2:5], PHONE[5:])),
    "counts of four digits": "1380、1380、138",
    "amounts in a list": "1380013、8000",
    "a number and a day": "138、20250315",
    "a number and a day in brackets": "138（20250315）",
    "a decimal of four places": "1380013.8000",
    "a sum": "150+2000+3000",
    "dates with stops": "2025.1.3、2025.10.12、13.8.2025",
    "days of a year": "2019.12.31，2020.1.1；2021/3/8 13:08:00",
    "many counts of four digits": "2019、2020、2021、2022、1300、1400、1500",
    "an amount with decimals": "138,001,380.00元",
    "numbers of documents": "〔2025〕13、80、0138、000号",
    "a share in a list": "0.138、0.0013、0.8000",
    "a long decimal": "0." + PHONE,
    "a longer decimal": "0." + VISA,
    "a decimal": "3.14159265358979",
    "a version": "2025.1.13.800.123.456",
    "a formula": "SUM(K13,K16,K17,K20,K21,K25,K26,K32,K33)",
    "a mobile number in a longer run": PHONE + "1",
    "a mobile number at the end of a longer run": "2" + PHONE,
    "a mobile number a digit short": PHONE[:-1],
    "eleven digits that no mobile number begins with": "12" + PHONE[2:],
    "an identity number with a wrong check digit": PERSON[:-1] + other_digit(PERSON[-1]),
    "an identity number with a wrong X": PERSON[:-1] + "X",
    "an identity number that should end in X": OF_X[:-1] + "7",
    "an identity number with a wrong check digit in groups": parted(PERSON[:-1] + other_digit(PERSON[-1]), 6, 14),
    "an identity number in a longer run": PERSON + "1",
    "an identity number at the end of a longer run": "1" + PERSON,
    "18 digits of no province": new_id(front_of("1990" + "0307", province="10")),
    "18 digits born in 1899": in_years("1899"),
    "18 digits born in 2100": in_years("2100"),
    "18 digits born in month 13": in_years("1990", "1301"),
    "18 digits born on 30 February": in_years("1990", "0230"),
    "18 digits born on a leap day that was none": in_years("1900", "0229"),
    "a case number that begins with place and day": luhn(front_of("2025" + "0101")[:16] + "3"),
    "a long case number that begins with place and day": luhn(front_of("2025" + "0101") + "1"),
    "15 digits of no province": "10" + OLD[2:],
    "15 digits born in month 13": OLD[:8] + "13" + OLD[10:],
    "15 digits in a longer run": OLD + "1",
    "15 digits of a card from abroad": luhn("37" + "0" * 9 + "123"),
    "16 digits with a wrong check digit": UNION[:-1] + other_digit(UNION[-1]),
    "16 digits of no issuer": luhn("30" + "1" * 13),
    "a card in a longer run": LONG + "1",
    "a card of 15 digits": luhn("62" + "9" * 11 + "3"),
    "a case number of 20 digits": "41150020250101000017",
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT)
def test_it_raises_no_alarm_for(text: str) -> None:
    spots(text, set())


@pytest.mark.parametrize("last", "0123456789X")
def test_one_check_digit_of_eleven_is_right(last: str) -> None:
    assert sum(bool(personal(PERSON[:-1] + end)) for end in "0123456789X") == 1
    assert personal(with_check(last)) == ID


@pytest.mark.parametrize("last", "0123456789X")
def test_an_identity_number_with_a_slip_is_no_bank_card_either(last: str) -> None:
    """Gansu's code begins bank cards too: one wrong end of ten would pass as a card's."""
    right = with_check("3", "62")
    assert personal(right[:-1] + last) == (ID if last == "3" else set())


@pytest.mark.parametrize("province", sorted(PROVINCES))
def test_every_province_is_known(province: str) -> None:
    assert personal(new_id(front_of("1966" + "1111", province=province))) == ID


@pytest.mark.parametrize("issuer", ISSUERS)
@pytest.mark.parametrize("length", [16, 17, 18, 19])
def test_every_issuer_is_known(issuer: str, length: int) -> None:
    assert personal(luhn(issuer.ljust(length - 1, "9"))) == CARD


NUMBERS = {
    "an identity number, as it is": (int(with_check("7")), ID),
    "an identity number whose last digits a spreadsheet forgot": (int(PERSON[:15] + "000"), ID),
    "the same as a float": (float(PERSON[:15] + "000"), ID),
    "an identity number that ended in X": (float(OF_X[:15] + "000"), ID),
    "a float of all 18 digits": (float(with_check("7")), ID),
    "a float of the first in a county": (float(front_of("1990" + "0301", 0) + "0"), ID),
    "an old identity number": (int(OLD), ID),
    "an old identity number as a float": (float(OLD), ID),
    "a mobile number": (int(PHONE), MOBILE),
    "a mobile number as a float": (float(PHONE), MOBILE),
    "a mobile number with 86": (float("86" + PHONE), MOBILE),
    "a bank card": (int(UNION), CARD),
    "a bank card as a float": (float(UNION), CARD),
    "a bank card whose last digit a spreadsheet forgot": (float(UNION[:15] + "0"), CARD),
    "a long bank card whose last digits a spreadsheet forgot": (float(LONG[:15] + "0000"), CARD),
}


@pytest.mark.parametrize(("number", "kinds"), NUMBERS.values(), ids=NUMBERS)
def test_it_finds_in_a_number(number: float, kinds: set[Kind]) -> None:
    assert personal(number) == kinds


ORDINARY = {
    "zero": 0,
    "a count": 12,
    "a share": 0.975,
    "a date": 20250101,
    "an amount": 1_234_567_890.12,
    "a time": 20250101123045,
    "a mobile number and a half": int(PHONE) + 0.5,
    "a mobile number below zero": -int(PHONE),
    "ten digits": int(PHONE[:10]),
    "eleven digits that no mobile number begins with": 12_000_000_000,
    "18 digits of no province": float(front_of("1990" + "0307", province="10") + "0"),
    "18 digits born in month 13": float(front_of("1990" + "1301") + "0"),
    "17 digits that begin as an identity number": float(front_of("1990" + "0307")),
    "18 digits, all there, with a wrong check digit": int(with_check("7")) + 1,
    "a number beyond all cards": 6.2e40,
    "infinity": float("inf"),
    "minus infinity": float("-inf"),
    "not a number": float("nan"),
    "true": True,
    "an empty cell": None,
    "a day": datetime.date(2025, 1, 1),
    "a time of day": datetime.datetime(2025, 1, 1, 12, 30),
}


@pytest.mark.parametrize("value", ORDINARY.values(), ids=ORDINARY)
def test_it_raises_no_alarm_for_the_value(value: object) -> None:
    assert personal(value) == set()


def test_the_mask_hides_the_number_and_nothing_else() -> None:
    assert masked(f"张某（{PERSON}）电话+86 {PHONE}，2025年3件") == "张某（…）电话+…，2025年3件"
    assert masked(f"\u200b{parted(PERSON, 6, by=chr(0x200B))}\u200b号") == "\u200b…\u200b号"
    assert masked(PHONE) == "…"
    assert masked("") == ""


STAFF = {
    "an identity number": PERSON,
    "an identity number with a wrong check digit": PERSON[:-1] + other_digit(PERSON[-1]),
    "an identity number that ends in X": OF_X,
    "an identity number a digit short": PERSON[:-1],
    "an old identity number": OLD,
    "a number cell's identity number": PERSON[:15] + "000",
    "a mobile number": PHONE,
    "a mobile number in odd groups": parted(PHONE, 5, by="-"),
    "a mobile number with a letter before it": f"T{PHONE}",
    "a full-width mobile number": PHONE.translate(FULL),
    "a bank card": UNION,
    "a bank card with a wrong check digit": UNION[:-1] + other_digit(UNION[-1]),
    "a long bank card": LONG,
}


@pytest.mark.parametrize("text", STAFF.values(), ids=STAFF)
def test_a_personal_number_is_no_staff_number(text: str) -> None:
    assert own_number(text)


@pytest.mark.parametrize("text", ["", "7", "001", "A-12", "41000123", "2025001234", "20250012345", "XF2025-0013"])
def test_a_staff_number_is_none_of_a_persons_own(text: str) -> None:
    assert not own_number(text)


def test_no_finding_says_a_number_that_a_return_gave_it() -> None:
    place = Source("乙镇.xlsx", f"表{PHONE}\u200b", "D7")
    said = finding("cell-wrong", place, f"乙镇{PHONE}", name=f"{PERSON}的\x07数", why=f"{UNION}\ud800", wanted=PHONE)
    assert (said.source, said.unit) == (Source("乙镇.xlsx", "表…", "D7"), "乙镇…")
    assert (said.message, said.mend) == ("…的数：…", "改成：…")


def test_what_a_message_quotes_is_cleaned_masked_and_then_cut() -> None:
    assert quoted(f"长\u202e{PHONE}") == "长…"
    assert quoted("长" * 55 + PHONE) == "长" * 55 + "…"
    assert quoted("长" * 80) == "长" * 60
    for number in (PERSON, PHONE, UNION):
        assert [quoted("问" * k + number, 12) for k in range(12)] == ["问" * k + "…" for k in range(12)]
    assert quotable("长" * 32_760 + PHONE) == "长" * 32_760 + "…"


def test_a_message_quotes_no_number_of_which_a_spreadsheet_forgot_the_end() -> None:
    assert quoted(f"写的是{PERSON[:15]}000") == quoted(f"写的是{LONG[:15]}0000") == "写的是…"


def test_texts_side_by_side_do_not_make_a_number() -> None:
    assert not any_personal([PHONE[:3], PHONE[3:]])
    assert not any_personal([OF_X[:-1], "X"])
    assert not any_personal(PERSON)
    assert not any_personal([])


def test_no_template_has_a_personal_number() -> None:
    assert TEMPLATES
    for path in TEMPLATES:
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                assert not [cell.coordinate for cell in row if personal(cell.value)]


# --- in random surroundings
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)).map("{:%Y%m%d}".format)
PERSONS = st.builds(
    lambda province, county, day, serial: new_id(f"{province}{county:04}{day}{serial:03}"),
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 9999),
    DAYS,
    st.integers(0, 999),
)
PHONES = st.builds(lambda second, rest: f"1{second}{rest:09}", st.integers(3, 9), st.integers(0, 10**9 - 1))
CARDS = st.builds(
    lambda issuer, length, rest: luhn(issuer + str(rest)[-(length - 1 - len(issuer)) :]),
    st.sampled_from(ISSUERS),
    st.integers(16, 19),
    st.integers(10**20, 10**21 - 1),
)
AROUND = st.text(max_size=30)
GAPS = st.text(st.sampled_from(" -－–、，。·：\u3000\u00a0"), max_size=3)
HIDDEN = st.text(st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f"), max_size=4)


def apart(before: str, number: str, after: str) -> str:
    """A text around a number that no digit of the text touches, nor does it read as a decimal."""
    return f"{before}：{number}，{after}"


@given(AROUND, PERSONS, AROUND, GAPS, GAPS, HIDDEN, st.booleans())
def test_an_identity_number_is_always_found(
    before: str, number: str, after: str, gap: str, gap2: str, hidden: str, full: bool
) -> None:
    written = number[:6] + gap + hidden + number[6:14] + hidden + gap2 + number[14:]
    text = apart(before, written.translate(FULL) if full else written, after)
    assert Kind.ID in personal(text)
    assert any_personal([before, text, after])
    assert number[6:14] not in masked(text).translate(str.maketrans("０１２３４５６７８９", "0123456789")) or (
        number[6:14] in before + after
    )


SIGNS = st.text(st.sampled_from(" -－—–、，。．.·・•：:；;,/／|()（）\u3000\u00a0"), min_size=1, max_size=3)


@given(AROUND, PHONES, AROUND, SIGNS, SIGNS)
def test_a_mobile_number_is_found_whatever_signs_part_its_groups(
    before: str, number: str, after: str, gap: str, gap2: str
) -> None:
    written = number[:3] + gap + number[3:7] + gap2 + number[7:]
    text = apart(before, written, after)
    assert Kind.MOBILE in personal(text)
    assert written not in masked(text) or written in before + after


@given(AROUND, PHONES, AROUND, HIDDEN)
def test_a_mobile_number_is_always_found(before: str, number: str, after: str, hidden: str) -> None:
    text = apart(before, parted(number, 3, 7, by=hidden), after)
    assert Kind.MOBILE in personal(text)
    assert number not in masked(text) or number in before + after


@given(AROUND, CARDS, AROUND)
def test_a_bank_card_is_always_found(before: str, number: str, after: str) -> None:
    assume(number[6:8] not in ("19", "20"))
    assert Kind.CARD in personal(apart(before, number, after))


@given(PERSONS, st.integers(1, 10))
def test_a_wrong_check_digit_never_raises_an_alarm(number: str, step: int) -> None:
    order = "0123456789X"
    assert not personal(number[:-1] + order[(order.index(number[-1]) + step) % 11])


@given(st.text().map(lambda text: "".join(char for char in text if not char.isdecimal())))
def test_a_text_without_digits_never_raises_an_alarm(text: str) -> None:
    spots(text, set())


MIXED = st.text(st.sampled_from("0123456789０９٣𝟗Xx -－.,，、\u200b\u0332\ud800\n\t年号a_"), max_size=60)


@given(st.lists(st.one_of(MIXED, PERSONS, PHONES, CARDS, AROUND), max_size=5), st.sampled_from(["", " ", "，", "a"]))
def test_the_quick_look_misses_nothing(parts: list[str], between: str) -> None:
    text = between.join(parts)
    spots(text, set(personal(text)))
    assert any_personal(parts) == any(map(personal, parts))


@given(st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans(), st.datetimes()))
def test_no_value_makes_it_stumble(value: object) -> None:
    assert personal(value) <= {*Kind}


@pytest.mark.parametrize("code", range(0, sys.maxunicode, 0x8000))
def test_every_decimal_digit_of_unicode_is_a_digit(code: int) -> None:
    for start in range(code, code + 0x8000):
        if chr(start).isdecimal() and not int(chr(start)):
            for phone in (PHONE, "1" + "9" * 10):
                assert personal("".join(chr(start + int(digit)) for digit in phone)) == MOBILE, hex(start)


# --- how fast
def ordinary_texts() -> list[str]:
    sheets = (sheet for path in TEMPLATES for sheet in openpyxl.load_workbook(path))
    texts = (value for sheet in sheets for row in sheet.iter_rows(values_only=True) for value in row)
    plain = (value for value in texts if isinstance(value, str) and not value.startswith("="))
    return [*dict.fromkeys(plain)][:200]


def test_two_hundred_ordinary_texts_take_microseconds() -> None:
    """About 10 µs at rest; the best of many rounds, for a machine that is busy."""
    texts, best = ordinary_texts(), float("inf")
    assert len(texts) == 200
    for _ in range(2000):
        start = time.perf_counter()
        any_personal(texts)
        best = min(best, time.perf_counter() - start)
    assert best < 30e-6


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "6 - ",
        "4 0",
        "1\u200b",
        "62" * 8 + " ",
        "138 0013 ",
        PERSON + " ",
        "一",
        "一三八",
        spelt(PERSON),
        "1 3 8 ",
        "138\n1234\n",
    ],
)
def test_the_longest_cell_takes_less_than_seconds(unit: str) -> None:
    text = (unit * 32_767)[:32_767]
    start = time.process_time()
    masked(text)
    assert time.process_time() - start < 3


# --- how secret
def test_what_it_says_has_no_digit() -> None:
    text = f"{PERSON} {PHONE} {UNION}"
    assert not re.search(r"\d", f"{personal(text)} {any_personal([text])} {masked(text)}")
