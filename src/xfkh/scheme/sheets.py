"""A scheme workbook → the same tables as a TOML file holds, every value with the cell in which it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..console import meant, near
from ..findings import Finding, finding, quoted
from ..model import PERSONS, UNITS, Source
from ..workbook.addresses import letters, split
from ..workbook.open import Sheets
from ..workbook.read import NUMBER, RawCell, plain
from .cells import CellError, figure, listed, seen, value_of
from .columns import (
    ADDS,
    CASES,
    CHECKS,
    DEDUCTS,
    EXTRAS,
    FIGURES,
    HEAD,
    HEAD_WORDS,
    INPUTS,
    ITEMS,
    MANY,
    NEEDED,
    OPTIONS,
    OUTCOMES,
    PARAMETER,
    PART_WORDS,
    READINGS,
    RULE_HEADS,
    SECTIONS,
    SHEETS,
    TARGET,
    YES,
    Column,
    Form,
    SheetOf,
    needed_by,
    rule_field,
)
from .lines import Grid, Line
from .places import UNSEEN, Row

Tables = dict[str, Any]


class _Unread(str):
    """What stands in such a cell."""


@dataclass(slots=True)
class Reader:
    """Reads the sheets and remembers what did not fit; ``free``: where 方案 has room for a further line."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True
    free: Source = Source()

    def tables(self, sheets: Sheets) -> Tables:
        """The tables of a scheme. What cannot be read is left out and said."""
        known = {each.name: each for each in SHEETS}
        found = {name: sheets[name] for name in known if name in sheets}
        for name in sheets:
            if name not in known and name != OPTIONS and name[:1] != "_" and any(True for _ in sheets[name].filled()):
                perhaps = near(name, [each for each in known if each not in sheets])
                hint = meant(perhaps) or "；不用的表名前加下划线"
                self.findings.append(finding("scheme-sheet", Source(self.file, name), found=quoted(name), hint=hint))
                found |= dict.fromkeys(perhaps[:1], sheets[name])
        grids = {name: Grid(sheet, known[name], Source(self.file, sheet.name)) for name, sheet in found.items()}
        lines = {name: list(grid.lines()) for name, grid in grids.items()}
        self.findings += [each for grid in grids.values() for each in grid.findings]
        self.whole &= all(grid.whole for grid in grids.values())
        self._sheets_there(lines)
        for name, grid in grids.items():
            self._columns_there(grid, lines[name])
        made: Tables = {"scheme": Row(Source(self.file, HEAD.name))}
        parts: dict[str, Row] = {}
        self._head(lines.get(HEAD.name, []), made["scheme"], parts)
        for sheet in SHEETS[1:]:
            rows = [*self._rows(sheet, lines.get(sheet.name, []))]
            if sheet is READINGS:
                for row in rows:
                    # what is called neither is what its value makes of it
                    said = row.pop("type", "") or (PARAMETER if "type" in row.told and _is_number(row) else "")
                    made.setdefault("parameter" if said == PARAMETER else "reading", []).append(row)
                continue
            for row in rows:
                whose = _part_of(row.told.get("part") or row.pop("part", UNITS))
                self._part(parts, whose).setdefault(sheet.table, []).append(row)
        for part in parts.values():
            for word, name in PART_WORDS.items():
                part.expect(name, word, self.free)
            self._arrange(part)
        order = [name for name in (UNITS, PERSONS) if name in parts]
        made["part"] = [parts[name] for name in order] + [part for name, part in parts.items() if name not in order]
        return {name: rows for name, rows in made.items() if rows or name == "scheme"}

    def _sheets_there(self, lines: Mapping[str, Sequence[Line]]) -> None:
        """Without its head and what is filled in no scheme can be; without items only one whose total is an input's."""
        total = any(each.says("name") == "总分取自" and each.given("value") for each in lines.get(HEAD.name, []))
        wanted = [HEAD, INPUTS] if total else [HEAD, SECTIONS, INPUTS, ITEMS]
        if _uses_readings(lines):
            wanted.append(READINGS)
        if _uses_extras(lines):
            wanted.append(EXTRAS)
        for sheet in wanted:
            if sheet.name not in lines:
                self._lack("scheme-sheet-lost", Source(self.file, sheet.name), sheet.name)

    def _columns_there(self, grid: Grid, lines: Sequence[Line]) -> None:
        """Every column in which some row of a sheet has to say something; one behind a strange head may be there."""
        wanted = dict.fromkeys(head for line in lines for head in _heads_needed(grid.wanted, line))
        for head in wanted:
            if head not in lines[0].places and head not in lines[0].unknown:
                self._lack("scheme-head-lost", grid.top, head)

    def _say(self, code: str, source: Source, **facts: str) -> None:
        self.findings.append(finding(code, source, **facts))

    def _lack(self, code: str, source: Source, name: str) -> None:
        """Something without which the rest cannot be read."""
        self.findings.append(finding(code, source, name=name))
        self.whole = False

    # --- rows of cells → rows of tables
    def _rows(self, sheet: SheetOf, lines: Sequence[Line]) -> Iterator[Row]:
        """A row begins where the key stands; what follows without one belongs to it."""
        row: Row | None = None
        for line in lines:
            if self._astray(sheet, line) or all(each.head == "部分" for each, *_ in line.cells):
                # 部分 filled down beyond the last row says nothing by itself
                continue
            if sheet is CASES:
                row, fresh = self._case(row, line)
            elif line.given(sheet.key) or not sheet.more:
                row, fresh = self._row(sheet, line), True
            elif row is None or line.given("title"):
                row, fresh = self._nameless(sheet, line), True
            else:
                fresh = False
                self._further(sheet, row, line)
            if fresh:
                yield row

    def _astray(self, sheet: SheetOf, line: Line) -> bool:
        """A row that is none of its table: the sum of the others, a note beneath them."""
        if sheet not in (SECTIONS, ITEMS, EXTRAS, OUTCOMES):
            return False
        named = [
            (text, place) for name in (sheet.key, "title") if (text := line.says(name)) for place in [line.at(name)]
        ]
        for text, place in named:
            if _SUM.fullmatch("".join(text.split())):
                self._say("scheme-sum-row", place, found=quoted(text), sheet=sheet.name)
                return True
        if named and len(line.cells) == 1:
            text, place = named[0]
            self._say("scheme-note-row", place, found=quoted(text))
        return bool(named) and len(line.cells) == 1

    def _nameless(self, sheet: SheetOf, line: Line) -> Row:
        """A row that ought to have a key."""
        self.findings.append(finding("scheme-lonely", line.key_at(sheet), head=sheet.head_of(sheet.key)))
        row = self._row(sheet, line)
        row.told[sheet.key] = ""
        return row

    def _row(self, sheet: SheetOf, line: Line) -> Row:
        row, kind = Row(line.source), self._kind(line)
        rule = Row(line.source)
        for column, value, place in self._values(line):
            if (
                sheet.more == "rule"
                and column.head in RULE_HEADS
                and not (kind == TARGET and column.field == "condition")
            ):
                _put_rule(rule, column, kind, value, place)
            elif sheet is READINGS and column.field in ("option", "said"):
                self._option(row, column.field, value, place)
            else:
                _put(row, column, value, place)
        if sheet is READINGS:
            head = sheet.head_of("option")
            row.expect("options", head, line.places.get(head, line.source))
        for column in sheet.columns:
            own = kind == TARGET and column.field == "condition"
            owner = rule if column.head in sheet.further and sheet.more == "rule" and not own else row
            _expect(owner, column, line)
        if (rule or rule.told) and kind != TARGET:
            row["rule"] = [rule]
        row.expect("rule", "计分方式", line.places.get("计分方式", line.source))
        if sheet is CHECKS:
            _level(row)
        if sheet in (ITEMS, EXTRAS):
            row["_kind"] = kind
        if sheet is EXTRAS:
            self._sign(row)
        return row

    def _further(self, sheet: SheetOf, row: Row, line: Line) -> None:
        """A further rule, reason or option of the row above."""
        kind, more = self._kind(line), Row(line.source)
        for column, value, place in self._values(line):
            if column.head == "部分" and value == row.get("part", UNITS):
                continue
            if column.head not in sheet.further:
                self.findings.append(finding("scheme-lonely", place, head=sheet.head_of(sheet.key)))
            elif sheet is READINGS:
                self._option(row, column.field, value, place)
            elif sheet.more == "rule":
                _put_rule(more, column, kind, value, place)
            else:
                _put(more, column, value, place)
        for column in sheet.columns:
            if column.head in sheet.further:
                _expect(more, column, line)
        if (more or more.told) and sheet is not READINGS:
            row.setdefault(sheet.more, []).append(more)

    def _sign(self, row: Row) -> None:
        """A bonus or a deduction is known by the sign at the end of its id, which the direction gives; where nothing
        does, it is taken for a bonus."""
        id, direction = str(row.get("id", "")), row.pop("direction", "")
        sign, own = _SIGNS.get(direction, ""), id[-1:] if id.endswith(("+", "-")) else ""
        if not (sign or own) and self.whole:
            self._wrong_direction(row, "", f"没有填，写{ADDS}或{DEDUCTS}")
        elif sign and own and sign != own:
            self._wrong_direction(row, direction, f"与编号 {id} 末尾的“{own}”不一致")
        row["id"], row["_extra"] = id if own else id + (sign or _SIGNS[ADDS]), True
        row.written = id if row["id"] != id and "direction" not in row.told else ""

    def _wrong_direction(self, row: Row, found: str, why: str) -> None:
        if "direction" not in row.told:
            facts = {"head": "方向", "found": quoted(found), "why": why}
            self.findings.append(finding("scheme-cell", row.at("direction"), **facts))
        row.told["direction"] = found

    def _option(self, row: Row, name: str, value: Any, place: Source) -> None:
        options = row.setdefault("options", {})
        if isinstance(value, _Unread):
            row.told["options"] = value
            return
        if name == "option":
            options[str(value)] = ""
        elif options:
            options[list(options)[-1]] = value

    def _case(self, row: Row | None, line: Line) -> tuple[Row, bool]:
        """A case: what is filled in, and the points that follow."""
        values = {column.field: (column, value, place) for column, value, place in self._values(line)}
        fresh = "id" in values or row is None
        if row is None or fresh:
            row = Row(line.source)
            for name in ("part", "id"):
                if name in values:
                    _put(row, *values[name])
            row.expect("id", CASES.head_of("id"), line.places.get(CASES.head_of("id"), line.source))
            row["given"], row["points"] = Row(line.source), Row(line.source)
        for name, value, table in (("given", "value", "given"), ("expected", "points", "points")):
            if name not in values:
                continue
            _, key, place = values[name]
            column = next(each for each in CASES.columns if each.field == value)
            if str(key) in row[table]:
                why = "这个用例里写了两次；留下一行，按季、按月的写成 名称[1]、名称[2]，要另算一遍的写一个新的编号"
                self._say("scheme-cell", place, head=CASES.head_of(name), found=quoted(key), why=why)
                continue
            row[table].keys_at[str(key)] = place
            row[table].expect(str(key), column.head, line.places.get(column.head, place))
            if value in values:
                _put(row[table], replace(column, fields=(str(key),)), *values[value][1:])
            else:
                row[table][str(key)] = ""
        return row, fresh

    def _kind(self, line: Line) -> str:
        return next((plain(raw.value) for column, raw, _ in line.cells if column.field == "kind"), "")

    def _values(self, line: Line) -> Iterator[tuple[Column, Any, Source]]:
        for column, raw, place in line.cells:
            try:
                value = value_of(column, raw)
                if column.form is Form.ID and (column.field in ("id", "name") or _is_version(line, column)):
                    value = self._id(column, raw, value, place)
                yield column, value, place
            except CellError as error:
                found = f"={raw.formula}" if raw.formula else seen(raw.value)
                self.findings.append(
                    finding("scheme-cell", place, head=column.head, found=quoted(found), why=str(error))
                )
                yield column, _Unread(UNSEEN if raw.error else found), place

    def _id(self, column: Column, raw: RawCell, text: str, place: Source) -> str:
        """A name by which something is known: one to a cell, and kept as it was typed."""
        if "\n" in text:
            why = "一格里写了两行；一格只写一个，另一个写到下面一行"
            self._say("scheme-cell", place, head=column.head, found=quoted(text), why=why)
        elif isinstance(raw.value, float) and not raw.value.is_integer():
            self._say("scheme-number-id", place, head=column.head, found=text)
        return text.split("\n")[0].strip()

    # --- the sheet of the scheme itself
    def _head(self, lines: Sequence[Line], scheme: Row, parts: dict[str, Row]) -> None:
        seen_words = set[tuple[str, str]]()
        for line in lines:
            values = {column.field: (value, place) for column, value, place in self._values(line)}
            word, place = values.get("name", ("", line.source))
            part = _part_of(values["part"][0]) if "part" in values else UNITS
            if word and word not in {**HEAD_WORDS, **PART_WORDS}:
                perhaps = near(str(word), [*HEAD_WORDS, *PART_WORDS])
                self.findings.append(finding("scheme-word", place, found=quoted(word), hint=meant(perhaps)))
                there = {plain(raw.value) for each in lines for column, raw, _ in each.cells if column.field == "name"}
                word = next((each for each in perhaps if each not in there), "")
            if "value" not in values:
                if word in HEAD_WORDS:
                    scheme.expect(HEAD_WORDS[word], str(word), line.places.get("内容", place))
                if word in PART_WORDS and part in parts:
                    parts[part].expect(PART_WORDS[word], str(word), line.places.get("内容", place))
                continue
            value, cell = values["value"]
            if (part, word) in seen_words and HEAD_WORDS.get(word) not in MANY:
                self._say("scheme-word-twice", place, found=str(word))
            seen_words.add((part, word))
            if word in HEAD_WORDS:
                name = HEAD_WORDS[word]
                many = name in MANY and not isinstance(value, _Unread)
                texts = listed(value) if name == "accepts" and many else [value]
                value = figure(value) if name in FIGURES and not isinstance(value, _Unread) else value
                _set(scheme, name, [*scheme.get(name, []), *texts] if many else value, str(word), cell)
            elif word in PART_WORDS:
                name = PART_WORDS[word]
                yes = name == "zero_words" and not isinstance(value, _Unread)
                _set(
                    self._part(parts, part),
                    name,
                    {YES: True, "否": False}.get(value, value) if yes else value,
                    str(word),
                    cell,
                )
        free = _below(lines[-1].source) if lines else scheme.source
        for word, name in HEAD_WORDS.items():
            scheme.expect(name, word, free)
        self.free = free

    def _part(self, parts: dict[str, Row], name: str) -> Row:
        if name not in parts:
            parts[name] = Row(Source(self.file, HEAD.name), {"name": name})
        return parts[name]

    def _arrange(self, part: Tables) -> None:
        """Bonuses and deductions stand where they are printed; targets have a table of their own."""
        items, targets = list[Row](), list[Row]()
        rows = part.pop("item", [])
        for row in rows:
            after = row.pop("after", None)
            if row.pop("_kind") == TARGET:
                targets.append(row)
            elif row.pop("_extra", False):
                items.insert(self._place(items, row, after, rows), row)
            else:
                items.append(row)
        part |= {name: rows for name, rows in (("item", items), ("target", targets)) if rows}

    def _place(self, items: Sequence[Row], row: Row, after: Any, rows: Sequence[Row]) -> int:
        """Behind the item named, else behind all of its section, else at the end; ``rows``: all that there are."""
        for k in reversed(range(len(items))):
            if (items[k].get("id") == after) if after else (items[k].get("section") == row.get("section")):
                return k + 1
        if after and self.whole:
            why = "不存在" + meant(near(str(after), [str(each.get("id", "")) for each in items]))
            if after == row.get("id"):
                why = "就是它自己"
            elif any(after == each.get("id") for each in rows):
                why = "写在它的下面；把这一行移到它下面，或写一个排在前面的"
            self.findings.append(finding("scheme-after", row.at("after"), found=quoted(after), why=why))
        return len(items)


