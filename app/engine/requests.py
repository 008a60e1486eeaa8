"""From the artist's settings to a request, and from its result to an edit."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.edits import Edit, Provenance, Recipe, Variant
from lazydiff_core.contract import (
    CONTENT_AWARE,
    REMOVAL,
    RGBA,
    Box,
    EditRequest,
    EditResult,
    EngineInfo,
    Pixels,
    is_removal,
    removal,
)
from lazydiff_core.control_files import follows_sketch
from lazydiff_core.generation_settings import (
    LIMITS,
    REDRAW_STRENGTH,
    GenerationSettings,
    ResolvedSettings,
)
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.pixels import alpha_of, cover_of

CANDIDATES = 3  # of a removal: patches of three sizes

Scalar = TypeVar("Scalar", np.uint8, np.bool_)


def request_for(
    document: Document,
    settings: GenerationSettings,
    canvas: Pixels | None = None,
    part: Box | None = None,
) -> EditRequest:
    """The request that fills the current mask; everything that may change is copied.

    canvas: a copy of the document's pixels, if there is one already.
    part:   the part of the canvas that the request holds, including the mask; None = all of it.
    """
    sketch, settings = _with_sketch(settings, guide_of(document))
    held = (part or document.box).slices
    return EditRequest(
        image=document.pixels[held].copy() if canvas is None else canvas[held],
        mask=document.mask[held].copy(),
        settings=settings,
        cover=document.soft_cover(part),
        sketch=None if sketch is None else sketch[held],
        backend=_backend_for(settings),
    )


def redraw_request(canvas: Pixels, settings: GenerationSettings) -> EditRequest | None:
    """The request that draws the details of an enlarged picture anew, tile by tile.

    canvas: (H, W, 3 or 4) uint8; only what is opaque is drawn. None if nothing is.
    """
    alpha = alpha_of(canvas)
    hole = np.ones(canvas.shape[:2], np.bool_) if alpha is None else alpha == 255
    if not hole.any():
        return None
    return EditRequest(
        image=canvas,
        mask=hole,
        settings=replace(settings, strength=REDRAW_STRENGTH, variants=1, scope="tiles"),
        sketch=np.dstack([canvas[..., :3], cover_of(hole)]),
    )


def another_try(
    document: Document, edit: Edit, settings: GenerationSettings, info: EngineInfo, canvas: Pixels
) -> EditRequest:
    """The request that fills the mask again, from the canvas and sketch that its edit started from.

    canvas: (H, W, 3) uint8 without that edit. If nothing but seed and variants differs, the new
    seeds continue those of the edit, so that all its variants have distinct seeds.
    """
    size = document.mask.shape
    sketch = None if edit.sketch is None else _uncut(edit.sketch, edit.box, size)
    sketch, settings = _with_sketch(settings, sketch)
    assert edit.recipe is not None, "what was not generated is not tried again"
    own = edit.recipe.settings
    if is_removal(own) and not settings.prompt.strip():
        settings = removal_like(settings)
        sketch, info = None, REMOVAL
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
        backend=_backend_for(settings),
    )


def joined(old: Edit, new: Edit) -> Edit | None:
    """The old edit with the variants of another try added, showing the first new one.

    None if settings besides seeds, the model or the device differ, or the seeds do not continue.
    """
    if old.recipe is None or new.recipe is None:
        return None
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


def removal_like(settings: GenerationSettings) -> GenerationSettings:
    """A removal with the seed of these settings and at least as many variants."""
    variants = max(settings.variants, CANDIDATES)
    if settings.seed > LIMITS["seed"].high - (variants - 1):
        variants = settings.variants
    return removal(settings.seed, variants)


def info_for(settings: GenerationSettings, info: EngineInfo | None) -> EngineInfo:
    """What is known of the engine that serves these settings, while `info` is of the loaded one."""
    found = REMOVAL if is_removal(settings) else info
    assert found is not None, "only a removal needs no model"
    return found


def _backend_for(settings: GenerationSettings) -> str | None:
    return CONTENT_AWARE if is_removal(settings) else None


def edit_from(request: EditRequest, result: EditResult, info: EngineInfo, now: Pixels) -> Edit:
    """The edit for a result on the (H, W, 3) uint8 canvas `now`, showing its first variant.

    The edit is stale if the canvas around the hole has changed since the request.
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
    """The recipe of a request, with the model's defaults filled in."""
    info = info_for(request.settings, info)
    made_by = Provenance(result.backend, result.device, result.model, info.model_hash)
    return Recipe(info.resolve(request.settings), made_by)


