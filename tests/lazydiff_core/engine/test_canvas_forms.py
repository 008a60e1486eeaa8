"""The engine fills canvases as callers have them: grey or colour, of 8 or 16 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lazydiff_core import EditRequest, Engine
from lazydiff_core.errors import ImageError

HOLE = np.zeros((40, 56), np.bool_)
HOLE[10:30, 16:44] = True


@pytest.mark.parametrize("shape", [(), (1,), (3,), (4,)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_result_has_the_channels_and_depth_of_the_canvas(
    shape: tuple[int, ...], dtype: Any
) -> None:
    most = np.iinfo(dtype).max
    values = np.random.default_rng(2).integers(0, most, (40, 56, *shape), endpoint=True)
    image = values.astype(dtype)
    result = Engine.load("fake").run(EditRequest(image, HOLE, prompt="a red mushroom"))

    assert (result.image.shape, result.image.dtype) == (image.shape, dtype)
    assert np.array_equal(result.image[~HOLE], image[~HOLE])
    assert (result.image[HOLE] != image[HOLE]).mean() > 0.9
    assert result.canvas is image
    assert result.pixels_changed_outside_mask == 0
    if shape == (4,):
        assert (result.image[HOLE][..., -1] == most).all()


def test_sixteen_bits_and_grey_are_the_same_fill() -> None:
    grey = np.random.default_rng(2).integers(0, 256, (40, 56), np.uint8)
    engine = Engine.load("fake")
    colour = engine.run(EditRequest(np.dstack([grey] * 3), HOLE, prompt="x")).image
    deep = engine.run(EditRequest(grey.astype(np.uint16) * 257, HOLE, prompt="x")).image

    lightness = colour @ np.array((0.299, 0.587, 0.114))
    assert np.abs(deep / 257 - lightness).max() <= 0.6


def test_other_forms_are_refused() -> None:
    for image in (np.zeros((40, 56, 3), np.float32), np.zeros((40, 56, 2), np.uint8)):
        with pytest.raises(ImageError, match="gray, RGB or RGBA of 8 or 16 bits"):
            Engine.load("fake").run(EditRequest(image, HOLE, prompt="x"))
    assert Engine.load("fake").prepare(np.zeros((40, 56), np.uint16), HOLE)