def _below(place: Source) -> Source:
    """The cell beneath, where a row may be added."""
    row, column = split(place.cell)
    return place._replace(cell=f"{letters(column)}{row + 1}")


def _heads_needed(sheet: SheetOf, line: Line) -> Iterator[str]:
    """The heads of the columns without which a row cannot be read."""
    kind = line.says("kind")
    if line.given(sheet.key):
        yield from (head for head in NEEDED.get(sheet.name, ()) if not _dispensable(sheet, line, head, kind))
        if sheet is EXTRAS and not line.says("id").endswith(("+", "-")):
            yield "方向"
        if sheet is READINGS and NUMBER.fullmatch(line.says("value")):
            yield "类型"
    if sheet.more == "rule":
        yield from needed_by(kind)
    if sheet is CASES:
        pairs = (("填报项", "填"), ("指标", "应得"))
        given = {column.head for column, *_ in line.cells}
        yield from (head for pair in pairs if given.intersection(pair) for head in pair)


def _dispensable(sheet: SheetOf, line: Line, head: str, kind: str) -> bool:
    """A target has no points; what a formula alone gives may be without an end; what is counted needs no condition."""
    if sheet is OUTCOMES:
        return head == "条件" and line.given("count")
    return (head in ("分值", "大项") and kind == TARGET) or (head == "分值" and kind == "公式")


