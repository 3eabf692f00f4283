"""The formula language: what it reads, what it refuses and where, and how it is written and read out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from xfkh.formula import FormulaError, Node, Symbol, bind, excel, formula, parse, refs
from xfkh.formula.evaluate import Frame, evaluate, mean, number
from xfkh.formula.exact import Exact, Interval, Truth, point
from xfkh.formula.limits import DENOMINATOR_LIMIT, check_exact, denominator
from xfkh.formula.say import decimal, say, typed
from xfkh.formula.tree import COMPARISONS, FALSE, TRUE, Apply, Number, Ref, Text, num, one_of

SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MOST = Fraction(999_999)
NAMES: Mapping[str, Symbol] = {
    **{name: Symbol(cells=(name,), high=MOST) for name in ("甲", "乙", "丙", "丁", "进京_20人以上.批次")},
    "资金": Symbol(cells=("资金",), decimals=2),
    "旗": Symbol("是否", cells=("旗",)),
    "说明": Symbol("文字", cells=("说明",)),
    "季": Symbol(cells=tuple(f"季[{k}]" for k in range(1, 5)), high=MOST),
    "月报": Symbol("是否", cells=("月报[1]", "月报[2]", "月报[3]")),
    "名额": Symbol(constant=Fraction(3)),
    "比例": Symbol(constant=Fraction(1, 3)),
    "扣减": Symbol(constant=Fraction(-2)),
    "口径": Symbol("文字", constant="子项"),
    "总分": Symbol(cells=("总分",), low=None, decimals=2),
}


def op(fn: str, *args: Node) -> Node:
    return Apply(fn, args)


def several(fn: str, args: list[Node]) -> Node:
    return Apply(fn, tuple(args))


def bound(text: str) -> Node:
    return bind(parse(text), NAMES)


def refused(text: str) -> tuple[str, int]:
    """What is said of a formula that cannot stand, and of which character."""
    with pytest.raises(FormulaError) as error:
        bind(parse(text), NAMES)
    assert str(error.value) == error.value.message
    return error.value.message, error.value.position


JIA, YI, BING = Ref("甲"), Ref("乙"), Ref("丙")

# --- reading


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("甲+乙*丙", op("+", JIA, op("*", YI, BING))),
        ("(甲+乙)*丙", op("*", op("+", JIA, YI), BING)),
        ("甲-乙-丙", op("-", op("-", JIA, YI), BING)),
        ("甲-(乙-丙)", op("-", JIA, op("-", YI, BING))),
        ("甲/乙*丙", op("*", op("/", JIA, YI), BING)),
        ("甲/乙/丙", op("/", op("/", JIA, YI), BING)),
        ("-甲*乙", op("*", op("neg", JIA), YI)),
        ("-甲+乙", op("+", op("neg", JIA), YI)),
        ("甲--乙", op("-", JIA, op("neg", YI))),
        ("+甲", JIA),
        ("甲*-2", op("*", JIA, op("neg", num(2)))),
        ("甲+乙>=丙*2", op(">=", op("+", JIA, YI), op("*", BING, num(2)))),
        ("(甲>1)", op(">", JIA, num(1))),
        ("=甲", JIA),
    ],
)
def test_signs_bind_as_in_excel(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "value"), [("0", "0"), ("007", "7"), ("0.50", "1/2"), ("95%", "95/100"), ("0.5%", "1/200"), ("3.0", "3")]
)
def test_numbers_and_percents_are_exact(text: str, value: str) -> None:
    assert parse(text) == Number(Fraction(value))


def test_a_percent_remembers_that_it_was_one() -> None:
    whole, part = parse("95%"), parse("0.95")
    assert isinstance(whole, Number) and isinstance(part, Number)
    assert whole.percent and not part.percent
    assert say(whole) == "95%"


@pytest.mark.parametrize(
    ("wide", "plain"),
    [
        ("（甲＋乙）＊丙／2－1", "(甲+乙)*丙/2-1"),
        ("ROUND（甲／乙，2）", "ROUND(甲/乙,2)"),
        ("甲／乙＞＝95％", "甲/乙>=95%"),
        ("甲≥乙", "甲>=乙"),
        ("甲≤乙", "甲<=乙"),
        ("甲≠乙", "甲<>乙"),
        ("甲＜＞乙", "甲<>乙"),
        ("＝甲＜乙", "甲<乙"),
        ("旗＝“是”", '旗="是"'),
        ("季【1】", "季[1]"),
        ("　甲\t+\n乙 ", "甲+乙"),
    ],
)
def test_full_width_signs_mean_the_same(wide: str, plain: str) -> None:
    assert parse(wide) == parse(plain)


@pytest.mark.parametrize(("text", "value"), [('"是"', "是"), ('""', ""), ('"a""b"', 'a"b'), ('"甲+1"', "甲+1")])
def test_a_text_stands_between_quotes_and_doubles_those_inside(text: str, value: str) -> None:
    assert parse(text) == Text(value)


def test_a_call_takes_its_arguments_in_order_and_its_name_in_any_case() -> None:
    assert parse("min(甲, 2 ,乙)") == op("MIN", JIA, num(2), YI)
    assert parse("IF(甲>0,MAX(1,乙),-丙)") == op("IF", op(">", JIA, num(0)), op("MAX", num(1), YI), op("neg", BING))
    assert parse("TRUE()") == TRUE


def test_a_name_may_hold_digits_dots_and_underscores_and_an_index() -> None:
    assert parse("进京_20人以上.批次") == Ref("进京_20人以上.批次")
    assert parse("季[4]") == Ref("季[4]")
    assert bound("进京_20人以上.批次+季[4]") == op("+", Ref("进京_20人以上.批次"), Ref("季[4]"))


# --- refusing, at the very character


def test_a_name_of_the_roster_with_wide_brackets_can_be_compared_with() -> None:
    names = {"类别": Symbol("文字", cells=("类别",), options=("县（市）", "区"))}
    wide, narrow = (formula(f"类别＝{text}", names, "是否") for text in ("“县（市）”", '"区"'))
    assert (wide, narrow) == tuple(one_of("类别", each, ("县（市）", "区")) for each in ("县（市）", "区"))


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("甲+戊", 2, "没有叫「戊」的填报项"),
        ("IF(甲>=1,戊,0)", 8, "没有叫「戊」的填报项"),
        ("SUM(戊)", 4, "没有叫「戊」的填报项"),
        ("SUM(季,戊[2])", 6, "没有叫「戊」的填报项"),
        ("1+SUMIF(甲)", 2, "没有叫「SUMIF」的函数；各个条件写成 IF(…,1,0)，再相加"),
        ("1+SUMM(甲)", 2, "没有叫「SUMM」的函数，是否指「SUM」？"),
        ("ROUNDUP(甲,0)", 0, "没有叫「ROUNDUP」的函数；不足一个按一个计的，写成 -INT(-数)"),
        ("CEILING(甲)", 0, "没有叫「CEILING」的函数；不足一个按一个计的，写成 -INT(-数)"),
        ("ROUNDDOWN(甲)", 0, "没有叫「ROUNDDOWN」的函数；不足一个不计的，写成 INT(数)"),
        ("IFERROR(甲/2,0)", 0, "没有叫「IFERROR」的函数；怕除以0的，写成 IF(分母=0,…,…)"),
        ("甲+季", 2, "「季」按月或按季填报，请写 SUM(季) 或 季[1]"),
        ("1*季[5]", 2, "「季」没有第 5 格"),
        ("SUM(季[0])", 4, "「季」没有第 0 格"),
        ("甲[1]", 0, "「甲」没有第 1 格"),
        ("甲+旗", 2, "「+」这里要一个数，给的是“成立/不成立”"),
        ("-旗", 1, "「-」这里要一个数，给的是“成立/不成立”"),
        ('甲+"x"', 2, "「+」这里要一个数，给的是文字"),
        ("IF(甲,1,0)", 3, "「IF」这里要“成立/不成立”，给的是一个数"),
        ("IF(甲+乙,1,0)", 4, "「IF」这里要“成立/不成立”，给的是一个数"),
        ("AND(旗,甲)", 6, "「AND」这里要“成立/不成立”，给的是一个数"),
        ("NOT(MAX(甲,1))", 4, "「NOT」这里要“成立/不成立”，给的是一个数"),
        ("1+IF(旗,1,旗)", 2, "IF 的两个结果必须是同一种"),
        ("(甲>1)+2", 2, "「+」这里要一个数，给的是“成立/不成立”"),
        ("旗>1", 1, '只有数能比大小；是否项写作 名="是"'),
        ('甲="是"', 1, '只有数能比大小；是否项写作 名="是"'),
        ('旗>"是"', 1, '只有数能比大小；是否项写作 名="是"'),
        ('旗="对"', 1, '是否项只能与 "是" 或 "否" 相比'),
        ("旗=说明", 1, '是否项只能与 "是" 或 "否" 相比'),
        ("1+ROUND(甲)", 2, "「ROUND」的参数个数不对：要 2 个，写了 1 个；写成 ROUND("),
        ("1+INT(甲,1)", 2, "「INT」的参数个数不对"),
        ("TRUE(旗)", 0, "「TRUE」的参数个数不对"),
        ("SUM()", 0, "「SUM」的参数个数不对"),
        ("甲 乙", 2, "「乙」这里读不懂"),
        ("甲<乙<丙", 3, "「<」这里读不懂；不能连着比，1<甲<3 写成 AND(1<甲,甲<3)"),
        ("甲==乙", 2, "「=」这里读不懂；写成 =、>=、<= 或 <>"),
        ("甲+*乙", 2, "「*」这里读不懂"),
        ("甲;乙", 1, "「;」这里读不懂；几个参数之间用逗号隔开"),
        ("IF(旗=是,1,0)", 5, '没有叫「是」的填报项；文字写在引号里，如 ="是"'),
        ("IF(TRUE,1,0)", 3, "没有叫「TRUE」的填报项；函数后面要写括号：TRUE()"),
        ("A1*2", 0, "没有叫「A1」的填报项；公式里不能写单元格地址"),
        ("甲^2", 1, "「^」这里读不懂"),
        ("20人", 2, "「人」这里读不懂；数后面不写单位"),
        (".5", 0, "「.」这里读不懂"),
        ("5%%", 2, "「%」这里读不懂"),
        ("（甲＋乙））", 5, "「)」这里读不懂"),
        ('"没有收尾', 0, '「"」这里读不懂'),
        ("", 0, "公式没有写完"),
        ("   ", 3, "公式没有写完"),
        ("甲+", 2, "公式没有写完"),
        ("SUM(甲", 5, "公式没有写完"),
        ("IF(甲>1,", 7, "公式没有写完"),
    ],
)
def test_a_formula_is_refused_in_chinese_at_the_very_character(text: str, position: int, message: str) -> None:
    said, where = refused(text)
    assert said.startswith(message)
    assert where == position


@pytest.mark.parametrize(
    ("text", "fault"), [("甲≥乙+戊", "戊"), ("甲≠1+旗", "旗"), ("甲≤乙 丙", "丙"), ("甲≥乙＋；", "；")]
)
def test_the_character_is_counted_in_the_text_as_it_was_typed(text: str, fault: str) -> None:
    assert refused(text)[1] == text.index(fault)


@pytest.mark.parametrize(("text", "wanted", "found"), [("甲>1", "一个数", "“成立/不成立”"), ("口径", "一个数", "文字")])
def test_a_formula_must_give_a_number_where_points_are_asked_for(text: str, wanted: str, found: str) -> None:
    with pytest.raises(FormulaError, match=rf"^公式应得出{wanted}，这里得出{found}$"):
        formula(text, NAMES, "数")


def test_a_formula_must_give_a_condition_where_one_is_asked_for() -> None:
    with pytest.raises(FormulaError, match=r"^公式应得出“成立/不成立”，这里得出一个数$"):
        formula("甲+1", NAMES, "是否")


@pytest.mark.parametrize("text", ["ROUND(甲,乙)", "ROUND(甲,0.5)"])
def test_digits_that_are_not_a_whole_number_are_refused_before_anything_is_scored(text: str) -> None:
    with pytest.raises(FormulaError):
        check_exact(formula(text, NAMES, "数"), NAMES)


def test_rounding_to_tens_is_written_with_minus_one() -> None:
    node = formula("ROUND(甲,-1)", NAMES, "数")
    assert number(node, frame(甲=[14, 15])).low.num.tolist() == [10, 20]


def test_a_formula_nested_without_end_is_refused_like_any_other() -> None:
    for text in ("-" * 4000 + "甲", "(" * 4000 + "甲" + ")" * 4000):
        try:
            bind(parse(text), NAMES)
        except FormulaError as error:
            assert error.message


# --- binding


def test_a_series_stands_for_its_cells_in_sum_min_and_max() -> None:
    cells = [Ref(f"季[{k}]") for k in range(1, 5)]
    assert bound("SUM(季)") == op("+", op("+", op("+", cells[0], cells[1]), cells[2]), cells[3])
    assert bound("MIN(季)") == several("MIN", [*cells])
    assert bound("MAX(0,季,甲)") == several("MAX", [num(0), *cells, JIA])
    assert bound("SUM(甲,季[2])") == op("+", JIA, Ref("季[2]"))
    assert bound("SUM(甲)") == JIA


def test_a_series_of_yes_and_no_stands_for_its_cells_in_and_and_or() -> None:
    cells: list[Node] = [Ref(f"月报[{k}]", "是否") for k in (1, 2, 3)]
    assert bound("AND(月报)") == several("AND", cells)
    assert bound("OR(月报,旗)") == several("OR", [*cells, Ref("旗", "是否")])


def test_parameters_and_readings_are_put_in_as_constants() -> None:
    assert bound("甲*名额") == op("*", JIA, num(3))
    assert bound("口径") == Text("子项")
    assert refs(bound("甲*名额+乙")) == ("甲", "乙")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("旗", True),
        ('旗="是"', True),
        ('旗="否"', False),
        ('旗<>"是"', False),
        ('旗<>"否"', True),
        ('"是"=旗', True),
        ('"否"=旗', False),
    ],
)
def test_a_yes_or_no_is_compared_with_the_words(text: str, holds: bool) -> None:
    flag = Ref("旗", "是否")
    assert formula(text, NAMES, "是否") == (flag if holds else op("NOT", flag))


def test_names_are_listed_once_in_order_of_appearance() -> None:
    assert refs(bound("乙+IF(旗,甲,乙)+季[3]")) == ("乙", "旗", "甲", "季[3]")


# --- a tree written out and read again


def spell(node: Node, level: int = 0) -> str:
    """A tree as a person would type it, with no more brackets than it needs."""
    match node:
        case Number(value):
            text = str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}".rstrip("0")
            return f"{decimal(value * 100)}%" if node.percent else text
        case Text(value):
            return '"' + value.replace('"', '""') + '"'
        case Ref(name):
            return name
        case Apply("neg", (inner,)):
            return f"-{spell(inner, 4)}" if level <= 4 else f"(-{spell(inner, 4)})"
        case Apply(fn, (left, right)) if fn in LEVELS:
            own = LEVELS[fn]
            below = own + 1 if fn in COMPARISONS else own
            text = f"{spell(left, below)}{fn}{spell(right, own + 1)}"
            return text if own >= level else f"({text})"
        case Apply(fn, args):
            return f"{fn}({','.join(map(spell, args))})"
    raise AssertionError(node)


LEVELS = {**dict.fromkeys(COMPARISONS, 1), "+": 2, "-": 2, "*": 3, "/": 3}
WIDE = {**dict(zip("()+-*/,%=<>", "（）＋－＊／，％＝＜＞", strict=True)), ">=": "≥", "<=": "≤", "<>": "≠"}
CELLS = ("甲", "乙", "丙")

figures = st.sampled_from([num(each) for each in ("0", "1", "2", "10", "0.5", "2.25")])
percents = st.integers(0, 200).map(lambda hundredths: Number(Fraction(hundredths, 100), percent=True))
leaves: st.SearchStrategy[Node] = st.one_of(
    figures,
    percents,
    st.sampled_from([*map(Ref, (*CELLS, "季[2]", "Name_1.x"))]),
    st.sampled_from(["", "是", 'a"b']).map(Text),
)


def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(op, st.sampled_from(sorted(LEVELS)), inner, inner),
        st.builds(op, st.just("neg"), inner),
        st.builds(several, st.sampled_from(["IF", "SUM", "MIN", "ROUND", "NOT", "X1"]), st.lists(inner, max_size=3)),
    )


written = st.recursive(leaves, grow, max_leaves=8)


@SETTINGS
@given(written, st.booleans(), st.sampled_from(["", " ", "　"]))
def test_a_tree_written_out_is_read_as_the_same_tree(node: Node, wide: bool, space: str) -> None:
    tokens = re.findall(r'"(?:[^"]|"")*"|>=|<=|<>|[A-Za-z_\u4e00-\u9fff][\w.\[\]]*|[0-9.]+|.', spell(node))
    signs = [WIDE.get(token, token) if wide else token for token in tokens]
    assert parse(space.join(signs)) == node


# --- Excel

CELL = {"甲": "D5", "乙": "D6", "丙": "D7", "丁": "D8", "旗": "D9", "季[1]": "E3", "季[2]": "F3", "资金": "$D$10"}


def emitted(text: str) -> str:
    return excel.write(bound(text), CELL.__getitem__)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ROUND(甲/乙,2)", "ROUND(ROUND(D5/D6,9),2)"),
        ("INT(甲/2)", "INT(ROUND(D5/2,9))"),
        ("甲/乙>=100%", "ROUND(D5-D6,9)>=0"),
        ("甲/乙>=95%", "ROUND(D5*20-19*D6,9)>=0"),
        ("95%<=甲/乙", "ROUND(19*D6-D5*20,9)<=0"),
        ("甲/乙>丙/丁", "ROUND(D5*D8-D7*D6,9)>0"),
        ("甲/乙=丙", "ROUND(D5-D7*D6,9)=0"),
        ("(甲+1)/(乙+1)<丙", "ROUND(D5+1-D7*(D6+1),9)<0"),
        ("甲>=3", "ROUND(D5-3,9)>=0"),
        ("甲>=0.5", "ROUND(D5*2-1,9)>=0"),
        ("甲=0", "ROUND(D5,9)=0"),
        ("0=甲", "ROUND(0-D5,9)=0"),
        ("甲<>乙-1", "ROUND(D5-(D6-1),9)<>0"),
        ("甲-(乙-丙)", "D5-(D6-D7)"),
        ("甲-(乙+丙)", "D5-(D6+D7)"),
        ("甲-乙+丙", "D5-D6+D7"),
        ("(甲+乙)*丙", "(D5+D6)*D7"),
        ("甲/(乙*丙)", "D5/(D6*D7)"),
        ("甲*(乙/丙)", "D5*(D6/D7)"),
        ("甲+乙*丙", "D5+D6*D7"),
        ("-(甲+乙)", "-(D5+D6)"),
        ("-甲+乙", "-D5+D6"),
        ("甲*-乙", "D5*(-D6)"),
        ("甲--乙", "D5-(-D6)"),
        ("--甲", "-(-D5)"),
        ("甲*50%+0.05", "D5*0.5+0.05"),
        ("甲*比例", "D5*(1/3)"),
        ("甲+扣减", "D5+(-2)"),
        ("MAX(扣减,甲)", "MAX(-2,D5+0)"),
        ('IF(旗="是",1,0)', 'IF(D9="是",1,0)'),
        ('IF(旗="否",1,0)', 'IF(NOT(D9="是"),1,0)'),
        ("IF(AND(旗,甲>0),乙,资金)", 'IF(AND(D9="是",ROUND(D5,9)>0),D6,$D$10)'),
        ("SUM(季[1],季[2])", "E3+F3"),
        ("MIN(6,ABS(甲-乙))", "MIN(6,ABS(D5-D6))"),
        ("OR(TRUE(),NOT(FALSE()))", "OR(1=1,NOT(1=0))"),
        ("ISNUMBER(甲)", "ISNUMBER(D5)"),
    ],
)
def test_excel_gets_the_formula_that_floats_cannot_spoil(text: str, written: str) -> None:
    assert emitted(text) == written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("12", "12"),
        ("-12", "-12"),
        ("1/2", "0.5"),
        ("-1/200", "-0.005"),
        ("12.0345", "12.0345"),
        ("1/3", "(1/3)"),
        ("-7/6", "(-7/6)"),
        ("1/1024", "0.0009765625"),
        (str(10**20), "1" + "0" * 20),
    ],
)
def test_a_literal_is_written_out_in_full_and_never_as_an_inexact_decimal(value: str, text: str) -> None:
    assert excel.literal(Fraction(value)) == text


def test_a_text_doubles_its_quotes_in_excel() -> None:
    assert excel.write(Text('说"好"'), str) == '"说""好"""'


