"""One rectangle of the view being painted, and the canvas sampled at its screen pixels.

Layers get the canvas resampled to exactly these screen pixels and draw it one to one. A screen
pixel has the same value in every rectangle, so pieces join without seams, also when the canvas is
turned or mirrored, and on screens of any density.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QPainter, QTransform

from app.canvas.pyramid import Pixels, Pyramid, level_for
from app.canvas.transform import Transform
from app.ui.rects import box_of, rect_of
from lazydiff_core.contract import Box

SHARP_FROM = 2.0  # from this zoom on, canvas pixels show as sharp squares
_HALF = 0.5 + 2**-12  # makes centres between two pixels round the same way everywhere
_MARGIN = 2  # pixels that interpolation may read beyond the piece


@dataclass(frozen=True)
class Piece:
    """exposed: the rectangle in view points. ratio: screen pixels per view point."""

    exposed: QRect
    transform: Transform
    ratio: float

    @property
    def zoom(self) -> float:
        """Screen pixels per canvas pixel."""
        return self.transform.scale * self.ratio

    @cached_property
    def screen(self) -> QRect:
        """The screen pixels that the piece touches."""
        edges = self.exposed.left(), self.exposed.top()
        ends = edges[0] + self.exposed.width(), edges[1] + self.exposed.height()
        left, top = (math.floor(edge * self.ratio) for edge in edges)
        right, bottom = (math.ceil(end * self.ratio) for end in ends)
        return QRect(left, top, right - left, bottom - top)

    def sample(
        self,
        pyramid: Pyramid,
        *,
        sharp: bool | None = None,
        prepare: Callable[[Pixels], Pixels] = lambda pixels: pixels,
        around: int = 0,
    ) -> Pixels | None:
        """(h, w, ...) canvas values at the screen pixels, 0 beyond the canvas; None if all are 0.

        sharp:   take the nearest pixel instead of interpolating; None = by zoom.
        prepare: applied to the canvas values before sampling.
        around:  additional screen pixels on every side.
        """
        level = level_for(self.zoom)
        screen = self.screen.adjusted(-around, -around, around, around)
        to_level = self._to_canvas() * QTransform.fromScale(2**-level, 2**-level)
        full = pyramid.pixels(level)
        reach = to_level.mapRect(screen).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        seen = reach.intersected(rect_of(Box.of(full.shape)))
        if seen.isEmpty():
            return None
        values = prepare(full[box_of(seen).slices])
        if not values.any():
            return None
        sharp = self.zoom >= SHARP_FROM if sharp is None else sharp
        return _resampled(values, _between(screen, to_level, seen), screen, sharp)

    def draw(self, painter: QPainter, pixels: Pixels) -> None:
        """Draw (h, w, 4) premultiplied blue, green, red, alpha, one value per screen pixel."""
        height, width, _ = pixels.shape
        image = QImage(
            pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
        )
        self.draw_image(painter, image)

    def draw_image(self, painter: QPainter, image: QImage) -> None:
        """Draw an image of the piece's screen pixels."""
        painter.save()
        painter.scale(1 / self.ratio, 1 / self.ratio)
        painter.drawImage(self.screen.topLeft(), image)
        painter.restore()

    def stripes(self, period: int, width: int) -> Pixels:
        """(h, w): 1 on diagonal stripes, 0 between them; fixed to the screen."""
        period, width = round(period * self.ratio), round(width * self.ratio)
        columns, rows = self._numbers()
        repeated = (np.arange(2 * period) % period < width).astype(np.uint8)
        return np.asarray(repeated[columns % period + rows % period], np.uint8)

    def dashes(self, length: int) -> Pixels:
        """(h, w): a pattern of 1 and 0 that dashes lines of any direction; fixed to the screen.

        Stripes alternate from block to block, so no line follows one stripe for long.
        """
        length = round(length * self.ratio)
        columns, rows = self._numbers()
        block = 4 * length
        swapped = (columns // block % 2) ^ (rows // block % 2)
        return np.asarray((columns % block + rows % block) // length % 2 ^ swapped, np.uint8)

    def squares(self, side: int) -> Pixels:
        """(h, w): a chequerboard of 0 and 1, `side` view points a square; fixed to the screen."""
        columns, rows = self._numbers()
        side = round(side * self.ratio)
        return np.asarray((columns // side + rows // side) % 2, np.uint8)

    def _numbers(self) -> tuple[Indices, Indices]:
        """(1, w) and (h, 1): indices of the screen's columns and rows."""
        columns = np.arange(self.screen.left(), self.screen.right() + 1)
        return columns[None, :], np.arange(self.screen.top(), self.screen.bottom() + 1)[:, None]

    def _to_canvas(self) -> QTransform:
        """From screen pixels to canvas pixels."""
        to_view = QTransform.fromScale(1 / self.ratio, 1 / self.ratio)
        return to_view * self.transform.matrix().inverted()[0]


Matrix: TypeAlias = tuple[tuple[float, float, float], tuple[float, float, float]]
Indices: TypeAlias = npt.NDArray[np.int64]


def _between(screen: QRect, to_level: QTransform, seen: QRect) -> Matrix:
    """Maps indices of screen pixels to indices of a level's pixels, centre to centre."""
    first = to_level.map(QPointF(screen.topLeft()) + QPointF(0.5, 0.5))
    x, y = first.x() - seen.left() - 0.5, first.y() - seen.top() - 0.5
    return ((to_level.m11(), to_level.m21(), x), (to_level.m12(), to_level.m22(), y))


def _resampled(values: Pixels, matrix: Matrix, screen: QRect, sharp: bool) -> Pixels:
    size = screen.width(), screen.height()
    if not sharp:
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(values, np.array(matrix), size, flags=how), np.uint8)
    # OpenCV's nearest mode uses fixed point, so its result depends on where a row begins.
    columns, rows = np.arange(size[0]), np.arange(size[1])[:, None]
    if matrix[0][1] == 0:
        across = np.floor(matrix[0][0] * columns + (matrix[0][2] + _HALF)).astype(np.int64)
        down = np.floor(matrix[1][1] * rows[:, 0] + (matrix[1][2] + _HALF)).astype(np.int64)
        return _picked(values, across, down)
    x, y = (
        (line[0] * columns + line[1] * rows + (line[2] + _HALF - 0.5)).astype(np.float32)
        for line in matrix
    )
    turned = cv2.remap(values, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(turned, np.uint8)


def _picked(values: Pixels, columns: Indices, rows: Indices) -> Pixels:
    """Values at the given rows and columns; 0 where these are out of range."""
    height, width = values.shape[:2]
    picked = values.take(rows.clip(0, height - 1), axis=0).take(columns.clip(0, width - 1), axis=1)
    picked[(rows < 0) | (rows >= height)] = 0
    picked[:, (columns < 0) | (columns >= width)] = 0
    return picked
