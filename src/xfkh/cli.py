"""The commands, named after the stages: read options, call one function, print."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from . import __version__
from .console import Group, PathType, Progress, safe_streams, say, say_json, usage_error

if TYPE_CHECKING:
    from pathlib import Path

    from .findings import Finding
    from .pipeline import Graded

PERSONS_LIMIT = 2_000
DONE, NEEDS_PERSON, NOT_STARTED = 0, 1, 2
_PATH = PathType()


class StopError(Exception):
    """Nothing was done: why, and what to do."""


@click.group(
    cls=Group,
    help="信访考核：发模板、收填报、出排名和奖惩。\n\n先看一遍：xfkh demo\n\n每个命令都有 --help 和例子。",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "-V", "--version", message="xfkh %(version)s", help="显示版本")
@click.option("--debug", is_flag=True, help="出错时显示程序内部信息")
def cli(debug: bool) -> None:
    pass


_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
_VERBOSE = click.option("-v", "--verbose", is_flag=True, help="多说一些")
_DRY = click.option("--dry-run", is_flag=True, help="只说要做什么，不写文件")


@cli.command(
    short_help="列出考核方案", help="列出自带的考核方案：编号、名称、状态、考核对象、来源。\n\n例：xfkh schemes"
)
@_JSON
def schemes(as_json: bool) -> None:
    from .scheme import builtins

    rows = [
        {
            "id": each.id,
            "title": each.title,
            "version": each.version,
            "status": each.status,
            "parts": [part.name for part in each.parts],
            "source": each.source,
            "date": each.date,
        }
        for each in builtins()
    ]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        say(
            f"{row['id']}　{row['title']}　{row['status']}　{'、'.join(row['parts'])}　{row['source']}（{row['date']}）"
        )


@cli.command(
    short_help="生成填报模板",
    help="按名册给每个单位生成一份填报模板，并写 发放清单.xlsx。\n\n"
    "方案写自带方案的编号（见 xfkh schemes）或方案文件的路径。\n\n"
    "例：xfkh template district --roster 名册.csv --year 2025 --due 2026-01-15 -o 发放/",
)
@click.argument("scheme", metavar="方案")
@click.option("--roster", type=_PATH, metavar="名册", help="单位名册（.xlsx 或 .csv）")
@click.option("--year", metavar="年度", help="考核年度，如 2025")
@click.option("--period", default="全年", metavar="期间", help="全年、上半年、下半年、第1季度…、1月…；不写为全年")
@click.option("--prefill", type=_PATH, metavar="预填表", help="预先填好的数（一行一个单位，一列一个填报项）")
@click.option("--persons", type=int, default=20, metavar="人数", help="个人部分的行数，不写为 20")
@click.option("--due", default="", metavar="日期", help="截止日期，印在封面")
@click.option("--return-to", default="", metavar="收件人", help="交回给谁，印在封面")
@click.option("--only", multiple=True, metavar="单位", help="只生成这个单位的，可写多次；别的文件不动")
@click.option("--blank", is_flag=True, help="空白模板，不带单位和年度")
@click.option("-o", "--out", type=_PATH, required=True, metavar="文件夹", help="写到哪里")
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
    dry_run: bool,
    as_json: bool,
    verbose: bool,
) -> int:
    from .model import PERIODS
    from .scheme import load
    from .template import Terms

    chosen, _ = load(scheme)
    if not 0 <= persons <= PERSONS_LIMIT:
        raise StopError(f"--persons 要在 0 到 {PERSONS_LIMIT} 之间；写的是 {persons}")
    if blank:
        return _blank(chosen, persons, out, dry_run, as_json)
    if roster is None or not year:
        raise StopError("缺少 --roster 名册 或 --year 年度（空白模板用 --blank）")
    if not (year.isdigit() and len(year) == 4):
        raise StopError(f"--year 要写四位年份，如 2025；写的是 {year}")
    if period not in PERIODS:
        raise StopError(f"--period 没有「{period}」；可用：{'、'.join(PERIODS)}")
    terms = Terms(year, period, _date(due), return_to)
    return _templates(chosen, terms, roster, prefill, persons, only, out, dry_run, as_json, verbose)


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


def _blank(scheme: Any, persons: int, out: Path, dry_run: bool, as_json: bool) -> int:
    from .template import Terms, template_name, write_blank

    path = out / template_name(scheme, Terms(), None) if dry_run else write_blank(scheme, out, persons)
    if as_json:
        say_json({"files": [str(path)]})
    else:
        say(f"{'将写' if dry_run else '已写'} {path}")
    return DONE


def _templates(
    scheme: Any,
    terms: Any,
    roster_path: Path,
    prefill_path: Path | None,
    persons: int,
    only: tuple[str, ...],
    out: Path,
    dry_run: bool,
    as_json: bool,
    verbose: bool,
) -> int:
    from .answers import read_roster
    from .pipeline import read_prefill
    from .template import FILE, file_names, write_templates

    roster = read_roster(roster_path)
    for name in only:
        if roster.get(name) is None:
            from .console import nearest

            raise StopError(f"名册里没有「{name}」{nearest(name, [unit.name for unit in roster.units])}")
    prefill, findings = read_prefill(prefill_path, scheme, roster)
    units = [unit for unit in roster.units if not only or unit.name in only]
    progress, done = Progress(), iter(range(1, len(units) + 1))
    if dry_run:
        names = file_names(scheme, terms, roster)
        paths = [out / names[unit.name] for unit in units]
    else:
        paths = write_templates(
            scheme, roster, terms, out, prefill, only, lambda _: progress("生成模板", next(done), len(units)), persons
        )
    if as_json:
        say_json({"files": [str(path) for path in paths], "findings": [each.as_json() for each in findings]})
    else:
        _print_findings(findings, verbose)
        for path in paths if verbose or dry_run else []:
            say(str(path))
        say(f"{'将写' if dry_run else '已写'} {len(paths)} 份模板到 {out}（{FILE} 请保留，汇总时要用）")
    return _status(findings)


@cli.command(
    short_help="收回填报表，计分、排名",
    help="读文件夹里收回的填报表，计分、排名，写 排名.xlsx、奖惩.xlsx、问题清单.xlsx 和 results.json。\n\n"
    "退出码：0 完成；1 完成，但有事要人处理（未报、暂定、警告、错误）；2 没有开始。\n\n"
    "例：xfkh grade 收回/ -o 结果/\n\n"
    "例：xfkh grade 收回/ -o 结果/ --review 复查.csv --set 分值口径=大项",
)
@click.argument("folders", nargs=-1, required=True, type=_PATH, metavar="文件夹…")
@click.option("-o", "--out", type=_PATH, required=True, metavar="结果文件夹", help="写到哪里")
@click.option("--issued", type=_PATH, metavar="发放清单", help="发放清单.xlsx；不写就在文件夹里和旁边找")
@click.option("--scheme", default="", metavar="方案", help="方案编号或文件；不写就按发放清单或模板的标记")
@click.option("--roster", type=_PATH, metavar="名册", help="单位名册；不写就按发放清单")
@click.option("--review", "reviews", type=_PATH, multiple=True, metavar="复查表", help="核定值，可写多次")
@click.option("--previous", type=_PATH, metavar="上年结果", help="上年的结果文件夹或 results.json（用不到时忽略）")
@click.option("--scores-from", type=_PATH, metavar="结果", help="总分取自另一方案的结果（方案允许时）")
@click.option("--decisions", type=_PATH, metavar="处理意见", help="处理意见.xlsx；不写就在结果文件夹里找")
@click.option("--set", "settings", multiple=True, metavar="名称=值", help="改口径或参数，可写多次")
@click.option("--jobs", type=int, default=0, metavar="N", help="同时用几个处理器；不写为全部")
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
    jobs: int,
    dry_run: bool,
    as_json: bool,
    verbose: bool,
) -> int:
    from . import pipeline

    for path in (*folders, *reviews, *(each for each in (issued, roster, previous, scores_from, decisions) if each)):
        if not path.exists():
            raise StopError(f"找不到 {path}")
    for folder in folders:
        if not folder.is_dir():
            raise StopError(f"{folder} 不是文件夹；请把收回的填报表放进一个文件夹")
    job = pipeline.Job(
        list(folders),
        out,
        issued,
        scheme,
        roster,
        list(reviews),
        decisions,
        previous,
        scores_from,
        _settings(settings),
        jobs or os.cpu_count() or 1,
    )
    if not dry_run:
        pipeline.refuse_locked(out)
    progress = Progress()
    graded = pipeline.grade(job, progress)
    written = [] if dry_run else pipeline.write(graded, out, progress)
    if as_json:
        say_json(pipeline.as_record(graded))
    else:
        _print_graded(graded, written, verbose)
    return NEEDS_PERSON if graded.needs_person else DONE


def _settings(pairs: tuple[str, ...]) -> dict[str, str]:
    made = {}
    for pair in pairs:
        name, sign, value = pair.replace("＝", "=").partition("=")
        if not sign or not name.strip():
            raise StopError(f"--set 要写成 名称=值；写的是 {pair}")
        made[name.strip()] = value.strip()
    return made


def _print_graded(graded: Graded, written: list[Path], verbose: bool) -> None:
    from .findings import Level

    caution = f"（{graded.scheme.caution}）" if graded.scheme.caution else ""
    say(f"{graded.scheme.title}　{graded.terms.year}年{graded.terms.period}　方案状态：{graded.scheme.status}{caution}")
    for each in graded.findings:
        if each.code == "issue-used":
            say(each.message)
    say("文件：" + "，".join(f"{name}{count}" for name, count in graded.files().items() if count))
    say("单位：" + "，".join(f"{name}{count}" for name, count in graded.units().items() if count))
    for part in graded.parts:
        _print_best(part)
    if graded.stage:
        say("还有单位未定：名次和跨单位的奖励是阶段结果。")
    _print_findings(graded.findings, verbose)
    notes = sum(each.level is Level.NOTE for each in graded.findings)
    if notes and not verbose:
        say(f"另有提示 {notes} 条，见 问题清单.xlsx（-v 在这里显示）")
    if written:
        say("已写：" + "、".join(str(path) for path in written))


def _print_best(part: Any) -> None:
    """The first five places of a part; persons with how many there are, a veto beside the name."""
    from collections import Counter

    from .model import OutcomeKind

    scores = part.scores
    if scores.part.many:
        counts = Counter(str(state) for state in scores.states)
        say("个人：" + ("，".join(f"{name}{count}" for name, count in counts.items()) or "没有"))
    for row in scores.best(5):
        place, total = scores.rank(row), float(scores.total(row) or 0)
        vetoed = [each.outcome.id for each in part.of(row) if each.outcome.kind is OutcomeKind.VETO]
        words = f"（一票否决：{'、'.join(vetoed)}）" if vetoed else ""
        say(f"　第{place}名　{scores.subjects[row].label}　{total:g}分{words}")


def _print_findings(findings: list[Finding], verbose: bool) -> None:
    """Errors and warnings, the first five unless verbose; notes only when verbose."""
    from .findings import Level

    urgent = [each for each in findings if each.level is not Level.NOTE]
    shown = findings if verbose else sorted(urgent, key=lambda each: (each.level is not Level.ERROR, each.unit))[:5]
    for each in shown:
        say(each.line())
    if len(urgent) > len(shown):
        say(f"……还有 {len(urgent) - len(shown)} 条要处理，见 问题清单.xlsx（-v 全部显示）")


def _status(findings: list[Finding]) -> int:
    from .findings import Level

    return NEEDS_PERSON if any(each.level is not Level.NOTE for each in findings) else DONE


@cli.command(
    short_help="说明一个单位为什么得这些分",
    help="逐项说明一个单位的得分：理由、条款、数字出自哪个文件哪一格。\n\n"
    "例：xfkh explain 结果/ 东风街道\n\n例：xfkh explain 结果/ 东风街道 二1",
)
@click.argument("results", type=_PATH, metavar="结果文件夹")
@click.argument("subject", metavar="单位[/姓名[/工号]]")
@click.argument("item", required=False, default="", metavar="[指标]")
@_JSON
def explain(results: Path, subject: str, item: str, as_json: bool) -> None:
    from .explain import ExplainError, explained, find_subject

    try:
        found = find_subject(results, subject)
        if as_json:
            say_json(found if not item else explained(found, item, only=True))
            return
        for line in explained(found, item):
            say(line)
    except ExplainError as error:
        raise StopError(str(error)) from None


@cli.command(
    short_help="做一个示范文件夹并计分",
    help="做一个虚构的示范：名册、发放的模板、收回的填报表、复查表，计分后说明打开什么看。\n\n例：xfkh demo -o 示范/",
)
@click.option("-o", "--out", type=_PATH, default="xfkh-demo", metavar="文件夹", help="写到哪里，不写为 xfkh-demo")
@_VERBOSE
def demo(out: Path, verbose: bool) -> int:
    from . import pipeline
    from .samples import make_sample

    say(f"做示范文件夹 {out} ……")
    job = make_sample("district", out)
    progress = Progress()
    graded = pipeline.grade(job, progress)
    written = pipeline.write(graded, job.out, progress)
    _print_graded(graded, [], verbose)
    say()
    say("打开看看：")
    notes = ("谁领先、什么等次", "每一笔奖励和依据", "还缺谁、哪一格要改", "全部结果，供程序读取", "要人决定的事")
    for path, note in zip(written, notes, strict=False):
        say(f"　{path}　{note}")
    say(f"　{job.folders[0]}　收回的填报表；改一格后再运行：")
    say(f"　{_program()} grade {job.folders[0]} -o {job.out} --review {job.reviews[0]}")
    say(f"　{_program()} explain {job.out} 东风街道　逐项说明得分")
    return DONE


def _program() -> str:
    """How this program is called here: by name where it is on the path, else by its place."""
    import shutil
    from pathlib import Path

    if shutil.which("xfkh"):
        return "xfkh"
    place = str(Path(sys.executable).with_name("xfkh"))
    return f'"{place}"' if " " in place else place


def main() -> None:
    """The program: every error in Chinese, a traceback only with --debug."""
    safe_streams()
    sys.exit(run(sys.argv[1:]))


def run(args: list[str]) -> int:
    """One call of the program; returns its exit status. ``--debug`` may stand anywhere; no command: help."""
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
