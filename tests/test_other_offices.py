"""Schemes of the kinds that offices publish, each written without code, as a workbook: a monthly bulletin of a hotline
with floors and rounded rates, a township's assessment of its villages with levels and consecutive years, a province's
thousand points against last year and the mean of three. All of them are fictional; the points are worked out by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.rounds import call

HEAD = """
[scheme]
id = "{id}"
title = "{title}"
version = "1"
status = "示范"
source = "测试用的虚构办法"
date = "2026-01-01"
"""

HOTLINE = (
    HEAD.format(id="hotline", title="热线办理月度通报")
    + """
[[part]]
name = "单位"
section = [{ id = "一", title = "办理", points = 100, clause = "一" }]
input = [
  { name = "应签收件数", kind = "件数", unit = "件" }, { name = "按时签收件数", kind = "件数", unit = "件" },
  { name = "应办结件数", kind = "件数", unit = "件" }, { name = "按期办结件数", kind = "件数", unit = "件" },
  { name = "评价件数", kind = "件数", unit = "件" }, { name = "满意件数", kind = "件数", unit = "件" },
  { name = "退回重办件数", kind = "件数", unit = "件" }, { name = "通报次数", kind = "件数", unit = "次" },
  { name = "表扬次数", kind = "件数", unit = "次" },
]
item = [
  { id = "一1", section = "一", title = "签收", points = 20, floor = 10, clause = "一1", rule = [
    { kind = "每低扣分", value = "按时签收件数/应签收件数", base = "100%", step = "1%", each = 1, digits = 4, empty = "计满分" }] },
  { id = "一2", section = "一", title = "办结", points = 30, floor = 15, clause = "一2", rule = [
    { kind = "每低扣分", value = "按期办结件数/应办结件数", base = "95%", step = "1%", each = 2, part = "按一档", digits = 4, empty = "计满分" }] },
  { id = "一3", section = "一", title = "满意", points = 30, floor = 15, clause = "一3", rule = [
    { kind = "每低扣分", value = "满意件数/评价件数", base = "90%", step = "1%", each = 0.5, part = "按比例", digits = 4, empty = "计满分" }] },
  { id = "一4", section = "一", title = "一次办好", points = 20, clause = "一4", rule = [
    { kind = "折算扣分", input = "退回重办件数", divide = "应办结件数", per = 100, each = 2, digits = 2, empty = "计满分" }] },
  { id = "一5+", section = "一", title = "表扬", points = 5, clause = "二1", rule = [{ kind = "按次加分", input = "表扬次数", each = 1 }] },
  { id = "一6-", section = "一", title = "通报", clause = "二2", rule = [{ kind = "按次扣分", input = "通报次数", each = 3 }] },
]
case = [
  { id = "没有失分", given = { "应签收件数" = 40, "按时签收件数" = 40, "应办结件数" = 40, "按期办结件数" = 40, "评价件数" = 20, "满意件数" = 18, "退回重办件数" = 0, "通报次数" = 0, "表扬次数" = 0 }, points = { "总分" = 100 } },
  { id = "各有一些", given = { "应签收件数" = 200, "按时签收件数" = 187, "应办结件数" = 300, "按期办结件数" = 280, "评价件数" = 150, "满意件数" = 131, "退回重办件数" = 7, "通报次数" = 1, "表扬次数" = 7 }, points = { "一1" = 14, "一2" = 26, "一3" = 28.67, "一4" = 15.34, "一5+" = 5, "一6-" = -3, "总分" = 86.01 } },
  { id = "到一半为止", given = { "应签收件数" = 100, "按时签收件数" = 60, "应办结件数" = 100, "按期办结件数" = 50, "评价件数" = 100, "满意件数" = 10, "退回重办件数" = 30, "通报次数" = 0, "表扬次数" = 0 }, points = { "一1" = 10, "一2" = 15, "一3" = 15, "一4" = 0, "总分" = 40 } },
  { id = "没有来件", given = { "应签收件数" = 0, "按时签收件数" = 0, "应办结件数" = 0, "按期办结件数" = 0, "评价件数" = 0, "满意件数" = 0, "退回重办件数" = 0, "通报次数" = 0, "表扬次数" = 0 }, points = { "总分" = 100 } },
]
"""
)

VILLAGES = (
    HEAD.format(id="villages", title="村级信访工作考核")
    + """
