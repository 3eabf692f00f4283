"""The result files, each whole or not at all: made aside, looked at once more, put in place together."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from .decisions import FILE as DECISIONS
from .decisions import decisions_bytes
from .intake import SECONDS
from .job import StartError
from .kept import (
    HOLD,
    STAGE,
    UNDONE,
    BusyError,
    LastRun,
    Made,
    check,
    drop_stage,
    hold,
    keep_changed,
    keep_lost,
    last_run,
    new_stage,
    open_elsewhere,
    put_in_place,
)
from .pipeline import Checklist, Graded, Tick
from .recorded import RANKING
from .report.facts import FEEDBACK, MONEY, PROBLEMS, RECORD, SLIPS, Facts
from .report.feedback import write_feedback
from .report.mending import Mending, mendings, write_list, write_slip
from .report.money import write_money
from .report.notices import feedback_files, notices
from .report.problems import write_problems
from .report.ranking import write_ranking
from .report.reviewing import review_book
from .review import written_beside
from .text import os_reason, some
from .workbook.book import set_aside, write_whole
from .workbook.style import PLAIN, Theme
from .workers import Workers

FEW, BATCH = 24, 24
"""Fewer feedback workbooks than this are written sooner than a process is started; how many are begun at a time."""


def write(
    graded: Graded, out: Path, tick: Tick = lambda *_: None, workers: Workers | None = None, theme: Theme = PLAIN
) -> list[Path]:
    """Writes the result files, each whole or not at all, results.json last; returns what was written.

    A result that a person changed since the last run stays as a dated copy (``graded.kept``); the feedback of a unit
    that has no result any more is removed. Raises StartError before anything is written when a file is open elsewhere,
    another run is writing there, the inventory does not close, or no return at all would replace some; with the old
    results still there when one of the new ones is not as it should be or cannot be written.
    """
    if not graded.closes():
        raise StartError(f"清点不平，没有写排名（程序错误，请反馈）：文件 {graded.files()}，单位 {graded.units()}")
    refuse_emptier(graded, out)
    if workers is None:
        with Workers() as own:
            return write(graded, out, tick, own, theme)
    facts = facts_of(graded, out, theme)
    refuse_locked(out)
    try:
        with hold(out):
            try:
                return _write(graded, facts, last_run(out), tick, workers)
            finally:
                # who still writes would make the stage anew
                workers.cancel()
                drop_stage(out / STAGE)
    except BusyError:
        raise StartError(f"另一次运行正在往 {out} 写结果，这一次没有写。请等它写完，再重新运行") from None
    except OSError as error:
        raise StartError(_unwritten(error, out)) from error


def write_review(checklist: Checklist, out: Path, theme: Theme = PLAIN) -> list[Path]:
    """Writes the review workbook, whole or not at all; returns the copies of what would have been lost: words that
    somebody wrote elsewhere in the one that was there. Raises StartError where it is open in another program."""
    if open_elsewhere(out.parent, [out.name]):
        raise StartError(f"{out} 正被别的程序打开或不可写，请先关闭再运行")
    data = review_book(facts_of(checklist.graded, out.parent, theme), checklist.tasks)
    try:
        kept = [set_aside(out)] if out.is_file() and written_beside(out.read_bytes()) else []
        write_whole(out, data)
    except OSError as error:
        raise StartError(f"{out} 没有写成（{os_reason(error)}）；原来的没有动") from error
    return kept


def refuse_emptier(graded: Graded, out: Path) -> None:
    """Raises StartError where a folder without any return would take the place of a result that was made of some."""
    said = next((each.message for each in graded.findings if each.code == "returns-none"), "")
    if said and _made_of_returns(out):
        raise StartError(
            f"{said}，{out} 里原来的结果没有动。是不是写错了文件夹？"
            f"确实一份也没有的，用 -o 写到另一个文件夹，或先把 {out} 移走"
        )


def _made_of_returns(out: Path) -> bool:
    """Whether a result lies there that does not itself say it was made of none."""
    try:
        found = json.loads((out / RECORD).read_text("utf-8"))["findings"]
        return all(each["code"] != "returns-none" for each in found)
    except (OSError, ValueError, KeyError, TypeError):
        return any((out / name).exists() for name in (RANKING, MONEY, PROBLEMS, RECORD))


def _write(graded: Graded, facts: Facts, before: LastRun, tick: Tick, workers: Workers) -> list[Path]:
    """Makes everything aside, looks at it once more, and puts it in place."""
    out = before.out
    told, slips = [f"{FEEDBACK}/{name}" for name in feedback_files(facts)], list(mendings(facts))
    asked = [DECISIONS] if graded.questions or graded.decisions.taken else []
    names = [*told, *(each.name for each in slips), RANKING, MONEY, PROBLEMS, *asked, RECORD]
    stage, made = new_stage(out), list[Made]()
    writing = chain(_feedback(facts, stage, workers), _slips(slips, stage, workers))
    steps: list[tuple[str, Callable[[Path, Facts], None]]] = [
        (RANKING, write_ranking), (MONEY, write_money), (PROBLEMS, write_problems),
    ]  # fmt: skip
    count = len(steps) + len(told) + len(slips)
    for k, (name, step) in enumerate(steps):
        tick("写结果", k, count)
        step(stage / name, facts)
        # while the processes write the others
        made.append(check(stage, name, linked=name == PROBLEMS))
    record = json.dumps(facts.record, ensure_ascii=False).encode()
    for k, each in enumerate(writing, len(steps) + 1):
        tick("写结果", k, count)
        made.append(each)
    write_whole(stage / RECORD, record)
    if asked:
        write_whole(stage / DECISIONS, decisions_bytes(graded.questions, graded.decisions, facts.book("处理意见")))
    made += [check(stage, name) for name in (*asked, RECORD)]
    if wrong := [fault for each in made for fault in each.wrong]:
        raise StartError(f"写出的文件没有通过检查，原来的结果没有动（程序错误，请反馈）：{some(wrong, '处')}")
    graded.kept = keep_changed(before, _hand_written(before, names))
    if asked and before.changed(DECISIONS):
        graded.kept += keep_lost(out / DECISIONS, (stage / DECISIONS).read_bytes())
    marks = {each.name: each.mark for each in made}
    put_in_place(before, stage, {name: marks[name] for name in names})
    folders = [folder for folder, there in ((FEEDBACK, told), (SLIPS, slips)) if there]
    return [out / name for name in (RANKING, MONEY, PROBLEMS, RECORD, *asked, *folders)]


_ROOM = {errno.ENOSPC: "腾出空间", errno.EDQUOT: "腾出空间", errno.EFBIG: "放宽文件大小的限制，或换一个能写的文件夹"}


def _unwritten(error: OSError, out: Path) -> str:
    """What could not be written, why, and how the old results are."""
    path = Path(error.filename2 or error.filename or out)
    path = Path(*(part for part in path.parts if part not in (STAGE, HOLD)))
    mixed = (out / UNDONE).exists()
    now = "结果文件夹里可能新旧混在一起" if mixed else "原来的结果没有动"
    mend = _ROOM.get(error.errno or 0, "关闭打开它的程序，或换一个能写的文件夹")
    return f"结果没有写完：{path}（{os_reason(error)}）。{now}。请{mend}，再重新运行"


def _hand_written(before: LastRun, names: Sequence[str]) -> list[str]:
    """What a person may have changed of what is written again or removed; the decisions are carried over instead."""
    return [name for name in dict.fromkeys([*before.files, *before.begun, *names]) if name != DECISIONS]


def _feedback(facts: Facts, stage: Path, workers: Workers) -> Iterator[Made]:
    """Every unit's feedback; the processes write the first ones while the next are put together."""
    told, begun = notices(facts), list[Iterator[Made]]()
    while some_ := [(stage, f"{FEEDBACK}/{each.file}", each) for each in islice(told, BATCH)]:
        # where processes are at work already, they take the last few too
        begun.append(workers.map(write_feedback, some_, enough=1 if begun else FEW))
    return chain.from_iterable(begun)


