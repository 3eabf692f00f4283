"""A whole review of the district sample: three teams, one contradiction between them, one late return and one changed
after the review. The second round shows exactly those, loses nothing, and the comparison explains the moved ranks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.rounds import call, sample_of
from tests.test_review import Entries, rows_of, verify
from xfkh.samples import TEAMS, entries_of, type_in

LATE, CHANGED, DISPUTED = "桃园街道", "清河乡", "南湖乡"
ENTRIES: dict[str, Entries] = {name: dict(entries_of(name)) for name in TEAMS}
Record = dict[str, Any]


class Office:
    """A folder in which three teams have a review workbook each; ``stale``: the rows that the second review asks to be
    looked at again, by team, unit and answer."""

    def __init__(self, folder: Path) -> None:
        self.stale = set[tuple[str, str, str]]()
        self.folder = folder / "办公室"
        sample_of("district", self.folder)
        self.inbox, self.books = self.folder / "收回", {name: self.folder / f"{name}.xlsx" for name in ENTRIES}

    def form(self, unit: str) -> Path:
        return next(self.inbox.glob(f"{unit}_*.xlsx"))

    def review(self) -> None:
        for book in self.books.values():
            assert call("review", self.inbox, "-o", book, "--jobs", 1) == 1

    def grade(self, name: str) -> Record:
        out = self.folder / name
        given = [arg for book in self.books.values() for arg in ("--review", book)]
        assert call("grade", self.inbox, "-o", out, *given) == 1
        record: Record = json.loads((out / "results.json").read_text("utf-8"))
        return record


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """First round: the late return is not there. Then it comes, another is changed, the dispute is settled."""
    made = Office(tmp_path_factory.mktemp("三组"))
    late = made.form(LATE)
    shutil.move(late, made.folder / late.name)
    first, *others = made.books.values()
    assert call("review", made.inbox, "-o", first, "--jobs", 1) == 1
    for book in others:
        shutil.copy(first, book)
    for name, entries in ENTRIES.items():
        verify(made.books[name], entries)
    made.grade("第一次")
    shutil.move(made.folder / late.name, late)
    form = made.form(CHANGED)
    form.write_bytes(type_in(form.read_bytes(), {"研究信访工作次数": 1}))
    made.review()
    made.stale = {(name, *key) for name, book in made.books.items() for key, row in rows_of(book).items()
                  if row["状态"] == "需复核"}  # fmt: skip
    verify(made.books["二组"], {(DISPUTED, "无故缺席次数"): {"核定值": 1}})
    made.grade("第二次")
    return made


def told(office: Office, run: str, code: str) -> list[tuple[str, str]]:
    record = json.loads((office.folder / run / "results.json").read_text("utf-8"))
    return sorted((each["unit"], each["file"]) for each in record["findings"] if each["code"] == code)


def test_the_first_round_holds_the_one_contradiction_and_nothing_else_of_the_teams(office: Office) -> None:
    assert told(office, "第一次", "review-clash") == [(DISPUTED, "二组.xlsx")]
    assert told(office, "第一次", "review-stale") == []


def test_the_second_review_asks_for_another_look_at_exactly_what_changed(office: Office) -> None:
    assert office.stale == {("二组", CHANGED, "研究信访工作次数"), ("三组", LATE, "无故缺席次数")}
    assert told(office, "第二次", "review-stale") == [(LATE, "三组.xlsx"), (CHANGED, "二组.xlsx")]
    assert told(office, "第二次", "review-clash") == []


def test_no_entry_of_any_team_is_lost(office: Office) -> None:
    for name, entries in ENTRIES.items():
        rows = rows_of(office.books[name])
        for key, written in entries.items():
            wanted = {**written, **({"核定值": 1} if key[0] == DISPUTED else {})}
            assert {head: rows[key][head] for head in wanted} == wanted, (name, key)


def test_the_comparison_explains_every_unit_whose_rank_moved(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert call("compare", office.folder / "第一次", office.folder / "第二次", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    by_unit = {each["unit"]: each for each in made["subjects"]}
    runs = [json.loads((office.folder / run / "results.json").read_text("utf-8")) for run in ("第一次", "第二次")]
    ranks = [{each["unit"]: each["rank"] for each in run["subjects"]} for run in runs]
    moved = {unit for unit in ranks[0] if ranks[0][unit] != ranks[1][unit]}
    assert LATE in moved and len(moved) > 2
    for unit in moved:
        assert by_unit[unit]["why"], unit
    others = moved - {LATE, CHANGED, DISPUTED}
    assert all(
        any(LATE in each["text"] or DISPUTED in each["text"] for each in by_unit[unit]["why"]) for unit in others
    )
    settled = next(each for each in by_unit[DISPUTED]["items"] if each["id"] == "九")
    assert [each["input"] for each in settled["inputs"]] == ["无故缺席次数"]


def test_the_workbooks_of_the_sample_merge_but_for_the_one_contradiction(tmp_path: Path) -> None:
    sample = Path(__file__).parents[1] / "samples" / "district"
    given = [arg for name in TEAMS for arg in ("--review", sample / "复查组" / f"{name}.xlsx")]
    call("grade", sample / "收回", "-o", tmp_path / "结果", *given)
    record = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    assert [each["unit"] for each in record["findings"] if each["code"] == "review-clash"] == [DISPUTED]
    assert not any(each["code"] == "review-stale" for each in record["findings"])
    others = [each for each in record["subjects"] if each["unit"] != DISPUTED]
    items = [item for each in others for item in each["items"].values()]
    sources = [source for item in items for source in item["sources"].values()]
    written = {row["理由"] for entries in ENTRIES.values() for (unit, _), row in entries.items() if unit != DISPUTED}
    assert {each["review"]["reason"] for each in sources if "review" in each} == written
