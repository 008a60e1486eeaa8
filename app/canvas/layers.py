"""The paint layers of the canvas, and which parts need repainting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QPainter

from app.canvas.mask_layers import MaskLook, OutlineLayer, TintLayer
from app.canvas.picture_layers import GridLayer, PictureLayer, PreviewLayer
from app.canvas.piece import Piece
from app.canvas.pins import Pin, PinLayer
from app.canvas.pyramid import Pyramid
from app.canvas.sketch_layer import SketchLayer
from app.canvas.token_layer import TokenLayer
from app.canvas.transform import Transform
from app.document.document import Document
from app.engine.estimate.token_estimate import TokenEstimate
from app.ui.rects import rect_of
from lazydiff_core.contract import Box, Mask, Pixels


class PaintLayer(Protocol):
    """One layer of what the canvas shows."""

    def paint(self, painter: QPainter, piece: Piece) -> None:
        """Draw the layer inside the piece. The painter uses view points."""
        ...


class Layers(QObject):
    """Owns the paint layers, lowest first, and says what to repaint. A new layer is an entry here.

    The document's arrays are shown without a copy. Zoomed out, halved copies are kept, and only
    the changed rectangle of these is recomputed.
    """

    changed = Signal(QRect)  # canvas pixels to repaint
    quick_mask_changed = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._picture, self._cover = PictureLayer(document.pixels), Pyramid(document.cover)
        self._tint = TintLayer(self._cover)
        self._preview, self._live = PreviewLayer(), PreviewLayer()
        self._without = PreviewLayer()
        self._tokens = TokenLayer(self._cover)
        self._grid = GridLayer(rect_of(document.box))
        self._pins = PinLayer()
        self._sketch = SketchLayer(document)
        self._quick_mask = True
        self._was_spent = document.is_spent
        self.order: dict[str, PaintLayer] = {
            "picture": self._picture,
            "without": self._without,
            "mask": self._tint,
            "sketch": self._sketch,
            "preview": self._preview,
            "live": self._live,
            "tokens": self._tokens,
            "outline": OutlineLayer(self._cover),
            "pins": self._pins,
            "grid": self._grid,
        }
        document.region_changed.connect(self._refresh)
        document.sketch_changed.connect(self._refresh_sketch)
        document.mask_changed.connect(self._on_mask)
        document.reshaped.connect(self._rebuild)

    def paint(self, painter: QPainter, exposed: QRect, transform: Transform, ratio: float) -> None:
        """Draw the `exposed` part of the view; `ratio` is screen pixels per view point."""
        piece = Piece(exposed, transform, ratio)
        painter.save()
        painter.setClipRect(exposed)
        for layer in self.order.values():
            layer.paint(painter, piece)
        painter.restore()

    # --- preview ---------------------------------------------------------------------------------

    @property
    def has_preview(self) -> bool:
        """Whether the preview of a fill is shown."""
        return self._preview.is_shown

    def show_preview(self, box: Box, pixels: Pixels, hole: Mask, number: int = 0) -> None:
        """Show (h, w, 3 or 4) uint8 pixels inside the (h, w) hole at `box`, over picture and tint.

        number: the id of this preview, as several may show at once.
        """
        self._preview.show(box, pixels, hole, number)
        self.changed.emit(rect_of(box))

    def keep_previews(self, numbers: Iterable[int]) -> None:
        """Remove all previews except these."""
        for box in self._preview.keep(set(numbers)):
            self.changed.emit(rect_of(box))

    def clear_preview(self) -> None:
        self.keep_previews(())

    def show_pins(self, pins: Sequence[Pin]) -> None:
        """Outline the masks in the queue."""
        changed = self._pins.show(pins)
        if not changed.is_empty:
            self.changed.emit(rect_of(changed.grow(3)))

    def show_live(self, box: Box, pixels: Pixels, hole: Mask) -> None:
        """Show the result of a live fill like a preview, until it is kept or dropped."""
        self._live.show(box, pixels, hole, 0)
        self.changed.emit(rect_of(box))

    def clear_live(self) -> None:
        for box in self._live.keep(()):
            self.changed.emit(rect_of(box))

    def show_without(self, box: Box, pixels: Pixels) -> None:
        """Show a box of the picture as it is without the layer that is being dragged."""
        self._without.show(box, pixels, np.ones(box.shape, np.bool_), 0)
        self.changed.emit(rect_of(box))

    def clear_without(self) -> None:
        for box in self._without.keep(()):
            self.changed.emit(rect_of(box))

    # --- mask style ------------------------------------------------------------------------------

    @property
    def mask_look(self) -> MaskLook:
        return self._tint.look

    def set_mask_look(self, look: MaskLook) -> None:
        self._tint.set_look(look)
        self._repaint_all()

    @property
    def quick_mask(self) -> bool:
        """Whether the mask shows as a colour, not only as an outline."""
        return self._tint.shown

    def set_quick_mask(self, shown: bool) -> None:
        """Show or hide the colour, also over a spent mask, until the next mask is spent."""
        self._show_tint(shown)
        if not self._document.is_spent:
            self._quick_mask = shown

    @property
    def grid(self) -> bool:
        """Whether grid lines show between pixels at high zoom."""
        return self._grid.shown

    def set_grid(self, shown: bool) -> None:
        self._grid.shown = shown
        self._repaint_all()

    @property
    def tokens(self) -> bool:
        """Whether the tokens of a fill and its blend ring are shown."""
        return self._tokens.shown

    def set_tokens(self, shown: bool) -> None:
        self._tokens.shown = shown
        self._repaint_all()

    def show_token_estimate(self, estimate: TokenEstimate | None) -> None:
        """Show the token estimate of the current mask."""
        spoiled = self._tokens.show(estimate)
        if self._tokens.shown and not spoiled.is_empty:
            self.changed.emit(rect_of(spoiled))

    # --- document signals ------------------------------------------------------------------------

    def _on_mask(self) -> None:
        """Show only the outline of a spent mask, so that the artist can judge the result."""
        if self._document.is_spent != self._was_spent:
            self._was_spent = self._document.is_spent
            self._show_tint(self._quick_mask and not self._was_spent)

    def _show_tint(self, shown: bool) -> None:
        if shown != self._tint.shown:
            self._tint.shown = shown
            self.quick_mask_changed.emit(shown)
            self._repaint_all()

    def _refresh(self, box: Box) -> None:
        self._picture.refresh(box)
        self._cover.refresh(box)
        self.changed.emit(rect_of(box))

    def _refresh_sketch(self, box: Box) -> None:
        self._sketch.refresh(box)
        self.changed.emit(rect_of(box))

    def _rebuild(self) -> None:
        self._sketch.rebuild()
        self._picture.show(self._document.pixels)
        self._cover.show(self._document.cover)
        self._preview.keep(())
        self._live.keep(())
        self._without.keep(())
        self._grid.canvas = rect_of(self._document.box)
        self._repaint_all()

    def _repaint_all(self) -> None:
        self.changed.emit(rect_of(self._document.box))
