"""What a person sees at the terminal after a run, while it runs, and while typing a command."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from tests.cases_district import PERFECT
from tests.rounds import Round, call
from xfkh import cli, console
from xfkh.findings import finding
from xfkh.model import Source, State
from xfkh.scheme import builtin_ids, load
from xfkh.summary import Task, findings_lines, tasks
from xfkh.text import width

SAMPLES = Path(__file__).parents[1] / "samples"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
Run = Callable[..., str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("示范") / "xfkh-demo"
    assert call("demo", "-o", out) == 0
    return out


@pytest.fixture(scope="module")
def liaocheng(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out, sample = tmp_path_factory.mktemp("历史") / "结果", SAMPLES / "liaocheng-1995"
    assert call("grade", sample / "收回", "-o", out, "--review", sample / "复查.csv") == 1
    return out


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command and returns what it printed; the exit status is asserted."""

    def run(*args: object, status: int = 0) -> str:
        capsys.readouterr()
        assert call(*args) == status
        captured = capsys.readouterr()
        return captured.err if status == 2 else captured.out

    return run


def grading(demo: Path, *more: str) -> list[str]:
    folder = ["grade", str(demo / "收回"), "-o", str(demo / "结果"), "--review", str(demo / "复查.csv")]
    return [sys.executable, "-m", "xfkh", *folder, *more]


def on_a_terminal(command: list[str], env: Mapping[str, str]) -> str:
    """What a command writes where stdout and stderr are a terminal."""
    import pty

    main, other = pty.openpty()
    process = subprocess.Popen(command, env=env, stdin=other, stdout=other, stderr=other)
    os.close(other)
    got = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        got += piece
    os.close(main)
    assert process.wait() == 1
    return got.decode()


def left(line: str) -> str:
    """What is left of a line of a terminal after its carriage returns."""
    cells, at = list[str](), 0
    for sign in line:
        if sign == "\r":
            at = 0
            continue
        wide = width(sign)
        cells[at : at + wide] = [sign, *[""] * (wide - 1)]
        at += wide
    return "".join(cells).rstrip()


# the summary


def test_the_summary_tells_all_that_a_clerk_needs(demo: Path, said: Run) -> None:
    told = said("grade", demo / "收回", "-o", demo / "结果", "--review", demo / "复查.csv", status=1)
    assert told.startswith("区信访工作目标管理考核　2025年全年　方案状态：示范（")
    assert "文件 11 个：已评 11\n" in told
    assert "单位 12 个：已评 10，暂定 1，未报 1\n" in told
    assert "阶段结果：还有单位未定" in told
    assert re.search(r"\n前五名\n  第 1 名  东风街道 +115 分\n", told)
    assert "1. [错误] 柳林街道：填报 D27：来区集访批次" in told
    assert "2. [警告] 金沙乡：还没有交填报表" in told
    assert "复查 11 个单位：部分复查 10，未复查 1\n" in told
    assert (
        "催报  金沙乡" in told
        and "改表  把 退回/ 里的表发回柳林街道" in told
        and "复查  1 个单位" in told
        and "决定  2 件事" in told
    )


def test_the_money_of_the_summary_is_the_payable_money_of_the_record(demo: Path, said: Run) -> None:
    told = said("grade", demo / "收回", "-o", demo / "结果", "--review", demo / "复查.csv", status=1)
    record = json.loads((demo / "结果" / "results.json").read_text("utf-8"))
    money = [each for subject in record["subjects"] for each in subject["outcomes"] if each["amount"] is not None]
    payable = [each["amount"] for each in money if not each["pending"] and not each["confirm"]]
    confirm = [each["amount"] for each in money if each["confirm"] and not each["pending"]]
    assert f"应付 {sum(payable):,} 元（{len(payable)} 笔）" in told
    assert f"待确认 {sum(confirm):,} 元（{len(confirm)} 笔）" in told


def test_fines_and_the_deposit_are_summed(liaocheng: Path, said: Run) -> None:
    sample = SAMPLES / "liaocheng-1995"
    told = said("grade", sample / "收回", "-o", liaocheng, "--review", sample / "复查.csv", status=1)
    record = json.loads((liaocheng / "results.json").read_text("utf-8"))
    settled = [each["settlement"] for each in record["subjects"] if each["settlement"]]
    assert f"应补缴 {sum(each['due'] for each in settled):,} 元" in told
    assert "奖励：" not in told.partition("\n金额\n")[2].partition("\n\n")[0]
    assert (
        "稻溪镇" in told
        and "一票否决：否决3，到市集体上访4次以上（三(二)1(3)）" in told
        and "并列第 5 名的还有 1 个" in told
    )


