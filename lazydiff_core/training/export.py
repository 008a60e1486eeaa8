"""From training runs to a model folder that the program can load."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors.torch import load_file

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.model.checkpoint import Checkpoint, Defaults, save_checkpoint
from lazydiff_core.model.config import LazyConfig
from lazydiff_core.model.lazy import LazyDiffusion


def load_autoencoder(run: Path) -> Autoencoder:
    """The autoencoder a run has trained so far; TrainingError where there is none."""
    try:
        values = json.loads((run / "config.json").read_text())
        model = Autoencoder(AutoencoderConfig.from_dict(values))
        model.load_state_dict(load_file(run / "model.safetensors"))
    except (OSError, ValueError, TypeError) as error:
        raise TrainingError(f"{run} holds no trained autoencoder: {error}.") from error
    return model.eval()


def load_lazy(run: Path) -> LazyDiffusion:
    """The running mean of a lazy training run's weights; TrainingError where there is none."""
    try:
        config = LazyConfig.from_dict(json.loads((run / "config.json").read_text()))
        model = LazyDiffusion(config)
        model.load_state_dict(load_file(run / "ema.safetensors"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{run} holds no trained lazy model: {error}.") from error
    return model.eval()


def export_model(
    lazy_run: Path, autoencoder_run: Path, out: Path, defaults: Defaults, concepts: tuple[str, ...]
) -> None:
    """Write a model folder from the two runs; `concepts` are offered as completions."""
    checkpoint = Checkpoint(
        out.name, load_lazy(lazy_run), load_autoencoder(autoencoder_run), defaults, concepts
    )
    save_checkpoint(out, checkpoint)
