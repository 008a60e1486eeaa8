"""What the window foretells is what the engine computes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.engine.estimate.token_estimate import TokenEstimator
from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import Box, Computed, EditRequest, Framing, Scope
from lazydiff_core.engine.engine import Engine
from tests.app.document.driving import square
from tests.app.doubles import PATIENCE_MS

INFO = FakeBackend().info


@given(
    st.tuples(st.integers(20, 700), st.integers(20, 700)),
    st.sampled_from(["auto", "near", "whole"]),
    st.sampled_from([0, 16, 32]),
    st.integers(0, 2**32 - 1),
)
def test_the_tokens_are_those_of_the_engine(
    qapp: object, size: tuple[int, int], scope: Scope, grid: int, seed: int
) -> None:
    backend = FakeBackend()
    backend.info = replace(INFO, framing=Framing(grid=grid))
    rng = np.random.default_rng(seed)
    document = Document()
    document.replace(np.full((*size, 3), 255, np.uint8))
    token_estimator = TokenEstimator(document)
    token_estimator.use(backend.info)
    for _ in range(int(rng.integers(1, 4))):
        left, top = (int(rng.integers(0, side - 1)) for side in reversed(size))
        wide, high = (int(rng.integers(1, 200)) for _ in range(2))
        square(document, Box(left, top, left + wide, top + high).intersection(document.box))
    token_estimator.set_scope(scope)
    estimate = token_estimator.estimate
    request = EditRequest(document.pixels, document.mask, scope=scope, steps=1)
    assert estimate is not None
    assert estimate.tokens == Engine(backend).run(request).tokens


def test_the_tokens_of_a_hole_in_pieces_are_those_of_the_engine(document: Document) -> None:
    document.replace(np.full((60, 3000, 3), 255, np.uint8))
    square(document, Box(100, 24, 2900, 34))
    token_estimator = TokenEstimator(document)
    token_estimator.use(INFO)
    request = EditRequest(document.pixels, document.mask, steps=1)
    assert token_estimator.estimate is not None
    assert token_estimator.estimate.further
    assert token_estimator.estimate.tokens == Engine(FakeBackend()).run(request).tokens


def test_more_than_the_hole_where_the_backend_computes_more(document: Document) -> None:
    square(document, Box(205, 205, 251, 251))
    token_estimator = TokenEstimator(document)
    counts = []
    for computed in (Computed(), Computed(rim=1), Computed(everything=True)):
        token_estimator.use(replace(INFO, computed=computed))
        assert token_estimator.estimate is not None
        counts.append(token_estimator.estimate.tokens.hole)
    assert counts == [16, 36, 256]


def test_it_follows_the_brush(qtbot: QtBot, document: Document) -> None:
    token_estimator = TokenEstimator(document)
    token_estimator.use(INFO)
    assert token_estimator.estimate is None
    with qtbot.waitSignal(token_estimator.changed, timeout=PATIENCE_MS) as told:
        square(document, Box(205, 205, 251, 251))
    assert told.args[0].tokens.hole == 16
    document.replace(np.zeros((64, 64, 3), np.uint8))
    assert token_estimator.estimate is None


@pytest.mark.parametrize("model", [None, INFO])
def test_nothing_is_foretold_without_a_model_or_a_mask(document: Document, model: object) -> None:
    token_estimator = TokenEstimator(document)
    if model is None:
        square(document, Box(10, 10, 30, 30))
        token_estimator.update()
    else:
        token_estimator.use(INFO)
    assert token_estimator.estimate is None
