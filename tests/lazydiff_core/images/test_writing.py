"""What the artist brought comes back: read, changed in one place, written, read again."""

from __future__ import annotations

import struct
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from lazydiff_core.errors import TargetError
from lazydiff_core.images import exif as exifs
from lazydiff_core.images import xmp as xmps
from lazydiff_core.images.file_samples import FileSamples
from lazydiff_core.images.picture import Metadata, Picture
from lazydiff_core.images.png_writing import png_file
from lazydiff_core.images.reading import picture_of
from lazydiff_core.images.recipe_notes import edits_in
from lazydiff_core.images.tiff_writing import tiff_file
from lazydiff_core.images.writing import check_target, encode, is_exact, losses

SIDE = 24
HOLE = np.zeros((SIDE, SIDE), np.bool_)
HOLE[6:14, 9:20] = True
EXACT = (".png", ".webp", ".tif")


def noise(*shape: int, dtype: Any = np.uint8) -> np.ndarray:
    values = np.random.default_rng(3).random(shape, np.float32)
    return values if dtype == np.float32 else (values * np.iinfo(dtype).max).astype(dtype)


def saved(image: Image.Image, name: str = "PNG", **options: Any) -> Picture:
    buffer = BytesIO()
    image.save(buffer, name, **options)
    return picture_of(buffer.getvalue(), Path("brought"))


def painted(picture: Picture, colour: tuple[int, int, int] = (200, 40, 90)) -> np.ndarray:
    """The picture's pixels, with the hole filled."""
    pixels = picture.pixels.copy()
    pixels[HOLE, :3] = colour
    if picture.has_alpha:
        pixels[HOLE, 3] = 255
    return pixels


def sent_through(picture: Picture, suffix: str) -> Picture:
    target = Path(f"out{suffix}")
    return picture_of(encode(painted(picture), target, picture), target)


