"""The commands, named after the stages: read options, call one function, print."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from . import __version__, guide
from .console import (
    Group,
    Name,
    Option,
    PathType,
    Progress,
    meant,
    near,
    nearest,
    program,
    quoted,
    safe_streams,
    say,
    say_json,
    usage_error,
)

if TYPE_CHECKING:
    from pathlib import Path

    from .findings import Finding
    from .pipeline import Graded

PERSONS_LIMIT = 2_000
UNITS_LIMIT = 5_000
_Function = TypeVar("_Function", bound=Callable[..., Any])
DONE, NEEDS_PERSON, NOT_STARTED = 0, 1, 2


class StopError(Exception):
    """Nothing was done: why, and what to do."""


def _scheme_ids() -> Iterable[str]:
    from .scheme import builtin_ids

    return builtin_ids()


def _periods() -> Iterable[str]:
    from .model import PERIODS

    return PERIODS


def _print_completion(ctx: click.Context, _: click.Parameter, shell: str | None) -> None:
    if shell and not ctx.resilient_parsing:
        from .completion import WHERE, script

        if shell not in WHERE:
            raise StopError(f"--completion 没有「{shell}」{nearest(shell, list(WHERE))}")
        say(script(cli, shell))
        ctx.exit()


def _option(*names: str, **more: Any) -> Callable[[_Function], _Function]:
    """An option that may stand in a ``group`` of its command's help."""
    return click.option(*names, cls=Option, **more)


_FILE, _FOLDER = PathType(), PathType(folder=True)
_SCHEME, _PERIOD = Name(_scheme_ids, files=True), Name(_periods)
_SHELL = Name(lambda: ("bash", "zsh", "fish", "powershell"))
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
_VERBOSE = click.option("-v", "--verbose", is_flag=True, help="全部列出，不只列要紧的")
_THEME = _option("--theme", type=_FILE, metavar="主题", group="写出", help="主题表：本单位的名称、标志、颜色")
_JOBS = _option("--jobs", type=int, default=0, metavar="N", group="写出", help="同时用几个处理器；不写为全部")
_DRY = _option("--dry-run", is_flag=True, group="写出", help="试一试：只说要做什么，不写文件")


@click.group(cls=Group, help=guide.PROGRAM, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="xfkh %(version)s", help="显示版本")
@click.option("--debug", is_flag=True, help="出错时显示程序内部信息")
@click.option(
    "--completion", type=_SHELL, metavar="终端", is_eager=True, expose_value=False, callback=_print_completion,
    help="按 Tab 键补全：给出 bash、zsh、fish 或 powershell 的脚本",
)  # fmt: skip
def cli(debug: bool) -> None:
    pass


@cli.command(short_help=guide.SCHEMES.line, help=guide.SCHEMES.text)
@click.argument("scheme", required=False, default="", type=_SCHEME, metavar="[方案]")
@_JSON
def schemes(scheme: str, as_json: bool) -> None:
    from .outline import entry, listed, outline, record
    from .scheme import builtins, load

    if scheme:
        chosen, _ = load(scheme)
        made: Any = record(chosen) if as_json else outline(chosen)
    else:
        made = [(entry if as_json else listed)(each) for each in builtins()]
    if as_json:
        say_json(made)
    else:
        _say_lines(made)


@cli.command(short_help=guide.TEMPLATE.line, help=guide.TEMPLATE.text)
@click.argument("scheme", type=_SCHEME, metavar="方案")
@_option("--roster", type=_FILE, metavar="名册", group="发给谁", help="单位名册（.xlsx 或 .csv）")
@_option("--only", multiple=True, metavar="单位", group="发给谁", help="只生成这个单位的，可写多次；别的文件不动")
@_option("--blank", is_flag=True, group="发给谁", help="空白模板，不带单位和年度，不用名册")
@_option("--year", metavar="年度", group="考核期", help="考核年度，如 2025")
@_option("--period", default="全年", type=_PERIOD, metavar="期间", group="考核期",
         help="全年、上半年、下半年、第1季度…、1月…；不写为全年")  # fmt: skip
