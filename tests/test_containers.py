"""What is inside an archive or a saved mail, and the gate that every zip passes first. Numbers name rows of the list of
defects that intake must survive."""

from __future__ import annotations

import base64
import quopri
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xfkh.intake.containers import HEADER, ContainerError, Limits, Member, is_mail, mail_members, zip_members
from xfkh.workbook.package import LIMITS, Package, PackageError

ROOT = Path(__file__).parents[1]
TEMPLATE = next(iter(sorted((ROOT / "templates").glob("*.xlsx")))).read_bytes()
FORM = "东风街道_考核.xlsx"

# --- archives built by hand, so that each field can lie -----------------------------------------------


@dataclass(frozen=True)
class Part:
    """One member; what is None is as it should be. ``own_*``: in the member's own header, else as in the directory."""

    name: bytes
    content: bytes = b"text"
    method: int = 8
    flags: int = 0
    crc: int | None = None
    size: int | None = None
    packed: int | None = None
    offset: int | None = None
    attributes: int = 0
    own_name: bytes | None = None
    own_method: int | None = None
    own_flags: int | None = None
    own_sizes: tuple[int, int, int] | None = None
    extra: bytes = b""
    tail: bytes = b""

    @property
    def body(self) -> bytes:
        if self.method == 0:
            return self.content
        stream = zlib.compressobj(9, zlib.DEFLATED, -15)
        return stream.compress(self.content) + stream.flush()

    @property
    def sizes(self) -> tuple[int, int, int]:
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        size = len(self.content) if self.size is None else self.size
        return crc, len(self.body) if self.packed is None else self.packed, size

    def local(self) -> bytes:
        name = self.name if self.own_name is None else self.own_name
        method = self.method if self.own_method is None else self.own_method
        sizes = self.sizes if self.own_sizes is None else self.own_sizes
        flags = self.flags if self.own_flags is None else self.own_flags
        head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 33, *sizes, len(name), len(self.extra))
        return head + name + self.extra + self.body + self.tail

    def entry(self, offset: int) -> bytes:
        at = offset if self.offset is None else self.offset
        rest = len(self.name), 0, 0, 0, 0, self.attributes, at
        return (
            struct.pack("<4s6H3L5H2L", b"PK\1\2", 788, 20, self.flags, self.method, 0, 33, *self.sizes, *rest)
            + self.name
        )


def archive(*parts: Part, disk: int = 0, slack: bytes = b"", middle: bytes = b"") -> bytes:
    """``slack`` stands within the directory, behind its last entry; ``middle`` between it and the end record."""
    out, directory = b"", b""
    for part in parts:
        directory += part.entry(len(out))
        out += part.local()
    directory += slack
    n = len(parts)
    end = struct.pack("<4s4H2LH", b"PK\5\6", disk, disk, n, n, len(directory), len(out), 0)
    return out + directory + middle + end


def names(*each: str) -> list[Part]:
    return [Part(name.encode(), flags=0x800) for name in each]


