"""The fade: known ramps, narrow blobs, borders of the canvas."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.blending.feather import blend

BLACK = np.zeros((40, 60, 3), np.uint8)
WHITE = np.full((40, 60, 3), 255, np.uint8)


def test_fades_in_linearly_from_a_straight_border() -> None:
    mask = np.zeros((40, 60), bool)
    mask[:, 20:] = True
    blended = blend(WHITE, BLACK, mask, width=10)
    # Centres lie 0.5, 1.5 … pixels inside; the borders of the canvas fade nothing.
    ramp = np.rint(np.clip((np.arange(40) + 0.5) / 10, 0, 1) * 255)
    assert blended[:, 20:].tolist() == np.tile(ramp[None, :, None], (40, 1, 3)).tolist()
    assert not blended[:, :20].any()


def test_a_wider_ramp_keeps_more_of_the_canvas() -> None:
    mask = np.zeros((40, 60), bool)
    mask[5:35, 5:55] = True
    sums = [int(blend(WHITE, BLACK, mask, width=width).sum()) for width in (1, 4, 8, 12)]
    assert sums == sorted(sums, reverse=True)
    assert len(set(sums)) == 4


def test_narrow_blobs_are_pure_source_in_their_middle() -> None:
    mask = np.zeros((40, 60), bool)
    mask[3, 3] = True
    mask[10:15, 10:15] = True
    mask[:, 30:] = True
    blended = blend(WHITE, BLACK, mask, width=16)
    for pixel in ((3, 3), (12, 12), (20, 55)):
        assert blended[pixel].tolist() == [255] * 3
    assert 0 < blended[10, 12, 0] < 255


def test_a_full_canvas_mask_gives_the_source() -> None:
    assert np.array_equal(blend(WHITE, BLACK, np.ones((40, 60), bool)), WHITE)


def test_inputs_are_not_changed() -> None:
    mask = np.zeros((40, 60), bool)
    mask[:9, :9] = True
    source, destination = WHITE.copy(), BLACK.copy()
    copy = mask.copy()
    blend(source, destination, mask)
    assert np.array_equal(source, WHITE)
    assert np.array_equal(destination, BLACK)
    assert np.array_equal(mask, copy)


@pytest.mark.parametrize("width", [0, -3])
def test_a_ramp_without_width_is_refused(width: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        blend(WHITE, BLACK, np.ones((40, 60), bool), width=width)
