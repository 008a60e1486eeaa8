from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from lazydiff_core.backends import lazydiffusion
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import TrainingError
from lazydiff_core.model.checkpoint.checkpoint import Defaults, load_checkpoint
from lazydiff_core.model.files.config import LazyConfig, baseline
from lazydiff_core.model.network.baseline_conditions import BaselineConditions
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training import loop
from lazydiff_core.training.checkpoints import last_weights
from lazydiff_core.training.export import continue_from, export_model, load_lazy
from lazydiff_core.training.initialise import begin_baseline, take_weights
from lazydiff_core.training.learners.scenes import LazyRun, train_lazy


def test_it_starts_as_the_lazy_decoder_with_an_average_context(
    make_lazy: Callable[..., LazyDiffusion], tiny_config: LazyConfig, word_states: TextEncoder
) -> None:
    lazy = make_lazy()
    image = LazyDiffusion(baseline(tiny_config, "regenerate_image"))
    take_weights(image, lazy)
    conditions = image.context_encoder
    assert isinstance(conditions, BaselineConditions)
    assert torch.equal(conditions.mask_down.weight, lazy.context_encoder.mask_down.weight)
    generator = torch.Generator().manual_seed(0)
    visible = torch.randn(1, 4, 16, 16, generator=generator)
    index, frame = torch.arange(64)[None], torch.zeros(1, 64, 6)
    noised = torch.randn(1, 64, 16, generator=generator)
    with torch.no_grad():
        hole = image.encode_context(visible, torch.ones(1, 1, 64, 64), index, frame)
        average = Hole(lazy.context_encoder.norm.bias.expand(1, 64, -1), index, frame)
        prompt, t = word_states.encode(["disc"]), torch.tensor([300.0])
        ours, theirs = (
            m.decoder(noised, t, h, prompt) for m, h in ((image, hole), (lazy, average))
        )
    assert torch.allclose(ours, theirs, atol=1e-5)


def test_a_crop_starts_from_an_image_model(
    randomise: Callable[..., LazyDiffusion], tiny_config: LazyConfig
) -> None:
    image = randomise(LazyDiffusion(baseline(tiny_config, "regenerate_image")))
    crop = LazyDiffusion(baseline(tiny_config, "regenerate_crop"))
    take_weights(crop, image)
    given = image.state_dict()
    assert all(torch.equal(value, given[name]) for name, value in crop.state_dict().items())


def test_weights_of_another_size_are_refused(
    make_lazy: Callable[..., LazyDiffusion], tiny_config: LazyConfig
) -> None:
    wide = replace(baseline(tiny_config, "regenerate_image"), width=64)
    with pytest.raises(TrainingError, match="for width 32, but the model has 64"):
        take_weights(LazyDiffusion(wide), make_lazy())


def test_a_run_begins_once(tiny_folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    config = begin_baseline(tiny_folder, "regenerate_crop", run)
    assert config == baseline(load_checkpoint(tiny_folder).lazy.config, "regenerate_crop")
    assert load_lazy(run).config == config
    before = last_weights(run)[1]
    (tiny_folder / "config.json").unlink()  # it is not needed any more
    assert begin_baseline(tiny_folder, "regenerate_crop", run) == config
    after = last_weights(run)[1]
    assert all(torch.equal(value, after[name]) for name, value in before.items())


def test_from_a_lazy_model_to_a_trained_baseline_that_fills(
    tiny_folder: Path,
    shards: Path,
    word_states: TextEncoder,
    tmp_path: Path,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    make_request: Callable[..., EditRequest],
) -> None:
    monkeypatch.setattr(loop, "time", clock)
    run, autoencoder, out = tmp_path / "image", tmp_path / "autoencoder", tmp_path / "model"
    config = begin_baseline(tiny_folder, "regenerate_image", run)
    concepts = {"disc": ("disc",), "triangle": ("triangle",), "square": ("square",)}
    short = LazyRun(minutes=0.1, tokens_per_step=128, draws=1)
    train_lazy(shards, concepts, word_states, run, short, config)
    continue_from(tiny_folder, tmp_path / "lazy", autoencoder)
    export_model(run, autoencoder, out, Defaults(2, 2.0), ("disc",))
    monkeypatch.setattr(lazydiffusion, "load_text_encoder", lambda *given: word_states)
    engine, request = Engine.load(str(out), device="cpu"), make_request()
    result = engine.run(request)
    assert (result.backend, result.steps) == ("regenerate_image", 2)
    assert (result.tokens.hole, result.tokens.canvas) == (64, 64)
    assert result.pixels_changed_outside_mask == 0
    assert (result.image != engine.run(replace(request, seed=1)).image).any()
