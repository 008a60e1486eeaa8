"""What the canvas shows, layer by layer, and when a part of it has to be painted again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

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
from lazydiff_core.contract import RGB, Box, Mask


class PaintLayer(Protocol):
    """Something that can be drawn over the canvas, or under what lies over it."""

    def paint(self, painter: QPainter, piece: Piece) -> None:
        """Draw what lies in the piece. The painter counts in view points."""
        ...


class Layers(QObject):
    """An ordered dict of paint layers, the lowest first. A new one is an entry here.

    The document's arrays are shown as they are; only where the view is zoomed out are halved
    copies kept, and of them only the changed rectangle is made again.
    """

    changed = Signal(QRect)  # canvas pixels that look different now
    quick_mask_changed = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._picture, self._cover = Pyramid(document.pixels), Pyramid(document.cover)
        self._tint = TintLayer(self._cover)
        self._preview, self._live = PreviewLayer(), PreviewLayer()
        self._tokens = TokenLayer(self._cover)
        self._grid = GridLayer(rect_of(document.box))
        self._pins = PinLayer()
        self._sketch = SketchLayer(document)
        self._quick_mask = True
        self._was_spent = document.is_spent
        self.order: dict[str, PaintLayer] = {
            "picture": PictureLayer(self._picture),
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
        document.replaced.connect(self._rebuild)

    def paint(self, painter: QPainter, exposed: QRect, transform: Transform, ratio: float) -> None:
        """Draw what lies in the `exposed` part of the view; `ratio` is screen pixels a point."""
        piece = Piece(exposed, transform, ratio)
        painter.save()
        painter.setClipRect(exposed)
        for layer in self.order.values():
            layer.paint(painter, piece)
        painter.restore()

    # --- preview ---------------------------------------------------------------------------------

    @property
    def has_preview(self) -> bool:
        """A fill is seen while it grows."""
        return self._preview.is_shown

    def show_preview(self, box: Box, pixels: RGB, hole: Mask, number: int = 0) -> None:
        """Show (h, w, 3) pixels inside the (h, w) hole at `box`, over picture and tint.

        number: tells several apart that are shown at once.
        """
        self._preview.show(box, pixels, hole, number)
        self.changed.emit(rect_of(box))

    def keep_previews(self, numbers: Iterable[int]) -> None:
        """Take all others off."""
        for box in self._preview.keep(set(numbers)):
            self.changed.emit(rect_of(box))

    def clear_preview(self) -> None:
        self.keep_previews(())

    def show_pins(self, pins: Sequence[Pin]) -> None:
        """Outline the masks that are on their way."""
        changed = self._pins.show(pins)
        if not changed.is_empty:
            self.changed.emit(rect_of(changed.grow(3)))

    def show_live(self, box: Box, pixels: RGB, hole: Mask) -> None:
        """Show what a fill would look like, the same way, until it is kept or dropped."""
        self._live.show(box, pixels, hole, 0)
        self.changed.emit(rect_of(box))

    def clear_live(self) -> None:
        for box in self._live.keep(()):
            self.changed.emit(rect_of(box))

    # --- how the mask looks ----------------------------------------------------------------------

    @property
    def mask_look(self) -> MaskLook:
        return self._tint.look

    def set_mask_look(self, look: MaskLook) -> None:
        self._tint.set_look(look)
        self._repaint_all()

    @property
    def quick_mask(self) -> bool:
        """The mask is shown as a colour, not by its outline alone."""
        return self._tint.shown

    def set_quick_mask(self, shown: bool) -> None:
        """Also over a mask that has been handed over, until the next one is."""
        self._show_tint(shown)
        if not self._document.is_spent:
            self._quick_mask = shown

    @property
    def grid(self) -> bool:
        """Pixels are told apart by lines, where they are large."""
        return self._grid.shown

    def set_grid(self, shown: bool) -> None:
        self._grid.shown = shown
        self._repaint_all()

    @property
    def tokens(self) -> bool:
        """What a fill computes is shown: its tokens and the blend ring."""
        return self._tokens.shown

    def set_tokens(self, shown: bool) -> None:
        self._tokens.shown = shown
        self._repaint_all()

    def show_token_estimate(self, estimate: TokenEstimate | None) -> None:
        """What a fill of the mask would compute now."""
        spoiled = self._tokens.show(estimate)
        if self._tokens.shown and not spoiled.is_empty:
            self.changed.emit(rect_of(spoiled))

    # --- news of the document --------------------------------------------------------------------

    def _on_mask(self) -> None:
        """A mask that has been handed over shows its outline only: the result can be judged."""
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
        self._grid.canvas = rect_of(self._document.box)
        self._repaint_all()

    def _repaint_all(self) -> None:
        self.changed.emit(rect_of(self._document.box))
