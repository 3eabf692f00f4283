"""A whole round of assessment through the commands: roster → templates → returns → review → results.json."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from fractions import Fraction
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xfkh import cli
from xfkh.job import Job
from xfkh.samples import ISSUED, RESULTS, RETURNED, make_sample, type_in
from xfkh.template import FILE

Answers = Mapping[str, Any]
Who = tuple[str, str, str]
"""Unit, name, staff number; a unit itself has neither."""
HERE = ("--jobs", 1)
"""Reading in this process: what a process of its own is for has tests of its own."""
REVIEWED = ("台账评比分", "敏感期越级上访次数")


def text(value: Any) -> str:
    """A value as a clerk writes it in a table."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{float(value):.10f}".rstrip("0")
    return str(value)


def table(
    path: Path, rows: Mapping[str, Answers], columns: Sequence[str], persons: Mapping[Who, Answers] | None = None
) -> Path:
    """A flat table: the units, and where there are persons these beneath."""
    people = {(unit, "", ""): row for unit, row in rows.items()} | dict(persons or {})
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["单位", *(["姓名", "工号"] if persons else []), *columns])
        for who, row in people.items():
            own = who if persons else who[:1]
            writer.writerow([*own, *(text(row[name]) if name in row else "" for name in columns)])
    return path


def names_of(*tables: Mapping[Any, Answers]) -> list[str]:
    """Every name that the rows give a value, in their order."""
    return list(dict.fromkeys(name for rows in tables for row in rows.values() for name in row))


def opened(id: str, title: str) -> str:
    """The head of a small scheme, as TOML."""
    facts = {"id": id, "title": title, "version": "1", "status": "测试", "source": "测试", "date": "2026-01-01"}
    return "[scheme]\n" + "".join(f'{key} = "{value}"\n' for key, value in facts.items())


def call(*args: object) -> int:
    """The exit status of a command; grading reads in this process where nothing else is said."""
    here = HERE if args[0] == "grade" and "--jobs" not in args else ()
    return cli.run([str(arg) for arg in (*args[:1], *here, *args[1:])])


_once: dict[object, TemporaryDirectory[str]] = {}


def _made_once(key: object, out: Path, make: Callable[[], object]) -> None:
    """What ``make`` writes into ``out``; where it was made for another test already, its files are copied: the same
    input gives the same bytes, which has a test of its own."""
    if key not in _once:
        make()
        _once[key] = TemporaryDirectory(prefix="xfkh-round-")
        shutil.copytree(out, _once[key].name, dirs_exist_ok=True)
    else:
        shutil.copytree(_once[key].name, out, dirs_exist_ok=True)


def _issue(args: Sequence[object], out: Path, lacking: bool) -> None:
    """The command ``template``; ``lacking``: that it says what the office has not given."""

    def make() -> None:
        assert call("template", *args) == int(lacking)

    said = [each.read_text("utf-8") if isinstance(each, Path) and each.is_file() else each for each in args[:-1]]
    _made_once(repr(said), out, make)


def sample_of(scheme: str, out: Path) -> Job:
    """The sample of a scheme, below ``out``, and the job to grade it."""
    _made_once(("sample", scheme), out, lambda: make_sample(scheme, out))
    return Job([out / RETURNED], out / RESULTS, issued=out / ISSUED / FILE, reviews=[out / "复查.csv"])


def graded_sample(scheme: str, out: Path) -> Job:
    """The same, with the results of a run that had its review."""
    job = sample_of(scheme, out)

    def make() -> None:
        assert call("grade", *job.folders, "-o", job.out, "--review", *job.reviews) == 1

    _made_once(("graded", scheme), job.out, make)
    return job