def test_what_spans_units_has_no_place_in_a_template() -> None:
    for text in ("IF(RANK(甲,旗)<=1,2,0)", "甲-AVERAGEIF(甲,旗)"):
        node = bound(text)
        assert excel.spans_units(node)
        with pytest.raises(FormulaError, match="跨单位"):
            excel.write(node, str)


def test_a_place_and_a_mean_are_written_over_the_columns_in_which_units_bring_their_figures() -> None:
    columns = excel.Columns("P1:P9", "W1:W9")
    texts = {text: excel.over_units(bound(text), str, columns)  # type: ignore[arg-type]
             for text in ("RANK(甲,旗)", "RANK(甲/乙,旗)", "AVERAGEIF(甲,旗)", "AVERAGEIF(甲/乙,旗)")}  # fmt: skip
    assert list(texts.values()) == [
        "SUMPRODUCT((W1:W9>0)*(ROUND(P1:P9-甲,9)>0))+1",
        "SUMPRODUCT((W1:W9>0)*(ROUND(P1:P9*乙-甲*W1:W9,9)>0))+1",
        "SUM(P1:P9)/SUM(W1:W9)",
        "SUMPRODUCT(P1:P9/(W1:W9+(W1:W9=0)))/SUMPRODUCT((W1:W9>0)*1)",
    ]