def _slips(asked: Sequence[Mending], stage: Path, workers: Workers) -> Iterator[Made]:
    """Every slip, begun when nothing else is being done: one that never ends takes its processes with it."""
    yield from workers.map(write_slip, [(stage, each) for each in asked], write_list, enough=1, seconds=SECONDS)


def facts_of(graded: Graded, out: Path = Path(), theme: Theme = PLAIN) -> Facts:
    return Facts(
        graded.scheme,
        graded.roster,
        graded.terms.year,
        graded.terms.period,
        graded.stage,
        graded.parts,
        graded.inbox.arrived,
        graded.findings,
        graded.files(),
        graded.units(),
        graded.impacts,
        graded.terms.due,
        graded.terms.return_to,
        out,
        theme,
    )


def as_record(graded: Graded) -> dict[str, Any]:
    """The object of results.json."""
    return facts_of(graded).record


def refuse_locked(out: Path) -> None:
    """Raises StartError for a result that is open in another program, before any work."""
    names = dict.fromkeys([RANKING, MONEY, PROBLEMS, RECORD, DECISIONS, *last_run(out).files])
    held = open_elsewhere(out, names)
    if held:
        said = some([str(path) for path in held], "个文件", 3)
        raise StartError(
            f"{said} 正被别的程序打开或不可写，请先关闭再运行；没有打开的，删去旁边的临时锁文件（~$ 或 .~lock 开头）"
        )
