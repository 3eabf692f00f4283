"""A folder → what each file in it is and, of a return, what stands in it; nothing of a scheme is known here.

Children do the reading: what this room imports, each of them loads first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..findings import Finding, finding
from ..model import Fate, Source
from ..text import os_reason
from ..workbook.anchors import KINDS, REPLACES, RETURN, TYPE
from ..workbook.open import Sheets, read_any
from ..workbook.read import ReadError, read_package
from ..workers import Workers
from .containers import ContainerError, Member, mail_members, zip_members
from .files import CONTAINERS, Entry, Verdict, judge, look, name_fault, unreadable, walk
from .form import Form, form_of
from .oddities import form_oddities, package_oddities, text_oddities

SECONDS = 10
"""How long one file may take."""


@dataclass(slots=True)
class Arrived:
    """One file found and where it ended; ``form`` where it is a return that can be read; ``replaces``: the hash of the
    return whose mended copy it is, and of those before it. A member of a container has its container's ``path``."""

    name: str
    path: Path
    sha256: str = ""
    fate: Fate | None = None
    unit: str = ""
    why: str = ""
    code: str = ""
    form: Form | None = None
    replaces: str = ""
    said: list[Finding] = field(default_factory=list)

    def end(self, fate: Fate, said: Finding) -> Finding:
        self.fate, self.why, self.code = fate, said.message, said.code
        return said


def arrive(
    folders: Sequence[Path],
    own: Iterable[Path],
    workers: Workers,
    tick: Callable[[int, int], None] = lambda *_: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[list[Arrived], list[Finding]]:
    """Looks at every file below the folders, and at what the containers among them hold. ``own``: files the office
    itself put there (roster, review); ``meanwhile`` is called once while the workers read. What is said of a return
    whose unit is not known yet waits in its ``said``."""
    skip = {path.resolve() for path in own}
    entries = list(walk(list(folders)))
    opening = workers.map(open_file, entries, lost=_lost, enough=1, seconds=SECONDS)
    meanwhile()
    arrived, findings, seen = [], [], dict[str, str]()
    for k, (entry, found) in enumerate(zip(entries, opening, strict=True), 1):
        mine = entry.path.resolve() in skip
        for each in found if not mine else found[:1]:
            said = None
            if mine:
                said = each.end(Fate.IGNORED, finding("file-own", Source(entry.name), what="所用的名册、方案或复查表"))
                each.said, each.form = [], None
            elif each.sha256 and each.fate is None and each.sha256 in seen:
                said = each.end(Fate.IGNORED, finding("file-same", Source(each.name), other=seen[each.sha256]))
                each.said, each.form = [], None
            elif each.fate is None:
                seen[each.sha256] = each.name
            findings += [said] if said is not None else []
            if each.fate is not None:
                findings += each.said
                each.said = []
            arrived.append(each)
        tick(k, len(entries))
    return arrived, findings


def open_file(entry: Entry) -> list[Arrived]:
    """One file on its own, or a container and each of its members: whatever is wrong with one stays with it."""
    each = Arrived(entry.name, entry.path)
    try:
        verdict = look(entry)
        if verdict.kind in CONTAINERS:
            return list(_unpacked(each, verdict))
        _open(each, verdict)
    except OSError as error:
        _refuse(each, finding("file-unreadable", Source(entry.name), why=os_reason(error)))
    except MemoryError:
        _refuse(each, finding("file-slow", Source(entry.name), seconds=SECONDS))
    return [each]


def content(each: Arrived) -> bytes:
    """The bytes of a file that arrived, once more. Raises OSError and ContainerError where they are gone."""
    outer, _, inner = each.name.partition("!")
    data = each.path.read_bytes()
    if not inner or each.path.name == each.name.rpartition("/")[2]:
        return data
    members = zip_members(data) if data.startswith(b"PK") else mail_members(data)[1]
    return next((member.data for member in members if f"{outer}!{member.name}" == each.name), b"")


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
        each.end(Fate.IGNORED, own)
        each.said.append(own)
        return
    each.form, each.replaces = form, form.stamp.get(REPLACES, "")
    each.said += _named(each, verdict.kind)
    each.said += package_oddities(source, package, bool(each.replaces)) if package else ()
    each.said += form_oddities(source, sheets, form)
    each.said += text_oddities(source, sheets, form)


_SUFFIXES = {"xlsx": (".xlsx",), "xls": (".xls", ".et"), "ods": (".ods",)}
_WORDS = {"xlsx": " .xlsx 工作簿", "xls": "旧版 .xls（或 .et）", "ods": " .ods 表格"}


def _named(each: Arrived, kind: str) -> Iterator[Finding]:
    """What a name or a format is that is not as it was sent out."""
    source, base = Source(each.name), each.name.rpartition("/")[2].rpartition("!")[2]
    suffix = f".{base.rpartition('.')[2].lower()}" if "." in base else ""
    if suffix not in _SUFFIXES[kind]:
        yield finding("file-named", source, suffix=suffix or "（没有）", what=_WORDS[kind].strip())
    elif kind != "xlsx":
        yield finding("file-saved", source, what=_WORDS[kind])
    if why := name_fault(each.name):
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
        said = (
            finding("file-password", source) if kind == "encrypted" else finding("container-broken", source, what=what)
        )
        _refuse(each, said)
        yield each
        return
    members = [member for member in members if not member.name.endswith("/")]
    each.said.append(each.end(Fate.IGNORED, finding("file-container", source, what=what, count=len(members))))
    yield each
    for member in members:
        yield _member(each, member)


def _member(container: Arrived, member: Member) -> Arrived:
    each = Arrived(f"{container.name}!{member.name}", container.path)
    if member.problem:
        _refuse(each, unreadable(member.problem, Source(each.name)))
    else:
        verdict = judge(member.data, Source(each.name))
        if verdict.kind in CONTAINERS:
            verdict = Verdict(Fate.REFUSED, verdict.sha256, finding=unreadable("nested", Source(each.name)))
        _open(each, verdict)
    return each


def _lost(entry: Entry) -> list[Arrived]:
    """A file that killed the process that read it, or took too long."""
    each = Arrived(entry.name, entry.path)
    _refuse(each, finding("file-slow", Source(entry.name), seconds=SECONDS))
    return [each]
