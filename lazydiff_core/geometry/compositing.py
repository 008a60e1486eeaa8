"""Laying colours over a canvas: opacity and blend modes.

Source: W3C Compositing and Blending Level 1, sections 5 (source over) and 10.1 (blend modes);
values are those of sRGB, as in Krita and Photoshop.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from lazydiff_core.geometry.pixels import RGB, Pixels

Share = npt.NDArray[np.float32]  # (h, w), 0..1
_Values = npt.NDArray[np.float32]
_FULL = np.float32(255)
_LEAST = np.float32(1e-6)


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
    share = alpha[..., None]
    below = canvas[..., :3].astype(np.float32)
    above = colours.astype(np.float32)
    if canvas.shape[2] == 3:
        seen = above if mode is BlendMode.NORMAL else _blended(below, above, mode)
        return _rounded(below + (seen - below) * share)
    beneath = canvas[..., 3:].astype(np.float32) / _FULL
    if mode is not BlendMode.NORMAL:  # where nothing is beneath, colours stay what they are
        above += (_blended(below, above, mode) - above) * beneath
    covered = share + beneath * (1 - share)
    mixed = below + (above - below) * (share / np.maximum(covered, _LEAST))
    found = _rounded(np.concatenate((mixed, covered * _FULL), axis=2))
    return np.where(share > 0, found, canvas)


def faded(canvas: Pixels, other: Pixels, share: float) -> Pixels:
    """Part of the way from a canvas to another state of it: 0 = `canvas`, 1 = `other`.

    Both (h, w, c) uint8. With alpha, colours count as much as they are seen (premultiplied): a
    picture that was laid over the canvas fades as if it had been laid over it with less opacity.
    """
    near, far = canvas.astype(np.float32), other.astype(np.float32)
    part = np.float32(share)
    if canvas.shape[2] == 3:
        return _rounded(near + (far - near) * part)
    kept, come = near[..., 3:] * (1 - part), far[..., 3:] * part
    alpha = kept + come
    weight = come / np.maximum(alpha, _LEAST)
    mixed = near[..., :3] + (far[..., :3] - near[..., :3]) * weight
    return _rounded(np.concatenate((mixed, alpha), axis=2))


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
