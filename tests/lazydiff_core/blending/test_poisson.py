"""The membrane: known answers, agreement with the exact solver, untouched surroundings."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from lazydiff_core.blending import BLENDERS
from lazydiff_core.blending.poisson import (
    LIMIT,
    SHIFT,
    blend,
    blend_shifts,
    exact_membrane,
    membrane,
)
from lazydiff_core.contract import RGB, Mask
from lazydiff_core.errors import EmptyMaskError, ImageError

Sizes = st.tuples(st.integers(1, 60), st.integers(1, 60))
Seeds = st.integers(0, 2**32 - 1)


def disc(shape: tuple[int, int], x: float, y: float, radius: float) -> Mask:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return np.asarray((rows - y) ** 2 + (columns - x) ** 2 <= radius**2)


def shifted(destination: RGB, by: tuple[int, int, int]) -> RGB:
    return (destination.astype(np.int16) + by).astype(np.uint8)


def picture(shape: tuple[int, int], seed: int = 0) -> RGB:
    noise = np.random.default_rng(seed).random((*shape, 3)) * 80 + 88
    return noise.astype(np.uint8)


MASKS = {
    "inside": disc((50, 70), 30, 25, 12),
    "left": disc((50, 70), 0, 25, 9),
    "right": disc((50, 70), 69, 25, 9),
    "top": disc((50, 70), 30, 0, 9),
    "bottom": disc((50, 70), 30, 49, 9),
    "corner": disc((50, 70), 69, 49, 20),
    "all four borders": disc((50, 70), 35, 25, 37),
    "one pixel": disc((50, 70), 5, 5, 0),
    "one pixel in a corner": disc((50, 70), 0, 49, 0),
    "several blobs": disc((50, 70), 10, 10, 6)
    | disc((50, 70), 60, 30, 9)
    | disc((50, 70), 35, 44, 5),
    "odd size": disc((37, 53), 20, 20, 11),
    "a row": np.arange(53)[None] // 7 == 2,
    "all but one pixel": ~disc((50, 70), 20, 20, 0),
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS.keys())
class TestKnownAnswers:
    def test_a_constant_shift_disappears(self, mask: Mask) -> None:
        destination = picture(mask.shape)
        source = shifted(destination, (11, -7, 30))
        blended = blend(source, destination, mask)
        assert np.abs(blended.astype(int) - destination).max() <= 0

    def test_inputs_and_surroundings_stay_as_they_were(self, mask: Mask) -> None:
        source, destination = picture(mask.shape, 1), picture(mask.shape, 2)
        copies = source.copy(), destination.copy(), mask.copy()
        blended = blend(source, destination, mask)
        for before, after in zip(copies, (source, destination, mask), strict=True):
            assert np.array_equal(before, after)
        assert not np.shares_memory(blended, destination)
        assert blended.dtype == np.uint8
        assert np.array_equal(blended[~mask], destination[~mask])

    def test_close_to_the_exact_solution(self, mask: Mask) -> None:
        rng = np.random.default_rng(3)
        jump = rng.uniform(-LIMIT, LIMIT, (*mask.shape, 3)).astype(np.float32)
        error = np.abs(membrane(jump, mask) - exact_membrane(jump, mask))
        assert error[mask].mean() <= 0.5
        assert error.max() <= 3


@pytest.mark.parametrize("solve", [membrane, exact_membrane])
def test_a_linear_ramp_is_its_own_membrane(solve: type) -> None:
    y, x = np.mgrid[:61, :83].astype(np.float32)
    jump = np.stack([x / 2 - 20, 30 - y, (x - y) / 4], axis=2)
    hole = disc((61, 83), 40, 30, 25)
    np.testing.assert_allclose(solve(jump, hole)[hole], jump[hole], atol=0.8)
    jump[hole] = 1e6  # what is inside the hole is never read
    np.testing.assert_allclose(solve(jump, hole)[30, 40], [0, 0, 2.5], atol=0.3)


def test_exact_ramp_is_exact() -> None:
    y, x = np.mgrid[:20, :30].astype(np.float64)
    hole = disc((20, 30), 14, 9, 6) | disc((20, 30), 26, 15, 2)
    jump = np.stack([x, y, x - 2 * y], axis=2)
    np.testing.assert_allclose(exact_membrane(jump, hole)[hole], jump[hole], atol=1e-9)


def test_nothing_is_pulled_at_the_border_of_the_canvas() -> None:
    hole = np.ones((40, 60), bool)
    hole[:, :4] = False
    jump = np.full((40, 60, 3), 25, np.float32)
    np.testing.assert_allclose(membrane(jump, hole)[hole], 25, atol=1e-3)


def test_a_full_canvas_mask_gives_the_source() -> None:
    source, destination = picture((33, 20), 1), picture((33, 20), 2)
    assert np.array_equal(blend(source, destination, np.ones((33, 20), bool)), source)


def test_a_hole_whose_surroundings_are_copied_gives_the_source() -> None:
    destination = picture((40, 40), 1)
    mask = disc((40, 40), 20, 20, 10)
    source = np.where(mask[..., None], picture((40, 40), 2), destination)
    assert np.array_equal(blend(source, destination, mask), source)


def test_an_object_ending_at_the_border_does_not_bleed_beyond_the_limit() -> None:
    mask = disc((40, 40), 20, 20, 10)
    source = np.full((40, 40, 3), 10, np.uint8)
    destination = np.full((40, 40, 3), 250, np.uint8)
    assert np.unique(blend(source, destination, mask)[mask]).tolist() == [10 + LIMIT]
    assert np.unique(blend(source, destination, mask, limit=5)[mask]).tolist() == [15]
    assert np.unique(blend(source, destination, mask, limit=255)[mask]).tolist() == [250]


def test_results_are_clamped_not_wrapped() -> None:
    mask = disc((30, 30), 15, 15, 8)
    source = np.full((30, 30, 3), 100, np.uint8)
    source[15, 15], source[14, 15] = 250, 5
    for level, pixel, expected in ((140, (15, 15), 255), (60, (14, 15), 0)):
        destination = np.full((30, 30, 3), level, np.uint8)
        assert blend(source, destination, mask)[pixel].tolist() == [expected] * 3


def random_mask(rng: np.random.Generator, size: tuple[int, int], smooth: float) -> Mask:
    field = ndimage.gaussian_filter(rng.random(size), smooth)
    return np.asarray(field <= np.quantile(field, rng.uniform(0.02, 0.98)))


@given(Sizes, Seeds, st.floats(0, 6))
@settings(max_examples=60, deadline=None)
def test_never_far_from_exact_however_hostile(
    size: tuple[int, int], seed: int, smooth: float
) -> None:
    rng = np.random.default_rng(seed)
    mask = random_mask(rng, size, smooth)  # scattered pixels to blobs
    jump = rng.uniform(-LIMIT, LIMIT, (*size, 3)).astype(np.float32)
    error = np.abs(membrane(jump, mask) - exact_membrane(jump, mask))
    assert error.max() <= 10


@given(Sizes, Seeds, st.floats(2, 6))
@settings(max_examples=60, deadline=None)
def test_close_to_exact_on_random_blobs(size: tuple[int, int], seed: int, smooth: float) -> None:
    rng = np.random.default_rng(seed)
    mask = random_mask(rng, size, smooth)
    colours = ndimage.zoom(rng.standard_normal((4, 4, 3)) * 15, (15, 15, 1), order=1)
    jump = colours[: size[0], : size[1]] + rng.standard_normal((*size, 3)) * 3
    error = np.abs(membrane(jump.astype(np.float32), mask) - exact_membrane(jump, mask))
    assert error[mask].mean() <= 1.5
    assert error.max() <= 5


def test_accurate_and_fast_on_a_large_canvas() -> None:
    side = 512
    rng = np.random.default_rng(5)
    mask = disc((side, side), 250, 260, 96)
    smooth = ndimage.zoom(rng.standard_normal((8, 8, 3)) * 15, (64, 64, 1), order=1)
    jump = (smooth + rng.standard_normal((side, side, 3)) * 4).astype(np.float32)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        ours = membrane(jump, mask)
        seconds.append(time.perf_counter() - start)
    start = time.perf_counter()
    error = np.abs(ours - exact_membrane(jump, mask))[mask]
    assert min(seconds) < (time.perf_counter() - start) / 3
    assert error.mean() <= 0.3
    assert error.max() <= 3


@pytest.mark.parametrize("name", BLENDERS)
class TestEveryBlender:
    def test_outside_stays_and_inside_comes(self, name: str) -> None:
        source, destination = picture((48, 36), 1), picture((48, 36), 2)
        mask = disc((48, 36), 36, 20, 14)
        blended = BLENDERS[name](source, destination, mask)
        assert np.array_equal(blended[~mask], destination[~mask])
        assert (blended[mask] != destination[mask]).mean() > 0.8

    def test_views_and_read_only_arrays_are_fine(self, name: str) -> None:
        source, destination = picture((96, 72), 1)[::2, ::-2], picture((96, 72), 2)[::2, ::-2]
        mask = disc((96, 36), 20, 30, 14)[::2]
        for array in (source, destination, mask):
            array.flags.writeable = False
        blended = BLENDERS[name](source, destination, mask)
        packed = (np.ascontiguousarray(array) for array in (source, destination, mask))
        assert np.array_equal(blended, BLENDERS[name](*packed))

    def test_wrong_arrays_are_typed_errors(self, name: str) -> None:
        good, mask = picture((8, 9)), disc((8, 9), 4, 4, 2)
        blender = BLENDERS[name]
        wrong = (good[:7], good[..., 0], good.astype(np.float32), good[..., :2])
        for bad in wrong:
            with pytest.raises(ImageError):
                blender(bad, good, mask)
            with pytest.raises(ImageError):
                blender(good, bad, mask)
        with pytest.raises(ImageError, match="boolean mask"):
            blender(good, good, mask.astype(np.uint8))
        with pytest.raises(ImageError, match="differ in size"):
            blender(good, good, mask[:, 1:])
        with pytest.raises(EmptyMaskError):
            blender(good, good, np.zeros((8, 9), bool))


@pytest.mark.parametrize("name", sorted(BLENDERS))
def test_pictures_of_any_memory_layout_are_blended_alike(name: str) -> None:
    """Arrays of channels, columns or every other pixel, as NumPy makes them on the way."""
    mask = MASKS["several blobs"]
    source, destination = picture(mask.shape, 1), picture(mask.shape, 2)
    expected = BLENDERS[name](source, destination, mask)

    def planar(image: RGB) -> RGB:
        return np.ascontiguousarray(image.transpose(2, 0, 1)).transpose(1, 2, 0)

    for other in (planar, np.asfortranarray, lambda image: image.repeat(2, 1)[:, ::2]):
        for a, b in ((other(source), destination), (source, other(destination))):
            assert (BLENDERS[name](a, b, mask) == expected).all()
        assert (BLENDERS[name](other(source), other(destination), mask) == expected).all()


@pytest.mark.parametrize(
    ("canvas", "limit", "filled"),
    [
        (250, SHIFT, 10),  # a thing or a surface that is to end there
        (10 + int(SHIFT), SHIFT, 10 + SHIFT),
        (10 + int(1.5 * SHIFT), SHIFT, 10 + 0.75 * SHIFT),  # half of it
        (10 + 2 * int(SHIFT), SHIFT, 10),
        (20, 5, 10),
    ],
)
def test_what_was_asked_for_keeps_its_colour(canvas: int, limit: float, filled: float) -> None:
    mask = disc((40, 40), 20, 20, 10)
    source = np.full((40, 40, 3), 10, np.uint8)
    destination = np.full((40, 40, 3), canvas, np.uint8)
    found = blend_shifts(source, destination, mask, limit=limit)
    assert np.unique(found[mask]).tolist() == [filled]
    assert (found[~mask] == canvas).all()


def test_a_texture_that_matches_here_and_there_keeps_its_colour() -> None:
    """Grey rock beside green: some pixels are as light as the canvas, most are not."""
    canvas = np.full((120, 120, 3), (90, 150, 80), np.uint8)
    light = np.random.default_rng(0).normal(118, 18, (120, 120, 1)).clip(0, 255)
    rock = np.broadcast_to(light, (120, 120, 3)).astype(np.uint8)
    mask = disc((120, 120), 60, 60, 40)
    found = blend_shifts(rock, canvas, mask)[mask].astype(int)
    tinged = blend(rock, canvas, mask)[mask].astype(int)
    assert abs(found - rock[mask]).mean() < 6
    assert abs(tinged - rock[mask]).mean() > 20
