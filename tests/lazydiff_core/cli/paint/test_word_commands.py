"""`lazydiff words`, in a data folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.model_store import default_taught_words
from tests.lazydiff_core.tiny import polygon

Run = Callable[..., Any]


@pytest.fixture
def star(tmp_path: Path) -> Path:
    path = tmp_path / "star.png"
    Image.fromarray(polygon((250, 200, 20), 5)).save(path)
    return path


def test_from_a_picture_to_a_word_and_back(lazydiff: Run, star: Path) -> None:
    assert lazydiff("words", "list").out == "No word was taught.\n"
    added = lazydiff("words", "add", "My Star", star, "--json")
    assert added.code == 0, added.err
    assert added.document["word"] == "my star"
    assert Path(added.document["picture"]).is_file()
    assert lazydiff("words", "list", "--json").document == [added.document]
    assert lazydiff("words", "remove", "my star").code == 0
    assert default_taught_words().listed() == ()
    again = lazydiff("words", "remove", "my star")
    assert (again.code, "no taught word 'my star'" in again.err) == (2, True)


def test_cut_out_by_a_mask(lazydiff: Run, tmp_path: Path) -> None:
    image = np.full((80, 100, 3), 40, np.uint8)
    image[20:60, 30:50] = (200, 10, 10)
    mask = np.zeros((80, 100), np.uint8)
    mask[20:60, 30:50] = 255
    for name, pixels in (("image", image), ("mask", mask), ("other", mask[:50])):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    picture = tmp_path / "image.png"
    done = lazydiff("words", "add", "brick", picture, "--mask", tmp_path / "mask.png")
    assert done.code == 0, done.err
    kept = default_taught_words().pictures()["brick"]
    rows, columns = np.nonzero(kept[..., 3] > 127)
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (256, 128)
    assert np.abs(kept[128, 128, :3].astype(int) - (200, 10, 10)).max() <= 2
    wrong = lazydiff("words", "add", "brick", picture, "--mask", tmp_path / "other.png")
    assert (wrong.code, "mask" in wrong.err) == (2, True)


@pytest.mark.parametrize(("word", "why"), [("?", "letters"), ("x" * 41, "40 letters")])
def test_names_that_are_none(lazydiff: Run, star: Path, word: str, why: str) -> None:
    outcome = lazydiff("words", "add", word, star)
    assert (outcome.code, why in outcome.err) == (2, True)
