"""The fill-in sheet 填报 and the sheet 检查 that says in words what is missing or contradictory."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..formula import excel, refs
from ..formula.say import say
from ..model import Input, InputKind, Origin, Part, RosterUnit, captioned
from ..results import NOT_MINE, UNCOUNTED
from ..rules.points import points_text
from ..workbook.anchors import (
    CHECKS,
    CORNER,
    FORM,
    MAXIMUM,
    NUMBERS,
    PER_ROW,
    PERSON_POINTS,
    PERSONS,
    answer,
    place,
)
from ..workbook.anchors import LABEL as LABEL_ID
from ..workbook.anchors import MATERIALS as MATERIALS_ID
from ..workbook.anchors import SCORE as SCORE_ID
from ..workbook.anchors import STATUS as STATUS_ID
from ..workbook.book import Book, Sheet, cell
from ..workbook.paging import keep_together
from ..workbook.style import INPUT_TAB, MUTED, NOTE
from ..workbook.style import POINTS as POINTS_FORMAT
from . import formulas as f
from .layout import (
    ANSWER,
    CODE,
    FIRST_ROW,
    HEAD_ROW,
    ID,
    LABEL,
    LAST_ANSWER,
    MATERIALS,
    POINTS,
    SCORE,
    STATUS,
    TITLE_ROW,
    TOTAL_ROW,
    InputRow,
    ItemRow,
    Layout,
    SectionRow,
    TargetRow,
)
from .persons import Crew, PersonPlan, PersonSheets
from .prompts import validation
from .values import Live

WIDTHS = (4, 6.5, 31, 8.3, 8.3, 8.3, 8.3, 8.3, 8.3, 7, 10, 15, 25)
# half-characters that fit: of small print across the answer cells and beside one, of bold print in a label
_RULE_ROOM, _NOTE_ROOM, _LABEL_ROOM = 61, 50, 32
CHECK_FIRST = 4
_CHECK_WIDTHS = (7, 50, 46)
_CHECK_ROOMS = (52, 48)
Scores = dict[str, tuple[str, Fraction | None]]
"""Item → the cell that shows its points, and the points."""
Counted = tuple[str, Fraction | str]


class Form:
    """Writes both sheets for one subject."""

    def __init__(
        self,
        book: Book,
        part: Part,
        layout: Layout,
        formulas: f.Formulas,
        live: Live,
        row: int,
        crew: tuple[PersonPlan, Crew] | None = None,
    ) -> None:
        self.book, self.part, self.layout, self.formulas, self.live, self.row = book, part, layout, formulas, live, row
        self.materials = set[int]()
        self.form: Sheet = book.sheet(FORM, tab=INPUT_TAB)
        self.persons: PersonSheets | None = None
        if crew is not None:
            sheets = book.sheet(PERSONS, tab=INPUT_TAB), book.sheet(PERSON_POINTS)
            self.persons = PersonSheets(book, *crew, *sheets)
        self.checks: Sheet = book.sheet(CHECKS)

    def write(self, title: str, unit: RosterUnit | None) -> None:
        self._head(title)
        for band in self.layout.bands:
            self._band(band.row, band.title)
        for target in self.layout.targets:
            self._target(target)
        scores = self._items()
        for each in self.layout.inputs:
            self._input(each, unit)
        self._total(scores, self._sections(scores))
        self._finish()
        if self.persons is not None:
            self.persons.write(title, unit.name if unit else "")
        self._checks()

    def _head(self, title: str) -> None:
        sheet = self.form
        sheet.text(0, ID, CORNER, "hidden")
        for k in range(1, PER_ROW + 1):
            sheet.text(0, ANSWER + k - 1, answer(k), "hidden")
        for col, name in (
            (LABEL, LABEL_ID),
            (SCORE, SCORE_ID),
            (STATUS, STATUS_ID),
            (MATERIALS, MATERIALS_ID),
            (POINTS, MAXIMUM),
        ):
            sheet.text(0, col, name, "hidden")
        sheet.merge(TITLE_ROW, CODE, MATERIALS, title, "title", shrink=True)
        sheet.raw.set_row(TITLE_ROW, 30)
        sheet.raw.set_row(TOTAL_ROW, 22)
        sheet.raw.set_row(HEAD_ROW, 20)
        heads = [
            NUMBERS,
            "指标 / 填报项",
            "计分办法 / 填报（只填浅黄色格子）",
            *[""] * (PER_ROW - 1),
            "分值" if self.layout.items else "",
            "自评得分" if self.layout.items else "自评情况",
            "检查",
        ]
        for col, text in enumerate(heads, CODE):
            sheet.text(HEAD_ROW, col, text, "head")
        sheet.merge(HEAD_ROW, ANSWER, LAST_ANSWER, heads[2], "head")
        sheet.text(HEAD_ROW, MATERIALS, "材料目录", "head")

    def _items(self) -> Scores:
        """Writes the item rows."""
        scores = Scores()
        for each in self.layout.items:
            value = self._item(each)
            scores[each.item.id] = (cell(each.row, SCORE), value)
        return scores

    def _band(self, row: int, title: str) -> None:
        sheet = self.form
        sheet.text(row, CODE, "", "section_centre")
        sheet.merge(row, LABEL, LAST_ANSWER, title, "section")
        for col in (POINTS, SCORE, STATUS, MATERIALS):
            sheet.text(row, col, "", "section")
        sheet.raw.set_row(row, 20)

    def _target(self, each: TargetRow) -> None:
        """A goal: 达到, 未达到 or 待填."""
        sheet, target = self.form, each.target
        note = f"{captioned(say(each.node), [self.part])}。依据：{target.clause}"
        sheet.text(each.row, ID, f"#目标:{target.id}", "hidden")
        sheet.text(each.row, CODE, "", "item_centre")
        sheet.text(each.row, LABEL, target.title, "item")
        sheet.merge(each.row, ANSWER, LAST_ANSWER, note, "item_note")
        sheet.text(each.row, POINTS, "目标", "item_centre")
        sheet.text(each.row, STATUS, "", "item_centre")
        self._materials(each.row, target.title)
        sheet.height(each.row, [(note, _RULE_ROOM), (target.title, _LABEL_ROOM)], least=19, line=13.5)
        if target.id not in self.formulas.targets:
            sheet.text(each.row, SCORE, f.BY_REVIEW, "item_centre")
            return
        met = self.live.targets[target.id][self.row]
        shown = f.WAITING if met is None else f.MET if met else f.UNMET
        sheet.formula(each.row, SCORE, self.formulas.targets[target.id], shown, "item_centre")

    def _item(self, each: ItemRow) -> Fraction | None:
        sheet, item, rule = self.form, each.item, each.rule
        note = f"{rule.text}。依据：{item.clause}"
        if not rule.counted:
            note += "。本期只看进度，不计分"
        if item.materials:
            note += f"。须附材料：{item.materials}"
        sheet.text(each.row, ID, f"#{item.id}", "hidden")
        sheet.text(each.row, CODE, item.id, "item_centre")
        sheet.text(each.row, LABEL, item.title, "item")
        sheet.merge(each.row, ANSWER, LAST_ANSWER, note, "item_note")
        self._worth(each)
        self._materials(each.row, item.id, item.materials)
        sheet.height(each.row, [(note, _RULE_ROOM), (item.title, _LABEL_ROOM)], least=19, line=13.5)
        if not rule.live(self.part):
            sheet.text(each.row, SCORE, f.BY_REVIEW, "item_centre")
            return None
        value = self.live.points[item.id][self.row]
        shown = f.WAITING if value is None else value
        sheet.formula(each.row, SCORE, self.formulas.points[item.id], shown, "item_centre", num_format=POINTS_FORMAT)
        return value

    def _worth(self, each: ItemRow) -> None:
        """The full mark, and where that is not the same for all, why it does not count."""
        sheet, id = self.form, each.item.id
        if id in self.formulas.marks:
            shown = self.live.marks[id][self.row]
            sheet.formula(each.row, POINTS, self.formulas.marks[id], shown, "item_centre", num_format=POINTS_FORMAT)
        else:
            sheet.text(each.row, POINTS, points_text(each.rule.of, id), "item_centre")
        if id in self.formulas.excuses:
            why = self.live.excuse(self.row, id)
            sheet.formula(each.row, STATUS, self.formulas.excuses[id], why, "item_centre")
        else:
            sheet.text(each.row, STATUS, "", "item_centre")

    def _materials(self, row: int, of: str, asked: str = "") -> None:
        """Where evidence is listed: beside the last answer, so that it is reached after the answers; an item that only
        asks for evidence has it in its own row."""
        place = self.layout.last_answer(row)
        if place is not None or not asked:
            self.form.text(row, MATERIALS, "", "item")
        if place is None and asked:
            place = row
        if place is None:
            return
        self.materials.add(place)
        self.form.text(place, MATERIALS, "", "input_text")
        words = f"须附：{asked}。写材料名称" if asked else "写佐证材料名称或要说明的，没有不用写"
        self._prompt(place, MATERIALS, f"{of}　材料目录"[:32], f"{words}；不写个人信息。")

    def _input(self, each: InputRow, unit: RosterUnit | None) -> None:
        sheet = self.form
        sheet.text(each.row, ID, place(each.cells[0])[0], "hidden")
        sheet.text(each.row, CODE, "", "cell")
        self._labels(each)
        for col in range(ANSWER, LAST_ANSWER + 1):
            sheet.text(each.row, col, "", "locked")
        if not each.editable:
            self._given(each, unit)
            return
        for name in each.active:
            col = ANSWER + each.cells.index(name)
            sheet.put(each.row, col, self.live.answer(self.row, name), "input")
            self.form.validate(each.row, col, col, validation(each.input, self._clause(each.input)))
            if not each.input.series:
                self.book.name(name, sheet, each.row, col)
        if not each.input.series:
            note = "　".join(part for part in (each.input.unit, each.input.note) if part)
            sheet.merge(each.row, ANSWER + 1, LAST_ANSWER, note, "cell_note")
            sheet.height(each.row, [(note, _NOTE_ROOM)], least=18, line=13)
        text = self.formulas.status[each.row]
        sheet.formula(each.row, STATUS, text, self.live.status(self.row, each), "cell_centre")
        for col in (POINTS, SCORE, *([] if each.row in self.materials else [MATERIALS])):
            sheet.text(each.row, col, "", "cell")

    def _labels(self, each: InputRow) -> None:
        sheet, first = self.form, each.cells[0]
        part = "" if not each.input.series or len(each.input.cells) <= PER_ROW else self._half(each)
        sheet.text(each.row, LABEL, f"　{each.input.name}{part}", "cell_wrap")
        if not each.captioned:
            return
        captions = dict(zip(each.input.cells, each.input.captions(), strict=True))
        above = each.row - 1
        measure = f"（单位：{each.input.unit}）" if each.input.unit else ""
        note = f"{each.input.note}{measure}" if first == each.input.cells[0] else ""
        sheet.text(above, CODE, "", "cell")
        sheet.text(above, LABEL, note, "cell_note")
        for k in range(PER_ROW):
            sheet.text(above, ANSWER + k, captions[each.cells[k]] if k < len(each.cells) else "", "caption")
        for col in (POINTS, SCORE, STATUS, MATERIALS):
            sheet.text(above, col, "", "cell")
        sheet.height(above, [(note, _LABEL_ROOM + 3)], least=16, line=13)

    def _half(self, each: InputRow) -> str:
        captions = dict(zip(each.input.cells, each.input.captions(), strict=True))
        return f"（{captions[each.cells[0]]}至{captions[each.cells[-1]]}）"

    def _given(self, each: InputRow, unit: RosterUnit | None) -> None:
        """A figure that the unit does not fill: from the roster, or left to the review."""
        sheet = self.form
        if each.input.kind in (InputKind.TEXT, InputKind.DATE):
            value = (unit.attribute(each.input.name) if unit else "") or each.input.default
            style = "input" if each.input.options and unit is None else "locked"
            sheet.merge(each.row, ANSWER, ANSWER + 1, value, style)
            if style == "input":
                # nobody knows yet whose form it becomes; the roster says so once it comes back
                options = {"validate": "list", "source": list(each.input.options)}
                sheet.validate(each.row, ANSWER, ANSWER, options)
            note, start = each.input.note, ANSWER + 2
        elif each.input.origin is Origin.PREVIOUS:
            for col, cell in enumerate(each.cells, ANSWER):
                sheet.put(each.row, col, self.live.answer(self.row, cell), "locked")
            note, start = f"由上年结果给出，单位不填。{each.input.note}", ANSWER + len(each.cells)
        elif each.input.origin is Origin.ROSTER:
            value = (unit.attributes.get(each.input.name) if unit else "") or each.input.default
            known = self.live.answer(self.row, each.input.name)
            sheet.put(each.row, ANSWER, value if known is None else known, "locked", bold=True)
            note, start = "　".join(filter(None, (each.input.unit, each.input.note))), ANSWER + 1
        else:
            sheet.text(each.row, ANSWER, "—", "locked")
            note, start = f"由复查填写，单位不填。{each.input.note}", ANSWER + 1
        # of a series the figures need the room; the note stands above them
        if start <= LAST_ANSWER:
            sheet.merge(each.row, start, LAST_ANSWER, note, "cell_note")
            sheet.height(each.row, [(note, _NOTE_ROOM)], least=18, line=13)
        for col in (POINTS, SCORE, STATUS, MATERIALS):
            sheet.text(each.row, col, "", "cell")

    def _prompt(self, row: int, col: int, title: str, text: str) -> None:
        self.form.validate(row, col, col, {"validate": "any", "input_title": title, "input_message": text[:250]})

    def _clause(self, each: Input) -> str:
        clauses = [row.item.clause for row in self.layout.items if set(each.cells).intersection(row.rule.shows)]
        clauses += [row.target.clause for row in self.layout.targets if set(each.cells).intersection(refs(row.node))]
        return f"依据：{clauses[0]}。" if clauses else ""

    def _sections(self, scores: Scores) -> list[str]:
        """Beside its full mark a section shows what counts towards that alone; gives the cells that make the total."""
        made = list[str]()
        for each in self.layout.sections:
            own = [row for row in self.layout.items if row.item.section == each.section.id]
            listed = [row for row in own if not row.item.extra]
            extras = [row for row in own if row.item.extra and listed]
            full = self._full(listed)
            last = self._beside(each.row, extras) if extras else LAST_ANSWER
            self._section(each, last, full, self._counted(listed or own, scores))
            made += [cell(each.row, SCORE), *(scores[row.item.id][0] for row in extras)]
        return made

    def _full(self, rows: Sequence[ItemRow]) -> Counted:
        """The full mark of a section: a formula where it is not the same for all."""
        varies = [row for row in rows if row.item.id in self.formulas.marks]
        fixed = sum((row.rule.of or Fraction(0) for row in rows if row not in varies), Fraction(0))
        marks = [self.live.marks[row.item.id][self.row] or Fraction(0) for row in varies]
        text = "+".join([excel.literal(fixed), *(cell(row.row, POINTS) for row in varies)]) if varies else ""
        return text, sum(marks, fixed) if rows else ""

    def _section(self, each: SectionRow, last: int, full: Counted, counted: Counted) -> None:
        sheet = self.form
        sheet.text(each.row, CODE, each.section.id, "section_centre")
        sheet.merge(each.row, LABEL, last, each.section.title, "section")
        if full[0]:
            sheet.formula(each.row, POINTS, *full, "section_centre", num_format=POINTS_FORMAT)
        else:
            sheet.put(each.row, POINTS, full[1], "section_centre", num_format=POINTS_FORMAT)
        sheet.formula(each.row, SCORE, *counted, "section_centre", num_format=POINTS_FORMAT)
        for col in (STATUS, MATERIALS):
            sheet.text(each.row, col, "", "section")
        sheet.raw.set_row(each.row, 20)

    def _beside(self, row: int, extras: Sequence[ItemRow]) -> int:
        """Says before a section's points what comes on top of them; gives the last column before the words. No formula:
        in the columns of answers the reader of returns takes one for a figure beside its place."""
        words = f"{f.kind_of([each.item.id for each in extras])}另计"
        first = LAST_ANSWER - 1
        self.form.merge(row, first, LAST_ANSWER, words, "section", align="right", bold=False, font_size=NOTE)
        return first - 1

    def _counted(self, rows: Sequence[ItemRow], scores: Scores) -> Counted:
        """What is counted of some items so far, as a formula and its value; a word where nothing is."""
        cells, values = [scores[row.item.id][0] for row in rows], [scores[row.item.id][1] for row in rows]
        known = [value for value in values if value is not None]
        word = self._open(rows)
        return f.counted(cells, word), sum(known, Fraction(0)) if known else word

    def _open(self, rows: Sequence[ItemRow]) -> str:
        """What stands in place of points that nobody can count yet."""
        return f.WAITING if any(row.rule.live(self.part) for row in rows) else f.BY_REVIEW if rows else ""

    def _total(self, scores: Scores, made: Sequence[str]) -> None:
        sheet, last = self.form, self.layout.last - 1
        first = self.layout.sections[0].row if self.layout.sections else FIRST_ROW
        column = f"{cell(first, SCORE)}:{cell(last, SCORE)}"
        status = f"{cell(FIRST_ROW, STATUS)}:{cell(last, STATUS)}"
        gaps = self._gaps()
        words = "只填浅黄色格子；没有发生的填 0，不要留空。"
        words += "“复查评定”的指标不计入自评。" if self.layout.items else "“复查评定”的由复查给出。"
        sheet.text(TOTAL_ROW, CODE, words, "muted")
        fine = "".join(f'*({status}<>"{word}")' for word in self._fine())
        count = f'SUMPRODUCT(({status}<>""){fine})'
        shown = f"还有{gaps}处待填" if gaps else "已全部填好"
        sheet.link(TOTAL_ROW, MATERIALS, _to(CHECKS, cell(CHECK_FIRST, 1)), "还缺什么：看「检查」表 →", "link")
        sheet.formula(TOTAL_ROW, STATUS, f'IF({count}>0,"还有"&{count}&"处待填","已全部填好")', shown, "total_centre")
        if not self.layout.items:
            self._met(column)
            return
        waiting = sum(1 for row in self.layout.items if row.rule.live(self.part) and scores[row.item.id][1] is None)
        label = f'IF(COUNTIF({column},"{f.WAITING}")>0,"暂计","合计")'
        sheet.formula(TOTAL_ROW, POINTS, label, "暂计" if waiting else "合计", "total_centre")
        total = self._counted(self.layout.items, scores)[1]
        text = f.counted(made, self._open(self.layout.items), rounded=True)
        sheet.formula(TOTAL_ROW, SCORE, text, total, "total_centre", num_format=POINTS_FORMAT, font_size=14)

    def _met(self, column: str) -> None:
        """Where nothing earns points: how many goals are met."""
        met = sum(self.live.targets[id][self.row] is True for id in self.formulas.targets)
        self.form.text(TOTAL_ROW, POINTS, f.MET, "total_centre")
        text = f'COUNTIF({column},"{f.MET}")&"项"'
        self.form.formula(TOTAL_ROW, SCORE, text, f"{met}项", "total_centre")

    def _fine(self) -> tuple[str, ...]:
        """The words that ask nothing of the unit."""
        grouped = (f.NOT_ASKED, NOT_MINE, UNCOUNTED) if self.formulas.excuses else ()
        return f.FILLED, f.OPTIONAL, *grouped

    def _gaps(self) -> int:
        """Rows of answer cells that still want something."""
        fine = self._fine()
        return sum(self.live.status(self.row, each) not in fine for each in self.layout.inputs if each.editable)

    def _finish(self) -> None:
        sheet = self.form
        sheet.widths(*WIDTHS)
        sheet.raw.set_column(ID, ID, 4, None, {"hidden": True})
        sheet.raw.set_row(0, 12, None, {"hidden": True})
        area = ((FIRST_ROW, STATUS), (self.layout.last - 1, STATUS))
        for word in self._fine():
            sheet.colour(*area, {"type": "cell", "criteria": "==", "value": f'"{word}"'}, fill="good")
        if self.formulas.excuses:
            unasked = {"type": "formula", "criteria": f'=${cell(FIRST_ROW, STATUS)}="{f.NOT_ASKED}"'}
            last = (self.layout.last - 1, LAST_ANSWER)
            sheet.colour((FIRST_ROW, LABEL), last, unasked, fill="open", font_color=MUTED)
        sheet.colour(*area, {"type": "text", "criteria": "containing", "value": "填"}, fill="warn")
        sheet.colour(*area, {"type": "no_blanks"}, fill="alarm")
        state = ((TOTAL_ROW, STATUS), (TOTAL_ROW, STATUS))
        sheet.colour_words(*state, {"已全部填好": "good"})
        sheet.colour(*state, {"type": "no_blanks"}, fill="warn")
        sheet.raw.freeze_panes(FIRST_ROW, ANSWER)
        sheet.print_setup(landscape=True, repeat=(TITLE_ROW, HEAD_ROW))
        keep_together(sheet, self.layout.starts, self.layout.last - 1, CODE, range(TITLE_ROW, FIRST_ROW))
        sheet.raw.print_area(TITLE_ROW, CODE, self.layout.last - 1, MATERIALS)
        sheet.protect()
        sheet.raw.set_selection(self.layout.first)

    def _checks(self) -> None:
        sheet = self.checks
        sheet.widths(*_CHECK_WIDTHS)
        sheet.text(0, 0, "检查：还缺什么、哪里矛盾", "title")
        sheet.raw.set_row(0, 30)
        self._headline()
        fine = "“核”字各行的“情况”空着，就是没有矛盾。" if self.part.checks else ""
        sheet.text(2, 0, f"点“核对内容”，跳到要填的格子。{fine}", "muted")
        sheet.row(CHECK_FIRST - 1, ["编号", "核对内容", "情况"], "head")
        sheet.raw.set_row(CHECK_FIRST - 1, 20)
        row = CHECK_FIRST
        for k in range(len(self.part.checks)):
            self._contradiction(row, k)
            row += 1
        for each in (each for each in self.layout.inputs if each.editable):
            self._gap(row, each)
            row += 1
        self._check_colours(row - 1)
        sheet.raw.freeze_panes(CHECK_FIRST, 0)
        sheet.print_setup(landscape=False, repeat=(CHECK_FIRST - 1, CHECK_FIRST - 1))
        sheet.protect()

    def _headline(self) -> None:
        """How much is missing, on both sheets that are filled in."""
        sheet, state = self.checks, f"{FORM}!{cell(TOTAL_ROW, STATUS)}"
        sheet.raw.set_row(1, 20)
        if self.persons is None:
            sheet.formula(1, 0, state, self._state(), "strong")
            return
        waiting, count = self.persons.waiting_formula(), self.persons.waiting()
        text = f'{state}&IF({waiting}>0,"；个人表还有"&{waiting}&"人待填","")'
        also = f"；个人表还有{count}人待填" if count else ""
        sheet.formula(1, 0, text, self._state() + also, "strong")
        sheet.link(1, 2, _to(PERSONS, self.persons.first), "看「个人」表“检查”列 →", "link")

    def _contradiction(self, row: int, k: int) -> None:
        sheet, check = self.checks, self.part.checks[k]
        seen = [name for name in self.formulas.compared[k] if name in self.layout.by_cell]
        sheet.text(row, 0, f"核{k + 1}", "cell_centre")
        if seen:
            sheet.link(row, 1, _to(FORM, self.layout.where(seen[0])), check.text)
        else:
            sheet.text(row, 1, check.text, "cell_wrap")
        sheet.formula(row, 2, self.formulas.checks[k], self.live.said(k, self.row), "cell_wrap")
        said = (check.text, f"{f.said_of(check)}{check.text}")
        sheet.height(row, list(zip(said, _CHECK_ROOMS, strict=True)))

    def _gap(self, row: int, each: InputRow) -> None:
        """One row of answer cells: what is missing there."""
        sheet = self.checks
        text = each.input.name + (self._half(each) if len(each.input.cells) > PER_ROW else "")
        sheet.text(row, 0, self._item_of(each), "cell_centre")
        sheet.link(row, 1, _to(FORM, each.address(each.active[0])), text)
        sheet.formula(row, 2, f"{FORM}!{each.status}", self.live.status(self.row, each), "cell")
        sheet.raw.set_row(row, 18)

    def _check_colours(self, last: int) -> None:
        sheet, area = self.checks, ((CHECK_FIRST, 2), (last, 2))
        for word in self._fine()[:3]:
            done = {"type": "cell", "criteria": "==", "value": f'"{word}"', "stop_if_true": True}
            sheet.colour(*area, done, font_color=MUTED)
        empty = {"type": "cell", "criteria": "==", "value": f'"{f.EMPTY}"', "stop_if_true": True}
        sheet.colour(*area, empty, fill="warn")
        sheet.colour(*area, {"type": "cell", "criteria": "!=", "value": '""'}, fill="alarm", bold=True)

    def _state(self) -> str:
        gaps = self._gaps()
        return f"还有{gaps}处待填" if gaps else "已全部填好"

    def _item_of(self, each: InputRow) -> str:
        """The item, or the goal, beneath which the row stands."""
        owners = [row.item.id for row in self.layout.items if set(each.cells).intersection(row.rule.shows)]
        return owners[0] if owners else ""


def _to(sheet: str, address: str) -> str:
    """A link to a cell of this workbook."""
    return f"internal:'{sheet}'!{address}"