def _uses_readings(lines: Mapping[str, Sequence[Line]]) -> bool:
    names = {READINGS.name, "适用口径", "金额参数"}
    return any(column.head in names for each in lines.values() for line in each for column, *_ in line.cells)


def _uses_extras(lines: Mapping[str, Sequence[Line]]) -> bool:
    """Whether a case tells the points of bonuses or deductions that are no items of the sheet 指标."""
    cases = {line.says("expected") for line in lines.get(CASES.name, [])}
    items = {line.says("id") for line in lines.get(ITEMS.name, [])}
    return any(each.endswith(("+", "-")) for each in cases - items)


def _put(row: Row, column: Column, value: Any, place: Source) -> None:
    _set(row, column.field, value, column.head, place)


def _set(row: Row, name: str, value: Any, head: str, place: Source) -> None:
    """A field and its cell; of one that could not be read it is told already."""
    if isinstance(value, _Unread):
        row.told[name] = str(value)
        row.heads[name], row.places[name] = head, place
    else:
        row.put(name, value, head, place)


def _expect(row: Row, column: Column, line: Line) -> None:
    for name in column.fields:
        row.expect(name, column.head, line.places.get(column.head, line.source))
        if column.head in line.lost:
            row.told.setdefault(name, UNSEEN)


def _put_rule(rule: Row, column: Column, kind: str, value: Any, place: Source) -> None:
    name = rule_field(column, kind)
    many = name == "conditions" and isinstance(value, str) and not isinstance(value, _Unread)
    if column.head == "档次" and name != "bands" and isinstance(value, str) and not isinstance(value, _Unread):
        value = "，".join(listed(value)) if "\n" in value else value
    _set(rule, name, [value] if many else value, column.head, place)


def _level(row: Row) -> None:
    level = row.pop("level", "待核")
    if level != "待核":
        row["closed"] = False
    if level == "提示":
        row["mild"] = True


def _part_of(word: Any) -> str:
    """The part that is named; what is misspelt belongs to the one that was perhaps meant."""
    return next(iter(near(str(word), [UNITS, PERSONS])), UNITS)


_SIGNS = {ADDS: "+", DEDUCTS: "-"}
_SUM = re.compile("(合|总|小|共)计[:：]?")


def _is_version(line: Line, column: Column) -> bool:
    """Whether a cell holds the version, of which 2026.10 as a number is 2026.1."""
    return column.head == "内容" and line.says("name") == "版本"


def _is_number(row: Row) -> bool:
    return bool(NUMBER.fullmatch(str(row.get("value", ""))))


def read_sheets(sheets: Sheets, file: str) -> tuple[Tables, list[Finding], bool]:
    """The tables of a scheme workbook, what of it could not be read, and whether all is there that others rest on."""
    reader = Reader(file)
    return reader.tables(sheets), reader.findings, reader.whole


__all__ = ["read_sheets"]
