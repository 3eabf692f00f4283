"""What a number format makes of a number: the text that people have seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<room>.)|\*(?P<fill>.)|\[(?P<mark>[^\]]*)\]|(?P<end>;)'
    r"|(?P<number>General|G/通用格式|@|[#0?][#0?,]*(?:\.[#0?]*)?|\.[#0?]+)|(?P<percent>%)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)(-?[0-9]{1,15}(?:\.[0-9]{1,20})?(?:E[+-]?[0-9]{1,3})?)")
_TIME = re.compile("h+|m+|s+", re.IGNORECASE)
_PLACES = 9
"""Decimals past which no answer goes."""
Piece = tuple[str, str]


@lru_cache(4096)
def seen(code: str, value: float) -> tuple[str, int] | None:
    """The text in which a format shows a number that is not negative, without grouping and padding, and how many
    times the number stands in it (100 for per cent). None where that cannot be told."""
    exact = Decimal(repr(value))
    found = {_rendered(section, exact) for section in _chosen([*_sections(code)], exact)}
    return found.pop() if len(found) == 1 else None


def _sections(code: str) -> Iterator[list[Piece]]:
    section = list[Piece]()
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or ""
        if kind == "end":
            yield section
            section = []
        else:
            section.append((kind, match[kind]))
    yield section


def _chosen(sections: list[list[Piece]], value: Decimal) -> list[list[Piece]]:
    """The section for a number; several where programs may differ. The last one may be for texts."""
    if len(sections) > 1 and (len(sections) > 3 or ("number", "@") in sections[-1]):
        sections = sections[:-1]
    told = [_told(section) for section in sections]
    if any(told):
        pairs = [*zip(sections, told, strict=True)]
        fitting = [each for each, conditions in pairs if conditions and _holds(conditions, value)]
        return fitting[:1] or [each for each, conditions in pairs if not conditions]
    return [sections[2 if not value and len(sections) > 2 else 0]]


def _told(section: list[Piece]) -> list[re.Match[str]]:
    """The conditions of a section."""
    marks = (_CONDITION.fullmatch(text.replace(" ", "")) for kind, text in section if kind == "mark")
    return [each for each in marks if each]


def _holds(conditions: list[re.Match[str]], value: Decimal) -> bool:
    signs = "".join("<=>"[(value > Decimal(each[2])) - (value < Decimal(each[2])) + 1] for each in conditions)
    return all(sign in each[1] for sign, each in zip(signs, conditions, strict=True))


def _rendered(section: list[Piece], value: Decimal) -> tuple[str, int] | None:
    """One section; None for a date, a fraction, thousands left out, and a number in several pieces."""
    times = 100 ** sum(kind == "percent" for kind, _ in section)
    texts = [_text(kind, text, value * times) for kind, text in section]
    if sum(kind == "number" for kind, _ in section) > 1 or None in texts:
        return None
    return "".join(each for each in texts if each), times


def _text(kind: str, text: str, value: Decimal) -> str | None:
    match kind:
        case "number":
            return _digits(text, value)
        case "room":
            return " "
        case "fill":
            return " " if text == " " else None
        case "mark":
            return _mark(text)
        case "plain":
            # a letter is a part of a date or an exponent, a digit or a stroke a part of a fraction
            return None if text in ",./" or (text.isascii() and text.isalnum()) else text
    return text


def _digits(pattern: str, value: Decimal) -> str | None:
    if pattern[0] not in "#0?.":
        return f"{value:f}"
    whole, _, decimals = pattern.partition(".")
    if whole.endswith(","):
        return None
    places = min(len(decimals), _PLACES)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if value < 10**15 else value
    return f"{rounded:f}" if rounded or "0" in pattern else ""


def _mark(text: str) -> str | None:
    """What stands in brackets: a currency is shown; a colour, a language, a kind of digits and a condition are not."""
    if text.startswith("$"):
        return text[1:].partition("-")[0]
    unclear = text[:1] in ("<", ">", "=", "?") and not _CONDITION.fullmatch(text.replace(" ", ""))
    return None if unclear or _TIME.fullmatch(text) else ""
