from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect

from app.document.document import Document
from app.document.edits import Edit
from app.document.variants import Triage
from tests.app.document.test_commands import fill, square
from tests.app.doubles import grey


@pytest.fixture
def triage(document: Document) -> Triage:
    return Triage(document)


def filled(document: Document, left: int = 10, seed: int = 5, variants: int = 3) -> Edit:
    document.undo_stack.beginMacro("mask")
    square(document, QRect(0, 0, 200, 100), value=False)
    square(document, QRect(left, 10, 20, 20))
    document.undo_stack.endMacro()
    return fill(document, seed, variants)


def shown(document: Document, x: int = 15) -> int:
    return int(document.pixels[15, x, 0])


def test_the_newest_edit_is_looked_at(document: Document, triage: Triage) -> None:
    assert triage.edit is None
    filled(document)
    second = filled(document, left=60)
    assert triage.edit is second


def test_flipping_goes_round(document: Document, triage: Triage) -> None:
    filled(document)
    seen = []
    for step in (triage.next, triage.next, triage.next, triage.previous):
        step()
        seen.append(shown(document))
    assert seen == [grey(6), grey(7), grey(5), grey(7)]


def test_an_earlier_edit_can_be_looked_at(document: Document, triage: Triage) -> None:
    first = filled(document)
    filled(document, left=60)
    triage.select(first.id)
    triage.choose(2)
    assert (shown(document), shown(document, 65)) == (grey(7), grey(5))
    assert triage.edit is not None
    assert triage.edit.id == first.id


def test_applying_keeps_one_and_is_done(document: Document, triage: Triage) -> None:
    filled(document)
    triage.choose(1)
    triage.apply()
    assert triage.edit is None
    assert [variant.seed for variant in document.edits[0].variants] == [6]
    assert shown(document) == grey(6)
    document.undo_stack.undo()
    assert len(document.edits[0].variants) == 3


def test_keeping_all_is_done_without_a_step(document: Document, triage: Triage) -> None:
    filled(document)
    steps = document.undo_stack.count()
    triage.keep_all()
    assert triage.edit is None
    assert len(document.edits[0].variants) == 3
    assert document.undo_stack.count() == steps


def test_discarding_goes_to_the_next_until_none_is_left(document: Document, triage: Triage) -> None:
    filled(document)
    triage.choose(2)
    seen = []
    for _ in range(3):
        triage.discard()
        seen.append(shown(document))
    assert seen == [grey(6), grey(5), 255]
    edit = triage.edit
    assert edit is not None
    assert edit.chosen is None
    triage.discard()
    assert shown(document) == 255
    triage.choose(0)
    assert shown(document) == grey(5), "a click brings the last one back"


def test_flipping_from_a_discarded_edit_brings_it_back(document: Document, triage: Triage) -> None:
    filled(document, variants=1)
    triage.discard()
    triage.next()
    assert shown(document) == grey(5)


def test_what_is_undone_is_not_looked_at(document: Document, triage: Triage) -> None:
    filled(document)
    document.undo_stack.undo()
    assert triage.edit is None
    triage.next()
    triage.apply()
    triage.discard()
    document.undo_stack.redo()
    assert triage.edit is document.edits[0]


def test_another_picture_is_not_looked_at(document: Document, triage: Triage) -> None:
    filled(document)
    document.replace(np.zeros((20, 20, 3), np.uint8))
    assert triage.edit is None
