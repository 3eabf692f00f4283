"""Every entry of a folder ends somewhere: what is there, what it really is, and its bytes."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..findings import Finding, finding
from ..model import Fate, Source
from ..privacy import masked, personal
from ..workbook.anchors import CORNER, COVER_UNIT
from ..workbook.open import OLE
from ..workbook.package import LIMITS, Package, PackageError
from .containers import is_mail

SIZE_LIMIT = 20 * 2**20
_SYSTEM = {".ds_store", "thumbs.db", "desktop.ini"}
_EVIDENCE = {
    ".pdf",
    ".jpg",
    ".jpeg",
    ".png",
    ".bmp",
    ".tif",
    ".tiff",
    ".doc",
    ".docx",
    ".wps",
    ".ppt",
    ".pptx",
    ".ofd",
    ".gif",
    ".webp",
    ".heic",
}
_OPAQUE = {".ofd", ".webp", ".heic"}
_TEXTS = {".txt", ".md", ".json", ".toml", ".csv", ".log", ".html", ".htm"}
_SHEETS = {".xlsx", ".xlsm", ".xls", ".et", ".ods"}
WORKBOOKS, CONTAINERS = ("xlsx", "xls", "ods"), ("zip", "mail")
"""The kinds of files that may hold a return."""
_RESAVE = "请对方用 WPS 或 Excel 打开、另存为 .xlsx 后重发"
_AGAIN = "请对方发来填好的 .xlsx，不要另存成文本或网页；没有了的，用发放的模板重新填报"
_UNPACK = "请解压后把填报表放进文件夹"
NAME_LIMIT = 70


@dataclass(frozen=True, slots=True)
class Entry:
    """One file found: ``name`` is its POSIX path relative to the folder (prefixed by it if several), as it is shown."""

    name: str
    path: Path


@dataclass(slots=True)
class Verdict:
    """Where a file ended before its content was looked at; ``fate`` None: it may be a return, or hold some, ``kind``
    says in which format."""

    fate: Fate | None
    sha256: str = ""
    data: bytes = b""
    kind: str = ""
    finding: Finding | None = None


def walk(folders: list[Path]) -> Iterator[Entry]:
    """Every directory entry below the folders but plain sub-folders, in a fixed order."""
    folders = _apart(folders)
    for folder in folders:
        prefix = _prefix(folder, folders)
        closed: list[OSError] = []
        for base, names, files in os.walk(folder, onerror=closed.append):
            names.sort()
            odd = [name for name in names if _odd(Path(base) / name)]
            for name in sorted(files + odd):
                path = Path(base) / name
                yield Entry(_shown(prefix + path.relative_to(folder).as_posix()), path)
        for name in sorted(str(error.filename) for error in closed):
            yield Entry(_shown(prefix + Path(name).relative_to(folder).as_posix()), Path(name))


def _apart(folders: list[Path]) -> list[Path]:
    """Without those that are named twice, or lie in another."""
    known = dict[Path, Path]()
    for folder in folders:
        known.setdefault(folder.resolve(), folder)
    return [folder for place, folder in known.items() if not known.keys() & {*place.parents}]


def _prefix(folder: Path, folders: list[Path]) -> str:
    """Nothing for one folder; its name for several, or its whole path where two have one name."""
    if len(folders) == 1:
        return ""
    alike = [each for each in folders if each.resolve().name == folder.resolve().name]
    return f"{folder.resolve().name}/" if len(alike) == 1 else f"{folder.as_posix()}/"


def _odd(path: Path) -> bool:
    """A link to a folder, or a folder that is named like a workbook: listed, so that nobody misses it."""
    return path.is_symlink() or path.suffix.lower() in _SHEETS


def _shown(name: str) -> str:
    """A file name that can be written down: bytes that are no UTF-8 (an archive made elsewhere) as GBK, and nobody's
    number."""
    return masked(os.fsencode(name).decode("gb18030", "replace") if not name.isprintable() and _raw(name) else name)


def _raw(name: str) -> bool:
    return any("\ud800" <= each <= "\udfff" for each in name)


def look(entry: Entry) -> Verdict:
    """What a file is by its bytes; a workbook or a container comes back with its data and no fate yet."""
    source, suffix = Source(entry.name), entry.path.suffix.lower()
    facts = entry.path.lstat()
    if stat.S_ISDIR(facts.st_mode) and not os.access(entry.path, os.R_OK | os.X_OK):
        return Verdict(Fate.IGNORED, finding=finding("folder-closed", source))
    if stat.S_ISDIR(facts.st_mode):
        return Verdict(Fate.IGNORED, finding=finding("file-folder", source))
    if not stat.S_ISREG(facts.st_mode):
        return Verdict(Fate.IGNORED, finding=finding("file-link", source))
    if facts.st_size > SIZE_LIMIT and (said := _by_name(entry.path.name, source)):
        return Verdict(Fate.IGNORED, finding=said)
    if facts.st_size > SIZE_LIMIT and suffix not in _EVIDENCE:
        size = f"{facts.st_size / 2**20:.0f}"
        return Verdict(Fate.REFUSED, finding=finding("file-large", source, size=size, limit=SIZE_LIMIT // 2**20))
    return judge(entry.path.read_bytes(), entry.path.name, source)


def _by_name(name: str, source: Source) -> Finding | None:
    """What nobody sent, told by its name."""
    if name.startswith("~$"):
        return finding("file-lock", source)
    if name.lower() in _SYSTEM or name.startswith("._") or (name.startswith(".") and name.endswith((".tmp", "#"))):
        return finding("file-system", source)
    return None


def judge(data: bytes, name: str, source: Source) -> Verdict:
    """What a file's bytes are, whatever its name says: of a folder, or of a container in it."""
    path = PurePosixPath(name)
    verdict = _by_content(data, path.suffix.lower(), source)
    # a workbook is one under whatever name
    if verdict.fate is not None and (said := _by_name(path.name, source)):
        verdict = Verdict(Fate.IGNORED, finding=said)
    verdict.sha256 = hashlib.sha256(data).hexdigest()
    return verdict


