"""Paint layer of the colour sketch, above picture and mask tint."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtGui import QPainter

from app.canvas.piece import Piece
from app.canvas.pyramid import Pixels, Pyramid
from app.document.document import Document
from lazydiff_core.contract import RGBA, Box


class SketchLayer:
    """The sketch in the screen's format.

    Interpolation needs premultiplied colours, which the document does not hold. So the layer keeps
    a copy, made when something is first sketched.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._full: Pixels | None = None
        self._pyramid: Pyramid | None = None

    def refresh(self, box: Box) -> None:
        """Update the copy where the sketch has changed in `box`."""
        sketch = self._document.sketch
        if sketch is None:
            self._full = self._pyramid = None
        elif self._pyramid is None or self._full is None:
            self._full = _screen_pixels(sketch)
            self._pyramid = Pyramid(self._full)
        else:
            self._full[box.slices] = _screen_pixels(sketch[box.slices])
            self._pyramid.refresh(box)

    def rebuild(self) -> None:
        """Rebuild the copy for another picture."""
        self._full = self._pyramid = None
        self.refresh(self._document.box)

    def paint(self, painter: QPainter, piece: Piece) -> None:
        if self._pyramid is None:
            return
        pixels = piece.sample(self._pyramid)
        if pixels is not None:
            piece.draw(painter, pixels)


def _screen_pixels(sketch: RGBA) -> Pixels:
    """(h, w, 4) uint8 straight-alpha RGBA -> premultiplied blue, green, red, alpha."""
    alpha = sketch[..., 3:].astype(np.uint16)
    shown = np.empty(sketch.shape, np.uint8)
    shown[..., :3] = (sketch[..., :3] * alpha + 127) // 255
    shown[..., 3] = sketch[..., 3]
    return np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGBA2BGRA), np.uint8)
