from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.engine import Engine
from lazydiff_core.evaluation.prompt_sheet import CANVASES, PROMPTS, disc_mask, fill_prompts


def test_forty_different_prompts() -> None:
    assert len(set(PROMPTS)) == 40


def test_the_disc_covers_a_tenth() -> None:
    assert disc_mask().mean() == pytest.approx(0.1, abs=0.002)


@pytest.mark.parametrize("canvas", CANVASES)
def test_a_canvas_is_a_function_of_its_seed(canvas: object) -> None:
    assert callable(canvas)
    assert np.array_equal(canvas(3), canvas(3))


def test_fills_follow_the_prompts_in_order_and_stay_inside() -> None:
    fills = list(fill_prompts(Engine.load("fake"), ("one", "two", "three", "four")))
    assert [fill.prompt for fill in fills] == ["one", "two", "three", "four"]
    for index, fill in enumerate(fills):
        canvas = CANVASES[index % 3](1000 + index)
        changed = (fill.image != canvas).any(axis=2)
        assert changed.any()
        assert not (changed & ~disc_mask()).any()
