"""Runs that older versions began go on: `old/` holds what the last one with other formats wrote.

model-run: of `train model`, stopped after 3 of 6 steps in the middle of its streams; model-run.json
has the losses, gradient norms and rates of all 6. lazy-run, autoencoder-run: of the bundled
trainers, after 5 and a few steps.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from lazydiff_core.model.autoencoders.bundled_autoencoder import AutoencoderConfig
from lazydiff_core.model.checkpoint.checkpoint import save_checkpoint
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.batches import BatchMaker
from lazydiff_core.training.checkpoints import Saved, checkpoints, last_weights
from lazydiff_core.training.encode_shards import encode_shards
from lazydiff_core.training.export import load_autoencoder, load_lazy
from lazydiff_core.training.learners.autoencoder import AutoencoderRun, train_autoencoder
from lazydiff_core.training.learners.scenes import LazyRun, train_lazy
from lazydiff_core.training.loop import StepNews
from lazydiff_core.training.model_run import export_run, train_model
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.run_folder import read_notes
from tests.lazydiff_core.tiny import TINY_AUTOENCODER

OLD = Path(__file__).parent / "old"
SMALLER = {"width": 16, "context_blocks": 1, "decoder_blocks": 1}
CONCEPTS = {"disc": ("red disc", "disc"), "triangle": ("triangle",), "square": ("square",)}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return shutil.copytree(OLD, tmp_path / "old")


def test_a_run_on_web_shards_goes_on_as_it_would_have(
    make_maker: Callable[..., BatchMaker], web_shards: Path, old: Path, tmp_path: Path
) -> None:
    maker, run = make_maker(**SMALLER), old / "model-run"
    save_checkpoint(tmp_path / "model", maker.checkpoint)
    encode_shards(maker, [str(web_shards)], tmp_path / "encoded", 0, 1)
    streams = [f"pipe:cat {path}" for path in sorted((tmp_path / "encoded").glob("*.tar"))]
    expected = json.loads((old / "model-run.json").read_text())
    weights = load_file(run / "step-00000003" / "ema.safetensors")
    assert export_run(run, tmp_path / "before", tmp_path / "model") == 3
    assert last_weights(run)[1].keys() == weights.keys()
    recipe, found = Recipe.from_dict(read_notes(run).recipe), list[StepNews]()
    train_model(tmp_path / "model", streams, recipe, run, True, found.append)
    told = [(news.loss, news.norm, news.rate) for news in found]
    assert [news.step for news in found] == [4, 5, 6]
    for now, then in zip(told, expected[3:], strict=True):
        assert now == pytest.approx(then, rel=1e-4)
    assert [step for step, _ in checkpoints(run)] == [3, 6]  # both formats beside each other


def test_a_run_on_scenes_goes_on(
    shards: Path, word_states: TextEncoder, tiny_config: LazyConfig, old: Path
) -> None:
    run, config = old / "lazy-run", replace(tiny_config, **SMALLER)
    mean = load_file(run / "ema.safetensors")
    assert all(torch.equal(v, mean[k]) for k, v in load_lazy(run).state_dict().items())
    saved = Saved(run)
    kept = load_file(run / "optimizer.safetensors")
    muons = sum(name.startswith("muon.") for name in kept)
    train_lazy(shards, CONCEPTS, word_states, run, LazyRun(steps=2, tokens_per_step=64), config)
    ((step, folder),) = checkpoints(run)
    assert step == 5 + 2
    names = Saved(folder).names("optimizer")
    assert len(names) == len(kept) == len(saved.names("optimizer"))
    assert sum(name.startswith("momentum:") for name in names) == muons
    steps = {float(v) for k, v in Saved(folder).read("optimizer").items() if k.startswith("step:")}
    assert steps == {7.0}


def test_an_autoencoder_goes_on(bank_folder: Path, old: Path) -> None:
    run = old / "autoencoder-run"
    weights = load_file(run / "model.safetensors")
    loaded = load_autoencoder(run).state_dict()
    assert all(torch.equal(value, loaded[name]) for name, value in weights.items())
    config = AutoencoderConfig(**TINY_AUTOENCODER)
    short = AutoencoderRun(steps=1, batch=2, crop=32, pool=2, peak_rate=1e-9)
    train_autoencoder(bank_folder, run, short, config)
    assert [path.name for _, path in checkpoints(run)] == ["step-00000001"]
    after = load_autoencoder(run).state_dict()
    moved = [
        float((after[name] - value).abs().max())
        for name, value in weights.items()
        if not name.startswith("whiten.")
    ]
    assert 0 < max(moved) < 1e-6