def _by_content(data: bytes, suffix: str, source: Source) -> Verdict:
    kind = _kind(data, suffix)
    if kind in WORKBOOKS:
        return Verdict(None, data=data, kind=kind)
    if kind == "mail" and suffix not in _SHEETS:
        return Verdict(None, data=data, kind=kind)
    if suffix in _EVIDENCE and (kind in _EVIDENCE_KINDS or suffix in _OPAQUE or data.startswith(OLE)):
        return Verdict(Fate.IGNORED, finding=finding("file-evidence", source))
    if kind in CONTAINERS and suffix not in _SHEETS:
        return Verdict(None, data=data, kind=kind)
    if not data:
        return Verdict(Fate.REFUSED, finding=finding("file-empty", source))
    if suffix in _TEXTS and kind in ("text", "page"):
        return Verdict(Fate.IGNORED, finding=_text(data, source))
    if suffix == ".zip" and data.startswith(b"PK"):
        return Verdict(Fate.REFUSED, finding=broken(kind, "压缩包", source))
    return Verdict(Fate.REFUSED, finding=unreadable(kind, source))


def _text(data: bytes, source: Source) -> Finding:
    """A text, or a form that was saved as one: its ids are still there, or what stands above its columns."""
    for marks in ((CORNER,), (COVER_UNIT,), _HEADS):
        if any(all(each.encode(code) in data for each in marks) for code in ("utf-8", "gb18030")):
            return finding("file-text", source)
    return finding("file-own", source, what="文本文件")


def broken(kind: str, what: str, source: Source) -> Finding:
    """Why nothing in a container is read, from the kind that its reader gave it."""
    return finding("container-broken", source, what=what, why=_CLOSED.get(kind, "打不开或不合规范"))


def unreadable(kind: str, source: Source) -> Finding:
    """Why a file is not read, from the kind that a reader or a look at its bytes gave it."""
    if kind in _SAY:
        what, mend = _SAY[kind]
        return finding("file-format", source, what=what, mend=mend)
    if kind in ("encrypted", "locked"):
        return finding("file-password", source)
    return finding("file-unsafe", source, why=_UNSAFE[kind]) if kind in _UNSAFE else finding("file-broken", source)


