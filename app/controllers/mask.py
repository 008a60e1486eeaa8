"""The commands of the Mask menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject

from app.canvas.view import CanvasView
from app.document.brush_colours import RGBColour
from app.document.commands import replace_mask
from app.document.fillers import Plain, pour
from app.document.mask_edit import MaskEdit
from app.document.mask_shapes import MAX_PIXELS, Refinement, feathered, grown, moved, shrunk
from app.panels.dialogs.dialogs import Dialogs
from app.system.background import in_background
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from app.ui.sentences import in_words
from lazydiff_core.contract import Cover, Mask
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.pixels import cover_of, over_grey
from lazydiff_core.images.masks import mask_file, read_mask, transparency_of
from lazydiff_core.images.reading import check_same_size
from lazydiff_core.selection import snapped
from lazydiff_core.storage.safe_files import write_files


class MaskController(QObject):
    """Acts on the mask as a whole, and not while the pen is down.

    By how many pixels it grows is a setting, so that no dialog asks.
    """

    def __init__(
        self, view: CanvasView, settings: SettingsStore, dialogs: Dialogs, messages: Messages
    ) -> None:
        super().__init__(view)
        self._view = view
        self._document = view.document
        self._settings = settings
        self._dialogs = dialogs
        self._messages = messages

    def select_all(self) -> None:
        self._replace(self.tr("Mask everything"), np.ones_like(self._document.mask))

    def clear(self) -> None:
        self._replace(self.tr("Clear mask"), np.zeros_like(self._document.mask))

    def invert(self) -> None:
        self._replace(self.tr("Invert mask"), ~self._document.cover)

    def grow(self) -> None:
        self._change(self.tr("Grow mask"), grown, self._settings.value.grow_by)

    def shrink(self) -> None:
        self._change(self.tr("Shrink mask"), shrunk, self._settings.value.grow_by)

    def feather(self) -> None:
        self._change(self.tr("Feather mask"), feathered, self._settings.value.feather_by)

    def refine(self) -> None:
        """Change its border in a dialog, seen at once; one step in the end."""
        if self._view.is_busy:
            return
        start = self._document.cover.copy()
        bases = {False: start}
        edit = MaskEdit(self._document)

        def show(how: Refinement) -> None:
            if how.snap and True not in bases:
                seen = over_grey(self._document.pixels, 127).copy()
                bases[True] = cover_of(in_background(partial(snapped, seen, start > 127)))
            cover = how.applied(bases[how.snap])
            box = bounds_of(cover > 0)
            edit.cancel()
            edit.combine(box, cover[box.slices], "replace")

        with self._view.pointing.lent():
            if self._dialogs.ask_refinement(show):
                edit.commit(self.tr("Refine edge"))
            else:
                edit.cancel()

    def fill_with(self, colour: RGBColour) -> None:
        """Fill it with a colour, as a layer of its own; no model is needed."""
        if not self._view.is_busy:
            everything = np.ones_like(self._document.mask)
            text = self.tr("Color fill")
            pour(self._document, text, self._document.box, everything, Plain(colour))
            self._view.colours.used()

    def move(self, right: int, down: int) -> None:
        """Move it by so many pixels; what leaves the canvas is gone."""
        self._replace(self.tr("Move mask"), moved(self._document.cover, right, down))

    def load(self) -> None:
        """Replace the mask by what a picture says as one; see `lazydiff_core.images.masks`."""
        path = self._dialogs.ask_open(self._folder())
        if path is not None and not self._view.is_busy:
            self.load_from(path)

    def take_transparency(self) -> None:
        """Replace the mask by where the picture is transparent, as soft as it is there."""
        cover = transparency_of(self._document.pixels)
        if cover.any():
            self._replace(self.tr("Mask what is transparent"), cover)
        else:
            self._messages.news(self.tr("Nothing of this picture is transparent."))

    def load_from(self, path: Path) -> bool:
        """The same with a file that is known; False if it is not taken."""
        try:
            read = in_background(partial(read_mask, path))
            check_same_size(self._document.pixels, read.cover, self.tr("mask"))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return False
        replace_mask(self._document, self.tr("Load mask"), read.cover)
        self._messages.news(in_words(read.notice))
        return True

    def save(self) -> None:
        """Write the mask as a grey PNG of the canvas's size."""
        path = self._dialogs.ask_save_mask(self._folder() / self.tr("mask.png"))
        if path is None:
            return
        try:
            write_files({path: mask_file(self._document.cover)})
        except LazyDiffError as error:
            self._messages.error(str(error))
        else:
            self._messages.news(self.tr("Mask saved as {}.").format(path.name))

    def _change(self, text: str, shape: Callable[[Cover, int], Cover], pixels: int) -> None:
        self._replace(text, shape(self._document.cover, min(max(pixels, 1), MAX_PIXELS)))

    def _replace(self, text: str, mask: Mask | Cover) -> None:
        if not self._view.is_busy:
            replace_mask(self._document, text, mask)

    def _folder(self) -> Path:
        return Path(self._settings.value.folder or Path.home())
