"""What units say: cells read by one closed grammar into frames of values and states, from forms and flat tables."""

from ..workbook.read import RawCell
from .flat import answers_of_tables, persons_in, raters_in
from .frame import Answers, Note
from .grammar import Reading, read_cell, shown
from .roster import RosterError, read_roster, with_roster
from .tables import HEAD_WITHIN, Row, Table, TableError, read_tables
from .who import Directory, person

__all__ = [
    "HEAD_WITHIN",
    "Answers",
    "Directory",
    "Note",
    "RawCell",
    "Reading",
    "RosterError",
    "Row",
    "Table",
    "TableError",
    "answers_of_tables",
    "person",
    "persons_in",
    "raters_in",
    "read_cell",
    "read_roster",
    "read_tables",
    "shown",
    "with_roster",
]
