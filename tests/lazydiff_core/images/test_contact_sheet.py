from __future__ import annotations

import numpy as np

from lazydiff_core.images.contact_sheet import contact_sheet


def _plain(color: tuple[int, int, int]) -> np.ndarray:
    return np.full((40, 60, 3), color, np.uint8)


def test_pictures_stand_in_rows_in_their_order() -> None:
    colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]

    sheet = contact_sheet([_plain(c) for c in colors], ["a", "b", "c"], columns=2, width=30)

    places = []
    for color in colors:
        ys, xs = np.nonzero((sheet == color).all(axis=2))
        assert [np.ptp(xs), np.ptp(ys)] == [29, 19]
        places.append((ys.min(), xs.min()))
    first, second, third = places
    assert first[0] == second[0] < third[0]
    assert first[1] == third[1] < second[1]


def test_captions_are_legible_ink_beneath_their_pictures() -> None:
    white = (255, 255, 255)

    bare = contact_sheet([_plain(white)], [""], columns=1, width=60)
    written = contact_sheet([_plain(white)], ["a hat"], columns=1, width=60)

    rows = np.flatnonzero((bare != written).any(axis=(1, 2)))
    assert rows.min() > 40
    assert np.ptp(rows) >= 8


def test_a_caption_too_long_for_its_picture_keeps_off_the_next() -> None:
    pictures = [_plain((255, 255, 255))] * 2

    bare, written = (
        contact_sheet(pictures, [caption, ""], columns=2, width=60)
        for caption in ("", "an old white sailing boat")
    )

    columns = np.flatnonzero((bare != written).any(axis=(0, 2)))
    assert 40 < columns.max() < 70
