"""自评不实: what the review took down by more than the scheme bears with is listed, what it raised is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.rounds import Round, call
from xfkh.job import Job
from xfkh.pipeline import grade
from xfkh.scheme import SchemeError, load, read_text, tables_of
from xfkh.template import FILE

SCHEME = """
[scheme]
id = "own"
title = "本单位办法"
version = "1"
status = "试行"
{head}

[[part]]
name = "单位"
section = [{{ id = "一", title = "办理", points = 20, clause = "一" }}]
input = [
  {{ name = "超期件数", kind = "件数", unit = "件" }},
  {{ name = "退件数", kind = "件数", unit = "件" }},
  {{ name = "抽查分", kind = "数值", origin = "复查", decimals = 2, maximum = 4 }},
]

[[part.item]]
id = "一1"
section = "一"
title = "按期办理"
points = 10
clause = "一(一)"
rule = [{{ kind = "按次扣分", input = "超期件数", each = 0.01 }}]

[[part.item]]
id = "一2"
section = "一"
title = "质量"
points = 6
clause = "一(二)"
rule = [{{ kind = "按次扣分", input = "退件数", each = 1 }}]

[[part.item]]
id = "一3"
section = "一"
title = "抽查"
points = 4
clause = "一(三)"
rule = [{{ kind = "公式", formula = "抽查分", text = "抽查分" }}]
"""
PERSONS = """
[[part]]
name = "个人"
section = [{ id = "一", title = "接访", points = 10, clause = "二" }]
input = [{ name = "缺席次数", kind = "件数", unit = "次" }]

