"""A room imports only from the floors below it; neighbours on a floor do not import each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "xfkh"
FLOORS = [
    {"model", "text", "privacy"},
    {"findings", "console", "workers", "guide", "completion"},
    {"formula"},
    {"rules"},
    {"workbook"},
    {"scheme", "answers", "intake", "slips"},
    {"results", "recorded", "theme"},
    {"template", "receive", "review", "score", "outcomes", "decisions", "outline", "carry", "compare", "kept"},
    {"report", "tamper", "assess", "mended", "explain", "trial"},
    {"remarks", "job"},
    {"pipeline"},
    {"publish"},
    {"samples", "summary"},
    {"cli"},
    {"__main__"},
]
FLOOR = {room: k for k, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The rooms that a file imports, with the line."""
    package = path.relative_to(SOURCE).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            for name in names:
                yield (*base, *name.split("."))[0], node.lineno
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xfkh."):
            yield (node.module or "").split(".")[1], node.lineno


def test_every_room_has_a_floor() -> None:
    rooms = {room_of(path) for path in SOURCE.rglob("*.py")} - {"__init__"}
    assert rooms == set(FLOOR)


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_room_imports_only_from_below(path: Path) -> None:
    own = room_of(path)
    for room, line in imports(path):
        if room != own and room in FLOOR:
            assert FLOOR[room] < FLOOR[own], f"{path.name}:{line} imports {room}"


def test_heavy_libraries_are_not_imported_by_the_command_line() -> None:
    import subprocess
    import sys

    heavy = "('pandas', 'numpy', 'openpyxl', 'xlsxwriter', 'lark')"
    code = f"import sys, xfkh.cli; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
