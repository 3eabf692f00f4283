"""The sheets of persons show the engine's points: in LibreOffice and in plain doubles.

A crew is the persons of one unit, a workbook each, filled before it went out or typed in by a clerk. All workbooks
go through LibreOffice in one go, every stored value replaced by a sentinel before.
"""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import office
from tests.cases_district import Answer
from tests.cases_xinyang import FULL_PERSON, PERIOD_CASES, PERSON_CASES, complaints, own_cases, own_replies
from tests.parity import (
    WAITING,
    Change,
    Typed,
    Values,
    exactly,
    miscounting,
    rewrite,
    shown_by_doubles,
    shown_by_office,
    stale,
)
from tests.parity_persons import (
    CLASH,
    NAMELESS,
    NOBODY,
    POINTS,
    SHEET,
    TWINS,
    Crew,
    CrewFace,
    CrewSaid,
    Person,
    crew_differences,
    crew_face,
    crew_says,
    write_crews,
)
from tests.parity_sets import PERSON, any_year, changed, contradictory, thinned
from tests.stored import stored
from xfkh.intake.form import read_form
from xfkh.model import Cell, Scheme, State
from xfkh.receive.persons import Team, read_persons
from xfkh.rules import KINDS
from xfkh.scheme import load

# --- the crews ------------------------------------------------------------------------------------


def person(name: str, *changes: Mapping[str, Any], **by_hand: str) -> Person:
    return Person(name, changed(PERSON, *changes), by_hand=by_hand)


