"""Read, fill, write, read: everything outside the mask comes back in value and in meaning."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from lazydiff_core import EditRequest, Engine
from lazydiff_core.images import exif as exifs
from lazydiff_core.images import xmp as xmps
from lazydiff_core.images.decoding import upright
from lazydiff_core.images.picture import Picture
from lazydiff_core.images.reading import picture_of
from lazydiff_core.images.writing import encode, is_exact, losses
from tests.lazydiff_core.images.corpus import CASES, PACKET, Case, file_of, profile_of, samples_of


@cache
def engine() -> Engine:
    return Engine.load("fake")


def hole_of(picture: Picture) -> np.ndarray:
    hole = np.zeros(picture.pixels.shape[:2], np.bool_)
    hole[4:12, 6:15] = True
    return hole


def filled(picture: Picture) -> np.ndarray:
    return engine().run(EditRequest(picture.pixels, hole_of(picture), prompt="a red apple")).image


def seen(data: bytes) -> np.ndarray:
    """What another program shows, in sRGB over white, with 8 bits."""
    with warnings.catch_warnings(), Image.open(BytesIO(data)) as image:
        warnings.simplefilter("ignore")
        turned = ImageOps.exif_transpose(image)
        if icc := image.info.get("icc_profile"):
            has_alpha = turned.mode in ("RGBA", "LA")
            alpha = turned.getchannel("A") if has_alpha else None
            grey = turned.mode in ("L", "LA", "I;16")
            plain = turned.convert("L" if grey else "RGB")
            profile = ImageCms.ImageCmsProfile(BytesIO(icc))
            srgb = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(plain, profile, srgb, outputMode="RGB")
            if alpha is not None:
                turned.putalpha(alpha)
        over = Image.new("RGBA", turned.size, "white")
        over.alpha_composite(turned.convert("RGBA"))
        return np.asarray(over.convert("RGB")).astype(int)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_was_brought_comes_back(case: Case) -> None:
    data, target = file_of(case), Path(f"a{case.suffix}")
    picture = picture_of(data, Path("brought"))
    assert picture.not_kept == ()
    assert losses(target, picture.pixels, picture) == ()
    written = encode(filled(picture), target, picture)
    again = picture_of(written, target)
    same(case, picture, again, exact=is_exact(target))
    if case.mode == "CMYK" or case.bits == 32 or (case.mode == "L" and case.bits == 16):
        return  # Pillow shows these otherwise, or not at all
    outside = ~hole_of(picture)
    assert np.abs(seen(data) - flat(picture))[outside].max() <= 3
    shown = np.abs(seen(written) - seen(data))[outside]
    assert shown.max() <= (3 if is_exact(target) else 48)
    assert shown.mean() <= (0.5 if is_exact(target) else 4)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("case", CASES[::2], ids=str)
def test_what_was_brought_comes_back_in_another_format(case: Case, suffix: str) -> None:
    target = Path(f"a{suffix}")
    picture = picture_of(file_of(case), Path("brought"))
    again = picture_of(encode(filled(picture), target, picture), target)

    outside = ~hole_of(picture)
    off = np.abs(again.pixels[outside].astype(int) - picture.pixels[outside])
    assert off.max() <= (1 if (case.bits, suffix) == (32, ".png") else 0)  # it has 16 bits at most
    assert again.metadata.xmp == picture.metadata.xmp


@pytest.mark.parametrize("case", CASES[::3], ids=str)
def test_a_picture_that_nobody_painted_comes_back_whole(case: Case) -> None:
    target = Path(f"a{case.suffix}")
    picture = picture_of(file_of(case), Path("brought"))
    again = picture_of(encode(picture.pixels, target, picture), target)

    if is_exact(target):
        assert np.array_equal(again.pixels, picture.pixels)
    assert (again.original is None) == (picture.original is None)
    if is_exact(target) and again.original is not None and picture.original is not None:
        assert again.original.model == picture.original.model
        assert np.array_equal(again.original.samples, picture.original.samples)


def flat(picture: Picture) -> np.ndarray:
    pixels = picture.pixels.astype(float)
    if pixels.shape[2] == 3:
        return np.rint(pixels)
    alpha = pixels[..., 3:] / 255
    return np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha))


def same(case: Case, before: Picture, after: Picture, *, exact: bool) -> None:
    outside = ~hole_of(before)
    assert after.pixels.shape == before.pixels.shape
    assert after.not_kept == ()
    if exact:
        assert np.array_equal(after.pixels[outside], before.pixels[outside])
        if before.original is not None and case.channels > 2:
            assert after.original is not None
            assert after.original.samples.dtype == before.original.samples.dtype
            samples = upright(samples_of(case), case.orientation)
            assert np.array_equal(after.original.samples[outside], samples[outside])
    else:
        assert np.abs(after.pixels.astype(int) - before.pixels)[outside].mean() <= 4
    if before.original is None or before.original.model != "L":
        assert after.metadata.icc == before.metadata.icc == profile_of(case)
    if case.described:
        described(case, before, after)


def described(case: Case, before: Picture, after: Picture) -> None:
    for picture in (before, after):
        said = picture.metadata
        exif = exifs.parsed(said.exif)
        assert exif[0x010F] == "Camera"
        assert exif.get_ifd(exifs.EXIF_PART)[0x9003] == "2024:05:06 07:08:09"
        assert exif.get_ifd(exifs.GPS_PART)[1] == "N"
        assert exifs.orientation_of(said.exif) == 1
        assert said.xmp == PACKET
        if case.format not in ("WEBP", "AVIF"):  # Pillow writes none into these
            assert said.dpi == pytest.approx((300, 300), abs=0.1)
    assert after.metadata.text == before.metadata.text
    if case.format == "PNG":
        assert replace(after.metadata, icc=b"") == replace(before.metadata, icc=b"")
        assert dict(after.metadata.text)["Title"] == "Ein Apfel \u2014 \u7ea2"


def test_the_mark_is_in_every_format_and_joins_what_is_there() -> None:
    for suffix in (".png", ".jpg", ".webp", ".tif", ".avif"):
        picture = picture_of(file_of(Case("PNG", "RGB", described=True)), Path("brought"))
        target = Path(f"a{suffix}")
        again = picture_of(encode(filled(picture), target, picture, generated=True), target)
        assert xmps.source_type(again.metadata.xmp) == xmps.COMPOSITE
        assert b'dc:format="image"' in again.metadata.xmp
