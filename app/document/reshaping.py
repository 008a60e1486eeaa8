"""Changes of the whole canvas: crop, room at the sides, turns, mirroring, another size. Qt-free.

Edits live on through everything that keeps pixels as they are; another size makes them part of the
picture beneath.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.document.edit_stack import EditStack
from app.document.edits import Edit, Variant, fingerprint, held
from app.document.source_file import SourceFile
from lazydiff_core.contract import RGBA, Cover, Pixels
from lazydiff_core.geometry.reshape import Reshape
from lazydiff_core.images.picture import Original, Picture
from lazydiff_core.images.reading import picture_of
from lazydiff_core.images.resizing import resized
from lazydiff_core.images.writing import encode

WHITE = 255


@dataclass(frozen=True, eq=False)
class Content:
    """All that a document shows; its arrays belong to whoever has it.

    pixels: (H, W, 3 or 4) uint8 with the edits on it. cover: (H, W) uint8. sketch: (H, W, 4) uint8.
    origin: fingerprint of the pixels without edits.
    """

    pixels: Pixels
    cover: Cover
    sketch: RGBA | None
    edits: tuple[Edit, ...]
    origin: bytes
    source: SourceFile | None
    filled: bool

    def arrays(self) -> dict[int, npt.NDArray[Any]]:
        """Every array, keyed by `id`."""
        own = [self.pixels, self.cover, *([] if self.sketch is None else [self.sketch])]
        return {id(array): array for array in own} | dict(held(self.edits))


def reshaped(content: Content, how: Reshape) -> Content:
    """The content of a canvas cropped, widened, turned or mirrored.

    Edits keep their identity; one of which nothing is left goes. What lies beyond the old canvas
    is white, or clear where the canvas can be.
    """
    is_clear = content.pixels.shape[2] == 4
    edits = tuple(edit for old in content.edits if (edit := _edit(old, how)) is not None)
    pixels = how.array(content.pixels, 0 if is_clear else WHITE)
    return Content(
        pixels=pixels,
        cover=how.array(content.cover),
        sketch=None if content.sketch is None else how.array(content.sketch),
        edits=edits,
        origin=fingerprint(EditStack.under(pixels, edits).base),
        source=None if content.source is None else _source(content.source, how),
        filled=content.filled,
    )


def at_size(content: Content, size: tuple[int, int]) -> Content:
    """The content at (height, width), without edits. Of its source, only what it says stays."""
    pixels = resized(content.pixels, size)
    cover = resized(content.cover[..., None], size)[..., 0]
    return Content(
        pixels=pixels,
        cover=np.ascontiguousarray(cover),
        sketch=None if content.sketch is None else resized(content.sketch, size),
        edits=(),
        origin=fingerprint(pixels),
        source=content.source,
        filled=False,
    )


def _edit(edit: Edit, how: Reshape) -> Edit | None:
    place = edit.box.intersection(how.window)
    if place.is_empty:
        return None
    part = place.relative_to(edit.box).slices
    if not edit.mask[part].any():
        return None

    def moved(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return how.array(array[part], place=place)

    def variant_moved(variant: Variant) -> Variant:
        matte = None if variant.matte is None else moved(variant.matte)
        cutout = variant.cutout
        if cutout is not None:
            cutout = replace(cutout, placement=cutout.placement.reshaped(how))
        return Variant(moved(variant.pixels), variant.seed, matte, cutout)

    return replace(
        edit,
        box=how.box(place),
        mask=moved(edit.mask),
        before=moved(edit.before),
        variants=tuple(map(variant_moved, edit.variants)),
        cover=None if edit.cover is None else moved(edit.cover),
        sketch=None if edit.sketch is None else moved(edit.sketch),
    )


def _source(source: SourceFile, how: Reshape) -> SourceFile:
    """The file that the picture would have been opened from, had it been shaped like this."""
    picture = picture_of(source.data, Path(source.name))
    original, is_clear = picture.original, picture.has_alpha
    if original is not None:
        samples, ink = original.samples, original.model == "CMYK"
        white = 1.0 if samples.dtype.kind == "f" else np.iinfo(samples.dtype).max
        fill = 0 if ink or original.has_alpha else white
        original = Original(how.array(samples, fill), original.model)
    moved = Picture(how.array(picture.pixels, 0 if is_clear else WHITE), original, picture.metadata)
    exact = original is not None and (original.bits > 16 or original.model == "CMYK")
    name = Path(source.name).with_suffix(".tif" if exact else ".png").name
    return SourceFile(name, encode(moved.pixels, Path(name), moved))
