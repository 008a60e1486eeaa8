"""Detail inside a thing's outline, and rims along the outline."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.evaluation.seams import to_lab
from lazydiff_core.evaluation.thing_area import grown, shrunk

INSIDE = 5  # pixels from the outline at which the inside begins
OUTSIDE = 2  # pixels beyond the outline that still belong to it
STRONG = 99  # percentile of the gradients that stands for edges
MIN_DETAIL = 0.2  # L a pixel: a rendering with less on average is plain inside
RINGS = (-2.0, 0.0, 2.0, 4.0)  # distances inside of the outline at which a rim is looked for
THICK = 1.25  # half the width of a rim, in pixels
INNER, OUTER = (7.5, 12.5), (-9.5, -4.5)  # distances of the rings that a rim is compared with
ALONG = 4.0  # deviation in pixels over which lightness is averaged along the outline

Floats = npt.NDArray[np.float32]


def sharpness(fill: RGB, area: Mask, truth: RGB, cover: Mask) -> float:
    """Gradients of lightness of a filled thing over those of its true rendering, 1 at most.

    The mean of two ratios: of the 99th percentiles over the thing with its outline (edges), and of
    the mean gradients inside both outlines (detail); each counts as 1 where the fill has more, so
    that noise makes up for nothing. A rendering that is plain inside is compared by its edges.

    fill, truth: (H,W,3) uint8; area, cover: (H,W), what each of them covers. 0 for no area.
    """
    if not area.any():
        return 0.0
    made, true = _gradients(fill), _gradients(truth)
    inner = shrunk(area & cover, INSIDE)
    edges = np.percentile(made[grown(area, OUTSIDE)], STRONG)
    ratios = [edges / np.percentile(true[grown(cover, OUTSIDE)], STRONG)]
    if inner.any() and true[inner].mean() >= MIN_DETAIL:
        ratios.append(made[inner].mean() / true[inner].mean())
    return float(np.mean([min(1.0, float(ratio)) for ratio in ratios]))


def _gradients(image: RGB) -> Floats:
    """(H,W) magnitudes of the gradient of lightness, in L per pixel."""
    lightness = to_lab(image)[..., 0]
    dx = cv2.Sobel(lightness, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    dy = cv2.Sobel(lightness, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    return np.hypot(dx, dy)


def rim(image: RGB, area: Mask) -> float:
    """How much darker or lighter than both sides a ring along a thing's outline is, in L.

    The largest mean over a few thin rings about the outline, each place of them compared with what
    is further in and further out nearby: 0 where lightness goes straight from the one to the other,
    and where the area is empty or too thin to have an inside.
    """
    lightness = to_lab(image)[..., 0]
    depth = _signed_depth(area)
    inner, outer = (
        _nearby(lightness, (depth >= low) & (depth <= high)) for low, high in (INNER, OUTER)
    )
    between = np.isfinite(inner) & np.isfinite(outer)
    excess = [_excess(lightness, inner, outer, between, np.abs(depth - at)) for at in RINGS]
    return max(excess)


def _excess(lightness: Floats, inner: Floats, outer: Floats, between: Mask, apart: Floats) -> float:
    ring = apart <= THICK
    known = ring & between
    if not known.any():
        return 0.0
    drawn = _nearby(lightness, ring)
    above, below = drawn - np.maximum(inner, outer), np.minimum(inner, outer) - drawn
    return float(np.maximum(0, np.maximum(above, below))[known].mean())


def _signed_depth(area: Mask) -> Floats:
    """Distance from the outline in pixels, above 0 inside and below outside."""
    inside, outside = (
        cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, 5) for part in (area, ~area)
    )
    return np.asarray(np.where(area, inside - 0.5, 0.5 - outside), np.float32)


def _nearby(values: Floats, where: Mask) -> Floats:
    """The mean around each pixel of the values in `where`; NaN if there are none nearby."""
    weights = where.astype(np.float32)
    total = cv2.GaussianBlur(values * weights, (0, 0), ALONG)
    count = cv2.GaussianBlur(weights, (0, 0), ALONG)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(count > 1e-3, total / count, np.nan), np.float32)
