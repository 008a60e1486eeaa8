"""Tokens of a mask: known answers and properties."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from lazydiff_core.contract import Box, Computed
from lazydiff_core.errors import EmptyMaskError
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.tokens import (
    border_reach,
    computed_tokens,
    grow_to_multiple,
    token_frames,
    token_mask,
    with_border,
)
from tests.lazydiff_core.geometry.driving import holed


class TestTokens:
    @pytest.mark.parametrize(("x", "y"), [(0, 0), (31, 31), (32, 0), (127, 95)])
    def test_one_pixel_makes_exactly_its_token_a_hole(self, x: int, y: int) -> None:
        tokens = token_mask(holed((96, 128), Box(x, y, x + 1, y + 1)), 32)
        assert tokens.shape == (3, 4)
        assert np.argwhere(tokens).tolist() == [[y // 32, x // 32]]

    def test_sides_must_be_multiples(self) -> None:
        with pytest.raises(ValueError, match="no multiple of 16"):
            token_mask(np.ones((32, 33), bool), 16)


class TestTokenFrames:
    def test_known_answer_of_one_blob(self) -> None:
        mask = holed((128, 128), Box(10, 40, 74, 56))
        frames = token_frames(mask, token_mask(mask, 32), 32)
        assert frames.shape == (3, 6)
        assert frames.dtype == np.float32
        # The box is 64 x 16 around (42, 48); the tokens' centres are (16 | 48 | 80, 48).
        x = np.array([16, 48, 80]) - 42
        expected = [[dx / 64, 0, dx / 16, 0, -1, -3] for dx in x]
        np.testing.assert_allclose(frames, expected, rtol=1e-6)

    def test_each_blob_has_its_own_frame_and_diagonal_tokens_share_one(self) -> None:
        apart = holed((128, 128), Box(0, 0, 32, 32), Box(64, 0, 128, 64))
        frames = token_frames(apart, token_mask(apart, 32), 32)
        assert frames[:, 4].tolist() == [-2, -1, -1, -1, -1]
        assert frames[0, :4].tolist() == [0, 0, 0, 0]
        touching = holed((128, 128), Box(0, 0, 32, 32), Box(32, 32, 64, 64))
        frames = token_frames(touching, token_mask(touching, 32), 32)
        assert frames[:, 4].tolist() == [-1, -1]

    def test_grown_tokens_take_the_nearest_blob(self) -> None:
        mask = holed((128, 128), Box(0, 0, 32, 32), Box(96, 64, 128, 128))
        tokens = token_mask(mask, 32)
        tokens[0, 1] = tokens[3, 2] = True
        frames = token_frames(mask, tokens, 32)
        assert frames[:, 5].tolist() == [-2, -2, -1, -1, -1]  # row-major: (0,0) (0,1) (2,3) (3,2) …
        assert frames[1].tolist() == [1, 0, 1, 0, -2, -2]

    @given(st.integers(0, 2**32 - 1))
    @settings(max_examples=30, deadline=None)
    def test_agrees_with_a_loop_over_blobs(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        mask = np.kron(rng.random((6, 6)) < 0.3, np.ones((16, 16), bool)) & (
            rng.random((96, 96)) < 0.05
        )
        mask[0, 0] = True
        tokens = token_mask(mask, 16)
        labels, _ = ndimage.label(tokens, np.ones((3, 3)))
        frames = token_frames(mask, tokens, 16)
        for (row, column), frame in zip(np.argwhere(tokens), frames, strict=True):
            blob = np.kron(labels == labels[row, column], np.ones((16, 16), bool)) & mask
            box = bounding_box(blob)
            x = column * 16 + 8 - (box.left + box.right) / 2
            y = row * 16 + 8 - (box.top + box.bottom) / 2
            short = min(box.width, box.height)
            expected = [x / box.width, y / box.height, x / short, y / short]
            expected += [np.log2(box.width / 96), np.log2(box.height / 96)]
            np.testing.assert_allclose(frame, expected, rtol=1e-5)

    @given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.sampled_from([0.02, 0.1, 0.5]))
    @settings(max_examples=60, deadline=None)
    def test_the_nearest_token_is_the_one_of_the_exact_distance_transform(
        self, seed: int, side: int, share: float
    ) -> None:
        """Pixels for a seed depend on which of several equally near blobs a token belongs to."""
        mask = np.random.default_rng(seed).random((side, side)) < share
        mask[seed % side, -1] = True
        labels, _ = ndimage.label(mask, np.ones((3, 3)))
        nearest = ndimage.distance_transform_edt(~mask, return_distances=False, return_indices=True)
        frames = token_frames(mask, np.ones_like(mask), 1)
        boxes = ndimage.find_objects(labels)
        for frame, label in zip(frames, labels[tuple(nearest)].flat, strict=True):
            rows, columns = boxes[label - 1]
            wide, high = columns.stop - columns.start, rows.stop - rows.start
            np.testing.assert_allclose(frame[4:], np.log2([wide / side, high / side]), rtol=1e-6)

    def test_no_hole_is_a_typed_error(self) -> None:
        with pytest.raises(EmptyMaskError):
            token_frames(np.zeros((64, 64), bool), np.ones((2, 2), bool), 32)

    def test_is_fast_enough_for_every_sample_of_a_training_batch(self) -> None:
        mask = np.ones((512, 512), bool)
        tokens = token_mask(mask, 32)
        seconds = []
        for _ in range(20):
            start = time.perf_counter()
            token_frames(mask, tokens, 32)
            seconds.append(time.perf_counter() - start)
        assert min(seconds) < 0.003


class TestBorder:
    @pytest.mark.parametrize(
        ("hole", "told"),
        [
            (Box(32, 32, 64, 64), Box(31, 31, 65, 65)),  # fills its token: all neighbours
            (Box(40, 40, 56, 56), Box(40, 40, 56, 56)),  # 8 pixels from every edge: as it is
            (Box(0, 0, 32, 56), Box(0, 0, 33, 64)),  # nothing beyond the canvas
            (Box(0, 0, 128, 128), Box(0, 0, 128, 128)),
        ],
    )
    def test_known_answers(self, hole: Box, told: Box) -> None:
        canvas = np.ones((128, 128), bool)
        assert bounding_box(with_border(holed((128, 128), hole), canvas, 32, 8)) == told

    @given(st.integers(0, 2**32 - 1), st.sampled_from([(8, 4), (16, 8), (32, 11), (16, 16)]))
    @settings(deadline=None)
    def test_all_that_lies_near_is_in_its_tokens(self, seed: int, case: tuple[int, int]) -> None:
        token, reach = case
        rng = np.random.default_rng(seed)
        left, top = rng.integers(0, 60, 2)
        hole = holed((96, 96), Box(left, top, left + rng.integers(1, 36), top + 30))
        hole &= ndimage.zoom(rng.random((12, 12)), 8, order=0) < 0.7
        hole[top, left] = True
        canvas = holed((96, 96), Box(0, rng.integers(0, top + 1), 96, 96))
        hole &= canvas
        told = with_border(hole, canvas, token, reach)
        near = ndimage.binary_dilation(hole, np.ones((2 * reach + 1,) * 2)) & canvas
        assert not (hole & ~told).any()
        assert not (told & ~near).any()
        assert np.array_equal(token_mask(told, token), token_mask(near, token))

    def test_a_pixel_of_the_canvas_is_wholly_generated(self) -> None:
        assert border_reach(32, 0.3, Computed()) == border_reach(32, 1, Computed()) == 8
        assert border_reach(32, 4, Computed()) == 11
        assert border_reach(16, 40, Computed()) == 16
        assert border_reach(8, 1, Computed()) == 3
        assert border_reach(32, 1, Computed(rim=1)) == 0
        assert border_reach(32, 1, Computed(everything=True)) == 0


class TestComputed:
    def test_only_the_hole_unless_more_is_asked_for(self) -> None:
        one = holed((8, 8), Box(3, 3, 4, 4))
        assert np.array_equal(computed_tokens(one, Computed()), one)
        rim = computed_tokens(one, Computed(rim=1))
        assert np.array_equal(rim, holed((8, 8), Box(2, 2, 5, 5)))
        assert computed_tokens(one, Computed(everything=True)).all()

    @given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.floats(0, 1))
    @settings(deadline=None)
    def test_growing_reaches_a_multiple_through_neighbours(
        self, seed: int, multiple: int, share: float
    ) -> None:
        rng = np.random.default_rng(seed)
        tokens = rng.random((6, 7)) < share
        before = tokens.copy()
        grown = grow_to_multiple(tokens, multiple, rng)
        assert np.array_equal(tokens, before)
        assert (grown | ~tokens).all()
        assert grown.sum() % multiple == 0 or grown.all()
        assert grown.sum() - tokens.sum() < multiple
        reachable = ndimage.binary_dilation(tokens, mask=grown, iterations=-1)
        assert np.array_equal(reachable, grown)

    def test_an_empty_grid_stays_empty(self) -> None:
        rng = np.random.default_rng(0)
        assert not grow_to_multiple(np.zeros((4, 4), bool), 8, rng).any()
