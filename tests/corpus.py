"""The corpus: what happens to returns between office and township, and what must become of each.

Every entry damages a genuine return at test time; `row` is the row of the table of defects that it stands for. Two
rows can be no file: 83 asks for detail rows and 84 for dates, and the forms of this scheme have neither. Row 58 speaks
of rates, which no built-in scheme asks for as one number; an amount given as a percentage stands for it. Row 80 is
every genuine return, since none lists its materials.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.surgery import (
    BOOK,
    COVER,
    CUSTOM,
    FORM,
    LINKS,
    MAIN,
    NOTHING,
    OFFICE,
    STAMP,
    STYLES,
    TEXTS,
    TYPES,
    Genuine,
    Member,
    Parts,
    Xml,
    add_format,
    add_link,
    add_part,
    add_sheet,
    column,
    compound,
    copy_row,
    error,
    formula,
    mail,
    members,
    number,
    pack,
    put,
    reworked,
    row_of,
    sheet_of,
    swap,
    words,
    zipped,
)
from xfkh.workbook.book import Book

Files = list[tuple[str, bytes]]
Change = Callable[[Genuine], Parts | bytes]

#: a year with ups and downs: no two answers can be taken for each other without a trace
ANSWERS: dict[str, str | int | float] = {
    "纳入综合考核": "是",
    "研究信访工作次数": 1,
    "领导包案件数": 2,
    "进京个访批次": 1,
    "进京集访批次": 0,
    "赴省个访批次": 2,
    "赴省集访批次": 1,
    "赴市集访批次": 3,
    "赴市集访20人以上批次": 1,
    "赴市集访20人以上重复批次": 1,
    "来区集访批次": 4,
    "来区集访10人以上批次": 2,
    "来区集访20人以上批次": 1,
    "来区集访20人以上重复批次": 0,
    "来区异常处置不力次数": 0,
    "化解群访件数": 3,
    "交办老户件数": 5,
    "按期报结老户件数": 4,
    **{f"信访信息条数[{k}]": 2 for k in range(1, 13)},
    **{f"信息员活动次数[{k}]": each for k, each in enumerate((1, 2, 0, 3), 1)},
    "季度汇总上报": "是",
    "半年年终总结": "否",
    "月度分析": "是",
    "重点对象措施": "是",
    "台账清楚": "是",
    "台账规范": "否",
    "无进京非访和重复访": "是",
    "无进京个访赴省集访": "否",
    "无历史积案和老户": "否",
    "无影响大群体事件": "是",
    "合理诉求件数": 1234,
    "解决到位件数": 1233,
    "无理诉求件数": 7,
    "稳控到位件数": 7,
    "困难求助件数": 12,
    "救助到位件数": 11,
    "违法行为件数": 1,
    "依法处置件数": 1,
    "被列为市重点管理": "否",
    "到场超时次数": 1,
    "推诿次数": 1,
    "应急制度方案": "是",
    "领导小组工作组": "否",
    "应急资金万元": 3.5,
    "备忘录": "是",
    "敏感期信息评分": 1.5,
    "现场处置评分": 3,
    "无故缺席次数": 2,
    "来信未按时答复件数": 3,
    "重复来信件数": 1,
}


def answers(k: int) -> dict[str, str | int | float]:
    """The answers of the k-th unit: every unit its own year, with the same points."""
    return ANSWERS | {f"信访信息条数[{month}]": 2 + (k // 11 ** (month - 1) + month) % 11 for month in range(1, 13)}


@dataclass(frozen=True)
class Defect:
    """One thing that happens to a return, and what must become of it.

    ``make``: the files as they lie in the folder; ``place`` lays down what is more than a file. ``fate`` is that of
    the first file, ``others`` those of the rest and of members of archives, in any order; ``state`` that of the unit
    ("退回/未报": 退回 where the refused file is listed with its unit, else 未报). ``same``: the points are those of
    the undamaged return. ``codes``: findings that must be raised; ``cells``: inputs ("材料:名": the cell of their
    materials; "表!D7": a place) that a finding must name. ``secret`` must appear in nothing that is written.
    ``level``: the worst level of what is said of its files, where the letter does not say it; for accept, N and I it
    is the most. ``unit`` is the name on the roster where it matters, ``units`` further units of the roster."""

    row: str
    name: str
    make: Callable[[Genuine], Files]
    letter: str
    state: str
    fate: str
    same: bool = False
    codes: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    secret: str = ""
    level: str = ""
    says: str = ""
    others: tuple[str, ...] = ()
    unit: str = ""
    units: tuple[str, ...] = ()
    place: Callable[[Genuine, Path], None] | None = None
    office: str = ""

    @property
    def id(self) -> str:
        return f"{self.row} {self.name}"

    @property
    def heavy(self) -> bool:
        """Hard on a reader: it may hang, or end the process that reads it."""
        return self.row in ("88", "90", "92", "93", "94", "95")


LEVELS = {"accept": "提示", "N": "提示", "W": "警告", "C": "错误", "F": "错误", "I": "提示", "H": "错误"}

CORPUS: list[Defect] = []
OFFICE_MADE: list[Defect] = []
"""Copies that LibreOffice saves: ``office`` is the ending, and make gives the return that it saves."""


def bytes_of(made: Parts | bytes) -> bytes:
    return made if isinstance(made, bytes) else zipped(made)


def one(change: Change, name: str = "{unit}.xlsx") -> Callable[[Genuine], Files]:
    return lambda g: [(name.format(unit=g.unit), bytes_of(change(g)))]


def genuine(g: Genuine) -> bytes:
    return g.data


def accepted(row: str, name: str, change: Change = genuine, letter: str = "accept", file: str = "{unit}.xlsx",
             **more: Any) -> None:  # fmt: skip
    CORPUS.append(Defect(row, name, one(change, file), letter, "已评", "已评", same=True, **more))


#: what is said of the files of a row that are taken with a note or a warning, where an entry names nothing else
SAID = {
    "1": "file-named",
    "5": "file-macro",
    "18": "file-name",
    "36": "cell-outside",
    "37": "sheet-renamed",
    "42": "form-hidden",
    "43": "form-protect",
    "44": "formula-gone",
    "47": "max-changed",
    "77": "text-long",
    "85": "alike",
    "86": "text-active",
    "92": "cell-far",
    "96": "file-foreign",
    "98": "file-foreign",
    "99": "text-control",
    "101": "personal",
    "103": "personal",
}


def noted(row: str, name: str, change: Change = genuine, **more: Any) -> None:
    more.setdefault("codes", (SAID[row],) if row in SAID else ())
    accepted(row, name, change, "N", **more)


def warned(row: str, name: str, change: Change = genuine, **more: Any) -> None:
    more.setdefault("codes", (SAID[row],) if row in SAID else ())
    accepted(row, name, change, "W", **more)


def refused(row: str, name: str, change: Change, state: str = "退回/未报", file: str = "{unit}.xlsx",
            **more: Any) -> None:  # fmt: skip
    CORPUS.append(Defect(row, name, one(change, file), "F", state, "退回", **more))


def held(row: str, name: str, change: Change, state: str = "待定", **more: Any) -> None:
    CORPUS.append(Defect(row, name, one(change), "H", state, "待定", **more))


def asked(row: str, name: str, change: Change, *cells: str, **more: Any) -> None:
    """The cells are put back to the unit; everything else stands."""
    CORPUS.append(Defect(row, name, one(change), "C", "暂定", "已评", cells=cells, **more))


def several(row: str, name: str, make: Callable[[Genuine], Files], letter: str, fate: str, others: Sequence[str],
            state: str = "已评", **more: Any) -> None:  # fmt: skip
    same = more.pop("same", state == "已评")
    CORPUS.append(Defect(row, name, make, letter, state, fate, same, others=tuple(others), **more))


# --- rows 1–22: the file ------------------------------------------------------------------------


def docx(text: str) -> bytes:
    return zipped({TYPES: b"<Types/>", "word/document.xml": f"<w>{text}</w>".encode()})


PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
HTML = "<html><body><table><tr><td>来信未按时答复件数</td><td>3</td></tr></table></body></html>".encode()
MHT = b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
XML2003 = (
    b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
FODS = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>'
)
SHEET_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def constant(data: bytes) -> Change:
    """Bytes that hold no return."""
    return lambda g: data


def cut(change: Callable[[bytes], bytes]) -> Change:
    """The bytes of the return themselves damaged."""
    return lambda g: change(g.data)


def declared_as(encoding: str) -> Change:
    return lambda g: g.sub(FORM, 'encoding="UTF-8"', f'encoding="{encoding}"')


def beside_return(name: str, data: bytes) -> Callable[[Genuine], Files]:
    """A file beside the return, and the return."""
    return lambda g: [(name.format(unit=g.unit), data + g.unit.encode()), (f"{g.unit}.xlsx", g.data)]


def xlsb(g: Genuine) -> Parts:
    parts = {name: data for name, data in g.parts.items() if name != BOOK}
    binary = SHEET_TYPE.replace(b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                                b"ms-excel.sheet.binary.macroEnabled.main")  # fmt: skip
    types = parts[TYPES].replace(SHEET_TYPE, binary).replace(b"workbook.xml", b"workbook.bin")
    return {**parts, TYPES: types, "xl/workbook.bin": b"\x83\x01\x00" + bytes(200)}


def macros(g: Genuine) -> Parts:
    enabled = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    parts = g.edit(TYPES, lambda data: data.replace(SHEET_TYPE, enabled))
    parts = add_part(parts, "xl/vbaProject.bin", compound(["VBA", "PROJECT"]), "application/vnd.ms-office.vbaProject")
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    link = f'<Relationship Id="rId80" Type="{kind}" Target="vbaProject.bin"/></Relationships>'
    return {**parts, LINKS: parts[LINKS].replace(b"</Relationships>", link.encode())}


def a_template(g: Genuine) -> Parts:
    return g.edit(TYPES, lambda data: data.replace(b"spreadsheetml.sheet.main", b"spreadsheetml.template.main"))


def strict(g: Genuine) -> Parts:
    """The namespaces of Strict Open XML, which Excel offers among the kinds to save as."""
    names = [(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
             (b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
              b"http://purl.oclc.org/ooxml/officeDocument/relationships")]  # fmt: skip
    out = dict(g.parts)
    for old, new in names:
        out = {name: data.replace(old, new) for name, data in out.items()}
    return out


for said, file in {
    "named .xls": "{unit}.xls",
    "named .et": "{unit}.et",
    "without an ending": "{unit}",
    "named like a picture": "{unit}.xlsx.jpg",
}.items():
    noted("1", f"an xlsx {said}", file=file)
accepted("1", "an xlsx with an ending in capitals", file="{unit}.XLSX")
for ending in ("xls", "et", "ods"):
    OFFICE_MADE.append(
        Defect(
            "2",
            f"saved as .{ending}",
            one(genuine, f"{{unit}}.{ending}"),
            "N",
            "已评",
            "已评",
            True,
            ("file-saved",),
            office=ending,
        )
    )
refused("3", ".fods", constant(FODS), "未报", "{unit}.fods", codes=("file-format",), says="另存为 .xlsx")
refused("3", "Excel 2003 XML", constant(XML2003), "未报", "{unit}.xml", codes=("file-format",), says="另存为 .xlsx")
refused("3", "Excel 2003 XML named .xls", constant(XML2003 + b" "), "未报", "{unit}.xls", codes=("file-format",))
refused("4", ".xlsb", xlsb, "未报", "{unit}.xlsb", says="另存为 .xlsx")
warned("5", "a workbook with macros", macros, file="{unit}.xlsm", says="宏")
noted("5", "an .xlsm without macros", file="{unit}.xlsm", codes=("file-saved",), says="没有宏")
warned("5", "a workbook with macros, renamed .xlsx", macros, says="宏")
noted("6", "saved as a template .xltx", a_template, file="{unit}.xltx")
noted("6", "Strict Open XML: its answers are all there, a reader that shows no sheets is no excuse", strict,
      codes=("file-saved",), says="Strict")  # fmt: skip
PASSWORD = compound(["EncryptionInfo", "EncryptedPackage"])
refused("7", "locked with a password", constant(PASSWORD), "未报", codes=("file-password",), says="密码")
for said, shorten in {
    "cut in the middle": lambda data: data[: len(data) // 2],
    "cut before the directory": lambda data: data[: data.rindex(b"PK\1\2")],
    "without its last byte": lambda data: data[:-1],
    "without its last 300 bytes": lambda data: data[:-300],
    "without its first byte": lambda data: data[1:],
    "with zeros for its second half": lambda data: data[: len(data) // 2] + bytes(len(data) // 2),
    "with a byte flipped": lambda data: data[:4000] + bytes([data[4000] ^ 0xFF]) + data[4001:],
    "with a byte flipped in the directory": lambda data: (
        data[: data.index(b"PK\1\2") + 16] + b"\x55" + data[data.index(b"PK\1\2") + 17 :]
    ),
}.items():
    refused("8", said, cut(shorten), "未报")
for encoding in ("TTF-8", "GBK", "UTF-7"):
    refused("8", f"a part that says it is {encoding}", declared_as(encoding))
refused("9", "an empty file", constant(b""), "未报", codes=("file-empty",), says="0 字节")
for said, data, what in (
    ("a web page", HTML, "用发放的模板重新填报"),
    ("a CSV", "单位,来信未按时答复件数\n甲镇,3\n".encode("gb18030"), "文本"),
    ("a PDF", b"%PDF-1.7 1", "PDF"),
    ("a web archive", MHT, "用发放的模板重新填报"),
    ("a picture", PNG, "图片"),
    ("nothing known", bytes(k * 167 % 251 for k in range(5000)), ""),
):
    refused("10", f"{said} named .xlsx", constant(data), "未报", codes=("file-format",), says=what)
    refused("10", f"{said} named .xls", constant(data + b" "), "未报", "{unit}.xls", codes=("file-format",))
refused("10", "a Word document named .xlsx", constant(docx("一")), "未报", codes=("file-format",), says="Word")
refused("10", "a Word document named .xls", constant(docx("二")), "未报", "{unit}.xls", codes=("file-format",))
several("10", "evidence beside the return: docx",
        lambda g: [(f"{g.unit}佐证.docx", docx(g.unit)), (f"{g.unit}.xlsx", g.data)],
        "I", "忽略", ["已评"], codes=("file-evidence",))  # fmt: skip
for ending, data in {
    "pdf": b"%PDF-1.7 2",
    "png": PNG,
    "jpg": b"\xff\xd8\xff\xe0" + bytes(60),
    "doc": compound(["WordDocument"]),
    "wps": compound(["WordDocument", "1Table"]),
}.items():
    several(
        "10",
        f"evidence beside the return: {ending}",
        beside_return(f"{{unit}}佐证.{ending}", data),
        "I", "忽略", ["已评"], codes=("file-evidence",),
    )  # fmt: skip
LOCK = b"\x05lock" + bytes(160)
several("11", "a lock file beside the return",
        lambda g: [(f"~${g.unit}.xlsx", LOCK), (f"{g.unit}.xlsx", g.data)], "I", "忽略", ["已评"],
        level="警告", codes=("file-lock",))  # fmt: skip
several("11", "a lock file alone", lambda g: [(f"~${g.unit}.xlsx", LOCK + b" ")], "I", "忽略", [], "未报",
        level="警告", codes=("file-lock",))  # fmt: skip
for said, file, data in (
    ("the Finder's notes of a file", "._{unit}.xlsx", b"\0\5\x16\7" + bytes(60)),
    ("the Finder's notes of a folder", "{unit}夹/.DS_Store", b"\0\0\0\1Bud1"),
    ("thumbnails", "{unit}夹/Thumbs.db", compound(["Catalog"])),
    ("a folder's settings", "{unit}夹/desktop.ini", b"[.ShellClassInfo]"),
):
    several(
        "12", said,
        beside_return(file, data),
        "I", "忽略", ["已评"], codes=("file-system",),
    )  # fmt: skip


def archive(g: Genuine, *more: Member) -> bytes:
    return pack([Member(f"{g.unit}.xlsx", g.data), *more])


several("13", "a zip", lambda g: [(f"{g.unit}.zip", archive(g))], "N", "忽略", ["已评"])
several("13", "a zip with evidence and what a Mac adds",
        lambda g: [(f"{g.unit}.zip", archive(g, Member("__MACOSX/._x.xlsx", b"\0\5\x16\7"), Member("照片.png", PNG)))],
        "N", "忽略", ["已评", "忽略", "忽略"])  # fmt: skip
several(
    "13",
    "a zip with a folder in it",
    lambda g: [
        (f"{g.unit}.zip", pack([Member("材料/", b"", 0, attributes=16), Member(f"材料/{g.unit}.xlsx", g.data)]))
    ],
    "N",
    "忽略",
    ["已评"],
)
several(
    "13",
    "a zip in a zip: one level deep, the inner one is to be unpacked",
    lambda g: [(f"{g.unit}.zip", pack([Member("内层.zip", archive(g))]))],
    "F",
    "忽略",
    ["退回"],
    "未报",
)
several("13", "a zip of returns of two units", lambda g: [(f"{g.unit}等.zip", pack([
        Member(f"{g.unit}.xlsx", g.data), *(Member(f"{unit}.xlsx", data) for unit, data in g.mates.items())]))],
        "N", "忽略", ["已评", "已评"], units=("同包镇",))  # fmt: skip
several(
    "13",
    "a zip with a damaged workbook in it",
    lambda g: [(f"{g.unit}.zip", pack([Member(f"{g.unit}.xlsx", g.data), Member("坏.xlsx", g.data[:9000])]))],
    "F",
    "忽略",
    ["已评", "退回"],
)
several("13", "a letter with the return attached", lambda g: [(f"{g.unit}.eml", mail({f"{g.unit}.xlsx": g.data}))],
        "N", "忽略", ["已评"])  # fmt: skip
several("13", "a letter whose attachment is named in GBK",
        lambda g: [(f"{g.unit}.eml", mail({f"{g.unit}.xlsx": g.data}, "gb18030"))], "N", "忽略", ["已评"])  # fmt: skip
refused("13", "a whole mailbox", lambda g: b"From a@b.cn Mon Jan  5 09:00:00 2026\n" + mail({f"{g.unit}.xlsx": g.data}),
        "未报", "{unit}.mbox", codes=("file-format",), says="邮箱")  # fmt: skip
refused("13", "a zip named .xlsx", archive, "未报", codes=("file-format",), says="解压")
refused("13", "a zip named .xls", lambda g: archive(g, Member("a.txt", b"x")), "未报", "{unit}.xls",
        codes=("file-format",), says="解压")  # fmt: skip
refused("13", "a rar", constant(b"Rar!\x1a\x07\x01\x00" + bytes(60)), "未报", "{unit}.rar", codes=("file-format",),
        says="解压")  # fmt: skip
refused("13", "a 7z", constant(b"7z\xbc\xaf\x27\x1c" + bytes(60)), "未报", "{unit}.7z", codes=("file-format",),
        says="解压")  # fmt: skip
refused(
    "13", "a rar named .xlsx", constant(b"Rar!\x1a\x07\x00" + bytes(60)), "未报", codes=("file-format",), says="解压"
)
refused("13", "half a zip", lambda g: archive(g)[:-3000], "未报", "{unit}.zip")
refused("13", "a zip in which two members lie on the same bytes",
        lambda g: archive(g, Member("b.xlsx", b"x", offset=0)), "未报", "{unit}.zip",
        codes=("container-broken",))  # fmt: skip
several("14", "the same bytes under three names",
        lambda g: [(f"{g.unit}{end}.xlsx", g.data) for end in (" - 副本", "(1)", "")],
        "N", "已评", ["忽略", "忽略"], codes=("file-same",))  # fmt: skip
several(
    "14",
    "the same bytes in a zip and beside it",
    lambda g: [(f"{g.unit}.xlsx", g.data), (f"{g.unit}.zip", archive(g))],
    "N",
    "已评",
    ["忽略", "忽略"],
)


several("13", "a letter that has only a link to a network disk", lambda g: [(f"{g.unit}.eml", mail({}))], "I", "忽略",
        [], "未报", codes=("container-empty",), level="警告", says="网盘")  # fmt: skip
several("10", "a return saved as text", lambda g: [(f"{g.unit}.csv", "#xfkh,,@1,@2\n,编号,指标".encode("gb18030"))],
        "I", "忽略", [], "未报", codes=("file-text",), level="警告", says=".xlsx")  # fmt: skip


def corrected(g: Genuine) -> bytes:
    return zipped(g.answer("推诿次数", number(2)))


several("15", "two versions of one return",
        lambda g: [(f"{g.unit}.xlsx", g.data), (f"{g.unit}v2最终版.xlsx", corrected(g))],
        "H", "待定", ["待定"], "待定", codes=("unit-twice",), says="推诿次数")  # fmt: skip


def sent_back(first: Parts, then: Parts) -> tuple[bytes, bytes]:
    """A return, and a later copy of it that names what it replaces."""
    before = zipped(first)
    return before, replacing(before, then)


def replacing(before: bytes, then: Parts) -> bytes:
    name, mark = "xl/worksheets/sheet5.xml", hashlib.sha256(before).hexdigest()
    return zipped({**then, name: put(then[name], {"A10": words("替换"), "B10": words(mark)})})


def mended(g: Genuine) -> Files:
    first, second = sent_back(g.answer("推诿次数", NOTHING), g.parts)
    return [(f"{g.unit}_退回.xlsx", second), (f"{g.unit}.xlsx", first)]


def changed_too(g: Genuine) -> Files:
    first, second = sent_back(g.answer("推诿次数", NOTHING), g.answer("无故缺席次数", number(5)))
    return [(f"{g.unit}_退回.xlsx", second), (f"{g.unit}.xlsx", first)]


def misdirected(g: Genuine) -> Files:
    other = g.mates["不换镇"]
    return [(f"{g.unit}.xlsx", replacing(other, g.parts)), ("不换镇.xlsx", other)]


def unmended(g: Genuine) -> Files:
    gap = g.answer("推诿次数", NOTHING)
    first, second = sent_back(gap, gap)
    return [(f"{g.unit}.xlsx", first), (f"{g.unit}_退回.xlsx", second)]


several("15", "a mended copy takes the place of the return it names", mended, "N", "已评", ["忽略"],
        codes=("slip-used",))  # fmt: skip
several("15", "a mended copy changes an answer that was in order", changed_too, "W", "已评", ["忽略"], same=False,
        cells=("无故缺席次数",), codes=("slip-changed",))  # fmt: skip
several("15", "a copy in which nothing was mended changes nothing", unmended, "C", "已评", ["忽略"], "暂定",
        cells=("推诿次数",), codes=("slip-unmended",))  # fmt: skip
several("15", "a return that names another unit's as the one that it replaces: both count", misdirected, "W", "已评",
        ["已评"], units=("不换镇",), codes=("slip-other",))  # fmt: skip
held("16", "the cover names another unit of the roster", lambda g: g.of(g.unit, "借名镇"), units=("借名镇",),
     codes=("unit-differs",))  # fmt: skip
held("16", "the answers of another unit's form beneath its own cover",
     lambda g: g.put({"B2": words(g.texts(FORM)["B2"].replace(g.unit, "另一镇"))}), codes=("unit-title",))  # fmt: skip
held("16", "one return for two units", lambda g: g.of(g.unit, f"{g.unit}、同交镇"), units=("同交镇",),
     codes=("unit-differs",))  # fmt: skip
several("16", "a return sent under another unit's name: the file name, its cells and the roster disagree",
        lambda g: [("错名镇_填报表.xlsx", g.data)], "H", "待定", [], "待定", units=("错名镇",))  # fmt: skip
refused("17", "junk before the zip: Excel may not open it", lambda g: b"X-Mailer: 1\r\n\r\n" + g.data, "未报")
refused("17", "junk after the zip: Excel may not open it", lambda g: g.data + b"\r\n--boundary--\r\n", "未报")
for said, file in {
    "an equals sign": "=1+1{unit}.xlsx",
    "a plus": "+{unit}.xlsx",
    "a minus": "-{unit}.xlsx",
    "an at": "@SUM({unit}.xlsx",
    "a full-width equals sign": "＝{unit}.xlsx",
}.items():
    warned("18", f"a file name that starts with {said}", file=file)
warned("18", "a file name with a direction mark", file="{unit}\u202exslx.xlsx")
warned("18", "a file name with a line break", file="{unit}\n二.xlsx")
warned("18", "a very long file name", file="{unit}" + "-v2" * 60 + ".xlsx")
warned("18", "a file name of 70 characters", file="{unit}" + "-v2" * 23 + ".xlsx")


def laid(place: Callable[[Genuine, Path], None], row: str, name: str, **more: Any) -> None:
    CORPUS.append(Defect(row, name, lambda g: [], "I", "未报", "忽略", place=place, level="警告", **more))


laid(lambda g, folder: (folder / f"{g.unit}.xlsx").symlink_to(folder / "旁观一镇.xlsx"), "19", "a link to a return")
laid(lambda g, folder: (folder / f"{g.unit}.xlsx").symlink_to(folder / "没有.xlsx"), "19", "a link to nothing")
laid(lambda g, folder: (folder / f"{g.unit}.xlsx").mkdir(), "19", "a folder named like a workbook",
     codes=("file-folder",), says="里面的文件照常读")  # fmt: skip
if hasattr(os, "mkfifo"):
    laid(lambda g, folder: os.mkfifo(folder / f"{g.unit}.xlsx"), "19", "a pipe")
several("19a", "a zip whose names are GBK without saying so",
        lambda g: [(f"{g.unit}.zip", pack([Member(f"{g.unit}填报表.xlsx".encode("gb18030"), g.data)]))],
        "N", "忽略", ["已评"])  # fmt: skip
several("19a", "a zip whose names are UTF-8 without saying so",
        lambda g: [(f"{g.unit}.zip", pack([Member(f"{g.unit}填报表.xlsx".encode(), g.data)]))],
        "N", "忽略", ["已评"])  # fmt: skip


def our_own(kind: str) -> bytes:
    book = Book("排名")
    book.sheet("排名").text(0, 0, "名次")
    book.stamp({"类型": kind, "方案": "district"})
    return book.finish()


several("19b", "a result workbook of ours", lambda g: [(f"{g.unit}排名.xlsx", our_own("排名"))], "I", "忽略", [],
        "未报", codes=("file-own",))  # fmt: skip
several("19b", "the list of what was sent out", lambda g: [(f"{g.unit}发放清单.xlsx", g.issue)], "I", "忽略", [],
        "未报", codes=("file-own",))  # fmt: skip
noted("20", "in a folder of a folder", file="第一批/补 交/{unit}.xlsx")


def prefixed(g: Genuine) -> Parts:
    """Every element with a prefix, as some programs write it."""

    def change(data: bytes) -> bytes:
        text = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", data.decode())
        return text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"').encode()

    return {k: change(v) if k in (*g.sheets.values(), BOOK, TEXTS, STYLES) else v for k, v in g.parts.items()}


def in_utf16(g: Genuine) -> Parts:
    def change(data: bytes) -> bytes:
        return data.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")

    return {k: change(v) if k in (*g.sheets.values(), TEXTS) else v for k, v in g.parts.items()}


def spaced(g: Genuine) -> Parts:
    """Indented, as a person's tool leaves it; texts keep their own spaces."""
    tags = rb"(<(?:row|c|sheetData|mergeCell|col|dataValidation)[ />])"
    return {k: re.sub(tags, rb"\r\n  \1", v) if k in g.sheets.values() else v for k, v in g.parts.items()}


