from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.cutouts import cutout_of, is_cut_out, parts_of, pasted, placed
from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.edits import Edit, Recipe, Variant
from app.document.reshaping import reshaped
from app.storage import formats
from app.storage.formats.contents import Project
from lazydiff_core.contract import Box, Pixels
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.geometry.pixels import shown_through
from lazydiff_core.geometry.placement import Placement
from lazydiff_core.geometry.reshape import Reshape
from lazydiff_core.matting import Lifted

CANVAS = Box(0, 0, 80, 60)
HOLE = Box(10, 8, 50, 48)
GROUND = Recipe(ResolvedSettings(seed=7))


def base(channels: int = 3) -> Pixels:
    random = np.random.default_rng(4)
    return random.integers(0, 256, (*CANVAS.shape, channels), np.uint8)


def found(channels: int = 3) -> Lifted:
    """A soft disc of one colour on a ground of its own."""
    disc = np.zeros(HOLE.shape, np.uint8)
    cv2.circle(disc, (20, 20), 12, 255, cv2.FILLED)
    alpha = np.asarray(cv2.GaussianBlur(disc, (0, 0), 1.5), np.uint8)
    ground = np.full((*HOLE.shape, channels), 90, np.uint8)
    if channels == 4:
        ground[..., 3] = 255
    colours = np.full((*HOLE.shape, 3), (200, 30, 20), np.uint8)
    return Lifted(alpha, colours, ground)


def generated(channels: int = 3) -> EditStack:
    """A stack of one fill that shows the disc."""
    parts, canvas = found(channels), base(channels)
    shown = shown_through(parts.colours, parts.ground, parts.alpha)
    fill = Edit(
        box=HOLE,
        mask=np.ones(HOLE.shape, np.bool_),
        before=canvas[HOLE.slices].copy(),
        recipe=Recipe(ResolvedSettings(prompt="a disc")),
        variants=(Variant(shown, 3), Variant(shown, 4)),
        name="disc",
    )
    return EditStack(canvas, (fill,))


def lifted(channels: int = 3) -> EditStack:
    stack = generated(channels)
    return stack.parted(0, parts_of(stack.edits[0], found(channels), HOLE, GROUND, "Ground"))


def at(stack: EditStack, index: int, placement: Placement) -> EditStack:
    edit = placed(stack.edits[index], placement, CANVAS)
    assert edit is not None
    return stack.with_edit(index, edit)


@pytest.mark.parametrize("channels", [3, 4])
def test_lifted_the_picture_looks_as_before(channels: int) -> None:
    before = generated(channels)
    parts = parts_of(before.edits[0], found(channels), HOLE, GROUND, "Ground")

    stack = before.parted(0, parts)

    apart = np.abs(stack.pixels().astype(int) - before.pixels())

    assert apart.max() <= 1
    assert not apart[:8].any()
    assert [edit.name for edit in stack.edits] == ["Ground", "disc"]
    assert stack.edits[1].id == before.edits[0].id
    assert [is_cut_out(edit) for edit in stack.edits] == [False, True]
    assert not is_cut_out(before.edits[0])


def test_a_thing_on_what_was_there_before_leaves_no_ground_of_its_own() -> None:
    before = generated()
    beneath = before.edits[0].before

    parts = parts_of(before.edits[0], replace(found(), ground=beneath), HOLE, GROUND, "Ground")
    stack = before.parted(0, parts)

    assert [edit.name for edit in stack.edits] == ["disc"]
    assert is_cut_out(stack.edits[0])
    np.testing.assert_array_equal(stack.without(0).pixels(), before.base)


def test_a_faint_layer_is_lifted_as_it_is_seen() -> None:
    stack = generated()
    canvas = np.full_like(stack.base, 110)
    fill = replace(stack.edits[0], before=canvas[HOLE.slices].copy(), opacity=0.7)
    before = EditStack(canvas, (fill,))

    after = before.parted(0, parts_of(fill, found(), HOLE, GROUND, "Ground"))

    assert [edit.opacity for edit in after.edits] == [0.7, 0.7]
    assert np.abs(after.pixels().astype(int) - before.pixels()).max() <= 1


def test_what_lies_above_does_not_become_stale_by_lifting() -> None:
    stack = generated()
    above = replace(stack.edits[0], before=stack.pixels()[HOLE.slices].copy(), name="above")
    both = EditStack(stack.base, (stack.edits[0], replace(above, id=uuid4())))
    parted = both.parted(0, parts_of(both.edits[0], found(), HOLE, GROUND, "Ground"))

    assert [edit.stale for edit in parted.edits] == [False, False, False]
    np.testing.assert_array_equal(parted.edits[2].before, parted.pixels(2)[HOLE.slices])


