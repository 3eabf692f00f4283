"""Results → the files that people open: results.json, 排名.xlsx, 奖惩.xlsx, 问题清单.xlsx."""

from .facts import Facts
from .money import write_money
from .problems import write_problems
from .ranking import write_ranking
from .record import record

__all__ = ["Facts", "record", "write_money", "write_problems", "write_ranking"]
