"""反馈/单位_反馈.xlsx: each unit is told its own result as results.json has it, and nothing of anybody else's."""

from __future__ import annotations

import hashlib
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases_district import PERFECT
from tests.rounds import Round as Grading
from xfkh.findings import finding
from xfkh.job import Job
from xfkh.model import Source
from xfkh.pipeline import grade
from xfkh.publish import facts_of
from xfkh.report.facts import Facts
from xfkh.report.feedback import Notice, feedback_bytes, feedback_name
from xfkh.report.names import titled
from xfkh.report.notices import notices
from xfkh.text import distinct_names

SAMPLES = Path(__file__).parents[1] / "samples"
SCHEMES = ("district", "xinyang", "liaocheng-1995")
HEADS = ["编号", "指标", "满分", "自评得分", "核定得分", "差", "标记", "为什么", "依据", "计入的数（自评数）"]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Round:
    """A sample, graded with its review: the facts, each unit's notice, and the rows of its pages."""

    facts: Facts
    notices: Mapping[str, Notice]
    pages: Mapping[str, Mapping[str, list[Row]]]

    def subjects(self, part: str = "单位") -> list[dict[str, Any]]:
        return [each for each in self.facts.record["subjects"] if each["part"] == part]

    def told(self, part: str = "单位") -> list[dict[str, Any]]:
        return [each for each in self.subjects(part) if each["state"] in ("已评", "暂定")]


def told(scheme: str, out: Path) -> Round:
    folder = SAMPLES / scheme
    job = Job([folder / "收回"], out, issued=folder / "发放" / "发放清单.xlsx", reviews=[folder / "复查.csv"])
    facts = facts_of(grade(job), out)
    made = {each.unit: each for each in notices(facts)}
    return Round(facts, made, {unit: pages(feedback_bytes(each)) for unit, each in made.items()})


def pages(data: bytes) -> dict[str, list[Row]]:
    """The rows of each visible page."""
    book = load_workbook(BytesIO(data), data_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book if sheet.sheet_state == "visible"}


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Round]:
    return {scheme: told(scheme, tmp_path_factory.mktemp(scheme)) for scheme in SCHEMES}


@pytest.fixture(params=SCHEMES)
def round_(request: pytest.FixtureRequest, rounds: dict[str, Round]) -> Round:
    return rounds[request.param]


def table(rows: list[Row], head: str) -> list[Row]:
    """The rows beneath the heads that begin with a word, up to the next empty row, without empty cells."""
    at = next(k for k, row in enumerate(rows) if row[0] == head)
    found = []
    for row in rows[at + 1 :]:
        if all(cell is None for cell in row):
            break
        found.append(row)
    return found


def figures(rows: list[Row]) -> list[Row]:
    """The rows of the figures that counted, where nothing earns points by itself."""
    return table(rows[next(k for k, row in enumerate(rows) if row[0] == "计入结果的数") :], "填报项")


def head(rows: list[Row]) -> dict[str, Any]:
    """The figures of the head by the first word beneath each."""
    at = next(k for k, row in enumerate(rows) if row[0] == "总分")
    return {str(note).partition("（")[0].removeprefix("阶段"): value
            for value, note in zip(rows[at - 1], rows[at], strict=True) if note}  # fmt: skip


def shown(value: Any) -> Any:
    return "—" if value is None else value


