"""The undo commands. A command stores only the box it changes, and cannot raise."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from PySide6.QtGui import QUndoCommand

from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.edits import Edit, held
from app.document.reshaping import Content
from app.document.undo_memory import Array, Moved
from lazydiff_core.contract import RGBA, Box, Cover, Mask
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.pixels import cover_of

_STEP_ID = 1


class MaskCommand(QUndoCommand):
    """Flip bits of the mask's cover; flipping them again undoes the change.

    flips:      boxes and the change in each: (h, w) bool for a hard mask, or (h, w) uint8, the old
                cover ^ the new one, for a soft mask.
    was_filled: whether the mask was filled before the change, where the flips are already applied;
                None = the first `redo` applies them.
    was_undone: whether a fill of it was undone before the change, where that is no longer so.
    """

    def __init__(
        self,
        document: Document,
        text: str,
        flips: Sequence[tuple[Box, Mask | Cover]],
        *,
        was_filled: bool | None = None,
        was_undone: bool = False,
    ) -> None:
        super().__init__(text)
        self._document = document
        self._boxes = [box for box, _ in flips]
        self._change = np.frombuffer(_packed([flipped for _, flipped in flips]), np.uint8)
        self._is_done = was_filled is not None
        self._was_filled = document.filled if was_filled is None else was_filled
        self._was_undone = was_undone or document.undone

    @property
    def nbytes(self) -> int:
        """Bytes this step keeps in memory."""
        return len(self._change)

    def arrays(self) -> tuple[Array, ...]:
        return (self._change,)

    def move(self, moved: Moved) -> None:
        self._change = moved.array(self._change)

    def redo(self) -> None:
        if not self._is_done:
            self._flip()
        self._is_done = False
        self._document.set_filled(False)

    def undo(self) -> None:
        self._flip()
        self._document.set_filled(self._was_filled, undone=self._was_undone)

    def _flip(self) -> None:
        flips = _unpacked(self._change.tobytes(), [box.shape for box in self._boxes])
        for box, flipped in zip(self._boxes, flips, strict=True):
            self._document.write_cover(box, self._document.cover[box.slices] ^ flipped)


@dataclass(frozen=True, eq=False)
class SketchFlip:
    """The bits in which two states of a document's sketch differ; flipping twice changes nothing.

    differing: (h, w, 4) uint8, the old values of `box` ^ the new ones.
    """

    document: Document
    box: Box
    differing: RGBA

    def flip(self) -> None:
        sketch = self.document.sketch
        old = self.differing if sketch is None else sketch[self.box.slices] ^ self.differing
        self.document.write_sketch(self.box, old)

    def moved(self, moved: Moved) -> SketchFlip:
        return replace(self, differing=moved.array(self.differing))


class SketchCommand(QUndoCommand):
    """Change the sketch. A change inside a filled mask marks the mask as still to be filled.

    differing: (h, w, 4) uint8, the old values of `box` ^ the new ones.
    """

    def __init__(self, document: Document, text: str, box: Box, differing: RGBA) -> None:
        super().__init__(text)
        self._document = document
        self._change = SketchFlip(document, box, differing.copy())
        self._was = document.filled, document.undone
        touches = (differing.any(axis=2) & document.mask[box.slices]).any()
        self._becomes = (False, False) if touches else self._was

    @property
    def nbytes(self) -> int:
        """Bytes this step keeps in memory."""
        return self._change.differing.nbytes

    def arrays(self) -> tuple[Array, ...]:
        return (self._change.differing,)

    def move(self, moved: Moved) -> None:
        self._change = self._change.moved(moved)

    def redo(self) -> None:
        self._change.flip()
        self._show(*self._becomes)

    def undo(self) -> None:
        self._change.flip()
        self._show(*self._was)

    def _show(self, filled: bool, undone: bool) -> None:
        self._document.set_filled(filled, undone=undone)


class EditsCommand(QUndoCommand):
    """Replace the document's edits. This is the only command that puts generated pixels in place.

    Edit objects and their arrays are shared between commands.
    fills:  whether the mask is filled afterwards; None = unchanged.
    spends: the part of the sketch that the new edits take over.
    step:   consecutive commands of one step, if it is not None, become one.
    is_seen: the canvas shows the new edits already, as a gesture has left it.
    """

    def __init__(
        self,
        document: Document,
        text: str,
        edits: tuple[Edit, ...],
        *,
        fills: bool | None = None,
        spends: SketchFlip | None = None,
        step: object = None,
        is_seen: bool = False,
    ) -> None:
        super().__init__(text)
        self._document = document
        self._step, self._is_seen = step, is_seen
        self._old, self._new = document.edits, edits
        self._was_filled, self._was_undone = document.filled, document.undone
        self._becomes_filled = document.filled if fills is None else fills
        self._spends = spends
        self._own: tuple[Array, ...] | None = None  # computed when asked for

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays held by only one of the two lists of edits, and by `spends`."""
        return sum(array.nbytes for array in self.arrays())

    def arrays(self) -> tuple[Array, ...]:
        if self._own is None:
            old, new = held(self._old), held(self._new)
            spent = () if self._spends is None else (self._spends.differing,)
            self._own = (*((old | new)[key] for key in old.keys() ^ new.keys()), *spent)
        return self._own

    def move(self, moved: Moved) -> None:
        self._old, self._new = moved.edits(self._old), moved.edits(self._new)
        if self._spends is not None:
            self._spends = self._spends.moved(moved)
        self._own = None

    def redo(self) -> None:
        if self._is_seen:
            self._is_seen = False
            self._document.adopt(self._new)
            self._document.set_filled(self._becomes_filled, undone=self._stays_undone)
        else:
            self._put(self._new, self._becomes_filled, self._stays_undone)

    def undo(self) -> None:
        undoes_fill = self._becomes_filled and not self._was_filled
        self._put(self._old, self._was_filled, self._was_undone or undoes_fill)

    @property
    def _stays_undone(self) -> bool:
        return self._was_undone and not self._becomes_filled

    def _put(self, edits: tuple[Edit, ...], filled: bool, undone: bool) -> None:
        self._document.write_edits(edits)
        if self._spends is not None:
            self._spends.flip()
        self._document.set_filled(filled, undone=undone)

    def id(self) -> int:
        return -1 if self._step is None else _STEP_ID

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        """Merge changes of one step; it is obsolete if it ends where it began."""
        if not isinstance(other, EditsCommand) or other._step != self._step:
            return False
        self._new, self._becomes_filled, self._own = other._new, other._becomes_filled, None
        unchanged = self._was_filled == self._becomes_filled
        self.setObsolete(_look_alike(self._old, self._new) and unchanged)
        return True


