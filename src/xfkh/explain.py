"""results.json → sentences: why this many points, from which clause, from which cell."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class ExplainError(Exception):
    """There is nothing to explain: why, and what there is."""


def find_subject(results: Path, name: str) -> Record:
    """The subject of results.json named 单位[/姓名[/工号]]. Raises ExplainError."""
    path = results / "results.json" if results.is_dir() else results
    try:
        subjects: list[Record] = json.loads(path.read_text("utf-8"))["subjects"]
    except FileNotFoundError:
        raise ExplainError(f"{results} 里没有 results.json，先运行 xfkh grade") from None
    except (ValueError, KeyError, TypeError):
        raise ExplainError(f"{path} 不是 xfkh 的结果") from None
    wanted = name.split("/")
    found = [each for each in subjects if _matches(each, wanted)]
    if not found:
        labels = [_label(each) for each in subjects]
        near = difflib.get_close_matches(name, labels, 3, 0.3) or labels[:5]
        raise ExplainError(f"结果里没有「{name}」，有：{'、'.join(near)}")
    if len(found) > 1:
        raise ExplainError(f"「{name}」有 {len(found)} 个：{'、'.join(_label(each) for each in found)}，请写明工号")
    return found[0]


def _label(each: Record) -> str:
    return "/".join(part for part in (each["unit"], each["person"], each["person_id"]) if part)


def _matches(each: Record, wanted: list[str]) -> bool:
    own = [each["unit"], each["person"], each["person_id"]]
    if len(wanted) == 1:
        return own[0] == wanted[0] and own[1] is None
    return len(wanted) <= 3 and own[: len(wanted)] == wanted


def explained(subject: Record, item: str = "", only: bool = False) -> Any:
    """The lines of an explanation; with ``only`` the record of one item."""
    items: dict[str, Record] = subject["items"]
    if item and item not in items:
        near = difflib.get_close_matches(item, list(items), 3, 0.2) or list(items)
        raise ExplainError(
            f"没有指标「{item}」，有：{'、'.join(near)}" if items else f"{_label(subject)} {subject['state']}，没有得分"
        )
    if only:
        return items[item]
    lines = [] if item else _head(subject)
    for id in [item] if item else items:
        lines += _item(id, items[id])
    return lines + ([] if item else [*_targets(subject), *_outcomes(subject)])


def _head(subject: Record) -> list[str]:
    label, state = _label(subject), subject["state"]
    if not subject["items"] and subject["range"] is None:
        return [f"{label}：{state}，没有得分"]
    reviewed = "已复查" if subject["reviewed"] else "未复查，按自评数计"
    if subject["total"] is None:
        low, high = subject["range"]
        span = f"总分不低于 {low}" if high is None else f"总分在 {low} 到 {high} 之间"
        span = f"总分不高于 {high}" if low is None and high is not None else span
        return [f"{label}：{state}，{span if low != high else f'总分 {low}'}（{reviewed}），见 问题清单.xlsx"]
    stage = "（阶段结果，还有单位未定）" if subject["pending"] else ""
    return [f"{label}：总分 {subject['total']}，第 {subject['rank']} 名{stage}（{reviewed}）"]


def _item(id: str, each: Record) -> list[str]:
    of = ("扣分" if id.endswith("-") else "不封顶") if each["of"] is None else f"满分 {each['of']}"
    points = "待核" if each["points"] is None else f"{each['points']} 分"
    lines = [f"{id}　{points}（{of}）　{each['reason']}　依据：{each['clause']}"]
    for name, source in each["sources"].items():
        value = "未知" if source["value"] is None else source["value"]
        place = " ".join(part for part in (source["file"], source["sheet"], source["cell"]) if part)
        changed = f"，自评 {source['self']}" if source["from"] == "核定" and source["self"] is not None else ""
        lines.append(f"　　{name}＝{value}（{source['from']}{changed}{'：' + place if place else ''}）")
    return lines


def _targets(subject: Record) -> list[str]:
    words = {True: "达到", False: "未达到", None: "待核"}
    return [f"工作目标　{id}　{words[met]}" for id, met in subject.get("targets", {}).items()]


def _outcomes(subject: Record) -> list[str]:
    lines = []
    for each in subject["outcomes"]:
        times = f"（{each['count']}×{each['price']}）" if each["count"] is not None else ""
        amount = f"　{each['amount']} 元{times}" if each["amount"] is not None else ""
        marks = "".join(word for key, word in (("pending", "（阶段）"), ("confirm", "（待确认）")) if each[key])
        lines.append(f"{each['kind']}　{each['id']}{amount}{marks}　{each['because']}　依据：{each['clause']}")
    paid = subject["settlement"]
    if paid is not None:
        facts = f"罚款 {paid['fine']} 元，从保证金扣 {paid['from_deposit']} 元，应补缴 {paid['due']} 元"
        lines.append(f"结算　保证金 {paid['deposit']} 元，{facts}")
    return lines
