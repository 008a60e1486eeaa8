"""Masks as artists and programs make them: the same disc in every form is the same hole."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from lazydiff_core.images.masks import MaskRead, mask_in, read_mask, transparency_of
from lazydiff_core.images.reading import picture_of

SIDE = 96
DISC = np.hypot(*(np.mgrid[:SIDE, :SIDE] - SIDE / 2)) < 30
SOFT = cv2.GaussianBlur(np.uint8(DISC) * 255, (0, 0), 6)
PHOTO = np.random.default_rng(5).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


def read(pixels: np.ndarray, name: str = "PNG", **options: Any) -> MaskRead:
    buffer = BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(buffer, name, **options)
    return mask_in(picture_of(buffer.getvalue(), Path("mask")))


def two(inside: tuple[int, ...], outside: tuple[int, ...]) -> np.ndarray:
    return np.where(DISC[..., None], inside, outside).astype(np.uint8)


HARD: dict[str, Callable[[], MaskRead]] = {
    "white on black": lambda: read(two((255, 255, 255), (0, 0, 0))),
    "grey on black": lambda: read(two((128, 128, 128), (0, 0, 0))),
    "one bit": lambda: read(DISC.astype(np.uint8), "PNG"),
    "white on nothing": lambda: read(two((255, 255, 255, 255), (255, 255, 255, 0))),
    "black on nothing": lambda: read(two((0, 0, 0, 255), (0, 0, 0, 0))),
    "red on nothing": lambda: read(two((220, 20, 30, 255), (0, 0, 0, 0))),
    "white on black and nothing": lambda: read(
        np.where((np.arange(SIDE) < 70)[:, None, None], two((255,) * 4, (0, 0, 0, 255)), 0)
    ),
    "red on white": lambda: read(two((220, 20, 30), (255, 255, 255))),
    "red on black": lambda: read(two((220, 20, 30), (0, 0, 0))),
    "erased from a picture": lambda: read(np.dstack([PHOTO, np.where(DISC, 0, 255)])),
    "classes by colour": lambda: read(
        np.where((np.arange(SIDE) < 48)[:, None, None], two((128, 0, 0), (0, 0, 0)), 0)
        + np.where((np.arange(SIDE) < 48)[:, None, None], 0, two((0, 192, 64), (0, 0, 0)))
    ),
    "classes by number": lambda: read(
        DISC * np.where(np.arange(SIDE) < 48, 3, 11)[:, None].astype(np.uint8)
    ),
    "JPEG of quality 60": lambda: read(DISC * 255, "JPEG", quality=60),
    "JPEG in colour": lambda: read(two((255, 255, 255), (0, 0, 0)), "JPEG", quality=80),
    "WebP": lambda: read(two((255, 255, 255), (0, 0, 0)), "WEBP", quality=70),
    "AVIF": lambda: read(two((255, 255, 255), (0, 0, 0)), "AVIF", quality=60),
    "red JPEG": lambda: read(two((230, 10, 10), (255, 255, 255)), "JPEG", quality=90),
}


@pytest.mark.parametrize("form", HARD)
def test_a_hard_mask_is_the_same_hole_in_every_form(form: str) -> None:
    mask = HARD[form]()
    wanted = DISC & (np.arange(SIDE) < 70)[:, None] if "and nothing" in form else DISC

    wrong = np.count_nonzero(mask.hole != wanted)
    outline = np.count_nonzero(cv2.Canny(np.uint8(wanted) * 255, 50, 100))
    assert wrong <= (outline if form == "red JPEG" else 0)
    assert not mask.is_soft
    assert "hard edges" in mask.notice


@pytest.mark.parametrize(
    ("pixels", "name"),
    [
        (SOFT, "PNG"),
        (np.dstack([np.full((SIDE, SIDE, 3), 255), SOFT]), "PNG"),
        (np.dstack([PHOTO, 255 - SOFT]), "PNG"),
        (SOFT, "JPEG"),
    ],
)
def test_soft_edges_stay_soft(pixels: np.ndarray, name: str) -> None:
    mask = read(pixels, name)

    assert mask.is_soft
    assert "soft edges" in mask.notice
    assert np.abs(mask.cover.astype(int) - SOFT).max() <= (30 if name == "JPEG" else 0)
    assert not mask.cover[np.hypot(*(np.mgrid[:SIDE, :SIDE] - SIDE / 2)) > 56].any()


def test_smooth_outlines_stay_smooth() -> None:
    smooth = cv2.resize(np.uint8(np.kron(DISC, np.ones((4, 4)))) * 255, (SIDE, SIDE), None, 0, 0, 3)
    assert np.array_equal(read(smooth).cover, smooth)


def test_it_is_said_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    Image.fromarray(DISC).save(path)

    assert read_mask(path).notice == (
        "The mask is 30% of the picture, with hard edges: white is the mask."
    )
    assert "the lighter of two grays" in read(np.where(DISC, 200, 90).astype(np.uint8)).notice
    erased = read(np.dstack([PHOTO, np.where(DISC, 0, 255)]))
    assert "what is transparent in the picture" in erased.notice
    assert "many colors" in read(PHOTO).notice
    assert "less than 1%" in read(np.pad([[255]], 40)).notice
    assert "is 0% of" in read(np.zeros((8, 8))).notice


def test_what_is_transparent_in_a_picture() -> None:
    assert transparency_of(np.full((2, 2, 4), 200, np.uint8)).tolist() == [[55, 55], [55, 55]]
    assert not transparency_of(np.full((2, 2, 3), 200, np.uint8)).any()
