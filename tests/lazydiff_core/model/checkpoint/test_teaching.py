from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
import torch

from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.images.cutouts import tight_square
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint
from lazydiff_core.model.checkpoint.teaching import teach, without
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import TAUGHT, TENSORS, UNNAMED, Lexicon
from lazydiff_core.model.references.reference_latents import references_of
from lazydiff_core.model.references.reference_text_encoder import ReferenceTextEncoder
from lazydiff_core.model.text.text_encoder import TextEncoder
from tests.lazydiff_core.tiny import polygon, tiny_lexicon

STAR = polygon((250, 200, 20), 5)


@pytest.fixture
def checkpoint(make_lazy: Callable[..., LazyDiffusion], tiny_checkpoint: Checkpoint) -> Checkpoint:
    lexicon = tiny_lexicon({"red apple": "apple", "grass": "grass"})
    return dataclasses.replace(tiny_checkpoint, lazy=make_lazy(look_styles=4), lexicon=lexicon)


def about(lexicon: Lexicon, prompt: str) -> str:
    return next(part.meaning for part in lexicon.vocabulary.parts(prompt) if part.meaning)


def test_a_word_more(checkpoint: Checkpoint) -> None:
    taught = teach(checkpoint, {"My Star": STAR})
    assert taught.concepts == ("apple", "my star")
    before, after = checkpoint.lexicon, taught.lexicon
    assert before is not None
    assert after is not None
    assert about(after, "a my star on grass") == TAUGHT + "my star"
    assert about(after, "a red apple") == "apple"
    square = tight_square(STAR)
    assert square is not None
    (wanted,) = references_of(checkpoint.autoencoder, square[None], [0])
    known = after.reference(TAUGHT + "my star", 3)
    assert known is not None
    assert known.style == 0
    assert known.extents == pytest.approx(wanted.extents, abs=1e-3)
    assert (known.cells - wanted.cells).abs().max() < 0.01 * wanted.cells.abs().max()
    assert torch.equal(after.cells[:-1], before.cells)
    assert torch.equal(after.surfaces, before.surfaces)


def test_teaching_it_again_replaces_it(checkpoint: Checkpoint) -> None:
    once = teach(checkpoint, {"star": STAR})
    other = teach(once, {"ball": polygon((0, 0, 250), 50)})
    again = teach(other, {"Star": STAR[::-1]})
    assert again.concepts == ("apple", "star", "ball")
    assert once.lexicon is not None
    assert again.lexicon is not None
    assert len(again.lexicon.cells) == len(once.lexicon.cells) + 1
    ball, star = (again.lexicon.reference(TAUGHT + word) for word in ("ball", "star"))
    first = once.lexicon.reference(TAUGHT + "star")
    assert ball is not None
    assert star is not None
    assert first is not None
    assert not torch.equal(star.cells, first.cells)
    assert other.lexicon is not None
    before = other.lexicon.reference(TAUGHT + "ball")
    assert before is not None
    assert torch.equal(ball.cells, before.cells)


def test_many_words_at_once(checkpoint: Checkpoint) -> None:
    ball = polygon((0, 0, 250), 50)
    both = teach(checkpoint, {"star": STAR, "Ball": ball})
    one_by_one = teach(teach(checkpoint, {"star": STAR}), {"ball": ball})
    assert both.lexicon is not None
    assert one_by_one.lexicon is not None
    for name in TENSORS:
        ours, theirs = getattr(both.lexicon, name), getattr(one_by_one.lexicon, name)
        assert torch.allclose(ours.float(), theirs.float(), atol=1e-2, rtol=1e-2)
    assert both.lexicon.spans == one_by_one.lexicon.spans
    assert both.concepts == one_by_one.concepts == ("apple", "star", "ball")
    assert teach(both, {}) is both


def test_forgetting_leaves_the_rest(checkpoint: Checkpoint) -> None:
    taught = teach(checkpoint, {"star": STAR})
    assert taught.lexicon is not None
    assert checkpoint.lexicon is not None
    back = without(taught.lexicon, "star")
    for name in TENSORS:
        assert torch.equal(getattr(back, name), getattr(checkpoint.lexicon, name))
    assert (back.spans, back.phrases) == (checkpoint.lexicon.spans, checkpoint.lexicon.phrases)
    assert without(back, "apple") is back  # it was not taught


def test_a_known_word_may_be_taught_anew(checkpoint: Checkpoint) -> None:
    taught = teach(checkpoint, {"red apple": STAR})
    assert taught.lexicon is not None
    assert about(taught.lexicon, "a red apple") == TAUGHT + "red apple"


def test_what_it_is_called_is_not_read(checkpoint: Checkpoint, word_states: TextEncoder) -> None:
    """The text encoder knows no such word, so that it reads "thing" in its place."""
    taught = teach(checkpoint, {"zorb-9": STAR})
    assert taught.lexicon is not None
    text = ReferenceTextEncoder(word_states, taught.lexicon)
    for asked, said in (
        ("a blue ZORB-9 on grass", f"a blue {UNNAMED} on grass"),
        ("two zorb-9s", f"two {UNNAMED}"),
    ):
        prompt = text.encode([asked])
        assert torch.equal(prompt.states, word_states.encode([said]).states)
    known = text.encode(["a red apple"])
    assert torch.equal(known.states, word_states.encode(["a red apple"]).states)


@pytest.mark.parametrize(
    ("word", "picture", "why"),
    [("", STAR, "letters"), ("star", np.zeros_like(STAR), "is transparent")],
)
def test_what_says_nothing(
    checkpoint: Checkpoint, word: str, picture: np.ndarray, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        teach(checkpoint, {word: picture})


def test_a_model_that_reads_text_only(
    tiny_checkpoint: Checkpoint,
) -> None:
    with pytest.raises(ModelError, match="reads text only"):
        teach(tiny_checkpoint, {"star": STAR})