class Round:
    """One round of a scheme in a folder; each step is one command.

    ``reviewed`` are the inputs that the review gives, a series or raters by the name alone; ``attributes`` those
    that stand on the roster; ``lacking``: that the templates go out without a figure that only the office can give.
    Everything else is prefilled, so that the forms come back filled.
    """

    def __init__(
        self,
        folder: Path,
        units: Mapping[str, Answers],
        period: str = "全年",
        scheme: str = "district",
        persons: Mapping[Who, Answers] | None = None,
        reviewed: Sequence[str] = REVIEWED,
        attributes: Sequence[str] = (),
        options: Sequence[object] = (),
        year: int = 2025,
        lacking: bool = False,
    ) -> None:
        self.folder, self.units, self.persons = folder, units, persons or {}
        self.reviewed, self.attributes, self.year = reviewed, attributes, year
        self.issued, self.returned, self.results = folder / "发放", folder / "收回", folder / "结果"
        folder.mkdir(parents=True, exist_ok=True)
        self.roster = folder / "名册.csv"
        rows = [
            ",".join([name, f"{k:03d}", "街道" if k % 2 else "乡", *(text(row.get(each, "")) for each in attributes)])
            for k, (name, row) in enumerate(units.items())
        ]
        heads = ",".join(["单位", "代码", "类别", *attributes])
        self.roster.write_text("\n".join([heads, *rows]), encoding="utf-8")
        own = [name for name in names_of(units, self.persons) if not self.is_reviewed(name) and name not in attributes]
        prefill = table(folder / "预填.csv", units, own, persons)
        args = ["--roster", self.roster, "--year", year, "--period", period, "--prefill", prefill, *options]
        _issue([scheme, *args, "-o", self.issued], self.issued, lacking)
        self.returned.mkdir()
        for path in self.issued.glob("*_*.xlsx"):
            shutil.copy(path, self.returned / path.name)

    def is_reviewed(self, name: str) -> bool:
        return name.partition("[")[0] in self.reviewed

    def path(self, unit: str) -> Path:
        return next(self.returned.glob(f"{unit}_*.xlsx"))

    def type_in(self, unit: str, cells: Mapping[str, Any]) -> None:
        path = self.path(unit)
        path.write_bytes(type_in(path.read_bytes(), cells))

    def review(self, rows: Mapping[str, Answers] | None = None) -> Path:
        """The review table: the optional reviewed inputs of the units, or the rows given."""
        given = rows if rows is not None else self.units
        if rows is not None:
            return table(self.folder / "复查.csv", rows, names_of(rows))
        wanted = [name for name in names_of(given, self.persons) if self.is_reviewed(name)]
        return table(self.folder / "复查.csv", given, wanted or list(self.reviewed), self.persons or None)

    def grade(self, *args: object, status: int | None = None) -> dict[str, Any]:
        """results.json of a run; asserts the exit status where one is given."""
        found = call("grade", self.returned, "-o", self.results, "--issued", self.issued / FILE, *args)
        if status is not None:
            assert found == status
        record: dict[str, Any] = json.loads((self.results / "results.json").read_text("utf-8"))
        return record

    def score(self, *args: object, status: int | None = None) -> dict[str, Any]:
        """The same record from a run that writes nothing: for the many cases that ask only for the points."""
        said = StringIO()
        with redirect_stdout(said):
            found = call("grade", self.returned, "-o", self.results, "--issued", self.issued / FILE, "--dry-run",
                         "--json", *args)  # fmt: skip
        if status is not None:
            assert found == status
        assert not self.results.exists()
        record: dict[str, Any] = json.loads(said.getvalue())
        return record


def subject(record: Mapping[str, Any], unit: str, person: str | None = None, number: str = "") -> dict[str, Any]:
    """The unit itself, or one of its persons; there must be exactly one."""
    wanted = (unit, person, number or None if person else None)
    found = [each for each in record["subjects"] if (each["unit"], each["person"], each["person_id"]) == wanted]
    assert len(found) == 1, f"{wanted}: {len(found)} subjects"
    only: dict[str, Any] = found[0]
    return only


def codes(record: Mapping[str, Any], unit: str | None = None) -> list[str]:
    return [each["code"] for each in record["findings"] if unit is None or each["unit"] == unit]
