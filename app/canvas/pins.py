"""Paint layer of the queued masks: each keeps its outline until it is filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.canvas.piece import Piece
from app.ui.rects import box_of
from lazydiff_core.contract import Box, Mask
from lazydiff_core.geometry.box import EMPTY

# The same in every theme, since they lie on the picture.
_BELOW = QColor(0, 0, 0, 150)
_COLOURS = {"waiting": "#ffffff", "running": "#6f9df5", "changed": "#ffb02e"}
_WIDTH, _SHOWN_WIDTH, _HALO = 1.6, 3.2, 2.0  # view points
_DASHES = [5.0, 3.0]


@dataclass(frozen=True, eq=False)
class Pin:
    """The outline of a hole at `box` on the canvas. state: a key of the colours above.

    shown: highlighted for the artist.
    """

    box: Box
    outline: QPainterPath
    state: str
    shown: bool = False


_MANY_POINTS = 100
_OFF_BY = 1.5  # half pixels: largest error of a simplified border


class PinLayer:
    """Outlines of all queued masks; waiting ones are dashed."""

    def __init__(self) -> None:
        self.pins: tuple[Pin, ...] = ()

    def show(self, pins: Sequence[Pin]) -> Box:
        """Show these pins; returns the part of the canvas to repaint."""
        was, self.pins = self.pins, tuple(pins)
        changed = EMPTY
        for pin in (*was, *pins):
            changed = changed.union(pin.box)
        return changed

    def paint(self, painter: QPainter, piece: Piece) -> None:
        seen = box_of(piece.transform.rect_to_canvas(piece.exposed)).grow(4)
        pins = [pin for pin in self.pins if pin.box.overlaps(seen)]
        if not pins:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(piece.transform.matrix(), True)
        for pin in pins:
            width = _SHOWN_WIDTH if pin.shown else _WIDTH
            painter.strokePath(pin.outline, _pen(_BELOW, width + _HALO))
            pen = _pen(QColor(_COLOURS[pin.state]), width)
            if pin.state == "waiting":
                pen.setDashPattern(_DASHES)
            painter.strokePath(pin.outline, pen)
        painter.restore()


def outline_of(hole: Mask, corner: QPointF) -> QPainterPath:
    """The border of an (h, w) hole whose first pixel lies at `corner`."""
    # At double size the border runs between pixels and thin parts keep an inside.
    large = np.pad(hole.view(np.uint8), 1).repeat(2, axis=0).repeat(2, axis=1)
    lines, _ = cv2.findContours(large, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    path = QPainterPath()
    for line in lines:
        if len(line) > _MANY_POINTS:  # a round edge has many steps, which are slow to draw
            line = cv2.approxPolyDP(line, _OFF_BY, closed=True)
        points = (line[:, 0].astype(float) - 1.5) / 2
        path.addPolygon(QPolygonF([QPointF(x, y) + corner for x, y in points]))
        path.closeSubpath()
    return path


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
