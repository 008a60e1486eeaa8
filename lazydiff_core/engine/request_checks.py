"""Checks of a request before anything is computed, with one error message for each reason."""

from __future__ import annotations

import numpy as np

from lazydiff_core.blending import BLENDERS
from lazydiff_core.contract import EditRequest, EngineInfo, Mask, Pixels
from lazydiff_core.errors import ImageError, InputError
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.images.canvas_forms import is_form
from lazydiff_core.reference_files import read_references


def check_canvas(image: Pixels, mask: Mask) -> None:
    """ImageError unless the canvas has a form that can be filled, and the mask is (H,W) bool."""
    if not is_form(image):
        raise ImageError(
            "The canvas must be gray, RGB or RGBA of 8 or 16 bits, "
            f"not {image.dtype} of shape {image.shape}."
        )
    if mask.shape != image.shape[:2] or mask.dtype != np.bool_:
        raise ImageError(
            f"The mask ({mask.shape[-1]}x{mask.shape[0]}, {mask.dtype}) does not fit the canvas "
            f"({image.shape[1]}x{image.shape[0]}); it must be of the same size, true in the hole."
        )


def check_request(request: EditRequest, info: EngineInfo) -> None:
    """Raise InputError, ImageError or EmptyMaskError for a request that cannot be served."""
    check_canvas(request.image, request.mask)
    bounding_box(request.mask)
    sketch = request.sketch
    if sketch is not None and (
        sketch.shape != (*request.mask.shape, 4) or sketch.dtype != np.uint8
    ):
        raise ImageError("The sketch must be 8-bit RGBA and as large as the canvas.")
    cover = request.cover
    if cover is not None and (cover.shape != request.mask.shape or cover.dtype != np.uint8):
        raise ImageError("The cover must be 8-bit gray and as large as the canvas.")
    settings = request.settings
    if settings.edit and not info.edits:
        raise InputError(
            f"{info.model} cannot follow an instruction: say what to paint instead, or take a "
            "model that edits, such as FLUX.2 [klein]."
        )
    if len(read_references(settings.references)) > info.references:
        raise InputError(
            f"{info.model} takes no reference pictures: leave them out, or take a model that does, "
            "such as FLUX.2 [klein]."
        )
    if settings.control and not info.controls:
        raise InputError(
            f"{info.model} follows no control picture here: leave it out, or take Z-Image on a "
            "device that has room for all of its layers."
        )
    if request.backend not in (None, info.backend):
        raise InputError(f"This engine runs {info.backend}, not {request.backend}.")
    sampler, blender = settings.sampler, settings.blender
    if sampler not in (None, *info.samplers):
        choices = ", ".join(info.samplers)
        raise InputError(f"There is no sampler {sampler!r} here; choose one of {choices}.")
    if blender not in BLENDERS:
        choices = ", ".join(BLENDERS)
        raise InputError(f"There is no blender {blender!r}; choose one of {choices}.")
