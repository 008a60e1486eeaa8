"""The edits of a picture, each with everything needed to run it again. Qt-free.

A picture is a base and a list of edits; nothing else changes its pixels. So the canvas before any
edit can be computed, the edit can be run again on it, and the later edits can be put back on top.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from uuid import UUID, uuid4

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGBA, Box, Cover, Mask, Pixels
from lazydiff_core.errors import InputError
from lazydiff_core.generation_settings import ResolvedSettings

# Blending reads this many pixels around a hole, so earlier edits can show through that far.
REACH = 4
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
class Variant:
    """One result. pixels: (h, w, c) uint8, the edit's box; valid only inside the edit's mask."""

    pixels: Pixels
    seed: int


@dataclass(frozen=True, eq=False)
class Edit:
    """One regional update of the canvas; h and w are those of `box`. Compared by identity.

    c is the canvas's number of channels: 3, or 4 with straight alpha.

    box:      its place on the canvas, never empty.
    mask:     (h, w) bool, True = hole; only these pixels belong to the edit.
    before:   (h, w, c) uint8, the canvas in the box before this edit.
    recipe:   the settings to make it again, and what made it.
    variants: the kept results, in the order of their seeds.
    chosen:   index into `variants` of the visible one; None = discarded, `before` shows.
    cover:    (h, w) uint8, how much of the fill shows (1..255 in the hole, 0 outside), already
              applied to the variants; None = hard edges.
    sketch:   (h, w, 4) uint8 straight-alpha RGBA that the result started from; None = no sketch.
    stale:    the canvas beneath has changed since; a replay would look different.
    id:       kept through replays and files.
    created:  Unix time in seconds.

    Arrays are shared, not copied, and must not be changed. Raises InputError if they do not fit
    the box or `chosen` is out of range.
    """

    box: Box
    mask: Mask
    before: Pixels
    recipe: Recipe
    variants: tuple[Variant, ...]
    chosen: int | None = 0
    cover: Cover | None = None
    sketch: RGBA | None = None
    stale: bool = False
    id: UUID = field(default_factory=uuid4)
    created: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        size = self.box.shape
        fits = (
            min(size) > 0
            and min(self.box.left, self.box.top) >= 0
            and _is(self.mask, size, np.bool_)
            and self.before.ndim == 3
            and self.before.shape[2] in (3, 4)
            and all(_is(p, (*size, self.before.shape[2]), np.uint8) for p in self._colours())
            and (self.cover is None or _is(self.cover, size, np.uint8))
            and (self.sketch is None or _is(self.sketch, (*size, 4), np.uint8))
        )
        if not fits:
            raise InputError("An edit's pixels do not fit its box: the picture is damaged.")
        if self.chosen is not None and not 0 <= self.chosen < len(self.variants):
            raise InputError("An edit shows a variant that it does not have: it is damaged.")

    @property
    def pixels(self) -> Pixels:
        """(h, w, c) uint8: what the edit shows; valid only inside `mask`."""
        return self.before if self.chosen is None else self.variants[self.chosen].pixels

    @property
    def nbytes(self) -> int:
        """Bytes held by its arrays."""
        return sum(array.nbytes for array in self.arrays())

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """All arrays of the edit; other edits may share some."""
        optional = (array for array in (self.cover, self.sketch) if array is not None)
        return (self.mask, *self._colours(), *optional)

    def paint(self, canvas: Pixels) -> None:
        """Paint the edit on an (H, W, c) canvas, in place."""
        canvas[self.box.slices][self.mask] = self.pixels[self.mask]

    def lift(self, canvas: Pixels) -> None:
        """Remove the edit from the canvas, in place; the inverse of `paint`."""
        canvas[self.box.slices][self.mask] = self.before[self.mask]

    def covers(self, other: Edit) -> bool:
        """Whether this edit may hide part of `other`: their holes overlap."""
        common = self.box.intersection(other.box)
        if self.chosen is None or common.is_empty:
            return False
        own = self.mask[common.relative_to(self.box).slices]
        return bool((own & other.mask[common.relative_to(other.box).slices]).any())

    def touches(self, other: Edit) -> bool:
        """Whether this hole, or the ring that blending reads around it, meets the other's hole."""
        return holes_touch(self.box, self.mask, other.box, other.mask)

    def _colours(self) -> tuple[Pixels, ...]:
        return (self.before, *(variant.pixels for variant in self.variants))


