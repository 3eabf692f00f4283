"""What all tests share."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import pytest
from openpyxl.worksheet.merge import MergedCellRange

from tests import office, once
from tests.rounds import graded_sample
from xfkh.scheme import builtin_ids

# fmt: off
LONGEST = (
    "parity", "interrupted", "review", "identity", "scheme_workbook", "xinyang", "corpus", "district", "intake",
    "random_schemes", "review_kept", "bundle", "persons", "rules", "scheme_asked", "parity_persons", "terminal",
    "decisions", "compare", "mending", "liaocheng", "live", "office", "docs", "printed", "scheme_check", "samples",
    "house_style", "legacy", "slips", "exact", "three_teams", "kept", "cli", "workers", "trial_edits", "workbooks",
    "compared", "pages", "groups", "fill", "feedback", "sheet", "charts", "theme", "money",
)
# fmt: on


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each process takes a file at a time: the longest first, so that none is left alone at the end."""
    places = {f"test_{name}": k for k, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test that changes the program while it runs gets nothing that the program said before or to others."""
    with once.remembered("monkeypatch" not in getattr(item, "fixturenames", ())):
        return (yield)


def pytest_unconfigure() -> None:
    office.close()


@pytest.fixture(autouse=True, scope="session")
def nothing_for_nobody() -> Iterator[None]:
    """What takes time and no test can see. openpyxl gives the borders of a merged cell to all that lie beneath it,
    which takes most of the time of opening a form: how merged cells look is seen in pictures. No test outlives a power
    cut, so that nothing needs to be on the disk when a file is closed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MergedCellRange, "format", lambda _: None)
        patch.setattr("os.fsync", lambda _: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Of the many processes that the tests start only the first compiles the program, also where none may leave
    bytecode beside its source."""
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("bytecode")))
        yield


@pytest.fixture(scope="session")
def graded_samples(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The results of each sample; for reading only."""
    found = {}
    for scheme in builtin_ids():
        found[scheme] = graded_sample(scheme, tmp_path_factory.mktemp(scheme) / "样").out
    return found
