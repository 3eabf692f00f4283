"""Running again is safe: what a person wrote into a result is kept, what no longer holds is gone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.rounds import call, sample_of


def command_for(folder: Path) -> list[Any]:
    return ["grade", folder / "收回", "-o", folder / "结果", "--review", folder / "复查.csv"]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample, graded once; each test works on a copy."""
    folder = tmp_path_factory.mktemp("样") / "样"
    sample_of("district", folder)
    assert call(*command_for(folder)) == 1
    return folder


@pytest.fixture
def round_(graded: Path, tmp_path: Path) -> tuple[Path, list[Any]]:
    """A graded sample: its folder of results, and the command to grade again."""
    folder = tmp_path / "样"
    shutil.copytree(graded, folder)
    return folder / "结果", command_for(folder)


def files(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def comment(path: Path) -> bytes:
    """A person opens a result, writes a remark and saves."""
    book: Any = load_workbook(path)
    book.active["Z1"] = "局长：请再核"
    book.save(path)
    when = time.mktime((2026, 1, 20, 9, 30, 0, 0, 0, -1))
    os.utime(path, (when, when))
    return path.read_bytes()


def test_a_second_run_changes_nothing(round_: tuple[Path, list[Any]]) -> None:
    out, command = round_
    before = files(out)
    assert call(*command) == 1
    assert files(out) == before


def test_a_result_that_a_person_changed_is_kept_under_the_time_it_was_saved(
    round_: tuple[Path, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    out, command = round_
    fresh = (out / "排名.xlsx").read_bytes()
    changed, own = comment(out / "排名.xlsx"), comment(out / "反馈" / "东风街道_反馈.xlsx")
    capsys.readouterr()
    assert call(*command) == 1
    assert (out / "排名.xlsx").read_bytes() == fresh
    assert (out / "排名_另存_20260120-093000.xlsx").read_bytes() == changed
    assert (out / "反馈" / "东风街道_反馈_另存_20260120-093000.xlsx").read_bytes() == own
    assert "排名_另存_20260120-093000.xlsx" in capsys.readouterr().out
    kept = files(out)
    assert call(*command) == 1
    assert files(out) == kept, "kept once"


def test_decisions_are_no_change_to_be_kept_aside(round_: tuple[Path, list[Any]]) -> None:
    out, command = round_
    book: Any = load_workbook(out / "处理意见.xlsx")
    row = next(each for each in book.active.iter_rows(min_row=5) if each[0].value == "截止收报")
    row[4].value, row[5].value = "是", "已过期限"
    book.save(out / "处理意见.xlsx")
    call(*command)
    assert not list(out.glob("处理意见_*"))
    again: Any = load_workbook(out / "处理意见.xlsx")
    rows = list(again.active.iter_rows(min_row=5, values_only=True))
    assert ("截止收报", "是", "已过期限") in [(each[0], each[4], each[5]) for each in rows]


def test_collection_is_not_closed_without_a_reason(
    round_: tuple[Path, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Money hangs on it, and a recorded decision has a reason; what was chosen stays and asks for it."""
    out, command = round_
    book: Any = load_workbook(out / "处理意见.xlsx")
    row = next(each for each in book.active.iter_rows(min_row=5) if each[0].value == "截止收报")
    row[4].value = "是"
    book.save(out / "处理意见.xlsx")
    capsys.readouterr()
    assert call(*command) == 1
    told = capsys.readouterr().out
    assert (
        "选了“是”，没有写理由，没有生效" in told and "未报 1" in told and "阶段结果" in told and "件事等人决定" in told
    )
    found = json.loads((out / "results.json").read_text("utf-8"))["findings"]
    (said,) = [each for each in found if each["code"] == "decision-bare"]
    assert (said["file"], said["cell"][0], said["level"]) == ("处理意见.xlsx", "F", "警告")
    assert not any(each["code"] == "closed" for each in found)
    again: Any = load_workbook(out / "处理意见.xlsx")
    row = next(each for each in again.active.iter_rows(min_row=5) if each[0].value == "截止收报")
    assert row[4].value == "是", "kept, so that only the reason is left to write"
    row[5].value = "已过期限，领导小组定"
    again.save(out / "处理意见.xlsx")
    call(*command)
    codes = [each["code"] for each in json.loads((out / "results.json").read_text("utf-8"))["findings"]]
    assert "closed" in codes and "decision-bare" not in codes


def test_decisions_from_elsewhere_do_not_overwrite_those_that_stand_there(
    round_: tuple[Path, list[Any]], tmp_path: Path
) -> None:
    out, command = round_
    other = tmp_path / "别处.xlsx"
    other.write_bytes((out / "处理意见.xlsx").read_bytes())
    mine = comment(out / "处理意见.xlsx")
    call(*command, "--decisions", other)
    assert (out / "处理意见_另存_20260120-093000.xlsx").read_bytes() == mine


def test_the_feedback_of_a_unit_without_a_result_is_removed(round_: tuple[Path, list[Any]]) -> None:
    out, command = round_
    assert (out / "反馈" / "东风街道_反馈.xlsx").is_file()
    next(Path(command[1]).glob("东风街道_*")).unlink()
    assert call("grade", command[1], "-o", out) == 1
    states = {each["unit"]: each["state"] for each in json.loads((out / "results.json").read_text())["subjects"]}
    assert states["东风街道"] == "未报" and not (out / "反馈" / "东风街道_反馈.xlsx").exists()
    assert (out / "反馈" / "北苑街道_反馈.xlsx").is_file()


def test_a_result_that_is_open_is_told_before_any_work(
    round_: tuple[Path, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    out, command = round_
    before = files(out)
    (out / "~$排名.xlsx").write_bytes(b"")
    assert call(*command) == 2
    said = capsys.readouterr().err
    assert "排名.xlsx" in said and "关闭" in said
    (out / "~$排名.xlsx").unlink()
    (out / "反馈" / ".~lock.东风街道_反馈.xlsx#").write_bytes(b"")
    assert call(*command) == 2
    (out / "反馈" / ".~lock.东风街道_反馈.xlsx#").unlink()
    assert files(out) == before
    assert call(*command) == 1


def test_without_the_record_of_the_last_run_what_is_there_is_kept(round_: tuple[Path, list[Any]]) -> None:
    out, command = round_
    (out / "运行记录.json").unlink()
    ranking = (out / "排名.xlsx").read_bytes()
    assert call(*command) == 1
    assert [path.read_bytes() for path in out.glob("排名_另存_*.xlsx")] == [ranking]


def test_kept_copies_are_no_returns_when_the_folder_of_results_is_graded_by_mistake(
    round_: tuple[Path, list[Any]],
) -> None:
    out, command = round_
    comment(out / "排名.xlsx")
    call(*command)
    assert call("grade", command[1], out, "-o", out.parent / "又") == 1
    record = json.loads((out.parent / "又" / "results.json").read_text())
    own = [each for each in record["files"] if each["file"].startswith("结果/")]
    assert len(own) > 10 and {each["fate"] for each in own} == {"忽略"}


def test_words_that_decisions_would_lose_are_kept_in_a_copy(round_: tuple[Path, list[Any]]) -> None:
    """A decision that cannot be understood stays as it was written; a row or a note of one's own goes into a copy."""
    out, command = round_
    book: Any = load_workbook(out / "处理意见.xlsx")
    row = next(each for each in book.active.iter_rows(min_row=5) if each[0].value == "截止收报")
    row[4].value, row[5].value = "同意", "办公会议定"
    book.active["H6"] = "记得问局长"
    book.save(out / "处理意见.xlsx")
    mine = (out / "处理意见.xlsx").read_bytes()
    assert call(*command) == 1
    assert [path.read_bytes() for path in out.glob("处理意见_另存_*.xlsx")] == [mine]
    again: Any = load_workbook(out / "处理意见.xlsx")
    rows = list(again.active.iter_rows(min_row=5, values_only=True))
    assert ("截止收报", "同意", "办公会议定") in [(each[0], each[4], each[5]) for each in rows]
    findings = json.loads((out / "results.json").read_text())["findings"]
    assert any(each["code"] == "decision-unknown" for each in findings)


@pytest.mark.parametrize("name", ["../别人的.txt", "反馈/../../别人的.txt", "名册.csv", "反馈/里/别人的.txt"])
def test_a_record_that_was_tampered_with_removes_nothing_else(name: str, round_: tuple[Path, list[Any]]) -> None:
    out, command = round_
    victim = out / name
    victim.parent.mkdir(parents=True, exist_ok=True)
    victim.write_text("要紧的", "utf-8")
    record = json.loads((out / "运行记录.json").read_text("utf-8"))
    record["files"][name] = hashlib.sha256(victim.read_bytes()).hexdigest()
    (out / "运行记录.json").write_text(json.dumps(record), "utf-8")
    assert call(*command) == 1
    assert victim.read_text("utf-8") == "要紧的"


def test_a_filled_return_in_the_place_of_a_template_is_set_aside(
    graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody filled in a form in 发放/, and templates are written there again."""
    out = tmp_path / "发放"
    command = ["template", "district", "--roster", graded / "名册.csv", "--year", "2025", "-o", out]
    assert call(*command) == 0
    path = next(out.glob("东风街道_*"))
    fresh = path.read_bytes()
    assert call(*command) == 0 and not list(out.glob("*_另存_*")), "what was issued is written again without a copy"
    filled = comment(path)
    capsys.readouterr()
    assert call(*command) == 0
    (copy,) = out.glob("*_另存_*")
    assert copy.read_bytes() == filled and path.read_bytes() == fresh
    assert copy.name in capsys.readouterr().out
