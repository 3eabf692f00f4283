"""A fictional folder of returns, as it comes back from the units: for ``demo``, for tests, for samples/."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ..answers import read_roster
from ..intake.form import read_form
from ..job import Job
from ..pipeline import read_prefill, review
from ..publish import write_review
from ..scheme import load
from ..template import FILE, Terms, write_templates
from ..workbook.book import write_whole
from ..workbook.marks import SheetPart, place
from ..workbook.patch import Patch, text_xml

TERMS = Terms("2025", "全年", "2026-01-15", "考核办公室")
Content = str | int | float | bool | None
ISSUED, RETURNED, RESULTS = "发放", "收回", "结果"
TABLES = ("名册.csv", "自评.csv", "复查.csv")
TEAMS = ("一组", "二组", "三组")


class SampleError(Exception):
    """A folder that holds something else than a sample."""


def make_sample(scheme_id: str, out: Path) -> Job:
    """Writes roster, templates, returns and review of a scheme's sample below ``out``; returns the job to grade it.

    The returns come from the sample's own tables: 自评.csv (a row a unit; a unit without a row sends nothing) and
    手填.csv (what a clerk typed into single cells: odd spellings, one that nobody can read).
    """
    tables = resources.files("xfkh") / "samples" / scheme_id
    _refuse_foreign(out, (tables / "名册.csv").read_bytes())
    out.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        write_whole(out / name, (tables / name).read_bytes())
    return make_returns(scheme_id, TERMS, out, list(_rows(tables / "手填.csv")))


def make_returns(scheme_name: str, terms: Terms, out: Path, typed: Sequence[Mapping[str, str]] = ()) -> Job:
    """Issues the templates of a scheme to the roster below ``out`` and fills in the returns; returns the job to grade
    them. ``typed``: what a clerk typed into single cells, in the columns of 手填.csv."""
    scheme, _ = load(scheme_name)
    roster = read_roster(out / "名册.csv")
    write_templates(scheme, roster, terms, out / ISSUED)
    prefill, _ = read_prefill(out / "自评.csv", scheme, roster)
    filled, returned = out / ".填写", out / RETURNED
    shutil.rmtree(returned, ignore_errors=True)
    paths = write_templates(scheme, roster, terms, filled, prefill)
    sent = {row["单位"] for row in _rows(out / "自评.csv")}
    for unit, path in zip(roster.units, paths, strict=True):
        if unit.name in sent:
            mine = [row for row in typed if row["单位"] == unit.name]
            own = {row["填报项"]: row["写的"] for row in mine if not row.get("姓名")}
            people = {(row["姓名"], row["填报项"]): row["写的"] for row in mine if row.get("姓名")}
            write_whole(returned / path.name, type_in(path.read_bytes(), own, people))
    shutil.rmtree(filled)
    return Job([returned], out / RESULTS, issued=out / ISSUED / FILE, reviews=[out / "复查.csv"])


def make_teams(job: Job, out: Path) -> list[Path]:
    """Writes the review workbook of each team of the district sample, filled in, below ``out``: two of them found
    different counts for one unit."""
    paths = [out / f"{name}.xlsx" for name in TEAMS]
    blank = review(replace(job, out=out), paths[0])
    for path in paths:
        write_review(blank, path)
        _verify(path, entries_of(path.stem))
        # as a team finds it again the next day
        write_review(review(replace(job, out=out), path), path)
    return paths


def entries_of(team: str) -> dict[tuple[str, str], dict[str, Content]]:
    """What a team wrote, by unit and answer and then by the head of its column."""
    rows = _rows(resources.files("xfkh") / "samples" / "district" / f"{team}.csv")
    return {(row.pop("单位"), row.pop("标记")): {**row, "核定值": int(row["核定值"])} for row in rows}


def _verify(path: Path, entries: Mapping[tuple[str, str], Mapping[str, Content]]) -> None:
    """What a team types into its rows, and saves."""
    from openpyxl import load_workbook

    book, todo = load_workbook(path), dict(entries)
    sheet = book["单位复查"]
    rows = sheet.iter_rows(min_row=next(row[0].row for row in sheet if any(each.value == "标记" for each in row)))
    heads = [str(each.value) for each in next(rows)]
    for row in rows:
        cells = dict(zip(heads, row, strict=True))
        for head, value in todo.pop((str(cells["单位"].value), str(cells["标记"].value)), {}).items():
            cells[head].value = value
    assert not todo, f"{path.name}：没有 {todo.keys()}"
    book.save(path)


def _refuse_foreign(out: Path, roster: bytes) -> None:
    """A sample is written into a new or empty folder, or over an earlier sample; never over someone's work."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    kept = out / "名册.csv"
    if not kept.is_file() or kept.read_bytes() != roster:
        raise SampleError(f"{out} 里有别的文件，示范不会覆盖它们；请换一个新文件夹：xfkh demo -o 新文件夹")


def _rows(path: Traversable | Path) -> list[dict[str, str]]:
    text = path.read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def type_in(
    data: bytes,
    cells: Mapping[str, Content],
    persons: Mapping[tuple[str, str], Content] | None = None,
) -> bytes:
    """A filled form with other contents in some input cells, as a clerk would have typed and saved it: what formulas
    gave before is gone.

    ``persons``: (name, input cell) → content, for persons who are alone with their name.
    """
    if not cells and not persons:
        return data
    form, package = read_form(data), Patch(data)
    typed = dict[str, dict[str, Content]]()
    for name, value in cells.items():
        sheet, _, address = form.cells[name][1].rpartition("!")
        typed.setdefault(sheet, {})[address] = value
    for (person, name), value in (persons or {}).items():
        table = form.persons[0]
        row = next(each for each in table.rows if each.name == person)
        typed.setdefault(table.sheet, {})[f"{table.columns[name]}{row.line}"] = value
    book = package.related("", "officeDocument")
    parts, sheets = package.relations(book), package.part(book).root.one("sheets")
    for tab in sheets.children if sheets else ():
        member = parts[tab.get("id") or ""].target
        package.members[member] = _GIVEN.sub(rb"\1<v></v>", package.members[member])
        page = SheetPart(package.part(member, 2))
        for address, value in typed.get(tab.get("name") or "", {}).items():
            at = place(address)
            assert at is not None
            page.put(*at, _cell(address, page.style(at), value))
    return package.finish()


_GIVEN = re.compile(rb"(<f[^<>]*>[^<]*</f>)<v>[^<]*</v>")


def _cell(address: str, style: int, value: Content) -> bytes:
    """A cell as programs write one."""
    kind, inner = "", ""
    if isinstance(value, bool):
        kind, inner = ' t="b"', f"<v>{int(value)}</v>"
    elif isinstance(value, str) and value.startswith("="):
        inner = f"<f>{text_xml(value[1:])}</f><v></v>"
    elif isinstance(value, str):
        kind, inner = ' t="inlineStr"', f'<is><t xml:space="preserve">{text_xml(value)}</t></is>'
    elif value is not None:
        inner = f"<v>{value!r}</v>"
    return f'<c r="{address}" s="{style}"{kind}>{inner}</c>'.encode()
