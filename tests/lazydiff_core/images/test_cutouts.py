from __future__ import annotations

import numpy as np

from lazydiff_core.images.cutouts import SQUARE, cut_out, tight_square


def test_what_a_mask_covers() -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    cover = np.zeros((5, 7), np.uint8)
    cover[1, 2:6] = (1, 255, 100, 3)
    cover[3, 4] = 9
    thing = cut_out(image, cover)
    assert (thing[..., :3] == image[1:4, 2:6]).all()
    assert (thing[..., 3] == cover[1:4, 2:6]).all()
    clear = np.dstack((image, np.full((5, 7), 51, np.uint8)))
    assert (cut_out(clear, cover)[..., 3] == np.rint(cover[1:4, 2:6] * 0.2)).all()
    nothing = cut_out(image, np.zeros_like(cover))
    assert nothing.size == 0
    assert tight_square(nothing) is None


def test_what_shows_fills_the_square_along_its_longer_side() -> None:
    picture = np.zeros((300, 400, 4), np.uint8)
    picture[..., 2] = 200  # a colour where nothing shows
    picture[100:150, 40:140] = (220, 30, 10, 255)
    square = tight_square(picture)
    assert square is not None
    assert square.shape == (SQUARE, SQUARE, 4)
    rows, columns = np.nonzero(square[..., 3] > 127)
    assert (columns.min(), columns.max()) == (0, SQUARE - 1)
    assert (rows.min(), rows.max()) == (SQUARE // 4, 3 * SQUARE // 4 - 1)
    shown = square[square[..., 3] > 12]
    assert np.abs(shown[:, :3].astype(int) - (220, 30, 10)).max() <= 2  # no blue bleeds in


def test_a_large_thing_is_made_smaller() -> None:
    picture = np.full((1000, 500, 4), 255, np.uint8)
    square = tight_square(picture)
    assert square is not None
    rows, columns = np.nonzero(square[..., 3])
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (SQUARE, SQUARE // 2)


def test_nothing_and_next_to_nothing() -> None:
    picture = np.full((50, 50, 4), 255, np.uint8)
    picture[..., 3] = 5
    assert tight_square(picture) is None
    picture[0, :40, 3] = 255
    assert tight_square(picture) is None