[[part]]
name = "单位"
section = [{ id = "一", title = "稳定", points = 70, clause = "一" }, { id = "二", title = "基础", points = 30, clause = "二" }]
input = [
  { name = "到镇个访批次", kind = "件数", unit = "批次" }, { name = "到镇集访批次", kind = "件数", unit = "批次" },
  { name = "到县个访批次", kind = "件数", unit = "批次" }, { name = "到县集访批次", kind = "件数", unit = "批次" },
  { name = "到市以上批次", kind = "件数", unit = "批次" }, { name = "敏感期发生", kind = "是否" },
  { name = "有调解室", kind = "是否" }, { name = "排查次数", kind = "件数", unit = "次", series = 4 },
  { name = "化解件数", kind = "件数", unit = "件" }, { name = "省级表彰次数", kind = "件数", unit = "次" },
  { name = "市级表彰次数", kind = "件数", unit = "次" }, { name = "县级表彰次数", kind = "件数", unit = "次" },
  { name = "此前连续年数", kind = "件数", unit = "年", origin = "复查", maximum = 60 },
]
item = [
  { id = "一1", section = "一", title = "到镇到县", points = 40, clause = "一1", rule = [
    { kind = "分级扣分", rungs = "到镇个访批次:0.5，到镇集访批次:1，到县个访批次:2，到县集访批次:4" },
    { kind = "减半加倍", condition = '敏感期发生="是"', times = 2, what = "扣分" }] },
  { id = "一2", section = "一", title = "到市以上", points = 30, clause = "一2", rule = [
    { kind = "阶梯", input = "到市以上批次", steps = "1:10, 2:20", over = 10 }] },
  { id = "二1", section = "二", title = "调解室", points = 10, clause = "二1", rule = [{ kind = "是否得分", input = "有调解室" }] },
  { id = "二2", section = "二", title = "排查", points = 20, clause = "二2", rule = [{ kind = "缺项扣分", input = "排查次数", quota = 3, each = 1 }] },
  { id = "二3+", section = "二", title = "化解", points = 6, clause = "三1", rule = [{ kind = "按次加分", input = "化解件数", each = 0.5 }] },
  { id = "二4+", section = "二", title = "表彰", points = 5, clause = "三2", rule = [{ kind = "就高", rungs = "省级表彰次数:5，市级表彰次数:3，县级表彰次数:1" }] },
]
outcome = [
  { id = "无访村第五年起", kind = "奖励", tier = "无访村", condition = "AND(到镇个访批次+到镇集访批次+到县个访批次+到县集访批次+到市以上批次=0,此前连续年数>=4)", amount = 5000, clause = "四", because = "连续五年以上没有上访" },
  { id = "无访村第四年", kind = "奖励", tier = "无访村", condition = "AND(到镇个访批次+到镇集访批次+到县个访批次+到县集访批次+到市以上批次=0,此前连续年数=3)", amount = 4000, clause = "四", because = "连续四年没有上访" },
  { id = "无访村第三年", kind = "奖励", tier = "无访村", condition = "AND(到镇个访批次+到镇集访批次+到县个访批次+到县集访批次+到市以上批次=0,此前连续年数=2)", amount = 3000, clause = "四", because = "连续三年没有上访" },
  { id = "无访村第二年", kind = "奖励", tier = "无访村", condition = "AND(到镇个访批次+到镇集访批次+到县个访批次+到县集访批次+到市以上批次=0,此前连续年数=1)", amount = 2000, clause = "四", because = "连续两年没有上访" },
  { id = "无访村第一年", kind = "奖励", tier = "无访村", condition = "AND(到镇个访批次+到镇集访批次+到县个访批次+到县集访批次+到市以上批次=0,此前连续年数=0)", amount = 1000, clause = "四", because = "今年没有上访" },
]
case = [
  { id = "都没有", given = { "到镇个访批次" = 0, "到镇集访批次" = 0, "到县个访批次" = 0, "到县集访批次" = 0, "到市以上批次" = 0, "敏感期发生" = "否", "有调解室" = "是", "排查次数[1]" = 3, "排查次数[2]" = 4, "排查次数[3]" = 3, "排查次数[4]" = 3, "化解件数" = 0, "省级表彰次数" = 0, "市级表彰次数" = 0, "县级表彰次数" = 0, "此前连续年数" = 2 }, points = { "总分" = 100 } },
  { id = "敏感期加倍", given = { "到镇个访批次" = 3, "到镇集访批次" = 1, "到县个访批次" = 2, "到县集访批次" = 1, "到市以上批次" = 3, "敏感期发生" = "是", "有调解室" = "否", "排查次数[1]" = 0, "排查次数[2]" = 2, "排查次数[3]" = 3, "排查次数[4]" = 5, "化解件数" = 15, "省级表彰次数" = 0, "市级表彰次数" = 2, "县级表彰次数" = 4, "此前连续年数" = 0 }, points = { "一1" = 19, "一2" = 0, "二1" = 0, "二2" = 16, "二3+" = 6, "二4+" = 3, "总分" = 44 } },
  { id = "到市两批", given = { "到镇个访批次" = 3, "到镇集访批次" = 1, "到县个访批次" = 2, "到县集访批次" = 1, "到市以上批次" = 2, "敏感期发生" = "否", "有调解室" = "是", "排查次数[1]" = 3, "排查次数[2]" = 3, "排查次数[3]" = 3, "排查次数[4]" = 2, "化解件数" = 3, "省级表彰次数" = 1, "市级表彰次数" = 0, "县级表彰次数" = 1, "此前连续年数" = 0 }, points = { "一1" = 29.5, "一2" = 10, "二2" = 19, "二3+" = 1.5, "二4+" = 5, "总分" = 75 } },
]
"""
)

PROVINCE = (
    HEAD.format(id="province", title="千分制考核")
    + """
