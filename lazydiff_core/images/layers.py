"""Composites the layers of an OpenRaster archive that has no merged picture.

Source: openraster.org, "layer stack", and W3C Compositing and Blending Level 1, which it refers to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias
from xml.etree.ElementTree import Element

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGBA, Box
from lazydiff_core.images.archives import Archive

Floats: TypeAlias = npt.NDArray[np.float32]
_DEPTH = 32  # stacks within stacks


def composited(
    archive: Archive, stack: Element, height: int, width: int, read: Callable[[str], RGBA]
) -> tuple[RGBA, tuple[str, ...]]:
    """(H, W, 4) uint8 with straight alpha, and the names of blend modes that are not known here.

    read: the pixels of an entry of the archive.
    """
    canvas = np.zeros((height, width, 4), np.float32)
    unknown: list[str] = []
    _lay_stack(archive, canvas, stack, read, unknown, _DEPTH)
    return np.asarray(np.rint(canvas * 255), np.uint8), tuple(dict.fromkeys(unknown))


def _lay_stack(
    archive: Archive,
    canvas: Floats,
    stack: Element,
    read: Callable[[str], RGBA],
    unknown: list[str],
    depth: int,
) -> None:
    if depth == 0:
        raise archive.damaged("its stacks of layers are nested too deep")
    for item in reversed(stack):  # the topmost comes first
        if item.get("visibility", "visible") != "visible":
            continue
        if item.tag == "stack":
            layer = np.zeros_like(canvas)
            _lay_stack(archive, layer, item, read, unknown, depth - 1)
            _lay(canvas, layer, item, unknown)
        elif item.tag == "layer":
            pixels = read(item.get("src", ""))
            whole = Box.of(canvas.shape)
            left, top = _whole(archive, item, "x"), _whole(archive, item, "y")
            box = Box(left, top, left + pixels.shape[1], top + pixels.shape[0])
            seen = box.intersection(whole)
            if not seen.is_empty:
                part = pixels[seen.relative_to(box).slices]
                _lay(canvas[seen.slices], part.astype(np.float32) / np.float32(255), item, unknown)


def _whole(archive: Archive, item: Element, name: str) -> int:
    try:
        return int(float(item.get(name, "0")))
    except ValueError as error:
        raise archive.damaged("a layer lies nowhere") from error


def _lay(canvas: Floats, layer: Floats, item: Element, unknown: list[str]) -> None:
    """Composite a layer over a part of the canvas, in place."""
    try:
        opacity = min(max(float(item.get("opacity", "1")), 0.0), 1.0)
    except ValueError:
        opacity = 1.0
    mode = item.get("composite-op", "svg:src-over").removeprefix("svg:").removeprefix("krita:")
    if mode not in _MODES:
        unknown.append(mode)
    blend = _MODES.get(mode, _MODES["src-over"])
    above, below = layer[..., :3], canvas[..., :3]
    over = layer[..., 3:] * np.float32(opacity)
    under = canvas[..., 3:]
    alpha = over + under * (1 - over)
    mixed = (1 - under) * above + under * blend(below, above)
    colours = over * mixed + (1 - over) * under * below
    canvas[..., :3] = np.clip(colours / np.maximum(alpha, np.float32(1e-6)), 0, 1)
    canvas[..., 3:] = alpha


def _hard_light(below: Floats, above: Floats) -> Floats:
    twice = 2 * above
    screened = below + (twice - 1) - below * (twice - 1)
    return np.where(above <= 0.5, below * twice, screened)


def _soft_light(below: Floats, above: Floats) -> Floats:
    dark = below - (1 - 2 * above) * below * (1 - below)
    low = ((16 * below - 12) * below + 4) * below
    lifted = np.where(below <= 0.25, low, np.sqrt(below))
    return np.where(above <= 0.5, dark, below + (2 * above - 1) * (lifted - below))


def _dodge(below: Floats, above: Floats) -> Floats:
    return np.where(below <= 0, 0, np.minimum(1, below / np.maximum(1 - above, 1e-6)))


def _burn(below: Floats, above: Floats) -> Floats:
    return np.where(below >= 1, 1, 1 - np.minimum(1, (1 - below) / np.maximum(above, 1e-6)))


_MODES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "src-over": lambda below, above: above,
    "multiply": lambda below, above: below * above,
    "screen": lambda below, above: below + above - below * above,
    "overlay": lambda below, above: _hard_light(above, below),
    "darken": np.minimum,
    "lighten": np.maximum,
    "color-dodge": _dodge,
    "color-burn": _burn,
    "hard-light": _hard_light,
    "soft-light": _soft_light,
    "difference": lambda below, above: np.abs(below - above),
    "plus": lambda below, above: np.minimum(1, below + above),
}
