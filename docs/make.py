"""Makes what in docs/ is made: ``python docs/make.py``; with ``--check`` it only says what is out of date."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from xfkh import cli
from xfkh.completion import WHERE
from xfkh.console import WIDEST, table
from xfkh.findings import CATALOGUE, Entry, Level

DOCS = Path(__file__).parent

_HEAD = """\
# 命令

本页由 `python docs/make.py` 从各命令的 `--help` 生成，不要手改。怎样一步一步用，看[使用手册](使用手册.md)。

| 退出码 | 意思 |
|---|---|
| 0 | 完成，只有提示 |
| 1 | 完成，但有事要人处理：未报、退回、待定、暂定、警告或错误 |
| 2 | 没有开始（用法、方案、名册有误，结果正打开着），或清点不平；没有写排名 |

名称写错时会指出最像的；`--debug` 可以写在任何位置。输出接到文件或别的程序时没有颜色；设了环境变量 `NO_COLOR` 也没有。
"""

_COMPLETION = """\
## 按 Tab 键补全

`xfkh --completion 终端` 给出补全脚本，第一行写着放到哪里；命令、选项、方案编号和考核期都能补全。

```text
{rows}
```

例：

    xfkh --completion bash > ~/.xfkh.bash

bash 的脚本有测试；zsh、fish 的是 click 自带的；PowerShell 的按 Windows 的情形写成，还没有在 Windows 上试过。
"""

_CODES = """\
# 问题代码

本页由 `python docs/make.py` 从程序的问题目录和 `docs/问题代码.toml` 生成，不要手改。
怎样一步一步用，看[使用手册](使用手册.md)。

程序发现的每一个问题都有一个代码，如 格05，写在 问题清单.xlsx 的「问题」页最后一列「代码」。
在下面找到它，看通常是怎么回事。
〔〕里的内容，问题清单会写明。写着“可豁免”的警告，核对无误的可以在 处理意见.xlsx 里豁免，写明理由。
共 {count} 个代码；用过的号码不改作别用，所以中间会有空号。

| 级别 | 意思 |
|---|---|
{levels}
"""

_LEVELS = {
    Level.ERROR: "要改：不改，这个文件、这一格或这一项不能计分",
    Level.WARNING: "要核对或催办：填了的照样计分，核对无误的不用改",
    Level.NOTE: "只是说明，一般不用处理",
}


def pages() -> dict[Path, Callable[[], str]]:
    """What is made, and by which function."""
    return {DOCS / "命令.md": commands_page, DOCS / "问题代码.md": codes_page}


def commands_page() -> str:
    """The reference: the help of the program and of every command."""
    root = click.Context(cli.cli, info_name="xfkh", terminal_width=WIDEST, **cli.cli.context_settings)
    helps = [_help("xfkh", cli.cli, root)]
    helps += [_help(f"xfkh {name}", each, _context(name, each, root)) for name, each in cli.cli.whole()]
    rows = table([(shell, where) for shell, where in WHERE.items()])
    return "\n".join([_HEAD, *helps, _COMPLETION.format(rows="\n".join(rows))])


def _context(name: str, command: click.Command, root: click.Context) -> click.Context:
    return click.Context(command, info_name=name, parent=root, terminal_width=WIDEST)


def _help(title: str, command: click.Command, ctx: click.Context) -> str:
    return f"## {title}\n\n```text\n{command.get_help(ctx)}\n```\n"


def codes_page() -> str:
    """The catalogue of what can be wrong, by the groups of its numbers."""
    said = told()
    entries = sorted(CATALOGUE.values(), key=lambda entry: entry.number)
    levels = "\n".join(f"| {level} | {text} |" for level, text in _LEVELS.items())
    groups = [
        _group(sign, facts, [each for each in entries if each.number[0] == sign], said)
        for sign, facts in said["groups"].items()
    ]
    return "\n".join([_CODES.format(count=len(entries), levels=levels), *groups])


def told() -> dict[str, Any]:
    """What is said of groups and codes beyond the catalogue."""
    return tomllib.loads((DOCS / "问题代码.toml").read_text("utf-8"))


def _group(sign: str, facts: Mapping[str, str], entries: list[Entry], said: Mapping[str, Any]) -> str:
    rows = [f"| {each.number} | {_level(each)} | {_shown(each, each.what, said)} | {_shown(each, each.mend, said)} |"
            for each in entries]  # fmt: skip
    notes = [f"- **{each.number}**　{said['notes'][each.number]}" for each in entries if each.number in said["notes"]]
    lines = [
        f"## {sign}　{facts['title']}",
        "",
        facts["text"],
        "",
        "| 代码 | 级别 | 问题 | 怎样改 |",
        "|---|---|---|---|",
    ]
    return "\n".join([*lines, *rows, "", *notes, *[""] * bool(notes)])


def _level(entry: Entry) -> str:
    return f"{entry.level}，可豁免" if entry.waiver else str(entry.level)


def _shown(entry: Entry, text: str, said: Mapping[str, Any]) -> str:
    """A message of the catalogue with words in place of its facts."""
    words = said["words"] | said["words"].get(entry.number, {})

    def word(found: re.Match[str]) -> str:
        return (words[found[1]] and f"〔{words[found[1]]}〕") if found[1] in words else "〔…〕"

    return re.sub(r"\{(\w+)\}", word, text).replace("|", "\\|")


def stale() -> list[Path]:
    """What is missing or not as it would be made now."""
    return [path for path, page in pages().items() if not path.is_file() or path.read_text("utf-8") != page()]


def main(args: list[str]) -> int:
    old = stale()
    for path in old:
        if "--check" in args:
            print(f"{path.name} is out of date: python docs/make.py", file=sys.stderr)
        else:
            path.write_text(pages()[path](), encoding="utf-8", newline="\n")
            print(path)
    return 1 if old and "--check" in args else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
