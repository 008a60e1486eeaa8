"""Reads OpenRaster and Krita files as one picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lazydiff_core.contract import RGBA
from lazydiff_core.geometry.pixels import with_alpha
from lazydiff_core.images.archives import MERGED, Archive
from lazydiff_core.images.layers import composited
from lazydiff_core.images.picture import Picture

ReadPng = Callable[[bytes], Picture]


def layered_picture(archive: Archive, read: ReadPng, most_pixels: int) -> Picture:
    """The merged picture of an archive, or its layers composited; ImageError if it has neither.

    read: reads the bytes of a PNG.
    """
    if archive.name == "Krita":
        if not archive.has(MERGED):
            raise archive.damaged("it was saved without its merged picture")
        merged = read(archive.picture(MERGED, most_pixels))
        return replace(merged, not_kept=(*merged.not_kept, "layers"), format=archive.name)
    return _openraster(archive, read, most_pixels)


def _openraster(archive: Archive, read: ReadPng, most_pixels: int) -> Picture:
    image = archive.listed()
    try:
        width, height = int(image.attrib["w"]), int(image.attrib["h"])
    except (LookupError, ValueError) as error:
        raise archive.damaged("its list of layers is not readable") from error
    if min(width, height) < 1 or width * height > most_pixels:
        raise archive.damaged(f"it has {width}x{height} pixels: that is none, or far too many")
    layers = sum(1 for _ in image.iter("layer"))
    dropped = ("layers",) if layers > 1 else ()
    if archive.has(MERGED):
        merged = read(archive.picture(MERGED, width * height))
        if merged.pixels.shape[:2] != (height, width):
            raise archive.damaged("its merged picture is of another size than its canvas")
        return replace(merged, not_kept=dropped, format=archive.name)
    stack = image.find("stack")
    if stack is None:
        raise archive.damaged("it has neither a merged picture nor layers")

    def layer(entry: str) -> RGBA:
        return with_alpha(read(archive.picture(entry, most_pixels)).pixels)

    pixels, unknown = composited(archive, stack, height, width, layer)
    odd = tuple(f"the blend mode {mode}" for mode in unknown)
    return Picture(pixels, not_kept=(*dropped, *odd), format=archive.name)