@_option("--prefill", type=_FILE, metavar="预填表", group="内容", help="预先填好的数（一行一个单位，一列一个填报项）")
@_option("--persons", type=int, default=20, metavar="人数", group="内容", help="个人部分的行数，不写为 20")
@_option("--due", default="", metavar="日期", group="内容", help="截止日期，印在封面，如 2026-01-15")
@_option("--return-to", default="", metavar="收件人", group="内容", help="交回给谁，印在封面")
@_option("-o", "--out", type=_FOLDER, required=True, metavar="文件夹", group="写出", help="写到哪里")
@_THEME
@_DRY
@_JSON
@_VERBOSE
def template(
    scheme: str,
    roster: Path | None,
    year: str | None,
    period: str,
    prefill: Path | None,
    persons: int,
    due: str,
    return_to: str,
    only: tuple[str, ...],
    blank: bool,
    out: Path,
    theme: Path | None,
    dry_run: bool,
    as_json: bool,
    verbose: bool,
) -> int:
    from .scheme import load
    from .template import Terms

    chosen, _ = load(scheme)
    _must_exist(theme)
    how = _Templates(out, persons, _theme(theme), dry_run, as_json, verbose)
    if not 0 <= persons <= PERSONS_LIMIT:
        raise StopError(f"--persons 要在 0 到 {PERSONS_LIMIT} 之间；写的是 {persons}")
    _check_period(period)
    if blank:
        return _blank(chosen, Terms("", period, _date(due), return_to), how)
    if roster is None or not year:
        lost = ["--roster 名册"] * (roster is None) + ["--year 年度"] * (not year)
        raise StopError(f"缺少 {' 和 '.join(lost)}（空白模板用 --blank）")
    if not (year.isdigit() and len(year) == 4):
        raise StopError(f"--year 要写四位年份，如 2025；写的是 {year}")
    _must_exist(roster, prefill)
    terms = Terms(year, period, _date(due), return_to)
    return _templates(chosen, terms, roster, prefill, only, how)


class _Templates(NamedTuple):
    """How templates are written, whatever they are of."""

    out: Path
    persons: int
    theme: Any
    dry_run: bool
    as_json: bool
    verbose: bool


def _theme(path: Path | None) -> Any:
    """The theme that was asked for, else the plain one."""
    from .theme import read_theme
    from .workbook.style import PLAIN

    return PLAIN if path is None else read_theme(path)


def _check_period(period: str) -> None:
    known = list(_periods())
    if period not in known:
        # 第一季度 is as like 第4季度 as 第1季度 until its numeral is a figure
        figures = str.maketrans("一二三四五六七八九", "123456789")
        plain = period.replace("十", "1" if len(period) > 2 else "10").translate(figures)
        raise StopError(f"--period 没有「{period}」{nearest(plain, known)}")


def _date(text: str) -> str:
    """A due date as 2026-01-15; empty where none is given."""
    import re
    from datetime import date

    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text.strip())
    if not text:
        return ""
    try:
        return date(*map(int, found.groups())).isoformat()  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        raise StopError(f"--due 要写成 2026-01-15 这样的日期；写的是 {text}") from None


def _blank(scheme: Any, terms: Any, how: _Templates) -> int:
    from .template import template_name, write_blank

    if how.dry_run:
        path = how.out / template_name(scheme, terms, None)
    else:
        path = write_blank(scheme, how.out, how.persons, how.theme, terms)
    if how.as_json:
        say_json({"files": [str(path)]})
    else:
        say(f"{'将写' if how.dry_run else '已写'} {path}")
    return DONE