[[part.item]]
id = "一1"
section = "一"
title = "出勤"
points = 10
clause = "二(一)"
rule = [{ kind = "按次扣分", input = "缺席次数", each = 1 }]
"""
OWN = {"超期件数": 100, "退件数": 2}


def issued(folder: Path, tolerance: str = "", persons: Any = None) -> Round:
    """甲镇 and 乙镇, 9 and 4 points by their own figures."""
    folder.mkdir(exist_ok=True)
    path = folder / "办法.toml"
    head = f"tolerance = {tolerance}" if tolerance else ""
    path.write_text(SCHEME.format(head=head) + PERSONS * bool(persons), "utf-8")
    options = ("--persons", 4) if persons else ()
    return Round(folder / "轮", {"甲镇": OWN, "乙镇": OWN}, scheme=str(path), persons=persons, reviewed=("抽查分",),
                 options=options)  # fmt: skip


def graded(run: Round, **verified: int) -> dict[str, Any]:
    """The result after the review gave 甲镇 other figures."""
    rows = {"甲镇": {"抽查分": 4, **verified}, "乙镇": {"抽查分": 4}}
    return run.grade("--review", run.review(rows))


def listed(record: dict[str, Any]) -> dict[str, str]:
    """Unit → what is said of it."""
    found = [each for each in record["findings"] if each["code"] == "overstated"]
    assert all(each["level"] == "提示" and each["file"].startswith(each["unit"]) for each in found)
    assert len({each["unit"] for each in found}) == len(found), "once a unit"
    return {each["unit"]: each["message"] for each in found}


@pytest.mark.parametrize(
    ("tolerance", "late", "above"),
    [
        ("0.5", 150, False),
        ("0.5", 151, True),
        ('"0.5"', 151, True),
        ("", 100, False),
        ("", 101, True),
        ("0", 101, True),
        ("9", 1000, False),
        ("8.99", 1000, True),
    ],
)
def test_a_line_is_listed_when_it_lies_lower_by_more_than_the_tolerance_not_just_at_it(
    tolerance: str, late: int, above: bool, tmp_path: Path
) -> None:
    record = graded(issued(tmp_path, tolerance), 超期件数=late)
    assert list(listed(record)) == ["甲镇"] * above


def test_what_is_said_names_each_line_with_the_points_on_both_sides(tmp_path: Path) -> None:
    record = graded(issued(tmp_path, "0.5"), 超期件数=160, 退件数=5)
    gap = "核定得分低于自评，超过容差0.5分"
    assert listed(record) == {"甲镇": f"自评不实：复查改了填报数，{gap}：一1 自评9分，核定8.4分；一2 自评4分，核定1分"}


def test_where_the_scheme_says_nothing_no_tolerance_is_spoken_of(tmp_path: Path) -> None:
    record = graded(issued(tmp_path), 退件数=3)
    assert listed(record) == {"甲镇": "自评不实：复查改了填报数，核定得分低于自评：一2 自评4分，核定3分"}


def test_what_the_review_raised_or_only_confirmed_is_not_listed(tmp_path: Path) -> None:
    assert listed(graded(issued(tmp_path / "高"), 超期件数=0, 退件数=0)) == {}
    assert listed(graded(issued(tmp_path / "同"), **OWN)) == {}


def test_points_that_are_lower_for_another_reason_than_a_verified_figure_are_not_listed(tmp_path: Path) -> None:
    run = issued(tmp_path)
    review = run.review({"甲镇": {"抽查分": 4, "退件数": 3, "超期件数": 100}, "乙镇": {"抽查分": 4}})
    result = grade(Job([run.returned], run.results, issued=run.issued / FILE, reviews=[review]))
    scores = result.parts[0].scores
    assert scores.overstated(0) == ["一2"]
    for id in ("一1", "一2"):
        scores.self_scores[id].values[:] = 1000
    assert (scores.overstated(0), scores.overstated(1)) == (["一2"], [])


def test_it_changes_no_points_and_needs_nobody(tmp_path: Path) -> None:
    loose, strict = (graded(issued(tmp_path / each, each), 退件数=5) for each in ("6", "0"))
    assert (listed(loose), list(listed(strict))) == ({}, ["甲镇"])
    for each in (loose, strict):
        assert [(found["total"], found["rank"]) for found in each["subjects"]] == [(14, 2), (17, 1)]
        assert not any(found["level"] != "提示" for found in each["findings"])


def test_the_page_of_self_against_verified_marks_the_line_in_a_word(tmp_path: Path) -> None:
    run = issued(tmp_path, "0.5")
    graded(run, 超期件数=150, 退件数=5)
    book: Any = load_workbook(run.results / "排名.xlsx")
    rows = list(book["自评与核定"].iter_rows(values_only=True))
    at = next(k for k, row in enumerate(rows) if row[0] == "单位")
    column = rows[at].index("标记")
    assert {row[1]: row[column] or "" for row in rows[at + 2 :] if row[0] == "甲镇"} == {
        "一1 按期办理": "",
        "一2 质量": "自评不实",
    }
    assert "“自评不实”1项：复查改了填报数，核定得分低于自评，超过容差0.5分" in str(rows[:at])


def test_a_unit_reads_it_in_its_own_feedback_and_nobody_else_does(tmp_path: Path) -> None:
    run = issued(tmp_path, "0.5")
    message = listed(graded(run, 退件数=5))["甲镇"]
    texts = {}
    for unit in ("甲镇", "乙镇"):
        book: Any = load_workbook(run.results / "反馈" / f"{unit}_反馈.xlsx")
        texts[unit] = [str(value) for row in book["反馈"].iter_rows(values_only=True) for value in row if value]
    assert message in texts["甲镇"] and any(each.endswith("自评不实") for each in texts["甲镇"] if "核定改动" in each)
    assert not any("自评不实" in each for each in texts["乙镇"])


def test_persons_are_listed_by_name_beneath_their_unit(tmp_path: Path) -> None:
    people = {("甲镇", "张三", "01"): {"缺席次数": 0}, ("甲镇", "李四", ""): {"缺席次数": 1}}
    run = issued(tmp_path, "1", people)
    reviewed = {("甲镇", "张三", "01"): {"缺席次数": 2}, ("甲镇", "李四", ""): {"缺席次数": 2}}
    path = run.folder / "复查.csv"
    rows = [f"{unit},{name},{number},{row['缺席次数']}" for (unit, name, number), row in reviewed.items()]
    path.write_text("\n".join(["单位,姓名,工号,缺席次数", *rows]), "utf-8")
    assert listed(run.grade("--review", path)) == {
        "甲镇": "自评不实：复查改了填报数，核定得分低于自评，超过容差1分：张三/01 一1 自评10分，核定8分"
    }


# --- the word of the scheme -----------------------------------------------------------------------


@pytest.mark.parametrize("tolerance", ["", "0", "0.5", "2"])
def test_the_tolerance_goes_into_a_workbook_and_comes_back_as_it_was(tolerance: str, tmp_path: Path) -> None:
    text = SCHEME.format(head=f"tolerance = {tolerance}" if tolerance else "")
    (tmp_path / "办法.toml").write_text(text, "utf-8")
    for source, out in (("办法.toml", "办法.xlsx"), ("办法.xlsx", "再.toml")):
        assert call("scheme", "export", tmp_path / source, "-o", tmp_path / out) == 0
    back = load(str(tmp_path / "再.toml"))[0]
    assert tables_of(back.text) == tables_of(text)
    assert back.tolerance == load(str(tmp_path / "办法.xlsx"))[0].tolerance == read_text(text)[0].tolerance


@pytest.mark.parametrize(
    ("head", "said"),
    [("tolerance = -0.5", "不能小于0"), ('tolerance = "半分"', "「半分」不是数")],
)
def test_a_tolerance_that_is_none_is_refused(head: str, said: str) -> None:
    with pytest.raises(SchemeError) as error:
        read_text(SCHEME.format(head=head))
    assert [said in each.message for each in error.value.findings] == [True]


@pytest.mark.parametrize("wrong", ["半分", -1])
def test_in_a_workbook_it_is_told_on_its_cell(
    wrong: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "办法.toml").write_text(SCHEME.format(head="tolerance = 1"), "utf-8")
    assert call("scheme", "export", tmp_path / "办法.toml", "-o", tmp_path / "办法.xlsx") == 0
    book: Any = load_workbook(tmp_path / "办法.xlsx")
    (place,) = (row[1] for row in book["方案"].iter_rows() if row[0].value == "自评不实容差")
    assert place.value == "1"
    place.value = wrong
    book.save(tmp_path / "办法.xlsx")
    capsys.readouterr()
    assert call("scheme", "check", tmp_path / "办法.xlsx") != 0
    told = capsys.readouterr()
    assert f"方案!{place.coordinate}" in told.out + told.err and "自评不实容差" in told.out + told.err
