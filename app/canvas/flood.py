"""The magic wand's selection: pixels similar to the touched one."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QPoint

from app.canvas.stroke import Shape
from lazydiff_core.contract import RGB, Box
from lazydiff_core.geometry.box import bounds_of

_FOUND = 1


def alike(pixels: RGB, at: QPoint, tolerance: int, *, contiguous: bool) -> Shape:
    """The pixels of an (H, W, 3) picture whose channels all differ by at most `tolerance` of 255.

    contiguous: only those connected to the pixel at `at`; diagonal neighbours are connected.
    """
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
