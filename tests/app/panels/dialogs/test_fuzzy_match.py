from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panels.dialogs.fuzzy_match import closeness


@given(st.text(max_size=20))
def test_nothing_typed_fits_everything(text: str) -> None:
    assert closeness("", text) > 0
    assert closeness("  ", text) > 0


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=20))
def test_a_name_fits_itself(text: str) -> None:
    assert closeness(text, text) > 0


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("mask", "Mask everything", "Unmask"),
        ("inv", "Invert mask", "Previous variant"),
        ("msk", "Mask brush", "Make a sketch of it"),
        ("zoom", "Zoom", "Zoom in"),
        ("brush mask", "Mask brush", "Sketch brush"),
    ],
)
def test_the_better_one_comes_first(typed: str, better: str, worse: str) -> None:
    assert closeness(typed, better) > closeness(typed, worse)


def test_what_is_not_there_does_not_fit() -> None:
    assert closeness("xq", "Mask everything") == 0
    assert closeness("mask xq", "Mask everything") == 0
    assert closeness("mg", "Mask everything") == 0  # in order, but far apart
