"""The pixels of a fill that belong to the thing: those that differ from the ground below it."""

from __future__ import annotations

import cv2
import numpy as np

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.evaluation.seams import to_lab
from lazydiff_core.geometry.box import bounding_box

MIN_DIFFERENCE = 11.0  # in CIELAB: less is how grounds vary
MIN_PART = 0.02  # of the hole: smaller specks are left out
ROUND = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))


def thing_area(image: RGB, ground: RGB, mask: Mask) -> Mask:
    """(H,W) bool, within the hole `mask`; may be empty.

    image, ground: (H,W,3) uint8, the ground being the canvas as it would go on without the thing.
    """
    part = bounding_box(mask).slices
    blurred = [cv2.GaussianBlur(to_lab(one[part]), (0, 0), 1.0) for one in (image, ground)]
    apart = np.linalg.norm(blurred[0] - blurred[1], axis=-1)
    differs = ((apart > MIN_DIFFERENCE) & mask[part]).astype(np.uint8)
    closed = cv2.morphologyEx(differs, cv2.MORPH_CLOSE, ROUND)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, ROUND)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    large = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] >= MIN_PART * mask.sum())
    area = np.zeros_like(mask)
    area[part] = np.isin(labels, large[large > 0]) & mask[part]
    return area


def shrunk(area: Mask, pixels: int) -> Mask:
    """The area without `pixels` pixels along its border; the picture's edge is not a border."""
    if pixels <= 0 or area.all():
        return area
    depth = cv2.distanceTransform(area.astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(depth > pixels)


def grown(area: Mask, pixels: int) -> Mask:
    """The area with `pixels` more pixels around it."""
    distance = cv2.distanceTransform((~area).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(distance <= pixels) if area.any() else area
