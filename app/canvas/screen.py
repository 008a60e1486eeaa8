"""A cached image of the layers, so that cursor and outlines move without repainting them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from app.canvas.layers import Layers
from app.canvas.piece import Piece
from app.canvas.transform import Transform
from app.ui.rects import rects_of


class Screen:
    """An image of the view. Only stale parts are repainted, and only when shown."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._image = QImage()
        self._ratio = 1.0
        self._stale = QRegion()

    def resize(self, size: QSize, ratio: float) -> None:
        """Set the size of the view: `size` in points of `ratio` screen pixels each."""
        whole = Piece(QRect(0, 0, size.width(), size.height()), Transform(), ratio).screen
        if whole.size() != self._image.size() or ratio != self._ratio:
            self._image = QImage(whole.size(), QImage.Format.Format_RGB32)
            self._ratio = ratio
            self.spoil(QRect(0, 0, size.width(), size.height()))

    def spoil(self, rect: QRect) -> None:
        """Mark a rectangle of the view as stale."""
        self._stale += rect

    def paint(self, painter: QPainter, exposed: QRect, transform: Transform, back: QColor) -> None:
        """Draw the `exposed` part of the view; `back` is the colour around the canvas."""
        stale = self._stale.intersected(exposed)
        if not stale.isEmpty():
            self._renew(stale, transform, back)
            self._stale -= stale
        part = Piece(exposed, transform, self._ratio).screen
        painter.save()
        painter.scale(1 / self._ratio, 1 / self._ratio)
        painter.drawImage(part.topLeft(), self._image, part)
        painter.restore()

    def _renew(self, stale: QRegion, transform: Transform, back: QColor) -> None:
        painter = QPainter(self._image)
        painter.scale(self._ratio, self._ratio)
        for rect in rects_of(stale):
            painter.fillRect(rect, back)
            self._layers.paint(painter, rect, transform, self._ratio)
        painter.end()
