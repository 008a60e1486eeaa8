"""The training loop: any learner (learner.py), on any number of processes.

Processes, devices and sharding are accelerate's affair: start it by `accelerate launch` or
`torchrun`, or as it is for one process. docs/training.md says how.
"""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Generic

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedType, broadcast_object_list, gather_object
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR

from lazydiff_core.contract import RGB
from lazydiff_core.errors import TrainingError
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import make_folder, write_files
from lazydiff_core.training.blocks import compile_blocks, recompute_blocks
from lazydiff_core.training.checkpoints import (
    EMA,
    LOOP,
    MODEL,
    OPTIMIZER,
    Saved,
    checkpoints,
    named,
    optimizer_tensors,
    restore_optimizers,
    save_checkpoint,
)
from lazydiff_core.training.ema import Ema
from lazydiff_core.training.learner import BatchType, Feed, Learner, Moment, Plan
from lazydiff_core.training.meter import Meter
from lazydiff_core.training.precision import autocast
from lazydiff_core.training.together import each_does, first_does

_log = logging.getLogger(__name__)
_STRETCH = f"{LOOP}.stretch"

Weights = dict[str, Tensor]


@dataclass(frozen=True)
class StepNews:
    """One finished step: its loss and the loss's terms over all processes, and the gradient's norm.

    rate: of the first optimizer. more: what the learner tells of itself.
    """

    step: int
    loss: float
    terms: dict[str, float]
    norm: float
    rate: float
    more: dict[str, float]


@dataclass(frozen=True)
class Hooks:
    """What else happens, besides training.

    on_step: after each step. on_save: after each checkpoint, in the first process, with the running
    mean of the weights (the weights, where no mean is kept). paint: a picture by a model with such
    weights, in the first process.
    """

    on_step: Callable[[StepNews], None] = lambda news: None
    on_save: Callable[[Weights, int], object] | None = None
    paint: Callable[[Weights], RGB] | None = None


def make_accelerator(device: torch.device | None = None) -> Accelerator:
    """accelerate as its launcher has set it up; TrainingError for FSDP's first version.

    device: None for the one that accelerate chooses. Where there is no GPU, accelerate must be told
    that several processes belong together. The plan decides on the precision, not accelerate's own
    configuration.
    """
    several = int(os.environ.get("WORLD_SIZE", "1")) > 1
    on_cpu = several and not torch.accelerator.is_available()
    if device is not None:
        on_cpu = device.type == "cpu"
        if device.index is not None and not on_cpu:
            torch.accelerator.set_device_index(device.index)
    accelerator = Accelerator(cpu=on_cpu, mixed_precision="no")
    if accelerator.distributed_type == DistributedType.FSDP and not accelerator.is_fsdp2:
        raise TrainingError("Checkpoints need FSDP's second version: set fsdp_version to 2.")
    return accelerator


