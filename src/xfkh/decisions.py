"""处理意见.xlsx: the decisions that only a person can take, kept from run to run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from .answers import TableError, read_tables
from .answers.tables import Row
from .findings import CATALOGUE, Finding, Level, Waiver, finding, quoted, waived
from .model import OutcomeKind, Source
from .privacy import masked, personal
from .workbook.anchors import TYPE
from .workbook.book import Book
from .workbook.style import FAINT

FILE = "处理意见.xlsx"
CLOSE, CHOOSE, WAIVE = "截止收报", "选用文件", "豁免警告"
CONFIRM = {kind: f"确认{kind}" for kind in OutcomeKind}
_MATTERS = (CHOOSE, CLOSE, *CONFIRM.values(), WAIVE)
_REASONED = (CLOSE, WAIVE)
_DECIDED = ("是", "否")
LATER = "以后又交来"
"""What is said of a file that came when a person had chosen among those of its unit already."""
_TEXTS = ("单位", "对象", "说明", "理由")
_HEADS = ("事项", "单位", "对象", "说明", "决定", "理由", "标记")


@dataclass(frozen=True, slots=True)
class Question:
    """Something to decide. ``key`` finds it again on the next run; ``decision`` is 是 or empty; ``settled``: nobody
    need decide it, it only stands there to be seen."""

    matter: str
    unit: str
    subject: str
    text: str
    key: str
    decision: str = ""
    reason: str = ""
    settled: bool = False

    @property
    def bare(self) -> bool:
        """Closing collection decides over everybody's money, a waiver is printed with its reason: neither is taken
        without one."""
        return self.matter in _REASONED and self.decision == "是" and not self.reason


@dataclass(slots=True)
class Decisions:
    """What was decided: matter and key → question with its decision and reason. One whose key was lost decides
    nothing, and stands there under the number of its row."""

    taken: dict[str, Question] = field(default_factory=dict)
    path: Path | None = None
    """The file they were read from."""

    def decision(self, matter: str, key: str) -> str:
        """是, 否, or empty where nobody decided; what cannot be understood decides nothing."""
        found = self.taken.get(f"{matter}:{key}")
        return found.decision if found and found.decision in _DECIDED and not found.bare else ""

    def waiver(self, key: str) -> str:
        """The reason for which a warning is waived; empty where it is not."""
        return self.taken[f"{WAIVE}:{key}"].reason if self.decision(WAIVE, key) == "是" else ""

    def files(self, decision: str) -> dict[str, str]:
        """The hashes of the files on which a person decided so, each with the unit that was asked about."""
        asked = [each for each in self.taken.values() if each.matter == CHOOSE]
        return {each.key: each.unit for each in asked if each.decision == decision}

    def seen(self) -> set[str]:
        """The hashes of the files that were before the person who chose among those of a unit."""
        asked = [each for each in self.taken.values() if each.matter == CHOOSE]
        return {each.key for each in asked if each.decision or LATER not in each.text}

    def closed(self) -> dict[str, str]:
        """The units for which collection is closed, each with the reason."""
        return {
            unit: each.reason
            for each in self.taken.values()
            if each.matter == CLOSE and each.decision == "是" and each.key and not each.bare
            for unit in each.key.split("、")
        }


def read_decisions(path: Path) -> tuple[Decisions, list[Finding]]:
    """What a person wrote. Raises TableError where the file cannot be read or its heads were changed."""
    (table, *_), decisions, findings = read_tables(path, key="事项"), Decisions(path=path), list[Finding]()
    lost = [name for name in _HEADS if name not in table.columns]
    if lost:
        raise TableError(f"{path.name} 的表头被改动，找不到「{'、'.join(lost)}」；请改回来，或删去这个文件重新生成")
    for row in table.rows:
        matter, decision = row.text("事项"), row.text("决定")
        fault = row.marks.get("决定", "")
        if matter not in _MATTERS or decision not in (*_DECIDED, "") or fault:
            why = (fault or "决定只能写“是”“否”或留空") if matter in _MATTERS else "没有这种事项"
            findings.append(finding("decision-unknown", table.at(row, "事项"), row.text("单位"), what=matter, why=why))
        if matter not in _MATTERS:
            continue
        key = row.text("标记")
        if not key and decision in _DECIDED:
            facts = {"what": matter, "decision": decision}
            findings.append(finding("decision-lost", table.at(row, "决定"), masked(row.text("单位")), **facts))
        # it is written out again, and a reason is said of the units
        unit, subject, text, reason = (_without_numbers(row, name) for name in _TEXTS)
        taken = Question(matter, unit, subject, text, key, decision, reason)
        for name in _TEXTS:
            if kinds := "、".join(sorted(personal(row.values.get(name)))):
                findings.append(finding("decision-personal", table.at(row, name), unit, name=name, kinds=kinds))
        if taken.bare:
            findings.append(finding("decision-bare", table.at(row, "理由"), taken.unit, what=matter))
        place = f"{matter}:{key}" if key else f"{matter}:\0{row.number}"
        decisions.taken[place], twice = _both(decisions.taken.get(place), taken)
        if twice:
            facts = {"what": matter, "why": "同一件事有两行，决定不同，请只留一行"}
            findings.append(finding("decision-unknown", table.at(row, "决定"), unit, **facts))
    return decisions, findings


def _both(first: Question | None, second: Question) -> tuple[Question, bool]:
    """One of two rows about the same matter, and whether they decide differently: then neither is taken."""
    if first is None or not first.decision:
        return second, False
    if second.decision in ("", first.decision):
        return first, False
    return replace(first, decision=f"{first.decision}、{second.decision}"), True


def _without_numbers(row: Row, name: str) -> str:
    value = row.values.get(name)
    return "…" if personal(value) and not isinstance(value, str) else masked(row.text(name))


def _kept(asked: Question, before: Question | None) -> Question:
    """The question as it stands now, with what was decided before."""
    return replace(asked, decision=before.decision, reason=before.reason) if before else asked


def waive(
    findings: Sequence[Finding], marks: Mapping[str, str], decisions: Decisions
) -> tuple[list[Finding], list[Question]]:
    """The findings, those that a person waived as notes, and every warning that may be waived as a question; ``marks``:
    the hash of each file that came, by its name.

    A waiver holds for exactly what was waived; a warning that was waived when it said something else says so.
    """
    keys = [_waiver_key(each, marks) if _waivable(each) else "" for each in findings]
    held, lapsed = set(keys), dict[str, str]()
    for before in decisions.taken.values():
        if before.matter == WAIVE and before.key not in held and decisions.waiver(before.key):
            lapsed.setdefault(_stem(before.key), before.text)
    said, asked = list[Finding](), list[Question]()
    for each, key in zip(findings, keys, strict=True):
        reason = decisions.waiver(key)
        if key and not reason and _stem(key) in lapsed:
            each = replace(each, message=each.message + _changed(each.message, lapsed[_stem(key)]))
        if key:
            place = "，".join(part for part in each.source if part)
            # it may stay a warning: nobody need decide it
            asked.append(Question(WAIVE, each.unit, place, each.message, key, settled=True))
        said.append(waived(each, reason) if reason else each)
    return said, asked


def _waivable(each: Finding) -> bool:
    return each.level is Level.WARNING and CATALOGUE[each.code].waiver is not None


def _waiver_key(each: Finding, marks: Mapping[str, str]) -> str:
    """Code, unit, place, and a mark of what was said there; of a unit's return not its name, which a copy changes, of a
    unit's row in a table of ours no place at all: a sort moves it, and another round names the table otherwise."""
    source, known = each.source, marks.get(each.source.file, "")
    if each.unit:
        source = source._replace(file="") if known else Source()
    file = known if CATALOGUE[each.code].waiver is Waiver.FILE else ""
    said = sha256(f"{each.message}|{file}".encode()).hexdigest()[:16]
    return "|".join((each.code, each.unit, *source, said))


