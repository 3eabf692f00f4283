"""The sheets of a scheme workbook: their columns, and the fields of the tables that they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from ..model import PERSONS, UNITS, InputKind, Origin, OutcomeKind
from ..rules import KINDS, wanted

HEAD_WITHIN = 8
"""The row of heads is one of so many first rows."""


class Form(Enum):
    """How a value is written in a cell."""

    TEXT = auto()
    ID = auto()
    FORMULA = auto()
    NUMBER = auto()
    WHOLE = auto()
    YES = auto()
    LIST = auto()
    LINES = auto()
    SERIES = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """``fields``: its name in a row of the table; several where the row's 计分方式 says which. ``note`` is its comment;
    ``aliases``: other usual heads; ``choices``: what may stand there, in the drop-down."""

    head: str
    fields: tuple[str, ...]
    note: str
    form: Form = Form.TEXT
    width: float = 12
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        return self.fields[0]


def _col(head: str, fields: str, note: str, form: Form = Form.TEXT, width: float = 12, aliases: str = "",
         choices: tuple[str, ...] = ()) -> Column:  # fmt: skip
    return Column(head, tuple(fields.split()), note, form, width, tuple(aliases.split()), choices)


@dataclass(frozen=True, slots=True)
class SheetOf:
    """One sheet: ``table``: the table whose rows stand in it; ``more``: the columns that a further row without the
    ``key`` may fill, and the field of the row above to which it belongs."""

    name: str
    table: str
    said: str
    columns: tuple[Column, ...]
    key: str
    more: str = ""
    further: frozenset[str] = field(default_factory=frozenset)

    def column(self, head: str) -> Column | None:
        return next((each for each in self.columns if head in (each.head, *each.aliases)), None)

    def head_of(self, name: str) -> str:
        """The head of the column in which a field stands; the field itself where there is none."""
        return next((each.head for each in self.columns if name in each.fields), name)


YES, PARAMETER = "是", "参数"
AS_WRITTEN = "原文如此"
TARGET = "工作目标"
"""The 计分方式 of a row that is no item but a target."""
SERIES: Mapping[str, int] = {"按季": 4, "按月": 12}
SERIES_ALSO: Mapping[str, str] = {
    **dict.fromkeys(("季", "季度", "按季度", "每季", "每季度", "分季", "分季度", "逐季"), "按季"),
    **dict.fromkeys(("月", "月度", "按月度", "每月", "每个月", "分月", "月份", "按月份", "逐月"), "按月"),
}
"""How clerks say it otherwise."""
ADDS, DEDUCTS = "加分", "扣分"
_PART = _col("部分", "part", f"考核对象：{UNITS}或{PERSONS}；不填就是{UNITS}", width=8, choices=(UNITS, PERSONS))
_CLAUSE = _col("依据", "clause", "原文的条款号，如 五(二)3；得分和奖惩都会注明它", Form.ID, 14, "条款 出处")

_RULE = (
    _col(
        "计分方式",
        "kind",
        "从下拉选；每种方式要填哪几列，见“选项”表",
        width=12,
        aliases="方式",
        choices=(*KINDS, TARGET),
    ),
    _col("填报项", "input inputs", "按哪个填报项计分（写它的名称；零发生加分可写几个，用顿号隔开）", width=18),
    _col("每次", "each", "每次、每件、每少一个扣或加多少分，写正数", Form.NUMBER, 8, "每次分值 每次扣分 每次加分"),
    _col("应有数", "quota", "缺项扣分：应当有多少", Form.NUMBER, 8),
    # steps, intervals, places, groups of raters
    _col(
        "档次",
        "steps places rungs bands",
        "阶梯：次数:扣分，如 1:1, 2:4；名次：名次:得分；分级、就高：填报项:分；分组评分：填报项:权重；"
        "区间：一行一段，如 [90%,95%):8",
        width=20,
        aliases="区间 权重",
    ),
    _col(
        "档次算法",
        "mode",
        "阶梯：取档（只算达到的最高一档）、累加（达到的各档相加）、首条（写在最前的一档）；不填就是取档",
        width=8,
        choices=("取档", "累加", "首条"),
    ),
    _col("超出每次", "over", "阶梯：超过最后一档，每多一次再扣多少；不填就不再扣", Form.NUMBER, 8),
    _col("其余", "others", "没有写到的区间、名次得几分", Form.NUMBER, 7),
    _col("排序", "order", "名次得分：数大的在前写高，数小的在前写低；不填就是高", width=7, choices=("高", "低")),
    _col(
        "范围",
        "among",
        "名次加分、名次得分：哪些单位参加排名（一个条件），别的不得分；与均值比：平均算哪些单位；不填就是全部",
        Form.FORMULA,
        20,
    ),
    # what must hold
    _col(
        "条件",
        "condition conditions",
        "达标：一个条件，如 办结件数/交办件数>=95%；清单：每行一个条件（Alt+回车换行）",
        Form.FORMULA,
        34,
    ),
    _col("得分", "points", "达标：达到得多少分；不填就是分值", Form.NUMBER, 8, "达标得分"),
    _col("得分答案", "earns", "是否得分：哪个答案得分；不填就是“是”", width=9, choices=("是", "否")),
    # rates and comparisons
    _col(
        "公式",
        "formula value",
        "公式：得分怎样算；按率得分、每低扣分、区间：按什么数。写法同 Excel，用填报项的名称，前面不写等号",
        Form.FORMULA,
        34,
    ),
    _col(
        "相比",
        "target divide before",
        "比例完成：目标；折算：除以什么；与上年、三年均值比：往年的填报项",
        Form.ID,
        16,
        "目标 基数",
    ),
    _col("基准", "base", "每低扣分：从多少开始扣，如 95%", Form.ID, 8),
    _col("每档", "step", "每低扣分：多少是一档，如 1%；不填就是1", Form.ID, 8),
    _col("高低", "side", "每低扣分：低于基准扣，还是高于基准扣；不填就是低于", width=8, choices=("低于", "高于")),
    _col(
        "不满一档",
        "part",
        "每低扣分：不满一档的不计、按一档，还是按比例；不填就是不计",
        width=9,
        choices=("不计", "按一档", "按比例"),
    ),
    _col("每多少", "per", "折算扣分：每多少，如每万人：人口按人填的写 10000，按万人填的写 1", Form.NUMBER, 8),
    _col(
        "率的小数",
        "digits",
        "率、增减的比例先四舍五入到几位小数（95.37% 是 0.9537，四位）；不填就不舍入",
        Form.WHOLE,
        8,
    ),
    _col(
        "分母为0",
        "empty",
        "分母可能是0的，是0时怎样计；加减分表里的扣分，写不扣分或全扣",
        width=9,
        choices=("计满分", "计0分", "不扣分", "全扣", "取均值", "不计入"),
    ),
    # counted otherwise, left to discretion, halved, rated by several
    _col(
        "计数",
        "count",
        "按次扣分、阶梯：不是直接数填报项时，数什么（一个公式）；裁量区间：发生次数是哪个填报项",
        Form.FORMULA,
        16,
    ),
    _col("最少", "least", "裁量区间：每次最少多少分；分组评分：群众组的权重至少多少", Form.NUMBER, 7),
    _col("最多", "most", "裁量区间：每次最多多少分", Form.NUMBER, 7),
    _col(
        "加或扣",
        "sign",
        "裁量区间、其他事项、就高：加还是扣；区间、与上年比等：得、加还是扣",
        width=8,
        choices=("扣", "加", "得"),
    ),
    _col("乘", "times", "减半加倍：乘几，减半写 0.5，加倍写 2", Form.NUMBER, 6),
    _col(
        "乘什么",
        "what",
        "减半加倍：乘这一项的得分，还是只乘扣（加）的分；不填就是得分",
        width=8,
        choices=("得分", "扣分", "加分"),
    ),
    _col(
        "去高低",
        "trim",
        "多人评分、分组评分：去掉一个最高分、一个最低分再平均的填“是”（三人以上才去）",
        width=7,
        choices=("是",),
    ),
    _col("群众组", "mass", "分组评分：规定了权重下限的那一组，下限写在“最少”", width=12),
    # in words
    _col("称呼", "label", "说明得分原因时怎样称呼，不填就用填报项的名称", width=12),
    _col("说明", "text", "公式：用一句话说明怎样算，写在模板和反馈里", width=24),
)
RULE_HEADS = frozenset(each.head for each in _RULE)


def _item(points: str, direction: tuple[Column, ...] = (), after: tuple[Column, ...] = ()) -> tuple[Column, ...]:
    """What the item is; how it counts; to whom and when it applies; what is shown beside it; where it is written."""
    return (
        _col(
            "编号",
            "id",
            "指标的编号，不能重复；只有数字和小数点的，先把单元格设成文本。加减分的编号末尾按方向带“+”或“-”，没写的会加上",
            Form.ID,
            10,
        ),
        _col("名称", "title", "指标的名称，印在模板和结果里", width=20, aliases="指标"),
        _col("分值", "points", points, Form.NUMBER, 8, "满分 上限"),
        _col("大项", "section", "属于哪个大项，写大项的编号", Form.ID, 8, "所属大项"),
        *direction,
        *_RULE,
        _col("保底", "floor", "最低得几分；不填就是扣完为止（0分），可以扣成负分的写“不封底”", Form.ID, 8),
        _col("只全年计", "annual", "只在全年考核时计分的填“是”；按季、按月考核时只显示进度", Form.YES, 9, "全年"),
        _col(
            "适用",
            "groups",
            "只考哪几组，用顿号隔开；各组权重不同的写 县组:30%、区组:20%；不填就是都考",
            Form.ID,
            16,
            "适用类别 适用分组",
        ),
        _col("适用口径", "when", "只在某个口径下才有的指标：口径=取值", width=14),
        _col("同列填报项", "shows", "计分不用、但要列在这一项下面填报的填报项", Form.LIST, 16),
        *after,
        _col("材料", "materials", "单位要准备的证明材料", width=18, aliases="证明材料"),
        _CLAUSE,
        _col("口径", "readings", "用到的口径的编号，几个用顿号隔开", Form.LIST, 14),
        _col(
            "确认", "confirmed", f"检查时问到这一项、原文就是这样的，选“{AS_WRITTEN}”", width=10, choices=(AS_WRITTEN,)
        ),
        _PART,
    )


ITEMS = SheetOf(
    "指标", "item",
    "每个得分的指标一行；一个指标有几种计分方式的，下一行不写编号，接着写。"
    "工作目标（只看达到没有）也写在这里，计分方式选“工作目标”。",
    _item("满分；加分项不封顶的不填"), "id", "rule", RULE_HEADS,
)  # fmt: skip
EXTRAS = SheetOf(
    "加减分", "item", "分值以外的加分和扣分。扣分也写正数，方向选“扣分”。",
    _item(
        "最多加（扣）多少分，写正数；不封顶的不填",
        (_col("方向", "direction", "加分还是扣分", width=8, choices=(ADDS, DEDUCTS)),),
        (_col("排在其后", "after", "印在哪个指标后面（写它的编号）；不填就排在所属大项的最后", Form.ID, 10),),
    ),
    "id", "rule", RULE_HEADS,
)  # fmt: skip
SECTIONS = SheetOf(
    "大项", "section", "指标分成哪几个大项，各多少分。",
    (
        _col("编号", "id", "大项的编号，如 一、二 或 1、2", Form.ID, 8),
        _col("名称", "title", "大项的名称", width=24, aliases="大项"),
        _col("分值", "points", "大项标题上写的分值", Form.NUMBER, 8, "满分"),
        _CLAUSE,
        _col("确认", "confirmed", f"标题的分值与子项合计对不上、原文就是这样的，选“{AS_WRITTEN}”", width=10,
             choices=(AS_WRITTEN,)),
        _PART,
    ),
    "id",
)  # fmt: skip
INPUTS = SheetOf(
    "填报项", "input", "计分和奖惩要用的每一个数：谁给、什么单位、有什么限制。",
    (
        _col("名称", "name", "不能有空格、括号，不能以数字开头；公式里就写它", Form.ID, 22, "填报项"),
        _col("类型", "kind", "件数是整数；数值、金额可以有小数；是否填“是”或“否”", width=10, choices=tuple(InputKind)),
        _col("来源", "origin", "谁给这个数；不填就是自评（单位自己填）", width=8, choices=tuple(Origin)),
        _col("计量单位", "unit", "件、次、批次、万元……", width=9, aliases="单位名"),
        _col("按期", "series", "每季度或每月各填一个的，选按季或按月", Form.SERIES, 8, choices=tuple(SERIES)),
        _col("下限", "minimum", "最小可以填多少，不能是负数；不填就是 0", Form.WHOLE, 7),
        _col("上限", "maximum", "最大可以填多少；不填就不限", Form.WHOLE, 7),
        _col("小数位", "decimals", "可以有几位小数；不填就是整数", Form.WHOLE, 7),
        _col("不填时", "optional", "可以不填的，用一句话写明不填怎样算", width=24),
        _col("默认值", "default", "不填时按什么算", Form.ID, 10),
        _col("说明", "note", "填报说明，印在模板里", width=36),
        _col("取自上年结果", "previous", "来源是上年的：上年哪一项结果运用", width=14),
        _col("取自其他方案", "scores", "可以取自另一个方案总分的填“是”", Form.YES, 12),
        _col("选项", "options", "来源是名册的文字：名册里可以写哪几样，如 县组、区组；列了选项，公式里才能用",
             Form.LIST, 18),
        _PART,
    ),
    "name",
)  # fmt: skip
OUTCOMES = SheetOf(
    "结果运用", "outcome",
    "奖励、荣誉、处罚、一票否决等：什么条件下给，多少钱。后面不写编号的行是另外的条件：首行条件成立、并且后面有一行成立才算；任一成立就算的，首行的条件空着，全写在后面的行。",
    (
        _col("编号", "id", "结果运用的名称，如 一等奖，不能重复", Form.ID, 18, "名称"),
        _col("类型", "kind", "从下拉选", width=10, choices=tuple(OutcomeKind)),
        _col("条件", "condition", "用填报项、总分、名次、工作目标和排在前面的结果运用写，如 AND(名次<=3,总分>=90)",
             Form.FORMULA, 40),
        _col("金额", "amount", "固定的金额，单位元，写正整数", Form.NUMBER, 10),
        _CLAUSE,
        _col("原因", "because", "给这一项的原因，写在结果里", width=28),
        _col("等次组", "tier", "同一组里只给排在最前的一个，如 一等、二等、三等", width=10, aliases="等次"),
        _col("只全年计", "annual", "只在全年考核时给的填“是”", Form.YES, 9, "全年"),
        _col("金额参数", "parameter", "金额由每年另定的，写参数的编号（在“口径”表里）", width=12, aliases="参数"),
        _col("数量", "count", "按数量计钱的：数什么（一个公式）", Form.FORMULA, 16),
        _col("单价", "price", "按数量计钱的：每个多少元", Form.NUMBER, 9),
        _col("从保证金扣", "settles", "从保证金里扣的填“是”", Form.YES, 10),
        _col("没有金额不给", "needs_amount", "金额参数没有定的就不给，填“是”", Form.YES, 12),
        _col("按什么分", "share", "金额是总额、由得到的单位按比例分的：按什么分（一个公式，如 总分）",
             Form.FORMULA, 16),
        _PART,
    ),
    "id", "reasons", frozenset({"条件", "原因"}),
)  # fmt: skip
CHECKS = SheetOf(
    "校验", "check", "填报项之间应当成立的关系，如 办结件数<=交办件数。",
    (
        _col("条件", "condition", "应当成立的条件", Form.FORMULA, 44),
        _col("说明", "text", "不成立时怎样说", width=44, aliases="文字"),
        _col("不成立时", "level", "待核：两个数都不算，分数给出范围；警告、提示：照样计分，只提醒", width=10,
             choices=("待核", "警告", "提示"), aliases="类型"),
        _PART,
    ),
    "condition",
)  # fmt: skip
READINGS = SheetOf(
    "口径", "reading",
    "原文没有写明、由本单位定下的理解（口径），和每年另定的数（参数）。口径可以换的，把每个选项写一行，不写编号。",
    (
        _col("编号", "id", "口径或参数的名称，不能重复", Form.ID, 16, "名称"),
        _col("类型", "type", "口径或参数；不填就是口径", width=8, choices=("口径", PARAMETER)),
        _col("说明", "text", "口径怎样定、参数是什么", width=60),
        _col("取值", "value", "现在用哪个选项；参数写数，还没有定的不填", Form.ID, 14),
        _col("选项", "option", "可以换成的选项", Form.ID, 14),
        _col("选项说明", "said", "这个选项怎样算", width=44),
    ),
    "id", "options", frozenset({"选项", "选项说明"}),
)  # fmt: skip
HEAD = SheetOf(
    "方案", "scheme", "方案自己的情况；左边一列不要改，没有的可以空着。",
    (
        _col("项目", "name", "固定的名称", width=18, choices=()),
        _col("内容", "value", "填在这里；有几条说明的，一条一行", Form.ID, 80),
        _PART,
    ),
    "name",
)  # fmt: skip
HEAD_WORDS: Mapping[str, str] = {
    "编号": "id", "名称": "title", "版本": "version", "状态": "status", "来源": "source", "日期": "date",
    "施行日期": "effective", "失效日期": "until", "可收的旧版本": "accepts",
    "提醒": "caution", "报送": "recipients", "自评不实容差": "tolerance", "说明": "notes", "不计分的职责": "duties",
}  # fmt: skip
PART_WORDS: Mapping[str, str] = {
    "件数写“无”算0": "zero_words", "总分取自": "total", "保证金填报项": "deposit", "一票否决的后果": "veto_effect",
    "分组": "group", "单列": "apart", "排到最后": "last", "不计入的满分": "shrunk",
}  # fmt: skip
HEAD_SAID: Mapping[str, str] = {
    "编号": "自己起的简短名字，如 xinfang2026；几个方案不能重复",
    "名称": "办法的名称，印在模板和结果里",
    "版本": "如 2026.1；模板发出以后再改办法，换一个版本",
    "状态": "如 现行、试行、示例，印在页脚",
    "来源": "文件的名称和文号",
    "日期": "文件的日期",
    "施行日期": "写成 2026-01-01；考核的年度在这之前，会提醒",
    "失效日期": "写成 2026-12-31；考核的年度在这之后，会提醒",
    "可收的旧版本": "哪些旧版本的模板还收，一行一个",
    "提醒": "写在每份结果最前面的一句话",
    "报送": "奖励的对象，写在奖惩表里",
    "自评不实容差": "自评高出核定多少分以内不算自评不实；不填是 0",
    "说明": "写在模板封面上的话，一条一行",
    "不计分的职责": "写在模板上、不计分的要求，一条一行",
    "件数写“无”算0": "件数填“无”“没有”的当作 0，就填“是”",
    "总分取自": "没有指标、总分由别处给的，写哪个填报项是总分",
    "保证金填报项": "交保证金的，写哪个填报项是保证金",
    "一票否决的后果": "被一票否决的怎样，写在奖惩表里",
    "分组": "分组考核的，写按哪个填报项分（来源是名册的文字，列出选项）",
    "单列": "不参加排名的单位：一个条件，如 新组建=“是”",
    "排到最后": "不论得多少分都排在最后的单位：一个条件，如 一票否决",
    "不计入的满分": "有指标选了不计入的：总分折算，还是不折算",
}  # fmt: skip
"""What each line of 方案 is for, beside it."""
MANY = frozenset({"notes", "duties", "accepts"})
FIGURES = frozenset({"tolerance"})
"""The words of 方案 of which the 内容 is a number."""
CASES = SheetOf(
    "用例", "case", "算一遍看对不对：填这些数，这些指标应得多少分。检查方案时逐个算、逐个比。",
    (
        _col("编号", "id", "用例的名称；同一个用例接着写的行不写", Form.ID, 18, "用例"),
        _col("填报项", "given", "填报项的名称；按季、按月的写 名称[1]", Form.ID, 22),
        _col("填", "value", "填什么", Form.ID, 12),
        _col("指标", "expected", "指标的编号，或“总分”", Form.ID, 10),
        _col("应得", "points", "应得多少分；扣分项写负数", Form.NUMBER, 8, "应得分"),
        _PART,
    ),
    "id",
)  # fmt: skip
SHEETS = (HEAD, SECTIONS, INPUTS, ITEMS, EXTRAS, OUTCOMES, CHECKS, READINGS, CASES)
OPTIONS = "选项"


def rule_field(column: Column, kind: str) -> str:
    """The parameter of a kind of rule that a column holds."""
    known = wanted(kind)
    return next((name for name in column.fields if name in known), column.field)


NEEDED: Mapping[str, tuple[str, ...]] = {
    HEAD.name: ("内容",),
    SECTIONS.name: ("名称", "分值"),
    INPUTS.name: ("类型",),
    ITEMS.name: ("名称", "分值", "大项", "计分方式", "依据"),
    EXTRAS.name: ("名称", "大项", "计分方式", "依据"),
    OUTCOMES.name: ("类型", "条件", "依据", "原因"),
    CHECKS.name: ("说明",),
    READINGS.name: ("说明",),
}
"""The columns, beside that of its key, in which nearly every row of a sheet says something."""


def needed_by(kind: str) -> list[str]:
    """The heads of the columns that a kind of rule cannot do without."""
    if kind == TARGET:
        return ["条件"]
    must = {name for name, each in wanted(kind).items() if each.default is each.empty}
    return [column.head for column in _RULE if must.intersection(column.fields)]
