"""Versions of a scheme: what was issued under one stays, an earlier one may still be taken, and its days are known."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.rounds import call
from xfkh.scheme import SchemeError, example_text, read_text, tables_of
from xfkh.scheme.compare import changes

SCHEME = """
[scheme]
id = "own"
title = "本单位办法"
version = "{version}"
status = "试行"
source = "测试"
{more}

[[part]]
name = "单位"
section = [{{ id = "一", title = "办理", points = 10, clause = "一" }}]
input = [
  {{ name = "超期件数", kind = "件数", unit = "件" }},
  {inputs}
]

[[part.item]]
id = "一1"
section = "一"
title = "按期办理"
points = {points}
clause = "一(一)"
rule = [{{ kind = "按次扣分", input = "超期件数", each = 1 }}]
{items}
"""
SECOND = """
[[part.item]]
id = "一2"
section = "一"
title = "制度"
points = 4
clause = "一(二)"
rule = [{ kind = "是否得分", input = "有制度" }]
"""


class Office:
    """Two units, one scheme that changes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.scheme, self.issued = folder, folder / "办法.toml", folder / "发放"
        self.returned, self.results = folder / "收回", folder / "结果"
        (folder / "名册.csv").write_text("单位\n甲镇\n乙镇\n", "utf-8")
        self.returned.mkdir()

    def write(self, version: str = "1", more: str = "", inputs: str = "", points: int = 10, items: str = "") -> None:
        text = SCHEME.format(version=version, more=more, inputs=inputs, points=points, items=items)
        self.scheme.write_text(text, "utf-8")

    def second(self, **more: str) -> None:
        """The second version: one item more."""
        new = '{ name = "有制度", kind = "是否" },'
        self.write("2", more.get("more", ""), new, 6, SECOND)

    def issue(self, prefill: str, *more: object, year: int = 2026) -> int:
        table = self.folder / "预填.csv"
        table.write_text(prefill, "utf-8")
        return call("template", self.scheme, "--roster", self.folder / "名册.csv", "--year", year, "--prefill", table,
                    "-o", self.issued, *more)  # fmt: skip

    def collect(self, unit: str) -> None:
        for path in self.issued.glob(f"{unit}_*.xlsx"):
            shutil.copy(path, self.returned / path.name)

    def grade(self, *more: object) -> dict[str, Any]:
        call("grade", self.returned, "-o", self.results, "--issued", self.issued / "发放清单.xlsx", *more)
        record: dict[str, Any] = json.loads((self.results / "results.json").read_text("utf-8"))
        return record


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.write()
    assert made.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0
    return made


def of(record: dict[str, Any], unit: str) -> dict[str, Any]:
    return next(each for each in record["subjects"] if each["unit"] == unit)


def test_other_points_under_a_version_that_was_issued_are_refused_with_what_changed(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in office.issued.iterdir()}
    office.write(points=9)
    assert office.issue("单位,超期件数\n甲镇,1\n") == 2
    said = capsys.readouterr().err
    assert "指标「单位·一1」的分值：10 → 9" in said or "分值：10 → 9" in said
    assert "换一个版本号" in said and "可收的旧版本" in said
    assert {path.name: path.read_bytes() for path in office.issued.iterdir()} == before


def test_other_words_under_a_version_that_was_issued_are_issued_again(office: Office) -> None:
    office.write(more='notes = ["九月底前交"]')
    assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0