def test_a_scheme_without_money_has_no_line_of_money(tmp_path: Path, said: Run) -> None:
    sample = SAMPLES / "xinyang"
    told = said("grade", sample / "收回", "-o", tmp_path / "结果", "--review", sample / "复查.csv", status=1)
    assert "\n金额\n" not in told
    assert "个人 26 人：已评 25，暂定 1\n" in told and "\n个人前五名\n" in told


def test_only_the_files_that_were_written_are_named(tmp_path: Path, said: Run) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT})
    told = said("grade", run.returned, "-o", run.results)
    named = set(re.findall(r"\S+/(\S+\.(?:xlsx|json))  ", told.partition("\n打开看\n")[2]))
    assert named == {path.name for path in run.results.glob("*.xlsx")} | {"results.json"}
    assert "处理意见.xlsx" not in named
    told = said("grade", run.returned, "-o", tmp_path / "试算", "--dry-run")
    assert "打开看" not in told and "没有写文件" in told


def test_when_nothing_is_left_the_summary_says_so(tmp_path: Path, said: Run) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    told = said("grade", run.returned, "-o", run.results)
    assert "没有错误和警告" in told and "2 个单位还没有核定值" in told and "公布" not in told
    verified = run.review({unit: {"研究信访工作次数": 2} for unit in run.units})
    told = said("grade", run.returned, "-o", run.results, "--review", verified)
    assert "公布  没有要办的事了" in told and "复查  " not in told and "复查 2 个单位：部分复查 2\n" in told
    assert "\n前两名\n" in told


def test_the_head_of_the_places_says_how_many_there_are(tmp_path: Path, said: Run) -> None:
    units = [f"{name}镇" for name in "甲乙丙丁戊己"]
    run = Round(tmp_path, dict.fromkeys(units, PERFECT))
    for left, head in ((6, "前五名"), (3, "前三名"), (1, "名次")):
        for unit in units[left:]:
            run.path(unit).unlink()
        del units[left:]
        told = said("grade", run.returned, "-o", run.results, status=0 if left == 6 else 1)
        assert f"\n{head}\n" in told and told.count("\n  第 1 名  ") == min(left, 5)


def test_a_result_that_a_person_changed_is_said_to_be_kept(tmp_path: Path, said: Run) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT})
    assert "手工改过" not in said("grade", run.returned, "-o", run.results)
    (run.results / "排名.xlsx").write_bytes(b"changed by hand")
    told = said("grade", run.returned, "-o", run.results).partition("\n手工改过的结果另存了\n")[2]
    assert Path(told.split("\n")[0].strip()).read_bytes() == b"changed by hand"


def test_verbose_lists_every_finding(demo: Path, said: Run) -> None:
    args = ("grade", demo / "收回", "-o", demo / "结果", "--review", demo / "复查.csv")
    told = said(*args, "-v", status=1)
    record = json.loads((demo / "结果" / "results.json").read_text("utf-8"))
    assert all(each["message"] in told for each in record["findings"])
    assert told.count("[提示]") == sum(each["level"] == "提示" for each in record["findings"]) > 0
    assert "[提示]" not in said(*args, status=1)


# five different things to do


def wrong(unit: str, cell: str, code: str = "cell-wrong") -> Any:
    facts = {"name": "进京个访批次", "why": "是约数", "wanted": "0 或正整数", "text": "甲", "facts": "乙"}
    return finding(code, Source(f"{unit}.xlsx", "填报", cell), unit, **facts)


def test_the_findings_of_one_unit_are_one_thing_to_do() -> None:
    todo = tasks([wrong("甲镇", "D7"), wrong("甲镇", "D9"), wrong("甲镇", "D9", "contradiction"), wrong("乙镇", "D7")])
    assert [task.what() for task in todo] == ["甲镇：2 格待改（D7、D9）", "乙镇：填报 D7：进京个访批次：是约数"]
    (task,) = tasks([wrong("甲镇", "D7"), wrong("甲镇", "D9", "implausible"), wrong("甲镇", "D11", "implausible")])
    assert task.what() == "甲镇：1 格待改（D7），2 格请核对（D9、D11）" and task.mend().endswith("逐处改好后重报")
    (task,) = tasks([wrong("甲镇", "D9", "implausible"), wrong("甲镇", "D11", "implausible")])
    assert task.what() == "甲镇：2 格请核对（D9、D11）" and task.mend().endswith("核对；无误的不用改")
    (task,) = tasks([wrong("甲镇", "D7"), wrong("甲镇", "")])
    assert task.what() == "甲镇：2 处待改（进京个访批次：是约数等）"


