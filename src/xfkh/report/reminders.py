"""催报: what an open unit is asked for, as a text ready to be pasted into a letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ..answers.given import OFFICE
from ..findings import Finding, Level
from ..intake import Arrived
from ..model import Origin, State
from ..text import some
from .facts import Facts, feedback_names
from .mending import to_unit

MOST, PLACES = 8, 10
"""How many points a text names, and how many cells and faults a point."""
_THEIRS = "属构人格核"
"""The chapters of the catalogue that a unit itself can mend."""
_SAID = ("unit-missing", "unit-refused", "unit-twice", "unit-later", "person-missing")
_OWN_NAME = "是贵单位填的，请把{what}改成贵单位的名称后重新报送；不是的，请用发给贵单位的填报表重新填报"
_SPOKEN = {
    "unit-file": ("文件名写的是别的单位", _OWN_NAME.format(what="文件名")),
    "unit-differs": ("封面写的单位与这份表发给的单位不同", _OWN_NAME.format(what="封面的「单位」")),
    "unit-title": ("表里的标题写的是别的单位", "是贵单位的数，请填在发给贵单位的填报表里重新报送"),
    "unit-unknown": ("封面写的单位名称与名册上的不同", "请在封面的「单位」格填写单位全称"),
}
"""What is wrong and how to mend it, where a finding names other units or asks what only the office can do."""
_BLANK = " 没有填"
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One open unit: ``subject`` and ``text`` of the letter, which say so where the unit has nothing to do."""

    unit: str
    state: str
    email: str
    subject: str
    text: str


def reminders(facts: Facts) -> list[Reminder]:
    """One for every open unit, in the order of the roster; none for those for which collection is closed."""
    office = _Office(facts)
    return [office.reminder(row) for row in range(len(office.scores.subjects)) if office.chases(row)]


def closed_units(facts: Facts) -> list[str]:
    scores = facts.parts[0].scores
    return [each.unit for row, each in enumerate(scores.subjects) if scores.closed[row]]


class _Office:
    """Who writes: the name, what is assessed, by when and to whom to report; and what is known of each unit."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.scores = facts, facts.parts[0].scores
        self.name = facts.theme.office or "考核办公室"
        self.what = f"{facts.year}年{facts.period}“{facts.scheme.title}”"
        self.emails = {unit.name: unit.email for unit in facts.roster.units}
        self.feedback = feedback_names(facts)
        self.found, self.files = dict[str, list[Finding]](), dict[str, list[Arrived]]()
        self.hinted = dict[str, list[Arrived]]()
        self.people, self.waiting = dict[str, list[str]](), Counter[str]()
        for each in facts.told:
            self.found.setdefault(each.unit, []).append(each)
        for file in facts.arrived:
            self.files.setdefault(file.unit, []).append(file)
            self.hinted.setdefault(file.hint, []).append(file)
        for result in facts.parts[1:]:
            for subject, state in zip(result.scores.subjects, result.scores.states, strict=True):
                self.people.setdefault(subject.unit, []).append(subject.own)
                self.waiting[subject.unit] += state is not State.ASSESSED

    def chases(self, row: int) -> bool:
        """Whether a unit is open, or one of its persons for a reason that the unit can mend."""
        if self.scores.closed[row]:
            return False
        unit = self.scores.subjects[row].unit
        return self.scores.states[row] is not State.ASSESSED or bool(self.waiting[unit] and self.points(unit))

    def points(self, unit: str) -> list[str]:
        return _points(self.found.get(unit, []), self.people.get(unit, []))

    def reminder(self, row: int) -> Reminder:
        unit, state = self.scores.subjects[row].unit, self.scores.states[row]
        persons = f"（个人 {self.waiting[unit]} 人未定）" if state is State.ASSESSED else ""
        subject, paragraphs = self.letter(row, unit, state)
        text = "\n".join([f"{unit}：", *(f"　　{each}" for each in paragraphs)])
        return Reminder(unit, f"{state}{persons}", self.emails.get(unit, ""), subject, text)

    def letter(self, row: int, unit: str, state: State) -> tuple[str, list[str]]:
        """The subject and the paragraphs for a unit as it stands."""
        who, points = f"{self.name}正在办理{self.what}的填报和计分。", self.points(unit)
        end = [_HOW, f"联系和报送：{self.facts.return_to or self.name}。"]
        if state is State.MISSING:
            if came := "；".join(map(_unusable, self.hinted.get(unit, []))):
                lead = f"{who}{came}。请用发给贵单位的填报表填好，{self.by_when('重新报送')}。"
                return f"请重新报送{self.what}填报表", [lead, *end]
            lead = f"{who}到目前为止，还没有收到贵单位的填报表。请填写发给贵单位的填报表，{self.by_when('报送')}。"
            return f"请报送{self.what}填报表", [lead, *end]
        twice = next((each.message for each in self.found.get(unit, []) if each.code == "unit-twice"), "")
        if twice:
            lead = f"{who}{twice.replace(f'「{unit}」', '贵单位')}。请确认以哪一份为准，{self.by_when('答复')}。"
            return f"请确认{self.what}填报表以哪一份为准", [lead, *points[:MOST], _WHICH, *end[1:]]
        if state in (State.HELD, State.REFUSED):
            lead = f"{who}贵单位交来的填报表还不能用。请按下面说的改好，{self.by_when('重新报送')}："
            return f"请重新报送{self.what}填报表", [lead, *(points or self.why(unit))[:MOST], *end]
        if not points:
            open_ = "、".join(self.scores.waiting(row))
            return "不用催报", [
                f"{open_} {_owed_by(self.scores.lacking(row))}，还没有提供；贵单位没有要改的，不用重新报送。"
            ]
        file = self.scores.answers.files[row]
        lead = f"{who}贵单位的填报表（{file}）已经收到，下面几处要改。请改好，{self.by_when('重新报送')}："
        return f"请改正{self.what}填报表", [lead, *_first(points, self.feedback[unit]), *end]

    def why(self, unit: str) -> list[str]:
        """What is wrong with the files of a unit, where no finding that it can mend says so."""
        return [f"（{k}）{each.name}：{_why(each)}。" for k, each in enumerate(self.files.get(unit, []), 1)]

    def by_when(self, verb: str) -> str:
        due = self.facts.due
        if not due:
            return f"收到后尽快{verb}"
        date = _DATE.fullmatch(due)
        shown = f"{date[1]}年{int(date[2])}月{int(date[3])}日" if date else due
        return f"于{shown}前{verb}（日期已过的，收到后即办）"


_HOW = (
    "请直接在发放的填报表里填写、修改，不要增删行、列和工作表，也不要复制到别的表里；"
    "保存为 .xlsx 后把文件作为附件发回。"
)
_WHICH = "要重报的，只发改好的一份，在邮件里说明作废的是哪一份。"


def _unusable(each: Arrived) -> str:
    """What is told of a file that only seems to be a unit's."""
    return f"收到文件“{each.base}”，看来是贵单位的，但{_why(each)}"


