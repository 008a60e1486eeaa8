from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from app.canvas.layers import Layers
from app.canvas.mask_layers import MaskLook
from app.canvas.transform import Transform
from app.document.document import Document
from app.ui.chequer import chequer
from lazydiff_core.contract import Box
from tests.app.document.driving import add_fill, square

VIEW = QRect(0, 0, 200, 160)
ACTUAL = Transform(1.0, 20.0, 10.0)


@pytest.fixture
def small(document: Document) -> Document:
    """A noisy 150 x 110 canvas with a mask of 40 x 30 in it."""
    noise = np.random.default_rng(0).integers(0, 256, (110, 150, 3), np.uint8)
    document.replace(noise)
    document.write_mask(Box(50, 40, 90, 70), np.ones((30, 40), np.bool_))
    return document


def shown(
    layers: Layers, transform: Transform = ACTUAL, parts: tuple[QRect, ...] = (VIEW,)
) -> npt.NDArray[np.uint8]:
    """(H, W, 3) what the layers paint, all at once or part by part."""
    image = QImage(VIEW.size(), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    for part in parts:
        painter.setClipRect(part)
        layers.paint(painter, part, transform, 1.0)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(VIEW.height(), VIEW.width(), 4)
    return pixels[..., 2::-1].copy()


def test_the_picture_is_shown_as_it_is(small: Document) -> None:
    picture = shown(Layers(small))[10:120, 20:170]
    assert np.array_equal(picture[:30], small.pixels[:30])


def test_the_mask_tints_what_is_to_be_filled(small: Document) -> None:
    tinted = shown(Layers(small))[60, 90].astype(int)
    bare = small.pixels[50, 70].astype(int)
    expected = (bare + np.array([255, 45, 60])) / 2
    assert np.abs(tinted - expected).max() <= 2


def test_a_filled_mask_is_an_outline(small: Document) -> None:
    layers = Layers(small)
    small.set_filled(True)
    picture = shown(layers)
    assert np.array_equal(picture[60, 90], small.pixels[50, 70])


@pytest.mark.parametrize("filled", [False, True])
def test_the_outline_is_dashed_dark_and_light(small: Document, filled: bool) -> None:
    small.set_filled(filled)
    picture = shown(Layers(small))
    for side in (picture[50, 72:108], picture[52:78, 70]):
        assert (side == 0).all(axis=1).any()
        assert (side == 255).all(axis=1).any()
        assert ((side == 0) | (side == 255)).all()


def test_a_preview_shows_inside_the_hole_only(small: Document) -> None:
    layers = Layers(small)
    hole = np.ones((30, 40), np.bool_)
    hole[:, :20] = False
    layers.show_preview(Box(50, 40, 90, 70), np.full((30, 40, 3), 99, np.uint8), hole)
    picture = shown(layers)
    assert (picture[65, 100] == 99).all()
    assert not (picture[65, 80] == 99).all()
    layers.clear_preview()
    assert not (shown(layers)[65, 100] == 99).all()


@pytest.mark.parametrize("scale", [0.3, 0.77, 1.0, 1.4, 3.0, 14.89])
def test_painting_in_parts_leaves_no_seams(small: Document, scale: float) -> None:
    layers = Layers(small)
    transform = Transform(scale, 20.0, 10.0)
    parts = tuple(
        QRect(x, y, 40, 32) for y in range(0, VIEW.height(), 32) for x in range(0, 200, 40)
    )
    at_once, in_parts = (shown(layers, transform), shown(layers, transform, parts))
    # Qt rounds smooth scaling by where a part begins: one grey level, which nobody sees.
    seen = 0 if scale == 1 or scale > 2 else 1
    assert np.abs(at_once.astype(int) - in_parts).max() <= seen


def test_zoomed_out_shows_means_of_what_is_there(document: Document) -> None:
    stripes = np.zeros((400, 400, 3), np.uint8)
    stripes[:, ::2] = 200
    document.replace(stripes)
    picture = shown(Layers(document), Transform(0.25, 0.0, 0.0))
    assert np.abs(picture[20:80, 20:80].astype(int) - 100).max() <= 1


def test_zoomed_in_shows_squares(document: Document) -> None:
    document.replace(np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8))
    layers = Layers(document)
    layers.set_grid(False)
    picture = shown(layers, Transform(16.0, 0.0, 0.0))
    assert (picture[:16, :16] == picture[0, 0]).all()
    assert np.array_equal(picture[0, 16], document.pixels[0, 1])