def test_who_is_compared_within_a_group_is_written_so_and_said_so() -> None:
    node = bound("RANK(甲,旗)")
    assert isinstance(node, Apply)
    grouped = replace(node, args=(*node.args, one_of("类", "县", ("县", "区")), one_of("类", "区", ("县", "区"))))
    text = excel.over_units(grouped, str, excel.Columns("P1:P9", "W1:W9", "G1:G9"))
    assert text == "SUMPRODUCT((G1:G9=类)*(W1:W9>0)*(ROUND(P1:P9-甲,9)>0))+1"
    assert say(grouped) == "本组名次（甲，旗为“是”）"
    assert excel.placed(Apply("+", (grouped, Ref("乙"))), {grouped: "名"}) == Apply("+", (Ref("名"), Ref("乙")))


def test_a_rate_less_a_number_is_compared_by_cross_multiplication_too() -> None:
    assert excel.write(bound("甲/乙-1>=20%"), str) == "ROUND((甲-乙)*5-乙,9)>=0"


def frame(**cells: list[int]) -> Frame:
    rows = len(next(iter(cells.values())))
    values = {name: point(Exact(np.array(given, dtype=np.int64))) for name, given in cells.items() if name != "旗"}
    made = Frame(rows, {**values})
    if "旗" in cells:
        flags = np.array(cells["旗"]) == 1
        made.values["旗"] = Truth(flags, flags)
    return made


