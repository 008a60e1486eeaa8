"""Regular patterns: finds by which shifts a picture repeats, and continues it into a hole. Ours.

The mean square difference between a picture and itself, shifted, is had for all shifts at once from
correlations of what is visible (by FFT, as in normalised correlation: Padfield 2012).
"""

from __future__ import annotations

import itertools
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy import fft

from lazydiff_core.contract import Mask

Picture = npt.NDArray[np.float32]
Shift = tuple[int, int]  # down, right

LEAST: Final = 10  # pixels of a shift: below that, everything is like itself
REACH: Final = 0.55  # of the side, of a shift
ALIKE: Final = 0.7  # share of the variance that a shift must explain
SLACK: Final = 0.06  # below the best share, of what is as good
OVERLAP: Final = 0.12  # of the picture that must be visible in both
FLAT: Final = 4.0  # of 255: what deviates less has no pattern
VOTES: Final = 5  # visible places that a hidden one is the median of
SOFT: Final = 1.0  # pixels of blur, since few patterns repeat by whole pixels
_ROUGH: Final = 8  # of these parts of the side, what is wider is no pattern but light


def continued(picture: Picture, hole: Mask) -> Picture | None:
    """(S,S,3) in [-1,1], the hole (S,S) filled as the rest repeats; None where it does not."""
    seen = ~hole
    if seen.mean() < 2 * OVERLAP or not hole.any():
        return None
    shifts = _shifts(picture, seen)
    return None if not shifts else _filled(picture, hole, shifts)


def _shifts(picture: Picture, seen: Mask) -> list[Shift]:
    """Shifts by which the visible part repeats, the shortest first; none where it does not."""
    weight = seen.astype(np.float32)
    grey = picture.mean(-1, dtype=np.float32)
    across = len(grey) // _ROUGH * 2 + 1
    mean, count = (
        cv2.boxFilter(part, -1, (across, across), normalize=False, borderType=cv2.BORDER_CONSTANT)
        for part in (grey * weight, weight)
    )
    rough = (grey - mean / np.maximum(count, 1)) * weight
    rough = cv2.GaussianBlur(rough, (0, 0), SOFT).astype(np.float32) * weight
    variance = float(np.square(rough).sum() / weight.sum())
    if variance < (FLAT / 127.5) ** 2:
        return []
    share = 1 - _differences(rough, weight) / (2 * variance)
    pair = _lattice(share)
    return [] if pair is None else _combined(share, *pair)


def _differences(values: Picture, weight: Picture) -> Picture:
    """(2n+1,2n+1): mean square difference of each shift up to n along each axis; infinite where
    too little is visible in both."""
    side = len(values)
    most = int(REACH * side)
    size = [fft.next_fast_len(side + most, real=True)] * 2

    def correlated(first: Picture, second: Picture) -> Picture:
        product = np.conj(fft.rfft2(first, size)) * fft.rfft2(second, size)
        whole = np.roll(fft.irfft2(product, size), (most, most), (0, 1))
        return np.asarray(whole[: 2 * most + 1, : 2 * most + 1], np.float32)

    square = np.square(values)
    pairs = correlated(weight, weight)
    apart = correlated(square, weight) + correlated(weight, square) - 2 * correlated(values, values)
    enough = pairs >= OVERLAP * side * side
    return np.where(enough, apart / np.maximum(pairs, 1), np.inf).astype(np.float32)


def _lattice(share: Picture) -> tuple[Shift, Shift | None] | None:
    """The shortest shift that is about as good as the best, and the shortest in another direction;
    None where none is good."""
    middle = len(share) // 2
    down, right = np.mgrid[-middle : middle + 1, -middle : middle + 1]
    length = np.hypot(down, right)
    good = np.where(length >= LEAST, share, -np.inf)
    best = float(good.max())
    if best < ALIKE:
        return None
    peak = good >= cv2.dilate(good.astype(np.float32), np.ones((5, 5), np.uint8))
    rows, columns = np.nonzero(peak & (good >= best - SLACK))
    order = np.argsort(length[rows, columns], kind="stable")
    places = np.stack([rows, columns], 1)[order] - middle
    found = [(int(row), int(column)) for row, column in places]
    first = found[0]
    for other in found[1:]:
        cross = first[0] * other[1] - first[1] * other[0]
        if abs(cross) > 0.35 * np.hypot(*first) * np.hypot(*other):
            return first, other
    return first, None


def _combined(share: Picture, first: Shift, second: Shift | None) -> list[Shift]:
    """Sums of multiples of both, each moved to the best shift beside it, the shortest first."""
    middle = len(share) // 2
    steps = range(-middle // LEAST, middle // LEAST + 1)
    others = steps if second is not None else (0,)
    u, v = first, second or (0, 0)
    found: dict[Shift, None] = {}
    for k, n in itertools.product(steps, others):
        place = k * u[0] + n * v[0] + middle, k * u[1] + n * v[1] + middle
        if (k, n) == (0, 0) or not all(2 <= at < len(share) - 2 for at in place):
            continue
        around = share[place[0] - 2 : place[0] + 3, place[1] - 2 : place[1] + 3]
        down, right = np.unravel_index(int(around.argmax()), around.shape)
        if around[down, right] >= ALIKE - SLACK:
            found[place[0] + int(down) - 2 - middle, place[1] + int(right) - 2 - middle] = None
    return sorted(found, key=lambda shift: np.hypot(*shift))


def _filled(picture: Picture, hole: Mask, shifts: list[Shift]) -> Picture | None:
    """Each hidden pixel as the median of the nearest visible ones that are like it by a shift."""
    rows, columns = np.nonzero(hole)
    votes = np.full((VOTES, len(rows), 3), np.nan, np.float32)
    count = np.zeros(len(rows), np.int64)
    side = len(picture)
    for down, right in shifts:
        y, x = rows + down, columns + right
        inside = (y >= 0) & (y < side) & (x >= 0) & (x < side) & (count < VOTES)
        inside[inside] = ~hole[y[inside], x[inside]]
        votes[count[inside], inside] = picture[y[inside], x[inside]]
        count += inside
        if (count == VOTES).all():
            break
    if not count.all():
        return None
    filled = picture.copy()
    filled[rows, columns] = np.nanmedian(votes, axis=0)
    return filled
