"""Rebuilds edits from records and arrays; damaged parts are left out and reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from app.document.edit_stack import EditStack
from app.document.edits import Cutout, Edit, Variant
from app.storage.formats.codec import EditRecord, VariantRecord
from app.storage.formats.raster import Bytes
from lazydiff_core.contract import Pixels
from lazydiff_core.errors import ProjectError

# Returns the (h, w, c) uint8 array of a number; raises ProjectError if missing or damaged.
Fetch: TypeAlias = Callable[[int, tuple[int, int, int]], Bytes]


def assemble(
    base: Pixels, records: Iterable[tuple[int, EditRecord]], fetch: Fetch
) -> tuple[EditStack, list[str]]:
    """The stack of these (place, record) pairs, and a sentence for each loss.

    `before` of each edit is the canvas that the edits below it show. Raises only what `fetch`
    raises besides ProjectError.
    """
    canvas = base.copy()
    edits: list[Edit] = []
    problems: list[str] = []
    for place, record in records:
        try:
            edit = _edit(record, canvas, fetch, _name(place, record), problems)
            if any(edit.id == other.id for other in edits):
                raise ProjectError("It is there twice.")
        except ProjectError as error:
            problems.append(f"{_name(place, record)} is lost. {error}")
            continue
        edit.paint(canvas)
        edits.append(edit)
    return EditStack(base, tuple(edits)), problems


def _edit(record: EditRecord, canvas: Pixels, fetch: Fetch, name: str, problems: list[str]) -> Edit:
    box = record.box
    variants, chosen = _variants(record, canvas.shape[2], fetch, name, problems)
    cover = None if record.cover is None else fetch(record.cover, (*box.shape, 1))[..., 0]
    sketch = None if record.sketch is None else fetch(record.sketch, (*box.shape, 4))
    return Edit(
        box=box,
        mask=fetch(record.mask, (*box.shape, 1))[..., 0] != 0,
        before=canvas[box.slices].copy(),
        recipe=record.recipe,
        variants=variants,
        chosen=chosen,
        cover=cover,
        sketch=sketch,
        stale=record.stale,
        id=record.id,
        created=record.created,
        name=record.name,
        visible=record.visible,
        opacity=record.opacity,
        blend=record.blend,
        made_on=record.made_on,
    )


def _variants(
    record: EditRecord, channels: int, fetch: Fetch, name: str, problems: list[str]
) -> tuple[tuple[Variant, ...], int | None]:
    """The readable variants, and the index of the chosen one."""
    found: list[Variant] = []
    chosen = None
    for number, row in enumerate(record.variants):
        try:
            pixels = fetch(row.pixels, (*record.box.shape, channels))
            matte = None if row.matte is None else fetch(row.matte, (*record.box.shape, 1))[..., 0]
            variant = Variant(pixels, row.seed, matte, _cutout(row, fetch))
        except ProjectError as error:
            problems.append(f"{name}: variant {number + 1} is lost. {error}")
            continue
        if number == record.chosen:
            chosen = len(found)
        found.append(variant)
    return tuple(found), chosen


def _cutout(row: VariantRecord, fetch: Fetch) -> Cutout | None:
    if row.cutout is None:
        return None
    return Cutout(fetch(row.cutout.pixels, (*row.cutout.size, 4)), row.cutout.placement)


def _name(place: int, record: EditRecord) -> str:
    name = record.name or ("" if record.recipe is None else record.recipe.settings.prompt)
    short = name if len(name) <= 40 else f"{name[:39]}…"
    return f"Edit {place + 1} “{short}”" if short else f"Edit {place + 1}"
