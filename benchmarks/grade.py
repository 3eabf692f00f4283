"""Grading N district returns, all workbooks written, against reading the same files with pandas and openpyxl."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pandas as pd

from xfkh.model import Roster, RosterUnit
from xfkh.samples import make_sample


def returns(folder: Path, count: int) -> list[Path]:
    """The sample's returns in turn under N units, each with a template of its own."""
    from xfkh.pipeline import read_prefill
    from xfkh.scheme import load
    from xfkh.template import Terms, write_templates

    make_sample("district", folder / "sample")
    scheme, _ = load("district")
    rows = (folder / "sample" / "自评.csv").read_text("utf-8-sig").splitlines()
    units = [f"单位{k:04d}" for k in range(count)]
    table = folder / "自评.csv"
    told = [row.split(",") for row in rows[1:]]
    fund, filled = rows[0].split(",").index("应急资金万元"), [rows[0]]
    for k, unit in enumerate(units):
        # no two returns are alike
        row = [unit, *told[k % len(told)][1:]]
        filled.append(",".join([*row[:fund], f"{3 + k / 100:g}", *row[fund + 1 :]]))
    table.write_text("\n".join(filled), "utf-8")
    roster = Roster(tuple(RosterUnit(unit) for unit in units))
    prefill, _ = read_prefill(table, scheme, roster)
    paths = write_templates(scheme, roster, Terms("2025"), folder / "发放", prefill)
    (folder / "收回").mkdir()
    for path in paths:
        shutil.copy(path, folder / "收回" / path.name)
    return sorted((folder / "收回").iterdir())


def read_all(paths: list[Path]) -> None:
    for path in paths:
        pd.read_excel(path, engine="openpyxl", sheet_name=None)


def grade(folder: Path) -> None:
    """The whole command, start of the program and all result workbooks included."""
    shutil.rmtree(folder / "结果", ignore_errors=True)
    command = [sys.executable, "-m", "xfkh", "grade", str(folder / "收回"), "-o", str(folder / "结果")]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode in (0, 1), done.stderr.decode()


def seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(count: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = returns(folder, count)
        pairs = [(seconds(lambda: read_all(paths)), seconds(lambda: grade(folder))) for _ in range(rounds)]
        baseline, ours = (median(each) for each in zip(*pairs, strict=True))
        print(f"{count} returns, medians of {rounds}: pandas {baseline:.2f} s, xfkh grade {ours:.2f} s: ", end="")
        print(f"{ours / baseline:.2f} of it")


if __name__ == "__main__":
    counts = [int(each) for each in sys.argv[1:]]
    main(*(counts + [200, 5][len(counts) :]))
