"""A folder of returns: whatever lies in it, every file ends in one fate, every unit in one state, and no file
costs another one its score."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

import xfkh
from tests.cases_district import FULL, FULL_TOTAL, PERFECT
from tests.rounds import Round, call, subject, text
from tests.surgery import NOTHING, Xml, copy_row, error, formula, number, row_of, swap, words
from xfkh.decisions import CHOOSE, CLOSE, CONFIRM, Decisions, Question, decisions_bytes, read_decisions
from xfkh.decisions import FILE as DECISIONS
from xfkh.job import Job
from xfkh.model import OutcomeKind
from xfkh.pipeline import grade
from xfkh.publish import as_record
from xfkh.template import FILE as ISSUED
from xfkh.workbook.book import Book

Record = dict[str, Any]
Change = Callable[[bytes], bytes]
COVER, FORM, STAMP = 1, 2, 5
FATES, STATES = ("已评", "待定", "退回", "忽略"), ("已评", "暂定", "未报", "退回", "待定")


# --- hands that change a workbook ---------------------------------------------------------------


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The package with every member changed; None leaves a member out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            new = change(info.filename, source.read(info))
            if new is not None:
                target.writestr(info.filename, new)
    return out.getvalue()


def put(data: bytes, cells: Mapping[str, Xml], sheet: int = FORM) -> bytes:
    """The workbook with other contents in some cells, every other byte of the sheet as it was."""

    def change(name: str, member: bytes) -> bytes:
        if name != f"xl/worksheets/sheet{sheet}.xml":
            return member
        content = member.decode()
        for ref, (attributes, body) in cells.items():
            pattern = rf'<c r="{ref}"((?: s="\d+")?)(?: t="\w+")?(?:/>|>.*?</c>)'
            new = rf'<c r="{ref}"\g<1>{attributes}>' + body.replace("\\", "\\\\") + "</c>"
            content, found = re.subn(pattern, new, content)
            assert found == 1, ref
        return content.encode()

    return repacked(data, change)


def addresses(data: bytes) -> dict[str, str]:
    """Input cell → its address, by the ids that stand in column A and row 1."""
    sheet: Any = load_workbook(BytesIO(data))["填报"]
    columns = {cell.value: cell.column_letter for cell in sheet[1] if str(cell.value or "").startswith("@")}
    found: dict[str, str] = {}
    for row in range(2, sheet.max_row + 1):
        id = str(sheet.cell(row, 1).value or "")
        name, _, start = id.partition("[")
        if start:
            first = int(start[:-1])
            found |= {f"{name}[{first + k}]": f"{columns[f'@{k + 1}']}{row}" for k in range(6)}
        elif id and not id.startswith("#"):
            found[id] = f"{columns['@1']}{row}"
    return found


def typed(name: str, content: Xml) -> Change:
    return lambda data: put(data, {AT[name]: content})


def restamped(**facts: str) -> Change:
    return lambda data: put(data, {STAMPED[key]: words(value) for key, value in facts.items()}, STAMP)


def renamed(unit: str, cover: str) -> Change:
    return lambda data: put(restamped(单位=unit)(data), {"C5": words(cover)}, COVER)


def reworked(change: Callable[[Any], object], merged: bool = False) -> Change:
    """Opened, changed and saved by another program, one that keeps no cached values (nor the merged cells)."""

    def apply(data: bytes) -> bytes:
        book, out = load_workbook(BytesIO(data if merged else unmerged(data))), BytesIO()
        change(book)
        book.save(out)
        return out.getvalue()

    return apply


def unmerged(data: bytes) -> bytes:
    """Without merged cells: moving rows and columns under them confuses openpyxl, and reading them takes it long."""
    return repacked(data, lambda _, member: re.sub(rb"<mergeCells.*?</mergeCells>", b"", member))


def on_form(change: Callable[[Any], object]) -> Change:
    """A change of the fill-in sheet."""
    return reworked(lambda book: change(book["填报"]))


def hide(book: Any) -> None:
    sheet = book["填报"]
    for row in range(10, 40):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book["填报"].sheet_state = "hidden"


def unprotect(book: Any) -> None:
    for sheet in book.worksheets:
        sheet.protection.sheet = False
        sheet.data_validations.dataValidation = []


def merge_answer(sheet: Any) -> None:
    row = row_of(sheet, "推诿次数")
    sheet.merge_cells(start_row=row, end_row=row, start_column=4, end_column=9)


def set_format(name: str, value: object, number_format: str) -> Change:
    def change(sheet: Any) -> None:
        sheet[AT[name]] = value
        sheet[AT[name]].number_format = number_format

    return on_form(change)


def set_rich(name: str) -> Change:
    runs = CellRichText("1", TextBlock(InlineFont(b=True), "2"))

    def change(data: bytes) -> bytes:
        book, out = load_workbook(BytesIO(unmerged(data)), rich_text=True), BytesIO()
        sheet: Any = book["填报"]
        sheet[AT[name]] = runs
        book.save(out)
        return out.getvalue()

    return change


def shrink_dimension(data: bytes) -> bytes:
    return repacked(data, lambda _, member: re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>', member))


def without(*names: str) -> Change:
    return reworked(lambda book: [book.remove(book[name]) for name in names])


def emptied(data: bytes) -> bytes:
    return put(data, {AT[name]: NOTHING for name in PERFECT})


def filled_blank(blank: bytes, unit: str, year: str = "2025") -> bytes:
    """The template from templates/, filled in, with unit and year written on its cover."""
    said = {
        AT[name]: words(text(value)) if isinstance(value, str) else number(text(value))
        for name, value in PERFECT.items()
    }
    return put(put(blank, said), {"C5": words(unit), "E5": words(year)}, COVER)


AT: dict[str, str] = {}
STAMPED: dict[str, str] = {}


def learn(data: bytes) -> None:
    """Where things stand in the templates of this round."""
    AT.update(addresses(data))
    sheet: Any = load_workbook(BytesIO(data))["_xfkh"]
    STAMPED.update({str(sheet.cell(row, 1).value): f"B{row}" for row in range(1, sheet.max_row + 1)})


# --- the tables of what comes back --------------------------------------------------------------


class Typed(NamedTuple):
    """One cell as a clerk left it: the value that counts and the points of its item, or None where it is 待核."""

    change: Change
    name: str
    item: str
    value: object
    points: str | None
    code: str = ""


def letters(content: Xml, value: object, points: str | None, code: str = "") -> Typed:
    return Typed(typed("来信未按时答复件数", content), "来信未按时答复件数", "十1", value, points, code)


def bad(content: Xml) -> Typed:
    return letters(content, None, None, "cell-wrong")


def read(content: Xml, value: int) -> Typed:
    return letters(content, value, str(Fraction(4) - Fraction(value, 2)), "cell-read")


def formatted(content: object, number_format: str, value: int | None) -> Typed:
    change = set_format("来信未按时答复件数", content, number_format)
    sound = ("2.5", "") if value else (None, "cell-wrong")
    return Typed(change, "来信未按时答复件数", "十1", value, *sound)


def memo(content: Xml, value: object, points: str | None, code: str = "") -> Typed:
    return Typed(typed("备忘录", content), "备忘录", "八4", value, points, code)


LETTERS = "来信未按时答复件数"
CELLS: dict[str, Typed] = {
    "a plain number": letters(number(3), 3, "2.5"),
    "a text number": read(words("3"), 3),
    "full-width digits": read(words("１"), 1),
    "the measure": read(words("3件"), 3),
    "a Chinese numeral": read(words("三"), 3),
    "none in words": read(words("无"), 0),
    "spaces and a line break": read(words(" 3\n"), 3),
    "a tick for yes": memo(words("√"), "是", "2", "cell-read"),
    "a cross for no": memo(words("×"), "否", "0", "cell-read"),
    "rich text": Typed(set_rich("信访信息条数[3]"), "信访信息条数[3]", "四1", 12, "2", "cell-read"),
    "an approximate number": bad(words("约5件")),
    "a range": bad(words("1-2")),
    "a dash": bad(words("—")),
    "an error value": bad(error("#REF!")),
    "an error value without text": bad(Xml(' t="e"', "<v></v>")),
    "an error as text": bad(words("#N/A")),
    "a logical value": bad(Xml(' t="b"', "<v>1</v>")),
    "a decimal": bad(number("3.5")),
    "a negative number": bad(number(-1)),
    "a number too large": bad(number("1E308")),
    "a number that is none": bad(number("1E999")),
    "a date": formatted(datetime.date(2025, 3, 5), "m月d日", None),
    "an ordinary format": formatted(3, "#,##0.00", 3),
    "a logical value for yes": memo(Xml(' t="b"', "<v>1</v>"), None, None, "cell-wrong"),
    "a number for yes": memo(number(1), None, None, "cell-wrong"),
    "a formula for yes": memo(formula("1+0", 1), None, None, "cell-wrong"),
    "a sum with its value": letters(formula("3+2", 5), 5, "1.5", "cell-formula-read"),
    "a sum with another value": bad(formula("3+2", 4)),
    "a sum with a stale zero": bad(formula("3+2", 0)),
    "a sum without its value": bad(formula("3+2")),
    "a sum with its value as text": bad(Xml(' t="str"', "<f>3+2</f><v>5</v>")),
    "a sum that is an error": bad(Xml(' t="e"', "<f>1/0</f><v>#DIV/0!</v>")),
    "a reference": bad(formula("D8", 3)),
    "a reference to another workbook": bad(formula("[1]Sheet1!$A$1", 3)),
    "a shared formula": bad(Xml("", '<f t="shared" si="0"/><v>3</v>')),
    "a blank": letters(NOTHING, None, None, "cell-blank"),
    "nothing but spaces": letters(words("　 "), None, None, "cell-blank"),
    "a blank for yes": memo(NOTHING, None, None, "cell-blank-flag"),
}  # fmt: skip


class Damage(NamedTuple):
    """What happened to a whole return, and the codes of the findings it must bring."""

    change: Change
    codes: Sequence[str] = ()
    name: str = ""


SAME: Change = bytes

HONEST: dict[str, Damage] = {
    "as it was sent": Damage(SAME),
    "saved again by another program": Damage(reworked(bool, merged=True)),
    "with a wrong dimension": Damage(shrink_dimension),
    "with a renamed sheet": Damage(reworked(lambda book: setattr(book["填报"], "title", "填报表2025"))),
    "with sheets added and reordered": Damage(
        reworked(lambda book: (book.create_sheet("草稿", 0), book.move_sheet("填报", -2), book["草稿"].append([1, 2]))),
        ["sheet-extra", "sheet-moved"],
    ),
    "with a row inserted": Damage(on_form(lambda sheet: sheet.insert_rows(row_of(sheet, "研究信访工作次数"), 2))),
    "with a row inserted at the top": Damage(on_form(lambda sheet: sheet.insert_rows(1))),
    "with rows swapped": Damage(on_form(lambda sheet: swap(sheet, "研究信访工作次数", "推诿次数", range(1, 14)))),
    "with a column inserted": Damage(on_form(lambda sheet: sheet.insert_cols(4))),
    "with a column inserted before the ids": Damage(on_form(lambda sheet: sheet.insert_cols(1))),
    "with hidden rows, columns and sheets": Damage(reworked(hide), ["form-hidden"]),
    "without protection and drop-downs": Damage(reworked(unprotect), ["form-protect"]),
    "with a score overwritten": Damage(reworked(lambda book: book["填报"].__setitem__("K3", 999)), ["formula-gone"]),
    "with notes beside the form": Damage(
        reworked(lambda book: book["填报"].__setitem__("P9", "见附件")), ["cell-outside"]
    ),
    "with a number beside an answer": Damage(
        on_form(lambda sheet: sheet.cell(row_of(sheet, "研究信访工作次数"), 5, 3)), ["cell-outside"]
    ),
    "with a number beneath the answers of an item's head": Damage(
        on_form(lambda sheet: sheet.cell(row_of(sheet, "研究信访工作次数") - 1, 6, 3)), ["cell-outside"]
    ),
    "with an answer merged with its neighbours": Damage(on_form(merge_answer), ["cell-merged"]),
    "with a label edited": Damage(
        on_form(lambda sheet: sheet.cell(row_of(sheet, "推诿次数"), 3, "推诿扯皮")), ["label-changed"]
    ),
    "with a name that begins like a formula": Damage(SAME, ["file-name"], "=1+1 表.xlsx"),
    "with a name of another kind": Damage(SAME, ["file-name"], "@汇总（1）副本 v2最终版.XLSX"),
    "with a name without an ending": Damage(SAME, name="没有扩展名"),
    "named like an old workbook": Damage(SAME, name="旧.xls"),
    "with a line break and a direction mark in its name": Damage(SAME, ["file-name"], "甲\n乙\u202e丙.xlsx"),
    "in a folder of a folder": Damage(SAME, name="第一批/补 交/表.xlsx"),
    "in a folder that is named like a workbook": Damage(SAME, name="夹.xlsx/表.xlsx"),
}

REFUSED: dict[str, Damage] = {
    "with a row deleted": Damage(on_form(lambda sheet: sheet.delete_rows(row_of(sheet, "推诿次数"))), ["input-lost"]),
    "with a row copied": Damage(on_form(lambda sheet: copy_row(sheet, "推诿次数")), ["input-twice"]),
    "with a column deleted": Damage(on_form(lambda sheet: sheet.delete_cols(5)), ["input-lost"]),
    "with the other sheets deleted": Damage(without("检查", "说明"), ["sheet-gone"]),
    "with the form deleted": Damage(without("填报"), ["input-lost"]),
    "with its mark deleted": Damage(without("_xfkh"), ["stamp-missing"]),
    "with nothing filled in": Damage(emptied, ["form-blank"]),
    "of another scheme": Damage(restamped(方案="xinyang"), ["stamp-scheme"]),
    "of another version": Damage(restamped(方案版本="2021.9"), ["stamp-version"]),
    "of another wording of the scheme": Damage(restamped(方案指纹="0" * 64), ["stamp-content"]),
    "of another year": Damage(restamped(年度="2024"), ["stamp-year"]),
    "of another period": Damage(restamped(考核期="上半年"), ["stamp-year"]),
    "of a unit that is not on the roster": Damage(renamed("火星", "火星"), ["unit-unknown"]),
    "cut off": Damage(lambda data: data[: len(data) // 2], ["file-broken"]),
    "with a byte flipped": Damage(
        lambda data: data[:4000] + bytes([data[4000] ^ 0xFF]) + data[4001:], ["file-broken"]
    ),
    "without a part that it names": Damage(
        lambda data: repacked(data, lambda name, member: None if name == "xl/worksheets/sheet2.xml" else member),
        ["file-broken"],
    ),
    "without its texts": Damage(
        lambda data: repacked(data, lambda name, member: None if name == "xl/sharedStrings.xml" else member), []
    ),
    "with a document type declaration": Damage(
        lambda data: repacked(
            data,
            lambda name, member: member.replace(b"?>", b'?><!DOCTYPE worksheet [<!ENTITY a "1">]>', 1)
            if name == "xl/worksheets/sheet2.xml"
            else member,
        ),
        ["file-unsafe"],
    ),
}  # fmt: skip

HELD: dict[str, Damage] = {
    "whose cover names another unit": Damage(
        lambda data: put(data, {"C5": words("南湖街道")}, COVER), ["unit-differs"]
    ),
    "whose unit is a slip of the pen": Damage(renamed("青山街到", "青山街到"), ["unit-unknown"]),
}

#: what stands on the cover of a blank template → fate, and the unit it is taken for
COVERS: dict[str, tuple[str, str | None]] = {
    "南湖街道": ("已评", "南湖街道"),
    "北　湖 街\u200b道": ("已评", "北湖街道"),
    "高新Ａ区": ("已评", "高新A区"),
    "甲镇": ("已评", "东山县甲镇"),
    "丙镇": ("待定", None),
    "青山街到": ("待定", None),
    "青山街道（本级）": ("待定", None),
    "火星": ("退回", None),
    "": ("退回", None),
    "../../etc/passwd": ("退回", None),
    "=1+1": ("退回", None),
}
UNITS = ("南湖街道", "北湖街道", "高新A区", "东山县甲镇", "东山县丙镇", "西山县丙镇", "青山街道")


def docx() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def ods() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<office/>")
    return out.getvalue()


def bundle(members: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


OLE, PNG = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"\x89PNG\r\n\x1a\n" + bytes(60)
RANDOM = bytes(k * 167 % 251 for k in range(5000))

#: file name → what it holds, its fate, and the worst that may be said of it
OTHERS: dict[str, tuple[bytes, str, str]] = {
    "~$第001镇.xlsx": (b"\x05lock" + bytes(100), "忽略", "警告"),
    ".DS_Store": (b"\0\0\0\1Bud1", "忽略", "提示"),
    "._第001镇.xlsx": (b"\0\5\x16\7" + bytes(60), "忽略", "提示"),
    "Thumbs.db": (OLE, "忽略", "提示"),
    "desktop.ini": (b"[.ShellClassInfo]", "忽略", "提示"),
    "佐证/会议纪要.pdf": (b"%PDF-1.7 1", "忽略", "提示"),
    "佐证/照片.PNG": (PNG, "忽略", "提示"),
    "佐证/照片.jpg": (b"\xff\xd8\xff\xe0" + bytes(60), "忽略", "提示"),
    "佐证/说明.docx": (docx(), "忽略", "提示"),
    "佐证/说明.doc": (OLE + b"1", "忽略", "提示"),
    "空.xlsx": (b"", "退回", "错误"),
    "乱码.xlsx": (RANDOM, "退回", "错误"),
    "只有开头.xlsx": (b"PK\x03\x04" + RANDOM, "退回", "错误"),
    "网页.xlsx": (b"<html><table><tr><td>3</td></tr></table></html>", "退回", "错误"),
    "逗号.xlsx": ("单位,进京个访批次\n南湖街道,3\n".encode(), "退回", "错误"),
    "其实是文稿.xlsx": (docx() + b"", "退回", "错误"),
    "其实是便携文档.xlsx": (b"%PDF-1.7 2", "退回", "错误"),
    "其实是图片.xlsx": (PNG + b"2", "退回", "错误"),
    "其实是压缩包.xlsx": (bundle({"a.txt": b"x"}), "退回", "错误"),
    "只有开头的旧版.xlsx": (OLE + b"2", "退回", "错误"),
    "别处的表.ods": (ods(), "退回", "错误"),
    "包.rar": (b"Rar!\x1a\x07\x01\x00" + bytes(60), "退回", "错误"),
    "包.7z": (b"7z\xbc\xaf\x27\x1c" + bytes(60), "退回", "错误"),
}

ROWS: dict[str, tuple[str, Any]] = {
    f"第{k:03d}镇": (sentence, what)
    for k, (sentence, what) in enumerate(
        [*CELLS.items(), *HONEST.items(), *REFUSED.items(), *HELD.items(), ("twice", None), ("changed", None)], 1
    )
}
BY_SENTENCE = {sentence: unit for unit, (sentence, _) in ROWS.items()}
assert len(BY_SENTENCE) == len(ROWS)


class Folder(NamedTuple):
    """The one folder in which everything lies together, and what was made of it."""

    path: Path
    results: Path
    record: Record
    status: int
    names: dict[str, str]


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """Fails instead of waiting for ever, where the system can."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_: object) -> None:
        raise AssertionError(f"not done within {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def fill(run: Round, blank: bytes) -> dict[str, str]:
    """Puts everything into the folder of returns; unit → the name of its file."""
    names = {}
    for unit, (_, what) in ROWS.items():
        path = run.path(unit)
        data = path.read_bytes()
        if what is not None:
            path.unlink()
            path = run.returned / ((what.name if isinstance(what, Damage) else "") or path.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(what.change(data))
        names[unit] = path.relative_to(run.returned).as_posix()
    for unit in UNITS:
        run.path(unit).unlink()
    for k, unit in enumerate(COVERS):
        (run.returned / f"空白模板{k}.xlsx").write_bytes(filled_blank(blank, unit))
    for name, (data, _, _) in OTHERS.items():
        (run.returned / name).parent.mkdir(parents=True, exist_ok=True)
        (run.returned / name).write_bytes(data)
    twice, changed = run.path(BY_SENTENCE["twice"]), run.path(BY_SENTENCE["changed"])
    shutil.copy(twice, run.returned / "zz副本.xlsx")
    shutil.copy(twice, run.returned / "zz副本(1).xlsx")
    second = put(changed.read_bytes(), {AT["推诿次数"]: number(1), AT["信访信息条数[7]"]: number(0)})
    (run.returned / "v2最终版.xlsx").write_bytes(second)
    (run.returned / "空文件夹").mkdir()
    (run.returned / "链接.xlsx").symlink_to(changed)
    (run.returned / "断开的链接.xlsx").symlink_to(run.returned / "没有.xlsx")
    (run.returned / "链接夹").symlink_to(run.folder, target_is_directory=True)
    if hasattr(os, "mkfifo"):
        os.mkfifo(run.returned / "管道.xlsx")
    return names


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    path = tmp_path_factory.mktemp("folder")
    run = Round(path, dict.fromkeys((*ROWS, *UNITS), PERFECT))
    assert call("template", "district", "--blank", "-o", path / "空白") == 0
    (blank,) = (path / "空白").iterdir()
    learn(run.path("第001镇").read_bytes())
    names = fill(run, blank.read_bytes())
    with no_longer_than(300):
        status = call("grade", run.returned, "-o", run.results, "--issued", run.issued / ISSUED, "--jobs", 1)
    record = json.loads((run.results / "results.json").read_text("utf-8"))
    return Folder(run.returned, run.results, record, status, names)


def files(record: Record) -> dict[str, dict[str, Any]]:
    found = {each["file"]: each for each in record["files"]}
    assert len(found) == len(record["files"]), "a file is listed twice"
    return found


def said_of(record: Record, file: str) -> list[dict[str, Any]]:
    """What is said of a file; but not that its scores are old: nothing calculates it anew after a cell was changed."""
    return [each for each in record["findings"] if each["file"] == file and each["code"] != "score-differs"]


def points(found: Mapping[str, Any]) -> dict[str, Fraction | None]:
    return {
        id: None if each["points"] is None else Fraction(str(each["points"])) for id, each in found["items"].items()
    }


PERFECT_POINTS = {id: Fraction(value) for id, value in FULL.items() if id not in ("二余", "四余")}


def closes(record: Record, path: Path) -> None:
    """Every file has one fate, every unit one state, and the sums say so."""
    found = {each.relative_to(path).as_posix(): each.is_dir() and not each.is_symlink() for each in path.rglob("*")}
    listed = files(record)
    there = {name for name in listed if "!" not in name}
    # a folder is no file; one that is named like a workbook may be listed so that nobody misses it
    assert {name for name, is_folder in found.items() if not is_folder} <= there <= set(found)
    assert {listed[name]["fate"] for name in there if found[name]} <= {"忽略"}
    assert {each["fate"] for each in listed.values()} <= set(FATES)
    counts = dict(record["inventory"]["files"])
    assert counts.pop("合计") == len(listed) == sum(counts.values())
    for fate in FATES:
        assert counts[fate] == sum(each["fate"] == fate for each in listed.values())
    units = [each["unit"] for each in record["subjects"]]
    assert len(set(units)) == len(units)
    counts = dict(record["inventory"]["units"])
    assert counts.pop("合计") == len(units) == sum(counts.values())
    for state in STATES:
        assert counts[state] == sum(each["state"] == state for each in record["subjects"])


# --- one folder with everything in it -----------------------------------------------------------


def test_the_inventory_of_a_folder_with_everything_in_it_closes(folder: Folder) -> None:
    assert folder.status == 1
    closes(folder.record, folder.path)


@pytest.mark.parametrize("sentence", CELLS)
def test_one_cell_decides_its_own_item_and_no_other(folder: Folder, sentence: str) -> None:
    case, unit = CELLS[sentence], BY_SENTENCE[sentence]
    found = subject(folder.record, unit)
    item = found["items"][case.item]
    assert item["inputs"][case.name] == case.value
    expected = {**PERFECT_POINTS, case.item: None if case.points is None else Fraction(case.points)}
    assert points(found) == expected
    assert files(folder.record)[folder.names[unit]]["fate"] == "已评"
    if case.points is None:
        assert (item["state"], found["state"], found["total"], found["rank"]) == ("待核", "暂定", None, None)
    else:
        assert (item["state"], found["state"]) == ("已评", "已评")
        assert Fraction(str(found["total"])) == sum(each for each in expected.values() if each is not None)


@pytest.mark.parametrize("sentence", [sentence for sentence, case in CELLS.items() if case.code])
def test_what_is_said_of_a_cell_names_the_cell(folder: Folder, sentence: str) -> None:
    case, unit = CELLS[sentence], BY_SENTENCE[sentence]
    said = [each for each in said_of(folder.record, folder.names[unit]) if each["cell"]]
    assert [(each["code"], each["sheet"], each["cell"], each["unit"]) for each in said] == [
        (case.code, "填报", AT[case.name], unit)
    ]
    assert re.sub(r"\[(\d+)\]", r"\1月", case.name) in said[0]["message"]
    assert said[0]["mend"]


@pytest.mark.parametrize("sentence", [sentence for sentence, case in CELLS.items() if not case.code])
def test_nothing_is_said_of_a_cell_in_order(folder: Folder, sentence: str) -> None:
    assert not [each for each in said_of(folder.record, folder.names[BY_SENTENCE[sentence]]) if each["cell"]]


@pytest.mark.parametrize("sentence", HONEST)
def test_a_return_that_was_handled_but_not_answered_otherwise_scores_as_before(folder: Folder, sentence: str) -> None:
    unit = BY_SENTENCE[sentence]
    file, found = files(folder.record)[folder.names[unit]], subject(folder.record, unit)
    assert (file["fate"], file["unit"], found["state"]) == ("已评", unit, "已评"), file["why"]
    assert points(found) == PERFECT_POINTS
    assert Fraction(str(found["total"])) == Fraction(FULL_TOTAL)
    said = {each["code"] for each in said_of(folder.record, folder.names[unit]) if each["level"] != "提示"}
    assert said == set(HONEST[sentence].codes)


@pytest.mark.parametrize("sentence", REFUSED)
def test_a_return_that_cannot_be_trusted_is_sent_back_with_a_reason(folder: Folder, sentence: str) -> None:
    unit, damage = BY_SENTENCE[sentence], REFUSED[sentence]
    file = files(folder.record)[folder.names[unit]]
    assert file["fate"] == "退回"
    assert file["why"]
    said = {each["code"] for each in said_of(folder.record, folder.names[unit]) if each["level"] == "错误"}
    assert said == set(damage.codes) if damage.codes else said
    found = subject(folder.record, unit)
    assert found["state"] == ("退回" if file["unit"] else "未报")
    assert (found["total"], found["rank"], found["items"], found["outcomes"]) == (None, None, {}, [])


@pytest.mark.parametrize("sentence", HELD)
def test_a_return_whose_unit_is_in_doubt_waits_for_a_person(folder: Folder, sentence: str) -> None:
    unit, damage = BY_SENTENCE[sentence], HELD[sentence]
    file = files(folder.record)[folder.names[unit]]
    assert file["fate"] == "待定"
    assert {each["code"] for each in said_of(folder.record, folder.names[unit])} == set(damage.codes)
    assert subject(folder.record, unit)["state"] in ("待定", "未报")
    assert subject(folder.record, unit)["total"] is None


def test_a_deleted_or_copied_row_is_named(folder: Folder) -> None:
    for sentence in ("with a row deleted", "with a row copied"):
        assert "推诿次数" in files(folder.record)[folder.names[BY_SENTENCE[sentence]]]["why"]


def test_a_slip_of_the_pen_is_answered_with_the_names_that_may_be_meant(folder: Folder) -> None:
    assert "青山街道" in files(folder.record)[folder.names[BY_SENTENCE["whose unit is a slip of the pen"]]]["why"]


@pytest.mark.parametrize("k", range(len(COVERS)), ids=[repr(name) for name in COVERS])
def test_a_blank_template_takes_its_unit_from_its_cover_or_from_nowhere(folder: Folder, k: int) -> None:
    name, (fate, unit) = list(COVERS.items())[k]
    file = files(folder.record)[f"空白模板{k}.xlsx"]
    assert (file["fate"], file["unit"]) == (fate, unit), file["why"]
    if unit is not None:
        assert Fraction(str(subject(folder.record, unit)["total"])) == Fraction(FULL_TOTAL)
        assert ("unit-name" in {each["code"] for each in said_of(folder.record, f"空白模板{k}.xlsx")}) == (name != unit)


def test_a_unit_that_nobody_clearly_wrote_has_not_reported(folder: Folder) -> None:
    for unit in ("东山县丙镇", "西山县丙镇", "青山街道"):
        assert subject(folder.record, unit)["state"] == "未报"
        assert "unit-missing" in {each["code"] for each in folder.record["findings"] if each["unit"] == unit}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_is_no_return_ends_where_it_belongs(folder: Folder, name: str) -> None:
    _, fate, level = OTHERS[name]
    file = files(folder.record)[name]
    assert (file["fate"], file["unit"]) == (fate, None)
    assert file["why"]
    assert {each["level"] for each in said_of(folder.record, name)} == {level}


TOLD = {
    "自解压.exe": (b"MZ\x90\0" + bytes(200) + b"Rar!\x1a\x07\x01\0", "自解压", "不要打成自解压"),
    "程序.exe": (b"MZ\x90\0" + bytes(200), "程序", "不要运行"),
    "包.tar.gz": (b"\x1f\x8b\x08\0" + RANDOM, "压缩包", "解压"),
    "包.tar": (b"a".ljust(257, b"\0") + b"ustar\0" + bytes(300), "压缩包", "解压"),
    "winmail.dat": (b"\x78\x9f\x3e\x22" + RANDOM, "winmail.dat", "RTF"),
    "空.zip": (b"PK\5\6" + bytes(18), "没有文件", "压缩包重发"),
    "没有表.xlsx": (b"", "没有读取", "另存为"),
}


def test_a_file_that_nobody_can_save_as_a_workbook_is_told_what_helps(tmp_path: Path, small: Round) -> None:
    genuine = small.path("甲镇").read_bytes()
    bare = repacked(genuine, lambda name, member: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", member)
                    if name == "xl/workbook.xml" else member)  # fmt: skip
    sent = {name: data or bare for name, (data, *_) in TOLD.items()}
    record = graded(tmp_path, small, {**sent, "甲镇": genuine, "多.xlsx": genuine + b"\r\n--\r\n"})
    for name, (_, why, mend) in TOLD.items():
        (said,) = said_of(record, name)
        assert why in said["message"] and mend in said["mend"], name
    assert [each["message"] for each in said_of(record, "没有表.xlsx")] == ["文件里一张工作表也没有，没有读取"]
    assert [each["message"] for each in said_of(record, "多.xlsx")] == ["文件前后有多余的数据，没有读取"]
    assert "没有扩展名，实际是 .xlsx 工作簿，已按内容读取" in {each["message"] for each in said_of(record, "甲镇")}


def test_folders_that_are_named_twice_or_lie_in_one_another_are_read_once(tmp_path: Path, small: Round) -> None:
    inbox = tmp_path / "收回"
    (inbox / "子").mkdir(parents=True)
    data = small.path("甲镇").read_bytes()
    record = graded(tmp_path, small, {"子/甲.xlsx": data}, inbox / "子", inbox, tmp_path / "收回/../收回")
    assert [(each["file"], each["fate"]) for each in record["files"]] == [("子/甲.xlsx", "已评")]


def test_a_number_in_the_name_of_a_folder_is_told_once_and_not_shown(tmp_path: Path, small: Round) -> None:
    phone = "138" + "1234" + "5678"
    for unit in ("甲镇", "乙镇"):
        (tmp_path / f"收回/目录{phone}").mkdir(parents=True, exist_ok=True)
        (tmp_path / f"收回/目录{phone}/{unit}.xlsx").write_bytes(small.path(unit).read_bytes())
    call("grade", tmp_path / "收回", "-o", tmp_path / "结果", "--issued", small.issued / ISSUED)
    record = json.loads((tmp_path / "结果/results.json").read_text("utf-8"))
    (said,) = (each for each in record["findings"] if each["code"] == "personal")
    assert (said["file"], said["message"]) == ("目录…", "有像手机号的内容（文件夹名）") and phone not in str(record)


def test_a_refused_file_is_told_what_it_really_is(folder: Folder) -> None:
    why = {name: each["why"] for name, each in files(folder.record).items()}
    assert "0 字节" in why["空.xlsx"]
    assert "Word" in why["其实是文稿.xlsx"]
    assert "PDF" in why["其实是便携文档.xlsx"]
    assert "图片" in why["其实是图片.xlsx"]
    assert "压缩包" in why["其实是压缩包.xlsx"]
    assert "压缩包" in why["包.rar"]
    assert "损坏" in why["只有开头的旧版.xlsx"]


@pytest.mark.parametrize("name", ["链接.xlsx", "断开的链接.xlsx", "链接夹", "管道.xlsx"])
def test_a_link_or_a_pipe_is_never_opened(folder: Folder, name: str) -> None:
    if name == "管道.xlsx" and not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    assert files(folder.record)[name]["fate"] == "忽略"
    assert not any(each.startswith("链接夹/") for each in files(folder.record))


def test_the_same_bytes_count_once(folder: Folder) -> None:
    unit, listed = BY_SENTENCE["twice"], files(folder.record)
    assert subject(folder.record, unit)["state"] == "已评"
    copies = [folder.names[unit], "zz副本.xlsx", "zz副本(1).xlsx"]
    (first,) = (name for name in copies if listed[name]["fate"] == "已评")
    assert len({listed[name]["sha256"] for name in copies}) == 1
    for name in copies:
        if name != first:
            assert listed[name]["fate"] == "忽略"
            assert first in listed[name]["why"]


def test_of_two_versions_neither_counts_and_the_cells_that_differ_are_named(folder: Folder) -> None:
    unit, listed = BY_SENTENCE["changed"], files(folder.record)
    assert subject(folder.record, unit)["state"] == "待定"
    for name in (folder.names[unit], "v2最终版.xlsx"):
        assert (listed[name]["fate"], listed[name]["unit"]) == ("待定", unit)
    (said,) = (each for each in folder.record["findings"] if each["code"] == "unit-twice")
    assert listed["v2最终版.xlsx"]["why"] == said["message"]
    for word in ("推诿次数", "信访信息条数7月", folder.names[unit], "v2最终版.xlsx"):
        assert word in said["message"]
    assert "备忘录" not in said["message"]


def test_every_file_and_unit_stands_in_the_list_of_problems_whatever_its_name(folder: Folder) -> None:
    book = load_workbook(folder.results / "问题清单.xlsx")
    sheet: Any = book["文件"]
    rows = {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in range(5, sheet.max_row + 1)}
    shown = {name.replace("\u202e", ""): each["fate"] for name, each in files(folder.record).items()}
    assert rows == shown
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    units: Any = book["单位"]
    assert [units.cell(row, 1).value for row in range(5, units.max_row + 1)] == [*ROWS, *UNITS]


def test_what_stands_in_a_refused_cell_is_not_told_where_it_is_a_private_matter(tmp_path: Path, small: Round) -> None:
    secrets = ["13800138000", "110105194912310021", "欧阳建国"]
    data = small.path("甲镇").read_bytes()
    data = put(
        data, {AT[LETTERS]: number(secrets[0]), AT["推诿次数"]: words(secrets[1]), AT["备忘录"]: words(secrets[2])}
    )
    record = graded(tmp_path, small, {"甲.xlsx": data})
    assert subject(record, "甲镇")["state"] == "暂定"
    told = json.dumps(record, ensure_ascii=False)
    assert not [each for each in secrets if each in told]


# --- single files that are hard on a reader -----------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Round:
    """Three units, all of whose returns are in order."""
    run = Round(tmp_path_factory.mktemp("small"), dict.fromkeys(("甲镇", "乙镇", "丙镇"), PERFECT))
    learn(run.path("甲镇").read_bytes())
    return run


def graded(path: Path, small: Round, returns: Mapping[str, bytes], *args: object) -> Record:
    """results.json of a folder with these files."""
    inbox, out = path / "收回", path / "结果"
    for name, data in returns.items():
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(data)
    status = call("grade", inbox, "-o", out, "--issued", small.issued / ISSUED, *args)
    assert status in (0, 1), "grade did not finish"
    record: Record = json.loads((out / "results.json").read_text("utf-8"))
    closes(record, inbox)
    return record


HARD_CELLS: dict[str, Xml] = {
    "thousands of digits": words("9" * 5_000),
    "a long decimal": words("9" * 400 + ".0000000001"),
    "a formula that never ends": formula("1" + "+1" * 4_000, 4_001),
    "a formula whose value is no number": formula("3+2", "NaN"),
    "a number that is no number": number("NaN"),
    "a number that is not even one": number("x"),
    "a text that does not exist": Xml(' t="s"', "<v>999999</v>"),
    "a style that does not exist": Xml(' s="99999"', "<v>0</v>"),
}


@pytest.mark.parametrize("kind", HARD_CELLS)
def test_a_cell_that_is_hard_to_read_costs_nobody_else_the_score(tmp_path: Path, small: Round, kind: str) -> None:
    data = put(small.path("甲镇").read_bytes(), {AT["推诿次数"]: HARD_CELLS[kind]})
    record = graded(tmp_path, small, {"甲.xlsx": data, "乙.xlsx": small.path("乙镇").read_bytes()})
    assert Fraction(str(subject(record, "乙镇")["total"])) == Fraction(FULL_TOTAL)
    first = subject(record, "甲镇")
    if first["state"] == "已评":
        assert kind == "a style that does not exist"
    else:
        assert first["total"] is None


def far_cell(ref: str) -> Change:
    row = re.sub("[A-Z]", "", ref)
    new = f'<row r="{row}"><c r="{ref}"><v>1</v></c></row></sheetData>'.encode()
    return lambda data: repacked(
        data, lambda name, member: member.replace(b"</sheetData>", new) if name.endswith("sheet2.xml") else member
    )


def lying_count(data: bytes) -> bytes:
    return repacked(
        data,
        lambda name, member: (
            re.sub(rb'(uniqueCount|count)="\d+"', rb'\1="4294967295"', member)
            if name == "xl/sharedStrings.xml"
            else member
        ),
    )


HARD_FILES: dict[str, Change] = {
    "a value in the last cell of the sheet": far_cell("XFD1048576"),
    "a value in the last row": far_cell("A1048576"),
    "a false count of texts": lying_count,
}


@pytest.mark.parametrize("kind", HARD_FILES)
def test_a_file_that_is_hard_to_read_costs_nobody_else_the_score(tmp_path: Path, small: Round, kind: str) -> None:
    inbox, out = tmp_path / "收回", tmp_path / "结果"
    inbox.mkdir()
    (inbox / "甲.xlsx").write_bytes(HARD_FILES[kind](small.path("甲镇").read_bytes()))
    shutil.copy(small.path("乙镇"), inbox / "乙.xlsx")
    # a process of its own: such a file can end the one that reads it
    command = [sys.executable, "-m", "xfkh", "grade", inbox, "-o", out, "--issued", small.issued / ISSUED]
    env = {**os.environ, "PYTHONPATH": str(Path(xfkh.__file__).parents[1])}
    done = subprocess.run(list(map(str, command)), env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr[-400:]
    record = json.loads((out / "results.json").read_text("utf-8"))
    closes(record, inbox)
    assert Fraction(str(subject(record, "乙镇")["total"])) == Fraction(FULL_TOTAL)
    assert subject(record, "甲镇")["total"] in (None, float(FULL_TOTAL))


def test_a_stray_value_far_outside_the_form_is_no_reason_to_send_it_back(tmp_path: Path, small: Round) -> None:
    data = far_cell("A60000")(small.path("甲镇").read_bytes())
    record = graded(tmp_path, small, {"甲.xlsx": data})
    assert files(record)["甲.xlsx"]["fate"] == "已评", files(record)["甲.xlsx"]["why"]


def test_a_file_name_in_another_encoding_is_still_only_a_name(tmp_path: Path, small: Round) -> None:
    inbox = tmp_path / "收回"
    inbox.mkdir()
    try:
        Path(os.fsdecode(os.fsencode(inbox) + b"/" + "甲镇.xlsx".encode("gbk"))).write_bytes(
            small.path("甲镇").read_bytes()
        )
    except OSError:
        pytest.skip("this file system takes no such name")
    status = call("grade", inbox, "-o", tmp_path / "结果", "--issued", small.issued / ISSUED)
    assert status == 1
    record = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    assert [each["fate"] for each in record["files"]] == ["已评"]


def test_a_very_long_file_name_is_only_a_name(tmp_path: Path, small: Round) -> None:
    name = "很" * 80 + ".xlsx"
    record = graded(tmp_path, small, {name: small.path("甲镇").read_bytes()})
    assert files(record)[name]["fate"] == "已评"


def test_labels_that_changed_places_without_their_ids_are_not_scored_silently(tmp_path: Path, small: Round) -> None:
    change = on_form(lambda sheet: swap(sheet, "研究信访工作次数", "推诿次数", range(2, 14)))
    record = graded(tmp_path, small, {"甲.xlsx": change(small.path("甲镇").read_bytes())})
    told = {each["cell"] for each in said_of(record, "甲.xlsx") if each["level"] != "提示"}
    assert {AT["研究信访工作次数"], AT["推诿次数"]} <= told
    assert subject(record, "甲镇")["state"] != "已评"


def copied_sheet(answer: int) -> Change:
    def change(book: Any) -> None:
        copy = book.copy_worksheet(book["填报"])
        copy.title = "填报 (2)"
        copy[AT["推诿次数"]] = answer

    return reworked(change)


def test_a_copied_sheet_with_the_same_answers_is_accepted_with_a_warning(tmp_path: Path, small: Round) -> None:
    record = graded(tmp_path, small, {"甲.xlsx": copied_sheet(0)(small.path("甲镇").read_bytes())})
    assert files(record)["甲.xlsx"]["fate"] == "已评", files(record)["甲.xlsx"]["why"]
    assert "警告" in {each["level"] for each in said_of(record, "甲.xlsx")}


def test_a_copied_sheet_with_other_answers_waits_for_a_person(tmp_path: Path, small: Round) -> None:
    record = graded(tmp_path, small, {"甲.xlsx": copied_sheet(1)(small.path("甲镇").read_bytes())})
    assert files(record)["甲.xlsx"]["fate"] == "待定", files(record)["甲.xlsx"]["why"]


# --- folders ------------------------------------------------------------------------------------


def test_an_archive_of_other_things_stops_nobody(tmp_path: Path, small: Round) -> None:
    record = graded(tmp_path, small, {"照片.zip": bundle({"1.png": PNG}), "乙.xlsx": small.path("乙镇").read_bytes()})
    assert files(record)["照片.zip"]["fate"] in ("忽略", "退回")
    assert subject(record, "乙镇")["state"] == "已评"


def test_an_empty_folder_leaves_every_unit_unreported(tmp_path: Path, small: Round) -> None:
    (tmp_path / "收回").mkdir()
    record = graded(tmp_path, small, {})
    assert record["files"] == []
    assert {each["state"] for each in record["subjects"]} == {"未报"}
    assert record["stage"]


def test_an_empty_folder_without_the_list_of_what_was_sent_cannot_be_graded(tmp_path: Path) -> None:
    (tmp_path / "a" / "收回").mkdir(parents=True)
    assert call("grade", tmp_path / "a" / "收回", "-o", tmp_path / "a" / "结果") == 2
    assert not (tmp_path / "a" / "结果").exists()


def test_an_empty_folder_named_like_a_workbook_is_listed(tmp_path: Path, small: Round) -> None:
    (tmp_path / "收回" / "甲.xlsx").mkdir(parents=True)
    status = call("grade", tmp_path / "收回", "-o", tmp_path / "结果", "--issued", small.issued / ISSUED)
    assert status == 1
    record = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    assert [(each["file"], each["fate"]) for each in record["files"]] == [("甲.xlsx", "忽略")]


def test_an_unfilled_blank_beside_the_returns_does_not_take_the_year_from_them(tmp_path: Path, small: Round) -> None:
    """Without an 发放清单 the year is that of the returns, not the empty one of a blank."""
    inbox = tmp_path / "收回"
    inbox.mkdir()
    shutil.copy(next(small.returned.glob("甲镇*")), inbox / "甲镇.xlsx")
    assert call("template", "district", "--blank", "-o", inbox) == 0
    roster = tmp_path / "名册.csv"
    roster.write_text("单位\n甲镇\n", "utf-8")
    call("grade", inbox, "-o", tmp_path / "结果", "--roster", roster)
    record = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    assert record["year"] == 2025
    assert {each["file"]: each["fate"] for each in record["files"]}["甲镇.xlsx"] == "已评"


def test_results_that_lie_in_the_folder_are_recognised_and_change_nothing(tmp_path: Path, small: Round) -> None:
    inbox = tmp_path / "全部"
    shutil.copytree(small.returned, inbox)
    shutil.copy(small.issued / ISSUED, inbox / ISSUED)
    (next(inbox.glob("丙镇*"))).unlink()
    runs = []
    for _ in range(3):
        assert call("grade", inbox, "-o", inbox / "结果") == 1
        runs.append(json.loads((inbox / "结果" / "results.json").read_text("utf-8")))
    first, *later = runs
    for record in later:
        own = {name: each for name, each in files(record).items() if name not in files(first)}
        assert set(own) == {
            f"结果/{name}"
            for name in ("排名.xlsx", "奖惩.xlsx", "问题清单.xlsx", "results.json", "运行记录.json", DECISIONS,
                         "反馈/甲镇_反馈.xlsx", "反馈/乙镇_反馈.xlsx")
        }  # fmt: skip
        assert {each["fate"] for each in own.values()} == {"忽略"}
        assert not [each for each in record["findings"] if each["file"] in own and each["level"] != "提示"]
        assert record["subjects"] == first["subjects"]
    assert files(first)[ISSUED]["fate"] == "忽略"


def test_a_prefilled_template_that_comes_back_untouched_is_a_return(tmp_path: Path, small: Round) -> None:
    issued = next(small.issued.glob("甲镇*"))
    record = graded(tmp_path, small, {"甲.xlsx": issued.read_bytes()})
    assert subject(record, "甲镇")["state"] == "已评"


def test_files_of_several_folders_keep_names_of_their_own(tmp_path: Path, small: Round) -> None:
    folders = [tmp_path / "一" / "收回", tmp_path / "二" / "收回"]
    for path, unit in zip(folders, ("甲镇", "乙镇"), strict=True):
        path.mkdir(parents=True)
        shutil.copy(small.path(unit), path / "表.xlsx")
    status = call("grade", *folders, "-o", tmp_path / "结果", "--issued", small.issued / ISSUED)
    assert status == 1
    record = json.loads((tmp_path / "结果" / "results.json").read_text("utf-8"))
    assert {each["unit"] for each in record["files"]} == {"甲镇", "乙镇"}
    assert len(files(record)) == 2


def test_two_processes_find_what_one_finds(tmp_path: Path, small: Round) -> None:
    inbox = tmp_path / "收回"
    shutil.copytree(small.returned, inbox)
    (inbox / "坏.xlsx").write_bytes(RANDOM)
    second = put(small.path("甲镇").read_bytes(), {AT["推诿次数"]: number(1)})
    (inbox / "甲镇第二版.xlsx").write_bytes(second)
    for k in range(70):
        (inbox / f"佐证{k:02d}.pdf").write_bytes(b"%%PDF-1.7 %d" % k)
        if k % 10 == 0:
            shutil.copy(small.path("乙镇"), inbox / f"乙镇副本{k}.xlsx")
    issued = small.issued / ISSUED
    one, two = (as_record(grade(Job([inbox], tmp_path / "结果", issued=issued, jobs=jobs))) for jobs in (1, 2))
    assert len(one["files"]) > 64
    closes(one, inbox)
    assert one == two


# --- decisions ----------------------------------------------------------------------------------


class Desk:
    """A folder that is graded again and again, with a person who decides in between."""

    def __init__(self, path: Path, small: Round, returns: Mapping[str, bytes]) -> None:
        self.path, self.small = path, small
        self.record = graded(path, small, returns)

    @property
    def file(self) -> Path:
        return self.path / "结果" / DECISIONS

    def again(self, *args: object) -> Record:
        self.record = graded(self.path, self.small, {}, *args)
        return self.record

    def rows(self) -> list[tuple[str, str, str, str]]:
        """事项, 对象, 决定 and 理由 of every line."""
        sheet: Any = load_workbook(self.file)["处理意见"]
        (head,) = (cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value == "事项")
        heads = {cell.value: cell.column for cell in sheet[head]}
        wanted = [heads[name] for name in ("事项", "对象", "决定", "理由")]
        found = []
        for row in range(head + 1, sheet.max_row + 1):
            matter, object_, decision, reason = (str(sheet.cell(row, col).value or "") for col in wanted)
            found.append((matter, object_, decision, reason))
        return found

    def decide(self, matter: str, object_: str, decision: str = "是", reason: str = "经核实") -> None:
        """Writes into the file as a person does, in a program that knows nothing of us."""
        book = load_workbook(self.file)
        sheet: Any = book["处理意见"]
        (row,) = (
            cell.row
            for (cell,) in sheet.iter_rows(max_col=1)
            if cell.value == matter and object_ in str(sheet.cell(cell.row, 3).value)
        )
        sheet.cell(row, 5, decision)
        sheet.cell(row, 6, reason)
        book.save(self.file)


@pytest.fixture
def versions(small: Round) -> dict[str, bytes]:
    """All three units, the first of them twice."""
    first = small.path("甲镇").read_bytes()
    return {
        "甲.xlsx": first,
        "甲v2.xlsx": put(first, {AT["推诿次数"]: number(1)}),
        "乙.xlsx": small.path("乙镇").read_bytes(),
        "丙.xlsx": small.path("丙镇").read_bytes(),
    }


def test_the_version_that_a_person_chose_counts_and_the_other_is_superseded(
    tmp_path: Path, small: Round, versions: dict[str, bytes]
) -> None:
    desk = Desk(tmp_path, small, versions)
    assert [row[:3] for row in desk.rows()] == [(CHOOSE, "甲.xlsx", ""), (CHOOSE, "甲v2.xlsx", "")]
    assert desk.record["stage"]
    desk.decide(CHOOSE, "甲v2.xlsx", reason="来电确认")
    for _ in range(2):
        record = desk.again()
        assert subject(record, "甲镇")["total"] == float(FULL_TOTAL) - 1
        assert files(record)["甲v2.xlsx"]["fate"] == "已评"
        assert files(record)["甲.xlsx"]["fate"] == "忽略"
        assert "甲v2.xlsx" in files(record)["甲.xlsx"]["why"]
        assert not record["stage"]
        assert (CHOOSE, "甲v2.xlsx", "是", "来电确认") in desk.rows()


def test_without_a_clear_choice_both_versions_still_wait(
    tmp_path: Path, small: Round, versions: dict[str, bytes]
) -> None:
    desk = Desk(tmp_path, small, versions)
    desk.decide(CHOOSE, "甲.xlsx")
    desk.decide(CHOOSE, "甲v2.xlsx")
    assert subject(desk.again(), "甲镇")["state"] == "待定"


def test_a_choice_holds_for_the_file_that_was_chosen_and_not_for_a_later_one(
    tmp_path: Path, small: Round, versions: dict[str, bytes]
) -> None:
    desk = Desk(tmp_path, small, versions)
    desk.decide(CHOOSE, "甲v2.xlsx")
    desk.again()
    (tmp_path / "收回" / "甲v2.xlsx").write_bytes(put(versions["甲.xlsx"], {AT["推诿次数"]: number(2)}))
    assert subject(desk.again(), "甲镇")["state"] == "待定"


def test_a_file_held_for_its_cover_is_used_once_a_person_chose_it(tmp_path: Path, small: Round) -> None:
    data = put(small.path("甲镇").read_bytes(), {"C5": words("乙镇")}, COVER)
    desk = Desk(tmp_path, small, {"甲.xlsx": data})
    assert files(desk.record)["甲.xlsx"]["fate"] == "待定"
    asked = [row for row in desk.rows() if row[0] == CHOOSE]
    assert asked, "nothing can be decided"
    desk.decide(CHOOSE, "甲.xlsx")
    assert subject(desk.again(), "甲镇")["state"] == "已评"


def test_closing_collection_settles_the_ranks_of_those_who_reported(
    tmp_path: Path, small: Round, versions: dict[str, bytes]
) -> None:
    desk = Desk(tmp_path, small, {name: versions[name] for name in ("甲.xlsx", "乙.xlsx")})
    assert desk.record["stage"]
    assert any(each["pending"] for each in desk.record["subjects"])
    (row,) = desk.rows()
    assert (row[0], row[2]) == (CLOSE, "")
    desk.decide(CLOSE, "", reason="已到截止日期")
    for _ in range(2):
        record = desk.again()
        assert not record["stage"]
        assert not any(each["pending"] for each in record["subjects"])
        assert subject(record, "丙镇")["state"] == "未报"
        assert subject(record, "丙镇")["total"] is None
        (closed,) = (each for each in record["findings"] if each["code"] == "closed")
        assert "丙镇" in closed["message"]
        assert "已到截止日期" in closed["message"]
        assert [(row[0], row[2], row[3]) for row in desk.rows()] == [(CLOSE, "是", "已到截止日期")]


def test_the_question_of_closing_names_those_who_are_missing_now(
    tmp_path: Path, small: Round, versions: dict[str, bytes]
) -> None:
    desk = Desk(tmp_path, small, {"甲.xlsx": versions["甲.xlsx"]})
    (tmp_path / "收回" / "乙.xlsx").write_bytes(versions["乙.xlsx"])
    desk.again()
    told = [str(cell.value) for row in load_workbook(desk.file)["处理意见"].iter_rows() for cell in row]
    assert any("丙镇" in each for each in told)
    assert not [each for each in told if "乙镇" in each]


def test_a_refused_closing_leaves_everything_open(tmp_path: Path, small: Round, versions: dict[str, bytes]) -> None:
    desk = Desk(tmp_path, small, {"甲.xlsx": versions["甲.xlsx"]})
    desk.decide(CLOSE, "", "否", "再等一周")
    assert desk.again()["stage"]
    assert [(row[0], row[2], row[3]) for row in desk.rows()] == [(CLOSE, "否", "再等一周")]


def test_an_award_that_rests_on_nothing_is_payable_once_confirmed(
    tmp_path: Path, small: Round, versions: dict[str, bytes]
) -> None:
    none = {AT[name]: number(0) for name in ("违法行为件数", "依法处置件数")}
    desk = Desk(tmp_path, small, {**versions, "甲.xlsx": put(versions["甲.xlsx"], none), "甲v2.xlsx": RANDOM})

    def award() -> dict[str, Any]:
        found: dict[str, Any] = next(
            each for each in subject(desk.record, "甲镇")["outcomes"] if each["id"] == "四个100%"
        )
        return found

    assert award()["confirm"]
    (said,) = [
        each["message"] for each in desk.record["findings"] if each["code"] == "confirm" and each["unit"] == "甲镇"
    ]
    assert said.startswith("四个100% 建立在 违法行为件数 为 0 的比率上"), "the denominator that was 0"
    desk.decide(CONFIRM[OutcomeKind.REWARD], "四个100%")
    for _ in range(2):
        desk.again()
        assert not award()["confirm"]
        assert (CONFIRM[OutcomeKind.REWARD], "是") in [(row[0], row[2]) for row in desk.rows()]


def test_decisions_may_lie_elsewhere(tmp_path: Path, small: Round, versions: dict[str, bytes]) -> None:
    desk = Desk(tmp_path, small, versions)
    desk.decide(CHOOSE, "甲.xlsx")
    shutil.move(desk.file, tmp_path / "意见.xlsx")
    assert subject(desk.again("--decisions", tmp_path / "意见.xlsx"), "甲镇")["total"] == float(FULL_TOTAL)


def test_a_decision_that_is_none_is_reported_and_decides_nothing(
    tmp_path: Path, small: Round, versions: dict[str, bytes]
) -> None:
    desk = Desk(tmp_path, small, versions)
    desk.decide(CHOOSE, "甲.xlsx", "同意")
    record = desk.again()
    assert subject(record, "甲镇")["state"] == "待定"
    assert "decision-unknown" in {each["code"] for each in record["findings"]}


def test_a_file_of_decisions_that_cannot_be_read_stops_the_work_before_it_starts(
    tmp_path: Path, small: Round, versions: dict[str, bytes]
) -> None:
    desk = Desk(tmp_path, small, versions)
    desk.file.write_bytes(RANDOM)
    before = (tmp_path / "结果" / "results.json").read_bytes()
    assert call("grade", tmp_path / "收回", "-o", tmp_path / "结果", "--issued", small.issued / ISSUED) == 2
    assert (tmp_path / "结果" / "results.json").read_bytes() == before
    assert desk.file.read_bytes() == RANDOM


def test_what_was_decided_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    questions = [
        Question(CLOSE, "", "全部未交单位", "甲镇、乙镇", ""),
        Question(CHOOSE, "甲镇", "=1+1.xlsx", "-两份", "a" * 64, "是", "=HYPERLINK(1)"),
        Question(CHOOSE, "甲镇", "x\n.xlsx", "+两份", "b" * 64, "否"),
        Question(CONFIRM[OutcomeKind.REWARD], "乙镇", "四个100% 15000元", "@", "乙镇|四个100%", "是", "@见纪要"),
    ]
    (tmp_path / DECISIONS).write_bytes(decisions_bytes(questions, Decisions(), Book("处理意见")))
    found, findings = read_decisions(tmp_path / DECISIONS)
    assert not findings
    assert list(found.taken.values()) == questions
    (tmp_path / "再.xlsx").write_bytes(decisions_bytes([], found, Book("处理意见")))
    again, _ = read_decisions(tmp_path / "再.xlsx")
    assert list(again.taken.values()) == [each for each in questions if each.decision]
    cells = [cell for row in load_workbook(tmp_path / DECISIONS)["处理意见"].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
