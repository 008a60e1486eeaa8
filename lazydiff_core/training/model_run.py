"""Train a model folder on shards, and make a model folder of the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from lazydiff_core.device_faults import is_out_of_memory
from lazydiff_core.errors import ModelError, OutOfMemoryError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.checkpoint.checkpoint import (
    Checkpoint,
    Parts,
    load_checkpoint,
    read_config,
)
from lazydiff_core.model.checkpoint.checkpoint import save_checkpoint as save_model
from lazydiff_core.model.checkpoint.pipeline_folder import Sources, save_parts
from lazydiff_core.training.checkpoints import checkpoints, last_weights
from lazydiff_core.training.lanes import Share
from lazydiff_core.training.recipe import Precision, Recipe
from lazydiff_core.training.run_folder import RunNotes, begin, claimed, read_notes
from lazydiff_core.training.sources import open_source

if TYPE_CHECKING:
    from lazydiff_core.training.loop import StepNews


def train_model(
    init: Path,
    data: Sequence[str],
    recipe: Recipe,
    out: Path,
    resume: bool,
    on_step: Callable[[StepNews], None],
) -> tuple[float, bool]:
    """Train the model in `init`, of either layout; writes nothing there.

    data: folders of shards, or addresses (sources.py).

    Returns the last loss, and whether this process is the first of its run. Raises ModelError,
    TrainingError, TargetError, OutOfMemoryError.
    """
    from lazydiff_core.training.batches import BatchMaker
    from lazydiff_core.training.learners.lazy import LazyLearner, WebFeed, painted_sheet, plan_of
    from lazydiff_core.training.loop import Hooks, Loop, make_accelerator
    from lazydiff_core.training.precision import choose_precision
    from lazydiff_core.training.together import each_does, first_does

    accelerator = make_accelerator()
    first = bool(accelerator.is_main_process)
    with ExitStack() as held:

        def start() -> Precision:
            held.enter_context(claimed(out))
            wanted = recipe.precision
            if checkpoints(out) and resume:  # what "auto" meant when the run began
                wanted = read_notes(out).precision
            chosen = choose_precision(accelerator.device, wanted)
            begin(out, RunNotes(str(init.resolve()), recipe.to_dict(), chosen), resume=resume)
            return chosen

        with each_does(accelerator):
            source = open_source(data)
        precision = first_does(accelerator, start)
        with each_does(accelerator):
            checkpoint = load_checkpoint(init)
        dtype = getattr(torch, precision)
        text = {"resident_text": recipe.resident_text}
        maker = BatchMaker(checkpoint, accelerator.device, dtype, **text)
        share = Share(accelerator.process_index, accelerator.num_processes)
        learner = LazyLearner(checkpoint.lazy, recipe)
        hooks = Hooks(
            on_step if first else _quietly,
            paint=lambda weights: painted_sheet(learner, weights, maker, source),
        )
        feed, plan = WebFeed(maker, source, recipe, share), plan_of(recipe, share, dtype)
        loop = Loop(accelerator, learner, feed, plan, out, hooks)
        try:
            loss = loop.run()
        except RuntimeError as error:
            if is_out_of_memory(error):
                raise OutOfMemoryError(
                    f"A micro-batch of {recipe.micro_batch} does not fit the memory: lower "
                    "micro_batch, set checkpoint_blocks, or shard the weights (docs/training.md)."
                ) from error
            raise
        # DDP goes before the processes' group does: as its last owner it would wait, at the end,
        # for a thread of gloo that waits for Python.
        del loop
        accelerator.free_memory()
        accelerator.end_training()
    return loss, first


def _quietly(news: object) -> None:
    """Only the first process reports."""


def export_run(run: Path, out: Path, init: Path | None = None) -> int:
    """Write a model folder with the running mean of a run's weights; returns their step.

    init: where the folder is now that the run was begun with. Raises ModelError, TrainingError,
    TargetError.
    """
    step, weights = last_weights(run)
    source = init or Path(read_notes(run).init)
    model = load_checkpoint(source)
    try:
        model.lazy.load_state_dict(weights)
    except RuntimeError as error:
        raise ModelError(f"{source} is not the model that {run} was begun with.") from error
    _write(model, source, out)
    return step


def _write(model: Checkpoint, source: Path, out: Path) -> None:
    """In the layout of `source`."""
    if isinstance(model.autoencoder, Autoencoder):
        save_model(out, model)
        return
    parts = Parts(**read_config(source)["parts"])
    sources = Sources(source / parts.autoencoder, parts.text(source))
    save_parts(out, model.lazy, sources, defaults=model.defaults, concepts=model.concepts)