[[part]]
name = "单位"
section = [{ id = "一", title = "总量", points = 400, clause = "一" }, { id = "二", title = "质量", points = 600, clause = "二" }]
input = [
  { name = "本年件次", kind = "件数", unit = "件次", maximum = 99999 },
  { name = "上年件次", kind = "件数", unit = "件次", origin = "上年", maximum = 99999 },
  { name = "前年件次", kind = "件数", unit = "件次", origin = "上年", maximum = 99999 },
  { name = "大前年件次", kind = "件数", unit = "件次", origin = "上年", maximum = 99999 },
  { name = "应受理件数", kind = "件数", unit = "件" }, { name = "及时受理件数", kind = "件数", unit = "件" },
  { name = "评价件数", kind = "件数", unit = "件" }, { name = "满意件数", kind = "件数", unit = "件" },
  { name = "化解件数", kind = "件数", unit = "件" }, { name = "化解任务件数", kind = "件数", unit = "件" },
]
item = [
  { id = "一1", section = "一", title = "比上年", points = 200, clause = "一1", rule = [
    { kind = "与上年比", input = "本年件次", before = "上年件次", digits = 4, empty = "计满分", bands = "(,-20%]:200；(-20%,-10%]:180；(-10%,0%]:150；(0%,10%]:100；(10%,):0" }] },
  { id = "一2", section = "一", title = "比三年均值", points = 200, clause = "一2", rule = [
    { kind = "与三年均值比", input = "本年件次", before = "上年件次、前年件次、大前年件次", digits = 4, empty = "计满分", bands = "(,-15%]:200；(-15%,0%]:160；(0%,15%]:80；(15%,):0" }] },
  { id = "二1", section = "二", title = "及时受理", points = 200, clause = "二1", rule = [
    { kind = "按率得分", value = "及时受理件数/应受理件数", digits = 4, empty = "计满分" }] },
  { id = "二2", section = "二", title = "群众满意", points = 200, clause = "二2", rule = [
    { kind = "区间", value = "满意件数/评价件数", digits = 4, empty = "计0分", bands = "[95%,):200；[85%,95%):150；[0%,85%):0" }] },
  { id = "二3", section = "二", title = "积案化解", points = 200, clause = "二3", rule = [
    { kind = "比例完成", input = "化解件数", target = "化解任务件数", empty = "计满分" }] },
]
case = [
  { id = "下降两成", given = { "本年件次" = 800, "上年件次" = 1000, "前年件次" = 900, "大前年件次" = 1100, "应受理件数" = 900, "及时受理件数" = 900, "评价件数" = 200, "满意件数" = 190, "化解件数" = 12, "化解任务件数" = 10 }, points = { "一1" = 200, "一2" = 200, "二1" = 200, "二2" = 200, "二3" = 200, "总分" = 1000 } },
  { id = "略降", given = { "本年件次" = 801, "上年件次" = 1000, "前年件次" = 900, "大前年件次" = 925, "应受理件数" = 900, "及时受理件数" = 873, "评价件数" = 200, "满意件数" = 189, "化解件数" = 7, "化解任务件数" = 9 }, points = { "一1" = 180, "一2" = 160, "二1" = 194, "二2" = 150, "二3" = 155.56, "总分" = 839.56 } },
  { id = "上升", given = { "本年件次" = 1101, "上年件次" = 1000, "前年件次" = 900, "大前年件次" = 1000, "应受理件数" = 7, "及时受理件数" = 6, "评价件数" = 0, "满意件数" = 0, "化解件数" = 0, "化解任务件数" = 0 }, points = { "一1" = 0, "一2" = 80, "二1" = 171.42, "二2" = 0, "二3" = 200, "总分" = 451.42 } },
]
"""
)
SCHEMES = {"hotline": HOTLINE, "villages": VILLAGES, "province": PROVINCE}


@pytest.fixture(params=SCHEMES)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The scheme as a workbook."""
    text, path = tmp_path / "办法.toml", tmp_path / "办法.xlsx"
    text.write_text(SCHEMES[request.param], "utf-8")
    assert call("scheme", "export", text, "-o", path) == 0
    return path


