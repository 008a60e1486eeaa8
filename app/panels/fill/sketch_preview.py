"""A small picture of what a sketch-guided fill starts from: Qt-free."""

from __future__ import annotations

import numpy as np

from lazydiff_core.contract import RGB, RGBA, Box, Mask, Pixels
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.pixels import over_grey, painted_over
from lazydiff_core.geometry.resample import resize

_GREY = 127.0  # the middle of the range, about which noise lies
_WHITE = 255  # behind transparent pixels
_NOISE = 64.0  # standard deviation that covers the range of colours


def noised_start(
    pixels: Pixels, mask: Mask, sketch: RGBA, strength: float, side: int
) -> tuple[RGB, bool]:
    """The square around the mask, at most `side` pixels wide, its hole as generation finds it.

    The hole holds (1 - strength) * start + strength * noise, as the sampler mixes them (SDEdit),
    though in colours and not in the model's latents; the start is the picture with the sketch over
    it. All of the canvas without a mask. Also
    returned: whether any of the sketch lies in the mask, without which there is no guide.
    """
    area = _square(mask)
    reduced = min(1.0, side / max(area.width, area.height))
    size = max(1, round(area.height * reduced)), max(1, round(area.width * reduced))
    hole = resize(mask[area.slices].astype(np.float32), size)[..., None]
    canvas = over_grey(pixels[area.slices], _WHITE)
    around = resize(canvas.astype(np.float32), size)
    clean = resize(painted_over(canvas, sketch[area.slices]).astype(np.float32), size)
    random = np.random.default_rng(0).standard_normal(clean.shape, np.float32)
    start = clean * (1 - strength) + (_GREY + _NOISE * random) * strength
    shown = around * (1 - hole) + start * hole
    counts = bool((sketch[area.slices][..., 3] * mask[area.slices]).any())
    return np.rint(np.clip(shown, 0, 255)).astype(np.uint8), counts


def _square(mask: Mask) -> Box:
    """The mask's bounds and an eighth around them, within the canvas; all of it without a mask."""
    box, canvas = bounds_of(mask), Box.of(mask.shape)
    if box.is_empty:
        return canvas
    side = 2 * (max(box.width, box.height) * 5 // 8 + 1)
    return box.centred((side, side)).clip(canvas)
