"""The words that people read for names made for programs: 通报10月 for 通报[10], 罚款：到市 for 罚款.到市."""

from __future__ import annotations

from fractions import Fraction

from ..formula.say import decimal
from ..model import captioned
from ..text import titled

__all__ = ["captioned", "lower", "titled", "yuan"]


def yuan(amount: Fraction | int) -> str:
    """Whole yuan with separators: 18,000."""
    return f"{int(amount):,}"


def lower(tolerance: Fraction) -> str:
    """How far the review must have taken points down, so that it is told (自评不实)."""
    return f"核定得分低于自评{f'，超过容差{decimal(tolerance)}分' if tolerance else ''}"
