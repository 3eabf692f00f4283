"""A folder → what each file in it is and, of a return, what stands in it; nothing of a scheme is known here.

Children do the reading: what this room imports, each of them loads first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ..findings import Finding, finding
from ..model import Fate, Source
from ..privacy import masked, personal
from ..text import os_reason
from ..workbook.anchors import KINDS, REPLACES, RETURN, REVIEWED, TYPE
from ..workbook.open import Sheets, read_any
from ..workbook.read import Package, ReadError, read_package
from ..workers import Workers
from .containers import ContainerError, Member, mail_members, zip_members
from .files import CONTAINERS, EMPTY, Entry, Verdict, broken, judge, look, name_fault, unreadable, walk
from .form import Form, form_of
from .oddities import form_oddities, has_macro, package_oddities, text_oddities

SECONDS = 10
"""How long one file may take."""


@dataclass(slots=True)
class Arrived:
    """One file found and where it ended; ``form`` where it is a return that can be read; ``replaces``: the hash of the
    return whose mended copy it is, and of those before it; ``hint``: the unit whose a file without one seems to be, for
    people, never an identity. ``name`` is how it is shown; a member of a container has its container's ``path``, and in
    ``member`` its own name there."""

    name: str
    path: Path
    member: str = ""
    sha256: str = ""
    fate: Fate | None = None
    unit: str = ""
    why: str = ""
    code: str = ""
    other: str = ""
    form: Form | None = None
    replaces: str = ""
    hint: str = ""
    said: list[Finding] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The name without folders and container, as it is shown."""
        return masked(self.member).rpartition("/")[2] or self.name.rpartition("/")[2]

    def end(self, fate: Fate, said: Finding) -> Finding:
        self.fate, self.why, self.code = fate, said.message, said.code
        return said


@dataclass(frozen=True, slots=True)
class Reading:
    """The files below some folders, and what stands in each, as the workers come to it."""

    entries: Sequence[Entry]
    found: Iterator[list[Arrived]]


def begin(folders: Sequence[Path], workers: Workers) -> Reading:
    """Lets the workers look at every file below the folders, while this process does something else."""
    entries = list(walk(list(folders)))
    return Reading(entries, workers.map(open_file, entries, lost=_lost, enough=1, seconds=SECONDS))


def arrive(
    reading: Reading, own: Iterable[Path], tick: Callable[[int, int], None] = lambda *_: None
) -> tuple[list[Arrived], list[Finding]]:
    """Every file and what the containers among them hold. ``own``: files the office itself put there (roster, review).
    What is said of a return whose unit is not known yet waits in its ``said``; of two with the same bytes, either may
    be the one that counts."""
    skip, entries = {path.resolve() for path in own}, reading.entries
    arrived, findings, taken = [], [], dict[str, int]()
    for k, (entry, found) in enumerate(zip(entries, reading.found, strict=True), 1):
        mine = entry.path.resolve() in skip
        for each in found if not mine else found[:1]:
            _set_apart(each, taken)
            if mine:
                used = finding("file-own", Source(each.name), what="所用的名册、方案或复查表")
                each.said, each.form = [each.end(Fate.IGNORED, used)], None
            if each.fate is not None:
                findings += each.said
                each.said = []
            arrived.append(each)
        tick(k, len(entries))
    return arrived, [*findings, *_folders(entries)]