def test_only_what_changed_is_repainted(small: Document) -> None:
    layers = Layers(small)
    regions: list[QRect] = []
    layers.changed.connect(regions.append)
    small.write_mask(Box(1, 2, 4, 6), np.ones((4, 3), np.bool_))
    assert regions == [QRect(1, 2, 3, 4)]


@pytest.mark.parametrize(
    "transform",
    [
        Transform(1.7, 90.0, -10.0, 25.0),
        Transform(5.3, -30.0, -80.0, -110.0, mirrored=True),
        Transform(1.0, 190.0, 10.0, mirrored=True),
        Transform(0.4, 90.0, 10.0, 45.0),
    ],
)
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_turned_mirrored_and_dense_screens_leave_no_seams(
    small: Document, transform: Transform, ratio: float
) -> None:
    layers = Layers(small)
    layers.set_grid(False)  # lines are Qt's: where they are cut, they may step by a pixel
    pictures = []
    for parts in (
        [VIEW],
        [QRect(x, y, 37, 31) for y in range(0, 160, 31) for x in range(0, 200, 37)],
    ):
        image = QImage(VIEW.size() * ratio, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        painter.scale(ratio, ratio)
        for part in parts:
            layers.paint(painter, part.intersected(VIEW), transform, ratio)
        painter.end()
        rows = np.frombuffer(image.constBits(), np.uint8)
        pictures.append(rows.reshape(image.height(), image.width(), 4)[..., :3].astype(int))
    different = np.abs(pictures[0] - pictures[1]).max(axis=2)
    # Where parts meet between screen pixels, the screen shows one of the two.
    assert np.count_nonzero(different > 1) <= (0.001 if ratio != 1.5 else 0.03) * different.size


def test_quick_mask_shows_the_colour_or_the_outline_alone(small: Document) -> None:
    layers = Layers(small)
    heard: list[bool] = []
    layers.quick_mask_changed.connect(heard.append)
    layers.set_quick_mask(False)
    assert np.array_equal(shown(layers)[60, 90], small.pixels[50, 70])
    assert (shown(layers)[50, 72:108] == 255).all(axis=1).any()
    layers.set_quick_mask(True)
    assert not np.array_equal(shown(layers)[60, 90], small.pixels[50, 70])
    assert heard == [False, True]


def test_quick_mask_shows_a_filled_mask_until_the_next_fill(small: Document) -> None:
    layers = Layers(small)
    small.set_filled(True)
    assert not layers.quick_mask
    layers.set_quick_mask(True)
    assert not np.array_equal(shown(layers)[60, 90], small.pixels[50, 70])
    small.set_filled(False)
    small.set_filled(True)
    assert not layers.quick_mask


def test_the_artists_choice_outlives_a_fill(small: Document) -> None:
    layers = Layers(small)
    layers.set_quick_mask(False)
    small.set_filled(True)
    small.set_filled(False)
    assert not layers.quick_mask


def test_what_stays_is_tinted_up_to_the_border_of_the_canvas_only(small: Document) -> None:
    layers = Layers(small)
    layers.set_mask_look(MaskLook(rest=True))
    picture = shown(layers)
    assert np.array_equal(picture[60, 90], small.pixels[50, 70])
    assert not np.array_equal(picture[20, 30], small.pixels[10, 10])
    assert (picture[5, 5] == 0).all()


def test_the_outline_surrounds_every_pixel_that_may_change(document: Document) -> None:
    cover = np.zeros((512, 512), np.uint8)
    cover[40:70, 50:90] = 3
    document.write_cover(document.box, cover)
    picture = shown(Layers(document))
    for side in (picture[50, 72:108], picture[52:78, 70]):
        assert (side == 0).all(axis=1).any()


def test_a_preview_that_goes_repaints_its_own_place(small: Document) -> None:
    layers = Layers(small)
    layers.show_preview(Box(5, 6, 12, 14), np.zeros((8, 7, 3), np.uint8), np.ones((8, 7), np.bool_))
    regions: list[QRect] = []
    layers.changed.connect(regions.append)
    layers.clear_preview()
    layers.clear_preview()
    assert regions == [QRect(5, 6, 7, 8)]


# --- pictures that can be transparent ------------------------------------------------------------


@pytest.fixture
def cut_out(document: Document) -> Document:
    """A noisy 150 x 110 canvas: opaque at the left, half transparent, and clear at the right."""
    noise = np.random.default_rng(0).integers(0, 256, (110, 150, 4), np.uint8)
    noise[..., 3] = np.repeat(np.uint8([255, 128, 0]), 50)
    document.replace(noise)
    return document


def test_a_chequerboard_shows_through(cut_out: Document) -> None:
    picture = shown(Layers(cut_out))[10:120, 20:170]
    # The squares lie where they lie on the screen, whatever is scrolled beneath them.
    board = chequer(VIEW.height(), VIEW.width())[10:120, 20:170].astype(int)
    pixels = cut_out.pixels.astype(int)
    assert np.array_equal(picture[:, :50], pixels[:, :50, :3])
    assert np.array_equal(picture[:, 100:], board[:, 100:])
    mixed = board + (pixels[..., :3] - board) * 128 / 255
    assert np.abs(picture - mixed)[:, 50:100].max() <= 2
    around = shown(Layers(cut_out))
    around[10:120, 20:170] = 0
    assert not around.any(), "no chequerboard beyond the canvas"


@pytest.mark.parametrize("zoom", [0.23, 0.7, 1.0, 3.0])
def test_pieces_of_a_clear_picture_join(cut_out: Document, zoom: float) -> None:
    layers = Layers(cut_out)
    turned = Transform(zoom, 90.0, 60.0, angle=20)
    parts = (QRect(0, 0, 77, 160), QRect(77, 0, 123, 51), QRect(77, 51, 123, 109))
    at_once, in_parts = shown(layers, turned), shown(layers, turned, parts)
    different = np.abs(at_once.astype(int) - in_parts).max(axis=2)
    assert np.count_nonzero(different > 1) <= 0.001 * different.size


def test_hidden_colours_do_not_show_when_zoomed_out(cut_out: Document) -> None:
    """The mean of a clear and an opaque pixel is half as opaque, not of a mean colour."""
    striped = np.zeros((110, 150, 4), np.uint8)
    striped[::2] = (200, 0, 0, 255)
    striped[1::2] = (0, 255, 0, 0)
    cut_out.replace(striped)
    picture = shown(Layers(cut_out), Transform(0.5, 0.0, 0.0))[:50, :70].astype(int)
    board = chequer(50, 70).astype(int)
    assert np.abs(picture - (board + np.array((200, 0, 0))) / 2).max() <= 2


def test_a_fill_shows_at_once(cut_out: Document) -> None:
    layers = Layers(cut_out)
    shown(layers)
    box = Box(110, 40, 130, 60)
    square(cut_out, box)
    add_fill(cut_out)
    picture = shown(layers)[10:120, 20:170]
    assert np.array_equal(picture[45:55, 115:125], cut_out.pixels[45:55, 115:125, :3])
    cut_out.undo_stack.undo()
    picture = shown(layers)[10:120, 20:170]
    board = chequer(VIEW.height(), VIEW.width())[10:120, 20:170]
    assert not np.array_equal(picture[45:55, 115:125], cut_out.pixels[45:55, 115:125, :3])
    cut_out.set_filled(True)  # the tint off
    assert np.array_equal(shown(layers)[10:120, 20:170][45:55, 115:125], board[45:55, 115:125])


def test_a_clear_preview_hides_what_is_beneath(cut_out: Document) -> None:
    """Comparing with what a fill has covered: there was nothing."""
    layers = Layers(cut_out)
    box = Box(10, 20, 40, 60)
    before = np.zeros((40, 30, 4), np.uint8)
    before[:20] = (1, 2, 3, 255)
    hole = np.ones((40, 30), np.bool_)
    hole[:, :10] = False
    layers.show_preview(box, before, hole)
    picture = shown(layers)[10:120, 20:170]
    board = chequer(VIEW.height(), VIEW.width())[10:120, 20:170]
    assert np.array_equal(picture[45:60, 20:40], board[45:60, 20:40])
    assert (picture[20:40, 20:40] == (1, 2, 3)).all()
    assert np.array_equal(picture[20:60, 10:20], cut_out.pixels[20:60, 10:20, :3])
    layers.clear_preview()
    picture = shown(layers)[10:120, 20:170]
    assert np.array_equal(picture[:, :50], cut_out.pixels[:, :50, :3])
