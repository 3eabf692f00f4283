"""Which file is whose and which one counts: mended copies, doubles, odd names; and a return that nobody foresaw costs
itself alone."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import xfkh.intake
import xfkh.receive
from tests.cases_district import FULL_TOTAL, PERFECT
from tests.rounds import Round, call, codes, subject
from tests.surgery import (
    COVER,
    FORM,
    NOTHING,
    STAMP,
    Genuine,
    Member,
    Parts,
    Xml,
    add_sheet,
    compound,
    formula,
    mail,
    number,
    pack,
    put,
    words,
    zipped,
)
from tests.test_persons import edit, xinyang
from xfkh.decisions import WAIVE
from xfkh.receive.cells import _read, hollow
from xfkh.receive.persons import read_persons
from xfkh.template import FILE as ISSUED
from xfkh.template import formulas

Record = dict[str, Any]
PHONE = "13800138000"


@pytest.fixture
def run(tmp_path: Path) -> Round:
    return Round(tmp_path, dict.fromkeys(("甲镇", "乙镇"), PERFECT))


def genuine(run: Round, unit: str = "甲镇") -> Genuine:
    return Genuine(unit, run.path(unit).read_bytes())


def on(g: Genuine, sheet: str, **cells: Xml) -> bytes:
    return zipped({**g.parts, g.sheets[sheet]: put(g.parts[g.sheets[sheet]], cells)})


def stamped(g: Genuine, *facts: tuple[str, str]) -> Parts:
    """With other facts in the stamp; one that is not there yet stands below the others."""
    there = {text: ref for ref, text in g.texts(STAMP).items() if ref.startswith("A")}
    cells = dict[str, Xml]()
    for key, value in facts:
        row = there.get(key, "A90")[1:]
        cells |= {f"A{row}": words(key), f"B{row}": words(value)}
    return {**g.parts, g.sheets[STAMP]: put(g.parts[g.sheets[STAMP]], cells)}


def replacing(g: Genuine, old: bytes) -> bytes:
    return zipped(stamped(g, ("替换", hashlib.sha256(old).hexdigest())))


def lay(run: Round, name: str, data: bytes) -> Path:
    path = run.returned / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def fates(record: Record) -> dict[str, str]:
    return {each["file"]: each["fate"] for each in record["files"]}


def said(record: Record, code: str) -> list[Record]:
    return [each for each in record["findings"] if each["code"] == code]


def the_slip(run: Round) -> bytes:
    (slip,) = (run.results / "退回").glob("*.xlsx")
    return slip.read_bytes()


def sent_back(code: str, run: Round) -> bytes:
    """The slip of 甲镇; for what is no fault to mark, the copy that a unit made of its return as if it were one."""
    if code in ("year-blank", "sheet-copied-differs"):
        return the_slip(run)
    data = run.path("甲镇").read_bytes()
    return replacing(Genuine("甲镇", data), data)


def saved(data: bytes, change: Callable[[Any], object] = lambda book: None) -> bytes:
    book, out = load_workbook(BytesIO(data)), BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


# --- what a unit mended counts, wherever it was --------------------------------------------------


def nameless(g: Genuine) -> bytes:
    parts = stamped(g, ("单位", ""))
    return zipped({**parts, g.sheets[COVER]: put(parts[g.sheets[COVER]], {"C5": NOTHING})})


def undated(g: Genuine) -> bytes:
    parts = stamped(g, ("年度", ""))
    return zipped({**parts, g.sheets[COVER]: put(parts[g.sheets[COVER]], {"E5": NOTHING})})


def misnamed(g: Genuine) -> bytes:
    return on(g, COVER, C5=words("乙镇"))


def copied(g: Genuine) -> bytes:
    other = put(g.parts[g.sheets[FORM]], {g.at["推诿次数"]: number(7)})
    return zipped(add_sheet(g.parts, "填报 (2)", other))


def swapped(g: Genuine) -> bytes:
    first, second = (f"C{g.row(name)}" for name in ("交办老户件数", "按期报结老户件数"))
    texts = g.texts(FORM)
    return on(g, FORM, **{first: words(texts[second]), second: words(texts[first])})


def swap_back(book: Any) -> None:
    sheet = book[FORM]
    rows = {cell.value: cell.row for cell in sheet["A"]}
    first, second = (sheet.cell(rows[name], 3) for name in ("交办老户件数", "按期报结老户件数"))
    first.value, second.value = second.value, first.value


def write(ref: str, text: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[COVER][ref] = text

    return change


MENDED = {
    "unit-blank": (nameless, write("C5", "甲镇")),
    "year-blank": (undated, write("E5", "2025")),
    "unit-differs": (misnamed, write("C5", "甲镇")),
    "sheet-copied-differs": (copied, lambda book: book.remove(book["填报 (2)"])),
    "label-clash": (swapped, swap_back),
}


@pytest.mark.parametrize("code", MENDED)
def test_a_copy_counts_whatever_its_unit_mended(code: str, run: Round) -> None:
    damage, mend = MENDED[code]
    run.path("甲镇").write_bytes(damage(genuine(run)))
    assert code in codes(run.grade(status=1))
    lay(run, "改好.xlsx", saved(sent_back(code, run), mend))
    record = run.grade()
    assert fates(record)["改好.xlsx"] == "已评"
    assert fates(record)[run.path("甲镇").name] == "忽略"
    assert subject(record, "甲镇")["total"] == float(FULL_TOTAL)
    assert code not in codes(record) and "slip-unmended" not in codes(record)


@pytest.mark.parametrize("again", [saved, lambda slip: slip], ids=["saved", "as it went out"])
@pytest.mark.parametrize("code", MENDED)
def test_a_copy_in_which_the_fault_still_stands_counts_for_nothing(
    code: str, again: Callable[[bytes], bytes], run: Round
) -> None:
    run.path("甲镇").write_bytes(MENDED[code][0](genuine(run)))
    before = run.grade(status=1)
    lay(run, "改好.xlsx", again(sent_back(code, run)))
    record = run.grade(status=1)
    assert fates(record) == {**fates(before), "改好.xlsx": "忽略"}
    assert len(said(record, "slip-unmended")) == 1 and code in codes(record)


def test_a_second_sheet_of_persons_that_was_taken_away_is_mended(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三", "李四")

    def twice(book: Any) -> None:
        other = book.copy_worksheet(book["个人"])
        other.title, other["C7"].value = "个人 (2)", "王五"

    edit(run, twice)
    assert "persons-copied" in codes(run.grade(status=1))
    lay(run, "改好.xlsx", saved(the_slip(run), lambda book: book.remove(book["个人 (2)"])))
    record = run.grade()
    assert fates(record)["改好.xlsx"] == "已评"
    assert {each["person"] for each in record["subjects"] if each["person"]} == {"张三", "李四"}


def test_a_file_that_only_got_its_right_name_counts(run: Round) -> None:
    """The slip of a file under another unit's name, byte for byte, whether or not the first one is still there."""
    wrong = run.path("甲镇").rename(run.returned / "乙镇又一份.xlsx")
    first = wrong.read_bytes()
    assert fates(run.grade(status=1))[wrong.name] == "待定"
    lay(run, "甲镇.xlsx", replacing(Genuine("甲镇", first), first))
    for _ in range(2):
        record = run.grade()
        assert fates(record)["甲镇.xlsx"] == "已评"
        assert subject(record, "甲镇")["state"] == "已评"
        wrong.unlink(missing_ok=True)


