"""Who a row of a table speaks of: a unit of the roster, or a person of it by name and, where needed, staff number."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import PERSONS, UNITS, Subject
from ..text import plain_name


def person_name(text: str) -> str:
    """A person's name without the spaces that fill a two-character name; names in letters keep single ones."""
    spaced = any(each.isascii() and each.isalpha() for each in text)
    return " ".join(text.split()) if spaced else plain_name(text)


def person(unit: str, name: str, number: str) -> Subject:
    return Subject(PERSONS, unit, person_name(name), plain_name(number) or None)


class Directory:
    """Finds the rows of subjects, whichever part they belong to."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._units: dict[str, int] = {}
        self._persons: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self.names: list[str] = []
        for row, each in enumerate(subjects):
            if each.part == UNITS:
                self._units[plain_name(each.unit)] = row
                self.names.append(each.unit)
            else:
                key = (plain_name(each.unit), plain_name(each.person or ""))
                self._persons.setdefault(key, []).append((each.person_id or "", row))
                self.names.append(each.label)

    def unit(self, name: str) -> int | None:
        return self._units.get(plain_name(name))

    def person(self, unit: str, name: str, number: str, one: bool = True) -> int | None:
        """The person of that name and number. One who is alone with the name is also found where only one of both
        sides has a number; ``one``: the tables speak of one number alone under that name."""
        found = self._persons.get((plain_name(unit), plain_name(name)), [])
        number = plain_name(number)
        exact = [row for own, row in found if own == number]
        if exact:
            return exact[0]
        return found[0][1] if len(found) == 1 and one and not (number and found[0][0]) else None

    def alike(self, unit: str, name: str) -> list[str]:
        """The numbers of those who share a name in a unit."""
        return [own for own, _ in self._persons.get((plain_name(unit), plain_name(name)), [])]
