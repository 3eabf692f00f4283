"""results.json → sentences: why this many points, from which clause, from which cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .console import meant, near
from .recorded import Record, label, place, read_record
from .text import some


class Found(NamedTuple):
    """A subject of a result: its record, the scheme's id, the outcomes that anybody of its part has, and why it has no
    points."""

    record: Record
    scheme: str
    awarded: list[str]
    why: list[str]


class ExplainError(Exception):
    """There is nothing to explain: why, and what there is."""


def find_subject(results: Path, name: str) -> Found:
    """The subject of results.json named 单位[/姓名[/工号]]. Raises ExplainError, or ResultsError."""
    record = read_record(results, "scheme")
    subjects: list[Record] = record["subjects"]
    wanted = name.strip("/").split("/")
    found = [each for each in subjects if _matches(each, wanted)]
    if not found:
        labels = [label(each) for each in subjects]
        raise ExplainError(f"结果里没有「{name}」{meant(near(name, labels)) or _first(labels)}")
    if len(found) > 1:
        raise ExplainError(f"「{name}」有 {len(found)} 个：{'、'.join(label(each) for each in found)}，请写明工号")
    mine = (award["id"] for each in subjects if each["part"] == found[0]["part"] for award in each["outcomes"])
    return Found(found[0], record["scheme"], list(dict.fromkeys(mine)), _why(record, found[0]))


def unfinished(results: Path) -> str:
    """What to beware of where the run that wrote the results was interrupted; old and new ones lie there together."""
    from .kept import UNDONE

    folder = results if results.is_dir() else results.parent
    if not (folder / UNDONE).exists():
        return ""
    return f"{folder} 里的结果没有写完，新旧混在一起，说明可能不对；请重新运行 xfkh grade"


def _why(record: Record, subject: Record) -> list[str]:
    """Of a subject that is 未报, 退回 or 待定: what keeps it out, and how to mend it."""
    if subject["items"] or subject["range"] is not None or subject["state"] in ("已评", "暂定"):
        return []
    findings: list[Record] = record.get("findings", [])
    closed = [each for each in findings if each["code"] == "closed" and _names(each, subject["unit"])]
    mine = [each for each in findings if each["unit"] == subject["unit"] and each["level"] != "提示"]
    if subject["person"] is not None:
        mine = [each for each in mine if subject["person"] in each["message"]] or mine
    told = {each["file"] for each in mine}
    files = [f"{each['file']}：{each['why']}" for each in record.get("files", [])
             if each["unit"] == subject["unit"] and each["fate"] in ("退回", "待定")
             and each["file"] not in told]  # fmt: skip
    return [f"　　{line}" for line in (*map(_finding, (*closed, *mine)), *files)]


def _names(closed: Record, unit: str) -> bool:
    """Whether a unit is among those for which collection was closed."""
    return unit in closed["message"].rpartition("：")[2].removesuffix(" 不参评").split("、")


def _finding(each: Record) -> str:
    where = place(each)
    return f"[{each['level']}] {where + '：' if where else ''}{each['message']}　→ {each['mend']}"


def _first(labels: Sequence[str]) -> str:
    return f"，有：{some(labels, '个')}" if labels else "，一个单位也没有"


def _matches(each: Record, wanted: list[str]) -> bool:
    own = [each["unit"], each["person"], each["person_id"]]
    if len(wanted) == 1:
        return own[0] == wanted[0] and own[1] is None
    return len(wanted) <= 3 and own[: len(wanted)] == wanted


def explained(found: Found, asked: str = "") -> list[str]:
    """The lines of an explanation; of one item, target or outcome where it is asked for. Raises ExplainError."""
    subject, items = found.record, found.record["items"]
    if not asked:
        lines = [line for id, each in items.items() for line in _item(id, each)]
        return [*_head(subject), *found.why, *lines, *_targets(subject), *_outcomes(subject)]
    _check(found, asked)
    lines = _item(asked, items[asked]) if asked in items else []
    lines += [*_targets(subject, asked), *_outcomes(subject, asked)]
    return lines or [f"{label(subject)} 没有「{asked}」；什么情况下有，看 xfkh schemes {found.scheme}"]


def asked_record(found: Found, asked: str) -> Record:
    """The record of one item, else of an outcome, else of a target. Raises ExplainError."""
    _check(found, asked)
    subject = found.record
    records = [subject["items"].get(asked), *(each for each in subject["outcomes"] if each["id"] == asked)]
    if asked in subject.get("targets", {}):
        records.append({"id": asked, "met": subject["targets"][asked]})
    return next((each for each in records if each is not None), {"id": asked, "given": False})


def _check(found: Found, asked: str) -> None:
    """Raises ExplainError for a name that is none of an item, a target or an outcome."""
    subject = found.record
    if subject["range"] is None and not subject["items"]:
        raise ExplainError("\n".join([f"{label(subject)} {subject['state']}，没有得分", *found.why]))
    known = list(dict.fromkeys([*subject["items"], *subject.get("targets", {}), *found.awarded]))
    if asked not in known:
        what = "指标、工作目标或奖惩" if subject["items"] else "工作目标或奖惩（本方案没有指标）"
        hint = meant(near(asked, known)) or (f"，有：{'、'.join(known)}" if known else "")
        raise ExplainError(f"没有叫「{asked}」的{what}{hint}")


def _head(subject: Record) -> list[str]:
    who, state = label(subject), subject["state"]
    if not subject["items"] and subject["range"] is None:
        return [f"{who}：{state}，没有得分"]
    reviewed = _reviewed(subject)
    if subject["total"] is None:
        low, high = subject["range"]
        span = f"总分不低于 {low}" if high is None else f"总分在 {low} 到 {high} 之间"
        span = f"总分不高于 {high}" if low is None and high is not None else span
        return [f"{who}：{state}，{span if low != high else f'总分 {low}'}（{reviewed}），见 问题清单.xlsx"]
    stage = "（阶段结果，还有单位未定）" if subject["pending"] else ""
    among = subject["group"] or ""
    rank = f"，{among}第 {subject['rank']} 名" if subject["rank"] is not None else ""
    rank += "（排到最后，不论总分）" if subject.get("last") else ""
    rank = "，单列，不排名" if subject.get("apart") else rank
    how = f"（折算：{subject['conversion']}）" if "conversion" in subject else ""
    return [f"{who}：总分 {subject['total']}{how}{rank}{stage}（{reviewed}）"]


def _reviewed(subject: Record) -> str:
    """已复查 only where every figure was verified."""
    if not subject["reviewed"]:
        return "未复查，按自评数计"
    found = subject.get("review", {"verified": 0, "of": 0})
    verified, of = found["verified"], found["of"]
    return "已复查" if verified == of else f"部分复查，核定 {verified}/{of} 项，其余按自评数计"


def _item(id: str, each: Record) -> list[str]:
    of = ("扣分" if id.endswith("-") else "不封顶") if each["of"] is None else f"{_most(id)} {each['of']}"
    points = "待核" if each["points"] is None else f"{each['points']} 分"
    lines = [f"{id}　{points}（{of}）　{each['reason']}　依据：{each['clause']}"]
    for name, source in each["sources"].items():
        value = "未知" if source["value"] is None else source["value"]
        if source["value"] is None and source["self"] is not None:
            value = "待核" if source["from"] == "核定" else f"{source['self']}，待核"
        where = place(source)
        changed = f"，自评 {source['self']}" if source["from"] == "核定" and source["self"] is not None else ""
        shown = source.get("label", name)
        lines.append(f"　　{shown}＝{value}（{source['from']}{changed}{'：' + where if where else ''}）")
    return lines


def _most(id: str) -> str:
    """What the points of a line are: its full mark, or the most that it adds or takes."""
    return {"+": "最多加", "-": "最多扣"}.get(id[-1:], "满分")


def _targets(subject: Record, only: str = "") -> list[str]:
    words = {True: "达到", False: "未达到", None: "待核"}
    held = subject.get("targets", {}).items()
    return [f"工作目标　{id}　{words[met]}" for id, met in held if only in ("", id)]


def _outcomes(subject: Record, only: str = "") -> list[str]:
    lines = []
    for each in (each for each in subject["outcomes"] if only in ("", each["id"])):
        times = f"（{each['count']}×{each['price']:,}）" if each["count"] is not None else ""
        amount = f"　{each['amount']:,} 元{times}" if each["amount"] is not None else ""
        marks = "".join(word for key, word in (("pending", "（阶段）"), ("confirm", "（待确认）")) if each[key])
        lines.append(f"{each['kind']}　{each['id']}{amount}{marks}　{each['because']}　依据：{each['clause']}")
    paid = subject["settlement"]
    if paid is not None and not only:
        facts = f"罚款 {paid['fine']:,} 元，从保证金扣 {paid['from_deposit']:,} 元，应补缴 {paid['due']:,} 元"
        lines.append(f"结算　保证金 {paid['deposit']:,} 元，{facts}")
    return lines
