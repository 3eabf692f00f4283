"""A folder → what each file in it is and, of a return, what stands in it; nothing of a scheme is known here.

Children do the reading: what this room imports, each of them loads first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..findings import Finding, finding
from ..model import Fate, Source
from ..text import os_reason
from ..workbook.anchors import RETURN, TYPE
from ..workers import Workers
from .files import Entry, look, walk
from .form import Form, FormError, read_form


@dataclass(slots=True)
class Arrived:
    """One file found and where it ended; ``form`` where it is a return that can be read."""

    name: str
    path: Path
    sha256: str = ""
    fate: Fate | None = None
    unit: str = ""
    why: str = ""
    form: Form | None = None

    def end(self, fate: Fate, said: Finding) -> Finding:
        self.fate, self.why = fate, said.message
        return said


Opened = tuple[Arrived, Finding | None]


def arrive(
    folders: Sequence[Path],
    own: Iterable[Path],
    workers: Workers,
    tick: Callable[[int, int], None] = lambda *_: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[list[Arrived], list[Finding]]:
    """Looks at every file below the folders. ``own``: files the office itself put there (roster, review);
    ``meanwhile`` is called once while the workers read."""
    skip = {path.resolve() for path in own}
    entries = list(walk(list(folders)))
    opening = workers.map(open_file, entries, lost=_lost)
    meanwhile()
    arrived, findings, seen = [], [], dict[str, str]()
    for k, (entry, (each, said)) in enumerate(zip(entries, opening, strict=True), 1):
        if entry.path.resolve() in skip:
            said = each.end(Fate.IGNORED, finding("file-own", Source(entry.name), what="所用的名册、方案或复查表"))
        elif each.sha256 and each.fate is None and each.sha256 in seen:
            said = each.end(Fate.IGNORED, finding("file-same", Source(entry.name), other=seen[each.sha256]))
        elif each.fate is None:
            seen[each.sha256] = entry.name
        if said is not None:
            findings.append(said)
        arrived.append(each)
        tick(k, len(entries))
    return arrived, findings


def open_file(entry: Entry) -> Opened:
    """One file on its own: whatever is wrong with it stays with it."""
    each, source = Arrived(entry.name, entry.path), Source(entry.name)
    try:
        verdict = look(entry)
    except OSError as error:
        return each, each.end(Fate.REFUSED, finding("file-unreadable", source, why=os_reason(error)))
    each.sha256 = verdict.sha256
    if verdict.fate is not None and verdict.finding is not None:
        return each, each.end(verdict.fate, verdict.finding)
    try:
        form = read_form(verdict.data)
    except FormError:
        return each, each.end(Fate.REFUSED, finding("file-broken", source))
    kind = form.stamp.get(TYPE, "")
    if not form.stamp:
        return each, each.end(Fate.REFUSED, finding("stamp-missing", source))
    if kind != RETURN:
        return each, each.end(Fate.IGNORED, finding("file-own", source, what=f"本工具生成的{kind}"))
    each.form = form
    return each, None


def _lost(entry: Entry) -> Opened:
    """A file that killed the process that read it."""
    each = Arrived(entry.name, entry.path)
    return each, each.end(Fate.REFUSED, finding("file-broken", Source(entry.name)))
