"""退回: a return with something to mend goes back to its unit, in the unit's own workbook.

Nothing in that workbook changes but this: wrong cells get a colour and a note, those of a format that would turn a
typed number into something else are emptied and lose it, a first sheet lists what is wrong, and the stamp says which
file this one replaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from .text import clean, file_name, some, width
from .workbook.anchors import REPLACES, SLIP_CORNER, STAMP_SHEET, TYPE
from .workbook.book import Book, Sheet, cell
from .workbook.marks import Place, SheetPart, area
from .workbook.notes import SIGN, Notes
from .workbook.patch import HEAD, MAIN, RELATIONS, Node, Patch, attribute_xml, text_xml
from .workbook.read import GONE, RawCell, read_workbook
from .workbook.read import Sheet as Read
from .workbook.restyle import EMPTY, Styles, highest
from .workbook.style import INPUT, PLAIN

TITLE = "退回说明"
"""What the list is called: the sheet, and the kind of a workbook that is nothing else."""
SUFFIX = "_退回"
MOST = 5_000
"""How many faults one slip lists and marks."""
_LEVELS = {"错误": "alarm", "警告": "warn"}
_COLOUR = "alarm"
_WIDTHS = (0.5, 6, 11, 9, 8, 38, 34)
_HEADS = ("序号", "工作表", "格子", "级别", "问题", "怎样改")
_COLOURED = "点下表“格子”一栏有下划线的，就到要改的那一格：它涂成橙色，鼠标移上去会说哪里不对、怎样改。"
_LINK, _PIECE, _SHOWN = 200, 600, 4
"""The longest link; how wide a text may be; how many cells a line names."""
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_PROPERTIES = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_TEXTS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_BEFORE_NAMES = ("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
                 "functionGroups", "externalReferences")  # fmt: skip
_UNSAFE = ("revisionHeaders", "vbaProject", "origin")
"""What a workbook may be related to that a new sheet or another name would break."""


class SlipError(Exception):
    """A package that cannot be marked safely; ``plain_slip`` is for it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend; ``cell`` may name several (D7、D9); empty for what concerns a sheet or the whole file;
    ``retype``: what stands there is no answer, and is to be typed anew."""

    sheet: str
    cell: str
    level: str
    what: str
    mend: str
    retype: bool = False

    @property
    def addresses(self) -> list[str]:
        """The cells and blocks of cells that are named."""
        return [each for each in self.cell.split("、") if area(each)]


@dataclass(frozen=True, slots=True)
class Slip:
    """What goes back to a unit; ``title`` is the scheme's, ``subtitle`` the year and period, ``replaces`` the hash
    (SHA-256) of the file that came in; ``anew``: no change to that file would mend it, only another template."""

    unit: str
    title: str
    subtitle: str
    return_to: str
    due: str
    faults: tuple[Fault, ...]
    replaces: str
    anew: bool = False


def slip_name(unit: str) -> str:
    """The file name of the slip for a unit."""
    return f"{file_name(unit)}{SUFFIX}.xlsx"


def plain_slip(slip: Slip) -> bytes:
    """A workbook with the list only, for a file that cannot be marked, or must not be used again."""
    book = _book(slip)
    _List(book, slip, TITLE, own=False).write()
    book.stamp({TYPE: TITLE})
    return book.finish()


def mark(data: bytes, slip: Slip) -> bytes:
    """The unit's own workbook, marked; the same arguments give the same bytes. Raises SlipError."""
    try:
        marking = _Marking(data, slip)
        made = marking.run()
        _compare(data, made, slip, marking.emptied)
    except SlipError:
        raise
    except Exception as error:  # whatever is odd about somebody's file, no damaged workbook leaves
        raise SlipError(f"{type(error).__name__}：{clean(str(error))[:80]}") from error
    return made


# --- the list -------------------------------------------------------------------------------------


def _book(slip: Slip) -> Book:
    return Book(f"{slip.title}　{slip.subtitle}　{slip.unit}", PLAIN, TITLE)


