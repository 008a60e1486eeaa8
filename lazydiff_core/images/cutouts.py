"""Objects cut out of pictures: (H,W,4) uint8 RGBA, straight alpha, transparent around them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGBA, Box, Cover, Pixels
from lazydiff_core.errors import InputError
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.pixels import alpha_of
from lazydiff_core.geometry.resample import resize

SQUARE = 256
SHOWS = 12  # pixels with a higher alpha count as visible
MIN_PIXELS = 64  # of an object


def cut_out(image: Pixels, cover: Cover) -> RGBA:
    """(h,w,4): the part of an (H,W,3 or 4) picture under an (H,W) cover, which becomes its alpha.

    The picture's own alpha is multiplied by it.
    """
    box = bounds_of(cover > 0)
    colours, shown = image[box.slices][..., :3], cover[box.slices]
    alpha = alpha_of(image[box.slices])
    if alpha is not None:
        shown = ((shown.astype(np.uint16) * alpha + 127) // 255).astype(np.uint8)
    return np.dstack([colours, shown])


def tight_square(image: RGBA, side: int = SQUARE) -> RGBA | None:
    """(side,side,4): the visible part of an (H,W,4) picture, scaled to fit and centred.

    None if fewer than MIN_PIXELS are visible.
    """
    shown = image[..., 3] > SHOWS
    if np.count_nonzero(shown) < MIN_PIXELS:
        return None
    crop = image[bounds_of(shown).slices].astype(np.float32)
    crop[..., :3] *= crop[..., 3:] / 255  # premultiply: resizing must not bleed hidden colours
    scale = side / max(crop.shape[:2])
    size = (max(1, round(crop.shape[0] * scale)), max(1, round(crop.shape[1] * scale)))
    crop = np.clip(resize(crop, size), 0, 255)
    alpha = np.maximum(crop[..., 3:], 1)
    crop[..., :3] = np.clip(crop[..., :3] * 255 / alpha, 0, 255)
    square = np.zeros((side, side, 4), np.uint8)
    square[Box.of(square.shape).centred(size).slices] = np.rint(crop).astype(np.uint8)
    return square


def thing_in(image: RGBA) -> RGBA:
    """`tight_square` of a picture that must show an object; InputError if it does not."""
    square = tight_square(image)
    if square is None:
        raise InputError("This picture is transparent: it must show an object.")
    return square


def extents_of(square: RGBA) -> tuple[float, float]:
    """Width and height of the visible part, over the square's side; 1 and 1 if none is visible."""
    box = bounds_of(square[..., 3] > SHOWS)
    if box.is_empty:
        return 1.0, 1.0
    high, wide = square.shape[:2]
    return box.width / wide, box.height / high


def premultiplied(image: RGBA) -> npt.NDArray[np.float32]:
    """(H,W,4) float32 in [0,1], colours multiplied by alpha."""
    pixels = image.astype(np.float32) / np.float32(255)
    pixels[..., :3] *= pixels[..., 3:]
    return pixels


def straight(pixels: npt.NDArray[np.float32]) -> RGBA:
    """The inverse of `premultiplied`."""
    colours = pixels[..., :3] / np.maximum(pixels[..., 3:], np.float32(1 / 255))
    both = np.concatenate([colours, pixels[..., 3:]], axis=-1)
    return np.asarray(np.rint(np.clip(both, 0, 1) * 255), np.uint8)
