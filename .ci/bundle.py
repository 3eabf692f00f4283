"""Makes the offline bundle: wheels for the chosen systems, and scripts that install from them (start.py bundle)."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import click
from markdown_it import MarkdownIt
from markdown_it.token import Token
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

from xfkh.console import Command, safe_streams, say, usage_error

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / ".ci" / "offline"
PROGRAM, INSTALLER = "程序", "Python安装程序"
CHECKSUMS = "校验.txt"
DOCS, MANUAL, PICTURES = ROOT / "docs", "手册", "图"
PYTHONS = ("3.11", "3.12", "3.13")
DAY = (2020, 1, 1, 0, 0, 0)  # the same files make the same zip
GLIBC = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_24", "manylinux_2_17", "manylinux2014")

PAGE = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<nav>{links}</nav>
{body}</body>
</html>
"""
STYLE = """
body { max-width: 60em; margin: 1em auto; padding: 0 1em; color: #222; font: 16px/1.7 "微软雅黑", sans-serif; }
img { max-width: 100%; border: 1px solid #b8c4d2; }
table { border-collapse: collapse; }
td, th { border: 1px solid #b8c4d2; padding: .2em .6em; text-align: left; }
th { background: #eef3f8; }
pre { background: #f3f5f7; padding: .6em 1em; overflow: auto; }
h1, h2, h3, a { color: #1f3a5f; }
"""


class BundleError(Exception):
    """Nothing was made: why, and what to do."""


@dataclass(frozen=True, slots=True)
class System:
    """A kind of machine: its name for people, for Python's sysconfig and for wheels; what markers see there."""

    title: str
    machine: str
    tags: tuple[str, ...]
    markers: dict[str, str]
    scripts: str = ".sh"


def _linux(title: str, arch: str) -> System:
    markers = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": arch}
    return System(title, f"linux-{arch}", tuple(f"{each}_{arch}" for each in GLIBC), markers)