number_nodes: st.SearchStrategy[Node] = st.deferred(lambda: number_leaves | number_trees)
truth_nodes: st.SearchStrategy[Node] = st.deferred(lambda: truth_leaves | truth_trees)
number_leaves: st.SearchStrategy[Node] = st.sampled_from(
    [*map(Ref, CELLS), *map(num, ("0", "1", "2", "5", "-3", "1/2", "95/100", "1/3"))]
)
truth_leaves: st.SearchStrategy[Node] = st.sampled_from([Ref("旗", "是否"), TRUE, FALSE])
rates: st.SearchStrategy[Node] = st.builds(
    lambda above, below: op("/", above, op("+", below, num(1))), number_nodes, st.sampled_from([*map(Ref, CELLS)])
)
number_trees: st.SearchStrategy[Node] = st.one_of(
    st.builds(op, st.sampled_from("+-*"), number_nodes, number_nodes),
    rates,
    st.builds(several, st.sampled_from(["MIN", "MAX"]), st.lists(number_nodes, min_size=1, max_size=3)),
    st.builds(op, st.sampled_from(["neg", "INT", "ABS"]), number_nodes),
    st.builds(op, st.just("ROUND"), number_nodes, st.integers(0, 2).map(num)),
    st.builds(op, st.just("IF"), truth_nodes, number_nodes, number_nodes),
)
truth_trees: st.SearchStrategy[Node] = st.one_of(
    st.builds(op, st.sampled_from(sorted(COMPARISONS)), number_nodes, number_nodes),
    st.builds(op, st.sampled_from(sorted(COMPARISONS)), rates, number_nodes),
    st.builds(several, st.sampled_from(["AND", "OR"]), st.lists(truth_nodes, min_size=1, max_size=3)),
    st.builds(op, st.just("NOT"), truth_nodes),
)
answers = st.fixed_dictionaries(
    {
        **{name: st.lists(st.integers(0, 20), min_size=2, max_size=2) for name in CELLS},
        "旗": st.lists(st.integers(0, 1), min_size=2, max_size=2),
    }
)


