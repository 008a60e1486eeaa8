from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.files.config import LazyConfig, baseline
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.network.transformer_layers import patchify
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training import lazy_trainer as module
from lazydiff_core.training.lazy_trainer import (
    Batches,
    LazyRun,
    flow_loss,
    held_out_losses,
    rate_at,
    split_parameters,
    train_lazy,
)
from lazydiff_core.training.prompt_table import PromptTable
from lazydiff_core.training.shards import load_shards
from lazydiff_core.training.whole import shards_for

RUN = LazyRun(minutes=2, tokens_per_step=256, draws=4, compiled=False, warm_steps=5)
CONCEPTS = {"disc": ("red disc", "disc"), "triangle": ("triangle",), "square": ("square",)}


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def batches(shards: Path, tiny_config: LazyConfig) -> Batches:
    return Batches(load_shards(shards), tiny_config, RUN, seed=0)


# --- batches -----------------------------------------------------------------------------------


def test_a_batch_holds_holes_of_one_size(batches: Batches) -> None:
    for _ in range(20):
        batch = batches.draw()
        count, size = batch.index_BN.shape
        assert count == len(batch.asked)
        assert batch.target_BNP.shape == (count, size, 16)
        assert batch.frame_BN6.shape == (count, size, 6)
        assert batch.visible.shape == (count, 4, 16, 16)
        assert batch.told.shape == (count, 5, 16, 16)
        assert batch.mask.shape == (count, 1, 64, 64)
        assert count == 1 or count * size * RUN.draws <= RUN.tokens_per_step


def test_scenes_of_some_concepts_are_drawn_more_often(
    shards: Path, tiny_config: LazyConfig, batches: Batches
) -> None:
    def drawn(weights: dict[str, float]) -> Counter[str]:
        data = Batches(load_shards(shards), tiny_config, RUN, 0, weights)
        return Counter(asked.concept for _ in range(80) for asked in data.draw().asked)

    there = {asked.concept for asked in batches.shards.asked}
    assert {"disc", "square"} <= there
    assert set(drawn({})) == there
    assert set(drawn({"disc": 0.0})) == there - {"disc"}
    plain, more = drawn({}), drawn({"square": 20.0})
    assert more["square"] / more.total() > 1.3 * plain["square"] / plain.total()
    with pytest.raises(TrainingError, match="No scene"):
        drawn(dict.fromkeys(there, 0.0))


def test_a_batch_holds_the_tokens_of_its_rows(batches: Batches) -> None:
    size = int(batches.sizes[0])
    rows = batches.buckets[size][:2]
    batch, shards = batches.batch(rows), batches.shards
    for k, row in enumerate(rows.tolist()):
        places = shards.tokens[row].nonzero()[:, 0]
        assert torch.equal(batch.index_BN[k], places)
        target = patchify(shards.target[row : row + 1].float(), 2)[0]
        assert torch.equal(batch.target_BNP[k], target[places])
        assert torch.equal(batch.frame_BN6[k], shards.frames[row, places].float())
        assert batch.asked[k] == shards.asked[row]


def test_small_holes_come_first(batches: Batches) -> None:
    least = int(batches.sizes[0])
    assert {batches.draw(least).index_BN.shape[1] for _ in range(10)} == {least}
    assert len({batches.draw().index_BN.shape[1] for _ in range(30)}) > 1


# --- the loss ----------------------------------------------------------------------------------


def test_the_loss_is_that_of_the_velocity(batches: Batches, word_states: TextEncoder) -> None:
    """A new model predicts zero, so its loss is the mean square of noise - clean."""
    batch = batches.batch(batches.buckets[int(batches.sizes[0])])
    prompt = PromptTable(word_states, CONCEPTS).draw(batch.asked, batch.told, seeded(0))
    model = LazyDiffusion(batches.config)
    loss = flow_loss(model, batch, prompt, replace(RUN, draws=64), seeded(1))
    expected = 1 + float(batch.target_BNP.square().mean())
    assert loss.item() == pytest.approx(expected, rel=0.05)


def test_muon_takes_the_blocks_matrices(tiny_config: LazyConfig) -> None:
    model = LazyDiffusion(tiny_config)
    matrices, others = split_parameters(model)
    assert len(matrices) + len(others) == len(list(model.parameters()))
    # An encoder block has 6 matrices, a decoder block 10.
    assert len(matrices) == 2 * 6 + 2 * 10
    assert all(p.ndim == 2 for p in matrices)
    assert any(p is model.decoder.out.weight for p in others)
    modulation = model.decoder.blocks[0].modulation
    assert any(p is modulation for p in others)


@pytest.mark.parametrize(
    ("progress", "step", "rate"),
    [(0.0, 0, 0.2), (0.0, 4, 1), (0.5, 99, 1), (0.6, 99, 0.8), (0.75, 99, 0.5), (1.0, 99, 0.02)],
)
def test_rates_rise_stay_and_fall(progress: float, step: int, rate: float) -> None:
    assert rate_at(progress, step, RUN) == pytest.approx(rate)


# --- training ----------------------------------------------------------------------------------


