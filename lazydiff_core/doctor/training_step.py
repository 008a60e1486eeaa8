"""Check of one training step as the paper's recipe takes it, with tiny weights."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import torch

from lazydiff_core.doctor.check import CheckError
from lazydiff_core.doctor.models import CPU, quiet
from lazydiff_core.doctor.tiny_pipelines import randomise
from lazydiff_core.geometry.tokens import token_frames
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.storage.resources import resource
from lazydiff_core.training.batches import Batch
from lazydiff_core.training.blocks import recompute_blocks
from lazydiff_core.training.learner import Moment
from lazydiff_core.training.learners.lazy import LazyLearner
from lazydiff_core.training.precision import autocast, fast_dtype
from lazydiff_core.training.recipe import read_recipe

_CONFIG = LazyConfig(
    side=128, latent_channels=4, latent_scale=8, width=48, heads=2, context_blocks=2,
    decoder_blocks=2, text_width=32, text_tokens=8, mask_channels=1, objective="iddpm",
    hole_frame=False, pooled_text=False, qk_norm=False, micro_conditions=True, empty_text=False,
)  # fmt: skip
FLOAT32 = "lazydiff train model --set precision='\"float32\"' ...  # trains without it"
_HOLES = (3, 17, 1, 40)  # tokens


def training_step(device: torch.device) -> str:
    """Loss and gradient of a step in the device's format, against float32 on the CPU."""
    dtype = fast_dtype(device)
    learner = LazyLearner(
        randomise(LazyDiffusion(_CONFIG)), read_recipe(resource("train/paper.toml"))
    )
    with quiet():
        exact, wanted = _step(deepcopy(learner), CPU, torch.float32)
        loss, norm = _step(learner, device, dtype)
    most = 1e-3 if dtype == torch.float32 else 0.1
    if not (abs(loss - exact) < most * exact and abs(norm - wanted) < most * wanted):
        raise CheckError(
            f"The loss is {loss:.4g} and the gradient {norm:.4g} long, "
            f"but {exact:.4g} and {wanted:.4g} on the CPU.",
            FLOAT32,
        )
    way = "blocks recomputed, holes of different size in one row"
    return f"right in {str(dtype).removeprefix('torch.')}: {way}"


def _step(learner: LazyLearner, device: torch.device, dtype: torch.dtype) -> tuple[float, float]:
    """Loss, and length of the gradient."""
    learner.to(device).train()
    recompute_blocks(learner)
    optimizer = torch.optim.AdamW(learner.parameters(), lr=1e-4)
    with autocast(device, dtype):
        loss = sum(learner(_batch(device), Moment()).values(), torch.zeros((), device=device))
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
    optimizer.step()
    if not all(p.isfinite().all() for p in learner.parameters()):
        raise CheckError(
            "After a step, weights are not finite.", "update torch and the card's driver"
        )
    return float(loss), float(norm)


def _batch(device: torch.device) -> Batch:
    """Four samples with holes of different size, and prompts of different length."""
    source = torch.Generator().manual_seed(0)
    count, grid, cells = len(_HOLES), _CONFIG.grid, _CONFIG.side // _CONFIG.latent_scale
    longest = max(_HOLES)
    index = torch.zeros(count, longest, dtype=torch.long)
    frame = torch.zeros(count, longest, 6)
    mask = torch.zeros(count, 1, _CONFIG.side, _CONFIG.side)
    pixels = _CONFIG.token_pixels
    for k, length in enumerate(_HOLES):
        chosen = np.zeros((grid, grid), np.bool_)
        chosen.flat[:length] = True
        whole = np.kron(chosen, np.ones((pixels, pixels), np.bool_))
        mask[k, 0] = torch.from_numpy(whole)
        index[k, :length] = torch.arange(length)
        frame[k, :length] = torch.from_numpy(token_frames(whole, chosen, pixels))
    tokens = _CONFIG.text_tokens
    real = torch.arange(tokens) < torch.tensor([[2], [8], [1], [5]])
    states = torch.randn(count, tokens, _CONFIG.text_width, generator=source)
    latents = torch.randn(2, count, 4, cells, cells, generator=source).to(device)
    prompt = Prompt(states, real, states.mean(1)).map(lambda part: part.to(device))
    return Batch(
        latents[0],
        latents[1],
        mask.to(device),
        index.to(device),
        frame.to(device),
        (torch.arange(longest) < torch.tensor(_HOLES)[:, None]).to(device),
        prompt,
        torch.zeros(count, dtype=torch.bool, device=device),
        _HOLES,
        tuple(range(count)),
    )
