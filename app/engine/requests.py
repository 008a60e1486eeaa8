"""From what the artist wants to a request, and from what comes back to an edit."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from app.document.document import Document
from app.document.edits import Edit, EditStack, Provenance, Recipe, Variant
from lazydiff_core.contract import RGB, RGBA, Box, EditRequest, EditResult, EngineInfo
from lazydiff_core.generation_settings import LIMITS, GenerationSettings, ResolvedSettings
from lazydiff_core.geometry.box import bounds_of

Scalar = TypeVar("Scalar", np.uint8, np.bool_)


def request_for(
    document: Document,
    settings: GenerationSettings,
    canvas: RGB | None = None,
    part: Box | None = None,
) -> EditRequest:
    """The fill of the document's mask as it is now; everything that may change is copied.

    canvas: a copy of the document's pixels, where there is one already.
    part:   what of the canvas the request holds, all of the mask among it; None = everything.
    """
    sketch = _guide(document) if settings.strength < 1 else None
    held = (part or document.box).slices
    return EditRequest(
        image=document.pixels[held].copy() if canvas is None else canvas[held],
        mask=document.mask[held].copy(),
        settings=settings if sketch is not None else replace(settings, strength=1.0),
        cover=document.soft_cover(part),
        sketch=None if sketch is None else sketch[held],
    )


def another_try(
    document: Document, edit: Edit, settings: GenerationSettings, info: EngineInfo, canvas: RGB
) -> EditRequest:
    """The document's mask once more, from what the edit that fills it started from.

    canvas: (H, W, 3) without that edit. Where all but seed and variants is asked for as it was,
    the seeds follow those of the edit, so that its variants stay one row.
    """
    size = document.mask.shape
    sketch = None if edit.sketch is None else _uncut(edit.sketch, edit.box, size)
    if sketch is None or settings.strength >= 1:
        sketch, settings = None, replace(settings, strength=1.0)
    own = edit.recipe.settings
    seed, most = own.seed + own.variants, LIMITS["variants"].high
    if (
        _alike(own, info.resolve(settings))
        and own.variants + settings.variants <= most
        and seed + settings.variants <= LIMITS["seed"].high
    ):
        settings = replace(settings, seed=seed)
    return EditRequest(
        image=canvas,
        mask=document.mask.copy(),
        settings=settings,
        cover=document.soft_cover(),
        sketch=sketch,
    )


def joined(old: Edit, new: Edit) -> Edit | None:
    """An edit with the variants of another try of it, the first of these shown.

    None where the two are no one row: another prompt or model, another canvas beneath.
    """
    own, other = old.recipe.settings, new.recipe.settings
    count = other.seed + other.variants - own.seed
    if (
        not _alike(own, other)
        or not own.variants < count <= LIMITS["variants"].high
        or other.seed < own.seed + own.variants
        or old.recipe.provenance != new.recipe.provenance
    ):
        return None
    return replace(
        old,
        recipe=replace(old.recipe, settings=replace(own, variants=count)),
        variants=old.variants + new.variants,
        chosen=len(old.variants),
        stale=old.stale or new.stale,
    )


def edit_from(request: EditRequest, result: EditResult, info: EngineInfo, now: RGB) -> Edit:
    """What a result becomes on a canvas of (H, W, 3) uint8 pixels `now`, its first variant shown.

    It is stale from the start if the canvas around the hole has changed since it was asked for.
    """
    box = result.box
    mask = request.mask[box.slices].copy()
    before, asked = now[box.slices].copy(), request.image[box.slices]
    around = (before != asked).any(axis=2) & ~mask
    return Edit(
        box=box,
        mask=mask,
        before=before,
        recipe=recipe_of(request, result, info),
        variants=_variants(result),
        cover=_cut(request.cover, box),
        sketch=_cut(request.sketch, box),
        stale=bool(around.any()),
    )


def recipe_of(request: EditRequest, result: EditResult, info: EngineInfo) -> Recipe:
    """What was asked for, with the model's defaults filled in."""
    made_by = Provenance(result.backend, result.device, result.model, info.model_hash)
    return Recipe(info.resolve(request.settings), made_by)


def request_again(
    stack: EditStack, index: int, settings: GenerationSettings, info: EngineInfo
) -> EditRequest:
    """One edit of a stack once more, from the canvas beneath it.

    The loaded model runs it, whatever made it first; a sampler that model lacks is its default.
    """
    edit = stack.edits[index]
    image = stack.pixels(index)
    size = image.shape[:2]
    if settings.sampler not in info.samplers:
        settings = replace(settings, sampler=None)
    return EditRequest(
        image=image,
        mask=_uncut(edit.mask, edit.box, size),
        settings=settings,
        cover=None if edit.cover is None else _uncut(edit.cover, edit.box, size),
        sketch=None if edit.sketch is None else _uncut(edit.sketch, edit.box, size),
    )


def edit_again(edit: Edit, request: EditRequest, result: EditResult, info: EngineInfo) -> Edit:
    """An edit with the results of its replay: the variants it had, the same one shown.

    A discarded edit shows its first one again.
    """
    kept = [variant.seed - edit.recipe.settings.seed for variant in edit.variants]
    variants = tuple(v for v in _variants(result) if v.seed - request.settings.seed in kept)
    return replace(
        edit,
        recipe=recipe_of(request, result, info),
        variants=variants,
        chosen=edit.chosen or 0,
        stale=False,
    )


def _guide(document: Document) -> RGBA | None:
    """What of the sketch lies in the mask's box; None if none of it lies in the mask."""
    guide, box = document.sketch, bounds_of(document.mask)
    if guide is None or box.is_empty:
        return None
    part = guide[box.slices]
    if not (part[..., 3] * document.mask[box.slices]).any():
        return None
    return _uncut(part, box, document.mask.shape)


def _alike(one: ResolvedSettings, other: ResolvedSettings) -> bool:
    """The same is asked for, but for the seeds."""
    return one == replace(other, seed=one.seed, variants=one.variants)


def _variants(result: EditResult) -> tuple[Variant, ...]:
    pairs = zip(result.patches, result.seeds, strict=True)
    return tuple(Variant(patch, seed) for patch, seed in pairs)


def _cut(array: npt.NDArray[np.uint8] | None, box: Box) -> npt.NDArray[np.uint8] | None:
    return None if array is None else array[box.slices].copy()


def _uncut(cut: npt.NDArray[Scalar], box: Box, size: tuple[int, ...]) -> npt.NDArray[Scalar]:
    """An array of the canvas's size, nothing but zeros around what lies in the box.

    Memory that only holds zeros costs nothing until it is read.
    """
    array = np.zeros((*size, *cut.shape[2:]), cut.dtype)
    array[box.slices] = cut
    return array
