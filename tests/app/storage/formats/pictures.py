"""Pictures to save and open in tests."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
from PIL import ImageCms

from app.document.edit_stack import EditStack
from app.document.edits import Cutout, Edit, Recipe, Variant
from app.document.source_file import SourceFile
from app.storage.formats.contents import Project
from lazydiff_core.contract import Box, Cover
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.geometry.compositing import BlendMode
from lazydiff_core.geometry.placement import Placement


def some_picture(
    seed: int = 0,
    height: int = 300,
    width: int = 530,
    edits: int = 3,
    sketched: bool = True,
    channels: int = 3,
    source: SourceFile | None = None,
) -> Project:
    """Noise with edits of every kind: two variants, a discarded one, one with a sketch."""
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 256, (height, width, channels), np.uint8)
    stack = EditStack(base)
    for number in range(edits):
        stack = EditStack(base, (*stack.edits, some_edit(rng, stack, number)))
    sketch = rng.integers(0, 256, (height, width, 4), np.uint8) if sketched else None
    cover = rng.integers(0, 256, (height, width), np.uint8)
    return Project(stack, cover, True, sketch, {"zoom": 1.5, "x": 12.0, "y": -3.25}, source)


def some_edit(rng: np.random.Generator, stack: EditStack, number: int) -> Edit:
    height, width, channels = stack.base.shape
    left, top = int(rng.integers(0, width - 20)), int(rng.integers(0, height - 20))
    box = Box(left, top, min(width, left + 290), min(height, top + 120))
    size = (box.height, box.width)
    variants = tuple(
        Variant(rng.integers(0, 256, (*size, channels), np.uint8), seed)
        for seed in (number, number + 1)
    )
    return Edit(
        box=box,
        mask=rng.random(size) < 0.5,
        before=stack.pixels()[box.slices].copy(),
        recipe=Recipe(
            ResolvedSettings(prompt=f"a rëd 蘑菇 {number}", seed=number, steps=20, guidance=2.5)
        ),
        variants=variants,
        chosen=(0, 1, None)[number % 3],
        cover=rng.integers(0, 256, size, np.uint8) if number % 2 else None,
        sketch=rng.integers(0, 256, (*size, 4), np.uint8) if number % 2 else None,
        stale=bool(number % 2),
        id=UUID(int=int(rng.integers(0, 2**62))),
        created=1e9 + number,
    )


def layered_picture(seed: int = 3, channels: int = 3) -> Project:
    """Noise with layers of every kind: named, hidden, faint, blended, with mattes, painted."""
    rng = np.random.default_rng(seed)
    plain = some_picture(seed, 90, 110, edits=6, channels=channels)
    stack = EditStack(plain.stack.base)
    for number, edit in enumerate(plain.stack.edits):
        size = edit.box.shape
        own = rng.integers(0, 256, (9, 12, 4), np.uint8)
        cutout = Cutout(own, Placement(20.5, 30, -1.5, 0.5, 30)) if number == 0 else None
        mattes = (rng.integers(0, 256, size, np.uint8), None) if number % 3 < 2 else (None, None)
        layer = replace(
            edit,
            before=stack.pixels()[edit.box.slices].copy(),
            variants=tuple(map(_with_matte, edit.variants, mattes, (cutout, None))),
            chosen=0,
            recipe=None if number in (1, 4) else edit.recipe,
            stale=number == 3,
            made_on="0123456789abcdef" if number == 3 else "",
            name="" if number == 2 else f"Schicht 层 {number}",
            visible=number != 2,
            opacity=(0.6, 0.5, 0.25, 1.0, 0.7, 0.9)[number],
            blend=tuple(BlendMode)[(number + 1) % 4],
        )
        stack = EditStack(stack.base, (*stack.edits, layer))
    return replace(plain, stack=stack)


def _with_matte(variant: Variant, matte: Cover | None, cutout: Cutout | None) -> Variant:
    return Variant(variant.pixels, variant.seed, matte, cutout)


def same_picture(one: Project, other: Project) -> bool:
    """Byte for byte, with everything that is kept."""
    return (
        np.array_equal(one.stack.base, other.stack.base)
        and np.array_equal(one.cover, other.cover)
        and one.filled == other.filled
        and _same(one.sketch, other.sketch)
        and one.view == other.view
        and _same_source(one.source, other.source)
        and len(one.stack.edits) == len(other.stack.edits)
        and all(map(_same_edit, one.stack.edits, other.stack.edits))
    )


def _same_source(one: SourceFile | None, other: SourceFile | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.name, one.data) == (other.name, other.data)


def _same(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    return one is other if one is None or other is None else np.array_equal(one, other)


def _same_edit(one: Edit, other: Edit) -> bool:
    plain = ("box", "recipe", "chosen", "stale", "id", "created")
    plain += ("name", "visible", "opacity", "blend", "made_on")
    return (
        all(getattr(one, name) == getattr(other, name) for name in plain)
        and np.array_equal(one.mask, other.mask)
        and np.array_equal(one.before, other.before)
        and _same(one.cover, other.cover)
        and _same(one.sketch, other.sketch)
        and [v.seed for v in one.variants] == [v.seed for v in other.variants]
        and all(map(np.array_equal, *([v.pixels for v in e.variants] for e in (one, other))))
        and all(map(_same, *([v.matte for v in e.variants] for e in (one, other))))
        and all(map(_same_cutout, *([v.cutout for v in e.variants] for e in (one, other))))
    )


def _same_cutout(one: Cutout | None, other: Cutout | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.placement == other.placement and np.array_equal(one.pixels, other.pixels)


def odd_profile() -> bytes:
    """A profile in which the numbers of sRGB mean other colours: red and green are exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"swap").replace(b"gXYZ", b"rXYZ").replace(b"swap", b"gXYZ")
