"""Strokes on layers: what is seen, what is undone, what the stack is afterwards."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.document.brush_colours import RGBColour
from app.document.commands import EditsCommand
from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.paint_edit import PaintEdit
from lazydiff_core.contract import RGB, Box
from lazydiff_core.geometry.compositing import BlendMode
from lazydiff_core.geometry.pixels import shown_through
from tests.app.document.driving import add_fill, square

RED, BLUE = (200, 30, 40), (10, 60, 250)


def stroke(
    document: Document,
    *boxes: Box,
    colour: RGBColour = RED,
    target: UUID | None = None,
    value: bool = True,
    cover: int = 255,
) -> None:
    edit = PaintEdit(document, colour, target)
    for box in boxes:
        edit.paint(box, np.full(box.shape, cover, np.uint8), value)
    edit.commit("Paint")


def is_sound(document: Document) -> bool:
    """The pixels are the base with all edits on it, and each edit knows what is beneath it."""
    stack = document.stack()
    beneath = [stack.pixels(k)[e.box.slices] for k, e in enumerate(document.edits)]
    return np.array_equal(stack.pixels(), document.pixels) and all(
        np.array_equal(edit.before, below)
        for edit, below in zip(document.edits, beneath, strict=True)
    )


def test_a_stroke_is_seen_at_once_and_is_a_layer_in_the_end(document: Document) -> None:
    edit = PaintEdit(document, RED, None)
    edit.paint(Box(100, 100, 140, 120), np.full((20, 40), 128, np.uint8), True)
    assert document.is_wet
    seen = document.pixels.copy()
    white, red = np.full((20, 40, 3), 255, np.uint8), np.full((20, 40, 3), RED, np.uint8)
    half = np.full((20, 40), 128, np.uint8)
    assert np.array_equal(seen[100:120, 100:140], shown_through(red, white, half))
    assert (document.dry_pixels() == 255).all()
    edit.commit("Paint")
    assert np.array_equal(document.pixels, seen)
    (layer,) = document.edits
    assert layer.box == Box(100, 100, 140, 120)
    assert layer.name == "Paint"
    document.undo_stack.undo()
    assert (document.pixels == 255).all()


def test_what_crosses_itself_is_not_laid_twice(document: Document) -> None:
    stroke(document, Box(10, 10, 50, 50), Box(30, 30, 70, 70), cover=128)
    assert (document.pixels[40, 40] == document.pixels[20, 20]).all()


def test_further_strokes_extend_the_layer_by_one_small_step_each(document: Document) -> None:
    stroke(document, Box(100, 100, 140, 120))
    layer = document.edits[0].id
    states = [document.pixels.copy()]
    for box, colour in ((Box(300, 300, 310, 310), BLUE), (Box(110, 90, 130, 400), RED)):
        stroke(document, box, colour=colour, target=layer)
        states.append(document.pixels.copy())
        assert is_sound(document)
    assert [edit.id for edit in document.edits] == [layer]
    assert document.edits[0].box == Box(100, 90, 310, 400)
    assert document.undo_stack.count() == 3
    for state in reversed(states[:-1]):
        document.undo_stack.undo()
        assert np.array_equal(document.pixels, state)
        assert is_sound(document)
    assert document.edits[0].box == Box(100, 100, 140, 120)
    for state in states[1:]:
        document.undo_stack.redo()
        assert np.array_equal(document.pixels, state)


def test_an_eraser_takes_paint_away_and_nothing_else(document: Document) -> None:
    document.replace(np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8))
    before = document.pixels.copy()
    stroke(document, Box(100, 100, 200, 200), value=False)
    assert document.undo_stack.count() == 0, "there was nothing to erase"
    stroke(document, Box(100, 100, 200, 200))
    layer = document.edits[0].id
    stroke(document, Box(150, 50, 400, 400), value=False, target=layer)
    assert np.array_equal(document.pixels[:, 150:], before[:, 150:])
    assert (document.pixels[100:200, 100:150] == RED).all()
    assert is_sound(document)
    stroke(document, Box(300, 300, 310, 310), value=False, target=layer)
    assert document.undo_stack.count() == 2, "nothing has changed"


def test_a_mask_confines_strokes(document: Document) -> None:
    square(document, Box(100, 100, 150, 150))
    stroke(document, Box(120, 120, 300, 300))
    changed = (document.pixels != 255).any(axis=2)
    assert changed[120:150, 120:150].all()
    assert np.count_nonzero(changed) == 30 * 30


def test_a_cancelled_stroke_leaves_nothing(document: Document) -> None:
    edit = PaintEdit(document, RED, None)
    edit.paint(Box(100, 100, 400, 400), np.full((300, 300), 255, np.uint8), True)
    edit.cancel()
    assert (document.pixels == 255).all()
    assert not document.is_wet
    assert document.undo_stack.count() == 0


def test_generated_edits_are_not_painted_on(document: Document) -> None:
    square(document, Box(100, 100, 200, 200))
    fill = add_fill(document)
    document.write_mask(document.box, np.zeros((512, 512), np.bool_))
    stroke(document, Box(120, 120, 140, 140), target=fill.id)
    assert len(document.edits) == 2
    assert document.edits[0] is fill


def test_a_layer_below_others_is_painted_beneath_them(document: Document) -> None:
    stroke(document, Box(100, 100, 200, 200), cover=128)
    lower = document.edits[0].id
    stroke(document, Box(150, 150, 250, 250), colour=BLUE, cover=100)
    edit = PaintEdit(document, (0, 255, 0), lower)
    edit.paint(Box(120, 120, 240, 240), np.full((120, 120), 200, np.uint8), True)
    seen = document.pixels.copy()
    edit.commit("Paint")
    assert np.array_equal(document.pixels, seen), "what was shown is what it is"
    assert is_sound(document)
    assert [e.id == lower for e in document.edits] == [True, False]
    document.undo_stack.undo()
    assert is_sound(document)


@pytest.mark.parametrize("blend", list(BlendMode))
def test_blend_mode_and_opacity_hold_while_painting(document: Document, blend: BlendMode) -> None:
    document.replace(np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8))
    stroke(document, Box(100, 100, 200, 200))
    layer = replace(document.edits[0], opacity=0.6, blend=blend)
    edits = EditStack.under(document.pixels, document.edits).with_edit(0, layer).edits
    document.undo_stack.push(EditsCommand(document, "Blend", edits))
    edit = PaintEdit(document, BLUE, layer.id)
    edit.paint(Box(150, 150, 300, 300), np.full((150, 150), 180, np.uint8), True)
    seen = document.pixels.copy()
    edit.commit("Paint")
    assert np.array_equal(document.pixels, seen)
    assert is_sound(document)


def test_what_changes_the_edits_meanwhile_does_not_meet_wet_paint(document: Document) -> None:
    stroke(document, Box(100, 100, 140, 120))
    edit = PaintEdit(document, BLUE, document.edits[0].id)
    edit.paint(Box(200, 200, 240, 240), np.full((40, 40), 255, np.uint8), True)
    document.undo_stack.undo()
    assert (document.pixels == 255).all()
    assert np.array_equal(document.stack().base, document.pixels)
    edit.commit("Paint")
    assert is_sound(document)
    assert (document.pixels[220, 220] == BLUE).all(), "the stroke is not lost"


steps = some.lists(
    some.tuples(
        some.integers(0, 60),
        some.integers(0, 60),
        some.integers(1, 40),
        some.integers(1, 255),
        some.booleans(),
        some.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


@given(steps, some.booleans())
def test_any_strokes_can_be_undone_byte_for_byte(
    strokes: list[tuple[int, int, int, int, bool, int]], clear: bool
) -> None:
    noise: RGB = np.random.default_rng(1).integers(0, 256, (64, 80, 4 if clear else 3), np.uint8)
    document = Document()
    document.replace(noise)
    states = [document.pixels.copy()]
    for x, y, side, cover, value, number in strokes:
        target = document.edits[number].id if number < len(document.edits) else None
        count = document.undo_stack.count()
        box = Box(x, y, x + side, y + side).intersection(document.box)
        stroke(document, box, colour=(x, y, side), target=target, value=value, cover=cover)
        assert is_sound(document)
        if document.undo_stack.count() > count:
            states.append(document.pixels.copy())
    for state in reversed(states[:-1]):
        document.undo_stack.undo()
        assert np.array_equal(document.pixels, state)
        assert is_sound(document)
    for state in states[1:]:
        document.undo_stack.redo()
        assert np.array_equal(document.pixels, state)
