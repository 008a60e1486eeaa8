"""The one door to finding objects: by a segmenter if there is one, else by colours and edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from lazydiff_core.contract import Box, Mask, Pixels
from lazydiff_core.errors import InputError
from lazydiff_core.geometry.pixels import alpha_of, over_grey
from lazydiff_core.selection import grabcut
from lazydiff_core.selection.grabcut import Point

Method: TypeAlias = Literal["grabcut", "sam"]
_GROUND = 127  # the grey that clear pixels are seen over


@dataclass(frozen=True, eq=False)
class Found:
    """The pixels of the objects, (H,W) bool, and what found them."""

    mask: Mask
    by: Method


def find_object(
    image: Pixels,
    boxes: Sequence[Box] = (),
    points: Sequence[Point] = (),
    segmenter: Path | None = None,
) -> Found:
    """The objects in boxes and at points, together.

    image:     (H,W,3) or (H,W,4) uint8; clear pixels belong to no object.
    boxes:     each around one object; parts beyond the picture are ignored.
    points:    (x, y) pixels. One in a box is a pixel of that box's object for sure; any other lies
               on an object of its own, whose extent is found.
    segmenter: folder of a SAM; None = GrabCut. The same arguments give the same mask.

    Raises InputError if nothing is asked for, a point or a whole box lies beyond the picture, or
    nothing is found; ModelError for a folder that cannot be used.
    """
    whole = Box.of(image.shape)
    inner = [box.intersection(whole) for box in boxes]
    if not inner and not points:
        raise InputError("Nothing says where the object is: give a box or a point.")
    if any(box.is_empty for box in inner):
        raise InputError("The box lies beyond the picture: draw it around something in it.")
    for x, y in points:
        if not whole.contains(Box(x, y, x + 1, y + 1)):
            raise InputError(f"The point {x},{y} lies beyond the picture: give one in it.")
    asked: list[tuple[Box | None, list[Point]]] = [(box, []) for box in inner]
    for point in points:
        home = next((mine for box, mine in asked if box is not None and _is_in(point, box)), None)
        if home is None:
            asked.append((None, [point]))
        else:
            home.append(point)
    seen = np.ascontiguousarray(over_grey(image, _GROUND))
    mask = np.zeros(image.shape[:2], np.bool_)
    for box, mine in asked:
        if segmenter is not None:
            from lazydiff_core.selection.sam import load_sam

            mask |= load_sam(segmenter).object_in(seen, box, mine)
        elif box is not None:
            mask |= grabcut.object_in(seen, box, mine)
        else:
            mask |= grabcut.object_at(seen, mine)
    alpha = alpha_of(image)
    if alpha is not None:
        mask &= alpha > 0
    if not mask.any():
        raise InputError("No object was found there: draw a box around it.")
    return Found(mask, "grabcut" if segmenter is None else "sam")


def _is_in(point: Point, box: Box) -> bool:
    return box.left <= point[0] < box.right and box.top <= point[1] < box.bottom
