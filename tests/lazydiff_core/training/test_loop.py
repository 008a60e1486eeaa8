from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image
from safetensors import SafetensorError
from torch import Tensor
from torch._dynamo.utils import counters

from lazydiff_core.contract import RGB
from lazydiff_core.errors import TargetError, TrainingError
from lazydiff_core.model.network import transformer_layers
from lazydiff_core.model.network.segments import attend_nested
from lazydiff_core.storage.resources import resource
from lazydiff_core.training.batches import Batch, BatchMaker
from lazydiff_core.training.checkpoints import Saved, checkpoints
from lazydiff_core.training.lanes import Raw, Share, Source
from lazydiff_core.training.learner import Moment
from lazydiff_core.training.learners.lazy import LazyLearner, WebFeed, painted_sheet, plan_of
from lazydiff_core.training.loop import Hooks, Loop, StepNews, make_accelerator
from lazydiff_core.training.meter import Meter
from lazydiff_core.training.recipe import Recipe, read_recipe
from lazydiff_core.training.sources import ShuffledShards, open_source
from tests.lazydiff_core.model.doubles import replace_flash_kernel

RECIPE = Recipe(
    steps=6, batch=4, micro_batch=2, draws=2, rate=1e-3, workers=0, log_every=2, save_every=3,
    sample_every=0, seed=1, ema=0.5, clip=1.0,
)  # fmt: skip


class Trial:
    """Runs of one tiny model from the same beginning; each is a process of its own, as it were."""

    def __init__(self, maker: BatchMaker, source: Source) -> None:
        self.maker, self.source = maker, source
        self.beginning = copy.deepcopy(maker.checkpoint.lazy.state_dict())

    def loop(
        self, out: Path, recipe: Recipe, on_step: Callable[[StepNews], None] = lambda news: None
    ) -> Loop[Batch]:
        lazy = copy.deepcopy(self.maker.checkpoint.lazy)
        lazy.load_state_dict(self.beginning)
        learner = LazyLearner(lazy, recipe)
        out.mkdir(exist_ok=True)
        feed = WebFeed(self.maker, self.source, recipe, Share())
        plan = plan_of(recipe, Share(), self.maker.dtype)

        def paint(weights: dict[str, Tensor]) -> RGB:
            return painted_sheet(learner, weights, self.maker, self.source)

        return Loop(make_accelerator(), learner, feed, plan, out, Hooks(on_step, paint=paint))

    def losses(self, out: Path, recipe: Recipe = RECIPE, stop: int | None = None) -> list[float]:
        """Loss of each step; the run is cut off in the middle of step `stop` + 1."""
        found: list[float] = []

        def note(news: StepNews) -> None:
            if news.step == stop:
                raise KeyboardInterrupt
            found.append(news.loss)

        try:
            self.loop(out, recipe, note).run()
        except KeyboardInterrupt:
            assert stop is not None
        return found


def batches_of(loop: Loop[Batch]) -> Iterator[Batch]:
    return loop.feed.batches(loop.first, lambda: loop.moment, loop.state)


@pytest.fixture
def trial(make_maker: Callable[..., BatchMaker], web_shards: Path) -> Trial:
    return Trial(make_maker(), open_source([str(web_shards)]))


# --- going on ----------------------------------------------------------------------------------


def test_a_resumed_run_has_the_unbroken_ones_losses_bit_by_bit(
    trial: Trial, tmp_path: Path
) -> None:
    unbroken = trial.losses(tmp_path / "unbroken")
    assert len(set(unbroken)) == 6
    assert trial.losses(tmp_path / "broken", stop=5) == unbroken[:4]
    assert [step for step, _ in checkpoints(tmp_path / "broken")] == [3]
    assert trial.losses(tmp_path / "broken") == unbroken[3:]
    for part in ("model", "ema", "optimizer"):
        one, other = (
            Saved(tmp_path / name / "step-00000006").read(part) for name in ("unbroken", "broken")
        )
        assert one.keys() == other.keys()
        assert all(torch.equal(one[key], other[key]) for key in one)


def test_a_streamed_and_dealt_run_goes_on_bit_by_bit(
    trial: Trial, web_shards: Path, tmp_path: Path
) -> None:
    """From the middle of a pool; the checkpoint says how far each lane was read."""
    names = [f"pipe:cat {path}" for path in sorted(web_shards.glob("*.tar"))]
    trial.source = open_source([*names, *names])
    recipe = replace(RECIPE, pool=2, workers=2, steps=7)
    unbroken = trial.losses(tmp_path / "unbroken", recipe)
    assert len(set(unbroken)) == 7
    assert trial.losses(tmp_path / "broken", recipe, stop=5) == unbroken[:4]
    assert Saved(tmp_path / "broken" / "step-00000003").read("loop")["marks"].shape[1] == 4
    assert trial.losses(tmp_path / "broken", recipe) == unbroken[3:]


