"""Make a lexicon of the sticker bank, and a run's weights ready to read one. Ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.checkpoint.checkpoint import LEXICON
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import STYLES, Lexicon, in_bytes, save_lexicon
from lazydiff_core.model.references.reference_latents import references_of, surface_latents
from lazydiff_core.training.checkpoints import (
    EMA,
    MODEL,
    checkpoints,
    last_weights,
    named,
    save_checkpoint,
)
from lazydiff_core.training.held_out import BEST
from lazydiff_core.training.pasting import to_bytes
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.surfaces.catalogue import draw_surface

BATCH = 32
SURFACE_SEED = 20
PICTURES = 3  # of each surface, for seeds to choose from


def build_lexicon(
    bank: StickerBank,
    concepts: Mapping[str, tuple[str, ...]],
    surfaces: Mapping[str, tuple[str, ...]],
    autoencoder: Autoencoder,
    side: int,
) -> Lexicon:
    """Every rendering that the bank has of these concepts, and some pictures of each surface.

    side: of a surface's picture, a model's window. TrainingError where the bank has none of the
    concepts.
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
    batches = [slice(first, first + BATCH) for first in range(0, len(found), BATCH)]
    references = [
        reference
        for batch in batches
        for reference in references_of(autoencoder, bank.pixels[found[batch]], styles[batch])
    ]
    cells, scales = in_bytes(torch.stack([reference.cells for reference in references]))
    pictures = [_surface(name, k, side) for name in surfaces for k in range(PICTURES)]
    windows = torch.cat([surface_latents(autoencoder, picture) for picture in pictures])
    grounds, ground_scales = in_bytes(windows)
    stickers = [bank.stickers[k] for k in found]
    return Lexicon(
        cells,
        scales,
        torch.tensor([reference.extents for reference in references]).half(),
        torch.tensor([reference.turns for reference in references]).half(),
        torch.tensor(styles),
        grounds,
        ground_scales,
        spans | dict.fromkeys(surfaces, (len(found), len(found))),
        {name: (k * PICTURES, (k + 1) * PICTURES) for k, name in enumerate(surfaces)},
        _said(concepts),
        _said(surfaces),
        frozenset(s.concept for s in stickers if s.leans),
        frozenset(s.concept for s in stickers if s.is_one_way),
    )


def _said(concepts: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {prompt.lower(): name for name, prompts in concepts.items() for prompt in prompts}


def _surface(name: str, number: int, side: int) -> npt.NDArray[np.uint8]:
    """One of the pictures of a surface, (side,side,3); the same in every lexicon."""
    rng = np.random.default_rng([SURFACE_SEED, number])
    return to_bytes(draw_surface(name, rng, side))


def check_free(run: Path) -> None:
    """Raises TrainingError where a run has a lexicon already."""
    if (run / LEXICON).exists():
        raise TrainingError(f"{run} has a lexicon already, by which its weights were trained.")


def give_lexicon(run: Path, lexicon: Lexicon, anew: bool = False) -> None:
    """Put a lexicon in the folder of a run, whose model then is told what words look like.

    What it knows stays as it was: looks say nothing to it at first. Optimizer states begin anew.
    Raises TrainingError where the run has a lexicon already, unless it is to get it anew.
    """
    if not anew:
        check_free(run)
    run.mkdir(parents=True, exist_ok=True)
    if checkpoints(run):
        _extend(run)
    save_lexicon(run / LEXICON, lexicon)


def _extend(run: Path) -> None:
    """Weights that read looks, all 0, beside those of a run."""
    values = json.loads((run / "config.json").read_text())
    model = LazyDiffusion(LazyConfig.from_dict(values | {"look_styles": len(STYLES)}))
    fresh, tensors, step = model.state_dict(), dict[str, Tensor](), 0
    for part in (MODEL, EMA):
        step, weights = last_weights(run, part)
        whole = {name: value.clone() for name, value in (fresh | weights).items()}
        tensors |= named(part, whole.items())
    save_checkpoint(run, step, tensors, keep=1)
    (run / BEST).unlink(missing_ok=True)
    (run / "config.json").write_text(json.dumps(model.config.to_dict(), indent=1))
