from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.errors import InputError
from lazydiff_core.model_store.phrases import MAX_PHRASE_LETTERS, phrase_of, words_of


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("Robot", "robot"),
        ("  My  Robot! ", "my robot"),
        ("jack-o'-lantern", "jack-o'-lantern"),
        ("Käsekuchen", "käsekuchen"),
        ("no/path\\here", "no path here"),
    ],
)
def test_how_a_word_is_written(name: str, phrase: str) -> None:
    assert phrase_of(name) == phrase


@pytest.mark.parametrize("name", ["", "  ", "?!", "-", "'"])
def test_names_that_say_nothing(name: str) -> None:
    with pytest.raises(InputError, match="needs letters or digits"):
        phrase_of(name)


def test_names_that_are_too_long() -> None:
    assert phrase_of("a" * MAX_PHRASE_LETTERS)
    with pytest.raises(InputError, match="at most 40 letters"):
        phrase_of("a" * (MAX_PHRASE_LETTERS + 1))


@given(st.text(max_size=60))
def test_writing_it_again_changes_nothing(name: str) -> None:
    try:
        phrase = phrase_of(name)
    except InputError:
        return
    assert phrase_of(phrase) == phrase
    assert words_of(phrase) == phrase.split(" ")
    assert not set(phrase) & set('/\\:*?"<>|\0.')
