"""Lines that follow edges between points (intelligent scissors, Mortensen and Barrett 1998)."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Pixels
from lazydiff_core.geometry.pixels import over_grey
from lazydiff_core.geometry.resample import resize
from lazydiff_core.selection.grabcut import Point

SNAP = 6  # pixels of the reduced picture: an edge this near attracts the ends of a line
_GROUND = 127
_LEAST_STEP = 12.0  # of 255 a pixel: fainter edges do not attract
_CANNY = 24, 80
_STRONG = 30.0  # of 255 a pixel: stronger edges attract no more


class Scissors:
    """The cheapest lines along edges from one anchor to any other pixel of a picture.

    Making one takes about 0.1 s for 512 x 512 pixels, a line from it microseconds.
    """

    def __init__(self, image: Pixels, anchor: Point, detail: float = 1.0) -> None:
        """image: (H, W, 3 or 4) uint8. anchor: (x, y), a pixel of it.

        detail: by which the picture is reduced before it is looked at, above 0 and at most 1.
        """
        height, width = image.shape[:2]
        small = max(1, round(height * detail)), max(1, round(width * detail))
        seen = np.ascontiguousarray(resize(over_grey(image, _GROUND), small))
        self._scale = width / small[1], height / small[0]
        self._edges = _edges(seen)
        self._paths = cv2.segmentation.IntelligentScissorsMB()
        non_edge = np.where(cv2.Canny(seen, *_CANNY) > 0, np.uint8(0), np.uint8(1))
        # Above 0 everywhere: OpenCV's search can run in circles where a step costs nothing.
        cost = 1 - 0.98 * np.minimum(self._edges / _STRONG, 1)
        costs = cost.astype(np.float32)
        self._paths.applyImageFeatures(non_edge, None, costs, seen)  # type: ignore[call-overload]
        self._paths.buildMap(self._snapped(self._reduced(anchor)))

    def line_to(self, point: Point) -> list[Point]:
        """The pixels from the anchor to a pixel, each moved to an edge nearby; both included.

        A point beyond the picture counts as the nearest pixel of it.
        """
        line = self._paths.getContour(self._snapped(self._reduced(point)))
        across, down = self._scale
        return [
            (int((x + 0.5) * across), int((y + 0.5) * down))
            for x, y in np.asarray(line).reshape(-1, 2).tolist()
        ]

    def _reduced(self, point: Point) -> Point:
        height, width = self._edges.shape
        x, y = int(point[0] / self._scale[0]), int(point[1] / self._scale[1])
        return min(max(x, 0), width - 1), min(max(y, 0), height - 1)

    def _snapped(self, point: Point) -> Point:
        """The strongest edge nearby, the nearer the better; the point itself if there is none."""
        x, y = point
        left, top = max(x - SNAP, 0), max(y - SNAP, 0)
        near = self._edges[top : y + SNAP + 1, left : x + SNAP + 1]
        rows, columns = np.indices(near.shape)
        apart = np.hypot(rows + top - y, columns + left - x)
        pull = np.where(near < _LEAST_STEP, 0, near * (1 - apart / (2 * SNAP)))
        if not (pull[apart <= SNAP] > 0).any():
            return point
        best = np.where(apart <= SNAP, pull, -1).argmax()
        row, column = np.unravel_index(int(best), near.shape)
        return left + int(column), top + int(row)


def _edges(image: Pixels) -> npt.NDArray[np.float32]:
    """(h, w): how much the colour changes there, in levels of 255 a pixel."""
    smooth = cv2.GaussianBlur(image, (0, 0), 1.0).astype(np.float32)
    across, down = (
        cv2.Sobel(smooth, -1, 1, 0, scale=1 / 8),
        cv2.Sobel(smooth, -1, 0, 1, scale=1 / 8),
    )
    return np.asarray(np.hypot(across, down).max(axis=2), np.float32)
