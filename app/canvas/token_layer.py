"""Paint layer of the tokens that a fill computes, and of the blend ring."""

from __future__ import annotations

import math
from functools import reduce

import cv2
import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from app.canvas.piece import Piece
from app.canvas.pyramid import Pixels, Pyramid, level_for
from app.engine.estimate.token_estimate import TokenEstimate
from app.ui.rects import box_of
from lazydiff_core.contract import Box, Mask
from lazydiff_core.geometry.box import EMPTY

_SQUARE, _LINE = QColor(0, 170, 255, 30), QColor(140, 225, 255, 200)
_SHADE = QColor(0, 30, 60, 100)
_RING = np.array([60, 190, 255, 255], np.uint8)  # blue, green, red, alpha: amber
_RING_OPACITY = 0.45
_ROUNDED = 0.1  # pixels: error of OpenCV's fast distances at such depths


class TokenLayer:
    """The squares of the computed tokens, and the ring inside the mask where seams are blended.

    The squares come from a `TokenEstimate`, so they match the engine's. Generated pixels beyond
    the mask are discarded.
    """

    def __init__(self, cover: Pyramid) -> None:
        self._cover = cover
        self._estimate: TokenEstimate | None = None
        self._squares: list[QRectF] = []
        self.shown = False

    def show(self, estimate: TokenEstimate | None) -> Box:
        """Show another estimate; returns the part of the canvas to repaint."""
        was, self._estimate = self._estimate, estimate
        self._squares = [] if estimate is None else _squares(estimate)
        if was is None or estimate is None or not was.is_aligned(estimate):
            return _bounds(was).union(_bounds(estimate))
        return estimate.box_around(was.grid != estimate.grid)

    def paint(self, painter: QPainter, piece: Piece) -> None:
        if not self.shown or self._estimate is None:
            return
        self._paint_ring(painter, piece, self._estimate)
        painter.save()
        painter.setTransform(piece.transform.matrix(), True)
        painter.setBrush(QBrush(_SQUARE))
        for colour, width in ((_SHADE, 3), (_LINE, 1)):
            pen = QPen(colour, width)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawRects(self._squares)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.restore()

    def _paint_ring(self, painter: QPainter, piece: Piece, estimate: TokenEstimate) -> None:
        """Draw the blend ring, a band inside the border of the mask."""
        level = level_for(piece.zoom)
        cover = self._cover.pixels(level)
        depth = max(estimate.ring / 2**level, 1.0)
        reach = math.ceil(depth) + 2
        seen = box_of(piece.transform.rect_to_canvas(piece.exposed))
        exposed = seen.intersection(_bounds(estimate))
        part = exposed.scale(1, 2**level).grow(reach).intersection(Box.of(cover.shape))
        if exposed.is_empty or part.is_empty:
            return
        band = ring_of(cover[part.slices] > 0, depth)
        if not band.any():
            return
        pixels: Pixels = band[..., None] * _RING
        image = QImage(
            pixels.data,
            part.width,
            part.height,
            4 * part.width,
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        painter.save()
        painter.setOpacity(_RING_OPACITY)
        painter.setTransform(piece.transform.matrix(), True)
        painter.scale(2**level, 2**level)
        painter.drawImage(part.left, part.top, image)
        painter.restore()


def ring_of(hole: Mask, depth: float) -> Mask:
    """The pixels of an (H, W) hole within `depth` pixels of its outside."""
    if hole.all() or not hole.any():
        return np.zeros_like(hole)
    away = cv2.distanceTransform(hole.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    return hole & (away <= depth + _ROUNDED)


def _bounds(estimate: TokenEstimate | None) -> Box:
    if estimate is None:
        return EMPTY
    return reduce(Box.union, (each.box_around(each.grid) for each in (estimate, *estimate.further)))


def _squares(estimate: TokenEstimate) -> list[QRectF]:
    """The rectangles of the computed tokens in canvas pixels; neighbours share their edges."""
    edges = np.append(estimate.first, estimate.end[-1]).astype(float)
    x, y = estimate.left + edges, estimate.top + edges
    rows, columns = np.nonzero(estimate.grid)
    wide, high = np.diff(x)[columns], np.diff(y)[rows]
    found = np.stack([x[columns], y[rows], wide, high], axis=1)
    further = [square for each in estimate.further for square in _squares(each)]
    return [QRectF(*square) for square in found.tolist()] + further
