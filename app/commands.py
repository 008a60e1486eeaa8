"""Every step that can be undone. A command stores the changed box only, and cannot raise."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QUndoCommand

from app.document import Document
from app.rects import bounds_of, rect_of, slices
from lazydiff_core.contract import RGB, EditResult, Mask

_FLIP_ID = 1


class MaskCommand(QUndoCommand):
    """Flip some pixels of the mask; flipping them again undoes it."""

    def __init__(self, document: Document, text: str, rect: QRect, flipped: Mask) -> None:
        super().__init__(text)
        self._document = document
        self._rect = rect
        self._shape = flipped.shape
        self._packed = np.packbits(flipped)
        self._was_filled = document.filled

    def redo(self) -> None:
        self._flip()
        self._document.set_filled(False)

    def undo(self) -> None:
        self._flip()
        self._document.set_filled(self._was_filled)

    def _flip(self) -> None:
        count = self._shape[0] * self._shape[1]
        flipped = np.unpackbits(self._packed, count=count).view(np.bool_).reshape(self._shape)
        self._document.write_mask(self._rect, self._document.mask[slices(self._rect)] ^ flipped)


class PatchCommand(QUndoCommand):
    """Put generated pixels into the hole they were made for: the only place where they land."""

    def __init__(
        self, document: Document, text: str, rect: QRect, new: RGB, hole: Mask, flip_of: int = 0
    ) -> None:
        super().__init__(text)
        self._document = document
        self._rect = rect
        self._flip_of = flip_of
        self._old = document.pixels[slices(rect)].copy()
        self._new = np.where(hole[..., None], new, self._old)
        self._was_filled = document.filled
        self._fills_mask = _is_all_of(hole, document.mask, rect)

    def redo(self) -> None:
        self._document.write_pixels(self._rect, self._new)
        self._document.set_filled(self._fills_mask or self._was_filled)

    def undo(self) -> None:
        self._document.write_pixels(self._rect, self._old)
        self._document.set_filled(self._was_filled)

    def id(self) -> int:
        return _FLIP_ID if self._flip_of else -1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        """Flipping through variants is one step, and none when it ends where it began."""
        if not isinstance(other, PatchCommand) or other._flip_of != self._flip_of:
            return False
        self._new = other._new
        self.setObsolete(np.array_equal(self._new, self._old) and self._was_filled)
        return True


def fill_command(
    document: Document, text: str, result: EditResult, mask: Mask, number: int, *, flip: bool
) -> PatchCommand:
    """Apply one variant of a result made for `mask`, the (H, W) mask of its request.

    flip: the artist is looking through the variants; a row of flips is one step.
    """
    return PatchCommand(
        document,
        text,
        rect_of(result.box),
        result.patches[number],
        mask[result.box.slices],
        result.id if flip else 0,
    )


def replace_mask(document: Document, text: str, mask: Mask) -> None:
    """Push the step that turns the document's mask into `mask`, (H, W); none if it is the same."""
    flipped = document.mask ^ mask
    rect = bounds_of(flipped)
    if not rect.isEmpty():
        document.undo_stack.push(MaskCommand(document, text, rect, flipped[slices(rect)]))


def _is_all_of(hole: Mask, mask: Mask, rect: QRect) -> bool:
    inside = mask[slices(rect)]
    same = np.array_equal(hole, inside)
    return bool(same and np.count_nonzero(inside) == np.count_nonzero(mask))
