from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.contract import REMOVAL
from lazydiff_core.engine.reference_pictures import fitted_references
from lazydiff_core.errors import ImageError

INFO = replace(REMOVAL, native_side=64, token_pixels=16)


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((64, 64), (64, 64)),
        ((40, 17), (32, 16)),  # never enlarged
        ((200, 100), (64, 32)),
        ((65, 1000), None),
        ((128, 70), (64, 32)),
    ],
)
def test_no_picture_is_larger_than_the_window(
    tmp_path: Path, size: tuple[int, int], fitted: tuple[int, int] | None
) -> None:
    path = tmp_path / "robot.png"
    Image.fromarray(np.full((*size, 3), 90, np.uint8)).save(path)
    if fitted is None:
        with pytest.raises(ImageError, match="too small or too narrow"):
            fitted_references(str(path), INFO)
    else:
        (picture,) = fitted_references(str(path), INFO)
        assert picture.shape == (*fitted, 3)
        assert (picture == 90).all()


def test_what_is_over_is_cut_off_on_both_sides(tmp_path: Path) -> None:
    pixels = np.zeros((16, 20, 3), np.uint8)
    pixels[:, 2:18] = 255
    Image.fromarray(pixels).save(tmp_path / "robot.png")
    (picture,) = fitted_references(str(tmp_path / "robot.png"), INFO)
    assert picture.shape == (16, 16, 3)
    assert (picture == 255).all()


def test_transparency_is_seen_over_white(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((16, 16, 4), np.uint8)).save(tmp_path / "clear.png")
    (picture,) = fitted_references(str(tmp_path / "clear.png"), INFO)
    assert (picture == 255).all()


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "robot.png"
    for value, size in ((1, 16), (2, 32)):
        Image.fromarray(np.full((size, size, 3), value, np.uint8)).save(path)
        (picture,) = fitted_references(str(path), INFO)
        assert (picture == value).all()
    path.unlink()
    with pytest.raises(ImageError, match=r"robot\.png"):
        fitted_references(str(path), INFO)
