"""The edits a picture is made of, each with all it takes to run it again: Qt-free.

A picture is its base and a row of edits upon it; nothing but edits changes its pixels. So the
canvas before any edit can be computed, an edit can be run again from there, and the later ones
laid over it again.
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

from lazydiff_core.contract import RGB, RGBA, Box, Cover, Mask
from lazydiff_core.errors import InputError
from lazydiff_core.generation_settings import ResolvedSettings

# Blending reads this many pixels around a hole: as far as an earlier edit can show through.
REACH = 4
_REACHED = np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)


@dataclass(frozen=True)
class Provenance:
    """What made an edit. backend, device: what ran it, as EngineInfo names them.

    model: its name; `model_hash` tells two models of one name apart, "" where it has none.
    """

    backend: str = ""
    device: str = ""
    model: str = ""
    model_hash: str = ""


@dataclass(frozen=True)
class Recipe:
    """What an edit was asked for, with every default filled in, and what made it."""

    settings: ResolvedSettings = ResolvedSettings()  # noqa: RUF009 (it is frozen)
    provenance: Provenance = Provenance()


@dataclass(frozen=True, eq=False)
class Variant:
    """One result. `pixels` is (h, w, 3) uint8, of the edit's box; only those in its mask count."""

    pixels: RGB
    seed: int


@dataclass(frozen=True, eq=False)
class Edit:
    """One regional update of the canvas; h and w are those of `box`. Two are equal if identical.

    box:      where it lies on the canvas, never empty.
    mask:     (h, w) bool, True = hole; only these pixels belong to the edit.
    before:   (h, w, 3) uint8, the canvas in the box before this edit.
    recipe:   how to make it again.
    variants: the results that are kept, in the order of their seeds; discarded ones are gone.
    chosen:   index into `variants` of the one on the canvas; None = discarded, `before` shows.
    cover:    (h, w) uint8, how much of a fill was to show (1..255 in the hole, 0 outside), already
              done to the variants; None = the mask's edges were hard.
    sketch:   (h, w, 4) uint8 straight-alpha RGBA the result started from; None = none.
    stale:    something beneath it has changed since it was made; a replay would look different.
    id:       stays the same through replays and files.
    created:  Unix time in seconds.

    Arrays are shared, not copied, and must not be changed. Raises InputError where they do not
    fit the box or `chosen` names no variant.
    """

    box: Box
    mask: Mask
    before: RGB
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
            and all(_is(pixels, (*size, 3), np.uint8) for pixels in self._colours())
            and (self.cover is None or _is(self.cover, size, np.uint8))
            and (self.sketch is None or _is(self.sketch, (*size, 4), np.uint8))
        )
        if not fits:
            raise InputError("An edit's pixels do not fit its box: the picture is damaged.")
        if self.chosen is not None and not 0 <= self.chosen < len(self.variants):
            raise InputError("An edit shows a variant that it does not have: it is damaged.")

    @property
    def pixels(self) -> RGB:
        """(h, w, 3) uint8: what it shows; only the pixels in `mask` count."""
        return self.before if self.chosen is None else self.variants[self.chosen].pixels

    @property
    def nbytes(self) -> int:
        """Bytes held by its arrays."""
        return sum(array.nbytes for array in self.arrays())

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """All of them; other edits may share some."""
        optional = (array for array in (self.cover, self.sketch) if array is not None)
        return (self.mask, *self._colours(), *optional)

    def paint(self, canvas: RGB) -> None:
        """Put what it shows on an (H, W, 3) canvas, in place."""
        canvas[self.box.slices][self.mask] = self.pixels[self.mask]

    def lift(self, canvas: RGB) -> None:
        """Take it off the canvas again, in place; the inverse of `paint`."""
        canvas[self.box.slices][self.mask] = self.before[self.mask]

    def covers(self, other: Edit) -> bool:
        """Some of the other's hole lies in its own, so that it may hide it."""
        common = self.box.intersection(other.box)
        if self.chosen is None or common.is_empty:
            return False
        own = self.mask[common.relative_to(self.box).slices]
        return bool((own & other.mask[common.relative_to(other.box).slices]).any())

    def touches(self, other: Edit) -> bool:
        """Some of its hole, or of the ring that blending reads around it, is in the other's."""
        return holes_touch(self.box, self.mask, other.box, other.mask)

    def _colours(self) -> tuple[RGB, ...]:
        return (self.before, *(variant.pixels for variant in self.variants))


