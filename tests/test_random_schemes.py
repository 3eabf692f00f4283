"""Whatever scheme an office writes, the form that its units fill in, LibreOffice and the engine say the same."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests import office
from tests.parity import Forms, differences, face, says, shown_by_doubles, shown_by_office, stale, write_forms
from tests.random_schemes import AMOUNTS, COUNTS, DRAWN, GROUP, Made, draw
from tests.ranked import Sent, changed, computed, scored, with_answer, write
from tests.ranked import differences as ranked_differences
from xfkh.model import State
from xfkh.results import PartScores
from xfkh.rules import KINDS, compile_part
from xfkh.scheme import Places, read_text
from xfkh.scheme.conditions import TOTAL
from xfkh.trial import tried

SEEDS = range(24)


def test_every_kind_of_rule_is_drawn() -> None:
    assert set(KINDS) - DRAWN == {"裁量区间"}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_the_form_of_any_scheme_shows_what_the_engine_says(by: Random) -> None:
    made = draw(by, items=5, sets=2)
    assume(made is not None)
    assert made is not None
    with TemporaryDirectory() as name:
        forms = write_forms(made.scheme, made.sets, Path(name))
        for said, path in zip(says(made.scheme, made.sets), forms.paths, strict=True):
            assert differences(said, face(shown_by_doubles(path))) == [], made.text


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Made, Forms]]:
    made = [each for seed in SEEDS if (each := draw(Random(seed))) is not None]
    assert len(made) > len(SEEDS) // 2
    return [(each, write_forms(each.scheme, each.sets, tmp_path_factory.mktemp("随机"))) for each in made]


def test_an_engine_whose_items_are_worth_less_is_found_out(drawn: list[tuple[Made, Forms]]) -> None:
    # marks are out of the points of their item: where they are asked for, fewer points make no scheme
    rated = re.compile("kind = '(评审打分|多人评分|分组评分)'")
    made, forms = next(each for each in drawn if not rated.search(each[0].text.partition("item = [")[2]))
    other, _ = read_text(made.text.replace("points = 10,", "points = 9.99,"))
    shown = [face(shown_by_doubles(path)) for path in forms.paths]
    assert all(differences(said, each) for said, each in zip(says(other, made.sets), shown, strict=True))


@pytest.mark.slow
@office.require_office
def test_libreoffice_shows_of_any_scheme_what_the_engine_says(drawn: list[tuple[Made, Forms]], tmp_path: Path) -> None:
    shown = shown_by_office([path for _, forms in drawn for path in forms.paths], tmp_path)
    wrong = [
        (made.text, difference)
        for made, forms in drawn
        for said, path in zip(says(made.scheme, made.sets), forms.paths, strict=True)
        for difference in differences(said, face(shown[path]))
    ]
    assert wrong == []


def test_nobody_gets_less_or_more_than_is_told_of_the_group_and_of_all() -> None:
    seen, bounded = 0, 0
    for seed in range(24):
        by = Random(seed)
        made = draw(by, items=6, sets=5)
        if made is None:
            continue
        trial, scores = tried(made.scheme, Places()), scored(made.scheme, made.sets)
        for row, filled in enumerate(made.sets):
            own = trial.groups["单位"][str(filled.answers[GROUP])]
            for all_, mine in zip(trial.spans["单位"], own, strict=True):
                got = scores.total(row) if mine.id == TOTAL else scores.points(row, mine.id)
                if got is None:
                    continue
                for each in (all_, mine):
                    assert each.low is None or each.low <= got, (made.text, filled, each, got)
                    assert each.high is None or got <= each.high, (made.text, filled, each, got)
                    seen, bounded = seen + 1, bounded + (each.low is not None)
    assert seen > 200 and bounded > seen * 2 // 3


def test_the_mean_of_others_lies_within_what_anybody_can_get() -> None:
    for seed in range(200):
        made = draw(Random(seed), items=4, sets=1)
        if made is None or "取均值" not in made.text:
            continue
        for item, span in zip(made.scheme.parts[0].items, tried(made.scheme, Places()).spans["单位"], strict=False):
            if any(rule.params.get("empty") == "取均值" for rule in item.rules):
                assert span.low is not None and span.high is not None, (made.text, span)


# --- what rests on other units --------------------------------------------------------------------


def ranked_round(seed: int) -> tuple[Made, dict[int, Sent]] | None:
    """A scheme at random some of whose points rest on other units, for nine, some of which are open."""
    by = Random(seed)
    made = draw(by, items=5, sets=9)
    if made is None or not any(rule.across for rule in compile_part(made.scheme, made.scheme.parts[0]).values()):
        return None
    sent = {row: Sent(by.choice([State.MISSING, State.HELD]), by.random() < 0.5) if by.random() < 0.5
            else Sent(closed=True) for row in range(9) if by.random() < 0.25}  # fmt: skip
    return made, sent


def rankings(folder: Path) -> list[tuple[Made, dict[int, Sent], PartScores, Path]]:
    found = list[tuple[Made, dict[int, Sent], PartScores, Path]]()
    for seed in SEEDS:
        if (drawn := ranked_round(seed)) is not None:
            made, sent = drawn
            scores = scored(made.scheme, made.sets, sent)
            found.append((made, sent, scores, write(scores, made.sets, folder / f"{seed}.xlsx")))
    assert len(found) > 8
    return found


def test_the_ranking_of_any_scheme_computes_to_what_is_stored(tmp_path: Path) -> None:
    for made, _, _, path in rankings(tmp_path):
        assert stale(path, shown_by_doubles(path)) == [], made.text


@pytest.mark.slow
@office.require_office
def test_libreoffice_moves_the_points_of_any_scheme_as_the_engine_does(tmp_path: Path) -> None:
    by, jobs = Random(1), list[tuple[str, PartScores, Path]]()
    for made, sent, scores, path in rankings(tmp_path):
        read = {name for rule in scores.rules.values() if rule.across for name in rule.shows}
        rows = [row for row, state in enumerate(scores.states) if state in (State.ASSESSED, State.PROVISIONAL)]
        row, name = by.choice(rows), by.choice(sorted(read & {*COUNTS, *AMOUNTS}))
        value = by.choice([0, 1, 19, 60])
        edited = changed(path, path.with_suffix(".改.xlsx"), [(scores.subjects[row].unit, name, value)])
        again = scored(made.scheme, with_answer(made.sets, row, name, value), sent)
        jobs += [(made.text, scores, path), (f"{row} {name} {value} {made.text}", again, edited)]
    for (said, scores, _), shown in zip(jobs, computed([path for *_, path in jobs]), strict=True):
        assert ranked_differences(scores, shown) == [], said
