"""One process of a run on gloo, started by test_processes.py.

Arguments: "ddp", "fsdp", "apart" (each has a run folder of its own) or "failing" (one process meets
a claimed folder, a damaged sample and a full disk, one after another), model folder, folder of
shards, folder of the run, the step to go on to, file for losses and norms of the gradient.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from torch.distributed.checkpoint.hf_storage import HuggingFaceStorageWriter

from lazydiff_core.errors import LazyDiffError, TrainingError
from lazydiff_core.training import loop, model_run, run_folder
from lazydiff_core.training.lanes import MicroBatches, Raw
from lazydiff_core.training.learner import BLOCKS
from lazydiff_core.training.loop import StepNews
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.samples import Sample

RECIPE = Recipe(
    steps=4, batch=4, micro_batch=1, draws=2, rate=1e-3, workers=0, log_every=1, save_every=2,
    sample_every=4, samples=2, sample_steps=1, seed=1, clip=0.05, precision="float32",
    checkpoint_blocks=True,
)  # fmt: skip


class Sharding(Accelerator):  # type: ignore[misc]
    """Shards as accelerate does with FSDP's second version, which it offers on GPUs only."""

    def __init__(self) -> None:
        super().__init__(cpu=True, mixed_precision="no")

    def prepare(self, learner: Any, optimizer: Any) -> Any:
        from torch.distributed.device_mesh import init_device_mesh
        from torch.distributed.fsdp import fully_shard
        from torch.distributed.tensor import DTensor

        mesh = init_device_mesh("cpu", (self.num_processes,))
        for module in learner.modules():
            if type(module).__name__ in BLOCKS:
                fully_shard(module, mesh=mesh)
        fully_shard(learner, mesh=mesh)
        assert all(isinstance(p, DTensor) for p in learner.parameters())
        kept = {name: optimizer.defaults[name] for name in ("lr", "betas", "eps", "weight_decay")}
        return learner, super().prepare(torch.optim.AdamW(learner.parameters(), **kept))


def train(init: Path, data: Path, out: Path, steps: int) -> dict[str, object]:
    """A run that goes on to this step; what this process was told of its steps."""
    steps_taken: list[tuple[float, float]] = []

    def note(news: StepNews) -> None:
        steps_taken.append((news.loss, news.norm))

    recipe = replace(RECIPE, steps=steps)
    loss, first = model_run.train_model(init, [str(data)], recipe, out, True, note)
    return {"loss": loss, "first": first, "steps": steps_taken}


def fail(init: Path, data: Path, out: Path, first: bool) -> dict[str, object]:
    """What this process was told of each trouble; each befalls one process only."""
    read = MicroBatches._sample

    def damaged(self: MicroBatches, raw: Raw, place: int) -> Sample:
        if place == 2:  # the second process's
            raise TrainingError("the sample is damaged")
        return read(self, raw, place)

    def full(writer: HuggingFaceStorageWriter, *given: object) -> None:
        raise OSError(28, "No space left on device")

    told = []
    for trouble in ("claimed", "damaged", "full"):
        with ExitStack() as held:
            if trouble == "claimed" and first:
                held.enter_context(run_folder.claimed(out))
            MicroBatches._sample = damaged if trouble == "damaged" else read  # type: ignore[method-assign]
            if trouble == "full" and not first:  # on the second's disk
                HuggingFaceStorageWriter.write_data = full  # type: ignore[assignment,method-assign]
            begun = time.monotonic()
            try:
                train(init, data, out, 2)
            except LazyDiffError as error:
                told.append((str(error), time.monotonic() - begun))
    return {"told": told}


if __name__ == "__main__":
    kind, init, data, out, steps, found = sys.argv[1:]
    if kind == "fsdp":
        loop.make_accelerator = Sharding
    torch.set_num_threads(1)
    rank = os.environ["RANK"]
    run = Path(f"{out}-{rank}" if kind == "apart" else out)
    try:
        if kind == "failing":
            news = fail(Path(init), Path(data), run, rank == "0")
        else:
            news = train(Path(init), Path(data), run, int(steps))
    except TrainingError as error:
        news = {"refused": str(error)}
    Path(found).write_text(json.dumps(news))
    sys.stderr.flush()
    os._exit(0)  # at the interpreter's end, threads of gloo abort the process now and then