def _folders(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Personal numbers in the names of folders, said once for each."""
    for folder in dict.fromkeys(folder for each in entries for folder in each.path.parents[: each.name.count("/")]):
        if kinds := personal(folder.name):
            yield finding("personal", Source(folder.name), kinds="、".join(sorted(kinds)), cells="文件夹名")


def _set_apart(each: Arrived, taken: dict[str, int]) -> None:
    """No two files are shown under one name: what is not shown of it may be all that told them apart."""
    suffix, name = PurePosixPath(each.name).suffix, each.name
    while each.name in taken:
        taken[name] += 1
        each.name = f"{name.removesuffix(suffix)}（{taken[name]}）{suffix}"
    taken[each.name] = 1
    if each.name != name:
        each.said = [replace(one, source=one.source._replace(file=each.name)) for one in each.said]


def open_file(entry: Entry) -> list[Arrived]:
    """One file on its own, or a container and each of its members: whatever is wrong with one stays with it."""
    each = Arrived(entry.name, entry.path)
    try:
        verdict = look(entry)
        if verdict.kind in CONTAINERS:
            return list(_unpacked(each, verdict))
        _open(each, verdict)
        return [each]
    except OSError as error:
        return _refused(entry, finding("file-unreadable", Source(entry.name), why=os_reason(error)))
    except MemoryError:
        return _lost(entry)
    except Exception:  # a container may be broken in as many ways as a workbook
        return _refused(entry, finding("file-broken", Source(entry.name)))


def content(each: Arrived) -> bytes:
    """The bytes of a file that arrived, once more. Raises OSError and ContainerError where they are gone."""
    data = each.path.read_bytes()
    if not each.member:
        return data
    members = zip_members(data) if data.startswith(b"PK") else mail_members(data)[1]
    return next((member.data for member in members if member.name == each.member), b"")


def _refuse(each: Arrived, said: Finding) -> None:
    each.end(Fate.REFUSED, said)
    each.said.append(said)


def _open(each: Arrived, verdict: Verdict) -> None:
    """Fate, form and what is said of one file."""
    each.sha256 = verdict.sha256
    if verdict.finding is not None and verdict.fate is not None:
        each.end(verdict.fate, verdict.finding)
        each.said.append(verdict.finding)
        return
    try:
        _read(each, verdict)
    except MemoryError:
        raise
    except ReadError as error:
        _refuse(each, unreadable(str(error), Source(each.name)))
    except Exception:  # any of the many exceptions of a broken file is an ordinary refusal
        _refuse(each, finding("file-broken", Source(each.name)))


def _read(each: Arrived, verdict: Verdict) -> None:
    source, package = Source(each.name), read_package(verdict.data) if verdict.kind == "xlsx" else None
    sheets: Sheets = package.sheets if package else read_any(verdict.data)
    form = form_of(sheets)
    kind = form.stamp.get(TYPE, "")
    if kind not in KINDS:
        _refuse(each, finding("stamp-missing", source))
        return
    if kind != RETURN:
        own = finding("file-own", source, what=f"本工具生成的{kind}")
        if kind == REVIEWED:
            own = finding("file-review", source)
        each.end(Fate.IGNORED, own)
        each.said.append(own)
        return
    each.form, each.replaces = form, form.stamp.get(REPLACES, "")
    each.said += _named(each, verdict.kind, package)
    each.said += package_oddities(source, package, bool(each.replaces)) if package else ()
    each.said += form_oddities(source, sheets, form)
    folder = ("压缩包或邮件里的文件夹名", each.member.rpartition("/")[0])
    each.said += text_oddities(source, sheets, form, (*(package.said if package else ()), folder))


_SUFFIXES = {"xlsx": (".xlsx",), "xls": (".xls", ".et"), "ods": (".ods",)}
_WORDS = {"xlsx": " .xlsx 工作簿", "xls": "旧版 .xls（或 .et）", "ods": " .ods 表格"}


def _named(each: Arrived, kind: str, package: Package | None) -> Iterator[Finding]:
    """What a name or a format is that is not as it was sent out."""
    source, base = Source(each.name), PurePosixPath(each.member or each.path.name).name
    suffix = f".{base.rpartition('.')[2].lower()}" if "." in base else ""
    if suffix == ".xlsm" and kind == "xlsx":
        macro = package is not None and has_macro(package)
        yield finding("file-saved", source, what=f" .xlsm 工作簿（里面{'有' if macro else '没有'}宏）")
    elif suffix not in _SUFFIXES[kind]:
        named = f"扩展名是 {suffix}" if suffix else "没有扩展名"
        yield finding("file-named", source, named=named, what=_WORDS[kind])
    elif kind != "xlsx":
        yield finding("file-saved", source, what=_WORDS[kind])
    if package is not None and package.strict:
        yield finding("file-saved", source, what="严格（Strict）的 .xlsx 工作簿")
    if why := name_fault(base):
        yield finding("file-name", source, why=why)


def _unpacked(each: Arrived, verdict: Verdict) -> Iterator[Arrived]:
    """A container, then its members; their names stand behind the container's."""
    source, each.sha256, what = Source(each.name), verdict.sha256, "压缩包"
    try:
        if verdict.kind == "zip":
            members = zip_members(verdict.data)
        else:
            sender, members = mail_members(verdict.data)
            what = f"邮件（发件人 {sender}）" if sender else "邮件"
    except ContainerError as error:
        kind = str(error)
        _refuse(each, finding("file-password", source) if kind == "encrypted" else broken(kind, what, source))
        yield each
        return
    members = [member for member in members if not member.name.endswith("/")]
    code, mend = "file-container" if members else "container-empty", EMPTY[verdict.kind]
    each.said.append(each.end(Fate.IGNORED, finding(code, source, what=what, count=len(members), mend=mend)))
    yield each
    for member in members:
        yield _member(each, member)


def _member(container: Arrived, member: Member) -> Arrived:
    each = Arrived(f"{container.name}!{masked(member.name)}", container.path, member.name)
    if member.problem:
        _refuse(each, unreadable(member.problem, Source(each.name)))
    else:
        verdict = judge(member.data, member.name, Source(each.name))
        if verdict.kind in CONTAINERS:
            verdict = Verdict(Fate.REFUSED, verdict.sha256, finding=unreadable("nested", Source(each.name)))
        _open(each, verdict)
    return each


def _lost(entry: Entry) -> list[Arrived]:
    """A file that killed the process that read it, or took too long."""
    return _refused(entry, finding("file-slow", Source(entry.name), seconds=SECONDS))


def _refused(entry: Entry, said: Finding) -> list[Arrived]:
    each = Arrived(entry.name, entry.path)
    _refuse(each, said)
    return [each]
