from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from PySide6.QtCore import QRect

from app.commands import fill_command, replace_mask
from app.document import UNDO_STEPS, Document
from app.files import blank
from app.mask_edit import MaskEdit
from lazydiff_core.contract import EditRequest, EditResult, Mask
from tests.app.doubles import result_for

SIZE = (40, 60)


def square(document: Document, rect: QRect, value: bool = True) -> None:
    edit = MaskEdit(document)
    edit.paint(rect, np.ones((rect.height(), rect.width()), np.bool_), value)
    edit.commit("Paint mask")


def fill(document: Document, seed: int = 1, variants: int = 1) -> tuple[EditResult, Mask]:
    request = EditRequest(
        document.pixels.copy(), document.mask.copy(), seed=seed, variants=variants
    )
    result = result_for(request)
    document.undo_stack.push(fill_command(document, "Fill", result, request.mask, 0, flip=False))
    return result, request.mask


def flip(document: Document, result: EditResult, mask: Mask, number: int) -> None:
    document.undo_stack.push(
        fill_command(document, "Other variant", result, mask, number, flip=True)
    )


class History(RuleBasedStateMachine):
    """Any row of steps, undos and redos agrees byte for byte with a list of snapshots."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self.states: list[tuple[bytes, bytes, bool]] = []
        self.at = 0

    @initialize()
    def begin(self) -> None:
        noise = np.random.default_rng(0).integers(0, 256, (*SIZE, 3), np.uint8)
        self.document.replace(noise)
        self.states = [self.snapshot()]

    def snapshot(self) -> tuple[bytes, bytes, bool]:
        document = self.document
        return document.pixels.tobytes(), document.mask.tobytes(), document.filled

    def did(self, before: int) -> None:
        """Remember the state if the history has grown."""
        if self.document.undo_stack.index() != before:
            self.states[self.at + 1 :] = [self.snapshot()]
            self.at += 1

    @rule(
        left=st.integers(0, 59),
        top=st.integers(0, 39),
        width=st.integers(1, 60),
        height=st.integers(1, 40),
        value=st.booleans(),
    )
    def stroke(self, left: int, top: int, width: int, height: int, value: bool) -> None:
        index = self.document.undo_stack.index()
        rect = QRect(left, top, width, height).intersected(self.document.rect)
        square(self.document, rect, value)
        self.did(index)

    @rule()
    def invert(self) -> None:
        index = self.document.undo_stack.index()
        replace_mask(self.document, "Invert mask", ~self.document.mask)
        self.did(index)

    @rule()
    def clear(self) -> None:
        index = self.document.undo_stack.index()
        replace_mask(self.document, "Clear mask", np.zeros(SIZE, np.bool_))
        self.did(index)

    @precondition(lambda self: self.document.has_mask)
    @rule(seed=st.integers(0, 99))
    def generate(self, seed: int) -> None:
        index = self.document.undo_stack.index()
        before = self.document.pixels.copy()
        fill(self.document, seed)
        changed = (before != self.document.pixels).any(axis=2)
        assert not (changed & ~self.document.mask).any()
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


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=20, stateful_step_count=25)


def test_a_fill_lands_in_the_hole_only(document: Document) -> None:
    square(document, QRect(10, 10, 20, 20))
    square(document, QRect(15, 15, 5, 5), value=False)
    fill(document)
    changed = (document.pixels != 255).any(axis=2)
    assert np.array_equal(changed, document.mask)


def test_the_mask_stays_after_a_fill_and_is_shown_after_undo(document: Document) -> None:
    square(document, QRect(10, 10, 20, 20))
    mask = document.mask.copy()
    fill(document)
    assert np.array_equal(document.mask, mask)
    assert document.filled
    document.undo_stack.undo()
    assert np.array_equal(document.mask, mask)
    assert not document.filled


def test_a_fill_of_another_mask_leaves_the_present_one_pending(document: Document) -> None:
    square(document, QRect(10, 10, 20, 20))
    request = EditRequest(document.pixels.copy(), document.mask.copy())
    square(document, QRect(100, 10, 20, 20))
    result = result_for(request)
    document.undo_stack.push(fill_command(document, "Fill", result, request.mask, 0, flip=False))
    assert not document.filled


def test_looking_through_variants_is_one_step(document: Document) -> None:
    square(document, QRect(10, 10, 20, 20))
    result, mask = fill(document, seed=3, variants=3)
    first = document.pixels.copy()
    steps = document.undo_stack.count()
    flip(document, result, mask, 1)
    flip(document, result, mask, 2)
    assert document.undo_stack.count() == steps + 1
    assert document.pixels[15, 15, 0] == result.patches[2][0, 0, 0]
    document.undo_stack.undo()
    assert np.array_equal(document.pixels, first)


def test_coming_back_to_the_first_variant_is_no_step(document: Document) -> None:
    square(document, QRect(10, 10, 20, 20))
    result, mask = fill(document, variants=2)
    steps = document.undo_stack.count()
    flip(document, result, mask, 1)
    flip(document, result, mask, 0)
    assert document.undo_stack.count() == steps


def test_variants_of_two_fills_are_two_steps(document: Document) -> None:
    square(document, QRect(10, 10, 20, 20))
    result, mask = fill(document, variants=2)
    flip(document, result, mask, 1)
    steps = document.undo_stack.count()
    flip(document, replace(result, id=result.id + 1000), mask, 0)
    assert document.undo_stack.count() == steps + 1


def test_history_is_limited(document: Document) -> None:
    document.replace(blank(document.size))
    for number in range(UNDO_STEPS + 20):
        square(document, QRect(number % 500, number // 500, 1, 1))
    assert document.undo_stack.count() == UNDO_STEPS