def test_errors_stand_before_warnings_and_whole_units_before_cells() -> None:
    states = {"甲镇": State.PROVISIONAL, "乙镇": State.MISSING, "丙镇": State.REFUSED, "丁镇": State.MISSING}
    found = [
        finding("unit-missing", Source(), "乙镇"),
        wrong("甲镇", "D7"),
        finding("review-missing", Source(), "甲镇", name="考评总分"),
        finding("form-blank", Source("丙镇.xlsx"), "丙镇"),
        finding("unit-refused", Source(), "丙镇"),
        finding("unit-missing", Source(), "丁镇"),
        finding("unreviewed", Source(), "甲镇"),
    ]
    todo = tasks(found, states)
    assert [task.key for task in todo] == ["退回", "甲镇", "review-missing", "未报"]
    lines = [click.unstyle(task.line()) for task in todo]
    assert lines[0] == "[错误] 丙镇，丙镇.xlsx：填报表一格也没有填　→ 填好后重发"
    assert lines[3].startswith("[警告] 2 个单位未报：乙镇、丁镇　→ 催报")
    found += [finding("file-empty", Source("戊镇.xlsx"), "戊镇")]
    refused = tasks(found, states | {"戊镇": State.REFUSED})[0]
    assert click.unstyle(refused.line()).startswith("[错误] 2 个单位退回：丙镇、戊镇　→ 请各单位按 问题清单.xlsx")


def test_what_is_wrong_in_a_table_about_a_unit_that_sent_nothing_stands_by_itself() -> None:
    states = {"甲镇": State.MISSING, "乙镇": State.MISSING}
    facts = {"name": "考评总分", "why": "写的是“110”", "wanted": "一个数，在 -2000 到 104 之间"}
    found = [
        finding("cell-wrong", Source("复查.xlsx", "核定", "F7"), "甲镇", **facts),
        finding("unit-missing", Source(), "甲镇"),
        finding("unit-missing", Source(), "乙镇"),
    ]
    lines = [click.unstyle(task.line()) for task in tasks(found, states)]
    assert lines[0].startswith("[错误] 甲镇：核定 F7：考评总分：写的是“110”　→ 改成：一个数")
    assert lines[1].startswith("[警告] 2 个单位未报：甲镇、乙镇　→ 催报")


def test_a_run_with_much_to_mend_names_five_different_things(tmp_path: Path, said: Run) -> None:
    names = ("甲镇", "乙镇", "丙镇", "丁镇", "戊镇", "己镇", "庚镇")
    run = Round(tmp_path, dict.fromkeys(names, PERFECT))
    for unit in names[:5]:
        run.type_in(unit, {"进京个访批次": "约3"})
    run.type_in("丙镇", {"进京集访批次": "无人", "赴省个访批次": "很多"})
    run.path("己镇").unlink()
    run.path("庚镇").write_bytes(b"")
    told = said("grade", run.returned, "-o", run.results, status=1).partition("\n先办\n")[2].partition("\n\n")[0]
    lines = [line.strip() for line in told.split("\n")]
    assert lines[0].startswith("1. [错误] ") and "0 字节" in lines[0]
    assert lines[1].startswith("2. [错误] 丙镇：3 格待改（") and lines[1].endswith("逐处改好后重报")
    assert [line[:10] for line in lines[2:5]] == [
        f"{k}. [错误] {unit}" for k, unit in zip((3, 4, 5), names[:2] + names[3:4], strict=True)
    ]
    assert lines[5].startswith("……另有 ") and lines[5].endswith("见 问题清单.xlsx")


def test_the_same_thing_asked_of_many_units_is_one_thing_to_do() -> None:
    found = [finding("review-missing", Source(), f"{k}镇", name="考评总分") for k in range(9)]
    (task,) = tasks(found)
    assert task.what() == "考评总分由复查给出，还没有提供（0镇、1镇、2镇、3镇、4镇等9个单位）"


def test_files_of_one_fault_are_one_thing_to_do() -> None:
    (task,) = tasks([finding("file-broken", Source(name)) for name in ("a.xlsx", "b.xlsx")])
    assert task.what() == "文件损坏，打不开（a.xlsx、b.xlsx）"
    (task,) = tasks([finding("file-broken", Source("a.xlsx"))])
    assert task.what() == "a.xlsx：文件损坏，打不开"


