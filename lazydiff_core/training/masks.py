"""Training masks: the outline of an entity made as rough as a user's brush (paper section 4.1)."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Mask
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.training.backgrounds import waves


def dilate(mask: Mask, radius: int) -> Mask:
    """Grow a mask by `radius` pixels, round."""
    if radius <= 0:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return cv2.dilate(mask.astype(np.uint8), kernel).astype(np.bool_)


def rough_mask(entity: Mask, rng: np.random.Generator) -> Mask:
    """A user-like mask that covers `entity` (H, W) bool: box, ellipse, brushed blob or dilation.

    The entity is always covered with a margin, so that no visible pixel betrays it.
    """
    box = bounding_box(entity)
    size = max(box.shape)
    close = dilate(entity, int(rng.integers(3, 6)))
    kind = rng.random()
    if kind < 0.15:
        return dilate(entity, int(rng.integers(4, max(6, size // 8))))
    shape = np.zeros(entity.shape, np.uint8)
    if kind < 0.45:
        margins = rng.uniform(0.03, 0.2, 4) * size
        corner = (round(box.left - margins[0]), round(box.top - margins[1]))
        other = (round(box.right + margins[2]), round(box.bottom + margins[3]))
        cv2.rectangle(shape, corner, other, 1, -1)
        return shape.astype(np.bool_) | close
    middle = np.array([(box.left + box.right) / 2, (box.top + box.bottom) / 2])
    centre = middle + rng.normal(0, 0.03, 2) * size
    axes = np.array([box.width, box.height]) / 2 * rng.uniform(1.08, 1.4)
    if rng.random() < 0.4:
        axes[:] = axes.max()
    harmonics = 4 if kind > 0.7 else 0  # a brushed blob instead of an ellipse
    return _blob(entity.shape, centre, axes, rng, harmonics, 0.1) | close


def brushed_mask(entity: Mask, rng: np.random.Generator) -> Mask:
    """`entity` (H, W) bool randomly dilated, by an uneven width, as a hurried brush would.

    At least 2 pixels everywhere, on average 1 to 12% of the entity's longer side.
    """
    size = max(bounding_box(entity).shape)
    width = max(3.0, size * rng.uniform(0.01, 0.12))
    # A smooth field of some bumps along the outline.
    coarse = rng.uniform(0.3, 1.7, (8, 8)).astype(np.float32)
    bumps = cv2.resize(coarse, entity.shape[::-1], interpolation=cv2.INTER_CUBIC)
    outside = cv2.distanceTransform(1 - entity.astype(np.uint8), cv2.DIST_L2, 5)
    mask: Mask = outside <= np.maximum(2.0, width * bumps)
    return mask


def _blob(
    size: tuple[int, ...],
    centre: npt.NDArray[np.float64],
    axes: npt.NDArray[np.float64],
    rng: np.random.Generator,
    harmonics: int,
    depth: float,
) -> Mask:
    """An ellipse whose radius a few random harmonics, `depth` deep, make uneven."""
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    radius = np.ones_like(angles)
    for harmonic in range(2, 2 + harmonics):
        radius += rng.normal(0, depth / harmonic) * np.cos(harmonic * angles + rng.uniform(0, 6.3))
    points = centre + np.stack([np.cos(angles), np.sin(angles)], 1) * axes * radius[:, None]
    shape = np.zeros(size, np.uint8)
    cv2.fillPoly(shape, [np.rint(points).astype(np.int32)], 1)
    return shape.astype(np.bool_)


def surface_mask(side: int, rng: np.random.Generator, least: float = 0.0) -> Mask:
    """What an artist fills with a surface: boxes up to the whole canvas, everything on one side of
    a line, strips, blobs, corners. (side, side) bool.

    least: part of the side that a square as large as its bounding box takes at least, but for
    strips: smaller holes are shown magnified (ADR 2).
    """
    kind = rng.random()
    if kind < 0.1:
        return np.ones((side, side), np.bool_)
    if kind < 0.4:
        return _box_mask(side, rng, least)
    if kind < 0.55:
        return _half_mask(side, rng)
    if kind < 0.72:
        return _strip_mask(side, rng)
    if kind < 0.85:
        return band_mask(side, rng)
    return blob_mask(side, rng)


def _box_mask(side: int, rng: np.random.Generator, least: float) -> Mask:
    """A box; half of them touch an edge or two of the canvas."""
    shape = np.exp(rng.uniform(-0.7, 0.7) / 2)
    size = rng.uniform(max(least, 0.3), 1.0) * side
    high, wide = (min(side, round(v)) for v in (size * shape, size / shape))
    top, left = (
        int(rng.choice([0, room])) if rng.random() < 0.3 else int(rng.integers(room + 1))
        for room in (side - high, side - wide)
    )
    mask = np.zeros((side, side), np.bool_)
    mask[top : top + high, left : left + wide] = True
    return mask


def _half_mask(side: int, rng: np.random.Generator) -> Mask:
    """All on one side of a straight line, level or upright in two of three cases."""
    turn = rng.integers(4) * np.pi / 2 if rng.random() < 0.67 else rng.uniform(0, 2 * np.pi)
    ys, xs = np.mgrid[0:side, 0:side] - (side - 1) / 2
    along = np.cos(turn) * xs + np.sin(turn) * ys
    mask: Mask = along > rng.uniform(-0.2, 0.25) * side
    return mask


def _strip_mask(side: int, rng: np.random.Generator) -> Mask:
    """From edge to edge, level or upright, at an edge of the canvas or anywhere."""
    thick = round(rng.uniform(0.14, 0.45) * side)
    room = side - thick
    start = int(rng.choice([0, room])) if rng.random() < 0.5 else int(rng.integers(room + 1))
    mask = np.zeros((side, side), np.bool_)
    mask[start : start + thick] = True
    return mask if rng.random() < 0.65 else np.ascontiguousarray(mask.T)


def blob_mask(side: int, rng: np.random.Generator) -> Mask:
    """A round-ish area, 0.25 to 0.85 of the side across, that may run over the border."""
    centre = rng.uniform(0.2, 0.8, 2) * side
    axes = rng.uniform(0.12, 0.42, 2) * side
    return _blob((side, side), centre, axes, rng, 3, 0.12)


def band_mask(side: int, rng: np.random.Generator) -> Mask:
    """The canvas above or below a wavy line: a sky or a ground."""
    bends = waves(rng, np.arange(side) / side, 2)
    line = side * (rng.uniform(0.3, 0.7) + bends)
    below = np.asarray(np.arange(side)[:, None] >= line[None], np.bool_)
    return below if rng.random() < 0.5 else ~below
