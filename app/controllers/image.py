"""The menu Image: crop, sizes, turns, and new room that is filled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QSize

from app.actions.state import NOTHING_RUNS, AppState, why_not
from app.canvas.view import CanvasView
from app.controllers.layer_colours import adjust_layer
from app.document.commands import ReshapeCommand
from app.document.reshaping import Content, at_size, reshaped
from app.engine.generation import Generation
from app.panels.dialogs.dialogs import Dialogs
from app.panels.fill.fill_panel import FillPanel
from app.system.background import in_background
from app.ui.messages import Messages
from lazydiff_core.contract import Box, Pixels
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.geometry.box import bounds_of, box_mask
from lazydiff_core.geometry.pixels import cover_of
from lazydiff_core.geometry.reshape import Reshape, content_box
from lazydiff_core.images.reading import MAX_PIXELS


class ImageController(QObject):
    """Changes the shape of the canvas, in one undo step each. Edits live on, but for another size.

    Nothing may run on the engine meanwhile: the actions need that.
    """

    def __init__(
        self,
        view: CanvasView,
        generation: Generation,
        panel: FillPanel,
        dialogs: Dialogs,
        messages: Messages,
    ) -> None:
        super().__init__(view)
        self._view, self._generation, self._panel = view, generation, panel
        self._dialogs, self._messages = dialogs, messages
        self._document = view.document

    @property
    def size(self) -> QSize:
        """Of the picture."""
        return self._document.size

    @property
    def pixels(self) -> Pixels:
        """A copy of the picture."""
        return self._document.dry_pixels()

    def adjust_layer(self) -> None:
        """Change hue, saturation and brightness of the chosen layer."""
        adjust_layer(self._view, self._dialogs, self._messages)

    def crop(self, box: Box) -> None:
        """Keep what is in the box; the crop tool asks at any time."""
        if self._generation.is_running:
            self._messages.news(why_not((NOTHING_RUNS,), AppState(is_filling=True)))
            return
        kept = box.intersection(self._document.box)
        if not kept.is_empty and kept != self._document.box:
            self._reshape(self.tr("Crop"), Reshape(kept))

    def crop_to_mask(self) -> None:
        self.crop(bounds_of(self._document.mask))

    def trim(self) -> None:
        """Cut off borders of one colour, or that are clear."""
        box = content_box(self._document.pixels)
        if box.is_empty or box == self._document.box:
            self._messages.news(self.tr("There is no border of one color to cut off."))
        else:
            self.crop(box)

    def turn(self, quarters: int) -> None:
        """Turn it clockwise."""
        self._reshape(self.tr("Rotate"), Reshape(self._document.box, quarters))

    def flip(self, *, upside_down: bool = False) -> None:
        """Mirror it, left to right or top to bottom."""
        turns = 2 if upside_down else 0
        self._reshape(self.tr("Flip"), Reshape(self._document.box, turns, mirrored=True))

    def resize_canvas(self) -> None:
        sides = self._dialogs.ask_canvas_size(self._document.size)
        if sides is not None:
            how = Reshape(sides.around(self._document.box))
            if how.window != self._document.box:
                self._reshape(self.tr("Canvas size"), how)

    def resize(self) -> None:
        """Scale the whole picture; its edits become part of it."""
        size = self._dialogs.ask_image_size(self._document.size)
        if size is not None and size != self._document.size:
            self.scale(self.tr("Image size"), (size.height(), size.width()))

    def scale(self, text: str, shape: tuple[int, int]) -> bool:
        """Scale the picture to (height, width), as a step `text`; False if that is not possible."""
        return self._change(text, shape, partial(at_size, size=shape))

    def extend(self) -> None:
        """New room at the sides, masked and filled."""
        sides = self._dialogs.ask_extension(self._document.size)
        if sides is None:
            return
        old = self._document.box
        how = Reshape(sides.around(old))
        if how.window == old:
            return

        def made(content: Content) -> Content:
            new = reshaped(content, how)
            fresh = ~box_mask(how.shape, old.relative_to(how.window))
            return replace(new, cover=cover_of(fresh), filled=False)

        if self._change(self.tr("Extend"), how.shape, made):
            self._panel.fill_new_room()

    def _reshape(self, text: str, how: Reshape) -> None:
        self._change(text, how.shape, partial(reshaped, how=how))

    def _change(
        self, text: str, shape: tuple[int, int], make: Callable[[Content], Content]
    ) -> bool:
        """Push the new content as one step; False if that was not possible."""
        if self._view.is_busy:
            return False
        if shape[0] * shape[1] > MAX_PIXELS:
            limit = MAX_PIXELS // 1_000_000
            self._messages.error(
                self.tr("{} x {} pixels are too many: up to {} million are possible.").format(
                    shape[1], shape[0], limit
                )
            )
            return False
        try:
            content = in_background(partial(make, self._document.content()))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return False
        self._document.undo_stack.push(ReshapeCommand(self._document, text, content))
        return True