class Trial:
    """Trains with a clock that ticks by itself: 120 looks at it are one run."""

    def __init__(self, shards: Path, text: TextEncoder, config: LazyConfig) -> None:
        self.shards, self.text, self.config = shards, text, config

    def train(self, out: Path, run: LazyRun = RUN) -> None:
        train_lazy(self.shards, CONCEPTS, self.text, out, run, self.config)

    def loss(self, state: dict[str, Tensor]) -> float:
        model = LazyDiffusion(self.config)
        model.load_state_dict(state)
        data = Batches(shards_for(self.config, self.shards), self.config, RUN, seed=3)
        table, generator = PromptTable(self.text, CONCEPTS), seeded(9)
        losses = []
        for _ in range(6):
            batch = data.draw()
            prompt = table.draw(batch.asked, batch.told, generator)
            with torch.no_grad():
                losses.append(float(flow_loss(model, batch, prompt, RUN, generator)))
        return sum(losses) / len(losses)


@pytest.fixture
def trial(
    shards: Path,
    word_states: TextEncoder,
    tiny_config: LazyConfig,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Trial:
    monkeypatch.setattr(module, "time", clock)
    return Trial(shards, word_states, tiny_config)


def test_training_lowers_the_loss_and_resumes(
    trial: Trial, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "lazydiff_core")
    untrained = trial.loss(LazyDiffusion(trial.config).state_dict())
    losses = []
    for _ in range(2):
        trial.train(tmp_path)
        losses.append(trial.loss(load_file(tmp_path / "model.safetensors")))
    assert losses[0] < 0.95 * untrained
    assert losses[1] < losses[0]
    assert trial.loss(load_file(tmp_path / "ema.safetensors")) < 0.95 * untrained
    steps = [int(text.split("step ")[1].split()[0]) for text in caplog.messages]
    assert steps == [25, 50, 75, 100]  # the second run goes on counting


def test_a_run_may_be_measured_in_steps(trial: Trial, tmp_path: Path) -> None:
    for steps, taken in ((7, 7), (3, 10)):
        trial.train(tmp_path, replace(RUN, steps=steps))
        with safe_open(tmp_path / "model.safetensors", "pt") as file:
            assert file.metadata()["step"] == str(taken)


def test_the_best_weights_by_reserved_scenes_are_kept(
    trial: Trial, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "lazydiff_core")
    run = replace(RUN, minutes=2, save_minutes=0.5)
    arguments = (trial.shards, CONCEPTS, trial.text, tmp_path, run, trial.config)
    train_lazy(*arguments, held_out=trial.shards)
    told = [float(text.split()[-1]) for text in caplog.messages if "held out" in text]
    assert len(told) >= 3
    assert told[-1] < told[0]
    with safe_open(tmp_path / "best.safetensors", "pt") as file:
        assert float(file.metadata()["loss"]) == pytest.approx(min(told), abs=1e-4)


def test_reserved_scenes_weigh_as_those_that_are_trained_on(
    shards: Path, word_states: TextEncoder, tiny_config: LazyConfig
) -> None:
    """Only discs: the losses are those of discs alone."""
    scenes, table = load_shards(shards), PromptTable(word_states, CONCEPTS)
    torch.manual_seed(0)
    model = LazyDiffusion(tiny_config)
    seen: list[tuple[str, ...]] = []
    draw = module.Batches.draw

    def note(self: Batches, most: int | None = None) -> object:
        batch = draw(self, most)
        seen.append(tuple(asked.concept for asked in batch.asked))
        return batch

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.Batches, "draw", note)
        others = dict.fromkeys({asked.concept for asked in scenes.asked} - {"disc"}, 0.0)
        held_out_losses(scenes, table, RUN, others)(model)
        assert {concept for batch in seen for concept in batch} == {"disc"}
        seen.clear()
        held_out_losses(scenes, table, RUN)(model)
        assert {concept for batch in seen for concept in batch} > {"disc"}


def test_a_baseline_is_trained_by_the_same_trainer(trial: Trial, tmp_path: Path) -> None:
    trial.config = baseline(trial.config, "regenerate_image")
    untrained = trial.loss(LazyDiffusion(trial.config).state_dict())
    trial.train(tmp_path, replace(RUN, minutes=1, draws=1))
    assert trial.loss(load_file(tmp_path / "model.safetensors")) < 0.9 * untrained
    batch = Batches(shards_for(trial.config, trial.shards), trial.config, RUN, seed=0).draw(4)
    assert batch.index_BN.shape[1] == 64  # every token, though the hole is to be small


def test_a_run_of_another_model_is_left_alone(trial: Trial, tmp_path: Path) -> None:
    run = replace(RUN, minutes=0.05)
    trial.train(tmp_path, run)
    before = (tmp_path / "config.json").read_text()
    trial.config = baseline(trial.config, "regenerate_image")
    with pytest.raises(TrainingError, match="a run of another model"):
        trial.train(tmp_path, run)
    assert (tmp_path / "config.json").read_text() == before


def test_the_same_run_gives_the_same_weights(trial: Trial, tmp_path: Path) -> None:
    run = replace(RUN, minutes=0.2)
    for name in ("one", "other"):
        trial.train(tmp_path / name, run)
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("one", "other"))
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def test_a_loss_that_is_not_finite_stops_the_run(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(model: LazyDiffusion, *rest: object) -> Tensor:
        return next(model.parameters()).sum() * float("nan")

    monkeypatch.setattr(module, "flow_loss", broken)
    with pytest.raises(TrainingError, match="not finite at step 1"):
        trial.train(tmp_path)
    assert not (tmp_path / "model.safetensors").exists()
