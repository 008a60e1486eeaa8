"""Paint layers of the picture itself: its pixels, fill previews, the pixel grid."""

from __future__ import annotations

from collections.abc import Collection

import cv2
import numpy as np
from PySide6.QtCore import QLineF, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.canvas.piece import Piece
from app.canvas.pyramid import Pixels, Pyramid
from lazydiff_core.contract import RGB, Box, Mask

GRID_FROM = 8.0  # the least zoom, screen pixels per canvas pixel, that shows the grid
_GRID = QColor(128, 128, 128, 110)


class PictureLayer:
    """The pixels of the document."""

    def __init__(self, pyramid: Pyramid) -> None:
        self._pyramid = pyramid

    def paint(self, painter: QPainter, piece: Piece) -> None:
        shown = piece.sample(self._pyramid, prepare=opaque)
        if shown is not None:
            piece.draw(painter, shown)


class PreviewLayer:
    """The previews of running fills, by number."""

    def __init__(self) -> None:
        self._shown: dict[int, tuple[Box, QImage]] = {}

    def show(self, box: Box, pixels: RGB, hole: Mask, number: int) -> None:
        """Show (h, w, 3) uint8 pixels inside the (h, w) hole at `box` of the canvas."""
        shown = opaque(pixels) * hole[..., None]
        image = QImage(shown.data, box.width, box.height, QImage.Format.Format_ARGB32_Premultiplied)
        self._shown[number] = box, image.copy()

    @property
    def is_shown(self) -> bool:
        return bool(self._shown)

    def keep(self, numbers: Collection[int]) -> list[Box]:
        """Remove all previews except these; returns the boxes of the removed ones."""
        gone = self._shown.keys() - numbers
        return [self._shown.pop(number)[0] for number in gone]

    def paint(self, painter: QPainter, piece: Piece) -> None:
        if not self._shown:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(piece.transform.matrix(), True)
        for box, image in self._shown.values():
            painter.drawImage(box.left, box.top, image)
        painter.restore()


class GridLayer:
    """Lines between pixels, at high zoom."""

    def __init__(self, canvas: QRect) -> None:
        self.canvas = canvas
        self.shown = True

    def paint(self, painter: QPainter, piece: Piece) -> None:
        seen = piece.transform.rect_to_canvas(piece.exposed).intersected(self.canvas)
        if not self.shown or piece.zoom < GRID_FROM or seen.isEmpty():
            return
        right, bottom = seen.left() + seen.width(), seen.top() + seen.height()
        lines = [QLineF(x, seen.top(), x, bottom) for x in range(seen.left(), right + 1)]
        lines += [QLineF(seen.left(), y, right, y) for y in range(seen.top(), bottom + 1)]
        matrix = piece.transform.matrix()
        painter.save()
        painter.setPen(QPen(_GRID, 1))
        painter.drawLines([matrix.map(line) for line in lines])
        painter.restore()


def opaque(pixels: RGB) -> Pixels:
    """(h, w, 3) uint8 RGB -> (h, w, 4) uint8 blue, green, red, 255."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGRA), np.uint8)
