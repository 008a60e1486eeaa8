from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas.layers import Layers
from app.canvas.transform import Transform
from app.document.document import Document
from lazydiff_core.contract import Box

SIZE = 64


@pytest.fixture
def layers(document: Document) -> Layers:
    document.replace(np.full((SIZE, SIZE, 3), 255, np.uint8))
    return Layers(document)


def painted(layers: Layers, scale: float = 1.0) -> QImage:
    side = round(SIZE * scale)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("grey"))
    painter = QPainter(image)
    layers.paint(painter, image.rect(), Transform(scale), 1.0)
    painter.end()
    return image


def rgb(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = image.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def sketch(document: Document, alpha: int = 255) -> None:
    patch = np.full((20, 20, 4), (200, 30, 40, alpha), np.uint8)
    document.write_sketch(Box(10, 10, 30, 30), patch)


def test_the_sketch_covers_picture_and_tint(document: Document, layers: Layers) -> None:
    document.write_mask(Box(0, 0, SIZE, SIZE), np.ones((SIZE, SIZE), np.bool_))
    sketch(document)
    image = painted(layers)
    assert rgb(image, 20, 20) == (200, 30, 40)
    assert rgb(image, 50, 50) != (255, 255, 255), "the mask's tint"


def test_half_a_cover_lets_the_picture_through(document: Document, layers: Layers) -> None:
    sketch(document, 128)
    expected = [round(255 + (c - 255) * 128 / 255) for c in (200, 30, 40)]
    assert np.abs(np.subtract(rgb(painted(layers), 20, 20), expected)).max() <= 1


def test_zoomed_out_its_edge_is_not_dark(document: Document, layers: Layers) -> None:
    document.write_sketch(Box(11, 11, 32, 32), np.full((21, 21, 4), (255, 255, 0, 255), np.uint8))
    image = painted(layers, 0.25)
    assert all(min(rgb(image, x, 4)[:2]) > 240 for x in range(SIZE // 4))


def test_changes_are_told_and_another_picture_has_no_sketch(
    document: Document, layers: Layers
) -> None:
    told: list[QRect] = []
    layers.changed.connect(told.append)
    sketch(document)
    assert told == [QRect(10, 10, 20, 20)]
    document.replace(np.full((SIZE, SIZE, 3), 255, np.uint8))
    assert rgb(painted(layers), 20, 20) == (255, 255, 255)
