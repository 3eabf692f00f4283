"""The cover 封面 and the notes 说明 of a template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from ..formula.say import decimal
from ..model import Outcome, RosterUnit, Scheme
from ..scheme import standings
from ..scheme.conditions import most_of
from ..workbook.anchors import CHECKS, COVER, COVER_UNIT, COVER_YEAR, FORM, NOTES
from ..workbook.book import Book, Sheet
from ..workbook.readings import write_readings
from ..workbook.style import FAINT
from .persons import PersonPlan, texts
from .terms import Terms

_OPEN = "打开后上方出现黄条“受保护的视图”的，点“启用编辑”；WPS 提示“只读”的，先另存再填。"
_FILL = "到「填报」表，只填浅黄色格子，点到格子会出现填写要求；没有发生的填 0，不要留空。"
_PERSONS = "「个人」表一行填一个人，空行不用管；同名的各写工号；行不够的，请发放单位给行数更多的表。"
_SCORED = "「自评得分」随填随算；“还有N处待填”变成“已全部填好”再上报，缺什么看「检查」表。"
_AIMED = "目标达到没有，随填随看；“还有N处待填”变成“已全部填好”再上报，缺什么看「检查」表。"
_KEEP = "不要增删行列、改表头、复制工作表。佐证材料的名称写在「材料目录」列。"
_PRIVATE = "不写信访人的姓名、证件号、电话和住址。"
_SEND = "填好后保存为 .xlsx 原样发回，不要转成 PDF 或图片；盖章页可另附扫描件。"
_LEFT, _RIGHT = 1, 4
# half-characters that fit across the cover, into the columns of the notes and across them
_ROOM, _NOTE_ROOMS, _NOTES_ROOM = 97, (25, 69, 19), 113


def write_cover(book: Book, scheme: Scheme, terms: Terms, unit: RosterUnit | None, first: str) -> None:
    """What this is, for whom, by when, whom to return it to; the cells for those who answer for it. ``first`` is the
    first cell of 填报 that is filled in."""
    sheet = book.sheet(COVER, tab=book.theme.ink)
    sheet.widths(3, 16, 30, 16, 30, 3)
    row = _title(sheet, scheme, terms)
    row = _facts(sheet, row + 1, terms, unit)
    row = _signatures(sheet, row + 1)
    row = _how(sheet, row + 1, scheme, first)
    row = _standing(sheet, row + 1, scheme)
    sheet.raw.set_row(0, 10, None, {"hidden": True})
    sheet.print_setup(landscape=False)
    sheet.raw.fit_to_pages(1, 1)
    sheet.raw.print_area(1, 0, row, _RIGHT + 1)
    sheet.protect()
    sheet.raw.activate()


def _title(sheet: Sheet, scheme: Scheme, terms: Terms) -> int:
    """Whose it is and what; returns the next row, as all of these do."""
    theme, row = sheet.book.theme, 1
    if theme.office or theme.logo:
        sheet.logo(row, _LEFT, 44)
        sheet.merge(row, _LEFT, _RIGHT, theme.office, "subtitle_centre", bold=True, shrink=True)
        sheet.raw.set_row(row, 38)
        row += 1
    sheet.merge(row, _LEFT, _RIGHT, scheme.title, "title_centre")
    sheet.height(row, [(scheme.title, 48)], least=44, line=27)
    sheet.merge(row + 1, _LEFT, _RIGHT, f"填报表　{terms.when}", "subtitle_centre")
    sheet.raw.set_row(row + 1, 22)
    return row + 2


def _facts(sheet: Sheet, row: int, terms: Terms, unit: RosterUnit | None) -> int:
    facts: list[list[tuple[str, str | None, str]]] = [
        [("填报单位", unit.name if unit else None, COVER_UNIT), ("年度", terms.year or None, COVER_YEAR)],
        [("类别", unit.category if unit else "", ""), ("代码", unit.code if unit else "", "")],
    ]
    for pair in facts:
        for col, (label, value, id) in zip((1, 3), pair, strict=True):
            sheet.text(row, col, label, "item")
            sheet.text(row, col + 1, value or "", "input_text" if value is None else "cell_wrap")
            if value is None:
                sheet.validate(row, col + 1, col + 1, _asked(label))
            if id:
                sheet.text(0, col + 1, id, "hidden")
        sheet.height(row, [(value or "", 31) for _, value, _ in pair], least=24)
        row += 1
    due, to = terms.due or "按通知要求", terms.return_to or "发放本表的信访工作机构"
    for label, value in (("截止日期", due), ("交回给", to)):
        sheet.text(row, 1, label, "item")
        sheet.merge(row, 2, _RIGHT, value, "cell_strong", font_size=14, font_color=sheet.book.theme.ink, shrink=True)
        sheet.raw.set_row(row, 30)
        row += 1
    return row


def _signatures(sheet: Sheet, row: int) -> int:
    for labels in (("填报人", "审核人"), ("联系电话", "填报日期")):
        for col, label in zip((1, 3), labels, strict=True):
            sheet.text(row, col, label, "item")
            sheet.text(row, col + 1, "", "input_text")
        sheet.raw.set_row(row, 28)
        row += 1
    sheet.text(row, 1, "单位盖章", "item")
    sheet.merge(row, 2, _RIGHT, "（盖章处）", "cell_centre", font_color=FAINT)
    sheet.raw.set_row(row, 80)
    return row + 1


def _how(sheet: Sheet, row: int, scheme: Scheme, first: str) -> int:
    sheet.text(row, 1, "怎样填", "heading")
    sheet.link(row, 3, f"internal:'{FORM}'!{first}", "开始填报 →", "link", bold=True)
    sheet.link(row, 4, f"internal:'{CHECKS}'!A1", "看还缺什么 →", "link", bold=True)
    sheet.raw.set_row(row, 22)
    live = _SCORED if scheme.parts[0].items else _AIMED
    persons = [_PERSONS] if len(scheme.parts) > 1 else []
    steps = [_OPEN, _FILL, *persons, live, _KEEP, _PRIVATE, _SEND]
    return _paragraphs(sheet, row + 1, [f"{k}. {text}" for k, text in enumerate(steps, 1)], "wrap")


def _standing(sheet: Sheet, row: int, scheme: Scheme) -> int:
    """What the scheme is, and what to beware of."""
    if scheme.caution:
        row = _paragraphs(sheet, row, [f"注意：{scheme.caution}。"], "strong_wrap")
    source = f"来源：{scheme.cited}，" if scheme.cited else ""
    status = f"方案状态：{scheme.status}。{source}版本 {scheme.version}。"
    return _paragraphs(sheet, row, [status, *scheme.notes], "muted_wrap")


def _paragraphs(sheet: Sheet, row: int, texts: Sequence[str], style: str) -> int:
    for text in texts:
        sheet.merge(row, _LEFT, _RIGHT, text, style)
        sheet.height(row, [(text, _ROOM)])
        row += 1
    return row


def _asked(label: str) -> dict[str, object]:
    words = "写单位全称，与名册一致" if label == "填报单位" else "写四位年份，如 2025"
    return {"validate": "any", "input_title": label, "input_message": words}


def write_notes(book: Book, scheme: Scheme, persons: PersonPlan | None) -> None:
    """Readings, how persons earn their points, outcomes and duties, so that a unit knows how it is judged."""
    sheet = book.sheet(NOTES)
    sheet.widths(24, 66, 18)
    sheet.text(0, 0, "说明：口径、结果运用、方案状态", "title")
    sheet.raw.set_row(0, 30)
    row = write_readings(sheet, 2, scheme, 68) + 2
    if persons is not None:
        row = _table(sheet, row, ["个人指标", "计分办法", "分值"], texts(persons)) + 1
    row = _table(sheet, row, ["结果运用", "条件", "金额（元）"], _outcomes(scheme)) + 1
    if scheme.duties:
        sheet.text(row, 0, "工作要求（不计分）", "heading")
        sheet.raw.set_row(row, 20)
        row = _lines(sheet, row + 1, [f"· {text}" for text in scheme.duties], "wrap") + 1
    row = _lines(sheet, row, standings(scheme), "wrap")
    _lines(sheet, row, scheme.notes, "muted_wrap")
    sheet.print_setup(landscape=False)
    sheet.protect()


def _table(sheet: Sheet, row: int, heads: Sequence[str], rows: Iterable[tuple[str, str, str]]) -> int:
    """A head and three columns of text; the row after it."""
    sheet.row(row, heads, "head")
    sheet.raw.set_row(row, 20)
    for each in rows:
        row += 1
        sheet.row(row, each, "cell_wrap")
        sheet.height(row, list(zip(each, _NOTE_ROOMS, strict=True)))
    return row + 1


def _lines(sheet: Sheet, row: int, said: Sequence[str], style: str) -> int:
    for text in said:
        sheet.merge(row, 0, 2, text, style)
        sheet.height(row, [(text, _NOTES_ROOM)])
        row += 1
    return row


def _outcomes(scheme: Scheme) -> Iterator[tuple[str, str, str]]:
    for part, outcome in ((each, one) for each in scheme.parts for one in each.outcomes):
        reasons = f"，具备一条即可：{'；'.join(each.because for each in outcome.reasons)}" if outcome.reasons else ""
        said = f"{outcome.because}{reasons}（依据：{outcome.clause}）"
        name = f"{'个人：' if part.many else ''}{outcome.id.replace('.', '：')}（{outcome.kind}）"
        yield name, said, _amount(scheme, outcome)


def _amount(scheme: Scheme, outcome: Outcome) -> str:
    """What an outcome is worth, in yuan."""
    if outcome.price is not None:
        most = most_of(outcome)
        return f"每起 {decimal(outcome.price)}" + (f"，最多 {decimal(most)}" if most is not None else "")
    if outcome.parameter:
        value = next(each.value for each in scheme.parameters if each.id == outcome.parameter)
        return "数额未定" if value is None else _sum(value, outcome)
    return _sum(outcome.amount, outcome) if outcome.amount is not None else "—"


def _sum(amount: Fraction, outcome: Outcome) -> str:
    return f"共 {decimal(amount)}，按比例分" if outcome.share else decimal(amount)
