"""Smooth grounds: what a picture would be without the things on it, as far as that is smooth."""

from __future__ import annotations

from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Box, Mask

Picture = npt.NDArray[np.float32]

SLACK: Final = 24.0  # of 255, beyond the colours that are seen: how far a ground may go
SHRUNK: Final = 8  # times smaller, where the ground is fitted
ROUNDS, SCALE = 12, 8.0  # of the fit; levels from which on a pixel counts less for it


def fitted_ground(
    picture: npt.NDArray[np.uint8] | Picture,
    known: Mask,
    order: Literal[1, 2] = 2,
    part: Box | None = None,
) -> Picture:
    """(h,w,3) in levels of 255: a smooth ground of this order in a part of a picture (H,W,3), None
    = all of it. It is fitted where the picture is known, things left out as they do not fit
    (iteratively reweighted least squares)."""
    high, wide = known.shape
    size = wide // SHRUNK, high // SHRUNK
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float64)
    share = cv2.resize(known.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    given = (share > 0.99).reshape(-1, 1).astype(np.float64)
    whole = Box(0, 0, *size)
    terms = _terms(whole, whole, order).reshape(-1, 3 * order)
    weight, colours = given, small.reshape(-1, 3)
    solved: npt.NDArray[np.float64] = np.zeros((3 * order, 3))
    for _ in range(ROUNDS):
        weighted = (weight * terms).T
        found = np.linalg.lstsq(weighted @ terms, weighted @ colours, rcond=None)[0]
        solved = np.asarray(found, np.float64)
        off = np.linalg.norm(colours - terms @ solved, axis=1, keepdims=True)
        weight = given / (1 + (off / SCALE) ** 2) ** 2
    whole = Box.of(known.shape)
    return np.asarray(_terms(part or whole, whole, order) @ solved, np.float32)


def _terms(part: Box, whole: Box, order: int) -> npt.NDArray[np.float64]:
    """(h,w,3 or 6): products of the place of each pixel of a part, of this order at most."""
    down = (np.arange(part.top, part.bottom) + 0.5) / whole.height * 2 - 1
    across = (np.arange(part.left, part.right) + 0.5) / whole.width * 2 - 1
    y, x = np.meshgrid(down, across, indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y][: 3 * order], axis=-1)
