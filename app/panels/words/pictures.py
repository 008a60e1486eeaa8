"""Small pictures of words: of the vocabulary from one sheet, of taught words from their files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap

from lazydiff_core.errors import LazyDiffError
from lazydiff_core.images.colour_names import COLOURS
from lazydiff_core.images.reading import read_rgba
from lazydiff_core.prompts.parts import TAUGHT
from lazydiff_core.storage.resources import resource

SIDE = 48  # pixels of a picture: sharp at twice the size of the smallest


@dataclass(frozen=True)
class _Index:
    """Of the sheet: side of a tile in pixels, tiles in a row, word -> category in their order."""

    side: int
    columns: int
    words: Mapping[str, str]


class WordPictures:
    """Pictures by word; made when they are first asked for, and kept.

    taught: where the picture of a taught word is.
    """

    def __init__(self, taught: Callable[[str], Path]) -> None:
        self._taught = taught
        self._made: dict[str, QPixmap] = {}

    def forget_taught(self) -> None:
        """Taught words may look different now."""
        self._made = {w: made for w, made in self._made.items() if not w.startswith(TAUGHT)}

    def load(self) -> None:
        """Read the sheet; on any thread, before it is needed."""
        _ = self._sheet

    def of(self, word: str) -> QPixmap:
        """The picture of a word, a null one where there is none; of a colour its patch."""
        if word not in self._made:
            self._made[word] = self._make(word)
        return self._made[word]

    def icon(self, word: str) -> QIcon:
        made = self.of(word)
        icon = QIcon(made)
        icon.addPixmap(made, QIcon.Mode.Selected)  # or Qt would tint the chosen one
        return icon

    def category(self, word: str) -> str:
        """The category of a word of the sheet, "" for others."""
        return self._index.words.get(word, "")

    def _make(self, word: str) -> QPixmap:
        if word.startswith(TAUGHT):
            return self._own(word.removeprefix(TAUGHT))
        if word in self._places:
            side = self._index.side
            row, column = divmod(self._places[word], self._index.columns)
            top, left = row * side, column * side
            return _pixmap(self._sheet[top : top + side, left : left + side])
        return QPixmap()

    def _own(self, word: str) -> QPixmap:
        try:
            pixels = read_rgba(self._taught(word))
        except LazyDiffError:
            return QPixmap()  # it is not there any more: the list of taught words says so
        scale = SIDE / max(pixels.shape[:2])
        size = [max(1, round(length * scale)) for length in pixels.shape[1::-1]]
        return _pixmap(np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8))

    @cached_property
    def _index(self) -> _Index:
        return _Index(**json.loads(resource("words/pictures.json").read_text(encoding="utf-8")))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {word: place for place, word in enumerate(self._index.words)}

    @cached_property
    def _sheet(self) -> npt.NDArray[np.uint8]:
        return read_rgba(resource("words/pictures.webp"))


def colour_patch(colour: str, side: int = SIDE) -> QPixmap:
    """A round patch of one of COLOURS."""
    patch = QPixmap(side, side)
    patch.fill(Qt.GlobalColor.transparent)
    painter = QPainter(patch)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(*COLOURS[colour]))
    painter.setPen(QColor(128, 128, 128))
    painter.drawEllipse(2, 2, side - 4, side - 4)
    painter.end()
    return patch


def _pixmap(pixels: npt.NDArray[np.uint8]) -> QPixmap:
    """(h, w, 4) uint8, straight alpha."""
    kept = np.ascontiguousarray(pixels)
    height, width = kept.shape[:2]
    image = QImage(kept.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return QPixmap.fromImage(image)