OLD_FUNCTIONS = {"IF", "AND", "OR", "NOT", "MIN", "MAX", "ROUND", "INT", "ABS", "TRUE", "FALSE"}


def too_fine(node: Node, made: Frame) -> bool:
    """Whether any number on the way has a denominator too large for ROUND(…,9) to tell it apart."""
    found = evaluate(node, made)
    if isinstance(found, Interval):
        values = [found.low.fraction(row) for row in range(made.rows)]
        if any(value is None or value.denominator > 3000 for value in values):
            return True
    return isinstance(node, Apply) and any(too_fine(arg, made) for arg in node.args)


@SETTINGS
@given(number_nodes | truth_nodes, answers)
def test_what_excel_gets_is_worth_the_same_as_the_tree(node: Node, cells: dict[str, list[int]]) -> None:
    made = frame(**cells)
    assume(not too_fine(node, made))
    text = excel.write(node, str)
    assert set(re.findall(r"[A-Z]+(?=\()", text)) <= OLD_FUNCTIONS
    again = bind(parse(text), NAMES)
    expected, found = evaluate(node, made), evaluate(again, made)
    if isinstance(expected, Truth):
        assert isinstance(found, Truth)
        assert found.must.tolist() == expected.must.tolist() == found.may.tolist()
    else:
        assert isinstance(found, Interval)
        for row in range(made.rows):
            worth = expected.low.fraction(row)
            assert found.low.fraction(row) == found.high.fraction(row) == worth


