"""The edits of the demonstration: prompts and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, Box, Mask

WIDTH, HEIGHT = 1024, 576
_HORIZON = 330


@dataclass(frozen=True)
class Edit:
    """A prompt and the shape of its mask."""

    prompt: str
    shape: Literal["ellipse", "box"]
    box: Box


EDITS = (
    Edit("yellow sun", "ellipse", Box(24, 24, 184, 184)),
    Edit("white cloud", "box", Box(220, 70, 410, 190)),
    Edit("red balloon", "ellipse", Box(450, 40, 600, 230)),
    Edit("dove", "box", Box(640, 20, 780, 150)),
    Edit("pink butterfly", "box", Box(850, 60, 980, 180)),
    Edit("tree", "box", Box(20, 190, 230, 430)),
    Edit("brown horse", "box", Box(255, 236, 435, 416)),
    Edit("blue tractor", "box", Box(460, 250, 640, 420)),
    Edit("red house", "box", Box(655, 190, 875, 420)),
    Edit("evergreen tree", "box", Box(885, 190, 1020, 420)),
    Edit("red mushroom", "box", Box(30, 440, 160, 570)),
    Edit("rabbit", "box", Box(230, 426, 360, 556)),
    Edit("orange cat", "box", Box(400, 430, 540, 570)),
    Edit("sunflower", "box", Box(620, 428, 740, 566)),
    Edit("purple tulip", "box", Box(830, 432, 960, 570)),
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
