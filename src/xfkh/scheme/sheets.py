"""A scheme workbook → the same tables as a TOML file holds, every value with the cell in which it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..console import meant, near
from ..findings import Finding, finding, quoted
from ..model import PERSONS, UNITS, Source
from ..text import NARROW
from ..workbook.addresses import letters, split
from ..workbook.open import AnySheet, Sheets
from ..workbook.read import NUMBER, RawCell, plain
from .columns import (
    ADDS,
    CASES,
    CHECKS,
    DEDUCTS,
    EXTRAS,
    FIGURES,
    HEAD,
    HEAD_WITHIN,
    HEAD_WORDS,
    INPUTS,
    ITEMS,
    MANY,
    OPTIONS,
    PARAMETER,
    PART_WORDS,
    READINGS,
    RULE_HEADS,
    SECTIONS,
    SERIES,
    SHEETS,
    TARGET,
    YES,
    Column,
    Form,
    SheetOf,
    rule_field,
)
from .places import UNSEEN, Row

Tables = dict[str, Any]


class _FormError(ValueError):
    """A cell that does not hold what its column asks for."""


class _Unread(str):
    """What stands in such a cell."""


@dataclass(slots=True)
class _Line:
    """A row of a sheet: the cells in which something stands, by column, and where; ``places``: of every head;
    ``lost``: the columns that may stand under a head that nobody knows."""

    cells: list[tuple[Column, RawCell, Source]]
    source: Source
    places: dict[str, Source]
    lost: frozenset[str] = frozenset()

    def given(self, name: str) -> bool:
        return any(name in column.fields for column, *_ in self.cells)


@dataclass(slots=True)
class Reader:
    """Reads the sheets and remembers what did not fit."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True

    def tables(self, sheets: Sheets) -> Tables:
        """The tables of a scheme. What cannot be read is left out and said."""
        known = {each.name: each for each in SHEETS}
        found = {name: sheets[name] for name in known if name in sheets}
        for name in sheets:
            if name not in known and name != OPTIONS and not name.startswith("_"):
                perhaps = near(name, [each for each in known if each not in sheets])
                hint = meant(perhaps) or "；不用的表名前加下划线"
                self.findings.append(finding("scheme-sheet", Source(self.file, name), found=quoted(name), hint=hint))
                found |= dict.fromkeys(perhaps[:1], sheets[name])
        lines = {name: list(self._lines(sheet, known[name])) for name, sheet in found.items()}
        self._sheets_there(lines)
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
            self._arrange(part)
        order = [name for name in (UNITS, PERSONS) if name in parts]
        made["part"] = [parts[name] for name in order] + [part for name, part in parts.items() if name not in order]
        return {name: rows for name, rows in made.items() if rows or name == "scheme"}

    def _sheets_there(self, lines: dict[str, list[_Line]]) -> None:
        """Without its head and what is filled in no scheme can be; without items only one whose total is an input's."""
        total = any("总分取自" in (plain(raw.value) for _, raw, _ in each.cells) for each in lines.get(HEAD.name, []))
        for sheet in (HEAD, INPUTS) if total else (HEAD, SECTIONS, INPUTS, ITEMS):
            if sheet.name not in lines:
                self._lack("scheme-sheet-lost", Source(self.file, sheet.name), sheet.name)

    # --- the cells of a sheet
    def _lines(self, sheet: AnySheet, wanted: SheetOf) -> Iterator[_Line]:
        source = Source(self.file, sheet.name)
        top, columns, lost = self._heads(sheet, wanted, source)
        for row in range(top + 1, sheet.height):
            places = {
                column.head: source._replace(cell=f"{letters(col + 1)}{row + 1}") for col, column in columns.items()
            }
            found = [(column, sheet.at(row, col), places[column.head]) for col, column in columns.items()]
            cells = [each for each in found if each[1].error or each[1].formula or plain(each[1].value)]
            if cells:
                yield _Line(cells, next(iter(places.values())), places, lost)

    def _heads(self, sheet: AnySheet, wanted: SheetOf, source: Source) -> tuple[int, dict[int, Column], frozenset[str]]:
        """The row of heads (the one that has most of them), the column of each, and those that may be lost behind a
        head that nobody knows. A misspelt one is read as what it was perhaps meant to be."""
        rows = [[each.strip() for each in sheet.texts(row)] for row in range(HEAD_WITHIN)]
        counts = [sum(wanted.column(head) is not None for head in heads if head) for heads in rows]
        top = counts.index(max(counts))
        if not counts[top]:
            self.findings.append(
                finding("scheme-heads", source, heads="、".join(each.head for each in wanted.columns[:5]))
            )
            return sheet.height, {}, frozenset()
        found: dict[int, Column] = {}
        unknown, key = False, _key_among(wanted, rows[top])
        for col, head in enumerate(rows[top]):
            place = source._replace(cell=f"{letters(col + 1)}{top + 1}")
            column = wanted.column(head)
            if head.startswith("_") or not head:
                continue
            if column is None:
                left = [each.head for each in wanted.columns if each.head not in rows[top]]
                perhaps = [wanted.head_of(wanted.key)] if head == key else near(head, left)
                hint = meant(perhaps) or "；不用的列名前加下划线"
                self.findings.append(finding("scheme-head", place, found=quoted(head), hint=hint))
                unknown |= len(perhaps) != 1
                column = wanted.column(perhaps[0]) if len(perhaps) == 1 else None
                if column is not None and column not in found.values():
                    found[col] = column
            elif column in found.values():
                self.findings.append(finding("scheme-head-twice", place, head=column.head))
            else:
                found[col] = column
        if wanted.column(wanted.head_of(wanted.key)) not in found.values():
            self._lack("scheme-head-lost", source._replace(cell=f"A{top + 1}"), wanted.head_of(wanted.key))
            return sheet.height, {}, frozenset()
        lost = {each.head for each in wanted.columns if each not in found.values()} if unknown else ()
        return top, found, frozenset(lost)

    def _lack(self, code: str, source: Source, name: str) -> None:
        """Something without which the rest cannot be read."""
        self.findings.append(finding(code, source, name=name))
        self.whole = False

    # --- rows of cells → rows of tables
    def _rows(self, sheet: SheetOf, lines: Sequence[_Line]) -> Iterator[Row]:
        """A row begins where the key stands; what follows without one belongs to it."""
        row: Row | None = None
        for line in lines:
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

    def _nameless(self, sheet: SheetOf, line: _Line) -> Row:
        """A row that ought to have a key."""
        place = line.places.get(sheet.head_of(sheet.key), line.source)
        self.findings.append(finding("scheme-lonely", place, head=sheet.head_of(sheet.key)))
        row = self._row(sheet, line)
        row.told[sheet.key] = ""
        return row

    def _row(self, sheet: SheetOf, line: _Line) -> Row:
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

    def _further(self, sheet: SheetOf, row: Row, line: _Line) -> None:
        """A further rule, reason or option of the row above."""
        kind, more = self._kind(line), Row(line.source)
        for column, value, place in self._values(line):
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
        if not (sign or own):
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

    def _case(self, row: Row | None, line: _Line) -> tuple[Row, bool]:
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
            row[table].keys_at[str(key)] = place
            row[table].expect(str(key), column.head, line.places.get(column.head, place))
            if value in values:
                _put(row[table], replace(column, fields=(str(key),)), *values[value][1:])
            else:
                row[table][str(key)] = ""
        return row, fresh

    def _kind(self, line: _Line) -> str:
        return next((plain(raw.value) for column, raw, _ in line.cells if column.field == "kind"), "")

    def _values(self, line: _Line) -> Iterator[tuple[Column, Any, Source]]:
        for column, raw, place in line.cells:
            try:
                yield column, _value(column, raw), place
            except _FormError as error:
                found = f"={raw.formula}" if raw.formula else plain(raw.value)
                self.findings.append(
                    finding("scheme-cell", place, head=column.head, found=quoted(found), why=str(error))
                )
                yield column, _Unread(UNSEEN if raw.error else found), place

    # --- the sheet of the scheme itself
    def _head(self, lines: Sequence[_Line], scheme: Row, parts: dict[str, Row]) -> None:
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
            if word in HEAD_WORDS:
                name = HEAD_WORDS[word]
                many = name in MANY and not isinstance(value, _Unread)
                value = _figure(value) if name in FIGURES and not isinstance(value, _Unread) else value
                _set(scheme, name, [*scheme.get(name, []), value] if many else value, str(word), cell)
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
        for part in (UNITS, PERSONS):
            for word, name in PART_WORDS.items():
                if part in parts:
                    parts[part].expect(name, word, free)

    def _part(self, parts: dict[str, Row], name: str) -> Row:
        if name not in parts:
            parts[name] = Row(Source(self.file, HEAD.name), {"name": name})
        return parts[name]

    def _arrange(self, part: Tables) -> None:
        """Bonuses and deductions stand where they are printed; targets have a table of their own."""
        items, targets = list[Row](), list[Row]()
        for row in part.pop("item", []):
            after = row.pop("after", None)
            if row.pop("_kind") == TARGET:
                targets.append(row)
            elif row.pop("_extra", False):
                items.insert(self._place(items, row, after), row)
            else:
                items.append(row)
        part |= {name: rows for name, rows in (("item", items), ("target", targets)) if rows}

    def _place(self, items: Sequence[Row], row: Row, after: Any) -> int:
        """Behind the item named, else behind all of its section, else at the end."""
        for k in reversed(range(len(items))):
            if (items[k].get("id") == after) if after else (items[k].get("section") == row.get("section")):
                return k + 1
        if after:
            hint = meant(near(str(after), [str(each.get("id", "")) for each in items]))
            self.findings.append(finding("scheme-after", row.at("after"), found=quoted(after), hint=hint))
        return len(items)