@dataclass(frozen=True, eq=False)
class EditStack:
    """A picture as base and edits, oldest first.

    base:  (H, W, c) uint8, the canvas before all edits; shared, must not be changed. c is 3, or 4
           with straight alpha.
    edits: inside the canvas; `before` of each is the canvas that the edits below it show.
    """

    base: Pixels
    edits: tuple[Edit, ...] = ()

    @classmethod
    def under(cls, pixels: Pixels, edits: tuple[Edit, ...]) -> EditStack:
        """The stack of `edits` that shows (H, W, c) uint8 `pixels`, which are copied."""
        base = pixels.copy()
        for edit in reversed(edits):
            edit.lift(base)
        return cls(base, edits)

    def pixels(self, count: int | None = None) -> Pixels:
        """A new (H, W, c) uint8: the canvas after the first `count` edits; None = after all."""
        canvas = self.base.copy()
        for edit in self.edits[:count]:
            edit.paint(canvas)
        return canvas

    def index(self, edit_id: UUID) -> int | None:
        """The index of the edit with this id; None if there is none."""
        return next((k for k, edit in enumerate(self.edits) if edit.id == edit_id), None)

    def dependent(self, index: int) -> tuple[int, ...]:
        """Indices of the later edits that depend on this one, directly or through others, in order.

        Discarded edits show nothing, so they neither depend on others nor pass a change on.
        """
        changed = [self.edits[index]]
        found = []
        for later in range(index + 1, len(self.edits)):
            edit = self.edits[later]
            if edit.chosen is not None and any(edit.touches(below) for below in changed):
                changed.append(edit)
                found.append(later)
        return tuple(found)

    def with_edit(self, index: int, edit: Edit) -> EditStack:
        """The stack with one edit replaced; edits that depend on it become stale.

        An edit that shows the same pixels as before makes nothing stale.
        """
        old = self.edits[index]
        changed = EditStack(self.base, (*self.edits[:index], edit, *self.edits[index + 1 :]))
        same = edit.box == old.box and np.array_equal(_shown(edit), _shown(old))
        stale = () if same else {*self.dependent(index), *changed.dependent(index)}
        canvas = changed.pixels(index)
        edits = list(changed.edits)
        for k in range(index, len(edits)):
            edits[k] = _laid_on(edits[k], canvas, stale=edits[k].stale or k in stale)
            edits[k].paint(canvas)
        return EditStack(self.base, tuple(edits))


def beneath(edit: Edit, canvas: Pixels) -> Pixels:
    """A new (H, W, c) uint8: `canvas` without `edit`, which must be its topmost edit."""
    bare = canvas.copy()
    edit.lift(bare)
    return bare


def holes_touch(box: Box, hole: Mask, other_box: Box, other_hole: Mask) -> bool:
    """Whether a hole, or the ring that blending reads around it, meets another hole.

    Each hole is (h, w) bool, of its own box.
    """
    around = box.grow(REACH).intersection(other_box)
    if around.is_empty:
        return False
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


def _laid_on(edit: Edit, canvas: Pixels, *, stale: bool) -> Edit:
    """The edit with `before` cut from `canvas`; the same object if nothing changed."""
    before = canvas[edit.box.slices]
    if stale == edit.stale and np.array_equal(before, edit.before):
        return edit
    return replace(edit, before=before.copy(), stale=stale)


def _shown(edit: Edit) -> npt.NDArray[np.uint8]:
    """(h, w, c + 1): the visible pixels, zeroed outside the hole, and the hole as the last."""
    inside = edit.mask[..., None]
    return np.concatenate([edit.pixels * inside, inside.astype(np.uint8)], axis=2)


def _is(array: npt.NDArray[np.generic], shape: tuple[int, ...], kind: type[np.generic]) -> bool:
    return array.shape == shape and array.dtype == kind


def _cut(mask: Mask, box: Box, area: Box) -> Mask:
    """The part of a mask at `box` that lies in `area`; False elsewhere."""
    cut = np.zeros(area.shape, np.bool_)
    inside = box.intersection(area)
    if not inside.is_empty:
        cut[inside.relative_to(area).slices] = mask[inside.relative_to(box).slices]
    return cut
