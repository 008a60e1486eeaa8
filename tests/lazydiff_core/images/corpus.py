"""Files as artists bring them: formats x channels x depths x profiles x metadata x orientations.

Made with Pillow, OpenCV and by hand, never with the writers under test.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import product
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageCms, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

HEIGHT, WIDTH = 20, 28
PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    b'dc:format="image"/></rdf:RDF></x:xmpmeta>'
)


@dataclass(frozen=True)
class Case:
    """One file. mode: Pillow's. bits: 8, 16 or 32. profile: "", "srgb" or "own"."""

    format: str
    mode: str
    bits: int = 8
    profile: str = ""
    described: bool = False
    orientation: int = 1

    @property
    def suffix(self) -> str:
        return {"JPEG": ".jpg", "TIFF": ".tif"}.get(self.format, f".{self.format.lower()}")

    @property
    def channels(self) -> int:
        return {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}.get(self.mode, 1)

    def __str__(self) -> str:
        words = (self.format, self.mode, self.bits, self.profile, self.described, self.orientation)
        return "-".join(map(str, words))


_KINDS = (
    *(("PNG", mode, 8) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")),
    *(("PNG", mode, 16) for mode in ("L", "RGB", "RGBA")),
    *(("TIFF", mode, 8) for mode in ("L", "RGB", "RGBA", "CMYK")),
    *(("TIFF", mode, bits) for bits in (16, 32) for mode in ("L", "RGB", "RGBA")),
    *(("JPEG", mode, 8) for mode in ("L", "RGB", "CMYK")),
    *((name, mode, 8) for name in ("WEBP", "AVIF") for mode in ("RGB", "RGBA")),
)
CASES = (
    *(
        Case(*kind, profile, described)
        for kind, profile, described in product(_KINDS, ("", "srgb", "own"), (False, True))
        if not (profile and kind[1] in ("1", "CMYK"))
        and not (profile == "srgb" and kind[1] in ("L", "LA"))
    ),
    *(Case(*kind, "own", True, turn) for kind, turn in product(_KINDS[2::3], (3, 6, 7))
      if kind[1] != "CMYK"),
)  # fmt: skip


def samples_of(case: Case) -> np.ndarray:
    """(H, W, C) smooth colours with noise, as they lie in the file."""
    random = np.random.default_rng(7)
    ramp = np.linspace(0.1, 0.9, HEIGHT * WIDTH * case.channels).reshape(HEIGHT, WIDTH, -1)
    values = np.clip(ramp + random.normal(0, 0.05, ramp.shape), 0, 1)
    if case.bits == 32:
        return values.astype(np.float32)
    return np.rint(values * (2**case.bits - 1)).astype(np.uint8 if case.bits == 8 else np.uint16)


@cache  # it holds the time
def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@cache
def own_profile(grey: bool) -> bytes:
    """A profile of other colours than sRGB's: gamma 1.8, and other primaries."""
    srgb = srgb_profile()
    curve = b"curv" + bytes(4) + struct.pack(">IHH", 1, round(1.8 * 256), 0)

    def xyz(*numbers: float) -> bytes:
        return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(n * 65536) for n in numbers))

    tags = {b"wtpt": xyz(0.9642, 1, 0.8249)}
    if grey:
        tags[b"kTRC"] = curve
    else:
        primaries = ((0.515, 0.241, -0.001), (0.292, 0.692, 0.042), (0.157, 0.067, 0.784))
        tags |= {n: xyz(*p) for n, p in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)}
        tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    start, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    head = bytearray(srgb[:128])
    head[16:20] = b"GRAY" if grey else b"RGB "
    head[24:36] = bytes(12)  # no date: the same bytes each time
    whole = bytes(head) + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def profile_of(case: Case) -> bytes:
    if case.profile == "own":
        return own_profile(case.mode in ("1", "L", "LA"))
    return srgb_profile() if case.profile == "srgb" else b""


def exif_of(case: Case) -> Image.Exif:
    exif = Image.Exif()
    if case.orientation != 1:
        exif[0x0112] = case.orientation
    if case.described:
        exif[0x010F] = "Camera"
        exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
        exif.get_ifd(0x8825)[1] = "N"
    return exif


def file_of(case: Case) -> bytes:
    """The contents of the case's file."""
    options: dict[str, Any] = {}
    if profile := profile_of(case):
        options["icc_profile"] = profile
    exif = exif_of(case)
    if len(exif) or case.described:
        options["exif"] = exif
    if case.described:
        options |= {"dpi": (300, 300), "xmp": PACKET}
    if case.format == "PNG":
        return _png(case, options)
    if case.format == "TIFF":
        return _tiff(case)
    if case.format == "WEBP":
        options |= {"lossless": True, "exact": True}
    if case.format in ("JPEG", "AVIF"):
        options |= {"quality": 95}
    return _saved(_image(case), case.format, **options)


def _image(case: Case) -> Image.Image:
    samples = samples_of(case)
    if case.mode in ("1", "P"):
        return Image.fromarray(samples[..., 0]).convert(case.mode)
    height, width, _ = samples.shape
    return Image.frombytes(case.mode, (width, height), samples.tobytes())


def _saved(image: Image.Image, name: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def _png(case: Case, options: dict[str, Any]) -> bytes:
    chunks = PngInfo()
    if case.described:
        chunks.add_itxt("XML:com.adobe.xmp", options.pop("xmp").decode())
        chunks.add_text("parameters", "a cat\nSteps: 20, Seed: 123")
        chunks.add_text("Author", "J. Doe")
        chunks.add_itxt("Title", "Ein Apfel \u2014 \u7ea2")
    if case.bits == 8:
        return _saved(_image(case), "PNG", pnginfo=chunks, **options)
    small = _saved(Image.new(case.mode, (1, 1)), "PNG", pnginfo=chunks, **options)
    said = small[33 : small.index(b"IDAT") - 4]
    samples = samples_of(case)
    order = [0] if case.channels == 1 else [2, 1, 0, 3][: case.channels]
    pixels = cv2.imencode(".png", np.ascontiguousarray(samples[..., order]))[1].tobytes()
    return pixels[:33] + said + pixels[33:]


def _tiff(case: Case) -> bytes:
    """One uncompressed strip behind the tags."""
    samples = samples_of(case)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    exif = exif_of(case)
    for tag, value in exif.items():
        tags[tag] = value
    if case.described:
        tags[0x8769], tags[0x8825] = dict(exif.get_ifd(0x8769)), dict(exif.get_ifd(0x8825))
        tags[282], tags[283], tags[296], tags[700] = 300.0, 300.0, 2, PACKET
    tags[256], tags[257], tags[277] = WIDTH, HEIGHT, case.channels
    tags[258], tags[339] = (case.bits,) * case.channels, (3 if case.bits == 32 else 1,)
    tags[259], tags[262] = 1, {"L": 1, "RGB": 2, "RGBA": 2, "CMYK": 5}[case.mode]
    tags[278], tags[273], tags[279] = HEIGHT, (0,), (samples.nbytes,)
    if case.mode == "RGBA":
        tags[338] = (2,)
    if profile := profile_of(case):
        tags[34675] = profile
    buffer = BytesIO()
    tags.save(buffer)
    return buffer.getvalue() + samples.tobytes()
