"""What `scheme check` says that a scheme costs: groups, awards of which only one is given, units listed apart, persons.

What ten units of one group cost, award by award, stands in ``test_scheme_check``. Here the figures are by hand, or
those of units scored and given their awards one by one."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.test_scheme_check import _scheme, award
from xfkh import cli
from xfkh.answers import Answers
from xfkh.model import Scheme, Subject
from xfkh.outcomes import outcomes
from xfkh.scheme import Places, read_text
from xfkh.scheme.costs import Cost
from xfkh.trial import _scored, lines, tried


def scheme(*awards: str, apart: bool = False) -> Scheme:
    """Counties have at most 100 points, departments 60."""
    text = (
        "[scheme]\nid = 'own'\ntitle = '办法'\nversion = '1'\nstatus = '现行'\n"
        "[[parameter]]\nid = '未定'\ntext = '元'\n"
        "[[part]]\nname = '单位'\ngroup = '类别'\nsection = [{ id = '一', title = '工作', points = 100 }]\n"
        + "apart = '新组建=\"是\"'\n"
        * apart
        + "input = [{ name = '类别', kind = '文字', origin = '名册', options = ['县组', '部门组'] },"
        " { name = '批次', kind = '件数', maximum = 99 }, { name = '件数', kind = '件数', maximum = 9 },"
        " { name = '新组建', kind = '是否' }]\n"
        "[[part.item]]\nid = '一1'\nsection = '一'\ntitle = '集访'\npoints = 60\nclause = '一'\n"
        "shows = ['件数', '新组建']\nrule = [{ kind = '按次扣分', input = '批次', each = 1 }]\n"
        "[[part.item]]\nid = '一2'\nsection = '一'\ntitle = '件数'\npoints = 40\nclause = '一'\n"
        "groups = '县组'\nrule = [{ kind = '按次扣分', input = '件数', each = 5 }]\n" + "".join(awards)
    )
    return read_text(text)[0]


def money(*awards: str, units: int = 10, apart: bool = False) -> list[tuple[int, int | None]]:
    found = tried(scheme(*awards, apart=apart), Places(), units=units).costs["单位"]
    return [(each.low, each.high) for each in found]


BUDGETS: dict[str, tuple[list[str], tuple[int, int]]] = {
    "one place in each group": ([award("甲", "名次<=1", "amount = 100")], (100, 200)),
    "two places in each group": ([award("甲", "名次<=2", "amount = 100")], (200, 400)),
    "places of one group": ([award("甲", 'AND(类别="县组",名次<=2)', "amount = 100")], (0, 200)),
    "more places in one than in the other": (
        [award("甲", 'OR(AND(类别="县组",名次<=2),AND(类别="部门组",名次<=1))', "amount = 100")], (100, 300),
    ),
    "places that a group has no units for": ([award("甲", "AND(名次>=8,名次<=9)", "amount = 100")], (0, 200)),
    "the last of each group": ([award("甲", "RANK(-总分,TRUE())<=1", "amount = 100")], (100, 200)),
    "a tier by places": (
        [award("甲", "名次<=1", "amount = 100\ntier = '奖'"), award("乙", "名次<=3", "amount = 10\ntier = '奖'")],
        (120, 240),
    ),
    "what only one group reaches": ([award("甲", 'AND(类别="部门组",总分>60)', "amount = 100")], (0, 0)),
    "what the other group reaches": ([award("甲", "总分>60", "amount = 100")], (0, 1000)),
    "by the points above, of the better group": (
        [award("甲", more="count = 'MAX(0,INT(总分-50))'\nprice = 10")], (0, 5000),
    ),
    "each group with a sum of its own": (
        [award("甲", '类别="县组"', "amount = 100"), award("乙", '类别="部门组"', "amount = 30")], (300, 1000),
    ),
    "a fund for each group": (
        [award("甲", '类别="县组"', "amount = 100\nshare = '1+件数'"),
         award("乙", '类别="部门组"', "amount = 30\nshare = '1+件数'")], (0, 130),
    ),
    "a fund for all": ([award("甲", "总分>=0", "amount = 100\nshare = '1+件数'")], (100, 100)),
    "a fund that nobody may have a part of": ([award("甲", "总分>=0", "amount = 100\nshare = '件数'")], (0, 100)),
    "a high and a low, apart": (
        [award("甲", "总分>=50", "amount = 100"), award("乙", "AND(总分>=40,总分<50)", "amount = 50")], (0, 1000),
    ),
    "either of two": (
        [award("甲", "件数>=5", "amount = 100"), award("乙", "件数<5", "amount = 50")], (500, 1000),
    ),
    "one, or else another by its name": (
        [award("甲", "批次=0", "amount = 100"), award("乙", "NOT(甲)", "amount = 50")], (500, 1000),
    ),
    "a veto, or the money": (
        [award("否", "批次>=50", kind="一票否决"), award("甲", "NOT(一票否决)", "amount = 100"),
         award("乙", "一票否决", "amount = 40")], (400, 1000),
    ),
    "points by the place": ([award("甲", more="count = 'MAX(0,4-名次)'\nprice = 10")], (60, 120)),
}  # fmt: skip


@pytest.mark.parametrize("name", BUDGETS)
def test_what_ten_units_of_two_groups_cost_however_they_are_divided(name: str) -> None:
    awards, wanted = BUDGETS[name]
    assert money(*awards) == [wanted]


APART: dict[str, tuple[list[str], tuple[int, int]]] = {
    "by the total": ([award("甲", "总分>=0", "amount = 100")], (0, 1000)),
    "by the place": ([award("甲", "名次<=1", "amount = 100")], (0, 200)),
    "by neither": ([award("甲", "批次>=0", "amount = 100")], (1000, 1000)),
    "by being apart": ([award("甲", '单列="是"', "amount = 100"), award("乙", "总分>=0", "amount = 30")], (300, 1000)),
    "a count of points": ([award("甲", more="count = 'MAX(1,INT(总分))'\nprice = 1")], (0, 1000)),
}  # fmt: skip


@pytest.mark.parametrize("name", APART)
def test_who_is_listed_apart_has_no_money_by_total_or_place(name: str) -> None:
    awards, wanted = APART[name]
    assert money(*awards, apart=True) == [wanted]


CONDITIONS = [
    "总分>={}", "AND(总分>={},总分<70)", "名次<=2", 'AND(类别="县组",名次<=2)', "RANK(-总分,TRUE())<=1", "批次>{}",
    'OR(AND(类别="县组",名次<=2),AND(类别="部门组",名次<=1))', "NOT(名次<=1)", '类别="部门组"', "AND(名次<=3,件数<{})",
]  # fmt: skip
MONEY = ["amount = 100", "amount = 250\ntier = '奖'", "amount = 70\ntier = '奖'", "amount = 900\nshare = '1+件数'",
         "count = '件数'\nprice = 10", "count = 'MAX(0,INT(总分-20))'\nprice = 3", "amount = 40\ntier = '奖'",
         ]  # fmt: skip


@pytest.mark.parametrize("seed", range(24))
def test_whoever_is_paid_the_budget_holds_it(seed: int) -> None:
    """Units of chance, no two of a group with one total."""
    some = random.Random(seed)
    awards = [
        award(f"奖{k}", some.choice(CONDITIONS).format(some.randint(5, 80)), some.choice(MONEY)) for k in range(4)
    ]
    awards += [award("荣誉", "总分>=90", "tier = '奖'", kind="荣誉"), award("另", "NOT(奖0)", "amount = 11")]
    own, count = scheme(*awards, apart=some.random() < 0.5), some.randint(1, 5)
    (budget,) = tried(own, Places(), units=count).costs["单位"]
    tally = 0
    for _ in range(25):
        answers = Answers.blank(own.parts[0], [Subject("单位", f"甲{k}") for k in range(count)])
        for row in range(count):
            for name, most in (("类别", 2), ("批次", 60), ("件数", 9), ("新组建", 1)):
                answers.put(row, name, some.randint(name == "类别", most))
        scores = _scored(own, own.parts[0], answers)
        made, _, _ = outcomes(scores)
        alike = Counter((scores.group(k), scores.total(k)) for k in range(count))
        if max(alike.values()) == 1:
            tally += 1
            paid = sum(each.amount or 0 for each in made.awards)
            assert budget.low <= paid and (budget.high is None or paid <= budget.high), (awards, paid, budget)
    assert tally


def test_a_thousand_units_of_two_groups_are_counted_as_ten_are() -> None:
    assert money(award("甲", "名次<=300", "amount = 1"), units=1000) == [(300, 600)]


def test_the_line_says_that_any_division_among_the_groups_is_counted() -> None:
    said = lines(tried(scheme(award("甲", "名次<=1", "amount = 1000")), Places()))
    assert "奖励金额：10 个单位，最少 1,000 元，最多 2,000 元（名次并列的另计；不论怎样分到各组）" in said


PERSONS = (
    "[[part]]\nname = '个人'\nsection = [{ id = '一', title = '工作', points = 5 }]\n"
    "input = [{ name = '表扬', kind = '件数' }]\n"
    "[[part.item]]\nid = '一1'\nsection = '一'\ntitle = '表扬'\npoints = 5\nclause = '一'\n"
    "rule = [{ kind = '按次加分', input = '表扬', each = 1 }]\n"
)


@pytest.mark.parametrize(
    ("awards", "line"),
    [
        ([award("优", "总分>=3", "amount = 800")], "个人，每人，最少 0 元，最多 800 元"),
        ([award("前", "名次<=5", "amount = 500")],
         "个人，每人，最少 0 元，最多 500 元（前按名次给，一共最多 2,500 元；名次并列的另计）"),
        ([award("池", "名次<=5", "amount = 7777\nshare = '1+表扬'")],
         "个人，共享的池一共最多 7,777 元，由够条件的人分"),
        ([award("前", "名次<=1", "amount = 500\ntier = '奖'"), award("后", "名次<=3", "amount = 100\ntier = '奖'"),
          award("优", "总分>=3", "amount = 50"), award("池", "总分>=0", "amount = 900\nshare = '1+表扬'")],
         "个人，每人，最少 0 元，最多 550 元（前、后按名次给，一共最多 700 元；名次并列的另计）；"
         "共享的池一共最多 900 元，由够条件的人分"),
        ([award("全", "总分>=0", "amount = 50"), award("末", "NOT(名次<=3)", "amount = 10")],
         "个人，每人，最少 50 元，最多 60 元（名次并列的另计）"),
    ],
)  # fmt: skip
def test_of_persons_places_and_funds_are_told_as_what_they_are(
    awards: list[str], line: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "办法.toml"
    path.write_text(_scheme() + PERSONS + "".join(awards), "utf-8")
    assert cli.run(["scheme", "check", str(path)]) == 0
    assert f"奖励金额：{line}\n" in capsys.readouterr().out


def test_a_program_reads_of_persons_what_is_shared_and_what_goes_by_place() -> None:
    awards = award("前", "名次<=5", "amount = 500") + award("池", "总分>=1", "amount = 7777\nshare = '1+表扬'")
    found = tried(read_text(_scheme() + PERSONS + awards)[0], Places()).costs["个人"]
    assert found == [Cost("奖励", 0, 500, placed=True, shared=("池",), fund=7777, placed_of=("前",), places=2500)]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ('AND(类别="部门组",总分>=61)', ["scheme-never"]),
        ('AND(类别="部门组",总分>=60)', []),
        ("总分>=101", ["scheme-never"]),
        ("总分>=61", []),
        ('OR(类别="县组",总分<=60)', ["scheme-always"]),
        ("总分<=60", []),
        ('AND(类别="县组",总分>60,NOT(总分>=60))', ["scheme-never"]),
    ],
)
def test_an_award_that_comes_to_nobody_of_any_group_is_told(condition: str, told: list[str]) -> None:
    found = tried(scheme(award("甲", condition, kind="荣誉")), Places()).findings
    assert [each.code for each in found] == told
    assert all(
        "（总分：县组 0 至 100，部门组 0 至 60）" in each.message for each in found if each.code == "scheme-never"
    )


def _item(rule: str, more: str = "") -> tuple[float | None, float | None]:
    """The least and the most of an item of 10 points."""
    inputs = "{ name = '件数', kind = '件数' }, { name = '其中', kind = '件数' }"
    inputs = f"[{inputs}, {{ name = '选填', kind = '件数', optional = '未评：不算' }}]"
    text = (
        "[scheme]\nid = 'own'\ntitle = '办法'\nversion = '1'\nstatus = '现行'\n"
        "[[part]]\nname = '单位'\nsection = [{ id = '一', title = '工作', points = 10 }]\n"
        f"input = {inputs}\n{more}"
        "[[part.item]]\nid = '一1'\nsection = '一'\ntitle = '工作'\npoints = 10\nclause = '一'\n"
        f"shows = ['件数', '其中', '选填']\nrule = [{{ {rule} }}]\n"
    )
    low, high = tried(read_text(text)[0], Places()).spans["单位"][0][1:]
    return (None if low is None else float(low)), (None if high is None else float(high))


@pytest.mark.parametrize(
    ("rule", "least"),
    [
        ("input = '件数', places = '1:10, 2:8', others = 5", 5),
        ("input = '件数', places = '1:10, 2:8'", 0),
        # who is not among those compared has nothing, nor who gave no number
        ("input = '件数', places = '1:10, 2:8', others = 5, among = '其中>0'", 0),
        ("input = '选填', places = '1:10, 2:8', others = 5", 0),
    ],
)
def test_whoever_must_give_a_number_has_at_least_what_the_last_place_has(rule: str, least: float) -> None:
    assert _item(f"kind = '名次得分', {rule}") == (least, 10)


CHECK = "check = [{ condition = '其中<=件数', text = '其中多于件数' }]\n"


@pytest.mark.parametrize(
    ("rule", "least"),
    [
        ("value = '其中/件数', base = '95%', step = '1%', side = '高于', each = 0.5", 7.5),
        ("value = '其中/件数', base = '95%', step = '2%', side = '高于', each = 1, part = '按一档'", 7),
        ("value = '其中/件数', base = '95%', step = '2%', side = '高于', each = 1, part = '按比例'", 7.5),
        ("value = '其中/件数', base = '95%', step = '2%', side = '高于', each = 1, digits = 4", 8),
        ("value = '1-其中/件数', base = '95%', step = '1%', side = '高于', each = 0.5", 7.5),
        ("value = '其中/件数', base = '5%', step = '1%', side = '低于', each = 0.5", 7.5),
        # no check keeps these from being more than all
        ("value = '选填/件数', base = '95%', step = '1%', side = '高于', each = 0.5", 0),
        ("value = '(其中+选填)/件数', base = '95%', step = '1%', side = '高于', each = 0.5", 0),
        ("value = '件数/其中', base = '95%', step = '1%', side = '高于', each = 0.5", 0),
    ],
)
def test_a_rate_that_a_check_keeps_below_all_costs_no_more_than_from_there(rule: str, least: float) -> None:
    assert _item(f"kind = '每低扣分', {rule}, empty = '计满分'", CHECK)[0] == least


def test_without_a_check_a_rate_may_be_more_than_all() -> None:
    rule = (
        "kind = '每低扣分', value = '其中/件数', base = '95%', step = '1%', side = '高于', each = 0.5, empty = '计满分'"
    )
    assert _item(rule, CHECK.replace("'其中<=件数'", "'其中<=件数', closed = false"))[0] == _item(rule)[0] == 0
