"""How the program speaks: Chinese help and errors, output that no console can break, progress on long work."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from .text import width

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

WIDEST = 100
"""Columns of help where the terminal is wider, or is none."""
_TERM_LIMIT, _HANGING = 34, 4
_LABEL = re.compile(r"\w{1,3}：")
# what must not be torn from the sign before it, and what not from the one after
_UNBROKEN = "[（「『“‘《【]*(?:[!-~]+|.(?:\\.[a-z]+)?)[，。、；：！？）」』”’》】…]*"


def safe_streams() -> None:
    """A GBK console shows what it can and never dies on a character."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def say(text: str = "", err: bool = False) -> None:
    """One line; its colours only on a terminal that wants them."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    click.echo(text, err=err, color=False if plain else None)


def say_json(value: Any) -> None:
    """JSON for machines: ASCII-escaped unless the stream is UTF-8."""
    import json

    plain = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") != "utf8"
    click.echo(json.dumps(value, ensure_ascii=plain, indent=1))


def pad(text: str, columns: int) -> str:
    """A text with blanks up to so many columns."""
    return text + " " * (columns - width(text))


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines whose columns stand beneath each other; a column that is empty throughout is left out."""
    wide = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(pad(each, wide[k]) for k, each in enumerate(row) if wide[k]).rstrip() for row in rows]


class Progress:
    """One line on stderr for work over two seconds; silent when stderr is no terminal; gone when a phase is done."""

    def __init__(self) -> None:
        self._start, self._shown, self._last = time.monotonic(), "", 0.0

    def __call__(self, what: str, done: int, all: int) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or now - self._start < 2:
            return
        if done >= all:
            self._show("")
        elif not self._shown.startswith(what) or now - self._last > 0.1:
            self._last = now
            self._show(f"{what}…… {done}/{all}" if all > 1 else f"{what}……")

    def _show(self, text: str) -> None:
        """Blanks over what is left of the line before: any console can do that."""
        rest = " " * (width(self._shown) - width(text))
        end = "\r" if rest and not text else ""
        if text or rest:
            click.echo(f"\r{text}{rest}{end}", err=True, nl=False)
        self._shown = text


def wrap(text: str, columns: int, hanging: int = 0) -> list[str]:
    """Lines of at most so many columns, all but the first ``hanging`` shorter: Chinese breaks anywhere but before a
    closing mark, words stay whole."""
    if width(text) <= columns:
        return [text.strip()]
    lines, line = list[str](), ""
    for piece in re.findall(_UNBROKEN, text):
        if line and width(line + piece.rstrip()) > columns - (hanging if lines else 0):
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line else lines or [""]


def columns() -> int:
    """How wide help may be."""
    try:
        return max(60, min(WIDEST, os.get_terminal_size(1).columns))
    except (OSError, ValueError):
        return WIDEST