def genuine(parts: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in parts:
            package.writestr(name, content)
    return out.getvalue()


def kind_of(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(PackageError) as caught:
        Package(data, limits)
    with pytest.raises(ContainerError) as also:
        zip_members(data, limits)
    assert also.value.args == (caught.value.kind,)
    return caught.value.kind


def problem_of(part: Part, limits: Limits = LIMITS) -> str:
    """What is said of one bad member, whose neighbours stay as they are."""
    before, after = names("先.txt", "后.txt")
    first, bad, last = zip_members(archive(before, part, after), limits)
    assert (first, last) == (Member("先.txt", b"text"), Member("后.txt", b"text"))
    assert bad.problem == "" or bad.data == b""
    return bad.problem


# --- the gate -----------------------------------------------------------------------------------------


def test_a_genuine_workbook_passes_and_reads_as_the_library_reads_it() -> None:
    package = Package(TEMPLATE)
    with zipfile.ZipFile(BytesIO(TEMPLATE)) as library:
        assert package.names == library.namelist()
        assert package.sizes == {each.filename: each.file_size for each in library.infolist()}
        assert [package.read(name) for name in package.names] == [library.read(name) for name in package.names]
    assert package.problems == {}


def test_the_archives_of_the_tests_are_genuine_unless_they_lie() -> None:
    data = archive(Part(b"a", b"1" * 99), Part(b"b", b"2", method=0))
    with zipfile.ZipFile(BytesIO(data)) as library:
        assert library.testzip() is None
    assert Package(data).read("a") == b"1" * 99


def test_a_package_written_into_a_pipe_is_read() -> None:
    class Pipe(BytesIO):
        def seek(self, *_: int) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.xml", b"<a/>")
    assert zipfile.ZipFile(BytesIO(out.getvalue())).infolist()[0].flag_bits & 8
    assert Package(out.getvalue()).read("a.xml") == b"<a/>"


def test_room_left_for_very_large_sizes_is_no_lie() -> None:
    ample = Part(b"a")
    ample = replace(ample, own_sizes=(ample.sizes[0], 0xFFFFFFFF, 0xFFFFFFFF), extra=b"\1\0\x10\0" + bytes(16))
    assert Package(archive(ample)).read("a") == b"text"


def test_a_comment_at_the_end_is_no_junk() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a", "1")
        package.comment = "备注".encode()
    assert Package(out.getvalue()).names == ["a"]


def test_an_empty_archive_has_no_members() -> None:
    assert zip_members(archive()) == []


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\3\4" + bytes(99), b"PK\5\6", TEMPLATE[:-1], TEMPLATE[:9000]])
def test_row_8_a_cut_package_is_damaged(data: bytes) -> None:
    assert kind_of(data) == "damaged"


def test_row_8_a_cut_archive_of_stored_workbooks_is_damaged_not_junk() -> None:
    data = genuine([("a.xlsx", TEMPLATE), ("b.xlsx", TEMPLATE)], zipfile.ZIP_STORED)
    assert kind_of(data[: len(TEMPLATE) + 5000]) == "damaged"


@pytest.mark.parametrize("at", [0, 8, 14, 20, 26, 31, 60])
def test_row_8_a_flipped_byte_is_damage(at: int) -> None:
    data = bytearray(archive(*[Part(b"xl/workbook.xml", bytes(range(256)) * 4)]))
    data[at] ^= 0x40
    with pytest.raises(PackageError, match="damaged"):
        Package(bytes(data)).read("xl/workbook.xml")


@pytest.mark.parametrize("junk", [b"\0", b"MZ" + bytes(70_000), b"\r\n"])
def test_row_17_junk_before_or_after_is_recognised(junk: bytes) -> None:
    assert kind_of(junk + TEMPLATE) == "junk"
    assert kind_of(TEMPLATE + junk) == "junk"


def test_row_17_junk_before_is_recognised_where_the_directory_allows_for_it() -> None:
    stub, part = bytes(64), Part(b"a")
    entry, end = part.entry(64), 64 + len(part.local())
    data = stub + part.local() + entry + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entry), end, 0)
    assert zipfile.ZipFile(BytesIO(data)).read("a") == b"text"
    assert kind_of(data) == "junk"


def test_a_directory_longer_than_its_entries_is_damage() -> None:
    assert kind_of(archive(Part(b"a"), slack=b"\0")) == "damaged"


def test_a_part_of_a_split_archive_says_so() -> None:
    assert kind_of(archive(Part(b"a"), disk=2)) == "split"


def test_very_large_archives_are_refused_by_name() -> None:
    assert kind_of(archive(Part(b"a"), middle=b"PK\6\7" + bytes(16))) == "zip64"
    assert kind_of(archive(Part(b"a", size=0xFFFFFFFF))) == "zip64"


@pytest.mark.parametrize(("most", "kind"), [(4, ""), (3, ""), (2, "too-many")])
def test_row_93_members_are_counted(most: int, kind: str) -> None:
    data = archive(*names("a", "b", "c"))
    limits = Limits(members=most)
    assert (kind_of(data, limits) if kind else len(zip_members(data, limits))) == (kind or 3)


def test_row_93_five_hundred_members_pass_and_one_more_does_not() -> None:
    parts = [Part(b"%d" % k, b"") for k in range(501)]
    assert len(zip_members(archive(*parts[:500]))) == 500
    assert kind_of(archive(*parts)) == "too-many"


@pytest.mark.parametrize(("part", "problem"), [(101, ""), (100, ""), (99, "too-large")])
def test_row_88_a_part_is_as_large_as_allowed(part: int, problem: str) -> None:
    assert problem_of(Part(b"a", bytes(100)), Limits(part=part)) == problem


