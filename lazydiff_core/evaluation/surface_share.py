"""Which tokens of a hole show the requested surface, judged by colour and structure.

No network is involved. A token shows a surface where most of its pixels have one of the surface's
colours and where the neighbourhood has at least the surface's structure: neither a flat grey band
nor the old canvas passes for bricks.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.evaluation.seams import Lab, to_lab
from lazydiff_core.evaluation.surface_words import Surface

TOKEN = 16  # pixels
MIN_HOLE = 0.25  # share of a token that must lie in the hole for the token to count
MAX_PIXELS = 0.5  # part of a token's hole that must have the surface's colours
LIGHTNESS = 0.5  # what a difference of lightness counts where a colour has a hue
COLOURED = 10.0  # chroma from which a colour of a surface has a hue
MIN_CHROMA = 0.4  # part of that chroma which a pixel must have: grey is no pale blue
LOCAL = 27  # pixels across, of the square whose mean lightness is compared with
AROUND = 2 * TOKEN + 1  # pixels across, of the neighbourhood in which structure is looked for

Floats = npt.NDArray[np.float32]


def surface_share(image: RGB, mask: Mask, surface: Surface) -> float:
    """Share of the hole's tokens that show the surface, 0..1; image (H,W,3) uint8, mask (H,W).

    Raises ValueError where no token lies in the hole.
    """
    counted, shown = tokens_shown(image, mask, surface)
    if not counted.any():
        raise ValueError("The hole has no token.")
    return float(shown[counted].mean())


def tokens_shown(
    image: RGB, mask: Mask, surface: Surface
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """(H/TOKEN, W/TOKEN) bool twice: the tokens that count, and those that show the surface."""
    lab = to_lab(image)
    inside = mask.astype(np.float32)
    hole = _by_token(inside)
    counted = hole >= MIN_HOLE
    alike = _by_token(inside * coloured(lab, surface)) / np.maximum(hole, 1e-6)
    rough = _by_token(inside * structure(lab[..., 0], mask)) / np.maximum(hole, 1e-6)
    return counted, counted & (alike >= MAX_PIXELS) & (rough >= surface.structure)


def coloured(lab: Lab, surface: Surface) -> npt.NDArray[np.bool_]:
    """(H,W) bool: the pixels within the surface's reach of one of its colours, grey ones aside."""
    anchors = to_lab(np.array([list(bytes.fromhex(c)) for c in surface.colours], np.uint8)[None])[0]
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    near = np.zeros(lab.shape[:2], np.bool_)
    for anchor in anchors:
        own = float(np.hypot(anchor[1], anchor[2]))
        is_grey = own < COLOURED
        weight = 1.0 if is_grey else LIGHTNESS**2
        apart = np.square(lab - anchor)
        within = weight * apart[..., 0] + apart[..., 1] + apart[..., 2] <= surface.reach**2
        near |= within if is_grey else within & (chroma >= MIN_CHROMA * own)
    return near


def structure(lightness: Floats, mask: Mask) -> Floats:
    """(H,W): deviation of lightness about its local mean, about each pixel, within the hole.

    Means are taken in the hole only, so that its border is no structure.
    """
    inside = mask.astype(np.float32)
    mean = _local(lightness, inside, LOCAL)
    square = np.square((lightness - mean) * inside)
    return np.sqrt(_local(square, inside, AROUND))


def _local(values: Floats, weights: Floats, across: int) -> Floats:
    """The weighted mean of values in a square around each pixel."""
    total, count = (
        cv2.boxFilter(part, -1, (across, across), normalize=False, borderType=cv2.BORDER_CONSTANT)
        # The filter's running sums would round values below 0 in single precision.
        for part in ((values * weights).astype(np.float64), weights)
    )
    return np.asarray(np.maximum(total, 0) / np.maximum(count, 1), np.float32)


def _by_token(values: Floats) -> Floats:
    """(H,W) -> (H/TOKEN, W/TOKEN), means."""
    high, wide = (length // TOKEN for length in values.shape)
    return np.asarray(values.reshape(high, TOKEN, wide, TOKEN).mean((1, 3)), np.float32)
