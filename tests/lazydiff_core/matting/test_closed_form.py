"""The form against its matrix, as its paper writes it out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lazydiff_core.matting.closed_form import EPSILON, _Form, closed_form

H, W = 6, 7


def matrix(image: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(H*W,H*W): Levin, Lischinski and Weiss 2008, equation 12."""
    numbers = np.arange(H * W).reshape(H, W)
    form = np.zeros((H * W, H * W))
    for y in range(H - 2):
        for x in range(W - 2):
            members = numbers[y : y + 3, x : x + 3].ravel()
            colours = image.reshape(-1, 3)[members]
            mean = colours.mean(axis=0)
            spread = np.cov(colours.T, bias=True) + EPSILON / 9 * np.eye(3)
            away = colours - mean
            form[np.ix_(members, members)] += (
                np.eye(9) - (1 + away @ np.linalg.inv(spread) @ away.T) / 9
            )
    return form


def test_it_does_what_its_matrix_does() -> None:
    random = np.random.default_rng(2)
    image, alpha = random.random((H, W, 3)), random.random((H, W))

    applied = _Form(image).applied(alpha)

    np.testing.assert_allclose(applied.ravel(), matrix(image) @ alpha.ravel(), atol=1e-8)


def test_alpha_is_the_least_of_the_form_near_what_is_known() -> None:
    random = np.random.default_rng(3)
    image = random.integers(0, 256, (H, W, 3), np.uint8)
    expected, trust = random.random((H, W)), np.full((H, W), 0.3)
    unknown = np.zeros((H, W), np.bool_)
    unknown[1:5, 2:6] = True

    found = closed_form(image, expected, trust, unknown)

    own = unknown.ravel()
    form = matrix(image / 255)
    known = np.where(own, 0, expected.ravel())
    wanted = (trust * expected).ravel()[own] - (form @ known)[own]
    exact = np.linalg.solve(form[np.ix_(own, own)] + np.diag(trust.ravel()[own]), wanted)
    np.testing.assert_allclose(found[unknown], exact.clip(0, 1), atol=1e-3)
    np.testing.assert_array_equal(found[~unknown], expected[~unknown])


def test_alpha_follows_an_edge_of_the_picture() -> None:
    image = np.zeros((40, 200, 3), np.uint8)
    image[:, 90:] = 200
    expected = np.zeros((40, 200))
    expected[:, 180:] = 1
    unknown = np.zeros((40, 200), np.bool_)
    unknown[:, 20:180] = True

    found = closed_form(image, expected, np.zeros((40, 200)), unknown)

    assert found[:, :85].max() < 0.1
    assert found[:, 95:].min() > 0.9