@pytest.mark.parametrize(("total", "kind"), [(201, ""), (200, ""), (199, "too-large")])
def test_row_88_all_parts_together_are_as_large_as_allowed(total: int, kind: str) -> None:
    data, limits = archive(Part(b"a", bytes(100)), Part(b"b", bytes(100))), Limits(total=total)
    assert (kind_of(data, limits) if kind else len(Package(data, limits).names)) == (kind or 2)


def test_row_88_a_part_too_large_by_itself_leaves_the_rest_its_room() -> None:
    assert problem_of(Part(b"a", bytes(100)), Limits(part=99, total=99)) == "too-large"


@pytest.mark.parametrize(("over", "problem"), [(-1, ""), (0, ""), (1, "too-large")])
def test_row_88_the_ratio_counts_beyond_what_is_free(over: int, problem: str) -> None:
    assert problem_of(Part(b"a", bytes(100_000)), Limits(free=100_000 - over)) == problem


def test_row_88_the_ratio_of_a_part_stands_at_its_edge() -> None:
    part = Part(b"a", bytes(300_000))
    ratio = len(part.content) / len(part.body)
    assert problem_of(part, Limits(free=1, ratio=int(ratio) + 1)) == ""
    assert problem_of(part, Limits(free=1, ratio=int(ratio))) == "too-large"


def test_row_88_a_real_bomb_is_seen_by_its_directory_alone() -> None:
    bomb = Part(b"a", bytes(2**21))
    assert len(bomb.body) * 200 < 2**21
    assert problem_of(bomb) == "too-large"
    assert problem_of(Part(b"a", bytes(2**20))) == ""


@pytest.mark.parametrize("size", [0, 1, 99_999, 100_001, 1_000_000])
def test_row_89_a_declared_size_that_lies_is_damage_and_bounds_what_is_inflated(size: int) -> None:
    assert problem_of(Part(b"a", bytes(range(250)) * 400, size=size)) == "damaged"
    assert problem_of(Part(b"a", bytes(range(250)) * 400, method=0, size=size)) == "damaged"


def test_row_89_no_more_is_inflated_than_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()

    class Stream:
        def __init__(self, bits: int) -> None:
            self._stream = REAL(bits)

        def decompress(self, data: bytes, most: int) -> bytes:
            asked.append(most)
            return self._stream.decompress(data, most)

        def __getattr__(self, name: str) -> object:
            return getattr(self._stream, name)

    monkeypatch.setattr(zlib, "decompressobj", Stream)
    with pytest.raises(PackageError, match="damaged"):
        Package(archive(Part(b"a", bytes(10**7), size=10, crc=0))).read("a")
    assert asked == [11]


REAL = zlib.decompressobj


def test_row_89_a_wrong_checksum_is_damage() -> None:
    assert problem_of(Part(b"a", crc=1)) == "damaged"


def test_row_89_a_stream_that_ends_early_or_goes_on_is_damage() -> None:
    body = Part(b"a").body
    assert problem_of(Part(b"a", packed=len(body) - 1, tail=b"")) == "damaged"
    assert problem_of(Part(b"a", packed=len(body) + 1, tail=b"\0")) == "damaged"


@pytest.mark.parametrize(
    "changes",
    [
        {"own_flags": 1},
        {"own_name": b"b.txt"},
        {"own_method": 0},
        {"own_sizes": (1, 2, 3)},
        {"own_name": b"longer.txt"},
    ],
)
def test_row_89_a_header_at_odds_with_the_directory_is_damage(changes: dict[str, object]) -> None:
    assert problem_of(replace(Part(b"a.txt"), **changes)) == "damaged"  # type: ignore[arg-type]


def test_row_89_two_names_for_the_same_bytes_overlap() -> None:
    first = Part(b"a", bytes(1000))
    assert kind_of(archive(first, Part(b"b", bytes(1000), offset=0))) == "overlap"


def test_row_89_a_member_that_wraps_the_next_one_overlaps() -> None:
    inner = Part(b"inner", bytes(1000), method=0)
    outer = Part(b"outer", inner.local(), method=0)
    data = archive(outer, replace(inner, offset=len(outer.local()) - len(inner.local())))
    assert kind_of(data) == "overlap"


def test_row_89_a_member_that_reaches_into_the_directory_overlaps() -> None:
    assert kind_of(archive(Part(b"a", method=0, packed=5, size=5))) == "overlap"


