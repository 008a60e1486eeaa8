from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.controllers.files import blank
from app.document.commands import (
    EditsCommand,
    MaskCommand,
    SketchCommand,
    add_edit,
    change_edit,
    replace_mask,
    replace_sketch,
)
from app.document.document import UNDO_STEPS, Document
from app.engine.requests import edit_from, request_for
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.document.driving import add_fill, flip, sketched, square
from tests.app.doubles import INFO, result_for

SIZE = (40, 60)
State = tuple[object, ...]


class History(RuleBasedStateMachine):
    """Any row of steps, undos and redos agrees byte for byte with a list of snapshots."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self.states: list[State] = []
        self.at = 0

    @initialize()
    def begin(self) -> None:
        noise = np.random.default_rng(0).integers(0, 256, (*SIZE, 3), np.uint8)
        self.document.replace(noise)
        self.states = [self.snapshot()]

    def snapshot(self) -> State:
        document = self.document
        sketch = b"" if not document.has_sketch else document.sketch.tobytes()
        edits = tuple((edit.id, edit.chosen, edit.stale) for edit in document.edits)
        arrays = (document.pixels.tobytes(), document.mask.tobytes(), document.cover.tobytes())
        return (*arrays, sketch, document.filled, edits)

    def did(self, before: int) -> None:
        """Remember the state if the history has grown; a row of flips is one step."""
        index = self.document.undo_stack.index()
        if index == before:
            self.states[self.at] = self.snapshot()
        else:
            self.at += index - before
            self.states[self.at :] = [self.snapshot()]

    @property
    def index(self) -> int:
        return self.document.undo_stack.index()

    @rule(
        left=st.integers(0, 59),
        top=st.integers(0, 39),
        width=st.integers(1, 60),
        height=st.integers(1, 40),
        value=st.booleans(),
        on_mask=st.booleans(),
    )
    def stroke(
        self, left: int, top: int, width: int, height: int, value: bool, on_mask: bool
    ) -> None:
        index = self.index
        box = Box(left, top, left + width, top + height).intersection(self.document.box)
        if on_mask:
            square(self.document, box, value)
        else:
            sketched(self.document, box, left, value)
        if self.index != index:
            self.did(index)

    @rule()
    def invert(self) -> None:
        index = self.index
        replace_mask(self.document, "Invert mask", ~self.document.mask)
        self.did(index)

    @rule()
    def clear_sketch(self) -> None:
        index = self.index
        replace_sketch(self.document, "Clear sketch", np.zeros((*SIZE, 4), np.uint8))
        if self.index != index:
            self.did(index)

    @precondition(lambda self: self.document.has_mask)
    @rule(seed=st.integers(0, 99))
    def generate(self, seed: int) -> None:
        index = self.index
        before = self.document.pixels.copy()
        add_fill(self.document, seed, variants=3)
        changed = (before != self.document.pixels).any(axis=2)
        assert not (changed & ~self.document.mask).any()
        self.did(index)

    @precondition(lambda self: self.document.edits)
    @rule(place=st.integers(0, 99), number=st.integers(0, 2))
    def look_at_another(self, place: int, number: int) -> None:
        edits = self.document.edits
        edit = edits[place % len(edits)]
        # Not as one of a row of flips: a row that ends where it began is no step at all.
        if edit.chosen != number:
            index = self.index
            change_edit(self.document, "Other variant", replace(edit, chosen=number))
            self.did(index)

    @precondition(lambda self: self.document.edits)
    @rule(place=st.integers(0, 99))
    def discard(self, place: int) -> None:
        edits = self.document.edits
        index = self.index
        change_edit(self.document, "Discard", replace(edits[place % len(edits)], chosen=None))
        self.did(index)

    @rule()
    def undo(self) -> None:
        self.document.undo_stack.undo()
        self.at = max(self.at - 1, 0)

    @rule()
    def redo(self) -> None:
        self.document.undo_stack.redo()
        self.at = min(self.at + 1, len(self.states) - 1)

    @invariant()
    def agrees(self) -> None:
        if self.states:
            assert self.snapshot() == self.states[self.at]

    @invariant()
    def the_edits_make_the_picture(self) -> None:
        stack = self.document.stack()
        assert np.array_equal(stack.pixels(), self.document.pixels)
        for k, edit in enumerate(stack.edits):
            assert np.array_equal(edit.before, stack.pixels(k)[edit.box.slices])


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=20, stateful_step_count=25)


def test_a_fill_lands_in_the_hole_only(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    square(document, Box(15, 15, 20, 20), value=False)
    add_fill(document)
    changed = (document.pixels != 255).any(axis=2)
    assert np.array_equal(changed, document.mask)


def test_the_mask_stays_after_a_fill_and_is_shown_after_undo(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    mask = document.mask.copy()
    add_fill(document)
    assert np.array_equal(document.mask, mask)
    assert document.filled
    document.undo_stack.undo()
    assert np.array_equal(document.mask, mask)
    assert not document.filled


def test_a_fill_of_another_mask_leaves_the_present_one_pending(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    request = request_for(document, GenerationSettings())
    square(document, Box(100, 10, 120, 30))
    edit = edit_from(request, result_for(request), INFO, document.pixels)
    add_edit(document, "Fill", edit)
    assert not document.filled


def test_a_fill_that_arrives_late_is_laid_on_what_is_there(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    late = request_for(document, GenerationSettings(seed=7))
    add_fill(document, seed=3)
    edit = edit_from(late, result_for(late), INFO, document.pixels)
    add_edit(document, "Fill", edit)
    document.undo_stack.undo()
    assert document.pixels[15, 15, 0] == 13, "the first fill again"


def test_what_a_fill_used_of_the_sketch_is_spent_and_returns_with_undo(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    sketched(document, Box(5, 5, 25, 25))
    before = document.sketch.copy()
    edit = add_fill(document)
    assert edit.sketch is not None
    assert not document.sketch[document.mask].any()
    beside = ~document.mask
    assert np.array_equal(document.sketch[beside], before[beside])
    assert document.has_sketch
    document.undo_stack.undo()
    assert np.array_equal(document.sketch, before)
    document.undo_stack.redo()
    assert not document.sketch[document.mask].any()


def test_a_stroke_that_a_fill_has_not_seen_is_not_spent_by_it(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    sketched(document, Box(10, 10, 20, 20))
    request = request_for(document, GenerationSettings(strength=0.5))
    sketched(document, Box(20, 20, 30, 30))
    add_edit(document, "Fill", edit_from(request, result_for(request), INFO, document.pixels))
    assert not document.sketch[15, 15].any()
    assert document.sketch[25, 25].any()


@pytest.mark.parametrize(("where", "filled"), [((12, 12), False), ((100, 100), True)])
def test_only_a_sketch_in_its_mask_asks_for_another_fill(
    document: Document, where: tuple[int, int], filled: bool
) -> None:
    square(document, Box(10, 10, 30, 30))
    add_fill(document)
    left, top = where
    sketched(document, Box(left, top, left + 8, top + 8))
    assert document.filled is filled
    document.undo_stack.undo()
    assert document.filled


def test_looking_through_variants_is_one_step(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    edit = add_fill(document, seed=3, variants=3)
    first = document.pixels.copy()
    steps = document.undo_stack.count()
    flip(document, edit, 1)
    flip(document, edit, 2)
    assert document.undo_stack.count() == steps + 1
    assert document.pixels[15, 15, 0] == edit.variants[2].pixels[0, 0, 0]
    document.undo_stack.undo()
    assert np.array_equal(document.pixels, first)


def test_coming_back_to_the_first_variant_is_no_step(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    edit = add_fill(document, variants=2)
    steps = document.undo_stack.count()
    flip(document, edit, 1)
    flip(document, edit, 0)
    assert document.undo_stack.count() == steps


def test_variants_of_two_fills_are_two_steps(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    first, second = add_fill(document, variants=2), add_fill(document, variants=2)
    steps = document.undo_stack.count()
    flip(document, first, 1)
    flip(document, second, 1)
    assert document.undo_stack.count() == steps + 2


def test_discarding_shows_the_mask_again(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    edit = add_fill(document)
    change_edit(document, "Discard variant", replace(edit, chosen=None))
    assert (document.pixels == 255).all()
    assert not document.filled


def test_an_edit_that_has_gone_cannot_be_changed(document: Document) -> None:
    square(document, Box(10, 10, 30, 30))
    edit = add_fill(document)
    document.undo_stack.undo()
    steps = document.undo_stack.count()
    change_edit(document, "Other variant", edit)
    assert document.undo_stack.count() == steps


def test_steps_hold_changed_boxes_only(document: Document) -> None:
    document.replace(np.full((1000, 1000, 3), 255, np.uint8))
    square(document, Box(10, 10, 30, 40))
    sketched(document, Box(0, 0, 20, 30))
    edit = add_fill(document, variants=2)
    flip(document, edit, 1)
    commands = [document.undo_stack.command(k) for k in range(4)]
    mask, sketch, landed, flipped = commands
    assert isinstance(mask, MaskCommand)
    assert mask.nbytes < 100, "compressed"
    assert isinstance(sketch, SketchCommand)
    assert sketch.nbytes == 20 * 30 * 4
    assert isinstance(landed, EditsCommand)
    spent = 10 * 20 * 4  # of the sketch, where it lay in the mask
    assert landed.nbytes == 20 * 30 * (1 + 3 + 2 * 3 + 4) + spent, (
        "mask, before, two variants, sketch"
    )
    assert isinstance(flipped, EditsCommand)
    assert flipped.nbytes == 0


def test_history_is_limited(document: Document) -> None:
    document.replace(blank(document.size))
    for number in range(UNDO_STEPS + 20):
        square(document, Box(number % 500, number // 500, number % 500 + 1, number // 500 + 1))
    assert document.undo_stack.count() == UNDO_STEPS
