"""Prompts with what their words look like."""

from __future__ import annotations

import pytest
import torch

from lazydiff_core.model.lexicon import Lexicon
from lazydiff_core.model.pictured_text import PicturedText
from lazydiff_core.model.text_encoder import TextEncoder
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
