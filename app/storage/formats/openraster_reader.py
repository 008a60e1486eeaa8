"""Reading OpenRaster: the layers of ours and of other programs' files, as edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.document.cutouts import pasted
from app.document.edit_stack import EditStack
from app.document.edits import Edit, Variant
from app.storage.formats.contents import Opened, Project
from app.storage.formats.openraster import MODES, SKETCH
from app.storage.formats.plain import read_data
from lazydiff_core.contract import RGBA, Box, Pixels
from lazydiff_core.errors import ImageError
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.compositing import BlendMode
from lazydiff_core.geometry.pixels import painted_over
from lazydiff_core.geometry.placement import Placement
from lazydiff_core.images.reading import MAX_PIXELS, contents_of, picture_of
from lazydiff_core.images.stacks import LayerStack, StackLayer, stack_of

_ALIKE = 8  # of 255: how far another program's mixing may be from ours
_DIFFERING = 0.002  # of a picture: where it may be farther


def read_openraster(path: Path) -> Opened:
    """Read a picture with its layers; as one picture where they cannot be read.

    The lowest layer is the base if it is opaque, seen and as large as the canvas. Raises
    ImageError.
    """
    data = contents_of(path)
    try:
        stack = stack_of(data, path, lambda png: picture_of(png, path), MAX_PIXELS)
    except ImageError:
        return read_data(data, path)  # says what is wrong, or that layers are not kept
    return opened_stack(stack)


def opened_stack(stack: LayerStack) -> Opened:
    """The picture that layers make, and what it does not have of them."""
    dropped = list(stack.not_kept)
    layers, sketch = list(stack.layers), None
    if layers and SKETCH in layers[-1].note and layers[-1].pixels.shape[:2] == stack.size:
        sketch = layers.pop().pixels
    base = _base_of(layers[0], stack.size) if layers else None
    if base is None:
        base = np.zeros((*stack.size, 4), np.uint8)
    else:
        del layers[0]
    canvas, edits = base.copy(), []
    for layer in layers:
        edit = _edit_of(layer, canvas)
        if edit is None:
            dropped.append("layers that are empty")
            continue
        if layer.mode not in MODES:
            dropped.append(f"the blend mode {layer.mode}")
        edit.paint(canvas)
        edits.append(edit)
    if stack.merged is not None and not _is_alike(canvas, stack.merged):
        dropped.append("another look, by the way its layers are mixed")
    cover = np.zeros(stack.size, np.uint8)
    project = Project(EditStack(base, tuple(edits)), cover, sketch=sketch)
    return Opened(project, not_kept=tuple(dict.fromkeys(dropped)))


def _base_of(layer: StackLayer, size: tuple[int, int]) -> Pixels | None:
    """The base that a layer is; None if there is none to it.

    A layer that can be changed in any way stays one, where a base could not be.
    """
    is_still = layer.visible and layer.opacity == 1 and MODES.get(layer.mode) is BlendMode.NORMAL
    if not is_still or (layer.left, layer.top, *layer.pixels.shape[:2]) != (0, 0, *size):
        return None
    is_opaque = bool((layer.pixels[..., 3] == 255).all())
    return np.ascontiguousarray(layer.pixels[..., :3]) if is_opaque else layer.pixels


def _edit_of(layer: StackLayer, canvas: Pixels) -> Edit | None:
    """A painted layer; None for one that would show nothing of itself on the canvas."""
    bounds = bounds_of(layer.pixels[..., 3] > 0)
    if bounds.is_empty:
        return None
    own = np.ascontiguousarray(layer.pixels[bounds.slices])
    box, whole = bounds.shift(layer.left, layer.top), Box.of(canvas.shape)
    if whole.contains(box):
        edit = _inside(own, box, canvas.shape[2])
    else:  # what lies beyond the canvas is kept as what is moved there is
        beyond = pasted(own, Placement.on(box), whole, canvas.shape[2], layer.name)
        if beyond is None:
            return None
        edit = beyond
    return replace(
        edit,
        before=canvas[edit.box.slices].copy(),
        name=layer.name,
        visible=layer.visible,
        opacity=layer.opacity,
        blend=MODES.get(layer.mode, BlendMode.NORMAL),
    )


def _inside(pixels: RGBA, box: Box, channels: int) -> Edit:
    opaque: Sequence[Pixels] = [np.full(pixels.shape[:2], 255, np.uint8)] * (channels - 3)
    colours = np.dstack((pixels[..., :3], *opaque))
    matte = np.ascontiguousarray(pixels[..., 3])
    variant = Variant(np.ascontiguousarray(colours), 0, matte)
    return Edit(box, matte > 0, np.zeros_like(variant.pixels), None, (variant,))


def _is_alike(seen: Pixels, merged: RGBA) -> bool:
    """Whether two pictures look alike, over white."""
    if merged.shape[:2] != seen.shape[:2]:
        return False
    white = np.full((*seen.shape[:2], 3), 255, np.uint8)
    one = seen if seen.shape[2] == 3 else painted_over(white, seen)
    apart = np.abs(one.astype(np.int16) - painted_over(white, merged)).max(axis=2)
    return float((apart > _ALIKE).mean()) <= _DIFFERING