def _below(place: Source) -> Source:
    """The cell beneath, where a row may be added."""
    row, column = split(place.cell)
    return place._replace(cell=f"{letters(column)}{row + 1}")


def _key_among(wanted: SheetOf, heads: Sequence[str]) -> str:
    """The head that is taken for that of the column by which rows are told apart, where it stands nowhere: one that is
    like it, else the first that is like none."""
    key = wanted.head_of(wanted.key)
    if any(column.head == key for head in heads if (column := wanted.column(head))):
        return ""
    left = [each.head for each in wanted.columns if each.head not in heads]
    strange = {head: near(head, left) for head in heads if head and head[0] != "_" and wanted.column(head) is None}
    alike = [head for head, perhaps in strange.items() if key in perhaps]
    return next(iter([*alike, *(head for head, perhaps in strange.items() if not perhaps)]), "")


def _put(row: Row, column: Column, value: Any, place: Source) -> None:
    _set(row, column.field, value, column.head, place)


def _set(row: Row, name: str, value: Any, head: str, place: Source) -> None:
    """A field and its cell; of one that could not be read it is told already."""
    if isinstance(value, _Unread):
        row.told[name] = str(value)
        row.heads[name], row.places[name] = head, place
    else:
        row.put(name, value, head, place)


def _expect(row: Row, column: Column, line: _Line) -> None:
    for name in column.fields:
        row.expect(name, column.head, line.places.get(column.head, line.source))
        if column.head in line.lost:
            row.told.setdefault(name, UNSEEN)


