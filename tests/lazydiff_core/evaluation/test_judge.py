from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from lazydiff_core.errors import ModelError
from lazydiff_core.evaluation.judge import (
    SIDE,
    Judge,
    as_tensor,
    crop_hole,
    judge_crops,
    load_judge,
    save_judge,
)


@pytest.fixture
def crops() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (SIDE, SIDE, 3), np.uint8) for _ in range(5)]


def test_probabilities_add_up_and_features_have_length_one(
    judge: Judge, crops: list[np.ndarray]
) -> None:
    opinion = judge_crops(judge, crops, batch=2)
    assert opinion.concepts.shape == (5, 3)
    assert opinion.styles.shape == (5, 4)
    assert opinion.concepts.sum(1) == pytest.approx(np.ones(5))
    assert opinion.styles.sum(1) == pytest.approx(np.ones(5))
    assert np.linalg.norm(opinion.features, axis=1) == pytest.approx(np.ones(5))


def test_a_crop_is_judged_alike_alone_and_among_others(
    judge: Judge, crops: list[np.ndarray]
) -> None:
    together = judge_crops(judge, crops).concepts
    alone = judge_crops(judge, crops[3:4]).concepts
    assert alone[0] == pytest.approx(together[3], abs=1e-5)


def test_it_comes_back_from_disk(judge: Judge, crops: list[np.ndarray], tmp_path: Path) -> None:
    save_judge(tmp_path, judge)
    loaded = load_judge(tmp_path)
    assert loaded.config == judge.config
    assert not loaded.training
    before, after = judge_crops(judge, crops).concepts, judge_crops(loaded, crops).concepts
    assert after == pytest.approx(before, abs=0.02)  # half precision on disk


def test_what_is_no_judge_is_told(judge: Judge, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no judge"):
        load_judge(tmp_path)
    save_judge(tmp_path, judge)
    weights = tmp_path / "judge.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="damaged"):
        load_judge(tmp_path)


def test_a_crop_is_the_square_around_the_hole() -> None:
    image = np.zeros((100, 120, 3), np.uint8)
    image[30:70, 40:100] = 255
    mask = np.zeros((100, 120), bool)
    mask[30:70, 40:100] = True
    crop = crop_hole(image, mask, side=64, margin=0.0)
    assert crop.shape == (64, 64, 3)
    white = (crop[:, 32, 0] > 127).mean()
    assert white == pytest.approx(40 / 60, abs=0.03)
    assert (crop[32] == 255).all()


def test_beyond_the_canvas_its_border_goes_on() -> None:
    image = np.full((60, 60, 3), 90, np.uint8)
    mask = np.zeros((60, 60), bool)
    mask[0:20, 0:60] = True
    assert (crop_hole(image, mask) == 90).all()


def test_pixels_become_the_judges_range() -> None:
    pixels = np.array([[[[0, 255, 0]]]], np.uint8)
    assert torch.equal(as_tensor(pixels)[0, :, 0, 0], torch.tensor([-1.0, 1.0, -1.0]))