for said, change in {
    "stored, not compressed": lambda g: zipped(g.parts, zipfile.ZIP_STORED),
    "its parts in another order": lambda g: zipped(dict(reversed(g.parts.items()))),
    "with data descriptors": lambda g: pack([Member(name, data, streamed=True) for name, data in g.parts.items()]),
    "with entries for its folders": lambda g: pack([Member("xl/", b"", 0, attributes=16), *members(g.parts)]),
    "with a comment in the zip": lambda g: pack(members(g.parts), comment=b"WPS"),
    "with parts that nobody knows": lambda g: {**g.parts, "customXml/item1.xml": b"<a/>"},
    "with a prefix on every element": prefixed,
    "with absolute targets": lambda g: g.edit(LINKS, lambda data: data.replace(b'Target="', b'Target="/xl/')),
    "with byte order marks": lambda g: {k: b"\xef\xbb\xbf" + v for k, v in g.parts.items()},
    "in UTF-16": in_utf16,
    "with line breaks between its elements": spaced,
    "saved by openpyxl": lambda g: reworked(g.data, bool, merged=True),
}.items():
    accepted("21", said, change)
OFFICE_MADE.append(Defect("21", "saved by LibreOffice", one(genuine), "accept", "已评", "已评", True, office="xlsx"))


