"""What every written workbook shares: the safe way to write, the house style, the anchors, the lint."""

from ..text import clean
from .book import Book, Sheet

__all__ = ["Book", "Sheet", "clean"]