# --- Chinese


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3", "3"),
        ("0.50", "0.5"),
        ("比例", "1/3"),
        ("12.5%", "12.5%"),
        ("甲", "甲"),
        ("季[2]", "季[2]"),
        ("旗", "旗为“是”"),
        ('旗="否"', "旗为“否”"),
        ("口径", "“子项”"),
        ("甲+乙", "甲＋乙"),
        ("甲-乙*2", "甲－乙×2"),
        ("(甲+乙)/丙", "（甲＋乙）÷丙"),
        ("甲*(乙-丙)", "甲×（乙－丙）"),
        ("甲-(乙-丙)", "甲－（乙－丙）"),
        ("-甲", "－甲"),
        ("甲/乙>=95%", "甲÷乙≥95%"),
        ("甲<=3", "甲≤3"),
        ("甲<>0", "甲≠0"),
        ("甲=0", "甲＝0"),
        ("甲<1", "甲＜1"),
        ("甲>1", "甲＞1"),
        ("AND(旗,甲>0,乙=0)", "旗为“是”，且甲＞0，且乙＝0"),
        ("OR(甲>0,乙>0)", "甲＞0，或乙＞0"),
        ("NOT(甲>0)", "并非（甲＞0）"),
        ("ISNUMBER(甲)", "已提供甲"),
        ("IF(旗,2,0)", "（旗为“是”时2，否则0）"),
        ("MIN(6,甲)", "取小（6，甲）"),
        ("MAX(0,甲)", "取大（0，甲）"),
        ("ROUND(甲/3,2)", "四舍五入（甲÷3，2）"),
        ("INT(甲/5)", "取整（甲÷5）"),
        ("ABS(甲-乙)", "绝对值（甲－乙）"),
        ("RANK(甲,旗)", "名次（甲，旗为“是”）"),
        ("AVERAGEIF(甲,旗)", "各单位平均（甲，旗为“是”）"),
    ],
)
def test_every_kind_of_node_is_read_out_in_chinese(text: str, said: str) -> None:
    assert say(bound(text)) == said


