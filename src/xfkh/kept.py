"""The folder of results: what the last run wrote there, what a person changed since, what is open elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from .workbook.book import set_aside, write_whole

RECORD, FEEDBACK = "运行记录.json", "反馈"


@dataclass(frozen=True, slots=True)
class LastRun:
    """``files``: what was written, by its name within the folder, with its hash."""

    out: Path
    files: dict[str, str] = field(default_factory=dict)

    def changed(self, name: str) -> bool:
        """Whether a file is there that is not as it was written."""
        path = self.out / name
        return path.is_file() and digest(path) != self.files.get(name)


def last_run(out: Path) -> LastRun:
    """What the last run left; nothing where its record is gone or damaged: then every file counts as changed."""
    try:
        files = json.loads((out / RECORD).read_text("utf-8"))["files"]
        return LastRun(out, {name: str(mark) for name, mark in files.items() if _own(name)})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return LastRun(out)


def _own(name: str) -> bool:
    """A file of the folder of results or of its 反馈/: a record that was tampered with leads nowhere else."""
    parts = name.split("/")
    plain = all(part not in ("", ".", "..") and not any(each in part for each in "\\:") for part in parts)
    return plain and (len(parts) == 1 or (len(parts) == 2 and parts[0] == FEEDBACK))


def record_run(out: Path, names: Iterable[str]) -> None:
    """Writes down what this run wrote."""
    files = {name: digest(out / name) for name in names}
    write_whole(out / RECORD, json.dumps({"files": files}, ensure_ascii=False, indent=0).encode())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def keep_changed(before: LastRun, names: Iterable[str]) -> list[Path]:
    """Copies every named file that is not as the last run wrote it, under the time it was saved; returns the copies,
    so that nothing that was written by hand is overwritten."""
    return [set_aside(before.out / name) for name in names if before.changed(name)]


def keep_lost(path: Path, new: bytes) -> list[Path]:
    """Copies a workbook that is to be written again where that would lose a word that stands in it."""
    if not path.is_file():
        return []
    try:
        lost = bool(_words(path.read_bytes()) - _words(new))
    except Exception:  # what cannot be read cannot be shown to be kept
        lost = True
    return [set_aside(path)] if lost else []


def _words(data: bytes) -> set[str]:
    """Every text that stands in a workbook's visible sheets."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), read_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True))
    return {str(value).strip() for row in rows for value in row if value not in (None, "")}


def remove_stale(before: LastRun, now: Iterable[str]) -> None:
    """Removes what the last run wrote and this one does not: a unit that has no result any more has no feedback."""
    for name in before.files.keys() - set(now):
        if name.startswith(f"{FEEDBACK}/"):
            (before.out / name).unlink(missing_ok=True)


def open_elsewhere(out: Path, names: Iterable[str]) -> list[Path]:
    """The files that another program holds open, or that cannot be written."""
    return [out / name for name in names if _locked(out / name)]


def _locked(path: Path) -> bool:
    """Windows refuses to open it; elsewhere, and on shares, only the lock file beside it tells."""
    if not path.exists():
        return False
    if any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#")):
        return True
    try:
        with path.open("r+b"):
            return False
    except OSError:
        return True
