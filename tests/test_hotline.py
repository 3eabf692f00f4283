"""An office's own scheme from end to end: the workbook of samples/热线月通报, written after the document beside it,
gives what that document says by hand, item by item, place by place, yuan by yuan."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests import office, parity
from tests import oracle_hotline as oracle
from tests.rounds import Round, call
from tests.test_live import table
from xfkh.scheme import load

SAMPLE = Path(__file__).parents[1] / "samples" / "热线月通报"
BY_REVIEW = {"一3", "三3+", "三4+", "三5-", "三6-", "三7-", "三8-"}
"""What hangs on the review; a form waits for it."""


def answers(name: str) -> dict[str, dict[str, Any]]:
    with (SAMPLE / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row.pop("单位"): {name: int(value) if value.isdecimal() else value for name, value in row.items()}
            for row in rows}  # fmt: skip


def agrees(record: Mapping[str, Any], wanted: oracle.Month) -> None:
    """Every point of every unit, every place, everything given and its amount."""
    found = {each["unit"]: each for each in record["subjects"]}
    assert found.keys() == wanted.points.keys()
    for unit, points in wanted.points.items():
        got = {id: each["points"] for id, each in found[unit]["items"].items()} | {"总分": found[unit]["total"]}
        assert got == {id: float(each) for id, each in points.items()}, unit
        assert found[unit]["rank"] == wanted.places.get(unit), unit
        given = {each["id"]: each["amount"] for each in found[unit]["outcomes"]}
        assert given == {id: units[unit] for id, units in wanted.given.items() if unit in units}, unit


def test_the_scheme_checks_clean() -> None:
    assert call("scheme", "check", SAMPLE / "方案.xlsx") == 0
    assert load(str(SAMPLE / "方案.xlsx"))[1] == []


def test_the_month_of_the_sample_is_what_the_document_says(tmp_path: Path) -> None:
    reviewed = answers("复查.csv")
    units = {name: {**unit, **reviewed[name]} for name, unit in answers("自评.csv").items()}
    assert call("grade", SAMPLE / "收回", "-o", tmp_path, "--review", SAMPLE / "复查.csv") == 0
    wanted = oracle.month(units)
    agrees(json.loads((tmp_path / "results.json").read_text("utf-8")), wanted)
    # it is worth a look: somebody is listed apart, somebody vetoed, somebody cut at a floor, a bonus paid back
    assert wanted.given["单列名单"] and wanted.given["否决"]
    assert any(each["一2"] == 10 for each in wanted.points.values())
    assert any(each["三5-"] for each in wanted.points.values())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_month_about_every_threshold_is_what_the_document_says(seed: int, tmp_path: Path) -> None:
    units = oracle.units_of(seed, 40)
    month = Round(tmp_path, units, "3月", str(SAMPLE / "方案.xlsx"), reviewed=oracle.REVIEWED, year=2026)
    agrees(month.grade("--review", month.review()), oracle.month(units))


@office.require_office
def test_its_forms_and_its_ranking_recalculated_show_the_same_points(tmp_path: Path) -> None:
    units = oracle.units_of(4, 12)
    month = Round(tmp_path, units, "3月", str(SAMPLE / "方案.xlsx"), reviewed=oracle.REVIEWED, year=2026)
    month.grade("--review", month.review())
    forms, ranking = {unit: month.path(unit) for unit in units}, month.results / "排名.xlsx"
    shown = office.recalculated_values([*forms.values(), ranking])
    wanted = oracle.month(units)
    for unit, path in forms.items():
        items = parity.face(shown[path]).items
        own = {id: float(each) for id, each in wanted.points[unit].items() if id in items.keys() - BY_REVIEW}
        assert {id: items[id] for id in own} == own, unit
        assert {items[id] for id in items.keys() - own.keys()} == {parity.BY_REVIEW}
    book = load_workbook(office.recalculate([office.with_sentinels(ranking, tmp_path / "重算.xlsx")], tmp_path / "存")
                         [tmp_path / "重算.xlsx"], data_only=True)  # fmt: skip
    details, totals = table(book["得分明细"]), table(book["总表"])
    for unit, points in wanted.points.items():
        assert {id: details[unit][id] for id in points if id != "总分"} == {
            id: float(each) for id, each in points.items() if id != "总分"
        }, unit
        place = wanted.places.get(unit)
        told = totals[unit]["名次"], totals[unit]["总分"]
        assert told == (("—", "单列") if place is None else (place, float(points["总分"]))), unit
