"""What an edit shows, without the ground around it. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from app.document.edits import Edit
from lazydiff_core.contract import Box, Mask
from lazydiff_core.selection.grabcut import tidied

_ALIKE = 24  # of 255: a fill draws the ground around a thing anew, and not quite as it was


def thing_at(edits: Sequence[Edit], x: int, y: int) -> tuple[Box, Mask] | None:
    """The topmost visible edit's thing that has the pixel (x, y): its box and (h, w) bool mask.

    None if nothing that was generated is there.
    """
    pixel = Box(x, y, x + 1, y + 1)
    for edit in reversed(edits):
        if edit.shows and edit.box.contains(pixel):
            mask = thing_of(edit)
            if mask[y - edit.box.top, x - edit.box.left]:
                return edit.box, mask
    return None


def thing_of(edit: Edit) -> Mask:
    """(h, w) bool: the matte of an edit that shows a variant, where it covers more than half.

    Without a matte: where the edit clearly differs from what it covers.
    """
    variant = edit.variant
    if variant is not None and variant.matte is not None:
        return np.asarray(edit.mask & (variant.matte > 127), np.bool_)
    step = cv2.absdiff(edit.pixels, edit.before).max(axis=2)
    return tidied(np.asarray(edit.mask & (step > _ALIKE), np.bool_))
