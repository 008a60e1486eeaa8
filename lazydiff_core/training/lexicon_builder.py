"""Make a lexicon of the sticker bank, and a run's weights ready to read one. Ours."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.checkpoint.checkpoint import LEXICON
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import STYLES, Lexicon, parts_of, save_lexicon
from lazydiff_core.model.references.reference_latents import looks_of
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.held_out import BEST
from lazydiff_core.training.stickers import StickerBank

# Of a part's 272 numbers.
NUMBERS = 115
BATCH = 32


def build_lexicon(
    bank: StickerBank,
    concepts: Mapping[str, tuple[str, ...]],
    autoencoder: Autoencoder,
    text: TextEncoder,
    numbers: int = NUMBERS,
) -> Lexicon:
    """Every rendering that the bank has of these concepts, `numbers` values a part.

    A concept that the bank lacks, a texture for example, has its phrases but no rendering.
    TrainingError where the bank has none of them.
    """
    found: list[int] = []
    styles: list[int] = []
    spans = {}
    for name in concepts:
        first = len(found)
        for place, style in enumerate(STYLES):
            sticker = bank.of(name, style)
            if sticker is not None:
                found.append(sticker)
                styles.append(place)
        spans[name] = first, len(found)
    if not found:
        raise TrainingError("The sticker bank has none of these concepts.")
    batches = [found[first : first + BATCH] for first in range(0, len(found), BATCH)]
    looks = [looks_of(autoencoder, bank.pixels[batch]) for batch in batches]
    parts = parts_of(torch.cat([look.fields[:, 0] for look in looks]))
    mean, axes = principal_axes(parts.flatten(0, 1), numbers)
    stickers = [bank.stickers[k] for k in found]
    meanings = [text.encode(list(prompts)).pooled.mean(0) for prompts in concepts.values()]
    return Lexicon(
        ((parts - mean) @ axes).half(),
        torch.cat([look.extents[:, 0] for look in looks]).half(),
        torch.cat([look.turns[:, 0] for look in looks]).half(),
        torch.tensor(styles),
        mean,
        axes,
        spans,
        {prompt.lower(): name for name, prompts in concepts.items() for prompt in prompts},
        torch.stack(meanings).half(),
        frozenset(s.concept for s in stickers if s.leans),
        frozenset(s.concept for s in stickers if s.is_one_way),
    )


def principal_axes(parts_NL: Tensor, numbers: int) -> tuple[Tensor, Tensor]:
    """Mean (L,) and axes (L, numbers): principal components, half whitened, of mean square 1.

    Half whitened so that small ones are heard. Numbers that there are no components for stay 0.
    """
    mean = parts_NL.mean(0)
    centred = parts_NL - mean
    count = min(numbers, *centred.shape)
    _, sizes, axes = torch.linalg.svd(centred, full_matrices=False)
    spreads = (sizes[:count] / math.sqrt(len(centred))).clamp_min(1e-6)
    scaled = axes[:count].T / spreads.sqrt()
    level = (centred @ scaled).square().mean().sqrt().clamp_min(1e-6)
    return mean, F.pad(scaled / level, (0, numbers - count))


def check_free(run: Path) -> None:
    """Raises TrainingError where a run has a lexicon already."""
    if (run / LEXICON).exists():
        raise TrainingError(f"{run} has a lexicon already, by which its weights were trained.")


def give_lexicon(run: Path, lexicon: Lexicon) -> None:
    """Put a lexicon in the folder of a run, whose model then is told what words look like.

    What it knows stays as it was: looks say nothing to it at first. Optimizer states begin anew.
    Raises TrainingError where the run has a lexicon already.
    """
    check_free(run)
    run.mkdir(parents=True, exist_ok=True)
    if (run / "model.safetensors").exists():
        _extend(run)
    save_lexicon(run / LEXICON, lexicon)


def _extend(run: Path) -> None:
    """Weights that read looks, all 0, beside those of a run."""
    values = json.loads((run / "config.json").read_text())
    model = LazyDiffusion(LazyConfig.from_dict(values | {"look_styles": len(STYLES)}))
    fresh = model.state_dict()
    for name in ("model", "ema"):
        state = load_file(run / f"{name}.safetensors")
        write_tensors(run / f"{name}.safetensors", fresh | state, {"step": "0"})
    for left in ("optimizer.safetensors", BEST):
        (run / left).unlink(missing_ok=True)
    (run / "config.json").write_text(json.dumps(model.config.to_dict(), indent=1))