def _stem(key: str) -> str:
    return key.rpartition("|")[0]


def _changed(now: str, then: str) -> str:
    """Why a waiver holds no longer."""
    if then.startswith(now):
        return "（豁免的是原来那份文件，文件换了，豁免不再有效）"
    return f"（豁免的是“{quoted(then, 200)}”，现在不同了，豁免不再有效）"


def decisions_bytes(questions: list[Question], before: Decisions, book: Book) -> bytes:
    """The open questions with what was decided before; decided ones stay even when no longer asked."""
    asked = {f"{each.matter}:{each.key}": each for each in questions}
    rows = [_kept(each, before.taken.get(key)) for key, each in asked.items()]
    rows += [each for key, each in before.taken.items() if key not in asked and each.decision]
    # there may be hundreds of waivers; what decides most comes first
    rows.sort(key=lambda each: each.matter == WAIVE)
    sheet = book.sheet("处理意见")
    sheet.widths(12, 20, 34, 60, 8, 30, 14)
    note = (
        "在浅黄色格子里选“是”或“否”并写理由，保存后重新运行 xfkh grade 即生效；留空表示还没有决定；"
        "截止收报、豁免警告不写理由的不生效；选用文件选“否”的，那一份不用。"
    )
    count = sum(each.matter == WAIVE for each in rows)
    waivers = f"豁免警告排在最后，{count} 件：核对无误的才选“是”，理由会印在结果里；不选的仍是警告，得分都不变。"
    sheet.heading(book.title, note, *[waivers] * bool(count), last=5)
    sheet.row(3, _HEADS, "head")
    for row, each in enumerate(rows, 4):
        sheet.row(row, [each.matter, each.unit, each.subject, each.text], "cell_wrap")
        sheet.text(row, 4, each.decision, "input")
        sheet.validate(
            row, 4, 4, {"validate": "list", "source": ["是", "否"], "input_message": "选“是”或“否”，不选表示未定"}
        )
        sheet.text(row, 5, each.reason, "input_text")
        sheet.text(row, 6, each.key, "cell", font_size=8, font_color=FAINT)
        sheet.height(row, [(each.text, 60), (each.subject, 34), (each.unit, 20), (each.reason, 30)])
    sheet.hide(6, 6)
    sheet.raw.autofilter(3, 0, max(4, 3 + len(rows)), 5)
    sheet.raw.freeze_panes(4, 0)
    sheet.print_setup(landscape=True, repeat=(3, 3))
    sheet.protect()
    book.stamp({TYPE: "处理意见"})
    return book.finish()
