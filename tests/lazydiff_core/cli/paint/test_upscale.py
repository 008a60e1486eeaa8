"""`lazydiff upscale`: size, what starts from what was there, transparency, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lazydiff_core.images.reading import read_picture
from lazydiff_core.images.resizing import resized


def upscale(lazydiff: Any, folder: Path, *more: object) -> Any:
    paths = [folder / "in.png", "--out", folder / "out.png"]
    return lazydiff("upscale", *paths, "--model", "fake", "--json", *more)


def test_the_picture_is_larger_and_drawn_from_what_was_there(lazydiff: Any, tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 96).astype(np.uint8)
    picture = np.repeat(np.repeat(ramp[None, :, None], 64, 0), 3, 2)
    Image.fromarray(picture).save(tmp_path / "in.png")
    outcome = upscale(lazydiff, tmp_path, "--factor", 3)
    assert outcome.code == 0
    assert outcome.document["size"] == [288, 192]
    out = read_picture(tmp_path / "out.png").pixels
    assert out.shape == (192, 288, 3)
    large = resized(picture, (192, 288)).astype(int)
    assert (out != large).any(), "the model has drawn"
    upscale(lazydiff, tmp_path, "--factor", 3, "--strength", 1)
    other = read_picture(tmp_path / "out.png").pixels
    assert np.abs(out - large).mean() < 0.5 * np.abs(other - large).mean()


def test_transparency_stays(lazydiff: Any, tmp_path: Path) -> None:
    picture = np.full((40, 60, 4), 120, np.uint8)
    picture[..., 3] = np.linspace(0, 255, 60).astype(np.uint8)
    Image.fromarray(picture).save(tmp_path / "in.png")
    assert upscale(lazydiff, tmp_path).code == 0
    out = read_picture(tmp_path / "out.png").pixels
    assert np.array_equal(out[..., 3], resized(picture, (80, 120))[..., 3])


def test_too_large_is_one_sentence(lazydiff: Any, tmp_path: Path) -> None:
    Image.new("RGB", (3000, 3000)).save(tmp_path / "in.png")
    outcome = upscale(lazydiff, tmp_path, "--factor", 8)
    assert (outcome.code, outcome.out) == (2, "")
    assert "million" in outcome.err
    assert upscale(lazydiff, tmp_path, "--factor", 0.5).code == 2
