"""What a person wrote into 处理意见.xlsx is kept, but nobody's number in it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases_district import PERFECT
from tests.rounds import Round
from xfkh.decisions import CLOSE

ID, PHONE = "11010519491231002" + "X", "138" + "1234" + "5678"
REASONS = {
    f"区委定的，电话{PHONE}": "区委定的，电话…",
    f"x {PHONE} {ID}": "x … …",
    int(PHONE): "…",
    float(ID[:15] + "000"): "…",
    "经核实，2025年3件": "经核实，2025年3件",
}


def line(run: Round) -> tuple[Any, Any]:
    """The book, and the line in it that asks whether somebody is waited for."""
    book = load_workbook(run.results / "处理意见.xlsx")
    (row,) = (row for row in book["处理意见"].iter_rows(min_row=4) if row[0].value == CLOSE)
    return book, row


@pytest.mark.parametrize("decision", ["是", "否"])
def test_a_decision_whose_mark_was_cleared_is_not_used_and_told(tmp_path: Path, decision: str) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    run.path("乙镇").unlink()
    run.grade(status=1)
    book, row = line(run)
    row[4].value, row[5].value, row[6].value = decision, "区委定的", None
    book.save(run.results / "处理意见.xlsx")
    record = run.grade(status=1)
    (said,) = (each for each in record["findings"] if each["code"] == "decision-lost")
    assert (said["level"], said["cell"]) == ("警告", row[4].coordinate) and f"“{decision}”" in said["message"]
    assert "closed" not in {each["code"] for each in record["findings"]}


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_written_out_again_without_anybodys_number(tmp_path: Path, reason: object) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    run.path("乙镇").unlink()
    run.grade(status=1)
    book, row = line(run)
    row[4].value, row[5].value = "是", reason
    book.save(run.results / "处理意见.xlsx")
    record = run.grade()
    told = [(each["sheet"], each["cell"]) for each in record["findings"] if each["code"] == "decision-personal"]
    assert line(run)[1][5].value == REASONS[reason]
    assert told == [("处理意见", row[5].coordinate)] * ("…" in REASONS[reason])
    assert "closed" in {each["code"] for each in record["findings"]}, "the decision stands"
    written = (each for each in run.results.rglob("*") if each.suffix in (".xlsx", ".json"))
    for path in (each for each in written if "_另存_" not in each.name):  # the person's own file, kept as it was
        parts = zipfile.ZipFile(path) if path.suffix == ".xlsx" else None
        texts = [parts.read(name).decode() for name in parts.namelist()] if parts else [path.read_text("utf-8")]
        assert not re.search(rf"{PHONE}|{ID[:15]}", "".join(texts)), path
