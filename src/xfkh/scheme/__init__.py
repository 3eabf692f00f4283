"""Scheme files → Scheme: find one by id or path, read it, check it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from ..console import meant, near
from ..findings import Finding, Level, finding
from ..model import Scheme, Source
from ..rules import rule_checks
from ..text import CELL_LIMIT, clean
from .build import Builder
from .check import check
from .conditions import (
    Condition,
    apart_of,
    beyond,
    conditions,
    last_of,
    outcome_names,
    standings,
    targets,
    total_of,
    within,
)
from .places import Places

__all__ = [
    "Condition",
    "Examined",
    "Places",
    "SchemeError",
    "apart_of",
    "beyond",
    "builtin_ids",
    "builtin_text",
    "builtins",
    "check",
    "conditions",
    "examine",
    "example_text",
    "in_force",
    "last_of",
    "load",
    "outcome_names",
    "read_text",
    "standings",
    "tables_of",
    "targets",
    "text_of",
    "total_of",
    "within",
]


def in_force(scheme: Scheme, year: str) -> list[Finding]:
    """Says where a scheme began after the year that is assessed, or ended before it."""
    when = ""
    if scheme.effective and scheme.effective[:4] > year:
        when = f"{scheme.effective} 起施行"
    elif scheme.until and scheme.until[:4] < year:
        when = f"到 {scheme.until} 为止"
    if not when or not year:
        return []
    return [finding("scheme-force", Source(), title=scheme.title, when=when, year=year)]


_NO_SCHEME = "不是方案文件：方案应当是 .xlsx 工作簿或 .toml 文件"


class SchemeError(Exception):
    """A scheme that cannot be used; ``findings`` say why."""

    def __init__(self, message: str, findings: list[Finding] | None = None) -> None:
        super().__init__(message)
        self.findings = findings or []


def builtin_ids() -> list[str]:
    """The ids of the schemes that come with the program."""
    folder = resources.files("xfkh") / "schemes"
    return sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml"))


def title_of(id: str) -> str:
    """What people call a scheme of which only the id is known: the title of a built-in one; empty for another."""
    if id not in builtin_ids():
        return ""
    return str(tomllib.loads(builtin_text(id))["scheme"]["title"])


def builtins() -> Iterator[Scheme]:
    return (load(each)[0] for each in builtin_ids())


@dataclass(frozen=True, slots=True)
class Examined:
    """A scheme as it was read, with everything found about it and where each thing of it stands; ``usable``: without
    errors."""

    scheme: Scheme
    findings: list[Finding]
    places: Places

    @property
    def usable(self) -> bool:
        return all(each.level is not Level.ERROR for each in self.findings)


def load(name: str) -> tuple[Scheme, list[Finding]]:
    """The scheme of a built-in id or a path, with the notes of its check.

    Raises SchemeError where there is none or it has errors.
    """
    return _usable(examine(name))


def examine(name: str) -> Examined:
    """The same, errors and all. Raises SchemeError where there is no scheme that could be read at all."""
    path = Path(name)
    if path.suffix.lower() in (".toml", ".xlsx") or path.is_file():
        if not path.is_file():
            raise SchemeError(f"找不到方案文件：{path}")
        return _file(path)
    return _text(builtin_text(name), Source(f"{name}.toml"))


def builtin_text(name: str) -> str:
    """The TOML form of a built-in scheme. Raises SchemeError."""
    if name not in builtin_ids():
        hint = meant(near(name, builtin_ids())) or "；"
        raise SchemeError(f"没有叫「{name}」的方案{hint}可用：{'、'.join(builtin_ids())}，或方案文件的路径")
    return (resources.files("xfkh") / "schemes" / f"{name}.toml").read_text("utf-8")


def example_text() -> str:
    """The TOML form of the example from which an own scheme is written: each kind of rule once."""
    return (resources.files("xfkh") / "scheme" / "example.toml").read_text("utf-8")


def text_of(name: str) -> str:
    """The TOML form of a scheme. Raises SchemeError as ``load`` does."""
    return load(name)[0].text


def read_text(text: str, source: Source = Source()) -> tuple[Scheme, list[Finding]]:
    """The scheme of a TOML text. Raises SchemeError where it has errors."""
    return _usable(_text(text, source))


def _usable(found: Examined) -> tuple[Scheme, list[Finding]]:
    if not found.usable:
        raise SchemeError(f"方案 {found.places.source.file} 有错误，不能使用", found.findings)
    return found.scheme, found.findings


def _file(path: Path) -> Examined:
    data = path.read_bytes()
    if not data.strip():
        raise SchemeError(
            f"{path.name} 是空的（{len(data)} 字节），里面没有方案：重新拿一份，或用 xfkh scheme new 新建"
        )
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _workbook(data, path.name)
    try:
        return _text(data.decode("utf-8-sig"), Source(path.name))
    except UnicodeDecodeError:
        if path.suffix.lower() not in (".toml", ".xlsx"):
            raise SchemeError(f"{path.name} {_NO_SCHEME}") from None
        raise SchemeError(f"{path.name} 不是工作簿，也不是 UTF-8 编码的 TOML，请另存") from None


def _workbook(data: bytes, file: str) -> Examined:
    """Its TOML form is what a TOML file of it would hold."""
    import tomli_w

    from ..workbook.open import read_any
    from ..workbook.read import ReadError
    from .sheets import read_sheets

    try:
        tables, findings, whole = read_sheets(read_any(data), file)
    except ReadError:
        raise SchemeError(f"{file} 不是可读的工作簿，请用 WPS 或 Excel 打开、另存为 .xlsx") from None
    found = _examined(tables, _stored(tomli_w.dumps(tables), Source(file)), Source(file), findings)
    # where a sheet or its first column is not there, everything else would only be said of that
    return found if whole else replace(found, findings=findings, places=replace(found.places, whole=False))


def tables_of(text: str, source: Source = Source()) -> dict[str, Any]:
    """The tables of a TOML text. Raises SchemeError."""
    try:
        return tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"{source.file} {_not_toml(source.file, str(error))}") from None


def _not_toml(file: str, error: str) -> str:
    """Why a text cannot be read, in Chinese: of the parser's sentence only the place is of use."""
    if Path(file).suffix.lower() not in ("", ".toml"):
        return _NO_SCHEME
    place = re.search(r"line (\d+), column (\d+)", error)
    where = f"第 {place[1]} 行第 {place[2]} 列起" if place else "末尾"
    return f"{where}不是有效的 TOML：请检查引号、等号、括号是否成对，同一个名字有没有写两遍"


def _text(text: str, source: Source) -> Examined:
    text = _stored(text, source)
    return _examined(tables_of(text, source), text, source, [])


def _stored(text: str, source: Source) -> str:
    """The text as an 发放清单 can keep it, a line a cell, and gives it back to the letter."""
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > CELL_LIMIT // 2:
            raise SchemeError(f"{source.file} 第 {number} 行太长（超过 {CELL_LIMIT // 2:,} 个字），请分成几行")
    return "\n".join(map(clean, lines)) + "\n"


def _examined(tables: Mapping[str, Any], text: str, source: Source, said: list[Finding]) -> Examined:
    builder = Builder(source)
    scheme = builder.scheme(tables, text, hashlib.sha256(text.encode()).hexdigest())
    if not scheme.parts:
        builder.wrong("方案", "指标", "各表都是空的，一项也没有写")
    found = Examined(scheme, said + builder.findings + check(scheme, builder.places), builder.places)
    if found.usable:
        parts = tuple(replace(part, checks=(*part.checks, *rule_checks(scheme, part))) for part in scheme.parts)
        found = replace(found, scheme=replace(scheme, parts=parts))
    return found
