"""A hole that is filled piece by piece: one edit to everybody outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import Box, EditRequest, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.engine.model_crop import BLANK, pieces_for_model
from lazydiff_core.errors import Cancelled
from tests.lazydiff_core.geometry.driving import holed

SIZE, BAR = (60, 3000), Box(100, 24, 2900, 34)


def request(**changes: object) -> EditRequest:
    image = np.random.default_rng(1).integers(60, 90, (*SIZE, 3), np.uint8)
    return EditRequest(image, holed(SIZE, BAR), prompt="x", steps=2, **changes)  # type: ignore[arg-type]


class Watching(FakeBackend):
    """Remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[ModelInput] = []

    def encode_context(self, model_input: ModelInput) -> object:  # type: ignore[override]
        self.seen.append(model_input)
        return super().encode_context(model_input)


@pytest.fixture(scope="module")
def pieces() -> list[Box]:
    found = pieces_for_model(holed(SIZE, BAR), "auto", FakeBackend().info)
    assert len(found) > 10
    return found


def test_one_edit_comes_out_and_what_lies_outside_stays(pieces: list[Box]) -> None:
    backend, asked = Watching(), request(variants=2, seed=5)
    result = Engine(backend).run(asked)
    assert result.box == BAR
    assert [patch.shape for patch in result.patches] == [(BAR.height, BAR.width, 3)] * 2
    assert result.seeds == (5, 6)
    assert result.pixels_changed_outside_mask == 0
    assert len(backend.seen) == 2 * len(pieces) - 1  # what the first piece sees is shared
    assert np.array_equal(asked.image, request().image)


def test_a_piece_sees_what_became_of_those_before_and_nothing_of_the_rest() -> None:
    backend, asked = Watching(), request()
    asked.image[asked.mask] = (255, 0, 255)  # what was there before must show nowhere
    Engine(backend).run(asked)
    for seen in backend.seen:
        assert (seen.image[seen.mask] == BLANK).all()
        assert not (seen.image == (255, 0, 255)).all(axis=2).any()


def test_the_same_request_gives_the_same_pixels_and_finds_its_contexts() -> None:
    engine = Engine(FakeBackend())
    first, again = engine.run(request(seed=3)), Engine(FakeBackend()).run(request(seed=3))
    assert np.array_equal(first.image, again.image)
    assert not first.context_reused
    assert engine.run(request(seed=4)).context_reused  # of the first piece, all else is new


def test_the_first_piece_can_be_looked_at_ahead(pieces: list[Box]) -> None:
    backend = Watching()
    engine = Engine(backend)
    assert engine.prepare(request().image, request().mask)
    assert len(backend.seen) == 1
    assert engine.run(request()).context_reused
    assert len(backend.seen) == len(pieces)


def test_progress_counts_the_steps_of_all_pieces(pieces: list[Box]) -> None:
    told: list[Progress] = []
    Engine(FakeBackend()).run(request(), on_progress=told.append)
    steps = [news.step for news in told if news.steps]
    assert steps == list(range(1, 2 * len(pieces) + 1))
    assert {news.steps for news in told if news.steps} == {2 * len(pieces)}


def test_it_can_be_cancelled_between_pieces() -> None:
    polls = iter(range(10_000))
    with pytest.raises(Cancelled):
        Engine(FakeBackend()).run(request(), is_cancelled=lambda: next(polls) > 40)


def test_a_cover_softens_the_whole() -> None:
    half = np.full(SIZE, 128, np.uint8)
    full, soft = (Engine(FakeBackend()).run(request(cover=cover)) for cover in (None, half))
    between = (full.image.astype(int) + request().image) / 2
    assert np.abs(soft.image - between).max() <= 1


def test_a_hole_that_its_window_resolves_is_one_piece() -> None:
    mask = holed((300, 300), Box(60, 60, 200, 200))
    backend = Watching()
    Engine(backend).run(replace(request(), image=np.zeros((300, 300, 3), np.uint8), mask=mask))
    assert len(backend.seen) == 1
