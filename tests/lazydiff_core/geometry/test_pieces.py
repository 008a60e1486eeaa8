"""Pieces of a hole: known answers and properties."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lazydiff_core.contract import Box, Framing
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.pieces import pieces_of
from lazydiff_core.geometry.window import choose_window
from tests.lazydiff_core.geometry.driving import holed

FRAMING = Framing(least=0.45)


@pytest.mark.parametrize(
    ("size", "hole"),
    [
        ((512, 512), Box(0, 192, 512, 320)),
        ((3000, 3000), Box(100, 100, 2900, 2900)),
        ((600, 3000), Box(100, 100, 2900, 400)),
        ((512, 512), Box(10, 10, 400, 12)),  # thin, but seen at full size
        ((300, 20_000), Box(5000, 20, 5003, 290)),
    ],
)
def test_what_its_window_resolves_is_one_piece(size: tuple[int, int], hole: Box) -> None:
    assert pieces_of(holed(size, hole), hole, 512, 32, FRAMING) == [hole]


def test_a_bar_across_a_panorama() -> None:
    hole = Box(100, 140, 19_900, 160)
    pieces = pieces_of(holed((300, 20_000), hole), hole, 512, 32, FRAMING)
    assert len(pieces) == 19_800 // 160 + 1
    assert pieces[0].left == 100
    assert pieces[-1].right == 19_900
    for one, next_one in pairwise(pieces):
        assert one.right == next_one.left
    scales = {choose_window(piece, (300, 20_000), 512, FRAMING).scale for piece in pieces}
    assert min(scales) * 20 >= 32


def test_the_whole_canvas_is_seen_where_that_is_asked_for() -> None:
    hole = Box(100, 140, 19_900, 160)
    assert pieces_of(holed((300, 20_000), hole), hole, 512, 32, FRAMING, "whole") == [hole]


def test_tiles_are_small_enough_for_full_detail_and_grow_from_what_is_visible() -> None:
    mask = np.ones((900, 1200), np.bool_)
    mask[300:600, :500] = False
    pieces = pieces_of(mask, bounding_box(mask), 512, 32, FRAMING, "tiles")
    assert all(max(piece.shape) <= 256 for piece in pieces)
    assert all(
        choose_window(piece, mask.shape, 512, FRAMING, "tiles").scale >= 1 for piece in pieces
    )
    covered = np.zeros(mask.shape, int)
    for piece in pieces:
        covered[piece.slices] += mask[piece.slices]
    assert np.array_equal(covered, mask)
    first, last = pieces[0], pieces[-1]
    assert not mask[first.grow(1).clip(Box.of(mask.shape)).slices].all()
    assert last.left >= 900


def test_without_anything_visible_tiles_go_row_by_row() -> None:
    mask = np.ones((600, 700), np.bool_)
    pieces = pieces_of(mask, bounding_box(mask), 512, 32, FRAMING, "tiles")
    assert len(pieces) == 9
    assert pieces == sorted(pieces, key=lambda piece: (piece.top, piece.left))


def test_a_small_hole_is_one_tile() -> None:
    hole = Box(100, 100, 356, 350)
    assert pieces_of(holed((900, 900), hole), hole, 512, 32, FRAMING, "tiles") == [hole]


def test_a_slanted_line_is_followed() -> None:
    rows, columns = np.ogrid[:3000, :4000]
    mask = np.abs(rows - columns * 0.75) < 8
    pieces = pieces_of(mask, bounding_box(mask), 512, 32, FRAMING)
    assert sum(piece.width * piece.height for piece in pieces) < 40 * mask.sum()
    assert all(choose_window(piece, mask.shape, 512, FRAMING).scale >= 1 for piece in pieces)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_the_pieces_are_the_hole(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(50, 900)), int(rng.integers(50, 900))
    mask = np.zeros(size, bool)
    for _ in range(rng.integers(1, 6)):
        top, left = int(rng.integers(0, size[0])), int(rng.integers(0, size[1]))
        high, wide = int(rng.integers(1, 12)), int(rng.integers(1, 900))
        high, wide = (high, wide) if rng.random() < 0.5 else (wide, high)
        mask[top : top + high, left : left + wide] = True
    covered = np.zeros(size, int)
    for piece in pieces_of(mask, bounding_box(mask), 64, 8, FRAMING):
        part = mask[piece.slices]
        assert bounding_box(part) == Box.of(part.shape)
        covered[piece.slices] += part
    assert np.array_equal(covered, mask)