def test_a_slip_that_came_back_as_it_was_stands_for_a_return_that_is_gone(run: Round) -> None:
    run.path("甲镇").write_bytes(on(genuine(run), FORM, **{genuine(run).at["推诿次数"]: words("约2次")}))
    before = run.grade(status=1)
    lay(run, "交回.xlsx", the_slip(run))
    run.path("甲镇").unlink()
    record = run.grade(status=1)
    assert fates(record)["交回.xlsx"] == "已评"
    assert subject(record, "甲镇")["range"] == subject(before, "甲镇")["range"]


@pytest.mark.parametrize("names", [("1.xlsx", "2.xlsx"), ("2.xlsx", "1.xlsx")])
def test_an_unmended_copy_does_not_stand_in_the_way_of_a_mended_one(names: tuple[str, str], run: Round) -> None:
    g = genuine(run)
    first = on(g, FORM, **{g.at["推诿次数"]: words("约2次")})
    run.path("甲镇").write_bytes(first)
    lay(run, names[0], replacing(Genuine("甲镇", first), first))
    lay(run, names[1], replacing(g, first))
    record = run.score()
    assert fates(record)[names[0]] == fates(record)[run.path("甲镇").name] == "忽略"
    assert fates(record)[names[1]] == subject(record, "甲镇")["state"] == "已评"


# --- a file takes the place of its own unit's alone -----------------------------------------------


@pytest.mark.parametrize(("mine", "theirs"), [("甲镇", "乙镇"), ("乙镇", "甲镇")])
def test_no_return_takes_the_place_of_another_units(mine: str, theirs: str, run: Round) -> None:
    run.path(mine).write_bytes(replacing(genuine(run, mine), run.path(theirs).read_bytes()))
    record = run.grade(status=1)
    assert set(fates(record).values()) == {"已评"}
    assert {each["total"] for each in record["subjects"]} == {float(FULL_TOTAL)}
    (warned,) = said(record, "slip-other")
    assert (warned["file"], warned["unit"]) == (run.path(mine).name, mine)
    assert run.path(theirs).name in warned["message"]
    told = load_workbook(run.results / "反馈" / f"{mine}_反馈.xlsx")
    assert not [cell for sheet in told for row in sheet.iter_rows() for cell in row if theirs in str(cell.value)]


