"""Returns damaged at random: none of them stops the program, and no number is taken that does not stand in its cell.

200 examples as they are; XFKH_FUZZ=5000 asks for so many, different ones every time.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.corpus import ANSWERS
from tests.rounds import Round
from tests.surgery import FORM, MAIN, Genuine, Parts, zipped
from xfkh.answers import shown
from xfkh.findings import Finding
from xfkh.intake import Arrived, arrive, begin
from xfkh.model import Cell, Fate
from xfkh.receive import Expected, Inbox, receive
from xfkh.scheme import load
from xfkh.template import FILE as ISSUED
from xfkh.template import read_issue
from xfkh.workers import Workers

EXAMPLES = int(os.environ.get("XFKH_FUZZ", "200"))
FUZZ = settings(
    max_examples=max(1, EXAMPLES // 2),
    derandomize="XFKH_FUZZ" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
UNIT = "甲镇"
NAMES = {"m": MAIN}

Ops = Sequence[tuple[str, int, int, int]]


class Case:
    """One genuine return and what a round expects of it."""

    def __init__(self, path: Path) -> None:
        run = Round(path, {UNIT: ANSWERS, "乙镇": ANSWERS})
        issue, self.scheme = read_issue(run.issued / ISSUED), load("district")[0]
        self.roster = issue.roster
        self.expected = Expected(self.scheme.id, self.scheme.version, issue.digest, "2025", "全年")
        self.genuine = Genuine(UNIT, run.path(UNIT).read_bytes())
        self.folder = path / "收到"
        self.folder.mkdir()

    def taken(self, data: bytes) -> tuple[list[Arrived], Inbox, list[Finding]]:
        """The file as the only one in a folder, received by the round; what is raised is raised."""
        (self.folder / "损.xlsx").write_bytes(data)
        arrived, said = arrive(begin([self.folder], Workers()), [])
        inbox, findings = receive(arrived, self.scheme.parts, self.roster, self.expected)
        return arrived, inbox, [*said, *findings]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(tmp_path_factory.mktemp("fuzz"))


# --- damage -------------------------------------------------------------------------------------

_PLACE = st.integers(0, 2**32 - 1)


def ops(*kinds: str) -> st.SearchStrategy[Ops]:
    return st.lists(st.tuples(st.sampled_from(kinds), _PLACE, _PLACE, _PLACE), min_size=1, max_size=4)


def damaged(data: bytes, changes: Ops) -> bytes:
    """Bytes flipped, cut out, repeated or exchanged."""
    for kind, one, two, three in changes:
        if not data:
            return data
        a, b = sorted((one % len(data), two % len(data)))
        length = three % 40 + 1
        if kind == "flip":
            data = data[:a] + bytes([data[a] ^ (three % 255 + 1)]) + data[a + 1 :]
        elif kind == "cut":
            data = data[:a] + data[a + length :]
        elif kind == "end":
            data = data[: len(data) - one % (len(data) // 2 + 1)]
        elif kind == "repeat":
            data = data[:a] + data[a : a + length] + data[a:]
        elif kind == "swap":
            length = min(length, b - a)
            data = data[:a] + data[b : b + length] + data[a + length : b] + data[a : a + length] + data[b + length :]
    return data


_ELEMENTS = re.compile(
    rb"<c [^>]*?/>|<c [^>]*[^/]>.*?</c>|<si>.*?</si>|<row .*?</row>|<(?:sheet|Relationship) [^>]*/>", re.S
)
_DIGIT = re.compile(rb"(?<=[\d\"<>v])\d(?=[\d\"<])")


def reworded(data: bytes, changes: Ops) -> bytes:
    """Whole elements cut out, repeated or exchanged, and digits made other digits: what stays well-formed."""
    for kind, one, two, three in changes:
        if kind == "digit":
            places = [each.start() for each in _DIGIT.finditer(data)]
            at = places[one % len(places)] if places else -1
            data = data[:at] + b"%d" % (three % 10) + data[at + 1 :] if places else data
            continue
        spans = [each.span() for each in _ELEMENTS.finditer(data)]
        if len(spans) < 2:
            return data
        (a, a_end), (b, b_end) = sorted((spans[one % len(spans)], spans[two % len(spans)]))
        if kind == "cut":
            data = data[:a] + data[a_end:]
        elif kind == "repeat":
            data = data[:b] + data[a:a_end] + data[b:]
        elif a != b:
            data = data[:a] + data[b:b_end] + data[a_end:b] + data[a:a_end] + data[b_end:]
    return data


PARTS = (*(f"xl/worksheets/sheet{k}.xml" for k in (2, 2, 2, 1, 5)), "xl/sharedStrings.xml", "xl/sharedStrings.xml",
         "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml")  # fmt: skip


# --- judgment -----------------------------------------------------------------------------------


def standing(data: bytes) -> Mapping[str, str]:
    """Address → what the XML of 填报 holds there, read by the letter of the format; nothing where that fails."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts: Parts = {name: package.read(name) for name in package.namelist()}
        mine = Genuine(UNIT, data)
        shared = ["".join(text.text or "" for text in item.iter(f"{{{MAIN}}}t"))
                  for item in ElementTree.fromstring(parts["xl/sharedStrings.xml"])]  # fmt: skip
        root = ElementTree.fromstring(parts[mine.sheets[FORM]])
    except Exception:
        return {}
    return {cell.get("r", ""): _content(cell, shared) for cell in root.iterfind(".//m:c", NAMES)}


