"""A picture at full size and, where asked for, halved again and again.

Zoomed far out, drawing costs what the screen shows instead of what the canvas holds, and nothing
is skipped between pixels.
"""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect

from app.document.rects import slices

Pixels: TypeAlias = npt.NDArray[np.uint8]  # (H, W) or (H, W, channels)


class Pyramid:
    """Level k is 2**-k of the full size, rounded up. Levels are made when first needed.

    The full size is no copy: it is the array of the document itself, seen live.
    """

    def __init__(self, full: Pixels) -> None:
        self._levels = [full]

    def show(self, full: Pixels) -> None:
        """Start over with another picture."""
        self._levels = [full]

    def refresh(self, rect: QRect) -> None:
        """Pixels of the full size have changed in `rect`: so do those of all levels there are."""
        for level in range(1, len(self._levels)):
            rect = _halved(rect)
            self._levels[level][slices(rect)] = _half(self._levels[level - 1], rect)

    def pixels(self, level: int) -> Pixels:
        """The (H, W, ...) array of a level; changes with later refreshes."""
        while len(self._levels) <= level:
            finer = self._levels[-1]
            self._levels.append(_half(finer, _halved(_rect(finer))))
        return self._levels[level]


def level_for(scale: float) -> int:
    """The level to draw when a canvas pixel is `scale` screen pixels: drawn at 1/2 to 1 of size."""
    level = 0
    while scale <= 0.5:
        scale *= 2
        level += 1
    return level


def _rect(pixels: Pixels) -> QRect:
    return QRect(0, 0, pixels.shape[1], pixels.shape[0])


def _halved(rect: QRect) -> QRect:
    """The pixels of the next level that a rectangle touches."""
    left, top = rect.left() // 2, rect.top() // 2
    return QRect(left, top, rect.right() // 2 + 1 - left, rect.bottom() // 2 + 1 - top)


def _half(finer: Pixels, rect: QRect) -> Pixels:
    """Means of 2x2 pixels of the finer level, for `rect` of the level being made."""
    twice = QRect(rect.left() * 2, rect.top() * 2, rect.width() * 2, rect.height() * 2)
    inside = twice.intersected(_rect(finer))
    part = finer[slices(inside)]
    right, below = twice.width() - inside.width(), twice.height() - inside.height()
    if right or below:  # an odd last row or column counts twice
        part = np.pad(part, ((0, below), (0, right), *((0, 0),) * (part.ndim - 2)), "edge")
    halved = cv2.resize(part, (rect.width(), rect.height()), interpolation=cv2.INTER_AREA)
    return np.asarray(halved, np.uint8)