def expected(record: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What the rows of the items must say, from results.json: id, own, verified, difference, reason, clause."""
    for id, each in record["items"].items():
        own, points = each["self_points"], each["points"]
        gap = None if own is None or points is None else round(points - own, 2)
        verified = "待核" if points is None else points
        yield id, shown(own), verified, shown(gap), each["reason"], each["clause"]


def lines(rows: list[Row]) -> list[tuple[Any, ...]]:
    """The rows of items, without the bands of the sections."""
    return [(row[0], row[3], row[4], row[5], row[7], row[8]) for row in rows if row[7] is not None]


# --- what it says is what results.json says ---------------------------------------------------------


def test_every_assessed_or_provisional_unit_is_told_and_no_other(round_: Round) -> None:
    assert list(round_.notices) == [each["unit"] for each in round_.told()]
    silent = [each["unit"] for each in round_.subjects() if each["state"] == "未报"]
    assert silent and not set(silent) & set(round_.notices)
    assert [each.file for each in round_.notices.values()] == [f"{unit}_反馈.xlsx" for unit in round_.notices]


def test_the_head_has_total_rank_and_self_score(round_: Round) -> None:
    for each in round_.told():
        figures = head(round_.pages[each["unit"]]["反馈"])
        assert figures["总分"] == ("暂定" if each["total"] is None else each["total"])
        assert figures["名次"] == shown(each["rank"])
        if each["items"]:
            assert figures["自评得分合计"] == shown(each["self_total"])


def test_every_item_has_its_points_self_points_difference_reason_and_clause(round_: Round) -> None:
    for each in round_.told():
        if each["items"]:
            rows = table(round_.pages[each["unit"]]["反馈"], "编号")
            assert lines(rows) == list(expected(each))


def test_the_difference_of_the_head_is_the_sum_of_the_differences_below(round_: Round) -> None:
    for each in round_.told():
        gap = head(round_.pages[each["unit"]]["反馈"]).get("核定减自评")
        if each["items"] and gap != "—":
            gaps = [row[3] for row in expected(each) if row[3] != "—"]
            assert gap == round(sum(gaps), 2)


def test_points_that_were_lost_and_figures_that_were_changed_are_marked_in_words(rounds: dict[str, Round]) -> None:
    rows = {row[0]: row for row in table(rounds["district"].pages["陈桥乡"]["反馈"], "编号")}
    assert rows["十1"][6] == "失分\n核定改动\n自评不实" and rows["十1"][9] == "来信未按时答复件数＝3（自评1）"
    assert rows["一1"][6] is None and rows["二5+"][6] in (None, "加分")
    open_ = {row[0]: row for row in table(rounds["district"].pages["柳林街道"]["反馈"], "编号")}
    assert open_["二4"][4] == open_["二4"][6] == "待核"


def test_what_the_review_changed_is_listed_with_both_figures_both_places_and_the_effect(
    rounds: dict[str, Round],
) -> None:
    (row,) = table(rounds["district"].pages["陈桥乡"]["反馈"], "填报项")
    said = [cell for cell in row if cell is not None]
    assert said == ["来信未按时答复件数", 1, 3, 2, "十1：3.5分→2.5分（-1）", "填报!D103；核定：复查.csv D3"]


def test_every_changed_figure_of_the_record_is_in_the_list_and_no_other(rounds: dict[str, Round]) -> None:
    for scheme in ("district", "xinyang"):
        for unit, notice in rounds[scheme].notices.items():
            asked = {(id, name) for part in rounds[scheme].facts.scheme.parts for each in part.inputs if each.asked
                     for id, name in ((part.name, cell) for cell in each.cells)}  # fmt: skip
            mine = [each for each in rounds[scheme].facts.record["subjects"] if each["unit"] == unit]
            wanted = {(name, source["value"]) for each in mine for item in each["items"].values()
                      for name, source in item["sources"].items()
                      if source["from"] == "核定" and source["value"] != source["self"]
                      and (each["part"], name) in asked}  # fmt: skip
            assert {(each.name.split("　")[-1], each.now) for each in notice.changes} >= wanted
            assert len(notice.changes) == len(wanted), unit


def test_every_outcome_stands_with_its_amount_clause_and_reason(round_: Round) -> None:
    for each in round_.told():
        page = round_.pages[each["unit"]]["反馈"]
        if not each["outcomes"]:
            assert not any(row[0] == "项目" for row in page)
            continue
        rows = [[cell for cell in row if cell is not None] for row in table(page, "项目")]
        wanted = [[titled(one["id"]), one["kind"], shown(one["amount"]), one["because"], one["clause"]]
                  for one in each["outcomes"]]  # fmt: skip
        assert [row[:5] for row in rows] == wanted
        for one, row in zip(each["outcomes"], rows, strict=True):
            assert ("阶段" in row[-1]) == one["pending"] and ("待确认" in row[-1]) == one["confirm"]


def test_persons_stand_on_a_page_of_their_own_with_every_line(rounds: dict[str, Round]) -> None:
    xinyang = rounds["xinyang"]
    for unit in xinyang.notices:
        mine = [each for each in xinyang.told("个人") if each["unit"] == unit]
        assert ("个人" in xinyang.pages[unit]) == bool(mine)
        if not mine:
            continue
        rows = table(xinyang.pages[unit]["个人"], "编号")
        assert lines(rows) == [line for each in mine for line in expected(each)]
        bands = [row[0] for row in rows if "总分：" in str(row[0])]
        for band, each in zip(bands, mine, strict=True):
            assert band.startswith(each["person"]) and (f"工号 {each['person_id']}" in band) == bool(each["person_id"])
            assert f"总分：{'暂定' if each['total'] is None else each['total']}　" in band
            assert each["rank"] is None or f"人）：{each['rank']}" in band
        lists = [one["because"] for each in mine for one in each["outcomes"]]
        assert [because for because in lists if any(because in str(row[0]) for row in rows)] == lists


def test_where_nothing_earns_points_the_figures_targets_and_settlement_stand_instead(rounds: dict[str, Round]) -> None:
    old = rounds["liaocheng-1995"]
    for each in old.told():
        page = old.pages[each["unit"]]["反馈"]
        assert not any(row[0] == "编号" for row in page)
        targets = {row[0]: row[8] for row in table(page, "目标")}
        words = {True: "达到", False: "未达到", None: "待核"}
        titles = {one.id: one.title for one in old.facts.scheme.parts[0].targets}
        assert targets == {titles[id]: words[met] for id, met in each["targets"].items()}
        if each["settlement"]:
            (row,) = table(page, "保证金")
            paid = each["settlement"]
            left = paid["deposit"] - paid["from_deposit"]
            assert [cell for cell in row if cell is not None] == [*paid.values(), left]
        names = [row[0] for row in figures(page)]
        assert {"集访到市批次", "信访总量", "考评总分"} <= set(names)


def test_a_figure_that_the_review_changed_is_marked_where_there_are_no_items(rounds: dict[str, Round]) -> None:
    rows = {row[0]: row for row in figures(rounds["liaocheng-1995"].pages["榆荫乡"]["反馈"])}
    assert rows["信访积案数"][3:7] == (1, 0, -1, "核定改动")


def between(low: float | None, high: float | None) -> str:
    if low == high:
        return f"总分 {low:g}"
    if low is None or high is None:
        return f"总分不高于 {high:g}" if low is None else f"总分不低于 {low:g}"
    return f"总分在 {low:g} 至 {high:g} 之间"


def test_the_heads_of_the_long_table_stand_on_each_page_and_above_no_other_table(round_: Round) -> None:
    """They repeat from where they stand: nothing but their table may follow."""
    for unit, notice in list(round_.notices.items())[:3]:
        sheet = load_workbook(BytesIO(feedback_bytes(notice)))["反馈"]
        first = "编号" if notice.card.lines else "填报项"
        (top, bottom) = (int(each) for each in re.findall(r"\d+", str(sheet.print_title_rows)))
        assert top == bottom and sheet.cell(top, 1).value == first, unit
        texts = [str(cell.value) for cell in sheet["A"][top:] if cell.value]
        rows = notice.card.lines or notice.card.figures
        bands = [each.band for each in notice.card.lines if each.band]
        assert len(texts) == len(rows) + len(bands), unit


def test_a_provisional_unit_is_told_what_is_open_its_range_and_no_rank(round_: Round) -> None:
    open_ = [each for each in round_.told() if each["state"] == "暂定"]
    assert open_
    for each in open_:
        (said,) = [row[0] for row in round_.pages[each["unit"]]["反馈"] if str(row[0]).startswith("暂定：")]
        assert between(*each["range"]) in said
        assert "不排名次" in said and head(round_.pages[each["unit"]]["反馈"])["名次"] == "—"


def test_a_stage_result_is_said_in_words(round_: Round) -> None:
    for each in round_.told():
        said = any(str(row[0]).startswith("阶段结果：") for row in round_.pages[each["unit"]]["反馈"])
        assert said == each["pending"]


def test_the_readings_that_were_chosen_stand_in_the_head(round_: Round) -> None:
    chosen = [f"{each.id}＝{each.value}" for each in round_.facts.scheme.readings if each.options]
    for page in round_.pages.values():
        head = " ".join(str(cell) for row in page["反馈"][:3] for cell in row if cell)
        assert all(each in head for each in chosen) and "方案状态" in head


def test_it_says_to_whom_an_objection_goes(round_: Round) -> None:
    for page in round_.pages.values():
        said = " ".join(str(row[0]) for row in page["反馈"])
        assert f"请在通知的期限内向{round_.facts.return_to}书面提出" in said


def test_a_figure_that_is_in_contradiction_stands_with_the_word_beside_it(tmp_path: Path) -> None:
    run = Grading(tmp_path, {"甲镇": PERFECT})
    run.type_in("甲镇", {"赴市集访批次": 1, "赴市集访20人以上批次": 3})
    job = Job([run.returned], run.results, issued=run.issued / "发放清单.xlsx")
    notice = next(notices(facts_of(grade(job), run.results)))
    data = next(line.data for line in notice.card.lines if line.id == "二3")
    assert "赴市集访批次＝1（矛盾）" in data and "赴市集访20人以上批次＝3（矛盾）" in data


def test_a_unit_is_told_how_many_of_its_figures_were_verified(rounds: dict[str, Round]) -> None:
    for each in rounds["district"].told():
        words, review = rounds["district"].notices[each["unit"]].card.words, each["review"]
        partly = f"部分复查（核定 {review['verified']}/{review['of']} 项）：没有核定的数按自评数计。"
        assert (partly in words) == (0 < review["verified"] < review["of"])
        assert any("还没有复查" in word for word in words) == (not each["reviewed"])


# --- and nothing else -----------------------------------------------------------------------------


def words_of(page: Mapping[str, list[Row]]) -> str:
    return "\n".join(str(cell) for rows in page.values() for row in rows for cell in row if cell is not None)


def test_nobody_elses_name_appears(round_: Round) -> None:
    units = {each["unit"] for each in round_.subjects()}
    people: dict[str, set[str]] = {}
    for each in round_.subjects("个人") if len(round_.facts.parts) > 1 else []:
        people.setdefault(each["unit"], set()).add(each["person"])
    for unit, page in round_.pages.items():
        others = units - {unit} | set().union(*people.values()) - people.get(unit, set())
        text = words_of(page) + repr(round_.notices[unit])
        assert [name for name in others if name in text] == []


def test_findings_of_the_office_and_its_commands_are_kept_from_the_units(round_: Round) -> None:
    for page in round_.pages.values():
        text = words_of(page)
        assert "--" not in text and "处理意见" not in text and "results.json" not in text
        latin = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"[!、 ][A-Z]{1,2}[0-9]+", "", text)))
        assert latin <= {"xlsx", "csv"}


def test_what_is_wrong_in_the_offices_own_tables_is_not_told_to_a_unit(rounds: dict[str, Round]) -> None:
    facts = rounds["xinyang"].facts
    said = [finding("table-person", Source("复查.csv", "", "B9"), "东明区", name="外单位的人", hint=""),
            finding("unit-differs", Source("a.xlsx"), "东明区", cover="东明区", stamp="外单位")]  # fmt: skip
    told = next(each for each in notices(replace(facts, findings=[*facts.findings, *said])) if each.unit == "东明区")
    assert told == rounds["xinyang"].notices["东明区"]


def test_every_error_in_the_units_own_cells_is_told_with_its_remedy(rounds: dict[str, Round]) -> None:
    for round_ in rounds.values():
        for each in round_.facts.findings:
            if each.code == "cell-wrong" and each.unit in round_.pages:
                rows = table(round_.pages[each.unit]["反馈"], "级别")
                wanted = [str(each.level), f"{each.source.sheet}!{each.source.cell}", each.message, each.mend]
                assert wanted in [[cell for cell in row if cell is not None] for row in rows]


# --- how it is made -------------------------------------------------------------------------------


def test_no_page_ends_with_the_head_of_what_begins_the_next(round_: Round) -> None:
    seen = 0
    for notice in round_.notices.values():
        bands = {line.band for card in (notice.card, *notice.persons) for line in card.lines if line.band}
        for sheet in load_workbook(BytesIO(feedback_bytes(notice))):
            for each in sheet.row_breaks.brk:
                seen += 1
                last = sheet.cell(each.id, 1)
                assert last.value not in (*bands, "编号", "项目", "填报项", "级别", "目标"), (notice.unit, each.id)
                assert not last.font.b or last.font.sz < 12 or last.value is None, (notice.unit, last.value)
    assert seen or round_.facts.scheme.id == "liaocheng-1995"


def test_what_earns_nothing_in_a_period_is_said_in_words(tmp_path: Path) -> None:
    run = Grading(tmp_path, {"甲镇": PERFECT}, period="上半年")
    job = Job([run.returned], run.results, issued=run.issued / "发放清单.xlsx")
    lines = next(notices(facts_of(grade(job), run.results))).card.lines
    assert next(line.of for line in lines if line.id == "二1+") == "不计分"
    assert not [line.id for line in lines if line.of in (0, "加0")]


def test_made_twice_it_is_the_same_to_the_byte(round_: Round) -> None:
    again = {each.unit: each for each in notices(round_.facts)}
    assert again == round_.notices
    for unit in list(again)[:3]:
        assert feedback_bytes(again[unit]) == feedback_bytes(round_.notices[unit])


def test_a_process_that_writes_it_loads_nothing_heavy(rounds: dict[str, Round]) -> None:
    notice = next(iter(rounds["xinyang"].notices.values()))
    heavy = "('pandas', 'numpy', 'openpyxl', 'lark', 'python_calamine')"
    code = ("import pickle, sys; notice = pickle.load(sys.stdin.buffer); "
            "from xfkh.report.feedback import feedback_bytes; import hashlib; "
            "print(hashlib.sha256(feedback_bytes(notice)).hexdigest(), "
            f"[name for name in {heavy} if name in sys.modules])")  # fmt: skip
    out = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(notice), capture_output=True, check=True)
    assert out.stdout.decode().split(maxsplit=1) == [hashlib.sha256(feedback_bytes(notice)).hexdigest(), "[]\n"]


def test_numbers_are_numbers(rounds: dict[str, Round]) -> None:
    for row in table(rounds["district"].pages["桃园街道"]["反馈"], "编号"):
        if row[7] is not None:
            assert all(isinstance(cell, int | float) or cell in ("—", "待核") for cell in row[3:6])


def test_two_units_that_a_file_system_cannot_tell_apart_get_files_of_their_own() -> None:
    long = "很长的单位名称" * 20
    units = ["a局", "A局", "甲/乙", "甲:乙", long, long + "二"]
    names = distinct_names(units, feedback_name)
    assert len({name.casefold() for name in names.values()}) == len(units)
    assert names["a局"] == "a局_反馈.xlsx" and names["A局"] == "A局_2_反馈.xlsx"
    assert all(name.endswith("_反馈.xlsx") for name in names.values())
