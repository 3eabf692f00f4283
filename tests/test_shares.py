"""Money by the point, a fund that those who earn it divide, marks without the highest and the lowest."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rounds import call, table
from xfkh.formula.evaluate import Frame, number
from xfkh.formula.exact import Exact, Interval, Truth
from xfkh.formula.tree import Apply, Ref
from xfkh.outcomes import divided
from xfkh.scheme import SchemeError, read_text

SCHEME = """
[scheme]
id = "fen"
title = "分配"
version = "1"
status = "示范"
source = "虚构的示范"
[[part]]
name = "单位"
[[part.section]]
id = "一"
title = "办理"
points = 100
[[part.input]]
name = "得分"
kind = "评分"
maximum = 100
decimals = 1
[[part.item]]
id = "一1"
section = "一"
title = "办理"
points = 100
clause = "一"
rule = [{ kind = "评审打分", input = "得分" }]
[[part.outcome]]
id = "专项资金"
kind = "奖励"
condition = "总分>=60"
amount = 10000
share = "总分-50"
clause = "二(一)"
because = "60分以上"
[[part.outcome]]
id = "超分奖"
kind = "奖励"
condition = ""
count = "MAX(0,INT(总分-90))"
price = 500
clause = "二(二)"
because = "90分以上每1分"
"""


def graded(folder: Path, points: dict[str, object], missing: str = "", text: str = SCHEME) -> dict[str, Any]:
    (folder / "s.toml").write_text(text, "utf-8")
    (folder / "名册.csv").write_text("\n".join(["单位", *points]), "utf-8")
    filled = table(folder / "预填.csv", {unit: {"得分": each} for unit, each in points.items()}, ["得分"])
    assert call("template", folder / "s.toml", "--roster", folder / "名册.csv", "--year", 2026, "--prefill", filled,
                "-o", folder / "发放") == 0  # fmt: skip
    for path in folder.glob(f"发放/{missing}_*.xlsx") if missing else ():
        path.unlink()
    call("grade", folder / "发放", "-o", folder / "结果", "--scheme", folder / "s.toml")
    record = json.loads((folder / "结果" / "results.json").read_text("utf-8"))
    return {each["unit"]: {one["id"]: one for one in each["outcomes"]} for each in record["subjects"]}


def test_a_fund_is_divided_by_the_points_to_the_very_yuan(tmp_path: Path) -> None:
    """30, 30 and 40 of 100 parts."""
    found = graded(tmp_path, {"甲镇": 80, "乙镇": 80, "丙镇": 90, "丁镇": 59.9})
    assert {unit: each.get("专项资金", {}).get("amount") for unit, each in found.items()} == {
        "甲镇": 3000, "乙镇": 3000, "丙镇": 4000, "丁镇": None}  # fmt: skip
    assert found["甲镇"]["专项资金"]["because"] == "60分以上（总分80分）；总额10,000元按总分－50分"


def test_what_is_left_goes_to_the_largest_remainder_and_of_alike_ones_to_the_first(tmp_path: Path) -> None:
    found = graded(tmp_path, {"甲镇": 80, "乙镇": 80, "丙镇": 80})
    assert [each["专项资金"]["amount"] for each in found.values()] == [3334, 3333, 3333]


def test_while_a_unit_is_open_nobodys_share_is_payable(tmp_path: Path) -> None:
    found = graded(tmp_path, {"甲镇": 80, "乙镇": 80, "丙镇": 80}, missing="丙镇")
    assert [(each["专项资金"]["amount"], each["专项资金"]["pending"]) for each in found.values() if each] == [
        (5000, True), (5000, True)]  # fmt: skip


def test_money_by_the_point_counts_whole_points_above(tmp_path: Path) -> None:
    found = graded(tmp_path, {"甲镇": 90.9, "乙镇": 91, "丙镇": 98.5})
    assert "超分奖" not in found["甲镇"]
    assert [(found[unit]["超分奖"]["count"], found[unit]["超分奖"]["amount"]) for unit in ("乙镇", "丙镇")] == [
        (1, 500), (8, 4000)]  # fmt: skip


def test_the_budget_counts_a_fund_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.toml").write_text(SCHEME, "utf-8")
    capsys.readouterr()
    call("scheme", "check", tmp_path / "s.toml", "--units", 4)
    assert "4 个单位，最少 0 元，最多 30,000 元" in capsys.readouterr().out


def test_the_outline_tells_a_fund_from_an_amount_for_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.toml").write_text(SCHEME, "utf-8")
    capsys.readouterr()
    assert call("schemes", tmp_path / "s.toml") == 0
    assert "共 10000 元" in capsys.readouterr().out


def test_a_share_of_no_money_is_told() -> None:
    with pytest.raises(SchemeError) as caught:
        read_text(SCHEME.replace("amount = 10000\n", ""))
    assert any("分的是哪一笔钱" in each.message for each in caught.value.findings)


@given(st.integers(0, 10**9), st.lists(st.fractions(0, 1000, max_denominator=100), min_size=1, max_size=30))
def test_shares_make_the_fund_and_none_is_a_yuan_off(fund: int, weights: list[Fraction]) -> None:
    found = divided(fund, dict(enumerate(weights)))
    whole = sum(weights, Fraction(0))
    assert sum(found.values()) == (fund if whole else 0)
    assert all(abs(found[k] - fund * weight / whole) < 1 for k, weight in enumerate(weights) if whole)


@given(st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=8))
def test_of_three_or_more_marks_one_highest_and_one_lowest_do_not_count(marks: list[int | None]) -> None:
    there = sorted(mark for mark in marks if mark is not None)
    kept = there[1:-1] if len(there) > 2 else there
    frame = Frame(1)
    for k, mark in enumerate(marks):
        value = Exact(_array(mark or 0))
        frame.values[f"分[{k}]"] = Interval(value, value)
        frame.given[f"分[{k}]"] = Truth(_array(mark is not None), _array(mark is not None))
    found = number(Apply("TRIMMED", tuple(Ref(f"分[{k}]") for k in range(len(marks)))), frame)
    assert bool(found.known[0]) is bool(there)
    if there:
        assert found.low.fraction(0) == Fraction(sum(kept), len(kept))


def _array(value: int | bool) -> Any:
    import numpy as np

    return np.array([value])


@pytest.mark.parametrize(
    ("marks", "trim", "points"),
    [
        (["8", "9", "10"], "是", 9),
        (["1", "9", "9.5", "10"], "是", 9.25),
        (["8", "10"], "是", 9),
        (["1", "9", "10"], "", 6.67),
    ],
)
def test_raters_marks_are_trimmed_where_the_scheme_says_so(
    marks: list[str], trim: str, points: float, tmp_path: Path
) -> None:
    text = SCHEME.replace('kind = "评分"', 'kind = "多人评分"\norigin = "复查"').replace(
        "maximum = 100", "maximum = 10"
    )
    text = text.replace("points = 100", "points = 10").replace("评审打分", "多人评分")
    text = text.replace('input = "得分" }', f'input = "得分", trim = "{trim}" }}' if trim else 'input = "得分" }')
    (tmp_path / "s.toml").write_text(text, "utf-8")
    (tmp_path / "名册.csv").write_text("单位\n甲镇\n", "utf-8")
    columns = [f"得分[{k}]" for k in range(1, len(marks) + 1)]
    review = table(tmp_path / "复查.csv", {"甲镇": dict(zip(columns, marks, strict=True))}, columns)
    assert call("template", tmp_path / "s.toml", "--roster", tmp_path / "名册.csv", "--year", 2026,
                "-o", tmp_path / "发放") == 0  # fmt: skip
    call("grade", tmp_path / "发放", "-o", tmp_path / "结果", "--scheme", tmp_path / "s.toml", "--review", review)
    record = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    assert record["subjects"][0]["items"]["一1"]["points"] == points