def test_five_things_are_shown_and_the_rest_is_counted() -> None:
    lines = findings_lines([wrong(f"{k}镇", "D7") for k in range(8)], verbose=False)
    assert len(lines) == 6 and lines[-1] == "……另有 3 件，加 -v 全部列出"
    assert len(findings_lines([wrong(f"{k}镇", "D7") for k in range(8)], verbose=True)) == 8
    assert findings_lines([], verbose=False) == []


def test_every_finding_of_the_catalogue_can_be_a_thing_to_do() -> None:
    from string import Formatter

    from xfkh.findings import CATALOGUE, Level

    for code, entry in CATALOGUE.items():
        facts = {name: "x" for text in (entry.what, entry.mend) for _, name, _, _ in Formatter().parse(text) if name}
        made = [finding(code, Source("a.xlsx"), unit, **facts) for unit in ("", "甲镇", "乙镇")]
        todo = tasks(made, {"甲镇": State.HELD, "乙镇": State.ASSESSED})
        assert bool(todo) is (entry.level is not Level.NOTE)
        assert sum(len(task.findings) for task in todo) == (len(made) if todo else 0)
        assert all(task.line() for task in todo)
    assert Task("x").units == []


# terminals and pipes


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals there")
def test_a_terminal_sees_the_same_text_as_a_pipe_but_in_colour(demo: Path) -> None:
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")} | {"TERM": "xterm"}
    piped = subprocess.run(grading(demo), env=env, capture_output=True, check=False)
    plain = piped.stdout.decode()
    assert piped.stderr == b"" and "\x1b" not in plain and "\r" not in plain
    shown = on_a_terminal(grading(demo), env)
    assert ESCAPE.search(shown)
    # on a slow machine progress came and went before the first line
    assert [left(line) for line in ESCAPE.sub("", shown).split("\n")] == plain.split("\n")
    for off in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert not ESCAPE.search(on_a_terminal(grading(demo), env | off)), off


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252"])
def test_no_console_breaks_the_summary(encoding: str, demo: Path) -> None:
    env = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for more in (["-v"], ["--dry-run"]):
        done = subprocess.run(grading(demo, *more, "--jobs", "1"), env=env, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (1, b"")
        if encoding == "gbk":
            assert "第 1 名  东风街道" in done.stdout.decode("gbk")


class Screen(io.StringIO):
    """A terminal of one line."""

    def isatty(self) -> bool:
        return True

    @property
    def line(self) -> str:
        return left(self.getvalue())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(console, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_progress_shows_after_two_seconds_and_leaves_no_trace(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    progress = console.Progress()
    progress("读取填报表", 1, 900)
    assert screen.getvalue() == ""
    clock[0] = 2.5
    progress("读取填报表", 120, 900)
    assert screen.line == "读取填报表…… 120/900"
    clock[0] = 2.55
    progress("读取填报表", 121, 900)
    assert screen.line == "读取填报表…… 120/900", "ten times a second is enough"
    progress("计分", 0, 1)
    assert screen.getvalue().endswith("\r计分……" + " " * (width("读取填报表…… 120/900") - width("计分……")))
    progress("计分", 1, 1)
    assert screen.line == "" and screen.getvalue().endswith("\r") and "\n" not in screen.getvalue()


def test_progress_is_silent_in_a_pipe(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    progress = console.Progress()
    clock[0] = 60
    progress("读取填报表", 1, 900)
    assert pipe.getvalue() == ""


def test_every_phase_of_a_run_ticks_and_ends(tmp_path: Path) -> None:
    from xfkh import pipeline, publish
    from xfkh.job import Job

    run = Round(tmp_path, {"甲镇": PERFECT, "乙镇": PERFECT})
    seen: list[tuple[str, int, int]] = []
    graded = pipeline.grade(Job([run.returned], run.results), lambda *each: seen.append(each))
    publish.write(graded, run.results, lambda *each: seen.append(each))
    phases = list(dict.fromkeys(what.split()[0] for what, _, _ in seen))
    assert phases[:2] == ["读取填报表", "计分"] and any(each.startswith("写") for each in phases)
    done = [what for what, done, all in seen if done == all]
    assert len(done) == 3 and seen[-1][1] == seen[-1][2], "each phase ends by clearing its line"


# help


def test_help_breaks_no_word_and_no_line_begins_with_a_closing_mark() -> None:
    text = "按名册给每个单位生成一份填报模板（名册.csv），并写 发放清单.xlsx，请保留。“是”或“否”。"
    for columns in range(12, 60):
        lines = console.wrap(text, columns)
        assert all(width(line) <= max(columns, width("发放清单.xlsx，") - 6) for line in lines), columns
        assert not any(line[0] in "，。、）”" for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert any("xlsx" in line for line in lines)
    assert console.wrap("", 20) == [""]


@pytest.mark.parametrize("name", ["", *cli.cli.commands])
def test_help_fits_its_columns(name: str) -> None:
    for columns in (60, 80, 100):
        root = click.Context(cli.cli, info_name="xfkh", terminal_width=columns, **cli.cli.context_settings)
        command = cli.cli.commands[name] if name else cli.cli
        ctx = click.Context(command, info_name=name, parent=root, terminal_width=columns) if name else root
        for line in command.get_help(ctx).split("\n"):
            # an unbreakable path may stand out where a terminal is very narrow
            assert width(line) <= columns or columns == 60, line


def test_the_program_s_help_is_the_year_in_order(said: Run) -> None:
    told = said("--help")
    steps = ("备名册", "发模板", "收　表", "计　分", "复　查", "公　布")
    assert re.findall(r"\n    (\d) ([^ ]{3})", told) == [(str(k), step) for k, step in enumerate(steps, 1)]
    for name in cli.cli.commands:
        assert len(re.findall(rf"\n  {name} +\S", told)) == 1


@pytest.mark.parametrize("name", [name for name, each in cli.cli.whole() if not isinstance(each, console.Group)])
def test_each_help_says_what_is_read_and_written_and_how_it_is_called(name: str, said: Run) -> None:
    told = said(*name.split(), "--help")
    assert "\n  读：" in told and ("\n  写：" in told or "不写文件" in told)
    assert re.search(rf"\n  例：\n    xfkh {name}", told)


def test_the_examples_of_the_help_name_real_options() -> None:
    from xfkh import guide

    text = "\n".join([guide.PROGRAM, *(each.text for each in vars(guide).values() if isinstance(each, guide.Guide))])
    examples = re.findall(r"xfkh (\w+) ([^；，。（\n]*)", text)
    assert len(examples) > 10
    commands = dict(cli.cli.whole())
    for name, rest in examples:
        if isinstance(commands.get(name), console.Group):
            inner, _, rest = rest.partition(" ")
            name = f"{name} {inner}"
        if name not in commands:
            assert name == "命令" or rest.startswith("--"), name
            continue
        known = {each for param in commands[name].params for each in param.opts} | {"--help"}
        assert {word for word in rest.split() if word.startswith("-")} <= known, rest


# names that are typed


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["gradee", "x"], "是否指「grade」？"),
        (["grade", ".", "-o", "结果", "--reveiw", "x"], "是否指「--review」？"),
        (["template", "distrct", "-o", "x"], "是否指「district」？"),
        (["template", "xingyang", "-o", "x"], "是否指「xinyang」？"),
        (["schemes", "distrct"], "是否指「district」？"),
        (["template", "district", "--roster", "名册.csv", "--year", "2025", "-o", "x", "--only", "甲"], "「甲镇」？"),
        (
            ["template", "district", "--roster", "x", "--year", "2025", "-o", "x", "--period", "第一季度"],
            "「第1季度」？",
        ),
        (["template", "district", "--roster", "x", "--year", "2025", "-o", "x", "--period", "十一月"], "「11月」？"),
        (["template", "district", "--roster", "x", "--year", "2025", "-o", "x", "--period", "上半"], "「上半年」？"),
        (["grade", "收回", "-o", "结果", "--set", "分值口经=大项"], "是否指「分值口径」？"),
        (["grade", "收回", "-o", "结果", "--set", "分值口径=大"], "是否指「大项」？"),
        (["grade", "收会", "-o", "结果"], "是否指「收回」？"),
        (["grade", "收回", "-o", "结果", "--review", "复察.csv"], "是否指「复查.csv」？"),
        (["--completion", "powershel"], "是否指「powershell」？"),
    ],
)
def test_the_nearest_name_is_suggested(
    args: list[str], hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Run
) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT})
    run.review()
    monkeypatch.chdir(tmp_path)
    assert hint in said(*args, status=2)
    assert not run.results.exists()


