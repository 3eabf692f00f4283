"""The cover 封面 and the notes 说明 of a template."""

from __future__ import annotations

from ..formula.say import decimal
from ..model import Outcome, RosterUnit, Scheme
from ..workbook import Book
from ..workbook.anchors import COVER, COVER_UNIT, COVER_YEAR, NOTES
from ..workbook.readings import write_readings
from .terms import Terms

_HOW = (
    "打开后如果上方出现黄条“受保护的视图”，点“启用编辑”；WPS 如提示“只读”，先另存到自己电脑再填。",
    "到「填报」表，只填浅黄色格子；鼠标点到格子上会出现填写要求。没有发生的填 0，不要留空。",
    "右侧「自评得分」随填随算；「检查」表会说清还缺什么、哪里前后矛盾，全部显示“已填”再上报。",
    "不要增删行列、改表头、复制工作表；需要说明的写在「材料目录」列。不写信访人的姓名、证件号、电话和住址。",
    "填好后保存为 .xlsx 原样发回，不要转成 PDF 或图片；盖章页可另附扫描件。",
)


_HOW_PERSONS = (
    "到「个人」表，一行填一个人，空行不用管；同名的人各写工号。行满了还有人的，请发放单位给行数更多的表。"
    "每个人的得分在「个人得分」表。"
)


def write_cover(book: Book, scheme: Scheme, terms: Terms, unit: RosterUnit | None) -> None:
    """What this is, for whom, by when, whom to return it to; the cells for those who answer for it."""
    sheet = book.sheet(COVER, tab="#1F3A5F")
    sheet.widths(3, 16, 30, 16, 30, 3)
    sheet.merge(1, 1, 4, scheme.title, "title_centre")
    sheet.raw.set_row(1, 44)
    sheet.merge(2, 1, 4, f"填报表　{terms.when}", "subtitle_centre")
    sheet.raw.set_row(2, 22)
    row = 4
    facts = [
        ("填报单位", unit.name if unit else None, COVER_UNIT),
        ("年度", terms.year or None, COVER_YEAR),
        ("类别", unit.category if unit else "", ""),
        ("代码", unit.code if unit else "", ""),
        ("截止日期", terms.due or "按通知要求", ""),
        ("交回给", terms.return_to or "发放本表的信访工作机构", ""),
    ]
    for k, (label, value, id) in enumerate(facts):
        at, col = row + k // 2, 1 + 2 * (k % 2)
        sheet.text(at, col, label, "item")
        sheet.raw.set_row(at, 24)
        if value is None:
            sheet.text(at, col + 1, "", "input_text")
            sheet.validate(at, col + 1, col + 1, _asked(label))
        else:
            sheet.text(at, col + 1, value, "cell_wrap")
        if id:
            sheet.text(0, col + 1, id, "hidden")
    row += 4
    for k, label in enumerate(("填报人", "审核人", "联系电话", "填报日期")):
        at, col = row + k // 2, 1 + 2 * (k % 2)
        sheet.text(at, col, label, "item")
        sheet.text(at, col + 1, "", "input_text")
        sheet.raw.set_row(at, 28)
    sheet.text(row + 2, 1, "单位盖章", "item")
    sheet.merge(row + 2, 2, 4, "（盖章处）", "cell_centre", font_color="#B8C4D2")
    sheet.raw.set_row(row + 2, 80)
    row += 4
    sheet.text(row, 1, "怎样填", "strong")
    live = _HOW[2] if scheme.parts[0].items else _HOW[2].replace("右侧「自评得分」随填随算", "右侧随填随看目标达到没有")
    how = [*_HOW[:2], *([_HOW_PERSONS] if len(scheme.parts) > 1 else []), live, *_HOW[3:]]
    for k, text in enumerate(how, 1):
        sheet.merge(row + k, 1, 4, f"{k}. {text}", "wrap")
        sheet.height(row + k, [(f"{k}. {text}", 92)])
    row += len(how) + 2
    status = f"方案状态：{scheme.status}。来源：{scheme.source}（{scheme.date}），版本 {scheme.version}。"
    if scheme.caution:
        sheet.merge(row, 1, 4, f"注意：{scheme.caution}。", "strong_wrap")
        sheet.height(row, [(scheme.caution, 88)])
        row += 1
    for text in (status, *scheme.notes):
        sheet.merge(row, 1, 4, text, "muted_wrap")
        sheet.height(row, [(text, 92)])
        row += 1
    sheet.raw.set_row(0, 10, None, {"hidden": True})
    sheet.print_setup(landscape=False, footer=f"{scheme.title}　{terms.when}")
    sheet.raw.print_area(1, 0, row, 5)
    sheet.protect()
    sheet.raw.activate()


def _asked(label: str) -> dict[str, object]:
    words = "写单位全称，与名册一致" if label == "填报单位" else "写四位年份，如 2025"
    return {"validate": "any", "input_title": label, "input_message": words}


def write_notes(book: Book, scheme: Scheme, terms: Terms) -> None:
    """Readings, outcomes and duties, so that a unit knows how it is judged."""
    sheet = book.sheet(NOTES)
    sheet.widths(20, 70, 18)
    sheet.text(0, 0, "说明：口径、结果运用、方案状态", "title")
    sheet.raw.set_row(0, 30)
    row = write_readings(sheet, 2, scheme, 70)
    row += 2
    sheet.row(row, ["结果运用", "条件", "金额（元）"], "head")
    for part, outcome in ((each, one) for each in scheme.parts for one in each.outcomes):
        row += 1
        reasons = f"，具备一条即可：{'；'.join(each.because for each in outcome.reasons)}" if outcome.reasons else ""
        said = f"{outcome.because}{reasons}（依据：{outcome.clause}）"
        name = f"{'个人：' if part.many else ''}{outcome.id}（{outcome.kind}）"
        sheet.row(row, [name, said, _amount(scheme, outcome)], "cell_wrap")
        sheet.height(row, [(said, 70), (name, 18)])
    row += 2
    if scheme.duties:
        sheet.text(row, 0, "工作要求（不计分）", "strong")
        for text in scheme.duties:
            row += 1
            sheet.merge(row, 0, 2, f"· {text}", "wrap")
            sheet.height(row, [(text, 100)])
        row += 2
    for text in scheme.notes:
        sheet.merge(row, 0, 2, text, "muted_wrap")
        sheet.height(row, [(text, 100)])
        row += 1
    sheet.print_setup(landscape=False, footer=f"{scheme.title}　{terms.when}")
    sheet.protect()


def _amount(scheme: Scheme, outcome: Outcome) -> str:
    """What an outcome is worth, in yuan."""
    if outcome.price is not None:
        return f"每起 {decimal(outcome.price)}"
    if outcome.parameter:
        value = next(each.value for each in scheme.parameters if each.id == outcome.parameter)
        return "数额未定" if value is None else decimal(value)
    return decimal(outcome.amount) if outcome.amount is not None else "—"
