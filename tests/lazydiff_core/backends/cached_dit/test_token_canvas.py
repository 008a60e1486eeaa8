from __future__ import annotations

import numpy as np
import pytest
import torch

from lazydiff_core.backends.cached_dit.refresh_run import full_steps
from lazydiff_core.backends.cached_dit.token_canvas import TokenCanvas
from lazydiff_core.sampling.schedule import Rates


def holes(*places: int) -> np.ndarray:
    grid = np.zeros(64, bool)
    grid[list(places)] = True
    return grid.reshape(8, 8)


def test_visible_and_hole_are_all_tokens() -> None:
    canvas = TokenCanvas(torch.arange(64.0)[None, :, None], holes(3, 9))
    assert canvas.hole_N.tolist() == [3, 9]
    assert sorted(canvas.places.tolist()) == list(range(64))
    assert canvas.places[-2:].tolist() == [3, 9]
    assert canvas.visible[0, :, 0].tolist() == canvas.visible_N.tolist()


@pytest.mark.parametrize("fresh", [False, True])
def test_visible_noise_is_one_for_all_steps_unless_fresh(fresh: bool) -> None:
    canvas = TokenCanvas(torch.zeros(1, 64, 4), holes(3), fresh)
    one, other = (canvas.visible_at(step, Rates(0.5, 1.0)) for step in (0, 1))
    assert torch.equal(one, other) is not fresh
    assert torch.equal(one, canvas.visible_at(0, Rates(0.5, 1.0)))
    assert 0.8 < one.std() < 1.2
    wider = TokenCanvas(torch.zeros(1, 64, 4), holes(3, 4), fresh)
    assert torch.equal(wider.visible_at(0, Rates(0.5, 1.0))[:, :3], one[:, :3])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((10, 5, 0, 0), {0, 5}),
        ((10, 1, 0, 0), set(range(10))),
        ((10, 99, 0, 0), {0}),
        ((10, 5, 2, 0), {0, 5, 8, 9}),
        ((10, 5, 0, 3), {3, 8}),
        ((10, 5, 20, 7), {7, 8, 9}),
    ],
)
def test_full_steps(given: tuple[int, int, int, int], expected: set[int]) -> None:
    assert full_steps(*given) == expected
