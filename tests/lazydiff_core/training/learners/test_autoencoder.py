from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.training import loop
from lazydiff_core.training.checkpoints import checkpoints, last_weights
from lazydiff_core.training.learners import autoencoder as module
from lazydiff_core.training.learners.autoencoder import (
    AutoencoderRun,
    CropStream,
    psnr,
    reconstruction_loss,
    train_autoencoder,
)
from lazydiff_core.training.scenes import RESERVED_SEED, Scene, SceneRecipe, make_scene
from tests.lazydiff_core.tiny import TINY_AUTOENCODER
from tests.lazydiff_core.training.driving import same_checkpoints

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
    monkeypatch.setattr(loop, "time", clock)
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
        autoencoder.load_state_dict(last_weights(out)[1])
        assert reconstruction_loss(autoencoder(image), image) < 0.9 * before


def test_a_decoder_can_be_trained_on_alone(bank_folder: Path, tmp_path: Path) -> None:
    run = replace(RUN, minutes=0.1)
    train_autoencoder(bank_folder, tmp_path / "out", run, SIZES)
    before = last_weights(tmp_path / "out")[1]
    train_autoencoder(bank_folder, tmp_path / "out", replace(run, decoder_only=True), SIZES)
    after = last_weights(tmp_path / "out")[1]
    for name, value in before.items():
        frozen = name.startswith(("encoder.", "whiten."))
        assert torch.equal(value, after[name]) == frozen, name


def test_a_stream_goes_on_in_its_middle(bank_folder: Path, seeds: list[int]) -> None:
    """The pool's scenes alone are drawn again, and those of another stretch are others."""
    run = replace(RUN, pool=5)
    unbroken = list(islice(CropStream(bank_folder, run), 22))
    seeds.clear()
    later = next(iter(CropStream(bank_folder, run, 0, 20)))
    assert torch.equal(later, unbroken[20])
    assert len(seeds) == 5
    assert not torch.equal(next(iter(CropStream(bank_folder, run, 20, 20))), later)


def test_a_run_that_was_stopped_ends_as_an_unbroken_one_bit_by_bit(
    bank_folder: Path, tmp_path: Path, stops_at: Callable[[int], None]
) -> None:
    run = replace(RUN, steps=80)
    train_autoencoder(bank_folder, tmp_path / "unbroken", run, SIZES)
    stops_at(70)
    with pytest.raises(KeyboardInterrupt):
        train_autoencoder(bank_folder, tmp_path / "broken", run, SIZES)
    assert 0 < checkpoints(tmp_path / "broken")[-1][0] < 70
    train_autoencoder(bank_folder, tmp_path / "broken", run, SIZES)
    same_checkpoints(tmp_path / "broken", tmp_path / "unbroken", 80)


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
