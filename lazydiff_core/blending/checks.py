"""Checks of the input arrays, shared by all blenders."""

from __future__ import annotations

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.errors import ImageError
from lazydiff_core.geometry.box import bounding_box


def checked_box(source: RGB, destination: RGB, mask: Mask) -> Box:
    """Check that the arrays fit each other, and return the bounding box of the hole.

    Errors: ImageError for a wrong size or dtype, EmptyMaskError for a mask without hole.
    """
    for name, image in (("generated picture", source), ("canvas", destination)):
        if image.dtype != "uint8" or image.ndim != 3 or image.shape[2] != 3:
            raise ImageError(
                f"The {name} is {image.dtype} {image.shape}: give an 8-bit RGB picture."
            )
        if image.shape[:2] != mask.shape:
            raise ImageError(
                f"The {name} {image.shape[:2]} and the mask {mask.shape} differ in size: "
                "give both the same height and width."
            )
    if mask.dtype != "bool":
        raise ImageError(f"The mask is {mask.dtype}: give a boolean mask.")
    return bounding_box(mask)
