"""Everything that can be wrong or worth saying: code → level, what, and how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto

from .model import Source
from .privacy import masked
from .text import clean, visible


class Level(StrEnum):
    ERROR = "错误"
    WARNING = "警告"
    NOTE = "提示"


class Waiver(Enum):
    """What a waiver (豁免) of a warning holds for: what its message says of a unit, which quotes the cells, or, where the
    message does not say all that was seen, the very file."""

    SAID = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue; ``what`` is filled with the facts of a finding, ``number`` is what users see;
    ``waiver``: of a warning that a person may judge and waive."""

    number: str
    level: Level
    what: str
    mend: str
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, where it stands and how to mend it. Never quotes the text of a remark. ``waived``: the reason for
    which a person waived it."""

    code: str
    level: Level
    message: str
    mend: str
    source: Source = Source()
    unit: str = ""
    waived: str = ""

    @property
    def number(self) -> str:
        return CATALOGUE[self.code].number

    def line(self) -> str:
        """The finding as one line of a terminal."""
        place = "，".join(part for part in (self.unit, self.source.file, self.source.sheet, self.source.cell) if part)
        return f"[{self.level}] {place + '：' if place else ''}{self.message}　→ {self.mend}"

    def as_json(self) -> dict[str, str]:
        return {
            "code": self.code,
            "level": str(self.level),
            "file": self.source.file,
            "sheet": self.source.sheet,
            "cell": self.source.cell,
            "unit": self.unit,
            "message": self.message,
            "mend": self.mend,
            "waived": self.waived,
        }


def _error(number: str, what: str, mend: str) -> Entry:
    return Entry(number, Level.ERROR, what, mend)


def _warning(number: str, what: str, mend: str) -> Entry:
    """A warning that no judgement settles: something is missing, or has a place of its own where it is decided (收报, the
    scheme, 处理意见)."""
    return Entry(number, Level.WARNING, what, mend)


def _doubt(number: str, what: str, mend: str) -> Entry:
    """A warning about what somebody wrote, which a person may find in order."""
    return Entry(number, Level.WARNING, what, mend, Waiver.SAID)


def _oddity(number: str, what: str, mend: str) -> Entry:
    """A warning about a file and what was done to it, which a person may find in order."""
    return Entry(number, Level.WARNING, what, mend, Waiver.FILE)


def _note(number: str, what: str, mend: str) -> Entry:
    return Entry(number, Level.NOTE, what, mend)


# fmt: off
CATALOGUE: dict[str, Entry] = {
    # the scheme
    "scheme-field": _error("方01", "{where} 的「{field}」有误：{why}", "{how}"),
    "scheme-rule": _error("方02", "指标 {item} 的计分方式有误：{why}", "{how}"),
    "scheme-formula": _error("方03", "{where} 的公式有误：{why}", "{how}"),
    "scheme-sums": _note("方04", "大项标题合计 {heads} 分，子项合计 {items} 分（{gaps}）", "按口径“{reading}”处理，可用 --set 切换"),
    "scheme-sums-open": _warning("方05", "大项标题合计 {heads} 分，子项合计 {items} 分（{gaps}）", "核对文件；原文如此的，在这个大项的「确认」里选“原文如此”"),
    "scheme-sums-known": _note("方22", "大项标题合计 {heads} 分，子项合计 {items} 分（{gaps}），已确认原文如此", "不用处理"),
    "scheme-idle": _note("方06", "{where}：“{reason}”成立时“{other}”必定成立，不会单独起作用", "不用处理；原文如此"),
    "scheme-sheet": _error("方07", "不认识工作表「{found}」{hint}", "改表名，或删去这张表"),
    "scheme-sheet-lost": _error("方36", "没有工作表「{name}」", "补上这张表；示例见 xfkh scheme new"),
    "scheme-head-lost": _error("方37", "没有「{name}」这一列", "补上这一列；别的等补上再检查"),
    "scheme-heads": _error("方08", "前 8 行里没有列名（应有 {heads} 等）", "补上列名这一行"),
    "scheme-head": _error("方09", "不认识列名「{found}」{hint}", "改列名，或删去这一列"),
    "scheme-head-twice": _error("方10", "「{head}」有两列", "留下一列"),
    "scheme-lonely": _error("方11", "这里有内容，但这一行没有写「{head}」", "在这一行写上「{head}」，或删去多余的内容"),
    "scheme-cell": _error("方12", "「{head}」写的是「{found}」：{why}", "改这一格"),
    "scheme-word": _error("方13", "不认识这一项「{found}」{hint}", "用固定的名称，或删去这一行"),
    "scheme-after": _error("方14", "「排在其后」写的指标「{found}」{why}", "写另一个指标的编号，或空着：空着就排在所属大项的最后"),
    "scheme-case": _error("方15", "用例「{id}」的 {name} 应得 {wanted} 分，算出来是 {found}", "核对用例和计分方式，改正一处"),
    "scheme-case-name": _error("方16", "用例「{id}」里不认识「{name}」{hint}", "写填报项的名称，或指标的编号"),
    "scheme-never": _warning("方17", "{where} 的条件怎样填都不会成立（总分{span}）", "核对条件里的数；原文如此的，在口径里写明"),
    "scheme-always": _warning("方18", "{where} 的条件怎样填都成立", "核对条件；人人都给的，条件可以写成 总分>=0"),
    "scheme-unearned": _warning("方19", "指标 {item} 的分值是 {points} 分，但最多只能{gives} {most} 分", "核对分值和计分方式；原文如此的，在这个指标的「确认」里选“原文如此”"),
    "scheme-unused": _warning("方20", "填报项「{name}」没有用到", "删去它；只要填、不计分的，写在一个指标的「同列填报项」里"),
    "scheme-tier": _warning("方23", "{where} 永远给不到：它的条件成立时，同一等次组里排在前面的「{other}」必定先成立", "把门槛高的排在前面，或改条件"),
    "scheme-moneyless": _warning("方24", "{where} 是{kind}，没有写多少钱", "写「金额」或「金额参数」，或「数量」和「单价」；不给钱的，类型改成荣誉、名单或问责"),
    "scheme-unsettled": _note("方25", "参数「{name}」还没有取值，{outcomes} 的金额未定", "定了就写在「取值」里，或用 --set；还没有定的不用处理"),
    "scheme-order": _error("方26", "{where} 的条件有误：没有叫「{name}」的填报项；{why}", "条件里只能用填报项和排在前面的结果运用：调换先后，或改条件"),
    "scheme-force": _warning("方30", "方案「{title}」{when}，考核的是 {year} 年", "核对用的是不是这一年的方案；日期写错的，改方案的施行日期、失效日期"),
    "scheme-asked": _warning("方31", "指标 {item}：{why}", "改正；原文如此的，在这个指标的「确认」里选“原文如此”"),
    "scheme-asked-known": _note("方32", "指标 {item}：{why}；已确认原文如此", "不用处理"),
    "scheme-scale": _warning("方33", "{where} 的条件：{why}", "核对条件里的数"),
    "scheme-share": _warning("方34", "{where} 的总额按「{share}」分，它可能小于 0{least}；小于 0 的按 0 计，一分钱也分不到", "在条件里写上门槛，使它不会小于 0{edge}；或改「按什么分」"),
    "scheme-fixed": _warning("方39", "{where}怎样填都{held}：{then}", "核对条件里的数"),
    "scheme-merged": _error("方41", "「{head}」合并了单元格（{area}），只有最上面一行算写了", "取消合并，每行都写"),
    "scheme-sum-row": _error("方42", "「{sheet}」表里这一行是“{found}”：合计由程序算，不是其中的一项", "删去这一行"),
    "scheme-note-row": _error("方43", "这一行只有“{found}”这一格", "是备注的，删去这一行，或写到别的表（表名前加下划线）；要算的，把这一行填全"),
    "scheme-number-id": _warning("方44", "「{head}」写的是数 {found}：4.10 会变成 4.1，4.1 和 4.10 分不开", "先把这一列设成文本，再重新填写"),
    "scheme-headless": _error("方47", "这一列没有列名，下面写的都没有读", "写上列名（有哪些列，看示例方案的同一张表）；是自己的备注的，列名写成下划线开头，如 _备注"),
    "scheme-tier-alone": _warning("方48", "{where} 的等次组「{tier}」里只有这一项{hint}", "同一组只给一个的，各项写同一个组名；没有别的等次，把这一格空着"),
    "scheme-word-twice": _error("方49", "「{found}」写了两行", "留下一行"),
    "scheme-struck": _warning("方45", "{what}划了删除线，仍然算", "不要的删去{what}；要的去掉删除线"),
    "scheme-hidden": _warning("方46", "{what}隐藏了，仍然算", "不要的删去；要的取消隐藏"),
    "scheme-negative": _error("方21", "{where} 的「{field}」是负数", "扣分也写正数，是加是扣由计分方式和方向决定"),
    # the roster and flat tables
    "issue-used": _note("册05", "按 {path} 里发放时的方案和名册计分", "不是这一份的，用 --issued 指定"),
    "roster-unnamed": _error("册04", "名册这一行没有单位名称", "补上单位名称，或删去这一行"),
    "roster-empty": _error("册02", "名册里没有单位", "每行写一个单位"),
    "roster-twice": _error("册03", "名册里「{name}」出现两次", "删去重复的一行，或改成不同的全称"),
    "roster-cell": _error("册07", "名册的「{name}」这一格没有数：{why}", "直接填写数或文字，保存后再用"),
    "roster-column": _note("册08", "名册没有「{name}」一列，各单位都按{value}计", "需要的话在名册里加这一列"),
    "roster-lacks": _error("册10", "名册没有「{name}」一列，各单位的{name}都没有数", "由考核办公室在名册里加上这一列，写上各单位的数；单位填不了"),
    "roster-blank": _error("册11", "名册里没有写这个单位的{name}", "由考核办公室在名册的这一格写上；单位填不了"),
    "roster-column-near": _doubt("册09", "名册没有「{name}」一列，只有「{near}」；各单位都按{value}计", "是同一列的，把表头改成「{name}」"),
    "roster-differs": _doubt("册06", "名册与发放时不同：{what}", "确认用哪一份：去掉 --roster 就用发放时的名册"),
    "table-column": _doubt("表02", "列「{name}」不是本方案的填报项，没有使用{hint}", "改成填报项的名称，或删去这一列"),
    "table-unit": _error("表03", "「{name}」不在名册上，这一行没有使用{hint}", "改成名册上的全称"),
    "table-who": _error("表10", "看不出这一行是谁的（{name}：{why}），没有使用", "在单位、姓名、工号里直接填写文字"),
    "table-bare": _doubt("表11", "该单位有几个「{name}」，没有写工号的这一行按没有工号的那个人计", "核对；给每个同名的人写工号"),
    "table-again": _doubt("表12", "「{name}」在这张表里不止一行，按一个人合在一起", "不是一个人的，各写不同的工号"),
    "table-part": _doubt("表06", "「{name}」不是{who}的填报项，这个值没有使用", "写到对的行里，或删去"),
    "table-person": _error("表07", "「{name}」不在该单位交来的个人表里，这一行没有使用{hint}", "核对姓名；漏报的请单位补填个人表"),
    "table-number": _error("表08", "「{name}」在该单位不止一人或工号对不上（填报表里的工号：{numbers}；这一行：{given}），没有使用", "在工号一列写明"),
    "table-nameless": _doubt("表13", "这一列没有列名，写的没有使用", "写上填报项的名称，或删去这一列"),
    "table-persons": _error("表09", "本方案没有个人部分，「{name}」这一行没有使用", "删去姓名，或换一个方案"),
    "table-value": _error("表05", "{name}：{why}，这个值没有使用", "改成：{wanted}"),
    # files
    "file-lock": _oddity("文01", "这是打开文件时的临时锁文件，填报人可能还没关闭表格", "请对方关闭后重发，确认正式文件也在"),
    "file-system": _note("文02", "系统自动生成的文件", "不用处理"),
    "file-evidence": _note("文03", "佐证材料", "不用处理；计分只看填报表"),
    "file-unreadable": _error("文13", "文件读不出来：{why}", "检查文件权限，关闭打开它的程序后再运行"),
    "folder-closed": _error("文14", "这个文件夹打不开，里面的文件没有读", "给予读取权限后再运行"),
    "file-same": _note("文04", "与 {other} 内容完全相同", "不用处理"),
    "file-link": _oddity("文05", "不是普通文件（链接或管道），没有读取", "把文件本身放进文件夹"),
    "file-folder": _oddity("文31", "这是文件夹，名字像工作簿；里面的文件照常读", "不影响计分；请改掉文件夹的名字"),
    "file-large": _error("文06", "文件有 {size} MB，超过 {limit} MB", "删去插入的图片后另存再发"),
    "file-empty": _error("文07", "文件是空的（0 字节）", "附件没有下载完整，请重新下载或请对方重发"),
    "file-own": _note("文08", "{what}，不是填报表", "不用处理"),
    "file-format": _error("文09", "这个文件实际是{what}，没有读取", "{mend}"),
    "file-broken": _error("文10", "文件损坏，打不开", "请对方用 WPS 或 Excel 打开、另存为 .xlsx 后重发"),
    "file-unsafe": _error("文15", "文件{why}，没有读取", "请对方用 WPS 或 Excel 打开、另存为 .xlsx 后重发"),
    "file-slow": _error("文16", "读取超过 {seconds} 秒、占用内存太多或使读取程序退出，已停止", "请对方删去多余的内容、另存为 .xlsx 后重发"),
    "file-password": _error("文17", "文件加了打开密码，读不了", "请对方去掉打开密码后重发"),
    "file-container": _note("文18", "{what}，里面的 {count} 个文件各有去向", "不用处理"),
    "container-broken": _error("文19", "{what}{why}，里面的文件没有读", "请解压后把填报表放进文件夹"),
    "file-named": _note("文20", "{named}，实际是{what}，已按内容读取", "不用处理"),
    "file-saved": _note("文21", "存成了{what}，已读取", "不用处理；以后请保存为普通的 .xlsx"),
    "file-name": _oddity("文22", "文件名{why}，在结果里改写", "不影响计分；请改用普通的文件名"),
    "file-macro": _oddity("文23", "含有宏，没有运行，也没有带出", "请对方说明来由，另存为 .xlsx 后重发"),
    "file-foreign": _oddity("文24", "含有{what}，没有打开，也没有带出", "请对方删去后重发；填报不需要这些"),
    "file-stripped": _oddity("文25", "文件的{what}缺失或损坏，照样读取", "请对方用 WPS 或 Excel 打开、另存为 .xlsx 后重发"),
    "file-bloated": _oddity("文26", "文件里有太多样式或名称（{count} 个），照样读取", "请对方删去多余的样式和名称后另存"),
    "file-text": _oddity("文27", "像是填报表存成了文本（如 .csv），读不了", "请对方把填报表保存为 .xlsx 工作簿后重发"),
    "container-empty": _oddity("文28", "{what}里没有文件", "{mend}"),
    "returns-none": _warning("文30", "{folders} 里没有填过的填报表（{what}）", "核对是不是写错了文件夹；还没有收到的，收到后再运行"),
    "file-review": _oddity("文32", "是复查表，放在收回的文件夹里，写的核定值没有采用", "汇总时用 --review 写上它；不要放在收回的文件夹里"),
    "file-failed": _error("文29", "处理这份表时出错（{error}），没有采用；别的表不受影响", "请把这份表反馈给我们；急用的，请单位用发放的模板重新填一份"),
    # whose return it is
    "stamp-missing": _error("属01", "不是本工具发放的填报表（没有找到方案标记）", "请用发放的模板填报"),
    "stamp-scheme": _error("属02", "这是方案「{found}」的表，本次考核的是「{wanted}」", "请用本次发放的模板填报"),
    "stamp-version": _error("属03", "模板的方案版本是 {found}，本次是 {wanted}", "请用本次发放的模板填报"),
    "stamp-content": _error("属28", "这份表用的方案与本次的版本号相同（都是 {version}），内容不同：方案改过，没有换版本号", "请用本次发放的模板重新填报"),
    "stamp-earlier": _note("属24", "是按旧版本 {found} 的模板填的，方案写明可以收；按 {wanted} 计分", "旧模板上没有的填报项写进复查表，或请单位用现在版本的模板重新填报"),
    "stamp-measure": _error("属27", "是按旧版本 {found} 的模板填的，有的填报项在现在的版本 {wanted} 里意思变了，旧表上的数不能照用：{names}", "请用本次发放的模板重新填报"),
    "stamp-year": _error("属04", "模板是 {found} 的，本次是 {wanted}", "请用本次发放的模板填报"),
    "year-blank": _error("属11", "封面没有写明年度", "在封面的「年度」格写四位年份，如 2025"),
    "unit-blank": _error("属05", "封面没有填单位名称", "在封面的「单位」格填写单位全称"),
    "unit-unknown": _error("属06", "「{name}」不在名册上{hint}", "核对单位全称，或在名册里补上这个单位；只像一个单位的，也可以在 处理意见.xlsx 里选"),
    "cover-lost": _error("属22", "少了「封面」表，确认不了是哪个单位填的", "请用发放的模板重新填报，不要删除工作表"),
    "unit-differs": _error("属07", "封面写的是「{cover}」，模板发给的是「{stamp}」", "确认是哪个单位的填报，请该单位用自己的模板重报"),
    "unit-file": _error("属16", "文件名写的是「{named}」，表里是「{unit}」", "确认是哪个单位填的：是「{unit}」的，在 处理意见.xlsx 里选用这一份或改文件名；不是的，请「{named}」用自己的模板重报"),
    "unit-later": _error("属25", "「{unit}」选用 {picked} 以后又交来 {files}。{cells}", "确认用哪一份：用新的，新的写“是”、原来的改写“否”；仍用原来的，新的写“否”"),
    "unit-title": _error("属26", "{place} 写的是「{titled}」的填报表，封面和模板是「{unit}」的", "确认填的是哪个单位的数：是「{unit}」的，在 处理意见.xlsx 里选用这一份；不是的，请用自己的模板重报"),
    "unit-twice": _error("属08", "「{unit}」交来 {count} 份不同的填报表：{files}。{cells}", "确认用哪一份，把其余的移出文件夹再运行"),
    "unit-name": _note("属09", "单位名称「{found}」按名册认作「{name}」", "不用处理"),
    "unit-blanks": _note("属19", "封面的单位名称里有空格、全角字符或看不见的字符，按名册认作「{name}」", "不用处理"),
    "year-read": _note("属20", "封面的年度写的是“{found}”，按 {year} 年计", "不用处理"),
    "cover-formula": _error("属21", "封面的「{what}」是公式或错误值，不是直接填写的内容", "在封面的「{what}」格直接填写，不用公式"),
    "year-differs": _doubt("属18", "封面的年度写的是“{cover}”，模板是 {stamp} 年的", "按模板的年度计分；请核对填的是不是 {stamp} 年的数"),
    "unit-missing": _warning("属10", "还没有交填报表", "催报；确认不再等待后，在 处理意见.xlsx 里把收报截止"),
    "unit-unreported": _note("属13", "单位没有自评，所需数字全部由复查给出", "不用处理"),
    "unit-refused": _error("属12", "交来的文件不能用，当作没有交", "按文件的问题改好后重报"),
    "form-blank": _error("构01", "填报表一格也没有填", "填好后重发"),
    # persons
    "person-unnamed": _error("人01", "个人表第 {line} 行填了数，没有写姓名", "在该行写姓名；不是一个人的，删去这一行的内容"),
    "person-name": _error("人07", "个人表第 {line} 行的姓名不像姓名（日期、逻辑值、公式、划了删除线、太长或带号码）", "只写姓名，不写电话、证件号和别的内容"),
    "person-covered": _error("人10", "个人表第 {line} 行的姓名或工号与旁边的格子合并，被盖住了，看不出是谁", "取消合并，各写各的姓名和工号"),
    "person-number": _error("人09", "个人表第 {line} 行的工号像手机号、身份证号或银行卡号，没有采用", "写单位自己编的工号；没有编的留空"),
    "person-missing": _warning("人08", "{names}只有部分复查值，所在单位没有交填报表", "催报，或把所需的数全部核定；不再等待的截止收报"),
    "person-twice": _error("人02", "「{name}」在个人表里有 {count} 行（{cells}），分不清是不是一个人", "同名的人各写不同的工号；写重了的删去一行"),
    "person-added": _oddity("人03", "个人表第 {line} 行不是模板里的行，已按一个人读入", "核对这一行；行数不够的，请发放单位给行数更多的模板"),
    "person-stray": _oddity("人04", "个人表第 {line} 行不是模板里的行，没有读", "是一个人的，请写到模板的行里"),
    "persons-lost": _error("人05", "找不到「{sheet}」表，或表头被改动", "请用发放的模板重新填报，不要删除工作表和表头"),
    "persons-copied": _error("人06", "「{sheet}」表有两张（{first}、{second}），填得不一样，不知道用哪一张", "请单位合成一张后重发；行数不够的，请发放单位给行数更多的模板"),
    "persons-unreviewed": _note("果14", "{count} 人还没有复查（{names}），按自评数计", "复查后用 --review 给出核定值"),
    "slip-used": _note("属14", "是 {other} 退回后改好的一份，取代原来的", "不用处理"),
    "slip-unmended": _oddity("属15", "退回的表原样交回，要改的格子没有改", "请按「退回说明」改好后重发"),
    "slip-other": _oddity("属17", "表里记着它代替 {other}，那一份却是「{unit}」的，没有代替", "核对这份表是哪个单位填的；各单位只改退给自己的那一份"),
    # structure of a return
    "input-lost": _error("构02", "找不到填报项「{name}」的格子，表的结构被改动", "请用发放的模板重新填报，不要删除行和列"),
    "input-twice": _error("构03", "填报项「{name}」在 {first} 和 {second} 出现两次", "删去复制出来的行，或用发放的模板重新填报"),
    "sheet-copied": _oddity("构05", "工作表「{first}」被复制成「{second}」，内容相同，只用一份", "删去多余的一份"),
    "sheet-copied-differs": _error("构06", "「{name}」在 {first} 和 {second} 填得不一样，不知道用哪一份", "请单位删去作废的工作表后重发"),
    "labels-lost": _error("构20", "填报项的名称大都不见了或被改成别的，看不出填的是什么", "请用发放的模板重新填报"),
    "sheet-moved": _oddity("构19", "工作表的次序被改动", "不影响计分；请核对有没有别的改动"),
    "label-clash": _error("构07", "填报项「{name}」的行上写的是「{label}」，编号与名称对不上", "请用发放的模板重新填报，不要移动或排序行"),
    "label-changed": _oddity("构04", "填报项「{name}」的名称被改成了别的字", "计分仍按填报项编号；请核对是否填错了行"),
    "form-protect": _oddity("构08", "保护或限制被取消：{what}", "计分只看填报格；请核对说明和公式有没有被改动"),
    "form-hidden": _oddity("构09", "有填报格被隐藏（{what}），照样计分", "取消隐藏后核对"),
    "sheet-extra": _oddity("构10", "多出工作表「{sheets}」，没有读", "要填报的内容写在发放的表里"),
    "sheet-gone": _error("构11", "少了工作表「{sheets}」", "请用发放的模板重新填报，不要删除工作表"),
    "sheet-renamed": _note("构12", "工作表「{wanted}」改名为「{found}」", "不用处理"),
    "cell-outside": _oddity("构13", "填报格以外写了内容（{cells}），没有读", "要计分的写进填报格"),
    "cell-far": _oddity("构14", "很远的地方有多余的内容，没有读", "删去多余的行和列后另存"),
    "max-changed": _doubt("构15", "指标 {item} 的分值被改成「{found}」，方案里是「{wanted}」", "按方案计分；请核对是谁改的"),
    "title-changed": _oddity("构16", "指标 {item} 的名称被改动", "按方案计分；请核对是谁改的"),
    "formula-gone": _oddity("构17", "自评得分的公式被改成了数或文字（{items}）", "按方案重新计分，表里的数不采用"),
    "score-differs": _oddity("构18", "表里显示的自评得分与按方案算得的不同：{what}", "按方案计分；请核对表里的公式和分值有没有被改动"),
    "print-changed": _oddity("构21", "发放时印好的内容被改动：{cells}", "计分仍按方案；请单位说明是不是按改了的意思填的，是的用发放的模板重新填报"),
    "formula-changed": _oddity("构22", "发放时的公式被改动：{cells}", "计分不用表里的公式；请核对是谁改的"),
    "print-gone": _oddity("构23", "发放时印好的行不见了：{cells}", "不是填报表里的行，照样计分；以后请不要删除行"),
    "row-lost": _error("构24", "填报表里印好的行不见了：{cells}", "请用发放的模板重新填报，不要删除行和列"),
    # cells
    "cell-merged": _oddity("格06", "{name} 的格子与旁边的合并了（{range}），取左上角的内容", "取消合并，核对填的数"),
    "text-active": _oddity("格07", "以 = + - @ 等开头的文字（{cells}），只当文字", "请核对；不要用这些符号开头"),
    "text-control": _oddity("格08", "文字里有看不见的控制字符（{cells}），已去掉", "请核对"),
    "text-long": _oddity("格09", "文字太长（{cells}），超出部分不带出", "请缩短"),
    "personal": _oddity("私01", "有像{kinds}的内容（{cells}）", "请删去个人信息后重发；本工具不显示、不带出"),
    "cell-read": _note("格01", "{name} 写的是「{found}」，按 {value} 计", "不用处理"),
    "cell-formula-read": _doubt("格02", "{name} 里是算式，算得 {value}，已采用", "请核对，最好直接填写数字"),
    "cell-blank": _error("格03", "{name} 没有填", "填写{wanted}；确实没有的填 0"),
    "cell-blank-flag": _error("格04", "{name} 没有填", "填“是”或“否”"),
    "cell-wrong": _error("格05", "{name}：{why}", "改成：{wanted}"),
    "text-formula": _error("格10", "材料目录里是公式，不是文字，没有采用", "直接写材料的名称，不以 = 开头；没有材料的清空这一格"),
    "slip-changed": _doubt("格11", "{name} 不在要改的格子里，也改了：退回时是“{old}”，现在是“{new}”", "请核对为什么改；复查核定后以核定的为准"),
    "amount-large": _note("格12", "{name} 填的是 {value} 万元，合 {more} 亿元", "请核对单位：这一格按万元填，不按元填"),
    "contradiction": _error("核01", "{text}（{facts}）", "核对这几格，改正填错的"),
    "implausible": _doubt("核02", "{text}（{facts}）", "请核对；无误的不用改"),
    "unusual": _note("核05", "{text}（{facts}）", "复查时核对"),
    "materials": _note("核03", "{items} 要求附材料，材料目录没有填", "复查时核对材料；不影响得分"),
    "alike": _oddity("核06", "{count} 个单位填的数完全相同：{units}", "核对是否照抄；确实相同的不用改"),
    "no-points": _error("核04", "指标 {item} 算不出分数（{why}）", "核对填报数和方案公式"),
    # what other results hand on
    "previous-year": _doubt("承01", "上年结果是 {found} 年的，不是 {wanted} 年的", "确认 --previous 给对了；给错了换成上年的结果"),
    "previous-open": _doubt("承02", "在上年结果里{state}，没有采用", "需要的话在复查表里写明上年情况"),
    "given-changed": _doubt("承07", "{name} 是锁住的格子，现在是“{found}”，发放时给的是“{wanted}”，按发放时给的计", "问清为什么改动；发放时给错了的，改发放清单「上年数」表里的数再汇总"),
    "given-missing": _error("承08", "{name} 由考核办公室给，还没有给", "{how}；确实为 0 的才写 0。单位填不了，不要催单位"),
    "given-unissued": _warning("承09", "上年数没有给：{names}（{units}）", "发放前写进预填表，用 --prefill 给出；已经发出去的，写在 发放清单.xlsx 的「上年数」表里"),
    "previous-own": _note("承03", "{name} 取自填报表里锁住的格子，没有发放清单和上年结果核对，是不是发放时预填的数没有查", "用 --issued 指明发放清单，或与发放时的预填表核对；有上年结果的用 --previous 给出"),
    "previous-differs": _doubt("承04", "{name} 发放或填报的是“{found}”，上年结果是“{wanted}”，按上年结果计", "核对填报表是否被改动"),
    "scores-unreviewed": _note("承06", "{units}在那份结果里还没有复查，用的是自评得出的总分", "复查后重新取分"),
    "scores-missing": _error("承05", "取不到考评分：{why}", "在复查表里给出，或先定那份结果"),
    # the result
    "unreviewed": _note("果01", "还没有复查，按自评数计", "复查后用 --review 给出核定值"),
    "review-clash": _error("果02", "{name} 与 {other} 的核定值不同，两个都没有采用", "复查组商定后只留一个"),
    "review-stale": _warning("果30", "{name} 核定以后自评数变了（那时{then}，现在{now}），仍按核定值计", "用 xfkh review 更新复查表，看过以后改核定值，或在“复核”一格选“维持”"),
    "review-personal": _warning("果31", "复查表的「{name}」里有像{kinds}的内容，已换成 …", "不用写号码，写清为什么、依据什么就行"),
    "review-unmarked": _error("果32", "复查表里这一行（{what}）写了字，行首隐藏的标记没有了，看不出是哪一项，没有使用", "写到 xfkh review 列出的那一行里，再删去这一行"),
    "review-bare": _doubt("果33", "复查表里写了字、没有核定值，或核定值写过又删了：{names}，按没有核定计", "要核定的填上核定值；照自评数计的，删去写的字，或在处理意见里豁免"),
    "review-missing": _error("果03", "{name}由复查给出，还没有提供", "在复查表里填写"),
    "cell-unasked": _error("果34", "填报表是旧版本的，上面没有这几项：{names}", "由考核办公室写进复查表；或请单位用现在版本的模板重新填报"),
    "zero-rate": _note("果04", "{item}：{names} 为 0，比率视为达到", "复查时核对是否确实没有发生"),
    "confirm": _note("果05", "{outcome} 建立在 {names} 为 0 的比率上，列入待确认，{then}", "在 处理意见.xlsx 里确认"),
    "pending": _note("果06", "{what}是阶段结果：还有单位未定，可能变化（{units}）", "收齐后再定，或截止收报"),
    "optional-missing": _note("果07", "{name}没有提供（{units}）：{then}", "需要的话在复查表里填写"),
    "reading-matters": _note("果08", "口径“{reading}”若改为“{value}”，下列单位的名次、等次或金额会变：{units}", "确认口径后再公布"),
    "reading-idle": _note("果09", "口径“{reading}”若改为“{value}”，名次、等次和金额都不变", "不用处理"),
    "annual-only": _note("果10", "本期不是全年：{items} 只显示进度，不计分；年度奖励不评", "年终再计"),
    "decision-unknown": _warning("果11", "处理意见里的「{what}」看不懂，没有使用：{why}", "按表里的选项填写"),
    "decision-bare": _warning("果15", "处理意见里的「{what}」选了“是”，没有写理由，没有生效", "在“理由”一格写明为什么、谁定的，再运行"),
    "decision-lost": _warning("果19", "处理意见里「{what}」这一行选了“{decision}”，行末隐藏的标记被清掉了，看不出决定的是哪一件，没有使用", "删去这一行再运行，在重新列出的那一行里选"),
    "decision-personal": _warning("果18", "处理意见的「{name}」里有像{kinds}的内容，已换成 …", "不用写号码，写清为什么、谁定的就行"),
    "closed-late": _warning("果16", "截止收报（{reason}）以后交来了填报表，已按交来的计分、排名", "在 处理意见.xlsx 里选“是”（计入）或“否”（不计入）"),
    "declined": _note("果17", "按处理意见不用", "不用处理；要用的，在 处理意见.xlsx 里改选“是”"),
    "overstated": _note("果20", "自评不实：复查改了填报数，{gap}：{items}", "核对自评的依据；怎样处理由考核办公室定"),
    "closed": _note("果13", "已截止收报（{reason}）：{units} 不参评", "不用处理"),
}
# fmt: on


def quotable(text: str) -> str:
    """A text from somebody's file without what no message may quote: personal numbers, and longer ones of which a
    spreadsheet may have forgotten the end. What is to be cut is cut from this."""
    return _LONG.sub("…", _sayable(text))


def quoted(text: str, most: int = 60) -> str:
    """A text from somebody's file as a message quotes it: clean, without personal numbers, not long."""
    return quotable(text)[:most]


def finding(code: str, source: Source = Source(), unit: str = "", /, **facts: object) -> Finding:
    """A finding of the catalogue; whatever it is told, it says no personal number. Raises KeyError for a code that is
    not in it."""
    entry = CATALOGUE[code]
    message, mend = (_sayable(text.format(**facts)) for text in (entry.what, entry.mend))
    place = Source(masked(source.file), _sayable(source.sheet), _sayable(source.cell))
    return Finding(code, entry.level, message, mend, place, _sayable(unit))


def waived(each: Finding, reason: str) -> Finding:
    """A warning that a person waived: a note that says so, and why."""
    why = _sayable(reason)
    return replace(each, level=Level.NOTE, message=f"{each.message}（已豁免：{why}）", mend="不用处理", waived=why)


def _sayable(text: str) -> str:
    return clean(masked(visible(text)))


_LONG = re.compile(r"\d{15,}[Xx]?")
