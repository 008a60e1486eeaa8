from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.edit_stack import EditStack
from app.document.edits import Edit, Variant
from lazydiff_core.contract import Box
from lazydiff_core.geometry.compositing import BlendMode
from tests.app.document.stacks import boxes, matted, piled

KINDS = st.fixed_dictionaries(
    {
        "visible": st.booleans(),
        "opacity": st.sampled_from([0.0, 0.3, 1.0]),
        "blend": st.sampled_from(BlendMode),
        "chosen": st.sampled_from([0, 1, None]),
    }
)
OPERATIONS = st.sampled_from(["with", "without", "duplicated", "moved", "merged", "shifted"])


def shifted(edit: Edit, box: Box) -> Edit:
    """The edit cut to the size of a box that lies elsewhere."""
    height, width = (min(a, b) for a, b in zip(edit.box.shape, box.shape, strict=True))
    part = slice(0, height), slice(0, width)

    def cut(variant: Variant) -> Variant:
        matte = None if variant.matte is None else variant.matte[part]
        return Variant(variant.pixels[part], variant.seed, matte)

    return replace(
        edit,
        box=Box(box.left, box.top, box.left + width, box.top + height),
        mask=edit.mask[part],
        before=edit.before[part],
        variants=tuple(map(cut, edit.variants)),
    )


def changed(stack: EditStack, name: str, data: st.DataObject) -> EditStack:
    """The stack after one operation that fits it."""
    last = len(stack.edits) - 1
    index = data.draw(st.integers(0, last))
    edit = stack.edits[index]
    if name == "with":
        new = replace(edit, **data.draw(KINDS)) if len(edit.variants) > 1 else edit
        return stack.with_edit(index, matted(new, index) if data.draw(st.booleans()) else new)
    if name == "shifted":
        return stack.with_edit(index, shifted(edit, data.draw(boxes())))
    if name == "moved":
        return stack.moved(index, data.draw(st.integers(0, last)))
    if name == "merged":
        return stack.merged_down(index) if index else stack
    if name == "without":
        return stack.without(index) if last else stack
    return stack.duplicated(index)


def composed(stack: EditStack) -> EditStack:
    """The same edits laid on the base one by one, from scratch."""
    canvas, laid = stack.base.copy(), []
    for edit in stack.edits:
        laid.append(replace(edit, before=canvas[edit.box.slices].copy()))
        laid[-1].paint(canvas)
    return EditStack(stack.base, tuple(laid))


@given(
    st.lists(boxes(), min_size=1, max_size=5),
    st.lists(OPERATIONS, min_size=1, max_size=6),
    st.sampled_from([3, 4]),
    st.data(),
)
def test_any_operations_give_what_is_composed_from_scratch(
    row: list[Box], operations: list[str], channels: int, data: st.DataObject
) -> None:
    stack = piled(*row, channels=channels)
    for operation in operations:
        now = changed(stack, operation, data)
        assert now.base is stack.base
        for edit, expected in zip(now.edits, composed(now).edits, strict=True):
            assert np.array_equal(edit.before, expected.before)
        assert len({edit.id for edit in now.edits}) == len(now.edits)
        # From a part of the canvas alone comes the same.
        assert np.array_equal(EditStack.under(now.pixels(), now.edits).base, stack.base)
        stack = now


@given(st.lists(boxes(), min_size=2, max_size=5), st.sampled_from([3, 4]), st.data())
def test_merging_shows_what_was_seen(row: list[Box], channels: int, data: st.DataObject) -> None:
    stack = piled(*row, channels=channels)
    for _ in range(3):
        stack = changed(stack, "with", data)
    index = data.draw(st.integers(1, len(row) - 1))

    merged = stack.merged_down(index)

    assert merged.edits[index - 1].recipe is None
    difference = merged.pixels(index).astype(int) - stack.pixels(index + 1)
    shown = merged.pixels(index)[..., 3:] > 24 if channels == 4 else np.True_
    assert (abs(difference) * shown).max() <= 8 if channels == 4 else abs(difference).max() <= 2


def test_hidden_edits_merge_to_a_hidden_one_of_both() -> None:
    stack = piled(Box(0, 0, 20, 20), Box(10, 10, 40, 30))
    seen = stack.merged_down(1)
    for index in (0, 1):
        stack = stack.with_edit(index, replace(stack.edits[index], visible=False))

    merged = stack.merged_down(1)

    assert np.array_equal(merged.pixels(), stack.base)
    shown = merged.with_edit(0, replace(merged.edits[0], visible=True))
    assert np.array_equal(shown.pixels(), seen.pixels())


def test_a_hidden_edit_that_is_faint_does_not_appear_by_merging() -> None:
    stack = piled(Box(0, 0, 20, 20), Box(0, 0, 20, 20))
    for index, opacity in enumerate((0.3, 0.0)):
        hidden = replace(stack.edits[index], visible=False, opacity=opacity)
        stack = stack.with_edit(index, hidden)
    assert np.array_equal(stack.merged_down(1).pixels(), stack.base)


