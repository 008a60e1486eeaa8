"""Lets a smooth ground go on around a generated thing. Ours.

A model that paints a thing has to paint the ground around it as well, and a ground that is plain or
graded shows each of its errors. Such a ground needs no model: it is a smooth function that equals
what is visible around the hole.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.blending.poisson import membrane
from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.images.smooth_grounds import fitted_ground

Picture = npt.NDArray[np.float32]

# Of the fitted ground; the second is tried where the first, which goes on for ever, does not fit.
ORDERS: Final[tuple[Literal[1, 2], ...]] = (1, 2)
SLACK: Final = 24.0  # of 255, beyond the colours that are seen
NEAR: Final = 128  # pixels from the hole, of what its ground is told by
RING: Final = 12  # pixels from the hole, of what must be smooth
ALIKE: Final = 10.0  # of 255: what departs more from a smooth ground is a thing on it
LEAST_BARE: Final = 0.6  # share of the ring where nothing may stand on the ground
ROUGH: Final = 3.0  # of 255: how far a smooth ground may vary there
MARGIN: Final = 32  # pixels around the hole that are generated as well
DEEP: Final = 2.0, 5.0  # pixels within an outline: from where on there is nothing but the thing
BEYOND: Final = 0.5, 3.0  # pixels around it: up to where there may be some of it
FAINT_TO_CLEAR: Final = 12.0, 40.0  # of 255: how far what is along it differs from the ground


class Ground(NamedTuple):
    """colours: (H,W,3) in levels of 255, a picture with its hole filled as the ground around it
    goes on. bare: share of what lies around the hole where nothing stands on that ground."""

    colours: Picture
    bare: float


def ground_around(picture: RGB, hole: Mask, inside: Mask | None = None) -> Ground | None:
    """The ground of a picture (H,W,3) around its hole (H,W); None where it is not smooth.

    inside: (H,W), where there is a picture; None = everywhere. What stands on the ground at the
    border of the hole is left out, so that it does not tinge what is under the hole.
    """
    visible = ~hole if inside is None else inside & ~hole
    away = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, 5)
    ring, near = visible & (away <= RING), visible & (away <= NEAR)
    if not ring.any():
        return None
    for order in ORDERS:
        fitted = fitted_ground(picture, near, order)
        rest = np.where(visible[..., None], picture - fitted, 0)
        apart = np.abs(cv2.GaussianBlur(rest, (0, 0), 1.0)).max(axis=2)
        stands_out = apart >= ALIKE
        bare = ring & ~stands_out
        share = float(bare.sum() / ring.sum())
        if share < LEAST_BARE or np.square(apart[bare]).mean() > ROUGH**2:
            continue
        if order > 1:  # what bends runs away where nothing is seen
            seen = picture[near & ~stands_out].astype(np.float32)
            fitted = fitted.clip(seen.min(axis=0) - SLACK, seen.max(axis=0) + SLACK)
        unknown = ~visible | (cv2.dilate(stands_out.view(np.uint8), np.ones((5, 5), np.uint8)) > 0)
        ground = np.where(unknown[..., None], fitted, picture)
        part = _around(hole).slices
        ground[part] += membrane(np.ascontiguousarray(rest[part]), unknown[part].copy())
        return Ground(np.asarray(ground.clip(0, 255), np.float32), share)
    return None


def on_ground(fill: RGB, ground: Ground, outline: Picture, hole: Mask) -> RGB:
    """A fill (H,W,3) with the ground in place of its own around what it shows.

    outline: (H,W) in [0,1], how much of a pixel the thing is expected to cover. Within it, the fill
    stays as it is; along it, what differs clearly from the ground does.
    """
    part = _around(hole).slices
    below = ground.colours[part]
    above = fill[part] - below
    inside = (outline[part] > 0.5).astype(np.uint8)
    depth, beyond = (
        np.asarray(cv2.distanceTransform(one, cv2.DIST_L2, 5), np.float32)
        for one in (inside, 1 - inside)
    )
    apart = np.asarray(cv2.GaussianBlur(np.abs(above).max(axis=2), (0, 0), 0.7), np.float32)
    along = _step(apart, *FAINT_TO_CLEAR) * (1 - _step(beyond, *BEYOND))
    cover = np.maximum(_step(depth, *DEEP), along) if inside.any() else np.zeros_like(apart)
    laid = fill.copy()
    laid[part] = np.rint((below + cover[..., None] * above).clip(0, 255)).astype(np.uint8)
    return laid


def _around(hole: Mask) -> Box:
    return bounding_box(hole).grow(MARGIN).clip(Box.of(hole.shape))


def _step(values: Picture, low: float, high: float) -> Picture:
    """0 up to `low`, 1 from `high` on, smooth between."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
