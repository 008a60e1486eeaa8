from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from lazydiff_core.errors import ImageError
from lazydiff_core.images import reading
from lazydiff_core.images.colour import name_of
from lazydiff_core.images.picture import Picture
from lazydiff_core.images.reading import (
    check_same_size,
    picture_of,
    read_image,
    read_picture,
    read_rgba,
)

NOWHERE = Path("brought")


def contents(image: Image.Image, name: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def brought(image: Image.Image, name: str, **options: Any) -> Picture:
    return picture_of(contents(image, name, **options), NOWHERE)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF", "JPEG2000", "BMP", "TGA"])
def test_every_format_gives_its_colours(name: str) -> None:
    picture = brought(Image.new("RGB", (20, 12), (30, 140, 220)), name)

    assert picture.pixels.shape == (12, 20, 3)
    assert np.abs(picture.pixels.astype(int) - (30, 140, 220)).max() <= 4
    assert picture.format == {"WEBP": "WebP", "JPEG2000": "JPEG 2000"}.get(name, name)
    assert picture.not_kept == ()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_becomes_colour(mode: str) -> None:
    picture = brought(Image.new("RGB", (5, 3), "white").convert(mode), "PNG")

    assert picture.has_alpha == (mode in ("LA", "RGBA"))
    assert (picture.pixels == 255).all()


def test_a_clear_entry_of_a_palette_is_clear() -> None:
    image = Image.new("P", (2, 2), 0)
    image.putpalette([255, 0, 0])

    assert brought(image, "PNG", transparency=0).pixels.tolist() == [[[255, 0, 0, 0]] * 2] * 2


def test_sixteen_bits_are_rounded_to_eight() -> None:
    deep = np.array([[0, 128, 129, 257, 32768, 65535]], np.uint16)
    assert brought(Image.fromarray(deep), "PNG").pixels[0, :, 0].tolist() == [0, 0, 1, 1, 128, 255]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("deep", [False, True])
def test_a_picture_is_turned_upright_once(orientation: int, deep: bool) -> None:
    upright = np.arange(3 * 4 * 3, dtype=np.uint8).reshape(3, 4, 3)
    exif = Image.Exif()
    exif[0x0112] = orientation
    undo = {5: 5, 6: 8, 7: 7, 8: 6}.get(orientation, orientation)
    turned = reading.upright(upright, undo)
    data = contents(Image.fromarray(turned), "PNG", exif=exif)
    if deep:
        sixteen = turned.astype(np.uint16) * 257
        _, pixels = cv2.imencode(".png", sixteen[..., ::-1])
        data = pixels.tobytes()[:33] + data[33 : data.index(b"IDAT") - 4] + pixels.tobytes()[33:]
    picture = picture_of(data, NOWHERE)

    assert np.array_equal(picture.pixels, upright)
    assert Image.open(BytesIO(data)).getexif()[0x0112] == orientation
    block = Image.Exif()
    block.load(picture.metadata.exif)
    assert block[0x0112] == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        *((name, "2 more frames") for name in ("GIF", "WEBP", "PNG", "AVIF")),
        ("TIFF", "2 more pages"),
    ],
)
def test_what_is_beside_the_first_picture_is_said(name: str, words: str) -> None:
    more = [Image.new("RGB", (8, 8), colour) for colour in ("blue", "lime")]
    picture = brought(Image.new("RGB", (8, 8), "red"), name, save_all=True, append_images=more)

    assert picture.not_kept == (words,)
    assert np.abs(picture.pixels[..., :3].astype(int) - (255, 0, 0)).max() <= 3


def test_transparency_that_was_multiplied_into_deep_colours_is_divided_out() -> None:
    premultiplied = np.array([[[30000, 10000, 0, 32768], [0, 0, 0, 0]]], np.uint16)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[256], tags[257], tags[258], tags[277] = 2, 1, (16,) * 4, 4
    tags[259], tags[262], tags[278], tags[338] = 1, 2, 1, (1,)
    tags[273], tags[279] = (0,), (premultiplied.nbytes,)
    buffer = BytesIO()
    tags.save(buffer)
    picture = picture_of(buffer.getvalue() + premultiplied.tobytes(), NOWHERE)

    assert picture.original is not None
    assert picture.original.samples[0, 0].tolist() == [59999, 20000, 0, 32768]


