"""Ways to join generated pixels to the canvas, by name.

A blender takes (source, destination, mask): the generated picture (H, W, 3) uint8, the canvas
(H, W, 3) uint8 and the hole (H, W) bool. It returns (H, W, 3) uint8 that equals the canvas outside
the hole, and leaves its inputs unchanged. Errors: ImageError for arrays that do not fit each other,
EmptyMaskError. A new blender is one file and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from lazydiff_core.blending import feather, poisson
from lazydiff_core.blending.checks import checked_box
from lazydiff_core.contract import RGB, Mask

Blender: TypeAlias = Callable[[RGB, RGB, Mask], RGB]


def paste(source: RGB, destination: RGB, mask: Mask) -> RGB:
    """`destination` with the pixels of `source` in the hole."""
    checked_box(source, destination, mask)
    blended = destination.copy()
    blended[mask] = source[mask]
    return blended


BLENDERS: Final[dict[str, Blender]] = {
    "poisson": poisson.blend,
    "feather": feather.blend,
    "none": paste,
}