def _templates(
    scheme: Any, terms: Any, roster_path: Path, prefill_path: Path | None, only: tuple[str, ...], how: _Templates
) -> int:
    from .answers import read_roster
    from .pipeline import read_prefill
    from .scheme import in_force
    from .template import FILE, file_names, may_issue, office_findings, roster_findings, write_templates

    roster = read_roster(roster_path)
    for name in only:
        if roster.get(name) is None:
            raise StopError(f"名册里没有「{name}」{nearest(name, [unit.name for unit in roster.units])}")
    prefill, findings = read_prefill(prefill_path, scheme, roster)
    lost = roster_findings(scheme, roster, terms.period)
    findings = in_force(scheme, terms.year) + lost + findings + office_findings(scheme, roster, terms, prefill, only)
    units = [unit for unit in roster.units if not only or unit.name in only]
    progress, done, kept = Progress(), iter(range(1, len(units) + 1)), list["Path"]()

    def tick(_: str) -> None:
        progress("生成模板", next(done), len(units))

    if how.dry_run:
        may_issue(how.out, scheme, terms, only)
        names = file_names(scheme, terms, roster)
        paths = [how.out / names[unit.name] for unit in units]
    else:
        paths = write_templates(scheme, roster, terms, how.out, prefill, only, tick, how.persons, how.theme, kept)
    if how.as_json:
        say_json({"files": [str(path) for path in paths], "findings": [each.as_json() for each in findings]})
    else:
        _say_findings(findings, how.verbose)
        # once the templates are out it is too late for a column, so that a mere note is said too
        _say_lines([each.line() for each in lost if each.level == "提示" and not how.verbose])
        _say_lines([str(path) for path in paths] if how.verbose or how.dry_run else [])
        _say_lines([f"原来的文件填过或改过，另存为 {copy}" for copy in kept])
        say(f"{'将写' if how.dry_run else '已写'} {len(paths)} 份模板到 {how.out}（{FILE} 请保留，汇总时要用）")
    return _status(findings)


def _returns(function: _Function) -> _Function:
    """A folder of returns and by what it is counted, as every command takes it that reads one."""
    for option in reversed((
        click.argument("folders", nargs=-1, required=True, type=_FOLDER, metavar="文件夹…"),
        _option("--issued", type=_FILE, metavar="发放清单", group="按什么计",
                help="发放清单.xlsx；不写就在文件夹里和旁边找"),
        _option("--scheme", default="", type=_SCHEME, metavar="方案", group="按什么计",
                help="方案编号或文件；不写就按发放清单或模板的标记"),
        _option("--roster", type=_FILE, metavar="名册", group="按什么计", help="单位名册；不写就按发放清单"),
        _option("--set", "settings", multiple=True, metavar="名称=值", group="按什么计",
                help="改口径或参数，可写多次；有哪些，看 xfkh schemes 方案"),
    )):  # fmt: skip
        function = option(function)
    return function


@cli.command(short_help=guide.GRADE.line, help=guide.GRADE.text)
@_returns
@_option(
    "--review", "reviews", type=_FILE, multiple=True, metavar="复查表", group="核定和决定", help="核定值，可写多次"
)
@_option("--decisions", type=_FILE, metavar="处理意见", group="核定和决定",
         help="处理意见.xlsx；不写就在结果文件夹里找")  # fmt: skip
@_option("--previous", type=_FILE, metavar="上年结果", group="核定和决定",
         help="上年的结果文件夹或 results.json（用不到时忽略）")  # fmt: skip
@_option("--scores-from", type=_FILE, metavar="结果", group="核定和决定",
         help="总分取自另一方案的结果（方案允许时）")  # fmt: skip
@_option("-o", "--out", type=_FOLDER, required=True, metavar="结果文件夹", group="写出", help="写到哪里")
@_THEME
@_JOBS
@_DRY
@_JSON
@_VERBOSE
def grade(
    folders: tuple[Path, ...],
    out: Path,
    issued: Path | None,
    scheme: str,
    roster: Path | None,
    reviews: tuple[Path, ...],
    previous: Path | None,
    scores_from: Path | None,
    decisions: Path | None,
    settings: tuple[str, ...],
    theme: Path | None,
    jobs: int,
    dry_run: bool,
    as_json: bool,
    verbose: bool,
) -> int:
    from .workers import Workers

    _must_be_folders(folders)
    _must_exist(*reviews, issued, roster, previous, scores_from, decisions, theme)
    chosen, progress = _settings(settings), Progress()
    # nearly all that is made is kept until the end: looking for cycles among it is a tenth of the work
    gc.set_threshold(100_000, 50, 100)
    with Workers(_processes(jobs)) as workers:
        # the processes start while this one is still loading what it needs itself
        workers.start("xfkh.intake", sum(1 for folder in folders for _ in folder.rglob("*")))
        from .intake import begin

        reading = begin(folders, workers)
        from . import pipeline, publish
        from .job import Job

        look = _theme(theme)
        job = Job(
            list(folders),
            out,
            issued,
            scheme,
            roster,
            list(reviews),
            decisions,
            previous,
            scores_from,
            chosen,
            workers.jobs,
        )
        if not dry_run:
            publish.refuse_locked(out)
        graded = pipeline.grade(job, progress, workers, reading)
        if dry_run:
            publish.refuse_emptier(graded, out)
        written = [] if dry_run else publish.write(graded, out, progress, workers, look)
    if as_json:
        say_json(publish.as_record(graded))
    else:
        _say_summary(graded, written, verbose)
    return NEEDS_PERSON if graded.needs_person else DONE


