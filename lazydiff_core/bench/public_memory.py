"""Counts the memory that public models need on a card, under the plan that the loader would make.

The networks have their real shapes and run on tensors without data, as in `bench.memory`; weights
are placed by `backends.fitting`, keys and values by the cached DiT's own plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import prod
from typing import Any, Final, cast

import torch
from torch import Tensor, nn

from lazydiff_core.backends.cached_dit import zimage_needs
from lazydiff_core.backends.cached_dit.cache_plan import SHARE, CachePlan, choose_plan
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget
from lazydiff_core.backends.cached_dit.family import DitShape
from lazydiff_core.backends.cached_dit.flux2 import Flux2, Flux2Latents
from lazydiff_core.backends.cached_dit.flux2_needs import TEXT_LAYERS, TEXT_TOKENS, needs_of
from lazydiff_core.backends.cached_dit.zimage import ZImage, ZImageText
from lazydiff_core.backends.fitting import (
    RESERVED,
    Fit,
    Needs,
    Size,
    block_of,
    choose_fit,
    stages_of,
)
from lazydiff_core.bench.memory import CUDA_BYTES, HALF, plan_memory, without_data
from lazydiff_core.model.autoencoders.sd_autoencoder import SDAutoencoder
from lazydiff_core.model.files.config import XL
from lazydiff_core.model.files.live_bytes import peak_bytes

SIDE: Final = 1024
_HOST_BYTES: Final = 32 * 10**9  # assumed main memory
# What fits the card of a stage with the plan's own name for it.
_STAGES: Final = {
    "text": "text", "encode": "encode", "fill": "step", "step": "step", "decode": "decode",
}  # fmt: skip
_WITH_KEYS: Final = ("fill", "step", "decode")
# Qwen3-4B, which both models read prompts with.
_QWEN3_4B: Final[dict[str, Any]] = {
    "vocab_size": 151936, "hidden_size": 2560, "intermediate_size": 9728,
    "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
}  # fmt: skip


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
    """A model's needs, and bytes of activations of each stage."""

    needs: Needs
    shape: DitShape
    steps: int
    activations: dict[str, int]


def memory_rows(config: str, mask_ratio: float, card: int) -> list[MemoryRow]:
    """The stages of an edit on a card of `card` bytes.

    config: "xl" (the paper's model), or a key of COUNTS.

    Raises OutOfMemoryError if no plan fits.
    """
    if config == "xl":
        plan = "T5 stays in main memory and visits layer by layer; the rest is in half precision."
        stages = plan_memory(XL, mask_ratio).stages
        return [MemoryRow(s.stage, _gb(s.weights), _gb(s.total), plan) for s in stages]
    counted = COUNTS[config](mask_ratio)
    fit = choose_fit(counted.needs, HALF, torch.device("cuda"), card - CUDA_BYTES, config)
    keys = _keys(counted, fit, mask_ratio, card)
    plan = f"{fit.notice} {keys.notice}".strip()
    kept = dict.fromkeys(_WITH_KEYS, 0 if keys.storage.host else keys.bytes)
    if keys.storage.host:  # those of one layer come, and the next ones behind them
        visiting = 2 * keys.bytes // (keys.steps * counted.shape.layers)
        kept |= {"fill": visiting, "step": visiting}
    rows = []
    for stage, activations in counted.activations.items():
        weights, _ = stages_of(counted.needs, fit)[_STAGES[stage]]
        peak = weights + kept.get(stage, 0) + round(activations * (1 + RESERVED)) + CUDA_BYTES
        rows.append(MemoryRow(stage, _gb(weights), _gb(peak), plan))
    return rows


def _keys(counted: Counted, fit: Fit, mask_ratio: float, card: int) -> CachePlan:
    """What the backend would keep once the weights are there."""
    weights, _ = stages_of(counted.needs, fit)["step"]
    budget = MemoryBudget(int((card - CUDA_BYTES - weights) * SHARE), int(_HOST_BYTES * SHARE))
    visible = round(counted.shape.tokens * (1 - mask_ratio))
    return choose_plan(CacheSettings(), counted.shape, visible, counted.steps, HALF, budget)


