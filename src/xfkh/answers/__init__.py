"""What units say: cells read by one closed grammar into frames of values and states, from forms and flat tables."""

from .flat import answers_of_tables
from .frame import Answers
from .grammar import RawCell, Reading, read_cell, shown
from .roster import RosterError, read_roster, with_roster
from .tables import Table, TableError, read_tables

__all__ = [
    "Answers",
    "RawCell",
    "Reading",
    "RosterError",
    "Table",
    "TableError",
    "answers_of_tables",
    "read_cell",
    "read_roster",
    "read_tables",
    "shown",
    "with_roster",
]