def request_again(
    stack: EditStack, index: int, settings: GenerationSettings, info: EngineInfo
) -> EditRequest:
    """The request that runs one edit of a stack again, on the canvas beneath it.

    The loaded model runs it, whatever model made it; a sampler it lacks becomes its default. A
    removal stays one, unless it is given a prompt.
    """
    edit = stack.edits[index]
    image = stack.pixels(index)
    size = image.shape[:2]
    if is_removal(settings) and settings.prompt.strip():
        by_model: dict[str, Any] = {"sampler": None, "steps": None, "guidance": None}
        settings = GenerationSettings(**asdict(settings) | by_model)
    if not is_removal(settings) and settings.sampler not in info.samplers:
        settings = replace(settings, sampler=None)
    return EditRequest(
        image=image,
        mask=_uncut(edit.mask, edit.box, size),
        settings=settings,
        cover=None if edit.cover is None else _uncut(edit.cover, edit.box, size),
        sketch=None if edit.sketch is None else _uncut(edit.sketch, edit.box, size),
        backend=_backend_for(settings),
    )


def request_without_thing(stack: EditStack, index: int, info: EngineInfo) -> EditRequest:
    """The request that fills the hole of an edit without what its prompt asked for."""
    edit = stack.edits[index]
    assert edit.recipe is not None
    assert edit.variant is not None
    settings = replace(
        edit.recipe.settings,
        prompt="",
        negative="",
        seed=edit.variant.seed,
        variants=1,
        strength=1.0,
    )
    return replace(request_again(stack, index, settings, info), sketch=None)


def edit_again(edit: Edit, request: EditRequest, result: EditResult, info: EngineInfo) -> Edit:
    """The edit with the results of its replay, showing the same variant as before.

    A discarded edit shows its first variant again.
    """
    assert edit.recipe is not None, "what was not generated is not run again"
    kept = [variant.seed - edit.recipe.settings.seed for variant in edit.variants]
    variants = tuple(v for v in _variants(result) if v.seed - request.settings.seed in kept)
    return replace(
        edit,
        recipe=recipe_of(request, result, info),
        variants=variants,
        chosen=edit.chosen or 0,
        stale=False,
        made_on="",
    )


def _with_sketch(
    settings: GenerationSettings, sketch: RGBA | None
) -> tuple[RGBA | None, GenerationSettings]:
    """A sketch that counts, or None, and how far it counts as a start.

    One that a control network follows is no start: its lines have any colours.
    """
    follows = follows_sketch(settings.control)
    if follows or sketch is None or settings.strength >= 1:
        return sketch if follows else None, replace(settings, strength=1.0)
    return sketch, settings


def guide_of(document: Document) -> RGBA | None:
    """The sketch in the mask's box; None if nothing is sketched inside the mask."""
    guide, box = document.sketch, bounds_of(document.mask)
    if guide is None or box.is_empty:
        return None
    part = guide[box.slices]
    if not (part[..., 3] * document.mask[box.slices]).any():
        return None
    return _uncut(part, box, document.mask.shape)


def _alike(one: ResolvedSettings, other: ResolvedSettings) -> bool:
    """Whether two settings are equal, seeds aside."""
    return one == replace(other, seed=one.seed, variants=one.variants)


def _variants(result: EditResult) -> tuple[Variant, ...]:
    pairs = zip(result.patches, result.seeds, strict=True)
    return tuple(Variant(patch, seed) for patch, seed in pairs)


def _cut(array: npt.NDArray[np.uint8] | None, box: Box) -> npt.NDArray[np.uint8] | None:
    return None if array is None else array[box.slices].copy()


def _uncut(cut: npt.NDArray[Scalar], box: Box, size: tuple[int, ...]) -> npt.NDArray[Scalar]:
    """An array of the canvas's size: `cut` in the box, zeros around it.

    Zeroed memory costs nothing until it is read.
    """
    array = np.zeros((*size, *cut.shape[2:]), cut.dtype)
    array[box.slices] = cut
    return array
