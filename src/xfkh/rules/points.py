"""Rules → points: the trees of a part evaluated over all its subjects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod

from ..formula.evaluate import Frame, number
from ..formula.exact import Interval
from ..formula.say import decimal
from .lines import Line, Rule


def points(rules: Mapping[str, Rule], frame: Frame) -> dict[str, Interval]:
    """Points of every line, in bounds; exact where all that a line reads is known."""
    return {id: number(rule.tree, frame) for id, rule in rules.items()}


def counts(rule: Rule, frame: Frame) -> list[Interval]:
    """The count of each of a rule's lines."""
    return [number(line.count, frame) for line in rule.lines]


def reason(rule: Rule, values: Sequence[Fraction | None], got: Fraction) -> str:
    """Why a subject got its points, in one sentence, from the counts of the rule's lines."""
    happened = any(value and line.times is None for line, value in zip(rule.lines, values, strict=True))
    told = [(line, value) for line, value in zip(rule.lines, values, strict=True)
            if value and (line.times is None or line.on == "得分" or happened)]  # fmt: skip
    said = [line.sentence(value) for k, (line, value) in enumerate(told) if not _passed(line, told[k + 1 :])]
    missed = [line.missed for line, value in zip(rule.lines, values, strict=True) if not value and line.missed]
    if not rule.counted:
        return "全年指标，本期只显示进度，不计分" + ("：" + "；".join(said) if said else "")
    if not rule.full and not rule.extra:
        said = [each.replace("，加", "，得") for each in said]
    if not rule.full and len(said) == 1 and not missed and not _capped(rule, values) and _says(said[0], got):
        return said[0]
    if rule.full and (rule.points is None or rule.id.endswith("-")):
        if said and not got and not any(line.each for line, _ in told):
            return "；".join([*said, *([] if said[-1].endswith("不扣分") else ["不扣分"])])
        said += [f"最多扣{decimal(rule.points)}分"] if said and rule.points == -got else []
        return "；".join([*said, f"共扣{decimal(-got)}分"] if len(said) > 1 else said or ["没有发生，不扣分"])
    start = f"满分{decimal(rule.points)}分" if rule.full and rule.points is not None else ""
    if rule.full and not said:
        return f"{start}，没有扣分，得{decimal(got)}分"
    if not said and rule.id.endswith("-"):
        return rule.hint or "没有扣分"
    if not said:
        return f"{rule.hint or '没有得分'}，得{decimal(got)}分".replace("不得分，得0分", "得0分")
    capped = _capped(rule, values)
    total = f"{'合计' if any(line.missed for line in rule.lines) else ''}得{decimal(got)}分"
    return "；".join(part for part in (start, *said, *missed, capped + total) if part)


def _passed(line: Line, after: Sequence[tuple[Line, Fraction]]) -> bool:
    """Of places among others only the last one reached is the own one."""
    return line.gives is not None and bool(after) and after[0][0].again and after[0][0].gives is not None


def _says(sentence: str, got: Fraction) -> bool:
    """Whether a sentence ends with the points, which may have been rounded."""
    return sentence.endswith(f"{decimal(abs(got))}分")


def _capped(rule: Rule, values: Sequence[Fraction | None]) -> str:
    """Says when the floor or the cap of the item bound its lines."""
    if rule.points is None:
        return ""
    told = [(line, value) for line, value in zip(rule.lines, values, strict=True) if value]
    raw = rule.points if rule.full else Fraction(0)
    for on, sign in (("加分", 1), ("扣分", -1)):
        factor = prod((line.times for line, _ in told if line.times is not None and line.on == on), start=Fraction(1))
        raw += factor * sum((value * line.each for line, value in told if line.each * sign > 0), Fraction(0))
    if rule.floor is not None and raw < rule.floor:
        return f"最低{decimal(rule.floor)}分，" if rule.floor else "扣完为止，" if rule.full else ""
    return "以分值为限，" if raw > rule.points else ""


def points_text(points: Fraction | None, id: str) -> str:
    """What a line can earn, as it stands in a form."""
    if points == 0:
        return "不计分"
    if id.endswith("-"):
        return "扣分" if points is None else f"扣{decimal(points)}"
    if points is None:
        return "不封顶"
    return f"加{decimal(points)}" if id.endswith("+") else decimal(points)
