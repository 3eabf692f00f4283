"""What is inside an archive or a saved mail: names and bytes, in memory, one level deep; nothing reaches the disk."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ..findings import quoted
from ..text import clean
from ..workbook.package import LIMITS, Limits, Package, PackageError, guessed_encoding

if TYPE_CHECKING:
    from email.message import Message

_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
# what tells a document (workbook, text, e-invoice), which is a zip too, from an archive
_DOCUMENT = {"[content_types].xml", "mimetype", "ofd.xml"}


class ContainerError(Exception):
    """A container that as a whole is of no use; ``args[0]`` is one word that says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """One thing in a container: ``name`` with slashes (a folder's ends in one), and its bytes, or why there are none:
    nested, encrypted, too-large, damaged, method, link."""

    name: str
    data: bytes
    problem: str = ""


# --- archives -----------------------------------------------------------------------------------------


def zip_members(data: bytes, limits: Limits = LIMITS) -> list[Member]:
    """All that is listed in an archive: folders and system files too."""
    try:
        package = Package(data, limits)
    except PackageError as error:
        raise ContainerError(error.kind) from None
    files = [name for name in package.names if not name.endswith("/")]
    if files and all(package.problems.get(name) == "encrypted" for name in files):
        raise ContainerError("encrypted")
    return [_read(package, name) for name in package.names]


def _read(package: Package, name: str) -> Member:
    try:
        return _member(name, package.read(name))
    except PackageError as error:
        return Member(name, b"", error.kind)


def _member(name: str, data: bytes) -> Member:
    suffix = PurePosixPath(name).suffix.lower()
    return Member(name, b"", "nested") if is_mail(data, suffix) or _is_archive(data, suffix) else Member(name, data)


def _is_archive(data: bytes, suffix: str) -> bool:
    """By content: a workbook is no archive, whatever it is called, and an archive called a workbook is one."""
    if not data.startswith(b"PK"):
        return data.startswith(_ARCHIVES)
    try:
        return not _DOCUMENT & {name.casefold() for name in Package(data).names}
    except PackageError:
        return suffix == ".zip"


# --- mails --------------------------------------------------------------------------------------------

# bytes of a mail's headers that are looked at, and of one of them; parts within parts
HEADERS, HEADER, DEPTH = 64 * 2**10, 2048, 10
_HEADER_LINE = re.compile(rb"([!-9;-~]+)[ \t]*:")
_BODY = re.compile(rb"\r?\n\r?\n")
_PLACED = {b"received", b"message-id", b"return-path", b"delivered-to", b"x-received"}
_WRITTEN = {b"from", b"to", b"cc", b"subject", b"date", b"sender", b"reply-to", b"mime-version", b"content-type"}
_SPOKEN = {"message/delivery-status", "message/disposition-notification"}


def is_mail(data: bytes, suffix: str) -> bool:
    """Whether it starts as a saved mail does: with header lines, two of them known. Without the suffix .eml, one must
    be of those that mail servers add, or something be attached: a note that begins 发件人 or a saved web page has
    neither."""
    known = set()
    for line in _unmarked(data[:HEADERS]).splitlines():
        named = _HEADER_LINE.match(line)
        if not line or (not named and line[:1] not in b" \t"):
            break
        if named:
            known.add(named[1].lower())
    known &= _PLACED | _WRITTEN
    attached = b"multipart/mixed" in data[:HEADERS].lower()
    return len(known) > 1 and (suffix.lower() == ".eml" or attached or bool(known & _PLACED))


def _unmarked(data: bytes) -> bytes:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


def mail_members(data: bytes, limits: Limits = LIMITS) -> tuple[str, list[Member]]:
    """Who sent a mail, as a clerk knows them, and all that is attached to it, pictures of signatures too."""
    data = _unmarked(data)
    if not _HEADER_LINE.match(data):
        raise ContainerError("damaged")
    members, total = list[Member](), 0
    for each in _attached(data, limits, count(1), set()):
        total += len(each.data)
        if total > limits.total:
            raise ContainerError("too-large")
        members.append(each)
    return _sender(data), members


def _attached(
    data: bytes, limits: Limits, pieces: Iterator[int], taken: set[str], folder: str = ""
) -> Iterator[Member]:
    """The attachments of a mail; a mail attached to it is a folder with its own attachments, once."""
    for head, body in _pieces(data, 0, len(data), 0):
        if next(pieces) > limits.members:
            raise ContainerError("too-many")
        if _is_body(head):
            continue
        name = _distinct(folder + _name(head, len(taken) + 1), taken)
        content = _decoded(head, body)
        if content is None or head.get_content_maintype() == "multipart":
            yield Member(name, b"", "damaged")
        elif len(content) > limits.part:
            yield Member(name, b"", "too-large")
        elif not _is_attached_mail(head, name, content):
            yield _member(name, content)
        elif folder:
            yield Member(name, b"", "nested")
        else:
            yield Member(f"{name}/", b"")
            yield from _attached(_unmarked(content), limits, pieces, taken, f"{name}/")