def _put_rule(rule: Row, column: Column, kind: str, value: Any, place: Source) -> None:
    name = rule_field(column, kind)
    many = name == "conditions" and isinstance(value, str) and not isinstance(value, _Unread)
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


def _value(column: Column, raw: RawCell) -> Any:
    """What stands in a cell, as the field asks for it. Raises _FormError."""
    if raw.error:
        raise _FormError("单元格是错误值，请重新填写")
    if raw.formula:
        if column.form is Form.FORMULA:
            return raw.formula
        raise _FormError("单元格是公式，请改成数或文字")
    if column.form in (Form.NUMBER, Form.WHOLE):
        return _number(raw.value, column.form is Form.WHOLE)
    if isinstance(raw.value, bool):
        return YES if raw.value else "否"
    if isinstance(raw.value, datetime):
        if column.field != "value" and column.form in (Form.ID, Form.FORMULA, Form.LIST):
            # 3/5, which would be read as 2026-03-05: 2026 less 3 less 5
            raise _FormError("单元格是日期；先把单元格设成文本，再重新填写")
        return raw.value.date().isoformat()
    text = _percent(raw) or plain(raw.value)
    if (column.field in _CLOSED or column.head == "部分") and text not in column.choices:
        raise _FormError(f"只能是{'、'.join(column.choices)}{meant(near(text, column.choices))}")
    match column.form:
        case Form.YES:
            if text not in (YES, "否"):
                raise _FormError("只能填“是”，或者空着")
            return text == YES
        case Form.SERIES:
            if text not in SERIES:
                raise _FormError(f"只能是{'或'.join(SERIES)}，或者空着")
            return SERIES[text]
        case Form.LIST:
            return [each.strip() for each in _split(text) if each.strip()]
    if column.field == "condition" and "\n" in text:
        return [each.strip() for each in text.split("\n") if each.strip()]
    return text


def _percent(raw: RawCell) -> str:
    """What somebody typed as 95%, which Excel keeps as 0.95."""
    if not isinstance(raw.value, float) or not raw.format.endswith("%"):
        return ""
    return f"{plain(float(round(Decimal(repr(raw.value)) * 100, 9)))}%"


def _split(text: str) -> list[str]:
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    return text.split("、")


_SIGNS = {ADDS: "+", DEDUCTS: "-"}
_CLOSED = ("direction", "level", "type", "earns")
"""The fields of which nobody later asks whether what they say is one of the choices."""


def _is_number(row: Row) -> bool:
    return bool(NUMBER.fullmatch(str(row.get("value", ""))))


def _number(value: object, whole: bool) -> int | Decimal:
    if isinstance(value, str):
        value = _typed(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _FormError("要写成数")
    if float(value).is_integer():
        return int(value)
    if whole:
        raise _FormError("要写成整数")
    return Decimal(repr(float(value)))


def _figure(text: str) -> int | Decimal | str:
    """What is no number stays as it is: who makes the scheme of it says so."""
    try:
        return _number(text, whole=False)
    except _FormError:
        return text


def _typed(text: str) -> float:
    plain = text.translate(NARROW).strip()
    if not NUMBER.fullmatch(plain):
        raise _FormError("要写成数")
    return float(plain)


def read_sheets(sheets: Sheets, file: str) -> tuple[Tables, list[Finding], bool]:
    """The tables of a scheme workbook, what of it could not be read, and whether all is there that others rest on."""
    reader = Reader(file)
    return reader.tables(sheets), reader.findings, reader.whole


__all__ = ["read_sheets"]
