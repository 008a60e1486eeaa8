"""Photoshop's image resources, which JPEG and TIFF carry too: IPTC's older fields, guides, paths.

Source: Adobe Photoshop File Formats Specification, "Image Resources Section".
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any

HEADER = b"Photoshop 3.0\0"  # of a JPEG's segment
TIFF_TAG, IPTC_TAG = 34377, 33723
_IPTC = 1028
# Thumbnails show the picture as it was; profile, Exif and XMP have places of their own.
_DROPPED = (1033, 1036, 1039, 1058, 1060)
_MARK = b"8BIM"


def kept(block: bytes) -> bytes:
    """The resources that stay true when the picture is painted; empty if there are none."""
    return packed(_resources(block))


def packed(resources: Iterable[tuple[int, bytes]]) -> bytes:
    """A block of resources, without those that would be outdated; names are dropped."""
    return b"".join(_resource(kind, data) for kind, data in resources if kind not in _DROPPED)


def from_iptc(value: Any) -> bytes:
    """A block with the IPTC fields that a TIFF holds by themselves."""
    if isinstance(value, tuple):  # old programs wrote bytes as numbers of four
        value = struct.pack(f"<{len(value)}I", *(number & 0xFFFFFFFF for number in value))
    return _resource(_IPTC, value) if isinstance(value, bytes) and value else b""


def _resource(kind: int, data: bytes) -> bytes:
    head = _MARK + struct.pack(">HHI", kind, 0, len(data))
    return head + data + b"\0" * (len(data) % 2)


def _resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while block[place : place + 4] == _MARK and place + 12 <= len(block):
        (kind,) = struct.unpack_from(">H", block, place + 4)
        name = block[place + 6]
        start = place + 6 + (name + 2) // 2 * 2  # padded to an even length with its count
        if start + 4 > len(block):
            return
        (size,) = struct.unpack_from(">I", block, start)
        yield kind, block[start + 4 : start + 4 + size]
        place = start + 4 + (size + 1) // 2 * 2