def test_row_89_a_member_outside_the_file_is_damage() -> None:
    assert kind_of(archive(Part(b"a", offset=10**6))) == "damaged"


@pytest.mark.parametrize(
    "name",
    [
        "../a",
        "a/../../b",
        "/a",
        "C:/a",
        "c:a",
        "..\\a",
        "\\\\server\\a",
        "\\a",
        "a//b",
        "a/./b",
        "..",
        "",
        "a/.\u200b./b",
    ],
)
def test_row_91_a_name_that_leaves_the_archive_spoils_it(name: str) -> None:
    assert kind_of(archive(*names("好.txt", name))) == "traversal"


def test_row_91_a_name_with_an_end_in_it_spoils_the_archive() -> None:
    assert kind_of(archive(Part(b"a.xlsx\0.txt"))) == "traversal"


@pytest.mark.parametrize("name", ["a..b/…/c", "..a/b..", "a\\b.txt", "a/b/"])
def test_row_91_dots_within_a_name_and_the_other_slash_are_harmless(name: str) -> None:
    assert [each.name for each in zip_members(archive(*names(name)))] == [name.replace("\\", "/")]


@pytest.mark.parametrize(
    "pair", [("a", "a"), ("A.xlsx", "a.XLSX"), ("a/b", "a\\b"), ("表.xlsx", "表\u200b.xlsx"), ("a", "a/")]
)
def test_row_91_two_members_of_one_name_spoil_the_archive(pair: tuple[str, str]) -> None:
    assert kind_of(archive(*names(*pair))) == "duplicate"


@pytest.mark.parametrize("mode", [0o120777, 0o010644, 0o060644])
def test_row_91_a_link_or_device_is_not_followed(mode: int) -> None:
    assert problem_of(Part("表.xlsx".encode(), b"/etc/passwd", attributes=mode << 16)) == "link"


@pytest.mark.parametrize("flags", [1, 0x41, 0x2001])
def test_row_100_an_encrypted_member_is_not_read(flags: int) -> None:
    assert problem_of(Part(b"a", flags=flags)) == "encrypted"


def test_row_100_an_archive_under_a_password_says_so_as_a_whole() -> None:
    parts = [Part(b"d/", b"", method=0), Part(b"d/a", flags=1), Part(b"d/b", flags=1)]
    with pytest.raises(ContainerError, match="encrypted"):
        zip_members(archive(*parts))


@pytest.mark.parametrize("method", [1, 9, 12, 14, 93])
def test_row_100_only_two_methods_are_known(method: int) -> None:
    assert problem_of(Part(b"a", method=method)) == "method"


def test_a_part_that_is_not_there_is_missing() -> None:
    with pytest.raises(PackageError, match="missing"):
        Package(TEMPLATE).read("xl/nothing.xml")


# --- what lies in an archive --------------------------------------------------------------------------


def test_row_13_workbooks_folders_and_system_files_are_all_listed() -> None:
    shown = ["收回/", f"收回/{FORM}", "__MACOSX/._a", ".DS_Store", "Thumbs.db"]
    data = archive(*(replace(each, content=b"" if each.name.endswith(b"/") else TEMPLATE) for each in names(*shown)))
    assert zip_members(data) == [Member(name, b"" if name.endswith("/") else TEMPLATE) for name in shown]


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("里.zip", genuine([("a.txt", b"1")])),
        ("里.xlsx", genuine([("a.txt", b"1")])),
        ("里.zip", b"PK\3\4 cut off"),
        ("里.rar", b"Rar!\x1a\x07\x01\x00 and so on"),
        ("里", b"7z\xbc\xaf\x27\x1c and so on"),
        ("信.eml", b"From: a@b.cn\r\nSubject: x\r\n\r\n"),
        ("信.txt", b"Received: by x\r\nFrom: a@b.cn\r\n\r\n"),
    ],
)
def test_row_13_a_container_within_a_container_stays_closed(name: str, inner: bytes) -> None:
    assert zip_members(genuine([(name, inner)])) == [Member(name, b"", "nested")]


@pytest.mark.parametrize("name", ["a.xlsx", "a.zip", "a"])
def test_row_13_a_workbook_is_no_container_whatever_it_is_called(name: str) -> None:
    assert zip_members(genuine([(name, TEMPLATE)])) == [Member(name, TEMPLATE)]