def test_opaque_edits_merge_exactly() -> None:
    stack = piled(Box(0, 0, 20, 20), Box(10, 10, 40, 30))
    merged = stack.merged_down(1)

    (edit,) = merged.edits
    assert edit.box == Box(0, 0, 40, 30)
    assert edit.variants[0].matte is None
    assert edit.name == "red"
    assert np.array_equal(merged.pixels(), stack.pixels())


def test_cut_outs_merge_to_a_cut_out() -> None:
    stack = piled(Box(0, 0, 20, 20), Box(10, 10, 40, 30))
    for index in (0, 1):
        stack = stack.with_edit(index, matted(stack.edits[index], index))

    merged = stack.merged_down(1)

    assert merged.edits[0].variants[0].matte is not None
    assert abs(merged.pixels().astype(int) - stack.pixels()).max() <= 1


@pytest.mark.parametrize(
    "change",
    [
        lambda stack: stack.without(0),
        lambda stack: stack.with_edit(0, replace(stack.edits[0], visible=False)),
        lambda stack: stack.with_edit(0, replace(stack.edits[0], opacity=0.5)),
        lambda stack: stack.with_edit(0, replace(stack.edits[0], blend=BlendMode.MULTIPLY)),
    ],
)
def test_what_saw_a_change_is_stale(change: Callable[[EditStack], EditStack]) -> None:
    chain = piled(Box(0, 0, 10, 10), Box(8, 8, 20, 20), Box(18, 18, 30, 30), Box(40, 0, 48, 8))
    assert [edit.stale for edit in change(chain).edits][-3:] == [True, True, False]


def test_order_makes_those_stale_that_met() -> None:
    chain = piled(Box(0, 0, 10, 10), Box(40, 0, 48, 8), Box(8, 8, 20, 20))

    far = chain.moved(1, 2)
    assert [edit.stale for edit in far.edits] == [False, False, False]
    assert [far.edits[k].id for k in (0, 1, 2)] == [chain.edits[k].id for k in (0, 2, 1)]

    near = chain.moved(0, 2)
    assert [edit.stale for edit in near.edits] == [False, True, True]


def test_what_was_painted_is_never_stale_and_what_is_like_it_changes_nothing() -> None:
    chain = piled(Box(0, 0, 10, 10), Box(8, 8, 20, 20), Box(18, 18, 30, 30))
    chain = chain.with_edit(1, replace(chain.edits[1], recipe=None))
    assert [edit.stale for edit in chain.without(0).edits] == [False, False]
    assert not any(edit.stale for edit in chain.duplicated(0).edits)


def test_what_the_change_does_not_reach_stays_the_same_object() -> None:
    chain = piled(Box(0, 0, 10, 10), Box(40, 0, 48, 8), Box(5, 5, 20, 20))
    faint = chain.with_edit(0, replace(chain.edits[0], opacity=0.5))
    assert faint.edits[1] is chain.edits[1]
    assert faint.edits[2] is not chain.edits[2]


def test_a_part_of_the_canvas_is_enough() -> None:
    stack = piled(Box(0, 0, 10, 10), Box(5, 5, 30, 30), Box(8, 8, 40, 40))
    part = EditStack.under(stack.pixels(), stack.edits, stack.edits[0].box)
    for one, other in zip(stack.without(0).edits, part.without(0).edits, strict=True):
        assert np.array_equal(one.before, other.before)
        assert one.stale == other.stale


@pytest.mark.parametrize(
    ("there", "back"),
    [
        ({"visible": False}, {"visible": True}),
        ({"opacity": 0.3}, {"opacity": 1.0}),
        ({"blend": BlendMode.SCREEN}, {"blend": BlendMode.NORMAL}),
        ({"chosen": 1}, {"chosen": 0}),
    ],
)
def test_what_is_beneath_again_makes_fresh_again(
    there: dict[str, object], back: dict[str, object]
) -> None:
    chain = piled(Box(0, 0, 10, 10), Box(8, 8, 20, 20), Box(18, 18, 30, 30))
    for change in (there, {"name": "x"}):
        chain = chain.with_edit(0, replace(chain.edits[0], **change))
        assert [edit.stale for edit in chain.edits] == [False, True, True]
    chain = chain.with_edit(0, replace(chain.edits[0], **back))
    assert [edit.stale for edit in chain.edits] == [False, False, False]


def test_a_layer_that_is_moved_back_matches_again() -> None:
    chain = piled(Box(0, 0, 10, 10), Box(8, 8, 20, 20), Box(18, 18, 30, 30))
    assert not any(edit.stale for edit in chain.moved(0, 2).moved(2, 0).edits)
    assert [edit.stale for edit in chain.without(0).edits] == [True, True]


def test_what_was_stale_when_it_was_made_stays_so() -> None:
    chain = piled(Box(0, 0, 10, 10), Box(8, 8, 20, 20))
    stale = EditStack(chain.base, (chain.edits[0], replace(chain.edits[1], stale=True)))
    for visible in (False, True):
        stale = stale.with_edit(0, replace(stale.edits[0], visible=visible))
        assert stale.edits[1].stale
