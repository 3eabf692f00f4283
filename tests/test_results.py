"""The frame of a part says what results.json says."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.rounds import sample_of
from xfkh.pipeline import grade
from xfkh.publish import as_record


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[pd.DataFrame], list[dict[str, Any]]]:
    graded = grade(sample_of("xinyang", tmp_path_factory.mktemp("样例") / "示范"))
    return [part.scores.frame() for part in graded.parts], as_record(graded)["subjects"]


def hundredths(value: Any) -> Any:
    return pd.NA if value is None else round(value * 100)


def same(left: Any, right: Any) -> bool:
    return bool(pd.isna(left) and pd.isna(right)) or bool(left == right)


def test_a_row_a_subject_with_its_totals_ranks_and_points(
    parts: tuple[list[pd.DataFrame], list[dict[str, Any]]],
) -> None:
    frames, records = parts
    assert sum(map(len, frames)) == len(records)
    for row, record in zip((row for frame in frames for _, row in frame.iterrows()), records, strict=True):
        assert [row["unit"], row["person"], row["state"]] == [record["unit"], record["person"], record["state"]]
        assert [row["pending"], row["reviewed"]] == [record["pending"], record["reviewed"]]
        for name in ("total", "self_total"):
            assert same(row[name], hundredths(record[name])), (record["unit"], name)
        assert same(row["rank"], pd.NA if record["rank"] is None else record["rank"])
        for id, item in record["items"].items():
            assert same(row[id], hundredths(item["points"])), (record["unit"], id)


def test_points_are_whole_numbers_and_open_ones_are_missing(
    parts: tuple[list[pd.DataFrame], list[dict[str, Any]]],
) -> None:
    units = parts[0][0]
    assert str(units["total"].dtype) == "Int64" and units["total"].isna().any() and units["total"].notna().any()
