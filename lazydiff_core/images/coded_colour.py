"""Colours that a file names by numbers, not by a profile: AVIF's and PNG's, as ICC profiles.

Source: ITU-T H.273, tables 2 and 3; ISO 23008-12 (`colr`); PNG 3rd edition, 11.3.2 (`cICP`,
`gAMA`, `cHRM`); Lindbloom, "RGB/XYZ matrices" and "Chromatic adaptation".
"""

from __future__ import annotations

import struct

import numpy as np
from PIL import Image

_D50 = (0.9642, 1.0, 0.8249)
_Numbers = tuple[float, float, float]
# Red, green and blue in XYZ under D50, by H.273's number of the primaries.
_PRIMARIES: dict[int, tuple[str, tuple[_Numbers, _Numbers, _Numbers]]] = {
    9: (
        "Rec. 2020",
        ((0.67348, 0.27904, -0.00194), (0.16567, 0.67534, 0.02998), (0.12505, 0.04561, 0.79686)),
    ),
    12: (
        "Display P3",
        ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
    ),
}
_SRGB_NUMBERS = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_LIKE_SRGB = (1, 2, 6, 13, 14, 15)  # transfer functions that are shown as sRGB's
_HDR = (16, 18)  # PQ, HLG: brighter than white
_UNSAID = (2, 2)
# PNG's older chunks gAMA and cHRM: white, red, green, blue, each as x and y.
_LIKE_SRGBS_GAMMA = (0.43, 0.48)
_SRGB_CHROMATICITIES = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def profile_in(image: Image.Image, data: bytes) -> bytes:
    """An ICC profile of the colours that a file names by numbers; empty for sRGB's."""
    codes = codes_of(image, data)
    if codes != _UNSAID or image.format != "PNG" or "srgb" in image.info:
        return profile_of(codes)
    return _of_gamma(image.info.get("gamma"), image.info.get("chromaticity"))


def codes_of(image: Image.Image, data: bytes) -> tuple[int, int]:
    """H.273's numbers of primaries and transfer function in a file; (2, 2) = it does not say."""
    if image.format == "AVIF":
        at = data.find(b"colrnclx")
        form, start = ">HH", at + 8
    elif image.format == "PNG":
        at = data.find(b"cICP", 0, data.find(b"IDAT"))
        form, start = ">BB", at + 4
    else:
        return _UNSAID
    if at < 0 or start + struct.calcsize(form) > len(data):
        return _UNSAID
    primaries, transfer = struct.unpack_from(form, data, start)
    return primaries, transfer


def is_hdr(codes: tuple[int, int]) -> bool:
    """Whether brightness beyond white is in the file, which is shown without."""
    return codes[1] in _HDR


def profile_of(codes: tuple[int, int]) -> bytes:
    """An ICC profile of these colours; empty for sRGB's."""
    primaries, transfer = codes
    if primaries not in _PRIMARIES or transfer not in (*_LIKE_SRGB, *_HDR):
        return b""
    curve = b"para" + struct.pack(">IHH5i", 0, 3, 0, *_fixed(_SRGB_NUMBERS))
    return _profile(*_PRIMARIES[primaries], curve)


def _of_gamma(gamma: float | None, places: tuple[float, ...] | None) -> bytes:
    """Of PNG's older chunks; empty if they are damaged, too."""
    if not gamma or not 0.1 <= gamma <= 2:
        return b""
    places = places or _SRGB_CHROMATICITIES
    far = max(abs(a - b) for a, b in zip(places, _SRGB_CHROMATICITIES, strict=True)) > 0.005
    low, high = _LIKE_SRGBS_GAMMA
    if (low <= gamma <= high and not far) or min(places[1::2]) <= 0:
        return b""
    curve = b"curv" + struct.pack(">IIHH", 0, 1, round(256 / gamma), 0)
    pairs = zip(places[::2], places[1::2], strict=True)
    white, *primaries = ((x / y, 1.0, (1 - x - y) / y) for x, y in pairs)
    colours = np.array(primaries).T
    try:
        with np.errstate(all="ignore"):
            colours = colours * np.linalg.solve(colours, np.array(white))
            cones = (_BRADFORD @ np.array(_D50)) / (_BRADFORD @ np.array(white))
            adapted = np.linalg.solve(_BRADFORD, np.diag(cones) @ _BRADFORD @ colours)
    except np.linalg.LinAlgError:
        return b""
    if not np.abs(adapted).max() < 10:  # no real primaries, or no numbers
        return b""
    red, green, blue = (tuple(column) for column in adapted.T.tolist())
    return _profile(f"Gamma {1 / gamma:.2f}", (red, green, blue), curve)


def _profile(name: str, columns: tuple[_Numbers, _Numbers, _Numbers], curve: bytes) -> bytes:
    tags = {b"desc": _text(name), b"cprt": _text("No copyright"), b"wtpt": _xyz(_D50)}
    tags |= {b"rgb"[k : k + 1] + b"XYZ": _xyz(column) for k, column in enumerate(columns)}
    tags |= {b"rgb"[k : k + 1] + b"TRC": curve for k in range(3)}
    head = struct.pack(
        ">I4sI4s4s4s12s4s28x3i48x", 0, bytes(4), 0x04400000, b"mntr", b"RGB ", b"XYZ ", bytes(12),
        b"acsp", *_fixed(_D50),
    )  # fmt: skip
    return _packed(head, tags)


def _packed(head: bytes, tags: dict[bytes, bytes]) -> bytes:
    start, table, body = len(head) + 4 + 12 * len(tags), b"", b""
    for name, element in tags.items():
        table += name + struct.pack(">II", start + len(body), len(element))
        body += element + bytes(-len(element) % 4)
    whole = head + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def _fixed(numbers: tuple[float, ...]) -> list[int]:
    return [round(number * 65536) for number in numbers]


def _xyz(numbers: _Numbers) -> bytes:
    return b"XYZ " + struct.pack(">I3i", 0, *_fixed(numbers))


def _text(words: str) -> bytes:
    written = words.encode("utf-16-be")
    return b"mluc" + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", len(written), 28) + written
