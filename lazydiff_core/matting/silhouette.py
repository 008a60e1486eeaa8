"""Things that are coloured like their ground, by their outline.

Where the ground is known, a thing that differs from it by a few levels only is seen as well: what
such differences enclose is the thing, even where its shading passes through the ground's colour.
What differs faintly may also be a shadow, a glow, or ground tinted by the fill in an opening of the
thing: their outlines are blurred, or the thing beside them differs far more.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Mask

Levels = npt.NDArray[np.float32]

FAINT = 6.0  # of 255: what a fill seldom misses a known ground by
GAP = 4  # pixels: half the width of bands in which shading passes through the ground's colour
PINHOLE = 0.025  # of a thing: what looks like ground within it and is smaller belongs to it
EDGE = 4  # pixels within an outline that may be partly covered
ALIKE = 8.0  # times what a faint part differs: where the thing differs more, the part is doubtful
DROP = 3.0  # times what an enclosed part differs: where all around differs more, it is an opening
_BESIDE = 5  # pixels around a part
_AT = 3  # pixels from an outline: what differs there, as a share of what differs further in
_BELIEVED, _DOUBTFUL = (8, 0.35), (14, 0.65)  # how far in, and the least share


def body_of(apart: Levels, clear: Mask, certain: Mask) -> Mask:
    """(h,w) bool: the thing with its edges, as far as it is seen against a known ground.

    apart:   (h,w), how far the picture differs from the ground, of 255.
    clear:   (h,w) bool, not empty, where it differs clearly.
    certain: (h,w) bool, where the ground is known.
    """
    differing = ((apart > FAINT) & certain).view(np.uint8)
    faint = cv2.morphologyEx(differing, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
    whole = without_pinholes(_meeting(_bridged(faint | clear), clear), PINHOLE)
    rim = whole & ~shrunk(whole, 1)
    believed, doubtful = (_sharp(apart, whole, rim, *limits) for limits in (_BELIEVED, _DOUBTFUL))
    count, labels = cv2.connectedComponents((whole & ~clear).view(np.uint8), connectivity=4)
    body, usual = clear.copy(), float(np.median(apart[clear]))
    for k in range(1, count):
        part = np.asarray(labels == k, np.bool_)
        if (part & rim).any():
            is_alike = usual < ALIKE * float(np.median(apart[part]))
            body |= part & (believed if is_alike else doubtful)
        elif not _is_opening(apart, part, clear):
            body |= part
    return body


def without_pinholes(thing: Mask, share: float) -> Mask:
    """The thing with small places within it that look like its ground; share: of its area."""
    framed = cv2.copyMakeBorder((~thing).view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(framed, connectivity=4)
    small = stats[:, cv2.CC_STAT_AREA] < share * int(np.count_nonzero(thing))
    small[labels[0, 0]] = False
    return np.asarray(thing | (small[labels] & (framed > 0))[1:-1, 1:-1], np.bool_)


def shrunk(mask: Mask, by: int = EDGE) -> Mask:
    """Without the pixels at its outline; the picture's border is none."""
    return np.asarray(cv2.erode(mask.view(np.uint8), disc(by), borderValue=1) > 0, np.bool_)


def grown(mask: Mask, by: int = EDGE) -> Mask:
    return np.asarray(cv2.dilate(mask.view(np.uint8), disc(by)) > 0, np.bool_)


def disc(radius: int) -> npt.NDArray[np.uint8]:
    side = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _bridged(mask: Mask) -> npt.NDArray[np.uint8]:
    """With the bands in which it is interrupted."""
    room = GAP + 1
    wide = cv2.copyMakeBorder(
        mask.view(np.uint8), room, room, room, room, borderType=cv2.BORDER_REPLICATE
    )
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, disc(GAP))
    return np.ascontiguousarray(closed[room:-room, room:-room], np.uint8)


def _meeting(mask: npt.NDArray[np.uint8], thing: Mask) -> Mask:
    """The parts of a mask that meet the thing."""
    count, labels = cv2.connectedComponents(mask)
    met = np.zeros(count, np.bool_)
    met[labels[thing]] = True
    met[0] = False
    return np.asarray(met[labels], np.bool_)


def _is_opening(apart: Levels, part: Mask, clear: Mask) -> bool:
    """Whether an enclosed part is ground, from which the thing stands off at once."""
    beside = grown(part, _BESIDE) & clear
    if not beside.any() or np.count_nonzero(part) < PINHOLE / 5 * np.count_nonzero(clear):
        return False
    return bool(np.median(apart[beside]) > DROP * max(float(np.median(apart[part])), 1.0))


def _sharp(apart: Levels, whole: Mask, rim: Mask, depth: int, least: float) -> Mask:
    """What of the whole is nearest to a sharp part of its rim.

    There it differs nearly as much as `depth` pixels further in: by that share at least.
    """
    if not rim.any():
        return whole
    seen = np.asarray(np.where(whole, apart, 0), np.float32)
    at, within = (cv2.dilate(seen, disc(by)) for by in (_AT, depth))
    shares = np.asarray(np.where(rim, at / np.maximum(within, 1), 0), np.float32)
    weight = cv2.GaussianBlur(rim.astype(np.float32), (0, 0), _AT)
    share = cv2.GaussianBlur(shares, (0, 0), _AT) / np.maximum(weight, np.float32(1e-6))
    _, labels = cv2.distanceTransformWithLabels(
        (~rim).view(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    by_label = np.zeros(int(labels.max()) + 1, np.float32)
    by_label[labels[rim]] = share[rim]
    return np.asarray(whole & (by_label[labels] >= least), np.bool_)
