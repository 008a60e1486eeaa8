"""The chequerboard that shows through where a picture is transparent."""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtGui import QBrush, QImage

from lazydiff_core.contract import RGB, Pixels
from lazydiff_core.geometry.pixels import painted_over

SQUARE = 8  # points, or pixels of a small picture
LIGHT, DARK = 255, 204


def chequer(height: int, width: int, square: int = SQUARE) -> RGB:
    """(height, width, 3) uint8."""
    rows, columns = np.arange(height)[:, None] // square, np.arange(width) // square
    grey = np.where((rows + columns) % 2, np.uint8(DARK), np.uint8(LIGHT))
    return np.repeat(grey[..., None], 3, axis=2)


def over_chequer(pixels: Pixels) -> RGB:
    """(h, w, 3) uint8: RGBA pixels over the chequerboard; RGB pixels are returned themselves."""
    if pixels.shape[2] == 3:
        return pixels
    return painted_over(chequer(*pixels.shape[:2]), pixels)


@cache
def chequer_brush() -> QBrush:
    """The same for a painter."""
    tile = chequer(2 * SQUARE, 2 * SQUARE)
    height, width, channels = tile.shape
    return QBrush(
        QImage(tile.tobytes(), width, height, channels * width, QImage.Format.Format_RGB888).copy()
    )