class _List:
    """The sheet 退回说明; ``own``: it stands in the unit's own, marked workbook."""

    def __init__(self, book: Book, slip: Slip, name: str, own: bool, marked: frozenset[int] = frozenset()) -> None:
        self.slip, self.own, self.marked = slip, own, marked
        self.sheet: Sheet = book.sheet(name, tab=book.theme.fill("veto"))
        self.room = sum(_WIDTHS[1:])

    def write(self) -> int:
        """Returns the row of the heads, counted from 1."""
        sheet, slip = self.sheet, self.slip
        sheet.widths(*_WIDTHS)
        sheet.text(0, 0, SLIP_CORNER, "hidden")
        what = f"有{len(slip.faults)}处要改，请改好后发回" if not slip.anew else "要用发放的模板重新填报，请填好后发回"
        sheet.heading(TITLE, f"{slip.unit}交来的填报表{what}。", first=1)
        head = self._steps(self._facts(3) + 1) + 1
        sheet.row(head, _HEADS, "head", start=1)
        sheet.raw.set_row(head, 22)
        last = head
        for last, (number, fault) in enumerate(_numbered(slip), head + 1):
            self._line(last, number, fault)
        if len(slip.faults) > MOST:
            last += 1
            rest = f"还有 {len(slip.faults) - MOST} 处没有列出；先改好上面这些再发回。"
            sheet.merge(last, 1, len(_HEADS), rest, "cell_strong")
        sheet.hide(0, 0)
        sheet.print_setup(landscape=False, repeat=(head, head))
        sheet.raw.print_area(0, 1, last, len(_HEADS))
        sheet.raw.activate()
        return head + 1

    def _facts(self, row: int) -> int:
        slip = self.slip
        facts = [("单位", slip.unit), ("考核", slip.title), ("年度", slip.subtitle), ("截止日期", slip.due),
                 ("发回给", slip.return_to)]  # fmt: skip
        for label, value in facts:
            if not value:
                continue
            self.sheet.merge(row, 1, 2, label, "item")
            self.sheet.merge(row, 3, len(_HEADS), value, "cell_strong_wrap")
            self.sheet.height(row, [(value, sum(_WIDTHS[3:]))], least=22)
            row += 1
        return row

    def _steps(self, row: int) -> int:
        self.sheet.text(row, 1, "怎样改、怎样发回", "heading")
        self.sheet.raw.set_row(row, 24)
        steps = self._said()
        for at, step in enumerate(steps, row + 1):
            self.sheet.merge(at, 1, len(_HEADS), step, "wrap")
            self.sheet.height(at, [(step, self.room)], least=18)
        return row + len(steps) + 1

    def _said(self) -> list[str]:
        to, due = self.slip.return_to or "发放填报表的单位", self.slip.due
        send = f"发回给{to}" + (f"，{due}前" if due else "")
        if self.slip.anew:
            steps = [
                "交来的这一份不能再用，为什么见下表；请不要在它上面改。",
                "请用本次发放给本单位的填报表（.xlsx）重新填报；没有了的，请向发放单位要一份，不要自己另做表格。",
                f"填好后保存为 .xlsx，{send}。只发填报表，本页不用发回。",
            ]
        elif self.own:
            steps = [
                "打开后上方有黄条的，先点“启用编辑”。" + (_COLOURED if self.marked else "再照下表“怎样改”一栏改。"),
                "只改下表写到的地方，其他的不用动" + ("；颜色和批注不用去掉。" if self.marked else "。"),
                f"改好后保存，就把这一份{send}。不要另用旧表，也不要重新下载空表再填；本页不用删。",
            ]
        else:
            steps = [
                "交来的文件不能直接标出要改的地方，所以单列在这里。请照下表“怎样改”一栏，在原来的填报表里改。",
                "用发放的填报表（.xlsx）；没有了的，请向发放单位要一份，不要自己另做表格。",
                f"改好后保存为 .xlsx，{send}。只发填报表，本页不用发回。",
            ]
        return [f"{k}. {step}" for k, step in enumerate(steps, 1)]

    def _line(self, row: int, number: int, fault: Fault) -> None:
        sheet = self.sheet
        what, mend, level = _short(fault.what), _short(fault.mend), _short(fault.level)
        name, where = _short(fault.sheet, 62), some(fault.addresses, "格", _SHOWN) or _short(fault.cell, 40)
        sheet.number(row, 1, number, "cell_centre")
        sheet.text(row, 2, name or "整个文件", "cell_wrap")
        quoted = fault.sheet.replace("'", "''")
        target = f"internal:'{quoted}'!{next(iter(fault.addresses), '')}"
        if number in self.marked and len(target) < _LINK and fault.sheet == clean(fault.sheet):
            sheet.link(row, 3, target, clean(where), "cell_link", align="center")
        else:
            sheet.text(row, 3, where or "—", "cell_centre_wrap")
        fill = {"fill": _LEVELS[level]} if level in _LEVELS else {}
        sheet.text(row, 4, level, "cell_centre_wrap", **fill)
        sheet.row(row, [what, mend], "cell_wrap", start=5)
        sheet.height(row, [(name, _WIDTHS[2]), (where, _WIDTHS[3]), (what, _WIDTHS[5]), (mend, _WIDTHS[6])], least=20)


