"""What a person asked for, and by what it is counted: scheme, roster, settings, decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .answers import read_roster
from .console import meant, near, nearest
from .decisions import FILE as DECISIONS
from .decisions import Decisions, read_decisions
from .findings import Finding, finding
from .intake import Arrived
from .model import YEAR, Roster, Scheme, Source
from .receive import Expected, likely
from .scheme import load, read_text
from .scheme.compare import restructured
from .template import FILE as ISSUED
from .template import Issue, IssueError, read_issue


class StartError(Exception):
    """Grading could not start: what is missing and what to do."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)


@dataclass(slots=True)
class Job:
    """What a person asked for: paths and settings, nothing read yet; ``raters``: the least for whom there is room."""

    folders: list[Path]
    out: Path
    issued: Path | None = None
    scheme: str = ""
    roster: Path | None = None
    reviews: list[Path] = field(default_factory=list)
    decisions: Path | None = None
    previous: Path | None = None
    scores_from: Path | None = None
    settings: dict[str, str] = field(default_factory=dict)
    jobs: int = 1
    raters: int = 0

    @property
    def own(self) -> list[Path]:
        """The files named, which are no returns wherever they lie."""
        own = [path for path in (self.roster, self.issued, self.decisions, *self.reviews) if path]
        return [*own, Path(self.scheme)] if self.scheme and Path(self.scheme).is_file() else own


def find_issue(job: Job) -> Issue | None:
    """The 发放清单 named, or the one in a folder, beside it, or in a folder beside it.

    Raises StartError where the one found is unusable or it is not clear which one counts.
    """
    path = job.issued or next((found for folder in job.folders if (found := _issue_near(folder, job))), None)
    if path is None:
        return None
    try:
        return read_issue(path)
    except IssueError as error:
        raise StartError(f"{error}。请用原来的发放清单；没有了就移走它，用 --scheme 和 --roster 指定") from None


def _issue_near(folder: Path, job: Job) -> Path | None:
    folder = folder.resolve()
    for path in (folder / ISSUED, folder.parent / ISSUED):
        if path.is_file():
            return path
    if job.scheme and job.roster:
        return None
    found = sorted(folder.parent.glob(f"*/{ISSUED}"))
    if len(found) > 1:
        raise StartError(f"旁边有 {len(found)} 份发放清单（{'、'.join(map(str, found))}），请用 --issued 指定一份")
    return found[0] if found else None


def known_scheme(job: Job, issue: Issue | None) -> Scheme | None:
    """The scheme as it was issued, or the one asked for."""
    if issue and not job.scheme:
        return read_text(issue.scheme_text, Source(ISSUED))[0]
    return load(job.scheme)[0] if job.scheme else None


def scheme_of(
    known: Scheme | None, issue: Issue | None, arrived: list[Arrived], folders: Sequence[Path]
) -> tuple[Scheme, Expected]:
    """The scheme that is known, else the built-in one that the stamps name."""
    guess = likely(arrived)
    year, period = (
        (issue.terms.year, issue.terms.period) if issue else (guess.year, guess.period) if guess else ("", YEAR)
    )
    if known is None and guess is None:
        raise StartError(
            f"{listed(folders)} 里没有填报表，也没有发放清单，不知道按哪个方案计分。"
            "是不是写错了文件夹？没有写错的，用 --scheme 指定方案"
        )
    scheme = known or load(guess.scheme if guess else "")[0]
    alike = _alike(issue, scheme) if issue else ()
    return scheme, Expected(scheme.id, scheme.version, scheme.digest, year, period, scheme.accepts, alike)


def _alike(issue: Issue, scheme: Scheme) -> tuple[str, ...]:
    """The digests of what was issued with the same questions and points as those of a scheme."""
    if issue.digest == scheme.digest:
        return issue.alike
    return () if restructured(issue.scheme_text, scheme.text) else (issue.digest, *issue.alike)


def listed(folders: Sequence[Path]) -> str:
    return "、".join(map(str, folders))


def roster_of(job: Job, issue: Issue | None) -> tuple[Roster, list[Finding]]:
    if job.roster is None:
        if issue is None:
            raise StartError("没有名册，不知道该有哪些单位。请用 --roster 指定名册，或把 发放清单.xlsx 放进文件夹")
        return issue.roster, []
    roster = read_roster(job.roster)
    return roster, _roster_changes(roster, issue.roster) if issue else []


def _roster_changes(now: Roster, before: Roster) -> list[Finding]:
    old, new = {unit.name: unit for unit in before.units}, {unit.name: unit for unit in now.units}
    parts = [("增加", new.keys() - old.keys()), ("减少", old.keys() - new.keys())]
    parts.append(("属性改变", {name for name in old.keys() & new.keys() if old[name] != new[name]}))
    what = "；".join(f"{verb}{'、'.join(sorted(names))}" for verb, names in parts if names)
    return [finding("roster-differs", now.source, what=what)] if what else []


def with_settings(scheme: Scheme, settings: Mapping[str, str]) -> Scheme:
    try:
        return scheme.with_settings(settings)
    except KeyError as error:
        known = [each.id for each in scheme.readings if each.options] + [each.id for each in scheme.parameters]
        hint = nearest(error.args[0], known) if known else "；本方案没有可以改的"
        raise StartError(f"--set 没有叫「{error.args[0]}」的口径或参数{hint}") from None
    except ValueError as error:
        raise StartError(f"--set {error}{_meant_value(scheme, settings)}") from None


def _meant_value(scheme: Scheme, settings: Mapping[str, str]) -> str:
    """The option of a reading that a value which is none may have meant."""
    wrong = [each for each in scheme.readings if settings.get(each.id, each.value) not in (each.value, *each.options)]
    return meant(near(settings[wrong[0].id], list(wrong[0].options))) if wrong else ""


def decisions_of(job: Job) -> tuple[Decisions, list[Finding]]:
    path = job.decisions or job.out / DECISIONS
    return read_decisions(path) if path.is_file() else (Decisions(), [])
