"""Rectangles of canvas pixels: Qt's on the screen's side, the contract's on the engine's side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

from lazydiff_core.contract import Box, Cover, Mask


def rect_of(box: Box) -> QRect:
    """The same pixels as a QRect."""
    return QRect(box.left, box.top, box.width, box.height)


def box_of(rect: QRect) -> Box:
    """The same pixels as a Box."""
    left, top = rect.left(), rect.top()
    return Box(left, top, left + rect.width(), top + rect.height())


def slices(rect: QRect) -> tuple[slice, slice]:
    """Index of a rectangle in an (H, W, ...) array."""
    top, left = rect.top(), rect.left()
    return slice(top, top + rect.height()), slice(left, left + rect.width())


def bounds_of(mask: Mask) -> QRect:
    """The smallest rectangle around the True pixels of an (H, W) mask; empty if there are none."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return QRect()
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    return QRect(left, top, right - left, bottom - top)


def tiles_of(rect: QRect, side: int) -> Iterator[tuple[int, int]]:
    """(column, row) of every square tile that a rectangle touches."""
    for row in range(rect.top() // side, rect.bottom() // side + 1):
        for column in range(rect.left() // side, rect.right() // side + 1):
            yield column, row


def tile_rect(tile: tuple[int, int], side: int, canvas: QRect) -> QRect:
    """The pixels of a tile that lie on the canvas."""
    return QRect(tile[0] * side, tile[1] * side, side, side).intersected(canvas)


def cover_of(shape: Mask | Cover) -> Cover:
    """A sharp shape covers fully what it covers."""
    if shape.dtype == np.bool_:
        return np.asarray(np.negative(shape.view(np.uint8)), np.uint8)  # 255 where it was 1
    return np.asarray(shape, np.uint8)


def rects_of(region: QRegion) -> Iterable[QRect]:
    """The rectangles a region is made of; not every version of Qt's types knows that it has any."""
    return cast(Iterable[QRect], region)
