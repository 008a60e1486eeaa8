from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.engine.engine import Engine
from lazydiff_core.evaluation.prompt_sheet import (
    CANVASES,
    PROMPTS,
    SHAPED,
    SHAPES,
    disc_mask,
    fill_prompts,
    fill_shapes,
    gradient,
    outlined,
    shaped_mask,
)


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


@pytest.mark.parametrize("round_", [True, False])
def test_a_shaped_mask_has_its_size(round_: bool) -> None:
    mask = shaped_mask(200, 100, round_)
    assert [np.ptp(places) + 1 for places in np.nonzero(mask)] == [100, 200]
    assert mask.sum() == pytest.approx(200 * 100 * (np.pi / 4 if round_ else 1), rel=0.02)


def test_each_prompt_is_filled_in_each_shape() -> None:
    fills = list(fill_shapes(Engine.load("fake")))
    assert [fill.prompt for fill in fills] == list(SHAPED) * len(SHAPES)
    wide, high = SHAPES[2]
    fill, mask = fills[2 * len(SHAPED) + 1], shaped_mask(wide, high, round_=False)
    changed = (fill.image != gradient(1)).any(axis=2)
    assert changed.any()
    assert (changed & ~mask).sum() == 0


def test_an_outline_is_drawn_inside_the_mask() -> None:
    mask = shaped_mask(20, 10, round_=False)
    drawn = (outlined(gradient(0), mask) != gradient(0)).any(axis=2)
    assert drawn.sum() == 2 * 20 + 2 * 8
    assert not (drawn & ~mask).any()