def uncached(g: Genuine) -> Parts:
    return g.sub(FORM, r"(</f>)<v>[^<]*</v>", r"\1")


noted("22", "saved without cached values", uncached)


# --- rows 23–31: whose return it is -------------------------------------------------------------

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def blank_for(write: Callable[[str], str]) -> Change:
    """A blank template on whose cover the unit wrote its name, in its own way."""
    return lambda g: g.of("", write(g.unit))


def named(unit: str) -> Change:
    return lambda g: g.of("", unit)


def cover_of(write: Callable[[str], str]) -> Change:
    """The unit's own template, its name on the cover written anew."""
    return lambda g: g.of(g.unit, write(g.unit))


def restamped(key: str, value: str) -> Change:
    return lambda g: g.stamped(key, value)


for said, write in {
    "full-width digits": lambda unit: unit.translate(WIDE),
    "spaces": lambda unit: f" {unit[:2]}　{unit[2:]} ",
    "a zero-width space": lambda unit: f"{unit[:2]}\u200b{unit[2:]}",
    "a line break": lambda unit: f"{unit}\n",
}.items():
    found = () if said == "a line break" else ("unit-blanks",)
    noted("23", f"{said} in the unit's name on the cover", cover_of(write), codes=found)
    noted("23", f"{said} in the unit's name on a blank template", blank_for(write))
noted("24", "the end of one unit's name", lambda g: g.of("", "独一镇"), unit="东山县独一镇", codes=("unit-name",))
held("24", "the end of two units' names", lambda g: g.of("", "同名镇"), "未报", unit="东山县同名镇",
     units=("西山县同名镇",), codes=("unit-unknown",), says="西山县同名镇")  # fmt: skip
held("25", "a slip of the pen", lambda g: g.of("", "府前街到"), "未报", unit="府前街道", codes=("unit-unknown",),
     says="府前街道")  # fmt: skip
held("26", "words added to the unit's name", lambda g: g.of("", "石桥街道（本级）"), "未报", unit="石桥街道",
     codes=("unit-unknown",), says="石桥街道")  # fmt: skip
refused("27", "no unit on a blank template", named(""), "未报", codes=("unit-blank",))
refused("28", "a unit that is not on the roster", named("火星"), "未报", codes=("unit-unknown",))
CORPUS.append(Defect("29", "no file at all", lambda g: [], "W", "未报", "", codes=("unit-missing",)))
for key, value, code in (
    ("方案", "xinyang", "stamp-scheme"),
    ("方案版本", "2021.9", "stamp-version"),
    ("方案指纹", "0" * 64, "stamp-content"),
    ("年度", "2024", "stamp-year"),
    ("考核期", "上半年", "stamp-year"),
):
    refused("30", f"another {key}", restamped(key, value), "退回", codes=(code,))
refused("30", "a mark that is of no workbook of ours", lambda g: g.stamped("类型", "填报袤"))
refused("30", "no year at all", lambda g: g.stamped("年度", "") | {
        g.sheets[COVER]: put(g.parts[g.sheets[COVER]], {g.beside(COVER, "年度"): words("")})}, "退回/未报",
        codes=("year-blank",))  # fmt: skip
noted("30", "the year on the cover as people write it", lambda g: {
      **g.parts, g.sheets[COVER]: put(g.parts[g.sheets[COVER]], {g.beside(COVER, "年度"): words("２０２５年")})},
      codes=("year-read",), says="２０２５年")  # fmt: skip
warned("30", "another year on the cover than in the stamp", lambda g: {
       **g.parts, g.sheets[COVER]: put(g.parts[g.sheets[COVER]], {g.beside(COVER, "年度"): words("2024")})},
       codes=("year-differs",), says="2024")  # fmt: skip
refused("30", "a workbook without our mark", lambda g: sheetless(g, STAMP), "未报", codes=("stamp-missing",))
for name in ("../../etc/passwd", "C:\\Windows\\x", "=1+1", "＝HYPERLINK(1)", "CON"):
    refused("31", f"a unit called {name}", named(name), "未报", codes=("unit-unknown",))
refused("31", "a formula for the unit's name", lambda g: g.stamped("单位", "") | {
        g.sheets[COVER]: put(g.parts[g.sheets[COVER]], {g.beside(COVER, "填报单位"): formula("A1&B1", "0")})},
        "未报", codes=("cover-formula",))  # fmt: skip
refused("31", "a formula that gives the very name of the unit", lambda g: g.stamped("单位", "") | {
        g.sheets[COVER]: put(g.parts[g.sheets[COVER]], {g.beside(COVER, "填报单位"): Xml(
            ' t="str"', f'<f>"{g.unit[:2]}"&amp;"{g.unit[2:]}"</f><v>{g.unit}</v>')})},
        "未报", codes=("cover-formula",))  # fmt: skip
refused("31", "a formula for the unit's name without its value", lambda g: {
        **g.parts, g.sheets[COVER]: put(g.parts[g.sheets[COVER]], {
            g.beside(COVER, "填报单位"): formula('"甲"&"镇"')})}, "退回", codes=("cover-formula",))  # fmt: skip


# --- rows 32–53: structure ----------------------------------------------------------------------


def sheetless(g: Genuine, *names: str) -> Parts:
    """As Excel leaves it when a sheet is deleted."""
    parts = dict(g.parts)
    for name in names:
        path = g.sheets[name].removeprefix("xl/")
        (id,) = re.findall(rf'Id="(\w+)"[^>]*Target="{path}"', parts[LINKS].decode())
        parts[BOOK] = re.sub(rb'<sheet [^>]*r:id="%s"/>' % id.encode(), b"", parts[BOOK])
        parts[LINKS] = re.sub(rb'<Relationship Id="%s"[^>]*/>' % id.encode(), b"", parts[LINKS])
        parts[TYPES] = re.sub(rb'<Override PartName="/xl/%s"[^>]*/>' % path.encode(), b"", parts[TYPES])
        del parts[g.sheets[name]]
    return parts


def on_form(change: Callable[[Any], object]) -> Change:
    return lambda g: reworked(g.data, lambda book: change(book[FORM]))


def on_sheet(pattern: str, new: str) -> Change:
    """A change of the XML of the form."""
    return of_sheet(FORM, pattern, new)


def of_sheet(sheet: str, pattern: str, new: str) -> Change:
    return lambda g: g.sub(sheet, pattern, new)


def in_book(before: str, after: str) -> Change:
    """A change of what the workbook says of its sheets and names."""
    return lambda g: g.edit(BOOK, lambda data: data.replace(before.encode(), after.encode()))


def answering(name: str, cell: Xml) -> Change:
    return lambda g: g.answer(name, cell)


def remarking(name: str, cell: Xml) -> Change:
    return lambda g: g.put({g.remark(name): cell})


def putting(address: str, cell: Xml) -> Change:
    return lambda g: g.put({address: cell})


def copied(g: Genuine, cells: Mapping[str, Xml] = {}) -> Parts:
    return add_sheet(g.parts, "填报 (2)", put(g.parts[g.sheets[FORM]], cells))


def with_sheet(name: str, cells: Mapping[str, Xml], first: bool = False) -> Change:
    return lambda g: add_sheet(g.parts, name, sheet_of(cells), first=first)


def reordered(g: Genuine) -> Parts:
    def change(data: bytes) -> bytes:
        return re.sub(rb"(<sheet [^>]*/>)(.*?)(</sheets>)", rb"\2\1\3", data, count=1, flags=re.S)

    return g.edit(BOOK, change)


def merged(*corners: str) -> Change:
    def change(g: Genuine) -> Parts:
        row = g.row("推诿次数")
        area = ":".join(f"{each[:1]}{int(row) + int(each[1:] or 0)}" for each in corners)
        text = g.parts[g.sheets[FORM]].decode()
        text = text.replace(f'<mergeCell ref="E{row}:I{row}"/>', "")
        text = text.replace("</mergeCells>", f'<mergeCell ref="{area}"/></mergeCells>')
        return {**g.parts, g.sheets[FORM]: text.encode()}

    return change