def own(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Without the marks of the raters, which no sheet asks for."""
    return {cell: value for cell, value in answers.items() if not cell.startswith("工作对接评分")}


def by_case(k: int) -> Person:
    case = PERSON_CASES[k]
    return Person(f"人员{k:03d}", own(changed(PERSON, case.changes)), by_hand={**FULL_PERSON, **case.expected})


HAND = [by_case(k) for k in range(len(PERSON_CASES))]
FULL = person("满分人员")._replace(answers=own(PERSON))


def with_answers(name: str, *changes: Mapping[str, Any], number: str | int | None = None) -> Person:
    return Person(name, own(changed(PERSON, *changes)), number)


def without(name: str, *cells: str) -> Person:
    return Person(name, {cell: value for cell, value in FULL.answers.items() if cell not in cells})


def typed(name: str | int | None, contents: Mapping[str, Typed], number: str | int | None = None) -> Person:
    return Person(name, FULL.answers, number, contents)


ODD = [
    without("张一", "政治素质评分"),
    without("张二", "个人承办件数", "参加以岗代训", "失职批评扣分合计"),
    Person("张三", {}),
    NOBODY,
    Person("王伟", FULL.answers),
    Person("王伟", with_answers("", own_cases(20, 18)).answers),
    Person("李娜", FULL.answers, "01"),
    Person("李娜", FULL.answers, "02"),
    Person("刘洋", FULL.answers, "7"),
    Person("刘洋", without("", "工作作风评分").answers, "7"),
    Person(None, FULL.answers),
    Person(None, {"政治素质评分": 5}),
    Person(None, {}, "9"),
    Person("  ", FULL.answers),
    Person(20250101, FULL.answers),
    with_answers("陈静", own_replies(30, 31)),
    with_answers("杨军", own_cases(10, 12)),
    with_answers("赵敏", own_replies(1, 2), own_cases(10, 12), complaints(0, "1"), {"创新加分": 20}),
    with_answers("周强", {"推荐": "是", "参加以岗代训": "是"}),
    with_answers("吴芳", {"推荐": "否"}, complaints(2, "9.9999")),
    Person("郑华", {**without("", "个人回复件数").answers, "创新加分": Fraction("4.99")}),
    Person("Bob Lee", FULL.answers),
]

CONTENTS = [
    typed("字在数里", {"政治素质评分": Typed("5分", ""), "个人承办件数": Typed("四十件", "")}),
    typed("负数和小数", {"采用信息次数": Typed(-1, ""), "来信表扬次数": Typed(1.5, "")}),
    typed("太大", {"政治素质评分": Typed(5.01, ""), "电话表扬次数": Typed(1000000, "")}),
    typed("位数太多", {"工作形象评分": Typed(1.0000001, ""), "创新加分": Typed(5.00001, "")}),
    typed("错误值", {"热爱本职评分": Typed("=1/0", ""), "推荐": Typed("=1/0", ""), "参加以岗代训": Typed("=1/0", "")}),
    typed("空格", {"主动上报评分": Typed(" ", ""), "推荐": Typed("  ", ""), "参加以岗代训": Typed(" ", "")}),
    typed("别的字", {"参加以岗代训": Typed("有", ""), "推荐": Typed("同意", "")}),
    typed("是作数", {"举报投诉次数": Typed("否", ""), "参加以岗代训": Typed(1, "")}),
    typed("算式", {"采用信息次数": Typed("=1+2", "", 3), "创新加分": Typed("=4.9+0.1", "", 5)}),
    typed("尾数", {"创新加分": Typed(4.9999999999, "", 5), "政治素质评分": Typed(1.1 + 2.2, "", Fraction("3.3"))}),
    typed("矛盾里有字", {"个人回复件数": Typed("三十一", ""), "个人应回复件数": Typed(1, "", 1)}),
    typed(None, {"创新加分": Typed(3, "", 3)}),
    typed("最后一行", {"创新加分": Typed(3, "", 3)}),
]


def any_people(seed: int, count: int) -> list[Person]:
    """Every second one complete and consistent, the others with blanks and contradictions."""
    rng = random.Random(seed)
    people = []
    for k in range(count):
        answers = own(any_year(rng, PERSON, consistent=k % 2 == 0))
        people.append(Person(f"随机{k:02d}", answers if k % 2 == 0 else thinned(rng, answers)))
    return people


def in_period(period: str) -> list[Person]:
    """The cases by hand of a period, and two that have nothing or not all."""
    cases = [case for case in PERIOD_CASES if (case.part, case.period) == ("个人", period)]
    people = [
        Person(f"人员{k}", own(changed(PERSON, case.changes)), by_hand={**FULL_PERSON, **case.expected})
        for k, case in enumerate(cases)
    ]
    return [*people, Person("空白"), without("缺一格", "个人承办件数"), with_answers("多", {"创新加分": 3})]


SPLIT = [HAND[start : start + 45] for start in range(0, len(HAND), 45)]
CREWS = [
    *(Crew(f"cases by hand, {k}", part, offered=offered)
      for k, (part, offered) in enumerate(zip(SPLIT, (0, 1, 20), strict=True), start=1)),
    Crew("nobody, no row", offered=0),
    Crew("nobody, one row", offered=1),
    Crew("nobody, twenty rows", offered=20),
    Crew("one, no row more", HAND[17:18], offered=0),
    Crew("one, one row", HAND[18:19], offered=1),
    Crew("one of twenty rows", HAND[19:20], offered=20),
    Crew("twenty, full", any_people(20191223, 20), offered=20),
    Crew("odd rows, prefilled and typed", [HAND[9], HAND[25]], ODD, offered=25),
    Crew("odd contents, the last row filled", [HAND[21], Person("空白")], [NOBODY, *CONTENTS], offered=16),
    Crew("cases typed in", (), [HAND[k] for k in range(2, len(HAND), 9)], offered=20),
    Crew("one typed, one row", (), [HAND[30]], offered=1),
    Crew(
        "contradictions",
        [Person(f"矛盾{k}", own(answers)) for k, (_, answers, _) in enumerate(contradictory("个人", PERSON))],
        offered=0,
    ),
    *(Crew(f"persons in {period}", in_period(period), offered=1, period=period)
      for period in ("下半年", "第4季度", "3月")),
]  # fmt: skip
TYPED_IN = [number for number, crew in enumerate(CREWS) if crew.typed]
UNTOUCHED = [number for number in range(len(CREWS)) if number not in TYPED_IN]


@functools.cache
def the_scheme() -> Scheme:
    return load("xinyang")[0]


class Desk:
    """Writes the workbooks, asks the engine and computes with doubles, each when first wanted and once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._doubles: dict[int, Values] = {}
        self._said: dict[int, CrewSaid] = {}

    @functools.cached_property
    def paths(self) -> list[Path]:
        return write_crews(the_scheme(), CREWS, self.folder)

    def said(self, number: int) -> CrewSaid:
        if number not in self._said:
            self._said[number] = crew_says(the_scheme(), CREWS[number])
        return self._said[number]

    def doubles(self, number: int) -> Values:
        if number not in self._doubles:
            self._doubles[number] = shown_by_doubles(self.paths[number])
        return self._doubles[number]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("persons"))


