from __future__ import annotations

import numpy as np
from PySide6.QtGui import QIcon

from app.document.edits import Edit, Recipe, Variant
from app.panels.thumbnails import (
    SIDE,
    as_icon,
    edit_thumbnail,
    shown_in_box,
    thumbnail,
    variant_thumbnail,
)
from app.ui.chequer import DARK, LIGHT
from lazydiff_core.contract import Box


def test_all_of_a_wide_picture_is_shown(qapp: object) -> None:
    pixels = np.zeros((20, 60, 3), np.uint8)
    pixels[:, :6] = pixels[:, -6:] = (200, 30, 40)
    image = thumbnail(pixels).toImage()
    assert (image.width(), image.height()) == (SIDE, SIDE)
    for place in (2, SIDE - 3):
        assert image.pixelColor(place, SIDE // 2).red() == 200
    assert image.pixelColor(SIDE // 2, SIDE // 2).getRgb() == (0, 0, 0, 255)
    assert image.pixelColor(SIDE // 2, SIDE // 8).alpha() == 0


def test_an_edit_is_shown_in_its_surroundings_and_remembered(qapp: object) -> None:
    mask = np.zeros((8, 8), np.bool_)
    mask[:, 4:] = True
    before = np.full((8, 8, 3), 250, np.uint8)
    dark = Variant(np.full((8, 8, 3), 10, np.uint8), 1)
    edit = Edit(Box(0, 0, 8, 8), mask, before, Recipe(), (dark,))
    shown = shown_in_box(edit, 0)
    assert (shown[0, 0, 0], shown[0, 7, 0]) == (250, 10)
    assert edit_thumbnail(edit) is edit_thumbnail(edit)


def test_a_lifted_thing_lies_on_its_surroundings(qapp: object) -> None:
    """What a lifted thing's own colours are where nothing of it is, nobody sees."""
    before = np.full((4, 8, 3), 250, np.uint8)
    matte = np.zeros((4, 8), np.uint8)
    matte[:, :2] = 255
    own = Variant(np.full((4, 8, 3), 10, np.uint8), 1, matte)
    mask = np.ones((4, 8), np.bool_)
    hidden = Edit(Box(0, 0, 8, 4), mask, before, Recipe(), (own,), chosen=None, visible=False)
    shown = shown_in_box(hidden, 0)
    assert (shown[0, 0, 0], shown[0, 7, 0]) == (10, 250)


def test_the_chosen_one_is_not_tinted(qapp: object) -> None:
    icon = as_icon(thumbnail(np.full((4, 4, 3), 90, np.uint8)))
    colour = icon.pixmap(32, 32, QIcon.Mode.Selected).toImage().pixelColor(16, 16)
    assert colour.red() == 90


def test_a_chequerboard_shows_where_nothing_is(qapp: object) -> None:
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[..., :3] = (0, 250, 0)  # hidden
    pixels[:, 32:] = (200, 30, 40, 255)
    image = thumbnail(pixels).toImage()
    left = {image.pixelColor(x, y).getRgb()[:3] for x in range(40) for y in range(40)}
    assert left == {(LIGHT,) * 3, (DARK,) * 3}
    assert image.pixelColor(SIDE - 4, 8).getRgb()[:3] == (200, 30, 40)


def test_a_large_layer_is_shown_as_it_is(qapp: object) -> None:
    before = np.full((1024, 1400, 3), 250, np.uint8)
    matte = np.zeros((1024, 1400), np.uint8)
    matte[:, 700:] = 128
    own = Variant(np.full((1024, 1400, 3), 10, np.uint8), 1, matte)
    edit = Edit(Box(0, 0, 1400, 1024), matte > 0, before, None, (own,))
    image = variant_thumbnail(edit, 0, 64).toImage()
    assert image.width() == 64
    assert image.pixelColor(16, 32).red() == 250
    assert image.pixelColor(48, 32).red() == shown_in_box(edit, 0)[0, -1, 0]
