"""Why a subject is received otherwise than before: which file did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..recorded import Record, place
from ..text import some
from .changes import OPEN, ItemChange, Why


class Files:
    """The files of both runs, by unit and by what is in them."""

    def __init__(self, before: Record, after: Record) -> None:
        self.before, self.after = before, after
        self._first, self._second = (_by_unit(each["files"]) for each in (before, after))
        self._known = {each["sha256"]: each for each in before["files"]}
        self._there = {each["sha256"]: each for each in after["files"]}

    def why(self, before: Record, after: Record, items: Sequence[ItemChange]) -> list[Why]:
        """Why the state is another one."""
        if before["state"] == after["state"]:
            return []
        moved = f"{before['state']} → {after['state']}"
        was_open, is_open = (each["state"] in OPEN for each in (before, after))
        told = self._gone(before["unit"]) if is_open else self._settled(items) if not was_open else []
        told = told or (self._come(after) if was_open or is_open else [])
        return [Why("状态", f"{moved}{'，' + '；'.join(told) if told else ''}")]

    def of_new(self, subject: Record) -> list[str]:
        """By which file a subject that was in no roster or form before is there."""
        return [f"见 {each['file']}" for each in self._second.get(subject["unit"], []) if each["fate"] == "已评"]

    def _come(self, subject: Record) -> list[str]:
        """What came in of a unit, or is judged otherwise than before."""
        mine = self._second.get(subject["unit"], [])
        counts = [each for each in mine if each["fate"] == "已评"]
        if subject["state"] not in OPEN and not counts:
            return ["没有交表，所需的数由复查核定"]
        return [self._told(each) for each in counts or mine if self._fresh(each)] or self._found(subject)

    def _fresh(self, file: Record) -> bool:
        known = self._known.get(file["sha256"])
        return known is None or known["fate"] != file["fate"]

    def _told(self, file: Record) -> str:
        known, why = self._known.get(file["sha256"]), f"（{file['why']}）" if file["why"] else ""
        if known is None:
            return f"收到 {file['file']}{'' if file['fate'] == '已评' else '，' + file['fate']}{why}"
        was = f"{known['fate']}{'（' + known['why'] + '）' if known['why'] else ''}"
        return f"{file['file']} 原来{was}，现在{file['fate']}{why}"

    def _gone(self, unit: str) -> list[str]:
        """What counted and is not there any more, or counts no more."""
        told = list[str]()
        for each in (each for each in self._first.get(unit, []) if each["fate"] == "已评"):
            now = self._there.get(each["sha256"])
            if now is None:
                told.append(f"{each['file']} 不在收回的表里了")
            elif now["fate"] != "已评":
                told.append(self._told(now))
        fresh = [each for each in self._second.get(unit, []) if each["sha256"] not in self._known]
        return told + [self._told(each) for each in fresh]

    def _found(self, subject: Record) -> list[str]:
        """What else the later run says of a unit that is open."""
        if subject["state"] not in OPEN:
            return []
        mine = [each for each in self.after["findings"] if each["unit"] == subject["unit"] and each["level"] != "提示"]
        return [f"{place(each) + '：' if place(each) else ''}{each['message']}" for each in mine[:2]]

    @staticmethod
    def _settled(items: Sequence[ItemChange]) -> list[str]:
        """Between 已评 and 暂定: the lines that are known now and were not, or the other way."""
        known, unknown = list[str](), list[str]()
        for each in (each for each in items if each.before and each.after):
            if each.points[0] is None and each.points[1] is not None:
                known.append(each.id)
            elif each.points[1] is None and each.points[0] is not None:
                unknown.append(each.id)
        told = ((known, "原来待核、现在有分"), (unknown, "现在待核"))
        return [f"{some(ids, '项')} {word}" for ids, word in told if ids]


def _by_unit(files: Sequence[Record]) -> Mapping[str, list[Record]]:
    found = dict[str, list[Record]]()
    for each in files:
        found.setdefault(each["unit"] or "", []).append(each)
    return found


def closed(before: Record, after: Record) -> list[str]:
    """What the later run says of collection being closed and the earlier did not."""
    was, now = ([each["message"] for each in one["findings"] if each["code"] == "closed"] for one in (before, after))
    return [*(each for each in now if each not in was),
            *(f"不再截止收报（原来：{each}）" for each in was if not now)]  # fmt: skip
