"""Which window, and which tokens of it: the same as the engine's arrays say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lazydiff_core.contract import Box, Framing, Scope
from lazydiff_core.geometry.resample import cut_mask
from lazydiff_core.geometry.tokens import token_mask
from lazydiff_core.geometry.window import Window, choose_window, visible_to_model
from tests.lazydiff_core.geometry.driving import holed, holes_on_canvases

SIDES = st.sampled_from([64, 128, 256, 512])


class TestChooseWindow:
    @pytest.mark.parametrize(
        ("hole", "size", "expected"),
        [
            (Box(900, 500, 1100, 700), (1200, 2000), Box(744, 344, 1256, 856)),  # native
            (Box(0, 0, 200, 100), (1200, 2000), Box(0, 0, 512, 512)),  # corner
            (Box(1900, 1120, 2000, 1200), (1200, 2000), Box(1488, 688, 2000, 1200)),
            (Box(100, 100, 900, 200), (1200, 2000), Box(0, 0, 1000, 1000)),  # too large: reduced
            (Box(0, 0, 2000, 1200), (1200, 2000), Box(0, -400, 2000, 1600)),  # everything
            (Box(500, 500, 532, 516), (1200, 2000), Box(445, 437, 587, 579)),  # magnified
            (Box(500, 500, 520, 600), (1200, 2000), Box(370, 410, 650, 690)),  # by its area
            (Box(500, 500, 501, 900), (1200, 2000), Box(250, 450, 750, 950)),  # its length rules
            (Box(500, 500, 501, 501), (1200, 2000), Box(436, 436, 564, 564)),  # at most 4 times
            (Box(10, 10, 80, 80), (100, 300), Box(0, -100, 300, 200)),  # small canvas
            (Box(0, 0, 1, 1), (1, 1), Box(0, 0, 1, 1)),
        ],
    )
    def test_known_answers(self, hole: Box, size: tuple[int, int], expected: Box) -> None:
        assert choose_window(hole, size, 512) == Window(expected, 512)

    @pytest.mark.parametrize(
        ("hole", "expected", "side"),
        [
            (Box(900, 500, 1000, 560), Box(800, 380, 1100, 680), 300),  # thrice its long side
            (Box(900, 500, 910, 510), Box(825, 425, 985, 585), 160),  # at least so much
            (Box(900, 500, 1200, 600), Box(794, 294, 1306, 806), 512),  # no more than native
            (Box(400, 500, 1200, 600), Box(300, 50, 1300, 1050), 512),  # only then reduced
            (Box(0, 0, 2000, 10), Box(0, -400, 2000, 1600), 512),
        ],
    )
    def test_exact_framing_never_enlarges(self, hole: Box, expected: Box, side: int) -> None:
        window = choose_window(hole, (1200, 2000), 512, Framing(exact=True))
        assert window == Window(expected, side)
        assert window.scale <= 1

    @given(holes_on_canvases(), SIDES)
    @settings(max_examples=300, deadline=None)
    def test_rule(self, case: tuple[Box, tuple[int, int]], side: int) -> None:
        hole, size = case
        window = choose_window(hole, size, side)
        box, longest, hole_side = window.box, max(size), max(hole.width, hole.height)
        assert box.width == box.height <= longest
        assert window.scale == side / box.width
        assert box.clip(Box.of(size)).contains(hole)
        for start, end, length in (
            (box.left, box.right, size[1]),
            (box.top, box.bottom, size[0]),
        ):
            if length >= box.width:
                assert 0 <= start < end <= length
            else:
                assert abs((start + end) - length) <= 1
        if box.width < longest:
            assert hole_side <= 0.8 * box.width
            assert window.scale <= 4
        if window.scale > 1 and box.width < longest:
            mean = (hole.width * hole.height) ** 0.5
            held = hole_side >= 0.8 * (box.width - 1) or box.width == -(-side // 4)
            assert mean >= 0.16 * (box.width - 1) or held

    @pytest.mark.parametrize("hole", [Box(-1, 0, 2, 2), Box(0, 0, 11, 5), Box(20, 20, 30, 30)])
    def test_a_hole_outside_the_canvas_is_refused(self, hole: Box) -> None:
        with pytest.raises(ValueError, match=r"inside|outside"):
            choose_window(hole, (10, 10), 64)


class TestObjectsOnTheGrid:
    """A thing that fills the hole lies on the grid that a model learned things on."""

    @pytest.mark.parametrize(
        ("hole", "expected"),
        [
            # Its middle at 1000, 600: where it is already, 8 tokens from 744, 344 on.
            (Box(923, 523, 1077, 677), Box(744, 344, 1256, 856)),
            (Box(924, 524, 1078, 678), Box(745, 345, 1257, 857)),
            # In a corner, its middle at 69: a window from 5 on would not see all of the hole.
            (Box(0, 0, 138, 138), Box(-27, -27, 485, 485)),
            # Reduced to a half, a token is 64 canvas pixels; its middle at 509.5 and 150.
            (Box(100, 100, 919, 200), Box(-2, 22, 1022, 1046)),
        ],
    )
    def test_known_answers(self, hole: Box, expected: Box) -> None:
        window = choose_window(hole, (1200, 2000), 512, Framing(grid=32))
        assert window == Window(expected, 512)

    @given(holes_on_canvases(), SIDES, st.sampled_from(["auto", "near"]))
    @settings(max_examples=300, deadline=None)
    def test_rule(self, case: tuple[Box, tuple[int, int]], side: int, scope: Scope) -> None:
        hole, size = case
        token = side // 16
        plain = choose_window(hole, size, side, scope=scope).box
        window = choose_window(hole, size, side, Framing(grid=token), scope)
        box, scale = window.box, window.scale
        assert box.width == box.height == plain.width
        assert box.left <= hole.left < hole.right <= box.right
        assert box.top <= hole.top < hole.bottom <= box.bottom
        if 16 * max(hole.width, hole.height) > 14 * box.width:
            return  # too large to be moved by a whole token, perhaps
        for start, end, first, moved_from in (
            (hole.left, hole.right, box.left, plain.left),
            (hole.top, hole.bottom, box.top, plain.top),
        ):
            off = ((start + end) / 2 - first) * scale
            assert abs(off - token * round(off / token)) <= scale / 2 + 1e-6  # a canvas pixel
            assert abs(first - moved_from) * scale <= token + scale

    def test_the_whole_picture_stays_in_sight(self) -> None:
        hole = Box(3, 3, 157, 157)
        window = choose_window(hole, (700, 700), 512, Framing(grid=32), "whole")
        assert window.box == Box(0, 0, 700, 700)


class TestSpans:
    @given(holes_on_canvases(), st.sampled_from([32, 64, 128]), st.sampled_from([8, 16]))
    @settings(max_examples=200, deadline=None)
    def test_tokens_of_the_mask_are_the_tokens_of_the_cut_mask(
        self, case: tuple[Box, tuple[int, int]], side: int, token: int
    ) -> None:
        """What the window counts on the canvas is what the engine counts on the cut window."""
        hole, size = case
        mask = holed(size, hole)
        mask[hole.slices] &= np.random.default_rng(side).random((hole.height, hole.width)) < 0.3
        mask[hole.top, hole.left] = True
        window = choose_window(hole, size, side)
        starts, ends = window.spans(token)
        height, width = size
        counted = np.zeros((side // token, side // token), bool)
        for row in range(side // token):
            for column in range(side // token):
                top, bottom = window.box.top + starts[row], window.box.top + ends[row]
                left, right = window.box.left + starts[column], window.box.left + ends[column]
                rows = slice(max(top, 0), min(max(bottom, 0), height))
                columns = slice(max(left, 0), min(max(right, 0), width))
                counted[row, column] = mask[rows, columns].any()
        expected = token_mask(cut_mask(mask, window), token)
        assert np.array_equal(counted, expected)

    @pytest.mark.parametrize("width", [1, 7, 64, 100, 1000])
    def test_nothing_is_left_out(self, width: int) -> None:
        for pixels in (1, 8, 64):
            starts, ends = Window(Box(0, 0, width, width), 64).spans(pixels)
            assert (starts[0], ends[-1]) == (0, width)
            assert (starts[1:] <= ends[:-1]).all()


class TestVisibleToModel:
    @given(holes_on_canvases(), st.sampled_from(["auto", "near"]), st.sampled_from([0, 32]))
    def test_the_window_chosen_in_the_part_is_that_of_the_whole_canvas(
        self, case: tuple[Box, tuple[int, int]], scope: Scope, grid: int
    ) -> None:
        hole, size = case
        framing = Framing(least=0.45, grid=grid)
        part = visible_to_model(hole, Box.of(size), 512, scope)
        whole = choose_window(hole, size, 512, framing, scope).box
        found = choose_window(hole.relative_to(part), part.shape, 512, framing, scope).box
        assert found.shift(part.left, part.top) == whole

    def test_it_is_everything_where_the_model_looks_at_the_whole_canvas(self) -> None:
        canvas = Box(0, 0, 5000, 4000)
        hole = Box(2000, 2000, 2010, 2010)
        assert visible_to_model(hole, canvas, 512, "whole") == canvas
        assert visible_to_model(hole, canvas, 512, "auto") == hole.grow(512)