@pytest.mark.parametrize("names", [("乙镇.xlsx", "甲镇.xlsx"), ("乙镇.xlsx", "无名.xlsx"), ("1.xlsx", "乙镇.xlsx")])
def test_of_the_same_bytes_those_count_whose_name_speaks_of_no_other_unit(names: tuple[str, str], run: Round) -> None:
    data = run.path("甲镇").read_bytes()
    run.path("甲镇").unlink()
    for name in names:
        lay(run, name, data)
    record = run.score()
    good, other = sorted(names, key=lambda name: "乙" in name)
    assert (fates(record)[good], fates(record)[other]) == ("已评", "忽略")
    assert good in said(record, "file-same")[0]["message"]
    assert "unit-file" not in codes(record)


# --- no return costs another one its score --------------------------------------------------------


@pytest.mark.parametrize("shows", ["1E999", "-1E999", "1E308", "1e17", "9" * 400, "13800138000"])
def test_a_shown_score_that_is_none_is_said_in_short(shows: str, run: Round) -> None:
    g = genuine(run)
    run.path("甲镇").write_bytes(on(g, FORM, K3=formula("SUM(K5,K12)", shows)))
    record = run.grade(status=1)
    assert {each["total"] for each in record["subjects"]} == {float(FULL_TOTAL)}
    (warned,) = said(record, "score-differs")
    assert "合计 表里不是分数" in warned["message"] and len(warned["message"]) < 60


def faulty(work: Callable[..., Any], wrong: Callable[..., bool], error: type[BaseException]) -> Callable[..., Any]:
    """Fails for one return as no one foresaw."""

    def apply(*args: Any) -> Any:
        if wrong(*args):
            raise error("unforeseen")
        return work(*args)

    return apply


PLACES: dict[str, tuple[Callable[..., Any], Callable[..., bool]]] = {
    "xfkh.receive.hollow": (hollow, lambda each, *_: each.unit == "甲镇"),
    "xfkh.receive._shown": (xfkh.receive._shown, lambda each, *_: each.unit == "甲镇"),
    "xfkh.receive.cells._read": (_read, lambda _, __, raw, *___: raw.value == 1234567),
}


