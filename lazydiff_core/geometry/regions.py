"""Masks, tokens, boxes and windows: all of that arithmetic, once.

A *window* is the square of the canvas that the model looks at, resampled to the model's side;
which one that is says `sight`.
Indices are (row, column), sizes (height, width), points (x, y). Ours throughout; the token mask
follows section 3 of the paper (a patch that is partly hole is a hole token).
"""

from __future__ import annotations

from dataclasses import astuple
from typing import Any, TypeVar

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.errors import EmptyMaskError
from lazydiff_core.geometry.window import Window

Pixels = TypeVar("Pixels", npt.NDArray[np.uint8], npt.NDArray[np.float32])

_EVERY_NEIGHBOUR = np.ones((3, 3), np.bool_)


# --- boxes -------------------------------------------------------------------------------------


def whole(size: tuple[int, ...]) -> Box:
    """The box of an array of shape (H, W, ...)."""
    return Box(0, 0, size[1], size[0])


def bounding_box(mask: Mask) -> Box:
    """Smallest box around the hole of an (H, W) bool mask; EmptyMaskError if there is none."""
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        raise EmptyMaskError("The mask is empty: paint the area to generate first.")
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def union(first: Box, second: Box) -> Box:
    """Smallest box around both."""
    return Box(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
    )


def clip(box: Box, bounds: Box) -> Box:
    """The part of `box` inside `bounds`; ValueError if there is none."""
    part = Box(
        max(box.left, bounds.left),
        max(box.top, bounds.top),
        min(box.right, bounds.right),
        min(box.bottom, bounds.bottom),
    )
    if part.width <= 0 or part.height <= 0:
        raise ValueError(f"{box} lies outside {bounds}")
    return part


def grow(box: Box, by: int, bounds: Box) -> Box:
    """`box` with `by` more pixels on each side, as far as `bounds` reaches."""
    return clip(Box(box.left - by, box.top - by, box.right + by, box.bottom + by), bounds)


def times(box: Box, by: int) -> Box:
    """The box on a grid `by` times as fine."""
    return Box(*(edge * by for edge in astuple(box)))


def count_changed_outside(before: RGB, after: RGB, mask: Mask) -> int:
    """Pixels outside the hole that differ between two (H, W, 3) uint8 images."""
    if before.shape != after.shape or before.shape[:2] != mask.shape:
        raise ValueError(f"sizes differ: {before.shape}, {after.shape}, mask {mask.shape}")
    differs = before != after
    changed = differs[..., 0] | differs[..., 1] | differs[..., 2]
    return int(np.count_nonzero(changed & ~mask))


# --- tokens ------------------------------------------------------------------------------------


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


def token_frames(mask: Mask, tokens: Mask, token_pixels: int) -> npt.NDArray[np.float32]:
    """Where each hole token lies in its own blob, so that the model knows the hole's extent.

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
    labels, _ = ndimage.label(holes, _EVERY_NEIGHBOUR)
    boxes = _blob_boxes(mask, holes, labels)
    if (tokens & ~holes).any():
        nearest = ndimage.distance_transform_edt(
            ~holes, return_distances=False, return_indices=True
        )
        labels = labels[tuple(nearest)]
    rows, columns = np.nonzero(tokens)
    left, top, right, bottom = boxes[labels[rows, columns] - 1].T.astype(np.float64)
    width, height = right - left, bottom - top
    x = (columns + 0.5) * token_pixels - (left + right) / 2
    y = (rows + 0.5) * token_pixels - (top + bottom) / 2
    short, side = np.minimum(width, height), max(mask.shape)
    frames = (x / width, y / height, x / short, y / short)
    extents = (np.log2(width / side), np.log2(height / side))
    return np.stack(frames + extents, axis=1).astype(np.float32)


# --- windows -----------------------------------------------------------------------------------


def _crop(array: npt.NDArray[np.uint8], box: Box, border: int) -> npt.NDArray[Any]:
    """`box` of an array, continued outside it by the given cv2 border rule."""
    inside = clip(box, whole(array.shape))
    return cv2.copyMakeBorder(
        array[inside.slices],
        inside.top - box.top,
        box.bottom - inside.bottom,
        inside.left - box.left,
        box.right - inside.right,
        border,
    )


def _resize(pixels: Pixels, side: int) -> Pixels:
    width = pixels.shape[1]
    if width == side:
        return pixels
    method = cv2.INTER_AREA if side < width else cv2.INTER_CUBIC
    return cv2.resize(pixels, (side, side), interpolation=method)  # type: ignore[return-value]


def fill_from_nearest(image: RGB, mask: Mask) -> RGB:
    """A copy of an (H, W, 3) image whose hole shows, everywhere, its nearest visible pixel.

    Without a visible pixel it is returned as it is.
    """
    if mask.all() or not mask.any():
        return image.copy()
    _, labels = cv2.distanceTransformWithLabels(
        mask.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    colours = np.zeros((int(labels.max()) + 1, 3), np.uint8)
    colours[labels[~mask]] = image[~mask]  # a visible pixel has a label of its own
    return np.asarray(colours[labels], np.uint8)


def cut(image: RGB, window: Window) -> RGB:
    """(H, W, 3) uint8 canvas -> (side, side, 3) uint8; the canvas's edge continues outside it."""
    return _resize(_crop(image, window.box, cv2.BORDER_REPLICATE), window.side)


def cut_mask(mask: Mask, window: Window) -> Mask:
    """(H, W) bool -> (side, side) bool, visible outside the canvas.

    Scaling down, a window pixel is hole if any canvas pixel under it is, so that no hole pixel is
    ever taken for context; scaling up takes the nearest canvas pixel.
    """
    square = _crop(mask.astype(np.uint8), window.box, cv2.BORDER_CONSTANT)
    first, end = window.spans()
    if window.scale >= 1:
        return square[np.ix_(first, first)].astype(np.bool_)
    below = cv2.integral(square)
    by_row = below[end] - below[first]
    return np.asarray(by_row[:, end] > by_row[:, first], np.bool_)


def uncut(pixels: Pixels, window: Window, box: Box) -> Pixels:
    """The inverse of `cut` for the canvas pixels of `box`, which must lie inside the window.

    pixels: (side, side, 3) uint8 or float32. Returns (box.height, box.width, 3) of that dtype.
    """
    if clip(box, window.box) != box:
        raise ValueError(f"{box} is not inside the window {window.box}")
    left, top = box.left - window.box.left, box.top - window.box.top
    if window.scale >= 1:
        square = _resize(pixels, window.box.width)
        return square[top : top + box.height, left : left + box.width].copy()
    # Enlarging: only what is asked for, a large canvas would need its whole square otherwise.
    scale = window.scale
    to_window = np.array(
        [[scale, 0, (left + 0.5) * scale - 0.5], [0, scale, (top + 0.5) * scale - 0.5]]
    )
    return cv2.warpAffine(  # type: ignore[return-value]
        pixels,
        to_window,
        (box.width, box.height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