@pytest.mark.parametrize("mark", ["mimetype", "OFD.xml", "[Content_Types].xml"])
def test_row_13_documents_are_no_containers(mark: str) -> None:
    inner = genuine([(mark, b"1")])
    assert zip_members(genuine([("a", inner)])) == [Member("a", inner)]


def test_row_8_a_cut_workbook_in_an_archive_is_handed_on_as_it_is() -> None:
    assert zip_members(genuine([(FORM, TEMPLATE[:5000])])) == [Member(FORM, TEMPLATE[:5000])]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
@pytest.mark.parametrize(
    "several",
    [
        ["东风街道.xlsx"],
        ["联通.xlsx"],
        ["路.xlsx", "说明.txt"],
        ["聊城市信访局/汇总表（终稿）.xlsx", "a.txt"],
        ["艾合买提·买买提.xlsx"],
        ["镕.xlsx", "瑄珺.doc"],
    ],
)
def test_row_19a_names_without_the_flag_are_read_as_they_were_written(encoding: str, several: list[str]) -> None:
    data = archive(*(Part(name.encode(encoding)) for name in several))
    assert [each.name for each in zip_members(data)] == several


def test_row_19a_every_common_character_survives_in_gbk_and_in_utf_8() -> None:
    common = [bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFA)]
    for encoding in ("gbk", "utf-8"):
        for k in range(0, len(common), 3):
            name = "".join(common[k : k + 3])
            assert Package(archive(Part(name.encode(encoding)))).names == [name]


def test_row_19a_a_second_byte_that_looks_like_a_slash_is_none() -> None:
    assert b"\\" in "昞".encode("gbk")
    assert [each.name for each in zip_members(archive(Part("昞.xlsx".encode("gbk"))))] == ["昞.xlsx"]


def test_row_19a_a_wrong_flag_on_a_name_in_gbk_is_not_believed() -> None:
    assert Package(archive(Part("表.xlsx".encode("gbk"), flags=0x800))).names == ["表.xlsx"]


def test_row_18_names_are_shown_without_what_nobody_sees() -> None:
    assert zip_members(archive(*names("a\u202excod\n\t.xlsx")))[0].name == "axcod.xlsx"


# --- mails --------------------------------------------------------------------------------------------

HEAD = b"From: =?gb18030?B?" + base64.b64encode("东风街道办事处".encode("gb18030")) + b"?= <dfjd@example.cn>\r\n"
HEAD += b"Subject: x\r\nMIME-Version: 1.0\r\n"


def part(headers: bytes, content: bytes) -> bytes:
    return (
        b"--edge\r\n"
        + headers
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content)
        + b"\r\n"
    )


def mail(*parts: bytes, close: bytes = b"--edge--\r\n") -> bytes:
    text = b"--edge\r\nContent-Type: text/plain; charset=gbk\r\n\r\n" + "见附件".encode("gbk") + b"\r\n"
    return HEAD + b'Content-Type: multipart/mixed;\r\n boundary="edge"\r\n\r\n' + text + b"".join(parts) + close


def attached(name: str, content: bytes = TEMPLATE) -> bytes:
    return part(b'Content-Disposition: attachment; filename="' + name.encode("utf-8") + b'"', content)