@pytest.fixture(scope="module")
def office_shows(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Values]:
    return shown_by_office(desk.paths, tmp_path_factory.mktemp("office"))


def sentence(number: int) -> str:
    return CREWS[number].sentence


def number_of(text: str) -> int:
    return next(number for number, crew in enumerate(CREWS) if crew.sentence == text)


# --- the sheets show what the engine says ---------------------------------------------------------


@pytest.mark.parametrize("number", range(len(CREWS)), ids=sentence)
def test_plain_doubles_show_of_every_person_what_the_engine_says(desk: Desk, number: int) -> None:
    assert crew_differences(desk.said(number), crew_face(desk.doubles(number))) == []


@pytest.mark.slow
@office.require_office
@pytest.mark.parametrize("number", range(len(CREWS)), ids=sentence)
def test_libreoffice_shows_of_every_person_what_the_engine_says(
    desk: Desk, office_shows: dict[Path, Values], number: int
) -> None:
    assert crew_differences(desk.said(number), crew_face(office_shows[desk.paths[number]])) == []


@pytest.mark.parametrize("number", UNTOUCHED, ids=sentence)
def test_the_values_stored_with_the_formulas_of_persons_are_what_doubles_compute(desk: Desk, number: int) -> None:
    assert stale(desk.paths[number], desk.doubles(number)) == []


@pytest.mark.slow
@office.require_office
@pytest.mark.parametrize("number", UNTOUCHED, ids=sentence)
def test_the_values_stored_with_the_formulas_of_persons_are_what_libreoffice_computes(
    desk: Desk, office_shows: dict[Path, Values], number: int
) -> None:
    path = desk.paths[number]
    assert stale(path, office_shows[path]) == []


# --- what the crews cover -------------------------------------------------------------------------


