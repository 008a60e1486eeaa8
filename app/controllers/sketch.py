"""The commands of the Sketch menu."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject

from app.canvas.view import CanvasView
from app.document.brush_colours import BrushColours
from app.document.commands import replace_sketch
from app.document.document import Document
from app.document.tiled_stroke import laid_on
from app.panels.dialogs.dialogs import Dialogs
from app.system.background import in_background
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from lazydiff_core.contract import RGBA
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.resample import resize_straight
from lazydiff_core.images.reading import read_rgba


class SketchController(QObject):
    """Imports and clears the sketch, and chooses its colour."""

    def __init__(
        self,
        document: Document,
        view: CanvasView,
        colours: BrushColours,
        dialogs: Dialogs,
        messages: Messages,
        settings: SettingsStore,
    ) -> None:
        super().__init__(view)
        self._document = document
        self._view = view
        self._colours = colours
        self._dialogs = dialogs
        self._messages = messages
        self._settings = settings

    def clear(self) -> None:
        """Nothing is sketched any more."""
        if self._document.sketch is not None and not self._view.is_busy:
            blank = np.zeros((*self._document.mask.shape, 4), np.uint8)
            replace_sketch(self._document, self.tr("Clear sketch"), blank)

    def load(self) -> None:
        """Take a picture as the sketch: as it is if it fits, else scaled into mask or canvas."""
        path = self._dialogs.ask_open(Path(self._settings.value.folder or Path.home()))
        if path is not None:
            self.load_from(path)

    def load_from(self, path: Path) -> bool:
        """The same with a picture that is known; False if it is not taken."""
        picture = self._read(path)
        return picture is not None and self.use(picture, self.tr("Import sketch"))

    def paste(self, path: Path) -> bool:
        """Lay a picture over what is sketched already; False if it cannot be read."""
        picture = self._read(path)
        return picture is not None and self.add(picture, self.tr("Paste as sketch"))

    def use(self, picture: RGBA, text: str) -> bool:
        """Make (h, w, 4) pixels the sketch, as a step `text`; False while the pen is down."""
        if self._view.is_busy:
            return False
        replace_sketch(self._document, text, self._placed(picture))
        return True

    def add(self, picture: RGBA, text: str) -> bool:
        """The same, laid over what is sketched already; False while the pen is down."""
        if self._view.is_busy:
            return False
        placed, sketch = self._placed(picture), self._document.sketch
        if sketch is not None:
            part = bounds_of(placed[..., 3] > 0).slices
            whole = sketch.copy()
            whole[part] = laid_on(sketch[part], placed[part][..., 3], placed[part][..., :3])
            placed = whole
        replace_sketch(self._document, text, placed)
        return True

    def _read(self, path: Path) -> RGBA | None:
        try:
            return in_background(partial(read_rgba, path))
        except LazyDiffError as error:
            self._messages.error(str(error))
            return None

    def choose_colour(self) -> None:
        colour = self._dialogs.ask_colour(self._colours.colour)
        if colour is not None:
            self._colours.use(colour)

    def _placed(self, picture: RGBA) -> RGBA:
        """(H, W, 4) of the canvas's size with the picture in it."""
        if picture.shape[:2] == self._document.mask.shape:
            return picture
        room = bounds_of(self._document.mask)
        room = self._document.box if room.is_empty else room
        height, width = picture.shape[:2]
        scale = min(room.width / width, room.height / height)
        size = max(1, round(height * scale)), max(1, round(width * scale))
        placed = np.zeros((*self._document.mask.shape, 4), np.uint8)
        placed[room.centred(size).slices] = resize_straight(picture, size)
        return placed
