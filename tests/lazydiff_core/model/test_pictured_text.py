"""Prompts with what their words look like beside them."""

from __future__ import annotations

import pytest
import torch

from lazydiff_core.errors import ModelError
from lazydiff_core.model.lexicon import STYLES, Lexicon
from lazydiff_core.model.pictured_text import PicturedText, hide_pictures
from lazydiff_core.model.text_encoder import TextEncoder
from tests.lazydiff_core.tiny import tiny_lexicon


@pytest.fixture
def lexicon() -> Lexicon:
    return tiny_lexicon({"red disc": "disc", "square": "square", "grass": "grass"})


@pytest.fixture
def pictured(word_states: TextEncoder, lexicon: Lexicon) -> PicturedText:
    return PicturedText(word_states, lexicon, lexicon.state_width)


def test_text_first_then_the_looks_of_its_word(
    pictured: PicturedText, word_states: TextEncoder, lexicon: Lexicon
) -> None:
    prompt, plain = pictured.encode(["a red disc"]), word_states.encode(["a red disc"])
    count = plain.states.shape[1]
    assert prompt.states.shape == (1, count + 2 * 9, 384 + lexicon.width)
    assert torch.equal(prompt.states[:, :count, :384], plain.states)
    assert not prompt.states[:, :count, 384:].any()
    assert torch.equal(prompt.states[0, count:, 384:], lexicon.states("disc"))
    assert not prompt.states[:, count:, :384].any()
    assert torch.equal(prompt.pooled[:, :384], plain.pooled)
    assert not prompt.pooled[:, 384:].any()
    assert prompt.mask.all()


@pytest.mark.parametrize("prompt", ["", "  ", "grass", "nothing known"])
def test_what_has_no_looks_is_text(
    pictured: PicturedText, word_states: TextEncoder, prompt: str
) -> None:
    assert pictured.encode([prompt]).states.shape[1] == word_states.encode([prompt]).states.shape[1]


def test_unknown_words_of_like_meaning(word_states: TextEncoder) -> None:
    lexicon = tiny_lexicon({"red disc": "disc", "square": "square", "grass": "grass"})
    lexicon.meanings[1] = word_states.encode(["block"]).pooled[0].half()
    pictured = PicturedText(word_states, lexicon, lexicon.state_width)
    assert pictured.word("block", word_states.encode(["block"]).pooled[0]) == "square"
    assert pictured.encode(["block"]).states.shape[1] == 2 + 18


def test_prompts_of_any_length_in_one_batch(pictured: PicturedText) -> None:
    texts = ["square", "", "a red disc"]
    together = pictured.encode(texts)
    for k, text in enumerate(texts):
        alone = pictured.encode([text])
        assert torch.equal(together.states[k][together.mask[k]], alone.states[0])
        assert torch.equal(together.pooled[k], alone.pooled[0])


def test_a_lexicon_of_another_width(word_states: TextEncoder, lexicon: Lexicon) -> None:
    with pytest.raises(ModelError, match="states 512 numbers wide, but its lexicon makes them 402"):
        PicturedText(word_states, lexicon, 512)


def test_renderings_are_hidden_by_style(pictured: PicturedText) -> None:
    prompt = pictured.encode(["a red disc", "square", "a red disc"])
    hidden = torch.zeros(3, len(STYLES), dtype=torch.bool)
    hidden[0, 1] = True
    hidden[1] = True
    seen = hide_pictures(prompt, hidden)
    assert seen.mask.sum(1).tolist() == [4 + 9, 2, 4 + 18]
    assert seen.mask[0, :13].all()  # the text and the first style's
    assert torch.equal(seen.states, prompt.states)
    assert torch.equal(seen.mask[2], prompt.mask[2])
