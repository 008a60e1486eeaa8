"""A stroke of a colour, or of an eraser, on RGBA pixels, remembered tile by tile. Qt-free."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt

from app.document.brush_colours import RGBColour
from lazydiff_core.contract import RGB, RGBA, Box, Cover
from lazydiff_core.geometry.box import EMPTY, tiles

TILE = 128


class TiledStroke(ABC):
    """What crosses itself is not applied twice: the cover is the largest of the stroke's shapes.

    The cost of a shape depends on its own size, not on the canvas or on the stroke so far.
    """

    def __init__(self, canvas: Box, colour: RGBColour) -> None:
        self._canvas = canvas
        self._colour = colour
        self._tiles: dict[Box, tuple[RGBA, Cover]] = {}  # as they were, and the stroke's cover
        self._box = EMPTY  # of all shapes

    def lay(self, box: Box, cover: Cover, value: bool) -> None:
        """Paint the colour (True) or erase (False) under a (h, w) cover at `box` of the canvas."""
        for tile in tiles(box, TILE):
            common = tile.clip(box)
            inside = common.relative_to(tile).slices
            before, most = self._remembered(tile)
            np.maximum(most[inside], cover[common.relative_to(box).slices], out=most[inside])
            if value:
                colour = self._colour_in(common)
                self._write(tile, common, laid_on(before[inside], most[inside], colour))
            else:
                self._write(tile, common, _erased(before[inside], most[inside]))
        self._box = self._box.union(box)

    def _colour_in(self, box: Box) -> RGBColour | RGB:
        """What is painted in a box of the canvas: one colour, or (h, w, 3) of them."""
        return self._colour

    @abstractmethod
    def _read(self, tile: Box) -> RGBA:
        """A copy of what is painted on now in a box of the canvas."""

    @abstractmethod
    def _write(self, tile: Box, box: Box, pixels: RGBA) -> None:
        """Show new (h, w, 4) pixels at `box`, a part of the tile."""

    def _remembered(self, tile: Box) -> tuple[RGBA, Cover]:
        if tile not in self._tiles:
            place = tile.clip(self._canvas)
            self._tiles[tile] = self._read(place), np.zeros(place.shape, np.uint8)
        return self._tiles[tile]


def laid_on(before: RGBA, cover: Cover, colour: RGBColour | npt.NDArray[np.uint8]) -> RGBA:
    """(h, w, 4) straight-alpha pixels with a colour, or (h, w, 3) of them, laid over by cover."""
    above = cover.astype(np.float32) / 255
    below = before[..., 3].astype(np.float32) / 255 * (1 - above)
    alpha = above + below
    share = (above / np.maximum(alpha, 1e-6))[..., None]
    mixed = before[..., :3] + (np.array(colour, np.float32) - before[..., :3]) * share
    return _joined(mixed, alpha)


def _erased(before: RGBA, cover: Cover) -> RGBA:
    alpha = before[..., 3].astype(np.float32) / 255 * (1 - cover.astype(np.float32) / 255)
    return _joined(before[..., :3].astype(np.float32), alpha)


def _joined(colour: npt.NDArray[np.floating], alpha: npt.NDArray[np.floating]) -> RGBA:
    """(h, w, 4) straight-alpha pixels; all four channels are 0 where alpha is 0."""
    pixels = np.empty((*alpha.shape, 4), np.uint8)
    pixels[..., 3] = np.rint(alpha * 255)
    pixels[..., :3] = np.rint(colour) * (pixels[..., 3:] > 0)
    return pixels
