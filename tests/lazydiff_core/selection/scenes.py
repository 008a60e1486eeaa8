"""Plain objects on plain and patterned grounds, with what they cover."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lazydiff_core.contract import Box
from lazydiff_core.geometry.box import bounds_of


@dataclass(frozen=True)
class Scene:
    image: np.ndarray
    truth: np.ndarray

    @property
    def box(self) -> Box:
        """As an artist drags it: some pixels more on each side."""
        box = bounds_of(self.truth)
        around = box.grow(round(0.08 * max(box.shape)))
        return around.intersection(Box.of(self.truth.shape))

    @property
    def point(self) -> tuple[int, int]:
        """A pixel well inside the object, but not its middle."""
        depth = cv2.distanceTransform(self.truth.astype(np.uint8), cv2.DIST_L2, 5)
        rows, columns = np.nonzero(depth > 0.6 * depth.max())
        return int(columns[len(columns) // 4]), int(rows[len(rows) // 4])

    def agreement(self, mask: np.ndarray) -> float:
        """Intersection over union."""
        return float((mask & self.truth).sum() / (mask | self.truth).sum())


def scene(shape: str, ground: str, size: tuple[int, int] = (240, 320), seed: int = 0) -> Scene:
    rng = np.random.default_rng(seed)
    height, width = size
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    back = np.empty((height, width, 3), np.float32)
    back[:] = (150, 160, 170)
    if ground == "gradient":
        back += (columns / width * 80 - 40)[..., None] * (1, -1, 0.5)
    elif ground == "waves":
        back += (np.sin(columns / 9 + rows / 17) * 25)[..., None]
    elif ground == "noise":
        back += cv2.GaussianBlur(rng.normal(0, 90, back.shape).astype(np.float32), (0, 0), 2)
    truth = _drawn(shape, height, width)
    paint = np.empty_like(back)
    paint[:] = (200, 60, 40)
    paint *= (1.15 - 0.4 * rows / height)[..., None]
    cover = cv2.GaussianBlur(truth.astype(np.float32), (0, 0), 0.8)[..., None]
    mixed = back * (1 - cover) + paint * cover + rng.normal(0, 4, back.shape)
    return Scene(mixed.clip(0, 255).astype(np.uint8), truth)


def _drawn(shape: str, height: int, width: int) -> np.ndarray:
    drawn = np.zeros((height, width), np.uint8)
    middle, side = (width * 5 // 11, height * 6 // 11), min(height, width) // 4
    if shape == "disc":
        cv2.ellipse(drawn, middle, (side, side * 3 // 4), 25, 0, 360, 1, -1)
    elif shape == "star":
        turns = np.arange(10) * np.pi / 5
        reach = np.where(np.arange(10) % 2, 0.45, 1.0) * side * 1.2
        corners = np.stack([middle[0] + reach * np.cos(turns), middle[1] + reach * np.sin(turns)])
        cv2.fillPoly(drawn, [corners.T.astype(np.int32)], 1)
    else:  # a mushroom: two parts, one narrow
        cv2.circle(drawn, middle, side * 3 // 4, 1, -1)
        foot = middle[0] - side // 5, middle[1]
        cv2.rectangle(drawn, foot, (middle[0] + side // 5, middle[1] + side * 6 // 5), 1, -1)
    return drawn > 0
