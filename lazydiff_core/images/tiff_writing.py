"""TIFF of 8, 16 and 32 bits: strips of deflated samples behind Pillow's directory of tags.

Pillow writes no colour of more than 8 bits, OpenCV no metadata. Source: TIFF 6.0.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

import numpy as np
from PIL import TiffImagePlugin as Tiff
from PIL.TiffTags import UNDEFINED

from lazydiff_core.images import exif as exifs
from lazydiff_core.images import photoshop
from lazydiff_core.images.file_samples import FileSamples
from lazydiff_core.images.picture import Metadata

_STRIP_BYTES = 2**20
_EFFORT = 4  # zlib's: half the time of its default, for a few bytes more
_PHOTOMETRIC = {"L": 1, "RGB": 2, "CMYK": 5}
_DEFLATE, _HORIZONTAL, _NO_PREDICTOR = 8, 2, 1
_UNASSOCIATED = 2
_WHOLE, _FLOATING = 1, 3
_INCH = 2
_PREDICTOR, _SUBIFD_PARTS = 317, (exifs.EXIF_PART, exifs.GPS_PART)


def tiff_file(samples: FileSamples, metadata: Metadata) -> bytes:
    pixels = np.ascontiguousarray(samples.samples)
    height, width, channels = pixels.shape
    rows = max(1, _STRIP_BYTES // (width * channels * pixels.itemsize))
    differ = pixels.dtype != np.float32
    strips = [_strip(pixels[k : k + rows], differ) for k in range(0, height, rows)]
    ends = np.cumsum([0, *map(len, strips)]).tolist()
    tags = Tiff.ImageFileDirectory_v2()
    _describe(tags, metadata)
    tags[Tiff.IMAGEWIDTH], tags[Tiff.IMAGELENGTH] = width, height
    tags[Tiff.BITSPERSAMPLE] = (pixels.itemsize * 8,) * channels
    tags[Tiff.SAMPLESPERPIXEL] = channels
    tags[Tiff.SAMPLEFORMAT] = (_FLOATING if pixels.dtype == np.float32 else _WHOLE,) * channels
    tags[Tiff.PHOTOMETRIC_INTERPRETATION] = _PHOTOMETRIC[samples.model]
    tags[Tiff.COMPRESSION] = _DEFLATE
    tags[_PREDICTOR] = _HORIZONTAL if differ else _NO_PREDICTOR
    tags[Tiff.PLANAR_CONFIGURATION] = 1
    if samples.has_alpha:
        tags[Tiff.EXTRASAMPLES] = (_UNASSOCIATED,)
    tags[Tiff.ROWSPERSTRIP] = rows
    tags[Tiff.STRIPOFFSETS] = tuple(ends[:-1])
    tags[Tiff.STRIPBYTECOUNTS] = tuple(map(len, strips))
    if samples.icc:
        tags[Tiff.ICCPROFILE] = samples.icc
        tags.tagtype[Tiff.ICCPROFILE] = UNDEFINED
    buffer = BytesIO()
    tags.save(buffer)
    return buffer.getvalue() + b"".join(strips)


def _strip(rows: Any, differ: bool) -> bytes:
    """differ: store each sample as its difference from its left neighbour, which packs better."""
    if differ:
        rows = np.concatenate([rows[:, :1], rows[:, 1:] - rows[:, :-1]], axis=1)
    little = rows.astype(rows.dtype.newbyteorder("<"), copy=False)
    return zlib.compress(little.tobytes(), _EFFORT)


def _describe(tags: Tiff.ImageFileDirectory_v2, metadata: Metadata) -> None:
    block = exifs.parsed(metadata.exif)
    for tag, value in block.items():
        if tag not in _SUBIFD_PARTS:
            tags[tag] = value
    for part in _SUBIFD_PARTS:
        if inner := dict(block.get_ifd(part)):
            tags[part] = inner
    if metadata.dpi:
        tags[Tiff.X_RESOLUTION], tags[Tiff.Y_RESOLUTION] = metadata.dpi
        tags[Tiff.RESOLUTION_UNIT] = _INCH
    for tag, data in ((Tiff.XMP, metadata.xmp), (photoshop.TIFF_TAG, metadata.photoshop)):
        if data:
            tags[tag] = data
