"""A new clerk fills in a blank template in LibreOffice, cell by cell as Tab goes, and sends it in.

A Basic macro in a profile of its own opens the file, walks the unlocked cells row by row, types, and notes after every
cell what the head of the form shows: the count of what is missing and the self-score.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import pytest
from openpyxl import load_workbook

from tests import office
from tests.rounds import call, subject
from xfkh.intake.form import read_form
from xfkh.scheme import builtin_ids, load

pytestmark = [office.require_office, pytest.mark.slow]

COVER, FORM, PERSONS, CHECKS = "封面", "填报", "个人", "检查"
DONE = "已全部填好"
YEAR = "2025"

MACRO = """
Sub Main
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
    disk = createUnoService("com.sun.star.ucb.SimpleFileAccess")
    plan = createUnoService("com.sun.star.io.TextInputStream")
    plan.setInputStream(disk.openFileRead("{plan}"))
    plan.setEncoding("UTF-8")
    notes = createUnoService("com.sun.star.io.TextOutputStream")
    notes.setOutputStream(disk.openFileWrite("{notes}"))
    notes.setEncoding("UTF-8")
    wanted = plan.readLine()
    For Each sheet In Array({sheets})
        page = book.Sheets.getByName(sheet)
        cursor = page.createCursor()
        cursor.gotoEndOfUsedArea(False)
        For row = 0 To cursor.RangeAddress.EndRow
            For col = 0 To cursor.RangeAddress.EndColumn
                one = page.getCellByPosition(col, row)
                If Not one.CellProtection.IsLocked Then
                    place = sheet & Chr(9) & col & Chr(9) & row & Chr(9)
                    typed = ""
                    If Left(wanted, Len(place)) = place Then
                        typed = Mid(wanted, Len(place) + 1)
                        one.setFormula(typed)
                        wanted = plan.readLine()
                    End If
                    form = book.Sheets.getByName("填报")
                    checks = book.Sheets.getByName("检查")
                    head = form.getCellByPosition(11, 2).String & Chr(9) & form.getCellByPosition(10, 2).String
                    notes.writeString(place & typed & Chr(9) & head & Chr(9) & checks.getCellByPosition(0, 1).String & Chr(10))
                End If
            Next
        Next
    Next
    notes.closeOutput()
    Dim saved(0) As New com.sun.star.beans.PropertyValue
    saved(0).Name = "FilterName"
    saved(0).Value = "Calc MS Excel 2007 XML"
    book.storeToURL("{target}", saved())
    book.close(True)
    StarDesktop.terminate()
End Sub
"""  # noqa: E501

# else the first start lays an empty library over ours
_SETTLED = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value>
</prop></item></oor:items>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:{kind} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{dtd}.dtd">
<library:{kind} xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"{body}
</library:{kind}>
"""


class Seen(NamedTuple):
    """What the clerk saw after a cell: where it is, what was typed, and the heads of 填报 and of 检查."""

    sheet: str
    col: int
    row: int
    typed: str
    state: str
    score: str
    headline: str


class Clerk(NamedTuple):
    """A filled form, and what was seen on the way."""

    scheme: str
    unit: str
    path: Path
    walk: list[Seen]