@dataclass(frozen=True, eq=False)
class EditStack:
    """A picture as base and edits, oldest first.

    base:  (H, W, 3) uint8, the canvas before all edits; shared, never changed.
    edits: their boxes lie in the canvas, and `before` of each is what those below it show.
    """

    base: RGB
    edits: tuple[Edit, ...] = ()

    @classmethod
    def under(cls, pixels: RGB, edits: tuple[Edit, ...]) -> EditStack:
        """The stack that shows (H, W, 3) uint8 `pixels`, which are copied."""
        base = pixels.copy()
        for edit in reversed(edits):
            edit.lift(base)
        return cls(base, edits)

    def pixels(self, count: int | None = None) -> RGB:
        """(H, W, 3) uint8, new: the canvas after the first `count` edits; None = after all."""
        canvas = self.base.copy()
        for edit in self.edits[:count]:
            edit.paint(canvas)
        return canvas

    def index(self, edit_id: UUID) -> int | None:
        """Where the edit of this id lies; None where it is not there."""
        return next((k for k, edit in enumerate(self.edits) if edit.id == edit_id), None)

    def dependent(self, index: int) -> tuple[int, ...]:
        """The later edits that touch this one, or one that does, in order.

        Discarded ones show nothing, so that they neither depend nor pass anything on.
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
        """Another edit in the place of one; those that depend on it become stale.

        An edit that shows the same as before makes nothing stale.
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


def beneath(edit: Edit, canvas: RGB) -> RGB:
    """(H, W, 3), new: a canvas on which the edit lies on top, without it."""
    bare = canvas.copy()
    edit.lift(bare)
    return bare


def holes_touch(box: Box, hole: Mask, other_box: Box, other_hole: Mask) -> bool:
    """Some of a hole, or of the ring that blending reads around it, is in another hole.

    Each is (h, w) bool, of its own box.
    """
    around = box.grow(REACH).intersection(other_box)
    if around.is_empty:
        return False
    nearby = _cut(hole, box, around.grow(REACH)).view(np.uint8)
    reached = cv2.dilate(nearby, _REACHED)[REACH:-REACH, REACH:-REACH] > 0
    return bool((reached & _cut(other_hole, other_box, around)).any())


def fingerprint(pixels: RGB) -> bytes:
    """Tells any two pictures apart."""
    print_of_shape = repr(pixels.shape).encode()
    data = np.ascontiguousarray(pixels).data
    return hashlib.blake2b(data, digest_size=16, key=print_of_shape).digest()


def union(edits: Iterable[Edit]) -> Box | None:
    """The smallest box around the boxes of some edits; None without any."""
    boxes = [edit.box for edit in edits]
    return reduce(Box.union, boxes) if boxes else None


def held(edits: Iterable[Edit]) -> dict[int, npt.NDArray[np.generic]]:
    """Every array that some edits hold, by its identity: shared ones once."""
    return {id(array): array for edit in edits for array in edit.arrays()}


def _laid_on(edit: Edit, canvas: RGB, *, stale: bool) -> Edit:
    """The edit with `before` cut from the canvas now beneath it; itself where nothing changed."""
    before = canvas[edit.box.slices]
    if stale == edit.stale and np.array_equal(before, edit.before):
        return edit
    return replace(edit, before=before.copy(), stale=stale)


def _shown(edit: Edit) -> npt.NDArray[np.uint8]:
    """(h, w, 4): what it shows and, beside it, its hole."""
    inside = edit.mask[..., None]
    return np.concatenate([edit.pixels * inside, inside.astype(np.uint8)], axis=2)


def _is(array: npt.NDArray[np.generic], shape: tuple[int, ...], kind: type[np.generic]) -> bool:
    return array.shape == shape and array.dtype == kind


def _cut(mask: Mask, box: Box, area: Box) -> Mask:
    """What a mask that lies at `box` says about `area`; False where it says nothing."""
    cut = np.zeros(area.shape, np.bool_)
    inside = box.intersection(area)
    if not inside.is_empty:
        cut[inside.relative_to(area).slices] = mask[inside.relative_to(box).slices]
    return cut
