"""Small pictures of results for lists."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import cv2
import numpy as np
from PySide6.QtGui import QIcon, QPixmap

from app.document.edits import Edit
from app.ui.chequer import over_chequer
from app.ui.qimage import image_of
from lazydiff_core.contract import Box, Pixels
from lazydiff_core.geometry.resample import resize, resize_straight

SIDE = 128  # pixels: sharp at twice the size they are shown in

_of_edits: WeakKeyDictionary[Edit, QPixmap] = WeakKeyDictionary()


def thumbnail(pixels: Pixels, side: int = SIDE) -> QPixmap:
    """The square in the middle of (h, w, 3 or 4) uint8 pixels, side x side."""
    shorter = min(pixels.shape[:2])
    middle = pixels[Box.of(pixels.shape).centred((shorter, shorter)).slices]
    how = resize if middle.shape[2] == 3 else resize_straight
    small = over_chequer(how(middle, (side, side), cv2.INTER_LINEAR))
    return QPixmap.fromImage(image_of(small))


def edit_thumbnail(edit: Edit) -> QPixmap:
    """What an edit shows in its box; kept for as long as the edit is."""
    if edit not in _of_edits:
        _of_edits[edit] = thumbnail(shown_in_box(edit, edit.pixels))
    return _of_edits[edit]


def shown_in_box(edit: Edit, pixels: Pixels) -> Pixels:
    """(h, w, c) uint8: the edit's box with these pixels in its hole."""
    return np.where(edit.mask[..., None], pixels, edit.before)


def as_icon(pixmap: QPixmap) -> QIcon:
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # or Qt would tint the chosen one
    return icon