@pytest.mark.parametrize("channels", [3, 4])
def test_moved_it_leaves_what_is_beneath_it(channels: int) -> None:
    stack = lifted(channels)
    thing = stack.edits[1]

    after = at(stack, 1, cutout_of(thing).placement.moved(24, 5))

    box = thing.box.shift(24, 5)
    assert after.edits[1].box == box
    bare, pixels = stack.pixels(1), after.pixels()
    np.testing.assert_array_equal(pixels[thing.box.slices][:, :20], bare[thing.box.slices][:, :20])
    matte = thing.variants[0].matte
    assert matte is not None
    expected = shown_through(thing.pixels[..., :3], bare[box.slices], matte)
    assert np.abs(pixels[box.slices].astype(int) - expected).max() <= 1


placements = st.builds(
    Placement,
    x=st.floats(5, 75),
    y=st.floats(5, 55),
    scale_x=st.sampled_from([-1.5, 0.5, 1.0, 2.0]),
    scale_y=st.sampled_from([-1.0, 0.7, 1.0]),
    angle=st.floats(-180, 180),
)


@given(st.lists(placements, min_size=1, max_size=4))
def test_many_transforms_are_as_sharp_as_the_last_alone(places: list[Placement]) -> None:
    stack = lifted()
    many = stack
    for placement in places:
        many = at(many, 1, placement)

    once = at(stack, 1, places[-1])

    np.testing.assert_array_equal(many.pixels(), once.pixels())
    assert many.edits[1].box == once.edits[1].box


@given(placements)
def test_put_back_the_picture_is_as_it_was(placement: Placement) -> None:
    stack = lifted()
    start = cutout_of(stack.edits[1]).placement

    again = at(at(stack, 1, placement), 1, start)

    np.testing.assert_array_equal(again.pixels(), stack.pixels())


def test_beyond_the_canvas_it_cannot_be_put() -> None:
    assert placed(lifted().edits[1], Placement(500, 20), CANVAS) is None


def test_a_part_beyond_the_canvas_comes_back() -> None:
    stack = lifted()
    start = cutout_of(stack.edits[1]).placement

    out = at(stack, 1, Placement(0, 0))
    assert out.edits[1].box.width < stack.edits[1].box.width
    np.testing.assert_array_equal(at(out, 1, start).pixels(), stack.pixels())


def test_a_pasted_picture_is_a_layer() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (20, 30, 4), np.uint8)

    edit = pasted(picture, Placement.on(Box(5, 6, 35, 26)), CANVAS, 3, "Pasted")

    assert edit is not None
    assert is_cut_out(edit)
    stack = EditStack(base(), (replace(edit, before=base()[edit.box.slices].copy()),))
    expected = shown_through(picture[..., :3], base()[6:26, 5:35], picture[..., 3])
    assert np.abs(stack.pixels()[6:26, 5:35].astype(int) - expected).max() <= 1
    assert pasted(picture, Placement(-90, 0), CANVAS, 3, "Pasted") is None


def test_a_painted_layer_moves_with_its_mask() -> None:
    stack = generated()
    mask = np.zeros(HOLE.shape, np.bool_)
    mask[5:20, 10:25] = True
    painted = replace(stack.edits[0], recipe=None, mask=mask)

    cutout = cutout_of(painted)

    assert cutout.pixels.shape == (15, 15, 4)
    assert cutout.placement == Placement.on(Box(20, 13, 35, 28))
    np.testing.assert_array_equal(cutout.pixels[..., :3], painted.pixels[5:20, 10:25])


def test_on_a_turned_canvas_it_is_placed_as_it_is_seen(document: Document) -> None:
    stack = at(lifted(), 1, Placement(40, 30, 1.3, 0.8, 20))
    document.restore(stack)
    how = Reshape(CANVAS, 1, mirrored=True)

    new = reshaped(document.content(), how)

    moved = EditStack.under(new.pixels, new.edits)
    cutout = cutout_of(new.edits[1])
    again = placed(new.edits[1], cutout.placement, Box.of(new.pixels.shape))
    assert again is not None
    apart = np.abs(moved.with_edit(1, again).pixels().astype(int) - new.pixels)
    assert np.count_nonzero(apart > 24) < 0.01 * apart.size


def test_reduced_and_saved_it_comes_back_as_sharp_as_it_was(tmp_path: Path) -> None:
    stack = lifted()
    start = cutout_of(stack.edits[1]).placement
    small = at(stack, 1, replace(start, scale_x=0.2, scale_y=0.2, angle=40))
    path = tmp_path / "a.lazydiff"

    formats.write(Project(small, np.zeros(CANVAS.shape, np.uint8)), path)
    opened = formats.read(path)

    assert not opened.problems
    again = at(opened.picture.stack, 1, start)
    np.testing.assert_array_equal(again.pixels(), stack.pixels())