def test_names_that_are_equally_near_are_all_suggested() -> None:
    assert console.nearest("二9", ["二1", "二2", "一1"]) == "，是否指「二1」或「二2」？"
    assert console.nearest("x", ["甲", "乙"]) == "；可用：甲、乙"


@pytest.mark.parametrize("word", ["ledger", "report", "init", "sample"])
def test_a_word_like_no_command_is_answered_with_all_of_them(word: str, said: Run) -> None:
    told = said(word, status=2)
    assert f"没有叫「{word}」的命令；可用：{'、'.join(cli.cli.commands)}\n" in told and "compare" in told


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["--roster", "名册.xlsx", "--year", "2025"], "找不到 名册.xlsx，是否指「名册.csv」？"),
        (["--roster", "名册.csv", "--year", "2025", "--prefill", "预填表.csv"], "是否指「预填.csv」？"),
        (["--roster", "名册.csv", "--year", "2025", "--theme", "名册"], "找不到 名册，是否指「名册.csv」？"),
        (["--roster", "名册.csv", "--year", "2025", "--theme", "主题.csv"], "找不到 主题.csv\n"),
        (["--year", "2025"], "缺少 --roster 名册（"),
        (["--roster", "名册.csv"], "缺少 --year 年度（"),
        ([], "缺少 --roster 名册 和 --year 年度（"),
    ],
)
def test_what_a_template_lacks_is_named_and_a_file_that_is_not_there_suggested(
    args: list[str], hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Run
) -> None:
    Round(tmp_path, {"甲镇": PERFECT})
    monkeypatch.chdir(tmp_path)
    assert hint in said("template", "district", *args, "-o", "再发", status=2)


