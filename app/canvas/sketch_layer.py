"""Paint layer of the colour sketch, above picture and mask tint."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from app.canvas.piece import Piece
from app.canvas.pyramid import PremultipliedPyramid
from app.document.document import Document
from lazydiff_core.contract import Box


class SketchLayer:
    """The sketch in the screen's format, made when something is first sketched."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._pyramid: PremultipliedPyramid | None = None

    def refresh(self, box: Box) -> None:
        """Update what is shown where the sketch has changed in `box`."""
        if self._pyramid is None:
            self.rebuild()
        else:
            self._pyramid.refresh(box)

    def rebuild(self) -> None:
        """Show the sketch of another picture."""
        sketch = self._document.sketch
        self._pyramid = None if sketch is None else PremultipliedPyramid(sketch)

    def paint(self, painter: QPainter, piece: Piece) -> None:
        if self._pyramid is None:
            return
        pixels = piece.sample(self._pyramid)
        if pixels is not None:
            piece.draw(painter, pixels)
