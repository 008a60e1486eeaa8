"""Which words of a lexicon a prompt is about, and what is left of it to read."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from lazydiff_core.images.colour_names import Colour
from lazydiff_core.model.references.lexicon import Lexicon
from lazydiff_core.model.references.reference_text_encoder import (
    ReferenceTextEncoder,
    Subject,
    plain,
)
from lazydiff_core.model.references.variations import LEANING, PLAIN, STANDING
from lazydiff_core.model.text.text_encoder import TextEncoder
from tests.lazydiff_core.tiny import tiny_lexicon

PHRASES = {"red disc": "disc", "disc": "disc", "square": "square", "grass": "grass"}


@pytest.fixture
def lexicon() -> Lexicon:
    return tiny_lexicon(PHRASES)


@pytest.fixture
def pictured(word_states: TextEncoder, lexicon: Lexicon) -> ReferenceTextEncoder:
    return ReferenceTextEncoder(word_states, lexicon)


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("a disc", Subject("disc", poses=LEANING)),  # tiny_lexicon's first word may lean
        ("square", Subject("square", poses=STANDING)),
        ("green disc", Subject("disc", colour=Colour("green"), poses=LEANING)),
        ("red disc", Subject("disc", "", None, Colour("red"), LEANING, native=True)),
        ("flat green disc", Subject("disc", "", 2, Colour("green"), LEANING)),
        ("dark blue grass", Subject("", "grass", colour=Colour("blue", "dark"))),
    ],
)
def test_what_a_prompt_is_about(
    pictured: ReferenceTextEncoder, prompt: str, subject: Subject
) -> None:
    assert pictured.subjects(prompt) == (subject,)


def test_several_things(pictured: ReferenceTextEncoder) -> None:
    two = Subject("disc", poses=LEANING, count=2)
    square = Subject("square", poses=STANDING)
    assert pictured.subjects("two discs and a square") == (two, square)
    assert pictured.subjects("two discs with a square") == (two,)
    assert pictured.subjects("a square and grass") == (square,)  # a surface is for all of a hole
    assert pictured.subjects("grass and a square") == (Subject("", "grass"), square)


@pytest.mark.parametrize(
    ("prompt", "read"),
    [
        ("a disc knitting", "a disc"),  # what it does is a surface, too
        ("a grass disc", "a disc"),
        ("an old disc", "an old disc"),
        ("a disc with grass", "a disc with grass"),
    ],
)
def test_what_is_known_and_not_painted_is_not_read(
    word_states: TextEncoder, prompt: str, read: str
) -> None:
    phrases = {"disc": "disc", "knitting": "knitting", "grass": "grass"}
    encoder = ReferenceTextEncoder(word_states, tiny_lexicon(phrases))
    ours, wanted = encoder.encode([prompt]), word_states.encode([read])
    assert torch.equal(ours.states, wanted.states)


@pytest.mark.parametrize("prompt", ["", "  ", "nothing known"])
def test_a_prompt_may_be_about_nothing_known(pictured: ReferenceTextEncoder, prompt: str) -> None:
    assert pictured.subjects(prompt) == ()


def test_a_phrase_of_a_thing_and_a_surface(word_states: TextEncoder) -> None:
    lexicon = tiny_lexicon({"disc": "disc", "grass": "grass"})
    lexicon = replace(lexicon, surface_phrases={"disc": "grass"})
    both = ReferenceTextEncoder(word_states, lexicon)
    assert both.subjects("disc") == (Subject("disc", "grass", poses=LEANING),)


@pytest.mark.parametrize("prompt", ["flat red disc", "a flat red disc", "Flat red disc"])
def test_a_style_is_not_read(
    pictured: ReferenceTextEncoder, word_states: TextEncoder, prompt: str
) -> None:
    rest = prompt.replace("flat ", "").replace("Flat ", "")
    read, wanted = pictured.encode([prompt]), word_states.encode([rest])
    assert torch.equal(read.states, wanted.states)
    assert read.told is None


def test_batches_are_read_as_one_by_one(pictured: ReferenceTextEncoder) -> None:
    texts = ["square", "", "a red disc"]
    together = pictured.encode(texts)
    for k, text in enumerate(texts):
        alone = pictured.encode([text])
        assert torch.equal(together.states[k][together.mask[k]], alone.states[0])


def test_the_plain_pose() -> None:
    assert plain(Subject("disc", poses=LEANING)) == Subject("disc", poses=(PLAIN,))