def _content(cell: ElementTree.Element, shared: Sequence[str]) -> str:
    value = cell.findtext("m:v", "", NAMES)
    if cell.get("t") == "s":
        return shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""
    return "".join(cell.itertext()) if cell.get("t") == "inlineStr" else value


def same(text: str, value: int | float | str) -> bool:
    """Whether a content is that answer."""
    try:
        return Decimal(text) == Decimal(str(value))
    except InvalidOperation:
        return text.strip() == value


def judge(case: Case, data: bytes) -> None:
    """The file has a fate. An answer that was taken is the genuine one, or a finding names its input or its cell, or
    it is what the XML really holds at the genuine address of that input: then the damage made another valid answer
    of it (or a blank, which the scores ask for), which nobody can tell from a clerk's. The XML is read here by a
    second reader that knows nothing of ids."""
    at = case.genuine.at
    arrived, inbox, findings = case.taken(data)
    assert arrived and {each.fate for each in arrived} <= set(Fate)
    assert all(each.why for each in arrived if each.fate is not Fate.SCORED)
    if Fate.SCORED not in {each.fate for each in arrived}:
        return
    assert [each.unit for each in arrived] == [UNIT]
    row = next(k for k, each in enumerate(inbox.answers.subjects) if each.unit == UNIT)
    said = "\n".join(f"{each.message} {each.source.cell}、" for each in findings)
    there: Mapping[str, str] | None = None
    for name, wanted in ANSWERS.items():
        state, value = inbox.answers.state(row, name), inbox.answers.value(row, name)
        taken = shown(case.scheme.parts[0].input(name.partition("[")[0]), value) if state is Cell.GIVEN else ""
        if taken != wanted and name not in said and f"{at[name]}、" not in said:
            assert state in (Cell.GIVEN, Cell.BLANK), f"{name} is {state}, and nobody says so"
            there = standing(data) if there is None else there
            assert same(there.get(at[name], ""), taken), f"{name}: {taken or state}, sent was {wanted}"


@FUZZ
@given(changes=ops("flip", "flip", "cut", "end", "repeat", "swap"))
def test_bytes_changed_in_the_package(case: Case, changes: Ops) -> None:
    judge(case, damaged(case.genuine.data, changes))


@FUZZ
@given(part=st.sampled_from(PARTS), whole=st.booleans(), changes=ops("flip", "cut", "repeat", "swap", "digit"))
def test_bytes_and_elements_changed_inside_it(case: Case, part: str, whole: bool, changes: Ops) -> None:
    parts = case.genuine.parts
    judge(case, zipped({**parts, part: (reworded if whole else damaged)(parts[part], changes)}))