@pytest.mark.parametrize("k", range(len(PERSON_CASES)), ids=lambda k: PERSON_CASES[k].sentence)
def test_the_sheet_shows_the_points_of_a_person_worked_out_by_hand(desk: Desk, k: int) -> None:
    shown = crew_face(desk.doubles(k // 45)).rows[k % 45]
    by_hand = {line: Fraction(text) for line, text in {**FULL_PERSON, **PERSON_CASES[k].expected}.items()}
    del by_hand["8"]  # the marks of the raters
    assert {line: exactly(shown.points[line]) for line in by_hand} == by_hand
    assert exactly(shown.total) == sum(by_hand.values())


def test_every_word_about_a_row_is_said_by_hand(desk: Desk) -> None:
    shown = crew_face(desk.doubles(number_of("odd rows, prefilled and typed")))
    said = {each.name: row.status for each, row in zip(CREWS[number_of("odd rows, prefilled and typed")].rows,
                                                       shown.rows, strict=True) if each.named}  # fmt: skip
    asked = 21  # of which one may be left out
    assert {name: said[name] for name in ("张一", "张二", "张三", "王伟", "李娜", "刘洋", "陈静", "杨军", "周强")} == {
        "张一": "还有1格待填或有误",
        "张二": "还有3格待填或有误",
        "张三": f"还有{asked - 1}格待填或有误",
        "王伟": TWINS,
        "李娜": "已填",
        "刘洋": TWINS,
        "陈静": CLASH,
        "杨军": "已填",
        "周强": "已填",
    }
    checks = {row.name: row.checks for row in shown.rows}
    assert [each for each in checks["陈静"] if each] == ["矛盾：个人回复件数不能多于个人应回复件数"]
    assert [each for each in checks["杨军"] if each] == ["请核对：个人办结件数多于个人承办件数，是否有上期结转"]
    assert [str(each).partition("：")[0] for each in checks["赵敏"] if each] == ["矛盾", "请核对", "矛盾", "矛盾"]
    nameless = [row.status for row, each in zip(shown.rows, CREWS[number_of("odd rows, prefilled and typed")].rows,
                                                strict=True) if not each.named and not each.blank]  # fmt: skip
    assert nameless == [NAMELESS] * 4


def test_a_blank_sheet_shows_no_points_and_nothing_to_do(desk: Desk) -> None:
    shown = crew_face(desk.doubles(number_of("nobody, twenty rows")))
    assert shown.message == "已填0人，还可填20人"
    assert "个人" not in str(shown.headline)
    for row in shown.rows:
        assert {row.status, row.name, row.total, row.listed, *row.points.values(), *row.checks} == {""}


def test_a_name_without_figures_waits_for_all_that_the_unit_fills(desk: Desk) -> None:
    row = crew_face(desk.doubles(number_of("odd contents, the last row filled"))).rows[1]
    assert row.name == "空白" and row.total == 0.0
    assert {line for line, value in row.points.items() if value != WAITING} == {"8"}


@pytest.mark.parametrize("number", UNTOUCHED, ids=sentence)
def test_the_reader_of_returns_finds_the_persons_as_the_sheet_judges_them(desk: Desk, number: int) -> None:
    crew = CREWS[number]
    form = read_form(desk.paths[number].read_bytes())
    (table,) = form.persons
    part = the_scheme().part("个人")
    answers, states, _ = read_persons(part, crew.period, [Team("甲局", "甲局.xlsx", table)])
    people = [each for each in crew.rows if each.named]
    assert [each.person for each in answers.subjects] == [each.name for each in people]
    assert set(states) <= {State.ASSESSED}
    for row, one in enumerate(people):
        for each, cell in part.cells(crew.period):
            given = each.asked and cell in one.answers
            assert (answers.state(row, cell) is Cell.GIVEN) == given, f"{one.name}: {cell}"


@pytest.mark.parametrize("name", ["王伟", "刘洋"])
def test_whom_the_sheet_calls_namesakes_the_reader_of_returns_cannot_tell_apart(desk: Desk, name: str) -> None:
    number = number_of("odd rows, prefilled and typed")
    (table,) = read_form(desk.paths[number].read_bytes()).persons
    answers, states, _ = read_persons(the_scheme().part("个人"), "全年", [Team("甲局", "甲局.xlsx", table)])
    assert [state for each, state in zip(answers.subjects, states, strict=True) if each.person == name] == [State.HELD]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Person(" 张伟 "), Person("张伟")),
        (Person("张伟", {}, 7), Person("张伟", {}, "7")),
        (Person("张伟", {}, " "), Person("张伟")),
    ],
    ids=["spaces around the name", "a number and the same as text", "a space as a number"],
)
def test_whom_the_reader_of_returns_cannot_tell_apart_the_sheet_calls_namesakes(
    tmp_path: Path, first: Person, second: Person
) -> None:
    (path,) = write_crews(the_scheme(), [Crew("two", (), [first, second], offered=2)], tmp_path)
    (table,) = read_form(path.read_bytes()).persons
    _, states, _ = read_persons(the_scheme().part("个人"), "全年", [Team("甲局", "甲局.xlsx", table)])
    assert states == [State.HELD]
    assert [row.status for row in crew_face(shown_by_doubles(path)).rows] == [TWINS] * 2


