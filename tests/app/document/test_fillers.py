"""Colours and gradients against their formulas, and the layers that they become."""

from __future__ import annotations

import numpy as np
import pytest

from app.document.document import Document
from app.document.edits import Variant
from app.document.fillers import Gradient, Plain, pour
from lazydiff_core.contract import Box
from lazydiff_core.geometry.pixels import shown_through

RED, BLUE = (200, 30, 40), (10, 60, 250)


def variant(document: Document) -> Variant:
    found = document.edits[-1].variant
    assert found is not None
    return found


def test_a_linear_gradient_goes_along_its_line_and_stays_beyond_its_ends() -> None:
    fill = Gradient((10.5, 5.0), (20.5, 5.0), (0, 0, 0), (200, 100, 50))
    colours, cover = fill(Box(0, 3, 40, 8))
    assert (cover == 255).all()
    assert (colours == colours[:1]).all(), "across the line nothing changes"
    row = colours[0].astype(float)
    assert (row[:11] == 0).all()
    assert (row[20:] == (200, 100, 50)).all()
    wanted = np.arange(1, 10)[:, None] / 10 * (200, 100, 50)
    assert np.abs(row[11:20] - wanted).max() <= 1


def test_a_slanted_gradient_is_even_across_its_line() -> None:
    colours, _ = Gradient((0, 0), (30, 30), (0, 0, 0), (255, 255, 255))(Box(0, 0, 40, 40))
    yy, xx = np.mgrid[:40, :40] + 0.5
    wanted = np.clip((xx + yy) / 60, 0, 1) * 255
    assert np.abs(colours[..., 0] - wanted).max() <= 1


def test_a_radial_gradient_fades_around_its_start() -> None:
    colours, cover = Gradient((20.5, 20.5), (30.5, 20.5), RED, None, "radial")(Box(0, 0, 41, 41))
    assert (colours == RED).all()
    assert cover[20, 20] == 255
    assert cover[20, 25] == pytest.approx(127.5, abs=1)
    assert cover[25, 20] == cover[20, 25]
    assert cover[20, 31] == 0


def test_a_gradient_without_a_length_has_an_end() -> None:
    colours, _ = Gradient((5, 5), (5, 5), RED, BLUE)(Box(0, 0, 20, 20))
    assert {tuple(c) for c in colours.reshape(-1, 3).tolist()} <= {RED, BLUE}


def test_what_is_poured_is_a_layer_and_one_step(document: Document) -> None:
    area = np.zeros((20, 30), np.bool_)
    area[5:15, 10:30] = True
    assert pour(document, "Bucket fill", Box(100, 50, 130, 70), area, Plain(RED))
    (edit,) = document.edits
    assert edit.box == Box(110, 55, 130, 65)
    assert edit.recipe is None
    assert edit.name == "Bucket fill"
    assert (document.pixels[55:65, 110:130] == RED).all()
    assert np.count_nonzero((document.pixels != 255).any(axis=2)) == 200
    document.undo_stack.undo()
    assert (document.pixels == 255).all()
    document.undo_stack.redo()
    assert (document.pixels[60, 120] == RED).all()


def test_a_soft_mask_confines_it(document: Document) -> None:
    cover = np.zeros((512, 512), np.uint8)
    cover[100:200, 100:200] = 255
    cover[100:200, 200:210] = 100
    document.write_cover(document.box, cover)
    assert pour(document, "Color fill", document.box, np.ones_like(document.mask), Plain(BLUE))
    white = np.full((512, 512, 3), 255, np.uint8)
    blue = np.full_like(white, BLUE)
    assert np.array_equal(document.pixels, shown_through(blue, white, cover))
    matte = variant(document).matte
    assert matte is not None
    assert np.array_equal(matte, cover[100:200, 100:210])


def test_nothing_is_no_layer(document: Document) -> None:
    document.write_mask(Box(0, 0, 10, 10), np.ones((10, 10), np.bool_))
    assert not pour(document, "Fill", Box(20, 20, 30, 30), np.ones((10, 10), np.bool_), Plain(RED))
    assert document.edits == ()
    assert document.undo_stack.count() == 0


def test_on_a_clear_canvas_it_covers_as_much_as_it_shows(document: Document) -> None:
    document.replace(np.zeros((40, 40, 4), np.uint8))
    fill = Gradient((0, 0), (40, 0), RED, None)
    assert pour(document, "Gradient", document.box, np.ones_like(document.mask), fill)
    row = document.pixels[20]
    assert (np.diff(row[:, 3].astype(int)) <= 0).all()
    assert (row[row[:, 3] > 0, :3] == RED).all()
