"""The commands as a person at a terminal meets them: Chinese throughout, an exit status that tells, no traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.cases_district import PERFECT
from tests.rounds import Round, call, codes, subject
from xfkh import cli
from xfkh.kept import UNDONE
from xfkh.report.facts import RECORD
from xfkh.template import FILE as ISSUED

README = Path(__file__).parents[1] / "README.md"
COMMANDS = [name for name, _ in cli.cli.whole()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("示范 文件夹") / "xfkh-demo"
    assert call("demo", "-o", out) == 0
    return out


def english(text: str) -> list[str]:
    """English words that leaked into Chinese text; commands, options, file and item names are not English."""
    plain = re.sub(r"\S*[/.=\[]\S*|-{1,2}[a-z-]+|xfkh( [a-z]+)*|\b[A-Z]+\b|\bN\b", " ", text)
    known = {"json", "xlsx", "csv", "tab", "bash", "zsh", "fish", "powershell"}
    known |= {"district", "xinyang", "liaocheng", *" ".join(COMMANDS).split()}
    return [word for word in re.findall(r"[A-Za-z]{3,}", plain) if word.lower() not in known]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese_and_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*command.split(), "--help") == 0
    out = capsys.readouterr().out
    assert out.startswith("用法：") and "\n选项" in out
    assert f"xfkh {command}" in out
    assert english(out) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["grad"], "是否指「grade」"),
        (["grade"], "缺少 文件夹"),
        (["grade", "没有的文件夹", "-o", "结果"], "找不到 没有的文件夹"),
        (["grade", "--rooster", "x"], "没有选项 --rooster"),
        (["grade", ".", "-o"], "后面要跟一个值"),
        (["schemes", "district", "多余"], "多出了参数"),
        (["template", "distrct", "--roster", "x", "--year", "2025", "-o", "y"], "是否指「district」"),
        (["template", "district", "-o", "y"], "--roster"),
        (["template", "district", "--roster", "没有.csv", "--year", "2025", "-o", "y"], "没有.csv"),
        (["template", "district", "--roster", "x", "--year", "25", "-o", "y"], "四位年份"),
        (["template", "district", "--roster", "x", "--year", "2025", "--period", "春天", "-o", "y"], "上半年"),
        (["explain", "没有", "甲"], "results.json"),
        (["grade", ".", "-o", "结果", "--jobs", "两"], "--jobs"),
    ],
)
def test_what_cannot_start_says_why_in_chinese_and_ends_with_2(
    args: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*args) == 2
    captured = capsys.readouterr()
    assert said in captured.err and "Traceback" not in captured.err
    assert english(captured.err.replace("distrct", "").replace("grad", "").replace("rooster", "")) == []
    assert not (tmp_path / "结果").exists()


def test_an_empty_folder_without_a_list_cannot_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "空").mkdir()
    assert call("grade", tmp_path / "空", "-o", tmp_path / "结果") == 2
    assert "发放清单" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mistyped", "what"), [("空", "一个文件也没有"), ("结果", "都不是"), ("空白", "2 份填报表是空白的")]
)
def test_a_folder_without_any_return_takes_the_place_of_no_result(
    mistyped: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    run.grade(status=0)
    monkeypatch.chdir(tmp_path)
    Path("空").mkdir()
    assert call("template", "district", "--roster", "名册.csv", "--year", 2025, "-o", "空白") == 0
    before = {path: path.read_bytes() for path in run.results.rglob("*") if path.is_file()}
    assert call("grade", mistyped, "-o", "结果", "--issued", run.issued / ISSUED) == 2
    err = capsys.readouterr().err
    assert f"{mistyped} 里没有填过的填报表（" in err and what in err
    assert "是不是写错了文件夹" in err and "用 -o 写到另一个文件夹" in err
    assert {path: path.read_bytes() for path in run.results.rglob("*") if path.is_file()} == before
    # what the message offers to who means it
    run.results.rename("原来的结果")
    Path("结果").mkdir()
    for _ in range(2):
        assert call("grade", mistyped, "-o", "结果", "--issued", run.issued / ISSUED) == 1


def test_a_result_that_cannot_be_read_is_not_replaced_by_none_either(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT})
    run.grade(status=0)
    (run.results / RECORD).unlink()
    run.path("甲镇").unlink()
    assert call("grade", run.returned, "-o", run.results) == 2
    assert not (run.results / RECORD).exists()


def test_that_no_return_is_there_is_said_where_nothing_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import load_workbook

    run = Round(tmp_path, {"甲镇": PERFECT})
    run.path("甲镇").rename(tmp_path / "甲镇.xlsx")
    (run.returned / "照片.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(60))
    # again the next day, while nothing came yet
    for _ in range(2):
        capsys.readouterr()
        assert codes(run.grade(status=1)).count("returns-none") == 1
        said = f"{run.returned} 里没有填过的填报表（1 个文件，都不是）　→ 核对是不是写错了文件夹"
        assert said in capsys.readouterr().out
        sheet = load_workbook(run.results / "问题清单.xlsx")["问题"]
        assert any("没有填过的填报表（1 个文件，都不是）" in str(row[5]) for row in sheet.iter_rows(values_only=True))
    (tmp_path / "甲镇.xlsx").rename(run.returned / "甲镇.xlsx")
    assert "returns-none" not in codes(run.grade(status=0))


def test_an_unexpected_error_shows_no_traceback_but_with_debug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import xfkh.scheme

    def broken() -> None:
        raise RuntimeError("secret text of a cell")

    monkeypatch.setattr(xfkh.scheme, "builtins", broken)
    assert call("schemes") == 2
    err = capsys.readouterr().err
    assert "RuntimeError" in err and "secret" not in err and "Traceback" not in err
    with pytest.raises(RuntimeError):
        call("--debug", "schemes")


def test_schemes_lists_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("schemes") == 0
    assert "district　区信访工作目标管理考核　示范　单位" in capsys.readouterr().out
    assert call("schemes", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(each["id"], each["status"], each["parts"]) for each in listed] == [
        ("district", "示范", ["单位"]),
        ("liaocheng-1995", "历史", ["单位"]),
        ("xinyang", "现行", ["单位", "个人"]),
    ]


def test_template_says_what_it_would_write_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_bytes("单位\n甲镇\n乙镇\n".encode("gb18030"))
    out = tmp_path / "发放"
    assert call("template", "district", "--roster", roster, "--year", 2025, "-o", out, "--dry-run", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["files"]) == 2
    assert not out.exists()
    assert call("template", "district", "--roster", roster, "--year", 2025, "-o", out, "--only", "甲") == 2
    assert "是否指「甲镇」" in capsys.readouterr().err
    assert call("template", "district", "--roster", roster, "--year", 2025, "-o", out, "--only", "甲镇") == 0
    assert sorted(path.name[:2] for path in out.glob("*.xlsx")) == ["发放", "甲镇"]


def test_grade_ends_with_0_when_only_notes_remain_and_1_when_a_person_is_needed(tmp_path: Path) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    run.grade(status=0)
    run.path("乙镇").unlink()
    run.grade(status=1)


def test_a_dry_run_of_grade_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT})
    capsys.readouterr()
    assert call("grade", run.returned, "-o", run.results, "--dry-run", "--json") == 0
    assert subject(json.loads(capsys.readouterr().out), "甲镇")["total"] == 105
    assert not run.results.exists()


def test_the_json_of_grade_is_the_record_it_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT})
    capsys.readouterr()
    assert call("grade", run.returned, "-o", run.results, "--json") == 0
    assert json.loads(capsys.readouterr().out) == json.loads((run.results / RECORD).read_text("utf-8"))


@pytest.mark.parametrize("pair", ["分值口径", "分值口径=别的", "没有的=1"])
def test_a_wrong_setting_is_refused(pair: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT})
    assert call("grade", run.returned, "-o", run.results, "--set", pair) == 2
    assert "--set" in capsys.readouterr().err and not run.results.exists()


def test_demo_makes_a_folder_grades_it_and_says_what_to_open(demo: Path) -> None:
    names = {
        "排名.xlsx",
        "奖惩.xlsx",
        "问题清单.xlsx",
        "results.json",
        "处理意见.xlsx",
        "反馈",
        "退回",
        "运行记录.json",
    }
    assert {path.name for path in (demo / "结果").iterdir()} == names
    record = json.loads((demo / "结果" / RECORD).read_text("utf-8"))
    states = [each["state"] for each in record["subjects"]]
    assert (states.count("已评"), states.count("暂定"), states.count("未报")) == (10, 1, 1)


def test_the_command_that_demo_suggests_works(demo: Path) -> None:
    assert call("grade", demo / "收回", "-o", demo / "结果", "--review", demo / "复查.csv") == 1


def test_explain_says_reason_clause_and_cell(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("explain", demo / "结果", "陈桥乡", "二1") == 0
    out = capsys.readouterr().out
    assert "进京个访达1批次，扣1分" in out and "依据：五(二)1" in out and "填报 D14" in out
    assert call("explain", demo / "结果", "柳林街道") == 0
    assert "暂定，总分在" in capsys.readouterr().out
    assert call("explain", demo / "结果", "金沙乡") == 0
    assert "未报，没有得分" in capsys.readouterr().out
    assert call("explain", demo / "结果", "东风街道", "二1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["clause"] == "五(二)1"
    assert call("explain", demo / "结果", "东风") == 2
    assert "东风街道" in capsys.readouterr().err
    assert call("explain", demo / "结果", "东风街道", "二9") == 2


def test_explain_warns_of_results_that_were_not_written_whole(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mark = demo / "结果" / UNDONE
    mark.write_text("", encoding="utf-8")
    try:
        assert call("explain", demo / "结果", "东风街道", "二1", "--json") == 1
        out, err = capsys.readouterr()
        assert json.loads(out)["clause"] == "五(二)1"
        assert "没有写完" in err and "重新运行" in err
    finally:
        mark.unlink()


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_no_console_breaks_the_output(encoding: str, demo: Path) -> None:
    env = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "xfkh", "explain", str(demo / "结果"), "东风街道"]
    done = subprocess.run(command, env=env, capture_output=True, check=False)
    assert done.returncode == 0 and done.stderr == b""
    if encoding != "ascii":
        assert "东风街道：总分" in done.stdout.decode(encoding)
    done = subprocess.run([*command, "--json"], env=env, capture_output=True, check=True)
    assert json.loads(done.stdout.decode(encoding))["unit"] == "东风街道"


def test_results_open_elsewhere_are_said_before_work_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT})
    run.grade()
    real = Path.open

    def locked(self: Path, mode: str = "r", *args: object, **options: object) -> object:
        if self.name == "排名.xlsx" and "+" in mode:
            raise PermissionError(13, "locked")
        return real(self, mode, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", locked)
    assert call("grade", run.returned, "-o", run.results) == 2
    assert "请先关闭" in capsys.readouterr().err


def test_every_command_of_the_readme_exists(demo: Path) -> None:
    for line in README.read_text("utf-8").splitlines():
        if line.startswith("    xfkh "):
            words = line.split("#")[0].split()
            command = cli.cli.commands[words[1]]
            command = command.commands[words[2]] if isinstance(command, click.Group) else command
            options = {option for param in command.params for option in param.opts}
            assert {word for word in words if word.startswith("-")} <= options, line


@pytest.mark.parametrize(("due", "shown"), [("2026-01-15", "2026-01-15"), ("2026年1月5日", "2026-01-05")])
def test_a_due_date_stands_on_the_cover(due: str, shown: str, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    roster = tmp_path / "名册.csv"
    roster.write_text("单位\n甲镇\n乙镇\n", "utf-8")
    issue = ["template", "district", "--roster", roster, "--year", 2025, "-o", tmp_path]
    assert call(*issue, "--due", due, "--return-to", "区信访局") == 0
    # issuing one again without the dates keeps them, for that unit and in the list
    assert call(*issue, "--only", "甲镇") == 0
    for path in tmp_path.glob("*镇_*.xlsx"):
        told = {str(cell.value) for row in load_workbook(path)["封面"].iter_rows() for cell in row}
        assert {shown, "区信访局"} <= told, path.name
    listed = [
        str(cell.value) for row in load_workbook(tmp_path / "发放清单.xlsx")["发放清单"].iter_rows() for cell in row
    ]
    assert any(shown in text for text in listed)


@pytest.mark.parametrize("due", ["2025-13-15", "明天", "2025-02-30"])
def test_a_due_date_that_is_none_is_refused(due: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text("单位\n甲镇\n", "utf-8")
    assert call("template", "district", "--roster", roster, "--year", 2025, "--due", due, "-o", tmp_path / "发放") == 2
    assert "--due" in capsys.readouterr().err and not (tmp_path / "发放").exists()


def test_one_template_is_not_issued_again_under_another_year(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text("单位\n甲镇\n", "utf-8")
    assert call("template", "district", "--roster", roster, "--year", 2025, "-o", tmp_path) == 0
    assert call("template", "district", "--roster", roster, "--year", 2026, "-o", tmp_path, "--only", "甲镇") == 2
    assert "2025年" in capsys.readouterr().err


def test_a_demo_never_overwrites_the_work_of_an_office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "收回").mkdir()
    (tmp_path / "收回" / "甲镇.xlsx").write_bytes(b"x")
    assert call("demo", "-o", tmp_path) == 2
    assert (tmp_path / "收回" / "甲镇.xlsx").read_bytes() == b"x"
    assert "换一个新文件夹" in capsys.readouterr().err
