"""Edits as things that can be moved: lifted from their ground, pasted, placed. Qt-free."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import cv2
import numpy as np
import numpy.typing as npt

from app.document.edits import Cutout, Edit, Recipe, Variant
from lazydiff_core.contract import RGBA, Box, Cover
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.compositing import BlendMode
from lazydiff_core.geometry.placement import Placement, place

if TYPE_CHECKING:
    from lazydiff_core.matting import Lifted

RIM = 8  # pixels on either side of an outline


def is_cut_out(edit: Edit) -> bool:
    """Whether it can be moved without ground of its own coming along.

    What was painted or pasted has none.
    """
    variant = edit.variant
    return variant is not None and (edit.recipe is None or variant.matte is not None)


def has_thing(edit: Edit) -> bool:
    """Whether it shows what a prompt asked for, together with ground."""
    if edit.recipe is None or is_cut_out(edit):
        return False
    return edit.shows and bool(edit.recipe.settings.prompt.strip())


def cutout_of(edit: Edit) -> Cutout:
    """The thing that an edit shows; it must show one. `Edit.opacity` is not part of it."""
    variant = edit.variant
    assert variant is not None, "what is discarded shows nothing"
    if variant.cutout is not None:
        return variant.cutout
    alpha = np.rint(replace(edit, opacity=1.0).share() * edit.mask * 255)
    box = bounds_of(alpha > 0)
    box = Box.of(alpha.shape) if box.is_empty else box
    pixels = np.dstack((variant.pixels[..., :3], alpha.astype(np.uint8)))[box.slices]
    where = box.shift(edit.box.left, edit.box.top)
    return Cutout(np.ascontiguousarray(pixels * (pixels[..., 3:] > 0)), Placement.on(where))


def placed(edit: Edit, placement: Placement, canvas: Box) -> Edit | None:
    """The edit with its thing elsewhere, of the chosen variant alone; None = not on the canvas.

    `before` is not known here: the stack that takes the edit fills it in.
    """
    variant, cutout = edit.variant, cutout_of(edit)
    assert variant is not None
    found = _sampled(cutout.pixels, placement, canvas, edit.before.shape[2])
    if found is None:
        return None
    box, pixels, matte = found
    return replace(
        edit,
        box=box,
        mask=matte > 0,
        before=np.zeros_like(pixels),
        variants=(Variant(pixels, variant.seed, matte, Cutout(cutout.pixels, placement)),),
        chosen=0,
        cover=None,
        sketch=None,
    )


def pasted(
    picture: RGBA, placement: Placement, canvas: Box, channels: int, name: str
) -> Edit | None:
    """A new edit that shows a straight-alpha (h, w, 4) picture; None = it would show nothing.

    As for `placed`, `before` is not known.
    """
    found = _sampled(picture, placement, canvas, channels)
    if found is None:
        return None
    box, pixels, matte = found
    variant = Variant(pixels, 0, matte, Cutout(picture, placement))
    return Edit(box, matte > 0, np.zeros_like(pixels), None, (variant,), name=name)


def parts_of(edit: Edit, found: Lifted, area: Box, recipe: Recipe, ground: str) -> tuple[Edit, ...]:
    """The ground and the thing of an edit, which together show what it shows.

    The thing alone, where its ground is the canvas beneath.

    area:   the box of the canvas that `found` tells of; it holds the edit's. recipe: of the ground.
    ground: what the ground is called.
    """
    variant = edit.variant
    assert variant is not None
    inside = edit.box.relative_to(area).slices
    matte = np.where(edit.mask, found.alpha[inside], np.uint8(0))
    colours, bare = found.colours[inside], found.ground[inside]
    if edit.opacity < 1 and edit.blend is BlendMode.NORMAL and edit.before.shape[2] == 3:
        # The thing hides less of its ground than the fill did of the canvas: that is evened out.
        missing = (1 - edit.opacity) * (edit.before.astype(np.float32) - bare)
        colours = np.asarray(np.rint((colours + missing).clip(0, 255)), np.uint8)
    if edit.before.shape[2] == 4:
        colours = np.dstack((colours, np.full(matte.shape, 255, np.uint8)))
    beneath = replace(
        edit,
        recipe=recipe,
        variants=(Variant(np.ascontiguousarray(bare), recipe.settings.seed),),
        chosen=0,
        sketch=None,
        id=uuid4(),
        name=ground,
    )
    box = bounds_of(matte > 0)
    own = box.slices
    thing = replace(
        edit,
        box=box.shift(edit.box.left, edit.box.top),
        mask=matte[own] > 0,
        before=edit.before[own].copy(),
        variants=(Variant(colours[own].copy(), variant.seed, matte[own].copy()),),
        chosen=0,
        cover=None,
        sketch=None if edit.sketch is None else edit.sketch[own].copy(),
    )
    is_bare = np.array_equal(bare[edit.mask], edit.before[edit.mask])
    return (thing,) if is_bare else (beneath, thing)


def rim_of(edit: Edit, shape: tuple[int, ...], depth: int = RIM) -> Cover:
    """(H, W) uint8 of a canvas: a ring around the outline of what an edit shows, which fades out
    on both sides."""
    variant = edit.variant
    assert variant is not None
    covered = edit.mask if variant.matte is None else edit.mask & (variant.matte > 127)
    area = edit.box.grow(depth + 1).intersection(Box.of(shape))
    whole = np.zeros(area.shape, np.uint8)
    whole[edit.box.relative_to(area).slices] = covered
    apart = np.maximum(_apart(whole), _apart(1 - whole)) - 0.5  # pixels from the outline
    rim = np.zeros(shape[:2], np.uint8)
    rim[area.slices] = np.rint(255 * (1 - apart / depth).clip(0, 1))
    return rim


def _apart(inside: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(h, w): for pixels that are not 0, how far the nearest that is 0 lies; large if none is."""
    return np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, 5))


def _sampled(
    picture: RGBA, placement: Placement, canvas: Box, channels: int
) -> tuple[Box, RGBA, RGBA] | None:
    """The box that it shows in, pixels of the canvas's channels, and a matte."""
    box, shown = place(picture, placement, canvas)
    inner = bounds_of(shown[..., 3] > 0) if not box.is_empty else box
    if inner.is_empty:
        return None
    shown = shown[inner.slices]
    opaque = [np.full(shown.shape[:2], 255, np.uint8)] * (channels - 3)
    pixels = np.dstack((shown[..., :3], *opaque))
    return inner.shift(box.left, box.top), pixels, np.ascontiguousarray(shown[..., 3])
