"""What every written workbook shares: the safe way to write, the house style, the anchors, the lint."""

from ..text import clean
from .book import Book, Sheet
from .style import PLAIN, Theme

__all__ = ["PLAIN", "Book", "Sheet", "Theme", "clean"]
