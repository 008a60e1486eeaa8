"""Canvases cropped, widened, turned and mirrored, pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from lazydiff_core.geometry.box import Box, bounds_of
from lazydiff_core.geometry.pixels import Mask, Pixels

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True)
class Reshape:
    """An exact change of a canvas: every old pixel that stays has its old value.

    window:   what is shown, in pixels of the old canvas; it may reach beyond it.
    turns:    quarter turns clockwise, after that.
    mirrored: left and right change places, at last.
    """

    window: Box
    turns: int = 0
    mirrored: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the new canvas."""
        height, width = self.window.shape
        return (width, height) if self.turns % 2 else (height, width)

    def array(
        self, array: npt.NDArray[Scalar], fill: Any = 0, place: Box | None = None
    ) -> npt.NDArray[Scalar]:
        """A new (H', W', ...) array; `fill` is what lies beyond the old canvas.

        place: where on the old canvas `array` lies, inside the window; the new array is that of
               `box(place)` then. None = it is the whole canvas.
        """
        if place is None:
            canvas = Box.of(array.shape)
            shown = np.full((*self.window.shape, *array.shape[2:]), fill, array.dtype)
            kept = self.window.intersection(canvas)
            shown[kept.relative_to(self.window).slices] = array[kept.slices]
        else:
            shown = array
        turned = np.rot90(shown, -self.turns)
        return np.array(turned[:, ::-1] if self.mirrored else turned, order="C")

    def box(self, box: Box) -> Box:
        """Where a box of the old canvas, inside the window, lies on the new one."""
        here = box.relative_to(self.window)
        height, width = self.window.shape
        for _ in range(self.turns % 4):
            here = Box(height - here.bottom, here.left, height - here.top, here.right)
            height, width = width, height
        if self.mirrored:
            here = Box(width - here.right, here.top, width - here.left, here.bottom)
        return here


def content_box(pixels: Pixels) -> Box:
    """The bounds of what differs from the colour of the top left corner, or of what is not clear.

    EMPTY if nothing does.
    """
    if pixels.shape[2] == 4 and (pixels[..., 3] == 0).any():
        return bounds_of(pixels[..., 3] > 0)
    differs: Mask = (pixels != pixels[0, 0]).any(axis=2)
    return bounds_of(differs)
