"""Small pictures of results for lists."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import cv2
import numpy as np
from PySide6.QtGui import QIcon, QImage, QPixmap

from app.document.edits import Edit
from lazydiff_core.contract import RGB, Box
from lazydiff_core.geometry.resample import resize

SIDE = 128  # pixels: sharp at twice the size they are shown in

_of_edits: WeakKeyDictionary[Edit, QPixmap] = WeakKeyDictionary()


def thumbnail(pixels: RGB, side: int = SIDE) -> QPixmap:
    """The square in the middle of (h, w, 3) uint8 pixels, side x side."""
    shorter = min(pixels.shape[:2])
    middle = pixels[Box.of(pixels.shape).centred((shorter, shorter)).slices]
    small = np.ascontiguousarray(resize(middle, (side, side), cv2.INTER_LINEAR))
    image = QImage(small.data, side, side, 3 * side, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)


def edit_thumbnail(edit: Edit) -> QPixmap:
    """What an edit shows in its box; kept for as long as the edit is."""
    if edit not in _of_edits:
        _of_edits[edit] = thumbnail(shown_in_box(edit, edit.pixels))
    return _of_edits[edit]


def shown_in_box(edit: Edit, pixels: RGB) -> RGB:
    """(h, w, 3) uint8: the edit's box with these pixels in its hole."""
    return np.where(edit.mask[..., None], pixels, edit.before)


def as_icon(pixmap: QPixmap) -> QIcon:
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # or Qt would tint the chosen one
    return icon
