"""A picture as it came from a file: what is shown, and all that must come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy.typing as npt

from lazydiff_core.contract import RGB, Pixels

Samples: TypeAlias = npt.NDArray[Any]  # uint8, uint16 or float32 (1.0 = white)
ColourModel: TypeAlias = Literal["L", "RGB", "CMYK"]
COLOURS: dict[ColourModel, int] = {"L": 1, "RGB": 3, "CMYK": 4}


@dataclass(frozen=True)
class Metadata:
    """What a file says about its picture, apart from the pixels. Empty = it does not say.

    icc:       the colour profile that the file's samples are meant in; empty = sRGB.
    exif:      an Exif block: a TIFF structure, without a header of any picture format. Its
               orientation is normal and it has no thumbnail, whose picture would be outdated.
    xmp:       an XMP packet, XML in UTF-8.
    photoshop: Photoshop's image resources, IPTC's older fields among them.
    dpi:       dots per inch, across and down.
    text:      keyword and text of what a PNG, or the comment of a JPEG, says: in the file's order.
    recipes:   LazyDiff's own note on the fills in the picture, as JSON.
    """

    icc: bytes = b""
    exif: bytes = b""
    xmp: bytes = b""
    photoshop: bytes = b""
    dpi: tuple[float, float] | None = None
    text: tuple[tuple[str, str], ...] = ()
    recipes: str = ""


@dataclass(frozen=True, eq=False)
class Original:
    """The samples of a file, where 8-bit sRGB does not say it all. The array must not be changed.

    samples: (H, W, C) uint8, uint16 or float32 (1.0 = white), upright, with straight alpha last
             if C is one more than the colour model has.
    model:   "L" is grey. Of CMYK, 0 is no ink.
    """

    samples: Samples
    model: ColourModel

    @property
    def has_alpha(self) -> bool:
        return bool(self.samples.shape[2] > COLOURS[self.model])

    @property
    def bits(self) -> int:
        """Bits of a sample: 8, 16 or 32 (floating point)."""
        return self.samples.dtype.itemsize * 8


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as read. Arrays are shared and must not be changed.

    pixels:   (H, W, 3) or (H, W, 4) uint8 sRGB, straight alpha, upright: what is shown and what
              a model sees. It has an alpha channel if the file has one.
    original: the file's own samples; None = `pixels` are these.
    not_kept: what the file holds and this program drops, each in plain words that may follow
              "It also holds": "2 more frames", "layers".
    format:   name of the file's format, such as "PNG"; "" = none, the picture was made here.
    """

    pixels: Pixels
    original: Original | None = None
    metadata: Metadata = field(default_factory=Metadata)
    not_kept: tuple[str, ...] = ()
    format: str = ""

    @property
    def has_alpha(self) -> bool:
        return bool(self.pixels.shape[2] == 4)

    @property
    def colours(self) -> RGB:
        """(H, W, 3): the pixels without their alpha."""
        return self.pixels[..., :3]
