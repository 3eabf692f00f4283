"""What a run says on the terminal: who stands where, what to do first, where to look and what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import click

from .console import pad, program, quoted, table
from .decisions import FILE as DECISIONS
from .decisions import WAIVE
from .findings import Finding, Level
from .formula.say import decimal
from .model import OutcomeKind, State
from .pipeline import Checklist, Graded
from .recorded import RANKING
from .report.facts import FEEDBACK, MONEY, PROBLEMS, RECORD, SLIPS
from .report.names import titled
from .report.reviewed import NOT, PARTLY, WHOLE, reviewed
from .report.tasks import ORDER as WORDS
from .results import Award, PartResult
from .scheme.conditions import LAST
from .text import some, width

FIRST = 5
"""So many places, and so many things to do."""
_SCORED = (State.ASSESSED, State.PROVISIONAL)
_BLOCKED = (State.REFUSED, State.HELD, State.MISSING)
_UNITS_OWN = "构格核人"
"""The numbers of findings that the unit itself has to mend in its return."""
_WHOLE_FILES = "文属"
"""The numbers of findings that keep a whole file out."""
_COLOUR = {Level.ERROR: "red", Level.WARNING: "yellow"}
_WHAT = {
    RANKING: "名次、等次、得分明细",
    MONEY: "每一笔奖惩和依据",
    PROBLEMS: "还缺谁、哪一格要改",
    DECISIONS: "要人决定的事",
    RECORD: "全部结果，供程序读取",
    FEEDBACK: "发给各单位的反馈：得分、理由、核定了什么",
    SLIPS: "要改的表，格子已标出：发回各单位改",
}


@dataclass(slots=True)
class Task:
    """Findings that one action settles. ``key``: the state, the unit or the code that they share."""

    key: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def level(self) -> Level:
        return Level.ERROR if any(each.level is Level.ERROR for each in self.findings) else Level.WARNING

    @property
    def units(self) -> list[str]:
        return list(dict.fromkeys(each.unit for each in self.findings if each.unit))

    @property
    def own(self) -> bool:
        """Whether a unit has to mend it in its return."""
        return self.key in self.units

    @property
    def order(self) -> tuple[bool, int, int]:
        """Errors first; then what keeps whole units out, what is wrong in cells, and the rest; much before little."""
        whole = self.key in _BLOCKED or self.findings[0].number[0] in _WHOLE_FILES
        kind = 0 if whole else 1 if self.own else 2
        return self.level is not Level.ERROR, kind, -len(self.findings)

    def line(self) -> str:
        mark = click.style(f"[{self.level}]", fg=_COLOUR[self.level], bold=True)
        return f"{mark} {self.what()}　→ {self.mend()}"

    @property
    def _telling(self) -> Finding:
        """The finding that says most: of the gravest, one that stands in a file."""
        return min(self.findings, key=lambda each: (each.level is not self.level, not each.source.file))

    def what(self) -> str:
        if self.own:
            return self._of_unit()
        blocked, first = self.key in _BLOCKED, self._telling
        if blocked and len(self.units) > 1:
            return f"{len(self.units)} 个单位{self.key}：{some(self.units, '个单位')}"
        files = list(dict.fromkeys(each.source.file for each in self.findings if each.source.file))
        if len(self.units) > 1:
            return f"{first.message}（{some(self.units, '个单位')}）"
        if len(files) > 1:
            others = "等" if len({each.message for each in self.findings}) > 1 else ""
            return f"{first.message}{others}（{some(files, '个文件')}）"
        head = "，".join(part for part in (first.unit, *first.source) if part)
        times = f"（共 {len(self.findings)} 处）" if len(self.findings) > 1 and not blocked else ""
        return f"{head + '：' if head else ''}{first.message}{times}"

    def _of_unit(self) -> str:
        """One unit: the finding itself, or where in its return the several stand."""
        if len(self.findings) == 1:
            _, sheet, cell = self.findings[0].source
            return f"{self.key}：{f'{sheet} {cell}：'.lstrip() if cell else ''}{self.findings[0].message}"
        wrong = [each for each in self.findings if each.level is Level.ERROR]
        doubtful = [each for each in self.findings if each.level is not Level.ERROR]
        said = [_counted(each, word) for each, word in ((wrong, "待改"), (doubtful, "请核对")) if each]
        return f"{self.key}：{'，'.join(said)}"

    def mend(self) -> str:
        """How to mend the finding that says most; where several differ, where each says it."""
        if self.own and len(self.findings) > 1:
            if self.level is Level.WARNING:
                return f"请单位按 {PROBLEMS} 核对；无误的不用改"
            return f"请单位按 {PROBLEMS} 逐处改好后重报"
        if self.key == State.REFUSED and len(self.units) > 1:
            return f"请各单位按 {PROBLEMS} 写的原因改好后重报"
        if self.key not in _BLOCKED and len({each.mend for each in self.findings}) > 1:
            return f"按 {PROBLEMS} 各自写的办法处理"
        return self._telling.mend


def _counted(findings: Sequence[Finding], word: str) -> str:
    """In how many cells of one return something stands, and which."""
    # a contradiction names several cells at once
    cells = dict.fromkeys((each.source.sheet, cell) for each in findings for cell in each.source.cell.split("、"))
    if all(cell for _, cell in cells):
        return f"{len(cells)} 格{word}（{some([cell for _, cell in cells], '格')}）"
    telling = min(findings, key=lambda each: not each.source.file)
    return f"{len(findings)} 处{word}（{telling.message}{'等' if len(findings) > 1 else ''}）"


def tasks(findings: Iterable[Finding], states: dict[str, State] | None = None) -> list[Task]:
    """Errors and warnings as different things to do, the most urgent first; ``states`` of the units."""
    found: dict[str, Task] = {}
    for each in findings:
        if each.level is not Level.NOTE:
            key = _key(each, states or {})
            found.setdefault(key, Task(key)).findings.append(each)
    return sorted(found.values(), key=lambda task: task.order)


def _key(each: Finding, states: dict[str, State]) -> str:
    state = states.get(each.unit)
    # of a unit that sent nothing a file can only be another's: a table of the office
    if state in _BLOCKED and not (state is State.MISSING and each.source.file):
        return str(state)
    return each.unit if each.unit and each.number[0] in _UNITS_OWN else each.code


def findings_lines(findings: Sequence[Finding], verbose: bool) -> list[str]:
    """What to do first, or with ``verbose`` all that was found."""
    if verbose:
        return [each.line() for each in findings]
    return _first(tasks(findings), "加 -v 全部列出")


def _first(todo: Sequence[Task], rest: str) -> list[str]:
    """The first things to do, numbered; ``rest``: where the others stand."""
    lines = [f"{k}. {task.line()}" for k, task in enumerate(todo[:FIRST], 1)]
    return lines + ([f"……另有 {len(todo) - FIRST} 件，{rest}"] if len(todo) > FIRST else [])


def summary(graded: Graded, written: Sequence[Path], verbose: bool = False) -> list[str]:
    """The lines after a run; ``written``: the result files, none where nothing was written."""
    todo = tasks(graded.findings, _states(graded))
    lines = [*_face(graded), "", *_counts(graded)]
    for part in graded.parts:
        lines += _block(_places_head(part), _places(part))
    lines += _block("金额", _money(graded))
    rest = f"见 {PROBLEMS}" if written else "加 -v 全部列出"
    lines += _block("先办", [*_first(todo, rest), *_notes(graded, rest)])
    lines += _block("全部问题", [each.line() for each in graded.findings] if verbose else [])
    lines += _block("打开看", _files(written))
    lines += _block("手工改过的结果另存了", [str(path) for path in graded.kept])
    return lines + _block("接下来", _next(graded, todo, written))


def _block(head: str, rows: Sequence[str]) -> list[str]:
    return ["", click.style(head, bold=True), *(f"  {each}" for each in rows)] if rows else []


def _states(graded: Graded) -> dict[str, State]:
    scores = graded.parts[0].scores
    return {each.unit: state for each, state in zip(scores.subjects, scores.states, strict=True)}


def _face(graded: Graded) -> list[str]:
    """What was assessed, and what every result of it has to say."""
    scheme, terms = graded.scheme, graded.terms
    title = click.style(f"{scheme.title}　{terms.year}年{terms.period}", bold=True)
    lines = [f"{title}　方案状态：{scheme.status}{f'（{scheme.caution}）' if scheme.caution else ''}"]
    return lines + [each.message for each in graded.findings if each.code == "issue-used"]


def _counts(graded: Graded) -> list[str]:
    lines = [f"文件 {_count(graded.files(), '个')}", f"单位 {_count(graded.units(), '个')}{_gone(graded)}"]
    for part in graded.parts:
        if part.scores.part.many:
            counts = Counter(str(state) for state in part.scores.states)
            lines.append(f"个人 {_count(counts | {'合计': len(part.scores.states)}, '人')}")
    lines += [_reviewed(part) for part in graded.parts]
    if graded.stage:
        lines.append(click.style("阶段结果：还有单位未定，名次和跨单位的加分、奖励可能变化", fg="yellow"))
    return lines


def _reviewed(part: PartResult) -> str:
    """How many of those that are scored are reviewed, in whole or in part."""
    scores, extents = part.scores, reviewed(part.scores)
    kinds = [extents[row].kind for row, state in enumerate(scores.states) if state in _SCORED]
    counts = {kind: kinds.count(kind) for kind in (WHOLE, PARTLY, NOT)} | {"合计": len(kinds)}
    return f"{'个人' if scores.part.many else ''}复查 {_count(counts, '人' if scores.part.many else '个单位')}"


def _count(counts: dict[str, int], noun: str) -> str:
    parts = [f"{name} {count}" for name, count in counts.items() if count and name != "合计"]
    return f"{counts['合计']} {noun}{'：' if parts else ''}{'，'.join(parts)}"


def _gone(graded: Graded) -> str:
    gone = int(graded.parts[0].scores.closed.sum())
    return f"（已截止收报，其中 {gone} 个不参评）" if gone else ""


def _places_head(part: PartResult) -> str:
    """How many places are listed beneath."""
    words = ("名次", "名次", "前两名", "前三名", "前四名", "前五名")
    return ("个人" if part.scores.part.many else "") + words[len(part.scores.best(FIRST))]


def _places(part: PartResult) -> list[str]:
    """The first five places; a veto stands beside the name, and how many more share the last place."""
    scores = part.scores
    rows = scores.best(FIRST)
    if not rows:
        return ["还没有名次"]
    names = [scores.subjects[row].label for row in rows]
    points = [f"{decimal(scores.total(row) or Fraction(0))} 分" for row in rows]
    places = [f"{scores.group(row)}第 {scores.rank(row)} 名" for row in rows]
    wide, far = max(map(width, names)), max(map(width, points))
    lines = [
        f"{place}  {pad(name, wide)}  {' ' * (far - width(got))}{got}{_last(part, row)}{_vetoed(part, row)}"
        for row, name, got, place in zip(rows, names, points, places, strict=True)
    ]
    if scores.part.groups:
        return lines
    last = scores.rank(rows[-1])
    more = scores.totals.rank.count(last) - sum(scores.rank(row) == last for row in rows)
    return [*lines, f"并列第 {last} 名的还有 {more} 个"] if more else lines


def _last(part: PartResult, row: int) -> str:
    """That the place of a subject is not by its points."""
    return f"  {LAST}，不论总分" if part.scores.last(row) else ""


def _vetoed(part: PartResult, row: int) -> str:
    """By what a subject is vetoed, with the reason and the clause."""
    vetoes = [each.outcome for each in part.of(row) if each.outcome.kind is OutcomeKind.VETO]
    said = "；".join(f"{titled(each.id)}，{each.because}（{each.clause}）" for each in vetoes)
    return f"  一票否决：{said}" if vetoes else ""


def _money(graded: Graded) -> list[str]:
    """What is paid and what is owed, each with what is not settled yet; nothing where the scheme has no money."""
    outcomes = [each for part in graded.scheme.parts for each in part.outcomes]
    awards = [each for part in graded.parts for each in part.awards if each.amount is not None]
    lines = []
    for head, word, fine in (("奖励", "应付", False), ("处罚", "应缴", True)):
        mine = [each for each in awards if (each.outcome.kind is OutcomeKind.FINE) is fine]
        declared = any(each.amount is not None or each.price is not None for each in outcomes
                       if (each.kind is OutcomeKind.FINE) is fine)  # fmt: skip
        if mine or declared:
            lines.append(f"{head}：{'；'.join(_sums(mine, word))}")
    settled = [each for part in graded.parts for each in part.settlements.values()]
    if any(each.fine for each in settled):
        deposit, due = sum(each.from_deposit for each in settled), sum(each.due for each in settled)
        lines.append(f"结算：从保证金扣 {deposit:,} 元，应补缴 {due:,} 元")
    return lines


def _sums(awards: Sequence[Award], word: str) -> list[str]:
    """What can be paid or asked for now, what a unit that is still open may change, and what a person must confirm."""
    groups = {
        word: [each for each in awards if each.payable and not each.nothing],
        "阶段（还可能变）": [each for each in awards if each.pending],
        "待确认": [each for each in awards if each.confirm and not each.pending],
    }
    return [
        f"{name} {sum(each.amount or 0 for each in mine):,} 元{f'（{len(mine)} 笔）' if mine else ''}"
        for name, mine in groups.items()
        if mine or name == word
    ]


def _notes(graded: Graded, rest: str) -> list[str]:
    """Where nothing is urgent, that; how many notes there are and where they stand."""
    count = sum(each.level is Level.NOTE for each in graded.findings)
    lines = [] if count < len(graded.findings) else [click.style("没有错误和警告", fg="green")]
    return lines + ([f"提示 {count} 条，{rest}"] if count else [])


def _files(written: Sequence[Path]) -> list[str]:
    """What was written, a line each; what only programs read comes last."""
    ordered = sorted(written, key=lambda path: path.name == RECORD)
    return table([(f"{path}/" if path.is_dir() else str(path), _WHAT.get(path.name, "")) for path in ordered])


def _next(graded: Graded, todo: Sequence[Task], written: Sequence[Path]) -> list[str]:
    """What is left to do, in the order in which an office does it."""
    steps: list[tuple[str, Callable[[], str]]] = [
        ("催报", lambda: _waiting(graded)),
        ("改表", lambda: _to_mend(graded, todo)),
        ("复查", lambda: _to_review(graded)),
        ("决定", lambda: _to_decide(graded, written)),
    ]
    rows = [(name, said) for name, step in steps if (said := step())]
    if not rows and graded.needs_person:
        rows.append(("处理", "先办里的事还没有办完，见 问题清单.xlsx"))
    if rows:
        rows.append(("再算", "办好一件或几件，再运行一次同样的命令"))
    else:
        rows.append(("公布", "没有要办的事了，名次和奖惩可以送审、公布"))
    best = graded.parts[0].scores.best(1)
    if written and best:
        unit = graded.parts[0].scores.subjects[best[0]].label
        rows.append(("查问", f"{program()} explain {quoted(written[0].parent)} {quoted(unit)}　逐项说明得分"))
    return table(rows)


def _waiting(graded: Graded) -> str:
    scores = graded.parts[0].scores
    waiting = [
        subject.unit
        for subject, state, closed in zip(scores.subjects, scores.states, scores.closed, strict=True)
        if state in (State.MISSING, State.REFUSED) and not closed
    ]
    return f"{some(waiting, '个单位')}还没有交来能用的填报表" if waiting else ""


def _to_mend(graded: Graded, todo: Sequence[Task]) -> str:
    """Whose returns have to be mended; what is wrong in a table of the office's own is not theirs."""
    returns = {each.name for each in graded.inbox.arrived}
    units = [task.key for task in todo if task.own
             and any(each.level is Level.ERROR and each.source.file in returns for each in task.findings)]  # fmt: skip
    return f"把 {SLIPS}/ 里的表发回{some(units, '个单位')}，改好的放进收回的文件夹，自动取代原来的" if units else ""


