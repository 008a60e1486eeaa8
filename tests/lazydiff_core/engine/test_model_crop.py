"""What the model sees of a canvas and of a sketch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import RGBA, EditRequest, Framing
from lazydiff_core.engine.model_crop import BLANK, crop_for_model, cut_sketch, input_of
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.resample import uncut
from lazydiff_core.geometry.window import choose_window

Make = Callable[..., EditRequest]


def orange(size: tuple[int, int] = (48, 64)) -> RGBA:
    return np.broadcast_to(np.array([240, 140, 20, 255], np.uint8), (*size, 4)).copy()


def test_the_key_is_of_what_is_seen(make_request: Make) -> None:
    """Old pixels under the mask do not count, visible ones and the mask do."""
    request, info = make_request(), FakeBackend().info

    def key(image: np.ndarray, mask: np.ndarray) -> bytes:
        return crop_for_model(image, mask, "auto", info).key

    under, beside, less = request.image.copy(), request.image.copy(), request.mask.copy()
    under[request.mask] ^= 255
    beside[0, 0] ^= 255
    less[tuple(np.argwhere(less)[0])] = False
    own = key(request.image, request.mask)
    assert key(under, request.mask) == own
    assert key(beside, request.mask) != own
    assert key(request.image, less) != own


def test_without_effect(make_request: Make) -> None:
    """Nothing drawn in the hole, or nothing kept of it, is the same as no sketch."""
    request = make_request(sketch=orange())
    window = choose_window(bounding_box(request.mask), request.mask.shape, 64)
    assert cut_sketch(request, window) is None
    outside = orange()
    outside[request.mask] = 0
    assert cut_sketch(make_request(sketch=outside, strength=0.5), window) is None
    assert cut_sketch(make_request(strength=0.5), window) is None


@pytest.mark.parametrize("side", [64, 40, 160])
def test_cut_sketch_covers_the_hole_alone(make_request: Make, side: int) -> None:
    request = make_request(sketch=orange(), strength=0.5)
    window = choose_window(bounding_box(request.mask), request.mask.shape, side)
    sketch = cut_sketch(request, window)
    assert sketch is not None
    assert sketch.shape == (side, side, 4)
    assert sketch.dtype == np.float32
    assert 0 <= sketch.min() <= sketch.max() <= 1
    covered = (sketch[..., 3] > 0.5).mean() / window.scale**2 * side**2
    assert covered == pytest.approx(request.mask.sum(), rel=0.05)


@pytest.mark.parametrize("side", [64, 40, 160])
def test_a_hole_starts_from_the_picture_where_nothing_is_sketched(side: int) -> None:
    """Never from grey: a dab in a wide mask stands on what is beneath it."""
    image, mask = np.full((100, 100, 3), (90, 160, 230), np.uint8), np.zeros((100, 100), np.bool_)
    mask[20:80, 20:80] = True
    sketch = np.zeros((100, 100, 4), np.uint8)
    sketch[40:60, 40:60] = (240, 120, 20, 255)
    request = EditRequest(image, mask, strength=0.5, sketch=sketch)
    window = choose_window(bounding_box(mask), mask.shape, side)
    start = cut_sketch(request, window)
    assert start is not None
    shown = uncut(np.ascontiguousarray(start[..., :3]), window, bounding_box(mask)) * 255
    assert np.abs(shown[30, 30] - (240, 120, 20)).max() <= 2
    for corner in (shown[8, 8], shown[52, 10]):
        assert np.abs(corner - (90, 160, 230)).max() <= 2


@pytest.mark.parametrize("left", [0, 150])
@pytest.mark.parametrize("size", [(200, 200), (60, 300), (900, 900)])
def test_no_blank_hole_goes_on_beyond_the_canvas(left: int, size: tuple[int, int]) -> None:
    """What lies outside looks like what can be seen, not like the hole that touches the edge."""
    image, mask = np.full((*size, 3), 250, np.uint8), np.zeros(size, np.bool_)
    mask[:45, left : left + 45] = True
    window = choose_window(bounding_box(mask), size, 256, Framing(grid=16))
    assert window.box.top < 0
    view = input_of(image, mask, window)
    assert (view.image[~view.mask] == 250).all()
    assert (view.image[view.mask] == BLANK).all()
