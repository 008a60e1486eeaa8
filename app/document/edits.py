"""The edits of a picture, each with everything needed to run it again. Qt-free.

A picture is a base and a list of edits; nothing else changes its pixels. So the canvas before any
edit can be computed, the edit can be run again on it, and the later edits can be put back on top.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from types import EllipsisType
from typing import TypeAlias
from uuid import UUID, uuid4

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGBA, Box, Cover, Mask, Pixels
from lazydiff_core.errors import InputError
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.geometry.compositing import BlendMode, Share, composited, faded
from lazydiff_core.geometry.placement import Placement

# Blending reads this many pixels around a hole, so earlier edits can show through that far.
REACH = 4
Slices: TypeAlias = tuple[slice, slice] | EllipsisType
_REACHED = np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)


@dataclass(frozen=True)
class Provenance:
    """The model and machine that made an edit. backend, device: as EngineInfo names them.

    model: its name. model_hash: tells two models of the same name apart; "" = unknown.
    colour_space: of the pixels that the model saw and made.
    """

    backend: str = ""
    device: str = ""
    model: str = ""
    model_hash: str = ""
    colour_space: str = "sRGB"


@dataclass(frozen=True)
class Recipe:
    """The settings of an edit, with every default filled in, and what made the edit."""

    settings: ResolvedSettings = ResolvedSettings()  # noqa: RUF009 (it is frozen)
    provenance: Provenance = Provenance()


@dataclass(frozen=True, eq=False)
class Cutout:
    """A thing as it is by itself, and where the picture shows it.

    pixels: (h, w, 4) uint8, straight alpha, of any size. However often the thing is moved, it is
            sampled from these.
    """

    pixels: RGBA
    placement: Placement


@dataclass(frozen=True, eq=False)
class Variant:
    """One result. pixels: (h, w, c) uint8, the edit's box; valid only inside the edit's mask.

    matte: (h, w) uint8, how much of the thing covers its ground, inside the mask; `pixels` are then
           the thing's own colours. None = opaque: `pixels` are what is seen.
    cutout: what pixels and matte were sampled from; None = they were not.
    """

    pixels: Pixels
    seed: int
    matte: Cover | None = None
    cutout: Cutout | None = None

    def arrays(self) -> tuple[npt.NDArray[np.uint8], ...]:
        matte = () if self.matte is None else (self.matte,)
        return (self.pixels, *matte, *(() if self.cutout is None else (self.cutout.pixels,)))


@dataclass(frozen=True, eq=False)
class Edit:
    """One regional update of the canvas, a layer; h and w are those of `box`. Compared by identity.

    c is the canvas's number of channels: 3, or 4 with straight alpha.

    box:      its place on the canvas, never empty.
    mask:     (h, w) bool, True = hole; only these pixels belong to the edit.
    before:   (h, w, c) uint8, the canvas in the box before this edit.
    recipe:   the settings to make it again, and what made it; None = it was painted, pasted or
              merged, so that there is nothing to run again.
    variants: the kept results, in the order of their seeds.
    chosen:   index into `variants` of the visible one; None = discarded, `before` shows.
    cover:    (h, w) uint8, how much of the fill shows (1..255 in the hole, 0 outside), already
              applied to the variants; None = hard edges.
    sketch:   (h, w, 4) uint8 straight-alpha RGBA that the result started from; None = no sketch.
    stale:    the canvas beneath has changed since; a replay would look different.
    made_on:  of a stale edit, a digest of the layers it was made on, by which it is known if they
              are as they were again; "" = not known.
    id:       kept through replays and files.
    created:  Unix time in seconds.
    name:     what the artist calls it; "" = it is shown by its prompt.
    visible:  False = hidden, `before` shows.
    opacity:  0..1, how much of it shows.
    blend:    how its colours meet those beneath.

    Arrays are shared, not copied, and must not be changed. Raises InputError if they do not fit
    the box, or `chosen` or `opacity` is out of range.
    """

    box: Box
    mask: Mask
    before: Pixels
    recipe: Recipe | None
    variants: tuple[Variant, ...]
    chosen: int | None = 0
    cover: Cover | None = None
    sketch: RGBA | None = None
    stale: bool = False
    id: UUID = field(default_factory=uuid4)
    created: float = field(default_factory=time.time)
    name: str = ""
    visible: bool = True
    opacity: float = 1.0
    blend: BlendMode = BlendMode.NORMAL
    made_on: str = ""

    def __post_init__(self) -> None:
        size = self.box.shape
        fits = (
            min(size) > 0
            and min(self.box.left, self.box.top) >= 0
            and _is(self.mask, size, np.bool_)
            and self.before.ndim == 3
            and self.before.shape[2] in (3, 4)
            and all(_is(p, (*size, self.before.shape[2]), np.uint8) for p in self._colours())
            and all(v.matte is None or _is(v.matte, size, np.uint8) for v in self.variants)
            and (self.cover is None or _is(self.cover, size, np.uint8))
            and (self.sketch is None or _is(self.sketch, (*size, 4), np.uint8))
        )
        if not fits:
            raise InputError("An edit's pixels do not fit its box: the picture is damaged.")
        if self.chosen is not None and not 0 <= self.chosen < len(self.variants):
            raise InputError("An edit shows a variant that it does not have: it is damaged.")
        if not 0 <= self.opacity <= 1:
            raise InputError("An edit's opacity lies outside 0 to 1: it is damaged.")

    @property
    def variant(self) -> Variant | None:
        """The chosen variant; None = discarded."""
        return None if self.chosen is None else self.variants[self.chosen]

    @property
    def pixels(self) -> Pixels:
        """(h, w, c) uint8: the chosen variant's, or what is beneath; valid only inside `mask`."""
        return self.before if self.chosen is None else self.variants[self.chosen].pixels

    @property
    def shows(self) -> bool:
        """Whether anything of it is on the canvas."""
        return self.visible and self.opacity > 0 and self.chosen is not None

    @property
    def can_be_stale(self) -> bool:
        """Whether it was made to fit what is beneath it."""
        return self.recipe is not None and self.chosen is not None

    @property
    def nbytes(self) -> int:
        """Bytes held by its arrays."""
        return sum(array.nbytes for array in self.arrays())

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """All arrays of the edit; other edits may share some."""
        optional = (array for array in (self.cover, self.sketch) if array is not None)
        variants = (array for variant in self.variants for array in variant.arrays())
        return (self.mask, self.before, *variants, *optional)

    def paint(self, canvas: Pixels, part: Box | None = None) -> None:
        """Paint the edit over an (H, W, c) canvas, in place. part: all of the canvas that it is."""
        common = self.box.intersection(part or Box.of(canvas.shape))
        if common.is_empty or not self.shows:
            return
        own, there = common.relative_to(self.box).slices, _place(common, part)
        seen = self.pixels[own]
        if not self._is_plain:
            seen = self._over(canvas[there], own)
        _put(seen, self.mask[own], canvas[there])

    def lift(self, canvas: Pixels, part: Box | None = None) -> None:
        """Remove the edit from the canvas, in place; the inverse of `paint`."""
        common = self.box.intersection(part or Box.of(canvas.shape))
        if common.is_empty or not self.shows:
            return
        own = common.relative_to(self.box).slices
        _put(self.before[own], self.mask[own], canvas[_place(common, part)])

    def paints_like(self, other: Edit) -> bool:
        """Whether both put the same arrays in the same way on whatever is beneath them."""
        if self is other or not (self.shows or other.shows):
            return True
        one, two = self.variant, other.variant
        return (
            self.shows == other.shows
            and (self.box, self.opacity, self.blend) == (other.box, other.opacity, other.blend)
            and self.mask is other.mask
            and (self.cover is other.cover or self.blend is BlendMode.NORMAL)
            and one is not None
            and two is not None
            and one.pixels is two.pixels
            and one.matte is two.matte
        )

    def covers(self, other: Edit) -> bool:
        """Whether this edit may hide part of `other`: their holes overlap."""
        common = self.box.intersection(other.box)
        if not self.shows or common.is_empty:
            return False
        own = self.mask[common.relative_to(self.box).slices]
        return bool((own & other.mask[common.relative_to(other.box).slices]).any())

    def touches(self, other: Edit) -> bool:
        """Whether this hole, or the ring that blending reads around it, meets the other's hole."""
        return holes_touch(self.box, self.mask, other.box, other.mask)

    def share(self, own: Slices = ...) -> Share:
        """(h, w) float32, 0..1: the alpha of its colours, outside the mask too.

        own: of this part of the box. Without a matte, a blend mode fades out at soft edges: there
        the pixels hold some of the ground that the fill was made on.
        """
        edge = None if self.variant is None else self.variant.matte
        if edge is None and self.blend is not BlendMode.NORMAL:
            edge = self.cover
        if edge is None:
            share = np.full(self.mask[own].shape, self.opacity, np.float32)
        else:
            share = np.multiply(edge[own], np.float32(self.opacity / 255), dtype=np.float32)
        if self.pixels.shape[2] == 4:
            share *= self.pixels[own][..., 3].astype(np.float32) / np.float32(255)
        return share

    @property
    def _is_plain(self) -> bool:
        """Whether its pixels replace what is beneath, as they are."""
        variant = self.variant
        is_opaque = variant is None or variant.matte is None
        return is_opaque and self.opacity == 1 and self.blend is BlendMode.NORMAL

    def _over(self, canvas: Pixels, own: Slices) -> Pixels:
        variant = self.variant
        if self.blend is BlendMode.NORMAL and (variant is None or variant.matte is None):
            return faded(canvas, self.pixels[own], self.opacity)
        return composited(canvas, self.pixels[own][..., :3], self.share(own), self.blend)

    def _colours(self) -> tuple[Pixels, ...]:
        return (self.before, *(variant.pixels for variant in self.variants))