def test_a_finished_run_has_nothing_to_do(trial: Trial, tmp_path: Path) -> None:
    trial.losses(tmp_path, replace(RECIPE, steps=3))
    assert trial.losses(tmp_path, replace(RECIPE, steps=3)) == []


def test_the_momenta_are_part_of_it(trial: Trial, tmp_path: Path) -> None:
    """Without them the losses differ, so the test above does test them."""
    unbroken = trial.losses(tmp_path / "unbroken")
    trial.losses(tmp_path / "broken", stop=5)
    loop = trial.loop(tmp_path / "broken", RECIPE)
    loop.resume()
    loop.optimizers["adam"].state.clear()
    batches = batches_of(loop)
    found = [loop.train_step(batches).loss for _ in range(3)]
    assert found[0] == unbroken[3]
    assert found[1:] != unbroken[4:]


def test_only_the_youngest_checkpoints_are_kept(trial: Trial, tmp_path: Path) -> None:
    trial.losses(tmp_path, replace(RECIPE, save_every=1, keep=2))
    assert [step for step, _ in checkpoints(tmp_path)] == [5, 6]


# --- how it is computed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [{"micro_batch": 1}, {"micro_batch": 4}, {"checkpoint_blocks": True}, {"ragged": "padded"}],
)
def test_how_it_is_computed_does_not_change_the_losses(
    trial: Trial, tmp_path: Path, changes: dict[str, object]
) -> None:
    short = replace(RECIPE, steps=3)
    expected = trial.losses(tmp_path / "one", short)
    assert trial.losses(tmp_path / "other", replace(short, **changes)) == pytest.approx(
        expected, rel=1e-5
    )


@pytest.mark.parametrize("recomputed", [False, True])
def test_blocks_are_recomputed_where_the_recipe_says_so(
    trial: Trial, tmp_path: Path, recomputed: bool
) -> None:
    """In the backward pass, from their inputs: nothing else of them was kept."""
    runs = 1 + recomputed
    loop = trial.loop(tmp_path, replace(RECIPE, checkpoint_blocks=recomputed, steps=1))
    calls: list[str] = []
    for module in loop.model.modules():
        if type(module).__name__ == "FeedForward":
            module.register_forward_pre_hook(lambda *call: calls.append("forward"))
    loop.train_step(batches_of(loop))
    layers, parts = 4, 2  # of two encoder and two decoder blocks, in two micro-batches
    assert len(calls) == runs * layers * parts


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")
def test_blocks_are_compiled_where_the_recipe_says_so(
    make_maker: Callable[..., BatchMaker], web_shards: Path, tmp_path: Path
) -> None:
    """By the backend it names; losses are those of blocks as they are written."""
    maker = make_maker(context_blocks=1, decoder_blocks=1)
    trial = Trial(maker, open_source([str(web_shards)]))
    recipe = replace(RECIPE, steps=1, checkpoint_blocks=True, ragged="padded")
    expected = trial.losses(tmp_path / "plain", recipe)
    torch._dynamo.reset()
    before = counters["stats"]["unique_graphs"]
    found = trial.losses(tmp_path / "compiled", replace(recipe, compile="eager"))
    assert counters["stats"]["unique_graphs"] > before
    assert found == pytest.approx(expected, rel=1e-4)
    torch._dynamo.reset()


def test_a_backend_that_is_not_there_is_said(trial: Trial, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="telepathy does not compile: choose from"):
        trial.loop(tmp_path, replace(RECIPE, compile="telepathy"))


def test_training_lowers_the_loss(trial: Trial, tmp_path: Path) -> None:
    found = trial.losses(tmp_path, replace(RECIPE, steps=40, rate=3e-3, save_every=40))
    assert sum(found[-8:]) < 0.9 * sum(found[:8])


def test_the_rate_rises_then_stays(trial: Trial, tmp_path: Path) -> None:
    rates: list[float] = []
    recipe = replace(RECIPE, warm_steps=4, rate=0.004, save_every=6)
    trial.loop(tmp_path, recipe, lambda news: rates.append(news.rate)).run()
    assert rates == pytest.approx([0.001, 0.002, 0.003, 0.004, 0.004, 0.004])