class ReshapeCommand(QUndoCommand):
    """Change the shape of the canvas; undone by changing it back. It holds what is not shown."""

    def __init__(self, document: Document, text: str, content: Content) -> None:
        super().__init__(text)
        self._document = document
        self._other = content
        shown = document.content().arrays()
        self._shared = shown.keys() & content.arrays().keys()

    @property
    def nbytes(self) -> int:
        """Bytes this step keeps in memory."""
        return sum(array.nbytes for array in self.arrays())

    def arrays(self) -> tuple[Array, ...]:
        own = self._other.arrays()
        return tuple(own[key] for key in own.keys() - self._shared)

    def move(self, moved: Moved) -> None:
        other = self._other
        self._other = replace(
            other,
            pixels=moved.array(other.pixels),
            cover=moved.array(other.cover),
            sketch=None if other.sketch is None else moved.array(other.sketch),
            edits=moved.edits(other.edits),
        )

    def redo(self) -> None:
        self._other = self._document.swap(self._other)

    def undo(self) -> None:
        self._other = self._document.swap(self._other)


def add_edit(document: Document, text: str, edit: Edit) -> None:
    """Push the command that adds a new edit on top.

    The part of the sketch that the edit started from leaves the sketch.
    """
    command = EditsCommand(
        document,
        text,
        (*document.edits, edit),
        fills=is_whole_mask(document, edit) or document.filled,
        spends=_spent(document, edit),
    )
    document.undo_stack.push(command)


def change_edit(document: Document, text: str, edit: Edit, *, step: object = None) -> None:
    """Push the command that replaces the edit with the same id; do nothing if there is none.

    Later edits that depend on it become stale. step: consecutive changes of one step become one.
    """
    index = next((k for k, other in enumerate(document.edits) if other.id == edit.id), None)
    if index is None:
        return
    old = document.edits[index]
    region = old.box.union(edit.box)
    stack = EditStack.under(document.pixels, document.edits, region)
    edits = stack.with_edit(index, edit).edits
    is_other = edit.variant is not old.variant and is_whole_mask(document, edit)
    fills = edit.chosen is not None if is_other else None
    document.undo_stack.push(EditsCommand(document, text, edits, fills=fills, step=step))