@cli.command(short_help=guide.REVIEW.line, help=guide.REVIEW.text)
@_returns
@_option("--decisions", type=_FILE, metavar="处理意见", group="按什么计",
         help="处理意见.xlsx；不写就在复查表旁边找")  # fmt: skip
@_option("--prefill", type=_FILE, metavar="预填表", group="对照", help="台账的数（同模板的预填表），列在自评值旁边")
@_option("--raters", type=click.IntRange(1, 50), default=5, metavar="N", group="对照",
         help="多人评分的，至少留几个人的格子，不写为 5")  # fmt: skip
@_option("-o", "--out", type=_FILE, required=True, metavar="复查表", group="写出",
         help="写到哪个 .xlsx；已经有的，填过的都留着")  # fmt: skip
@_THEME
@_JOBS
@_DRY
@_JSON
@_VERBOSE
def review(
    folders: tuple[Path, ...],
    out: Path,
    issued: Path | None,
    scheme: str,
    roster: Path | None,
    settings: tuple[str, ...],
    decisions: Path | None,
    prefill: Path | None,
    raters: int,
    theme: Path | None,
    jobs: int,
    dry_run: bool,
    as_json: bool,
    verbose: bool,
) -> int:
    from . import pipeline, publish
    from .job import Job
    from .summary import checklist_lines, checklist_record

    _must_be_folders(folders)
    _must_exist(issued, roster, decisions, prefill, theme)
    if out.suffix.lower() != ".xlsx":
        raise StopError(f"复查表要写成 .xlsx 文件，如 -o 复查.xlsx；写的是 {out}")
    job = Job(
        list(folders),
        out.parent,
        issued,
        scheme,
        roster,
        decisions=decisions,
        settings=_settings(settings),
        jobs=_processes(jobs),
        raters=raters,
    )
    made = pipeline.review(job, out, prefill, Progress())
    kept = [] if dry_run else publish.write_review(made, out, _theme(theme))
    if as_json:
        say_json(checklist_record(made))
    else:
        _say_lines(checklist_lines(made, out, dry_run, verbose))
        _say_lines([f"表外另写了字，原来的另存为 {copy}" for copy in kept])
    return NEEDS_PERSON if made.waiting else DONE


@cli.group(cls=Group, short_help=guide.SCHEME.line, help=guide.SCHEME.text)
def scheme() -> None:
    pass


_SCHEME_OUT = _option("-o", "--out", type=_FILE, required=True, metavar="文件", help="写到哪里：.xlsx 或 .toml")


@scheme.command(short_help=guide.NEW.line, help=guide.NEW.text)
@_SCHEME_OUT
def new(out: Path) -> None:
    from .scheme import example_text

    _write_scheme(example_text(), out)


@scheme.command(short_help=guide.EXPORT.line, help=guide.EXPORT.text)
@click.argument("scheme", type=_SCHEME, metavar="方案")
@_SCHEME_OUT
def export(scheme: str, out: Path) -> None:
    from .scheme import text_of

    _write_scheme(text_of(scheme), out)


