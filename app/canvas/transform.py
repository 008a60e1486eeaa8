"""The mapping between canvas pixels and view points: pure arithmetic, no widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPolygonF, QTransform

SMALLEST, LARGEST = 0.02, 64.0
_STOPS = (
    *(0.02, 0.03, 0.05, 0.08, 0.125, 0.1667, 0.25, 0.3333, 0.5, 0.6667),
    *(1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0),
)
_ALWAYS_IN_VIEW = 48.0


@dataclass(frozen=True)
class Transform:
    """Mirrors the canvas left to right if asked for, scales it, turns it and moves it.

    scale:  view points per canvas pixel. angle: degrees clockwise, from -180 to 180.
    dx, dy: the view point at which the canvas's first corner is shown.
    """

    scale: float = 1.0
    dx: float = 0.0
    dy: float = 0.0
    angle: float = 0.0
    mirrored: bool = False

    @property
    def is_upright(self) -> bool:
        """Whether rows of the canvas are rows of the view."""
        return self.angle == 0

    def matrix(self) -> QTransform:
        """The matrix from canvas to view."""
        cosine, sine = _turn(self.angle)
        flipped = -self.scale if self.mirrored else self.scale
        return QTransform(
            *(cosine * flipped, sine * flipped, -sine * self.scale, cosine * self.scale),
            *(self.dx, self.dy),
        )

    def to_view(self, point: QPointF) -> QPointF:
        return self.matrix().map(point)

    def to_canvas(self, point: QPointF) -> QPointF:
        return self.matrix().inverted()[0].map(point)

    def rect_to_view(self, rect: QRect) -> QRectF:
        """The bounding rectangle in the view of a rectangle of canvas pixels."""
        return self.matrix().mapRect(QRectF(rect))

    def outline_of(self, rect: QRect) -> QPolygonF:
        """The corners in the view of a rectangle of canvas pixels."""
        return self.matrix().map(QPolygonF(QRectF(rect)))

    def rect_to_canvas(self, rect: QRect) -> QRect:
        """The bounding rectangle in canvas pixels of a view rectangle; may exceed the canvas."""
        return self.matrix().inverted()[0].mapRect(QRectF(rect)).toAlignedRect()

    def moved(self, by: QPointF) -> Transform:
        return replace(self, dx=self.dx + by.x(), dy=self.dy + by.y())

    def scaled_to(self, scale: float, anchor: QPointF) -> Transform:
        """The transform at another scale; the canvas point under the view point `anchor` stays."""
        scale = min(max(scale, SMALLEST), LARGEST)
        return replace(self, scale=scale)._kept_at(anchor, self.to_canvas(anchor))

    def turned_to(self, angle: float, anchor: QPointF) -> Transform:
        """The transform at another angle; the canvas point under the view point `anchor` stays."""
        angle = (angle + 180) % 360 - 180
        return replace(self, angle=angle)._kept_at(anchor, self.to_canvas(anchor))

    def flipped(self, anchor: QPointF) -> Transform:
        """The transform mirrored left to right in the view, about `anchor`."""
        flipped = replace(self, mirrored=not self.mirrored, angle=-self.angle)
        return flipped._kept_at(anchor, self.to_canvas(anchor))

    def kept_in_view(self, canvas: QSize, room: QSize) -> Transform:
        """The transform moved as far as needed to keep part of the canvas in the view."""
        shown = self.rect_to_view(QRect(0, 0, canvas.width(), canvas.height()))
        x = _kept_near(shown.left(), shown.width(), room.width())
        y = _kept_near(shown.top(), shown.height(), room.height())
        kept = self.moved(QPointF(x - shown.left(), y - shown.top()))
        return kept if self.angle % 90 == 0 else kept._near_middle(canvas, room)

    def _near_middle(self, canvas: QSize, room: QSize) -> Transform:
        """The transform moved so that some of a turned canvas lies near the middle of the view.

        Checking its bounding rectangle is not enough: a corner of that may show no canvas.
        """
        middle = QPointF(room.width() / 2, room.height() / 2)
        at = self.to_canvas(middle)
        x = min(max(at.x(), 0.0), float(canvas.width()))
        y = min(max(at.y(), 0.0), float(canvas.height()))
        nearest = self.to_view(QPointF(x, y))
        apart = nearest - middle
        distance = math.hypot(apart.x(), apart.y())
        reach = max(min(room.width(), room.height()) / 2 - _ALWAYS_IN_VIEW, 1.0)
        return self if distance <= reach else self.moved(-apart * (1 - reach / distance))

    def _kept_at(self, anchor: QPointF, kept: QPointF) -> Transform:
        """The transform moved so that canvas point `kept` is shown at view point `anchor`."""
        return self.moved(anchor - self.to_view(kept))


def fitted(canvas: QSize, room: QSize, margin: int, like: Transform | None = None) -> Transform:
    """Fits the whole canvas into the middle of a view of size `room`, less `margin`.

    like: the transform whose angle and mirroring are kept.
    """
    like = like or Transform()
    free = QSize(max(room.width() - 2 * margin, 1), max(room.height() - 2 * margin, 1))
    needed = replace(like, scale=1.0).rect_to_view(QRect(0, 0, canvas.width(), canvas.height()))
    scale = min(free.width() / needed.width(), free.height() / needed.height())
    return centred(canvas, room, scale, like)


def centred(canvas: QSize, room: QSize, scale: float, like: Transform | None = None) -> Transform:
    """Centres the canvas in the view, on whole view points so that 100% stays sharp."""
    scaled = replace(like or Transform(), scale=min(max(scale, SMALLEST), LARGEST))
    shown = scaled.rect_to_view(QRect(0, 0, canvas.width(), canvas.height()))
    x = math.floor((room.width() - shown.width()) / 2)
    y = math.floor((room.height() - shown.height()) / 2)
    return scaled.moved(QPointF(x - shown.left(), y - shown.top()))


def next_stop(zoom: float, up: bool) -> float:
    """The next preset zoom factor above or below, for the zoom commands."""
    nearly_same = 1.01
    if up:
        return next((stop for stop in _STOPS if stop > zoom * nearly_same), LARGEST)
    return next((stop for stop in reversed(_STOPS) if stop < zoom / nearly_same), SMALLEST)


def _turn(angle: float) -> tuple[float, float]:
    """Cosine and sine, exact for quarter turns."""
    if angle % 90 == 0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(angle // 90) % 4]
    return math.cos(math.radians(angle)), math.sin(math.radians(angle))


def _kept_near(offset: float, extent: float, room: int) -> float:
    shown = min(_ALWAYS_IN_VIEW, extent, room)
    return min(max(offset, shown - extent), room - shown)