class Formatter(click.HelpFormatter):
    """Columns by east-Asian width; a Chinese colon after headings; the lines of a text stay as they were written."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        for line in text.split("\n"):
            inner = len(line) - len(line.lstrip(" "))
            start, label = self.current_indent + inner, _LABEL.match(line)
            hanging = width(label[0]) if label else _HANGING if inner else 0
            for k, each in enumerate(wrap(line, self.width - start, hanging)):
                self.write(f"{' ' * (start + hanging * bool(k))}{each}".rstrip() + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        widest = max((width(term) for term, _ in rows if width(term) <= _TERM_LIMIT), default=0)
        start = self.current_indent + widest + col_spacing
        for term, text in rows:
            first, *more = wrap(text, self.width - start)
            own_line = width(term) > widest
            head = term if own_line else pad(term, widest + col_spacing) + first
            self.write(f"{' ' * self.current_indent}{head}".rstrip() + "\n")
            for line in ([first] if own_line else []) + more:
                self.write(f"{' ' * start}{line}\n")


class Option(click.Option):
    """An option and the group of its command's help in which it stands."""

    def __init__(self, *args: Any, group: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.group = group


class _Chinese:
    """What click would print in English."""

    def get_help(self, ctx: click.Context) -> str:
        formatter = Formatter(width=ctx.terminal_width or columns())
        self.format_help(ctx, formatter)  # type: ignore[attr-defined]
        return formatter.getvalue().rstrip("\n")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        command: click.Command = self  # type: ignore[assignment]
        pieces = [each.replace("[OPTIONS]", "[选项]") for each in command.collect_usage_pieces(ctx)]
        pieces = [each.replace("COMMAND [ARGS]...", "命令 [参数]…") for each in pieces]
        formatter.write(" ".join(["用法：" + ctx.command_path, *pieces]) + "\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options in their groups; those of no group come last."""
        command: click.Command = self  # type: ignore[assignment]
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in command.get_params(ctx):
            record = each.get_help_record(ctx) if isinstance(each, click.Option) else None
            if record:
                text = re.sub(r" *\[required\]", "（必填）", record[1])
                groups.setdefault(getattr(each, "group", ""), []).append((record[0], text))
        widest = max((width(term) for rows in groups.values() for term, _ in rows), default=0)
        for name in sorted(groups, key=lambda name: not name):
            other = "选项（其他）" if len(groups) > 1 else "选项"
            with formatter.section(f"选项（{name}）" if name else other):
                formatter.write_dl([(pad(term, widest), text) for term, text in groups[name]])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示帮助"
        return option  # type: ignore[no-any-return]


class Command(_Chinese, click.Command):
    """A command with Chinese help."""


class Group(_Chinese, click.Group):
    """The program: its commands in the order of the work."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def whole(self) -> Iterator[tuple[str, click.Command]]:
        """All commands with what is typed for each, those within others behind them."""
        for name, each in self.commands.items():
            yield name, each
            if isinstance(each, Group):
                yield from ((f"{name} {inner}", command) for inner, command in each.whole())

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, each.short_help or "") for name, each in self.commands.items()])
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """They stand before the options."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = not args or args[0].startswith("-") or args[0] in self.commands
        if not known and not ctx.resilient_parsing:
            raise click.UsageError(f"没有叫「{args[0]}」的命令{nearest(args[0], list(self.commands))}", ctx)
        return super().resolve_command(ctx, args)


class PathType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A path; pathlib is imported only when there is one to convert (help must start fast)."""

    name = "path"

    def __init__(self, folder: bool = False) -> None:
        self.folder = folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pathlib import Path

        return Path(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="dir" if self.folder else "file")]


class Name(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """One of names that are asked for only when a shell completes it; ``files``: a path will do as well."""

    name = "text"

    def __init__(self, known: Callable[[], Iterable[str]], files: bool = False) -> None:
        self.known, self.files = known, files

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        found = [CompletionItem(each) for each in self.known() if each.startswith(incomplete)]
        return found or ([CompletionItem(incomplete, type="file")] if self.files else [])


def quoted(text: object) -> str:
    """A path or a name as it has to be typed."""
    return f'"{text}"' if " " in str(text) else str(text)


def program() -> str:
    """How this program is called here: by name where it is on the path, else by its place."""
    import shutil
    from pathlib import Path

    return "xfkh" if shutil.which("xfkh") else quoted(Path(sys.executable).with_name("xfkh"))


def near(word: str, known: Sequence[str]) -> list[str]:
    """The known names most like a word: the best one, and up to two that are just as like it."""
    from difflib import SequenceMatcher, get_close_matches

    # two long words share some letters by chance, but not half of their characters
    least = 0.6 if word.isascii() else 0.5
    found = get_close_matches(word, known, max(1, len(known)), least)
    alike = {each: SequenceMatcher(None, each, word).ratio() for each in found}
    return [each for each in known if alike.get(each) == max(alike.values())][:3] if alike else []


def meant(names: Sequence[str]) -> str:
    """，是否指「…」？ or nothing."""
    return f"，是否指{'或'.join(f'「{each}」' for each in names)}？" if names else ""


def nearest(word: str, known: Sequence[str]) -> str:
    """What was meant by a word, or all that could be."""
    return meant(near(word, known)) or f"；可用：{'、'.join(known)}"


def usage_error(error: click.UsageError) -> str:
    """A usage error in Chinese, with the way to the help."""
    match error:
        case click.NoSuchOption():
            said = f"没有选项 {error.option_name}{meant(near(error.option_name, error.possibilities or []))}"
        case click.MissingParameter():
            said = f"缺少 {_name(error)}"
        case click.BadOptionUsage():
            said = f"选项 {error.option_name} 后面要跟一个值"
        case click.BadParameter():
            wanted = "应为整数" if error.param is not None and error.param.type is click.INT else "值不对"
            said = f"{_name(error)} 有误：{wanted}"
        case _:
            said = error.message
            if said.startswith("Got unexpected extra argument"):
                said = f"多出了参数{said.partition('(')[2].rstrip(')') and '：' + said.partition('(')[2].rstrip(')')}"
    path = error.ctx.command_path if error.ctx else "xfkh"
    return f"错误：{said}\n用 {path} --help 看用法"


def _name(error: click.BadParameter) -> str:
    param = error.param
    if param is None:
        return "参数"
    if isinstance(param, click.Argument):
        return param.metavar or (param.name or "").upper()
    return " / ".join(param.opts) + (f" {param.metavar}" if param.metavar else "")
