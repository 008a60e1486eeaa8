from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.training.held_out import BEST, HeldOut


def distance_from_one(model: LazyDiffusion) -> list[Tensor]:
    first = next(model.parameters())
    return [(first - 1).abs().mean(), (first - 1).abs().mean() * 3]


@pytest.fixture
def model(tiny_config: LazyConfig) -> LazyDiffusion:
    return LazyDiffusion(tiny_config)


def weights(model: LazyDiffusion, value: float) -> dict[str, Tensor]:
    return {name: torch.full_like(old, value) for name, old in model.state_dict().items()}


def test_the_best_weights_are_kept(model: LazyDiffusion, tmp_path: Path) -> None:
    check = HeldOut(model, distance_from_one, tmp_path)
    losses = [check.check(weights(model, value), step) for step, value in enumerate((3, 1.5, 0))]
    assert losses == pytest.approx([4, 1, 2])
    kept = load_file(tmp_path / BEST)
    assert all((value == 1.5).all() for value in kept.values())
    with safe_open(tmp_path / BEST, "pt") as file:
        assert file.metadata()["step"] == "1"


def test_a_run_that_goes_on_knows_its_best(model: LazyDiffusion, tmp_path: Path) -> None:
    HeldOut(model, distance_from_one, tmp_path).check(weights(model, 1.25), 7)
    again = HeldOut(model, distance_from_one, tmp_path)
    assert again.best == pytest.approx(0.5)
    again.check(weights(model, 2), 8)
    assert (next(iter(load_file(tmp_path / BEST).values())) == 1.25).all()


def test_the_trained_model_is_left_alone(model: LazyDiffusion, tmp_path: Path) -> None:
    before = {name: value.clone() for name, value in model.state_dict().items()}
    HeldOut(model, distance_from_one, tmp_path).check(weights(model, 1), 0)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_the_best_at_another_question_is_not_the_best(model: LazyDiffusion, tmp_path: Path) -> None:
    HeldOut(model, distance_from_one, tmp_path, "apples").check(weights(model, 1), 0)
    again = HeldOut(model, distance_from_one, tmp_path, "pears")
    again.check(weights(model, 3), 1)
    assert (next(iter(load_file(tmp_path / BEST).values())) == 3).all()
    assert HeldOut(model, distance_from_one, tmp_path, "pears").best == pytest.approx(4)