def sample(scheme: str, name: str) -> list[dict[str, str]]:
    text = (files("xfkh.samples") / scheme / f"{name}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def position(address: str) -> tuple[int, int]:
    """Column and row, counted from 0."""
    letters = address.rstrip("0123456789")
    col = sum((ord(each) - 64) * 26**k for k, each in enumerate(reversed(letters))) - 1
    return col, int(address[len(letters) :]) - 1


def to_type(blank: Path, scheme: str, unit: str) -> dict[tuple[str, int, int], str]:
    """Every cell that the clerk means to fill: sheet, row, column → content."""
    form, cover, wanted = read_form(blank.read_bytes()), load_workbook(blank)[COVER], dict[tuple[str, int, int], str]()
    said = {"填报单位": unit, "年度": YEAR, "填报人": "张三", "填报日期": "2025-12-31"}
    for cell in (each for line in cover.iter_rows() for each in line if each.value in said):
        wanted[COVER, cell.row - 1, cell.column] = said[str(cell.value)]
    rows = [row for row in sample(scheme, "自评") if row["单位"] == unit]
    for name, value in next(row for row in rows if not row.get("姓名")).items():
        if value and name in form.cells:
            col, line = position(form.cells[name][1].rpartition("!")[2])
            wanted[FORM, line, col] = value
    people = [row for row in rows if row.get("姓名")]
    if people:
        heads = {str(cell.value): cell.column - 1 for cell in load_workbook(blank)[PERSONS][1] if cell.value}
        heads = {name.removeprefix("@"): col for name, col in heads.items()}
    for at, row in enumerate(people, 6):
        wanted |= {(PERSONS, at, heads[name]): value for name, value in row.items() if value and name in heads}
    return wanted


def work(blank: Path, target: Path, plan: Mapping[tuple[str, int, int], str], sheets: Sequence[str]) -> list[Seen]:
    """Types the plan into the unlocked cells in tab order, through LibreOffice."""
    lines = [f"{sheet}\t{col}\t{row}\t{value}" for (sheet, row, col), value in sorted(plan.items(), key=order(sheets))]
    folder = target.parents[1]
    (folder / "plan.txt").write_text("\n".join([*lines, "", ""]), encoding="utf-8")
    notes = folder / "notes.txt"
    source = shutil.copy(blank, folder / "blank.xlsx")
    places = {"source": Path(source), "target": folder / "filled.xlsx", "notes": notes, "plan": folder / "plan.txt"}
    listed = ",".join(f'"{each}"' for each in sheets)
    code = MACRO.format(sheets=listed, **{name: path.as_uri() for name, path in places.items()})
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise office.OfficeError("LibreOffice (soffice) is needed but not installed")
    with office._profile({}) as profile:
        user = Path(profile.removeprefix("file://")) / "user"
        (user / "registrymodifications.xcu").write_text(_SETTLED, encoding="utf-8")
        _write_macro(user / "basic", code)
        options = [f"-env:UserInstallation={profile}", "--headless", "--norestore", "macro:///Standard.Clerk.Main"]
        said = office._run([program, *options], 60)
    if not (folder / "filled.xlsx").exists():
        raise office.OfficeError(f"LibreOffice saved no filled form; it said:\n{said}")
    target.parent.mkdir()
    shutil.move(folder / "filled.xlsx", target)
    seen = [line.split("\t") for line in notes.read_text("utf-8").splitlines()]
    return [Seen(sheet, int(col), int(row), *rest) for sheet, col, row, *rest in seen]


def order(sheets: Sequence[str]) -> Any:
    return lambda entry: (sheets.index(entry[0][0]), *entry[0][1:])


def _write_macro(folder: Path, code: str) -> None:
    (folder / "Standard").mkdir(parents=True)
    known = '>\n <library:library library:name="Standard" library:link="false"/>'
    own = ' library:name="Standard" library:readonly="false">\n <library:element library:name="Clerk"/>'
    (folder / "script.xlc").write_text(_LIBRARY.format(kind="libraries", dtd="libraries", body=known), "utf-8")
    (folder / "Standard" / "script.xlb").write_text(_LIBRARY.format(kind="library", dtd="library", body=own), "utf-8")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<script:module xmlns:script="http://openoffice.org/2000/script"'
    text = f'{head} script:name="Clerk" script:language="StarBasic">{escape(code)}</script:module>\n'
    (folder / "Standard" / "Clerk.xba").write_text(text, "utf-8")


@pytest.fixture(scope="module", params=builtin_ids())
def clerk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    scheme, folder = request.param, tmp_path_factory.mktemp("fill")
    assert call("template", scheme, "--blank", "-o", folder / "空白") == 0
    blank = next((folder / "空白").iterdir())
    unit = sample(scheme, "名册")[0]["单位"]
    sheets = [COVER, FORM, *([PERSONS] if len(load(scheme)[0].parts) > 1 else [])]
    path = folder / "收回" / f"{unit}.xlsx"
    return Clerk(scheme, unit, path, work(blank, path, to_type(blank, scheme, unit), sheets))


def missing(walk: Sequence[Seen]) -> Iterator[int]:
    """The count of what is missing, after every cell of 填报."""
    for each in walk:
        if each.sheet == FORM:
            yield 0 if each.state == DONE else int(each.state.removeprefix("还有").removesuffix("处待填"))


def test_every_content_finds_its_cell_on_the_way(clerk: Clerk) -> None:
    plan = to_type(next((clerk.path.parents[1] / "空白").iterdir()), clerk.scheme, clerk.unit)
    typed = {(each.sheet, each.row, each.col): each.typed for each in clerk.walk if each.typed}
    assert typed == plan


def test_the_count_of_what_is_missing_falls_to_nothing_and_never_rises(clerk: Clerk) -> None:
    counts = list(missing(clerk.walk))
    assert counts[0] > 10
    assert counts == sorted(counts, reverse=True)
    assert set(range(counts[0])) <= set(counts), "one at a time"
    assert counts[-1] == 0
    assert clerk.walk[-1].headline == DONE


def test_materials_and_what_may_stay_blank_never_count_as_missing(clerk: Clerk) -> None:
    walk = [each for each in clerk.walk if each.sheet == FORM]
    counts = [*missing(clerk.walk)]
    for before, after, each in zip(counts, counts[1:], walk[1:], strict=False):
        assert after == before or each.typed


def persons_shown(path: Path) -> dict[str, float]:
    """Name → self-score, as 个人 shows them."""
    book: Any = load_workbook(path, data_only=True)
    rows = book[PERSONS].iter_rows(min_row=7, min_col=3, max_col=5, values_only=True) if PERSONS in book else []
    return {str(name): float(score) for name, _, score in rows if name}


def test_the_self_score_that_the_clerk_saw_is_the_one_that_grading_gives(clerk: Clerk, tmp_path: Path) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_bytes((files("xfkh.samples") / clerk.scheme / "名册.csv").read_bytes())
    call("grade", clerk.path.parent, "--scheme", clerk.scheme, "--roster", roster, "-o", tmp_path / "结果")
    record: dict[str, Any] = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    own = subject(record, clerk.unit)
    assert own["state"] in ("已评", "暂定")
    wrong = [each for each in record["findings"] if each["unit"] == clerk.unit and each["level"] == "错误"]
    assert not [each for each in wrong if each["code"] != "review-missing"]
    assert persons_shown(clerk.path) == {
        each["person"]: each["self_total"] for each in record["subjects"] if each["person"]
    }
    shown = [each.score for each in clerk.walk if each.sheet == FORM]
    if own["self_total"] is None:
        assert shown[0] == "0项" and shown[-1] != shown[0]
        return
    assert float(shown[0]) < float(shown[-1]) == own["self_total"]
