"""What is made in docs/ is what the present program makes."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from xfkh import cli

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def make() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "make.py"))


def test_the_made_pages_are_current(make: dict[str, Any]) -> None:
    assert make["stale"]() == [], "run: python docs/make.py"


def test_a_page_that_is_not_as_it_would_be_made_is_told(
    make: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "命令.md"
    monkeypatch.setitem(make["stale"].__globals__, "pages", lambda: {page: make["commands_page"]})
    assert make["main"](["--check"]) == 1 and not page.exists()
    assert make["main"]([]) == 0
    assert make["main"](["--check"]) == 0
    page.write_text(page.read_text("utf-8").replace("--roster", "--rooster"), "utf-8")
    assert make["main"](["--check"]) == 1


def test_the_reference_has_every_command_and_option() -> None:
    text = (DOCS / "命令.md").read_text("utf-8")
    for name, command in cli.cli.commands.items():
        assert f"\n## xfkh {name}\n" in text
        section = text.partition(f"\n## xfkh {name}\n")[2].partition("\n## ")[0]
        for option in (each for param in command.params for each in param.opts if each.startswith("-")):
            assert option in section, f"{name} {option}"


# --- the manual ---------------------------------------------------------------------------------------


MANUAL = (DOCS / "使用手册.md").read_text("utf-8")
NEXT_YEAR = "xfkh template liaocheng-1995"


def manual_commands() -> list[str]:
    """The commands of the manual that stand on lines of their own, in their order."""
    return [line.strip() for line in MANUAL.splitlines() if re.match(" {4,}xfkh ", line)]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the manual has it: a roster, a theme, and what came back."""
    from xfkh.samples import make_sample

    folder = tmp_path_factory.mktemp("office") / "办公室 一"
    sample = make_sample("district", folder.parent / "示范").out.parent
    folder.mkdir()
    for name in ("名册.csv", "复查.csv"):
        (folder / name).write_bytes((sample / name).read_bytes())
    (folder / "主题.csv").write_text("项目,内容\n名称,某某区联席办\n主色,墨绿\n", "utf-8")
    shutil.copytree(sample / "收回", folder / "收回")
    return folder


def test_the_commands_of_the_manual_work_in_their_order(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office)
    commands = [each for each in manual_commands() if not each.startswith("xfkh --completion")]
    mine = commands[: commands.index(next(each for each in commands if each.startswith(NEXT_YEAR)))]
    assert len(mine) >= 10
    for command in mine:
        assert cli.run(shlex.split(command)[1:]) in (0, 1), command
    assert (office / "结果" / "排名.xlsx").is_file() and (office / "xfkh-demo" / "结果" / "排名.xlsx").is_file()


def test_the_commands_for_the_scheme_without_items_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They need last year's result: here that of the year before, graded first."""
    from xfkh.samples import make_sample

    job = make_sample("liaocheng-1995", tmp_path / "样")
    monkeypatch.chdir(tmp_path / "样")
    assert cli.run(["grade", "收回", "-o", "上年结果", "--review", "复查.csv"]) == 1
    commands = manual_commands()
    first = next(k for k, each in enumerate(commands) if each.startswith(NEXT_YEAR))
    for command in commands[first : first + 2]:
        assert cli.run(shlex.split(command)[1:]) in (0, 1), command
    assert job.out.joinpath("排名.xlsx").is_file()


def test_every_option_that_the_manual_names_exists() -> None:
    known = {option for command in cli.cli.commands.values() for param in command.params for option in param.opts}
    known |= {option for param in cli.cli.params for option in param.opts} | {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", MANUAL)) - known == set()


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.stem)
def test_what_a_page_points_to_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_every_picture_is_used_and_is_a_picture() -> None:
    pictures = sorted((DOCS / "图").glob("*"))
    assert len(pictures) >= 6
    for path in pictures:
        assert f"(图/{path.name})" in MANUAL, path
        assert path.read_bytes().startswith(b"\x89PNG"), path


def test_the_readme_names_commands_that_exist() -> None:
    readme = (DOCS.parent / "README.md").read_text("utf-8")
    named = set(re.findall(r"^    xfkh ([a-z]+)", readme, re.MULTILINE))
    assert named and named <= set(cli.cli.commands)
