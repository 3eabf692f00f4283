"""start.py:不联网的快测试。真的 .venv 只建不带 pip 的,安装一步换成假的。"""

from __future__ import annotations

import ast
import importlib.util
import io
import shutil
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "start.py"
SPEAKING_MODULE = "import os, sys\nprint(sys.argv[1:], os.getcwd())\nsys.exit(7)\n"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("start_under_test", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """「信 访」目录里的一份 start.py,旁边有 pyproject.toml,没有 .venv。"""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    root = tmp_path / "信 访"
    root.mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "x"\n', encoding="utf-8")
    return load(Path(shutil.copy(SOURCE, root)))


@pytest.fixture
def steps(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """记下做了哪几步;建环境是真的(不带 pip),安装是假的。"""
    done: list[str] = []
    make_venv = start.make_venv

    def make() -> None:
        done.append("venv")
        make_venv()

    monkeypatch.setattr(start, "has_ensurepip", lambda: False)
    monkeypatch.setattr(start, "make_venv", make)
    monkeypatch.setattr(start, "install", lambda: done.append("install"))
    return done


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """调用者所在的目录,里面有一个会报出参数与所在目录的假 xfkh。"""
    folder = tmp_path / "办公 桌"
    (folder / "xfkh").mkdir(parents=True)
    (folder / "xfkh" / "__main__.py").write_text(SPEAKING_MODULE, encoding="utf-8")
    monkeypatch.setenv("PYTHONUTF8", "1")
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.chdir(folder)
    return folder


def test_old_python_can_parse_it() -> None:
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_old_python_is_told_what_to_install(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as older:
        older.setattr(sys, "version_info", (3, 10, 4, "final", 0))
        code = start.main(["demo"])
    told = capsys.readouterr().err
    assert code == 2
    assert told.index("需要 Python 3.11 或更高版本,现在用的是 3.10.4") < told.index("Python 3.11 or newer")
    assert not start.VENV.exists()


@pytest.mark.parametrize("argv", [[], ["dmeo"], ["--verbose", "demo"]])
def test_usage_for_a_missing_or_unknown_command(
    start: ModuleType, argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert start.main(argv) == 2
    told = capsys.readouterr()
    assert "用法:python3 start.py" in told.err and told.out == ""
    assert all(f"没有「{name}」" in told.err for name in argv[:1])


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help(start: ModuleType, flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main([flag]) == 0
    assert "用法:python3 start.py" in capsys.readouterr().out


def test_demo_runs_where_the_caller_is_and_hands_back_the_code(
    start: ModuleType, steps: list[str], desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert start.main(["demo", "--到", "a b", "-h"]) == 7
    assert capfd.readouterr().out.strip() == f"['demo', '--到', 'a b', '-h'] {desk.resolve()}"
    assert steps == ["venv", "install"]


def test_pytest_runs_in_the_project(
    start: ModuleType, steps: list[str], desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (start.ROOT / "pytest.py").write_text(SPEAKING_MODULE, encoding="utf-8")
    assert start.main(["test", "-k", "甲 or 乙"]) == 7
    assert capfd.readouterr().out.strip() == f"['-k', '甲 or 乙'] {start.ROOT}"


def test_bundle_is_the_projects_script_and_runs_where_the_caller_is(
    start: ModuleType, steps: list[str], desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (start.ROOT / ".ci").mkdir()
    (start.ROOT / ".ci" / "bundle.py").write_text(SPEAKING_MODULE, encoding="utf-8")
    assert start.main(["bundle", "-o", "离线 包"]) == 7
    assert capfd.readouterr().out.strip() == f"['-o', '离线 包'] {desk.resolve()}"


def test_second_call_installs_nothing(start: ModuleType, steps: list[str]) -> None:
    start.prepare()
    start.prepare()
    assert steps == ["venv", "install"]


def test_changed_pyproject_is_installed_into_the_same_venv(start: ModuleType, steps: list[str]) -> None:
    start.prepare()
    start.PYPROJECT.write_text("[project]\n", encoding="utf-8")
    start.prepare()
    start.prepare()
    assert steps == ["venv", "install", "install"]


@pytest.mark.parametrize("change", ["python", "recipe"])
def test_other_python_or_recipe_rebuilds(
    start: ModuleType, steps: list[str], change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start.prepare()
    if change == "python":
        monkeypatch.setattr(start.platform, "python_version", lambda: "3.99.0")
    else:
        monkeypatch.setattr(start, "RECIPE", start.RECIPE + "+")
    start.prepare()
    assert steps == ["venv", "install"] * 2


@pytest.mark.parametrize("damage", ["no marker", "no python", "garbled marker"])
def test_half_made_venv_is_rebuilt(start: ModuleType, steps: list[str], damage: str) -> None:
    start.prepare()
    if damage == "garbled marker":
        start.MARKER.write_bytes(b"\xff\xfe")
    else:
        (start.MARKER if damage == "no marker" else start.VENV_PYTHON).unlink()
    leftover = start.VENV / "leftover"
    leftover.touch()
    start.prepare()
    assert steps == ["venv", "install"] * 2
    assert not leftover.exists()


def test_interrupted_install_is_started_afresh(
    start: ModuleType, steps: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start.prepare()
    start.PYPROJECT.write_text("[project]\n", encoding="utf-8")

    def interrupted() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(start, "install", interrupted)
        assert start.main(["demo"]) == 130
    assert "已中断" in capsys.readouterr().err
    start.prepare()
    assert steps == ["venv", "install"] * 2


def test_editable_links_become_relative(start: ModuleType, steps: list[str]) -> None:
    start.prepare()
    packages = Path(start.sysconfig.get_path("purelib", "venv", {"base": str(start.VENV)}))
    link = packages / "_x.pth"
    link.write_text(f"{start.ROOT / 'src'}\n", encoding="utf-8")
    start.relink()
    text = link.read_text(encoding="ascii").strip()
    assert (packages / text).resolve() == start.ROOT / "src"


@pytest.mark.parametrize(
    ("spec", "present"),
    [
        (None, False),
        (ModuleSpec("ensurepip", None), False),  # 卸载后剩下的空目录
        (ModuleSpec("ensurepip", None, origin="__init__.py"), True),
    ],
)
def test_ensurepip_is_looked_for(
    start: ModuleType, spec: ModuleSpec | None, present: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as looking:
        looking.setattr(start.importlib.util, "find_spec", lambda _: spec)
        assert start.has_ensurepip() is present


@pytest.mark.parametrize(("ensurepip", "bare"), [(True, False), (False, True)])
def test_venv_goes_without_pip_only_when_it_must(
    start: ModuleType, ensurepip: bool, bare: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "has_ensurepip", lambda: ensurepip)
    command = start.venv_command()
    assert command[:3] == [start.BASE_PYTHON, "-m", "venv"] and command[-1] == str(start.VENV)
    assert ("--without-pip" in command) is bare


def give_pip(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, inside: tuple[int, ...], outside: tuple[int, ...]
) -> None:
    versions = {str(start.VENV_PYTHON): inside, start.BASE_PYTHON: outside}
    monkeypatch.setattr(start, "pip_version", versions.__getitem__)


def test_pip_of_the_venv_comes_first(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    give_pip(start, monkeypatch, inside=(21, 0), outside=(25, 0))
    assert start.pip_command() == [str(start.VENV_PYTHON), "-m", "pip"]


def test_pip_of_the_machine_serves_a_bare_venv(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    give_pip(start, monkeypatch, inside=(), outside=(22, 3))
    assert start.pip_command() == [start.BASE_PYTHON, "-m", "pip", "--python", str(start.VENV_PYTHON)]


@pytest.mark.parametrize("outside", [(), (22, 2)])
def test_no_usable_pip_names_the_package(
    start: ModuleType,
    outside: tuple[int, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    give_pip(start, monkeypatch, inside=(), outside=outside)
    monkeypatch.setattr(start, "has_ensurepip", lambda: False)
    assert start.main(["demo"]) == 2
    assert "sudo apt-get install python3-venv" in capsys.readouterr().err
    assert not start.MARKER.exists()


@pytest.mark.parametrize(
    ("answer", "version"), [("pip 23.2.1 from 信访 (python 3.11)", (23, 2)), ("", ()), ("No module", ())]
)
def test_pip_version(start: ModuleType, answer: str, version: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, 0, stdout=answer.encode("gbk"))

    monkeypatch.setattr(start.subprocess, "run", run)
    assert start.pip_version("python") == version


@pytest.mark.parametrize(("failing", "word"), [("venv", "运行环境没有建成"), ("install", "依赖没有装上")])
def test_failed_setup_says_how_to_mend(
    start: ModuleType,
    failing: str,
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    give_pip(start, monkeypatch, inside=(23, 0), outside=())
    seen: list[dict[str, object]] = []

    def call(command: list[str], **options: object) -> int:
        seen.append(options)
        return int(failing in command)

    monkeypatch.setattr(start.subprocess, "call", call)
    assert start.main(["test"]) == 2
    assert word in capsys.readouterr().err
    assert failing == "venv" or seen[-1]["cwd"] == start.ROOT


def test_incomplete_project_is_no_traceback(start: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    start.PYPROJECT.unlink()
    assert start.main(["demo"]) == 2
    assert "pyproject.toml" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_console_never_dies_on_a_character(start: ModuleType, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding) as console:
        monkeypatch.setattr(sys, "stderr", console)
        assert start.main(["𠮷🙂"]) == 2
        told = raw.getvalue().decode(encoding)
        monkeypatch.undo()
    assert "「??」" in told or encoding == "ascii"
    assert "python3 start.py" in told


@pytest.mark.parametrize(("ended", "code"), [(0, 0), (5, 5), (-9, 137)])
def test_ctrl_c_waits_for_the_child_and_its_code(
    start: ModuleType, ended: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Child:
        def __init__(self, *_: object, **__: object) -> None:
            self.presses = 2

        def __enter__(self) -> Child:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def wait(self) -> int:
            if self.presses:
                self.presses -= 1
                raise KeyboardInterrupt
            return ended

    monkeypatch.setattr(start.subprocess, "Popen", Child)
    assert start.follow(["demo"], None) == code