_HEADS = ("指标 / 填报项", "材料目录")
_CLOSED = {
    "too-many": f"里的文件太多（超过 {LIMITS.members} 个）",
    "too-large": f"里的内容太大（展开后超过 {LIMITS.total // 2**20} MB）",
}
_EVIDENCE_KINDS = ("word", "ppt", "pdf", "picture", "ole", "zip", "encrypted", "other-ole")
EMPTY = {
    "mail": "只有网盘链接或超大附件的，请先下载，把填报表放进文件夹；没有的请对方重发",
    "zip": "请对方把填好的 .xlsx 放进压缩包重发，或者不压缩、直接发来",
}
"""What to do about a container in which there is nothing."""
_SAY = {
    "zip": ("压缩包", _UNPACK),
    "rar": ("RAR 或 7z 压缩包", _UNPACK),
    "tar": ("tar、gz 等格式的压缩包", _UNPACK),
    "tnef": ("Outlook 的附件包（winmail.dat）", "请对方把填报表直接作为附件重发，邮件格式选纯文本或 HTML，不选 RTF"),
    "unpacker": ("自解压的程序", "不要运行；请对方发来填好的 .xlsx，不要打成自解压的程序"),
    "program": ("程序", "不要运行；请对方发来填好的 .xlsx"),
    "nested": ("压缩包里的压缩包或邮件", _UNPACK),
    "mail": ("邮件", "请把附件里的填报表另存到文件夹"),
    "mbox": ("整个邮箱（.mbox）", "请在邮件程序里打开那封邮件，把附件里的填报表另存到文件夹"),
    "other-ole": ("别的程序的文件", _RESAVE),
    "old": ("Excel 95 以前的表格", _RESAVE),
    "xlsb": (".xlsb 工作簿", _RESAVE),
    "xml": ("XML 表格", _RESAVE),
    "page": ("网页", _AGAIN),
    "word": ("Word 文档", "请用发放的 .xlsx 模板填报"),
    "ppt": ("演示文稿", "请用发放的 .xlsx 模板填报"),
    "pdf": ("PDF", "请对方发来填好的 .xlsx，不要转成 PDF"),
    "picture": ("图片", "请对方发来填好的 .xlsx，不要拍照或截图"),
    "text": ("文本", _AGAIN),
    "other": ("别的格式", _RESAVE),
}
_UNSAFE = {
    "junk": "前后有多余的数据",
    "too-many": "里有太多部件",
    "too-large": "里有展开后太大的内容",
    "large": "里有太多单元格或展开后太大的内容",
    "cells": "里有太多单元格",
    "area": "里有跨越整张表的合并、链接或数组公式",
    "deep": "里有嵌套太深的内容",
    "sheets": "里有太多工作表",
    "sheetless": "里一张工作表也没有",
    "styles": "里有太多单元格格式",
    "duplicate": "里有重名的部件",
    "traversal": "里有指向别处的部件名",
    "overlap": "里有互相重叠的部件",
    "link": "里有指向别处的链接",
    "method": "用了不常用的压缩方法",
    "split": "是分卷压缩的",
    "zip64": "用了超大压缩包的格式",
    "doctype": "里有外部实体声明（DTD）",
    "twice": "里有写了两次的单元格、内容或工作表",
    "foreign": "里有不是单元格而像单元格的标记，各种程序读出来会不一样",
    "dde": "里有与别的程序联动的链接（DDE）",
}


_TARS = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
_PACKED = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"PK\5\6")


def _kind(data: bytes, suffix: str) -> str:
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(OLE):
        return _ole_kind(data)
    if data.startswith((b"Rar!", b"7z\xbc\xaf")):
        return "rar"
    if data.startswith(_TARS) or data[257:262] == b"ustar":
        return "tar"
    if data.startswith(b"\x78\x9f\x3e\x22"):
        return "tnef"
    if data.startswith(b"MZ") and b"\0" in data[:64]:
        return "unpacker" if any(mark in data for mark in _PACKED) else "program"
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")):
        return "picture"
    if is_mail(data, suffix):
        return "mail"
    if data.startswith(b"From ") and is_mail(data[: 2**16].partition(b"\n")[2], ".eml"):
        return "mbox"
    if b"PK\5\6" in data[-70_000:] and b"[Content_Types].xml" in data:
        return "junk"
    return "other" if b"\0" in data[:4096] else _text_kind(data[:4096].lower())


def _text_kind(start: bytes) -> str:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start or b"office:document " in start:
        return "xml"
    return "page" if b"<html" in start or b"multipart/related" in start else "text"


def _zip_kind(data: bytes) -> str:
    try:
        package = Package(data)
    except PackageError as error:
        return "broken" if error.kind == "damaged" else error.kind
    names = set(package.names)
    if "xl/workbook.xml" in names or _says_workbook(package):
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("word/") for name in names):
        return "word"
    if any(name.startswith("ppt/") for name in names):
        return "ppt"
    return "ods" if "content.xml" in names and "mimetype" in names else "zip"


def _says_workbook(package: Package) -> bool:
    """Whether the main part is a workbook, whatever its name."""
    try:
        types = package.read("[Content_Types].xml")
    except PackageError:
        return False
    return bool(re.search(rb"(?:spreadsheetml|ms-excel)\.(?:sheet|template)(?:\.macroEnabled)?\.main\+xml", types))


def _ole_kind(data: bytes) -> str:
    from ..workbook.legacy import kind_of_ole

    kind = kind_of_ole(data)
    return {"other": "other-ole", "damaged": "broken", "mail": "other-ole"}.get(kind, kind)


def name_fault(base: str) -> str:
    """What about a file's own name is written otherwise in the results."""
    if kinds := personal(base):
        return f"里有像{'、'.join(sorted(kinds))}的内容"
    if base.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")):
        return "以 = + - @ 等符号开头"
    if re.search("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]", base):
        return "里有看不见的控制字符"
    return "太长" if len(base) >= NAME_LIMIT else ""