def test_the_optimizer_is_as_the_recipe_says(trial: Trial, tmp_path: Path) -> None:
    loop = trial.loop(tmp_path, replace(RECIPE, epsilon=1e-10, weight_decay=0.03))
    (group,) = loop.optimizers["adam"].param_groups
    assert isinstance(loop.optimizers["adam"], torch.optim.AdamW)
    assert (group["eps"], group["weight_decay"], group["betas"]) == (1e-10, 0.03, (0.9, 0.999))


@pytest.mark.parametrize("clip", [0.05, 0.0])
def test_long_gradients_are_cut(trial: Trial, tmp_path: Path, clip: float) -> None:
    """To the recipe's length, before the optimizer sees them; 0 leaves them as they are."""
    loop = trial.loop(tmp_path, replace(RECIPE, clip=clip))
    norms: list[float] = []

    def measure(optimizer: torch.optim.Optimizer, *given: object) -> None:
        gradients = [p.grad for group in optimizer.param_groups for p in group["params"]]
        norms.append(float(torch.nn.utils.get_total_norm(gradients)))

    loop.optimizers["adam"].register_step_pre_hook(measure)
    news = loop.train_step(batches_of(loop))
    assert news.norm > 0.1
    assert norms == [pytest.approx(clip or news.norm, rel=1e-3)]


