from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel

from app.ui.messages import Messages
from app.ui.sentences import in_words
from lazydiff_core.errors import ImageError
from lazydiff_core.images.reading import read_image


@given(st.text(max_size=60))
def test_what_is_not_known_stays_as_it_is(text: str) -> None:
    assert in_words(text) == text


def test_in_english_every_sentence_is_itself() -> None:
    sentence = "a{}b.png cannot be opened. Its canvas is too large."
    assert in_words(sentence) == sentence


@pytest.mark.usefixtures("german")
def test_sentences_of_the_core_speak_german(messages: Messages) -> None:
    with pytest.raises(ImageError) as caught:
        read_image(Path("nowhere/kitten.png"))
    messages.error(str(caught.value))
    assert messages.text == "Es gibt kein Bild nowhere/kitten.png: den Namen prüfen."
    assert messages.findChild(QLabel) is not None


@pytest.mark.usefixtures("german")
def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    said = in_words("old {x}.lazydiff cannot be opened. Its canvas is too large.")
    assert said == "old {x}.lazydiff lässt sich nicht öffnen. Ihre Leinwand ist zu groß."


@pytest.mark.usefixtures("german")
def test_the_shape_that_says_most_is_taken() -> None:
    wanted = "a.png ist ein Ordner: ein Bild darin nennen."
    assert in_words("a.png is a folder: name an image in it.") == wanted
