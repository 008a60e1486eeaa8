"""Counts the memory that public models need on a card, under the plan that the loader would make.

The networks have their real shapes and run on tensors without data, as in `bench.memory`; weights
are placed by `backends.fitting`, keys and values by the cached DiT's own plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias

import torch

from lazydiff_core.backends.cached_dit import flux2_needs, pixart_needs, zimage_needs
from lazydiff_core.backends.cached_dit.abilities import ReferenceFamily
from lazydiff_core.backends.cached_dit.cache_plan import SHARE, CachePlan, choose_plan, share_of
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget, Mode
from lazydiff_core.backends.cached_dit.family import DitShape
from lazydiff_core.backends.cached_dit.kv_entry import PlainAttention
from lazydiff_core.backends.fitting import (
    RESERVED,
    Fit,
    Needs,
    Size,
    choose_fit,
    size_of,
    stages_of,
)
from lazydiff_core.bench.memory import CUDA_BYTES, HALF, plan_memory, without_data
from lazydiff_core.bench.public_models import SIDE, PublicModel, klein4b, pixart, z_image
from lazydiff_core.errors import InputError
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.files.config import XL
from lazydiff_core.model.files.live_bytes import peak_bytes

_HOST_BYTES: Final = 32 * 10**9  # assumed main memory
# What fits the card of a stage with the plan's own name for it.
_STAGES: Final = {
    "text": "text", "encode": "encode", "fill": "step", "step": "step", "decode": "decode",
}  # fmt: skip
_WITH_KEYS: Final = ("fill", "step", "decode")
NeedsOf: TypeAlias = Callable[[Size, Size, Size, int, int, int], Needs]


@dataclass(frozen=True)
class MemoryRow:
    """A stage of an edit: weights on the card, and all that is there at its peak, in GB."""

    stage: str
    weights_gb: float
    peak_gb: float
    plan: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Counted:
    """A model's needs, and bytes of activations of each stage.

    reference: that a picture beside the canvas adds to a step; 0 = none is shown.
    """

    needs: Needs
    shape: DitShape
    steps: int
    activations: dict[str, int]
    reference: int = 0


def memory_rows(
    config: str, mask_ratio: float, card: int, references: int = 0, mode: Mode = "bank"
) -> list[MemoryRow]:
    """The stages of an edit on a card of `card` bytes.

    config: "xl" (the paper's model), or a key of COUNTS.
    references: pictures of the canvas's size that the model is shown beside it.
    mode: "reference" shows it the canvas as another one, and keeps the keys of all of them once.

    Raises OutOfMemoryError if no plan fits, InputError for a model that is shown no references.
    """
    if config == "xl":
        plan = "T5 stays in main memory and visits layer by layer; the rest is in half precision."
        stages = plan_memory(XL, mask_ratio).stages
        return [MemoryRow(s.stage, _gb(s.weights), _gb(s.total), plan) for s in stages]
    counted = COUNTS[config](mask_ratio)
    if (references or mode == "reference") and not counted.reference:
        raise InputError(f"{config} is shown no reference pictures: take klein4b.")
    fit = choose_fit(
        counted.needs, HALF, torch.device("cuda"), card - CUDA_BYTES, config, _HOST_BYTES
    )
    visible = round(counted.shape.tokens * (1 - mask_ratio))
    shown = references * counted.shape.tokens
    keys = _keys(counted, fit, card, CacheSettings(mode=mode), visible, shown)
    plan = f"{fit.notice} {keys.notice}".strip()
    # One layer's keys behind those that are joined to the hole's, and the next ones coming.
    layer = keys.bytes // ((1 if mode == "reference" else keys.steps) * counted.shape.layers)
    kept = dict.fromkeys(_WITH_KEYS, 0 if keys.storage.host else keys.bytes)
    kept |= dict.fromkeys(("fill", "step"), 2 * layer if keys.storage.host else keys.bytes + layer)
    activations = dict(counted.activations)
    if mode == "reference":  # nothing but the references, once
        activations["fill"] = activations["fill"] * (visible + shown) // counted.shape.tokens
    else:
        activations["fill"] += references * counted.reference
    rows = []
    for stage, count in activations.items():
        weights, _ = stages_of(counted.needs, fit)[_STAGES[stage]]
        peak = weights + kept.get(stage, 0) + round(count * (1 + RESERVED)) + CUDA_BYTES
        rows.append(MemoryRow(stage, _gb(weights), _gb(peak), plan))
    return rows


def _keys(
    counted: Counted, fit: Fit, card: int, settings: CacheSettings, visible: int, shown: int
) -> CachePlan:
    """What the backend would keep once the weights are there."""
    weights, _ = stages_of(counted.needs, fit)["step"]
    own = share_of(card - CUDA_BYTES - weights, fit.work)
    budget = MemoryBudget(own, int(_HOST_BYTES * SHARE))
    tokens = visible + shown
    once = tokens if settings.mode == "reference" else 0
    return choose_plan(settings, counted.shape, tokens, counted.steps, HALF, budget, once)


def _counted(model: PublicModel, needs_of: NeedsOf, mask_ratio: float) -> Counted:
    """needs_of: what the model's family plans with."""
    family = model.family(SIDE)
    codec, shape = family.codec, family.shape
    states = model.states(model.longest)
    model.text.tokens = model.longest

    def step(tokens: int) -> int:
        x, place = torch.empty(model.branches, tokens, shape.token_width), torch.arange(tokens)
        t = torch.tensor(1000.0)
        return peak_bytes(lambda: family.predict(x, place, t, states, PlainAttention()))

    parts = (model.parts[name].named_parameters() for name in ("transformer", "text", "vae"))
    denoiser, text, pictures = (size_of((n, p.shape) for n, p in part) for part in parts)
    needs = needs_of(denoiser, text, pictures, shape.width, shape.layers, SIDE)
    activations = {"text": peak_bytes(lambda: model.text.encode(""))}
    activations |= _pictures(codec, step, shape.tokens, mask_ratio)
    more = 0
    if isinstance(family, ReferenceFamily):
        more = step(2 * shape.tokens) - activations["fill"]
    return Counted(needs, shape, family.defaults.steps, activations, more)


def _klein4b(mask_ratio: float) -> Counted:
    with without_data():
        return _counted(klein4b(), flux2_needs.needs_of, mask_ratio)


def _z_image(mask_ratio: float) -> Counted:
    with without_data():
        return _counted(z_image(), zimage_needs.needs_of, mask_ratio)


def _pixart(mask_ratio: float) -> Counted:
    with without_data():
        return _counted(pixart(), pixart_needs.needs_of, mask_ratio)


COUNTS: Final[dict[str, Callable[[float], Counted]]] = {
    "klein4b": _klein4b,
    "z-image": _z_image,
    "pixart": _pixart,
}


def _pictures(
    codec: LatentCodec, step: Callable[[int], int], tokens: int, mask_ratio: float
) -> dict[str, int]:
    """Bytes of activations of the stages behind the prompt."""
    image = torch.empty(1, 3, SIDE, SIDE)
    latents = torch.empty(1, codec.channels, SIDE // codec.scale, SIDE // codec.scale)
    return {
        "encode": peak_bytes(lambda: codec.encode(image)),
        "fill": step(tokens),
        "step": step(max(1, round(tokens * mask_ratio))),
        "decode": peak_bytes(lambda: codec.decode(latents)),
    }


def _gb(count: int) -> float:
    return round(count / 1e9, 2)
