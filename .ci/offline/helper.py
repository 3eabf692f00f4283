"""What the scripts of the offline bundle call: fits, install, grade, demo. Standard library only.

It must parse on a Python that is too old, so that it can say so.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).absolute().parent
BUNDLE = HERE.parent
VENV = BUNDLE / "运行环境"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
DROPPED_ON = "考核.bat "
RESULTS = "结果"

UNFIT = "这里的 Python 是 {found}（{machine}），用不了；离线包是给 Python {pythons}（{machines}）做的。"
DAMAGED = "「{name}」缺失或已损坏，没有安装。请重新复制离线包，再整个解压一次。"
NOT_INSTALLED = """\
没有装好，原因见上面。请确认磁盘有空间、本文件夹可写、路径不太长，关掉正在运行的 xfkh 窗口，再安装一次。"""
INSTALLED = "装好了。先运行「示范」看一遍；以后把收回填报表的文件夹交给「考核」。"
WHICH = "请给出装着收回填报表的文件夹：把它拖到「考核.bat」上（Linux：./考核.sh 文件夹），一次一个。"
A_FILE = "「{path}」是文件，不是文件夹。请把填报表都放进一个文件夹，再拖这个文件夹。"
OWN_RESULTS = "「{path}」是放结果的文件夹。请拖装着收回填报表的文件夹。"
LOST = "找不到文件夹「{path}」。请一次只拖一个文件夹。"

AFTER = {
    0: "计分完成，没有要处理的事。请打开：\n　{out}排名.xlsx　名次和得分\n　{out}奖惩.xlsx　奖惩和依据",
    1: "计分完成。有事要人处理（不是程序出错），请依次打开：\n"
    "　{out}问题清单.xlsx　缺谁、哪一格要改\n"
    "　{out}处理意见.xlsx　要人决定的事（没有这个文件就是没有）\n"
    "　{out}排名.xlsx　现在的名次和得分\n"
    "改好后再计分一次，结果随之更新。",
}
NO_RANKING = "没有出排名，原因见上面。改好后再计分一次。"


def say(text: str) -> None:
    print(text, flush=True)


def this_python() -> tuple[str, str]:
    return f"{sys.version_info[0]}.{sys.version_info[1]}", sysconfig.get_platform()


def offered() -> list[tuple[str, str]]:
    """The Pythons and machines this bundle has files for: ("3.12", "win-amd64") …"""
    lines = (HERE / "适用.txt").read_text(encoding="ascii").splitlines()
    return [(line.split()[0], line.split()[1]) for line in lines]


def fits() -> int:
    """0 where this Python can be used; otherwise says what it is and what the bundle has."""
    found, machine = this_python()
    if (found, machine) in offered():
        return 0
    pythons = "、".join(dict.fromkeys(python for python, _ in offered()))
    machines = "、".join(dict.fromkeys(name for _, name in offered()))
    say(UNFIT.format(found=found, machine=machine, pythons=pythons, machines=machines))
    return 2


def damaged() -> str:
    """The first program file that is not as it was packed; empty where all are."""
    for line in (BUNDLE / "校验.txt").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = BUNDLE / name
        if path.parent == HERE and not (path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest):
            return name
    return ""


def quiet_pip() -> dict[str, str]:
    """The environment without anybody's pip settings: what is installed comes from the bundle alone."""
    own = {name: value for name, value in os.environ.items() if not name.upper().startswith(("PIP_", "PYTHON"))}
    return {**own, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def steps() -> list[list[str]]:
    """A bare environment, then pip out of its own wheel: many a Linux has Python without pip."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    pip = next(HERE.glob("pip-*.whl")) / "pip"
    source = ["--no-index", "--find-links", str(HERE), "--only-binary=:all:"]
    return [
        [base, "-m", "venv", "--clear", "--without-pip", str(VENV)],
        [str(PYTHON), str(pip), "install", "--quiet", *source, "xfkh"],
        [str(PYTHON), "-P", "-m", "xfkh", "--version"],
    ]


def install() -> int:
    name = damaged()
    if name:
        say(DAMAGED.format(name=name))
        return 2
    if fits() != 0:
        return 2
    say("正在安装，约需一两分钟……")
    for command in steps():
        if subprocess.call(command, env=quiet_pip()) != 0:
            say(NOT_INSTALLED)
            return 2
    say(INSTALLED)
    return 0


def dropped(call: str, arguments: list[str]) -> str:
    """The folder that was meant.

    Explorer quotes a dragged path only where it has a space, so that & would cut the argument; the whole line that
    started the .bat (``call``, without its quotes) still has it.
    """
    _, on_icon, rest = call.partition(DROPPED_ON)
    return (rest if on_icon else " ".join(arguments)).strip()


def whole(path: str) -> Path:
    """From the root and without ``..``; a network drive keeps its letter, which ``resolve`` would take away."""
    return Path(os.path.normpath(Path(path).absolute()))


def refusal(path: str) -> str:
    if not path:
        return WHICH
    if not Path(path).exists():
        return LOST.format(path=path)
    if not Path(path).is_dir():
        return A_FILE.format(path=path)
    return OWN_RESULTS.format(path=path) if whole(path).name == RESULTS else ""


def run(*arguments: str) -> int:
    return subprocess.call([sys.executable, "-P", "-m", "xfkh", *arguments])


def grade(arguments: list[str]) -> int:
    path = dropped(os.environ.get("XFKH_CALL", ""), arguments)
    refused = refusal(path)
    if refused:
        say(refused)
        return 2
    folder = whole(path)
    out = folder.parent / RESULTS
    status = run("grade", str(folder), "-o", str(out))
    say("\n" + AFTER.get(status, NO_RANKING).format(out=f"{out}{os.sep}"))
    return status


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    command, rest = arguments[0], arguments[1:]
    try:
        if command == "grade":
            return grade(rest)
        if command == "demo":
            return run("demo", "-o", str(BUNDLE / "示范"))
        return {"fits": fits, "install": install}[command]()
    except KeyboardInterrupt:
        say("已中断。")
    except OSError as error:
        say(f"文件读写或程序启动出错：{error}\n请确认离线包已整个解压、文件夹可写，再试一次。")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