def test_an_earlier_version_is_not_taken_whose_figures_are_of_another_measure(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.write("2", more='accepts = ["1"]')
    text = office.scheme.read_text("utf-8")
    office.scheme.write_text(text.replace('unit = "件"', 'unit = "万元"'), "utf-8")
    assert office.issue("单位,超期件数\n甲镇,1\n") == 2
    said = capsys.readouterr().err
    assert "「超期件数」原来是“件数，件”，现在是“件数，万元”" in said and "换一个名称" in said
    office.scheme.write_text(text, "utf-8")
    assert office.issue("单位,超期件数\n甲镇,1\n") == 0


AWARD = """
[[part.outcome]]
id = "先进"
kind = "奖励"
condition = "总分>=9"
amount = {}
clause = "二"
because = "九分以上"
"""


def test_returns_count_that_were_issued_before_in_other_words_or_with_other_awards(office: Office) -> None:
    office.collect("甲镇")
    for note, amount in (("九月底前交", 100), ("八月底前交", 200)):
        office.write(more=f'notes = ["{note}"]', items=AWARD.format(amount))
        assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0
    office.collect("乙镇")
    record = office.grade()
    assert [(of(record, unit)["state"], of(record, unit)["total"]) for unit in ("甲镇", "乙镇")] == [
        ("已评", 9),
        ("已评", 10),
    ]
    assert [each["amount"] for unit in ("甲镇", "乙镇") for each in of(record, unit)["outcomes"]] == [200, 200]
    assert [each for each in record["findings"] if each["level"] != "提示"] == []


def test_awards_that_were_changed_after_the_templates_went_out_can_be_asked_for(office: Office) -> None:
    office.collect("甲镇")
    office.collect("乙镇")
    assert of(office.grade(), "甲镇")["outcomes"] == []
    office.write(items=AWARD.format(300))
    record = office.grade("--scheme", office.scheme)
    assert [each["amount"] for each in of(record, "甲镇")["outcomes"]] == [300]
    office.write(points=9, items=AWARD.format(300))
    record = office.grade("--scheme", office.scheme)
    said = next(each for each in record["findings"] if each["code"] == "stamp-content")
    assert of(record, "甲镇")["state"] == "退回"
    assert "版本号相同（都是 1）" in said["message"] and "没有换版本号" in said["message"]
    assert not re.search("[0-9a-f]{8}", said["message"])


def test_under_another_version_or_for_another_year_it_is_issued_anew(office: Office) -> None:
    office.second()
    assert office.issue("单位,超期件数,有制度\n甲镇,1,是\n") == 0
    office.write("2", points=10)
    assert office.issue("单位,超期件数\n甲镇,1\n", year=2027) == 0


def test_a_return_on_an_earlier_version_is_refused_where_the_scheme_does_not_list_it(office: Office) -> None:
    office.collect("甲镇")
    office.second()
    assert office.issue("单位,超期件数,有制度\n乙镇,0,是\n") == 0
    office.collect("乙镇")
    record = office.grade()
    assert of(record, "甲镇")["state"] == "退回" and of(record, "乙镇")["total"] == 10


def test_a_return_on_a_listed_earlier_version_counts_and_what_it_was_not_asked_is_open(office: Office) -> None:
    office.collect("甲镇")
    office.second(more='accepts = ["0", "1"]')
    assert office.issue("单位,超期件数,有制度\n乙镇,0,是\n") == 0
    office.collect("乙镇")
    record = office.grade()
    mine = of(record, "甲镇")
    assert mine["state"] == "暂定" and mine["items"]["一1"]["points"] == 5 and mine["items"]["一2"]["points"] is None
    said = [each for each in record["findings"] if each["unit"] == "甲镇"]
    note = next(each for each in said if each["code"] == "stamp-earlier")
    assert "旧版本 1" in note["message"] and "按 2 计分" in note["message"]
    assert not {"max-changed", "title-changed", "print-changed", "score-differs", "row-lost"} & {
        each["code"] for each in said
    }


def test_an_earlier_version_with_every_question_is_whole(office: Office) -> None:
    office.collect("甲镇")
    office.collect("乙镇")
    office.write("2", more='accepts = ["1"]', points=8)
    assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0
    record = office.grade()
    assert (of(record, "甲镇")["total"], of(record, "乙镇")["total"]) == (7, 8)
    assert of(record, "甲镇")["state"] == "已评"


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\r\n"])
def test_a_scheme_is_graded_as_issued_however_its_text_begins_and_ends(end: str, tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.write()
    office.scheme.write_bytes(("\ufeff\n\n" + office.scheme.read_text("utf-8").strip() + end).encode())
    assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0
    office.collect("甲镇")
    assert of(office.grade(), "甲镇")["total"] == 9


@pytest.mark.parametrize(
    ("days", "year", "said"),
    [
        ('effective = "2026-03-01"', 2025, "2026-03-01 起施行"),
        ('effective = "2026-03-01"', 2026, ""),
        ('effective = "2020-01-01"\nuntil = "2025-12-31"', 2026, "到 2025-12-31 为止"),
        ('effective = "2020-01-01"\nuntil = "2025-12-31"', 2025, ""),
    ],
)
def test_a_scheme_that_is_not_in_force_in_the_year_is_told(
    days: str, year: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(tmp_path)
    office.write(more=days)
    assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n", year=year) == (1 if said else 0)
    printed = capsys.readouterr()
    assert (said in printed.out + printed.err) if said else "施行" not in printed.out + printed.err
    office.collect("甲镇")
    codes = [each["code"] for each in office.grade()["findings"]]
    assert ("scheme-force" in codes) is bool(said)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('accepts = ["0", "1"]', "1 是方案现在的版本，这里只写旧版本"),
        ('effective = "2026-01-01"\nuntil = "2025-12-31"', "早于施行日期 2026-01-01"),
    ],
)
def test_its_own_version_is_no_earlier_one_and_it_does_not_end_before_it_begins(more: str, said: str) -> None:
    with pytest.raises(SchemeError) as error:
        read_text(SCHEME.format(version="1", more=more, inputs="", points=10, items=""))
    assert [said in each.message for each in error.value.findings if each.level == "错误"] == [True]


def test_a_day_that_is_none_is_refused() -> None:
    text = SCHEME.format(version="1", more='effective = "2026年3月"', inputs="", points=10, items="")
    with pytest.raises(SchemeError) as error:
        read_text(text)
    assert "「2026年3月」不是日期，写成 2026-01-01 这样" in error.value.findings[0].message


def test_outcomes_in_another_order_are_another_scheme() -> None:
    """Of the tiers the first that holds is given: who stands first decides over money."""
    text = example_text()
    blocks = text.split("[[part.outcome]]")
    swapped = "[[part.outcome]]".join([blocks[0], blocks[2], blocks[1], *blocks[3:]])
    said = [each.line() for each in changes(tables_of(text), tables_of(swapped))]
    assert len(said) == 1 and "先后" in said[0]


PUT_IN = """
[[part.item]]
id = "一0"
section = "一"
title = "制度"
points = 4
clause = "一(二)"
rule = [{ kind = "是否得分", input = "有制度" }]
[[part.item]]
id = "一1"
"""


def shifted(office: Office, more: str = 'accepts = ["1"]') -> None:
    """A second version whose new question stands where the first one asked something else."""
    office.write("2", more, '{ name = "有制度", kind = "是否" },', 6)
    text = office.scheme.read_text("utf-8").replace('[[part.item]]\nid = "一1"\n', PUT_IN.lstrip())
    office.scheme.write_text(text, "utf-8")


def test_what_an_earlier_form_does_not_ask_is_the_offices_to_give_and_no_cell_of_that_form(office: Office) -> None:
    office.collect("甲镇")
    shifted(office)
    assert office.issue("单位,超期件数,有制度\n乙镇,0,是\n") == 0
    office.collect("乙镇")
    record = office.grade()
    said = [each for each in record["findings"] if each["unit"] == "甲镇" and each["level"] == "错误"]
    assert [(each["code"], each["cell"]) for each in said] == [("cell-unasked", "")]
    assert "有制度" in said[0]["message"] and "旧版本" in said[0]["message"] and "复查表" in said[0]["mend"]
    assert of(record, "甲镇")["state"] == "暂定" and "有制度旧表没有" in of(record, "甲镇")["items"]["一0"]["reason"]
    assert not (office.results / "退回").exists()
    texts = {name: [str(cell.value) for sheet in load_workbook(office.results / name) for row in sheet for cell in row
                    if cell.value is not None] for name in ("问题清单.xlsx", "反馈/甲镇_反馈.xlsx")}  # fmt: skip
    assert "不用催报" in texts["问题清单.xlsx"]
    assert not [each for own in texts.values() for each in own if "没有填" in each or "有制度未填" in each]


def test_what_an_earlier_form_does_not_ask_is_in_no_slip_that_goes_back_for_something_else(office: Office) -> None:
    office.collect("甲镇")
    (returned,) = office.returned.iterdir()
    book = load_workbook(returned)
    cell = next(row[3] for row in book["填报"].iter_rows() if row[0].value == "超期件数")
    cell.value = "不少"
    book.save(returned)
    shifted(office)
    assert office.issue("单位,超期件数,有制度\n乙镇,0,是\n") == 0
    office.collect("乙镇")
    record = office.grade()
    assert {"cell-wrong", "cell-unasked"} <= {each["code"] for each in record["findings"] if each["unit"] == "甲镇"}
    slip = load_workbook(office.results / "退回" / "甲镇_退回.xlsx")
    assert [each.coordinate for row in slip["填报"] for each in row if each.comment] == [cell.coordinate]
    assert not [each for row in slip.worksheets[0] for each in row if "有制度" in str(each.value)]


def test_what_an_earlier_form_does_not_ask_may_be_verified(office: Office) -> None:
    office.collect("甲镇")
    shifted(office)
    assert office.issue("单位,超期件数,有制度\n乙镇,0,是\n") == 0
    office.collect("乙镇")
    (office.folder / "复查.csv").write_text("单位,有制度\n甲镇,是\n", "utf-8")
    record = office.grade("--review", office.folder / "复查.csv")
    assert of(record, "甲镇")["total"] == 9 and of(record, "甲镇")["state"] == "已评"
    assert "cell-unasked" not in {each["code"] for each in record["findings"]}


PERSONS = """
[[part]]
name = "个人"
section = [{{ id = "1", title = "工作", points = 10, clause = "二" }}]
input = [{{ name = "办件", kind = "件数", unit = "件" }}, {inputs}]

[[part.item]]
id = "1.1"
section = "1"
title = "办件"
points = {points}
clause = "二"
rule = [{{ kind = "按次扣分", input = "办件", each = 1 }}]
"""
TAUGHT = """
[[part.item]]
id = "1.2"
section = "1"
title = "培训"
points = 4
clause = "二"
rule = [{ kind = "是否得分", input = "参加培训" }]
"""


def test_what_an_earlier_form_does_not_ask_of_persons_is_the_offices_to_give_too(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.write(items=PERSONS.format(inputs="", points=10))
    assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0
    office.collect("甲镇")
    (returned,) = office.returned.iterdir()
    book = load_workbook(returned)
    sheet = book["个人"]
    first = next(k for k, row in enumerate(sheet.iter_rows(), 1) if str(row[0].value).startswith("#行"))
    ids = {cell.value: cell.column for cell in sheet[1] if cell.value}
    sheet.cell(first, ids["@姓名"]).value, sheet.cell(first, ids["办件"]).value = "张三", 2
    book.save(returned)
    new = '{ name = "参加培训", kind = "是否" }'
    office.write("2", 'accepts = ["1"]', items=PERSONS.format(inputs=new, points=6) + TAUGHT)
    assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0
    record = office.grade()
    said = [each for each in record["findings"] if each["unit"] == "甲镇" and each["level"] == "错误"]
    assert [(each["code"], each["cell"]) for each in said] == [("cell-unasked", "")]
    assert "参加培训" in said[0]["message"]
    mine = next(each for each in record["subjects"] if each.get("person") == "张三")
    assert mine["state"] == "暂定" and mine["items"]["1.1"]["points"] == 4


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ('unit = "件"', 'unit = "百件"', "原来是“件数，件”，现在是“件数，百件”"),
        ('kind = "件数", unit = "件"', 'kind = "件数"', "原来是“件数，件”，现在是“件数”"),
        ('kind = "件数"', 'kind = "数值"', "原来是“件数，件”，现在是“数值，件”"),
    ],
)
def test_a_return_on_an_earlier_version_is_refused_where_a_figure_is_of_another_measure(
    then: str, now: str, said: str, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new templates lie elsewhere: what the earlier ones asked is known from the returns alone."""
    office.collect("甲镇")
    before = office.scheme.rename(office.folder / "旧.toml")
    office.write("2", more='accepts = ["1"]')
    office.scheme.write_text(office.scheme.read_text("utf-8").replace(then, now), "utf-8")
    office.issued = office.folder / "另发"
    assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0
    office.collect("乙镇")
    record = office.grade()
    found = next(each for each in record["findings"] if each["code"] == "stamp-measure")
    assert found["unit"] == "甲镇" and said in found["message"] and "超期件数" in found["message"]
    assert "旧版本 1 " in found["message"] and "版本 2 " in found["message"]
    assert of(record, "甲镇")["state"] == "退回" and of(record, "乙镇")["total"] == 10
    capsys.readouterr()
    assert call("scheme", "diff", before, office.scheme) == 0
    told = capsys.readouterr().out
    assert "按 1 填的旧表会退回" in told and said in told


def test_a_figure_of_every_month_is_none_of_every_quarter(tmp_path: Path) -> None:
    office = Office(tmp_path)
    series = '{{ name = "走访次数", kind = "件数", unit = "次", series = {} }},'
    office.write(inputs=series.format(12))
    assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0
    office.collect("甲镇")
    office.write("2", more='accepts = ["1"]', inputs=series.format(4))
    office.issued = office.folder / "另发"
    assert office.issue("单位,超期件数\n甲镇,1\n乙镇,0\n") == 0
    assert "stamp-measure" in {each["code"] for each in office.grade()["findings"]}


def test_versions_that_measure_alike_are_compared_without_a_word_of_their_returns(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    before = office.scheme.rename(office.folder / "旧.toml")
    office.second(more='accepts = ["1"]')
    capsys.readouterr()
    assert call("scheme", "diff", before, office.scheme) == 0
    assert "旧表会退回" not in capsys.readouterr().out


def test_a_dry_run_refuses_what_the_run_would_with_the_same_words(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = []
    office.write(points=9)
    for more in ([], ["--only", "甲镇"]):
        for dry in ([], ["--dry-run"]):
            capsys.readouterr()
            tried.append((office.issue("单位,超期件数\n甲镇,1\n", *more, *dry), capsys.readouterr().err))
    assert tried[0][0] == 2 and "换一个版本号" in tried[0][1]
    assert tried[0] == tried[1] and tried[2] == tried[3]
    office.write(more='notes = ["九月底前交"]')
    for dry in ([], ["--dry-run"]):
        capsys.readouterr()
        assert office.issue("单位,超期件数\n甲镇,1\n", "--only", "甲镇", *dry) == 2
        assert "不能只补发一份" in capsys.readouterr().err


def test_a_trial_of_an_empty_folder_is_refused_where_the_run_would_be(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.collect("甲镇")
    office.grade()
    for path in office.returned.iterdir():
        path.unlink()
    said = []
    for dry in ([], ["--dry-run"]):
        capsys.readouterr()
        status = call("grade", office.returned, "-o", office.results, "--issued", office.issued / "发放清单.xlsx", *dry)
        said.append((status, capsys.readouterr().err))
    assert said[0][0] == 2 and "没有动" in said[0][1] and said[0] == said[1]
