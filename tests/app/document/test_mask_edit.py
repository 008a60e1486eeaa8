from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.document.document import Document
from app.document.mask_edit import MaskEdit
from lazydiff_core.contract import Box

boxes = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    *(st.integers(0, 400), st.integers(0, 400), st.integers(1, 112), st.integers(1, 112)),
)
shapes = st.lists(st.tuples(boxes, st.booleans(), st.integers(0, 99)), min_size=1, max_size=6)


def paint(edit: MaskEdit, document: Document, parts: list[tuple[Box, bool, int]]) -> None:
    for box, value, seed in parts:
        noise = np.random.default_rng(seed).random(box.shape) < 0.5
        edit.paint(box, noise, value)
        assert (document.mask[box.slices][noise] == value).all()


@given(shapes, shapes)
def test_a_gesture_is_one_step_that_undoes_exactly(
    first: list[tuple[Box, bool, int]], second: list[tuple[Box, bool, int]]
) -> None:
    document = Document()
    states = [document.mask.copy()]
    for parts in (first, second):
        edit = MaskEdit(document)
        paint(edit, document, parts)
        painted = document.mask.copy()
        edit.commit("Paint mask")
        assert np.array_equal(document.mask, painted)
        if not np.array_equal(painted, states[-1]):
            states.append(painted)
    assert document.undo_stack.count() == len(states) - 1
    for state in reversed(states[:-1]):
        document.undo_stack.undo()
        assert np.array_equal(document.mask, state)
    for state in states[1:]:
        document.undo_stack.redo()
        assert np.array_equal(document.mask, state)


@given(shapes, shapes)
def test_cancelling_leaves_no_trace(
    before: list[tuple[Box, bool, int]], cancelled: list[tuple[Box, bool, int]]
) -> None:
    document = Document()
    edit = MaskEdit(document)
    paint(edit, document, before)
    edit.commit("Paint mask")
    mask, steps = document.mask.copy(), document.undo_stack.count()
    edit = MaskEdit(document)
    paint(edit, document, cancelled)
    edit.cancel()
    assert np.array_equal(document.mask, mask)
    assert document.undo_stack.count() == steps


def test_painting_shows_the_mask_again_and_cancelling_hides_it(document: Document) -> None:
    document.set_filled(True)
    edit = MaskEdit(document)
    edit.paint(Box(0, 0, 2, 2), np.ones((2, 2), np.bool_), True)
    assert not document.filled
    edit.cancel()
    assert document.filled


def test_painting_what_is_painted_already_is_no_step(document: Document) -> None:
    for _ in range(2):
        edit = MaskEdit(document)
        edit.paint(Box(5, 5, 14, 14), np.ones((9, 9), np.bool_), True)
        edit.commit("Paint mask")
    assert document.undo_stack.count() == 1
