"""Tokens, the squares of pixels that a model computes: which ones a mask needs.

A patch that is partly hole is a hole token (paper, section 3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.errors import EmptyMaskError
from lazydiff_core.geometry.box import Box
from lazydiff_core.geometry.pixels import Mask

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_SQUARE = np.ones((3, 3), np.uint8)
# So many window pixels on either side of a token's edge a decoder mixes what it makes of both.
_MIXED_PIXELS = 8


@dataclass(frozen=True)
class Computed:
    """Which tokens a backend computes at every step, given those that the hole touches.

    rim:        width in tokens of the ring of neighbours that is computed as well.
    everything: compute every token of the window.
    """

    rim: int = 0
    everything: bool = False


def _cells(mask: Mask, token_pixels: int) -> Mask:
    """(H, W) -> (H/t, t, W/t, t) view: the pixels by token."""
    height, width = mask.shape
    if height % token_pixels or width % token_pixels:
        raise ValueError(f"{width}x{height} pixels are no multiple of {token_pixels}")
    return mask.reshape(height // token_pixels, token_pixels, width // token_pixels, token_pixels)


def _any(mask: Mask, axis: int) -> Mask:
    reduced: Mask = np.logical_or.reduce(mask, axis=axis)
    return reduced


def token_mask(mask: Mask, token_pixels: int) -> Mask:
    """Max-pool of an (H, W) mask to (H/t, W/t) bool: one hole pixel makes a hole token.

    ValueError if a side is no multiple of `token_pixels`.
    """
    return _any(_any(_cells(mask, token_pixels), 1), 2)


def _blobs(holes: Mask) -> npt.NDArray[np.int32]:
    """Numbers of the 8-connected parts, from 1 on."""
    _, found = cv2.connectedComponents(holes.view(np.uint8), connectivity=8)
    return np.asarray(found, np.int32)


def blob_boxes(mask: Mask, token_pixels: int) -> list[Box]:
    """Pixel bounds of the mask within each 8-connected blob of hole tokens."""
    holes = token_mask(mask, token_pixels)
    if not holes.any():
        return []
    return [Box(*map(int, edges)) for edges in _blob_boxes(mask, holes, _blobs(holes))]


def _blob_boxes(mask: Mask, tokens: Mask, labels: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """(blobs, 4) left, top, right, bottom: pixel bounds of each labelled blob of tokens."""
    token_pixels = mask.shape[0] // tokens.shape[0]
    rows, columns = np.nonzero(tokens)
    cells = _cells(mask, token_pixels)
    filled_rows = _any(cells, 3).transpose(0, 2, 1)[rows, columns]  # (N, t)
    filled_columns = _any(cells, 1)[rows, columns]
    last = token_pixels - filled_columns[:, ::-1].argmax(axis=1)
    low = token_pixels - filled_rows[:, ::-1].argmax(axis=1)
    of_token = labels[rows, columns] - 1
    boxes = np.empty((int(labels.max()), 4), np.int64)
    boxes[:, :2], boxes[:, 2:] = max(mask.shape), 0
    np.minimum.at(boxes[:, 0], of_token, columns * token_pixels + filled_columns.argmax(axis=1))
    np.minimum.at(boxes[:, 1], of_token, rows * token_pixels + filled_rows.argmax(axis=1))
    np.maximum.at(boxes[:, 2], of_token, columns * token_pixels + last)
    np.maximum.at(boxes[:, 3], of_token, rows * token_pixels + low)
    return boxes


def _with_nearest(labels: npt.NDArray[np.int32], unlabelled: Mask) -> npt.NDArray[np.int32]:
    """Give each unlabelled token the label of the nearest labelled one.

    Of several equally near ones, the leftmost is taken, then the uppermost. OpenCV's distance
    transform is not used, because it does not always find the nearest.
    """
    rows, columns = np.nonzero(unlabelled)
    if not rows.size:
        return labels
    hole_columns, hole_rows = np.nonzero(labels.T)
    squares = (rows[:, None] - hole_rows) ** 2 + (columns[:, None] - hole_columns) ** 2
    nearest = squares.argmin(axis=1)
    labels = labels.copy()
    labels[rows, columns] = labels[hole_rows[nearest], hole_columns[nearest]]
    return labels


def token_frames(mask: Mask, tokens: Mask, token_pixels: int) -> npt.NDArray[np.float32]:
    """The place of each hole token in its blob, from which the model knows the hole's extent.

    mask:   (S, S) bool hole. tokens: (S/t, S/t) bool hole tokens, possibly grown.
    Returns (N_hole, 6) float32 in row-major order: u = (x-cx)/w, v = (y-cy)/h,
    U = (x-cx)/min(w,h), V = (y-cy)/min(w,h), log2(w/S), log2(h/S), with (x, y) the token's centre
    and (cx, cy, w, h) the pixel bounds of the mask within its blob. Blobs are the 8-connected
    parts of the token mask; a grown token without mask pixels takes the nearest blob's bounds.
    Errors: EmptyMaskError without a hole, ValueError for a side that is no multiple.
    """
    holes = token_mask(mask, token_pixels)
    if not holes.any():
        raise EmptyMaskError("The mask is empty: paint the area to generate first.")
    labels = _blobs(holes)
    boxes = _blob_boxes(mask, holes, labels)
    labels = _with_nearest(labels, tokens & ~holes)
    rows, columns = np.nonzero(tokens)
    left, top, right, bottom = boxes[labels[rows, columns] - 1].T.astype(np.float64)
    width, height = right - left, bottom - top
    x = (columns + 0.5) * token_pixels - (left + right) / 2
    y = (rows + 0.5) * token_pixels - (top + bottom) / 2
    short, side = np.minimum(width, height), max(mask.shape)
    frames = (x / width, y / height, x / short, y / short)
    extents = (np.log2(width / side), np.log2(height / side))
    return np.stack(frames + extents, axis=1).astype(np.float32)


def computed_tokens(holes: Mask, how: Computed) -> Mask:
    """(rows, columns) bool tokens that a backend computes for these hole tokens.

    All of them are generated: those of the hole and of the rim.
    """
    if how.everything:
        return np.ones_like(holes)
    rimmed: Mask = cv2.dilate(holes.view(np.uint8), _SQUARE, iterations=how.rim) > 0
    return rimmed


def border_reach(token_pixels: int, scale: float, how: Computed) -> int:
    """How far beyond its border, in window pixels, all that a hole's tokens show is generated.

    The blender reads the jump on the canvas pixels just outside the hole, so those must be wholly
    generated: not shown by a visible token, nor mixed with one (ADR 0003). 0 for backends that
    compute the neighbours anyway. scale: window pixels a canvas pixel.
    """
    if how.everything or how.rim:
        return 0
    mixed = min(_MIXED_PIXELS, (token_pixels - 1) // 2)
    return min(mixed + max(math.ceil(scale) - 1, 0), token_pixels)


def with_border(hole: Mask, canvas: Mask, token_pixels: int, reach: int) -> Mask:
    """The hole as a model is told it: so that its tokens reach `reach` pixels beyond its border.

    hole: (S, S) bool. canvas: (S, S) bool, False beyond the canvas, which is nobody's border.
    Where a visible token lies nearer, the hole is widened to one pixel of it, which makes it a hole
    token, and by up to `reach` in the tokens it had there. A hole without such a place is
    returned as it is.
    """
    if not reach or not hole.any():
        return hole
    reached = cv2.dilate(hole.view(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8))
    wide = reached.view(np.bool_) & canvas
    own = token_mask(hole, token_pixels)
    added = token_mask(wide, token_pixels) & ~own
    if not added.any():
        return hole
    near = _by_pixel(cv2.dilate(added.view(np.uint8), _SQUARE).view(np.bool_), token_pixels)
    own_pixels = _by_pixel(own, token_pixels).view(np.uint8)
    allowed = cv2.dilate(own_pixels, _SQUARE).view(np.bool_)
    return hole | (wide & allowed & near)


def _by_pixel(tokens: Mask, token_pixels: int) -> Mask:
    return tokens.repeat(token_pixels, axis=0).repeat(token_pixels, axis=1)


def grow_to_multiple(tokens: Mask, multiple: int, rng: np.random.Generator) -> Mask:
    """Add visible neighbours (4-connected, random) until the hole tokens are a multiple.

    Samples of equal length batch without padding, and the extra tokens do useful work. A grid
    without room for the next multiple becomes all hole; a grid without hole stays so.
    """
    grown = tokens.copy()
    missing = -int(grown.sum()) % multiple
    while missing and not grown.all():
        around = cv2.dilate(grown.view(np.uint8), _CROSS) > 0
        frontier = np.flatnonzero(around & ~grown)
        if frontier.size > missing:
            frontier = rng.choice(frontier, missing, replace=False)
        grown.flat[frontier] = True
        missing -= frontier.size
    return grown


def blend_ring(token: float) -> float:
    """The depth in pixels to which Poisson blending corrects seams between tokens of this side.

    Blending adds a harmonic function: a difference along the border with a period of L pixels falls
    to exp(-2 pi d / L) at depth d. Differences are strongest between neighbouring tokens (L = 1
    token), and at half a token 4 % are left. A uniform shift of the whole fill reaches deeper.
    """
    return token / 2
