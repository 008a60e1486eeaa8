"""Fills of canvases with alpha: what the model sees, what is opaque afterwards, what stays."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import RGBA, Cover, EditRequest, Mask, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.engine.model_crop import crop_for_model, cut_sketch
from lazydiff_core.engine.transparency import GREY, WHITE, ground_for, surroundings
from lazydiff_core.geometry.pixels import over_grey

SIDE = 96
BLENDERS = ("poisson", "feather", "none")


@pytest.fixture
def cut_out() -> RGBA:
    """A dark disc on nothing, its hidden pixels pink, with a soft rim."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    away = np.hypot(rows - SIDE / 2, columns - SIDE / 2)
    alpha = np.clip((30 - away) * 64, 0, 255).astype(np.uint8)
    colours = np.where(alpha[..., None] > 0, (40, 60, 90), (250, 0, 250)).astype(np.uint8)
    return np.dstack((colours, alpha))


@pytest.fixture
def hole() -> Mask:
    """From the disc into the nothing around it."""
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[40:60, 44:90] = True
    return mask


@pytest.mark.parametrize("blender", BLENDERS)
def test_a_fill_is_opaque_and_the_rest_stays_bit_by_bit(
    cut_out: RGBA, hole: Mask, blender: str
) -> None:
    request = EditRequest(cut_out, hole, prompt="disc", steps=2, blender=blender, variants=2)
    result = Engine(FakeBackend()).run(request)
    for number in range(2):
        image = result.image_of(number)
        assert image.shape == cut_out.shape
        assert (image[hole][:, 3] == 255).all()
        assert np.array_equal(image[~hole], cut_out[~hole])
    assert result.pixels_changed_outside_mask == 0


def test_a_soft_fill_raises_alpha_by_its_cover(cut_out: RGBA, hole: Mask) -> None:
    cover: Cover = np.where(hole, np.uint8(100), np.uint8(0))
    result = Engine(FakeBackend()).run(EditRequest(cut_out, hole, cover=cover, steps=2))
    clear = hole & (cut_out[..., 3] == 0)
    assert clear.any()
    assert (result.image[clear][:, 3] == 100).all()
    assert np.array_equal(result.image[~hole], cut_out[~hole])


@pytest.mark.parametrize("blender", BLENDERS)
def test_no_colour_that_nobody_sees_gets_into_a_fill(cut_out: RGBA, blender: str) -> None:
    """Hidden pixels have colours too, often left by an eraser."""
    hole = np.zeros((SIDE, SIDE), np.bool_)
    hole[4:14, 4:30] = True
    other = cut_out.copy()
    other[other[..., 3] == 0] = 0
    fills = [
        Engine(FakeBackend()).run(EditRequest(image, hole, prompt="disc", steps=2, blender=blender))
        for image in (cut_out, other)
    ]
    assert np.array_equal(fills[0].image[hole], fills[1].image[hole])


def test_the_model_sees_an_opaque_canvas_as_before(cut_out: RGBA, hole: Mask) -> None:
    info = FakeBackend().info
    opaque = np.dstack((cut_out[..., :3], np.full((SIDE, SIDE), 255, np.uint8)))
    flat = crop_for_model(cut_out[..., :3].copy(), hole, "auto", info)
    assert crop_for_model(opaque, hole, "auto", info).key == flat.key
    seen: ModelInput = crop_for_model(cut_out, hole, "auto", info).input
    expected = crop_for_model(over_grey(cut_out, WHITE), hole, "auto", info).input
    assert np.array_equal(seen.image, expected.image)


def test_a_pale_picture_is_seen_on_grey(cut_out: RGBA, hole: Mask) -> None:
    assert ground_for(cut_out, hole) == WHITE
    pale = cut_out.copy()
    pale[..., :3] = 250
    assert ground_for(pale, hole) == GREY
    nothing = np.zeros_like(pale)
    assert ground_for(nothing, hole) == WHITE
    assert ground_for(pale[..., :3], hole) == WHITE, "it covers everything"


def test_a_part_of_the_canvas_is_seen_as_the_whole(cut_out: RGBA, hole: Mask) -> None:
    """A context that was computed ahead, from a part, is the one that the fill finds."""
    info = FakeBackend().info
    large = np.zeros((SIDE * 4, SIDE * 8, 4), np.uint8)
    large[:SIDE, :SIDE] = cut_out
    large[-SIDE:, -SIDE:] = 255  # pale, and out of sight
    mask = np.zeros(large.shape[:2], np.bool_)
    mask[:SIDE, :SIDE] = hole
    whole = crop_for_model(large, mask, "near", info)
    seen = whole.window.box
    part = crop_for_model(large[: seen.bottom, : seen.right], mask[: seen.bottom, : seen.right],
                          "near", info)  # fmt: skip
    assert whole.key == part.key


def test_a_sketch_starts_over_the_ground(cut_out: RGBA, hole: Mask) -> None:
    sketch = np.zeros_like(cut_out)
    sketch[45:50, 50:85] = (200, 30, 40, 255)
    request = EditRequest(cut_out, hole, sketch=sketch, strength=0.5)
    crop = crop_for_model(cut_out, hole, "auto", FakeBackend().info)
    flat = EditRequest(over_grey(cut_out, WHITE), hole, sketch=sketch, strength=0.5)
    start, expected = cut_sketch(request, crop.window, crop.ground), cut_sketch(flat, crop.window)
    assert start is not None
    assert expected is not None
    assert np.array_equal(start, expected)
    assert Engine(FakeBackend()).run(request).image.shape == cut_out.shape


def test_clear_pixels_are_no_neighbours(cut_out: RGBA, hole: Mask) -> None:
    colours, open_to = surroundings(cut_out, hole)
    assert (open_to == (hole | (cut_out[..., 3] < 128))).all()
    assert (colours == (40, 60, 90)).all()
    nothing = np.zeros_like(cut_out)
    assert surroundings(nothing, hole)[1].all()


def test_previews_have_the_canvass_channels(cut_out: RGBA, hole: Mask) -> None:
    reports: list[Progress] = []
    request = EditRequest(cut_out, hole, prompt="disc", steps=3)
    Engine(FakeBackend()).run(request, reports.append)
    shown = [report for report in reports if report.preview is not None]
    assert shown
    for report in shown:
        assert report.box is not None
        assert report.preview is not None
        assert report.preview.shape == (*report.box.shape, 4)


def test_a_hole_in_pieces_keeps_alpha(cut_out: RGBA) -> None:
    image = np.tile(cut_out, (1, 30, 1))
    hole = np.zeros(image.shape[:2], np.bool_)
    hole[48:52, 8:-8] = True
    result = Engine(FakeBackend()).run(EditRequest(image, hole, steps=1))
    assert (result.image[hole][:, 3] == 255).all()
    assert np.array_equal(result.image[~hole], image[~hole])
