"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from openpyxl.worksheet.merge import MergedCellRange

from tests.rounds import call
from xfkh.samples import make_sample
from xfkh.scheme import builtin_ids

# fmt: off
LONGEST = (
    "review", "parity", "random_schemes", "bundle", "trial_edits", "corpus", "interrupted", "compared", "terminal",
    "exact", "three_teams", "rules", "house_style", "parity_persons", "xinyang", "office", "docs", "identity",
    "live", "district", "mending", "cli", "money", "pages", "kept", "intake", "theme", "legacy", "scheme_check",
    "samples", "groups", "results", "slips", "persons", "liaocheng", "workers", "feedback", "sheet", "compare",
    "workbooks", "printed",
)
# fmt: on


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each process takes a file at a time: the longest first, so that none is left alone at the end."""
    places = {f"test_{name}": k for k, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(autouse=True, scope="session")
def merged_cells_without_borders() -> Iterator[None]:
    """openpyxl gives the borders of a merged cell to all that lie beneath it, which takes most of the time of opening a
    form. No test looks at those: how merged cells look is seen in pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MergedCellRange, "format", lambda _: None)
        yield


@pytest.fixture(scope="session")
def graded_samples(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The results of each sample; for reading only."""
    found = {}
    for scheme in builtin_ids():
        job = make_sample(scheme, tmp_path_factory.mktemp(scheme) / "样")
        assert call("grade", *job.folders, "-o", job.out, "--review", *job.reviews) == 1
        found[scheme] = job.out
    return found
