"""Pixels cut for a model and put back: known answers and properties."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from lazydiff_core.contract import Box
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.resample import cut, cut_mask, fill_from_nearest, resize, uncut
from lazydiff_core.geometry.window import Window, choose_window
from tests.lazydiff_core.geometry.driving import holed, holes_on_canvases


class TestCutAndUncut:
    @given(st.integers(1, 90), st.integers(1, 90), st.integers(-40, 40), st.integers(-40, 40))
    @settings(max_examples=60, deadline=None)
    def test_round_trip_at_native_scale_is_exact(
        self, height: int, width: int, left: int, top: int
    ) -> None:
        rng = np.random.default_rng(height * 91 + width)
        image = rng.integers(0, 256, (height, width, 3), np.uint8)
        left, top = min(left, width - 1), min(top, height - 1)
        window = Window(Box(left, top, left + 64, top + 64), 64)
        inside = window.box.clip(Box.of(image.shape))
        pixels = cut(image, window)
        assert pixels.shape == (64, 64, 3)
        back = uncut(pixels, window, inside)
        assert np.array_equal(back, image[inside.slices])
        back[...] = 0
        assert cut(image, window).tolist() == pixels.tolist()

    def test_the_edge_of_the_canvas_continues_outside_it(self) -> None:
        image = np.arange(4, dtype=np.uint8).reshape(2, 2, 1).repeat(3, axis=2)
        pixels = cut(image, Window(Box(-1, -1, 3, 3), 4))
        assert pixels[..., 0].tolist() == [[0, 0, 1, 1]] * 2 + [[2, 2, 3, 3]] * 2

    @pytest.mark.parametrize("size", [(300, 200), (64, 500), (31, 47), (2, 3), (1, 1), (700, 700)])
    @pytest.mark.parametrize("dtype", [np.uint8, np.float32])
    def test_smooth_pictures_survive_scaling(self, size: tuple[int, int], dtype: type) -> None:
        height, width = size
        y, x = np.mgrid[:height, :width].astype(np.float32)
        red = 40 + 150 * x / width
        image = np.stack([red, 250 - 200 * y / height, 99 + 0 * x], axis=2).astype(np.uint8)
        hole = Box(width // 3, height // 3, max(2 * width // 3, 1), max(2 * height // 3, 1))
        for side in (64, 128):
            window = choose_window(hole, size, side)
            pixels = cut(image, window).astype(dtype)
            back = uncut(pixels, window, hole)
            assert back.dtype == dtype
            assert back.shape == (hole.height, hole.width, 3)
            # A sharp step is left at the seams of a tiny canvas; elsewhere rounding only.
            limit = 3 if min(size) > 30 else 25
            assert np.abs(back.astype(float) - image[hole.slices]).max() <= limit

    @pytest.mark.parametrize("width", [40, 64, 90, 1000])
    def test_uncut_of_a_part_is_that_part_of_the_resized_window(self, width: int) -> None:
        rng = np.random.default_rng(width)
        smooth = ndimage.gaussian_filter(rng.random((64, 64, 3)) * 255, (3, 3, 0))
        pixels = smooth.astype(np.float32)
        window = Window(Box(-7, 5, width - 7, width + 5), 64)
        method = cv2.INTER_AREA if width < 64 else cv2.INTER_CUBIC
        everything = cv2.resize(pixels, (width, width), interpolation=method)
        got = uncut(pixels, window, Box(3, 11, 23, 38))
        np.testing.assert_allclose(got, everything[6:33, 10:30], atol=0.3)
        whole_window = uncut(pixels, window, window.box)
        np.testing.assert_allclose(whole_window, everything, atol=0.3)

    def test_uncut_outside_the_window_is_refused(self) -> None:
        window = Window(Box(0, 0, 8, 8), 8)
        with pytest.raises(ValueError, match="not inside"):
            uncut(np.zeros((8, 8, 3), np.uint8), window, Box(4, 4, 9, 8))

    @given(holes_on_canvases(), st.sampled_from([32, 48, 64, 128]))
    @settings(max_examples=80, deadline=None)
    def test_cut_mask_covers_the_hole_and_little_more(
        self, case: tuple[Box, tuple[int, int]], side: int
    ) -> None:
        hole, size = case
        window = choose_window(hole, size, side)
        cut = cut_mask(holed(size, hole), window)
        assert cut.shape == (side, side)
        assert cut.dtype == bool
        box, scale = window.box, window.scale
        found = bounding_box(cut)
        exact = (
            (hole.left - box.left) * scale,
            (hole.top - box.top) * scale,
            (hole.right - box.left) * scale,
            (hole.bottom - box.top) * scale,
        )
        got = (found.left, found.top, found.right, found.bottom)
        if scale <= 1:
            expected = [np.floor(v + 1e-9) for v in exact[:2]]
            expected += [np.ceil(v - 1e-9) for v in exact[2:]]
            assert list(got) == expected
        else:
            assert np.abs(np.subtract(got, exact)).max() <= 0.5
        assert cut[found.slices].all()

    def test_not_one_pixel_is_lost_when_reducing(self) -> None:
        window = Window(Box(0, 0, 1000, 1000), 48)
        for x, y in ((0, 0), (999, 999), (20, 21), (500, 3)):
            mask = holed((1000, 1000), Box(x, y, x + 1, y + 1))
            assert cut_mask(mask, window)[y * 48 // 1000, x * 48 // 1000]

    def test_outside_the_canvas_everything_is_visible(self) -> None:
        cut = cut_mask(np.ones((10, 20), bool), Window(Box(0, -5, 20, 15), 20))
        assert np.array_equal(cut, holed((20, 20), Box(0, 5, 20, 15)))


class TestFillFromNearest:
    def test_the_hole_takes_on_its_nearest_visible_pixels(self) -> None:
        image = np.zeros((9, 12, 3), np.uint8)
        image[:, :6], image[:, 6:] = (200, 10, 10), (10, 10, 200)
        mask = holed((9, 12), Box(3, 2, 9, 7))
        filled = fill_from_nearest(np.where(mask[..., None], np.uint8(99), image), mask)
        assert np.array_equal(filled, image)

    def test_visible_pixels_stay_and_all_of_the_hole_is_filled(self) -> None:
        rng = np.random.default_rng(0)
        image = rng.integers(1, 256, (40, 30, 3), np.uint8)
        mask = rng.random((40, 30)) < 0.9
        filled = fill_from_nearest(image * ~mask[..., None], mask)
        assert np.array_equal(filled[~mask], image[~mask])
        assert (filled[mask] > 0).all()

    @pytest.mark.parametrize("everything", [True, False])
    def test_nothing_to_fill_or_nothing_to_fill_from(self, everything: bool) -> None:
        image = np.full((5, 6, 3), 7, np.uint8)
        filled = fill_from_nearest(image, np.full((5, 6), everything))
        assert np.array_equal(filled, image)
        assert filled is not image


class TestResize:
    def test_the_same_size_is_the_same_array(self) -> None:
        pixels = np.zeros((3, 4, 3), np.uint8)
        assert resize(pixels, (3, 4)) is pixels

    def test_reducing_takes_means_and_enlarging_what_is_asked_for(self) -> None:
        pixels = np.array([[0, 100, 0, 100]] * 2, np.uint8)
        assert resize(pixels, (1, 2)).tolist() == [[50, 50]]
        enlarged = resize(pixels, (4, 8), cv2.INTER_NEAREST)
        assert np.array_equal(enlarged, pixels.repeat(2, 0).repeat(2, 1))
