"""What an input cell says when the cursor stands on it, and what Excel refuses there."""

from __future__ import annotations

from typing import Any

from ..model import Input, InputKind


def validation(each: Input, clause: str, note: str = "") -> dict[str, Any]:
    """The data validation of one input cell; ``clause`` says where it is asked for, ``note`` what does not stand
    beside the cell already."""
    blank = f"可不填：{each.optional}。" if each.optional else ""
    asked, refusal, rule = _asked(each)
    said = f"{note.rstrip('。')}。" if note else ""
    message = f"{asked}。{blank}{said}{clause}"[:250]
    return {"input_title": each.name[:32], "input_message": message, "error_title": "填写有误",
            "error_message": f"{refusal}。", **rule}  # fmt: skip


def _asked(each: Input) -> tuple[str, str, dict[str, Any]]:
    """What to fill in, what is said of anything else, and what Excel takes."""
    if each.kind is InputKind.FLAG:
        return "选“是”或“否”", "请选“是”或“否”", {"validate": "list", "source": ["是", "否"]}
    limits: dict[str, Any] = {"criteria": "between", "minimum": each.minimum, "maximum": each.most}
    if each.kind is InputKind.COUNT:
        most = f" {each.minimum} 到 {each.most} 的" if each.maximum is not None else ""
        words, refusal, kind = f"填{most}整数，没有填 0", f"请填{most or ' 0 或正'}整数", "integer"
    else:
        span = f"{each.minimum} 到 {each.most} 之间的数" if each.maximum is not None else "0 或正数"
        words, refusal, kind = f"填 {span}", f"请填 {span}", "decimal"
    return words, f"{refusal}，不带单位和文字", {"validate": kind, **limits}