def test_it_checks_clean_and_every_case_worked_out_by_hand_is_right(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert call("scheme", "check", book, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [each for each in told["findings"] if each["level"] != "提示"] == []


def test_the_cases_get_the_same_points_from_template_to_ranking(book: Path, tmp_path: Path) -> None:
    cases = {each["id"]: each for each in cases_of(book)}
    names = list(dict.fromkeys(name for each in cases.values() for name in each["given"]))
    review = {"此前连续年数"}
    (tmp_path / "名册.csv").write_text("单位\n" + "\n".join(f"{unit}村" for unit in cases) + "\n", "utf-8")
    for file, columns in (("预填.csv", [each for each in names if each not in review]),
                          ("复查.csv", [each for each in names if each in review])):  # fmt: skip
        rows = [",".join(["单位", *columns])]
        rows += [
            ",".join([f"{unit}村", *(str(each["given"][name]) for name in columns)]) for unit, each in cases.items()
        ]
        (tmp_path / file).write_text("\n".join(rows) + "\n", "utf-8")
    issued, returned, out = tmp_path / "发放", tmp_path / "收回", tmp_path / "结果"
    assert call("template", book, "--roster", tmp_path / "名册.csv", "--year", 2026, "--prefill", tmp_path / "预填.csv",
                "-o", issued) == 0  # fmt: skip
    returned.mkdir()
    for path in issued.glob("*_*.xlsx"):
        shutil.copy(path, returned / path.name)
    more = ["--review", tmp_path / "复查.csv"] if review & set(names) else []
    call("grade", returned, "-o", out, "--issued", issued / "发放清单.xlsx", *more)
    record = json.loads((out / "results.json").read_text("utf-8"))
    found = {each["unit"].removesuffix("村"): each for each in record["subjects"]}
    for unit, case in cases.items():
        got = {id: each["points"] for id, each in found[unit]["items"].items()} | {"总分": found[unit]["total"]}
        assert {id: got[id] for id in case["points"]} == {id: float(each) for id, each in case["points"].items()}, unit


def cases_of(book: Path) -> list[dict[str, Any]]:
    from xfkh.scheme import tables_of, text_of

    found: list[dict[str, Any]] = tables_of(text_of(str(book)))["part"][0]["case"]
    return found


def test_amounts_follow_the_consecutive_years(tmp_path: Path) -> None:
    """1 to 5 years: five amounts."""
    scheme = tmp_path / "办法.toml"
    scheme.write_text(VILLAGES, "utf-8")
    case = cases_of(scheme)[0]["given"]
    columns = [name for name in case if name != "此前连续年数"]
    units = {f"{'一二三四五六'[k]}村": k for k in range(6)}
    (tmp_path / "名册.csv").write_text("单位\n" + "\n".join(units) + "\n", "utf-8")
    rows = [",".join([unit, *(str(case[name]) for name in columns)]) for unit in units]
    (tmp_path / "预填.csv").write_text("\n".join([",".join(["单位", *columns]), *rows]), "utf-8")
    years = [f"{unit},{year}" for unit, year in units.items()]
    (tmp_path / "复查.csv").write_text("\n".join(["单位,此前连续年数", *years]), "utf-8")
    issued, out = tmp_path / "发放", tmp_path / "结果"
    assert call("template", scheme, "--roster", tmp_path / "名册.csv", "--year", 2026, "--prefill",
                tmp_path / "预填.csv", "-o", issued) == 0  # fmt: skip
    call("grade", issued, "-o", out, "--review", tmp_path / "复查.csv")
    record = json.loads((out / "results.json").read_text("utf-8"))
    paid = {each["unit"]: [one["amount"] for one in each["outcomes"]] for each in record["subjects"]}
    assert list(paid.values()) == [[1000], [2000], [3000], [4000], [5000], [5000]]
