"""A picture as a base and its edits, and what can be done to their order. Qt-free.

An edit changes each pixel by itself alone, so a change of the stack reaches no further than the
boxes of the edits that come, go or move: only there the canvas is composed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import numpy as np

from app.document.edits import Edit, Variant, union
from app.document.staleness import depending, ground_of, reach_of
from lazydiff_core.contract import Box, Pixels
from lazydiff_core.geometry.compositing import BlendMode, composited


@dataclass(frozen=True, eq=False)
class EditStack:
    """A picture as base and edits, oldest first. Methods return a new stack.

    base:  (H, W, c) uint8, the canvas before all edits; shared, must not be changed. c is 3, or 4
           with straight alpha.
    edits: inside the canvas; `before` of each is the canvas that the edits below it show.
    part:  where the base lies, if it is only this part of the canvas; edits may reach beyond it.
    """

    base: Pixels
    edits: tuple[Edit, ...] = ()
    part: Box | None = None

    @classmethod
    def under(cls, pixels: Pixels, edits: tuple[Edit, ...], part: Box | None = None) -> EditStack:
        """The stack of `edits` that shows (H, W, c) uint8 `pixels`, which are copied.

        part: that can be changed; with less of the canvas it is faster.
        """
        base = pixels[(part or Box.of(pixels.shape)).slices].copy()
        for edit in reversed(edits):
            edit.lift(base, part)
        return cls(base, edits, part)

    def pixels(self, count: int | None = None) -> Pixels:
        """A new (H, W, c) uint8: the canvas after the first `count` edits; None = after all."""
        canvas = self.base.copy()
        for edit in self.edits[:count]:
            edit.paint(canvas, self.part)
        return canvas

    def index(self, edit_id: UUID) -> int | None:
        """The index of the edit with this id; None if there is none."""
        return next((k for k, edit in enumerate(self.edits) if edit.id == edit_id), None)

    def with_edit(self, index: int, edit: Edit) -> EditStack:
        """The stack with one edit replaced; edits that depend on it become stale.

        An edit that shows the same pixels as before makes nothing stale.
        """
        old = self.edits[index]
        return self._spliced(index, 1, (edit,), (old, edit))

    def parted(self, index: int, parts: tuple[Edit, ...]) -> EditStack:
        """The stack with one edit in parts that together show what it shows.

        Nothing becomes stale, though some pixels may have changed by a few levels.
        """
        old, end = self.edits[index], index + len(parts)
        parted = self._spliced(index, 1, parts, (old, *parts))
        kept = {edit.id: edit for edit in self.edits[index + 1 :]}
        rest = (
            replace(edit, stale=kept[edit.id].stale, made_on=kept[edit.id].made_on)
            for edit in parted.edits[end:]
        )
        return replace(parted, edits=(*parted.edits[:end], *rest))

    def without(self, index: int) -> EditStack:
        """The stack without one edit."""
        return self._spliced(index, 1, (), self.edits[index : index + 1])

    def duplicated(self, index: int, name: str = "") -> EditStack:
        """The stack with another edit above one, which is like it but for its id and name."""
        edit = self.edits[index]
        copy = replace(edit, id=uuid4(), name=name or edit.name)
        return self._spliced(index, 1, (edit, copy), (copy,))

    def moved(self, index: int, to: int) -> EditStack:
        """The stack with one edit at another index."""
        edit, rest = self.edits[index], (*self.edits[:index], *self.edits[index + 1 :])
        row = (*rest[:to], edit, *rest[to:])
        first, end = min(index, to), max(index, to) + 1
        others = [k for k in range(first, end) if k != to]
        met = [k for k in others if edit.touches(row[k]) or row[k].touches(edit)]
        seen = [k for k in met if edit.shows] + [to] * any(row[k].shows for k in met)
        stale = {k for k in seen if row[k].can_be_stale} | depending(row, seen)
        ids = {row[k].id for k in stale if k < end}
        return self._spliced(first, end - first, row[first:end], (edit,), ids)

    def merged_down(self, index: int) -> EditStack:
        """The stack with one edit and the one below it, `index` > 0, in one that shows the same.

        Opaque or mixed normally, the new one keeps their mattes; else it shows what is seen of both
        together with what is beneath.
        """
        lower, upper = self.edits[index - 1 : index + 1]
        box = lower.box.union(upper.box)
        merged = _merged(lower, upper, box, self._beneath(index - 1, box))
        return self._spliced(index - 1, 2, (merged,), (lower, upper, merged))

    def _beneath(self, index: int, region: Box) -> Pixels:
        """A new array: the canvas beneath an edit, inside a region of it."""
        edit = self.edits[index] if index < len(self.edits) else None
        if edit is not None and edit.box.contains(region):
            return edit.before[region.relative_to(edit.box).slices].copy()
        part = self.part or Box.of(self.base.shape)
        canvas = self.base[region.relative_to(part).slices].copy()
        for below in self.edits[:index]:
            below.paint(canvas, region)
        return canvas

    def _spliced(
        self,
        first: int,
        count: int,
        new: tuple[Edit, ...],
        changed: Sequence[Edit],
        stale: Iterable[UUID] = (),
    ) -> EditStack:
        """The stack with `new` in the place of `count` edits from `first`.

        changed: the edits that come, go or move; stale: those of `new` that do not match what is
        beneath them any more.
        """
        old, rest = self.edits[first : first + count], self.edits[first + count :]
        row = (*self.edits[:first], *new, *rest)
        region = union(changed)
        assert region is not None
        canvas = self._beneath(first, region)
        before, laid = _painted(old, canvas, region), list(self.edits[:first])
        marked = set(stale)

        def lay(edits: Iterable[Edit]) -> None:
            for edit in edits:
                laid.append(_laid_on(edit, canvas, region))
                laid[-1].paint(canvas, region)

        lay(new)
        if not np.array_equal(before, canvas):
            for edits in (self.edits, row):
                sources = [k for k, edit in enumerate(edits) if any(edit is c for c in changed)]
                marked |= {edits[k].id for k in depending(edits, sources)}
        lay(rest)
        self._mark(laid, first, marked, region)
        return EditStack(self.base, tuple(laid), self.part)

    def _mark(self, laid: list[Edit], first: int, marked: set[UUID], region: Box) -> None:
        """Mark edits from `first` on as stale, and those as fresh whose ground is as it was."""
        changed = [region]
        for k in range(first, len(laid)):
            edit = laid[k]
            if edit.id in marked and not edit.stale:
                old = self.index(edit.id)
                made_on = "" if old is None else ground_of(self.edits, old)
                laid[k] = replace(edit, stale=True, made_on=made_on)
            elif edit.stale and edit.made_on and any(map(reach_of(edit).overlaps, changed)):
                is_back = ground_of(laid, k) == edit.made_on
                laid[k] = replace(edit, stale=False, made_on="") if is_back else edit
            if laid[k].stale != edit.stale:
                changed.append(edit.box)


def _painted(edits: Iterable[Edit], canvas: Pixels, region: Box) -> Pixels:
    """A new array: the region of the canvas with edits on it."""
    painted = canvas.copy()
    for edit in edits:
        edit.paint(painted, region)
    return painted


def _laid_on(edit: Edit, canvas: Pixels, region: Box) -> Edit:
    """The edit with `before` as the region of the canvas shows; the same object if it is equal."""
    common = edit.box.intersection(region)
    if common.is_empty:
        return edit
    own, now = common.relative_to(edit.box).slices, canvas[common.relative_to(region).slices]
    if np.array_equal(edit.before[own], now):
        return edit
    before = edit.before.copy()
    before[own] = now
    return replace(edit, before=before)


def _merged(lower: Edit, upper: Edit, box: Box, beneath: Pixels) -> Edit:
    """One painted edit that shows what two show on (h, w, c) `beneath`.

    Of two that show nothing, a hidden one of what they would show.
    """
    is_seen = lower.shows or upper.shows
    both = [edit if is_seen else replace(edit, visible=True) for edit in (lower, upper)]
    shown = [edit for edit in both if edit.shows] or [lower]
    mask = np.zeros(box.shape, np.bool_)
    for edit in shown:
        mask[edit.box.relative_to(box).slices] |= edit.mask
    prompt = "" if lower.recipe is None else lower.recipe.settings.prompt
    return Edit(
        box=box,
        mask=mask,
        before=beneath,
        recipe=None,
        variants=(_together(shown, box, mask, beneath),),
        id=lower.id,
        name=lower.name or prompt,
        visible=is_seen,
    )


def _together(shown: Sequence[Edit], box: Box, mask: np.ndarray, beneath: Pixels) -> Variant:
    """The pixels of edits laid over one another; with a matte if ground shows through them."""
    seen = Variant(_painted(shown, beneath, box), 0)
    has_alpha = beneath.shape[2] == 4
    mixed = any(edit.blend is not BlendMode.NORMAL for edit in shown)
    if mixed or (has_alpha and any(e.variant is None or e.variant.matte is None for e in shown)):
        return seen
    group = np.zeros((*box.shape, 4), np.uint8)
    for edit in shown:
        place = edit.box.relative_to(box).slices
        alpha = edit.share() * edit.mask
        group[place] = composited(group[place], edit.pixels[..., :3], alpha, BlendMode.NORMAL)
    matte = group[..., 3]
    if (matte[mask] == 255).all():
        return seen
    pixels = np.dstack((group[..., :3], np.full(box.shape, 255, np.uint8))) if has_alpha else group
    return Variant(np.ascontiguousarray(pixels[..., : beneath.shape[2]]), 0, matte.copy())