SYSTEMS = {
    "windows-x64": System(
        "Windows 10/11 64 位",
        "win-amd64",
        ("win_amd64",),
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
        ".bat",
    ),
    "linux-x64": _linux("Linux x64", "x86_64"),
    "linux-arm64": _linux("Linux arm64", "aarch64"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """One Python on one system."""

    system: System
    python: str

    def tags(self) -> set[Tag]:
        version = tuple(map(int, self.python.split(".")))
        abi = "cp" + self.python.replace(".", "")
        own = cpython_tags(version, abis=[abi], platforms=self.system.tags)
        return {*own, *compatible_tags(version, abi, platforms=self.system.tags)}

    def environment(self) -> dict[str, str]:
        return {
            **self.system.markers,
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "platform_python_implementation": "CPython",
            "implementation_name": "cpython",
            "extra": "",
        }


def pip() -> list[str]:
    """A pip that runs: of this environment, else of the Python it was made from."""
    for python in (sys.executable, getattr(sys, "_base_executable", sys.executable)):
        command = [python, "-m", "pip"]
        if subprocess.run([*command, "--version"], capture_output=True, check=False).returncode == 0:
            return command
    raise BundleError("这台机器的 Python 没有可用的 pip。请先执行：sudo apt-get install python3-venv")


def call_pip(*arguments: str, failed: str) -> None:
    if subprocess.call([*pip(), *arguments, "--quiet", "--disable-pip-version-check"]) != 0:
        raise BundleError(f"{failed}（原因见上面 pip 的提示）。请检查网络后再试")


def build(wheels: Path) -> str:
    """Builds xfkh's own wheel; returns its version."""
    call_pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(ROOT), failed="xfkh 没有打成安装包")
    _, version, *_ = parse_wheel_filename(next(wheels.glob("xfkh-*.whl")).name)
    return str(version)


def download(wheels: Path, target: Target, requirements: list[str]) -> None:
    platforms = [each for tag in target.system.tags for each in ("--platform", tag)]
    call_pip(
        *("download", "--only-binary=:all:", "--implementation", "cp", "--python-version", target.python, *platforms),
        *("--find-links", str(wheels), "--dest", str(wheels), *requirements),
        failed=f"{target.system.title} Python {target.python} 的依赖没有下载到",
    )


def metadata(wheel: Path) -> tuple[SpecifierSet, list[Requirement]]:
    """What a wheel asks for: a Python, and other packages."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        told = message_from_bytes(archive.read(name))
    return SpecifierSet(told["Requires-Python"] or ""), [
        Requirement(each) for each in told.get_all("Requires-Dist", [])
    ]


def best(wheels: Path, target: Target, requirement: Requirement) -> Path | None:
    """The newest wheel for a requirement that the target can install."""
    fitting = []
    for path in wheels.glob("*.whl"):
        name, version, _, tags = parse_wheel_filename(path.name)
        same = name == canonicalize_name(requirement.name) and version in requirement.specifier
        if same and not tags.isdisjoint(target.tags()) and f"{target.python}.0" in metadata(path)[0]:
            fitting.append((version, path))
    return max(fitting)[1] if fitting else None


def missing(wheels: Path, target: Target) -> list[str]:
    """What the target would ask for in vain.

    pip judges markers such as ``sys_platform == "win32"`` by the machine it runs on, so its own download for another
    system may lack something.
    """
    wanted, seen, lacking = [Requirement("xfkh")], set[Path](), []
    while wanted:
        each = wanted.pop()
        wheel = best(wheels, target, each)
        if wheel is None:
            lacking.append(f"{each.name}{each.specifier}")
        elif wheel not in seen:
            seen.add(wheel)
            needed = metadata(wheel)[1]
            wanted += [one for one in needed if one.marker is None or one.marker.evaluate(target.environment())]
    return lacking


def collect(wheels: Path, targets: list[Target]) -> None:
    """All wheels that the targets need; pip itself in the version that the oldest Python takes."""
    download(wheels, min(targets, key=lambda each: PYTHONS.index(each.python)), ["pip"])
    for target in targets:
        say(f"下载：{target.system.title}　Python {target.python}")
        lacking = [str(next(wheels.glob("xfkh-*.whl")))]
        while lacking:
            download(wheels, target, lacking)
            before, lacking = lacking, missing(wheels, target)
            if lacking == before:
                raise BundleError(f"{target.system.title} Python {target.python} 还缺：{'、'.join(lacking)}")


def words(version: str, targets: list[Target], installer: Path | None) -> dict[str, str]:
    """What the scripts and 读我.txt leave open."""
    pythons = [each for each in PYTHONS if any(target.python == each for target in targets)]
    newest_first = pythons[::-1]
    get_python = (
        f"先运行「{INSTALLER}」文件夹里的安装程序。" if installer else "可请信息部门提供 Python 的官方安装程序。"
    )
    return {
        "@version@": version,
        "@pythons@": "、".join(pythons),
        "@newest_first@": " ".join(newest_first),
        "@names@": " ".join(f"python{each}" for each in newest_first),
        "@platforms@": "、".join(dict.fromkeys(each.system.title for each in targets)),
        "@get_python@": get_python,
    }


def encoded(name: str, text: str) -> bytes:
    """A text as its system reads it: .bat in GBK with CRLF, .txt for Notepad, the rest as it stands."""
    if name.endswith(".bat"):
        return text.replace("\n", "\r\n").encode("gbk")
    if name.endswith(".txt"):
        return text.replace("\n", "\r\n").encode("utf-8-sig")
    return text.encode("utf-8")


def filled(source: Path, filling: dict[str, str]) -> str:
    text = source.read_text(encoding="utf-8")
    for key, value in filling.items():
        text = text.replace(key, value)
    return text


def write_texts(folder: Path, targets: list[Target], filling: dict[str, str]) -> None:
    """The scripts of the systems that the bundle serves, and what there is to read."""
    suffixes = {each.system.scripts for each in targets} | {".txt"}
    texts = {each.name: filled(each, filling) for each in SCRIPTS.iterdir() if each.suffix in suffixes}
    for name, text in texts.items():
        path = folder / name
        path.write_bytes(encoded(name, text))
        path.chmod(0o755 if path.suffix == ".sh" else 0o644)
    shutil.copyfile(SCRIPTS / "helper.py", folder / PROGRAM / "helper.py")
    write_manual(folder / MANUAL)


def write_manual(folder: Path) -> None:
    """The Chinese pages of docs/ with their pictures, for a browser without network."""
    sources = sorted(each for each in DOCS.glob("*.md") if not each.stem.isascii())
    links = "　".join(f'<a href="{each.stem}.html">{each.stem}</a>' for each in sources)
    shutil.copytree(DOCS / PICTURES, folder / PICTURES)
    for each in sources:
        body = html(each.read_text(encoding="utf-8"))
        page = PAGE.format(title=each.stem, style=STYLE, links=links, body=body)
        (folder / f"{each.stem}.html").write_text(page, encoding="utf-8", newline="\n")


def html(text: str) -> str:
    """A page of docs/; what it links to there, it links to as .html."""
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.add_render_rule("softbreak", _softbreak)
    tokens = markdown.parse(text)
    for link in (each for token in tokens for each in token.children or () if each.type == "link_open"):
        target = str(link.attrs["href"])
        if "://" not in target:
            link.attrs["href"] = re.sub(r"\.md(?=#|$)", ".html", target)
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _softbreak(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    """A line that goes on: between Chinese signs there is no space."""
    return "\n" if tokens[at - 1].content[-1:].isascii() and tokens[at + 1].content[:1].isascii() else ""


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def write_checksums(folder: Path) -> None:
    """In the form that ``sha256sum -c`` reads."""
    lines = [
        f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.relative_to(folder).as_posix()}\n"
        for each in files(folder)
    ]
    (folder / CHECKSUMS).write_bytes("".join(lines).encode("utf-8"))


def write_zip(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for each in files(folder):
            entry = zipfile.ZipInfo(f"{folder.name}/{each.relative_to(folder).as_posix()}", DAY)
            entry.create_system = 3  # Unix: the executable bit of .sh travels along
            entry.external_attr = (0o100755 if each.suffix == ".sh" else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_STORED if each.suffix == ".whl" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, each.read_bytes())


def fill(folder: Path, version: str, targets: list[Target], installer: Path | None) -> None:
    """Everything else into a folder that has xfkh's own wheel."""
    collect(folder / PROGRAM, targets)
    served = [f"{each.python} {each.system.machine}\n" for each in targets]
    (folder / PROGRAM / "适用.txt").write_text("".join(served), encoding="ascii")
    write_texts(folder, targets, words(version, targets, installer))
    if installer:
        (folder / INSTALLER).mkdir()
        shutil.copyfile(installer, folder / INSTALLER / installer.name)
    write_checksums(folder)


def make(out: Path, targets: list[Target], installer: Path | None) -> list[Path]:
    """The bundle as a folder and as a zip below ``out``; whole or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".xfkh-", dir=out) as scratch:
        wheels = Path(scratch, "wheels")
        version = build(wheels)
        folder = Path(scratch, f"xfkh-离线包-{version}")
        archive = folder.with_name(f"{folder.name}.zip")
        for path in (folder, archive):
            if (out / path.name).exists():
                raise BundleError(f"已有 {out / path.name}，没有动它。请先删除它，或用 -o 换一个文件夹")
        folder.mkdir()
        wheels.rename(folder / PROGRAM)
        fill(folder, version, targets, installer)
        write_zip(folder, archive)
        return [each.rename(out / each.name) for each in (folder, archive)]


@click.command(
    cls=Command,
    help="做离线安装包（一个文件夹和一个压缩包），给不能上网、没有管理员权限的机器用。做的时候要联网。\n\n"
    "例：python3 start.py bundle -o 离线包/ --platform windows-x64 --python 3.12",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="文件夹", help="写到哪里")
@click.option("--platform", "platforms", type=click.Choice(list(SYSTEMS)), multiple=True, help="只给这种系统，可写多次")
@click.option("--python", "pythons", type=click.Choice(PYTHONS), multiple=True, help="只给这个 Python，可写多次")
@click.option(
    *("--python-installer", "installer"),
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="文件",
    help="把 Python 的安装程序一并放进去",
)
def command(out: Path, platforms: tuple[str, ...], pythons: tuple[str, ...], installer: Path | None) -> None:
    targets = [Target(SYSTEMS[each], python) for each in platforms or SYSTEMS for python in pythons or PYTHONS]
    for path in make(out, targets, installer):
        say(f"已写 {path}")


def main(arguments: list[str]) -> int:
    safe_streams()
    try:
        command.main(arguments, prog_name="start.py bundle", standalone_mode=False)
        return 0
    except click.UsageError as error:
        say(usage_error(error), err=True)
    except BundleError as error:
        say(f"错误：{error}", err=True)
    except OSError as error:
        say(f"错误：读写失败：{error}", err=True)
    except (click.Abort, KeyboardInterrupt):
        say("已中断", err=True)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
