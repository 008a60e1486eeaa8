from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.edit_stack import EditStack
from app.document.edits import REACH, Edit, Recipe, held
from app.document.staleness import depending
from lazydiff_core.contract import Box
from lazydiff_core.errors import InputError
from lazydiff_core.generation_settings import ResolvedSettings
from tests.app.document.stacks import SIDE, boxes, piled


@given(st.lists(boxes(), min_size=1, max_size=6), st.sampled_from([3, 4]))
def test_the_base_is_found_beneath_any_pile(row: list[Box], channels: int) -> None:
    stack = piled(*row, channels=channels)
    found = EditStack.under(stack.pixels(), stack.edits)
    assert np.array_equal(found.base, stack.base)
    assert np.array_equal(found.pixels(), stack.pixels())


@given(st.lists(boxes(), min_size=2, max_size=6), st.data())
def test_every_edit_lies_on_what_those_below_it_show(row: list[Box], data: st.DataObject) -> None:
    stack = piled(*row)
    index = data.draw(st.integers(0, len(row) - 1))
    changed = stack.with_edit(index, replace(stack.edits[index], chosen=1))
    for k, edit in enumerate(changed.edits):
        assert np.array_equal(edit.before, changed.pixels(k)[edit.box.slices])
    assert {k for k, edit in enumerate(changed.edits) if edit.stale} == depending(
        stack.edits, [index]
    )
    back = changed.with_edit(index, replace(changed.edits[index], chosen=0))
    assert np.array_equal(back.pixels(), stack.pixels())


def test_only_the_mask_is_painted() -> None:
    stack = piled(Box(10, 10, 20, 20))
    changed = (stack.pixels() != stack.base).any(axis=2)
    inside = np.zeros((SIDE, SIDE), np.bool_)
    inside[10:20, 10:20] = stack.edits[0].mask
    assert changed.any()
    assert not (changed & ~inside).any()


def test_those_that_touch_depend_and_pass_it_on() -> None:
    chain = piled(Box(0, 0, 10, 10), Box(8, 8, 20, 20), Box(18, 18, 30, 30), Box(40, 0, 48, 8))
    assert depending(chain.edits, [0]) == {1, 2}
    assert depending(chain.edits, [1]) == {2}
    assert depending(chain.edits, [3]) == set()


def test_a_discarded_edit_neither_depends_nor_passes_on() -> None:
    chain = piled(Box(0, 0, 10, 10), Box(8, 8, 20, 20), Box(18, 18, 30, 30))
    chain = chain.with_edit(1, replace(chain.edits[1], chosen=None))
    assert depending(chain.edits, [0]) == set()


@pytest.mark.parametrize(("gap", "expected"), [(0, True), (REACH - 1, True), (REACH, False)])
def test_blending_reaches_a_little_further_than_the_hole(gap: int, expected: bool) -> None:
    full = [
        Edit(box, np.ones((8, 8), np.bool_), np.zeros((8, 8, 3), np.uint8), Recipe(), (), None)
        for box in (Box(0, 0, 8, 8), Box(8 + gap, 0, 16 + gap, 8))
    ]
    assert full[0].touches(full[1]) is expected
    assert full[1].touches(full[0]) is expected


def test_showing_the_same_makes_nothing_stale() -> None:
    stack = piled(Box(0, 0, 10, 10), Box(8, 8, 20, 20))
    recipe = Recipe(ResolvedSettings("other words"))
    same = stack.with_edit(0, replace(stack.edits[0], recipe=recipe))
    assert same.edits[0].recipe.settings.prompt == "other words"
    assert same.edits[1] is stack.edits[1]


def test_a_discarded_edit_shows_what_it_covered() -> None:
    stack = piled(Box(3, 3, 9, 9))
    gone = stack.with_edit(0, replace(stack.edits[0], chosen=None))
    assert np.array_equal(gone.pixels(), stack.base)
    assert len(gone.edits[0].variants) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"mask": np.ones((3, 3), np.bool_)},
        {"before": np.zeros((10, 10, 4), np.uint8)},
        {"sketch": np.zeros((10, 10, 3), np.uint8)},
        {"cover": np.zeros((10, 10), np.float32)},
        {"chosen": 2},
        {"chosen": -1},
        {"box": Box(-1, 0, 9, 10)},
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object]) -> None:
    edit = piled(Box(0, 0, 10, 10)).edits[0]
    with pytest.raises(InputError):
        replace(edit, **change)


def test_shared_arrays_are_counted_once() -> None:
    edit = piled(Box(0, 0, 10, 10)).edits[0]
    flipped = replace(edit, chosen=1)
    together = sum(array.nbytes for array in held([edit, flipped]).values())
    assert together == edit.nbytes == 100 + 3 * 300
