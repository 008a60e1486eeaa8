from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from lazydiff_core.training.backgrounds import BACKGROUNDS, Image, draw_background


@pytest.mark.parametrize("maker", BACKGROUNDS, ids=lambda maker: maker.__name__)
@pytest.mark.parametrize("side", [64, 200])
def test_each_fills_its_canvas(
    maker: Callable[[np.random.Generator, int], Image], side: int
) -> None:
    pictures = [maker(np.random.default_rng(seed), side) for seed in range(6)]
    for picture in pictures:
        assert picture.shape == (side, side, 3)
        assert picture.dtype == np.float32
        assert np.isfinite(picture).all()
        assert -0.5 < picture.min() <= picture.max() < 1.5
    assert len({picture.tobytes() for picture in pictures}) > 1
    again = maker(np.random.default_rng(0), side)
    assert (again == pictures[0]).all()


def test_only_solid_is_flat() -> None:
    for maker in BACKGROUNDS:
        spread = max(float(maker(np.random.default_rng(s), 64).std((0, 1)).max()) for s in range(4))
        assert (spread < 1e-4) == (maker.__name__ == "solid")


def test_any_of_them_is_drawn_in_range() -> None:
    kinds = Counter[bool]()
    for seed in range(60):
        picture = draw_background(np.random.default_rng(seed), 32)
        assert 0 <= picture.min() <= picture.max() <= 1
        kinds[bool(picture.std((0, 1)).max() < 1e-4)] += 1
    assert 10 <= kinds[True] <= 34  # about a third are of one colour
    assert sum(BACKGROUNDS.values()) == pytest.approx(1)
