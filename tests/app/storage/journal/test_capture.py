from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.commands import add_edit
from app.document.document import Document
from app.document.edits import Edit, Recipe, Variant
from app.storage.journal import capture
from app.storage.journal.capture import Dirt, WholeCopy, patches_of
from lazydiff_core.contract import Box

SIDE = 300


@pytest.fixture
def drawn() -> Document:
    document = Document()
    rng = np.random.default_rng(0)
    document.replace(rng.integers(0, 256, (SIDE, SIDE, 3), np.uint8))
    return document


def edit_on(document: Document, left: int, top: int) -> Edit:
    box = Box(left, top, left + 40, top + 30)
    mask = np.ones((30, 40), np.bool_)
    before = document.pixels[box.slices].copy()
    fill = np.full((30, 40, 3), left % 256, np.uint8)
    return Edit(box=box, mask=mask, before=before, recipe=Recipe(), variants=(Variant(fill, 0),))


def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "_PORTION_BYTES", SIDE * 8 * 20)  # some 20 rows


def test_what_happens_meanwhile_is_in_it(drawn: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    small_portions(monkeypatch)
    base = drawn.pixels.copy()
    dirt, copy = Dirt(), WholeCopy(drawn)
    drawn.region_changed.connect(dirt.add)
    drawn.sketch_changed.connect(dirt.add)
    rng = np.random.default_rng(1)
    portions = 0
    while not copy.go_on():
        portions += 1
        place = Box(portions * 3, portions * 7, portions * 3 + 50, portions * 7 + 40)
        drawn.write_cover(place, rng.integers(0, 256, (40, 50), np.uint8))
        drawn.write_sketch(place, rng.integers(0, 256, (40, 50, 4), np.uint8))
        if portions == 4:
            add_edit(drawn, "Fill", edit_on(drawn, 100, 5))
    assert portions > 10
    found, patches = copy.finish(dirt)
    assert np.array_equal(found, base)
    planes = {patch.plane: patch.pixels for patch in patches}
    assert np.array_equal(planes["cover"][..., 0], drawn.cover)
    assert drawn.sketch is not None
    assert np.array_equal(planes["sketch"], drawn.sketch)


def test_an_edit_lies_above_the_base(drawn: Document) -> None:
    base = drawn.pixels.copy()
    add_edit(drawn, "Fill", edit_on(drawn, 10, 10))
    add_edit(drawn, "Fill", edit_on(drawn, 30, 20))
    assert not np.array_equal(drawn.pixels, base)
    copy = WholeCopy(drawn)
    assert copy.go_on()
    assert np.array_equal(copy.finish(Dirt())[0], base)


@given(st.lists(st.tuples(*[st.integers(-20, SIDE + 20)] * 2, *[st.integers(1, 200)] * 2)))
def test_patches_hold_all_that_changed(places: list[tuple[int, int, int, int]]) -> None:
    document, dirt = Document(), Dirt()
    document.replace(np.zeros((SIDE, SIDE, 3), np.uint8))
    shown = document.cover.copy()
    for number, (left, top, width, height) in enumerate(places):
        box = Box(left, top, left + width, top + height).intersection(document.box)
        if box.is_empty:
            continue
        cover = np.full(box.shape, 1 + number % 255, np.uint8)
        document.write_cover(box, cover)
        dirt.add(box)
    for patch in patches_of(document, dirt):
        shown[patch.box.slices] = patch.pixels[..., 0]
    assert np.array_equal(shown, document.cover)
    dirt.clear()
    assert not patches_of(document, dirt)
