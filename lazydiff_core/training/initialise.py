"""A run of one architecture that starts from the weights of a model of another."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.checkpoint.checkpoint import LEXICON, load_checkpoint
from lazydiff_core.model.files.config import Architecture, LazyConfig, baseline
from lazydiff_core.model.network.baseline_conditions import BaselineConditions
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import save_lexicon
from lazydiff_core.training.checkpoints import checkpoints
from lazydiff_core.training.export import begin_run

# Sizes that no weight of the decoder depends on.
_FREE = {
    "side", "context_blocks", "mask_channels", "interpolation_scale", "base_size", "architecture",
}  # fmt: skip


def begin_baseline(source: Path, architecture: Architecture, run: Path) -> LazyConfig:
    """Make a run of a model folder's weights, unless one is there; returns the run's config.

    Raises ModelError for a folder that cannot be used.
    """
    if checkpoints(run):
        return LazyConfig.from_dict(json.loads((run / "config.json").read_text()))
    checkpoint = load_checkpoint(source)
    given = checkpoint.lazy
    model = LazyDiffusion(baseline(given.config, architecture))
    take_weights(model, given)
    run.mkdir(parents=True, exist_ok=True)
    (run / "config.json").write_text(json.dumps(asdict(model.config), indent=1))
    if checkpoint.lexicon is not None:
        save_lexicon(run / LEXICON, checkpoint.lexicon)
    begin_run(run, model)  # last: it says that the run is complete
    return model.config


@torch.no_grad()
def take_weights(model: LazyDiffusion, source: LazyDiffusion) -> None:
    """Give a baseline the weights of a lazy model or of another baseline; TrainingError.

    The decoder is the same in all of them. Conditions that come in a context encoder's place start
    as its average output, the same for all tokens, and learn to tell one from the other.
    """
    ours, theirs = model.config.to_dict(), source.config.to_dict()
    differs = [name for name in ours if name not in _FREE and ours[name] != theirs[name]]
    if differs:
        name = differs[0]
        raise TrainingError(
            f"These weights are for {name} {theirs[name]}, but the model has {ours[name]}."
        )
    model.decoder.load_state_dict(source.decoder.state_dict())
    conditions, encoder = model.context_encoder, source.context_encoder
    assert isinstance(conditions, BaselineConditions)
    if isinstance(encoder, BaselineConditions):
        conditions.load_state_dict(encoder.state_dict())
        return
    conditions.mask_down.load_state_dict(encoder.mask_down.state_dict())
    conditions.embed.weight.zero_()
    conditions.embed.bias.copy_(encoder.norm.bias)
