from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lazydiff_core.errors import ImageError, TargetError
from lazydiff_core.images import image_files as images
from lazydiff_core.images.image_files import (
    check_same_size,
    check_target,
    encode,
    read_cover,
    read_image,
    read_mask,
    read_rgba,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "picture.png"


def _png(width: int, height: int) -> bytes:
    """A PNG that announces this size and holds no pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")


# --- reading -----------------------------------------------------------------------------------


def test_transparency_lies_over_white(path: Path) -> None:
    Image.new("RGBA", (2, 1), (255, 0, 0, 0)).save(path)

    assert read_image(path).tolist() == [[[255, 255, 255]] * 2]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_becomes_rgb(path: Path, mode: str) -> None:
    Image.new("RGB", (5, 3), "white").convert(mode).save(path)

    pixels = read_image(path)
    assert pixels.shape == (3, 5, 3)
    assert pixels.dtype == np.uint8
    assert (pixels == 255).all()


def test_a_palette_with_a_transparent_entry_lies_over_white(path: Path) -> None:
    image = Image.new("P", (2, 2), 0)
    image.putpalette([255, 0, 0])
    image.save(path, transparency=0)

    assert (read_image(path) == 255).all()


def test_sixteen_bits_are_scaled_to_eight(path: Path) -> None:
    deep = np.array([[0, 128, 129, 257, 32768, 65535]], np.uint16)
    Image.fromarray(deep).save(path)

    assert read_image(path)[0, :, 0].tolist() == [0, 0, 1, 1, 128, 255]
    assert read_mask(path).tolist() == [[False, False, False, False, True, True]]


def test_a_cover_keeps_greys_and_transparency_is_black(path: Path) -> None:
    cover = np.array([[0, 1, 127, 255]], np.uint8)
    path.write_bytes(encode(cover, path))
    assert np.array_equal(read_cover(path), cover)
    Image.fromarray(np.array([[[255, 255, 255, 51]]], np.uint8)).save(path)
    assert read_cover(path).tolist() == [[51]]


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    path = tmp_path / "print.jpg"
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(path, quality=100)

    red = read_image(path)[4, 4].astype(int)
    assert abs(red - (255, 0, 0)).max() <= 4


def test_a_photo_is_turned_upright(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    Image.new("RGB", (20, 10), "navy").save(path, exif=exif)

    assert read_image(path).shape == (20, 10, 3)
    assert read_mask(path).shape == (20, 10)


def test_floating_point_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "render.tif"
    Image.fromarray(np.zeros((2, 2), np.float32)).save(path)

    with pytest.raises(ImageError, match="8 or 16 bits"):
        read_image(path)


def test_a_sketch_keeps_its_transparency(path: Path) -> None:
    Image.new("RGBA", (2, 2), (10, 20, 30, 40)).save(path)

    assert (read_rgba(path) == (10, 20, 30, 40)).all()


@pytest.mark.parametrize(("size", "found"), [((9_000, 12_000), "12000"), ((30_000, 30_000), "")])
def test_a_huge_picture_is_refused_by_its_header(
    path: Path, size: tuple[int, int], found: str
) -> None:
    path.write_bytes(_png(*size))

    with pytest.raises(ImageError, match="more than 100 million: scale it down") as refused:
        read_image(path)
    assert found in str(refused.value)


def test_the_largest_allowed_picture_is_not_refused_for_its_size(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 12)
    Image.new("RGB", (4, 3)).save(path)

    assert read_image(path).shape == (3, 4, 3)


def test_formats_that_run_programs_are_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "drawing.png"
    buffer = BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "EPS")
    path.write_bytes(buffer.getvalue())

    with pytest.raises(ImageError, match="unknown format"):
        read_image(path)


_WHOLE = BytesIO()
Image.effect_noise((24, 16), 60).convert("RGB").save(_WHOLE, "PNG")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(_WHOLE.getvalue()) - 1), st.binary(max_size=8), st.booleans())
def test_a_damaged_file_gives_pixels_or_a_typed_error(
    path: Path, place: int, junk: bytes, cut: bool
) -> None:
    whole = _WHOLE.getvalue()
    path.write_bytes(whole[:place] + junk + (b"" if cut else whole[place + len(junk) :]))

    try:
        assert read_image(path).dtype == np.uint8
    except ImageError:
        return


# --- masks -------------------------------------------------------------------------------------


def test_lighter_than_mid_grey_is_hole(path: Path) -> None:
    Image.fromarray(np.array([[0, 127, 128, 255]], np.uint8)).save(path)

    assert read_mask(path).tolist() == [[False, False, True, True]]


def test_white_strokes_on_nothing_are_the_hole(path: Path) -> None:
    strokes = np.array([[[255, 255, 255, 255], [255, 255, 255, 0], [0, 0, 0, 255]]], np.uint8)
    Image.fromarray(strokes).save(path)

    assert read_mask(path).tolist() == [[True, False, False]]


def test_another_size_is_refused_with_both_sizes() -> None:
    image = np.zeros((10, 20, 3), np.uint8)
    check_same_size(image, np.zeros((10, 20), np.bool_), "mask")

    with pytest.raises(ImageError, match="The mask is 10x20 but the image is 20x10 pixels"):
        check_same_size(image, np.zeros((20, 10), np.bool_), "mask")


# --- writing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".png", ".PNG", ".webp"])
def test_lossless_formats_keep_every_pixel(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    pixels = np.random.default_rng(0).integers(0, 256, (9, 13, 3), np.uint8)
    path.write_bytes(encode(pixels, path))

    assert np.array_equal(read_image(path), pixels)


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg"])
def test_jpeg_stays_close(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    ramp = np.repeat(np.arange(64, dtype=np.uint8)[None, :, None] * 4, 64, axis=0).repeat(3, 2)
    path.write_bytes(encode(ramp, path))

    assert abs(read_image(path).astype(int) - ramp).mean() < 2


@pytest.mark.parametrize("name", ["out", "out.gif", "out.exe", ".png"])
def test_a_suffix_that_is_no_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TargetError, match=r"\.png, \.jpg, \.jpeg, \.webp"):
        check_target(tmp_path / name, np.zeros((1, 1, 3), np.uint8))


def test_a_picture_too_wide_for_a_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="WEBP file cannot hold a picture of 20000x1"):
        encode(np.zeros((1, 20000, 3), np.uint8), tmp_path / "out.webp")


@pytest.mark.parametrize(("name", "most"), [("a.webp", 16_383), ("a.jpg", 65_500)])
def test_a_format_too_small_is_told_before_anything_is_computed(
    tmp_path: Path, name: str, most: int
) -> None:
    fits, too_long = (np.zeros((1, side, 3), np.uint8) for side in (most, most + 1))
    check_target(tmp_path / name, fits)
    assert encode(fits, tmp_path / name)
    with pytest.raises(TargetError, match=f"cannot hold a picture of {most + 1}x1 pixels"):
        check_target(tmp_path / name, too_long)
    with pytest.raises(TargetError, match="cannot hold"):
        encode(too_long, tmp_path / name)
