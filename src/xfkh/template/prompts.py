"""What an input cell says when the cursor stands on it, and what Excel refuses there."""

from __future__ import annotations

from typing import Any

from ..model import Input, InputKind


def validation(each: Input, clause: str) -> dict[str, Any]:
    """The data validation of one input cell; ``clause`` says where it is asked for."""
    options: dict[str, Any] = {"input_title": each.name[:32], "error_title": "填写有误"}
    blank = f"不填{each.optional}。" if each.optional else ""
    if each.kind is InputKind.FLAG:
        options |= {"validate": "list", "source": ["是", "否"]}
        options["input_message"] = f"从下拉框选“是”或“否”。{blank}{_note(each)}{clause}"[:250]
        options["error_message"] = "请选“是”或“否”。"
    elif each.kind is InputKind.COUNT:
        options |= {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": each.most}
        options["input_message"] = f"填 0 或正整数（{each.unit}），没有填 0，不要留空。{_note(each)}{clause}"[:250]
        options["error_message"] = "请填 0 或正整数，不带单位和文字。"
    else:
        limit = each.most
        options |= {"validate": "decimal", "criteria": "between", "minimum": each.minimum, "maximum": limit}
        span = f"{each.minimum} 到 {limit} 之间的数" if each.maximum is not None else "0 或正数"
        options["input_message"] = f"填{span}（{each.unit}）。{blank}{_note(each)}{clause}"[:250]
        options["error_message"] = f"请填{span}，不带单位和文字。"
    return options


def _note(each: Input) -> str:
    return f"{each.note.rstrip('。')}。" if each.note else ""
