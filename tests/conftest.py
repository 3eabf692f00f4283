"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from openpyxl.worksheet.merge import MergedCellRange


@pytest.fixture(autouse=True, scope="session")
def merged_cells_without_borders() -> Iterator[None]:
    """openpyxl gives the borders of a merged cell to all that lie beneath it, which takes most of the time of opening a
    form. No test looks at those: how merged cells look is seen in pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MergedCellRange, "format", lambda _: None)
        yield
