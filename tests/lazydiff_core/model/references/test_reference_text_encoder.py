"""Prompts with what their words look like."""

from __future__ import annotations

import pytest
import torch

from lazydiff_core.model.references.lexicon import Lexicon
from lazydiff_core.model.references.reference_text_encoder import PicturedText
from lazydiff_core.model.references.variations import LEANING, PLAIN, STANDING
from lazydiff_core.model.text.text_encoder import TextEncoder
from tests.lazydiff_core.tiny import tiny_lexicon

PHRASES = {"red disc": "disc", "square": "square", "grass": "grass"}


@pytest.fixture
def lexicon() -> Lexicon:
    return tiny_lexicon(PHRASES)


@pytest.fixture
def pictured(word_states: TextEncoder, lexicon: Lexicon) -> PicturedText:
    return PicturedText(word_states, lexicon)


def test_the_text_and_the_look_of_its_word(
    pictured: PicturedText, word_states: TextEncoder, lexicon: Lexicon
) -> None:
    prompt, plain = pictured.encode(["a red disc"]), word_states.encode(["a red disc"])
    assert torch.equal(prompt.states, plain.states)
    assert torch.equal(prompt.pooled, plain.pooled)
    assert prompt.looks is not None
    assert torch.equal(prompt.looks.fields, lexicon.looks("disc").fields)
    assert torch.equal(prompt.looks.extents, lexicon.looks("disc").extents)


@pytest.mark.parametrize("prompt", ["", "  ", "grass", "nothing known"])
def test_what_names_nothing_known_is_text(pictured: PicturedText, prompt: str) -> None:
    assert pictured.encode([prompt]).looks is None


def test_unknown_words_of_like_meaning(word_states: TextEncoder) -> None:
    lexicon = tiny_lexicon(PHRASES)
    lexicon.meanings[1] = word_states.encode(["block"]).pooled[0].half()
    looks = PicturedText(word_states, lexicon).encode(["block"]).looks
    assert looks is not None
    assert torch.equal(looks.fields, lexicon.looks("square").fields)


def test_prompts_with_and_without_looks_in_one_batch(pictured: PicturedText) -> None:
    texts = ["square", "", "a red disc"]
    together = pictured.encode(texts)
    assert together.looks is not None
    assert not together.looks.fields[1].any()
    assert not together.looks.extents[1].any()
    for k, text in enumerate(texts):
        alone = pictured.encode([text])
        assert torch.equal(together.states[k][together.mask[k]], alone.states[0])
        if alone.looks is not None:
            assert torch.equal(together.looks.fields[k], alone.looks.fields[0])


@pytest.mark.parametrize("prompt", ["flat red disc", "a flat red disc", "Flat red disc"])
def test_a_prompt_that_names_a_style_is_told_of_it_alone(
    pictured: PicturedText, lexicon: Lexicon, prompt: str
) -> None:
    """tiny_lexicon knows every word in the first and the third style; "flat" is the third."""
    told, whole = pictured.encode([prompt]).looks, lexicon.looks("disc")
    assert told is not None
    assert whole is not None
    assert (told.extents[0, :, 0] > 0).tolist() == [False, False, True, False]
    assert torch.equal(told.fields[0, 2], whole.fields[0, 2])
    rest = pictured.encode([prompt.replace("flat ", "").replace("Flat ", "")])
    assert torch.equal(pictured.encode([prompt]).states, rest.states)


def test_a_style_that_the_thing_is_not_known_in_hides_nothing(pictured: PicturedText) -> None:
    cartoon, plain = pictured.encode(["cartoon square"]).looks, pictured.encode(["square"]).looks
    assert cartoon is not None
    assert plain is not None
    assert torch.equal(cartoon.fields, plain.fields)


def test_poses_of_what_a_prompt_names(pictured: PicturedText) -> None:
    """tiny_lexicon's first word may lean."""
    assert pictured.poses("a red disc") == LEANING
    assert pictured.poses("square") == STANDING
    assert pictured.poses("nothing known") == pictured.poses("") == (PLAIN,)
