"""What every rule becomes: lines of count × points, from which the one formula tree is derived."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor as rounded_down

from ..formula.excel import spans_units
from ..formula.say import decimal
from ..formula.tree import Apply, Node, Number, num, refs, times
from ..model import Check, Origin, Part
from .divisors import undivided


@dataclass(frozen=True, slots=True)
class Line:
    """``count`` × ``each`` points (negative: a deduction). ``measure`` is the unit counted, empty where the
    count is only 0 or 1. ``again``: a further step on top of the line before. ``missed``: what is said when the
    count is 0 and another line of the item is not. ``times``: it gives no points, but where its count is not 0 what is
    named by ``on`` is multiplied: what the item gives (得分), or what its lines add or deduct. A line of no points
    otherwise is there for what it says. ``gives``: what the item has come to with this line (a place among others), so
    that the lines before it need not be said."""

    label: str
    count: Node
    each: Fraction
    measure: str = ""
    again: bool = False
    missed: str = ""
    times: Fraction | None = None
    on: str = ""
    gives: Fraction | None = None

    def sentence(self, count: Fraction) -> str:
        """Why this line gave what it gave, for a count that is not 0."""
        if self.times is not None:
            return f"{self.label}，{self.on}{multiplied(self.times)}"
        if self.gives is not None:
            return f"{self.label}，加{decimal(self.gives)}分"
        if not self.each:
            return f"{self.label}{brief(count)}{self.measure}" if self.measure else self.label
        points = brief(abs(count * self.each))
        verb = "扣" if self.each < 0 else "加" if self.each > 0 else "计"
        if not self.measure:
            return f"{self.label}，{'再' if self.again else ''}{verb}{points}分"
        if self.measure == "分" and self.each > 0 > count:
            return f"{self.label}，扣{points}分"
        if self.measure == "分":
            # words of an author that end with points of their own: 第一名加1分
            apart = "：" if self.label.endswith("分") and self.label[-2:-1].isdigit() else ""
            return f"{self.label}{apart}{brief(count)}分" + (f"，扣{points}分" if self.each < 0 else "")
        return f"{self.label}{brief(count)}{self.measure}×{decimal(abs(self.each))}分，{verb}{points}分"


def multiplied(times: Fraction) -> str:
    return {Fraction(1, 2): "减半", Fraction(2): "加倍", Fraction(0): "不计"}.get(times, f"乘{decimal(times)}")


def brief(value: Fraction) -> str:
    """A number in a sentence: as it is where it has few decimals, else to two, as points are."""
    if (value * 1000).denominator == 1:
        return decimal(value)
    return decimal(Fraction(rounded_down(value * 100 + Fraction(1, 2)), 100))


@dataclass(frozen=True, slots=True)
class Piece:
    """One component of an item's rule.

    ``full``: the item starts from full marks and the lines deduct. ``zero``: denominators that count as
    met when 0, each with its name. ``text``: the rule in words. ``hint``: said when no line applies. ``checks``:
    consistency rules that follow from the rule's own limits; ``beside``: cells without which the lines say nothing;
    ``skips``: denominators without which the item does not count. ``single``: of its lines, each of which counts 0 or
    1, no two apply, and all add or all deduct. ``capped``: it adds up to the item's points, which all its rules share.
    """

    lines: tuple[Line, ...]
    text: str
    full: bool = False
    zero: tuple[tuple[str, Node], ...] = ()
    hint: str = ""
    checks: tuple[Check, ...] = ()
    beside: tuple[str, ...] = ()
    skips: tuple[Node, ...] = ()
    single: bool = False
    capped: bool = False

    @property
    def counting(self) -> tuple[Line, ...]:
        """The lines as the tree has them: of those of which no two apply one, whose bounds are those of any of them."""
        if not self.single:
            return self.lines
        chosen: Node = num(0)
        sign = Fraction(-1 if any(line.each < 0 for line in self.lines) else 1)
        for line in reversed(self.lines):
            chosen = Apply("IF", (Apply(">", (line.count, num(0))), Number(line.each * sign), chosen))
        return (Line("", chosen, sign, "分"),)


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled item: ``tree`` gives its points, ``needs`` are the cells that must be known for it.

    ``shows``: all the cells it reads; ``undivided``: where one of these holds it divides by 0, and its points are open.
    ``counted`` is False where the period is too short for the line: it is shown as progress, worth 0.
    ``raters``: its cells are the marks of several raters, any of which suffices. ``floor``: what it gives at least,
    None: no matter how little (不封底). ``excuses``: why it may not count for a subject, in words, each with its
    condition; ``asked``: whose item it is, None: of all; ``mark``: its full mark where that is not the same for all,
    ``nominal``: before anything does not count; ``plain``: its points before they are weighted.
    """

    id: str
    lines: tuple[Line, ...]
    tree: Node
    points: Fraction | None
    full: bool
    text: str
    needs: tuple[str, ...]
    shows: tuple[str, ...]
    zero: tuple[tuple[str, Node], ...] = ()
    hint: str = ""
    undivided: tuple[Node, ...] = ()
    counted: bool = True
    across: bool = False
    raters: bool = False
    floor: Fraction | None = Fraction(0)
    excuses: tuple[tuple[str, Node], ...] = ()
    asked: Node | None = None
    mark: Node | None = None
    nominal: Node | None = None
    plain: Node | None = None

    @property
    def extra(self) -> bool:
        """A bonus or a deduction line."""
        return self.id.endswith(("+", "-"))

    @property
    def reads(self) -> tuple[str, ...]:
        """The cells that must be known before the line has points in this period."""
        return self.shows if self.counted else ()

    @property
    def of(self) -> Fraction | None:
        """The full mark in this period."""
        return self.points if self.counted else Fraction(0)

    @property
    def skips(self) -> tuple[Node, ...]:
        """Where it does not count for those whose item it is."""
        return tuple(node for _, node in self.excuses[self.asked is not None :])

    @property
    def worth(self) -> Node:
        """The full mark in this period as a tree."""
        return self.mark or Number(self.of or Fraction(0))

    @property
    def whole(self) -> Node:
        """The full mark before anything does not count."""
        return self.nominal or Number(self.of or Fraction(0))

    def live(self, part: Part) -> bool:
        """Whether a unit's own figures decide the line, so that its template can show the points."""
        asked = (part.input(cell.partition("[")[0]) for cell in self.shows)
        return not self.across and all(each.origin is not Origin.REVIEW for each in asked)


