"""What the engine makes of prompts before a backend gets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lazydiff_core.backends.fake import FakeBackend, FakeContext
from lazydiff_core.backends.protocols import DenoiseParams, OnStep
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine

Make = Callable[..., EditRequest]


class Listener(FakeBackend):
    """Knows two words, and remembers what it was told and in which batches."""

    def __init__(self) -> None:
        super().__init__()
        things = {"mushroom": "mushroom", "cat": "cat"}
        self.info = replace(self.info, things=things, surfaces={"grass": "grass"})
        self.told: list[tuple[str, str]] = []
        self.batches: list[tuple[int, ...]] = []

    def encode_prompt(self, prompt: str, negative: str) -> bytes:
        self.told.append((prompt, negative))
        return super().encode_prompt(prompt, negative)

    def denoise(
        self, context: FakeContext, text: bytes, params: DenoiseParams, on_step: OnStep
    ) -> npt.NDArray[np.float32]:
        self.batches.append(params.seeds)
        return super().denoise(context, text, params, on_step)


@pytest.fixture
def backend() -> Listener:
    return Listener()


def run(backend: Listener, make_request: Make, **changes: Any) -> list[npt.NDArray[np.uint8]]:
    return list(Engine(backend).run(make_request(**changes)).patches)


def test_a_prompt_paints_what_its_english_does(backend: Listener, make_request: Make) -> None:
    german = run(backend, make_request, prompt="ein roter Pilz", negative="eine Katze")
    english = run(backend, make_request, prompt="a red mushroom", negative="a cat")
    assert backend.told == [("a red mushroom", "a cat")] * 2
    assert np.array_equal(german[0], english[0])


def test_what_a_prompt_says_is_not_to_be_there_is_avoided(
    backend: Listener, make_request: Make
) -> None:
    run(backend, make_request, prompt="a cat without a hat", negative="dog, no bird")
    run(backend, make_request, prompt="eine Katze ohne Pilz")
    assert backend.told == [("a cat", "dog, bird, a hat"), ("a cat", "mushroom")]


def test_the_language_decides_where_both_know_as_much(
    backend: Listener, make_request: Make
) -> None:
    run(backend, make_request, prompt="Gift", language="de")
    run(backend, make_request, prompt="(cat:1.2) <lora:x:1>")
    assert [prompt for prompt, _ in backend.told] == ["gift-", "cat"]


def test_variants_take_choices_in_turn(backend: Listener, make_request: Make) -> None:
    asked = {"prompt": "{ein Pilz|a cat}", "seed": 4}
    together = run(backend, make_request, variants=3, **asked)
    assert [prompt for prompt, _ in backend.told] == ["a mushroom", "a cat"]  # each once
    assert backend.batches == [(4,), (5,), (6,)]
    for k, patch in enumerate(together):
        alone = run(backend, make_request, prompt=asked["prompt"], seed=4 + k)
        assert np.array_equal(alone[0], patch)


def test_variants_of_one_text_share_a_batch(backend: Listener, make_request: Make) -> None:
    run(backend, make_request, prompt="a cat", variants=3, seed=4)
    assert backend.batches == [(4, 5, 6)]


def test_a_model_of_whole_texts_gets_them_as_they_are(make_request: Make) -> None:
    backend = Listener()
    backend.info = replace(backend.info, things={}, surfaces={})
    run(backend, make_request, prompt="ein roter  Pilz", language="de")
    assert backend.told == [("ein roter  Pilz", "")]
    (part,) = Engine(backend).understood("ein roter Pilz")
    assert part.kind == "text"
