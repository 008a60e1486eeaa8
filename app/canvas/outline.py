"""The border of a mask as line segments between pixels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Mask

Lines = npt.NDArray[np.int64]


def edge_lines(mask: Mask) -> Lines:
    """(n, 4) x1, y1, x2, y2 in pixel corners: where the inside pixels of `mask` change.

    Straight runs are one line. The outermost pixels of the array only serve as neighbours: pad
    with False where the canvas ends, with the real neighbours where it goes on.
    """
    upright = _runs(mask[1:-1, 1:] != mask[1:-1, :-1])
    lying = _runs((mask[1:, 1:-1] != mask[:-1, 1:-1]).T)
    x, top, bottom = upright.T
    y, left, right = lying.T
    return np.concatenate(
        [
            np.stack([x + 1, top + 1, x + 1, bottom + 1], axis=1),
            np.stack([left + 1, y + 1, right + 1, y + 1], axis=1),
        ]
    )


def _runs(edges: Mask) -> Lines:
    """(n, 3) column, first row, row after the last: vertical runs of True."""
    columns = np.zeros((edges.shape[1], edges.shape[0] + 2), np.int8)
    columns[:, 1:-1] = edges.T
    change = np.diff(columns, axis=1)
    column, first = np.nonzero(change == 1)
    _, last = np.nonzero(change == -1)
    return np.stack([column, first, last], axis=1)