def test_a_deep_ppm_keeps_its_depth_or_says_that_it_does_not() -> None:
    deep = np.random.default_rng(4).integers(0, 65536, (6, 5, 3)).astype(np.uint16)
    picture = picture_of(b"P6 5 6 65535\n" + deep.astype(">u2").tobytes(), NOWHERE)
    assert picture.original is not None
    assert np.array_equal(picture.original.samples, deep)
    assert picture.not_kept == ()

    odd = picture_of(b"P6 5 6 1023\n" + (deep >> 6).astype(">u2").tobytes(), NOWHERE)
    assert odd.not_kept == ("10 bits a channel (read as 8)",)
    assert np.abs(odd.pixels.astype(int) - picture.pixels).max() <= 1


DEEP_KINDS = [
    *((np.uint16, *kind) for kind in ((1, False, 0), (2, False, 1))),
    *(
        (dtype, *kind)
        for dtype in (np.uint16, np.float32)
        for kind in ((1, False, 1), (3, False, 2), (3, True, 2), (4, True, 2))
    ),
]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("dtype", "channels", "separate", "photometric"), DEEP_KINDS)
def test_deep_tiffs_of_every_order_are_read(
    order: str, dtype: type, channels: int, separate: bool, photometric: int
) -> None:
    samples = np.random.default_rng(4).random((9, 7, channels)).astype(np.float32)
    if dtype == np.uint16:
        samples = (samples * 65535).astype(np.uint16)
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + bytes(4)
    tags = TiffImagePlugin.ImageFileDirectory_v2(head)
    stored = samples.astype(samples.dtype.newbyteorder(order))
    strips = [stored[..., k] for k in range(channels)] if separate else [stored]
    pieces = [strip.tobytes() for strip in strips]
    tags[256], tags[257], tags[277], tags[278] = 7, 9, channels, 9
    tags[258], tags[339] = (samples.itemsize * 8,) * channels, (3 if dtype == np.float32 else 1,)
    tags[259], tags[262], tags[284] = 1, photometric, 2 if separate else 1
    if channels in (2, 4):
        tags[338] = (2,)
    tags[273] = tuple(k * len(pieces[0]) for k in range(len(pieces)))
    tags[279] = tuple(map(len, pieces))
    buffer = BytesIO()
    tags.save(buffer)
    picture = picture_of(buffer.getvalue() + b"".join(pieces), NOWHERE)

    assert picture.original is not None
    assert picture.not_kept == ()
    wanted = 65535 - samples if photometric == 0 else samples
    assert np.array_equal(picture.original.samples, wanted)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC picture, which needs .* pillow-heif"),
        (b"\xff\x0a" + bytes(30), "JPEG XL picture, which needs .* pillow-jxl-plugin"),
        (b"\x76\x2f\x31\x01" + bytes(30), "of the format OpenEXR"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "of the format PostScript"),
        (b"gimp xcf v011", "of the format GIMP's XCF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(8), "damaged PNG"),
        (b"<?xml version='1.0'?><svg/>", "of the format SVG"),
        (b"nothing at all", "unknown format"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, start: bytes, words: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    monkeypatch.setitem(__import__("sys").modules, "pillow_jxl", None)

    with pytest.raises(ImageError, match=words):
        picture_of(start, NOWHERE)


def test_a_picture_with_a_brightness_map_is_a_jpeg_that_holds_more() -> None:
    more = [Image.new("RGB", (8, 8), "blue")]
    picture = brought(Image.new("RGB", (8, 8), "red"), "MPO", save_all=True, append_images=more)

    assert picture.format == "JPEG"
    assert picture.not_kept == ("another picture, such as a brightness map",)


@pytest.mark.parametrize(
    ("primaries", "transfer", "name", "dropped"),
    [
        (1, 13, "sRGB", ()),
        (12, 13, "Display P3", ()),
        (9, 16, "Rec. 2020", ("brightness beyond white (HDR)",)),
    ],
)
def test_colours_named_by_numbers_are_converted(
    primaries: int, transfer: int, name: str, dropped: tuple[str, ...]
) -> None:
    body = b"cICP" + bytes((primaries, transfer, 0, 1))
    chunk = struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body))
    data = contents(Image.new("RGB", (8, 8), (200, 100, 50)), "PNG")
    picture = picture_of(data[:33] + chunk + data[33:], NOWHERE)

    assert name_of(picture.metadata.icc) == name
    assert picture.not_kept == dropped
    assert (picture.pixels[0, 0].tolist() == [200, 100, 50]) == (name == "sRGB")
    if name == "Display P3":  # as every colour calculator says
        assert np.abs(picture.pixels[0, 0].astype(int) - (215, 93, 31)).max() <= 1


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_the_older_colours_of_a_png_are_converted() -> None:
    """Adobe RGB's numbers, as gAMA and cHRM, are the colours that its profile says."""
    data = contents(Image.new("RGB", (8, 8), (200, 100, 50)), "PNG")
    adobe = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
    named = chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"cHRM", struct.pack(">8I", *adobe))
    wide = picture_of(data[:33] + named + data[33:], NOWHERE).pixels[0, 0].astype(int)
    assert np.abs(wide - (227, 100, 42)).max() <= 1

    linear = chunk(b"gAMA", struct.pack(">I", 100000))
    assert picture_of(data[:33] + linear + data[33:], NOWHERE).pixels[0, 0, 0] == 229
    for odd in ((0,) * 8, (10, 90000) * 4, (33333, 33333, *(1, 100000) * 3)):
        named = linear + chunk(b"cHRM", struct.pack(">8I", *odd))
        assert picture_of(data[:33] + named + data[33:], NOWHERE).metadata.icc == b""
    usual = chunk(b"gAMA", struct.pack(">I", 45455))
    assert picture_of(data[:33] + usual + data[33:], NOWHERE).metadata.icc == b""


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_a_file_that_is_cut_off_is_damaged(name: str) -> None:
    image = Image.effect_noise((64, 64), 60).convert("RGB")
    data = contents(image, name)

    with pytest.raises(ImageError, match="damaged"):
        picture_of(data[: len(data) // 2], NOWHERE)


@pytest.mark.parametrize(("size", "found"), [((9_000, 12_000), "12000"), ((30_000, 30_000), "")])
def test_a_huge_picture_is_refused_by_its_header(size: tuple[int, int], found: str) -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    data = b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + bytes(4)

    with pytest.raises(ImageError, match="more than 100 million: scale it down") as refused:
        picture_of(data, NOWHERE)
    assert found in str(refused.value)


def test_the_largest_allowed_picture_is_not_refused_for_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MAX_PIXELS", 12)
    assert brought(Image.new("RGB", (4, 3)), "PNG").pixels.shape == (3, 4, 3)


_WHOLE = contents(Image.effect_noise((24, 16), 60).convert("RGB"), "PNG")


@settings(deadline=None)
@given(st.integers(0, len(_WHOLE) - 1), st.binary(max_size=8), st.booleans())
def test_a_damaged_file_gives_pixels_or_a_typed_error(place: int, junk: bytes, cut: bool) -> None:
    data = _WHOLE[:place] + junk + (b"" if cut else _WHOLE[place + len(junk) :])

    try:
        assert picture_of(data, NOWHERE).pixels.dtype == np.uint8
    except ImageError:
        return


def test_colours_and_transparency_by_themselves(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGBA", (2, 1), (255, 0, 0, 0)).save(path)
    assert read_image(path).tolist() == [[[255, 255, 255]] * 2]
    assert read_rgba(path).tolist() == [[[255, 0, 0, 0]] * 2]
    Image.new("RGB", (2, 1), (255, 0, 0)).save(path)
    assert read_rgba(path).tolist() == [[[255, 0, 0, 255]] * 2]


def test_another_size_is_refused_with_both_sizes() -> None:
    image = np.zeros((10, 20, 3), np.uint8)
    check_same_size(image, np.zeros((10, 20), np.bool_), "mask")

    with pytest.raises(ImageError, match="The mask is 10x20 but the image is 20x10 pixels"):
        check_same_size(image, np.zeros((20, 10), np.bool_), "mask")


def test_places_without_a_picture_are_said(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="There is no image"):
        read_picture(tmp_path / "none.png")
    with pytest.raises(ImageError, match="is a folder"):
        read_picture(tmp_path)
