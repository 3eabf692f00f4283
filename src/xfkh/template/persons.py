"""The sheets of a unit's persons: 个人 to fill in, a row a person, and 个人得分 with the points of each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from ..model import Cell, Check, Input, Item, Part, Scheme
from ..rules import Rule
from ..rules.points import points_text
from ..text import width
from ..workbook.anchors import CORNER, HEADS, PERSON_NAME, PERSON_NUMBER, PERSON_POINTS, PERSONS, SLOT
from ..workbook.anchors import SCORE as SCORE_ID
from ..workbook.anchors import STATUS as STATUS_ID
from ..workbook.book import Book, Sheet, cell, column
from ..workbook.style import NOTE
from ..workbook.style import POINTS as POINTS_FORMAT
from . import formulas as f
from .prompts import validation
from .values import Live

ID, NUMBER, NAME, STAFF, SCORE, STATUS, FIRST = 0, 1, 2, 3, 4, 5, 6
TITLE_ROW, NOTE_ROW, GROUP_ROW, RULE_ROW, LABEL_ROW, FIRST_ROW = 1, 2, 3, 4, 5, 6
WIDTHS = (4, 5, 11, 10, 9, 19)
CELL_WIDTH, POINTS_WIDTH, CHECK_WIDTH, CHECK_WIDEST = 11.5, 8.5, 24, 44
_PAGE_COLUMNS = 190
# half-characters that fit into the title, and of small print into one column
_TITLE_ROOM, _CELL_ROOM, _POINTS_ROOM, _CHECK_ROOM = 33, 14, 10, 28
OWN_NAME, OWN_TOTAL, OWN_FIRST = 1, 2, 3
OWN_TITLE, OWN_NOTE, OWN_HEAD, OWN_FULL, OWN_ROWS = 0, 1, 2, 3, 4
HINT = "一行一人，只填浅黄色格子；没有发生的填 0。同名的各写工号；空行不用管。"
NAMELESS, TWINS, CLASH = "请写姓名", "同名，请各写不同的工号", "有矛盾，看「个人得分」右侧"


@dataclass(frozen=True, slots=True)
class Group:
    """An item with the answer cells that stand beneath it; ``item`` None: those that no item reads."""

    item: Item | None
    rule: Rule | None
    cells: tuple[tuple[Input, str], ...]


@dataclass
class PersonPlan:
    """What is the same in every unit's sheets of persons; row formulas are made once for each row number."""

    scheme: Scheme
    part: Part
    period: str
    rules: dict[str, Rule]
    groups: list[Group]
    columns: dict[str, int]
    _rows: dict[tuple[int, int], RowFormulas] = field(default_factory=dict)

    @property
    def asked(self) -> list[tuple[Input, str]]:
        return [pair for group in self.groups for pair in group.cells]

    @property
    def last(self) -> int:
        """The last column of the sheet 个人."""
        return FIRST + max(1, len(self.columns)) - 1

    def row(self, at: int, slots: int) -> RowFormulas:
        if (at, slots) not in self._rows:
            self._rows[at, slots] = _row_formulas(self, at, slots)
        return self._rows[at, slots]


@dataclass(frozen=True, slots=True)
class RowFormulas:
    """The live formulas of one row: ``status`` and ``shown`` stand on 个人, the others on 个人得分."""

    status: str
    shown: str
    name: str
    total: str
    points: dict[str, str]
    checks: list[str]


@dataclass(frozen=True, slots=True)
class Crew:
    """The persons of one unit: their rows in ``live``, in order, and how many rows the sheet offers."""

    live: Live
    rows: Sequence[int]
    slots: int


