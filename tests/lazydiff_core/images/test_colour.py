from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from lazydiff_core.images.colour import from_srgb, is_foreign, is_reversible, scaled, to_srgb
from lazydiff_core.images.matrix_profile import matrix_profile
from tests.lazydiff_core.images.corpus import own_profile, srgb_profile

ICC = own_profile(False)


def by_lcms(samples: np.ndarray) -> np.ndarray:
    """lcms's own conversion to sRGB, unoptimised, of (H, W, 3) uint8."""
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(BytesIO(ICC)), ImageCms.createProfile("sRGB"), "RGB", "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.NOOPTIMIZE,
    )  # fmt: skip
    return np.asarray(ImageCms.applyTransform(Image.fromarray(samples), transform))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_every_depth_is_shown_as_lcms_shows_it(dtype: type) -> None:
    samples = np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8)
    found = to_srgb(scaled(samples, dtype), "RGB", ICC)

    off = np.abs(found.astype(int) - by_lcms(samples))
    assert off.max() <= 1
    assert (off > 0).mean() <= 0.08  # lcms's optimised tables round otherwise, here and there


def test_sixteen_bits_keep_what_eight_have_not() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    inside = to_srgb(scaled(pixels, np.uint16) // 2 + 16384, "RGB", ICC)  # colours both can say
    deep = from_srgb(inside, "RGB", ICC, np.uint16)

    assert np.array_equal(to_srgb(deep, "RGB", ICC), inside)
    dark = np.repeat(np.arange(32, dtype=np.uint8), 3).reshape(1, -1, 3)
    assert len(np.unique(from_srgb(dark, "RGB", ICC, np.uint16)[..., 0])) == 32


def test_floating_point_beyond_white_and_no_numbers_are_shown() -> None:
    samples = np.array([[[2.0, np.inf, np.nan], [-1.0, 0.0, 1.0]]], np.float32)
    for icc in (b"", ICC):
        assert to_srgb(samples, "RGB", icc)[0, :, 0].tolist() == [255, 0]


def test_sixteen_bits_are_rounded_correctly() -> None:
    deep = np.arange(65536, dtype=np.uint16)
    assert np.array_equal(scaled(deep, np.uint8), np.rint(deep / 257).astype(np.uint8))
    assert np.array_equal(scaled(scaled(deep, np.float32), np.uint16), deep)


def test_a_profile_that_cannot_be_used_is_none() -> None:
    assert not is_foreign(srgb_profile(), "RGB")
    assert is_foreign(ICC, "RGB")
    assert is_reversible(ICC, "RGB")
    assert not is_foreign(ICC, "CMYK")
    for damaged in (b"junk", ICC[:200], ICC[:140] + bytes(len(ICC) - 140)):
        assert not is_foreign(damaged, "RGB")
        assert matrix_profile(damaged) is None
