"""How the program speaks: Chinese help and errors, output that no console can break, progress on long work."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

import click

from .text import width


def safe_streams() -> None:
    """A GBK console shows what it can and never dies on a character."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def say(text: str = "", err: bool = False) -> None:
    click.echo(text, err=err)


def say_json(value: Any) -> None:
    """JSON for machines: ASCII-escaped unless the stream is UTF-8."""
    import json

    plain = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") != "utf8"
    click.echo(json.dumps(value, ensure_ascii=plain, indent=1))


class Progress:
    """One line on stderr for work over two seconds; silent when stderr is no terminal."""

    def __init__(self) -> None:
        self._start, self._shown = time.monotonic(), False

    def __call__(self, what: str, done: int, all: int) -> None:
        if not sys.stderr.isatty() or time.monotonic() - self._start < 2:
            return
        self._shown = True
        click.echo(f"\r{what} {done}/{all}　", err=True, nl=False)
        if done == all:
            click.echo("", err=True)


class Formatter(click.HelpFormatter):
    """Columns by east-Asian width; a Chinese colon after headings."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        widest = max((width(term) for term, _ in rows), default=0)
        for term, text in rows:
            gap = " " * (widest - width(term) + col_spacing)
            self.write(f"{'':>{self.current_indent}}{term}{gap}{text}".rstrip() + "\n")


class _Chinese:
    """What click would print in English."""

    def get_help(self, ctx: click.Context) -> str:
        formatter = Formatter(width=ctx.terminal_width or 100)
        self.format_help(ctx, formatter)  # type: ignore[attr-defined]
        return formatter.getvalue().rstrip("\n")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        command: click.Command = self  # type: ignore[assignment]
        pieces = [each.replace("[OPTIONS]", "[选项]") for each in command.collect_usage_pieces(ctx)]
        pieces = [each.replace("COMMAND [ARGS]...", "命令 [参数]…") for each in pieces]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        command: click.Command = self  # type: ignore[assignment]
        options = [param for param in command.get_params(ctx) if isinstance(param, click.Option)]
        records = [each for each in (option.get_help_record(ctx) for option in options) if each]
        if records:
            with formatter.section("选项"):
                formatter.write_dl([(term, text.replace("[required]", "（必填）")) for term, text in records])

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

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        with formatter.section("命令"):
            formatter.write_dl([(name, each.short_help or "") for name, each in self.commands.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise click.UsageError(f"没有叫「{args[0]}」的命令{nearest(args[0], list(self.commands))}", ctx)
        return super().resolve_command(ctx, args)


class PathType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A path; pathlib is imported only when there is one to convert (help must start fast)."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pathlib import Path

        return Path(value)


def nearest(word: str, known: Sequence[str]) -> str:
    """，是否指「…」？ or nothing."""
    import difflib

    near = difflib.get_close_matches(word, known, 1, 0.4)
    return f"，是否指「{near[0]}」？" if near else f"；可用：{'、'.join(known)}"


def usage_error(error: click.UsageError) -> str:
    """A usage error in Chinese, with the way to the help."""
    match error:
        case click.NoSuchOption():
            near = f"，是否指 {'、'.join(error.possibilities)}？" if error.possibilities else ""
            said = f"没有选项 {error.option_name}{near}"
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