def wide_profile() -> bytes:
    """Colours of another gamut: sRGB with red and green exchanged in part."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {
        bytes(profile[k : k + 4]): struct.unpack_from(">I", profile, k + 4)[0]
        for k in range(132, 132 + 12 * struct.unpack_from(">I", profile, 128)[0], 12)
    }
    columns = {b"rXYZ": (0.515, 0.241, -0.001), b"gXYZ": (0.292, 0.692, 0.042)}
    for name, numbers in columns.items():
        struct.pack_into(">3i", profile, tags[name] + 8, *(round(n * 65536) for n in numbers))
    return bytes(profile)


@pytest.mark.parametrize("suffix", EXACT)
@pytest.mark.parametrize("channels", [3, 4])
def test_untouched_pixels_and_alpha_come_back(suffix: str, channels: int) -> None:
    picture = saved(Image.fromarray(noise(SIDE, SIDE, channels)))
    assert picture.original is None

    again = sent_through(picture, suffix)
    assert np.array_equal(again.pixels, painted(picture))
    assert losses(Path(f"a{suffix}"), picture.pixels, picture) == ()


@pytest.mark.parametrize("suffix", EXACT)
@pytest.mark.parametrize("channels", [3, 4])
def test_a_profile_keeps_its_numbers_and_its_meaning(suffix: str, channels: int) -> None:
    icc, samples = wide_profile(), noise(SIDE, SIDE, channels)
    picture = saved(Image.fromarray(samples), icc_profile=icc)
    assert picture.original is not None
    assert not np.array_equal(picture.colours, samples[..., :3])

    again = sent_through(picture, suffix)
    assert again.original is not None
    assert again.metadata.icc == icc
    assert np.array_equal(again.original.samples[~HOLE], samples[~HOLE])
    assert np.array_equal(again.pixels[~HOLE], picture.pixels[~HOLE])
    assert np.abs(again.pixels[HOLE][:, :3].astype(int) - (200, 40, 90)).max() <= 2


def test_a_profile_that_says_srgb_changes_nothing() -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = saved(Image.fromarray(noise(SIDE, SIDE, 3)), icc_profile=icc)

    assert picture.original is None
    assert np.array_equal(picture.pixels, noise(SIDE, SIDE, 3))
    assert sent_through(picture, ".png").metadata.icc == icc


DEEP = [
    *((".png", channels, np.uint16) for channels in (1, 3, 4)),
    *((".tif", channels, np.uint16) for channels in (1, 2, 3, 4)),
    *((".tif", channels, np.float32) for channels in (1, 3, 4)),
]


@pytest.mark.parametrize(("suffix", "channels", "dtype"), DEEP)
@pytest.mark.parametrize("profile", [False, True])
def test_deep_samples_come_back(suffix: str, channels: int, dtype: Any, profile: bool) -> None:
    samples = noise(SIDE, SIDE, channels, dtype=dtype)
    icc = wide_profile() if profile and channels > 2 else b""
    brought = deep_file(samples, suffix, icc)
    if channels != 2:  # OpenCV has no grey with alpha
        seen = cv2.imdecode(np.frombuffer(brought, np.uint8), cv2.IMREAD_UNCHANGED)
        order = [0] if channels == 1 else [2, 1, 0, 3][:channels]
        assert np.array_equal(seen.reshape(samples.shape), samples[..., order])
    picture = picture_of(brought, Path("deep"))
    assert picture.original is not None
    assert np.array_equal(picture.original.samples, samples)

    again = sent_through(picture, suffix)
    assert again.original is not None
    assert again.metadata.icc == icc
    assert again.original.bits == picture.original.bits
    assert np.array_equal(again.pixels[~HOLE], picture.pixels[~HOLE])
    assert np.abs(again.pixels[HOLE][:, :3].astype(int) - (200, 40, 90)).max() <= 1
    if channels > 2:
        assert np.array_equal(again.original.samples[~HOLE], samples[~HOLE])


def deep_file(samples: np.ndarray, suffix: str, icc: bytes) -> bytes:
    """A file with these samples as they are."""
    write = png_file if suffix == ".png" else tiff_file
    return write(FileSamples(samples, "L" if samples.shape[2] < 3 else "RGB", icc), Metadata())


def test_grey_stays_grey_until_it_is_painted_in_colour() -> None:
    picture = saved(Image.fromarray(noise(SIDE, SIDE)))
    assert picture.original is not None
    assert picture.original.model == "L"
    grey = encode(painted(picture, (70, 70, 70)), Path("a.png"), picture)
    coloured = encode(painted(picture), Path("a.png"), picture)

    assert Image.open(BytesIO(grey)).mode == "L"
    assert Image.open(BytesIO(coloured)).mode == "RGB"
    again = picture_of(coloured, Path("a.png"))
    assert np.array_equal(again.pixels, painted(picture))


def test_cmyk_keeps_its_inks_where_it_can() -> None:
    inks = noise(SIDE, SIDE, 4)
    picture = saved(Image.fromarray(inks, "CMYK"), "TIFF")
    assert picture.original is not None
    assert picture.original.model == "CMYK"

    again = sent_through(picture, ".tif")
    assert again.original is not None
    assert np.array_equal(again.original.samples[~HOLE], inks[~HOLE])
    assert np.array_equal(again.pixels, painted(picture))
    assert losses(Path("a.jpg"), picture.pixels, picture) == ()
    assert losses(Path("a.png"), picture.pixels, picture) == ("CMYK (it has RGB)",)
    assert np.array_equal(sent_through(picture, ".png").pixels, painted(picture))


# --- metadata ------------------------------------------------------------------------------------


def described() -> Picture:
    """A picture that says as much as a file can."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera", 6
    exif.get_ifd(exifs.EXIF_PART)[0x9003] = "2024:05:06 07:08:09"
    exif.get_ifd(exifs.GPS_PART)[1] = "N"
    chunks = PngInfo()
    chunks.add_text("parameters", "a cat\nSteps: 20")
    chunks.add_text("Author", "J. Doe")
    chunks.add_itxt("XML:com.adobe.xmp", PACKET)
    return saved(
        Image.fromarray(noise(SIDE, SIDE * 2, 3)), pnginfo=chunks, exif=exif, dpi=(300, 300)
    )


PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><r:Description r:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'dc:format="image/png"/></r:RDF></x:xmpmeta>'
)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif", ".avif"])
def test_what_a_picture_says_is_said_again(suffix: str) -> None:
    picture = described()
    assert picture.pixels.shape == (SIDE * 2, SIDE, 3)  # upright
    target = Path(f"a{suffix}")
    assert losses(target, picture.pixels, picture) == ()
    again = picture_of(encode(picture.pixels, target, picture), target)

    assert again.pixels.shape == picture.pixels.shape
    exif = exifs.parsed(again.metadata.exif)
    assert exif[0x010F] == "Camera"
    assert exifs.orientation_of(again.metadata.exif) == 1
    assert exif.get_ifd(exifs.EXIF_PART)[0x9003] == "2024:05:06 07:08:09"
    assert exif.get_ifd(exifs.GPS_PART)[1] == "N"
    assert again.metadata.xmp.decode() == PACKET
    assert again.metadata.dpi == pytest.approx((300, 300), abs=0.1)
    if suffix == ".png":
        assert again.metadata == picture.metadata
    else:
        assert exif[0x013B] == "J. Doe"
        comment = exif.get_ifd(exifs.EXIF_PART)[exifs.USER_COMMENT]
        assert exifs.text_of(comment) == "a cat\nSteps: 20"


def test_a_text_without_a_place_is_told_before() -> None:
    chunks = PngInfo()
    chunks.add_text("Mood", "calm")
    picture = saved(Image.fromarray(noise(4, 4, 3)), pnginfo=chunks)

    assert losses(Path("a.webp"), picture.pixels, picture) == ("the text 'Mood'",)
    assert losses(Path("a.png"), picture.pixels, picture) == ()


def test_what_is_too_long_for_a_jpeg_is_told_and_takes_nothing_with_it() -> None:
    chunks = PngInfo()
    chunks.add_text("parameters", "a cat " * 20_000)
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    picture = saved(Image.fromarray(noise(8, 8, 3)), pnginfo=chunks, exif=exif)
    target = Path("a.jpg")
    rows = [f'{{"box":[{k},0,1,1],"recipe":{{"prompt":"{"&<" * 500}"}}}}' for k in range(60)]
    note = f'{{"lazydiff":1,"edits":[{",".join(rows)}]}}'
    again = picture_of(encode(picture.pixels, target, picture, recipes=note), target)

    assert losses(target, picture.pixels, picture) == ("the text 'parameters'",)
    assert exifs.parsed(again.metadata.exif)[0x010F] == "Camera"
    kept = edits_in(again.metadata.recipes)
    assert 5 < len(kept) < 60
    assert kept[-1]["box"][0] == 59
    comment = replace(picture, metadata=Metadata(text=(("Comment", "x" * 70_000),)))
    assert losses(target, picture.pixels, comment) == ("the text 'Comment'",)
    assert encode(picture.pixels, target, comment)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif", ".avif"])
def test_a_picture_says_that_parts_were_generated(suffix: str) -> None:
    picture = described()
    target = Path(f"a{suffix}")
    data = encode(picture.pixels, target, picture, generated=True)
    again = picture_of(data, target)

    assert xmps.source_type(again.metadata.xmp) == xmps.COMPOSITE
    assert b"image/png" in again.metadata.xmp


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif", ".avif"])
def test_recipes_are_added_to_those_that_the_picture_has(suffix: str) -> None:
    notes = [f'{{"lazydiff":1,"edits":[{{"box":[{k},0,1,1]}}]}}' for k in (1, 2)]
    picture = described()
    for note in notes:
        target = Path(f"a{suffix}")
        picture = picture_of(encode(picture.pixels, target, picture, recipes=note), target)

    assert picture.metadata.recipes == (
        '{"lazydiff":1,"edits":[{"box":[1,0,1,1]},{"box":[2,0,1,1]}]}'
    )


# --- targets -------------------------------------------------------------------------------------


def test_a_format_without_transparency_says_so_and_lays_it_over_white() -> None:
    picture = saved(Image.new("RGBA", (16, 16), (255, 0, 0, 0)))

    assert losses(Path("a.jpg"), picture.pixels, picture) == (
        "transparency (it is laid over white)",
    )
    assert (
        picture_of(encode(picture.pixels, Path("a.jpg"), picture), Path("a")).pixels > 250
    ).all()


@pytest.mark.parametrize("name", ["out", "out.gif", "out.exe", ".png"])
def test_a_suffix_that_is_no_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TargetError, match=r"\.png, \.jpg, \.jpeg, \.webp"):
        check_target(tmp_path / name, np.zeros((1, 1, 3), np.uint8))


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


def test_what_is_exact_is_known() -> None:
    assert [is_exact(Path(f"a{suffix}")) for suffix in EXACT] == [True] * 3
    assert not is_exact(Path("a.jpg"))
    assert not is_exact(Path("a.avif"))
