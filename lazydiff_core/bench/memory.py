"""Counts the GPU memory that the paper-scale model needs, without allocating any.

Weights are counted by parameter. Activations are the peak of live tensors while a network runs on
tensors without data, with an attention kernel that stores no N x N scores. CUDA's own share
(context, workspaces, fragmentation) cannot be counted and is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

from lazydiff_core.contract import Box
from lazydiff_core.model.autoencoders.layer_crops import run_within
from lazydiff_core.model.autoencoders.sd_autoencoder import SDAutoencoder
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.files.live_bytes import peak_bytes
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt

GUIDED = 2  # prompt and negative are computed together
CUDA_BYTES = 600_000_000  # assumed: context, libraries and workspaces
FRAGMENTS = 0.15  # assumed: share of activations lost to fragmentation
HALF = torch.bfloat16
# google/t5-v1_1-xxl, the encoder of PixArt-alpha.
T5_XXL: dict[str, Any] = {
    "vocab_size": 32128, "d_model": 4096, "d_kv": 64, "d_ff": 10240, "num_layers": 24,
    "num_heads": 64, "feed_forward_proj": "gated-gelu",
}  # fmt: skip


@dataclass(frozen=True)
class Weights:
    """Number of parameters of a part, and of its largest layer (for offloading layer by layer)."""

    part: str
    parameters: int
    layer: int

    def bytes(self, width: int) -> int:
        """Bytes at `width` bytes per parameter: 4, 2 or 1."""
        return self.parameters * width


@dataclass(frozen=True)
class Stage:
    """GPU memory of a stage of an edit, in bytes: weights, and peak activations."""

    stage: str
    weights: int
    activations: int

    @property
    def total(self) -> int:
        return round(self.weights + self.activations * (1 + FRAGMENTS) + CUDA_BYTES)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"total": self.total}


@dataclass(frozen=True)
class MemoryPlan:
    """Memory in half precision, with T5 in main memory.

    token_bytes: bytes for one more hole token.
    """

    tokens: int
    weights: tuple[Weights, ...]
    token_bytes: int
    stages: tuple[Stage, ...]

    @property
    def peak(self) -> int:
        return max(stage.total for stage in self.stages)

    def to_dict(self) -> dict[str, Any]:
        weights = {
            w.part: {"parameters": w.parameters, "float32": w.bytes(4), "half": w.bytes(2)}
            | {"8-bit": w.bytes(1), "largest layer, half": w.layer * 2}
            for w in self.weights
        }
        return {
            "hole_tokens": self.tokens,
            "weights": weights,
            "bytes_a_hole_token": self.token_bytes,
            "stages": [stage.to_dict() for stage in self.stages],
            "assumed": {"cuda_bytes": CUDA_BYTES, "fragments": FRAGMENTS},
            "peak": self.peak,
        }


def plan_memory(config: LazyConfig, mask_ratio: float = 0.1) -> MemoryPlan:
    """Count the memory of a model with Stable Diffusion's autoencoder and T5-XXL."""
    tokens = max(1, round(config.grid**2 * mask_ratio))
    text = _t5_weights()
    with without_data():
        lazy, codec = LazyDiffusion(config).eval(), _autoencoder()
        weights = (
            _weights("decoder", lazy.decoder, list(lazy.decoder.blocks)),
            _weights("context encoder", lazy.context_encoder, _blocks(lazy)),
            _weights("autoencoder", codec, [codec.vae.encoder, codec.vae.decoder]),
            text,
        )
        resident = sum(w.bytes(2) for w in weights[:3])
        step = [_step_bytes(lazy, count) for count in (tokens, 2 * tokens)]
        stages = (
            Stage("text", resident + text.layer * 2, _prompt_bytes(config)),
            Stage("encode", resident, _encode_bytes(codec, config)),
            Stage("context", resident, _context_bytes(lazy, tokens)),
            Stage("denoise", resident + _memory_bytes(config), step[0]),
            Stage("decode, whole", resident, _decode_bytes(codec, config, None)),
            Stage("decode, hole", resident, _decode_bytes(codec, config, tokens)),
        )
    return MemoryPlan(tokens, weights, (step[1] - step[0]) // tokens, stages)


@contextmanager
def without_data() -> Iterator[None]:
    """Tensors made inside have no data, and are in half precision by default."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(HALF)
    try:
        fake: Any = FakeTensorMode
        with fake(), torch.inference_mode():
            yield
    finally:
        torch.set_default_dtype(before)


def _weights(part: str, module: nn.Module, layers: list[nn.Module]) -> Weights:
    return Weights(part, _count(module), max((_count(layer) for layer in layers), default=0))


def _count(module: nn.Module) -> int:
    count: int = sum(p.numel() for p in module.parameters())
    return count


def _blocks(lazy: LazyDiffusion) -> list[nn.Module]:
    return [layer for layer in lazy.context_encoder.modules() if isinstance(layer, nn.Linear)]


def _t5_weights() -> Weights:
    from transformers import T5Config, T5EncoderModel

    with torch.device("meta"):
        t5 = T5EncoderModel(T5Config(**T5_XXL))
    stack = t5.encoder
    return _weights("T5-XXL", t5, [stack.embed_tokens, *stack.block])


def _autoencoder() -> SDAutoencoder:
    from diffusers import AutoencoderKL

    blocks: dict[str, Any] = {
        "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4,
    }
    sizes: dict[str, Any] = {"block_out_channels": (128, 256, 512, 512), "layers_per_block": 2}
    codec: SDAutoencoder = SDAutoencoder(AutoencoderKL(**sizes, **blocks)).eval()
    return codec


def _prompt_bytes(config: LazyConfig) -> int:
    """Bytes of T5-XXL's states and widest hidden layer for one prompt."""
    widths: int = 6 * T5_XXL["d_model"] + 3 * T5_XXL["d_ff"]
    return config.text_tokens * widths * 2


def _memory_bytes(config: LazyConfig) -> int:
    """Bytes of keys and values of both prompts in every block, kept during all steps."""
    return 2 * GUIDED * config.decoder_blocks * config.text_tokens * config.width * 2


def _step_bytes(lazy: LazyDiffusion, tokens: int) -> int:
    config = lazy.config
    hole = Hole(
        torch.empty(GUIDED, tokens, config.width),
        torch.zeros(GUIDED, tokens, dtype=torch.long),
        torch.empty(GUIDED, tokens, 6),
    )
    prompt = Prompt(
        torch.empty(GUIDED, config.text_tokens, config.text_width),
        torch.ones(GUIDED, config.text_tokens, dtype=torch.bool),
        torch.empty(GUIDED, config.text_width),
    )
    x, t = torch.empty(GUIDED, tokens, config.token_width), torch.empty(GUIDED)
    return peak_bytes(lambda: _computing(lambda: lazy.decoder(x, t, hole, prompt)))


def _context_bytes(lazy: LazyDiffusion, tokens: int) -> int:
    config = lazy.config
    side = config.side // config.latent_scale
    latents = torch.empty(1, config.latent_channels, side, side)
    mask = torch.empty(1, 1, config.side, config.side)
    index = torch.zeros(1, tokens, dtype=torch.long)
    return peak_bytes(lambda: _computing(lambda: lazy.context_encoder(latents, mask, index)))


def _encode_bytes(codec: SDAutoencoder, config: LazyConfig) -> int:
    image = torch.empty(1, 3, config.side, config.side)
    return peak_bytes(lambda: _computing(lambda: codec.encode(image)))


def _decode_bytes(codec: SDAutoencoder, config: LazyConfig, tokens: int | None) -> int:
    """Peak bytes of decoding the whole picture, or a square of `tokens` tokens in its middle."""
    side = config.side // codec.scale
    latents = torch.empty(1, codec.channels, side, side)
    if tokens is None:
        return peak_bytes(lambda: _computing(lambda: codec.decode(latents)))
    reach = round(tokens**0.5 * config.token_pixels / 2)
    box = Box.of((config.side, config.side)).centred((2 * reach, 2 * reach))
    steps = codec.decoding().steps
    return peak_bytes(lambda: _computing(lambda: run_within(steps, latents, box)))


def _computing(run: Callable[[], object]) -> None:
    """Run under autocast, as the backend does on CUDA."""
    with torch.autocast("cpu", HALF):
        run()
