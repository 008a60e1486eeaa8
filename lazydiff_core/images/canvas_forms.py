"""Pictures as callers have them, grey or of 16 bits, as canvases that an engine fills."""

from __future__ import annotations

import numpy as np

from lazydiff_core.contract import Pixels
from lazydiff_core.images.colour import from_srgb, scaled
from lazydiff_core.images.picture import COLOURS, ColourModel, Samples


def is_form(image: Samples) -> bool:
    """Whether this can be a canvas: grey, RGB or RGBA, of 8 or 16 bits."""
    channels = image.shape[2] if image.ndim == 3 else 1 if image.ndim == 2 else 0
    return channels in (1, 3, 4) and image.dtype in (np.uint8, np.uint16)


def canvas_of(image: Samples) -> Pixels:
    """(H, W, 3) or (H, W, 4) uint8 of (H, W) or (H, W, 1, 3 or 4) uint8 or uint16.

    An image that is a canvas already is returned itself.
    """
    if image.ndim == 3 and image.shape[2] >= 3 and image.dtype == np.uint8:
        return image
    eight = scaled(image.reshape(*image.shape[:2], -1), np.uint8)
    colours = eight[..., : COLOURS[_model_of(image)]]
    if colours.shape[2] == 1:
        colours = np.repeat(colours, 3, axis=2)
    return np.concatenate([colours, eight[..., COLOURS[_model_of(image)] :]], axis=2)


def in_form(patch: Pixels, before: Pixels, image: Samples) -> Samples:
    """A changed canvas in the channels and depth of an image; what was not changed equals it.

    patch, before: (H, W, 3 or 4) uint8, the canvas now and as `canvas_of` made it of `image`.
    """
    samples = image.reshape(*image.shape[:2], -1)
    model = _model_of(image)
    count = COLOURS[model]
    done = samples.copy()
    changed = (patch[..., :3] != before[..., :3]).any(axis=2)
    done[..., :count][changed] = from_srgb(patch[..., :3][changed][None], model, b"", image.dtype)[
        0
    ]
    if samples.shape[2] > count:
        differs = changed | (patch[..., 3] != before[..., 3])
        done[..., count][differs] = scaled(patch[..., 3][differs], image.dtype)
    return done.reshape(image.shape)


def _model_of(image: Samples) -> ColourModel:
    return "RGB" if image.ndim == 3 and image.shape[2] >= 3 else "L"