def replace_mask(document: Document, text: str, mask: Mask | Cover) -> None:
    """Push the command that sets the mask to `mask`, (H, W); do nothing if it is unchanged.

    A bool mask has hard edges; a uint8 mask is the cover.
    """
    cover = cover_of(mask)
    flipped = document.cover ^ cover
    box = bounds_of(flipped > 0)
    if not box.is_empty:
        document.undo_stack.push(MaskCommand(document, text, [(box, flipped[box.slices])]))


def replace_sketch(document: Document, text: str, sketch: RGBA) -> None:
    """Push the command that sets the sketch to (H, W, 4) `sketch`; do nothing if unchanged."""
    now = document.sketch
    differing = sketch if now is None else now ^ sketch
    box = bounds_of(np.any(differing, axis=2))
    if not box.is_empty:
        command = SketchCommand(document, text, box, differing[box.slices])
        document.undo_stack.push(command)


def edit_of_mask(document: Document) -> Edit | None:
    """The generated edit of exactly the current mask that nothing hides; None if there is none."""
    if not document.filled:
        return None
    for place in range(len(document.edits) - 1, -1, -1):
        edit = document.edits[place]
        if edit.recipe is not None and edit.visible and is_whole_mask(document, edit):
            hidden = any(later.covers(edit) for later in document.edits[place + 1 :])
            return None if hidden else edit
    return None


def is_whole_mask(document: Document, edit: Edit) -> bool:
    """Whether the edit's hole is the document's mask."""
    inside = document.mask[edit.box.slices]
    same = np.array_equal(edit.mask, inside)
    return bool(same and np.count_nonzero(inside) == np.count_nonzero(document.mask))


def _spent(document: Document, edit: Edit) -> SketchFlip | None:
    """The part of the sketch that the edit used and that is unchanged since; None = no part."""
    if edit.sketch is None or document.sketch is None:
        return None
    now = document.sketch[edit.box.slices]
    used = (now == edit.sketch).all(axis=2) & edit.mask
    differing = now * used[..., None]
    box = bounds_of(differing.view(np.uint32)[..., 0] > 0)
    if box.is_empty:
        return None
    where = box.shift(edit.box.left, edit.box.top)
    return SketchFlip(document, where, differing[box.slices].copy())


def _look_alike(old: tuple[Edit, ...], new: tuple[Edit, ...]) -> bool:
    """Whether both lists have the same edits, which show the same, and would if they were seen."""
    alike = len(old) == len(new) and all(map(Edit.paints_like, old, new))
    return alike and list(map(_settled, old)) == list(map(_settled, new))


def _settled(edit: Edit) -> tuple[object, ...]:
    """What the artist has settled of an edit, whether or not it is seen now."""
    pixels = None if edit.variant is None else id(edit.variant.pixels)
    looks = edit.visible, edit.opacity, edit.blend, edit.box, pixels
    return (edit.id, edit.name, edit.chosen, edit.stale, *looks)


def _packed(flips: Sequence[Mask | Cover]) -> bytes:
    """The flips, compressed: one bit a pixel for hard masks, eight for soft ones."""
    values = np.concatenate([flipped.ravel() for flipped in flips])
    hard = values.dtype == np.bool_ or not ((values > 0) & (values < 255)).any()
    kept = np.packbits(values > 0) if hard else values
    return (b"h" if hard else b"s") + zlib.compress(kept.tobytes(), level=1)


def _unpacked(packed: bytes, sizes: Sequence[tuple[int, int]]) -> list[Cover]:
    """The inverse of `_packed`: (h, w) uint8 bits to flip, for each (h, w) of `sizes`."""
    ends = list(accumulate(height * width for height, width in sizes))
    values = np.frombuffer(zlib.decompress(packed[1:]), np.uint8)
    if packed[:1] == b"h":
        values = np.unpackbits(values, count=ends[-1]) * np.uint8(255)
    parts = np.split(values, ends[:-1])
    return [part.reshape(size) for part, size in zip(parts, sizes, strict=True)]
