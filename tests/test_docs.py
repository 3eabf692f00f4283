"""What is made in docs/ is what the present program makes."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.rounds import sample_of
from xfkh import cli
from xfkh.findings import CATALOGUE
from xfkh.intake import SECONDS
from xfkh.intake.files import SIZE_LIMIT
from xfkh.kept import STAGE, UNDONE
from xfkh.workbook.package import LIMITS
from xfkh.workbook.read import SHEETS

from .test_floors import FLOOR

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
    for name, command in cli.cli.whole():
        assert f"\n## xfkh {name}\n" in text
        section = text.partition(f"\n## xfkh {name}\n")[2].partition("\n## ")[0]
        for option in (each for param in command.params for each in param.opts if each.startswith("-")):
            assert option in section, f"{name} {option}"


# --- the codes of the findings ------------------------------------------------------------------------


def test_no_two_findings_have_one_number_and_every_number_has_a_group(make: dict[str, Any]) -> None:
    numbers = [entry.number for entry in CATALOGUE.values()]
    assert [each for each, count in Counter(numbers).items() if count > 1] == []
    assert [each for each in numbers if not re.fullmatch(r"\D\d\d", each)] == []
    assert {each[0] for each in numbers} == set(make["told"]()["groups"])


def test_the_page_of_codes_has_each_once_sorted_beneath_its_group() -> None:
    text = (DOCS / "问题代码.md").read_text("utf-8")
    listed = re.findall(r"^## (\S)　|^\| (\D\d\d) \| (\S+) \|", text, re.MULTILINE)
    groups = dict[str, list[str]]()
    for sign, number, level in listed:
        if sign:
            group = groups[sign] = []
        else:
            group.append(number)
            entries = [entry for entry in CATALOGUE.values() if entry.number == number]
            assert level in [f"{entry.level}{'，可豁免' * bool(entry.waiver)}" for entry in entries]
    assert all(
        found and found == sorted(found) and {each[0] for each in found} == {sign} for sign, found in groups.items()
    )
    assert sorted(each for found in groups.values() for each in found) == sorted(e.number for e in CATALOGUE.values())


def test_what_is_explained_of_a_code_is_of_one_that_exists(make: dict[str, Any]) -> None:
    told, entries = make["told"](), {entry.number: entry for entry in CATALOGUE.values()}
    assert set(told["notes"]) - set(entries) == set()
    for number, own in told["words"].items():
        if isinstance(own, dict):
            assert set(own) <= set(re.findall(r"\{(\w+)\}", entries[number].what + entries[number].mend)), number


def test_no_message_is_shown_with_a_name_that_only_the_program_knows(make: dict[str, Any]) -> None:
    page = make["codes_page"]()
    assert re.findall(r"[{}]|〔…〕|〔\w*[A-Za-z_]\w*〕", page) == []


def test_the_codes_are_linked_from_where_clerks_read() -> None:
    assert "(问题代码.md)" in MANUAL
    assert "docs/问题代码.md" in (DOCS.parent / "README.md").read_text("utf-8")


# --- the manual ---------------------------------------------------------------------------------------


MANUAL = (DOCS / "使用手册.md").read_text("utf-8")
NEXT_YEAR = "xfkh template liaocheng-1995"


def manual_commands() -> list[str]:
    """The commands of the manual that stand on lines of their own, in their order."""
    return [line.strip() for line in MANUAL.splitlines() if re.match(" {4,}xfkh ", line)]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the manual has it: a roster, a theme, and what came back."""
    folder = tmp_path_factory.mktemp("office") / "办公室 一"
    sample = sample_of("district", folder.parent / "示范").out.parent
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
    job = sample_of("liaocheng-1995", tmp_path / "样")
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


def test_the_limits_in_the_manual_are_those_of_the_program() -> None:
    said = [
        f"一个文件不超过 {SIZE_LIMIT // 2**20} MB",
        f"最多 {LIMITS.members} 个文件，展开后共不超过 {LIMITS.total // 2**20} MB",
        f"最多 {SHEETS} 张工作表",
        f"读一个文件超过 {SECONDS} 秒",
        f"“{UNDONE}”",
        f"`{STAGE}`",
    ]
    assert [each for each in said if each not in MANUAL] == []


def test_the_tests_that_the_architecture_names_are_there() -> None:
    named = re.findall(r"`(test_\w+\*?)`", (DOCS / "architecture.md").read_text("utf-8"))
    assert len(named) > 20
    assert [each for each in named if not list(Path(__file__).parent.glob(f"{each}.py"))] == []


def test_the_rooms_in_contributing_are_those_of_the_floors() -> None:
    rows = re.findall(r"^\| \d[\d–]* \| (.*?) \|", (DOCS.parent / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    told = [room for row in rows for room in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(FLOOR.keys() - {"__main__"})
    assert [FLOOR[room] for room in told] == sorted(FLOOR[room] for room in told)


README = (DOCS.parent / "README.md").read_text("utf-8")


def test_the_readme_begins_with_all_that_a_clerk_needs_in_chinese() -> None:
    chinese = README.partition("## For developers")[0]
    assert chinese != README and "python3 start.py test" in README
    assert not re.findall(r"(?:\b[a-z]{2,} ){4,}", re.sub(r"`[^`]*`", "", chinese))
    named = (
        "python3 start.py demo",
        "示范.bat",
        "考核.bat",
        "xfkh template",
        "xfkh grade",
        "xfkh explain",
        "问题清单.xlsx",
    )
    assert [each for each in named if each not in chinese] == []
    pages = [each.stem for each in DOCS.glob("*.md") if not each.stem.isascii()]
    assert [each for each in pages if f"(docs/{each}.md)" not in chinese] == []


def test_what_the_readme_points_to_is_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert targets and [each for each in targets if not (DOCS.parent / each).exists()] == []


def test_the_readme_names_commands_that_exist() -> None:
    named = set(re.findall(r"^    xfkh ([a-z]+)", README, re.MULTILINE))
    assert named and named <= set(cli.cli.commands)
