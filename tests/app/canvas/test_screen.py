from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from app.canvas.layers import Layers
from app.canvas.screen import Screen
from app.canvas.transform import Transform
from app.document.document import Document

SIZE = QSize(200, 150)
BACK = QColor(10, 20, 30)


class Counting(Layers):
    """Remembers what it was asked to paint."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.painted: list[QRect] = []

    def paint(self, painter: QPainter, exposed: QRect, transform: Transform, ratio: float) -> None:
        self.painted.append(exposed)
        super().paint(painter, exposed, transform, ratio)


def show(screen: Screen, exposed: QRect, ratio: float) -> QImage:
    image = QImage(SIZE * ratio, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    screen.paint(painter, exposed, Transform(), BACK)
    painter.end()
    return image


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_what_is_not_stale_is_not_painted_again(document: Document, ratio: float) -> None:
    layers = Counting(document)
    screen = Screen(layers)
    screen.resize(SIZE, ratio)
    whole = QRect(QPoint(0, 0), SIZE)
    first = show(screen, whole, ratio)
    assert show(screen, whole, ratio) == first
    assert layers.painted == [whole]
    screen.spoil(QRect(20, 20, 10, 10))
    screen.spoil(QRect(180, 100, 50, 10))
    show(screen, QRect(0, 0, 100, 100), ratio)
    assert layers.painted[1:] == [QRect(20, 20, 10, 10)]
    show(screen, whole, ratio)
    assert QRegion(layers.painted[2]) == QRegion(180, 100, 20, 10)


def test_another_size_is_painted_anew(document: Document) -> None:
    layers = Counting(document)
    screen = Screen(layers)
    screen.resize(SIZE, 1.0)
    show(screen, QRect(QPoint(0, 0), SIZE), 1.0)
    screen.resize(SIZE, 1.0)
    show(screen, QRect(QPoint(0, 0), SIZE), 1.0)
    assert len(layers.painted) == 1
    screen.resize(SIZE, 1.5)
    show(screen, QRect(QPoint(0, 0), SIZE), 1.0)
    assert len(layers.painted) == 2


def test_around_the_canvas_lies_the_surround(document: Document) -> None:
    document.replace(np.zeros((50, 60, 3), np.uint8))
    screen = Screen(Layers(document))
    screen.resize(SIZE, 1.0)
    image = show(screen, QRect(QPoint(0, 0), SIZE), 1.0)
    assert image.pixelColor(100, 100) == BACK
    assert image.pixelColor(20, 20) == QColor(0, 0, 0)