# explain


def test_a_unit_without_points_is_explained_by_what_keeps_it_out_and_the_remedy(tmp_path: Path, said: Run) -> None:
    run = Round(tmp_path, {f"{name}镇": PERFECT for name in "甲乙丙丁"})
    run.path("乙镇").unlink()
    run.type_in("丙镇", {"推诿次数": 3})
    run.returned.joinpath("丙镇另一份.xlsx").write_bytes(next(run.issued.glob("丙镇_*")).read_bytes())
    run.path("丁镇").write_bytes(template_of(run, "丁镇"))
    run.grade(status=1)
    told = {unit: said("explain", run.results, unit) for unit in ("甲镇", "乙镇", "丙镇", "丁镇")}
    assert "　　[" not in told["甲镇"].split("一1")[0]
    assert told["乙镇"].startswith("乙镇：未报，没有得分\n　　[警告] 还没有交填报表　→ 催报")
    assert told["丙镇"].startswith("丙镇：待定，没有得分\n") and "交来 2 份不同的填报表" in told["丙镇"]
    assert "确认用哪一份" in told["丙镇"]
    assert told["丁镇"].startswith("丁镇：退回，没有得分\n") and "模板是 2024年全年 的" in told["丁镇"]
    assert "请用本次发放的模板填报" in told["丁镇"]
    assert "还没有交填报表" in said("explain", run.results, "乙镇", "一1", status=2)


def template_of(run: Round, unit: str) -> bytes:
    """A unit's form of another year."""
    other = run.folder / "旧"
    assert call("template", "district", "--roster", run.roster, "--year", 2024, "-o", other, "--only", unit) == 0
    return next(other.glob(f"{unit}_*")).read_bytes()


def test_a_unit_that_no_longer_takes_part_is_explained_by_the_decision(tmp_path: Path, said: Run) -> None:
    from xfkh.explain import explained, find_subject

    closed = finding("closed", Source(), "", reason="已过期限", units="甲镇、乙镇").as_json()
    subjects: list[dict[str, Any]] = [
        {"part": "单位", "unit": unit, "person": None, "person_id": None, "state": "未报", "items": {}, "range": None,
         "outcomes": [], "settlement": None, "reviewed": False, "pending": False, "total": None, "rank": None}
        for unit in ("甲镇", "镇")
    ]  # fmt: skip
    (tmp_path / "results.json").write_text(
        json.dumps({"scheme": "district", "subjects": subjects, "findings": [closed], "files": []}), "utf-8"
    )
    assert "已截止收报（已过期限）" in "".join(explained(find_subject(tmp_path, "甲镇")))
    assert explained(find_subject(tmp_path, "镇")) == ["镇：未报，没有得分"]


