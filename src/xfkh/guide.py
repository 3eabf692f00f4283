"""What the help of each command says: what it does, reads and writes, and how it is called."""

from __future__ import annotations

from typing import NamedTuple


class Guide(NamedTuple):
    """The help of one command: a line in the list of commands, and the text of its own page."""

    line: str
    text: str


PROGRAM = """\
信访考核：发模板、收填报、出排名和奖惩。第一次用，先运行 xfkh demo 看一遍。

一年的工作，按顺序：
  1 备名册　做一张表（.xlsx 或 .csv），一行一个单位
  2 发模板　xfkh template district --roster 名册.csv --year 2025 -o 发放/
  3 收　表　把交回的填报表放进一个文件夹，如 收回/
  4 计　分　xfkh grade 收回/ -o 结果/
  5 复　查　xfkh review 收回/ -o 复查.xlsx，填好核定值；xfkh grade 收回/ -o 结果/ --review 复查.xlsx
  6 公　布　打开 结果/排名.xlsx、结果/奖惩.xlsx；有人问起，用 xfkh explain 结果/ 东风街道

每个命令怎样用、有什么例子：xfkh 命令 --help"""

SCHEMES = Guide(
    "看有哪些考核方案，一个方案问什么、能改什么",
    """\
不写方案：列出自带的方案——编号、名称、状态、考核对象、来源。
写了方案：列出它的指标和分值、填报项（谁来填）、奖惩、工作目标，以及能用 --set 改的口径和参数。

读：自带的方案，或方案文件。不写文件。

例：
  xfkh schemes
  xfkh schemes district""",
)

TEMPLATE = Guide(
    "生成填报模板，发给各单位",
    """\
按名册给每个单位生成一份填报模板。填报人打开就能填，边填边看自评得分。

读：名册（第一列「单位」，一行一个单位）；可以加预填表，把已知的数先填进去。
写：每个单位一个工作簿，文件名以单位名开头；另有 发放清单.xlsx，记着发放时的方案和名册。
    请保留 发放清单.xlsx，计分时要用。

方案写编号（见 xfkh schemes）或方案文件的路径。

例：
  xfkh template district --roster 名册.csv --year 2025 --due 2026-01-15 -o 发放/
  xfkh template district --roster 名册.csv --year 2025 --only 东风街道 -o 发放/
  xfkh template district --blank -o 空白/

退出码：0 完成；1 完成，但预填表有地方要改，或名册、上年数缺了要用的数；2 没有开始。""",
)

GRADE = Guide(
    "收回填报表，计分、排名、定奖惩",
    """\
读收回的填报表，计分、排名、定奖惩，说清还缺谁、哪一格要改。
可以反复运行：又收到表、改好一格、复查完，都再运行一次。填报表本身不动。

读：文件夹里的填报表（可以有子文件夹），旁边的 发放清单.xlsx；
    有复查表的，以核定值为准；结果文件夹里有 处理意见.xlsx 的，按上面的决定办。
写：排名.xlsx、奖惩.xlsx、问题清单.xlsx、反馈/（一个单位一份）、退回/（要改的表，
格子已标出，发回单位）、results.json；
    有事要人决定的，另写 处理意见.xlsx。手工改过的结果先另存一份，再写新的。

例：
  xfkh grade 收回/ -o 结果/
  xfkh grade 收回/ -o 结果/ --review 复查.xlsx --set 分值口径=大项

退出码：0 完成；1 完成，但有事要人处理（未报、退回、待定、暂定、警告、错误）；2 没有开始。""",
)

REVIEW = Guide(
    "写复查表：每个数一行，填核定值，随填随算",
    """\
给复查组一个工作簿：每个单位、每个数一行，有自评值（点开就是原表那一格）、台账值、系统计算和核定值；
要先看的（需复核、矛盾、待核、待评、不符）排在前面。只填浅黄色格子，得分随填随算。
收到新表以后再运行一次，写到同一个文件：填过的都留着；核定以后自评数或系统计算变了的，标“需复核”。
几个组分头复查的，各用一份；汇总时 --review 写几次，两个组填得不一样的都不采用，列出来。

读：文件夹里的填报表，旁边的 发放清单.xlsx；有预填表的，作为台账值列出；已经有的复查表。
写：复查表（.xlsx）。在表外另写了字、加了批注的，先另存一份。

例：
  xfkh review 收回/ -o 复查.xlsx
  xfkh review 收回/ -o 复查.xlsx --prefill 台账数.csv
  xfkh grade 收回/ -o 结果/ --review 一组.xlsx --review 二组.xlsx

退出码：0 完成；1 完成，但有要先看的行；2 没有开始。""",
)