def beneath(edit: Edit, canvas: Pixels) -> Pixels:
    """A new (H, W, c) uint8: `canvas` without `edit`, which must be its topmost edit."""
    bare = canvas.copy()
    edit.lift(bare)
    return bare


def holes_touch(box: Box, hole: Mask, other_box: Box, other_hole: Mask) -> bool:
    """Whether a hole, or the ring that blending reads around it, meets another hole.

    Each hole is (h, w) bool, of its own box.
    """
    if not box.grow(REACH).overlaps(other_box):
        return False
    around = box.grow(REACH).intersection(other_box)
    nearby = _cut(hole, box, around.grow(REACH)).view(np.uint8)
    reached = cv2.dilate(nearby, _REACHED)[REACH:-REACH, REACH:-REACH] > 0
    return bool((reached & _cut(other_hole, other_box, around)).any())


def fingerprint(pixels: Pixels) -> bytes:
    """A 16-byte digest of the pixels and their shape."""
    print_of_shape = repr(pixels.shape).encode()
    data = np.ascontiguousarray(pixels).data
    return hashlib.blake2b(data, digest_size=16, key=print_of_shape).digest()


def union(edits: Iterable[Edit]) -> Box | None:
    """The smallest box around all edits; None for no edits."""
    boxes = [edit.box for edit in edits]
    return reduce(Box.union, boxes) if boxes else None


def held(edits: Iterable[Edit]) -> dict[int, npt.NDArray[np.generic]]:
    """Every array that the edits hold, keyed by `id`; shared arrays appear once."""
    return {id(array): array for edit in edits for array in edit.arrays()}


def _place(common: Box, part: Box | None) -> Slices:
    return (common if part is None else common.relative_to(part)).slices


def _put(pixels: Pixels, mask: Mask, canvas: Pixels) -> None:
    """Copy (h, w, c) pixels where the mask is True, in place; faster than indexing by the mask."""
    cv2.copyTo(pixels, mask.view(np.uint8), canvas)


def _is(array: npt.NDArray[np.generic], shape: tuple[int, ...], kind: type[np.generic]) -> bool:
    return array.shape == shape and array.dtype == kind


def _cut(mask: Mask, box: Box, area: Box) -> Mask:
    """The part of a mask at `box` that lies in `area`; False elsewhere."""
    cut = np.zeros(area.shape, np.bool_)
    inside = box.intersection(area)
    if not inside.is_empty:
        cut[inside.relative_to(area).slices] = mask[inside.relative_to(box).slices]
    return cut
