"""Seams, colour shifts and differences of fills, in levels of 255 and in CIELAB.

Images (H,W,3) uint8.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, Mask

Lab = npt.NDArray[np.float32]
DIFFERENT = 25.0  # in CIELAB: no ground is so far off
BESIDE = 10  # pixels around a thing that may be its edge


def seam_jump(image: RGB, mask: Mask) -> float:
    """How much larger the step across the hole's border is than the steps beside it.

    Mean absolute difference of neighbouring pixels across the border, less the mean of the
    differences one pixel further in and one further out; levels of 255, about 0 without a seam.
    """
    jumps = [_jumps(image, mask), _jumps(image.transpose(1, 0, 2), mask.T)]
    across, beside = (np.concatenate(part) for part in zip(*jumps, strict=True))
    return float(across.mean() - beside.mean()) if across.size else 0.0


def _jumps(image: RGB, mask: Mask) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Steps across the border from row to row, and the mean of the steps before and after."""
    steps = np.abs(np.diff(image.astype(np.float32), axis=0)).mean(2)
    border = (mask[1:] != mask[:-1])[1:-1]
    # The steps beside the border are used only where they cross no other border of the mask.
    settled = border & (mask[:-3] == mask[1:-2]) & (mask[2:-1] == mask[3:])
    return steps[1:-1][settled], ((steps[:-2] + steps[2:]) / 2)[settled]


def to_lab(image: RGB) -> Lab:
    """(H,W,3) CIELAB values, L in 0..100."""
    return np.asarray(cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def colour_shift(image: RGB, truth: RGB, mask: Mask) -> float:
    """Distance of the hole's mean colours in CIELAB (Delta E 1976): 1 is barely visible."""
    difference = to_lab(image)[mask].mean(0) - to_lab(truth)[mask].mean(0)
    return float(np.linalg.norm(difference))


def ground_step(image: RGB, ground: RGB, mask: Mask) -> float:
    """Mean distance in CIELAB of the hole's ground from what it should be; 0 where none is left.

    Ground is what lies further than BESIDE pixels from all that differs by DIFFERENT or more.
    """
    apart = np.linalg.norm(to_lab(image) - to_lab(ground), axis=-1)
    thing = mask & (apart >= DIFFERENT)
    if thing.any():
        mask = mask & (cv2.distanceTransform((~thing).astype(np.uint8), cv2.DIST_L2, 5) > BESIDE)
    return float(apart[mask].mean()) if mask.any() else 0.0


def root_mean_square(image: RGB, other: RGB, mask: Mask) -> float:
    """Root of the mean square difference of two fills of a hole, levels of 255."""
    difference = image[mask].astype(np.float32) - other[mask]
    return float(np.sqrt(np.square(difference).mean()))
