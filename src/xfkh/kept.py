"""The folder of results: what the last run wrote there, what a person changed since, what is open elsewhere."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from .workbook.book import TEMPORARY, set_aside, write_whole
from .workbook.lint import foreign_faults, own_faults

RECORD, FOLDERS = "运行记录.json", ("反馈", "退回")
SLIPS = f"{FOLDERS[1]}/"
STAGE, UNDONE = ".新结果", "结果没有写完，请重新运行.txt"
HOLD = ".xfkh-lock#"
"""Held while a run writes; its name is one of those that are no return."""
_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class BusyError(Exception):
    """Another run is writing into the folder."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """``files``: what was written, by its name within the folder, with its hash; ``begun``: what a run was about to
    put there when it was interrupted."""

    out: Path
    files: dict[str, str] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)

    def changed(self, name: str) -> bool:
        """Whether a file is there that is not as it was written."""
        path = self.out / name
        return path.is_file() and digest(path) not in (self.files.get(name), self.begun.get(name))

    def standing(self) -> dict[str, str]:
        """What is there as one of the two wrote it, by the hash that it has; of the rest what it should have."""
        known = self.begun | self.files
        return known | {name: digest(self.out / name) for name in known
                        if (self.out / name).is_file() and not self.changed(name)}  # fmt: skip


def last_run(out: Path) -> LastRun:
    """What the last run left; nothing where its record is gone or damaged: then every file counts as changed."""
    try:
        found = json.loads((out / RECORD).read_text("utf-8"))
        files, begun = ({name: str(mark) for name, mark in each.items() if _own(name)}
                        for each in (found["files"], found.get("begun", {})))  # fmt: skip
        return LastRun(out, files, begun)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return LastRun(out)


def _own(name: str) -> bool:
    """A file of the folder of results or of those in it: a record that was tampered with leads nowhere else."""
    parts = name.split("/")
    plain = all(part not in ("", ".", "..") and not any(each in part for each in "\\:") for part in parts)
    return plain and (len(parts) == 1 or (len(parts) == 2 and parts[0] in FOLDERS))


@contextmanager
def hold(out: Path) -> Iterator[None]:
    """Keeps other runs out of a folder of results; ends with this process, however that ends. Raises BusyError."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / HOLD
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    with suppress(OSError):
        # one that a killed run leaves behind is for the next person too
        path.chmod(0o666)
    if not _hold(handle, path):
        os.close(handle)
        raise BusyError
    try:
        yield
    finally:
        _release(handle, path)


def _hold(handle: int, path: Path) -> bool:
    """Whether an open file is now held, and still the one of its name: the run before may just have removed it. A
    share that holds no files for anybody is written without."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            return True
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
    except OSError as error:
        return error.errno not in _HELD


def _release(handle: int, path: Path) -> None:
    """Windows removes no open file; elsewhere it goes while it is held, so that nobody holds one that is gone."""
    if sys.platform == "win32":
        os.close(handle)
    with suppress(OSError):
        path.unlink()
    if sys.platform != "win32":
        os.close(handle)


def new_stage(out: Path) -> Path:
    """An empty folder for what is being made: until all of it is there, the old results stay as they are. What runs
    that were killed left behind goes."""
    stage = out / STAGE
    drop_stage(stage)
    for folder in (out, *(out / each for each in FOLDERS)):
        for path in folder.glob(f"{TEMPORARY}*.tmp"):
            path.unlink(missing_ok=True)
    stage.mkdir(parents=True, exist_ok=True)
    return stage


def drop_stage(stage: Path) -> None:
    shutil.rmtree(stage, ignore_errors=True)


class Made(NamedTuple):
    """A file that was made and looked at once more: its name, its hash, what is not as it should be."""

    name: str
    mark: str
    wrong: tuple[str, ...]


def check(stage: Path, name: str, linked: bool = False) -> Made:
    """Opens a file once more from the disk before any is put in place; ``linked``: it may name other files."""
    data = (stage / name).read_bytes()
    faults = foreign_faults(data) if name.startswith(SLIPS) else []
    if name.endswith(".xlsx") and not name.startswith(SLIPS):
        faults = own_faults(data, linked)
    return Made(name, _digest(data), tuple(f"{name}：{fault}" for fault in faults))


def put_in_place(before: LastRun, stage: Path, made: Mapping[str, str]) -> None:
    """Moves what was made to its place, the last name last, and writes down what this run wrote, by the hashes of what
    was checked. Interrupted between two moves, a note beside the results says so, and no result is taken for one that
    a person changed. All that needs room on the disk is written before the first move."""
    out = before.out
    _write_record(stage, made, {})
    for name in made:
        (out / name).parent.mkdir(exist_ok=True)
    _write_record(out, before.standing(), made)
    write_whole(out / UNDONE, "上次运行没有写完，这里的结果可能新旧混在一起。请重新运行 xfkh grade。\n".encode())
    for name in made:
        (stage / name).replace(out / name)
    remove_stale(before, made)
    (stage / RECORD).replace(out / RECORD)
    (out / UNDONE).unlink(missing_ok=True)


def _write_record(folder: Path, files: Mapping[str, str], begun: Mapping[str, str]) -> None:
    record = {"files": dict(files)} | ({"begun": dict(begun)} if begun else {})
    write_whole(folder / RECORD, json.dumps(record, ensure_ascii=False, indent=0).encode())


def digest(path: Path) -> str:
    return _digest(path.read_bytes())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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
    """Removes what the last run wrote and this one does not: a unit that has no result any more has no feedback, a
    return that is in order no slip."""
    for name in (before.files.keys() | before.begun.keys()) - set(now):
        if name.startswith(tuple(f"{folder}/" for folder in FOLDERS)):
            (before.out / name).unlink(missing_ok=True)
    for folder in FOLDERS:
        # one in which something is left stays
        with suppress(OSError):
            (before.out / folder).rmdir()


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
