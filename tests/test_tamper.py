"""What a form prints and shows is judged by the scheme as it was issued, whatever a later run asks for by ``--set``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases_district import PERFECT
from tests.rounds import Round
from tests.surgery import FORM, Genuine, zipped
from xfkh.intake.form import read_form
from xfkh.workbook.anchors import TOTAL

DISTRICT = (resources.files("xfkh") / "schemes" / "district.toml").read_text("utf-8")
OTHER = {"子项": "大项", "大项": "子项"}
ACCUSED = {"max-changed", "title-changed", "formula-gone", "score-differs", "alike"}


def a_round(path: Path, reading: str, units: Mapping[str, Mapping[str, Any]]) -> Round:
    """Templates issued under a reading, with a line whose points are a parameter."""
    made = DISTRICT.replace('value = "子项"', f'value = "{reading}"', 1)
    made = made.replace('formula = "2", text', 'formula = "基数", text', 1)
    made += '\n[[parameter]]\nid = "基数"\nvalue = 2\ntext = "信访信息的未分配分值"\n'
    scheme = path / "方案.toml"
    scheme.write_text(made, "utf-8")
    return Round(path, units, scheme=str(scheme))


def accused(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(each["code"], each["message"]) for each in record["findings"] if each["code"] in ACCUSED]


@pytest.mark.parametrize("issued", OTHER)
def test_another_reading_accuses_nobody_of_what_stood_in_the_template(issued: str, tmp_path: Path) -> None:
    run = a_round(tmp_path, issued, {"甲镇": PERFECT, "乙镇": PERFECT, "丙镇": {**PERFECT, "推诿次数": 1}})
    assert accused(run.score()) == []
    assert accused(run.score("--set", f"分值口径={OTHER[issued]}")) == []
    assert accused(run.score("--set", "基数=1")) == []


@pytest.mark.parametrize("issued", OTHER)
def test_another_reading_hides_nothing_that_was_changed(issued: str, tmp_path: Path) -> None:
    run = a_round(tmp_path, issued, {"甲镇": PERFECT})
    path = run.path("甲镇")
    form, changed = Genuine("甲镇", path.read_bytes()), {}
    total = next(place for id, *_, place in read_form(path.read_bytes()).heads if id == TOTAL)
    changed = form.sub(FORM, rf'(<c r="{total}"[^>]*><f>[^<]*</f><v>)[^<]*', r"\g<1>77")
    path.write_bytes(zipped(changed))
    for reading in OTHER:
        ((code, said),) = accused(run.score("--set", f"分值口径={reading}"))
        assert code == "score-differs" and re.match(rf".*表里 77，应为 {'118' if issued == '大项' else '105'}", said)


@pytest.mark.parametrize("issued", OTHER)
def test_a_line_that_only_another_reading_knows_leaves_no_gap_in_the_self_score(issued: str, tmp_path: Path) -> None:
    run = a_round(tmp_path, issued, {"甲镇": PERFECT})
    run.grade("--set", f"分值口径={OTHER[issued]}")
    page = load_workbook(run.results / "反馈" / "甲镇_反馈.xlsx", data_only=True)["反馈"]
    texts = [str(cell.value) for row in page.iter_rows(max_row=8) for cell in row if cell.value is not None]
    assert "自评得分合计" in texts and not [each for each in texts if "暂计" in each]
