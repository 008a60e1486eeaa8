"""Arrays of pixels cut into tiles, each compressed on its own, so that memory stays small.

A tile is stored as the difference of each pixel to its left neighbour, deflated. The zlib checksum
detects damaged tiles.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Box
from lazydiff_core.errors import ProjectError
from lazydiff_core.geometry.box import tiles

SIDE = 256
_LEVEL = 1
_FLAT = 16
Bytes: TypeAlias = npt.NDArray[np.uint8]  # (h, w, c)
Pixels: TypeAlias = npt.NDArray[np.uint8] | npt.NDArray[np.bool_]  # (h, w, c), or (h, w) for masks


def tiles_of(shape: tuple[int, ...]) -> Iterator[Box]:
    """The boxes of the tiles of an array of shape (h, w, ...), row by row."""
    whole = Box.of(shape)
    return (tile.clip(whole) for tile in tiles(whole, SIDE))


def planes_of(pixels: Pixels) -> Bytes:
    """(h, w, c) uint8 view of the same bytes; a mask has one channel of 0 and 1."""
    as_bytes = pixels.view(np.uint8)
    return as_bytes if as_bytes.ndim == 3 else as_bytes[..., None]


def pack(pixels: Bytes, least: int = 0, *, quick: bool = False) -> bytes:
    """Deflate (h, w, c) uint8; left uncompressed if the result would be under `least` bytes.

    quick: favour speed over size: only mostly flat tiles, which are fast, are compressed.
    """
    steps = pixels.copy()
    steps[:, 1:] -= pixels[:, :-1]
    raw = steps.tobytes()
    if quick and np.count_nonzero(steps) > steps.size // _FLAT:
        return zlib.compress(raw, 0)
    packed = zlib.compress(raw, _LEVEL)
    return packed if len(packed) >= least else zlib.compress(raw, 0)


def unpack(data: bytes, shape: tuple[int, int, int]) -> Bytes:
    """The inverse of `pack`: (h, w, c) uint8. Never decompresses more bytes than `shape` has.

    Raises ProjectError if `data` is damaged or of another size.
    """
    size = shape[0] * shape[1] * shape[2]
    inflater = zlib.decompressobj()
    try:
        raw = inflater.decompress(data, size + 1)
    except zlib.error as error:
        raise ProjectError("Some pixels are damaged.") from error
    if len(raw) != size or not inflater.eof:
        raise ProjectError("Some pixels have another size than they should.")
    steps = np.frombuffer(raw, np.uint8).reshape(shape)
    return np.cumsum(steps, axis=1, dtype=np.uint8)


def crc_of(pixels: Bytes) -> int:
    """A checksum of (h, w, c) uint8."""
    return zlib.crc32(np.ascontiguousarray(pixels).data)
