"""Reads the picture that a fill is to follow: a file, or the sketch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from lazydiff_core.backends.protocols import ControlInput
from lazydiff_core.contract import RGB, RGBA, Mask
from lazydiff_core.control_files import Control, read_control
from lazydiff_core.engine.reference_pictures import version_of
from lazydiff_core.errors import ImageError, InputError
from lazydiff_core.geometry.resample import cut, resize
from lazydiff_core.geometry.window import Window
from lazydiff_core.images.reading import read_image

_LARGEST_STRETCH = 0.01  # of a side, where a picture is not of the canvas's shape


@dataclass(frozen=True, eq=False)
class ControlPicture:
    """A control, and its (H,W,3) uint8 picture, as large as the canvas."""

    control: Control
    pixels: RGB

    def within(self, window: Window) -> ControlInput:
        """What the model is told of it in a window."""
        path = self.control.path
        key = (path, *version_of(path))
        return ControlInput(cut(self.pixels, window), key, self.control.strength)


def control_picture(setting: str, mask: Mask, sketch: RGBA | None) -> ControlPicture | None:
    """The control of a setting for an (H,W) mask, None of an empty one.

    A sketch counts by its shape alone: white on black, as edges and drawn lines are shown to such
    networks. Raises ImageError for a file that is no picture or of another shape than the canvas,
    and InputError where there is no sketch.
    """
    control = read_control(setting)
    if control is None:
        return None
    if control.picture is not None:
        picture = _fitted(control.picture, version_of(control.picture), mask.shape)
        return ControlPicture(control, picture)
    if sketch is None or not sketch[..., 3].any():
        raise InputError(
            f"{control.path.name} is to follow the sketch, and there is none: draw lines, or "
            "choose a picture."
        )
    return ControlPicture(control, np.repeat(sketch[..., 3:], 3, axis=2))


@lru_cache(maxsize=2)
def _fitted(path: Path, version: tuple[int, int], size: tuple[int, int]) -> RGB:
    picture = read_image(path)
    (height, width), (rows, columns) = picture.shape[:2], size
    stretch = (rows * width) / (columns * height)
    if abs(stretch - 1) > _LARGEST_STRETCH:
        raise ImageError(
            f"The control picture {path.name} is {width}x{height} and the canvas {columns}x{rows}: "
            "it must show the canvas, in any size of its shape."
        )
    return resize(picture, size)
