"""What a file holds and this program drops, in plain words."""

from __future__ import annotations

from PIL import Image, PsdImagePlugin, TiffImagePlugin

from lazydiff_core.images.coded_colour import codes_of, is_hdr
from lazydiff_core.images.decoding import bits_of, extra_channels, is_plain

_LAYERS = 37724  # Photoshop's layers in a TIFF
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"


def not_kept(image: Image.Image, data: bytes) -> tuple[str, ...]:
    """What an opened image has beside its first picture, such as "2 more frames"."""
    dropped: list[str] = []
    _say_more_pictures(image, dropped)
    _say_of_format(image, dropped)
    if image.mode == "LAB":
        dropped.append("Lab colors (read as RGB)")
    if is_hdr(codes_of(image, data)):
        dropped.append("brightness beyond white (HDR)")
    bits = bits_of(image, data)
    if bits > 8 and not is_plain(image, bits) and not image.mode.startswith("I;16"):
        dropped.append(f"{bits} bits a channel (read as 8)")
    return tuple(dropped)


def _say_more_pictures(image: Image.Image, dropped: list[str]) -> None:
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        return  # it counts layers
    more = getattr(image, "n_frames", 1) - 1
    if more < 1:
        return
    if image.format == "TIFF":
        dropped.append("1 more page" if more == 1 else f"{more} more pages")
    elif image.format == "MPO":
        dropped.append("another picture, such as a brightness map")
    else:
        dropped.append("1 more frame" if more == 1 else f"{more} more frames")


def _say_of_format(image: Image.Image, dropped: list[str]) -> None:
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        if image.layers:
            dropped.append("layers")
    elif isinstance(image, TiffImagePlugin.TiffImageFile):
        if _LAYERS in image.tag_v2:
            dropped.append("layers")
        if extra := extra_channels(image):
            dropped.append("1 more channel" if extra == 1 else f"{extra} more channels")
    elif any(data.startswith(_EXTENSION) for _, data in getattr(image, "applist", [])):
        dropped.append("XMP of more than 64 KiB, such as a depth map")