def _short(text: str, most: int = _PIECE) -> str:
    """A text of a length that a row can show."""
    plain = clean(text).replace("\n", " ")
    return plain if width(plain) <= most else f"{plain[: most // 2 - 1]}…"


def _numbered(slip: Slip) -> list[tuple[int, Fault]]:
    return list(enumerate(slip.faults[:MOST], 1))


# --- the marks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tab:
    """One sheet of the workbook: the member that holds it is empty where there is none."""

    name: str
    member: str
    node: Node
    id: str


class _Marking:
    """One workbook and what is done to it."""

    def __init__(self, data: bytes, slip: Slip) -> None:
        self.slip, self.read, self.package = slip, read_workbook(data), Patch(data)
        self.book_name = self._find_book()
        self.book = self.package.part(self.book_name)
        self.tabs = self._find_tabs()
        self.olds = [tab for tab in self.tabs if _is_list(self.read[tab.name])]
        self.styles = self._find_styles()
        self.sheets = dict[str, SheetPart]()
        self.emptied = set[tuple[str, str]]()

    def run(self) -> bytes:
        marks = self._places()
        self._mark(marks)
        self._stamp()
        self._property()
        self._insert(frozenset(number for at in marks.values() for each in at.values() for number in each))
        self.styles.finish()
        return self.package.finish()

    # --- what is there

    def _find_book(self) -> str:
        package = self.package
        if any(each.kind in _UNSAFE for each in package.relations("").values()):
            raise SlipError("有数字签名")
        name = package.related("", "officeDocument")
        if not name or package.content_type(name) != _WORKBOOK:
            raise SlipError("不是普通的 .xlsx 工作簿")
        if any(each.kind in _UNSAFE for each in package.relations(name).values()):
            raise SlipError("共享的或带宏的工作簿")
        if MAIN not in package.part(name).root.attributes.values():
            raise SlipError("严格格式的工作簿")
        return name

    def _find_tabs(self) -> list[_Tab]:
        listed, relations = self.book.root.one("sheets"), self.package.relations(self.book_name)
        tabs = list[_Tab]()
        for node in listed.all("sheet") if listed else []:
            id = next((value for key, value in node.attributes.items() if key.endswith(":id")), "")
            tabs.append(_Tab(node.get("name") or "", relations[id].target, node, id))
        if not any(tab.name == STAMP_SHEET for tab in tabs):
            raise SlipError("不是发放的填报表")
        if [tab.name for tab in tabs] != list(self.read):
            raise SlipError("工作表不明")
        return tabs

    def _find_styles(self) -> Styles:
        name = self.package.related(self.book_name, "styles")
        if not name:
            name = "xl/styles.xml"
            self.package.add(name, EMPTY, _STYLES)
            self.package.relate(self.book_name, "styles", name)
        used = max(highest(self.package.members[tab.member]) for tab in self.tabs)
        return Styles(self.package.part(name), used)

    def sheet(self, tab: _Tab) -> SheetPart:
        if tab.name not in self.sheets:
            self.sheets[tab.name] = SheetPart(self.package.part(tab.member, 2))
        return self.sheets[tab.name]

    # --- cells

    def _places(self) -> dict[str, dict[Place, list[int]]]:
        """Sheet → cell that is seen → the numbers of its faults."""
        tabs = {tab.name: tab for tab in self.tabs if tab not in self.olds and tab.name != STAMP_SHEET}
        wanted = dict[str, list[tuple[Place, int]]]()
        for number, fault in _numbered(self.slip):
            if fault.sheet in tabs and self._is_sheet(tabs[fault.sheet]):
                blocks = filter(None, map(area, fault.addresses))
                wanted.setdefault(fault.sheet, []).extend((first, number) for first, _ in blocks)
        found = dict[str, dict[Place, list[int]]]()
        for name, places in wanted.items():
            seen = self.sheet(tabs[name]).shown(at for at, _ in places)
            cells = found.setdefault(name, {})
            for at, number in places:
                cells.setdefault(seen[at], []).append(number)
        return found

    def _is_sheet(self, tab: _Tab) -> bool:
        return self.package.content_type(tab.member) == _SHEET

    def _mark(self, marks: Mapping[str, Mapping[Place, Sequence[int]]]) -> None:
        for tab in self.tabs:
            if tab in self.olds or not self._is_sheet(tab):
                continue
            if tab.name in marks or self.package.related(tab.member, "comments"):
                self._mark_sheet(tab, marks.get(tab.name, {}))

    def _mark_sheet(self, tab: _Tab, marks: Mapping[Place, Sequence[int]]) -> None:
        """Colour and note on each of the cells; those of an earlier slip that are mended lose theirs."""
        sheet = self.sheet(tab)
        notes = Notes(self.package, tab.member, sheet)
        mended = notes.ours() - marks.keys()
        if not marks and not mended:
            return

        def styled(at: Place, style: int) -> int:
            if at not in mended:
                general = any(self.slip.faults[each - 1].retype for each in marks[at]) and self._empty(tab, at, style)
                return self.styles.with_fill(style, self.styles.fill(PLAIN.fill(_COLOUR)), general)
            return self.styles.with_fill(style, self.styles.fill(INPUT) if self.styles.unlocked(style) else 0)

        sheet.restyle([*marks, *mended], styled)
        notes.write({at: self._note(numbers, (tab.name, cell(*at))) for at, numbers in marks.items()})

    def _empty(self, tab: _Tab, at: Place, style: int) -> bool:
        """Whether a cell loses its number format, since it would make a date or 3% of a typed 3. Its number goes too:
        that of a date, shown plainly, would be taken for an answer."""
        if self.styles.takes_numbers(style) or not self.sheet(tab).empty(at):
            return False
        self.emptied.add((tab.name, cell(*at)))
        return True

    def _note(self, numbers: Sequence[int], at: tuple[str, str]) -> str:
        faults = self.slip.faults
        said = [
            f"第{each}条 {_short(fault.level)}：{_short(fault.what)}\n怎样改：{_short(fault.mend)}"
            for each in numbers
            for fault in [faults[each - 1]]
        ]
        if at in self.emptied:
            said.append("这一格的格式已改回常规，直接填写就行。")
        return SIGN + "\n".join(said)

    # --- the hash

    def _stamp(self) -> None:
        """The row 替换 of the stamp: where it is, or behind the last."""
        tab = next(tab for tab in self.tabs if tab.name == STAMP_SHEET)
        sheet, read = self.sheet(tab), self.read[STAMP_SHEET]
        p = sheet.part.root.prefix
        rows = [row for row in range(read.height) if read.text(row, 0) == REPLACES]
        if not rows:
            if size := sheet.part.root.one("dimension"):
                sheet.part.replace(size, b"")
            row = max(sheet.rows, default=-1) + 1
            cells = _text_cell(p, row, 0, REPLACES) + _text_cell(p, row, 1, self.slip.replaces)
            sheet.part.append(sheet.data, f'<{p}row r="{row + 1}">{cells}</{p}row>'.encode())
        for row in rows:
            sheet.put(row, 1, _text_cell(p, row, 1, self.slip.replaces).encode())

    def _property(self) -> None:
        """The same hash as a property of the document."""
        name, value = self.package.related("", "custom-properties"), text_xml(clean(self.slip.replaces.split()[0]))
        if not name:
            name = "docProps/custom.xml"
            empty = f'{HEAD}<Properties xmlns="{_CUSTOM}"></Properties>'.encode()
            self.package.add(name, empty, _PROPERTIES)
            self.package.relate("", "custom-properties", name)
        part, key = self.package.part(name), f"xfkh.{REPLACES}"
        p, numbers = part.root.prefix, [1]
        for each in part.root.all("property"):
            numbers.append(int(each.get("pid") or 1))
            if each.get("name") == key:
                part.replace(each, b"")
        text = f'<vt:lpwstr xmlns:vt="{_TEXTS}">{value}</vt:lpwstr>'
        entry = f'<{p}property fmtid="{_FMTID}" pid="{max(numbers) + 1}" name="{key}">{text}</{p}property>'
        part.append(part.root, entry.encode())

    # --- the list

    def _insert(self, marked: frozenset[int]) -> None:
        """The list as the first sheet, instead of an earlier one."""
        kept = [tab for tab in self.tabs if tab not in self.olds]
        name = _unused(TITLE, [tab.name for tab in kept])
        content, head = self._list(name, marked)
        member = self.package.free("xl/worksheets/sheet{}.xml", len(self.tabs) + 1)
        self.package.add(member, content, _SHEET)
        id = self.package.relate(self.book_name, "worksheet", member)
        old = {tab.id for tab in self.olds}
        for tab in self.olds:
            self.book.replace(tab.node, b"")
        for key, each in self.package.relations(self.book_name).items():
            # the chain of calculation goes by sheet; every program makes it anew
            if key in old or each.kind == "calcChain":
                self.package.discard(self.book_name, each)
        self._enter(name, id)
        self._views(kept)
        self._names(name, head, kept)

    def _list(self, name: str, marked: frozenset[int]) -> tuple[bytes, int]:
        """The sheet as it stands in one of our own workbooks, with its formats numbered as they are here."""
        book = _book(self.slip)
        head = _List(book, self.slip, name, True, marked).write()
        ours = Patch(book.finish())
        number = self.styles.take(ours.members["xl/styles.xml"])
        texts = ours.part("xl/sharedStrings.xml").root.all("si")
        source = ours.members["xl/worksheets/sheet1.xml"]

        def renumbered(found: re.Match[bytes]) -> bytes:
            return found[1] + str(number(int(found[2]))).encode() + b'"'

        def spelled(found: re.Match[bytes]) -> bytes:
            part = ours.part("xl/sharedStrings.xml")
            si = texts[int(found[2])]
            return found[1] + b' t="inlineStr"><is>' + part.data[si.head : si.close] + b"</is></c>"

        source = re.sub(rb'(<c r="[A-Z]+\d+" s=")(\d+)"', renumbered, source)
        return re.sub(rb'(<c [^<>]*) t="s"><v>(\d+)</v></c>', spelled, source), head

    def _enter(self, name: str, id: str) -> None:
        first = self.tabs[0].node
        number = max(int(tab.node.get("sheetId") or 0) for tab in self.tabs) + 1
        values = f'name="{attribute_xml(name)}" sheetId="{number}" xmlns:r="{RELATIONS}" r:id="{id}"'
        self.book.insert(first.start, f"<{first.tag} {values}/>".encode())

    def _views(self, kept: Sequence[_Tab]) -> None:
        """The list is what opens; two sheets chosen at once would be written into both."""
        views = self.book.root.one("bookViews")
        for view in views.children if views else []:
            self.book.set(view, activeTab=None, firstSheet=None)
        for tab in kept:
            part = self.package.part(tab.member, 2)
            each = part.root.one("sheetViews")
            for view in each.children if each else []:
                if view.get("tabSelected") is not None:
                    part.set(view, tabSelected=None)

    def _names(self, name: str, head: int, kept: Sequence[_Tab]) -> None:
        """Names of one sheet count the sheets; the list adds its printed area and its heads."""
        places = {self.tabs.index(tab): k for k, tab in enumerate(kept, 1)}
        node = self.book.root.one("definedNames")
        for each in node.all("definedName") if node else []:
            said = each.get("localSheetId")
            if said is not None and int(said) in places:
                self.book.set(each, localSheetId=str(places[int(said)]))
            elif said is not None:
                self.book.replace(each, b"")
        last = head + min(len(self.slip.faults), MOST + 1)
        p, quoted = self.book.root.prefix, f"'{name}'"
        values = {"Print_Area": f"{quoted}!$B$1:$G${last}", "Print_Titles": f"{quoted}!${head}:${head}"}
        made = "".join(
            f'<{p}definedName name="_xlnm.{key}" localSheetId="0">{text_xml(value)}</{p}definedName>'
            for key, value in values.items()
        ).encode()
        if node is not None:
            self.book.append(node, made)
        else:
            whole = f"<{p}definedNames>".encode() + made + f"</{p}definedNames>".encode()
            self.book.insert(self.book.after(_BEFORE_NAMES), whole)