def test_a_month_is_explained_by_its_caption_and_a_contradiction_by_what_was_written(tmp_path: Path, said: Run) -> None:
    run = Round(tmp_path, {"甲镇": PERFECT})
    run.type_in("甲镇", {"信访信息条数[10]": None, "赴市集访批次": 1, "赴市集访20人以上批次": 3})
    record = run.grade(status=1)
    told = said("explain", run.results, "甲镇")
    assert "信访信息条数10月＝未知" in told and "待核：信访信息条数10月未填" in told and "[10]" not in told
    assert "赴市集访批次＝1，待核（自评：" in told and "部分复查" not in told
    sources = record["subjects"][0]["items"]["四1"]["sources"]
    assert sources["信访信息条数[10]"]["label"] == "信访信息条数10月"
    assert any("信访信息条数10月 没有填" in each["message"] for each in record["findings"])
    told = said("grade", run.returned, "-o", run.results, "--review", run.review({"甲镇": {"推诿次数": 0}}), status=1)
    assert "部分复查，核定 1/" in said("explain", run.results, "甲镇")


def test_explain_suggests_units_items_and_outcomes(demo: Path, said: Run) -> None:
    results = demo / "结果"
    assert "是否指「东风街道」？" in said("explain", results, "东凤街道", status=2)
    assert "是否指「一等奖」？" in said("explain", results, "东风街道", "一等", status=2)
    assert "是否指「二1」" in said("explain", results, "东风街道", "二9", status=2)
    assert "东风街道" in said("explain", results, "没这个", status=2)


def test_an_outcome_or_a_target_is_explained_by_its_id(liaocheng: Path, said: Run) -> None:
    record = json.loads((liaocheng / "results.json").read_text("utf-8"))
    vetoed = next(each for each in record["subjects"] for award in each["outcomes"] if award["id"] == "否决3")
    award = next(each for each in vetoed["outcomes"] if each["id"] == "否决3")
    told = said("explain", liaocheng, vetoed["unit"], "否决3")
    assert told == f"一票否决　否决3　{award['because']}　依据：{award['clause']}\n"
    assert json.loads(said("explain", liaocheng, vetoed["unit"], "否决3", "--json")) == award
    free = next(each for each in record["subjects"] if each["range"] and each["targets"]["四无"] is True)
    assert said("explain", liaocheng, free["unit"], "四无") == "工作目标　四无　达到\n"
    assert json.loads(said("explain", liaocheng, free["unit"], "四无", "--json")) == {"id": "四无", "met": True}
    assert f"{free['unit']} 没有「否决3」" in said("explain", liaocheng, free["unit"], "否决3")
    assert json.loads(said("explain", liaocheng, free["unit"], "否决3", "--json")) == {"id": "否决3", "given": False}
    wrong = said("explain", liaocheng, free["unit"], "二1", status=2)
    assert "没有叫「二1」的工作目标或奖惩（本方案没有指标）" in wrong and "四无" in wrong


def test_the_record_that_explain_gives_is_that_of_the_results(demo: Path, said: Run) -> None:
    record = json.loads((demo / "结果" / "results.json").read_text("utf-8"))
    mine = next(each for each in record["subjects"] if each["unit"] == "东风街道")
    assert json.loads(said("explain", demo / "结果", "东风街道", "--json")) == mine
    assert json.loads(said("explain", demo / "结果", "东风街道", "二1", "--json")) == mine["items"]["二1"]


# schemes


@pytest.mark.parametrize("id", builtin_ids())
def test_a_scheme_tells_what_it_asks_gives_and_lets_set(id: str, said: Run) -> None:
    scheme, told = load(id)[0], said("schemes", id)
    made = json.loads(said("schemes", id, "--json"))
    assert [each["name"] for each in made["parts"]] == [part.name for part in scheme.parts]
    lines = [line.split()[0] if line.split() else "" for line in told.split("\n")]
    for part, given in zip(scheme.parts, made["parts"], strict=True):
        assert [each["id"] for each in given["items"]] == [each.id for each in part.items]
        assert [each["name"] for each in given["inputs"]] == [each.name for each in part.inputs]
        assert [each["id"] for each in given["outcomes"]] == [each.id for each in part.outcomes]
        assert [each["id"] for each in given["targets"]] == [each.id for each in part.targets]
        asked = [each["id"] for kind in ("items", "outcomes", "targets") for each in given[kind]]
        assert set(asked + [each.name for each in part.inputs]) <= set(lines)
    assert all(each.text in told for each in scheme.readings)
    assert all(each.text in told for each in scheme.parameters)
    assert all(value in told for each in scheme.readings for value in each.options)
    assert {each["id"]: each["options"] for each in made["readings"]}.keys() == scheme.settings.keys()