def assemble(
    id: str,
    points: Fraction | None,
    pieces: list[Piece],
    optional: set[str],
    counted: bool,
    raters: bool = False,
    floor: Fraction | None = Fraction(0),
) -> Rule:
    """The rule of an item from its pieces: one cap, one floor, rounded to 2 decimals."""
    full = any(piece.full for piece in pieces)
    lines = tuple(line for piece in pieces for line in piece.lines)
    counting = tuple(line for piece in pieces for line in piece.counting)
    tree = _tree(counting, points, full, floor, id.endswith("-")) if counted else num(0)
    read = [name for line in lines for name in refs(line.count)]
    shows = tuple(dict.fromkeys([*read, *(name for piece in pieces for name in piece.beside)]))
    return Rule(
        id=id,
        lines=lines,
        tree=tree,
        points=points,
        full=full,
        text=_text(pieces, points, full, floor, id.endswith("-")),
        needs=tuple(name for name in refs(tree) if name not in optional),
        shows=shows,
        zero=tuple(zero for piece in pieces for zero in piece.zero),
        undivided=tuple(test for _, test in undivided(tree)),
        hint="；".join(piece.hint for piece in pieces if piece.hint),
        counted=counted,
        across=spans_units(tree),
        raters=raters,
        floor=floor,
    )


def _tree(
    lines: tuple[Line, ...], points: Fraction | None, full: bool, floor: Fraction | None, takes_only: bool
) -> Node:
    start: Node | None = Number(points) if full and points is not None else None
    own = [line for line in lines if line.times is None and line.each]
    least = floor if full and points is not None else floor or None
    if takes_only:
        # outside the hundred nothing is started from: the points are the most that it takes
        start, least, points = None, None if points is None else -points, None
    adds, takes, gives = ([line for line in lines if line.on == on] for on in ("加分", "扣分", "得分"))
    if adds or takes:
        added = _multiplied(_sum(None, [line for line in own if line.each > 0]), adds)
        taken = _multiplied(_sum(None, [replace(line, each=-line.each) for line in own if line.each < 0]), takes)
        added = added if start is None else Apply("+", (start, added))
        result: Node = Apply("-", (added, taken))
    else:
        result = _sum(start, own)
    result = _between(result, points, least)
    if gives:
        result = _between(_multiplied(result, gives), points, least)
    return Apply("ROUND", (result, num(2)))


def _between(node: Node, points: Fraction | None, least: Fraction | None) -> Node:
    if points is not None:
        node = Apply("MIN", (Number(points), node))
    return node if least is None else Apply("MAX", (Number(least), node))


def _multiplied(node: Node, factors: list[Line]) -> Node:
    for line in factors:
        assert line.times is not None and isinstance(line.count, Apply)
        node = Apply("*", (node, Apply("IF", (line.count.args[0], Number(line.times), num(1)))))
    return node


def _sum(start: Node | None, lines: list[Line]) -> Node:
    result = start
    for line in lines:
        if result is None and line.each > 0:
            result = times(line.count, line.each)
            continue
        sign = "-" if line.each < 0 else "+"
        result = Apply(sign, (result or num(0), times(line.count, abs(line.each))))
    return result or num(0)


def _text(pieces: list[Piece], points: Fraction | None, full: bool, floor: Fraction | None, takes_only: bool) -> str:
    said = list(dict.fromkeys(piece.text for piece in pieces if piece.text))
    words = "；".join(said)
    if any(piece.capped for piece in pieces) and not (full and points is not None):
        cap = "不封顶" if points is None else f"{'合计' if len(said) > 1 else ''}最多{decimal(points)}分"
        words += f"{'；' if len(said) > 1 else '，'}{cap}"
    if takes_only:
        return words if points is None else f"{words}；最多扣{decimal(points)}分"
    if floor:
        return f"{words}；最低{decimal(floor)}分"
    if not full or points is None:
        return words
    return f"{words}；{'不封底' if floor is None else '扣完为止'}"
