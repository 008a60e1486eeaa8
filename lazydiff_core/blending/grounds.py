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

from lazydiff_core.blending.horizons import grounds_behind
from lazydiff_core.blending.poisson import membrane
from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.images.smooth_grounds import SLACK, fitted_ground

Picture = npt.NDArray[np.float32]

# Of the fitted ground; the second is tried where the first, which goes on for ever, does not fit.
ORDERS: Final[tuple[Literal[1, 2], ...]] = (1, 2)
NEAR: Final = 128  # pixels from the hole, of what its ground is told by
RING: Final = 12  # pixels from the hole, of what must be smooth
ALIKE: Final = 10.0  # of 255: what departs more from a smooth ground is a thing on it
LEAST_BARE: Final = 0.6  # share of the ring where nothing may stand on the ground
ROUGH: Final = 3.0  # of 255: how far a smooth ground may vary there
MARGIN: Final = 32  # pixels around the hole that are generated as well
DEEP: Final = 2.0, 5.0  # pixels within an outline: from where on there is nothing but the thing
BEYOND: Final = 0.5, 3.0  # pixels around it: up to where there may be some of it
CROSS: Final = 24.0, 64.0  # pixels that what crosses the hole's border may go on into it
GOES_ON: Final = 24.0, 60.0  # of 255: how far that differs from the ground
FAINT_TO_CLEAR: Final = 12.0, 40.0  # of 255: how far what is along it differs from the ground


class Ground(NamedTuple):
    """The ground around and under a hole.

    box: the hole's, and MARGIN pixels around it. colours: (h,w,3) there, in levels of 255. bare:
    share of what lies around the hole where nothing stands on the ground. crossing: (h,w) float32,
    1 at what stands on it at the hole's border and may go on into it, falling to 0 at CROSS pixels.
    rough: how far what is seen of it departs from smooth functions, root mean square, of 255.
    """

    box: Box
    colours: Picture
    bare: float
    crossing: Picture
    rough: float


def ground_around(picture: RGB, hole: Mask, inside: Mask | None = None) -> Ground | None:
    """The ground of a picture (H,W,3) around its hole (H,W); None where it is not smooth,
    nor several smooth ones behind one another.

    inside: (H,W), where there is a picture; None = everywhere. What stands on the ground at the
    border of the hole is left out, so that it does not tinge what is under the hole.
    """
    visible = ~hole if inside is None else inside & ~hole
    away = cv2.distanceTransform((~hole).view(np.uint8), cv2.DIST_L2, 5)
    near = visible & (away <= NEAR)
    box = bounding_box(hole).grow(MARGIN).clip(Box.of(hole.shape))
    part, seen = picture[box.slices], visible[box.slices]
    ring = seen & (away[box.slices] <= RING)
    if not ring.any():
        return None
    for order in ORDERS:
        fitted = fitted_ground(picture, near, order, box)
        rest = (part - fitted) * seen[..., None]
        apart = np.abs(cv2.GaussianBlur(rest, (0, 0), 1.0)).max(axis=2)
        stands_out = apart >= ALIKE
        bare = ring & ~stands_out
        rough = float(np.sqrt(np.square(apart[bare]).mean())) if bare.any() else np.inf
        if bare.sum() < LEAST_BARE * ring.sum() or rough > ROUGH:
            continue
        if order > 1:  # what bends runs away where nothing is seen
            plain = part[seen & ~stands_out].astype(np.float32)
            fitted = fitted.clip(plain.min(axis=0) - SLACK, plain.max(axis=0) + SLACK)
        unknown = ~seen | (cv2.dilate(stands_out.view(np.uint8), np.ones((5, 5), np.uint8)) > 0)
        colours = np.where(unknown[..., None], fitted, part) + membrane(rest, unknown)
        return _laid(box, colours, ring, stands_out, rough)
    several = grounds_behind(picture, visible, near, visible & (away <= RING), box)
    if several is None:
        return None
    colours, stands_out, rough = several
    ground = _laid(box, colours, ring, stands_out, rough)
    return None if ground.bare < LEAST_BARE else ground


def _laid(box: Box, colours: Picture, ring: Mask, stands_out: Mask, rough: float) -> Ground:
    on_it = ring & stands_out
    bare = 1 - float(on_it.sum() / ring.sum())
    crossing = 1 - _step(_distance_to(on_it), *CROSS)
    return Ground(box, np.asarray(colours.clip(0, 255), np.float32), bare, crossing, rough)


def on_ground(fill: RGB, ground: Ground, outline: Picture) -> RGB:
    """A fill (H,W,3) with the ground in place of its own around what it shows.

    outline: (H,W) in [0,1], how much of a pixel the thing is expected to cover. Within it, the fill
    stays as it is; along it, what differs clearly from the ground does.
    """
    part = ground.box.slices
    above = fill[part] - ground.colours
    inside = outline[part] > 0.5
    depth, beyond = _distance_to(~inside), _distance_to(inside)
    apart = np.asarray(cv2.GaussianBlur(np.abs(above).max(axis=2), (0, 0), 0.7), np.float32)
    along = _step(apart, *FAINT_TO_CLEAR) * (1 - _step(beyond, *BEYOND))
    cover = np.maximum(_step(depth, *DEEP), along) if inside.any() else np.zeros_like(apart)
    cover = np.maximum(cover, _step(apart, *GOES_ON) * ground.crossing)
    laid = fill.copy()
    mixed = ground.colours + cover[..., None] * above
    laid[part] = np.rint(mixed.clip(0, 255)).astype(np.uint8)
    return laid


def _distance_to(there: Mask) -> Picture:
    """(h,w): pixels to the nearest one where it is true; far where none is."""
    if not there.any():
        return np.full(there.shape, np.inf, np.float32)
    away = cv2.distanceTransform((~there).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(away, np.float32)


def _step(values: Picture, low: float, high: float) -> Picture:
    """0 up to `low`, 1 from `high` on, smooth between."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
