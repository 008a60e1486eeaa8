from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas.piece import Piece
from app.canvas.pins import Pin, PinLayer, outline_of
from app.canvas.transform import Transform
from lazydiff_core.contract import Box

BACK = QColor("#808080")


def pinned(state: str, *, shown: bool = False) -> Pin:
    hole = np.zeros((20, 30), np.bool_)
    hole[2:18, 3:27] = True
    hole[8:12, 10:16] = False
    return Pin(Box(10, 10, 40, 30), outline_of(hole, QPointF(10, 10)), state, shown)


def painted(layer: PinLayer, scale: float = 4.0) -> QImage:
    image = QImage(200, 160, QImage.Format.Format_RGB32)
    image.fill(BACK)
    painter = QPainter(image)
    layer.paint(painter, Piece(QRect(0, 0, 200, 160), Transform(scale), 1.0))
    painter.end()
    return image


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_an_outline_runs_inside_the_border_of_hole_and_island() -> None:
    path = pinned("waiting").outline
    bounds = path.boundingRect()
    assert bounds.left() == pytest.approx(13, abs=0.5)
    assert bounds.right() == pytest.approx(37, abs=0.5)
    assert bounds.top() == pytest.approx(12, abs=0.5)
    assert len(path.toSubpathPolygons()) == 2


def test_a_single_pixel_has_an_outline() -> None:
    path = outline_of(np.ones((1, 1), np.bool_), QPointF(5, 6))
    assert path.boundingRect().center().x() == pytest.approx(5.5, abs=0.3)
    assert path.boundingRect().width() > 0


@pytest.mark.parametrize(
    ("state", "colour"), [("waiting", "#ffffff"), ("running", "#6f9df5"), ("changed", "#ffb02e")]
)
def test_states_have_colours_of_their_own(state: str, colour: str) -> None:
    layer = PinLayer()
    layer.show([pinned(state, shown=True)])
    assert colour in colours(painted(layer))


def test_showing_others_tells_what_looks_different() -> None:
    layer = PinLayer()
    assert layer.show([pinned("waiting")]) == Box(10, 10, 40, 30)
    assert layer.show([]) == Box(10, 10, 40, 30)
    assert colours(painted(layer)) == {BACK.name()}