def word(text: str, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def test_row_13_the_attachments_of_a_mail_and_who_sent_it() -> None:
    assert mail_members(mail(attached(FORM), attached("证明.pdf", b"%PDF"))) == (
        "东风街道办事处",
        [Member(FORM, TEMPLATE), Member("证明.pdf", b"%PDF")],
    )


def test_a_mail_as_the_library_writes_it_comes_back() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "王 <a@example.cn>", "b@example.cn", "填报表"
    message.set_content("见附件")
    message.add_alternative("<p>见附件<img src='cid:1'></p>", subtype="html")
    message.add_attachment(TEMPLATE, "application", "octet-stream", filename=FORM * 4)
    message.add_attachment("说明", filename="说明.txt")
    sender, members = mail_members(message.as_bytes())
    assert (sender, [each.name for each in members]) == ("王", [FORM * 4, "说明.txt"])
    assert (members[0].data, members[1].data.decode().strip()) == (TEMPLATE, "说明")


def percent(text: str, encoding: str) -> str:
    return "".join(f"%{each:02X}" for each in text.encode(encoding))


SAVED = "Content-Disposition: attachment; filename"
NAMED = [
    f'{SAVED}="{word(FORM, "gb18030")}"'.encode(),
    f'{SAVED}="{word(FORM[:3], "gb2312")}\r\n {word(FORM[3:], "gb2312")}"'.encode(),
    f"{SAVED}*=utf-8''{percent(FORM, 'utf-8')}".encode(),
    f"{SAVED}*0*=GBK''{percent(FORM[:2], 'gbk')};\r\n filename*1*={percent(FORM[2:], 'gbk')}".encode(),
    f'{SAVED}="{FORM}"'.encode("gbk"),
    f'{SAVED}="{FORM}"'.encode(),
    f'{SAVED}="C:\\Users\\a\\{FORM}"'.encode(),
    f'Content-Disposition: inline; filename="../../{word(FORM, "gbk")}"'.encode(),
    f"Content-Type: application/octet-stream; name={word(FORM, 'gbk')}".encode(),
    f'Content-Type: a/b; name="{word(FORM, "utf-8").replace("?B?", "?b?")}"'.encode(),
]


@pytest.mark.parametrize("headers", NAMED)
def test_names_of_attachments_in_every_dress(headers: bytes) -> None:
    assert mail_members(mail(part(headers, TEMPLATE)))[1] == [Member(FORM, TEMPLATE)]


def test_characters_beyond_gb2312_survive_where_it_is_named() -> None:
    for value in (word("镕", "gbk").replace("gbk", "gb2312"), "镕"):
        header = f'Content-Type: a/b; name="{value}.xlsx"'.encode("gbk")
        assert mail_members(mail(part(header, b"1")))[1][0].name == "镕.xlsx"


def test_pictures_of_signatures_are_listed_with_a_name_of_their_own() -> None:
    picture = part(b"Content-Type: image/png\r\nContent-ID: <1>", b"\x89PNG")
    assert mail_members(mail(attached("a.xlsx"), picture, picture))[1][1:] == [
        Member("附件2.png", b"\x89PNG"),
        Member("附件3.png", b"\x89PNG"),
    ]


def test_two_attachments_of_one_name_are_told_apart() -> None:
    found = mail_members(mail(attached("表.xlsx"), attached("表.XLSX", b"2"), attached("表.xlsx", b"3")))[1]
    assert [each.name for each in found] == ["表.xlsx", "表_2.XLSX", "表_3.xlsx"]


def test_quoted_printable_and_plain_attachments() -> None:
    for encoding, body in ((b"Quoted-Printable", quopri.encodestring(b"a=\xff\r\n")), (b"binary", b"a=\xff\r\n")):
        raw = b'--edge\r\nContent-Type: a/b; name="a"\r\nContent-Transfer-Encoding: ' + encoding + b"\r\n\r\n" + body
        assert mail_members(mail(raw + b"\r\n"))[1] == [Member("a", b"a=\xff\r\n")]


def test_a_boundary_within_a_line_is_none() -> None:
    raw = b'--edge\r\nContent-Type: a/b; name="a"\r\n\r\nx --edge\r\n--edged\r\ny\r\n'
    assert mail_members(mail(raw))[1] == [Member("a", b"x --edge\r\n--edged\r\ny")]


def test_padding_left_out_and_a_line_added_by_a_mail_server_do_no_harm() -> None:
    for body in (b"MQ", b"MQ==\r\n\r\n-- scanned"):
        raw = b'--edge\r\nContent-Type: a/b; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + body + b"\r\n"
        assert mail_members(mail(raw))[1] == [Member("a", b"1")]


def test_of_a_header_without_end_only_the_start_is_taken_apart() -> None:
    for many, name in ((100, "a"), (HEADER, "附件1")):
        assert mail_members(mail(part(b"Content-Type: a/b" + b";" * many + b"name=a", b"1")))[1] == [Member(name, b"1")]


def test_a_mail_that_is_one_attachment() -> None:
    data = (
        HEAD
        + b'Content-Type: a/b; name="a.xlsx"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.b64encode(TEMPLATE)
    )
    assert mail_members(data)[1] == [Member("a.xlsx", TEMPLATE)]


@pytest.mark.parametrize("transfer", [b"8bit", b"base64"])
@pytest.mark.parametrize("header", [b"message/rfc822", b'application/octet-stream; name="x.eml"'])
def test_an_attached_mail_is_a_folder_once(transfer: bytes, header: bytes) -> None:
    def wrap(inner: bytes) -> bytes:
        body = base64.encodebytes(inner) if transfer == b"base64" else inner
        return (
            b"--edge\r\nContent-Type: "
            + header
            + b"\r\nContent-Transfer-Encoding: "
            + transfer
            + b"\r\n\r\n"
            + body
            + b"\r\n"
        )

    def other(data: bytes) -> bytes:
        return data.replace(b"edge", b"rim")

    name = "x.eml" if b"x.eml" in header else "附件1.eml"
    once = mail(wrap(other(mail(attached("表.xlsx")))))
    assert mail_members(once)[1] == [Member(f"{name}/", b""), Member(f"{name}/表.xlsx", TEMPLATE)]
    if transfer == b"base64":
        twice = mail(wrap(mail(wrap(mail(attached("表.xlsx"))))))
        inner = "x.eml" if b"x.eml" in header else "附件2.eml"
        assert mail_members(twice)[1] == [Member(f"{name}/", b""), Member(f"{name}/{inner}", b"", "nested")]


def test_row_13_an_archive_attached_to_a_mail_stays_closed() -> None:
    assert mail_members(mail(attached("a.zip", genuine([("b", b"1")]))))[1] == [Member("a.zip", b"", "nested")]


def test_a_cut_mail_keeps_what_came_before_the_cut() -> None:
    found = mail_members(mail(attached("a.xlsx"), attached("b.xlsx"))[:-20_000])[1]
    assert found[0] == Member("a.xlsx", TEMPLATE)
    assert TEMPLATE.startswith(found[1].data) and found[1].data != TEMPLATE


def test_a_damaged_attachment_costs_no_other() -> None:
    bad = b'--edge\r\nContent-Type: a/b; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJDR\r\n'
    lost = b"--edge\r\nContent-Type: multipart/mixed; boundary=nowhere\r\n\r\nx\r\n"
    assert mail_members(mail(bad, lost, attached("b", b"1")))[1] == [
        Member("a", b"", "damaged"),
        Member("附件2", b"", "damaged"),
        Member("b", b"1"),
    ]


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("王小明 <w@example.cn>", "王小明"),
        (f'"{word("王小明", "gb2312")}" <w@example.cn>', "王小明"),
        ("w@example.cn", "w@example.cn"),
        ("13800000000@example.cn", "…@example.cn"),
        ('"13800000000" <w@example.cn>', "…"),
        ("", ""),
        ("(" * 5000, "(" * 60),
        ("王\u202e <w@example.cn>", "王"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_sender_is_shown_as_a_clerk_knows_them(sender: str, shown: str, encoding: str) -> None:
    assert mail_members(b"Subject: x\r\nFrom: " + sender.encode(encoding) + b"\r\n\r\n") == (shown, [])


@pytest.mark.parametrize(("most", "kind"), [(4, ""), (3, ""), (2, "too-many")])
def test_parts_of_a_mail_are_counted(most: int, kind: str) -> None:
    check_mail(mail(attached("a"), attached("b")), Limits(members=most), kind)


@pytest.mark.parametrize(("total", "kind"), [(21, ""), (20, ""), (19, "too-large")])
def test_all_attachments_together_are_as_large_as_allowed(total: int, kind: str) -> None:
    check_mail(mail(attached("a", bytes(10)), attached("b", bytes(10))), Limits(total=total), kind)


def check_mail(data: bytes, limits: Limits, kind: str) -> None:
    if not kind:
        assert len(mail_members(data, limits)[1]) == 2
        return
    with pytest.raises(ContainerError, match=kind):
        mail_members(data, limits)


@pytest.mark.parametrize(("most", "problem"), [(11, ""), (10, ""), (9, "too-large")])
def test_an_attachment_is_as_large_as_allowed(most: int, problem: str) -> None:
    found = mail_members(mail(attached("a", bytes(10)), attached("b", b"1")), Limits(part=most))[1]
    assert found == [Member("a", b"" if problem else bytes(10), problem), Member("b", b"1")]


def test_a_name_in_pieces_that_do_not_fit_is_no_name() -> None:
    odd = part(b"Content-Type: a/b; name*=x; name*1=y", b"1")
    assert mail_members(mail(odd, attached("b", b"2")))[1] == [Member("附件1", b"1"), Member("b", b"2")]


def test_a_mail_nested_without_end_ends() -> None:
    level = b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n"
    data = HEAD + b"".join(level % (k, k) for k in range(5000))
    assert mail_members(data)[1] == [Member("附件1", b"", "damaged")]


@pytest.mark.parametrize(
    ("data", "suffix", "mail"),
    [
        (b"From: a@b.cn\r\nSubject: x\r\n\r\n", ".eml", True),
        (b"\xef\xbb\xbf\r\nFrom: a@b.cn\nTo: c@d.cn\n\n", ".EML", True),
        (b"Received: from x\r\n\tby y\r\nFrom: a@b.cn\r\n\r\n", "", True),
        (b"From: a@b.cn\r\nSubject: x\r\n\r\n", ".txt", False),
        (b"From: <Saved by X>\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n", ".mht", False),
        (b"Subject: x\r\n\r\n", ".eml", False),
        (b"a note\r\nFrom: a\r\nTo: b\r\n", ".eml", False),
        (TEMPLATE, ".eml", False),
        (b"", ".eml", False),
    ],
)
def test_a_mail_is_known_by_its_first_lines(data: bytes, suffix: str, mail: bool) -> None:
    assert is_mail(data, suffix) is mail


def test_what_is_no_mail_is_damaged() -> None:
    for data in (b"", TEMPLATE, "你好".encode()):
        with pytest.raises(ContainerError, match="damaged"):
            mail_members(data)


# --- whatever comes -----------------------------------------------------------------------------------

SMALL = Limits(members=20, part=20_000, total=30_000, ratio=20, free=2_000)
SOUND = archive(
    Part("说明/".encode("gbk"), b"", method=0),
    Part("说明/a.txt".encode("gbk"), bytes(range(256)) * 8),
    Part(b"b.xml", b"<a/>" * 300, flags=8, own_sizes=(0, 0, 0), tail=b"PK\7\10" + bytes(12)),
    Part(b"c.xlsx", genuine([("[Content_Types].xml", b"x" * 2000)]), method=0),
)
LETTER = mail(*(part(each, b"1" * 50) for each in NAMED), attached("a.zip", SOUND)).replace(TEMPLATE, b"")


LIES = [
    b"\0",
    b"\1",
    b"\x08",
    b"\xff",
    bytes(2),
    bytes(4),
    b"\xff" * 4,
    b"PK\5\6",
    b"--edge\r\n",
    b"=?",
    b";",
    b"*1*=",
    b"''",
]


@st.composite
def mutations(draw: st.DrawFn, data: bytes) -> bytes:
    """Some bytes changed, mostly in place; now and then a few dropped or put in."""
    out = bytearray(data)
    for _ in range(draw(st.integers(1, 5))):
        put = draw(st.binary(min_size=1, max_size=4) | st.sampled_from(LIES))
        at = draw(st.integers(0, len(out) - 1) | st.integers(max(0, len(out) - 300), len(out) - 1))
        gone = draw(st.sampled_from([len(put)] * 6 + [0, 1, 30]))
        out[at : at + gone] = put
    return bytes(out)


@settings(max_examples=300, deadline=None)
@given(mutations(SOUND))
def test_a_mutated_archive_is_read_or_refused_within_the_limits(data: bytes) -> None:
    try:
        package = Package(data, SMALL)
    except PackageError as error:
        with pytest.raises(ContainerError, match=error.kind):
            zip_members(data, SMALL)
        return
    try:
        members = zip_members(data, SMALL)
    except ContainerError as error:
        assert error.args == ("encrypted",)
        return
    assert [each.name for each in members] == package.names
    assert max((len(each.data) for each in members), default=0) <= SMALL.part
    assert sum(len(each.data) for each in members) <= SMALL.total
    assert all(not each.data for each in members if each.problem)


@settings(max_examples=300, deadline=None)
@given(mutations(LETTER))
def test_a_mutated_mail_is_read_or_refused_within_the_limits(data: bytes) -> None:
    try:
        sender, members = mail_members(data, SMALL)
    except ContainerError:
        return
    assert len(sender) <= 60
    assert len({each.name.casefold() for each in members}) == len(members) <= SMALL.members
    assert sum(len(each.data) for each in members) <= SMALL.total


def test_the_library_for_mails_is_loaded_only_for_a_mail() -> None:
    code = "import sys; before = set(sys.modules); import xfkh.workbook.package, xfkh.intake.containers as c; "
    code += (
        "c.is_mail(b'From: a', '.eml'); c.zip_members(b'PK\\5\\6' + bytes(18)); print('email.parser' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
