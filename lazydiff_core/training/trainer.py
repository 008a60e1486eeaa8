"""The trainer: any learner, on any number of processes, by a recipe.

Processes, devices and sharding are accelerate's affair: start it by `accelerate launch` or
`torchrun`, or as it is for one process. docs/training.md says how.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedType, gather_object
from torch import Tensor, nn
from torch.utils.data import DataLoader

from lazydiff_core.contract import RGB
from lazydiff_core.errors import TrainingError
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import make_folder, write_files
from lazydiff_core.training.batches import Batch, BatchMaker
from lazydiff_core.training.lanes import (
    Mark,
    MicroBatch,
    MicroBatches,
    Share,
    Source,
    readers,
)
from lazydiff_core.training.learner import Learner, Painting, recompute_blocks
from lazydiff_core.training.precision import autocast, fast_dtype
from lazydiff_core.training.recipe import Precision, Recipe
from lazydiff_core.training.run_folder import (
    checkpoints,
    load_part,
    marked,
    marks_in,
    save_checkpoint,
)
from lazydiff_core.training.samples import Sample
from lazydiff_core.training.sharded_state import (
    gather,
    gather_optimizer,
    restore,
    restore_optimizer,
)
from lazydiff_core.training.sheet import sheet
from lazydiff_core.training.state import Ema
from lazydiff_core.training.together import each_does, first_does


@dataclass(frozen=True)
class StepNews:
    """One finished step: its loss and the loss's terms over all processes, and the gradient's norm.

    samples_per_second and tokens_per_second (of holes, each draw's) count all processes, since the
    last news that were logged.
    """

    step: int
    loss: float
    terms: dict[str, float]
    norm: float
    rate: float
    samples_per_second: float
    tokens_per_second: float


OnStep = Callable[[StepNews], None]


def make_accelerator() -> Accelerator:
    """accelerate as its launcher has set it up; TrainingError for FSDP's first version.

    Where there is no GPU, accelerate must be told that several processes belong together. The
    recipe decides on the precision, not accelerate's own configuration.
    """
    several = int(os.environ.get("WORLD_SIZE", "1")) > 1
    on_cpu = several and not torch.accelerator.is_available()
    accelerator = Accelerator(cpu=on_cpu, mixed_precision="no")
    if accelerator.distributed_type == DistributedType.FSDP and not accelerator.is_fsdp2:
        raise TrainingError("Checkpoints need FSDP's second version: set fsdp_version to 2.")
    return accelerator


def choose_precision(device: torch.device, wanted: Precision) -> Precision:
    """What "auto" means on a device; let one process ask, so that all take the same."""
    if wanted != "auto":
        return wanted
    return "bfloat16" if fast_dtype(device) == torch.bfloat16 else "float32"


class Trainer:
    """Trains `learner` in place. Make it anew for each run."""

    def __init__(
        self,
        accelerator: Accelerator,
        learner: Learner,
        maker: BatchMaker,
        source: Source,
        recipe: Recipe,
        out: Path,
        on_step: OnStep = lambda news: None,
    ) -> None:
        self.accelerator, self.maker, self.source = accelerator, maker, source
        self.recipe, self.out, self.on_step = recipe, out, on_step
        self.share = Share(accelerator.process_index, accelerator.num_processes)
        accelerator.gradient_accumulation_steps = self.share.micro_batches(recipe)
        if recipe.checkpoint_blocks:
            recompute_blocks(learner)
        learner.train()
        optimizer = torch.optim.AdamW(
            learner.parameters(),
            lr=recipe.rate,
            betas=(recipe.beta1, recipe.beta2),
            eps=recipe.epsilon,
            weight_decay=recipe.weight_decay,
        )
        self.learner, prepared = accelerator.prepare(learner, optimizer)
        self.optimizer: Any = prepared
        self.model: nn.Module = accelerator.unwrap_model(self.learner).model
        self.ema = Ema(self.model, recipe.ema)
        self.step = 0
        self.marks: dict[int, Mark] = {}
        self.counted, self.tokens, self.since = 0, 0.0, time.monotonic()

    def run(self) -> float:
        """Train from the last checkpoint in the folder to the end; returns the last loss.

        Raises TrainingError where the loss stops being finite or data cannot be used, and
        TargetError where a checkpoint cannot be written; the last good checkpoint stays.
        """
        self.resume()
        writer = self._tensorboard()
        batches = iter(self._loader())
        loss = math.nan
        while self.step < self.recipe.steps:
            news = self.train_step(batches)
            loss = news.loss
            self.on_step(news)
            if self.step % self.recipe.log_every == 0:
                self._log(writer, news)
            last = self.step == self.recipe.steps
            if last or self.step % self.recipe.save_every == 0:
                self.save()
            if self.recipe.sample_every and (last or self.step % self.recipe.sample_every == 0):
                self._show(writer)
        if writer is not None:
            writer.close()
        return loss

    # --- one step ---------------------------------------------------------------------------------

    def train_step(self, batches: Iterator[MicroBatch | TrainingError]) -> StepNews:
        """One optimizer step on the next micro-batches; TrainingError where it is not finite."""
        recipe, sums = self.recipe, dict[str, float]()
        rate = recipe.rate * min(1.0, (self.step + 1) / max(1, recipe.warm_steps))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        parts = self.share.micro_batches(recipe)
        for _ in range(parts):
            batch = self._next(batches)
            with self.accelerator.accumulate(self.learner):
                terms = self._backward(batch)
                for name, value in terms.items():
                    sums[name] = sums.get(name, 0.0) + value / parts
                if self.accelerator.sync_gradients:
                    norm = self._checked(sums)
                self.optimizer.step()
                self.optimizer.zero_grad(set_to_none=True)
        self.ema.update(self.model, self.step)
        self.step += 1
        self.counted += recipe.batch
        seconds = max(time.monotonic() - self.since, 1e-9)
        loss = sum(sums.values())
        speeds = self.counted / seconds, self.tokens / seconds
        return StepNews(self.step, loss, sums, norm, rate, *speeds)

    def _next(self, batches: Iterator[MicroBatch | TrainingError]) -> Batch:
        """The next micro-batch, encoded; where one process cannot have its own, all raise."""
        with each_does(self.accelerator):
            micro = self._read(batches)
            if isinstance(micro, TrainingError):
                raise micro
            batch = self.maker.batch(micro.samples)
            if micro.after is not None:
                self.marks[micro.lane] = micro.after
        return batch

    def _read(self, batches: Iterator[MicroBatch | TrainingError]) -> MicroBatch | TrainingError:
        try:
            return next(batches)
        except RuntimeError as error:
            if "DataLoader worker" not in str(error):
                raise
            return TrainingError(
                "A process that read samples ended by itself, perhaps for want of memory: "
                "go on with fewer workers or a smaller pool."
            )

    def _backward(self, batch: Batch) -> dict[str, float]:
        """Gradients of one micro-batch; returns the terms of its loss, over all processes."""
        with autocast(self.accelerator.device, self.maker.dtype):
            terms = self.learner(batch)
        self.accelerator.backward(sum(terms.values()))
        tokens = torch.tensor(float(sum(batch.lengths)), device=self.accelerator.device)
        stacked = torch.stack([*(value.detach().float() for value in terms.values()), tokens])
        *means, mean_tokens = self.accelerator.reduce(stacked, "mean").tolist()
        self.tokens += mean_tokens * self.share.world * self.recipe.draws
        return dict(zip(terms, means, strict=True))

    def _checked(self, sums: dict[str, float]) -> float:
        """Clip the gradient and return its norm, unless it or the loss is not finite."""
        limit = self.recipe.clip or math.inf
        norm = float(self.accelerator.clip_grad_norm_(self.learner.parameters(), limit))
        if not math.isfinite(norm + sum(sums.values())):
            saved = checkpoints(self.out)
            last = f"the last good checkpoint is {saved[-1][1]}" if saved else "none was saved yet"
            raise TrainingError(f"The loss is not finite at step {self.step + 1}: {last}.")
        return norm

    def _loader(self) -> DataLoader[MicroBatch | TrainingError]:
        data = MicroBatches(
            self.source, self.maker.config, self.recipe, self.share, self.step, self.marks
        )
        on_card = self.accelerator.device.type == "cuda"
        workers = readers(self.recipe, os.cpu_count() or 1)
        return DataLoader(data, batch_size=None, num_workers=workers, pin_memory=on_card)

    # --- what a stop must not lose ----------------------------------------------------------------

    def save(self) -> None:
        """Write a checkpoint: gathered by all processes, written by the first."""
        first = self.accelerator.is_main_process
        parts = {
            "model": gather(self.model.state_dict().items(), keep=first),
            "ema": gather(self.ema.weights.items(), keep=first),
            "optimizer": gather_optimizer(self.model, self.optimizer.optimizer, keep=first),
        }
        marks = gather_object([self.marks])
        if any(marks):
            parts["reader"] = marked(chain.from_iterable(one.items() for one in marks))
        first_does(
            self.accelerator,
            lambda: save_checkpoint(self.out, self.step, parts, self.recipe.keep),
        )

    def resume(self) -> None:
        """Go on from the last checkpoint, if there is one; TrainingError unless all see the same.

        Each machine reads it for itself, and the data too.
        """
        saved = checkpoints(self.out)
        seen = (saved[-1][0] if saved else 0, self.source.size)
        if len(set(gather_object([seen]))) > 1:
            raise TrainingError(
                f"Not all machines see the same checkpoints in {self.out}, or the same samples: "
                "put both on a disk that all of them share."
            )
        if not saved:
            return
        self.step, folder = saved[-1]
        restore(self.model.state_dict().items(), self._part(folder, "model"))
        restore(self.ema.weights.items(), self._part(folder, "ema"))
        optimizer = self.optimizer.optimizer
        restore_optimizer(self.model, optimizer, self._part(folder, "optimizer"))
        if (folder / "reader.safetensors").exists():  # only where samples were streamed
            self.marks = marks_in(self._part(folder, "reader"))

    def _part(self, folder: Path, part: str) -> dict[str, Tensor]:
        with each_does(self.accelerator):
            tensors = load_part(folder, part)
        return tensors

    # --- what there is to see ---------------------------------------------------------------------

    def _tensorboard(self) -> Any:
        if not self.accelerator.is_main_process:
            return None
        from torch.utils.tensorboard.writer import SummaryWriter

        # What was logged after the checkpoint happens again.
        return SummaryWriter(str(self.out / "logs"), purge_step=self.step + 1)

    def _log(self, writer: Any, news: StepNews) -> None:
        self.counted, self.tokens, self.since = 0, 0.0, time.monotonic()
        if writer is None:
            return
        values = {f"loss/{name}": value for name, value in news.terms.items()}
        values |= {"loss": news.loss, "gradient norm": news.norm, "rate": news.rate}
        values |= {
            "samples a second": news.samples_per_second,
            "tokens a second": news.tokens_per_second,
        }
        for name, value in values.items():
            writer.add_scalar(name, value, news.step)
        writer.flush()

    def _show(self, writer: Any) -> None:
        """The first process paints the same samples with the running mean of the weights."""
        first = self.accelerator.is_main_process
        weights = gather(self.ema.weights.items(), keep=first)

        def show() -> None:
            twin = self.accelerator.unwrap_model(self.learner).twin(weights)
            picture = self._painted(twin.to(self.accelerator.device))
            path = self.out / "sheets" / f"step-{self.step:08d}.png"
            make_folder(path.parent)
            write_files({path: encode(picture, path)})
            writer.add_image("painted", picture, self.step, dataformats="HWC")

        first_does(self.accelerator, show)

    def _painted(self, learner: Learner) -> RGB:
        samples = self._first_samples()
        batch = self.maker.batch(samples)
        painting = Painting(self.recipe.sample_steps, self.recipe.sample_guidance)
        with autocast(self.accelerator.device, self.maker.dtype):
            painted = learner.paint(batch, painting)
        return sheet(self.maker, samples, batch, painted)

    def _first_samples(self) -> list[Sample]:
        """The same ones whenever they are asked for."""
        count = min(self.recipe.samples, self.source.size)
        alone = replace(
            self.recipe, seed=0, steps=1, batch=count, micro_batch=count, workers=0, pool=1
        )
        data = MicroBatches(self.source, self.maker.config, alone, Share())
        first = next(iter(data))
        if isinstance(first, TrainingError):
            raise first
        return first.samples
