"""The magic wand's selection: pixels similar to the touched one."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QPoint

from app.canvas.stroke import Shape
from lazydiff_core.contract import Box, Pixels
from lazydiff_core.geometry.box import bounds_of

_FOUND = 1


def alike(pixels: Pixels, at: QPoint, tolerance: int, *, contiguous: bool) -> Shape:
    """The pixels of an (H, W, c) picture whose channels all differ by at most `tolerance` of 255.

    Alpha is a channel like the colours; clear pixels are alike, whatever colours they hide.
    contiguous: only those connected to the pixel at `at`; diagonal neighbours are connected.
    """
    if pixels.shape[2] == 4:
        pixels = pixels * (pixels[..., 3:] > 0)
    touched = pixels[at.y(), at.x()].astype(int)
    near = cv2.inRange(pixels, touched - tolerance, touched + tolerance)
    if not contiguous:
        found = np.asarray(near > 0, np.bool_)
        box = bounds_of(found)
        return box, found[box.slices]
    place = at.x(), at.y()
    _, _, _, (left, top, width, height) = cv2.floodFill(near, None, place, _FOUND, flags=8)
    box = Box(left, top, left + width, top + height)
    return box, np.asarray(near[box.slices] == _FOUND, np.bool_)
