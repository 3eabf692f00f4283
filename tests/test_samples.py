"""samples/ and templates/ are what the present program makes."""

from __future__ import annotations

import json
import runpy
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.rounds import call
from xfkh.scheme import builtin_ids

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made")
    runpy.run_path(str(ROOT / "samples" / "make.py"))["make"](out / "samples", out / "templates")
    return out


def relative(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def parts(path: Path) -> dict[str, bytes]:
    """A workbook part by part: how it was compressed, and by which version of a library, does not count."""
    if path.suffix != ".xlsx":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist() if name != "docProps/app.xml"}


def result(folder: Path, out: Path) -> dict[str, Any]:
    call("grade", folder / "收回", "-o", out, "--review", folder / "复查.csv")
    record: dict[str, Any] = json.loads((out / "results.json").read_text("utf-8"))
    return record


def test_the_blank_templates_are_current(made: Path) -> None:
    names = relative(ROOT / "templates")
    assert names == relative(made / "templates") and names
    for name in names:
        assert parts(ROOT / "templates" / name) == parts(made / "templates" / name), name


@pytest.mark.parametrize("scheme", builtin_ids())
def test_the_sample_folders_are_current(scheme: str, made: Path, tmp_path: Path) -> None:
    kept, new = ROOT / "samples" / scheme, made / "samples" / scheme
    assert relative(kept) == relative(new)
    for name in relative(kept):
        assert parts(kept / name) == parts(new / name), name
    subjects = result(kept, tmp_path)["subjects"]
    states = [each["state"] for each in subjects if each["part"] == "单位"]
    assert {"已评", "暂定", "未报"} == set(states) and len(states) >= 12


def test_the_sample_of_an_own_scheme_is_current(made: Path, tmp_path: Path) -> None:
    kept, new = ROOT / "samples" / "热线月通报", made / "samples" / "热线月通报"
    assert relative(kept) == relative(new)
    for name in relative(kept):
        assert parts(kept / name) == parts(new / name), name
    subjects = result(kept, tmp_path)["subjects"]
    assert [each["state"] for each in subjects] == ["已评"] * 12


def test_the_blank_template_is_a_return_once_unit_and_year_stand_on_its_cover(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    from tests.cases_district import PERFECT
    from tests.rounds import subject
    from xfkh.intake.form import read_form
    from xfkh.samples import type_in

    blank = next((ROOT / "templates").glob("区信访*.xlsx")).read_bytes()
    cells = {name: value for name, value in PERFECT.items() if name in read_form(blank).cells}
    returned = tmp_path / "收回"
    returned.mkdir()
    path = returned / "甲镇.xlsx"
    path.write_bytes(type_in(blank, cells))  # type: ignore[arg-type]
    book: Any = load_workbook(path)
    heads = {cell.value: cell.column for cell in book["封面"][1]}
    labels = {(row[k].value): (row[k].row, row[k].column + 1) for row in book["封面"] for k in (1, 3)}
    assert heads["#单位"] == labels["填报单位"][1] and heads["#年度"] == labels["年度"][1]
    book["封面"].cell(*labels["填报单位"]).value = "甲镇"
    book["封面"].cell(*labels["年度"]).value = 2025
    book.save(path)
    roster = tmp_path / "名册.csv"
    roster.write_text("单位\n甲镇\n", encoding="utf-8")
    assert call("grade", returned, "-o", tmp_path / "结果", "--roster", roster) == 0
    record = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    assert subject(record, "甲镇")["total"] == 105 and record["year"] == 2025
