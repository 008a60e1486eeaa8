"""What the canvas shows, from the bottom up: picture, mask tint, preview, mask outline."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLine, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from app.canvas.outline import edge_lines
from app.canvas.pyramid import Pyramid, level_for
from app.canvas.transform import Transform
from app.document import Document
from app.rects import slices
from lazydiff_core.contract import RGB, Mask

MASK_COLOUR = QColor(255, 45, 60, 128)
_DASH = 4
_PEN_REACH = 2  # how far a line shows beside itself
_SHARP_FROM = 2.0  # screen pixels a canvas pixel from which its square is shown


class Layers(QObject):
    """Copies of the document's arrays in the screen's format, kept up to date box by box."""

    changed = Signal(QRect)  # canvas pixels that look different now

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._tints = _tints(MASK_COLOUR)
        self._preview: tuple[QRect, QImage, npt.NDArray[np.uint8]] | None = None
        document.region_changed.connect(self._refresh)
        document.mask_changed.connect(self._repaint_all)
        document.replaced.connect(self._rebuild)
        self._rebuild()

    def show_preview(self, rect: QRect, pixels: RGB, hole: Mask) -> None:
        """Show (h, w, 3) pixels inside the (h, w) hole at `rect`, over picture and tint."""
        shown = _screen_pixels(pixels)
        shown *= hole[..., None]
        image = QImage(
            shown.data, rect.width(), rect.height(), QImage.Format.Format_ARGB32_Premultiplied
        )
        self._preview = rect, image, shown  # the image lives in the array's memory
        self.changed.emit(rect)

    def clear_preview(self) -> None:
        if self._preview is not None:
            self._preview = None
            self._repaint_all()

    def paint(self, painter: QPainter, exposed: QRect, transform: Transform, ratio: float) -> None:
        """Draw what lies in the `exposed` part of the view; `ratio` is screen pixels a point."""
        level = level_for(transform.scale * ratio)
        smooth = transform.scale * ratio < _SHARP_FROM
        shown = transform.rect_to_view(self._document.rect).toAlignedRect().intersected(exposed)
        draw = partial(_draw_smooth, level=level) if smooth else partial(_draw_squares, shown=shown)
        painter.save()
        painter.setClipRect(shown)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        draw(painter, self._picture, transform)
        if not self._document.filled:
            draw(painter, self._tint, transform)
        if self._preview is not None:
            rect, image, _ = self._preview
            painter.drawImage(transform.rect_to_view(rect), image)
        painter.restore()
        self._draw_outline(painter, exposed, transform, level)

    def _draw_outline(
        self, painter: QPainter, exposed: QRect, transform: Transform, level: int
    ) -> None:
        reached = exposed.adjusted(-_PEN_REACH, -_PEN_REACH, _PEN_REACH, _PEN_REACH)
        lines = self._outline(transform.rect_to_canvas(reached), level)
        if not lines.size:
            return
        offset = np.array([transform.dx, transform.dy] * 2)
        places = np.rint(lines * (transform.scale * 2**level) + offset).astype(np.int64)
        upright = places[:, 0] == places[:, 2]
        for chosen, pen in ((upright, _dashes(across=False)), (~upright, _dashes(across=True))):
            painter.setPen(pen)
            painter.drawLines([QLine(*line) for line in places[chosen].tolist()])

    def _outline(self, seen: QRect, level: int) -> npt.NDArray[np.int64]:
        """Edges of the mask near the canvas pixels `seen`, in pixels of the level."""
        alpha = self._tint.pixels(level)[..., 3]
        step = 2**level
        bounds = QRect(0, 0, alpha.shape[1], alpha.shape[0])
        near = QRect(
            QPoint(seen.left() // step - 1, seen.top() // step - 1),
            QPoint(seen.right() // step + 1, seen.bottom() // step + 1),
        ).intersected(bounds)
        if near.isEmpty():
            return np.empty((0, 4), np.int64)
        around = near.adjusted(-1, -1, 1, 1)
        inside = around.intersected(bounds)
        mask = alpha[slices(inside)] > MASK_COLOUR.alpha() // 2
        mask = np.pad(
            mask,
            (
                (inside.top() - around.top(), around.bottom() - inside.bottom()),
                (inside.left() - around.left(), around.right() - inside.right()),
            ),
        )
        lines = edge_lines(mask)
        lines += np.array([around.left(), around.top()] * 2)
        return lines

    def _refresh(self, rect: QRect) -> None:
        box = slices(rect)
        self._picture.write(rect, _screen_pixels(self._document.pixels[box]))
        self._tint.write(rect, self._tints[self._document.mask[box].view(np.uint8)])
        self.changed.emit(rect)

    def _rebuild(self) -> None:
        size = self._document.size
        shape = (size.height(), size.width(), 4)
        self._picture = Pyramid(np.empty(shape, np.uint8), QImage.Format.Format_RGB32)
        self._tint = Pyramid(np.empty(shape, np.uint8), QImage.Format.Format_ARGB32_Premultiplied)
        self._preview = None
        self._refresh(self._document.rect)

    def _repaint_all(self) -> None:
        self.changed.emit(self._document.rect)


def _draw_smooth(painter: QPainter, pyramid: Pyramid, transform: Transform, *, level: int) -> None:
    """Draw a level, interpolated, wherever the painter is not clipped."""
    painter.save()
    painter.translate(transform.dx, transform.dy)
    painter.scale(transform.scale * 2**level, transform.scale * 2**level)
    painter.drawImage(QPoint(0, 0), pyramid.image(level))
    painter.restore()


def _draw_squares(
    painter: QPainter, pyramid: Pyramid, transform: Transform, *, shown: QRect
) -> None:
    """Draw the view rectangle `shown`, every canvas pixel a square.

    Qt's own scaling rounds by where it begins, so parts painted one by one would not join.
    """
    ratio = painter.device().devicePixelRatio()
    pixels = pyramid.pixels(0).view(np.uint32)[..., 0]
    rows = _under(shown.top(), shown.height(), transform.dy, transform.scale, ratio)
    columns = _under(shown.left(), shown.width(), transform.dx, transform.scale, ratio)
    rows, columns = rows.clip(0, pixels.shape[0] - 1), columns.clip(0, pixels.shape[1] - 1)
    squares = pixels[rows[:, None], columns]
    image = QImage(squares.data, len(columns), len(rows), 4 * len(columns), pyramid.format)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(shown.topLeft(), image)


def _under(
    start: int, length: int, offset: float, scale: float, ratio: float
) -> npt.NDArray[np.int64]:
    """The canvas row or column under the middle of each screen pixel from `start` on."""
    middles = start + (np.arange(round(length * ratio)) + 0.5) / ratio
    under: npt.NDArray[np.int64] = np.floor((middles - offset) / scale).astype(np.int64)
    return under


def _dashes(across: bool) -> QPen:
    """One pixel of black and white dashes, for lines that run across or down.

    The dashes are a texture fixed to the view, so lines drawn bit by bit join.
    """
    stripes = np.zeros((1, 2 * _DASH, 4), np.uint8)
    stripes[:, _DASH:] = 255
    if not across:
        stripes = np.ascontiguousarray(stripes.transpose(1, 0, 2))
    height, width, _ = stripes.shape
    texture = QImage(stripes.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    pen = QPen(QBrush(texture.copy()), 1)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    return pen


def _screen_pixels(pixels: RGB) -> npt.NDArray[np.uint8]:
    """(h, w, 3) RGB -> (h, w, 4) blue, green, red, 255."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGRA), np.uint8)


def _tints(colour: QColor) -> npt.NDArray[np.uint8]:
    """(2, 4) premultiplied blue, green, red, alpha: outside and inside the mask."""
    alpha = colour.alphaF()
    inside = [colour.blue() * alpha, colour.green() * alpha, colour.red() * alpha, colour.alpha()]
    return np.array([[0, 0, 0, 0], np.rint(inside)], np.uint8)