def row_gone(row: int, sheet: str = FORM) -> Change:
    """As an office program deletes a row: what stood beneath it moves up, with the ranges that were joined."""

    def up(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) - (int(found[2]) > row)}"

    def change(data: bytes) -> bytes:
        text = re.sub(rf'<row r="{row}".*?</row>|<mergeCell ref="[A-Z]+{row}:[A-Z]+{row}"/>', "", data.decode())
        head, cells, tail = re.split(r"(<sheetData>.*</sheetData>)", text, flags=re.S)
        cells = re.sub(r'(<(?:row|c) r="[A-Z]*)(\d+)', up, cells)
        cells = re.sub(r"<f>.*?</f>", lambda each: re.sub(r"(?<![!A-Z])(\$?[A-Z]\$?)(\d+)", up, each[0]), cells)
        tail = re.sub(r'ef="[^"]*"', lambda each: re.sub(r"([A-Z])(\d+)", up, each[0]), tail)
        return (head + cells + re.sub(r'(<mergeCells) count="\d+"', r"\1", tail)).encode()

    return lambda g: g.edit(sheet, change)


noted("32", "a row inserted, its ids still there", on_form(lambda s: s.insert_rows(row_of(s, "推诿次数"), 2)))
noted("32", "a row inserted at the top", on_form(lambda s: s.insert_rows(1)))
refused("33", "an item's row deleted, with no answer in it", row_gone(8), "退回", codes=("row-lost",))
refused("33", "the row of the headings deleted", row_gone(4), "退回", codes=("row-lost",))
refused("33", "a row deleted", on_form(lambda s: s.delete_rows(row_of(s, "推诿次数"))), "退回", codes=("input-lost",),
        says="推诿次数")  # fmt: skip
refused(
    "33", "a row copied", on_form(lambda s: copy_row(s, "推诿次数")), "退回", codes=("input-twice",), says="推诿次数"
)
warned("33", "a row of the notes deleted", row_gone(4, "说明"), codes=("print-gone",), says="「说明」表")
noted("34", "two rows swapped with their ids",
      on_form(lambda s: swap(s, "研究信访工作次数", "无故缺席次数", range(1, 14))))  # fmt: skip
asked("34", "two rows swapped, their ids left behind: both are asked, whose number it is nobody knows",
      on_form(lambda s: swap(s, "研究信访工作次数", "无故缺席次数", range(2, 14))),
      "研究信访工作次数", "无故缺席次数", codes=("label-clash",))  # fmt: skip
noted("35", "a column inserted", on_form(lambda s: s.insert_cols(4)))
noted("35", "a column inserted before the ids", on_form(lambda s: s.insert_cols(1)))
refused("35", "a column deleted", on_form(lambda s: s.delete_cols(5)), "退回", codes=("input-lost",))
warned("36", "notes beside the form", lambda g: g.put({"P9": words("见另附的说明")}), cells=("填报!P9",))
warned("36", "notes beneath the form", lambda g: g.put({"C200": words("见另附的说明")}), cells=("填报!C200",))
warned("36", "a column of the unit's own", lambda g: g.put({f"N{k}": number(k) for k in range(5, 40)}))
noted(
    "37",
    "the sheet renamed",
    lambda g: g.edit(BOOK, lambda d: d.replace('name="填报"'.encode(), 'name="表1"'.encode())),
)
refused("38", "the form deleted", lambda g: sheetless(g, FORM), "退回", codes=("input-lost",))
refused("38", "the sheets of checks and notes deleted", lambda g: sheetless(g, "检查", "说明"), "退回",
        codes=("sheet-gone",), says="检查、说明")  # fmt: skip
refused("38", "the cover deleted, which says whose it is", lambda g: sheetless(g, COVER), "退回", codes=("cover-lost",))
refused("38", "a part missing that the workbook names",
        lambda g: {k: v for k, v in g.parts.items() if k != g.sheets[FORM]}, codes=("file-broken",))  # fmt: skip
refused("38", "the cover's part missing",
        lambda g: {k: v for k, v in g.parts.items() if k != g.sheets[COVER]}, codes=("file-broken",))  # fmt: skip
warned("39", "the form copied, both alike", copied, codes=("sheet-copied",))
held("39", "the form copied and filled differently", lambda g: copied(g, {g.at["推诿次数"]: number(2)}),
     codes=("sheet-copied-differs",), says="推诿次数")  # fmt: skip
warned("40", "a sheet added in front", with_sheet("草稿", {"D9": number(77)}, True))
warned("40", "the sheets in another order", reordered)
warned("41", "an answer merged with the cells to its right", merged("D", "I"))
asked("41", "an answer swallowed by its label", merged("C", "D"), "推诿次数")
asked("41", "an answer swallowed by the cell above", merged("D-1", "D"), "推诿次数")
warned(
    "42",
    "a hidden row",
    lambda g: g.sub(FORM, rf'<row r="{g.row("推诿次数")}"', rf'<row hidden="1" r="{g.row("推诿次数")}"'),
)
warned("42", "a row of no height", lambda g: g.sub(
    FORM, rf'(<row r="{g.row("推诿次数")}")[^>]*>', r'\1 ht="0" customHeight="1">'))  # fmt: skip
for height in ("1", "2.25", "3.75", ".5"):
    warned("42", f"a row {height} points high", lambda g, height=height: g.sub(
        FORM, rf'(<row r="{g.row("推诿次数")}")[^>]*>', rf'\1 ht="{height}" customHeight="1">'))  # type: ignore[misc]  # fmt: skip
warned("42", "the column of answers hidden",
       lambda g: g.sub(FORM, r'<col min="4" max="9"', r'<col min="4" max="9" hidden="1"'))  # fmt: skip
warned("42", "the form hidden", lambda g: g.sub(BOOK, r'(<sheet name="填报")', r'\1 state="hidden"'))
warned("42", "a filter", lambda g: g.sub(FORM, r"</sheetData>", '</sheetData><autoFilter ref="A4:M105"/>'))
warned("43", "protection removed", lambda g: g.sub(FORM, r"<sheetProtection[^>]*/>", ""))


def unlocked(g: Genuine) -> Parts:
    """The cell of a score in the style of an answer."""
    style = re.search(rf'<c r="{g.at["推诿次数"]}" s="(\d+)"', g.parts[g.sheets[FORM]].decode())
    assert style is not None
    return g.sub(FORM, r'(<c r="K8") s="\d+"', rf'\1 s="{style[1]}"')


for said, new in {"switched off": '<sheetProtection sheet="0"/>', "without a word": "<sheetProtection/>"}.items():
    warned("43", f"protection {said}", on_sheet(r"<sheetProtection[^>]*/>", new))
for page in (COVER, "检查", "说明", STAMP):
    warned("43", f"protection removed from {page}", of_sheet(page, r"<sheetProtection[^>]*/>", ""),
           says=page)  # fmt: skip
warned("43", "a locked cell unlocked", unlocked, says="K8")
warned("43", "the validation of one answer removed", lambda g: g.sub(
    FORM, r'<dataValidation (?:(?!<dataValidation ).)*?promptTitle="推诿次数".*?</dataValidation>', ""),
    says="1 格")  # fmt: skip
for lets in ("insertRows", "deleteRows", "insertColumns", "deleteColumns"):
    warned("43", f"protection that grants {lets}", on_sheet("<sheetProtection ", f'<sheetProtection {lets}="0" '),
           says="增删行列")  # fmt: skip
for said, (old, new) in {
    "that refuse nothing": ('showErrorMessage="1"', 'showErrorMessage="0"'),
    "that do not say whether they refuse": (' showErrorMessage="1"', ""),
    "that only warn": ('showErrorMessage="1"', 'showErrorMessage="1" errorStyle="warning"'),
}.items():
    warned("43", f"validations {said}", on_sheet(old, new), says="限制没有了")
for said, (old, new) in {
    "less than nothing taken": ("<formula1>0</formula1>", "<formula1>-99999</formula1>"),
    "more taken": (r"<formula2>\d+</formula2>", "<formula2>9999999999</formula2>"),
    "anything above a limit taken": ('type="whole"', 'type="whole" operator="greaterThanOrEqual"'),
    "all but some numbers taken": ('type="whole"', 'type="whole" operator="notBetween"'),
    "decimals taken for counts": ('type="whole"', 'type="decimal"'),
    "a third answer taken": ('"是,否"', '"是,否,也许"'),
}.items():
    warned("43", f"limits widened: {said}", on_sheet(old, new), says="限制放宽了")
accepted("43", "narrower limits", on_sheet("<formula2>999999</formula2>", "<formula2>99999</formula2>"))
warned("43", "validations removed", lambda g: g.sub(FORM, r"<dataValidations.*?</dataValidations>", ""))
warned("44", "an item's score overwritten by words", lambda g: g.put({"K8": words("2分")}), cells=("填报!K8",))
warned("44", "the total overwritten", lambda g: g.put({"K3": number(999)}), cells=("填报!K3",))
warned("44", "an item's score overwritten", lambda g: g.put({"K8": number(2)}), cells=("填报!K8",))
warned(
    "44",
    "another formula for a score",
    lambda g: g.put({"K8": formula("1+1", 2)}),
    cells=("填报!K8",),
    codes=("score-differs",),
)
warned("44", "another formula with the same value",
       lambda g: g.sub(FORM, r'(<c r="K8"[^>]*><f>)[^<]*', r"\g<1>1+1"), cells=("填报!K8",),
       codes=("formula-changed",))  # fmt: skip
warned("44", "what is missing overwritten by words", lambda g: g.put({"L9": words("已填")}), cells=("填报!L9",),
       codes=("formula-changed",))  # fmt: skip
warned("45", "the cached total edited, its formula intact",
       lambda g: g.sub(FORM, r'(<c r="K3"[^>]*><f>[^<]*</f><v>)[^<]*', r"\g<1>105"), cells=("填报!K3",))  # fmt: skip
warned(
    "46",
    "a label edited",
    lambda g: g.put({f"C{g.row('推诿次数')}": words("　推诿扯皮次数")}),
    codes=("label-changed",),
)
warned("46", "the unit of an answer edited", lambda g: g.put({f"E{g.row('应急资金万元')}": words("元")}),
       codes=("print-changed",))  # fmt: skip
warned("46", "words added in brackets to a label",
       lambda g: g.put({f"C{g.row('推诿次数')}": words("　推诿次数（累计）")}), codes=("print-changed",))  # fmt: skip
warned("46", "a heading edited", lambda g: g.put({"K4": words("得分")}), cells=("填报!K4",), codes=("print-changed",))
for spot, what in {"B2": "the title", "B3": "the period", "B5": "the unit's label", "B7": "a label",
                   "B16": "how to fill it in", "B25": "the source"}.items():  # fmt: skip
    warned("46", f"{what} on the cover edited", lambda g, spot=spot: g.put({spot: words("别的字")}, COVER),  # type: ignore[misc]
           cells=(f"封面!{spot}",), codes=("print-changed",))  # fmt: skip
accepted("46", "what is asked for on the cover filled in",
         lambda g: g.put({each: words("某某") for each in ("C10", "E10", "E11")}, COVER))  # fmt: skip
warned("46", "an item's title edited", lambda g: g.put({"C8": words("别的事项")}), codes=("title-changed",))
refused("46", "all labels erased: nobody knows what was asked",
        lambda g: g.put({f"C{g.row(each)}": NOTHING for each in ANSWERS}), "退回")  # fmt: skip
warned("47", "an item's full marks edited", lambda g: g.put({"J8": words("20")}), cells=("填报!J8",))
warned("47", "a section's full marks edited", lambda g: g.put({"J5": number(60)}), cells=("填报!J5",))
for dimension in ("A1", "A1:XFD1048576", "B2:C3"):
    accepted(
        "48", f"the dimension says {dimension}", on_sheet(r'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"')
    )
accepted("48", "no dimension", lambda g: g.sub(FORM, r"<dimension[^>]*/>", ""))


def placeless(g: Genuine) -> Parts:
    """Rows and cells without their addresses: each stands right after the one before."""

    def row(found: re.Match[str]) -> str:
        out, k = list[str](), 0
        for ref, cell in re.findall(r'<c r="([A-Z]+)\d+"((?:[^>]*[^/])?(?:/>|>.*?</c>))', found[0], re.S):
            while column(k) != ref:
                out, k = [*out, "<c/>"], k + 1
            out, k = [*out, f"<c{cell}"], k + 1
        return "<row>" + "".join(out) + "</row>"

    return g.edit(FORM, lambda data: re.sub(r"<row .*?</row>", row, data.decode(), flags=re.S).encode())


