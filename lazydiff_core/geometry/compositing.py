"""Laying colours over a canvas: opacity and blend modes.

Source: W3C Compositing and Blending Level 1, sections 5 (source over) and 10.1 (blend modes);
values are those of sRGB, as in Krita and Photoshop.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from lazydiff_core.geometry.pixels import RGB, Pixels

Share = npt.NDArray[np.float32]  # (h, w), 0..1
_Values = npt.NDArray[np.float32]
_FULL = np.float32(255)
_LEAST = np.float32(1e-6)
_BAND_BYTES = 48_000


class BlendMode(StrEnum):
    """How the colours of a layer meet those beneath it."""

    NORMAL = "normal"
    MULTIPLY = "multiply"
    SCREEN = "screen"
    OVERLAY = "overlay"


def composited(canvas: Pixels, colours: RGB, alpha: Share, mode: BlendMode) -> Pixels:
    """The canvas with colours over it: a new array, rounded to nearest.

    canvas: (h, w, 3) uint8, or (h, w, 4) with straight alpha. colours: (h, w, 3) uint8. alpha: of
    the colours; where it is 0 the canvas stays as it is.
    """
    found = np.empty_like(canvas)
    for rows in _bands(canvas):
        found[rows] = _composited(canvas[rows], colours[rows], alpha[rows], mode)
    return found


def faded(canvas: Pixels, other: Pixels, share: float) -> Pixels:
    """Part of the way from a canvas to another state of it: 0 = `canvas`, 1 = `other`.

    Both (h, w, c) uint8. With alpha, colours count as much as they are seen (premultiplied): a
    picture that was laid over the canvas fades as if it had been laid over it with less opacity.
    """
    found = np.empty_like(canvas)
    for rows in _bands(canvas):
        found[rows] = _faded(canvas[rows], other[rows], np.float32(share))
    return found


def _bands(canvas: Pixels) -> Iterator[slice]:
    """Rows enough to be worth a call, few enough that all between stays in the processor's cache.

    Larger blocks of memory are new pages each time: that took longer than the arithmetic.
    """
    height, width, channels = canvas.shape
    step = max(_BAND_BYTES // max(4 * width * channels, 1), 1)
    return (slice(top, top + step) for top in range(0, height, step))


def _composited(canvas: Pixels, colours: RGB, alpha: Share, mode: BlendMode) -> Pixels:
    below, above = _values(canvas[..., :3]), _values(colours)
    share = np.repeat(alpha, 3, axis=1).reshape(below.shape)
    if canvas.shape[2] == 3:
        seen = above if mode is BlendMode.NORMAL else _blended(below, above, mode)
        return _rounded(below + (seen - below) * share)
    alpha, beneath = alpha[..., None], canvas[..., 3:].astype(np.float32) / _FULL
    if mode is not BlendMode.NORMAL:  # where nothing is beneath, colours stay what they are
        above += (_blended(below, above, mode) - above) * beneath
    covered = alpha + beneath * (1 - alpha)
    mixed = below + (above - below) * (alpha / np.maximum(covered, _LEAST))
    found = _rounded(np.concatenate((mixed, covered * _FULL), axis=2))
    return np.where(alpha > 0, found, canvas)


def _faded(canvas: Pixels, other: Pixels, share: np.float32) -> Pixels:
    near, far = _values(canvas), _values(other)
    if canvas.shape[2] == 3:
        return _rounded(near + (far - near) * share)
    kept, come = near[..., 3:] * (1 - share), far[..., 3:] * share
    alpha = kept + come
    weight = come / np.maximum(alpha, _LEAST)
    mixed = near[..., :3] + (far[..., :3] - near[..., :3]) * weight
    return _rounded(np.concatenate((mixed, alpha), axis=2))


def _values(pixels: Pixels) -> _Values:
    return pixels.astype(np.float32)


def _blended(below: _Values, above: _Values, mode: BlendMode) -> _Values:
    """B(Cb, Cs) of the specification, on values of 0..255."""
    if mode is BlendMode.MULTIPLY:
        return below * above / _FULL
    if mode is BlendMode.SCREEN:
        return below + above - below * above / _FULL
    dark = 2 * below * above / _FULL  # overlay: hard light with the layers exchanged
    light = _FULL - 2 * (_FULL - below) * (_FULL - above) / _FULL
    return np.where(below <= _FULL / 2, dark, light)


def _rounded(values: _Values) -> Pixels:
    return np.asarray(np.rint(values), np.uint8)
