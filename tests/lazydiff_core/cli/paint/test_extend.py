"""`lazydiff extend`: new room at any side, filled, and the old picture as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from lazydiff_core.images.reading import read_picture

PAPER = np.random.default_rng(0).integers(0, 255, (64, 96, 3), np.uint8)


def extend(lazydiff: Any, folder: Path, *sides: object, name: str = "in.png") -> Any:
    return lazydiff(
        "extend", folder / name, *sides, "--out", folder / "out.png", "--model", "fake", "--json"
    )


@pytest.mark.parametrize(
    ("sides", "box"),
    [
        (("--left", 30), (30, 0)),
        (("--right", 1), (0, 0)),
        (("--top", 200), (0, 200)),
        (("--bottom", 7, "--left", 5), (5, 0)),
        (("--left", 300, "--right", 301, "--top", 302, "--bottom", 303), (300, 302)),
    ],
)
def test_the_old_pixels_are_the_same_and_all_new_ones_are_filled(
    lazydiff: Any, tmp_path: Path, sides: tuple[object, ...], box: tuple[int, int]
) -> None:
    Image.fromarray(PAPER).save(tmp_path / "in.png")
    outcome = extend(lazydiff, tmp_path, *sides)
    assert outcome.code == 0
    given = dict(zip(sides[::2], sides[1::2], strict=True))
    added = [int(given.get(f"--{side}", 0)) for side in ("left", "right", "top", "bottom")]
    width, height = 96 + added[0] + added[1], 64 + added[2] + added[3]
    assert outcome.document["size"] == [width, height]
    assert outcome.document["pixels_changed_outside_mask"] == 0
    out = read_picture(tmp_path / "out.png").pixels
    assert out.shape == (height, width, 3)
    left, top = box
    assert np.array_equal(out[top : top + 64, left : left + 96], PAPER)
    repeated = np.pad(PAPER, ((added[2], added[3]), (added[0], added[1]), (0, 0)), mode="edge")
    new = np.ones((height, width), np.bool_)
    new[top : top + 64, left : left + 96] = False
    assert (out != repeated).any(axis=2)[new].mean() > 0.9


def test_what_is_transparent_stays_so_and_the_new_room_is_solid(
    lazydiff: Any, tmp_path: Path
) -> None:
    alpha = np.zeros((64, 96), np.uint8)
    alpha[20:50, 20:70] = 200
    old = np.dstack([PAPER, alpha])
    Image.fromarray(old).save(tmp_path / "in.png")
    assert extend(lazydiff, tmp_path, "--right", 40).code == 0
    out = read_picture(tmp_path / "out.png").pixels
    assert np.array_equal(out[:, :96], old)
    assert (out[:, 96:, 3] == 255).all()


def test_sixteen_bits_come_back(lazydiff: Any, tmp_path: Path) -> None:
    deep = np.random.default_rng(1).integers(0, 65535, (64, 96, 3), np.uint16)
    assert cv2.imwrite(str(tmp_path / "deep.png"), deep)
    assert extend(lazydiff, tmp_path, "--top", 20, name="deep.png").code == 0
    out = cv2.imread(str(tmp_path / "out.png"), cv2.IMREAD_UNCHANGED)
    assert out.dtype == np.uint16
    assert np.array_equal(out[20:], deep)


def test_without_a_prompt_and_a_model_the_pictures_own_patches_continue_it(
    lazydiff: Any, tmp_path: Path
) -> None:
    stripes = np.full((64, 96, 3), 40, np.uint8)
    stripes[::8] = stripes[1::8] = 220
    Image.fromarray(stripes).save(tmp_path / "in.png")
    arguments = ["extend", tmp_path / "in.png", "--right", 24, "--out", tmp_path / "out.png"]
    document = lazydiff(*arguments, "--json").document
    assert (document["backend"], document["model"]) == ("content_aware", "patchmatch")
    out = read_picture(tmp_path / "out.png").pixels
    assert np.abs(out[:, 96:].astype(int) - stripes[:, :1]).mean() < 10


def test_bad_input_is_one_sentence(lazydiff: Any, tmp_path: Path) -> None:
    Image.fromarray(PAPER).save(tmp_path / "in.png")
    for sides, sentence in (
        ((), "how far to extend"),
        (("--left", -3), "not a whole number"),
        (("--left", 65_500, "--top", 65_500), "million"),
    ):
        outcome = extend(lazydiff, tmp_path, *sides)
        assert (outcome.code, outcome.out) == (2, "")
        assert sentence in outcome.err
        assert outcome.err.count("\n") == 1
        assert not (tmp_path / "out.png").exists()
