"""The offline bundle: what its scripts say and how they are written; on this system, installed and used for real.

The .bat files cannot run here: their text is checked, and all they decide themselves is which Python to call.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

CI = Path(__file__).resolve().parent.parent / ".ci"
AMPERSAND = "信访 (一科) & 督查!"


def load(path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{path.stem}_under_test", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setitem(sys.modules, spec.name, module)  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bundle(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return load(CI / "bundle.py", monkeypatch)


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return load(CI / "offline" / "helper.py", monkeypatch)


@pytest.fixture
def targets(bundle: ModuleType) -> list[object]:
    return [bundle.Target(system, python) for system in bundle.SYSTEMS.values() for python in bundle.PYTHONS]


@pytest.fixture
def texts(bundle: ModuleType, targets: list[object], tmp_path: Path) -> Path:
    """The folder of a bundle for every system, without wheels."""
    (tmp_path / bundle.PROGRAM).mkdir()
    bundle.write_texts(tmp_path, targets, bundle.words("0.1.0", targets, None))
    return tmp_path


# --- the texts ----------------------------------------------------------------------------------


def test_all_texts_are_there_and_nothing_is_left_open(texts: Path) -> None:
    names = {each.relative_to(texts).as_posix() for each in texts.rglob("*") if each.is_file()}
    bats = {"安装.bat", "考核.bat", "示范.bat", "命令行.bat"}
    others = {"安装.sh", "考核.sh", "示范.sh", "读我.txt", "程序/helper.py"}
    assert {each for each in names if not each.startswith("手册/")} == bats | others
    for path in texts.iterdir():
        if path.is_file():
            text = path.read_bytes().decode("gbk" if path.suffix == ".bat" else "utf-8")
            assert not re.search(r"@[a-z_]+@", text), path.name


@pytest.mark.parametrize(("platform", "absent"), [("windows-x64", ".sh"), ("linux-arm64", ".bat")])
def test_scripts_of_other_systems_are_left_out(bundle: ModuleType, tmp_path: Path, platform: str, absent: str) -> None:
    only = [bundle.Target(bundle.SYSTEMS[platform], "3.12")]
    (tmp_path / bundle.PROGRAM).mkdir()
    bundle.write_texts(tmp_path, only, bundle.words("0.1.0", only, None))
    assert {each.suffix for each in tmp_path.iterdir()} == {"", ".txt", ".bat", ".sh"} - {absent}


@pytest.mark.parametrize("name", ["安装.bat", "考核.bat", "示范.bat", "命令行.bat"])
def test_bat_is_gbk_with_crlf_and_switches_the_code_page_first(texts: Path, name: str) -> None:
    data = (texts / name).read_bytes()
    assert data.startswith(b"@chcp 936 >nul\r\n@echo off\r\nsetlocal DisableDelayedExpansion\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") and data.endswith(b"\r\n")
    trails = {each.encode("gbk")[1:] for each in data.decode("gbk") if ord(each) > 127}
    assert not trails & {bytes([each]) for each in rb'&|<>^%!"()\@'}, "a byte that cmd could take for its own sign"


@pytest.mark.parametrize("name", ["安装.bat", "考核.bat", "示范.bat", "命令行.bat"])
def test_bat_quotes_every_path_and_jumps_only_to_its_labels(texts: Path, name: str) -> None:
    text = (texts / name).read_bytes().decode("gbk")
    for line in text.splitlines():
        outside = "".join(line.split('"')[::2])
        assert line.count('"') % 2 == 0 or 'cmdcmdline:"=' in line
        assert "%~" not in outside and "%PATH%" not in outside, line
    assert set(re.findall(r"goto (\w+)", text)) <= set(re.findall(r"^:(\w+)\r?$", text, re.M))
    assert "call " not in text, "call expands % a second time"


def test_every_window_stays_open(texts: Path) -> None:
    for path in texts.glob("*.bat"):
        assert re.search(r"^(pause|cmd /k)\r$", path.read_bytes().decode("gbk"), re.M), path.name


def test_txt_is_for_notepad(texts: Path) -> None:
    data = (texts / "读我.txt").read_bytes()
    assert data.startswith("\ufeff".encode()) and data.count(b"\n") == data.count(b"\r\n")


def test_an_installer_of_python_is_spoken_of(bundle: ModuleType, targets: list[object], tmp_path: Path) -> None:
    (tmp_path / bundle.PROGRAM).mkdir()
    bundle.write_texts(tmp_path, targets, bundle.words("0.1.0", targets, Path("python-3.13.exe")))
    for name, coding in (("读我.txt", "utf-8-sig"), ("安装.bat", "gbk")):
        assert "「Python安装程序」" in (tmp_path / name).read_bytes().decode(coding)


def test_sh_is_posix_and_executable(texts: Path) -> None:
    for path in texts.glob("*.sh"):
        data = path.read_bytes()
        assert data.startswith(b"#!/bin/sh\n") and b"\r" not in data and os.access(path, os.X_OK)
        assert subprocess.run(["sh", "-n", path], check=False).returncode == 0


# --- the manual ---------------------------------------------------------------------------------


DOCS = CI.parent / "docs"
PAGES = {each.stem for each in DOCS.glob("*.md")} - {"architecture"}


def targets_of(page: Path) -> list[str]:
    """What a page links to or shows."""
    return [unquote(each) for each in re.findall(r'(?:href|src)="([^"]*)"', page.read_text("utf-8"))]


def test_the_whole_manual_is_there_and_no_link_in_it_is_dead(texts: Path) -> None:
    folder = texts / "手册"
    assert {each.stem for each in folder.glob("*.html")} == PAGES
    seen = set[str]()
    for page in folder.glob("*.html"):
        for target in targets_of(page):
            seen.add(target)
            assert target.startswith("https://") or (folder / target).is_file(), f"{page.name}: {target}"
    assert seen >= {f"图/{each.name}" for each in (DOCS / "图").iterdir()}
    assert seen >= {f"{each}.html" for each in PAGES}


def test_every_link_and_picture_of_the_sources_is_in_the_manual(texts: Path) -> None:
    for name in PAGES:
        source = (DOCS / f"{name}.md").read_text("utf-8")
        wanted = [each.replace(".md", ".html") for each in re.findall(r"\]\(([^)]+)\)", source)]
        assert set(wanted) <= set(targets_of(texts / "手册" / f"{name}.html")), name


def test_the_manual_is_read_as_a_page_and_not_as_its_source(texts: Path) -> None:
    for page in (texts / "手册").glob("*.html"):
        text = page.read_text("utf-8")
        assert '<html lang="zh-CN">' in text and '<meta charset="utf-8">' in text and "<h1>" in text
        shown = re.sub(r"(?s)<(pre|code)\b.*?</\1>", "", text)
        assert not re.search(r"\*\*|!\[|\]\(|^#|\|---|<script|src=\"http", shown, re.M), page.name
    assert "<table>" in (texts / "手册" / "问题代码.html").read_text("utf-8")


def test_a_line_that_goes_on_has_a_space_between_words_only(bundle: ModuleType) -> None:
    assert bundle.html("考核\n单位") == "<p>考核单位</p>\n"
    assert bundle.html("Windows\nx64") == "<p>Windows\nx64</p>\n"


def test_the_folder_and_pages_that_are_spoken_of_are_there(texts: Path) -> None:
    told = (texts / "读我.txt").read_text("utf-8-sig")
    named = re.findall(r"[\w一-鿿]+\.html", told)
    assert "使用手册.html" in named and "「手册」" in told
    assert all((texts / "手册" / each).is_file() for each in named)


# --- the helper ---------------------------------------------------------------------------------


def test_old_python_can_parse_it() -> None:
    ast.parse((CI / "offline" / "helper.py").read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize(
    ("call", "arguments", "meant"),
    [
        (r"C:\Windows\system32\cmd.exe /c D:\包\考核.bat D:\甲&乙\收回", [r"D:\甲"], r"D:\甲&乙\收回"),
        (r"C:\Windows\system32\cmd.exe /c D:\离 线(1)\考核.bat D:\收 回!", [r"D:\收 回!"], r"D:\收 回!"),
        (r"C:\Windows\system32\cmd.exe /c D:\包\考核.bat  ", [""], ""),
        (r"C:\Windows\system32\cmd.exe", [r"D:\收 回"], r"D:\收 回"),
        ("", ["收回"], "收回"),
        ("", [], ""),
    ],
)
def test_the_folder_dropped_on_the_icon(helper: ModuleType, call: str, arguments: list[str], meant: str) -> None:
    assert helper.dropped(call, arguments) == meant


@pytest.mark.parametrize(
    ("name", "word"), [("", "请给出"), ("没有", "找不到"), ("名册.csv", "是文件"), ("结果", "放结果的")]
)
def test_what_is_no_folder_of_returns_gets_a_sentence(
    helper: ModuleType, tmp_path: Path, name: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "名册.csv").touch()
    (tmp_path / "结果").mkdir()
    assert helper.main(["grade", str(tmp_path / name) if name else ""]) == 2
    assert word in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "word"), [(0, "没有要处理的事"), (1, "不是程序出错"), (2, "没有出排名"), (-9, "没有出排名")]
)
def test_the_exit_status_is_explained(
    helper: ModuleType,
    tmp_path: Path,
    status: int,
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    calls: list[tuple[str, ...]] = []

    def run(*arguments: str) -> int:
        calls.append(arguments)
        return status

    folder = tmp_path / AMPERSAND / "收回"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(helper, "run", run)
    assert helper.main(["grade", "."]) == status
    assert calls == [("grade", str(folder), "-o", str(folder.parent / "结果"))]
    assert word in capsys.readouterr().out


def test_a_python_that_does_not_fit_is_told_what_would(
    helper: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "适用.txt").write_text("3.12 win-amd64\n3.13 win-amd64\n", encoding="ascii")
    monkeypatch.setattr(helper, "HERE", tmp_path)
    monkeypatch.setattr(helper, "this_python", lambda: ("3.12", "win-amd64"))
    assert helper.main(["fits"]) == 0
    monkeypatch.setattr(helper, "this_python", lambda: ("3.9", "win32"))
    assert helper.main(["fits"]) == 2
    assert "3.9（win32），用不了；离线包是给 Python 3.12、3.13（win-amd64）做的" in capsys.readouterr().out


# --- what pip leaves out ------------------------------------------------------------------------


def wheel(folder: Path, name: str, *told: str) -> None:
    with zipfile.ZipFile(folder / name, "w") as archive:
        stem = "-".join(name.split("-")[:2])
        archive.writestr(f"{stem}.dist-info/METADATA", "\n".join(["Metadata-Version: 2.1", *told]))


def test_what_only_the_other_system_asks_for_is_missed(bundle: ModuleType, tmp_path: Path) -> None:
    wheel(tmp_path, "xfkh-1.0-py3-none-any.whl", "Requires-Dist: alpha>=2", 'Requires-Dist: beta; extra == "test"')
    wheel(tmp_path, "alpha-2.0-cp312-cp312-win_amd64.whl", 'Requires-Dist: gamma>1; sys_platform == "win32"')
    wheel(
        tmp_path, "alpha-2.0-cp312-cp312-manylinux_2_28_x86_64.whl", 'Requires-Dist: gamma>1; sys_platform == "win32"'
    )
    windows, linux, arm = (bundle.Target(each, "3.12") for each in bundle.SYSTEMS.values())
    assert bundle.missing(tmp_path, linux) == []
    assert bundle.missing(tmp_path, windows) == ["gamma>1"]
    assert bundle.missing(tmp_path, arm) == ["alpha>=2"]
    wheel(tmp_path, "gamma-3.0-py3-none-any.whl", "Requires-Python: >=3.13")
    assert bundle.missing(tmp_path, windows) == ["gamma>1"]
    wheel(tmp_path, "gamma-2.0-py3-none-any.whl", "Requires-Python: >=3.9")
    assert bundle.missing(tmp_path, windows) == []


@pytest.mark.parametrize("argv", [["-o", "x", "--platform", "dos"], [], ["-o", "x", "--python-installer", "没有.exe"]])
def test_wrong_options_make_nothing(
    bundle: ModuleType, argv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bundle.main(argv) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_bundle_is_left_alone(
    bundle: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bundle, "build", lambda _: "0.1.0")
    monkeypatch.setattr(bundle, "fill", None)  # not reached
    (tmp_path / "xfkh-离线包-0.1.0.zip").touch()
    assert bundle.main(["-o", str(tmp_path)]) == 2
    assert "没有动它" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["xfkh-离线包-0.1.0.zip"]


# --- for real -----------------------------------------------------------------------------------


def network_is_missing(pip: list[str], scratch: Path) -> bool:
    """Whether pip gets nothing at all; where the network is required (CI) it is never missing and the test fails."""
    asked = [*pip, "download", "-q", "--no-deps", "--no-cache-dir", "-d", str(scratch), "python-calamine"]
    required = os.environ.get("XFKH_REQUIRE_NETWORK") == "1"
    return not required and subprocess.run(asked, capture_output=True, check=False).returncode != 0


def unpack(archive: Path, folder: Path) -> Path:
    """As unzip does: with the executable bits that the archive carries."""
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            Path(opened.extract(entry, folder)).chmod(entry.external_attr >> 16)
    return folder / archive.stem


def sh(script: Path, *arguments: str) -> tuple[int, str]:
    """A script as an office calls it: no index answers, whatever pip was told."""
    dead = "http://127.0.0.1:9/"
    python = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{python}:{os.environ['PATH']}", "PIP_INDEX_URL": dead, "https_proxy": dead}
    done = subprocess.run(
        [script, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def check_sums(folder: Path) -> None:
    lines = (folder / "校验.txt").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {each.relative_to(folder).as_posix(): each for each in folder.rglob("*") if each.is_file()}
    assert set(sums) == set(found) - {"校验.txt"}
    assert all(hashlib.sha256(found[name].read_bytes()).hexdigest() == digest for name, digest in sums.items())


def check_damage_is_found(folder: Path) -> None:
    victim = next((folder / "程序").glob("click-*.whl"))
    whole = victim.read_bytes()
    victim.write_bytes(whole[:-1])
    code, told = sh(folder / "安装.sh")
    assert code == 2 and f"「程序/{victim.name}」缺失或已损坏" in told
    victim.write_bytes(whole)


@pytest.mark.slow
@pytest.mark.skipif(not sysconfig.get_platform().startswith("linux-"), reason="the .sh scripts are for Linux")
def test_made_installed_and_used_without_network(bundle: ModuleType, tmp_path: Path) -> None:
    if network_is_missing(bundle.pip(), tmp_path / "probe"):
        pytest.skip("no network to download wheels from")
    here = {each.machine: name for name, each in bundle.SYSTEMS.items()}[sysconfig.get_platform()]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert bundle.main(["-o", str(tmp_path / "离线包"), "--platform", here, "--python", python]) == 0
    folder = unpack(next((tmp_path / "离线包").glob("*.zip")), tmp_path / AMPERSAND)
    check_sums(folder)

    assert sh(folder / "考核.sh", str(folder)) == (2, "还没有安装。请先运行 安装.sh。\n")
    check_damage_is_found(folder)
    code, told = sh(folder / "安装.sh")
    assert code == 0 and "装好了" in told, told
    code, told = sh(folder / "示范.sh")
    assert code == 0 and (folder / "示范" / "结果" / "排名.xlsx").is_file(), told

    work = folder.parent / "今年 & 去年"
    for name in ("收回", "发放"):
        shutil.copytree(folder / "示范" / name, work / name)
    code, told = sh(folder / "考核.sh", str(work / "收回"))
    assert code == 1 and "不是程序出错" in told, told
    assert (work / "结果" / "排名.xlsx").is_file() and (work / "结果" / "问题清单.xlsx").is_file()
