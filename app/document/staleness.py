"""Which edits no longer match what they were made on, and when they do again. Qt-free."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary
from zlib import crc32

import numpy as np

from app.document.edits import REACH, Edit, Variant
from lazydiff_core.contract import Box, Mask

_digests: WeakKeyDictionary[Variant, tuple[Mask, int]] = WeakKeyDictionary()


def depending(edits: Sequence[Edit], sources: Iterable[int]) -> set[int]:
    """Indices of the edits above some `sources` that depend on them, directly or through others.

    Those that show nothing pass no change on; what is discarded or was not generated depends on
    nothing.
    """
    changed = {k: edits[k] for k in sources}
    found = set()
    for k in range(min(changed, default=len(edits)) + 1, len(edits)):
        edit = edits[k]
        if k in changed or not edit.can_be_stale:
            continue
        if any(edit.touches(below) for place, below in changed.items() if place < k):
            found.add(k)
            if edit.shows:
                changed[k] = edit
    return found


def reach_of(edit: Edit) -> Box:
    """What it was made on lies in here."""
    return edit.box.grow(REACH)


def ground_of(edits: Sequence[Edit], index: int) -> str:
    """A digest of all that edits below this one show within its reach."""
    around = reach_of(edits[index])
    near = (edit for edit in edits[:index] if edit.box.overlaps(around) and edit.shows)
    said = [(str(e.id), e.box, e.opacity, str(e.blend), e.stale, _digest(e)) for e in near]
    return hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()


def _digest(edit: Edit) -> int:
    """Of the arrays that it shows; kept for as long as they are."""
    variant = edit.variant
    assert variant is not None, "it shows something"
    mask, found = _digests.get(variant, (None, 0))
    if mask is not edit.mask:
        found = 0
        for array in (edit.mask, *variant.arrays()):
            found = crc32(np.ascontiguousarray(array).data, found)
        _digests[variant] = edit.mask, found
    return found