def _owed_by(lacking: Collection[Origin]) -> str:
    """Who gives what a unit waits for and cannot give itself."""
    if not {*OFFICE} & {*lacking}:
        return "由复查给出"
    return "由复查和考核办公室给出" if Origin.REVIEW in lacking else "由考核办公室给出"


def _why(each: Arrived) -> str:
    return _SPOKEN[each.code][0] if each.code in _SPOKEN else each.why


def _first(points: Sequence[str], file: str) -> list[str]:
    if len(points) <= MOST:
        return list(points)
    return [*points[:MOST], f"还有 {len(points) - MOST} 条，都写在随附的“{file}”里。"]


# --- the points -----------------------------------------------------------------------------------


def _points(findings: Sequence[Finding], people: Sequence[str]) -> list[str]:
    """What a unit has to mend, numbered; the same fault of one person, or of one page, is one point."""
    groups = dict[tuple[str, ...], list[Finding]]()
    for each in sorted(findings, key=lambda each: list(Level).index(each.level)):
        if each.level is not Level.NOTE and each.number[0] in _THEIRS and each.code not in _SAID:
            key = (each.code, each.source.file, each.source.sheet, _person(each, people))
            groups.setdefault(key if each.code.startswith("cell-") else (*key, each.message), []).append(each)
    return [f"（{k}）{text}" for k, text in enumerate(map(_point, groups.values()), 1)]


def _person(each: Finding, people: Sequence[str]) -> str:
    return next((own for own in people if each.message.startswith(f"{own}的")), "")


def _point(group: Sequence[Finding]) -> str:
    first, places = group[0], list(_places(group))
    where = f"{first.source.sheet}!" if first.source.sheet and places else ""
    spot = f"{where}{some(places, '格', PLACES)}　" if places else ""
    mends = {to_unit(each.mend) for each in group}
    mend = mends.pop() if len(mends) == 1 else "按各格的提示填写"
    if first.code in _SPOKEN:
        return "。".join((*_SPOKEN[first.code], ""))
    return f"{spot}{_faults(group)}。{mend}。"


def _faults(group: Sequence[Finding]) -> str:
    """What is wrong with each: the names alone where all are blank."""
    said = list(dict.fromkeys(each.message for each in group))
    if len(said) > 1 and all(each.endswith(_BLANK) for each in said):
        return some(_once([each.removesuffix(_BLANK) for each in said]), "处", PLACES) + _BLANK
    return "；".join(said[:PLACES]) + (f"等 {len(said)} 处" if len(said) > PLACES else "")


def _once(names: Sequence[str]) -> list[str]:
    """Names that all begin with whose they are (某人的…): that only once."""
    whose = names[0][: names[0].rfind("的") + 1]
    alike = all(each.startswith(whose) for each in names)
    return [names[0], *(each.removeprefix(whose) for each in names[1:])] if alike else list(names)


def _places(group: Sequence[Finding]) -> Iterator[str]:
    yield from dict.fromkeys(each.source.cell for each in group if each.source.cell)
