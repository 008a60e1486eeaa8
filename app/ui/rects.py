"""Conversion between boxes of canvas pixels and Qt's rectangles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

from lazydiff_core.contract import Box


def rect_of(box: Box) -> QRect:
    """The box as a QRect."""
    return QRect(box.left, box.top, box.width, box.height)


def box_of(rect: QRect) -> Box:
    """The rectangle as a Box."""
    left, top = rect.left(), rect.top()
    return Box(left, top, left + rect.width(), top + rect.height())


def rects_of(region: QRegion) -> Iterable[QRect]:
    """The rectangles of a region, typed: Qt's stubs of some versions lack its iterator."""
    return cast(Iterable[QRect], region)