def _pieces(data: bytes, start: int, end: int, depth: int) -> Iterator[tuple[Message, bytes]]:
    """The innermost parts of a mail; a part that should have parts and has none is given as it is."""
    head, body = _head(data, start, end)
    boundary = _parameter(head, "boundary").rstrip() if head.get_content_maintype() == "multipart" else ""
    whole = True
    for each in _between(data, boundary.encode(), body, end) if boundary and depth < DEPTH else ():
        whole = False
        yield from _pieces(data, *each, depth + 1)
    if whole:
        yield head, data[body:end]


def _between(data: bytes, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """From one boundary line to the next; the last part runs to the end where the closing line was cut off."""
    line = re.compile(rb"--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    since = None
    for found in line.finditer(data, start, end):
        if found.start() > start and data[found.start() - 1] != 0x0A:
            continue
        if since is not None:
            yield since, max(since, found.start() - (2 if data[found.start() - 2] == 0x0D else 1))
        if found[1]:
            return
        since = found.end()
    if since is not None:
        yield since, end


def _head(data: bytes, start: int, end: int) -> tuple[Message, int]:
    """The headers of a mail or a part of one, and where its body starts. Only headers are left to the library: it
    takes bodies line by line, and as deep as they go."""
    if data.startswith((b"\n", b"\r\n"), start, end):
        return _parsed(b""), start
    found = _BODY.search(data, start, end)
    stop, body = found.span() if found else (end, end)
    return _parsed(data[start : min(stop, start + HEADERS)]), body


def _parsed(headers: bytes) -> Message:
    from email.parser import BytesHeaderParser
    from email.policy import Compat32

    class Raw(Compat32):
        """Header values with their bytes as they are, and never so long that taking them apart takes its time."""

        def header_fetch_parse(self, name: str, value: str) -> str:
            return value[:HEADER]

    return BytesHeaderParser(policy=Raw()).parsebytes(headers)


def _is_body(head: Message) -> bool:
    """What is read, not attached: the text, or what a mail server says about it."""
    text = head.get_content_maintype() == "text" or head.get_content_type() in _SPOKEN
    return text and head.get_content_disposition() != "attachment" and not _file_name(head)


def _is_attached_mail(head: Message, name: str, content: bytes) -> bool:
    return head.get_content_type() == "message/rfc822" or is_mail(content, PurePosixPath(name).suffix)


def _decoded(head: Message, body: bytes) -> bytes | None:
    """The bytes that were attached; None where they cannot be had back."""
    encoding = str(head.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding != "base64":
        return body
    try:
        return binascii.a2b_base64(body + b"==")
    except binascii.Error:
        return None


# --- names in mails -----------------------------------------------------------------------------------


def _name(head: Message, k: int) -> str:
    """A part's name without the path that some programs leave in it, or a number."""
    name = clean(_file_name(head)).replace("\\", "/").rpartition("/")[2]
    name = "".join(name.splitlines()).strip()
    if name.strip("."):
        return name
    kind = "eml" if head.get_content_type() == "message/rfc822" else head.get_content_subtype()
    return f"附件{k}.{kind}" if head.get_content_maintype() in ("image", "message") else f"附件{k}"


def _file_name(head: Message) -> str:
    return _parameter(head, "filename", "content-disposition") or _parameter(head, "name")


def _parameter(head: Message, name: str, header: str = "content-type") -> str:
    try:
        value = head.get_param(name, "", header)
    except (TypeError, ValueError):  # pieces numbered by nobody
        return ""
    if isinstance(value, tuple):
        return _text(value[2].encode("latin-1", "surrogateescape"), value[0] or "")
    return _words(value)


def _words(value: str) -> str:
    """A header's text: encoded words, or bytes as they are."""
    from email.errors import HeaderParseError
    from email.header import decode_header

    if not value.isascii():
        value = _text(value.encode("utf-8", "surrogateescape"), "")
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(piece if isinstance(piece, str) else _text(piece, charset or "") for piece, charset in pieces)


def _text(raw: bytes, charset: str) -> str:
    """GB2312 that names itself so often holds more than GB2312; what names itself Latin may be anything."""
    named = charset.lower().removeprefix("x-")
    if named.startswith(("gb", "cp936", "euc-cn")):
        return raw.decode("gb18030", "replace")
    if named.startswith("big5"):
        return raw.decode("big5", "replace")
    return raw.decode("utf-8" if named.startswith("utf") else guessed_encoding([raw]), "replace")


def _sender(data: bytes) -> str:
    """The name the sender goes by, else the address; nobody's number is shown."""
    name, opened, address = _words(str(_head(data, 0, len(data))[0].get("from", ""))).rpartition("<")
    name = " ".join(name.replace('"', "").split())
    return quoted(name or (address.rstrip().removesuffix(">") if opened else address.strip()))


def _distinct(name: str, taken: set[str]) -> str:
    """Two attachments may well have one name: the second is numbered."""
    suffix, own, k = PurePosixPath(name).suffix, name, 2
    while own.casefold() in taken:
        own, k = f"{name.removesuffix(suffix)}_{k}{suffix}", k + 1
    taken.add(own.casefold())
    return own


__all__ = ["LIMITS", "ContainerError", "Limits", "Member", "is_mail", "mail_members", "zip_members"]
