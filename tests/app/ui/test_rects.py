from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QRegion

from app.ui.rects import box_of, rect_of, rects_of
from lazydiff_core.contract import Box


def test_a_box_and_its_rect_hold_the_same_pixels() -> None:
    box, rect = Box(3, 4, 17, 9), QRect(QPoint(3, 4), QPoint(16, 8))
    assert rect_of(box) == rect
    assert box_of(rect) == box
    assert rect_of(Box(5, 5, 5, 5)).isEmpty()
    assert box_of(QRect()).is_empty


def test_a_region_is_its_rectangles() -> None:
    parts = [QRect(0, 0, 4, 4), QRect(10, 0, 4, 4)]
    region = QRegion()
    for part in parts:
        region += part
    assert list(rects_of(region)) == parts
