"""The overlay of what will be computed: where it is, and that it is cheap to keep."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.canvas.layers import Layers
from app.canvas.token_layer import ring_of
from app.canvas.transform import Transform
from app.document.document import Document
from app.engine.estimate.token_estimate import TokenEstimator
from app.ui.rects import rect_of
from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.blending.poisson import exact_membrane
from lazydiff_core.contract import Box, Mask
from lazydiff_core.geometry.tokens import blend_ring
from tests.app.document.driving import square

VIEW = QRect(0, 0, 512, 512)
HOLE = Box(200, 200, 260, 260)  # of the tokens 12..16 in a window from 128 on: 192..272


@pytest.fixture
def layers(document: Document) -> Layers:
    return Layers(document)


@pytest.fixture
def token_estimator(document: Document, layers: Layers) -> TokenEstimator:
    made = TokenEstimator(document)
    made.changed.connect(layers.show_token_estimate)
    made.use(FakeBackend().info)
    return made


def painted(layers: Layers, transform: Transform | None = None) -> np.ndarray:
    """(512, 512, 3)"""
    image = QImage(VIEW.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(0, 0, 0))
    painter = QPainter(image)
    layers.paint(painter, VIEW, transform or Transform(1.0, 0.0, 0.0), 1.0)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(512, 512, 4)[..., :3].copy()


def differs(layers: Layers, transform: Transform | None = None) -> Mask:
    """Where showing the tokens changes what is seen."""
    layers.set_tokens(False)
    without = painted(layers, transform)
    layers.set_tokens(True)
    return np.asarray((painted(layers, transform) != without).any(axis=2))


def test_the_squares_lie_on_the_tokens_of_the_engine(
    document: Document, layers: Layers, token_estimator: TokenEstimator
) -> None:
    square(document, HOLE)
    token_estimator.update()
    estimate = token_estimator.estimate
    assert estimate is not None
    expected = np.zeros((512, 512), bool)
    for row, column in np.argwhere(estimate.grid):
        top, left = estimate.top + estimate.first[row], estimate.left + estimate.first[column]
        expected[top : top + 16, left : left + 16] = True
    shown = differs(layers)
    dashes = np.zeros_like(expected)  # the outline of the mask lies above
    dashes[199:262, 199:262] = True
    dashes[202:258, 202:258] = False
    assert shown[expected & ~dashes].all()
    rim = np.zeros_like(expected)
    ys, xs = np.nonzero(expected)
    rim[ys.min() - 2 : ys.max() + 3, xs.min() - 2 : xs.max() + 3] = True
    assert not shown[~rim].any(), "the lines are drawn on the edges, no further"


@pytest.mark.parametrize(
    "transform", [Transform(0.3, 40.0, 20.0), Transform(6.0, -1000.0, -1100.0)]
)
def test_at_any_zoom_and_only_where_there_are_tokens(
    document: Document, layers: Layers, token_estimator: TokenEstimator, transform: Transform
) -> None:
    square(document, HOLE)
    token_estimator.update()
    estimate = token_estimator.estimate
    assert estimate is not None
    inside = transform.rect_to_view(rect_of(estimate.box_around(estimate.grid))).toAlignedRect()
    shown = differs(layers, transform)
    assert shown.any()
    around = inside.adjusted(-3, -3, 3, 3).intersected(VIEW)
    shown[around.top() : around.bottom() + 1, around.left() : around.right() + 1] = False
    assert not shown.any()


def test_nothing_is_painted_without_a_mask_or_a_model(
    document: Document, layers: Layers, token_estimator: TokenEstimator
) -> None:
    token_estimator.update()
    assert not differs(layers).any()


def test_only_tokens_that_changed_are_painted_again(
    qtbot: QtBot, document: Document, layers: Layers, token_estimator: TokenEstimator
) -> None:
    layers.set_tokens(True)
    square(document, Box(150, 150, 350, 350))
    token_estimator.update()
    square(document, Box(200, 200, 220, 220))  # within: nothing new
    with qtbot.assertNotEmitted(layers.changed):
        token_estimator.update()
    square(document, Box(240, 240, 250, 250), False)
    square(document, Box(220, 220, 284, 284), False)
    with qtbot.waitSignal(layers.changed) as told:
        token_estimator.update()
    assert told.args[0].width() <= 64


def test_the_ring_is_where_a_difference_from_token_to_token_is_evened_out() -> None:
    """Against the equation of the blender: a jump that repeats every token along a border."""
    token, side = 16, 96
    hole = np.zeros((side, 4 * token), bool)
    hole[:-1] = True
    wave = np.cos(2 * np.pi * (np.arange(4 * token) + 0.5) / token)  # even at either end
    jump = np.zeros((*hole.shape, 3), np.float32)
    jump[-1] = wave[:, None]
    added = np.abs(exact_membrane(jump, hole)[..., 0])
    ring = ring_of(hole, blend_ring(token))
    assert ring.any()
    assert added[hole & ~ring].max() < 0.05
    assert added[ring].max() > 0.5


def test_the_ring_of_all_or_nothing_is_empty() -> None:
    assert not ring_of(np.ones((5, 5), bool), 3).any()
    assert not ring_of(np.zeros((5, 5), bool), 3).any()
