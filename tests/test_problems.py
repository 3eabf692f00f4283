"""问题清单.xlsx: what needs a person comes first, every link opens the very cell, every open unit has its letter."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from xfkh.findings import Level, finding
from xfkh.job import Job
from xfkh.model import Source
from xfkh.pipeline import grade
from xfkh.publish import facts_of
from xfkh.report.facts import Facts
from xfkh.report.links import Links, put
from xfkh.report.problems import GLOBAL, sorted_findings, write_problems
from xfkh.report.reminders import MOST, Reminder, reminders
from xfkh.samples import type_in
from xfkh.workbook.book import Book, WorkbookLimitError

SAMPLE = Path(__file__).parents[1] / "samples" / "xinyang"
LOST = {("罗一川", name): None for name in ("个人承办件数", "个人办结件数", "个人应回复件数")}
HALF = {f"按月通报[{k}]": None for k in range(1, 13)}


@dataclass(frozen=True)
class Chase:
    """Returns of every sort: what the facts are, what was written of them."""

    facts: Facts
    book: Any
    letters: dict[str, Reminder]

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        """The rows beneath the heads."""
        heads = [cell.value for cell in self.book[sheet][4]]
        return [dict(zip(heads, row, strict=True)) for row in self.book[sheet].iter_rows(min_row=5)]

    def links(self) -> Iterator[tuple[str, Any, Path, str]]:
        """Sheet, cell, file and place of every link that leaves the workbook."""
        for sheet in self.book:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if cell.hyperlink is not None and cell.hyperlink.target:
                    path = self.facts.out / unquote(cell.hyperlink.target).replace("\\", "/")
                    yield sheet.title, cell, path, cell.hyperlink.location or ""


@pytest.fixture(scope="module")
def chase(tmp_path_factory: pytest.TempPathFactory) -> Chase:
    """东明区 sends two returns, 南浦区 and 石桥县 half-filled ones, 云川县 an empty one; two others have odd names."""
    folder = tmp_path_factory.mktemp("催") / "考核 2025"
    shutil.copytree(SAMPLE, folder)
    returned = folder / "收回"
    path = {each.name.partition("_")[0]: each for each in returned.iterdir()}
    (returned / "东明区 改.xlsx").write_bytes(type_in(path["东明区"].read_bytes(), {"交办件数": 500}))
    path["南浦区"].write_bytes(type_in(path["南浦区"].read_bytes(), HALF | {"交办件数": "不少"}, LOST))
    path["石桥县"].write_bytes(type_in(path["石桥县"].read_bytes(), {}, {("沈既明", "个人办结件数"): "约3"}))
    path["云川县"].write_bytes((folder / "发放" / path["云川县"].name).read_bytes())
    path["青塘县"].rename(returned / "青塘县 (终稿) [1]'s & 定.xlsx")
    path["北渚县"].rename(returned / "北渚县 100%完成#2.xlsx")
    (returned / "坏.xlsx").write_bytes(b"PK\3\4xx")
    (returned / "旧").mkdir()
    path["白露县"].rename(returned / "旧" / path["白露县"].name)
    job = Job([returned], folder / "结果", issued=folder / "发放" / "发放清单.xlsx", reviews=[folder / "复查.csv"])
    return chased(facts_of(grade(job), job.out))


def chased(facts: Facts) -> Chase:
    facts.out.mkdir(exist_ok=True)
    write_problems(facts.out / "问题清单.xlsx", facts)
    return Chase(facts, load_workbook(facts.out / "问题清单.xlsx"), {each.unit: each for each in reminders(facts)})


def states(facts: Facts) -> dict[str, str]:
    scores = facts.parts[0].scores
    return {each.unit: str(state) for each, state in zip(scores.subjects, scores.states, strict=True)}


# --- 问题 -----------------------------------------------------------------------------------------


def test_every_finding_stands_there_once(chase: Chase) -> None:
    heads = ("单位", "级别", "文件", "单元格", "问题", "怎样改", "代码")
    shown = [tuple(row[name].value or "" for name in heads) for row in chase.rows("问题")]
    wanted = [(each.unit or GLOBAL, str(each.level), each.source.file, each.source.cell, each.message, each.mend,
               each.number) for each in chase.facts.findings]  # fmt: skip
    assert sorted(shown) == sorted(wanted)


def test_what_needs_a_person_comes_first_unit_by_unit_and_what_concerns_no_unit_last(chase: Chase) -> None:
    order = [str(level) for level in Level]
    rows = [(row["单位"].value, order.index(row["级别"].value)) for row in chase.rows("问题")]
    first = [row for row in rows if row[1] < order.index(str(Level.NOTE))]
    assert rows[: len(first)] == first
    for block in (first, rows[len(first) :]):
        groups = [unit for k, (unit, _) in enumerate(block) if k == 0 or block[k - 1][0] != unit]
        assert len(groups) == len(set(groups)) > 3 and groups[-1] == GLOBAL
        worst = [min(level for unit, level in block if unit == name) for name in groups[:-1]]
        assert worst == sorted(worst)
        for name in groups:
            mine = [level for unit, level in block if unit == name]
            assert mine == sorted(mine)


def test_cells_stand_in_the_order_of_their_rows_and_columns(chase: Chase) -> None:
    cells = ["D103", "D22", "AB22", "E22", "D7", "M8、L8", ""]
    said = [finding("materials", Source("a.xlsx", "填报", cell), "市供水公司", items="一") for cell in cells]
    found = [each.source.cell for each in sorted_findings(replace(chase.facts, findings=said))]
    assert found == ["", "D7", "M8、L8", "D22", "E22", "AB22", "D103"]


def test_no_cell_of_a_series_is_named_by_its_number(chase: Chase) -> None:
    said = [cell for sheet in ("问题", "催报") for row in chase.rows(sheet) for cell in row.values()]
    shown = "".join(str(cell.value) for cell in said if not str(cell.value).endswith(".xlsx"))
    assert "按月通报1月" in shown and "按月通报[" not in shown


def test_the_first_lines_count_what_there_is(chase: Chase) -> None:
    said = chase.book["问题"]["A2"].value
    for level in Level:
        assert f"{level} {sum(each.level is level for each in chase.facts.findings)}" in said
    assert f"退回 {chase.facts.files['退回']}" in said and f"未报 {chase.facts.units['未报']}" in said


# --- links ----------------------------------------------------------------------------------------


def test_every_link_opens_a_file_that_is_there(chase: Chase) -> None:
    found = list(chase.links())
    assert {sheet for sheet, *_ in found} == {"问题", "文件", "单位"}
    for _, cell, path, _ in found:
        assert path.resolve().is_file()
        assert cell.hyperlink.target.startswith("..\\收回\\")


def test_a_link_of_a_finding_names_its_very_cell(chase: Chase) -> None:
    places = 0
    for row in chase.rows("问题"):
        link = row["文件"].hyperlink
        if link is None or not row["工作表"].value or not row["单元格"].value:
            continue
        sheet, _, address = link.location.rpartition("!")
        assert (sheet, address) == (f"'{row['工作表'].value}'", row["单元格"].value.partition("、")[0])
        path = (chase.facts.out / unquote(link.target).replace("\\", "/")).resolve()
        assert path.name == Path(row["文件"].value).name
        assert row["工作表"].value in load_workbook(path, read_only=True).sheetnames
        places += 1
    assert places >= 20


def test_the_text_of_a_link_is_the_name_of_the_file(chase: Chase) -> None:
    names = {each.name for each in chase.facts.arrived}
    assert {cell.value for _, cell, *_ in chase.links()} <= names
    assert "青塘县 (终稿) [1]'s & 定.xlsx" in {cell.value for _, cell, *_ in chase.links()}
    assert any(cell.value.startswith("旧/") for _, cell, *_ in chase.links())


def test_a_name_that_a_program_could_misread_is_left_without_a_link(chase: Chase) -> None:
    odd = [row["文件"] for sheet in ("问题", "文件", "单位") for row in chase.rows(sheet)
           if str(row["文件"].value).startswith("北渚县 100%")]  # fmt: skip
    assert len(odd) >= 2 and all(cell.hyperlink is None for cell in odd)


@pytest.mark.parametrize("name", ["a%41.xlsx", "a#b.xlsx", 'a"b.xlsx', "a?b.xlsx", "a\\b.xlsx", "a\u202eb.xlsx"])
def test_no_target_is_made_of_an_unsafe_name(chase: Chase, name: str) -> None:
    one = replace_path(chase.facts, name)
    assert Links(one).target(Source(name, "填报", "D7")) == ""


def replace_path(facts: Facts, name: str) -> Facts:
    first = facts.arrived[0]
    return replace(facts, arrived=[replace(first, name=name, path=first.path.parent / name)])


def test_a_file_that_is_not_in_the_inventory_has_no_link(chase: Chase) -> None:
    assert Links(chase.facts).target(Source("复查.csv", "", "F2")) == ""


def test_quotes_in_a_sheet_name_are_doubled(chase: Chase) -> None:
    file = next(each.name for each in chase.facts.arrived if each.unit == "市文史馆")
    target = Links(chase.facts).target(Source(file, "It's", "M8、L8"))
    assert target == f"external:../收回/{file}#'It''s'!M8"


def test_each_unit_is_linked_to_its_first_finding(chase: Chase) -> None:
    linked = 0
    for row in chase.rows("单位"):
        link = row["第一个问题"].hyperlink
        if link is not None:
            sheet, _, address = link.location.rpartition("!")
            assert sheet == "'问题'" and chase.book["问题"][address].value == row["单位"].value
            above = [cell.value for cell in chase.book["问题"]["A"][: int(address[1:]) - 1]]
            assert row["单位"].value not in above
            linked += 1
    assert linked == len({each.unit for each in chase.facts.findings if each.unit})


@pytest.mark.parametrize("target", ["http://example.com/a.xlsx", "external:/abs/a.xlsx", "external:C:/a.xlsx"])
def test_a_link_to_anywhere_but_a_relative_file_is_refused(target: str) -> None:
    book = Book("x")
    book.sheet("一").link(0, 0, target, "a")
    with pytest.raises(WorkbookLimitError, match="外部链接"):
        book.finish()


def test_a_link_by_a_relative_path_is_taken() -> None:
    book = Book("x")
    book.sheet("一").link(0, 0, "external:../收回/a b.xlsx#'填报'!D7", "a b.xlsx")
    cell: Any = load_workbook(BytesIO(book.finish()))["一"]["A1"]
    assert (cell.hyperlink.target, cell.hyperlink.location, cell.value) == (
        "..\\收回\\a%20b.xlsx",
        "'填报'!D7",
        "a b.xlsx",
    )


# --- 催报 -----------------------------------------------------------------------------------------


def test_every_open_unit_has_a_letter_and_no_settled_one(chase: Chase) -> None:
    open_ = [unit for unit, state in states(chase.facts).items() if state != "已评"]
    assert {states(chase.facts)[unit] for unit in open_} == {"未报", "退回", "待定", "暂定"}
    persons = [unit for unit, letter in chase.letters.items() if letter.state == "已评（个人 2 人未定）"]
    assert persons == ["石桥县"], "a unit whose person's figures it must mend"
    assert set(chase.letters) == {*open_, *persons}
    assert [row["单位"].value for row in chase.rows("催报")] == list(chase.letters)
    assert [row["文字"].value for row in chase.rows("催报")] == [each.text for each in chase.letters.values()]


def test_every_letter_says_who_writes_what_is_assessed_by_when_and_to_whom(chase: Chase) -> None:
    for unit, letter in chase.letters.items():
        assert letter.text.startswith(f"{unit}：\n")
        for said in (
            "考核办公室正在办理2025年全年“市长热线网络成员单位考评”",
            "2026年1月15日前",
            "联系和报送：考核办公室",
        ):
            assert said in letter.text
        others = set(states(chase.facts)) - {unit}
        assert [name for name in others if name in letter.text] == []


def test_a_unit_that_sent_nothing_is_asked_for_its_return(chase: Chase) -> None:
    text = chase.letters["市公交集团"].text
    assert "还没有收到贵单位的填报表" in text and "（1）" not in text


def test_the_same_fault_of_one_person_or_one_page_is_one_point(chase: Chase) -> None:
    text = chase.letters["南浦区"].text
    assert (
        "填报!D41、E41、F41、G41、H41、I41、D43、E43、F43、G43等12格　按月通报1月、按月通报2月、按月通报3月、"
        "按月通报4月、按月通报5月、按月通报6月、按月通报7月、按月通报8月、按月通报9月、按月通报10月等12处 没有填。"
        "填“是”或“否”。" in text
    )
    assert "个人!L8、M8、N8　罗一川/2011的个人承办件数、个人办结件数、个人应回复件数 没有填。" in text
    assert "（1）填报!D26　交办件数：" in text and "（3）" in text and "（4）" not in text


def test_several_cells_that_cannot_be_read_are_all_named_each_with_its_fault(chase: Chase) -> None:
    more = [finding("cell-wrong", Source("a.xlsx", "填报", f"D{30 + k}"), "市供水公司", name=f"第{k}项", why="是约数",
                    wanted="0 或正整数") for k in range(1, 13)]  # fmt: skip
    letter = next(each for each in reminders(replace(chase.facts, findings=more)) if each.unit == "市供水公司")
    assert all(f"第{k}项：是约数" in letter.text for k in range(1, 11)) and "第11项" not in letter.text
    assert "D40等12格" in letter.text and "等 12 处" in letter.text


def test_of_two_returns_the_unit_is_asked_which_one_counts(chase: Chase) -> None:
    text = chase.letters["东明区"].text
    assert "贵单位交来 2 份不同的填报表：东明区 改.xlsx、" in text and "请确认以哪一份为准" in text
    assert "移出文件夹" not in text, "that is the office's own affair"


def test_an_unusable_return_is_sent_back_with_the_reason(chase: Chase) -> None:
    assert "还不能用" in chase.letters["云川县"].text and "（1）填报表一格也没有填。" in chase.letters["云川县"].text


def test_of_many_points_the_first_are_named_and_the_rest_counted(chase: Chase) -> None:
    more = [finding("implausible", Source("a.xlsx", "填报", f"D{k}"), "市供水公司", text=f"第{k}处", facts="x＝1")
            for k in range(20)]  # fmt: skip
    letter = next(each for each in reminders(replace(chase.facts, findings=[*chase.facts.findings, *more]))
                  if each.unit == "市供水公司")  # fmt: skip
    assert f"（{MOST}）" in letter.text and f"（{MOST + 1}）" not in letter.text
    assert f"还有 {21 - MOST} 条，都写在随附的“市供水公司_反馈.xlsx”里。" in letter.text


def test_a_unit_whose_open_figures_come_from_the_review_has_nothing_to_do(tmp_path: Path) -> None:
    folder = SAMPLE.parent / "liaocheng-1995"
    job = Job([folder / "收回"], tmp_path, issued=folder / "发放" / "发放清单.xlsx", reviews=[folder / "复查.csv"])
    letter = next(each for each in reminders(facts_of(grade(job), job.out)) if each.unit == "北堤办事处")
    assert letter.subject == "不用催报" and "考评总分 由复查给出，还没有提供" in letter.text


def test_the_office_of_the_theme_writes_and_receives_where_nobody_else_is_named(chase: Chase) -> None:
    facts = replace(chase.facts, due="", return_to="", theme=replace(chase.facts.theme, office="某区信访局"))
    text = next(each.text for each in reminders(facts) if each.unit == "市公交集团")
    assert "某区信访局正在办理" in text and "联系和报送：某区信访局" in text and "收到后尽快报送" in text


def test_closed_units_have_no_letter_and_are_named(chase: Chase) -> None:
    scores = chase.facts.parts[0].scores
    row = next(k for k, each in enumerate(scores.subjects) if each.unit == "市公交集团")
    closed = scores.closed.copy()
    closed[row] = True
    first = replace(chase.facts.parts[0], scores=replace(scores, closed=closed))
    again = chased(replace(chase.facts, parts=[first, *chase.facts.parts[1:]], out=chase.facts.out / "再"))
    assert "市公交集团" not in again.letters and len(again.letters) == len(chase.letters) - 1
    assert again.book["催报"]["A3"].value == "已截止收报、不再催的：市公交集团。"


# --- 单位 and 文件 --------------------------------------------------------------------------------


def test_every_unit_has_its_state_and_the_counts_of_its_findings(chase: Chase) -> None:
    rows = chase.rows("单位")
    assert {row["单位"].value: row["状态"].value for row in rows} == states(chase.facts)
    for row in rows:
        for level in Level:
            mine = [each for each in chase.facts.findings if (each.unit, each.level) == (row["单位"].value, level)]
            assert row[str(level)].value == len(mine)


def test_every_file_has_its_fate_and_the_reason(chase: Chase) -> None:
    shown = [(row["文件"].value, row["去向"].value, row["单位"].value or "", row["原因"].value or "")
             for row in chase.rows("文件")]  # fmt: skip
    assert shown == [(each.name, str(each.fate), each.unit, each.why) for each in chase.facts.arrived]


def test_made_twice_it_is_the_same_to_the_byte(chase: Chase) -> None:
    path = chase.facts.out / "问题清单.xlsx"
    before = path.read_bytes()
    write_problems(path, chase.facts)
    assert path.read_bytes() == before


def test_a_link_wider_than_its_column_is_not_cut_where_links_do_not_wrap(tmp_path: Path) -> None:
    """Shrunk as long as it can be read, else a text that wraps."""
    book, target = Book("试"), "external:../收回/甲.xlsx#'填报'!D7"
    sheet = book.sheet("页")
    counts = [put(sheet, row, 0, target, "长" * size, row, 40) for row, size in enumerate((10, 24, 40))]
    book.save(tmp_path / "试.xlsx")
    cells = [load_workbook(tmp_path / "试.xlsx")["页"].cell(row, 1) for row in (1, 2, 3)]
    shapes = [(bool(each.alignment.wrap_text), bool(each.alignment.shrink_to_fit)) for each in cells]
    assert shapes == [(True, False), (False, True), (True, False)]
    assert [each.hyperlink is not None for each in cells] == [True, True, False] and counts == [1, 2, 2]


def test_a_link_that_excel_would_not_take_is_written_as_text(tmp_path: Path) -> None:
    """A hostile return may give its sheet a name of any length; that costs the link, not the run, and no warning."""
    book = Book("试")
    sheet = book.sheet("页")
    assert put(sheet, 0, 0, f"external:../收回/甲.xlsx#'{'长' * 3_000}'!D7", "甲.xlsx", 0) == 0
    assert put(sheet, 1, 0, "external:../收回/甲.xlsx#'填报'!D7", "甲.xlsx", 0) == 1
    book.save(tmp_path / "试.xlsx")
    page = load_workbook(tmp_path / "试.xlsx")["页"]
    assert [page[at].value for at in ("A1", "A2")] == ["甲.xlsx"] * 2
    assert page["A1"].hyperlink is None and page["A2"].hyperlink is not None
