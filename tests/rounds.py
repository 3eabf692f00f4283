"""A whole round of assessment through the commands: roster → templates → returns → review → results.json."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from xfkh import cli
from xfkh.samples import type_in
from xfkh.template import FILE

Answers = Mapping[str, Any]
REVIEWED = ("台账评比分", "敏感期越级上访次数")


def text(value: Any) -> str:
    """A value as a clerk writes it in a table."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{float(value):.10f}".rstrip("0")
    return str(value)


def table(path: Path, rows: Mapping[str, Answers], columns: Sequence[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["单位", *columns])
        for unit, row in rows.items():
            writer.writerow([unit, *(text(row[name]) if name in row else "" for name in columns)])
    return path


def call(*args: object) -> int:
    return cli.run([str(arg) for arg in args])


class Round:
    """One round of the district scheme in a folder; each step is one command."""

    def __init__(self, folder: Path, units: Mapping[str, Answers], period: str = "全年") -> None:
        self.folder, self.units = folder, units
        self.issued, self.returned, self.results = folder / "发放", folder / "收回", folder / "结果"
        folder.mkdir(parents=True, exist_ok=True)
        self.roster = folder / "名册.csv"
        rows = [f"{name},{k:03d},{'街道' if k % 2 else '乡'}" for k, name in enumerate(units)]
        self.roster.write_text("\n".join(["单位,代码,类别", *rows]), encoding="utf-8")
        own = list(dict.fromkeys(name for row in units.values() for name in row if name not in REVIEWED))
        prefill = table(folder / "预填.csv", units, own)
        args = ["--roster", self.roster, "--year", 2025, "--period", period, "--prefill", prefill, "-o", self.issued]
        assert call("template", "district", *args) == 0
        self.returned.mkdir()
        for path in self.issued.glob("*_*.xlsx"):
            shutil.copy(path, self.returned / path.name)

    def path(self, unit: str) -> Path:
        return next(self.returned.glob(f"{unit}_*.xlsx"))

    def type_in(self, unit: str, cells: Mapping[str, Any]) -> None:
        path = self.path(unit)
        path.write_bytes(type_in(path.read_bytes(), cells))

    def review(self, rows: Mapping[str, Answers] | None = None) -> Path:
        """The review table: the optional reviewed inputs of the units, or the rows given."""
        given = rows if rows is not None else self.units
        names = [name for row in given.values() for name in row] if rows is not None else list(REVIEWED)
        return table(self.folder / "复查.csv", given, list(dict.fromkeys(names)))

    def grade(self, *args: object, status: int | None = None) -> dict[str, Any]:
        """results.json of a run; asserts the exit status where one is given."""
        found = call("grade", self.returned, "-o", self.results, "--issued", self.issued / FILE, *args)
        if status is not None:
            assert found == status
        record: dict[str, Any] = json.loads((self.results / "results.json").read_text("utf-8"))
        return record


def subject(record: Mapping[str, Any], unit: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in record["subjects"] if each["unit"] == unit)
    return found


def codes(record: Mapping[str, Any], unit: str | None = None) -> list[str]:
    return [each["code"] for each in record["findings"] if unit is None or each["unit"] == unit]