def inlined(g: Genuine) -> Parts:
    """Every text in its own cell, no shared ones."""
    shared = re.findall(r"<si>(.*?)</si>", g.parts[TEXTS].decode(), re.S)

    def change(data: bytes) -> bytes:
        pattern = r' t="s"><v>(\d+)</v>'
        return re.sub(pattern, lambda m: f' t="inlineStr"><is>{shared[int(m[1])]}</is>', data.decode()).encode()

    parts = {k: change(v) if k in g.sheets.values() else v for k, v in g.parts.items() if k != TEXTS}
    parts[LINKS] = re.sub(rb'<Relationship [^>]*sharedStrings.xml"/>', b"", parts[LINKS])
    parts[TYPES] = re.sub(rb'<Override PartName="/xl/sharedStrings.xml"[^>]*/>', b"", parts[TYPES])
    return parts


accepted("49", "cells without addresses", placeless)
accepted("49", "texts inside their cells", inlined)
refused(
    "50",
    "a cell twice",
    lambda g: g.sub(FORM, rf'(<c r="{g.at["推诿次数"]}"[^>]*>)<v>1</v></c>', r"\1<v>1</v></c>\1<v>2</v></c>"),
)
refused(
    "50",
    "a cell twice, the second elsewhere in the sheet",
    lambda g: g.sub(FORM, r"</row></sheetData>", f'<c r="{g.at["推诿次数"]}"><v>2</v></c></row></sheetData>'),
)
for type_ in ("", ' t="inlineStr"', ' t="str"'):
    refused("50", f"a value and a text in one cell{type_}",
            answering("推诿次数", Xml(type_, "<v>0</v><is><t>9</t></is>")))  # fmt: skip
for said, body in {"a value": '<z:v xmlns:z="urn:z">9</z:v>', "a value without a prefix": '<v xmlns="urn:z">9</v>',
                   "a value beside the own one": '<v>0</v><z:v xmlns:z="urn:z">9</z:v>'}.items():  # fmt: skip
    refused(
        "50", f"{said} of another namespace in a cell", answering("推诿次数", Xml("", body)), codes=("file-unsafe",)
    )
refused("50", "a text of another namespace in a cell",
        answering("推诿次数", Xml(' t="inlineStr"', '<is><z:t xmlns:z="urn:z">9</z:t></is>')),
        codes=("file-unsafe",))  # fmt: skip
refused("50", "cells of another namespace", lambda g: g.sub(FORM, "<sheetData>", '<sheetData xmlns="urn:other">'),
        codes=("file-unsafe",), says="标记")  # fmt: skip
refused("50", "a text before a value in one cell",
        lambda g: g.answer("推诿次数", Xml(' t="inlineStr"', "<is><t>9</t></is><v>0</v>")))  # fmt: skip
refused("50", "a row twice",
        lambda g: g.sub(FORM, rf'(<row r="{g.row("推诿次数")}".*?</row>)', r"\1\1"))  # fmt: skip
accepted("51", "dates from 1904 on", lambda g: g.sub(BOOK, r"<workbookPr", '<workbookPr date1904="1"'))
warned("52", "the names deleted", lambda g: g.sub(BOOK, r"<definedNames>.*</definedNames>", ""))
warned("52", "the properties of every office program deleted", lambda g: {
    name: data for name, data in g.sub("_rels/.rels", r'<Relationship [^>]*core\.xml"/>', "").items()
    if name != "docProps/core.xml"}, codes=("file-stripped",))  # fmt: skip
warned("52", "names that point nowhere", lambda g: g.sub(BOOK, r"'填报'!\$D\$\d+", "#REF!"))
warned("52", "our properties deleted", lambda g: {
    **{k: v for k, v in g.parts.items() if k != CUSTOM},
    TYPES: re.sub(rb'<Override PartName="/docProps/custom.xml"[^>]*/>', b"", g.parts[TYPES]),
    "_rels/.rels": re.sub(rb'<Relationship [^>]*custom.xml"/>', b"", g.parts["_rels/.rels"])})  # fmt: skip
warned("52", "no styles", lambda g: {
    **{k: v for k, v in g.parts.items() if k != STYLES},
    TYPES: re.sub(rb'<Override PartName="/xl/styles.xml"[^>]*/>', b"", g.parts[TYPES]),
    LINKS: re.sub(rb'<Relationship [^>]*styles.xml"/>', b"", g.parts[LINKS])})  # fmt: skip
