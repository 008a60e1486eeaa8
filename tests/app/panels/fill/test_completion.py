from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panels.fill.completion import MOST, complete

CONCEPTS = ("red apple", "green apple", "red mushroom", "mushroom", "cat", "cat face", "hot-dog")


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("mush", 0, ("mushroom", "red mushroom")),
        ("MUSH", 0, ("mushroom", "red mushroom")),
        ("a red mush", 2, ("red mushroom",)),
        ("a cat and a red", 12, ("red apple", "red mushroom")),
        ("an app", 3, ("red apple", "green apple")),
        ("cat", 3, ()),
        ("a cat f", 2, ("cat face",)),
        ("hot-d", 0, ("hot-dog",)),
        ("m", 1, ()),
        ("zebra", 5, ()),
        ("", 0, ()),
        ("a cat, mus", 7, ("mushroom", "red mushroom")),
    ],
)
def test_the_longest_end_that_fits_counts(text: str, start: int, words: tuple[str, ...]) -> None:
    found = complete(text, CONCEPTS)
    assert found.words == words
    if words:
        assert found.start == start


def test_a_long_list_is_cut() -> None:
    assert len(complete("thi", [f"thing {k}" for k in range(100)]).words) == MOST


@given(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=8))
def test_what_it_offers_takes_the_place_of_what_was_typed(text: str, concepts: list[str]) -> None:
    found = complete(text, concepts)
    assert 0 <= found.start <= len(text)
    assert set(found.words) <= set(concepts)
    end = text[found.start :].casefold()
    assert all(end in word.casefold() for word in found.words)
