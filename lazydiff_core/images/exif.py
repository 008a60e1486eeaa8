"""Exif blocks, changed in place: makers' notes count bytes from the block's start.

Source: CIPA DC-008 (Exif 3.0), section 4.6; TIFF 6.0, section 2.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

_log = logging.getLogger(__name__)
HEADER = b"Exif\0\0"
ORIENTATION = 0x0112
EXIF_PART, GPS_PART = 0x8769, 0x8825
USER_COMMENT, WIDTH, HEIGHT = 0x9286, 0xA002, 0xA003
_THUMBNAIL, _THUMBNAIL_BYTES = 0x0201, 0x0202
_SHORT, _LONG = 3, 4
_SIZES = {_SHORT: 2, _LONG: 4}
_MAX_ENTRIES = 4096


@dataclass(frozen=True)
class _Entry:
    """Where the value of a tag lies in the block."""

    tag: int
    kind: int
    count: int
    place: int


def orientation_of(exif: bytes) -> int:
    """1 to 8; 1 if the block does not say, or is damaged."""
    try:
        order, directory = _first(exif)
        found = _value(exif, order, _entry(exif, order, directory, ORIENTATION))
    except (struct.error, ValueError):
        return 1
    return found if found is not None and 1 <= found <= 8 else 1


def normalised(exif: bytes) -> bytes:
    """The block for a picture that was turned upright and may be painted: no thumbnail.

    A block that cannot be understood is dropped: its orientation might be applied twice.
    """
    block = bytearray(exif.removeprefix(HEADER))
    if not block:
        return b""
    try:
        order, directory = _first(block)
        _set(block, order, _entry(block, order, directory, ORIENTATION), 1)
        _drop_thumbnail(block, order, directory)
    except (struct.error, ValueError) as error:
        _log.info("A damaged Exif block is dropped: %s", error)
        return b""
    return bytes(block)


def with_orientation(block: bytes, orientation: int) -> bytes:
    """An Exif block, or a whole TIFF, that says another orientation, where it says one."""
    changed = bytearray(block)
    order, directory = _first(changed)
    _set(changed, order, _entry(changed, order, directory, ORIENTATION), orientation)
    return bytes(changed)


def with_size(exif: bytes, width: int, height: int) -> bytes:
    """The block with the picture's size, where it gives one."""
    block = bytearray(exif)
    if not block:
        return b""
    try:
        order, directory = _first(block)
        link = _value(block, order, _entry(block, order, directory, EXIF_PART))
        if link is not None:
            _set(block, order, _entry(block, order, link, WIDTH), width)
            _set(block, order, _entry(block, order, link, HEIGHT), height)
    except (struct.error, ValueError) as error:
        _log.info("A damaged Exif block keeps its size: %s", error)
    return bytes(block)


def parsed(exif: bytes) -> Image.Exif:
    """The block as Pillow has it; empty if it is damaged."""
    found = Image.Exif()
    try:
        found.load(exif)
    except Exception as error:  # decoders meet damaged files with errors of any kind
        _log.info("A damaged Exif block cannot be read: %s", error)
        return Image.Exif()
    return found


def text_of(value: Any) -> str:
    """The text of a UserComment: its first eight bytes name the character set."""
    if not isinstance(value, bytes):
        return str(value)
    kind, body = value[:8], value[8:]
    if kind.startswith(b"UNICODE"):
        big = body[:1] == b"\0" or body[:2] == b"\xfe\xff"
        return body.decode("utf-16-be" if big else "utf-16-le", "replace").strip("\ufeff\0")
    return (body if kind.startswith((b"ASCII", b"\0")) else value).decode("utf-8", "replace")


def comment_of(words: str) -> bytes:
    """A UserComment with this text."""
    if words.isascii():
        return b"ASCII\0\0\0" + words.encode()
    return b"UNICODE\0" + words.encode("utf-16-be")


def _first(block: bytes | bytearray) -> tuple[str, int]:
    """Byte order, and the place of the first directory."""
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    order = orders.get(bytes(block[:4]))
    if order is None:
        raise ValueError("it is no TIFF structure")
    return order, struct.unpack_from(order + "I", block, 4)[0]


def _entries(block: bytes | bytearray, order: str, directory: int) -> Iterator[_Entry]:
    (count,) = struct.unpack_from(order + "H", block, directory)
    if count > _MAX_ENTRIES:
        raise ValueError("far too many entries")
    for k in range(count):
        place = directory + 2 + 12 * k
        tag, kind, values = struct.unpack_from(order + "HHI", block, place)
        yield _Entry(tag, kind, values, place + 8)


def _entry(block: bytes | bytearray, order: str, directory: int, tag: int) -> _Entry | None:
    return next((e for e in _entries(block, order, directory) if e.tag == tag), None)


def _value(block: bytes | bytearray, order: str, entry: _Entry | None) -> int | None:
    """The number of an entry that has one; None if there is no such entry."""
    if entry is None or entry.count != 1 or entry.kind not in _SIZES:
        return None
    form = "H" if entry.kind == _SHORT else "I"
    return int(struct.unpack_from(order + form, block, entry.place)[0])


def _set(block: bytearray, order: str, entry: _Entry | None, value: int) -> None:
    if entry is None or entry.count != 1 or entry.kind not in _SIZES:
        return
    if entry.kind == _SHORT and value > 0xFFFF:
        return
    struct.pack_into(order + ("H" if entry.kind == _SHORT else "I"), block, entry.place, value)


def _drop_thumbnail(block: bytearray, order: str, directory: int) -> None:
    """Unlink the second directory, and blank the thumbnail that it names."""
    (count,) = struct.unpack_from(order + "H", block, directory)
    link = directory + 2 + 12 * count
    if link + 4 > len(block):
        return
    (second,) = struct.unpack_from(order + "I", block, link)
    struct.pack_into(order + "I", block, link, 0)
    if not second:
        return
    start = _value(block, order, _entry(block, order, second, _THUMBNAIL))
    size = _value(block, order, _entry(block, order, second, _THUMBNAIL_BYTES))
    if start and size and start + size <= len(block):
        block[start : start + size] = bytes(size)