warned(
    "52", "a style that does not exist", lambda g: g.sub(FORM, rf'(<c r="{g.at["推诿次数"]}") s="\d+"', r'\1 s="99999"')
)
refused("53", "the shared texts missing", lambda g: {k: v for k, v in g.parts.items() if k != TEXTS})
refused("53", "fewer shared texts than the cells ask for",
        lambda g: g.edit(TEXTS, lambda d: d[: d.index(b"<si>", len(d) // 2)] + b"</sst>"))  # fmt: skip
refused("53", "a text that does not exist", lambda g: g.answer("推诿次数", Xml(' t="s"', "<v>999999</v>")))
accepted("53", "a false count of texts: none of them is gone",
         lambda g: g.sub(TEXTS, r'uniqueCount="\d+"', 'uniqueCount="4294967295"'))  # fmt: skip


# --- rows 54–77: a cell -------------------------------------------------------------------------

LETTERS = "来信未按时答复件数"
"""The count in which most is written; it is 3."""


def typed(content: Xml, name: str = LETTERS) -> Change:
    return lambda g: g.answer(name, content)


def spelt(row: str, text: str, name: str = LETTERS, letter: str = "N", codes: Sequence[str] = ("cell-read",)) -> None:
    """The same answer in other words."""
    said = f"{text!r} for {ANSWERS[name]}"
    accepted(row, said, typed(words(text), name), letter, codes=tuple(codes), cells=(name,))


def written(row: str, text: str, name: str = LETTERS, codes: Sequence[str] = ("cell-wrong",)) -> None:
    """A text that is no answer."""
    asked(row, f"{text!r}", typed(words(text), name), name, codes=tuple(codes))


def filled(row: str, said: str, content: Xml, name: str = LETTERS, codes: Sequence[str] = ("cell-wrong",)) -> None:
    asked(row, said, typed(content, name), name, codes=tuple(codes))


for said, cell in {
    "a type that is none": Xml(' t="zzz"', f"<v>{ANSWERS[LETTERS]}</v>"),
    "signs among the digits of a number": number("1,234"),
    "a day that is none": Xml(' t="d"', "<v>2025-13-01</v>"),
}.items():
    filled("73", said, cell)
accepted("49", "blanks around a number", typed(number(f" {ANSWERS[LETTERS]} ")))

POOR, MANY, NONE = "困难求助件数", "合理诉求件数", "来区异常处置不力次数"
for text, name in (("３", LETTERS), ("1２", POOR), ("１２", POOR), ("３．５", "应急资金万元")):
    spelt("54", text, name)
for text, name in (("三", LETTERS), ("叁", LETTERS), ("十二", POOR), ("壹拾贰", POOR), ("一十二", POOR),
                   ("一千二百三十四", MANY), ("零", NONE), ("两", "无故缺席次数")):  # fmt: skip
    spelt("55", text, name)
for text in ("三五", "十十", "第三", "三件多"):
    written("55", text)
for text, name in (
    ("3件", LETTERS),
    ("共3件", LETTERS),
    ("3 件", LETTERS),
    ("三件", LETTERS),
    ("３件", LETTERS),
    ("1次", "推诿次数"),
    ("1人次", "推诿次数"),
    ("3.5万元", "应急资金万元"),
    ("3分", "现场处置评分"),
):
    spelt("56", text, name)
for text in ("3元", "3万", "3%", "3人次", "3个", "第3件"):
    written("56", text)
for text in ("约3", "3左右", "十几", "3-5", "3～5", "2+1", "（3）", "3（含重复）", "1件2件", "3余", "近3", "≥3", "3?",
             "3/4", "3;4", "3 4", "3、4"):  # fmt: skip
    written("57", text)
written("58", "95%", "应急资金万元")
for text in ("无", "没有", "零", "0", "０", "0次", "0.0"):
    spelt("59", text, NONE)
written("59", "无", "备忘录")
for text in ("—", "——", "／", "/", "-", "N/A", "n/a", "同上", "待核实", "详见附件", "有", "是", "x", "…"):
    written("60", text)
for said, content in {
    "nothing": NOTHING,
    "an empty text": words(""),
    "spaces": words("   "),
    "a full-width space": words("　"),
    "a zero-width space": words("\u200b"),
    "a line break": words("\n"),
    "an apostrophe alone": Xml(' t="inlineStr"', "<is><t></t></is>"),
}.items():
    filled("61", said, content, codes=("cell-blank",))
asked("61", "the cell is not there", lambda g: g.sub(FORM, rf'<c r="{g.at[LETTERS]}".*?</c>', ""), LETTERS,
      codes=("cell-blank",))  # fmt: skip
refused("61", "nothing filled in at all", lambda g: g.put({g.at[each]: NOTHING for each in ANSWERS}), "退回",
        codes=("form-blank",))  # fmt: skip
filled("61", "no yes and no no", NOTHING, "备忘录", codes=("cell-blank-flag",))
CORPUS.append(Defect("56", "so many 万元 that they may be yuan", one(typed(number(30000), "应急资金万元")), "N", "已评",
                     "已评", codes=("amount-large",), cells=("应急资金万元",)))  # fmt: skip
filled("62", "a negative number", number(-3))
written("62", "-3")
written("62", "−3")
noted("62", "minus nought", lambda g: g.answer(NONE, number("-0")), codes=("cell-read",), cells=(NONE,))
noted("62", "minus nought as a fraction", lambda g: g.answer(NONE, number("-0.0")), codes=("cell-read",))
filled("63", "a decimal for a count", number("3.5"))
written("63", "3.5")
filled("63", "a little more than binary noise", number("3.00001"))
accepted("63", "11.999999999999998, which is 12", lambda g: g.answer(POOR, number("11.999999999999998")), "N")
accepted("63", "3.0000000000000004, which is 3", lambda g: g.answer(LETTERS, number("3.0000000000000004")), "N")


def shown_as(code: str, value: object, name: str = LETTERS) -> Change:
    """A number under a format of its own."""

    def change(g: Genuine) -> Parts:
        parts, style = add_format(g.parts, code)
        sheet = put(parts[g.sheets[FORM]], {g.at[name]: Xml(f' s="{style}"', f"<v>{value}</v>")})
        return {**parts, g.sheets[FORM]: sheet}

    return change


def styleless(g: Genuine, value: object) -> Parts:
    """An answer in a style that does not exist."""
    sheet = put(g.parts[g.sheets[FORM]], {g.at[LETTERS]: Xml(' s="99999"', f"<v>{value}</v>")})
    return {**g.parts, g.sheets[FORM]: sheet}


for serial in (45721, 45721.5, 0.95, 20000, 80000):
    asked("52", f"{serial} in a style that does not exist", lambda g, serial=serial: styleless(g, serial), LETTERS,  # type: ignore[misc]
          codes=("cell-wrong", "file-stripped"), says="格式不见了")  # fmt: skip


def undescribed(g: Genuine) -> Parts:
    """A date in a number format that its workbook does not describe."""
    parts, style = add_format(g.parts, "m/d")
    sheet = put(parts[g.sheets[FORM]], {g.at[LETTERS]: Xml(f' s="{style}"', "<v>45721</v>")})
    styles = re.sub(rb"<numFmts.*?</numFmts>", b"", parts[STYLES])
    return {**parts, g.sheets[FORM]: sheet, STYLES: styles}


asked("52", "a number format that is nowhere described", undescribed, LETTERS, says="格式不见了")
for code in ("m/d/yyyy", 'm"月"d"日"', "yyyy\\-mm\\-dd", "h:mm", "[h]:mm", "[$-804]aaaa"):
    asked("64", f"3-5 made a date ({code})", shown_as(code, 45721), LETTERS, codes=("cell-wrong",))
    asked("64", f"3 under a format of dates ({code})", shown_as(code, 3), LETTERS, codes=("cell-wrong",))
filled("64", "an ISO date", Xml(' t="d"', "<v>2025-03-05T00:00:00</v>"))
for text in ("2025-3-5", "3月5日", "3:05"):
    written("64", text)
for text in (
    "3",
    "3.0",
    "3。",
    "\u00a03",
    "3\u200b",
    "\u200b3",
    "3\n",
    "\t3",
    " 3 ",
    "　3",
    "03",
    "\ufeff3",
    "3\u2060",
):
    spelt("65", text)
accepted("65", "an apostrophe before it", lambda g: g.answer(LETTERS, Xml(' t="inlineStr"', "<is><t>3</t></is>")), "N",
         cells=(LETTERS,))  # fmt: skip
spelt("66", "1,234", MANY)
for text in ("1，234", "1 234", "12,34", "1,23", ",234", "1.234,5", "1'234"):
    written("66", text, MANY)
for text in ("1e3", "1E3", "1_000", "nan", "NaN", "inf", "Infinity", "٣", "³", "²", "①②", "③", "Ⅲ", "0x3", "3f", "३",
             "㈢", "㊂", "½", "𝟛"):  # fmt: skip
    written("67", text)
for text in ("l2", "1O", "3o", "I", "Z3"):
    written("68", text)
for text in ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"):
    filled("69", f"the error {text}", error(text))
    written("69", text)
filled("69", "an error without a text", Xml(' t="e"', "<v></v>"))
for text, cached in (("1+2", 3), ("6/2", 3), ("(1+0.5)*2", 3)):
    warned("70", f"={text} and its value", typed(formula(text, cached)), codes=("cell-formula-read",), cells=(LETTERS,))
for text in ("D9+2", "SUM(D9,2)", "$D$9", "填报!D9", "LEN(\"abc\")", "NOW()-NOW()+3", "RAND()*0+3", "IF(1=1,3,4)+D9",
             "无故缺席次数+1", "INDIRECT(\"D9\")"):  # fmt: skip
    filled("70", f"={text} and its value", formula(text, 3))
filled("70", "a shared formula", Xml("", '<f t="shared" si="0"/><v>3</v>'))
warned(
    "70",
    "an array formula of one cell",
    lambda g: g.answer(LETTERS, Xml("", f'<f t="array" ref="{g.at[LETTERS]}">1+2</f><v>3</v>')),
    codes=("cell-formula-read",),
    cells=(LETTERS,),
)
asked("70", "an array formula over two answers", lambda g: g.answer(LETTERS, Xml(
      "", f'<f t="array" ref="{g.at[LETTERS]}:{g.at["重复来信件数"]}">1+2</f><v>3</v>')),
      LETTERS, "重复来信件数")  # fmt: skip
filled("70", "a formula for yes", Xml(' t="str"', '<f>"是"</f><v>是</v>'), "备忘录")
filled("71", "a sum without its value", formula("1+2"))
filled("71", "a sum with a stale nought", formula("1+2", 0))
filled("71", "a sum with another value", formula("1+2", 4))
filled("71", "a sum with its value as a text", Xml(' t="str"', "<f>1+2</f><v>3</v>"))
filled("72", "a formula to another workbook", formula("[1]Sheet1!$A$1", 3))
filled("72", "a formula to a workbook of the network", formula("'\\\\server\\share\\[x.xlsx]表'!A1", 3))
for text in ("1E308", "1E999", "-1E999", "NaN", "INF", "12345678901234567890", "1000000000", "3x", ""):
    if text:
        filled("73", f"the number {text}", number(text))
written("73", "12345678901234567890")
written("73", "9" * 400)
for text in ("1", "0"):
    filled("74", f"the truth value {text}", Xml(' t="b"', f"<v>{text}</v>"))
filled("74", "a truth value for yes", Xml(' t="b"', "<v>1</v>"), "备忘录")
filled("74", "1 for yes", number(1), "备忘录")


def shared_text(item: str, name: str) -> Change:
    """An answer as a shared text of the given XML."""

    def change(g: Genuine) -> Parts:
        count = g.parts[TEXTS].count(b"<si>")
        parts = g.edit(TEXTS, lambda d: d.replace(b"</sst>", f"<si>{item}</si></sst>".encode())
                       .replace(b'uniqueCount="%d"' % count, b'uniqueCount="%d"' % (count + 1)))  # fmt: skip
        return {**parts, g.sheets[FORM]: put(parts[g.sheets[FORM]], {g.at[name]: Xml(' t="s"', f"<v>{count}</v>")})}

    return change


RUNS = "<r><t>1</t></r><r><rPr><b/></rPr><t>2</t></r>"
READ_ALOUD = '<t>十二</t><rPh sb="0" eb="2"><t>シアル</t></rPh><phoneticPr fontId="1"/>'
accepted("75", "rich text in the cell", lambda g: g.answer(POOR, Xml(' t="inlineStr"', f"<is>{RUNS}</is>")), "N")
accepted("75", "rich text among the shared ones", shared_text(RUNS, POOR), "N")
accepted("75", "a reading beside the text", shared_text(READ_ALOUD, POOR), "N")
accepted("75", "a reading in the cell", lambda g: g.answer(POOR, Xml(' t="inlineStr"', f"<is>{READ_ALOUD}</is>")), "N")
accepted(
    "75", "rich text for yes", lambda g: g.answer("备忘录", Xml(' t="inlineStr"', "<is><r><t>是</t></r></is>")), "N"
)
STRUCK = "<r><rPr><strike/></rPr><t>1</t></r><r><t>2</t></r>"
RAISED = '<r><t>3</t></r><r><rPr><b/><vertAlign val="superscript"/></rPr><t>2</t></r>'
LOWERED = '<r><t>3</t></r><r><rPr><vertAlign val="subscript"/></rPr><t>2</t></r>'
for said, runs, look in (("struck out", STRUCK, "〔删除线1〕2"), ("raised", RAISED, "3〔上标2〕"),
                         ("lowered", LOWERED, "3〔下标2〕")):  # fmt: skip
    inside = Xml(' t="inlineStr"', f"<is>{runs}</is>")
    asked("75", f"a part {said}, in the cell", lambda g, inside=inside: g.answer(POOR, inside), POOR,  # type: ignore[misc]
          codes=("cell-wrong",), says=look)  # fmt: skip
    asked("75", f"a part {said}, among the shared texts", shared_text(runs, POOR), POOR, codes=("cell-wrong",),
          says=look)  # fmt: skip
asked("75", "a yes struck out beside a no", shared_text(STRUCK.replace("1", "是").replace("2", "否"), "备忘录"),
      "备忘录", codes=("cell-wrong",), says="删除线")  # fmt: skip
LEVEL = STRUCK.replace("<strike/>", '<strike val="0"/><vertAlign val="baseline"/>')
accepted("75", "a part that is said not to be struck out", shared_text(LEVEL, POOR), "N")


def in_font(strike: str, content: Xml, name: str = LETTERS) -> Change:
    """An answer in a style whose font is struck out."""

    def change(g: Genuine) -> Parts:
        parts, style = add_format(g.parts, "General")
        styles = parts[STYLES].decode()
        fonts = styles.partition("</fonts>")[0].count("<font>")
        styles = styles.replace("</fonts>", f'<font>{strike}<sz val="11"/><name val="宋体"/></font></fonts>')
        head, _, tail = styles.rpartition('fontId="0"')
        assert head.rpartition("<cellXfs")[2].count("<xf ") == style + 1 and "</cellXfs>" in tail
        attributes = f' s="{style}"{content.attributes}'
        sheet = put(parts[g.sheets[FORM]], {g.at[name]: Xml(attributes, content.body)})
        return {**parts, STYLES: f'{head}fontId="{fonts}"{tail}'.encode(), g.sheets[FORM]: sheet}

    return change


for said, content, name, look in (("a number", number(3), LETTERS, "〔删除线3〕"),
                                  ("a number as a text", words("3"), LETTERS, "〔删除线3〕"),
                                  ("a sum", formula("1+2", 3), LETTERS, "〔删除线3〕"),
                                  ("a yes", words("是"), "备忘录", "〔删除线是〕")):  # fmt: skip
    asked("75", f"{said} in a font that is struck out", in_font("<strike/>", content, name), name,
          codes=("cell-wrong",), says=look)  # fmt: skip
accepted("75", "a number in a font that is said not to be struck out", in_font('<strike val="0"/>', number(3)))
asked("61", "nothing in a font that is struck out", in_font("<strike/>", NOTHING), LETTERS, codes=("cell-blank",))


def overlaid(code: str, value: object, ranges: str = "{0}", inside: str = "") -> Change:
    """A number under a condition with a format of its own."""

    def change(g: Genuine) -> Parts:
        escaped = code.replace('"', "&quot;")
        dxf = f"<dxf>{inside}</dxf></dxfs>" if inside else (
            f'<dxf><numFmt numFmtId="191" formatCode="{escaped}"/></dxf></dxfs>')  # fmt: skip
        rule = '<cfRule type="expression" dxfId="5" priority="99"><formula>TRUE</formula></cfRule>'
        area = ranges.format(g.at[LETTERS])
        new = f'<conditionalFormatting sqref="{area}">{rule}</conditionalFormatting><dataValidations '
        parts = g.edit(STYLES, lambda data: data.replace(b"</dxfs>", dxf.encode()))
        sheet = put(parts[g.sheets[FORM]], {g.at[LETTERS]: number(value)})
        return {**parts, g.sheets[FORM]: sheet.replace(b"<dataValidations ", new.encode(), 1)}

    return change


def overlaid_within(inside: str) -> Change:
    """The same by a condition of the newer kind, which holds its format itself."""

    def change(g: Genuine) -> Parts:
        urn = "http://schemas.microsoft.com/office"
        new = (
            f'<extLst><ext xmlns:x14="{urn}/spreadsheetml/2009/9/main" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
            f'<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="{urn}/excel/2006/main">'
            f'<x14:cfRule type="expression" priority="99" id="{{1}}"><xm:f>TRUE</xm:f><x14:dxf>{inside}</x14:dxf>'
            "</x14:cfRule>"
            f"<xm:sqref>{g.at[LETTERS]}</xm:sqref>"
            "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"
        )
        sheet = put(g.parts[g.sheets[FORM]], {g.at[LETTERS]: number(3)})
        return {**g.parts, g.sheets[FORM]: sheet.replace(b"</worksheet>", new.encode())}

    return change


for code in ('"30"', '0"0"', "yyyy-m-d", "0%"):
    asked("76", f"3 that a condition shows by the format {code}", overlaid(code, 3), LETTERS, says="条件格式")
asked("76", "3 that a condition over several ranges shows as 30", overlaid('"30"', 3, "A1:B3 {0}:{0}"), LETTERS,
      says="条件格式")  # fmt: skip
asked("76", "3 that a condition of the newer kind shows as 30",
      overlaid_within('<numFmt numFmtId="191" formatCode="&quot;30&quot;"/>'), LETTERS, says="条件格式")  # fmt: skip
LINED = "<font><strike/></font>"
asked("75", "3 that a condition strikes out", overlaid("", 3, inside=LINED), LETTERS, says="条件格式的删除线")
asked("75", "3 that a condition of the newer kind strikes out", overlaid_within(LINED), LETTERS,
      says="条件格式的删除线")  # fmt: skip
accepted("75", "a condition that strikes out other cells", overlaid("", 3, "L5:L105", LINED))
accepted("76", "3 that a condition shows as 3.00", overlaid("0.00", 3))
accepted("76", "a condition over other cells", overlaid('"30"', 3, "L5:L105"))
for code in ('0"0"', '"5"', ";;;", '0"多"', '"约"0', '0"万"', "0,", "0%", '"无"', '[=3]"0";General', "0.0,",
             '[>5]0;0"0"', '[=4]0;"1"0', "0*0", "0 0", '0"-"0', "-0"):  # fmt: skip
    asked("76", f"3 shown by the format {code}", shown_as(code, 3), LETTERS)
for code in ("#,##0", "0.00", '0"件"', "@", "0_ ", "General", "[Red]0", "[红色][<60]0;0", "[DBNum1]0", "[$-804]0"):
    accepted("76", f"3 shown by the honest format {code}", shown_as(code, 3))
warned("77", "a remark longer than a cell takes",
       lambda g: g.put({g.remark("推诿次数"): words("很长" * 20_000)}), cells=("材料:推诿次数",))  # fmt: skip
written("77", "3" * 40_000)


# --- rows 78–85: what the answers say together --------------------------------------------------


def answered(**cells: object) -> Change:
    def xml(value: object) -> Xml:
        return words(value) if isinstance(value, str) else number(value)

    return lambda g: g.put({g.at[name]: xml(value) for name, value in cells.items()})


for part, whole, count in (
    ("赴市集访20人以上批次", "赴市集访批次", 4),
    ("来区集访10人以上批次", "来区集访批次", 5),
    ("按期报结老户件数", "交办老户件数", 6),
):
    asked("78", f"{part} above {whole}", answered(**{part: count}), part, whole, codes=("contradiction",))
for part, whole, count in (
    ("解决到位件数", "合理诉求件数", 1235),
    ("稳控到位件数", "无理诉求件数", 8),
    ("救助到位件数", "困难求助件数", 13),
    ("依法处置件数", "违法行为件数", 2),
):
    asked("79", f"{part} above {whole}", answered(**{part: count}), part, whole, codes=("contradiction",))
noted("80", "yes without evidence: a note, the points stand", codes=("materials",))
warned("81", "a self-score above the maximum", lambda g: g.put({"K8": number(99)}), cells=("填报!K8",))
asked("81", "judged points above their maximum", answered(敏感期信息评分=3), "敏感期信息评分", codes=("cell-wrong",))
asked("82", "none of a kind claimed, and counted", answered(无进京个访赴省集访="是"),
      "无进京个访赴省集访", "进京个访批次", "赴省集访批次", codes=("contradiction",))  # fmt: skip
UNLIKELY = one(answered(无历史积案和老户="是"))
CORPUS.append(Defect("82", "a claim that looks unlikely", UNLIKELY, "W", "已评", "已评", codes=("implausible",)))


def same_as_mate(g: Genuine) -> Files:
    """The neighbour's figures, one by one, in this unit's own form."""
    ((unit, data),) = g.mates.items()
    own = {f"信访信息条数[{k}]": Genuine(unit, data).at[f"信访信息条数[{k}]"] for k in range(1, 13)}
    sheet = Genuine(unit, data).parts[g.sheets[FORM]].decode()
    cells = {ref: re.search(rf'<c r="{ref}"[^>]*>(<v>[^<]*</v>)', sheet) for ref in own.values()}
    copy = g.put({ref: Xml("", found[1]) for ref, found in cells.items() if found})
    return [(f"{g.unit}.xlsx", zipped(copy)), (f"{unit}.xlsx", data)]


several("85", "the figures of another unit, one by one", same_as_mate, "W", "已评", ["已评"], units=("抄表镇",))


# --- rows 86–100: what may do harm --------------------------------------------------------------


def remarked(content: Xml) -> Change:
    return lambda g: g.put({g.remark("推诿次数"): content})


def remark(text: str) -> Change:
    return remarked(words(text))


for text in (
    "=cmd|' /C calc'!A0",
    "+1+cmd",
    "-2+3+cmd",
    "@SUM(1+1)*cmd",
    "＝1+cmd",
    "{=1+cmd}",
    "\t=1+cmd",
    "\r\n=1+cmd",
):
    warned("86", f"a remark {text!r}", remark(text), cells=("材料:推诿次数",), secret=text.strip())
for text in ("=1+2", "+3", "@3", "＝3", "{=3}"):
    written("86", text)
for text, secret in (('HYPERLINK("http://example.cn/x")', "example.cn/x"), ("cmd|'/c notes'!A1", "/c notes")):
    accepted("87", f"a formula with {secret} in a remark, which bears no points",
             remarking("推诿次数", formula(text, "材料")), "C",
             cells=("材料:推诿次数",), codes=("text-formula",), secret=secret)  # fmt: skip
filled("87", "DDE in an answer", formula("cmd|'/c calc'!A1", 3))
filled("87", "a web service in an answer", formula('WEBSERVICE("http://example.cn/y")', 3))


def lied(g: Genuine, **lies: Any) -> list[Member]:
    """The members, with lies about the form, the last of them."""
    name = g.sheets[FORM]
    return members({k: v for k, v in g.parts.items() if k != name} | {name: g.parts[name]}, **lies)


BOMB = "xl/media/image1.png"
refused("88", "a part of 100 MB", lambda g: {**g.parts, BOMB: bytes(100 * 2**20)})
refused("88", "a sheet blown up with spaces", lambda g: g.sub(FORM, "<sheetData>", "<sheetData>" + " " * 30 * 2**20))
refused("88", "a million rows", lambda g: g.sub(FORM, "</sheetData>", "<row/>" * 1_048_000 + "</sheetData>"))
refused(
    "88", "many parts of 20 MB", lambda g: {**g.parts, **{f"xl/media/i{k}.png": bytes(20 * 2**20) for k in range(5)}}
)
refused(
    "89", "a part larger than the directory says", lambda g: pack(members({**g.parts, "x.bin": b"x" * 9000}, size=10))
)
refused("89", "a part smaller than the directory says", lambda g: pack(members({**g.parts, "x.bin": b"x"}, size=9000)))
refused("89", "a wrong size of the form itself", lambda g: pack(lied(g, size=10)))
refused("89", "a wrong checksum of the form itself", lambda g: pack(lied(g, crc=1)))
refused("89", "a wrong checksum", lambda g: pack(members({**g.parts, "x.bin": b"x"}, crc=1)))
refused("89", "two members on the same bytes", lambda g: pack(members({**g.parts, "x.bin": b"x"}, offset=0)))


def joined_by(member: Member) -> Change:
    return lambda g: pack([*members(g.parts), member])


def declared(part: str, dtd: str, use: str = "") -> Change:
    def change(g: Genuine) -> Parts:
        def write(data: bytes) -> bytes:
            text = data.decode().replace("?>", f"?>{dtd}", 1)
            return text.replace("<sheetData>", f"<sheetData>{use}", 1).encode()

        return g.edit(part, write)

    return change


LAUGHS = "<!DOCTYPE worksheet [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{k} '{f'&a{k - 1};' * 10}'>" for k in range(1, 10)) + "]>"  # fmt: skip
QUADRATIC = f"<!DOCTYPE worksheet [<!ENTITY a '{'x' * 50_000}'>]>"
OUTSIDE = "<!DOCTYPE worksheet [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
SMALL = "<!DOCTYPE worksheet [<!ENTITY a '1'>]>"
refused("90", "a billion laughs", declared(FORM, LAUGHS, "<row r='900'><c r='A900'><v>&a9;</v></c></row>"))
refused(
    "90", "quadratic growth", declared(FORM, QUADRATIC, f"<row r='900'><c r='A900'><v>{'&a;' * 20_000}</v></c></row>")
)
refused("90", "an entity from a file", declared(FORM, OUTSIDE, "<row r='900'><c r='A900'><v>&a;</v></c></row>"))
for member_name in (
    FORM,
    "说明",
    TEXTS,
    BOOK,
    LINKS,
    STYLES,
    TYPES,
    CUSTOM,
    "docProps/core.xml",
    "docProps/app.xml",
    "_rels/.rels",
):
    refused("90", f"one small entity in {member_name}", declared(member_name, SMALL))
refused("90", "an entity disguised by UTF-16", lambda g: g.edit(FORM, lambda d: d.decode().replace(
        "?>", f"?>{SMALL}", 1).replace("UTF-8", "UTF-16").encode("utf-16")))  # fmt: skip
refused(
    "90", "an entity in a part that no relation names", lambda g: {**g.parts, "xl/x.xml": f"{SMALL}<a>&a;</a>".encode()}
)
for said, member in {
    "a member that climbs out": Member("../../x.xlsx", b"x"),
    "an absolute member": Member("/etc/x", b"x"),
    "a member on a drive": Member("C:/x", b"x"),
    "a member with backslashes": Member("..\\x", b"x"),
    "a symlink": Member("xl/link", b"/etc/passwd", 0, attributes=0o120777 << 16),
    "a member twice": Member(BOOK, b"<workbook/>"),
    "a member twice but for case": Member("XL/Workbook.xml", b"<workbook/>"),
}.items():
    refused("91", said, joined_by(member))
warned("92", "a value in the last cell of the sheet", lambda g: g.put({"XFD1048576": number(1)}))
warned("92", "a value in the last row", lambda g: g.put({"A1048576": number(1)}))
warned("92", "a value in row 60000", lambda g: g.put({"B60000": number(1)}))
warned("92", "a row of 16384 cells", lambda g: g.sub(FORM, "</sheetData>", '<row r="900">' + "".join(
       f'<c r="{column(k)}900"><v>1</v></c>' for k in range(16_384)) + "</row></sheetData>"))  # fmt: skip


def many_sheets(g: Genuine) -> Parts:
    parts = g.parts
    for k in range(200):
        parts = add_sheet(parts, f"表{k}", sheet_of({"A1": number(k)}), 100 + k)
    return parts


def in_styles(old: str, new: str) -> Change:
    return lambda g: g.edit(STYLES, lambda data: data.replace(old.encode(), new.encode(), 1))


STYLE = "".join(f'<cellStyle name="样式{k}" xfId="0"/>' for k in range(20_000))
FORMATS = "".join(f'<xf numFmtId="{k % 40}" fontId="0" fillId="0" borderId="0" xfId="0"/>' for k in range(100_000))
NAMES = "".join(f'<definedName name="名称{k}">填报!$A${k + 1}</definedName>' for k in range(20_000))
refused("93", "200 sheets more: that is no form of ours any longer", many_sheets)
refused("93", "100000 formats more: not even Excel opens it", in_styles("</cellXfs>", f"{FORMATS}</cellXfs>"))
warned("93", "20000 style names more: the answers are there", in_styles("</cellStyles>", f"{STYLE}</cellStyles>"))
warned("93", "20000 names more: the answers are there",
       lambda g: g.edit(BOOK, lambda d: d.replace(b"</definedNames>", f"{NAMES}</definedNames>".encode())))  # fmt: skip
refused("93", "600 parts more", lambda g: {**g.parts, **{f"xl/media/image{k}.png": PNG for k in range(600)}})
GRID = "A1:XFD1048576"
refused("94", "everything merged", lambda g: g.sub(FORM, "</mergeCells>", f'<mergeCell ref="{GRID}"/></mergeCells>'))
refused("94", "one link over everything",
        lambda g: g.sub(FORM, "</hyperlinks>", f'<hyperlink ref="{GRID}" location="A1"/></hyperlinks>'))  # fmt: skip
refused("94", "one array formula over everything",
        lambda g: g.put({"P9": Xml("", f'<f t="array" ref="{GRID}">1</f><v>1</v>')}))  # fmt: skip
refused("95", "elements nested 100000 deep",
        lambda g: g.sub(FORM, "</sheetData>", "</sheetData>" + "<a>" * 100_000 + "</a>" * 100_000))  # fmt: skip
refused("95", "elements nested 100000 deep in the styles",
        in_styles("</styleSheet>", "<a>" * 100_000 + "</a>" * 100_000 + "</styleSheet>"))  # fmt: skip


def attached(name: str, data: bytes, kind: str, relation: str) -> Change:
    """A further part that the form names."""

    def change(g: Genuine) -> Parts:
        folder = "../" + name.removeprefix("xl/")
        return add_link(add_part(g.parts, name, data, kind), g.sheets[FORM], "rId70", relation, folder)

    return change


def book_part(name: str, data: bytes, kind: str, relation: str) -> Change:
    return lambda g: add_link(add_part(g.parts, name, data, kind), BOOK, "rId70", relation, name.removeprefix("xl/"))


def linked_book(g: Genuine) -> Parts:
    xml = f'<externalLink xmlns="{MAIN}" xmlns:r="{OFFICE}"><externalBook r:id="rId1"/></externalLink>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    name = "xl/externalLinks/externalLink1.xml"
    parts = book_part(name, xml.encode(), kind, "externalLink")(g)
    assert isinstance(parts, dict)
    return add_link(parts, name, "rId1", "externalLinkPath", "file:///C:/台账.xlsx", "External")


DDE = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'.encode()
LINK_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
CONNECTION = f'<connections xmlns="{MAIN}"><connection id="1" name="x" type="1"/></connections>'.encode()
CONNECTION_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"
warned("96", "an embedded object", attached("xl/embeddings/oleObject1.bin", compound(["\1Ole10Native"]),
       "application/vnd.openxmlformats-officedocument.oleObject", "oleObject"))  # fmt: skip
warned("96", "a data connection", book_part("xl/connections.xml", CONNECTION, CONNECTION_KIND, "connections"))
warned("96", "a link to another workbook", linked_book)
refused("97", "a DDE link", book_part("xl/externalLinks/externalLink1.xml", DDE, LINK_KIND, "externalLink"))


def hyperlinked(target: str) -> Change:
    def change(g: Genuine) -> Parts:
        parts = add_link(g.parts, g.sheets[FORM], "rId71", "hyperlink", target, "External")
        link = b'<hyperlink ref="M9" r:id="rId71"/></hyperlinks>'
        return {**parts, g.sheets[FORM]: parts[g.sheets[FORM]].replace(b"</hyperlinks>", link)}

    return change


for target in ("file:///\\\\fileserver\\share\\x.xlsx", "\\\\fileserver\\share\\x", "file:///C:/x.exe"):
    warned(
        "98", f"a link to {target}", hyperlinked(target), secret="fileserver\\share" if "share" in target else "x.exe"
    )
for said, text in {
    "a control character": "见_x0007_附件",
    "a lone surrogate": "见_xD800_附件",
    "direction marks": "见\u202e附件\u202c",
    "a noncharacter": "见\ufffe附件".replace("\ufffe", "_xFFFE_"),
}.items():
    warned("99", f"{said} in a remark", remark(text), cells=("材料:推诿次数",))
refused(
    "99",
    "a control character that no XML may hold",
    lambda g: g.edit(FORM, lambda d: d.replace(b"<v>3</v>", b"<v>\x07</v>")),
)
written("99", "3_x0007_")
refused("100", "a member by bzip2", lambda g: pack(members({**g.parts, "x.xml": b"<a/>"}, method=12)))
refused(
    "100", "a member by a method that nobody knows", lambda g: pack(members({**g.parts, "x.xml": b"<a/>"}, method=99))
)
refused("100", "an encrypted member", lambda g: pack(members({**g.parts, "x.xml": b"<a/>"}, flags=1)))
refused("100", "all members encrypted", lambda g: pack([Member(name, data, flags=1) for name, data in g.parts.items()]))


# --- rows 101–106: what must not be told --------------------------------------------------------

_DICE = random.Random(20250101)


def _id18(region: str = "110105") -> str:
    year, month, day, order = (_DICE.randrange(*each) for each in ((1940, 2000), (1, 13), (1, 29), (1, 1000)))
    body = f"{region}{year}{month:02d}{day:02d}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(a) * b for a, b in zip(body, weights, strict=True)) % 11]


def _card() -> str:
    body = "622202" + "".join(str(_DICE.randrange(10)) for _ in range(12))
    doubled = [int(d) * (2 if k % 2 == 0 else 1) for k, d in enumerate(reversed(body))]
    return body + str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def _mobile() -> str:
    return "13" + "".join(str(_DICE.randrange(10)) for _ in range(9))


def private(row: str, said: str, text: str, secret: str) -> None:
    warned(row, f"{said} in a remark", remark(text), cells=("材料:推诿次数",), secret=secret)


number18 = _id18()
private("101", "an identity number", f"张某{number18}已答复", number18)
number18 = _id18()
private("101", "an identity number with spaces", f"{number18[:6]} {number18[6:14]} {number18[14:]}", number18[6:14])
number18 = _id18()
private("101", "an identity number in full-width digits", number18.translate(WIDE), number18.translate(WIDE))
number15 = _id18()
number15 = number15[:6] + number15[8:17]
private("101", "an identity number of 15 digits", f"身份证{number15}", number15)
number18 = _id18("430102")
warned(
    "101",
    "an identity number stored as a number",
    remarked(number(f"{number18[0]}.{number18[1:15]}E+17")),
    cells=("材料:推诿次数",),
    secret=number18[:15],
)
number18 = _id18()
warned("101", "an identity number on a sheet of the unit's own",
       with_sheet("台账", {"B2": words(number18)}), cells=("台账!B2",), secret=number18)  # fmt: skip
number18 = _id18()
asked("101", "an identity number for an answer", typed(words(number18)), LETTERS,
      secret=number18)  # fmt: skip
number18 = _id18()
refused("101", "an identity number for the unit's name", named(number18), "未报", secret=number18)


def on_cover(label: str, text: str) -> Change:
    return lambda g: g.put({g.beside(COVER, label): words(text)}, COVER)


wrong = _id18()
wrong = wrong[:-1] + ("1" if wrong[-1] != "1" else "2")
accepted("102", "18 digits with a wrong check digit", remark(wrong))
mobile = _mobile()
private("103", "a mobile number", f"联系{mobile}", mobile)
mobile = _mobile()
hyphened = f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}"
private("103", "a mobile number with hyphens", f"+86 {hyphened}", hyphened)
card = _card()
private("103", "a bank card", f"卡号{card}", card)
mobile = _mobile()
accepted("103", "the clerk's own telephone on the cover, which asks for it",
         on_cover("联系电话", mobile), secret=mobile)  # fmt: skip
accepted("104", "a name and an address: no program knows one, so none is told",
         remark("欧阳某某，住临江巷十七号后院"), secret="临江巷十七号")  # fmt: skip


DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"


def text_box(said: str) -> bytes:
    """A shape in whose text a number is parted among runs of letters, as office programs part it."""
    space, main = "spreadsheetDrawing", "http://schemas.openxmlformats.org/drawingml/2006"
    runs = "".join(f"<a:r><a:rPr/><a:t>{each}</a:t></a:r>" for each in (said[:5], said[5:]))
    return (
        f'<xdr:wsDr xmlns:xdr="{main}/{space}" xmlns:a="{main}/main"><xdr:absoluteAnchor><xdr:pos x="0" y="0"/>'
        '<xdr:ext cx="9999" cy="9999"/><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" name="t"/><xdr:cNvSpPr txBox="1"/>'
        f"</xdr:nvSpPr><xdr:spPr/><xdr:txBody><a:bodyPr/><a:p>{runs}</a:p></xdr:txBody></xdr:sp><xdr:clientData/>"
        "</xdr:absoluteAnchor></xdr:wsDr>"
    ).encode()


number18 = _id18()
low = "_".join((number18[:6], number18[6:14], number18[14:]))
private("101", "an identity number with low lines", low, low)
mobile = _mobile()
for said, change in {
    "a page's foot": on_sheet("</oddFooter>", f"{mobile}</oddFooter>"),
    "a prompt": on_sheet('promptTitle="推诿次数"', f'promptTitle="问{mobile}"'),
    "a name": in_book("</definedNames>", f'<definedName name="电话">"{mobile}"</definedName></definedNames>'),
    "the name of a sheet": with_sheet(f"记{mobile}", {}),
    "a cell far away": putting("B60000", words(mobile)),
    "a text box": attached("xl/drawings/drawing70.xml", text_box(mobile), DRAWING, "drawing"),
    "the stamp": of_sheet(
        STAMP, "</sheetData>", f'<row r="90"><c r="A90" t="inlineStr"><is><t>{mobile}</t></is></c></row></sheetData>'
    ),
    "the formula of a conditional format": on_sheet("<formula>[^<]*</formula>", f'<formula>"{mobile}"</formula>'),
    "a number format": in_styles(
        "<fonts", f'<numFmts count="1"><numFmt numFmtId="499" formatCode="0&quot;{mobile}&quot;"/></numFmts><fonts'
    ),
    "a link": hyperlinked(f"tel:{mobile}"),
    "the parts of a page's foot": on_sheet(
        "</oddFooter>", f"&amp;L{mobile[:3]}&amp;C{mobile[3:7]}&amp;R{mobile[7:]}</oddFooter>"
    ),
    "a page's foot behind a size": on_sheet("</oddFooter>", f'&amp;"宋体,常规"&amp;10{mobile}</oddFooter>'),
    "a scenario": on_sheet(
        "</sheetData>",
        f'</sheetData><scenarios><scenario name="甲" comment="问{mobile}"><inputCells r="D9" val="1"/></scenario>'
        "</scenarios>",
    ),
    "a scenario's value": on_sheet(
        "</sheetData>",
        f'</sheetData><scenarios><scenario name="甲"><inputCells r="D9" val="{mobile}"/></scenario></scenarios>',
    ),
    "the reading of a text": shared_text(f'<t>十二</t><rPh sb="0" eb="2"><t>{mobile}</t></rPh>', POOR),
    "the reading of a text in its cell": typed(
        Xml(' t="inlineStr"', f'<is><t>十二</t><rPh sb="0" eb="2"><t>{mobile}</t></rPh></is>'), POOR
    ),
    "a column of a table": attached(
        "xl/tables/table1.xml",
        f'<table xmlns="{MAIN}"><tableColumn id="1" name="{mobile}"/></table>'.encode(),
        "",
        "table",
    ),
    "the cache of a pivot table": book_part(
        "xl/pivotCache/pivotCacheRecords1.xml",
        f'<pivotCacheRecords xmlns="{MAIN}"><r><n v="{mobile}"/></r></pivotCacheRecords>'.encode(),
        "",
        "pivotCacheRecords",
    ),
    "the cache of a linked workbook": book_part(
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{MAIN}"><externalBook><sheetDataSet><sheetData><row r="1"><cell r="A1"><v>{mobile}</v>'
        "</cell></row></sheetData></sheetDataSet></externalBook></externalLink>".encode(),
        LINK_KIND,
        "externalLink",
    ),
    "a part of somebody's own": lambda g: {**g.parts, "customXml/item1.xml": f"<a>{mobile}</a>".encode()},
    "the settings of the workbook": in_book("<workbookPr", f'<fileSharing userName="{mobile}"/><workbookPr'),
    "a text that stands in no cell any more": lambda g: g.edit(
        TEXTS, lambda data: data.replace(b"</sst>", f"<si><t>{mobile}</t></si></sst>".encode())
    ),
    "the properties of the file": lambda g: g.sub(
        "docProps/core.xml", "</cp:coreProperties>", f"<cp:keywords>{mobile}</cp:keywords></cp:coreProperties>"
    ),
    "the tip of a link": on_sheet(
        "</hyperlinks>", f'<hyperlink ref="M9" location="A1" tooltip="{mobile}"/></hyperlinks>'
    ),
}.items():
    warned("103", f"a mobile number in {said}", change, secret=mobile)
mobile = _mobile()
private("103", "a mobile number digit by digit", " ".join(mobile), " ".join(mobile))
mobile = _mobile()
lines = f"{mobile[:3]}\n{mobile[3:7]}\n{mobile[7:]}"
private("103", "a mobile number in three lines", lines, lines)
mobile = _mobile().translate({48 + k: numeral for k, numeral in enumerate("〇一二三四五六七八九")})
private("103", "a mobile number spelt out", f"联系张三{mobile}", mobile)
asked("106", "a mobile number spelt out for a number", typed(words(mobile[:-1] + "七")), LETTERS, codes=("personal",),
      secret=mobile[:-1] + "七")  # fmt: skip
number18 = _id18().translate({48 + k: numeral for k, numeral in enumerate("零一二三四五六七八九")})
private("101", "an identity number spelt out", f"证件{number18}", number18)
mobile = _mobile()
bracketed = f"({mobile[:3]}){mobile[3:]}"
private("103", "a mobile number with its first group in brackets", f"电话{bracketed}", bracketed)


def commented(g: Genuine) -> Parts:
    xml = (
        f'<comments xmlns="{MAIN}"><authors><author>慕容批注</author></authors><commentList>'
        '<comment ref="D9" authorId="0"><text><t>西门某某来电说的</t></text></comment></commentList></comments>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
    parts = attached("xl/comments1.xml", xml.encode(), kind, "comments")(g)
    assert isinstance(parts, dict)
    return parts


def revised(g: Genuine) -> Parts:
    xml = f'<headers xmlns="{MAIN}" guid="{{0}}"><header guid="{{1}}" userName="司马修订"/></headers>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.revisionHeaders+xml"
    parts = book_part("xl/revisions/revisionHeaders.xml", xml.encode(), kind, "revisionHeaders")(g)
    assert isinstance(parts, dict)
    return parts


def authored(g: Genuine) -> Parts:
    return g.sub("docProps/core.xml", "</cp:coreProperties>",
                 "<cp:lastModifiedBy>诸葛保存</cp:lastModifiedBy></cp:coreProperties>")  # fmt: skip


warned("105", "a comment", commented, secret="西门某某")
accepted("105", "who saved it last: every office program writes that", authored, secret="诸葛保存")
warned("105", "tracked changes", revised, secret="司马修订")
asked("106", "a person's name for a number", lambda g: g.answer(LETTERS, words("上官某某")), LETTERS, secret="上官某某")
mobile = _mobile()
asked("106", "a mobile number for a number", typed(number(mobile)), LETTERS, secret=mobile)
refused("106", "a cell that breaks the reader, quoted by no message",
        lambda g: g.put({g.remark("推诿次数"): Xml(' t="s"', "<v>夏侯某某</v>")}), secret="夏侯某某")  # fmt: skip
