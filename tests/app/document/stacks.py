"""Stacks of edits on noise, to be shaped by tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from app.document.edit_stack import EditStack
from app.document.edits import Edit, Recipe, Variant
from lazydiff_core.contract import Box, Pixels
from lazydiff_core.generation_settings import ResolvedSettings

SIDE = 48


def noise(seed: int, channels: int = 3) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, channels), np.uint8)


def edit_on(stack: EditStack, box: Box, seed: int = 0, variants: int = 1) -> EditStack:
    """A stack with one more edit, its mask a diagonal half of the box."""
    rng = np.random.default_rng(seed + 1000)
    size = (box.height, box.width)
    pictures = tuple(
        Variant(rng.integers(0, 256, (*size, stack.base.shape[2]), np.uint8), seed + k)
        for k in range(variants)
    )
    edit = Edit(
        box=box,
        mask=np.add.outer(np.arange(box.height), np.arange(box.width)) % 3 > 0,
        before=stack.pixels()[box.slices].copy(),
        recipe=Recipe(ResolvedSettings("red", seed=seed, variants=variants)),
        variants=pictures,
    )
    return EditStack(stack.base, (*stack.edits, edit))


def piled(*boxes: Box, channels: int = 3) -> EditStack:
    stack = EditStack(noise(0, channels))
    for number, box in enumerate(boxes):
        stack = edit_on(stack, box, number, variants=2)
    return stack


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, top = draw(st.integers(0, SIDE - 4)), draw(st.integers(0, SIDE - 4))
    right, bottom = draw(st.integers(left + 2, SIDE)), draw(st.integers(top + 2, SIDE))
    return Box(left, top, right, bottom)


def matted(edit: Edit, seed: int) -> Edit:
    """With a matte for its first variant."""
    matte = np.random.default_rng(seed).integers(0, 256, edit.box.shape, np.uint8)
    first, *rest = edit.variants
    return replace(edit, variants=(Variant(first.pixels, first.seed, matte), *rest))