@pytest.mark.parametrize("fn", ["TRUE()", "FALSE()"])
def test_a_constant_condition_is_read_out_in_chinese(fn: str) -> None:
    assert not re.search("[A-Za-z]", say(bound(fn)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("-(甲+乙)", "-甲+乙"),
        ("甲/(乙*丙)", "甲/乙*丙"),
        ("甲/(乙/丙)", "甲/乙/丙"),
        ("AND(甲>0,OR(乙>0,丙>0))", "OR(AND(甲>0,乙>0),丙>0)"),
        ("NOT(AND(甲>0,乙>0))", "AND(NOT(甲>0),乙>0)"),
        ("甲-(乙-丙)", "甲-乙-丙"),
    ],
)
def test_two_formulas_of_different_worth_are_never_read_out_alike(one: str, other: str) -> None:
    assert say(bound(one)) != say(bound(other))


@pytest.mark.parametrize(
    ("value", "text"), [("4", "4"), ("-4", "-4"), ("0.5", "0.5"), ("-0.25", "-0.25"), ("1/3", "1/3"), ("93.10", "93.1")]
)
def test_a_number_is_shown_as_people_write_it(value: str, text: str) -> None:
    assert decimal(Fraction(value)) == text


# --- limits


@pytest.mark.parametrize(
    "text",
    [
        "甲/乙",
        "甲/乙*5",
        "甲/(乙+1)+3",
        "ROUND(甲/乙,2)+ROUND(丙/丁,2)",
        "甲/7+乙/9",
        "甲/MAX(1,乙-丙)",
        "IF(乙=0,5,甲/乙*5)",
        "甲/资金",
        "SUM(季)/4",
        "IF(甲/乙>=丙/丁,1,0)",
    ],
)
def test_excel_can_carry_one_rate_of_counts(text: str) -> None:
    check_exact(bound(text), {**NAMES, "资金": Symbol(cells=("资金",), high=Fraction(9999), decimals=2)})


@pytest.mark.parametrize(
    "text",
    [
        "甲/乙+丙/丁",
        "甲/乙-丙/丁",
        "甲/乙*(丙/丁)",
        "甲/乙/丙",
        "甲/乙/100",
        "甲/(乙*丙)",
        "MAX(甲/乙,0)+丙/丁",
        "ROUND(甲/乙+丙/丁,2)",
        "MIN(5,ROUND(甲/乙+丙/丁,2))",
        "INT(甲/乙+丙/丁)",
        "IF(甲/乙+丙/丁>=1,1,0)",
        "IF(甲/乙+1>=丙/丁+1,1,0)",
        "ROUND(ROUND(甲/乙+丙/丁,2)*5,1)",
    ],
)
def test_denominators_that_pass_ten_million_together_are_refused_wherever_they_stand(text: str) -> None:
    with pytest.raises(FormulaError, match="除数相乘超过一千万"):
        check_exact(bound(text), NAMES)


@pytest.mark.parametrize(
    "text",
    ["-INT(-甲/5)", "MAX(0,甲-(乙-丙))", "甲/(乙*丙)", "(甲+乙)*60%", "IF(甲>=1,-甲,ROUND(乙/3,2))", "-(甲+乙)"],
)
def test_a_formula_is_repeated_as_it_is_typed(text: str) -> None:
    assert typed(bound(text)) == text


def test_a_minus_around_a_whole_number_is_said_as_what_it_does() -> None:
    assert [say(bound(text)) for text in ("-INT(-甲/5)", "-INT(-(甲+乙)/5)", "-INT(甲/5)")] == [
        "向上取整（甲÷5）", "向上取整（（甲＋乙）÷5）", "－取整（甲÷5）",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["甲/(乙-丙)", "甲/-2", "甲/扣减", "1/(甲+扣减)", "甲/总分", "IF(1/(甲-5)>0,1,0)"])
def test_a_divisor_that_may_be_negative_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match=r"除数.*是负数"):
        check_exact(bound(text), NAMES)


small_names = {name: Symbol(cells=(name,), high=Fraction(9)) for name in CELLS}
dividends: st.SearchStrategy[Node] = st.recursive(
    st.sampled_from([*map(Ref, CELLS), num(2), num("1/2")]),
    lambda inner: st.one_of(
        st.builds(op, st.sampled_from("+-*"), inner, inner),
        st.builds(op, st.sampled_from(["MIN", "MAX"]), inner, inner),
        st.builds(op, st.just("neg"), inner),
        st.builds(op, st.just("/"), inner, st.sampled_from([*map(Ref, CELLS), num(7), num(10)])),
        st.builds(lambda yes, no: op("IF", op(">", JIA, YI), yes, no), inner, inner),
        st.builds(op, st.just("ROUND"), inner, st.integers(0, 2).map(num)),
    ),
    max_leaves=6,
)


@SETTINGS
@given(dividends, st.fixed_dictionaries({name: st.lists(st.integers(1, 9), min_size=1, max_size=1) for name in CELLS}))
@example(bound("MAX(甲/7,乙/10)+丙/10"), {"甲": [9], "乙": [1], "丙": [3]})
def test_no_value_of_a_tree_has_a_larger_denominator_than_is_said_of_it(
    node: Node, cells: dict[str, list[int]]
) -> None:
    value = number(node, frame(**cells)).low.fraction(0)
    assert value is not None
    assert value.denominator <= denominator(node, small_names)


