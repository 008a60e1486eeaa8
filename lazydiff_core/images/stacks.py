"""The layers of an OpenRaster archive, one by one.

Source: openraster.org, "layer stack". Stacks within stacks are taken apart where that changes
nothing that is seen, else composited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias
from xml.etree.ElementTree import Element

from lazydiff_core.contract import RGBA
from lazydiff_core.geometry.pixels import with_alpha
from lazydiff_core.images.archives import MERGED, Archive, archive_of
from lazydiff_core.images.layers import composited
from lazydiff_core.images.picture import Picture

ReadPng: TypeAlias = Callable[[bytes], Picture]
NORMAL = "src-over"
_MOST_LAYERS = 1000
_MOST_PIXELS = 500_000_000  # of all layers together
_DEPTH = 32  # stacks within stacks
_SHOWN = "visible"


@dataclass(frozen=True, eq=False)
class StackLayer:
    """(h, w, 4) uint8 straight-alpha pixels at `left`, `top` of the canvas, beyond which they may
    reach. mode: as the specification names it, without "svg:". note: other attributes."""

    name: str
    pixels: RGBA
    left: int
    top: int
    visible: bool
    opacity: float
    mode: str
    note: dict[str, str]


@dataclass(frozen=True, eq=False)
class LayerStack:
    """layers: lowest first. merged: what the program that wrote it showed, if it says so.

    not_kept: what is not among the layers, each in plain words.
    """

    size: tuple[int, int]
    layers: tuple[StackLayer, ...]
    merged: RGBA | None
    not_kept: tuple[str, ...]


def stack_of(data: bytes, path: Path, read: ReadPng, most_pixels: int) -> LayerStack:
    """The layers in an OpenRaster file's contents; raises ImageError if they cannot be read.

    read: reads the bytes of a PNG.
    """
    archive = archive_of(data, path)
    image = archive.listed()
    try:
        width, height = int(image.attrib["w"]), int(image.attrib["h"])
    except (LookupError, ValueError) as error:
        raise archive.damaged("its list of layers is not readable") from error
    stack = image.find("stack")
    if stack is None or min(width, height) < 1 or width * height > most_pixels:
        raise archive.damaged("it has no layers")
    if sum(1 for _ in stack.iter()) > _MOST_LAYERS:
        raise archive.damaged("it has far too many layers")
    reader = _Reader(archive, (height, width), read, most_pixels)
    layers = tuple(reader.layers(stack, True, _DEPTH))
    merged = reader.pixels(MERGED) if archive.has(MERGED) else None
    return LayerStack((height, width), layers, merged, tuple(dict.fromkeys(reader.dropped)))


class _Reader:
    def __init__(
        self, archive: Archive, size: tuple[int, int], read: ReadPng, most_pixels: int
    ) -> None:
        self._archive, self._size, self._read, self._most = archive, size, read, most_pixels
        self._total = 0
        self.dropped: list[str] = []

    def pixels(self, entry: str) -> RGBA:
        picture = self._read(self._archive.picture(entry, self._most))
        if picture.original is not None:
            self.dropped.append("the depth and colors of its layers")
        self._total += picture.pixels.size // picture.pixels.shape[2]
        if self._total > _MOST_PIXELS:
            raise self._archive.damaged("its layers are far too large")
        return with_alpha(picture.pixels)

    def layers(self, stack: Element, is_seen: bool, depth: int) -> Iterator[StackLayer]:
        if depth == 0:
            raise self._archive.damaged("its stacks of layers are nested too deep")
        for item in reversed(stack):  # the topmost comes first
            is_shown = is_seen and item.get("visibility", _SHOWN) == _SHOWN
            if item.tag == "stack":
                self.dropped.append("groups of layers")
                if _mode(item) == NORMAL and self._opacity(item) == 1 and _is_even(item):
                    yield from self.layers(item, is_shown, depth - 1)
                else:
                    yield from self._flattened(item, is_shown)
            elif item.tag == "layer":
                yield self._layer(item, self.pixels(item.get("src", "")), is_shown)
            else:
                self.dropped.append("layers that are no pixels")

    def _flattened(self, stack: Element, is_shown: bool) -> Iterator[StackLayer]:
        pixels, unknown = composited(self._archive, stack, *self._size, self.pixels)
        for mode in unknown:
            self.dropped.append(f"the blend mode {mode}")
        layer = self._layer(stack, pixels, is_shown)
        yield replace(layer, left=0, top=0)  # its own place counts for nothing: 0.0.6 has none

    def _layer(self, item: Element, pixels: RGBA, is_shown: bool) -> StackLayer:
        try:
            left, top = (int(float(item.get(name, "0"))) for name in ("x", "y"))
        except (ValueError, OverflowError) as error:
            raise self._archive.damaged("a layer lies nowhere") from error
        opacity = self._opacity(item)
        name = item.get("name", "")
        return StackLayer(name, pixels, left, top, is_shown, opacity, _mode(item), item.attrib)

    def _opacity(self, item: Element) -> float:
        try:
            return min(max(float(item.get("opacity", "1")), 0.0), 1.0)
        except ValueError:
            return 1.0


def _mode(item: Element) -> str:
    mode = item.get("composite-op", NORMAL)
    return mode.removeprefix("svg:").removeprefix("krita:")


def _is_even(stack: Element) -> bool:
    """Whether all that is shown in it is mixed normally: then it is as if there were no stack."""
    inner = [item for item in stack.iter() if item is not stack]
    return all(_mode(item) == NORMAL for item in inner)