def _write_scheme(text: str, out: Path) -> None:
    from .scheme import tables_of
    from .scheme.book import scheme_book
    from .workbook.book import write_whole

    suffix = out.suffix.lower()
    if suffix not in (".xlsx", ".toml"):
        raise StopError(f"--out 要写成 .xlsx 或 .toml 文件；写的是 {out.name}")
    if out.exists():
        raise StopError(f"{out} 已经有了，不覆盖。请换一个文件名")
    write_whole(out, scheme_book(tables_of(text)) if suffix == ".xlsx" else text.encode())
    say(f"已写出 {out}")


@scheme.command(short_help=guide.CHECK.line, help=guide.CHECK.text)
@click.argument("scheme", type=_SCHEME, metavar="方案")
@_option("-o", "--out", type=_FILE, metavar="副本", help="另写一份副本，把问题标在格子上（.xlsx）")
@_option("--units", type=int, default=10, metavar="个数", help="按几个单位估算奖惩金额，不写为 10")
@_JSON
def check(scheme: str, out: Path | None, units: int, as_json: bool) -> int:
    from .trial import examined, lines, record

    if not 1 <= units <= UNITS_LIMIT:
        raise StopError(f"--units 要在 1 到 {UNITS_LIMIT} 之间；写的是 {units}")
    found = examined(scheme, units)
    if out is not None:
        _write_marked(scheme, out, found.findings)
    if as_json:
        say_json(record(found))
    else:
        _say_lines(lines(found))
    return _status(found.findings)


def _write_marked(scheme: str, out: Path, findings: list[Finding]) -> None:
    from pathlib import Path

    from .scheme.marked import is_marked, marked
    from .workbook.book import write_whole
    from .workbook.open import is_xlsx

    path = Path(scheme)
    if out.suffix.lower() != ".xlsx":
        raise StopError(f"副本要写成 .xlsx 文件，如 -o 标出问题.xlsx；写的是 {out}")
    if not path.is_file() or path.suffix.lower() == ".toml":
        raise StopError("只有工作簿能写标出问题的副本：先用 xfkh scheme export 写成工作簿")
    if not is_xlsx(path.read_bytes()):
        raise StopError(f"{path.name} 不是 .xlsx，不能写标出问题的副本：用 Excel 或 WPS 打开，另存为 .xlsx，再检查")
    # a copy that nobody has worked on since is written anew
    if out.exists() and (out.samefile(path) or not is_marked(out.read_bytes())):
        raise StopError(f"{out} 已经有了，不是这样的副本，或写出以后改过，不覆盖。请换一个文件名")
    write_whole(out, marked(path.read_bytes(), findings))


@scheme.command(short_help=guide.DIFF.line, help=guide.DIFF.text)
@click.argument("before", type=_SCHEME, metavar="原来的方案")
@click.argument("after", type=_SCHEME, metavar="现在的方案")
@_JSON
def diff(before: str, after: str, as_json: bool) -> None:
    from .scheme import tables_of, text_of
    from .scheme.compare import changes

    texts = text_of(before), text_of(after)
    found = list(changes(*map(tables_of, texts)))
    if as_json:
        say_json([each.as_json() for each in found])
    else:
        _say_lines([each.line() for each in found] or ["没有不同"])
        _say_lines(_not_taken(*texts))


def _not_taken(before: str, after: str) -> list[str]:
    """Said where returns on the earlier version, which the later one lists, will be refused."""
    from .answers.measures import measures, remeasured
    from .scheme import SchemeError, read_text

    try:
        old, new = (read_text(text)[0] for text in (before, after))
    except SchemeError:
        return []
    found = remeasured(measures(old.parts), measures(new.parts)) if old.version in new.accepts else []
    if old.id != new.id or not found:
        return []
    return [
        f"「可收的旧版本」写了 {old.version}，但填报项的意思变了：{'；'.join(found)}。"
        f"按 {old.version} 填的旧表会退回；旧表还要收的，给这个填报项换一个名称"
    ]


def _settings(pairs: tuple[str, ...]) -> dict[str, str]:
    made = {}
    for pair in pairs:
        name, sign, value = pair.replace("＝", "=").partition("=")
        if not sign or not name.strip():
            raise StopError(f"--set 要写成 名称=值；写的是 {pair}")
        made[name.strip()] = value.strip()
    return made


