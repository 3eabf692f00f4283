"""Scheme files → Scheme: find one by id or path, read it, check it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from importlib import resources
from pathlib import Path

from ..findings import Finding, Level
from ..model import Scheme, Source
from ..rules import rule_checks
from .build import Builder
from .check import check
from .conditions import Condition, conditions, outcome_names, targets, total_of, within

__all__ = [
    "Condition",
    "SchemeError",
    "builtin_ids",
    "builtins",
    "check",
    "conditions",
    "load",
    "outcome_names",
    "read_text",
    "targets",
    "total_of",
    "within",
]


class SchemeError(Exception):
    """A scheme that cannot be used; ``findings`` say why."""

    def __init__(self, message: str, findings: list[Finding] | None = None) -> None:
        super().__init__(message)
        self.findings = findings or []


def builtin_ids() -> list[str]:
    """The ids of the schemes that come with the program."""
    folder = resources.files("xfkh") / "schemes"
    return sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml"))


def builtins() -> Iterator[Scheme]:
    return (load(each)[0] for each in builtin_ids())


def load(name: str) -> tuple[Scheme, list[Finding]]:
    """The scheme of a built-in id or a path, with the notes of its check.

    Raises SchemeError where there is none or it has errors.
    """
    path = Path(name)
    if path.suffix.lower() == ".toml" or path.is_file():
        if not path.is_file():
            raise SchemeError(f"找不到方案文件：{path}")
        return read_text(_decoded(path), Source(path.name))
    if name not in builtin_ids():
        import difflib

        near = difflib.get_close_matches(name, builtin_ids(), 1)
        hint = f"，是否指「{near[0]}」？" if near else "；"
        raise SchemeError(f"没有叫「{name}」的方案{hint}可用：{'、'.join(builtin_ids())}，或方案文件的路径")
    text = (resources.files("xfkh") / "schemes" / f"{name}.toml").read_text("utf-8")
    return read_text(text, Source(f"{name}.toml"))


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith(b"PK"):
        raise SchemeError(f"{path.name} 是工作簿；这个版本只读 TOML 写的方案")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SchemeError(f"{path.name} 不是 UTF-8 编码，请用 UTF-8 另存") from None


def read_text(text: str, source: Source = Source()) -> tuple[Scheme, list[Finding]]:
    """The scheme of a TOML text. Raises SchemeError where it has errors."""
    text = text.replace("\r\n", "\n")
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"{source.file} 不是有效的 TOML：{error}") from None
    builder = Builder(source)
    scheme = builder.scheme(tables, text, hashlib.sha256(text.encode()).hexdigest())
    if not scheme.parts:
        builder.wrong("文件", "part", "没有考核部分 [[part]]")
    findings = builder.findings + check(scheme, source)
    if any(each.level is Level.ERROR for each in findings):
        raise SchemeError(f"方案 {source.file} 有错误，不能使用", findings)
    parts = tuple(replace(part, checks=(*part.checks, *rule_checks(scheme, part))) for part in scheme.parts)
    return replace(scheme, parts=parts), findings
