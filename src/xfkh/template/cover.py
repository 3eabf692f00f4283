"""The cover 封面 and the notes 说明 of a template."""

from __future__ import annotations

from ..formula.say import decimal
from ..model import Part, RosterUnit, Scheme
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
    for k, text in enumerate(_HOW, 1):
        sheet.merge(row + k, 1, 4, f"{k}. {text}", "wrap")
        sheet.height(row + k, [(f"{k}. {text}", 92)])
    row += len(_HOW) + 2
    status = f"方案状态：{scheme.status}。来源：{scheme.source}（{scheme.date}），版本 {scheme.version}。"
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


def write_notes(book: Book, scheme: Scheme, part: Part, terms: Terms) -> None:
    """Readings, outcomes and the full marks, so that a unit knows how it is judged."""
    sheet = book.sheet(NOTES)
    sheet.widths(16, 70, 18)
    sheet.text(0, 0, "说明：口径、结果运用、方案状态", "title")
    sheet.raw.set_row(0, 30)
    row = write_readings(sheet, 2, scheme, 70)
    row += 2
    sheet.row(row, ["结果运用", "条件", "金额（元）"], "head")
    for outcome in part.outcomes:
        row += 1
        said = f"{outcome.because}（依据：{outcome.clause}）"
        amount = decimal(outcome.amount) if outcome.amount is not None else "—"
        sheet.row(row, [f"{outcome.id}（{outcome.kind}）", said, amount], "cell_wrap")
        sheet.height(row, [(said, 70), (f"{outcome.id}（{outcome.kind}）", 16)])
    row += 2
    for text in scheme.notes:
        sheet.merge(row, 0, 2, text, "muted_wrap")
        sheet.height(row, [(text, 100)])
        row += 1
    sheet.print_setup(landscape=False, footer=f"{scheme.title}　{terms.when}")
    sheet.protect()
