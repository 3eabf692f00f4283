"""What a sheet says beside its cells: protection, rules for what is typed, prompts, conditions, heads and feet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from .addresses import SheetError

STRUCK = "删除线"
TRUE, FALSE = ("1", "true"), ("0", "false")

Overlay = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""What a condition makes of some ranges: the ranges, the numbers of the formats that it may put there, and number
formats of its own."""


class Beside(NamedTuple):
    """Of a sheet, beside its cells: whether it is protected; ``ruled``: the ranges in which only certain values may be
    typed; ``said``: what stands in the heads and feet of its pages and in the prompts of its cells, with a word for
    where; ``pliable``: whether its protection lets rows or columns be put in or taken out; ``overlaid``: what its
    conditions may show otherwise; ``limits``: which values are taken in some of the ranges (``whole:0:99``,
    ``list:是,否``)."""

    protected: bool = False
    ruled: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    pliable: bool = False
    overlaid: tuple[Overlay, ...] = ()
    limits: tuple[tuple[str, str], ...] = ()


MARGINS = {f"{which}{what}" for which in ("odd", "even", "first") for what in ("Header", "Footer")}
_PROMPTS = ("promptTitle", "prompt", "errorTitle", "error")


class Extras:
    """What lies beside the cells, element by element."""

    def __init__(self) -> None:
        self._protected = self._pliable = False
        self._rules, self._overlays = list[_Rule](), list[_Condition]()
        self._inside: _Rule | _Condition | None = None
        self._prompts, self._margins = list[str](), list[str]()
        self._text: list[str] | None = None

    def found(self) -> Beside:
        said = [("页眉页脚", "_".join(self._margins)), ("填写提示", "_".join(self._prompts))]
        ruled = [(area, each.limit()) for each in self._rules if each.refuses for area in each.ranges]
        overlaid = tuple((tuple(each.ranges), tuple(each.numbers), tuple(each.codes)) for each in self._overlays
                         if each.numbers or each.codes)  # fmt: skip
        return Beside(self._protected, tuple(area for area, _ in ruled), tuple(each for each in said if each[1]),
                      self._pliable, overlaid, tuple(each for each in ruled if each[1]))  # fmt: skip

    def start(self, tag: str, facts: Mapping[str, str]) -> None:
        name = local(tag)
        if name == "sheetProtection":
            self._protected |= facts.get("sheet") in TRUE
            self._pliable |= any(facts.get(each) in FALSE for each in _GROWTH)
        elif name == "dataValidation":
            self._inside = _Rule(facts.get("sqref", "").split(), facts)
            self._rules.append(self._inside)
            self._prompts += [facts[each] for each in _PROMPTS if each in facts]
        elif name == "conditionalFormatting":
            self._inside = _Condition(facts.get("sqref", "").split(), [], [])
            self._overlays.append(self._inside)
        elif isinstance(self._inside, _Condition) and name in ("cfRule", "numFmt"):
            self._inside.numbers.extend([facts["dxfId"]] if "dxfId" in facts else [])
            self._inside.codes.extend([facts["formatCode"]] if "formatCode" in facts else [])
        elif isinstance(self._inside, _Condition) and name == "strike" and facts.get("val") not in FALSE:
            self._inside.codes.append(STRUCK)
        elif name in _WRITTEN or name in MARGINS:
            self._text = []

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = local(tag)
        if name in ("dataValidation", "conditionalFormatting"):
            self._inside = None
        elif self._text is not None and (name in _WRITTEN or name in MARGINS):
            text, self._text = "".join(self._text), None
            if name in MARGINS:
                self._margins.append(text)
            elif self._inside is not None and name == "sqref":
                self._inside.ranges.extend(text.split())
            elif isinstance(self._inside, _Rule):
                self._inside.bounds.append(text)


class _Condition(NamedTuple):
    """Ranges that a condition formats: the numbers of formats, and the codes of number formats that it holds, STRUCK
    where it strikes out."""

    ranges: list[str]
    numbers: list[str]
    codes: list[str]


class _Rule:
    """What may be typed into some ranges."""

    def __init__(self, ranges: list[str], facts: Mapping[str, str]) -> None:
        self.ranges, self.bounds = ranges, list[str]()
        self._kind, self._operator = facts.get("type", "none"), facts.get("operator", "between")
        told = facts.get("showErrorMessage") in TRUE and facts.get("errorStyle", "stop") == "stop"
        self.refuses = self._kind != "none" and told

    def limit(self) -> str:
        """The kind of the values and the least and most of them, or all of them; nothing where that depends."""
        bounds = [each.strip() for each in self.bounds if each.strip()]
        if self._kind == "list" and bounds and _LIST.fullmatch(bounds[0]):
            return "list:" + ",".join(each.strip() for each in bounds[0].strip('"').split(","))
        if self._kind not in ("whole", "decimal") or not all(map(_BOUND.fullmatch, bounds)):
            return ""
        low, high = _spans(self._operator, [float(each) for each in bounds])
        return f"{self._kind}:{low:.15g}:{high:.15g}"


def _spans(operator: str, bounds: list[float]) -> tuple[float, float]:
    """Between which values a rule keeps what is typed."""
    first, last = bounds[0] if bounds else -inf, bounds[1] if len(bounds) > 1 else inf
    match operator:
        case "between":
            return first, last
        case "equal":
            return first, first
        case "greaterThan" | "greaterThanOrEqual":
            return first, inf
        case "lessThan" | "lessThanOrEqual":
            return -inf, bounds[0] if bounds else inf
    return -inf, inf


_WRITTEN = ("sqref", "formula1", "formula2", "f")
_GROWTH = ("insertRows", "deleteRows", "insertColumns", "deleteColumns")
_LIST = re.compile(r'"[^"]*"')
_BOUND = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)


def local(tag: str) -> str:
    return tag.rpartition(" ")[2].rpartition(":")[2]


_FLAT = {"ht": re.compile(r"[0-3](?:\.\d*)?|\.\d+"), "width": re.compile(r"0?\.\d+|0\.?")}
"""Less than four points high, or than one character wide: nobody sees what stands there."""


def unseen(facts: Mapping[str, str], size: str) -> bool:
    """Whether a row (``ht``) or some columns (``width``) are hidden, or as good as hidden."""
    return facts.get("hidden") in TRUE or bool(_FLAT[size].fullmatch(facts.get(size, "-")))


def span(facts: Mapping[str, str]) -> tuple[int, int]:
    """The first and last of some columns. Raises SheetError."""
    first, last = facts.get("min", ""), facts.get("max", "")
    if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
        raise SheetError("column")
    return int(first), int(last)
