from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.training import autoencoder_trainer as module
from lazydiff_core.training.autoencoder_trainer import (
    AutoencoderRun,
    CropStream,
    psnr,
    reconstruction_loss,
    train_autoencoder,
)
from lazydiff_core.training.scenes import RESERVED_SEED, Scene, SceneRecipe, make_scene
from tests.lazydiff_core.tiny import TINY_AUTOENCODER

SIZES = AutoencoderConfig(**TINY_AUTOENCODER)
RUN = AutoencoderRun(minutes=2, batch=4, crop=32, pool=20)


@pytest.fixture(autouse=True)
def seeds(monkeypatch: pytest.MonkeyPatch, clock: Any) -> list[int]:
    """Small scenes, a clock that ticks by itself, and the seeds that were drawn."""
    drawn: list[int] = []

    def small(bank: Any, words: Any, seed: int) -> Scene:
        drawn.append(seed)
        return make_scene(bank, words, seed, SceneRecipe(side=64))

    monkeypatch.setattr(module, "make_scene", small)
    monkeypatch.setattr(module, "time", clock)
    return drawn


def test_crops_come_from_many_unreserved_scenes(bank_folder: Path, seeds: list[int]) -> None:
    stream = iter(CropStream(bank_folder, RUN))
    crops = torch.cat([next(stream) for _ in range(8)])
    assert crops.shape == (32, 3, 32, 32)
    assert crops.dtype == torch.float32
    assert -1 <= crops.min() < -0.5 < 0.5 < crops.max() <= 1
    assert len({crop.numpy().tobytes() for crop in crops}) > 20
    assert len(seeds) == 16 + 7
    assert 0 <= min(seeds) <= max(seeds) < RESERVED_SEED


def test_training_rebuilds_better(bank_folder: Path, tmp_path: Path) -> None:
    image = next(iter(CropStream(bank_folder, replace(RUN, seed=5, batch=16))))
    out = tmp_path / "out"
    train_autoencoder(bank_folder, out, RUN, SIZES)
    torch.manual_seed(RUN.seed)
    autoencoder = Autoencoder(SIZES)
    with torch.no_grad():
        before = reconstruction_loss(autoencoder(image), image)
        autoencoder.load_state_dict(load_file(out / "model.safetensors"))
        assert reconstruction_loss(autoencoder(image), image) < 0.9 * before
    assert {path.name for path in out.iterdir()} == {"config.json", "model.safetensors"}


def test_a_decoder_can_be_trained_on_alone(bank_folder: Path, tmp_path: Path) -> None:
    run = replace(RUN, minutes=0.1)
    train_autoencoder(bank_folder, tmp_path / "out", run, SIZES)
    before = load_file(tmp_path / "out" / "model.safetensors")
    train_autoencoder(bank_folder, tmp_path / "out", replace(run, decoder_only=True), SIZES)
    after = load_file(tmp_path / "out" / "model.safetensors")
    for name, value in before.items():
        frozen = name.startswith(("encoder.", "whiten."))
        assert torch.equal(value, after[name]) == frozen, name


def test_psnr() -> None:
    image = torch.zeros(1, 3, 4, 4)
    assert psnr(image + 0.2, image) == pytest.approx(20)
    assert psnr(image, image) > 100
    assert psnr(image + 5, image + 1) > 100  # what cannot be shown does not count


def test_the_loss_sees_colours_and_edges() -> None:
    target = torch.from_numpy(np.random.default_rng(0).random((1, 3, 16, 16), np.float32))
    assert reconstruction_loss(target, target) == 0
    shifted = reconstruction_loss(target + 0.1, target)
    assert float(shifted) == pytest.approx(0.2, abs=1e-4)  # pixels and local means
    stripes = torch.tensor([0.1, -0.1]).repeat(8)
    assert reconstruction_loss(target + stripes, target) > 1.3 * shifted
