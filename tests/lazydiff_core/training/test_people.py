"""References of people, made of the installed pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.prompts.skin import TONED
from lazydiff_core.training.people import build_people

TONES = ("1F3FB", "1F3FC", "1F3FD", "1F3FE", "1F3FF")
LEVELS = (230, 120, 200, 80, 40)  # the second and the third the wrong way round
CONCEPTS = {"cook": ("cook", "chef"), "bone": ("bone",)}


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    modules = tmp_path / "node_modules"
    tones = {tone: {"unified": f"1F9D1-{tone}"} for tone in TONES}
    rows = [
        {"unified": "1F9D1", "short_names": ["cook"], "name": "COOK", "skin_variations": tones},
        {"unified": "1F9B4", "short_names": ["bone"], "name": "BONE"},
    ]
    kinds = ("person-role", "body-parts")
    rows = [row | {"subcategory": kind} for row, kind in zip(rows, kinds, strict=True)]
    write(modules / "emoji-datasource" / "emoji.json", rows)
    for name in ("noto", "twemoji", "fluent-emoji-flat"):
        write(modules / "@iconify-json" / name / "icons.json", {"icons": {}, "width": 32})
        write(modules / "@iconify-json" / name / "chars.json", {})
    folder = modules / "@lobehub" / "fluent-emoji-3d" / "assets"
    folder.mkdir(parents=True)
    codes = [f"1f9d1-{tone.lower()}" for tone in TONES]
    for code, level in zip([*codes, "1f9b4"], [*LEVELS, 250], strict=True):
        picture = np.zeros((64, 64, 4), np.uint8)
        picture[8:56, 16:48] = (level, level, level, 255)
        cv2.imwrite(str(folder / f"{code}.webp"), picture)
    return tmp_path


def test_each_person_in_each_tone_from_light_to_dark(
    assets: Path, tiny_autoencoder: Autoencoder
) -> None:
    people = build_people(assets, CONCEPTS, tiny_autoencoder)
    assert people.spans == {TONED + "cook": (0, 5), "bone": (5, 6)}
    assert people.phrases == {"cook": TONED + "cook", "chef": TONED + "cook", "bone": "bone"}
    assert people.leaning == {"bone"}
    wanted = build_people(_in_order(assets), CONCEPTS, tiny_autoencoder)
    assert np.array_equal(people.cells, wanted.cells)


def _in_order(assets: Path) -> Path:
    """The same set with its tones the right way round."""
    folder = assets / "node_modules" / "@lobehub" / "fluent-emoji-3d" / "assets"
    light, middle = (folder / f"1f9d1-{tone.lower()}.webp" for tone in TONES[1:3])
    first, second = light.read_bytes(), middle.read_bytes()
    light.write_bytes(second)
    middle.write_bytes(first)
    return assets


def test_a_picture_that_the_set_lacks(assets: Path, tiny_autoencoder: Autoencoder) -> None:
    (assets / "node_modules/@lobehub/fluent-emoji-3d/assets/1f9b4.webp").unlink()
    with pytest.raises(TrainingError, match="lacks bone"):
        build_people(assets, CONCEPTS, tiny_autoencoder)


def test_no_list_of_pictures(tmp_path: Path, tiny_autoencoder: Autoencoder) -> None:
    with pytest.raises(TrainingError, match="lacks emoji-datasource"):
        build_people(tmp_path, CONCEPTS, tiny_autoencoder)
