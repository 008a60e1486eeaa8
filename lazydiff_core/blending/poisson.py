"""Poisson blending: shift the generated colours so that they meet the canvas without a seam.

A picture with the gradients of the source and, at the border of the hole, the values of the canvas
is the source plus a *membrane*: the smoothest (harmonic) function that equals the jump
`destination - source` on the border. Only this membrane is computed, by multigrid on the box of
the hole. Equation: Perez et al. 2003. Membrane: Farbman et al. 2009. Solver: ADR 0003.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import linalg

from lazydiff_core.blending.checks import checked_box
from lazydiff_core.contract import RGB, Box, Mask

Grid: TypeAlias = npt.NDArray[Any]  # (h, w) or (h, w, 3) float32

LIMIT = 48.0
SHIFT = 24.0  # of 255: the largest jump that is a shift of colour
NEARBY = 65  # pixels across, within which jumps are compared
TOLERANCE = 1.5  # of 255: after a correction this small the mean error is about 0.1
MAX_CYCLES = 8  # painted holes take one or two, scattered single pixels more
SWEEPS = (2, 3, 6)  # per level, finest first; the last number is for all coarser levels
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_NEIGHBOURS = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4
_SELF = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.float32)


def blend_shifts(source: RGB, destination: RGB, mask: Mask, *, limit: float = SHIFT) -> RGB:
    """`blend` for a fill that may differ from its surroundings: snow on a cream canvas, or the
    joint of a brick wall that goes on a pixel beside the old one.

    A jump up to the limit is corrected, one of twice the limit not at all: a thing or surface is
    meant to end there, and correcting it would draw its colour towards the canvas's. Where most
    jumps nearby are that large, none is: a surface's texture has pixels that match by chance.
    """
    jump = np.subtract(destination, source, dtype=np.float32)
    size = np.abs(jump).max(axis=-1)
    size = np.maximum(size, _nearby_mean(size, _ring(mask.astype(np.uint8))))[..., None]
    share = np.clip(2 - size / np.float32(limit), 0, 1)
    near = np.where(mask[..., None], destination, np.rint(source + jump * share))
    filled = blend(source, near.astype(np.uint8), mask)
    return np.where(mask[..., None], filled, destination)


def _nearby_mean(values: Grid, there: Grid) -> Grid:
    """(h,w): the mean of values (h,w) around each pixel, where `there` (h,w) is 1; 0 for none."""
    parts = (values * there, there.astype(np.float32))
    size, zero = (NEARBY, NEARBY), cv2.BORDER_CONSTANT
    total, count = (
        cv2.boxFilter(part, cv2.CV_64F, size, normalize=False, borderType=zero) for part in parts
    )
    return np.asarray(total / np.maximum(count, 1), np.float32)


def blend(source: RGB, destination: RGB, mask: Mask, *, limit: float = LIMIT) -> RGB:
    """`destination` with the hole filled by `source` plus its membrane.

    source:      (H, W, 3) uint8, the generated picture. The visible pixels next to the hole must
                 be generated as well, because the jump is measured there (a decoder makes whole
                 patches, so they are). Where they are a copy of the canvas, nothing is corrected.
    destination: (H, W, 3) uint8, the canvas.
    mask:        (H, W) bool, True = hole.
    limit:       largest jump (of 255) that is corrected. The colour shift of a generated region
                 is a few levels; a larger jump is an object of the canvas that ends at the
                 border, and correcting it would bleed its colour across the whole fill.
    Returns (H, W, 3) uint8, equal to `destination` outside the hole. Borders of the canvas are
    Neumann borders; a hole without visible neighbours gets the source itself.
    Errors: ImageError, EmptyMaskError.
    """
    box = checked_box(source, destination, mask).grow(1).clip(Box.of(mask.shape))
    hole = mask[box.slices]
    # OpenCV needs C order, and the pictures may have another.
    jump = np.subtract(destination[box.slices], source[box.slices], dtype=np.float32, order="C")
    filled = membrane(np.clip(jump, -limit, limit), hole) + source[box.slices]
    blended = destination.copy()
    np.copyto(
        blended[box.slices],
        np.clip(np.rint(filled), 0, 255).astype(np.uint8),
        where=hole[..., None],
    )
    return blended


def membrane(jump: Grid, hole: Mask) -> Grid:
    """The harmonic function inside the hole that equals `jump` at the visible pixels around it.

    jump: (h, w, 3) float32, read only at the visible 4-neighbours of the hole.
    hole: (h, w) bool.
    Returns (h, w, 3) float32: zero outside the hole, and everywhere if the hole has no visible
    neighbours. Edges of the arrays are Neumann borders. The error against `exact_membrane` is
    about 0.1 of 255 on average, and about 2 at most.
    """
    ring = _ring(hole.astype(np.uint8))
    if not ring.any():
        return np.zeros_like(jump)
    height = _pull_push(cv2.copyTo(jump, ring, np.zeros_like(jump)), ring)
    return _settled(height, hole.astype(np.float32))


def _ring(inside: Grid) -> Grid:
    """(h,w) uint8: the pixels next to those that are 1."""
    return cv2.dilate(inside, _CROSS) - inside


def _settled(height: Grid, weight: Grid) -> Grid:
    """The harmonic function, by conjugate gradients from a guess, preconditioned by multigrid.

    height: (h, w, 3) guess, exact outside the hole. weight: (h, w), 1 inside the hole, else 0.
    Multigrid alone diverges for some masks of scattered pixels; conjugate gradients do not.
    """
    inside = _spread(weight)
    residual = _filtered(height, _NEIGHBOURS - _SELF) * inside
    direction = bent = np.zeros_like(height)
    energy = np.inf
    for _ in range(MAX_CYCLES):
        proposed = _correction(residual, weight)
        direction = proposed - direction * np.float32(np.vdot(proposed, bent) / energy)
        bent = _filtered(direction, _SELF - _NEIGHBOURS) * inside
        energy = float(np.vdot(direction, bent))
        if energy <= 0:  # nothing left to correct
            break
        step = float(np.vdot(residual, direction)) / energy
        height += direction * np.float32(step)
        if step * cv2.norm(direction, cv2.NORM_INF) < TOLERANCE:
            break
        residual -= bent * np.float32(step)
    return height * inside


def _pull_push(known_values: Grid, known: Grid, level: int = 0) -> Grid:
    """A first guess: average known values to coarser levels, fill the gaps from there, smooth.

    known: (h, w) uint8. The ring separates the hole from the outside on every level, because any
    cell that touches both sides contains part of it: guesses outside never enter the hole.
    """
    if known.all():
        return known_values
    part = _halved(known.astype(np.float32))
    known_above = part > 0
    values_above = _halved(known_values) / _spread(np.where(known_above, part, np.float32(1)))
    guess = _pull_push(values_above, known_above.astype(np.uint8), level + 1)
    height: Grid = cv2.copyTo(known_values, known, _doubled(guess, known.shape))
    for step in _steps(level):
        height = cv2.copyTo(known_values, known, _filtered(height, _relaxed(step)))
    return height


def _correction(residual: Grid, weight: Grid, level: int = 0) -> Grid:
    """One multigrid cycle for the error e of a guess: e - (mean of its neighbours) = residual.

    weight: (h, w) float32, 1 inside the hole; e is 0 elsewhere. A cell of the next level belongs
    to the hole only if all of it does, so that no visible pixel is lost on coarser levels.
    """
    inside = _spread(weight)
    error = np.zeros_like(residual)
    weight_above = np.floor(_halved(weight))
    if weight_above.any():
        # Twice the cell size makes the second difference four times as large.
        residual_above = _halved(residual) * _spread(4 * weight_above)
        error = _correction(residual_above, weight_above, level + 1)
        error = _doubled(error, weight.shape) * inside
    for step in _steps(level):
        error = _filtered(error, _relaxed(step)) * inside
        error += residual * np.float32(step)
    return error


def _steps(level: int) -> list[float]:
    """Jacobi relaxation factors of a level: Chebyshev nodes over the errors it must smooth."""
    count = SWEEPS[min(level, len(SWEEPS) - 1)]
    nodes = np.cos(np.pi * (2 * np.arange(count) + 1) / (2 * count))
    rough, roughest = 0.4, 2.0  # eigenvalues of "self minus mean of neighbours"
    return [float(f) for f in 2 / (roughest + rough + (roughest - rough) * nodes)]


def _relaxed(step: float) -> Grid:
    """3x3 kernel that moves a pixel towards the mean of its neighbours; `step` 1 = all the way."""
    return np.asarray(_SELF * (1 - step) + _NEIGHBOURS * step, np.float32)


def _filtered(field: Grid, kernel: Grid) -> Grid:
    """3x3 filter; repeated border pixels make Neumann borders."""
    return cv2.filter2D(field, -1, kernel, borderType=cv2.BORDER_REPLICATE)


def _spread(grid: Grid) -> Grid:
    """(h, w) -> (h, w, 3): a plain product is several times faster than a broadcast one."""
    return cv2.merge([grid, grid, grid])


def _halved(grid: Grid) -> Grid:
    """Mean of each 2x2 block; an odd last row or column counts twice."""
    height, width = grid.shape[:2]
    even = cv2.copyMakeBorder(grid, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = (even.shape[1] // 2, even.shape[0] // 2)
    return cv2.resize(even, size, interpolation=cv2.INTER_AREA)


def _doubled(grid: Grid, shape: tuple[int, ...]) -> Grid:
    size = (grid.shape[1] * 2, grid.shape[0] * 2)
    large = cv2.resize(grid, size, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(large[: shape[0], : shape[1]])


def exact_membrane(jump: Grid, hole: Mask) -> npt.NDArray[np.float64]:
    """`membrane` in float64, by sparse LU factorisation: a slow reference to measure it against."""
    exact = np.zeros(jump.shape, np.float64)
    if hole.all() or not hole.any():
        return exact
    count = int(hole.sum())
    index = np.full(hole.shape, -1)
    index[hole] = np.arange(count)
    border = np.pad(index, 1, constant_values=-2)
    values = np.pad(jump.astype(np.float64), ((1, 1), (1, 1), (0, 0)))
    rows, columns = np.nonzero(hole)
    matrix = sparse.csc_matrix((count, count))
    right = np.zeros((count, jump.shape[2]))
    for down, across in ((0, 1), (1, 2), (2, 1), (1, 0)):
        at = rows + down, columns + across
        neighbour = border[at]
        right += values[at] * (neighbour == -1)[:, None]
        unknown = np.flatnonzero(neighbour >= 0)
        links = (-np.ones(unknown.size), (unknown, neighbour[unknown]))
        matrix += sparse.csc_matrix(links, (count, count))
        matrix += sparse.diags_array((neighbour != -2).astype(np.float64), format="csc")
    exact[hole] = linalg.splu(matrix.tocsc()).solve(right)
    return exact