def _to_review(graded: Graded) -> str:
    """Who is scored on figures that nobody has verified yet."""
    said = []
    for part in graded.parts:
        scores = part.scores
        bare = sum(state in _SCORED and not scores.has_review(row) for row, state in enumerate(scores.states))
        said += [f"{bare} {'人' if scores.part.many else '个单位'}"] if bare else []
    todo = "用 xfkh review 写一本复查表，填好以后加上 --review 复查.xlsx"
    return f"{'、'.join(said)}还没有核定值：{todo}" if said else ""


def _to_decide(graded: Graded, written: Sequence[Path]) -> str:
    taken = graded.decisions
    asked = (each for each in graded.questions if not each.settled)
    open_ = [each for each in asked if not taken.decision(each.matter, each.key)]
    path = next((str(path) for path in written if path.name == DECISIONS), DECISIONS)
    if open_:
        return f"{len(open_)} 件事等人决定：在 {path} 里选“是”或“否”，写明理由"
    left = sum(each.matter == WAIVE and not taken.decision(each.matter, each.key) for each in graded.questions)
    return f"{left} 条警告，核对无误的可以在 {path} 里豁免，写明理由" if left else ""


def checklist_lines(made: Checklist, out: Path, dry_run: bool, verbose: bool) -> list[str]:
    """What a review workbook holds: how many rows of each kind, whose, and what comes next."""
    rows = [(each, part.plain.subjects[each.row]) for part in made.tasks for each in part.rows if each.cell]
    done = sum(each.verified for each, _ in rows)
    count = Counter(each.word for each, _ in rows if each.waits)
    units = len({subject.unit for _, subject in rows})
    lines = [f"{'将写' if dry_run else '已写'} {out}：{units} 个单位 {len(rows)} 行，已填核定值 {done} 行"]
    if count:
        lines.append("先看：" + "、".join(f"{word} {count[word]} 行" for word in WORDS if count[word]))
    else:
        lines.append("没有要先看的行")
    shown = [(each, subject) for each, subject in rows if each.waits and (verbose or each.word == WORDS[0])]
    lines += [f"  {subject.label}　{each.cell}　{each.word}　{each.note}" for each, subject in shown]
    lines += [f"  {each.line()}" for each in made.graded.findings
              if each.code.startswith("table-") and each.level is not Level.NOTE]  # fmt: skip
    lines += [f"  没有对应的行，列在「其他核定」：{each.unit}{f'/{each.person}' if each.person else ''} {each.cell}"
              for each in made.lost]  # fmt: skip
    folder = quoted(next(iter(made.graded.inbox.arrived)).path.parent) if made.graded.inbox.arrived else "收回"
    lines.append(f"填好保存后：{program()} grade {folder} -o 结果 --review {quoted(out)}")
    return lines


def checklist_record(made: Checklist) -> dict[str, object]:
    """The same for a machine: one object a row that needs somebody, and the sums."""
    rows = [(each, part.plain.subjects[each.row]) for part in made.tasks for each in part.rows if each.cell]
    return {
        "rows": len(rows),
        "verified": sum(each.verified for each, _ in rows),
        "waiting": [
            {"unit": subject.unit, "person": subject.person, "person_id": subject.person_id, "input": each.cell,
             "item": each.item.id if each.item else None, "why": each.word, "note": each.note}
            for each, subject in rows if each.waits
        ],
        "lost": [{"unit": each.unit, "person": each.person or None, "input": each.cell} for each in made.lost],
        "findings": [each.as_json() for each in made.graded.findings],
    }  # fmt: skip
