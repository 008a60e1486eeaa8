"""The formats that pictures are written in, and what each has a place for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from lazydiff_core.errors import TargetError
from lazydiff_core.images.picture import ColourModel


@dataclass(frozen=True)
class Format:
    """A file format to write.

    name:      Pillow's name, and the artist's.
    options:   Pillow's options for the best quality.
    depths:    bits of a sample that it can hold.
    models:    colour models that it can hold.
    alpha:     it can hold transparency.
    grey_alpha: depths of grey with transparency that it can hold.
    exact:     lossless: every pixel is read as it was written.
    says:      fields of `Metadata` that it has a place for.
    keywords:  of its texts; None = any.
    segment:   bytes that fit into Exif, and into XMP; 0 = no limit.
    most:      longest side in pixels.
    """

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    depths: tuple[int, ...] = (8,)
    models: tuple[ColourModel, ...] = ("L", "RGB")
    alpha: bool = True
    grey_alpha: tuple[int, ...] = (8,)
    exact: bool = True
    says: tuple[str, ...] = ("icc", "exif", "xmp")
    keywords: tuple[str, ...] | None = ()
    segment: int = 0
    most: int = 2**31 - 1

    def depth_for(self, bits: int) -> Any:
        """The numpy type of samples that keeps most of so many bits."""
        fitting = max((depth for depth in self.depths if depth <= bits), default=8)
        return {8: np.uint8, 16: np.uint16, 32: np.float32}[fitting]


_JPEG = Format(
    "JPEG",
    {"quality": 95, "subsampling": 0},
    models=("L", "RGB", "CMYK"),
    alpha=False,
    exact=False,
    says=("icc", "exif", "xmp", "photoshop", "dpi"),
    keywords=("Comment",),
    segment=65_000,
    most=65_500,
)
_TIFF = Format(
    "TIFF",
    depths=(8, 16, 32),
    grey_alpha=(8, 16),
    models=("L", "RGB", "CMYK"),
    says=("icc", "exif", "xmp", "photoshop", "dpi"),
)
FORMATS = {
    ".png": Format("PNG", depths=(8, 16), says=("icc", "exif", "xmp", "dpi"), keywords=None),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".webp": Format("WebP", {"lossless": True, "exact": True}, models=("RGB",), most=16_383),
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".avif": Format(
        "AVIF", {"quality": 95, "subsampling": "4:4:4"}, grey_alpha=(), exact=False, most=65_535
    ),
}


def format_of(path: Path) -> Format:
    """The format that a file name asks for; raises TargetError if there is none."""
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise TargetError(
            f"{path.name or path} names no format to write: end it in {', '.join(FORMATS)}."
        ) from None