def spoil(run: Round, place: str, error: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    """甲镇's return, and no other, fails in that place."""
    g = genuine(run)
    run.path("甲镇").write_bytes(on(g, FORM, **{g.at["来信未按时答复件数"]: number(1234567)}))
    monkeypatch.setattr(place, faulty(*PLACES[place], error))


@pytest.mark.parametrize("place", PLACES)
def test_a_return_that_cannot_be_judged_is_refused_alone(
    place: str, run: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(run, place, ZeroDivisionError, monkeypatch)
    record = run.grade(status=1)
    assert fates(record) == {run.path("甲镇").name: "退回", run.path("乙镇").name: "已评"}
    assert (subject(record, "甲镇")["state"], subject(record, "甲镇")["total"]) == ("退回", None)
    assert subject(record, "乙镇")["total"] == float(FULL_TOTAL)
    (failed,) = said(record, "file-failed")
    assert failed["unit"] == "甲镇" and "ZeroDivisionError" in failed["message"]


@pytest.mark.parametrize("place", ["look", "mail_members"])
def test_a_file_that_cannot_be_opened_is_refused_alone(place: str, run: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(run, "来信.eml", mail({"甲镇.xlsx": genuine(run).data}))
    wrong = faulty(getattr(xfkh.intake, place), lambda got: getattr(got, "name", "来信.eml") == "来信.eml", LookupError)
    monkeypatch.setattr(xfkh.intake, place, wrong)
    record = run.score(status=1)
    assert fates(record) == {run.path("甲镇").name: "已评", run.path("乙镇").name: "已评", "来信.eml": "退回"}
    assert len(said(record, "file-broken")) == 1


def test_persons_that_cannot_be_read_cost_their_own_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = xinyang(tmp_path, "张三", units=("甲局", "乙局"))
    wrong = faulty(read_persons, lambda _, __, teams: any(each.unit == "甲局" for each in teams), KeyError)
    monkeypatch.setattr(xfkh.receive, "read_persons", wrong)
    record = run.score(status=1)
    assert fates(record) == {run.path("甲局").name: "退回", run.path("乙局").name: "已评"}
    assert subject(record, "甲局")["state"] == "退回" and subject(record, "乙局")["state"] == "已评"
    assert len(said(record, "file-failed")) == 1


@pytest.mark.parametrize("place", PLACES)
def test_where_memory_is_gone_nothing_is_put_down_to_a_return(
    place: str, run: Round, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(run, place, MemoryError, monkeypatch)
    assert call("grade", run.returned, "-o", run.results, "--issued", run.issued / ISSUED, "--dry-run") == 2
    assert "MemoryError" in capsys.readouterr().err


# --- names ----------------------------------------------------------------------------------------


def written(folder: Path) -> str:
    """All that lies in a folder, packages unpacked, names too."""
    texts = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    for path in (path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if data.startswith(b"PK"):
            with zipfile.ZipFile(BytesIO(data)) as package:
                texts += [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
        texts.append(data.decode("utf-8", "replace"))
    return "\n".join(texts)


def test_a_phone_in_a_file_name_is_written_nowhere(run: Round, capsys: pytest.CaptureFixture[str]) -> None:
    g = genuine(run)
    wrong = on(g, FORM, **{g.at["推诿次数"]: words("约2次")})
    run.path("甲镇").unlink()
    lay(run, f"甲镇{PHONE}.xlsx", wrong)
    lay(run, f"张三{PHONE}/乙镇.zip", pack([Member(f"李四 138-0013-8000/乙镇{PHONE}.xlsx", genuine(run, "乙镇").data)]))
    run.path("乙镇").unlink()
    lay(run, f"证明{PHONE}.jpg", b"\xff\xd8\xff1")
    lay(run, "证明13900139000.jpg", b"\xff\xd8\xff2")
    record = run.grade(status=1)
    told = written(run.results) + "".join(capsys.readouterr())
    for secret in (PHONE, "138-0013-8000", "13900139000"):
        assert secret not in told
    assert fates(record) == {
        "甲镇….xlsx": "已评",
        "张三…/乙镇.zip": "忽略",
        "张三…/乙镇.zip!李四 …/乙镇….xlsx": "已评",
        "证明….jpg": "忽略",
        "证明…（2）.jpg": "忽略",
    }
    assert {each["file"] for each in said(record, "file-name")} == {"甲镇….xlsx", "张三…/乙镇.zip!李四 …/乙镇….xlsx"}
    (slip,) = (run.results / "退回").glob("*.xlsx")
    assert slip.name == "甲镇_退回.xlsx" and FORM in load_workbook(slip).sheetnames


@pytest.mark.parametrize("folder", ["急!", "a.zip!b", "甲!"])
def test_an_exclamation_mark_in_a_name_is_a_letter_like_another(folder: str, run: Round) -> None:
    g = genuine(run)
    wrong = on(g, FORM, **{g.at["推诿次数"]: words("约2次")})
    run.path("甲镇").unlink()
    lay(run, f"{folder}/一!批.zip", pack([Member("内/甲!镇.xlsx", wrong)]))
    other = run.path("乙镇").rename(run.returned / "a!~$乙镇.xlsx")
    lay(run, "佐证!.pdf", b"%PDF-1.4 x")
    record = run.grade(status=1)
    assert fates(record) == {
        f"{folder}/一!批.zip": "忽略",
        f"{folder}/一!批.zip!内/甲!镇.xlsx": "已评",
        other.name: "已评",
        "佐证!.pdf": "忽略",
    }
    (slip,) = (run.results / "退回").glob("*.xlsx")
    assert slip.name == "甲镇_退回.xlsx" and FORM in load_workbook(slip).sheetnames


def test_a_file_named_like_a_member_of_an_archive_is_a_file_of_its_own(run: Round) -> None:
    shutil.copy(run.path("乙镇"), run.returned / "一批.zip!甲镇.xlsx")
    run.path("乙镇").unlink()
    lay(run, "一批.zip", pack([Member("甲镇.xlsx", genuine(run).data)]))
    run.path("甲镇").unlink()
    record = run.score()
    assert len(fates(record)) == 3 and list(fates(record).values()).count("已评") == 1
    assert "unit-file" in codes(record)


# --- what is said of what is no return ------------------------------------------------------------


def first_said(run: Round, name: str, data: bytes) -> Record:
    lay(run, name, data)
    (found,) = (each for each in run.score()["findings"] if each["file"] == name)
    return dict(found)


def test_an_archive_of_too_many_files_is_called_so(run: Round) -> None:
    found = first_said(run, "收件.zip", pack([Member(f"照片/{k}.jpg", b"\xff\xd8\xff") for k in range(501)]))
    assert (found["code"], found["level"]) == ("container-broken", "错误")
    assert "500" in found["message"] and "不合规范" not in found["message"]


def test_a_letter_without_attachments_is_a_warning(run: Round) -> None:
    found = first_said(run, "来信.eml", mail({}))
    assert (found["code"], found["level"]) == ("container-empty", "警告") and "网盘" in found["mend"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sheet", [COVER, FORM])
def test_a_form_that_was_saved_as_text_is_a_warning(sheet: str, encoding: str, run: Round) -> None:
    book = load_workbook(run.path("甲镇"))
    lines = [",".join(str(cell or "") for cell in row) for row in book[sheet].iter_rows(values_only=True)]
    found = first_said(run, "表.csv", "\n".join(lines).encode(encoding))
    assert (found["code"], found["level"]) == ("file-text", "警告") and ".xlsx" in found["mend"]


@pytest.mark.parametrize("text", ["请各填报单位尽快报送，附材料目录。", "单位,类别\n甲镇,乡", ""])
def test_any_other_text_is_none(text: str, run: Round) -> None:
    found = first_said(run, "说明.txt", text.encode() or b"\n")
    assert (found["code"], found["level"]) == ("file-own", "提示")


# --- what seems to be a unit's, and what is settled -----------------------------------------------


def signed(g: Genuine, name: str) -> bytes:
    """A blank template on whose cover somebody wrote a unit."""
    parts = stamped(g, ("单位", ""))
    return zipped({**parts, g.sheets[COVER]: put(parts[g.sheets[COVER]], {"C5": words(name)})})


def letters(run: Round) -> dict[str, str]:
    sheet: Any = load_workbook(run.results / "问题清单.xlsx")["催报"]
    return {row[0]: row[4] for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]}


def decided(run: Round, choices: dict[str, str], status: int | None = None) -> Record:
    """The run after a person wrote into 处理意见.xlsx: part of the name or unit → 是 or 否."""
    book = load_workbook(run.results / "处理意见.xlsx")
    rows = [row for row in book["处理意见"].iter_rows(min_row=4) if row[0].value not in (None, WAIVE)]
    for what, decision in choices.items():
        (row,) = (row for row in rows if what in f"{row[1].value}|{row[2].value}")
        row[4].value, row[5].value = decision, "经核实"
    book.save(run.results / "处理意见.xlsx")
    return run.grade(status=status)


def asked(run: Round) -> list[tuple[Any, ...]]:
    """事项, 单位, 对象 of every line of 处理意见.xlsx that waits for somebody; waivers do not."""
    path = run.results / "处理意见.xlsx"
    rows = load_workbook(path)["处理意见"].iter_rows(min_row=4, max_col=3, values_only=True) if path.exists() else ()
    return [row for row in rows if row[0] not in (None, WAIVE)]


UNUSABLE = {
    "甲镇（密码见短信）.xlsx": (compound(["EncryptionInfo", "EncryptedPackage"]), "打开密码"),
    "甲镇_填报表.xlsx": (b"", "0 字节"),
    "乡镇/甲镇.rar": (b"Rar!\x1a\x07\x01\x00" + bytes(40), "压缩包"),
    "甲 镇.xls": (b"%PDF-1.4 x", "PDF"),
    "甲镇.csv": ("#xfkh,,@1,@2\n,编号,指标".encode("gb18030"), "文本"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_reminder_says_that_something_came_which_cannot_be_used(name: str, run: Round) -> None:
    data, why = UNUSABLE[name]
    run.path("甲镇").unlink()
    lay(run, name, data)
    record = run.grade(status=1)
    assert subject(record, "甲镇")["state"] == "未报", "a file name is no identity"
    text = letters(run)["甲镇"]
    assert f"收到文件“{name.rpartition('/')[2]}”，看来是贵单位的，但" in text and why in text
    assert "还没有收到" not in text and "请对方" not in text and "重新报送" in text


@pytest.mark.parametrize("name", ["甲镇乙镇.xlsx", "无名.xlsx"])
def test_a_name_that_speaks_of_no_one_unit_is_no_hint(name: str, run: Round) -> None:
    for unit in ("甲镇", "乙镇"):
        run.path(unit).unlink()
    lay(run, name, b"")
    run.grade(status=1)
    assert all("还没有收到贵单位的填报表" in text and name not in text for text in letters(run).values())


@pytest.fixture
def zone(tmp_path: Path) -> Round:
    return Round(tmp_path, dict.fromkeys(("经济开发区", "乙镇"), PERFECT))


def test_a_return_with_a_name_like_one_units_is_that_units_once_a_person_said_so(zone: Round) -> None:
    zone.path("经济开发区").write_bytes(signed(genuine(zone, "经济开发区"), "经开区"))
    odd = zone.path("经济开发区").rename(zone.returned / "报表.xlsx")
    assert fates(zone.grade(status=1))[odd.name] == "待定"
    text = letters(zone)["经济开发区"]
    assert "收到文件“报表.xlsx”，看来是贵单位的，但封面写的单位名称与名册上的不同" in text
    assert ("选用文件", "经济开发区", odd.name) in asked(zone)
    for _ in range(2):
        record = decided(zone, {odd.name: "是"}, status=0)
        assert (fates(record)[odd.name], subject(record, "经济开发区")["state"]) == ("已评", "已评")
        assert "经济开发区" in said(record, "unit-name")[0]["message"]
    record = decided(zone, {odd.name: "否"}, status=1)
    assert (fates(record)[odd.name], subject(record, "经济开发区")["state"]) == ("忽略", "未报")
    assert [each["level"] for each in record["findings"] if each["file"] == odd.name] == ["提示"]
    assert not (zone.results / "退回").exists() or not list((zone.results / "退回").iterdir())


def test_what_a_person_said_of_one_unit_is_said_of_no_other(zone: Round) -> None:
    """The name of the file says more than the cover: once it speaks of another unit, nobody has been asked of it."""
    odd = lay(zone, "报表.xlsx", signed(genuine(zone, "经济开发区"), "经开区"))
    zone.path("经济开发区").unlink()
    zone.grade()
    odd.rename(zone.returned / "乙镇又.xlsx")
    assert fates(decided(zone, {"报表.xlsx": "是"}))["乙镇又.xlsx"] == "待定"


HELD = {
    "unit-differs": lambda run: run.path("甲镇").write_bytes(misnamed(genuine(run))),
    "unit-file": lambda run: run.path("甲镇").rename(run.returned / "丙镇.xlsx"),
}


@pytest.mark.parametrize("code", HELD)
def test_a_file_that_waits_for_a_decision_is_ignored_after_a_no(code: str, tmp_path: Path) -> None:
    run = Round(tmp_path, dict.fromkeys(("甲镇", "乙镇", "丙镇"), PERFECT))
    HELD[code](run)
    assert code in codes(run.grade(status=1))
    text = letters(run)["甲镇"]
    assert "处理意见" not in text and "乙镇" not in text and "丙镇" not in text and "重新报送" in text
    record = decided(run, {"甲镇": "否"}, status=1)
    assert list(fates(record).values()).count("忽略") == 1
    assert subject(record, "甲镇")["state"] == "未报" and code not in codes(record)


@pytest.mark.parametrize("declined", [1, 2])
def test_of_two_returns_those_that_a_person_declined_do_not_count(declined: int, run: Round) -> None:
    g = genuine(run)
    lay(run, "甲镇2.xlsx", on(g, FORM, **{g.at["推诿次数"]: number(1)}))
    run.grade(status=1)
    names = [run.path("甲镇").name, "甲镇2.xlsx"]
    record = decided(run, dict.fromkeys(names[:declined], "否"))
    assert fates(record)[names[0]] == "忽略" and "处理意见" in said(record, "declined")[0]["message"]
    assert subject(record, "甲镇")["state"] == ("已评", "未报")[declined - 1]
    assert "unit-twice" not in codes(record)


def test_returns_that_a_person_declined_are_no_mistyped_folder(run: Round) -> None:
    run.path("乙镇").unlink()
    g = genuine(run)
    lay(run, "甲镇2.xlsx", on(g, FORM, **{g.at["推诿次数"]: number(1)}))
    run.grade(status=1)
    record = decided(run, dict.fromkeys([run.path("甲镇").name, "甲镇2.xlsx"], "否"), status=1)
    assert set(fates(record).values()) == {"忽略"} and "returns-none" not in codes(record)


def closed(run: Round) -> Record:
    """甲镇 sent nothing, and collection is closed for it; then its return arrives after all."""
    late = run.path("甲镇").rename(run.folder / "甲镇迟.xlsx")
    run.grade(status=1)
    record = decided(run, {"未交单位": "是"})
    assert "closed" in codes(record)
    shutil.move(late, run.returned)
    return run.grade(status=1)


def test_a_return_that_came_too_late_counts_until_a_person_declines_it(run: Round) -> None:
    record = closed(run)
    assert fates(record)["甲镇迟.xlsx"] == "已评" and "closed-late" in codes(record)
    assert ("选用文件", "甲镇", "甲镇迟.xlsx") in asked(run)
    record = decided(run, {"甲镇迟.xlsx": "是"}, status=0)
    assert subject(record, "甲镇")["state"] == "已评" and "closed-late" not in codes(record)
    for _ in range(2):
        record = decided(run, {"甲镇迟.xlsx": "否"})
        assert (fates(record)["甲镇迟.xlsx"], subject(record, "甲镇")["state"]) == ("忽略", "未报")
        assert "closed" in codes(record) and "closed-late" not in codes(record)
        assert not [each for each in record["findings"] if each["level"] != "提示"]


def test_the_slip_of_a_late_return_says_nothing_of_what_the_office_decides(run: Round) -> None:
    g = genuine(run)
    run.path("甲镇").write_bytes(on(g, FORM, **{g.at["推诿次数"]: words("约2次")}))
    closed(run)
    (slip,) = (run.results / "退回").glob("*.xlsx")
    assert "处理意见" not in written(slip.parent)


def last_year(g: Genuine) -> bytes:
    return zipped(stamped(g, ("年度", "2024")))


def cropped(g: Genuine) -> bytes:
    return on(g, FORM, **{f"A{g.row('推诿次数')}": NOTHING})


SETTLED: dict[str, tuple[str, Callable[[Genuine], bytes], str]] = {
    "file-password": ("甲镇旧.xlsx", lambda g: UNUSABLE["甲镇（密码见短信）.xlsx"][0], "退回"),
    "file-empty": ("甲镇旧.xlsx", lambda g: b"", "退回"),
    "unit-blank": ("甲镇旧.xlsx", nameless, "退回"),
    "stamp-year": ("旧.xlsx", last_year, "退回"),
    "input-lost": ("旧.xlsx", cropped, "退回"),
    "sheet-copied-differs": ("旧.xlsx", copied, "待定"),
    "unit-unknown": ("旧.xlsx", lambda g: signed(g, "甲真"), "待定"),
}


@pytest.mark.parametrize("code", SETTLED)
def test_what_cannot_be_used_is_only_noted_once_its_unit_is_scored(code: str, run: Round) -> None:
    name, make, fate = SETTLED[code]
    lay(run, name, make(genuine(run)))
    record = run.grade(status=0)
    assert fates(record)[name] == fate
    (found,) = said(record, code)
    assert found["level"] == "提示" and "（甲镇已有能用的填报表）" in found["message"]
    assert found["mend"].startswith("不用处理")
    assert not [each for each in asked(run) if each[2] == name]
    run.path("甲镇").unlink()
    (found,) = said(run.grade(status=1), code)
    assert found["level"] == "错误"


def test_a_slip_that_came_back_unmended_is_settled_by_the_mended_one(run: Round) -> None:
    g = genuine(run)
    first = on(g, FORM, **{g.at["推诿次数"]: words("约2次")})
    run.path("甲镇").write_bytes(first)
    lay(run, "1.xlsx", replacing(Genuine("甲镇", first), first))
    assert [each["level"] for each in said(run.grade(status=1), "slip-unmended")] == ["警告"]
    lay(run, "2.xlsx", replacing(g, first))
    record = run.grade(status=0)
    assert [each["level"] for each in said(record, "slip-unmended")] == ["提示"]


def test_the_year_written_otherwise_on_the_cover_is_noted(run: Round) -> None:
    g = genuine(run)
    for written_ in ("2025年", "２０２５", "2025年度"):
        run.path("甲镇").write_bytes(on(g, COVER, **{g.beside(COVER, "年度"): words(written_)}))
        (found,) = said(run.score(status=0), "year-read")
        assert found["level"] == "提示" and f"“{written_}”" in found["message"]
    run.path("甲镇").write_bytes(on(g, COVER, **{g.beside(COVER, "年度"): number(2025)}))
    assert "year-read" not in codes(run.score(status=0))


def test_what_nobody_sees_in_a_units_name_is_noted(run: Round) -> None:
    g = genuine(run)
    for written_ in ("甲\u200b镇", "甲\u3000镇", "甲 镇"):
        run.path("甲镇").write_bytes(on(g, COVER, **{g.beside(COVER, "填报单位"): words(written_)}))
        record = run.score(status=0)
        (found,) = said(record, "unit-blanks")
        assert (found["level"], found["unit"], subject(record, "甲镇")["state"]) == ("提示", "甲镇", "已评")


def test_a_formula_for_a_units_name_is_refused_as_what_it_is(run: Round) -> None:
    """With its value and without, on a blank template and on one that was sent to the unit."""
    g = genuine(run)
    for unit, value in (("", "<v>甲镇</v>"), ("", ""), ("甲镇", "<v>甲镇</v>")):
        parts = stamped(g, ("单位", unit))
        content = Xml(' t="str"', f'<f>"甲"&amp;"镇"</f>{value}')
        parts[g.sheets[COVER]] = put(parts[g.sheets[COVER]], {g.beside(COVER, "填报单位"): content})
        run.path("甲镇").write_bytes(zipped(parts))
        record = run.score(status=1)
        (found,) = said(record, "cover-formula")
        assert (found["sheet"], found["cell"]) == (COVER, g.beside(COVER, "填报单位"))
        assert fates(record)[run.path("甲镇").name] == "退回" and "unit-blank" not in codes(record)


def test_a_formula_for_a_persons_name_is_no_name_whatever_its_value(tmp_path: Path) -> None:
    run = xinyang(tmp_path, "张三")
    path = next(run.returned.glob("*.xlsx"))
    formula_ = Xml(' t="str"', '<f>"张"&amp;"三"</f><v>张三</v>')
    path.write_bytes(on(Genuine("", path.read_bytes()), "个人", C7=formula_))
    (found,) = said(run.score(status=1), "person-name")
    assert found["cell"] == "C7" and "公式" in found["message"]


def test_of_two_files_with_the_same_answers_it_is_said_that_only_the_files_differ(run: Round) -> None:
    lay(run, "甲镇又一份.xlsx", saved(genuine(run).data))
    (found,) = said(run.score(status=1), "unit-twice")
    assert "填的数都相同" in found["message"] and "填得不同" not in found["message"]


def test_so_many_ten_thousands_that_they_may_be_yuan_are_noted(run: Round) -> None:
    g = genuine(run)
    for value, told in ((30000, True), (9999, False)):
        run.path("甲镇").write_bytes(on(g, FORM, **{g.at["应急资金万元"]: number(value)}))
        found = said(run.score(), "amount-large")
        assert [each["cell"] for each in found] == [g.at["应急资金万元"]] * told
        assert not told or ("30000 万元" in found[0]["message"] and found[0]["level"] == "提示")


def test_another_year_on_the_cover_is_told(run: Round) -> None:
    g = genuine(run)
    cases = {"2024年": True, "2025年度": False, "２０２５": False, "2025年全年": False, "12025": True,
             "2024-2025": True, "2025年上半年": True, "2025年（补2024）": True}  # fmt: skip
    for written_, told in cases.items():
        run.path("甲镇").write_bytes(on(g, COVER, **{g.beside(COVER, "年度"): words(written_)}))
        record = run.score(status=int(told))
        assert subject(record, "甲镇")["total"] == float(FULL_TOTAL)
        assert [each["unit"] for each in said(record, "year-differs")] == ["甲镇"] * told


@pytest.mark.parametrize("shows", ["5分", "满分", "见附件"])
def test_words_in_place_of_a_score_are_told_as_numbers_are(shows: str, run: Round) -> None:
    run.path("甲镇").write_bytes(on(genuine(run), FORM, K8=words(shows)))
    (warned,) = said(run.score(status=1), "formula-gone")
    assert warned["cell"] == "K8"


def test_the_words_that_a_form_shows_for_a_score_are_its_own() -> None:
    own = {formulas.BY_REVIEW, formulas.WAITING, formulas.MET, formulas.UNMET}
    assert {"", *own} == xfkh.receive.SHOWN_WORDS


# --- what stands on the sheet itself, what came after a choice, what a name hides -----------------


def test_a_sheet_of_answers_that_was_copied_in_from_another_units_form_is_held(run: Round) -> None:
    """Row 16: the cover and the stamp are its own, the figures somebody else's."""
    g, other = genuine(run), genuine(run, "乙镇")
    title = other.texts(FORM)["B2"]
    assert title.endswith("填报表　乙镇")
    path = run.path("甲镇")
    path.write_bytes(zipped({**g.parts, g.sheets[FORM]: put(other.parts[other.sheets[FORM]], {"B2": words(title)})}))
    record = run.grade(status=1)
    (found,) = said(record, "unit-title")
    assert subject(record, "甲镇")["state"] == "待定" and subject(record, "甲镇")["total"] is None
    assert found["cell"] == "B2" and "「乙镇」的填报表" in found["message"] and "「甲镇」" in found["message"]
    record = decided(run, {path.name: "是"})
    assert subject(record, "甲镇")["state"] == "已评"


def test_a_sheet_of_another_unit_is_held_in_a_blank_form_too(run: Round) -> None:
    """Nobody's stamp: the unit stands on the cover alone."""
    g, other = genuine(run), genuine(run, "乙镇")
    parts = stamped(g, ("单位", ""))
    parts = {**parts, g.sheets[FORM]: put(other.parts[other.sheets[FORM]], {"B2": words(other.texts(FORM)["B2"])})}
    run.path("甲镇").write_bytes(zipped(parts))
    record = run.score(status=1)
    assert subject(record, "甲镇")["state"] == "待定" and said(record, "unit-title")


def test_a_return_that_comes_after_a_person_had_chosen_is_held_until_he_says_of_it_too(run: Round) -> None:
    """Row 15: no later one is dropped over a choice that never saw it."""
    g = genuine(run)
    run.path("甲镇").unlink()
    for name, value in (("a.xlsx", 1), ("b.xlsx", 2)):
        lay(run, name, on(g, FORM, **{g.at["推诿次数"]: number(value)}))
    assert said(run.grade(status=1), "unit-twice")
    record = decided(run, {"a.xlsx": "是"})
    assert (fates(record)["a.xlsx"], fates(record)["b.xlsx"]) == ("已评", "忽略")
    assert fates(run.grade()) == fates(record) and not said(record, "unit-twice")
    lay(run, "更正后.xlsx", on(g, FORM, **{g.at["推诿次数"]: number(5)}))
    for _ in range(2):
        record = run.grade(status=1)
        (found,) = said(record, "unit-later")
        assert subject(record, "甲镇")["state"] == "待定" and fates(record)["更正后.xlsx"] == "待定"
        assert "选用 a.xlsx 以后又交来 更正后.xlsx" in found["message"] and "推诿次数" in found["message"]
    record = decided(run, {"更正后.xlsx": "否"})
    assert subject(record, "甲镇")["state"] == "已评" and fates(record)["更正后.xlsx"] == "忽略"
    record = decided(run, {"更正后.xlsx": "是", "a.xlsx": "否"})
    assert subject(record, "甲镇")["state"] == "已评" and fates(record)["a.xlsx"] == "忽略"
    assert fates(record)["更正后.xlsx"] == "已评"


@pytest.mark.parametrize("name", ["._x.xlsx", "Thumbs.db", "desktop.ini"])
def test_a_return_is_one_under_a_name_that_systems_give_their_own_files(name: str, run: Round) -> None:
    run.path("甲镇").rename(run.returned / name)
    record = run.score(status=0)
    assert subject(record, "甲镇")["total"] == float(FULL_TOTAL) and fates(record)[name] == "已评"


@pytest.mark.parametrize("name", ["邮件.txt", "邮件.html", "邮件", "邮件.pdf"])
def test_a_mail_with_a_return_is_read_under_any_name(name: str, run: Round) -> None:
    path = run.path("甲镇")
    data = path.read_bytes()
    path.unlink()
    lay(run, name, mail({"表.xlsx": data}))
    assert subject(run.score(status=0), "甲镇")["total"] == float(FULL_TOTAL)
