"""Small pictures of results for lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar
from weakref import WeakKeyDictionary

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from app.document.edits import Edit, Variant
from app.ui.chequer import over_chequer
from app.ui.qimage import image_of
from lazydiff_core.contract import Box, Mask, Pixels
from lazydiff_core.geometry.pixels import alpha_of
from lazydiff_core.geometry.resample import resize, resize_straight

Scalar = TypeVar("Scalar", np.uint8, np.bool_)
SIDE = 128  # pixels: sharp at twice the size they are shown in

_of_variants: WeakKeyDictionary[Variant, tuple[Mask, QPixmap]] = WeakKeyDictionary()


def thumbnail(pixels: Pixels, side: int = SIDE) -> QPixmap:
    """All of (h, w, 3 or 4) uint8 pixels in the middle of a clear square, side x side."""
    scale = side / max(pixels.shape[:2])
    height, width = (max(round(length * scale), 1) for length in pixels.shape[:2])
    how = resize if pixels.shape[2] == 3 else resize_straight
    small = over_chequer(how(pixels, (height, width), cv2.INTER_LINEAR))
    square = QPixmap(side, side)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    painter.drawImage((side - width) // 2, (side - height) // 2, image_of(small))
    painter.end()
    return square


def edit_thumbnail(edit: Edit) -> QPixmap:
    """The edit alone, on a chequerboard; kept for as long as what it shows is.

    Of one that is discarded, its first variant.
    """
    if not edit.variants:
        return thumbnail(_alone(_thinned(edit, Variant(edit.before, 0), SIDE)))
    variant = edit.variants[edit.chosen or 0]
    mask, pixmap = _of_variants.get(variant, (None, None))
    if pixmap is None or mask is not edit.mask:
        pixmap = thumbnail(_alone(_thinned(edit, variant, SIDE)))
        _of_variants[variant] = edit.mask, pixmap
    return pixmap


def variant_thumbnail(edit: Edit, index: int, side: int) -> QPixmap:
    """The edit's box as this variant would show it, in the middle of a square."""
    return thumbnail(shown_in_box(_thinned(edit, edit.variants[index], side), 0), side)


def _thinned(edit: Edit, variant: Variant, side: int) -> Edit:
    """An edit with this variant alone, of as few pixels as a picture of it needs.

    A layer may be as large as the canvas, and change with every stroke.
    """
    step = max(max(edit.box.shape) // (2 * side), 1)

    def few(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        return np.ascontiguousarray(array[::step, ::step])

    matte = None if variant.matte is None else few(variant.matte)
    mask = few(edit.mask)
    return replace(
        edit,
        box=Box.of(mask.shape),
        mask=mask,
        before=few(edit.before),
        variants=(Variant(few(variant.pixels), variant.seed, matte),),
        chosen=0,
        cover=None if edit.cover is None else few(edit.cover),
        sketch=None,
    )


def _alone(edit: Edit) -> Pixels:
    """(h, w, 4) uint8: what covers its ground."""
    (variant,) = edit.variants
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
