"""Cut-outs placed on a canvas: moved, scaled, mirrored, turned, always from their own pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.geometry.box import EMPTY, Box
from lazydiff_core.geometry.pixels import RGBA
from lazydiff_core.geometry.reshape import Reshape

LEAST_SCALE, MOST_SCALE = 1e-3, 1e3
Matrix = npt.NDArray[np.float64]  # (2, 3)
_Grid = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Placement:
    """Where a picture lies: scaled about its centre, then turned, then moved.

    x, y:             the canvas point of its centre.
    scale_x, scale_y: canvas pixels for a pixel of its own; negative = mirrored.
    angle:            degrees clockwise.
    """

    x: float
    y: float
    scale_x: float = 1.0
    scale_y: float = 1.0
    angle: float = 0.0

    @classmethod
    def on(cls, box: Box) -> Placement:
        """As it is, over a box of its size."""
        return cls((box.left + box.right) / 2, (box.top + box.bottom) / 2)

    def matrix(self, shape: tuple[int, ...]) -> Matrix:
        """From points of a picture of this (height, width) to points of the canvas."""
        cosine, sine = _turn(self.angle)
        linear = np.array([[cosine, -sine], [sine, cosine]]) * (self.scale_x, self.scale_y)
        centre = np.array([shape[1] / 2, shape[0] / 2])
        return np.column_stack((linear, np.array([self.x, self.y]) - linear @ centre))

    def corners(self, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        """(4, 2): the canvas points of its corners, clockwise from its own top left."""
        height, width = shape[:2]
        own = np.array([(0, 0, 1), (width, 0, 1), (width, height, 1), (0, height, 1)])
        return np.asarray(own @ self.matrix(shape).T)

    def bounds(self, shape: tuple[int, ...]) -> Box:
        """The pixels that it touches; they may lie beyond the canvas."""
        corners = self.corners(shape)
        low, high = (corners.min(axis=0), corners.max(axis=0))
        left, top = (math.floor(value + 1e-6) for value in low)
        right, bottom = (math.ceil(value - 1e-6) for value in high)
        return Box(left, top, right, bottom)

    def moved(self, x: float, y: float) -> Placement:
        return replace(self, x=self.x + x, y=self.y + y)

    def followed(self, was: Placement, now: Placement) -> Placement:
        """Where it lies once it has followed what went from `was` to `now`.

        Exact where neither this nor `was` is turned; otherwise unequal scales cannot be followed.
        """
        linear = now.matrix((0, 0))[:, :2] @ np.linalg.inv(was.matrix((0, 0))[:, :2])
        x, y = linear @ (self.x - was.x, self.y - was.y) + (now.x, now.y)
        across, down = now.scale_x / was.scale_x, now.scale_y / was.scale_y
        angle = self.angle + now.angle - was.angle
        return Placement(float(x), float(y), self.scale_x * across, self.scale_y * down, angle)

    def mirrored(self, *, upside_down: bool = False) -> Placement:
        """Mirrored as it is seen on the canvas, left to right or top to bottom."""
        if upside_down:
            return replace(self, scale_y=-self.scale_y, angle=-self.angle)
        return replace(self, scale_x=-self.scale_x, angle=-self.angle)

    def reshaped(self, how: Reshape) -> Placement:
        """Where it lies once the canvas has been cropped, widened, turned or mirrored."""
        x, y = self.x - how.window.left, self.y - how.window.top
        height, width = how.window.shape
        for _ in range(how.turns % 4):
            x, y, height, width = height - y, x, width, height
        turned = replace(self, x=x, y=y, angle=self.angle + 90 * (how.turns % 4))
        return replace(turned, x=width - x).mirrored() if how.mirrored else turned


def place(picture: RGBA, placement: Placement, canvas: Box) -> tuple[Box, RGBA]:
    """What a straight-alpha (h, w, 4) picture shows on a canvas, and where.

    Where only whole pixels are moved or mirrored they keep their values. Returns a box inside the
    canvas, which the picture may not fill, and (box.height, box.width, 4); EMPTY, if it lies
    beyond the canvas.
    """
    box = placement.bounds(picture.shape).intersection(canvas)
    if box.is_empty:
        return EMPTY, np.zeros((0, 0, 4), np.uint8)
    alpha = picture[..., 3:].astype(np.float32)
    weighted = np.concatenate((picture[..., :3] * (alpha / 255), alpha), axis=2)
    small = _reduced(
        np.asarray(weighted, np.float32), (abs(placement.scale_x), abs(placement.scale_y))
    )
    across, down = picture.shape[1] / small.shape[1], picture.shape[0] / small.shape[0]
    scaled = replace(
        placement, scale_x=placement.scale_x * across, scale_y=placement.scale_y * down
    )
    inverse = np.asarray(cv2.invertAffineTransform(scaled.matrix(small.shape)), np.float64)
    # Centre to centre: OpenCV counts a pixel's index as its place.
    first = inverse[:, :2] @ np.array([box.left + 0.5, box.top + 0.5]) + inverse[:, 2]
    centre = np.asarray(first, np.float64)
    by_index = np.column_stack((inverse[:, :2], centre - 0.5))
    sampled = cv2.warpAffine(
        small,
        by_index,
        (box.width, box.height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    inside = _inside(inverse, centre, small.shape, box.shape)
    return box, _straight(np.asarray(sampled, np.float32) * inside[..., None])


def _turn(angle: float) -> tuple[float, float]:
    """Cosine and sine, exact for quarter turns."""
    if angle % 90 == 0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(angle // 90) % 4]
    return math.cos(math.radians(angle)), math.sin(math.radians(angle))


def _reduced(picture: _Grid, scales: Sequence[float]) -> _Grid:
    """The picture at the size that it is shown in, where that is smaller: no detail is skipped."""
    height, width = picture.shape[:2]
    across, down = (min(1.0, scale) for scale in scales)
    size = max(1, math.ceil(width * across)), max(1, math.ceil(height * down))
    if size == (width, height):
        return picture
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)


def _inside(
    inverse: Matrix, first: npt.NDArray[np.float64], shape: tuple[int, ...], size: tuple[int, int]
) -> _Grid:
    """How much of each of (height, width) canvas pixels lies on the picture, by its edges."""
    rows, columns = np.arange(size[0])[:, None], np.arange(size[1])
    inside = np.ones(size, np.float32)
    for axis, extent in enumerate((shape[1], shape[0])):
        step = inverse[axis, :2]
        at = first[axis] + step[0] * columns + step[1] * rows
        nearest = np.minimum(at, extent - at) / math.hypot(*step)  # canvas pixels to an edge
        inside *= np.clip(nearest + 0.5, 0, 1).astype(np.float32)
    return inside


def _straight(weighted: _Grid) -> RGBA:
    """(h, w, 4) uint8 of colours weighted by alpha; all 0 where alpha is 0."""
    alpha = np.rint(weighted[..., 3:].clip(0, 255))
    colours = weighted[..., :3] * (255 / np.maximum(weighted[..., 3:], 1e-3))
    joined = np.concatenate((np.rint(colours.clip(0, 255)), alpha), axis=2) * (alpha > 0)
    return np.asarray(joined, np.uint8)
