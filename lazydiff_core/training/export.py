"""From training runs to a model folder that the program can load, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from safetensors.torch import load_file
from torch import nn

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.model.checkpoint.checkpoint import (
    LEXICON,
    Checkpoint,
    Defaults,
    load_checkpoint,
)
from lazydiff_core.model.checkpoint.checkpoint import save_checkpoint as save_model
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import Lexicon, load_lexicon, save_lexicon
from lazydiff_core.training.checkpoints import (
    MODEL,
    checkpoints,
    last_weights,
    named,
    save_checkpoint,
)
from lazydiff_core.training.held_out import BEST


def begin_run(run: Path, model: nn.Module) -> None:
    """Make the first checkpoint of a run, of weights that it is to begin with."""
    save_checkpoint(run, 0, named(MODEL, model.state_dict().items()), keep=1)


def load_autoencoder(run: Path) -> Autoencoder:
    """The autoencoder a run has trained so far; TrainingError where there is none."""
    try:
        values = json.loads((run / "config.json").read_text())
        model = Autoencoder(AutoencoderConfig.from_dict(values))
        model.load_state_dict(last_weights(run)[1])
    except (OSError, ValueError, TypeError, TrainingError) as error:
        raise TrainingError(f"{run} holds no trained autoencoder: {error}.") from error
    return model.eval()


def load_lazy(run: Path) -> LazyDiffusion:
    """The running mean of a lazy run's weights, the best where that was kept; or TrainingError."""
    try:
        config = LazyConfig.from_dict(json.loads((run / "config.json").read_text()))
        model = LazyDiffusion(config)
        best = run / BEST
        model.load_state_dict(load_file(best) if best.exists() else last_weights(run)[1])
    except (OSError, ValueError, TrainingError) as error:
        raise TrainingError(f"{run} holds no trained lazy model: {error}.") from error
    return model.eval()


def lexicon_of(run: Path) -> Lexicon | None:
    """What the words of a lazy run look like; None where it reads text only."""
    path = run / LEXICON
    return load_lexicon(path) if path.exists() else None


def export_model(
    lazy_run: Path, autoencoder_run: Path, out: Path, defaults: Defaults, concepts: tuple[str, ...]
) -> None:
    """Write a model folder from the two runs; `concepts` are offered as completions."""
    lazy, autoencoder = load_lazy(lazy_run), load_autoencoder(autoencoder_run)
    lexicon = lexicon_of(lazy_run)
    save_model(out, Checkpoint(out.name, lazy, autoencoder, defaults, concepts, lexicon=lexicon))


def continue_from(model: Path, lazy_run: Path, autoencoder_run: Path) -> None:
    """Make two runs of a model folder in the bundled layout, for their trainers to continue.

    Optimizer states are not part of a model: they begin anew. Raises ModelError for a folder that
    cannot be used, TrainingError where a run exists already.
    """
    checkpoint = load_checkpoint(model)
    if not isinstance(checkpoint.autoencoder, Autoencoder):
        raise TrainingError(f"{model} holds another autoencoder than these trainers train.")
    parts = ((lazy_run, checkpoint.lazy), (autoencoder_run, checkpoint.autoencoder))
    for run, module in parts:
        if checkpoints(run):
            raise TrainingError(f"{run} holds a run already: it would be overwritten.")
        run.mkdir(parents=True, exist_ok=True)
        (run / "config.json").write_text(json.dumps(asdict(module.config), indent=1))
        begin_run(run, module)
    if checkpoint.lexicon is not None:
        save_lexicon(lazy_run / LEXICON, checkpoint.lexicon)
