"""PNG of 8 and 16 bits: Pillow writes no 16-bit colour, OpenCV none of the metadata."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lazydiff_core.images.file_samples import FileSamples
from lazydiff_core.images.metadata import RECIPES, XMP_CHUNK
from lazydiff_core.images.picture import Metadata, Samples

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IHDR", b"IDAT", b"IEND")


def png_file(samples: FileSamples, metadata: Metadata) -> bytes:
    if samples.samples.dtype == np.uint8:
        return _by_pillow(samples.image(), samples.icc, metadata)
    said = _by_pillow(Image.new(samples.model, (1, 1)), samples.icc, metadata)
    extra = b"".join(_packed(name, data) for name, data in _chunks(said) if name not in _PIXELS)
    pixels = _sixteen_bits(samples.samples)
    end_of_header = len(_SIGNATURE) + 25
    return pixels[:end_of_header] + extra + pixels[end_of_header:]


def _by_pillow(image: Image.Image, icc: bytes, metadata: Metadata) -> bytes:
    chunks = PngInfo()
    for keyword, text in metadata.text:
        _add(chunks, keyword, text)
    if metadata.recipes:
        _add(chunks, RECIPES, metadata.recipes)
    if metadata.xmp:
        chunks.add_itxt(XMP_CHUNK, metadata.xmp.decode("utf-8", "replace"))
    given = {"icc_profile": icc, "exif": metadata.exif, "dpi": metadata.dpi}
    buffer = BytesIO()
    image.save(buffer, "PNG", pnginfo=chunks, **{k: v for k, v in given.items() if v})
    return buffer.getvalue()


def _add(chunks: PngInfo, keyword: str, text: str) -> None:
    """As Latin-1 where that can say it, which every program reads."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        chunks.add_itxt(keyword, text)
    else:
        chunks.add_text(keyword, text)


def _sixteen_bits(samples: Samples) -> bytes:
    import cv2

    channels = samples.shape[2]
    order = [0] if channels == 1 else [2, 1, 0, *range(3, channels)]  # it has blue first
    done, data = cv2.imencode(".png", np.ascontiguousarray(samples[..., order]))
    if not done:
        raise ValueError("OpenCV cannot write it")
    return data.tobytes()


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place < len(file):
        size, name = struct.unpack_from(">I4s", file, place)
        yield name, file[place + 8 : place + 8 + size]
        place += 12 + size


def _packed(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
