"""Whose a return is, and whether it is one of this scheme, year and period."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..answers.measures import measures, remeasured
from ..findings import Finding, finding, quoted
from ..intake import Arrived
from ..intake.form import Form
from ..model import Fate, Part, Roster, Source
from ..text import clean, plain_name, some
from ..workbook.anchors import DIGEST, MEASURES, PERIOD, SCHEME, UNIT, VERSION, YEAR

_CATEGORY_WORDS = {
    "街道",
    "街道办",
    "街道办事处",
    "办事处",
    "乡镇",
    "开发区",
    "管委会",
    "社区",
    "委员会",
    "中心",
    "公司",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a return must carry to be taken: the scheme with its version, or an earlier one whose templates still
    count, the year and the period; ``alike``: the digests of schemes with the same questions and points."""

    scheme: str
    version: str
    digest: str
    year: str
    period: str
    earlier: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    def is_reissued(self, each: Arrived) -> bool:
        """Whether a return stands on a template that was issued before this scheme's, with the same questions and
        points, or of an earlier version: what that one printed is not known any more."""
        return self.is_earlier(each) or (each.form is not None and each.form.stamp.get(DIGEST, "") in self.alike)

    def is_earlier(self, each: Arrived) -> bool:
        """Whether a return stands on a template of an earlier version."""
        return each.form is not None and each.form.stamp.get(VERSION, "") in self.earlier


def likely(arrived: Iterable[Arrived]) -> Expected | None:
    """What most of the returns carry, for a folder without an 发放清单."""
    forms = {each.sha256: each.form for each in arrived if each.form is not None and each.fate is None}
    stamps = Counter(
        Expected(
            form.stamp.get(SCHEME, ""),
            form.stamp.get(VERSION, ""),
            form.stamp.get(DIGEST, ""),
            year_of(form),
            form.stamp.get(PERIOD, ""),
        )
        for form in forms.values()
    )
    # a blank that nobody filled in names no year, and must not take it from those that do
    dated = Counter({stamp: count for stamp, count in stamps.items() if stamp.year})
    return (dated or stamps).most_common(1)[0][0] if stamps else None


def year_of(form: Form) -> str:
    """The year of the stamp; on a blank template the four digits that stand on its cover."""
    written = unicodedata.normalize("NFKC", clean(form.cover_year))
    found = re.fullmatch(r"(\d{4})年?(度)?", written.strip())
    return form.stamp.get(YEAR, "") or (found[1] if found else "")


def written(each: Arrived) -> str:
    """The unit as a form names it: the stamp's, or for a blank template the cover's."""
    return (each.form.stamp.get(UNIT, "") or clean(each.form.cover_unit)) if each.form else ""


def readable(arrived: Iterable[Arrived]) -> list[Arrived]:
    return [each for each in arrived if each.form is not None and each.fate is None]


def set_aside(arrived: Iterable[Arrived], known: Names, declined: Container[str]) -> list[Finding]:
    """What a person decided against counts for nothing, and nothing more is said of it."""
    findings = list[Finding]()
    for each in readable(arrived):
        if each.sha256 in declined:
            each.unit = known.match(written(each)) or ""
            findings.append(each.end(Fate.IGNORED, finding("declined", Source(each.name), each.unit)))
            each.said, each.form = [], None
    return findings


LOST = {"file-text", "container-empty", "slip-unmended"}
"""Why a file is ignored in which a return was meant to be."""


def hint(arrived: Iterable[Arrived], known: Names) -> None:
    """Whose a file without a unit seems to be, where it cannot be used."""
    for each in arrived:
        if not each.unit and (each.fate in (Fate.REFUSED, Fate.HELD) or each.code in LOST):
            each.hint = known.seems(each.base, written(each))


def doubles(arrived: Iterable[Arrived], known: Names) -> list[Finding]:
    """Of several files with the same bytes one counts, if it may one whose name speaks of no other unit."""
    alike, findings = dict[str, list[Arrived]](), list[Finding]()
    for each in readable(arrived):
        alike.setdefault(each.sha256, []).append(each)
    for mine in (each for each in alike.values() if len(each) > 1):
        first = next((each for each in mine if not known.contradicted(each)), mine[0])
        for each in (each for each in mine if each is not first):
            findings.append(each.end(Fate.IGNORED, finding("file-same", Source(each.name), other=first.name)))
            each.said, each.form = [], None
    return findings


def misfit(each: Arrived, expected: Expected) -> Finding | None:
    """A return of another scheme, version, year or period is not scored by this one's rules."""
    assert each.form is not None
    stamp, source = each.form.stamp, Source(each.name)
    for what, place in each.form.formulas.items():
        each.unit = quoted(stamp.get(UNIT, ""))
        return each.end(Fate.REFUSED, finding("cover-formula", Source(each.name, *place), each.unit, what=what))
    year = year_of(each.form)
    if not year:
        each.unit = quoted(stamp.get(UNIT, ""))
        return each.end(Fate.REFUSED, finding("year-blank", source, each.unit))
    pairs = [("stamp-scheme", stamp.get(SCHEME, ""), expected.scheme)]
    if not expected.is_earlier(each):
        pairs.append(("stamp-version", stamp.get(VERSION, ""), expected.version))
        if not expected.is_reissued(each):
            pairs.append(("stamp-content", stamp.get(DIGEST, ""), expected.digest))
    pairs += [
        ("stamp-year", f"{year}年{stamp.get(PERIOD, '')}", f"{expected.year}年{expected.period}"),
    ]
    for code, found, wished in pairs:
        if found != wished:
            each.unit = quoted(stamp.get(UNIT, ""))
            facts = {"found": found, "wanted": wished, "version": expected.version}
            return each.end(Fate.REFUSED, finding(code, source, each.unit, **facts))
    if expected.is_earlier(each):
        found, now = quoted(stamp.get(VERSION, "")), expected.version
        each.said.append(finding("stamp-earlier", source, found=found, wanted=now))
    cover = clean(each.form.cover_year).strip()
    if cover and "".join(unicodedata.normalize("NFKC", cover).split()) not in _years(year, expected.period):
        each.said.append(finding("year-differs", source, cover=quoted(cover), stamp=year))
    elif cover and cover != year:
        each.said.append(finding("year-read", source, found=quoted(cover), year=year))
    return None


