"""A small picture of what a sketch-guided fill starts from: Qt-free."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from app.document.rects import bounds_of
from lazydiff_core.contract import RGB, RGBA, Box, Mask

_BLANK = 127.0  # what a hole looks like to the model before anything is there
_NOISE = 64.0  # standard deviation that covers the range of colours


def noised_start(
    pixels: RGB, mask: Mask, sketch: RGBA, strength: float, side: int
) -> tuple[RGB, bool]:
    """The square around the mask, at most `side` pixels wide, its hole as generation finds it.

    The hole holds (1 - strength) * sketch + strength * noise, as the sampler mixes them (SDEdit),
    though in colours and not in the model's latents. All of the canvas without a mask. Also
    returned: whether any of the sketch lies in the mask, without which there is no guide.
    """
    area = _square(mask)
    reduced = min(1.0, side / max(area.width, area.height))
    size = max(1, round(area.width * reduced)), max(1, round(area.height * reduced))
    hole = _resized(mask[area.slices].astype(np.float32), size)[..., None]
    around = _resized(pixels[area.slices].astype(np.float32), size)
    alpha = sketch[area.slices][..., 3:].astype(np.float32) / 255
    paint = _resized(np.asarray(sketch[area.slices][..., :3] * alpha, np.float32), size)
    cover = _resized(np.asarray(alpha[..., 0], np.float32), size)[..., None]
    clean = paint + _BLANK * (1 - cover)
    random = np.random.default_rng(0).standard_normal(clean.shape, np.float32)
    start = clean * (1 - strength) + (_BLANK + _NOISE * random) * strength
    shown = around * (1 - hole) + start * hole
    counts = bool((sketch[area.slices][..., 3] * mask[area.slices]).any())
    return np.rint(np.clip(shown, 0, 255)).astype(np.uint8), counts


def _square(mask: Mask) -> Box:
    """The mask's bounds and an eighth around them, within the canvas; all of it without a mask."""
    height, width = mask.shape
    rect = bounds_of(mask)
    if rect.isEmpty():
        return Box(0, 0, width, height)
    half = max(rect.width(), rect.height()) * 5 // 8 + 1
    middle = rect.center()
    return Box(
        max(middle.x() - half, 0),
        max(middle.y() - half, 0),
        min(middle.x() + half, width),
        min(middle.y() + half, height),
    )


def _resized(values: npt.NDArray[np.float32], size: tuple[int, int]) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)
