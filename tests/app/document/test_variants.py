from __future__ import annotations

import numpy as np
import pytest

from app.document.document import Document
from app.document.edits import Edit
from app.document.variants import VariantBrowser
from lazydiff_core.contract import Box
from tests.app.document.driving import add_fill, square
from tests.app.doubles import grey


@pytest.fixture
def browser(document: Document) -> VariantBrowser:
    return VariantBrowser(document)


def filled(document: Document, left: int = 10, seed: int = 5, variants: int = 3) -> Edit:
    document.undo_stack.beginMacro("mask")
    square(document, Box(0, 0, 200, 100), value=False)
    square(document, Box(left, 10, left + 20, 30))
    document.undo_stack.endMacro()
    return add_fill(document, seed, variants)


def shown(document: Document, x: int = 15) -> int:
    return int(document.pixels[15, x, 0])


def test_the_newest_edit_is_looked_at(document: Document, browser: VariantBrowser) -> None:
    assert browser.edit is None
    filled(document)
    second = filled(document, left=60)
    assert browser.edit is second


def test_flipping_goes_round(document: Document, browser: VariantBrowser) -> None:
    filled(document)
    seen = []
    for step in (browser.next, browser.next, browser.next, browser.previous):
        step()
        seen.append(shown(document))
    assert seen == [grey(6), grey(7), grey(5), grey(7)]


def test_an_earlier_edit_can_be_looked_at(document: Document, browser: VariantBrowser) -> None:
    first = filled(document)
    filled(document, left=60)
    browser.select(first.id)
    browser.choose(2)
    assert (shown(document), shown(document, 65)) == (grey(7), grey(5))
    assert browser.edit is not None
    assert browser.edit.id == first.id


def test_applying_keeps_one_and_is_done(document: Document, browser: VariantBrowser) -> None:
    filled(document)
    browser.choose(1)
    browser.apply()
    assert browser.edit is None
    assert [variant.seed for variant in document.edits[0].variants] == [6]
    assert shown(document) == grey(6)
    document.undo_stack.undo()
    assert len(document.edits[0].variants) == 3


def test_keeping_all_is_done_without_a_step(document: Document, browser: VariantBrowser) -> None:
    filled(document)
    steps = document.undo_stack.count()
    browser.keep_all()
    assert browser.edit is None
    assert len(document.edits[0].variants) == 3
    assert document.undo_stack.count() == steps


def test_discarding_goes_to_the_next_until_none_is_left(
    document: Document, browser: VariantBrowser
) -> None:
    filled(document)
    browser.choose(2)
    seen = []
    for _ in range(3):
        browser.discard()
        seen.append(shown(document))
    assert seen == [grey(6), grey(5), 255]
    edit = browser.edit
    assert edit is not None
    assert edit.chosen is None
    browser.discard()
    assert shown(document) == 255
    browser.choose(0)
    assert shown(document) == grey(5), "a click brings the last one back"


def test_flipping_from_a_discarded_edit_brings_it_back(
    document: Document, browser: VariantBrowser
) -> None:
    filled(document, variants=1)
    browser.discard()
    browser.next()
    assert shown(document) == grey(5)


def test_what_is_undone_is_not_looked_at(document: Document, browser: VariantBrowser) -> None:
    filled(document)
    document.undo_stack.undo()
    assert browser.edit is None
    browser.next()
    browser.apply()
    browser.discard()
    document.undo_stack.redo()
    assert browser.edit is document.edits[0]


def test_another_picture_is_not_looked_at(document: Document, browser: VariantBrowser) -> None:
    filled(document)
    document.replace(np.zeros((20, 20, 3), np.uint8))
    assert browser.edit is None