def plan_persons(scheme: Scheme, part: Part, period: str, rules: dict[str, Rule]) -> PersonPlan:
    """Item by item; each answer cell stands beneath the first item that reads it."""
    groups, placed = list[Group](), set[str]()
    asked = [(each, name) for each, name in part.cells(period) if each.asked]
    for item in scheme.lines(part):
        own = [(each, name) for each, name in asked
               if name not in placed and (name in rules[item.id].shows or each.name in item.shows)]  # fmt: skip
        placed.update(name for _, name in own)
        groups += [Group(item, rules[item.id], tuple(own))] if own else []
    rest = [(each, name) for each, name in asked if name not in placed]
    groups += [Group(None, None, tuple(rest))] if rest else []
    columns = {name: FIRST + k for k, (_, name) in enumerate(pair for group in groups for pair in group.cells)}
    return PersonPlan(scheme, part, period, rules, groups, columns)


def _row_formulas(plan: PersonPlan, at: int, slots: int) -> RowFormulas:
    """``at`` counts the slots from 0."""
    own, theirs = OWN_ROWS + at, FIRST_ROW + at

    def here(name: str) -> str:
        return cell(theirs, plan.columns[name])

    def there(name: str) -> str:
        return f"{PERSONS}!{here(name)}"

    checks = [f.contradiction(check, plan.scheme, plan.part, plan.period, plan.part.input, there)
              for check in plan.part.checks]  # fmt: skip
    clashes: f.Clashes = {}
    for k, check in enumerate(plan.part.checks):
        address = cell(own, OWN_FIRST + len(plan.rules) + k)
        for name in f.cells_of(check, plan.scheme, plan.part, plan.period) if check.closed else ():
            clashes.setdefault(name, []).append(address)
    present = f'{cell(own, OWN_NAME)}<>""'
    points = {
        id: f'IF({present},{f.cell_points(rule, plan.part.input, there, clashes)},"")' if rule.live(plan.part)
        else f'IF({present},"{f.BY_REVIEW}","")'
        for id, rule in plan.rules.items()
    }  # fmt: skip
    span = f"{cell(own, OWN_FIRST)}:{cell(own, OWN_FIRST + len(plan.rules) - 1)}"
    total = f'IF({present},ROUND(ROUND(SUM({span}),9),2),"")'
    name = f"{PERSONS}!{cell(theirs, NAME)}"
    shown = f"{PERSON_POINTS}!{cell(own, OWN_TOTAL)}"
    return RowFormulas(_status(plan, at, slots), shown, f'IF({_named(name)},{name},"")', total, points, checks)


def _named(address: str) -> str:
    written = f'AND(TRIM({address})<>"",TRIM({address})<>"\u3000")'  # TRIM keeps a full-width space
    return f"IF(ISTEXT({address}),{written},ISNUMBER({address}))"


def _status(plan: PersonPlan, at: int, slots: int) -> str:
    """Blank on a blank row; else the first thing that is wrong with the row, or 已填."""
    row, own = FIRST_ROW + at, OWN_ROWS + at
    name = cell(row, NAME)
    cells = f"{cell(row, FIRST)}:{cell(row, plan.last)}"
    blank = f"COUNTA({cell(row, NAME)}:{cell(row, STAFF)})+COUNTA({cells})=0"
    names, numbers = (f"{cell(FIRST_ROW, col, True)}:{cell(FIRST_ROW + slots - 1, col, True)}" for col in (NAME, STAFF))
    alike = f"(TRIM({names})=TRIM({name}))*(TRIM({numbers})=TRIM({cell(row, STAFF)}))"
    twins = f"IFERROR(SUMPRODUCT({alike}),0)>1"
    open_ = "+".join(_open(each, cell(row, plan.columns[key])) for each, key in plan.asked) or "0"
    first = OWN_FIRST + len(plan.rules)
    closed = [k for k, check in enumerate(plan.part.checks) if check.closed]
    said = "&".join(f"{PERSON_POINTS}!{cell(own, first + k)}" for k in closed)
    done = f'IF({said}="","{f.FILLED}","{CLASH}")' if said else f'"{f.FILLED}"'
    waiting = f'IF({open_}>0,"还有"&({open_})&"格待填或有误",{done})'
    return f'IF({blank},"",IF({_named(name)},IF({twins},"{TWINS}",{waiting}),"{NAMELESS}"))'