def test_bfloat16_is_near_float32(trial: Trial, tmp_path: Path) -> None:
    short = replace(RECIPE, steps=2)
    expected = trial.losses(tmp_path / "one", short)
    trial.maker.dtype = torch.bfloat16
    found = trial.losses(tmp_path / "other", short)
    assert found == pytest.approx(expected, rel=0.03)
    assert found != expected


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
def test_the_papers_recipe_takes_a_step_on_nested_tensors(
    make_maker: Callable[..., BatchMaker],
    web_shards: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on CUDA but for the kernel: blocks recomputed, holes of different size in one row."""
    shipped = read_recipe(resource("train/paper.toml"))
    assert shipped.checkpoint_blocks
    recipe = replace(shipped, steps=2, batch=4, workers=0, sample_every=0, precision="float32")
    maker = make_maker(objective="iddpm", hole_frame=False, pooled_text=False, qk_norm=False)
    trial = Trial(maker, open_source([str(web_shards)]))
    expected = trial.losses(tmp_path / "plain", recipe)
    calls = replace_flash_kernel(monkeypatch)
    monkeypatch.setattr(transformer_layers, "attend_within", attend_nested)
    assert trial.losses(tmp_path / "nested", recipe) == pytest.approx(expected, rel=1e-5)
    blocks, attentions, runs = 2, 2, 2
    assert len(calls) == recipe.steps * blocks * attentions * runs


# --- what goes wrong ---------------------------------------------------------------------------


def test_a_loss_that_is_not_finite_keeps_the_last_good_checkpoint(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss, calls = LazyLearner.loss, list[int]()

    def breaks(self: LazyLearner, batch: Batch, moment: Moment) -> dict[str, Tensor]:
        calls.append(1)  # two micro-batches a step
        return {
            k: v * (float("nan") if len(calls) > 8 else 1)
            for k, v in loss(self, batch, moment).items()
        }

    monkeypatch.setattr(LazyLearner, "loss", breaks)
    with pytest.raises(TrainingError, match=r"not finite at step 5: .*step-00000003"):
        trial.losses(tmp_path)
    saved = Saved(tmp_path / "step-00000003").read("model")
    assert all(bool(value.isfinite().all()) for value in saved.values())


def test_a_gradient_that_is_not_finite_changes_no_weight(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def steep(self: LazyLearner, batch: Batch, moment: Moment) -> dict[str, Tensor]:
        return {"root": self.model.decoder.out.bias.sum().sub_(0).mul(0).abs().sqrt()}

    monkeypatch.setattr(LazyLearner, "loss", steep)
    loop = trial.loop(tmp_path, RECIPE)
    with pytest.raises(TrainingError, match="at step 1: none was saved yet"):
        loop.run()
    now = loop.model.state_dict()
    assert all(torch.equal(value, trial.beginning[name]) for name, value in now.items())


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), SafetensorError("io")])
def test_a_full_disk_leaves_the_old_checkpoint(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    save, calls = safetensors.torch.save, list[int]()

    def fills_up(*args: Any, **options: Any) -> bytes:
        calls.append(1)
        if len(calls) == 2:  # the second checkpoint's
            raise error
        return save(*args, **options)

    monkeypatch.setattr(safetensors.torch, "save", fills_up)
    with pytest.raises(TargetError, match=r"Step 6 cannot be saved.*step-00000003"):
        trial.losses(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["logs", "step-00000003"]
    monkeypatch.undo()
    assert len(trial.losses(tmp_path)) == 3  # and the run goes on from it


def test_damaged_data_stops_with_its_name(trial: Trial, tmp_path: Path) -> None:
    assert isinstance(trial.source, ShuffledShards)
    gone = replace(trial.source.shards, paths=(tmp_path / "gone.tar",) * 3)
    trial.source = ShuffledShards(gone)
    with pytest.raises(TrainingError, match=r"gone\.tar cannot be read"):
        trial.losses(tmp_path)


@dataclass(frozen=True)
class Deadly:
    """Ends the process that reads it, as a system does that is out of memory."""

    size: int = 12

    def raw(self, *given: object) -> Iterator[Raw]:
        os._exit(9)


def test_a_reader_that_dies_is_said(trial: Trial, tmp_path: Path) -> None:
    trial.source = Deadly()
    with pytest.raises(TrainingError, match="go on with fewer workers or a smaller pool"):
        trial.losses(tmp_path, replace(RECIPE, workers=1))


def test_another_models_checkpoint_is_refused(
    trial: Trial, make_maker: Callable[..., BatchMaker], tmp_path: Path
) -> None:
    trial.losses(tmp_path, replace(RECIPE, steps=3))
    other = Trial(make_maker(width=16), trial.source)
    with pytest.raises(TrainingError, match=r"another model's: .* does not fit"):
        other.losses(tmp_path)


# --- what there is to see ----------------------------------------------------------------------


def test_tensorboard_has_every_term(trial: Trial, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = trial.losses(tmp_path, stop=5)
    again = trial.losses(tmp_path)
    events = EventAccumulator(str(tmp_path / "logs"))
    events.Reload()
    scalars = events.Scalars("loss")
    assert [scalar.step for scalar in scalars] == [2, 4, 6]  # step 4 once, though it ran twice
    assert [s.value for s in scalars] == pytest.approx([found[1], again[0], again[2]], rel=1e-5)
    tags = set(events.Tags()["scalars"])
    speeds = {
        "samples a second", "tokens a second", "bytes to the device a second",
        "idle share, for other processes", "idle share, for data",
    }  # fmt: skip
    assert tags == {"loss", "loss/velocity", "gradient norm", "rate"} | speeds
    told = {name: events.Scalars(name)[0].value for name in speeds}
    samples, tokens = told["samples a second"], told["tokens a second"]
    config = trial.maker.config
    assert samples < tokens < samples * RECIPE.draws * config.grid**2
    # Two pictures of a byte a number, and a mask: each pixel's seven bytes.
    moved = told["bytes to the device a second"] / samples
    assert 7 * config.side**2 <= moved < 9 * config.side**2
    assert told["idle share, for other processes"] == 0
    assert 0 < told["idle share, for data"] < 1


def test_a_meter_tells_what_is_waited_for() -> None:
    """Of 300 tokens in two processes, the fuller had 200, then 0: a quarter of the time is idle."""
    meter = Meter(samples=4, tokens=300, slowest=400, waited=1e9)
    told = meter.read()
    assert told["idle share, for other processes"] == pytest.approx(0.25)
    assert told["idle share, for data"] == 1
    assert told["tokens a second"] == pytest.approx(75 * told["samples a second"])
    assert (meter.samples, meter.tokens, meter.slowest, meter.waited) == (0, 0, 0, 0)
    assert meter.since > 0


def test_pictures_are_painted_by_the_mean_weights(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    seen: list[Tensor] = []
    paint = LazyLearner.paint

    def watched(self: LazyLearner, *args: object) -> list[Tensor]:
        seen.append(self.model.decoder.out.weight.detach().clone())
        return paint(self, *args)

    monkeypatch.setattr(LazyLearner, "paint", watched)
    recipe = replace(RECIPE, sample_every=3, samples=2, sample_steps=2)
    loop = trial.loop(tmp_path, recipe)
    loop.run()
    names = [path.name for path in sorted((tmp_path / "sheets").iterdir())]
    assert names == ["step-00000003.png", "step-00000006.png"]
    sheet = np.asarray(Image.open(tmp_path / "sheets" / names[0]))
    assert sheet.shape[1] == 3 * (64 + 8) + 8
    events = EventAccumulator(str(tmp_path / "logs"))
    events.Reload()
    assert [image.step for image in events.Images("painted")] == [3, 6]
    assert (events.Images("painted")[0].height, events.Images("painted")[0].width) == sheet.shape[
        :2
    ]
    ema, model = (Saved(tmp_path / "step-00000006").read(part) for part in ("ema", "model"))
    name = "decoder.out.weight"
    assert torch.equal(seen[1], ema[name])
    assert not torch.equal(ema[name], model[name])
    assert torch.equal(loop.model.state_dict()[name], model[name])