@pytest.mark.parametrize("name", ["  ", "\u3000"], ids=["spaces", "a wide space"])
def test_whom_the_reader_of_returns_takes_for_unnamed_the_sheet_asks_for_a_name(tmp_path: Path, name: str) -> None:
    (path,) = write_crews(the_scheme(), [Crew("one", (), [Person(name, FULL.answers)], offered=1)], tmp_path)
    (table,) = read_form(path.read_bytes()).persons
    _, states, findings = read_persons(the_scheme().part("个人"), "全年", [Team("甲局", "甲局.xlsx", table)])
    assert states == [State.HELD] and [each.code for each in findings] == ["person-unnamed"]
    (row,) = crew_face(shown_by_doubles(path)).rows
    assert (row.status, row.name, row.total) == (NAMELESS, "", "")


# --- the proof can fail ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("评审打分", {"1", "2", "3", "4", "5"}),
        ("达标", {"6", "7"}),
        ("按次加分", {"加1+", "加2.1+", "加2.2+", "加2.3+"}),
        ("裁量区间", {"加4+", "减1-", "减2-"}),
        ("是否得分", {"加3+"}),
    ],
)
def test_a_kind_counted_wrongly_is_found_in_its_own_lines(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, lines: set[str]
) -> None:
    shown = [(crew, crew_face(desk.doubles(number))) for number, crew in enumerate(CREWS[: len(SPLIT)])]
    monkeypatch.setitem(KINDS, kind, miscounting(KINDS[kind]))
    found = [each for crew, face in shown for each in crew_differences(crew_says(the_scheme(), crew), face)]
    assert {line for line in FULL_PERSON if any(f": {line}: the sheet shows" in each for each in found)} == lines


class Slip(NamedTuple):
    """One formula of the sheets of persons written wrongly: where, what instead of what; the row is the second."""

    sheet: str
    head: str
    old: str
    new: str
    person: Person


SECOND = 2
SLIPS = [
    Slip(POINTS, "6", ")>=0", ")>0", with_answers("某人", own_cases(20, 19))),
    Slip(POINTS, "6", "*15", "*14", with_answers("某人")),
    Slip(POINTS, "7", '"待填"', "0", without("某人", "举报投诉次数")),
    Slip(POINTS, "减1-", "-", "+", with_answers("某人", complaints(1, "5"))),
    Slip(POINTS, "8", "复查评定", "待填", with_answers("某人")),
    Slip(POINTS, "合计", "SUM(", "SUM(1,", with_answers("某人")),
    Slip(POINTS, "合计", '<>""', '<>"甲"', NOBODY),
    Slip(POINTS, "核1", "<=0", "<0", with_answers("某人", own_replies(30, 30))),
    Slip(POINTS, "姓名", "TRIM(", "LEN(", Person("  ", FULL.answers)),
    Slip(SHEET, "@得分", "C", "D", with_answers("某人")),
    Slip(SHEET, "@检查", ">1", ">2", Person(FULL.name, FULL.answers)),
    Slip(SHEET, "@检查", "已填", "已 填", with_answers("某人")),
    Slip(SHEET, "@检查", "请写姓名", "", Person(None, FULL.answers)),
    Slip(SHEET, "@检查", '=""', '<>""', with_answers("某人", own_replies(30, 31))),
    Slip(SHEET, "", ">=3", ">3", with_answers("某人")),
    Slip("检查", "", "人待填", "人", without("某人", "政治素质评分")),
]


def slip_sentence(slip: Slip) -> str:
    return f"{slip.sheet} {slip.head} {slip.old} as {slip.new}"


def place_of(values: Values, slip: Slip) -> str:
    """The cell with the formula: of the second person, else of the sheet as a whole."""
    if not slip.head:
        return "A2" if slip.sheet == "检查" else "B3"
    cells = values[slip.sheet]
    row = 1 if slip.sheet == SHEET else 3
    heads = {str(value).partition("\n")[0]: re.sub(r"\d", "", reference) for reference, value in cells.items()
             if re.sub(r"\D", "", reference) == str(row)}  # fmt: skip
    first = 7 if slip.sheet == SHEET else 5
    return f"{heads[slip.head]}{first + SECOND - 1}"


