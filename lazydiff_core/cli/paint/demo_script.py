"""The edits of the demonstration: prompts and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, Box, Mask

WIDTH, HEIGHT = 768, 512
_HORIZON = 300


@dataclass(frozen=True)
class Edit:
    """A prompt and the shape of its mask."""

    prompt: str
    shape: Literal["ellipse", "box"]
    box: Box


EDITS = (
    Edit("yellow sun", "ellipse", Box(40, 20, 200, 180)),
    Edit("white cloud", "ellipse", Box(400, 24, 600, 152)),
    Edit("house", "box", Box(505, 165, 725, 385)),
    Edit("tree", "box", Box(50, 180, 250, 410)),
    Edit("red balloon", "ellipse", Box(255, 60, 385, 230)),
    Edit("orange cat", "box", Box(360, 335, 500, 490)),
    Edit("red mushroom", "ellipse", Box(225, 370, 345, 496)),
    Edit("sunflower", "ellipse", Box(600, 372, 730, 506)),
)


def blank() -> RGB:
    """The empty canvas: white paper, (HEIGHT, WIDTH, 3) uint8."""
    return np.full((HEIGHT, WIDTH, 3), 255, np.uint8)


def backdrop() -> RGB:
    """A sky over a meadow of two rolling hills."""
    rows = np.linspace(0, 1, HEIGHT)[:, None, None]
    picture = _fade((112, 178, 236), (222, 240, 250), rows * HEIGHT / _HORIZON)
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH]
    far = ys > _HORIZON + 22 * np.sin(xs / 130 + 0.6)
    near = ys > _HORIZON + 62 + 16 * np.sin(xs / 170 + 2.4)
    picture = np.where(far[..., None], _fade((150, 206, 112), (112, 178, 84), rows), picture)
    picture = np.where(near[..., None], _fade((138, 200, 96), (88, 156, 66), rows), picture)
    return picture.round().astype(np.uint8)


def _fade(
    top: tuple[int, int, int], bottom: tuple[int, int, int], weight: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """(HEIGHT, WIDTH, 3) mix of two colours; weight 0 = `top`, 1 = `bottom`."""
    mixed = np.array(top) + (np.array(bottom) - np.array(top)) * weight.clip(0, 1)
    return np.broadcast_to(mixed, (HEIGHT, WIDTH, 3))


def mask_of(edit: Edit) -> Mask:
    """(HEIGHT, WIDTH) bool, True inside the edit's shape."""
    drawn = np.zeros((HEIGHT, WIDTH), np.uint8)
    if edit.shape == "box":
        drawn[edit.box.slices] = 1
    else:
        center = (edit.box.left + edit.box.width // 2, edit.box.top + edit.box.height // 2)
        cv2.ellipse(drawn, center, (edit.box.width // 2, edit.box.height // 2), 0, 0, 360, 1, -1)
    return drawn.astype(np.bool_)
