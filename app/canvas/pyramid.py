"""An image pyramid: a picture at full size and repeatedly halved.

Zoomed far out, the cost of drawing depends on the screen, not on the canvas, and no pixel is
skipped.
"""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGBA, Box
from lazydiff_core.geometry.resample import crop

Pixels: TypeAlias = npt.NDArray[np.uint8]  # (H, W) or (H, W, channels)


class Pyramid:
    """Level k is 2**-k of the full size, rounded up. Levels are computed when first needed.

    Level 0 is not a copy but a live view of the document's array.
    """

    def __init__(self, full: Pixels) -> None:
        self._levels = [full]

    def show(self, full: Pixels) -> None:
        """Use another picture."""
        self._levels = [full]

    def refresh(self, box: Box) -> None:
        """Recompute all existing levels where the full-size pixels have changed in `box`."""
        for level in range(1, len(self._levels)):
            box = box.scale(1, 2)
            self._levels[level][box.slices] = _half(self._levels[level - 1], box)

    def pixels(self, level: int) -> Pixels:
        """The (H, W, ...) array of a level; later refreshes change it in place."""
        while len(self._levels) <= level:
            finer = self._levels[-1]
            self._levels.append(_half(finer, Box.of(finer.shape).scale(1, 2)))
        return self._levels[level]


class PremultipliedPyramid(Pyramid):
    """The pyramid of a live straight-alpha RGBA array, in the screen's format.

    Interpolation needs premultiplied colours, so level 0 is a copy.
    """

    def __init__(self, source: RGBA) -> None:
        super().__init__(source)
        self.show(source)

    def show(self, full: RGBA) -> None:
        self._source = full
        super().show(screen_pixels(full))

    def refresh(self, box: Box) -> None:
        self._levels[0][box.slices] = screen_pixels(self._source[box.slices])
        super().refresh(box)


def screen_pixels(pixels: RGBA) -> Pixels:
    """(h, w, 4) uint8 straight-alpha RGBA -> premultiplied blue, green, red, alpha."""
    alpha = pixels[..., 3:].astype(np.uint16)
    shown = np.empty(pixels.shape, np.uint8)
    shown[..., :3] = (pixels[..., :3] * alpha + 127) // 255
    shown[..., 3] = pixels[..., 3]
    return np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGBA2BGRA), np.uint8)


def level_for(scale: float) -> int:
    """The level for a canvas pixel of `scale` screen pixels, drawn at 1/2 to 1 of its size."""
    level = 0
    while scale <= 0.5:
        scale *= 2
        level += 1
    return level


def _half(finer: Pixels, box: Box) -> Pixels:
    """Means of 2x2 pixels of the finer level, for `box` of the coarser level."""
    twice = box.scale(2)
    inside = Box.of(finer.shape).contains(twice)  # else an odd last row or column counts twice
    part = finer[twice.slices] if inside else crop(finer, twice)
    return np.asarray(cv2.resize(part, (box.width, box.height), interpolation=cv2.INTER_AREA))
