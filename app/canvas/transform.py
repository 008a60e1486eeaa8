"""Where canvas pixels lie in the view: pure arithmetic, no widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF

SMALLEST, LARGEST = 0.02, 64.0
_STOPS = (
    *(0.02, 0.03, 0.05, 0.08, 0.125, 0.1667, 0.25, 0.3333, 0.5, 0.6667),
    *(1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0),
)
_ALWAYS_IN_SIGHT = 48.0


@dataclass(frozen=True)
class Transform:
    """Canvas point (x, y) is shown at view point (x * scale + dx, y * scale + dy).

    `scale` is in view points a canvas pixel; a whole canvas pixel is a square.
    """

    scale: float = 1.0
    dx: float = 0.0
    dy: float = 0.0

    def to_view(self, point: QPointF) -> QPointF:
        return QPointF(point.x() * self.scale + self.dx, point.y() * self.scale + self.dy)

    def to_canvas(self, point: QPointF) -> QPointF:
        return QPointF((point.x() - self.dx) / self.scale, (point.y() - self.dy) / self.scale)

    def rect_to_view(self, rect: QRect) -> QRectF:
        """Where a rectangle of canvas pixels is shown."""
        corner = self.to_view(QPointF(rect.topLeft()))
        return QRectF(corner, QSizeF(rect.size()) * self.scale)

    def rect_to_canvas(self, rect: QRect) -> QRect:
        """All canvas pixels, in or out of the canvas, that any part of a view rectangle shows."""
        corner = self.to_canvas(QPointF(rect.topLeft()))
        return QRectF(corner, QSizeF(rect.size()) / self.scale).toAlignedRect()

    def moved(self, by: QPointF) -> Transform:
        return Transform(self.scale, self.dx + by.x(), self.dy + by.y())

    def scaled_to(self, scale: float, anchor: QPointF) -> Transform:
        """Another scale, with the canvas point under the view point `anchor` staying there."""
        scale = min(max(scale, SMALLEST), LARGEST)
        kept = self.to_canvas(anchor)
        return Transform(scale, anchor.x() - kept.x() * scale, anchor.y() - kept.y() * scale)

    def in_sight(self, canvas: QSize, room: QSize) -> Transform:
        """The same scale, moved so far that a part of the canvas stays in the view."""
        return Transform(
            self.scale,
            _kept_near(self.dx, canvas.width() * self.scale, room.width()),
            _kept_near(self.dy, canvas.height() * self.scale, room.height()),
        )


def fitted(canvas: QSize, room: QSize, margin: int) -> Transform:
    """The whole canvas, as large as a view of size `room` allows, in its middle."""
    free = QSize(max(room.width() - 2 * margin, 1), max(room.height() - 2 * margin, 1))
    scale = min(free.width() / canvas.width(), free.height() / canvas.height())
    return centred(canvas, room, scale)


def centred(canvas: QSize, room: QSize, scale: float) -> Transform:
    """The canvas in the middle of the view, on whole view points so that 100% stays sharp."""
    scale = min(max(scale, SMALLEST), LARGEST)
    return Transform(
        scale,
        float(math.floor((room.width() - canvas.width() * scale) / 2)),
        float(math.floor((room.height() - canvas.height() * scale) / 2)),
    )


def next_stop(zoom: float, up: bool) -> float:
    """The next round zoom factor above or below, for the zoom commands."""
    nearly_same = 1.01
    if up:
        return next((stop for stop in _STOPS if stop > zoom * nearly_same), LARGEST)
    return next((stop for stop in reversed(_STOPS) if stop < zoom / nearly_same), SMALLEST)


def _kept_near(offset: float, extent: float, room: int) -> float:
    shown = min(_ALWAYS_IN_SIGHT, extent, room)
    return min(max(offset, shown - extent), room - shown)
