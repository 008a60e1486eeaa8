"""What lies beneath a generated thing: as far as that is known, the canvas it was painted on.

A fill draws its ground anew: it misses that of the canvas by a few levels, and moves edges. Where
the fill without a prompt shows what the canvas had there, the canvas is the ground, to the byte; so
it is between such places, if it has no colours of its own there. Where it has (another thing was
painted over) and all around is smooth, the ground is as smooth.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter

from lazydiff_core.blending import poisson
from lazydiff_core.contract import RGB, Mask, Pixels
from lazydiff_core.geometry.pixels import alpha_of

ALIKE = 9.0  # of 255: what a fill of a smooth ground misses it by at most
GRAIN = 2.5  # of 255: mean departure of smooth surroundings from their local mean
MOST = 0.97  # of a smooth ground that is as its surroundings say
_NEAR = 6  # pixels around what is not known, where its soft edge may be
_LEAST = 15  # pixels across: what is known by chance, amid texture, is smaller
_SHARE = 0.5  # of a hole: or less of it
_BITS = 3  # that two levels of a colour which is found elsewhere need not share
_FOUND = 0.98  # of what the canvas has elsewhere, too
_AROUND = 10  # pixels of surroundings that are looked at


def ground_of(before: Pixels, without: RGB, hole: Mask) -> tuple[RGB, Mask]:
    """(h,w,3): the ground of a hole, and (h,w) bool where it is certain; elsewhere `without`.

    before:  (h,w,3 or 4) uint8, the canvas that was filled; what is not opaque there is not known.
    without: (h,w,3) uint8, the fill without a prompt.
    """
    own = np.ascontiguousarray(before[..., :3])
    known = _known(before, without, hole)
    rest = hole & ~known
    ground = np.where(known[..., None], own, without)
    if rest.any() and _is_smooth(before, rest):
        smooth = poisson.blend(np.full_like(own, 128), own, rest, limit=255)
        alike = _apart(smooth, without)[rest] <= ALIKE
        if alike.mean() >= MOST:
            return np.where(rest[..., None], smooth, ground), hole
    return ground, known


def _known(before: Pixels, without: RGB, hole: Mask) -> Mask:
    """Where in the hole the canvas shows what belongs there."""
    opaque = alpha_of(before)
    clear = np.zeros_like(hole) if opaque is None else hole & (opaque < 255)
    differs = clear | (hole & (_apart(before[..., :3], without) > ALIKE))
    doubtful = cv2.dilate(differs.view(np.uint8), _square(2 * _NEAR + 1))
    known = (hole & (doubtful == 0)).view(np.uint8)
    wide = cv2.morphologyEx(np.maximum(known, ~hole), cv2.MORPH_OPEN, _square(_LEAST))
    found = np.asarray(hole & (known & wide > 0), np.bool_)
    if found.sum() < _SHARE * hole.sum():
        return np.zeros_like(hole)
    rest = hole & ~found
    return found if clear.any() or _has_own_colours(before[..., :3], rest) else hole


def _has_own_colours(canvas: RGB, part: Mask) -> bool:
    """Whether a part of a canvas has colours that the rest does not have."""
    levels = 256 >> _BITS
    bins = (canvas >> _BITS).astype(np.intp)
    rest = np.zeros((levels,) * 3, np.bool_)
    rest[tuple(bins[~part].T)] = True
    alike = maximum_filter(rest, 3)[tuple(bins[part].T)]
    return bool(alike.size) and float(alike.mean()) < _FOUND


def _is_smooth(before: Pixels, rest: Mask) -> bool:
    """Whether the canvas right around is opaque and has neither edges nor texture."""
    around = cv2.dilate(rest.view(np.uint8), _square(2 * _AROUND + 1)) > 0
    ring = around & ~rest
    opaque = alpha_of(before)
    if not ring.any() or (opaque is not None and (opaque[ring] < 255).any()):
        return False
    values = before[..., :3].astype(np.float32)
    share = np.maximum(cv2.blur(ring.astype(np.float32), (9, 9)), 1e-6)[..., None]
    mean = cv2.blur(values * ring[..., None], (9, 9)) / share
    return float(np.abs(values - mean)[ring].mean()) <= GRAIN


def _apart(one: RGB, other: RGB) -> npt.NDArray[np.float32]:
    """(h,w): how far two pictures differ, of 255, without their grain."""
    step = one.astype(np.float32) - other.astype(np.float32)
    return np.asarray(np.abs(cv2.GaussianBlur(step, (0, 0), 1.5)).max(axis=2))


def _square(side: int) -> npt.NDArray[np.uint8]:
    return np.ones((side, side), np.uint8)