EXPLAIN = Guide(
    "说明一个单位或个人为什么得这些分",
    """\
逐项说明得分：理由、条款，每个数出自哪个文件哪一格；也说明工作目标、奖惩的理由和保证金结算。
写了指标，只说这一项；奖惩（如 一等奖、否决3）和工作目标（如 四无）也可以写在这里。

读：结果文件夹里的 results.json。不写文件。

例：
  xfkh explain 结果/ 东风街道
  xfkh explain 结果/ 东风街道 二1
  xfkh explain 结果/ 东明区/张三

退出码：0 说明了；1 说明了，但结果没有写完；2 没有这个单位、指标，或没有结果。""",
)

COMPARE = Guide(
    "对比两次结果，说清变了什么、为什么",
    """\
同一方案、同一年度的两次结果：谁的得分、名次、等次、奖惩、金额、状态变了，为什么——哪个填报数从几改成几，
由谁给出，在哪个文件哪一格；自己没有变、名次却变了的，说明被谁超过、谁新进来、谁退出。
方案版本、口径、参数、考核期不同的，先说出来，照样对比。

读：两个结果文件夹里的 results.json（也可以直接写那个文件）。
写：不写文件；用 -o 的，写一个工作簿。原来的工作簿里有新的没有的字，先另存一份。

例：
  xfkh compare 复查前/ 结果/
  xfkh compare 复查前/ 结果/ -o 对比.xlsx

退出码：0 对比了（有没有变化都是 0）；2 没有开始（不是结果，方案或年度不同）。""",
)

DEMO = Guide(
    "做一个虚构的示范，从头看一遍",
    """\
做一个虚构的区：名册、发放的模板、收回的填报表、复查表，然后计分，说明打开什么看。

读：自带的示范数据。
写：示范文件夹里的 名册.csv、自评.csv（收回的表里填的数）、复查.csv、发放/、收回/、结果/。
    已经放着别的东西的文件夹不会用。

例：
  xfkh demo
  xfkh demo -o 示范/""",
)

SCHEME = Guide(
    "写本单位自己的方案：新建、导出、检查、比较",
    """\
本单位的考核办法写在一个工作簿里，不用写程序：新建一个示例，或导出一个自带的方案，照着改，
检查无误就能发模板、计分。

例：
  xfkh scheme new -o 我的方案.xlsx
  xfkh scheme check 我的方案.xlsx
  xfkh template 我的方案.xlsx --roster 名册.csv --year 2025 -o 发放/""",
)

NEW = Guide(
    "写一个示例方案，照着改成自己的",
    """\
示例是一个可以直接用的方案，每种计分方式用了一次；列名上有批注，说明怎样填。

读：自带的示例。
写：一个 .xlsx 工作簿（或 .toml 文本）；已经有的文件不覆盖。

例：
  xfkh scheme new -o 我的方案.xlsx""",
)

EXPORT = Guide(
    "把一个方案写成工作簿或文本",
    """\
写出的工作簿每个列名上有批注，说明怎样填；改好以后就是本单位的方案。

读：自带的方案，或方案文件。
写：一个 .xlsx 工作簿，或一个 .toml 文本；已经有的文件不覆盖。

例：
  xfkh scheme export district -o 我的方案.xlsx
  xfkh scheme export 我的方案.xlsx -o 我的方案.toml""",
)

CHECK = Guide(
    "检查一个方案，说清哪一格要改",
    """\
一次说出全部问题：表、格、怎样改。没有错误的，再算一遍用例，并说每个指标和总分最少、最多得多少分，奖惩最少、最多要多少钱。

读：方案文件，或自带的方案。方案文件本身不动。
写：不写文件；用 -o 的，另写一份副本，问题标在格子上。

例：
  xfkh scheme check 我的方案.xlsx
  xfkh scheme check 我的方案.xlsx -o 标出问题.xlsx

退出码：0 没有问题；1 有要改或要核对的；2 不是可读的方案。""",
)

DIFF = Guide(
    "两个方案有什么不同",
    """\
逐条说出从原来的方案到现在的方案改了什么：哪一项新增、删去，哪一栏从什么改成什么。

读：两个方案，自带的或方案文件（工作簿、文本都行）。不写文件。

例：
  xfkh scheme diff 去年的方案.xlsx 今年的方案.xlsx
  xfkh scheme diff district 我的方案.xlsx""",
)
