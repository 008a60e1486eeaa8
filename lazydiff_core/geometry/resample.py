"""Resampling between the canvas and the model's window."""

from __future__ import annotations

from typing import Any, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.geometry.box import Box
from lazydiff_core.geometry.pixels import RGB, RGBA, Mask
from lazydiff_core.geometry.window import Window

Pixels = TypeVar("Pixels", npt.NDArray[np.uint8], npt.NDArray[np.float32])


def crop(
    array: npt.NDArray[np.uint8], box: Box, border: int = cv2.BORDER_REPLICATE
) -> npt.NDArray[Any]:
    """The pixels of `box`; outside the (H, W, ...) array, by OpenCV's border rule.

    Raises ValueError if no part of the box lies in the array.
    """
    inside = box.clip(Box.of(array.shape))
    return cv2.copyMakeBorder(
        array[inside.slices],
        inside.top - box.top,
        box.bottom - inside.bottom,
        inside.left - box.left,
        box.right - inside.right,
        border,
    )


def resize(pixels: Pixels, size: tuple[int, int], enlarge: int = cv2.INTER_CUBIC) -> Pixels:
    """(H, W, ...) -> (height, width, ...), by area means, or by `enlarge` if it gets larger.

    Returns `pixels` itself if it has that size already.
    """
    if pixels.shape[:2] == size:
        return pixels
    height, width = size
    reduced = height * width < pixels.shape[0] * pixels.shape[1]
    method = cv2.INTER_AREA if reduced else enlarge
    return cv2.resize(pixels, (width, height), interpolation=method)  # type: ignore[return-value]


def resize_straight(picture: RGBA, size: tuple[int, int], enlarge: int = cv2.INTER_CUBIC) -> RGBA:
    """`resize` of (H, W, 4) uint8 straight-alpha pixels: what is transparent colours nothing."""
    alpha = picture[..., 3:].astype(np.float32)
    weighted = resize(np.asarray(picture[..., :3] * (alpha / 255), np.float32), size, enlarge)
    cover = resize(np.asarray(alpha[..., 0]), size, enlarge)[..., None].clip(0, 255)
    colour = weighted * (255 / np.maximum(cover, 1))
    joined = np.concatenate([colour, cover], axis=2)
    scaled = np.rint(joined.clip(0, 255)).astype(np.uint8)
    return np.asarray(scaled * (scaled[..., 3:] > 0), np.uint8)


def fill_from_nearest(image: RGB, mask: Mask) -> RGB:
    """A copy of an (H, W, 3) image in which each hole pixel has its nearest visible pixel's colour.

    Unchanged if no pixel is visible.
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
    return resize(crop(image, window.box), (window.side, window.side))


def cut_mask(mask: Mask, window: Window) -> Mask:
    """(H, W) bool -> (side, side) bool, visible outside the canvas.

    Scaling down, a window pixel is hole if any canvas pixel under it is, so that no hole pixel is
    ever taken for context; scaling up takes the nearest canvas pixel.
    """
    square = crop(mask.astype(np.uint8), window.box, cv2.BORDER_CONSTANT)
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
    if not window.box.contains(box):
        raise ValueError(f"{box} is not inside the window {window.box}")
    inside = box.relative_to(window.box)
    if window.scale >= 1:
        return resize(pixels, window.box.shape)[inside.slices].copy()
    # Enlarge only the pixels of `box`: the whole square of a large canvas would take much memory.
    scale = window.scale
    to_window = np.array(
        [
            [scale, 0, (inside.left + 0.5) * scale - 0.5],
            [0, scale, (inside.top + 0.5) * scale - 0.5],
        ]
    )
    return cv2.warpAffine(  # type: ignore[return-value]
        pixels,
        to_window,
        (box.width, box.height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
