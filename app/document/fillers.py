"""What an area is filled with: one colour, or a gradient. Qt-free.

A filler gives the colours of a box, and how much each pixel of it covers. `pour` makes a layer of
that, wherever the area came from: the mask, a bucket, the whole canvas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from app.document.brush_colours import RGBColour
from app.document.commands import add_edit
from app.document.document import Document
from app.document.edits import Edit, Variant
from lazydiff_core.contract import RGB, Box, Cover, Mask
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.pixels import cover_of, with_alpha

Place: TypeAlias = tuple[float, float]  # x, y in canvas coordinates
Shape: TypeAlias = Literal["linear", "radial"]
_LEAST = 0.5  # pixels: the ends of a gradient are no nearer to each other


class Filler(Protocol):
    """Colours for a box of the canvas, (h, w, 3) uint8, and their cover, (h, w) uint8."""

    def __call__(self, box: Box) -> tuple[RGB, Cover]: ...


@dataclass(frozen=True)
class Plain:
    """One colour everywhere."""

    colour: RGBColour

    def __call__(self, box: Box) -> tuple[RGB, Cover]:
        return _even(box, self.colour), np.full(box.shape, 255, np.uint8)


@dataclass(frozen=True)
class Gradient:
    """From a colour to another one, or to nothing: along a line, or around its start.

    start, end: where the first colour ends and where the second one begins.
    other:      the second colour; None = transparent.
    """

    start: Place
    end: Place
    colour: RGBColour
    other: RGBColour | None
    shape: Shape = "linear"

    def __call__(self, box: Box) -> tuple[RGB, Cover]:
        along = self._along(box)
        if self.other is None:
            return _even(box, self.colour), np.asarray(255 - along, np.uint8)
        steps = np.linspace(0, 1, 256)[:, None]
        ends = np.array(self.colour), np.array(self.other)
        scale = np.rint(ends[0] + (ends[1] - ends[0]) * steps).astype(np.uint8)
        mixed = np.asarray(cv2.LUT(cv2.merge((along, along, along)), scale[None]), np.uint8)
        return mixed, np.full(box.shape, 255, np.uint8)

    def _along(self, box: Box) -> Cover:
        """(h, w): how far each pixel's centre is on the way, 0 to 255."""
        x = np.arange(box.left, box.right, dtype=np.float32) + np.float32(0.5 - self.start[0])
        y = np.arange(box.top, box.bottom, dtype=np.float32) + np.float32(0.5 - self.start[1])
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = max(float(np.hypot(dx, dy)), _LEAST)
        far: npt.NDArray[np.float32]
        if self.shape == "linear":
            far = x[None] * np.float32(dx / length**2) + y[:, None] * np.float32(dy / length**2)
        else:
            far = np.sqrt((x * x)[None] + (y * y)[:, None]) * np.float32(1 / length)
        return np.asarray(np.rint(np.clip(far, 0, 1) * 255), np.uint8)


def pour(document: Document, text: str, box: Box, area: Mask | Cover, fill: Filler) -> bool:
    """Push the layer that fills a (h, w) area at `box` of the canvas; False if there is nothing.

    A mask confines it. text: names layer and undo step.
    """
    cover = confined(document, box, cover_of(area))
    place = bounds_of(cover > 0)
    if place.is_empty:
        return False
    box, cover = place.shift(box.left, box.top), cover[place.slices]
    colours, own = fill(box)
    matte = product(cover, own)
    if not matte.any():
        return False
    add_edit(document, text, layer_of(document, text, box, colours, matte))
    return True


def layer_of(document: Document, name: str, box: Box, colours: RGB, matte: Cover) -> Edit:
    """A painted layer on top of all others. colours: (h, w, 3) uint8. matte: (h, w) uint8."""
    pixels = with_alpha(colours) if document.has_alpha else colours
    return Edit(
        box=box,
        mask=matte > 0,
        before=document.dry_pixels(box),
        recipe=None,
        variants=(Variant(pixels, 0, matte),),
        name=name,
    )


def confined(document: Document, box: Box, cover: Cover) -> Cover:
    """(h, w) uint8: what of a cover at `box` lies in the mask; all of it without a mask."""
    return product(cover, document.cover[box.slices]) if document.has_mask else cover


def product(one: Cover, other: Cover) -> Cover:
    """(h, w) uint8: of two shares of 255."""
    return np.asarray(cv2.multiply(one, other, scale=1 / 255), np.uint8)


def _even(box: Box, colour: RGBColour) -> RGB:
    return np.tile(np.array(colour, np.uint8), (*box.shape, 1))
