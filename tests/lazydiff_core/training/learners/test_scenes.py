from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.files.config import LazyConfig, baseline
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.network.transformer_layers import patchify
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training import loop
from lazydiff_core.training.batches import Batch
from lazydiff_core.training.checkpoints import checkpoints, last_weights
from lazydiff_core.training.learner import Moment
from lazydiff_core.training.learners import scenes as module
from lazydiff_core.training.learners.scenes import (
    Batches,
    LazyRun,
    SceneLearner,
    held_out_losses,
    rate_at,
    split_parameters,
    train_lazy,
)
from lazydiff_core.training.prompt_table import PromptTable
from lazydiff_core.training.shards import load_shards
from lazydiff_core.training.whole import shards_for
from tests.lazydiff_core.training.driving import same_checkpoints

RUN = LazyRun(minutes=1, tokens_per_step=256, draws=4, warm_steps=5)
CONCEPTS = {"disc": ("red disc", "disc"), "triangle": ("triangle",), "square": ("square",)}


def drawn(batches: Batches, step: int, most: int | None = None) -> Batch:
    moment = Moment(0, step)
    return batches.batch(batches.rows(moment.generator(), most), moment)


@pytest.fixture
def table(word_states: TextEncoder) -> PromptTable:
    return PromptTable(word_states, CONCEPTS)


@pytest.fixture
def batches(shards: Path, table: PromptTable) -> Batches:
    return Batches(load_shards(shards), RUN, table)


# --- batches -----------------------------------------------------------------------------------


def test_a_batch_holds_holes_of_one_size(batches: Batches) -> None:
    for step in range(20):
        batch = drawn(batches, step)
        count, size = batch.index_BN.shape
        assert count == len(batch.seeds) == len(set(batch.seeds))
        assert batch.clean(2).shape == (count, size, 16)
        assert batch.frame_BN6.shape == (count, size, 6)
        assert batch.visible.shape == (count, 4, 16, 16)
        assert isinstance(batch.prompt, Prompt)
        assert batch.prompt.told is not None
        assert batch.prompt.told.cells.shape == (count, 5, 16, 16)
        assert batch.mask.shape == (count, 1, 64, 64)
        assert count == 1 or count * size * RUN.draws <= RUN.tokens_per_step


def test_scenes_of_some_concepts_are_drawn_more_often(table: PromptTable, batches: Batches) -> None:
    scenes = batches.shards.asked

    def concepts(weights: dict[str, float]) -> Counter[str]:
        data = Batches(batches.shards, RUN, table, weights)
        rows = [data.rows(Moment(0, step).generator()) for step in range(80)]
        return Counter(scenes[row].concept for each in rows for row in each.tolist())

    there = {asked.concept for asked in batches.shards.asked}
    assert {"disc", "square"} <= there
    assert set(concepts({})) == there
    assert set(concepts({"disc": 0.0})) == there - {"disc"}
    plain, more = concepts({}), concepts({"square": 20.0})
    assert more["square"] / more.total() > 1.3 * plain["square"] / plain.total()
    with pytest.raises(TrainingError, match="No scene"):
        concepts(dict.fromkeys(there, 0.0))


def test_a_batch_holds_the_tokens_of_its_rows(batches: Batches) -> None:
    size = int(batches.sizes[0])
    rows = batches.buckets[size][:2]
    batch, shards = batches.batch(rows, Moment()), batches.shards
    for k, row in enumerate(rows.tolist()):
        places = shards.tokens[row].nonzero()[:, 0]
        assert torch.equal(batch.index_BN[k], places)
        target = patchify(shards.target[row : row + 1].float(), 2)[0]
        assert torch.equal(batch.clean(2)[k], target[places])
        assert torch.equal(batch.frame_BN6[k], shards.frames[row, places].float())
        assert isinstance(batch.prompt, Prompt)
        assert batch.prompt.told is not None
        cells = batch.prompt.told.cells[k]  # or hidden
        assert torch.equal(cells, shards.told[row].float()) or not cells.any()


def test_small_holes_come_first(batches: Batches) -> None:
    least = int(batches.sizes[0])
    assert {drawn(batches, step, least).lengths[0] for step in range(10)} == {least}
    assert len({drawn(batches, step).lengths[0] for step in range(30)}) > 1


# --- the loss ----------------------------------------------------------------------------------


