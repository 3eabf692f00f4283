"""Every entry of a folder ends somewhere: what is there, what it really is, and its bytes."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from ..findings import Finding, finding
from ..model import Fate, Source

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
_RESAVE = "请对方用 WPS 或 Excel 打开、另存为 .xlsx 后重发"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file found: ``name`` is its POSIX path relative to the folder (prefixed by it if several)."""

    name: str
    path: Path


@dataclass(slots=True)
class Verdict:
    """Where a file ended before its content was looked at; ``fate`` None: it may be a return."""

    fate: Fate | None
    sha256: str = ""
    data: bytes = b""
    finding: Finding | None = None


def walk(folders: list[Path]) -> Iterator[Entry]:
    """Every directory entry below the folders but plain sub-folders, in a fixed order."""
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
    """A file name that can be written down: bytes that are no UTF-8 (an archive made elsewhere) as GBK."""
    return os.fsencode(name).decode("gb18030", "replace") if not name.isprintable() and _raw(name) else name


def _raw(name: str) -> bool:
    return any("\ud800" <= each <= "\udfff" for each in name)


def look(entry: Entry) -> Verdict:
    """What a file is by its bytes; a workbook comes back with its data and no fate yet."""
    source, name, suffix = Source(entry.name), entry.path.name, entry.path.suffix.lower()
    facts = entry.path.lstat()
    if stat.S_ISDIR(facts.st_mode) and not os.access(entry.path, os.R_OK | os.X_OK):
        return Verdict(Fate.IGNORED, finding=finding("folder-closed", source))
    if not stat.S_ISREG(facts.st_mode):
        return Verdict(Fate.IGNORED, finding=finding("file-link", source))
    if name.startswith("~$"):
        return Verdict(Fate.IGNORED, finding=finding("file-lock", source))
    if name.lower() in _SYSTEM or name.startswith("._") or (name.startswith(".") and name.endswith((".tmp", "#"))):
        return Verdict(Fate.IGNORED, finding=finding("file-system", source))
    if facts.st_size > SIZE_LIMIT and suffix not in _EVIDENCE:
        size = f"{facts.st_size / 2**20:.0f}"
        return Verdict(Fate.REFUSED, finding=finding("file-large", source, size=size, limit=SIZE_LIMIT // 2**20))
    data = entry.path.read_bytes()
    verdict = _by_content(data, suffix, source)
    verdict.sha256 = hashlib.sha256(data).hexdigest()
    return verdict


def _by_content(data: bytes, suffix: str, source: Source) -> Verdict:
    kind = _kind(data)
    if kind == "xlsx":
        return Verdict(None, data=data)
    if suffix in _EVIDENCE and (
        kind in ("word", "pdf", "picture", "ole", "zip") or suffix in (".ofd", ".webp", ".heic")
    ):
        return Verdict(Fate.IGNORED, finding=finding("file-evidence", source))
    if not data:
        return Verdict(Fate.REFUSED, finding=finding("file-empty", source))
    if suffix in _TEXTS and kind == "text":
        return Verdict(Fate.IGNORED, finding=finding("file-own", source, what="文本文件"))
    if kind == "broken":
        return Verdict(Fate.REFUSED, finding=finding("file-broken", source))
    what, mend = _SAY[kind]
    return Verdict(Fate.REFUSED, finding=finding("file-format", source, what=what, mend=mend))


_SAY = {
    "zip": ("压缩包", "请解压后把填报表放进文件夹"),
    "rar": ("RAR 压缩包", "请解压后把填报表放进文件夹"),
    "ole": ("旧版 .xls 或加了打开密码的文件", "请对方去掉密码、另存为 .xlsx 后重发"),
    "ods": ("ODS 表格", _RESAVE),
    "word": ("Word 文档", "请用发放的 .xlsx 模板填报"),
    "pdf": ("PDF", "请对方发来填好的 .xlsx，不要转成 PDF"),
    "picture": ("图片", "请对方发来填好的 .xlsx，不要拍照或截图"),
    "text": ("文本或网页", _RESAVE),
    "other": ("别的格式", _RESAVE),
}


def _kind(data: bytes) -> str:
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if data.startswith((b"Rar!", b"7z\xbc\xaf")):
        return "rar"
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")):
        return "picture"
    return "text" if b"\0" not in data[:4096] else "other"


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "broken"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        return "word"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    return "zip"
