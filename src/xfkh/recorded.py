"""results.json, read again: the one door by which later runs and commands come to what an earlier run found."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any

from .text import plain_name
from .workbook.package import Package, PackageError

RANKING = "排名.xlsx"

Record = dict[str, Any]
"""results.json, or an object within it."""
Key = tuple[str, str, str, str]
"""Part, unit, person and staff number, without differences that nobody sees."""


class ResultsError(Exception):
    """There are no results where they were looked for: why, and what to do."""


def read_record(path: Path, *needed: str, each: Sequence[str] = ()) -> Record:
    """The results of a folder, or of its results.json. Raises ResultsError.

    ``needed``: what must stand there besides the subjects; ``each``: what must be said of each of them.
    """
    try:
        record: Record = json.loads((path / "results.json" if path.is_dir() else path).read_text("utf-8"))
        for subject in record["subjects"]:
            key_of(subject)
            _demand(subject, each)
        _demand(record, needed)
        return record
    except FileNotFoundError:
        raise ResultsError(f"{path} 里没有 results.json，不是 xfkh 的结果文件夹；先运行 xfkh grade") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        raise ResultsError(f"{path} 不是 xfkh 的结果") from None


def title_beside(path: Path, year: object, period: object) -> str:
    """What the scheme of a result was called, as the ranking says that stands beside it, the record itself has only the
    id; empty where there is none to say so."""
    try:
        book = Package(((path if path.is_dir() else path.parent) / RANKING).read_bytes())
        found = re.search("<dc:title>(.*?)</dc:title>", book.read("docProps/core.xml").decode())
    except (OSError, PackageError, UnicodeDecodeError):
        return ""
    title, mark, _ = unescape(found[1]).rpartition(f"　{year}年{period}　") if found else ("", "", "")
    return title if mark else ""


def _demand(record: Record, names: Sequence[str]) -> None:
    """Raises KeyError for the first of the names that a record does not have."""
    for name in names:
        record[name]


def key_of(subject: Mapping[str, Any]) -> Key:
    """By what a subject is found again in another result."""
    part, unit, person, number = (subject[name] for name in ("part", "unit", "person", "person_id"))
    return part, plain_name(unit), plain_name(person or ""), plain_name(number or "")


def label(subject: Mapping[str, Any]) -> str:
    """A subject as people name it: 单位[/姓名[/工号]]."""
    return "/".join(part for part in (subject["unit"], subject["person"], subject["person_id"]) if part)


def place(source: Mapping[str, Any]) -> str:
    """Where a fact stands: file, sheet and cell."""
    return " ".join(source[part] for part in ("file", "sheet", "cell") if source.get(part))