def test_the_loss_is_that_of_the_velocity(batches: Batches, tiny_config: LazyConfig) -> None:
    """A new model predicts zero, so its loss is the mean square of noise - clean."""
    batch = batches.batch(batches.buckets[int(batches.sizes[0])], Moment())
    learner = SceneLearner(LazyDiffusion(tiny_config), replace(RUN, draws=64), torch.float32)
    loss = learner.loss(batch, Moment())["velocity"]
    expected = 1 + float(batch.clean(2).square().mean())
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
        shards = shards_for(self.config, self.shards)
        data = Batches(shards, RUN, PromptTable(self.text, CONCEPTS))
        learner = SceneLearner(model, RUN, torch.float32)
        with torch.no_grad():
            losses = [learner.loss(drawn(data, k), Moment(9, k))["velocity"] for k in range(6)]
        return float(sum(losses)) / len(losses)


@pytest.fixture
def trial(
    shards: Path,
    word_states: TextEncoder,
    tiny_config: LazyConfig,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Trial:
    monkeypatch.setattr(loop, "time", clock)
    return Trial(shards, word_states, tiny_config)


def test_training_lowers_the_loss_and_resumes(
    trial: Trial, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "lazydiff_core")
    untrained = trial.loss(LazyDiffusion(trial.config).state_dict())
    losses = []
    for _ in range(2):
        trial.train(tmp_path)
        losses.append(trial.loss(last_weights(tmp_path, "model")[1]))
    assert losses[0] < 0.95 * untrained
    assert losses[1] < losses[0]
    assert trial.loss(last_weights(tmp_path)[1]) < 0.95 * untrained
    steps = [int(text.split("step ")[1].split()[0]) for text in caplog.messages]
    assert steps == [25, 50, 75, 100]  # the second run goes on counting


def test_a_run_may_be_measured_in_steps(trial: Trial, tmp_path: Path) -> None:
    for steps, taken in ((7, 7), (3, 10)):
        trial.train(tmp_path, replace(RUN, steps=steps))
        assert [step for step, _ in checkpoints(tmp_path)] == [taken]


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
    seen: set[str] = set()
    rows = module.Batches.rows

    def note(self: Batches, *given: object) -> Tensor:
        found = rows(self, *given)  # type: ignore[arg-type]
        seen.update(self.shards.asked[row].concept for row in found.tolist())
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.Batches, "rows", note)
        others = dict.fromkeys({asked.concept for asked in scenes.asked} - {"disc"}, 0.0)
        held_out_losses(scenes, table, RUN, others)(model)
        assert seen == {"disc"}
        held_out_losses(scenes, table, RUN)(model)
        assert seen > {"disc"}


def test_a_baseline_is_trained_by_the_same_trainer(trial: Trial, tmp_path: Path) -> None:
    trial.config = baseline(trial.config, "regenerate_image")
    untrained = trial.loss(LazyDiffusion(trial.config).state_dict())
    trial.train(tmp_path, replace(RUN, minutes=1, draws=1))
    assert trial.loss(last_weights(tmp_path, "model")[1]) < 0.9 * untrained
    scenes = shards_for(trial.config, trial.shards)
    batch = drawn(Batches(scenes, RUN, PromptTable(trial.text, CONCEPTS)), 0, most=4)
    assert batch.lengths[0] == 64  # every token, though the hole is to be small


def test_a_run_of_another_model_is_left_alone(trial: Trial, tmp_path: Path) -> None:
    run = replace(RUN, minutes=0.05)
    trial.train(tmp_path, run)
    before = (tmp_path / "config.json").read_text()
    trial.config = baseline(trial.config, "regenerate_image")
    with pytest.raises(TrainingError, match="a run of another model"):
        trial.train(tmp_path, run)
    assert (tmp_path / "config.json").read_text() == before


def test_a_run_that_was_stopped_ends_as_an_unbroken_one_bit_by_bit(
    trial: Trial, tmp_path: Path, stops_at: Callable[[int], None]
) -> None:
    """The same command goes on to the end that was asked for first; the next one goes further."""
    run = replace(RUN, steps=6, save_minutes=0.05)
    trial.train(tmp_path / "unbroken", run)
    stops_at(5)
    with pytest.raises(KeyboardInterrupt):
        trial.train(tmp_path / "broken", run)
    ((stopped, _),) = checkpoints(tmp_path / "broken")
    assert 0 < stopped < 5
    trial.train(tmp_path / "broken", run)
    same_checkpoints(tmp_path / "broken", tmp_path / "unbroken", 6)
    for name in ("unbroken", "broken"):
        trial.train(tmp_path / name, run)
    same_checkpoints(tmp_path / "broken", tmp_path / "unbroken", 12)


def test_a_loss_that_is_not_finite_stops_the_run(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: SceneLearner, *given: object) -> dict[str, Tensor]:
        return {"velocity": next(self.parameters()).sum() * float("nan")}

    monkeypatch.setattr(SceneLearner, "loss", broken)
    with pytest.raises(TrainingError, match="not finite at step 1"):
        trial.train(tmp_path)
    assert not checkpoints(tmp_path)