class Loop(Generic[BatchType]):
    """Trains `learner` in place. Make it anew for each run."""

    def __init__(
        self,
        accelerator: Accelerator,
        learner: Learner[BatchType],
        feed: Feed[BatchType],
        plan: Plan,
        out: Path,
        hooks: Hooks = Hooks(),
    ) -> None:
        self.accelerator, self.feed = accelerator, feed
        self.plan, self.out, self.hooks = plan, out, hooks
        accelerator.gradient_accumulation_steps = plan.parts
        if plan.compiled:  # first: what is compiled can be recomputed, but not the reverse
            compile_blocks(learner, plan.compiled)
        if plan.recomputed:
            recompute_blocks(learner)
        learner.train()
        optimizers = learner.optimizers()
        self.learner, *prepared = accelerator.prepare(learner, *optimizers.values())
        self.prepared: list[Any] = prepared
        self.optimizers = {
            name: one.optimizer for name, one in zip(optimizers, prepared, strict=True)
        }
        self.plain: Learner[BatchType] = accelerator.unwrap_model(self.learner)
        self.model: nn.Module = self.plain.model
        self.ema = Ema(self.model, plan.ema) if plan.ema else None
        self.step = self.first = self.taken = 0
        self.state: dict[str, Tensor] = {}
        self.meter = Meter(since=perf_counter())
        self.begun = time.monotonic()
        self.elapsed = self.mean_loss = 0.0
        self._set_moment()

    def run(self) -> float:
        """Train from the last checkpoint in the folder to the end; returns the last loss.

        Raises TrainingError where the loss stops being finite or data cannot be used, and
        TargetError where a checkpoint cannot be written; the last good checkpoint stays.
        """
        self.resume()
        writer = self._tensorboard()
        loss, saved = math.nan, 0.0
        self.begun = time.monotonic()
        schedules = [
            LambdaLR(one, lambda _: self.plain.rate(self.moment))
            for one in self.optimizers.values()
        ]
        batches = self.feed.batches(self.first, lambda: self.moment, self.state)
        while self.moment.progress < 1:
            news = self.train_step(batches)
            loss = news.loss
            self._look()
            for schedule in schedules:
                schedule.step()
            self.hooks.on_step(news)
            if _due(self.step, self.plan.log_every):
                self._note(writer, news)
            last = self.moment.progress >= 1
            late = self.plan.save_minutes and self.elapsed - saved > 60 * self.plan.save_minutes
            if last or late or _due(self.step, self.plan.save_every):
                self.save()
                saved = self.elapsed
            if self.plan.sample_every and (last or _due(self.step, self.plan.sample_every)):
                self._show(writer)
        if writer is not None:
            writer.close()
        return loss

    def _look(self) -> None:
        """At the clock: of several processes, at that of the first."""
        self.elapsed = time.monotonic() - self.begun
        if self.accelerator.num_processes > 1 and (self.plan.save_minutes or not self.plan.steps):
            told = [self.elapsed]
            broadcast_object_list(told)
            (self.elapsed,) = told
        self._set_moment()

    def _set_moment(self) -> None:
        plan, since = self.plan, self.step - self.first
        progress = since / plan.steps if plan.steps else self.elapsed / (60 * plan.minutes)
        self.moment = Moment(plan.seed, self.step, since, progress)

    # --- one step ---------------------------------------------------------------------------------

    def train_step(self, batches: Iterator[BatchType]) -> StepNews:
        """One optimizer step on the next micro-batches; TrainingError where it is not finite."""
        sums, norm = dict[str, float](), math.nan
        rate = self.prepared[0].param_groups[0]["lr"]
        for _ in range(self.plan.parts):
            batch = self._next(batches)
            with self.accelerator.accumulate(self.learner):
                for name, value in self._backward(batch).items():
                    sums[name] = sums.get(name, 0.0) + value / self.plan.parts
                if self.accelerator.sync_gradients:
                    norm = self._checked(sums)
                for optimizer in self.prepared:
                    optimizer.step()
                    optimizer.zero_grad(set_to_none=True)
        if self.ema is not None:
            self.ema.update()
        self.step += 1
        self.taken += 1
        loss, kept = sum(sums.values()), min(0.98, 1 - 1 / self.taken)
        self.mean_loss = kept * self.mean_loss + (1 - kept) * loss
        return StepNews(self.step, loss, sums, norm, rate, dict(self.plain.told()))

    def _next(self, batches: Iterator[BatchType]) -> BatchType:
        """The next micro-batch; where one process cannot have its own, all raise."""
        begun = perf_counter()
        with each_does(self.accelerator):
            try:
                batch = next(batches)
            except RuntimeError as error:
                if "DataLoader worker" not in str(error):
                    raise
                raise TrainingError(
                    "A process that read samples ended by itself, perhaps for want of memory: "
                    "go on with fewer workers or a smaller pool."
                ) from error
        self.meter.waited += perf_counter() - begun
        return batch

    def _backward(self, batch: BatchType) -> dict[str, float]:
        """Gradients of one micro-batch; returns the terms of its loss, over all processes."""
        with autocast(self.accelerator.device, self.plan.dtype):
            terms = self.learner(batch, self.moment)
        self.accelerator.backward(sum(terms.values()))
        count = self.feed.count(batch)
        weight = torch.tensor(
            [float(count.samples), float(count.tokens), float(count.bytes)],
            device=self.accelerator.device,
        )
        values = torch.stack([value.detach().float() for value in terms.values()])
        each = self.accelerator.gather(torch.cat([values, weight])[None])
        samples, tokens, sent = each[:, len(terms) :].sum(0).tolist()
        self.meter.samples += samples
        self.meter.tokens += tokens
        self.meter.bytes += sent
        self.meter.slowest += len(each) * float(each[:, len(terms) + 1].max())
        return dict(zip(terms, each[:, : len(terms)].mean(0).tolist(), strict=True))

    def _checked(self, sums: dict[str, float]) -> float:
        """Clip the gradient and return its norm, unless it or the loss is not finite."""
        limit = self.plan.clip or math.inf
        norm = float(self.accelerator.clip_grad_norm_(self.plain.clipped(), limit))
        if not math.isfinite(norm + sum(sums.values())):
            saved = checkpoints(self.out)
            last = f"the last good checkpoint is {saved[-1][1]}" if saved else "none was saved yet"
            raise TrainingError(f"The loss is not finite at step {self.step + 1}: {last}.")
        return norm

    # --- what a stop must not lose ----------------------------------------------------------------

    def save(self) -> None:
        """Write a checkpoint, of which each process writes its part."""
        tensors = named(MODEL, self.model.state_dict().items())
        if self.ema is not None:
            tensors |= named(EMA, self.ema.weights())
        kept = optimizer_tensors(self.model, self.optimizers.values())
        tensors |= named(OPTIMIZER, kept.items())
        tensors[_STRETCH] = torch.tensor([self.first, self.plan.steps])
        for name, rows in self._states().items():
            tensors[f"{LOOP}.{name}"] = rows
        save_checkpoint(self.out, self.step, tensors, self.plan.keep, self.accelerator)
        on_save = self.hooks.on_save
        if on_save is not None:
            weights = self._whole_weights()
            first_does(self.accelerator, lambda: on_save(weights, self.step))

    def _states(self) -> dict[str, Tensor]:
        """What the feeds of all processes keep, row after row."""
        joined: dict[str, list[Tensor]] = {}
        for one in gather_object([dict(self.feed.state())]):
            for name, rows in one.items():
                joined.setdefault(name, []).append(rows)
        return {name: torch.cat(parts) for name, parts in joined.items()}

    def resume(self) -> None:
        """Go on from the last checkpoint, if there is one; TrainingError unless all see the same.

        Each machine reads it for itself, and the data too.
        """
        saved = checkpoints(self.out)
        seen = (saved[-1][0] if saved else 0, self.feed.size)
        if len(set(gather_object([seen]))) > 1:
            raise TrainingError(
                f"Not all machines see the same checkpoints in {self.out}, or the same samples: "
                "put both on a disk that all of them share."
            )
        if not saved:
            return
        self.step, folder = saved[-1]
        opened = Saved(folder)
        with each_does(self.accelerator):
            opened.load_module(MODEL, self.model.state_dict())
        if self.ema is not None:
            self.ema.taken = self.step
            means = dict(self.ema.weights())
            with each_does(self.accelerator):
                if opened.names(EMA):
                    opened.load_module(EMA, means)
                else:  # it had none: it begins with the weights
                    opened.load({f"{MODEL}.{name}": mean for name, mean in means.items()})
        with each_does(self.accelerator):
            restore_optimizers(self.model, self.optimizers, opened)
            self.state = opened.read(LOOP)
        self.first = self._stretch_begins(self.state.pop("stretch", torch.zeros(2)).tolist())
        self._set_moment()

    def _stretch_begins(self, last: list[float]) -> int:
        if not self.plan.further:
            return 0
        first, steps = map(int, last)
        stopped = self.plan.steps and steps == self.plan.steps and self.step < first + steps
        return first if stopped else self.step

    # --- what there is to see ---------------------------------------------------------------------

    def _tensorboard(self) -> Any:
        if not self.accelerator.is_main_process:
            return None
        try:
            from torch.utils.tensorboard.writer import SummaryWriter
        except ImportError:  # the log has the same numbers
            return None
        # What was logged after the checkpoint happens again.
        return SummaryWriter(str(self.out / "logs"), purge_step=self.step + 1)

    def _note(self, writer: Any, news: StepNews) -> None:
        speeds = self.meter.read()
        if not self.accelerator.is_main_process:
            return
        told = "".join(f" {name} {value:.3f}" for name, value in news.more.items())
        done, rate = 100 * self.moment.progress, speeds["samples a second"]
        _log.info(
            "%5.1f%% step %d loss %.4f%s, %.0f samples/s",
            done,
            news.step,
            self.mean_loss,
            told,
            rate,
        )
        if writer is None:
            return
        values = {f"loss/{name}": value for name, value in news.terms.items()}
        values |= {"loss": news.loss, "gradient norm": news.norm, "rate": news.rate}
        for name, value in (values | news.more | speeds).items():
            writer.add_scalar(name, value, news.step)
        writer.flush()

    def _show(self, writer: Any) -> None:
        """The first process paints with the running mean of the weights."""
        paint, weights = self.hooks.paint, self._whole_weights()
        assert paint is not None

        def show() -> None:
            picture = paint(weights)
            path = self.out / "sheets" / f"step-{self.step:08d}.png"
            make_folder(path.parent)
            write_files({path: encode(picture, path)})
            if writer is not None:
                writer.add_image("painted", picture, self.step, dataformats="HWC")

        first_does(self.accelerator, show)

    def _whole_weights(self) -> Weights:
        """Where there is a running mean, that; in the first process, one tensor after another."""
        from torch.distributed.tensor import DTensor

        weights = self.model.state_dict() if self.ema is None else dict(self.ema.weights())
        kept: Weights = {}
        for name, value in weights.items():
            whole = value.full_tensor() if isinstance(value, DTensor) else value
            if self.accelerator.is_main_process:
                kept[name] = whole.detach().cpu()
        return kept


def _due(step: int, every: int) -> bool:
    return every > 0 and step % every == 0