def _klein4b(mask_ratio: float) -> Counted:
    """FLUX.2 [klein] 4B as this program runs it."""
    from diffusers import AutoencoderKLFlux2, Flux2Transformer2DModel

    with without_data():
        transformer: Any = Flux2Transformer2DModel(
            in_channels=128, num_layers=5, num_single_layers=20, attention_head_dim=128,
            num_attention_heads=24, joint_attention_dim=7680, axes_dims_rope=(32, 32, 32, 32),
            guidance_embeds=False,
        )  # fmt: skip
        vae: Any = AutoencoderKLFlux2()
        codec = Flux2Latents(vae.eval())
        flow = {"_class_name": "FlowMatchEulerDiscreteScheduler"}
        family = Flux2(transformer.eval(), codec, cast(Any, None), flow, distilled=True)
        text, text_bytes = _qwen3(max(TEXT_LAYERS) + 1)
        states = torch.empty(1, TEXT_TOKENS, 7680)

        def step(tokens: int) -> int:
            x, place = torch.empty(1, tokens, 128), torch.arange(tokens)
            return peak_bytes(
                lambda: family.predict(x, place, torch.tensor(1000.0), states, _as_they_are)
            )

        needs = needs_of(
            size_of(transformer),
            text,
            size_of(codec),
            family.shape.width,
            family.shape.layers,
            SIDE,
        )
        activations = {"text": text_bytes} | _pictures(codec, step, family.shape.tokens, mask_ratio)
    return Counted(needs, family.shape, family.defaults.steps, activations)


def _z_image(mask_ratio: float) -> Counted:
    """Z-Image Turbo as this program runs it, with the longest prompt."""
    from diffusers import AutoencoderKL, ZImageTransformer2DModel

    blocks: dict[str, Any] = {
        "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4,
        "block_out_channels": (128, 256, 512, 512),
    }
    with without_data():
        transformer: Any = ZImageTransformer2DModel()
        vae: Any = AutoencoderKL(
            layers_per_block=2, latent_channels=16, use_quant_conv=False, use_post_quant_conv=False,
            **blocks,
        )  # fmt: skip
        codec = SDAutoencoder(vae.eval())
        flow = {"_class_name": "FlowMatchEulerDiscreteScheduler"}
        family = ZImage(transformer.eval(), codec, cast(Any, None), flow, turbo=True)
        shape = family.shape
        text, text_bytes = _qwen3(36)
        states = ZImageText(torch.empty(1, TEXT_TOKENS, shape.width))

        def step(tokens: int) -> int:
            x, place = torch.empty(1, tokens, shape.token_width), torch.arange(tokens)
            return peak_bytes(
                lambda: family.predict(x, place, torch.tensor(1000.0), states, _as_they_are)
            )

        needs = zimage_needs.needs_of(
            size_of(transformer), text, size_of(codec), shape.width, shape.layers, SIDE
        )
        activations = {"text": text_bytes} | _pictures(codec, step, shape.tokens, mask_ratio)
    return Counted(needs, shape, family.defaults.steps, activations)


COUNTS: Final[dict[str, Callable[[float], Counted]]] = {"klein4b": _klein4b, "z-image": _z_image}


def _pictures(
    codec: SDAutoencoder, step: Callable[[int], int], tokens: int, mask_ratio: float
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


def _qwen3(layers: int) -> tuple[Size, int]:
    """Size of the layers that are read, and bytes of activations for one prompt."""
    from transformers import Qwen3Config, Qwen3Model

    model: Any = Qwen3Model(Qwen3Config(num_hidden_layers=layers, **_QWEN3_4B)).eval()
    ids = torch.zeros(1, TEXT_TOKENS, dtype=torch.long)
    read = peak_bytes(
        lambda: model(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            output_hidden_states=True,
            use_cache=False,
        )
    )
    return size_of(model), read


def size_of(module: nn.Module) -> Size:
    """As `size_on_disk`, of a module."""
    layers: dict[str, int] = {}
    for name, p in module.named_parameters():
        layers[block_of(name)] = layers.get(block_of(name), 0) + prod(p.shape)
    return Size(sum(layers.values()), max(layers.values()))


def _as_they_are(layer: int, key_BNW: Tensor, value_BNW: Tensor) -> tuple[Tensor, Tensor]:
    return key_BNW, value_BNW


def _gb(count: int) -> float:
    return round(count / 1e9, 2)