def _must_exist(*paths: Path | None) -> None:
    """Raises StopError for the first path that was given and is not there."""
    for path in paths:
        if path is not None and not path.exists():
            raise StopError(f"找不到 {path}{_near_path(path)}")


def _processes(jobs: int) -> int:
    """How many are used; two at least: a file that kills its reader, or never ends, must not stop the work."""
    return jobs or max(2, os.cpu_count() or 1)


def _must_be_folders(folders: Sequence[Path]) -> None:
    _must_exist(*folders)
    for folder in folders:
        if not folder.is_dir():
            raise StopError(f"{folder} 不是文件夹；请把收回的填报表放进一个文件夹")


def _near_path(path: Path) -> str:
    """A name beside a path that does not exist which may have been meant."""
    beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    # by the stems alone: that two names end in .csv says nothing
    alike = near(path.stem, list(dict.fromkeys(each.stem for each in beside)))
    return meant([str(each) for each in beside if each.stem in alike][:3])


def _say_lines(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def _say_summary(graded: Graded, written: Sequence[Path], verbose: bool) -> None:
    from .summary import summary

    _say_lines(summary(graded, written, verbose))
    if not written:
        say()
        say("这是试算，没有写文件")


def _say_findings(findings: list[Finding], verbose: bool) -> None:
    from .summary import findings_lines

    _say_lines(findings_lines(findings, verbose))


def _status(findings: list[Finding]) -> int:
    from .findings import Level

    return NEEDS_PERSON if any(each.level is not Level.NOTE for each in findings) else DONE


@cli.command(short_help=guide.EXPLAIN.line, help=guide.EXPLAIN.text)
@click.argument("results", type=_FOLDER, metavar="结果文件夹")
@click.argument("subject", metavar="单位[/姓名[/工号]]")
@click.argument("item", required=False, default="", metavar="[指标]")
@_JSON
def explain(results: Path, subject: str, item: str, as_json: bool) -> int:
    from .explain import asked_record, explained, find_subject, unfinished

    found = find_subject(results, subject)
    if beware := unfinished(results):
        say(f"警告：{beware}", err=True)
    if as_json:
        say_json(asked_record(found, item) if item else found.record)
    else:
        _say_lines(explained(found, item))
    return NEEDS_PERSON if beware else DONE


@cli.command(short_help=guide.COMPARE.line, help=guide.COMPARE.text)
@click.argument("before", type=_FOLDER, metavar="前一次的结果")
@click.argument("after", type=_FOLDER, metavar="后一次的结果")
@_option("-o", "--out", type=_FILE, metavar="工作簿", help="另写一个工作簿（.xlsx）：每个变化和原因")
@_JSON
@_VERBOSE
def compare(before: Path, after: Path, out: Path | None, as_json: bool, verbose: bool) -> int:
    from dataclasses import replace

    from .compare import NEEDED, OF_EACH
    from .compare import compare as compared
    from .compare.lines import lines
    from .compare.machine import as_json as machine
    from .explain import unfinished
    from .recorded import read_record, title_beside

    _must_exist(before, after)
    if out is not None:
        _writable(out)
    made = compared(*(read_record(path, *NEEDED, each=OF_EACH) for path in (before, after)))
    made = replace(made, title=title_beside(after, made.year, made.period))
    for each in filter(None, map(unfinished, dict.fromkeys((before, after)))):
        say(f"警告：{each}", err=True)
    kept = _write_compared(made, before, after, out) if out is not None else []
    if as_json:
        say_json(machine(made))
    else:
        _say_lines(lines(made, str(before), str(after), verbose))
        _say_lines([f"原来的文件另存为 {copy}" for copy in kept])
        _say_lines([f"已写 {out}"] if out is not None else [])
    return DONE


def _writable(out: Path) -> None:
    """Raises StopError for a workbook that cannot be written, before any work."""
    from .kept import open_elsewhere

    if out.suffix.lower() != ".xlsx":
        raise StopError(f"--out 要写成 .xlsx 文件；写的是 {out.name}")
    if open_elsewhere(out.parent, [out.name]):
        raise StopError(f"{out} 正打开着，请先关闭，再重新运行")


def _called(before: Path, after: Path) -> tuple[str, str]:
    """The names of two folders of results; all that was typed where they are alike."""
    homes = [path.resolve() if path.is_dir() else path.resolve().parent for path in (before, after)]
    was, now = (home.name for home in homes)
    return (was, now) if was != now else (str(before), str(after))


def _write_compared(made: Any, before: Path, after: Path, out: Path) -> list[Path]:
    """Writes the workbook; returns the copy of an older one of which a word would be lost."""
    from .kept import keep_lost
    from .report.compared import compared_bytes
    from .workbook.book import write_whole

    data = compared_bytes(made, *_called(before, after))
    kept = keep_lost(out, data)
    write_whole(out, data)
    return kept


@cli.command(short_help=guide.DEMO.line, help=guide.DEMO.text)
@_option("-o", "--out", type=_FOLDER, default="xfkh-demo", metavar="文件夹", help="写到哪里，不写为 xfkh-demo")
@_VERBOSE
def demo(out: Path, verbose: bool) -> int:
    from . import pipeline, publish
    from .samples import make_sample

    say(f"做示范文件夹 {out} ……")
    job = make_sample("district", out)
    progress = Progress()
    graded = pipeline.grade(job, progress)
    written = publish.write(graded, job.out, progress)
    _say_summary(graded, written, verbose)
    say()
    say(f"填报表在 {job.folders[0]}，改一格后再算一遍：")
    where = [quoted(path) for path in (job.folders[0], job.out, job.reviews[0])]
    say("  {} grade {} -o {} --review {}".format(program(), *where))
    return DONE


def main() -> None:
    """The program: every error in Chinese, a traceback only with --debug."""
    safe_streams()
    status = run(sys.argv[1:])
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
        sys.stderr.flush()
        # nothing is left to do: taking down all that was loaded, piece by piece, takes as long as a short command
        if not _watched():
            os._exit(status)
    sys.exit(status)


def _watched() -> bool:
    """Whether Python looks after what fresh processes held in common, and would speak of it if it were left alone."""
    tracker = sys.modules.get("multiprocessing.resource_tracker")
    return tracker is not None and getattr(tracker, "_resource_tracker")._fd is not None  # noqa: B009


def run(args: list[str]) -> int:
    """One call of the program; returns its exit status. ``--debug`` may stand anywhere; no command: help."""
    if os.environ.get("_XFKH_COMPLETE"):
        from . import completion  # noqa: F401  (PowerShell's is ours)
    debug = "--debug" in args
    args = [each for each in args if each != "--debug"] or ["--help"]
    try:
        return cli.main(args, prog_name="xfkh", standalone_mode=False) or DONE
    except click.UsageError as error:
        say(usage_error(error), err=True)
    except click.ClickException as error:
        say(f"错误：{error.format_message()}", err=True)
    except (click.Abort, KeyboardInterrupt):
        say("已中断", err=True)
    except Exception as error:
        if debug:
            raise
        _say_error(error)
    return NOT_STARTED


def _say_error(error: Exception) -> None:
    """What a person can do about it; the expected errors carry their own sentence."""
    known = {
        "StopError",
        "StartError",
        "IssueError",
        "SampleError",
        "SchemeError",
        "RosterError",
        "TableError",
        "RuleError",
        "ExplainError",
        "CarryError",
        "ResultsError",
        "CompareError",
        "WorkbookLimitError",
    }
    if type(error).__name__ in known:
        say(f"错误：{error}", err=True)
        for each in getattr(error, "findings", []):
            say("　" + each.line(), err=True)
    elif isinstance(error, OSError):
        from .text import os_reason

        say(f"错误：读写失败：{error.filename or ''}（{os_reason(error)}）", err=True)
    else:
        say(f"程序内部错误（{type(error).__name__}）。请带上命令加 --debug 再运行一次的输出反馈给我们", err=True)


if __name__ == "__main__":
    main()