def other_measure(each: Arrived, parts: Sequence[Part], expected: Expected) -> Finding | None:
    """The figures of an earlier version count as they stand: what they are of must be the same."""
    assert each.form is not None
    stamp = each.form.stamp
    found = remeasured(stamp.get(MEASURES, ""), measures(parts)) if expected.is_earlier(each) else []
    if not found:
        return None
    facts = {"names": some(found, "处", 5), "found": quoted(stamp.get(VERSION, "")), "wanted": expected.version}
    return each.end(Fate.REFUSED, finding("stamp-measure", Source(each.name), each.unit, **facts))


def _years(year: str, period: str) -> set[str]:
    """How a year is written; anything more may be another one."""
    return {year, f"{year}年", f"{year}年度", f"{year}年{period}", f"{year}年度{period}"}


def claim(each: Arrived, known: Names, chosen: Mapping[str, str]) -> Finding | None:
    """Whose return it is: the stamp's unit, or for a blank template the cover's."""
    assert each.form is not None
    source, stamped, cover = Source(each.name), each.form.stamp.get(UNIT, ""), clean(each.form.cover_unit).strip()
    if stamped and cover and plain_name(stamped) != plain_name(cover) and each.sha256 not in chosen:
        each.unit = known.match(stamped) or ""
        facts = {"cover": quoted(cover), "stamp": quoted(stamped)}
        return each.end(Fate.HELD, finding("unit-differs", source, each.unit, **facts))
    name = stamped or cover
    if not name:
        return each.end(Fate.REFUSED, finding("unit-blank", source))
    match = known.match(name)
    if match is None and (seems := known.seems(each.base, name)) and chosen.get(each.sha256) == seems:
        match = seems
    if match is not None:
        each.unit = match
        for titled, sheet, cell in each.form.titles:
            # a sheet that was copied in from somebody else's form brings his figures
            if known.match(titled) != match and each.sha256 not in chosen:
                facts = {"titled": quoted(titled), "unit": match, "place": f"{quoted(sheet)} {cell}"}
                return each.end(Fate.HELD, finding("unit-title", Source(each.name, sheet, cell), match, **facts))
        if (named := known.other_in(each.base, match)) and each.sha256 not in chosen:
            return each.end(Fate.HELD, finding("unit-file", source, match, named=named, unit=match))
        if match != name:
            each.said.append(finding("unit-name", source, match, found=quoted(name), name=match))
        elif each.form.cover_unit not in ("", match, clean(match)):
            each.said.append(finding("unit-blanks", source, match, name=match))
        return None
    near = known.near(name)
    hint = f"，最像的是：{'、'.join(near)}" if near else ""
    return each.end(Fate.HELD if near else Fate.REFUSED, finding("unit-unknown", source, name=quoted(name), hint=hint))


class Names:
    """The roster's names, to find a unit by its name as somebody wrote it."""

    def __init__(self, roster: Roster) -> None:
        self.all = [unit.name for unit in roster.units]
        self._plain = {plain_name(name): name for name in self.all}
        self._words = {plain_name(unit.category) for unit in roster.units} | _CATEGORY_WORDS

    def named_in(self, file: str) -> str:
        """The one unit that a file's name speaks of."""
        said = plain_name(file)
        found = [full for short, full in self._plain.items() if short in said]
        # 东风街道办 speaks of 东风街道办, not of 东风街道
        longest = [each for each in found if not any(each != other and each in other for other in found)]
        return longest[0] if len(longest) == 1 else ""

    def other_in(self, file: str, own: str) -> str:
        """The one unit that a file's name speaks of, where that is another than the file is of."""
        named, mine = self.named_in(file), plain_name(own)
        return named if named and mine not in plain_name(file) and plain_name(named) != mine else ""

    def near(self, name: str) -> list[str]:
        """The names that are like one that is not on the roster."""
        return difflib.get_close_matches(name, self.all, 3, 0.5)

    def seems(self, file: str, written: str) -> str:
        """The one unit that a file seems to be of by its name and by the unit that stands in it, where these do not
        disagree: for people, never an identity."""
        match = self.match(written)
        near = [match] if match else self.near(written)
        found = {self.named_in(file), near[0] if len(near) == 1 else ""} - {""}
        return found.pop() if len(found) == 1 else ""

    def contradicted(self, each: Arrived) -> bool:
        """Whether a file's name speaks of another unit than its form."""
        assert each.form is not None
        own = self.match(written(each))
        return own is not None and bool(self.other_in(each.base, own))

    def match(self, name: str) -> str | None:
        """The same name but for width and spaces, or a short form that ends only one name; never a mere likeness."""
        plain = plain_name(name)
        if plain in self._plain:
            return self._plain[plain]
        if len(plain) < 2 or plain in self._words:
            return None
        ending = [full for short, full in self._plain.items() if short.endswith(plain)]
        return ending[0] if len(ending) == 1 else None