def test_the_limit_is_where_the_double_round_stops_being_exact() -> None:
    assert DENOMINATOR_LIMIT == 10**7
    just = {"甲": Symbol(cells=("甲",)), "乙": Symbol(cells=("乙",), high=Fraction(10**7 - 1))}
    check_exact(bind(parse("甲/乙"), just), just)
    over = {**just, "乙": Symbol(cells=("乙",), high=Fraction(10**7))}
    with pytest.raises(FormulaError):
        check_exact(bind(parse("甲/乙"), over), over)


# --- the mean over units

Unit = tuple[int, int | None, str]
"""The least and the most that a unit may have (None: any number), and whether it counts: in, out or open."""
units = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([0, 0, 3, None]), st.sampled_from(["in", "in", "out", "open"])).map(
        lambda unit: (unit[0], None if unit[1] is None else unit[0] + unit[1], unit[2])
    ),
    min_size=1,
    max_size=6,
)


def mean_of(*rows: Unit, settled: bool = False, more: bool = False) -> tuple[Fraction | None, Fraction | None]:
    """The bounds of the mean, which are those of every row."""
    endless = np.array([high is None for _, high, _ in rows])
    low = Exact(np.array([low for low, _, _ in rows], dtype=np.int64))
    high = Exact(np.array([low if high is None else high for low, high, _ in rows], dtype=np.int64), 1, endless)
    standing = Truth(np.array([how == "in" for *_, how in rows]), np.array([how != "out" for *_, how in rows]))
    found = mean(Interval(low, high), standing, settled, more)
    every = {(found.low.fraction(row), found.high.fraction(row)) for row in range(len(rows))}
    assert len(every) == 1
    return every.pop()


def ends(low: int | str, high: int | str) -> tuple[Fraction | None, Fraction | None]:
    return Fraction(low), Fraction(high)


def test_the_mean_is_exact_and_the_same_for_every_unit() -> None:
    assert mean_of((1, 1, "in"), (2, 2, "in"), (2, 2, "in")) == ends("5/3", "5/3")
    assert number(bound("AVERAGEIF(甲,旗)"), frame(甲=[4, 9, 6], 旗=[1, 0, 1])).low.num.tolist() == [5, 5, 5]


def test_who_does_not_count_leaves_the_mean_certain_whatever_it_has() -> None:
    assert mean_of((4, 4, "in"), (6, 6, "in"), (0, None, "out")) == ends(5, 5)


def test_units_that_are_not_counted_are_in_no_mean() -> None:
    made = frame(甲=[1, 9, 5], 旗=[1, 1, 1])
    made.counted = Truth(*[np.array([False, True, True])] * 2)
    assert number(bound("AVERAGEIF(甲,旗)"), made).low.num.tolist() == [7, 7, 7]


@pytest.mark.parametrize("open_unit", [(0, 10, "in"), (10, 10, "open"), (0, 10, "open"), (3, None, "in")])
def test_an_open_unit_leaves_the_mean_open_but_not_the_mean_as_it_now_stands(open_unit: Unit) -> None:
    low, high = mean_of((4, 4, "in"), (6, 6, "in"), open_unit)
    assert low != high or low is None
    assert mean_of((4, 4, "in"), (6, 6, "in"), open_unit, settled=True) == ends(5, 5)


def test_a_unit_that_may_have_any_number_or_that_may_yet_come_leaves_no_bound() -> None:
    assert mean_of((4, 4, "in"), (0, None, "in"))[1] is None
    assert mean_of((4, 4, "in"), (6, 6, "in"), more=True) == (None, None)
    assert mean_of((4, 4, "in"), (6, 6, "in"), settled=True, more=True) == ends(5, 5)


@pytest.mark.parametrize("settled", [False, True])
def test_of_nobody_there_is_no_mean(settled: bool) -> None:
    assert mean_of((4, 4, "out"), (6, 6, "out"), settled=settled) == (None, None)
    assert mean_of((4, 7, "in"), (6, 6, "open"), settled=True) == (None, None)


@SETTINGS
@given(st.data(), units)
def test_the_mean_of_every_completion_lies_within_its_bounds(data: st.DataObject, rows: list[Unit]) -> None:
    low, high = mean_of(*rows)
    for _ in range(3):
        chosen = [each for each in rows if each[2] == "in" or (each[2] == "open" and data.draw(st.booleans()))]
        values = [data.draw(st.integers(least, 30 if most is None else most)) for least, most, _ in chosen]
        if values:
            found = Fraction(sum(values), len(values))
            assert low is None or low <= found
            assert high is None or found <= high


@SETTINGS
@given(units)
def test_the_mean_as_it_now_stands_is_that_of_the_units_that_are_certain(rows: list[Unit]) -> None:
    sure = [low for low, high, how in rows if how == "in" and low == high]
    expected = Fraction(sum(sure), len(sure)) if sure else None
    assert mean_of(*rows, settled=True) == (expected, expected)