def crew_of(slip: Slip) -> Crew:
    last = FULL._replace(name="最后一人")
    return Crew(slip_sentence(slip), (), [FULL, slip.person, last], offered=3)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_crews(the_scheme(), [crew_of(slip) for slip in SLIPS], tmp_path_factory.mktemp("sound"))


@pytest.fixture(scope="module")
def unsound(sound: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("unsound")
    return [
        rewrite(path, folder / f"{number}.xlsx", slip.sheet, place_of(stored(path).values, slip), slipped(slip))
        for number, (slip, path) in enumerate(zip(SLIPS, sound, strict=True))
    ]


def slipped(slip: Slip) -> Change:
    def change(text: str, value: str) -> tuple[str, str]:
        assert slip.old in text, text
        return text.replace(slip.old, slip.new), value

    return change


def found_out(slip: Slip, values: Values) -> list[str]:
    return crew_differences(crew_says(the_scheme(), crew_of(slip)), crew_face(values))


@pytest.mark.parametrize("number", range(len(SLIPS)), ids=map(slip_sentence, SLIPS))
def test_one_formula_of_persons_written_wrongly_is_found_out(
    sound: list[Path], unsound: list[Path], number: int
) -> None:
    assert found_out(SLIPS[number], shown_by_doubles(sound[number])) == []
    assert found_out(SLIPS[number], shown_by_doubles(unsound[number])) != []


@pytest.mark.slow
@office.require_office
def test_one_formula_of_persons_written_wrongly_is_found_out_by_libreoffice(
    unsound: list[Path], tmp_path: Path
) -> None:
    few = list(zip(SLIPS, unsound, strict=True))[::2]
    shown = shown_by_office([path for _, path in few], tmp_path)
    missed = [slip_sentence(slip) for slip, path in few if not found_out(slip, shown[path])]
    assert missed == []


@pytest.mark.slow
@office.require_office
def test_a_stored_value_of_a_person_that_is_not_true_is_found_out_and_misleads_nobody(
    desk: Desk, tmp_path: Path
) -> None:
    number = number_of("one of twenty rows")
    path = rewrite(desk.paths[number], tmp_path / "untrue.xlsx", POINTS, "D5", lambda text, value: (text, "4.5"))
    for shown in (shown_by_office([path], tmp_path / "office")[path], shown_by_doubles(path)):
        assert crew_differences(desk.said(number), crew_face(shown)) == []
        assert len(stale(path, shown)) == 1


@pytest.fixture(scope="module")
def little(desk: Desk) -> tuple[CrewSaid, Values]:
    number = number_of("odd contents, the last row filled")
    return desk.said(number), desk.doubles(number)


CHANGES: list[Callable[[CrewFace], object]] = [
    lambda face: face.rows[0].points.update({"1": 4.0}),
    lambda face: face.rows[0].points.update({"1": "5"}),
    lambda face: face.rows[0].points.update({"8": WAITING}),
    lambda face: face.rows[1].points.update({"1": 0.0}),
    lambda face: face.rows[1].points.update({"1": ""}),
    lambda face: face.rows[2].points.update({"1": 0.0}),
    lambda face: face.rows[0].points.pop("8"),
    lambda face: setattr(face.rows[0], "total", 90.5),
    lambda face: setattr(face.rows[0], "listed", None),
    lambda face: setattr(face.rows[0], "status", "已"),
    lambda face: setattr(face.rows[2], "status", "已填"),
    lambda face: setattr(face.rows[0], "name", ""),
    lambda face: face.rows[0].checks.__setitem__(0, "矛盾"),
    lambda face: face.rows.pop(),
    lambda face: setattr(face, "message", "已填0人，还可填16人"),
    lambda face: setattr(face, "headline", "还有33处待填"),
    lambda face: face.full.update({"合计": 99.0}),
]


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_the_comparison_of_persons_overlooks_nothing(
    little: tuple[CrewSaid, Values], change: Callable[[CrewFace], object]
) -> None:
    said, face = little[0], crew_face(little[1])
    assert crew_differences(said, face) == []
    change(face)
    assert crew_differences(said, face) != []
