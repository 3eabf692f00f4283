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
from tests.parity import Forms, differences, face, says, shown_by_doubles, shown_by_office, write_forms
from tests.random_schemes import DRAWN, Made, draw
from xfkh.rules import KINDS
from xfkh.scheme import read_text

SEEDS = range(24)


def test_every_kind_of_rule_is_drawn() -> None:
    """取均值 and 与均值比 have no place in a form: they wait for the other units."""
    assert set(KINDS) - DRAWN == {"裁量区间", "与均值比"}


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
