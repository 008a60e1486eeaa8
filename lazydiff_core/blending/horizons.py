"""Lets several smooth grounds go on behind a thing: a sky over a meadow, hills behind one another.
Ours.

Each ground is a smooth function. So is the distance from the line where two of them meet: it goes
on into the hole like a ground, and the line is where it is 0.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.blending.poisson import membrane
from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.geometry.resample import fill_from_nearest
from lazydiff_core.images.smooth_grounds import SLACK, fitted_ground

Picture = npt.NDArray[np.float32]
Ranks = npt.NDArray[np.int8]

MOST: Final = 4  # grounds
STEP: Final = 6.0  # of 255, from one pixel to the next: here a ground ends
LEAST: Final = 0.012  # of the surroundings, for a region to tell of a ground
LEAST_AT_HOLE: Final = 0.04  # of the ring around the hole, for a ground to go on under it
WITHIN: Final = 5.0  # of 255, how far the pixels of a region may be from its ground
FITS: Final = 0.8  # share of them that must be
ALIKE: Final = 10.0  # of 255: what departs more from all grounds is a thing on them
LINES: Final = 0.1  # share of the ring that lines between grounds may take
BAND: Final = 48  # pixels along a line, by which it goes on
AGREE: Final = 0.95  # share of the ring that the lines must part as it is seen
_SQUARE: Final = np.ones((3, 3), np.uint8)


def grounds_behind(
    picture: RGB, visible: Mask, near: Mask, ring: Mask, box: Box
) -> tuple[Picture, Mask, float] | None:
    """A box of a picture (H,W,3) as its several grounds go on where nothing of them is visible:
    (h,w,3) in levels of 255; (h,w) where something stands on them; and how far the rest of the
    ring departs from them, root mean square. None where there are not smooth grounds, one behind
    another.

    near: (H,W), the visible pixels that tell of the grounds; ring: those next to the hole.
    """
    soft = fill_from_nearest(picture, ~visible).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(soft, (0, 0), 1.0), np.float32)
    grounds = _grounds(picture, soft, near)
    if not grounds:
        return None
    apart = np.stack([np.abs(soft - each).max(axis=2) for each in grounds])
    departs = (visible & (apart.min(axis=0) >= ALIKE)).view(np.uint8)
    # A thin one is the line where two grounds meet, which is neither's.
    things = cv2.morphologyEx(departs, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)) > 0
    if ((departs > 0) & ~things)[ring].mean() > LINES:
        return None
    belongs = np.where(visible & ~things, apart.argmin(axis=0), -1)
    kept = [k for k in range(len(grounds)) if (belongs == k)[ring].mean() >= LEAST_AT_HOLE]
    if not kept:
        return None
    kept = _one_behind_another(belongs, near, kept)
    ranks = np.full(visible.shape, -1, np.int8)
    for rank, k in enumerate(kept):
        ranks[belongs == k] = rank
    part, ranks_here, seen = picture[box.slices], ranks[box.slices], visible[box.slices]
    shares = _shares(ranks, near, box, len(kept))
    told = ring[box.slices] & (ranks_here >= 0)
    if (shares.argmax(axis=0) == ranks_here)[told].mean() < AGREE:
        return None
    colours = np.zeros(part.shape, np.float32)
    for rank, k in enumerate(kept):
        ground = _gone_on(part, grounds[k][box.slices], ranks_here == rank)
        colours += shares[rank][..., None] * ground
    stands = cv2.dilate(things[box.slices].view(np.uint8), _SQUARE) > 0
    laid = np.where((seen & ~stands)[..., None], part, colours)
    off = apart.min(axis=0)[ring & (departs == 0)]
    return np.asarray(laid, np.float32), things[box.slices], float(np.sqrt(np.square(off).mean()))


def _grounds(picture: RGB, soft: Picture, near: Mask) -> list[Picture]:
    """(H,W,3) each: smooth functions that regions without steps follow, the largest first."""
    steps = cv2.morphologyEx(soft, cv2.MORPH_GRADIENT, _SQUARE).max(axis=2)
    level = cv2.erode((near & (steps < STEP)).view(np.uint8), _SQUARE)
    count, regions, stats, _ = cv2.connectedComponentsWithStats(level, connectivity=4)
    sizes = stats[:, cv2.CC_STAT_AREA]
    large = [k for k in range(1, count) if sizes[k] >= LEAST * near.sum()]
    found: list[tuple[Mask, Picture]] = []
    for k in sorted(large, key=lambda k: -sizes[k]):
        region = regions == k
        joined = next((n for n, (_, g) in enumerate(found) if _follows(soft, g, region)), None)
        if joined is not None:  # parted from the rest by the hole or by a thing
            region = found[joined][0] | region
        ground = _ground_of(picture, soft, region)
        if ground is None:
            continue
        if joined is not None:
            found[joined] = region, ground
        elif len(found) < MOST:
            found.append((region, ground))
    return [ground for _, ground in found]


def _ground_of(picture: RGB, soft: Picture, region: Mask) -> Picture | None:
    """The simplest smooth function that a region follows."""
    plane = fitted_ground(picture, region, 1)
    if _follows(soft, plane, region):
        return plane
    bent = fitted_ground(picture, region, 2)
    return bent if _follows(soft, bent, region) else None


def _follows(soft: Picture, ground: Picture, region: Mask) -> bool:
    apart = np.abs(soft[region] - ground[region]).max(axis=1)
    return bool((apart < WITHIN).mean() > FITS)


def _one_behind_another(belongs: npt.NDArray[np.int64], near: Mask, kept: list[int]) -> list[int]:
    """The grounds in order along the line through the two whose middles are furthest apart."""
    if len(kept) < 2:
        return kept
    middles = [np.argwhere(near & (belongs == k)).mean(axis=0) for k in kept]
    pairs = [(a, b) for a in range(len(kept)) for b in range(a)]
    first, last = max(pairs, key=lambda pair: np.linalg.norm(middles[pair[0]] - middles[pair[1]]))
    along = [float(middle @ (middles[first] - middles[last])) for middle in middles]
    return [kept[n] for n in np.argsort(along)]


def _shares(ranks: Ranks, near: Mask, box: Box, count: int) -> npt.NDArray[np.float32]:
    """(count,h,w): how much of each pixel of a box belongs to the grounds of ranks (H,W), of which
    -1 is unknown; the sum is 1."""
    before = np.zeros((box.height, box.width), np.float32)
    shares = []
    for rank in range(1, count):
        distance = _distance((ranks >= 0) & (ranks < rank) & near, (ranks >= rank) & near, box)
        upto = np.maximum(before, (0.5 + distance).clip(0, 1))
        shares.append(upto - before)
        before = upto
    return np.stack([*shares, 1 - before])


def _distance(this: Mask, other: Mask, box: Box) -> Picture:
    """(h,w): pixels from the line between two sides, positive on this one, wherever it goes on."""
    to_this, to_other, unknown = (
        np.asarray(cv2.distanceTransform((~side).view(np.uint8), cv2.DIST_L2, 5), np.float32)
        for side in (this, other, ~(this | other))
    )
    distance = np.where(this, to_other - 0.5, 0.5 - to_this)
    # What is unknown may be nearer than the line that is seen.
    told = (this | other) & (np.abs(distance) < np.minimum(BAND, unknown + 1))
    if not told.any():  # all of the line is hidden: it is as far from either side
        return np.asarray((to_other - to_this)[box.slices] / 2, np.float32)
    thrice = np.repeat(distance[..., None], 3, axis=2)  # as pictures are
    fitted = fitted_ground(thrice, told, 2)
    rest = np.where(told[..., None], thrice - fitted, 0).astype(np.float32)[box.slices]
    gone_on = fitted[box.slices] + membrane(np.ascontiguousarray(rest), ~told[box.slices])
    return np.asarray(gone_on[..., 0], np.float32)


def _gone_on(part: RGB, ground: Picture, shown: Mask) -> Picture:
    """(h,w,3): a ground that equals what is shown of it, and goes on from there."""
    clear = cv2.erode(shown.view(np.uint8), _SQUARE, iterations=2) > 0  # lines are soft
    rest = np.where(clear[..., None], part - ground, 0).astype(np.float32)
    seen = part[shown].astype(np.float32)
    gone_on = ground + membrane(rest, ~clear)
    return np.asarray(gone_on.clip(seen.min(axis=0) - SLACK, seen.max(axis=0) + SLACK))
