"""What a file holds and this program drops, in plain words."""

from __future__ import annotations

from PIL import Image, PsdImagePlugin, TiffImagePlugin

from lazydiff_core.images.decoding import bits_of, extra_channels, is_plain

_LAYERS = 37724  # Photoshop's layers in a TIFF
_RAW = (50706, 33421)  # DNG's version, a colour filter's pattern
_COUNTED = {"GIF": "frame", "PNG": "frame", "WEBP": "frame", "AVIF": "frame", "TIFF": "page"}
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"


def not_kept(image: Image.Image, data: bytes) -> tuple[str, ...]:
    """What an opened image has beside its first picture, such as "2 more frames"."""
    found = [*_more_pictures(image), *_of_format(image)]
    if image.mode == "LAB":
        found.append("Lab colours (read as RGB)")
    bits = bits_of(image, data)
    if bits > 8 and not is_plain(image, bits):
        found.append(f"{bits} bits a channel (read as 8)")
    return tuple(found)


def _more_pictures(image: Image.Image) -> list[str]:
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        return []  # it counts layers
    more = getattr(image, "n_frames", 1) - 1
    if more < 1:
        return []
    if image.format == "MPO":
        return [_counted(more, "picture") + ", such as a brightness map"]
    return [_counted(more, _COUNTED.get(image.format or "", "picture"))]


def _of_format(image: Image.Image) -> list[str]:
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        return ["layers"] if len(image.layers) else []
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return _of_tiff(image)
    segments = (data for _, data in getattr(image, "applist", []))
    if any(data.startswith(_EXTENSION) for data in segments):
        return ["XMP of more than 64 KiB, such as a depth map"]
    return []


def _of_tiff(image: TiffImagePlugin.TiffImageFile) -> list[str]:
    found = ["Photoshop's layers"] if _LAYERS in image.tag_v2 else []
    extra = extra_channels(image)
    return [*found, _counted(extra, "channel")] if extra else found


def _counted(number: int, what: str) -> str:
    return f"{number} more {what}{'' if number == 1 else 's'}"
