"""TIFFs that hold one channel after the other, which OpenCV takes for interleaved ones."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from PIL import TiffImagePlugin as Tiff

_SEPARATE = 2
_PREDICTOR, _FILL_ORDER = 317, 266
_KEPT = (
    *(Tiff.IMAGEWIDTH, Tiff.IMAGELENGTH, Tiff.COMPRESSION, _PREDICTOR, _FILL_ORDER),
    *(Tiff.ROWSPERSTRIP, Tiff.TILEWIDTH, Tiff.TILELENGTH),
)
_GREY = 1
_HEADERS = {b"II": b"II*\0" + bytes(4), b"MM": b"MM\0*" + bytes(4)}


def is_separate(image: Tiff.TiffImageFile) -> bool:
    channels = int(image.tag_v2.get(Tiff.SAMPLESPERPIXEL, 1))
    return channels > 1 and image.tag_v2.get(Tiff.PLANAR_CONFIGURATION) == _SEPARATE


def planes(image: Tiff.TiffImageFile, data: bytes) -> Iterator[bytes]:
    """Each channel of the TIFF `data` as a grey TIFF of its own; ValueError if it is damaged."""
    tags = image.tag_v2
    tiled = Tiff.TILEOFFSETS in tags
    starts = tags[Tiff.TILEOFFSETS if tiled else Tiff.STRIPOFFSETS]
    sizes = tags[Tiff.TILEBYTECOUNTS if tiled else Tiff.STRIPBYTECOUNTS]
    channels = int(tags[Tiff.SAMPLESPERPIXEL])
    if len(starts) != len(sizes) or len(starts) % channels:
        raise ValueError("its channels are incomplete")
    pieces = [data[start : start + size] for start, size in zip(starts, sizes, strict=True)]
    each = len(pieces) // channels
    for k in range(channels):
        yield _grey(tags, pieces[k * each : (k + 1) * each], k, tiled)


def _grey(tags: Tiff.ImageFileDirectory_v2, pieces: list[bytes], k: int, tiled: bool) -> bytes:
    grey = Tiff.ImageFileDirectory_v2(_HEADERS[tags.prefix])
    for tag in _KEPT:
        if tag in tags:
            grey[tag] = tags[tag]
    bits = tags[Tiff.BITSPERSAMPLE]
    kinds = tags.get(Tiff.SAMPLEFORMAT, (1,))
    grey[Tiff.BITSPERSAMPLE] = (bits[min(k, len(bits) - 1)],)
    grey[Tiff.SAMPLEFORMAT] = (kinds[min(k, len(kinds) - 1)],)
    grey[Tiff.PHOTOMETRIC_INTERPRETATION], grey[Tiff.SAMPLESPERPIXEL] = _GREY, 1
    places = [0]
    for piece in pieces:
        places.append(places[-1] + len(piece))
    offsets = Tiff.TILEOFFSETS if tiled else Tiff.STRIPOFFSETS
    counts = Tiff.TILEBYTECOUNTS if tiled else Tiff.STRIPBYTECOUNTS
    grey[counts] = tuple(map(len, pieces))
    grey[offsets] = tuple(places[:-1])
    head = _written(grey)
    # Pillow moves the places of strips behind the tags, but not those of tiles.
    if tiled:
        grey[offsets] = tuple(place + len(head) for place in places[:-1])
        head = _written(grey)
    return head + b"".join(pieces)


def _written(tags: Tiff.ImageFileDirectory_v2) -> bytes:
    buffer = BytesIO()
    tags.save(buffer)
    return buffer.getvalue()