def test_the_columns_of_a_scheme_stand_beneath_each_other(said: Run) -> None:
    rows = [line for line in said("schemes", "district").split("\n") if line.endswith("单位填")]
    assert len(rows) > 40 and len({width(line) for line in rows}) == 1


def test_a_scheme_file_is_told_like_a_built_in_one(tmp_path: Path, said: Run) -> None:
    own = tmp_path / "本县.toml"
    own.write_text(load("district")[0].text.replace('id = "district"', 'id = "own"'), "utf-8")
    assert said("schemes", own).replace("　own　", "　district　") == said("schemes", "district")


# completion


@pytest.fixture
def completed(tmp_path: Path) -> Callable[..., list[str]]:
    """What bash offers for a command line, asked through the script that it sources."""
    program = tmp_path / "bin" / "xfkh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m xfkh "$@"\n')
    program.chmod(0o755)
    env = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    ask = (
        'source <(xfkh --completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        'compopt() { IFS=" "; echo "compopt $*"; }; _xfkh_completion xfkh; printf "%s\\n" "${COMPREPLY[@]}"'
    )

    def complete(*words: str) -> list[str]:
        done = subprocess.run(
            ["bash", "-c", ask, "bash", "xfkh", *words], env=env, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return done.stdout.split("\n")[:-1]

    return complete


@pytest.mark.skipif(not shutil.which("bash") or os.name == "nt", reason="bash is not there")
def test_bash_completes_commands_options_schemes_and_periods(completed: Callable[..., list[str]]) -> None:
    assert completed("") == list(cli.cli.commands)
    assert completed("gr") == ["grade"]
    assert completed("template", "") == builtin_ids()
    assert completed("template", "dis") == ["district"]
    assert completed("schemes", "li") == ["liaocheng-1995"]
    assert completed("template", "district", "--pe") == ["--period", "--persons"]
    assert completed("template", "district", "--period", "第") == [f"第{k}季度" for k in range(1, 5)]
    assert completed("grade", "收回", "--scheme", "x") == ["xinyang"]
    assert completed("template", "我的") == ["compopt -o default", ""]
    assert completed("grade", "") == ["compopt -o dirnames", ""]
    assert completed("nosuch", "--v") == ["--version"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_a_script_that_says_where_to_put_it(shell: str, said: Run) -> None:
    told = said("--completion", shell)
    first, rest = told.split("\n", 1)
    assert first.startswith("# ") and ("存成" in first)
    assert f"{shell}_complete" in rest and "_XFKH_COMPLETE" in rest and "xfkh" in rest


def test_click_gives_the_same_scripts_by_the_variable(monkeypatch: pytest.MonkeyPatch, said: Run) -> None:
    for shell in ("bash", "zsh", "fish", "powershell"):
        ours = said("--completion", shell).split("\n", 1)[1]
        done = subprocess.run(
            [sys.executable, "-m", "xfkh"],
            env=os.environ | {"_XFKH_COMPLETE": f"{shell}_source"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stdout.strip() == ours.strip()


@pytest.mark.parametrize(
    ("words", "word", "offered"),
    [
        (["xfkh", "gr"], "gr", ["grade"]),
        (["xfkh", "template"], "", ["district", "liaocheng-1995", "xinyang"]),
        (["xfkh", "grade", ".\\收回\\", "--re"], "--re", ["--review"]),
        (["xfkh", "grade", "'我 的\\收回'", "--scheme", "x"], "x", ["xinyang"]),
        (["xfkh", "template", "'dis'"], "'dis'", ["district"]),
        (["xfkh", "template", "district", "--period", "第"], "第", [f"第{k}季度" for k in range(1, 5)]),
        (["xfkh", "grade"], "", []),
    ],
)
def test_powershell_is_answered_line_by_line(words: list[str], word: str, offered: list[str]) -> None:
    asked = {"_XFKH_COMPLETE": "powershell_complete", "COMP_WORDS": "\n".join(words), "COMP_CWORD": word}
    done = subprocess.run(
        [sys.executable, "-m", "xfkh"], env=os.environ | asked, capture_output=True, encoding="utf-8", check=True
    )
    lines = [line.split("\t") for line in done.stdout.splitlines() if line]
    assert [each[0] for each in lines] == offered
    assert all(len(each) == 2 and each[1] for each in lines), "a value and what it means"


def test_powershell_s_class_is_loaded_only_for_completion() -> None:
    code = "import sys; from xfkh import cli; cli.run(['schemes', '-h']); print('xfkh.completion' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.endswith("False\n")
