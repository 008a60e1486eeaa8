from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from app.canvas.cursor import cursor_rect, paint_ring


@pytest.mark.parametrize("radius", [0.4, 2.0, 12.0, 30.0])
@pytest.mark.parametrize("background", [0, 128, 255])
def test_the_ring_shows_on_any_grey_and_stays_in_its_rect(
    qapp: object, radius: float, background: int
) -> None:
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(0xFF000000 | background * 0x010101)
    where = QPointF(50.3, 49.8)
    painter = QPainter(image)
    paint_ring(painter, where, radius)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(100, 100, 4)[..., 0].astype(int)
    changed = np.abs(pixels - background)
    assert changed.max() > 80
    rows, columns = np.nonzero(changed)
    rect = cursor_rect(where, radius)
    assert rect.contains(int(columns.min()), int(rows.min()))
    assert rect.contains(int(columns.max()), int(rows.max()))