def _open(each: Input, address: str) -> str:
    """1 where a cell still wants something."""
    return f"IF({f.answered(each, address)},0,1)"


class PersonSheets:
    """Writes both sheets for one unit."""

    def __init__(self, book: Book, plan: PersonPlan, crew: Crew, form: Sheet, own: Sheet) -> None:
        self.book, self.plan, self.crew, self.form, self.own = book, plan, crew, form, own

    def write(self, title: str, unit: str) -> None:
        self._head(unit)
        self._own_head(title)
        for at in range(self.crew.slots):
            row = self.crew.rows[at] if at < len(self.crew.rows) else None
            self._slot(at, row)
            self._points(at, row)
        self._finish()

    @property
    def first(self) -> str:
        """The address of the first cell to fill in."""
        return cell(FIRST_ROW, NAME)

    def waiting(self) -> int:
        """How many persons still want something."""
        return sum(self._status(row) != f.FILLED for row in self.crew.rows)

    def waiting_formula(self) -> str:
        area = f"{PERSONS}!{cell(FIRST_ROW, STATUS)}:{cell(FIRST_ROW + self.crew.slots - 1, STATUS)}"
        return f'SUMPRODUCT(({area}<>"")*({area}<>"{f.FILLED}"))' if self.crew.slots else "0"

    def _head(self, unit: str) -> None:
        sheet, plan = self.form, self.plan
        ids = {ID: f"{CORNER}:{plan.part.name}", NAME: PERSON_NAME, STAFF: PERSON_NUMBER, SCORE: SCORE_ID}
        ids |= {STATUS: STATUS_ID} | {col: name for name, col in plan.columns.items()}
        for col, id in ids.items():
            sheet.text(0, col, id, "hidden")
        whose = "　".join(part for part in ("个人填报", unit) if part)
        sheet.merge(TITLE_ROW, NUMBER, SCORE, whose, "heading", text_wrap=True)
        sheet.height(TITLE_ROW, [(whose, _TITLE_ROOM)], least=26, line=17)
        self._message()
        sheet.text(LABEL_ROW, ID, HEADS, "hidden")
        for col, text in ((NUMBER, "序号"), (NAME, "姓名"), (STAFF, "工号"), (SCORE, "自评得分"), (STATUS, "检查")):
            sheet.down(GROUP_ROW, LABEL_ROW, col, text, "head")
        heights = [1.0, 1.0, 1.0]
        for group in plan.groups:
            heights = [max(pair) for pair in zip(heights, self._group(group), strict=True)]
        for row, height in zip((GROUP_ROW, RULE_ROW, LABEL_ROW), heights, strict=True):
            sheet.raw.set_row(row, height)

    def _group(self, group: Group) -> list[float]:
        """One item's head, points and input names, all in small print; the heights they need."""
        sheet, columns = self.form, [self.plan.columns[name] for _, name in group.cells]
        title, points = "其他", ""
        if group.item is not None and group.rule is not None:
            title = f"{group.item.id}\n{group.item.title}"
            points = points_text(group.rule.of, group.item.id) if group.rule.counted else "本期不计分"
            points = f"{points}分" if points[-1].isdigit() else points
        sheet.merge(GROUP_ROW, columns[0], columns[-1], title, "head", font_size=NOTE)
        sheet.merge(RULE_ROW, columns[0], columns[-1], points, "item_note", align="center")
        labels = [each.label(name) + (f"\n（{each.measure}）" if each.measure else "") for each, name in group.cells]
        for label, col in zip(labels, columns, strict=True):
            sheet.text(LABEL_ROW, col, label, "item_centre", text_wrap=True, font_size=NOTE)
        room = _CELL_ROOM * len(columns)
        return [
            sheet.needed([(title, room)], 18, 13),
            sheet.needed([(points, room)], 16, 13),
            sheet.needed([(label, _CELL_ROOM) for label in labels], 18, 13),
        ]

    def _message(self) -> None:
        """How many rows are left, and what to do when there is none."""
        slots, filled = self.crew.slots, len(self.crew.rows)
        area = f"{cell(FIRST_ROW, NAME)}:{cell(FIRST_ROW + max(slots, 1) - 1, NAME)}"
        full = f"{slots}行已填满：还有人没填的，请发放单位给行数更多的表，不要自己加行"
        count = f"COUNTA({area})"
        text = f'IF({count}>={slots},"{full}","已填"&{count}&"人，还可填"&({slots}-{count})&"人")'
        shown = full if filled >= slots else f"已填{filled}人，还可填{slots - filled}人"
        sheet = self.form
        sheet.merge(NOTE_ROW, NUMBER, STATUS, full, "strong", shrink=True)
        if slots:
            sheet.formula(NOTE_ROW, NUMBER, text, shown, "strong", shrink=True)
            self._state(count)
        sheet.text(TITLE_ROW, FIRST, HINT, "muted")
        sheet.link(NOTE_ROW, FIRST, f"internal:'{PERSON_POINTS}'!A1", "各项得分和矛盾：看「个人得分」表 →", "link")
        sheet.raw.set_row(NOTE_ROW, 20)

    def _state(self, count: str) -> None:
        """How many persons still want something, always in sight."""
        sheet, open_, waiting = self.form, self.waiting_formula(), self.waiting()
        done = "已全部填好" if self.crew.rows else "还没有填"
        text = f'IF({open_}>0,"还有"&{open_}&"人待填",IF({count}>0,"已全部填好","还没有填"))'
        sheet.formula(TITLE_ROW, STATUS, text, f"还有{waiting}人待填" if waiting else done, "total_centre")

    def _slot(self, at: int, row: int | None) -> None:
        sheet, line, formulas = self.form, FIRST_ROW + at, self.plan.row(at, self.crew.slots)
        live = self.crew.live
        subject = live.answers.subjects[row] if row is not None else None
        sheet.text(line, ID, f"{SLOT}{at + 1}", "hidden")
        sheet.number(line, NUMBER, at + 1, "cell_centre")
        sheet.text(line, NAME, (subject.person if subject else "") or "", "input")
        sheet.text(line, STAFF, (subject.person_id if subject else "") or "", "input", num_format="@")
        total = "" if row is None else live.total(row)
        sheet.formula(line, SCORE, formulas.shown, total, "cell_centre", num_format=POINTS_FORMAT)
        status = "" if row is None else self._status(row)
        sheet.formula(line, STATUS, formulas.status, status, "cell", font_size=NOTE, shrink=True)
        for _, name in self.plan.asked:
            col = self.plan.columns[name]
            sheet.put(line, col, None if row is None else live.answer(row, name), "input")
        sheet.raw.set_row(line, 22)

    def _prompts(self, last: int) -> None:
        """One validation a column, over all its rows."""
        sheet = self.form
        for col, title, text in ((NAME, "姓名", "写姓名；空行不用管"), (STAFF, "工号", "同名的人各写工号，其余可不写")):
            options = {"validate": "any", "input_title": title, "input_message": text}
            sheet.validate(FIRST_ROW, col, col, options, last)
        for each, name in self.plan.asked:
            col = self.plan.columns[name]
            sheet.validate(FIRST_ROW, col, col, validation(each, self._clause(name), each.note), last)

    def _clause(self, name: str) -> str:
        for group in self.plan.groups:
            if group.item is not None and name in [own for _, own in group.cells]:
                return f"依据：{group.item.clause}。"
        return ""

    def _status(self, row: int) -> str:
        """What the formula of a prefilled row says."""
        live, subject = self.crew.live, self.crew.live.answers.subjects[row]
        people = [live.answers.subjects[each] for each in self.crew.rows]
        if sum((each.person, each.person_id) == (subject.person, subject.person_id) for each in people) > 1:
            return TWINS
        waiting = sum(live.answers.state(row, name) not in (Cell.GIVEN, Cell.ABSENT) for _, name in self.plan.asked)
        if waiting:
            return f"还有{waiting}格待填或有误"
        closed = [k for k, check in enumerate(self.plan.part.checks) if check.closed]
        return CLASH if any(live.said(k, row) for k in closed) else f.FILLED

    def _own_head(self, title: str) -> None:
        sheet, plan = self.own, self.plan
        # what stands in the columns that are repeated on every page must fit into them
        sheet.text(OWN_TITLE, 0, PERSON_POINTS, "title", font_size=14)
        sheet.text(OWN_TITLE, OWN_FIRST, title, "muted")
        sheet.raw.set_row(OWN_TITLE, 26)
        sheet.link(OWN_NOTE, 0, f"internal:'{PERSONS}'!{self.first}", "← 个人表", "link")
        words = "随「个人」表自动计算，不用填；写了姓名才计算。“待填”：这一项还缺数或有误。"
        sheet.text(OWN_NOTE, OWN_FIRST, words, "muted")
        heads = ["序号", "姓名", "合计", *(f"{item.id}\n{item.title}" for item in plan.scheme.lines(plan.part))]
        heads += [f"核{k}\n{check.text}" for k, check in enumerate(plan.part.checks, 1)]
        sheet.row(OWN_HEAD, heads, "head", font_size=NOTE)
        widths = [5, 11, 9, *[POINTS_WIDTH] * len(plan.rules), *map(_check_width, plan.part.checks)]
        rooms = [10, 10, 10, *[_POINTS_ROOM] * len(plan.rules), *[_CHECK_ROOM] * len(plan.part.checks)]
        sheet.height(OWN_HEAD, list(zip(heads, rooms, strict=True)), least=40, line=13)
        rules = plan.rules
        full = sum((rule.of or Fraction(0) for rule in rules.values() if not rule.extra), Fraction(0))
        marks = [points_text(rule.of, id) for id, rule in rules.items()]
        sheet.row(OWN_FULL, ["", "满分", full, *marks, *[""] * len(plan.part.checks)], "total_centre")
        sheet.widths(*widths)

    def _points(self, at: int, row: int | None) -> None:
        sheet, line, formulas, live = self.own, OWN_ROWS + at, self.plan.row(at, self.crew.slots), self.crew.live
        name = "" if row is None else live.answers.subjects[row].person or ""
        sheet.number(line, 0, at + 1, "cell_centre")
        sheet.formula(line, OWN_NAME, formulas.name, name, "cell_strong")
        total = "" if row is None else live.total(row)
        sheet.formula(line, OWN_TOTAL, formulas.total, total, "cell_strong", num_format=POINTS_FORMAT, align="center")
        for col, (id, rule) in enumerate(self.plan.rules.items(), OWN_FIRST):
            shown: str | Fraction = ""
            if row is not None:
                value = live.points[id][row] if rule.live(self.plan.part) else None
                shown = (f.WAITING if rule.live(self.plan.part) else f.BY_REVIEW) if value is None else value
            sheet.formula(line, col, formulas.points[id], shown, "cell_centre", num_format=POINTS_FORMAT)
        for k, text in enumerate(formulas.checks):
            said = "" if row is None else live.said(k, row)
            sheet.formula(line, OWN_FIRST + len(self.plan.rules) + k, text, said, "cell_wrap")
        # what a check says comes and goes while somebody fills in, and the row cannot grow with it
        sheet.height(line, [(_said(each), _check_width(each)) for each in self.plan.part.checks], least=20)

    def _finish(self) -> None:
        sheet, last = self.form, FIRST_ROW + max(self.crew.slots, 1) - 1
        columns = max(len(self.plan.columns), ceil(width(HINT) / CELL_WIDTH))
        sheet.widths(*WIDTHS, *[CELL_WIDTH] * columns)
        sheet.raw.set_column(ID, ID, 4, None, {"hidden": True})
        sheet.raw.set_row(0, 12, None, {"hidden": True})
        self._prompts(last)
        self._colours(last)
        sheet.raw.freeze_panes(FIRST_ROW, FIRST)
        sheet.print_setup(landscape=True, repeat=(TITLE_ROW, LABEL_ROW))
        sheet.raw.repeat_columns(NUMBER, STATUS)
        sheet.raw.fit_to_pages(_pages(sheet.columns[NUMBER:], FIRST - NUMBER), 0)
        sheet.raw.print_area(TITLE_ROW, NUMBER, last, FIRST + columns - 1)
        sheet.protect()
        sheet.raw.set_selection(FIRST_ROW, NAME, FIRST_ROW, NAME)
        own = self.own
        area = ((OWN_ROWS, OWN_FIRST), (OWN_ROWS + max(self.crew.slots, 1) - 1, OWN_FIRST + len(self.plan.rules) - 1))
        own.colour(*area, {"type": "cell", "criteria": "==", "value": f'"{f.WAITING}"'}, fill="warn")
        if self.plan.part.checks:
            first = OWN_FIRST + len(self.plan.rules)
            area = ((OWN_ROWS, first), (area[1][0], first + len(self.plan.part.checks) - 1))
            own.colour(*area, {"type": "cell", "criteria": "!=", "value": '""'}, fill="alarm")
        own.raw.freeze_panes(OWN_ROWS, OWN_FIRST)
        own.print_setup(landscape=True, repeat=(OWN_TITLE, OWN_FULL))
        own.raw.repeat_columns(0, OWN_TOTAL)
        own.raw.fit_to_pages(_pages(own.columns, OWN_FIRST), 0)
        own.protect()

    def _colours(self, last: int) -> None:
        sheet = self.form
        area = ((FIRST_ROW, STATUS), (last, STATUS))
        sheet.colour(*area, {"type": "cell", "criteria": "==", "value": f'"{f.FILLED}"'}, fill="good")
        sheet.colour(*area, {"type": "text", "criteria": "containing", "value": "还有"}, fill="warn")
        sheet.colour(*area, {"type": "cell", "criteria": "!=", "value": '""'}, fill="alarm")
        state = ((TITLE_ROW, STATUS), (TITLE_ROW, STATUS))
        sheet.colour_words(*state, {"已全部填好": "good"})
        sheet.colour(*state, {"type": "text", "criteria": "containing", "value": "还有"}, fill="warn")
        started = f'${column(STATUS)}{FIRST_ROW + 1}<>""'
        for each, name in self.plan.asked:
            col = self.plan.columns[name]
            test = f"=AND({started},{_open(each, cell(FIRST_ROW, col))}=1)"
            sheet.colour((FIRST_ROW, col), (last, col), {"type": "formula", "criteria": test}, fill="warn")


def _said(check: Check) -> str:
    """What stands in a row where a check does not hold."""
    return f"{f.said_of(check)}{check.text}"


def _check_width(check: Check) -> float:
    return min(CHECK_WIDEST, max(CHECK_WIDTH, width(_said(check)) + 2))


def _pages(widths: Sequence[float], repeated: int) -> int:
    """How many A4 pages side by side keep the print at three quarters of its size or more."""
    front, rest = sum(widths[:repeated]), sum(widths[repeated:])
    return next(pages for pages in range(1, 100) if front + rest / pages <= _PAGE_COLUMNS or pages == 99)


def texts(plan: PersonPlan) -> Iterator[tuple[str, str, str]]:
    """The rules of the lines in words, for the notes: id and title, rule, points."""
    for item in plan.scheme.lines(plan.part):
        rule = plan.rules[item.id]
        yield f"{item.id} {item.title}", f"{rule.text}（依据：{item.clause}）", points_text(rule.of, item.id)
