"""Small pictures of results for lists."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from PySide6.QtGui import QIcon, QPixmap

from app.document.edits import Edit, Variant
from app.ui.chequer import over_chequer
from app.ui.qimage import image_of
from lazydiff_core.contract import Box, Mask, Pixels
from lazydiff_core.geometry.pixels import alpha_of
from lazydiff_core.geometry.resample import resize, resize_straight

SIDE = 128  # pixels: sharp at twice the size they are shown in

_of_variants: WeakKeyDictionary[Variant, tuple[Mask, QPixmap]] = WeakKeyDictionary()


def thumbnail(pixels: Pixels, side: int = SIDE) -> QPixmap:
    """The square in the middle of (h, w, 3 or 4) uint8 pixels, side x side."""
    shorter = min(pixels.shape[:2])
    middle = pixels[Box.of(pixels.shape).centred((shorter, shorter)).slices]
    how = resize if middle.shape[2] == 3 else resize_straight
    small = over_chequer(how(middle, (side, side), cv2.INTER_LINEAR))
    return QPixmap.fromImage(image_of(small))


def edit_thumbnail(edit: Edit) -> QPixmap:
    """The edit alone, on a chequerboard; kept for as long as what it shows is.

    Of one that is discarded, its first variant.
    """
    if not edit.variants:
        return thumbnail(_alone(edit, Variant(edit.before, 0)))
    variant = edit.variants[edit.chosen or 0]
    mask, pixmap = _of_variants.get(variant, (None, None))
    if pixmap is None or mask is not edit.mask:
        pixmap = thumbnail(_alone(edit, variant))
        _of_variants[variant] = edit.mask, pixmap
    return pixmap


def _alone(edit: Edit, variant: Variant) -> Pixels:
    """(h, w, 4) uint8: what covers its ground."""
    alpha = edit.mask * (np.uint8(255) if variant.matte is None else variant.matte)
    own = alpha_of(variant.pixels)
    return np.dstack((variant.pixels[..., :3], alpha if own is None else np.minimum(alpha, own)))


def shown_in_box(edit: Edit, index: int) -> Pixels:
    """(h, w, c) uint8: the edit's box as this variant would show it."""
    canvas = edit.before.copy()
    replace(edit, chosen=index, visible=True).paint(canvas, part=edit.box)
    return canvas


def as_icon(pixmap: QPixmap) -> QIcon:
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # or Qt would tint the chosen one
    return icon
