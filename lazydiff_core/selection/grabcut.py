"""Objects found by their colours and edges, without a model (GrabCut, Rother et al. 2004)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.resample import resize

Point = tuple[int, int]  # x, y
_Labels = npt.NDArray[np.uint8]  # of OpenCV: GC_BGD, GC_FGD, GC_PR_BGD, GC_PR_FGD

SIDE = 320  # pixels: what is looked at is reduced to this, and only its border looked at again
SEARCH_SIDE = 200  # the same while several extents are tried
_ROUNDS, _SEARCH_ROUNDS = 5, 2
_COLOURS, _COLOUR_STEP = 16, 16  # of a channel, to compare object and ground by
_SNAP = 0.06  # of a mask's longer side: how far its border may move
_MARGIN = 0.35  # of a box: how much of the ground around it is looked at
_SHARES = (0.08, 0.14, 0.24, 0.4, 0.65)  # of the picture's side: extents tried around a point
_TOLERANCES = (6, 10, 16, 24, 36, 52)  # of 255: how far a colour may be from a point's


def object_in(image: RGB, box: Box, points: Sequence[Point] = ()) -> Mask:
    """(H,W) bool: the object that a box is drawn around.

    image:  (H,W,3) uint8. box: not empty, inside the picture.
    points: pixels inside the box that belong to the object for sure.
    """
    margin = 8 + round(_MARGIN * max(box.width, box.height))
    area = box.grow(margin).clip(Box.of(image.shape))
    part, inner = image[area.slices], box.relative_to(area)
    scale = min(1.0, SIDE / max(area.shape))
    small = _reduced(part, scale)
    seeds = _at(points, area, scale)
    plain = _labels(small.shape, _scaled(inner, scale))
    tries = [_cut(small, labels, seeds) for labels in (plain, _unlike_ground(small, plain))]
    found = max(tries, key=lambda mask: _clearness(small, mask))
    if scale < 1:
        found = _refined(part, found, inner)
    mask = np.zeros(image.shape[:2], np.bool_)
    mask[area.slices] = tidied(found)
    return mask


def object_at(image: RGB, points: Sequence[Point]) -> Mask:
    """(H,W) bool: the object that has these pixels, at least one.

    Several extents are tried: those of growing regions of alike colour, and plain squares. The one
    whose border is the clearest is taken.
    """
    scale = min(1.0, SEARCH_SIDE / max(image.shape[:2]))
    small = np.asarray(cv2.GaussianBlur(_reduced(image, scale), (0, 0), 1.0), np.uint8)
    whole = Box.of(small.shape)
    seeds = _at(points, Box.of(image.shape), scale)
    around = bounds_of(_dots(small.shape, seeds))
    best, chosen = -1.0, around
    for box in _extents(small, seeds, around):
        labels = _unlike_ground(small, _labels(small.shape, box))
        found = _of_seeds(_cut(small, labels, seeds, _SEARCH_ROUNDS), seeds)
        score = _clearness(small, found)
        if score > best:
            best, chosen = score, bounds_of(found)
    box = chosen.grow(2).intersection(whole).scale(1000, round(1000 * scale))
    box = box.grow(max(2, round(0.05 * max(box.shape)))).intersection(Box.of(image.shape))
    found = object_in(image, box, points)
    return _of_seeds(found, list(points))


def snapped(image: RGB, mask: Mask) -> Mask:
    """(H,W) bool: the mask, its border moved to edges of the picture that are near to it.

    image: (H,W,3) uint8. mask: (H,W) bool. What is deep inside or far outside stays as it is.
    """
    inner = bounds_of(mask)
    if inner.is_empty:
        return mask
    margin = 8 + round(_MARGIN * max(inner.width, inner.height))
    area = inner.grow(margin).clip(Box.of(image.shape))
    part = image[area.slices]
    scale = min(1.0, SIDE / max(area.shape))
    small = _reduced(part, scale)
    size = small.shape[1], small.shape[0]
    rough = cv2.resize(mask[area.slices].view(np.uint8), size, interpolation=cv2.INTER_AREA)
    labels = _border_labels(rough, max(3, round(_SNAP * max(inner.shape) * scale)))
    if not (labels == cv2.GC_FGD).any() or not (labels == cv2.GC_BGD).any():
        return mask
    found = _cut(small, labels, ())
    if scale < 1:
        found = _refined(part, found, inner.grow(margin).clip(area).relative_to(area))
    moved = np.zeros_like(mask)
    moved[area.slices] = tidied(found)
    return moved


def _extents(image: RGB, seeds: Sequence[Point], around: Box) -> list[Box]:
    """Boxes that may hold the object, in the order of their areas, none twice."""
    whole = Box.of(image.shape)
    boxes = []
    for tolerance in _TOLERANCES:
        region = _grown(image, seeds, tolerance)
        if region.mean() < 0.7:
            box = bounds_of(region)
            boxes.append(box.grow(3 + round(0.1 * max(box.shape))))
    for share in _SHARES:
        boxes.append(around.grow(round(share * max(image.shape[:2]) / 2)))
    inside = {box.intersection(whole) for box in boxes}
    return sorted(inside, key=lambda box: box.width * box.height)


def _grown(image: RGB, seeds: Sequence[Point], tolerance: int) -> Mask:
    """What hangs together with the seeds and differs from them by no more than the tolerance."""
    found = np.zeros(image.shape[:2], np.bool_)
    spread = (tolerance,) * 3
    for seed in seeds:
        mask = np.zeros((image.shape[0] + 2, image.shape[1] + 2), np.uint8)
        flags = 8 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (1 << 8)
        cv2.floodFill(image, mask, seed, 0, spread, spread, flags)
        found |= mask[1:-1, 1:-1] > 0
    return found


def _unlike_ground(image: RGB, labels: _Labels) -> _Labels:
    """The labels, with what is coloured like the ground outside taken for ground at first."""
    possible = labels == cv2.GC_PR_FGD
    if possible.all() or not possible.any():
        return labels
    codes = (image // _COLOUR_STEP).astype(np.int32) @ np.array([1, _COLOURS, _COLOURS**2])
    shares = [
        cv2.GaussianBlur(
            np.bincount(codes[where], minlength=_COLOURS**3)
            .reshape((_COLOURS,) * 3)
            .astype(np.float32),
            (3, 3),
            0,
        ).ravel()
        / int(where.sum())
        for where in (possible, ~possible)
    ]
    ground = shares[1] >= shares[0]
    started = labels.copy()
    started[possible & ground[codes]] = cv2.GC_PR_BGD
    enough = (started == cv2.GC_PR_FGD).sum() > 0.05 * possible.sum()
    return started if enough else labels


def _clearness(image: RGB, thing: Mask) -> float:
    """How clear the border of an object is: the colour difference across it, in levels of 255.

    What runs out of the picture, or is only a speck or nearly everything, is less of an object.
    """
    share = float(thing.mean())
    if share < 1e-3 or share > 0.8:
        return 0.0
    inside = thing.view(np.uint8)
    ring = np.ones((3, 3), np.uint8)
    outline = (inside > 0) & ~(cv2.erode(inside, ring, borderValue=1) > 0)
    near = cv2.erode(inside, ring, iterations=2, borderValue=0)
    far = cv2.dilate(inside, ring, iterations=2) == 0
    own, other = _mean_near(image, near > 0), _mean_near(image, far)
    step = np.abs(own - other).max(axis=2)[outline]
    if not step.size:
        return 0.0
    edge = np.zeros_like(thing)
    edge[[0, -1]] = edge[:, [0, -1]] = True
    cut_off = float((thing & edge).sum()) / max(int(outline.sum()), 1)
    weakest = float(np.percentile(step, 25))
    return (float(step.mean()) + weakest) * max(1 - 2 * cut_off, 0.05) * min(1.0, share * 60)


def _mean_near(image: RGB, where: Mask) -> npt.NDArray[np.float32]:
    """(h,w,3): the mean colour of the nearby pixels of `where`."""
    weight = where.astype(np.float32)
    total = cv2.blur(weight, (9, 9))[..., None]
    summed = cv2.blur(image.astype(np.float32) * weight[..., None], (9, 9))
    return np.asarray(summed / np.maximum(total, 1e-3), np.float32)


def _labels(shape: tuple[int, ...], box: Box) -> _Labels:
    """What is known before: nothing of the object lies outside the box, most of its middle is it.

    A box as large as the picture leaves no ground: its rim is ground then.
    """
    labels = np.full(shape[:2], cv2.GC_BGD, np.uint8)
    inner = box.intersection(Box.of(shape))
    if inner.shape == shape[:2] and min(shape[:2]) > 8:
        inner = inner.grow(-max(1, round(0.03 * min(shape[:2]))))
    labels[inner.slices] = cv2.GC_PR_FGD
    return labels


def _cut(image: RGB, labels: _Labels, seeds: Sequence[Point], rounds: int = _ROUNDS) -> Mask:
    """The pixels that GrabCut gives to the object; what the labels allow, where it cannot work."""
    known = labels.copy()
    for x, y in seeds:
        cv2.circle(known, (x, y), 1, cv2.GC_FGD, cv2.FILLED)
    possible = np.asarray((known == cv2.GC_FGD) | (known == cv2.GC_PR_FGD), np.bool_)
    if possible.all() or not possible.any():
        return possible
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # the same request, the same pixels
    cv2.grabCut(image, known, None, *models, rounds, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    found = np.asarray((known == cv2.GC_FGD) | (known == cv2.GC_PR_FGD), np.bool_)
    return found if found.any() else possible


def _refined(image: RGB, rough: Mask, box: Box) -> Mask:
    """The mask of a reduced picture at full size, its border found again."""
    height, width = image.shape[:2]
    wide = cv2.resize(rough.view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    labels = _border_labels(wide, max(2, round(2 * max(height, width) / max(rough.shape))))
    outside = np.ones((height, width), np.bool_)
    outside[box.slices] = False
    labels[outside] = cv2.GC_BGD
    if not (labels == cv2.GC_FGD).any():
        return wide > 0
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(image, labels, None, *models, 1, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), np.bool_)


def _border_labels(rough: npt.NDArray[Any], reach: int) -> _Labels:
    """The labels of a mask of 0 and 1 of which only the border is in question, within `reach`."""
    ring = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    sure, possible = cv2.erode(rough, ring, borderValue=1), cv2.dilate(rough, ring)
    labels = np.full(rough.shape, cv2.GC_BGD, np.uint8)
    labels[possible > 0] = cv2.GC_PR_BGD
    labels[rough > 0] = cv2.GC_PR_FGD
    labels[sure > 0] = cv2.GC_FGD
    return labels


def tidied(found: Mask) -> Mask:
    """Without specks, without pinholes, its border smooth."""
    smooth = cv2.medianBlur(found.view(np.uint8) * np.uint8(255), 5) > 127
    kept = _larger_parts(smooth, 0.03)
    return ~_larger_parts(~kept, 0.005)


def _larger_parts(mask: Mask, share: float) -> Mask:
    """The connected parts with at least this share of all the True pixels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=4)
    sizes = stats[:, cv2.CC_STAT_AREA]
    large = sizes >= share * max(int(mask.sum()), 1)
    large[0] = False
    return np.asarray(large[labels], np.bool_) if count > 1 else mask


def _of_seeds(found: Mask, seeds: Sequence[Point]) -> Mask:
    """The connected parts that the seeds lie in; everything if they lie in none."""
    _, labels = cv2.connectedComponents(found.view(np.uint8), connectivity=8)
    numbers = {int(labels[y, x]) for x, y in seeds} - {0}
    return np.isin(labels, list(numbers)) if numbers else found


def _dots(shape: tuple[int, ...], seeds: Sequence[Point]) -> Mask:
    dots = np.zeros(shape[:2], np.bool_)
    for x, y in seeds:
        dots[y, x] = True
    return dots


def _reduced(image: RGB, scale: float) -> RGB:
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    return np.ascontiguousarray(resize(image, (height, width)))


def _scaled(box: Box, scale: float) -> Box:
    return box.scale(round(1000 * scale), 1000) if scale < 1 else box


def _at(points: Sequence[Point], area: Box, scale: float) -> list[Point]:
    """Points of the picture in the reduced picture of an area."""
    height, width = (max(1, round(side * scale)) for side in area.shape)
    return [
        (
            min(int((x - area.left) * scale), width - 1),
            min(int((y - area.top) * scale), height - 1),
        )
        for x, y in points
    ]