def _text_cell(prefix: str, row: int, col: int, text: str) -> str:
    inner = f"<{prefix}is><{prefix}t>{text_xml(clean(text))}</{prefix}t></{prefix}is>"
    return f'<{prefix}c r="{cell(row, col)}" t="inlineStr">{inner}</{prefix}c>'


def _unused(name: str, taken: Sequence[str]) -> str:
    """A name for a sheet that no other has."""
    known, k, made = {each.casefold() for each in taken}, 2, name
    while made.casefold() in known:
        made, k = f"{name}{k}", k + 1
    return made


# --- what was there, and is still ------------------------------------------------------------------


def _is_list(sheet: Read) -> bool:
    return sheet.text(0, 0) == SLIP_CORNER


def _described(raw: RawCell) -> RawCell:
    """A cell whose format was in no file has the usual one once it is marked."""
    return replace(raw, format="") if raw.format == GONE else raw


def _compare(before: bytes, after: bytes, slip: Slip, emptied: Set[tuple[str, str]]) -> None:
    """Every value, formula and number format that came in stands there still, behind the list, but for the cells that
    were emptied. Raises SlipError."""
    old = {name: sheet for name, sheet in read_workbook(before).items() if not _is_list(sheet)}
    new = read_workbook(after)
    first = next(iter(new))
    if list(new)[1:] != list(old) or not _is_list(new[first]):
        raise SlipError("工作表变了")
    for name, sheet in old.items():
        if name == STAMP_SHEET:
            same = _stamped(new[name]) == {**_stamped(sheet), REPLACES: slip.replaces}
        else:
            was, now = (
                {at: _described(raw) for at, raw in each.filled() if (name, at) not in emptied}
                for each in (sheet, new[name])
            )
            same = was == now
        if not same:
            raise SlipError(f"「{name}」的内容变了")


def _stamped(sheet: Read) -> dict[str, str]:
    return {sheet.text(row, 0): sheet.text(row, 1) for row in range(sheet.height)}
