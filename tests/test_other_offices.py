"""Schemes of the kinds that offices publish, each written without code, as a workbook: a monthly bulletin of a hotline
with floors and rounded rates, a township's assessment of its villages with levels and consecutive years, a province's
thousand points against last year and the mean of three, one of counties, districts and departments in groups with
items, weights and full marks of their own, and one in which who is vetoed is ranked last. All are fictional
(``offices``); the points are by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.rounds import call
from xfkh.scheme import tables_of, text_of

SCHEMES = {each.stem: each for each in sorted((Path(__file__).parent / "offices").iterdir())}


@pytest.fixture(params=SCHEMES)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The scheme as a workbook."""
    path = tmp_path / "办法.xlsx"
    assert call("scheme", "export", SCHEMES[request.param], "-o", path) == 0
    return path


def test_it_checks_clean_and_every_case_worked_out_by_hand_is_right(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert call("scheme", "check", book, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [each for each in told["findings"] if each["level"] != "提示"] == []


FILES = {"名册": "名册.csv", "复查": "复查.csv"}
"""Where a value goes by its origin; all others are prefilled, as if the unit had typed them."""


def test_the_cases_get_the_same_points_from_template_to_ranking(book: Path, tmp_path: Path) -> None:
    part = part_of(book)
    cases = {each["id"]: each for each in part["case"]}
    origins = {each["name"]: each.get("origin", "自评") for each in part["input"]}
    columns: dict[str, list[str]] = {"名册.csv": [], "复查.csv": [], "预填.csv": []}
    for name in dict.fromkeys(name for each in cases.values() for name in each["given"]):
        columns[FILES.get(origins[name.partition("[")[0]], "预填.csv")].append(name)
    for file, names in columns.items():
        rows = [[f"{unit}村", *(str(case["given"].get(name, "")) for name in names)] for unit, case in cases.items()]
        lines = [",".join(row) for row in (["单位", *names], *rows)]
        (tmp_path / file).write_text("\n".join(lines) + "\n", "utf-8")
    issued, returned, out = tmp_path / "发放", tmp_path / "收回", tmp_path / "结果"
    assert call("template", book, "--roster", tmp_path / "名册.csv", "--year", 2026, "--prefill", tmp_path / "预填.csv",
                "-o", issued) == 0  # fmt: skip
    returned.mkdir()
    for path in issued.glob("*_*.xlsx"):
        shutil.copy(path, returned / path.name)
    more = ["--review", tmp_path / "复查.csv"] if columns["复查.csv"] else []
    call("grade", returned, "-o", out, "--issued", issued / "发放清单.xlsx", *more)
    record = json.loads((out / "results.json").read_text("utf-8"))
    found = {each["unit"].removesuffix("村"): each for each in record["subjects"]}
    for unit, case in cases.items():
        got = {id: each["points"] for id, each in found[unit]["items"].items()} | {"总分": found[unit]["total"]}
        assert {id: got[id] for id in case["points"]} == {id: float(each) for id, each in case["points"].items()}, unit


def part_of(book: Path) -> dict[str, Any]:
    found: dict[str, Any] = tables_of(text_of(str(book)))["part"][0]
    return found


def test_amounts_follow_the_consecutive_years(tmp_path: Path) -> None:
    """1 to 5 years: five amounts."""
    scheme = SCHEMES["villages"]
    case = part_of(scheme)["case"][0]["given"]
    columns = [name for name in case if name != "此前连续年数"]
    units = {f"{'一二三四五六'[k]}村": k for k in range(6)}
    (tmp_path / "名册.csv").write_text("单位\n" + "\n".join(units) + "\n", "utf-8")
    rows = [",".join([unit, *(str(case[name]) for name in columns)]) for unit in units]
    (tmp_path / "预填.csv").write_text("\n".join([",".join(["单位", *columns]), *rows]), "utf-8")
    years = [f"{unit},{year}" for unit, year in units.items()]
    (tmp_path / "复查.csv").write_text("\n".join(["单位,此前连续年数", *years]), "utf-8")
    issued, out = tmp_path / "发放", tmp_path / "结果"
    assert call("template", scheme, "--roster", tmp_path / "名册.csv", "--year", 2026, "--prefill",
                tmp_path / "预填.csv", "-o", issued) == 0  # fmt: skip
    call("grade", issued, "-o", out, "--review", tmp_path / "复查.csv")
    record = json.loads((out / "results.json").read_text("utf-8"))
    paid = {each["unit"]: [one["amount"] for one in each["outcomes"]] for each in record["subjects"]}
    assert list(paid.values()) == [[1000], [2000], [3000], [4000], [5000], [5000]]
