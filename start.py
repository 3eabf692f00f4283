"""一条命令跑起来:python3 start.py demo 或 test(Windows 用 py start.py …)。只用标准库。"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import platform
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

NEEDED = (3, 11)
PIP_TAKING_PYTHON = (22, 3)
RECIPE = "1"  # 安装办法一改就加一,旧的 .venv 随之重建

ROOT = Path(__file__).resolve().parent
PYPROJECT = ROOT / "pyproject.toml"
VENV = ROOT / ".venv"
MARKER = VENV / "start-ready.txt"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BASE_PYTHON: str = getattr(sys, "_base_executable", None) or sys.executable

COMMANDS: dict[str, tuple[list[str], Path | None]] = {
    "demo": (["-m", "xfkh", "demo"], None),
    "test": (["-m", "pytest"], ROOT),
    "bundle": ([str(ROOT / ".ci" / "bundle.py")], None),
}

USAGE = """\
用法:python3 start.py 命令 [参数……](Windows:py start.py 命令 [参数……])

  demo    运行演示(参数原样交给 xfkh demo)
  test    运行测试(参数原样交给 pytest)
  bundle  做离线安装包,如 bundle -o 离线包(选项见 bundle --help)

第一次运行会在本目录下建 .venv 并联网安装依赖,以后直接运行。"""

TOO_OLD = """\
需要 Python {needed} 或更高版本,现在用的是 {found}。
请从 https://www.python.org/downloads/ 安装新版 Python,再用新版运行本程序,
例如 python3.12 start.py demo(Windows:py -3.12 start.py demo)。

Python {needed} or newer is required; this is {found}.
Please install a newer Python from https://www.python.org/downloads/ and run start.py with it,
e.g. python3.12 start.py demo (Windows: py -3.12 start.py demo)."""

NO_VENV = """\
运行环境没有建成:{venv}
请看上面的提示;确认磁盘有空间、本目录可写,关掉正在使用 .venv 的程序后再试。
Debian/Ubuntu 可先执行:sudo apt-get install python3-venv"""

NO_PIP = """\
这台机器的 Python 没有可用的 pip,无法安装依赖。
请先执行:sudo apt-get install python3-venv
然后重新运行本命令。"""

NOT_INSTALLED = """\
依赖没有装上(原因见上面 pip 的提示)。
请检查网络后重新运行本命令;需要代理时先设环境变量 HTTPS_PROXY,
需要镜像时先执行:python3 -m pip config set global.index-url 镜像地址"""


class SetupError(Exception):
    """给人看的安装故障:文字里说明哪里不成、怎样补救。"""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def forgive_console() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def fingerprint() -> list[str]:
    """两行:第一行变了要重建 .venv,只有第二行变了补装即可。"""
    base = f"{RECIPE} {platform.python_version()} {ROOT}"
    return [hashlib.sha256(part).hexdigest() for part in (os.fsencode(base), PYPROJECT.read_bytes())]


def read_marker() -> list[str]:
    if not (VENV_PYTHON.exists() and MARKER.exists()):
        return []
    return MARKER.read_text(encoding="ascii", errors="replace").split()


def has_ensurepip() -> bool:
    spec = importlib.util.find_spec("ensurepip")
    return spec is not None and spec.origin is not None


def venv_command() -> list[str]:
    options = [] if has_ensurepip() else ["--without-pip"]
    return [BASE_PYTHON, "-m", "venv", "--clear", *options, str(VENV)]


def pip_version(python: str) -> tuple[int, ...]:
    command = [python, "-m", "pip", "--version"]
    answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    found = re.match(rb"pip (\d+)\.(\d+)", answer)
    return tuple(map(int, found.groups())) if found else ()


def pip_command() -> list[str]:
    inside = str(VENV_PYTHON)
    if pip_version(inside):
        return [inside, "-m", "pip"]
    if pip_version(BASE_PYTHON) >= PIP_TAKING_PYTHON:
        return [BASE_PYTHON, "-m", "pip", "--python", inside]
    raise SetupError(NO_PIP)


def make_venv() -> None:
    if subprocess.call(venv_command()) != 0:
        raise SetupError(NO_VENV.format(venv=VENV))


def install() -> None:
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_USER": "0"}
    command = [*pip_command(), "install", "--quiet", "-e", ".[test]"]
    if subprocess.call(command, cwd=ROOT, env={**os.environ, **quiet}) != 0:
        raise SetupError(NOT_INSTALLED)


def relink() -> None:
    """可编辑安装留下的绝对路径改成相对路径:UTF-8 写的中文路径会让 GBK 系统上的 Python 起不来。"""
    packages = sysconfig.get_path("purelib", "venv", {"base": str(VENV)})
    relative = os.path.relpath(ROOT, packages).encode("ascii")
    for link in Path(packages).glob("*.pth"):
        link.write_bytes(link.read_bytes().replace(str(ROOT).encode("utf-8", "surrogateescape"), relative))


def precompile() -> None:
    """先编译好字节码:有的机器不许程序运行时写缓存,每次启动都会慢。"""
    subprocess.call([str(VENV_PYTHON), "-m", "compileall", "-qq", "src"], cwd=ROOT)


def prepare() -> None:
    wanted, found = fingerprint(), read_marker()
    if found == wanted:
        return
    say("正在准备运行环境(建 .venv、安装依赖),约需一两分钟,以后不再重复……")
    MARKER.unlink(missing_ok=True)
    if found[:1] != wanted[:1]:
        make_venv()
    install()
    relink()
    precompile()
    MARKER.write_text("\n".join(wanted) + "\n", encoding="ascii")


def follow(command: list[str], cwd: Path | None) -> int:
    """Ctrl+C 由子进程自己处理,这里只等它收尾。"""
    with subprocess.Popen(command, cwd=cwd) as child:
        while True:
            try:
                code = child.wait()
                return code if code >= 0 else 128 - code
            except KeyboardInterrupt:
                continue


def launch(name: str, args: list[str]) -> int:
    prepare()
    module, cwd = COMMANDS[name]
    return follow([str(VENV_PYTHON), *module, *args], cwd)


def guarded(name: str, args: list[str]) -> int:
    try:
        return launch(name, args)
    except KeyboardInterrupt:
        say("已中断;下次运行会接着准备。")
        return 130
    except SetupError as error:
        say(str(error))
    except OSError as error:
        say(f"文件读写或程序启动出错:{error}\n请确认项目目录完整、可写,再重新运行。")
    return 2


def main(argv: list[str]) -> int:
    forgive_console()
    if sys.version_info[:2] < NEEDED:
        say(TOO_OLD.format(needed=dotted(NEEDED), found=dotted(sys.version_info[:3])))
        return 2
    if argv[:1] in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    if not argv or argv[0] not in COMMANDS:
        say(f"没有「{argv[0]}」这个命令。\n\n{USAGE}" if argv else USAGE)
        return 2
    return guarded(argv[0], argv[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
