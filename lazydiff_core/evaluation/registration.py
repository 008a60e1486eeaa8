"""Aligns the true rendering of a thing with a fill, so that both can be compared pixel by pixel.

A model chooses style, size and place in the hole itself, so those that make the true rendering most
similar to the fill are searched for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, Box, Mask

Pixels = npt.NDArray[np.uint8]

SIZES = (0.7, 0.76, 0.82, 0.86, 0.9, 0.94, 0.98)  # of the hole's side
STEPS = (8, 3, 1)  # pixels that a rendering is moved or resized by, coarse to fine
COARSE = 4  # the first search looks at every so many pixels


@dataclass(frozen=True, eq=False)
class Registered:
    """The ground with the rendering on it, (H,W,3) uint8, where the rendering covers it (H,W), and
    the root of the mean square difference from the fill, of 255, over the hole's box."""

    picture: RGB
    cover: Mask
    difference: float


@dataclass(frozen=True)
class _Pose:
    """Where a square rendering lies: its middle and side, pixels from the hole's corner."""

    x: float
    y: float
    side: float


def register(fill: RGB, ground: RGB, hole: Box, renderings: Sequence[Pixels]) -> Registered:
    """Align the most similar of (S,S,4) uint8 renderings, straight alpha, mirrored if necessary.

    fill, ground: (H,W,3) uint8; the hole is roughly square.
    """
    seen, under = (image[hole.slices].astype(np.float32) for image in (fill, ground))
    both = [one for drawn in renderings for one in (drawn, drawn[:, ::-1])]
    starts = [
        (one, _Pose(hole.width / 2, hole.height / 2, size * min(hole.width, hole.height)))
        for one in both
        for size in SIZES
    ]
    drawn, pose = min(
        starts, key=lambda start: _difference(seen, under, start[0], start[1], COARSE)
    )
    for step in STEPS:
        pose = _descend(seen, under, drawn, pose, step)
    laid, alpha = _laid(under, drawn, pose)
    picture, cover = ground.copy(), np.zeros(ground.shape[:2], np.bool_)
    picture[hole.slices] = np.rint(laid).astype(np.uint8)
    cover[hole.slices] = alpha[..., 0] > 0.5
    return Registered(picture, cover, _difference(seen, under, drawn, pose, 1))


Floats = npt.NDArray[np.float32]


def _descend(seen: Floats, under: Floats, drawn: Pixels, pose: _Pose, step: int) -> _Pose:
    """Move and resize by `step` as long as the difference decreases."""
    best, least = pose, _difference(seen, under, drawn, pose, 1)
    while True:
        near = [
            _Pose(best.x + dx * step, best.y + dy * step, best.side + ds * step)
            for dx, dy, ds in ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 2), (0, 0, -2))
        ]
        found = [(_difference(seen, under, drawn, one, 1), k) for k, one in enumerate(near)]
        lowest, k = min(found)
        if lowest >= least:
            return best
        best, least = near[k], lowest


def _difference(seen: Floats, under: Floats, drawn: Pixels, pose: _Pose, every: int) -> float:
    laid, _ = _laid(under, drawn, pose)
    return float(np.sqrt(np.square(laid[::every, ::every] - seen[::every, ::every]).mean()))


def _laid(under: Floats, drawn: Pixels, pose: _Pose) -> tuple[Floats, Floats]:
    """The ground (h,w,3) with the rendering on it, and its alpha (h,w,1) in 0..1."""
    high, wide = under.shape[:2]
    scale = pose.side / drawn.shape[0]
    # Reduced by area first: sampling alone would leave a sharper picture than any model sees.
    side = max(1, round(pose.side))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    ready = drawn.astype(np.float32)
    ready[..., :3] *= ready[..., 3:] / 255
    sized = cv2.resize(ready, (side, side), interpolation=method)
    fit = pose.side / side
    matrix = np.array([
        [fit, 0, pose.x - pose.side / 2 + fit / 2 - 0.5],
        [0, fit, pose.y - pose.side / 2 + fit / 2 - 0.5],
    ])  # fmt: skip
    placed = cv2.warpAffine(sized, matrix, (wide, high), flags=cv2.INTER_LINEAR)
    alpha = np.clip(placed[..., 3:] / 255, 0, 1)
    laid = np.clip(placed[..., :3], 0, 255) + under * (1 - alpha)
    return np.asarray(np.clip(laid, 0, 255), np.float32), np.asarray(alpha, np.float32)
