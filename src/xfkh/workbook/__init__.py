"""What every written workbook shares: the safe way to write, the house style, the anchors, the lint."""

from .book import Book, Sheet
from .text import clean

__all__ = ["Book", "Sheet", "clean"]
