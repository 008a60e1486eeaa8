"""Paint layers of the picture itself: its pixels, fill previews, the pixel grid."""

from __future__ import annotations

from collections.abc import Collection

import cv2
import numpy as np
from PySide6.QtCore import QLineF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.canvas.piece import Piece
from app.canvas.pyramid import Pixels, PremultipliedPyramid, Pyramid, screen_pixels
from app.ui.chequer import DARK, LIGHT, SQUARE, chequer_brush
from lazydiff_core.contract import RGB, Box, Mask

GRID_FROM = 8.0  # the least zoom, screen pixels per canvas pixel, that shows the grid
_GRID = QColor(128, 128, 128, 110)


class PictureLayer:
    """The pixels of the document, over a chequerboard where they can be transparent."""

    def __init__(self, pixels: Pixels) -> None:
        self.show(pixels)

    def show(self, pixels: Pixels) -> None:
        """Show a live (H, W, 3 or 4) uint8 array; of one with alpha a copy is kept."""
        self._is_opaque = pixels.shape[2] == 3
        self._pyramid = Pyramid(pixels) if self._is_opaque else PremultipliedPyramid(pixels)

    def refresh(self, box: Box) -> None:
        """Update what is shown where the pixels have changed in `box`."""
        self._pyramid.refresh(box)

    def paint(self, painter: QPainter, piece: Piece) -> None:
        if self._is_opaque:
            shown = piece.sample(self._pyramid, prepare=opaque)
        else:
            shown = self._on_chequer(piece)
        if shown is not None:
            piece.draw(painter, shown)

    def _on_chequer(self, piece: Piece) -> Pixels | None:
        # Sampled like the pixels, the canvas ends where an opaque picture would.
        canvas = piece.sample(self._pyramid, prepare=_filled)
        shown = piece.sample(self._pyramid)
        if canvas is None or shown is None:
            return None if canvas is None else _board(piece, canvas)
        clear = np.asarray(cv2.subtract(canvas, cv2.extractChannel(shown, 3)), np.uint8)
        return np.asarray(cv2.add(shown, _board(piece, clear)), np.uint8) if clear.any() else shown


class PreviewLayer:
    """The previews of running fills, by number.

    One that can be transparent hides what is beneath it: it lies on a chequerboard of its hole.
    """

    def __init__(self) -> None:
        self._shown: dict[int, tuple[Box, QImage, QImage | None]] = {}

    def show(self, box: Box, pixels: RGB, hole: Mask, number: int) -> None:
        """Show (h, w, 3 or 4) uint8 pixels inside the (h, w) hole at `box` of the canvas."""
        is_opaque = pixels.shape[2] == 3
        image = _image((opaque if is_opaque else screen_pixels)(pixels) * hole[..., None])
        veil = None if is_opaque else _image(np.repeat(hole[..., None] * np.uint8(255), 4, axis=2))
        self._shown[number] = box, image, veil

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
        for box, image, veil in self._shown.values():
            if veil is None:
                _draw_on_canvas(painter, piece, box, image)
            else:
                piece.draw_image(painter, _on_chequer(piece, box, image, veil))


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


def _draw_on_canvas(painter: QPainter, piece: Piece, box: Box, image: QImage) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(piece.transform.matrix(), True)
    painter.drawImage(box.left, box.top, image)
    painter.restore()


def _on_chequer(piece: Piece, box: Box, image: QImage, veil: QImage) -> QImage:
    """The piece's screen pixels with an image on a chequerboard that is cut out by the veil."""
    layer = QImage(piece.screen.size(), QImage.Format.Format_ARGB32_Premultiplied)
    layer.fill(Qt.GlobalColor.transparent)
    painter = QPainter(layer)
    painter.translate(-piece.screen.topLeft())
    painter.scale(piece.ratio, piece.ratio)
    _draw_on_canvas(painter, piece, box, veil)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(piece.exposed, chequer_brush())
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    _draw_on_canvas(painter, piece, box, image)
    painter.end()
    return layer


def _image(pixels: Pixels) -> QImage:
    """A copy of (h, w, 4) premultiplied blue, green, red, alpha."""
    height, width, _ = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(np.ascontiguousarray(pixels).data, width, height, 4 * width, kind).copy()


def _filled(pixels: Pixels) -> Pixels:
    """(h, w) of 255."""
    return np.full(pixels.shape[:2], 255, np.uint8)


def _board(piece: Piece, cover: Pixels) -> Pixels:
    """(h, w, 4) premultiplied blue, green, red, alpha: the chequerboard under an (h, w) cover."""
    squares = piece.squares(SQUARE)
    grey = np.where(squares, np.uint8(DARK), np.uint8(LIGHT))
    shade = cv2.multiply(grey, cover, scale=1 / 255)
    return np.asarray(cv2.merge((shade, shade, shade, cover)), np.uint8)


def opaque(pixels: RGB) -> Pixels:
    """(h, w, 3) uint8 RGB -> (h, w, 4) uint8 blue, green, red, 255."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGRA), np.uint8)
