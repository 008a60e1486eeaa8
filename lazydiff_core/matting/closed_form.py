"""Closed-form matting: the smoothest alpha that follows the colours of a picture.

In every 3x3 window alpha is nearly a linear function of the colours; the sum of what departs from
that is a quadratic form, and its minimum, near what is known, the matte (Levin, Lischinski and
Weiss 2008). The form's matrix is never built: what it does to an alpha are box sums (He, Sun and
Tang 2010), so memory grows with the pixels alone.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from scipy.sparse.linalg import LinearOperator, cg

from lazydiff_core.contract import RGB, Mask

Grid = npt.NDArray[np.float64]

EPSILON = 1e-5  # of a colour's variance, in units of the whole range: noise that means nothing
COARSEST = 96  # pixels: a longer side is halved and solved first
ROUNDS = 60  # of conjugate gradients on each size
_TOLERANCE = 1e-4


def closed_form(
    image: RGB,
    expected: Grid,
    trust: Grid,
    unknown: Mask,
    after_round: Callable[[], None] = lambda: None,
) -> Grid:
    """(h,w) float64 in [0,1]: the matte.

    image:       (h,w,3) uint8.
    expected:    (h,w) in [0,1]: alpha as it is known, or guessed where it is not.
    trust:       (h,w), 0 or more: the weight of a guess against the picture's edges; read where
                 alpha is unknown. 0 leaves it to the picture.
    unknown:     (h,w) bool, where alpha is to be found; elsewhere it stays as expected.
    after_round: called again and again; what it raises ends the search.
    """
    start = expected
    if max(unknown.shape) > COARSEST and min(unknown.shape) > 8:
        start = _from_half(image, expected, trust, unknown, after_round)
    alpha = np.where(unknown, start, expected)
    if not unknown.any() or min(unknown.shape) < 3:
        return alpha
    form = _Form(image.astype(np.float64) / 255)
    count = int(np.count_nonzero(unknown))
    known = np.where(unknown, 0.0, expected)

    def applied(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        whole = np.zeros(unknown.shape)
        whole[unknown] = values
        return (form.applied(whole) + trust * whole)[unknown]

    wanted = (trust * expected - form.applied(known))[unknown]
    found, _ = cg(
        LinearOperator((count, count), matvec=applied, dtype=np.float64),
        *(wanted, alpha[unknown]),
        rtol=_TOLERANCE,
        maxiter=ROUNDS,
        callback=lambda _: after_round(),
    )
    alpha[unknown] = found
    return alpha.clip(0, 1)


class _Form:
    """The matting Laplacian of an (h,w,3) picture in [0,1]."""

    def __init__(self, image: Grid) -> None:
        self._image = image
        self._mean = _windows(image) / 9
        deviation = np.empty((*self._mean.shape[:2], 3, 3))
        for j in range(3):
            for k in range(j, 3):
                product = _windows(image[..., j] * image[..., k]) / 9
                deviation[..., j, k] = product - self._mean[..., j] * self._mean[..., k]
                deviation[..., k, j] = deviation[..., j, k]
        self._inverse = np.linalg.inv(deviation + EPSILON / 9 * np.eye(3))
        self._count = _spread(np.ones(self._mean.shape[:2]))

    def applied(self, alpha: Grid) -> Grid:
        """(h,w): the form's gradient at alpha, halved."""
        mean = _windows(alpha) / 9
        shared = _windows(self._image * alpha[..., None]) / 9 - self._mean * mean[..., None]
        slope = np.einsum("...jk,...k->...j", self._inverse, shared)
        offset = mean - (slope * self._mean).sum(axis=-1)
        return np.asarray(
            self._count * alpha - (_spread(slope) * self._image).sum(axis=-1) - _spread(offset)
        )


def _windows(values: Grid) -> Grid:
    """(h-2,w-2,...): the sum of each 3x3 window."""
    return np.asarray(cv2.boxFilter(values, -1, (3, 3), normalize=False)[1:-1, 1:-1])


def _spread(values: Grid) -> Grid:
    """(h,w,...): for each pixel the sum over the windows that it lies in; undoes the cut."""
    padded = cv2.copyMakeBorder(np.ascontiguousarray(values), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    return np.asarray(
        cv2.boxFilter(padded, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    )


def _from_half(
    image: RGB, expected: Grid, trust: Grid, unknown: Mask, after_round: Callable[[], None]
) -> Grid:
    """The matte of the picture at half its size, enlarged."""
    height, width = unknown.shape
    half = (width + 1) // 2, (height + 1) // 2

    def small(values: npt.NDArray[np.float64]) -> Grid:
        return np.asarray(cv2.resize(values, half, interpolation=cv2.INTER_AREA))

    alpha = closed_form(
        np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8),
        *(small(expected), small(trust)),
        small(unknown.astype(np.float64)) > 0,
        after_round,
    )
    return np.asarray(cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR))
